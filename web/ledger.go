package web

import (
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

var ledgerRoutes = []Route{
	{Method: "GET", Path: "/ledger/map", Right: people.See, Do: ledgerMap, Kept: true},
}

type mapPage struct {
	Lead    string
	Rows    []form.Option
	Columns []form.Option
	Table   *table.Table
	Pages   parts.Pagination // of columns, where there are more than a page takes
	Shown   string
	Edit    string
}

// mapColumnsShown is how many columns a page of the map has: nobody reads more
// side by side. Files have them all.
const mapColumnsShown = 30

var (
	mapRows    = []ledger.Dimension{ledger.ByService, ledger.ByObjective, ledger.ByBoard, ledger.ByArea}
	mapColumns = []ledger.Dimension{ledger.ByAward, ledger.ByFunder}
)

// chosen reads a dimension of the query, the first by default.
func chosen(text string, of []ledger.Dimension) ledger.Dimension {
	if d, err := ledger.ParseDimension(text); err == nil && slices.Contains(of, d) {
		return d
	}
	return of[0]
}

// ledgerMap says which grants pay for which services.
func ledgerMap(v *Visit) (Answer, error) {
	ask := report.MapOf{Year: v.Year, RowsBy: chosen(v.Q("rows"), mapRows), ColumnsBy: chosen(v.Q("columns"), mapColumns), Sees: v.Sees, Position: v.reading.Position, Only: v.only()}
	m := report.NewMap(v.View, ask)
	all := m.All()
	p := mapPage{Lead: v.T("map.lead", "Awarded", v.cell(all.Awarded), "Allocated", v.cell(all.Allocated))}
	if !v.seesAwards() {
		p.Lead = v.T("map.lead-board", "Allocated", v.cell(m.Total()))
	}
	for _, d := range mapRows {
		p.Rows = append(p.Rows, form.Option{Value: d.String(), Label: v.T("by." + d.String()), Selected: d == ask.RowsBy})
	}
	for _, d := range mapColumns {
		p.Columns = append(p.Columns, form.Option{Value: d.String(), Label: v.T("by." + d.String()), Selected: d == ask.ColumnsBy})
	}
	columns := m.Columns
	if pages := (len(columns) + mapColumnsShown - 1) / mapColumnsShown; pages > 1 && v.Q("format") == "" {
		n, _ := strconv.Atoi(v.Q("awards"))
		n = min(max(n, 1), pages)
		first, last := (n-1)*mapColumnsShown, min(n*mapColumnsShown, len(columns))
		columns = columns[first:last]
		p.Shown = v.T("map.columns-shown", "First", v.Count(first+1), "Last", v.Count(last), "All", v.Count(len(m.Columns)))
		p.Pages = parts.Pagination{Page: n, Pages: pages, Link: func(n int) string { return v.Here("awards", strconv.Itoa(n)) }}
	}
	p.Table = v.mapTable(m, columns)
	if v.Can(people.Allocate) {
		p.Edit = v.To("/ledger/edit")
	}
	return Page{Template: "map", Title: v.T("map.title", "Year", v.Year.String()), Nav: "ledger/map", Data: p, Tables: []*table.Table{p.Table}, Money: true, Wide: true}, nil
}

// only is the filter of the context bar's place, and of a reader whose right
// is a board's.
func (v *Visit) only() ledger.Filter {
	f := ledger.Filter{}
	if v.Place != "" {
		f[ledger.ByArea] = v.Place
	}
	if !v.Reach.All && len(v.Reach.Areas) == 0 && len(v.Reach.Boards) > 0 {
		f[ledger.ByBoard] = v.Reach.Boards[0]
	}
	return f
}

// seesAwards reports whether the reader sees what awards come to, beyond the
// part of them that is a board's.
func (v *Visit) seesAwards() bool { return v.Reach.All || len(v.Reach.Areas) > 0 }

// pairs gives a filter as a link's query.
func pairs(f ledger.Filter, more ...string) []string {
	for d, value := range f {
		more = append(more, d.String(), value)
	}
	return more
}

// dimensionRegister is the register that names a dimension's values.
func dimensionRegister(d ledger.Dimension) string {
	switch d {
	case ledger.ByFunder, ledger.ByProvider:
		return "organisations"
	case ledger.ByArea:
		return "areas"
	}
	return d.String() + "s"
}

// mapTable draws some columns of the map; its totals are of all of them.
func (v *Visit) mapTable(m *report.Map, columns []string) *table.Table {
	t := table.New("map", v.T("map.caption", "Year", m.Year.String()))
	t.Wide, t.Frozen = true, true
	t.Column("row", v.T("by."+m.RowsBy.String()), table.TextColumn).Sortable = true
	for _, id := range columns {
		n := v.NameOf(v.Book, dimensionRegister(m.ColumnsBy), id)
		c := t.Column(id, n.Text, table.MoneyColumn)
		c.Lang, c.Sortable = string(n.Lang), true
		if m.ColumnsBy == ledger.ByAward {
			a, _ := v.Award(id)
			c.Hint = v.T("no-end-date")
			if last, ends := a.LastDay(); ends {
				c.Hint = v.T("ends-on", "Date", v.Short(last))
			}
		}
	}
	t.Column("total", v.T("total"), table.MoneyColumn).Sortable = true
	by := m.ColumnsBy.String()
	head := func(name string, measure ledger.Measure, of func(report.Head) report.Cell) {
		cells := []table.Cell{table.Text(v.T(name))}
		for _, id := range columns {
			cells = append(cells, v.mapCell(of(m.Head(id)), m.Head(id).Stated, measure, by, id, "year", m.Year.String()))
		}
		t.Total(append(cells, v.mapCell(of(m.All()), true, measure, "year", m.Year.String()))...)
	}
	only := v.only()
	if v.seesAwards() {
		head("awarded", ledger.AwardedTo, func(h report.Head) report.Cell { return h.Awarded })
		head("allocated", ledger.AllocatedTo, func(h report.Head) report.Cell { return h.Allocated })
		head("left-to-allocate", ledger.LeftOf, func(h report.Head) report.Cell { return h.Left })
		status := []table.Cell{table.Text(v.T("status"))}
		for _, id := range columns {
			status = append(status, v.columnStatus(m, id))
		}
		t.Total(append(status, table.Text(""))...)
	} else { // a board's own money
		cells := []table.Cell{table.Text(v.T("allocated"))}
		for _, id := range columns {
			cells = append(cells, v.mapCell(m.ColumnTotal(id), false, ledger.AllocatedTo, pairs(only, by, id, "year", m.Year.String())...))
		}
		t.Total(append(cells, v.mapCell(m.Total(), true, ledger.AllocatedTo, pairs(only, "year", m.Year.String())...))...)
	}
	from, to := 0, len(m.Rows)
	if v.Q("sort") == "" { // only a sort, or a file, wants them all
		from, to = v.pageOf("page", len(m.Rows))
		t.All = len(m.Rows)
	}
	for _, row := range m.Rows[from:to] {
		name := table.Text(v.T("not-split"))
		if row != "" {
			n := v.NameOf(v.Book, dimensionRegister(m.RowsBy), row)
			name = table.Text(n.Text).In(string(n.Lang))
			switch m.RowsBy {
			case ledger.ByService:
				name = name.To(v.To(pathOf("services", row)))
			case ledger.ByObjective:
				name = name.To(v.To(pathOf("objectives", row)))
			case ledger.ByBoard:
				name = name.To(v.To(pathOf("boards", row)))
			}
		}
		cells := []table.Cell{name}
		for _, id := range columns {
			cells = append(cells, v.mapCell(m.Cell(row, id), false, ledger.AllocatedTo, pairs(only, m.RowsBy.String(), row, by, id, "year", m.Year.String())...))
		}
		t.Row(append(cells, v.mapCell(m.RowTotal(row), false, ledger.AllocatedTo, pairs(only, m.RowsBy.String(), row, "year", m.Year.String())...))...)
	}
	if m.Starred() {
		t.Note = v.T("map.starred")
	}
	return v.Finish(t)
}

// columnStatus tags an award that ends soon, or has been allocated beyond what
// it is worth.
func (v *Visit) columnStatus(m *report.Map, id string) table.Cell {
	left := m.Head(id).Left.InYear
	if left.Pence() < 0 {
		return table.Tag(v.T("status.over-allocated"), table.Red)
	}
	if m.ColumnsBy != ledger.ByAward {
		return table.Text("")
	}
	a, _ := v.Award(id)
	last, ends := a.LastDay()
	switch {
	case !ends:
		return table.Text("")
	case last < v.Today:
		return table.Tag(v.T("status.ended"), table.Grey)
	case last <= v.Today.AddMonths(v.Settings.Policy.HorizonMonths):
		return table.Tag(v.T("status.ending-soon"), table.Amber)
	}
	return table.Text("")
}

// mapCell writes a cell of the map with what is for the whole term beside it,
// linked to its postings.
func (v *Visit) mapCell(c report.Cell, stated bool, m ledger.Measure, pairs ...string) table.Cell {
	link := v.Postings(m, pairs...)
	cell := table.MoneyOrNone(c.InYear, v.Style())
	if stated || !c.OfTerm.IsNought() {
		cell = table.Money(c.InYear, v.Style())
	}
	if !c.None() || stated {
		cell = cell.To(link)
	}
	if !c.OfTerm.IsNought() {
		at := slices.Index(pairs, "year")
		term := slices.Clone(pairs)
		term[at+1] = "term"
		cell = cell.Also(table.Link{Text: "+ " + v.Sum(c.OfTerm) + "*", Href: v.Postings(m, term...)})
	}
	return cell
}

// cell writes a map's cell in a sentence.
func (v *Visit) cell(c report.Cell) string {
	var parts []string
	if !c.InYear.IsNought() || c.OfTerm.IsNought() {
		parts = append(parts, v.Sum(c.InYear))
	}
	if !c.OfTerm.IsNought() {
		parts = append(parts, v.T("for-whole-term", "Amount", v.Sum(c.OfTerm)))
	}
	return strings.Join(parts, " + ")
}
