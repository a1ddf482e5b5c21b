package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/exchange"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/seed"
)

// rightsTable is who may use what, written out by hand beside the one that
// decides (people.Rights), so that a slip in either shows:
//
//	C commissioner, M board member, H board chair, F finance, S scrutiny,
//	U auditor, A administrator; * anyone signed in; + anyone at all
//
// Every route is here; one that is not fails the test.
const rightsTable = `
GET  /                                          *
GET  /ledger/map                                CMHFSU
GET  /ledger/postings                           CMHFSU
GET  /ledger/monitoring                         CMHFSU
GET  /ledger/monitoring/sum                     CMHFSU
GET  /ledger/edit                               C
POST /ledger/edit                               C
GET  /ledger/allocate                           C
POST /ledger/allocate                           C
GET  /ledger/virement                            C
POST /ledger/virement                            C
GET  /ledger/exception                          F
POST /ledger/exception                          F
GET  /streams                                   CMHFSU
GET  /streams/:id                               CMHFSU
GET  /streams/:id/figures/new                   C
POST /streams/:id/figures/new                   C
GET  /streams/:id/awards/new                    C
POST /streams/:id/awards/new                    C
GET  /streams/:id/terms/new                     C
POST /streams/:id/terms/new                     C
GET  /registers/streams                         C
GET  /registers/streams/new                     C
POST /registers/streams/new                     C
GET  /registers/streams/:id                     C
POST /registers/streams/:id                     C
GET  /registers/awards                          C
GET  /registers/awards/new                      C
POST /registers/awards/new                      C
GET  /registers/awards/:id                      C
POST /registers/awards/:id                      C
GET  /registers/terms                           C
GET  /registers/terms/new                       C
POST /registers/terms/new                       C
GET  /registers/terms/:id                       C
POST /registers/terms/:id                       C
GET  /registers/services                        CF
GET  /registers/services/new                    CF
POST /registers/services/new                    CF
GET  /registers/services/:id                    CF
POST /registers/services/:id                    CF
GET  /registers/objectives                      CF
GET  /registers/objectives/new                  CF
POST /registers/objectives/new                  CF
GET  /registers/objectives/:id                  CF
POST /registers/objectives/:id                  CF
GET  /registers/needs                           CF
GET  /registers/needs/new                       CF
POST /registers/needs/new                       CF
GET  /registers/needs/:id                       CF
POST /registers/needs/:id                       CF
GET  /registers/agreements                      CF
GET  /registers/agreements/new                  CF
POST /registers/agreements/new                  CF
GET  /registers/agreements/:id                  CF
POST /registers/agreements/:id                  CF
GET  /registers/areas                           CF
GET  /registers/areas/new                       CF
POST /registers/areas/new                       CF
GET  /registers/areas/:id                       CF
POST /registers/areas/:id                       CF
GET  /registers/organisations                   CF
GET  /registers/organisations/new               CF
POST /registers/organisations/new               CF
GET  /registers/organisations/:id               CF
POST /registers/organisations/:id               CF
GET  /registers/boards                          CF
GET  /registers/boards/new                      CF
POST /registers/boards/new                      CF
GET  /registers/boards/:id                      CF
POST /registers/boards/:id                      CF
GET  /registers/assumptions                     F
GET  /registers/assumptions/new                 F
POST /registers/assumptions/new                 F
GET  /registers/assumptions/:id                 F
POST /registers/assumptions/:id                 F
GET  /registers/posts                           F
GET  /registers/posts/new                       F
POST /registers/posts/new                       F
GET  /registers/posts/:id                       F
POST /registers/posts/:id                       F
GET  /registers/savings                         CF
GET  /registers/savings/new                     CF
POST /registers/savings/new                     CF
GET  /registers/savings/:id                     CF
POST /registers/savings/:id                     CF
GET  /services/:id/posts/new                    F
POST /services/:id/posts/new                    F
GET  /services                                  CMHFSU
GET  /services/risk                             CMHFSU
GET  /services/:id                              CMHFSU
GET  /services/:id/agreements/new               CF
POST /services/:id/agreements/new               CF
GET  /services/exits                            CMHFSU
GET  /services/:id/exit                         CMHFSU
GET  /services/:id/exit/plan                    C
POST /services/:id/exit/plan                    C
GET  /services/:id/exit/agree                   F
POST /services/:id/exit/agree                   F
GET  /notes                                     CMHF
GET  /notes/new                                 CMHF
POST /notes                                     CMHF
GET  /plan/forecast                             CMHFSU
GET  /plan/forecast/figure                      CMHFSU
GET  /timeline                                  CMHFSU
GET  /timeline/:day                             CMHFSU
GET  /checks                                    CMHFSU
GET  /checks/finding                            CMHFSU
POST /checks/finding                            CF
GET  /checks/duplication                        CMHFSU
GET  /checks/duplication/*                      CMHFSU
POST /checks/duplication/*                      CF
GET  /checks/coverage                           CMHFSU
GET  /checks/coverage/cell                      CMHFSU
GET  /objectives                                CMHFSU
GET  /objectives/:id                            CMHFSU
GET  /boards                                    CMHFSU
GET  /boards/:id                                CMHFSU
GET  /boards/:id/sum                            CMHFSU
GET  /boards/:id/pack                           CMHFSU
GET  /boards/:id/ask                            MH
POST /boards/:id/ask                            MH
GET  /boards/:id/ask/:draft/:question           MH
POST /boards/:id/ask/:draft/:question           MH
GET  /boards/:id/proposals/:n                   CMHFSU
POST /boards/:id/proposals/:n/change            MH
POST /boards/:id/proposals/:n/withdraw          MH
GET  /boards/:id/proposals/:n/prepare           CF
POST /boards/:id/proposals/:n/prepare           CF
GET  /boards/:id/proposals/:n/interest          MH
POST /boards/:id/proposals/:n/interest          MH
GET  /boards/:id/proposals/:n/decide            MH
POST /boards/:id/proposals/:n/decide            MH
GET  /boards/:id/proposals/:n/council/interest  CF
POST /boards/:id/proposals/:n/council/interest  CF
GET  /boards/:id/proposals/:n/council           CF
POST /boards/:id/proposals/:n/council           CF
GET  /boards/:id/proposals/:n/minute            CMHFSU
GET  /boards/:id/money                          F
POST /boards/:id/money                          F
GET  /approvals                                  CFU
GET  /approvals/:id                              CFU
POST /approvals/:id                             F
POST /approvals/:id/withdraw                     CFU
GET  /plan/scenarios                            CMHFSU
GET  /plan/scenarios/new                        CF
POST /plan/scenarios/new                        CF
GET  /plan/scenarios/:id                        CMHFSU
POST /plan/scenarios/:id                        CF
GET  /plan/scenarios/:id/edit                   CF
POST /plan/scenarios/:id/edit                   CF
GET  /plan/scenarios/:id/change                 CF
POST /plan/scenarios/:id/change                 CF
POST /plan/scenarios/:id/remove                 CF
GET  /plan/scenarios/:id/respond                CMHF
POST /plan/scenarios/:id/respond                CMHF
GET  /plan/scenarios/:id/apply                  C
POST /plan/scenarios/:id/apply                  C
GET  /plan/compare                              CMHFSU
GET  /plan/compare/sum                          CMHFSU
GET  /plan/suggest                              CF
POST /plan/suggest                              CF
GET  /import                                    CMHFSU
POST /import                                    CF
GET  /import/:id                                CF
POST /import/:id                                CF
GET  /import/:id/aside.xlsx                     CF
GET  /export                                    CMHFSU
GET  /export/registers.xlsx                      CFSU
GET  /export/template.xlsx                      *
GET  /periods                                   F
GET  /periods/:month                            F
POST /periods/:month                            F
POST /periods/:month/asked                      F
GET  /history                                   CMHFU
GET  /history/:seq                              CMHFU
POST /history/:seq/undo                         CMHF
GET  /search                                    *
GET  /api                                       *
GET  /calendar                                  *
POST /calendar                                  *
POST /calendar/weekly                           *
GET  /views                                     CMHFSU
GET  /views/new                                 CMHFSU
POST /views/new                                 CMHFSU
POST /views/:id/drop                            CMHFSU
GET  /settings                                  A
POST /settings                                  A
POST /settings/undo                             A
GET  /help                                      +
GET  /accessibility                             +
GET  /glossary                                  +
GET  /papers                                    CMHFSU
GET  /papers/next-year                          CMHFSU
GET  /papers/grants                             CMHFSU
GET  /start                                     CF
POST /start                                     CF
GET  /enter/:token                              +
POST /enter/:token                              +
GET  /sign-in                                   +
POST /sign-in                                   +
GET  /sign-in/code                              +
POST /sign-in/code                              +
GET  /sign-in/factor                            +
POST /sign-in/factor                            +
GET  /sign-in/council                           +
GET  /session                                   *
POST /sign-out                                  *
GET  /set-up/:token                             +
POST /set-up/:token                             +
GET  /start/:token                              +
POST /start/:token                              +
GET  /account                                   *
POST /account                                   *
GET  /account/password                          *
POST /account/password                          *
GET  /account/codes                             *
POST /account/codes                             *
POST /account/sessions                          *
GET  /account/prove                             *
POST /account/prove                             *
GET  /account/tokens                            CFU
POST /account/tokens                            CFU
POST /account/tokens/:id/revoke                 CFU
GET  /tokens                                    A
POST /tokens/:id/revoke                         A
GET  /people                                    FUA
GET  /people/new                                A
POST /people/new                                A
GET  /people/events                             UA
GET  /people/:id                                FUA
GET  /people/:id/role                           A
POST /people/:id/role                           A
GET  /people/:id/role/:tenure                   A
POST /people/:id/role/:tenure                   A
POST /people/:id/role/:tenure/decide            F
GET  /people/:id/change                         A
POST /people/:id/change                         A
GET  /people/:id/link                           A
POST /people/:id/link                           A
GET  /people/:id/leave                          A
POST /people/:id/leave                          A
`

