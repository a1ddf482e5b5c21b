package web

import (
	"net/http"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
)

func TestMonitoringComparesSpendWithThePlan(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	p := fin.get("/ledger/monitoring").is(http.StatusOK)
	p.says("Are we spending what we planned in 2026-27?", "£2,741,300 was spent by 31 December 2026, £3,700 less than the budget to date.",
		"Budget to date is 9 of 12 months", "Spend is recorded to 31 December 2026, 12 days ago.", "Expenditure £3,660,000 £3,660,000 £2,745,000 £2,741,300 −£3,700 Not known",
		"Early years centres £1,000,000 £1,000,000 £750,000 £780,000 £30,000", "Slightly over", "Under budget", "Load actual spend")
	fin.in("cy").get("/ledger/monitoring").is(http.StatusOK).says("Gwariwyd £2,741,300 erbyn 31 Rhagfyr 2026, £3,700 yn llai na'r gyllideb hyd yma.", "Canolfannau", "Ychydig drosodd")
	fin.get("/ledger/monitoring?year=2028-29").is(http.StatusOK).says("none of the year has gone by")
	fin.get("/ledger/monitoring?year=1999-00").is(http.StatusOK).says("No service has a budget in 1999-00.")
	if p := s.as("priya").get("/ledger/monitoring").is(http.StatusOK); strings.Contains(p.text(), "Load actual spend") {
		t.Error("one who may not load spend is asked to")
	}
	s.as("sue").get("/ledger/monitoring").is(http.StatusOK)
	east := fin.get("/ledger/monitoring?place=east").is(http.StatusOK).says("The place chooses which services are shown").silent("£2,741,300")
	for _, link := range east.amounts() {
		if said, rows := fin.postedSum(link.to); said != rows.Exact() || rows.Whole() != link.text {
			t.Errorf("%s leads to %s", link.text, said)
		}
	}
	s.as("sam").get("/ledger/monitoring").is(http.StatusOK).says("You see the money that North board put on services", "£186,000").silent("£2,741,300", "Early years centres")
	s.as("ada").get("/ledger/monitoring").is(http.StatusForbidden)
}

func TestMonitoringShowsHowItIsWorkedOut(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	p := fin.get("/ledger/monitoring/sum?service=early-years").is(http.StatusOK)
	p.says("How is the monitoring of Early years centres in 2026-27 worked out?", "9 ÷ 12 of £1,000,000.00", "£780,000.00 less £750,000.00", "Nobody has forecast it")
	for _, amount := range []string{"£780,000.00", "£1,000,000.00"} {
		if said, rows := fin.postedSum(p.link(amount)); said != amount || rows.Exact() != amount {
			t.Errorf("%s opens to %s, of rows that come to %s", amount, said, rows.Exact())
		}
	}
	fin.get("/ledger/monitoring/sum").is(http.StatusOK).says("£2,741,300.00 less £2,745,000.00", "The services added up")
	fin.get("/ledger/monitoring/sum?service=nothing").is(http.StatusNotFound)
	s.as("sam").get("/ledger/monitoring/sum?service=early-years").is(http.StatusNotFound)
}

func TestMonitoringTakesForecastsAndRevisions(t *testing.T) {
	s := demoServer(t)
	s.moved("monitoring") // £1,000 from hubs to young carers: the original stands
	s.changed("fin", "finance", "forecast", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(b, a, ledger.Record{Register: "outturns", ID: "o1", Values: []ledger.Value{
			{Column: "service", Text: "young-carers"}, {Column: "period", Text: "2026-12"}, {Column: "budget_to_date", Text: "200000.00"}, {Column: "forecast", Text: "301000.00"}, {Column: "comment", Text: "Two more workers."}}}, "", "")
	})
	fin := s.as("fin")
	p := fin.get("/ledger/monitoring").is(http.StatusOK)
	p.says("Young carers £280,000 £281,000 £200,000 £210,000 £10,000 £301,000 £20,000 7% Over budget Two more workers.", "at least £301,000")
	if said, rows := fin.postedSum("/ledger/postings?measure=original&service=young-carers&year=2026-27"); said != "£280,000.00" || rows.Exact() != said {
		t.Errorf("the original budget opens to %s, %s", said, rows.Exact())
	}
	fin.get("/ledger/monitoring/sum?service=young-carers").says("Stated in o1")
}

func TestSpendWithoutAGrantIsSaid(t *testing.T) {
	s := demoServer(t)
	s.changed("fin", "finance", "pay", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		d := b.Draft(ledger.Intent{Author: "Fin", Role: "finance", Reason: "December", Key: a.Key})
		on := fiscal.MustDate("2026-12-15")
		if err := d.Pay("", "young-carers", false, ledger.Move{Amount: 500_00, Line: "a", Effective: on}); err != nil {
			return nil, err
		}
		return &decide.Outcome{Draft: d}, d.Pay("", "", false, ledger.Move{Amount: 70_00, Line: "b", Effective: on})
	})
	fin := s.as("fin")
	p := fin.get("/ledger/monitoring").is(http.StatusOK).says("£570 of the spend is not charged to a grant yet.", "£70 more was spent that no service is named for", "£210,500")
	if said, rows := fin.postedSum(p.link("£570 of the spend is not charged to a grant yet.")); said != "£570.00" || rows != 570_00 {
		t.Errorf("it opens to %s, %s", said, rows)
	}
}
