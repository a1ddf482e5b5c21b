package acceptance

import (
	"slices"
	"strings"
	"testing"
)

// amounts gives the cells of a row of £000 as a person reads them: what is
// nothing is "–", and what only a reader hears is left out.
const amounts = `(table, first) => {
	const row = [...document.querySelectorAll(table + " tr")].find(r => r.cells[0]?.innerText.trim().startsWith(first));
	return row ? [...row.cells].slice(1).map(c => c.innerText.replace(/\s+/g, " ").trim().replace(/^–.*/, "–")) : [];
}`

func Test07TheForecast(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		rows := func() map[string][]string {
			all := map[string][]string{}
			for name, first := range map[string]string{
				"gap":   said(lang, "Gap if no grant is renewed", "Bwlch os na chaiff"),
				"after": said(lang, "Gap after likely renewals", "Bwlch ar ôl"),
				"over":  said(lang, "Of which over-allocated", "O hyn"),
			} {
				all[name] = eval[[]string](priya, amounts, "#forecast", first)
			}
			return all
		}
		priya.open("/plan/forecast?unit=k")
		priya.says(said(lang, "£973,200 in 2027-28, even if likely grants are renewed.", "£973,200 yn 2027-28, hyd yn oed os caiff grantiau tebygol eu hadnewyddu."))
		for name, want := range map[string][]string{
			"gap": {"20", "973", "2,958", "3,034"}, "after": {"20", "973", "1,048", "1,124"}, "over": {"20", "–", "–", "–"},
		} {
			if got := rows()[name]; !slices.Equal(got, want) {
				t.Errorf("the forecast's row %s reads %q, not %q", name, got, want)
			}
		}
		priya.fill(map[string]string{"prices": "0%"})
		priya.click("form.choose button")
		if got := rows()["gap"]; len(got) != 4 || got[1] != "900" {
			t.Errorf("with prices at 0%% the gap reads %q", got)
		}
		if !strings.Contains(priya.path(), "prices=0") || !strings.Contains(priya.path(), "unit=k") {
			t.Errorf("the address forgets what was tried: %s", priya.path())
		}
	})
}

func Test21ScenarioTouchesNothingUntilApplied(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		priya := s.as(t, "priya").in(lang)
		began := s.book(t).Sequence()
		allocated := func() string {
			priya.open("/ledger/map?year=2027-28")
			row := eval[[]string](priya, amounts, "#map", said(lang, "Allocated", "Dyrannwyd"))
			if len(row) == 0 {
				t.Fatalf("the map has no sum of what is allocated:\n%.1000s", priya.text())
			}
			return row[len(row)-1]
		}
		if got := allocated(); got != "£2,760,000" {
			t.Fatalf("allocated in 2027-28: %s", got)
		}
		const b = "/plan/scenarios/end-play-scheme"
		priya.open("/plan/compare?unit=k&year=2027-28&ids=use-money-left&ids=end-play-scheme")
		if got := eval[[]string](priya, amounts, "#options", said(lang, "Gap", "Bwlch")); !slices.Equal(got, []string{"973", "483", "238"}) {
			t.Errorf("doing nothing, A and B show gaps of %q", got)
		}
		priya.open(b)
		priya.says("£238,400")
		priya.click("main a[href$='" + b + "/apply']")
		listed := eval[[]string](priya, `() => {`+reckon+`
			const rows = [...document.querySelectorAll("#entries tbody tr:not(.total)")];
			return [String(rows.length), exact(rows.reduce((sum, r) => sum + pence(r.cells[r.cells.length - 1].innerText), 0))];
		}`)
		if listed[1] != "£490,000.00" {
			t.Errorf("Apply lists %s postings of %s before it posts", listed[0], listed[1])
		}
		priya.silent("⟦")
		if at := s.book(t).Sequence(); at != began {
			t.Errorf("looking at it posted %d batches", at-began)
		}
		if got := allocated(); got != "£2,760,000" {
			t.Errorf("allocated before it is applied: %s", got)
		}
		priya.open(b + "/apply")
		priya.fill(map[string]string{"reason": "Nothing else is secured for next year"})
		priya.submit("/apply")
		priya.says(said(lang, listed[0]+" postings made.", "gwnaed "+listed[0]+" trafodyn"))
		if now := s.book(t).Sequence(); now != began+1 {
			t.Errorf("applying it posted %d batches", now-began)
		}
		if got := allocated(); got != "£3,250,000" {
			t.Errorf("allocated once it is applied: %s", got)
		}
	})
}
