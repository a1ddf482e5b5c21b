package alike_test

import (
	"fmt"
	"testing"

	"braid/ledger/check/alike"
	"braid/ledger/check/alike/plant"
)

// quality is how much of what was planted is found by the time precision last stands at a level.
type quality struct {
	recall  float64
	shown   int
	byClass map[plant.Class][2]int // found, planted
}

func at(precision float64, b plant.Book, pairs []alike.Pair) quality {
	right, best, bestRight := 0, 0, 0
	for i, p := range pairs {
		if _, ok := b.True[[2]int{p.A, p.B}]; ok {
			right++
		}
		if float64(right) >= precision*float64(i+1) {
			best, bestRight = i+1, right
		}
	}
	q := quality{float64(bestRight) / float64(len(b.True)), best, map[plant.Class][2]int{}}
	for _, c := range b.True {
		n := q.byClass[c]
		q.byClass[c] = [2]int{n[0], n[1] + 1}
	}
	for _, p := range pairs[:best] {
		if c, ok := b.True[[2]int{p.A, p.B}]; ok {
			n := q.byClass[c]
			q.byClass[c] = [2]int{n[0] + 1, n[1]}
		}
	}
	return q
}

func (q quality) String() string {
	s := fmt.Sprintf("recall %.3f in %d shown;", q.recall, q.shown)
	for _, c := range []plant.Class{plant.Light, plant.Medium, plant.Heavy, plant.Strange} {
		if n := q.byClass[c]; n[1] > 0 {
			s += fmt.Sprintf(" %s %d of %d;", c, n[0], n[1])
		}
	}
	return s
}

func TestWhatIsPlantedIsFound(t *testing.T) {
	for _, c := range []struct {
		name       string
		seed       uint64
		o          plant.Options
		at90, at80 float64
	}{
		{"register", 101, plant.Options{Services: 5000, Style: plant.Register()}, 0.80, 0.85},
		{"register, half without descriptions", 102, plant.Options{Services: 5000, Style: plant.Register(), Texts: 0.5}, 0, 0},
		{"terse, a style not learned from", 103, plant.Options{Services: 5000, Style: plant.Terse(), Texts: 0.3}, 0, 0},
		{"one authority", 104, plant.Options{Services: 3000, Style: plant.Register(), Areas: 3}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := plant.New(c.seed, c.o)
			pairs := alike.Pairs(b.Services, nil)
			q90, q80 := at(0.90, b, pairs), at(0.80, b, pairs)
			t.Logf("%d services, %d true pairs, %d pairs returned", len(b.Services), len(b.True), len(pairs))
			t.Logf("at precision 0.90: %v", q90)
			t.Logf("at precision 0.80: %v", q80)
			if q90.recall < c.at90 || q80.recall < c.at80 {
				t.Errorf("want recall %.2f at precision 0.90 and %.2f at 0.80", c.at90, c.at80)
			}
		})
	}
}

func BenchmarkPairs(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 50_000} {
		book := plant.New(9, plant.Options{Services: n, Style: plant.Register()})
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				alike.Pairs(book.Services, nil)
			}
		})
	}
}
