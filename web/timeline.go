package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/chart"
	"braid/web/form"
	"braid/web/table"
)

var timelineRoutes = []Route{
	{Method: "GET", Path: "/timeline", Right: people.See, Do: timeline, Kept: true},
	{Method: "GET", Path: "/timeline/:day", Right: people.See, Do: timelineDay, Kept: true},
}

// How far ahead the page's first sentence looks, and how many ends it names.
const (
	leadMonths = 15
	leadEnds   = 4
)

type timelinePage struct {
	Lead    string
	Own     string
	By      []form.Option
	Years   []form.Option
	Chart   template.HTML
	Awards  *table.Table
	Ends    *table.Table
	Feed    string
	Nothing bool
}

// timelineOf is the timeline as far as the reader may see it.
func (v *Visit) timelineOf() *report.Timeline {
	only := v.boardMoney()
	if v.Place != "" {
		only[ledger.ByArea] = v.Place
	}
	ask := report.MapOf{Year: v.Year, Only: only, Position: v.reading.Position}
	if !v.Reach.All && !v.ofBoard() {
		ask.Sees = v.Sees
	}
	return report.NewTimeline(v.View, ask)
}

// timeline says which grants end, and when.
func timeline(v *Visit) (Answer, error) {
	line := v.timelineOf()
	p := timelinePage{Lead: v.timelineLead(line), Own: v.ownSaid(), Feed: v.Base() + "/calendar", Nothing: len(line.Runs) == 0}
	byService := v.Q("by") == "service"
	p.By = []form.Option{{Value: "stream", Label: v.T("by.stream"), Selected: !byService}, {Value: "service", Label: v.T("by.service"), Selected: byService}}
	years, err := strconv.Atoi(v.Q("years"))
	if err != nil || years < 3 || years > 6 {
		years = 3
	}
	for n := 3; n <= 6; n++ {
		p.Years = append(p.Years, form.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n), Selected: n == years})
	}
	picture := chart.Timeline{ID: "timeline", Title: v.T("timeline.title"), From: v.Year, To: v.Year + fiscal.Year(years-1), Today: v.Today, TodayText: v.T("today")}
	if v.Today < picture.From.Start() || v.Today > picture.To.End() {
		picture.Today = 0
	}
	for _, e := range line.Ends {
		if e.Date < picture.From.Start() || e.Date > picture.To.End() {
			continue
		}
		said := []string{v.Sum(e.Total), v.N("timeline.services", len(e.Services))}
		if e.Band != report.Bands[0] {
			said = append(said, v.T("timeline.band."+slugOf(e.Band)))
		}
		if n := len(picture.Cliffs); n > 0 && picture.Cliffs[n-1].On == e.Date {
			picture.Cliffs[n-1].Lines = append(picture.Cliffs[n-1].Lines, said...)
		} else {
			picture.Cliffs = append(picture.Cliffs, chart.Cliff{On: e.Date, Lines: append([]string{v.Short(e.Date)}, said...)})
		}
	}
	if byService {
		p.Awards = v.timelineServices(line, &picture)
	} else {
		p.Awards = v.timelineAwards(line, &picture)
	}
	picture.Desc = p.Lead
	const drawn = 40 // lanes; beyond it the table says it better
	if len(picture.Lanes) > 0 && len(picture.Lanes) <= drawn {
		p.Chart = picture.SVG()
	}
	p.Ends = v.timelineEnds(line)
	return Page{Template: "timeline", Title: v.T("timeline.title"), Nav: "timeline", Data: p, Tables: []*table.Table{p.Awards, p.Ends}, Money: true, Wide: true}, nil
}

func slugOf(s string) string { return strings.ReplaceAll(s, " ", "-") }

