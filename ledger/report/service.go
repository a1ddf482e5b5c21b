package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Paid is what awards put on one service: a book's own index finds it, however
// large the book is. Where a board is named it is that board's money alone.
type Paid struct {
	v       *ledger.View
	service string
	board   string
	unsized []ledger.Line // agreed, of unknown amount
}

// PaidFor gives what is paid for a service. Unsized are the lines of Unsized.
func PaidFor(v *ledger.View, service, board string, unsized []ledger.Line) Paid {
	p := Paid{v: v, service: service, board: board}
	for _, l := range unsized {
		if l.Service == service && (board == "" || l.Board == board) {
			p.unsized = append(p.unsized, l)
		}
	}
	return p
}

// Unsized lists the allocations agreed by the date whose amount nobody knows.
func Unsized(v *ledger.View) []ledger.Line {
	var lines []ledger.Line
	for _, l := range v.Lines {
		if l.State == "agreed" && l.Amount.IsUnknown() && l.AgreedOn <= v.AsAt {
			lines = append(lines, l)
		}
	}
	return lines
}

// Map is the row of a Map that is the service's, with the awards that pay for
// it as columns.
func (p Paid) Map(year fiscal.Year) *Map {
	m := &Map{Year: year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward, cells: map[[2]string]Cell{}, heads: map[string]Head{}}
	columns := map[string]bool{}
	add := func(award string, sum money.Sum, of fiscal.Year) {
		if of != year && of != fiscal.Term {
			return
		}
		column, runs := m.column(p.v, award, of == fiscal.Term)
		if !runs {
			return
		}
		columns[column] = true
		for _, key := range [][2]string{{p.service, column}, {p.service, every}} {
			c := m.cells[key]
			c.add(sum, of == fiscal.Term)
			m.cells[key] = c
		}
	}
	p.each(func(award string, of fiscal.Year, sum money.Sum) { add(award, sum, of) })
	m.Columns = slices.Sorted(maps.Keys(columns))
	slices.SortStableFunc(m.Columns, func(a, b string) int { return cmp.Compare(endOf(p.v, a), endOf(p.v, b)) })
	if len(columns) > 0 {
		m.Rows = []string{p.service}
	}
	return m
}

// In is what is allocated for a year, or for the whole term of awards.
func (p Paid) In(year fiscal.Year) money.Sum {
	var all money.Sum
	p.each(func(_ string, of fiscal.Year, sum money.Sum) {
		if of == year {
			all.Merge(sum)
		}
	})
	return all
}

func (p Paid) each(yield func(award string, year fiscal.Year, sum money.Sum)) {
	for _, h := range p.v.Holdings(p.service) {
		if p.board == "" || p.v.Name(h.Board) == p.board {
			var sum money.Sum
			sum.AddPence(h.Amount)
			yield(p.v.Name(h.Award), h.Year, sum)
		}
	}
	for _, l := range p.unsized {
		var sum money.Sum
		sum.Add(money.Unknown)
		yield(l.Award, l.Year, sum)
	}
}

// Split breaks what is allocated in a year down by objective and area; blank is
// money that nobody split. It knows no boards.
func (p Paid) Split(year fiscal.Year) map[[2]string]money.Sum {
	cells := map[[2]string]money.Sum{}
	add := func(objective, area string, sum money.Sum) {
		c := cells[[2]string{objective, area}]
		c.Merge(sum)
		cells[[2]string{objective, area}] = c
	}
	if ref, used := p.v.Ref(p.service); used {
		p.v.CellsOf(ref, func(_ int, c ledger.LabelledCell) {
			if c.Year == year && c.On <= p.v.AsAt {
				var sum money.Sum
				sum.AddPence(c.Amount)
				add(p.v.Name(c.Objective), p.v.Name(c.Area), sum)
			}
		})
	}
	one := func(label string) string {
		if strings.ContainsAny(label, ";:") {
			return ""
		}
		return label
	}
	for _, l := range p.unsized {
		if l.Year == year {
			var sum money.Sum
			sum.Add(money.Unknown)
			add(one(l.Objective), one(l.Area), sum)
		}
	}
	maps.DeleteFunc(cells, func(_ [2]string, s money.Sum) bool { return s.IsNought() })
	return cells
}
