package web

import (
	"bytes"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/forecast/workbook"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/sentence"
	"braid/web/chart"
	"braid/web/form"
	"braid/web/table"
)

var outlookRoutes = []Route{
	{Method: "GET", Path: "/plan/forecast", Right: people.See, Do: outlook, Kept: true},
	{Method: "GET", Path: "/plan/forecast/figure", Right: people.See, Do: outlookFigure, Kept: true},
}

// How many years a forecast shows, and from what chance a renewal is likely.
const (
	fewestYears, mostYears = 4, 10
	likelyFrom             = 50
)

// ahead is the forecast as an address asks for it, as far as its reader may see
// it.
type ahead struct {
	*forecast.Projection
	years, likely int
	rate          string   // tried for prices, in place of what is recorded
	only          []string // the services of the reader or the place, where that is not all
	some          bool
	which         string // the low, expected or high case; "": as assumed
}

// asked reports whether the address tries anything other than what is recorded.
func (a ahead) asked() bool { return a.rate != "" || a.likely != likelyFrom }

// forecastOf is the forecast by what is recorded, with what ending posts costs
// for those who may see it; worked out once.
func (v *Visit) forecastOf(years int) *forecast.Projection {
	posts := v.seesPosts()
	return worked(v.reading, forecastKey{years, posts}, func() *forecast.Projection {
		assumed := forecast.Recorded(v.View)
		assumed.WithoutPosts = !posts
		return forecast.Project(v.View, assumed, years)
	})
}

type forecastKey struct {
	years int
	posts bool
}

// ahead reads the address. What it says wrongly is left aside, and told.
func (v *Visit) ahead() (ahead, form.Errors) {
	a := ahead{years: fewestYears, likely: likelyFrom}
	if n, err := strconv.Atoi(v.Q("years")); err == nil && n >= fewestYears && n <= mostYears {
		a.years = n
	}
	var errs form.Errors
	assumed := forecast.Recorded(v.View)
	if text := strings.TrimSuffix(v.Q("likely"), "%"); text != "" {
		if n, err := strconv.Atoi(text); err != nil || n < 1 || n > 100 {
			errs.Add("likely", v.T("outlook.bad-likely"))
		} else {
			a.likely = n
		}
	}
	assumed.LikelyFrom, assumed.WithoutPosts = a.likely, !v.seesPosts()
	if text := v.Q("prices"); text != "" {
		rate, err := money.ParseRate(strings.TrimSuffix(strings.ReplaceAll(text, "−", "-"), "%") + "%")
		least, _ := money.ParseRate("-20%")
		most, _ := money.ParseRate("100%")
		if err != nil || rate.Decimal().LessThan(least.Decimal()) || rate.Decimal().GreaterThan(most.Decimal()) {
			errs.Add("prices", v.T("outlook.bad-prices"))
		} else {
			a.rate, assumed = rate.String(), assumed.At(rate)
		}
	}
	if a.asked() {
		a.Projection = forecast.Project(v.View, assumed, a.years)
	} else {
		a.Projection = v.forecastOf(a.years)
	}
	if !v.Reach.All || v.Place != "" {
		a.some = true
		for _, s := range a.Services {
			if v.Sees(s.ID) && (v.Place == "" || v.worksIn(s.ID, v.Place)) {
				a.only = append(a.only, s.ID)
			}
		}
	}
	return a, errs
}

// figure is a row's figure of the reader's services.
func (a ahead) figure(l forecast.Line, y fiscal.Year) forecast.Figure {
	if !a.some {
		return a.Total(l, y)
	}
	return a.Among(a.only, l, y)
}

// change is a row's change on the year before; of the first year, its level.
func (a ahead) change(l forecast.Line, y fiscal.Year) forecast.Figure {
	now := a.figure(l, y)
	if y == a.From {
		return now
	}
	was := a.figure(l, y-1)
	if now.State != forecast.Exact || was.State != forecast.Exact {
		return forecast.Figure{State: forecast.NotKnown}
	}
	return forecast.Figure{Amount: now.Amount - was.Amount}
}

