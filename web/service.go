package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/chart"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

type servicePage struct {
	Lead     []string
	Own      string
	Summary  []parts.Row
	Edit     string
	Chart    template.HTML
	Payers   *table.Table
	Years    *table.Table
	Ahead    *table.Table // by the forecast
	Split    *table.Table
	Contract *table.Table
	NewDeal  string // where an agreement is added
	Needs    *table.Table
	Capacity string
	Findings []findingLine
	Terms    *table.Table
	Exit     exitPart
	Notes    notesPart
	History  []change
}

// findingLine is a finding as a line of a list.
type findingLine struct {
	Title, Because, Href string
	Tag                  parts.Tag
}

// aService gives the service of the address, if it is the reader's to see.
func (v *Visit) aService() (commissioning.Service, error) {
	s, found := v.Service(v.Param("id"))
	if !found || !v.Sees(s.ID) {
		return s, Missing{}
	}
	return s, nil
}

// service says who pays for one, and for how long.
func service(v *Visit) (Answer, error) {
	s, err := v.aService()
	if err != nil {
		return nil, err
	}
	paid := report.PaidFor(v.View, s.ID, v.boardMoney()[ledger.ByBoard], v.unsized())
	m := paid.Map(v.Year)
	name := v.NameOf(v.Book, "services", s.ID).Text
	p := servicePage{Lead: v.serviceLead(m, s.ID, name), Own: v.ownSaid(), Summary: v.serviceSummary(m, s)}
	if v.reading.sees(v.May(people.EditRegisters), s.ID) {
		p.Edit = v.Base() + pathOf("registers", "services", s.ID)
		p.NewDeal = v.Base() + pathOf("services", s.ID, "agreements", "new")
	}
	p.Payers, p.Chart = v.payersTable(m, s.ID, name)
	p.Years = v.yearsTable(s, paid)
	p.Split = v.splitTable(s.ID, paid)
	p.Contract = v.contractTable(s.ID, p.Edit != "")
	p.Needs = v.needsTable(s)
	if s.Capacity >= 0 {
		p.Capacity = v.N("service.capacity", s.Capacity, "Unit", unitOf(v, s))
	}
	p.Terms = v.termsTable(m, s.ID)
	if !v.ofBoard() {
		p.Findings = v.findingsAbout(s.ID)
		p.Ahead = v.aheadTable(s.ID)
	}
	p.Exit = v.exitOf(s.ID)
	p.Notes = v.notesOf("services/" + s.ID)
	p.History = v.historyOf("services", s.ID)
	tables := []*table.Table{p.Payers}
	for _, t := range []*table.Table{p.Years, p.Ahead, p.Split, p.Contract, p.Needs, p.Terms} {
		if t != nil {
			tables = append(tables, t)
		}
	}
	return Page{Template: "service", Title: v.T("service.title", "Service", name), Nav: "services/all", Data: p, Tables: tables, Money: true, Wide: true}, nil
}

