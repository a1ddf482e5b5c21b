package ledger

import (
	"fmt"

	"braid/ledger/money"
)

// verifyReferences holds the batch just loaded to what Post keeps: whatever
// its records and entries refer to exists, and trees are trees.
func (v *version) verifyReferences() error {
	for _, r := range v.recent {
		if err := v.resolve(r); err != nil {
			return err
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

// verifyDecisions holds the batch just loaded to the rule that a decision takes
// no controlled balance below nought, nor a hole deeper. It judges the outcome
// of the batch, and only where no fact of the same batch, no unknown figure and
// no approval to commit at risk may account for it.
func (v *version) verifyDecisions(h Head) error {
	if h.AsFound {
		return nil
	}
	type moved struct {
		net           money.Pence
		decided, fact bool
	}
	stated := map[string]bool{} // awards whose figure may have been unknown when it was decided
	for _, r := range v.recent {
		if r.Register == "figures" {
			stated[r.Get("award")] = true
		}
	}
	of := map[AccountNo]moved{}
	for _, e := range v.pending {
		from, to := of[e.from], of[e.to]
		from.net -= e.amount
		to.net += e.amount
		switch {
		case e.kind == Figure || e.kind == Payment:
			from.fact, to.fact = true, true
		case e.kind == Commitment && v.accountKey(e.from).stage == Allocated:
			from.fact = true // perhaps at risk, within an approval that has since run out
		default:
			from.decided = true
		}
		of[e.from], of[e.to] = from, to
	}
	for no, m := range of {
		held := v.held.get(int(no))
		if !m.decided || m.fact || held >= min(held-m.net, 0) || !v.accountKey(no).stage.Controlled() {
			continue
		}
		a := v.seen.account(no)
		if a.Stage == Awarded && a.Board == "" && (stated[a.Award] || v.FigureUnknown(a.Award, a.Year)) {
			continue
		}
		return fmt.Errorf("a decision takes %s to %s, and what was there did not allow it", a, held)
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