// timelineLead says how many ends are near and what they take.
func (v *Visit) timelineLead(line *report.Timeline) string {
	near := line.Within(v.Today.AddMonths(leadMonths))
	months := v.Count(leadMonths)
	if len(near) == 0 {
		if len(line.Ends) == 0 {
			return v.T("timeline.lead-never")
		}
		next := line.Ends[0]
		return v.T("timeline.lead-none", "Months", months, "Date", v.Date(next.Date), "Amount", v.Sum(next.Total))
	}
	var amounts []string
	for i, e := range near {
		if i == leadEnds {
			break
		}
		said := v.Sum(e.Total)
		if e.Band != report.Bands[0] {
			said += " (" + v.T("timeline.band."+slugOf(e.Band)) + ")"
		}
		amounts = append(amounts, said)
	}
	days := map[fiscal.Date]bool{}
	for _, e := range near {
		days[e.Date] = true
	}
	number := v.Count(len(days))
	if id := "timeline.number." + number; v.Has(id) {
		number = v.T(id)
	}
	lead := v.N("timeline.lead", len(days), "Number", number, "Months", months, "Amounts", strings.Join(amounts, v.T("timeline.then")))
	if rest := len(near) - len(amounts); rest > 0 {
		lead += " " + v.N("timeline.lead-more", rest)
	}
	return lead
}

// spansOf is how an award looks on the timeline: how sure, then what may follow.
func (v *Visit) spansOf(r report.Run) []chart.Span {
	var spans []chart.Span
	for _, s := range r.Spans {
		span := chart.Span{From: s.From, To: s.To, Standing: chart.Confirmed, Text: v.T("timeline.confirmed")}
		switch {
		case !s.Secured:
			span.Standing, span.Text = chart.Proposed, v.T("timeline.not-confirmed")
		case s.To.IsZero():
			span.Standing, span.Text = chart.Endless, v.T("no-end-date")
		}
		spans = append(spans, span)
	}
	if r.Likely {
		spans = append(spans, chart.Span{From: r.Last + 1, To: r.Last.AddMonths(24), Standing: chart.Likely, Text: v.T("timeline.likely")})
	}
	return spans
}

// timelineAwards lists the awards, and draws a lane for each.
func (v *Visit) timelineAwards(line *report.Timeline, picture *chart.Timeline) *table.Table {
	t := table.New("awards", v.T("timeline.awards"))
	t.Wide, t.Frozen = true, true
	t.Column("stream", v.T("by.stream"), table.TextColumn)
	t.Column("starts", v.T("timeline.starts"), table.DateColumn)
	t.Column("ends", v.T("timeline.ends"), table.DateColumn)
	t.Column("status", v.T("status"), table.TagColumn)
	t.Column("money", v.T("timeline.this-year", "Year", v.Year.String()), table.MoneyColumn)
	t.Column("services", v.T("nav.services"), table.CountColumn)
	t.Column("follows", v.T("timeline.follows"), table.TextColumn)
	for _, r := range line.Runs {
		a, _ := v.Award(r.Award)
		n := v.NameOf(v.Book, "awards", r.Award)
		picture.Lanes = append(picture.Lanes, chart.Lane{Name: n.Text, Lang: string(n.Lang), Spans: v.spansOf(r)})
		ends := table.Text(v.T("no-end-date"))
		if !r.Last.IsZero() {
			ends = table.Date(r.Last).To(v.To("/timeline/" + r.Last.String()))
		}
		pairs := pairs(v.boardMoney(), "award", r.Award, "year", v.Year.String())
		if v.Place != "" {
			pairs = append(pairs, "area", v.Place)
		}
		money := v.mapCell(r.Money, false, ledger.AllocatedTo, pairs...)
		if !v.Reach.All && !v.ofBoard() {
			money.Link = v.To("/services", "stream", a.Stream)
		}
		t.Row(table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("streams", a.Stream))), table.Date(r.Starts), ends, v.runStatus(r), money,
			table.Count(len(r.Services)).To(v.To("/services", "stream", a.Stream)), table.Text(v.follows(r)))
	}
	t.Empty = v.T("timeline.empty")
	return v.Finish(t)
}

