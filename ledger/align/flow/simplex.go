package flow

import "math"

// simplex is the primal network simplex for one word of cost.
//
// The arcs in use in part form a spanning tree hung from a root that is no node
// of the graph; every other arc carries all it can or only what it must. Prices
// are set so that each tree arc breaks even. An arc outside the tree that does
// better than break even enters: flow goes round the cycle it closes until some
// arc of the cycle can take no more, and that arc leaves.
//
// The tree is kept strongly feasible: from every node, one unit more could go up
// to the root. With the rule that of several arcs that could leave the last one
// met going round the cycle from its top does, no sequence of pivots that move
// nothing can come back to where it was, so the search ends (Cunningham 1976).
//
// Amounts here are over what an arc must carry, so each runs from 0 to room.
type simplex struct {
	from, to []int32 // by arc
	cost     []int64 // by arc: the word in hand
	room     []int64 // by arc: capacity less what it must carry
	flow     []int64 // by arc; then by node, of the artificial arc between it and the root
	state    []int8  // by arc: atLow, atCap, or fixed

	tree
	price []int64 // by node

	next   int // where the search for an entering arc goes on
	block  int // how many arcs it looks at before it takes the best
	pivots int
}

// An arc that is not to enter is fixed: it is in the tree, has no room, or would
// cost an earlier word of aims. The others have the sign that turns a reduced
// cost into what it would cost to bring the arc in: less than nothing, if it is
// worth it.
const (
	atLow int8 = 1
	fixed int8 = 0
	atCap int8 = -1
)

// run pivots until no arc can improve the plan by the word in hand.
func (x *simplex) run() {
	for {
		arc := x.entering()
		if arc < 0 {
			return
		}
		x.pivot(arc)
		x.pivots++
	}
}

// entering is the arc that saves most of the next block of arcs in which any
// does, or -1.
func (x *simplex) entering() int {
	from, price := x.from, x.price
	to, cost, state := x.to[:len(from)], x.cost[:len(from)], x.state[:len(from)]
	best, arc, a := int64(0), -1, x.next
	for left := len(from); left > 0 && arc < 0; {
		end := min(a+x.block, len(from))
		left -= end - a
		for ; a < end; a++ {
			if extra := int64(state[a]) * (cost[a] + price[from[a]] - price[to[a]]); extra < best {
				best, arc = extra, a
			}
		}
		if a == len(from) {
			a = 0
		}
	}
	x.next = a
	return arc
}

// pivot brings an arc into the tree, or from one of its limits to the other.
func (x *simplex) pivot(in int) {
	// The cycle goes down the tree from its top to tail, along the arc, and from
	// head up to the top again.
	tail, head := x.from[in], x.to[in]
	if x.state[in] == atCap {
		tail, head = head, tail
	}
	top, other := tail, head
	for top != other {
		if x.count[top] <= x.count[other] {
			top = x.parent[top]
		} else {
			other = x.parent[other]
		}
	}

	// How much can go round, and the node whose arc to its parent leaves. The
	// side of head comes later on the cycle, so it wins a tie.
	amount, out, outAtTail := x.room[in], int32(-1), false
	for v := tail; v != top; v = x.parent[v] {
		if left := x.left(v, !x.up[v]); left < amount {
			amount, out, outAtTail = left, v, true
		}
	}
	for v := head; v != top; v = x.parent[v] {
		if left := x.left(v, x.up[v]); left <= amount {
			amount, out, outAtTail = left, v, false
		}
	}

	if amount > 0 {
		x.flow[in] += int64(x.state[in]) * amount
		for v := tail; v != top; v = x.parent[v] {
			if x.up[v] {
				x.flow[x.pred[v]] -= amount
			} else {
				x.flow[x.pred[v]] += amount
			}
		}
		for v := head; v != top; v = x.parent[v] {
			if x.up[v] {
				x.flow[x.pred[v]] += amount
			} else {
				x.flow[x.pred[v]] -= amount
			}
		}
	}
	if out < 0 {
		x.state[in] = -x.state[in]
		return
	}
	if leaving := x.pred[out]; int(leaving) < len(x.from) {
		x.state[leaving] = atLow
		if x.flow[leaving] != 0 {
			x.state[leaving] = atCap
		}
	} // an artificial arc that leaves does not come back

	reduced := x.cost[in] + x.price[x.from[in]] - x.price[x.to[in]]
	x.state[in] = fixed
	low, high := head, tail // the end that moves, and the end it is to hang from
	if outAtTail {
		low, high = tail, head
	}
	if low == x.from[in] {
		reduced = -reduced
	}
	x.rehang(out, low, high, top, int32(in), reduced)
}

