package check

import (
	"maps"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/check/alike"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Sentence is something said of a finding, as data: which sentence, and the
// facts that go into it. English has its words here; a page may say the same in
// another language. The nought Sentence says nothing.
type Sentence struct {
	Code string
	Args []Arg
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
//	funding.Ruling, Reason       what another judge says in sentences of its own
type Arg struct {
	Name  string
	Value any
}

// Exact is an amount to the penny.
type Exact money.Pence

// Heads is a number of people.
type Heads int

// Reason is one thing that speaks for or against two records being one.
type Reason = alike.Reason

// Name is a row of a register, with its name in English.
type Name struct{ Register, ID, Text string }

// List is joined as a sentence does: a, b and c. Series is parted by semicolons.
type (
	List   []any
	Series []any
)

// say makes a sentence of a code and pairs of names and values.
func say(code string, pairs ...any) Sentence {
	s := Sentence{Code: code}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.Args = append(s.Args, Arg{pairs[i].(string), pairs[i+1]})
	}
	return s
}

// coded makes a sentence whose code ends with a word of the domain's; of no word
// it says nothing.
func coded(code, word string, pairs ...any) Sentence {
	if word == "" {
		return Sentence{}
	}
	return say(code+"."+strings.ReplaceAll(word, " ", "-"), pairs...)
}

// listed makes a list of values of one type.
func listed[T any](of []T) List {
	l := make(List, len(of))
	for i, one := range of {
		l[i] = one
	}
	return l
}

// firstFew lists some, and counts the rest where there are many.
func firstFew[T any](of []T) List {
	const few = 4
	if len(of) <= few+1 {
		return listed(of)
	}
	return append(listed(of[:few]), say("others", "Count", len(of)-few))
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
	if s.IsZero() {
		return ""
	}
	words := english[s.Code]
	if n, counts := s.Arg("Count").(int); counts && n == 1 {
		words = englishOne[s.Code]
	}
	var b strings.Builder
	for {
		before, rest, more := strings.Cut(words, "{{.")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}}")
		b.WriteString(inEnglish(s.Arg(name)))
		words = after
	}
}

func inEnglish(value any) string {
	switch v := value.(type) {
	case money.Sum:
		return v.Whole()
	case money.Pence:
		return v.Whole()
	case Exact:
		return money.Pence(v).Exact()
	case money.Share:
		return percent(v)
	case fiscal.Date:
		return v.Long()
	case fiscal.Year:
		return ofYear(v)
	case fiscal.Period:
		return v.String()
	case int:
		return strconv.Itoa(v)
	case Heads:
		return headcount(int(v))
	case commissioning.Ages:
		return ageWords(v)
	case Name:
		return v.Text
	case string:
		return v
	case List:
		return list(eachInEnglish(v))
	case Series:
		return strings.Join(eachInEnglish(v), "; ")
	case Sentence:
		return v.String()
	case funding.Ruling:
		return v.Reason
	case Reason:
		return v.Words()
	}
	return ""
}

func eachInEnglish(values []any) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = inEnglish(v)
	}
	return words
}

// English gives the words of every sentence, with {{.Facts}}, and of those that
// count, the form for one.
func English() (words, one map[string]string) { return maps.Clone(english), maps.Clone(englishOne) }
