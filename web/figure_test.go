package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
)

func figureOf(amount string) url.Values {
	return url.Values{"award": {"families-first"}, "year": {"2026-27"}, "amount": {amount}, "certainty": {"revised"}, "stated_on": {"10/1/2027"}, "said_by": {"Welsh Government"},
		"source": {"Letter of 10 January"}, "reason": {"The letter came"}, "step": {"check"}}
}

func TestStateAFigure(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/streams/families-first/figures/new").is(http.StatusOK).says("What is Families First now said to be worth?", "the new total, not the change")
	check := priya.submit(p, "", figureOf("£700,000")).is(http.StatusOK)
	check.says("Families First will be over-allocated by £64,000.00 in 2026-27.", "Awarded £860,000.00 £700,000.00", "£140,000.00 −£20,000.00", "Left beside what is set aside for boards £96,000.00 −£64,000.00", "Services it pays for", "Family support hubs", "£420,000.00", "Letter of 10 January", "Revised")
	done := priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK)
	done.says("Figure saved.", "Undo", "£700,000", "over-allocated by £64,000")
	if done.url.Path != "/en/streams/families-first" {
		t.Errorf("led to %s", done.url)
	}
	if said, rows := priya.postedSum("/ledger/postings?measure=awarded&award=families-first&year=2026-27"); said != "£700,000.00" || rows.Exact() != said {
		t.Errorf("awarded opens to %s, %s", said, rows.Exact())
	}
	// The same form sent twice records once.
	again := priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK)
	if again.url.Path != "/en/streams/families-first" || s.book().Sequence() != 2 {
		t.Errorf("sent twice it made %d batches", s.book().Sequence())
	}
	undone := priya.submit(done, "/history/2/undo", nil)
	undone.is(http.StatusOK)
	if said, _ := priya.postedSum("/ledger/postings?measure=awarded&award=families-first&year=2026-27"); said != "£860,000.00" {
		t.Errorf("after Undo it is %s", said)
	}
}

func TestStateAFigureKeepsWhatWasTyped(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/streams/families-first/figures/new?award=families-first")
	for field, bad := range map[string]string{"amount": "about 5", "certainty": "", "stated_on": "soon", "said_by": "", "valid_until": "31/31/2027", "reason": "", "award": "nrf", "year": "x"} {
		form := figureOf("700000")
		form[field] = []string{bad}
		answer := priya.submit(p, "", form)
		answer.is(http.StatusUnprocessableEntity).says("There is a problem")
		if !strings.HasPrefix(answer.title(), "Error:") || !strings.Contains(answer.body, `href="#f-`+field+`"`) && !strings.Contains(answer.body, `href="#`) {
			t.Errorf("%s: the error leads nowhere", field)
		}
		if field != "said_by" && !strings.Contains(answer.body, `value="Welsh Government"`) {
			t.Errorf("%s: what was typed is lost", field)
		}
	}
	late := figureOf("700000")
	late["stated_on"] = []string{"1/2/2027"}
	priya.submit(p, "", late).is(http.StatusUnprocessableEntity).says("There is a problem")
	same := figureOf("860000")
	same["certainty"], same["stated_on"] = []string{"confirmed"}, []string{"2/3/2026"}
	priya.submit(p, "", same).is(http.StatusUnprocessableEntity)
	unsure := figureOf("900000")
	unsure["certainty"] = []string{"indicative"}
	check := priya.submit(p, "", unsure).is(http.StatusOK).says("This is not secured.")
	priya.submit(check, "", url.Values{"step": {"edit"}}).is(http.StatusOK).says("Families First")
	unknown := figureOf("?")
	priya.submit(p, "", unknown).is(http.StatusOK).says("What is left of Families First in 2026-27 will not be known.", "Not known")
	priya.in("cy").get("/streams/families-first/figures/new").is(http.StatusOK).says("Beth y dywedir bellach yw gwerth Teuluoedd yn Gyntaf?")
	s.as("fin").get("/streams/families-first/figures/new").is(http.StatusForbidden)
	s.as("sam").get("/streams/families-first/figures/new").is(http.StatusForbidden)
	priya.get("/streams/nothing/figures/new").is(http.StatusNotFound)
}

func TestAFigureBeyondALimitIsAskedFor(t *testing.T) {
	s := demoServer(t)
	s.changed("fin", "finance", "limit", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(b, a, ledger.Record{Register: "limits", ID: "award-commissioner", Values: []ledger.Value{
			{Column: "role", Text: "commissioner"}, {Column: "action", Text: decide.ToState}, {Column: "amount", Text: "50000.00"}, {Column: "inclusive", Text: "yes"}, {Column: "per", Text: "move"}}}, "", "")
	})
	priya := s.as("priya")
	p := priya.get("/streams/families-first/figures/new")
	check := priya.submit(p, "", figureOf("700000")).is(http.StatusOK).says("This changes the award by £160,000.00, more than you may change alone.", "Ask for approval")
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusUnprocessableEntity).says("Another person must approve it.")
	asked := priya.submit(check, "", url.Values{"step": {"ask"}}).is(http.StatusOK)
	asked.says("You asked for approval of the figure.")
	if said, _ := priya.postedSum("/ledger/postings?measure=awarded&award=families-first&year=2026-27"); said != "£860,000.00" {
		t.Errorf("before approval it is %s", said)
	}
}
