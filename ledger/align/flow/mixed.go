package flow

import "math"

// mixed is an order of arcs that sets side by side arcs which the caller put in
// far apart. A caller puts in together the arcs of one node, or of one kind; a
// search that looks at some arcs at a time then sees only what that node could
// do. With the arcs mixed, each block it looks at is a sample of them all, and
// it finds its way in a fraction of the pivots.
//
// Arc a stands in row a mod rows, one row after the other.
type mixed struct{ arcs, rows, short, long int }

func mix(arcs int) mixed {
	rows := max(1, int(math.Sqrt(float64(arcs))))
	return mixed{arcs: arcs, rows: rows, short: arcs / rows, long: arcs % rows}
}

// place is where an arc stands.
func (m mixed) place(arc int) int {
	row := arc % m.rows
	return row*m.short + min(row, m.long) + arc/m.rows
}

// arc is the arc that stands at a place.
func (m mixed) arc(place int) int {
	row := place / (m.short + 1)
	if row >= m.long && m.short > 0 {
		row = (place - m.long) / m.short
	}
	return (place-row*m.short-min(row, m.long))*m.rows + row
}

// each goes through the arcs in the order they stand.
func (m mixed) each(do func(place, arc int)) {
	place := 0
	for row := range m.rows {
		for arc := row; arc < m.arcs; arc += m.rows {
			do(place, arc)
			place++
		}
	}
}
