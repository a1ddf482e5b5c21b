package report

import (
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

// drawn writes a coverage as ux.md draws it, in £000.
func drawn(v *ledger.View, c *Coverage) string {
	var out strings.Builder
	cell := func(at Covered) {
		said := Pounds(money.Sum{})
		if p := at.Money.InYear.Pence(); p != 0 {
			said = (p / 1000).Whole()
		}
		for _, f := range at.Gaps {
			switch {
			case f.Silenced():
				said += " accepted"
			case f.Unknown:
				said += " unknown"
			default:
				said += " gap"
			}
		}
		out.WriteString(" | " + said)
	}
	out.WriteString(c.Year.String())
	for _, p := range c.Places {
		out.WriteString(" | " + strings.TrimSpace(map[bool]string{true: "all of "}[p.Whole]+p.ID))
	}
	for _, o := range c.Objectives {
		out.WriteString("\n" + o)
		for _, p := range c.Places {
			cell(c.At(o, p))
		}
		cell(c.Row(o))
	}
	out.WriteString("\ntotal")
	for _, p := range c.Places {
		cell(c.Column(p))
	}
	cell(c.All())
	return out.String()
}

func demo(t *testing.T) *ledger.View {
	t.Helper()
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	return ledgertest.Folder(t, folder).View(seed.AsAt("demo"))
}

func TestCoverageOfTheDemo(t *testing.T) {
	v := demo(t)
	year := fiscal.YearOf(v.AsAt)
	findings := check.Run(v, check.DefaultPolicy())
	c := NewCoverage(v, CoverageOf{Year: year, Findings: findings})
	golden(t, drawn(v, c), `
2026-27 | east | north | west
ready-for-school | £610 | £520 | £480 | £1,610
confident-parents | £300 | £410 | £250 | £960
safe-from-harm | £190 | £210 | – gap | £400 gap
out-of-trouble | £290 | £180 | £60 | £530
heard | £100 | – gap | £60 | £160 gap
total | £1,490 | £1,320 gap | £850 gap | £3,660 gap gap`)
	for i, want := range []string{"£250", "£300", "£170"} {
		each, known := PerChild(c.Column(c.Places[i]).Money.InYear, c.Places[i].Children)
		if !known || each.Whole() != want {
			t.Errorf("%s: %s a child, want %s", c.Places[i].ID, each.Whole(), want)
		}
	}
	if n := c.Children(); n != 15360 {
		t.Errorf("%d children, want 15,360", n)
	}
	if got := strings.Join(c.At("out-of-trouble", c.Places[0]).Services, " "); got != "play-holiday youth-inclusion" {
		t.Errorf("served by %s", got)
	}

	var west money.Sum
	for _, p := range c.Portions {
		if p.In(c.Places[2]) && p.Objective == "heard" {
			west.Merge(p.Sum)
		}
	}
	if west.Whole() != "£60,000" {
		t.Errorf("the portions of Heard in West come to %s", west.Whole())
	}

	// every figure opens to the penny
	for _, o := range c.Objectives {
		for _, p := range c.Places {
			var sum money.Pence
			for _, one := range v.Explain(ledger.AllocatedTo, ledger.Filter{ledger.ByObjective: o, ledger.ByArea: p.ID, ledger.ByYear: year.String()}) {
				sum += one.Amount
			}
			if got := c.At(o, p).Money.InYear.Pence(); got != sum {
				t.Errorf("%s in %s is %s and opens to %s", o, p.ID, got, sum)
			}
		}
	}

	// after the next end: what no award that ends by then pays for
	end := NextEnd(v, year)
	if end != fiscal.MustDate("2027-03-31") {
		t.Fatalf("the next end is %s", end)
	}
	gone := func(award string) bool { return EndsBy(v, award, end) }
	c = NewCoverage(v, CoverageOf{Year: year, After: end, Findings: check.GapsWithout(v, check.DefaultPolicy(), year, gone)})
	golden(t, drawn(v, c), `
2026-27 | east | north | west
ready-for-school | £594 | £470 | £440 | £1,504
confident-parents | £300 | £360 | £222 | £882
safe-from-harm | £83 | £122 | – gap | £205 gap
out-of-trouble | £20 | £20 | £10 | £50
heard | £74 | – gap | £45 | £119 gap
total | £1,071 | £972 gap | £717 gap | £2,760 gap gap`)

	// within one place, and for one who sees one service only
	c = NewCoverage(v, CoverageOf{Year: year, In: "west", Findings: findings, Sees: func(s string) bool { return s == "young-carers" }})
	golden(t, drawn(v, c), `
2026-27 | west
confident-parents | – | –
ready-for-school | – | –
safe-from-harm | – gap | – gap
out-of-trouble | – | –
heard | £60 | £60
total | £60 gap | £60 gap`)
}

// Money for the whole of a place, and for none, has columns of its own; what is
// not known makes "at least"; a judgement shows as accepted.
func TestCoverageOfWhatIsNotSplit(t *testing.T) {
	v := ledgertest.Book(t, `
		# areas
		id,name,parent,population
		all,All,,300
		north,North,all,100
		south,South,all,
		# objectives
		id,name,agreed_on
		heard,Heard,2025-11-20
		safe,Safe,2025-11-21
		# needs
		id,objective,area,ages,year,people
		n1,safe,north,5-17,2026-27,90
		n2,safe,south,5-17,2026-27,90
		# streams
		id,name,permanence,starts,ends,certainty,stated_on,amount,2026-27
		cf,Children's Fund,multi-year,2024-04-01,2027-03-31,confirmed,2026-02-01,,9000
		big,Big grant,multi-year,2024-04-01,2029-03-31,confirmed,2026-02-01,9000,
		# services
		id,name,areas,ages,objectives,2026-27
		carers,Young carers,,5-17,heard,500
		panels,Panels,,5-17,heard,500
		# allocations
		id,award,service,objective,area,agreed_on,year,amount,2026-27
		a1,cf,carers,heard,all,2026-04-01,,,200.50
		a2,cf,panels,heard,,2026-04-01,,,300
		a3,cf,panels,,north,2026-04-01,,,?
		a4,big,carers,heard,south,2026-04-01,term,700,
		# judgements
		id,verdict,facts,reason,review_on
		gap/no-service/safe/south/2026-27,accepted,bc753c28e601141c,The health board serves it,2027-09-30`).View(fiscal.MustDate("2027-01-12"))
	c := NewCoverage(v, CoverageOf{Year: fiscal.YearOf(v.AsAt), Findings: check.Run(v, check.DefaultPolicy(), "gap")})
	golden(t, drawn(v, c), `
2026-27 | north | south | all of all |
heard | – | – | £0 | £0 | £1
safe | – gap | – accepted | – | – | – gap accepted
 | – | – | – | – | –
total | – gap | – accepted | £0 | £0 | £1 gap accepted`)
	north, south, whole, none := c.Places[0], c.Places[1], c.Places[2], c.Places[3]
	for _, one := range []struct{ got, want string }{
		{c.At("heard", whole).Money.InYear.String(), "200.50"}, {c.At("heard", none).Money.InYear.String(), "300.00"},
		{c.At("heard", south).Money.OfTerm.String(), "700.00"}, {c.At("", north).Money.InYear.String(), "?"},
		{c.All().Money.InYear.String(), "at least 500.50"},
	} {
		if one.got != one.want {
			t.Errorf("is %s, want %s", one.got, one.want)
		}
	}
	if _, known := PerChild(c.Column(south).Money.InYear, south.Children); known {
		t.Error("nobody knows how many live in South")
	}
	if c.Children() != -1 {
		t.Errorf("%d children in all", c.Children())
	}
	open, accepted, untold := c.Gaps()
	if len(open) != 1 || len(accepted) != 1 || len(untold) != 0 {
		t.Errorf("%d open, %d accepted, %d untold", len(open), len(accepted), len(untold))
	}
	within := NewCoverage(v, CoverageOf{Year: c.Year, In: "north"})
	if got := within.Outside.String(); got != "1200.50" {
		t.Errorf("outside North: %s", got)
	}
}