// serviceLead says who pays how much, then what of it ends when.
func (v *Visit) serviceLead(m *report.Map, id, name string) []string {
	all := m.RowTotal(id)
	if all.None() {
		return []string{v.T("service.lead-none", "Service", name, "Year", m.Year.String())}
	}
	type payer struct {
		award string
		paid  report.Cell
	}
	var payers []payer
	ends := map[fiscal.Date]report.Cell{}
	for _, award := range m.Columns {
		c := m.Cell(id, award)
		if c.None() {
			continue
		}
		payers = append(payers, payer{award, c})
		last := check.EndOf(v.View, award).Last
		sum := ends[last]
		sum.InYear.Merge(c.InYear)
		sum.OfTerm.Merge(c.OfTerm)
		ends[last] = sum
	}
	slices.SortStableFunc(payers, func(a, b payer) int {
		return int(min(max(b.paid.InYear.Pence()-a.paid.InYear.Pence(), -1), 1))
	})
	var said []string
	for _, p := range payers {
		said = append(said, v.T("service.pays", "Award", v.NameOf(v.Book, "awards", p.award).Text, "Amount", v.cell(p.paid)))
	}
	lead := []string{v.N("service.lead", len(payers), "Amount", v.cell(all), "Service", name, "Year", m.Year.String(), "Payers", v.List(said))}
	days := make([]fiscal.Date, 0, len(ends))
	for d := range ends {
		if !d.IsZero() {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	var until []string
	for _, d := range days {
		when := v.Date(d)
		if d <= v.Today.AddMonths(12) {
			when = v.T("service.when-away", "Date", when, "Away", v.Away(v.Today, d))
		}
		id := "service.ends"
		if d < v.Today {
			id = "service.ended"
		}
		until = append(until, v.T(id, "Amount", v.cell(ends[d]), "When", when))
	}
	if lasting, any := ends[0]; any {
		until = append(until, v.T("service.lasts", "Amount", v.cell(lasting)))
	}
	return append(lead, strings.Join(until, " "))
}

// serviceSummary is what is known of a service, a line each.
func (v *Visit) serviceSummary(m *report.Map, s commissioning.Service) []parts.Row {
	var rows []parts.Row
	add := func(key, value string) {
		if value == "" {
			value = v.T("not-known")
		}
		rows = append(rows, parts.Row{Key: key, Value: value})
	}
	add(v.T("by.provider"), v.nameOr("organisations", s.Provider))
	if s.Provider != "" {
		rows[0].Lang = string(v.NameOf(v.Book, "organisations", s.Provider).Lang)
	}
	if s.Description != "" || s.Activity != "" {
		what := s.Description
		if s.Activity != "" && what != "" {
			what += " (" + s.Activity + ")"
		} else if what == "" {
			what = s.Activity
		}
		add(v.T("service.what"), what)
	}
	add(v.T("services.age"), v.ages(s.Ages.String()))
	add(v.T("services.places"), v.names("areas", s.Areas))
	add(v.T("services.objectives"), v.names("objectives", s.Objectives))
	if s.Level != "" {
		add(v.columnName("level"), s.Level)
	}
	statutory := v.T("choice.no")
	if s.Statutory {
		statutory = v.T("choice.yes")
		if s.Duty != "" {
			statutory += ": " + s.Duty
		}
	}
	add(v.columnName("statutory"), statutory)
	evidence := v.choice(s.Evidence.String())
	if !s.EvidenceOn.IsZero() {
		evidence += ", " + v.Date(s.EvidenceOn)
	}
	add(v.columnName("evidence"), evidence)
	add(v.columnName("owner"), s.Owner)
	if s.Board != "" {
		add(v.T("by.board"), v.NameOf(v.Book, "boards", s.Board).Text)
	}
	if s.PaidElsewhere != "" && s.PaidElsewhere != "no" {
		add(v.columnName("paid_elsewhere"), s.PaidElsewhere)
	}
	if !s.Starts.IsZero() {
		add(v.columnName("starts"), v.Date(s.Starts))
	}
	if !s.Ends.IsZero() {
		add(v.columnName("ends"), v.Date(s.Ends))
	}
	until, status := v.standing(m, s)
	secured := v.T("no-end-date")
	switch {
	case m.RowTotal(s.ID).None():
		secured = v.T("none")
	case !until.IsZero():
		secured = v.Date(until)
	}
	add(v.T("services.until"), secured)
	add(v.T("status"), v.T(status.id))
	if v.ofBoard() {
		return rows
	}
	for _, f := range v.findingsOn(s.ID) {
		if f.Rule != "decide-by" {
			continue
		}
		by := ""
		if !f.Unknown {
			by = v.T("service.when-away", "Date", v.Date(f.Date), "Away", v.Away(v.Today, f.Date))
		}
		add(v.T("decide-by"), by)
	}
	return rows
}

// nameOr is what a row of a register is called, "" for none.
func (v *Visit) nameOr(register, id string) string {
	if id == "" {
		return ""
	}
	return v.NameOf(v.Book, register, id).Text
}

func unitOf(v *Visit, s commissioning.Service) string {
	if s.Unit == "" {
		return v.T("service.people")
	}
	return v.unit(s.Unit)
}

// unit is a unit of people in the reader's language, where it is one of the
// common ones.
func (v *Visit) unit(text string) string {
	if id := "unit." + slugOf(strings.ToLower(text)); v.Reader.Has(id) {
		return v.T(id)
	}
	return text
}

// payersTable lists who pays, and draws the same.
func (v *Visit) payersTable(m *report.Map, id, name string) (*table.Table, template.HTML) {
	t := table.New("payers", v.T("service.payers", "Year", m.Year.String()))
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("amount", v.T("services.allocated", "Year", m.Year.String()), table.MoneyColumn)
	t.Column("share", v.T("share"), table.PercentColumn)
	t.Column("ends", v.T("timeline.ends"), table.DateColumn)
	t.Column("status", v.T("status"), table.TagColumn)
	all := m.RowTotal(id)
	picture := chart.Stack{ID: "stack", Title: v.T("service.stack", "Service", name, "Year", m.Year.String()), Rest: v.T("service.rest"),
		RestText: func(sum int64) string { return v.Pence(money.Pence(sum)) }}
	awards := slices.Clone(m.Columns)
	slices.SortStableFunc(awards, func(a, b string) int {
		return int(min(max(m.Cell(id, b).InYear.Pence()-m.Cell(id, a).InYear.Pence(), -1), 1))
	})
	with := func(more ...string) []string {
		return pairs(v.boardMoney(), append([]string{"service", id, "year", m.Year.String()}, more...)...)
	}
	var said []string
	starred := false
	for _, award := range awards {
		c := m.Cell(id, award)
		if c.None() {
			continue
		}
		starred = starred || !c.OfTerm.IsNought()
		n := v.NameOf(v.Book, "awards", award)
		share := table.Unknown()
		text := v.cell(c)
		if all.InYear.State() == money.Exact && all.OfTerm.IsNought() && all.InYear.Pence() > 0 {
			share = table.PercentOf(c.InYear.Pence(), all.InYear.Pence())
			if of, err := money.NewShare(int64(c.InYear.Pence()), int64(all.InYear.Pence())); err == nil {
				text += ", " + v.Share(of)
			}
		}
		end := check.EndOf(v.View, award)
		last := table.Text(v.T("no-end-date"))
		if !end.Last.IsZero() {
			last = table.Date(end.Last).To(v.To("/timeline/" + end.Last.String()))
		}
		a, _ := v.Award(award)
		secured, _ := v.Stands(award, m.Year)
		term, _ := v.Stands(award, fiscal.Term)
		run := report.Run{Award: award, AwardEnd: end, Spans: []report.Sureness{{Secured: secured.Known || term.Known}}}
		t.Row(table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("streams", a.Stream))), v.mapCell(c, false, ledger.AllocatedTo, with("award", award)...), share, last, v.runStatus(run))
		picture.Parts = append(picture.Parts, chart.Part{Name: n.Text, Lang: string(n.Lang), Value: int64(c.InYear.Pence()), Text: text, Likely: !run.Spans[0].Secured})
		said = append(said, v.T("service.pays", "Award", n.Text, "Amount", text))
	}
	if len(t.Rows) > 0 {
		t.Total(table.Text(v.T("total")), v.mapCell(all, false, ledger.AllocatedTo, with()...), table.Text(""), table.Text(""), table.Text(""))
	}
	if starred {
		t.Note = v.T("map.starred")
	}
	t.Empty = v.T("service.no-payers", "Year", m.Year.String())
	v.Finish(t)
	if all.InYear.Pence() <= 0 {
		return t, ""
	}
	picture.Desc = v.List(said)
	return t, picture.SVG()
}

