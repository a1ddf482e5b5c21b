package scenario

import (
	"cmp"
	"slices"
	"strconv"

	"braid/ledger"
	"braid/ledger/align"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
)

// Scenario is a named list of changes, laid over the ledger and never posted
// until it is applied.
type Scenario struct {
	ID, Name, NameCy, Note, State, By string      // State: draft, shared, applied, withdrawn
	Year                              fiscal.Year // the year it is looked at in; 0: the next
	Years                             int         // how many years it shows; 0: four
	Applied                           fiscal.Date
	Changes                           []Change
}

// The states of a scenario.
const (
	Draft     = "draft"
	Shared    = "shared"
	Posted    = "applied"
	Withdrawn = "withdrawn"
)

// Nothing is to do nothing: a scenario to compare others with.
func Nothing(name string) Scenario { return Scenario{Name: name} }

// Read gives a scenario of the register with the changes that stand, in order.
func Read(b *ledger.Book, id string) (Scenario, bool) {
	r, ok := b.Record("scenarios", id)
	if !ok {
		return Scenario{}, false
	}
	return assemble(r, changesOf(b, id)), true
}

// All gives every scenario in order of id, whatever its state.
func All(b *ledger.Book) []Scenario {
	of := map[string][]ledger.Record{}
	for _, r := range b.Records("changes") {
		if id := r.Get("scenario"); r.Get("state") != Withdrawn {
			of[id] = append(of[id], r)
		}
	}
	var all []Scenario
	for id, r := range b.Records("scenarios") {
		all = append(all, assemble(r, of[id]))
	}
	return all
}

// changesOf gives the records of a scenario's changes that stand.
func changesOf(b *ledger.Book, id string) (of []ledger.Record) {
	for _, r := range b.Records("changes") {
		if r.Get("scenario") == id && r.Get("state") != Withdrawn {
			of = append(of, r)
		}
	}
	return of
}

func assemble(r ledger.Record, changes []ledger.Record) Scenario {
	s := Scenario{ID: r.ID, Name: r.Get("name"), NameCy: r.Get("name_cy"), Note: r.Get("note"), State: cmp.Or(r.Get("state"), Draft), By: r.Get("by"), Year: year(r.Get("year"))}
	s.Years, _ = strconv.Atoi(r.Get("years"))
	s.Applied, _ = fiscal.ParseDate(r.Get("applied"))
	place := func(r ledger.Record) int { n, _ := strconv.Atoi(r.Get("n")); return n }
	slices.SortStableFunc(changes, func(x, y ledger.Record) int { return cmp.Or(cmp.Compare(place(x), place(y)), cmp.Compare(x.ID, y.ID)) })
	for _, one := range changes {
		s.Changes = append(s.Changes, read(one))
	}
	return s
}

// Version is the fingerprint of a scenario and its changes as a person saw
// them; blank for one that was not there.
func Version(b *ledger.Book, id string) string {
	v := decide.Version(b, "scenarios", id)
	if v == "" {
		return ""
	}
	for _, r := range changesOf(b, id) {
		v = decide.Join(v, decide.Version(b, "changes", r.ID))
	}
	return v
}

// Suppositions are the changes that applying it leaves out: those of the world,
// and a service's protection, which moves no money.
func (s Scenario) Suppositions() []Change {
	return slices.DeleteFunc(slices.Clone(s.Changes), func(c Change) bool { return !c.Supposition() && c.Kind != ServiceProtected })
}

// Decisions are the changes that applying it posts, in order.
func (s Scenario) Decisions() []Change {
	return slices.DeleteFunc(slices.Clone(s.Changes), func(c Change) bool { return c.Supposition() || c.Kind == ServiceProtected })
}

// Protected names the services it protects, as alignment asks for them.
func (s Scenario) Protected() map[string]bool {
	of := map[string]bool{}
	for _, c := range s.Changes {
		if c.Kind == ServiceProtected {
			of[c.Service] = true
		}
	}
	return of
}

// FromPlan makes a scenario of what a plan proposes: each cell as the plan has
// it, and money carried to another year. The plan's first reason is each
// change's own.
func FromPlan(p *align.Plan, id, name string) Scenario {
	s := Scenario{ID: id, Name: name, State: Draft, Year: p.From, Years: 4}
	for _, c := range p.Carries {
		one := Change{Kind: AwardMoved, Award: c.Award, Year: c.From, ToYear: c.To, Amount: c.Amount}
		if len(c.Because) > 0 {
			one.Why = c.Because[0].String()
		}
		s.Changes = append(s.Changes, one)
	}
	type cell struct {
		award, service string
		year           fiscal.Year
	}
	at := map[cell]int{}
	for _, m := range p.Moves {
		here := cell{m.Award, m.Service, m.Year}
		n, met := at[here]
		if !met {
			n = len(s.Changes)
			at[here] = n
			s.Changes = append(s.Changes, Change{Kind: MoneyPut, Award: m.Award, Service: m.Service, Year: m.Year, Amount: p.Put(m.Award, m.Service, m.Year)})
		}
		if c := &s.Changes[n]; m.Change() > 0 {
			c.Objective, c.Area = m.Label.Objective, m.Label.Area
			if len(m.Because) > 0 {
				c.Why = m.Because[0].String()
			}
		} else if c.Why == "" && len(m.Because) > 0 {
			c.Why = m.Because[0].String()
		}
	}
	return s
}
