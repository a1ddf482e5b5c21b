package exchange

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Plan is what an import would do to a book. Draft is nil while problems are
// left that keep it from being posted.
type Plan struct {
	Draft       *ledger.Draft
	Problems    *sheet.Problems
	Added, Same map[string]int      // rows, by register
	Changed     map[string][]string // ids, by register
	Absent      map[string][]string // what stands and the files do not name
	Differences []Difference
	In, Posted  map[string]money.Sum // amounts read, and what of them stands afterwards
	Notes       []sheet.Problem
	Offers      []string // what more Braid could tell, and what it needs for that
	Kept        int      // rows kept out, with SetAside

	im   *Import
	bad  map[rowKey]bool
	says *faults
}

// Digest is the fingerprint of what a batch does, whoever posts it and when: what
// a person was shown is what is posted if theirs are the same.
func Digest(b ledger.Batch) string {
	b.Head = ledger.Head{}
	sum := sha256.New()
	_ = b.WriteCanonical(sum) // a hash takes everything
	return hex.EncodeToString(sum.Sum(nil))[:32]
}

// Difference is one cell that would change.
type Difference struct{ Register, ID, Column, Was, Now string }

// Empty says that the files hold nothing that the book does not have.
func (p *Plan) Empty() bool { return p.Draft != nil && p.Draft.Empty() }

// Summary says in a line what posting the plan would do.
func (p *Plan) Summary() string {
	added, changed, same := 0, 0, 0
	for _, n := range p.Added {
		added += n
	}
	for _, ids := range p.Changed {
		changed += len(ids)
	}
	for _, n := range p.Same {
		same += n
	}
	switch {
	case p.Draft == nil:
		if p.Problems.Total == 1 {
			return "There is 1 problem. Nothing is saved."
		}
		return fmt.Sprintf("There are %d problems. Nothing is saved.", p.Problems.Total)
	case p.Empty() && same == 0:
		return "The files hold no rows of your own yet. Nothing changes."
	case p.Empty():
		return fmt.Sprintf("Already imported: all %d rows are as they stand. Nothing changes.", same)
	}
	return fmt.Sprintf("%d new, %d changed, %d as they stand.", added, changed, same)
}

// planner is one comparison of an import with a book.
type planner struct {
	*Plan
	book        *ledger.Book
	draft       *ledger.Draft
	skip        map[rowKey]bool
	faults      faults
	directories map[string]*directory
	ids         map[*row]string
	streamName  map[string]string
	awards      map[string][]string // of each stream
	awardOf     map[*row]string     // an award that is there already, of a start sheet's stream
	ownAwards   map[*row]bool       // streams whose awards have rows of their own
	records     []placed
	steps       []step
	lineRecords []ledger.Record
	codes       []code
	seen        map[string]map[string]bool // lines named, by register
	said        map[Difference]bool
	statedLast  fiscal.Date
}

// placed is a record with the row it comes from.
type placed struct {
	record ledger.Record
	row    *row
}

// step is one thing to be posted, in its turn.
type step struct {
	on   fiscal.Date
	rank int
	id   string
	do   func()
}

// The order in which things of one date are posted.
const (
	rankFigure = iota
	rankTransfer
	rankDelegation
	rankAllocation
	rankPayment
)

// Plan compares the import with a book and drafts what is new or changed. It
// writes nothing, and the same import and book always give the same plan.
func (im *Import) Plan(b *ledger.Book) (*Plan, error) {
	skip := map[rowKey]bool{}
	maps.Copy(skip, im.problems.rows)
	all := faults{of: slices.Clone(im.problems.of), total: im.problems.total, whole: im.problems.whole}
	for {
		pl := im.planOnce(b, skip)
		all.of = append(all.of, pl.faults.of...)
		all.total += pl.faults.total
		all.whole = all.whole || pl.faults.whole
		pl.Problems = all.list()
		if all.total == 0 {
			return pl.Plan, nil
		}
		if !im.opt.SetAside || all.whole {
			pl.Draft = nil
			return pl.Plan, nil
		}
		if len(pl.faults.rows) == 0 {
			pl.bad, pl.Kept, pl.says = skip, len(skip), &all
			return pl.Plan, nil
		}
		maps.Copy(skip, pl.faults.rows)
	}
}

