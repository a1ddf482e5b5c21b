package acceptance

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/people"
	"braid/ledger/store"
	"braid/seed"
	"braid/web"
)

// TestMain ends the browser that the tests share.
func TestMain(m *testing.M) {
	code := m.Run()
	stopBrowser()
	os.Exit(code)
}

// site is a Braid of its own, on a database of its own.
type site struct {
	url   string
	store *store.Store
}

// demo serves the demo council on 12 January 2027, with its people.
func demo(t testing.TB) *site {
	t.Helper()
	s := empty(t)
	files, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	s.load(t, files, "The registers of the demo council")
	return s
}

// withSecondBoard adds a board that recommends, with a proposal before it.
func (s *site) withSecondBoard(t testing.TB) *site {
	t.Helper()
	s.load(t, fstest.MapFS{
		"boards.csv":      {Data: []byte("id,name,area,kind,decided_by,quorum,call_in_days\norient,East board,east,recommends,Head of service,3,5\n")},
		"delegations.csv": {Data: []byte("id,board,award,agreed_on,2026-27\norient-core,orient,core,2026-05-01,10000\n")},
		"proposals.csv":   {Data: []byte("id,board,service,award,objective,area,year,title,amount,people,what,why,asked_by,asked_on,state\norient-club,orient,play-holiday,core,out-of-trouble,east,2026-27,Club,4000,20,A club.,Out of trouble.,someone,2027-01-05,recommended\n")},
	}, "A second board")
	return s
}

// withDraft adds a scenario that is priya's to change.
func (s *site) withDraft(t testing.TB) *site {
	t.Helper()
	s.load(t, fstest.MapFS{
		"scenarios.csv": {Data: []byte("id,name,note,state,by,year,years\none-panel,One panel,What one panel fewer would free.,draft,priya,2027-28,4\n")},
		"changes.csv":   {Data: []byte("id,scenario,n,kind,service,year,percent,why\none-panel-1,one-panel,1,service-resized,youth-inclusion,2027-28,75,One of four.\n")},
	}, "A scenario of priya's")
	return s
}

