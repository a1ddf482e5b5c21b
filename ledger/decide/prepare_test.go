package decide_test

import (
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
)

// TestPrepareLetsABoardPayForWhatIsNew: who asked knew neither grant nor service;
// an officer says both, and the board may then pay.
func TestPrepareLetsABoardPayForWhatIsNew(t *testing.T) {
	b := demo(t)
	o, err := decide.Propose(b, as("pat", "board member"), decide.Proposal{ID: "north-1", Board: "north", Objective: "confident-parents", Area: "north",
		Year: y26, Title: "A walking group", Amount: 2_000_00, People: 12, What: "A walk each week."})
	b = post(t, b, o, err)
	o, err = decide.DeclareInterest(b, as("kim", "board chair"), "north-1", false, "")
	b = post(t, b, o, err)
	d := minute("pay")
	d.Proposal = "north-1"
	_, err = decide.Decide(b, as("kim", "board chair"), d)
	refused[*decide.Needs](t, err)

	ann := as("ann", "commissioner")
	_, err = decide.Prepare(b, as("kim", "board chair"), "north-1", "families-first", "")
	refused[*decide.WrongRole](t, err)
	_, err = decide.Prepare(b, ann, "north-1", "", "")
	refused[*decide.Needs](t, err)
	for _, no := range [][2]string{{"nothing", ""}, {"families-first", "nothing"}} {
		_, err = decide.Prepare(b, ann, "north-1", no[0], no[1])
		refused[*ledger.NotFound](t, err)
	}
	o, err = decide.Prepare(b, ann, "north-1", "families-first", "")
	b = post(t, b, o, err)
	if s, ok := b.Service("north-1"); !ok || s.Name != "A walking group" || s.Board != "north" || len(s.Areas) != 1 || len(s.Objectives) != 1 {
		t.Errorf("the new service is %+v", s)
	}
	_, err = decide.Prepare(b, ann, "north-1", "families-first", "north-1")
	refused[*decide.Unchanged](t, err)
	o, err = decide.Decide(b, as("kim", "board chair"), d)
	b = post(t, b, o, err)
	if got := held(b, "families-first", "north-1"); got != 2_000_00 {
		t.Errorf("it holds %s", got.Exact())
	}
	_, err = decide.Prepare(b, ann, "north-1", "core", "north-1")
	refused[*decide.NotWaiting](t, err)
}
