package parts_test

import (
	"bytes"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"braid/web/form"
	"braid/web/templates/parts"
	"braid/web/words"
)

// Every component, each way it can be drawn, by the name of its template.
var components = []struct {
	name string
	data any
	says []string // in the drawing, as written or as the id of a message
}{
	{"field", form.Field{Name: "title", Type: "text", Label: "What is it <called>?", Hint: "Short", Value: `"Dads"`, Required: true, Autocomplete: "off"},
		[]string{`for="f-title"`, `id="f-title"`, `aria-describedby="f-title-hint"`, "&lt;called&gt;", "&#34;Dads&#34;", "t:parts.required"}},
	{"field", form.Field{Name: "amount", Type: "money", Label: "How much?", Value: "lots", Error: "Enter a number"},
		[]string{`aria-invalid="true"`, `aria-describedby=" f-amount-error"`, `id="f-amount-error"`, `value="lots"`, `inputmode="decimal"`, "t:parts.error"}},
	{"field", form.Field{Name: "when", Type: "date", Label: "When?"}, []string{"t:parts.date-hint", `aria-describedby="f-when-hint"`}},
	{"field", form.Field{Name: "why", Type: "textarea", Label: "Why?", Value: "One\ntwo", Big: true, Lang: "cy"}, []string{"One\ntwo</textarea>", `<h1><label for="f-why" class="big">`, `lang="cy"`}},
	{"field", form.Field{Name: "stream", Type: "select", Label: "Stream", Options: []form.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Lang: "cy", Selected: true}}},
		[]string{`<option value="b" lang="cy" selected>B</option>`}},
	{"field", form.Field{Name: "what", Type: "radios", Label: "What?", Error: "Choose one", Options: []form.Option{{Value: "a", Label: "A", Hint: "First"}, {Value: "b", Label: "B", Selected: true}}},
		[]string{`id="f-what"`, `id="f-what-1"`, `value="b" checked`, `aria-describedby="f-what-0-hint"`, "Choose one", "<legend"}},
	{"field", form.Field{Name: "who", Type: "checkboxes", Label: "Who?", Options: []form.Option{{Value: "a", Label: "A", Selected: true}}}, []string{`type="checkbox"`, "checked"}},
	{"field", form.Field{Name: "sure", Type: "checkbox", Label: "Sure?", Hint: "Think", Value: "yes"}, []string{`value="yes" checked`, `id="f-sure-hint"`}},
	{"field", form.Field{Name: "secret", Type: "password", Label: "Password", Autocomplete: "current-password"}, []string{`type="password"`}},
	{"field", form.Field{Name: "file", Type: "file", Label: "File"}, []string{`type="file"`}},
	{"field", form.Field{Name: "key", Type: "hidden", Value: "k1"}, []string{`<input type="hidden" name="key" value="k1">`}},
	{"field", form.Field{Name: "n", Type: "number", Label: "How many?", Suffix: "families"}, []string{`inputmode="numeric"`, "families"}},
	{"error-summary", form.Errors{{Field: "why", Text: "Enter a reason"}, {Text: "Somebody else saved first"}}, []string{`href="#f-why"`, "Somebody else saved first", "t:parts.problem", `role="alert"`}},
	{"error-summary", form.Errors(nil), nil},
	{"warning", "This cannot be undone.", []string{"t:parts.warning", "This cannot be undone."}},
	{"tag", parts.Tag{Text: "Ended", Colour: "grey"}, []string{`class="tag grey"`}},
	{"tabs", parts.Tabs{Label: "Ledger", Items: []parts.Tab{{Text: "Map", Href: "/en/map", Current: true, Count: "3"}}}, []string{`aria-current="page"`, "(3)"}},
	{"pagination", parts.Pagination{Page: 2, Pages: 9, Link: func(n int) string { return "?page=" + string(rune('0'+n)) }}, []string{"?page=9", `aria-current="page"`, "t:parts.next", "t:parts.previous"}},
	{"pagination", parts.Pagination{Page: 1, Pages: 1}, nil},
	{"summary-list", []parts.Row{{Key: "Reason", Value: "Why", Lang: "cy", Change: "/en/change"}}, []string{`<dd lang="cy">Why</dd>`, `href="/en/change"`, "t:parts.change"}},
	{"task-list", []parts.Task{{Text: "Add", Href: "/en/add", Hint: "Or import", Status: parts.Tag{Text: "Next", Colour: "blue"}}, {Text: "Later"}}, []string{"Or import", "tag blue", "Later"}},
	{"filter-panel", parts.FilterPanel{Action: "/en/x", Hidden: []parts.Hidden{{Name: "sort", Value: "-loses"}}, Groups: []parts.Filter{{ID: "f", Name: "place", Legend: "Place", Options: []parts.FilterOption{{Value: "n", Label: "Gogledd", Lang: "cy", Count: "12", Selected: true}}}}},
		[]string{`name="sort" value="-loses"`, `name="place" value="n" checked`, "(12)", "t:parts.apply", `method="get"`}},
	{"chips", parts.FilterPanel{Clear: "/en/x", Chips: []parts.Chip{{Text: "Place: North", Remove: "/en/x?a"}}, Left: "6 are not shown", LeftTo: "/en/left"}, []string{"t:parts.remove", "t:parts.clear", "6 are not shown"}},
	{"history", []parts.Change{{When: "1 May", Who: "Priya", What: "Moved", Before: "£1", After: "£2", Why: "Agreed", Paper: "Minute 4", PaperTo: "/en/paper", Href: "/en/entry"}}, []string{"<del>£1</del>", "<ins>£2</ins>", "Priya", "Agreed", `href="/en/paper"`}},
	{"history", []parts.Change(nil), []string{"t:parts.no-history"}},
	{"confirm", parts.Confirm{Action: "/en/go", Button: "Import 498 rows", Cancel: "/en/x", Warning: "2 left out", Rows: []parts.Row{{Key: "Total", Value: "£1"}}, Danger: true}, []string{`method="post"`, "Import 498 rows", "t:parts.cancel", "2 left out", "£1"}},
	{"figures", []parts.Figure{{Amount: "£32,000", What: "left", Href: "/en/sum"}}, []string{`<dt>left</dt><dd><a href="/en/sum">£32,000</a></dd>`}},
	{"figures", []parts.Figure(nil), nil},
	{"board-words", nil, []string{"t:board.words", "t:board.words.left.means", "t:glossary.ring-fenced.means"}},
	{"term", "ring-fenced", []string{"t:glossary.ring-fenced.means"}},
	{"session", parts.Session{Seconds: 1800, Stay: "/en/stay", Leave: "/en/out", Person: "p"}, []string{`data-seconds="1800"`, "t:parts.session-stay"}},
	{"session", parts.Session{}, nil},
	{"script-words", nil, []string{"t:parts.copied", "t:parts.grid-over", `aria-live="polite"`}},
}

