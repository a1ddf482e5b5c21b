package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/exchange"
	"braid/ledger/exchange/mapping"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/words"
)

// An import is four steps: an upload, put by in its person's drawer; a look at
// what it would do, which saves nothing and may be taken again as cells are put
// right; the posting, of just what was looked at; and what came of it.
var importRoutes = []Route{
	{Method: "GET", Path: "/import", Right: people.Export, Do: importing}, // who may only take out is led on
	{Method: "POST", Path: "/import", Right: people.ImportRegisters, Do: uploaded, Big: true},
	{Method: "GET", Path: "/import/:id", Right: people.ImportRegisters, Do: previewed},
	{Method: "POST", Path: "/import/:id", Right: people.ImportRegisters, Do: imported},
	{Method: "GET", Path: "/import/:id/aside.xlsx", Right: people.ImportRegisters, Do: setAside},
	{Method: "GET", Path: "/export", Right: people.Export, Do: exporting},
	{Method: "GET", Path: "/export/registers.xlsx", Right: people.Export, Do: exportRegisters},
	{Method: "GET", Path: "/export/template.xlsx", Right: SignedIn, Do: exportTemplate},
}

// upload is what is put by of one import beside its file.
type upload struct {
	Name, Register, Mapping string
	Reason, System          string // why, and the finance system's total as typed
	Columns                 map[string]string
	Mended                  []mended
	Grid                    map[string]string // the start grid it was typed in, to go back to
	Done                    *outcome
	At                      time.Time
}

type mended struct {
	exchange.Place
	Text string
}

// outcome is what came of an import.
type outcome struct {
	Seq, Rows, Out int
	Year           fiscal.Year
	Spend          money.Pence
}

const (
	uploadKind   = "import"
	uploadedKind = "import-file"
	doneKind     = "import-done" // an upload with what came of it: apart, so that a second click cannot unwrite it
	columnsKind  = "import-columns"
	uploadFor    = 7 * 24 * time.Hour
)

// reading at most two files at once keeps a council's afternoon of month ends
// from taking all the memory there is.
var filesRead = make(chan struct{}, 2)

// errBusy says that two imports are being read.
var errBusy = errors.New("two imports are being read")