// load imports registers.
func (s *site) load(t testing.TB, files fs.FS, reason string) {
	t.Helper()
	im, err := exchange.ReadFS(files, exchange.Options{Author: "demo", Reason: reason, AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.store.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) {
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
}

// empty serves the same people a ledger in which there is nothing yet.
func empty(t testing.TB) *site {
	t.Helper()
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "braid.db"), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s := &site{store: st}
	today := seed.AsAt("demo")
	for _, p := range seed.People("demo") {
		who, err := people.New(p.Name, p.Email, p.Language)
		if err != nil {
			t.Fatal(err)
		}
		who.ID = p.ID
		who.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Role(p.Role), Board: p.Board, From: today.AddMonths(-12), GivenBy: "test"}}
		if err := st.People().Save(context.Background(), who, people.Event{Who: "test", What: "person-added", About: p.ID}); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewUnstartedServer(nil)
	s.url = "http://" + server.Listener.Addr().String()
	braid, err := web.New(web.Config{Books: st, People: st.People(), Sessions: st.People().Sessions(), Codec: store.SessionCodec{},
		AsAt: today, Council: "Demo council", Address: s.url, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = braid.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return s
}

// link makes a one-time link that signs a person in.
func (s *site) link(t testing.TB, person string) string {
	t.Helper()
	token, err := s.store.People().MakeLink(context.Background(), person, "sign in", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return "/enter/" + token
}

// book is the ledger as it stands.
func (s *site) book(t testing.TB) *ledger.Book {
	t.Helper()
	b, err := s.store.Book(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// want skips a test that lacks a tool, or fails it where tools are promised.
func want(t testing.TB, tool string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal("CI lacks " + tool)
	}
	t.Skip("this machine lacks " + tool)
}

// browsers are the two that all tests share: one alone would keep the tests
// waiting, however many tabs it has.
var (
	browsers [2]struct {
		once sync.Once
		ctx  context.Context
		stop func()
		err  error
	}
	asked atomic.Uint32
)

var errNoBrowser = errors.New("a Chromium")

// chromium gives one of the browsers, and starts it the first time.
func chromium(t testing.TB) context.Context {
	t.Helper()
	browser := &browsers[int(asked.Add(1))%len(browsers)]
	browser.once.Do(func() {
		at := os.Getenv("BRAID_CHROMIUM")
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
			if at == "" {
				at, _ = exec.LookPath(name)
			}
		}
		if at == "" {
			browser.err = errNoBrowser
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(at), chromedp.DisableGPU,
			chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("disable-features", "Translate,PreloadTopChromeWebUI,WebUIToolbar,InitialWebUI,WebUIReloadButton,TabSearch"))
		if os.Geteuid() == 0 {
			options = append(options, chromedp.NoSandbox)
		}
		all, stopAll := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, stop := chromedp.NewContext(all)
		browser.ctx, browser.stop = ctx, func() { stop(); stopAll() }
		browser.err = chromedp.Do(ctx)
	})
	if errors.Is(browser.err, errNoBrowser) {
		want(t, "a Chromium (BRAID_CHROMIUM)")
	}
	if browser.err != nil {
		t.Fatal(browser.err)
	}
	return browser.ctx
}

func stopBrowser() {
	for i := range browsers {
		if stop := browsers[i].stop; stop != nil {
			stop()
		}
	}
}

// axeSource is axe-core, which looks for what keeps people out.
var axeSource = sync.OnceValues(func() (string, error) {
	at := os.Getenv("BRAID_AXE")
	if at == "" {
		at = filepath.Join("..", "..", ".ci", "browser", "node_modules", "axe-core", "axe.min.js")
	}
	source, err := os.ReadFile(at)
	return string(source), err
})

// tab is one person's browser. Whatever a page does that no page of Braid may
// do fails the test: a request elsewhere, an error on the console, something
// the content policy stops.
type tab struct {
	t    testing.TB
	ctx  context.Context
	site *site
	lang string
	// looking: each page that a click leads to is looked at; see look.
	looking bool

	mu     sync.Mutex
	faults []string
	status int
	asked  int // how often a page asked before it was left
}

// as opens a tab in which a person is signed in, by the link they are sent.
func (s *site) as(t testing.TB, person string) *tab {
	t.Helper()
	b := s.anyone(t)
	b.open(s.link(t, person))
	b.click("main button")
	return b
}

// anyone opens a tab in which nobody is signed in.
func (s *site) anyone(t testing.TB) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	b := &tab{t: t, ctx: ctx, site: s, lang: "en"}
	t.Cleanup(func() {
		b.settle()
		cancel()
	})
	if err := chromedp.Listen(ctx, b.hear); err != nil { // the first step: the tab lives as long as its context
		t.Fatal(err)
	}
	b.do(func(ctx context.Context) error {
		if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		// Without focus of its own a tab in the background fires no focus events.
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	b.size(1280, 720)
	return b
}

// hear notes what the browser says of the page. It runs between the browser's
// messages: it must be quick and ask nothing.
func (b *tab) hear(event any) {
	fault := ""
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening: // a page of unsaved work asks before it is left
		b.mu.Lock()
		b.asked++
		b.mu.Unlock()
		go func() {
			_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme+"://"+u.Host != b.site.url && u.Scheme != "about" {
			fault = "asks elsewhere: " + e.Request.URL
		}
	case *network.EventResponseReceived:
		switch {
		case e.Type == network.ResourceTypeDocument:
			b.mu.Lock()
			b.status = int(e.Response.Status)
			b.mu.Unlock()
		case e.Response.Status >= 400:
			fault = fmt.Sprintf("%s answers %d", e.Response.URL, e.Response.Status)
		}
	case *log.EventEntryAdded: // a page that answers 404 is logged as a network error, and may
		if e.Entry.Source != log.EntrySourceNetwork && (e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity) {
			fault = e.Entry.Text
		}
	case *runtime.EventExceptionThrown:
		fault = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			fault += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			fault = fmt.Sprint("console ", e.Type)
		}
	}
	if fault != "" {
		b.mu.Lock()
		b.faults = append(b.faults, fault)
		b.mu.Unlock()
	}
}

// settle reports the faults heard so far.
func (b *tab) settle() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	slices.Sort(b.faults)
	for _, f := range slices.Compact(b.faults) {
		b.t.Errorf("a page does what it may not: %.300s", f)
	}
	b.faults = nil
}

// patience is how long one step may take on a busy machine.
const patience = 30 * time.Second

// do takes one step, and ends the test if it fails.
func (b *tab) do(step func(context.Context) error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := step(ctx); err != nil {
		ask, stop := context.WithTimeout(b.ctx, time.Second)
		defer stop()
		at, _ := chromedp.Run(ask, chromedp.Location())
		b.t.Fatalf("at %s: %v", at, err)
	}
}

// in turns the tab to a language.
func (b *tab) in(lang string) *tab {
	b.lang = lang
	return b
}

// open goes to a path within the language and gives the answer's status.
func (b *tab) open(path string) int {
	b.t.Helper()
	if !strings.HasPrefix(path, "/en/") && !strings.HasPrefix(path, "/cy/") {
		path = "/" + b.lang + path
	}
	b.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.Navigate(b.site.url+path)) })
	return b.answered()
}

