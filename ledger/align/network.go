package align

import (
	"maps"
	"math/bits"
	"slices"
	"sync"

	"braid/ledger/align/flow"
	"braid/ledger/money"
)

// network is one group of an instance as a flow: money goes from the sources,
// through the caps that count it, to the wants, and what is covered, and what
// is left unused, leaves at node 0. Whatever the terms, leaving all unused is a
// flow, so there is always an answer.
type network struct {
	group    int32
	graph    *flow.Graph
	solution *flow.Solution
	source   []int32 // nodes; -1 where of another group
	want     []int32
	sourceNo []int32 // by node, from 1
	wantNo   []int32 // by node, from after the sources
	uses     []int32 // of this group
	keep     []int32 // by use, of all groups: arcs, -1 none
	add      []int32
	carry    []int32
}

// about is the want an arc leads to or from, and the source whose money it
// leaves unused; -1 is neither.
func (nw *network) about(arc int32) (want, source int32) {
	from, to := nw.graph.From(int(arc)), nw.graph.To(int(arc))
	first := 1 + len(nw.sourceNo)
	isWant := func(node int) bool { return node >= first && node < first+len(nw.wantNo) }
	switch {
	case isWant(from):
		return nw.wantNo[from-first], -1
	case isWant(to):
		return nw.wantNo[to-first], -1
	case to == 0:
		return -1, nw.sourceNo[from-1]
	}
	return -1, -1
}

// split says how a cap that crosses others is parted over the masks of its
// source's uses: by source, then mask. Nil holds only caps that do not cross.
type split map[splitKey]money.Pence

type splitKey struct {
	source int32
	mask   uint32
}

// gate is the node a source's uses leave from, by the caps that count them.
type gate struct {
	node  int32
	masks []uint32
	leaf  []int32
}

func (g *gate) of(u *use) int32 {
	if len(g.masks) == 0 {
		return g.node
	}
	j, _ := slices.BinarySearch(g.masks, u.Caps)
	return g.leaf[j]
}

// nest sorts a source's caps into those that lie within or beside one another,
// which a flow can hold exactly, widest first, and those that cross them.
func nest(masks []uint32) (nested []int, crossing []int) {
	all := uint32(0)
	for _, m := range masks {
		all |= m
	}
	for b := range 32 {
		if all&(1<<b) == 0 {
			continue
		}
		crosses := slices.ContainsFunc(nested, func(c int) bool {
			both, first, second := false, false, false
			for _, m := range masks {
				i, j := m&(1<<b) != 0, m&(1<<c) != 0
				both, first, second = both || i && j, first || i && !j, second || j && !i
			}
			return both && first && second
		})
		if crosses {
			crossing = append(crossing, b)
		} else {
			nested = append(nested, b)
		}
	}
	width := func(b int) (n int) {
		for _, m := range masks {
			n += int(m >> b & 1)
		}
		return n
	}
	slices.SortStableFunc(nested, func(a, b int) int { return width(b) - width(a) })
	return nested, crossing
}

// usesOf groups an instance's uses by source, in order.
func (in *instance) usesOf() (starts, of []int32) {
	starts = make([]int32, len(in.Sources)+1)
	for i := range in.Uses {
		starts[in.Uses[i].Source+1]++
	}
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	of = make([]int32, len(in.Uses))
	next := slices.Clone(starts)
	for i := range in.Uses {
		s := in.Uses[i].Source
		of[next[s]] = int32(i)
		next[s]++
	}
	return starts, of
}

// masksOf lists the different caps masks of some uses, in order.
func (in *instance) masksOf(uses []int32) (masks []uint32) {
	for _, u := range uses {
		if m := in.Uses[u].Caps; !slices.Contains(masks, m) {
			masks = append(masks, m)
		}
	}
	slices.Sort(masks)
	return masks
}

