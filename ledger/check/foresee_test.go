package check

import (
	"testing"

	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
)

// Heard in West is paid for by two awards. When the first ends it is still
// served; when both do, it is a gap, and the answer to the gap in North stands.
func TestGapsWithout(t *testing.T) {
	b := ledgertest.Book(t, `
		# areas
		id,name
		north,North
		west,West
		# objectives
		id,name,agreed_on
		heard,Heard,2025-11-20
		# needs
		id,objective,area,ages,year,people
		n1,heard,north,5-17,2026-27,90
		n2,heard,west,5-17,2026-27,40
		# streams
		id,name,permanence,starts,ends,certainty,stated_on,2026-27
		cf,Children's Fund,multi-year,2024-04-01,2027-03-31,confirmed,2026-02-01,900
		ff,Families First,multi-year,2024-04-01,2028-03-31,confirmed,2026-02-01,900
		# services
		id,name,areas,ages,objectives,2026-27
		carers,Young carers,west,5-17,heard,500
		# allocations
		award,service,objective,area,agreed_on,2026-27
		cf,carers,heard,west,2026-04-01,200
		ff,carers,heard,west,2026-04-01,?
		# judgements
		id,verdict,facts,reason,review_on
		gap/no-service/heard/north/2026-27,accepted,bc753c28e601141c,The health board serves it,2027-09-30`)
	v := b.View(fiscal.MustDate("2027-01-12"))
	year := fiscal.YearOf(v.AsAt)
	for _, c := range []struct {
		name  string
		gone  func(string) bool
		found []string
	}{
		{"today", nil, []string{"gap/no-service/heard/north/2026-27"}},
		{"without one", func(a string) bool { return a == "cf" }, []string{"gap/no-service/heard/north/2026-27"}},
		{"without both", func(string) bool { return true }, []string{"gap/no-service/heard/north/2026-27", "gap/no-service/heard/west/2026-27"}},
	} {
		found := GapsWithout(v, DefaultPolicy(), year, c.gone)
		var ids []string
		for i := range found {
			if ids = append(ids, found[i].ID); found[i].Unknown {
				t.Errorf("%s: %s is not sure", c.name, found[i].ID)
			}
		}
		if len(ids) != len(c.found) || ids[0] != c.found[0] || ids[len(ids)-1] != c.found[len(ids)-1] {
			t.Errorf("%s: found %v, want %v", c.name, ids, c.found)
			continue
		}
		if !found[0].Silenced() {
			t.Errorf("%s: the officer's answer is lost", c.name)
		}
	}
	if n := len(GapsWithout(v, DefaultPolicy(), year+1, nil)); n != 2 {
		t.Errorf("nothing is allocated in the year after: %d gaps, want 2", n)
	}
}
