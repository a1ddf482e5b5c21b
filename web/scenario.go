package web

import (
	"maps"
	"slices"
	"strconv"

	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

var scenarioRoutes = []Route{
	{Method: "GET", Path: "/plan/scenarios", Right: people.See, Do: scenarios},
	{Method: "GET", Path: "/plan/scenarios/new", Right: people.Plan, Do: newScenario},
	{Method: "POST", Path: "/plan/scenarios/new", Right: people.Plan, Do: saveNewScenario},
	{Method: "GET", Path: "/plan/scenarios/:id", Right: people.See, Do: scenarioOf},
	{Method: "POST", Path: "/plan/scenarios/:id", Right: people.Plan, Do: shareScenario},
	{Method: "GET", Path: "/plan/scenarios/:id/edit", Right: people.Plan, Do: editScenario},
	{Method: "POST", Path: "/plan/scenarios/:id/edit", Right: people.Plan, Do: saveScenario},
	{Method: "GET", Path: "/plan/scenarios/:id/change", Right: people.Plan, Do: editChange},
	{Method: "POST", Path: "/plan/scenarios/:id/change", Right: people.Plan, Do: saveChange},
	{Method: "POST", Path: "/plan/scenarios/:id/remove", Right: people.Plan, Do: removeChange},
	{Method: "GET", Path: "/plan/scenarios/:id/respond", Right: people.Respond, Do: newResponse},
	{Method: "POST", Path: "/plan/scenarios/:id/respond", Right: people.Respond, Do: saveResponse},
	{Method: "GET", Path: "/plan/scenarios/:id/apply", Right: people.Allocate, Do: applyOf},
	{Method: "POST", Path: "/plan/scenarios/:id/apply", Right: people.Allocate, Do: applyScenario},
	{Method: "GET", Path: "/plan/compare", Right: people.See, Do: compare},
	{Method: "GET", Path: "/plan/compare/sum", Right: people.See, Do: compareSum},
	{Method: "GET", Path: "/plan/suggest", Right: people.Plan, Do: suggest},
	{Method: "POST", Path: "/plan/suggest", Right: people.Plan, Do: fillScenario},
}

var scenarioColours = map[string]table.Colour{scenario.Draft: table.Grey, scenario.Shared: table.Blue, scenario.Posted: table.Green, scenario.Withdrawn: table.Grey}

// scenarioName is what a scenario is called in the reader's language; the blank
// id is doing nothing.
func (v *Visit) scenarioName(id string) words.Name {
	if id == "" {
		return words.Name{Text: v.T("scenario.nothing")}
	}
	return v.NameOf(v.Book, "scenarios", id)
}

// ownsScenario reports whether a scenario is the reader's to change: their own,
// or anybody's for finance.
func (v *Visit) ownsScenario(s scenario.Scenario) bool {
	return v.Who != nil && (s.By == v.Who.ID || v.Is(people.Finance)) && v.Can(people.Plan)
}

// seesScenario reports whether a scenario is the reader's to see. A draft is its
// author's and finance's; what is shared is for all who may see what it
// touches.
func (v *Visit) seesScenario(s scenario.Scenario) bool {
	switch {
	case s.State == scenario.Draft:
		return v.ownsScenario(s)
	case v.Reach.All || v.ownsScenario(s):
		return true
	case len(v.Reach.Boards) == 0: // an officer of an area
		return len(s.Changes) == 0 || slices.ContainsFunc(s.Changes, v.seesChange)
	}
	return slices.ContainsFunc(s.Changes, func(c scenario.Change) bool { return v.touches(c) })
}

// mayReadScenario is seesScenario of an id; auditors read every draft.
func (v *Visit) mayReadScenario(id string) bool {
	s, ok := scenario.Read(v.Book, id)
	return ok && (v.Is(people.Auditor) || v.seesScenario(s))
}

// seesChange reports whether what a change is about is the reader's to see.
func (v *Visit) seesChange(c scenario.Change) bool {
	if v.Reach.All {
		return true
	}
	for _, service := range []string{c.Service, c.ToService} {
		if service != "" && !v.Sees(service) {
			return false
		}
	}
	return len(v.Reach.Areas) > 0 || v.touches(c) || c.Award == "" && c.Service == ""
}

// touches reports whether a change bears on a service that the reader's board
// pays for, or on money that pays for one.
func (v *Visit) touches(c scenario.Change) bool {
	for _, service := range []string{c.Service, c.ToService} {
		if service != "" && v.Sees(service) {
			return true
		}
	}
	if c.Service != "" || c.Award == "" {
		return false
	}
	for _, h := range v.AllHoldings() {
		if award := v.Book.Name(h.Award); (award == c.Award || award == c.ToAward) && v.Sees(v.Book.Name(h.Service)) {
			return true
		}
	}
	return false
}

// aScenario is the scenario of the address, if it is the reader's to see.
func (v *Visit) aScenario() (scenario.Scenario, error) {
	s, ok := scenario.Read(v.Book, v.Param("id"))
	if !ok {
		return s, Missing{}
	}
	right := v.Reach
	v.Reach = v.May(people.See)
	defer func() { v.Reach = right }()
	if !v.seesScenario(s) {
		return s, Missing{}
	}
	return s, nil
}

// ownScenario is the scenario of the address for one who may change it.
func (v *Visit) ownScenario() (scenario.Scenario, error) {
	s, err := v.aScenario()
	if err == nil && !v.ownsScenario(s) {
		err = Barred{"scenario.barred-own"}
	}
	return s, err
}

// open reports whether a scenario may still be changed.
func openScenario(s scenario.Scenario) bool {
	return s.State == scenario.Draft || s.State == scenario.Shared
}

type outcomeKey struct {
	id    string
	years int
}

// workedOut works a scenario out, once for each state of the ledger; the nought
// Scenario is doing nothing.
func (v *Visit) workedOut(s scenario.Scenario, years int) *scenario.Outcome {
	return worked(v.reading, outcomeKey{s.ID, years}, func() *scenario.Outcome { return scenario.Work(v.View, s, years) })
}

// doingNothing is what comes if nobody does anything.
func (v *Visit) doingNothing(years int) *scenario.Outcome {
	return v.workedOut(scenario.Nothing(""), years)
}

// yearsFor is how many years an outcome must reach to take a year in.
func (v *Visit) yearsFor(s scenario.Scenario, year fiscal.Year) int {
	return min(max(s.Years, 4, int(year-fiscal.YearOf(v.AsAt))+1), 10)
}

// lookedAt is the year a page of a scenario looks at: the address's, the
// scenario's own, or the next.
func (v *Visit) lookedAt(s scenario.Scenario) fiscal.Year {
	first := fiscal.YearOf(v.AsAt)
	if v.Q("year") != "" && v.Year >= first && v.Year < first+10 {
		return v.Year
	}
	if s.Year >= first && s.Year < first+10 {
		return s.Year
	}
	return first + 1
}

type scenariosPage struct {
	Lead                  string
	New, Suggest, Compare string
	Table                 *table.Table
}

// scenarios lists those the reader may see.
func scenarios(v *Visit) (Answer, error) {
	t := table.New("scenarios", v.T("scenario.caption"))
	t.Column("name", v.T("scenario.name"), table.TextColumn)
	t.Column("state", v.T("status"), table.TagColumn)
	t.Column("by", v.T("scenario.by"), table.TextColumn)
	t.Column("year", v.T("scenario.year"), table.TextColumn)
	t.Column("gap", v.T("scenario.gap"), table.MoneyColumn)
	t.Column("short", v.T("scenario.short"), table.CountColumn)
	t.Column("responses", v.T("scenario.responses-count"), table.CountColumn)
	n := 0
	for _, s := range scenario.All(v.Book) {
		if !v.seesScenario(s) {
			continue
		}
		n++
		year := v.lookedAt(s)
		o := v.workedOut(s, v.yearsFor(s, year))
		t.Row(v.named("scenarios", s.ID).To(v.To(pathOf("plan", "scenarios", s.ID))), table.Tag(v.T("scenario.state."+s.State), scenarioColours[s.State]), table.Text(v.personName(s.By)),
			table.Text(year.String()), v.plannedCell(s.ID, plannedGap, "", year, o), table.Count(len(v.shortIn(o, year))), table.Count(len(v.responses(s.ID))))
	}
	p := scenariosPage{Lead: v.T("scenario.list-none"), Table: v.Finish(t)}
	switch {
	case n > 0:
		p.Lead, p.Compare = v.N("scenario.list", n), v.To("/plan/compare")
	case v.ofBoard():
		p.Lead = v.T("scenario.list-none-board")
	}
	t.Empty = v.T("scenario.list-none-table")
	if v.Can(people.Plan) {
		p.New = v.To("/plan/scenarios/new")
		if v.May(people.Plan).All {
			p.Suggest = v.To("/plan/suggest")
		}
	}
	return Page{Template: "scenarios", Title: v.T("scenario.list-title"), Nav: "plan/scenarios", Data: p, Tables: []*table.Table{p.Table}}, nil
}

type scenarioPage struct {
	Lead      string
	State     parts.Tag
	StateSaid string
	Note      string
	Doing     []navLink
	Changes   []changeLine
	Hidden    string // changes that are not the reader's to see
	Add       string
	Beside    *table.Table
	Faults    []string
	Years     *table.Table
	Services  *table.Table
	Notes     []string
	Responses []response
	Respond   string
	Link      string
	Move      string // where its state is changed
	Moves     []stateMove
	Key, Was  string
	History   []change
}

// changeLine is a change in words, with what came of it.
type changeLine struct {
	ID, Text, Why, Edit, Remove, Key, Was string
	Tag                                   *parts.Tag
	Faults                                []string
}

// stateMove is something to do with a scenario as a whole.
type stateMove struct {
	Do, Text string
	Second   bool
}

// scenarioOf shows a scenario beside doing nothing.
func scenarioOf(v *Visit) (Answer, error) {
	s, err := v.aScenario()
	if err != nil {
		return nil, err
	}
	return v.scenarioPage(s, nil), nil
}

func (v *Visit) scenarioPage(s scenario.Scenario, errs form.Errors) Page {
	name := v.scenarioName(s.ID).Text
	at := pathOf("plan", "scenarios", s.ID)
	year := v.lookedAt(s)
	years := v.yearsFor(s, year)
	o, nothing := v.workedOut(s, years), v.doingNothing(years)
	own := v.ownsScenario(s)
	p := scenarioPage{Lead: v.scenarioLead(o, nothing, year), Note: s.Note, Key: NewKey(), Was: scenario.Version(v.Book, s.ID),
		State: parts.Tag{Text: v.T("scenario.state." + s.State), Colour: string(scenarioColours[s.State])}, StateSaid: v.T("scenario.state-said." + s.State)}
	add := func(path, text string, pairs ...string) {
		p.Doing = append(p.Doing, navLink{Href: v.To(path, pairs...), Text: v.T(text)})
	}
	if own && openScenario(s) {
		add(at+"/change", "scenario.add-change")
	}
	add("/plan/compare", "scenario.compare", "ids", s.ID)
	if v.Can(people.Allocate) && openScenario(s) && len(s.Changes) > 0 {
		add(at+"/apply", "scenario.apply")
	}
	if v.Can(people.Plan) {
		add("/plan/scenarios/new", "scenario.copy", "copy", s.ID)
	}
	if own && openScenario(s) {
		add(at+"/edit", "scenario.edit")
		p.Add, p.Move = v.To(at+"/change"), v.To(at)
		if s.State == scenario.Draft {
			p.Moves = append(p.Moves, stateMove{Do: "share", Text: v.T("scenario.share")})
		}
		p.Moves = append(p.Moves, stateMove{Do: "withdraw", Text: v.T("scenario.withdraw"), Second: true})
	}
	if s.State == scenario.Shared {
		p.Link = v.Server.Address + v.Base() + at
	}
	hidden := 0
	for _, c := range s.Changes {
		if !v.seesChange(c) {
			hidden++
			continue
		}
		line := changeLine{ID: c.ID, Text: v.changeSaid(c), Why: c.Why, Key: p.Key, Was: p.Was, Faults: v.faultsOf(o, func(of scenario.Change) bool { return of.ID == c.ID })}
		if c.Supposition() {
			line.Tag = &parts.Tag{Text: v.T("scenario.supposed"), Colour: "grey"}
		}
		if own && openScenario(s) {
			line.Edit, line.Remove = v.To(at+"/change", "change", c.ID), v.To(at+"/remove")
		}
		p.Changes = append(p.Changes, line)
	}
	if hidden > 0 {
		p.Hidden = v.N("scenario.hidden-changes", hidden)
	}
	p.Faults = v.faultsOf(o, func(of scenario.Change) bool { return of.ID == "" })
	p.Beside = v.besideTable(s, o, nothing, year)
	p.Years = v.scenarioYears(s, o, nothing)
	p.Services = v.shortTable(s, o, nothing, year)
	for _, n := range o.Projection.Notes {
		p.Notes = append(p.Notes, v.Sentence(v.Book, n))
	}
	p.Responses = v.responses(s.ID)
	if v.Can(people.Respond) && s.State == scenario.Shared {
		p.Respond = v.To(at + "/respond")
	}
	p.History = v.scenarioHistory(s.ID)
	return Page{Template: "scenario", Title: v.T("scenario.title", "Scenario", name), Nav: "plan/scenarios", Data: p,
		Tables: []*table.Table{p.Beside, p.Years, p.Services}, Errors: errs, Wide: true}
}

// scenarioHistory lists what happened to a scenario and its changes, the newest
// first.
func (v *Visit) scenarioHistory(id string) []change {
	all := map[int][]change{}
	versions, seqs := v.Versions("scenarios", id)
	for i, r := range versions {
		if i == 0 {
			all[seqs[i]] = append(all[seqs[i]], change{What: v.T("history.item.added")})
		} else {
			all[seqs[i]] = append(all[seqs[i]], v.differing(versions[i-1], r)...)
		}
	}
	for changeID, now := range v.Records("changes") {
		if now.Get("scenario") != id || !v.seesChange(scenario.ChangeOf(now)) {
			continue
		}
		versions, seqs := v.Versions("changes", changeID)
		for i, r := range versions {
			said := v.changeSaid(scenario.ChangeOf(r))
			switch {
			case r.Get("state") == scenario.Withdrawn:
				all[seqs[i]] = append(all[seqs[i]], change{What: v.T("scenario.history-removed", "Change", said)})
			case i == 0 || versions[i-1].Get("state") == scenario.Withdrawn:
				all[seqs[i]] = append(all[seqs[i]], change{What: v.T("scenario.history-added", "Change", said)})
			default:
				if was := v.changeSaid(scenario.ChangeOf(versions[i-1])); was != said {
					all[seqs[i]] = append(all[seqs[i]], change{What: v.choice(r.Get("kind")), Before: was, After: said})
				}
			}
		}
	}
	var list []change
	for _, seq := range slices.Backward(slices.Sorted(maps.Keys(all))) {
		head, _ := v.Head(seq)
		for _, c := range all[seq] {
			c.Why, c.When, c.Who = head.Reason, v.instant(head.PostedAt), v.actor(head)
			if v.Can(people.Audit) {
				c.Href = v.To("/history/" + strconv.Itoa(seq))
			}
			list = append(list, c)
		}
	}
	return list
}

// scenarioLead answers the page's question: the gap, who is short, and what does
// not hold.
func (v *Visit) scenarioLead(o, nothing *scenario.Outcome, year fiscal.Year) string {
	gap, was := v.planned(plannedGap, o, "", year), v.planned(plannedGap, nothing, "", year)
	facts := []any{"Year", year.String(), "Gap", v.foreseen(gap), "Nothing", v.foreseen(was)}
	if s := o.Scenario; s.State == scenario.Posted && !s.Applied.IsZero() {
		return v.T("scenario.lead-applied", append(facts, "Date", v.Date(s.Applied))...)
	}
	said := v.T("scenario.lead-gap", facts...)
	if p, known := gap.Known(); known && p == 0 {
		said = v.T("scenario.lead-closed", facts...)
	}
	short, before := len(v.shortIn(o, year)), len(v.shortIn(nothing, year))
	if short == before {
		said += " " + v.N("scenario.lead-short-same", short)
	} else {
		said += " " + v.N("scenario.lead-short", short, "Nothing", v.Count(before))
	}
	if n := v.rulesBroken(o, year); n > 0 {
		said += " " + v.N("scenario.lead-rules", n)
	}
	if n := v.changesRefused(o); n > 0 {
		said += " " + v.N("scenario.lead-refused", n)
	}
	return said
}

// shortIn lists the services short in a year, of those that the reader sees.
func (v *Visit) shortIn(o *scenario.Outcome, year fiscal.Year) []string {
	return slices.DeleteFunc(o.Projection.Short(year), func(id string) bool { return !v.Sees(id) })
}

// besideTable sets a scenario beside doing nothing in one year.
func (v *Visit) besideTable(s scenario.Scenario, o, nothing *scenario.Outcome, year fiscal.Year) *table.Table {
	t := table.New("beside", v.T("scenario.beside", "Year", year.String()))
	t.Column("", v.T("scenario.measure"), table.TextColumn)
	t.Column("", v.T("scenario.nothing"), table.MoneyColumn)
	t.Column("", v.T("scenario.this"), table.MoneyColumn)
	t.Column("", v.T("scenario.differs"), table.MoneyColumn)
	both := []option{{scenario.Nothing(""), nothing}, {s, o}}
	v.compareRows(t, both, year, func(l *plannedLine, cells []table.Cell) []table.Cell {
		differs := table.Text("")
		if l != nil {
			a, aKnown := v.planned(*l, nothing, "", year).Known()
			b, bKnown := v.planned(*l, o, "", year).Known()
			switch {
			case aKnown && bKnown:
				differs = table.Pence(b-a, v.Style())
			default:
				differs = table.Unknown()
			}
		}
		return append(cells, differs)
	})
	return v.Finish(t)
}

// scenarioYears shows a scenario year by year.
func (v *Visit) scenarioYears(s scenario.Scenario, o, nothing *scenario.Outcome) *table.Table {
	t := table.New("years", v.T("scenario.years"))
	t.Column("", v.T("scenario.year-column"), table.TextColumn)
	for _, l := range plannedLines {
		t.Column("", v.T("scenario."+l.name), table.MoneyColumn)
	}
	t.Column("", v.T("scenario.short"), table.CountColumn)
	t.Column("", v.T("scenario.gap-nothing"), table.MoneyColumn)
	for _, y := range o.Projection.Years {
		cells := []table.Cell{table.Text(y.String()).To(v.Here("year", y.String()))}
		for _, l := range plannedLines {
			cells = append(cells, v.plannedCell(s.ID, l, "", y, o))
		}
		t.Row(append(cells, table.Count(len(v.shortIn(o, y))), v.plannedCell("", plannedGap, "", y, nothing))...)
	}
	return v.Finish(t)
}

// shortTable lists the services that are short, with the scenario or without.
func (v *Visit) shortTable(s scenario.Scenario, o, nothing *scenario.Outcome, year fiscal.Year) *table.Table {
	return v.gapsByService([]option{{scenario.Nothing(""), nothing}, {s, o}}, year)
}

// brokenOf are the rules an option breaks, of what the reader sees.
func (v *Visit) brokenOf(o *scenario.Outcome) []scenario.Broken {
	return slices.DeleteFunc(slices.Clone(o.Broken), func(b scenario.Broken) bool { return b.Service != "" && !v.Sees(b.Service) })
}

// rulesBroken counts the rules an option breaks in a year.
func (v *Visit) rulesBroken(o *scenario.Outcome, year fiscal.Year) int {
	return scenario.Year{Broken: slices.DeleteFunc(v.brokenOf(o), func(b scenario.Broken) bool { return b.Year != year })}.Rules()
}

// refusedOf are the changes of an option, or parts of one, that could
// not be laid.
func (v *Visit) refusedOf(o *scenario.Outcome) []scenario.Refused {
	return slices.DeleteFunc(slices.Clone(o.Refused), func(r scenario.Refused) bool { return !v.seesChange(r.Change) })
}

// changesRefused counts the changes that could not be laid in full.
func (v *Visit) changesRefused(o *scenario.Outcome) int {
	met := map[string]bool{}
	for _, r := range v.refusedOf(o) {
		met[r.Change.ID] = true
	}
	return len(met)
}

// faultsOf says what does not hold: of one change, or of all that the option
// changes.
func (v *Visit) faultsOf(o *scenario.Outcome, of func(scenario.Change) bool) []string {
	var said []string
	for _, b := range v.brokenOf(o) {
		if of(b.Change) {
			said = append(said, v.T("scenario.broken", "Why", v.Refusal(v.Book, b.Breach)))
		}
	}
	for _, r := range v.refusedOf(o) {
		if of(r.Change) {
			said = append(said, v.T("scenario.refused", "Why", v.Refusal(v.Book, r.Refusal)))
		}
	}
	slices.Sort(said)
	return slices.Compact(said)
}

// changeSaid is a change in words.
func (v *Visit) changeSaid(c scenario.Change) string { return v.Sentence(v.Book, c.Says(v.Book)) }

// peopleCell counts the people in services that are short, smaller or stopped.
func (v *Visit) peopleCell(o *scenario.Outcome, year fiscal.Year) table.Cell {
	y, _ := o.In(year)
	switch {
	case !v.Reach.All, y.People.State == forecast.NotKnown:
		return table.Unknown()
	case y.People.State == forecast.AtLeast:
		return table.Text(v.T("at-least", "Amount", v.peopleCount(y.People.Number)))
	}
	return table.Few(y.People.Number, v)
}
