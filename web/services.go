package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

var serviceRoutes = []Route{
	{Method: "GET", Path: "/services", Right: people.See, Do: services, Kept: true},
	{Method: "GET", Path: "/services/risk", Right: people.See, Do: risk, Kept: true},
	{Method: "GET", Path: "/services/:id", Right: people.See, Do: service, Kept: true},
	{Method: "GET", Path: "/services/exits", Right: people.See, Do: exits, Kept: true},
	{Method: "GET", Path: "/services/:id/exit", Right: people.See, Do: exit, Kept: true},
	{Method: "GET", Path: "/services/:id/exit/plan", Right: people.ExitPlan, Do: editExit},
	{Method: "POST", Path: "/services/:id/exit/plan", Right: people.ExitPlan, Do: saveExit},
	{Method: "GET", Path: "/services/:id/exit/agree", Right: people.SignOffExit, Do: agreeExit},
	{Method: "POST", Path: "/services/:id/exit/agree", Right: people.SignOffExit, Do: agreedExit},
	{Method: "GET", Path: "/notes", Right: people.Notes, Do: notesForMe},
	{Method: "GET", Path: "/notes/new", Right: people.Notes, Do: newNote},
	{Method: "POST", Path: "/notes", Right: people.Notes, Do: addNote},
}

type servicesPage struct {
	Lead    string
	Own     string // what of the money a board's member sees
	Filters parts.FilterPanel
	Table   *table.Table
	Add     string
}

// serviceRow is a service in the list, with its money of the year.
type serviceRow struct {
	commissioning.Service
	name    words.Name
	paid    report.Cell
	streams []string
	until   fiscal.Date // the last day on which all of it is there; 0: none of it ends
	status  serviceStatus
}

// serviceStatus is how a service stands in a year, in one word.
type serviceStatus struct {
	id     string // of the catalogue
	colour table.Colour
}

var (
	notFunded   = serviceStatus{"status.not-funded", table.Red}
	endingSoon  = serviceStatus{"status.ending-soon", table.Amber}
	partFunded  = serviceStatus{"status.part-funded", table.Amber}
	fullyFunded = serviceStatus{"status.fully-funded", table.Green}
	costUnknown = serviceStatus{"status.cost-not-known", table.Grey}
	notTold     = serviceStatus{"status.not-told", table.Grey} // money not split by year may fill what is missing
	boardPays   = serviceStatus{"status.board-pays", table.Blue}
	boardPaysNo = serviceStatus{"status.board-pays-no", table.Grey}
)

var serviceStatuses = []serviceStatus{notFunded, endingSoon, partFunded, fullyFunded, costUnknown, notTold, boardPays, boardPaysNo}

// ageGroups are those a list of services is narrowed by.
var ageGroups = []commissioning.Ages{{From: 0, To: 4, Known: true}, {From: 5, To: 10, Known: true}, {From: 11, To: 15, Known: true}, {From: 16, To: 25, Known: true}}

// boardMoney is the filter of readers whose right is a board's: they see its money and
// no other.
func (v *Visit) boardMoney() ledger.Filter {
	f := ledger.Filter{}
	if v.ofBoard() {
		f[ledger.ByBoard] = v.Reach.Boards[0]
	}
	return f
}

// ofBoard reports whether the reader's right is a board's alone.
func (v *Visit) ofBoard() bool {
	return !v.Reach.All && len(v.Reach.Areas) == 0 && len(v.Reach.Boards) > 0
}

// ownSaid tells readers of a board that they see its money only.
func (v *Visit) ownSaid() string {
	if !v.ofBoard() {
		return ""
	}
	return v.T("services.own", "Board", v.NameOf(v.Book, "boards", v.Reach.Boards[0]).Text)
}

// payers is who pays for services in a year, as far as the reader may see it;
// worked out once.
func (v *Visit) payers(year fiscal.Year, more ledger.Filter) *report.Map {
	only := v.boardMoney()
	maps.Copy(only, more)
	return worked(v.reading, payersKey{year, only[ledger.ByBoard], only[ledger.ByArea]}, func() *report.Map {
		return report.NewMap(v.View, report.MapOf{Year: year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward, Only: only, Position: v.reading.Position})
	})
}

type payersKey struct {
	year        fiscal.Year
	board, area string
}

