package report

import (
	"cmp"
	"slices"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Bands are those an ending's money is told apart by, in the order shown. They
// are never added up.
var Bands = []string{"stops", "renewal awaited", "secured successor"}

// Ending is a day on which awards end, with every service that loses by it.
type Ending struct {
	Date     fiscal.Date
	Band     string
	Losses   []Loss // the largest first
	Total    money.Sum
	OverHalf int   // how many lose more than half of their money
	Cuts     []Cut // what of it is unfunded already
}

// Loss is what one service loses on that day.
type Loss struct {
	Finding *check.Finding
	Service string
	Amount  money.Sum
	Share   *money.Share // of the service's money that year; nil where it cannot be told
	Awards  []string
	Decide  *check.Finding // the last day on which a decision is free; nil where it cannot be told
}

// Cut is an award, of those that end, that has been allocated beyond what it
// is worth.
type Cut struct {
	Award  string
	Year   fiscal.Year
	Amount money.Pence
	WasCut bool // its figure was stated anew; else more was allocated than awarded
}

// Endings gathers the cliffs among findings by band and day, the nearest first
// in each. Silenced ones are left out.
func Endings(v *ledger.View, findings []check.Finding) []Ending {
	decide := map[string]*check.Finding{}
	for _, f := range of(findings, check.Expiry, "decide-by") {
		if s := subject(f, "service"); decide[s] == nil || f.Date < decide[s].Date {
			decide[s] = f
		}
	}
	half, _ := money.NewShare(1, 2)
	type key struct {
		band string
		date fiscal.Date
	}
	at := map[key]*Ending{}
	for i := range findings {
		f := &findings[i]
		if f.Rule != "cliff" || f.Amount == nil || f.Silenced() {
			continue
		}
		e := at[key{f.Band, f.Date}]
		if e == nil {
			e = &Ending{Date: f.Date, Band: f.Band}
			at[key{f.Band, f.Date}] = e
		}
		service := subject(f, "service")
		l := Loss{Finding: f, Service: service, Amount: *f.Amount, Share: f.Share, Decide: decide[service]}
		for _, s := range f.Subjects {
			if s.Type == "award" {
				l.Awards = append(l.Awards, s.ID)
			}
		}
		if f.Share != nil && f.Share.Cmp(half) > 0 {
			e.OverHalf++
		}
		e.Total.Merge(*f.Amount)
		e.Losses = append(e.Losses, l)
	}
	var all []Ending
	for _, e := range at {
		slices.SortFunc(e.Losses, func(a, b Loss) int {
			return cmp.Or(cmp.Compare(b.Amount.Pence(), a.Amount.Pence()), cmp.Compare(a.Finding.ID, b.Finding.ID))
		})
		e.Cuts = cuts(v, e)
		all = append(all, *e)
	}
	slices.SortFunc(all, func(a, b Ending) int {
		return cmp.Or(cmp.Compare(slices.Index(Bands, a.Band), slices.Index(Bands, b.Band)), cmp.Compare(a.Date, b.Date))
	})
	return all
}

// cuts says how much of an ending is unfunded already.
func cuts(v *ledger.View, e *Ending) []Cut {
	met := map[string]bool{}
	var list []Cut
	for _, l := range e.Losses {
		for _, award := range l.Awards {
			if met[award] {
				continue
			}
			met[award] = true
			year := fiscal.YearOf(e.Date)
			left := v.BalanceOf(ledger.Account{Stage: ledger.Awarded, Award: award, Year: year})
			if left < 0 {
				list = append(list, Cut{award, year, left.Neg(), len(v.Figures(award, year)) > 1})
			}
		}
	}
	slices.SortFunc(list, func(a, b Cut) int { return cmp.Compare(a.Award, b.Award) })
	return list
}
