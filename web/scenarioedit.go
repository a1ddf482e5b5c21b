package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/web/form"
	"braid/web/templates/parts"
)

// scenarioForm is a scenario's own answers as typed; its changes have forms of
// their own.
type scenarioForm struct {
	Name    string `form:"name"`
	NameCy  string `form:"name-cy"`
	Note    string `form:"note"`
	Year    string `form:"year"`
	Years   string `form:"years"`
	Was     string `form:"was"`
	Copy    string `form:"copy"`    // another whose changes it starts with
	Rate    string `form:"rate"`    // of prices, from the forecast
	Service string `form:"service"` // what happens to it comes next
}

// newScenario asks for the name of a scenario, and the years it looks at. It
// may start from the forecast, from a service at risk, or from another.
func newScenario(v *Visit) (Answer, error) {
	f := scenarioForm{Year: v.lookedAt(scenario.Scenario{}).String(), Years: v.Q("years"), Rate: v.Q("prices"), Service: v.Q("service"), Copy: v.Q("copy")}
	if f.Years == "" {
		f.Years = "4"
	}
	if s, ok := v.copied(f); ok {
		name := v.scenarioName(s.ID).Text
		f.Name, f.Note, f.Year, f.Years = v.T("scenario.copied", "Scenario", name), s.Note, v.lookedAt(s).String(), strconv.Itoa(max(s.Years, 1))
	}
	return v.newScenarioPage(f, nil), nil
}

// copied is the scenario that another starts from.
func (v *Visit) copied(f scenarioForm) (s scenario.Scenario, ok bool) {
	if f.Copy == "" {
		return s, false
	}
	s, ok = scenario.Read(v.Book, f.Copy)
	right := v.Reach
	v.Reach = v.May(people.See)
	defer func() { v.Reach = right }()
	return s, ok && v.seesScenario(s)
}

func (v *Visit) newScenarioPage(f scenarioForm, errs form.Errors) Page {
	p := editScenarioPage{Back: v.To("/plan/scenarios"), Key: NewKey(), Lead: v.T("scenario.new-lead"), Button: v.T("scenario.new-button"), Fields: v.scenarioFields(f, errs),
		Hidden: []parts.Hidden{{Name: "copy", Value: f.Copy}, {Name: "rate", Value: f.Rate}, {Name: "service", Value: f.Service}}}
	s, ok := v.copied(f)
	switch {
	case ok:
		p.Starts = v.T("scenario.starts-copy", "Scenario", v.scenarioName(s.ID).Text)
	case v.Book.Has("services", f.Service) && v.Sees(f.Service):
		p.Starts = v.T("scenario.starts-service", "Service", v.serviceName(f.Service))
	default:
		if rate, ok := rateOf(f.Rate); ok {
			p.Starts = v.T("scenario.starts-prices", "Rate", rate)
		}
	}
	return Page{Template: "scenarioedit", Title: v.T("scenario.new-title"), Nav: "plan/scenarios", Data: p, Errors: errs}
}

// rateOf reads a rate as somebody types it.
func rateOf(text string) (string, bool) {
	if text == "" {
		return "", false
	}
	r, err := money.ParseRate(strings.TrimSuffix(text, "%") + "%")
	return r.String(), err == nil
}

func (v *Visit) scenarioFields(f scenarioForm, errs form.Errors) []form.Field {
	year := form.Field{Name: "year", Label: v.T("scenario.field.year"), Type: "select", Required: true, Error: errs.Of("year")}
	first := fiscal.YearOf(v.AsAt)
	for y := first; y < first+10; y++ {
		year.Options = append(year.Options, form.Option{Value: y.String(), Label: y.String(), Selected: y.String() == f.Year})
	}
	return []form.Field{
		{Name: "name", Label: v.T("scenario.field.name"), Hint: v.T("scenario.field.name-hint"), Type: "text", Required: true, Value: f.Name, Error: errs.Of("name")},
		{Name: "name-cy", Label: v.T("scenario.field.name-cy"), Type: "text", Value: f.NameCy, Lang: "cy"},
		{Name: "note", Label: v.T("scenario.field.note"), Type: "textarea", Rows: 3, Value: f.Note},
		year,
		{Name: "years", Label: v.T("scenario.field.years"), Hint: v.T("scenario.field.years-hint"), Type: "number", Required: true, Value: f.Years, Error: errs.Of("years")},
	}
}

