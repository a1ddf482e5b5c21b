package words

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

// TestForecastIsItsOwnEnglish: the catalogue's English is the forecast's own,
// and the Welsh says each sentence with the same facts.
func TestForecastIsItsOwnEnglish(t *testing.T) {
	all, one := forecast.English()
	var b strings.Builder
	b.WriteString("# What a forecast says of its figures, in English. Written from ledger/forecast\n# by go test ./web/words -run ForecastIs -update; change the words there.\n")
	for _, code := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "\n[%q]\n", "forecast."+code)
		if one[code] != "" {
			fmt.Fprintf(&b, "one = %q\n", one[code])
		}
		fmt.Fprintf(&b, "other = %q\n", all[code])
	}
	if *update {
		if err := os.WriteFile("forecast.en.toml", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile("forecast.en.toml"); string(got) != b.String() {
		t.Error("forecast.en.toml does not say what ledger/forecast says; run go test ./web/words -run ForecastIs -update")
	}
	data, err := os.ReadFile("forecast.cy.toml")
	if err != nil {
		t.Fatal(err)
	}
	var cy map[string]map[string]string
	if err := toml.Unmarshal(data, &cy); err != nil {
		t.Fatal(err)
	}
	fact := regexp.MustCompile(`{{\.\w+}}`)
	facts := func(text string) []string {
		found := fact.FindAllString(text, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	for code, words := range all {
		forms := []string{"other"}
		if one[code] != "" {
			forms = []string{"zero", "one", "two", "few", "many", "other"}
		}
		for _, form := range forms {
			said := cy["forecast."+code][form]
			if got, want := facts(said), facts(words); !slices.Equal(got, want) {
				t.Errorf("forecast.%s, %s: takes %v in Welsh and %v in English", code, form, got, want)
			}
			if said == words && len(regexp.MustCompile(`[A-Za-z]{4,}`).FindAllString(fact.ReplaceAllString(words, ""), -1)) > 1 {
				t.Errorf("forecast.%s is left in English", code)
			}
		}
	}
	for id := range cy {
		if code, ours := strings.CutPrefix(id, "forecast."); !ours || all[code] == "" {
			t.Errorf("%s is not said in English", id)
		}
	}
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
