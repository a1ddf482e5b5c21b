package check

import (
	"strings"

	"braid/ledger/check/alike"
	"braid/ledger/sentence"
)

// What a finding says, as data: package sentence. English has the words here.
type (
	Sentence = sentence.Sentence
	Arg      = sentence.Arg
	Exact    = sentence.Exact
	Heads    = sentence.Heads
	Name     = sentence.Name
	List     = sentence.List
	Series   = sentence.Series
)

// Reason is one thing that speaks for or against two records being one.
type Reason = alike.Reason

var words = sentence.New("finding", english, englishOne)

// say makes a sentence of a code and pairs of names and values.
func say(code string, pairs ...any) Sentence { return words.Say(code, pairs...) }

// rowOf names a row of a register.
func rowOf(register, id, text string) Name { return Name{Register: register, ID: id, Text: text} }

// coded makes a sentence whose code ends with a word of the domain's; of no word
// it says nothing.
func coded(code, word string, pairs ...any) Sentence {
	if word == "" {
		return Sentence{}
	}
	return say(code+"."+strings.ReplaceAll(word, " ", "-"), pairs...)
}

// listed makes a list of values of one type.
func listed[T any](of []T) List { return sentence.ListOf(of) }

// firstFew lists some, and counts the rest where there are many.
func firstFew[T any](of []T) List {
	const few = 4
	if len(of) <= few+1 {
		return listed(of)
	}
	return append(listed(of[:few]), say("others", "Count", len(of)-few))
}

// English gives the words of every sentence, with {{.Facts}}, and of those that
// count, the form for one.
func English() (all, one map[string]string) { return words.Words() }
