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

	"braid/ledger/align"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/sentence"
	"braid/seed"
)

// TestPlanIsItsOwnEnglish: the catalogue's English is the plan's own, and the
// Welsh says each sentence with the same facts.
func TestPlanIsItsOwnEnglish(t *testing.T) {
	words, one := align.English()
	ownEnglish(t, "plan", "ledger/align", words, one)
}

// ownEnglish holds a catalogue to the words of the package that says them; with
// -update it writes them.
func ownEnglish(t *testing.T, name, from string, all, one map[string]string) {
	t.Helper()
	file := name + ".en.toml"
	var b strings.Builder
	fmt.Fprintf(&b, "# Written from %s by go test ./web/words -run OwnEnglish -update;\n# change the words there.\n", from)
	for _, code := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "\n[%q]\n", name+"."+code)
		if one[code] != "" {
			fmt.Fprintf(&b, "one = %q\n", one[code])
		}
		fmt.Fprintf(&b, "other = %q\n", all[code])
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile(file); string(got) != b.String() {
		t.Errorf("%s does not say what %s says; run go test ./web/words -run OwnEnglish -update", file, from)
	}
	data, err := os.ReadFile(name + ".cy.toml")
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
			said := cy[name+"."+code][form]
			if got, want := facts(said), facts(words); !slices.Equal(got, want) {
				t.Errorf("%s.%s, %s: takes %v in Welsh and %v in English", name, code, form, got, want)
			}
			if said == words && len(regexp.MustCompile(`[A-Za-z]{4,}`).FindAllString(fact.ReplaceAllString(words, ""), -1)) > 1 {
				t.Errorf("%s.%s is left in English", name, code)
			}
		}
	}
	for id := range cy {
		if code, ours := strings.CutPrefix(id, name+"."); !ours || all[code] == "" {
			t.Errorf("%s is not said in English", id)
		}
	}
}

// TestPlansOfTheCouncils: what a plan says reads in English as the plan itself
// does, and in Welsh whole.
func TestPlansOfTheCouncils(t *testing.T) {
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
		p := forecast.Project(v, forecast.Recorded(v).At(rate), 4)
		year := fiscal.YearOf(v.AsAt)
		for _, o := range []align.Options{{From: year, To: year + 3}, {}, {DoubtsAllow: true}, {Protected: map[string]bool{"youth-inclusion": true}}} {
			plan := align.Propose(v, p, o)
			var says []sentence.Sentence
			for _, m := range plan.Moves {
				says = append(says, m.Because...)
			}
			for _, c := range plan.Carries {
				says = append(says, c.Because...)
			}
			for _, s := range plan.Short {
				says = append(says, s.Because...)
			}
			for _, u := range plan.Unused {
				says = append(says, u.Because...)
			}
			for _, r := range plan.Value {
				says = append(says, r.Says)
			}
			for _, w := range plan.Worth {
				says = append(says, w.Says)
			}
			for _, d := range plan.Doubts {
				says = append(says, d.Says...)
			}
			for _, s := range says {
				met[s.Code] = true
				if got := In(English).Sentence(v.Book, s); got != s.String() {
					t.Errorf("%s: a page says\n%s\nand the plan\n%s", s.Code, got, s)
				}
				if got := In(Welsh).Sentence(v.Book, s); strings.Contains(got, "⟦") || strings.Contains(got, "no value") || got == s.String() {
					t.Errorf("%s in Welsh: %s", s.Code, got)
				}
			}
		}
	}
	if len(met) < 15 {
		t.Errorf("only %v were said", slices.Sorted(maps.Keys(met)))
	}
}
