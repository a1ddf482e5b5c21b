package flow_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"braid/ledger/align/flow"
)

// council is a network of the kind alignment makes: streams give in each year,
// services need in each year, an arc where the terms allow (eligible per cent of
// pairs), money carried to the next year, one node that makes up what services go
// short of and one that takes what lapses. With one aim the cost is one number;
// with six, each aim has costs of its own, few of them different from one another.
func council(streams, services, years, eligible, aims int) net {
	r := rand.New(rand.NewPCG(uint64(streams*services), uint64(eligible)))
	give := func(s, y int) int { return y*streams + s }
	need := func(s, y int) int { return years*streams + y*services + s }
	gap := years * (streams + services)
	lapse := gap + 1
	n := net{supply: make([]int64, lapse+1)}
	cost := func(one int64, six flow.Cost) flow.Cost {
		if aims == 1 {
			return flow.Cost{one}
		}
		return six
	}
	var given, needed int64
	for y := range years {
		for s := range streams {
			amount := 1_000_000 + r.Int64N(100_000_000*int64(services)/int64(streams)/5)
			n.supply[give(s, y)] = amount
			given += amount
			n.arcs = append(n.arcs, arc{give(s, y), lapse, 0, flow.Unlimited, cost(500, flow.Cost{0, 0, 0, 10})})
			if y+1 < years && r.IntN(3) == 0 {
				n.arcs = append(n.arcs, arc{give(s, y), give(s, y+1), 0, amount / 10, cost(5, flow.Cost{0, 0, 0, 1, 1})})
			}
		}
		for s := range services {
			amount := 500_000 + r.Int64N(20_000_000)
			n.supply[need(s, y)] = -amount
			needed += amount
			weight := 1 + r.Int64N(100)
			six := flow.Cost{0, 0, weight}
			if r.IntN(5) == 0 {
				six = flow.Cost{0, 1, weight}
			}
			n.arcs = append(n.arcs, arc{gap, need(s, y), 0, flow.Unlimited, cost(1000+100*weight, six)})
		}
	}
	n.supply[gap] += needed
	n.supply[lapse] -= given
	n.arcs = append(n.arcs, arc{gap, lapse, 0, flow.Unlimited, flow.Cost{}}) // what need not be made up
	for s := range streams {
		breadth, lasting := r.Int64N(10), r.Int64N(2)
		for v := range services {
			if r.IntN(100) >= eligible {
				continue
			}
			now := r.IntN(20) == 0
			for y := range years {
				a := arc{give(s, y), need(v, y), 0, flow.Unlimited, cost(r.Int64N(1000), flow.Cost{0, 0, 0, breadth, lasting * int64(v%2), 1})}
				if now {
					kept := a
					kept.cap, kept.cost[flow.Aims-1] = 1_000_000, 0
					n.arcs = append(n.arcs, kept)
				}
				n.arcs = append(n.arcs, a)
			}
		}
	}
	return n
}

var sizes = []struct{ services, eligible int }{{500, 15}, {500, 100}, {5000, 15}, {5000, 100}}

func BenchmarkSolve(b *testing.B) {
	for _, size := range sizes {
		for _, aims := range []int{1, 6} {
			b.Run(fmt.Sprintf("60x%dx5/%d%%/%d", size.services, size.eligible, aims), func(b *testing.B) {
				g := council(60, size.services, 5, size.eligible, aims).graph()
				var pivots int
				for b.Loop() {
					s, err := g.Solve()
					if err != nil {
						b.Fatal(err)
					}
					pivots = s.Pivots()
				}
				b.ReportMetric(float64(g.Arcs()), "arcs")
				b.ReportMetric(float64(pivots), "pivots")
			})
		}
	}
}

// BenchmarkResolve asks what the best plan would be without one arc in use, and
// with one stream's money a little more.
func BenchmarkResolve(b *testing.B) {
	for _, size := range sizes {
		n := council(60, size.services, 5, size.eligible, 6)
		s, err := n.graph().Solve()
		if err != nil {
			b.Fatal(err)
		}
		var used []int
		for a := range n.arcs {
			if n.arcs[a].cost[flow.Aims-1] > 0 && s.Flow(a) > 0 {
				used = append(used, a)
			}
		}
		lapse := len(n.supply) - 1
		ask := func(name string, change func(i int) []flow.Change) {
			b.Run(fmt.Sprintf("60x%dx5/%d%%/%s", size.services, size.eligible, name), func(b *testing.B) {
				var pivots, i int
				for b.Loop() {
					again, err := s.Resolve(change(i)...)
					if err != nil {
						b.Fatal(err)
					}
					pivots += again.Pivots()
					i++
				}
				b.ReportMetric(float64(pivots)/float64(b.N), "pivots/op")
			})
		}
		ask("without", func(i int) []flow.Change {
			return []flow.Change{flow.Bounds(used[i*37%len(used)], 0, 0)}
		})
		ask("more", func(i int) []flow.Change {
			v := i * 7 % 300
			return []flow.Change{flow.Supplies(v, n.supply[v]+100_000), flow.Supplies(lapse, n.supply[lapse]-100_000)}
		})
		b.Run(fmt.Sprintf("60x%dx5/%d%%/ways", size.services, size.eligible), func(b *testing.B) {
			for b.Loop() {
				s.Ways(lapse)
			}
		})
	}
}

