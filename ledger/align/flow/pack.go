package flow

import "math"

// Costs are compared aim by aim, but the simplex should compare one number. So
// aims are packed into words, several aims to an int64, each aim weighted so
// heavily that all the later ones in its word together cannot outweigh it. That
// is exact, not a large number hoped to be large enough:
//
// All the simplex ever compares with nought is the reduced cost of an arc, which
// is the cost of going once round a cycle that meets no node twice. Give each
// arc of the cycle to the node it leaves; then no node has two, and the cost of
// the cycle by aim k is at most
//
//	bound[k] = the sum over nodes of the largest |cost by aim k| of an arc at it.
//
// A node's price is the cost of a path to the root that meets no node twice, so
// the same bound holds for it. With
//
//	weight[k] = 1 + the sum over later aims j in the word of bound[j]·weight[j]
//
// a reduced cost that is not nought by aim k, and is by the aims before it, has
// in the packed word the sign it has by aim k; and the word is nought only where
// every aim is. A word is full when its reduced costs could pass an int64.
//
// What does not fit in one word goes into the next, which the simplex pursues
// after the first, over the arcs whose reduced cost by the first is nought: these
// alone can change without loss by the first. Two words so cost two short
// searches with plain numbers, not one with pairs.
//
// Before all aims comes one of our own: to use none of the artificial arcs the
// simplex starts from. Each costs 1 by it; a cycle passes the root once, so it
// has two of them at most.
type packing struct {
	most  []Cost      // by node: the largest |cost| of an arc at it
	word  [Aims]int   // which word an aim is in; -1 if no arc has a cost by it
	times [Aims]int64 // its weight there
	words int         // at least one
	large int64       // the cost of an artificial arc, in word 0
}

const (
	artificialBound = 2
	wordRoom        = math.MaxInt64 / 8 // so that a cost and some prices can be added without passing an int64
)

func pack(nodes int, order mixed, from, to []int32, cost []Cost) (*packing, error) {
	p := &packing{most: make([]Cost, nodes)}
	order.each(func(place, arc int) {
		u, v := &p.most[from[place]], &p.most[to[place]]
		for k, c := range cost[arc] {
			if c != 0 {
				c = size(c)
				u[k], v[k] = max(u[k], c), max(v[k], c)
			}
		}
	})
	var bound [Aims]int64
	for v := range p.most {
		for k, c := range p.most[v] {
			if c > wordRoom-bound[k] {
				return nil, &TooLarge{Aim: k}
			}
			bound[k] += c
		}
	}
	// First which aims share a word: as many as fit, in order. Then the weights,
	// from the last aim of each word back to the first.
	full := float64(1 + artificialBound)
	for k := range bound {
		p.word[k] = -1
		if bound[k] == 0 {
			continue
		}
		// (1+b0)(1+b1)… is one more than the largest packed number.
		if full*(float64(bound[k])+1) > wordRoom/2 {
			p.words++
			full = 1
		}
		full *= float64(bound[k]) + 1
		p.word[k] = p.words
	}
	p.words++
	word, reach := p.words-1, int64(0)
	for k := Aims - 1; k >= 0; k-- {
		if p.word[k] < 0 {
			continue
		}
		if p.word[k] != word {
			word, reach = p.word[k], 0
		}
		p.times[k] = reach + 1
		reach += bound[k] * p.times[k]
	}
	if word != 0 { // no aim shares the first word with the artificial arcs
		reach = 0
	}
	p.large = reach + 1
	return p, nil
}

// of is the cost of an arc in one word.
func (p *packing) of(c Cost, word int) (sum int64) {
	for k := range c {
		if p.word[k] == word {
			sum += c[k] * p.times[k]
		}
	}
	return sum
}

// holds says whether an arc may take a new cost without the packing being made
// again.
func (p *packing) holds(from, to int32, c Cost) bool {
	for k := range c {
		if size(c[k]) > min(p.most[from][k], p.most[to][k]) {
			return false
		}
	}
	return true
}

// size is |c|; the least int64, which has no opposite, is too large either way.
func size(c int64) int64 {
	switch {
	case c == math.MinInt64:
		return math.MaxInt64
	case c < 0:
		return -c
	}
	return c
}
