package web

import (
	"net/http"
	"testing"

	"braid/ledger/people"
)

// asked has priya ask for £60,000 of Families First to move from hubs to young
// carers, which is above what she may do alone.
func (s *site) asked() *browser {
	s.t.Helper()
	priya := s.as("priya")
	check := priya.submit(priya.get("/ledger/edit"), "", filled("do", "check", hubsFF, "360000", carersFF, "240000", "reason", "Carers wait longest")).is(http.StatusOK)
	check.says("This moves £60,000. One person in the role commissioner may move up to £50,000 at a time.", "Approval is needed from: finance.")
	priya.submit(check, "", filled("do", "ask")).is(http.StatusOK).says("Approval has been asked for. Nothing has moved yet.", "1 request waits for approval: £60,000.")
	priya.submit(check, "", filled("do", "ask")) // twice is once
	if s.book().Sequence() != 2 || s.held("families-first", "family-hubs") != 420_000_00 {
		s.t.Fatalf("%d batches, hubs have %v", s.book().Sequence(), s.held("families-first", "family-hubs"))
	}
	return priya
}

func TestApprovalByAnother(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.as("priya"), s.as("fin")
	fin.get("/approvals").is(http.StatusOK).says("What waits for approval?", "Nothing waits for approval.", "Nobody has moved money alone this year.")
	s.asked()
	own := priya.get("/approvals/ask-2").is(http.StatusOK)
	own.says("You asked for this, so another person must decide on it. You may withdraw it.", "Family support hubs, Families First, 2026-27: £420,000 → £360,000", "£60,000 of Families First moves from Family support hubs to Young carers").silent("Reason for approving")
	priya.post("/approvals/ask-2", filled("do", "approve", "reason", "Mine")).is(http.StatusForbidden)

	list := fin.get("/approvals").is(http.StatusOK)
	list.says("1 request waits for approval: £60,000.", "and 1 more change", "Priya Shah", "Carers wait longest")
	ask := fin.get("/approvals/ask-2").is(http.StatusOK)
	ask.says("Should this be approved?", "Priya Shah asked for this on 12 January 2027. It waits for approval.", "What it would do now")
	if got := ask.rowText("left", "Families First"); got != "Families First £96,000 £96,000" {
		t.Error(got)
	}
	fin.submit(ask, "", filled("do", "approve")).is(http.StatusUnprocessableEntity).says("Enter a reason for approving or refusing this")
	fin.post("/approvals/ask-2", filled("do", "perhaps", "reason", "x")).is(http.StatusBadRequest)
	done := fin.submit(ask, "", filled("do", "approve", "reason", "Within the plan")).is(http.StatusOK)
	done.says("Approved and done.", "Nothing waits for approval.", "Approved", "Fiona Walsh", "Within the plan")
	if s.held("families-first", "family-hubs") != 360_000_00 || s.held("families-first", "young-carers") != 240_000_00 {
		t.Error("not moved")
	}
	fin.submit(ask, "", filled("do", "approve", "reason", "Within the plan")).is(http.StatusOK)
	fin.submit(ask, "", filled("do", "approve", "reason", "Again", "key", "another")).is(http.StatusUnprocessableEntity)
	if s.book().Sequence() != 3 {
		t.Errorf("%d batches", s.book().Sequence())
	}
	fin.get("/approvals/ask-2").is(http.StatusOK).says("Priya Shah asked for this on 12 January 2027, and Fiona Walsh approved it.", "Within the plan", "History", "Fiona Walsh, finance", "Priya Shah, commissioner").silent("fin ")
	fin.in("cy").get("/approvals/ask-2").is(http.StatusOK).says("ac fe'i cymeradwywyd gan Fiona Walsh", "Hybiau cymorth i deuluoedd")
	s.as("aud").get("/approvals").is(http.StatusOK).says("Within the plan")
	fin.get("/approvals/ask-99").is(http.StatusNotFound)
}

func TestApprovalRefusedAndWithdrawn(t *testing.T) {
	s := demoServer(t)
	priya := s.asked()
	fin := s.as("fin")
	fin.post("/approvals/ask-2/withdraw", filled("key", "w")).is(http.StatusUnprocessableEntity).says("nly the person who asked")
	fin.submit(fin.get("/approvals/ask-2"), "", filled("do", "refuse", "reason", "Not this year")).is(http.StatusOK).says("The request was refused. Nothing has moved.", "Not approved", "Not this year")
	priya.get("/approvals/ask-2").is(http.StatusOK).says("Fiona Walsh did not approve it", "Not this year").silent("Withdraw this request")
	if s.held("families-first", "family-hubs") != 420_000_00 {
		t.Error("moved")
	}
	check := priya.submit(priya.get("/ledger/virement"), "", filled("do", "check", "award", "families-first", "from", "family-hubs", "to", "young-carers", "year", "2026-27", "amount", "50000.01", "reason", "Again")).is(http.StatusOK)
	priya.submit(check, "", filled("do", "ask")).is(http.StatusOK)
	mine := priya.get("/approvals/ask-4").is(http.StatusOK).says("Move £50,000.01 of Families First from Family support hubs to Young carers, 2026-27")
	priya.submit(mine, "/withdraw", nil).is(http.StatusOK).says("The request was withdrawn.", "Withdrawn by the person who asked")
}

// What was asked is done on the ledger as it is then, or not at all.
func TestApprovalOfWhatChangedSince(t *testing.T) {
	s := demoServer(t)
	priya := s.asked()
	check := priya.submit(priya.get("/ledger/edit"), "", filled("do", "check", hubsFF, "419000", "reason", "A saving")).is(http.StatusOK)
	priya.submit(check, "", filled("do", "post")).is(http.StatusOK)
	fin := s.as("fin")
	ask := fin.get("/approvals/ask-2").is(http.StatusOK)
	ask.says("Family support hubs, Families First was £420,000 when this was asked and is £419,000 now, so it cannot be done as asked.").silent("What each grant has left")
	fin.submit(ask, "", filled("do", "approve", "reason", "x")).is(http.StatusUnprocessableEntity).says("it cannot be done as asked")
	// finance is told of the saving that needed no approval
	told := fin.get("/approvals")
	told.says("For information: moved without approval, within the limits, 2026-27", "Priya Shah, commissioner £1,000 A saving")
	if s.held("families-first", "family-hubs") != 419_000_00 {
		t.Error("moved all the same")
	}
}

// A role that waits for finance is among what waits for their approval.
func TestApprovalsListRoles(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	fin.get("/approvals").is(http.StatusOK).silent("somebody in finance")
	s.alter("sue", func(p *people.Person) {
		p.Tenures = append(p.Tenures, people.Tenure{ID: people.NewID(), Role: people.Auditor, From: s.web.Today(), GivenBy: "ada", Waits: true})
	})
	p := fin.get("/approvals").is(http.StatusOK).says("1 role waits for somebody in finance.")
	if at := p.link("Sue Adeyemi: auditor"); at != "/en/people/sue" {
		t.Errorf("the role leads to %s", at)
	}
	fin.get(p.link("Who uses Braid?")).is(http.StatusOK).says("Sue Adeyemi: auditor")
	s.as("priya").get("/approvals").is(http.StatusOK).silent("Sue Adeyemi")
	fin.in("cy").get("/approvals").is(http.StatusOK).says("Sue Adeyemi: archwilydd")
}