// draw makes the flow of one group.
func (in *instance) draw(group int32, starts, usesOf []int32, parted split, keep, add []int32) *network {
	nw := &network{group: group, source: fill(len(in.Sources)), want: fill(len(in.Wants)), carry: fill(len(in.Carries)), keep: keep, add: add}
	nodes, arcs := int32(1), 0
	for i := range in.Sources {
		if in.Sources[i].Group == group {
			nw.source[i] = nodes
			nw.sourceNo = append(nw.sourceNo, int32(i))
			nodes++
			arcs += 2
			for _, u := range usesOf[starts[i]:starts[i+1]] {
				if in.Uses[u].Add {
					arcs++
				}
				if in.Uses[u].Was > 0 {
					arcs++
				}
			}
		}
	}
	for i := range in.Wants {
		if in.Wants[i].Group == group {
			nw.want[i] = nodes
			nw.wantNo = append(nw.wantNo, int32(i))
			nodes++
			arcs += 4
		}
	}
	type edge struct {
		from, to int32
		cap      money.Pence
		cost     flow.Cost
	}
	var inner []edge // from sources to their caps
	link := func(from int32, cap money.Pence) int32 {
		inner = append(inner, edge{from, nodes, cap, flow.Cost{}})
		nodes++
		return nodes - 1
	}
	gates := make([]gate, len(in.Sources))
	adds := map[int32]int32{} // sources of which not all may be moved: the node that added money leaves from
	into := map[int32]int32{} // and the node where carried money comes in
	for i := range in.Sources {
		s := &in.Sources[i]
		if s.Group != group {
			continue
		}
		uses := usesOf[starts[i]:starts[i+1]]
		at := nw.source[i]
		if s.Most < noLimit {
			at = link(at, s.Most)
		}
		if len(s.Caps) == 0 {
			gates[i].node = at
			if s.Addable < noLimit {
				adds[int32(i)] = link(at, s.Addable)
				if s.Most >= noLimit && in.carriesTo(int32(i)) {
					into[int32(i)] = nodes
					nodes++
					inner = append(inner, edge{nodes - 1, nw.source[i], noLimit, flow.Cost{}}, edge{nodes - 1, adds[int32(i)], noLimit, flow.Cost{}})
				}
			}
			continue
		}
		masks := in.masksOf(uses)
		nested, _ := nest(masks)
		made := map[int]int32{}
		leaf := make([]int32, len(masks))
		for j, m := range masks {
			node := at
			for _, b := range nested {
				if m&(1<<b) == 0 {
					continue
				}
				if made[b] == 0 {
					made[b] = link(node, s.Caps[b])
				}
				node = made[b]
			}
			if cap, held := parted[splitKey{int32(i), m}]; held {
				node = link(node, cap)
			}
			leaf[j] = node
		}
		gates[i] = gate{at, masks, leaf}
	}

	g := flow.New(int(nodes))
	g.Grow(arcs + len(inner) + len(in.Carries))
	nw.graph = g
	put := func(from, to int32, cap money.Pence, cost flow.Cost) int32 {
		most := int64(cap)
		if cap >= noLimit {
			most = flow.Unlimited
		}
		return int32(g.Arc(int(from), int(to), 0, most, cost))
	}
	supply := money.Pence(0)
	for i := range in.Sources {
		if at := nw.source[i]; at >= 0 {
			s := &in.Sources[i]
			g.Supply(int(at), int64(s.Money-s.Owed))
			supply += s.Money - s.Owed
			if s.Owed > 0 {
				put(0, at, s.Owed, flow.Cost{HoldTerms: owedWeight})
			}
			put(at, 0, noLimit, flow.Cost{})
		}
	}
	g.Supply(0, -int64(supply))
	for i := range in.Wants {
		at := nw.want[i]
		if at < 0 {
			continue
		}
		w := &in.Wants[i]
		for _, p := range w.Parts {
			if p.Amount > 0 {
				cost := flow.Cost{CoverNeed: -p.Value}
				if p.Floor {
					cost[HoldTerms] = -1
				}
				if w.Statutory {
					cost[FundDuties] = -1
				}
				put(at, 0, p.Amount, cost)
			}
		}
		if w.Over > 0 {
			put(at, 0, w.Over, flow.Cost{UseEndingFirst: 1})
		}
	}
	for _, e := range inner {
		put(e.from, e.to, e.cap, e.cost)
	}
	for i := range in.Carries {
		if from := nw.source[in.Carries[i].From]; from >= 0 {
			to, apart := into[in.Carries[i].To]
			if !apart {
				to = nw.source[in.Carries[i].To]
			}
			nw.carry[i] = put(from, to, in.Carries[i].Most, flow.Cost{ChangeLeast: moveWeight})
		}
	}
	for source := range in.Sources {
		if in.Sources[source].Group != group {
			continue
		}
		for _, i := range usesOf[starts[source]:starts[source+1]] {
			u := &in.Uses[i]
			gate, to := gates[source].of(u), nw.want[u.Want]
			if u.Add {
				from, most := gate, noLimit
				if at, limited := adds[u.Source]; limited {
					from = at
				} else if cap, held := parted[splitKey{u.Source, uint32(i) | added}]; held {
					most = cap
				}
				nw.add[i] = put(from, to, most, in.addCost(i))
			}
			if u.Was > 0 {
				nw.keep[i] = put(gate, to, u.Was, in.keepCost(i))
			}
			nw.uses = append(nw.uses, i)
		}
	}
	return nw
}

