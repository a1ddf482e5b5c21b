package web

import (
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/web/form"
	"braid/web/table"
)

// optionsCompared is how many options stand side by side at most, doing nothing
// among them.
const optionsCompared = 4

type comparePage struct {
	Lead     string
	Action   string
	Open     bool // there is nothing to see until something is chosen
	Fields   []form.Field
	Table    *table.Table
	Faults   []optionFaults
	Years    *table.Table
	Services *table.Table
}

// optionFaults are the rules that an option breaks and what was refused of it.
type optionFaults struct {
	Name string
	Said []string
}

// option is one column of the comparison.
type option struct {
	scenario.Scenario
	*scenario.Outcome
}

// compare sets options side by side: doing nothing, and the scenarios that the
// address names.
func compare(v *Visit) (Answer, error) {
	var chosen []scenario.Scenario
	all := slices.DeleteFunc(scenario.All(v.Book), func(s scenario.Scenario) bool { return !v.seesScenario(s) })
	var ids []string
	for _, given := range v.Query["ids"] {
		for id := range strings.SplitSeq(given, ",") {
			if id = strings.TrimSpace(id); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	var errs form.Errors
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s scenario.Scenario) bool { return s.ID == id })
		if i < 0 { // an id may hold a comma
			return nil, Missing{}
		}
		chosen = append(chosen, all[i])
	}
	if len(chosen) > optionsCompared-1 {
		errs.Add("ids", v.T("scenario.compare-many"))
		chosen = chosen[:optionsCompared-1]
	}
	var first scenario.Scenario
	if len(chosen) > 0 {
		first = chosen[0]
	} else if len(all) > 0 {
		first = all[0]
	}
	year := v.lookedAt(first)
	years := 4
	for _, s := range chosen {
		years = max(years, v.yearsFor(s, year))
	}
	years = max(years, v.yearsFor(first, year))
	options := []option{{scenario.Nothing(""), v.doingNothing(years)}}
	for _, s := range chosen {
		options = append(options, option{s, v.workedOut(s, years)})
	}
	p := comparePage{Action: v.Base() + "/plan/compare", Open: len(chosen) == 0 || len(errs) > 0, Lead: v.compareLead(options, year), Fields: v.compareFields(all, chosen, year, years, errs)}
	p.Table = v.compareTable(options, year)
	for _, o := range options[1:] {
		if said := v.faultsOf(o.Outcome, func(scenario.Change) bool { return true }); len(said) > 0 {
			p.Faults = append(p.Faults, optionFaults{v.scenarioName(o.ID).Text, said})
		}
	}
	p.Years, p.Services = v.gapsByYear(options), v.gapsByService(options, year)
	return Page{Template: "compare", Title: v.T("scenario.compare-title"), Nav: "plan/compare", Data: p, Tables: []*table.Table{p.Table, p.Years, p.Services}, Errors: errs, Wide: true}, nil
}

func (v *Visit) compareFields(all, chosen []scenario.Scenario, year fiscal.Year, years int, errs form.Errors) []form.Field {
	which := form.Field{Name: "ids", Label: v.T("scenario.compare-choose"), Hint: v.T("scenario.compare-hint"), Type: "checkboxes", Error: errs.Of("ids")}
	for _, s := range all {
		n := v.scenarioName(s.ID)
		which.Options = append(which.Options, form.Option{Value: s.ID, Label: n.Text, Lang: string(n.Lang), Selected: slices.ContainsFunc(chosen, func(c scenario.Scenario) bool { return c.ID == s.ID })})
	}
	fields := []form.Field{which, v.yearField(year, years), {Name: "unit", Label: v.T("scenario.unit"), Type: "select", Options: []form.Option{
		{Value: "", Label: v.T("scenario.unit-pounds"), Selected: !v.K}, {Value: "k", Label: v.T("scenario.unit-k"), Selected: v.K}}}}
	if len(all) == 0 {
		fields = fields[1:]
	}
	return fields
}

// yearField chooses the year to look at among those worked out.
func (v *Visit) yearField(year fiscal.Year, years int) form.Field {
	f := form.Field{Name: "year", Label: v.T("scenario.field.year"), Type: "select"}
	first := fiscal.YearOf(v.AsAt)
	for y := first; y < first+fiscal.Year(years); y++ {
		f.Options = append(f.Options, form.Option{Value: y.String(), Label: y.String(), Selected: y == year})
	}
	return f
}

