package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/form"
	"braid/web/table"
)

var moneyRoutes = []Route{
	{Method: "GET", Path: "/ledger/postings", Right: people.See, Do: postings, Kept: true},
	{Method: "GET", Path: "/ledger/monitoring", Right: people.See, Do: monitoring, Kept: true},
	{Method: "GET", Path: "/ledger/monitoring/sum", Right: people.See, Do: monitoringSum, Kept: true},
}

type postingsPage struct {
	Lead    string
	About   []fact   // what the figure is of
	Notes   []string // what of it is not known, or not the reader's to see
	Sum     *table.Table
	Table   *table.Table
	Records *table.Table
	Filter  *postingsFilter
	All     string // where all postings are
}

// postings shows what makes up a figure, a finding's amount, or all there is.
func postings(v *Visit) (Answer, error) {
	switch {
	case v.Query.Has("finding"):
		return v.findingPostings()
	case v.Query.Has("measure"):
		return v.figurePostings()
	}
	return v.allPostings()
}

// Figures of these pages that are no measures of a position.
const (
	unspent  = "unspent"  // awarded, and neither spent nor given up
	original = "original" // first put on services in a year
)

// taken are the measures that, taken from what was awarded, leave what is left,
// and what is not yet spent.
var (
	takenFromLeft  = []ledger.Measure{ledger.AllocatedTo, ledger.HandedBackOf, ledger.LapsedOf, ledger.TransferredOf}
	takenByUnspent = []ledger.Measure{ledger.PaidOut, ledger.HandedBackOf, ledger.LapsedOf, ledger.TransferredOf}
)

// opens links one of those figures to the postings that make it.
func (v *Visit) opens(figure string, pairs ...string) string {
	link := v.Postings(ledger.AwardedTo, pairs...)
	return strings.Replace(link, "measure="+ledger.AwardedTo.String(), "measure="+figure, 1)
}

// filterOf reads the dimensions of the address, and refuses what the reader may
// not see as if it were not there. A member of boards sees each board's part.
func (v *Visit) filterOf() (filters []ledger.Filter, about []fact, err error) {
	only := ledger.Filter{}
	for d := ledger.ByFunder; d <= ledger.ByYear; d++ {
		if !v.Query.Has(d.String()) {
			continue
		}
		value := v.Q(d.String())
		only[d] = value
		said := fact{Key: v.T("by." + d.String())}
		switch {
		case d == ledger.ByYear:
			y, err := fiscal.ParseYear(value)
			if err != nil && value != fiscal.Term.String() {
				return nil, nil, Missing{}
			}
			said.Value = v.Reader.Year(y)
		case value == "":
			said.Value = v.T("none")
			if d == ledger.ByObjective || d == ledger.ByArea {
				said.Value = v.T("not-split")
			}
		default:
			if d != ledger.ByFunder && d != ledger.ByProvider && !v.Book.Has(dimensionRegister(d), value) || d == ledger.ByService && !v.Sees(value) {
				return nil, nil, Missing{}
			}
			n := v.NameOf(v.Book, dimensionRegister(d), value)
			said.Value, said.Lang = n.Text, string(n.Lang)
		}
		about = append(about, said)
	}
	if !v.ofBoard() {
		return []ledger.Filter{only}, about, nil
	}
	if board, given := only[ledger.ByBoard]; given {
		if !v.SeesBoard(board) {
			return nil, nil, Missing{}
		}
		return []ledger.Filter{only}, about, nil
	}
	for _, board := range v.Reach.Boards {
		own := ledger.Filter{ledger.ByBoard: board}
		for d, value := range only {
			own[d] = value
		}
		filters = append(filters, own)
		n := v.NameOf(v.Book, "boards", board)
		about = append(about, fact{Key: v.T("by.board"), Value: n.Text, Lang: string(n.Lang)})
	}
	return filters, about, nil
}

// ofServices reports whether a filter keeps money on services, of which an
// officer of an area sees their own; award money is counted whole.
func ofServices(only ledger.Filter) bool {
	for _, d := range []ledger.Dimension{ledger.ByService, ledger.ByObjective, ledger.ByArea, ledger.ByBoard, ledger.ByProvider} {
		if _, ok := only[d]; ok {
			return true
		}
	}
	return false
}

