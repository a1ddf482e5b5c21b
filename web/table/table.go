package table

import (
	"cmp"
	"slices"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Words is what a table says itself, in the reader's language.
type Words interface {
	T(id string, facts ...any) string
	Short(d fiscal.Date) string
}

// Table is rows under headed columns. The first cell of a row is its header.
type Table struct {
	ID, Caption string
	Heading     string // the id of a heading that already says the caption; "" writes one
	Level       int    // of the heading written, 0 for 2
	Columns     []Column
	Totals      []Row // shown first, so that nobody scrolls for them
	Rows        []Row
	Note        string // a line beneath
	Empty       string // said instead of a table without rows
	Wide        bool   // scrolls sideways on a small screen; always so past six columns
	Frozen      bool   // first column and header stay in sight
	Class       string

	Sort     string                  // the column sorted by; "-loses" is largest first
	SortLink func(key string) string // nil: headings are not links

	Page, Size int                // from 1; Size 0 is no pages
	All        int                // how many rows there are, where Rows holds one page only
	PageLink   func(n int) string // nil: no pages

	Actions Actions
}

// Actions are the addresses of what can be done with a table; "" leaves one out.
type Actions struct{ Excel, CSV, Print, SaveView, Address string }

// Kind is what a column or a cell holds.
type Kind uint8

// The kinds.
const (
	TextColumn Kind = iota
	MoneyColumn
	CountColumn
	PercentColumn
	DateColumn
	TagColumn
	ActionsColumn // links and buttons; left out of files
)

func (k Kind) isNumber() bool { return k == MoneyColumn || k == CountColumn || k == PercentColumn }

// Column heads a column.
type Column struct {
	Key      string // in ?sort=
	Head     string
	Lang     string // of the head, where it is not the page's
	Abbr     string // a shorter head for a screen reader to repeat
	Hint     string // beneath the head: "+ over, − under"
	Link     string // where the head leads, if it does not sort
	Kind     Kind
	Sortable bool
}

// Row is one line. ID is its element's, where something links to it.
type Row struct {
	ID, Class string
	Cells     []Cell
}

// New starts a table. The id is unique on its page.
func New(id, caption string) *Table { return &Table{ID: id, Caption: caption} }

// Column adds a column; it sorts unless it has no key or holds actions. The
// pointer is good until the next column is added.
func (t *Table) Column(key, head string, kind Kind) *Column {
	t.Columns = append(t.Columns, Column{Key: key, Head: head, Kind: kind, Sortable: key != "" && kind != ActionsColumn})
	return &t.Columns[len(t.Columns)-1]
}

// Row adds a row.
func (t *Table) Row(cells ...Cell) *Row {
	t.Rows = append(t.Rows, Row{Cells: cells})
	return &t.Rows[len(t.Rows)-1]
}

// Total adds a row of totals.
func (t *Table) Total(cells ...Cell) *Row {
	t.Totals = append(t.Totals, Row{Cells: cells})
	return &t.Totals[len(t.Totals)-1]
}

// Show has HTML draw one page of size rows; a page that does not exist is the
// nearest that does.
func (t *Table) Show(page, size int) {
	t.Size = size
	t.Page = min(max(page, 1), t.Pages())
}

// Count is the number of all rows.
func (t *Table) Count() int { return max(t.All, len(t.Rows)) }

// Pages is how many pages there are, at least one.
func (t *Table) Pages() int {
	if t.Size <= 0 {
		return 1
	}
	return max(1, (t.Count()+t.Size-1)/t.Size)
}

// shown is the rows of the page.
func (t *Table) shown() []Row {
	if t.Size <= 0 || t.All > len(t.Rows) {
		return t.Rows
	}
	from := min((max(t.Page, 1)-1)*t.Size, len(t.Rows))
	return t.Rows[from:min(from+t.Size, len(t.Rows))]
}

func (t *Table) wide() bool { return t.Wide || len(t.Columns) > 6 }

// SortBy puts the rows in the order of a column, "-key" largest first; none and
// not known always come last. It keeps the order it finds among equals, and
// leaves a key that no column has alone.
func (t *Table) SortBy(sort string, compare func(a, b string) int) {
	key, down := strings.CutPrefix(sort, "-")
	at := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Sortable && c.Key == key })
	if key == "" || at < 0 {
		return
	}
	t.Sort = sort
	var blank Cell
	cell := func(r Row) *Cell {
		if at < len(r.Cells) {
			return &r.Cells[at]
		}
		return &blank
	}
	slices.SortStableFunc(t.Rows, func(x, y Row) int {
		a, b := cell(x), cell(y)
		if by := cmp.Compare(a.rank(t.Columns[at].Kind), b.rank(t.Columns[at].Kind)); by != 0 {
			return by
		}
		var by int
		switch a.Kind {
		case MoneyColumn, CountColumn, DateColumn:
			by = cmp.Compare(a.n, b.n)
		case PercentColumn:
			by = cmp.Compare(a.fine, b.fine)
		default:
			by = compare(a.Text, b.Text)
		}
		if down {
			return -by
		}
		return by
	})
}

// rank puts what can be compared first, then words among numbers, then none.
func (c *Cell) rank(column Kind) int {
	switch {
	case c.missing != given, c.Kind <= TagColumn && c.Text == "" && !c.Kind.isNumber() && c.Kind != DateColumn:
		return 2
	case c.Kind != column:
		return 1
	}
	return 0
}

// Style is how an amount is written.
type Style uint8

// The styles.
const (
	Pounds    Style = iota // £180,000
	Thousands              // 180, in a table that says £000
	Exact                  // £180,000.00, for postings
)

// Colour is a tag's; ux.md has their meanings.
type Colour string

