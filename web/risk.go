package web

import (
	"net/url"
	"slices"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

type riskPage struct {
	Lead    []string
	Filters parts.FilterPanel
	Tables  []*table.Table
	Good    bool
	Nothing bool // of what is at risk nothing passes the filters
}

// riskRow is what one service loses on a day, in one band.
type riskRow struct {
	report.Loss
	band  string
	date  fiscal.Date
	year  fiscal.Year
	total report.Cell // its money of the year
	after []string    // the awards that still pay
	exit  string
}

// riskShares are the shares of its money that a service loses, in the order
// offered.
var riskShares = []string{"all", "half", "quarter", "less", "untold"}

func shareBand(s *money.Share) string {
	if s == nil {
		return "untold"
	}
	at := func(num, den int64) money.Share { x, _ := money.NewShare(num, den); return x }
	switch {
	case s.Cmp(at(1, 1)) >= 0:
		return "all"
	case s.Cmp(at(1, 2)) > 0:
		return "half"
	case s.Cmp(at(1, 4)) >= 0:
		return "quarter"
	}
	return "less"
}

// risk says which services lose money within the horizon. Members of a board
// are led to it: what others pay is not theirs to see.
func risk(v *Visit) (Answer, error) {
	if v.ofBoard() {
		return Redirect{To: v.To(v.boardPath())}, nil
	}
	all := worked(v.reading, riskKey{}, v.allAtRisk)
	rows := slices.DeleteFunc(slices.Clone(all), func(r riskRow) bool { return !v.Sees(r.Service) })
	p := riskPage{Good: len(rows) == 0}
	kept, panel := narrow(v, rows, v.riskFacets(rows))
	p.Filters, p.Nothing = panel, len(rows) > 0 && len(kept) == 0
	var tables []*table.Table
	for _, band := range report.Bands {
		of := slices.DeleteFunc(slices.Clone(kept), func(r riskRow) bool { return r.band != band })
		if len(of) == 0 {
			continue
		}
		var sum money.Sum
		services := map[string]bool{}
		for _, r := range of {
			sum.Merge(r.Amount)
			services[r.Service] = true
		}
		p.Lead = append(p.Lead, v.N("risk.lead."+slugOf(band), len(services), "Amount", v.Sum(sum), "Months", v.Count(v.Settings.Policy.HorizonMonths)))
		tables = append(tables, v.riskTable(band, of, len(tables) == 0))
	}
	p.Tables = tables
	return Page{Template: "risk", Title: v.T("risk.title"), Nav: "services/risk", Data: p, Tables: tables, Wide: true}, nil
}

type riskKey struct{}

// allAtRisk lists who loses what, whoever may see it.
func (v *Visit) allAtRisk() []riskRow {
	var rows []riskRow
	for _, e := range report.Endings(v.View, v.Findings()) {
		m := v.payers(fiscal.YearOf(e.Date), nil)
		for _, l := range e.Losses {
			rows = append(rows, v.riskRow(e, l, m))
		}
	}
	return rows
}

func (v *Visit) riskRow(e report.Ending, l report.Loss, m *report.Map) riskRow {
	r := riskRow{Loss: l, band: e.Band, date: e.Date, year: m.Year, total: m.RowTotal(l.Service), exit: v.exitState(l.Service)}
	for _, award := range m.Columns {
		if m.Cell(l.Service, award).None() {
			continue
		}
		if last := check.EndOf(v.View, award).Last; last.IsZero() || last > e.Date {
			r.after = append(r.after, award)
		}
	}
	return r
}

func (v *Visit) riskFacets(rows []riskRow) []facet[riskRow] {
	var ends []string
	for _, r := range rows {
		if d := r.date.String(); !slices.Contains(ends, d) {
			ends = append(ends, d)
		}
	}
	slices.Sort(ends)
	said := func(prefix string) func(string) words.Name {
		return func(id string) words.Name { return words.Name{Text: v.T(prefix + id)} }
	}
	tree := v.AreaTree()
	return []facet[riskRow]{
		{name: "ends", legend: v.T("risk.ends-by"), order: ends, label: func(day string) words.Name {
			d, _ := fiscal.ParseDate(day)
			return words.Name{Text: v.Short(d)}
		}, answers: func(r riskRow) []string { return ends[slices.Index(ends, r.date.String()):] }},
		{name: "lost", legend: v.T("risk.lost"), order: riskShares, label: said("risk.share."), answers: func(r riskRow) []string { return []string{shareBand(r.Share)} }},
		{name: "plan", legend: v.T("risk.exit"), order: []string{"none", "draft", "agreed"}, label: said("exit.state."), answers: func(r riskRow) []string { return []string{r.exit} }},
		{name: "objective", legend: v.T("by.objective"), label: func(id string) words.Name { return v.NameOf(v.Book, "objectives", id) }, lacks: "services.lack-objective",
			answers: func(r riskRow) []string { s, _ := v.Service(r.Service); return s.Objectives }},
		{name: "place", legend: v.T("by.area"), label: func(id string) words.Name { return v.NameOf(v.Book, "areas", id) }, lacks: "services.lack-place",
			answers: func(r riskRow) []string {
				s, _ := v.Service(r.Service)
				var in []string
				for _, a := range s.Areas {
					for _, place := range append([]string{a}, tree.Ancestors(a)...) {
						if !slices.Contains(in, place) {
							in = append(in, place)
						}
					}
				}
				return in
			}},
	}
}

func (v *Visit) riskTable(band string, rows []riskRow, first bool) *table.Table {
	t := table.New("risk-"+slugOf(band), v.T("risk.band."+slugOf(band)))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("provider", v.T("by.provider"), table.TextColumn)
	t.Column("total", v.T("total"), table.MoneyColumn)
	t.Column("loses", v.T("loses"), table.MoneyColumn)
	t.Column("share", v.T("share"), table.PercentColumn)
	t.Column("ends", v.T("timeline.ends"), table.DateColumn)
	t.Column("decide", v.T("decide-by"), table.DateColumn)
	t.Column("late", v.T("how-long"), table.TagColumn)
	t.Column("after", v.T("risk.after"), table.TextColumn)
	t.Column("people", v.T("risk.served"), table.CountColumn)
	t.Column("exit", v.T("risk.exit"), table.TagColumn)
	plans, signs := v.May(people.ExitPlan), v.May(people.SignOffExit)
	t.All = len(rows)
	from, to := 0, len(rows)
	page, sort := "page", "sort"
	if !first { // as Finish names them
		page, sort = t.ID+"-page", t.ID+"-sort"
	}
	if v.Q(sort) == "" {
		from, to = v.pageOf(page, len(rows))
	}
	for _, r := range rows[from:to] {
		name := v.NameOf(v.Book, "services", r.Service)
		page := v.To(pathOf("services", r.Service))
		s, _ := v.Service(r.Service)
		total := v.mapCell(r.total, true, ledger.AllocatedTo, "service", r.Service, "year", r.year.String())
		share := table.Unknown()
		if r.Share != nil {
			share = table.Percent(*r.Share).To(page)
		}
		decide, late := table.Unknown(), table.None()
		if r.Decide != nil {
			colour := table.Amber
			if r.Decide.Date < v.Today {
				colour = table.Red
			}
			decide, late = table.Date(r.Decide.Date), table.Tag(v.Away(v.Today, r.Decide.Date), colour)
		}
		after := table.Text(v.T("risk.nothing-after"))
		if len(r.after) > 0 {
			after = table.Text(v.names("awards", r.after))
		}
		served := table.Unknown()
		if s.Capacity >= 0 {
			served = table.Count(s.Capacity).Noted(unitOf(v, s))
		}
		exit := table.Tag(v.T("exit.state."+r.exit), exitColours[r.exit])
		if v.reading.sees(plans, r.Service) {
			text := "risk.add-plan"
			if r.exit != "none" {
				text = "risk.change-plan"
			}
			exit = exit.Also(table.Link{Text: v.T(text), Href: v.Base() + pathOf("services", r.Service, "exit", "plan"), About: name.Text})
		}
		if r.exit == "draft" && v.reading.sees(signs, r.Service) {
			exit = exit.Also(table.Link{Text: v.T("risk.agree-plan"), Href: v.Base() + pathOf("services", r.Service, "exit", "agree"), About: name.Text})
		}
		if v.reading.sees(v.May(people.Plan), r.Service) {
			exit = exit.Also(table.Link{Text: v.T("scenario.start-at-risk"), Href: v.Base() + "/plan/scenarios/new?" + url.Values{"service": {r.Service}}.Encode(), About: name.Text})
		}
		t.Row(table.Text(name.Text).In(string(name.Lang)).To(page), v.named("organisations", s.Provider), total,
			table.Money(r.Amount, v.Style()).To(v.Evidence(r.Finding)), share, table.Date(r.date).To(v.To("/timeline/"+r.date.String())),
			decide, late, after, served, exit)
	}
	return v.Finish(t)
}
