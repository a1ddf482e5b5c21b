package exchange

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/exchange/mapping"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Options say who imports, why and how.
type Options struct {
	Author, Role, Reason, Key string
	AsFound                   bool   // record how things are: excess becomes a finding
	SetAside                  bool   // post the good rows and keep the bad ones out
	Mapping                   string // for tables that are not registers: one kept in the program, or the command line's own .json file
	Limits                    sheet.Limits
	Today                     fiscal.Date // for the year of a start sheet that names none
	Progress                  func(done, total int)

	Register string            // what a file's one table is, where its name does not say: a register, or start
	Columns  map[string]string // headings, in lower case, that mean a register's column
	Mended   map[Place]string  // cells that were put right since: read as if this stood there
}

// Place is one cell of a register's table. Sheet is blank in a CSV file, Column
// as a Problem names it.
type Place struct {
	Sheet  string
	Row    int
	Column string
}

// Import is what some files say, read but not yet compared with any book.
type Import struct {
	Files  []string             // base names, in order
	Counts map[string]int       // rows by register
	Totals map[string]money.Sum // amounts in, by register
	Stated []mapping.Total      // totals that mapped tables print, beside what their rows add up to
	Notes  []sheet.Problem      // not faults, but to be known

	opt      Options
	tables   []*table
	rows     []*row
	lines    []line // allocations
	words    *words
	details  []detail
	order    []int32 // the lines that have ids, in order of id
	nameless []int32 // those that have none
	problems faults
	offers   []string
}

// Problems lists everything wrong with the files themselves.
func (im *Import) Problems() *sheet.Problems { return im.problems.list() }

// table is one table of a file, as read.
type table struct {
	file, sheet string
	at          int // its place among the file's tables
	open        func() ([]*sheet.Table, error)
	layout      *layout
	header      []string
	headerRow   int
	start       bool
	order       fiscal.DateOrder
}

// row is one row of any register but allocations. Cells are canonical and
// stand as columnsOf has them.
type row struct {
	table    *table
	number   int
	register *ledger.Register
	cells    []string
	years    []yearCell
	bad      bool // it has a problem; known by name only
	made     bool // made from the start sheet: known by name, and left alone if it is there already
}

type yearCell struct {
	year fiscal.Year
	text string
}

func (r *row) get(column string) string {
	for i, c := range columnsOf(r.register) {
		if c.Name == column {
			return r.cells[i]
		}
	}
	return ""
}

// has says that the file speaks of a column; where it does not, what stands is kept.
func (r *row) has(column string) bool {
	if r.made {
		return r.get(column) != ""
	}
	return r.table.layout.has[column]
}

// line is one allocation of one year, small because there may be a million.
type line struct {
	amount                                         money.Pence
	id                                             string // the row's own, or blank
	award, service, board, objective, area, detail int32
	on                                             fiscal.Date
	row                                            int32
	table                                          int16
	year                                           fiscal.Year
	is                                             lineIs
}

type lineIs uint8

const (
	unknownAmount lineIs = 1 << iota
	wide                 // from a column of a year
	isProposed
	isWithdrawn
	noAmount // a blank year: what stands is taken away
)

// detail is what few allocations say beside; most share one.
type detail struct {
	element, costType, matchFor, percent, starts, ends string
	row                                                int
}

// words numbers texts.
type words struct {
	texts []string
	index map[string]int32
}

func newWords() *words { return &words{[]string{""}, map[string]int32{"": 0}} }

func (w *words) no(text string) int32 {
	if n, ok := w.index[text]; ok {
		return n
	}
	n := int32(len(w.texts))
	text = strings.Clone(text)
	w.index[text] = n
	w.texts = append(w.texts, text)
	return n
}

// faults gathers problems with the rows they are on. Rows are kept for all,
// words for the first few thousand.
type faults struct {
	of    []sheet.Problem
	total int
	rows  map[rowKey]bool
	whole bool // a problem that no row can be blamed for
}

type rowKey struct {
	table *table
	row   int
}

const mostFaults = 5000

func (f *faults) add(t *table, p sheet.Problem) {
	p.File, p.Sheet = t.file, t.sheet
	if p.Row > 0 && t.layout != nil && p.Row > t.headerRow {
		if f.rows == nil {
			f.rows = map[rowKey]bool{}
		}
		f.rows[rowKey{t, p.Row}] = true
	} else {
		f.whole = true
	}
	f.total++
	if len(f.of) < mostFaults {
		p.Found, p.Column = sheet.Printable(p.Found, 40), sheet.Printable(p.Column, 40)
		f.of = append(f.of, p)
	}
}