func takeTurn(ctx context.Context) (done func(), err error) {
	wait := time.NewTimer(3 * time.Second)
	defer wait.Stop()
	select {
	case filesRead <- struct{}{}:
		return func() { <-filesRead }, nil
	case <-wait.C:
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (v *Visit) busy() Page {
	v.echo.Response().Header().Set("Retry-After", "5")
	return Page{Template: "error", Title: v.T("import.busy.title"), Data: errorPage{Text: v.T("import.busy"), Status: http.StatusTooManyRequests}, Status: http.StatusTooManyRequests}
}

type importPage struct {
	Key           string
	File, Paste   form.Field
	Register      form.Field
	Waiting, Last []navLink
	CanExport     bool
}

// importing asks for a file or a block.
func importing(v *Visit) (Answer, error) {
	if !v.Can(people.ImportRegisters) {
		return Redirect{To: v.To("/export")}, nil
	}
	return v.importPage("", "", nil)
}

func (v *Visit) importPage(register, paste string, errs form.Errors) (Answer, error) {
	p := importPage{Key: NewKey(), CanExport: v.Can(people.Export),
		File:  form.Field{Name: "file", Label: v.T("import.file"), Hint: v.T("import.file-hint"), Type: "file", Error: errs.Of("file")},
		Paste: form.Field{Name: "paste", Label: v.T("import.paste"), Type: "textarea", Rows: 6, Value: paste, Error: errs.Of("paste")},
	}
	options := []form.Option{{Value: "", Label: v.T("import.register-any")}, {Value: "start", Label: v.T("import.register-start")}}
	for _, r := range ledger.Registers {
		if need := decide.ImportRight(r.Name); need != "" && v.Can(need) {
			options = append(options, form.Option{Value: r.Name, Label: v.registerName(r.Name)})
		}
	}
	for _, name := range mapping.Names() {
		options = append(options, form.Option{Value: "mapping:" + name, Label: v.T("import.mapping", "Name", name), Lang: string(words.English)})
	}
	for i := range options {
		options[i].Selected = options[i].Value == register
	}
	p.Register = form.Field{Name: "register", Label: v.T("import.register"), Hint: v.T("import.register-hint"), Type: "select", Options: options, Error: errs.Of("register")}

	all, err := v.Server.People.KeptAll(v.Context(), v.Who.ID, uploadKind)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		if up, err := v.keptUpload(k.ID); err == nil && up.Done == nil {
			p.Waiting = append(p.Waiting, navLink{Href: v.To("/import/" + k.ID), Text: up.Name + ", " + v.instant(up.At)})
		}
	}
	reach := v.Reach
	v.Reach = v.May(people.Audit)
	for seq := v.Sequence(); seq > 0 && len(p.Last) < 5; seq-- {
		head, _ := v.Head(seq)
		if source := strings.ToLower(head.Source); (strings.HasSuffix(source, ".csv") || strings.HasSuffix(source, ".xlsx")) && v.mayReadBatch(seq) {
			p.Last = append(p.Last, navLink{Href: v.To("/history/" + strconv.Itoa(seq)), Text: sheet.Printable(head.Source, 60) + ", " + v.instant(head.PostedAt) + ", " + head.Author})
		}
	}
	v.Reach = reach
	return Page{Template: "import", Title: v.T("import.title"), Data: p, Errors: errs}, nil
}

// registerName is a register in words, as people know a sheet of it.
func (v *Visit) registerName(name string) string {
	switch name {
	case "allocations", "payments", "delegations", "transfers":
		return v.T("history.kinds." + strings.TrimSuffix(name, "s"))
	case "figures":
		return v.T("history.kinds.figure")
	}
	return v.T("history.register." + name)
}

// uploaded takes a file or a pasted block in, and leads on to what it would do.
func uploaded(v *Visit) (Answer, error) {
	if v.Request.MultipartForm != nil {
		defer v.Request.MultipartForm.RemoveAll()
	}
	paste := strings.ReplaceAll(v.Request.PostForm.Get("paste"), "\r\n", "\n")
	v.Request.PostForm.Del("paste") // kept as pasted: a form's text is trimmed, and a block may begin with blank cells
	v.Request.PostForm.Del("file")  // a browser sends the file not chosen as an empty text
	var f struct {
		Register string `form:"register"`
	}
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	name, data, err := v.file("file")
	if err != nil {
		return nil, err
	}
	var errs form.Errors
	blank := strings.TrimSpace(paste) == ""
	switch {
	case name == "" && blank:
		errs.Add("file", v.T("import.error.nothing"))
	case name != "" && !blank:
		errs.Add("file", v.T("import.error.both"))
	case name != "" && len(data) == 0:
		errs.Add("file", v.T("import.error.empty"))
	case len(data) > int(sheet.Web.Bytes):
		errs.Add("file", v.T("import.error.large"))
	case name != "" && !slices.Contains([]string{".csv", ".xlsx"}, strings.ToLower(path.Ext(name))):
		errs.Add("file", v.T("import.error.kind"))
	}
	if name == "" {
		name, data = v.T("import.pasted")+".csv", pasted(paste)
	}
	up := upload{Name: sheet.Printable(path.Base(strings.ReplaceAll(name, "\\", "/")), 80), Register: f.Register, At: v.Server.Clock()}
	if m, ok := strings.CutPrefix(f.Register, "mapping:"); ok {
		if up.Register, up.Mapping = "", m; !slices.Contains(mapping.Names(), m) {
			return nil, &form.Bad{Why: "there is no such mapping"}
		}
	} else if f.Register != "" && f.Register != "start" && decide.ImportRight(f.Register) == "" {
		return nil, &form.Bad{Why: "there is no such register"}
	}
	if len(errs) > 0 {
		return v.importPage(f.Register, paste, errs)
	}
	if up.Columns, err = v.columnsKnown(up.Register); err != nil {
		return nil, err
	}
	done, err := takeTurn(v.Context())
	if err == errBusy {
		return v.busy(), nil
	} else if err != nil {
		return nil, err
	}
	im, err := v.read(up, data)
	done()
	if err != nil {
		return nil, err
	}
	if ps := im.Problems(); ps.Total > 0 && len(im.Counts) == 0 && ps.List[0].Row == 0 { // nothing of the file can be read
		errs.Add(cmp.Or(map[bool]string{true: "paste"}[!blank], "file"), v.Problem(ps.List[0]))
		return v.importPage(f.Register, paste, errs)
	}
	id := strings.ToLower(rand.Text())
	if err := v.Server.People.Keep(v.Context(), v.Who.ID, uploadedKind, id, data, v.Server.Clock().Add(uploadFor)); err != nil {
		return nil, err
	}
	if err := v.keepUpload(id, up); err != nil {
		return nil, err
	}
	return Redirect{To: v.To("/import/" + id)}, nil
}

// file gives a file of the form, and "" where none was chosen.
func (v *Visit) file(field string) (name string, data []byte, err error) {
	if v.Request.MultipartForm == nil || len(v.Request.MultipartForm.File[field]) == 0 {
		return "", nil, nil
	}
	head := v.Request.MultipartForm.File[field][0]
	f, err := head.Open()
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	data, err = io.ReadAll(io.LimitReader(f, sheet.Web.Bytes+1))
	if head.Filename == "" && len(data) == 0 {
		return "", nil, err
	}
	return cmp.Or(head.Filename, "file"), data, err
}

// pasted makes a CSV file of a block: spreadsheets put tabs between cells.
func pasted(block string) []byte {
	if !strings.Contains(block, "\t") {
		return []byte(block)
	}
	r := csv.NewReader(strings.NewReader(strings.Trim(block, "\n")))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil { // stray quotes: cells as they stand
		rows = nil
		for line := range strings.SplitSeq(strings.Trim(block, "\n"), "\n") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.WriteAll(rows) // to memory
	return out.Bytes()
}

func (v *Visit) columnsKnown(register string) (map[string]string, error) {
	known := map[string]string{}
	k, err := v.Server.People.Kept(v.Context(), v.Who.ID, columnsKind, cmp.Or(register, "any"))
	if errors.Is(err, people.ErrNotKept) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	return known, json.Unmarshal(k.Data, &known)
}

func (v *Visit) keepUpload(id string, up upload) error {
	data, err := json.Marshal(up)
	if err != nil {
		return err
	}
	kind := uploadKind
	if up.Done != nil {
		kind = doneKind
	}
	return v.Server.People.Keep(v.Context(), v.Who.ID, kind, id, data, v.Server.Clock().Add(uploadFor))
}

func (v *Visit) dropUpload(id string) error {
	return errors.Join(v.Server.People.Drop(v.Context(), v.Who.ID, uploadKind, id), v.Server.People.Drop(v.Context(), v.Who.ID, uploadedKind, id))
}

// keptUpload gives an upload of the reader's own by its id.
func (v *Visit) keptUpload(id string) (up upload, err error) {
	k, err := v.Server.People.Kept(v.Context(), v.Who.ID, doneKind, id)
	if errors.Is(err, people.ErrNotKept) {
		k, err = v.Server.People.Kept(v.Context(), v.Who.ID, uploadKind, id)
	}
	if errors.Is(err, people.ErrNotKept) {
		return up, Missing{}
	}
	if err == nil {
		err = json.Unmarshal(k.Data, &up)
	}
	return up, err
}

// upload gives the upload of the address, and its file while it waits. Nobody
// has anybody else's.
func (v *Visit) upload() (id string, up upload, file []byte, err error) {
	id = v.Param("id")
	if up, err = v.keptUpload(id); err != nil || up.Done != nil {
		return id, up, nil, err
	}
	f, err := v.Server.People.Kept(v.Context(), v.Who.ID, uploadedKind, id)
	if errors.Is(err, people.ErrNotKept) { // imported in the meantime, perhaps by a second click
		if up, err = v.keptUpload(id); err == nil && up.Done == nil {
			err = Missing{}
		}
	}
	return id, up, f.Data, err
}

// read reads an upload with all that was said of it since.
func (v *Visit) read(up upload, file []byte) (*exchange.Import, error) {
	actor := v.Actor()
	opt := exchange.Options{Author: cmp.Or(actor.Name, actor.Person), Role: actor.Role, Reason: cmp.Or(up.Reason, "?"), SetAside: up.Mapping == "", Mapping: up.Mapping,
		Limits: sheet.Web, Today: v.Today, Register: up.Register, Columns: up.Columns, Mended: map[exchange.Place]string{}}
	for _, m := range up.Mended {
		opt.Mended[m.Place] = m.Text
	}
	return exchange.ReadBytes(up.Name, file, opt)
}

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

type previewForm struct {
	Step    string            `form:"step"`
	Seen    string            `form:"seen"`
	Reason  string            `form:"reason"`
	System  string            `form:"system"`
	Fixes   map[string]string `form:"fix"`
	Columns map[string]string `form:"column"`
}

// imported does what a preview's buttons say: put right and look again, compare,
// import, or throw away.
func imported(v *Visit) (Answer, error) {
	id, up, file, err := v.upload()
	if err != nil {
		return nil, err
	}
	if up.Done != nil { // sent twice
		return Redirect{To: v.To("/import/" + id)}, nil
	}
	var f previewForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Step == "discard" {
		if err := v.dropUpload(id); err != nil {
			return nil, err
		}
		return Redirect{To: v.To("/import"), Say: v.T("import.discarded")}, nil
	}
	mendedNow, err := v.takeFixes(&up, file, f)
	if err != nil {
		return nil, err
	}
	up.Reason, up.System = f.Reason, f.System
	if err := v.keepUpload(id, up); err != nil {
		return nil, err
	}
	var errs form.Errors
	if _, _, err := money.Parse(f.System, money.Signed); err != nil {
		errs.Add("system", v.T("import.error.system"))
	}
	if f.Step == "import" && mendedNow {
		errs.Add("", v.T("import.mended"))
	}
	if f.Step != "import" || len(errs) > 0 {
		if len(errs) == 0 {
			return Redirect{To: v.To("/import/" + id)}, nil
		}
		return v.previewPage(id, up, file, errs)
	}
	return v.postImport(id, up, file, f.Seen)
}

// takeFixes notes the cells and columns a person put right. What a field held
// when it was shown is taken only by the button that says so.
func (v *Visit) takeFixes(up *upload, file []byte, f previewForm) (changed bool, err error) {
	if len(f.Fixes) == 0 && len(f.Columns) == 0 {
		return false, nil
	}
	im, err := v.read(*up, file)
	if err != nil {
		return false, err
	}
	plan, err := im.Plan(v.Book)
	if err != nil {
		return false, err
	}
	if f.Step != "columns" {
		for _, p := range plan.Problems.List {
			text, given := f.Fixes[placeName(p)]
			if !given || !fixable(p) || f.Step == "import" && text == offered(*up, p) || f.Step != "fix" && f.Step != "import" {
				continue
			}
			place := exchange.Place{Sheet: p.Sheet, Row: p.Row, Column: p.Column}
			up.Mended = slices.DeleteFunc(up.Mended, func(m mended) bool { return m.Place == place })
			up.Mended = append(up.Mended, mended{place, text})
			changed = true
		}
		return changed, nil
	}
	headings := append(unknownHeadings(plan), slices.Sorted(maps.Keys(up.Columns))...)
	chosen := map[string]string{}
	for i, heading := range headings {
		if column := f.Columns[strconv.Itoa(i)]; column != "" {
			chosen[heading] = column
		}
	}
	up.Columns = chosen
	data, err := json.Marshal(chosen)
	if err != nil {
		return false, err
	}
	return true, v.Server.People.Keep(v.Context(), v.Who.ID, columnsKind, cmp.Or(up.Register, "any"), data, time.Time{})
}

// errMoved says that the ledger would no longer do what the person was shown.
var errMoved = errors.New("the ledger has changed since")

// postImport imports what the person was shown, or shows both where it would now be
// something else.
func (v *Visit) postImport(id string, up upload, file []byte, shown string) (Answer, error) {
	done, err := takeTurn(v.Context())
	if err == errBusy {
		return v.busy(), nil
	} else if err != nil {
		return nil, err
	}
	reason := up.Reason
	up.Reason = cmp.Or(reason, v.T("import.because", "Name", up.Name))
	im, err := v.read(up, file)
	if err != nil {
		done()
		return nil, err
	}
	up.Reason = reason
	var look *preview
	barred := ""
	errReason := errors.New("a reason is needed")
	v.Key = "import-" + id
	seq, err := v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		if look, err = v.look(b, im, up); err != nil {
			return nil, err
		}
		barred = look.barred
		sent := b.Draft(ledger.Intent{Key: v.Actor().Key}) // beside a refusal: a form sent twice reads as done
		switch {
		case barred != "" || look.after == nil || !sameSeen(shown, seen(b, up, look)):
			return sent, errMoved
		case look.changed > 0 && reason == "":
			return sent, errReason
		}
		plan, err := im.Plan(b) // looking used the draft up
		if err != nil {
			return nil, err
		}
		plan.Draft.Key, plan.Draft.Source = v.Actor().Key, up.Name
		return plan.Draft, nil
	})
	done()
	switch {
	case err == errReason:
		return v.previewPage(id, up, file, form.Errors{{Field: "reason", Text: v.T("import.error.reason")}})
	case err == errMoved && barred == "" && (look.after != nil || !sameSeen(shown, seen(v.Book, up, look))):
		return v.movedSince(id, up, file, im, shown)
	case err == errMoved && barred != "":
		return v.previewPage(id, up, file, form.Errors{{Text: barred}})
	case err == errMoved: // there was nothing to import when it was shown, either
		return v.previewPage(id, up, file, nil)
	case err != nil:
		return nil, err
	}
	if look.after == nil { // posted by the same form, which keeps what came of it
		return Redirect{To: v.To("/import/" + id)}, nil
	}
	out := &outcome{Seq: seq, Rows: look.rows(), Out: look.plan.Kept}
	if year, any := spendYear(look.batch); any {
		out.Year, out.Spend = year, spendIn(look.after, year)
	}
	up.Done = out
	if err := v.keepUpload(id, up); err != nil {
		return nil, err
	}
	if err := v.dropUpload(id); err != nil {
		return nil, err
	}
	if len(up.Grid) > 0 {
		return Redirect{To: v.To("/"), Say: v.N("import.say", out.Rows), Undo: seq}, nil
	}
	return Redirect{To: v.To("/import/" + id), Say: v.N("import.say", out.Rows), Undo: seq}, nil
}