// named are the things that routes name: one there is, and one there is not.
// Without one there is, only the absent is asked for.
var named = map[string]struct{ there, absent string }{
	"/services/:id":                {"family-hubs", "nowhere"},
	"/objectives/:id":              {"confident-parents", "nowhere"},
	"/boards/:id":                  {"north", "nowhere"},
	"/streams/:id":                 {"families-first", "nowhere"},
	"/people/:id":                  {"mali", "nobody"},
	"/approvals/:id":               {"", "nowhere"},
	"/import/:id":                  {"", "nowhere"},
	"/views/:id":                   {"", "nowhere"},
	"/tokens/:id":                  {"", "nowhere"},
	"/registers/awards/:id":        {"nrf", "nowhere"},
	"/registers/terms/:id":         {"ff-ages", "nowhere"},
	"/registers/needs/:id":         {"heard-north", "nowhere"},
	"/registers/agreements/:id":    {"family-hubs-agreement", "nowhere"},
	"/registers/areas/:id":         {"north", "nowhere"},
	"/registers/organisations/:id": {"police", "nowhere"},
	"/registers/assumptions/:id":   {"prices", "nowhere"},
	"/registers/posts/:id":         {"play-lead", "nowhere"},
	"/registers/savings/:id":       {"", "nowhere"},
	"/plan/scenarios/:id":          {"more-for-hubs", "nowhere"},
	":n":                           {"dads-group", "none"},
	":seq":                         {"1", "999"},
	":month":                       {"2026-12", "never"},
	":day":                         {"2027-03-31", "never"},
	":tenure":                      {"", "none"},
	":draft":                       {"", "none"},
	":question":                    {"", "title"},
	":token":                       {"", "none"},
	"*":                            {"", "nowhere"},
}

