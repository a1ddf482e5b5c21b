package commissioning

import (
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Service is what is provided. Amounts are of a financial year.
type Service struct {
	ID, Name, NameCy string
	Description      string
	Activity         string
	Provider         string // an organisation's id
	Areas            []string
	Ages             Ages
	Level            string // level of need, a local list
	Statutory        bool
	Duty             string // the law it rests on, if it is statutory
	Role             Role
	Evidence         Evidence
	EvidenceOn       fiscal.Date
	Objectives       []string
	Capacity         int // -1 when not known
	Unit             string
	Owner, Board     string
	PaidElsewhere    string      // by whom, in the officer's words; blank: not that we know
	Starts, Ends     fiscal.Date // both counted; blank: no such date
	CostType         string
	PriceBase        string // "cash", or the year in whose prices the cost is stated
	Income           money.Amount
	Cost             map[fiscal.Year]money.Amount // a year left out is not known
}

// PlannedCost is the cost stated for a year; unknown when none is.
func (s Service) PlannedCost(y fiscal.Year) money.Amount {
	if cost, stated := s.Cost[y]; stated {
		return cost
	}
	return money.Unknown
}

// NetCost is the planned cost less income; unknown when either is.
func (s Service) NetCost(y fiscal.Year) money.Amount {
	cost, costKnown := s.PlannedCost(y).Known()
	income, incomeKnown := s.Income.Known()
	net, err := cost.Sub(income)
	if !costKnown || !incomeKnown || err != nil {
		return money.Unknown
	}
	return money.Known(net)
}

// RunsIn says whether the service runs on any day of the year.
func (s Service) RunsIn(y fiscal.Year) bool { return runsIn(s.Starts, s.Ends, y) }

func runsIn(starts, ends fiscal.Date, y fiscal.Year) bool {
	return y == fiscal.Term || (starts.IsZero() || starts <= y.End()) && (ends.IsZero() || ends >= y.Start())
}

// Role is what a service is to the people it is for.
type Role uint8

const (
	Direct Role = iota
	Strategic
	Management
	Overhead
)

var roleWords = []string{"direct", "strategic", "management", "overhead"}

func (r Role) String() string { return wordFor(roleWords, int(r)) }

func ParseRole(text string) (Role, error) {
	i, err := readLabel("role", text, roleWords)
	return Role(i), err
}

// Evidence grades how sure we are that a service works, not how well.
type Evidence uint8

const (
	NotAssessed Evidence = iota // not the same as found not to work
	Proven
	Promising
	Untested
	Ineffective
)

var evidenceWords = []string{"not assessed", "proven", "promising", "untested", "ineffective"}

func (e Evidence) String() string { return wordFor(evidenceWords, int(e)) }

func ParseEvidence(text string) (Evidence, error) {
	i, err := readLabel("evidence", text, evidenceWords)
	return Evidence(i), err
}
