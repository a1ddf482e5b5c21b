package web

import (
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
)

// registerRight says who may edit the rows of which register by a form of the
// register's own columns. What is money, or what a verb decides, is none of them.
var registerRight = []struct {
	name  string
	right people.Action
}{
	{"streams", people.SetAward}, {"awards", people.SetAward}, {"terms", people.SetAward},
	{"services", people.EditRegisters}, {"objectives", people.EditRegisters}, {"needs", people.EditRegisters}, {"agreements", people.EditRegisters},
	{"assumptions", people.Pay}, {"posts", people.Pay}, {"savings", people.EditRegisters},
	{"areas", people.EditRegisters}, {"organisations", people.EditRegisters}, {"boards", people.EditRegisters},
}

var registerRoutes = func() []Route {
	routes := []Route{
		{Method: "GET", Path: "/streams/:id/awards/new", Right: people.SetAward, Do: ofStream("awards", (*Visit).edit)},
		{Method: "POST", Path: "/streams/:id/awards/new", Right: people.SetAward, Do: ofStream("awards", (*Visit).save)},
		{Method: "GET", Path: "/streams/:id/terms/new", Right: people.SetAward, Do: ofStream("terms", (*Visit).edit)},
		{Method: "POST", Path: "/streams/:id/terms/new", Right: people.SetAward, Do: ofStream("terms", (*Visit).save)},
		{Method: "GET", Path: "/services/:id/agreements/new", Right: people.EditRegisters, Do: onService("agreements", (*Visit).edit)},
		{Method: "POST", Path: "/services/:id/agreements/new", Right: people.EditRegisters, Do: onService("agreements", (*Visit).save)},
		{Method: "GET", Path: "/services/:id/posts/new", Right: people.Pay, Do: onService("posts", (*Visit).edit)},
		{Method: "POST", Path: "/services/:id/posts/new", Right: people.Pay, Do: onService("posts", (*Visit).save)},
	}
	for _, r := range registerRight {
		at := "/registers/" + r.name
		routes = append(routes,
			Route{Method: "GET", Path: at, Right: r.right, Do: func(v *Visit) (Answer, error) { return v.registerList(r.name) }},
			Route{Method: "GET", Path: at + "/new", Right: r.right, Do: ofRegister(r.name, true, (*Visit).edit)},
			Route{Method: "POST", Path: at + "/new", Right: r.right, Do: ofRegister(r.name, true, (*Visit).save)},
			Route{Method: "GET", Path: at + "/:id", Right: r.right, Do: ofRegister(r.name, false, (*Visit).edit)},
			Route{Method: "POST", Path: at + "/:id", Right: r.right, Do: ofRegister(r.name, false, (*Visit).save)})
	}
	return routes
}()

// ofRegister does something with the form of a row: the one of the address, or
// a new one.
func ofRegister(register string, anew bool, do func(*Visit, recordEdit) (Answer, error)) func(*Visit) (Answer, error) {
	return func(v *Visit) (Answer, error) {
		id := ""
		if !anew {
			id = v.Param("id")
			if r, ok := v.Book.Record(register, id); !ok || !v.mayEdit(r) {
				return nil, Missing{}
			}
		}
		e := v.registerEdit(register, id)
		if id == "" && !v.Reach.All && !slices.Contains([]string{"services", "needs", "agreements", "savings"}, register) {
			return nil, Barred{"barred.whole-council"}
		}
		return do(v, e)
	}
}

// ofStream does something with the form of a new award or term of the stream of
// the address.
func ofStream(register string, do func(*Visit, recordEdit) (Answer, error)) func(*Visit) (Answer, error) {
	return func(v *Visit) (Answer, error) {
		s, err := v.statedStream()
		if err != nil {
			return nil, err
		}
		e := v.registerEdit(register, "")
		e.under("stream", s.ID, v.To(pathOf("streams", s.ID)))
		if register == "terms" { // of the stream, so of no one award
			e.Columns = slices.DeleteFunc(e.Columns, func(c string) bool { return c == "award" })
		}
		e.ID = v.newID(register, s.ID)
		if register == "terms" {
			e.ID = v.newID(register, s.ID+"-"+v.typed("rule"))
		}
		e.Title = v.T("register.new-of", "Register", v.T("history.register."+register), "Stream", v.NameOf(v.Book, "streams", s.ID).Text)
		return do(v, e)
	}
}

// onService does something with the form of a new agreement or post of the
// service of the address.
func onService(register string, do func(*Visit, recordEdit) (Answer, error)) func(*Visit) (Answer, error) {
	return func(v *Visit) (Answer, error) {
		s, err := v.aService()
		if err != nil {
			return nil, err
		}
		e := v.registerEdit(register, "")
		page, one := v.To(pathOf("services", s.ID)), "agreement"
		if register == "posts" {
			page, one = v.Base()+pathOf("services", s.ID, "exit"), "post"
		}
		e.under("service", s.ID, page)
		e.ID = v.newID(register, s.ID+"-"+one)
		e.Title = v.T("service."+one+"-title", "Service", v.NameOf(v.Book, "services", s.ID).Text)
		return do(v, e)
	}
}

// under makes a new row one of another register's row, on whose page it is
// added.
func (e *recordEdit) under(column, id, page string) {
	e.Columns = slices.DeleteFunc(e.Columns, func(c string) bool { return c == column })
	e.Set = map[string]string{column: id}
	e.Back, e.Done = page, page
}

// typed is what a posted form says of a column, as the code of a row is made of
// it.
func (v *Visit) typed(column string) string {
	if v.Request.PostForm == nil {
		return ""
	}
	return strings.TrimSpace(v.Request.PostForm.Get("c." + column))
}

// mayEdit reports whether a row is within the reach of the reader's right: what
// is the whole council's takes a right in the whole council.
func (v *Visit) mayEdit(r ledger.Record) bool {
	if v.Reach.All {
		return true
	}
	switch r.Register {
	case "services":
		return v.Sees(r.ID)
	case "agreements", "savings":
		return r.Get("service") != "" && v.Sees(r.Get("service"))
	case "needs":
		return v.withinAreas(r.Get("area"))
	case "areas":
		return v.withinAreas(r.ID)
	}
	return false
}

// withinAreas reports whether an area is one of the reader's, or within one.
func (v *Visit) withinAreas(area string) bool {
	return v.Reach.All || slices.ContainsFunc(append(v.AreaTree().Ancestors(area), area), func(a string) bool { return slices.Contains(v.Reach.Areas, a) })
}

// registerEdit is the form of a register's row: its own columns, but those that
// are money and stated as figures.
func (v *Visit) registerEdit(register, id string) recordEdit {
	e := recordEdit{Register: register, ID: id, Reason: true, Put: decide.PutRecord, Said: v.T("register.saved")}
	for _, c := range ledger.RegisterNamed(register).Columns {
		if c.Name == "id" || register == "awards" && slices.Contains(ledger.StatementColumns, c.Name) {
			continue
		}
		e.Columns = append(e.Columns, c.Name)
	}
	e.Back = v.To(pathOf("registers", register))
	e.Nav = map[string]string{"streams": "ledger/streams", "awards": "ledger/streams", "terms": "ledger/streams",
		"services": "services/all", "agreements": "services/all", "posts": "services/exits", "assumptions": "plan/forecast", "savings": "plan/forecast", "objectives": "checks/objectives"}[register]
	switch register {
	case "services", "savings":
		e.Reason = false // a new one explains itself
		for y := fiscal.YearOf(v.Today); len(e.Years) < 4; y++ {
			e.Years = append(e.Years, y)
		}
	case "agreements", "posts":
		e.Reason = false
	}
	e.Check = func(cells map[string]string, errs *form.Errors) { v.checkRow(register, cells, errs) }
	if id == "" {
		e.Title = v.T("register.new", "Register", v.T("history.register."+register))
		switch register {
		case "services", "objectives", "streams", "boards": // each has a page, which shows what was saved
		case "needs":
			e.ID, e.Done = v.newID(register, v.typed("objective")+"-"+v.typed("area")+"-"+v.typed("ages")), e.Back
		case "agreements", "posts":
			e.ID, e.Done = v.newID(register, v.typed("service")), e.Back
		case "savings":
			e.ID, e.Done = v.newID(register, v.typed("service")+"-"+v.typed("kind")), e.Back
		case "assumptions":
			e.ID, e.Done = v.newID(register, strings.Join(slices.DeleteFunc([]string{v.typed("kind"), v.typed("cost_type"), v.typed("award"), v.typed("year")}, func(part string) bool { return part == "" }), "-")), e.Back
		case "awards", "terms":
			e.ID, e.Done = v.newID(register, v.typed("stream")+"-"+v.typed("rule")), e.Back
		default:
			e.Done = e.Back
		}
		return e
	}
	e.Title = v.T("register.edit", "Name", v.NameOf(v.Book, register, id).Text)
	if at := v.shownOn(register, id); at != "" {
		e.Back = v.To(at)
	}
	e.Done = e.Back
	return e
}

// shownOn is the page that shows a row: its own, or that of what it belongs to;
// "" where there is none but its register's.
func (v *Visit) shownOn(register, id string) string {
	r, _ := v.Book.Record(register, id)
	switch register {
	case "agreements":
		return pathOf("services", r.Get("service"))
	case "posts":
		return pathOf("services", r.Get("service"), "exit")
	case "awards", "terms":
		stream := r.Get("stream")
		if a, ok := v.Award(r.Get("award")); ok && stream == "" {
			stream = a.Stream
		}
		if stream != "" {
			return pathOf("streams", stream)
		}
	}
	return recordPath(register, id)
}

// checkRow holds what a row says to the reader's reach, and to what makes sense
// between its columns.
func (v *Visit) checkRow(register string, cells map[string]string, errs *form.Errors) {
	if from, to := cells["starts"], cells["ends"]; from != "" && to != "" && to < from {
		errs.Add("ends", v.T("record.ends-first"))
	}
	if from, to := cells["from"], cells["to"]; from != "" && to != "" && to < from {
		errs.Add("to", v.T("record.ends-first"))
	}
	if register == "terms" && (cells["stream"] == "") == (cells["award"] == "") {
		errs.Add("stream", v.T("register.stream-or-award"))
	}
	switch register {
	case "terms":
		rule, err := funding.ParseRule(cells["rule"])
		if err != nil || cells["value"] == "" {
			break // said already
		}
		when, err := funding.ParseWhen(cells["when"])
		if err != nil {
			errs.Add("when", v.T("register.bad-when"))
		}
		if _, err := funding.NewTerm(funding.Term{ID: "new", Stream: "any", Rule: rule, Value: cells["value"], When: when}); err != nil {
			errs.Add("value", v.T("register.bad-value."+rule.String()))
		}
	case "services":
		v.withinReach(cells, errs)
	case "objectives":
		if cells["agreed_on"] > v.Today.String() {
			errs.Add("agreed_on", v.T("register.agreed-later"))
		}
	case "needs":
		if cells["area"] != "" && !v.withinAreas(cells["area"]) {
			errs.Add("area", v.T("register.not-yours"))
		}
	case "savings":
		if !v.Reach.All && (cells["service"] == "" || !v.Sees(cells["service"])) {
			errs.Add("service", v.T("register.not-yours"))
		}
	case "agreements":
		if cells["service"] != "" && !v.Reach.All && !v.Sees(cells["service"]) {
			errs.Add("service", v.T("register.not-yours"))
		}
	case "areas":
		if !v.Reach.All && !v.withinAreas(cells["parent"]) {
			errs.Add("parent", v.T("register.not-yours"))
		}
	}
}

type registerPage struct {
	Lead, Add string
	Table     *table.Table
}

// registerList lists a register's rows, each with the way to change it.
func (v *Visit) registerList(register string) (Answer, error) {
	columns := ledger.RegisterNamed(register).Columns
	t := table.New("rows", v.T("history.register."+register))
	t.Wide, t.Frozen = true, true
	t.Column("name", v.columnName("name"), table.TextColumn)
	t.Column("id", v.columnName("id"), table.TextColumn)
	var shown []string
	for _, c := range columns {
		if c.Name == "id" || c.Name == "name" || c.Name == "name_cy" || register == "awards" && slices.Contains(ledger.StatementColumns, c.Name) {
			continue
		}
		shown = append(shown, c.Name)
		t.Column(c.Name, v.columnName(c.Name), table.TextColumn)
	}
	n := 0
	for id, r := range v.Book.Records(register) {
		if !v.mayEdit(r) {
			continue
		}
		n++
		name := v.NameOf(v.Book, register, id)
		cells := []table.Cell{table.Text(name.Text).In(string(name.Lang)).To(v.Base() + pathOf("registers", register, id)), table.Text(id)}
		for _, column := range shown {
			cell := table.None()
			if text := r.Get(column); text != "" {
				cell = table.Text(v.valueWords(register, column, text))
			}
			cells = append(cells, cell)
		}
		t.Row(cells...)
	}
	t.Empty = v.T("register.empty")
	p := registerPage{Lead: v.N("register.lead", n), Add: v.Base() + pathOf("registers", register, "new"), Table: v.Finish(t)}
	return Page{Template: "register", Title: v.T("register.title", "Register", v.T("history.register."+register)), Data: p, Tables: []*table.Table{p.Table}, Wide: true}, nil
}
