package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/web/words"
)

// Config is what the API stands on.
type Config struct {
	Book  func(context.Context) (*ledger.Book, error)
	Post  func(context.Context, func(*ledger.Book) (*ledger.Draft, error)) (*ledger.Book, error)
	Token func(ctx context.Context, token string, today fiscal.Date) (*people.Person, error)
	Today func() fiscal.Date
	// Turn waits for one of the few imports that are read at once.
	Turn func(context.Context) (done func(), err error)
	// Reading is the ledger as at a day, with its findings.
	Reading func(*ledger.Book, fiscal.Date) Reading
	// Explain gives the status of a fault of the store; 0 for any other error.
	Explain func(error) int
	Logger  *slog.Logger
	Version string
}

// Reading is the ledger as it stands on a day.
type Reading struct {
	View     *ledger.View
	Findings func() []check.Finding
	// Sees reports whether a reach takes a service in.
	Sees func(people.Reach, string) bool
	// Gaps are those of a year, after a day's ends if one is given.
	Gaps func(fiscal.Year, fiscal.Date) []check.Finding
	// Eyes are somebody's, within the reach of a right.
	Eyes func(*people.Person, people.Reach) Eyes
}

// Eyes say what somebody sees and may change, by the pages' own rules.
type Eyes interface {
	Board(id string) bool
	Finding(*check.Finding) bool
	Ask(ledger.Record) bool
	Note(about string) bool
	// Scenario gives one as far as it is theirs to see.
	Scenario(scenario.Scenario) (scenario.Scenario, bool)
	Edits(ledger.Record) bool
}

// API answers programs.
type API struct {
	Config
	mux *http.ServeMux
	api huma.API
}

// Prefix is where it stands.
const Prefix = "/api/v1"

var once sync.Once

// New makes the API.
func New(c Config) *API {
	once.Do(func() { // huma keeps how errors look for the whole program
		huma.NewErrorWithContext = problem
		huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
			return problem(nil, status, msg, errs...)
		}
	})
	a := &API{Config: c, mux: http.NewServeMux()}
	config := huma.DefaultConfig("Braid", c.Version)
	config.Info.Description = "Which award pays for which service, in which year, towards which joint objective."
	config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", nil
	config.OpenAPIPath, config.RejectUnknownQueryParameters = "/openapi", true
	config.Formats = map[string]huma.Format{"application/json": {Marshal: write, Unmarshal: read}, "json": {Marshal: write, Unmarshal: read}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "A token made on the account page. It acts for its owner."}}
	config.Security = []map[string][]string{{"token": {}}}
	a.api = humago.NewWithPrefix(a.mux, Prefix, config)
	a.api.UseMiddleware(a.enter)
	a.reads()
	a.does()
	return a
}

// Document is the OpenAPI document, made from the code.
func (a *API) Document() *huma.OpenAPI { return a.api.OpenAPI() }

// ServeHTTP answers; what is not there is a problem too, and not a page.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(made(language(r.Header.Get("Accept-Language")), status, code))
	}
	if _, pattern := a.mux.Handler(r); pattern == "" {
		var allow []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := a.mux.Handler(other); pattern != "" {
				allow = append(allow, method)
			}
		}
		if len(allow) > 0 {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			refuse(http.StatusMethodNotAllowed, "")
			return
		}
		refuse(http.StatusNotFound, "")
		return
	}
	if status, code := misput(r); status != 0 {
		refuse(status, code)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// misput finds what HTTP lets one say in two ways, or in a way that is not ours:
// a parameter twice, a body of another kind or packed, an answer that is not
// JSON.
func misput(r *http.Request) (status int, code string) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
		return http.StatusBadRequest, ""
	}
	for name, values := range query {
		if len(values) > 1 {
			return http.StatusUnprocessableEntity, "parameter-twice"
		}
		if !utf8.ValidString(name + values[0]) {
			return http.StatusBadRequest, ""
		}
	}
	if r.Method == http.MethodPost {
		kind, more, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if charset := more["charset"]; err != nil || kind != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
			return http.StatusUnsupportedMediaType, ""
		}
		if packed := r.Header.Get("Content-Encoding"); packed != "" && packed != "identity" {
			return http.StatusUnsupportedMediaType, "packed"
		}
	}
	if !strings.HasPrefix(r.URL.Path, Prefix+"/openapi") && !takesJSON(r.Header.Values("Accept")) {
		return http.StatusNotAcceptable, ""
	}
	return 0, ""
}

