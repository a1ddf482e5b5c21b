package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Row is one row that holds something.
type Row struct {
	Number int      // as a spreadsheet counts
	Cells  []string // valid only until the next row
}

// Table is a CSV file, or one visible sheet of a workbook.
type Table struct {
	File, Name string    // Name is the sheet's, or the CSV's without its ending
	Notes      []Problem // not faults, but to be known; complete once Each has returned

	limits Limits
	rows   interface{ each(*reading) error }
	sheet  string // "" for a CSV
	noted  int    // how many Notes there were on opening
	close  func() error
}

// Limits keep one file from taking everything. Nought is no limit.
//
// A workbook's parts are limited by whether Bytes is set: for an upload 200
// parts of 16 MiB and 32 MiB in all once unpacked, else 2,000 parts of 1 GiB and
// 2 GiB in all, and 256 MiB for parts that must be held in memory.
type Limits struct {
	Bytes                     int64
	Rows, Columns, FieldRunes int
}

var (
	Web         = Limits{Bytes: 10 << 20, Rows: 50_000, Columns: 100, FieldRunes: 4000}
	CommandLine = Limits{Columns: 100, FieldRunes: 4000}
)

// Open finds the tables of a file. The caller closes every table.
func Open(name string, lim Limits) ([]*Table, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(Problem{File: baseName(name), Code: "missing", Rule: "there is no such file", Remedy: "check its name and folder"})
	}
	if err != nil {
		return nil, refuse(Problem{File: baseName(name), Code: "unreadable", Rule: "the file may not be read", Remedy: "check who may open it, and that no other program holds it"})
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		f.Close()
		return nil, refuse(Problem{File: baseName(name), Code: "not-a-file", Rule: "this is a folder or a device, not a file", Remedy: "name the CSV or XLSX file itself"})
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	tables, err := OpenReader(name, f, info.Size(), lim)
	if err != nil {
		f.Close()
		return nil, err
	}
	open := len(tables)
	for _, t := range tables {
		t.close = func() error {
			t.close = nil
			if open--; open == 0 {
				return f.Close()
			}
			return nil
		}
	}
	return tables, nil
}

// OpenReader is Open for a file already at hand. The name is used for its
// ending and in messages, never as a path.
func OpenReader(name string, r io.ReaderAt, size int64, lim Limits) ([]*Table, error) {
	file := baseName(name)
	if lim.Bytes > 0 && size > lim.Bytes {
		return nil, refuse(Problem{File: file, Code: "file-too-big", Found: fmt.Sprintf("%d bytes", size),
			Rule: fmt.Sprintf("a file may have %d bytes", lim.Bytes), Remedy: "split it, or import it from the command line"})
	}
	kind, p := kindOf(r, size)
	ext := strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/")))
	if p == nil && ext != "."+kind {
		p = &Problem{Code: "wrong-ending", Found: ext,
			Rule: "the file holds " + strings.ToUpper(kind) + ", and its name must end so", Remedy: "name it ….csv or ….xlsx for what it is"}
		if ext == ".csv" || ext == ".xlsx" {
			p.Remedy = "give its name the ending ." + kind
		}
	}
	if p != nil {
		p.File = file
		return nil, refuse(*p)
	}
	if kind == "csv" {
		return openCSV(name, r, size, lim)
	}
	return openXLSX(file, r, size, lim)
}

// kindOf tells a file by its first bytes, and names those people mistake for a
// spreadsheet.
func kindOf(r io.ReaderAt, size int64) (string, *Problem) {
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", unreadable()
	}
	head = head[:n]
	if size == 0 || n == 0 {
		return "", &Problem{Code: "empty", Rule: "the file holds nothing", Remedy: "choose the file that has the rows"}
	}
	is := func(mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }
	another := func(what, remedy string) (string, *Problem) {
		return "", &Problem{Code: "wrong-type", Rule: "this is " + what + ", not CSV or XLSX", Remedy: remedy}
	}
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte{0xef, 0xbb, 0xbf}))))
	switch {
	case is("PK\x03\x04"):
		return "xlsx", nil
	case is("\x7fELF"), is("MZ\x90"), is("\xcf\xfa\xed\xfe"):
		return another("a program", "choose the file that has the rows")
	case is("PK"):
		return another("an empty or split ZIP file", "choose the XLSX file")
	case is("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		if encrypted(r, size) {
			return "", &Problem{Code: "encrypted", Rule: "the workbook is locked with a password", Remedy: "save a copy without the password"}
		}
		return another("an old Excel (.xls) or Office file", "open it and save it as an Excel workbook (.xlsx)")
	case is("%PDF"):
		return another("a PDF", "ask for the spreadsheet it was printed from")
	case is("\x1f\x8b"), is("BZh"), is("7z\xbc\xaf"), is("Rar!"), is("\xfd7zXZ"):
		return another("a compressed file", "unpack it first")
	case is("{\\rtf"):
		return another("a Word document", "save its table as CSV")
	case strings.HasPrefix(text, "<"):
		return another("a web page or XML", "open it in a spreadsheet and save it as .xlsx")
	case strings.HasPrefix(text, `{"`), strings.HasPrefix(text, `[{`), strings.HasPrefix(text, "{\n"), strings.HasPrefix(text, "{\r"):
		return another("JSON", "import it as 360Giving or OCDS, or save it as CSV")
	}
	return "csv", nil
}

