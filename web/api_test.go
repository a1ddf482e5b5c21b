package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"braid/ledger"
	"braid/ledger/align"
	"braid/ledger/decide"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/ledger/scenario"
	"braid/web/api"
	"braid/web/words"
)

// program calls the API with somebody's token, and holds every answer to the
// OpenAPI document.
type program struct {
	t     *testing.T
	site  *site
	token string
	lang  string
}

func (s *site) program(t *testing.T, id string) *program {
	t.Helper()
	token, err := s.store.People().MakeToken(context.Background(), id, "test", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return &program{t, s, token, "en"}
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (p *program) send(method, path, key string, body string) answer {
	p.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r, err := http.NewRequest(method, p.site.URL+api.Prefix+path, in)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Accept-Language", p.lang)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	a := answer{res.StatusCode, res.Header, data}
	p.holds(method, path, a)
	return a
}

// holds an answer to the schema the document gives for it.
func (p *program) holds(method, path string, a answer) {
	p.t.Helper()
	if a.status >= 400 {
		var problem struct{ Title, Detail, Code string }
		if err := json.Unmarshal(a.body, &problem); err != nil || problem.Code == "" || problem.Detail == "" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
			p.t.Errorf("%s %s: %d is no problem: %s %s", method, path, a.status, a.header.Get("Content-Type"), a.body)
		}
		if strings.Contains(string(a.body), "⟦") {
			p.t.Errorf("%s %s: a message is missing: %s", method, path, a.body)
		}
		return
	}
	doc := p.site.web.api.Document()
	bare, _, _ := strings.Cut(path, "?")
	for pattern, item := range doc.Paths {
		op := item.Get
		if method == http.MethodPost {
			op = item.Post
		}
		if op == nil || !fits(pattern, bare) {
			continue
		}
		var value any
		if err := json.Unmarshal(a.body, &value); err != nil {
			p.t.Errorf("%s %s: %v", method, path, err)
			return
		}
		var found huma.ValidateResult
		huma.Validate(doc.Components.Schemas, op.Responses["200"].Content["application/json"].Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &found)
		for _, err := range found.Errors {
			p.t.Errorf("%s %s is not as documented: %v", method, path, err)
		}
		return
	}
	p.t.Errorf("%s %s is not in the document", method, path)
}

func fits(pattern, path string) bool {
	a, b := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] && !strings.HasPrefix(a[i], "{") {
			return false
		}
	}
	return true
}

func (a answer) is(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("%d, not %d: %s", a.status, status, a.body)
	}
	return a
}

// What a program reads is what the command line prints, to the penny.
func TestAPIPositionIsTheCommandLines(t *testing.T) {
	s := demoServer(t)
	got := s.program(t, "priya").send("GET", "/position?by=stream,year&where=year%3D2026-27", "", "").is(t, 200)
	v := s.book().View(s.web.Today())
	var want bytes.Buffer
	if err := report.PositionJSON(&want, v, v.Position([]ledger.Dimension{ledger.ByStream, ledger.ByYear}, ledger.Filter{ledger.ByYear: "2026-27"})); err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(got.body, &a) != nil || json.Unmarshal(want.Bytes(), &b) != nil {
		t.Fatal("not JSON")
	}
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("the API says\n%v\nand the command line\n%v", a, b)
	}
}

func TestAPIReads(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	for path, want := range map[string]string{
		"/entries?column=left&where=stream%3Dnrf,year%3D2026-27": `"total":"-20000.00"`,
		"/findings?kind=expiry&rule=cliff":                       `"amount":"350000.00"`,
		"/findings?rule=cliff&lang=cy":                           "Paneli cynhwysiant ieuenctid",
		"/map?year=2026-27":                                      `"left":"-20000.00"`,
		"/monitoring?year=2026-27":                               `"forecast_outturn":null`,
		"/endings":                                               `"amount":"900000.00"`,
		"/boards/north/position?year=2026-27":                    `"left":"32000.00"`,
		"/registers/services?size=3":                             `"count":8`,
		"/batches":                                               `"author":"demo"`,
		"/batches/1?size=5":                                      `"sequence":1`,
		"/me":                                                    `"role":"commissioner"`,
		"/coverage?year=2026-27":                                 `"open":["gap/`,
		"/timeline?year=2026-27":                                 `"band":"stops"`,
		"/asks":                                                  `"count":0`,
		"/boards/north/proposals":                                `"amount":`,
		"/notes":                                                 `"notes":[]`,
		"/registers/exits":                                       `"count":0`,
		"/boards/north/position?year=2027-28":                    `"year":"2027-28"`,
		"/position?by=service&as_at=2027-04-01&where=year%3D2026-27": `"as_at":"2027-04-01"`,
	} {
		if got := p.send("GET", path, "", "").is(t, 200); !strings.Contains(string(got.body), want) {
			t.Errorf("%s lacks %s:\n%.600s", path, want, got.body)
		}
	}
	nobody := &program{t, s, "", "cy"}
	if got := nobody.send("GET", "/map", "", "").is(t, 401); !strings.Contains(string(got.body), "Anfonwch docyn") {
		t.Errorf("not in Welsh: %s", got.body)
	}
	nobody.token = "nonsense"
	nobody.send("GET", "/map", "", "").is(t, 401)
	p.send("GET", "/nowhere", "", "").is(t, 404)
	p.send("DELETE", "/map", "", "").is(t, 405)
	p.send("GET", "/batches/999", "", "").is(t, 404)
	p.send("GET", "/position?by=colour", "", "").is(t, 422)
	p.send("GET", "/map?year=1999", "", "").is(t, 422)
}

const dads = `{"award":"families-first","service":"parenting","year":"2026-27","amount":"1000.00","reason":"a larger group"}`

