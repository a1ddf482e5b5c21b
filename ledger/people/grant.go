package people

import (
	"slices"

	"braid/ledger/fiscal"
)

// Keeper stands for whoever keeps the machine that Braid runs on and gives
// rights from its command line. They could write to the database itself; what
// they do here is at least noted.
var Keeper = &Person{ID: "keeper", Name: "the keeper of this installation", Language: "en"}

// needsApproval lists the roles with power over money, over others' figures or
// over others' rights.
func (r Role) needsApproval() bool { return r == Finance || r == Auditor || r == Administrator }

// apart reports two roles that one person may not hold together.
func apart(a, b Role) bool {
	money := func(r Role) bool { return r == Commissioner || r == Finance || r.OfBoard() }
	return a == Administrator && money(b) || b == Administrator && money(a) || a == Auditor && b == Finance || a == Finance && b == Auditor
}

// Grant gives a person a role. Everyone is all who are in Braid. Finance,
// auditor and administrator wait for Approve, except
//   - for the very first person, who sets Braid up and may be administrator
//     and commissioner at once;
//   - for the first finance officer, whom nobody could approve;
//   - for what the keeper gives while nobody is left who could approve.
func Grant(by, to *Person, t Tenure, everyone []*Person, today fiscal.Date) (Tenure, error) {
	if err := mayChange(by, to, today); err != nil {
		return t, err
	}
	if t.From == 0 {
		t.From = today
	}
	if err := t.check(); err != nil {
		return t, err
	}
	others := slices.ContainsFunc(everyone, func(p *Person) bool { return p.ID != to.ID })
	settingUp := by == Keeper && !others && (t.Role == Administrator || t.Role == Commissioner)
	for _, held := range to.Tenures {
		if held.over(today) || t.To != 0 && t.To < held.From || held.To != 0 && held.To < t.From {
			continue
		}
		if held.Role == t.Role && held.Area == t.Area && held.Board == t.Board {
			return t, &HeldAlready{to.Name, t.Role}
		}
		if apart(held.Role, t.Role) && !settingUp {
			return t, &RolesApart{to.Name, string(t.Role), string(held.Role)}
		}
	}
	t.ID, t.GivenBy, t.ApprovedBy, t.RefusedBy = NewID(), by.ID, "", ""
	t.Waits = t.Role.needsApproval() && !settingUp && !unapprovable(by, to, t.Role, everyone, today)
	to.Tenures = append(slices.Clip(to.Tenures), t)
	return t, nil
}

// unapprovable reports that waiting would be for ever.
func unapprovable(by, to *Person, role Role, everyone []*Person, today fiscal.Date) bool {
	couldNow, everWas := false, false
	for _, p := range everyone {
		for _, t := range p.Tenures {
			everWas = everWas || t.Role == Finance && !t.Waits && t.RefusedBy == ""
		}
		couldNow = couldNow || p.ID != to.ID && p.May(ApproveUsers, today).All
	}
	return !couldNow && (by == Keeper || role == Finance && !everWas)
}

func (t Tenure) check() error {
	switch {
	case !slices.Contains(Roles, t.Role):
		return &UnknownRole{string(t.Role)}
	case t.Role.OfBoard() != (t.Board != ""):
		return &BadTenure{t.Role, "board"}
	case t.Area != "" && (t.Role.OfBoard() || t.Role.OfCouncil()):
		return &BadTenure{t.Role, "area"}
	case t.To != 0 && t.To < t.From:
		return &BadTenure{t.Role, "to"}
	}
	return nil
}

// mayChange: an administrator, of others only.
func mayChange(by, to *Person, today fiscal.Date) error {
	if by == Keeper {
		return nil
	}
	if !by.May(ManageUsers, today).All {
		return &NotAllowed{ManageUsers}
	}
	if by.ID == to.ID {
		return &OwnRoles{}
	}
	return nil
}

// Approve lets a role that waits take effect. Rights are judged as they are
// on the day.
func Approve(by, to *Person, tenure string, today fiscal.Date) error {
	t, err := waiting(by, to, tenure, today)
	if err != nil {
		return err
	}
	for _, held := range to.Tenures {
		if held.Held(today) && apart(held.Role, t.Role) {
			return &RolesApart{to.Name, string(t.Role), string(held.Role)}
		}
	}
	t.Waits, t.ApprovedBy = false, by.ID
	return nil
}

// Refuse ends the wait of a role: it never takes effect.
func Refuse(by, to *Person, tenure string, today fiscal.Date) error {
	t, err := waiting(by, to, tenure, today)
	if err == nil {
		t.Waits, t.RefusedBy = false, by.ID
	}
	return err
}

func waiting(by, to *Person, tenure string, today fiscal.Date) (*Tenure, error) {
	i := slices.IndexFunc(to.Tenures, func(t Tenure) bool { return t.ID == tenure })
	switch {
	case !by.May(ApproveUsers, today).All:
		return nil, &NotAllowed{ApproveUsers}
	case by.ID == to.ID:
		return nil, &OwnRoles{}
	case i < 0 || !to.Tenures[i].Waits:
		return nil, &NotWaiting{}
	case to.Tenures[i].GivenBy == by.ID:
		return nil, &SecondPerson{}
	}
	return &to.Tenures[i], nil
}

// End sets a role's last day; the day before today ends it now.
func End(by, to *Person, tenure string, last, today fiscal.Date) error {
	if err := mayChange(by, to, today); err != nil {
		return err
	}
	i := slices.IndexFunc(to.Tenures, func(t Tenure) bool { return t.ID == tenure })
	if i < 0 || to.Tenures[i].over(today) {
		return &NoTenure{to.Name}
	}
	if last < today-1 {
		return &BadTenure{to.Tenures[i].Role, "to"} // what was held was held
	}
	to.Tenures[i].To = last
	return nil
}

// Leave ends a person: nothing they hold counts, and they cannot sign in.
func Leave(by, to *Person, today fiscal.Date) error {
	err := mayChange(by, to, today)
	if err == nil {
		to.Ended = true
	}
	return err
}
