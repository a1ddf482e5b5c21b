package alike_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"math"
	"os"
	"regexp"
	"slices"
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
	books := lessons()
	look := func(books []plant.Book) []float64 {
		rows, truth := gather(books)
		for i := range rows {
			rows[i] = rows[i][:alike.Looks]
		}
		return logistic(rows, truth, 0.5)
	}
	alone, first := look(books[:len(books)-strangers]), look(books)
	alike.SetFirst(first)
	rows, truth := gather(books) // once more: what stands beside a pair rests on the first look
	for _, row := range rows {
		clear(row[1:alike.Looks])
	}
	w := logistic(rows, truth, 0.5)
	t.Logf("%d pairs measured", len(truth))
	alike.SetWeights(w)
	writeWeights(t, slices.Concat(alone, first, w[:1], w[alike.Looks:]))
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

const strangers = 9 // how many of the lessons, the last, are prospectuses

// lessons are the books learned from, of four makings: never the seeds that quality is tested on.
func lessons() []plant.Book {
	var out []plant.Book
	for _, style := range []plant.Style{plant.Register(), plant.Composed(), plant.Terse()} {
		for _, o := range []plant.Options{
			{Services: 5000, Near: 1}, {Services: 5000, Near: 1, Texts: 0.8, Gaps: 0.05}, {Services: 5000, Near: 3}, {Services: 10000, Near: 1, Doubles: 0.03},
			{Services: 5000}, {Services: 5000, Texts: 0.7}, {Services: 3000, Texts: 0.2}, {Services: 2000, Areas: 1},
			{Services: 8000, Doubles: 0.02, Near: 1, Gaps: 0.05}, {Services: 3000, Doubles: 0.15, Areas: 3},
			{Services: 5000, Coarse: true}, {Services: 3000, Coarse: true, Areas: 2, Texts: 0.6}, {Services: 2000, Coarse: true, Areas: 1, Near: 1},
		} {
			o.Style = style
			out = append(out, plant.New(uint64(len(out)+1), o))
		}
	}
	for _, o := range []plant.Options{
		{Services: 5000}, {Services: 5000, Near: 1}, {Services: 5000, Texts: 0.6, Gaps: 0.05}, {Services: 8000, Doubles: 0.02}, {Services: 3000, Doubles: 0.15, Areas: 3},
		{Services: 3000, Texts: 0.2}, {Services: 2000, Areas: 1}, {Services: 5000, Coarse: true}, {Services: 5000, Near: 3},
	} {
		out = append(out, plant.Prospectus(uint64(len(out)+201), o))
	}
	return out
}

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
