package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/exchange"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/web/form"
	"braid/web/table"
	"braid/web/words"
)

// preview is what an upload would do to a book: a plan, and the book it would
// make.
type preview struct {
	im      *exchange.Import
	plan    *exchange.Plan
	batch   ledger.Batch
	after   *ledger.Book
	barred  string
	digest  string
	added   int // rows
	changed int
	same    int
}

// rows is how many rows an import takes in.
func (p *preview) rows() int { return p.added + p.changed }

// look plans an upload against a book.
func (v *Visit) look(b *ledger.Book, im *exchange.Import, up upload) (*preview, error) {
	plan, err := im.Plan(b)
	if err != nil {
		return nil, err
	}
	p := &preview{im: im, plan: plan}
	for _, n := range plan.Added {
		p.added += n
	}
	for _, ids := range plan.Changed {
		p.changed += len(ids)
	}
	for _, n := range plan.Same {
		p.same += n
	}
	by := decide.Importer{Actor: v.Actor(), Who: v.Who, Sees: v.Sees}
	if err := decide.MayImport(b, by, im.Counts); err != nil {
		p.barred = v.barredBy(b, err)
		return p, nil
	}
	if plan.Draft == nil || plan.Draft.Empty() {
		return p, nil
	}
	p.batch, p.after = plan.Draft.Seal(v.Server.Clock())
	p.digest = exchange.Digest(p.batch)
	if err := decide.MayPostImport(b, p.after, by, p.batch); err != nil {
		p.barred = v.barredBy(p.after, err)
	}
	return p, nil
}

// barredBy says why the person may not import this.
func (v *Visit) barredBy(b *ledger.Book, err error) string {
	switch e := err.(type) {
	case *decide.NotImported:
		return v.T("import.bar.page", "Register", v.registerName(e.Register))
	case *decide.ForFinance:
		return v.T("import.bar.pay", "Register", v.registerName(e.Register))
	case *decide.OutsideArea:
		var names []string
		for _, row := range e.Rows {
			names = append(names, v.NameOf(b, row.Register, row.ID).Text)
		}
		slices.Sort(names)
		names = slices.Compact(names)
		return v.T("import.bar.area", "Names", v.List(names[:min(len(names), 10)]))
	case *decide.NeedsApproval:
		return v.T("import.bar.limit", "Amount", e.Need.Amount.Exact())
	}
	return v.Refusal(b, err)
}

// seen names what a person was shown: the ledger it was planned on, what was
// said of the upload, and what it would do.
func seen(b *ledger.Book, up upload, p *preview) string {
	up.Reason, up.System = "", "" // neither changes what is done
	data, _ := json.Marshal(up)
	sum := sha256.Sum256(data)
	return strconv.Itoa(b.Sequence()) + "." + hex.EncodeToString(sum[:8]) + "." + p.digest
}

// spendIn sums what a book has as spent in a year, by the dates of the payments.
func spendIn(b *ledger.Book, y fiscal.Year) money.Pence {
	var sum money.Pence
	for i := range b.Len() {
		e := b.Entry(i)
		if e.Kind != ledger.Payment || fiscal.YearOf(e.Effective) != y {
			continue
		}
		if e.To.Stage == ledger.Paid {
			sum += e.Amount
		}
		if e.From.Stage == ledger.Paid {
			sum -= e.Amount
		}
	}
	return sum
}

// spendYear is the latest financial year in which a batch has payments.
func spendYear(b ledger.Batch) (y fiscal.Year, any bool) {
	for n := range b.Len() {
		if e := b.Entry(n + 1); e.Kind == ledger.Payment {
			y, any = max(y, fiscal.YearOf(e.Effective)), true
		}
	}
	return y, any
}

type previewPage struct {
	ID, Key, Seen     string
	Lead              []string
	Barred            string
	Sums              *table.Table
	Problems          *table.Table
	Hint, More        string
	Fixable           bool
	Aside             string
	Columns           []form.Field
	Rows, Records     *table.Table
	Notes             []string
	Finance           []fact
	System, Reason    form.Field
	HasSpend, NeedWhy bool
	Ready             bool
	Confirm           string
	Back              string // to the start grid it was typed in
}

