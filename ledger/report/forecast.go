package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// forecastRow is a row of the medium-term table, in the words of a screen.
type forecastRow struct {
	line   forecast.Line
	words  string
	always bool // shown even where it comes to nothing in every year
}

// forecastRows are the rows of the medium-term table in the order printed. What
// stands beneath the gaps is beside them, and never netted.
var forecastRows = []forecastRow{
	{forecast.Cost, "Cost of services today", true},
	{forecast.Prices, "Pay and prices", true},
	{forecast.Pressures, "Pressures", false},
	{forecast.TotalCost, "Total cost", true},
	{forecast.Secured, "Secured grants, as allocated", true},
	{forecast.Core, "Core budget", true},
	{forecast.Surplus, "Less what services hold beyond their cost", false},
	{forecast.Gap, "Gap if no grant is renewed (+ short)", true},
	{forecast.Likely, "Likely", true},
	{forecast.GapAfterLikely, "Gap after likely renewals (+ short)", true},
	{forecast.SavingsFound, "Savings found", true},
	{forecast.SavingsNotFound, "Savings not yet found (+ short)", true},
	{forecast.OverAllocated, "Of which over-allocated, no service named", true},
	{forecast.UnallocatedGoingOn, "Secured, not yet allocated (if terms allow)", true},
	{forecast.UnallocatedEnding, "Not allocated, and the award then ends", false},
	{forecast.SecuredSuccessor, "Secured for what follows, not allocated", false},
	{forecast.Unsecured, "Stated, not secured", false},
	{forecast.Proposed, "Asked for, not agreed", false},
	{forecast.WithoutMatch, "Allocated, but its match does not stand", false},
	{forecast.ExitCost, "Redundancy and exit, beside the cost", false},
}

// Unit is what the amounts of a table are in.
type Unit uint8

const (
	Thousands Unit = iota // £000, as medium-term plans print
	WholePounds
)

func (u Unit) String() string {
	if u == Thousands {
		return "£000"
	}
	return "£"
}

// figure writes a figure without the pound sign, which the caption has.
func (u Unit) figure(f forecast.Figure) string {
	switch {
	case f.State == forecast.NotKnown:
		return "not known"
	case f == forecast.Figure{}:
		return "–"
	}
	return qualified(f.State) + u.plain(f.Amount)
}

func qualified(s forecast.State) string {
	if s == forecast.AtLeast || s == forecast.AtMost {
		return s.String() + " "
	}
	return ""
}

func (u Unit) plain(p money.Pence) string {
	if u == Thousands {
		p = thousands(p) / 1000
	}
	return strings.Replace(p.Whole(), "£", "", 1)
}

// thousands rounds to whole thousands of pounds, half away from nought.
func thousands(p money.Pence) money.Pence {
	const thousand money.Pence = 1000_00
	n := (p.Abs() + thousand/2) / thousand * thousand
	if p < 0 {
		return -n
	}
	return n
}

// change writes a change on the year before, with its sign.
func (u Unit) change(f forecast.Figure) string {
	if f.State == forecast.Exact && f.Amount > 0 {
		return "+" + u.figure(f)
	}
	return u.figure(f)
}

// pounds writes a figure in a sentence: "£973,000", "at least £20,000".
func (u Unit) pounds(f forecast.Figure) string {
	p := f.Amount
	if u == Thousands {
		p = thousands(p)
	}
	return qualified(f.State) + p.Whole()
}

// ForecastHeadline answers the question of the medium-term table: the next
// year that is short, by how much, and whether likely renewals would mend it.
func ForecastHeadline(p *forecast.Projection, u Unit) string {
	for _, y := range p.Years[min(1, len(p.Years)-1):] {
		gap, after := p.Total(forecast.Gap, y), p.Total(forecast.GapAfterLikely, y)
		if gap.State != forecast.NotKnown && gap.Amount <= 0 {
			continue
		}
		switch {
		case gap.State == forecast.NotKnown:
			return fmt.Sprintf("Not known in %s: a cost or an amount is not recorded.", y)
		case gap == after:
			return capital(fmt.Sprintf("%s in %s, even if likely grants are renewed.", u.pounds(gap), y))
		case after.State == forecast.NotKnown:
			return capital(fmt.Sprintf("%s in %s if no grant is renewed; after likely renewals, not known.", u.pounds(gap), y))
		case after.Amount <= 0:
			return capital(fmt.Sprintf("%s in %s if no grant is renewed; nothing if likely grants are.", u.pounds(gap), y))
		}
		return capital(fmt.Sprintf("%s in %s if no grant is renewed; %s if likely grants are.", u.pounds(gap), y, u.pounds(after)))
	}
	return fmt.Sprintf("Nothing up to %s: what is secured covers what services cost.", p.Years[len(p.Years)-1])
}

