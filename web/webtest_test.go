package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/store"
	"braid/ledger/store/storetest"
	"braid/seed"
)

func TestMain(m *testing.M) { os.Exit(storetest.Run(m)) }

// site is a server for a test, with its ledger and people.
type site struct {
	*httptest.Server
	t     testing.TB
	web   *Server
	store *store.Store
}

// demoServer serves the demo council on 12 January 2027, from a database of its
// own, with its people.
func demoServer(t testing.TB) *site { t.Helper(); return seedServer(t, "demo") }

// seedServer serves one of the councils that come with Braid, with the demo's
// people.
func seedServer(t testing.TB, name string) *site {
	t.Helper()
	s := emptyServer(t, seed.AsAt(name))
	files, err := seed.FS(name)
	if err != nil {
		t.Fatal(err)
	}
	im, err := exchange.ReadFS(files, exchange.Options{Author: name, Reason: "The registers of the " + name + " council", AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		plan, err := im.Plan(b)
		if err != nil {
			return nil, err
		}
		if plan.Problems.Total > 0 {
			return nil, plan.Problems
		}
		return plan.Draft, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.populate(seed.People("demo"))
	return s
}

// emptyServer serves a ledger with nothing in it, and nobody.
func emptyServer(t testing.TB, asAt fiscal.Date) *site {
	t.Helper()
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "braid.db"), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return serveStore(t, st, asAt)
}

func serveStore(t testing.TB, st *store.Store, asAt fiscal.Date) *site {
	t.Helper()
	s := &site{t: t, store: st}
	var err error
	s.web, err = New(Config{Books: st, People: st.People(), Sessions: st.People().Sessions(), Codec: store.SessionCodec{}, AsAt: asAt,
		Council: "Demo council", Metrics: true, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Explain: func(err error) (Fault, bool) {
			if errors.Is(err, store.ErrDiskFull) {
				return Fault{http.StatusInsufficientStorage, "unavailable.disk-full"}, true
			}
			return Fault{}, false
		}})
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(s.web.Handler())
	t.Cleanup(s.Server.Close)
	return s
}

func (s *site) populate(list []seed.Person) {
	s.t.Helper()
	for _, p := range list {
		who, err := people.New(p.Name, p.Email, p.Language)
		if err != nil {
			s.t.Fatal(err)
		}
		who.ID = p.ID
		who.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Role(p.Role), Board: p.Board, From: s.web.Today().AddMonths(-12), GivenBy: "test"}}
		if err := s.store.People().Save(context.Background(), who, people.Event{Who: "test", What: people.PersonAdded, About: p.ID}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// book is the ledger as it stands.
func (s *site) book() *ledger.Book {
	s.t.Helper()
	b, err := s.store.Book(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// browser is one person's browser: it keeps cookies, follows redirects, and
// holds every page it is given to strict HTML.
type browser struct {
	t    testing.TB
	site *site
	http http.Client
	lang string
}

// as signs a person of the demo in.
func (s *site) as(id string) *browser {
	s.t.Helper()
	b := s.anyone()
	token, err := s.store.People().MakeLink(context.Background(), id, "sign in", time.Now().Add(time.Hour))
	if err != nil {
		s.t.Fatal(err)
	}
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if p := b.post("/enter/"+token, nil); p.status != http.StatusSeeOther {
		s.t.Fatalf("signing %s in: %d\n%s", id, p.status, p.text())
	}
	b.http.CheckRedirect = nil
	return b
}

// anyone is a browser in which nobody is signed in.
func (s *site) anyone() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{t: s.t, site: s, http: http.Client{Jar: jar}, lang: "en"}
}

// in turns the browser to a language.
func (b *browser) in(lang string) *browser {
	other := *b
	other.lang = lang
	return &other
}

// page is an answer.
type page struct {
	t      testing.TB
	status int
	url    *url.URL
	header http.Header
	body   string
	root   *html.Node // nil where it is no HTML
}

// get asks for a path within the language: /ledger/map?year=2026-27.
func (b *browser) get(path string) *page {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

// post sends a form.
func (b *browser) post(path string, form url.Values) *page {
	b.t.Helper()
	return b.do(http.MethodPost, path, form)
}

func (b *browser) do(method, path string, form url.Values) *page {
	b.t.Helper()
	if !strings.HasPrefix(path, "/en/") && !strings.HasPrefix(path, "/cy/") && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/static/") && !strings.HasPrefix(path, "/feed/") {
		path = "/" + b.lang + path
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, b.site.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.send(r)
}

func (b *browser) send(r *http.Request) *page {
	b.t.Helper()
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &page{t: b.t, status: res.StatusCode, url: res.Request.URL, header: res.Header, body: string(data)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		if p.root, err = html.Parse(strings.NewReader(p.body)); err != nil {
			b.t.Fatal(err)
		}
		if faults := strict(p.body); len(faults) > 0 {
			b.t.Errorf("%s %s: %s", r.Method, p.url, strings.Join(faults, "; "))
		}
		if i := strings.Index(p.body, "⟦"); i >= 0 {
			b.t.Errorf("%s: a message is missing: %.60s", p.url, p.body[i:])
		}
	}
	return p
}

// filled is a form as somebody fills it in: names and values by turns.
func filled(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// submit posts the page's form at an action with its hidden fields and what is
// filled in; blank action is the first form of the page's own.
func (b *browser) submit(p *page, action string, fill url.Values) *page {
	b.t.Helper()
	f := p.form(action)
	if f == nil {
		b.t.Fatalf("%s has no form with action %q", p.url, action)
	}
	values := url.Values{}
	for n := range f.Descendants() {
		if n.DataAtom == atom.Input && attr(n, "type") == "hidden" && attr(n, "name") != "" {
			values.Add(attr(n, "name"), attr(n, "value"))
		}
	}
	for name, v := range fill {
		values[name] = v
	}
	to := p.url.RequestURI()
	if a := attr(f, "action"); a != "" {
		to = a
	}
	return b.post(to, values)
}

// form finds a posting form by the end of its action; "" is the first in main.
func (p *page) form(action string) *html.Node {
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Form || !strings.EqualFold(attr(n, "method"), "post") {
			continue
		}
		a := attr(n, "action")
		if action == "" && inMain(n) && !strings.HasSuffix(a, "/undo") || action != "" && strings.HasSuffix(a, action) {
			return n
		}
	}
	return nil
}

func inMain(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Main {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what the page's main part says, on one line.
func (p *page) text() string {
	if p.root == nil {
		return p.body
	}
	var out strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			out.WriteString(n.Data + " ")
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.Main {
			walk(n)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// title is the page's title.
func (p *page) title() string {
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.Title && n.FirstChild != nil {
			return n.FirstChild.Data
		}
	}
	return ""
}

// says fails the test unless the page says each.
func (p *page) says(want ...string) *page {
	p.t.Helper()
	text := p.text()
	for _, w := range want {
		if !strings.Contains(text, w) {
			p.t.Errorf("%s does not say %q:\n%s", p.url, w, text)
		}
	}
	return p
}

// silent fails the test if the page says any.
func (p *page) silent(unwanted ...string) *page {
	p.t.Helper()
	text := p.text()
	for _, w := range unwanted {
		if strings.Contains(text, w) {
			p.t.Errorf("%s says %q:\n%s", p.url, w, text)
		}
	}
	return p
}

// is fails the test unless the answer has a status.
func (p *page) is(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s answers %d, not %d:\n%s", p.url, p.status, status, p.text())
	}
	return p
}

// links lists the addresses of the links of the main part.
func (p *page) links() []string {
	var all []string
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.A && inMain(n) {
			all = append(all, attr(n, "href"))
		}
	}
	return all
}

// link gives the address of the first link that says a text.
func (p *page) link(text string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		said := ""
		for c := range n.Descendants() {
			if c.Type == html.TextNode {
				said += c.Data
			}
		}
		if strings.TrimSpace(said) == text {
			return attr(n, "href")
		}
	}
	p.t.Fatalf("%s has no link %q:\n%s", p.url, text, p.text())
	return ""
}

// strict lists what is wrong with a page's HTML: tags that do not close, ids
// used twice, labels for nothing, images and fields without a name, anything
// inline that the content policy would stop.
func strict(body string) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	var open []string
	ids, labelled := map[string]bool{}, []string{}
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		tok := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			seen := map[string]bool{}
			for _, a := range tok.Attr {
				if seen[a.Key] {
					fault("<%s> has %s twice", tok.Data, a.Key)
				}
				seen[a.Key] = true
				switch {
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					fault("<%s %s> is inline", tok.Data, a.Key)
				case a.Key == "id" && ids[a.Val]:
					fault("id %q is used twice", a.Val)
				case a.Key == "id" && (a.Val == "" || strings.ContainsAny(a.Val, " \t\n")):
					fault("id %q is no id", a.Val)
				case a.Key == "id":
					ids[a.Val] = true
				case a.Key == "for" || a.Key == "aria-labelledby" || a.Key == "aria-describedby" || a.Key == "aria-controls":
					labelled = append(labelled, strings.Fields(a.Val)...)
				}
			}
			if tok.Data == "img" && !seen["alt"] {
				fault("an image without alt")
			}
			if (tok.Data == "script" && !seen["src"]) || tok.Data == "style" {
				fault("inline <%s>", tok.Data)
			}
			if kind == html.StartTagToken && !void[tok.Data] {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tok.Data {
				last := "nothing"
				if len(open) > 0 {
					last = "<" + open[len(open)-1] + ">"
				}
				fault("</%s> closes %s", tok.Data, last)
				return faults
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		fault("<%s> is never closed", open[len(open)-1])
	}
	for _, id := range labelled {
		if !ids[id] {
			fault("something is for id %q, which is not there", id)
		}
	}
	return faults
}

var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}
