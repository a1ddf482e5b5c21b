package alike

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// coincidence knows how easily services of one kind meet by chance in this book: where three hundred
// share activity, level, objective and ages, one more in the same ward says little.
type coincidence struct {
	kinds     map[string]int
	kind      []string // of each service: activity, level, objectives and ages
	ins, outs []int32  // of all places, each in order
}

func newCoincidence(services []*Service) *coincidence {
	c := &coincidence{kinds: map[string]int{}, kind: make([]string, len(services))}
	for i, s := range services {
		aims := slices.Sorted(slices.Values(s.Objectives))
		c.kind[i] = strings.ToLower(fmt.Sprint(s.Activity, "\x00", s.Level, "\x00", aims, s.AgeFrom, s.AgeTo))
		c.kinds[c.kind[i]]++
		for _, a := range places(s) {
			c.ins, c.outs = append(c.ins, a.In), append(c.outs, a.Out)
		}
	}
	slices.Sort(c.ins)
	slices.Sort(c.outs)
	return c
}

// there is the share of the book's services that a place overlaps.
func (c *coincidence) there(s *Service) float64 {
	share := 0.0
	for _, a := range places(s) {
		before, _ := slices.BinarySearch(c.outs, a.In+1)
		within, _ := slices.BinarySearch(c.ins, a.Out)
		share += float64(within-before) / float64(len(c.ins))
	}
	return max(0, min(share, 1))
}

// apart counts the facts that two services do not share; fewer rivals share as many.
func (m *measured) apart() int {
	return int(4 - m[mActivity] - m[mObjective] - m[mAgesSame] - m[mPlaces] + 0.5)
}

// rivals adds to each pair what is known only beside the other pairs of its two services: how many
// agree in as many facts, and whether another pair reads likelier.
func rivals(found []found, services []*Service) {
	c := newCoincidence(services)
	type standing struct {
		asNear       [5]int32
		first, other float64 // the two likeliest pairs, as logits
		sum          float64
	}
	all := make([]standing, len(services))
	for i := range all {
		all[i].first, all[i].other = -20, -20
	}
	for i := range found {
		f := &found[i]
		f.look = logit(&f.measured, &firstWeights)
		for _, s := range []*standing{&all[f.a], &all[f.b]} {
			s.asNear[f.apart()]++
			s.sum += 1 / (1 + math.Exp(-f.look))
			if f.look > s.first {
				s.first, s.other = f.look, s.first
			} else {
				s.other = max(s.other, f.look)
			}
		}
	}
	inParts(len(found), func(_, from, to int) {
		for i := from; i < to; i++ {
			f := &found[i]
			m := &f.measured
			a, b := &all[f.a], &all[f.b]
			nearA, nearB := int32(0), int32(0)
			for d := range f.apart() + 1 {
				nearA += a.asNear[d]
				nearB += b.asNear[d]
			}
			m[mAsNearMost] = float32(math.Log(float64(max(nearA, nearB)))) / 4
			m[mAsNearLeast] = float32(math.Log(float64(min(nearA, nearB)))) / 4
			rival := func(s *standing) float64 {
				if f.look >= s.first {
					return s.other
				}
				return s.first
			}
			ra, rb := rival(a), rival(b)
			p := 1 / (1 + math.Exp(-f.look))
			m[mLook] = float32(max(-10, f.look)) / 5
			m[mAhead] = float32(min(max(f.look-max(ra, rb), -6), 6)) / 6
			m[mRivalSure] = float32(1 / (1 + math.Exp(-max(ra, rb))))
			m[mRivalsSum] = float32(math.Log1p(a.sum+b.sum-2*p)) / 2
			if c.kind[f.a] == c.kind[f.b] {
				m[mSameKind] = 1
				e := float64(c.kinds[c.kind[f.a]]) * min(c.there(services[f.a]), c.there(services[f.b]))
				m[mExpected] = float32(min(max(math.Log(e), -4), 4)) / 4
			}
		}
	})
}
