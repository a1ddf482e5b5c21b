package words

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

// TestForecastIsItsOwnEnglish: the catalogue's English is the forecast's own,
// and the Welsh says each sentence with the same facts.
func TestForecastIsItsOwnEnglish(t *testing.T) {
	words, one := forecast.English()
	ownEnglish(t, "forecast", "ledger/forecast", words, one)
}

// TestForecastsOfTheCouncils: what a forecast notes, and every part of every
// figure, reads in English as the forecast itself does, and in Welsh whole.
func TestForecastsOfTheCouncils(t *testing.T) {
	rate, err := money.ParseRate("2%")
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for _, name := range seed.Names() {
		folder, err := seed.FS(name)
		if err != nil {
			t.Fatal(err)
		}
		v := ledgertest.Folder(t, folder).View(seed.AsAt(name))
		p := forecast.Project(v, forecast.Recorded(v).At(rate), 3)
		says := slices.Concat(p.Notes, forecast.Project(v, forecast.Assumptions{}, 3).Notes)
		for _, l := range forecast.Lines() {
			for _, y := range p.Years {
				for _, part := range p.Explain(l, "", y) {
					says = append(says, part.Sentence)
				}
			}
		}
		for _, s := range says {
			met[s.Code] = true
			if got := In(English).Sentence(v.Book, s); got != s.String() {
				t.Errorf("%s: a page says\n%s\nand the forecast\n%s", s.Code, got, s)
			}
			if got := In(Welsh).Sentence(v.Book, s); strings.Contains(got, "⟦") || strings.Contains(got, "no value") || got == s.String() && s.Code != "part.money" {
				t.Errorf("%s in Welsh: %s", s.Code, got)
			}
		}
	}
	if len(met) < 10 {
		t.Errorf("only %v were said", slices.Sorted(maps.Keys(met)))
	}
}
