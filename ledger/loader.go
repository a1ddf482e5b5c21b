package ledger

import (
	"fmt"
	"slices"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// version is a book being made: it owns the blocks it has copied and may be
// written to until it is finished.
type version struct {
	*Book
	held     *vectorEdit[money.Pence]
	reversed *vectorEdit[int32]
	pending  []entry  // entries of the batch being made
	recent   []Record // its records
}

func (b *Book) next() *version {
	v := &version{Book: b.clone()}
	v.held, v.reversed = b.balances.edit(), b.reversedBy.edit()
	return v
}

// post adds an entry: amount positive, accounts known, reversal once.
func (v *version) post(e entry) error {
	if e.amount <= 0 || e.amount > money.Max {
		return fmt.Errorf("an entry moves more than £0.00 and at most %s; found %s", money.Max.Exact(), e.amount.Exact())
	}
	if e.from == e.to {
		return fmt.Errorf("an entry moves money between two accounts")
	}
	from, err := v.held.get(int(e.from)).Sub(e.amount)
	if err != nil {
		return err
	}
	to, err := v.held.get(int(e.to)).Add(e.amount)
	if err != nil {
		return err
	}
	if e.reverses > 0 {
		*v.reversed.at(int(e.reverses) - 1) = int32(v.entries.len() + len(v.pending) + 1)
	}
	*v.held.at(int(e.from)) = from
	*v.held.at(int(e.to)) = to
	v.latest = max(v.latest, e.on)
	v.pending = append(v.pending, e)
	return nil
}

func (v *version) record(r Record) error {
	if err := v.place(r); err != nil {
		return err
	}
	v.recent = append(v.recent, r)
	return nil
}

// batch gives what has been made so far under a head.
func (v *version) batch(h Head) Batch {
	v.seen = v.names.seen()
	return Batch{Head: h, Records: v.recent, entries: v.pending, seen: v.seen, base: v.entries.len(), ids: v.EntryID}
}

// close ends a batch; the version may go on with another.
func (v *version) close(h Head, hash Hash) {
	m := mark{head: h, hash: hash, firstEntry: v.entries.len(), firstRecord: v.history.len()}
	v.marks = v.marks.append([]mark{m})
	v.entries = v.entries.append(v.pending)
	v.history = v.history.append(v.recent)
	v.pending, v.recent = v.pending[:0:0], nil
}

// finish gives the book made.
func (v *version) finish() *Book {
	b := v.Book
	b.seen = b.names.seen()
	b.balances, b.reversedBy = v.held.done(), v.reversed.done()
	b.seal()
	b.remember()
	return b
}

// Loader makes a book from stored batches, in order. It checks that each
// follows from the one before; with Verify it recomputes each hash and holds
// each entry to the invariants that Post keeps.
type Loader struct {
	Verify bool
	v      *version
	head   Head
	paths  map[string]AccountNo
}

// NewLoader starts from the empty book.
func NewLoader() *Loader { return Empty().Loader() }

// Loader starts from this book: how one process catches up with another.
func (b *Book) Loader() *Loader { return &Loader{v: b.next(), paths: make(map[string]AccountNo)} }

// Begin starts the next batch. Its head's hash is given at End.
func (l *Loader) Begin(h Head) error {
	if want := l.v.Sequence() + 1; h.Seq != want {
		return &Damaged{Seq: want, Why: fmt.Sprintf("the batch after %d is numbered %d", want-1, h.Seq)}
	}
	if h.Prev != l.v.Hash() {
		return &Damaged{Seq: h.Seq, Why: "it does not carry the hash of the batch before"}
	}
	l.head = h
	return nil
}

// Grow makes room for a batch of n entries.
func (l *Loader) Grow(n int) { l.v.grow(n) }

func (v *version) grow(n int) {
	v.pending = slices.Grow(v.pending, n)
	v.names.grow(n)
}

// Record adds a record of the batch.
func (l *Loader) Record(r Record) error {
	if err := l.v.record(r); err != nil {
		return &Damaged{Seq: l.head.Seq, Why: err.Error()}
	}
	return nil
}

// Row is an entry as stored: accounts as paths.
type Row struct {
	Kind                                            string
	Amount                                          money.Pence
	From, To                                        string
	Line, Objective, Area, Element, CostType, Match string
	Effective                                       fiscal.Date
	Row                                             int
	Reverses                                        EntryID
}

// Row adds an entry of the batch.
func (l *Loader) Row(r Row) error {
	bad := func(err error) error {
		return &Damaged{Seq: l.head.Seq, Why: fmt.Sprintf("entry %d: %v", len(l.v.pending)+1, err)}
	}
	kind, err := ParseKind(r.Kind)
	if err != nil {
		return bad(err)
	}
	e := entry{kind: kind, amount: r.Amount, on: r.Effective, row: int32(r.Row), line: l.v.names.line(r.Line)}
	if e.from, err = l.account(r.From); err != nil {
		return bad(err)
	}
	if e.to, err = l.account(r.To); err != nil {
		return bad(err)
	}
	if r.Objective != "" || r.Area != "" || r.Element != "" || r.CostType != "" || r.Match != "" {
		e.label = l.v.label(Label{r.Objective, r.Area, r.Element, r.CostType, r.Match})
	}
	if r.Reverses != (EntryID{}) {
		i, ok := l.v.index(r.Reverses)
		if !ok || r.Reverses.Seq == l.head.Seq {
			return bad(fmt.Errorf("it reverses entry %s, which does not come before it", r.Reverses))
		}
		if l.v.reversed.get(i) != 0 {
			return bad(fmt.Errorf("it reverses entry %s a second time", r.Reverses))
		}
		was := l.v.entries.at(i)
		if was.from != e.to || was.to != e.from || was.amount != e.amount {
			return bad(fmt.Errorf("it does not mirror entry %s, which it reverses", r.Reverses))
		}
		e.reverses = int32(i + 1)
	}
	if err := l.v.post(e); err != nil {
		return bad(err)
	}
	return nil
}

// Entry adds an entry of the batch.
func (l *Loader) Entry(e Entry) error {
	return l.Row(Row{Kind: e.Kind.String(), Amount: e.Amount, From: e.From.String(), To: e.To.String(), Line: e.Line, Objective: e.Label.Objective,
		Area: e.Label.Area, Element: e.Label.Element, CostType: e.Label.CostType, Match: e.Label.MatchFor, Effective: e.Effective, Row: e.Row, Reverses: e.Reverses})
}

func (l *Loader) account(path string) (AccountNo, error) {
	if no, ok := l.paths[path]; ok {
		return no, nil
	}
	a, err := ParseAccount(path)
	if err != nil {
		return 0, err
	}
	no := l.v.account(a)
	if !a.Stage.OfService() { // an award's own account comes again; a service's seldom
		l.paths[strings.Clone(path)] = no
	}
	return no, nil
}

func (v *version) account(a Account) AccountNo {
	return v.names.account(accountKey{v.names.ref(a.Award), v.names.ref(a.Board), v.names.ref(a.Service), a.Year, a.Stage})
}

// accountKey reads an account that may be newer than what the version has seen.
func (v *version) accountKey(no AccountNo) accountKey {
	if int(no) >= len(v.seen.accounts) {
		v.seen = v.names.seen()
	}
	return v.seen.accounts[no]
}

func (v *version) label(a Label) labelNo {
	n := v.names
	return n.label(labelKey{n.ref(a.Objective), n.ref(a.Area), n.ref(a.Element), n.ref(a.CostType), n.ref(a.MatchFor)})
}

// End closes the batch, which must have the hash given.
func (l *Loader) End(hash Hash) error {
	if l.Verify {
		if err := l.v.verifyReferences(); err != nil {
			return &Damaged{Seq: l.head.Seq, Why: err.Error()}
		}
		if err := l.v.verifyDecisions(l.head); err != nil {
			return &Damaged{Seq: l.head.Seq, Why: err.Error()}
		}
		if got := l.v.batch(l.head).Hash(); got != hash {
			return &Damaged{Seq: l.head.Seq, Why: fmt.Sprintf("its contents hash to %s, and it was posted as %s", got, hash)}
		}
	}
	l.v.close(l.head, hash)
	return nil
}

// Book gives the book loaded.
func (l *Loader) Book() *Book { return l.v.finish() }