// capital begins a sentence that may begin with a £.
func capital(s string) string {
	if strings.HasPrefix(s, "£") {
		return s
	}
	return upperFirst(s)
}

// ForecastTable is the medium-term table in levels, of all services or of one.
func ForecastTable(v *ledger.View, p *forecast.Projection, service string, u Unit) Table {
	t := Table{Columns: yearColumns(u.String(), p.Years)}
	of := totals(p)
	if service != "" {
		of = func(l forecast.Line, y fiscal.Year) forecast.Figure { return p.Of(service, l, y) }
	}
	for _, r := range forecastRows {
		if row, some := forecastCells(of, r, p.Years, u.figure); some || r.always && (service == "" || r.line != forecast.OverAllocated && r.line != forecast.UnallocatedGoingOn) {
			row[0] = r.named(v, p, service)
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// ForecastChanges is the same table as councils print it: each year's change on
// the year before. The first year's level stands first.
func ForecastChanges(v *ledger.View, p *forecast.Projection, u Unit) Table {
	t := Table{Columns: yearColumns(u.String()+", on the year before", p.Years)}
	t.Columns[1].Name += " (level)"
	for _, r := range forecastRows {
		row, some := forecastCells(p.Change, r, p.Years[1:], u.change)
		first := p.Total(r.line, p.From)
		if some || r.always || first != (forecast.Figure{}) {
			t.Add(slices.Concat([]string{r.named(v, p, ""), u.figure(first)}, row[1:])...)
		}
	}
	return t
}

func yearColumns(first string, years []fiscal.Year) []Column {
	columns := []Column{{Name: first}}
	for _, y := range years {
		columns = append(columns, Column{Name: y.String(), Number: true})
	}
	return columns
}

func totals(p *forecast.Projection) func(forecast.Line, fiscal.Year) forecast.Figure { return p.Total }

// forecastCells writes a row, and says whether anything stands in it.
func forecastCells(of func(forecast.Line, fiscal.Year) forecast.Figure, r forecastRow, years []fiscal.Year, write func(forecast.Figure) string) (row []string, some bool) {
	row = []string{r.words}
	for _, y := range years {
		f := of(r.line, y)
		some = some || f != forecast.Figure{}
		row = append(row, write(f))
	}
	return row, some
}

// named is the row's words; what is likely names its awards.
func (r forecastRow) named(v *ledger.View, p *forecast.Projection, service string) string {
	if r.line != forecast.Likely {
		return r.words
	}
	var names []string
	for _, id := range LikelyAwards(p, service) {
		names = append(names, v.AwardName(id))
	}
	switch {
	case len(names) == 0:
		return "Likely renewals"
	case len(names) > 3:
		return fmt.Sprintf("Likely: %s and %d more", strings.Join(names[:2], ", "), len(names)-2)
	}
	return r.words + ": " + strings.Join(names, ", ")
}

// LikelyAwards lists the awards whose likely renewal counts, of all services
// or one, the one with most money first.
func LikelyAwards(p *forecast.Projection, service string) []string {
	sums := map[string]money.Pence{}
	for _, s := range p.Services {
		if service != "" && s.ID != service {
			continue
		}
		for _, m := range s.Money {
			if m.Band == forecast.BandLikely {
				sums[m.Award] += m.Amount
			}
		}
	}
	ids := slices.Collect(maps.Keys(sums))
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b)) })
	return ids
}

// ForecastBrief is the forecast in two lines; nothing where next year's gap is
// not known.
func ForecastBrief(p *forecast.Projection) []string {
	if len(p.Years) < 2 || p.Total(forecast.Gap, p.Years[1]).State == forecast.NotKnown {
		return nil
	}
	row := func(l forecast.Line) string {
		var cells []string
		for _, y := range p.Years {
			cells = append(cells, Thousands.figure(p.Total(l, y)))
		}
		return strings.Join(cells, ", ")
	}
	return []string{
		"What will we be short of when grants end?  " + ForecastHeadline(p, Thousands),
		fmt.Sprintf("Gap %s to %s, £000: %s if no grant is renewed; %s after likely renewals.", p.From, p.Years[len(p.Years)-1], row(forecast.Gap), row(forecast.GapAfterLikely)),
	}
}

