package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/templates/parts"
	"braid/web/words"
)

// What a session holds. The store finds a person's sessions by the first.
const (
	sessionPerson = "person"
	sessionStrong = "strong" // a second factor was shown, or what stands in its place
	sessionProved = "proved" // when the person last proved who they are
	sessionHalf   = "half"   // a person who has shown the first factor alone
	sessionHalfAt = "half-at"
	sessionNext   = "next"   // where they were going
	sessionSecret = "secret" // of a second factor that is being set up
	sessionRights = "rights" // those held when it was last used
)

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	if s.Sessions != nil {
		m.Store = s.Sessions // which hashes tokens itself
	}
	if s.Codec != nil {
		m.Codec = s.Codec
	}
	m.Lifetime, m.IdleTimeout = sessionLife, idleFor
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
	id := s.sessions.GetString(ctx, sessionPerson)
	if id == "" {
		return nil, nil
	}
	p, err := s.People.Person(ctx, id)
	if errors.Is(err, people.ErrNobody) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if p.Ended {
		return nil, nil
	}
	if p.NeedsSecondFactor(s.Today()) && !s.sessions.GetBool(ctx, sessionStrong) {
		return nil, nil
	}
	if held := holds(p, s.Today()); s.sessions.GetString(ctx, sessionRights) != held { // other rights, another token
		if err := s.sessions.RenewToken(ctx); err != nil {
			return nil, err
		}
		s.sessions.Put(ctx, sessionRights, held)
	}
	return p, nil
}

// holds is the fingerprint of the roles somebody holds.
func holds(p *people.Person, today fiscal.Date) string {
	var held []string
	for _, t := range p.Holds(today) {
		held = append(held, t.ID+" "+string(t.Role))
	}
	return strings.Join(held, "\n")
}

// signIn begins a session under a new token and leads to where the person was
// going. Strong says that a second factor was shown, or what stands in its place.
func (v *Visit) signIn(p *people.Person, strong bool) (Answer, error) {
	s, ctx := v.Server.sessions, v.Context()
	to := v.next()
	if err := v.newSession(); err != nil {
		return nil, err
	}
	s.Put(ctx, sessionPerson, p.ID)
	s.Put(ctx, sessionStrong, strong)
	s.Put(ctx, sessionProved, v.Server.Clock())
	s.Put(ctx, sessionRights, holds(p, v.Today))
	if err := v.Server.People.Note(ctx, people.Event{Who: p.ID, What: people.SignedInBy, About: p.ID, Detail: v.Server.clientNetwork(v.Request)}); err != nil {
		return nil, err
	}
	if _, chosen := v.Server.chosenLanguage(v.Request); !chosen {
		v.Server.rememberLanguage(v.echo.Response(), words.Lang(p.Language))
	}
	return Redirect{To: v.Base() + to}, nil
}

// newSession takes a new token and forgets what the session held: whoever knew
// the old one knows nothing.
func (v *Visit) newSession() error {
	s, ctx := v.Server.sessions, v.Context()
	if err := s.RenewToken(ctx); err != nil {
		return err
	}
	for _, name := range s.Keys(ctx) {
		s.Remove(ctx, name)
	}
	return nil
}

// halfLife is how long a second factor may take to be shown.
const halfLife = 10 * time.Minute

// halfIn notes that a person has shown a first factor, and leads to the second.
func (v *Visit) halfIn(p *people.Person) (Answer, error) {
	s, ctx := v.Server.sessions, v.Context()
	to := v.next()
	if err := v.newSession(); err != nil {
		return nil, err
	}
	s.Put(ctx, sessionHalf, p.ID)
	s.Put(ctx, sessionHalfAt, v.Server.Clock())
	s.Put(ctx, sessionNext, to)
	if p.SecondFactor {
		return Redirect{To: v.Base() + "/sign-in/code"}, nil
	}
	return Redirect{To: v.Base() + "/sign-in/factor"}, nil
}

// half gives the person who is between the factors, nil for none.
func (v *Visit) half() (*people.Person, error) {
	s, ctx := v.Server.sessions, v.Context()
	id, at := s.GetString(ctx, sessionHalf), s.GetTime(ctx, sessionHalfAt)
	if id == "" || v.Server.Clock().Sub(at) > halfLife {
		return nil, nil
	}
	p, err := v.Server.People.Person(ctx, id)
	if errors.Is(err, people.ErrNobody) || err == nil && p.Ended {
		return nil, nil
	}
	return p, err
}

// next is the page the person was going to, without its language: one of ours,
// or the first.
func (v *Visit) next() string {
	if to := v.Server.sessions.GetString(v.Context(), sessionNext); to != "" {
		return to
	}
	return ourPath(v.Q("next"))
}

// ourPath gives a path within Braid as it is, and for anything else the first page's.
func ourPath(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return "/"
	}
	return to
}

// A proof of who one is counts for a while: to open a form that changes rights,
// tokens or one's own keys, and longer to send it, so that nothing typed is lost.
const (
	provedToOpen = 15 * time.Minute
	provedToSend = 30 * time.Minute
)

// prove leads to proving once more who one is, where that was too long ago; nil
// where it was not.
func (v *Visit) prove() Answer {
	within := provedToOpen
	if v.Request.Method == http.MethodPost {
		within = provedToSend
	}
	if v.Server.Clock().Sub(v.Server.sessions.GetTime(v.Context(), sessionProved)) <= within {
		return nil
	}
	back := v.Path
	if v.Request.Method == http.MethodPost { // to the page whose form it is
		back = "/account"
		if from, ok := v.ownReferer(); ok {
			back = from
		}
	}
	return Redirect{To: v.To("/account/prove", "next", back, "year", "", "place", "", "unit", "")}
}

// Lapses is what the layout says of a sign-in that will lapse.
func (v *Visit) Lapses() parts.Session {
	if v.Who == nil {
		return parts.Session{}
	}
	return parts.Session{Seconds: int(idleFor / time.Second), Stay: v.Base() + "/session", Person: personMark}
}
