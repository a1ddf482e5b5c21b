package report

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"braid/ledger/money"
)

// Table is rows under headed columns.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string
	Foot    []string // totals, nil none
	Note    string   // one line beneath
}

// Column heads cells that are either words or numbers.
type Column struct {
	Name   string
	Number bool // set to the right
}

// Add appends a row.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Text writes the table for a terminal.
func (t *Table) Text(w io.Writer) {
	if t.Title != "" {
		io.WriteString(w, t.Title+"\n")
	}
	if len(t.Rows) > 0 {
		p := table.NewWriter()
		p.SetOutputMirror(w)
		style := table.StyleLight
		style.Options = table.Options{SeparateHeader: true, SeparateFooter: true}
		style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
		style.Format.Header, style.Format.Footer = text.FormatDefault, text.FormatDefault
		p.SetStyle(style)
		configs := make([]table.ColumnConfig, len(t.Columns))
		head := make(table.Row, len(t.Columns))
		for i, c := range t.Columns {
			head[i] = c.Name
			configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: 44, WidthMaxEnforcer: text.WrapSoft}
			if c.Number {
				configs[i].Align, configs[i].AlignHeader, configs[i].AlignFooter = text.AlignRight, text.AlignRight, text.AlignRight
			}
		}
		p.SetColumnConfigs(configs)
		p.AppendHeader(head)
		for _, r := range t.Rows {
			p.AppendRow(cells(r))
		}
		if t.Foot != nil {
			p.AppendFooter(cells(t.Foot))
		}
		p.Render()
	}
	if t.Note != "" {
		io.WriteString(w, t.Note+"\n")
	}
}

func cells(texts []string) table.Row {
	row := make(table.Row, len(texts))
	for i, s := range texts {
		row[i] = s
	}
	return row
}

// CSV writes the table for a spreadsheet: a header, the rows, no total. Cells
// that a spreadsheet would take for a formula are made safe.
func (t *Table) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	head := make([]string, len(t.Columns))
	for i := range t.Columns {
		head[i] = t.Columns[i].Name
	}
	if err := c.Write(head); err != nil {
		return err
	}
	for _, r := range t.Rows {
		safe := make([]string, len(r))
		for i, s := range r {
			safe[i] = s
			if !t.Columns[i].Number && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
				safe[i] = "'" + s
			}
		}
		if err := c.Write(safe); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// Pounds writes a sum for a screen: whole pounds, – for none.
func Pounds(s money.Sum) string {
	if s.State() == money.Exact && s.Pence() == 0 {
		return "–"
	}
	return s.Whole()
}
