package decide_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/exchange"
	"braid/ledger/money"
)

// imported posts one file on a book, as an officer's import does.
func imported(t *testing.T, b *ledger.Book, name, text string) *ledger.Book {
	t.Helper()
	im, err := exchange.ReadBytes(name, []byte(text), exchange.Options{Author: "ann", Reason: "month 9"})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := im.Plan(b)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Draft == nil || plan.Empty() {
		t.Fatalf("not imported: %v", plan.Problems)
	}
	_, next := plan.Draft.Seal(posted)
	return next
}

func balances(b *ledger.Book) map[string]money.Pence {
	of := map[string]money.Pence{}
	for a, p := range b.View(on("2199-01-01")).Balances {
		of[a.String()] = p
	}
	return of
}

// TestUndoOfAnImport takes back every row's money, whatever the register, and
// what the import changed; imported again it is all there again.
func TestUndoOfAnImport(t *testing.T) {
	for _, c := range []struct{ name, register, text string }{
		{"payments", "payments.csv", "id,date,award,service,amount\nx1,2027-01-05,core,young-carers,125.50\nx2,2027-01-06,core,young-carers,-25.50\nx3,2027-01-06,,,99\n"},
		{"new allocations", "allocations.csv", "id,award,service,objective,area,agreed_on,2026-27\nn1,core,parenting,confident-parents,north:1/3;east:2/3,2027-01-05,1000\nn2,core,parenting,,,2027-01-05,?\n"},
		{"a changed allocation", "allocations.csv", "id,award,service,objective,area,cost_type,agreed_on,state,2026-27,2027-28,2028-29,2029-30\nfamily-hubs-ready-west-core,core,family-hubs,ready-for-school,west,delivery,2026-04-01,agreed,100000,90000,100000,100000\n"},
		{"a figure and a changed one", "figures.csv", "id,award,year,amount,certainty,stated_on,said_by,source\ncore-2026-27,core,2026-27,1160000,confirmed,2026-03-05,Full council,x\ncore-more,core,2026-27,1170000,revised,2027-01-04,Full council,x\n"},
		{"a delegation", "delegations.csv", "id,board,award,agreed_on,2026-27\nmore,north,core,2027-01-05,5000\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := demo(t)
			next := imported(t, b, c.register, c.text)
			o, err := decide.Undo(next, as("ann", "finance"), next.Sequence())
			undone := post(t, next, o, err)
			if diff := cmp.Diff(balances(b), balances(undone)); diff != "" {
				t.Errorf("undone (-before +after):\n%s", diff)
			}
			if was, is := b.Figures("core", y26), undone.Figures("core", y26); !slices.Equal(was, is) {
				t.Errorf("the figures were %v and are %v", was, is)
			}
			o, err = decide.Undo(undone, as("ann", "finance"), undone.Sequence())
			if diff := cmp.Diff(balances(next), balances(post(t, undone, o, err))); diff != "" {
				t.Errorf("the undo undone (-imported +is):\n%s", diff)
			}
			if diff := cmp.Diff(balances(next), balances(imported(t, undone, c.register, c.text))); diff != "" {
				t.Errorf("imported again (-imported +is):\n%s", diff)
			}
		})
	}
}

// TestUndoOfTheFirstImport keeps what is no money, and says so.
func TestUndoOfTheFirstImport(t *testing.T) {
	b := demo(t)
	o, err := decide.Undo(b, as("ann", "finance"), 1)
	undone := post(t, b, o, err)
	for account, p := range balances(undone) {
		t.Errorf("%s still holds %s", account, p.Exact())
	}
	if len(o.Kept) == 0 || !undone.Has("services", "family-hubs") {
		t.Error("nothing was kept")
	}
	for _, y := range undone.FigureYears("core") {
		if figures := undone.Figures("core", y); len(figures) > 0 {
			t.Errorf("core still has %+v", figures)
		}
	}
}