// asker is what a route needs in its query to be about something.
var asker = map[string]string{
	"/ledger/monitoring/sum": "?of=actual&service=family-hubs",
	"/checks/finding":        "?id=expiry/cliff/family-hubs/2027-03-31",
	"/checks/coverage/cell":  "?objective=confident-parents&place=north",
	"/boards/:id/sum":        "?of=left",
	"/plan/compare/sum":      "?line=gap&year=2027-28",
	"/plan/forecast/figure":  "?line=gap&year=2027-28",
	"/notes/new":             "?about=services/family-hubs",
	"/views/new":             "?at=/services",
}

// otherwise are routes at which the demo has nothing yet, and how they say so.
var otherwise = map[string]int{
	"/services/:id/exit/agree":        http.StatusNotFound,  // no plan is written
	"/boards/:id/proposals/:n/minute": http.StatusNotFound,  // nothing is decided
	"/sign-in/council":                http.StatusNotFound,  // the council has no sign-in of its own
	"/account/prove":                  http.StatusForbidden, // nobody has a password
}

// addresses fills in what a route names: with what there is ("" where the test
// makes none), and with what there is not.
func addresses(path string) (there, absent string) {
	there, absent = path, path
	for name, n := range named {
		part := name[strings.LastIndex(name, "/")+1:]
		if name != part && !strings.Contains(path, name) || !slices.Contains(strings.Split(path, "/"), part) {
			continue
		}
		if strings.Count(name, "/") == 0 && part == ":id" {
			continue
		}
		if n.there == "" {
			there = ""
		} else if there != "" {
			there = strings.Replace(there, part, n.there, 1)
		}
		absent = strings.Replace(absent, part, n.absent, 1)
	}
	if there != "" {
		there += asker[path]
	}
	if absent == path {
		absent = ""
	}
	return there, absent
}