// answered is the status of the page shown.
func (b *tab) answered() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.status
}

// size sets the window, in CSS pixels.
func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.EmulateViewport(width, height)) })
}

// scripts turns the page's own scripts on or off; the tests' still run.
func (b *tab) scripts(on bool) {
	b.t.Helper()
	b.do(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// eval gives what a script in the page gives.
func eval[T any](b *tab, script string, args ...any) T {
	b.t.Helper()
	var out T
	b.do(func(ctx context.Context) (err error) {
		out, err = chromedp.Run(ctx, chromedp.Evaluate[T](call(script, args...), chromedp.EvalAwaitPromise))
		return err
	})
	return out
}

// call writes a function's call with its arguments; an expression stays one.
func call(script string, args ...any) string {
	if len(args) == 0 && !strings.HasPrefix(script, "() =>") && !strings.HasPrefix(script, "async () =>") {
		return script
	}
	var list []string
	for _, a := range args {
		text, err := json.Marshal(a)
		if err != nil {
			panic(err)
		}
		list = append(list, string(text))
	}
	return "(" + script + ")(" + strings.Join(list, ",") + ")"
}

// text is what the page's main part shows, on one line.
func (b *tab) text() string {
	b.t.Helper()
	return eval[string](b, `(document.querySelector("main") ?? document.body).innerText.replace(/\s+/g, " ")`)
}

// title is the page's title.
func (b *tab) title() string {
	b.t.Helper()
	return eval[string](b, `document.title`)
}

// path is the page's address within the site.
func (b *tab) path() string {
	b.t.Helper()
	return eval[string](b, `location.pathname + location.search`)
}

// says fails the test unless the page shows each.
func (b *tab) says(wanted ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			b.t.Errorf("%s does not say %q:\n%.2000s", b.path(), w, text)
		}
	}
}

// silent fails the test if the page shows any.
func (b *tab) silent(unwanted ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range unwanted {
		if strings.Contains(text, w) {
			b.t.Errorf("%s says %q:\n%.2000s", b.path(), w, text)
		}
	}
}

// find is the script that gives the one element meant: a CSS selector, or with
// a leading "=" the first link, button or summary that reads so.
const find = `(what) => {
	if (!what.startsWith("=")) return document.querySelector(what);
	const text = what.slice(1), reads = e => e.innerText.replace(/\s+/g, " ").trim();
	const all = [...document.querySelectorAll("a[href], button, summary")].filter(e => e.checkVisibility());
	return all.find(e => reads(e) === text) ?? all.find(e => e.getAttribute("aria-label") === text);
}`

// spot scrolls to an element and gives its middle; none where it is not there or
// cannot be clicked.
const spot = `what => {
	const e = (` + find + `)(what);
	if (!e) return null;
	e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
	const r = e.getClientRects()[0] ?? e.getBoundingClientRect(), at = [r.x + r.width / 2, r.y + r.height / 2];
	const top = document.elementFromPoint(...at);
	return top && (e.contains(top) || top.contains(e)) ? at : null;
}`

// click clicks what leads to another page, and waits for that page.
func (b *tab) click(what string) int {
	b.t.Helper()
	at := eval[[]float64](b, spot, what)
	if at == nil {
		b.t.Fatalf("%s has no %s to click:\n%.2000s", b.path(), what, b.text())
	}
	b.do(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(at[0], at[1]))
		return err
	})
	got := b.answered()
	if b.looking {
		b.look()
	}
	return got
}

