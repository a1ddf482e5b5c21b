package alike

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// presence is a service in one of its places. Presences stand in preorder of the tree, wider before
// narrower, so those that a presence overlaps and has not met yet are the stretch just after it.
type presence struct {
	item    uint32
	in, out int32
}

func presences(services []*Service) []presence {
	var ps []presence
	for i, s := range services {
		for _, a := range places(s) {
			ps = append(ps, presence{uint32(i), a.In, a.Out})
		}
	}
	slices.SortFunc(ps, func(a, b presence) int {
		return cmp.Or(cmp.Compare(a.in, b.in), cmp.Compare(b.out, a.out), cmp.Compare(a.item, b.item))
	})
	return ps
}

// everywhere stands for a place that is not known: it may be any.
var everywhere = []Span{{math.MinInt32, math.MaxInt32}}

func places(s *Service) []Span {
	if len(s.Places) == 0 {
		return everywhere
	}
	return s.Places
}

// Bounds on the work for one presence: they make the whole grow with n log n. A service with more
// structural mates than these is told apart by its words.
const (
	keysEach    = 12  // uncommon words looked up
	textVisits  = 700 // entries read in their lists
	mateVisits  = 500 // entries read in each list of the same activity, level and outcome
	candidates  = 24  // pairs measured
	leastShared = 0.10
	mateWorth   = 0.30 // of likeness, when choosing the candidates
)

type posting struct {
	at     uint32 // presence
	weight float32
}

// index lists the presences of each key, in order.
type index struct {
	starts []uint32
	posts  []posting
}

type keyed struct {
	key    uint32
	weight float32
}

func newIndex(keys int, of [][]keyed) *index {
	x := &index{starts: make([]uint32, keys+1)}
	for _, ks := range of {
		for _, k := range ks {
			x.starts[k.key+1]++
		}
	}
	for k := range keys {
		x.starts[k+1] += x.starts[k]
	}
	x.posts = make([]posting, x.starts[keys])
	next := slices.Clone(x.starts[:keys])
	for p, ks := range of {
		for _, k := range ks {
			x.posts[next[k.key]] = posting{uint32(p), k.weight}
			next[k.key]++
		}
	}
	return x
}

// after is the list of a key beyond presence p.
func (x *index) after(key, p uint32) []posting {
	list := x.posts[x.starts[key]:x.starts[key+1]]
	i, _ := slices.BinarySearchFunc(list, p+1, func(e posting, p uint32) int { return cmp.Compare(e.at, p) })
	return list[i:]
}

// textKeys are the least common words of each presence's service.
func textKeys(ps []presence, ts []text, terms int) [][]keyed {
	df := make([]int, terms)
	for i := range ts {
		for _, t := range ts[i].all {
			df[t.concept]++
		}
	}
	perItem := make([][]keyed, len(ts))
	inParts(len(ts), func(_, from, to int) {
		for i := from; i < to; i++ {
			var ks []keyed
			for _, t := range ts[i].all {
				if df[t.concept] > 1 {
					ks = append(ks, keyed{t.concept, t.weight})
				}
			}
			slices.SortFunc(ks, func(a, b keyed) int {
				return cmp.Or(cmp.Compare(df[a.key], df[b.key]), cmp.Compare(a.key, b.key))
			})
			perItem[i] = ks[:min(len(ks), keysEach)]
		}
	})
	of := make([][]keyed, len(ps))
	for p := range ps {
		of[p] = perItem[ps[p].item]
	}
	return of
}

// mateKeys put services of one activity, level and outcome together (or objective, where its outcome
// is not known). Where one of the three is not known the other two must do: such a service looks in the
// list of all that have those two, and the others look in the list of those that lack the third.
func mateKeys(ps []presence, services []*Service) (listed, looked [][]keyed, keys int) {
	type key struct {
		lacking              byte
		activity, level, aim string
	}
	ids := map[key]uint32{}
	list, look := make([][]keyed, len(services)), make([][]keyed, len(services))
	for i, s := range services {
		add := func(to *[]keyed, k key) {
			id, ok := ids[k]
			if !ok {
				id = uint32(len(ids))
				ids[k] = id
			}
			if e := (keyed{id, 0}); !slices.Contains(*to, e) {
				*to = append(*to, e)
			}
		}
		aims := s.Kin
		if len(aims) == 0 {
			aims = s.Objectives
		}
		if len(aims) == 0 {
			aims = []string{""}
		}
		activity, level := strings.ToLower(s.Activity), strings.ToLower(s.Level)
		for _, aim := range aims {
			lacks := []bool{activity == "", level == "", aim == ""}
			switch unknown := count(lacks); {
			case unknown == 0:
				k := key{'-', activity, level, aim}
				add(&list[i], k)
				add(&look[i], k)
			case unknown > 1:
				continue
			}
			for part, without := range []key{{'a', "", level, aim}, {'l', activity, "", aim}, {'o', activity, level, ""}} {
				lack := without
				lack.lacking -= 'a' - 'A'
				switch {
				case lacks[part]:
					add(&list[i], without)
					add(&list[i], lack)
					add(&look[i], without)
				case count(lacks) == 0:
					add(&list[i], without)
					add(&look[i], lack)
				}
			}
		}
	}
	listed, looked = make([][]keyed, len(ps)), make([][]keyed, len(ps))
	for p := range ps {
		listed[p], looked[p] = list[ps[p].item], look[ps[p].item]
	}
	return listed, looked, len(ids)
}

