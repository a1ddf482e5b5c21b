package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestStreamsSayWhatThereIsAndUntilWhen(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/streams").is(http.StatusOK)
	p.says("What money do we have in 2026-27, and until when?", "5 funding streams; £1,588,700 of 2026-27 is not yet spent.", "2 end within 12 months.",
		"Children's Fund UK Government", "31 Mar 2027", "Over-allocated", "−£20,000", "30 Apr 2027", "Early help manager", "Ages: 0 to 4", "Add a funding stream")
	priya.in("cy").get("/streams").is(http.StatusOK).says("Dechrau'n Deg", "5 ffrwd ariannu", "Gorddyrannu", "30 Ebr 2027")
	priya.get("/streams?status=status.ending-soon").says("1 funding stream;", "Children's Fund").silent("Core budget No end date")
	file := priya.get("/streams?format=csv").is(http.StatusOK)
	if lines := strings.Split(strings.TrimSpace(file.body), "\n"); len(lines) != 6 || !strings.Contains(file.body, "nrf") && !strings.Contains(file.body, "NRF") {
		t.Errorf("the file:\n%s", file.body)
	}
	// A member sees what was set aside for their board.
	sam := s.as("sam").get("/streams").is(http.StatusOK)
	sam.says("Set aside for a board", "£140,000", "£60,000", "£40,000").silent("NRF", "£860,000", "Add a funding stream")
	s.as("ada").get("/streams").is(http.StatusForbidden)
}

// TestStreamsOfABoardOpen follows every amount a member is shown.
func TestStreamsOfABoardOpen(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	for _, path := range []string{"/streams", "/ledger/monitoring"} {
		checked := 0
		for _, link := range sam.get(path).amounts() {
			said, rows := sam.postedSum(link.to)
			if said != rows.Exact() || rows.Whole() != link.text {
				t.Errorf("%s: %s leads to %s, of rows that come to %s (%s)", path, link.text, said, rows.Exact(), link.to)
			}
			checked++
		}
		if checked < 5 {
			t.Errorf("%s links %d amounts", path, checked)
		}
	}
}
