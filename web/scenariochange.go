package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/scenario"
	"braid/web/form"
	"braid/web/templates/parts"
)

// changeAsk is one question of a kind's form: the part of a change it fills, and the
// words for it.
type changeAsk struct {
	name, label, hint string
	optional          bool
}

// asksOf are the questions of a kind: those of its columns, in the register's
// order.
func asksOf(kind scenario.Kind) []changeAsk {
	needs, mayHave := kind.Takes()
	var all []changeAsk
	for _, c := range ledger.RegisterNamed("changes").Columns {
		if !slices.Contains(needs, c.Name) && !slices.Contains(mayHave, c.Name) || c.Name == "objective" || c.Name == "area" {
			continue // what money is for is kept as it was
		}
		name := strings.ReplaceAll(c.Name, "_", "-")
		a := changeAsk{name: name, label: cmp.Or(map[string]string{"year": "year-of"}[name], name), optional: slices.Contains(mayHave, c.Name)}
		if label, other := asksOtherwise[kind.String()+"."+name]; other {
			a.label = label
		}
		if slices.Contains(hinted, kind.String()+"."+name) {
			a.hint = kind.String() + "." + name
		}
		all = append(all, a)
	}
	return all
}

// asksOtherwise are questions that a kind words in its own way.
var asksOtherwise = map[string]string{
	"award-cut.year": "from-year", "core-added.year": "from-year", "stream-merged.year": "from-year", "service-resized.year": "from-year", "service-merged.year": "from-year", "award-moved.year": "from-year",
	"money-moved.service": "from-service", "service-merged.to-service": "into-service", "money-moved.to-year": "until-year", "money-put.to-year": "until-year",
}

// hinted are questions with a line of help.
var hinted = []string{"award-cut.percent", "award-ends.date", "award-delayed.date", "service-stops.date", "service-resized.percent", "service-merged.percent", "money-put.amount", "prices.rate"}

// alterForm is one change as typed.
type alterForm struct {
	Change    string `form:"change"` // its id; blank: a new one
	Kind      string `form:"kind"`
	Was       string `form:"was"` // the scenario as it was seen
	Award     string `form:"award"`
	ToAward   string `form:"to-award"`
	Service   string `form:"service"`
	ToService string `form:"to-service"`
	Year      string `form:"year"`
	ToYear    string `form:"to-year"`
	Amount    string `form:"amount"`
	Percent   string `form:"percent"`
	Date      string `form:"date"`
	CostType  string `form:"cost-type"`
	Rate      string `form:"rate"`
	Why       string `form:"why"`
}

// value is where the form keeps the answer to a question.
func (f *alterForm) value(name string) *string {
	return map[string]*string{"award": &f.Award, "to-award": &f.ToAward, "service": &f.Service, "to-service": &f.ToService, "year": &f.Year, "to-year": &f.ToYear,
		"amount": &f.Amount, "percent": &f.Percent, "date": &f.Date, "cost-type": &f.CostType, "rate": &f.Rate, "why": &f.Why}[name]
}

// typedChange is a change as somebody would type it.
func typedChange(c scenario.Change) alterForm {
	f := alterForm{Change: c.ID, Kind: c.Kind.String(), Award: c.Award, ToAward: c.ToAward, Service: c.Service, ToService: c.ToService, CostType: c.CostType, Rate: c.Rate, Why: c.Why}
	if c.Year != 0 {
		f.Year = c.Year.String()
	}
	if c.ToYear != 0 {
		f.ToYear = c.ToYear.String()
	}
	if c.Amount != 0 || c.Kind == scenario.MoneyPut {
		f.Amount = typedAmount(c.Amount)
	}
	if c.Percent != 0 {
		f.Percent = strconv.Itoa(c.Percent)
	}
	if c.Date != 0 {
		y, m, d := c.Date.Civil()
		f.Date = strconv.Itoa(d) + "/" + strconv.Itoa(int(m)) + "/" + strconv.Itoa(y)
	}
	return f
}

type kindPage struct {
	Back   string
	Groups []kindGroup
}

type kindGroup struct {
	Heading, Text string
	Links         []navLink
}