// useCost is what a penny of a use costs, whether kept or added; keepCost and
// addCost what it costs as either.
func (in *instance) useCost(i int32) flow.Cost {
	u := &in.Uses[i]
	s := &in.Sources[u.Source]
	cost := flow.Cost{UseEndingFirst: int64(s.Keep)}
	if in.Wants[u.Want].Statutory && !s.Lasting {
		cost[DutiesOnLasting] = 1
	}
	return cost
}

func (in *instance) keepCost(i int32) flow.Cost {
	cost := in.useCost(i)
	cost[ChangeLeast] = -moveWeight
	if in.Uses[i].Locked {
		cost[HoldTerms] = -termWeight
	}
	return cost
}

func (in *instance) addCost(i int32) flow.Cost {
	cost := in.useCost(i)
	cost[ChangeLeast] = in.Uses[i].addWeight()
	return cost
}

// heldWeight makes a what-if come before every aim.
const heldWeight = 1 << 20

// added marks a key of a split that says how much one use may add.
const added = 1 << 31

// carriesTo reports whether money may be carried into a source.
func (in *instance) carriesTo(source int32) bool {
	return slices.ContainsFunc(in.Carries, func(c carry) bool { return c.To == source })
}

func fill(n int) []int32 {
	f := make([]int32, n)
	for i := range f {
		f[i] = -1
	}
	return f
}

// read copies a solved network's amounts into an answer.
func (nw *network) read(a *answer) {
	of := func(arc int32) money.Pence {
		if arc < 0 {
			return 0
		}
		return money.Pence(nw.solution.Flow(int(arc)))
	}
	for _, i := range nw.uses {
		a.Kept[i], a.Added[i] = of(nw.keep[i]), of(nw.add[i])
	}
	for i := range nw.carry {
		if nw.carry[i] >= 0 {
			a.Carried[i] = of(nw.carry[i])
		}
	}
}

// solved is an instance with its best answer.
type solved struct {
	in     *instance
	answer *answer
	score  score
	nets   []*network // by group
	exact  bool
	bound  score // no answer can be better than this
}

// groups is how many groups there are.
func (in *instance) groups() (n int32) {
	for i := range in.Sources {
		n = max(n, in.Sources[i].Group+1)
	}
	for i := range in.Wants {
		n = max(n, in.Wants[i].Group+1)
	}
	return n
}

