package funding

import "braid/ledger/fiscal"

// Award is one grant of a stream for a term, to one recipient body. It may be
// part of another award, as Flying Start is of the Children and Communities Grant.
type Award struct {
	ID, Stream     string
	Reference      string
	Recipient      string // an organisation's id
	PartOf         string // the award this one is part of
	Money          Kind
	Term           fiscal.Period // an end left blank is no end
	ClaimBy        fiscal.Date
	AcceptedOn     fiscal.Date
	Owner          string
	Fate           Fate
	Successor      string // the award that follows this one
	RenewalPercent int    // how likely, as an officer judges; -1 when not stated
	Source         string
}

// Kind keeps revenue and capital apart: they never share a total.
type Kind uint8

const (
	Revenue Kind = iota
	Capital
)

var kindWords = []string{"revenue", "capital"}

func (k Kind) String() string { return wordFor(kindWords, int(k)) }

func ParseKind(text string) (Kind, error) {
	i, err := readLabel("money", text, kindWords)
	return Kind(i), err
}

// Fate is what becomes of the money when the award ends.
type Fate uint8

const (
	FateNotStated Fate = iota
	Stops
	Renewed
	MergedInto
	Renamed
	IntoSettlement
	FateUnknown
)

var fateWords = []string{"not stated", "stops", "renewed", "merged into", "renamed", "into settlement", "unknown"}

func (f Fate) String() string { return wordFor(fateWords, int(f)) }

func ParseFate(text string) (Fate, error) {
	i, err := readLabel("fate", text, fateWords)
	return Fate(i), err
}

// Continuation is the band in which the end of an award is reported.
type Continuation uint8

const (
	Stopping  Continuation = iota // it stops, or nobody knows better
	Awaited                       // it is to go on, and no paper says with how much
	Succeeded                     // a successor has a secured figure
)

var continuationWords = []string{"stops", "renewal awaited", "secured successor"}

func (c Continuation) String() string { return wordFor(continuationWords, int(c)) }

// LastDay is the last day of the award; false when it has no stated end.
func (a Award) LastDay() (fiscal.Date, bool) {
	if a.Term.To.IsZero() {
		return 0, false
	}
	return a.Term.To.AddDays(-1), true
}

// EndsWithin says whether the last day lies between two days, both counted.
func (a Award) EndsWithin(from, to fiscal.Date) bool {
	last, ends := a.LastDay()
	return ends && from <= last && last <= to
}

// RunsIn says whether any day of the award lies in the year. Every award runs
// in its own whole term.
func (a Award) RunsIn(y fiscal.Year) bool {
	return y == fiscal.Term || a.Term.Overlaps(y.Period())
}

// ShortTerm says whether the award is money that cannot be relied on beyond the
// horizon. It is worked out on the day asked and never stored. Base budget and
// settlement are never short-term. Year-on-year and one-off money whose last
// day nobody wrote down is, since its kind says that it ends.
func (a Award) ShortTerm(s Stream, asAt fiscal.Date, horizonMonths int) bool {
	if s.Permanence == BaseBudget || s.Permanence == Settlement {
		return false
	}
	last, ends := a.LastDay()
	if !ends {
		return s.Permanence == Annual || s.Permanence == OneOff
	}
	return last <= asAt.AddMonths(horizonMonths)
}

// Continues gives the band of the award's end. The caller says whether a
// successor has a secured figure: a promise to renew is not yet money.
func (a Award) Continues(securedSuccessor bool) Continuation {
	switch a.Fate {
	case Renewed, MergedInto, Renamed, IntoSettlement:
		if securedSuccessor {
			return Succeeded
		}
		return Awaited
	default:
		return Stopping
	}
}

// Follow lists an award's successors in order. It stops where the next one is
// not recorded, or has been met already.
func Follow(awards map[string]Award, id string) []Award {
	var chain []Award
	met := map[string]bool{id: true}
	for next := awards[id].Successor; next != "" && !met[next]; next = awards[next].Successor {
		award, recorded := awards[next]
		if !recorded {
			break
		}
		met[next] = true
		chain = append(chain, award)
	}
	return chain
}