// rightsSite is the demo with a second board, and people of every kind.
func rightsSite(t *testing.T) *site {
	t.Helper()
	s := demoServer(t)
	im, err := exchange.ReadFS(fstest.MapFS{
		"boards.csv":      {Data: []byte("id,name,area,kind,decided_by,quorum,call_in_days\norient,East board,east,recommends,Head of service,3,5\n")},
		"delegations.csv": {Data: []byte("id,board,award,agreed_on,2026-27\neast-core,orient,core,2026-05-01,10000\n")},
		"proposals.csv":   {Data: []byte("id,board,service,award,objective,area,year,title,amount,people,what,why,asked_by,asked_on,state\norient-club,orient,play-holiday,core,out-of-trouble,east,2026-27,Club,4000,20,A club.,Out of trouble.,someone,2027-01-05,proposed\n")},
	}, exchange.Options{Author: "demo", Reason: "A second board"})
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
	priya := decide.Actor{Person: "priya", Name: "Priya Shah", Role: "commissioner", Today: s.web.Today()}
	more := scenario.Scenario{ID: "more-for-hubs", Name: "More for hubs", Changes: []scenario.Change{{Kind: scenario.MoneyMoved, Award: "families-first", Service: "young-carers", ToService: "family-hubs", Year: 2027, Amount: 1000_00}}}
	for _, do := range []func(*ledger.Book) (*decide.Outcome, error){
		func(b *ledger.Book) (*decide.Outcome, error) { return scenario.Save(b, priya, more, "", "") },
		func(b *ledger.Book) (*decide.Outcome, error) { return scenario.Share(b, priya, more.ID, "") },
	} {
		if _, err := s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) { return drafted(do(b)) }); err != nil {
			t.Fatal(err)
		}
	}
	s.populate([]seed.Person{
		{ID: "eve", Name: "Eve East", Email: "eve@demo.example", Language: "en", Role: "board member", Board: "orient"},
		{ID: "gone", Name: "Gordon Gone", Email: "gone@demo.example", Language: "en", Role: "commissioner"},
		{ID: "past", Name: "Petra Past", Email: "past@demo.example", Language: "en", Role: "commissioner"},
	})
	return s
}