// solve finds the best answer.
func (in *instance) solve(but *whatIf) *solved {
	s := &solved{in: in, answer: in.asIs(), nets: make([]*network, in.groups())}
	starts, of := in.usesOf()
	whole := in.run(s, starts, of, nil, but)
	s.answer, s.exact = whole, true
	s.score = in.score(whole)
	s.bound = s.score
	if in.crossed(whole, starts, of) {
		s.exact = false
		in.narrow(s, starts, of, but)
	}
	return s
}

// whatIf is an answer asked for without some moves: uses that get no more, and
// uses that lose nothing.
type whatIf struct {
	bar, hold map[int]bool
}

// changes puts a what-if to a network that is drawn.
func (b *whatIf) changes(in *instance, nw *network) (of []flow.Change) {
	if b == nil {
		return nil
	}
	ours := func(u int) bool { return in.Sources[in.Uses[u].Source].Group == nw.group }
	for _, u := range slices.Sorted(maps.Keys(b.bar)) {
		if ours(u) && nw.add[u] >= 0 {
			of = append(of, flow.Bounds(int(nw.add[u]), 0, 0))
		}
	}
	for _, u := range slices.Sorted(maps.Keys(b.hold)) {
		if ours(u) && nw.keep[u] >= 0 {
			cost := in.keepCost(int32(u))
			cost[HoldTerms] -= heldWeight
			of = append(of, flow.Costs(int(nw.keep[u]), cost))
		}
	}
	return of
}

// without is the best answer with a what-if. Where nothing crosses, each network
// goes on from the tree it has.
func (s *solved) without(bar, hold map[int]bool) *solved {
	but := &whatIf{bar, hold}
	if !s.exact {
		return s.in.solve(but)
	}
	t := &solved{in: s.in, exact: true, nets: slices.Clone(s.nets),
		answer: &answer{slices.Clone(s.answer.Kept), slices.Clone(s.answer.Added), slices.Clone(s.answer.Carried)}}
	for i, nw := range t.nets {
		changes := but.changes(s.in, nw)
		if len(changes) == 0 {
			continue
		}
		solution, err := nw.solution.Resolve(changes...)
		if err != nil {
			panic("align: leaving all money unused is a plan: " + err.Error())
		}
		again := *nw
		again.solution = solution
		again.read(t.answer)
		t.nets[i] = &again
	}
	starts, of := s.in.usesOf()
	if s.in.crossed(t.answer, starts, of) {
		return s.in.solve(but)
	}
	t.score = s.in.score(t.answer)
	t.bound = t.score
	return t
}

// run solves the groups, side by side, and gives the whole answer.
func (in *instance) run(s *solved, starts, of []int32, parted split, but *whatIf) *answer {
	a := &answer{slices.Clone(s.answer.Kept), slices.Clone(s.answer.Added), slices.Clone(s.answer.Carried)}
	keep, add := fill(len(in.Uses)), fill(len(in.Uses))
	var all sync.WaitGroup
	for group := range s.nets {
		all.Go(func() {
			nw := in.draw(int32(group), starts, of, parted, keep, add)
			solution, err := nw.graph.Solve()
			if changes := but.changes(in, nw); err == nil && len(changes) > 0 {
				solution, err = solution.Resolve(changes...)
			}
			if err != nil {
				panic("align: leaving all money unused is a plan: " + err.Error())
			}
			nw.solution = solution
			nw.read(a)
			s.nets[group] = nw
		})
	}
	all.Wait()
	return a
}

// crossed reports whether an answer that ignored caps that cross, or permission
// to move money where there are caps, breaks any.
func (in *instance) crossed(a *answer, starts, of []int32) bool {
	for i := range in.Sources {
		s := &in.Sources[i]
		if len(s.Caps) == 0 {
			continue
		}
		uses := of[starts[i]:starts[i+1]]
		_, crossing := nest(in.masksOf(uses))
		for _, b := range crossing {
			part := money.Pence(0)
			for _, u := range uses {
				if in.Uses[u].Caps&(1<<b) != 0 {
					part += a.put(int(u))
				}
			}
			if part > s.Caps[b] {
				return true
			}
		}
		if in.addedBy(a, int32(i), uses) > in.mayAdd(a, int32(i)) {
			return true
		}
	}
	return false
}

