package table

import (
	"html/template"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// HTML draws the table: its heading, the rows of the page, the pages and what
// can be done with it. It is written by hand, straight to bytes: a page of
// postings is hundreds of cells, for which html/template is too slow.
func (t *Table) HTML(w Words) template.HTML {
	return template.HTML(t.append(make([]byte, 0, 2048+len(t.shown())*len(t.Columns)*128), w))
}

// bounds are the messages that say which end of what it may be an amount is.
var bounds = []string{"at-least", "at-most"}

// writer holds what every cell of one drawing needs.
type writer struct {
	words         Words
	none, unknown string
	bounds        map[string][2]string // what stands before the amount and behind it
	first, rest   [2][]string          // how a cell of each column opens: whole, or up to further classes
	stack         bool
}

func (t *Table) append(b []byte, words Words) []byte {
	rows := t.shown()
	label := t.Heading
	b = append(b, `<div class="table-block">`...)
	if label == "" {
		label = t.ID + "-title"
		level := byte('2')
		if t.Level > 0 {
			level = byte('0' + t.Level)
		}
		b = append(b, '<', 'h', level)
		b = attribute(b, "id", label)
		b = append(b, '>')
		b = escape(b, t.Caption)
		b = append(b, '<', '/', 'h', level, '>')
	}
	if len(rows) == 0 && len(t.Totals) == 0 && t.Empty != "" {
		b = append(b, `<p>`...)
		b = escape(b, t.Empty)
		return append(b, "</p></div>\n"...)
	}
	if t.wide() {
		b = append(b, `<div class="scroller`...)
		if t.Frozen {
			b = append(b, ` frozen`...)
		}
		b = append(b, `" role="region" tabindex="0"`...)
		b = attribute(b, "aria-labelledby", label)
		b = append(b, `><table class="table wide`...)
	} else {
		b = append(b, `<table class="table stack`...)
	}
	if t.Class != "" {
		b = append(b, ' ')
		b = escape(b, t.Class)
	}
	b = append(b, '"')
	b = attribute(b, "id", t.ID)
	b = attribute(b, "aria-labelledby", label)
	if t.Note != "" {
		b = attribute(b, "aria-describedby", t.ID+"-note")
	}
	w := t.writer(words)
	b = append(b, w.role(` role="table"`)...)
	b = append(b, `><thead`...)
	b = append(b, w.role(` role="rowgroup"`)...)
	b = append(b, `><tr`...)
	b = append(b, w.role(` role="row"`)...)
	b = append(b, '>')
	for i := range t.Columns {
		b = t.head(b, w, &t.Columns[i])
	}
	b = append(b, "</tr></thead>\n"...)
	b = w.body(b, t.Totals, "total")
	b = w.body(b, rows, "")
	b = append(b, "</table>"...)
	if t.wide() {
		b = append(b, "</div>"...)
	}
	b = append(b, '\n')
	if t.Note != "" {
		b = append(b, `<p class="small soft"`...)
		b = attribute(b, "id", t.ID+"-note")
		b = append(b, '>')
		b = escape(b, t.Note)
		b = append(b, "</p>\n"...)
	}
	b = t.pagination(b, words)
	b = t.actions(b, words)
	return append(b, "</div>\n"...)
}

func (t *Table) writer(words Words) *writer {
	w := &writer{words: words, stack: !t.wide()}
	w.none = `<span aria-hidden="true">–</span><span class="hidden">` + template.HTMLEscapeString(words.T("none")) + `</span>`
	w.unknown = template.HTMLEscapeString(words.T("not-known"))
	w.bounds = map[string][2]string{}
	for _, id := range bounds {
		before, after, _ := strings.Cut(words.T(id, "Amount", "\x01"), "\x01")
		w.bounds[id] = [2]string{template.HTMLEscapeString(before), template.HTMLEscapeString(after)}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		class := ""
		switch {
		case c.Kind.isNumber():
			class = "num"
		case c.Kind == DateColumn:
			class = "nowrap"
		}
		open := []byte(`<td`)
		if w.stack {
			open = append(open, ` role="cell"`...)
			open = attribute(open, "data-label", c.Head)
		}
		th := []byte(`<th scope="row"`)
		if w.stack {
			th = append(th, ` role="rowheader"`...)
		}
		w.rest[1] = append(w.rest[1], string(open)+` class="`+spaced(class))
		w.first[1] = append(w.first[1], string(th)+` class="`+spaced(class))
		if class != "" {
			class = ` class="` + class + `"`
		}
		w.rest[0] = append(w.rest[0], string(open)+class+">")
		w.first[0] = append(w.first[0], string(th)+class+">")
	}
	return w
}

func spaced(class string) string {
	if class == "" {
		return ""
	}
	return class + " "
}

// role keeps a table a table to a screen reader where the style sheet stacks
// it: display: block takes the built-in roles away.
func (w *writer) role(s string) string {
	if w.stack {
		return s
	}
	return ""
}

func (t *Table) head(b []byte, w *writer, c *Column) []byte {
	b = append(b, `<th scope="col"`...)
	b = append(b, w.role(` role="columnheader"`)...)
	switch {
	case c.Kind.isNumber():
		b = append(b, ` class="num"`...)
	case c.Kind == DateColumn:
		b = append(b, ` class="nowrap"`...)
	}
	if c.Abbr != "" {
		b = attribute(b, "abbr", c.Abbr)
	}
	link := ""
	if c.Sortable && t.SortLink != nil {
		// Numbers read largest first; words and dates from the beginning.
		next := c.Key
		if c.Kind.isNumber() {
			next = "-" + c.Key
		}
		switch t.Sort {
		case c.Key:
			next = "-" + c.Key
			b = append(b, ` aria-sort="ascending"`...)
		case "-" + c.Key:
			next = c.Key
			b = append(b, ` aria-sort="descending"`...)
		}
		link = t.SortLink(next)
	} else if c.Link != "" {
		link = c.Link
	}
	b = append(b, '>')
	b, linked := anchor(b, link)
	b = languaged(b, c.Head, c.Lang)
	if linked {
		b = append(b, `</a>`...)
	}
	if c.Kind == ActionsColumn && c.Head == "" {
		b = append(b, `<span class="hidden">`...)
		b = escape(b, w.words.T("table.actions-head"))
		b = append(b, `</span>`...)
	}
	if c.Hint != "" {
		b = append(b, ` <span class="hint">`...)
		b = escape(b, c.Hint)
		b = append(b, `</span>`...)
	}
	return append(b, `</th>`...)
}

func (w *writer) body(b []byte, rows []Row, class string) []byte {
	if len(rows) == 0 {
		return b
	}
	b = append(b, `<tbody`...)
	b = append(b, w.role(` role="rowgroup"`)...)
	b = append(b, '>')
	for i := range rows {
		r := &rows[i]
		b = append(b, `<tr`...)
		b = append(b, w.role(` role="row"`)...)
		if r.ID != "" {
			b = attribute(b, "id", r.ID)
		}
		if class != "" || r.Class != "" {
			b = attribute(b, "class", strings.TrimSpace(class+" "+r.Class))
		}
		b = append(b, '>')
		for j := range w.rest[0] {
			if j < len(r.Cells) {
				b = w.cell(b, &r.Cells[j], j)
			} else {
				b = w.cell(b, &Cell{}, j)
			}
		}
		b = append(b, "</tr>\n"...)
	}
	return append(b, "</tbody>\n"...)
}

func (w *writer) cell(b []byte, c *Cell, column int) []byte {
	opens, end := &w.rest, `</td>`
	if column == 0 {
		opens, end = &w.first, `</th>`
	}
	negative := c.n < 0 && c.missing == given && c.Kind.isNumber()
	if c.Class == "" && !negative && c.missing == given {
		b = append(b, opens[0][column]...)
	} else {
		b = append(b, opens[1][column]...)
		b = escape(b, c.Class)
		switch {
		case negative:
			b = append(b, ` negative`...)
		case c.missing == none:
			b = append(b, ` none`...)
		case c.missing == unknown:
			b = append(b, ` unknown`...)
		}
		b = append(b, `">`...)
	}
	if c.Kind == DateColumn { // copied as a spreadsheet takes it
		b = append(b[:len(b)-1], ` data-value="`...)
		b = fiscal.Date(c.n).Append(b)
		b = append(b, `">`...)
	}
	if c.rare != nil && c.rare.input != nil {
		b = w.input(b, c.rare.input)
		if c.rare.note != "" {
			b = append(b, `<span class="note"`...)
			if id := c.rare.input.Description; id != "" {
				b = attribute(b, "id", id)
			}
			b = append(b, '>')
			b = escape(b, c.rare.note)
			b = append(b, `</span>`...)
		}
		return append(b, end...)
	}
	linked := false
	if c.Link != "" {
		b, linked = anchor(b, c.Link)
	}
	b = w.value(b, c)
	if linked {
		b = append(b, `</a>`...)
	}
	if c.rare != nil {
		if c.rare.note != "" {
			b = append(b, ` <span class="small soft hint">`...)
			b = escape(b, c.rare.note)
			b = append(b, `</span>`...)
		}
		for i := range c.rare.links {
			if c.Kind != ActionsColumn || i > 0 {
				b = append(b, ' ')
			}
			b = further(b, &c.rare.links[i])
		}
	}
	return append(b, end...)
}

func further(b []byte, l *Link) []byte {
	b, linked := anchor(b, l.Href)
	if linked && l.About != "" {
		b = attribute(b[:len(b)-1], "aria-label", l.Text+" "+l.About)
		b = append(b, '>')
	}
	b = languaged(b, l.Text, l.Lang)
	if linked {
		b = append(b, `</a>`...)
	}
	return b
}

func (w *writer) value(b []byte, c *Cell) []byte {
	switch c.missing {
	case none:
		return append(b, w.none...)
	case unknown:
		return append(b, w.unknown...)
	}
	switch c.Kind {
	case MoneyColumn:
		if c.bound != "" {
			around := w.bounds[c.bound]
			b = append(b, around[0]...)
			b = appendMoney(b, money.Pence(c.n), c.style)
			return append(b, around[1]...)
		}
		return appendMoney(b, money.Pence(c.n), c.style)
	case CountColumn:
		return appendGrouped(b, c.n, "")
	case PercentColumn:
		return append(appendGrouped(b, c.n, ""), '%')
	case DateColumn:
		return escape(b, w.words.Short(fiscal.Date(c.n)))
	case TagColumn:
		if c.Text == "" {
			return b
		}
		b = append(b, `<span class="tag `...)
		b = escape(b, string(c.colour))
		b = append(b, '"')
		if c.Lang != "" {
			b = attribute(b, "lang", c.Lang)
		}
		b = append(b, '>')
		b = escape(b, c.Text)
		return append(b, `</span>`...)
	}
	return languaged(b, c.Text, c.Lang)
}

func (w *writer) input(b []byte, in *Input) []byte {
	id := in.ID
	if id == "" {
		id = "f-" + in.Name
	}
	if in.Type == "submit" {
		b = append(b, `<button type="submit" class="link"`...)
		b = attribute(b, "name", in.Name)
		b = attribute(b, "value", in.Value)
		b = append(b, '>')
		b = escape(b, in.Label)
		return append(b, `</button>`...)
	}
	kind := in.Type
	if kind == "" {
		kind = "text"
	}
	b = append(b, `<input`...)
	b = attribute(b, "type", kind)
	b = attribute(b, "id", id)
	b = attribute(b, "name", in.Name)
	b = attribute(b, "value", in.Value)
	if kind == "hidden" {
		return append(b, '>')
	}
	b = attribute(b, "aria-label", in.Label)
	if kind == "text" {
		b = append(b, ` autocomplete="off" spellcheck="false"`...)
	}
	if in.Numeric {
		b = append(b, ` inputmode="decimal"`...)
	}
	if in.Checked {
		b = append(b, ` checked`...)
	}
	described := in.Description
	if in.Error != "" {
		described = strings.TrimSpace(id + "-flag " + described)
		b = append(b, ` aria-invalid="true"`...)
	}
	if described != "" {
		b = attribute(b, "aria-describedby", described)
	}
	for _, d := range in.Data {
		b = attribute(b, "data-"+d.Name, d.Value)
	}
	b = append(b, '>')
	if in.Error != "" {
		b = append(b, `<span class="flag"`...)
		b = attribute(b, "id", id+"-flag")
		b = append(b, `><span class="hidden">`...)
		b = escape(b, w.words.T("table.error"))
		b = append(b, ` </span>`...)
		b = escape(b, in.Error)
		b = append(b, `</span>`...)
	}
	return b
}

// pagination numbers the pages: the first, the last and those about this one.
func (t *Table) pagination(b []byte, words Words) []byte {
	pages := t.Pages()
	if pages < 2 || t.PageLink == nil {
		return b
	}
	page := min(max(t.Page, 1), pages)
	b = append(b, `<nav class="pages"`...)
	b = attribute(b, "aria-label", words.T("table.pages", "Table", t.Caption))
	b = append(b, `><p class="small soft">`...)
	from := (page-1)*t.Size + 1
	b = escape(b, words.T("table.showing", "From", grouped(from), "To", grouped(min(page*t.Size, t.Count())), "All", grouped(t.Count())))
	b = append(b, `</p><ul>`...)
	step := func(b []byte, to int, rel, text string) []byte {
		b = append(b, `<li><a rel="`...)
		b = append(b, rel...)
		b = append(b, '"')
		b = attribute(b, "href", t.PageLink(to))
		b = append(b, '>')
		b = escape(b, text)
		return append(b, `</a></li>`...)
	}
	if page > 1 {
		b = step(b, page-1, "prev", words.T("table.previous"))
	}
	for n, last := 1, 0; n <= pages; n++ {
		if n != 1 && n != pages && (n < page-1 || n > page+1) {
			continue
		}
		if n > last+1 {
			b = append(b, `<li><span aria-hidden="true">…</span></li>`...)
		}
		last = n
		b = append(b, `<li><a`...)
		b = attribute(b, "href", t.PageLink(n))
		b = attribute(b, "aria-label", words.T("table.page", "Page", grouped(n)))
		if n == page {
			b = append(b, ` aria-current="page"`...)
		}
		b = append(b, '>')
		b = strconv.AppendInt(b, int64(n), 10)
		b = append(b, `</a></li>`...)
	}
	if page < pages {
		b = step(b, page+1, "next", words.T("table.next"))
	}
	return append(b, "</ul></nav>\n"...)
}

// actions lists what can be done with the table. What needs a script is hidden
// until one shows it.
func (t *Table) actions(b []byte, words Words) []byte {
	a := t.Actions
	if a == (Actions{}) {
		return b
	}
	b = append(b, `<div class="actions" role="group"`...)
	b = attribute(b, "aria-label", words.T("table.actions", "Table", t.Caption))
	b = append(b, '>')
	button := func(b []byte, data, value, id string) []byte {
		b = append(b, `<button type="button" class="link" hidden`...)
		b = attribute(b, data, value)
		b = append(b, '>')
		b = escape(b, words.T(id))
		return append(b, "</button>\n"...)
	}
	link := func(b []byte, href, id string) []byte {
		b, linked := anchor(b, href)
		if !linked {
			return b
		}
		b = escape(b, words.T(id))
		return append(b, "</a>\n"...)
	}
	b = button(b, "data-copy", t.ID, "table.copy")
	b = link(b, a.Excel, "table.excel")
	b = link(b, a.CSV, "table.csv")
	if a.Print != "" {
		b = link(b, a.Print, "table.print")
	} else {
		b = button(b, "data-print", "", "table.print")
	}
	b = link(b, a.SaveView, "table.save-view")
	if a.Address != "" {
		b = button(b, "data-copy-link", a.Address, "table.copy-link")
	}
	return append(b, "</div>\n"...)
}

// anchor opens a link, unless its address is of a kind that no page of ours
// follows: a paper's address was typed by somebody.
func anchor(b []byte, href string) ([]byte, bool) {
	if href == "" {
		return b, false
	}
	switch href[0] {
	case '/', '?', '#':
	default:
		if !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "mailto:") {
			return b, false
		}
	}
	b = append(b, `<a href="`...)
	b = escape(b, href)
	return append(b, `">`...), true
}

