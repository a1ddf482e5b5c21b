package flow

import (
	"fmt"
	"math/big"
	"strings"
)

// Aims is how many costs each unit on an arc has, one for each aim.
const Aims = 6

// Cost is what one unit costs by each aim, the first aim first.
type Cost [Aims]int64

// Compare is -1, 0 or +1 as c is cheaper than d, the same or dearer.
func (c Cost) Compare(d Cost) int {
	for k := range c {
		switch {
		case c[k] < d[k]:
			return -1
		case c[k] > d[k]:
			return 1
		}
	}
	return 0
}

func (c Cost) add(d Cost) Cost {
	for k := range c {
		c[k] += d[k]
	}
	return c
}

func (c Cost) less(d Cost) Cost {
	for k := range c {
		c[k] -= d[k]
	}
	return c
}

// Value is what a whole plan costs by each aim. It may be more than an int64
// holds.
type Value [Aims]*big.Int

// Compare is -1, 0 or +1 as v is cheaper than w, the same or dearer.
func (v Value) Compare(w Value) int {
	for k := range v {
		if c := v[k].Cmp(w[k]); c != 0 {
			return c
		}
	}
	return 0
}

func (v Value) String() string {
	words := make([]string, Aims)
	for k := range v {
		words[k] = v[k].String()
	}
	return strings.Join(words, " ")
}

// Unlimited is the capacity of an arc with no limit; any capacity over it is
// none too. Amounts that limit anything must add up to less.
const Unlimited int64 = 1 << 60

// Graph is the network: nodes numbered from 0, with what each has to give or
// must have, and arcs numbered in the order they are put in.
type Graph struct {
	from, to []int32
	low, cap []int64
	cost     []Cost
	supply   []int64
}

// New is a graph of so many nodes and no arcs.
func New(nodes int) *Graph {
	return &Graph{supply: make([]int64, nodes)}
}

// Nodes is how many nodes there are.
func (g *Graph) Nodes() int { return len(g.supply) }

// Arcs is how many arcs there are.
func (g *Graph) Arcs() int { return len(g.from) }

// Grow makes room for so many more arcs, which saves time where many are put in.
func (g *Graph) Grow(arcs int) {
	g.from = append(make([]int32, 0, len(g.from)+arcs), g.from...)
	g.to = append(make([]int32, 0, len(g.to)+arcs), g.to...)
	g.low = append(make([]int64, 0, len(g.low)+arcs), g.low...)
	g.cap = append(make([]int64, 0, len(g.cap)+arcs), g.cap...)
	g.cost = append(make([]Cost, 0, len(g.cost)+arcs), g.cost...)
}

// Arc puts in an arc that carries at least low and at most cap, each unit at
// the cost, and gives its number. A node that does not exist is a fault of the
// program, as an index out of range is.
func (g *Graph) Arc(from, to int, low, cap int64, cost Cost) int {
	if from < 0 || from >= len(g.supply) || to < 0 || to >= len(g.supply) {
		panic(fmt.Sprintf("flow: an arc from node %d to node %d in a graph of %d nodes", from, to, len(g.supply)))
	}
	g.from, g.to = append(g.from, int32(from)), append(g.to, int32(to))
	g.low, g.cap = append(g.low, low), append(g.cap, min(cap, Unlimited))
	g.cost = append(g.cost, cost)
	return len(g.from) - 1
}

// Supply says what a node has to give, or with a minus what it must have. The
// last word said of a node holds; a node of which nothing is said passes on
// what it gets.
func (g *Graph) Supply(node int, amount int64) { g.supply[node] = amount }

// From and To are the ends of an arc.
func (g *Graph) From(arc int) int { return int(g.from[arc]) }
func (g *Graph) To(arc int) int   { return int(g.to[arc]) }
