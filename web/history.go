package web

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
)

var historyRoutes = []Route{
	{Method: "GET", Path: "/history", Right: people.Audit, Do: history},
	{Method: "GET", Path: "/history/:seq", Right: people.Audit, Do: batchPage},
	{Method: "POST", Path: "/history/:seq/undo", Right: people.Notes, Do: undoBatch}, // whoever may write anything
}

// isAuthor reports whether the reader posted a batch: its key names the person, for
// two people may share a name.
func (v *Visit) isAuthor(h ledger.Head) bool {
	return v.Who != nil && (strings.HasPrefix(h.Key, "form:"+v.Who.ID+":") || strings.HasPrefix(h.Key, "api:"+v.Who.ID+":"))
}

// mayRead reports whether an entry of a change is the reader's to see: an
// officer of an area sees their services and what concerns none; a member
// their own board's money.
func (v *Visit) mayRead(e ledger.Entry) bool {
	switch {
	case v.Reach.All:
		return true
	case len(v.Reach.Areas) == 0:
		return slices.Contains(v.Reach.Boards, e.From.Board) || slices.Contains(v.Reach.Boards, e.To.Board)
	}
	service := cmp.Or(e.To.Service, e.From.Service)
	return service == "" || v.Sees(service)
}

// mayReadRecord is mayRead for a record. Posts are for finance and audit alone.
func (v *Visit) mayReadRecord(r ledger.Record) bool {
	switch {
	case r.Register == "posts":
		return v.Is(people.Finance, people.Auditor)
	case r.Register == "scenarios" || r.Register == "changes":
		return v.mayReadScenario(cmp.Or(r.Get("scenario"), r.ID))
	case v.Reach.All:
		return true
	case len(v.Reach.Areas) == 0:
		return slices.Contains(v.Reach.Boards, r.Get("board")) || r.Register == "boards" && slices.Contains(v.Reach.Boards, r.ID)
	case r.Register == "services":
		return v.Sees(r.ID)
	case r.Register == "asks" || r.Register == "limits":
		return false
	}
	return r.Get("service") == "" || v.Sees(r.Get("service"))
}

// mayReadBatch reports whether any of a batch is the reader's to see.
func (v *Visit) mayReadBatch(seq int) bool {
	head, _ := v.Head(seq)
	batch := v.Batch(seq)
	if v.isAuthor(head) || v.Reach.All && (batch.Len() > 0 || len(batch.Records) == 0) { // records alone may be somebody's draft
		return true
	}
	if slices.ContainsFunc(batch.Records, v.mayReadRecord) {
		return true
	}
	for n := range batch.Len() {
		if v.mayRead(batch.Entry(n + 1)) {
			return true
		}
	}
	return false
}

// historyFilter is what the list is narrowed to.
type historyFilter struct {
	Person, Register, About, Reason string
	From, To                        fiscal.Date
}

func (f historyFilter) none() bool { return f == historyFilter{} }

// touches reports whether a batch has to do with what is looked for.
func (f historyFilter) touches(batch ledger.Batch) bool {
	if f.Register == "" && f.About == "" {
		return true
	}
	if f.Register != anyMoney {
		for _, r := range batch.Records {
			if (f.Register == "" || r.Register == f.Register) && (f.About == "" || r.ID == f.About || slices.ContainsFunc(r.Values, func(v ledger.Value) bool { return v.Text == f.About })) {
				return true
			}
		}
	}
	if f.Register != "" && f.Register != anyMoney {
		return false
	}
	for n := range batch.Len() {
		e := batch.Entry(n + 1)
		if f.About == "" || slices.Contains([]string{e.Line, e.Label.Objective, e.Label.Area, e.From.Award, e.From.Service, e.From.Board, e.To.Award, e.To.Service, e.To.Board}, f.About) {
			return true
		}
	}
	return false
}

// anyMoney is the filter's word for batches with entries.
const anyMoney = "money"

type historyPage struct {
	Lead, Scope       string
	Persons, Kinds    []form.Option
	From, To          string
	About, Reason     string
	FromError, ToFail string
	Table             *table.Table
	Clear             string
}