// compareLead answers which option closes the gap.
func (v *Visit) compareLead(options []option, year fiscal.Year) string {
	gap := func(o option) forecast.Figure { return v.planned(plannedGap, o.Outcome, "", year) }
	facts := []any{"Year", year.String(), "Nothing", v.foreseen(gap(options[0]))}
	if len(options) == 1 {
		return v.T("scenario.compare-none", facts...)
	}
	var best *option
	for i := range options {
		g, known := gap(options[i]).Known()
		if !known {
			return v.T("scenario.compare-unknown", facts...)
		}
		if i == 0 {
			continue
		}
		if best == nil || g < gap(*best).Amount {
			best = &options[i]
		}
	}
	facts = append(facts, "Scenario", v.scenarioName(best.ID).Text, "Gap", v.foreseen(gap(*best)))
	switch left := gap(*best).Amount; {
	case left <= 0:
		return v.T("scenario.compare-closes", facts...)
	case left < gap(options[0]).Amount:
		return v.T("scenario.compare-least", facts...)
	}
	return v.T("scenario.compare-no-better", facts...)
}

// compareRows are the rows that set options side by side; extra adds to each, which
// is of a line of money or of none.
func (v *Visit) compareRows(t *table.Table, options []option, year fiscal.Year, extra func(l *plannedLine, cells []table.Cell) []table.Cell) {
	row := func(id string, l *plannedLine, of func(o option) table.Cell) {
		cells := []table.Cell{table.Text(v.T(id))}
		for _, o := range options {
			cells = append(cells, of(o))
		}
		t.Row(extra(l, cells)...)
	}
	for _, l := range plannedLines {
		row("scenario."+l.name, &l, func(o option) table.Cell { return v.plannedCell(o.ID, l, "", year, o.Outcome) })
	}
	row("scenario.short", nil, func(o option) table.Cell { return table.Count(len(v.shortIn(o.Outcome, year))).To("#short") })
	row("scenario.people", nil, func(o option) table.Cell { return v.peopleCell(o.Outcome, year) })
	row("scenario.broken-count", nil, func(o option) table.Cell { return v.faultCount(v.rulesBroken(o.Outcome, year)) })
	row("scenario.refused-count", nil, func(o option) table.Cell { return v.faultCount(v.changesRefused(o.Outcome)) })
}

func (v *Visit) faultCount(n int) table.Cell {
	if n == 0 {
		return table.Text(v.T("scenario.none-broken"))
	}
	return table.Count(n)
}

func (v *Visit) compareTable(options []option, year fiscal.Year) *table.Table {
	t := table.New("options", v.T("scenario.compare-caption", "Year", year.String()))
	t.Column("", v.T("scenario.measure"), table.TextColumn)
	for _, o := range options {
		n := v.scenarioName(o.ID)
		c := t.Column("", n.Text, table.MoneyColumn)
		c.Lang = string(n.Lang)
		if o.ID != "" {
			c.Link = v.To(pathOf("plan", "scenarios", o.ID))
		}
	}
	v.compareRows(t, options, year, func(_ *plannedLine, cells []table.Cell) []table.Cell { return cells })
	if len(options) > 1 {
		do := []table.Cell{table.Text(v.T("scenario.compare-do")), table.None()}
		for _, o := range options[1:] {
			do = append(do, table.Links(v.optionLinks(o.Scenario)...))
		}
		t.Row(do...)
	}
	return v.Finish(t)
}

// optionLinks are what can be done with an option from the comparison.
func (v *Visit) optionLinks(s scenario.Scenario) []table.Link {
	at := pathOf("plan", "scenarios", s.ID)
	name := v.scenarioName(s.ID).Text
	links := []table.Link{{Text: v.T("scenario.open"), Href: v.To(at), About: name}}
	if v.Can(people.Plan) {
		links = append(links, table.Link{Text: v.T("scenario.copy-short"), Href: v.To("/plan/scenarios/new", "copy", s.ID), About: name})
	}
	if v.Can(people.Allocate) && openScenario(s) && len(s.Changes) > 0 {
		links = append(links, table.Link{Text: v.T("scenario.apply"), Href: v.To(at + "/apply"), About: name})
	}
	return links
}