// list gives problems in the order of files and rows, for a person to mend.
func (f *faults) list() *sheet.Problems {
	of := slices.Clone(f.of)
	slices.SortStableFunc(of, func(a, b sheet.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Sheet, b.Sheet), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	return &sheet.Problems{List: of[:min(len(of), 200)], Total: f.total}
}

// source is one file to be read.
type source struct {
	name string
	open func() ([]*sheet.Table, error)
}

// Read reads folders of CSV files, CSV files and workbooks. What is wrong with
// them is in Problems; an error is a fault of the machine.
func Read(paths []string, opt Options) (*Import, error) {
	var sources []source
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil || !info.IsDir() {
			sources = append(sources, source{filepath.Base(p), func() ([]*sheet.Table, error) { return sheet.Open(p, opt.Limits) }})
			continue
		}
		entries, err := os.ReadDir(p)
		if err != nil {
			return nil, fmt.Errorf("reading the folder %s: %w", filepath.Base(p), err)
		}
		for _, e := range entries {
			if name := filepath.Join(p, e.Name()); registerFile(e) {
				sources = append(sources, source{e.Name(), func() ([]*sheet.Table, error) { return sheet.Open(name, opt.Limits) }})
			}
		}
	}
	return read(sources, opt)
}

// ReadFS reads a folder that is part of the program.
func ReadFS(fsys fs.FS, opt Options) (*Import, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var sources []source
	for _, e := range entries {
		if registerFile(e) {
			sources = append(sources, source{e.Name(), func() ([]*sheet.Table, error) {
				data, err := fs.ReadFile(fsys, e.Name())
				if err != nil {
					return nil, err
				}
				return sheet.OpenReader(e.Name(), bytes.NewReader(data), int64(len(data)), opt.Limits)
			}})
		}
	}
	return read(sources, opt)
}

// ReadBytes reads one file at hand: an upload.
func ReadBytes(name string, data []byte, opt Options) (*Import, error) {
	return read([]source{{name, func() ([]*sheet.Table, error) {
		return sheet.OpenReader(name, bytes.NewReader(data), int64(len(data)), opt.Limits)
	}}}, opt)
}

// registerFile says that a folder's entry is to be read: not hidden, nor the
// lock of a spreadsheet that is open.
func registerFile(e fs.DirEntry) bool {
	ext := strings.ToLower(path.Ext(e.Name()))
	return !e.IsDir() && (ext == ".csv" || ext == ".xlsx") && !strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(e.Name(), "~$")
}

func read(sources []source, opt Options) (*Import, error) {
	im := &Import{opt: opt, Counts: map[string]int{}, Totals: map[string]money.Sum{}, words: newWords(), details: []detail{{}}}
	through := im.findMapping()
	for _, s := range sources {
		if opt.Mapping != "" && through == nil {
			break // its problem is listed
		}
		im.Files = append(im.Files, sheet.Printable(s.name, 80))
		tables, err := s.open()
		if err != nil {
			if err := im.refused(&table{file: sheet.Printable(s.name, 80)}, err); err != nil {
				return nil, err
			}
			continue
		}
		if through != nil {
			err = im.readMapped(through, tables)
		}
		for i, t := range tables {
			if through == nil {
				err = cmp.Or(err, im.readTable(t, i, len(tables), s.open))
			}
			t.Close()
		}
		if err != nil {
			return nil, err
		}
	}
	im.sortLines()
	if len(sources) == 0 {
		im.problems.add(&table{file: "import"}, sheet.Problem{Code: "nothing", Rule: "there is no CSV or XLSX file to read", Remedy: "name a folder of registers, a CSV file or a workbook"})
	}
	return im, nil
}

// refused takes a file's own problems in; any other error is passed on.
func (im *Import) refused(t *table, err error) error {
	var ps *sheet.Problems
	if !errors.As(err, &ps) {
		return err
	}
	for _, p := range ps.List {
		im.problems.add(t, p)
	}
	im.problems.total += ps.Total - len(ps.List)
	if ps.Total > len(ps.List) {
		im.problems.whole = true // rows beyond those listed cannot be set aside
	}
	return nil
}

// mended gives a row with what was put right since in its place.
func (im *Import) mended(t *table, in sheet.Row) sheet.Row {
	if len(im.opt.Mended) == 0 {
		return in
	}
	cells := slices.Clone(in.Cells)
	for i := range cells {
		name := ""
		switch l := t.layout; {
		case i >= len(l.columns):
		case l.columns[i] != nil:
			name = l.columns[i].Name
		case l.years[i] != fiscal.Term:
			name = l.years[i].String()
		}
		if text, ok := im.opt.Mended[Place{t.sheet, in.Number, name}]; ok && name != "" {
			cells[i] = text
		}
	}
	return sheet.Row{Number: in.Number, Cells: cells}
}

