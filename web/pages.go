package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/words"
)

//go:embed templates/*.html templates/parts/*.html
var templates embed.FS

// pages is every template, parsed once for a language.
type pages struct{ byName map[string]*template.Template }

// parsePages parses each page with the layout and the parts. A page that does
// not parse, or one in a folder nobody looks in, stops the program at start.
func parsePages() (map[words.Lang]*pages, error) {
	all := map[words.Lang]*pages{}
	for _, l := range words.Languages {
		p := &pages{map[string]*template.Template{}}
		base, err := template.New("layout.html").Funcs(funcs(words.In(l))).Option("missingkey=error").ParseFS(templates, "templates/layout.html")
		if err != nil {
			return nil, err
		}
		if parts, _ := fs.Glob(templates, "templates/parts/*.html"); len(parts) > 0 {
			if base, err = base.ParseFS(templates, "templates/parts/*.html"); err != nil {
				return nil, err
			}
		}
		names, err := fs.Glob(templates, "templates/*.html")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if path.Base(name) == "layout.html" {
				continue
			}
			page, err := base.Clone()
			if err != nil {
				return nil, err
			}
			if page, err = page.ParseFS(templates, name); err != nil {
				return nil, err
			}
			if page.Lookup("content") == nil {
				return nil, fmt.Errorf("%s defines no content", name)
			}
			p.byName[strings.TrimSuffix(path.Base(name), ".html")] = page
		}
		all[l] = p
	}
	return all, nil
}

// funcs is what templates may call: words, numbers and dates in the page's
// language. They work nothing out.
func funcs(r *words.Reader) template.FuncMap {
	return template.FuncMap{
		"t":     r.T,
		"n":     r.N,
		"date":  r.Date,
		"short": r.Short,
		"away":  r.Away,
		"month": r.Month,
		"yearname": func(y fiscal.Year) string {
			return r.Year(y)
		},
		"pence": func(p money.Pence) string { return p.Whole() },
		"exact": func(p money.Pence) string { return p.Exact() },
		"sum":   r.Sum,
		"share": r.Share,
		"lang":  func() string { return string(r.Lang()) },
		"list":  r.List,
		// name writes what people called a thing, saying so where it is in the
		// other language.
		"name": func(n words.Name) template.HTML {
			if n.Lang == "" {
				return template.HTML(template.HTMLEscapeString(n.Text))
			}
			return template.HTML(`<span lang="` + string(n.Lang) + `">` + template.HTMLEscapeString(n.Text) + `</span>`)
		},
		"lines": func(s string) []string { return strings.Split(s, "\n") },
		"words": func(all ...string) []string { return all },
		"dict":  dict,
	}
}

// dict makes a map of pairs, for a part that takes several things.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict takes pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// frame is what the layout and every page are given.
type frame struct {
	V       *Visit
	Page    Page
	Data    any // the page's own
	Nav     []navLink
	Sub     []navLink
	Say     string
	Undo    int
	UndoKey string
	Years   []form.Option
	Places  []form.Option
	Mark    string
}

type navLink struct {
	Href, Text string
	Here       bool
}

// Table writes a table in the page's language.
func (f frame) Table(t *table.Table) template.HTML { return t.HTML(f.V) }

