package flow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"braid/ledger/align/flow"
)

func TestLargeNetworksProveThemselves(t *testing.T) {
	for _, size := range []struct{ streams, services, years, eligible, aims int }{
		{60, 500, 5, 15, 6}, {60, 500, 5, 100, 6}, {60, 500, 5, 100, 1}, {200, 300, 3, 40, 6}, {7, 900, 5, 60, 6},
	} {
		n := council(size.streams, size.services, size.years, size.eligible, size.aims)
		s, err := n.graph().Solve()
		if err != nil {
			t.Fatal(err)
		}
		prove(t, n, s)
		t.Logf("%+v: %d pivots, %v", size, s.Pivots(), s.Value())
	}
}

// A tangle has no shape at all: costs of either sign in every aim, lower limits,
// little room, so that the search begins far from any plan.
func tangle(r *rand.Rand, nodes, arcs int, most int64) net {
	n := net{supply: make([]int64, nodes)}
	for range arcs {
		a := arc{from: r.IntN(nodes), to: r.IntN(nodes), cap: r.Int64N(1_000_000)}
		a.low = r.Int64N(a.cap+1) / 20
		for k := range a.cost {
			a.cost[k] = r.Int64N(2*most+1) - most
		}
		// What some plan carries, so that there is one.
		some := a.low + r.Int64N(a.cap-a.low+1)
		n.supply[a.from] += some
		n.supply[a.to] -= some
		n.arcs = append(n.arcs, a)
	}
	return n
}

func TestTanglesProveThemselves(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, most := range []int64{1, 10, 1_000_000, 1 << 40} { // of one word, and of one for each aim
		for range 4 {
			n := tangle(r, 300, 3000, most)
			s, err := n.graph().Solve()
			if err != nil {
				t.Fatal(err)
			}
			prove(t, n, s)
			for range 5 {
				m, changes := otherwise(r, n)
				again, err := s.Resolve(changes...)
				if err != nil {
					t.Fatal(err)
				}
				prove(t, m, again)
				n, s = m, again
			}
		}
	}
}

// Ties everywhere are where a simplex could go round for ever.
func TestTiesEverywhereComeToAnEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, costs := range []int64{1, 2, 3} {
		const side = 120
		pairs := net{supply: make([]int64, 2*side)} // each on the left to one on the right
		for u := range side {
			pairs.supply[u], pairs.supply[side+u] = 1, -1
			for v := range side {
				pairs.arcs = append(pairs.arcs, arc{u, side + v, 0, 1, flow.Cost{r.Int64N(costs), 0, r.Int64N(costs)}})
			}
		}
		rounds := net{supply: make([]int64, 60)} // nothing to send, but some rounds save
		for range 2000 {
			rounds.arcs = append(rounds.arcs, arc{r.IntN(60), r.IntN(60), 0, r.Int64N(2), flow.Cost{0, r.Int64N(2*costs+1) - costs}})
		}
		for _, n := range []net{pairs, rounds} {
			s, err := n.graph().Solve()
			if err != nil {
				t.Fatal(err)
			}
			prove(t, n, s)
		}
	}
}

func TestTheSameNetworkGivesTheSamePlan(t *testing.T) {
	n := council(20, 200, 3, 50, 6)
	var first *flow.Solution
	for range 3 {
		s, err := n.graph().Solve()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = s
		}
		for a := range n.arcs {
			if s.Flow(a) != first.Flow(a) {
				t.Fatalf("arc %d carries %d, and before %d", a, s.Flow(a), first.Flow(a))
			}
		}
	}
}

