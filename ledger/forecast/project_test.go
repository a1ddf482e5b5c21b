package forecast

import (
	"slices"
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// forecastOf forecasts a small book four years on, from 12 January 2027.
func forecastOf(t testing.TB, text string) *Projection {
	t.Helper()
	v := ledgertest.Book(t, text).View(asAt)
	return Project(v, Recorded(v), 4)
}

// row writes a row's figures in whole pounds, of one service or of all.
func row(p *Projection, l Line, service string) string {
	var of []string
	for _, y := range p.Years {
		f := p.Total(l, y)
		if service != "" {
			f = p.Of(service, l, y)
		}
		text := strings.TrimSuffix(f.Amount.String(), ".00")
		switch f.State {
		case AtLeast:
			text = ">=" + text
		case AtMost:
			text = "<=" + text
		case NotKnown:
			text = "?"
		}
		of = append(of, text)
	}
	return strings.Join(of, " ")
}

// TestProject reads rows off small books: one fact of the field each.
func TestProject(t *testing.T) {
	for _, c := range []struct{ name, book, want string }{
		{"a tapering award is its stated figures", `
			# streams
			id,name,ends,certainty,2026-27,2027-28,2028-29
			a,A,2029-03-31,confirmed,100,60,30
			# services
			id,name,2026-27
			x,X,100
			# allocations
			award,service,2026-27,2027-28,2028-29
			a,x,100,60,30`, `
			cost: 100 100 100 100
			secured: 100 60 30 0
			gap: 0 40 70 100
			likely: 0 0 0 0`},
		{"an end within a year: the part year, then the full year; a renewal makes both up", `
			# streams
			id,name,starts,ends,certainty,renewal_percent,2026-27,2027-28
			a,A,2025-04-01,2027-07-31,confirmed,80%,300,100
			# services
			id,name,2026-27
			x,X,300
			# allocations
			award,service,2026-27,2027-28
			a,x,300,100`, `
			secured: 300 100 0 0
			gap: 0 200 300 300
			likely: 0 200 300 300
			gap_after_likely: 0 0 0 0
			ending: 0 100 0 0`},
		{"the same, of an award that had no full year before", `
			# streams
			id,name,starts,ends,certainty,renewal_percent,2027-28
			a,A,2027-04-01,2027-07-31,confirmed,80%,100
			# services
			id,name,2026-27,2027-28
			x,X,0,300
			# allocations
			award,service,2027-28
			a,x,100`, `
			likely: 0 200 300 300`},
		{"a cost carried on from a part year is made whole, and cut where the service ends", `
			# services
			id,name,starts,ends,2026-27
			x,X,2026-09-01,2028-07-31,70`, `
			cost: 70 120 40 0
			gap: 70 120 40 0`},
		{"a service that has ended costs nothing", `
			# services
			id,name,ends,2026-27
			x,X,2027-03-31,70`, `
			cost: 70 0 0 0`},
		{"a likely renewal goes on at the last year's level, by its chance or its fate", `
			# streams
			id,name,ends,certainty,fate,renewal_percent,2026-27
			a,A,2027-03-31,confirmed,stops,50%,100
			b,B,2027-03-31,confirmed,unknown,49%,20
			c,C,2027-03-31,confirmed,renewed,,3
			d,D,2027-03-31,confirmed,unknown,,7
			# services
			id,name,2026-27
			x,X,130
			# allocations
			award,service,2026-27
			a,x,100
			b,x,20
			c,x,3
			d,x,7`, `
			gap: 0 130 130 130
			likely: 0 103 103 103
			gap_after_likely: 0 27 27 27`},
		{"what ended before the date is not renewed", `
			# streams
			id,name,ends,certainty,fate,renewal_percent,2026-27
			a,A,2026-12-31,confirmed,renewed,90%,100
			# services
			id,name,2026-27
			x,X,100
			# allocations
			award,service,2026-27
			a,x,100`, `
			gap: 0 100 100 100
			likely: 0 0 0 0`},
		{"an over-allocated award is short by itself, and goes on with what it held", `
			# streams
			id,name,ends,certainty,renewal_percent,2026-27
			a,A,2027-03-31,confirmed,60%,80
			# services
			id,name,2026-27
			x,X,60
			y,Y,40
			# allocations
			award,service,2026-27
			a,x,60
			a,y,40`, `
			secured: 80 0 0 0
			secured x: 60 0 0 0
			gap: 20 100 100 100
			gap x: 0 60 60 60
			over_allocated: 20 0 0 0
			likely: 0 80 80 80
			gap_after_likely: 20 20 20 20`},
		{"a figure for the whole term covers what is allocated by year", `
			# streams
			id,name,starts,ends,certainty,amount
			a,A,2026-04-01,2028-03-31,confirmed,150
			# services
			id,name,2026-27
			x,X,100
			# allocations
			award,service,year,amount
			a,x,2026-27,100
			a,x,2027-28,80`, `
			secured: 100 50 0 0
			over_allocated: 0 30 0 0
			gap: 0 50 100 100`},
		{"money beyond a service's cost pays for no other", `
			# streams
			id,name,certainty,2026-27
			a,A,confirmed,200
			# services
			id,name,2026-27,2027-28
			x,X,50,0
			y,Y,100,0
			# allocations
			award,service,2026-27
			a,x,150
			a,y,50`, `
			gap: 50 0 0 0
			surplus: 100 0 0 0
			secured: 200 0 0 0`},
		{"what follows a year's end and what ends with it, on no service", `
			# streams
			id,name,ends,certainty,2026-27,2027-28
			a,A,2027-03-31,confirmed,100,
			b,B,2028-03-31,confirmed,10,10
			# services
			id,name,2026-27
			x,X,0
			# allocations
			award,service,2026-27
			a,x,40`, `
			unallocated: 70 10 0 0
			unallocated_ending: 60 10 0 0
			unallocated_going_on: 10 0 0 0`},
		{"base budget of which later years are not stated goes on; other money does not", `
			# streams
			id,name,permanence,certainty,2026-27
			core,Core,base budget,confirmed,100
			rsg,RSG,settlement,confirmed,10
			r,R,recurring,confirmed,5
			o,O,one-off,confirmed,3
			# services
			id,name,2026-27
			x,X,118
			# allocations
			award,service,2026-27
			core,x,100
			rsg,x,10
			r,x,5
			o,x,3`, `
			core: 110 110 110 110
			secured: 8 0 0 0
			gap: 0 8 8 8
			likely: 0 5 5 5`},
		{"base budget stated lower is lower", `
			# streams
			id,name,permanence,certainty,2026-27,2027-28
			core,Core,base budget,confirmed,100,0
			# services
			id,name,2026-27
			x,X,100
			# allocations
			award,service,2026-27
			core,x,100`, `
			core: 100 0 0 0
			gap: 0 100 100 100`},
		{"money not yet split by year makes a gap at most", `
			# streams
			id,name,starts,ends,certainty,amount
			a,A,2026-04-01,2028-03-31,confirmed,150
			# services
			id,name,2026-27
			x,X,100
			# allocations
			award,service,year,amount
			a,x,term,60
			a,x,2026-27,10`, `
			secured: >=10 ? 0 0
			gap: <=90 <=100 100 100
			ending: 0 ? 0 0`},
		{"a whole term within one year is that year", `
			# streams
			id,name,starts,ends,certainty,amount
			a,A,2026-04-01,2027-03-31,confirmed,150
			# services
			id,name,2026-27
			x,X,100
			# allocations
			award,service,year,amount
			a,x,term,60`, `
			secured: 60 0 0 0
			gap: 40 100 100 100
			unallocated_ending: 90 0 0 0`},
		{"an allocation of unknown amount makes the gap at most", `
			# streams
			id,name,certainty,2026-27
			a,A,confirmed,150
			# services
			id,name,2026-27,2027-28
			x,X,100,0
			# allocations
			id,award,service,agreed_on,2026-27
			1,a,x,2026-04-01,30
			2,a,x,2026-04-01,?`, `
			secured: >=30 0 0 0
			gap: <=70 0 0 0`},
		{"a cost nobody stated makes the gap at least", `
			# streams
			id,name,certainty,2026-27
			a,A,confirmed,150
			# services
			id,name,2026-27,2027-28
			x,X,100,100
			y,Y,,50
			z,Z,?,?
			# allocations
			award,service,2026-27
			a,x,30
			a,y,30`, `
			cost: >=100 >=150 >=150 >=150
			cost y: ? 50 50 50
			gap: >=70 >=150 >=150 >=150
			gap y: ? 50 50 50
			gap z: ? ? ? ?`},
		{"money of which nobody says how sure it is may close a gap", `
			# streams
			id,name,2026-27
			core,Core,100
			# awards
			id,stream,certainty,2026-27
			a,core,,100
			# services
			id,name,2026-27,2027-28
			x,X,100,0
			# allocations
			award,service,2026-27
			a,x,30`, `
			secured: ? 0 0 0
			unsecured: 100 0 0 0
			gap: <=100 0 0 0`},
		{"what is announced stands beneath and is not netted", `
			# streams
			id,name,certainty,2026-27,2027-28
			a,A,announced,100,80
			# services
			id,name,2026-27
			x,X,100
			# allocations
			id,award,service,state,2026-27
			1,a,x,,30
			2,a,x,proposed,50`, `
			secured: 0 0 0 0
			unsecured: 100 80 0 0
			unsecured x: 80 0 0 0
			gap: 100 100 100 100`},
		{"a proposal holds nothing", `
			# streams
			id,name,certainty,2026-27,2027-28
			a,A,confirmed,100,100
			# services
			id,name,2026-27
			x,X,100
			# allocations
			id,award,service,state,2026-27,2027-28
			1,a,x,proposed,30,?`, `
			gap: 100 100 100 100
			proposed: 30 ? 0 0
			unallocated: 100 100 0 0`},
		{"capital stands apart", `
			# streams
			id,name,money,certainty,2026-27
			a,A,revenue,confirmed,100
			b,B,capital,confirmed,1000
			# services
			id,name,2026-27,2027-28
			x,X,100,0
			y,Y,700,0
			# allocations
			award,service,2026-27
			a,x,30
			b,x,50
			b,y,600`, `
			cost: 100 0 0 0
			secured: 30 0 0 0
			gap: 70 0 0 0`},
		{"what another body pays for is not short here, and what it pays is not known", `
			# streams
			id,name,certainty,2026-27
			a,A,confirmed,100
			# services
			id,name,paid_elsewhere,2026-27
			x,X,the health board,100
			y,Y,the health board,100
			# allocations
			award,service,2026-27
			a,x,30`, `
			cost: 100 100 100 100
			gap: <=70 <=100 <=100 <=100
			gap y: 0 0 0 0`},
		{"of an award whose figure is not known, neither is what is left, nor what is too much", `
			# streams
			id,name,certainty,2026-27,2027-28
			a,A,confirmed,?,?
			# services
			id,name,2026-27,2027-28
			x,X,100,0
			# allocations
			award,service,2026-27
			a,x,60`, `
			secured: ? 0 0 0
			secured x: 60 0 0 0
			gap: <=100 0 0 0
			over_allocated: ? 0 0 0
			unallocated: ? ? 0 0`},
		{"delegated money counts on its service", `
			# streams
			id,name,certainty,2026-27
			a,A,confirmed,100
			# boards
			id,name
			n,North
			# delegations
			board,award,2026-27
			n,a,60
			# services
			id,name,2026-27,2027-28
			x,X,50,0
			# allocations
			award,service,board,2026-27
			a,x,n,45`, `
			secured: 45 0 0 0
			gap: 5 0 0 0
			unallocated: 55 0 0 0`},
		{"an award that is part of another ends with it, and goes on as it does", `
			# streams
			id,name,part_of,ends,fate,certainty,2026-27
			ccg,CCG,,2027-03-31,renewed,confirmed,0
			fs,Flying Start,ccg,,,confirmed,50
			# services
			id,name,2026-27
			x,X,50
			# allocations
			award,service,2026-27
			fs,x,50`, `
			gap: 0 50 50 50
			ending: 50 0 0 0
			likely: 0 50 50 50`},
		{"match is asked for while its term is in force", `
			# streams
			id,name,certainty,2026-27,2027-28
			g,G,confirmed,100,100
			m,M,confirmed,30,30
			# terms
			id,award,rule,value,from
			t,g,match,50%,2027-04-01
			# services
			id,name,2026-27,2027-28
			x,X,130,130
			# allocations
			award,service,match_for,2026-27,2027-28
			g,x,,100,100
			m,x,g,30,30`, `
			without_match: 0 40 0 0
			gap: 0 40 130 130`},
		{"match that nobody has labelled is taken to be found", `
			# streams
			id,name,certainty,2026-27
			g,G,confirmed,100
			# terms
			id,award,rule,value
			t,g,match,50%
			# services
			id,name,2026-27,2027-28
			x,X,100,0
			# allocations
			award,service,2026-27
			g,x,100`, `
			without_match: 0 0 0 0
			gap: 0 0 0 0`},
		{"savings: only the council's own, cashable and found", `
			# streams
			id,name,recipient,certainty,2026-27
			a,A,council,confirmed,100
			# services
			id,name,2026-27
			x,X,100
			y,Y,10
			# allocations
			award,service,2026-27
			a,x,60
			# savings
			id,service,kind,gains,deadweight_percent,status,2026-27,2027-28
			s1,x,cashable,,,found,15,20
			s2,x,cashable,council,50%,agreed,4,4
			s3,x,cashable,police,,found,1000,1000
			s4,x,non-cashable,,,found,1000,1000
			s5,x,avoided,,,found,1000,1000
			s6,x,cashable,,,idea,1000,1000
			s7,,cashable,,,made,5,200
			s8,x,pressure,,,,7,8`, `
			pressures: 7 8 0 0
			total_cost: 117 118 110 110
			gap: 57 118 110 110
			savings_found: 22 222 0 0
			savings_not_found: 35 0 110 110
			savings_not_found x: 30 86 100 100`},
		{"exit cost: the share of a post on the award that ends, in the year it ends", `
			# streams
			id,name,ends,certainty,fate,successor,2026-27,2027-28
			a,A,2027-03-31,confirmed,,,100,
			b,B,2028-03-31,confirmed,,,100,100
			c,C,2027-03-31,confirmed,renewed,d,100,
			d,D,2028-03-31,confirmed,,,,100
			core,Core,,confirmed,,,100,
			# services
			id,name,2026-27
			x,X,100
			y,Y,100
			# allocations
			award,service,2026-27
			a,x,50
			b,y,50
			# posts
			id,service,exit_cost,awards
			p1,x,100,a:60;core:40
			p2,x,10,b
			p3,x,1000,c
			p4,y,?,a
			p5,x,8,a;core
			# exits
			id,service,state,exit_cost
			e1,y,agreed,33`, `
			exit_cost: >=60 43 0 0
			exit_cost x: >=60 10 0 0
			exit_cost y: 0 33 0 0`},
		{"exit cost: a service that ends ends its posts, those of awards that go on too", `
			# streams
			id,name,ends,certainty,2026-27,2027-28
			a,A,2027-03-31,confirmed,100,
			core,Core,,confirmed,100,100
			# services
			id,name,ends,2026-27
			x,X,2027-09-30,100
			y,Y,2026-12-31,100
			# allocations
			award,service,2026-27
			a,x,50
			core,y,50
			# posts
			id,service,exit_cost,awards
			p1,x,100,a:60;core:40
			p2,x,7,
			p3,y,10,core`, `
			exit_cost: 60 47 0 0
			exit_cost x: 60 47 0 0
			exit_cost y: 0 0 0 0`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := forecastOf(t, c.book)
			for line := range strings.Lines(strings.TrimSpace(c.want)) {
				what, want, _ := strings.Cut(strings.TrimSpace(line), ": ")
				name, service, _ := strings.Cut(what, " ")
				at := slices.Index(lineWords[:], name)
				if at < 0 {
					t.Fatalf("no row %q", name)
				}
				if got := row(p, Line(at), service); got != want {
					t.Errorf("%s: %s, want %s", what, got, want)
				}
			}
			for _, problem := range append(opens(p), opens(p.Capital())...) {
				t.Error(problem)
			}
		})
	}
}