// plusFigure adds two figures that are not below nought. What is at least so
// much beside what is at most so much is not known at all.
func plusFigure(a, b forecast.Figure) forecast.Figure {
	sum := forecast.Figure{Amount: a.Amount + b.Amount}
	low := a.State == forecast.AtLeast || a.State == forecast.NotKnown || b.State == forecast.AtLeast || b.State == forecast.NotKnown
	high := a.State == forecast.AtMost || b.State == forecast.AtMost
	switch {
	case low && (high || sum.Amount == 0):
		return forecast.Figure{State: forecast.NotKnown}
	case low:
		sum.State = forecast.AtLeast
	case high:
		sum.State = forecast.AtMost
	}
	return sum
}

// short lists the reader's services that are short in a year.
func (a ahead) short(of []string) []string {
	if !a.some {
		return of
	}
	return slices.DeleteFunc(slices.Clone(of), func(id string) bool { return !slices.Contains(a.only, id) })
}

// foreseen writes a figure in a sentence.
func (v *Visit) foreseen(f forecast.Figure) string {
	switch f.State {
	case forecast.NotKnown:
		return v.T("not-known")
	case forecast.AtLeast:
		return v.T("at-least", "Amount", f.Amount.Whole())
	case forecast.AtMost:
		return v.T("at-most", "Amount", f.Amount.Whole())
	}
	return f.Amount.Whole()
}

// foreseenExact is foreseen with pence.
func (v *Visit) foreseenExact(f forecast.Figure) string {
	switch f.State {
	case forecast.NotKnown:
		return v.T("not-known")
	case forecast.AtLeast:
		return v.T("at-least", "Amount", f.Amount.Exact())
	case forecast.AtMost:
		return v.T("at-most", "Amount", f.Amount.Exact())
	}
	return f.Amount.Exact()
}

// foreseenCell writes a figure in a table; nothing is a dash.
func foreseenCell(f forecast.Figure, style table.Style, link string) table.Cell {
	c := table.Pence(f.Amount, style)
	switch {
	case f.State == forecast.NotKnown:
		c = table.Unknown()
	case f.State == forecast.AtLeast:
		sum := sumOf(f.Amount)
		sum.Add(money.Unknown)
		c = table.Money(sum, style)
	case f.State == forecast.AtMost:
		c = c.AtMost()
	case f.Amount == 0:
		return table.None()
	}
	return c.To(link)
}

