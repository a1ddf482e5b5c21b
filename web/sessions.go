package web

import (
	"context"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"braid/ledger/people"
)

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store = s.Sessions
	if s.Codec != nil {
		m.Codec = s.Codec
	}
	m.Lifetime, m.IdleTimeout = sessionLife, idleFor
	m.HashTokenInStore = true
	m.Cookie.Name, m.Cookie.Path = "braid", "/"
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Persist = true, http.SameSiteLaxMode, false
	if s.secure() {
		m.Cookie.Name, m.Cookie.Secure = "__Host-braid", true
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.Logger.ErrorContext(r.Context(), "session", "error", err, "request", requestID(r))
		http.Error(w, "Braid cannot reach its database. Try again in a moment.", http.StatusServiceUnavailable)
	}
	return m
}

// signedIn loads the session; static files and probes have none.
func (s *Server) signedIn(next http.Handler) http.Handler {
	with := s.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sessionless(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		with.ServeHTTP(w, r)
	})
}

// who gives the person signed in, nil for none. Whether their session still
// holds is asked of the database each time: sign-outs, ended people and changed
// roles bite at once, on every server.
func (s *Server) who(ctx context.Context) (*people.Person, error) {
	id := s.sessions.GetString(ctx, "person")
	if id == "" {
		return nil, nil
	}
	p, err := s.People.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	if p.Ended {
		return nil, nil
	}
	if p.NeedsSecondFactor(s.Today()) && !s.sessions.GetBool(ctx, "strong") {
		return nil, nil
	}
	return p, nil
}