// change alters what somebody is, as an administrator would.
func (s *site) change(id string, how func(*people.Person)) {
	s.t.Helper()
	p, err := s.store.People().Person(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	how(p)
	if err := s.store.People().Save(context.Background(), p, people.Event{Who: "test", What: "person-changed", About: id}); err != nil {
		s.t.Fatal(err)
	}
}

type reply struct {
	status int
	to     string
	body   string
	took   time.Duration
}

// bareAsk asks without following where it is led, and without a form's fields.
func (b *browser) bareAsk(method, path string) reply {
	b.t.Helper()
	r, err := http.NewRequest(method, b.site.URL+"/"+b.lang+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Body = io.NopCloser(strings.NewReader(""))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	client := b.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	began := time.Now()
	res, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header.Get("Location"), string(body), time.Since(began)}
}

// ledToSignIn reports an answer that nobody signed in is given.
func (r reply) ledToSignIn() bool {
	return r.status == http.StatusSeeOther && strings.HasPrefix(r.to, "/en/sign-in")
}

// TestWhoMayWhat walks every route as everybody.
func TestWhoMayWhat(t *testing.T) {
	type row struct{ method, path, who string }
	var rows []row
	for line := range strings.Lines(rightsTable) {
		if f := strings.Fields(line); len(f) == 3 {
			rows = append(rows, row{f[0], f[1], f[2]})
		} else if len(f) > 0 {
			t.Fatalf("a row of the table reads %q", line)
		}
	}
	for _, r := range Routes() {
		if !slices.ContainsFunc(rows, func(row row) bool { return row.method == r.Method && row.path == r.Path }) {
			t.Errorf("%s %s is not in the table: say who may", r.Method, r.Path)
		}
	}
	for _, row := range rows {
		if !slices.ContainsFunc(Routes(), func(r Route) bool { return row.method == r.Method && row.path == r.Path }) {
			t.Errorf("%s %s is in the table and no route", row.method, row.path)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.method, b.method) }) // GET first: it changes nothing

	s := rightsSite(t)
	visitors := []struct{ id, letter string }{
		{"", ""}, {"gone", ""}, {"past", "-"}, {"priya", "C"}, {"sam", "M"}, {"eve", "E"}, {"chris", "H"}, {"fin", "F"}, {"sue", "S"}, {"aud", "U"}, {"ada", "A"},
	}
	browsers := map[string]*browser{"": s.anyone()}
	for _, v := range visitors[1:] {
		browsers[v.id] = s.as(v.id)
	}
	// What somebody may changes at their next request, though they are signed in.
	s.change("gone", func(p *people.Person) { p.Ended = true })
	s.change("past", func(p *people.Person) { p.Tenures[0].To = s.web.Today() - 1 })
	before := s.book().Sequence()
	for _, row := range rows {
		if row.method == "POST" && before >= 0 {
			if now := s.book().Sequence(); now != before {
				t.Errorf("looking at every page posted %d batches", now-before)
			}
			before = -1
		}
		there, absent := addresses(row.path)
		for _, v := range visitors {
			may := row.who == "+" || row.who == "*" && v.letter != "" || v.letter != "" && v.letter != "-" && strings.Contains(row.who, strings.ReplaceAll(v.letter, "E", "M"))
			for _, path := range []string{there, absent} {
				if path == "" {
					continue
				}
				if v.id != "" && (row.path == "/sign-out" || strings.HasPrefix(row.path, "/account") && row.method == "POST") {
					continue // ends sessions: tried on their own
				}
				// A board of somebody else's, there or not, is told alike.
				othersBoard := strings.HasPrefix(row.path, "/boards/:id") && (strings.Contains("MH", v.letter) && path == absent && !strings.HasPrefix(path, "/boards/north") || v.letter == "E")
				got := browsers[v.id].bareAsk(row.method, path)
				want := ""
				switch {
				case got.status >= 500:
					want = "no fault"
				case v.letter == "" && row.who != "+":
					if !got.ledToSignIn() {
						want = "the way to sign in"
					}
				case otherwise[row.path] != 0 && row.method == "GET" && path == there && may && !othersBoard:
					if got.status != otherwise[row.path] {
						want = "the answer where there is nothing yet"
					}
				case row.who == "*" && row.path == "/" && v.letter == "-", !may, othersBoard:
					if got.status != http.StatusForbidden {
						want = "403"
					}
				case got.ledToSignIn() && row.who != "+", got.status == http.StatusForbidden:
					want = "an answer"
				case path == absent && !strings.Contains(row.path, ":token") && row.method == "GET":
					if got.status != http.StatusNotFound {
						want = "404"
					}
				case path == there && got.status == http.StatusNotFound && row.method == "GET":
					if !reaches(v.letter, path) {
						break
					}
					want = "what there is"
				}
				if want != "" {
					t.Errorf("%s %s as %s answers %d%s: want %s", row.method, path, whoever(v.id), got.status, ledTo(got.to), want)
				}
			}
		}
	}
}