// explained is a number with what makes it.
type explained struct {
	sum     money.Sum
	proof   []ledger.Proof
	unknown []ledger.UnknownPart
	hidden  money.Pence // on services that are not the reader's to see
	some    bool        // there are such
}

// figureOf explains a measure under filters.
func (v *Visit) figureOf(m ledger.Measure, filters []ledger.Filter) explained {
	var f explained
	for _, only := range filters {
		f.add(v.View.Explain(m, only), 1)
		f.unknown = append(f.unknown, v.View.Unknowns(m, only)...)
	}
	v.keepOwn(&f, filters)
	f.total(m == ledger.LeftOf)
	return f
}

// unspentOf explains what is not yet spent.
func (v *Visit) unspentOf(filters []ledger.Filter) explained {
	var f explained
	for _, only := range filters {
		worth := ledger.AwardedTo
		if only[ledger.ByBoard] != "" {
			worth = ledger.DelegatedTo
		}
		f.add(v.View.Explain(worth, only), 1)
		f.unknown = append(f.unknown, v.View.Unknowns(worth, only)...)
		for _, m := range takenByUnspent {
			f.add(v.View.Explain(m, only), -1)
		}
	}
	v.keepOwn(&f, filters)
	f.total(true)
	return f
}

// originalOf explains what was first put on services: only of a year, and by
// what an account says.
func (v *Visit) originalOf(filters []ledger.Filter) (f explained, err error) {
	for _, only := range filters {
		year, err := fiscal.ParseYear(only[ledger.ByYear])
		if err != nil {
			return f, Missing{}
		}
		for d := range only {
			if d != ledger.ByYear && d != ledger.ByService && d != ledger.ByAward && d != ledger.ByBoard {
				return f, Missing{}
			}
		}
		var proof []ledger.Proof
		for _, p := range v.originalBudget(year) {
			to := v.Entry(p.Index).To
			is := map[ledger.Dimension]string{ledger.ByYear: only[ledger.ByYear], ledger.ByService: to.Service, ledger.ByAward: to.Award, ledger.ByBoard: to.Board}
			passes := true
			for d, want := range only {
				passes = passes && is[d] == want
			}
			if passes {
				proof = append(proof, p)
			}
		}
		f.add(proof, 1)
	}
	v.keepOwn(&f, filters)
	f.total(false)
	return f, nil
}

// originalBudget is worked out once for a reading.
func (v *Visit) originalBudget(year fiscal.Year) []ledger.Proof {
	return worked(v.reading, originalKey{year}, func() []ledger.Proof { return report.OriginalBudget(v.View, year) })
}

type originalKey struct{ year fiscal.Year }

// add adds entries; one that counts twice counts once, with both amounts.
func (f *explained) add(proof []ledger.Proof, sign money.Pence) {
	joined := len(f.proof) > 0
	for _, p := range proof {
		f.proof = append(f.proof, ledger.Proof{Index: p.Index, Amount: sign * p.Amount})
	}
	if !joined {
		return
	}
	slices.SortStableFunc(f.proof, func(a, b ledger.Proof) int { return cmp.Compare(a.Index, b.Index) })
	out := f.proof[:0]
	for _, p := range f.proof {
		if n := len(out); n > 0 && out[n-1].Index == p.Index {
			out[n-1].Amount += p.Amount
			continue
		}
		out = append(out, p)
	}
	f.proof = slices.DeleteFunc(out, func(p ledger.Proof) bool { return p.Amount == 0 })
}

// total adds up. A difference with a part unknown is not known.
func (f *explained) total(difference bool) {
	for _, p := range f.proof {
		f.sum.AddPence(p.Amount)
	}
	f.sum.AddPence(f.hidden)
	if len(f.unknown) > 0 {
		if difference {
			f.sum = money.Sum{}
		}
		f.sum.Add(money.Unknown)
	}
}

