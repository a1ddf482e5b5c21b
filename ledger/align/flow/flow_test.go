package flow_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"braid/ledger/align/flow"
)

// net is a network as the tests know it, apart from the package's own Graph.
type net struct {
	supply []int64
	arcs   []arc
}

type arc struct {
	from, to int
	low, cap int64
	cost     flow.Cost
}

func (n net) graph() *flow.Graph {
	g := flow.New(len(n.supply))
	g.Grow(len(n.arcs))
	for v, amount := range n.supply {
		g.Supply(v, amount)
	}
	for _, a := range n.arcs {
		g.Arc(a.from, a.to, a.low, a.cap, a.cost)
	}
	return g
}

// random is a small network with all that makes trouble: ties, no room, lower
// limits, arcs side by side, arcs from a node to itself, parts apart, costs of
// either sign, rounds that pay for themselves.
func random(r *rand.Rand) net {
	nodes := 1 + r.IntN(7)
	n := net{supply: make([]int64, nodes)}
	costs, rooms := int64(1+r.IntN(4)), int64(1+r.IntN(6))
	aims := 1 + r.IntN(flow.Aims)
	for range r.IntN(4) {
		u, v, amount := r.IntN(nodes), r.IntN(nodes), r.Int64N(5)
		n.supply[u] += amount
		n.supply[v] -= amount
	}
	if r.IntN(30) == 0 {
		n.supply[r.IntN(nodes)]++
	}
	for range r.IntN(24) {
		a := arc{from: r.IntN(nodes), to: r.IntN(nodes), cap: r.Int64N(rooms + 1)}
		if r.IntN(12) == 0 {
			a.low = r.Int64N(a.cap + 1)
		}
		if r.IntN(8) == 0 {
			a.low -= r.Int64N(3)
		}
		if r.IntN(10) == 0 {
			a.cap = flow.Unlimited
		}
		for k := range aims {
			a.cost[k] = r.Int64N(2*costs+1) - costs
			if r.IntN(3) != 0 {
				a.cost[k] = max(a.cost[k], -a.cost[k])
			}
		}
		if a.cap == flow.Unlimited && a.cost.Compare(flow.Cost{}) < 0 && r.IntN(3) != 0 {
			a.cost = flow.Cost{}
		}
		n.arcs = append(n.arcs, a)
	}
	return n
}

// prove checks in whole numbers that a solution keeps every limit and that its
// own prices show that none is cheaper.
func prove(t *testing.T, n net, s *flow.Solution) {
	t.Helper()
	over := append([]int64(nil), n.supply...)
	var dual flow.Value
	for k := range dual {
		dual[k] = new(big.Int)
	}
	times := func(k int, c, f int64) {
		dual[k].Add(dual[k], new(big.Int).Mul(big.NewInt(c), big.NewInt(f)))
	}
	for i, a := range n.arcs {
		f := s.Flow(i)
		if f < a.low || f > a.cap {
			t.Fatalf("arc %d carries %d, outside %d to %d", i, f, a.low, a.cap)
		}
		over[a.from] -= f
		over[a.to] += f
		reduced := s.Reduced(i)
		limit := a.low
		for k, c := range reduced {
			if want := a.cost[k] + s.Potential(a.from)[k] - s.Potential(a.to)[k]; c != want {
				t.Fatalf("arc %d: reduced cost %d by aim %d, by the prices %d", i, c, k, want)
			}
		}
		switch reduced.Compare(flow.Cost{}) {
		case -1:
			limit = a.cap
			if f != a.cap {
				t.Fatalf("arc %d carries %d of %d and earns %v a unit", i, f, a.cap, reduced)
			}
		case 1:
			if f != a.low {
				t.Fatalf("arc %d carries %d over %d and costs %v a unit", i, f, a.low, reduced)
			}
		default:
			continue
		}
		for k, c := range reduced {
			times(k, c, limit)
		}
	}
	for v, left := range over {
		if left != 0 {
			t.Fatalf("node %d has %d over", v, left)
		}
		for k, c := range s.Potential(v) {
			times(k, -c, n.supply[v])
		}
	}
	if value := s.Value(); value.Compare(dual) != 0 {
		t.Fatalf("the plan costs %v, its proof says %v", value, dual)
	}
}

