package web

import (
	"net/http"
	"slices"
	"strings"

	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

var accountRoutes = slices.Concat([]Route{
	{Method: "GET", Path: "/account", Right: SignedIn, Do: account},
	{Method: "POST", Path: "/account", Right: SignedIn, Do: saveAccount},
	{Method: "GET", Path: "/account/password", Right: SignedIn, Do: passwordPage},
	{Method: "POST", Path: "/account/password", Right: SignedIn, Do: changePassword},
	{Method: "GET", Path: "/account/codes", Right: SignedIn, Do: ownFactor},
	{Method: "POST", Path: "/account/codes", Right: SignedIn, Do: ownFactor},
	{Method: "POST", Path: "/account/sessions", Right: SignedIn, Do: endSessions},
	{Method: "GET", Path: "/account/prove", Right: SignedIn, Do: provePage},
	{Method: "POST", Path: "/account/prove", Right: SignedIn, Do: proved},
}, tokenRoutes)

type accountPage struct {
	Lead     string
	Facts    []parts.Row
	Fields   []form.Field
	Sessions *table.Table
	Others   bool // there are sessions beside this one
}

func account(v *Visit) (Answer, error) {
	return v.accountPage(accountForm{v.Who.Name, v.Who.Language, v.Who.Shortcuts}, nil)
}

type accountForm struct {
	Name      string `form:"name"`
	Language  string `form:"language"`
	Shortcuts bool   `form:"shortcuts"`
}

// account is what somebody may set for themselves, and what Braid holds of them.
func (v *Visit) accountPage(f accountForm, errs form.Errors) (Answer, error) {
	who := v.Who
	codes, password := v.T("account.codes-off"), v.T("account.password-none")
	if who.SecondFactor {
		codes = v.T("account.codes-on")
	}
	if who.PasswordHash != "" {
		password = v.T("account.password-set")
	}
	var roles []string
	for _, t := range who.Tenures {
		roles = append(roles, v.tenureWords(t))
	}
	p := accountPage{Lead: v.T("account.lead", "Email", who.Email), Fields: []form.Field{
		{Name: "name", Label: v.T("account.name"), Value: f.Name, Autocomplete: "name", Error: errs.Of("name")},
		v.languageField(f.Language),
		{Name: "shortcuts", Label: v.T("account.shortcuts"), Hint: v.T("account.shortcuts-hint"), Type: "checkbox"},
	}}
	p.Fields[1].Error = errs.Of("language")
	if f.Shortcuts {
		p.Fields[2].Value = "yes"
	}
	p.Facts = []parts.Row{
		{Key: v.T("sign-in.email"), Value: who.Email},
		{Key: v.T("people.roles"), Value: strings.Join(roles, "\n")},
		{Key: v.T("sign-in.password"), Value: password, Change: v.To("/account/password")},
		{Key: v.T("account.codes"), Value: codes, Change: v.To("/account/codes")},
	}
	if len(who.Logins) > 0 {
		p.Facts = append(p.Facts, parts.Row{Key: v.T("account.council"), Value: v.T("account.council-linked")})
	}
	feed := v.T("account.feed-none")
	if who.FeedKey != "" {
		feed = v.T("account.feed-made")
	}
	p.Facts = append(p.Facts, parts.Row{Key: v.T("account.feed"), Value: feed, Change: v.To("/calendar")})
	if v.Can(people.OwnTokens) {
		tokens, err := v.goodTokens(who.ID)
		if err != nil {
			return nil, err
		}
		p.Facts = append(p.Facts, parts.Row{Key: v.T("tokens.title"), Value: v.N("tokens.count", len(tokens)), Change: v.To("/account/tokens")})
	}
	sessions, err := v.Server.People.SignedIn(v.Context(), who.ID, v.Server.sessions.Token(v.Context()))
	if err != nil {
		return nil, err
	}
	t := table.New("sessions", v.T("account.sessions"))
	t.Column("", v.T("account.began"), table.TextColumn)
	t.Column("", v.T("account.until"), table.TextColumn)
	t.Column("", v.T("status"), table.TagColumn)
	for _, one := range sessions {
		here := table.None()
		if one.Here {
			here = table.Tag(v.T("account.here"), table.Blue)
		} else {
			p.Others = true
		}
		t.Row(table.Text(v.instant(one.Began)), table.Text(v.instant(one.Until)), here)
	}
	t.Note = v.T("account.sessions-note")
	p.Sessions = t
	return Page{Template: "account", Title: v.T("account.title"), Data: p, Errors: errs}, nil
}

func saveAccount(v *Visit) (Answer, error) {
	var f accountForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	who, was := *v.Who, *v.Who
	var errs form.Errors
	if err := v.told(&errs, "name", who.Rename(f.Name)); err != nil {
		return nil, err
	}
	if l, ok := words.Parse(f.Language); ok {
		who.Language = string(l)
	} else {
		errs.Add("language", v.T("account.no-language"))
	}
	who.Shortcuts = f.Shortcuts
	if len(errs) == 0 {
		if err := v.told(&errs, "", v.Server.People.Save(v.Context(), &who, people.Event{Who: who.ID, What: people.PersonChanged, About: who.ID})); err != nil {
			return nil, err
		}
	}
	if len(errs) > 0 {
		return v.accountPage(f, errs)
	}
	to, l := v.To("/account"), v.Lang()
	if who.Language != was.Language { // and turn to it
		l = words.Lang(who.Language)
		to = "/" + who.Language + "/account"
		v.Server.rememberLanguage(v.echo.Response(), l)
	}
	return Redirect{To: to, Say: words.In(l).T("account.saved")}, nil
}

type passwordForm struct {
	Email    string `form:"email"` // for password stores
	Current  string `form:"current"`
	Password string `form:"password"`
}

// passwordPage asks for the password that is, unless there is none.
func passwordPage(v *Visit) (Answer, error) {
	if v.Who.PasswordHash == "" {
		if again := v.prove(); again != nil {
			return again, nil
		}
	}
	return v.passwordFields(nil), nil
}

func (v *Visit) passwordFields(errs form.Errors) Page {
	p := fieldsPage{Lead: v.T("password.lead"), Button: v.T("password.go"), Cancel: v.To("/account"), Fields: []form.Field{{Name: "email", Type: "hidden", Value: v.Who.Email}}}
	if v.Who.PasswordHash != "" {
		p.Fields = append(p.Fields, form.Field{Name: "current", Label: v.T("password.current"), Type: "password", Autocomplete: "current-password"})
	}
	p.Fields = append(p.Fields, v.newPasswordField("password"))
	return v.fields(v.T("password.title"), p, errs)
}

// changePassword ends all the person's sessions, and begins one here.
func changePassword(v *Visit) (Answer, error) {
	var f passwordForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	strong := v.Server.sessions.GetBool(v.Context(), sessionStrong)
	if v.Who.PasswordHash == "" {
		if again := v.prove(); again != nil {
			return again, nil
		}
	} else if wrong, err := v.checkPassword(f.Current, "current", v.passwordFields); wrong != nil || err != nil {
		return wrong, err
	}
	who := *v.Who
	var errs form.Errors
	err := v.told(&errs, "password", who.SetPassword(f.Password))
	if err == nil && len(errs) == 0 {
		err = v.told(&errs, "", v.Server.People.Save(v.Context(), &who, people.Event{Who: who.ID, What: people.PasswordSet, About: who.ID}))
	}
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return v.passwordFields(errs), nil
	}
	if _, err := v.signIn(&who, strong); err != nil {
		return nil, err
	}
	return Redirect{To: v.To("/account"), Say: v.T("password.saved")}, nil
}