func (v *Visit) gapsByYear(options []option) *table.Table {
	t := table.New("years", v.T("scenario.compare-years"))
	t.Column("", v.T("scenario.year-column"), table.TextColumn)
	for _, o := range options {
		n := v.scenarioName(o.ID)
		t.Column("", n.Text, table.MoneyColumn).Lang = string(n.Lang)
	}
	for _, y := range options[0].Projection.Years {
		cells := []table.Cell{table.Text(y.String())}
		for _, o := range options {
			cells = append(cells, v.plannedCell(o.ID, plannedGap, "", y, o.Outcome))
		}
		t.Row(cells...)
	}
	return v.Finish(t)
}

// gapsByService lists the services that are short in any option.
func (v *Visit) gapsByService(options []option, year fiscal.Year) *table.Table {
	t := table.New("short", v.T("scenario.compare-services", "Year", year.String()))
	t.Column("service", v.T("service"), table.TextColumn)
	for _, o := range options {
		n := v.scenarioName(o.ID)
		t.Column("", n.Text, table.MoneyColumn).Lang = string(n.Lang)
	}
	for _, id := range v.seenServices() {
		if !slices.ContainsFunc(options, func(o option) bool { return slices.Contains(v.shortIn(o.Outcome, year), id) }) {
			continue
		}
		cells := []table.Cell{v.named("services", id).To(v.To(pathOf("services", id)))}
		for _, o := range options {
			cells = append(cells, v.plannedCell(o.ID, plannedGap, id, year, o.Outcome))
		}
		t.Row(cells...)
	}
	t.Empty = v.T("scenario.services-short-none", "Year", year.String())
	return v.Finish(t)
}

// plannedLine is a row that sets options side by side: one of the forecast's, or
// several together.
type plannedLine struct {
	name string
	of   []forecast.Line
}

var (
	plannedGap   = plannedLine{"gap", []forecast.Line{forecast.Gap}}
	plannedLines = []plannedLine{{"cost", []forecast.Line{forecast.TotalCost}}, {"secured", []forecast.Line{forecast.Secured, forecast.Core}}, plannedGap}
)

// planned is a row's figure of a year, of one service or "" for all that the
// reader sees.
func (v *Visit) planned(l plannedLine, o *scenario.Outcome, service string, year fiscal.Year) (sum forecast.Figure) {
	add := func(f forecast.Figure) {
		switch {
		case f.State == forecast.NotKnown && sum.Amount == 0:
			sum.State = forecast.NotKnown
		case f.State == forecast.NotKnown:
			sum.State = forecast.AtLeast
		case sum.State == forecast.NotKnown && f.Amount != 0:
			sum = forecast.Figure{Amount: f.Amount, State: forecast.AtLeast}
		case f.State != forecast.Exact && sum.State != forecast.NotKnown:
			sum = forecast.Figure{Amount: sum.Amount + f.Amount, State: f.State}
		default:
			sum.Amount += f.Amount
		}
	}
	for _, one := range l.of {
		switch {
		case service != "":
			add(o.Projection.Of(service, one, year))
		case v.Reach.All:
			add(o.Projection.Total(one, year))
		default:
			for _, s := range o.Projection.Services {
				if v.Sees(s.ID) {
					add(o.Projection.Of(s.ID, one, year))
				}
			}
		}
	}
	return sum
}

// plannedCell is a figure of an option, open to its sum for those to whom all
// of it is open.
func (v *Visit) plannedCell(id string, l plannedLine, service string, year fiscal.Year, o *scenario.Outcome) table.Cell {
	f := v.planned(l, o, service, year)
	cell := table.Pence(f.Amount, v.Style())
	switch f.State {
	case forecast.NotKnown:
		return table.Unknown()
	case forecast.AtLeast:
		var sum money.Sum
		sum.AddPence(f.Amount)
		sum.Add(money.Unknown)
		cell = table.Money(sum, v.Style())
	case forecast.AtMost:
		cell = cell.AtMost()
	}
	if v.Reach.All {
		cell = cell.To(v.To("/plan/compare/sum", "of", id, "line", l.name, "service", service, "year", year.String()))
	}
	return cell
}

type plannedPage struct {
	Lead, Back string
	Parts      *table.Table
	Postings   *table.Table
}

