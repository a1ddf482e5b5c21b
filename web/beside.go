package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/web/api"
	"braid/web/words"
)

// beside adds what is not a page: probes and whatever programs read.
func (s *Server) beside() {
	s.echo.GET("/feed/:key", s.feed)
	s.health()
	s.echo.GET(backPath, s.fromCouncil)
	s.api = api.New(api.Config{
		Book: func(ctx context.Context) (*ledger.Book, error) { return s.Books.Book(ctx) },
		Post: func(ctx context.Context, do func(*ledger.Book) (*ledger.Draft, error)) (*ledger.Book, error) {
			return s.Books.Post(ctx, do)
		},
		Turn:  takeTurn,
		Token: s.People.Token, Today: s.Today, Logger: s.Logger, Version: s.Version,
		Reading: func(b *ledger.Book, day fiscal.Date) api.Reading {
			r := s.readings.of(b, day)
			return api.Reading{View: r.View, Findings: r.Findings, Sees: r.sees, Gaps: (&Visit{reading: r}).gapsIn,
				Eyes: func(who *people.Person, reach people.Reach) api.Eyes {
					return eyes{&Visit{Reader: words.In(words.English), reading: r, Server: s, Who: who, Reach: reach}}
				}}
		},
		Explain: func(err error) int {
			if err == errBusy {
				return http.StatusTooManyRequests
			}
			f, _ := s.Explain(err)
			return f.Status
		},
	})
	s.echo.Any(api.Prefix+"/*", echo.WrapHandler(s.api))
}

// eyes are a program's: a visit without a page.
type eyes struct{ v *Visit }

func (e eyes) Board(id string) bool          { return e.v.SeesBoard(id) }
func (e eyes) Finding(f *check.Finding) bool { return e.v.seesFinding(e.v.Reach, f) }
func (e eyes) Ask(r ledger.Record) bool      { return e.v.seesAsk(r) }
func (e eyes) Note(about string) bool        { return e.v.noteReaches(e.v.Reach, about) }
func (e eyes) Edits(r ledger.Record) bool    { return e.v.mayEdit(r) }

// Scenario gives one with those of its changes that are theirs to see.
func (e eyes) Scenario(s scenario.Scenario) (scenario.Scenario, bool) {
	sees := e.v.seesScenario(s)
	s.Changes = slices.DeleteFunc(slices.Clone(s.Changes), func(c scenario.Change) bool { return !e.v.seesChange(c) })
	return s, sees
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
