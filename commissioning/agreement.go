package commissioning

import (
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Agreement secures a service: a contract, service level agreement, grant
// agreement or in-house arrangement.
type Agreement struct {
	ID, Service, Provider string
	Kind                  string
	Starts, Ends          fiscal.Date // both counted; blank: no such date
	BreakClause           string      // in its own words; blank: none stated
	NoticeMonths          int         // -1 when not stated
	LeadMonths            int         // to put something in its place; -1 when not stated
	Value                 map[fiscal.Year]money.Amount
	Returns               string
}

// RunsIn says whether the agreement runs on any day of the year.
func (a Agreement) RunsIn(y fiscal.Year) bool { return runsIn(a.Starts, a.Ends, y) }

// Basis says what a decide-by date was reckoned from.
type Basis uint8

const (
	NoticeNotStated Basis = iota // there is no date to give
	WithNotice                   // notice, consultation, call-in and lead time
	LeadTimeOnly                 // the agreement has ended by then
)

var basisWords = []string{"notice not stated", "notice, consultation, call-in and lead time", "lead time only: the agreement ends by then"}

func (b Basis) String() string { return wordFor(basisWords, int(b)) }

// DecideBy is the last day on which what happens when the money ends is still a
// free choice. Months are taken off from the end of the money, a month end
// giving a month end: three months before 31 March is 31 December, and one
// month is 28 February. A lead time that is not stated takes nothing off, so
// the day is then the latest it can be.
func (a Agreement) DecideBy(moneyEnds fiscal.Date, consultationDays, callInDays int) (fiscal.Date, Basis) {
	lead := max(a.LeadMonths, 0)
	if !a.Ends.IsZero() && a.Ends <= moneyEnds {
		return moneyEnds.AddMonths(-lead), LeadTimeOnly
	}
	if a.NoticeMonths < 0 {
		return 0, NoticeNotStated
	}
	noticeBy := moneyEnds.AddMonths(-a.NoticeMonths)
	days := max(consultationDays, 0) + max(callInDays, 0)
	return noticeBy.AddDays(-days).AddMonths(-lead), WithNotice
}