// yearsTable sets what a service is to cost against what is allocated, year by
// year.
func (v *Visit) yearsTable(s commissioning.Service, paid report.Paid) *table.Table {
	t := table.New("years", v.T("service.years"))
	t.Column("year", v.T("by.year"), table.TextColumn)
	board := v.ofBoard()
	if !board {
		t.Column("cost", v.T("service.cost"), table.MoneyColumn)
	}
	t.Column("allocated", v.T("allocated"), table.MoneyColumn)
	if !board {
		t.Column("difference", v.T("service.difference"), table.MoneyColumn).Hint = v.T("service.difference-hint")
	}
	for y := v.Year; y < v.Year+4; y++ {
		sum := paid.In(y)
		cells := []table.Cell{table.Text(y.String())}
		allocated := table.Money(sum, v.Style()).To(v.Postings(ledger.AllocatedTo, pairs(v.boardMoney(), "service", s.ID, "year", y.String())...))
		if board {
			t.Row(append(cells, allocated)...)
			continue
		}
		cost, known := s.NetCost(y).Known()
		difference := table.Unknown()
		if known && sum.State() == money.Exact {
			difference = table.Pence(sum.Pence()-cost, v.Style())
		}
		t.Row(append(cells, table.Amount(s.NetCost(y), v.Style()), allocated, difference)...)
	}
	return v.Finish(t)
}

