package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/seed"
)

// awkward are codes as a council may have them, for some of the demo's.
var awkward = map[string]string{
	"nrf":             "NRF 50%/2 & ŵyn?",
	"youth-inclusion": "Ieuenctid #1 %41 / tŷ",
	"north":           "Y Gogledd & co 100%",
	"safe-from-harm":  `rhag niwed? "ŷ" <%2F>`,
	"childrens-fund":  "..%2f../CF+1",
}

// awkwardServer serves the demo council with awkward codes.
func awkwardServer(t *testing.T) *site {
	t.Helper()
	s := emptyServer(t, seed.AsAt("demo"))
	demo, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	names, err := fs.Glob(demo, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(demo, name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			for i := range row {
				ids := strings.Split(row[i], ";")
				for j := range ids {
					id, share, shared := strings.Cut(ids[j], ":") // "nrf:50"
					if other, ok := awkward[id]; ok {
						if ids[j] = other; shared {
							ids[j] += ":" + share
						}
					}
				}
				row[i] = strings.Join(ids, ";")
			}
		}
		var out bytes.Buffer
		if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: out.Bytes()}
	}
	im, err := exchange.ReadFS(files, exchange.Options{Author: "demo", Reason: "The registers of the demo council", AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		plan, err := im.Plan(b)
		if err != nil {
			return nil, err
		}
		if plan.Problems.Total > 0 {
			return nil, plan.Problems
		}
		return plan.Draft, nil
	}); err != nil {
		t.Fatal(err)
	}
	all := seed.People("demo")
	for i := range all {
		if other, ok := awkward[all[i].Board]; ok {
			all[i].Board = other
		}
	}
	s.populate(all)
	return s
}

// Every link of every page leads to a page, whatever the codes hold; and a form
// at such a code's address is taken there.
func TestLinksOfAwkwardCodes(t *testing.T) {
	s := awkwardServer(t)
	for id, wants := range map[string][]string{
		"priya": {
			pathOf("streams", awkward["nrf"]), pathOf("streams", awkward["childrens-fund"]), pathOf("services", awkward["youth-inclusion"]), pathOf("boards", awkward["north"]),
			pathOf("objectives", awkward["safe-from-harm"]), pathOf("registers", "services", awkward["youth-inclusion"]), pathOf("registers", "objectives", awkward["safe-from-harm"]),
			pathOf("services", awkward["youth-inclusion"], "exit"), pathOf("registers", "awards", awkward["nrf"]), pathOf("registers", "streams", awkward["nrf"]),
			pathOf("registers", "boards", awkward["north"]), pathOf("boards", awkward["north"], "pack"), pathOf("boards", awkward["north"], "sum"),
			pathOf("boards", awkward["north"], "proposals", "dads-group"), pathOf("streams", awkward["nrf"], "awards", "new"),
		},
		"sam": {pathOf("boards", awkward["north"]), pathOf("boards", awkward["north"], "ask"), pathOf("boards", awkward["north"], "proposals", "dads-group"), pathOf("boards", awkward["north"], "pack")},
	} {
		b := s.as(id)
		met := walkLinks(t, b, "/", "/services", "/streams", "/boards", "/objectives", "/checks", "/checks/duplication", "/checks/coverage", "/timeline", "/papers", "/calendar", "/search?q=north")
		for _, want := range wants {
			if !slices.Contains(met, "/en"+want) {
				t.Errorf("no link of %s's pages leads to %s", id, want)
			}
		}
		t.Logf("%s: %d paths", id, len(met))
	}
	fin, board := s.as("fin"), pathOf("boards", awkward["north"])
	if money := "/en" + board + "/money"; !slices.Contains(fin.get(board).is(http.StatusOK).links(), money) {
		t.Errorf("finance is not led to %s", money)
	} else {
		fin.get(money).is(http.StatusOK)
	}
}

// walkLinks follows links from pages on, once for each path and kind of query,
// then sends the forms of awkward addresses with nothing filled in, and gives
// the paths it met.
func walkLinks(t *testing.T, b *browser, from ...string) []string {
	t.Helper()
	type step struct{ at, on string }
	var todo, forms []step
	for _, path := range from {
		todo = append(todo, step{"/" + b.lang + path, "the start"})
	}
	met, paths := map[string]bool{}, map[string]bool{}
	for ; len(todo) > 0; todo = todo[1:] {
		next := todo[0]
		u, err := url.Parse(next.at)
		if err != nil {
			t.Errorf("%s has a link that is no address: %q", next.on, next.at)
			continue
		}
		kind := u.EscapedPath() + " " + strings.Join(slices.Sorted(maps.Keys(u.Query())), " ")
		if u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/"+b.lang+"/") || met[kind] {
			continue
		}
		met[kind], paths[u.EscapedPath()] = true, true
		p := b.get(u.RequestURI())
		if p.status != http.StatusOK {
			t.Errorf("%s leads to %s, which answers %d", next.on, next.at, p.status)
			continue
		}
		if p.root == nil { // a file
			continue
		}
		for n := range p.root.Descendants() {
			switch {
			case n.DataAtom == atom.A && attr(n, "href") != "":
				todo = append(todo, step{p.leads(attr(n, "href")), u.RequestURI()})
			case n.DataAtom == atom.Form && strings.EqualFold(attr(n, "method"), "post"):
				forms = append(forms, step{p.leads(attr(n, "action")), u.RequestURI()})
			case n.DataAtom == atom.Form:
				todo = append(todo, step{p.leads(attr(n, "action")), u.RequestURI()})
			}
		}
	}
	for _, f := range forms {
		path, _, _ := strings.Cut(f.at, "?")
		if !strings.Contains(path, "%") || met["POST "+path] {
			continue
		}
		met["POST "+path] = true
		if p := b.post(f.at, url.Values{}); p.status == http.StatusNotFound || p.status == http.StatusMethodNotAllowed || p.status >= 500 {
			t.Errorf("the form of %s to %s answers %d", f.on, f.at, p.status)
		}
	}
	return slices.Collect(maps.Keys(paths))
}

// leads is the address a link of the page leads to.
func (p *page) leads(link string) string {
	to, err := p.url.Parse(link)
	if err != nil || to.Host != p.url.Host {
		return link
	}
	to.Scheme, to.Host, to.Fragment = "", "", ""
	return to.String()
}