// runStatus is how an award stands, in one word.
func (v *Visit) runStatus(r report.Run) table.Cell {
	switch {
	case !r.Last.IsZero() && r.Last < v.Today:
		return table.Tag(v.T("status.ended"), table.Grey)
	case !r.Last.IsZero() && r.Last <= v.Today.AddMonths(v.Settings.Policy.HorizonMonths):
		return table.Tag(v.T("status.ending-soon"), table.Amber)
	case len(r.Spans) > 0 && !r.Spans[0].Secured:
		return table.Tag(v.T("status.not-confirmed"), table.Grey)
	}
	return table.Tag(v.T("status.confirmed"), table.Green)
}

// follows says what comes after an award.
func (v *Visit) follows(r report.Run) string {
	if r.Last.IsZero() {
		return v.T("timeline.goes-on")
	}
	said := v.T("timeline.fate." + slugOf(r.Fate.String()))
	if r.Fate == funding.FateNotStated {
		said = v.T("not-known")
	}
	if r.Successor != "" {
		said = v.T("timeline.successor", "Award", v.NameOf(v.Book, "awards", r.Successor).Text, "Fate", said)
	}
	if a, _ := v.Award(r.Award); r.Likely && a.RenewalPercent >= 0 {
		said += "; " + v.T("timeline.chance", "Percent", strconv.Itoa(a.RenewalPercent)+"%")
	}
	return said
}

// timelineServices lists the services by when their money begins to end, and
// draws a lane for each: the bar says what share of this year's money is left.
func (v *Visit) timelineServices(line *report.Timeline, picture *chart.Timeline) *table.Table {
	t := table.New("services", v.T("timeline.by-service"))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("money", v.T("timeline.this-year", "Year", v.Year.String()), table.MoneyColumn)
	t.Column("first", v.T("timeline.first-end"), table.DateColumn)
	t.Column("first-money", v.T("timeline.ends-then"), table.MoneyColumn)
	t.Column("last", v.T("timeline.last-end"), table.DateColumn)
	t.Column("after", v.T("timeline.no-end"), table.MoneyColumn)
	only := ledger.Filter{}
	if v.Place != "" {
		only[ledger.ByArea] = v.Place
	}
	m := v.payers(v.Year, only)
	type lane struct {
		id    string
		first fiscal.Date
		row   func()
	}
	var lanes []lane
	for _, id := range m.Rows {
		if !v.Sees(id) {
			continue
		}
		l := laneOf(v, m, id)
		n := v.NameOf(v.Book, "services", id)
		lanes = append(lanes, lane{id, l.first, func() {
			picture.Lanes = append(picture.Lanes, chart.Lane{Name: n.Text, Lang: string(n.Lang), Spans: l.spans})
			with := func(more ...string) []string {
				all := pairs(v.boardMoney(), append([]string{"service", id, "year", v.Year.String()}, more...)...)
				if v.Place != "" {
					all = append(all, "area", v.Place)
				}
				return all
			}
			first, last := table.Text(v.T("no-end-date")), table.Text(v.T("no-end-date"))
			firstMoney, after := table.None(), table.None()
			if !l.first.IsZero() {
				first = table.Date(l.first).To(v.To("/timeline/" + l.first.String()))
				firstMoney = v.sumOfAwards(m, id, l.atFirst, with)
			}
			if len(l.endless) > 0 {
				after = v.sumOfAwards(m, id, l.endless, with)
			} else if !l.last.IsZero() {
				last = table.Date(l.last)
			}
			t.Row(table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("services", id))), v.mapCell(m.RowTotal(id), false, ledger.AllocatedTo, with()...), first, firstMoney, last, after)
		}})
	}
	slices.SortStableFunc(lanes, func(a, b lane) int {
		at := func(d fiscal.Date) int {
			if d.IsZero() {
				return 1 << 30
			}
			return int(d)
		}
		return at(a.first) - at(b.first)
	})
	for _, l := range lanes {
		l.row()
	}
	t.Empty, t.Note = v.T("timeline.empty"), v.T("timeline.share-note")
	return v.Finish(t)
}