func (im *Import) planOnce(b *ledger.Book, skip map[rowKey]bool) *planner {
	opt := im.opt
	pl := &planner{
		Plan: &Plan{Added: map[string]int{}, Same: map[string]int{}, Changed: map[string][]string{}, Absent: map[string][]string{},
			In: im.Totals, Posted: map[string]money.Sum{}, Notes: im.Notes, Offers: slices.Clone(im.offers), im: im},
		book: b, skip: skip, directories: map[string]*directory{}, ids: map[*row]string{}, streamName: map[string]string{},
		awards: map[string][]string{}, awardOf: map[*row]string{}, ownAwards: map[*row]bool{}, said: map[Difference]bool{}, seen: map[string]map[string]bool{},
	}
	pl.draft = b.Draft(ledger.Intent{Author: opt.Author, Role: opt.Role, Reason: opt.Reason, Key: opt.Key,
		Source: strings.Join(im.Files, "; "), AsFound: opt.AsFound || b.Sequence() == 0})
	pl.Draft = pl.draft
	pl.identify()
	for i := range ledger.Registers {
		for _, r := range im.rows {
			if r.register == &ledger.Registers[i] && pl.ids[r] != "" && !pl.ghost(r) {
				pl.plan(r)
			}
		}
	}
	pl.checkTrees()
	pl.put()
	pl.readCodes()
	pl.post()
	pl.absent()
	pl.offer()
	return pl
}

// plan turns one row into records and steps.
func (pl *planner) plan(r *row) {
	id := pl.ids[r]
	switch r.register.Name {
	case "streams":
		pl.keep(r, pl.record(r, "streams", id))
		if carriesAward(r, pl.book) && !pl.ownAwards[r] {
			one := cmp.Or(pl.awardOf[r], id)
			award := pl.record(r, "awards", one)
			award.Values = withValue(award.Values, "awards", ledger.Value{Column: "stream", Text: id})
			pl.keep(r, award)
			pl.statements(r, one)
		}
	case "awards":
		pl.keep(r, pl.record(r, "awards", id))
		pl.statements(r, id)
	case "figures":
		pl.figure(r, pl.withCertainty(r, pl.record(r, "figures", id)))
	case "delegations":
		pl.delegation(r, id)
	case "transfers":
		pl.transfer(r, id)
	case "payments":
		pl.payment(r, id)
	default:
		pl.keep(r, pl.record(r, r.register.Name, id))
	}
}

// carriesAward says that a stream's row is also its one award: an award's
// column or a year is filled, or the award is there already.
func carriesAward(r *row, b *ledger.Book) bool {
	if r.made {
		return true
	}
	own := len(ledger.RegisterNamed("streams").Columns)
	for _, text := range r.cells[own:] {
		if text != "" {
			return true
		}
	}
	for _, y := range r.years {
		if y.text != "" {
			return true
		}
	}
	for _, c := range streamColumns[own:] {
		if r.table.layout.has[c.Name] {
			return b.Has("awards", r.cells[0])
		}
	}
	return false
}

// record makes a register's record of a row: references resolved, and what the
// file does not speak of left as it stands.
func (pl *planner) record(r *row, register, id string) ledger.Record {
	rec := ledger.Record{Register: register, ID: id}
	stands, _ := pl.book.Record(register, id)
	reg := ledger.RegisterNamed(register)
	for i := range reg.Columns {
		c := &reg.Columns[i]
		if c.Form == ledger.Code || register == "awards" && slices.Contains(ledger.StatementColumns, c.Name) {
			continue
		}
		text := stands.Get(c.Name)
		if register == "figures" && c.Name == "state" {
			text = "" // a file that states a figure states it, though it was withdrawn
		}
		if r.has(c.Name) && !(r.made && c.Name == "name" && text != "") {
			text = pl.resolved(r, c, r.get(c.Name))
		}
		if text != "" {
			rec.Values = append(rec.Values, ledger.Value{Column: c.Name, Text: text})
		}
	}
	if reg.Years == "" || register == "streams" || register == "awards" {
		return rec
	}
	amounts := map[string]string{}
	for _, v := range stands.Values {
		if v.Column[0] >= '0' && v.Column[0] <= '9' {
			amounts[v.Column] = v.Text
		}
	}
	for _, y := range r.years {
		amounts[y.year.String()] = y.text
	}
	for _, y := range slices.Sorted(maps.Keys(amounts)) {
		if amounts[y] != "" {
			rec.Values = append(rec.Values, ledger.Value{Column: y, Text: amounts[y]})
		}
	}
	return rec
}