// outlookLink is where a figure of the forecast opens, under the same
// assumptions.
func (v *Visit) outlookLink(a ahead, l forecast.Line, service string, y fiscal.Year, more ...string) string {
	q := v.outlookQuery(a)
	q.Set("line", lineSlug(l))
	q.Set("year", y.String())
	if service != "" {
		q.Set("service", service)
		q.Del("place")
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return v.Base() + "/plan/forecast/figure?" + q.Encode()
}

// outlookQuery is the address's assumptions.
func (v *Visit) outlookQuery(a ahead) url.Values {
	q := url.Values{}
	if a.rate != "" {
		q.Set("prices", a.rate)
	}
	if a.likely != likelyFrom {
		q.Set("likely", strconv.Itoa(a.likely))
	}
	if a.years != fewestYears {
		q.Set("years", strconv.Itoa(a.years))
	}
	if v.Place != "" {
		q.Set("place", v.Place)
	}
	if a.which != "" {
		q.Set("case", a.which)
	}
	return q
}

func lineSlug(l forecast.Line) string { return strings.ReplaceAll(l.String(), "_", "-") }

type outlookPage struct {
	Lead           []string
	Own, Tried     string
	Untried        string
	Years          []form.Option
	Show           []form.Option
	Prices, Likely form.Field
	Hidden         [][2]string
	Table          *table.Table
	Waterfall      template.HTML
	Steps          *table.Table
	Fan            template.HTML
	FanLead        string
	FanHow         string
	Odds           *table.Table
	Cases          *table.Table
	Services       *table.Table
	Assumed        *table.Table
	Edit           string
	Notes          []string
	Save           string
	Workbook       string
}

// outlook says what the council will be short of.
func outlook(v *Visit) (Answer, error) {
	if v.ofBoard() { // what others pay is not theirs to see
		return Redirect{To: v.To(v.boardPath())}, nil
	}
	a, errs := v.ahead()
	if v.Q("year") == "" || v.Year < a.From || v.Year > a.Years[len(a.Years)-1] {
		v.Year = a.From + 1
	}
	if v.Q("format") == "xlsx" && (v.Q("table") == "" || v.Q("table") == "forecast") && !a.some {
		return v.outlookWorkbook(a)
	}
	p := outlookPage{Lead: v.outlookLead(a)}
	if a.some {
		p.Own = v.partSaid()
	}
	if p.Tried = v.triedSaid(a); p.Tried != "" {
		p.Untried = v.Here("prices", "", "likely", "")
	}
	for n := fewestYears; n <= mostYears; n++ {
		p.Years = append(p.Years, form.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n), Selected: n == a.years})
	}
	changes := v.Q("show") == "changes"
	p.Show = []form.Option{{Value: "", Label: v.T("outlook.show.levels"), Selected: !changes}, {Value: "changes", Label: v.T("outlook.show.changes"), Selected: changes}}
	p.Prices = form.Field{Name: "prices", Label: v.T("outlook.prices"), Value: v.Q("prices"), Error: errs.Of("prices")}
	p.Likely = form.Field{Name: "likely", Label: v.T("outlook.likely-from"), Value: strconv.Itoa(a.likely) + "%", Error: errs.Of("likely")}
	if p.Likely.Error != "" {
		p.Likely.Value = v.Q("likely")
	}
	p.Table = v.outlookTable(a, changes)
	p.Waterfall, p.Steps = v.outlookWaterfall(a)
	tables := []*table.Table{p.Table, p.Steps}
	var odds *forecast.Odds
	if !a.some {
		odds = v.oddsOf(a)
		v.outlookFan(a, odds, &p)
		p.Cases = v.outlookCases(a)
		if p.Odds != nil {
			tables = append(tables, p.Odds)
		}
		tables = append(tables, p.Cases)
	}
	p.Services = v.outlookServices(a, odds)
	p.Assumed = v.outlookAssumed(a)
	tables = append(tables, p.Services, p.Assumed)
	if v.Can(people.Plan) {
		p.Save = v.Base() + "/plan/scenarios/new?" + url.Values{"years": {strconv.Itoa(a.years)}, "prices": {a.rate}}.Encode()
	}
	if !a.some {
		p.Workbook = v.Here("format", "xlsx", "table", "forecast")
	}
	if v.May(people.Pay).All {
		p.Edit = v.Base() + "/registers/assumptions"
	}
	for _, n := range a.Notes {
		p.Notes = append(p.Notes, v.Sentence(v.Book, n))
	}
	return Page{Template: "forecast", Title: v.T("outlook.title"), Nav: "plan/forecast", Data: p, Tables: tables, Errors: errs, Money: true, Wide: true}, nil
}

// partSaid says which services the figures are of, where that is not all.
func (v *Visit) partSaid() string {
	if v.Place != "" {
		return v.T("outlook.of-place", "Place", v.NameOf(v.Book, "areas", v.Place).Text)
	}
	return v.T("outlook.own")
}

// triedSaid says what the address tries in place of what is recorded.
func (v *Visit) triedSaid(a ahead) string {
	var said []string
	if a.rate != "" {
		said = append(said, v.T("outlook.tried", "Rate", a.rate))
	}
	if a.likely != likelyFrom {
		said = append(said, v.T("outlook.tried-likely", "Percent", strconv.Itoa(a.likely)+"%"))
	}
	return strings.Join(said, " ")
}

// outlookLead says what will be missing in the chosen year, with and without
// the likely renewals, and of how many services.
func (v *Visit) outlookLead(a ahead) []string {
	if len(a.Services) == 0 {
		return []string{v.T("outlook.lead-empty")}
	}
	gap, after, year := a.figure(forecast.Gap, v.Year), a.figure(forecast.GapAfterLikely, v.Year), v.Year.String()
	var lead []string
	switch {
	case gap.State == forecast.NotKnown:
		lead = append(lead, v.T("outlook.lead-unknown", "Year", year))
	case gap == forecast.Figure{}:
		lead = append(lead, v.T("outlook.lead-none", "Year", year))
	case gap == after:
		lead = append(lead, v.T("outlook.lead-same", "Amount", v.foreseen(gap), "Year", year))
	default:
		lead = append(lead, v.T("outlook.lead-both", "Amount", v.foreseen(gap), "After", v.foreseen(after), "Year", year))
	}
	rest := v.N("outlook.short", len(a.short(a.Short(v.Year))), "Year", year)
	if n := len(a.short(a.PerhapsShort(v.Year))); n > 0 && gap.State == forecast.NotKnown {
		return append(lead, v.N("outlook.untold", n))
	} else if n > 0 {
		rest += " " + v.N("outlook.perhaps", n)
	}
	if missing := a.figure(forecast.SavingsNotFound, v.Year); missing != (forecast.Figure{}) {
		rest += " " + v.T("outlook.not-found", "Year", year, "Amount", v.foreseen(missing))
	}
	return append(lead, rest)
}

