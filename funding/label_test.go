package funding

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
		for _, written := range []string{word, strings.ToUpper(word), " " + strings.ReplaceAll(word, " ", "_") + " ", strings.ReplaceAll(word, "-", " ")} {
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
	eachWord(t, []string{"not stated", "base budget", "settlement", "recurring", "multi-year", "annual", "one-off"}, ParsePermanence, func(i int) Permanence { return Permanence(i) })
	eachWord(t, []string{"aligned", "pooled"}, ParseArrangement, func(i int) Arrangement { return Arrangement(i) })
	eachWord(t, []string{"revenue", "capital"}, ParseKind, func(i int) Kind { return Kind(i) })
	eachWord(t, []string{"not stated", "stops", "renewed", "merged into", "renamed", "into settlement", "unknown"}, ParseFate, func(i int) Fate { return Fate(i) })
	eachWord(t, []string{"not stated", "assumed", "applied", "indicative", "provisional", "announced", "confirmed", "revised", "clawed back"}, ParseCertainty, func(i int) Certainty { return Certainty(i) })
}

func TestParseRule(t *testing.T) {
	for _, word := range []string{"ages", "areas", "objectives", "cost-type", "elements", "level", "min-share", "max-share", "match", "admin-cap", "additional", "carry-forward", "virement", "spend-by"} {
		for _, written := range []string{word, strings.ReplaceAll(word, "-", "_"), strings.ToUpper(word)} {
			if got, err := ParseRule(written); err != nil || got.String() != word {
				t.Errorf("ParseRule(%q) = %v, %v", written, got, err)
			}
		}
	}
	for _, text := range []string{"", "not stated", "age"} {
		if got, err := ParseRule(text); err == nil || !strings.Contains(err.Error(), "spend-by") {
			t.Errorf("ParseRule(%q) = %v, %v; want an error that names the rules", text, got, err)
		}
	}
}

func TestOtherWords(t *testing.T) {
	for got, want := range map[fmt.Stringer]string{
		Stopping: "stops", Awaited: "renewal awaited", Succeeded: "secured successor",
		NotKnown: "not known", Allowed: "allowed", Refused: "refused",
		PermissionUnknown: "unknown", Permitted: "permitted", Asked: "asked", PermissionRefused: "refused", PermittedUpTo: "permitted up to a share",
	} {
		if got.String() != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCertaintySecured(t *testing.T) {
	for c := CertaintyNotStated; c <= ClawedBack; c++ {
		want := c == Confirmed || c == Revised || c == ClawedBack
		if c.Secured() != want {
			t.Errorf("%s: secured %v", c, c.Secured())
		}
	}
}
