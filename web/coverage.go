package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/report"
	"braid/web/chart"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

type coveragePage struct {
	Lead, After      string // the answer; what the next end leaves out
	Own              string // whose money a board's member sees
	Good             bool
	Show, When       parts.Tabs
	Table            *table.Table
	Gaps             []gapLine
	Accepted, Untold []gapLine
}

// gapLine is a gap in a list beneath the map.
type gapLine struct{ Text, Href, Because string }

// coverageAsked is the coverage that the address asks for.
type coverageAsked struct {
	*report.Coverage
	show string // money, child or services
	next fiscal.Date
}

type gapsKey struct {
	year  fiscal.Year
	after fiscal.Date
}

// gapsIn gives the gaps of a year, after a day's ends if one is given. Today's
// are among the findings.
func (v *Visit) gapsIn(year fiscal.Year, after fiscal.Date) []check.Finding {
	if year == fiscal.YearOf(v.AsAt) && after == 0 {
		return v.Findings()
	}
	return worked(v.reading, gapsKey{year, after}, func() []check.Finding {
		return check.GapsWithout(v.View, v.Settings.Policy, year, func(award string) bool { return report.EndsBy(v.View, award, after) })
	})
}

// coverageOf reads what the address asks for.
func (v *Visit) coverageOf() coverageAsked {
	c := coverageAsked{show: v.Q("show"), next: report.NextEnd(v.View, v.Year)}
	if c.show != "child" && c.show != "services" {
		c.show = "money"
	}
	var after fiscal.Date
	if v.Q("when") == "after" {
		after = c.next
	}
	c.Coverage = v.covers(after)
	return c
}

// covers is the coverage of the context bar's year and place, as far as the
// reader may see it: a board's member sees its money.
func (v *Visit) covers(after fiscal.Date) *report.Coverage {
	ask := report.CoverageOf{Year: v.Year, After: after, In: v.Place, Findings: v.gapsIn(v.Year, after), Only: v.boardMoney(), Position: v.reading.Position}
	if !v.Reach.All {
		ask.Sees = v.Sees
		ask.Findings = slices.DeleteFunc(slices.Clone(ask.Findings), func(f check.Finding) bool { return !v.seesFinding(v.Reach, &f) })
	}
	return report.NewCoverage(v.View, ask)
}

// coverage says where there is nothing.
func coverage(v *Visit) (Answer, error) {
	c := v.coverageOf()
	p := coveragePage{Own: v.ownSaid()}
	open, accepted, untold := c.Gaps()
	p.Gaps, p.Accepted, p.Untold = v.gapLines(open), v.gapLines(accepted), v.gapLines(untold)
	p.Good = len(open) == 0
	switch {
	case len(c.Objectives) == 0:
		p.Good, p.Lead = false, v.T("coverage.empty")
	case p.Good && v.ofBoard(): // gaps are the council's to say
		p.Good, p.Lead = false, v.T("coverage.of-board")
	case p.Good && !v.Reach.All:
		p.Lead = v.T("coverage.none-own", "Areas", v.List(strings.Split(v.names("areas", v.Reach.Areas), ", ")))
	case p.Good && v.Place != "":
		p.Lead = v.T("coverage.none-in", "Place", v.NameOf(v.Book, "areas", v.Place).Text)
	case p.Good && c.After != 0:
		p.Lead = v.T("coverage.none-after", "Date", v.Date(c.After))
	case p.Good:
		p.Lead = v.T("coverage.none")
	default:
		var where []string
		for _, f := range open {
			where = append(where, v.whereIs(f))
		}
		id := "coverage.lead"
		if c.After != 0 {
			id = "coverage.lead-after"
		}
		p.Lead = v.N(id, len(open), "Gaps", strings.Join(v.someOf(where), ", "), "Date", v.Date(c.After))
	}
	if len(untold) > 0 {
		p.Lead += " " + v.N("coverage.lead-untold", len(untold))
	}
	if c.After != 0 {
		p.After = v.T("coverage.after-said", "Date", v.Date(c.After), "Year", v.Year.String())
	}
	p.Show = parts.Tabs{Label: v.T("coverage.show")}
	for _, one := range []string{"money", "child", "services"} {
		p.Show.Items = append(p.Show.Items, parts.Tab{Text: v.T("coverage.show-" + one), Href: v.Here("show", strings.TrimPrefix(one, "money"), "sort", ""), Current: c.show == one})
	}
	if c.next != 0 {
		p.When = parts.Tabs{Label: v.T("coverage.when"), Items: []parts.Tab{
			{Text: v.T("coverage.when-today"), Href: v.Here("when", ""), Current: c.After == 0},
			{Text: v.T("coverage.when-after", "Date", v.Date(c.next)), Href: v.Here("when", "after"), Current: c.After != 0},
		}}
	}
	p.Table = v.coverageTable(c)
	return Page{Template: "coverage", Title: v.T("coverage.title"), Nav: "checks/coverage", Data: p, Tables: []*table.Table{p.Table}, Money: true, Wide: true}, nil
}

