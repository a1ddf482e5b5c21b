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
	"/history/:seq":                             {"/history/1"},
	"/streams/:id/figures/new":                  {"/streams/families-first/figures/new"},
	"/streams/:id/awards/new":                   {"/streams/families-first/awards/new"},
	"/streams/:id/terms/new":                    {"/streams/families-first/terms/new"},
	"/registers/streams/:id":                    {"/registers/streams/families-first"},
	"/registers/awards/:id":                     {"/registers/awards/families-first"},
	"/registers/terms/:id":                      {"/registers/terms/fs-ages"},
	"/registers/services/:id":                   {"/registers/services/family-hubs"},
	"/registers/objectives/:id":                 {"/registers/objectives/heard"},
	"/registers/needs/:id":                      {"/registers/needs/safe-west"},
	"/registers/agreements/:id":                 {"/registers/agreements/family-hubs-agreement"},
	"/registers/areas/:id":                      {"/registers/areas/north"},
	"/registers/organisations/:id":              {"/registers/organisations/health-board"},
	"/registers/assumptions/:id":                {"/registers/assumptions/prices"},
	"/registers/posts/:id":                      {"/registers/posts/play-lead"},
	"/registers/savings/:id":                    {},
	"/services/:id/posts/new":                   {"/services/play-holiday/posts/new"},
	"/registers/boards/:id":                     {"/registers/boards/north"},
	"/plan/scenarios/:id":                       {"/plan/scenarios/use-money-left", "/plan/scenarios/one-panel"},
	"/plan/scenarios/:id/edit":                  {"/plan/scenarios/one-panel/edit"},
	"/plan/scenarios/:id/change":                {"/plan/scenarios/one-panel/change", "/plan/scenarios/one-panel/change?kind=service-resized&service=youth-inclusion"},
	"/plan/scenarios/:id/respond":               {"/plan/scenarios/use-money-left/respond"},
	"/plan/scenarios/:id/apply":                 {"/plan/scenarios/end-play-scheme/apply"},
	"/plan/compare":                             {"/plan/compare", "/plan/compare?ids=use-money-left&ids=end-play-scheme&unit=k"},
	"/plan/compare/sum":                         {"/plan/compare/sum?line=gap&year=2027-28", "/plan/compare/sum?line=cost&year=2027-28&of=end-play-scheme"},
	"/plan/suggest":                             {"/plan/suggest", "/plan/suggest?from=2027-28&to=2028-29&protect=young-carers&doubts=yes"},
	"/timeline/:day":                            {"/timeline/2027-03-31"},
	"/enter/:token":                             {"/enter/no-such-link"},
	"/set-up/:token":                            {"/set-up/no-such-link"},
	"/start/:token":                             {"/start/no-such-link"},
	"/streams/:id":                              {"/streams/families-first", "/streams/nrf"},
	"/services/:id":                             {"/services/youth-inclusion", "/services/family-hubs"},
	"/services/:id/agreements/new":              {"/services/family-hubs/agreements/new"},
	"/services/:id/exit":                        {"/services/youth-inclusion/exit"},
	"/services/:id/exit/plan":                   {"/services/youth-inclusion/exit/plan"},
	"/plan/forecast/figure":                     {"/plan/forecast/figure?line=gap&year=2027-28", "/plan/forecast/figure?line=likely&year=2028-29&service=early-years", "/plan/forecast/figure?sum=ending&year=2027-28"},
	"/services/:id/exit/agree":                  {"made"},
	"/objectives/:id":                           {"/objectives/safe-from-harm"},
	"/boards/:id":                               {"/boards/north", "/boards/orient"},
	"/boards/:id/sum":                           {"/boards/north/sum?of=left"},
	"/boards/:id/pack":                          {"/boards/north/pack"},
	"/boards/:id/ask":                           {"/boards/north/ask"},
	"/boards/:id/ask/:draft/:question":          {"made"},
	"/boards/:id/money":                         {"/boards/north/money"},
	"/boards/:id/proposals/:n":                  {"/boards/north/proposals/dads-group", "/boards/orient/proposals/orient-club"},
	"/boards/:id/proposals/:n/prepare":          {"/boards/north/proposals/dads-group/prepare"},
	"/boards/:id/proposals/:n/interest":         {"/boards/north/proposals/dads-group/interest"},
	"/boards/:id/proposals/:n/decide":           {"/boards/north/proposals/dads-group/decide"},
	"/boards/:id/proposals/:n/minute":           {"made"},
	"/boards/:id/proposals/:n/council":          {"/boards/orient/proposals/orient-club/council"},
	"/boards/:id/proposals/:n/council/interest": {"/boards/orient/proposals/orient-club/council/interest"},
	"/approvals/:id":                            {"made"},
	"/import/:id":                               {"made"},
	"/import/:id/aside.xlsx":                    {"made"},
	"/export/registers.xlsx":                    {},
	"/export/template.xlsx":                     {},
	"/periods/:month":                           {"/periods/2026-12"},
	"/people/:id":                               {"/people/mali"},
	"/people/:id/change":                        {"/people/mali/change"},
	"/people/:id/role":                          {"/people/mali/role"},
	"/people/:id/role/:tenure":                  {"made"},
	"/people/:id/link":                          {"/people/mali/link"},
	"/people/:id/leave":                         {"/people/mali/leave"},
	"/checks/finding":                           {"/checks/finding?id=expiry/cliff/family-hubs/2027-03-31", "/checks/finding?id=gap/no-service/heard/north"},
	"/checks/duplication/*":                     {"/checks/duplication/commissioned-twice/family-hubs/parenting/2026-27"},
	"/checks/coverage/cell":                     {"/checks/coverage/cell?objective=safe-from-harm&area=west"},
	"/ledger/monitoring/sum":                    {"/ledger/monitoring/sum?of=actual&service=family-hubs"},
	"/ledger/postings":                          {"/ledger/postings", "/ledger/postings?measure=left&award=nrf&year=2026-27", "/ledger/postings?finding=expiry/cliff/youth-inclusion/2027-03-31"},
	"/notes/new":                                {"/notes/new?about=services/family-hubs"},
	"/views/new":                                {"/views/new?at=/services"},
	"/search":                                   {"/search", "/search?q=teulu", "/search?q=zzzz"},
	"/account/prove":                            {"made"}, // asked of those with a password
	"/session":                                  {},       // for scripts
	"/sign-in/council":                          {},
}

// also are addresses that show more of a page than its bare one.
var also = map[string][]string{
	"/ledger/map":      {"/ledger/map?place=north&rows=objective", "/ledger/map?unit=k&columns=funder&sort=-total"},
	"/services":        {"/services?place=north&provider=nobody"},
	"/timeline":        {"/timeline?by=service"},
	"/plan/forecast":   {"/plan/forecast?years=10&show=changes&unit=k&prices=0%25", "/plan/forecast?prices=much"},
	"/checks/coverage": {"/checks/coverage?show=child&when=after"},
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
			if path == "made" {
				continue // a journey leads to it
			}
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