// standing says until when all of a service's money of the year is there, and
// how the service stands.
func (v *Visit) standing(m *report.Map, s commissioning.Service) (until fiscal.Date, status serviceStatus) {
	all := m.RowTotal(s.ID)
	for _, award := range m.Columns {
		if m.Cell(s.ID, award).None() {
			continue
		}
		a, _ := v.Award(award)
		if last, ends := a.LastDay(); ends && (until.IsZero() || last < until) {
			until = last
		}
	}
	cost, known := s.NetCost(m.Year).Known()
	switch {
	case all.None() && v.ofBoard():
		return until, boardPaysNo
	case all.None():
		return until, notFunded
	case !until.IsZero() && until <= v.Today.AddMonths(v.Settings.Policy.HorizonMonths):
		return until, endingSoon
	case v.ofBoard(): // what others pay is not theirs to see
		return until, boardPays
	case !known:
		return until, costUnknown
	case all.InYear.Pence() >= cost:
		return until, fullyFunded
	case all.InYear.State() == money.Exact && all.OfTerm.IsNought():
		return until, partFunded
	}
	return until, notTold
}

// serviceRows lists the services the reader may see.
func (v *Visit) serviceRows() []serviceRow {
	all := worked(v.reading, rowsKey{v.Lang(), v.Year, v.boardMoney()[ledger.ByBoard]}, v.allServices)
	return slices.DeleteFunc(slices.Clone(all), func(r serviceRow) bool { return !v.Sees(r.ID) })
}

type rowsKey struct {
	lang  words.Lang
	year  fiscal.Year
	board string
}

func (v *Visit) allServices() []serviceRow {
	m := v.payers(v.Year, nil)
	var rows []serviceRow
	for id, s := range v.Services {
		r := serviceRow{Service: s, name: v.NameOf(v.Book, "services", id), paid: m.RowTotal(id)}
		r.until, r.status = v.standing(m, s)
		for _, award := range m.Columns {
			if m.Cell(id, award).None() {
				continue
			}
			if a, _ := v.Award(award); !slices.Contains(r.streams, a.Stream) {
				r.streams = append(r.streams, a.Stream)
			}
		}
		rows = append(rows, r)
	}
	compare := v.Sort()
	slices.SortStableFunc(rows, func(a, b serviceRow) int { return compare(a.name.Text, b.name.Text) })
	return rows
}

// facetsOf are the questions by which services are narrowed.
func (v *Visit) facetsOf(rows []serviceRow) []facet[serviceRow] {
	named := func(register string) func(string) words.Name {
		return func(id string) words.Name { return v.NameOf(v.Book, register, id) }
	}
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	tree := v.AreaTree()
	var ends []string
	for _, r := range rows {
		if d := r.until.String(); d != "" && !slices.Contains(ends, d) {
			ends = append(ends, d)
		}
	}
	slices.Sort(ends)
	var ages, statuses []string
	for _, g := range ageGroups {
		ages = append(ages, g.String())
	}
	for _, s := range serviceStatuses {
		statuses = append(statuses, s.id)
	}
	return []facet[serviceRow]{
		{name: "status", legend: v.T("status"), order: statuses, label: func(id string) words.Name { return words.Name{Text: v.T(id)} },
			answers: func(r serviceRow) []string { return []string{r.status.id} }},
		{name: "ends", legend: v.T("services.ends-by"), order: ends, lacks: "services.lack-stream", label: func(day string) words.Name {
			if d, err := fiscal.ParseDate(day); err == nil && !d.IsZero() {
				return words.Name{Text: v.Short(d)}
			}
			return words.Name{Text: v.T("no-end-date")}
		}, answers: func(r serviceRow) []string { // by a day, so also by every later one
			switch {
			case r.paid.None():
				return nil
			case r.until.IsZero():
				return []string{"none"}
			}
			return ends[slices.Index(ends, r.until.String()):]
		}},
		{name: "stream", legend: v.T("by.stream"), label: named("streams"), lacks: "services.lack-stream",
			answers: func(r serviceRow) []string { return r.streams }},
		{name: "provider", legend: v.T("by.provider"), label: named("organisations"), lacks: "services.lack-provider",
			answers: func(r serviceRow) []string { return one(r.Provider) }},
		{name: "objective", legend: v.T("by.objective"), label: named("objectives"), lacks: "services.lack-objective",
			answers: func(r serviceRow) []string { return r.Objectives }},
		{name: "place", legend: v.T("by.area"), label: named("areas"), lacks: "services.lack-place",
			answers: func(r serviceRow) []string {
				var in []string
				for _, a := range r.Areas {
					for _, place := range append([]string{a}, tree.Ancestors(a)...) {
						if !slices.Contains(in, place) {
							in = append(in, place)
						}
					}
				}
				return in
			}},
		{name: "age", legend: v.T("services.age"), order: ages, lacks: "services.lack-age",
			label: func(id string) words.Name { return words.Name{Text: v.ages(id)} },
			answers: func(r serviceRow) []string {
				var in []string
				for _, g := range ageGroups {
					if g.Overlap(r.Ages) > 0 {
						in = append(in, g.String())
					}
				}
				return in
			}},
	}
}

