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
	}, leastScore)
	var out []Pair
	for i := range found {
		f := &found[i]
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
	look, score float64
}

// compare measures every candidate pair and gives those that score at least so much.
func compare(services []*Service, keep func(a, b uint32) bool, least float64) []found {
	ts, v := texts(len(services), func(i, field int) string {
		switch field {
		case 0:
			return services[i].Name
		case 1:
			return services[i].Description
		}
		return services[i].Provider
	}, true)
	for i, t := range topics(ts, v.terms) {
		ts[i].topic = t
	}
	markSpread(ts, services, len(v.terms))
	near, mates := nearby(services, ts, len(v.terms), keep)
	all := make([]found, len(near))
	inParts(len(near), func(_, from, to int) {
		for i, c := range near[from:to] {
			all[from+i] = found{candidate: c, measured: measure(services[c.a], services[c.b], &ts[c.a], &ts[c.b], v.terms, mates[c.a], mates[c.b])}
		}
	})
	rivals(all, services)
	out := all[:0]
	for i := range all {
		f := &all[i]
		if len(services) >= ordinary {
			f.score = chance(beside(&f.measured))
		} else {
			f.score = chance(logit(&f.measured, &aloneWeights))
		}
		if f.score >= least {
			out = append(out, *f)
		}
	}
	return out
}

// ordinary is how many services a book needs before it shows what is usual in it: in a smaller one a
// pair is weighed alone.
const ordinary = 200

// logit weighs what is measured of a pair alone.
func logit(m *measured, weights *[looks]float64) float64 {
	sum := 0.0
	for i := range looks {
		sum += weights[i] * float64(m[i])
	}
	return sum
}

// beside weighs it again beside the other pairs of its two services.
func beside(m *measured) float64 {
	sum := weights[mOne]
	for i := looks; i < measures; i++ {
		sum += weights[i] * float64(m[i])
	}
	return sum
}

func chance(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }
