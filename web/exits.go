package web

import (
	"errors"
	"strconv"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

// exitPart is a service's exit plan on its page. The plan has the service's id:
// a service has one.
type exitPart struct {
	State       parts.Tag
	Rows        []parts.Row
	Plan, Agree string // where it is written, and signed off
	More        string // its own page
	History     string
	Any         bool
}

// exitState says how far an exit plan is: none, draft or agreed.
func (v *Visit) exitState(service string) string {
	r, _ := v.Book.Record("exits", service)
	if state := r.Get("state"); state != "" {
		return state
	}
	return "none"
}

var exitColours = map[string]table.Colour{"none": table.Grey, "draft": table.Amber, "agreed": table.Green}

func (v *Visit) exitOf(service string) exitPart {
	state := v.exitState(service)
	p := exitPart{State: parts.Tag{Text: v.T("exit.state." + state), Colour: string(exitColours[state])}, Any: state != "none"}
	if p.Any {
		p.Rows = v.exitRows(service)
		if v.Can(people.Audit) {
			p.History = v.To("/history", "register", "exits", "about", service)
		}
	}
	at := v.Base() + pathOf("services", service, "exit")
	p.More = at
	if v.reading.sees(v.May(people.ExitPlan), service) {
		p.Plan = at + "/plan"
	}
	if state == "draft" && v.reading.sees(v.May(people.SignOffExit), service) {
		p.Agree = at + "/agree"
	}
	return p
}

// exitRows is what a plan says.
func (v *Visit) exitRows(service string) []parts.Row {
	r, _ := v.Book.Record("exits", service)
	var rows []parts.Row
	for _, column := range []string{"option", "owner", "exit_cost", "people", "after", "agreed_on", "note"} {
		text := r.Get(column)
		switch {
		case text == "" && (column == "agreed_on" || column == "note" || column == "after"):
			continue
		case text == "" || text == "?":
			text = v.T("not-known")
		case column == "option":
			text = v.choice(text)
		case column == "exit_cost":
			if p, err := money.ParsePence(text); err == nil {
				text = p.Whole()
			}
		case column == "people":
			if n, err := strconv.Atoi(text); err == nil && n > 0 && n < 5 {
				text = v.T("table.few")
			}
		case column == "agreed_on":
			if d, err := fiscal.ParseDate(text); err == nil {
				text = v.Date(d)
			}
		}
		rows = append(rows, parts.Row{Key: v.columnName(column), Value: text})
	}
	return rows
}

func editExit(v *Visit) (Answer, error) { return v.ofExit(v.edit) }
func saveExit(v *Visit) (Answer, error) { return v.ofExit(v.save) }

// ofExit does something with the form of the exit plan of the address's service.
func (v *Visit) ofExit(do func(recordEdit) (Answer, error)) (Answer, error) {
	s, err := v.aService()
	if err != nil {
		return nil, err
	}
	page := v.Base() + pathOf("services", s.ID, "exit")
	return do(recordEdit{Register: "exits", ID: s.ID, Columns: []string{"option", "owner", "exit_cost", "people", "after", "note"}, Required: []string{"option", "owner"},
		Set: map[string]string{"service": s.ID}, Nav: "services/all", Title: v.T("exit.plan-title", "Service", v.NameOf(v.Book, "services", s.ID).Text),
		Back: page, Done: page, Said: v.T("exit.saved"), Put: decide.PlanExit})
}

type agreePage struct {
	Back, Key, Was, Service string
	Rows                    []parts.Row
	Reason                  form.Field
}

type agreeForm struct {
	Was    string `form:"was"`
	Reason string `form:"reason"`
}

// agreeExit shows the plan that waits, to be signed off.
func agreeExit(v *Visit) (Answer, error) {
	s, err := v.aService()
	if err != nil {
		return nil, err
	}
	if v.exitState(s.ID) == "none" {
		return nil, Missing{}
	}
	return v.agreePage(s.ID, agreeForm{Was: decide.Version(v.Book, "exits", s.ID)}, nil), nil
}

func (v *Visit) agreePage(service string, f agreeForm, errs form.Errors) Page {
	name := v.NameOf(v.Book, "services", service).Text
	p := agreePage{Back: v.Base() + pathOf("services", service, "exit"), Key: NewKey(), Was: f.Was, Service: name, Rows: v.exitRows(service),
		Reason: form.Field{Name: "reason", Label: v.T("record.reason"), Hint: v.T("exit.agree-hint"), Type: "textarea", Rows: 2, Value: f.Reason, Error: errs.Of("reason"), Required: true}}
	return Page{Template: "exitagree", Title: v.T("exit.agree-title", "Service", name), Nav: "services/all", Data: p, Errors: errs}
}

// agreedExit signs it off.
func agreedExit(v *Visit) (Answer, error) {
	s, err := v.aService()
	if err != nil {
		return nil, err
	}
	var f agreeForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	seq, err := v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.AgreeExit(b, v.Actor(), s.ID, f.Was, f.Reason))
	})
	if err == nil {
		return Redirect{To: v.Base() + pathOf("services", s.ID, "exit"), Say: v.T("exit.agreed"), Undo: seq}, nil
	}
	var refusal ledger.Refusal
	var reason *ledger.NeedsReason
	var changed *decide.ChangedRecord
	var errs form.Errors
	switch {
	case !errors.As(err, &refusal):
		return nil, err
	case errors.As(err, &reason):
		errs.Add("reason", v.T("record.no-reason"))
	case errors.As(err, &changed):
		errs.Add("", v.T("exit.changed"))
		f.Was = decide.Version(v.Book, "exits", s.ID)
	default:
		errs.Add("", v.Refusal(v.Book, err))
	}
	return v.agreePage(s.ID, f, errs), nil
}