// ForecastShort lists the services that are short, the shortest of money in the
// year after this one first: at most so many, all where most is nought.
func ForecastShort(p *forecast.Projection, most int, u Unit) Table {
	t := Table{Columns: yearColumns("Gap if no grant is renewed, "+u.String(), p.Years)}
	var short []forecast.Service
	untold := 0
	for _, s := range p.Services {
		some, known := false, false
		for _, y := range p.Years {
			f := p.Of(s.ID, forecast.Gap, y)
			some = some || f != forecast.Figure{}
			known = known || some && f.State != forecast.NotKnown
		}
		switch {
		case known:
			short = append(short, s)
		case some:
			untold++
		}
	}
	next := p.Years[min(1, len(p.Years)-1)]
	slices.SortStableFunc(short, func(a, b forecast.Service) int {
		return cmp.Compare(p.Of(b.ID, forecast.Gap, next).Amount, p.Of(a.ID, forecast.Gap, next).Amount)
	})
	var notes []string
	for i, s := range short {
		if most > 0 && i == most && len(short) > most+1 {
			notes = append(notes, fmt.Sprintf("%d more are short; --format csv lists them all.", len(short)-most))
			break
		}
		name := s.Name
		if s.Statutory {
			name += " (duty)" // it outlives any grant
		}
		row := []string{name}
		for _, y := range p.Years {
			row = append(row, u.figure(p.Of(s.ID, forecast.Gap, y)))
		}
		t.Add(row...)
	}
	if untold > 0 {
		notes = append(notes, "Nobody can tell of "+count(untold, "service", "services")+": a cost or an amount is not recorded.")
	}
	t.Note = strings.Join(notes, " ")
	return t
}

// ForecastCSV lays every figure out for a spreadsheet: a row for each line of
// all services, then of each service, with pounds and pence. The last columns
// name the years in which a figure is only at least, or at most, so much; ? is
// not known.
func ForecastCSV(p *forecast.Projection) Table {
	t := Table{Columns: []Column{{Name: "line"}, {Name: "service"}}}
	for _, y := range p.Years {
		t.Columns = append(t.Columns, Column{Name: y.String(), Number: true})
	}
	t.Columns = append(t.Columns, Column{Name: "at_least"}, Column{Name: "at_most"})
	add := func(l forecast.Line, service string, of func(forecast.Line, fiscal.Year) forecast.Figure) {
		row, partial := []string{l.String(), service}, map[forecast.State][]string{}
		some := service == ""
		for _, y := range p.Years {
			f := of(l, y)
			some = some || f != forecast.Figure{}
			partial[f.State] = append(partial[f.State], y.String())
			if f.State == forecast.NotKnown {
				row = append(row, "?")
			} else {
				row = append(row, f.Amount.String())
			}
		}
		if some {
			t.Add(append(row, strings.Join(partial[forecast.AtLeast], ";"), strings.Join(partial[forecast.AtMost], ";"))...)
		}
	}
	for _, l := range forecast.Lines() {
		add(l, "", p.Total)
	}
	for _, s := range p.Services {
		for _, l := range forecast.Lines() {
			add(l, s.ID, func(l forecast.Line, y fiscal.Year) forecast.Figure { return p.Of(s.ID, l, y) })
		}
	}
	return t
}

// addFigure writes a figure as pounds, null where it is not known, and beside
// it whether it is at least or at most so much.
func (o *object) addFigure(key string, f forecast.Figure) {
	if f.State == forecast.NotKnown {
		o.add(key, nil)
		return
	}
	o.add(key, f.Amount.String())
	switch f.State {
	case forecast.AtLeast:
		o.add(key+"_at_least", true)
	case forecast.AtMost:
		o.add(key+"_at_most", true)
	}
}

