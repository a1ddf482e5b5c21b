package mapping

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
)

// Rows are rows of one register, as a sheet of it would have them.
type Rows struct {
	Register    string
	Header      []string
	Numbers     []int // the source row of each
	Cells       [][]string
	File, Sheet string // of the source
}

// Result is what a file says through a mapping.
type Result struct {
	Rows     []Rows // by table, then in the order the mapping makes them
	Totals   []Total
	Notes    []sheet.Problem // not faults, but to be known
	Problems []sheet.Problem // with any of these, nothing should be posted
}

// Apply reads the tables of a file. What is wrong with the file itself is a
// *sheet.Problems; what the mapping cannot read is in the Result.
func (m *Mapping) Apply(tables []*sheet.Table) (*Result, error) {
	run := &run{Mapping: m, made: map[string]*madeRow{}}
	var unmet []sheet.Problem
	for _, t := range tables {
		if m.Sheet != "" && plain(t.Name) != plain(m.Sheet) {
			continue
		}
		unlike, err := run.table(t, len(tables) > 1)
		if err != nil {
			return nil, err
		}
		if unlike != nil {
			unmet = append(unmet, *unlike)
		}
	}
	switch {
	case len(unmet) == 0 && len(run.tables) == 0:
		run.out.Problems = append(run.out.Problems, sheet.Problem{File: fileOf(tables), Code: "no-sheet", Found: m.Sheet,
			Rule: "the workbook has no sheet of this name", Remedy: "name the sheet so, or write its name in the mapping"})
	case len(run.tables) == 0:
		run.out.Problems = append(run.out.Problems, unmet...)
	default: // other sheets of a workbook are passed over, but said
		run.out.Notes = append(run.out.Notes, unmet...)
	}
	for _, t := range run.tables {
		run.out.Rows = append(run.out.Rows, t.registerRows()...)
	}
	return &run.out, nil
}

func fileOf(tables []*sheet.Table) string {
	if len(tables) == 0 {
		return "import"
	}
	return tables[0].File
}

// run is one use of a mapping.
type run struct {
	*Mapping
	out    Result
	tables []*sourceTable
	made   map[string]*madeRow // by register and id
}

// sourceTable is one table, read.
type sourceTable struct {
	file, sheet string
	at          map[string]int    // column to cell; nil until the header is found
	headings    map[string]string // as printed
	headerRow   int
	near        []nearRow // rows that might have been the header
	unread      []string  // headings that are no column of the mapping
	rows        []*sourceRow
	leftOut     int
	made        []*madeRow
	registers   []string // in the order they are made
}

type sourceRow struct {
	number int
	texts  map[string]string
	cells  map[string]*cell
	total  *TotalRule // nil for an item
	each   string     // of what a Make repeats it for
}

// madeRow is a row of a register.
type madeRow struct {
	register string
	number   int
	cells    map[string]string
	money    map[string]bool // the cells that hold amounts
}

// table reads one table, or says why it is none of the mapping's.
func (r *run) table(t *sheet.Table, sheets bool) (unlike *sheet.Problem, err error) {
	s := &sourceTable{file: t.File}
	if sheets {
		s.sheet = t.Name
	}
	sound := true
	err = t.Each(func(in sheet.Row) error {
		if s.at != nil {
			r.take(s, in)
		} else if sound = r.lookForHeader(s, in); !sound {
			return errStop
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errStop):
		return nil, err
	case !sound:
		r.tables = append(r.tables, s) // its problem is listed
		return nil, nil
	case s.at == nil:
		return s.notFound(), nil
	}
	r.tables = append(r.tables, s)
	r.out.Notes = append(r.out.Notes, t.Notes...)
	if len(s.unread) > 0 {
		r.note(s, sheet.Problem{Row: s.headerRow, Code: "columns-not-read", Rule: "the mapping does not read " + strings.Join(s.unread, ", "), Remedy: "add them to the mapping if they should count"})
	}
	if s.leftOut > 0 {
		r.note(s, sheet.Problem{Code: "left-out", Rule: fmt.Sprintf("%d rows are not among those the mapping takes in, by its items", s.leftOut), Remedy: "see the mapping if they should count"})
	}
	if r.read(s) { // a total of part of the rows would mislead
		r.makeRows(s)
		r.addUp(s)
	}
	return nil, nil
}

var errStop = errors.New("stop")

// lookForHeader takes a row as the header if it has all the headings, and says
// whether to go on.
func (r *run) lookForHeader(s *sourceTable, in sheet.Row) bool {
	at, lacks, repeated := r.header(in.Cells)
	if len(lacks) > 0 {
		s.near = append(s.near, nearRow{in.Number, lacks, strings.Join(in.Cells, ", ")})
		return true
	}
	if repeated != "" {
		r.out.Problems = append(r.out.Problems, sheet.Problem{File: s.file, Sheet: s.sheet, Row: in.Number, Column: repeated, Code: "repeated-heading",
			Rule: "two headings answer to the same column of the mapping", Remedy: "rename one, or take its spelling out of the mapping"})
		return false
	}
	s.at, s.headings, s.headerRow = at, map[string]string{}, in.Number
	used := map[int]bool{}
	for name, i := range at {
		s.headings[name], used[i] = strings.Clone(in.Cells[i]), true
	}
	for i, text := range in.Cells {
		if text != "" && !used[i] {
			s.unread = append(s.unread, strings.Clone(text))
		}
	}
	return true
}

// take keeps a row under the header that counts, or that prints a total.
func (r *run) take(s *sourceTable, in sheet.Row) {
	row := &sourceRow{number: in.Number, texts: map[string]string{}}
	for name, i := range s.at {
		if i < len(in.Cells) {
			row.texts[name] = strings.Clone(in.Cells[i])
		}
	}
	for i := range r.Totals {
		if rule := &r.Totals[i]; row.total == nil && len(rule.Where) > 0 && rule.Filter.has(row) {
			row.total = rule
		}
	}
	only := row.onlyText()
	switch {
	case row.total == nil && !r.Items.has(row):
		s.leftOut++
	case only != "" && len(s.at) > 2:
		r.note(s, sheet.Problem{Row: in.Number, Code: "not-a-row", Found: sheet.Printable(only, 40),
			Rule: "one cell alone is filled, so the row is taken for a note or a heading and not read", Remedy: "fill in the rest if it should count"})
	default:
		s.rows = append(s.rows, row)
	}
}

func (r *run) note(s *sourceTable, p sheet.Problem) {
	p.File, p.Sheet = s.file, s.sheet
	r.out.Notes = append(r.out.Notes, p)
}

// header finds the mapping's columns among a row's cells.
func (m *Mapping) header(cells []string) (at map[string]int, lacks []string, repeated string) {
	at = map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		c := m.Columns[name]
		for i, text := range cells {
			if text == "" || !slices.ContainsFunc(c.Headings, func(h string) bool { return plain(h) == plain(text) }) {
				continue
			}
			if _, met := at[name]; met {
				repeated = text
			}
			at[name] = i
		}
		if _, met := at[name]; !met && !c.Optional {
			lacks = append(lacks, strings.Join(c.Headings, " or "))
		}
	}
	return at, lacks, repeated
}