// readScenario reads what was typed onto a scenario.
func (v *Visit) readScenario(s *scenario.Scenario, f scenarioForm) (errs form.Errors) {
	s.Name, s.NameCy, s.Note = f.Name, f.NameCy, f.Note
	if f.Name == "" {
		errs.Add("name", v.T("scenario.no-name"))
	}
	var err error
	if s.Year, err = fiscal.ParseYear(f.Year); err != nil || f.Year == "" {
		errs.Add("year", v.T("scenario.bad-year"))
	}
	if s.Years, err = strconv.Atoi(f.Years); err != nil || s.Years < 1 || s.Years > 10 {
		errs.Add("years", v.T("scenario.bad-years"))
	}
	return errs
}

// newScenarioID makes a scenario's short code; "new" is an address of its own.
func (v *Visit) newScenarioID(name string) string {
	if id := v.newID("scenarios", name); id != "new" {
		return id
	}
	return v.newID("scenarios", "scenario "+name)
}

func saveNewScenario(v *Visit) (Answer, error) {
	var f scenarioForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	s := scenario.Scenario{ID: v.newScenarioID(f.Name), State: scenario.Draft}
	errs := v.readScenario(&s, f)
	if len(errs) > 0 {
		return v.newScenarioPage(f, errs), nil
	}
	if from, ok := v.copied(f); ok {
		for _, c := range from.Changes {
			if v.seesChange(c) {
				c.ID = ""
				s.Changes = append(s.Changes, c)
			}
		}
	} else if rate, ok := rateOf(f.Rate); ok {
		s.Changes = []scenario.Change{{Kind: scenario.Prices, Rate: rate}}
	}
	seq, err := v.saveScenarioAs(s, "")
	if err != nil {
		problem, err := v.refusedScenario(err)
		if err != nil {
			return nil, err
		}
		return v.newScenarioPage(f, form.Errors{{Text: problem}}), nil
	}
	id, err := v.savedAs("scenarios", s.ID, seq)
	if err != nil {
		return nil, err
	}
	to := v.Base() + pathOf("plan", "scenarios", id)
	if v.Book.Has("services", f.Service) && f.Copy == "" {
		to += "/change?" + url.Values{"service": {f.Service}}.Encode()
	}
	return Redirect{To: to, Say: v.T("scenario.saved"), Undo: seq}, nil
}

func editScenario(v *Visit) (Answer, error) {
	s, err := v.changeable()
	if err != nil {
		return nil, err
	}
	return v.editScenarioPage(s, scenarioForm{Name: s.Name, NameCy: s.NameCy, Note: s.Note, Year: s.Year.String(), Years: strconv.Itoa(s.Years), Was: scenario.Version(v.Book, s.ID)}, nil), nil
}

func (v *Visit) editScenarioPage(s scenario.Scenario, f scenarioForm, errs form.Errors) Page {
	p := editScenarioPage{Back: v.Base() + pathOf("plan", "scenarios", s.ID), Key: NewKey(), Lead: v.T("scenario.edit-lead"), Button: v.T("scenario.new-button"), Fields: v.scenarioFields(f, errs),
		Hidden: []parts.Hidden{{Name: "was", Value: f.Was}}}
	return Page{Template: "scenarioedit", Title: v.T("scenario.edit-title", "Scenario", v.scenarioName(s.ID).Text), Nav: "plan/scenarios", Data: p, Errors: errs}
}

func saveScenario(v *Visit) (Answer, error) {
	s, err := v.changeable()
	if err != nil {
		return nil, err
	}
	var f scenarioForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	edited := s
	errs := v.readScenario(&edited, f)
	if len(errs) > 0 {
		return v.editScenarioPage(s, f, errs), nil
	}
	seq, err := v.saveScenarioAs(edited, f.Was)
	if err != nil {
		problem, err := v.refusedScenario(err)
		if err != nil {
			return nil, err
		}
		f.Was = scenario.Version(v.Book, s.ID)
		return v.editScenarioPage(s, f, form.Errors{{Text: problem}}), nil
	}
	return Redirect{To: v.Base() + pathOf("plan", "scenarios", s.ID), Say: v.T("scenario.saved"), Undo: seq}, nil
}

type stateForm struct {
	Do  string `form:"do"`
	Was string `form:"was"`
}

// shareScenario shares a scenario with all who may see what it touches, or takes
// it back.
func shareScenario(v *Visit) (Answer, error) {
	s, err := v.ownScenario()
	if err != nil {
		return nil, err
	}
	var f stateForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	do, said := scenario.Share, "scenario.shared"
	switch f.Do {
	case "share":
	case "withdraw":
		do, said = scenario.Withdraw, "scenario.withdrawn"
	default:
		return nil, &form.Bad{Why: "it does not say what to do"}
	}
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) { return do(b, a, s.ID, "") })
	if err != nil {
		problem, err := v.refusedScenario(err)
		if err != nil {
			return nil, err
		}
		return v.scenarioPage(s, form.Errors{{Text: problem}}), nil
	}
	return Redirect{To: v.Base() + pathOf("plan", "scenarios", s.ID), Say: v.T(said, "Scenario", v.scenarioName(s.ID).Text), Undo: seq}, nil
}

