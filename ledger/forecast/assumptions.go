package forecast

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Assumptions are what is assumed of the years to come. The nought value
// assumes no price rises and what the awards themselves say of their renewal.
type Assumptions struct {
	Prices     []Price
	Renewals   map[string]int // award → per cent, over what the award says
	Delays     map[string]Delay
	LikelyFrom int // per cent from which a renewal is likely; nought: 50
	// WithoutPosts leaves out what ending posts costs, for those who may not see
	// posts.
	WithoutPosts bool
	Weigh        bool // count what may be renewed by its chance, not as likely or not
}

// Price is by how much costs of a type rise into a year. A blank type is all
// types and year 0 every year; the most particular holds: type and year, then
// type, then year, then all. Low and High are the least and the most it may be.
type Price struct {
	ID              string // of the recorded assumption; blank: not recorded
	CostType        string
	Year            fiscal.Year
	Rate, Low, High money.Rate
	Source          string
}

// Delay is by how many months an award's renewal may be late.
type Delay struct{ Low, High int }

// likelyByFate is the chance of an award whose fate says that it goes on and
// whose chance nobody stated. The forecast notes it.
const likelyByFate = 100

// PayType is the cost type of a recorded assumption about pay that names none.
const PayType = "pay"

// Recorded reads what is assumed from the register, as it stood on the date.
// Of two statements of one thing the later holds. Where no price is recorded
// none is assumed, and a note says so.
func Recorded(v *ledger.View) Assumptions {
	a := Assumptions{Renewals: map[string]int{}, Delays: map[string]Delay{}, LikelyFrom: 50}
	type kept struct {
		id  string
		rec ledger.Record
	}
	var all []kept
	for id, r := range v.Records("assumptions") {
		if on, err := fiscal.ParseDate(r.Get("stated_on")); err == nil && on <= v.AsAt {
			all = append(all, kept{id, r})
		}
	}
	// dates as text: ISO days sort as they follow one another
	slices.SortStableFunc(all, func(a, b kept) int { return cmp.Compare(a.rec.Get("stated_on"), b.rec.Get("stated_on")) })
	type key struct {
		costType string
		year     fiscal.Year
	}
	prices := map[key]Price{}
	for _, k := range all {
		r := k.rec
		switch kind := r.Get("kind"); kind {
		case "", "price", "pay":
			rate, err := money.ParseRate(r.Get("percent"))
			if err != nil {
				continue
			}
			p := Price{ID: k.id, CostType: strings.ToLower(strings.TrimSpace(r.Get("cost_type"))), Rate: rate, Low: rate, High: rate, Source: r.Get("source")}
			if kind == "pay" && p.CostType == "" {
				p.CostType = PayType
			}
			if y, err := fiscal.ParseYear(r.Get("year")); err == nil {
				p.Year = y
			}
			if low, err := money.ParseRate(r.Get("low")); err == nil {
				p.Low = low
			}
			if high, err := money.ParseRate(r.Get("high")); err == nil {
				p.High = high
			}
			prices[key{p.CostType, p.Year}] = p
		case "renewal":
			if n, ok := wholePercent(r.Get("percent")); ok {
				a.Renewals[r.Get("award")] = n
			}
		case "timing":
			low, ok1 := months(r.Get("low"))
			high, ok2 := months(r.Get("high"))
			if !ok1 {
				low = 0
			}
			if ok1 || ok2 {
				a.Delays[r.Get("award")] = Delay{low, max(low, high)}
			}
		}
	}
	for _, p := range prices {
		a.Prices = append(a.Prices, p)
	}
	slices.SortFunc(a.Prices, func(a, b Price) int {
		return cmp.Or(cmp.Compare(a.CostType, b.CostType), cmp.Compare(a.Year, b.Year))
	})
	return a
}

// At gives the assumptions with every price at one rate, and no more and no
// less than it.
func (a Assumptions) At(rate money.Rate) Assumptions {
	a.Prices = []Price{{Rate: rate, Low: rate, High: rate}}
	return a
}

// Renewing gives the assumptions with another chance, per cent, for one award.
func (a Assumptions) Renewing(award string, percent int) Assumptions {
	a.Renewals = maps.Clone(a.Renewals)
	if a.Renewals == nil {
		a.Renewals = map[string]int{}
	}
	a.Renewals[award] = percent
	return a
}

func (a Assumptions) likelyFrom() int {
	if a.LikelyFrom == 0 {
		return 50
	}
	return a.LikelyFrom
}

// chance is how likely an award is to go on past its end, per cent; told is
// false where only its fate or its kind says so.
func (a Assumptions) chance(e funding.Award, permanence funding.Permanence) (percent int, told bool) {
	if n, stated := a.Renewals[e.ID]; stated {
		return max(0, min(n, 100)), true
	}
	if e.RenewalPercent >= 0 {
		return min(e.RenewalPercent, 100), true
	}
	if e.Continues(false) == funding.Awaited {
		return likelyByFate, false
	}
	if _, ends := e.LastDay(); !ends && permanence == funding.Recurring {
		return likelyByFate, false
	}
	return 0, true
}

// price finds the most particular assumption for a cost type and year.
func (a Assumptions) price(costType string, y fiscal.Year) (Price, bool) {
	if at := a.priceAt(costType, y); at >= 0 {
		return a.Prices[at], true
	}
	return Price{}, false
}

func (a Assumptions) priceAt(costType string, y fiscal.Year) int {
	costType = strings.TrimSpace(costType)
	best, rank := -1, -1
	for i := range a.Prices {
		p := &a.Prices[i]
		if p.CostType != "" && !strings.EqualFold(p.CostType, costType) || p.Year != 0 && p.Year != y {
			continue
		}
		r := 0
		if p.Year != 0 {
			r++
		}
		if p.CostType != "" {
			r += 2
		}
		if r > rank {
			best, rank = i, r
		}
	}
	return best
}

func wholePercent(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	return n, err == nil && n >= 0 && n <= 100
}

func months(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil && n >= 0 && n <= 120
}
