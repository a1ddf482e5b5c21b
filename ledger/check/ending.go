package check

import (
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// ending is an award as the expiry rules see it: when its money ends, and what
// is said to follow.
type ending struct {
	funding.Award // its end, fate and successor are those of the award it is part of, where it states none
	ref           ledger.Ref
	stream        funding.Stream
	name          string
	last          fiscal.Date // its last day; 0: no end is stated
	year          fiscal.Year // the financial year of the last day
	soon          bool        // it ends within the horizon
	follows       funding.Continuation
	next          fiscal.Year // the financial year of the day after it ends
	secured       money.Pence // its successor's secured figure for that year
	gone          bool        // it is held to pay nothing, see GapsWithout
}

// endings are the awards, in order of id and by number.
type endings struct {
	all  []*ending
	byNo []*ending
	byID map[string]*ending
}

func (s *scan) readAwards() *endings {
	ends := &endings{byID: map[string]*ending{}}
	horizon := s.AsAt.AddMonths(s.policy.HorizonMonths)
	for id, a := range s.Awards {
		e := &ending{Award: s.inherit(a), name: s.AwardName(id)}
		e.stream, _ = s.Stream(a.Stream)
		if last, is := e.LastDay(); is {
			e.last, e.year, e.next = last, fiscal.YearOf(last), fiscal.YearOf(last+1)
			e.soon = s.AsAt <= last && last <= horizon
			e.secured = s.securedSuccessor(e)
			e.follows = e.Continues(e.secured > 0)
		}
		ends.all = append(ends.all, e)
		ends.byID[id] = e
		if ref, used := s.Ref(id); used {
			e.ref = ref
			if grow := int(ref) + 1 - len(ends.byNo); grow > 0 {
				ends.byNo = append(ends.byNo, make([]*ending, grow)...)
			}
			ends.byNo[ref] = e
		}
	}
	return ends
}

// award gives an award by number, nil if there is none.
func (s *scan) award(ref ledger.Ref) *ending {
	if of := s.awards.byNo; int(ref) < len(of) {
		return of[ref]
	}
	return nil
}

// inherit fills in the end and the fate of an award that is part of another
// and states none of its own.
func (s *scan) inherit(a funding.Award) funding.Award {
	for up, steps := a.PartOf, 0; up != "" && steps < 10; steps++ {
		parent, _ := s.Award(up)
		if a.Term.To.IsZero() {
			a.Term.To = parent.Term.To
		}
		if a.Fate == funding.FateNotStated {
			a.Fate, a.Successor = parent.Fate, parent.Successor
		}
		up = parent.PartOf
	}
	return a
}

// securedSuccessor gives the secured figure that follows an award in the year
// after it. A figure for a whole term counts when the term is that one year:
// otherwise nobody has said how much of it is for the year.
func (s *scan) securedSuccessor(e *ending) money.Pence {
	next, recorded := s.Award(e.Successor)
	if !recorded || e.Successor == e.ID || !next.RunsIn(e.next) {
		return 0
	}
	secured, _ := s.Stands(e.Successor, e.next)
	if !secured.Known && within(next.Term, e.next) {
		secured, _ = s.Stands(e.Successor, fiscal.Term)
	}
	p, known := secured.Amount.Known()
	if !secured.Known || !known {
		return 0
	}
	return p
}

func within(p fiscal.Period, y fiscal.Year) bool {
	return !p.From.IsZero() && !p.To.IsZero() && y.Start() <= p.From && p.To <= y.End()+1
}

// inYear gives what of a holding is money of a year. Money for the whole term
// counts when the term lies within the year; else how much of it is for the
// year nobody has said, and it is unsplit.
func (e *ending) inYear(h *ledger.Holding, y fiscal.Year) (p money.Pence, unsplit bool) {
	switch {
	case e.gone:
		return 0, false
	case h.Year == y:
		return h.Amount, false
	case h.Year != fiscal.Term || h.Amount == 0 || !e.RunsIn(y):
		return 0, false
	case within(e.Term, y):
		return h.Amount, false
	}
	return 0, true
}

func (s *scan) readUnsized() map[string][]ledger.Line {
	of := map[string][]ledger.Line{}
	for _, l := range s.Lines {
		if l.State == "agreed" && l.Amount.IsUnknown() && l.AgreedOn <= s.AsAt {
			of[l.Service] = append(of[l.Service], l)
		}
	}
	return of
}

// bears reports whether a line of unknown amount is, or may be, money of a year.
func bears(l ledger.Line, y fiscal.Year) bool { return l.Year == y || l.Year == fiscal.Term }

// allocated gives what a service has in a year from awards that pass, and the
// holdings that make the known part of it.
func (s *scan) allocated(service string, y fiscal.Year, pass func(*ending) bool) (money.Sum, []ledger.Holding) {
	ref, _ := s.Ref(service)
	return s.held(service, ref, y, pass), s.heldBy(ref, y, pass)
}

func (s *scan) held(service string, ref ledger.Ref, y fiscal.Year, pass func(*ending) bool) (sum money.Sum) {
	holdings := s.HoldingsOf(ref)
	for i := range holdings {
		e := s.award(holdings[i].Award)
		if e == nil || !pass(e) {
			continue
		}
		p, unsplit := e.inYear(&holdings[i], y)
		sum.AddPence(p)
		if unsplit {
			sum.Add(money.Unknown)
		}
	}
	for _, l := range s.unsized[service] {
		if e := s.awards.byID[l.Award]; e != nil && bears(l, y) && pass(e) {
			sum.Add(money.Unknown)
		}
	}
	return sum
}

func (s *scan) heldBy(ref ledger.Ref, y fiscal.Year, pass func(*ending) bool) (hs []ledger.Holding) {
	for _, h := range s.HoldingsOf(ref) {
		if e := s.award(h.Award); e != nil && pass(e) {
			if p, _ := e.inYear(&h, y); p != 0 {
				hs = append(hs, h)
			}
		}
	}
	return hs
}

func anyAward(*ending) bool { return true }

func ofKind(k funding.Kind) func(*ending) bool {
	return func(e *ending) bool { return e.Money == k }
}

// banded keeps capital apart from revenue: they never share a total.
func banded(band string, k funding.Kind) string {
	if k != funding.Capital {
		return band
	}
	if band == "" {
		return "capital"
	}
	return band + ", capital"
}
