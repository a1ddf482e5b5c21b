package forecast

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

var asAt = fiscal.MustDate("2027-01-12")

// anyBook draws a small council: awards that end, taper, go on or follow one
// another, some needing match; figures known or not; services with costs in
// some years' prices; money by year, for the whole term, of unknown amount, or
// proposed; savings, pressures, posts and assumptions.
func anyBook(t testing.TB, r *rapid.T, kinds ...string) *ledger.Book {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(r, what) }
	amount := func(what string) string {
		return pick(what, "", "", "?", "0.01", "33.33", "100", "999.99")
	}
	var b strings.Builder
	b.WriteString("# streams\nid,name,recipient,permanence,money,starts,ends,fate,successor,renewal_percent,certainty,2026-27,2027-28,2028-29,amount\n")
	awards := rapid.IntRange(1, 4).Draw(r, "awards")
	for i := range awards {
		successor := ""
		if awards > 1 {
			successor = pick("successor", "", fmt.Sprintf("a%d", (i+1)%awards))
		}
		fmt.Fprintf(&b, "a%d,A%d,council,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", i, i,
			pick("permanence", "", "base budget", "recurring", "one-off"), pick("money", kinds...),
			pick("starts", "", "2025-04-01", "2026-04-01"), pick("ends", "", "2027-01-31", "2027-03-31", "2027-08-31", "2028-03-31"),
			pick("fate", "", "stops", "renewed", "unknown"), successor, pick("chance", "", "", "0%", "40%", "60%", "100%"), pick("certainty", "", "confirmed", "confirmed", "announced"),
			amount("figure"), amount("figure"), amount("figure"), amount("figure"))
	}
	b.WriteString("# terms\nid,award,rule,value\n")
	for i := range awards {
		if pick("match", "", "", "match") != "" {
			fmt.Fprintf(&b, "t%d,a%d,match,%s\n", i, i, pick("share", "50%", "25%"))
		}
	}
	services := rapid.IntRange(1, 4).Draw(r, "services")
	b.WriteString("# services\nid,name,statutory,starts,ends,paid_elsewhere,cost_type,price_base,income,2025-26,2026-27,2027-28\n")
	for i := range services {
		fmt.Fprintf(&b, "s%d,S%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", i, i, pick("statutory", "", "yes"), pick("service starts", "", "", "2026-09-01"),
			pick("service ends", "", "", "2027-03-31", "2028-07-31"), pick("elsewhere", "", "", "the health board"), pick("cost type", "", "staff"),
			pick("base", "", "cash", "2025-26", "2027-28"), pick("income", "", "", "?", "10"), amount("cost"), amount("cost"), amount("cost"))
	}
	b.WriteString("# allocations\nid,award,service,state,match_for,agreed_on,year,amount\n")
	for i := range rapid.IntRange(0, 9).Draw(r, "allocations") {
		p := amount("allocation")
		if p == "" {
			p = "50"
		}
		fmt.Fprintf(&b, "l%d,a%d,s%d,%s,%s,%s,%s,%s\n", i, rapid.IntRange(0, awards-1).Draw(r, "award"), rapid.IntRange(0, services-1).Draw(r, "service"),
			pick("state", "", "", "", "proposed"), pick("match for", "", "", "a0"), pick("agreed", "2026-05-01", "2026-05-01", "2027-02-01"), pick("year", "2025-26", "2026-27", "2026-27", "2027-28", "2028-29", "term"), p)
	}
	b.WriteString("# payments\nid,award,service,date,amount\n")
	for i := range rapid.IntRange(0, 2).Draw(r, "payments") {
		fmt.Fprintf(&b, "p%d,a%d,s%d,%s,%s\n", i, rapid.IntRange(0, awards-1).Draw(r, "award"), rapid.IntRange(0, services-1).Draw(r, "service"),
			pick("date", "2026-06-01", "2026-12-31"), pick("payment", "20", "400"))
	}
	b.WriteString("# savings\nid,service,kind,gains,deadweight_percent,status,2026-27,2027-28\n")
	for i := range rapid.IntRange(0, 3).Draw(r, "savings") {
		fmt.Fprintf(&b, "v%d,%s,%s,%s,%s,%s,%s,%s\n", i, pick("saver", "", "s0"), pick("saving", "cashable", "cashable", "non-cashable", "pressure"), pick("gains", "", "", "police"),
			pick("deadweight", "", "10%"), pick("status", "found", "found", "idea"), amount("saving"), amount("saving"))
	}
	b.WriteString("# posts\nid,service,exit_cost,awards\n")
	for i := range rapid.IntRange(0, 2).Draw(r, "posts") {
		fmt.Fprintf(&b, "j%d,s%d,%s,%s\n", i, rapid.IntRange(0, services-1).Draw(r, "service"), amount("exit"), pick("paid by", "a0", "a0:60;core:40", "a0;core"))
	}
	b.WriteString("# assumptions\nid,kind,cost_type,year,award,percent,low,high\n")
	for i := range rapid.IntRange(0, 3).Draw(r, "assumptions") {
		fmt.Fprintf(&b, "x%d,%s\n", i, pick("assumption", "price,,,,2%,1%,4%", "price,staff,,,3%,3%,3%", "price,,2028-29,,1.5%,0%,3%", "renewal,,,a0,70%,,", "timing,,,a0,,0,5"))
	}
	b.WriteString("# exits\nid,service,state,exit_cost\n")
	if pick("plan", "", "", "agreed") != "" {
		b.WriteString("e0,s0,agreed,77\n")
	}
	text := b.String() + "# awards\nid,stream,permanence\ncore,core,base budget\n"
	text = strings.Replace(text, "# awards\nid,stream,permanence\ncore,core,base budget\n", "", 1)
	text = strings.Replace(text, "# terms", "core,Core,council,base budget,revenue,,,,,,confirmed,500,500,,\n# terms", 1)
	r.Log(text)
	book := ledgertest.Book(t, filled(text))
	d := book.Draft(ledger.Intent{Author: "test", Reason: "second thoughts", AsFound: true})
	_ = d.CarryForward("a0", "", 2026, 2027, ledger.Move{Amount: 5_00, Line: "c", Effective: fiscal.MustDate("2026-04-02")})
	if d.Empty() {
		return book
	}
	_, book = d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
	return book
}

