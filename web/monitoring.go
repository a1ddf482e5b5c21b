package web

import (
	"html/template"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/chart"
	"braid/web/table"
)

type monitoringPage struct {
	Lead, Own string
	Notes     []navLink // a note, linked where a number in it opens
	Load      string
	Chart     template.HTML
	Table     *table.Table
}

// monitored compares budget, spend and forecast for the year of the context bar,
// of services that work in its place.
func (v *Visit) monitored() *report.Monitoring {
	sees := func(service string) bool { return v.Sees(service) && (v.Place == "" || v.worksIn(service, v.Place)) }
	return report.NewMonitoring(v.View, report.MonitoringOf{Year: v.Year, Only: v.boardMoney(), Sees: sees, Position: v.reading.Position, Original: v.originalBudget(v.Year)})
}

// monitoring says whether we spend what we planned.
func monitoring(v *Visit) (Answer, error) {
	m := v.monitored()
	p := monitoringPage{Own: v.ownSaid()}
	p.Lead = v.monitoringLead(m)
	note := func(text, to string) { p.Notes = append(p.Notes, navLink{Text: text, Href: to}) }
	if m.Months > 0 {
		note(v.N("monitoring.straight", m.Months, "Date", v.Date(m.To)), "")
	}
	if m.SpentTo != 0 {
		note(v.N("monitoring.fresh", int(v.Today-m.SpentTo), "Date", v.Date(m.SpentTo)), "")
	}
	year := v.Year.String()
	if term := v.Position(nil, v.termMoney()).Total.Sums[ledger.PaidOut]; !term.IsNought() && (v.Reach.All || v.ofBoard()) {
		note(v.T("monitoring.of-term", "Amount", v.Sum(term)), v.Postings(ledger.PaidOut, pairs(v.termMoney())...))
	}
	if v.Reach.All {
		for _, without := range []ledger.Dimension{ledger.ByAward, ledger.ByService} {
			only := ledger.Filter{ledger.ByYear: year, without: ""}
			if spent := v.Position(nil, only).Total.Sums[ledger.PaidOut]; !spent.IsNought() {
				note(v.T("monitoring.without-"+without.String(), "Amount", v.Sum(spent)), v.Postings(ledger.PaidOut, pairs(only)...))
			}
		}
	}
	if v.Can(people.Pay) {
		p.Load = v.Base() + "/import"
	}
	if len(m.Rows) > 0 && m.Months > 0 {
		p.Chart = v.monitoringChart(m)
	}
	p.Table = v.monitoringTable(m)
	return Page{Template: "monitoring", Title: v.T("monitoring.title", "Year", year), Nav: "ledger/monitoring", Data: p, Tables: []*table.Table{p.Table}, Money: true, Wide: true}, nil
}

// termMoney is the filter of money that is for the whole term of an award.
func (v *Visit) termMoney() ledger.Filter {
	only := v.boardMoney()
	only[ledger.ByYear] = "term"
	return only
}

func (v *Visit) monitoringLead(m *report.Monitoring) string {
	over := m.Spent.OverToDate()
	switch {
	case m.Months == 0:
		return v.T("monitoring.lead-ahead", "Budget", v.Sum(m.Spent.Revised), "Year", v.Year.String())
	case over.State() != money.Exact:
		return v.T("monitoring.lead-unknown", "Actual", v.Sum(m.Spent.Actual), "Date", v.Date(m.To))
	case over.Pence() > 0:
		return v.T("monitoring.lead-over", "Actual", v.Sum(m.Spent.Actual), "Date", v.Date(m.To), "Over", v.Sum(over))
	case over.Pence() < 0:
		return v.T("monitoring.lead-under", "Actual", v.Sum(m.Spent.Actual), "Date", v.Date(m.To), "Under", over.Pence().Abs().Whole())
	}
	return v.T("monitoring.lead-even", "Actual", v.Sum(m.Spent.Actual), "Date", v.Date(m.To))
}

// monitoringChart draws what services are over or under their budget to date.
func (v *Visit) monitoringChart(m *report.Monitoring) template.HTML {
	c := chart.Bars{ID: "variance", Title: v.T("monitoring.chart", "Date", v.Date(m.To)), Desc: v.T("monitoring.chart-text"), Under: v.T("monitoring.under"), Over: v.T("monitoring.over")}
	for _, row := range m.Rows {
		n := v.NameOf(v.Book, "services", row.Service)
		over := row.OverToDate()
		c.Bars = append(c.Bars, chart.Bar{Name: n.Text, Lang: string(n.Lang), Value: int64(over.Pence()), Text: signed(v, over), Unknown: over.State() != money.Exact})
	}
	return c.SVG()
}