// TestCarriedForward: secured money carried into a year past its award's end is
// secured money of that year.
func TestCarriedForward(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,ends,certainty,2026-27
		a,A,2027-03-31,confirmed,100
		# terms
		id,award,rule,value
		c,a,carry-forward,permitted
		# services
		id,name,2026-27
		x,X,70
		# allocations
		award,service,2026-27
		a,x,70`)
	d := b.Draft(ledger.Intent{Author: "test", Reason: "carried"})
	if err := d.CarryForward("a", "", 2026, 2027, ledger.Move{Amount: 30_00, Line: "c", Effective: asAt}); err != nil {
		t.Fatal(err)
	}
	if err := d.Allocate("a", "x", "", 2027, ledger.Move{Amount: 20_00, Line: "x", Effective: asAt}); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
	v := b.View(asAt)
	p := Project(v, Recorded(v), 3)
	for l, want := range map[Line]string{Secured: "70 20 0", Gap: "0 50 70", Unallocated: "0 10 0", UnallocatedEnding: "0 10 0", OverAllocated: "0 0 0"} {
		if got := row(p, l, ""); got != want {
			t.Errorf("%s: %s, want %s", l, got, want)
		}
	}
	for _, problem := range opens(p) {
		t.Error(problem)
	}
}

// TestCapital: the capital of the same book is a forecast of its own.
func TestCapital(t *testing.T) {
	p := forecastOf(t, `
		# streams
		id,name,money,ends,certainty,2026-27
		a,A,revenue,,confirmed,100
		b,B,capital,2027-03-31,confirmed,1000
		# services
		id,name,2026-27,2027-28
		x,X,100,0
		y,Y,700,0
		# allocations
		award,service,2026-27
		a,x,30
		b,x,50
		b,y,600`)
	c := p.Capital()
	if got := row(c, Gap, ""); got != "100 0 0 0" {
		t.Error("capital is short of", got)
	}
	if got := row(c, Unallocated, ""); got != "350 0 0 0" {
		t.Error("capital on no service is", got)
	}
	if got := row(c, Ending, "x") + ", of y " + row(c, Ending, "y"); got != "50 0 0 0, of y 600 0 0 0" {
		t.Error("capital that ends on x is", got)
	}
	if got := row(c, Cost, "x"); got != "0 0 0 0" {
		t.Error("what revenue pays for costs capital", got)
	}
	if len(c.Services) != 2 || len(c.Awards) != 1 {
		t.Errorf("capital has %d services and %d awards", len(c.Services), len(c.Awards))
	}
	for code, of := range map[string]*Projection{"note.capital-only": p, "note.capital-too": p, "note.cost-of-revenue": c} {
		if !slices.ContainsFunc(of.Notes, func(n sentence.Sentence) bool { return n.Code == code }) {
			t.Errorf("nothing says %s", code)
		}
	}
}

// TestPriceBase: a cost is made dearer from the year whose prices it is in, a
// cash plan never, and the most particular assumption holds.
func TestPriceBase(t *testing.T) {
	p := forecastOf(t, `
		# services
		id,name,cost_type,price_base,2026-27,2028-29
		blank,Blank,,,100,
		past,Past,,2025-26,100,
		cash,Cash,,cash,100,
		staff,Staff,Staff,,100,
		later,Later,,2027-28,100,
		earns,Earns,,,10,
		again,Again,,2026-27,100,200
		# assumptions
		id,kind,cost_type,year,percent,stated_on
		p1,price,,,2%,2026-01-01
		p2,price,,2028-29,5%,2026-01-01
		p3,pay,staff,,3%,2026-01-01
		p4,pay,staff,2027-28,4%,2026-01-01
		p5,price,,,9%,2025-01-01
		p6,price,,,90%,2027-02-01`)
	for service, want := range map[string]string{
		"blank": "0 2 7.10 9.24", // 1.02, 1.02 × 1.05 and × 1.02 again
		"past":  "2 4.04 9.24 11.43",
		"cash":  "0 0 0 0",
		"staff": "0 4 7.12 10.33", // type and year, then type, over the year of all
		"later": "0 0 5 7.10",
		"again": "0 2 14.20 18.48", // a cost stated for a later year is in the base year's prices too
	} {
		if got := row(p, Prices, service); got != want {
			t.Errorf("%s: %s, want %s", service, got, want)
		}
	}
	for _, n := range p.Notes {
		if n.Code == "note.no-prices" {
			t.Error("prices are recorded, and a note says not")
		}
	}
}

// TestNotes: what was assumed for want of a fact is said, and only that.
func TestNotes(t *testing.T) {
	p := forecastOf(t, `
		# streams
		id,name,permanence,certainty,2026-27
		core,Core,base budget,confirmed,100
		# services
		id,name,2026-27
		x,X,50
		y,Y,
		# allocations
		award,service,2026-27
		core,x,40`)
	var got []string
	for _, n := range p.Notes {
		got = append(got, n.String())
	}
	want := []string{
		"No price or pay assumption is recorded, so costs stay as they are.",
		"The cost of one service is not recorded for some year: Y.",
		"The cost of one service is not recorded for later years and goes on as last recorded: X.",
		"No figure is recorded for later years of one award of base budget or settlement, and it goes on as last allocated: Core.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("notes\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDutiesShort: a statutory service's duty outlives the grant that pays.
func TestDutiesShort(t *testing.T) {
	p := forecastOf(t, `
		# streams
		id,name,ends,certainty,2026-27
		a,A,2027-03-31,confirmed,100
		# services
		id,name,statutory,duty,2026-27
		x,X,yes,Children Act 1989,40
		y,Y,no,,60
		# allocations
		award,service,2026-27
		a,x,40
		a,y,60`)
	if got := p.DutiesShort(2026); len(got) != 0 {
		t.Error("this year", got)
	}
	if got := p.DutiesShort(2027); !slices.Equal(got, []string{"x"}) {
		t.Error("next year", got)
	}
	if got := p.Short(2027); !slices.Equal(got, []string{"x", "y"}) {
		t.Error("short next year", got)
	}
}

const succession = `
	# streams
	id,name,starts,ends,fate,successor,certainty,2026-27,2027-28
	b,B,2027-04-01,2028-03-31,,,confirmed,,60
	a,A,,2027-03-31,renamed,b,confirmed,100,
	# services
	id,name,2026-27
	x,X,75
	y,Y,25
	new,New,0
	# allocations
	award,service,2026-27,2027-28
	a,x,75,
	a,y,25,
`

// TestSuccession: a successor's allocations are its own; what it has left
// reaches, in shares, the services whose money ended, and stands on one line.
func TestSuccession(t *testing.T) {
	p := forecastOf(t, succession)
	for l, want := range map[Line]string{Gap: "0 100 100 100", Likely: "0 60 100 100", Secured: "100 0 0 0", SecuredSuccessor: "0 60 0 0", Unallocated: "0 0 0 0", GapAfterLikely: "0 40 0 0"} {
		// after B ends in its turn, A's money is taken to go on as A's fate says: B's own fate is not stated
		if l == Likely {
			want = "0 60 0 0"
		}
		if l == GapAfterLikely {
			want = "0 40 100 100"
		}
		if got := row(p, l, ""); got != want {
			t.Errorf("%s: %s, want %s", l, got, want)
		}
	}
	if got := row(p, Likely, "x"); got != "0 45 0 0" {
		t.Error("X gets", got)
	}
	p = forecastOf(t, succession+`b,x,,40
		b,new,,15`)
	for l, want := range map[Line]string{Gap: "0 60 100 100", Secured: "100 55 0 0", SecuredSuccessor: "0 5 0 0", Likely: "0 5 0 0"} {
		if got := row(p, l, ""); got != want {
			t.Errorf("with allocations, %s: %s, want %s", l, got, want)
		}
	}
	for _, m := range p.Services[slices.IndexFunc(p.Services, func(s Service) bool { return s.ID == "x" })].Money {
		if m.Award == "b" && m.Year == 2027 && (m.Band != BandSecured || m.Amount != 40_00) {
			t.Errorf("B on X is %+v", m)
		}
	}
}

// TestMatchFallsWithItsMatch: money that needs match counts only as far as the
// match stands, and so on down the chain; likely renewals bring it back.
func TestMatchFallsWithItsMatch(t *testing.T) {
	book := `
		# streams
		id,name,ends,renewal_percent,certainty,2026-27,2027-28
		m,M,2027-03-31,CHANCE,confirmed,50,
		g,G,2028-03-31,,confirmed,100,100
		h,H,2028-03-31,,confirmed,40,40
		o,O,,,confirmed,20,20
		# terms
		id,award,rule,value
		g-match,g,match,50%
		h-match,h,match,100%
		# services
		id,name,2026-27
		x,X,120
		y,Y,90
		# allocations
		award,service,match_for,2026-27,2027-28
		m,x,g,50,
		o,y,g,10,20
		g,x,,70,70
		g,y,h,30,30
		h,y,,40,40`
	p := forecastOf(t, strings.Replace(book, "CHANCE", "", 1))
	// 2027-28: O's £20 supports £40 of G: 28 on X and 12 on Y; Y's 12 supports 12 of H
	for l, want := range map[Line]string{Secured: "190 72 0 0", WithoutMatch: "10 88 0 0", Likely: "0 0 0 0"} {
		if got := row(p, l, ""); got != want {
			t.Errorf("%s: %s, want %s", l, got, want)
		}
	}
	if got := row(p, Secured, "x"); got != "120 28 0 0" {
		t.Error("X has", got)
	}
	p = forecastOf(t, strings.Replace(book, "CHANCE", "90%", 1))
	if got := row(p, Likely, ""); got != "0 128 50 50" { // M's 50, G's 60 again, and H's 18
		t.Error("likely to come:", got)
	}
	for _, problem := range opens(p) {
		t.Error(problem)
	}
	half, _ := money.NewShare(1, 2)
	if o := p.With(p.Assumptions.Renewing("m", 100)).Draw(1, 1, half); o.Years[1].P50 != p.Total(GapAfterLikely, 2027) {
		t.Error("drawn with M renewed, short of", o.Years[1].P50)
	}
}

// TestDelay: a renewal that comes late brings a part of its first year.
func TestDelay(t *testing.T) {
	p := forecastOf(t, `
		# streams
		id,name,ends,renewal_percent,certainty,2026-27
		a,A,2027-03-31,100%,confirmed,120
		# services
		id,name,2026-27
		x,X,120
		# allocations
		award,service,2026-27
		a,x,120
		# assumptions
		id,kind,award,low,high
		t,timing,a,2,14`)
	if got := row(p, Likely, ""); got != "0 40 120 120" { // eight months, halfway
		t.Error("likely:", got)
	}
	low, expected, high := p.Cases()
	if got := row(low, GapAfterLikely, "") + ", " + row(expected, GapAfterLikely, "") + ", " + row(high, GapAfterLikely, ""); got != "0 120 120 120, 0 80 0 0, 0 20 0 0" {
		t.Error("cases:", got)
	}
	half, _ := money.NewShare(1, 2)
	o := p.Draw(3, 13_000, half)
	if y := o.Years[1]; y.P10.Amount != 30_00 || y.P50.Amount != 80_00 || y.P90.Amount != 120_00 { // late by 2 to 14 months, each as likely
		t.Errorf("drawn: %v", y)
	}
	if y := o.Years[2]; y.P50.Amount != 0 || y.P90.Amount != 10_00 { // 13 months late in one draw of thirteen, 14 in another
		t.Errorf("drawn for the next year: %v", y)
	}
}

// TestCases: by chance in the middle, nothing renewed and dear at worst, all
// that may be renewed and cheap at best.
func TestCases(t *testing.T) {
	p := forecastOf(t, `
		# streams
		id,name,ends,renewal_percent,fate,certainty,2026-27
		a,A,2027-03-31,75%,,confirmed,100
		b,B,2027-03-31,10%,,confirmed,40
		c,C,2027-03-31,,stops,confirmed,60
		# services
		id,name,2026-27
		x,X,200
		# allocations
		award,service,2026-27
		a,x,100
		b,x,40
		c,x,60
		# assumptions
		id,kind,percent,low,high
		p,price,2%,1%,5%`)
	low, expected, high := p.Cases()
	for name, c := range map[string]struct {
		p    *Projection
		want string
	}{"as assumed": {p, "0 104 108.08 112.24"}, "low": {low, "0 210 220.50 231.53"}, "expected": {expected, "0 125 129.08 133.24"}, "high": {high, "0 62 64.02 66.06"}} {
		if got := row(c.p, GapAfterLikely, ""); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestDrawMatchesEnumeration: on a book of three awards, chances are those of
// the eight ways it may turn out.
func TestDrawMatchesEnumeration(t *testing.T) {
	p := forecastOf(t, `
		# streams
		id,name,ends,renewal_percent,certainty,2026-27
		a,A,2027-03-31,75%,confirmed,100
		b,B,2027-03-31,40%,confirmed,40
		c,C,2027-03-31,20%,confirmed,60
		# services
		id,name,2026-27
		x,X,140
		y,Y,60
		# allocations
		award,service,2026-27
		a,x,80
		a,y,20
		b,x,40
		c,x,20
		c,y,40`)
	chance := map[string]int{"a": 75, "b": 40, "c": 20}
	puts := map[string]map[string]int{"a": {"x": 80, "y": 20}, "b": {"x": 40}, "c": {"x": 20, "y": 40}}
	cost := map[string]int{"x": 140, "y": 60}
	odds, loses := map[int]int{}, map[string]int{} // in millionths
	for way := range 8 {
		of := 1
		has := map[string]int{}
		for i, award := range []string{"a", "b", "c"} {
			if way>>i&1 == 1 {
				of *= chance[award]
				for service, p := range puts[award] {
					has[service] += p
				}
			} else {
				of *= 100 - chance[award]
			}
		}
		gap := 0
		for service, c := range cost {
			gap += max(0, c-has[service])
			if 2*(c-has[service]) > c { // more than half its money
				loses[service] += of
			}
		}
		odds[gap] += of
	}
	rank := func(percent int) money.Pence {
		sum := 0
		for gap := range 201 {
			if sum += odds[gap]; sum >= percent*10_000 {
				return money.Pence(gap * 100)
			}
		}
		return -1
	}
	half, _ := money.NewShare(1, 2)
	o := p.Draw(11, 40_000, half)
	if y := o.Years[1]; y.P10.Amount != rank(10) || y.P50.Amount != rank(50) || y.P90.Amount != rank(90) {
		t.Errorf("drawn %v, %v and %v; exactly %v, %v and %v", y.P10, y.P50, y.P90, rank(10), rank(50), rank(90))
	}
	for i, service := range []string{"x", "y"} {
		exactly := (loses[service] + 5_000) / 10_000
		if got := o.Services[i].ByYear[1]; got < exactly-1 || got > exactly+1 {
			t.Errorf("%s loses more than half its money in %d of 100; exactly %d", service, got, exactly)
		}
		if o.Services[i].Ever < o.Services[i].ByYear[1] || o.Services[i].ByYear[0] != 0 {
			t.Errorf("%s: %+v", service, o.Services[i])
		}
	}
}

// TestRecorded: an assumption stated after the date is not known yet, and one
// of renewals stands over what the award says.
func TestRecorded(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,ends,renewal_percent,2026-27
		a,A,2027-03-31,75%,100
		# assumptions
		id,kind,award,percent,stated_on
		r1,renewal,a,30%,2026-06-01
		r2,renewal,a,10%,2027-06-01`)
	if a := Recorded(b.View(asAt)); a.Renewals["a"] != 30 || a.LikelyFrom != 50 {
		t.Errorf("%+v", a)
	}
	if a := Recorded(b.View(fiscal.MustDate("2027-07-01"))); a.Renewals["a"] != 10 {
		t.Errorf("later, %+v", a)
	}
	if award, _ := Project(b.View(asAt), Recorded(b.View(asAt)), 2).Award("a"); award.Chance != 30 || award.Likely {
		t.Errorf("%+v", award)
	}
}

// TestFactor: prices are compounded exactly, and rounded once.
func TestFactor(t *testing.T) {
	f := scale
	for range 6 {
		f = f.rise(parts(rate(t, "2.5%")))
	}
	if f != 1_159_693_418_212_890_625 {
		t.Error("1.025⁶ is", f)
	}
	if got := scale.rise(parts(rate(t, "2%"))).of(25); got != 26 { // 25.5, away from nought
		t.Error("2% on 25p is", got)
	}
	if scale.rise(parts(rate(t, "9999%"))) != tooDear {
		t.Error("a hundredfold is forecast")
	}
	if got := f.of(money.Max); got != money.Max+1 {
		t.Error("beyond £100bn is", got)
	}
}