// response is what a partner, a board or a group said of an option.
type response struct{ Text, Who, On, Answer string }

// responses are those to a scenario, the newest first.
func (v *Visit) responses(id string) []response {
	var all []response
	for _, r := range slices.Backward(scenario.Responses(v.Book, id)) {
		one := response{Text: r.Said, Who: r.Group, Answer: r.Answer}
		for _, register := range []string{"boards", "organisations"} {
			if v.Book.Has(register, r.Group) {
				one.Who = v.NameOf(v.Book, register, r.Group).Text
				break
			}
		}
		if r.People > 0 {
			one.Who = v.N("scenario.response-people", r.People, "Who", one.Who, "People", v.peopleCount(r.People))
		}
		if r.On != 0 {
			one.On = v.Date(r.On)
		}
		all = append(all, one)
	}
	return all
}

type respondPage struct {
	Back, Key, Lead string
	Fields          []form.Field
}

type respondForm struct {
	Group  string `form:"group"`
	Board  string `form:"board"`
	People string `form:"people"`
	Said   string `form:"said"`
}

// respondable is the scenario of the address, where it is shared.
func (v *Visit) respondable() (scenario.Scenario, error) {
	s, err := v.aScenario()
	if err == nil && s.State != scenario.Shared {
		err = Missing{}
	}
	return s, err
}

func newResponse(v *Visit) (Answer, error) {
	s, err := v.respondable()
	if err != nil {
		return nil, err
	}
	return v.respondPage(s, respondForm{}, nil), nil
}

func (v *Visit) respondPage(s scenario.Scenario, f respondForm, errs form.Errors) Page {
	p := respondPage{Back: v.Base() + pathOf("plan", "scenarios", s.ID), Key: NewKey(), Lead: v.T("scenario.respond-lead")}
	if boards := v.Reach.Boards; len(boards) > 0 && !v.Reach.All && len(v.Reach.Areas) == 0 { // members speak for their board
		q := form.Field{Name: "board", Label: v.T("scenario.respond-board"), Type: "select", Error: errs.Of("board")}
		for _, id := range boards {
			n := v.NameOf(v.Book, "boards", id)
			q.Options = append(q.Options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == f.Board})
		}
		p.Fields = append(p.Fields, q)
	} else {
		p.Fields = append(p.Fields, form.Field{Name: "group", Label: v.T("scenario.respond-group"), Hint: v.T("scenario.respond-group-hint"), Type: "text", Required: true, Value: f.Group, Error: errs.Of("group")})
	}
	p.Fields = append(p.Fields,
		form.Field{Name: "people", Label: v.T("scenario.respond-people"), Type: "number", Value: f.People, Error: errs.Of("people")},
		form.Field{Name: "said", Label: v.T("scenario.respond-said"), Type: "textarea", Rows: 4, Required: true, Value: f.Said, Error: errs.Of("said")})
	return Page{Template: "scenariorespond", Title: v.T("scenario.respond-title", "Scenario", v.scenarioName(s.ID).Text), Nav: "plan/scenarios", Data: p, Errors: errs}
}

// saveResponse keeps what somebody said of an option.
func saveResponse(v *Visit) (Answer, error) {
	s, err := v.respondable()
	if err != nil {
		return nil, err
	}
	var f respondForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	group := f.Group
	if boards := v.Reach.Boards; len(boards) > 0 && !v.Reach.All && len(v.Reach.Areas) == 0 {
		if group = f.Board; !slices.Contains(boards, group) {
			group = boards[0]
		}
	}
	if group == "" {
		errs.Add("group", v.T("scenario.respond-no-group"))
	}
	people := -1 // not said
	if f.People != "" {
		if people, err = strconv.Atoi(strings.ReplaceAll(f.People, ",", "")); err != nil || people < 1 {
			errs.Add("people", v.T("scenario.respond-bad-people"))
		}
	}
	if f.Said == "" {
		errs.Add("said", v.T("scenario.respond-no-said"))
	}
	if len(errs) > 0 {
		return v.respondPage(s, f, errs), nil
	}
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return scenario.Respond(b, a, s.ID, group, people, f.Said)
	})
	if err != nil {
		problem, err := v.refusedScenario(err)
		if err != nil {
			return nil, err
		}
		return v.respondPage(s, f, form.Errors{{Text: problem}}), nil
	}
	return Redirect{To: v.Base() + pathOf("plan", "scenarios", s.ID) + "#responses", Say: v.T("scenario.responded"), Undo: seq}, nil
}
