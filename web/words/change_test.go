package words

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/scenario"
)

// Every kind of change is said in both languages, and a page's English is the
// scenarios' own.
func TestChangesAreTheirOwnEnglish(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,name_cy,permanence,2026-27
		ff,Families First,Teuluoedd yn Gyntaf,annual,100000
		fs,Flying Start,Dechrau'n Deg,annual,100000
		# services
		id,name,name_cy
		hubs,Family support hubs,Hybiau cymorth i deuluoedd
		play,Play scheme,Cynllun chwarae`)
	all, _ := scenario.English()
	met := map[string]bool{}
	for _, k := range scenario.Kinds() {
		for bits := range 16 {
			c := scenario.Change{Kind: k, Award: "ff", ToAward: "fs", Service: "hubs", ToService: "play", Amount: 40_000_00, Percent: 10, Date: fiscal.MustDate("2027-04-01"), Rate: "3%"}
			needs, _ := k.Takes()
			if bits&1 != 0 || slices.Contains(needs, "year") {
				c.Year = 2027
			}
			if bits&2 != 0 && c.Year != 0 || k == scenario.AwardMoved {
				c.ToYear = 2029
			}
			if bits&4 != 0 && k == scenario.Prices {
				c.CostType = "pay"
			}
			if bits&8 != 0 && k == scenario.ServiceMerged {
				c.Percent = 0
			}
			s := c.Says(b)
			met[s.Code] = true
			if got := In(English).Sentence(b, s); got != s.String() || strings.Contains(got, "no value") || strings.Contains(got, "  ") {
				t.Errorf("%s: a page says %q, the change %q", s.Code, got, s.String())
			}
			if got := In(Welsh).Sentence(b, s); got == s.String() || strings.Contains(got, "⟦") || strings.Contains(got, "no value") {
				t.Errorf("%s in Welsh: %q", s.Code, got)
			}
		}
	}
	for code := range maps.Keys(all) {
		if !met[code] {
			t.Errorf("no change says %s", code)
		}
		if !In(English).Has("change."+code) || !In(Welsh).Has("change."+code) {
			t.Errorf("change.%s is not in both languages", code)
		}
	}
}
