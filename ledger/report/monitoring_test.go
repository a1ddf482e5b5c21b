package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

func TestMonitoringOfTheDemo(t *testing.T) {
	v := demoView(t)
	m := NewMonitoring(v, MonitoringOf{Year: 2026})
	if m.SpentTo != fiscal.MustDate("2026-12-31") || m.To != m.SpentTo || m.Months != 9 {
		t.Errorf("spent to %s, compared to %s, %d months", m.SpentTo, m.To, m.Months)
	}
	got := [...]string{m.Spent.Original.String(), m.Spent.Revised.String(), m.Spent.ToDate.String(), m.Spent.Actual.String(), m.Spent.OverToDate().String(), m.Spent.Forecast.String(), m.Spent.Over().String(), m.Income.Revised.String(), m.Net.Actual.String()}
	want := [...]string{"3660000.00", "3660000.00", "2745000.00", "2741300.00", "-3700.00", "?", "?", "0.00", "2741300.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(m.Rows) != 7 || m.Rows[0].Service != "early-years" || m.Rows[1].Service != "family-hubs" {
		t.Fatalf("rows %+v", m.Rows)
	}
	hubs := m.Rows[1]
	if hubs.Actual.String() != "675000.00" || hubs.ToDate.String() != "675000.00" || hubs.Profiled {
		t.Errorf("hubs %+v", hubs)
	}
	board := NewMonitoring(v, MonitoringOf{Year: 2026, Only: ledger.Filter{ledger.ByBoard: "north"}})
	if board.Spent.Revised.String() != "186000.00" || board.Spent.Original.String() != "186000.00" {
		t.Errorf("the North board's: %s, first %s", board.Spent.Revised, board.Spent.Original)
	}
	if next := NewMonitoring(v, MonitoringOf{Year: 2027}); next.Months != 0 || !next.Spent.Actual.IsNought() || !next.Spent.ToDate.IsNought() {
		t.Errorf("next year: %d months, %s", next.Months, next.Spent.Actual)
	}
}

const monitored = `
# streams
id,name,starts,ends,certainty,stated_on,2026-27
cf,Children's Fund,2026-04-01,2027-03-31,confirmed,2026-02-01,2000
# services
id,name,income,2026-27
hubs,Family hubs,60,600
panels,Youth panels,?,700
play,Play,,
# allocations
id,award,service,agreed_on,2026-27
a1,cf,hubs,2026-04-01,600
a2,cf,panels,2026-04-01,700
# payments
id,date,amount,award,service
p1,2026-06-20,150,cf,hubs
# outturns
id,service,award,period,budget_to_date,forecast,comment
o1,hubs,cf,2026-05,100,650,Early
o2,hubs,cf,2026-06,120,630,Staff are in post.
o3,hubs,cf,2027-02,500,1,After the day looked from
`

func TestMonitoringTakesTheLatestForecastAndInventsNone(t *testing.T) {
	v := ledgertest.Book(t, monitored).View(fiscal.MustDate("2027-01-12"))
	m := NewMonitoring(v, MonitoringOf{Year: 2026})
	hubs, panels := m.Rows[0], m.Rows[1]
	if !hubs.Profiled || hubs.ToDate.String() != "120.00" || hubs.Forecast.String() != "630.00" || hubs.Comment != "Staff are in post." {
		t.Errorf("hubs: %+v", hubs)
	}
	if hubs.OverToDate().String() != "30.00" || hubs.Over().String() != "30.00" {
		t.Errorf("hubs over: %s to date, %s by the end", hubs.OverToDate(), hubs.Over())
	}
	if m.Months != 3 || panels.ToDate.String() != "175.00" || panels.Forecast.State() != money.NotKnown || panels.Over().State() != money.NotKnown {
		t.Errorf("panels after %d months: %s, forecast %s", m.Months, panels.ToDate, panels.Forecast)
	}
	if got := m.Spent.Forecast.String(); got != "at least 630.00" {
		t.Errorf("all: forecast %s", got)
	}
	if m.Income.Revised.String() != "at least -60.00" || m.Net.Actual.State() == money.Exact {
		t.Errorf("income %s, net %s", m.Income.Revised, m.Net.Actual)
	}
}

func TestOriginalBudgetIsWhatWasFirstAgreed(t *testing.T) {
	b := ledgertest.Book(t, monitored)
	post := func(reason string, do func(d *ledger.Draft) error) {
		t.Helper()
		d := b.Draft(ledger.Intent{Author: "test", Reason: reason})
		if err := do(d); err != nil {
			t.Fatal(err)
		}
		_, b = d.Seal(time.Unix(int64(b.Sequence()), 0))
	}
	on := fiscal.MustDate("2026-10-01")
	move := func(p money.Pence) ledger.Move { return ledger.Move{Amount: p, Line: "m", Effective: on} }
	sum := func() (all money.Pence) {
		for _, p := range OriginalBudget(b.View(fiscal.MustDate("2027-01-12")), 2026) {
			all += p.Amount
		}
		return all
	}
	check := func(what string, want money.Pence) {
		t.Helper()
		if got := sum(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	check("at first", 1300_00)
	post("more", func(d *ledger.Draft) error { return d.Allocate("cf", "panels", "", 2026, move(50_00)) })
	post("moved", func(d *ledger.Draft) error { return d.Vire("cf", "hubs", "panels", "", 2026, move(20_00)) })
	post("less", func(d *ledger.Draft) error { return d.Release("cf", "hubs", "", 2026, move(10_00)) })
	check("after revisions", 1300_00)
	first := func(service string) []int {
		for _, p := range OriginalBudget(b.View(on), 2026) {
			if b.Entry(p.Index).To.Service == service {
				return []int{p.Index}
			}
		}
		return nil
	}
	lines := first("panels")
	post("corrected", func(d *ledger.Draft) error {
		return d.Correct(lines, on, func() error { return d.Allocate("cf", "panels", "", 2026, move(650_00)) })
	})
	check("after a correction", 1300_00)
	post("by mistake", func(d *ledger.Draft) error { return d.Allocate("cf", "play", "", 2026, move(9_00)) })
	check("with a mistake", 1309_00)
	id := b.EntryID(first("play")[0])
	post("undone", func(d *ledger.Draft) error { return d.Reverse(id, on) })
	check("once it is undone", 1300_00)
	post("as it should be", func(d *ledger.Draft) error { return d.Allocate("cf", "play", "", 2026, move(8_00)) })
	check("and put right", 1308_00)
}