// freeNames are columns that may name an organisation without its being listed.
var freeNames = map[string]bool{"funder": true, "provider": true, "recipient": true, "gains": true}

// resolved gives a cell with its references as ids.
func (pl *planner) resolved(r *row, c *ledger.Column, text string) string {
	if text == "" {
		return ""
	}
	one := func(text string) string {
		id, f, ghost := pl.refer(c.Of, text)
		if f != nil {
			pl.fault(r.table, r.number, c.Name, text, f)
			return text
		}
		if ghost {
			pl.block(r)
		}
		return id
	}
	switch {
	case c.Form == ledger.Reference:
		return one(text)
	case c.Form == ledger.References:
		ids := listed(text)
		for i := range ids {
			ids[i] = one(ids[i])
		}
		return strings.Join(ids, ";")
	case c.Form == ledger.Labels:
		written, _ := labels(text, one)
		return written
	}
	return pl.party(c.Name, text)
}

// block keeps a row out of the draft without a problem of its own: what it
// refers to has one, and that is listed.
func (pl *planner) block(r *row) { pl.ids[r] = "" }

// keep takes a record in if it is new or differs from what stands.
func (pl *planner) keep(r *row, rec ledger.Record) {
	if pl.ids[r] == "" || pl.faults.rows[rowKey{r.table, r.number}] {
		return
	}
	if err := rec.Check(); err != nil {
		pl.refused(r.table, r.number, err)
		return
	}
	if pl.compare(rec) {
		pl.records = append(pl.records, placed{rec, r})
	}
}

// compare counts a record as added, changed or the same, and says if it is to
// be put.
func (pl *planner) compare(rec ledger.Record) bool {
	stands, there := pl.book.Record(rec.Register, rec.ID)
	switch {
	case !there:
		pl.Added[rec.Register]++
		return true
	case slices.Equal(stands.Values, rec.Values):
		pl.Same[rec.Register]++
		return false
	}
	pl.Changed[rec.Register] = append(pl.Changed[rec.Register], rec.ID)
	for _, column := range differing(stands, rec) {
		pl.differs(rec.Register, rec.ID, column, stands.Get(column), rec.Get(column))
	}
	return true
}

// differs notes what would change, once: a record and its entries may say the same.
func (pl *planner) differs(register, id, column, was, now string) {
	d := Difference{register, id, column, was, now}
	if was != now && !pl.said[d] {
		pl.said[d] = true
		pl.Differences = append(pl.Differences, d)
	}
}

func differing(a, b ledger.Record) []string {
	var of []string
	for _, v := range a.Values {
		if b.Get(v.Column) != v.Text {
			of = append(of, v.Column)
		}
	}
	for _, v := range b.Values {
		if a.Get(v.Column) == "" {
			of = append(of, v.Column)
		}
	}
	return of
}

// withValue adds a value in its column's place.
func withValue(values []ledger.Value, register string, v ledger.Value) []ledger.Value {
	for i := range values {
		if values[i].Column == v.Column {
			values[i] = v
			return values
		}
	}
	place := func(name string) int {
		return slices.IndexFunc(ledger.RegisterNamed(register).Columns, func(c ledger.Column) bool { return c.Name == name })
	}
	at := 0
	for at < len(values) && place(values[at].Column) < place(v.Column) && place(values[at].Column) >= 0 {
		at++
	}
	return slices.Insert(values, at, v)
}