// previewed shows what an upload would do; nothing is saved.
func previewed(v *Visit) (Answer, error) {
	id, up, file, err := v.upload()
	if err != nil {
		return nil, err
	}
	if up.Done != nil {
		return v.donePage(up), nil
	}
	return v.previewPage(id, up, file, nil)
}

func (v *Visit) previewPage(id string, up upload, file []byte, errs form.Errors) (Answer, error) {
	done, err := takeTurn(v.Context())
	if err == errBusy {
		return v.busy(), nil
	} else if err != nil {
		return nil, err
	}
	defer done()
	im, err := v.read(up, file)
	if err != nil {
		return nil, err
	}
	look, err := v.look(v.Book, im, up)
	if err != nil {
		return nil, err
	}
	plan := look.plan
	p := previewPage{ID: id, Key: NewKey(), Seen: seen(v.Book, up, look), Barred: look.barred}
	if len(up.Grid) > 0 {
		p.Back = v.To("/start", "from", id)
	}
	tables := []*table.Table{}
	keep := func(t *table.Table) *table.Table {
		v.Finish(t)
		t.Actions.SaveView, t.Actions.Address = "", "" // nobody comes back to it
		tables = append(tables, t)
		return t
	}
	switch {
	case plan.Draft == nil:
		p.Lead = append(p.Lead, v.N("import.refused", plan.Problems.Total))
	case look.rows() == 0 && look.same == 0 && plan.Problems.Total == 0:
		p.Lead = append(p.Lead, v.T("import.no-rows"))
	case look.rows() == 0 && plan.Problems.Total == 0:
		p.Lead = append(p.Lead, v.N("import.already", look.same))
	default:
		p.Lead = append(p.Lead, v.N("import.ready", look.rows()))
		if plan.Kept > 0 {
			p.Lead = append(p.Lead, v.N("import.fixing", plan.Kept))
		}
	}
	if look.rows() > 0 || plan.Problems.Total > 0 {
		p.Lead = append(p.Lead, v.T("import.nothing-saved"))
	}
	p.Ready = look.barred == "" && look.after != nil && look.rows() > 0

	p.Fixable = plan.Draft != nil && up.Mapping == ""
	if plan.Problems.Total > 0 {
		p.Problems = v.problemsTable(up, plan, p.Fixable)
		p.Hint = v.T("import.problems-file")
		if p.Fixable {
			p.Hint = v.T("import.problems-hint")
		}
		if plan.Kept > 0 {
			p.Aside = v.To("/import/" + id + "/aside.xlsx")
		}
		for _, one := range plan.Problems.List {
			field := ""
			if p.Fixable && fixable(one) {
				field = "fix." + placeName(one)
			}
			if len(errs) < 20 {
				errs.Add(field, v.Problem(one))
			}
		}
		if rest := plan.Problems.Total - len(plan.Problems.List); rest > 0 {
			p.More = v.N("import.problems-more", rest)
		}
	}
	p.Columns = v.columnFields(up, im, plan)
	p.Sums = keep(v.sumsTable(look))
	if look.after != nil {
		if t := v.moneyRows(look); t != nil {
			p.Rows = keep(t)
		}
		if t := v.recordRows(look); t != nil {
			p.Records = keep(t)
		}
		if year, any := spendYear(look.batch); any {
			p.HasSpend = true
			p.System = form.Field{Name: "system", Label: v.T("import.system", "Year", year.String()), Hint: v.T("import.system-hint"), Type: "money", Value: up.System, Error: errs.Of("system")}
			p.Finance = v.compared(up.System, year, spendIn(look.after, year))
		}
	}
	p.Notes = v.importNotes(look)
	p.NeedWhy = look.changed > 0
	p.Reason = form.Field{Name: "reason", Label: v.T("import.reason"), Type: "textarea", Rows: 2, Value: up.Reason, Required: p.NeedWhy, Error: errs.Of("reason")}
	if p.NeedWhy {
		p.Reason.Hint = v.T("import.reason-changes")
	}
	p.Confirm = v.N("import.confirm", look.rows())
	return Page{Template: "preview", Title: v.T("import.check.title", "Name", up.Name), Data: p, Tables: tables, Errors: errs}, nil
}

// notFixed are problems of a whole column or file, whatever row they name.
var notFixed = []string{"missing-column", "repeated-column", "year-heading", "unknown-column", "no-headings", "row-too-long", "no-heading", "set-aside"}

