package sheet

import (
	"fmt"
	"path"
	"strings"
	"unicode"
)

// Problem is one thing wrong with a file: what, where, which rule, what to do.
type Problem struct {
	File, Sheet string
	Row         int    // as a spreadsheet counts, from 1; 0 is the whole file
	Column      string // the header's name, or the column's letter
	Code        string // stable, for programs
	Found       string // what stood there, cut to 40 characters
	Remedy      string
	Rule        string
}

// Error is one line a person can act on.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Sheet != "" {
		fmt.Fprintf(&b, ", sheet \"%s\"", p.Sheet)
	}
	if p.Row > 0 {
		fmt.Fprintf(&b, ", row %d", p.Row)
	}
	if p.Column != "" {
		fmt.Fprintf(&b, ", column \"%s\"", Printable(p.Column, 40))
	}
	b.WriteString(": ")
	if p.Found != "" {
		fmt.Fprintf(&b, "found \"%s\"; ", Printable(p.Found, 40))
	}
	b.WriteString(p.Rule)
	if p.Remedy != "" {
		b.WriteString(" — " + p.Remedy)
	}
	return b.String()
}

// mostListed keeps one bad file from filling a screen, or the memory.
const mostListed = 200

// Problems is everything wrong with a file: the first 200, and how many there are.
type Problems struct {
	List  []Problem
	Total int
}

func (ps *Problems) Error() string {
	lines := make([]string, 0, len(ps.List)+1)
	for _, p := range ps.List {
		lines = append(lines, p.Error())
	}
	if more := ps.Total - len(ps.List); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more problems", more))
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single *Problem.
func (ps *Problems) Unwrap() []error {
	errs := make([]error, len(ps.List))
	for i := range ps.List {
		errs[i] = &ps.List[i]
	}
	return errs
}

func (ps *Problems) add(p Problem) {
	ps.Total++
	if len(ps.List) < mostListed {
		p.Found = Printable(p.Found, 40)
		p.Column = Printable(p.Column, 40)
		ps.List = append(ps.List, p)
	}
}

func (ps *Problems) orNil() error {
	if ps.Total == 0 {
		return nil
	}
	return ps
}

// refuse is a file turned away for one reason.
func refuse(p Problem) error {
	var ps Problems
	ps.add(p)
	return &ps
}

// Printable cuts text to a number of characters and spells out those that would
// not show, or would reorder what is around them.
func Printable(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		shown := string(r)
		if r != ' ' && (!unicode.IsPrint(r) || r == unicode.ReplacementChar) {
			shown = fmt.Sprintf("<U+%04X>", r)
		}
		if n += len([]rune(shown)); n > most {
			return cut(b.String(), most-1) + "…"
		}
		b.WriteString(shown)
	}
	return b.String()
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// baseName is the last part of a name given by a person, whichever way the
// slashes lean. It is only ever shown.
func baseName(name string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if base == "." || base == "/" {
		base = "file"
	}
	return Printable(base, 80)
}

// letter is a column's name in a spreadsheet: 0 is A, 26 is AA.
func letter(col int) string {
	s := ""
	for col++; col > 0; col = (col - 1) / 26 {
		s = string(rune('A'+(col-1)%26)) + s
	}
	return s
}