// checkPassword checks the reader's own password; it gives the page again where
// it is wrong.
func (v *Visit) checkPassword(password, field string, page func(form.Errors) Page) (Answer, error) {
	attempt := people.Attempt{Account: v.Who.Email, Network: v.Server.clientNetwork(v.Request)}
	if wait, err := v.throttled(attempt, page); wait != nil || err != nil {
		return wait, err
	}
	if !v.Who.CheckPassword(password) {
		if err := v.failed(attempt, v.Who, "password"); err != nil {
			return nil, err
		}
		return page(form.Errors{{Field: field, Text: v.T("password.wrong")}}), nil
	}
	return nil, v.Server.People.Succeeded(v.Context(), attempt)
}

// ownFactor turns codes on, or moves them to another phone: the old secret
// counts until the new one is shown to work.
func ownFactor(v *Visit) (Answer, error) {
	if again := v.prove(); again != nil {
		return again, nil
	}
	who := *v.Who
	lead := v.T("factor.lead")
	if who.SecondFactor {
		lead = v.T("factor.replace")
	}
	done, again, err := v.setFactor(&who, fieldsPage{Lead: lead, Button: v.T("factor.go"), Cancel: v.To("/account")})
	if err != nil || !done {
		return again, err
	}
	if err := v.Server.People.EndSessions(v.Context(), who.ID, v.Server.sessions.Token(v.Context())); err != nil {
		return nil, err
	}
	if _, err := v.signIn(&who, true); err != nil { // a step up: a new token
		return nil, err
	}
	return Redirect{To: v.To("/account"), Say: v.T("factor.saved")}, nil
}