// history lists every change, the newest first.
func history(v *Visit) (Answer, error) {
	p := historyPage{From: v.Q("from"), To: v.Q("to"), About: v.Q("about"), Reason: v.Q("reason")}
	f := historyFilter{Person: v.Q("person"), Register: v.Q("register"), About: p.About, Reason: strings.ToLower(p.Reason)}
	var errs form.Errors
	day := func(field, text string) fiscal.Date {
		d, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
		if err != nil {
			errs.Add(field, v.T("history.filter.bad-date"))
		}
		return d
	}
	f.From, f.To = day("from", p.From), day("to", p.To)
	p.FromError, p.ToFail = errs.Of("from"), errs.Of("to")

	var shown []int
	authors := map[string]bool{}
	for seq := v.Sequence(); seq > 0; seq-- {
		head, _ := v.Head(seq)
		on := fiscal.FromTime(head.PostedAt.In(v.Server.london))
		if !v.mayReadBatch(seq) {
			continue
		}
		authors[head.Author] = true
		if f.Person != "" && head.Author != f.Person || f.From != 0 && on < f.From || f.To != 0 && on > f.To || !strings.Contains(strings.ToLower(head.Reason), f.Reason) || !f.touches(v.Batch(seq)) {
			continue
		}
		shown = append(shown, seq)
	}
	lead := "history.lead"
	if !f.none() {
		lead, p.Clear = "history.lead-filtered", v.To("/history")
	}
	p.Lead = v.N(lead, len(shown))
	if !v.Reach.All {
		p.Scope = v.T("history.scope")
	}
	p.Persons = []form.Option{{Value: "", Label: v.T("history.filter.anyone")}}
	names := make([]string, 0, len(authors))
	for name := range authors {
		names = append(names, name)
	}
	slices.SortFunc(names, v.Sort())
	for _, name := range names {
		p.Persons = append(p.Persons, form.Option{Value: name, Label: name, Selected: name == f.Person})
	}
	p.Kinds = []form.Option{{Value: "", Label: v.T("history.filter.everything")}, {Value: anyMoney, Label: v.T("history.filter.money"), Selected: f.Register == anyMoney}}
	for _, r := range ledger.Registers {
		if !r.Posts {
			p.Kinds = append(p.Kinds, form.Option{Value: r.Name, Label: v.T("history.register." + r.Name), Selected: f.Register == r.Name})
		}
	}

	t := table.New("changes", v.T("history.caption"))
	t.Column("", v.T("history.number"), table.TextColumn)
	t.Column("", v.T("history.when"), table.TextColumn)
	t.Column("", v.T("history.who"), table.TextColumn)
	t.Column("", v.T("history.what"), table.TextColumn)
	t.Column("", v.T("history.sum"), table.MoneyColumn)
	t.Column("", v.T("history.why"), table.TextColumn)
	t.Empty = v.T("history.empty")
	if !f.none() {
		t.Empty = v.T("history.none")
	}
	from, to := v.pageOf("page", len(shown))
	for _, seq := range shown[from:to] {
		head, _ := v.Head(seq)
		made := v.made(seq)
		to := v.To("/history/" + strconv.Itoa(seq))
		sum := table.None()
		if made.entries > 0 {
			sum = table.Pence(made.sum, table.Exact).To(to)
		}
		t.Row(table.Text(strconv.Itoa(seq)).To(to), table.Text(v.instant(head.PostedAt)), table.Text(v.actor(head)), table.Text(made.what), sum, table.Text(cmp.Or(head.Reason, v.T("history.no-reason"))))
	}
	t.All = len(shown)
	p.Table = v.Finish(t)
	return Page{Template: "history", Title: v.T("history.title"), Data: p, Tables: []*table.Table{p.Table}, Errors: errs}, nil
}

// pageOf gives the rows of a long table that the page shows: one page of them,
// or all where the table is asked for as a file.
func (v *Visit) pageOf(name string, n int) (from, to int) {
	if v.Q("format") != "" {
		return 0, n
	}
	page, _ := strconv.Atoi(v.Q(name))
	page = min(max(page, 1), max(1, (n+pageSize-1)/pageSize))
	return min((page-1)*pageSize, n), min(page*pageSize, n)
}