func TestMarginalIsTheCostOfTheNextUnit(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var same, none int
	for i := range 2000 {
		n := random(r)
		s, err := n.graph().Solve()
		if err != nil {
			continue
		}
		for range 4 {
			from, to := r.IntN(len(n.supply)), r.IntN(len(n.supply))
			m := net{slices.Clone(n.supply), n.arcs}
			m.supply[from]++
			m.supply[to]--
			fresh, err := m.graph().Solve()
			cost, ok := s.Marginal(from, to)
			var infeasible *flow.Infeasible
			if errors.As(err, &infeasible) {
				none++
				if ok {
					t.Fatalf("%d: one more from %d to %d costs %v, but there is no way: %+v", i, from, to, cost, n)
				}
				continue
			}
			same++
			if !ok {
				t.Fatalf("%d: there is a way for one more from %d to %d: %+v", i, from, to, n)
			}
			want, was := fresh.Value(), s.Value()
			for k := range cost {
				if want[k].Sub(want[k], was[k]); want[k].Cmp(big.NewInt(cost[k])) != 0 {
					t.Fatalf("%d: one more from %d to %d costs %d by aim %d, solved afresh %v: %+v", i, from, to, cost[k], k, want[k], n)
				}
			}
			ways := s.Ways(to)
			if got, ok := ways.Cost(from); !ok || got != cost {
				t.Fatalf("%d: in one search %v, by itself %v", i, got, cost)
			}
			for v := from; v != to; { // the way itself must cost what it is said to
				arc, against, ok := ways.Step(v)
				if !ok {
					t.Fatalf("%d: the way from %d to %d ends at %d", i, from, to, v)
				}
				a, f := n.arcs[arc], s.Flow(arc)
				start, end, sign := a.from, a.to, int64(1)
				if against {
					start, end, sign = a.to, a.from, -1
				}
				if start != v || f+sign < a.low || f+sign > a.cap {
					t.Fatalf("%d: the way at %d cannot take arc %d: %+v", i, v, arc, a)
				}
				for k := range cost {
					cost[k] -= sign * a.cost[k]
				}
				v = end
			}
			if cost != (flow.Cost{}) {
				t.Fatalf("%d: the way leaves %v of its cost unaccounted for", i, cost)
			}
		}
	}
	t.Logf("%d the same, %d without a way", same, none)
	if same < 2000 || none < 100 {
		t.Error("the networks drawn are too much alike")
	}
}

func TestRefusals(t *testing.T) {
	build := func(arcs []arc, supply ...int64) error {
		_, err := net{supply, arcs}.graph().Solve()
		return err
	}
	for _, c := range []struct {
		name string
		err  error
		says string
	}{
		{"limits that cross", build([]arc{{0, 1, 5, 3, flow.Cost{}}}, 0, 0), "arc 0 must carry 2 more than it can"},
		{"too much to give", build([]arc{{0, 1, 0, 3, flow.Cost{}}}, 5, -5), "1 nodes have 2 more to give than can leave them"},
		{"more given than needed", build(nil, 5, -3), "1 nodes have 5 more to give than can leave them"},
		{"nothing given", build([]arc{{0, 1, 0, 9, flow.Cost{}}}, 0, -3), "2 nodes need 3 more than can reach them"},
		{"no end", build([]arc{{0, 1, 0, flow.Unlimited, flow.Cost{0, -1}}, {1, 0, 0, flow.Unlimited, flow.Cost{}}}, 0, 0), "nothing limits a round through arc"},
		{"amounts too large", build([]arc{{0, 1, 0, flow.Unlimited - 1, flow.Cost{}}}, 0, 0), "the amounts add up to more"},
		{"a supply too large", build(nil, -1<<63), "the amounts add up to more"},
		{"costs too large", build([]arc{{0, 1, 0, 1, flow.Cost{0, 0, -1 << 63}}}, 0, 0), "the costs of aim 3 add up to more"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", c.name, c.err, c.says)
		}
	}
	if s, err := flow.New(0).Solve(); err != nil || s.Value().String() != "0 0 0 0 0 0" {
		t.Errorf("a graph of nothing: %v, %v", s, err)
	}
}

// solver finds another program, or ends the test: it may be absent from a
// person's machine, but not from where every change is checked.
func solver(t testing.TB, name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed: this check needs it", name)
	}
	return path
}