// outlookRows are the rows in the order printed, and which are always there.
var outlookRows = []struct {
	line   forecast.Line
	always bool
	class  string
}{
	{forecast.Cost, true, ""}, {forecast.Prices, true, ""}, {forecast.Pressures, false, ""}, {forecast.TotalCost, true, "sum"},
	{forecast.Secured, true, ""}, {forecast.Core, true, ""}, {forecast.Gap, true, "sum"}, {forecast.Likely, true, ""}, {forecast.GapAfterLikely, true, "sum"},
	{forecast.SavingsFound, true, ""}, {forecast.SavingsNotFound, true, "sum"}, {forecast.OverAllocated, true, ""},
	{forecast.UnallocatedGoingOn, true, "beneath"}, {forecast.UnallocatedEnding, false, ""}, {forecast.SecuredSuccessor, false, ""}, {forecast.Unsecured, false, ""},
	{forecast.WithoutMatch, false, ""}, {forecast.Proposed, false, ""}, {forecast.Surplus, false, ""}, {forecast.ExitCost, false, ""},
}

// ofNoService are the rows that are awards' own.
var ofNoService = []forecast.Line{forecast.OverAllocated, forecast.Unallocated, forecast.UnallocatedGoingOn, forecast.UnallocatedEnding, forecast.SecuredSuccessor}

func (v *Visit) outlookTable(a ahead, changes bool) *table.Table {
	caption := "outlook.table"
	if changes {
		caption += "-changes"
	}
	if v.K {
		caption += "-k"
	}
	t := table.New("forecast", v.T(caption))
	t.Wide, t.Frozen = true, true
	t.Column("", v.T("outlook.row"), table.TextColumn)
	for _, y := range a.Years {
		t.Column("", y.String(), table.MoneyColumn)
	}
	for _, r := range outlookRows {
		if a.some && slices.Contains(ofNoService, r.line) || !r.always && !v.anyFigure(a, r.line) {
			continue
		}
		cells := []table.Cell{table.Text(v.lineName(a, r.line))}
		for _, y := range a.Years {
			f, link := a.figure(r.line, y), v.outlookLink(a, r.line, "", y)
			if changes && y != a.From {
				f, link = a.change(r.line, y), v.outlookLink(a, r.line, "", y, "of", "change")
			}
			cells = append(cells, foreseenCell(f, v.Style(), link))
		}
		t.Row(cells...).Class = r.class
	}
	t.Note = v.T("outlook.note")
	return v.Finish(t)
}

func (v *Visit) anyFigure(a ahead, l forecast.Line) bool {
	return slices.ContainsFunc(a.Years, func(y fiscal.Year) bool { return a.figure(l, y) != forecast.Figure{} })
}

// lineName names a row; likely renewals with the awards they are of.
func (v *Visit) lineName(a ahead, l forecast.Line) string {
	if l == forecast.Likely {
		var of []string
		last := a.Years[len(a.Years)-1]
		for _, w := range a.Awards {
			if w.Likely && !w.Last.IsZero() && w.Last < last.End() {
				of = append(of, v.NameOf(v.Book, "awards", w.ID).Text)
			}
		}
		if len(of) > 0 && len(of) <= 4 {
			return v.T("outlook.likely-of", "Awards", strings.Join(of, ", "))
		}
	}
	return v.T("outlook.line." + lineSlug(l))
}

// step is one bar of the waterfall: how it is drawn, and where it opens. Its
// figure is what it adds or, where it takes, what it takes away.
type step struct {
	id    string
	kind  chart.StepKind
	f     forecast.Figure
	takes bool
	link  string
}

