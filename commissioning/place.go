package commissioning

import "braid/ledger/fiscal"

// Area is a place in the tree of places: region, authority, locality, ward,
// lower super output area (LSOA), catchment.
type Area struct {
	ID, Name, NameCy string
	Kind             string // a local list
	Parent           string
	GSSCode          string
	Population       int // of children and young people; -1 when not known
	Tags             []string
}

// Organisation is a funder, provider, partner or pool host.
type Organisation struct {
	ID, Name string
	Kind     string
	OrgID    string // as the open registers know it, such as GB-COH-…
}

// Objective is an end agreed jointly by named partners on a day. Objectives lie
// under outcomes.
type Objective struct {
	ID, Name, NameCy string
	Parent           string
	Kind             ObjectiveKind
	AgreedBy         []string // organisations' ids
	AgreedOn         fiscal.Date
	AgreedRef        string // the paper it was agreed in
	Weight           int    // what it counts for beside others; 0 when not stated
}

// ObjectiveKind tells what is worked to from what it is all for.
type ObjectiveKind uint8

const (
	AnObjective ObjectiveKind = iota // what a row of the objectives register is, unless it says
	AnOutcome
)

var objectiveKindWords = []string{"objective", "outcome"}

func (k ObjectiveKind) String() string { return wordFor(objectiveKindWords, int(k)) }

func ParseObjectiveKind(text string) (ObjectiveKind, error) {
	i, err := readLabel("kind", text, objectiveKindWords)
	return ObjectiveKind(i), err
}

// Need is a number of people, or of another unit, for an objective in an area.
type Need struct {
	Objective, Area string
	Ages            Ages
	Year            fiscal.Year
	People          int // -1 when not known
	Unit            string
	Source          string
}
