package flow

import (
	"math"
	"math/big"
	"math/bits"
)

// Solution is a cheapest plan and the tree that proves it. It never changes, so
// it may be read, and resolved, by several at once.
type Solution struct {
	from, to []int32
	low, cap []int64
	cost     []Cost
	supply   []int64
	packing  *packing
	words    [][]int64 // the packed costs
	limited  int64     // no arc can carry more than this but in a round without limit

	flow      []int64 // by arc, over what it must carry; then by node, the artificial arcs
	parent    []int32
	pred      []int32
	up        []bool
	potential []Cost
	pivots    int
}

// Solve finds the cheapest plan. The error is *Infeasible, *Unbounded or
// *TooLarge.
func (g *Graph) Solve() (*Solution, error) {
	nodes, arcs := len(g.supply), len(g.from)
	s := &Solution{
		from: g.from[:arcs:arcs], to: g.to[:arcs:arcs], low: g.low[:arcs:arcs], cap: g.cap[:arcs:arcs],
		cost: g.cost[:arcs:arcs], supply: append([]int64(nil), g.supply...),
		flow:   make([]int64, arcs+nodes),
		parent: make([]int32, nodes+1), pred: make([]int32, nodes+1), up: make([]bool, nodes+1),
	}
	if err := s.measure(); err != nil {
		return nil, err
	}
	if err := s.pack(); err != nil {
		return nil, err
	}
	// At first every arc carries what it must, and an artificial arc takes what
	// is over at each node to the root or brings what is wanting.
	over := append([]int64(nil), s.supply...)
	for a, low := range s.low {
		over[s.from[a]] -= low
		over[s.to[a]] += low
	}
	for v := range over {
		s.hangFromRoot(int32(v), over[v])
	}
	if err := s.run(s.tree()); err != nil {
		return nil, err
	}
	return s, nil
}

// hangFromRoot joins a node to the root by its artificial arc, which takes away
// what is over at the node.
func (s *Solution) hangFromRoot(v int32, over int64) {
	s.parent[v], s.pred[v], s.up[v] = int32(len(s.supply)), int32(len(s.from))+v, over >= 0
	s.flow[len(s.from)+int(v)] = max(over, -over)
}

// measure refuses limits that cross, and amounts that could not be added up.
func (s *Solution) measure() error {
	for a, low := range s.low {
		if low > s.cap[a] {
			return &Infeasible{Arc: a, Over: low - s.cap[a]}
		}
		if err := s.allow(low, s.cap[a]); err != nil {
			return err
		}
	}
	for _, amount := range s.supply {
		if err := s.allow(amount, amount); err != nil {
			return err
		}
	}
	return nil
}

// allow counts what one pair of limits can add to the flow on any arc.
func (s *Solution) allow(low, cap int64) error {
	most := reach(low, cap)
	if most < 0 || most >= Unlimited-s.limited {
		return &TooLarge{Aim: -1}
	}
	s.limited += most
	return nil
}

// reach is how far from nought limits let an arc go, twice over because an
// amount that must be carried must also be brought; -1 if too far.
func reach(low, cap int64) int64 {
	most := size(low)
	if cap != Unlimited {
		most = max(most, size(cap))
	}
	if most >= Unlimited/2 {
		return -1
	}
	return 2 * most
}

func (s *Solution) pack() (err error) {
	if s.packing, err = pack(len(s.supply), s.from, s.to, s.cost); err != nil {
		return err
	}
	s.words = make([][]int64, s.packing.words)
	for w := range s.words {
		s.words[w] = make([]int64, len(s.cost))
		for a := range s.cost {
			s.words[w][a] = s.packing.of(s.cost[a], w)
		}
	}
	return nil
}

// room is how much an arc can carry over what it must.
func (s *Solution) room(arc int) int64 {
	if s.cap[arc] == Unlimited {
		return Unlimited
	}
	return s.cap[arc] - s.low[arc]
}

// tree is a simplex that goes on from the tree at hand.
func (s *Solution) tree() *simplex {
	nodes := len(s.supply)
	links := make([]int32, 4*(nodes+1))
	x := &simplex{
		from: s.from, to: s.to, flow: s.flow,
		parent: s.parent, pred: s.pred, up: s.up,
		thread: links[:nodes+1], back: links[nodes+1 : 2*nodes+2], last: links[2*nodes+2 : 3*nodes+3], depth: links[3*nodes+3:],
		price: make([]int64, nodes+1),
		block: max(10, int(math.Sqrt(float64(len(s.from))))),
	}
	x.hang()
	return x
}

// run searches from the tree and flow at hand, word by word.
func (s *Solution) run(x *simplex) error {
	nodes, arcs := len(s.supply), len(s.from)
	x.room, x.state = make([]int64, arcs), make([]int8, arcs)
	for a := range x.room {
		x.room[a] = s.room(a)
		switch {
		case x.room[a] == 0:
		case x.flow[a] == 0:
			x.state[a] = atLow
		default:
			x.state[a] = atCap
		}
	}
	for v := range nodes {
		if a := int(s.pred[v]); a < arcs {
			x.state[a] = fixed
		}
	}
	large := s.packing.large
	for w := range s.words {
		x.cost = s.words[w]
		x.reprice(large)
		x.run()
		if w == 0 {
			if err := s.cut(); err != nil {
				return err
			}
			large = 0
		}
		if w+1 < len(s.words) {
			x.freeze()
		}
	}
	s.pivots += x.pivots
	for a, flow := range s.flow[:arcs] {
		if flow >= Unlimited {
			return &Unbounded{Arc: a}
		}
	}
	s.prices(x.thread)
	return nil
}

