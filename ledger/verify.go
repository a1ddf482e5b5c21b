package ledger

import (
	"fmt"

	"braid/ledger/money"
)

// verifyReferences holds the batch just loaded to what Post keeps: whatever
// its records and entries refer to exists, trees are trees, and no decision
// took a controlled balance below nought.
func (v *version) verifyReferences() error {
	stated := map[string]bool{}
	for _, r := range v.recent {
		if err := v.resolve(r); err != nil {
			return err
		}
		if r.Register == "figures" {
			stated[r.Get("award")] = true
		}
	}
	if err := v.checkTrees(); err != nil {
		return err
	}
	checked := map[AccountNo]bool{}
	for i, e := range v.pending {
		for _, no := range [2]AccountNo{e.from, e.to} {
			if checked[no] {
				continue
			}
			checked[no] = true
			k := v.accountKey(no)
			for _, ref := range []struct {
				register string
				id       Ref
			}{{"awards", k.award}, {"boards", k.board}, {"services", k.service}} {
				if ref.id != 0 && !v.Has(ref.register, v.texts[ref.id]) {
					return fmt.Errorf("entry %d is on %q, which %s do not hold", i+1, v.texts[ref.id], ref.register)
				}
			}
		}
	}
	return nil
}

// CheckBalances recomputes every balance of a book from its entries and
// compares it with the balance kept (reliability.md I3), and proves that money
// is neither made nor lost: all balances together are nought (I2).
func (b *Book) CheckBalances() error {
	again := make([]money.Pence, len(b.accounts))
	for _, run := range b.entries.runs {
		for i := range run {
			again[run[i].from] -= run[i].amount
			again[run[i].to] += run[i].amount
		}
	}
	var all money.Pence
	for i, p := range again {
		if kept := b.balances.get(i); kept != p {
			return fmt.Errorf("the balance of %s is kept as %s and its entries add up to %s", b.account(AccountNo(i)), kept, p)
		}
		all += p
	}
	if all != 0 {
		return fmt.Errorf("the ledger is out of balance by %s", all)
	}
	return nil
}