// reaches reports whether what there is lies within the reader's reach: a board
// sees what it pays for.
func reaches(letter, path string) bool {
	if path == "/papers/grants" || strings.HasPrefix(path, "/plan/compare/sum") { // a board is shown no list of awards, nor what others' money adds up to
		return !strings.Contains("MHE", letter)
	}
	return letter != "E" || !slices.ContainsFunc([]string{"family-hubs", "confident-parents", "more-for-hubs", "/streams/", "/timeline/", "/history/"}, func(s string) bool { return strings.Contains(path, s) })
}

func whoever(id string) string {
	if id == "" {
		return "nobody"
	}
	return id
}

func ledTo(to string) string {
	if to == "" {
		return ""
	}
	return " to " + to
}

// TestSignOutEndsTheSession tries what the walk leaves out: the address a person
// was at leads to sign-in once they have gone.
func TestSignOutEndsTheSession(t *testing.T) {
	s := demoServer(t)
	for _, id := range []string{"priya", "sam", "ada"} {
		b := s.as(id)
		at, _ := url.Parse(s.URL)
		cookies := b.http.Jar.Cookies(at)
		if got := b.bareAsk("POST", "/sign-out"); got.status != http.StatusSeeOther {
			t.Errorf("%s signs out: %d", id, got.status)
		}
		stolen := s.anyone()
		stolen.http.Jar.SetCookies(at, cookies)
		if got := stolen.bareAsk("GET", "/account"); !got.ledToSignIn() {
			t.Errorf("the cookie of %s is good after signing out: %d", id, got.status)
		}
	}
}

var requestNumber = regexp.MustCompile(`[A-Z2-7]{12}`)

// TestOthersAndAbsentAreAlike holds what lies outside somebody's reach to the
// very bytes of what is not there, and to its time.
func TestOthersAndAbsentAreAlike(t *testing.T) {
	s := rightsSite(t)
	for _, c := range []struct{ who, others, there, absent string }{
		{"sam", "/boards/%", "orient", "nowhere"},
		{"sam", "/boards/%/pack", "orient", "nowhere"},
		{"sam", "/boards/%/sum?of=left", "orient", "nowhere"},
		{"sam", "/boards/orient/proposals/%", "orient-club", "nowhere-1"},
		{"sam", "/boards/north/proposals/%", "orient-club", "nowhere-1"},
		{"eve", "/boards/north/proposals/%/minute", "dads-group", "nowhere-10"},
		{"sam", "/services/%", "youth-inclusion", "there-is-no-one"},
		{"sam", "/ledger/postings?measure=allocated&service=%", "youth-inclusion", "there-is-no-one"},
		{"priya", "/people/%", "sam", "zoe"},
	} {
		b := s.as(c.who)
		others, absent := strings.ReplaceAll(c.others, "%", c.there), strings.ReplaceAll(c.others, "%", c.absent)
		a, z := b.bareAsk("GET", others), b.bareAsk("GET", absent)
		plain := func(r reply, name string) string {
			return requestNumber.ReplaceAllString(strings.ReplaceAll(r.body, name, "?"), "#")
		}
		if a.status != z.status || a.status < 400 {
			t.Errorf("%s as %s answers %d, and %d where there is nothing", others, c.who, a.status, z.status)
		} else if plain(a, c.there) != plain(z, c.absent) {
			one, other := strings.Split(plain(a, c.there), "\n"), strings.Split(plain(z, c.absent), "\n")
			for i := range min(len(one), len(other)) {
				if one[i] != other[i] {
					t.Errorf("%s as %s reads otherwise than where there is nothing:\n%s\n%s", others, c.who, one[i], other[i])
					break
				}
			}
		}
		var there, gone []time.Duration
		for range 31 { // by turns, so that a busy machine delays both
			there = append(there, b.bareAsk("GET", others).took)
			gone = append(gone, b.bareAsk("GET", absent).took)
		}
		slices.Sort(there)
		slices.Sort(gone)
		if a, z := there[15], gone[15]; a > 2*z+time.Millisecond || z > 2*a+time.Millisecond {
			t.Errorf("%s as %s takes %v, and %v where there is nothing", others, c.who, a, z)
		}
	}
}
