package forecast

import (
	"maps"
	"slices"
)

// Cases gives the forecast three ways: low, with nothing renewed and prices at
// their highest; expected, with each renewal counted by its chance and prices as
// assumed; high, with all that may be renewed renewed and prices at their lowest.
func (p *Projection) Cases() (low, expected, high *Projection) {
	worst, mean, best := p.Assumptions, p.Assumptions, p.Assumptions
	worst.Renewals, best.Renewals = maps.Clone(worst.Renewals), maps.Clone(best.Renewals)
	if worst.Renewals == nil {
		worst.Renewals, best.Renewals = map[string]int{}, map[string]int{}
	}
	worst.Prices, best.Prices = slices.Clone(worst.Prices), slices.Clone(best.Prices)
	for i := range p.awards {
		e := &p.awards[i]
		if e.gone {
			continue
		}
		worst.Renewals[e.ID] = 0
		if e.Chance > 0 {
			best.Renewals[e.ID] = 100
		}
	}
	for i := range worst.Prices {
		worst.Prices[i].Rate, best.Prices[i].Rate = worst.Prices[i].High, best.Prices[i].Low
	}
	worst.Delays, best.Delays = maps.Clone(worst.Delays), maps.Clone(best.Delays)
	for id, d := range p.Assumptions.Delays {
		worst.Delays[id], best.Delays[id] = Delay{d.High, d.High}, Delay{d.Low, d.Low}
	}
	worst.Weigh, best.Weigh, mean.Weigh = false, false, true
	return p.With(worst), p.With(mean), p.With(best)
}
