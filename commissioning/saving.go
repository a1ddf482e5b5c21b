package commissioning

import (
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Saving is money that a change is expected to free, or a pressure that takes
// it. Only a cashable saving that has been found closes a gap.
type Saving struct {
	ID, Service string
	Kind        SavingKind
	Protects    string
	Gains       string // the organisation whose budget gains
	Confidence  string
	Deadweight  money.Share // what would have happened anyway
	Weighed     bool        // whether the deadweight is stated
	Status      string
	Amount      map[fiscal.Year]money.Amount // below nought: an allowance for counting twice
}

// SavingKind is closed: the four are never added up together.
type SavingKind uint8

const (
	SavingNotStated SavingKind = iota
	Cashable                   // budget can be taken out, or used again
	NonCashable                // more or better for the same money
	Avoided                    // spending that will not arise; no budget is released
	Pressure                   // spending that will
)

var savingWords = []string{"not stated", "cashable", "non-cashable", "avoided", "pressure"}

func (k SavingKind) String() string { return wordFor(savingWords, int(k)) }

func ParseSavingKind(text string) (SavingKind, error) {
	i, err := readLabel("kind", text, savingWords)
	return SavingKind(i), err
}

// Found says whether it is known how the saving will be made. Any other status
// is somebody's words for a saving still to be found.
func (s Saving) Found() bool {
	switch strings.ToLower(strings.TrimSpace(s.Status)) {
	case "found", "agreed", "made":
		return true
	}
	return false
}