// filled takes out blocks that have headings and no rows.
func filled(text string) string {
	var keep []string
	for block := range strings.SplitSeq("\n"+text, "\n#") {
		if strings.Count(strings.TrimSpace(block), "\n") >= 1 {
			keep = append(keep, block)
		}
	}
	return "#" + strings.Join(keep, "\n#")
}

// opens says what is wrong with how a projection's figures open: each must be
// its parts to the penny, each part its entries, and the rows must add up.
func opens(p *Projection) (wrong []string) {
	for _, l := range Lines() {
		for _, y := range p.Years {
			services := []string{""}
			for _, s := range p.Services {
				services = append(services, s.ID)
			}
			for _, service := range services {
				want := p.Total(l, y)
				if service != "" {
					want = p.Of(service, l, y)
				}
				var sum money.Pence
				unknown := false
				for _, part := range p.Explain(l, service, y) {
					unknown = unknown || part.Unknown
					sum += part.Amount
					var entries money.Pence
					for _, e := range part.Entries {
						entries += e.Amount
					}
					if len(part.Entries) > 0 && entries != part.Amount {
						wrong = append(wrong, fmt.Sprintf("%s of %q in %s: a part of %s has entries of %s: %s", l, service, y, part.Amount, entries, part.Sentence))
					}
					if says := part.Sentence.String(); says == "" || strings.Contains(says, "{{") {
						wrong = append(wrong, fmt.Sprintf("%s of %q in %s says %q", l, service, y, says))
					}
				}
				if sum != want.Amount {
					wrong = append(wrong, fmt.Sprintf("%s of %q in %s is %s, and its parts %s", l, service, y, want, sum))
				}
				if (want.State != Exact) != unknown && l != SavingsNotFound {
					wrong = append(wrong, fmt.Sprintf("%s of %q in %s is %s, and of its parts %v are unknown", l, service, y, want, unknown))
				}
				if want.State == NotKnown && want.Amount != 0 {
					wrong = append(wrong, fmt.Sprintf("%s of %q in %s is not known, at %s", l, service, y, want.Amount))
				}
			}
		}
	}
	for _, y := range p.Years {
		var all []string
		for _, s := range p.Services {
			all = append(all, s.ID)
		}
		for _, l := range []Line{TotalCost, Gap} {
			var sum money.Pence
			for _, part := range p.ExplainAmong(all, l, y) {
				sum += part.Amount
			}
			if want := p.Among(all, l, y); sum != want.Amount {
				wrong = append(wrong, fmt.Sprintf("%s among all in %s is %s, and its parts %s", l, y, want, sum))
			}
		}
		short := p.Total(TotalCost, y).Amount - p.Total(Secured, y).Amount - p.Total(Core, y).Amount + p.Total(Surplus, y).Amount
		exact := true
		for _, l := range []Line{TotalCost, Secured, Core, Surplus, Gap} {
			exact = exact && p.Total(l, y).State == Exact
		}
		if exact && short != p.Total(Gap, y).Amount {
			wrong = append(wrong, fmt.Sprintf("the rows of %s come to %s, and the gap is %s", y, short, p.Total(Gap, y)))
		}
	}
	return wrong
}

