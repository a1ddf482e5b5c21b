package exchange

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"braid/ledger"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
)

const startName = "start"

// layout is what the headings of one table mean.
type layout struct {
	register *ledger.Register
	columns  []*ledger.Column // by cell; nil where the cell is a year or kept out
	place    []int            // by cell: the column's place among the register's own, an award's after a stream's
	years    []fiscal.Year    // by cell; Term where the cell is no year
	has      map[string]bool  // columns and years that the table has
}

// columnsOf lists a register's columns, and an award's after a stream's.
func columnsOf(r *ledger.Register) []ledger.Column {
	if r.Name != "streams" {
		return r.Columns
	}
	return streamColumns
}

var streamColumns = func() []ledger.Column {
	own := ledger.RegisterNamed("streams").Columns
	all := append([]ledger.Column(nil), own...)
	for _, c := range ledger.AwardColumns() {
		if ledger.RegisterNamed("streams").Column(c.Name) == nil {
			all = append(all, c)
		}
	}
	return all
}()

// registerOf knows a table by its name: case, spaces, underscores and a year or
// number after it do not matter.
func registerOf(name string) (r *ledger.Register, start bool) {
	key := strings.TrimFunc(plain(name), func(r rune) bool { return !unicode.IsLetter(r) })
	if key == startName {
		return nil, true
	}
	for i := range ledger.Registers {
		if plain(ledger.Registers[i].Name) == key {
			return &ledger.Registers[i], false
		}
	}
	return nil, false
}

// registerByHeadings knows a table by its headings, where one register alone
// has nearly all of them, and they have all that it requires.
func registerByHeadings(cells []string) *ledger.Register {
	var best *ledger.Register
	most, twice := 0, false
	for i := range ledger.Registers {
		r := &ledger.Registers[i]
		l := headings(r, cells)
		n := len(l.has)
		for _, c := range r.Columns {
			if c.Required && c.Form != ledger.Code && !l.has[c.Name] {
				n = 0
			}
		}
		filled := 0
		for _, c := range cells {
			if c != "" {
				filled++
			}
		}
		if n < 2 || 5*n < 4*filled { // a start sheet has columns of its own
			continue
		}
		if n == most {
			twice = true
		}
		if n > most {
			best, most, twice = r, n, false
		}
	}
	if twice {
		return nil
	}
	return best
}

// headings finds the columns of a register.
func headings(r *ledger.Register, cells []string) *layout {
	l := &layout{register: r, has: map[string]bool{}}
	columns := columnsOf(r)
	for _, text := range cells {
		var column *ledger.Column
		at, y := -1, fiscal.Term
		key := plain(text)
		for i := range columns {
			if plain(columns[i].Name) == key && key != "" {
				column, at = &columns[i], i
				l.has[column.Name] = true
			}
		}
		if column == nil && r.Years != "" {
			if read, err := fiscal.ParseYear(text); err == nil {
				y = read
				l.has[y.String()] = true
			}
		}
		l.columns, l.place, l.years = append(l.columns, column), append(l.place, at), append(l.years, y)
	}
	return l
}

// known says that a row of cells is this register's headings: most of what is
// filled means something.
func (l *layout) known(cells []string) bool {
	filled := 0
	for _, c := range cells {
		if c != "" {
			filled++
		}
	}
	return len(l.has) > 0 && 2*len(l.has) >= filled
}

// yearly tells a heading that is meant as a year, however it is written.
var yearly = regexp.MustCompile(`^(?i:fy|year)?\s*'?(?:\d{2}|\d{4})(?:\s*[-/–_]\s*\d{1,4})?$`)

func yearRemedy(err error) string {
	var u *fiscal.Unreadable
	if errors.As(err, &u) {
		return u.Remedy
	}
	return "write a financial year as 2026-27"
}

// faults lists what is wrong with the headings, and notes what is kept out.
func (l *layout) faults(cells []string, row int) (problems, notes []sheet.Problem) {
	met := map[string]string{}
	for i, text := range cells {
		name := ""
		switch {
		case l.columns[i] != nil:
			name = l.columns[i].Name
		case l.years[i] != fiscal.Term:
			name = l.years[i].String()
		case text == "":
			continue
		case l.register.Years != "" && yearly.MatchString(text):
			_, err := fiscal.ParseYear(text)
			problems = append(problems, sheet.Problem{Row: row, Column: text, Code: "year-heading", Found: text,
				Rule: "a column of amounts is headed by its financial year", Remedy: yearRemedy(err)})
			continue
		default:
			remedy := "rename it if it is one of: " + strings.Join(names(l.register), ", ")
			if near := nearest(text, names(l.register)); near != "" {
				remedy = "rename it if it is " + near
			}
			if _, err := fiscal.ParseYear(text); err == nil {
				remedy = l.register.Name + " have no columns of years; write year and amount in columns of their own"
			}
			notes = append(notes, sheet.Problem{Row: row, Column: text, Code: "unknown-column", Rule: l.register.Name + " have no such column, so it is kept out", Remedy: remedy})
			continue
		}
		if before, twice := met[name]; twice {
			problems = append(problems, sheet.Problem{Row: row, Column: text, Code: "repeated-column", Found: text,
				Rule: "two columns are headed " + before + " and " + text + ", which are the same", Remedy: "delete one, or rename it"})
		}
		met[name] = text
	}
	for _, c := range l.register.Columns {
		if c.Required && c.Form != ledger.Code && !l.has[c.Name] {
			problems = append(problems, sheet.Problem{Row: row, Column: c.Name, Code: "missing-column",
				Rule: l.register.Name + " need the column " + c.Name, Remedy: "add it; braid template writes every register with its columns"})
		}
	}
	return problems, notes
}

func names(r *ledger.Register) []string {
	var of []string
	for _, c := range columnsOf(r) {
		of = append(of, c.Name)
	}
	return of
}
