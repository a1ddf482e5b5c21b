package workbook

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"braid/ledger/exchange/sheet"
	"braid/ledger/money"
)

// cell is one cell of a grid. A formula carries the value that Braid makes of
// it, for whoever shows a workbook without working it out.
type cell struct {
	text    string
	number  string // decimal text
	formula string
	style   style
}

// style says how a cell looks; its number is its place among the styles.
type style struct {
	form  form
	known known // of an amount
	strong,
	entered, // a cell that is there to be changed
	ruled bool // a line above, as over a total
}

type form uint8

const (
	words form = iota
	heading
	yearHeading
	title
	amount
	percent // of a number such as 0.02
	chance  // whole per cents
	index
	whole
)

// known says whether an amount is all of it.
type known uint8

const (
	exact known = iota
	atLeast
	atMost
	notKnown
)

// grid is a sheet in the making: rows from the top, each from column A.
type grid struct {
	name   string // as the tab has it
	rows   [][]cell
	widths []float64
	// frozen are the rows and columns that stay in view; the rows are printed
	// on every page.
	frozenRows, frozenColumns int
}

func (g *grid) add(cells ...cell) int {
	g.rows = append(g.rows, cells)
	return len(g.rows)
}

// pad is so many empty cells.
func pad(n int) []cell { return make([]cell, n) }

func text(s string) cell   { return cell{text: s} }
func strong(s string) cell { return cell{text: s, style: style{strong: true}} }

func pence(p money.Pence) cell {
	return cell{number: p.String(), style: style{form: amount}}
}

func (c cell) as(change func(*style)) cell {
	change(&c.style)
	return c
}

// at names a cell: column from 0, row from 1.
func at(column, row int) string { return letters(column) + strconv.Itoa(row) }

// fixed names a cell that a copied formula keeps to.
func fixed(column, row int) string { return "$" + letters(column) + "$" + strconv.Itoa(row) }

func letters(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// on names cells of another sheet.
func (g *grid) on(cells string) string {
	return "'" + strings.ReplaceAll(g.name, "'", "''") + "'!" + cells
}

// quoted writes a text in a formula.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// tab makes a name fit for a sheet's tab.
func tab(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return '-'
		}
		return r
	}, name), "'")
	for utf8.RuneCountInString(name) > excelize.MaxSheetNameLength {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name
}

// printed is what stands on every page.
type printed struct{ head, page, of string }

// file writes grids as a workbook.
func file(w io.Writer, grids []*grid, say func(string) string, p printed) error {
	f := excelize.NewFile()
	defer f.Close()
	b := styler{f: f, say: say, made: map[style]int{}}
	for i, g := range grids {
		if i == 0 {
			if err := f.SetSheetName("Sheet1", g.name); err != nil {
				return err
			}
		} else if _, err := f.NewSheet(g.name); err != nil {
			return err
		}
	}
	for _, g := range grids {
		if err := b.write(g, p); err != nil {
			return fmt.Errorf("sheet %q: %w", g.name, err)
		}
	}
	reckon := true
	if err := f.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &reckon}); err != nil {
		return err
	}
	buffer, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return sheet.InOrder(w, buffer.Bytes())
}

type styler struct {
	f    *excelize.File
	say  func(string) string
	made map[style]int
}