// sumOfAwards adds what some awards pay of a service. A sum of one opens to its
// postings, one of several to the service, where each part does.
func (v *Visit) sumOfAwards(m *report.Map, service string, awards []string, with func(...string) []string) table.Cell {
	var sum report.Cell
	for _, a := range awards {
		c := m.Cell(service, a)
		sum.InYear.Merge(c.InYear)
		sum.OfTerm.Merge(c.OfTerm)
	}
	if len(awards) == 1 {
		return v.mapCell(sum, false, ledger.AllocatedTo, with("award", awards[0])...)
	}
	return v.mapCell(sum, false, ledger.AllocatedTo, with()...).To(v.To(pathOf("services", service)))
}

// serviceLane is a service's money over time.
type serviceLane struct {
	first, last      fiscal.Date
	atFirst, endless []string // awards
	spans            []chart.Span
}

func laneOf(v *Visit, m *report.Map, id string) serviceLane {
	var l serviceLane
	ends := map[fiscal.Date]money.Pence{}
	var forever money.Pence
	for _, award := range m.Columns {
		c := m.Cell(id, award)
		if c.None() {
			continue
		}
		a, _ := v.Award(award)
		last, has := a.LastDay()
		if !has {
			l.endless = append(l.endless, award)
			forever += c.InYear.Pence()
			continue
		}
		ends[last] += c.InYear.Pence()
		l.last = max(l.last, last)
		if l.first.IsZero() || last < l.first {
			l.first, l.atFirst = last, nil
		}
		if last == l.first {
			l.atFirst = append(l.atFirst, award)
		}
	}
	total := m.RowTotal(id).InYear.Pence()
	left, from := total, v.Year.Start()
	share := func(p money.Pence) string {
		if s, err := money.NewShare(int64(p), int64(total)); err == nil && p > 0 {
			return v.Share(s)
		}
		return ""
	}
	days := make([]fiscal.Date, 0, len(ends))
	for d := range ends {
		days = append(days, d)
	}
	slices.Sort(days)
	for _, d := range days {
		l.spans = append(l.spans, chart.Span{From: from, To: d, Standing: chart.Confirmed, Text: share(left)})
		from, left = d+1, left-ends[d]
	}
	if len(l.endless) > 0 {
		l.spans = append(l.spans, chart.Span{From: from, Standing: chart.Endless, Text: share(forever)})
	}
	return l
}

// timelineEnds lists the days on which money ends, with its parts.
func (v *Visit) timelineEnds(line *report.Timeline) *table.Table {
	t := table.New("ends", v.T("timeline.ends-table"))
	t.Column("date", v.T("timeline.ends"), table.DateColumn)
	t.Column("away", v.T("how-long"), table.TextColumn)
	t.Column("money", v.T("timeline.stops"), table.MoneyColumn)
	t.Column("made", v.T("timeline.made-of"), table.TextColumn)
	t.Column("services", v.T("nav.services"), table.CountColumn)
	t.Column("band", v.T("timeline.follows"), table.TextColumn)
	for _, e := range line.Ends {
		day := v.To("/timeline/" + e.Date.String())
		var parts []table.Link
		for _, part := range e.Parts {
			name := v.NameOf(v.Book, "awards", part.Award)
			link := table.Link{Text: name.Text + " " + v.cell(part.Money), Lang: string(name.Lang), Href: day}
			if (v.Reach.All || v.ofBoard()) && part.Money.OfTerm.IsNought() {
				all := pairs(v.boardMoney(), "award", part.Award, "year", part.Year.String())
				if v.Place != "" {
					all = append(all, "area", v.Place)
				}
				link.Href = v.Postings(ledger.AllocatedTo, all...)
			}
			parts = append(parts, link)
		}
		t.Row(table.Date(e.Date).To(day), table.Text(v.Away(v.Today, e.Date)), table.Money(e.Total, v.Style()).To(day),
			table.Text("").Also(parts...), table.Count(len(e.Services)).To(day), table.Text(v.T("timeline.band."+slugOf(e.Band))))
	}
	t.Empty = v.T("timeline.lead-never")
	if len(t.Rows) > 0 {
		t.Note = v.T("timeline.stops-note")
	}
	return v.Finish(t)
}