// onlyText gives the one text a row has in the mapping's columns, if it has just one.
func (row *sourceRow) onlyText() (only string) {
	for _, text := range row.texts {
		if text != "" && only != "" {
			return ""
		}
		only += text
	}
	return only
}

type nearRow struct {
	number int
	lacks  []string
	text   string
}

// nearestRows is how many rows are offered when no header is found.
const nearestRows = 3

func (s *sourceTable) notFound() *sheet.Problem {
	near := s.near
	p := &sheet.Problem{File: s.file, Sheet: s.sheet, Code: "no-header", Rule: "the table holds nothing", Remedy: "choose the table that has the rows"}
	if len(near) == 0 {
		return p
	}
	slices.SortStableFunc(near, func(a, b nearRow) int { return len(a.lacks) - len(b.lacks) })
	p.Row, p.Found = near[0].number, near[0].text
	p.Rule = "no row has all the headings the mapping looks for; this one comes nearest, and lacks " + strings.Join(near[0].lacks, "; ")
	for _, n := range near[1:min(len(near), nearestRows)] {
		p.Rule += fmt.Sprintf("; row %d (%s) lacks %d", n.number, sheet.Printable(n.text, 40), len(n.lacks))
	}
	p.Remedy = "add the spelling used here to the mapping's headings, or choose another mapping"
	return p
}

// has says that a filter lets a row through: by what is printed, or by what it
// is read as once the cells are read.
func (f Filter) has(row *sourceRow) bool {
	listed := func(name string, words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			c := row.cells[name]
			return plain(w) == plain(row.texts[name]) || c != nil && w != "" && plain(w) == plain(c.read())
		})
	}
	for name, words := range f.Where {
		if !listed(name, words) {
			return false
		}
	}
	for name, words := range f.Except {
		if listed(name, words) {
			return false
		}
	}
	return true
}

func (r *run) fault(s *sourceTable, row int, column, found string, f *fault) {
	if heading := s.headings[column]; heading != "" {
		column = heading
	}
	r.out.Problems = append(r.out.Problems, sheet.Problem{File: s.file, Sheet: s.sheet, Row: row, Column: sheet.Printable(column, 40),
		Code: f.code, Found: sheet.Printable(found, 40), Rule: f.rule, Remedy: f.remedy})
}

