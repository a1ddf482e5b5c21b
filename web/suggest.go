package web

import (
	"net/url"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/align"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/scenario"
	"braid/ledger/sentence"
	"braid/web/form"
	"braid/web/table"
)

type suggestPage struct {
	Lead    string
	Action  string
	Here    string
	Chosen  bool // something other than the usual was asked
	Fields  []form.Field
	Without []navLink
	Moves   *table.Table
	Carries []string // money taken to another year
	Inexact string
	Aims    []string
	Short   []string
	Worth   []string
	Unused  []string
	Doubts  []string
	Fill    []form.Field // nothing to fill a scenario with: none
	Key     string
}

// wholeCouncil refuses an officer of one area: a plan is about all awards.
func (v *Visit) wholeCouncil() error {
	if !v.Reach.All {
		return Barred{"barred.whole-council"}
	}
	return nil
}

// suggest shows what a better use of the same money would look like.
func suggest(v *Visit) (Answer, error) {
	if err := v.wholeCouncil(); err != nil {
		return nil, err
	}
	return v.suggestPage(fillForm{}, nil), nil
}

// planOptions reads from the address what the plan is for.
func (v *Visit) planOptions() (o align.Options, errs form.Errors) {
	first := fiscal.YearOf(v.AsAt)
	o = align.Options{From: first + 1, To: first + 1, Protected: map[string]bool{}, DoubtsAllow: v.Q("doubts") == "yes"}
	if y, err := fiscal.ParseYear(v.Q("from")); err == nil && v.Q("from") != "" && y >= first && y < first+10 {
		o.From, o.To = y, y
	}
	if y, err := fiscal.ParseYear(v.Q("to")); err == nil && v.Q("to") != "" && y < first+10 {
		o.To = y
	}
	if o.To < o.From {
		errs.Add("to", v.T("scenario.suggest-bad-years"))
		o.To = o.From
	}
	for _, id := range v.Query["protect"] {
		if v.Book.Has("services", id) {
			o.Protected[id] = true
		}
	}
	for _, pair := range v.Query["without"] {
		award, service, _ := strings.Cut(pair, "/")
		award, errA := url.PathUnescape(award)
		service, errS := url.PathUnescape(service)
		p := align.Pair{Award: award, Service: service}
		if errA == nil && errS == nil && v.Book.Has("awards", award) && v.Book.Has("services", service) && !slices.Contains(o.Without, p) {
			o.Without = append(o.Without, p)
		}
	}
	return o, errs
}

func pairCode(p align.Pair) string { return url.PathEscape(p.Award) + "/" + url.PathEscape(p.Service) }

type planKey struct{ asked string }

// plan makes the plan that the address asks for, once for each state of the
// ledger.
func (v *Visit) plan(o align.Options) *align.Plan {
	key := planKey{v.plannedAt(o, "")}
	return worked(v.reading, key, func() *align.Plan {
		years := int(o.To-fiscal.YearOf(v.AsAt)) + 1
		return align.Propose(v.View, forecast.Project(v.View, forecast.Recorded(v.View), max(years, 4)), o)
	})
}

// plannedAt is the address of a plan of these options; left out is a pair as
// the address has it.
func (v *Visit) plannedAt(o align.Options, leftOut string) string {
	q := url.Values{"from": {o.From.String()}, "to": {o.To.String()}}
	for _, id := range v.seenServices() {
		if o.Protected[id] {
			q.Add("protect", id)
		}
	}
	for _, p := range o.Without {
		if code := pairCode(p); code != leftOut {
			q.Add("without", code)
		}
	}
	if o.DoubtsAllow {
		q.Set("doubts", "yes")
	}
	return v.Base() + "/plan/suggest?" + q.Encode()
}

func (v *Visit) sentences(all []sentence.Sentence) string {
	var said []string
	for _, s := range all {
		if !s.IsZero() {
			said = append(said, v.Sentence(v.Book, s))
		}
	}
	return strings.Join(said, " ")
}

