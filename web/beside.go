package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"braid/ledger/fiscal"
)

// beside adds what is not a page: probes and whatever programs read.
func (s *Server) beside() {
	s.echo.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	s.echo.GET("/readyz", func(c echo.Context) error {
		if _, err := s.Books.Book(c.Request().Context()); err != nil {
			return c.String(http.StatusServiceUnavailable, "not ready\n")
		}
		return c.String(http.StatusOK, "ready\n")
	})
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

// observe counts an answered request.
func (s *Server) observe(*http.Request, int, time.Duration) {}

func sortedYears(met map[fiscal.Year]bool) []fiscal.Year {
	var years []fiscal.Year
	for y := range met {
		years = append(years, y)
	}
	slices.Sort(years)
	return years
}
