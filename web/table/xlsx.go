package table

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"braid/ledger/fiscal"
)

// Meta says what a workbook's numbers are: its second sheet.
type Meta struct {
	Council, Title string
	AsAt           fiscal.Date
	Sequence       int
	Hash           string
	Filters        []Filter
}

// Filter is one thing the page was narrowed by.
type Filter struct{ Name, Value string }

// XLSX writes a workbook: the heading, the totals and all the rows as real
// numbers and dates, frozen heading, filters on, brackets for negatives, and a
// second sheet that says what they are. The same table gives the same bytes.
func (t *Table) XLSX(w io.Writer, words Words, meta Meta) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet, about := sheetName(words.T("table.sheet")), sheetName(words.T("table.sheet-about"))
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if _, err := f.NewSheet(about); err != nil {
		return err
	}
	styles, err := newStyles(f, words)
	if err != nil {
		return err
	}
	if err := t.sheet(f, sheet, styles, words); err != nil {
		return err
	}
	if err := t.about(f, about, styles, words, meta); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// format is a cell's look: what it holds, and whether it is of a total.
type format struct {
	number string
	bold   bool
}

type styles struct {
	file   *excelize.File
	made   map[format]int
	head   int
	bounds map[string][2]string // before the number and after it, quoted as number formats have it
}

func newStyles(f *excelize.File, words Words) (*styles, error) {
	around := map[string][2]string{}
	for _, id := range bounds {
		before, after, _ := strings.Cut(words.T(id, "Amount", "\x01"), "\x01")
		around[id] = [2]string{quoted(before), quoted(after)}
	}
	head, err := f.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"12436D"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
	})
	return &styles{file: f, made: map[format]int{}, head: head, bounds: around}, err
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return `"` + strings.ReplaceAll(s, `"`, "") + `"`
}

func (s *styles) of(number string, bold bool) (int, error) {
	key := format{number, bold}
	if id, ok := s.made[key]; ok {
		return id, nil
	}
	style := &excelize.Style{Font: &excelize.Font{Bold: bold}}
	if number != "" {
		style.CustomNumFmt = &number
	} else {
		style.Alignment = &excelize.Alignment{WrapText: true, Vertical: "top"}
	}
	id, err := s.file.NewStyle(style)
	s.made[key] = id
	return id, err
}

