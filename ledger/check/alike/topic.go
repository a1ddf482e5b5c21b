package alike

import (
	"hash/fnv"
	"math"
)

// A topic says what a service is about in a few numbers, learned from the book itself: words that keep
// the same company stand near each other, so that a youth forum and a young people's council meet
// although they share no word. Each word gets a fixed direction by chance; a word means the sum of the
// texts it stands in, and a text the sum of what its words mean.
const topicSize = 48

type topic [topicSize]float32

const leastUses = 3 // a rarer word has kept too little company

func topics(ts []text, terms []string) []topic {
	direction := make([]uint64, len(terms))
	for i, s := range terms {
		h := fnv.New64a()
		h.Write([]byte(s))
		x := h.Sum64()
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		direction[i] = x ^ x>>31
	}
	plain := make([]topic, len(ts))
	inParts(len(ts), func(_, from, to int) {
		for i := from; i < to; i++ {
			for _, w := range ts[i].all {
				if w.telling {
					continue
				}
				bits := direction[w.concept]
				for k := range plain[i] {
					plain[i][k] += w.weight * float32(int(bits&1)*2-1)
					bits >>= 1
				}
			}
		}
	})
	var mean topic
	for i := range plain {
		mean.add(&plain[i], 1/float32(len(plain)))
	}
	at := make([][]posting, len(terms))
	for i := range ts {
		plain[i].add(&mean, -1)
		for _, w := range ts[i].all {
			if !w.telling {
				at[w.concept] = append(at[w.concept], posting{uint32(i), w.weight})
			}
		}
	}
	meaning := make([]topic, len(terms))
	inParts(len(terms), func(_, from, to int) {
		for w := from; w < to; w++ {
			if len(at[w]) < leastUses {
				continue
			}
			for _, p := range at[w] {
				meaning[w].add(&plain[p.at], p.weight)
			}
			meaning[w].unit()
		}
	})
	out := plain
	inParts(len(ts), func(_, from, to int) {
		for i := from; i < to; i++ {
			out[i] = topic{}
			for _, w := range ts[i].all {
				out[i].add(&meaning[w.concept], w.weight)
			}
			out[i].unit()
		}
	})
	return out
}

func (t *topic) add(o *topic, by float32) {
	for k := range t {
		t[k] += by * o[k]
	}
}

func (t *topic) dot(o *topic) float32 {
	sum := float32(0)
	for k := range t {
		sum += t[k] * o[k]
	}
	return sum
}

func (t *topic) unit() {
	if n := t.dot(t); n > 0 {
		by := float32(1 / math.Sqrt(float64(n)))
		for k := range t {
			t[k] *= by
		}
	}
}
