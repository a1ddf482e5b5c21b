package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
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
