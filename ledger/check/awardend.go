package check

import (
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
)

// AwardEnd is when an award's money ends and what is said to follow, as the
// expiry rules see it: an award that states neither has those of the award it
// is part of.
type AwardEnd struct {
	Starts, Last fiscal.Date // the first and the last day; 0: not stated, no end
	Follows      funding.Continuation
	Fate         funding.Fate
	Successor    string
}

// EndOf gives an award's end.
func EndOf(v *ledger.View, award string) AwardEnd {
	s := &scan{View: v}
	own, _ := v.Award(award)
	e := &ending{Award: s.inherit(own)}
	end := AwardEnd{Starts: e.Term.From, Fate: e.Fate, Successor: e.Successor}
	if last, ends := e.LastDay(); ends {
		e.next = fiscal.YearOf(last + 1)
		end.Last, end.Follows = last, e.Continues(s.securedSuccessor(e) > 0)
	}
	return end
}
