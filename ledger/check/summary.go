package check

import "braid/ledger/money"

// Tally is how many findings there are and what they come to.
type Tally struct {
	Count   int
	Unknown int        // of them, those that cannot tell for want of a fact
	Amount  *money.Sum // nil where none of them states an amount
}

// Summary counts findings by kind, rule and band ("" where a rule has none).
// Bands are never added together: money that stops is not money that waits for
// renewal, and capital is not revenue.
type Summary map[Kind]map[string]map[string]Tally

// Summarise counts the findings that no judgement has silenced.
func Summarise(findings []Finding) Summary {
	all := Summary{}
	for i := range findings {
		f := &findings[i]
		if f.Silenced() {
			continue
		}
		if all[f.Kind] == nil {
			all[f.Kind] = map[string]map[string]Tally{}
		}
		if all[f.Kind][f.Rule] == nil {
			all[f.Kind][f.Rule] = map[string]Tally{}
		}
		t := all[f.Kind][f.Rule][f.Band]
		t.Count++
		if f.Unknown {
			t.Unknown++
		}
		if f.Amount != nil {
			if t.Amount == nil {
				t.Amount = new(money.Sum)
			}
			t.Amount.Merge(*f.Amount)
		}
		all[f.Kind][f.Rule][f.Band] = t
	}
	return all
}