// keepOwn leaves an officer of an area the entries of services they see. What
// else is in a figure about awards is summed up, for the award is theirs to
// see; in one about services it is left out.
func (v *Visit) keepOwn(f *explained, filters []ledger.Filter) {
	if v.Reach.All || v.ofBoard() {
		return
	}
	f.proof = slices.DeleteFunc(f.proof, func(p ledger.Proof) bool {
		if v.mayRead(v.Entry(p.Index)) {
			return false
		}
		f.some = true
		if !ofServices(filters[0]) {
			f.hidden += p.Amount
		}
		return true
	})
	f.unknown = slices.DeleteFunc(f.unknown, func(u ledger.UnknownPart) bool { return u.Service != "" && !v.Sees(u.Service) })
}

// figurePostings shows what makes up one figure of the ledger.
func (v *Visit) figurePostings() (Answer, error) {
	name := v.Q("measure")
	filters, about, err := v.filterOf()
	if err != nil {
		return nil, err
	}
	var f explained
	switch name {
	case unspent:
		f = v.unspentOf(filters)
	case original:
		f, err = v.originalOf(filters)
	default:
		measure, unread := ledger.ParseMeasure(name)
		if unread != nil {
			return nil, Missing{}
		}
		f, name = v.figureOf(measure, filters), measure.String()
	}
	if err != nil {
		return nil, err
	}
	p := postingsPage{About: append([]fact{{Key: v.T("postings.measure"), Value: v.T("measure." + name)}}, about...), All: v.Base() + "/ledger/postings"}
	p.Lead = v.N("postings.lead", len(f.proof), "Amount", v.Exact(f.sum))
	if len(f.unknown) > 0 {
		p.Lead = v.N("postings.lead-unknown", len(f.proof))
	}
	for _, u := range f.unknown {
		if u.Service == "" {
			p.Notes = append(p.Notes, v.T("postings.unknown-award", "Award", v.NameOf(v.Book, "awards", u.Award).Text, "Year", v.Reader.Year(u.Year)))
		} else {
			p.Notes = append(p.Notes, v.T("postings.unknown-line", "Award", v.NameOf(v.Book, "awards", u.Award).Text, "Service", v.NameOf(v.Book, "services", u.Service).Text, "Year", v.Reader.Year(u.Year), "Line", u.Line))
		}
	}
	switch {
	case f.some && f.hidden != 0:
		p.Notes = append(p.Notes, v.T("postings.hidden", "Amount", f.hidden.Exact()))
	case f.some:
		p.Notes = append(p.Notes, v.T("postings.part"))
	}
	p.Sum = v.workings(name, filters, f.sum)
	p.Table = v.proofTable(v.T("postings.caption"), f)
	return Page{Template: "postings", Title: v.figureTitle(f.sum), Nav: "ledger/postings", Data: p, Tables: []*table.Table{p.Table}, Wide: true}, nil
}

// figureTitle asks what makes up a number.
func (v *Visit) figureTitle(sum money.Sum) string {
	if sum.State() == money.NotKnown {
		return v.T("postings.title-unknown")
	}
	return v.T("postings.title", "Amount", v.Exact(sum))
}

// workings shows a difference as the figures that it is the difference of, each
// linked; nil for a figure that is only a sum of postings.
func (v *Visit) workings(name string, filters []ledger.Filter, sum money.Sum) *table.Table {
	taken := takenFromLeft
	switch {
	case len(filters) != 1 || ofServices(filters[0]) || sum.State() != money.Exact:
		return nil
	case name == unspent:
		taken = takenByUnspent
	case name != ledger.LeftOf.String():
		return nil
	}
	sums := v.Position(nil, filters[0]).Total.Sums
	link := pairs(filters[0])
	t := table.New("workings", v.T("postings.workings"))
	t.Class = "narrow"
	t.Column("", v.T("postings.part-of"), table.TextColumn)
	t.Column("", v.T("postings.amount"), table.MoneyColumn)
	t.Total(table.Text(v.T("measure."+name)), table.Money(sum, table.Exact))
	t.Row(table.Text(v.T("measure.awarded")), table.Money(sums[ledger.AwardedTo], table.Exact).To(v.Postings(ledger.AwardedTo, link...)))
	rest := sums[ledger.AwardedTo].Pence()
	for _, m := range taken {
		if sums[m].IsNought() {
			continue
		}
		rest -= sums[m].Pence()
		t.Row(table.Text(v.T("postings.less", "Measure", v.T("measure."+m.String()))), table.Pence(-sums[m].Pence(), table.Exact).To(v.Postings(m, link...)))
	}
	if rest != sum.Pence() {
		return nil
	}
	return t
}

