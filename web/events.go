package web

import (
	"slices"
	"strings"
	"time"

	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
)

// mostEvents is how far back a page reads events.
const mostEvents = 20_000

type eventsPage struct {
	Lead   string
	Fields []form.Field
	Clear  string
	Events *table.Table
}

// eventName is an event in words; one of another version reads as it is kept.
func (v *Visit) eventName(what string) string {
	id := "event." + strings.ReplaceAll(what, " ", "-")
	if !v.Has(id) {
		return what
	}
	return v.T(id)
}

// eventDetail says more of an event: a role, what a link was for, by what means
// and from which network somebody tried to sign in. What somebody named stays
// as it is.
func (v *Visit) eventDetail(e people.Event) string {
	if role, err := people.ParseRole(e.Detail); err == nil {
		return v.roleName(string(role))
	}
	first, rest, _ := strings.Cut(e.Detail, " ")
	if id := "event.detail-" + first; v.Has(id) && (e.What == people.SignInFailed || e.What == people.LinkMade || e.What == people.PasswordSet) {
		return strings.TrimSpace(v.T(id) + " " + rest)
	}
	return e.Detail
}

// whoDid names who an event was of.
func (v *Visit) whoDid(e people.Event, names map[string]string) string {
	switch {
	case names[e.Who] != "":
		return names[e.Who]
	case e.Who == "":
		return v.T("event.nobody")
	}
	return e.Who
}

// securityEvents lists sign-ins, refusals and what was done to accounts and
// roles: the last 90 days, unless told from when.
func securityEvents(v *Visit) (Answer, error) {
	names, err := v.peopleNames()
	if err != nil {
		return nil, err
	}
	var errs form.Errors
	since := v.Server.Clock().AddDate(0, 0, -90)
	if d := v.day("from", v.Q("from"), &errs); d != 0 {
		y, m, day := d.Civil()
		since = time.Date(y, time.Month(m), day, 0, 0, 0, 0, v.Server.london)
	}
	events, err := v.Server.People.Events(v.Context(), since, mostEvents)
	if err != nil {
		return nil, err
	}
	what, whose := v.Q("what"), v.Q("who")
	t := table.New("events", v.T("event.table"))
	t.Column("", v.T("event.when"), table.TextColumn)
	t.Column("", v.T("event.what"), table.TextColumn)
	t.Column("", v.T("event.who"), table.TextColumn)
	t.Column("", v.T("event.about"), table.TextColumn)
	t.Column("", v.T("event.detail"), table.TextColumn)
	t.Empty = v.T("event.none")
	for _, e := range events {
		if what != "" && e.What != what || whose != "" && e.Who != whose && e.About != whose {
			continue
		}
		about := table.None()
		if names[e.About] != "" {
			about = table.Text(names[e.About]).To(v.To("/people/" + e.About))
		}
		t.Row(table.Text(v.instant(e.At)), table.Text(v.eventName(e.What)), table.Text(v.whoDid(e, names)), about, table.Text(v.eventDetail(e)))
	}
	v.Finish(t)
	kinds := []form.Option{{Value: "", Label: v.T("event.any")}}
	for _, name := range people.EventNames {
		kinds = append(kinds, form.Option{Value: name, Label: v.eventName(name), Selected: name == what})
	}
	whos := []form.Option{{Value: "", Label: v.T("event.anybody")}}
	for id, name := range names {
		if id != "demo" {
			whos = append(whos, form.Option{Value: id, Label: name, Selected: id == whose})
		}
	}
	compare := v.Sort()
	slices.SortFunc(whos[1:], func(a, b form.Option) int { return compare(a.Label, b.Label) })
	p := eventsPage{Lead: v.N("event.lead", len(t.Rows), "Date", v.instant(since)), Events: t, Fields: []form.Field{
		{Name: "what", Label: v.T("event.what"), Type: "select", Options: kinds},
		{Name: "who", Label: v.T("event.person"), Type: "select", Options: whos},
		{Name: "from", Label: v.T("event.from"), Type: "date", Value: v.Q("from"), Error: errs.Of("from")},
	}}
	if what != "" || whose != "" || v.Q("from") != "" {
		p.Clear = v.To("/people/events")
	}
	return Page{Template: "events", Title: v.T("event.title"), Nav: "people", Data: p, Tables: []*table.Table{t}}, nil
}