// fixable reports whether a problem is one cell's, that can be typed anew.
func fixable(p sheet.Problem) bool {
	return p.Row > 0 && p.Column != "" && !slices.Contains(notFixed, p.Code)
}

// placeName names a problem's cell within a form. Sheets are called anything,
// so theirs is a fingerprint.
func placeName(p sheet.Problem) string {
	name := strconv.Itoa(p.Row) + "." + strings.ReplaceAll(p.Column, " ", "_")
	if p.Sheet != "" {
		sum := sha256.Sum256([]byte(p.Sheet))
		name += "." + hex.EncodeToString(sum[:4])
	}
	return name
}

// suggested is the name the importer thinks was meant.
func suggested(p sheet.Problem) string {
	if rest, ok := strings.CutPrefix(p.Remedy, "perhaps "); ok {
		if at := strings.IndexAny(rest, "?;"); at > 0 {
			return rest[:at]
		}
	}
	return ""
}

// offered is what a problem's field holds before anybody types: what was
// mended last, the name offered, or what stands there.
func offered(up upload, p sheet.Problem) string {
	for _, m := range up.Mended {
		if m.Place == (exchange.Place{Sheet: p.Sheet, Row: p.Row, Column: p.Column}) {
			return m.Text
		}
	}
	return cmp.Or(suggested(p), p.Found)
}

func (v *Visit) where(p sheet.Problem) string {
	if p.Row == 0 {
		return cmp.Or(p.Sheet, p.File)
	}
	if p.Sheet != "" {
		return v.T("import.row-of", "Sheet", p.Sheet, "Row", p.Row)
	}
	return v.T("import.row") + " " + strconv.Itoa(p.Row)
}

// columnWords is a column as a problem names it: of a register in words, or a
// heading as it stands.
func (v *Visit) columnWords(column string) string {
	if column != "" && v.Reader.Has("history.column."+column) {
		return v.columnName(column)
	}
	return column
}

func (v *Visit) problemsTable(up upload, plan *exchange.Plan, fix bool) *table.Table {
	t := table.New("problems", v.T("import.problems"))
	t.Class = "fixes"
	t.Column("", v.T("import.where"), table.TextColumn)
	t.Column("", v.T("import.column"), table.TextColumn)
	t.Column("", v.T("import.found"), table.TextColumn)
	t.Column("", v.T("import.wrong"), table.TextColumn)
	if fix {
		t.Column("", v.T("import.fix"), table.ActionsColumn)
	}
	for _, p := range plan.Problems.List {
		say := strings.TrimPrefix(v.Problem(sheet.Problem{Code: p.Code, Rule: p.Rule, Remedy: p.Remedy}), ": ")
		if near := suggested(p); near != "" && v.Lang() == words.Welsh {
			say += " " + v.T("import.near", "Near", near)
		}
		cells := []table.Cell{table.Text(v.where(p)), table.Text(v.columnWords(p.Column)), table.Text(p.Found), table.Text(say)}
		if fix {
			cell := table.Text("")
			if fixable(p) {
				name := "fix." + placeName(p)
				cell = table.Field(table.Input{ID: "f-" + name, Name: name, Value: offered(up, p), Label: v.T("import.fix-label", "Where", v.where(p), "Column", v.columnWords(p.Column))})
			}
			cells = append(cells, cell)
		}
		t.Row(cells...)
	}
	return t
}

// columnFields asks what unknown headings mean, where the file is of one
// register.
func (v *Visit) columnFields(up upload, im *exchange.Import, plan *exchange.Plan) []form.Field {
	register := up.Register
	if register == "" && len(im.Counts) == 1 {
		for name := range im.Counts {
			register = name
		}
	}
	reg := ledger.RegisterNamed(register)
	if reg == nil || up.Mapping != "" {
		return nil
	}
	var fields []form.Field
	ask := func(heading, chosen string) {
		f := form.Field{Name: "column." + strconv.Itoa(len(fields)), Label: heading, Type: "select", Options: []form.Option{{Value: "", Label: v.T("import.columns-out")}}}
		for _, c := range reg.Columns {
			f.Options = append(f.Options, form.Option{Value: c.Name, Label: v.columnName(c.Name), Selected: c.Name == chosen})
		}
		fields = append(fields, f)
	}
	for _, heading := range unknownHeadings(plan) {
		ask(heading, "")
	}
	for _, heading := range slices.Sorted(maps.Keys(up.Columns)) {
		ask(heading, up.Columns[heading])
	}
	return fields
}