// outlookSteps leads from this year's funding to the chosen year's gap. Funding,
// less what ends, with the likely renewals, less the cost, is the gap; savings
// found close it, and those not found are what is missing.
func (v *Visit) outlookSteps(a ahead) []step {
	y := v.Year
	line := func(id string, l forecast.Line, takes bool) step {
		return step{id: id, f: a.figure(l, y), takes: takes, link: v.outlookLink(a, l, "", y)}
	}
	sum := func(id string, at fiscal.Year) step {
		return step{id: id, f: a.sum(id, at).total(), link: v.outlookSumLink(a, id, at)}
	}
	steps := []step{sum("funding", a.From), sum("ending", y), line("likely", forecast.Likely, false), line("cost", forecast.Cost, true), line("prices", forecast.Prices, true)}
	if pressures := line("pressures", forecast.Pressures, true); pressures.f != (forecast.Figure{}) {
		steps = append(steps, pressures)
	}
	if beyond := sum("beyond", y); beyond.f.State == forecast.Exact && beyond.f.Amount != 0 {
		beyond.takes = true
		steps = append(steps, beyond)
	}
	steps[0].kind = chart.Level
	steps = append(steps, line("found", forecast.SavingsFound, false), line("not-found", forecast.SavingsNotFound, false), line("gap", forecast.SavingsNotFound, true))
	steps[len(steps)-2].kind, steps[len(steps)-1].kind = chart.Missing, chart.Level
	for i := range steps {
		if s := &steps[i]; s.f.State == forecast.Exact && s.f.Amount < 0 {
			s.f.Amount, s.takes = -s.f.Amount, !s.takes
		}
	}
	return steps
}

// outlookWaterfall draws the steps, and sets them out as a table.
func (v *Visit) outlookWaterfall(a ahead) (template.HTML, *table.Table) {
	steps := v.outlookSteps(a)
	gap := steps[len(steps)-1].f
	title := v.T("outlook.waterfall", "Year", v.Year.String())
	if gap == (forecast.Figure{}) {
		title = v.T("outlook.waterfall-none", "Year", v.Year.String())
	}
	picture := chart.Waterfall{ID: "waterfall", Title: title, Desc: v.T("outlook.waterfall-desc", "Funding", v.foreseen(steps[0].f), "From", a.From.String(), "Gap", v.foreseen(gap), "Year", v.Year.String())}
	t := table.New("steps", title)
	t.Heading = "steps-title"
	t.Column("", v.T("outlook.step"), table.TextColumn)
	t.Column("", v.T("outlook.adds"), table.MoneyColumn)
	t.Column("", v.T("outlook.takes"), table.MoneyColumn)
	t.Column("", v.T("outlook.short-by"), table.MoneyColumn)
	for _, s := range steps {
		name := v.T("outlook.step." + s.id)
		if s.id == "funding" {
			name = v.T("outlook.step.funding", "Year", a.From.String())
		}
		value, text := int64(s.f.Amount), v.foreseen(s.f)
		amount, cells := foreseenCell(s.f, v.Style(), s.link), []table.Cell{table.Text(name), table.None(), table.None(), table.None()}
		switch {
		case s.id == "gap" || s.id == "not-found":
			cells[3] = amount
		case s.takes:
			cells[2] = amount
		default:
			cells[1] = amount
		}
		if s.takes {
			value = -value
			if s.f.Amount != 0 && s.id != "gap" {
				text = "−" + text
			}
		}
		if s.f == (forecast.Figure{}) {
			text = "–"
		}
		picture.Steps = append(picture.Steps, chart.Step{Name: name, Kind: s.kind, Value: value, Text: text, Likely: s.id == "likely", Unknown: s.f.State == forecast.NotKnown})
		t.Row(cells...)
	}
	if gap.State == forecast.NotKnown { // there is nothing to draw to
		return "", v.Finish(t)
	}
	return picture.SVG(), v.Finish(t)
}

