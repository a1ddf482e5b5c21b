package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// headRows is how many rows are looked at to find the header.
const headRows = 20

// csvTable is a CSV whose encoding and header have been found.
type csvTable struct {
	text      textFile
	header    []string // names, for messages
	headerRow int      // 0 if the file has no row
	width     int
	unended   bool // no line end after the last row
}

func openCSV(name string, r io.ReaderAt, size int64, lim Limits) ([]*Table, error) {
	file := baseName(name)
	text, notes, p := findEncoding(r, size)
	c := &csvTable{text: text}
	if p == nil {
		p = c.lookAtLines()
	}
	if p == nil {
		p = c.findHeader()
	}
	if p != nil {
		p.File = file
		return nil, refuse(*p)
	}
	if c.unended {
		notes = append(notes, Problem{Row: 0, Code: "no-last-line-end",
			Rule: "nothing ends the last row, so the file may have been cut short", Remedy: "check that the last row and its amounts are whole"})
	}
	t := &Table{File: file, Name: strings.TrimSuffix(file, path.Ext(file)), Notes: notes, limits: lim, rows: c}
	t.ownNotes()
	return []*Table{t}, nil
}

// lookAtLines finds what a CSV parser would stumble over without saying why.
func (c *csvTable) lookAtLines() *Problem {
	buf := make([]byte, chunk)
	in := c.text.open()
	var start []byte
	var feeds, returns, something bool
	commas := 0 // in the present line
	last := byte('\n')
	for {
		n, err := io.ReadFull(in, buf)
		data := buf[:n]
		if bytes.IndexByte(data, 0) >= 0 {
			return &Problem{Code: "encoding", Rule: "the file holds NUL bytes: it is UTF-16 without its mark, or not text", Remedy: saveAgain}
		}
		for line := range bytes.Lines(data) {
			if commas += bytes.Count(line, []byte{','}); commas > lastColumn {
				return &Problem{Code: "too-many-columns", Rule: fmt.Sprintf("a row has more than %d cells, which no spreadsheet has", lastColumn), Remedy: "check that this is a table, one row to a line"}
			}
			if line[len(line)-1] == '\n' {
				commas = 0
			}
		}
		feeds = feeds || bytes.IndexByte(data, '\n') >= 0
		returns = returns || bytes.IndexByte(data, '\r') >= 0
		something = something || len(bytes.TrimSpace(data)) > 0
		if len(start) < 64<<10 {
			start = append(start, data[:min(n, 64<<10)]...)
		}
		if n > 0 {
			last = data[n-1]
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return unreadable()
		}
	}
	c.unended = last != '\n'
	switch {
	case !something:
		return &Problem{Code: "empty", Rule: "the file holds nothing", Remedy: "choose the file that has the rows"}
	case returns && !feeds:
		return &Problem{Code: "line-ends", Rule: "the rows end as on old Macintosh computers (CR only)", Remedy: saveAgain}
	}
	return separator(string(start))
}

// separator refuses a file whose cells are not parted by commas.
func separator(start string) *Problem {
	other := func(name string) *Problem {
		return &Problem{Code: "separator", Row: 1, Rule: "cells are parted by " + name + ", not by commas",
			Remedy: "save as comma-separated CSV, with any cell that holds a comma in double quotes"}
	}
	if len(start) >= 4 && strings.EqualFold(start[:4], "sep=") {
		return &Problem{Code: "separator", Row: 1, Found: firstLine(start), Rule: "a first line that names the separator is not read",
			Remedy: "delete that line and save as comma-separated CSV"}
	}
	var lines []string
	for line := range strings.SplitSeq(outsideQuotes(start), "\n") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
		if len(lines) > headRows {
			break
		}
	}
	for i, line := range lines {
		if strings.Contains(line, ",") {
			return nil
		}
		for _, s := range []struct{ mark, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
			n := strings.Count(line, s.mark)
			if n > 0 && (i == len(lines)-1 || strings.Count(lines[i+1], s.mark) == n) {
				return other(s.name)
			}
		}
	}
	return nil
}

// outsideQuotes leaves out what stands in double quotes.
func outsideQuotes(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 0 {
			b.WriteString(part)
		} else {
			b.WriteByte('q')
		}
	}
	return b.String()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSpace(line)
}