// findingPostings shows what makes up a finding's amount. A finding that rests
// on anything not the reader's to see is not theirs.
func (v *Visit) findingPostings() (Answer, error) {
	found, ok := v.FindingByID(v.Q("finding"))
	if !ok {
		return nil, Missing{}
	}
	var f explained
	if found.Proof != nil {
		f.add(found.Proof(), 1)
	}
	f.total(false)
	if !v.mayReadFinding(found) {
		return nil, Missing{}
	}
	title, because := v.Reader.Finding(v.View, found)
	p := postingsPage{Lead: title, Notes: []string{because}, All: v.Base() + "/ledger/postings"}
	if lacks := v.Reader.Missing(v.View, found); lacks != "" {
		p.Notes = append(p.Notes, lacks)
	}
	page := Page{Template: "postings", Title: v.T("postings.title-finding"), Nav: "ledger/postings", Wide: true}
	if found.Amount != nil {
		page.Title = v.figureTitle(*found.Amount)
		p.Sum = v.findingWorkings(found, f.sum)
	}
	if found.Proof != nil {
		p.Table = v.proofTable(v.T("postings.caption"), f)
		page.Tables = append(page.Tables, p.Table)
	}
	if len(found.Records) > 0 {
		p.Records = v.evidenceTable(found.Records)
		page.Tables = append(page.Tables, p.Records)
	}
	page.Data = p
	return page, nil
}

// mayReadFinding reports whether all that a finding rests on is the reader's to
// see.
func (v *Visit) mayReadFinding(f *check.Finding) bool {
	if v.Reach.All {
		return true
	}
	var proof []ledger.Proof
	if f.Proof != nil {
		proof = f.Proof()
	}
	if v.ofBoard() && len(proof) == 0 {
		return false
	}
	for _, s := range f.Subjects {
		if s.Type == "service" && !v.Sees(s.ID) || s.Type == "board" && !v.SeesBoard(s.ID) {
			return false
		}
	}
	for _, p := range proof {
		if !v.mayRead(v.Entry(p.Index)) {
			return false
		}
	}
	for _, e := range f.Records {
		if r, ok := v.Record(e.Register, e.ID); ok && !v.mayReadRecord(r) {
			return false
		}
	}
	return true
}

