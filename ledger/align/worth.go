package align

import "braid/ledger/align/flow"

// more is what one more penny of a source would do.
type more struct {
	first int32 // the want it would be spent on; −1 none
	last  int32 // the want that would be less short in the end; −1 none
	spare int32 // the source that would have a penny more unused in the end; −1 none
	aim   Aim   // the first aim it would serve; aims where none
}

// more follows a penny from a source to where it would end, which is exact
// where prices alone are not: a price may hold for less and not for more.
func (nw *network) more(ways *flow.Ways, source int32) more {
	m := more{-1, -1, -1, aims}
	if nw.source[source] < 0 {
		return m
	}
	v := int(nw.source[source])
	cost, ok := ways.Cost(v)
	if !ok {
		return m
	}
	for k, c := range cost {
		if c < 0 {
			m.aim = Aim(k)
			break
		} else if c > 0 {
			break
		}
	}
	for range nw.graph.Nodes() {
		arc, against, further := ways.Step(v)
		if !further {
			break
		}
		want, unused := nw.about(int32(arc))
		if want >= 0 {
			if m.first < 0 {
				m.first = want
			}
			if !against && nw.graph.To(arc) == 0 {
				m.last = want
			}
		}
		if unused >= 0 {
			m.spare = unused
		}
		if v = nw.graph.To(arc); against {
			v = nw.graph.From(arc)
		}
	}
	return m
}