// findHeader chooses the header as doc.go says, and with it how wide a row may
// be: as wide as the header, or as a row above it.
func (c *csvTable) findHeader() *Problem {
	type opening struct {
		number, cells, filled int
		names                 []string
	}
	var rows []opening
	lengths := map[int]int{}
	faulty := false
	err := c.records(func(number int, cells []string, p *Problem) error {
		faulty = faulty || p != nil
		if p == nil && filled(cells) > 0 {
			rows = append(rows, opening{number, len(cells), filled(cells), append([]string(nil), cells...)})
			lengths[reach(cells)]++
		}
		if len(rows) == headRows {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return unreadable()
	}
	if len(rows) == 0 && !faulty {
		return &Problem{Code: "empty", Rule: "every cell of the file is blank", Remedy: "choose the file that has the rows"}
	}
	usual := 0
	for n, times := range lengths {
		if times > lengths[usual] || times == lengths[usual] && n > usual {
			usual = n
		}
	}
	for _, r := range rows {
		c.width = max(c.width, r.cells)
		if r.filled*3 >= usual*2 {
			c.headerRow = r.number
			for _, name := range r.names {
				name, _ := clean(name, 0)
				c.header = append(c.header, Printable(name, 40))
			}
			return nil
		}
	}
	// No row looks like a header: any width seen so far is as good as another.
	if len(rows) > 0 {
		c.headerRow = rows[0].number
	}
	return nil
}

var errEnough = errors.New("enough rows")

// reach is how many cells there are up to the last that holds something.
func reach(cells []string) int {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return len(cells)
}

func filled(cells []string) (n int) {
	for _, s := range cells {
		if strings.TrimSpace(s) != "" {
			n++
		}
	}
	return n
}

// records gives every record with its row number, or what is wrong with its
// quotes. Rows are counted as a spreadsheet does: blank lines count, and a line
// break inside quotes does not.
func (c *csvTable) records(fn func(number int, cells []string, p *Problem) error) error {
	in := csv.NewReader(bufio.NewReaderSize(c.text.open(), chunk))
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	number, lastLine := 0, 0
	for {
		cells, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			line, _ := in.FieldPos(0)
			number += line - lastLine
			lastLine = line
			for _, s := range cells {
				if strings.IndexByte(s, '\n') >= 0 {
					lastLine += strings.Count(s, "\n")
				}
			}
			if err := fn(number, cells, nil); err != nil {
				return err
			}
			continue
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			number += bad.StartLine - lastLine
			lastLine = bad.Line
			p := quoteProblem(bad, number)
			p.Column = c.column(len(cells))
			if err := fn(number, nil, p); err != nil {
				return err
			}
			continue
		}
		p := unreadable()
		p.Row = number + 1
		if err := fn(p.Row, nil, p); err != nil {
			return err
		}
		return errStop
	}
}

func quoteProblem(bad *csv.ParseError, number int) *Problem {
	p := &Problem{Row: number, Code: "quote", Rule: "a double quote stands where none may",
		Remedy: `put the whole cell in double quotes, and double any quote inside it: "the ""Hub"""`}
	if bad.Err == csv.ErrQuote && bad.Line > bad.StartLine {
		p.Rule = "a double quote is opened in this row and not closed in it"
	}
	return p
}

func (c *csvTable) column(col int) string {
	if col < len(c.header) && c.header[col] != "" {
		return c.header[col]
	}
	return letter(col)
}

// each gives the rows, cleaned and all of one width.
func (c *csvTable) each(out *reading) error {
	short := 0 // the last row, if it had fewer cells than the header
	err := c.records(func(number int, cells []string, p *Problem) error {
		if p != nil {
			return out.fault(*p)
		}
		short = 0
		if len(cells) < c.width {
			short = number
		}
		row := cells
		for len(row) < c.width {
			row = append(row, "")
		}
		if len(row) > c.width && reach(row) > c.width {
			return out.fault(Problem{Row: number, Code: "row-too-long", Found: strings.Join(row[c.width:], ","),
				Rule: fmt.Sprintf("the row has %d cells, the header has %d: an unquoted comma, perhaps in an amount such as 1,234.56, splits a cell",
					len(row), c.width),
				Remedy: "put that cell in double quotes, or give the further column a heading"})
		}
		return out.row(number, row[:c.width], c.column)
	})
	if err == nil && short > c.headerRow && c.unended {
		err = out.fault(Problem{Row: short, Code: "cut", Rule: "the file ends in the middle of this row",
			Remedy: "copy or save the file again; if the row is whole, end it with a new line"})
	}
	return err
}
