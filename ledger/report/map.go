package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Map says which award pays for what in one year: rows of services (or
// objectives, areas, boards, providers) against columns of awards (or streams,
// or funders).
type Map struct {
	Year          fiscal.Year
	RowsBy        ledger.Dimension
	ColumnsBy     ledger.Dimension
	Rows, Columns []string // ids, in the order shown; "" among rows is money not split
	cells         map[[2]string]Cell
	heads         map[string]Head
}

// Cell is the money of a row and a column: in the year, and beside it what is
// for the whole term of an award that runs in the year.
type Cell struct{ InYear, OfTerm money.Sum }

// Head is what a column has altogether, whatever the rows are narrowed to.
type Head struct {
	Awarded, Allocated, Left Cell
	Stated                   bool // a figure is recorded for the year: nought is £0, not none
}

// every is the key of all rows, or all columns, taken together.
const every = "\x00"

// MapOf asks for a map.
type MapOf struct {
	Year              fiscal.Year
	RowsBy, ColumnsBy ledger.Dimension
	Only              ledger.Filter             // narrows the cells, not the heads
	Sees              func(service string) bool // nil: all
	Position          func([]ledger.Dimension, ledger.Filter) ledger.Position
}

// NewMap makes a map. Award money that nobody put on a service is in the heads
// alone.
func NewMap(v *ledger.View, ask MapOf) *Map {
	if ask.Position == nil {
		ask.Position = v.Position
	}
	m := &Map{Year: ask.Year, RowsBy: ask.RowsBy, ColumnsBy: ask.ColumnsBy, cells: map[[2]string]Cell{}, heads: map[string]Head{}}
	rows, columns := map[string]bool{}, map[string]bool{}
	for _, year := range []fiscal.Year{ask.Year, fiscal.Term} {
		term := year == fiscal.Term
		for _, r := range ask.Position([]ledger.Dimension{ledger.ByAward}, ledger.Filter{ledger.ByYear: year.String()}).Rows {
			column, ok := m.column(v, r.Key[0], term)
			if !ok {
				continue
			}
			columns[column] = true
			for _, c := range []string{column, every} {
				h := m.heads[c]
				h.Awarded.add(r.Sums[ledger.AwardedTo], term)
				h.Allocated.add(r.Sums[ledger.AllocatedTo], term)
				h.Left.add(r.Sums[ledger.LeftOf], term)
				h.Stated = h.Stated || !term
				m.heads[c] = h
			}
		}
		by := []ledger.Dimension{ledger.ByService, ledger.ByAward}
		if ask.RowsBy != ledger.ByService {
			by = append(by, ask.RowsBy)
		}
		only := ledger.Filter{ledger.ByYear: year.String()}
		maps.Copy(only, ask.Only)
		for _, r := range ask.Position(by, only).Rows {
			service, award, row := r.Key[0], r.Key[1], r.Key[len(r.Key)-1]
			if ask.RowsBy == ledger.ByService {
				row = service
			}
			column, ok := m.column(v, award, term)
			if !ok || service == "" || ask.Sees != nil && !ask.Sees(service) {
				continue
			}
			rows[row], columns[column] = true, true
			for _, key := range [][2]string{{row, column}, {row, every}, {every, column}, {every, every}} {
				c := m.cells[key]
				c.add(r.Sums[ledger.AllocatedTo], term)
				m.cells[key] = c
			}
		}
	}
	for key, h := range m.heads { // a difference with a part unknown is not even "at least"
		for _, s := range []*money.Sum{&h.Left.InYear, &h.Left.OfTerm} {
			if s.State() != money.Exact {
				*s = money.Sum{}
				s.Add(money.Unknown)
			}
		}
		m.heads[key] = h
	}
	m.Rows, m.Columns = slices.Sorted(maps.Keys(rows)), slices.Sorted(maps.Keys(columns))
	if ask.ColumnsBy == ledger.ByAward {
		slices.SortStableFunc(m.Columns, func(a, b string) int { return cmp.Compare(endOf(v, a), endOf(v, b)) })
	}
	if ask.RowsBy == ledger.ByService {
		slices.SortStableFunc(m.Rows, func(a, b string) int { return cmp.Compare(v.ServiceName(a), v.ServiceName(b)) })
	}
	return m
}

// column places an award; false where it is none of the map's.
func (m *Map) column(v *ledger.View, award string, term bool) (string, bool) {
	a, ok := v.Award(award)
	if !ok || term && !a.RunsIn(m.Year) {
		return "", false
	}
	switch m.ColumnsBy {
	case ledger.ByFunder:
		s, _ := v.Stream(a.Stream)
		return s.Funder, true
	case ledger.ByStream:
		return a.Stream, true
	}
	return award, true
}

func (c *Cell) add(s money.Sum, term bool) {
	if term {
		c.OfTerm.Merge(s)
	} else {
		c.InYear.Merge(s)
	}
}

// None reports that there is no money in a cell, and none unknown.
func (c Cell) None() bool { return nothing(c.InYear) && nothing(c.OfTerm) }

func nothing(s money.Sum) bool { return s.IsNought() }

// Cell gives the money of a row and a column.
func (m *Map) Cell(row, column string) Cell { return m.cells[[2]string{row, column}] }

// RowTotal, ColumnTotal and Total add the cells shown.
func (m *Map) RowTotal(row string) Cell       { return m.cells[[2]string{row, every}] }
func (m *Map) ColumnTotal(column string) Cell { return m.cells[[2]string{every, column}] }
func (m *Map) Total() Cell                    { return m.cells[[2]string{every, every}] }

// Head gives what a column has altogether, and All what all columns have.
func (m *Map) Head(column string) Head { return m.heads[column] }
func (m *Map) All() Head               { return m.heads[every] }

// Starred reports whether any money shown is for a whole term.
func (m *Map) Starred() bool {
	h := m.heads[every]
	return !nothing(h.Awarded.OfTerm) || !nothing(m.Total().OfTerm)
}

// Matrix is the map of services against awards as a table: each award's end
// above, then what is awarded, allocated and left. Money for the whole term of
// an award that runs in the year stands beside it with a star.
func Matrix(v *ledger.View, year fiscal.Year) Table {
	m := NewMap(v, MapOf{Year: year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward})
	const widest, longest = 12, 30
	awards, services := first(m.Columns, widest), first(m.Rows, longest)
	all := m.All()
	t := Table{Columns: []Column{{Name: year.String()}}, Title: fmt.Sprintf("Which grants pay for which services in %s?  Awarded: %s. Allocated: %s.", year, all.Awarded.text(false), all.Allocated.text(false))}
	ends := []string{"Ends"}
	for _, award := range awards {
		t.Columns = append(t.Columns, Column{Name: v.AwardName(award), Number: true})
		end := "no end date"
		a, _ := v.Award(award)
		if last, has := a.LastDay(); has {
			end = last.Short()
		}
		ends = append(ends, end)
	}
	t.Columns = append(t.Columns, Column{Name: "Total", Number: true})
	t.Add(append(ends, "")...)
	head := func(name string, of func(Head) string) {
		cells := []string{name}
		for _, award := range awards {
			cells = append(cells, of(m.Head(award)))
		}
		t.Add(append(cells, of(all))...)
	}
	head("Awarded", func(h Head) string { return h.Awarded.text(false) })
	head("Allocated", func(h Head) string { return h.Allocated.text(false) })
	head("Left to allocate", func(h Head) string { return h.Left.text(h.Stated) })
	for _, service := range services {
		cells := []string{v.ServiceName(service)}
		for _, award := range awards {
			cells = append(cells, m.Cell(service, award).text(false))
		}
		t.Add(append(cells, m.RowTotal(service).text(false))...)
	}
	if m.Starred() {
		t.Note = "* for the whole term, not split by year."
	}
	if len(m.Columns) > widest || len(m.Rows) > longest {
		if t.Note != "" {
			t.Note += " "
		}
		t.Note += fmt.Sprintf("%d of %d awards and %d of %d services are shown; all of them: braid position --by service,award --format csv",
			len(awards), len(m.Columns), len(services), len(m.Rows))
	}
	return t
}

// text writes a cell for a terminal; a stated nought is £0, not none.
func (c Cell) text(stated bool) string {
	inYear := Pounds(c.InYear)
	if stated {
		inYear = c.InYear.Whole()
	}
	switch {
	case nothing(c.OfTerm):
		return inYear
	case nothing(c.InYear):
		return Pounds(c.OfTerm) + "*"
	}
	return inYear + " + " + Pounds(c.OfTerm) + "*"
}
