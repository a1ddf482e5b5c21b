package web

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/web/form"
	"braid/web/templates/parts"
)

// recordEdit is a form for one row of a register: what is asked, in words, and
// the verb that writes it. A row without an id is a new one.
type recordEdit struct {
	Register, ID string
	Columns      []string
	Required     []string
	Years        []fiscal.Year     // asked for beneath the columns
	Set          map[string]string // cells the form does not ask for
	Reason       bool              // asked for even of a new row
	Title, Nav   string
	Back, Done   string // where to go instead, and after; "" is the row's own page
	Said         string // the banner's words
	Put          func(b *ledger.Book, a decide.Actor, r ledger.Record, was, reason string) (*decide.Outcome, error)
	Check        func(cells map[string]string, errs *form.Errors)
}

// recordForm is what was typed.
type recordForm struct {
	ID         string            `form:"id"`
	Was        string            `form:"was"`
	Reason     string            `form:"reason"`
	Step       string            `form:"step"`
	Cells      map[string]string `form:"c"`
	Areas      []string          `form:"areas"`
	Objectives []string          `form:"objectives"`
	AgreedBy   []string          `form:"agreed_by"`
}

// list is where the form keeps a column of several values, nil for a column of
// one.
func (f *recordForm) list(column string) *[]string {
	switch column {
	case "areas":
		return &f.Areas
	case "objectives":
		return &f.Objectives
	case "agreed_by":
		return &f.AgreedBy
	}
	return nil
}

type recordPage struct {
	Back, Key, Was, ID string
	Fields             []form.Field
	Years              []form.Field
	Reason             *form.Field
	Changed            []change // what another person saved meanwhile, beside what is typed here
	// the check page
	Rows   []parts.Row
	Hidden []parts.Hidden
}

// edit shows the form.
func (v *Visit) edit(e recordEdit) (Answer, error) {
	f := recordForm{ID: e.ID, Was: decide.Version(v.Book, e.Register, e.ID), Cells: map[string]string{}}
	now, _ := v.Book.Record(e.Register, e.ID)
	for _, value := range now.Values {
		f.Cells[value.Column] = value.Text
		if list := f.list(value.Column); list != nil {
			*list = split(value.Text)
		}
		if c := ledger.RegisterNamed(e.Register).Column(value.Column); c != nil && value.Text != "?" {
			switch c.Form {
			case ledger.Day:
				if d, err := fiscal.ParseDate(value.Text); err == nil {
					y, m, day := d.Civil()
					f.Cells[value.Column] = strconv.Itoa(day) + "/" + strconv.Itoa(int(m)) + "/" + strconv.Itoa(y)
				}
			case ledger.Money:
				f.Cells[value.Column] = strings.TrimSuffix(value.Text, ".00")
			case ledger.Text:
				if value.Column == "provider" {
					f.Cells[value.Column] = v.NameOf(v.Book, "organisations", value.Text).Text
				}
			}
		} else if c == nil {
			f.Cells[value.Column] = strings.TrimSuffix(value.Text, ".00")
		}
	}
	return v.recordPage(e, f, nil, nil), nil
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ";")
}

// save reads the form, shows what it would change, and on "save" writes it.
func (v *Visit) save(e recordEdit) (Answer, error) {
	var f recordForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Step == "edit" {
		return v.recordPage(e, f, nil, nil), nil
	}
	var errs form.Errors
	cells := v.cells(e, f, &errs)
	if e.Check != nil {
		e.Check(cells, &errs)
	}
	now, met := v.Book.Record(e.Register, e.ID)
	r := ledger.Record{Register: e.Register, ID: e.ID}
	if !met && r.ID == "" {
		r.ID = v.newID(e.Register, cells["name"])
	}
	for _, value := range now.Values { // what the form does not ask for stays
		if _, asked := cells[value.Column]; !asked {
			r.Values = append(r.Values, value)
		}
	}
	for column, text := range cells {
		r.Values = append(r.Values, ledger.Value{Column: column, Text: text})
	}
	slices.SortFunc(r.Values, func(a, b ledger.Value) int { return columnOrder(e, a.Column) - columnOrder(e, b.Column) })
	if (met || e.Reason) && f.Reason == "" {
		errs.Add("reason", v.T("record.no-reason"))
	}
	if len(errs) > 0 {
		return v.recordPage(e, f, errs, nil), nil
	}
	put := func(b *ledger.Book) (*ledger.Draft, error) {
		o, err := e.Put(b, v.Actor(), r, f.Was, f.Reason)
		if err != nil {
			return nil, err
		}
		return o.Draft, nil
	}
	var seq int
	var err error
	if f.Step == "save" {
		seq, err = v.Post(put)
	} else {
		_, err = put(v.Book)
	}
	if err != nil {
		return v.refusedRecord(e, f, r, err)
	}
	if f.Step != "save" {
		return v.recordCheck(e, f, now, r), nil
	}
	done := e.Done
	if done == "" {
		id, err := v.savedAs(e.Register, r.ID, seq)
		if err != nil {
			return nil, err
		}
		done = v.To(recordPath(e.Register, id))
	}
	return Redirect{To: done, Say: e.Said, Undo: seq}, nil
}