// outlookServices lists the services and how each comes out in the chosen year.
func (v *Visit) outlookServices(a ahead, odds *forecast.Odds) *table.Table {
	caption := "outlook.services"
	if v.K {
		caption += "-k"
	}
	t := table.New("services", v.T(caption, "Year", v.Year.String()))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	columns := []struct {
		key  string
		line forecast.Line
	}{{"cost", forecast.TotalCost}, {"secured", forecast.Secured}, {"core", forecast.Core}, {"gap", forecast.Gap}, {"likely", forecast.Likely}, {"after", forecast.GapAfterLikely}}
	for _, c := range columns {
		t.Column(c.key, v.T("outlook.col."+c.key), table.MoneyColumn)
	}
	if odds != nil {
		t.Column("chance", v.T("outlook.col.chance"), table.PercentColumn)
	}
	t.Column("duty", v.T("outlook.col.duty"), table.TagColumn)
	total := []table.Cell{table.Text(v.T("total"))}
	beside := []table.Cell{table.Text(v.T("outlook.no-service"))}
	over := a.Total(forecast.OverAllocated, v.Year)
	for _, c := range columns {
		total = append(total, foreseenCell(a.figure(c.line, v.Year), v.Style(), v.outlookLink(a, c.line, "", v.Year)))
		of := table.None()
		switch c.line {
		case forecast.Gap, forecast.GapAfterLikely:
			of = foreseenCell(over, v.Style(), v.outlookLink(a, forecast.OverAllocated, "", v.Year))
		case forecast.Secured:
			if over.State == forecast.Exact && over.Amount != 0 {
				of = table.Pence(-over.Amount, v.Style())
			}
		}
		beside = append(beside, of)
	}
	for _, s := range a.Services {
		if a.some && !slices.Contains(a.only, s.ID) {
			continue
		}
		cells := []table.Cell{v.named("services", s.ID).To(v.To(pathOf("services", s.ID)))}
		any := false
		for _, c := range columns {
			f := a.Of(s.ID, c.line, v.Year)
			any = any || f != forecast.Figure{}
			cells = append(cells, foreseenCell(f, v.Style(), v.outlookLink(a, c.line, s.ID, v.Year)))
		}
		if !any {
			continue
		}
		if odds != nil {
			cells = append(cells, v.chanceCell(odds, s.ID))
		}
		duty := table.Text("")
		if s.Statutory {
			colour := table.Grey
			if gap := a.Of(s.ID, forecast.Gap, v.Year); gap != (forecast.Figure{}) {
				colour = table.Red // the duty outlives its money
			}
			duty = table.Tag(v.T("outlook.statutory"), colour)
		}
		t.Row(append(cells, duty)...)
	}
	if len(t.Rows) > 0 {
		t.Total(total...)
		if !a.some && over != (forecast.Figure{}) {
			t.Total(beside...)
		}
	}
	if v.Q("services-sort") == "" {
		t.SortBy("-gap", v.Sort())
		t.Sort = ""
	}
	t.Empty = v.T("outlook.no-services")
	return v.Finish(t)
}

// aheadTable is the forecast of one service, for its page; nil where it has no
// part in it.
func (v *Visit) aheadTable(service string) *table.Table {
	a := ahead{Projection: v.forecastOf(fewestYears), years: fewestYears, likely: likelyFrom}
	if _, ok := a.Service(service); !ok {
		return nil
	}
	t := table.New("ahead", v.T("outlook.ahead"))
	t.Wide = true // its headings are long
	t.Column("", v.T("by.year"), table.TextColumn)
	lines := []forecast.Line{forecast.TotalCost, forecast.Secured, forecast.Core, forecast.Gap, forecast.GapAfterLikely}
	for _, l := range lines {
		t.Column("", v.T("outlook.line."+lineSlug(l)), table.MoneyColumn)
	}
	for _, y := range a.Years {
		cells := []table.Cell{table.Text(y.String())}
		for _, l := range lines {
			cells = append(cells, foreseenCell(a.Of(service, l, y), v.Style(), v.outlookLink(a, l, service, y)))
		}
		t.Row(cells...)
	}
	return v.Finish(t)
}

