package alike

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Service is one service as a line of the book.
type Service struct {
	Ref                                              int // the caller's own number, not looked at
	ID, Name, Description, Activity, Level, Provider string
	Objectives                                       []string // ids
	Kin                                              []string // ids of the outcomes above them
	Places                                           []Span   // none: not known
	AgeFrom, AgeTo                                   int8     // inclusive; -1, -1: not known
	Capacity                                         int      // 0: not known
}

// Span is an area of a tree numbered in preorder: In up to, not including, Out.
type Span struct{ In, Out int32 }

// Pair is two services, or records, that look like one. A and B index the input, A < B.
type Pair struct {
	A, B    int
	Score   float64 // a likeness from 0 to 1, for order only: never money, never shown as a number
	Reasons []Reason
}

// leastScore is below what an officer would thank us for.
const leastScore = 0.03

// Pairs finds services that look commissioned twice, best first, ties by id. The caller may drop
// pairs early with keep (different years, one agreement); it may be nil and is called from several
// goroutines at once. The order of the input changes nothing but the indices.
func Pairs(services []Service, keep func(a, b int) bool) []Pair {
	order := inPlaceOrder(services)
	sorted := make([]*Service, len(order))
	for i, at := range order {
		sorted[i] = &services[at]
	}
	found := compare(sorted, func(a, b uint32) bool {
		return keep == nil || keep(min(order[a], order[b]), max(order[a], order[b]))
	})
	rank(found)
	var out []Pair
	for i := range found {
		f := &found[i]
		if f.score < leastScore {
			continue
		}
		x, y := order[f.a], order[f.b]
		if x > y {
			x, y = y, x
		}
		out = append(out, Pair{x, y, f.score, reasons(&services[x], &services[y], f.measured)})
	}
	slices.SortFunc(out, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Score, p.Score), compareIDs(services[p.A].ID, services[p.B].ID, services[q.A].ID, services[q.B].ID),
			cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	return out
}

func compareIDs(a, b, c, d string) int {
	return cmp.Or(strings.Compare(min(a, b), min(c, d)), strings.Compare(max(a, b), max(c, d)))
}

// inPlaceOrder lays services in preorder of the tree, then by what they say, never by where they stood.
func inPlaceOrder(services []Service) []int {
	order := make([]int, len(services))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := &services[i], &services[j]
		x, y := places(a)[0], places(b)[0]
		return cmp.Or(cmp.Compare(x.In, y.In), cmp.Compare(y.Out, x.Out), strings.Compare(a.ID, b.ID), strings.Compare(a.Name, b.Name),
			strings.Compare(a.Description, b.Description), strings.Compare(a.Provider, b.Provider))
	})
	return order
}

type found struct {
	candidate
	measured
	first, score float64
}

// compare measures every candidate pair.
func compare(services []*Service, keep func(a, b uint32) bool) []found {
	ts, v := texts(len(services), func(i, field int) string {
		switch field {
		case 0:
			return services[i].Name
		case 1:
			return services[i].Description
		}
		return services[i].Provider
	})
	near, mates := nearby(services, ts, len(v.terms), keep)
	out := make([]found, len(near))
	inParts(len(near), func(_, from, to int) {
		for i := from; i < to; i++ {
			a, b := near[i].a, near[i].b
			out[i].candidate = near[i]
			out[i].measured = measure(services[a], services[b], &ts[a], &ts[b], v.terms, mates[a], mates[b])
			out[i].first = dot(&out[i].measured)
		}
	})
	return out
}

func dot(m *measured) float64 {
	sum := 0.0
	for i, x := range m {
		sum += weights[i] * float64(x)
	}
	return sum
}

// rivalry is what the other pairs of the same two services say of a pair: a service that has a much
// better mate is less likely to be this one's double too.
const (
	rOne = iota
	rFirst
	rGap
	rWider
	rCrowd
	rivalries
)

func rivalry(fs []found) [][rivalries]float64 {
	best := map[uint32][2]float64{} // the best and the next of each service
	note := func(s uint32, x float64) {
		b, ok := best[s]
		if !ok {
			b = [2]float64{-9, -9}
		}
		switch {
		case x > b[0]:
			b[0], b[1] = x, b[0]
		case x > b[1]:
			b[1] = x
		}
		best[s] = b
	}
	for i := range fs {
		note(fs[i].a, fs[i].first)
		note(fs[i].b, fs[i].first)
	}
	near := func(s uint32, x float64) bool { return x > best[s][0]-1.5 }
	crowd := map[uint32]int{}
	for i := range fs {
		for _, s := range []uint32{fs[i].a, fs[i].b} {
			if near(s, fs[i].first) {
				crowd[s]++
			}
		}
	}
	out := make([][rivalries]float64, len(fs))
	for i := range fs {
		x := fs[i].first
		gap := func(s uint32) float64 {
			rival := best[s][0]
			if rival <= x {
				rival = best[s][1]
			}
			return max(-6, min(6, rival-x))
		}
		a, b := gap(fs[i].a), gap(fs[i].b)
		out[i] = [rivalries]float64{1, x, (a + b) / 2, max(a, b), math.Log(float64(max(crowd[fs[i].a], 1) * max(crowd[fs[i].b], 1)))}
	}
	return out
}

func rank(fs []found) {
	for i, r := range rivalry(fs) {
		sum := 0.0
		for k, x := range r {
			sum += rivalWeights[k] * x
		}
		fs[i].score = 1 / (1 + math.Exp(-sum))
	}
}
