package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Kind says what an entry records. A reversal has the kind of what it reverses.
type Kind uint8

// The kinds of entry.
const (
	NoKind       Kind = iota
	Figure            // a secured statement of an award's figure, or the change in one
	Delegation        // award money set aside for a board
	Allocation        // award money put on a service
	Commitment        // an allocation bound by an agreement
	Payment           // spend
	Virement          // allocated money moved between services
	CarryForward      // money moved to another year of its award, by decision
	Drawing           // whole-term money drawn into a year, by decision
	HandBack          // money returned to the funder
	Lapse             // money lost
	Transfer          // money passed to another body or into a pool
)

var kindWords = [...]string{"", "figure", "delegation", "allocation", "commitment", "payment", "virement", "carry-forward", "drawing", "hand-back", "lapse", "transfer"}

func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return "unknown"
}

// ParseKind reads a kind's word.
func ParseKind(word string) (Kind, error) {
	for i, w := range kindWords {
		if i > 0 && w == word {
			return Kind(i), nil
		}
	}
	return NoKind, fmt.Errorf("no kind of entry is called %q", word)
}

// Label says what money is for beside its account. Labels never take part in a
// controlled balance; an empty part is "not split".
type Label struct{ Objective, Area, Element, CostType, MatchFor string }

// EntryID names an entry for ever: its batch and its place in it, both from 1.
type EntryID struct{ Seq, N int }

func (id EntryID) String() string { return strconv.Itoa(id.Seq) + "/" + strconv.Itoa(id.N) }

// ParseEntryID reads "12/3".
func ParseEntryID(text string) (EntryID, error) {
	a, b, _ := strings.Cut(text, "/")
	seq, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if err1 != nil || err2 != nil || seq < 1 || n < 1 {
		return EntryID{}, fmt.Errorf("an entry is named by batch and place, like 12/3; found %q", text)
	}
	return EntryID{seq, n}, nil
}

// Entry is a posted entry in full. Amount is positive, in pence.
type Entry struct {
	ID        EntryID
	Kind      Kind
	Amount    money.Pence
	From, To  Account
	Line      string // the row that caused it: its own id, or one made from its contents
	Label     Label
	Effective fiscal.Date
	Row       int     // row of the source file, 0 none
	Reverses  EntryID // zero: reverses nothing
}

// entry is Entry in forty bytes, as books keep it.
type entry struct {
	amount   money.Pence
	from, to AccountNo
	label    labelNo
	line     lineNo
	on       fiscal.Date
	row      int32
	reverses int32 // index of the entry reversed, plus one
	kind     Kind
}