// headRows is how far down a table its headings are looked for.
const headRows = 20

// errStop ends the reading of a table.
var errStop = errors.New("stop")

func (im *Import) readTable(st *sheet.Table, at, of int, open func() ([]*sheet.Table, error)) error {
	t := &table{file: st.File, at: at, open: open}
	if of > 1 || !strings.EqualFold(path.Ext(st.File), ".csv") {
		t.sheet = st.Name
	}
	switch plain(st.Name) {
	case "readme", "notes", "guide":
		return nil
	}
	im.tables = append(im.tables, t)
	r, start := registerOf(st.Name)
	if r == nil && !start && of == 1 && im.opt.Register != "" {
		r, start = registerOf(im.opt.Register)
	}
	t.start = start
	var head []sheet.Row
	var take func(sheet.Row) error
	var finish func()
	width := 0               // up to the last heading
	var unnamed []int        // columns without one before it
	var long []sheet.Problem // rows with cells past the headings, or under none
	err := st.Each(func(in sheet.Row) error {
		if take != nil {
			if at := beyond(in, width); at >= 0 {
				long = append(long, sheet.Problem{Row: in.Number, Code: "row-too-long", Found: in.Cells[at],
					Rule:   fmt.Sprintf("the row has %d cells, the headings %d: an unquoted comma, perhaps in an amount such as 1,234.56, splits a cell", at+1, width),
					Remedy: "put that cell in double quotes, or give the further column a heading"})
				return nil
			}
			for _, i := range unnamed {
				if i < len(in.Cells) && in.Cells[i] != "" {
					long = append(long, sheet.Problem{Row: in.Number, Code: "no-heading", Found: in.Cells[i], Rule: fmt.Sprintf("column %d has no heading, so nobody can tell what this is", i+1),
						Remedy: "give the column a heading, or clear it"})
					return nil
				}
			}
			return take(im.mended(t, in))
		}
		in.Cells = slices.Clone(in.Cells)
		for i, text := range in.Cells {
			in.Cells[i] = cmp.Or(im.opt.Columns[strings.ToLower(text)], text)
		}
		head = append(head, sheet.Row{Number: in.Number, Cells: in.Cells})
		if t.start {
			return nil
		}
		if r != nil {
			if l := headings(r, in.Cells); l.known(in.Cells) {
				t.layout = l
			}
		} else if found := registerByHeadings(in.Cells); found != nil {
			t.layout = headings(found, in.Cells)
		}
		if t.layout == nil {
			if len(head) == headRows && (r != nil || of > 1) {
				return errStop
			}
			return nil // perhaps a start sheet
		}
		t.header, t.headerRow = head[len(head)-1].Cells, in.Number
		for i, text := range t.header {
			if text != "" {
				for ; width < i; width++ {
					unnamed = append(unnamed, width)
				}
				width = i + 1
			}
		}
		problems, notes := t.layout.faults(t.header, in.Number)
		for _, p := range problems {
			im.problems.add(t, p)
		}
		for _, n := range notes {
			n.File, n.Sheet = t.file, t.sheet
			im.Notes = append(im.Notes, n)
		}
		if len(problems) > 0 {
			t.layout = nil
			return errStop
		}
		if t.layout.register.Name == "allocations" {
			take, finish = im.allocations(t)
		} else {
			take, finish = im.records(t)
		}
		return nil
	})
	if take != nil {
		finish()
		for _, p := range long {
			im.problems.add(t, p)
		}
	}
	if errors.Is(err, errStop) {
		err = nil
	} else if err != nil {
		return im.refused(t, err)
	} else if take == nil && t.header == nil {
		if t.start || r == nil && im.looksLikeStart(head) {
			im.readStart(t, head)
		} else if r == nil && of > 1 {
			im.note(t, sheet.Problem{Code: "not-a-register", Rule: "the sheet is none of the registers, so it is not read", Remedy: "name the sheet after a register, such as services, if it is one"})
		}
		if t.start || r == nil && (of > 1 || im.looksLikeStart(head)) {
			im.Notes = append(im.Notes, st.Notes...)
			return nil
		}
	}
	if take == nil {
		if t.header == nil && len(head) > 0 {
			what := "the headings of a register"
			if r != nil {
				what = "the headings of " + r.Name
			}
			im.problems.add(t, sheet.Problem{Row: head[0].Number, Code: "no-headings", Found: strings.Join(head[0].Cells, ","), Rule: what + " are not found in the first rows",
				Remedy: "name the file or sheet after its register and head its columns as braid template writes them"})
		}
	}
	im.Notes = append(im.Notes, st.Notes...)
	return nil
}