// One effect however often it is sent, and the first answer byte for byte.
func TestAPIDoesOnce(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	before := s.book().Sequence()
	first := p.send("POST", "/allocations", "k-1", dads).is(t, 200)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			if again := p.send("POST", "/allocations", "k-1", dads); again.status != 200 || !bytes.Equal(again.body, first.body) {
				t.Errorf("again: %d %s", again.status, again.body)
			}
		})
	}
	all.Wait()
	if n := s.book().Sequence(); n != before+1 {
		t.Errorf("%d batches were posted", n-before)
	}
	other := strings.Replace(dads, "1000.00", "1001.00", 1)
	if got := p.send("POST", "/allocations", "k-1", other).is(t, 422); !strings.Contains(string(got.body), "key-reused") {
		t.Errorf("another request under the same key: %s", got.body)
	}
	p.send("POST", "/allocations", "", dads).is(t, 422)
	p.send("POST", "/allocations", "bad key", dads).is(t, 422)
	if got := p.send("POST", "/allocations", "k-2", strings.Replace(dads, "1000.00", "95000.01", 1)).is(t, 422); !strings.Contains(string(got.body), "short-award") || !strings.Contains(string(got.body), "95,000") {
		t.Errorf("more than is left: %s", got.body)
	}
	if n := s.book().Sequence(); n != before+1 {
		t.Error("what was refused left something")
	}
	p.send("POST", fmt.Sprintf("/batches/%d/undo", before+1), "k-3", "{}").is(t, 200)
	if got := p.send("POST", "/batches/1/undo", "k-5", "{}").is(t, 403); !strings.Contains(string(got.body), "not-undone") {
		t.Errorf("another's batch: %s", got.body)
	}
	// what more than one may do is answered so, and can be asked for
	big := `{"award":"childrens-fund","from":"play-holiday","to":"young-carers","year":"2026-27","amount":"50000.01","reason":"more carers"}`
	if got := p.send("POST", "/virements", "k-4", big); got.status != 409 && got.status != 422 {
		t.Errorf("beyond the limit: %d %s", got.status, got.body)
	}
}

func TestAPIJudgesOnTheFactsSeen(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	var found struct {
		Findings []struct{ ID, Facts string }
		Count    int
	}
	read := func() {
		found.Findings = nil
		if err := json.Unmarshal(p.send("GET", "/findings?kind=duplication", "", "").is(t, 200).body, &found); err != nil {
			t.Fatal(err)
		}
	}
	read()
	if found.Count != 3 {
		t.Fatalf("%d pairs", found.Count)
	}
	say := func(facts string) string {
		body, _ := json.Marshal(map[string]string{"finding": found.Findings[0].ID, "facts": facts, "verdict": "both needed", "reason": "different families"})
		return string(body)
	}
	p.send("POST", "/judgements", "j-1", say("0000000000000000")).is(t, 409)
	p.send("POST", "/judgements", "j-2", say(found.Findings[0].Facts)).is(t, 200)
	if read(); found.Count != 2 {
		t.Errorf("%d pairs after one was answered", found.Count)
	}
}

// JSON that could be read in two ways is not read.
func TestAPIStrictJSON(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	before := s.book().Sequence()
	deep := strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000)
	for name, body := range map[string]string{
		"repeated key":   strings.Replace(dads, `"amount"`, `"amount":"5.00","amount"`, 1),
		"case twin":      strings.Replace(dads, `"amount"`, `"Amount":"5.00","amount"`, 1),
		"unknown field":  strings.Replace(dads, `"amount"`, `"posted_by":"x","amount"`, 1),
		"proto":          strings.Replace(dads, `"amount"`, `"__proto__":{},"amount"`, 1),
		"trailing text":  dads + " and more",
		"two documents":  dads + dads,
		"cut":            dads[:len(dads)/2],
		"deep":           deep,
		"array":          "[" + dads + "]",
		"null":           "null",
		"number":         strings.Replace(dads, `"1000.00"`, `1000.00`, 1),
		"three places":   strings.Replace(dads, "1000.00", "1000.005", 1),
		"exponent":       strings.Replace(dads, "1000.00", "1e3", 1),
		"comma":          strings.Replace(dads, "1000.00", "1,000.00", 1),
		"negative":       strings.Replace(dads, "1000.00", "-1000.00", 1),
		"not known":      strings.Replace(dads, `"1000.00"`, "null", 1),
		"huge":           strings.Replace(dads, "1000.00", "99999999999999.99", 1),
		"single quotes":  strings.ReplaceAll(dads, `"`, `'`),
		"comment":        "/* */" + dads,
		"mark":           "\ufeff" + dads,
		"bad UTF-8":      strings.Replace(dads, "larger", "\xff", 1),
		"NUL":            strings.Replace(dads, "larger", `\u0000`, 1),
		"lone surrogate": strings.Replace(dads, "larger", `\ud800`, 1) + " ",
		"no reason":      strings.Replace(dads, "a larger group", "", 1),
		"June":           strings.Replace(dads, "2026-27", "2026-06", 1),
		"absent award":   strings.Replace(dads, "families-first", "nowhere", 1),
		"absent service": strings.Replace(dads, "parenting", "nowhere", 1),
	} {
		if name == "lone surrogate" {
			continue // becomes the replacement character, which is text
		}
		if got := p.send("POST", "/allocations", "s-"+strings.ReplaceAll(name, " ", "-"), body); got.status < 400 || got.status >= 500 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if n := s.book().Sequence(); n != before {
		t.Errorf("%d batches were posted", n-before)
	}
}