// splitTable breaks a service's money down by objective and place.
func (v *Visit) splitTable(id string, paid report.Paid) *table.Table {
	cells := map[[2]string]money.Sum{}
	var objectives, areas []string
	for key, sum := range v.splitOf(id, paid) {
		for _, at := range [][2]string{key, {key[0], "*"}, {"*", key[1]}, {"*", "*"}} {
			one := cells[at]
			one.Merge(sum)
			cells[at] = one
		}
		if !slices.Contains(objectives, key[0]) {
			objectives = append(objectives, key[0])
		}
		if !slices.Contains(areas, key[1]) {
			areas = append(areas, key[1])
		}
	}
	if len(objectives) == 0 {
		return nil
	}
	compare := v.Sort()
	slices.SortFunc(areas, func(a, b string) int { return compare(v.nameOr("areas", a), v.nameOr("areas", b)) })
	slices.SortFunc(objectives, func(a, b string) int {
		return compare(v.nameOr("objectives", a), v.nameOr("objectives", b))
	})
	if areas[0] == "" { // what is not split comes last
		areas = append(areas[1:], "")
	}
	if objectives[0] == "" {
		objectives = append(objectives[1:], "")
	}
	t := table.New("split", v.T("service.split", "Year", v.Year.String()))
	t.Wide, t.Frozen = true, true
	t.Column("objective", v.T("by.objective"), table.TextColumn)
	total := []table.Cell{table.Text(v.T("total"))}
	cell := func(key [2]string, more ...string) table.Cell {
		sum, any := cells[key]
		if !any {
			return table.None()
		}
		return table.Money(sum, v.Style()).To(v.Postings(ledger.AllocatedTo, pairs(v.boardMoney(), append([]string{"service", id, "year", v.Year.String()}, more...)...)...))
	}
	for i, a := range areas {
		if a == "" {
			t.Column("area-"+strconv.Itoa(i), v.T("not-split"), table.MoneyColumn)
		} else {
			n := v.NameOf(v.Book, "areas", a)
			t.Column("area-"+strconv.Itoa(i), n.Text, table.MoneyColumn).Lang = string(n.Lang)
		}
		total = append(total, cell([2]string{"*", a}, "area", a))
	}
	t.Column("total", v.T("total"), table.MoneyColumn)
	t.Total(append(total, table.Money(cells[[2]string{"*", "*"}], v.Style()).
		To(v.Postings(ledger.AllocatedTo, pairs(v.boardMoney(), "service", id, "year", v.Year.String())...)))...)
	for _, o := range objectives {
		name := table.Text(v.T("not-split"))
		if o != "" {
			name = v.named("objectives", o).To(v.To(pathOf("objectives", o)))
		}
		row := []table.Cell{name}
		for _, a := range areas {
			row = append(row, cell([2]string{o, a}, "objective", o, "area", a))
		}
		t.Row(append(row, cell([2]string{o, "*"}, "objective", o))...)
	}
	return v.Finish(t)
}

// splitOf gives the parts of a service's money by objective and area; of a
// board's money, which the service's own index does not tell apart, by position.
func (v *Visit) splitOf(id string, paid report.Paid) map[[2]string]money.Sum {
	if !v.ofBoard() {
		return paid.Split(v.Year)
	}
	only := v.boardMoney()
	only[ledger.ByService], only[ledger.ByYear] = id, v.Year.String()
	cells := map[[2]string]money.Sum{}
	for _, r := range v.Position([]ledger.Dimension{ledger.ByObjective, ledger.ByArea}, only).Rows {
		if sum := r.Sums[ledger.AllocatedTo]; !sum.IsNought() {
			cells[[2]string{r.Key[0], r.Key[1]}] = sum
		}
	}
	return cells
}

type unsizedKey struct{}

// unsized are the allocations whose amount nobody knows.
func (v *Visit) unsized() []ledger.Line {
	return worked(v.reading, unsizedKey{}, func() []ledger.Line { return report.Unsized(v.View) })
}

