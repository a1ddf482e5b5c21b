package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Sheet is a table to be written.
type Sheet struct {
	Name   string
	Notes  []string // help for each column, shown as a comment on its heading; "" is none
	Header []string
	Rows   [][]Cell
	Lists  map[int][]string // drop-down choices, by column from 0; others may still be typed
	Widths []float64        // in characters; 0 is the usual
	Freeze int              // first columns kept in view, beside the header
}

// Cell holds one of: a number, a date, or text.
type Cell struct {
	Text   string
	Number string // decimal text such as "180000.00", a real number in XLSX
	Date   string // ISO, a real date in XLSX
}

var numberShape = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// value says what a cell is; a Number or Date that is none is only text, so that
// it cannot carry a formula past the quote mark.
func (c Cell) value() (text string, number bool, day time.Time) {
	if numberShape.MatchString(c.Number) {
		return c.Number, true, day
	}
	if day, err := time.Parse(time.DateOnly, c.Date); err == nil {
		return c.Date, false, day
	}
	return c.Number + c.Date + c.Text, false, day
}

// WriteCSV writes UTF-8 with its mark, as spreadsheets need to see Welsh and £,
// with LF line ends.
func WriteCSV(w io.Writer, s Sheet) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	var line []string
	for _, name := range s.Header {
		line = append(line, withQuoteMark(name))
	}
	if len(line) > 0 {
		if err := out.Write(line); err != nil {
			return err
		}
	}
	for _, row := range s.Rows {
		line = line[:0]
		for _, c := range row {
			text, number, _ := c.value()
			if !number {
				text = withQuoteMark(text)
			}
			line = append(line, text)
		}
		for len(line) < len(s.Header) {
			line = append(line, "")
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func withQuoteMark(s string) string {
	if startsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

const (
	listsSheet   = "_lists" // hidden: where drop-downs take their choices from
	listRows     = 10_000   // how far down drop-downs go
	mostCellText = 32_767   // of any spreadsheet; the library would cut it in silence
)

// WriteXLSX writes a workbook of sheets.
func WriteXLSX(w io.Writer, sheets []Sheet) error {
	if len(sheets) == 0 {
		return errors.New("a workbook needs at least one sheet")
	}
	f := excelize.NewFile()
	defer f.Close()
	var styles [4]int
	day, bold := "dd/mm/yyyy", &excelize.Font{Bold: true}
	for i, style := range []excelize.Style{{NumFmt: 0}, {NumFmt: 4}, {CustomNumFmt: &day}, {Font: bold}} {
		id, err := f.NewStyle(&style)
		if err != nil {
			return err
		}
		styles[i] = id
	}
	b := bookWriter{f: f, amount: styles[1], date: styles[2], heading: styles[3]}
	if err := f.SetSheetName("Sheet1", sheets[0].Name); err != nil {
		return fmt.Errorf("sheet %q: %w", sheets[0].Name, err)
	}
	taken := map[string]bool{listsSheet: true}
	for _, s := range sheets {
		if taken[strings.ToLower(s.Name)] {
			return fmt.Errorf("sheet %q: there are two of that name", s.Name)
		}
		taken[strings.ToLower(s.Name)] = true
		if err := b.sheet(s); err != nil {
			return fmt.Errorf("sheet %q: %w", s.Name, err)
		}
	}
	if err := b.writeLists(); err != nil {
		return err
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return InOrder(w, buf.Bytes())
}

type bookWriter struct {
	f                     *excelize.File
	amount, date, heading int
	lists                 [][]string
}

func (b *bookWriter) sheet(s Sheet) error {
	if _, err := b.f.NewSheet(s.Name); err != nil { // no harm if it is there
		return err
	}
	out, err := b.f.NewStreamWriter(s.Name)
	if err != nil {
		return err
	}
	for i, width := range s.Widths {
		if width > 0 {
			if err := out.SetColWidth(i+1, i+1, width); err != nil {
				return err
			}
		}
	}
	first := 1
	if len(s.Header) > 0 {
		first = 2
	}
	if first > 1 || s.Freeze > 0 {
		pane := "bottomRight"
		if s.Freeze == 0 {
			pane = "bottomLeft"
		} else if first == 1 {
			pane = "topRight"
		}
		err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: s.Freeze, YSplit: first - 1,
			TopLeftCell: letter(s.Freeze) + strconv.Itoa(first), ActivePane: pane})
		if err != nil {
			return err
		}
	}
	if err := b.furnish(s, first); err != nil {
		return err
	}
	if first > 1 {
		var line []any
		for _, name := range s.Header {
			line = append(line, excelize.Cell{StyleID: b.heading, Value: literal(name)})
		}
		if err := out.SetRow("A1", line); err != nil {
			return err
		}
	}
	for i, row := range s.Rows {
		line := make([]any, len(row))
		for j, c := range row {
			if line[j], err = b.cell(c); err != nil {
				return fmt.Errorf("row %d, column %s: %w", first+i, letter(j), err)
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(first+i), line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// furnish adds the filter, the comments and the drop-downs.
func (b *bookWriter) furnish(s Sheet, first int) error {
	if first > 1 {
		last := fmt.Sprintf("%s%d", letter(len(s.Header)-1), len(s.Rows)+1)
		if err := b.f.AutoFilter(s.Name, "A1:"+last, nil); err != nil {
			return err
		}
		for i, note := range s.Notes {
			if note == "" || i >= len(s.Header) {
				continue
			}
			height := uint(40 + 18*(utf8.RuneCountInString(note)/38+strings.Count(note, "\n")))
			err := b.f.AddComment(s.Name, excelize.Comment{Cell: letter(i) + "1", Author: "Braid", Text: note, Width: 280, Height: height})
			if err != nil {
				return err
			}
		}
	}
	for col := range max(len(s.Header), 1+lastKey(s.Lists)) {
		choices := s.Lists[col]
		if len(choices) == 0 {
			continue
		}
		from := letter(len(b.lists))
		b.lists = append(b.lists, choices)
		v := excelize.NewDataValidation(true)
		v.Sqref = fmt.Sprintf("%s%d:%s%d", letter(col), first, letter(col), max(listRows, len(s.Rows)+first))
		v.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", listsSheet, from, from, len(choices)))
		if err := b.f.AddDataValidation(s.Name, v); err != nil {
			return err
		}
	}
	return nil
}

func lastKey(lists map[int][]string) int {
	last := -1
	for col := range lists {
		last = max(last, col)
	}
	return last
}

func (b *bookWriter) writeLists() error {
	if len(b.lists) == 0 {
		return nil
	}
	if _, err := b.f.NewSheet(listsSheet); err != nil {
		return err
	}
	for col, choices := range b.lists {
		if err := b.f.SetSheetCol(listsSheet, letter(col)+"1", &choices); err != nil {
			return err
		}
	}
	return b.f.SetSheetVisible(listsSheet, false)
}

// cell gives what the library is to write; nil is a blank.
func (b *bookWriter) cell(c Cell) (any, error) {
	text, number, day := c.value()
	switch {
	case text == "":
		return nil, nil
	case number && len(strings.Trim(text, "-.0")) <= 15: // a spreadsheet keeps fifteen digits
		value, err := strconv.ParseFloat(text, 64)
		style := 0
		if _, pence, _ := strings.Cut(text, "."); len(pence) == 2 {
			style = b.amount
		}
		return excelize.Cell{StyleID: style, Value: value}, err
	case day.Year() >= 1901: // before March 1900 spreadsheets disagree on the day
		return excelize.Cell{StyleID: b.date, Value: (day.Unix() - dayNought.Unix()) / 86_400}, nil
	case utf8.RuneCountInString(text) > mostCellText:
		return nil, fmt.Errorf("a spreadsheet cell holds %d characters and this text has more; write CSV instead", mostCellText)
	}
	return literal(text), nil
}

// literal keeps a quote mark that is the text's own from being taken away on
// reading. Text is typed as text, so no formula can start in it.
func literal(s string) string {
	if strings.HasPrefix(s, "'") {
		return withQuoteMark(s)
	}
	return s
}

// InOrder writes a workbook's parts in a fixed order, so that the same sheets
// give the same bytes; the library writes them in any.
func InOrder(w io.Writer, book []byte) error {
	from, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return err
	}
	slices.SortFunc(from.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	to := zip.NewWriter(w)
	for _, part := range from.File {
		if err := to.Copy(part); err != nil {
			return err
		}
	}
	return to.Close()
}
