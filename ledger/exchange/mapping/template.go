package mapping

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// template is text with places for what a source row says:
//
//	{grant}           the cell as read: an amount in pounds, a date, a year
//	{text grant}      the cell as printed
//	{slug grant pot}  an id made from one or more cells
//	{year paid_on}    the financial year of a date
//	{start period}    the first day of a column of years; {end period} the last
//	{words variance}  "overspend of £3,000", where brackets tell over from under
//	{row}             the number of the source row
//	{each}            one of what the Make repeats the row for
type template []piece

type piece struct {
	literal string
	verb    string
	columns []string
}

func (m *Mapping) parse(text string) (template, error) {
	var t template
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("a } stands without its {; write a place as {column}")
		}
		if before != "" {
			t = append(t, piece{literal: before})
		}
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, "}")
		words := strings.Fields(inside)
		if !closed || len(words) == 0 {
			return nil, fmt.Errorf("a { is not closed, or holds nothing; write a place as {column}")
		}
		p := piece{columns: words}
		if len(words) == 1 && (words[0] == "row" || words[0] == "each") {
			p = piece{verb: words[0]}
		} else if len(words) > 1 {
			p = piece{verb: words[0], columns: words[1:]}
		}
		if err := m.checkPiece(p); err != nil {
			return nil, err
		}
		t, text = append(t, p), after
	}
	return t, nil
}

func (m *Mapping) checkPiece(p piece) error {
	for _, name := range p.columns {
		c := m.Columns[name]
		switch {
		case c == nil:
			return fmt.Errorf("%s", m.noColumn(name))
		case p.verb == "year" && c.Is != "date":
			return fmt.Errorf("{year %s}: the column is not a date", name)
		case (p.verb == "start" || p.verb == "end") && c.Is != "years":
			return fmt.Errorf("{%s %s}: the column is not of years", p.verb, name)
		case p.verb == "words" && c.Brackets != "overspend" && c.Brackets != "underspend":
			return fmt.Errorf("{words %s}: the column's brackets do not tell over from under", name)
		}
	}
	if !slices.Contains([]string{"", "row", "each", "text", "slug", "year", "start", "end", "words"}, p.verb) {
		return fmt.Errorf("%q is not text, slug, year, start, end or words", p.verb)
	}
	if len(p.columns) > 1 && p.verb != "slug" {
		return fmt.Errorf("{%s …} takes one column", p.verb)
	}
	return nil
}

// varies says that the template has a place in it.
func (t template) varies() bool {
	return slices.ContainsFunc(t, func(p piece) bool { return p.literal == "" })
}

func (t template) uses(verb string) bool {
	return slices.ContainsFunc(t, func(p piece) bool { return p.literal == "" && p.verb == verb })
}

// holdsMoney says that the template writes an amount.
func (t template) holdsMoney(m *Mapping) bool {
	return slices.ContainsFunc(t, func(p piece) bool { return p.verb == "" && p.literal == "" && m.Columns[p.columns[0]].isAmount() })
}

func (t template) write(r *sourceRow) string {
	var b strings.Builder
	for _, p := range t {
		if p.literal != "" {
			b.WriteString(p.literal)
			continue
		}
		var c *cell
		if len(p.columns) > 0 {
			c = r.cells[p.columns[0]]
		}
		switch p.verb {
		case "row":
			b.WriteString(strconv.Itoa(r.number))
		case "each":
			b.WriteString(r.each)
		case "":
			b.WriteString(c.read())
		case "text":
			b.WriteString(c.text)
		case "slug":
			var words []string
			for _, name := range p.columns {
				words = append(words, r.cells[name].read())
			}
			b.WriteString(slug(strings.Join(words, " ")))
		case "year":
			if !c.date.IsZero() {
				b.WriteString(c.date.Year().String())
			}
		case "start":
			b.WriteString(c.from.Start().String())
		case "end":
			b.WriteString(c.to.End().String())
		case "words":
			b.WriteString(c.overOrUnder())
		}
	}
	if len(t) > 1 { // what joined a blank
		return strings.Trim(b.String(), " ;,:-")
	}
	return b.String()
}

const longestSlug = 80

// slug makes an id from words. A long one is cut and marked, so that two that
// begin alike stay apart.
func slug(words string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(words) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’':
		default:
			gap = true
		}
	}
	id := b.String()
	if letters := []rune(id); len(letters) > longestSlug {
		h := fnv.New32a()
		h.Write([]byte(id))
		id = strings.TrimSuffix(string(letters[:longestSlug]), "-") + fmt.Sprintf("-%08x", h.Sum32())
	}
	return id
}

// plain drops the differences between headings, and words, that nobody means.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '-' || r == '–' {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}
