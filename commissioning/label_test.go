package commissioning

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// eachWord reads an enum's words back, in the spellings people use, and refuses
// any other.
func eachWord[E fmt.Stringer](t *testing.T, words []string, parse func(string) (E, error), value func(int) E) {
	t.Helper()
	for i, word := range words {
		for _, written := range []string{word, strings.ToUpper(word), " " + strings.ReplaceAll(word, " ", "_") + " ", strings.ReplaceAll(word, " ", "-")} {
			got, err := parse(written)
			if err != nil || fmt.Sprint(got) != word || fmt.Sprint(value(i)) != word {
				t.Errorf("parse(%q) = %v, %v; want %q", written, got, err, word)
			}
		}
	}
	if got, err := parse(""); err != nil || fmt.Sprint(got) != words[0] {
		t.Errorf("a blank = %v, %v; want %q", got, err, words[0])
	}
	_, err := parse("nonesuch")
	var unknown *UnknownLabel
	if !errors.As(err, &unknown) {
		t.Fatalf("parse(nonesuch): %v; want an UnknownLabel", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not name the word %q", err, word)
		}
	}
	if got := fmt.Sprint(value(200)); got != "not a known label" {
		t.Errorf("a value outside the list prints %q", got)
	}
}

func TestLabels(t *testing.T) {
	eachWord(t, []string{"direct", "strategic", "management", "overhead"}, ParseRole, func(i int) Role { return Role(i) })
	eachWord(t, []string{"not assessed", "proven", "promising", "untested", "ineffective"}, ParseEvidence, func(i int) Evidence { return Evidence(i) })
	eachWord(t, []string{"objective", "outcome"}, ParseObjectiveKind, func(i int) ObjectiveKind { return ObjectiveKind(i) })
	eachWord(t, []string{"recommends", "decides"}, ParseBoardKind, func(i int) BoardKind { return BoardKind(i) })
	eachWord(t, []string{"move", "year"}, ParsePer, func(i int) Per { return Per(i) })
}

func TestLabelErrorIsShort(t *testing.T) {
	_, err := ParseRole(strings.Repeat("ŵ", 10_000))
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("the message has %d bytes", len(fmt.Sprint(err)))
	}
}
