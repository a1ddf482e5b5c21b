package web

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
)

// notesPart is the notes on one thing, the newest first; the part "notes" draws
// it.
type notesPart struct {
	Notes []note
	Add   string // where one is added; "" for who may not
}

type note struct{ Text, Link, By, On, Mark string }

// notesOf gives the notes about a thing: services/play-holiday, streams/core,
// findings/expiry/…, or postings/12, all that change 12 posted, with those
// about one entry of it, postings/12/3.
func (v *Visit) notesOf(about string) notesPart {
	var p notesPart
	all := v.notesAbout()
	for _, r := range slices.Backward(all[about]) {
		p.Notes = append(p.Notes, v.note(r))
	}
	if strings.HasPrefix(about, "postings/") {
		for _, entry := range slices.Sorted(maps.Keys(all)) {
			if strings.HasPrefix(entry, about+"/") {
				for _, r := range all[entry] {
					p.Notes = append(p.Notes, v.note(r))
				}
			}
		}
	}
	if v.noteReaches(v.May(people.Notes), about) {
		p.Add = v.Base() + "/notes/new?" + url.Values{"about": {about}}.Encode()
	}
	return p
}

type notesKey struct{}

// notesAbout gathers the notes by what they are about, the oldest first.
func (v *Visit) notesAbout() map[string][]ledger.Record {
	return worked(v.reading, notesKey{}, func() map[string][]ledger.Record {
		about := map[string][]ledger.Record{}
		for _, r := range v.Book.Records("notes") {
			about[r.Get("about")] = append(about[r.Get("about")], r)
		}
		for _, list := range about {
			slices.SortStableFunc(list, func(a, b ledger.Record) int {
				_, x := v.Versions("notes", a.ID)
				_, y := v.Versions("notes", b.ID)
				return cmp.Compare(x[0], y[0])
			})
		}
		return about
	})
}

func (v *Visit) note(r ledger.Record) note {
	n := note{Text: r.Get("text"), By: r.Get("by"), Mark: r.ID}
	if d, err := fiscal.ParseDate(r.Get("on")); err == nil {
		n.On = v.Date(d)
	}
	if link := r.Get("link"); webAddress(link) {
		n.Link = link
	}
	return n
}

// webAddress reports whether a link is one that a page may lead to.
func webAddress(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// noteOn tells what a note is about: its register, its id, and where it is
// shown; false where there is no such thing.
func (v *Visit) noteOn(about string) (register, id, at string, ok bool) {
	register, id, _ = strings.Cut(about, "/")
	switch register {
	case "services", "streams", "objectives", "boards":
		return register, id, v.Base() + pathOf(register, id), v.Book.Has(register, id)
	case "findings":
		_, found := v.FindingByID(id)
		return register, id, v.Base() + "/checks/finding?" + url.Values{"id": {id}}.Encode(), found
	case "postings":
		seq, _, _ := strings.Cut(id, "/")
		return register, id, v.Base() + "/history/" + seq, len(v.entriesOf(id)) > 0
	}
	return register, id, "", false
}

// entriesOf gives the entries that a note on postings is about: those of a
// change, 12, or one, 12/3.
func (v *Visit) entriesOf(id string) []ledger.Entry {
	if entry, err := ledger.ParseEntryID(id); err == nil {
		if e, found := v.Book.Find(entry); found {
			return []ledger.Entry{e}
		}
		return nil
	}
	seq, err := strconv.Atoi(id)
	if err != nil || seq < 1 || seq > v.Sequence() {
		return nil
	}
	batch := v.Batch(seq)
	all := make([]ledger.Entry, 0, batch.Len())
	for n := range batch.Len() {
		all = append(all, batch.Entry(n+1))
	}
	return all
}

// noteReaches reports whether a right takes in what a note is about.
func (v *Visit) noteReaches(reach people.Reach, about string) bool {
	register, id, _, ok := v.noteOn(about)
	if !ok || reach.Nowhere() {
		return false
	}
	ofBoard := !reach.All && len(reach.Areas) == 0
	if register == "findings" { // some are not for all to see
		f, _ := v.FindingByID(id)
		return !ofBoard && v.seesFinding(reach, f)
	}
	if reach.All {
		return true
	}
	switch register {
	case "services":
		return v.reading.sees(reach, id)
	case "streams":
		if !ofBoard {
			return true
		}
		return slices.ContainsFunc(v.AllHoldings(), func(h ledger.Holding) bool {
			a, _ := v.Award(v.Book.Name(h.Award))
			return a.Stream == id && slices.Contains(reach.Boards, v.Book.Name(h.Board))
		})
	case "boards":
		return !ofBoard || slices.Contains(reach.Boards, id)
	case "objectives":
		return true
	case "postings":
		return slices.ContainsFunc(v.entriesOf(id), func(e ledger.Entry) bool {
			if ofBoard {
				return slices.Contains(reach.Boards, cmp.Or(e.To.Board, e.From.Board))
			}
			service := cmp.Or(e.To.Service, e.From.Service)
			return service == "" || v.reading.sees(reach, service)
		})
	}
	return false
}

// aboutName is what a note is about, in words.
func (v *Visit) aboutName(about string) string {
	register, id, _, ok := v.noteOn(about)
	switch {
	case !ok:
		return about
	case register == "findings":
		f, _ := v.FindingByID(id)
		title, _ := v.Reader.Finding(v.View, f)
		return title
	case register == "postings":
		return v.T("notes.posting", "ID", id)
	}
	return v.NameOf(v.Book, register, id).Text
}

type notePage struct {
	Key, About, Back string
	Name             string
	Fields           []form.Field
}

type noteForm struct {
	About string `form:"about"`
	Text  string `form:"text"`
	Link  string `form:"link"`
}

func newNote(v *Visit) (Answer, error) {
	about := v.Q("about")
	if !v.noteReaches(v.Reach, about) {
		return nil, Missing{}
	}
	return v.notePage(noteForm{About: about}, nil), nil
}

func (v *Visit) notePage(f noteForm, errs form.Errors) Page {
	_, _, at, _ := v.noteOn(f.About)
	p := notePage{Key: NewKey(), About: f.About, Back: at, Name: v.aboutName(f.About), Fields: []form.Field{
		{Name: "text", Label: v.T("notes.text"), Hint: v.T("notes.text-hint"), Type: "textarea", Rows: 5, Value: f.Text, Error: errs.Of("text"), Required: true},
		{Name: "link", Label: v.T("notes.link"), Hint: v.T("notes.link-hint"), Type: "text", Inputmode: "url", Value: f.Link, Error: errs.Of("link")}}}
	return Page{Template: "note", Title: v.T("notes.add-title", "Name", p.Name), Nav: "services", Data: p, Errors: errs}
}

// addNote keeps a note.
func addNote(v *Visit) (Answer, error) {
	var f noteForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if !v.noteReaches(v.Reach, f.About) {
		return nil, Missing{}
	}
	var errs form.Errors
	if f.Text == "" {
		errs.Add("text", v.T("notes.no-text"))
	}
	if len(f.Text) > 4000 {
		errs.Add("text", v.T("notes.long"))
	}
	if f.Link != "" && !webAddress(f.Link) {
		errs.Add("link", v.T("notes.bad-link"))
	}
	if len(errs) > 0 {
		return v.notePage(f, errs), nil
	}
	r := ledger.Record{Register: "notes", ID: keyID("note", v.Actor().Key), Values: []ledger.Value{
		{Column: "about", Text: f.About}, {Column: "text", Text: f.Text}, {Column: "link", Text: f.Link}, {Column: "by", Text: v.Who.Name}, {Column: "on", Text: v.Today.String()}}}
	seq, err := v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.PutRecord(b, v.Actor(), r, "", f.Text))
	})
	if err != nil {
		return nil, err
	}
	_ = seq // nothing is deleted: a note stays, and another may correct it
	said := v.T("notes.saved")
	told, err := v.colleaguesIn(v.Context(), f.Text)
	if err != nil {
		return nil, err
	}
	if len(told) > 0 {
		said = v.T("notes.saved-told", "Names", v.List(told))
	}
	_, _, at, _ := v.noteOn(f.About)
	return Redirect{To: at + "#notes", Say: said}, nil
}