// savedAs gives the id under which a row was saved: a form pressed twice makes
// up another the second time.
func (v *Visit) savedAs(register, id string, seq int) (string, error) {
	book, err := v.Server.Books.Book(v.Context())
	if err != nil || seq < 1 || seq > book.Sequence() {
		return id, err
	}
	for _, r := range book.Batch(seq).Records {
		if r.Register == register {
			return r.ID, nil
		}
	}
	return id, nil
}

func columnOrder(e recordEdit, column string) int {
	for i, c := range ledger.RegisterNamed(e.Register).Columns {
		if c.Name == column {
			return i
		}
	}
	y, _ := fiscal.ParseYear(column)
	return 1000 + int(y)
}

// refusedRecord puts a refusal at the field it is about.
func (v *Visit) refusedRecord(e recordEdit, f recordForm, r ledger.Record, err error) (Answer, error) {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return nil, err
	}
	var errs form.Errors
	var malformed *ledger.Malformed
	var needs *decide.Needs
	var changed *decide.ChangedRecord
	switch {
	case errors.As(err, &malformed) && slices.Contains(e.Columns, malformed.Column):
		errs.Add(malformed.Column, v.Refusal(v.Book, err))
	case errors.As(err, &needs) && slices.Contains(e.Columns, needs.Column):
		errs.Add(needs.Column, v.T("record.needed", "What", v.columnName(needs.Column)))
	case errors.As(err, &changed):
		errs.Add("", v.T("record.changed"))
		f.Was = decide.Version(v.Book, e.Register, e.ID)
		return v.recordPage(e, f, errs, v.differing(changed.Now, r)), nil
	default:
		errs.Add("", v.Refusal(v.Book, err))
	}
	return v.recordPage(e, f, errs, nil), nil
}

// cells reads what was typed into a register's own words.
func (v *Visit) cells(e recordEdit, f recordForm, errs *form.Errors) map[string]string {
	cells := map[string]string{}
	register := ledger.RegisterNamed(e.Register)
	for _, name := range e.Columns {
		text := f.Cells[name]
		if list := f.list(name); list != nil {
			text = strings.Join(*list, ";")
		}
		if text == "" {
			if slices.Contains(e.Required, name) || register.Column(name).Required {
				errs.Add(name, v.T("record.needed", "What", v.columnName(name)))
			}
			cells[name] = ""
			continue
		}
		var problem string
		cells[name], problem = v.cellOf(register.Column(name), text)
		if problem != "" {
			errs.Add(name, problem)
		}
	}
	for _, y := range e.Years {
		name := y.String()
		if cells[name] = f.Cells[name]; cells[name] != "" {
			var problem string
			if cells[name], problem = v.cellOf(&ledger.Column{Form: ledger.Money}, cells[name]); problem != "" {
				errs.Add(name, problem)
			}
		}
	}
	for name, text := range e.Set {
		cells[name] = text
	}
	return cells
}

