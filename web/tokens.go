package web

import (
	"strconv"
	"time"

	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
)

var tokenRoutes = []Route{
	{Method: "GET", Path: "/account/tokens", Right: people.OwnTokens, Do: ownTokens},
	{Method: "POST", Path: "/account/tokens", Right: people.OwnTokens, Do: makeToken},
	{Method: "POST", Path: "/account/tokens/:id/revoke", Right: people.OwnTokens, Do: revokeOwn},
	{Method: "GET", Path: "/tokens", Right: people.Tokens, Do: allTokens},
	{Method: "POST", Path: "/tokens/:id/revoke", Right: people.Tokens, Do: revokeAny},
}

const longestTokenDays = 90

type tokensPage struct {
	Lead   string
	Fields []form.Field
	Made   string // shown once
	Tokens *table.Table
	Revoke []revocation
	All    bool
}

// revocation is a button that ends a token.
type revocation struct{ Action, Name string }

type tokenForm struct {
	Name string `form:"name"`
	Days string `form:"days"`
}

// goodTokens lists a person's tokens that are still good; everybody's for "".
func (v *Visit) goodTokens(person string) ([]people.APIToken, error) {
	all, err := v.Server.People.Tokens(v.Context(), person)
	if err != nil {
		return nil, err
	}
	var good []people.APIToken
	for _, t := range all {
		if t.Revoked.IsZero() && t.Until.After(v.Server.Clock()) {
			good = append(good, t)
		}
	}
	return good, nil
}

func ownTokens(v *Visit) (Answer, error) {
	if again := v.prove(); again != nil {
		return again, nil
	}
	return v.tokens(tokenForm{Days: "30"}, nil)
}

func (v *Visit) tokens(f tokenForm, errs form.Errors) (Answer, error) {
	good, err := v.goodTokens(v.Who.ID)
	if err != nil {
		return nil, err
	}
	p := tokensPage{Lead: v.T("tokens.lead"), Made: v.Server.sessions.PopString(v.Context(), "token"), Fields: []form.Field{
		{Name: "name", Label: v.T("tokens.name"), Hint: v.T("tokens.name-hint"), Value: f.Name, Error: errs.Of("name")},
		{Name: "days", Label: v.T("tokens.days"), Hint: v.T("tokens.days-hint"), Type: "number", Value: f.Days, Error: errs.Of("days")},
	}}
	p.Tokens, p.Revoke = v.tokenTable(good, "/account/tokens/", nil)
	return Page{Template: "tokens", Title: v.T("tokens.title"), Data: p, Errors: errs}, nil
}

// tokenTable lists tokens, with whose they are where names are given.
func (v *Visit) tokenTable(all []people.APIToken, at string, names map[string]string) (*table.Table, []revocation) {
	t := table.New("tokens", v.T("tokens.table"))
	t.Column("", v.T("tokens.name"), table.TextColumn)
	if names != nil {
		t.Column("", v.T("tokens.whose"), table.TextColumn)
	}
	t.Column("", v.T("tokens.made"), table.TextColumn)
	t.Column("", v.T("tokens.until"), table.TextColumn)
	t.Empty = v.T("tokens.none")
	var buttons []revocation
	for _, one := range all {
		cells := []table.Cell{table.Text(one.Name)}
		if names != nil {
			cells = append(cells, table.Text(names[one.Person]).To(v.To("/people/"+one.Person)))
		}
		t.Row(append(cells, table.Text(v.instant(one.Made)), table.Text(v.instant(one.Until)))...)
		buttons = append(buttons, revocation{v.Base() + at + one.ID + "/revoke", one.Name})
	}
	return t, buttons
}

// makeToken makes a token and shows it, this once.
func makeToken(v *Visit) (Answer, error) {
	if again := v.prove(); again != nil {
		return again, nil
	}
	var f tokenForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	days, err := strconv.Atoi(f.Days)
	if err != nil || days < 1 || days > longestTokenDays {
		errs.Add("days", v.T("tokens.bad-life"))
		days = 1
	}
	if f.Name == "" {
		errs.Add("name", v.T("tokens.bad-name"))
	}
	if len(errs) == 0 {
		// The clock of the store is the one that a token's life is held to.
		until := v.Server.Clock().Add(time.Duration(days)*24*time.Hour - time.Minute)
		token, err := v.Server.People.MakeToken(v.Context(), v.Who.ID, f.Name, until)
		if err := v.told(&errs, "name", err); err != nil {
			return nil, err
		}
		if len(errs) == 0 {
			v.Server.sessions.Put(v.Context(), "token", token)
			return Redirect{To: v.To("/account/tokens"), Say: v.T("tokens.done", "Name", f.Name, "Date", v.Date(fiscal.FromTime(until.In(v.Server.london))))}, nil
		}
	}
	return v.tokens(f, errs)
}

func revokeOwn(v *Visit) (Answer, error) {
	good, err := v.goodTokens(v.Who.ID)
	if err != nil {
		return nil, err
	}
	return v.revoke(good, "/account/tokens")
}

// allTokens shows an administrator everybody's.
func allTokens(v *Visit) (Answer, error) {
	if again := v.prove(); again != nil {
		return again, nil
	}
	good, err := v.goodTokens("")
	if err != nil {
		return nil, err
	}
	names, err := v.peopleNames()
	if err != nil {
		return nil, err
	}
	p := tokensPage{Lead: v.N("tokens.all-lead", len(good)), All: true}
	p.Tokens, p.Revoke = v.tokenTable(good, "/tokens/", names)
	v.Finish(p.Tokens)
	return Page{Template: "tokens", Title: v.T("tokens.all-title"), Nav: "people", Data: p, Tables: []*table.Table{p.Tokens}}, nil
}

func revokeAny(v *Visit) (Answer, error) {
	good, err := v.goodTokens("")
	if err != nil {
		return nil, err
	}
	return v.revoke(good, "/tokens")
}

// revoke ends one of some tokens; any other is as one that is not there.
func (v *Visit) revoke(from []people.APIToken, back string) (Answer, error) {
	var none struct{}
	if err := v.Form(&none); err != nil {
		return nil, err
	}
	for _, t := range from {
		if t.ID == v.Param("id") {
			if err := v.Server.People.RevokeToken(v.Context(), t.ID, v.Who.ID); err != nil {
				return nil, err
			}
			return Redirect{To: v.To(back), Say: v.T("tokens.revoked", "Name", t.Name)}, nil
		}
	}
	return nil, Missing{}
}
