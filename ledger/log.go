package ledger

import "sync/atomic"

// log is an append-only list whose versions share storage. The version that
// grows first writes in place behind what older versions can see; a second
// version grown from the same point (a scenario) copies only the last block.
type log[T any] struct {
	blocks []*logPart[T]
	n      int
}

type logPart[T any] struct {
	used  atomic.Int32
	items [logBlock]T
}

const logBlock = 1024

func (l log[T]) len() int    { return l.n }
func (l log[T]) at(i int) *T { return &l.blocks[i/logBlock].items[i%logBlock] }

// runs calls yield with each run of items from index first on, in order.
func (l log[T]) runs(yield func(first int, items []T) bool) {
	for b, block := range l.blocks {
		n := min(logBlock, l.n-b*logBlock)
		if !yield(b*logBlock, block.items[:n]) {
			return
		}
	}
}

func (l log[T]) append(items []T) log[T] {
	for len(items) > 0 {
		used := l.n % logBlock
		n := min(len(items), logBlock-used)
		switch {
		case used == 0:
			l.blocks = append(l.blocks[:len(l.blocks):len(l.blocks)], new(logPart[T]))
			l.blocks[len(l.blocks)-1].used.Store(int32(n))
		case !l.blocks[len(l.blocks)-1].used.CompareAndSwap(int32(used), int32(used+n)):
			branch := new(logPart[T])
			copy(branch.items[:used], l.blocks[len(l.blocks)-1].items[:used])
			branch.used.Store(int32(used + n))
			l.blocks = append(append(make([]*logPart[T], 0, len(l.blocks)), l.blocks[:len(l.blocks)-1]...), branch)
		}
		copy(l.blocks[len(l.blocks)-1].items[used:], items[:n])
		l.n += n
		items = items[n:]
	}
	return l
}