// sameSeen reports whether what was shown is what would be done: on the same
// ledger or on another, the same change to it.
func sameSeen(shown, now string) bool {
	_, shown, _ = strings.Cut(shown, ".")
	_, now, _ = strings.Cut(now, ".")
	return shown == now
}

// movedSince shows what the person saw beside what it would be now.
func (v *Visit) movedSince(id string, up upload, file []byte, im *exchange.Import, shown string) (Answer, error) {
	book, err := v.Server.Books.Book(v.Context())
	if err != nil {
		return nil, err
	}
	say := func(b *ledger.Book) (string, error) {
		look, err := v.look(b, im, up)
		if err != nil {
			return "", err
		}
		return v.T("import.summary", "New", look.added, "Changed", look.changed, "Same", look.same, "Fixing", look.plan.Kept), nil
	}
	then := ""
	first, _, _ := strings.Cut(shown, ".")
	if seq, err := strconv.Atoi(first); err == nil && seq >= 0 && seq <= book.Sequence() {
		was, err := book.At(seq)
		if err != nil {
			return nil, err
		}
		if then, err = say(was); err != nil {
			return nil, err
		}
	}
	now, err := say(book)
	if err != nil {
		return nil, err
	}
	v.reading = v.Server.readings.of(book, v.Today)
	return v.previewPage(id, up, file, form.Errors{{Text: v.T("import.moved", "Then", then, "Now", now)}})
}

