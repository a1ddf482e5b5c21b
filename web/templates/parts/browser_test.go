package parts_test

import (
	"context"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"braid/ledger/money"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

// strict is the policy pages are served under: what a script does by an inline
// style or handler fails here as it would there.
const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

const page = `{{define "page"}}<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Change allocations</title>
<link rel="stylesheet" href="/static/braid.css"><script src="/static/braid.js" defer></script><script src="/static/grid.js" defer></script></head>
<body data-shortcuts="on"><main><h1>Change allocations</h1>{{template "error-summary" .Errors}}<input type="search" id="q" aria-label="Search">
<form method="post" action="/" novalidate>{{.Grid}}{{template "field" .Reason}}<button>Save</button></form>{{template "filter-panel" .Filters}}
</main>{{template "session" .Session}}{{template "script-words"}}</body></html>{{end}}`

func editGrid(w *words.Reader) template.HTML {
	t := table.New("edit", "Allocations")
	t.Class, t.Wide, t.Frozen = "grid", true, true
	t.Actions = table.Actions{CSV: "/csv"}
	t.Column("service", "Service", table.TextColumn)
	for _, c := range []string{"ff", "cf", "core"} {
		t.Column(c, c, table.MoneyColumn)
	}
	t.Column("total", "Total", table.MoneyColumn)
	t.Total(table.Text("Left"), table.Pence(14000000, table.Pounds), table.Pence(20000000, table.Pounds), table.Unknown(), table.None()).Class = "left"
	row := func(id string, total money.Pence, values ...[2]string) {
		cells := []table.Cell{table.Text(id)}
		for i, col := range []string{"ff", "cf", "core"} {
			cells = append(cells, table.Field(table.Input{Name: id + "." + col, Value: values[i][0], Label: id + ", " + col, Numeric: true, Data: []table.Attribute{
				{Name: "col", Value: col}, {Name: "pence", Value: values[i][1]}, {Name: "left", Value: []string{"14000000", "20000000", ""}[i]}, {Name: "total", Value: strconv.FormatInt(int64(total), 10)}}}))
		}
		t.Row(append(cells, table.Pence(total, table.Pounds).Is("total"))...)
	}
	row("hubs", 90000000, [2]string{"£420,000", "42000000"}, [2]string{"£180,000", "18000000"}, [2]string{"£300,000", "30000000"})
	row("par", 18000000, [2]string{"£120,000", "12000000"}, [2]string{"£60,000", "6000000"}, [2]string{"", ""})
	row("yc", 25000000, [2]string{"£180,000", "18000000"}, [2]string{"£70,000", "7000000"}, [2]string{"?", "?"})
	// Another grid, as it comes back when the server refused a cell.
	refused := table.New("refused", "Refused")
	refused.Class, refused.Wide = "grid", true
	refused.Column("service", "Service", table.TextColumn)
	refused.Column("nrf", "NRF", table.MoneyColumn)
	refused.Row(table.Text("play"), table.Field(table.Input{Name: "play.nrf", Value: "£90,001", Label: "play, NRF", Error: "This is £1 more than NRF has left", Data: []table.Attribute{
		{Name: "col", Value: "nrf"}, {Name: "pence", Value: "9000000"}, {Name: "left", Value: "0"}, {Name: "total", Value: "9000000"}}}))
	return t.HTML(w) + refused.HTML(w)
}

// What the scripts do, in a browser: testdata/scripts.js lists what differs from
// what it wants.
func TestScripts(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if at, err := exec.LookPath(name); err == nil {
			browser = at
			break
		}
	}
	if browser == "" {
		t.Skip("there is no Chromium on this machine")
	}
	checks, err := os.ReadFile("testdata/scripts.js")
	if err != nil {
		t.Fatal(err)
	}
	r := words.In(words.English)
	all := template.Must(load(t, r).Parse(page))
	var places []parts.FilterOption
	for _, name := range strings.Fields("Llŷn North East West South Central Harbour Moor Vale Weir") {
		places = append(places, parts.FilterOption{Value: name, Label: name, Selected: name == "North"})
	}
	data := map[string]any{
		"Grid": editGrid(r), "Errors": form.Errors{{Field: "reason", Text: "Enter a reason"}},
		"Reason":  form.Field{Name: "reason", Type: "textarea", Label: "Reason"},
		"Filters": parts.FilterPanel{Action: "/", Groups: []parts.Filter{{ID: "place", Name: "place", Legend: "Place", Options: places}}},
		"Session": parts.Session{Seconds: 1800, Stay: "/stay", Person: "p1"},
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir("../../static"))))
	mux.HandleFunc("/en/edit", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", strict)
		if err := all.ExecuteTemplate(w, "page", data); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU)...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	defer cancel()
	// Without focus of its own a browser in the background fires no focus events.
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(server.URL+"/en/edit")); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](string(checks), chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(got, "\n")
	if len(lines) < 30 {
		t.Errorf("only %d checks ran", len(lines))
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "ok ") {
			t.Error(line)
		}
	}
}