// The colours of tags.
const (
	Red   Colour = "red"
	Amber Colour = "amber"
	Green Colour = "green"
	Blue  Colour = "blue"
	Grey  Colour = "grey"
)

type missing uint8

const (
	given missing = iota
	none
	unknown
)

// Cell is one value. It is made by the functions below and added to by its
// methods.
type Cell struct {
	Text  string // as written; of numbers and dates empty
	Lang  string // of the text, where it is not the page's
	Link  string
	Class string
	Kind  Kind

	missing missing
	style   Style
	bound   string // a message: the amount is one end of what it may be
	colour  Colour
	n       int64 // pence, count, whole percent or day
	fine    int64 // hundredths of a percent
	rare    *rare
}

// rare is what few cells have, apart so that the many stay small.
type rare struct {
	note  string
	links []Link
	input *Input
}

// with gives the cell rare parts of its own: cells are values and may be copied.
func (c *Cell) with() *rare {
	var r rare
	if c.rare != nil {
		r = *c.rare
	}
	c.rare = &r
	return c.rare
}

func (c *Cell) links() []Link {
	if c.rare == nil {
		return nil
	}
	return c.rare.links
}

// Link is a further link of a cell. About says to a screen reader what it is
// about, where the text alone does not: Change (Family support hubs).
type Link struct{ Text, Lang, Href, About string }

// Input makes a cell a field of the form around the table.
type Input struct {
	Type        string // "" is text; checkbox, radio, hidden, submit
	ID, Name    string
	Value       string
	Label       string // for a screen reader; of a submit, what it says
	Error       string
	Numeric     bool
	Checked     bool
	Data        []Attribute // data-… for scripts
	Description string      // the id of what describes it
}

// Attribute is a data attribute of an input: Name "was" is data-was.
type Attribute struct{ Name, Value string }

// Text is words.
func Text(s string) Cell { return Cell{Text: s} }

// Money is a total, which may be at least, or not known.
func Money(s money.Sum, style Style) Cell {
	c := Cell{Kind: MoneyColumn, style: style, n: int64(s.Pence())}
	switch s.State() {
	case money.NotKnown:
		c.missing = unknown
	case money.AtLeast:
		c.bound = "at-least"
	}
	return c
}

// AtMost says that an amount may be less: a gap whose money is at least so much.
func (c Cell) AtMost() Cell {
	c.bound = "at-most"
	return c
}

// MoneyOrNone is Money where a nought means that there is nothing: a cell of a
// matrix.
func MoneyOrNone(s money.Sum, style Style) Cell {
	if s == (money.Sum{}) {
		return None()
	}
	return Money(s, style)
}

// Pence is a known sum.
func Pence(p money.Pence, style Style) Cell {
	return Cell{Kind: MoneyColumn, style: style, n: int64(p)}
}

// Amount is one figure, known or not.
func Amount(a money.Amount, style Style) Cell {
	p, known := a.Known()
	if !known {
		return Unknown()
	}
	return Pence(p, style)
}

// Count is a whole number.
func Count(n int) Cell { return Cell{Kind: CountColumn, n: int64(n)} }

// Few is a count of people: under five but not nought it prints as fewer than
// five, in files as on the page.
func Few(n int, w Words) Cell {
	if n > 0 && n < 5 {
		return Cell{Text: w.T("table.few"), Class: "num"}
	}
	return Count(n)
}

// Percent is a share.
func Percent(s money.Share) Cell {
	return Cell{Kind: PercentColumn, n: int64(s.Of(100)), fine: int64(s.Of(10_000))}
}

// PercentOf is part ÷ whole, with its sign; of nothing it is none.
func PercentOf(part, whole money.Pence) Cell {
	if whole == 0 {
		return None()
	}
	return Cell{Kind: PercentColumn, n: ratio(int64(part), int64(whole), 100), fine: ratio(int64(part), int64(whole), 10_000)}
}

// ratio is part × times ÷ whole, half away from zero. £100bn in pence times ten
// thousand is 10¹⁷, well within an int64.
func ratio(part, whole, times int64) int64 {
	if whole < 0 {
		part, whole = -part, -whole
	}
	if part < 0 {
		return -ratio(-part, whole, times)
	}
	return (part*times + whole/2) / whole
}

// Date is a day; no day is not known. None() says that there is none.
func Date(d fiscal.Date) Cell {
	if d.IsZero() {
		return Unknown()
	}
	return Cell{Kind: DateColumn, n: int64(d)}
}

// Tag is a status in a cell of its own.
func Tag(text string, colour Colour) Cell { return Cell{Kind: TagColumn, Text: text, colour: colour} }

// None is nothing at all: "–", read as "none".
func None() Cell { return Cell{missing: none} }

// Unknown is what nobody knows: "Not known".
func Unknown() Cell { return Cell{missing: unknown} }

// Links is a cell of things to do.
func Links(links ...Link) Cell { return Cell{Kind: ActionsColumn, rare: &rare{links: links}} }

// Field is a cell to fill in; its value goes into files.
func Field(in Input) Cell { return Cell{Text: in.Value, rare: &rare{input: &in}} }

// In says in which language the text is, where it is not the page's.
func (c Cell) In(lang string) Cell { c.Lang = lang; return c }

// To links the value.
func (c Cell) To(link string) Cell { c.Link = link; return c }

// Is adds a class.
func (c Cell) Is(class string) Cell {
	if c.Class != "" {
		class = c.Class + " " + class
	}
	c.Class = class
	return c
}

// Noted puts a few small words behind the value, on the page only.
func (c Cell) Noted(note string) Cell { c.with().note = note; return c }

// Also adds links behind the value.
func (c Cell) Also(links ...Link) Cell {
	r := c.with()
	r.links = append(slices.Clip(r.links), links...)
	return c
}
