package sheet

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	lastRow    = 1 << 20 // of any spreadsheet
	lastColumn = 1 << 14
)

// area is a block of cells; columns count from 0, rows from 1.
type area struct{ top, bottom, left, right int }

func (a area) String() string {
	return fmt.Sprintf("%s%d:%s%d", letter(a.left), a.top, letter(a.right), a.bottom)
}

func parseArea(ref string) (area, bool) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	left, top, ok1 := parseCell(from)
	right, bottom, ok2 := parseCell(to)
	return area{top, bottom, left, right}, ok1 && ok2 && left <= right && top <= bottom
}

// parseCell reads an address such as AB12.
func parseCell(ref string) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 3; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	ok = i > 0 && err == nil && ref[i] >= '1' && ref[i] <= '9' && row <= lastRow && col <= lastColumn
	return col - 1, row, ok
}

// sheetRows reads one sheet of a workbook.
type sheetRows struct {
	book   *workbook
	part   string
	merged []area
}

// sheetPass is one reading of it.
type sheetPass struct {
	*sheetRows
	out      *reading
	cells    []string
	row      int
	covered  []area // merged areas that reach this row, from left to right
	firstEnd int    // the row in which the first of them ends
	waiting  []area // those further down
	formulas int
	hidden   []int // hidden rows that hold something
}

// cell is a cell as the file has it.
type cell struct {
	ref, kind string
	style     int
	formula   bool
	stored    bool   // has a value, if only a blank one
	value     string // for a formula, its result
	inline    string
}

func (s *sheetRows) each(out *reading) error {
	in, p := s.book.open(s.part)
	if p != nil {
		out.fault(*p)
		return errStop
	}
	defer in.Close()
	pass := &sheetPass{sheetRows: s, out: out, waiting: slices.Clone(s.merged)}
	slices.SortFunc(pass.waiting, func(a, b area) int { return a.top - b.top })
	err := pass.rows(xml.NewDecoder(in))
	if pass.formulas > 0 {
		out.note(Problem{Code: "formula-results", Rule: fmt.Sprintf("%d cells hold formulas, and their results as last saved were used", pass.formulas),
			Remedy: "if the workbook has changed since, open it, recalculate and save it"})
	}
	if len(pass.hidden) > 0 {
		out.note(Problem{Row: pass.hidden[0], Code: "hidden-rows", Rule: fmt.Sprintf("%d hidden rows were read as well", len(pass.hidden)),
			Remedy: "delete a hidden row that should not count"})
	}
	return err
}

func (s *sheetPass) rows(d *xml.Decoder) error {
	damaged := func() error {
		s.out.fault(*broken("damaged", s.part, "a part of the workbook is not whole XML"))
		return errStop
	}
	for inData := false; ; {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return damaged()
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch {
			case t.Name.Local == "sheetData":
				inData = true
			case inData && t.Name.Local == "row":
				if err := s.oneRow(d, t); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				return nil
			}
		}
	}
}

