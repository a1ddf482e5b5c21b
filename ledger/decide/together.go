package decide

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Together is money moved and records amended that stand or fall together, as
// the decisions of a scenario do. It is held to the rules of each: cells to
// those of a Reallocation, money carried to another year to finance, records to
// the Version that was seen.
type Together struct {
	Scenario string // what it applies, if a scenario
	Cells    []Cell
	Carries  []Carry
	Records  []Amendment
}

// Carry is money of an award taken to another of its years; from fiscal.Term it
// is drawn from money for the whole term.
type Carry struct {
	Award    string
	From, To fiscal.Year
	Amount   money.Pence
}

// Amendment is some cells of a record changed; Was is the Version seen.
type Amendment struct {
	Register, ID, Was string
	Cells             map[string]string
}

// ToCarry names carrying money to another year where approval is needed.
const ToCarry = "carry forward"

func (r Together) kind() string { return "apply" }
func (r Together) written() written {
	w := Reallocation{r.Cells}.written()
	w.Scenario = r.Scenario
	for _, c := range r.Carries {
		w.Carries = append(w.Carries, writtenCarry{c.Award, c.From.String(), c.To.String(), c.Amount.String()})
	}
	for _, a := range r.Records {
		w.Records = append(w.Records, writtenAmendment(a))
	}
	return w
}

func (r Together) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	m := newMover(b, actor, reason)
	permanent, err := m.together(r)
	if err != nil {
		return nil, err
	}
	if m.o.Draft.Empty() {
		return nil, &Unchanged{}
	}
	o := m.judged(permanent)
	if len(r.Carries) > 0 && actor.Role != finance {
		var all money.Pence
		for _, c := range r.Carries {
			all += c.Amount
		}
		o.Need = Need{Action: ToCarry, Amount: all, By: []string{finance}}.and(o.Need)
	}
	return o, nil
}

// together drafts all of it; permanent says whether it binds later years. An
// award's years follow one another, so that what leaves services in one can be
// carried into the next.
func (m *mover) together(r Together) (permanent bool, err error) {
	changes, permanent, err := m.changes(r.Cells)
	if err != nil {
		return false, err
	}
	years := map[awardYear]bool{}
	of, carries := map[awardYear]change{}, map[awardYear][]Carry{}
	for _, c := range changes {
		here := awardYear{c.award, c.year}
		years[here], of[here] = true, c
	}
	for _, c := range r.Carries {
		here := awardYear{c.Award, c.From}
		years[here], carries[here] = true, append(carries[here], c)
	}
	for _, here := range slices.SortedFunc(maps.Keys(years), func(x, y awardYear) int { return cmp.Or(cmp.Compare(x.award, y.award), cmp.Compare(x.year, y.year)) }) {
		if c, met := of[here]; met {
			if m.met != nil {
				m.fit(&c)
			}
			if err := m.useLeft(&c); err != nil {
				return false, err
			}
			if err := m.make(c); err != nil {
				return false, err
			}
		}
		for _, c := range carries[here] {
			if err := m.carry(c); err != nil {
				return false, err
			}
		}
	}
	for _, a := range r.Records {
		if err := m.amend(a); err != nil {
			return false, err
		}
	}
	return permanent, nil
}

// fit tells met of each cell for which there is not enough money, and leaves it
// out whole: a cell is laid as it was asked for, or not at all.
func (m *mover) fit(c *change) {
	leave := func(parts []part, service string) []part {
		return slices.DeleteFunc(parts, func(p part) bool { return p.service == service })
	}
	of := func(parts []part) (services []string, sums map[string]money.Pence) {
		sums = map[string]money.Pence{}
		for _, p := range parts {
			if sums[p.service] += p.amount; !slices.Contains(services, p.service) {
				services = append(services, p.service)
			}
		}
		return services, sums
	}
	left := ledger.Account{Stage: ledger.Awarded, Award: c.award, Year: c.year}
	has := m.o.Draft.Balance(left)
	services, asks := of(c.less)
	for _, service := range services {
		from := ledger.Account{Stage: ledger.Allocated, Award: c.award, Year: c.year, Service: service}
		if err := m.lacks(from, asks[service]); err != nil {
			m.met(Step{Kind: ledger.Allocation, Award: c.award, From: service, Year: c.year, Amount: asks[service]}, err)
			c.less = leave(c.less, service)
			continue
		}
		has += asks[service]
	}
	services, asks = of(c.more)
	for _, service := range services {
		if has < asks[service] && !m.o.Draft.Book().FigureUnknown(c.award, c.year) {
			m.met(Step{Kind: ledger.Allocation, Award: c.award, To: service, Year: c.year, Amount: asks[service]},
				&ledger.Short{Account: left, Name: m.b.AwardName(c.award), Holds: has, Asks: asks[service]})
			c.more = leave(c.more, service)
			continue
		}
		has -= asks[service]
	}
}

