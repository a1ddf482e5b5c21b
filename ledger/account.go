package ledger

import (
	"fmt"
	"strings"

	"braid/ledger/fiscal"
)

// Stage is where money stands on its way from funder to provider.
type Stage uint8

// The stages, in the order money passes through them.
const (
	NoStage     Stage = iota
	Funder            // where secured money comes from; its balance is minus what has been awarded
	Awarded           // an award's money not yet allocated: what is left
	Allocated         // put on a service
	Committed         // bound by an agreement
	Paid              // actually spent
	HandedBack        // returned to the funder
	Lapsed            // lost because it was not spent in time
	Transferred       // passed to another body
	Uncharged         // spend that finance has not yet charged to an award
)

var stageWords = [...]string{"", "funder", "award", "allocated", "committed", "paid", "handed-back", "lapsed", "transferred", "uncharged"}

func (s Stage) String() string {
	if int(s) < len(stageWords) {
		return stageWords[s]
	}
	return "unknown"
}

// ParseStage reads a stage's word.
func ParseStage(word string) (Stage, error) {
	for i, w := range stageWords {
		if i > 0 && w == word {
			return Stage(i), nil
		}
	}
	return NoStage, fmt.Errorf("no stage of money is called %q", word)
}

// OfService reports whether accounts of the stage belong to a service.
func (s Stage) OfService() bool { return s == Allocated || s == Committed || s == Paid }

// Controlled reports whether a decision may not take the stage below nought.
func (s Stage) Controlled() bool { return s == Awarded || s == Allocated || s == Committed }

// Account is one place where money stands. Year fiscal.Term is money for the
// whole term, not split by year.
type Account struct {
	Stage   Stage
	Award   string
	Board   string
	Year    fiscal.Year
	Service string
}

// String writes the account as one path, stage first:
// allocated:nrf@north:2026-27:youth-inclusion. It is what the database and
// the ledger file hold, so that plain tools can add up balances.
func (a Account) String() string { return string(a.Append(nil)) }

// Append is String without the allocation.
func (a Account) Append(b []byte) []byte {
	b = append(b, stageWords[a.Stage]...)
	b = append(b, ':')
	b = appendEscaped(b, a.Award)
	if a.Board != "" {
		b = append(b, '@')
		b = appendEscaped(b, a.Board)
	}
	b = append(b, ':')
	b = a.Year.Append(b)
	if a.Service != "" {
		b = append(b, ':')
		b = appendEscaped(b, a.Service)
	}
	return b
}

// ParseAccount is the inverse of String, and strict.
func ParseAccount(path string) (Account, error) {
	bad := func(why string) (Account, error) {
		return Account{}, fmt.Errorf("account %q: %s", path, why)
	}
	stage, rest, ok := strings.Cut(path, ":")
	if !ok {
		return bad("has no award")
	}
	holder, rest, ok := strings.Cut(rest, ":")
	if !ok {
		return bad("has no year")
	}
	year, service, _ := strings.Cut(rest, ":")
	award, board, _ := strings.Cut(holder, "@")
	var a Account
	var err error
	if a.Stage, err = ParseStage(stage); err != nil {
		return bad(err.Error())
	}
	if year != "term" {
		if a.Year, err = fiscal.ParseYear(year); err != nil {
			return bad(err.Error())
		}
	}
	a.Award, a.Board, a.Service = unescape(award), unescape(board), unescape(service)
	if a.String() != path {
		return bad("is not written as Braid writes it")
	}
	return a, nil
}

// appendEscaped writes an id with the characters that part a path as %25, %3A
// and %40.
func appendEscaped(b []byte, id string) []byte {
	plain := 0
	for i := 0; i < len(id); i++ {
		if c := id[i]; c == '%' || c == ':' || c == '@' {
			b = fmt.Appendf(append(b, id[plain:i]...), "%%%02X", c)
			plain = i + 1
		}
	}
	return append(b, id[plain:]...)
}

var unescaper = strings.NewReplacer("%25", "%", "%3A", ":", "%40", "@")

func unescape(id string) string {
	if strings.IndexByte(id, '%') < 0 {
		return id
	}
	return unescaper.Replace(id)
}
