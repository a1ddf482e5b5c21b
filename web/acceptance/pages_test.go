package acceptance

import (
	"slices"
	"strings"
	"testing"

	"braid/ledger/people"
	"braid/seed"
	"braid/web"
)

// stands gives the demo's addresses for routes that name something. A route
// without one fails the walk.
var stands = map[string][]string{
	"/history/:seq":  {"/history/1"},
	"/timeline/:day": {"/timeline/2027-03-31"},
	"/enter/:token":  {"/enter/no-such-link"},
}

// also are addresses that show more of a page than its bare one.
var also = map[string][]string{
	"/ledger/map": {"/ledger/map?place=north&rows=objective", "/ledger/map?unit=k&columns=funder&sort=-total"},
	"/services":   {"/services?place=north", "/services?place=north&provider=nobody"},
	"/timeline":   {"/timeline?by=service"},
}

// stop is a page and whose eyes see it.
type stop struct{ path, person string }

// stops lists every page there is to look at: each GET route's own, by somebody
// whose right it is.
func stops(t testing.TB) []stop {
	t.Helper()
	var all []stop
	for _, r := range web.Routes() {
		if r.Method != "GET" {
			continue
		}
		paths, named := stands[r.Path]
		if !named {
			if strings.Contains(r.Path, ":") {
				t.Errorf("say in stands what the demo has at %s", r.Path)
				continue
			}
			paths = []string{r.Path}
		}
		who := mayUse(r)
		if who == "" && r.Right != web.Anyone {
			t.Errorf("nobody of the demo may use %s (%s)", r.Path, r.Right)
			continue
		}
		for _, path := range slices.Concat(paths, also[r.Path]) {
			all = append(all, stop{path, who})
		}
	}
	return append(all, stop{"/no/such/page", "priya"})
}

// mayUse is the first of the demo's people who may use a route, "" for one that
// needs no right.
func mayUse(r web.Route) string {
	switch r.Right {
	case web.Anyone:
		return ""
	case web.SignedIn:
		return "priya"
	}
	for _, p := range seed.People("demo") {
		who := people.Person{Tenures: []people.Tenure{{Role: people.Role(p.Role), Board: p.Board}}}
		if !who.May(r.Right, seed.AsAt("demo")).Nowhere() {
			return p.ID
		}
	}
	return ""
}