// oneRow reads a row and hands it on.
func (s *sheetPass) oneRow(d *xml.Decoder, row xml.StartElement) error {
	s.row++
	if ref := attr(row, "r"); ref != "" {
		n, err := strconv.Atoi(ref)
		if err != nil || n < s.row || n > lastRow {
			s.out.fault(*broken("bad-reference", "row "+ref, "a row has a number out of order, or none a spreadsheet has"))
			return errStop
		}
		s.row = n
	}
	if p := s.meetMerged(); p != nil {
		p.Row = s.row
		s.out.fault(*p)
		return errStop
	}
	clear(s.cells)
	next, problems, something := 0, s.out.problems.Total, false
	var stop error
	for {
		t, err := d.RawToken()
		if err != nil {
			s.out.fault(*broken("damaged", s.part, "a part of the workbook is not whole XML"))
			return errStop
		}
		if _, end := t.(xml.EndElement); end {
			break
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		c, err := readElement(d, start)
		if err != nil {
			s.out.fault(*broken("damaged", s.part, "a part of the workbook is not whole XML"))
			return errStop
		}
		if start.Name.Local != "c" {
			continue
		}
		col := next
		if c.ref != "" {
			var at int
			var ok bool
			if col, at, ok = parseCell(c.ref); !ok || at != s.row || col < next {
				p := broken("bad-reference", c.ref, "a cell has an address that is out of order, repeated, or that no spreadsheet has")
				p.Row = s.row
				s.out.fault(*p)
				return errStop
			}
		}
		next = col + 1
		text, p := s.text(c)
		if s.isCovered(col) {
			continue
		}
		if p != nil {
			p.Row, p.Column = s.row, letter(col)
			stop = s.out.fault(*p)
			continue
		}
		if text == "" {
			continue
		}
		if lim := s.out.table.limits.Columns; lim > 0 && col >= lim {
			p = tooManyColumns(text, lim)
			p.Row, p.Column = s.row, letter(col)
			stop = s.out.fault(*p)
			continue
		}
		if strings.Contains(text, "\r") { // a line break typed elsewhere
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		}
		something = true
		for len(s.cells) <= col {
			s.cells = append(s.cells, "")
		}
		s.cells[col] = text
	}
	if s.out.problems.Total > problems || !something {
		return stop
	}
	if hidden := attr(row, "hidden"); hidden == "1" || hidden == "true" {
		s.hidden = append(s.hidden, s.row)
	}
	return s.out.row(s.row, s.cells, letter)
}

// readElement reads to the end of a cell, or of whatever else stands in a row.
// By hand, since this is where the time goes; the first pass has proved that
// tags match.
func readElement(d *xml.Decoder, start xml.StartElement) (cell, error) {
	var c cell
	for _, a := range start.Attr {
		switch a.Name.Local {
		case "r":
			c.ref = a.Value
		case "t":
			c.kind = a.Value
		case "s":
			style, err := strconv.Atoi(a.Value)
			if err != nil {
				style = -1
			}
			c.style = style
		}
	}
	reading := 0 // the depth at which text beside East Asian text begins
	within := ""
	var value, inline []byte // text may come in very many pieces
	for depth := 1; depth > 0; {
		t, err := d.RawToken()
		if err != nil {
			return c, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			within = t.Name.Local
			switch within {
			case "f":
				c.formula = true
			case "v":
				c.stored = true
			case "rPh":
				reading = depth
			}
		case xml.EndElement:
			if depth == reading {
				reading = 0
			}
			depth--
			within = ""
		case xml.CharData:
			switch {
			case within == "v":
				value = append(value, t...)
			case within == "t" && reading == 0:
				inline = append(inline, t...)
			}
		}
	}
	c.value, c.inline = string(value), string(inline)
	return c, nil
}

// text gives what the person saw in a cell.
func (s *sheetPass) text(c cell) (string, *Problem) {
	if c.formula {
		s.formulas++
		if !c.stored || c.value == "" && c.kind != "str" {
			return "", &Problem{Code: "formula-without-result", Rule: "the cell holds a formula and no result was saved with it",
				Remedy: "open the workbook in a spreadsheet, let it calculate, and save it; or paste the value"}
		}
	}
	value := c.value
	if c.kind == "inlineStr" {
		value += c.inline
	}
	if value == "" {
		return "", nil
	}
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(s.book.shared) {
			return "", broken("bad-text-index", value, "the cell points to a text that the workbook does not have")
		}
		return s.book.shared[i], nil
	case "str", "e", "inlineStr":
		return decodeEscapes(value), nil
	case "b":
		switch value {
		case "1", "true":
			return "TRUE", nil
		case "0", "false":
			return "FALSE", nil
		}
	case "d":
		day, clock, _ := strings.Cut(value, "T")
		if _, err := time.Parse(time.DateOnly, day); err != nil || strings.Trim(clock, "0:.Z") != "" {
			return "", &Problem{Code: "bad-date", Found: value, Rule: "the cell is no date, or has a time of day", Remedy: "type the date as 2027-03-31"}
		}
		return day, nil
	case "", "n":
		if c.style != 0 && (c.style < 0 || c.style >= len(s.book.formats)) {
			return "", broken("bad-style", strconv.Itoa(c.style), "the cell has a style that the workbook does not have, so a date cannot be told from a number")
		}
		var f format
		if c.style < len(s.book.formats) {
			f = s.book.formats[c.style]
		}
		return f.show(value, s.book.date1904)
	}
	return "", broken("bad-cell-type", c.kind+" "+value, "the cell is of a kind no spreadsheet writes")
}

// meetMerged keeps the merged areas that reach the present row, from left to
// right. Areas that overlap are no spreadsheet's, and would take for ever.
func (s *sheetPass) meetMerged() *Problem {
	if s.row > s.firstEnd {
		s.covered = slices.DeleteFunc(s.covered, func(a area) bool { return a.bottom < s.row })
		s.firstEnd = lastRow
		for _, a := range s.covered {
			s.firstEnd = min(s.firstEnd, a.bottom)
		}
	}
	for len(s.waiting) > 0 && s.waiting[0].top <= s.row {
		a := s.waiting[0]
		s.waiting = s.waiting[1:]
		if a.bottom < s.row {
			continue
		}
		i, _ := slices.BinarySearchFunc(s.covered, a.left, fromLeft)
		if i > 0 && s.covered[i-1].right >= a.left || i < len(s.covered) && s.covered[i].left <= a.right {
			return broken("bad-reference", a.String(), "merged areas overlap")
		}
		s.covered = slices.Insert(s.covered, i, a)
		s.firstEnd = min(s.firstEnd, a.bottom)
	}
	return nil
}

func fromLeft(a area, col int) int { return a.left - col }

// isCovered says that a cell lies in a merged area and is not its first.
func (s *sheetPass) isCovered(col int) bool {
	i, found := slices.BinarySearchFunc(s.covered, col, fromLeft)
	if found {
		return s.row != s.covered[i].top
	}
	return i > 0 && col <= s.covered[i-1].right
}

// decodeEscapes undoes _x000D_, by which a workbook spells what XML cannot hold.
func decodeEscapes(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if len(s)-i >= 7 && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if code, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(code))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