// findingWorkings shows an amount that postings and records make together, and
// the sum that a share of a service's money rests on.
func (v *Visit) findingWorkings(f *check.Finding, posted money.Sum) *table.Table {
	var stated money.Sum
	for _, r := range f.Records {
		if r.Amount != nil {
			stated.Add(*r.Amount)
		}
	}
	t := table.New("workings", v.T("postings.workings"))
	t.Class = "narrow"
	t.Column("", v.T("postings.part-of"), table.TextColumn)
	t.Column("", v.T("postings.amount"), table.MoneyColumn)
	both := plus(posted, stated)
	if f.Proof != nil && !stated.IsNought() && both.State() == f.Amount.State() && both.Pence() == f.Amount.Pence() {
		t.Row(table.Text(v.T("postings.from-postings")), table.Money(posted, table.Exact).To("#postings"))
		t.Row(table.Text(v.T("postings.from-records")), table.Money(stated, table.Exact).To("#records"))
	}
	service := subject(f, "service")
	if f.Rule == "cliff" && f.Share != nil && service != "" {
		all := v.Position(nil, ledger.Filter{ledger.ByService: service, ledger.ByYear: f.Year.String()}).Total.Sums[ledger.AllocatedTo]
		if of, err := money.NewShare(int64(f.Amount.Pence()), max(1, int64(all.Pence()))); err == nil && all.State() == money.Exact && of == *f.Share {
			t.Row(table.Text(v.T("postings.of-service", "Service", v.NameOf(v.Book, "services", service).Text, "Year", f.Year.String())),
				table.Money(all, table.Exact).To(v.Postings(ledger.AllocatedTo, "service", service, "year", f.Year.String())))
			t.Note = v.T("postings.share", "Part", v.Exact(*f.Amount), "Whole", v.Exact(all), "Share", v.Share(of))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	t.Total(table.Text(v.T("postings.this-amount")), table.Money(*f.Amount, table.Exact))
	return t
}

// evidenceTable lists the records that a finding rests on, with the amounts
// they add.
func (v *Visit) evidenceTable(records []check.Evidence) *table.Table {
	t := table.New("records", v.T("postings.records"))
	t.Column("", v.T("history.batch.record"), table.TextColumn)
	t.Column("", v.T("history.batch.kind"), table.TextColumn)
	t.Column("", v.T("history.batch.column"), table.TextColumn)
	t.Column("", v.T("postings.says"), table.TextColumn)
	t.Column("", v.T("postings.counts"), table.MoneyColumn)
	var sum money.Sum
	stated := false
	for _, e := range records {
		name := v.NameOf(v.Book, e.Register, e.ID)
		cell := table.Text(name.Text).In(string(name.Lang))
		if to := recordPath(e.Register, e.ID); to != "" {
			cell = cell.To(v.To(to))
		}
		column, says := table.None(), table.None()
		if e.Column != "" {
			column = table.Text(v.columnName(e.Column))
			if r, ok := v.Record(e.Register, e.ID); ok && r.Get(e.Column) != "" {
				says = table.Text(v.valueWords(e.Register, e.Column, r.Get(e.Column)))
			}
		}
		amount := table.None()
		if e.Amount != nil {
			amount, stated = table.Amount(*e.Amount, table.Exact), true
			sum.Add(*e.Amount)
		}
		t.Row(cell, table.Text(v.T("history.register."+e.Register)), column, says, amount)
	}
	if stated {
		t.Total(table.Text(v.T("total")), table.Text(""), table.Text(""), table.Text(""), table.Money(sum, table.Exact))
	}
	return v.Finish(t)
}

// proofTable lists the postings of a figure, its number first.
func (v *Visit) proofTable(caption string, f explained) *table.Table {
	t := v.postingsColumns(caption, true)
	total := make([]table.Cell, len(t.Columns))
	for i := range total {
		total[i] = table.Text("")
	}
	total[0], total[postingsAmount] = table.Text(v.T("total")), table.Money(f.sum, table.Exact)
	t.Total(total...)
	if f.hidden != 0 {
		rest := slices.Clone(total)
		rest[0], rest[postingsAmount] = table.Text(v.T("postings.elsewhere")), table.Pence(f.hidden, table.Exact)
		t.Total(rest...)
	}
	v.sortProof(f.proof)
	from, to := v.pageOf("page", len(f.proof))
	v.postingsRows(t, f.proof[from:to])
	t.All = len(f.proof)
	t.Empty = v.T("postings.none")
	return v.Finish(t)
}

// sortProof puts the postings of all pages in the order the address asks for.
func (v *Visit) sortProof(proof []ledger.Proof) {
	by, down := strings.CutPrefix(v.Q("sort"), "-")
	var compare func(a, b ledger.Proof) int
	switch by {
	case "amount":
		compare = func(a, b ledger.Proof) int { return cmp.Compare(a.Amount, b.Amount) }
	case "date":
		compare = func(a, b ledger.Proof) int {
			return cmp.Compare(v.Entry(a.Index).Effective, v.Entry(b.Index).Effective)
		}
	default:
		return
	}
	slices.SortStableFunc(proof, func(a, b ledger.Proof) int {
		if down {
			a, b = b, a
		}
		return compare(a, b)
	})
}

// postingsAmount is the place of the amount among the columns.
const postingsAmount = 8

func (v *Visit) postingsColumns(caption string, sorts bool) *table.Table {
	t := table.New("postings", caption)
	t.Wide, t.Class = true, "postings"
	key := func(name string) string {
		if sorts {
			return name
		}
		return ""
	}
	t.Column(key("date"), v.T("postings.date"), table.DateColumn)
	t.Column("", v.T("postings.reference"), table.TextColumn)
	t.Column("", v.T("postings.kind"), table.TextColumn)
	t.Column("", v.T("postings.from"), table.TextColumn)
	t.Column("", v.T("postings.to"), table.TextColumn)
	t.Column("", v.T("by.objective"), table.TextColumn)
	t.Column("", v.T("by.area"), table.TextColumn)
	t.Column("", v.T("by.year"), table.TextColumn)
	t.Column(key("amount"), v.T("postings.amount"), table.MoneyColumn)
	t.Column("", v.T("status"), table.TagColumn)
	t.Column("", v.T("postings.by"), table.TextColumn)
	t.Column("", v.T("postings.reason"), table.TextColumn)
	t.Column("", v.T("postings.paper"), table.TextColumn)
	return t
}

// postingsRows writes a page of postings. It is the page asked for most: what
// accounts and kinds are called is worked out once for a reading and language.
func (v *Visit) postingsRows(t *table.Table, proof []ledger.Proof) {
	said := worked(v.reading, saidKey{string(v.Lang())}, func() *accountWords { return &accountWords{of: map[ledger.Account]string{}} })
	t.Rows = slices.Grow(t.Rows, len(proof))
	linked := v.Can(people.Audit)
	heads := map[int]postedBy{}
	named := map[[2]string]table.Cell{}
	kinds := map[ledger.Kind]string{}
	notSplit := table.Text(v.T("not-split"))
	label := func(register, id string, service bool) table.Cell {
		switch {
		case id == "" && service:
			return notSplit
		case id == "":
			return table.None()
		}
		key := [2]string{register, id}
		c, ok := named[key]
		if !ok {
			c = v.named(register, id)
			named[key] = c
		}
		return c
	}
	for _, p := range proof {
		e := v.Entry(p.Index)
		by, ok := heads[e.ID.Seq]
		if !ok {
			by = v.postedBy(e.ID.Seq, linked)
			heads[e.ID.Seq] = by
		}
		kind, ok := kinds[e.Kind]
		if !ok {
			kind = v.T("history.kind." + e.Kind.String())
			kinds[e.Kind] = kind
		}
		status := table.Text("")
		switch undone, reversed := v.ReversedBy(p.Index); {
		case reversed:
			status = table.Tag(v.T("postings.reversed", "Entry", undone.String()), table.Grey)
		case e.Reverses != (ledger.EntryID{}):
			kind = v.T("history.reversal", "Kind", kind)
			status = table.Tag(v.T("postings.reverses", "Entry", e.Reverses.String()), table.Grey)
		case e.Effective > v.AsAt:
			status = table.Tag(v.T("postings.not-yet"), table.Amber)
		}
		date := table.Unknown()
		if e.Effective != 0 {
			date = table.Date(e.Effective)
		}
		paper := v.paperOf(by, e.Kind)
		if e.Row > 0 {
			paper = v.T("postings.row", "Paper", paper, "Row", strconv.Itoa(e.Row))
		}
		service := e.To.Service != "" || e.From.Service != ""
		t.Rows = append(t.Rows, table.Row{Cells: []table.Cell{date, table.Text(e.ID.String()).To(by.link), table.Text(kind),
			table.Text(said.say(v, e.From)), table.Text(said.say(v, e.To)),
			label("objectives", e.Label.Objective, service), label("areas", e.Label.Area, service), table.Text(v.yearsOfEntry(e)),
			table.Pence(p.Amount, table.Exact), status, by.who, by.why, table.Text(paper)}})
	}
}

// yearsOfEntry is the year an entry's money is for; money carried from one to
// another names both.
func (v *Visit) yearsOfEntry(e ledger.Entry) string {
	from, to := e.From, e.To
	switch {
	case to.Award == "" || to.Stage == ledger.Funder:
		return v.Reader.Year(from.Year)
	case from.Award == "" || from.Stage == ledger.Funder || from.Year == to.Year:
		return v.Reader.Year(to.Year)
	}
	return v.Reader.Year(from.Year) + " → " + v.Reader.Year(to.Year)
}

// postedBy is what the rows of one batch have in common.
type postedBy struct {
	who, why table.Cell
	link     string
	papers   []string
}

func (v *Visit) postedBy(seq int, linked bool) postedBy {
	head, _ := v.Head(seq)
	b := postedBy{who: table.Text(v.actor(head)), why: table.Text(cmp.Or(head.Reason, v.T("history.no-reason"))), papers: strings.Split(head.Source, "; ")}
	if strings.HasPrefix(head.Source, "web ") {
		b.papers = []string{v.T("history.from-browser")}
	}
	if linked {
		b.link = v.Base() + "/history/" + strconv.Itoa(seq)
	}
	return b
}

// registersOf are the registers whose rows become entries of a kind, the likeliest
// first.
var registersOf = map[ledger.Kind][]string{ledger.Figure: {"figures", "awards", "streams"}, ledger.Delegation: {"delegations"}, ledger.Allocation: {"allocations"},
	ledger.Payment: {"payments"}, ledger.Transfer: {"transfers"}}

// paperOf is the file, of those that a batch came from, that an entry's row is
// in.
func (v *Visit) paperOf(b postedBy, kind ledger.Kind) string {
	if len(b.papers) == 1 {
		return b.papers[0]
	}
	for _, register := range registersOf[kind] {
		for _, paper := range b.papers {
			if name, _, _ := strings.Cut(paper, "."); strings.EqualFold(name, register) {
				return paper
			}
		}
	}
	return v.N("postings.papers", len(b.papers))
}

// accountWords keeps what accounts are called in one language.
type accountWords struct {
	mu sync.RWMutex
	of map[ledger.Account]string
}

type saidKey struct{ lang string }

// keptAccounts is how many are kept: a nation's book has a million.
const keptAccounts = 20_000

func (w *accountWords) say(v *Visit, a ledger.Account) string {
	a.Year = fiscal.Term // its words do not say the year
	w.mu.RLock()
	text, ok := w.of[a]
	w.mu.RUnlock()
	if ok {
		return text
	}
	text = v.accountWords(a)
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.of) >= keptAccounts {
		clear(w.of)
	}
	w.of[a] = text
	return text
}

// postingsFilter narrows the list of all postings.
type postingsFilter struct {
	Persons, Kinds, Streams, Services []form.Option
	Service                           string // where there are too many to choose from
	From, To, FromError, ToError      string
	Clear                             string

	person, stream, service string
	kind                    ledger.Kind
	from, to                fiscal.Date
}

// servicesToChoose is how many services a list of choices may hold.
const servicesToChoose = 300

func (v *Visit) postingsFilter() (*postingsFilter, form.Errors) {
	f := &postingsFilter{From: v.Q("from"), To: v.Q("to"), person: v.Q("person"), stream: v.Q("stream"), service: v.Q("service")}
	var errs form.Errors
	day := func(field, text string) fiscal.Date {
		d, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
		if err != nil {
			errs.Add(field, v.T("history.filter.bad-date"))
		}
		return d
	}
	f.from, f.to = day("from", f.From), day("to", f.To)
	f.FromError, f.ToError = errs.Of("from"), errs.Of("to")
	if k, err := ledger.ParseKind(v.Q("kind")); err == nil {
		f.kind = k
	}
	any := func() []form.Option { return []form.Option{{Value: "", Label: v.T("postings.any")}} }
	f.Persons = any()
	for _, name := range worked(v.reading, authorsKey{}, func() []string { return authors(v.Book) }) {
		f.Persons = append(f.Persons, form.Option{Value: name, Label: name, Selected: name == f.person})
	}
	f.Kinds = any()
	for k := ledger.Figure; k <= ledger.Transfer; k++ {
		f.Kinds = append(f.Kinds, form.Option{Value: k.String(), Label: v.T("history.kind." + k.String()), Selected: k == f.kind})
	}
	options := func(register, chosen string, ids []string) []form.Option {
		list := any()
		for _, id := range ids {
			n := v.NameOf(v.Book, register, id)
			list = append(list, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == chosen})
		}
		compare := v.Sort()
		slices.SortStableFunc(list[1:], func(a, b form.Option) int { return compare(a.Label, b.Label) })
		return list
	}
	var streams, services []string
	for id := range v.Streams {
		streams = append(streams, id)
	}
	f.Streams = options("streams", f.stream, streams)
	for id := range v.Services {
		if !v.Sees(id) {
			continue
		}
		if services = append(services, id); len(services) > servicesToChoose {
			services, f.Service = nil, f.service
			break
		}
	}
	if services != nil {
		f.Services = options("services", f.service, services)
	}
	if !f.none() {
		f.Clear = v.Base() + v.Path
	}
	return f, errs
}

