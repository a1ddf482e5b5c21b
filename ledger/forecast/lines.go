package forecast

import (
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Line is a row of the forecast.
type Line uint8

// The rows, in the order printed. Those from OverAllocated on stand beneath.
const (
	Cost               Line = iota // of services today, less their income
	Prices                         // what pay and prices add
	Pressures                      // recorded pressures
	TotalCost                      //
	Secured                        // grants, as allocated today, less over-allocation
	Core                           // base budget and settlement, as allocated today
	Gap                            // if no grant is renewed
	Likely                         // what awards that are likely to go on would bring
	GapAfterLikely                 //
	SavingsFound                   // cashable, found, and the council's own
	SavingsNotFound                // what is left to find
	OverAllocated                  // in the gap, of no service
	Unallocated                    // secured and on no service
	UnallocatedGoingOn             // of awards that go on past the year
	UnallocatedEnding              // of awards that end with it
	Unsecured                      // stated, and not secured
	WithoutMatch                   // allocated, but its match does not stand
	SecuredSuccessor               // secured for what follows an award that has ended, and on no service
	ExitCost                       // redundancy and the like
	Surplus                        // on a service beyond its cost
	Proposed                       // asked for from secured awards, not agreed
	Ending                         // the year's money from awards that end in it, however sure
	lines
)

var lineWords = [lines]string{"cost", "prices", "pressures", "total_cost", "secured", "core", "gap", "likely", "gap_after_likely", "savings_found", "savings_not_found",
	"over_allocated", "unallocated", "unallocated_going_on", "unallocated_ending", "unsecured", "without_match", "secured_successor", "exit_cost", "surplus", "proposed", "ending"}

func (l Line) String() string { return lineWords[l] }

// Lines are all rows, in the order printed.
func Lines() []Line {
	all := make([]Line, lines)
	for i := range all {
		all[i] = Line(i)
	}
	return all
}

// shortage reports a line whose unknown parts are bounded from above: a gap is
// "at most" where money is not all known, and "at least" only where cost is not.
func (l Line) shortage() bool { return l == Gap || l == GapAfterLikely || l == SavingsNotFound }

// State says how much of a figure is known.
type State uint8

// The states. AtMost is a gap that money not yet split, sized or vouched for
// may yet close.
const (
	Exact State = iota
	AtLeast
	AtMost
	NotKnown
)

var stateWords = [...]string{"exact", "at least", "at most", "not known"}

func (s State) String() string { return stateWords[s] }

// Figure is one cell of the forecast. Where it is not known the amount is £0
// and means nothing.
type Figure struct {
	Amount money.Pence
	State  State
}

func (f Figure) String() string {
	switch f.State {
	case Exact:
		return f.Amount.String()
	case NotKnown:
		return "?"
	}
	return f.State.String() + " " + f.Amount.String()
}

// Known gives the amount where all of it is known.
func (f Figure) Known() (money.Pence, bool) { return f.Amount, f.State == Exact }

// span is what a figure may be: from lo up to hi, or without limit where open.
type span struct {
	lo, hi money.Pence
	open   bool
}

func just(p money.Pence) span { return span{lo: p, hi: p} }

// upTo is an unknown part of a known whole.
func upTo(p money.Pence) span { return span{lo: min(p, 0), hi: max(p, 0)} }

var unbounded = span{open: true}

func (s span) exact() bool { return !s.open && s.lo == s.hi }

func (s *span) add(t span) {
	s.lo += t.lo
	s.hi += t.hi
	s.open = s.open || t.open
}

// less takes off what is bounded.
func (s span) less(t span) span { return span{s.lo - t.hi, s.hi - t.lo, s.open} }

// beyond is how far a cost goes beyond money; never below nought.
func beyond(cost, money span) span {
	s := span{lo: max(0, cost.lo-money.hi), hi: max(0, cost.hi-money.lo), open: cost.open}
	if money.open {
		s.lo = 0
	}
	return s
}

func (s span) figure(l Line) Figure {
	switch {
	case s.exact():
		return Figure{Amount: s.lo}
	case !s.open && l.shortage():
		return Figure{s.hi, AtMost}
	case s.lo == 0:
		return Figure{State: NotKnown}
	}
	return Figure{s.lo, AtLeast}
}

// index places a year in the projection; false outside it.
func (p *Projection) index(y fiscal.Year) (int, bool) {
	i := int(y - p.From)
	return i, i >= 0 && i < len(p.Years)
}

// Total gives a row's figure of all services for a year.
func (p *Projection) Total(l Line, y fiscal.Year) Figure {
	i, in := p.index(y)
	if !in || l >= lines {
		return Figure{}
	}
	return p.totals[i][l].figure(l)
}

// Of gives a row's figure of one service. What belongs to no service, such as
// over-allocation, is nought here.
func (p *Projection) Of(service string, l Line, y fiscal.Year) Figure {
	i, in := p.index(y)
	n, is := p.at[service]
	if !in || !is || l >= lines {
		return Figure{}
	}
	return p.services[n].cells[i].line(l).figure(l)
}

// Among gives a row's figure of some services together: those of a place, or of
// a provider. It knows more of them than their figures one by one.
func (p *Projection) Among(services []string, l Line, y fiscal.Year) Figure {
	i, in := p.index(y)
	if !in || l >= lines {
		return Figure{}
	}
	return p.among(services, l, i).figure(l)
}

func (p *Projection) among(services []string, l Line, i int) (sum span) {
	for _, id := range services {
		if n, is := p.at[id]; is {
			sum.add(p.services[n].cells[i].line(l))
		}
	}
	return sum
}

// Change gives a row's change on the year before, as medium-term plans print
// it: of the first year, its level. It is known where both levels are.
func (p *Projection) Change(l Line, y fiscal.Year) Figure {
	now := p.Total(l, y)
	if y == p.From {
		return now
	}
	was := p.Total(l, y-1)
	if now.State != Exact || was.State != Exact {
		return Figure{State: NotKnown}
	}
	return Figure{Amount: now.Amount - was.Amount}
}

// Short lists the services that are short in a year if no grant is renewed, in
// order of id: those that certainly are.
func (p *Projection) Short(y fiscal.Year) []string { return p.shortBy(Gap, y) }

// StillShort lists those that are short even after likely renewals.
func (p *Projection) StillShort(y fiscal.Year) []string { return p.shortBy(GapAfterLikely, y) }

func (p *Projection) shortBy(l Line, y fiscal.Year) (ids []string) {
	i, in := p.index(y)
	if !in {
		return nil
	}
	for n := range p.services {
		if p.services[n].cells[i].line(l).lo > 0 {
			ids = append(ids, p.Services[n].ID)
		}
	}
	return ids
}

// PerhapsShort lists those of which nobody can tell: a cost is not stated, or
// money is not yet split by year.
func (p *Projection) PerhapsShort(y fiscal.Year) (ids []string) {
	i, in := p.index(y)
	if !in {
		return nil
	}
	for n := range p.services {
		if gap := p.services[n].cells[i].line(Gap); gap.lo == 0 && (gap.open || gap.hi > 0) {
			ids = append(ids, p.Services[n].ID)
		}
	}
	return ids
}