// signed writes a variance: what is over has its plus.
func signed(v *Visit, s money.Sum) string {
	if s.State() == money.Exact && s.Pence() > 0 {
		return "+" + v.Sum(s)
	}
	return v.Sum(s)
}

func (v *Visit) monitoringTable(m *report.Monitoring) *table.Table {
	t := table.New("monitoring", v.T("monitoring.caption", "Year", v.Year.String()))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("original", v.T("monitoring.original"), table.MoneyColumn)
	t.Column("revised", v.T("monitoring.revised"), table.MoneyColumn)
	t.Column("to-date", v.T("monitoring.to-date"), table.MoneyColumn)
	t.Column("actual", v.T("monitoring.actual"), table.MoneyColumn)
	t.Column("over-to-date", v.T("monitoring.over-to-date"), table.MoneyColumn).Hint = v.T("monitoring.sign")
	t.Column("forecast", v.T("monitoring.forecast"), table.MoneyColumn)
	t.Column("variance", v.T("monitoring.variance"), table.MoneyColumn).Hint = v.T("monitoring.sign")
	t.Column("percent", v.T("monitoring.percent"), table.PercentColumn)
	t.Column("status", v.T("status"), table.TagColumn)
	t.Column("", v.T("monitoring.comment"), table.TextColumn)
	if len(m.Rows) > 0 {
		t.Total(v.monitoringCells(m.Spent, table.Text(v.T("monitoring.expenditure")), true)...)
		t.Total(v.monitoringCells(m.Income, table.Text(v.T("monitoring.income")), false)...)
		t.Total(v.monitoringCells(m.Net, table.Text(v.T("monitoring.net")), false)...)
	}
	for _, row := range m.Rows {
		n := v.NameOf(v.Book, "services", row.Service)
		t.Row(v.monitoringCells(row, table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("services", row.Service))), true)...)
	}
	if v.Place != "" {
		t.Note = v.T("services.whole")
	}
	t.Empty = v.T("monitoring.none", "Year", v.Year.String())
	return v.Finish(t)
}

// monitoringCells writes a row. Sums of postings open to them; what is worked
// out opens to its sum.
func (v *Visit) monitoringCells(row report.Monitored, name table.Cell, opens bool) []table.Cell {
	year := v.Year.String()
	of := pairs(v.boardMoney(), "year", year)
	sum := v.To("/ledger/monitoring/sum", "service", row.Service)
	if row.Service != "" {
		of = append(of, "service", row.Service)
	} else {
		opens = opens && v.ofAllServices()
	}
	style := v.Style()
	cell := func(s money.Sum, link string) table.Cell {
		switch {
		case !opens && s.IsNought():
			return table.None()
		case !opens:
			return table.Money(s, style)
		}
		return table.Money(s, style).To(link)
	}
	percent := table.Unknown()
	if over := row.Over(); over.State() == money.Exact {
		percent = table.PercentOf(over.Pence(), row.Revised.Pence())
		if opens {
			percent = percent.To(sum)
		}
	}
	if !opens && row.Revised.IsNought() {
		percent = table.None()
	}
	status := table.Text("")
	if opens || row.Service != "" {
		status = v.monitoringStatus(row)
	}
	return []table.Cell{name,
		cell(row.Original, v.opens(original, of...)),
		cell(row.Revised, v.Postings(ledger.AllocatedTo, of...)),
		cell(row.ToDate, sum),
		cell(row.Actual, v.Postings(ledger.PaidOut, of...)),
		cell(row.OverToDate(), sum), cell(row.Forecast, sum), cell(row.Over(), sum), percent, status, table.Text(row.Comment)}
}

// ofAllServices reports whether totals are of all services there are, or all of
// a board: those of some cannot be named by an address, and do not open.
func (v *Visit) ofAllServices() bool { return v.Place == "" && (v.Reach.All || v.ofBoard()) }

