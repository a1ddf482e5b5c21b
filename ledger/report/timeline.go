package report

import (
	"cmp"
	"maps"
	"slices"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Timeline says which awards pay for services, until when, and what stops on
// the days they end.
type Timeline struct {
	Year fiscal.Year
	Runs []Run  // the first to end first; without an end last
	Ends []Stop // by day, then by band
}

// Run is one award over time.
type Run struct {
	Award string
	check.AwardEnd
	Likely   bool // to be renewed, as somebody judged: likelier than not
	Spans    []Sureness
	Money    Cell // on services in the year
	Services []string
}

// Sureness is how sure an award's money is from a day to a last day.
type Sureness struct {
	From, To fiscal.Date // no last day: no end
	Secured  bool        // else stated without being secured, or not stated
}

// Stop is what ends on a day, in one band: bands are never added up.
type Stop struct {
	Date     fiscal.Date
	Band     string
	Parts    []StopPart // the largest first
	Total    money.Sum  // of the financial year of that day; at least, where money of a whole term is not split by year
	Services []string
}

// StopPart is what one award pays, in the financial year of its last day.
type StopPart struct {
	Award string
	Year  fiscal.Year
	Money Cell
}

// NewTimeline makes a timeline of the awards that run in a year or later. It
// asks for money as a map does; what it is broken down by does not matter.
func NewTimeline(v *ledger.View, ask MapOf) *Timeline {
	if ask.Position == nil {
		ask.Position = v.Position
	}
	t := &Timeline{Year: ask.Year}
	paid := map[fiscal.Year]map[string]paidBy{}
	pays := func(award string, y fiscal.Year) paidBy {
		if paid[y] == nil {
			paid[y] = ask.paid(y)
		}
		return paid[y][award]
	}
	all := len(ask.Only) == 0 && ask.Sees == nil
	half, _ := money.NewShare(1, 2)
	for id, a := range v.Awards {
		r := Run{Award: id, AwardEnd: check.EndOf(v, id)}
		if !r.Last.IsZero() && r.Last < ask.Year.Start() {
			continue
		}
		now := pays(id, ask.Year)
		r.Money, r.Services = now.money, now.services
		if !all && r.Money.None() {
			continue
		}
		if chance, err := money.NewShare(int64(max(a.RenewalPercent, 0)), 100); err == nil {
			r.Likely = r.Follows != funding.Succeeded && (r.Fate == funding.Renewed || chance.Cmp(half) > 0)
		}
		r.Spans = sureness(v, id, r.AwardEnd, ask.Year)
		t.Runs = append(t.Runs, r)
		if r.Last.IsZero() || r.Last < v.AsAt {
			continue
		}
		year := fiscal.YearOf(r.Last)
		ends := pays(id, year)
		if ends.money.None() {
			continue
		}
		s := t.stop(r.Last, r.Follows.String())
		s.Parts = append(s.Parts, StopPart{id, year, ends.money})
		s.Total.Merge(ends.money.InYear)
		if !nothing(ends.money.OfTerm) {
			s.Total.Add(money.Unknown)
		}
		s.Services = append(s.Services, ends.services...)
	}
	for i := range t.Ends {
		s := &t.Ends[i]
		slices.Sort(s.Services)
		s.Services = slices.Compact(s.Services)
		slices.SortFunc(s.Parts, func(a, b StopPart) int {
			return cmp.Or(cmp.Compare(b.Money.InYear.Pence(), a.Money.InYear.Pence()), cmp.Compare(a.Award, b.Award))
		})
	}
	slices.SortFunc(t.Ends, func(a, b Stop) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(slices.Index(Bands, a.Band), slices.Index(Bands, b.Band)))
	})
	slices.SortStableFunc(t.Runs, func(a, b Run) int {
		return cmp.Or(cmp.Compare(endless(a.Last), endless(b.Last)), cmp.Compare(v.AwardName(a.Award), v.AwardName(b.Award)))
	})
	return t
}

func endless(d fiscal.Date) fiscal.Date {
	if d.IsZero() {
		return 1 << 30
	}
	return d
}

func (t *Timeline) stop(on fiscal.Date, band string) *Stop {
	for i := range t.Ends {
		if t.Ends[i].Date == on && t.Ends[i].Band == band {
			return &t.Ends[i]
		}
	}
	t.Ends = append(t.Ends, Stop{Date: on, Band: band})
	return &t.Ends[len(t.Ends)-1]
}

// Within lists the ends from today up to a day.
func (t *Timeline) Within(last fiscal.Date) []Stop {
	n := 0
	for n < len(t.Ends) && t.Ends[n].Date <= last {
		n++
	}
	return t.Ends[:n]
}

type paidBy struct {
	money    Cell
	services []string
}

// paid gives what each award puts on services in a year, and beside it for its
// whole term.
func (ask MapOf) paid(year fiscal.Year) map[string]paidBy {
	by := map[string]paidBy{}
	for _, y := range []fiscal.Year{year, fiscal.Term} {
		only := ledger.Filter{ledger.ByYear: y.String()}
		maps.Copy(only, ask.Only)
		for _, r := range ask.Position([]ledger.Dimension{ledger.ByAward, ledger.ByService}, only).Rows {
			award, service, sum := r.Key[0], r.Key[1], r.Sums[ledger.AllocatedTo]
			if service == "" || nothing(sum) || ask.Sees != nil && !ask.Sees(service) {
				continue
			}
			p := by[award]
			p.money.add(sum, y == fiscal.Term)
			p.services = append(p.services, service)
			by[award] = p
		}
	}
	for award, p := range by {
		slices.Sort(p.services)
		p.services = slices.Compact(p.services)
		by[award] = p
	}
	return by
}

// sureness says how sure an award's money is, year by year from one on until it
// ends; years alike are one.
func sureness(v *ledger.View, award string, end check.AwardEnd, from fiscal.Year) []Sureness {
	const furthest = 10 // years; nobody states figures further ahead
	var spans []Sureness
	term, _ := v.Stands(award, fiscal.Term)
	stated := from
	for _, y := range v.FigureYears(award) {
		stated = max(stated, y)
	}
	for y := from; y <= from+furthest; y++ {
		p := y.Period()
		if end.Starts > p.From {
			p.From = end.Starts
		}
		last := y.End()
		if !end.Last.IsZero() {
			last = min(last, end.Last)
		}
		if last < p.From {
			if end.Starts > last {
				continue
			}
			break
		}
		secured, _ := v.Stands(award, y)
		sure := secured.Known || term.Known
		if n := len(spans); end.Last.IsZero() && y > stated && n > 0 { // beyond what is stated it goes on as it last was
			spans[n-1].To = 0
			break
		}
		if n := len(spans); n > 0 && spans[n-1].Secured == sure {
			spans[n-1].To = last
		} else {
			spans = append(spans, Sureness{p.From, last, sure})
		}
	}
	return spans
}