// outlookAssumed lists what the forecast rests on.
func (v *Visit) outlookAssumed(a ahead) *table.Table {
	t := table.New("assumed", v.T("outlook.assumed"))
	t.Column("", v.T("outlook.assume.what"), table.TextColumn)
	t.Column("", v.T("outlook.assume.is"), table.TextColumn)
	t.Column("", v.T("outlook.assume.low"), table.TextColumn)
	t.Column("", v.T("outlook.assume.high"), table.TextColumn)
	t.Column("", v.T("outlook.assume.source"), table.TextColumn)
	edits := v.May(people.Pay).All
	for _, p := range a.Assumptions.Prices {
		what := v.T("outlook.assume.price-all")
		if p.CostType != "" {
			what = v.T("outlook.assume.price-type", "Type", v.valueWords("services", "cost_type", p.CostType))
		}
		if p.Year != 0 {
			what = v.T("outlook.assume.price-year", "What", what, "Year", p.Year.String())
		}
		source := p.Source
		if a.rate != "" {
			source = v.T("outlook.assume.tried")
		}
		name := table.Text(what)
		if edits && p.ID != "" {
			name = name.To(v.Base() + pathOf("registers", "assumptions", p.ID))
		}
		t.Row(name, table.Text(p.Rate.String()), table.Text(p.Low.String()), table.Text(p.High.String()), table.Text(source))
	}
	if len(a.Assumptions.Prices) == 0 {
		t.Row(table.Text(v.T("outlook.assume.price-all")), table.None(), table.None(), table.None(), table.Text(v.T("outlook.assume.none")))
	}
	percent := func(n int) table.Cell { return table.Text(strconv.Itoa(n) + "%") }
	last := a.Years[len(a.Years)-1]
	for _, w := range a.Awards {
		if w.Last.IsZero() || w.Last >= last.End() || w.Last < v.AsAt && w.Chance == 0 {
			continue
		}
		award, _ := v.Award(w.ID)
		source := v.T("outlook.assume.award-says")
		if _, stated := a.Assumptions.Renewals[w.ID]; stated {
			source = v.T("history.register.assumptions")
		} else if award.RenewalPercent < 0 {
			source = v.T("outlook.assume.fate")
		}
		name := v.NameOf(v.Book, "awards", w.ID)
		t.Row(table.Text(v.T("outlook.assume.renewal", "Award", name.Text)).To(v.To(pathOf("streams", w.Stream))), percent(w.Chance), table.None(), table.None(), table.Text(source))
	}
	source := v.T("outlook.assume.usual")
	if a.likely != likelyFrom {
		source = v.T("outlook.assume.tried")
	}
	t.Row(table.Text(v.T("outlook.assume.likely")), percent(a.likely), table.None(), table.None(), table.Text(source))
	return v.Finish(t)
}

// The draws of the fan: as many, and from this seed, so that all who look at one
// ledger see the same. What is only tried is drawn less often.
const (
	oddsSeed  = 2027
	oddsDraws = 10_000
	triedDraw = 1_000
)

// oddsOf is how the gap may turn out; worked out once for what is recorded.
func (v *Visit) oddsOf(a ahead) *forecast.Odds {
	half, _ := money.NewShare(1, 2)
	if a.asked() {
		return a.Draw(oddsSeed, triedDraw, half)
	}
	return worked(v.reading, oddsKey{a.years}, func() *forecast.Odds { return a.Draw(oddsSeed, oddsDraws, half) })
}

type oddsKey struct{ years int }

// chanceCell is how likely a service is to lose more than half of its money in
// any of the years.
func (v *Visit) chanceCell(odds *forecast.Odds, service string) table.Cell {
	at, drawn := slices.BinarySearchFunc(odds.Services, service, func(c forecast.Chance, id string) int { return strings.Compare(c.Service, id) })
	if !drawn {
		return table.Unknown()
	}
	c := odds.Services[at]
	share, err := money.NewShare(int64(c.Ever), 100)
	if err != nil {
		return table.Unknown()
	}
	cell := table.Percent(share).To("#drawn")
	if !c.Known {
		cell = cell.Noted(v.T("outlook.of-known"))
	}
	return cell
}

