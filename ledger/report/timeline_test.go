package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/seed"
)

func demoView(t *testing.T) *ledger.View {
	t.Helper()
	files, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	return ledgertest.Folder(t, files).View(seed.AsAt("demo"))
}

// said lays the ends out for comparing.
func said(ends []Stop) []string {
	var lines []string
	for _, e := range ends {
		line := e.Date.String() + " " + e.Band + " " + e.Total.Whole() + ":"
		for _, p := range e.Parts {
			line += " " + p.Award + " " + p.Money.text(false)
		}
		for _, s := range e.Services {
			line += " " + s
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTimelineOfTheDemo(t *testing.T) {
	v := demoView(t)
	line := NewTimeline(v, MapOf{Year: 2026})
	want := []string{
		"2027-03-31 stops £900,000: childrens-fund £700,000 nrf £200,000 family-hubs parenting play-holiday young-carers youth-inclusion",
		"2028-03-31 stops £1,910,000: flying-start £1,190,000 families-first £720,000 early-years family-hubs parenting speech-language young-carers",
	}
	if diff := cmp.Diff(want, said(line.Ends)); diff != "" {
		t.Error(diff)
	}
	if n := len(line.Within(v.AsAt.AddMonths(12))); n != 1 {
		t.Errorf("%d ends within a year, want 1", n)
	}
	var order []string
	for _, r := range line.Runs {
		order = append(order, r.Award)
		if likely := r.Award == "flying-start" || r.Award == "families-first"; r.Likely != likely {
			t.Errorf("%s likely to be renewed: %v", r.Award, r.Likely)
		}
	}
	if diff := cmp.Diff([]string{"childrens-fund", "nrf", "families-first", "flying-start", "core"}, order); diff != "" {
		t.Error(diff)
	}
	// Every figure opens: what a part says is what its postings come to.
	for _, e := range line.Ends {
		for _, p := range e.Parts {
			sum := v.Position(nil, ledger.Filter{ledger.ByAward: p.Award, ledger.ByYear: p.Year.String()}).Total.Sums[ledger.AllocatedTo]
			if sum != p.Money.InYear {
				t.Errorf("%s: %v, its postings %v", p.Award, p.Money.InYear, sum)
			}
		}
	}
}

func TestTimelineTellsBandsAndSurenessApart(t *testing.T) {
	v := ledgertest.Book(t, `
# streams
id,name,permanence,starts,ends,fate,successor,certainty,stated_on,2026-27,2027-28
cf,Children's Fund,multi-year,2024-04-01,2027-03-31,stops,,confirmed,2026-02-01,900,
fs,Flying Start,recurring,2026-04-01,2027-03-31,renewed,,confirmed,2026-02-01,100,
old,Old,annual,2026-04-01,2027-03-31,renamed,new,confirmed,2026-02-01,50,
new,New,annual,2027-04-01,2028-03-31,unknown,,confirmed,2026-02-01,,60
# awards
id,stream,starts,ends,fate,certainty,stated_on,2026-27,2027-28,amount
two,cf,2026-04-01,2028-03-31,stops,indicative,2026-02-01,,5,
whole,cf,2025-04-01,2027-03-31,stops,confirmed,2026-02-01,,,500
gone,cf,2020-04-01,2021-03-31,stops,confirmed,2020-02-01,,,5
# services
id,name,2026-27
hubs,Family hubs,600
# allocations
award,service,agreed_on,year,amount
cf,hubs,2026-04-01,2026-27,500.50
fs,hubs,2026-04-01,2026-27,70
old,hubs,2026-04-01,2026-27,50
whole,hubs,2026-04-01,term,300
`).View(fiscal.MustDate("2027-01-12"))
	line := NewTimeline(v, MapOf{Year: 2026})
	want := []string{
		"2027-03-31 stops at least £501: cf £501 whole £300* hubs",
		"2027-03-31 renewal awaited £70: fs £70 hubs",
		"2027-03-31 secured successor £50: old £50 hubs",
	}
	if diff := cmp.Diff(want, said(line.Ends)); diff != "" {
		t.Error(diff)
	}
	for _, r := range line.Runs {
		switch r.Award {
		case "gone":
			t.Error("an award that ended years ago is shown")
		case "two":
			want := []Sureness{{fiscal.MustDate("2026-04-01"), fiscal.MustDate("2028-03-31"), false}}
			if diff := cmp.Diff(want, r.Spans); diff != "" {
				t.Errorf("an indicative award: %s", diff)
			}
		case "cf":
			if len(r.Spans) != 1 || !r.Spans[0].Secured || r.Spans[0].To != fiscal.MustDate("2027-03-31") {
				t.Errorf("a confirmed award: %v", r.Spans)
			}
		}
	}
}