type editScenarioPage struct {
	Back, Key, Lead, Button, Starts string
	Hidden                          []parts.Hidden
	Fields                          []form.Field
}

// changeable is the scenario of the address, where it may still be changed.
func (v *Visit) changeable() (scenario.Scenario, error) {
	s, err := v.ownScenario()
	if err == nil && !openScenario(s) {
		err = Missing{}
	}
	return s, err
}

// editChange asks for the kind of a change, then for what it is.
func editChange(v *Visit) (Answer, error) {
	s, err := v.changeable()
	if err != nil {
		return nil, err
	}
	if id := v.Q("change"); id != "" {
		i := slices.IndexFunc(s.Changes, func(c scenario.Change) bool { return c.ID == id })
		if i < 0 || !v.seesChange(s.Changes[i]) {
			return nil, Missing{}
		}
		f := typedChange(s.Changes[i])
		f.Was = scenario.Version(v.Book, s.ID)
		return v.changePage(s, f, nil), nil
	}
	kind, ok := scenario.ParseKind(v.Q("kind"))
	if !ok {
		return v.kindPage(s), nil
	}
	f := alterForm{Kind: kind.String(), Was: scenario.Version(v.Book, s.ID), Year: v.lookedAt(s).String()}
	for _, name := range []string{"award", "to-award", "service", "to-service", "year", "amount"} {
		if given := v.Q(name); given != "" {
			*f.value(name) = given
		}
	}
	if !slices.ContainsFunc(asksOf(kind), func(a changeAsk) bool { return a.name == "year" && !a.optional }) {
		f.Year = v.Q("year")
	}
	if kind == scenario.ServiceStops && f.Service != "" {
		f.Date = v.lossDay(f.Service)
	}
	return v.changePage(s, f, nil), nil
}

// lossDay is the day on which a service at risk loses its money, as somebody
// would type it.
func (v *Visit) lossDay(service string) string {
	var first fiscal.Date // the first without it
	for _, r := range worked(v.reading, riskKey{}, v.allAtRisk) {
		if r.Service == service && (first == 0 || r.date < first) {
			first = r.date
		}
	}
	if first != 0 {
		first = first.AddDays(1)
	}
	return typedChange(scenario.Change{Date: first}).Date
}

// kindPage lists the kinds of change: what may happen to the council, and what
// it may decide.
func (v *Visit) kindPage(s scenario.Scenario) Page {
	at := pathOf("plan", "scenarios", s.ID)
	p := kindPage{Back: v.Base() + at}
	world := kindGroup{Heading: v.T("scenario.kinds-world"), Text: v.T("scenario.world")}
	ours := kindGroup{Heading: v.T("scenario.kinds-ours"), Text: v.T("scenario.ours")}
	for _, k := range scenario.Kinds() {
		link := navLink{Href: v.Here("kind", k.String()), Text: v.choice(k.String())}
		if (scenario.Change{Kind: k}).Supposition() {
			world.Links = append(world.Links, link)
		} else {
			ours.Links = append(ours.Links, link)
		}
	}
	p.Groups = []kindGroup{ours, world}
	return Page{Template: "scenariokind", Title: v.T("scenario.kind-title", "Scenario", v.scenarioName(s.ID).Text), Nav: "plan/scenarios", Data: p}
}

func (v *Visit) changePage(s scenario.Scenario, f alterForm, errs form.Errors) Page {
	kind, _ := scenario.ParseKind(f.Kind)
	c := scenario.Change{Kind: kind}
	lead := "scenario.change-lead.ours"
	if c.Supposition() {
		lead = "scenario.change-lead.world"
	}
	p := editScenarioPage{Back: v.Base() + pathOf("plan", "scenarios", s.ID), Key: NewKey(), Lead: v.T(lead, "Scenario", v.scenarioName(s.ID).Text), Button: v.T("scenario.change-button"),
		Hidden: []parts.Hidden{{Name: "kind", Value: f.Kind}, {Name: "change", Value: f.Change}, {Name: "was", Value: f.Was}}}
	for _, a := range asksOf(kind) {
		p.Fields = append(p.Fields, v.changeField(a, f, errs))
	}
	p.Fields = append(p.Fields, form.Field{Name: "why", Label: v.T("scenario.field.why"), Type: "textarea", Rows: 2, Value: f.Why})
	return Page{Template: "scenarioedit", Title: v.choice(f.Kind), Nav: "plan/scenarios", Data: p, Errors: errs}
}

func (v *Visit) changeField(a changeAsk, f alterForm, errs form.Errors) form.Field {
	q := form.Field{Name: a.name, Label: v.T("scenario.field." + a.label), Value: *f.value(a.name), Required: !a.optional, Error: errs.Of(a.name), Type: "text"}
	if a.hint != "" {
		q.Hint = v.T("scenario.hint." + strings.ReplaceAll(a.hint, ".", "-"))
	}
	switch a.name {
	case "award", "to-award":
		q.Type, q.Options = "select", v.awardOptions(q.Value)
	case "service", "to-service":
		q.Type, q.Options = "select", v.serviceOptions(q.Value)
	case "year", "to-year":
		q.Type = "select"
		none := v.T("moves.choose")
		switch {
		case a.optional && f.Kind == scenario.Prices.String():
			none = v.T("scenario.every-year")
		case a.optional && a.name == "year":
			none = v.T("scenario.next-year")
		case a.optional:
			none = v.T("scenario.that-year")
		}
		q.Options = []form.Option{{Label: none}}
		first := fiscal.YearOf(v.AsAt)
		for y := first; y < first+10; y++ {
			q.Options = append(q.Options, form.Option{Value: y.String(), Label: y.String(), Selected: y.String() == q.Value})
		}
	case "amount":
		q.Type = "money"
	case "percent":
		q.Type, q.Suffix = "number", "%"
	case "date":
		q.Type = "date"
	case "cost-type":
		q.Type = "select"
		q.Options = []form.Option{{Label: v.T("scenario.all-costs")}}
		for _, kind := range v.costTypes() {
			q.Options = append(q.Options, form.Option{Value: kind, Label: v.choice(kind), Selected: kind == q.Value})
		}
	}
	return q
}

