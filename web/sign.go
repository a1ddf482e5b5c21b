package web

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"braid/ledger"
	"braid/ledger/people"
	"braid/web/form"
)

var signRoutes = slices.Concat([]Route{
	{Method: "GET", Path: "/enter/:token", Right: Anyone, Do: enter},
	{Method: "POST", Path: "/enter/:token", Right: Anyone, Do: entered},
	{Method: "GET", Path: "/sign-in", Right: Anyone, Do: signInPage},
	{Method: "POST", Path: "/sign-in", Right: Anyone, Do: tryPassword},
	{Method: "GET", Path: "/sign-in/code", Right: Anyone, Do: codePage},
	{Method: "POST", Path: "/sign-in/code", Right: Anyone, Do: tryCode},
	{Method: "GET", Path: "/sign-in/factor", Right: Anyone, Do: factorAtSignIn},
	{Method: "POST", Path: "/sign-in/factor", Right: Anyone, Do: factorAtSignIn},
	{Method: "GET", Path: "/sign-in/council", Right: Anyone, Do: toCouncil},
	{Method: "GET", Path: "/session", Right: SignedIn, Do: stay},
	{Method: "POST", Path: "/sign-out", Right: SignedIn, Do: signOut},
}, setUpRoutes)

type enterPage struct {
	Name  string
	Token string
}

// enter asks whether to sign in with a one-time link: looking at an address
// signs nobody in.
func enter(v *Visit) (Answer, error) {
	id, purpose, err := v.Server.People.PeekLink(v.Context(), v.Param("token"))
	if err != nil || purpose != "sign in" {
		return v.spent(err)
	}
	p, err := v.Server.People.Person(v.Context(), id)
	if err != nil {
		return nil, err
	}
	return Page{Template: "enter", Title: v.T("enter.title"), Data: enterPage{p.Name, v.Param("token")}}, nil
}

// spent says that a link is no longer good; a fault stays one.
func (v *Visit) spent(err error) (Answer, error) {
	if err != nil && !errors.Is(err, people.ErrLink) && !errors.Is(err, people.ErrNobody) {
		return nil, err
	}
	return Page{Template: "error", Title: v.T("enter.spent-title"), Data: errorPage{Text: v.T("enter.spent")}, Status: http.StatusGone}, nil
}

func entered(v *Visit) (Answer, error) {
	_, purpose, err := v.Server.People.PeekLink(v.Context(), v.Param("token"))
	if err != nil || purpose != "sign in" {
		return v.spent(err)
	}
	id, _, err := v.Server.People.UseLink(v.Context(), v.Param("token"))
	if err != nil {
		return v.spent(err)
	}
	p, err := v.Server.People.Person(v.Context(), id)
	if err != nil || p.Ended {
		return v.spent(err)
	}
	return v.signIn(p, true)
}

// fieldsPage is a page of questions with one button.
type fieldsPage struct {
	Lead       string
	Paragraphs []string
	Fields     []form.Field
	Key        string
	Button     string
	Cancel     string
	Warn       bool
	Else       []navLink // other ways
	Secret     *secretShown
}

// secretShown is a second factor's secret, for a code app.
type secretShown struct {
	Spaced  string // in fours, to be typed
	Address template.URL
}

// fields makes a page of a form; with errors it is the same page again.
func (v *Visit) fields(title string, p fieldsPage, errs form.Errors) Page {
	for i := range p.Fields {
		p.Fields[i].Error = errs.Of(p.Fields[i].Name)
	}
	return Page{Template: "fields", Title: title, Data: p, Errors: errs}
}

// told puts a refusal beside its field; what is none is given back.
func (v *Visit) told(errs *form.Errors, field string, err error) error {
	var refusal ledger.Refusal
	switch {
	case err == nil:
	case errors.As(err, &refusal):
		errs.Add(field, v.Refusal(v.Book, err))
	case errors.Is(err, people.ErrChanged):
		errs.Add("", v.T("people.changed"))
	case errors.Is(err, people.ErrTokenName):
		errs.Add(field, v.T("tokens.bad-name"))
	case errors.Is(err, people.ErrTokenLife):
		errs.Add(field, v.T("tokens.bad-life"))
	default:
		return err
	}
	return nil
}

type signInForm struct {
	Email    string `form:"email"`
	Password string `form:"password"`
}

// signInPage asks who is there. With nobody in Braid yet it says how to begin.
func signInPage(v *Visit) (Answer, error) {
	if v.Who != nil {
		return Redirect{To: v.Base() + v.next()}, nil
	}
	n, err := v.Server.People.Count(v.Context())
	if err != nil {
		return nil, err
	}
	page := v.signInFields("", nil)
	if n == 0 {
		d := page.Data.(fieldsPage)
		d.Paragraphs = append(d.Paragraphs, v.T("sign-in.nobody"))
		page.Data = d
	}
	return page, nil
}