// least is what another solver says is the least cost of a file.
func least(t testing.TB, name, file string, limit time.Duration) (*big.Float, error) {
	t.Helper()
	out := file + "." + name
	ctx, stop := context.WithTimeout(context.Background(), limit)
	defer stop()
	args := []string{"--lp", file, "--exact", "-w", out} // in fractions: its floating point finds some of these impossible
	if name == "cbc" {
		args = []string{file, "solve", "solution", out}
	}
	said, err := exec.CommandContext(ctx, solver(t, name), args...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, said)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("%s wrote no answer: %s", name, said)
	}
	var words []string
	if name == "cbc" { // Optimal - objective value 12.5
		line, _, _ := strings.Cut(string(text), "\n")
		words = strings.Fields(line)
		if len(words) == 0 || words[0] != "Optimal" {
			return nil, fmt.Errorf("cbc: %s", line)
		}
	} else { // s bas rows columns f f 12.5: both sides feasible, so optimal
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "s ") {
				words = strings.Fields(line)
			}
		}
		if len(words) < 7 || words[4] != "f" || words[5] != "f" {
			return nil, fmt.Errorf("glpsol: %s", said)
		}
	}
	value, _, err := big.ParseFloat(words[len(words)-1], 10, 200, big.ToNearestEven)
	return value, err
}

func TestOtherSolversAgreeByEveryAim(t *testing.T) {
	for _, name := range []string{"glpsol", "cbc"} {
		t.Run(name, func(t *testing.T) {
			solver(t, name)
			r := rand.New(rand.NewPCG(9, 10))
			nets := []net{council(6, 20, 3, 40, 6), council(12, 40, 2, 60, 6), tangle(r, 12, 60, 5), tangle(r, 20, 120, 3)}
			for range 6 {
				nets = append(nets, random(r))
			}
			var compared int
			for i, n := range nets {
				s, err := n.graph().Solve()
				if err != nil {
					continue
				}
				for aim, want := range s.Value() {
					var text bytes.Buffer
					if err := s.WriteLP(&text, aim); err != nil {
						t.Fatal(err)
					}
					file := filepath.Join(t.TempDir(), fmt.Sprintf("%d-%d.lp", i, aim))
					if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
						t.Fatal(err)
					}
					got, err := least(t, name, file, time.Minute)
					if err != nil {
						t.Fatalf("network %d, aim %d: %v\n%s", i, aim+1, err, text.String()[:min(2000, text.Len())])
					}
					// They reckon in floating point: to nine digits, or half a unit.
					off := new(big.Float).Sub(got, new(big.Float).SetInt(want))
					within := new(big.Float).Quo(new(big.Float).SetInt(want), big.NewFloat(1e9))
					if off.Abs(off).Cmp(big.NewFloat(0.5)) > 0 && off.Cmp(within.Abs(within)) > 0 {
						t.Errorf("network %d, aim %d: %s says %v, we say %v", i, aim+1, name, got, want)
					}
					compared++
				}
			}
			t.Logf("%d aims agree with %s", compared, name)
			if compared < 30 {
				t.Error("too few were compared")
			}
		})
	}
}

func TestOneSolutionIsResolvedBySeveralAtOnce(t *testing.T) {
	n := council(10, 60, 3, 50, 6)
	s, err := n.graph().Solve()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for a := i; a < len(n.arcs); a += 97 {
				m := net{n.supply, slices.Clone(n.arcs)}
				m.arcs[a].cap, m.arcs[a].cost[2] = 0, 7
				again, err := s.Resolve(flow.Bounds(a, 0, 0), flow.Costs(a, m.arcs[a].cost))
				if err != nil {
					t.Error(err)
					return
				}
				fresh, err := m.graph().Solve()
				if err != nil || fresh.Value().Compare(again.Value()) != 0 {
					t.Errorf("without arc %d: %v, from the start %v (%v)", a, again.Value(), fresh.Value(), err)
				}
			}
		})
	}
	all.Wait()
	prove(t, n, s)
}
