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
	"settings":    {"value": DefaultSetting},
	"scenarios":   {"state": "withdrawn"},
	"changes":     {"state": "withdrawn"},
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
	records, err := o.before(b, seq)
	if err != nil {
		return nil, err
	}
	var others []ledger.Record
	for _, r := range records {
		if r.Register != "figures" {
			others = append(others, r)
		} else if err := o.Draft.State(r, 0); err != nil {
			return nil, &CannotUndo{Seq: seq, Register: r.Register, ID: r.ID, Why: UsedSince, Refused: err}
		}
	}
	if err := o.Draft.Put(others...); err != nil {
		return nil, &CannotUndo{Seq: seq, Why: UsedSince, Refused: err}
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

// before gives the records that a batch wrote as they were before it, the last
// first; those that can only stay are noted as kept.
func (o *Outcome) before(b *ledger.Book, seq int) ([]ledger.Record, error) {
	var records []ledger.Record
	for _, r := range slices.Backward(b.ReplacedBy(seq)) {
		cells, can := takenOut[r.Register]
		switch {
		case r.Later:
			return nil, &CannotUndo{Seq: seq, Register: r.Register, ID: r.ID, Why: ChangedSince}
		case !r.Added:
			records = append(records, r.Was)
		case can:
			records = append(records, amended(r.Record, cells))
		default:
			o.Kept = append(o.Kept, r.Record)
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