// monitoringStatus says how a service stands: by its forecast where there is
// one, else by its spend so far.
func (v *Visit) monitoringStatus(row report.Monitored) table.Cell {
	over, of := row.Over(), row.Revised
	if over.State() != money.Exact {
		over, of = row.OverToDate(), row.ToDate
	}
	if over.State() != money.Exact {
		return table.Unknown()
	}
	p := over.Pence()
	switch {
	case of.Pence() <= 0 && p > 0:
		return table.Tag(v.T("status.no-budget"), table.Red)
	case of.Pence() <= 0:
		return table.None()
	}
	share, err := money.NewShare(int64(p.Abs()), int64(of.Pence()))
	switch {
	case err != nil || share.Cmp(v.Settings.AmberShare) < 0:
		return table.Tag(v.T("status.on-budget"), table.Green)
	case p > 0 && share.Cmp(v.Settings.RedShare) >= 0:
		return table.Tag(v.T("status.over-budget"), table.Red)
	case p > 0:
		return table.Tag(v.T("status.slightly-over"), table.Amber)
	case share.Cmp(v.Settings.RedShare) >= 0:
		return table.Tag(v.T("status.under-budget"), table.Red)
	}
	return table.Tag(v.T("status.slightly-under"), table.Amber)
}

type monitoringSumPage struct {
	Lead  string
	Back  string
	Table *table.Table
}

// monitoringSum shows how the figures of one service, or of all, are worked out.
func monitoringSum(v *Visit) (Answer, error) {
	m := v.monitored()
	row, service := m.Spent, v.Q("service")
	title := v.T("monitoring.sum-all", "Year", v.Year.String())
	if service != "" {
		found := false
		for _, one := range m.Rows {
			if one.Service == service {
				row, found = one, true
			}
		}
		if !found {
			return nil, Missing{}
		}
		title = v.T("monitoring.sum-title", "Service", v.NameOf(v.Book, "services", service).Text, "Year", v.Year.String())
	}
	p := monitoringSumPage{Back: v.To("/ledger/monitoring", "service", "")}
	opens := service != "" || v.ofAllServices()
	of := pairs(v.boardMoney(), "year", v.Year.String())
	if service != "" {
		of = append(of, "service", service)
	}
	t := table.New("sum", v.T("postings.workings"))
	t.Column("", v.T("postings.part-of"), table.TextColumn)
	t.Column("", v.T("postings.amount"), table.MoneyColumn)
	t.Column("", v.T("monitoring.how"), table.TextColumn)
	add := func(id string, s money.Sum, link, how string) {
		c := table.Money(s, table.Exact)
		if opens && link != "" {
			c = c.To(link)
		}
		t.Row(table.Text(v.T(id)), c, table.Text(how))
	}
	revised, actual := v.Postings(ledger.AllocatedTo, of...), v.Postings(ledger.PaidOut, of...)
	add("monitoring.original", row.Original, v.opens(original, of...), v.T("monitoring.how-original"))
	add("monitoring.revised", row.Revised, revised, v.T("monitoring.how-revised"))
	how := v.T("monitoring.how-straight", "Months", strconv.Itoa(m.Months), "Revised", v.Exact(row.Revised))
	switch {
	case row.Profiled:
		how = v.T("monitoring.how-stated", "Records", strings.Join(row.Outturns, ", "))
	case service == "":
		how = v.T("monitoring.how-rows")
	}
	add("monitoring.to-date", row.ToDate, "", how)
	add("monitoring.actual", row.Actual, actual, v.T("monitoring.how-actual"))
	add("monitoring.over-to-date", row.OverToDate(), "", v.T("monitoring.difference", "A", v.Exact(row.Actual), "B", v.Exact(row.ToDate)))
	how = v.T("monitoring.how-no-forecast")
	switch {
	case len(row.Outturns) > 0:
		how = v.T("monitoring.how-stated", "Records", strings.Join(row.Outturns, ", "))
	case service == "" && row.Forecast.State() != money.NotKnown:
		how = v.T("monitoring.how-rows")
	}
	add("monitoring.forecast", row.Forecast, "", how)
	add("monitoring.variance", row.Over(), "", v.T("monitoring.difference", "A", v.Exact(row.Forecast), "B", v.Exact(row.Revised)))
	p.Table = v.Finish(t)
	p.Lead = v.T("monitoring.sum-lead", "Actual", v.Exact(row.Actual), "Budget", v.Exact(row.ToDate))
	return Page{Template: "monitored", Title: title, Nav: "ledger/monitoring", Data: p, Tables: []*table.Table{p.Table}}, nil
}