// someOf shortens a list for a sentence.
func (v *Visit) someOf(names []string) []string {
	const named = 6
	if more := len(names) - named; more > 1 {
		return append(slices.Clone(names[:named]), v.N("coverage.more", more))
	}
	return names
}

// whereIs says an objective and a place.
func (v *Visit) whereIs(f *check.Finding) string {
	objective, area := v.NameOf(v.Book, "objectives", subject(f, "objective")).Text, subject(f, "area")
	if area == "" {
		return v.T("coverage.anywhere", "Objective", objective)
	}
	return v.T("coverage.in", "Objective", objective, "Place", v.NameOf(v.Book, "areas", area).Text)
}

// mostGaps is how many gaps a list beneath the map writes out.
const mostGaps = 50

func (v *Visit) gapLines(list []*check.Finding) []gapLine {
	var lines []gapLine
	for i, f := range list {
		if i == mostGaps {
			return append(lines, gapLine{Text: v.N("coverage.more-gaps", len(list)-mostGaps), Href: v.To("/checks", "rule", "gap/no-service")})
		}
		title, because := v.Reader.Finding(v.View, f)
		line := gapLine{Text: title, Because: because, Href: v.gapAt(f)}
		if j := f.Judgement; j != nil && j.Stands {
			line.Because = j.Reason + " (" + j.By
			if j.ReviewOn != 0 {
				line.Because += "; " + v.T("checks.again-on", "Date", v.Date(j.ReviewOn))
			}
			line.Because += ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// gapAt is a gap's own page; one that is not there today has none.
func (v *Visit) gapAt(f *check.Finding) string {
	if _, today := v.FindingByID(f.ID); !today {
		return ""
	}
	return v.findingAt(f)
}

// placeName names a column.
func (v *Visit) placeName(p report.Place) words.Name {
	switch {
	case p.ID == "":
		return words.Name{Text: v.T("coverage.no-place")}
	case p.Whole:
		return words.Name{Text: v.T("coverage.whole", "Place", v.NameOf(v.Book, "areas", p.ID).Text)}
	}
	return v.NameOf(v.Book, "areas", p.ID)
}

// objectiveName names a row.
func (v *Visit) objectiveName(id string) words.Name {
	if id == "" {
		return words.Name{Text: v.T("coverage.no-objective")}
	}
	return v.NameOf(v.Book, "objectives", id)
}

func (v *Visit) coverageTable(c coverageAsked) *table.Table {
	t := table.New("coverage", v.T("coverage.caption-"+c.show, "Year", v.Year.String()))
	if v.K && c.show == "money" {
		t.Caption += ", £000"
	}
	if c.After != 0 {
		t.Caption += ", " + v.T("coverage.caption-after", "Date", v.Date(c.After))
	}
	kind := table.MoneyColumn
	if c.show == "services" {
		kind = table.CountColumn
	}
	t.Wide = len(c.Places) > 4
	t.Frozen = t.Wide
	t.Column("objective", v.T("by.objective"), table.TextColumn)
	most := 0
	for i, p := range c.Places {
		n := v.placeName(p)
		col := t.Column("p"+strconv.Itoa(i), n.Text, kind)
		col.Lang = string(n.Lang)
		if p.Parts {
			col.Sortable, col.Link, col.Hint = false, v.Here("place", p.ID, "sort", ""), v.T("coverage.parts")
		}
		for _, o := range c.Objectives {
			most = max(most, v.weight(c, c.At(o, p), p.Children))
		}
	}
	t.Column("total", v.T("total"), kind)
	total := []table.Cell{table.Text(v.T("total"))}
	each := []table.Cell{table.Text(v.T("coverage.per-child"))}
	head := func(at report.Covered, children int, place *report.Place) {
		total = append(total, v.coveredValue(c, at, children, v.coveredAt(c, nil, place), v.madeOf(nil, place)))
		each = append(each, v.perChild(at, children).To(v.madeOf(nil, place)))
	}
	for _, p := range c.Places {
		head(c.Column(p), p.Children, &p)
	}
	head(c.All(), c.Children(), nil)
	t.Total(total...)
	if c.show == "money" {
		t.Total(each...)
	}
	for _, o := range c.Objectives {
		n := v.objectiveName(o)
		first := table.Text(n.Text).In(string(n.Lang))
		if o != "" {
			first = first.To(v.To(pathOf("objectives", o)))
		}
		cells := []table.Cell{first}
		for _, p := range c.Places {
			cells = append(cells, v.coverageCell(c, c.At(o, p), &o, &p, most))
		}
		cells = append(cells, v.coverageCell(c, c.Row(o), &o, nil, 0))
		t.Row(cells...)
	}
	var notes []string
	if !c.Outside.IsNought() {
		notes = append(notes, v.T("coverage.outside", "Amount", v.Sum(c.Outside)))
	}
	if !c.All().Money.OfTerm.IsNought() && c.show == "money" {
		notes = append(notes, v.T("map.starred"))
	}
	if c.show == "child" || c.show == "money" {
		notes = append(notes, v.T("coverage.child-note"))
	}
	t.Note = strings.Join(notes, " ")
	t.Empty = v.T("coverage.empty")
	return v.Finish(t)
}

// weight is what darkens a cell.
func (v *Visit) weight(c coverageAsked, at report.Covered, children int) int {
	switch c.show {
	case "services":
		return len(at.Services)
	case "child":
		each, known := report.PerChild(at.Money.InYear, children)
		if !known {
			return 0
		}
		return int(each.Pence())
	}
	return int(at.Money.InYear.Pence())
}

// perChild writes money by head.
func (v *Visit) perChild(at report.Covered, children int) table.Cell {
	each, known := report.PerChild(at.Money.InYear, children)
	if !known {
		return table.Unknown()
	}
	return table.Money(each, table.Pounds)
}

// coveredValue writes a cell's figure, with what is for the whole term beside it.
func (v *Visit) coveredValue(c coverageAsked, at report.Covered, children int, link, term string) table.Cell {
	if at.Money.None() {
		return table.None()
	}
	switch c.show {
	case "services":
		return table.Count(len(at.Services)).To(link)
	case "child":
		return v.perChild(at, children).To(link)
	}
	cell := table.MoneyOrNone(at.Money.InYear, v.Style())
	if !at.Money.InYear.IsNought() {
		cell = cell.To(link)
	}
	if !at.Money.OfTerm.IsNought() {
		cell = cell.Also(table.Link{Text: "+ " + v.Sum(at.Money.OfTerm) + "*", Href: term})
	}
	return cell
}

// coverageCell writes a cell: its figure, and in words whether it is a gap.
func (v *Visit) coverageCell(c coverageAsked, at report.Covered, objective *string, place *report.Place, most int) table.Cell {
	children := c.Children()
	if place != nil {
		children = place.Children
	}
	link := v.coveredAt(c, objective, place)
	cell := v.coveredValue(c, at, children, link, v.madeOf(objective, place))
	var open, accepted, untold []*check.Finding
	for _, f := range at.Gaps {
		switch {
		case f.Silenced():
			accepted = append(accepted, f)
		case f.Unknown:
			untold = append(untold, f)
		default:
			open = append(open, f)
		}
	}
	// the total of a row repeats its places' gaps; it shows those of no place
	if place == nil {
		elsewhere := func(f *check.Finding) bool { return subject(f, "area") != "" }
		open, accepted, untold = slices.DeleteFunc(open, elsewhere), slices.DeleteFunc(accepted, elsewhere), slices.DeleteFunc(untold, elsewhere)
	}
	said, class, to := "", "", link
	switch {
	case len(open) > 1:
		said, class = v.N("coverage.gaps", len(open)), "gap-cell"
	case len(open) == 1:
		said, class, to = v.T("coverage.gap"), "gap-cell", v.gapAt(open[0])
	case len(untold) > 0:
		said, class, to = v.T("coverage.untold"), "untold-cell", v.gapAt(untold[0])
	case len(accepted) > 0:
		said, class, to = v.T("status.accepted-gap"), "accepted-cell", v.gapAt(accepted[0])
	}
	if to == "" {
		to = link
	}
	switch {
	case said == "" && place != nil && !at.Money.None():
		return cell.Is("heat-" + strconv.Itoa(chart.HeatStep(v.weight(c, at, children), most)))
	case said == "":
		return cell
	case at.Money.None():
		return table.Text(said).To(to).Is(class)
	}
	return cell.Also(table.Link{Text: said, Href: to}).Is(class)
}

// coveredAt is where a figure of the map opens: its postings, where they are
// just these; else the page that lists what it is made of.
func (v *Visit) coveredAt(c coverageAsked, objective *string, place *report.Place) string {
	if place != nil && place.Parts {
		return v.Here("place", place.ID, "sort", "", "page", "")
	}
	within := place == nil && v.Place != "" // a total of a place's parts
	if v.Reach.All && c.After == 0 && c.show == "money" && !within {
		only := []string{"year", v.Year.String()}
		if objective != nil {
			only = append(only, "objective", *objective)
		}
		if place != nil {
			only = append(only, "area", place.ID)
		}
		return v.Postings(ledger.AllocatedTo, only...)
	}
	return v.madeOf(objective, place)
}

// madeOf is the page that lists what makes a figure of the map.
func (v *Visit) madeOf(objective *string, place *report.Place) string {
	q := url.Values{}
	for _, name := range []string{"year", "place", "unit", "show", "when"} {
		if given := v.Q(name); given != "" {
			q.Set(name, given)
		}
	}
	if objective != nil {
		q.Set("objective", *objective)
	}
	if place != nil {
		q.Set("area", place.ID)
	}
	return v.Base() + "/checks/coverage/cell?" + q.Encode()
}

type coveredPage struct {
	Lead, Each, After string
	Gaps              []gapLine
	Table, Needs      *table.Table
	Back              string
}

// covered lists what makes a figure of the map.
func covered(v *Visit) (Answer, error) {
	c := v.coverageOf()
	at, children := c.All(), c.Children()
	where, what := v.T("coverage.everywhere"), v.T("coverage.all-objectives")
	if v.Place != "" {
		where = v.NameOf(v.Book, "areas", v.Place).Text
	}
	objective, ofOne := v.Q("objective"), v.Query.Has("objective")
	if ofOne {
		if !slices.Contains(c.Objectives, objective) {
			return nil, Missing{}
		}
		at, what = c.Row(objective), v.objectiveName(objective).Text
	}
	area, inOne := v.Q("area"), v.Query.Has("area")
	var place report.Place
	if inOne {
		i := slices.IndexFunc(c.Places, func(p report.Place) bool { return p.ID == area })
		if i < 0 {
			return nil, Missing{}
		}
		place = c.Places[i]
		where, children, at = v.placeName(place).Text, place.Children, c.Column(place)
		if ofOne {
			at = c.At(objective, place)
		}
	}
	p := coveredPage{Gaps: v.gapLines(at.Gaps), Back: v.To("/checks/coverage", "show", v.Q("show"), "when", v.Q("when"))}
	p.Lead = v.N("coverage.cell-lead", len(at.Services), "Amount", v.cell(at.Money), "Year", v.Year.String(), "Objective", what, "Place", where)
	if c.After != 0 {
		p.After = v.T("coverage.after-said", "Date", v.Date(c.After), "Year", v.Year.String())
	}
	if at.Money.None() {
		p.Lead = v.T("coverage.nothing")
	} else if each, known := report.PerChild(at.Money.InYear, children); known {
		p.Each = v.N("coverage.cell-each", children, "Sum", v.Sum(at.Money.InYear), "Each", v.Sum(each))
	} else {
		p.Each = v.T("coverage.cell-each-unknown", "Place", where)
	}
	p.Table = v.portionTable(c, func(one report.Portion) bool {
		return (!ofOne || one.Objective == objective) && (!inOne || one.In(place))
	})
	tables := []*table.Table{p.Table}
	if p.Needs = v.needTable(func(n commissioning.Need) bool {
		return (!ofOne || n.Objective == objective) && (!inOne || n.Area == area)
	}); len(p.Needs.Rows) > 0 {
		tables = append(tables, p.Needs)
	}
	return Page{Template: "covered", Title: v.T("coverage.cell-title", "Objective", what, "Place", where), Nav: "checks/coverage", Data: p, Tables: tables, Money: true}, nil
}

// portionTable lists who pays what for which service, each open to its
// postings, and the sum of it.
func (v *Visit) portionTable(c coverageAsked, of func(report.Portion) bool) *table.Table {
	t := table.New("portions", v.T("coverage.portions"))
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("objective", v.T("by.objective"), table.TextColumn)
	t.Column("place", v.T("by.area"), table.TextColumn)
	t.Column("ends", v.T("coverage.ends"), table.DateColumn)
	t.Column("amount", v.T("checks.amount"), table.MoneyColumn)
	var sum, term money.Sum
	for _, one := range c.Portions {
		if !of(one) {
			continue
		}
		link := v.Postings(ledger.AllocatedTo, pairs(v.boardMoney(), "service", one.Service, "award", one.Award, "objective", one.Objective, "area", one.Area, "year", one.Year.String())...)
		amount := table.Money(one.Sum, v.Style()).To(link)
		if one.Year == fiscal.Term {
			term.Merge(one.Sum)
			amount = amount.Noted(v.T("coverage.of-term"))
		} else {
			sum.Merge(one.Sum)
		}
		ends := table.Text(v.T("no-end-date"))
		a, _ := v.Award(one.Award)
		if last, has := a.LastDay(); has {
			ends = table.Date(last)
		}
		objective, area := v.objectiveName(one.Objective), v.placeName(report.Place{ID: one.Area})
		t.Row(v.named("services", one.Service).To(v.rowPage(check.Subject{Type: "service", ID: one.Service})), v.named("awards", one.Award).To(v.rowPage(check.Subject{Type: "award", ID: one.Award})),
			table.Text(objective.Text).In(string(objective.Lang)), table.Text(area.Text).In(string(area.Lang)), ends, amount)
	}
	if len(t.Rows) > 0 {
		t.Total(table.Text(v.T("total")), table.Text(""), table.Text(""), table.Text(""), table.Text(""), table.Money(sum, v.Style()))
	}
	if !term.IsNought() {
		t.Total(table.Text(v.T("coverage.total-term")), table.Text(""), table.Text(""), table.Text(""), table.Text(""), table.Money(term, v.Style()))
	}
	t.Empty = v.T("coverage.no-portions")
	return v.Finish(t)
}

// needTable lists the needs recorded; small counts are not printed.
func (v *Visit) needTable(of func(commissioning.Need) bool) *table.Table {
	t := table.New("needs", v.T("coverage.needs"))
	t.Column("objective", v.T("by.objective"), table.TextColumn)
	t.Column("place", v.T("by.area"), table.TextColumn)
	t.Column("ages", v.T("coverage.ages"), table.TextColumn)
	t.Column("year", v.T("by.year"), table.TextColumn)
	t.Column("people", v.T("coverage.people"), table.CountColumn)
	t.Column("source", v.T("coverage.source"), table.TextColumn)
	for _, n := range v.Needs {
		if n.Year > v.Year || !of(n) {
			continue
		}
		ages, year, people := v.T("coverage.all-ages"), table.None(), table.Unknown()
		if n.Ages.Known {
			ages = v.ages(n.Ages.String())
		}
		if n.Year != fiscal.Term {
			year = table.Text(n.Year.String())
		}
		if n.People >= 0 {
			people = table.Few(n.People, v)
			if n.Unit != "" {
				people = people.Noted(v.unit(n.Unit))
			}
		}
		source := table.None()
		if n.Source != "" {
			source = table.Text(n.Source)
		}
		t.Row(v.named("objectives", n.Objective), v.named("areas", n.Area), table.Text(ages), year, people, source)
	}
	return v.Finish(t)
}
