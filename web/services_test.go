package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestServicesListsWhatWePayFor(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	priya.get("/services").is(http.StatusOK).says("Which services do we pay for in 2026-27?",
		"8 services, with £3,660,000 allocated in 2026-27. 5 lose money within 12 months.",
		"Family support hubs", "Harbour Families", "£900,000", "31 Mar 2027", "Ending soon", "Not funded")
	priya.in("cy").get("/services").is(http.StatusOK).says("8 gwasanaeth, gyda £3,660,000 wedi'i ddyrannu yn 2026-27.", "Hybiau cymorth i deuluoedd", "Dod i ben yn fuan")
}

func TestServicesAreNarrowedAndSaidToBe(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/services?stream=nrf").is(http.StatusOK)
	p.says("2 services, with £640,000 allocated", "Youth inclusion panels", "Play and holiday scheme", "Funding stream: NRF", "Clear filters",
		"1 service has no money this year and is not shown").silent("Early years centres")
	// Counts say what each choice would leave: both of NRF's services end soon.
	p.says("Ending soon (2)")
	p = priya.get("/services?stream=nrf&stream=flying-start&place=west").is(http.StatusOK)
	p.says("Youth inclusion panels", "Parenting programme", "Speech and language early help").silent("Play and holiday scheme")
	priya.get("/services?stream=nrf&age=0-4").is(http.StatusOK).says("No service fits all of these filters.", "Remove a filter")
	priya.get("/services?ends=2027-03-31&provider=young-voices").is(http.StatusOK).says("2 services, with £680,000 allocated")
	file := priya.get("/services?stream=nrf&sort=-allocated&format=csv").is(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(file.body), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "Youth inclusion panels,") || !strings.Contains(lines[1], "400000.00") {
		t.Errorf("the file is not the page:\n%s", file.body)
	}
}

func TestServicesOfABoardShowItsMoneyOnly(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	sam.get("/services").is(http.StatusOK).says("You see the money that North board put on services, and no other.", "£66,000", "£64,000", "Dads' group", "No money from the board"[:3]).
		silent("£900,000", "Speech and language early help")
}
