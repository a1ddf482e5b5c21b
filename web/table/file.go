package table

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// CSV writes the heading, the totals and all the rows: UTF-8 with its mark, so
// that a spreadsheet reads Welsh right; pounds and pence, ISO dates, nothing
// for none. What a spreadsheet would take for a formula is made safe.
func (t *Table) CSV(w io.Writer, words Words) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true // RFC 4180
	line := t.heads(" (£)", " (%)")
	for i := range line {
		line[i] = safe(line[i])
	}
	if err := c.Write(line); err != nil {
		return err
	}
	for _, rows := range [][]Row{t.Totals, t.Rows} {
		for i := range rows {
			line = line[:0]
			for _, cell := range t.cells(&rows[i]) {
				line = append(line, cell.plain(words))
			}
			if err := c.Write(line); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

// TSV is what Copy puts on the clipboard: the page's rows in the unit they are
// shown in, as plain numbers.
func (t *Table) TSV(words Words) string {
	thousands := false
	for _, rows := range [][]Row{t.Totals, t.Rows} {
		for i := range rows {
			for j := range rows[i].Cells {
				c := &rows[i].Cells[j]
				thousands = thousands || c.Kind == MoneyColumn && c.missing == given && c.style == Thousands
			}
		}
	}
	unit := " (£)"
	if thousands {
		unit = " (£000)"
	}
	var b strings.Builder
	write := func(fields []string) {
		for i, f := range fields {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(flat.Replace(f))
		}
		b.WriteByte('\n')
	}
	line := t.heads(unit, "")
	for i := range line {
		line[i] = safe(line[i])
	}
	write(line)
	for _, rows := range [][]Row{t.Totals, t.shown()} {
		for i := range rows {
			line = line[:0]
			for _, cell := range t.cells(&rows[i]) {
				line = append(line, cell.shown(words))
			}
			write(line)
		}
	}
	return b.String()
}

var flat = strings.NewReplacer("\t", " ", "\r\n", " ", "\n", " ", "\r", " ")

// heads are the headings of a file, with the unit of their numbers.
func (t *Table) heads(pounds, percent string) []string {
	var heads []string
	for i := range t.Columns {
		c := &t.Columns[i]
		head := c.Head
		switch {
		case c.Kind == ActionsColumn:
			continue
		case c.Kind == MoneyColumn && !strings.Contains(head, "£"):
			head += pounds
		case c.Kind == PercentColumn && !strings.Contains(head, "%"):
			head += percent
		}
		heads = append(heads, head)
	}
	return heads
}

// cells are a row's cells as files have them: one to each column but actions.
func (t *Table) cells(r *Row) []*Cell {
	cells := make([]*Cell, 0, len(t.Columns))
	for i := range t.Columns {
		switch {
		case t.Columns[i].Kind == ActionsColumn:
		case i < len(r.Cells):
			cells = append(cells, &r.Cells[i])
		default:
			cells = append(cells, &Cell{})
		}
	}
	return cells
}

// plain is a cell in CSV.
func (c *Cell) plain(words Words) string {
	switch {
	case c.missing == none:
		return ""
	case c.missing == unknown:
		return words.T("not-known")
	}
	switch c.Kind {
	case MoneyColumn:
		if c.bound != "" {
			return safe(words.T(c.bound, "Amount", money.Pence(c.n).String()))
		}
		return money.Pence(c.n).String()
	case CountColumn:
		return strconv.FormatInt(c.n, 10)
	case PercentColumn:
		return hundredths(c.fine)
	case DateColumn:
		return fiscal.Date(c.n).String()
	}
	return safe(c.words())
}

// shown is a cell on the clipboard: as on the page, without £ and commas.
func (c *Cell) shown(words Words) string {
	if c.missing != given {
		return c.plain(words)
	}
	switch c.Kind {
	case MoneyColumn:
		s := bare.Replace(string(appendMoney(nil, money.Pence(c.n), c.style)))
		if c.bound != "" {
			return safe(words.T(c.bound, "Amount", s))
		}
		return s
	case PercentColumn:
		return strconv.FormatInt(c.n, 10) + "%"
	}
	return c.plain(words)
}

var bare = strings.NewReplacer("£", "", ",", "", "−", "-")

// words is a text cell with the further links' texts behind it.
func (c *Cell) words() string {
	if len(c.links()) == 0 {
		return c.Text
	}
	var parts []string
	if c.Text != "" {
		parts = append(parts, c.Text)
	}
	for _, l := range c.links() {
		parts = append(parts, l.Text)
	}
	return strings.Join(parts, "; ")
}

// safe keeps a spreadsheet from running what somebody typed.
func safe(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + s
	}
	for _, wide := range [...]string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(s, wide) {
			return "'" + s
		}
	}
	return s
}

// hundredths writes hundredths of a percent: 87.5 for 8750.
func hundredths(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	s := sign + strconv.FormatInt(n/100, 10)
	if n%100 != 0 {
		s += strings.TrimRight("."+string([]byte{byte('0' + n%100/10), byte('0' + n%10)}), "0")
	}
	return s
}