// instant writes a posting time as clocks in the council show it.
func (v *Visit) instant(at time.Time) string {
	local := at.In(v.Server.london)
	return v.T("history.at", "Date", v.Short(fiscal.FromTime(local)), "Time", local.Format("15:04"))
}

// actor writes who posted, and in which role.
func (v *Visit) actor(h ledger.Head) string {
	if h.Role == "" || !v.Reader.Has("history.role."+h.Role) {
		return h.Author
	}
	return v.T("history.as-role", "Who", h.Author, "Role", v.T("history.role."+h.Role))
}

// made is what the reader sees of a batch, summed up.
type made struct {
	what    string
	entries int
	sum     money.Pence
}

func (v *Visit) made(seq int) made {
	batch := v.Batch(seq)
	head, _ := v.Head(seq)
	own := v.isAuthor(head)
	counts := map[string]int{}
	var order []string
	count := func(id string) {
		if counts[id]++; counts[id] == 1 {
			order = append(order, id)
		}
	}
	var m made
	for n := range batch.Len() {
		e := batch.Entry(n + 1)
		if !own && !v.mayRead(e) {
			continue
		}
		m.entries++
		m.sum += e.Amount
		if e.Reverses != (ledger.EntryID{}) {
			count("history.reversals")
		} else {
			count("history.kinds." + e.Kind.String())
		}
	}
	for _, r := range batch.Records {
		if own || v.mayReadRecord(r) {
			count("history.register." + r.Register)
		}
	}
	var parts []string
	for _, id := range order {
		parts = append(parts, v.T(id)+" ("+v.Count(counts[id])+")")
	}
	m.what = strings.Join(parts, "; ")
	return m
}

type batchData struct {
	Noted           notesPart
	Lead, Part      string
	Facts           []fact
	Notes           []navLink
	Entries         *table.Table
	Records         *table.Table
	Undo            string // where the form goes; "" where this reader cannot undo
	Cannot, Confirm string
	Key             string
	Reason          form.Field
}

// fact is one line of a summary list.
type fact struct{ Key, Value, Lang, Change string }

// batchNumber reads the batch of the address: one that is there and of which
// the reader may see something.
func (v *Visit) batchNumber() (int, error) {
	text := v.Param("seq")
	seq, err := strconv.Atoi(text)
	if err != nil || seq < 1 || seq > v.Sequence() || strconv.Itoa(seq) != text {
		return 0, Missing{}
	}
	if v.Route.Right != people.Audit {
		v.Reach = v.May(people.Audit)
	}
	if !v.mayReadBatch(seq) {
		return 0, Missing{}
	}
	return seq, nil
}

// batchPage shows one change whole: its entries, and its records before and
// after.
func batchPage(v *Visit) (Answer, error) {
	seq, err := v.batchNumber()
	if err != nil {
		return nil, err
	}
	return v.batch(seq, "", nil), nil
}