// outlookFan draws how far apart the years may turn out, beside what comes if no
// grant is renewed.
func (v *Visit) outlookFan(a ahead, odds *forecast.Odds, p *outlookPage) {
	fan := chart.Fan{ID: "fan", Title: v.T("outlook.fan-title"), LowName: v.T("outlook.p10"), MiddleName: v.T("outlook.p50"), HighName: v.T("outlook.p90"),
		Scale: func(n int64) string { return v.Pence(money.Pence(n)) },
		Lines: []chart.Series{{Name: v.T("outlook.none-renewed"), Kind: chart.Forecast}}}
	t := table.New("odds", v.T("outlook.fan-title"))
	t.Level = 3
	t.Column("", v.T("by.year"), table.TextColumn)
	t.Column("", v.T("outlook.p10"), table.MoneyColumn)
	t.Column("", v.T("outlook.p50"), table.MoneyColumn)
	t.Column("", v.T("outlook.p90"), table.MoneyColumn)
	t.Column("", v.T("outlook.none-renewed"), table.MoneyColumn)
	t.Column("", v.T("outlook.likely-renewed"), table.MoneyColumn)
	known := true
	for _, s := range odds.Years {
		fan.Periods = append(fan.Periods, s.Year.String())
		fan.Low, fan.Middle, fan.High = append(fan.Low, int64(s.P10.Amount)), append(fan.Middle, int64(s.P50.Amount)), append(fan.High, int64(s.P90.Amount))
		gap, after := a.figure(forecast.Gap, s.Year), a.figure(forecast.GapAfterLikely, s.Year)
		for _, f := range []forecast.Figure{s.P10, s.P50, s.P90} {
			known = known && f.State == forecast.Exact
		}
		fan.Lines[0].Points = append(fan.Lines[0].Points, chart.Point{Value: int64(gap.Amount), Given: gap.State == forecast.Exact})
		t.Row(table.Text(s.Year.String()), foreseenCell(s.P10, v.Style(), "#drawn"), foreseenCell(s.P50, v.Style(), "#drawn"), foreseenCell(s.P90, v.Style(), "#drawn"),
			foreseenCell(gap, v.Style(), v.outlookLink(a, forecast.Gap, "", s.Year)), foreseenCell(after, v.Style(), v.outlookLink(a, forecast.GapAfterLikely, "", s.Year)))
		if s.Year == a.Years[min(2, len(a.Years)-1)] {
			facts := []any{"Year", s.Year.String(), "Low", v.foreseen(s.P10), "Middle", v.foreseen(s.P50), "High", v.foreseen(s.P90)}
			p.FanLead, fan.Desc = v.T("outlook.fan-lead", facts...), v.T("outlook.fan-desc", facts...)
		}
	}
	if last := odds.Years[len(odds.Years)-1]; last.P90.State == forecast.NotKnown {
		p.FanLead = v.T("outlook.fan-not-known")
		return
	}
	p.Odds = v.Finish(t)
	p.FanHow = v.T("outlook.fan-how", "Draws", v.Count(odds.Draws), "Seed", strconv.FormatUint(odds.Seed, 10))
	if !known {
		p.FanHow += " " + v.T("outlook.fan-unknown")
		return // a band of what is only at least so much would mislead
	}
	p.Fan = fan.SVG()
}

// outlookCases sets the gap out three ways.
func (v *Visit) outlookCases(a ahead) *table.Table {
	t := table.New("cases", v.T("outlook.cases"))
	t.Column("", v.T("outlook.case"), table.TextColumn)
	for _, y := range a.Years {
		t.Column("", y.String(), table.MoneyColumn)
	}
	low, expected, high := a.Cases()
	for _, c := range []struct {
		id string
		of *forecast.Projection
	}{{"low", low}, {"expected", expected}, {"high", high}} {
		cells := []table.Cell{table.Text(v.T("outlook.case." + c.id))}
		for _, y := range a.Years {
			cells = append(cells, foreseenCell(c.of.Total(forecast.GapAfterLikely, y), v.Style(), v.outlookLink(a, forecast.GapAfterLikely, "", y, "case", c.id)))
		}
		t.Row(cells...)
	}
	return v.Finish(t)
}

// outlookWorkbook is the forecast as a workbook whose figures are formulas.
func (v *Visit) outlookWorkbook(a ahead) (Answer, error) {
	var out bytes.Buffer
	err := workbook.Write(&out, v.View, a.Projection, workbook.Options{Title: v.Council(), Words: func(key string) string { return v.T("workbook." + key) },
		Say: func(s sentence.Sentence) string { return v.Sentence(v.Book, s) }, Name: func(register, id string) string { return v.NameOf(v.Book, register, id).Text }, Date: v.Date})
	if err != nil {
		return nil, err
	}
	return File{Name: "plan-forecast-" + v.AsAt.String() + ".xlsx", Type: xlsxType, Body: out.Bytes()}, nil
}
