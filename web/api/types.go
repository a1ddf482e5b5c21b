package api

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Pounds is money as text, with two decimals: "-20000.00". null is not known;
// a Pounds that does not apply is left out.
type Pounds struct {
	amount money.Amount
	given  bool
}

func pounds(p money.Pence) Pounds { return Pounds{money.Known(p), true} }

func amount(a money.Amount) Pounds { return Pounds{a, true} }

// summed gives a total, and whether there is more of it that nobody knows.
func summed(s money.Sum) (p Pounds, atLeast bool) {
	switch s.State() {
	case money.NotKnown:
		return Pounds{money.Unknown, true}, false
	case money.AtLeast:
		return pounds(s.Pence()), true
	}
	return pounds(s.Pence()), false
}

// IsZero reports one that does not apply.
func (p Pounds) IsZero() bool { return !p.given }

// MarshalJSON writes it.
func (p Pounds) MarshalJSON() ([]byte, error) {
	known, ok := p.amount.Known()
	if !ok || !p.given {
		return []byte("null"), nil
	}
	return json.Marshal(known.String())
}

// UnmarshalJSON reads what MarshalJSON writes, and nothing looser.
func (p *Pounds) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*p = Pounds{money.Unknown, true}
		return nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf(`money is text in pounds with two decimals, like "1234.50", or null`)
	}
	known, err := money.ParsePence(s)
	if err != nil {
		return fmt.Errorf(`money is text in pounds with two decimals, like "1234.50", or null; found %.40q`, s)
	}
	*p = pounds(known)
	return nil
}

// Schema describes it.
func (Pounds) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true, Pattern: `^-?[0-9]{1,14}\.[0-9]{2}$`, Examples: []any{"1234.50"},
		Description: "Pounds with two decimals, as text; null is not known."}
}

// Date is a day, ISO; left out where there is none.
type Date string

func day(d fiscal.Date) Date { return Date(d.String()) }

// Schema describes it.
func (Date) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2027-03-31"}}
}

// Year is a financial year, "2026-27", or "term" for a whole grant.
type Year string

// Schema describes it.
func (Year) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^([0-9]{4}-[0-9]{2}|term)$`, Examples: []any{"2026-27"}, Description: "A financial year, or term for the whole term."}
}

func (y Year) read() (fiscal.Year, error) {
	if y == "term" {
		return fiscal.Term, nil
	}
	return fiscal.ParseYear(string(y))
}

// Head says which ledger an answer is of: the same parameters, date, sequence
// and program give the same answer for ever.
type Head struct {
	AsAt     Date   `json:"as_at"`
	Sequence int    `json:"sequence" doc:"the number of the last batch"`
	Hash     string `json:"hash" doc:"the hash of the last batch: the head of the chain"`
}