func (b *styler) write(g *grid, p printed) error {
	if err := b.page(g, p); err != nil { // first: a stream writes a sheet's properties as it opens
		return err
	}
	out, err := b.f.NewStreamWriter(g.name)
	if err != nil {
		return err
	}
	for i, width := range g.widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if g.frozenRows+g.frozenColumns > 0 {
		pane := "bottomRight"
		if g.frozenColumns == 0 {
			pane = "bottomLeft"
		}
		err := out.SetPanes(&excelize.Panes{Freeze: true, XSplit: g.frozenColumns, YSplit: g.frozenRows,
			TopLeftCell: at(g.frozenColumns, g.frozenRows+1), ActivePane: pane})
		if err != nil {
			return err
		}
	}
	for i, row := range g.rows {
		line := make([]any, len(row))
		for j, c := range row {
			if line[j], err = b.cell(c); err != nil {
				return fmt.Errorf("%s: %w", at(j, i+1), err)
			}
		}
		if err := out.SetRow(at(0, i+1), line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// page sets a sheet up for A4 across, as wide as one page, its head on each.
func (b *styler) page(g *grid, p printed) error {
	a4, wide, tall, fit := 9, 1, 0, true
	across := "landscape"
	if err := b.f.SetSheetProps(g.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := b.f.SetPageLayout(g.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	safe := strings.NewReplacer("&", "&&")
	foot := "&L" + safe.Replace(p.head) + "&R" + safe.Replace(p.page) + " &P " + safe.Replace(p.of) + " &N"
	if err := b.f.SetHeaderFooter(g.name, &excelize.HeaderFooterOptions{OddHeader: "&L&A", OddFooter: foot}); err != nil {
		return err
	}
	if g.frozenRows == 0 {
		return nil
	}
	rows := fmt.Sprintf("$%d:$%d", 1, g.frozenRows)
	return b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: g.on(rows), Scope: g.name})
}

// cell gives what the library is to write; nil is a blank.
func (b *styler) cell(c cell) (any, error) {
	id, err := b.id(c.style)
	if err != nil {
		return nil, err
	}
	out := excelize.Cell{StyleID: id, Formula: c.formula}
	switch {
	case c.number != "":
		if out.Value, err = strconv.ParseFloat(c.number, 64); err != nil {
			return nil, err
		}
	case c.formula != "":
	case c.text != "":
		out.Value = c.text // typed as text, so no formula can start in it
	case c.style == style{}:
		return nil, nil
	}
	return out, nil
}

// id makes each style once.
func (b *styler) id(s style) (int, error) {
	if s == (style{}) {
		return 0, nil
	}
	if id, ok := b.made[s]; ok {
		return id, nil
	}
	x := excelize.Style{Font: &excelize.Font{Bold: s.strong, Family: "Calibri", Size: 11}}
	switch s.form {
	case heading, yearHeading:
		x.Font.Bold, x.Font.Color = true, "FFFFFF"
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"12436D"}}
		if s.form == yearHeading {
			x.Alignment = &excelize.Alignment{Horizontal: "right"}
		}
	case title:
		x.Font.Bold, x.Font.Size = true, 14
	case amount:
		x.CustomNumFmt = b.money(s.known)
	case percent:
		shape := "0.00%"
		x.CustomNumFmt = &shape
	case chance:
		shape := `0"%"`
		x.CustomNumFmt = &shape
	case index:
		shape := "0.000000"
		x.CustomNumFmt = &shape
	case whole:
		x.NumFmt = 1
	}
	if s.entered {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF2CC"}}
		x.Font.Color = "12436D"
		x.Border = []excelize.Border{{Type: "bottom", Color: "BF9000", Style: 1}}
	}
	if s.ruled {
		x.Border = append(x.Border, excelize.Border{Type: "top", Color: "0B0C0C", Style: 1})
	}
	id, err := b.f.NewStyle(&x)
	b.made[s] = id
	return id, err
}

// money is the shape of an amount: brackets for what is negative, a dash for
// none, and the words where a part is not known.
func (b *styler) money(k known) *string {
	const figures = "#,##0.00"
	shape := figures + "_);(" + figures + `);"–"_)`
	if k == notKnown {
		w := quoted(b.say("not-known"))
		shape = w + ";" + w + ";" + w
	} else if k != exact {
		word := map[known]string{atLeast: "at-least", atMost: "at-most"}[k]
		w := quoted(b.say(word) + " ")
		shape = w + figures + "_);" + w + "(" + figures + ");" + w + figures + "_)"
	}
	return &shape
}