// read reads every cell of every row, and says whether all could be.
func (r *run) read(s *sourceTable) bool {
	before := len(r.out.Problems)
	names := slices.Sorted(maps.Keys(r.Columns))
	order := map[string]fiscal.DateOrder{} // a column writes its dates one way
	for _, name := range names {
		c := r.Columns[name]
		if c.Is != "date" {
			continue
		}
		form, err := fiscal.Order(func(yield func(string) bool) {
			for _, row := range s.rows {
				if !yield(c.spelt(row.texts[name])) {
					return
				}
			}
		})
		if mixed, ok := err.(*fiscal.Unreadable); ok {
			r.fault(s, 0, name, mixed.Text, &fault{mixed.Code, "the dates of one column are written one way", mixed.Remedy})
			return false
		}
		order[name] = form
	}
	for _, row := range s.rows {
		row.cells = map[string]*cell{}
		sound := true
		for _, name := range names {
			text := row.texts[name]
			c, f := readCell(r.Columns[name], text)
			if c.column.Is == "date" {
				var err error
				if c.date, err = fiscal.ParseDateAs(c.word, order[name]); err != nil {
					u := err.(*fiscal.Unreadable)
					f = &fault{u.Code, "this is not read as a date", u.Remedy}
				}
			}
			// A row of totals need not have a word in every column.
			if f != nil && row.total != nil && !c.column.isAmount() {
				f = nil
			}
			if f != nil {
				r.fault(s, row.number, name, text, f)
				sound = false
			}
			row.cells[name] = c
		}
		done := map[string]bool{}
		for _, name := range names {
			if !sound {
				break
			}
			if f := reckon(row.cells, done, name); f != nil {
				r.fault(s, row.number, name, row.texts[name], f)
			}
		}
	}
	return len(r.out.Problems) == before
}

// makeRows writes what each row makes.
func (r *run) makeRows(s *sourceTable) {
	for i := range r.Makes {
		mk := &r.Makes[i]
		if !slices.Contains(s.registers, mk.Register) {
			s.registers = append(s.registers, mk.Register)
		}
		for _, row := range s.rows {
			from := "" // the name of the total, if the row prints one
			if row.total != nil {
				from = row.total.Name
			}
			if from != mk.From || !mk.has(row) {
				continue
			}
			if len(mk.Each) == 0 {
				r.makeRow(s, mk, row)
			}
			for _, row.each = range mk.Each {
				r.makeRow(s, mk, row)
			}
		}
	}
}

func (r *run) makeRow(s *sourceTable, mk *Make, row *sourceRow) {
	made := &madeRow{register: mk.Register, number: row.number, cells: map[string]string{}, money: map[string]bool{}}
	for _, c := range mk.cells {
		heading, text := c.heading.write(row), c.text.write(row)
		if y, err := fiscal.ParseYear(heading); err == nil {
			heading = y.String()
		} else if c.heading.varies() {
			if text == "" {
				continue
			}
			r.fault(s, row.number, heading, text, &fault{"not-a-year", "a column of this register is headed by one financial year, and this row does not state one", "write the year in the row, or make a row with year and amount from it"})
			return
		}
		if other := made.cells[heading]; other != "" && text != "" {
			r.fault(s, row.number, heading, text, &fault{"cell-twice", "the mapping writes " + heading + " twice for this row", "leave one of the two out of the mapping"})
			return
		} else if text == "" {
			text = other
		}
		made.cells[heading] = text
		made.money[heading] = made.money[heading] || c.text.holdsMoney(r.Mapping)
	}
	key := mk.Register + "/" + strings.ToLower(made.cells["id"])
	first := r.made[key]
	if made.cells["id"] == "" || first == nil {
		r.made[key] = made
		s.made = append(s.made, made)
		return
	}
	for _, heading := range slices.Sorted(maps.Keys(made.cells)) {
		was, is := first.cells[heading], made.cells[heading]
		switch {
		case was == "" || is == "":
			first.cells[heading] = was + is
			first.money[heading] = first.money[heading] || made.money[heading]
		case first.money[heading] || made.money[heading]:
			r.fault(s, row.number, heading, is, &fault{"id-twice", fmt.Sprintf("row %d states this for %s as well", first.number, made.cells["id"]),
				"tell the two apart in the id the mapping makes, or delete one row"})
		case was != is:
			r.fault(s, row.number, heading, is, &fault{"id-twice", fmt.Sprintf("row %d says %s for %s", first.number, strconv.Quote(sheet.Printable(was, 40)), made.cells["id"]),
				"list the spelling under spellings, or tell the two apart in the id the mapping makes"})
		}
	}
}

// registerRows gives what was made as tables of registers: the id first, then
// the other columns by name, so that years come in order.
func (s *sourceTable) registerRows() []Rows {
	var all []Rows
	for _, register := range s.registers {
		of := Rows{Register: register, File: s.file, Sheet: s.sheet}
		headings := map[string]bool{}
		for _, made := range s.made {
			if made.register == register {
				for heading := range made.cells {
					headings[heading] = true
				}
			}
		}
		of.Header = slices.SortedFunc(maps.Keys(headings), func(a, b string) int {
			if (a == "id") != (b == "id") {
				if a == "id" {
					return -1
				}
				return 1
			}
			return strings.Compare(a, b)
		})
		for _, made := range s.made {
			if made.register != register {
				continue
			}
			cells := make([]string, len(of.Header))
			for i, heading := range of.Header {
				cells[i] = made.cells[heading]
			}
			of.Numbers, of.Cells = append(of.Numbers, made.number), append(of.Cells, cells)
		}
		if len(of.Cells) > 0 {
			all = append(all, of)
		}
	}
	return all
}
