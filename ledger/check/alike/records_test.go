package alike_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger/check/alike"
	"braid/ledger/check/alike/plant"
)

func TestNearText(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		least, most float64
	}{
		{"Parenting programme", "Parenting programme", 1, 1},
		{"Parenting programme", "PARENTING PROG.", 0.8, 1},
		{"Family & children's centre", "Centre for families and children", 0.8, 1},
		{"Speech and Language Therapy", "SALT", 0.5, 1},
		{"Youth inclusion panel", "Yuoth inclusoin panel", 0.75, 1},
		{"Grŵp Rhieni", "GRWP RHIENI", 1, 1},
		{"Parenting programme", "Skate park", 0, 0.2},
		{"", "Skate park", 0, 0},
		{"", "", 0, 0},
	} {
		if got := alike.NearText(c.a, c.b); got < c.least || got > c.most {
			t.Errorf("NearText(%q, %q) = %.3f, want %.2f to %.2f", c.a, c.b, got, c.least, c.most)
		}
	}
}

func TestRecords(t *testing.T) {
	type r = alike.Record
	for _, c := range []struct {
		name string
		a, b r
		want bool
	}{
		{"one provider, two spellings", r{Kind: "provider", Name: "Barnardo's Cymru Ltd"}, r{Kind: "provider", Name: "BARNARDOS CYMRU LIMITED"}, true},
		{"a slip", r{Kind: "provider", Name: "Groundwork North Wales"}, r{Kind: "provider", Name: "Groundwrok North Wales"}, true},
		{"same award entered twice", r{Kind: "award", Name: "Flying Start 2026-27", Extra: "Welsh Government", Amount: 50_000_00, From: 1, To: 365},
			r{Kind: "award", Name: "Flying Start grant 2026-27", Extra: "Welsh Government", Amount: 50_000_00, From: 1, To: 365}, true},
		{"successor beside its forerunner", r{Kind: "award", Name: "Flying Start 2025-26", Amount: 50_000_00, From: 1, To: 365},
			r{Kind: "award", Name: "Flying Start 2026-27", Amount: 50_000_00, From: 366, To: 730}, false},
		{"instalments", r{Kind: "award", Name: "Nurture grant", Amount: 50_464_50, From: 1, To: 180}, r{Kind: "award", Name: "Nurture grant", Amount: 49_535_50, From: 181, To: 365}, false},
		{"another kind of record", r{Kind: "award", Name: "Youth forum"}, r{Kind: "service", Name: "Youth forum"}, false},
		{"north and south", r{Kind: "provider", Name: "Groundwork North Wales"}, r{Kind: "provider", Name: "Groundwork South Wales"}, false},
		{"different providers", r{Kind: "provider", Name: "Relate Cardiff"}, r{Kind: "provider", Name: "Relate Wrexham"}, false},
	} {
		c.a.ID, c.b.ID = "a", "b"
		got := alike.Records([]alike.Record{c.b, c.a})
		if (len(got) == 1) != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestRecordsAmongMany(t *testing.T) {
	b := plant.New(2, plant.Options{Services: 3000, Style: plant.Composed(), Doubles: 1e-9})
	var records []alike.Record
	for i, s := range b.Services {
		records = append(records, alike.Record{Kind: "service", ID: fmt.Sprint("s", i), Name: s.Name + " " + s.Provider + fmt.Sprint(" ", s.ID[3:6]), Amount: int64(i + 1), From: 1, To: 9})
	}
	n := len(records)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 50 {
		twin := records[i*7]
		twin.ID = fmt.Sprint("t", i)
		k := 1 + r.IntN(len(twin.Name)-2)
		twin.Name = strings.ToUpper(twin.Name[:k]) + twin.Name[k:]
		records = append(records, twin)
	}
	found := 0
	for _, p := range alike.Records(records) {
		if p.B >= n && p.A == (p.B-n)*7 {
			found++
		}
	}
	if found < 49 {
		t.Errorf("found %d of 50 records entered twice", found)
	}
	mixed := append([]alike.Record(nil), records...)
	r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	ids := func(rs []alike.Record) (out []string) {
		for _, p := range alike.Records(rs) {
			a, b := rs[p.A].ID, rs[p.B].ID
			out = append(out, min(a, b)+" "+max(a, b))
		}
		return
	}
	if diff := cmp.Diff(ids(records), ids(mixed)); diff != "" {
		t.Error("the order of the input changes the result: ", diff)
	}
}