type authorsKey struct{}

// authors lists who posted anything.
func authors(b *ledger.Book) []string {
	var names []string
	met := map[string]bool{}
	for seq := 1; seq <= b.Sequence(); seq++ {
		if h, _ := b.Head(seq); !met[h.Author] {
			met[h.Author] = true
			names = append(names, h.Author)
		}
	}
	slices.Sort(names)
	return names
}

func (f *postingsFilter) none() bool {
	return f.person == "" && f.stream == "" && f.service == "" && f.kind == ledger.NoKind && f.from == 0 && f.to == 0
}

func (f *postingsFilter) passes(v *Visit, e ledger.Entry) bool {
	if f.kind != ledger.NoKind && e.Kind != f.kind || f.from != 0 && e.Effective < f.from || f.to != 0 && e.Effective > f.to ||
		f.service != "" && e.From.Service != f.service && e.To.Service != f.service {
		return false
	}
	if f.stream == "" {
		return true
	}
	for _, award := range []string{e.From.Award, e.To.Award} {
		if a, ok := v.Award(award); ok && a.Stream == f.stream {
			return true
		}
	}
	return false
}

// allPostings lists every posting the reader may see, the newest first.
func (v *Visit) allPostings() (Answer, error) {
	filter, errs := v.postingsFilter()
	if filter.service != "" && !v.Sees(filter.service) {
		return nil, Missing{}
	}
	t := v.postingsColumns(v.T("postings.caption"), false)
	n := v.Len()
	var proof []ledger.Proof
	if filter.none() && v.Reach.All { // nothing to look through
		from, to := v.pageOf("page", n)
		for k := from; k < to; k++ {
			proof = append(proof, ledger.Proof{Index: n - 1 - k, Amount: v.Entry(n - 1 - k).Amount})
		}
	} else {
		for seq := v.Sequence(); seq > 0; seq-- {
			if head, _ := v.Head(seq); filter.person != "" && head.Author != filter.person {
				continue
			}
			first, end := v.Span(seq)
			for i := end - 1; i >= first; i-- {
				if e := v.Entry(i); filter.passes(v, e) && (v.Reach.All || v.mayRead(e)) {
					proof = append(proof, ledger.Proof{Index: i, Amount: e.Amount})
				}
			}
		}
		n = len(proof)
		from, to := v.pageOf("page", n)
		proof = proof[from:to]
	}
	v.postingsRows(t, proof)
	t.All = n
	t.Empty = v.T("postings.none")
	if filter.none() {
		t.Empty = v.T("postings.empty")
	}
	p := postingsPage{Filter: filter, Lead: v.N("postings.all-lead", n), Table: v.Finish(t)}
	if !v.Reach.All {
		p.Notes = append(p.Notes, v.T("postings.own"))
	}
	return Page{Template: "postings", Title: v.T("postings.all-title"), Nav: "ledger/postings", Data: p, Tables: []*table.Table{p.Table}, Errors: errs, Wide: true}, nil
}