// cut names the nodes that could not be balanced, if artificial arcs are still
// in use. Every node hangs from an artificial arc to the root or from one from
// the root. No arc can take more from the nodes of the first kind to those of
// the second, or it would have entered; so what still goes to the root from the
// first is what they have over, whatever the plan.
func (s *Solution) cut() error {
	root := len(s.supply)
	var away, brought int64
	for v, p := range s.parent[:root] {
		switch {
		case int(p) != root:
		case s.up[v]:
			away += s.flow[len(s.from)+v]
		default:
			brought += s.flow[len(s.from)+v]
		}
	}
	if away == 0 && brought == 0 {
		return nil
	}
	e := &Infeasible{Arc: -1, Over: away}
	if away == 0 {
		e.Over = -brought
	}
	for v := range s.supply {
		w := v
		for int(s.parent[w]) != root {
			w = int(s.parent[w])
		}
		if s.up[w] == (away > 0) {
			e.Nodes = append(e.Nodes, v)
		}
	}
	return e
}

// prices sets the potentials from the tree.
func (s *Solution) prices(thread []int32) {
	root := int32(len(s.supply))
	s.potential = make([]Cost, root+1)
	parts := 0
	for v := thread[root]; v != root; v = thread[v] {
		above := s.potential[s.parent[v]]
		switch a := int(s.pred[v]); {
		case a >= len(s.from):
			parts++
			s.potential[v] = above
		case s.up[v]:
			s.potential[v] = above.less(s.cost[a])
		default:
			s.potential[v] = above.add(s.cost[a])
		}
	}
	if parts > 1 {
		s.join(thread)
	}
}

// join makes the prices of the parts of the tree, which only artificial arcs
// hold together, agree with the arcs between them: no arc that can take more may
// save by it. As the plan is the cheapest, no round of such arcs saves, so going
// over them as in Bellman and Ford comes to an end.
func (s *Solution) join(thread []int32) {
	root := int32(len(s.supply))
	part := make([]int32, root+1)
	for v := thread[root]; v != root; v = thread[v] {
		part[v] = v
		if s.parent[v] != root {
			part[v] = part[s.parent[v]]
		}
	}
	var between []int32
	for a := range s.from {
		if part[s.from[a]] != part[s.to[a]] {
			between = append(between, int32(a))
		}
	}
	shift := make([]Cost, root)
	for again := true; again; {
		again = false
		for _, a := range between {
			u, v := s.from[a], s.to[a]
			reduced := s.cost[a].add(s.potential[u]).less(s.potential[v]).add(shift[part[u]]).less(shift[part[v]])
			switch reduced.Compare(Cost{}) {
			case -1:
				if s.low[a]+s.flow[a] < s.cap[a] {
					shift[part[v]] = shift[part[v]].add(reduced)
					again = true
				}
			case 1:
				if s.flow[a] > 0 {
					shift[part[u]] = shift[part[u]].less(reduced)
					again = true
				}
			}
		}
	}
	for v := range s.potential[:root] {
		s.potential[v] = s.potential[v].add(shift[part[v]])
	}
}

// Flow is what an arc carries.
func (s *Solution) Flow(arc int) int64 { return s.low[arc] + s.flow[arc] }

// Potential is the price of a unit at a node by each aim. Only differences mean
// anything: by them no arc that can carry more earns anything by it, and no arc
// that can carry less.
func (s *Solution) Potential(node int) Cost { return s.potential[node] }

// Reduced is what one unit more on an arc would cost after all that must give
// way to it: more than nothing only where the arc carries as little as it may,
// less than nothing only where it carries all it can.
func (s *Solution) Reduced(arc int) Cost {
	return s.cost[arc].add(s.potential[s.from[arc]]).less(s.potential[s.to[arc]])
}

// Value is what the plan costs by each aim.
func (s *Solution) Value() (v Value) {
	for k := range v {
		var paid, earned total
		for a := range s.cost {
			if c, f := s.cost[a][k], s.Flow(a); c != 0 && f != 0 {
				if (c < 0) == (f < 0) {
					paid.add(size(c), size(f))
				} else {
					earned.add(size(c), size(f))
				}
			}
		}
		v[k] = new(big.Int).Sub(paid.int(), earned.int())
	}
	return v
}

// total adds up products, in 192 bits because 128 could be too few.
type total [3]uint64

func (t *total) add(c, f int64) {
	high, low := bits.Mul64(uint64(c), uint64(f))
	var carry uint64
	t[0], carry = bits.Add64(t[0], low, 0)
	t[1], carry = bits.Add64(t[1], high, carry)
	t[2] += carry
}

func (t *total) int() *big.Int {
	n := new(big.Int)
	for i := len(t) - 1; i >= 0; i-- {
		n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(t[i]))
	}
	return n
}