// takesJSON reports whether an Accept header takes JSON; none takes anything.
// The closest of its ranges tells.
func takesJSON(accept []string) bool {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	if strings.TrimSpace(strings.Join(ranges, "")) == "" {
		return true
	}
	closest, takes := 0, false
	for _, one := range ranges {
		kind, more, err := mime.ParseMediaType(strings.TrimSpace(one))
		near := map[string]int{"*/*": 1, "application/*": 2, "application/json": 3}[kind]
		if err != nil || near <= closest {
			continue
		}
		q, err := strconv.ParseFloat(cmp.Or(more["q"], "1"), 64)
		closest, takes = near, err == nil && q > 0
	}
	return takes
}

// caller is who asks, and what they may see.
type caller struct {
	who   *people.Person
	reach people.Reach
	book  *ledger.Book
	lang  words.Lang
	today fiscal.Date
	right people.Action
	op    string
	board string // that it is about, if one
}

type callerKey struct{}

func callerOf(ctx context.Context) *caller { c, _ := ctx.Value(callerKey{}).(*caller); return c }

// right is kept with an operation, for enter.
const rightOf = "right"

// anyone with a good token may do what needs no other right.
const anyone people.Action = "token"

// enter lets in who carries a token with the right.
func (a *API) enter(ctx huma.Context, next func(huma.Context)) {
	right, _ := ctx.Operation().Metadata[rightOf].(people.Action)
	if right == "" { // the document itself
		next(ctx)
		return
	}
	token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	c := &caller{lang: language(ctx.Header("Accept-Language")), today: a.Today(), right: right, op: ctx.Operation().OperationID}
	refuse := func(status int, code string) {
		if status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="braid"`)
		}
		_ = huma.WriteErr(a.api, ctx, status, code)
	}
	if !ok || token == "" {
		refuse(http.StatusUnauthorized, "no-token")
		return
	}
	var err error
	if c.who, err = a.Token(ctx.Context(), token, c.today); errors.Is(err, people.ErrToken) {
		refuse(http.StatusUnauthorized, "bad-token")
		return
	}
	if err == nil {
		c.book, err = a.Book(ctx.Context())
	}
	if err != nil {
		a.Logger.ErrorContext(ctx.Context(), "api", "error", err)
		refuse(a.status(err), "")
		return
	}
	if c.reach = c.who.May(right, c.today); c.reach.Nowhere() && right != anyone {
		refuse(http.StatusForbidden, "not-allowed")
		return
	}
	next(huma.WithValue(ctx, callerKey{}, c))
}

func (a *API) status(err error) int {
	if status := a.Explain(err); status != 0 {
		return status
	}
	return http.StatusInternalServerError
}

func language(accept string) words.Lang { return words.Match(accept) }

// Problem is an error as RFC 9457 has it, with a stable code.
type Problem struct {
	huma.ErrorModel
	Code string `json:"code" doc:"stable, for programs" example:"short-award"`
}

// codes are those of a status, where nothing more is known.
var codes = map[int]string{400: "unreadable", 401: "no-token", 403: "not-allowed", 404: "missing", 405: "method", 406: "unacceptable", 409: "conflict", 413: "large", 415: "media-type", 422: "not-valid", 429: "busy", 500: "fault", 503: "unavailable", 507: "disk-full"}

// made words a problem in a language.
func made(l words.Lang, status int, code string) *Problem {
	if code == "" {
		code = codes[status]
	}
	p := &Problem{Code: code}
	p.Status, p.Title = status, http.StatusText(status)
	r := words.In(l)
	if id := "api.problem." + code; r.Has(id) {
		p.Detail = r.T(id)
	} else {
		p.Detail = r.T("api.problem." + codes[status])
	}
	return p
}

// problem makes huma's own errors ours. The message is a code of ours, or
// huma's English, which is told only as the ground of a field's error.
func problem(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	l := words.English
	if ctx != nil {
		l = language(ctx.Header("Accept-Language"))
	}
	code := ""
	if !strings.Contains(msg, " ") {
		code = msg
	}
	p := made(l, status, code)
	for _, err := range errs {
		if err == nil {
			continue
		}
		if d, ok := err.(huma.ErrorDetailer); ok {
			detail := *d.ErrorDetail()
			detail.Value = shortened(detail.Value)
			if l == words.Welsh {
				detail.Message = words.In(l).T("api.field")
			}
			p.Errors = append(p.Errors, &detail)
			continue
		}
		var bad *unreadable
		if errors.As(err, &bad) {
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: words.In(l).T("api.json." + bad.code), Location: "body"})
		} else if status < 500 {
			message := err.Error()
			if l == words.Welsh {
				message = words.In(l).T("api.field")
			}
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: message, Location: "body"})
		}
	}
	return p
}

// shortened keeps what was sent from coming back at length.
func shortened(v any) any {
	if s, ok := v.(string); ok && len(s) > 40 {
		return s[:40] + "…"
	}
	switch v.(type) {
	case string, bool, float64, int, nil:
		return v
	}
	return nil
}

// refusal words what a rule refused.
func (a *API) refusal(c *caller, err error) error {
	var known interface{ Code() string }
	if !errors.As(err, &known) {
		var own huma.StatusError
		if errors.As(err, &own) {
			return err
		}
		a.Logger.Error("api", "error", err)
		return made(c.lang, a.status(err), "")
	}
	p := made(c.lang, http.StatusUnprocessableEntity, known.Code())
	p.Detail = words.In(c.lang).Refusal(c.book, err)
	outside(p, err)
	var changed *decide.Changed
	var approval *decide.NeedsApproval
	var missing *ledger.NotFound
	var notImported *decide.NotImported
	var forFinance *decide.ForFinance
	var outOfArea *decide.OutsideArea
	switch {
	case errors.As(err, &notImported), errors.As(err, &forFinance), errors.As(err, &outOfArea):
		p.Status, p.Title = http.StatusForbidden, http.StatusText(http.StatusForbidden)
	case errors.As(err, &changed), errors.As(err, &approval):
		p.Status, p.Title = http.StatusConflict, http.StatusText(http.StatusConflict)
	case errors.As(err, &missing):
		p.Status, p.Title = http.StatusNotFound, http.StatusText(http.StatusNotFound)
	}
	return p
}

// write writes JSON as we have it: nothing escaped for pages.
func write(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// unreadable is JSON that could be read in two ways, or in none.
type unreadable struct{ code string }

func (u *unreadable) Error() string { return "the JSON cannot be read: " + u.code }

const deepest = 32

// read reads JSON strictly: one value to the end, no key twice, not too deep,
// UTF-8.
func read(data []byte, into any) error {
	if !utf8.Valid(data) {
		return &unreadable{"utf8"}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := walk(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return &unreadable{"trailing"}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return &unreadable{"shape"}
	}
	return nil
}

// walk looks at one value.
func walk(d *json.Decoder, depth int) error {
	if depth > deepest {
		return &unreadable{"deep"}
	}
	t, err := d.Token()
	if err != nil {
		return &unreadable{"syntax"}
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	keys := map[string]bool{}
	for d.More() {
		if delim == '{' {
			t, err := d.Token()
			if err != nil {
				return &unreadable{"syntax"}
			}
			key, _ := t.(string)
			if fold := strings.ToLower(key); keys[fold] {
				return &unreadable{"twice"}
			} else {
				keys[fold] = true
			}
		}
		if err := walk(d, depth+1); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return &unreadable{"syntax"}
	}
	return nil
}

// fingerprint names a request by what it asks.
func fingerprint(op, path string, body []byte) string {
	sum := sha256.Sum256([]byte(op + "\n" + path + "\n" + string(body)))
	return hex.EncodeToString(sum[:])
}

// operation registers one with its right.
func operation[I, O any](a *API, method, path, id, summary string, right people.Action, do func(context.Context, *caller, *I) (*O, error)) {
	op := huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Metadata: map[string]any{rightOf: right}, MaxBodyBytes: 1 << 20,
		Errors: []int{400, 401, 403, 404, 406, 409, 413, 415, 422, 503}, Tags: []string{strings.SplitN(strings.TrimPrefix(path, "/"), "/", 2)[0]}}
	if id == "import" {
		op.MaxBodyBytes, op.Errors = LargestBody, append(op.Errors, http.StatusTooManyRequests)
	}
	op.Description = fmt.Sprintf("Needs the right: %s.", right)
	if right == anyone {
		op.Description = "Needs a token."
	}
	huma.Register(a.api, op, func(ctx context.Context, in *I) (*O, error) {
		c := callerOf(ctx)
		out, err := do(ctx, c, in)
		if err != nil {
			return nil, a.refusal(c, err)
		}
		return out, nil
	})
}

// missing is what is not there, or not the caller's to see.
func (c *caller) missing() error { return made(c.lang, http.StatusNotFound, "") }

// invalid refuses one part of a request.
func (c *caller) invalid(where, message string, value any) error {
	p := made(c.lang, http.StatusUnprocessableEntity, "")
	if c.lang == words.Welsh {
		message = words.In(c.lang).T("api.field")
	}
	p.Errors = []*huma.ErrorDetail{{Location: where, Message: message, Value: shortened(value)}}
	return p
}
