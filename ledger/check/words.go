package check

import (
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// shareOf gives a part of a whole; false where that says nothing.
func shareOf(part, whole money.Sum) (money.Share, bool) {
	if part.State() != money.Exact || whole.State() != money.Exact || part.Pence() < 0 || whole.Pence() <= 0 {
		return money.Share{}, false
	}
	s, err := money.NewShare(int64(part.Pence()), int64(whole.Pence()))
	return s, err == nil
}

// gap says how far a day lies from today: "in 78 days", "12 days late".
func gap(today, day fiscal.Date) Sentence {
	switch n := int(day - today); {
	case n == 0:
		return say("when.today")
	case n > 0:
		return say("when.in", "Count", n)
	default:
		return say("when.late", "Count", -n)
	}
}

// total makes a sum of one known amount.
func total(p money.Pence) *money.Sum {
	var s money.Sum
	s.AddPence(p)
	return &s
}

// unknown makes a sum of which nothing is known.
func unknown() *money.Sum {
	var s money.Sum
	s.Add(money.Unknown)
	return &s
}

// known states a part of an amount, for evidence.
func known(p money.Pence) *money.Amount {
	a := money.Known(p)
	return &a
}

// less turns a proof round: what stood for more stands for less.
func less(proof []ledger.Proof) []ledger.Proof {
	for i := range proof {
		proof[i].Amount = -proof[i].Amount
	}
	return proof
}