func (t *Table) sheet(f *excelize.File, sheet string, styles *styles, words Words) error {
	heads := t.heads(" (£)", "")
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, width := range t.widths(heads) {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	// The filter stands on the last of the totals, so that neither filtering nor
	// sorting takes them along; they stay in sight with the heading.
	fixed := 1 + len(t.Totals)
	corner, err := excelize.CoordinatesToCellName(2, fixed+1)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: fixed, TopLeftCell: corner, ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if len(heads) > 0 {
		last, err := excelize.CoordinatesToCellName(len(heads), max(fixed, len(t.Totals)+len(t.Rows)+1))
		if err != nil {
			return err
		}
		if err := f.AutoFilter(sheet, fmt.Sprintf("A%d:%s", fixed, last), nil); err != nil {
			return err
		}
	}
	line := make([]any, len(heads))
	for i, head := range heads {
		line[i] = excelize.Cell{StyleID: styles.head, Value: head}
	}
	if err := out.SetRow("A1", line); err != nil {
		return err
	}
	at := 1
	for _, part := range []struct {
		rows []Row
		bold bool
	}{{t.Totals, true}, {t.Rows, false}} {
		for i := range part.rows {
			at++
			for j, cell := range t.cells(&part.rows[i]) {
				if line[j], err = cell.excel(styles, part.bold, words); err != nil {
					return err
				}
			}
			if err := out.SetRow(fmt.Sprintf("A%d", at), line); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

// dayNought is 30 December 1899, from which a spreadsheet counts its days.
var dayNought = fiscal.MustDate("1900-03-01") - 61

// excel is a cell of a workbook. Text is typed as text, so it is never run.
func (c *Cell) excel(styles *styles, bold bool, words Words) (excelize.Cell, error) {
	number, value := "", any(nil)
	switch {
	case c.missing == none:
	case c.missing == unknown:
		value = words.T("not-known")
	case c.Kind == MoneyColumn:
		plus, minus := "#,##0", "(#,##0)"
		if c.style == Exact {
			plus, minus = "#,##0.00", "(#,##0.00)"
		}
		if c.bound != "" { // still a number, to add up
			around := styles.bounds[c.bound]
			plus, minus = around[0]+plus+around[1], around[0]+minus+around[1]
		}
		// A workbook's numbers are binary fractions whatever one does; up to £100bn
		// the shortest form of the nearest one is the pence exactly.
		number, value = plus+";"+minus, float64(c.n)/100
	case c.Kind == CountColumn:
		number, value = "#,##0;(#,##0)", c.n
	case c.Kind == PercentColumn:
		number, value = "0%;(0%)", float64(c.fine)/10_000
	case c.Kind == DateColumn:
		if day := fiscal.Date(c.n); day > dayNought.AddDays(60) {
			number, value = "d mmm yyyy", int(day-dayNought)
		} else { // spreadsheets believe in 29 February 1900
			value = day.String()
		}
	default:
		if s := c.words(); s != "" {
			value = s
		}
	}
	style, err := styles.of(number, bold)
	return excelize.Cell{StyleID: style, Value: value}, err
}

// widths are the columns' widths in characters, by what they hold.
func (t *Table) widths(heads []string) []float64 {
	widths := make([]float64, len(heads))
	for i, head := range heads {
		widths[i] = 8
		for word := range strings.FieldsSeq(head) {
			widths[i] = max(widths[i], float64(utf8.RuneCountInString(word)+3))
		}
	}
	for _, rows := range [][]Row{t.Totals, t.Rows[:min(len(t.Rows), 1000)]} {
		for i := range rows {
			for j, c := range t.cells(&rows[i]) {
				var n int
				switch {
				case c.missing == given && (c.Kind.isNumber()):
					n = len(appendGrouped(nil, c.n/100, ""))
					if c.style == Exact {
						n += 3
					}
					if c.bound != "" {
						n += 10
					}
				case c.missing == given && c.Kind != DateColumn:
					n = utf8.RuneCountInString(c.words())
				default:
					n = 11
				}
				widths[j] = min(max(widths[j], float64(n+2)), 60)
			}
		}
	}
	return widths
}

func (t *Table) about(f *excelize.File, sheet string, styles *styles, words Words, meta Meta) error {
	date, err := styles.of("d mmm yyyy", false)
	if err != nil {
		return err
	}
	text, err := styles.of("", false)
	if err != nil {
		return err
	}
	bold, err := styles.of("", true)
	if err != nil {
		return err
	}
	at := 0
	line := func(name string, value any, style int) {
		at++
		key, cell := fmt.Sprintf("A%d", at), fmt.Sprintf("B%d", at)
		for _, e := range []error{
			f.SetCellValue(sheet, key, name), f.SetCellStyle(sheet, key, key, bold),
			f.SetCellValue(sheet, cell, value), f.SetCellStyle(sheet, cell, cell, style),
		} {
			if e != nil && err == nil {
				err = e
			}
		}
	}
	line(words.T("table.about-council"), meta.Council, text)
	line(words.T("table.about-title"), meta.Title, text)
	line(words.T("table.about-table"), t.Caption, text)
	if !meta.AsAt.IsZero() {
		line(words.T("table.about-as-at"), int(meta.AsAt-dayNought), date)
	}
	for _, filter := range meta.Filters {
		line(filter.Name, filter.Value, text)
	}
	if len(meta.Filters) == 0 {
		line(words.T("table.about-filters"), words.T("none"), text)
	}
	line(words.T("table.about-rows"), len(t.Rows), text)
	line(words.T("table.about-sequence"), meta.Sequence, text)
	line(words.T("table.about-hash"), meta.Hash, text)
	line(words.T("table.about-signs"), words.T("table.about-signs-text"), text)
	if t.Note != "" {
		line(words.T("table.about-note"), t.Note, text)
	}
	if err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "A", "A", 28); err != nil {
		return err
	}
	return f.SetColWidth(sheet, "B", "B", 80)
}

// sheetName keeps what a sheet's name may hold.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, s)
	if n := []rune(s); len(n) > 31 {
		s = string(n[:31])
	}
	return s
}
