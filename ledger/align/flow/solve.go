package flow

import (
	"math/big"
	"math/bits"
	"slices"
)

// Solution is a cheapest plan and the tree that proves it. It never changes, so
// it may be read, and resolved, by several at once.
type Solution struct {
	// By arc, as in the graph.
	low  []int64
	cost []Cost

	// By arc, as mixed; all over what an arc must carry.
	mixed
	from, to []int32
	room     []int64
	words    [][]int64 // the packed costs
	flow     []int64   // and then by node, of the artificial arcs

	// By node.
	supply    []int64
	tree      tree
	potential []Cost

	packing *packing
	limited int64 // no arc can carry more than this but in a round without limit
	pivots  int
}

// Solve finds the cheapest plan. The error is *Infeasible, *Unbounded or
// *TooLarge.
func (g *Graph) Solve() (*Solution, error) {
	nodes, arcs := len(g.supply), len(g.from)
	s := &Solution{
		low: g.low[:arcs:arcs], cost: g.cost[:arcs:arcs],
		mixed: mix(arcs), from: make([]int32, arcs), to: make([]int32, arcs),
		room: make([]int64, arcs), flow: make([]int64, arcs+nodes),
		supply: slices.Clone(g.supply), tree: newTree(nodes + 1),
	}
	if err := s.measure(g); err != nil {
		return nil, err
	}
	s.each(func(p, a int) {
		s.from[p], s.to[p], s.room[p] = g.from[a], g.to[a], room(g.low[a], g.cap[a])
	})
	if err := s.pack(); err != nil {
		return nil, err
	}
	// At first every arc carries what it must, and an artificial arc takes what
	// is over at each node to the root or brings what is wanting.
	over := slices.Clone(s.supply)
	for a, low := range s.low {
		if low != 0 {
			over[g.from[a]] -= low
			over[g.to[a]] += low
		}
	}
	for v := range over {
		s.hangFromRoot(int32(v), over[v])
	}
	s.tree.hang()
	if err := s.run(); err != nil {
		return nil, err
	}
	return s, nil
}

// hangFromRoot joins a node to the root by its artificial arc, which takes away
// what is over at the node.
func (s *Solution) hangFromRoot(v int32, over int64) {
	s.tree.parent[v], s.tree.pred[v], s.tree.up[v] = s.tree.root(), int32(s.arcs)+v, over >= 0
	s.flow[s.arcs+int(v)] = max(over, -over)
}

// measure refuses limits that cross, and amounts that could not be added up.
func (s *Solution) measure(g *Graph) error {
	for a, low := range g.low {
		if low > g.cap[a] {
			return &Infeasible{Arc: a, Over: low - g.cap[a]}
		}
		if err := s.allow(low, g.cap[a]); err != nil {
			return err
		}
	}
	for _, amount := range g.supply {
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
	if s.packing, err = pack(len(s.supply), s.mixed, s.from, s.to, s.cost); err != nil {
		return err
	}
	s.words = make([][]int64, s.packing.words)
	for w := range s.words {
		s.words[w] = make([]int64, s.arcs)
		s.each(func(p, a int) { s.words[w][p] = s.packing.of(s.cost[a], w) })
	}
	return nil
}

// room is how much an arc can carry over what it must.
func room(low, cap int64) int64 {
	if cap == Unlimited {
		return Unlimited
	}
	return cap - low
}

// capacity is the most an arc may carry.
func (s *Solution) capacity(arc int) int64 {
	room := s.room[s.place(arc)]
	if room == Unlimited {
		return Unlimited
	}
	return s.low[arc] + room
}

// run searches from the tree and flow at hand, word by word.
func (s *Solution) run() error {
	x := &simplex{
		from: s.from, to: s.to, room: s.room, flow: s.flow, state: make([]int8, s.arcs),
		tree: s.tree, price: make([]int64, len(s.supply)+1), block: max(10, s.short),
	}
	for a, room := range s.room {
		switch {
		case room == 0:
		case s.flow[a] == 0:
			x.state[a] = atLow
		default:
			x.state[a] = atCap
		}
	}
	for v := range s.supply {
		if a := int(s.tree.pred[v]); a < s.arcs {
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
	if p := slices.IndexFunc(s.flow[:s.arcs], func(flow int64) bool { return flow >= Unlimited }); p >= 0 {
		return &Unbounded{Arc: s.arc(p)}
	}
	s.prices()
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
	for v := range s.supply {
		switch {
		case int(s.tree.parent[v]) != root:
		case s.tree.up[v]:
			away += s.flow[s.arcs+v]
		default:
			brought += s.flow[s.arcs+v]
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
		for int(s.tree.parent[w]) != root {
			w = int(s.tree.parent[w])
		}
		if s.tree.up[w] == (away > 0) {
			e.Nodes = append(e.Nodes, v)
		}
	}
	return e
}

// prices sets the potentials from the tree. The artificial arcs left in it carry
// nothing, so all run to the root: the tree is strongly feasible, and one from the
// root would have something to give back. What they cost is then the same in each
// price, and may be left out.
func (s *Solution) prices() {
	t := &s.tree
	s.potential = make([]Cost, len(s.supply)+1)
	for v := t.thread[t.root()]; v != t.root(); v = t.thread[v] {
		price := s.potential[t.parent[v]]
		switch a := int(t.pred[v]); {
		case a >= s.arcs:
		case t.up[v]:
			price = price.less(s.cost[s.arc(a)])
		default:
			price = price.add(s.cost[s.arc(a)])
		}
		s.potential[v] = price
	}
}

// Flow is what an arc carries.
func (s *Solution) Flow(arc int) int64 { return s.low[arc] + s.flow[s.place(arc)] }

// Potential is the price of a unit at a node by each aim. Only differences mean
// anything: by them no arc that can carry more earns anything by it, and no arc
// that can carry less.
func (s *Solution) Potential(node int) Cost { return s.potential[node] }

// Reduced is what one unit more on an arc would cost after all that must give
// way to it: more than nothing only where the arc carries as little as it may,
// less than nothing only where it carries all it can.
func (s *Solution) Reduced(arc int) Cost {
	return s.reduced(arc, s.place(arc))
}

func (s *Solution) reduced(arc, place int) Cost {
	return s.cost[arc].add(s.potential[s.from[place]]).less(s.potential[s.to[place]])
}

// Value is what the plan costs by each aim.
func (s *Solution) Value() (v Value) {
	var paid, earned [Aims]total
	s.each(func(p, a int) {
		f := s.low[a] + s.flow[p]
		if f == 0 {
			return
		}
		for k, c := range s.cost[a] {
			switch {
			case c == 0:
			case (c < 0) == (f < 0):
				paid[k].add(size(c), size(f))
			default:
				earned[k].add(size(c), size(f))
			}
		}
	})
	for k := range v {
		v[k] = new(big.Int).Sub(paid[k].int(), earned[k].int())
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

// Pivots is how many steps the search took.
func (s *Solution) Pivots() int { return s.pivots }