func (v *Visit) batch(seq int, reason string, errs form.Errors) Page {
	head, hash := v.Head(seq)
	batch := v.Batch(seq)
	own := v.isAuthor(head)
	number := strconv.Itoa(seq)
	p := batchData{Lead: v.T("history.batch.lead", "Who", v.actor(head), "When", v.instant(head.PostedAt))}
	add := func(id, value string) { p.Facts = append(p.Facts, fact{Key: v.T(id), Value: value}) }
	add("history.why", cmp.Or(head.Reason, v.T("history.no-reason")))
	m := v.made(seq)
	add("history.what", m.what)
	source := head.Source
	if strings.HasPrefix(source, "web ") {
		source = v.T("history.from-browser")
	}
	add("history.source", source)
	if head.AsFound {
		add("history.batch.kind", v.T("history.batch.as-found"))
	}
	add("history.batch.hash", hash.String())
	add("history.batch.before", head.Prev.String())

	var entries []ledger.Entry
	undoneBy, undoes := v.undoneBy(seq), 0
	hidden := false
	for n := range batch.Len() {
		e := batch.Entry(n + 1)
		if !own && !v.mayRead(e) {
			hidden = true
			continue
		}
		entries = append(entries, e)
		undoes = cmp.Or(undoes, e.Reverses.Seq)
	}
	var records []ledger.Replaced
	for _, r := range v.ReplacedBy(seq) {
		if own || v.mayReadRecord(r.Record) {
			records = append(records, r)
		} else {
			hidden = true
		}
	}
	if hidden {
		p.Part = v.T("history.batch.part")
	}
	if undoneBy != 0 {
		p.Notes = append(p.Notes, navLink{Href: v.To("/history/" + strconv.Itoa(undoneBy)), Text: v.T("history.batch.undone-by", "Seq", undoneBy)})
	}
	if undoes != 0 && undoes != seq {
		p.Notes = append(p.Notes, navLink{Href: v.To("/history/" + strconv.Itoa(undoes)), Text: v.T("history.batch.undoes", "Seq", undoes)})
	}
	p.Entries = v.entriesTable(entries, m.sum)
	tables := []*table.Table{p.Entries}
	if len(records) > 0 {
		p.Records = v.recordsTable(records)
		tables = append(tables, p.Records)
	}
	if batch.Len() > 0 {
		p.Noted = v.notesOf("postings/" + number)
	}
	if v.Can(people.Notes) && undoneBy == 0 {
		if p.Cannot = v.mayNotUndo(seq); p.Cannot == "" {
			p.Undo, p.Key = v.Base()+"/history/"+number+"/undo", NewKey()
			p.Confirm = v.T("history.undo.button", "Seq", seq)
			p.Reason = form.Field{Name: "reason", Label: v.T("history.undo.reason"), Type: "textarea", Rows: 2, Required: true, Value: reason, Error: errs.Of("reason")}
		}
	}
	return Page{Template: "batch", Title: v.T("history.batch.title", "Seq", seq), Data: p, Tables: tables, Errors: errs}
}

// undoneBy is the batch that reversed an entry of another, 0 for none.
func (v *Visit) undoneBy(seq int) int {
	first, end := v.Span(seq)
	for i := first; i < end; i++ {
		if by, ok := v.ReversedBy(i); ok && by.Seq != seq {
			return by.Seq
		}
	}
	return 0
}

func (v *Visit) entriesTable(entries []ledger.Entry, sum money.Pence) *table.Table {
	t := table.New("entries", v.T("history.batch.entries"))
	t.Column("", v.T("history.batch.reference"), table.TextColumn)
	t.Column("", v.T("history.batch.kind-of"), table.TextColumn)
	t.Column("", v.T("history.batch.from"), table.TextColumn)
	t.Column("", v.T("history.batch.to"), table.TextColumn)
	t.Column("", v.T("history.batch.year"), table.TextColumn)
	t.Column("", v.T("history.batch.date"), table.DateColumn)
	t.Column("", v.T("history.batch.amount"), table.MoneyColumn)
	t.Empty = v.T("history.batch.no-entries")
	if len(entries) > 0 {
		t.Total(table.Text(v.T("total")), table.Text(""), table.Text(""), table.Text(""), table.Text(""), table.Text(""), table.Pence(sum, table.Exact))
	}
	from, to := v.pageOf("page", len(entries))
	for _, e := range entries[from:to] {
		kind := v.T("history.kind." + e.Kind.String())
		if e.Reverses != (ledger.EntryID{}) {
			kind = v.T("history.reversal", "Kind", kind)
		}
		year := e.To.Year
		if e.To.Stage == ledger.Funder || e.To.Award == "" {
			year = e.From.Year
		}
		date := table.Text(v.T("not-known"))
		if e.Effective != 0 {
			date = table.Date(e.Effective)
		}
		t.Row(table.Text(e.ID.String()), table.Text(kind), table.Text(v.accountWords(e.From)), table.Text(v.accountWords(e.To)), table.Text(v.Reader.Year(year)), date, table.Pence(e.Amount, table.Exact))
	}
	t.All = len(entries)
	return v.Finish(t)
}

// accountWords writes where money stands: Allocated: Families First, Family support hubs.
func (v *Visit) accountWords(a ledger.Account) string {
	var parts []string
	for _, of := range []struct{ register, id string }{{"awards", a.Award}, {"boards", a.Board}, {"services", a.Service}} {
		if of.id != "" {
			parts = append(parts, v.NameOf(v.Book, of.register, of.id).Text)
		}
	}
	stage := v.T("history.stage." + a.Stage.String())
	if len(parts) == 0 || a.Stage == ledger.Funder {
		return stage
	}
	return stage + ": " + strings.Join(parts, ", ")
}