// costTypes are the kinds of cost that services have.
func (v *Visit) costTypes() []string {
	var kinds []string
	for _, s := range v.Services {
		if s.CostType != "" && !slices.Contains(kinds, s.CostType) {
			kinds = append(kinds, s.CostType)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// readChange reads what was typed; each problem stands at its field.
func (v *Visit) readChange(s scenario.Scenario, kind scenario.Kind, f alterForm) (c scenario.Change, errs form.Errors) {
	c = scenario.Change{ID: f.Change, Kind: kind, Why: f.Why}
	if i := slices.IndexFunc(s.Changes, func(one scenario.Change) bool { return one.ID == f.Change }); f.Change != "" && i >= 0 {
		c.Objective, c.Area = s.Changes[i].Objective, s.Changes[i].Area
	}
	for _, a := range asksOf(kind) {
		text := *f.value(a.name)
		if text == "" {
			if !a.optional {
				errs.Add(a.name, v.T("scenario.need."+a.name))
			}
			continue
		}
		ok := true
		switch a.name {
		case "award", "to-award":
			if ok = v.Book.Has("awards", text); a.name == "award" {
				c.Award = text
			} else {
				c.ToAward = text
			}
		case "service", "to-service":
			if ok = v.Book.Has("services", text) && v.Sees(text); a.name == "service" {
				c.Service = text
			} else {
				c.ToService = text
			}
		case "year", "to-year":
			y, err := fiscal.ParseYear(text)
			if ok = err == nil; a.name == "year" {
				c.Year = y
			} else {
				c.ToYear = y
			}
		case "amount":
			var problem string
			if c.Amount, problem = v.enteredAmount(text); problem == "" && c.Amount == 0 && kind != scenario.MoneyPut {
				problem = v.T("scenario.need.amount")
			}
			if problem != "" {
				errs.Add("amount", problem)
			}
		case "percent":
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(text, "%")))
			c.Percent, ok = n, err == nil && n > 0 && n <= 1000 && (kind == scenario.ServiceResized || n <= 100)
		case "date":
			d, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
			if err != nil {
				d, err = fiscal.ParseDate(text)
			}
			c.Date, ok = d, err == nil && d != 0
		case "cost-type":
			c.CostType = text
		case "rate":
			if !strings.HasSuffix(text, "%") {
				text += "%"
			}
			r, err := money.ParseRate(text)
			ok = err == nil
			c.Rate = r.String()
		}
		if !ok {
			errs.Add(a.name, v.T("scenario.need."+a.name))
		}
	}
	if len(errs) > 0 {
		return c, errs
	}
	switch {
	case c.ToService != "" && c.ToService == c.Service:
		errs.Add("to-service", v.T("scenario.need.other"))
	case c.ToAward != "" && c.ToAward == c.Award:
		errs.Add("to-award", v.T("scenario.need.other-award"))
	case kind == scenario.AwardMoved && c.ToYear == c.Year, kind != scenario.AwardMoved && c.ToYear != 0 && c.ToYear < c.Year:
		errs.Add("to-year", v.T("scenario.need.to-year"))
	}
	return c, errs
}

// saveChange keeps one change of a scenario, new or changed. Nothing is posted
// but the record of it.
func saveChange(v *Visit) (Answer, error) {
	s, err := v.changeable()
	if err != nil {
		return nil, err
	}
	var f alterForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	kind, ok := scenario.ParseKind(f.Kind)
	if !ok {
		return nil, &form.Bad{Why: "it names no kind of change"}
	}
	c, errs := v.readChange(s, kind, f)
	if len(errs) > 0 {
		return v.changePage(s, f, errs), nil
	}
	with := s
	with.Changes = slices.Clone(s.Changes)
	if i := slices.IndexFunc(with.Changes, func(one scenario.Change) bool { return one.ID == f.Change }); f.Change != "" && i >= 0 {
		with.Changes[i] = c
	} else {
		c.ID = ""
		with.Changes = append(with.Changes, c)
	}
	seq, err := v.saveScenarioAs(with, f.Was)
	if err != nil {
		problem, err := v.refusedScenario(err)
		if err != nil {
			return nil, err
		}
		errs.Add("", problem)
		f.Was = scenario.Version(v.Book, s.ID)
		if s, err = v.changeable(); err != nil {
			return nil, err
		}
		return v.changePage(s, f, errs), nil
	}
	return Redirect{To: v.Base() + pathOf("plan", "scenarios", s.ID), Say: v.T("scenario.change-saved"), Undo: seq}, nil
}

// saveScenarioAs keeps a scenario over the version that was seen.
func (v *Visit) saveScenarioAs(s scenario.Scenario, was string) (seq int, err error) {
	return v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) { return scenario.Save(b, a, s, was, "") })
}

// refusedScenario says why a scenario was not kept, and has the visit look at it
// again: somebody else may have changed it.
func (v *Visit) refusedScenario(err error) (problem string, fault error) {
	var refusal ledger.Refusal
	if !as(err, &refusal) {
		return "", err
	}
	if err := v.refresh(); err != nil {
		return "", err
	}
	var other *decide.ChangedRecord
	if as(err, &other) {
		return v.T("scenario.changed"), nil
	}
	return v.Refusal(v.Book, err), nil
}

type removeForm struct {
	Was    string `form:"was"`
	Change string `form:"change"`
}

// removeChange takes a change out of a scenario.
func removeChange(v *Visit) (Answer, error) {
	s, err := v.changeable()
	if err != nil {
		return nil, err
	}
	var f removeForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	without := s
	without.Changes = slices.DeleteFunc(slices.Clone(s.Changes), func(c scenario.Change) bool { return c.ID == f.Change })
	seq, err := v.saveScenarioAs(without, f.Was)
	if err != nil {
		problem, err := v.refusedScenario(err)
		if err != nil {
			return nil, err
		}
		if s, err = v.changeable(); err != nil {
			return nil, err
		}
		return v.scenarioPage(s, form.Errors{{Text: problem}}), nil
	}
	return Redirect{To: v.Base() + pathOf("plan", "scenarios", s.ID), Say: v.T("scenario.change-removed"), Undo: seq}, nil
}
