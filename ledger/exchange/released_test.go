package exchange_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

// TestMoneyReleasedGoesOutAsItStands: exported and read into an empty ledger,
// each service has what it has now, for what it is for now.
func TestMoneyReleasedGoesOutAsItStands(t *testing.T) {
	b := ledgertest.Book(t, `
		# areas
		id,name
		north,North
		# objectives
		id,name
		ready,Ready for school
		safe,Safe from harm
		# streams
		id,name,2026-27
		cf,Children's Fund,900
		# services
		id,name
		hubs,Hubs
		panels,Panels
		# allocations
		id,award,service,objective,area,2026-27
		a1,cf,hubs,ready:60;safe:40,north,500
		a2,cf,hubs,ready,north,100`)
	d := b.Draft(ledger.Intent{Author: "t", Reason: "less is needed"})
	on := fiscal.MustDate("2026-09-01")
	ready, safe := ledger.Label{Objective: "ready", Area: "north"}, ledger.Label{Objective: "safe", Area: "north"}
	if err := d.Release("cf", "hubs", "", 2026, ledger.Move{Amount: 150_00, Line: "e1", Label: safe, Effective: on}); err != nil {
		t.Fatal(err)
	}
	if err := d.Relabel("cf", "hubs", "", 2026, ready, ledger.Move{Amount: 30_00, Line: "e2", Label: safe, Effective: on}); err != nil {
		t.Fatal(err)
	}
	if err := d.Vire("cf", "hubs", "panels", "", 2026, ledger.Move{Amount: 30_00, Line: "e2", Label: safe, Effective: on}); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	folder := t.TempDir()
	if err := exchange.Export(b, folder); err != nil {
		t.Fatal(err)
	}
	im, err := exchange.Read([]string{folder}, exchange.Options{Author: "test", AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	_, again := good(t, im, ledger.Empty()).Draft.Seal(posted)
	cells := func(b *ledger.Book) map[[3]string]money.Pence {
		of := map[[3]string]money.Pence{}
		v := b.View(fiscal.MustDate("2027-03-31"))
		for _, r := range v.Position([]ledger.Dimension{ledger.ByService, ledger.ByObjective, ledger.ByArea}, nil).Rows {
			if p := r.Sums[ledger.AllocatedTo].Pence(); p != 0 {
				of[[3]string(r.Key)] = p
			}
		}
		return of
	}
	want := map[[3]string]money.Pence{{"hubs", "ready", "north"}: 370_00, {"hubs", "safe", "north"}: 50_00, {"panels", "safe", "north"}: 30_00}
	if diff := cmp.Diff(want, cells(b)); diff != "" {
		t.Errorf("as it stands (-want +is):\n%s", diff)
	}
	if diff := cmp.Diff(want, cells(again)); diff != "" {
		t.Errorf("exported and read again (-want +is):\n%s", diff)
	}
	if got := again.Balance(ledger.Account{Stage: ledger.Awarded, Award: "cf", Year: 2026}); got != 450_00 {
		t.Errorf("left is %s, want £450.00", got.Exact())
	}
}