// Who may do what by token is who may do it by page: a token has its owner's
// rights, as they are when it is used.
func TestAPIRights(t *testing.T) {
	s := demoServer(t)
	doc := s.web.api.Document()
	today := s.web.Today()
	for _, id := range []string{"priya", "fin", "aud"} {
		p := s.program(t, id)
		who, err := s.store.People().Person(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		for path, item := range doc.Paths {
			for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post} {
				if op == nil {
					continue
				}
				right, _ := op.Metadata["right"].(people.Action)
				to := strings.NewReplacer("{board}", "north", "{register}", "services", "{sequence}", "1", "{ask}", "none", "{month}", "2020-01", "{proposal}", "none", "{service}", "parenting").Replace(path)
				body := ""
				if method == "POST" {
					body = "{}"
				}
				got := p.send(method, to, "r", body)
				if barred := got.status == 403 && strings.Contains(string(got.body), `"not-allowed"`); barred != (right != "token" && who.May(right, today).Nowhere()) {
					t.Errorf("%s %s %s: %d, and the right is %v", id, method, path, got.status, who.May(right, today))
				}
			}
		}
	}
}

// asked sends what JSON text cannot be typed without mistakes.
func (p *program) asked(path, key string, body any) answer {
	p.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.send("POST", path, key, string(text))
}

func (a answer) says(t *testing.T, want string) answer {
	t.Helper()
	if !strings.Contains(string(a.body), want) {
		t.Errorf("lacks %s:\n%.1500s", want, a.body)
	}
	return a
}

type fields map[string]any

