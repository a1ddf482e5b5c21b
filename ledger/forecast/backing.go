package forecast

import (
	"cmp"
	"slices"

	"braid/funding"
	"braid/ledger/fiscal"
)

// Backing is the money on services in a year by how sure it is and how lasting.
type Backing struct {
	Band       Band
	Certainty  funding.Certainty // of unsecured money
	Permanence funding.Permanence
	Amount     Figure
}

// Backings lists the money on services in a year by how sure it is, surest
// first, and by how lasting. It counts all that is allocated, over-allocation
// too, and beside it what may come of what ends.
func (p *Projection) Backings(y fiscal.Year) []Backing {
	sums := map[Backing]span{}
	for i := range p.Services {
		for _, m := range p.Services[i].Money {
			if m.Year != y {
				continue
			}
			k := Backing{Band: m.Band, Permanence: p.Awards[p.awardAt[m.Award]].Permanence}
			if m.Band == BandUnsecured {
				k.Certainty = m.Certainty
			}
			sum := sums[k]
			sum.add(span{m.Amount, m.Amount, m.AtLeast})
			sums[k] = sum
		}
	}
	all := make([]Backing, 0, len(sums))
	for k, sum := range sums {
		k.Amount = sum.figure(Secured)
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b Backing) int {
		return cmp.Or(cmp.Compare(a.Band, b.Band), cmp.Compare(b.Certainty, a.Certainty), cmp.Compare(a.Permanence, b.Permanence))
	})
	return all
}
