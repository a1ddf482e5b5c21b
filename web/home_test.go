package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestHomeSaysWhatNeedsAttention(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	priya.get("/").is(http.StatusOK).says(
		"What needs attention?",
		"5 services lose £900,000 on 31 March 2027, in 78 days. 2 of them lose more than half their money.",
		"£20,000 of it is already unfunded (NRF was cut).",
		"£350,000", "88%", "£240,000", "100%", "£180,000", "20%", "12 days late", "in 47 days",
		"2 more services lose £130,000.", "NRF by £20,000", "3 possible duplications", "2 gaps")
	priya.in("cy").get("/").is(http.StatusOK).says(
		"Mae 5 gwasanaeth yn colli £900,000 ar 31 Mawrth 2027, ymhen 78 diwrnod.", "Paneli cynhwysiant ieuenctid", "12 diwrnod yn hwyr")
}

// A page that is kept for all who see the same is still each reader's own.
func TestKeptPagesNameTheirReader(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.as("priya"), s.as("fin")
	for range 2 {
		for b, name := range map[*browser]string{priya: "Priya Shah", fin: "Fiona Walsh"} {
			p := b.get("/ledger/map").is(http.StatusOK)
			if !strings.Contains(p.body, ">"+name+"</a>") {
				t.Errorf("the page does not name %s", name)
			}
		}
	}
}

func TestMap(t *testing.T) {
	s := demoServer(t)
	p := s.as("priya").get("/ledger/map?year=2026-27").is(http.StatusOK)
	p.says("£4,330,000 awarded, £3,660,000 allocated.", "£50,000", "£140,000", "£200,000", "−£20,000", "£300,000", "£670,000", "Over-allocated", "Ending soon")
}

func TestNobodySignedInIsLedToSignIn(t *testing.T) {
	s := demoServer(t)
	p := s.anyone().get("/ledger/map?year=2026-27")
	if p.url.Path != "/en/sign-in" || p.url.Query().Get("next") != "/ledger/map?year=2026-27" {
		t.Errorf("led to %s", p.url)
	}
}

// A board's member sees the board's money on the map, and nothing of what the
// awards come to.
func TestMapOfABoardIsTheBoards(t *testing.T) {
	s := demoServer(t)
	s.as("sam").get("/ledger/map?year=2026-27").is(http.StatusOK).
		says("Your board has put £186,000 on services.", "£66,000", "£64,000").
		silent("£4,330,000", "£1,240,000", "£860,000", "−£20,000", "Early years centres")
}