// An import by program does what its preview said, or nothing.
func TestAPIImports(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	before := s.book().Sequence()
	file := fields{"name": "organisations.csv", "content": "id,name\nacorn,Acorn Families\nbarnardos,Barnardo's Cymru\n", "reason": "two partners"}
	with := func(of fields, more ...any) fields {
		all := fields{}
		for k, v := range of {
			all[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			all[more[i].(string)] = more[i+1]
		}
		return all
	}
	var seen struct {
		Preview struct {
			Digest string
			Ready  bool
			Sheets []struct {
				Register             string
				Added, Changed, Same int
			}
		}
	}
	got := p.asked("/imports", "", with(file, "preview", true)).is(t, 200)
	if err := json.Unmarshal(got.body, &seen); err != nil || !seen.Preview.Ready || len(seen.Preview.Sheets) != 1 || seen.Preview.Sheets[0].Added != 2 {
		t.Fatalf("%v %s", err, got.body)
	}
	if s.book().Sequence() != before {
		t.Fatal("a preview saved something")
	}
	digest := seen.Preview.Digest
	p.asked("/imports", "", with(file, "digest", digest)).is(t, 422).says(t, "Idempotency-Key")
	p.asked("/imports", "i-0", with(file)).is(t, 422).says(t, "body.digest")
	p.asked("/imports", "i-0", with(file, "digest", digest, "reason", "")).is(t, 422).says(t, "body.reason")
	p.asked("/imports", "i-0", with(file, "digest", strings.Repeat("0", 32))).is(t, 409).says(t, "import-changed")
	first := p.asked("/imports", "i-1", with(file, "digest", digest)).is(t, 200).says(t, "acorn").says(t, "organisations.csv")
	if again := p.asked("/imports", "i-1", with(file, "digest", digest)); !bytes.Equal(again.body, first.body) {
		t.Errorf("again: %d %s", again.status, again.body)
	}
	p.asked("/imports", "i-1", with(file, "digest", digest, "reason", "other")).is(t, 422).says(t, "key-reused")
	p.asked("/imports", "i-2", with(file, "digest", digest)).is(t, 409).says(t, "import-nothing")
	if n := s.book().Sequence(); n != before+1 {
		t.Errorf("%d batches were posted", n-before)
	}

	// what stands is compared, cell by cell; as base64 too
	changed := base64.StdEncoding.EncodeToString([]byte("id,name\nacorn,Acorn\nnothing\n"))
	p.asked("/imports", "", fields{"name": "organisations.csv", "content": changed, "encoding": "base64", "preview": true}).is(t, 200).says(t, `"problems_count":1`).says(t, `"ready":false`).says(t, `"row":3`)
	p.asked("/imports", "", fields{"name": "organisations.csv", "content": "id,name\nacorn,Acorn\n", "preview": true}).is(t, 200).says(t, `{"register":"organisations","id":"acorn","column":"name","was":"Acorn Families","now":"Acorn"}`)
	welsh := &program{t, s, p.token, "cy"}
	bad := fields{"name": "services.csv", "content": "id,name,starts\nx,Clwb,31/04/2027\n", "preview": true}
	english := p.asked("/imports", "", bad).is(t, 200).says(t, `"column":"starts"`)
	if bytes.Equal(welsh.asked("/imports", "", bad).is(t, 200).body, english.body) {
		t.Error("a problem is not told in Welsh")
	}
	p.asked("/imports", "", with(bad, "preview", true, "set_aside", true)).is(t, 200).says(t, `"set_aside":1`)
	p.asked("/imports", "i-3", with(bad, "preview", false, "reason", "r", "digest", "d")).is(t, 422).says(t, "import-problems")

	// who may import what is the pages' rule
	payments := fields{"name": "payments.csv", "content": "date,amount,award,service\n2027-01-05,10.00,families-first,parenting\n", "preview": true}
	p.asked("/imports", "", payments).is(t, 403).says(t, "for-finance")
	s.program(t, "fin").asked("/imports", "", payments).is(t, 200).says(t, `"in":"10.00"`)
	p.asked("/imports", "", fields{"name": "limits.csv", "content": "id,role,action,amount\na,commissioner,virement,1.00\n", "preview": true}).is(t, 403).says(t, "not-imported")
	large := "award,service,year,amount\nfamilies-first,parenting,2026-27,60000.00\n"
	p.asked("/imports", "", fields{"name": "allocations.csv", "content": large, "preview": true}).is(t, 200).says(t, `"in":"60000.00"`)

	// what no file is
	for name, body := range map[string]fields{
		"a path":        {"name": "../services.csv", "content": "id,name\n"},
		"another kind":  {"name": "services.exe", "content": "id,name\n"},
		"no base64":     {"name": "services.csv", "content": "%%%", "encoding": "base64"},
		"no mapping":    {"name": "services.csv", "content": "id,name\n", "mapping": "/etc/passwd"},
		"no register":   {"name": "services.csv", "content": "id,name\n", "register": "asks"},
		"nothing":       {"name": "services.csv", "content": ""},
		"unknown field": {"name": "services.csv", "content": "id,name\n", "author": "x"},
	} {
		if got := p.asked("/imports", "", with(body, "preview", true)); got.status != 422 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	p.asked("/imports", "", fields{"name": "services.csv", "content": strings.Repeat("x", 10<<20+1), "preview": true}).is(t, 413)
	p.asked("/imports", "", fields{"name": "services.csv", "content": strings.Repeat("x", 16<<20), "preview": true}).is(t, 413)
	p.asked("/notes", "big", fields{"about": "services/parenting", "text": strings.Repeat("x", 2<<20)}).is(t, 413)

	// two at once, and no third
	for range cap(filesRead) {
		filesRead <- struct{}{}
	}
	busy := p.asked("/imports", "", with(file, "preview", true)).is(t, 429).says(t, `"busy"`)
	if busy.header.Get("Retry-After") == "" {
		t.Error("it is not said when to try again")
	}
	for range cap(filesRead) {
		<-filesRead
	}
}

// What an officer does by program is held to what the pages hold it to.
func TestAPIOfficers(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.program(t, "priya"), s.program(t, "fin")

	note := fields{"about": "services/parenting", "text": "The provider rang.", "link": "https://example.org/letter"}
	first := priya.asked("/notes", "n-1", note).is(t, 200)
	if again := priya.asked("/notes", "n-1", note); !bytes.Equal(first.body, again.body) {
		t.Errorf("again: %s", again.body)
	}
	priya.asked("/notes", "n-2", fields{"about": "services/nowhere", "text": "x"}).is(t, 404)
	priya.asked("/notes", "n-3", fields{"about": "services/parenting", "text": "x", "link": "javascript:alert(1)"}).is(t, 422)
	priya.send("GET", "/notes?about=services/parenting", "", "").is(t, 200).says(t, "The provider rang.").says(t, `"count":1`)

	plan := fields{"version": "", "option": "mainstream", "owner": "Head of Service", "exit_cost": nil, "reason": "the grant ends"}
	fin.asked("/services/parenting/exit", "e-0", plan).is(t, 403)
	priya.asked("/services/parenting/exit", "e-1", plan).is(t, 200).says(t, `"exit_cost":"?"`)
	priya.asked("/services/parenting/exit", "e-2", plan).is(t, 422).says(t, "changed-record")
	var rows struct{ Rows []struct{ Version string } }
	read := func() string {
		if err := json.Unmarshal(fin.send("GET", "/registers/exits", "", "").is(t, 200).body, &rows); err != nil || len(rows.Rows) != 1 {
			t.Fatalf("%v %v", err, rows)
		}
		return rows.Rows[0].Version
	}
	fin.asked("/services/parenting/exit/agree", "e-3", fields{"version": "stale", "reason": "agreed"}).is(t, 422)
	fin.asked("/services/parenting/exit/agree", "e-4", fields{"version": read(), "reason": "agreed"}).is(t, 200).says(t, `"state":"agreed"`)
	fin.asked("/services/nowhere/exit/agree", "e-5", fields{"version": "x", "reason": "agreed"}).is(t, 404)

	fin.asked("/exceptions", "x-1", fields{"award": "families-first", "service": "parenting", "term": "award-period", "ground": "agreed by letter"}).is(t, 200)
	fin.asked("/exceptions", "x-2", fields{"award": "families-first", "service": "parenting", "term": "no-such-term", "ground": "none"}).is(t, 422)
	priya.asked("/exceptions", "x-3", fields{"award": "families-first", "service": "parenting", "term": "award-period", "ground": "mine"}).is(t, 403)
	priya.send("GET", "/registers/exceptions", "", "").is(t, 200).says(t, "agreed by letter")
	risk := fields{"award": "families-first", "ceiling": "1000.00", "until": "2027-03-31", "bears_loss": "The council", "reason": "staff must be kept"}
	fin.asked("/at-risk-approvals", "r-1", risk).is(t, 200)
	risk["until"] = "2020-01-01"
	fin.asked("/at-risk-approvals", "r-2", risk).is(t, 422).says(t, "bad-date")
	priya.asked("/at-risk-approvals", "r-3", risk).is(t, 403)

	// one takes back one's own, and finance any; what two did together, nobody alone
	seq := s.book().Sequence()
	priya.send("POST", fmt.Sprintf("/batches/%d/undo", seq), "u-1", "{}").is(t, 403)
	priya.send("POST", fmt.Sprintf("/batches/%d/undo", seq+1), "u-2", "{}").is(t, 404)

	// a month is closed by one and opened by two
	why := fields{"reason": "month end"}
	fin.asked("/periods/2026-05/finance-only", "p-1", why).is(t, 200).says(t, `"state":"finance-only"`)
	fin.asked("/periods/2026-05/close", "p-2", why).is(t, 200)
	fin.asked("/periods/2026-05/reopen", "p-3", why).is(t, 200)
	var asks struct{ Asks []struct{ ID, Kind string } }
	if err := json.Unmarshal(fin.send("GET", "/asks?state=asked", "", "").is(t, 200).body, &asks); err != nil || len(asks.Asks) != 1 || asks.Asks[0].Kind != "reopen" {
		t.Fatalf("%v %v", err, asks)
	}
	at := "/asks/" + asks.Asks[0].ID
	fin.send("GET", at, "", "").is(t, 200).says(t, `"month":"2026-05"`)
	priya.send("GET", at, "", "").is(t, 200)
	fin.asked(at+"/approve", "p-4", why).is(t, 422).says(t, "own-request")
	fin.asked(at+"/withdraw", "p-5", why).is(t, 200)
	fin.asked(at+"/withdraw", "p-6", why).is(t, 422).says(t, "not-waiting")
	fin.send("GET", "/asks/none", "", "").is(t, 404)

	// rows of money registers take the right in money; figures are stated apart
	stream := fields{"id": "play-fund", "version": "", "values": fields{"name": "Play Fund"}, "reason": "announced"}
	fin.asked("/registers/streams", "s-1", stream).is(t, 403)
	priya.asked("/registers/streams", "s-2", stream).is(t, 200)
	award := fields{"id": "play-2027", "version": "", "values": fields{"stream": "play-fund", "amount": "5.00"}, "reason": "announced"}
	priya.asked("/registers/awards", "s-3", award).is(t, 422)
	award["values"] = fields{"stream": "play-fund", "starts": "2027-04-01", "ends": "2028-03-31"}
	priya.asked("/registers/awards", "s-4", award).is(t, 200)
	term := fields{"id": "play-ages", "version": "", "values": fields{"stream": "play-fund", "rule": "ages", "value": "young"}, "reason": "the letter"}
	priya.asked("/registers/terms", "s-5", term).is(t, 422).says(t, "body.values.value")
	fin.send("POST", fmt.Sprintf("/batches/%d/undo", s.book().Sequence()), "u-3", "{}").is(t, 422).says(t, "cannot-undo")
	term["values"] = fields{"stream": "play-fund", "rule": "ages", "value": "0-3"}
	priya.asked("/registers/terms", "s-6", term).is(t, 200)
	priya.asked("/registers/services", "s-7", fields{"id": "den", "version": "", "values": fields{"name": "The Den", "2026-27": "1200.00"}, "reason": "new"}).is(t, 200).says(t, `"2026-27":"1200.00"`)
}

// What HTTP lets one say in two ways, or in no way of ours, is refused; nothing
// is saved of it.
func TestAPIStrictHTTP(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	before := s.book().Sequence()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(dads))
	z.Close()
	for name, c := range map[string]struct {
		method, path, body string
		header             map[string]string
		status             int
	}{
		"no Content-Type":         {"POST", "/allocations", dads, map[string]string{"Content-Type": ""}, 415},
		"a form":                  {"POST", "/allocations", "award=x", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 415},
		"plain text":              {"POST", "/allocations", dads, map[string]string{"Content-Type": "text/plain"}, 415},
		"JSON of another charset": {"POST", "/allocations", dads, map[string]string{"Content-Type": "application/json; charset=utf-16"}, 415},
		"broken Content-Type":     {"POST", "/allocations", dads, map[string]string{"Content-Type": "application/json; charset"}, 415},
		"packed":                  {"POST", "/allocations", packed.String(), map[string]string{"Content-Encoding": "gzip"}, 415},
		"empty body":              {"POST", "/allocations", "", nil, 400},
		"UTF-16":                  {"POST", "/allocations", "\xff\xfe{\x00}\x00", nil, 400},
		"many keys":               {"POST", "/allocations", `{` + strings.Repeat(`"a":1,`, 20000) + `"b":1}`, nil, 400},
		"wants HTML":              {"GET", "/map", "", map[string]string{"Accept": "text/html"}, 406},
		"refuses JSON":            {"GET", "/map", "", map[string]string{"Accept": "*/*, application/json;q=0"}, 406},
		"wants JSON or anything":  {"GET", "/map", "", map[string]string{"Accept": "text/html, application/json;q=0.1"}, 200},
		"wants any application":   {"GET", "/map", "", map[string]string{"Accept": "application/*"}, 200},
		"parameter twice":         {"GET", "/map?year=2026-27&year=2027-28", "", nil, 422},
		"unknown parameter":       {"GET", "/map?sort=1%3BDROP", "", nil, 422},
		"parameter of the body":   {"POST", "/allocations?amount=5.00", dads, nil, 422},
		"broken query":            {"GET", "/map?year=%zz", "", nil, 400},
		"query of no text":        {"GET", "/map?year=%ff", "", nil, 400},
		"page nought":             {"GET", "/findings?page=0", "", nil, 422},
		"page of words":           {"GET", "/findings?page=two", "", nil, 422},
		"page below nought":       {"GET", "/findings?page=-1", "", nil, 422},
		"page of 10^9":            {"GET", "/findings?page=1000000000", "", nil, 422},
		"page beyond the end":     {"GET", "/findings?page=100000", "", nil, 200},
		"size of 201":             {"GET", "/findings?size=201", "", nil, 422},
		"size of 2^63":            {"GET", "/findings?size=9223372036854775808", "", nil, 422},
		"ten dimensions":          {"GET", "/position?by=year,year,year,year,year,year,year,year,year,year", "", nil, 422},
		"batch nought":            {"GET", "/batches/0", "", nil, 422},
		"batch of 2^63":           {"GET", "/batches/9223372036854775808", "", nil, 422},
		"batch of words":          {"GET", "/batches/one", "", nil, 422},
		"an id with a slash":      {"GET", "/asks/a%2Fb", "", nil, 404},
		"an id with spaces":       {"GET", "/proposals/a%20b", "", nil, 404},
		"an id with NUL":          {"GET", "/proposals/a%00b", "", nil, 400},
		"an id that climbs":       {"GET", "/proposals/..%2f..%2fme", "", nil, 404},
		"another's board":         {"GET", "/boards/nowhere/proposals", "", nil, 404},
		"method override":         {"GET", "/allocations", "", map[string]string{"X-HTTP-Method-Override": "POST"}, 405},
		"body on GET":             {"GET", "/map", dads, nil, 200},
		"long address":            {"GET", "/map?year=" + strings.Repeat("x", 9<<10), "", nil, 414},
		"bad language":            {"GET", "/map", "", map[string]string{"Accept-Language": "x;q=z,,;"}, 200},
		"cookie for a token":      {"GET", "/map", "", map[string]string{"Authorization": "", "Cookie": "session=" + p.token}, 401},
		"token in lower case":     {"GET", "/map", "", map[string]string{"Authorization": "Basic " + p.token}, 401},
		"long key":                {"POST", "/allocations", dads, map[string]string{"Idempotency-Key": strings.Repeat("k", 256)}, 422},
		"reason of blanks":        {"POST", "/allocations", strings.Replace(dads, "a larger group", "   ", 1), nil, 422},
	} {
		r, err := http.NewRequest(c.method, p.site.URL+api.Prefix+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r.Header.Set("Authorization", "Bearer "+p.token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "h-"+strings.ReplaceAll(name, " ", "-"))
		for k, v := range c.header {
			if r.Header.Set(k, v); v == "" {
				r.Header.Del(k)
			}
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.status {
			t.Errorf("%s: %d, not %d: %.300s", name, res.StatusCode, c.status, body)
		}
		if bare := c.status == 414; c.status >= 400 && !bare && !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s is no problem: %s %.300s", name, res.Header.Get("Content-Type"), body)
		}
	}
	if n := s.book().Sequence(); n != before {
		t.Errorf("%d batches were posted", n-before)
	}
}

// An officer of an area reads and does what lies in it; a board's member, what
// is the board's.
func TestAPIReach(t *testing.T) {
	s := demoServer(t)
	s.officer("olwen", "north")
	north := s.program(t, "olwen")
	north.send("GET", "/me", "", "").is(t, 200).says(t, `"area":"north"`).says(t, `{"right":"allocate","areas":["north"]}`)
	whole := map[string]fields{
		"streams": {"name": "Mine"}, "awards": {"stream": "core"}, "objectives": {"name": "Mine"}, "boards": {"name": "Mine", "area": "north"},
	}
	for register, values := range whole {
		north.asked("/registers/"+register, "w-"+register, fields{"id": "mine", "version": "", "values": values, "reason": "r"}).is(t, 403).says(t, "whole-council")
	}
	hub := func(areas string) fields {
		return fields{"id": "hub-" + areas, "version": "", "values": fields{"name": "Hub", "areas": areas}, "reason": "r"}
	}
	north.asked("/registers/services", "h-1", hub("east")).is(t, 422)
	north.asked("/registers/services", "h-2", hub("north;east")).is(t, 422)
	north.asked("/registers/services", "h-3", hub("")).is(t, 422)
	north.asked("/registers/services", "h-4", hub("north")).is(t, 200)
	north.asked("/figures", "f-1", fields{"award": "nrf", "year": "2026-27", "amount": "1.00", "certainty": "revised", "stated_on": "2027-01-11", "reason": "r"}).is(t, 403)
	file := func(areas string) fields {
		return fields{"name": "services.csv", "content": "id,name,areas\nden,The Den," + areas + "\n", "preview": true}
	}
	north.asked("/imports", "", file("north")).is(t, 200).says(t, `"ready":true`)
	north.asked("/imports", "", file("east")).is(t, 403).says(t, "outside-area").says(t, "services/den")
	for _, path := range []string{"/coverage", "/timeline", "/notes", "/asks", "/registers/needs", "/boards/north/proposals"} {
		north.send("GET", path, "", "").is(t, 200)
	}

	// the board's proposal, from asking to the minute
	sam, chris, mali, priya := s.program(t, "sam"), s.program(t, "chris"), s.program(t, "mali"), s.program(t, "priya")
	ask := fields{"id": "walks", "board": "north", "title": "Walks", "amount": "500.00", "year": "2026-27", "award": "families-first", "service": "parenting", "objective": "confident-parents", "area": "north",
		"what": "Walks for families.", "why": "Parents who know each other."}
	sam.asked("/proposals", "b-1", ask).is(t, 200)
	priya.asked("/proposals", "b-2", ask).is(t, 403)
	chris.send("GET", "/boards/north/proposals?state=proposed", "", "").is(t, 200).says(t, `"id":"walks"`).says(t, `"people":null`)
	priya.asked("/proposals/walks/prepare", "b-3", fields{"award": "families-first", "service": "nowhere"}).is(t, 404)
	held := fields{"outcome": "pay", "held_on": "2027-01-11", "present": 6, "for": 5, "against": 0, "abstained": 1, "reason": "a good thing", "second": "mali"}
	chris.asked("/proposals/walks/decision", "b-4", held).is(t, 422).says(t, "not-declared")
	chris.asked("/proposals/walks/interest", "b-5", fields{"interest": false}).is(t, 200)
	mali.asked("/proposals/walks/interest", "b-6", fields{"interest": false}).is(t, 200)
	priya.asked("/proposals/walks/council/decision", "b-7", held).is(t, 422).says(t, "other-board")
	chris.asked("/proposals/walks/decision", "b-8", held).is(t, 200)
	mali.send("GET", "/proposals/walks", "", "").is(t, 200).says(t, `"state":"approved"`).says(t, `"outcome":"pay"`).says(t, `"for":5`).says(t, `"name":"Mali Rees"`)
	ask["id"] = "trips"
	sam.asked("/proposals", "b-9", ask).is(t, 200)
	mali.asked("/proposals/trips/withdraw", "b-10", fields{}).is(t, 422).says(t, "not-asker")
	sam.asked("/proposals/trips/withdraw", "b-11", fields{}).is(t, 200).says(t, `"state":"withdrawn"`)
	sam.send("GET", "/registers/awards", "", "").is(t, 200).says(t, `"count":0`)
	sam.send("GET", "/asks", "", "").is(t, 403)
	sam.send("GET", "/coverage", "", "").is(t, 200)
	sam.send("GET", "/timeline", "", "").is(t, 200)
}

// Every operation is told in both languages.
func TestAPIWords(t *testing.T) {
	s := demoServer(t)
	for path, item := range s.web.api.Document().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op == nil {
				continue
			}
			for _, l := range []words.Lang{words.English, words.Welsh} {
				if !words.In(l).Has("api.op." + op.OperationID) {
					t.Errorf("%s: nothing says %s in %s", path, op.OperationID, l)
				}
			}
		}
	}
}