func (in *instance) addedBy(a *answer, source int32, uses []int32) (sum money.Pence) {
	for _, u := range uses {
		sum += a.Added[u]
	}
	return sum
}

// mayAdd is the most a source may add to its uses.
func (in *instance) mayAdd(a *answer, source int32) money.Pence {
	s := &in.Sources[source]
	most := s.Addable
	for i, c := range in.Carries {
		if c.To == source && s.Most >= noLimit {
			most += a.Carried[i]
		}
	}
	return most
}

// narrow parts crossing caps over the masks they count, so that a flow holds
// them: first as an answer without them would use the money, then as it is used
// today, and from the better of the two again as long as that helps.
func (in *instance) narrow(s *solved, starts, of []int32, but *whatIf) {
	var crossed []int32 // all that might be, once others are held
	for i := range in.Sources {
		_, crossing := nest(in.masksOf(of[starts[i]:starts[i+1]]))
		if len(crossing) > 0 || len(in.Sources[i].Caps) > 0 && in.Sources[i].Addable < noLimit {
			crossed = append(crossed, int32(i))
		}
	}
	free := s.answer
	best, nets := (*answer)(nil), []*network(nil)
	try := func(by *answer) bool {
		a := in.run(s, starts, of, in.part(by, starts, of, crossed), but)
		if score := in.score(a); best == nil || score.compare(s.score) < 0 {
			best, s.score, nets = a, score, slices.Clone(s.nets)
			return true
		}
		return false
	}
	try(in.asIs())
	try(free)
	for range 8 {
		if !try(best) {
			break
		}
	}
	s.answer, s.nets = best, nets
}

// part shares each crossing cap of some sources over their masks, in the ratio
// an answer uses them; what no mask uses goes to the first.
func (in *instance) part(by *answer, starts, of []int32, sources []int32) split {
	parted := split{}
	for _, i := range sources {
		s := &in.Sources[i]
		uses := of[starts[i]:starts[i+1]]
		masks := in.masksOf(uses)
		used := map[uint32]money.Pence{}
		for _, u := range uses {
			used[in.Uses[u].Caps] += by.put(int(u))
		}
		_, crossing := nest(masks)
		for _, b := range crossing {
			total, left := money.Pence(0), s.Caps[b]
			for _, m := range masks {
				if m&(1<<b) != 0 {
					total += used[m]
				}
			}
			share := map[uint32]money.Pence{}
			for _, m := range masks {
				if m&(1<<b) == 0 || total == 0 {
					continue
				}
				share[m] = used[m]
				if total > s.Caps[b] {
					share[m] = ratio(s.Caps[b], used[m], total)
				}
				left -= share[m]
			}
			for _, m := range masks {
				if m&(1<<b) == 0 {
					continue
				}
				cap := share[m] + left
				left = 0
				key := splitKey{i, m}
				if was, held := parted[key]; held {
					cap = min(cap, was)
				}
				parted[key] = cap
			}
		}
		if s.Addable < noLimit {
			adds := in.addedBy(by, i, uses)
			for _, u := range uses {
				cap := by.Added[u]
				if adds > s.Addable {
					cap = ratio(s.Addable, cap, adds)
				}
				parted[splitKey{i, uint32(u) | added}] = cap
			}
			if room := s.Addable - adds; room > 0 && len(uses) > 0 {
				parted[splitKey{i, uint32(uses[0]) | added}] += room
			}
		}
	}
	return parted
}

// ratio is amount × part / whole, rounded down.
func ratio(amount, part, whole money.Pence) money.Pence {
	high, low := bits.Mul64(uint64(amount), uint64(part))
	q, _ := bits.Div64(high, low, uint64(whole))
	return money.Pence(q)
}