// cellOf writes one cell as registers keep it, or says what to type instead.
func (v *Visit) cellOf(c *ledger.Column, text string) (cell, problem string) {
	switch c.Form {
	case ledger.Day:
		d, err := fiscal.ParseDate(text)
		if err != nil {
			d, err = fiscal.ParseDateAs(text, fiscal.DayFirst)
		}
		if err != nil {
			return text, v.T("record.bad-date")
		}
		return d.String(), ""
	case ledger.Money:
		a, given, err := money.Parse(text, money.NotNegative)
		if err != nil {
			return text, v.T("record.bad-money")
		}
		if !given {
			return "", ""
		}
		return a.String(), ""
	case ledger.Count:
		n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
		if text != "?" && (err != nil || n < 0) {
			return text, v.T("record.bad-count")
		}
		return strings.ReplaceAll(text, ",", ""), ""
	case ledger.Rate:
		r, err := money.ParseRate(strings.TrimSuffix(text, "%") + "%")
		if err != nil {
			return text, v.T("record.bad-rate")
		}
		return r.String(), ""
	case ledger.Hundredths:
		fte, err := commissioning.ParseFTE(text)
		if text != "?" && err != nil {
			return text, v.T("record.bad-hundredths")
		}
		return fte.String(), ""
	case ledger.AgeRange:
		a, err := commissioning.ParseAges(text)
		if err != nil || !a.Known {
			return text, v.T("record.bad-ages")
		}
		return a.String(), ""
	case ledger.Choice:
		if !slices.Contains(c.Words, text) {
			return text, v.T("record.bad-choice")
		}
	case ledger.Reference, ledger.References:
		for _, id := range split(text) {
			if !v.Book.Has(c.Of, id) {
				return text, v.T("record.bad-choice")
			}
		}
	case ledger.Text:
		if c.Name == "provider" { // who is known goes by their id
			for id, o := range v.Organisations {
				if strings.EqualFold(o.Name, text) || id == text {
					return id, ""
				}
			}
		}
	}
	return text, ""
}

// newID makes a row's short code from its name.
func (v *Visit) newID(register, name string) string {
	id := strings.Trim(strings.Map(func(c rune) rune { // letters lose their accents: ŵ is w
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c == ' ' || c == '-' || c == '/':
			return '-'
		}
		return -1
	}, norm.NFD.String(name)), "-")
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	if len(id) > 40 {
		id = strings.Trim(id[:40], "-")
	}
	if id == "" {
		id = register
	}
	free := id
	for n := 2; v.Book.Has(register, free); n++ {
		free = id + "-" + strconv.Itoa(n)
	}
	return free
}

// keyID makes the id of a row that has no name from its form's key, so that a
// form sent twice makes one.
func keyID(prefix, key string) string {
	const digits = "0123456789abcdefghijklmnopqrstuv"
	sum := sha256.Sum256([]byte(key))
	id := []byte(prefix + "-")
	for _, b := range sum[:10] {
		id = append(id, digits[b%32])
	}
	return string(id)
}

func (v *Visit) recordPage(e recordEdit, f recordForm, errs form.Errors, changed []change) Page {
	p := recordPage{Back: e.Back, Key: NewKey(), Was: f.Was, ID: f.ID, Changed: changed}
	register := ledger.RegisterNamed(e.Register)
	for _, name := range e.Columns {
		p.Fields = append(p.Fields, v.field(e, register.Column(name), f, errs))
	}
	for _, y := range e.Years {
		p.Years = append(p.Years, form.Field{Name: y.String(), Label: v.T("record.year", "Year", y.String()), Type: "money", Value: f.Cells[y.String()], Error: errs.Of(y.String())})
	}
	for i := range p.Fields {
		if t := p.Fields[i].Type; t != "checkboxes" {
			p.Fields[i].Name = "c." + p.Fields[i].Name
		}
	}
	for i := range p.Years {
		p.Years[i].Name = "c." + p.Years[i].Name
	}
	shown := make(form.Errors, len(errs))
	for i, one := range errs { // an error links to the field as it is named on the page
		if one.Field != "" && one.Field != "reason" && f.list(one.Field) == nil {
			one.Field = "c." + one.Field
		}
		shown[i] = one
	}
	if e.Reason || v.Book.Has(e.Register, e.ID) {
		p.Reason = &form.Field{Name: "reason", Label: v.T("record.reason"), Hint: v.T("record.reason-hint"), Type: "textarea", Rows: 2, Value: f.Reason, Error: errs.Of("reason"), Required: true}
	}
	return Page{Template: "record", Title: e.Title, Nav: e.Nav, Data: p, Errors: shown}
}