func (v *Visit) recordsTable(records []ledger.Replaced) *table.Table {
	t := table.New("records", v.T("history.batch.records"))
	t.Column("", v.T("history.batch.record"), table.TextColumn)
	t.Column("", v.T("history.batch.kind"), table.TextColumn)
	t.Column("", v.T("history.batch.column"), table.TextColumn)
	t.Column("", v.T("history.batch.was"), table.TextColumn)
	t.Column("", v.T("history.batch.is"), table.TextColumn)
	from, to := v.pageOf("records-page", len(records))
	for _, r := range records[from:to] {
		name := v.NameOf(v.Book, r.Register, r.ID)
		cell := table.Text(name.Text).In(string(name.Lang))
		if to := recordPath(r.Register, r.ID); to != "" {
			cell = cell.To(v.To(to))
		}
		if r.Added {
			t.Row(cell, table.Text(v.T("history.register."+r.Register)), table.Text(v.T("history.item.added")), table.None(), table.Text(v.recordWords(r.Record)))
			continue
		}
		for _, d := range v.differing(r.Was, r.Record) {
			t.Row(cell, table.Text(v.T("history.register."+r.Register)), table.Text(d.What), table.Text(d.Before), table.Text(d.After))
		}
	}
	t.All = max(len(records), len(t.Rows))
	return v.Finish(t)
}

// recordPath is the page of a register's row, for those that have one.
func recordPath(register, id string) string {
	switch register {
	case "services", "streams", "boards", "objectives", "periods":
		return pathOf(register, id)
	}
	return ""
}

// recordWords writes a record on one line: Name: Play scheme; Provider: Play Wales.
func (v *Visit) recordWords(r ledger.Record) string {
	var parts []string
	for _, value := range r.Values {
		parts = append(parts, v.columnName(value.Column)+": "+v.valueWords(r.Register, value.Column, value.Text))
	}
	return strings.Join(parts, "; ")
}

// columnName is a column of a register in words; a year is its own name.
func (v *Visit) columnName(column string) string {
	if column[0] >= '0' && column[0] <= '9' {
		return column
	}
	return v.T("history.column." + column)
}

// valueWords writes a cell of a record as pages write such things.
func (v *Visit) valueWords(register, column, text string) string {
	if text == "?" {
		return v.T("not-known")
	}
	c := ledger.RegisterNamed(register).Column(column)
	if c == nil {
		c = &ledger.Column{Form: ledger.Money} // a year of a register
	}
	switch c.Form {
	case ledger.Text:
		switch column {
		case "funder", "provider", "recipient":
			return v.NameOf(v.Book, "organisations", text).Text
		}
	case ledger.Reference:
		return v.NameOf(v.Book, c.Of, text).Text
	case ledger.References:
		var names []string
		for id := range strings.SplitSeq(text, ";") {
			names = append(names, v.NameOf(v.Book, c.Of, id).Text)
		}
		return strings.Join(names, "; ")
	case ledger.Choice, ledger.YesNo:
		return v.choice(text)
	case ledger.Day:
		if d, err := fiscal.ParseDate(text); err == nil {
			return v.Date(d)
		}
	case ledger.Money, ledger.Signed:
		if p, err := money.ParsePence(text); err == nil {
			return p.Exact()
		}
	}
	return text
}

// change is one thing that happened to an item, as the part "history" draws it.
type change struct{ What, Href, Before, After, Why, When, Who, Paper, PaperTo string }

// differing lists what differs between two versions of a record, in the order
// of its columns.
func (v *Visit) differing(was, is ledger.Record) []change {
	var list []change
	seen := map[string]bool{}
	for _, values := range [][]ledger.Value{is.Values, was.Values} {
		for _, value := range values {
			before, after := was.Get(value.Column), is.Get(value.Column)
			if before == after || seen[value.Column] {
				continue
			}
			seen[value.Column] = true
			words := func(text string) string {
				if text == "" {
					return v.T("history.no-value")
				}
				return v.valueWords(is.Register, value.Column, text)
			}
			list = append(list, change{What: v.columnName(value.Column), Before: words(before), After: words(after)})
		}
	}
	return list
}