// Headers beyond 32 KiB are refused before anybody is asked for.
func TestAPILongHeaders(t *testing.T) {
	s := demoServer(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.web.Serve(ctx, l) }()
	r, err := http.NewRequest("GET", "http://"+l.Addr().String()+api.Prefix+"/map", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+strings.Repeat("x", 100<<10))
	res, err := http.DefaultClient.Do(r)
	if err == nil { // the line may also be cut before the answer is read
		res.Body.Close()
		if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%d", res.StatusCode)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// The gaps of the coverage are those of the checks, and its money the ledger's.
func TestAPICoverageIsTheChecks(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	var cover struct {
		Open  []string
		Cells []struct{ Allocated string }
	}
	var found struct{ Findings []struct{ ID string } }
	var position struct{ Total struct{ Allocated string } }
	for path, into := range map[string]any{"/coverage?year=2026-27": &cover, "/findings?kind=gap&rule=no-service&size=200": &found, "/position?by=year&where=year%3D2026-27": &position} {
		if err := json.Unmarshal(p.send("GET", path, "", "").is(t, 200).body, into); err != nil {
			t.Fatal(err)
		}
	}
	open := map[string]bool{}
	for _, f := range found.Findings {
		open[f.ID] = true
	}
	for _, id := range cover.Open {
		if !open[id] {
			t.Errorf("%s is a gap of the coverage alone", id)
		}
	}
	var sum money.Pence
	for _, c := range cover.Cells {
		if c.Allocated == "" {
			continue
		}
		pence, err := money.ParsePence(c.Allocated)
		if err != nil {
			t.Fatal(err)
		}
		sum += pence
	}
	if len(cover.Open) == 0 || sum.String() != position.Total.Allocated {
		t.Errorf("%d gaps; cells of %s, and the ledger says %s", len(cover.Open), sum, position.Total.Allocated)
	}
}

// The forecast a program reads is the command line's, every figure opens to what
// adds up to it, and nobody sees more than is theirs.
func TestAPIForecast(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	v := s.book().View(s.web.Today())
	projection := forecast.Project(v, forecast.Recorded(v), 4)
	share, _ := money.ParseShare("25%")
	var want bytes.Buffer
	if err := report.ForecastJSON(&want, v, projection, projection.Draw(1, 200, share)); err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(s.program(t, "fin").send("GET", "/forecast?draws=200", "", "").is(t, 200).body, &a) != nil || json.Unmarshal(want.Bytes(), &b) != nil {
		t.Fatal("not JSON")
	}
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("the API says\n%v\nand the command line\n%v", a, b)
	}
	for path, want := range map[string]string{
		"/forecast":                                           `"gap":"973200.00"`,
		"/forecast?prices=0%25":                               `"gap":"900000.00"`,
		"/forecast?years=10":                                  `"2035-36"`,
		"/forecast/figure?line=gap&year=2026-27":              `"total":"20000.00"`,
		"/forecast/figure?line=gap_after_likely&year=2028-29": `"total":"1047864.00"`,
		"/forecast/figure?line=secured&service=youth-inclusion&year=2026-27": `"total":"350000.00"`,
		"/forecast/figure?line=exit_cost&year=2026-27":                       `"total":"0.00"`, // posts are for finance
	} {
		if got := p.send("GET", path, "", "").is(t, 200); !strings.Contains(string(got.body), want) {
			t.Errorf("%s lacks %s:\n%.900s", path, want, got.body)
		}
	}
	for _, l := range forecast.Lines() {
		for _, service := range []string{"", "youth-inclusion"} {
			path := "/forecast/figure?year=2027-28&line=" + l.String()
			if service != "" {
				path += "&service=" + service
			}
			var got struct {
				Parts []struct{ Amount string }
				Total string
			}
			if err := json.Unmarshal(p.send("GET", path, "", "").is(t, 200).body, &got); err != nil {
				t.Fatal(err)
			}
			sum := money.Pence(0)
			for _, part := range got.Parts {
				amount, err := money.ParsePence(part.Amount)
				if err != nil {
					t.Fatal(err)
				}
				sum += amount
			}
			if sum.String() != got.Total {
				t.Errorf("%s: its parts come to %s and it says %s", path, sum, got.Total)
			}
		}
	}
	for path, status := range map[string]int{
		"/forecast?prices=dear":                                  422,
		"/forecast?years=0":                                      422,
		"/forecast?years=11":                                     422,
		"/forecast?share=most":                                   422,
		"/forecast?draws=10001":                                  422,
		"/forecast/figure?line=luck&year=2027-28":                422,
		"/forecast/figure?line=gap&year=2099-00":                 422,
		"/forecast/figure?line=gap&year=2027-28&service=nowhere": 404,
	} {
		p.send("GET", path, "", "").is(t, status)
	}
	if got := s.program(t, "fin").send("GET", "/forecast", "", "").is(t, 200); !strings.Contains(string(got.body), `"exit_cost":"35200.00"`) {
		t.Errorf("finance is not told what posts cost to end: %.900s", got.body)
	}
	s.program(t, "sam").send("GET", "/forecast", "", "").is(t, 403)
	s.program(t, "sam").send("GET", "/forecast/figure?line=gap&year=2027-28", "", "").is(t, 403)
	s.program(t, "ada").send("GET", "/forecast", "", "").is(t, 403)

	// Somebody of one area sees its services, and no totals.
	s.officer("wes", "west")
	wes := s.program(t, "wes")
	var part struct {
		Rows        []struct{ Service string }
		Totals      []any
		Odds        any
		Assumptions struct{ Notes []string }
	}
	if err := json.Unmarshal(wes.send("GET", "/forecast?draws=10", "", "").is(t, 200).body, &part); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range part.Rows {
		seen[r.Service] = true
	}
	if len(seen) == 0 || seen["play-holiday"] || !seen["speech-language"] || part.Totals != nil || part.Odds != nil || part.Assumptions.Notes != nil {
		t.Errorf("of the west: %v, totals %v, odds %v, notes %v", seen, part.Totals, part.Odds, part.Assumptions.Notes)
	}
	wes.send("GET", "/forecast/figure?line=gap&year=2027-28&service=play-holiday", "", "").is(t, 404)
	wes.send("GET", "/forecast/figure?line=gap&year=2027-28", "", "").is(t, 404)
	wes.send("GET", "/forecast/figure?line=gap&year=2027-28&service=speech-language", "", "").is(t, 200)
}

// Ways out, what they come to and a plan are the command line's too; a draft is
// its author's, and what a way out comes to is for who sees the whole.
func TestAPIScenariosAndPlan(t *testing.T) {
	s := demoServer(t)
	p := s.program(t, "priya")
	v := s.book().View(s.web.Today())
	all := scenario.All(s.book())
	if len(all) != 2 {
		t.Fatalf("the demo has %d ways out", len(all))
	}
	for path, write := range map[string]func(io.Writer) error{
		"/scenarios": func(w io.Writer) error { return report.ScenariosJSON(w, v, all) },
		"/scenarios/" + all[1].ID: func(w io.Writer) error {
			return report.ComparisonJSON(w, v, []*scenario.Outcome{scenario.Work(v, all[1], 4)})
		},
		"/scenarios/compare?years=2&of=" + all[0].ID + "," + all[1].ID: func(w io.Writer) error {
			return report.ComparisonJSON(w, v, scenario.Compare(v, 2027, 2, scenario.Nothing("Do nothing"), all[0], all[1]).Columns)
		},
		"/plan": func(w io.Writer) error {
			return report.PlanJSON(w, v, align.Propose(v, forecast.Project(v, forecast.Recorded(v), 4), align.Options{From: 2027, To: 2027}))
		},
		"/plan?from=2027-28&to=2028-29&protect=young-carers&without=core/play-holiday&doubts=true": func(w io.Writer) error {
			return report.PlanJSON(w, v, align.Propose(v, forecast.Project(v, forecast.Recorded(v), 4), align.Options{From: 2027, To: 2028,
				Protected: map[string]bool{"young-carers": true}, Without: []align.Pair{{Award: "core", Service: "play-holiday"}}, DoubtsAllow: true}))
		},
	} {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		var a, b any
		if json.Unmarshal(p.send("GET", path, "", "").is(t, 200).body, &a) != nil || json.Unmarshal(want.Bytes(), &b) != nil {
			t.Fatal("not JSON")
		}
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%s says\n%v\nand the command line\n%v", path, a, b)
		}
	}
	var compared struct {
		Scenarios []struct {
			ID    string
			Years []struct {
				Year, Cost, Secured, Gap string
				Short                    []string
				Rules                    int `json:"rules_broken"`
			}
		}
	}
	if err := json.Unmarshal(p.send("GET", "/scenarios/compare?of=use-money-left,end-play-scheme", "", "").is(t, 200).body, &compared); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		gap   string
		short int
	}{{"973200.00", 7}, {"483200.00", 2}, {"238400.00", 1}} {
		y := compared.Scenarios[i].Years[1]
		if y.Year != "2027-28" || y.Gap != want.gap || len(y.Short) != want.short || y.Rules != 0 {
			t.Errorf("column %d: %+v, not a gap of %s", i, y, want.gap)
		}
	}
	for path, status := range map[string]int{
		"/scenarios/nowhere":            404,
		"/scenarios/compare?of=nowhere": 404,
		"/scenarios/compare?of=" + strings.Repeat(all[0].ID+",", 3) + all[1].ID: 422, // and doing nothing
		"/scenarios/compare?nothing=false":                                      422,
		"/plan?from=2019-20":                                                    422,
		"/plan?from=2028-29&to=2027-28":                                         422,
		"/plan?to=2026-27":                                                      422,
		"/plan?protect=nowhere":                                                 422,
		"/plan?without=core":                                                    422,
		"/plan?without=core/nowhere":                                            422,
	} {
		p.send("GET", path, "", "").is(t, status)
	}
	s.officer("wes", "west")
	for id, want := range map[string][4]int{"fin": {200, 200, 200, 200}, "aud": {200, 200, 200, 403}, "sue": {200, 200, 200, 403}, "wes": {200, 200, 403, 403}, "ada": {403, 403, 403, 403}} {
		one := s.program(t, id)
		for i, path := range []string{"/scenarios", "/scenarios/" + all[0].ID, "/scenarios/compare?of=" + all[0].ID, "/plan"} {
			one.send("GET", path, "", "").is(t, want[i])
		}
	}
	// To those of a part it says what is changed, and not what all comes to.
	if got := s.program(t, "wes").send("GET", "/scenarios/"+all[0].ID, "", "").is(t, 200); strings.Contains(string(got.body), `"gap"`) {
		t.Errorf("the west reads %s", got.body)
	}
	// A draft is nobody else's.
	s.behind(func(b *ledger.Book) (*decide.Outcome, error) {
		return scenario.Save(b, decide.Actor{Person: "fin", Role: "finance", Today: s.web.Today()}, scenario.Scenario{ID: "quiet", Name: "Quiet"}, "", "Thinking")
	})
	s.program(t, "aud").send("GET", "/scenarios/quiet", "", "").is(t, 404)
	p.send("GET", "/scenarios/quiet", "", "").is(t, 404)
	s.program(t, "fin").send("GET", "/scenarios/quiet", "", "").is(t, 200)
}
