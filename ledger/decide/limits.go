package decide

import (
	"maps"
	"slices"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// The actions that limits name.
const (
	ToVire     = "virement"
	ToAllocate = "allocate"
	ToPay      = "approve" // a board's decision to pay
	ToDelegate = "delegate"
	ToState    = "award" // a change in an award's secured figure
)

// Need says whether one person may act alone and, if not, who may approve.
type Need struct {
	Alone  bool
	Action string
	Amount money.Pence
	Moved  money.Pence          // what the role did before in the year, where that is what tells
	Limit  *commissioning.Limit // the limit passed, nil where the role has none
	By     []string             // the roles that may approve; none: the council
}

// Judge answers whether the actor may do this much of an action alone. Every
// limit of the role must allow it: by move, and over the financial year with
// all that the role did before, so that one move cannot be made as several.
// Permanent is what binds later years too. Where no limit of the action is
// recorded, who has the right may act alone.
func Judge(b *ledger.Book, actor Actor, action string, amount money.Pence, permanent bool) Need {
	if action == ToPay {
		return judgeBoard(b, actor, actor.Board, amount)
	}
	n := Need{Action: action, Amount: amount}
	of := limitsOf(b, action, actor.Today)
	if len(of) == 0 {
		n.Alone = true
		return n
	}
	moved := func(role string) money.Pence { return movedBy(b, role, action, fiscal.YearOf(actor.Today)) }
	if n.Limit, n.Moved = over(of[actor.Role], amount, permanent, moved); n.Limit == nil && len(of[actor.Role]) > 0 {
		n.Alone = true
		return n
	}
	for _, role := range slices.Sorted(maps.Keys(of)) {
		if passed, _ := over(of[role], amount, permanent, moved); passed == nil && len(of[role]) > 0 {
			n.By = append(n.By, role)
		}
	}
	if len(of[finance]) == 0 {
		n.By = append(n.By, finance)
	}
	return n
}

// MayApprove reports whether a role may give the approval that is needed.
func (n Need) MayApprove(role string) bool { return n.Alone || slices.Contains(n.By, role) }

// and is what two needs come to together.
func (n Need) and(m Need) Need {
	switch {
	case m.Alone:
		return n
	case n.Alone:
		return m
	}
	n.By = slices.DeleteFunc(slices.Clone(n.By), func(role string) bool { return !slices.Contains(m.By, role) })
	return n
}

// limitsOf lists the limits of an action in force on a day, by role.
func limitsOf(b *ledger.Book, action string, on fiscal.Date) map[string][]commissioning.Limit {
	of := map[string][]commissioning.Limit{}
	for _, l := range b.Limits {
		if l.Action == action && l.InForce.Contains(on) {
			of[l.Role] = append(of[l.Role], l)
		}
	}
	return of
}

// over gives the first limit that does not allow an amount, nil where all do. A
// lasting move needs a limit for such moves; one that is for them covers moves
// of one year too where the role has no other.
func over(limits []commissioning.Limit, amount money.Pence, permanent bool, moved func(role string) money.Pence) (*commissioning.Limit, money.Pence) {
	lasting := slices.DeleteFunc(slices.Clone(limits), func(l commissioning.Limit) bool { return !l.Permanent })
	yearly := slices.DeleteFunc(slices.Clone(limits), func(l commissioning.Limit) bool { return l.Permanent })
	judged := yearly
	switch {
	case permanent && len(lasting) == 0:
		return &commissioning.Limit{Role: roleOf(limits), Inclusive: true, Permanent: true}, 0
	case permanent:
		judged = lasting
		for _, l := range yearly { // the year's total counts whatever moved
			if l.Per == commissioning.PerYear {
				judged = append(judged, l)
			}
		}
	case len(yearly) == 0:
		judged = lasting
	}
	for _, l := range judged {
		var before money.Pence
		if l.Per == commissioning.PerYear {
			before = moved(l.Role)
		}
		if !l.Allows(amount, before) {
			return &l, before
		}
	}
	return nil, 0
}

func roleOf(limits []commissioning.Limit) string {
	if len(limits) == 0 {
		return ""
	}
	return limits[0].Role
}

// movedBy adds up what a role has moved by an action in a financial year: for a
// virement all that left services, to others or back to awards; for an
// allocation all that came onto services otherwise. What was undone, and how
// things were found, count for nothing.
func movedBy(b *ledger.Book, role, action string, year fiscal.Year) money.Pence {
	var total money.Pence
	for seq := 1; seq <= b.Sequence(); seq++ {
		if h, _ := b.Head(seq); h.Role != role || h.AsFound {
			continue
		}
		total += movedIn(b, seq, action, "", year)
	}
	return total
}

// Moved is what counts already against a role's limits over a financial year.
func Moved(b *ledger.Book, role, action string, year fiscal.Year) money.Pence {
	return movedBy(b, role, action, year)
}

// movedIn is movedBy for one batch, and for a board or none.
func movedIn(b *ledger.Book, seq int, action, board string, year fiscal.Year) (total money.Pence) {
	net := map[ledger.Account]money.Pence{} // of each service's account: what it lost and gained
	for i, end := b.Span(seq); i < end; i++ {
		e := b.Entry(i)
		if fiscal.YearOf(e.Effective) != year || !b.InForce(i) {
			continue
		}
		switch {
		case action == ToState:
			if e.Kind == ledger.Figure {
				total += e.Amount
			}
		case action == ToDelegate:
			if e.Kind == ledger.Delegation {
				total += e.Amount
			}
		case e.Kind == ledger.Allocation || e.Kind == ledger.Virement && action == ToVire:
			net[e.From] -= e.Amount
			net[e.To] += e.Amount
		}
	}
	for a, p := range net {
		if a.Stage != ledger.Allocated || a.Board != board {
			continue
		}
		if action == ToVire {
			p = -p
		}
		total += max(p, 0)
	}
	return total
}
