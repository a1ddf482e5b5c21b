package ledger

import (
	"maps"
	"slices"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// lineIndex lists the entries of each line by its id: entries[starts[n]:starts[n+1]]
// for the nth id. It is worked out when first asked for, as imports do.
type lineIndex struct {
	of              map[string]int32
	starts, entries []int32
}

func indexLines(b *Book) *lineIndex {
	x := &lineIndex{of: make(map[string]int32, len(b.lineEnds)), entries: make([]int32, b.Len())}
	number := make([]int32, len(b.lineEnds)) // of each line number, its id's
	for no := range number {
		id := b.line(lineNo(no))
		n, met := x.of[string(id)]
		if !met {
			n = int32(len(x.of))
			x.of[string(id)] = n
		}
		number[no] = n
	}
	x.starts = make([]int32, len(x.of)+1)
	for _, run := range b.entries.runs {
		for i := range run {
			x.starts[number[run[i].line]+1]++
		}
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	next := append([]int32(nil), x.starts...)
	for first, run := range b.entries.runs {
		for i := range run {
			n := number[run[i].line]
			x.entries[next[n]] = int32(first + i)
			next[n]++
		}
	}
	return x
}

// Standing lists the entries of one line that stand (InForce), of a kind. A line is a row of a file, by its id.
func (b *Book) Standing(kind Kind, line string) []int {
	x := b.memo.lines()
	n, ok := x.of[line]
	if !ok {
		return nil
	}
	var of []int
	for _, i := range x.entries[x.starts[n]:x.starts[n+1]] {
		if e := b.entries.at(int(i)); e.kind == kind && b.InForce(int(i)) {
			of = append(of, int(i))
		}
	}
	return of
}

// Correct replaces what stands of a line: it reverses the entries and lets anew
// post what is to stand instead. Only the outcome is held to the balances, so
// £900 may become £800 where £200 is spent, and not £100; and what is already
// below nought may be labelled afresh, and not deepened.
func (d *Draft) Correct(indexes []int, on fiscal.Date, anew func() error) error {
	freed := make(map[AccountNo]money.Pence, len(indexes))
	d.deferred = make(map[AccountNo]money.Pence, 2*len(indexes))
	was := d.deferred
	defer func() { d.deferred = nil }()
	decision := false
	for _, i := range indexes {
		e := d.v.entries.at(i)
		decision = decision || e.kind != Payment // spend is a fact
		d.hold(e.from)
		d.hold(e.to)
		freed[e.from] += e.amount
		if err := d.reverse(i, on); err != nil {
			return err
		}
	}
	if err := anew(); err != nil {
		return err
	}
	d.deferred = nil
	for _, no := range slices.Sorted(maps.Keys(was)) {
		held := d.v.held.get(int(no))
		if d.AsFound || !decision || held >= min(was[no], 0) {
			continue
		}
		holds := max(was[no]+freed[no], 0)
		if err := d.short(no, holds, holds-held); err != nil {
			return err
		}
	}
	return nil
}
