package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/exchange/sheet"
	"braid/ledger/money"
	"braid/web/form"
)

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