// beyond gives the place of a row's first filled cell past the headings, −1 if
// there is none. Sheets are read without knowing which row holds the headings
// of a register, so it is for us to see that no cell of a row is lost.
func beyond(in sheet.Row, width int) int {
	for i := width; i < len(in.Cells); i++ {
		if in.Cells[i] != "" {
			return i
		}
	}
	return -1
}

func (im *Import) note(t *table, p sheet.Problem) {
	p.File, p.Sheet = t.file, t.sheet
	im.Notes = append(im.Notes, p)
}

// fault is a problem of one cell.
func (im *Import) fault(t *table, row int, column, found string, f *cellFault) {
	im.problems.add(t, sheet.Problem{Row: row, Column: column, Code: f.code, Found: found, Rule: f.rule, Remedy: f.remedy})
}

// isExample marks the template's own rows, which nobody meant to import.
func isExample(id string) bool { return len(id) >= 7 && strings.EqualFold(id[:7], "example") }

func saysTotal(text string) bool {
	switch plain(text) {
	case "total", "totals", "grandtotal", "sum", "cyfanswm":
		return true
	}
	return false
}

// records takes the rows of a register that is kept whole until its dates are
// understood: a file writes all its dates one way.
func (im *Import) records(t *table) (func(sheet.Row) error, func()) {
	l := t.layout
	columns := columnsOf(l.register)
	var raw []*row
	take := func(in sheet.Row) error {
		r := &row{table: t, number: in.Number, register: l.register, cells: make([]string, len(columns))}
		filled, total := 0, false
		for i, text := range in.Cells {
			if i >= len(l.columns) || text == "" {
				continue
			}
			if l.place[i] >= 0 {
				r.cells[l.place[i]] = strings.Clone(text)
			} else if l.years[i] == fiscal.Term {
				continue
			}
			filled++
			total = total || filled == 1 && saysTotal(text)
		}
		for i, y := range l.years {
			if y != fiscal.Term && i < len(in.Cells) {
				r.years = append(r.years, yearCell{y, strings.Clone(in.Cells[i])})
			}
		}
		switch {
		case filled == 0 || isExample(r.cells[0]):
		case total:
			im.note(t, sheet.Problem{Row: in.Number, Code: "total-row", Rule: "a row of totals is not read: Braid adds up for itself"})
		default:
			raw = append(raw, r)
		}
		return nil
	}
	finish := func() {
		order, err := fiscal.Order(func(yield func(string) bool) {
			for i, c := range columns {
				for _, r := range raw {
					if c.Form == ledger.Day && r.cells[i] != "" && !yield(r.cells[i]) {
						return
					}
				}
			}
		})
		t.order = order
		mixed, _ := err.(*fiscal.Unreadable)
		for _, r := range raw {
			im.Counts[l.register.Name]++
			good := true
			bad := func(column, found string, f *cellFault) {
				im.fault(t, r.number, column, found, f)
				good = false
			}
			for i := range columns {
				text := r.cells[i]
				c := &columns[i]
				if c.Form == ledger.Day && mixed != nil && strings.HasPrefix(text, strings.TrimSuffix(mixed.Text, "…")) && text != "" {
					bad(c.Name, text, &cellFault{mixed.Code, "the dates of one file are written one way", mixed.Remedy})
					continue
				}
				var f *cellFault
				if r.cells[i], f = canonical(c, text, order); f != nil {
					bad(c.Name, text, f)
				} else if c.Required && c.Form != ledger.Code && r.cells[i] == "" {
					bad(c.Name, text, &cellFault{"required", l.register.Name + " need a " + c.Name + " in every row", "fill it in, or delete the row"})
				}
			}
			for i := range r.years {
				y := &r.years[i]
				sign := money.NotNegative
				if l.register.Name == "savings" { // an allowance for double counting is below nought
					sign = money.Signed
				}
				a, given, err := money.Parse(y.text, sign)
				switch {
				case err != nil:
					bad(y.year.String(), y.text, amountFault(err))
				case !given:
					y.text = ""
				default:
					y.text = a.String()
				}
			}
			r.bad = !good
			im.rows = append(im.rows, r)
			im.addIn(r)
		}
	}
	return take, finish
}

// addIn adds a row's money to what came in of its register.
func (im *Import) addIn(r *row) {
	name := r.register.Name
	if name == "streams" || name == "awards" {
		name = "figures" // that is what their amounts become
	}
	sum := im.Totals[name]
	add := func(text string) {
		if text == "?" {
			sum.Add(money.Unknown)
		} else if p, err := money.ParsePence(text); err == nil {
			sum.AddPence(p)
		}
	}
	if r.register.Column("amount") != nil || name == "figures" {
		add(r.get("amount"))
	}
	for _, y := range r.years {
		add(y.text)
	}
	im.Totals[name] = sum
}