func unknownHeadings(plan *exchange.Plan) []string {
	var all []string
	for _, n := range plan.Notes {
		if heading := strings.ToLower(n.Column); n.Code == "unknown-column" && !slices.Contains(all, heading) {
			all = append(all, heading)
		}
	}
	return all
}

// sumsTable says for each sheet how many rows are new, changed and the same,
// and what the amounts come to.
func (v *Visit) sumsTable(look *preview) *table.Table {
	t := table.New("sums", v.T("import.sum.caption"))
	t.Column("", v.T("import.sum.kind"), table.TextColumn)
	t.Column("", v.T("import.sum.new"), table.CountColumn)
	t.Column("", v.T("import.sum.changed"), table.CountColumn)
	t.Column("", v.T("import.sum.same"), table.CountColumn)
	t.Column("", v.T("import.sum.in"), table.MoneyColumn)
	t.Column("", v.T("import.sum.after"), table.MoneyColumn)
	t.Empty = v.T("import.no-rows")
	for _, r := range ledger.Registers {
		added, changed, same := look.plan.Added[r.Name], len(look.plan.Changed[r.Name]), look.plan.Same[r.Name]
		in, met := look.plan.In[r.Name]
		if added+changed+same == 0 && (!met || in.IsNought()) {
			continue
		}
		amount := func(of map[string]money.Sum) table.Cell {
			if sum, ok := of[r.Name]; ok && (r.Posts || r.Name == "figures") {
				return table.Money(sum, table.Exact)
			}
			return table.None()
		}
		t.Row(table.Text(v.registerName(r.Name)), table.Count(added), table.Count(changed), table.Count(same), amount(look.plan.In), amount(look.plan.Posted))
	}
	return t
}

// moneyRows lists what would be posted, a line for each row of the file.
func (v *Visit) moneyRows(look *preview) *table.Table {
	type line struct {
		entry   ledger.Entry
		amount  money.Pence
		changed bool
	}
	changed := map[string]bool{}
	for _, register := range []string{"allocations", "payments", "delegations", "transfers", "figures"} {
		for _, id := range look.plan.Changed[register] {
			changed[id] = true
		}
	}
	type key struct {
		row  int
		line string
		kind ledger.Kind
	}
	var order []key
	lines := map[key]*line{}
	for n := range look.batch.Len() {
		e := look.batch.Entry(n + 1)
		if e.Reverses != (ledger.EntryID{}) {
			continue
		}
		k := key{e.Row, e.Line, e.Kind}
		l := lines[k]
		if l == nil {
			l = &line{entry: e, changed: changed[e.Line]}
			lines[k] = l
			order = append(order, k)
		}
		if e.Kind == ledger.Payment && e.From.Stage == ledger.Paid {
			l.amount -= e.Amount
		} else {
			l.amount += e.Amount
		}
	}
	if len(order) == 0 {
		return nil
	}
	slices.SortStableFunc(order, func(a, b key) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.row, b.row)) })
	t := table.New("rows", v.T("import.rows"))
	t.Column("", v.T("import.row"), table.TextColumn)
	t.Column("", v.T("history.batch.kind-of"), table.TextColumn)
	t.Column("", v.T("service"), table.TextColumn)
	t.Column("", v.T("by.award"), table.TextColumn)
	t.Column("", v.T("import.date"), table.DateColumn)
	t.Column("", v.T("import.amount"), table.MoneyColumn)
	t.Column("", v.T("import.what"), table.TagColumn)
	from, to := v.pageOf("rows-page", len(order))
	for _, k := range order[from:to] {
		l := lines[k]
		e := l.entry
		service := v.NameOf(look.after, "services", cmp.Or(e.To.Service, e.From.Service))
		award := v.NameOf(look.after, "awards", cmp.Or(e.To.Award, e.From.Award))
		row, date := table.None(), table.None()
		if e.Row > 0 {
			row = table.Text(strconv.Itoa(e.Row))
		}
		if e.Effective != 0 {
			date = table.Date(e.Effective)
		}
		what := table.Tag(v.T("import.new"), table.Green)
		if l.changed {
			what = table.Tag(v.T("import.changed"), table.Amber)
		}
		t.Row(row, table.Text(v.T("history.kind."+e.Kind.String())), table.Text(service.Text).In(string(service.Lang)), table.Text(award.Text).In(string(award.Lang)), date, table.Pence(l.amount, table.Exact), what)
	}
	t.All = len(order)
	return t
}