// ForecastJSON writes a projection:
//
//	{"as_at":…,"sequence":…,"hash":…,"years":["2026-27",…],
//	 "assumptions":{"prices":[{"rate":"2%",…}],"renewals":[{"award":…,"percent":90}],"likely_from":50,"notes":[…]},
//	 "rows":[{"service":"family-hubs","year":"2027-28","cost":"900000.00","gap":"198000.00",…},…],
//	 "totals":[{"year":"2027-28","cost":…,"gap":…,"gap_change":…,"short":["family-hubs",…]}],
//	 "odds":{"draws":10000,"seed":1,"share":"25%","cases":[{"case":"low","year":…,"gap":…}],"years":[{"year":…,"p10":…,"p50":…,"p90":…}],"services":[{"service":…,"by_year":[0,82],"ever":82}]}}
//
// Each row and total has every line of the forecast by its name, those of
// design section 6 and of the medium-term table; a line that comes to nothing
// on a service is left out of its row. Beside a line that is only at least, or
// at most, so much stands <line>_at_least or <line>_at_most; null is not known.
// Totals have each line's change on the year before as <line>_change.
func ForecastJSON(w io.Writer, v *ledger.View, p *forecast.Projection, odds *forecast.Odds) error {
	doc := head(v)
	doc.add("years", yearWords(p.Years))
	doc.add("assumptions", assumptionsJSON(p))
	rows := func(yield func(object) bool) {
		for _, s := range p.Services {
			for _, y := range p.Years {
				row := object{{"service", s.ID}, {"year", y.String()}}
				for _, l := range forecast.Lines() {
					if f := p.Of(s.ID, l, y); f != (forecast.Figure{}) {
						row.addFigure(l.String(), f)
					}
				}
				if !yield(row) {
					return
				}
			}
		}
	}
	var all []object
	for _, y := range p.Years {
		o := object{{"year", y.String()}}
		for _, l := range forecast.Lines() {
			o.addFigure(l.String(), p.Total(l, y))
			if y != p.From {
				o.addFigure(l.String()+"_change", p.Change(l, y))
			}
		}
		o.add("short", list(p.Short(y)))
		o.add("still_short", list(p.StillShort(y)))
		if perhaps := p.PerhapsShort(y); len(perhaps) > 0 {
			o.add("perhaps_short", perhaps)
		}
		all = append(all, o)
	}
	after := object{{"totals", all}}
	if odds != nil {
		after.add("odds", oddsJSON(p, odds))
	}
	return document(w, doc, "rows", rows, after)
}

