package ledger

import (
	"bytes"
	"errors"
	"testing"

	"braid/ledger/money"
)

// TestReleasePutsMoneyBackWithItsAward: what is on the service and left of the
// award change together, in the balances, the holdings and every position.
func TestReleasePutsMoneyBackWithItsAward(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	label := Label{Objective: "", Area: ""}
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 500_00, Line: "a1", Label: label, Effective: on("2026-04-01")}); err != nil {
		t.Fatal(err)
	}
	if err := d.Pay("cf", "hubs", false, Move{Amount: 200_00, Line: "p1", Effective: on("2026-05-01")}); err != nil {
		t.Fatal(err)
	}
	m := Move{Amount: 300_01, Line: "r1", Label: label, Effective: on("2026-06-01")}
	var short *Short
	if err := d.Release("cf", "hubs", "", y26, m); !errors.As(err, &short) || short.Account.Stage != Allocated || short.Over() != 1 {
		t.Errorf("a penny that is spent: got %v", err)
	}
	m.Amount = 300_00
	d.Reason = ""
	var reason *NeedsReason
	if err := d.Release("cf", "hubs", "", y26, m); !errors.As(err, &reason) {
		t.Errorf("without a reason: got %v", err)
	}
	d.Reason = "less is needed"
	if err := d.Release("cf", "hubs", "", y26, m); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	v := b.View(on("2026-12-31"))
	r := v.Position([]Dimension{ByAward}, nil).Rows[0]
	for column, want := range map[Measure]money.Pence{AwardedTo: 900_00, AllocatedTo: 200_00, PaidOut: 200_00, LeftOf: 700_00} {
		if got := r.Sums[column].Pence(); got != want {
			t.Errorf("%s is %s, want %s", column, got, want)
		}
		var sum money.Pence
		for _, p := range v.Explain(column, Filter{ByAward: "cf"}) {
			sum += p.Amount
		}
		if sum != want {
			t.Errorf("the entries of %s add up to %s, want %s", column, sum, want)
		}
	}
	if hs := v.Holdings("hubs"); len(hs) != 1 || hs[0].Amount != 200_00 || hs[0].Paid != 200_00 {
		t.Errorf("holdings %+v", hs)
	}
	var cells money.Pence
	v.Cells(func(_ int, c LabelledCell) { cells += c.Amount })
	if cells != 200_00 {
		t.Errorf("cells come to %s, want £200.00", cells.Exact())
	}
	if got := b.View(on("2026-05-31")).BalanceOf(Account{Stage: Allocated, Award: "cf", Year: y26, Service: "hubs"}); got != 300_00 {
		t.Errorf("before the day it was released there was %s", got.Exact())
	}
	replay(t, b)
	var file bytes.Buffer
	if err := WriteLedger(&file, b); err != nil {
		t.Fatal(err)
	}
	l := NewLoader()
	if _, err := ReadLedger(&file, l); err != nil || l.Book().Hash() != b.Hash() {
		t.Errorf("the ledger file reads back as %s: %v", l.Book().Hash(), err)
	}
	d = b.Draft(Intent{Author: "test", Reason: "a slip"})
	if err := d.Reverse(EntryID{2, 3}, 0); err != nil {
		t.Fatal(err)
	}
	if _, b = d.Seal(posted); b.Balance(Account{Stage: Allocated, Award: "cf", Year: y26, Service: "hubs"}) != 300_00 {
		t.Error("a release is not undone by its reversal")
	}
}

// TestRelabelMovesNothing: what is left and what the service has stay the same,
// even where the award is over-allocated.
func TestRelabelMovesNothing(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	if err := d.Put(record("objectives", "ready", "name", "Ready"), record("objectives", "safe", "name", "Safe")); err != nil {
		t.Fatal(err)
	}
	ready, safe := Label{Objective: "ready"}, Label{Objective: "safe"}
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 900_00, Line: "a1", Label: ready, Effective: on("2026-04-01")}); err != nil {
		t.Fatal(err)
	}
	if err := d.State(record("figures", "cut", "award", "cf", "year", "2026-27", "amount", "880.00", "certainty", "revised", "stated_on", "2026-09-01"), 0); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	d = b.Draft(Intent{Author: "test", Reason: "it is for another end"})
	if err := d.Relabel("cf", "hubs", "", y26, ready, Move{Amount: 10_00, Line: "r", Label: safe, Effective: on("2026-10-01")}); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	replay(t, b)
	p := b.View(on("2026-12-31")).Position([]Dimension{ByObjective}, nil)
	if len(p.Rows) != 2 || p.Rows[0].Sums[AllocatedTo].Pence() != 890_00 || p.Rows[1].Sums[AllocatedTo].Pence() != 10_00 {
		t.Errorf("by objective: %+v", p.Rows)
	}
	if left := b.Balance(Account{Stage: Awarded, Award: "cf", Year: y26}); left != -20_00 {
		t.Errorf("left is %s", left.Exact())
	}
}
