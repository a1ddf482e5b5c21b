package exchange_test

import (
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/seed"
)

var posted = time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC)

// planned reads and plans a seed on a book, and fails on any problem.
func planned(t *testing.T, name string, b *ledger.Book) *exchange.Plan {
	t.Helper()
	fsys, err := seed.FS(name)
	if err != nil {
		t.Fatal(err)
	}
	im, err := exchange.ReadFS(fsys, exchange.Options{Author: "test", Today: seed.AsAt(name)})
	if err != nil {
		t.Fatal(err)
	}
	p, err := im.Plan(b)
	if err != nil {
		t.Fatal(err)
	}
	if p.Draft == nil || p.Problems.Total > 0 {
		t.Fatalf("%s: %v", name, p.Problems)
	}
	return p
}

func TestSeedsImportAndTheSameAgainChangesNothing(t *testing.T) {
	for _, name := range seed.Names() {
		t.Run(name, func(t *testing.T) {
			p := planned(t, name, ledger.Empty())
			for _, n := range p.Notes {
				t.Log(n)
			}
			_, b := p.Draft.Seal(posted)
			if err := b.CheckBalances(); err != nil {
				t.Error(err)
			}
			again := planned(t, name, b)
			if !again.Empty() {
				t.Errorf("the same files again: %s, changed %v, added %v, %v", again.Summary(), again.Changed, again.Added, again.Differences)
			}
			if len(again.Absent) > 0 {
				t.Errorf("absent: %v", again.Absent)
			}
			t.Log(p.Summary(), p.Added, again.Summary(), p.Offers)
		})
	}
}

func TestDemoPosition(t *testing.T) {
	_, b := planned(t, "demo", ledger.Empty()).Draft.Seal(posted)
	pos := b.View(fiscal.MustDate("2027-01-12")).Position([]ledger.Dimension{ledger.ByStream}, ledger.Filter{ledger.ByYear: "2026-27"})
	want := map[string]string{"flying-start": "50000.00", "families-first": "140000.00", "childrens-fund": "200000.00", "nrf": "-20000.00", "core": "300000.00"}
	for _, r := range pos.Rows {
		if got := r.Sums[ledger.LeftOf].String(); got != want[r.Key[0]] {
			t.Errorf("%s has %s left, want %s", r.Key[0], got, want[r.Key[0]])
		}
	}
	if got := pos.Total.Sums[ledger.PaidOut].String(); got != "2741300.00" {
		t.Errorf("paid %s", got)
	}
	if got := pos.Total.Sums[ledger.AllocatedTo].String(); got != "3660000.00" {
		t.Errorf("allocated %s", got)
	}
}
