package flow

import (
	"bufio"
	"fmt"
	"io"
)

// WriteLP writes the network in the CPLEX LP format, to find the least cost by
// one aim, counted from 0, where each aim before costs no more than in this
// solution. Its least should be Value()[aim], whichever solver says so. Arc 7 is
// x7, and node 3 is row n3.
func (s *Solution) WriteLP(to io.Writer, aim int) error {
	w := lines{Writer: bufio.NewWriter(to)}
	fmt.Fprintf(w, "\\ %d nodes, %d arcs, aim %d\nMinimize\n aim%d:", len(s.supply), s.arcs, aim+1, aim+1)
	w.costs(s, aim)
	fmt.Fprint(w, "\nSubject To\n")
	value := s.Value()
	for k := range aim {
		if value[k].Sign() == 0 && !s.counts(k) {
			continue
		}
		fmt.Fprintf(w, " aim%d:", k+1)
		w.costs(s, k)
		fmt.Fprintf(w, " <= %v\n", value[k])
	}
	start, at := s.ends()
	for v := range s.supply {
		ends := at[start[v]:start[v+1]]
		fmt.Fprintf(w, " n%d:", v)
		for _, p := range ends {
			switch {
			case s.from[p] == s.to[p]:
			case s.from[p] == int32(v):
				w.term(1, s.arc(int(p)))
			default:
				w.term(-1, s.arc(int(p)))
			}
		}
		if w.terms == 0 {
			w.term(0, 0)
		}
		fmt.Fprintf(w, " = %d\n", s.supply[v])
		w.terms = 0
	}
	fmt.Fprint(w, "Bounds\n")
	for a := range s.arcs {
		if cap := s.capacity(a); cap == Unlimited {
			fmt.Fprintf(w, " x%d >= %d\n", a, s.low[a])
		} else {
			fmt.Fprintf(w, " %d <= x%d <= %d\n", s.low[a], a, cap)
		}
	}
	fmt.Fprint(w, "End\n")
	return w.Flush()
}

// counts says whether any arc has a cost by an aim.
func (s *Solution) counts(aim int) bool { return s.packing.word[aim] >= 0 }

// lines writes sums over lines short enough for any reader.
type lines struct {
	*bufio.Writer
	terms int
}

func (w *lines) term(c int64, arc int) {
	if w.terms > 0 && w.terms%8 == 0 {
		fmt.Fprint(w, "\n ")
	}
	fmt.Fprintf(w, " %+d x%d", c, arc)
	w.terms++
}

func (w *lines) costs(s *Solution, aim int) {
	for a := range s.cost {
		if c := s.cost[a][aim]; c != 0 {
			w.term(c, a)
		}
	}
	if w.terms == 0 {
		w.term(0, 0)
	}
	w.terms = 0
}
