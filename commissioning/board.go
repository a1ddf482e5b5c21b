package commissioning

import (
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Board considers proposals for money set aside for it.
type Board struct {
	ID, Name, Area string
	Kind           BoardKind
	DecidedBy      string // who decides what it recommends
	Quorum         int    // -1 when not stated
	CallInDays     int    // -1 when not stated
}

// BoardKind: a board recommends unless the council's scheme lets it decide.
type BoardKind uint8

const (
	Recommends BoardKind = iota
	Decides
)

var boardKindWords = []string{"recommends", "decides"}

func (k BoardKind) String() string { return wordFor(boardKindWords, int(k)) }

func ParseBoardKind(text string) (BoardKind, error) {
	i, err := readLabel("kind", text, boardKindWords)
	return BoardKind(i), err
}

// Delegation sets an award's money of a year aside for a board.
type Delegation struct {
	Board, Award string
	Year         fiscal.Year
	Amount       money.Amount
}

// Limit is how much a role may do on its own.
type Limit struct {
	Role, Action string
	Amount       money.Pence
	Inclusive    bool // the amount itself is within the limit
	Per          Per
	Permanent    bool // it covers moves that bind later years too
	InForce      fiscal.Period
}

// Per is what a limit is counted over.
type Per uint8

const (
	PerMove Per = iota
	PerYear     // all of the year's moves together
)

var perWords = []string{"move", "year"}

func (p Per) String() string { return wordFor(perWords, int(p)) }

func ParsePer(text string) (Per, error) {
	i, err := readLabel("per", text, perWords)
	return Per(i), err
}

// Allows says whether a move is within the limit. Over a year, what has been
// moved already counts too, so that one move cannot be made as several.
func (l Limit) Allows(amount, alreadyThisYear money.Pence) bool {
	total := amount.Abs()
	if l.Per == PerYear {
		sum, err := total.Add(alreadyThisYear.Abs())
		if err != nil {
			return false
		}
		total = sum
	}
	return total < l.Amount || l.Inclusive && total == l.Amount
}
