package align

import (
	"container/heap"

	"braid/ledger/align/flow"
)

// ways says, for each node of a solved network, where one more penny there
// would go: the cheapest way out of what the solution leaves room for. It is
// exact where prices alone are not, because a price may hold for less and not
// for more.
type ways struct {
	nw   *network
	next []int32 // by node: the arc to follow, −1 none; marked where followed backwards
	back []bool
	cost []flow.Cost // by node: what the penny would come to
	sure []bool
}

func (nw *network) ways() *ways {
	g, s := nw.graph, nw.solution
	n := g.Nodes()
	w := &ways{nw: nw, next: fill(n), back: make([]bool, n), cost: make([]flow.Cost, n), sure: make([]bool, n)}
	starts := make([]int32, n+1) // arcs at each node, either end
	for a := range g.Arcs() {
		starts[g.From(a)+1]++
		starts[g.To(a)+1]++
	}
	for i := 1; i <= n; i++ {
		starts[i] += starts[i-1]
	}
	at := make([]int32, starts[n])
	fillAt := append([]int32(nil), starts...)
	for a := range g.Arcs() {
		at[fillAt[g.From(a)]] = int32(a)
		fillAt[g.From(a)]++
		at[fillAt[g.To(a)]] = int32(a)
		fillAt[g.To(a)]++
	}
	// Dijkstra from the way out, backwards, by reduced costs, none of which is
	// below nought. Most nodes are reached by arcs that cost nothing, so those
	// go first, without the heap.
	reached := make([]bool, n)
	reached[0] = true
	plain, later := []int32{0}, &queue{}
	settle := func(v int32) {
		w.sure[v] = true
		for _, a := range at[starts[v]:starts[v+1]] {
			arc := int(a)
			u, back := int32(g.From(arc)), false
			if u == v { // the arc leaves v: followed backwards, it enters v from its head
				u, back = int32(g.To(arc)), true
			}
			if w.sure[u] {
				continue
			}
			f := s.Flow(arc)
			if back && f == 0 || !back && f >= nw.room(arc) {
				continue
			}
			step := s.Reduced(arc)
			if back {
				step = negated(step)
			}
			total := plus(step, w.cost[v])
			if !reached[u] || total.Compare(w.cost[u]) < 0 {
				reached[u] = true
				w.next[u], w.back[u], w.cost[u] = a, back, total
				if step == (flow.Cost{}) && total == (flow.Cost{}) {
					plain = append(plain, u)
				} else {
					heap.Push(later, queued{total, u})
				}
			}
		}
	}
	for len(plain) > 0 || later.Len() > 0 {
		var v int32
		if len(plain) > 0 {
			v, plain = plain[len(plain)-1], plain[:len(plain)-1]
		} else {
			v = heap.Pop(later).(queued).node
		}
		if !w.sure[v] {
			settle(v)
		}
	}
	for v := range n { // from reduced to real
		w.cost[v] = plus(w.cost[v], plus(s.Potential(0), negated(s.Potential(v))))
	}
	return w
}

// room is the most an arc may carry.
func (nw *network) room(arc int) int64 { return nw.caps[arc] }

func plus(a, b flow.Cost) flow.Cost {
	for k := range a {
		a[k] += b[k]
	}
	return a
}

func negated(a flow.Cost) flow.Cost {
	for k := range a {
		a[k] = -a[k]
	}
	return a
}

type queued struct {
	cost flow.Cost
	node int32
}

type queue []queued

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if c := q[i].cost.Compare(q[j].cost); c != 0 {
		return c < 0
	}
	return q[i].node < q[j].node
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(queued)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// more is what one more penny of a source would do.
type more struct {
	first int32 // the want it would be spent on; −1 none
	last  int32 // the want that would be less short in the end; −1 none
	spare int32 // the source that would have a penny more unused in the end; −1 none
	aim   Aim   // the first aim it would serve; aims where none
}

// more follows a penny from a source to where it would end.
func (w *ways) more(source int32) more {
	m := more{-1, -1, -1, aims}
	nw := w.nw
	v := nw.source[source]
	if v < 0 || !w.sure[v] {
		return m
	}
	for k, c := range w.cost[v] {
		if c < 0 {
			m.aim = Aim(k)
			break
		} else if c > 0 {
			break
		}
	}
	for steps := 0; v != 0 && steps <= len(w.next); steps++ {
		a := w.next[v]
		want, unused := nw.about(a)
		if want >= 0 {
			if m.first < 0 {
				m.first = want
			}
			if !w.back[v] && nw.graph.To(int(a)) == 0 {
				m.last = want
			}
		}
		if unused >= 0 {
			m.spare = unused
		}
		if w.back[v] {
			v = int32(nw.graph.From(int(a)))
		} else {
			v = int32(nw.graph.To(int(a)))
		}
	}
	return m
}