type timelineDayPage struct {
	Lead   []string
	Own    string
	Tables []*table.Table
}

// timelineDay says what stops on a day: each service and each award, with what
// it comes to.
func timelineDay(v *Visit) (Answer, error) {
	day, err := fiscal.ParseDate(v.Param("day"))
	if err != nil || day.IsZero() {
		return nil, Missing{}
	}
	line := v.timelineOf()
	p := timelineDayPage{Own: v.ownSaid()}
	only := ledger.Filter{}
	if v.Place != "" {
		only[ledger.ByArea] = v.Place
	}
	year := fiscal.YearOf(day)
	m := v.payers(year, only)
	for _, e := range line.Ends {
		if e.Date != day {
			continue
		}
		band := slugOf(e.Band)
		p.Lead = append(p.Lead, v.N("timeline.day-lead."+band, len(e.Services), "Amount", v.Sum(e.Total), "Date", v.Date(day), "Away", v.Away(v.Today, day)))
		p.Tables = append(p.Tables, v.dayTable(m, e, year))
	}
	if len(p.Tables) == 0 { // a grant ends, and none of the money seen here with it
		p.Lead = []string{v.T("timeline.day-nothing", "Date", v.Date(day))}
	}
	return Page{Template: "timelineday", Title: v.T("timeline.day-title", "Date", v.Date(day)), Nav: "timeline", Data: p, Tables: p.Tables, Wide: true}, nil
}

func (v *Visit) dayTable(m *report.Map, e report.Stop, year fiscal.Year) *table.Table {
	t := table.New("stops-"+slugOf(e.Band), v.T("timeline.day-table", "Year", year.String(), "Band", v.T("timeline.band."+slugOf(e.Band))))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	with := func(more ...string) []string {
		all := pairs(v.boardMoney(), append([]string{"year", year.String()}, more...)...)
		if v.Place != "" {
			all = append(all, "area", v.Place)
		}
		return all
	}
	total := []table.Cell{table.Text(v.T("total"))}
	for _, part := range e.Parts {
		n := v.NameOf(v.Book, "awards", part.Award)
		t.Column(part.Award, n.Text, table.MoneyColumn).Lang = string(n.Lang)
		c := v.mapCell(part.Money, false, ledger.AllocatedTo, with("award", part.Award)...)
		if !v.Reach.All && !v.ofBoard() {
			c.Link = "" // the rows beneath are what it opens to
		}
		total = append(total, c)
	}
	t.Column("total", v.T("total"), table.MoneyColumn)
	t.Total(append(total, table.Money(e.Total, v.Style()))...)
	starred := false
	for _, service := range e.Services {
		n := v.NameOf(v.Book, "services", service)
		cells := []table.Cell{table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("services", service)))}
		var sum report.Cell
		var paying []string
		for _, part := range e.Parts {
			c := m.Cell(service, part.Award)
			if !c.None() {
				paying = append(paying, part.Award)
			}
			sum.InYear.Merge(c.InYear)
			sum.OfTerm.Merge(c.OfTerm)
			cells = append(cells, v.mapCell(c, false, ledger.AllocatedTo, with("service", service, "award", part.Award)...))
		}
		starred = starred || !sum.OfTerm.IsNought()
		total := table.Money(sum.InYear, v.Style()) // what it opens to stands beside it
		if len(paying) == 1 {
			total = total.To(v.Postings(ledger.AllocatedTo, with("service", service, "award", paying[0])...))
		}
		t.Row(append(cells, total)...)
	}
	if starred {
		t.Note = v.T("map.starred")
	}
	return v.Finish(t)
}