type sessionsForm struct {
	Which string `form:"which"`
}

// endSessions signs out everywhere else, or everywhere.
func endSessions(v *Visit) (Answer, error) {
	var f sessionsForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	except := v.Server.sessions.Token(v.Context())
	if f.Which == "all" {
		except = ""
	}
	if err := v.Server.People.EndSessions(v.Context(), v.Who.ID, except); err != nil {
		return nil, err
	}
	if err := v.Server.People.Note(v.Context(), people.Event{Who: v.Who.ID, What: people.SignedOutAll, About: v.Who.ID}); err != nil {
		return nil, err
	}
	if f.Which != "all" {
		return Redirect{To: v.To("/account"), Say: v.T("account.others-ended")}, nil
	}
	if err := v.Server.sessions.Destroy(v.Context()); err != nil {
		return nil, err
	}
	return Redirect{To: v.Base() + "/sign-in"}, nil
}

type proveForm struct {
	Email    string `form:"email"`
	Password string `form:"password"`
	Code     string `form:"code"`
}

func provePage(v *Visit) (Answer, error) { return v.proveFields(nil), nil }

// proveFields asks for what the person has: a password, a code, or the
// council's sign-in.
func (v *Visit) proveFields(errs form.Errors) Page {
	p := fieldsPage{Lead: v.T("prove.lead"), Button: v.T("continue"), Cancel: v.To("/account", "next", "")}
	switch {
	case v.Who.PasswordHash != "":
		p.Fields = []form.Field{{Name: "email", Type: "hidden", Value: v.Who.Email},
			{Name: "password", Label: v.T("sign-in.password"), Type: "password", Autocomplete: "current-password"}}
	case v.Who.SecondFactor:
		p.Fields = []form.Field{v.codeField()}
	default:
		data := errorPage{Text: v.T("prove.again")}
		return Page{Template: "error", Title: v.T("prove.title"), Data: data, Status: http.StatusForbidden}
	}
	if o := v.Server.OIDC; o != nil && len(v.Who.Logins) > 0 {
		p.Else = []navLink{{Href: v.To("/sign-in/council", "next", ourPath(v.Q("next"))), Text: v.councilSignIn()}}
	}
	return v.fields(v.T("prove.title"), p, errs)
}

func proved(v *Visit) (Answer, error) {
	var wrong Answer
	var err error
	switch {
	case v.Who.PasswordHash != "":
		var f proveForm
		if err := v.Form(&f); err != nil {
			return nil, err
		}
		wrong, err = v.checkPassword(f.Password, "password", v.proveFields)
	case v.Who.SecondFactor:
		who := *v.Who
		wrong, err = v.checkCode(&who, v.proveFields)
	default:
		wrong = v.proveFields(nil)
	}
	if wrong != nil || err != nil {
		return wrong, err
	}
	v.Server.sessions.Put(v.Context(), sessionProved, v.Server.Clock())
	return Redirect{To: v.Base() + ourPath(v.Q("next"))}, nil
}
