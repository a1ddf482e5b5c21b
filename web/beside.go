package web

import (
	"slices"
	"strings"

	"braid/ledger/fiscal"
)

// beside adds what is not a page: probes and whatever programs read.
func (s *Server) beside() {
	s.echo.GET("/feed/:key", s.feed)
	s.health()
	s.echo.GET(backPath, s.fromCouncil)
}

// sessionless paths are for programs: they carry no cookie.
func sessionless(path string) bool {
	for _, p := range []string{"/static/", "/api/", "/feed/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

func sortedYears(met map[fiscal.Year]bool) []fiscal.Year {
	var years []fiscal.Year
	for y := range met {
		years = append(years, y)
	}
	slices.Sort(years)
	return years
}