func load(t *testing.T, r *words.Reader) *template.Template {
	t.Helper()
	return template.Must(template.New("").Funcs(template.FuncMap{"t": r.T, "lines": func(s string) []string { return strings.Split(s, "\n") }}).Option("missingkey=error").ParseGlob("*.html"))
}

func TestComponents(t *testing.T) {
	for _, lang := range words.Languages {
		r := words.In(lang)
		all := load(t, r)
		for _, c := range components {
			t.Run(string(lang)+"/"+c.name, func(t *testing.T) {
				var out bytes.Buffer
				if err := all.ExecuteTemplate(&out, c.name, c.data); err != nil {
					t.Fatal(err)
				}
				got := out.String()
				if c.says == nil && strings.TrimSpace(got) != "" {
					t.Errorf("there is nothing to say, but it says %s", got)
				}
				for _, want := range c.says {
					if id, ok := strings.CutPrefix(want, "t:"); ok {
						want = template.HTMLEscapeString(r.T(id))
					}
					if !strings.Contains(got, want) {
						t.Errorf("%s is not in\n%s", want, got)
					}
				}
				if strings.Contains(got, "[[") {
					t.Errorf("a message is missing: %s", got)
				}
				balanced(t, got)
				idsResolve(t, got)
			})
		}
	}
}