type awardYear struct {
	award string
	year  fiscal.Year
}

// useLeft puts what an award has left on services before any money is moved
// between them, where its terms speak of moving money. What a term refuses to
// pay for goes back first: to stop what is not allowed is no virement.
func (m *mover) useLeft(c *change) error {
	speaks := func(t funding.Term) bool { _, is := t.Virement(); return is }
	if len(c.less) == 0 || len(c.more) == 0 || !slices.ContainsFunc(m.b.TermsOf(c.award), speaks) {
		return nil
	}
	for i := range c.less {
		p := &c.less[i]
		if m.b.Judge(c.award, p.service, p.label, c.year, m.actor.Today).Verdict == funding.Refused {
			if err := m.release(c.award, c.year, *p); err != nil {
				return err
			}
			p.amount = 0
		}
	}
	left := max(m.o.Draft.Balance(ledger.Account{Stage: ledger.Awarded, Award: c.award, Year: c.year}), 0)
	for i := range c.more {
		p := &c.more[i]
		if take := min(p.amount, left); take > 0 {
			if err := m.allocate(c.award, p.service, "", c.year, take, p.label); err != nil {
				return err
			}
			p.amount -= take
			left -= take
		}
	}
	return nil
}

func (m *mover) carry(c Carry) error {
	if c.Amount <= 0 {
		return &BadAmount{c.Amount, 1}
	}
	line := m.line(c.Amount, ledger.Label{})
	from := ledger.Account{Stage: ledger.Awarded, Award: c.Award, Year: c.From}
	s := Step{Kind: ledger.CarryForward, Award: c.Award, Year: c.From, ToYear: c.To, Amount: c.Amount}
	if c.From == fiscal.Term {
		s.Kind = ledger.Drawing
	}
	return m.do(s, ledger.Label{}, from, func() error {
		return m.o.Draft.CarryForward(c.Award, "", c.From, c.To, line)
	})
}

func (m *mover) amend(a Amendment) error {
	now, met := m.b.Record(a.Register, a.ID)
	if !met {
		return &ledger.NotFound{Register: a.Register, ID: a.ID}
	}
	next := amended(now, a.Cells)
	if Version(m.b, a.Register, a.ID) != a.Was {
		return &ChangedRecord{a.Register, a.ID, now, next}
	}
	if slices.Equal(now.Values, next.Values) {
		return nil
	}
	return m.o.Draft.Put(next)
}

// Amended is a record with some cells changed; a blank takes one out.
func Amended(r ledger.Record, cells map[string]string) ledger.Record { return amended(r, cells) }

// Suppose drafts what would be done, to be looked at and never posted. What a
// rule refuses is told to met. A use that a term does not allow is laid all the
// same, as things are found; anything else that is refused is left out.
func Suppose(b *ledger.Book, actor Actor, r Together, met func(Step, error)) *Outcome {
	m := newMover(b, actor, "supposed")
	m.met = met
	m.together(r) // every refusal was told
	return m.o
}

// do drafts one movement out of an account and notes it as a step.
func (m *mover) do(s Step, label ledger.Label, from ledger.Account, verb func() error) error {
	s.Objective, s.Area = label.Objective, label.Area
	err := verb()
	if err != nil && m.met == nil {
		return err
	}
	if err != nil {
		m.met(s, err)
		if breach := (*ledger.Breach)(nil); !errors.As(err, &breach) {
			return nil
		}
		if err = m.lacks(from, s.Amount); err == nil {
			m.o.Draft.AsFound = true
			err = verb()
			m.o.Draft.AsFound = false
		}
		if err != nil {
			m.met(s, err)
			return nil
		}
	}
	m.o.Steps = append(m.o.Steps, s)
	return nil
}

// lacks refuses what the ledger would refuse if the terms did not come first.
func (m *mover) lacks(from ledger.Account, asks money.Pence) error {
	held := m.o.Draft.Balance(from)
	if held >= asks || from.Stage == ledger.Awarded && from.Board == "" && m.o.Draft.Book().FigureUnknown(from.Award, from.Year) {
		return nil
	}
	return &ledger.Short{Account: from, Name: m.b.AwardName(from.Award), Holds: held, Asks: asks}
}
