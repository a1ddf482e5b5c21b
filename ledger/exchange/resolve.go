package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/exchange/sheet"
)

// directory finds the id that a reference means: an id as written, an id in
// another case, or a name that only one row has.
type directory struct {
	ids    map[string]bool
	folded map[string]string // lower case; "" where two ids fold alike
	named  map[string]string // "" where two rows have the name
	ghosts map[string]bool   // rows with problems of their own
	offers []string
}

func newDirectory() *directory {
	return &directory{ids: map[string]bool{}, folded: map[string]string{}, named: map[string]string{}, ghosts: map[string]bool{}}
}

func (x *directory) add(id string, names ...string) {
	if !x.ids[id] {
		x.ids[id] = true
		x.offers = append(x.offers, id)
		key := strings.ToLower(id)
		if other, met := x.folded[key]; met && other != id {
			id = ""
		}
		x.folded[key] = id
	}
	for _, n := range names {
		x.name(n, id)
	}
}

func (x *directory) name(name, id string) {
	if name == "" {
		return
	}
	key := strings.ToLower(name)
	other, met := x.named[key]
	if met && other != id {
		x.named[key] = ""
		return
	}
	if !met {
		x.named[key] = id
		x.offers = append(x.offers, name)
	}
}

func (x *directory) find(text string) (string, bool) {
	if x.ids[text] {
		return text, true
	}
	key := strings.ToLower(text)
	if id := x.folded[key]; id != "" {
		return id, true
	}
	id := x.named[key]
	return id, id != ""
}

// missing says what is wrong with a reference that nothing answers to.
func (x *directory) missing(register, text string) *cellFault {
	if id, met := x.named[strings.ToLower(text)]; met && id == "" {
		return &cellFault{"ambiguous", "several rows of " + register + " have this name", "write the id of the one that is meant"}
	}
	slices.Sort(x.offers)
	if near := nearest(text, x.offers); near != "" {
		return &cellFault{"not-found", register + " have no row of this id or name", "perhaps " + near + "? Write an id or name that exists, or add it to " + register}
	}
	return &cellFault{"not-found", register + " have no row of this id or name", "add it to " + register + ", or write an id or name that exists"}
}

// byKey lists the registers whose rows without an id are known by what they
// say, and the columns that tell them apart.
var byKey = map[string][]string{
	"awards":       {"stream", "reference"},
	"figures":      {"award", "year", "stated_on"},
	"terms":        {"stream", "award", "rule", "when"},
	"needs":        {"objective", "area", "ages", "year", "unit"},
	"agreements":   {"service", "provider"},
	"delegations":  {"board", "award"},
	"payments":     {"award", "service", "date", "period", "cost_centre", "account", "amount", "reference"},
	"codes":        {"cost_centre", "account", "service", "award", "from"},
	"limits":       {"role", "action", "per", "permanent", "from"},
	"transfers":    {"award", "to"},
	"exceptions":   {"award", "service", "term"},
	"approvals":    {"award", "service", "until"},
	"posts":        {"service", "employer"},
	"claims":       {"award", "period", "due"},
	"outturns":     {"service", "award", "period"},
	"measurements": {"indicator", "period", "area"},
	"savings":      {"service", "kind"},
	"assumptions":  {"kind", "cost_type", "year", "award"},
	"changes":      {"scenario", "n"},
	"views":        {"about", "group", "on"},
	"requests":     {"body", "asked_on", "text"},
	"actions":      {"title"},
	"returns":      {"stream", "agreement", "title", "period"},
}