// balanced fails on an element that is not closed, or closed twice.
func balanced(t *testing.T, text string) {
	t.Helper()
	empty := map[string]bool{"input": true, "br": true, "hr": true, "img": true, "link": true, "meta": true}
	z := html.NewTokenizer(strings.NewReader(text))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Error(z.Err())
			}
			if len(open) > 0 {
				t.Errorf("left open: %v in\n%s", open, text)
			}
			return
		case html.StartTagToken:
			name, _ := z.TagName()
			if !empty[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> closes %v in\n%s", name, open, text)
			}
			open = open[:len(open)-1]
		}
	}
}

var (
	refers = regexp.MustCompile(`(?:for|aria-describedby|aria-labelledby)="([^"]*)"`)
	idents = regexp.MustCompile(`\sid="([^"]*)"`)
)

// idsResolve fails where a label or description points at nothing, or an id is
// there twice.
func idsResolve(t *testing.T, text string) {
	t.Helper()
	ids := map[string]bool{}
	for _, m := range idents.FindAllStringSubmatch(text, -1) {
		if ids[m[1]] {
			t.Errorf("id %s is there twice in\n%s", m[1], text)
		}
		ids[m[1]] = true
	}
	for _, m := range refers.FindAllStringSubmatch(text, -1) {
		for _, id := range strings.Fields(m[1]) {
			if !ids[id] {
				t.Errorf("%s leads to no element in\n%s", id, text)
			}
		}
	}
}

func TestEveryTemplateIsTried(t *testing.T) {
	tried := map[string]bool{}
	for _, c := range components {
		tried[c.name] = true
	}
	inner := map[string]bool{"attributes": true, "described": true, "required": true, "hint-and-error": true, "hiddens": true,
		"judge": true, "judged": true, "notes": true} // of several pages, whose tests draw them
	for _, one := range load(t, words.In(words.English)).Templates() {
		if name := one.Name(); name != "" && !strings.HasSuffix(name, ".html") && !tried[name] && !inner[name] {
			t.Errorf("no test draws %s", name)
		}
	}
}

func TestSteps(t *testing.T) {
	numbers := func(page, pages int) string {
		var b strings.Builder
		for _, s := range (parts.Pagination{Page: page, Pages: pages, Link: func(int) string { return "" }}).Steps() {
			switch {
			case s.Current:
				b.WriteString("[" + string(rune('0'+s.N)) + "]")
			case s.N == 0:
				b.WriteString("…")
			default:
				b.WriteByte(byte('0' + s.N))
			}
		}
		return b.String()
	}
	for _, c := range []struct {
		page, pages int
		want        string
	}{{1, 2, "[1]2"}, {1, 9, "[1]2…9"}, {4, 9, "123[4]5…9"}, {5, 9, "1…4[5]6…9"}, {6, 9, "1…5[6]789"}, {9, 9, "1…8[9]"}, {1, 1, "[1]"}} {
		if got := numbers(c.page, c.pages); got != c.want {
			t.Errorf("page %d of %d: %s, want %s", c.page, c.pages, got, c.want)
		}
	}
}

// What every page carries stays small and asks nothing of anybody else.
func TestStaticFiles(t *testing.T) {
	for name, most := range map[string]int64{"braid.css": 32 << 10, "print.css": 8 << 10, "braid.js": 16 << 10, "grid.js": 12 << 10} {
		path := filepath.Join("..", "..", "static", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(text)) > most {
			t.Errorf("%s is %d bytes, more than %d", name, len(text), most)
		}
		for _, never := range []string{"http://", "https://", "//cdn", "@import", "eval(", "innerHTML", ".style.", "data:"} {
			if bytes.Contains(text, []byte(never)) {
				t.Errorf("%s holds %s", name, never)
			}
		}
	}
}
