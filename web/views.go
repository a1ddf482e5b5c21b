package web

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"braid/ledger/people"
	"braid/web/form"
)

var viewRoutes = []Route{
	{Method: "GET", Path: "/views", Right: people.Views, Do: savedViews},
	{Method: "GET", Path: "/views/new", Right: people.Views, Do: newView},
	{Method: "POST", Path: "/views/new", Right: people.Views, Do: saveView},
	{Method: "POST", Path: "/views/:id/drop", Right: people.Views, Do: dropView},
}

// savedView is an address somebody keeps under a name. An address says all that
// a page shows, so nothing else is kept.
type savedView struct {
	ID     string `json:"-"`
	Name   string `json:"name"`
	At     string `json:"at"` // without the language
	By     string `json:"by"`
	Pinned bool   `json:"pinned,omitempty"` // to the first page
	Shared bool   `json:"-"`
	Own    bool   `json:"-"`
}

const viewDrawer = "view"

// keptViews lists the reader's own and those shared by all, by name.
func (v *Visit) keptViews() ([]savedView, error) {
	var all []savedView
	for _, owner := range []string{v.Who.ID, ""} {
		kept, err := v.Server.People.KeptAll(v.Context(), owner, viewDrawer)
		if err != nil {
			return nil, err
		}
		for _, k := range kept {
			one := savedView{ID: k.ID, Shared: owner == ""}
			if json.Unmarshal(k.Data, &one) != nil || v.address(one.At) == "" {
				continue
			}
			one.Own = one.By == v.Who.ID
			all = append(all, one)
		}
	}
	compare := v.Sort()
	slices.SortFunc(all, func(a, b savedView) int { return cmp.Or(compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// address is a page of ours that a view may keep; "" for any other.
func (v *Visit) address(at string) string {
	u, err := url.Parse(at)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || len(at) > 2000 || strings.ContainsAny(at, "\\\r\n") {
		return ""
	}
	return at
}

type viewsPage struct {
	Views []savedView
	Key   string
}

func savedViews(v *Visit) (Answer, error) {
	all, err := v.keptViews()
	if err != nil {
		return nil, err
	}
	return Page{Template: "views", Title: v.T("views.title"), Data: viewsPage{all, NewKey()}}, nil
}

type viewForm struct {
	Name   string `form:"name"`
	At     string `form:"at"`
	Shared string `form:"shared"`
	Pinned string `form:"pinned"`
}

type viewPage struct {
	At     string
	Fields []form.Field
	Key    string
}

func (v *Visit) viewPage(f viewForm, errs form.Errors) Page {
	yes := func(name, value, label, hint string) form.Field {
		return form.Field{Name: name, Type: "checkbox", Value: value, Label: v.T(label), Hint: v.T(hint)}
	}
	p := viewPage{At: f.At, Key: NewKey(), Fields: []form.Field{
		{Name: "name", Type: "text", Value: f.Name, Label: v.T("views.name"), Hint: v.T("views.name-hint"), Error: errs.Of("name"), Required: true},
		yes("shared", f.Shared, "views.shared", "views.shared-hint"),
		yes("pinned", f.Pinned, "views.pinned", "views.pinned-hint"),
	}}
	return Page{Template: "view", Title: v.T("views.new-title"), Data: p, Errors: errs}
}

func newView(v *Visit) (Answer, error) {
	at := v.address(v.Q("at"))
	if at == "" {
		return nil, Missing{}
	}
	return v.viewPage(viewForm{At: at}, nil), nil
}

func saveView(v *Visit) (Answer, error) {
	var f viewForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	switch {
	case f.Name == "":
		errs.Add("name", v.T("views.name-missing"))
	case len([]rune(f.Name)) > 100:
		errs.Add("name", v.T("views.name-long"))
	}
	if v.address(f.At) == "" {
		return nil, Missing{}
	}
	if len(errs) > 0 {
		return v.viewPage(f, errs), nil
	}
	data, err := json.Marshal(savedView{Name: f.Name, At: f.At, By: v.Who.ID, Pinned: f.Pinned != ""})
	if err != nil {
		return nil, err
	}
	owner := v.Who.ID
	if f.Shared != "" {
		owner = ""
	}
	id := v.Key // a form sent twice keeps one view
	if id == "" {
		id = NewKey()
	}
	if err := v.Server.People.Keep(v.Context(), owner, viewDrawer, id, data, time.Time{}); err != nil {
		return nil, err
	}
	return Redirect{To: v.Base() + "/views", Say: v.T("views.saved", "Name", f.Name)}, nil
}

// dropView throws a view of one's own away.
func dropView(v *Visit) (Answer, error) {
	all, err := v.keptViews()
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.ID != v.Param("id") || !one.Own {
			continue
		}
		owner := v.Who.ID
		if one.Shared {
			owner = ""
		}
		if err := v.Server.People.Drop(v.Context(), owner, viewDrawer, one.ID); err != nil {
			return nil, err
		}
		return Redirect{To: v.Base() + "/views", Say: v.T("views.dropped", "Name", one.Name)}, nil
	}
	return nil, Missing{}
}

// pins are the views kept in sight on the first page.
func (v *Visit) pins() ([]navLink, error) {
	all, err := v.keptViews()
	var links []navLink
	for _, one := range all {
		if one.Pinned {
			links = append(links, navLink{Href: v.Base() + one.At, Text: one.Name})
		}
	}
	return links, err
}