// identify gives every row its id, register by register, so that a row may be
// known by what it refers to; and fills the directories on the way.
func (pl *planner) identify() {
	rowsOf := map[string][]*row{}
	for _, r := range pl.im.rows {
		rowsOf[r.register.Name] = append(rowsOf[r.register.Name], r)
	}
	for i := range ledger.Registers {
		name := ledger.Registers[i].Name
		x := newDirectory()
		for id, rec := range pl.book.Records(name) {
			x.add(id, rec.Get("name"))
		}
		if name == "streams" {
			for id, s := range pl.book.Streams {
				pl.streamName[id] = s.Name
			}
		}
		if name == "awards" {
			for id, a := range pl.book.Awards {
				x.name(a.Reference, id)
				pl.awards[a.Stream] = append(pl.awards[a.Stream], id)
			}
			pl.nameAwards(x)
			pl.addAwardsOfStreams(x, rowsOf["streams"], rowsOf["awards"])
		}
		pl.directories[name] = x
		pl.giveIDs(name, x, rowsOf[name])
		if name == "awards" {
			pl.nameAwards(x)
		}
	}
}

// nameAwards lets an award be called by its stream's name, where the stream has
// but one, or one under its own id.
func (pl *planner) nameAwards(x *directory) {
	for stream, awards := range pl.awards {
		slices.Sort(awards)
		awards = slices.Compact(awards)
		switch {
		case pl.streamName[stream] == "":
		case len(awards) == 1:
			x.name(pl.streamName[stream], awards[0])
		default:
			delete(x.named, strings.ToLower(pl.streamName[stream]))
			for _, id := range awards {
				if id == stream {
					x.name(pl.streamName[stream], id)
				}
			}
			if !slices.Contains(awards, stream) {
				x.named[strings.ToLower(pl.streamName[stream])] = ""
			}
		}
	}
}

// addAwardsOfStreams makes the awards known that streams' rows carry. A stream
// of a start sheet may have its award in the book, or a row of its own for it.
func (pl *planner) addAwardsOfStreams(x *directory, streams, awards []*row) {
	for _, r := range streams {
		id := pl.ids[r]
		if id == "" || !carriesAward(r, pl.book) {
			continue
		}
		if r.made {
			if slices.ContainsFunc(awards, func(a *row) bool { return strings.EqualFold(a.get("stream"), r.get("name")) || a.get("stream") == id }) {
				pl.ownAwards[r] = true
				continue
			}
			if there, ok := x.find(r.get("name")); ok {
				pl.awardOf[r] = there
				continue
			}
		}
		x.add(id)
		pl.awards[id] = append(pl.awards[id], id)
		x.ghosts[id] = pl.ghost(r)
	}
}

// ghost says that a row has a problem, so that it is known and not used.
func (pl *planner) ghost(r *row) bool { return r.bad || pl.skip[rowKey{r.table, r.number}] }

func (pl *planner) giveIDs(name string, x *directory, rows []*row) {
	given := map[string]*row{} // by id in lower case
	var blank, ghosts []*row
	for _, r := range rows {
		if pl.ghost(r) {
			ghosts = append(ghosts, r)
			continue
		}
		id := r.cells[0]
		if columnsOf(r.register)[0].Form != ledger.Code || id == "" {
			blank = append(blank, r)
			continue
		}
		key := strings.ToLower(id)
		if first := given[key]; first != nil {
			f := twiceOver(first.number)
			if first.table != r.table {
				f.rule = "an id names one row, and " + first.table.file + " has it already"
			}
			pl.fault(r.table, r.number, "id", id, f)
			continue
		}
		if stands, met := x.folded[key]; met && stands != id && !x.ids[id] {
			pl.fault(r.table, r.number, "id", id, &cellFault{"id-case", name + " already have this id in other letters", "write it as " + stands})
			continue
		}
		given[key] = r
		pl.call(x, r, id)
	}
	// Rows without ids are taken in an order of their own, so that the order of
	// the file does not matter.
	keys := make(map[*row]string, len(blank))
	for _, r := range blank {
		keys[r] = pl.keyOf(name, r)
	}
	slices.SortStableFunc(blank, func(a, b *row) int {
		return cmp.Or(cmp.Compare(keys[a], keys[b]), slices.Compare(a.cells, b.cells))
	})
	for _, r := range blank {
		if id, ok := x.find(r.get("name")); ok && keys[r] != "" && (given[strings.ToLower(id)] == nil || r.made) {
			if r.made && given[strings.ToLower(id)] != nil {
				pl.ids[r] = "" // the sheet of its register says it better
				continue
			}
			given[strings.ToLower(id)] = r
			pl.call(x, r, id)
			continue
		}
		key := keys[r]
		if key == "" {
			pl.fault(r.table, r.number, "id", "", &cellFault{"id-none", "the row has neither an id nor what one could be made from", "write a short code of your own"})
			continue
		}
		if first := given[strings.ToLower(key)]; first != nil && r.get("name") != "" && plain(first.get("name")) == plain(r.get("name")) {
			pl.fault(r.table, r.number, "name", r.get("name"), &cellFault{"name-twice",
				"row " + strconv.Itoa(first.number) + " has this name already, and neither has an id of its own to tell them apart", "give each an id, or delete the one too many"})
			continue
		}
		id := key
		for n := 2; ; n++ {
			rec, stands := pl.book.Record(name, id)
			other := stands && rec.Get("name") != "" && !strings.EqualFold(rec.Get("name"), r.get("name"))
			if given[strings.ToLower(id)] == nil && !other {
				break
			}
			id = key + "-" + strconv.Itoa(n)
		}
		given[strings.ToLower(id)] = r
		pl.call(x, r, id)
	}
	for _, r := range ghosts {
		id := cmp.Or(r.cells[0], pl.keyOf(name, r))
		if id != "" && given[strings.ToLower(id)] == nil {
			x.ghosts[id] = true
			pl.call(x, r, id)
		}
	}
}

