package web

import (
	"net/url"
	"strings"

	"braid/ledger/people"
)

var signRoutes = []Route{
	{Method: "GET", Path: "/enter/:token", Right: Anyone, Do: enter},
	{Method: "POST", Path: "/enter/:token", Right: Anyone, Do: entered},
	{Method: "POST", Path: "/sign-out", Right: SignedIn, Do: signOut},
}

type enterPage struct {
	Name  string
	Token string
}

// enter asks whether to sign in with a one-time link: looking at an address
// signs nobody in.
func enter(v *Visit) (Answer, error) {
	id, purpose, err := v.Server.People.PeekLink(v.Context(), v.Param("token"))
	if err != nil || purpose != "sign in" {
		return v.spent(), nil
	}
	p, err := v.Server.People.Person(v.Context(), id)
	if err != nil {
		return nil, err
	}
	return Page{Template: "enter", Title: v.T("enter.title"), Data: enterPage{p.Name, v.Param("token")}}, nil
}

// spent says that a link is no longer good.
func (v *Visit) spent() Page {
	return Page{Template: "error", Title: v.T("enter.spent-title"), Data: errorPage{Text: v.T("enter.spent")}, Status: 410}
}

func entered(v *Visit) (Answer, error) {
	id, purpose, err := v.Server.People.UseLink(v.Context(), v.Param("token"))
	if err != nil || purpose != "sign in" {
		return v.spent(), nil
	}
	p, err := v.Server.People.Person(v.Context(), id)
	if err != nil || p.Ended {
		return v.spent(), nil
	}
	return v.signIn(p, true)
}

// signIn begins a session under a new token and leads to where the person was
// going. Strong says that a second factor was shown, or a link in its place.
func (v *Visit) signIn(p *people.Person, strong bool) (Answer, error) {
	s := v.Server.sessions
	if err := s.RenewToken(v.Context()); err != nil {
		return nil, err
	}
	s.Put(v.Context(), "person", p.ID)
	s.Put(v.Context(), "strong", strong)
	if err := v.Server.People.Note(v.Context(), people.Event{Who: p.ID, What: "signed-in", About: p.ID, Detail: v.Server.clientNetwork(v.Request)}); err != nil {
		return nil, err
	}
	return Redirect{To: v.next()}, nil
}

// next is the page the person was going to: one of ours, or the first.
func (v *Visit) next() string {
	to := v.Q("next")
	if u, err := url.Parse(to); to == "" || err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		to = "/"
	}
	return v.Base() + to
}

func signOut(v *Visit) (Answer, error) {
	if err := v.Server.sessions.Destroy(v.Context()); err != nil {
		return nil, err
	}
	return Redirect{To: v.Base() + "/sign-in"}, nil
}