// historyOf lists what happened to a row of a register, the newest first: who
// changed what, when and why; of a service also the money put on it.
func (v *Visit) historyOf(register, id string) []change {
	var list []change
	type dated struct {
		seq     int
		changes []change
	}
	var all []dated
	versions, seqs := v.Versions(register, id)
	for i, r := range versions {
		changes := []change{{What: v.T("history.item.added")}}
		if i > 0 {
			changes = v.differing(versions[i-1], r)
		}
		all = append(all, dated{seqs[i], changes})
	}
	if register == "services" {
		sums := map[int]map[ledger.Kind]money.Pence{}
		for _, proof := range v.ProofOfHoldings(v.Holdings(id)...) {
			e := v.Entry(proof.Index)
			if !v.mayRead(e) {
				continue
			}
			if sums[e.ID.Seq] == nil {
				sums[e.ID.Seq] = map[ledger.Kind]money.Pence{}
			}
			sums[e.ID.Seq][e.Kind] += proof.Amount
		}
		for seq, kinds := range sums {
			var changes []change
			for kind, sum := range kinds {
				changes = append(changes, change{What: v.T("history.item.money", "What", v.T("history.kinds."+kind.String()), "Amount", sum.Exact())})
			}
			slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.What, b.What) })
			all = append(all, dated{seq, changes})
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return cmp.Compare(b.seq, a.seq) })
	linked := v.Can(people.Audit)
	for _, d := range all {
		head, _ := v.Head(d.seq)
		for _, c := range d.changes {
			c.Why, c.When, c.Who = head.Reason, v.instant(head.PostedAt), v.actor(head)
			if linked {
				c.Href = v.To("/history/" + strconv.Itoa(d.seq))
			}
			list = append(list, c)
		}
	}
	return list
}

// mayNotUndo says why the reader may not undo a batch, "" where they may: who
// posted it may, and finance; but not what two people must do together.
func (v *Visit) mayNotUndo(seq int) string {
	batch := v.Batch(seq)
	for _, r := range batch.Records {
		switch r.Register {
		case "periods":
			return v.T("history.undo.periods")
		case "decisions":
			return v.T("history.undo.decisions")
		}
	}
	if !v.isAuthor(batch.Head) && !v.Is(people.Finance) {
		return v.T("history.undo.not-yours")
	}
	return ""
}

type undoForm struct {
	Reason string `form:"reason"`
	Page   string `form:"page"` // sent from the change's own page, which asks for a reason
}

// undoBatch takes a change back. Straight after saving, its author need not say
// why; from the history everybody does.
func undoBatch(v *Visit) (Answer, error) {
	seq, err := v.batchNumber()
	if err != nil {
		return nil, err
	}
	var f undoForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if why := v.mayNotUndo(seq); why != "" {
		return v.batch(seq, f.Reason, form.Errors{{Text: why}}), nil
	}
	head, _ := v.Head(seq)
	reason := f.Reason
	if reason == "" && f.Page == "" && v.isAuthor(head) {
		reason = v.T("history.undo.at-once")
	}
	if reason == "" {
		return v.batch(seq, "", form.Errors{{Field: "reason", Text: v.T("history.undo.no-reason")}}), nil
	}
	kept := 0
	undone, err := v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		kept = 0
		o, err := decide.Undo(b, v.Actor(), seq)
		if err != nil { // the draft beside it: a form sent twice reads as done
			return b.Draft(ledger.Intent{Key: v.Actor().Key}), err
		}
		for _, r := range o.Kept {
			if !ledger.RegisterNamed(r.Register).Posts { // of money taken back, the details say nothing any more
				kept++
			}
		}
		o.Draft.Reason = v.T("history.undo.because", "Seq", seq, "Reason", reason)
		return o.Draft, nil
	})
	var refused *decide.CannotUndo
	if errors.As(err, &refused) {
		return v.batch(seq, reason, form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	say := v.T("history.undo.done", "Seq", seq)
	if kept > 0 {
		say += " " + v.N("history.undo.kept", kept)
	}
	return Redirect{To: v.To("/history/" + strconv.Itoa(seq)), Say: say, Undo: undone}, nil
}
