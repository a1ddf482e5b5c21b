package ledger

// vector is a list whose versions share what they have in common: changing a
// few places of a long one copies only the blocks touched. It lets a book have
// a successor in time that depends on the change.
type vector[T any] struct {
	blocks []*[vectorBlock]T
	n      int
}

const vectorBlock = 512

// get gives the zero value beyond the end: an account never touched holds nothing.
func (v vector[T]) get(i int) T {
	if i >= v.n || v.blocks[i/vectorBlock] == nil {
		var zero T
		return zero
	}
	return v.blocks[i/vectorBlock][i%vectorBlock]
}

// edit starts the next version.
func (v vector[T]) edit() *vectorEdit[T] {
	return &vectorEdit[T]{v: vector[T]{blocks: v.blocks, n: v.n}}
}

// vectorEdit is a version being made; it owns the blocks it has copied.
type vectorEdit[T any] struct {
	v     vector[T]
	owned []bool
}

func (e *vectorEdit[T]) get(i int) T { return e.v.get(i) }

// at gives the place to write, growing the list as needed.
func (e *vectorEdit[T]) at(i int) *T {
	if e.owned == nil {
		e.v.blocks = append(make([]*[vectorBlock]T, 0, len(e.v.blocks)+1), e.v.blocks...)
		e.owned = make([]bool, len(e.v.blocks), len(e.v.blocks)+1)
	}
	b := i / vectorBlock
	for b >= len(e.v.blocks) {
		e.v.blocks = append(e.v.blocks, nil)
		e.owned = append(e.owned, false)
	}
	if !e.owned[b] {
		fresh := new([vectorBlock]T)
		if old := e.v.blocks[b]; old != nil {
			*fresh = *old
		}
		e.v.blocks[b], e.owned[b] = fresh, true
	}
	e.v.n = max(e.v.n, i+1)
	return &e.v.blocks[b][i%vectorBlock]
}

// done gives the version made; the edit may go on, but no longer owns it.
func (e *vectorEdit[T]) done() vector[T] {
	e.owned = nil
	return e.v
}