func (v *Visit) suggestPage(f fillForm, errs form.Errors) Page {
	o, unread := v.planOptions()
	errs = append(unread, errs...)
	plan := v.plan(o)
	p := suggestPage{Action: v.Base() + "/plan/suggest", Here: v.plannedAt(o, ""), Key: NewKey()}
	p.Chosen = len(unread) > 0 || o.DoubtsAllow || len(o.Protected) > 0 || o.To != o.From
	p.Fields = v.planFields(o, errs)
	for _, pair := range o.Without {
		p.Without = append(p.Without, navLink{Href: v.plannedAt(o, pairCode(pair)), Text: v.T("scenario.suggest-without-pair", "Award", v.NameOf(v.Book, "awards", pair.Award).Text, "Service", v.serviceName(pair.Service))})
	}
	p.Moves = v.movesTable(plan, o)
	p.Lead = v.suggestLead(plan, o)
	if !plan.Exact {
		p.Inexact = v.T("scenario.suggest-inexact", "Within", pounds(plan.Within))
	}
	for _, c := range plan.Carries {
		p.Carries = append(p.Carries, v.T("scenario.ask-carry", "Amount", pounds(c.Amount), "Award", v.NameOf(v.Book, "awards", c.Award).Text, "From", v.Reader.Year(c.From), "To", v.Reader.Year(c.To))+". "+v.sentences(c.Because))
	}
	for _, r := range plan.Value {
		p.Aims = append(p.Aims, v.Sentence(v.Book, r.Says))
	}
	for _, s := range plan.Short {
		p.Short = append(p.Short, v.T("scenario.suggest-short-of", "Service", v.serviceName(s.Service), "Short", pounds(s.Short), "Year", s.Year.String(), "Was", pounds(s.Was))+" "+v.sentences(s.Because))
	}
	for _, w := range plan.Worth {
		if said := v.Sentence(v.Book, w.Says); said != "" {
			p.Worth = append(p.Worth, said)
		}
	}
	for _, u := range plan.Unused {
		p.Unused = append(p.Unused, v.T("scenario.suggest-unused-of", "Award", v.NameOf(v.Book, "awards", u.Award).Text, "Amount", pounds(u.Amount), "Year", v.Reader.Year(u.Year))+" "+v.sentences(u.Because))
	}
	for _, d := range plan.Doubts {
		p.Doubts = append(p.Doubts, v.sentences(d.Says))
	}
	if len(plan.Moves)+len(plan.Carries) > 0 {
		if f.Name == "" && len(errs) == 0 {
			f.Name = v.T("scenario.suggest-fill-name")
		}
		p.Fill = []form.Field{{Name: "name", Label: v.T("scenario.field.name"), Type: "text", Required: true, Value: f.Name, Error: errs.Of("name")}}
	}
	return Page{Template: "suggest", Title: v.T("scenario.suggest-title"), Nav: "plan/suggest", Data: p, Tables: []*table.Table{p.Moves}, Errors: errs, Wide: true}
}

func (v *Visit) suggestLead(plan *align.Plan, o align.Options) string {
	var moved money.Pence
	for _, m := range plan.Moves {
		if c := m.Change(); c > 0 {
			moved += c
		}
	}
	if len(plan.Moves) == 0 {
		return v.T("scenario.suggest-lead-none")
	}
	said := v.N("scenario.suggest-lead", len(plan.Moves), "Amount", pounds(moved))
	if o.From == o.To {
		years := max(int(o.To-fiscal.YearOf(v.AsAt))+1, 4)
		with := worked(v.reading, planOutcomeKey{v.plannedAt(o, "")}, func() *scenario.Outcome { return scenario.Work(v.View, scenario.FromPlan(plan, "plan", ""), years) })
		said += " " + v.T("scenario.suggest-lead-gap", "Year", o.From.String(), "Gap", v.foreseen(with.Projection.Total(forecast.Gap, o.From)), "Nothing", v.foreseen(v.doingNothing(years).Projection.Total(forecast.Gap, o.From)))
	}
	return said
}

type planOutcomeKey struct{ asked string }

