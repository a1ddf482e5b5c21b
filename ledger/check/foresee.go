package check

import (
	"braid/ledger"
	"braid/ledger/fiscal"
)

// GapsWithout gives what no-service finds of a year if some awards paid
// nothing: the gaps that their end would open, beside those there are. It is
// the same rule on the same facts; an officer's answer to a gap that is there
// today stands for it here too.
func GapsWithout(v *ledger.View, p Policy, year fiscal.Year, gone func(award string) bool) []Finding {
	s := newScan(v, p)
	s.year = year
	for _, e := range s.awards.all {
		e.gone = gone != nil && gone(e.ID)
	}
	for service, lines := range s.unsized {
		kept := lines[:0]
		for _, l := range lines {
			if e := s.awards.byID[l.Award]; e == nil || !e.gone {
				kept = append(kept, l)
			}
		}
		s.unsized[service] = kept
	}
	all := gathered([][]place{inOrder(noService(s))})
	s.judge(all)
	return all
}
