package funding

// Stream is a funding programme: Children's Fund, Flying Start, core budget.
type Stream struct {
	ID, Name, NameCy string
	Funder           string // an organisation's id
	Permanence       Permanence
	RingFence        string // as the funder words it
	Arrangement      Arrangement
	Objectives       []string // those the stream works to; no money is meant
	LegalBasis       string
	Source           string
}

// Permanence is how lasting a stream is. It is an officer's judgement; the end
// of the award in hand is kept apart from it, on the award.
type Permanence uint8

const (
	PermanenceNotStated Permanence = iota
	BaseBudget
	Settlement
	Recurring
	MultiYear
	Annual
	OneOff
)

var permanenceWords = []string{"not stated", "base budget", "settlement", "recurring", "multi-year", "annual", "one-off"}

func (p Permanence) String() string { return wordFor(permanenceWords, int(p)) }

func ParsePermanence(text string) (Permanence, error) {
	i, err := readLabel("permanence", text, permanenceWords)
	return Permanence(i), err
}

// Arrangement says whether a stream's money keeps its identity beside others
// (aligned) or loses it in a pool whose own purpose then rules.
type Arrangement uint8

const (
	Aligned Arrangement = iota
	Pooled
)

var arrangementWords = []string{"aligned", "pooled"}

func (a Arrangement) String() string { return wordFor(arrangementWords, int(a)) }

func ParseArrangement(text string) (Arrangement, error) {
	i, err := readLabel("arrangement", text, arrangementWords)
	return Arrangement(i), err
}