type donePage struct {
	Lead, Out      []string
	Finance        []fact
	History        string
	Undo, Key      string
	Undone, Cannot string
}

// donePage says what came of an import.
func (v *Visit) donePage(up upload) Page {
	d := up.Done
	p := donePage{Lead: []string{v.N("import.done", d.Rows)}, History: v.To("/history/" + strconv.Itoa(d.Seq))}
	if d.Out > 0 {
		p.Lead = append(p.Lead, v.N("import.left-out", d.Out))
	}
	if d.Year != 0 {
		p.Finance = v.compared(up.System, d.Year, d.Spend)
	}
	if d.Seq > 0 && d.Seq <= v.Sequence() {
		if by := v.undoneBy(d.Seq); by != 0 {
			p.Undone = v.T("import.done.undone", "Seq", by)
		} else if p.Cannot = v.mayNotUndo(d.Seq); p.Cannot == "" {
			p.Undo, p.Key = v.Base()+"/history/"+strconv.Itoa(d.Seq)+"/undo", NewKey()
		}
	}
	return Page{Template: "imported", Title: v.T("import.done.title", "Name", up.Name), Data: p}
}

// setAside gives the rows that an import leaves out, as they stand in the file
// and with what is wrong, to mend there.
func setAside(v *Visit) (Answer, error) {
	_, up, file, err := v.upload()
	if err != nil {
		return nil, err
	}
	if up.Done != nil {
		return nil, Missing{}
	}
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
	plan, err := im.Plan(v.Book)
	if err != nil {
		return nil, err
	}
	sheets, err := plan.SetAsideSheets()
	if err != nil || len(sheets) == 0 {
		return nil, cmp.Or[error](err, Missing{})
	}
	var out bytes.Buffer
	if err := sheet.WriteXLSX(&out, sheets); err != nil {
		return nil, err
	}
	return File{Name: strings.TrimSuffix(up.Name, path.Ext(up.Name)) + "-to-mend.xlsx", Type: xlsxType, Body: out.Bytes()}, nil
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
