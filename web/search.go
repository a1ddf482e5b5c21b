package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"braid/ledger/people"
	"braid/web/words"
)

var searchRoutes = []Route{
	{Method: "GET", Path: "/search", Right: SignedIn, Do: search, Kept: true},
}

// found is one thing that a search may find.
type found struct {
	kind, id string
	name     words.Name
	about    string
	text     string // all that is looked in, folded
	title    string // its names, folded
	link     string
	right    people.Action
	board    string // whose it is
	service  string // whose it is
}

type searchPage struct {
	Q      string
	Count  int
	Groups []searchGroup
}

type searchGroup struct {
	Title string
	Links []searchLink
	More  int
}

type searchLink struct {
	Href  string
	Name  words.Name
	About string
}

// kindsFound are what a search looks among, in the order shown. People call
// some by several words: those are found too, in either language.
var kindsFound = []struct{ kind, also string }{
	{"streams", "funding stream grant ffrwd ariannu ffrwd gyllido grant"},
	{"awards", "grant award dyfarniad grant"},
	{"services", "service gwasanaeth"},
	{"objectives", "joint objective outcome amcan ar y cyd canlyniad"},
	{"boards", "board bwrdd"},
	{"proposals", "proposal cynnig"},
	{"organisations", "organisation provider funder partner sefydliad darparwr ariannwr"},
	{"areas", "place area ardal"},
	{"findings", "check finding gwiriad"},
	{"notes", "note nodyn"},
	{"history", "history reason hanes rheswm"},
}

// shownOfKind is how many of a kind are listed before the rest are counted.
const shownOfKind = 20

type searchKey struct{ lang words.Lang }

// search finds by name in both languages, without regard to case or accents;
// every word must be there.
func search(v *Visit) (Answer, error) {
	p := searchPage{Q: v.Q("q")}
	if p.Q == "" {
		return Page{Template: "search", Title: v.T("search.title-empty"), Data: p}, nil
	}
	wanted := strings.Fields(fold(p.Q))
	all := worked(v.reading, searchKey{v.Lang()}, func() []found { return index(v) })
	type hit struct {
		*found
		rank int
	}
	byKind := map[string][]hit{}
	for i := range all {
		f := &all[i]
		if !v.mayFind(f) {
			continue
		}
		rank, matches := 0, true
		for _, w := range wanted {
			switch {
			case strings.HasPrefix(f.title, w):
				rank += 3
			case strings.Contains(" "+f.title, " "+w):
				rank += 2
			case strings.Contains(f.text, w):
				rank++
			default:
				matches = false
			}
		}
		if matches {
			byKind[f.kind] = append(byKind[f.kind], hit{f, rank})
			p.Count++
		}
	}
	for _, k := range kindsFound {
		hits := byKind[k.kind]
		if len(hits) == 0 {
			continue
		}
		slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.rank, a.rank) })
		g := searchGroup{Title: v.T("search." + k.kind)}
		for i, h := range hits {
			if i == shownOfKind {
				g.More = len(hits) - shownOfKind
				break
			}
			g.Links = append(g.Links, searchLink{v.Base() + h.link, h.name, h.about})
		}
		p.Groups = append(p.Groups, g)
	}
	return Page{Template: "search", Title: v.T("search.title", "Q", p.Q), Data: p}, nil
}

// mayFind reports whether the reader may see what was found.
func (v *Visit) mayFind(f *found) bool {
	reach := v.May(f.right)
	switch {
	case reach.Nowhere():
		return false
	case f.service != "":
		return v.sees(reach, f.service)
	case f.board != "":
		return reach.OnBoard(f.board) || len(reach.Areas) > 0
	}
	return reach.All || len(reach.Areas) > 0 // a board's member finds what is the board's
}

