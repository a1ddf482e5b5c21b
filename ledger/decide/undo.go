package decide

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// takenOut says how a record is taken out where nothing is deleted: the cells
// that make it say nothing any more.
var takenOut = map[string]map[string]string{
	"figures":     {"state": "withdrawn"},
	"asks":        {"state": "withdrawn"},
	"proposals":   {"state": "withdrawn"},
	"allocations": {"state": "withdrawn"},
	"exits":       {"state": "none"},
	"periods":     {"state": "open"},
	"judgements":  {"facts": ""}, // it stands on no facts, so it silences nothing
	"approvals":   {"ceiling": "0.00"},
}

// Undo takes back what a batch did, in one batch: every entry is reversed, the
// last first, and each record it changed is as it was before. A record it added
// is taken out where its register can say so; other rows it added beside money
// are kept, and listed. What was spent or changed since refuses. To undo an
// undo is to do it again.
func Undo(b *ledger.Book, actor Actor, seq int) (*Outcome, error) {
	if seq < 1 || seq > b.Sequence() {
		return nil, &CannotUndo{Seq: seq, Why: NoSuchBatch}
	}
	batch := b.Batch(seq)
	o := &Outcome{Draft: actor.draft(b, fmt.Sprintf("undo %d", seq)), Need: Need{Alone: true}}
	for n := batch.Len(); n >= 1; n-- {
		e := batch.Entry(n)
		if e.Kind == ledger.Figure {
			continue // posted by the statements, below
		}
		if err := o.Draft.Reverse(e.ID, actor.Today); err != nil {
			why := UsedSince
			if again := (*ledger.Reversed)(nil); errors.As(err, &again) {
				why = AlreadyUndone
			}
			return nil, &CannotUndo{Seq: seq, Why: why, Refused: err}
		}
		o.Steps = append(o.Steps, back(e))
	}
	records, err := o.before(b, batch)
	if err != nil {
		return nil, err
	}
	for _, r := range records {
		if r.Register == "figures" {
			err = o.Draft.State(r, 0)
		} else {
			err = o.Draft.Put(r)
		}
		if err != nil {
			return nil, &CannotUndo{Seq: seq, Register: r.Register, ID: r.ID, Why: UsedSince, Refused: err}
		}
	}
	if o.Draft.Empty() {
		r := batch.Records[0]
		return nil, &CannotUndo{Seq: seq, Register: r.Register, ID: r.ID, Why: CannotTakeOut}
	}
	for _, r := range records { // a fact may leave an award overdrawn, an undo may not
		if r.Register != "figures" {
			continue
		}
		for _, y := range append(b.FigureYears(r.Get("award")), fiscal.Term) {
			a := ledger.Account{Stage: ledger.Awarded, Award: r.Get("award"), Year: y}
			was := b.Balance(a)
			if held := o.Draft.Balance(a); held < min(was, was-since(b, seq, a), 0) {
				short := &ledger.Short{Account: a, Name: b.AwardName(a.Award), Holds: max(was, 0), Asks: max(was, 0) - held}
				return nil, &CannotUndo{Seq: seq, Register: r.Register, ID: r.ID, Why: UsedSince, Refused: short}
			}
		}
	}
	return o.finish(b), nil
}

// before gives the records that a batch changed as they were before it, the
// last first; those that can only stay are noted as kept.
func (o *Outcome) before(b *ledger.Book, batch ledger.Batch) ([]ledger.Record, error) {
	seq := batch.Head.Seq
	var records []ledger.Record
	for i := len(batch.Records) - 1; i >= 0; i-- {
		r := batch.Records[i]
		if slices.ContainsFunc(batch.Records[i+1:], func(later ledger.Record) bool { return later.Register == r.Register && later.ID == r.ID }) {
			continue
		}
		versions, seqs := b.Versions(r.Register, r.ID)
		if seqs[len(seqs)-1] != seq {
			return nil, &CannotUndo{Seq: seq, Register: r.Register, ID: r.ID, Why: ChangedSince}
		}
		if first := slices.Index(seqs, seq); first > 0 {
			records = append(records, versions[first-1])
		} else if cells, can := takenOut[r.Register]; can {
			records = append(records, amended(r, cells))
		} else {
			o.Kept = append(o.Kept, r)
		}
	}
	return records, nil
}

// since gives what a batch and those after it have put into an account.
func since(b *ledger.Book, seq int, a ledger.Account) (net money.Pence) {
	for i, _ := b.Span(seq); i < b.Len(); i++ {
		e := b.Entry(i)
		if e.To == a {
			net += e.Amount
		}
		if e.From == a {
			net -= e.Amount
		}
	}
	return net
}

// back is an entry as the step that takes it back.
func back(e ledger.Entry) Step {
	s := Step{Kind: e.Kind, Award: cmp.Or(e.To.Award, e.From.Award), Board: cmp.Or(e.To.Board, e.From.Board), Year: e.To.Year, Amount: e.Amount, Objective: e.Label.Objective, Area: e.Label.Area}
	s.From, s.To = e.To.Service, e.From.Service
	return s
}