// render makes a page's HTML, with a mark where the reader's name goes.
func (s *Server) render(v *Visit, p Page) ([]byte, error) {
	t := s.pages[v.Lang()].byName[p.Template]
	if t == nil {
		return nil, fmt.Errorf("there is no template %q", p.Template)
	}
	f := frame{V: v, Page: p, Data: p.Data, Nav: v.nav(p.Nav), Sub: v.sub(p.Nav), Mark: nameMark}
	if v.Who != nil && p.Status == 0 {
		if say := s.sessions.PopString(v.Context(), "say"); say != "" {
			f.Say, f.Undo, f.UndoKey = say, s.sessions.PopInt(v.Context(), "undo"), NewKey()
		}
	}
	if p.Money {
		f.Years, f.Places = v.years(), v.places()
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "layout.html", f); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Key is the shortcut that leads there, for those who have switched them on.
func (l navLink) Key() string {
	u, err := url.Parse(l.Href)
	if err != nil || len(u.Path) < 3 {
		return ""
	}
	return map[string]string{"/": "g h", "/ledger/map": "g m", "/timeline": "g t", "/plan/forecast": "g f"}[u.Path[3:]] // after the language
}

// nav is the navigation of the person's roles: at most seven links.
func (v *Visit) nav(here string) []navLink {
	if v.Who == nil {
		return nil
	}
	var links []navLink
	add := func(name, path string, show bool) {
		if show && len(links) < 7 {
			links = append(links, navLink{v.To(path), v.T("nav." + name), here == name || strings.HasPrefix(here, name+"/")})
		}
	}
	money := v.Is(people.Commissioner, people.Finance, people.Auditor)
	board := v.Is(people.BoardMember, people.BoardChair)
	scrutiny := v.Is(people.Scrutiny)
	admin := v.Is(people.Administrator)
	add("home", "/", money)
	add("boards", v.boardPath(), board || v.Is(people.Finance))
	add("ledger", "/ledger/map", money)
	add("services", "/services", money || board || scrutiny)
	add("timeline", "/timeline", money || scrutiny)
	add("checks", "/checks", v.Is(people.Commissioner, people.Auditor)) // finance has it at the foot, as a commissioner has the boards
	add("plan", "/plan/forecast", v.Is(people.Commissioner, people.Finance))
	add("plan", "/plan/scenarios", (board || scrutiny) && !v.Is(people.Commissioner, people.Finance)) // what is shared with them
	add("boards", "/boards", v.Is(people.Auditor) && !board && !v.Is(people.Finance))
	add("papers", "/papers", money || board || scrutiny)
	add("people", "/people", admin)
	add("settings", "/settings", admin && !money)
	return links
}

// boardPath leads a board member to their board, others to the list.
func (v *Visit) boardPath() string {
	if boards := v.May(people.SeeBoard).Boards; len(boards) == 1 && !v.May(people.SeeBoard).All {
		return pathOf("boards", boards[0])
	}
	return "/boards"
}

// sub is the one row of links beneath, where a part of the navigation has one.
func (v *Visit) sub(here string) []navLink {
	var names []string
	switch part, _, _ := strings.Cut(here, "/"); part {
	case "ledger":
		names = []string{"map", "/ledger/map", "streams", "/streams", "monitoring", "/ledger/monitoring", "postings", "/ledger/postings"}
		if v.Can(people.Allocate) {
			names = append(names, "edit", "/ledger/edit")
		}
		if v.Is(people.Commissioner) {
			names = append(names, "vire", "/ledger/virement")
		}
		if v.Is(people.Commissioner, people.Finance, people.Auditor) {
			names = append(names, "approvals", "/approvals")
		}
		if v.Can(people.ClosePeriod) {
			names = append(names, "periods", "/periods")
		}
	case "services":
		names = []string{"all", "/services"}
		if v.Is(people.Commissioner, people.Finance, people.Auditor, people.Scrutiny) {
			names = append(names, "risk", "/services/risk", "exits", "/services/exits")
		}
	case "plan":
		names = []string{"forecast", "/plan/forecast", "scenarios", "/plan/scenarios", "compare", "/plan/compare"}
		if v.May(people.Plan).All {
			names = append(names, "suggest", "/plan/suggest")
		}
	case "checks":
		names = []string{"findings", "/checks", "duplication", "/checks/duplication", "coverage", "/checks/coverage", "objectives", "/objectives"}
	default:
		return nil
	}
	part, _, _ := strings.Cut(here, "/")
	var links []navLink
	for i := 0; i < len(names); i += 2 {
		links = append(links, navLink{v.To(names[i+1]), v.T("nav." + part + "." + names[i]), here == part+"/"+names[i]})
	}
	return links
}

// years are those the ledger knows of, for the context bar.
func (v *Visit) years() []form.Option {
	var options []form.Option
	all := worked(v.reading, yearsKey{}, func() []fiscal.Year { return yearsOf(v.View) })
	if at, known := slices.BinarySearch(all, v.Year); !known { // a forecast looks further than the ledger
		all = slices.Insert(slices.Clone(all), at, v.Year)
	}
	for _, y := range all {
		options = append(options, form.Option{Value: y.String(), Label: y.String(), Selected: y == v.Year})
	}
	return options
}

type yearsKey struct{}

// places are the areas, the whole first.
func (v *Visit) places() []form.Option {
	options := []form.Option{{Value: "", Label: v.T("all-places"), Selected: v.Place == ""}}
	for id := range v.Areas {
		n := v.NameOf(v.Book, "areas", id)
		options = append(options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: v.Place == id})
	}
	return options
}

// filters says what the page was narrowed to.
func (v *Visit) filters() []table.Filter {
	var said []table.Filter
	add := func(name, value string) { said = append(said, table.Filter{Name: name, Value: value}) }
	if v.Q("year") != "" {
		add(v.T("context.year"), v.Year.String())
	}
	if v.Place != "" {
		add(v.T("context.place"), v.NameOf(v.Book, "areas", v.Place).Text)
	}
	for _, name := range slices.Sorted(maps.Keys(v.Query)) {
		switch name {
		case "year", "place", "unit", "format", "table", "page":
			continue
		}
		add(name, strings.Join(v.Query[name], ", "))
	}
	return said
}

// Style is how amounts of the page are written: the context bar's choice.
func (v *Visit) Style() table.Style {
	if v.K {
		return table.Thousands
	}
	return table.Pounds
}

// pageSize is how many rows of a long table a page shows.
const pageSize = 50

// Finish gives a table what every table of a page has: sorting and pages by the
// address, and the files it can be had as.
func (v *Visit) Finish(t *table.Table) *table.Table {
	name := func(s string) string {
		if t.ID == "" || len(v.tables) == 0 {
			return s
		}
		return t.ID + "-" + s
	}
	sort, page := name("sort"), name("page")
	v.tables = append(v.tables, t.ID)
	if by := v.Q(sort); by != "" {
		t.SortBy(by, v.Sort())
	}
	t.SortLink = func(key string) string { return v.Here(sort, key, page, "") }
	n, _ := strconv.Atoi(v.Q(page))
	t.Show(max(n, 1), pageSize)
	t.PageLink = func(n int) string { return v.Here(page, strconv.Itoa(n)) }
	t.Actions = table.Actions{Excel: v.Here("format", "xlsx", "table", t.ID), CSV: v.Here("format", "csv", "table", t.ID), Print: "print", Address: v.Here()}
	if v.Can(people.Views) {
		t.Actions.SaveView = v.Base() + "/views/new?" + url.Values{"at": {strings.TrimPrefix(v.Here(), v.Base())}}.Encode()
	}
	return t
}