// index gathers all that can be found, in the reader's language.
func index(v *Visit) []found {
	var all []found
	also := map[string]string{}
	for _, k := range kindsFound {
		also[k.kind] = k.also
	}
	add := func(f found, texts ...string) {
		f.title = fold(strings.Join(texts[:min(2, len(texts))], " "))
		f.text = fold(strings.Join(texts, " ") + " " + also[f.kind])
		all = append(all, f)
	}
	for id, s := range v.Streams {
		add(found{kind: "streams", id: id, name: v.NameOf(v.Book, "streams", id), link: pathOf("streams", id), right: people.See}, s.Name, s.NameCy, id, v.NameOf(v.Book, "organisations", s.Funder).Text)
	}
	for id, a := range v.Awards {
		if a.Reference != "" {
			add(found{kind: "awards", id: id, name: v.NameOf(v.Book, "awards", id), about: a.Reference, link: pathOf("streams", a.Stream), right: people.See}, a.Reference, id)
		}
	}
	for id := range v.Services {
		r, _ := v.Record("services", id)
		add(found{kind: "services", id: id, name: v.NameOf(v.Book, "services", id), about: v.NameOf(v.Book, "organisations", r.Get("provider")).Text, link: pathOf("services", id), right: people.See, service: id},
			r.Get("name"), r.Get("name_cy"), id, r.Get("description"), r.Get("activity"), v.NameOf(v.Book, "organisations", r.Get("provider")).Text)
	}
	for id, o := range v.Records("objectives") {
		add(found{kind: "objectives", id: id, name: v.NameOf(v.Book, "objectives", id), link: pathOf("objectives", id), right: people.See}, o.Get("name"), o.Get("name_cy"), id)
	}
	for id, b := range v.Boards {
		add(found{kind: "boards", id: id, name: words.Name{Text: b.Name}, link: pathOf("boards", id), right: people.SeeBoard, board: id}, b.Name, id)
	}
	for id, r := range v.Records("proposals") {
		add(found{kind: "proposals", id: id, name: words.Name{Text: r.Get("title")}, link: pathOf("boards", r.Get("board"), "proposals", id), right: people.SeeBoard, board: r.Get("board")}, r.Get("title"), r.Get("what"), r.Get("why"))
	}
	for id, o := range v.Organisations {
		add(found{kind: "organisations", id: id, name: words.Name{Text: o.Name}, link: "/services?provider=" + id, right: people.See}, o.Name, id)
	}
	for id, r := range v.Records("areas") {
		add(found{kind: "areas", id: id, name: v.NameOf(v.Book, "areas", id), link: "/ledger/map?place=" + id, right: people.See}, r.Get("name"), r.Get("name_cy"), id, r.Get("gss_code"))
	}
	for _, f := range v.Findings() {
		title, because := v.Reader.Finding(v.View, &f)
		one := found{kind: "findings", id: f.ID, name: words.Name{Text: title}, link: "/checks/finding?id=" + queryEscape(f.ID), right: people.See, service: subject(&f, "service")}
		add(one, title, "", because)
	}
	for id, r := range v.Records("notes") {
		register, about, _ := strings.Cut(r.Get("about"), "/")
		one := found{kind: "notes", id: id, name: words.Name{Text: firstWords(r.Get("text"))}, about: r.Get("by"), right: people.Notes, link: "/history"}
		switch register {
		case "services":
			one.link, one.service = pathOf("services", about), about
		case "streams", "objectives":
			one.link = pathOf(register, about)
		}
		add(one, r.Get("text"))
	}
	for seq := v.Sequence(); seq > 0 && seq > v.Sequence()-reasonsSearched; seq-- {
		h, _ := v.Head(seq)
		if h.Reason != "" {
			n := strconv.Itoa(seq)
			add(found{kind: "history", id: n, name: words.Name{Text: firstWords(h.Reason)}, about: h.Author + ", " + v.Short(dateOf(v.Server, h.PostedAt)), link: "/history/" + n, right: people.Audit}, h.Reason, h.Author)
		}
	}
	return all
}

// reasonsSearched is how far back reasons are looked in.
const reasonsSearched = 5000

// firstWords cuts a text to a line.
func firstWords(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// fold takes case, accents and marks out of a text, so that "gŵyl" is found by
// "gwyl" and "children’s" by "childrens".
func fold(s string) string {
	var out strings.Builder
	for _, c := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, c), c == '\'', c == '’':
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			out.WriteRune(c)
		default:
			out.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
