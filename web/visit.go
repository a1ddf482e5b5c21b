package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/words"
)

// Visit is one request: who asks, in which language, and the ledger as it
// stands for them.
type Visit struct {
	*words.Reader
	*reading // View, Settings, Findings
	Server   *Server
	Request  *http.Request
	Route    Route
	Who      *people.Person // nil: not signed in
	Reach    people.Reach   // where the route's right holds
	Path     string         // as in a link, without the language: /ledger/map
	Query    url.Values     // strict: known to be UTF-8, no key twice unless a filter
	Year     fiscal.Year    // the context bar
	Place    string         // an area's id, "" for all
	K        bool           // £000
	Key      string         // of the form that was sent: one effect however often
	echo     echo.Context
	tables   []string          // those of the page so far
	called   map[string]string // people by id, once asked for
}

// Context ends with the request.
func (v *Visit) Context() context.Context { return v.Request.Context() }

// Param is a named part of the path. The router reads the path as it was sent
// only where its usual encoding is another.
func (v *Visit) Param(name string) string {
	p := v.echo.Param(name)
	if v.Request.URL.RawPath == "" {
		return p
	}
	p, err := url.PathUnescape(p)
	if err != nil { // no request has such a path
		return ""
	}
	return p
}

// pathOf is a path of parts, each escaped: an id is somebody's own code, and may
// hold a space, a % or a /.
func pathOf(parts ...string) string {
	var path strings.Builder
	for _, p := range parts {
		path.WriteString("/" + url.PathEscape(p))
	}
	return path.String()
}

// Q is a part of the query, "" where it is not given.
func (v *Visit) Q(name string) string { return strings.TrimSpace(v.Query.Get(name)) }

// Form reads the posted form into a struct; see form.Read.
func (v *Visit) Form(into any) error { return form.Read(v.Request, into) }

// NewKey makes a key for a form.
func NewKey() string { return rand.Text() }

// Actor is the person as decisions know them. The role is the one that lets
// them do what the route is for.
func (v *Visit) Actor() decide.Actor {
	a := decide.Actor{Today: v.Today, Key: v.Key, Source: "web " + v.Path}
	if v.Who != nil {
		a.Person, a.Name = v.Who.ID, v.Who.Name
		for _, t := range v.Who.Holds(v.Today) {
			alone := people.Person{Tenures: []people.Tenure{t}}
			allowed := !alone.May(v.Route.Right, v.Today).Nowhere()
			if a.Role == "" || allowed {
				a.Role, a.Board = string(t.Role), t.Board
			}
			if allowed {
				break
			}
		}
	}
	if a.Key != "" {
		a.Key = "form:" + a.Person + ":" + a.Key
	}
	return a
}

// May says where the person may do a thing; see people.Person.May.
func (v *Visit) May(a people.Action) people.Reach {
	if v.Who == nil {
		return people.Reach{}
	}
	return v.Who.May(a, v.Today)
}

// Can reports whether the person may do a thing anywhere at all.
func (v *Visit) Can(a people.Action) bool { return !v.May(a).Nowhere() }

// Is reports whether the person holds a role today.
func (v *Visit) Is(roles ...people.Role) bool {
	if v.Who == nil {
		return false
	}
	return slices.ContainsFunc(v.Who.Holds(v.Today), func(t people.Tenure) bool { return slices.Contains(roles, t.Role) })
}

// Post changes the ledger through a decision and gives the number of its batch.
// A form sent twice reads as done.
func (v *Visit) Post(do func(*ledger.Book) (*ledger.Draft, error)) (seq int, err error) {
	key := v.Actor().Key
	_, err = v.Server.Books.Post(v.Context(), func(b *ledger.Book) (*ledger.Draft, error) {
		d, err := do(b)
		if d == nil && err != nil { // so that a form sent twice reads as done, whatever refuses it now
			d = b.Draft(ledger.Intent{Key: key})
		}
		if d != nil && !d.Empty() {
			seq = b.Sequence() + 1
		}
		return d, err
	})
	var again interface {
		error
		Batch() int
	}
	if as(err, &again) {
		return again.Batch(), nil
	}
	if err != nil {
		return 0, err
	}
	return seq, nil
}

