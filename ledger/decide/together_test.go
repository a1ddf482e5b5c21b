package decide_test

import (
	"errors"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

// What an award has left is put on services before its terms on moving money
// are asked, and what a term refuses goes back without being moved.
func TestTogetherUsesWhatIsLeftFirst(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,certainty,starts,2026-27
		cf,Children's Fund,confirmed,2026-04-01,1000
		# terms
		id,stream,rule,value
		move,cf,virement,refused
		ages,cf,ages,0-4
		# services
		id,name,ages
		a,A,0-4
		b,B,0-4
		old,Older,11-17
		# allocations
		award,service,2026-27
		cf,a,500
		cf,old,300`)
	y := fiscal.Year(2026)
	do := func(cells ...decide.Cell) (*decide.Outcome, error) {
		return decide.Do(b, as("fin", "finance"), decide.Together{Cells: cells}, "together")
	}
	cell := func(service string, was, to int) decide.Cell {
		return decide.Cell{Award: "cf", Service: service, Year: y, Was: money.Pence(was * 100), To: money.Pence(to * 100)}
	}
	o, err := do(cell("a", 500, 400), cell("b", 0, 200))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range o.Steps {
		if s.Kind != ledger.Allocation {
			t.Errorf("£200 is left, and it moves %+v", s)
		}
	}
	var breach *ledger.Breach
	if _, err := do(cell("a", 500, 400), cell("b", 0, 300)); !errors.As(err, &breach) {
		t.Errorf("£100 would have to be moved: %v", err)
	}
	if _, err := do(cell("old", 300, 0), cell("b", 0, 500)); err != nil {
		t.Errorf("stopping what is not allowed is no virement: %v", err)
	}
	if _, err := decide.Reallocate(b, as("fin", "finance"), []decide.Cell{cell("a", 500, 400), cell("b", 0, 200)}, "x"); !errors.As(err, &breach) {
		t.Errorf("on the grid it is a virement as before: %v", err)
	}
}