// tick clicks what stays on the page.
func (b *tab) tick(what string) {
	b.t.Helper()
	at := eval[[]float64](b, spot, what)
	if at == nil {
		b.t.Fatalf("%s has no %s to click:\n%.2000s", b.path(), what, b.text())
	}
	b.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.MouseClickXY(at[0], at[1])) })
}

// fill types into the fields of the main part, by name.
func (b *tab) fill(values map[string]string) {
	b.t.Helper()
	missing := eval[[]string](b, `values => {
		const missing = [];
		for (const [name, value] of Object.entries(values)) {
			const all = [...document.querySelectorAll("main [name=\"" + CSS.escape(name) + "\"]")].filter(e => e.type !== "hidden");
			const e = all.find(e => (e.type === "radio" || e.type === "checkbox") && e.value === value) ?? all[0];
			if (!e) { missing.push(name); continue; }
			if (e.type === "radio" || e.type === "checkbox") e.checked = true; else e.value = value;
			e.dispatchEvent(new Event("input", { bubbles: true }));
			e.dispatchEvent(new Event("change", { bubbles: true }));
		}
		return missing;
	}`, values)
	if len(missing) > 0 {
		b.t.Fatalf("%s has no field named %s", b.path(), strings.Join(missing, ", "))
	}
}

// submit sends the main part's form that posts to an action (by its end; "" is
// the first there is) by its first button.
func (b *tab) submit(action string) int {
	b.t.Helper()
	ok := eval[bool](b, `action => {
		const f = [...document.querySelectorAll("main form")].find(f => f.method === "post" && !f.action.endsWith("/undo") && f.action.endsWith(action));
		const button = f?.querySelector("button:not([type=button]):not([hidden]), input[type=submit]");
		document.querySelectorAll("[data-here]").forEach(e => delete e.dataset.here);
		if (button) button.dataset.here = "";
		return !!button;
	}`, action)
	if !ok {
		b.t.Fatalf("%s has no form that posts to %q:\n%.2000s", b.path(), action, b.text())
	}
	return b.click("[data-here]")
}

// press strikes keys: runes, and those of package kb.
func (b *tab) press(keys string, options ...chromedp.KeyOption) {
	b.t.Helper()
	b.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.KeyEvent(keys, options...)) })
}

// both runs a check in English and in Welsh.
func both(t *testing.T, check func(t *testing.T, lang string)) {
	for _, lang := range []string{"en", "cy"} {
		t.Run(lang, func(t *testing.T) { check(t, lang) })
	}
}

// said picks the words of a language.
func said(lang, en, cy string) string {
	if lang == "cy" {
		return cy
	}
	return en
}

// emulate sets what the page is told of its reader, like forced colours.
func (b *tab) emulate(features map[string]string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{}
	for name, value := range features {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	b.do(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, p)
		return err
	})
}

// workbook reads the sheet of the first table's Excel, as it is downloaded.
func workbook(t testing.TB, b *tab) [][]string {
	t.Helper()
	data := eval[string](b, `async () => {
		const link = [...document.querySelectorAll("main a")].find(a => a.href.includes("format=xlsx"));
		return btoa(String.fromCharCode(...new Uint8Array(await (await fetch(link.href)).arrayBuffer())));
	}`)
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	numbers := 0
	for r, row := range rows {
		for c, cell := range row {
			at, _ := excelize.CoordinatesToCellName(c+1, r+1)
			kind, err := f.GetCellType(sheet, at)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := strconv.ParseFloat(cell, 64); err == nil {
				numbers++
				if kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
					t.Errorf("%s!%s holds %q as text", sheet, at, cell)
				}
			}
		}
	}
	if numbers == 0 {
		t.Errorf("the sheet %s has no numbers", sheet)
	}
	return rows
}

// add makes somebody who may use Braid.
func (s *site) add(t testing.TB, id, name string, role people.Role) {
	t.Helper()
	who, err := people.New(name, id+"@demo.example", "en")
	if err != nil {
		t.Fatal(err)
	}
	who.ID = id
	who.Tenures = []people.Tenure{{ID: people.NewID(), Role: role, From: seed.AsAt("demo").AddMonths(-12), GivenBy: "test"}}
	if err := s.store.People().Save(context.Background(), who, people.Event{Who: "test", What: "person-added", About: id}); err != nil {
		t.Fatal(err)
	}
}
