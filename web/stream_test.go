package web

import (
	"net/http"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
)

func TestStreamSaysWhatItPaysForAndUntilWhen(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/streams/families-first").is(http.StatusOK)
	p.says("What does Families First pay for, and until when?", "Families First pays for 3 services in 2026-27, with £720,000.", "£860,000 was awarded",
		"It ends on 31 March 2028, in 444 days; what follows: not known.", "FF/26/022", "80%", "Early help manager", "Welsh Government",
		"Families with needs at early help or targeted level; not open access.", "must be asked for", "Allowed",
		"award letter FF/26/022", "Confirmed", "State a new figure", "Add an award", "History")
	priya.in("cy").get("/streams/families-first").is(http.StatusOK).says("Am beth mae Teuluoedd yn Gyntaf yn talu, a than bryd?", "Cadarnhawyd", "Telerau ac amodau", "31 Mawrth 2028")
	checked := 0
	for _, link := range p.amounts() {
		if said, rows := priya.postedSum(link.to); said != rows.Exact() || rows.Whole() != link.text {
			t.Errorf("%s leads to %s, of rows that come to %s (%s)", link.text, said, rows.Exact(), link.to)
		}
		checked++
	}
	if checked < 6 {
		t.Errorf("%d amounts open", checked)
	}
	priya.get("/streams/nrf").is(http.StatusOK).says("£180,000", "Revised", "£200,000.00", "£180,000.00", "Spend by")
	priya.get("/streams/nothing").is(http.StatusNotFound)
	for path := range map[string]bool{"flying-start": true, "childrens-fund": true, "core": true} {
		priya.get("/streams/" + path).is(http.StatusOK)
		priya.in("cy").get("/streams/" + path + "?year=2027-28").is(http.StatusOK)
	}
}

func TestStreamShowsUnsecuredMoneyApart(t *testing.T) {
	s := demoServer(t)
	s.changed("priya", "commissioner", "indication", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(b, a, ledger.Record{Register: "figures", ID: "ff-indicative", Values: []ledger.Value{
			{Column: "award", Text: "families-first"}, {Column: "year", Text: "2027-28"}, {Column: "amount", Text: "900000.00"}, {Column: "certainty", Text: "indicative"},
			{Column: "stated_on", Text: "2027-01-05"}, {Column: "said_by", Text: "A civil servant"}, {Column: "valid_until", Text: "2027-03-01"}}}, "", "")
	})
	p := s.as("priya").get("/streams/families-first?year=2027-28").is(http.StatusOK)
	p.says("£860,000", "£900,000", "Indicative", "A civil servant", "1 Mar 2027")
	if strings.Contains(p.text(), "£1,760,000") || strings.Contains(p.text(), "£40,000 ") {
		t.Error("secured and unsecured money were netted")
	}
}

func TestStreamOfABoardShowsItsOwnMoney(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	p := sam.get("/streams/families-first").is(http.StatusOK)
	p.says("£140,000 was set aside for the board.", "£64,000", "£32,000", "Terms and conditions").silent("£860,000", "Who said so", "State a new figure")
	sam.get("/streams/nrf").is(http.StatusNotFound)
	for _, link := range p.amounts() {
		if said, rows := sam.postedSum(link.to); said != rows.Exact() || rows.Whole() != link.text {
			t.Errorf("%s leads to %s, of rows that come to %s (%s)", link.text, said, rows.Exact(), link.to)
		}
	}
}