// colleaguesIn lists the colleagues whom a note names with @.
func (v *Visit) colleaguesIn(ctx context.Context, text string) ([]string, error) {
	if !strings.Contains(text, "@") {
		return nil, nil
	}
	all, err := v.Server.People.All(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range all {
		if !p.Ended && namesPerson(text, p.ID, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names, nil
}

// namesPerson reports whether a text names a person: @ and their id, first name or
// whole name.
func namesPerson(text, id, name string) bool {
	text = strings.ToLower(text)
	first, _, _ := strings.Cut(name, " ")
	for _, called := range []string{id, first, name} {
		called = strings.ToLower(called)
		for at := 0; called != ""; {
			i := strings.Index(text[at:], "@"+called)
			if i < 0 {
				break
			}
			at += i + 1 + len(called)
			next := strings.IndexFunc(text[at:], func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
			if next == 0 || at == len(text) {
				return true
			}
		}
	}
	return false
}

type notesPage struct {
	Lead  string
	Table *table.Table
}

// notesForMe lists the notes in which colleagues name the reader.
func notesForMe(v *Visit) (Answer, error) {
	t := table.New("notes", v.T("notes.for-me"))
	t.Column("on", v.T("notes.on"), table.DateColumn)
	t.Column("by", v.columnName("by"), table.TextColumn)
	t.Column("about", v.columnName("about"), table.TextColumn)
	t.Column("text", v.T("notes.text"), table.TextColumn)
	for about, list := range v.notesAbout() {
		for _, r := range list {
			if !namesPerson(r.Get("text"), v.Who.ID, v.Who.Name) || !v.noteReaches(v.Reach, about) {
				continue
			}
			d, _ := fiscal.ParseDate(r.Get("on"))
			_, _, at, _ := v.noteOn(about)
			t.Row(table.Date(d), table.Text(r.Get("by")), table.Text(v.aboutName(about)).To(at+"#notes"), table.Text(r.Get("text")))
		}
	}
	t.SortBy("-on", v.Sort())
	p := notesPage{Lead: v.N("notes.lead", len(t.Rows))}
	t.Empty = v.T("notes.none-for-me")
	p.Table = v.Finish(t)
	return Page{Template: "notes", Title: v.T("notes.title"), Data: p, Tables: []*table.Table{p.Table}}, nil
}