func (pl *planner) call(x *directory, r *row, id string) {
	pl.ids[r] = id
	x.add(id, r.get("name"))
	if r.register.Name == "streams" {
		pl.streamName[id] = r.get("name")
	}
	if r.register.Name == "awards" {
		x.name(r.get("reference"), id)
		if stream, ok := pl.directories["streams"].find(r.get("stream")); ok {
			pl.awards[stream] = append(pl.awards[stream], id)
		}
	}
}

// keyOf makes an id for a row that has none: from its name, or from what tells
// it apart.
func (pl *planner) keyOf(name string, r *row) string {
	columns, keyed := byKey[name]
	if !keyed {
		return slug(r.get("name"))
	}
	var parts []string
	for _, column := range columns {
		text := r.get(column)
		c := r.register.Column(column)
		if c != nil && c.Form == ledger.Reference && text != "" {
			if id, ok := pl.directories[c.Of].find(text); ok {
				text = id
			}
		}
		if c != nil && c.Form == ledger.Text {
			text = slug(pl.party(c.Name, text))
		}
		parts = append(parts, text)
	}
	return strings.TrimRight(strings.Join(parts, "/"), "/")
}

// party gives the id of the organisation, or pool award, that a column names;
// other texts as they are.
func (pl *planner) party(column, text string) string {
	if column == "to" {
		if id, ok := pl.directories["awards"].find(text); ok {
			return id
		}
	}
	if freeNames[column] || column == "to" {
		if id, ok := pl.directories["organisations"].find(text); ok {
			return id
		}
	}
	return text
}

// refer resolves one reference. A row that has problems of its own is known,
// but nothing can be posted on it.
func (pl *planner) refer(register, text string) (id string, f *cellFault, ghost bool) {
	x := pl.directories[register]
	id, ok := x.find(text)
	if !ok {
		return "", x.missing(register, text), false
	}
	if x.ghosts[id] && !pl.book.Has(register, id) {
		if pl.im.opt.SetAside {
			return "", &cellFault{"set-aside", "the row of " + register + " it refers to has been set aside", "mend that row first"}, false
		}
		return id, nil, true
	}
	return id, nil, false
}

func (pl *planner) fault(t *table, row int, column, found string, f *cellFault) {
	if pl.skip[rowKey{t, row}] {
		return // it is known already
	}
	pl.faults.add(t, sheet.Problem{Row: row, Column: column, Code: f.code, Found: found, Rule: f.rule, Remedy: f.remedy})
}