func attribute(b []byte, name, value string) []byte {
	b = append(b, ' ')
	b = append(b, name...)
	b = append(b, `="`...)
	b = escape(b, value)
	return append(b, '"')
}

func languaged(b []byte, text, lang string) []byte {
	if lang == "" || text == "" {
		return escape(b, text)
	}
	b = append(b, `<span lang="`...)
	b = escape(b, lang)
	b = append(b, `">`...)
	b = escape(b, text)
	return append(b, `</span>`...)
}

// escape makes text safe in an element and in a double-quoted attribute.
func escape(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		if to := escapes[s[i]]; to != "" {
			b = append(b, s[from:i]...)
			b = append(b, to...)
			from = i + 1
		}
	}
	return append(b, s[from:]...)
}

var escapes = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\'': "&#39;", 0: "\uFFFD"}

// appendMoney writes an amount as ux.md has it; money.Pence writes the same.
func appendMoney(b []byte, p money.Pence, style Style) []byte {
	size, minus := int64(p), p < 0
	if minus {
		size = -size
	}
	pence := size % 100
	unit := "£"
	switch style {
	case Pounds:
		size = (size + 50) / 100
	case Thousands:
		size, unit = (size+50_000)/100_000, ""
	case Exact:
		size /= 100
	}
	if minus && (size > 0 || style == Exact) {
		size = -size
	}
	if style == Exact {
		if minus && size == 0 {
			b = append(b, "−"...)
		}
		b = appendGrouped(b, size, unit)
		return append(b, '.', byte('0'+pence/10), byte('0'+pence%10))
	}
	return appendGrouped(b, size, unit)
}

// appendGrouped writes a number with commas, its minus before the unit.
func appendGrouped(b []byte, n int64, unit string) []byte {
	if n < 0 {
		b = append(b, "−"...)
		n = -n
	}
	b = append(b, unit...)
	var digits [20]byte
	s := strconv.AppendInt(digits[:0], n, 10)
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, d)
	}
	return b
}

func grouped(n int) string { return string(appendGrouped(nil, int64(n), "")) }
