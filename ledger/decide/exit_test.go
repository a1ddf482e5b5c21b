package decide_test

import (
	"errors"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
)

func exitPlan(cells ...string) ledger.Record {
	r := ledger.Record{Register: "exits", ID: "play-holiday", Values: []ledger.Value{{Column: "service", Text: "play-holiday"}}}
	for i := 0; i+1 < len(cells); i += 2 {
		r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
	}
	return r
}

func TestExitPlanIsWrittenByOneAndAgreedByAnother(t *testing.T) {
	b := demo(t)
	priya, fin := as("priya", "commissioner"), as("fin", "finance")
	state := func() string {
		r, _ := b.Record("exits", "play-holiday")
		return r.Get("state") + " " + r.Get("agreed_on")
	}
	was := func() string { return decide.Version(b, "exits", "play-holiday") }

	_, err := decide.PlanExit(b, priya, exitPlan("option", "end"), "", "")
	var needs *decide.Needs
	if !errors.As(err, &needs) || needs.Column != "owner" {
		t.Errorf("a plan that nobody sees to: %v", err)
	}
	if _, err = decide.PlanExit(b, priya, exitPlan("owner", "Youth manager"), "", ""); !errors.As(err, &needs) || needs.Column != "option" {
		t.Errorf("a plan that says nothing: %v", err)
	}
	var missing *ledger.NotFound
	if _, err = decide.AgreeExit(b, fin, "play-holiday", "", "fine"); !errors.As(err, &missing) {
		t.Errorf("no plan to agree to: %v", err)
	}
	// Nobody writes "agreed" themselves.
	o, err := decide.PlanExit(b, priya, exitPlan("option", "end", "owner", "Youth manager", "state", "agreed", "exit_cost", "12000.00"), "", "")
	b = post(t, b, o, err)
	if state() != "draft " {
		t.Errorf("after writing: %s", state())
	}
	var reason *ledger.NeedsReason
	if _, err = decide.AgreeExit(b, fin, "play-holiday", was(), " "); !errors.As(err, &reason) {
		t.Errorf("agreed without a reason: %v", err)
	}
	var own *decide.OwnRequest
	if _, err = decide.AgreeExit(b, priya, "play-holiday", was(), "fine"); !errors.As(err, &own) {
		t.Errorf("agreed by who wrote it: %v", err)
	}
	var changed *decide.ChangedRecord
	if _, err = decide.AgreeExit(b, fin, "play-holiday", "another", "fine"); !errors.As(err, &changed) {
		t.Errorf("agreed unseen: %v", err)
	}
	o, err = decide.AgreeExit(b, fin, "play-holiday", was(), "The cost is in the budget.")
	b = post(t, b, o, err)
	if state() != "agreed 2027-01-12" {
		t.Errorf("after agreeing: %s", state())
	}
	var waiting *decide.NotWaiting
	if _, err = decide.AgreeExit(b, fin, "play-holiday", was(), "again"); !errors.As(err, &waiting) {
		t.Errorf("agreed twice: %v", err)
	}
	// A change makes it a draft again.
	o, err = decide.PlanExit(b, priya, exitPlan("option", "mainstream", "owner", "Youth manager"), was(), "The core budget can bear it.")
	b = post(t, b, o, err)
	if state() != "draft " {
		t.Errorf("after a change: %s", state())
	}
}
