package commissioning

import (
	"testing"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

var day = fiscal.MustDate

func TestCost(t *testing.T) {
	pounds := func(n int64) money.Amount { return money.Known(money.Pence(n * 100)) }
	service := func(income money.Amount) Service {
		return Service{Income: income, Cost: map[fiscal.Year]money.Amount{2026: pounds(400_000), 2027: money.Unknown, 2028: pounds(0)}}
	}
	for _, c := range []struct {
		name         string
		income       money.Amount
		year         fiscal.Year
		planned, net money.Amount
	}{
		{"stated", pounds(50_000), 2026, pounds(400_000), pounds(350_000)},
		{"no income", money.Amount{}, 2026, pounds(400_000), pounds(400_000)},
		{"income not known", money.Unknown, 2026, pounds(400_000), money.Unknown},
		{"cost not known", pounds(1), 2027, money.Unknown, money.Unknown},
		{"a nil cost is known, and not the same as none", pounds(1), 2028, pounds(0), pounds(-1)},
		{"no cost stated", money.Amount{}, 2029, money.Unknown, money.Unknown},
		{"too large to take away", money.Known(-money.Max), 2026, pounds(400_000), money.Unknown},
	} {
		s := service(c.income)
		if got := s.PlannedCost(c.year); got != c.planned {
			t.Errorf("%s: planned %v", c.name, got)
		}
		if got := s.NetCost(c.year); got != c.net {
			t.Errorf("%s: net %v, want %v", c.name, got, c.net)
		}
	}
	if got := (Service{}).PlannedCost(2026); !got.IsUnknown() {
		t.Errorf("a service without costs costs %v", got)
	}
}

func TestRunsIn(t *testing.T) {
	for _, c := range []struct {
		name         string
		starts, ends string
		want         bool
	}{
		{"no dates", "", "", true},
		{"the whole year", "2026-04-01", "2027-03-31", true},
		{"its last day is the first of the year", "2020-01-01", "2026-04-01", true},
		{"ended the day before", "2020-01-01", "2026-03-31", false},
		{"begins on the last day", "2027-03-31", "", true},
		{"begins the day after", "2027-04-01", "", false},
		{"no start", "", "2026-09-30", true},
	} {
		var starts, ends fiscal.Date
		if c.starts != "" {
			starts = day(c.starts)
		}
		if c.ends != "" {
			ends = day(c.ends)
		}
		if got := (Service{Starts: starts, Ends: ends}).RunsIn(2026); got != c.want {
			t.Errorf("%s: service %v", c.name, got)
		}
		if got := (Agreement{Starts: starts, Ends: ends}).RunsIn(2026); got != c.want {
			t.Errorf("%s: agreement %v", c.name, got)
		}
		if !(Service{Starts: starts, Ends: ends}).RunsIn(fiscal.Term) {
			t.Errorf("%s: does not run in its whole term", c.name)
		}
	}
}

func TestDecideBy(t *testing.T) {
	march := day("2027-03-31")
	for _, c := range []struct {
		name                 string
		ends                 string
		notice, lead         int
		consultation, callIn int
		want                 string
		basis                Basis
	}{
		{"three months' notice", "", 3, -1, 0, 0, "2026-12-31", WithNotice},
		{"one month's notice", "2028-03-31", 1, 0, 0, 0, "2027-02-28", WithNotice},
		{"no notice needed", "", 0, 0, 0, 0, "2027-03-31", WithNotice},
		{"eight weeks' consultation and call-in", "", 3, 0, 56, 5, "2026-10-31", WithNotice},
		{"lead time too", "", 3, 2, 0, 0, "2026-10-31", WithNotice},
		{"the agreement ends by then: notice is not needed", "2027-03-31", 3, 2, 56, 5, "2027-01-31", LeadTimeOnly},
		{"and its notice need not be known", "2026-12-31", -1, -1, 0, 0, "2027-03-31", LeadTimeOnly},
		{"a day longer needs notice", "2027-04-01", 3, 0, 0, 0, "2026-12-31", WithNotice},
		{"notice not stated: no date, not a late one", "2028-03-31", -1, 2, 56, 5, "", NoticeNotStated},
		{"days not stated are none", "", 3, 0, -1, -1, "2026-12-31", WithNotice},
	} {
		a := Agreement{NoticeMonths: c.notice, LeadMonths: c.lead}
		if c.ends != "" {
			a.Ends = day(c.ends)
		}
		got, basis := a.DecideBy(march, c.consultation, c.callIn)
		if got.String() != c.want || basis != c.basis {
			t.Errorf("%s: %s (%s), want %s (%s)", c.name, got, basis, c.want, c.basis)
		}
	}
	// A leap year's February, and money that does not end.
	if got, _ := (Agreement{NoticeMonths: 1}).DecideBy(day("2028-03-31"), 0, 0); got != day("2028-02-29") {
		t.Errorf("one month before 31 March 2028 is %s", got)
	}
	if got, _ := (Agreement{NoticeMonths: 1}).DecideBy(0, 5, 5); !got.IsZero() {
		t.Errorf("money without an end gives %s", got)
	}
	for _, b := range []Basis{NoticeNotStated, WithNotice, LeadTimeOnly} {
		if b.String() != basisWords[b] {
			t.Errorf("basis %d prints %q", b, b)
		}
	}
}

func TestLimitAllows(t *testing.T) {
	const limit = 25_000_00
	for _, c := range []struct {
		name            string
		inclusive       bool
		per             Per
		amount, already money.Pence
		want            bool
	}{
		{"under", false, PerMove, limit - 1, 0, true},
		{"at a limit that is not inclusive", false, PerMove, limit, 0, false},
		{"at an inclusive limit", true, PerMove, limit, 0, true},
		{"a penny over", true, PerMove, limit + 1, 0, false},
		{"per move, earlier moves do not count", true, PerMove, limit, limit, true},
		{"per year, they do", true, PerYear, 1, limit, false},
		{"split in two, to the penny", true, PerYear, limit / 2, limit / 2, true},
		{"split in two, a penny over", true, PerYear, limit/2 + 1, limit / 2, false},
		{"the way a move goes does not matter", true, PerMove, -limit - 1, 0, false},
		{"moves back do not make room", true, PerYear, limit, -1, false},
		{"too large to add", true, PerYear, money.Max, money.Max, false},
	} {
		l := Limit{Amount: limit, Inclusive: c.inclusive, Per: c.per}
		if got := l.Allows(c.amount, c.already); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