// To is a link within Braid, in the reader's language, with a query of pairs.
// Pages about money carry the context bar's choices along.
func (v *Visit) To(path string, pairs ...string) string {
	q := url.Values{}
	for _, name := range []string{"year", "place", "unit"} {
		if given := v.Query.Get(name); given != "" {
			q.Set(name, given)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	link := "/" + string(v.Lang()) + path
	if len(q) > 0 {
		link += "?" + q.Encode()
	}
	return link
}

// Here is this page with some of its query changed; a blank value takes a
// name out.
func (v *Visit) Here(pairs ...string) string {
	q := url.Values{}
	for name, values := range v.Query {
		q[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	link := "/" + string(v.Lang()) + v.Path
	if len(q) > 0 {
		link += "?" + q.Encode()
	}
	return link
}

// Toggle is the same page in the other language.
func (v *Visit) Toggle() string {
	link := "/" + string(v.Lang().Other()) + v.Path
	if v.Request != nil && v.Request.URL.RawQuery != "" {
		link += "?" + v.Request.URL.RawQuery
	}
	return link
}

// Postings links a figure to the entries that add up to it: a measure over a
// filter of dimensions and values.
func (v *Visit) Postings(m ledger.Measure, pairs ...string) string {
	q := url.Values{"measure": {m.String()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/" + string(v.Lang()) + "/ledger/postings?" + q.Encode()
}

// Evidence links a finding's amount to what makes it; "" where that is not all
// the reader's to see.
func (v *Visit) Evidence(f *check.Finding) string {
	if !v.mayReadFinding(f) {
		return ""
	}
	return "/" + string(v.Lang()) + "/ledger/postings?" + url.Values{"finding": {f.ID}}.Encode()
}

// Sees reports whether the person may see a service: all, those of their
// areas, or those their board pays for or was asked to.
func (v *Visit) Sees(service string) bool { return v.reading.sees(v.Reach, service) }

// SeesBoard reports whether the person may see a board's pages: all boards,
// those they sit on, or those within their areas.
func (v *Visit) SeesBoard(board string) bool {
	if v.Reach.OnBoard(board) {
		return true
	}
	b, ok := v.Board(board)
	return ok && slices.ContainsFunc(v.Reach.Areas, func(own string) bool { return v.AreaTree().Within(b.Area, own) })
}

// Base is where addresses of the reader's language begin.
func (v *Visit) Base() string { return "/" + string(v.Lang()) }

// Council is whose Braid this is.
func (v *Visit) Council() string {
	if v.reading != nil && v.Settings.Council != "" {
		return v.Settings.Council
	}
	return v.Server.Council
}

// Carried are the parts of the query that the context bar keeps.
func (v *Visit) Carried() url.Values {
	q := url.Values{}
	for name, values := range v.Query {
		switch name {
		case "year", "place", "unit", "page", "format", "table":
		default:
			q[name] = values
		}
	}
	return q
}

// Fresh says how old the figures are.
func (v *Visit) Fresh() string {
	if v.reading == nil {
		return ""
	}
	if last := worked(v.reading, lastSpendKey{}, func() fiscal.Date { return lastSpend(v.View) }); last != 0 {
		return v.T("fresh.spend", "Date", v.Date(v.AsAt), "Spend", v.Date(last))
	}
	return v.T("fresh", "Date", v.Date(v.AsAt))
}

type lastSpendKey struct{}

func lastSpend(view *ledger.View) fiscal.Date {
	var last fiscal.Date
	for _, d := range view.LastPayments() {
		last = max(last, d)
	}
	return last
}

// Foot is the row of links beneath every page.
func (v *Visit) Foot() []navLink {
	links := []navLink{}
	add := func(path, name string, show bool) {
		if show {
			links = append(links, navLink{Href: v.Base() + path, Text: v.T("foot." + name)})
		}
	}
	add("/checks", "checks", v.Is(people.Finance) && !v.Is(people.Commissioner))
	add("/boards", "boards", v.Is(people.Commissioner) && !v.Is(people.Finance))
	add("/import", "import", v.Can(people.ImportRegisters) || v.Can(people.Export))
	add("/plan/scenarios", "scenarios", v.Is(people.Auditor)) // whose navigation is full
	add("/history", "history", v.Can(people.Audit))
	add("/views", "views", true)
	add("/notes", "notes", v.Can(people.Notes))
	add("/calendar", "calendar", true)
	add("/glossary", "glossary", true)
	add("/people", "people", v.Can(people.SeeUsers))
	add("/settings", "settings", v.Can(people.Settings))
	add("/api", "api", v.Can(people.OwnTokens))
	add("/help", "help", true)
	return links
}

// personName is what somebody is called: a person who uses Braid, an
// organisation that asked, or as it was written.
func (v *Visit) personName(id string) string {
	if v.called == nil {
		v.called = map[string]string{}
		if all, err := v.Server.People.All(v.Context()); err == nil {
			for _, p := range all {
				v.called[p.ID] = p.Name
			}
		}
	}
	if name, ok := v.called[id]; ok {
		return name
	}
	return v.NameOf(v.Book, "organisations", id).Text
}
