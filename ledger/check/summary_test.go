package check

import (
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/ledgertest"
)

// TestSummarise: bands apart, unknown said, and what a standing judgement
// settles left out, until its facts change.
func TestSummarise(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,ends,fate,2026-27
		a,A,2027-03-31,stops,1000
		b,B,2027-03-31,renewed,1000
		# services
		id,name
		x,X
		y,Y
		z,Z
		# allocations
		id,award,service,2026-27
		1,a,x,10
		2,a,y,20
		3,b,y,30
		4,a,z,?`)
	findings := findIn(t, b, DefaultPolicy(), "expiry/cliff")
	of := Summarise(findings)[Expiry]["cliff"]
	if s := of["stops"]; s.Count != 3 || s.Unknown != 1 || s.Amount.String() != "at least 30.00" {
		t.Errorf("stops: %+v, %s", s, s.Amount)
	}
	if s := of["renewal awaited"]; s.Count != 1 || s.Amount.String() != "30.00" {
		t.Errorf("renewal awaited: %+v", s)
	}

	var y Finding
	for _, f := range findings {
		if f.ID == "expiry/cliff/y/2027-03-31" {
			y = f
		}
	}
	answer := func(b *ledger.Book, facts string) *ledger.Book {
		d := b.Draft(ledger.Intent{Author: "test", Reason: "answer"})
		if err := d.Put(ledger.Record{Register: "judgements", ID: y.ID, Values: []ledger.Value{
			{Column: "verdict", Text: "accepted"}, {Column: "facts", Text: facts}, {Column: "reason", Text: "it is to end"}}}); err != nil {
			t.Fatal(err)
		}
		_, b = d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
		return b
	}
	for facts, count := range map[string]int{y.FactsHash(): 2, "0123456789abcdef": 3} {
		if s := Summarise(findIn(t, answer(b, facts), DefaultPolicy(), "expiry/cliff"))[Expiry]["cliff"]["stops"]; s.Count != count {
			t.Errorf("judged on %s: %d stop, want %d", facts, s.Count, count)
		}
	}
}
