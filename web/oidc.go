package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"braid/ledger/people"
	"braid/web/words"
)

// OIDC is the council's own sign-in (OpenID Connect). Who may use Braid is
// still said in Braid: it registers nobody.
type OIDC struct{ Issuer, ClientID, ClientSecret, Name string }

const backPath = "/sign-in/council/back" // without a language: it is registered with the provider

// What a session holds while the person is away at the council's sign-in.
const (
	sessionState    = "oidc-state"
	sessionNonce    = "oidc-nonce"
	sessionVerifier = "oidc-verifier"
	sessionLanguage = "oidc-language"
)

// council is the council's sign-in as discovered; asked for when first needed,
// and again until it answers.
type council struct {
	mu       sync.Mutex
	provider *oidc.Provider
}

func (s *Server) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	s.council.mu.Lock()
	defer s.council.mu.Unlock()
	if s.council.provider == nil {
		// The provider keeps the context, to fetch keys by: it outlives the request.
		p, err := oidc.NewProvider(asking(context.WithoutCancel(ctx)), s.OIDC.Issuer)
		if err != nil {
			return nil, nil, err
		}
		s.council.provider = p
	}
	p := s.council.provider
	return p, &oauth2.Config{ClientID: s.OIDC.ClientID, ClientSecret: s.OIDC.ClientSecret, Endpoint: p.Endpoint(), RedirectURL: s.Address + backPath,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}, nil
}

// asking lets the provider be asked for so long and no longer.
func asking(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Timeout: 10 * time.Second})
}

// councilSignIn is what the way there is called.
func (v *Visit) councilSignIn() string {
	return v.T("oidc.go", "Name", cmp.Or(v.Server.OIDC.Name, v.Council()))
}

// toCouncil leads to the council's sign-in.
func toCouncil(v *Visit) (Answer, error) {
	if v.Server.OIDC == nil {
		return nil, Missing{}
	}
	_, config, err := v.Server.discover(v.Context())
	if err != nil {
		v.Server.Logger.ErrorContext(v.Context(), "council sign-in", "error", err)
		return v.councilFails("oidc.unreachable", http.StatusBadGateway), nil
	}
	s, ctx := v.Server.sessions, v.Context()
	to := v.next()
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	s.Put(ctx, sessionNext, to)
	s.Put(ctx, sessionState, state)
	s.Put(ctx, sessionNonce, nonce)
	s.Put(ctx, sessionVerifier, verifier)
	s.Put(ctx, sessionLanguage, string(v.Lang()))
	options := []oauth2.AuthCodeOption{oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)}
	if v.Who != nil { // to prove once more who they are
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return Redirect{To: config.AuthCodeURL(state, options...)}, nil
}

// fromCouncil answers the provider's redirect in the language the person left in.
func (s *Server) fromCouncil(c echo.Context) error {
	l, ok := words.Parse(s.sessions.GetString(c.Request().Context(), sessionLanguage))
	if !ok {
		l = words.Match(c.Request().Header.Get("Accept-Language"))
	}
	return s.handle(Route{Method: http.MethodGet, Path: backPath, Right: Anyone, Do: backFromCouncil}, l)(c)
}

func (v *Visit) councilFails(message string, status int) Page {
	return Page{Template: "error", Title: v.T("oidc.failed"), Data: errorPage{Text: v.T(message)}, Status: status}
}

// backFromCouncil checks what the council's sign-in says and lets in who is a
// person of Braid: by the account that is theirs, or the first time by an
// address that the council has verified.
func backFromCouncil(v *Visit) (Answer, error) {
	if v.Server.OIDC == nil {
		return nil, Missing{}
	}
	s, ctx := v.Server.sessions, v.Context()
	state, nonce, verifier := s.PopString(ctx, sessionState), s.PopString(ctx, sessionNonce), s.PopString(ctx, sessionVerifier)
	if state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(v.Q("state"))) != 1 {
		return v.councilFails("oidc.again", http.StatusBadRequest), nil
	}
	if v.Q("error") != "" || v.Q("code") == "" {
		return v.councilFails("oidc.refused", http.StatusForbidden), nil
	}
	provider, config, err := v.Server.discover(ctx)
	if err != nil {
		return v.councilFails("oidc.unreachable", http.StatusBadGateway), nil
	}
	claims, err := verified(ctx, provider, config, v.Q("code"), verifier, nonce)
	if err != nil {
		v.Server.Logger.WarnContext(ctx, "council sign-in", "error", err, "request", requestID(v.Request))
		if err := v.Server.People.Note(ctx, people.Event{What: people.SignInFailed, Detail: "council " + v.Server.clientNetwork(v.Request)}); err != nil {
			return nil, err
		}
		return v.councilFails("oidc.again", http.StatusForbidden), nil
	}
	p, err := v.linked(claims)
	if err != nil {
		return nil, err
	}
	if p == nil || p.Ended {
		if err := v.Server.People.Note(ctx, people.Event{What: people.SignInFailed, Detail: "nobody " + v.Server.clientNetwork(v.Request)}); err != nil {
			return nil, err
		}
		return v.councilFails("oidc.nobody", http.StatusForbidden), nil
	}
	return v.signIn(p, true) // second factors are the council's to ask for
}

// claimed is what the council says of who signed in.
type claimed struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
}

func (c claimed) login() string { return c.Issuer + " " + c.Subject }

// verified fetches the token for a code and checks its signature, issuer,
// audience, times and nonce.
func verified(ctx context.Context, provider *oidc.Provider, config *oauth2.Config, code, verifier, nonce string) (claimed, error) {
	var c claimed
	got, err := config.Exchange(asking(ctx), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return c, err
	}
	raw, ok := got.Extra("id_token").(string)
	if !ok {
		return c, errors.New("the answer has no id_token")
	}
	token, err := provider.VerifierContext(asking(ctx), &oidc.Config{ClientID: config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return c, err
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return c, errors.New("the nonce is another")
	}
	if err := token.Claims(&c); err != nil {
		return c, err
	}
	c.Issuer, c.Subject = token.Issuer, token.Subject
	return c, nil
}

// linked gives the person of a council account, nil for nobody. The first time
// they are known by their address, and the account is theirs from then on.
func (v *Visit) linked(c claimed) (*people.Person, error) {
	p, err := v.Server.People.ByLogin(v.Context(), c.login())
	if !errors.Is(err, people.ErrNobody) {
		return p, err
	}
	if !c.Verified || c.Email == "" {
		return nil, nil
	}
	p, err = v.Server.People.ByEmail(v.Context(), c.Email)
	if errors.Is(err, people.ErrNobody) {
		return nil, nil
	}
	if err != nil || p.Ended {
		return nil, err
	}
	if slices.ContainsFunc(p.Logins, func(l string) bool { return len(l) > len(c.Issuer) && l[:len(c.Issuer)+1] == c.Issuer+" " }) {
		return nil, nil // the address went to somebody else at the council
	}
	p.Logins = append(slices.Clip(p.Logins), c.login())
	return p, v.Server.People.Save(v.Context(), p, people.Event{Who: p.ID, What: people.LoginLinked, About: p.ID, Detail: url.PathEscape(c.Issuer)})
}