func TestRandomNetworksCostWhatAnotherMethodSays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var solved, refused, unbounded int
	for i := range 10000 {
		n := random(r)
		want, why := paths(n)
		s, err := n.graph().Solve()
		var infeasible *flow.Infeasible
		var endless *flow.Unbounded
		switch {
		case errors.As(err, &infeasible):
			refused++
			if why != impossible {
				t.Fatalf("%d: refused (%v), but %v is possible: %+v", i, err, want, n)
			}
			checkCut(t, n, infeasible)
		case errors.As(err, &endless):
			unbounded++
			if why != withoutEnd {
				t.Fatalf("%d: %v, but the other method says %v: %+v", i, err, want, n)
			}
		case err != nil:
			t.Fatalf("%d: %v", i, err)
		default:
			solved++
			if why != "" {
				t.Fatalf("%d: solved at %v, but the other method says %s: %+v", i, s.Value(), why, n)
			}
			if s.Value().Compare(want) != 0 {
				t.Fatalf("%d: costs %v, by the other method %v: %+v", i, s.Value(), want, n)
			}
			prove(t, n, s)
		}
	}
	t.Logf("%d solved, %d refused, %d unbounded", solved, refused, unbounded)
	if solved < 3000 || refused < 300 || unbounded < 10 {
		t.Error("the networks drawn are too much alike")
	}
}

// checkCut reckons afresh what the nodes named have over.
func checkCut(t *testing.T, n net, e *flow.Infeasible) {
	t.Helper()
	if e.Over == 0 || len(e.Nodes) == 0 {
		t.Fatalf("a refusal that names nothing: %+v", e)
	}
	inside := map[int]bool{}
	over := int64(0)
	for _, v := range e.Nodes {
		inside[v] = true
		over += n.supply[v]
	}
	for _, a := range n.arcs {
		out, in := a.cap, a.low // the most that can leave
		if e.Over < 0 {
			out, in = a.low, a.cap // the most that can enter
		}
		if inside[a.from] && !inside[a.to] {
			over -= out
		}
		if inside[a.to] && !inside[a.from] {
			over += in
		}
	}
	if over != e.Over {
		t.Fatalf("%v, reckoned afresh %d: %+v", e, over, n)
	}
}

// otherwise changes some of a network at random, and says so to Resolve.
func otherwise(r *rand.Rand, n net) (net, []flow.Change) {
	n.arcs, n.supply = slices.Clone(n.arcs), slices.Clone(n.supply)
	var changes []flow.Change
	for range 1 + r.IntN(4) {
		switch kind := r.IntN(3); {
		case kind == 0:
			u, v, amount := r.IntN(len(n.supply)), r.IntN(len(n.supply)), r.Int64N(4)
			n.supply[u] += amount
			n.supply[v] -= amount
			changes = append(changes, flow.Supplies(u, n.supply[u]), flow.Supplies(v, n.supply[v]))
		case len(n.arcs) == 0:
		case kind == 1:
			i := r.IntN(len(n.arcs))
			a := &n.arcs[i]
			a.cap = r.Int64N(8)
			a.low = min(a.low, a.cap)
			if r.IntN(6) == 0 {
				a.low = r.Int64N(a.cap + 1)
			}
			if r.IntN(10) == 0 {
				a.cap = flow.Unlimited
			}
			changes = append(changes, flow.Bounds(i, a.low, a.cap))
		default:
			i := r.IntN(len(n.arcs))
			for k := range n.arcs[i].cost {
				n.arcs[i].cost[k] = r.Int64N(7) - 1
			}
			changes = append(changes, flow.Costs(i, n.arcs[i].cost))
		}
	}
	return n, changes
}

func TestResolveIsSolveFromTheStart(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var agreed, refused int
	for i := range 3000 {
		n := random(r)
		s, err := n.graph().Solve()
		if err != nil {
			continue
		}
		for range 6 {
			m, changes := otherwise(r, n)
			before := s.Value()
			fresh, why := m.graph().Solve()
			again, err := s.Resolve(changes...)
			if (err == nil) != (why == nil) || err != nil && reflect.TypeOf(err) != reflect.TypeOf(why) {
				t.Fatalf("%d: resolved %v, from the start %v: %+v %+v", i, err, why, n, changes)
			}
			if s.Value().Compare(before) != 0 {
				t.Fatalf("%d: resolving changed the solution it began from", i)
			}
			var infeasible *flow.Infeasible
			if errors.As(err, &infeasible) {
				refused++
				checkCut(t, m, infeasible)
			}
			if err != nil {
				continue
			}
			agreed++
			if again.Value().Compare(fresh.Value()) != 0 {
				t.Fatalf("%d: resolved at %v, from the start %v: %+v %+v", i, again.Value(), fresh.Value(), n, changes)
			}
			prove(t, m, again)
			if r.IntN(2) == 0 {
				n, s = m, again
			}
		}
	}
	t.Logf("%d agreed, %d refused", agreed, refused)
	if agreed < 5000 || refused < 500 {
		t.Error("the changes drawn are too much alike")
	}
}