// TestEveryFigureOpens: over any book, every figure is its parts.
func TestEveryFigureOpens(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		v := anyBook(t, r, "", "revenue", "capital").View(asAt)
		p := Project(v, Recorded(v), 4)
		low, expected, high := p.Cases()
		for _, one := range []*Projection{p, p.Capital(), low, expected, high} {
			for _, problem := range opens(one) {
				r.Error(problem)
			}
		}
	})
}

// TestEveryFigureOfTheCouncilsOpens: of the councils that come with Braid too.
func TestEveryFigureOfTheCouncilsOpens(t *testing.T) {
	for _, name := range []string{"demo", "salford", "bridgend"} {
		v := seeded(t, name)
		p := Project(v, Recorded(v).At(rate(t, "2%")), 6)
		for _, one := range []*Projection{p, p.Capital()} {
			for _, problem := range opens(one) {
				t.Error(name, problem)
			}
		}
		for _, n := range p.Notes {
			t.Log(name, n)
		}
		for _, l := range []Line{TotalCost, Secured, Core, Unsecured, Gap, Likely, Ending, Unallocated} {
			t.Log(name, l, p.Total(l, p.From), p.Total(l, p.From+1))
		}
	}
}

// TestLossIsTheCliffs: what ends in a year, by service, is what the cliff says
// the service loses on its days, in all bands together.
func TestLossIsTheCliffs(t *testing.T) {
	agree := func(fail func(string, ...any), v *ledger.View) {
		policy := check.DefaultPolicy()
		policy.HorizonMonths = 26
		type at struct {
			service string
			year    fiscal.Year
			capital bool
		}
		sums := map[at]money.Pence{}
		for _, f := range check.Run(v, policy, "expiry/cliff") {
			if f.Amount != nil {
				sums[at{f.Subjects[0].ID, f.Year, strings.Contains(f.Band, "capital")}] += f.Amount.Pence()
			}
		}
		p := Project(v, Assumptions{}, 3)
		for _, one := range []*Projection{p, p.Capital()} {
			for i := range one.services {
				s := &one.services[i]
				for _, y := range one.Years {
					ends := s.cells[y-one.From].ending.lo
					for k := range s.claims { // the cliff keeps quiet of what ended before the date, and of nothing
						e := &one.awards[s.claims[k].award]
						if own := s.claims[k].years[y-one.From].own.lo; e.end == y && (e.Last < v.AsAt || own < 0) {
							ends -= own
						}
					}
					k := at{s.ID, y, one.Kind == funding.Capital}
					if sums[k] != ends {
						fail("%s loses %s in %s, and the cliff says %s", s.ID, ends, y, sums[k])
					}
					delete(sums, k)
				}
			}
		}
		for k := range sums {
			if sums[k] != 0 {
				fail("the cliff says %s of %v", sums[k], k)
			}
		}
	}
	for _, name := range []string{"demo", "salford", "bridgend"} {
		agree(t.Errorf, seeded(t, name))
	}
	rapid.Check(t, func(r *rapid.T) {
		agree(r.Errorf, anyBook(t, r, "", "revenue", "capital").View(asAt))
	})
}

