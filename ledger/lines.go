package ledger

import (
	"braid/ledger/fiscal"
)

// lineIndex lists the entries of each line: entries[starts[ref]:starts[ref+1]].
type lineIndex struct{ starts, entries []int32 }

func indexLines(b *Book) *lineIndex {
	x := &lineIndex{starts: make([]int32, len(b.texts)+1), entries: make([]int32, b.Len())}
	for _, run := range b.entries.runs {
		for i := range run {
			x.starts[run[i].line+1]++
		}
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	next := append([]int32(nil), x.starts...)
	for first, run := range b.entries.runs {
		for i := range run {
			x.entries[next[run[i].line]] = int32(first + i)
			next[run[i].line]++
		}
	}
	return x
}

// Standing lists the entries of one line that stand: of a kind and a year, not
// reversed and no reversals themselves. A line is a row of a file, by its id.
func (b *Book) Standing(kind Kind, line string) []int {
	ref, ok := b.names.find(line)
	x := b.memo.lines()
	if !ok || int(ref) >= len(x.starts)-1 {
		return nil
	}
	var of []int
	for _, i := range x.entries[x.starts[ref]:x.starts[ref+1]] {
		if e := b.entries.at(int(i)); e.kind == kind && e.reverses == 0 && b.reversedBy.get(int(i)) == 0 {
			of = append(of, int(i))
		}
	}
	return of
}

// Correct replaces what stands of a line by reversing it; the caller then
// posts the line anew. It refuses what has since been promised or spent.
func (d *Draft) Correct(indexes []int, on fiscal.Date) error {
	for _, i := range indexes {
		if err := d.reverse(i, on); err != nil {
			return err
		}
	}
	return nil
}