func count(bs []bool) int {
	n := 0
	for _, b := range bs {
		if b {
			n++
		}
	}
	return n
}

type candidate struct{ a, b uint32 }

// nearby gives the pairs worth measuring, and for each service how many structural mates it has.
func nearby(services []*Service, ts []text, terms int, keep func(a, b uint32) bool) ([]candidate, []float32) {
	ps := presences(services)
	words := textKeys(ps, ts, terms)
	wordIndex := newIndex(terms, words)
	listed, aims, aimCount := mateKeys(ps, services)
	aimIndex := newIndex(aimCount, listed)

	type part struct {
		found []candidate
		mates []float32
	}
	parts := make([]part, 64)
	used := inParts(len(ps), func(n, from, to int) {
		mine := &parts[n]
		mine.mates = make([]float32, len(services))
		shared := make([]float32, len(services))
		mate := make([]bool, len(services))
		var met []uint32
		meet := func(item, other uint32) bool {
			if other == item {
				return false
			}
			if shared[other] == 0 {
				if a, b := services[item], services[other]; !agesMeet(a, b) || a.Level != "" && b.Level != "" && !strings.EqualFold(a.Level, b.Level) {
					shared[other] = -1
				} else {
					shared[other] = 1e-9
				}
				met = append(met, other)
			}
			return shared[other] > 0
		}
		for p := from; p < to; p++ {
			item, beyond := ps[p].item, ps[p].out
			for _, k := range aims[p] {
				list := aimIndex.after(k.key, uint32(p))
				for _, e := range list[:min(len(list), mateVisits)] {
					q := ps[e.at]
					if q.in >= beyond {
						break
					}
					if meet(item, q.item) && !mate[q.item] {
						mate[q.item] = true
						mine.mates[item]++
						mine.mates[q.item]++
					}
				}
			}
			visits := 0
			for _, k := range words[p] {
				if visits >= textVisits {
					break
				}
				for _, e := range wordIndex.after(k.key, uint32(p)) {
					q := ps[e.at]
					if visits++; q.in >= beyond || visits >= textVisits {
						break
					}
					if meet(item, q.item) {
						shared[q.item] += k.weight * e.weight
					}
				}
			}
			worth := func(o uint32) float32 {
				if mate[o] {
					return shared[o] + mateWorth
				}
				return shared[o]
			}
			chosen := met[:0:len(met)]
			for _, o := range met {
				if (mate[o] || shared[o] >= leastShared) && keep(item, o) {
					chosen = append(chosen, o)
				} else {
					shared[o], mate[o] = 0, false
				}
			}
			if len(chosen) > candidates {
				slices.SortFunc(chosen, func(a, b uint32) int {
					return cmp.Or(cmp.Compare(worth(b), worth(a)), cmp.Compare(a, b))
				})
			}
			for i, o := range chosen {
				if i < candidates {
					mine.found = append(mine.found, candidate{min(item, o), max(item, o)})
				}
				shared[o], mate[o] = 0, false
			}
			met = met[:0]
		}
	})
	mates := make([]float32, len(services))
	var found []candidate
	for _, p := range parts[:used] {
		found = append(found, p.found...)
		for i, m := range p.mates {
			mates[i] += m
		}
	}
	slices.SortFunc(found, func(x, y candidate) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return slices.Compact(found), mates
}

// agesMeet says whether two age ranges overlap by half of the shorter, or one is not known.
func agesMeet(a, b *Service) bool {
	if a.AgeFrom < 0 || b.AgeFrom < 0 {
		return true
	}
	both := int(min(a.AgeTo, b.AgeTo)) - int(max(a.AgeFrom, b.AgeFrom)) + 1
	shorter := min(int(a.AgeTo)-int(a.AgeFrom), int(b.AgeTo)-int(b.AgeFrom)) + 1
	return both > 0 && 2*both >= shorter
}