// contractTable lists what secures a service.
func (v *Visit) contractTable(id string, mayEdit bool) *table.Table {
	t := table.New("contract", v.T("service.contract"))
	t.Column("kind", v.columnName("kind"), table.TextColumn)
	t.Column("provider", v.T("by.provider"), table.TextColumn)
	t.Column("starts", v.columnName("starts"), table.DateColumn)
	t.Column("ends", v.columnName("ends"), table.DateColumn)
	t.Column("notice", v.T("service.notice"), table.TextColumn)
	t.Column("lead", v.T("service.lead-time"), table.TextColumn)
	t.Column("break", v.columnName("break_clause"), table.TextColumn)
	if mayEdit {
		t.Column("", v.T("service.do"), table.ActionsColumn)
	}
	months := func(n int) table.Cell {
		if n < 0 {
			return table.Unknown()
		}
		return table.Text(v.N("service.months", n))
	}
	for _, a := range v.AgreementsOf(id) {
		clause := table.Unknown()
		if a.BreakClause != "" {
			clause = table.Text(v.choice(a.BreakClause))
		}
		kind := table.Unknown()
		if a.Kind != "" {
			kind = table.Text(v.agreementKind(a.Kind))
		}
		ends := table.Text(v.T("no-end-date"))
		if !a.Ends.IsZero() {
			ends = table.Date(a.Ends)
		}
		cells := []table.Cell{kind, v.named("organisations", a.Provider), table.Date(a.Starts), ends, months(a.NoticeMonths), months(a.LeadMonths), clause}
		if mayEdit {
			cells = append(cells, table.Links(table.Link{Text: v.T("parts.change"), Href: v.Base() + pathOf("registers", "agreements", a.ID), About: a.ID}))
		}
		t.Row(cells...)
	}
	t.Empty = v.T("service.no-contract")
	return v.Finish(t)
}

func (v *Visit) agreementKind(kind string) string {
	if id := "agreement." + slugOf(strings.ToLower(kind)); v.Reader.Has(id) {
		return v.T(id)
	}
	return kind
}

// needsTable lists the needs that a service's objectives, places and ages meet.
func (v *Visit) needsTable(s commissioning.Service) *table.Table {
	t := table.New("needs", v.T("service.needs"))
	t.Column("objective", v.T("by.objective"), table.TextColumn)
	t.Column("place", v.T("by.area"), table.TextColumn)
	t.Column("age", v.T("services.age"), table.TextColumn)
	t.Column("year", v.T("by.year"), table.TextColumn)
	t.Column("people", v.T("service.people-head"), table.CountColumn)
	t.Column("source", v.columnName("source"), table.TextColumn)
	tree := v.AreaTree()
	var needs []commissioning.Need
	for _, o := range s.Objectives {
		needs = append(needs, v.needsFor(o)...)
	}
	for _, n := range needs {
		here := len(s.Areas) == 0 || slices.ContainsFunc(s.Areas, func(a string) bool { return tree.Overlap(a, n.Area) })
		if !here || n.Ages.Known && s.Ages.Known && n.Ages.Overlap(s.Ages) == 0 {
			continue
		}
		number := table.Unknown()
		if n.People >= 0 {
			number = table.Few(n.People, v).Noted(v.unit(n.Unit))
		}
		ages := v.T("services.all-ages")
		if n.Ages.Known {
			ages = v.ages(n.Ages.String())
		}
		year := table.Unknown()
		if n.Year != fiscal.Term {
			year = table.Text(n.Year.String())
		}
		t.Row(v.named("objectives", n.Objective).To(v.To(pathOf("objectives", n.Objective))), v.named("areas", n.Area), table.Text(ages), year, number, table.Text(n.Source))
	}
	t.Empty = v.T("service.no-needs")
	return v.Finish(t)
}

type needsKey struct{}

// needsFor gives the needs for an objective.
func (v *Visit) needsFor(objective string) []commissioning.Need {
	return worked(v.reading, needsKey{}, func() map[string][]commissioning.Need {
		by := map[string][]commissioning.Need{}
		for _, n := range v.Needs {
			by[n.Objective] = append(by[n.Objective], n)
		}
		return by
	})[objective]
}