// field is the question for one column.
func (v *Visit) field(e recordEdit, c *ledger.Column, f recordForm, errs form.Errors) form.Field {
	q := form.Field{Name: c.Name, Label: v.columnName(c.Name), Value: f.Cells[c.Name], Error: errs.Of(c.Name), Type: "text", Required: c.Required || slices.Contains(e.Required, c.Name)}
	if id := "record.hint." + c.Name; v.Reader.Has(id) {
		q.Hint = v.T(id)
	}
	rows := func(of string, chosen []string) {
		compare := v.Sort()
		for id := range v.Book.Records(of) {
			if c.Name == "parent" && e.ID != "" && v.beneath(of, id, e.ID) { // nothing is part of its own parts
				continue
			}
			n := v.NameOf(v.Book, of, id)
			q.Options = append(q.Options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: slices.Contains(chosen, id)})
		}
		slices.SortStableFunc(q.Options, func(a, b form.Option) int { return compare(a.Label, b.Label) })
	}
	switch c.Form {
	case ledger.Day:
		q.Type = "date"
	case ledger.Money:
		q.Type = "money"
	case ledger.Count:
		q.Type = "number"
	case ledger.YesNo:
		if q.Value != "" && q.Value != "yes" && q.Value != "no" { // explained in words of its own
			break
		}
		q.Type = "radios"
		for _, word := range []string{"yes", "no"} {
			q.Options = append(q.Options, form.Option{Value: word, Label: v.T("choice." + word), Selected: q.Value == word})
		}
	case ledger.Choice:
		q.Type = "select"
		for _, word := range c.Words {
			o := form.Option{Value: word, Label: v.choice(word), Selected: q.Value == word}
			if id := "record.hint." + c.Name + "." + word; v.Reader.Has(id) {
				q.Type, o.Hint = "radios", v.T(id)
			}
			q.Options = append(q.Options, o)
		}
	case ledger.Reference:
		q.Type = "select"
		rows(c.Of, []string{q.Value})
		q.Options = slices.Insert(q.Options, 0, form.Option{Label: v.T("choice.")})
	case ledger.References:
		q.Type = "checkboxes"
		rows(c.Of, *f.list(c.Name))
	case ledger.List:
		list := f.list(c.Name)
		if list == nil {
			break
		}
		q.Type, q.Hint = "checkboxes", ""
		rows("organisations", *list)
		for _, words := range *list { // written in words
			if !v.Book.Has("organisations", words) {
				q.Options = append(q.Options, form.Option{Value: words, Label: words, Selected: true})
			}
		}
	case ledger.Text:
		switch c.Name {
		case "description", "note", "text", "duty":
			q.Type, q.Rows = "textarea", 3
		}
		if c.Name == "name_cy" {
			q.Lang = "cy"
		}
	}
	return q
}

// beneath reports whether a row is another, or part of it.
func (v *Visit) beneath(register, id, above string) bool {
	switch register {
	case "areas":
		return v.AreaTree().Within(id, above)
	case "objectives":
		return v.ObjectiveTree().Within(id, above)
	}
	return id == above
}

// choice is a word of a register's choice in the reader's language.
func (v *Visit) choice(word string) string {
	if id := "choice." + slugOf(word); v.Reader.Has(id) {
		return v.T(id)
	}
	return word
}

// recordCheck shows what is about to change.
func (v *Visit) recordCheck(e recordEdit, f recordForm, now, r ledger.Record) Page {
	p := recordPage{Back: e.Back, Key: v.Key}
	for _, c := range v.differing(now, r) {
		value := c.After
		if c.Before != "" && now.ID != "" {
			value = v.T("record.from-to", "Before", c.Before, "After", c.After)
		}
		p.Rows = append(p.Rows, parts.Row{Key: c.What, Value: value})
	}
	if f.Reason != "" {
		p.Rows = append(p.Rows, parts.Row{Key: v.T("record.reason"), Value: f.Reason})
	}
	hide := func(name, value string) { p.Hidden = append(p.Hidden, parts.Hidden{Name: name, Value: value}) }
	hide("key", v.Key)
	hide("was", f.Was)
	hide("id", f.ID)
	hide("reason", f.Reason)
	for _, name := range e.Columns {
		list := f.list(name)
		if list == nil {
			hide("c."+name, f.Cells[name])
			continue
		}
		for _, one := range *list {
			hide(name, one)
		}
	}
	for _, y := range e.Years {
		hide("c."+y.String(), f.Cells[y.String()])
	}
	return Page{Template: "recordcheck", Title: v.T("record.check-title"), Nav: e.Nav, Data: p}
}