// checkTrees finds loops among areas and objectives, stored rows included.
func (pl *planner) checkTrees() {
	for _, register := range []string{"areas", "objectives"} {
		parents := map[string]string{}
		for id, rec := range pl.book.Records(register) {
			parents[id] = rec.Get("parent")
		}
		rows := map[string]*row{}
		for _, p := range pl.records {
			if p.record.Register == register {
				parents[p.record.ID] = p.record.Get("parent")
				rows[p.record.ID] = p.row
			}
		}
		if len(rows) == 0 {
			continue
		}
		var nodes []commissioning.Node
		for id, parent := range parents {
			if _, known := parents[parent]; !known {
				parent = "" // said already
			}
			nodes = append(nodes, commissioning.Node{ID: id, Parent: parent})
		}
		_, err := commissioning.NewTree(nodes)
		for _, err := range joined(err) {
			var ids []string
			switch e := err.(type) {
			case *commissioning.Loop:
				ids = e.IDs
			case *commissioning.TooDeep:
				ids = []string{e.ID}
			}
			for _, id := range ids {
				if r := rows[id]; r != nil {
					rule, remedy, _ := strings.Cut(err.Error(), "; ")
					pl.fault(r.table, r.number, "parent", parents[id], &cellFault{"tree", rule, remedy})
				}
			}
		}
	}
}