func (v *Visit) signInFields(email string, errs form.Errors) Page {
	p := fieldsPage{Button: v.T("sign-in.go"), Fields: []form.Field{
		{Name: "email", Label: v.T("sign-in.email"), Type: "email", Value: email, Autocomplete: "username"},
		{Name: "password", Label: v.T("sign-in.password"), Type: "password", Autocomplete: "current-password"},
	}, Paragraphs: []string{v.T("sign-in.forgotten")}}
	if o := v.Server.OIDC; o != nil {
		p.Else = []navLink{{Href: v.Base() + "/sign-in/council?" + url.Values{"next": {v.next()}}.Encode(), Text: v.councilSignIn()}}
	}
	return v.fields(v.T("sign-in.title"), p, errs)
}

// tryPassword answers alike, and takes as long, whether or not there is such a
// person.
func tryPassword(v *Visit) (Answer, error) {
	var f signInForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if f.Email == "" {
		errs.Add("email", v.T("sign-in.no-email"))
	}
	if f.Password == "" {
		errs.Add("password", v.T("sign-in.no-password"))
	}
	if len(errs) > 0 {
		return v.signInFields(f.Email, errs), nil
	}
	email, err := people.NormalEmail(f.Email)
	if err != nil {
		email = "" // nobody's: it counts against the network alone
	}
	attempt := people.Attempt{Account: email, Network: v.Server.clientNetwork(v.Request)}
	if page, err := v.throttled(attempt, func(errs form.Errors) Page { return v.signInFields(f.Email, errs) }); page != nil || err != nil {
		return page, err
	}
	p, err := v.Server.People.ByEmail(v.Context(), email)
	if err != nil && !errors.Is(err, people.ErrNobody) {
		return nil, err
	}
	if !p.CheckPassword(f.Password) {
		if err := v.failed(attempt, p, "password"); err != nil {
			return nil, err
		}
		errs.Add("password", v.T("sign-in.wrong"))
		return v.signInFields(f.Email, errs), nil
	}
	if err := v.Server.People.Succeeded(v.Context(), attempt); err != nil {
		return nil, err
	}
	return v.passed(p)
}

// passed goes on after a password: to the second factor, where the person has
// one or needs one, or in.
func (v *Visit) passed(p *people.Person) (Answer, error) {
	if p.SecondFactor || p.NeedsSecondFactor(v.Today) {
		return v.halfIn(p)
	}
	return v.signIn(p, false)
}

// throttled says to wait, where too much was tried.
func (v *Visit) throttled(a people.Attempt, page func(form.Errors) Page) (Answer, error) {
	wait, err := v.Server.People.Attempts(v.Context(), a)
	if err != nil {
		return nil, err
	}
	if !v.Server.tries.allow(a.Network, v.Server.Clock()) {
		wait = max(wait, time.Minute/triesAMinute)
	}
	if wait <= 0 {
		return nil, nil
	}
	said := v.N("sign-in.wait-seconds", int((wait+time.Second-1)/time.Second))
	if wait > time.Minute {
		said = v.N("sign-in.wait-minutes", int((wait+time.Minute-1)/time.Minute))
	}
	answer := page(form.Errors{{Text: said}})
	answer.Status = http.StatusTooManyRequests
	return answer, nil
}

// failed counts and notes a wrong password or code. What was typed is not
// kept: people type passwords into the wrong field.
func (v *Visit) failed(a people.Attempt, p *people.Person, what string) error {
	about := ""
	if p != nil {
		about = p.ID
	}
	ctx := context.WithoutCancel(v.Context()) // going away early wins no free guess
	if err := v.Server.People.Failed(ctx, a); err != nil {
		return err
	}
	return v.Server.People.Note(ctx, people.Event{What: people.SignInFailed, About: about, Detail: what + " " + a.Network})
}

type codeForm struct {
	Code string `form:"code"`
}

func codePage(v *Visit) (Answer, error) {
	p, err := v.half()
	if err != nil {
		return nil, err
	}
	if p == nil || !p.SecondFactor {
		return Redirect{To: v.Base() + "/sign-in"}, nil
	}
	return v.codeFields(nil), nil
}

func (v *Visit) codeFields(errs form.Errors) Page {
	return v.fields(v.T("code.title"), fieldsPage{Lead: v.T("code.lead"), Button: v.T("sign-in.go"), Fields: []form.Field{v.codeField()},
		Paragraphs: []string{v.T("code.lost")}}, errs)
}