// left is how much more the arc between a node and its parent can take along
// its direction, or give back against it.
func (x *simplex) left(v int32, along bool) int64 {
	a := x.pred[v]
	switch {
	case !along:
		return x.flow[a]
	case int(a) >= len(x.from):
		return math.MaxInt64
	}
	return x.room[a] - x.flow[a]
}

// rehang cuts the tree above out and hangs what is cut off by the arc from low,
// which is in it, to high, which is not. The prices there change by shift.
func (x *simplex) rehang(out, low, high, top, arc int32, shift int64) {
	parent, thread, back, last, count := x.parent, x.thread, x.back, x.last, x.count
	link := func(v, w int32) { thread[v], back[w] = w, v }

	// Take the part out of the thread.
	end, before := last[out], back[out]
	link(before, thread[end])
	for v := parent[out]; v >= 0 && last[v] == end; v = parent[v] {
		last[v] = before
	}

	// Thread it anew from low. What hung above low now hangs below it: for each
	// node on the way up to out, itself and what hung from it before the way, then
	// what hung from it after.
	tail := last[low]
	childLast, childBack, childNext := last[low], back[low], thread[last[low]]
	for child := low; child != out; child = parent[child] {
		v := parent[child]
		vLast, vBack, vNext := last[v], back[v], childNext
		if vLast != childLast {
			vNext = thread[vLast]
		}
		link(tail, v)
		tail = childBack
		if vLast != childLast {
			link(tail, childNext)
			tail = vLast
		}
		childLast, childBack, childNext = vLast, vBack, vNext
	}

	// Turn the arcs on the way round. What hangs from a node of the way is all that
	// is cut off but what hung from the node before it.
	cut, above := count[out], int32(0)
	for v := parent[out]; v != top; v = parent[v] {
		count[v] -= cut
	}
	for v := high; v != top; v = parent[v] {
		count[v] += cut
	}
	for v, p, a, up := low, high, arc, x.from[arc] == low; ; {
		p1, a1, up1 := parent[v], x.pred[v], x.up[v]
		parent[v], x.pred[v], x.up[v], last[v] = p, a, up, tail
		count[v], above = cut-above, count[v]
		if v == out {
			break
		}
		v, p, a, up = p1, v, a1, !up1
	}

	// Put it back into the thread, first of what hangs from high.
	after := thread[high]
	link(high, low)
	link(tail, after)
	for v := high; v >= 0 && last[v] == high; v = parent[v] {
		last[v] = tail
	}

	// Only differences of prices count, so change whichever side is the smaller. (The
	// prices may then drift past an int64 and round; their differences are still
	// right.) Go through it from both ends at once, since each step waits for memory.
	first, final, n := low, tail, cut
	if int(cut) > len(parent)/2 {
		first, final, n, shift = after, back[low], int32(len(parent))-cut, -shift
	}
	for ; n > 1; n -= 2 {
		x.price[first] += shift
		x.price[final] += shift
		first, final = thread[first], back[final]
	}
	if n > 0 {
		x.price[first] += shift
	}
}

// reprice sets the prices of all nodes by the word in hand, where an artificial
// arc costs large.
func (x *simplex) reprice(large int64) {
	root := x.root()
	x.price[root] = 0
	for v := x.thread[root]; v != root; v = x.thread[v] {
		c := large
		if a := int(x.pred[v]); a < len(x.from) {
			c = x.cost[a]
		}
		if x.up[v] {
			c = -c
		}
		x.price[v] = x.price[x.parent[v]] + c
	}
}

// freeze fixes the arcs that cannot change without loss by the word in hand.
func (x *simplex) freeze() {
	for a := range x.from {
		if x.state[a] != fixed && x.cost[a]+x.price[x.from[a]] != x.price[x.to[a]] {
			x.state[a] = fixed
		}
	}
}
