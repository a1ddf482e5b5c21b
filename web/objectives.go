package web

import (
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
	"braid/web/templates/parts"
)

type objectivesPage struct {
	Lead  string
	Own   string // whose money a board's member sees
	Table *table.Table
	Add   string
}

// objectives lists what partners agreed, with its money and its gaps.
func objectives(v *Visit) (Answer, error) {
	c := v.covers(0)
	ids := slices.Clone(c.Objectives)
	for id := range v.Objectives {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	t := table.New("objectives", v.T("objectives.caption", "Year", v.Year.String()))
	t.Column("objective", v.T("by.objective"), table.TextColumn)
	t.Column("under", v.T("objectives.under"), table.TextColumn)
	t.Column("by", v.T("objectives.agreed-by"), table.TextColumn)
	t.Column("on", v.T("objectives.agreed-on"), table.DateColumn)
	t.Column("allocated", v.T("services.allocated", "Year", v.Year.String()), table.MoneyColumn)
	t.Column("services", v.T("objectives.services"), table.CountColumn)
	t.Column("gaps", v.T("objectives.gaps"), table.TextColumn)
	agreed, n := 0, 0
	for _, id := range ids {
		o, known := v.Objective(id)
		if !known {
			continue
		}
		n++
		row := c.Row(id)
		under, by, on, services := table.None(), table.None(), table.None(), table.None()
		if o.Parent != "" {
			under = v.named("objectives", o.Parent)
		}
		if len(o.AgreedBy) > 0 {
			by = table.Text(v.names("organisations", o.AgreedBy))
		}
		if o.AgreedOn != 0 {
			agreed++
			on = table.Date(o.AgreedOn)
		}
		if len(row.Services) > 0 {
			services = table.Count(len(row.Services)).To(v.madeOf(&id, nil))
		}
		t.Row(v.named("objectives", id).To(v.To(pathOf("objectives", id))), under, by, on, v.objectiveMoney(id, row.Money, nil), services, v.gapsCell(id, row.Gaps))
	}
	t.Empty = v.T("objectives.empty")
	p := objectivesPage{Own: v.ownSaid(), Lead: v.N("objectives.lead", n, "Agreed", v.Count(agreed)), Table: v.Finish(t)}
	if v.May(people.EditRegisters).All {
		p.Add = v.Base() + "/registers/objectives/new"
	}
	return Page{Template: "objectives", Title: v.T("objectives.title"), Nav: "checks/objectives", Data: p, Tables: []*table.Table{p.Table}, Money: true, Wide: true}, nil
}

// objectiveMoney is an objective's money, in a place if one is given, open to
// its postings where they are just these.
func (v *Visit) objectiveMoney(id string, m report.Cell, place *report.Place) table.Cell {
	only := []string{"objective", id, "year", v.Year.String()}
	if place != nil {
		only = append(only, "area", place.ID)
	}
	if v.Reach.All && (place != nil && !place.Parts || place == nil && v.Place == "") {
		return v.mapCell(m, false, ledger.AllocatedTo, only...)
	}
	cell := table.MoneyOrNone(m.InYear, v.Style())
	if !m.None() {
		cell = cell.To(v.madeOf(&id, place))
	}
	return cell
}

// gapsCell says where an objective has gaps; of many, how many.
func (v *Visit) gapsCell(objective string, gaps []*check.Finding) table.Cell {
	if len(gaps) > 4 {
		return table.Text(v.N("coverage.gaps", len(gaps))).To(v.madeOf(&objective, nil))
	}
	var links []table.Link
	for _, f := range gaps {
		said := v.T("coverage.gap")
		switch {
		case f.Silenced():
			said = v.T("status.accepted-gap")
		case f.Unknown:
			said = v.T("coverage.untold")
		}
		if area := subject(f, "area"); area != "" {
			said = v.T("coverage.in", "Objective", said, "Place", v.NameOf(v.Book, "areas", area).Text)
		}
		links = append(links, table.Link{Text: said, Href: v.gapAt(f)})
	}
	if len(links) == 0 {
		return table.None()
	}
	return table.Text("").Also(links...)
}

type objectivePage struct {
	Lead     string
	Own      string
	About    []parts.Row
	Services *table.Table // by place
	Places   *table.Table // needs beside money
	Streams  *table.Table
	Needs    *table.Table
	Below    []navLink
	Measures []string
	Edit     string
	Notes    notesPart
	History  []change
}

// objective says what is done about one.
func objective(v *Visit) (Answer, error) {
	id := v.Param("id")
	o, ok := v.Objective(id)
	if !ok {
		return nil, Missing{}
	}
	c := v.covers(0)
	row := c.Row(id)
	name := v.NameOf(v.Book, "objectives", id).Text
	p := objectivePage{Own: v.ownSaid()}
	places := 0
	for _, place := range c.Places {
		if !c.At(id, place).Money.None() {
			places++
		}
	}
	switch {
	case row.Money.None():
		p.Lead = v.T("objective.nothing", "Year", v.Year.String())
	default:
		p.Lead = v.T("objective.lead", "Amount", v.cell(row.Money), "Year", v.Year.String(),
			"Services", v.N("objective.services", len(row.Services)), "Places", v.N("objective.places", places))
	}
	open := 0
	var where []string
	for _, f := range row.Gaps {
		if !f.Silenced() && !f.Unknown {
			open++
			if area := subject(f, "area"); area != "" {
				where = append(where, v.NameOf(v.Book, "areas", area).Text)
			}
		}
	}
	if open > 0 {
		p.Lead += " " + v.N("objective.gaps", open, "Places", v.List(v.someOf(where)))
	}
	p.About = v.agreedRows(o)
	p.Services = v.servicesByPlace(c, id)
	p.Places = v.needByPlace(c, id)
	p.Streams = v.streamsTo(c, id)
	p.Needs = v.needTable(func(n commissioning.Need) bool { return n.Objective == id })
	tables := []*table.Table{p.Services, p.Places, p.Streams, p.Needs}
	for _, below := range v.ObjectiveTree().Children(id) {
		p.Below = append(p.Below, navLink{Href: v.To(pathOf("objectives", below)), Text: v.NameOf(v.Book, "objectives", below).Text})
	}
	for _, r := range v.Records("indicators") {
		if r.Get("objective") == id {
			p.Measures = append(p.Measures, v.Name(r.Get("name"), r.Get("name_cy")).Text)
		}
	}
	if v.May(people.EditRegisters).All {
		p.Edit = v.Base() + pathOf("registers", "objectives", id)
	}
	p.Notes, p.History = v.notesOf("objectives/"+id), v.historyOf("objectives", id)
	return Page{Template: "objective", Title: v.T("objective.title", "Objective", name), Nav: "checks/objectives", Data: p, Tables: tables, Money: true, Wide: true}, nil
}

// agreedRows say who agreed an objective, when and in which paper.
func (v *Visit) agreedRows(o commissioning.Objective) []parts.Row {
	row := func(key, value string) parts.Row {
		if value == "" {
			value = v.T("not-known")
		}
		return parts.Row{Key: v.T(key), Value: value}
	}
	on := ""
	if o.AgreedOn != 0 {
		on = v.Date(o.AgreedOn)
	}
	rows := []parts.Row{row("objectives.agreed-by", v.names("organisations", o.AgreedBy)), row("objectives.agreed-on", on), row("objectives.agreed-ref", o.AgreedRef)}
	if o.Weight > 0 {
		rows = append(rows, row("objectives.weight", v.Count(o.Weight)))
	}
	if o.Parent != "" {
		rows = append(rows, parts.Row{Key: v.T("objectives.under"), Value: linkedName(v.To(pathOf("objectives", o.Parent)), v.NameOf(v.Book, "objectives", o.Parent))})
	}
	return rows
}

// servicesByPlace sets services against places.
func (v *Visit) servicesByPlace(c *report.Coverage, id string) *table.Table {
	t := table.New("services", v.T("objective.by-service", "Year", v.Year.String()))
	t.Column("service", v.T("service"), table.TextColumn)
	var used []report.Place
	for _, p := range c.Places {
		if !c.At(id, p).Money.None() {
			used = append(used, p)
		}
	}
	for i, p := range used {
		n := v.placeName(p)
		t.Column("p"+strconv.Itoa(i), n.Text, table.MoneyColumn).Lang = string(n.Lang)
	}
	t.Column("total", v.T("total"), table.MoneyColumn)
	sum := func(service string, place *report.Place) (m report.Cell) {
		for _, one := range c.Portions {
			if one.Objective == id && one.Service == service && (place == nil || one.In(*place)) {
				if one.Year == fiscal.Term {
					m.OfTerm.Merge(one.Sum)
				} else {
					m.InYear.Merge(one.Sum)
				}
			}
		}
		return m
	}
	total := []table.Cell{table.Text(v.T("total"))}
	for i := range used {
		total = append(total, v.objectiveMoney(id, c.At(id, used[i]).Money, &used[i]))
	}
	t.Total(append(total, v.objectiveMoney(id, c.Row(id).Money, nil))...)
	for _, service := range c.Row(id).Services {
		cells := []table.Cell{v.named("services", service).To(v.rowPage(check.Subject{Type: "service", ID: service}))}
		only := pairs(v.boardMoney(), "objective", id, "service", service, "year", v.Year.String())
		for i := range used {
			m := sum(service, &used[i])
			if used[i].Parts {
				cells = append(cells, table.MoneyOrNone(m.InYear, v.Style()))
			} else {
				cells = append(cells, v.mapCell(m, false, ledger.AllocatedTo, append(slices.Clone(only), "area", used[i].ID)...))
			}
		}
		m := sum(service, nil)
		if v.Place == "" {
			cells = append(cells, v.mapCell(m, false, ledger.AllocatedTo, only...))
		} else {
			cells = append(cells, table.MoneyOrNone(m.InYear, v.Style()))
		}
		t.Row(cells...)
	}
	t.Empty = v.T("objective.no-service")
	return v.Finish(t)
}

// needByPlace sets each place's need beside its money.
func (v *Visit) needByPlace(c *report.Coverage, id string) *table.Table {
	t := table.New("places", v.T("objective.by-place", "Year", v.Year.String()))
	t.Column("place", v.T("by.area"), table.TextColumn)
	t.Column("need", v.T("objective.need"), table.TextColumn)
	t.Column("allocated", v.T("services.allocated", "Year", v.Year.String()), table.MoneyColumn)
	t.Column("each", v.T("coverage.per-child"), table.MoneyColumn)
	t.Column("services", v.T("objectives.services"), table.CountColumn)
	t.Column("status", v.T("status"), table.TextColumn)
	for i := range c.Places {
		p := &c.Places[i]
		at := c.At(id, *p)
		need := v.needIn(id, p.ID)
		if at.Money.None() && len(at.Gaps) == 0 && need == "" {
			continue
		}
		n := v.placeName(*p)
		services, each := table.None(), table.None()
		if len(at.Services) > 0 {
			services = table.Count(len(at.Services)).To(v.madeOf(&id, p))
			each = v.perChild(at, p.Children).To(v.madeOf(&id, p))
		}
		needed := table.None()
		if need != "" {
			needed = table.Text(need)
		}
		t.Row(table.Text(n.Text).In(string(n.Lang)), needed, v.objectiveMoney(id, at.Money, p), each, services, v.gapsCell(id, at.Gaps))
	}
	t.Empty = v.T("objective.no-place")
	return v.Finish(t)
}

// needIn says the need of an objective in an area as it was last stated, age
// band by age band.
func (v *Visit) needIn(objective, area string) string {
	latest := map[commissioning.Ages]commissioning.Need{}
	for _, n := range v.Needs {
		if was, met := latest[n.Ages]; n.Objective == objective && n.Area == area && n.Year <= v.Year && (!met || n.Year > was.Year) {
			latest[n.Ages] = n
		}
	}
	var said []string
	for _, n := range latest {
		people, ages := v.T("not-known"), v.T("coverage.all-ages")
		switch {
		case n.People > 0 && n.People < 5:
			people = v.T("table.few")
		case n.People >= 0:
			people = v.Count(n.People)
		}
		if n.Ages.Known {
			ages = v.T("objective.aged", "Ages", v.ages(n.Ages.String()))
		}
		said = append(said, strings.TrimSpace(people+" "+v.unit(n.Unit))+", "+ages)
	}
	slices.Sort(said)
	return strings.Join(said, "; ")
}

// streamsTo lists the streams that say they work to an objective, and those
// that pay for it without saying so.
func (v *Visit) streamsTo(c *report.Coverage, id string) *table.Table {
	paid := map[string]*report.Cell{}
	for _, one := range c.Portions {
		a, _ := v.Award(one.Award)
		if one.Objective != id {
			continue
		}
		if paid[a.Stream] == nil {
			paid[a.Stream] = &report.Cell{}
		}
		if one.Year == fiscal.Term {
			paid[a.Stream].OfTerm.Merge(one.Sum)
		} else {
			paid[a.Stream].InYear.Merge(one.Sum)
		}
	}
	t := table.New("streams", v.T("objective.streams"))
	t.Column("stream", v.T("by.stream"), table.TextColumn)
	t.Column("works", v.T("objective.works-to"), table.TextColumn)
	t.Column("allocated", v.T("services.allocated", "Year", v.Year.String()), table.MoneyColumn)
	for stream, s := range v.Streams {
		works := slices.Contains(s.Objectives, id)
		if !works && paid[stream] == nil {
			continue
		}
		said := table.Text(v.T("objective.works"))
		if !works {
			said = table.Text(v.T("objective.works-not"))
		}
		amount := table.None()
		if m := paid[stream]; m != nil {
			amount = table.MoneyOrNone(m.InYear, v.Style())
			if v.Place == "" {
				amount = v.mapCell(*m, false, ledger.AllocatedTo, pairs(v.boardMoney(), "stream", stream, "objective", id, "year", v.Year.String())...)
			}
		}
		t.Row(v.named("streams", stream).To(v.rowPage(check.Subject{Type: "stream", ID: stream})), said, amount)
	}
	t.Empty = v.T("objective.no-stream")
	return v.Finish(t)
}