// ages writes an age band, kept as 0-4, in words.
func (v *Visit) ages(band string) string {
	a, err := commissioning.ParseAges(band)
	if err != nil || !a.Known {
		return v.T("not-known")
	}
	if a.From == a.To {
		return v.T("services.one-age", "Age", strconv.Itoa(int(a.From)))
	}
	return v.T("services.ages", "From", strconv.Itoa(int(a.From)), "To", strconv.Itoa(int(a.To)))
}

// services lists them.
func services(v *Visit) (Answer, error) {
	rows := v.serviceRows()
	facets := v.facetsOf(rows)
	all := len(rows)
	rows, panel := narrow(v, rows, facets)
	p := servicesPage{Filters: panel, Own: v.ownSaid()}
	var sum report.Cell
	ending := 0
	for _, r := range rows {
		sum.InYear.Merge(r.paid.InYear)
		sum.OfTerm.Merge(r.paid.OfTerm)
		if r.status == endingSoon {
			ending++
		}
	}
	p.Lead = v.N("services.lead", len(rows), "Amount", v.cell(sum), "Year", v.Year.String())
	if ending > 0 {
		p.Lead += " " + v.N("services.lead-ending", ending, "Months", v.Count(v.Settings.Policy.HorizonMonths))
	}
	t := table.New("services", v.T("services.caption", "Year", v.Year.String()))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("provider", v.T("by.provider"), table.TextColumn)
	t.Column("objectives", v.T("services.objectives"), table.TextColumn)
	t.Column("places", v.T("services.places"), table.TextColumn)
	t.Column("allocated", v.T("services.allocated", "Year", v.Year.String()), table.MoneyColumn)
	t.Column("until", v.T("services.until"), table.DateColumn).Hint = v.T("services.until-hint")
	t.Column("status", v.T("status"), table.TagColumn)
	t.All = len(rows)
	from, to := 0, len(rows)
	if v.Q("sort") == "" { // in the order they are in: no more than the page is built
		from, to = v.pageOf("page", len(rows))
	}
	for _, r := range rows[from:to] {
		until := table.None()
		switch {
		case !r.until.IsZero():
			until = table.Date(r.until)
		case !r.paid.None():
			until = table.Text(v.T("no-end-date"))
		}
		t.Row(table.Text(r.name.Text).In(string(r.name.Lang)).To(v.To(pathOf("services", r.ID))),
			v.named("organisations", r.Provider), v.namedAll("objectives", r.Objectives), v.namedAll("areas", r.Areas),
			v.mapCell(r.paid, false, ledger.AllocatedTo, pairs(v.boardMoney(), "service", r.ID, "year", v.Year.String())...),
			until, table.Tag(v.T(r.status.id), r.status.colour))
	}
	t.Empty = v.T("services.none")
	if all == 0 {
		t.Empty = v.T("services.empty")
	}
	if v.Place != "" {
		t.Note = v.T("services.whole")
	}
	if !sum.OfTerm.IsNought() {
		t.Note = strings.TrimSpace(t.Note + " " + v.T("map.starred"))
	}
	p.Table = v.Finish(t)
	if v.Can(people.EditRegisters) {
		p.Add = v.Base() + "/registers/services/new"
	}
	return Page{Template: "services", Title: v.T("services.title", "Year", v.Year.String()), Nav: "services/all", Data: p, Tables: []*table.Table{p.Table}, Money: true, Wide: true}, nil
}

// named is a cell with what a row of a register is called.
func (v *Visit) named(register, id string) table.Cell {
	if id == "" {
		return table.Unknown()
	}
	n := v.NameOf(v.Book, register, id)
	return table.Text(n.Text).In(string(n.Lang))
}

// namedAll is a cell with what several are called.
func (v *Visit) namedAll(register string, ids []string) table.Cell {
	if len(ids) == 0 {
		return table.Unknown()
	}
	lang := v.NameOf(v.Book, register, ids[0]).Lang
	for _, id := range ids {
		if v.NameOf(v.Book, register, id).Lang != lang {
			lang = ""
		}
	}
	return table.Text(v.names(register, ids)).In(string(lang))
}

// names joins what rows of a register are called.
func (v *Visit) names(register string, ids []string) string {
	var all []string
	for _, id := range ids {
		all = append(all, v.NameOf(v.Book, register, id).Text)
	}
	return strings.Join(all, ", ")
}
