package web

import (
	"errors"
	"unicode/utf8"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/people"
	"braid/web/form"
)

var setUpRoutes = []Route{
	{Method: "GET", Path: "/set-up/:token", Right: Anyone, Do: setUpPage},
	{Method: "POST", Path: "/set-up/:token", Right: Anyone, Do: setUp},
	{Method: "GET", Path: "/start/:token", Right: Anyone, Do: startPage},
	{Method: "POST", Path: "/start/:token", Right: Anyone, Do: start},
}

// What links are for. LinkRecover also takes a lost second factor away.
const (
	linkFirst   = "first"
	linkStart   = "start"
	linkRecover = "recover"
)

type setUpForm struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Password string `form:"password"`
	Council  string `form:"council"`
	Language string `form:"language"`
}

// firstRun reports whether a link may make the first person: it is good, and
// there is nobody yet.
func (v *Visit) firstRun() (bool, error) {
	_, purpose, err := v.Server.People.PeekLink(v.Context(), v.Param("token"))
	if err != nil || purpose != linkFirst {
		return false, err
	}
	n, err := v.Server.People.Count(v.Context())
	return n == 0, err
}

func setUpPage(v *Visit) (Answer, error) {
	if good, err := v.firstRun(); err != nil || !good {
		return v.spent(err)
	}
	return v.setUpFields(setUpForm{Language: string(v.Lang())}, nil), nil
}

func (v *Visit) setUpFields(f setUpForm, errs form.Errors) Page {
	return v.fields(v.T("set-up.title"), fieldsPage{Lead: v.T("set-up.lead"), Button: v.T("set-up.go"), Fields: []form.Field{
		{Name: "council", Label: v.T("set-up.council"), Hint: v.T("set-up.council-hint"), Value: f.Council, Autocomplete: "organization"},
		{Name: "name", Label: v.T("account.name"), Value: f.Name, Autocomplete: "name"},
		{Name: "email", Label: v.T("sign-in.email"), Type: "email", Value: f.Email, Autocomplete: "username"},
		v.newPasswordField("password"),
		v.languageField(f.Language),
	}}, errs)
}

func (v *Visit) newPasswordField(name string) form.Field {
	return form.Field{Name: name, Label: v.T("password.choose"), Hint: v.T("password.hint", "Least", people.ShortestPassword), Type: "password", Autocomplete: "new-password"}
}

func (v *Visit) languageField(chosen string) form.Field {
	return form.Field{Name: "language", Label: v.T("account.language"), Type: "radios", Options: []form.Option{
		{Value: "en", Label: "English", Lang: "en", Selected: chosen == "en"},
		{Value: "cy", Label: "Cymraeg", Lang: "cy", Selected: chosen == "cy"}}}
}

// setUp makes the first person, administrator and commissioner, and the
// council's name. Roles in finance they give to somebody else.
func setUp(v *Visit) (Answer, error) {
	if good, err := v.firstRun(); err != nil || !good {
		return v.spent(err)
	}
	var f setUpForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if f.Council == "" || utf8.RuneCountInString(f.Council) > 100 {
		errs.Add("council", v.T("set-up.no-council"))
	}
	who, err := v.newPerson(f.Name, f.Email, f.Language, &errs)
	if err != nil {
		return nil, err
	}
	for _, role := range []people.Role{people.Administrator, people.Commissioner} {
		if _, err := people.Grant(people.Keeper, who, people.Tenure{Role: role}, []*people.Person{who}, v.Today); err != nil {
			return nil, err
		}
	}
	if err := v.told(&errs, "password", who.SetPassword(f.Password)); err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return v.setUpFields(f, errs), nil
	}
	if _, _, err := v.Server.People.UseLink(v.Context(), v.Param("token")); err != nil {
		return v.spent(err)
	}
	if err := v.Server.People.Save(v.Context(), who, people.Event{Who: people.Keeper.ID, What: people.PersonAdded, About: who.ID}); err != nil {
		return nil, err
	}
	by := decide.Actor{Person: who.ID, Name: who.Name, Role: string(people.Administrator), Today: v.Today, Key: "set up:" + who.ID, Source: "web /set-up"}
	_, err = v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		o, err := decide.Set(b, by, map[string]string{"council": f.Council}, b.Sequence(), v.T("set-up.reason"))
		return draftOf(o, err)
	})
	var unchanged *decide.Unchanged
	if err != nil && !errors.As(err, &unchanged) {
		return nil, err
	}
	return v.passed(who)
}

// draftOf is a decision's draft, for Post.
func draftOf(o *decide.Outcome, err error) (*ledger.Draft, error) {
	if err != nil {
		return nil, err
	}
	return o.Draft, nil
}

// newPerson makes a person from what was typed, with what is wrong beside the
// fields name, email and language.
func (v *Visit) newPerson(name, email, language string, errs *form.Errors) (*people.Person, error) {
	who := &people.Person{ID: people.NewID(), Language: language}
	if language != "en" && language != "cy" {
		errs.Add("language", v.T("account.no-language"))
	}
	if err := v.told(errs, "name", who.Rename(name)); err != nil {
		return nil, err
	}
	var err error
	who.Email, err = people.NormalEmail(email)
	return who, v.told(errs, "email", err)
}

// starter gives the person a link lets in, and what it is for; nil where it is
// not good.
func (v *Visit) starter() (who *people.Person, purpose string, err error) {
	id, purpose, err := v.Server.People.PeekLink(v.Context(), v.Param("token"))
	if err != nil || purpose != linkStart && purpose != linkRecover {
		return nil, "", err
	}
	who, err = v.Server.People.Person(v.Context(), id)
	if err != nil || who.Ended {
		return nil, "", err
	}
	return who, purpose, nil
}

func startPage(v *Visit) (Answer, error) {
	who, _, err := v.starter()
	if err != nil || who == nil {
		return v.spent(err)
	}
	return v.startFields(who, nil), nil
}

func (v *Visit) startFields(who *people.Person, errs form.Errors) Page {
	return v.fields(v.T("password.first-title"), fieldsPage{Lead: v.T("password.first-lead", "Name", who.Name, "Email", who.Email), Button: v.T("password.first-go"),
		Fields: []form.Field{{Name: "email", Type: "hidden", Value: who.Email, Autocomplete: "username"}, v.newPasswordField("password")}}, errs)
}

type startForm struct {
	Email    string `form:"email"` // there for password stores, and not read
	Password string `form:"password"`
}

// start takes the person's new password, and leads on: to the second factor
// they have, to one their role needs, or in. All their sessions end.
func start(v *Visit) (Answer, error) {
	who, purpose, err := v.starter()
	if err != nil || who == nil {
		return v.spent(err)
	}
	var f startForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if err := v.told(&errs, "password", who.SetPassword(f.Password)); err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return v.startFields(who, errs), nil
	}
	if _, _, err := v.Server.People.UseLink(v.Context(), v.Param("token")); err != nil {
		return v.spent(err)
	}
	if purpose == linkRecover {
		who.Secret, who.SecondFactor, who.CodeStep = "", false, 0
	}
	detail := purpose + " " + v.Server.clientNetwork(v.Request)
	if err := v.Server.People.Save(v.Context(), who, people.Event{Who: who.ID, What: people.PasswordSet, About: who.ID, Detail: detail}); err != nil {
		return nil, err
	}
	return v.passed(who)
}