// compareSum opens one figure of an option: the parts that add up to it, with
// the postings and records they rest on.
func compareSum(v *Visit) (Answer, error) {
	var s scenario.Scenario
	if id := v.Q("of"); id != "" {
		var ok bool
		if s, ok = scenario.Read(v.Book, id); !ok || !v.seesScenario(s) {
			return nil, Missing{}
		}
	}
	if !v.Reach.All {
		return nil, Missing{}
	}
	i := slices.IndexFunc(plannedLines, func(l plannedLine) bool { return l.name == v.Q("line") })
	year, err := fiscal.ParseYear(v.Q("year"))
	first := fiscal.YearOf(v.AsAt)
	service := v.Q("service")
	if i < 0 || err != nil || v.Q("year") == "" || year < first || year >= first+10 || service != "" && (!v.Book.Has("services", service) || !v.Sees(service)) {
		return nil, Missing{}
	}
	l := plannedLines[i]
	o := v.workedOut(s, v.yearsFor(s, year))
	f := v.planned(l, o, service, year)
	back := v.To("/plan/compare", "of", "", "line", "", "service", "")
	if s.ID != "" {
		back = v.To(pathOf("plan", "scenarios", s.ID))
	}
	facts := []any{"Line", v.T("scenario.line." + l.name), "Year", year.String(), "Scenario", v.scenarioName(s.ID).Text}
	p := plannedPage{Back: back, Lead: v.T("scenario.sum-lead", facts...)}
	if service != "" {
		p.Lead = v.T("scenario.sum-lead-service", append(facts, "Service", v.serviceName(service))...)
	}
	var proof []ledger.Proof
	t := table.New("parts", v.T("scenario.sum-parts"))
	t.Column("", v.T("scenario.sum-what"), table.TextColumn)
	t.Column("", v.T("scenario.sum-record"), table.TextColumn)
	t.Column("", v.T("scenario.field.amount"), table.MoneyColumn)
	var sum money.Pence
	var all []forecast.Part
	for _, one := range l.of {
		all = append(all, o.Projection.Explain(one, service, year)...)
	}
	for _, part := range all {
		from := table.None()
		switch {
		case len(part.Entries) > 0:
			from = table.Text(v.N("scenario.sum-entries", len(part.Entries))).To("#postings")
			proof = append(proof, part.Entries...)
		case part.Register != "":
			from = v.recordCell(part.Register, part.ID)
		}
		sum += part.Amount
		t.Row(table.Text(v.Sentence(v.Book, part.Sentence)), from, table.Pence(part.Amount, table.Exact))
	}
	t.Total(table.Text(v.T("total")), table.Text(""), table.Pence(sum, table.Exact))
	p.Parts = v.Finish(t)
	tables := []*table.Table{p.Parts}
	if len(proof) > 0 {
		p.Postings = v.laidPostings(o, proof)
		tables = append(tables, p.Postings)
	}
	title := v.T("scenario.sum-title-unknown")
	if f.State != forecast.NotKnown {
		title = v.T("scenario.sum-title", "Amount", f.Amount.Exact())
	}
	return Page{Template: "planned", Title: title, Nav: "plan/compare", Data: p, Tables: tables, Wide: true}, nil
}

// recordCell names a row of a register and leads to it.
func (v *Visit) recordCell(register, id string) table.Cell {
	cell := v.named(register, id)
	if to := recordPath(register, id); to != "" && v.Book.Has(register, id) {
		cell = cell.To(v.To(to))
	}
	return cell
}

// laidPostings lists the postings a figure rests on, those that only the
// scenario has marked as such.
func (v *Visit) laidPostings(o *scenario.Outcome, proof []ledger.Proof) *table.Table {
	laid := *v
	laid.reading = &reading{View: o.View, Today: v.Today, Settings: v.Settings, Findings: v.Findings, byID: v.byID, boardsOf: v.boardsOf, once: map[any]any{}}
	t := v.postingsColumns(v.T("scenario.sum-postings"), false)
	var sum money.Pence
	for _, p := range proof {
		sum += p.Amount
	}
	total := make([]table.Cell, len(t.Columns))
	for i := range total {
		total[i] = table.Text("")
	}
	total[0], total[postingsAmount] = table.Text(v.T("total")), table.Pence(sum, table.Exact)
	t.Total(total...)
	from, to := v.pageOf("postings-page", len(proof))
	laid.postingsRows(t, proof[from:to])
	for i, p := range proof[from:to] {
		if p.Index >= v.Len() { // the scenario's own: there is no batch of it to lead to
			cells := t.Rows[i].Cells
			cells[1], cells[postingsAmount+1] = table.None(), table.Tag(v.T("scenario.sum-of-scenario"), table.Amber)
		}
	}
	t.All = len(proof)
	return v.Finish(t)
}
