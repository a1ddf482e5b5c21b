package alike_test

import (
	"fmt"
	"strings"
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
	q := quality{byClass: map[plant.Class][2]int{}}
	right, rightShown := 0, 0
	for i, p := range pairs {
		if _, ok := b.True[[2]int{p.A, p.B}]; ok {
			right++
		}
		if float64(right) >= precision*float64(i+1) {
			q.shown, rightShown = i+1, right
		}
	}
	q.recall = float64(rightShown) / float64(len(b.True))
	for _, c := range b.True {
		n := q.byClass[c]
		q.byClass[c] = [2]int{n[0], n[1] + 1}
	}
	for _, p := range pairs[:q.shown] {
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

// TestWhatIsPlantedIsFound asks of ordinary books what the design asks, and of harder ones what was
// measured, less a little. No seed is one learned from.
func TestWhatIsPlantedIsFound(t *testing.T) {
	for _, c := range []struct {
		name       string
		plant      func(seed uint64, o plant.Options) plant.Book
		o          plant.Options
		at90, at80 float64
	}{
		{"register", plant.New, plant.Options{Style: plant.Register(), Near: 1, Doubles: 0.1}, 0.92, 0.95},
		{"composed", plant.New, plant.Options{Style: plant.Composed(), Near: 1, Doubles: 0.1}, 0.92, 0.95},
		{"terse", plant.New, plant.Options{Style: plant.Terse(), Near: 1, Doubles: 0.1}, 0.90, 0.95},
		{"composed, one in fifty a double", plant.New, plant.Options{Style: plant.Composed(), Near: 1, Doubles: 0.02}, 0.88, 0.92},
		{"register, hard: two near-misses to a double, half without descriptions", plant.New, plant.Options{Style: plant.Register(), Texts: 0.5}, 0.86, 0.91},
		{"composed, hard: few activities, two near-misses to a double", plant.New, plant.Options{Style: plant.Composed(), Coarse: true}, 0.89, 0.93},
		{"register, a tenth lacking a fact", plant.New, plant.Options{Style: plant.Register(), Near: 1, Gaps: 0.1}, 0.88, 0.92},
		{"terse, most without descriptions", plant.New, plant.Options{Style: plant.Terse(), Texts: 0.3}, 0.88, 0.92},
		{"prospectus: another making, a third of the doubles in other words altogether", plant.Prospectus, plant.Options{}, 0.88, 0.91},
		{"prospectus without descriptions", plant.Prospectus, plant.Options{Texts: 1e-9}, 0.82, 0.86},
	} {
		t.Run(c.name, func(t *testing.T) {
			const books = 3
			mean90, mean80 := 0.0, 0.0
			c.o.Services = 5000
			for seed := range uint64(books) {
				b := c.plant(1001+seed, c.o)
				pairs := alike.Pairs(b.Services, nil)
				q90, q80 := at(0.90, b, pairs), at(0.80, b, pairs)
				t.Logf("%d services, %d true pairs, %d pairs returned", len(b.Services), len(b.True), len(pairs))
				t.Logf("at precision 0.90: %v", q90)
				t.Logf("at precision 0.80: %v", q80)
				mean90 += q90.recall / books
				mean80 += q80.recall / books
			}
			t.Logf("recall %.3f at precision 0.90, %.3f at 0.80", mean90, mean80)
			if mean90 < c.at90 || mean80 < c.at80 {
				t.Errorf("want recall %.2f at precision 0.90 and %.2f at 0.80", c.at90, c.at80)
			}
		})
	}
}

// TestHeldOutWordsAreNotKnown keeps the strange class honest.
func TestHeldOutWordsAreNotKnown(t *testing.T) {
	for word, others := range plant.HeldOut() {
		for _, other := range others {
			for part := range strings.FieldsSeq(other) {
				if alike.Meaning(word) == alike.Meaning(part) {
					t.Errorf("the matcher knows that %q is %q", other, word)
				}
			}
		}
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

func BenchmarkNearText(b *testing.B) {
	for b.Loop() {
		alike.NearText("Parenting programme for young carers - North", "Young carers' parenting prog (North)")
	}
}