// list is never null in JSON.
func list(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

func yearWords(years []fiscal.Year) []string {
	words := make([]string, len(years))
	for i, y := range years {
		words[i] = y.String()
	}
	return words
}

func assumptionsJSON(p *forecast.Projection) object {
	prices := []object{}
	for _, a := range p.Assumptions.Prices {
		o := object{}
		if a.CostType != "" {
			o.add("cost_type", a.CostType)
		}
		if a.Year != 0 {
			o.add("year", a.Year.String())
		}
		o.add("rate", a.Rate.String())
		o.add("low", a.Low.String())
		o.add("high", a.High.String())
		if a.Source != "" {
			o.add("source", a.Source)
		}
		prices = append(prices, o)
	}
	renewals := []object{}
	for _, a := range p.Awards {
		if !a.Last.IsZero() {
			renewals = append(renewals, object{{"award", a.ID}, {"ends", a.Last.String()}, {"percent", a.Chance}})
		}
	}
	notes := []string{}
	for _, n := range p.Notes {
		notes = append(notes, n.String())
	}
	return object{{"prices", prices}, {"renewals", renewals}, {"likely_from", p.Assumptions.LikelyFrom}, {"notes", notes}}
}

// ForecastOdds is what many draws come to: the gap of each year, after what is
// renewed in each draw.
func ForecastOdds(o *forecast.Odds, u Unit) Table {
	t := Table{Columns: []Column{{Name: "Gap in a hundred draws, " + u.String()}}}
	rows := [3][]string{{"10 come to this or less (P10)"}, {"50 come to this or less (P50)"}, {"90 come to this or less (P90)"}}
	for _, s := range o.Years {
		t.Columns = append(t.Columns, Column{Name: s.Year.String(), Number: true})
		for i, f := range [3]forecast.Figure{s.P10, s.P50, s.P90} {
			rows[i] = append(rows[i], u.figure(f))
		}
	}
	t.Rows = rows[:]
	return t
}

// ForecastCases is the gap three ways, after what each renews: with nothing
// renewed and prices at their highest, by chance, and with all that may be
// renewed renewed and prices at their lowest.
func ForecastCases(p *forecast.Projection, u Unit) Table {
	t := Table{Columns: yearColumns("Gap in three cases, "+u.String(), p.Years)}
	low, expected, high := p.Cases()
	for _, c := range []struct {
		words string
		of    *forecast.Projection
	}{{"Low: nothing renewed, prices highest", low}, {"Expected: renewals by their chance", expected}, {"High: all renewed that may be, prices lowest", high}} {
		row, _ := forecastCells(c.of.Total, forecastRow{line: forecast.GapAfterLikely, words: c.words}, p.Years, u.figure)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ForecastChances lists the services that may lose more than the share, the
// likeliest first.
func ForecastChances(p *forecast.Projection, o *forecast.Odds) Table {
	t := Table{Columns: []Column{{Name: fmt.Sprintf("Chance of losing more than %s of its money", o.Share)}}}
	for _, y := range p.Years {
		t.Columns = append(t.Columns, Column{Name: y.String(), Number: true})
	}
	t.Columns = append(t.Columns, Column{Name: "In any year", Number: true})
	chances := slices.Clone(o.Services)
	slices.SortStableFunc(chances, func(a, b forecast.Chance) int { return b.Ever - a.Ever })
	for _, c := range chances {
		if c.Ever == 0 {
			continue
		}
		s, _ := p.Service(c.Service)
		row := []string{s.Name}
		for _, n := range append(slices.Clone(c.ByYear), c.Ever) {
			row = append(row, percentOrNone(n))
		}
		t.Add(row...)
	}
	return t
}

func percentOrNone(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%d%%", n)
}

func oddsJSON(p *forecast.Projection, o *forecast.Odds) object {
	years, services := []object{}, []object{}
	for _, s := range o.Years {
		year := object{{"year", s.Year.String()}}
		year.addFigure("p10", s.P10)
		year.addFigure("p50", s.P50)
		year.addFigure("p90", s.P90)
		years = append(years, year)
	}
	for _, c := range o.Services {
		services = append(services, object{{"service", c.Service}, {"by_year", c.ByYear}, {"ever", c.Ever}})
	}
	low, expected, high := p.Cases()
	cases := []object{}
	for _, c := range []struct {
		name string
		of   *forecast.Projection
	}{{"low", low}, {"expected", expected}, {"high", high}} {
		for _, y := range p.Years {
			one := object{{"case", c.name}, {"year", y.String()}}
			one.addFigure("gap", c.of.Total(forecast.GapAfterLikely, y))
			cases = append(cases, one)
		}
	}
	return object{{"draws", o.Draws}, {"seed", o.Seed}, {"share", o.Share.String()}, {"cases", cases}, {"years", years}, {"services", services}}
}

// ForecastParts lists what adds up to one figure of a forecast, to the penny.
func ForecastParts(v *ledger.View, f forecast.Figure, parts []forecast.Part) Table {
	t := Table{Columns: []Column{{Name: "What"}, {Name: "Amount", Number: true}, {Name: "Entries"}, {Name: "Record"}}}
	for _, p := range parts {
		t.Add(p.Sentence.String(), p.Amount.Exact(), entryIDs(v, p.Entries), recordOf(p))
	}
	t.Foot = []string{"Total", qualified(f.State) + f.Amount.Exact(), "", ""}
	if f.State == forecast.NotKnown {
		t.Foot[1] = "not known"
	}
	return t
}

// entryIDs names entries; many are counted.
func entryIDs(v *ledger.View, proof []ledger.Proof) string {
	const named = 4
	var ids []string
	for i, one := range proof {
		if i == named && len(proof) > named+1 {
			ids = append(ids, fmt.Sprintf("and %d more", len(proof)-named))
			break
		}
		ids = append(ids, v.EntryID(one.Index).String())
	}
	return strings.Join(ids, " ")
}

func recordOf(p forecast.Part) string {
	if p.Register == "" {
		return ""
	}
	return strings.TrimSuffix(p.Register+"/"+p.ID+" "+p.Column, " ")
}

// ForecastPartsCSV lists the same for a spreadsheet.
func ForecastPartsCSV(v *ledger.View, parts []forecast.Part) Table {
	t := Table{Columns: []Column{{Name: "what"}, {Name: "amount", Number: true}, {Name: "entries"}, {Name: "register"}, {Name: "id"}, {Name: "column"}}}
	for _, p := range parts {
		var ids []string
		for _, one := range p.Entries {
			ids = append(ids, v.EntryID(one.Index).String())
		}
		t.Add(p.Sentence.String(), p.Amount.String(), strings.Join(ids, ";"), p.Register, p.ID, p.Column)
	}
	return t
}

// ForecastPartsJSON writes what adds up to one figure of a forecast:
//
//	{…,"line":"gap","service":"hubs","year":"2027-28","parts":[{"what":…,"amount":…,
//	 "entries":[{"entry":"12/3","amount":…}],"record":"services/hubs","column":"2027-28"}],"total":…}
//
// Beside a total stands at_least or at_most; null is not known. No service means
// all of them.
func ForecastPartsJSON(w io.Writer, v *ledger.View, l forecast.Line, service string, y fiscal.Year, f forecast.Figure, parts []forecast.Part) error {
	doc := head(v)
	doc.add("line", l.String())
	if service != "" {
		doc.add("service", service)
	}
	doc.add("year", y.String())
	each := func(yield func(object) bool) {
		for _, p := range parts {
			o := object{{"what", p.Sentence.String()}, {"amount", p.Amount.String()}}
			if len(p.Entries) > 0 {
				entries := []object{}
				for _, one := range p.Entries {
					entries = append(entries, object{{"entry", v.EntryID(one.Index).String()}, {"amount", one.Amount.String()}})
				}
				o.add("entries", entries)
			}
			if p.Register != "" {
				o.add("record", p.Register+"/"+p.ID)
				if p.Column != "" {
					o.add("column", p.Column)
				}
			}
			if !yield(o) {
				return
			}
		}
	}
	after := object{{"total", f.Amount.String()}}
	switch f.State {
	case forecast.NotKnown:
		after = object{{"total", nil}}
	case forecast.AtLeast:
		after.add("at_least", true)
	case forecast.AtMost:
		after.add("at_most", true)
	}
	return document(w, doc, "parts", each, after)
}

// ForecastMoney lists who pays for one service, by award and how sure the money
// is.
func ForecastMoney(v *ledger.View, p *forecast.Projection, service string, u Unit) Table {
	t := Table{Columns: slices.Concat([]Column{{Name: "Award"}, {Name: "Ends"}, {Name: "Counts as"}}, yearColumns("", p.Years)[1:])}
	s, _ := p.Service(service)
	type key struct {
		award string
		band  forecast.Band
		core  bool
	}
	rows := map[key][]string{}
	var order []key
	for _, m := range s.Money {
		i := int(m.Year - p.From)
		if i < 0 || i >= len(p.Years) {
			continue
		}
		k := key{m.Award, m.Band, m.Band == forecast.BandSecured && m.Lasting}
		if rows[k] == nil {
			a, _ := p.Award(m.Award)
			ends, counts := "no end date", m.Band.String()
			if !a.Last.IsZero() {
				ends = a.Last.Long()
			}
			if k.core {
				counts = "core budget"
			}
			if m.Band == forecast.BandLikely || m.Band == forecast.BandUnlikely {
				counts = fmt.Sprintf("%s, %d%%", m.Band, a.Chance)
			}
			rows[k] = append([]string{v.AwardName(m.Award), ends, counts}, slices.Repeat([]string{"–"}, len(p.Years))...)
			order = append(order, k)
		}
		state := forecast.Exact
		if m.AtLeast {
			state = forecast.AtLeast
		}
		rows[k][3+i] = u.figure(forecast.Figure{Amount: m.Amount, State: state})
	}
	for _, k := range order {
		t.Rows = append(t.Rows, rows[k])
	}
	return t
}

// ForecastAssumed says what a forecast assumes, a line each: prices, chances of
// renewal, and what was assumed for want of a fact.
func ForecastAssumed(v *ledger.View, p *forecast.Projection) []string {
	var lines []string
	for _, price := range p.Assumptions.Prices {
		what := "Prices"
		if price.CostType != "" {
			what += " of " + price.CostType
		}
		if price.Year != 0 {
			what += " into " + price.Year.String()
		} else {
			what += " a year"
		}
		line := what + ": " + price.Rate.String()
		if !price.Low.Equal(price.Rate) || !price.High.Equal(price.Rate) {
			line += fmt.Sprintf(" (from %s to %s)", price.Low, price.High)
		}
		if price.Source != "" {
			line += ", " + price.Source
		}
		lines = append(lines, line)
	}
	var chances []string
	for _, a := range p.Awards {
		if !a.Last.IsZero() && !a.Lasting && fiscal.YearOf(a.Last) <= p.Years[len(p.Years)-1] && a.Chance > 0 {
			chances = append(chances, fmt.Sprintf("%s %d%%", v.AwardName(a.ID), a.Chance))
		}
	}
	if len(chances) > 0 {
		lines = append(lines, fmt.Sprintf("Chance of renewal: %s. Likely is from %d%%.", strings.Join(chances, ", "), cmp.Or(p.Assumptions.LikelyFrom, 50)))
	}
	for _, n := range p.Notes {
		lines = append(lines, n.String())
	}
	return lines
}