// recordRows lists the records that would be new, or changed and how.
func (v *Visit) recordRows(look *preview) *table.Table {
	records := slices.DeleteFunc(slices.Clone(look.batch.Records), func(r ledger.Record) bool { return ledger.RegisterNamed(r.Register).Posts })
	if len(records) == 0 {
		return nil
	}
	t := table.New("records", v.T("import.records"))
	t.Column("", v.T("history.batch.record"), table.TextColumn)
	t.Column("", v.T("import.sum.kind"), table.TextColumn)
	t.Column("", v.T("history.batch.column"), table.TextColumn)
	t.Column("", v.T("import.what"), table.TagColumn)
	from, to := v.pageOf("records-page", len(records))
	for _, r := range records[from:to] {
		name := v.NameOf(look.after, r.Register, r.ID)
		what, tag := "", table.Tag(v.T("import.new"), table.Green)
		if was, met := v.Record(r.Register, r.ID); met {
			tag = table.Tag(v.T("import.changed"), table.Amber)
			var parts []string
			for _, d := range v.differing(was, r) {
				parts = append(parts, v.T("import.was", "Column", d.What, "Was", d.Before, "Now", d.After))
			}
			what = strings.Join(parts, "; ")
		}
		t.Row(table.Text(name.Text).In(string(name.Lang)), table.Text(v.registerName(r.Register)), table.Text(what), tag)
	}
	t.All = len(records)
	return t
}

// compared sets the finance system's total beside Braid's.
func (v *Visit) compared(system string, y fiscal.Year, spend money.Pence) []fact {
	facts := []fact{{Key: v.T("import.braid-is", "Year", y.String()), Value: spend.Exact()}}
	amount, given, err := money.Parse(system, money.Signed)
	if p, known := amount.Known(); given && err == nil && known {
		difference := spend - p
		say := difference.Exact()
		if difference == 0 {
			say = v.T("import.agrees", "Amount", say)
		}
		facts = append([]fact{{Key: v.T("import.system-is", "Year", y.String()), Value: p.Exact()}}, append(facts, fact{Key: v.T("import.difference"), Value: say})...)
	}
	return facts
}

// importNotes are not faults, but to be known.
func (v *Visit) importNotes(look *preview) []string {
	var notes []string
	if v.Sequence() == 0 && look.after != nil {
		notes = append(notes, v.T("import.as-found"))
	}
	for _, total := range look.im.Stated {
		if !total.Agrees {
			notes = append(notes, v.Problem(total.Problem()))
		}
	}
	for _, n := range look.plan.Notes[:min(len(look.plan.Notes), 50)] {
		notes = append(notes, v.Problem(n))
	}
	for _, r := range ledger.Registers {
		if ids := look.plan.Absent[r.Name]; len(ids) > 0 && r.Name != "payments" {
			notes = append(notes, v.N("import.absent", len(ids), "Register", v.registerName(r.Name)))
		}
	}
	if look.after != nil && v.Sequence() == 0 {
		notes = append(notes, v.offers(look.after)...)
	}
	return notes
}

// offers says what more Braid could tell, and what it needs for that: once, at
// the first import.
func (v *Visit) offers(b *ledger.Book) []string {
	var offers []string
	for _, register := range []string{"needs", "terms", "agreements", "objectives"} {
		any := false
		for range b.Records(register) {
			any = true
			break
		}
		if !any {
			offers = append(offers, v.T("import.offer."+register))
		}
	}
	for _, r := range b.Records("services") {
		if !slices.ContainsFunc(r.Values, func(value ledger.Value) bool {
			return value.Column[0] >= '0' && value.Column[0] <= '9' && value.Text != "?"
		}) {
			return append(offers, v.T("import.offer.cost"))
		}
	}
	return offers
}
