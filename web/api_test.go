package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"braid/ledger"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/api"
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