func (v *Visit) codeField() form.Field {
	return form.Field{Name: "code", Label: v.T("code.code"), Hint: v.T("code.hint"), Type: "number", Autocomplete: "one-time-code"}
}

func tryCode(v *Visit) (Answer, error) {
	p, err := v.half()
	if err != nil {
		return nil, err
	}
	if p == nil || !p.SecondFactor {
		return Redirect{To: v.Base() + "/sign-in"}, nil
	}
	wrong, err := v.checkCode(p, v.codeFields)
	if wrong != nil || err != nil {
		return wrong, err
	}
	return v.signIn(p, true)
}

// checkCode reads a code from the form and uses it up; it gives the page again
// where it is wrong.
func (v *Visit) checkCode(p *people.Person, page func(form.Errors) Page) (Answer, error) {
	var f codeForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	attempt := people.Attempt{Account: "code " + p.ID, Network: v.Server.clientNetwork(v.Request)}
	if wait, err := v.throttled(attempt, page); wait != nil || err != nil {
		return wait, err
	}
	if !p.CheckCode(f.Code, v.Server.Clock()) {
		if err := v.failed(attempt, p, "code"); err != nil {
			return nil, err
		}
		return page(form.Errors{{Field: "code", Text: v.T("code.wrong")}}), nil
	}
	// Of two who use a code at once, one saves.
	err := v.Server.People.Save(v.Context(), p, people.Event{Who: p.ID, What: people.CodeUsed, About: p.ID})
	if errors.Is(err, people.ErrChanged) {
		return page(form.Errors{{Field: "code", Text: v.T("code.wrong")}}), nil
	}
	if err != nil {
		return nil, err
	}
	return nil, v.Server.People.Succeeded(v.Context(), attempt)
}

// factorAtSignIn sets up the second factor that somebody's role needs, before
// they are let in.
func factorAtSignIn(v *Visit) (Answer, error) {
	p, err := v.half()
	if err != nil {
		return nil, err
	}
	if p == nil || p.SecondFactor {
		return Redirect{To: v.Base() + "/sign-in"}, nil
	}
	done, again, err := v.setFactor(p, fieldsPage{Lead: v.T("factor.needed"), Button: v.T("factor.go")})
	if err != nil || !done {
		return again, err
	}
	return v.signIn(p, true)
}

// setFactor shows a new secret, and makes it the person's once a code shows
// that their app has it.
func (v *Visit) setFactor(p *people.Person, page fieldsPage) (done bool, again Answer, err error) {
	s := v.Server.sessions
	candidate := *p
	if candidate.Secret = s.GetString(v.Context(), sessionSecret); candidate.Secret == "" {
		candidate.NewSecret()
		s.Put(v.Context(), sessionSecret, candidate.Secret)
	}
	candidate.SecondFactor, candidate.CodeStep = false, 0
	page.Secret = &secretShown{spaced(candidate.Secret), template.URL(candidate.SecretAddress("Braid " + v.Council()))} // otpauth: made by us
	page.Fields = []form.Field{v.codeField()}
	show := func(errs form.Errors) Page { return v.fields(v.T("factor.title"), page, errs) }
	if v.Request.Method == http.MethodGet {
		return false, show(nil), nil
	}
	var f codeForm
	if err := v.Form(&f); err != nil {
		return false, nil, err
	}
	if !candidate.ConfirmSecret(f.Code, v.Server.Clock()) {
		return false, show(form.Errors{{Field: "code", Text: v.T("factor.wrong")}}), nil
	}
	if err := v.Server.People.Save(v.Context(), &candidate, people.Event{Who: p.ID, What: people.FactorSet, About: p.ID}); err != nil {
		var errs form.Errors
		if err := v.told(&errs, "code", err); err != nil {
			return false, nil, err
		}
		return false, show(errs), nil
	}
	s.Remove(v.Context(), sessionSecret)
	*p = candidate
	return true, nil, nil
}

// spaced writes a secret in fours, to be read from the page.
func spaced(secret string) string {
	var groups []string
	for part := range slices.Chunk([]byte(secret), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}

// stay answers the page that asks whether its reader is still there; being
// asked is what renews the sign-in.
func stay(*Visit) (Answer, error) {
	return File{Type: "text/plain; charset=utf-8", Body: []byte("ok\n"), Inline: true}, nil
}

func signOut(v *Visit) (Answer, error) {
	if err := v.Server.People.Note(v.Context(), people.Event{Who: v.Who.ID, What: people.SignedOut, About: v.Who.ID}); err != nil {
		return nil, err
	}
	if err := v.Server.sessions.Destroy(v.Context()); err != nil {
		return nil, err
	}
	return Redirect{To: v.Base() + "/sign-in"}, nil
}
