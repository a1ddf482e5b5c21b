package alike_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"testing"

	"braid/ledger/check/alike"
	"braid/ledger/check/alike/plant"
)

var learn = flag.Bool("learn", false, "learn the weights again and write weights.go")

// TestLearn learns the weights on planted books and writes weights.go:
//
//	go test ./ledger/check/alike -run TestLearn -learn -v
func TestLearn(t *testing.T) {
	if !*learn {
		t.Skip("only with -learn: writes weights.go")
	}
	rows, truth := gather(lessons())
	w := logistic(rows, truth, 0.5)
	t.Logf("%d pairs measured", len(truth))
	writeWeights(t, w)
	alike.SetWeights(w)
	TestWhatIsPlantedIsFound(t)
}

// writeWeights puts the numbers into weights.go, in the order in which its lines stand.
func writeWeights(t *testing.T, all []float64) {
	text, err := os.ReadFile("weights.go")
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	text = regexp.MustCompile(`(?m)^(\tm[A-Z]\w+:) +.*,$`).ReplaceAllFunc(text, func(line []byte) []byte {
		i++
		name, _, _ := bytes.Cut(line, []byte(":"))
		return fmt.Appendf(nil, "%s: %.2f,", name, all[i-1])
	})
	if i != len(all) {
		t.Fatalf("weights.go has %d weights, learned %d", i, len(all))
	}
	if text, err = format.Source(text); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("weights.go", text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// lessons are the books learned from: never the seeds that quality is tested on, nor a prospectus. They
// differ in all that real books differ in, so that no one making is learned by heart.
func lessons() []plant.Book {
	var out []plant.Book
	for seed := range uint64(48) {
		r := rand.New(rand.NewPCG(seed, 5))
		o := plant.Options{
			Style:    []plant.Style{plant.Register(), plant.Composed(), plant.Terse()}[seed%3],
			Services: one(r, 400, 1500, 3000, 5000, 8000),
			Doubles:  one(r, 0.02, 0.05, 0.10, 0.15),
			Near:     one(r, 0.5, 1, 1, 2),
			Texts:    one(r, 1, 1, 1, 0.7, 0.3),
			Gaps:     one(r, 0, 0, 0, 0.05),
			Heavy:    one(r, 0, 0, 0.25),
			Coarse:   r.IntN(8) == 0,
		}
		if r.IntN(2) == 0 {
			o.Misses = []string{"elsewhere", "age", "sister", "level"}
		}
		out = append(out, plant.New(seed+1, o))
	}
	return out
}

func one[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func gather(books []plant.Book) (rows [][]float64, truth []bool) {
	for _, b := range books {
		for _, m := range alike.Measure(b.Services) {
			_, is := b.True[[2]int{m.A, m.B}]
			rows, truth = append(rows, m.Values), append(truth, is)
		}
	}
	return
}

// logistic fits by Newton's method with a little shrinkage.
func logistic(rows [][]float64, truth []bool, shrink float64) []float64 {
	n := len(rows[0])
	w := make([]float64, n)
	for range 25 {
		h := make([][]float64, n)
		for i := range h {
			h[i] = make([]float64, n+1)
			h[i][i] = shrink
			h[i][n] = -shrink * w[i]
		}
		for k, x := range rows {
			z := 0.0
			for i, v := range x {
				z += w[i] * v
			}
			p := 1 / (1 + math.Exp(-z))
			y := 0.0
			if truth[k] {
				y = 1
			}
			s := p * (1 - p)
			for i, v := range x {
				if v == 0 {
					continue
				}
				h[i][n] += (y - p) * v
				for j := i; j < n; j++ {
					h[i][j] += s * v * x[j]
				}
			}
		}
		for i := range n {
			for j := range i {
				h[i][j] = h[j][i]
			}
		}
		step := solve(h)
		moved := 0.0
		for i := range w {
			w[i] += step[i]
			moved += math.Abs(step[i])
		}
		if moved < 1e-6 {
			break
		}
	}
	return w
}

// solve does Gaussian elimination on rows with the right-hand side last.
func solve(h [][]float64) []float64 {
	n := len(h)
	for i := range n {
		p := i
		for k := i; k < n; k++ {
			if math.Abs(h[k][i]) > math.Abs(h[p][i]) {
				p = k
			}
		}
		h[i], h[p] = h[p], h[i]
		for k := range n {
			if k == i {
				continue
			}
			f := h[k][i] / h[i][i]
			for j := i; j <= n; j++ {
				h[k][j] -= f * h[i][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = h[i][n] / h[i][i]
	}
	return x
}