// TestShortIsUnderFunded: what a service is short of this year is what the
// checks find it under-funded by, where both can tell.
func TestShortIsUnderFunded(t *testing.T) {
	agree := func(fail func(string, ...any), v *ledger.View) {
		p := Project(v, Assumptions{}, 1)
		found := map[string]money.Pence{}
		for _, f := range check.Run(v, check.DefaultPolicy(), "gap/under-funded") {
			if f.Year == p.From && f.Amount != nil && f.Subjects[0].Type == "service" {
				found[f.Subjects[0].ID] = f.Amount.Pence()
			}
		}
		for i := range p.services {
			s := &p.services[i]
			gap := beyond(s.cells[0].cost, s.cells[0].standing())
			cost, stated := s.NetCost(p.From).Known()
			if !stated || cost <= 0 || s.PaidElsewhere != "" || s.cells[0].without != (span{}) || s.cells[0].standing().open {
				continue
			}
			differs := false
			for k := range s.claims {
				e, own := &p.awards[s.claims[k].award], s.claims[k].years[0].own
				carriedIn := e.years[0].assured == secured && e.years[0].figure.IsUnknown() // it has no figure of its own, and the checks ask for one
				perhaps := e.years[0].assured == unsecured && !own.exact()                  // not split by year, which the checks count though it is not secured
				differs = differs || carriedIn || perhaps
			}
			if !differs && gap.lo != found[s.ID] {
				fail("%s is short of %s, and the checks find %s", s.ID, gap.lo, found[s.ID])
			}
		}
	}
	for _, name := range []string{"demo", "salford", "bridgend"} {
		agree(t.Errorf, seeded(t, name))
	}
	rapid.Check(t, func(r *rapid.T) { agree(r.Errorf, anyBook(t, r, "revenue").View(asAt)) })
}

// TestMoreIsNeverWorse: a likelier renewal never widens the gap, a higher price
// never narrows it, and more money on a service never widens it.
func TestMoreIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := anyBook(t, r, "revenue")
		v := b.View(asAt)
		a := Recorded(v)
		p := Project(v, a, 4)
		slack := money.Pence(0)
		worse := func(what string, than, is *Projection) {
			t.Helper()
			for _, y := range p.Years {
				i := y - p.From
				for _, l := range []Line{Gap, GapAfterLikely} {
					was, now := than.totals[i][l], is.totals[i][l]
					if now.lo > was.lo+slack || !was.open && (now.open || now.hi > was.hi+slack) {
						r.Errorf("%s: %s of %s was %v and is %v", what, l, y, was, now)
					}
				}
			}
		}
		matched := false
		for i := range p.awards {
			matched = matched || p.awards[i].needsMatch
		}
		award := p.awards[rapid.IntRange(0, len(p.awards)-1).Draw(r, "renewed")].ID
		less, more := rapid.IntRange(0, 100).Draw(r, "from"), rapid.IntRange(0, 100).Draw(r, "to")
		if less > more {
			less, more = more, less
		}
		if matched { // a penny of rounding may move between services where match is shared out
			slack = money.Pence(len(p.services))
		}
		if rapid.Bool().Draw(r, "renew") {
			worse("a likelier renewal of "+award, p.With(a.Renewing(award, less)), p.With(a.Renewing(award, more)))
		}
		low := rapid.SampledFrom([]string{"0%", "1%", "2.25%"}).Draw(r, "low")
		high := rapid.SampledFrom([]string{"2.25%", "4%", "12%"}).Draw(r, "high")
		worse("a lower price", p.With(a.At(rate(t, high))), p.With(a.At(rate(t, low))))
		d := b.Draft(ledger.Intent{Author: "test", Reason: "more", AsFound: true})
		for id := range b.Awards {
			for y := range fiscal.Year(4) {
				sec, _ := v.Stands(id, 2026+y)
				figure, known := sec.Amount.Known()
				if !sec.Known || !known {
					continue
				}
				if err := d.State(ledger.Record{Register: "figures", ID: fmt.Sprintf("more/%s/%d", id, y), Values: []ledger.Value{{Column: "award", Text: id}, {Column: "year", Text: (2026 + y).String()},
					{Column: "amount", Text: (figure + 50_00).String()}, {Column: "certainty", Text: "revised"}, {Column: "stated_on", Text: "2027-01-10"}}}, 0); err != nil {
					r.Fatal(err)
				}
			}
		}
		year := rapid.IntRange(0, 2).Draw(r, "year")
		elsewhere := p.services[0].PaidElsewhere != "" // its cost counts from the first money here
		if left := p.awards[p.awardAt[award]].years[year].left.lo; !matched && left > 0 && !elsewhere && p.Years[year] <= p.awards[p.awardAt[award]].lastPut {
			if err := d.Allocate(award, "s0", "", p.Years[year], ledger.Move{Amount: min(40_00, left), Line: "more", Effective: asAt}); err != nil {
				r.Fatal(err)
			}
		}
		if d.Empty() {
			return
		}
		_, b = d.Seal(time.Date(2027, 1, 12, 11, 0, 0, 0, time.UTC))
		if !matched {
			worse("more money", p.With(a.At(money.Rate{})), Project(b.View(asAt), a.At(money.Rate{}), 4))
		}
	})
}

