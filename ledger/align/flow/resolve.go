package flow

import "slices"

// Change is one thing that is otherwise: see Bounds, Costs and Supplies.
type Change struct {
	of       byte
	at       int
	low, cap int64
	cost     Cost
}

const (
	ofBounds byte = iota
	ofCosts
	ofSupply
)

// Bounds says that an arc is to carry at least low and at most cap.
func Bounds(arc int, low, cap int64) Change {
	return Change{of: ofBounds, at: arc, low: low, cap: min(cap, Unlimited)}
}

// Costs says what a unit on an arc is to cost.
func Costs(arc int, cost Cost) Change { return Change{of: ofCosts, at: arc, cost: cost} }

// Supplies says what a node is to have to give, in all.
func Supplies(node int, amount int64) Change { return Change{of: ofSupply, at: node, low: amount} }

// Resolve finds the cheapest plan with something changed. It goes on from the
// tree of this plan, so a small change takes a small part of the time of a new
// search. This solution stays as it is.
func (s *Solution) Resolve(changes ...Change) (*Solution, error) {
	t := *s
	t.flow = slices.Clone(s.flow)
	t.tree = s.tree.clone()
	t.pivots = 0
	over := make([]int64, len(s.supply)+1) // what each node has over by the changes
	var err error
	own, ownLow := [3]bool{}, false
	for _, c := range changes {
		first := !own[c.of]
		own[c.of] = true
		switch c.of {
		case ofBounds:
			if first {
				t.room = slices.Clone(s.room)
			}
			if !ownLow && c.low != t.low[c.at] {
				t.low, ownLow = slices.Clone(s.low), true
			}
			err = t.bound(c.at, c.low, c.cap, over)
		case ofCosts:
			if first {
				t.cost = slices.Clone(s.cost)
			}
			t.cost[c.at] = c.cost
		case ofSupply:
			if first {
				t.supply = slices.Clone(s.supply)
			}
			over[c.at] += c.low - t.supply[c.at]
			t.limited -= reach(t.supply[c.at], t.supply[c.at])
			t.supply[c.at] = c.low
			err = t.allow(c.low, c.low)
		}
		if err != nil {
			return nil, err
		}
	}
	if own[ofCosts] {
		if err := t.repack(s, changes); err != nil {
			return nil, err
		}
	}
	if own[ofBounds] || own[ofSupply] {
		t.rebalance(over)
	}
	if err := t.run(); err != nil {
		return nil, err
	}
	return &t, nil
}

// bound changes the limits of an arc. An arc in the tree goes on carrying what it
// did, be it within the limits or not; another goes to its new limit. The lows
// may be another solution's where none is to change.
func (s *Solution) bound(arc int, low, cap int64, over []int64) error {
	if low > cap {
		return &Infeasible{Arc: arc, Over: low - cap}
	}
	p := s.place(arc)
	from, to := s.from[p], s.to[p]
	was, full := s.Flow(arc), s.flow[p] > 0
	s.limited -= reach(s.low[arc], s.capacity(arc))
	if s.low[arc] != low {
		s.low[arc] = low
	}
	s.room[p] = room(low, cap)
	if err := s.allow(low, cap); err != nil {
		return err
	}
	if s.tree.pred[from] == int32(p) || s.tree.pred[to] == int32(p) {
		s.flow[p] = was - low
		return nil
	}
	s.flow[p] = 0
	if full && cap != Unlimited {
		s.flow[p] = cap - low
	}
	over[from] -= s.Flow(arc) - was
	over[to] += s.Flow(arc) - was
	return nil
}

// repack packs the costs that changed, or all where they need more room.
func (s *Solution) repack(was *Solution, changes []Change) error {
	for _, c := range changes {
		if c.of == ofCosts && !s.packing.holds(s.from[s.place(c.at)], s.to[s.place(c.at)], c.cost) {
			return s.pack()
		}
	}
	s.words = slices.Clone(was.words)
	for w := range s.words {
		s.words[w] = slices.Clone(was.words[w])
		for _, c := range changes {
			if c.of == ofCosts {
				s.words[w][s.place(c.at)] = s.packing.of(s.cost[c.at], w)
			}
		}
	}
	return nil
}

// rebalance sends what is over at each node up the tree. Where an arc of the tree
// cannot take it, or would be left so full or so empty that the tree were not
// strongly feasible, the tree is cut, and the part below it hangs from the root
// by an artificial arc, which takes the rest.
func (s *Solution) rebalance(over []int64) {
	root := s.tree.root()
	for v := s.tree.back[root]; v != root; v = s.tree.back[v] {
		a, p := s.tree.pred[v], s.tree.parent[v]
		was, sign := s.flow[a], int64(1)
		if !s.tree.up[v] {
			sign = -1
		}
		is := was + sign*over[v]
		if int(a) >= s.arcs {
			s.hangFromRoot(v, sign*is)
			continue
		}
		room := s.room[a]
		if is >= 0 && is <= room && !(s.tree.up[v] && is == room) && (s.tree.up[v] || is > 0) {
			s.flow[a] = is
			over[p] += over[v]
			continue
		}
		s.flow[a] = min(max(is, 0), room)
		sent := sign * (s.flow[a] - was)
		over[p] += sent
		s.hangFromRoot(v, over[v]-sent)
	}
	s.tree.hang()
}
