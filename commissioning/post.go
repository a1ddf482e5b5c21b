package commissioning

import (
	"fmt"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Post is a job on a service, never a person.
type Post struct {
	ID, Service string
	FTE         FTE
	Employer    string
	ContractEnd fiscal.Date // zero: no end
	ServiceBand string      // of years of service, as the council's own scheme has them
	AnnualCost  money.Amount
	ExitCost    money.Amount // notice, redundancy, pension strain
	TUPE        TUPE
	Awards      []money.Part // what pays for it; several without weights are not split
}

// FTE is a full-time equivalent in hundredths; UnknownFTE where not stated.
type FTE int

const UnknownFTE FTE = -1

// ParseFTE reads "1", "0.6" or "0.55".
func ParseFTE(text string) (FTE, error) {
	whole, part, point := strings.Cut(strings.TrimSpace(text), ".")
	n, err := strconv.ParseUint(whole, 10, 16)
	m, err2 := strconv.ParseUint((part + "00")[:2], 10, 8)
	if err != nil || err2 != nil || len(part) > 2 || point && part == "" {
		return UnknownFTE, fmt.Errorf("%q is not a full-time equivalent; write a number such as 1, 0.6 or 0.55", cut(text))
	}
	return FTE(n*100 + m), nil
}

// String is "0.6", or "?" where it is not known.
func (f FTE) String() string {
	if f < 0 {
		return "?"
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", f/100, f%100), "0"), ".")
}

// TUPE says whether whoever holds the post would pass to a new provider with
// the work.
type TUPE uint8

const (
	TUPENotKnown TUPE = iota
	Transfers
	DoesNotTransfer
)

var tupeWords = []string{"not known", "yes", "no"}

func (t TUPE) String() string { return wordFor(tupeWords, int(t)) }
