package mapping

import (
	"maps"
	"slices"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// cell is one cell of the source as read.
type cell struct {
	column   *Column
	text     string // as printed
	word     string // text or years, as the mapping reads it
	own      figure // as printed
	figure   figure // after changes or sums carried forward are undone
	date     fiscal.Date
	from, to fiscal.Year
}

// figure is an amount, or none.
type figure struct {
	amount money.Amount
	given  bool
}

func (c *cell) read() string {
	switch {
	case c.column.isAmount():
		if !c.figure.given {
			return ""
		}
		return c.figure.amount.String()
	case c.column.Is == "date":
		return c.date.String()
	}
	return c.word
}

// overOrUnder says a variance in words. Favourable is above nought.
func (c *cell) overOrUnder() string {
	p, known := c.figure.amount.Known()
	switch {
	case !c.figure.given:
		return ""
	case !known:
		return "not known"
	case p < 0:
		return "overspend of " + p.Abs().Exact()
	case p > 0:
		return "underspend of " + p.Exact()
	}
	return "on budget"
}

// fault says what is wrong with one cell.
type fault struct{ code, rule, remedy string }

// readCell reads all but dates, whose form is known only from the whole table.
func readCell(column *Column, text string) (c *cell, f *fault) {
	c = &cell{column: column, text: text, word: text}
	if column.isAmount() {
		c.own, f = readFigure(column, text)
		c.figure = c.own
		return c, f
	}
	if _, listed := lookUp(column.Values, text); !listed && len(column.Values) > 0 {
		return c, &fault{"word-unknown", "the mapping lists what may stand here, and this is not among it", "add it to the column's values, with what it means"}
	}
	c.word = column.spelt(text)
	if column.Is != "years" || c.word == "" {
		return c, nil
	}
	if plain(c.word) == "term" {
		c.word = "term"
		return c, nil
	}
	from, to, err := fiscal.ParseSpan(strings.ReplaceAll(c.word, " to ", "-"))
	if err != nil {
		return c, &fault{err.(*fiscal.Unreadable).Code, "this is not read as a financial year, or years", err.(*fiscal.Unreadable).Remedy + "; or say under values what it means"}
	}
	c.from, c.to, c.word = from, to, from.String()
	if from != to {
		c.word = fiscal.Term.String() // a sum over years is never divided
	}
	return c, nil
}

// spelt gives the mapping's own word for a text, or the text.
func (c *Column) spelt(text string) string {
	for _, words := range []map[string]string{c.Values, c.Spellings} {
		if word, listed := lookUp(words, text); listed {
			return word
		}
	}
	return text
}

func lookUp(words map[string]string, text string) (string, bool) {
	if read, exact := words[text]; exact {
		return read, true
	}
	for _, word := range slices.Sorted(maps.Keys(words)) {
		if plain(word) == plain(text) {
			return words[word], true
		}
	}
	return "", false
}

func readFigure(c *Column, text string) (figure, *fault) {
	is := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return plain(w) == plain(text) && text != "" })
	}
	switch {
	case text == "" && c.Blank == "unknown", is(c.Unknown):
		return figure{money.Unknown, true}, nil
	case text == "", is(c.None):
		return figure{}, nil
	case is(c.Nought):
		return figure{money.Known(0), true}, nil
	case isRange(text):
		if c.Ranges == "unknown" {
			return figure{money.Unknown, true}, nil
		}
		return figure{}, &fault{"range", "this is a range, and the mapping does not say how to read one", `write ranges: "unknown" for the column, and keep the range in a text with {text …}`}
	}
	bracketed := strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")")
	if bracketed && c.Brackets == "" {
		return figure{}, &fault{"brackets", "the mapping does not say what brackets mean here", `look it up in the source and write brackets: "negative", "overspend" or "underspend" for the column`}
	}
	sign := money.NotNegative
	if c.signed() {
		sign = money.Signed
	}
	written, f := inUnit(text, c.Is)
	if f != nil {
		return figure{}, f
	}
	a, given, err := money.Parse(written, sign)
	if err != nil {
		f := &fault{"amount", "this is not read as an amount", err.Error()}
		if u, ok := err.(*money.Unreadable); ok {
			f.code, f.remedy = u.Code, u.Remedy
		}
		if f.code == "amount-words" {
			f.rule, f.remedy = "this is neither an amount nor a word the mapping lists", "say in the mapping whether it means none, nought or unknown, or mend the cell"
		}
		return figure{}, f
	}
	if p, known := a.Known(); known && given && (c.Brackets == "overspend" || c.Brackets == "underspend") {
		if p < 0 && !bracketed {
			return figure{}, &fault{"minus", "brackets tell over from under in this column, so a minus may mean either", "write it in brackets or without a sign, as the source means it"}
		}
		if p = p.Abs(); bracketed == (c.Brackets == "overspend") {
			p = -p // over is adverse, and below nought
		}
		a = money.Known(p)
	}
	return figure{a, given}, nil
}

// inUnit writes thousands as 12k and millions as 12m, which money reads exactly.
func inUnit(text, unit string) (string, *fault) {
	letter := map[string]string{"thousands": "k", "millions": "m"}[unit]
	last := strings.LastIndexAny(text, "0123456789")
	if last < 0 || letter == "" {
		return text, nil
	}
	if strings.HasPrefix(strings.ToLower(text[last+1:]), "k") || strings.HasPrefix(strings.ToLower(text[last+1:]), "m") {
		return "", &fault{"unit-twice", "the column is in " + unit + ", and the cell has a unit of its own", "write the figure in " + unit + ", without a letter"}
	}
	return text[:last+1] + letter + text[last+1:], nil
}

// isRange reports two amounts with a dash or "to" between them.
func isRange(text string) bool {
	for _, between := range []string{" to ", "-", "–"} {
		low, high, found := strings.Cut(text, between)
		if found && isFigure(low) && isFigure(high) {
			return true
		}
	}
	return false
}

func isFigure(text string) bool {
	a, given, err := money.Parse(text, money.NotNegative)
	return err == nil && given && !a.IsUnknown()
}

// reckon turns a change on the year before into a level, and a sum carried
// forward into the year's own. Of a change, a blank is no change; of a sum,
// it is no figure.
func reckon(cells map[string]*cell, done map[string]bool, name string) *fault {
	c := cells[name]
	before := c.column.ChangeOn + c.column.CumulativeAfter
	if before == "" || done[name] {
		return nil
	}
	done[name] = true
	if f := reckon(cells, done, before); f != nil {
		return f
	}
	b := cells[before]
	if c.column.CumulativeAfter != "" {
		b = &cell{figure: b.own} // what was carried forward by then
		if c.own.given && !b.figure.given {
			c.figure.amount = money.Unknown
			return nil
		}
		if !c.own.given {
			return nil
		}
	}
	switch {
	case !c.own.given:
		c.figure = b.figure
		return nil
	case c.own.amount.IsUnknown() || b.figure.given && b.figure.amount.IsUnknown():
		c.figure.amount = money.Unknown
		return nil
	}
	p, _ := c.own.amount.Known()
	q, _ := b.figure.amount.Known()
	var err error
	if c.column.ChangeOn != "" {
		p, err = q.Add(p)
	} else {
		p, err = p.Sub(q)
	}
	if err != nil {
		return &fault{"amount-range", err.Error(), "check this figure and the one before"}
	}
	c.figure.amount = money.Known(p)
	return nil
}
