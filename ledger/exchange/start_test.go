package exchange_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
)

// grids are start sheets as people have them, each of the same money.
var grids = map[string]string{
	"all of it": `,,,,,stream,Flying Start,NRF
,,,,,funder,Welsh Government,UK Government
,,,,,ends,31/03/2028,31/03/2027
,,,,,certainty,confirmed,confirmed
,,,,,total,1240000,180000
,,,,,year,2026-27,
service,provider,objective,area,notice_months,planned cost,,
Youth panels,Young Voices,Out of trouble,East,3,400000,,110000
Parenting,Demo council,Confident parents,,,,310000,90000
`,
	"services against grants, ends above": `Our grants 2026/27,,
Ends,31 March 2028,31 March 2027
Awarded,"£1,240,000",£180k
Service,Flying Start,NRF
Youth panels,,"£110,000"
Parenting,"310,000.00","90,000"
Total,310000,200000
`,
	"a blank corner and totals": `,Flying Start,NRF,Total
Ends,2028-03-31,2027-03-31,
Awarded,1.24m,180k,
Allocated,310000,200000,510000
Left to allocate,930000,-20000,
Youth panels,-,110000,110000
Parenting,310000,90000,400000
`,
}

func readStart(t *testing.T, text string, opt exchange.Options) *exchange.Import {
	t.Helper()
	opt.Author, opt.Today = "test", fiscal.MustDate("2026-09-01")
	im, err := exchange.ReadBytes("start.csv", []byte(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func good(t *testing.T, im *exchange.Import, b *ledger.Book) *exchange.Plan {
	t.Helper()
	p, err := im.Plan(b)
	if err != nil {
		t.Fatal(err)
	}
	if p.Draft == nil || p.Problems.Total > 0 {
		t.Fatalf("refused:\n%v", p.Problems)
	}
	return p
}

func TestStartSheetsAsPeopleHaveThem(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(grids)) {
		t.Run(name, func(t *testing.T) {
			im := readStart(t, grids[name], exchange.Options{})
			p := good(t, im, ledger.Empty())
			_, b := p.Draft.Seal(posted)
			pos := b.View(fiscal.MustDate("2027-01-12")).Position([]ledger.Dimension{ledger.ByAward, ledger.ByYear}, nil)
			got := map[string]string{}
			for _, r := range pos.Rows {
				got[r.Key[0]+" "+r.Key[1]] = r.Sums[ledger.AwardedTo].String() + " " + r.Sums[ledger.LeftOf].String()
			}
			want := map[string]string{"flying-start 2026-27": "1240000.00 930000.00", "nrf 2026-27": "180000.00 -20000.00"}
			if !maps.Equal(got, want) {
				t.Errorf("awarded and left: %v, want %v", got, want)
			}
			a, _ := b.Award("nrf")
			if last, ends := a.LastDay(); !ends || last != fiscal.MustDate("2027-03-31") {
				t.Errorf("NRF ends %v", last)
			}
			if s, ok := b.Service("parenting"); !ok || !s.PlannedCost(2026).IsUnknown() {
				t.Error("a blank planned cost is not known, never nought")
			}
			if again := good(t, readStart(t, grids[name], exchange.Options{}), b); !again.Empty() {
				t.Errorf("the same sheet again: %s %v", again.Summary(), again.Differences)
			}
			// Whoever comes with another of the sheets has the same awards and services.
			for other, text := range grids {
				for _, d := range good(t, readStart(t, text, exchange.Options{Reason: "fuller"}), b).Differences {
					if d.Column == "amount" {
						t.Errorf("%s changes %v", other, d)
					}
				}
			}
		})
	}
}

func TestStartSheetIsKnownUnderAnyName(t *testing.T) {
	plan := func(text string) *exchange.Plan {
		im, err := exchange.ReadBytes("our grants.csv", []byte(text), exchange.Options{Author: "test", Today: fiscal.MustDate("2026-09-01")})
		if err != nil {
			t.Fatal(err)
		}
		p, err := im.Plan(ledger.Empty())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, text := range grids {
		if p := plan(text); p.Draft == nil || len(p.Draft.Records()) == 0 {
			t.Errorf("%s: %v", name, p.Problems)
		}
	}
	// a table that says nothing of grants or their ends is not taken for one
	if p := plan(",Boys,Girls\nNorth,12,14\nSouth,9,11\n"); p.Draft != nil || p.Problems.List[0].Code != "no-headings" {
		t.Errorf("a table of other things: %v", p.Problems)
	}
}

func TestStartSheetNamesPlacesAndObjectives(t *testing.T) {
	p := good(t, readStart(t, grids["all of it"], exchange.Options{}), ledger.Empty())
	_, b := p.Draft.Seal(posted)
	if o, ok := b.Objective("out-of-trouble"); !ok || o.Name != "Out of trouble" {
		t.Error("the objective named beside the grid is made")
	}
	if _, ok := b.Area("east"); !ok {
		t.Error("the area named beside the grid is made")
	}
	if of := b.AgreementsOf("youth-panels"); len(of) != 1 || of[0].NoticeMonths != 3 {
		t.Errorf("notice is kept as an agreement: %v", of)
	}
	s, _ := b.Stream("nrf")
	if s.Funder != "UK Government" || s.Name != "NRF" {
		t.Errorf("stream %+v", s)
	}
	if e := b.Entry(b.Standing(ledger.Allocation, "youth-panels/nrf/2026-27")[0]); e.Label.Objective != "out-of-trouble" || e.Label.Area != "east" {
		t.Errorf("labels %+v", e.Label)
	}
}

func TestStartSheetFaults(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"an amount", "£110,000", "£110,00", `start.csv, row 5, column "NRF": found "£110,00"`},
		{"a total that is wrong", "Total,310000,200000", "Total,310000,200001", "its cells come to £200,000.00"},
		{"a date", "31 March 2027", "31 March", `row 2, column "ends": found "31 March"; `},
		{"an award twice", "Service,Flying Start,NRF", "Service,NRF,NRF", "two columns are headed NRF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.ReplaceAll(grids["services against grants, ends above"], c.from, c.to)
			p, err := readStart(t, text, exchange.Options{}).Plan(ledger.Empty())
			if err != nil {
				t.Fatal(err)
			}
			if p.Draft != nil || !strings.Contains(p.Problems.Error(), c.want) {
				t.Errorf("got %v, want %q", p.Problems, c.want)
			}
		})
	}
}
