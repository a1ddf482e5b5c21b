package web

import (
	"net/http"
	"testing"
)

func TestPapers(t *testing.T) {
	s := demoServer(t)
	for lang, want := range map[string][3]string{
		"en": {"5 services lose £900,000 before 2027-28.", "5 awards, £4,330,000; £670,000 is left to allocate.", "Youth inclusion panels"},
		"cy": {"Mae 5 gwasanaeth yn colli £900,000 cyn 2027-28.", "5 dyfarniad, £4,330,000; mae £670,000 ar ôl i'w ddyrannu.", "Paneli cynhwysiant ieuenctid"},
	} {
		b := s.as("priya").in(lang)
		b.get("/papers").is(http.StatusOK)
		b.get("/papers/next-year").is(http.StatusOK).says(want[0], want[2], "£350,000", "£240,000", s.book().Hash().String())
		b.get("/papers/grants?year=2026-27").is(http.StatusOK).says(want[1], "−£20,000", s.book().Hash().String())
	}
	if p := s.as("priya").get("/papers/grants?format=csv").is(http.StatusOK); len(p.body) < 200 {
		t.Errorf("the register as CSV: %q", p.body)
	}
	sam := s.as("sam")
	sam.get("/papers").is(http.StatusOK).silent("Grant register")
	sam.get("/papers/grants").is(http.StatusNotFound)
}
