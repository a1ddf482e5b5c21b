package decide_test

import (
	"errors"
	"testing"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/money"
)

func cut(p money.Pence) decide.Statement {
	return decide.Statement{Award: "families-first", Year: y26, Amount: money.Known(p), Certainty: funding.Revised, StatedOn: on("2027-01-10"), SaidBy: "Welsh Government", Source: "Letter of 10 January"}
}

func TestStatingAFigureSaysWhatItLeaves(t *testing.T) {
	b := demo(t)
	o, err := decide.Do(b, as("priya", "commissioner"), cut(700_000_00), "The letter came")
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Left) != 1 || o.Left[0].Before != 96_000_00 || o.Left[0].After != -64_000_00 {
		t.Errorf("left: %+v", o.Left)
	}
	next := post(t, b, o, err)
	if secured, _ := next.View(on("2027-01-12")).Stands("families-first", y26); secured.Amount != money.Known(700_000_00) || secured.Certainty != funding.Revised {
		t.Errorf("it stands at %+v", secured)
	}
	// what is less sure than what is secured stands beside it and moves nothing
	likely := cut(900_000_00)
	likely.Certainty = funding.Indicative
	o, err = decide.Do(next, as("priya", "commissioner"), likely, "A call")
	if err != nil {
		t.Fatal(err)
	}
	if o.Left[0].Before != o.Left[0].After || o.Draft.Len() != 0 {
		t.Errorf("an indication moved money: %+v", o.Left)
	}
	unknown := cut(0)
	unknown.Amount = money.Unknown
	if o, err = decide.Do(b, as("priya", "commissioner"), unknown, "Withdrawn for now"); err != nil || !o.Left[0].Unknown {
		t.Errorf("an unknown figure leaves %+v: %v", o, err)
	}
}

func TestStatingAFigureIsRefusedWhatMakesNoSense(t *testing.T) {
	b := demo(t)
	for code, change := range map[string]func(*decide.Statement){
		"not-found":  func(s *decide.Statement) { s.Award = "nothing" },
		"needs":      func(s *decide.Statement) { s.SaidBy = " " },
		"bad-date":   func(s *decide.Statement) { s.StatedOn = on("2027-01-13") },
		"bad-amount": func(s *decide.Statement) { s.Amount = money.Known(-1) },
		"unchanged": func(s *decide.Statement) {
			s.Amount, s.Certainty, s.StatedOn = money.Known(860_000_00), funding.Confirmed, on("2026-03-02")
		},
	} {
		s := cut(700_000_00)
		change(&s)
		_, err := decide.Do(b, as("priya", "commissioner"), s, "A reason")
		var refusal ledger.Refusal
		if !errors.As(err, &refusal) || refusal.Code() != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	late := cut(1)
	late.ValidUntil = on("2027-01-09")
	if _, err := decide.Do(b, as("priya", "commissioner"), late, "A reason"); err == nil {
		t.Error("an assurance that had run out before it was given was taken")
	}
	if _, err := decide.Do(b, as("priya", "commissioner"), cut(1), " "); err == nil {
		t.Error("no reason was needed")
	}
}

func TestAFigureBeyondTheLimitWaitsForFinance(t *testing.T) {
	b := demo(t)
	o, err := decide.PutRecord(b, as("fin", "finance"), ledger.Record{Register: "limits", ID: "award-commissioner", Values: []ledger.Value{
		{Column: "role", Text: "commissioner"}, {Column: "action", Text: decide.ToState}, {Column: "amount", Text: "50000.00"}, {Column: "inclusive", Text: "yes"}, {Column: "per", Text: "year"}}}, "", "")
	b = post(t, b, o, err)
	priya := as("priya", "commissioner")
	o, err = decide.Do(b, priya, cut(820_000_00), "A small cut")
	b = post(t, b, o, err)
	more := cut(809_999_99) // a penny beyond the year's £50,000
	more.StatedOn = on("2027-01-11")
	var needs *decide.NeedsApproval
	if _, err := decide.Do(b, priya, more, "Another"); !errors.As(err, &needs) || needs.Need.Moved != 40_000_00 || !needs.Need.MayApprove("finance") {
		t.Fatalf("it was not held to the limit: %v", err)
	}
	o, err = decide.Ask(b, priya, more, "Another")
	b = post(t, b, o, err)
	ask := ""
	for id, r := range b.Records("asks") {
		if r.Get("kind") == "state" {
			ask = id
			if r.Get("amount") != "10000.01" {
				t.Errorf("the ask is for %s", r.Get("amount"))
			}
		}
	}
	again, _, err := decide.Waiting(b, ask)
	if err != nil || again != decide.Request(more) {
		t.Errorf("kept as %+v: %v", again, err)
	}
	if _, err := decide.Approve(b, priya, ask, "Fine"); err == nil {
		t.Error("who asked approved")
	}
	o, err = decide.Approve(b, as("fin", "finance"), ask, "Seen the letter")
	b = post(t, b, o, err)
	if secured, _ := b.View(on("2027-01-12")).Stands("families-first", y26); secured.Amount != money.Known(809_999_99) {
		t.Errorf("approved, it stands at %+v", secured)
	}
}