// encrypted looks for the stream that a locked workbook keeps itself in.
func encrypted(r io.ReaderAt, size int64) bool {
	data, _ := io.ReadAll(io.NewSectionReader(r, 0, min(size, 32<<20)))
	return bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"))
}

// Each gives every row that holds something, in order, to fn. It stops at fn's
// first error and returns it. Faults of the file are gathered to the end and
// returned as *Problems; a row with a fault is not given to fn. If the header is
// at fault reading stops there, since no row can be understood without it.
func (t *Table) Each(fn func(Row) error) error {
	t.Notes = t.Notes[:t.noted:t.noted]
	out := &reading{table: t, fn: fn}
	err := t.rows.each(out)
	if err != nil && !errors.Is(err, errStop) {
		return err
	}
	return out.problems.orNil()
}

// Close lets go of the file. It may be called again.
func (t *Table) Close() error {
	if t.close == nil {
		return nil
	}
	return t.close()
}

func (t *Table) ownNotes() {
	for i := range t.Notes {
		t.Notes[i].File, t.Notes[i].Sheet = t.File, t.sheet
	}
	t.noted = len(t.Notes)
}

// errStop ends the reading; what is wrong has been gathered.
var errStop = errors.New("stop")

// reading is one pass over a table: rows go out, problems gather.
type reading struct {
	table    *Table
	fn       func(Row) error
	problems Problems
	given    int // rows given to fn
	held     int // rows that hold something, faulty or not
	garbled  bool
}

func (r *reading) fault(p Problem) error {
	p.File, p.Sheet = r.table.File, r.table.sheet
	r.problems.add(p)
	if c, ok := r.table.rows.(*csvTable); r.given == 0 || ok && p.Row <= c.headerRow {
		return errStop
	}
	return nil
}

func (r *reading) note(p Problem) {
	p.File, p.Sheet = r.table.File, r.table.sheet
	r.table.Notes = append(r.table.Notes, p)
}

// row cleans the cells in place and gives them to fn, unless one is at fault or
// all are blank.
func (r *reading) row(number int, cells []string, column func(int) string) error {
	lim := r.table.limits
	before, something := r.problems.Total, false
	var stop error
	for i, s := range cells {
		if s == "" {
			continue
		}
		var text string
		var p *Problem
		if plain(s) { // the common case, kept quick
			text, p = cleanPlain(s, lim.FieldRunes)
		} else if text, p = cleanUnicode(s, lim.FieldRunes); p == nil && !r.garbled && garbled(text) {
			r.garbled = true
			r.note(Problem{Row: number, Column: column(i), Code: "garbled", Found: text,
				Rule: "the text looks as if its encoding was mistaken once already", Remedy: "mend it where it came from, and " + saveAgain})
		}
		if p == nil && text != "" && lim.Columns > 0 && i >= lim.Columns {
			p = tooManyColumns(text, lim.Columns)
		}
		if p != nil {
			p.Row, p.Column = number, column(i)
			stop = r.fault(*p)
			something = true
			if p.Code == "too-many-columns" {
				break // one is enough for a row
			}
			continue
		}
		cells[i] = text
		something = something || text != ""
	}
	if !something {
		return nil
	}
	if r.held++; lim.Rows > 0 && r.held > lim.Rows {
		r.fault(Problem{Row: number, Code: "too-many-rows", Rule: fmt.Sprintf("a table may have %d rows", lim.Rows), Remedy: "split the file, or import it from the command line"})
		return errStop
	}
	if r.problems.Total > before {
		return stop
	}
	r.given++
	return r.fn(Row{Number: number, Cells: cells})
}

func tooManyColumns(found string, most int) *Problem {
	return &Problem{Code: "too-many-columns", Found: found, Rule: fmt.Sprintf("a table may have %d columns", most), Remedy: "delete the columns that are not needed"}
}