func joined(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

// put puts the records in, registers in order, ids in order.
func (pl *planner) put() {
	place := map[string]int{}
	for i, r := range ledger.Registers {
		place[r.Name] = i
	}
	slices.SortFunc(pl.records, func(a, b placed) int {
		return cmp.Or(cmp.Compare(place[a.record.Register], place[b.record.Register]), cmp.Compare(a.record.ID, b.record.ID))
	})
	var records []ledger.Record
	for i, p := range pl.records {
		if i > 0 && pl.records[i-1].record.Register == p.record.Register && pl.records[i-1].record.ID == p.record.ID {
			if !slices.Equal(pl.records[i-1].record.Values, p.record.Values) {
				pl.fault(p.row.table, p.row.number, "id", p.record.ID, twiceOver(pl.records[i-1].row.number))
			}
			continue
		}
		switch {
		case pl.faults.rows[rowKey{p.row.table, p.row.number}]:
		case p.record.Register == "periods" && p.record.Get("state") != "open":
			pl.lineRecords = append(pl.lineRecords, p.record) // closed once what it holds is posted
		default:
			records = append(records, p.record)
		}
	}
	if pl.troubled() {
		// Some references may be missing: the draft is for finding problems only.
		records = pl.sound(records)
	}
	if len(records) == 0 {
		return
	}
	if err := pl.draft.Put(records...); err != nil {
		pl.refusedRecord(err)
	}
}

// sound leaves out the records that refer to what is not there, again and again
// until all that are left stand together.
func (pl *planner) sound(records []ledger.Record) []ledger.Record {
	for {
		have := map[string]bool{}
		for _, r := range records {
			have[r.Register+"\x00"+r.ID] = true
		}
		left := records[:0:0]
		for _, r := range records {
			whole := true
			for _, v := range r.Values {
				c := ledger.RegisterNamed(r.Register).Column(v.Column)
				if c == nil || c.Of == "" {
					continue
				}
				for _, id := range ledger.ReferredIDs(c, v.Text) {
					whole = whole && (have[c.Of+"\x00"+id] || pl.book.Has(c.Of, id))
				}
			}
			if whole {
				left = append(left, r)
			}
		}
		if len(left) == len(records) {
			return left
		}
		records = left
	}
}

// refusedRecord blames a row for a refusal that names only a record.
func (pl *planner) refusedRecord(err error) {
	if m, ok := err.(*ledger.Malformed); ok {
		for _, p := range pl.records {
			if p.record.Register == m.Register && (p.record.ID == m.ID || m.ID == "") {
				pl.refused(p.row.table, p.row.number, err)
				return
			}
		}
	}
	pl.refused(pl.im.tables[0], 0, err)
}

// refused turns the ledger's refusal into a problem of a row.
func (pl *planner) refused(t *table, number int, err error) {
	if pl.troubled() && missing(err) {
		return // the row it refers to has a problem of its own, and that is listed
	}
	p := sheet.Problem{Row: number, Code: "refused"}
	if r, ok := err.(ledger.Refusal); ok {
		p.Code = r.Code()
	}
	rule, remedy := err.Error(), ""
	if m, ok := err.(*ledger.Malformed); ok {
		p.Column, p.Found = m.Column, m.Found
		rule, remedy = "the row does not make sense by itself", m.Remedy
	} else if at := strings.LastIndex(rule, "; "); at > 0 {
		rule, remedy = rule[:at], rule[at+2:]
	}
	pl.fault(t, number, p.Column, p.Found, &cellFault{p.Code, rule, remedy})
}

// troubled says that rows are missing from the draft because of problems found
// before; what then fails for want of them is no problem of its own.
func (pl *planner) troubled() bool {
	return pl.faults.total > 0 || pl.im.problems.total > 0 && !pl.im.opt.SetAside
}

// missing says that the ledger refused for want of a row. Whether rows exist is
// asked before; then only one left out can be missing.
func missing(err error) bool {
	if m, ok := err.(*ledger.Malformed); ok {
		c := ledger.RegisterNamed(m.Register).Column(m.Column)
		return c != nil && c.Of != ""
	}
	_, ok := err.(*ledger.NotFound)
	return ok
}

// absent lists what stands and the files' registers do not name.
func (pl *planner) absent() {
	if pl.book.Sequence() == 0 {
		return
	}
	covered := map[string]bool{}
	for _, t := range pl.im.tables {
		if t.layout != nil && !t.start {
			covered[t.layout.register.Name] = true
		}
	}
	named := map[string]bool{}
	for r, id := range pl.ids {
		named[r.register.Name+"\x00"+id] = true
	}
	for i := range ledger.Registers {
		r := &ledger.Registers[i]
		if !covered[r.Name] || r.Posts {
			continue
		}
		for id := range pl.book.Records(r.Name) {
			if !named[r.Name+"\x00"+id] && !pl.seen[r.Name][id] {
				pl.Absent[r.Name] = append(pl.Absent[r.Name], id)
			}
		}
	}
	kinds := map[ledger.Kind]string{ledger.Allocation: "allocations", ledger.Delegation: "delegations", ledger.Transfer: "transfers", ledger.Payment: "payments"}
	maps.DeleteFunc(kinds, func(_ ledger.Kind, register string) bool { return !covered[register] })
	if len(kinds) == 0 {
		return
	}
	for i := range pl.book.Len() {
		e := pl.book.Entry(i)
		register := kinds[e.Kind]
		if register == "" || e.Line == "" || !pl.book.InForce(i) || pl.seen[register][e.Line] {
			continue
		}
		pl.see(register, e.Line)
		pl.Absent[register] = append(pl.Absent[register], e.Line)
	}
	if covered["allocations"] {
		for id, l := range pl.book.Lines {
			if !pl.seen["allocations"][id] && !l.Silent() {
				pl.Absent["allocations"] = append(pl.Absent["allocations"], id)
			}
		}
	}
	for _, ids := range pl.Absent {
		slices.Sort(ids)
	}
}

func (pl *planner) see(register, line string) {
	if pl.seen[register] == nil {
		pl.seen[register] = map[string]bool{}
	}
	pl.seen[register][line] = true
}

// offer says once what is missing and what it would give.
func (pl *planner) offer() {
	b := pl.draft.Book()
	none := func(register string) bool {
		for range b.Records(register) {
			return false
		}
		return true
	}
	for _, o := range []struct{ register, words string }{
		{"needs", "Add needs to see gaps: how many people need an objective met, and where."},
		{"terms", "Add terms to see what each grant may lawfully pay for."},
		{"agreements", "Add agreements, with their notice, to see the last day on which a decision is still free."},
		{"objectives", "Add objectives to see what nobody pays for."},
	} {
		if none(o.register) {
			pl.Offers = append(pl.Offers, o.words)
		}
	}
}