// TestDrawsOfWhatIsCertain: where nothing is uncertain, every draw is the
// projection.
func TestDrawsOfWhatIsCertain(t *testing.T) {
	half, _ := money.NewShare(1, 2)
	rapid.Check(t, func(r *rapid.T) {
		v := anyBook(t, r, "revenue").View(asAt)
		a := Recorded(v)
		for i := range a.Prices {
			a.Prices[i].Low, a.Prices[i].High = a.Prices[i].Rate, a.Prices[i].Rate
		}
		for id := range v.Awards {
			a.Renewals[id] = rapid.SampledFrom([]int{0, 100}).Draw(r, "goes on")
			if d, late := a.Delays[id]; late {
				a.Delays[id] = Delay{d.High, d.High}
			}
		}
		p := Project(v, a, 4)
		o := p.Draw(7, 3, half)
		for i, y := range p.Years {
			want := p.Total(GapAfterLikely, y)
			if s := o.Years[i]; s.P10 != want || s.P50 != want || s.P90 != want {
				r.Errorf("%s: draws %s, %s and %s; the projection is %s", y, s.P10, s.P50, s.P90, want)
			}
		}
		for _, c := range o.Services {
			for _, percent := range c.ByYear {
				if percent != 0 && percent != 100 {
					r.Errorf("%s loses in %d of 100", c.Service, percent)
				}
			}
		}
	})
}

// TestDrawsAreRepeatable: the same seed, the same draws, on any number of
// processors; another seed, others.
func TestDrawsAreRepeatable(t *testing.T) {
	v := seeded(t, "demo")
	a := Recorded(v).At(rate(t, "2%"))
	a.Prices[0].Low, a.Prices[0].High = rate(t, "0.5%"), rate(t, "5%")
	p := Project(v, a, 4)
	half, _ := money.NewShare(1, 2)
	was := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(was)
	one := p.Draw(42, 3000, half)
	for _, n := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(n)
		if got := p.Draw(42, 3000, half); !reflect.DeepEqual(got, one) {
			t.Errorf("on %d processors the draws are %+v, not %+v", n, got.Years, one.Years)
		}
	}
	if other := p.Draw(43, 3000, half); reflect.DeepEqual(other.Years, one.Years) {
		t.Error("another seed draws the same")
	}
	t.Logf("%+v", one.Years)
}
