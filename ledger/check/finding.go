package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Kind groups rules by the question they answer.
type Kind string

// The kinds of finding, in the order they are shown.
const (
	Duplication    Kind = "duplication"
	Gap            Kind = "gap"
	Expiry         Kind = "expiry"
	Condition      Kind = "condition"
	Overcommitment Kind = "overcommitment"
)

// Kinds lists them in that order.
var Kinds = []Kind{Duplication, Gap, Expiry, Condition, Overcommitment}

// Severity says how soon a person should look.
type Severity uint8

// The severities, lowest first.
const (
	Low Severity = iota + 1
	Medium
	High
)

func (s Severity) String() string {
	switch s {
	case High:
		return "high"
	case Medium:
		return "medium"
	case Low:
		return "low"
	}
	return ""
}

// ParseSeverity reads high, medium or low.
func ParseSeverity(word string) (Severity, error) {
	for _, s := range []Severity{Low, Medium, High} {
		if s.String() == strings.ToLower(word) {
			return s, nil
		}
	}
	return 0, fmt.Errorf("a severity is high, medium or low; found %q", word)
}

// Subject is what a finding is about: a row of a register.
type Subject struct{ Type, ID string }

// Finding is one question for an officer.
type Finding struct {
	ID       string
	Kind     Kind
	Rule     string
	Band     string // a group of the rule whose sums are never added to another's, "" none
	Severity Severity
	Unknown  bool     // a fact is missing: the rule cannot tell
	Lacks    Sentence // the fact to record: always when Unknown, and where an amount is only "at least"

	Amount   *money.Sum   // nil where the rule states none
	Share    *money.Share // of what, the words say
	Year     fiscal.Year  // 0 none
	Date     fiscal.Date  // 0 none
	Subjects []Subject

	// Likeness orders the findings of a rule that rests on it, before money. It
	// is a chance between 0 and 1, never money and never shown as a number.
	Likeness float64

	// Facts are what the rule rests on, one a line, for judgements: amounts,
	// dates and places, never wording or entry numbers.
	Facts []string
	facts func() []string // instead, where a nation has very many: worked out when asked for

	// Says gives the title (one line) and the reason (a sentence or two), for any
	// language. Worked out when asked for.
	Says func() (title Sentence, because []Sentence)

	// Proof lists the entries that make Amount; nil where records make it.
	Proof func() []ledger.Proof
	// Records make Amount, or the finding, where entries do not.
	Records []Evidence

	Judgement *Judgement
}

// Evidence is a record, or one column of it, that makes part of an amount.
type Evidence struct {
	Register, ID, Column string
	Amount               *money.Amount // signed; nil where the record is only a fact
}

// Judgement is an officer's answer.
type Judgement struct {
	Verdict, Reason, By string
	ReviewOn            fiscal.Date
	Stands              bool // the facts are still those it was given on, and its review is not due
}

// RestsOn gives the facts.
func (f *Finding) RestsOn() []string {
	if f.facts != nil {
		return f.facts()
	}
	return f.Facts
}

// FactsHash is the fingerprint of what the finding rests on.
func (f *Finding) FactsHash() string {
	sum := sha256.Sum256([]byte(strings.Join(f.RestsOn(), "\n")))
	return hex.EncodeToString(sum[:8])
}

// Silenced reports whether a judgement stands that settles the finding. "Not
// sure" settles nothing.
func (f *Finding) Silenced() bool {
	return f.Judgement != nil && f.Judgement.Stands && f.Judgement.Verdict != "not sure"
}

// Words gives what the finding says in English.
func (f *Finding) Words() (title, because string) {
	t, b := f.Says()
	words := make([]string, 0, len(b))
	for _, one := range b {
		if !one.IsZero() {
			words = append(words, one.String())
		}
	}
	return t.String(), strings.Join(words, " ")
}

// Missing is the fact to record, in English.
func (f *Finding) Missing() string { return f.Lacks.String() }

// Title and Because are the finding's words.
func (f *Finding) Title() string   { t, _ := f.Words(); return t }
func (f *Finding) Because() string { _, b := f.Words(); return b }

// Policy holds the thresholds; all are settings.
type Policy struct {
	HorizonMonths    int         // how far ahead an end counts
	ConsultationDays int         // to be allowed before a decision is free no longer
	PaidTwiceOver    money.Pence // paid-twice keeps quiet up to this …
	PaidTwiceShare   money.Share // … and up to this share of the cost
	TwiceFloor       money.Pence // commissioned-twice needs as much on both sides of the overlap
	RecentDays       int         // actuals older than this do not show what is unspent
	YearlyRise       money.Share // in prices, by which core budget must rise to stand still in real terms
}

// DefaultPolicy is design's.
func DefaultPolicy() Policy {
	one, _ := money.NewShare(1, 100)
	two, _ := money.NewShare(2, 100)
	return Policy{HorizonMonths: 12, PaidTwiceOver: 1_000_00, PaidTwiceShare: one, TwiceFloor: 10_000_00, RecentDays: 45, YearlyRise: two}
}