// overTotals are the rules that are judged over totals and moves, by the checks.
var overTotals = []funding.Rule{funding.RuleMinShare, funding.RuleMaxShare, funding.RuleMatch, funding.RuleAdminCap, funding.RuleAdditional,
	funding.RuleCarryForward, funding.RuleVirement, funding.RuleSpendBy}

// termsTable says what the terms of those who pay say of the service.
func (v *Visit) termsTable(m *report.Map, id string) *table.Table {
	t := table.New("terms", v.T("service.terms"))
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("rule", v.T("service.rule"), table.TextColumn)
	t.Column("clause", v.T("service.clause"), table.TextColumn)
	t.Column("verdict", v.T("service.verdict"), table.TagColumn)
	t.Column("because", v.T("service.because"), table.TextColumn)
	for _, award := range m.Columns {
		if m.Cell(id, award).None() {
			continue
		}
		name := v.named("awards", award)
		terms := v.TermsOf(award)
		if len(terms) == 0 {
			t.Row(name, table.None(), table.Text(v.T("service.no-terms")), table.Tag(v.T("not-known"), table.Grey), table.Text(""))
		}
		use := v.Use(award, id, ledger.Label{}, m.Year, v.Today)
		for _, term := range terms {
			clause := term.Clause
			if clause == "" {
				clause = term.Value
			}
			verdict, because := table.Tag(v.T("verdict.allowed"), table.Green), ""
			if slices.Contains(overTotals, term.Rule) {
				verdict, because = table.None(), v.T("service.over-totals")
			} else {
				switch r := term.Judge(use); r.Verdict {
				case funding.Refused:
					verdict, because = table.Tag(v.T("verdict.refused"), table.Red), v.Ruling(r)
					if v.Excepted(award, id, ledger.TermID(r)) {
						verdict = table.Tag(v.T("verdict.exception"), table.Blue)
					}
				case funding.NotKnown:
					verdict, because = table.Tag(v.T("not-known"), table.Grey), v.Ruling(r)
				}
			}
			t.Row(name, table.Text(v.T("rule."+slugOf(term.Rule.String()))), table.Text(clause), verdict, table.Text(because))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return v.Finish(t)
}

// findingsAbout lists what the checks found about a service.
func (v *Visit) findingsAbout(id string) (lines []findingLine) {
	for _, f := range v.findingsOn(id) {
		if slices.ContainsFunc(f.Subjects, func(s check.Subject) bool { return s.Type == "post" }) && !v.Is(people.Finance, people.Auditor) {
			continue
		}
		title, because := v.Reader.Finding(v.View, f)
		tag := parts.Tag{Text: v.T("severity." + f.Severity.String()), Colour: map[check.Severity]string{check.High: "red", check.Medium: "amber", check.Low: "grey"}[f.Severity]}
		if f.Unknown {
			tag = parts.Tag{Text: v.T("severity.cannot-tell"), Colour: "grey"}
		}
		lines = append(lines, findingLine{title, because, v.To("/checks/finding", "id", f.ID), tag})
	}
	return lines
}

type findingsOnKey struct{}

// findingsOn gives the open findings about a service.
func (v *Visit) findingsOn(service string) []*check.Finding {
	return worked(v.reading, findingsOnKey{}, func() map[string][]*check.Finding {
		on := map[string][]*check.Finding{}
		all := v.Findings()
		for i := range all {
			f := &all[i]
			if f.Silenced() {
				continue
			}
			for _, s := range f.Subjects {
				if list := on[s.ID]; s.Type == "service" && (len(list) == 0 || list[len(list)-1] != f) {
					on[s.ID] = append(list, f)
				}
			}
		}
		return on
	})[service]
}

// withinReach holds an officer of an area to it: a service they write works
// there.
func (v *Visit) withinReach(cells map[string]string, errs *form.Errors) {
	if v.Reach.All || len(v.Reach.Areas) == 0 {
		return
	}
	tree := v.AreaTree()
	areas := split(cells["areas"])
	within := len(areas) > 0
	for _, a := range areas {
		within = within && slices.ContainsFunc(v.Reach.Areas, func(own string) bool { return tree.Within(a, own) })
	}
	if !within {
		errs.Add("areas", v.T("service.own-areas", "Places", v.names("areas", v.Reach.Areas)))
	}
}