func (v *Visit) planFields(o align.Options, errs form.Errors) []form.Field {
	first := fiscal.YearOf(v.AsAt)
	years := func(chosen fiscal.Year) (options []form.Option) {
		for y := first; y < first+10; y++ {
			options = append(options, form.Option{Value: y.String(), Label: y.String(), Selected: y == chosen})
		}
		return options
	}
	protect := form.Field{Name: "protect", Label: v.T("scenario.suggest-protected"), Type: "checkboxes"}
	for _, id := range v.seenServices() {
		n := v.NameOf(v.Book, "services", id)
		protect.Options = append(protect.Options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: o.Protected[id]})
	}
	doubts := "no"
	if o.DoubtsAllow {
		doubts = "yes"
	}
	return []form.Field{
		{Name: "from", Label: v.T("scenario.suggest-from"), Type: "select", Options: years(o.From)},
		{Name: "to", Label: v.T("scenario.suggest-to"), Type: "select", Options: years(o.To), Error: errs.Of("to")},
		protect,
		{Name: "doubts", Label: v.T("scenario.suggest-doubts-allow"), Type: "radios", Options: []form.Option{
			{Value: "no", Label: v.T("scenario.suggest-doubts-no"), Selected: doubts == "no"}, {Value: "yes", Label: v.T("scenario.suggest-doubts-yes"), Selected: doubts == "yes"}}},
	}
}

// yearsSaid names one year, or the first and the last of several.
func (v *Visit) yearsSaid(from, to fiscal.Year) string {
	if from == to {
		return from.String()
	}
	return v.T("scenario.years-from-to", "From", from.String(), "To", to.String())
}

// movesTable lists the moves, each with its reason and the way to a plan
// without it.
func (v *Visit) movesTable(plan *align.Plan, o align.Options) *table.Table {
	t := table.New("moves", v.T("scenario.suggest-moves", "Years", v.yearsSaid(o.From, o.To)))
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("was", v.T("scenario.suggest-was"), table.MoneyColumn)
	t.Column("to", v.T("scenario.suggest-then"), table.MoneyColumn)
	t.Column("", v.T("scenario.suggest-because"), table.TextColumn)
	t.Column("", v.T("scenario.suggest-do"), table.ActionsColumn)
	for _, m := range plan.Moves {
		award := v.named("awards", m.Award)
		if o.From != o.To {
			award.Text = v.T("scenario.suggest-award-in", "Award", award.Text, "Year", v.Reader.Year(m.Year))
		}
		was := table.Pence(m.Was, v.Style())
		if m.Was != 0 {
			was = was.To(v.Postings(ledger.AllocatedTo, "award", m.Award, "service", m.Service, "year", m.Year.String()))
		}
		without := o
		without.Without = append(slices.Clone(o.Without), align.Pair{Award: m.Award, Service: m.Service})
		links := table.Links()
		if m.Change() > 0 {
			links = table.Links(table.Link{Text: v.T("scenario.suggest-leave-out"), Href: v.plannedAt(without, ""), About: v.T("scenario.suggest-without-pair", "Award", v.NameOf(v.Book, "awards", m.Award).Text, "Service", v.serviceName(m.Service))})
		}
		t.Row(v.named("services", m.Service).To(v.To(pathOf("services", m.Service))), award, was, table.Pence(m.To, v.Style()), table.Text(v.sentences(m.Because)), links)
	}
	t.Empty = v.T("scenario.suggest-moves-none")
	return v.Finish(t)
}

type fillForm struct {
	Name string `form:"name"`
}

// fillScenario keeps the moves as a draft scenario of the reader's. It applies
// nothing.
func fillScenario(v *Visit) (Answer, error) {
	if err := v.wholeCouncil(); err != nil {
		return nil, err
	}
	var f fillForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if f.Name == "" {
		errs.Add("name", v.T("scenario.no-name"))
	}
	o, unread := v.planOptions()
	if len(errs) > 0 || len(unread) > 0 {
		return v.suggestPage(f, errs), nil
	}
	plan := v.plan(o)
	s := scenario.FromPlan(plan, v.newScenarioID(f.Name), f.Name)
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) { return scenario.Save(b, a, s, "", "") })
	if err != nil {
		var refusal ledger.Refusal
		if !as(err, &refusal) {
			return nil, err
		}
		errs.Add("", v.Refusal(v.Book, err))
		return v.suggestPage(f, errs), nil
	}
	id, err := v.savedAs("scenarios", s.ID, seq)
	if err != nil {
		return nil, err
	}
	return Redirect{To: v.Base() + pathOf("plan", "scenarios", id), Say: v.N("scenario.suggest-filled", len(s.Changes)), Undo: seq}, nil
}
