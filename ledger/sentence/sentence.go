package sentence

import (
	"maps"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Catalogue is the English words of some package's sentences, with {{.Facts}}.
type Catalogue struct {
	name       string
	words, one map[string]string // by code; one is the form for a Count of one
}

// New makes a catalogue. Its name comes before the codes in messages' ids.
func New(name string, words, one map[string]string) *Catalogue {
	return &Catalogue{name, words, one}
}

// Words gives the words of every sentence and, of those that count, the form
// for one.
func (c *Catalogue) Words() (words, one map[string]string) {
	return maps.Clone(c.words), maps.Clone(c.one)
}

// Say makes a sentence of a code and pairs of names and values.
func (c *Catalogue) Say(code string, pairs ...any) Sentence {
	s := Sentence{Code: code, of: c}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.Args = append(s.Args, Arg{pairs[i].(string), pairs[i+1]})
	}
	return s
}

// Sentence is something said, as data. The nought Sentence says nothing.
type Sentence struct {
	Code string
	Args []Arg

	of *Catalogue
}

// Arg is a fact of a sentence, by the name its words use. Its value is one of
//
//	money.Sum, money.Pence       whole pounds
//	Exact                        pounds and pence
//	money.Share                  a share of a whole, without decimals
//	fiscal.Date, fiscal.Year, fiscal.Period
//	int                          a count; named Count, it chooses the plural
//	Heads                        a count of people, small ones not printed
//	commissioning.Ages
//	Name                         a row of a register
//	string                       text as somebody entered it
//	List, Series                 several of these
//	Sentence                     a part of the sentence with words of its own
//	funding.Ruling, or Words     what another judge says in sentences of its own
type Arg struct {
	Name  string
	Value any
}

// Exact is an amount to the penny.
type Exact money.Pence

// Heads is a number of people.
type Heads int

// Name is a row of a register, with its name in English.
type Name struct{ Register, ID, Text string }

// List is joined as a sentence does: a, b and c. Series is parted by semicolons.
type (
	List   []any
	Series []any
)

// ListOf makes a list of values of one type.
func ListOf[T any](of []T) List {
	l := make(List, len(of))
	for i, one := range of {
		l[i] = one
	}
	return l
}

// ID is the sentence's message in other languages.
func (s Sentence) ID() string {
	if s.of == nil {
		return s.Code
	}
	return s.of.name + "." + s.Code
}

// IsZero reports the sentence that says nothing.
func (s Sentence) IsZero() bool { return s.Code == "" }

// Arg gives a fact by name; nil where there is none.
func (s Sentence) Arg(name string) any {
	for _, a := range s.Args {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// String is the sentence in English.
func (s Sentence) String() string {
	if s.IsZero() || s.of == nil {
		return ""
	}
	words := s.of.words[s.Code]
	if n, counts := s.Arg("Count").(int); counts && n == 1 {
		words = s.of.one[s.Code]
	}
	var b strings.Builder
	for {
		before, rest, more := strings.Cut(words, "{{.")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}}")
		b.WriteString(English(s.Arg(name)))
		words = after
	}
}

// English writes one fact in English.
func English(value any) string {
	switch v := value.(type) {
	case money.Sum:
		return v.Whole()
	case money.Pence:
		return v.Whole()
	case Exact:
		return money.Pence(v).Exact()
	case money.Share:
		return Percent(v)
	case fiscal.Date:
		return v.Long()
	case fiscal.Year:
		if v == fiscal.Term {
			return "the whole term"
		}
		return v.String()
	case fiscal.Period:
		return v.String()
	case int:
		return strconv.Itoa(v)
	case Heads:
		return heads(int(v))
	case commissioning.Ages:
		return ages(v)
	case Name:
		return v.Text
	case string:
		return v
	case List:
		return joined(each(v))
	case Series:
		return strings.Join(each(v), "; ")
	case Sentence:
		return v.String()
	case funding.Ruling:
		return v.Reason
	case interface{ Words() string }:
		return v.Words()
	}
	return ""
}

// heads hides counts so small that a child might be known by them.
func heads(n int) string {
	if n < 5 {
		return "fewer than 5"
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func ages(a commissioning.Ages) string {
	switch {
	case !a.Known:
		return "not known"
	case a.From == a.To:
		return strconv.Itoa(int(a.From))
	case a.To >= 120:
		return strconv.Itoa(int(a.From)) + " and over"
	}
	return strconv.Itoa(int(a.From)) + " to " + strconv.Itoa(int(a.To))
}

func each(values []any) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = English(v)
	}
	return words
}

// joined is "a, b and c".
func joined(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// Percent is a share as screens show it, without decimals; what is not quite
// nothing or not quite all does not read as nothing or all.
func Percent(s money.Share) string {
	whole, _ := money.NewShare(1, 1)
	switch n := s.Of(100); {
	case n == 0 && !s.IsZero():
		return "under 1%"
	case n == 100 && s.Cmp(whole) < 0:
		return "over 99%"
	default:
		return strconv.Itoa(int(n)) + "%"
	}
}