// BenchmarkAgainst gives the same problem, of one aim, to another solver, and
// says how many times as long it takes. The other is stopped after a minute; then
// the ratio is "at least".
func BenchmarkAgainst(b *testing.B) {
	const limit = time.Minute
	for _, name := range []string{"glpsol", "cbc"} {
		for _, size := range sizes {
			b.Run(fmt.Sprintf("%s/60x%dx5/%d%%", name, size.services, size.eligible), func(b *testing.B) {
				solver(b, name)
				if size.services*size.eligible > 75_000 && os.Getenv("FLOW_LARGE") == "" {
					b.Skip("takes minutes: set FLOW_LARGE to run it")
				}
				g := council(60, size.services, 5, size.eligible, 1).graph()
				var s *flow.Solution
				var err error
				for b.Loop() {
					if s, err = g.Solve(); err != nil {
						b.Fatal(err)
					}
				}
				ours := b.Elapsed() / time.Duration(b.N)
				dir, err := os.MkdirTemp("", "flow") // cbc does not open a path with a % in it
				if err != nil {
					b.Fatal(err)
				}
				defer os.RemoveAll(dir)
				file := filepath.Join(dir, "council.lp")
				f, err := os.Create(file)
				if err != nil {
					b.Fatal(err)
				}
				if err := errors.Join(s.WriteLP(f, 0), f.Close()); err != nil {
					b.Fatal(err)
				}
				// What it says of its own time leaves out reading the file.
				theirs, value := timed(b, name, file, limit)
				if value == "" {
					b.Logf("%s had not finished after %v", name, limit)
					b.ReportMetric(float64(limit)/float64(ours), "times-at-least")
					return
				}
				b.Logf("%s says %s, we say %v", name, value, s.Value()[0])
				b.ReportMetric(theirs.Seconds(), name+"-s")
				b.ReportMetric(float64(theirs)/float64(ours), "times")
			})
		}
	}
}

var (
	glpsolTook = regexp.MustCompile(`Time used:\s+([\d.]+) secs`)
	cbcTook    = regexp.MustCompile(`Total time \(CPU seconds\):\s+([\d.]+)`)
	read       = regexp.MustCompile(`rows`)
	finished   = regexp.MustCompile(`OPTIMAL (LP )?SOLUTION FOUND|Optimal objective`)
	cbcLeast   = regexp.MustCompile(`(?i)optimal objective\s+([-+\d.e]+)`)
	glpsolCost = regexp.MustCompile(`(?m)^\*\s*\d+: obj =\s*([-+\d.e]+)`)
)

// timed runs a solver on a file and reads its own account of the time it took and
// the least cost it found; no cost if it ran out of time.
func timed(b *testing.B, name, file string, limit time.Duration) (took time.Duration, value string) {
	seconds := strconv.Itoa(int(limit.Seconds()))
	args, time1, cost := []string{"--lp", file, "--tmlim", seconds}, glpsolTook, glpsolCost
	if name == "cbc" {
		args, time1, cost = []string{file, "sec", seconds, "solve"}, cbcTook, cbcLeast
	}
	ctx, stop := context.WithTimeout(context.Background(), limit+limit/4) // reading the file is not counted by them
	defer stop()
	said, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return 0, ""
	case err != nil || !read.Match(said):
		b.Fatalf("%s: %v\n%s", name, err, said)
	}
	if !finished.Match(said) {
		return 0, ""
	}
	found, costs := time1.FindSubmatch(said), cost.FindAllSubmatch(said, -1)
	if found == nil || costs == nil {
		b.Fatalf("%s said something else:\n%s", name, said)
	}
	spent, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.Duration(spent * float64(time.Second)), string(costs[len(costs)-1][1])
}
