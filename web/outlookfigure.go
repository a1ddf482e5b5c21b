package web

import (
	"net/url"
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/sentence"
	"braid/web/table"
)

// term is a row of the forecast in a year, as a part of a sum.
type term struct {
	line forecast.Line
	year fiscal.Year
	less bool
	f    forecast.Figure
}

// addition makes a figure that is a sum of rows.
type addition []term

// sums are the figures of the waterfall that are no row: this year's funding,
// what of it ends or changes, and money beyond a service's own cost, which pays
// for no other service.
var sums = []string{"funding", "ending", "beyond"}

func (a ahead) sum(id string, y fiscal.Year) addition {
	of := func(l forecast.Line, y fiscal.Year, less bool) term { return term{l, y, less, a.figure(l, y)} }
	switch id {
	case "ending":
		return addition{of(forecast.Secured, y, false), of(forecast.Core, y, false), of(forecast.Secured, a.From, true), of(forecast.Core, a.From, true)}
	case "beyond":
		return addition{of(forecast.Secured, y, false), of(forecast.Core, y, false), of(forecast.Likely, y, false), of(forecast.GapAfterLikely, y, false), of(forecast.TotalCost, y, true)}
	}
	return addition{of(forecast.Secured, y, false), of(forecast.Core, y, false)}
}

// changed is a row's change on the year before.
func (a ahead) changed(l forecast.Line, y fiscal.Year) addition {
	return addition{{l, y, false, a.figure(l, y)}, {l, y - 1, true, a.figure(l, y-1)}}
}

// total adds the terms up: a difference is known where all of them are.
func (ts addition) total() forecast.Figure {
	var sum forecast.Figure
	for _, t := range ts {
		switch {
		case t.less && (t.f.State != forecast.Exact || sum.State != forecast.Exact):
			return forecast.Figure{State: forecast.NotKnown}
		case t.less:
			sum.Amount -= t.f.Amount
		default:
			sum = plusFigure(sum, t.f)
		}
	}
	return sum
}

func (v *Visit) outlookSumLink(a ahead, id string, y fiscal.Year) string {
	link, _ := url.Parse(v.outlookLink(a, 0, "", y))
	q := link.Query()
	q.Del("line")
	q.Set("sum", id)
	link.RawQuery = q.Encode()
	return link.String()
}

// outlookFigure shows what makes up a figure of the forecast: a sum of rows, the
// services, or the records and postings it comes from.
func outlookFigure(v *Visit) (Answer, error) {
	if v.ofBoard() {
		return Redirect{To: v.To(v.boardPath())}, nil
	}
	a, errs := v.ahead()
	y := v.Year
	i := slices.Index(a.Years, y)
	service := v.Q("service")
	if len(errs) > 0 || v.Q("year") == "" || i < 0 || service != "" && !a.has(v, service) {
		return nil, Missing{}
	}
	if id := v.Q("case"); id != "" {
		low, expected, high := a.Cases()
		which, given := map[string]*forecast.Projection{"low": low, "expected": expected, "high": high}[id]
		if !given || a.some {
			return nil, Missing{}
		}
		a.Projection, a.which = which, id
	}
	p := outlookFigurePage{Back: v.To("/plan/forecast", "year", v.Q("year"), "prices", a.rate)}
	page := Page{Template: "forecastfigure", Nav: "plan/forecast", Wide: true}
	about := func(key, value string) { p.About = append(p.About, fact{Key: key, Value: value}) }
	var whole forecast.Figure
	if id := v.Q("sum"); id != "" {
		if !slices.Contains(sums, id) {
			return nil, Missing{}
		}
		ts := a.sum(id, y)
		whole = ts.total()
		name := v.T("outlook.step."+id, "Year", y.String())
		p.Lead = v.T("outlook.figure-lead", "Amount", v.foreseen(whole), "Line", name, "Year", y.String())
		p.Parts = v.additionTable(a, ts, whole)
	} else {
		l, ok := lineOf(v.Q("line"))
		if !ok || a.some && service == "" && slices.Contains(ofNoService, l) {
			return nil, Missing{}
		}
		name := v.lineName(a, l)
		about(v.T("outlook.row"), name)
		p.Says = v.T("outlook.says." + lineSlug(l))
		switch {
		case v.Q("of") == "change" && service == "" && i > 0:
			ts := a.changed(l, y)
			whole = ts.total()
			p.Parts = v.additionTable(a, ts, whole)
			name = v.T("outlook.change-of", "Line", name)
		case service != "":
			whole = a.Of(service, l, y)
			v.explainTables(a, l, service, &p, whole)
		default:
			whole = a.figure(l, y)
			v.explainTables(a, l, "", &p, whole)
		}
		p.Lead = v.T("outlook.figure-lead", "Amount", v.foreseen(whole), "Line", name, "Year", y.String())
		if service != "" {
			n := v.NameOf(v.Book, "services", service)
			p.About = append(p.About, fact{Key: v.T("service"), Value: n.Text, Lang: string(n.Lang)})
			p.Lead = v.T("outlook.figure-lead-service", "Amount", v.foreseen(whole), "Line", name, "Service", n.Text, "Year", y.String())
		}
	}
	about(v.T("by.year"), y.String())
	if a.some && service == "" {
		p.Notes = append(p.Notes, v.partSaid())
	}
	if a.which != "" {
		p.Notes = append(p.Notes, v.T("outlook.case."+a.which)+".")
	}
	if tried := v.triedSaid(a); tried != "" {
		p.Notes = append(p.Notes, tried)
	}
	if whole.State != forecast.Exact {
		p.Notes = append(p.Notes, v.T("outlook.figure-bound"))
	}
	page.Title = v.T("postings.title", "Amount", v.foreseenExact(whole))
	if whole.State == forecast.NotKnown {
		page.Title = v.T("postings.title-unknown")
	}
	page.Data, page.Tables = p, []*table.Table{p.Parts}
	if p.Postings != nil {
		page.Tables = append(page.Tables, p.Postings)
	}
	return page, nil
}

// has reports whether a service is in the forecast, and the reader's to see.
func (a ahead) has(v *Visit, service string) bool {
	_, ok := a.Service(service)
	return ok && v.Sees(service)
}

func lineOf(slug string) (forecast.Line, bool) {
	for _, l := range forecast.Lines() {
		if lineSlug(l) == slug {
			return l, true
		}
	}
	return 0, false
}

// additionTable sets out a sum of rows, each of which opens in turn.
func (v *Visit) additionTable(a ahead, ts addition, whole forecast.Figure) *table.Table {
	t := table.New("parts", v.T("outlook.parts"))
	t.Column("", v.T("outlook.part"), table.TextColumn)
	t.Column("", v.T("postings.amount"), table.MoneyColumn)
	t.Total(table.Text(v.T("total")), foreseenCell(whole, table.Exact, ""))
	for _, one := range ts {
		name, link := v.lineName(a, one.line), v.outlookLink(a, one.line, "", one.year)
		if one.less { // the number it leads to has no minus
			f := one.f
			f.Amount = -f.Amount
			t.Row(table.Text(v.T("outlook.part.less", "Line", name, "Year", one.year.String())).To(link), foreseenCell(f, table.Exact, ""))
			continue
		}
		t.Row(table.Text(v.T("outlook.part.level", "Line", name, "Year", one.year.String())), foreseenCell(one.f, table.Exact, link))
	}
	return v.Finish(t)
}

// explainTables lists the parts of a row's figure, and the postings behind them.
// Of all services, each service is a part that opens in turn.
func (v *Visit) explainTables(a ahead, l forecast.Line, service string, p *outlookFigurePage, whole forecast.Figure) {
	t := table.New("parts", v.T("outlook.parts"))
	t.Column("part", v.T("outlook.part"), table.TextColumn)
	t.Column("amount", v.T("postings.amount"), table.MoneyColumn)
	p.Parts = t
	switch {
	case service == "" && l == forecast.SavingsNotFound && whole.Amount != 0:
		p.Parts = v.additionTable(a, addition{{forecast.GapAfterLikely, v.Year, false, a.figure(forecast.GapAfterLikely, v.Year)}, {forecast.SavingsFound, v.Year, true, a.figure(forecast.SavingsFound, v.Year)}}, whole)
		return
	case service == "" && v.byService(a, l, t, whole):
	default:
		p.Postings = v.partRows(t, a.parts(l, service, v.Year))
	}
	t.Total(table.Text(v.T("total")), foreseenCell(whole, table.Exact, ""))
	t.Empty = v.T("outlook.figure-none")
	v.Finish(t)
}

// parts are those of one service, or of all that are the reader's.
func (a ahead) parts(l forecast.Line, service string, y fiscal.Year) []forecast.Part {
	if service != "" || !a.some {
		return a.Explain(l, service, y)
	}
	var all []forecast.Part
	for _, id := range a.only {
		all = append(all, a.Explain(l, id, y)...)
	}
	return all
}

// byService lists the services that have a part in a figure, then what is of no
// service, where they add up to it.
func (v *Visit) byService(a ahead, l forecast.Line, t *table.Table, whole forecast.Figure) bool {
	var sum money.Pence
	var rows [][]table.Cell
	for _, s := range a.Services {
		f := a.Of(s.ID, l, v.Year)
		if f == (forecast.Figure{}) || a.some && !slices.Contains(a.only, s.ID) {
			continue
		}
		sum += f.Amount
		rows = append(rows, []table.Cell{v.named("services", s.ID), foreseenCell(f, table.Exact, v.outlookLink(a, l, s.ID, v.Year))})
	}
	if len(rows) == 0 {
		return false
	}
	if !a.some {
		for _, part := range a.Explain(l, "", v.Year) {
			if part.Sentence.Arg("Service") == nil {
				sum += part.Amount
				rows = append(rows, []table.Cell{table.Text(v.Sentence(v.Book, part.Sentence)).To(v.partLink(part)), table.Pence(part.Amount, table.Exact)})
			}
		}
	}
	if sum != whole.Amount {
		return false
	}
	for _, r := range rows {
		t.Row(r...)
	}
	return true
}

// partRows lists parts, each leading on to the record that says it or to its
// postings, and gives the table of all their postings.
func (v *Visit) partRows(t *table.Table, of []forecast.Part) *table.Table {
	var f explained
	for _, part := range of {
		name, amount := table.Text(v.Sentence(v.Book, part.Sentence)).To(v.partLink(part)), table.Pence(part.Amount, table.Exact)
		switch {
		case len(part.Entries) > 0:
			f.add(part.Entries, 1)
			amount = amount.To("#postings")
		case part.Register == "services":
			amount = amount.To(name.Link)
		}
		t.Row(name, amount)
	}
	if len(f.proof) == 0 {
		return nil
	}
	f.total(false)
	return v.proofTable(v.T("postings.caption"), f)
}

// partLink leads from a part to the page of what it rests on: the postings of an
// award on a service where they alone make it, or the record.
func (v *Visit) partLink(part forecast.Part) string {
	award, _ := part.Sentence.Arg("Award").(sentence.Name)
	service, _ := part.Sentence.Arg("Service").(sentence.Name)
	if len(part.Entries) > 0 && award.ID != "" && service.ID != "" {
		year := v.Year
		if from, given := part.Sentence.Arg("From").(fiscal.Year); given {
			year = from
		}
		only := ledger.Filter{ledger.ByAward: award.ID, ledger.ByService: service.ID, ledger.ByYear: year.String()}
		if sum := v.Position(nil, only).Total.Sums[ledger.AllocatedTo]; sum.State() == money.Exact && sum.Pence() == part.Amount.Abs() {
			return v.Postings(ledger.AllocatedTo, pairs(only)...)
		}
	}
	switch part.Register {
	case "", "allocations":
	case "assumptions", "savings", "posts":
		if right := map[string]people.Action{"assumptions": people.Pay, "savings": people.EditRegisters, "posts": people.Pay}[part.Register]; v.May(right).All {
			return v.Base() + pathOf("registers", part.Register, part.ID)
		}
	case "exits":
		return v.Base() + pathOf("services", part.ID, "exit")
	default:
		if at := v.shownOn(part.Register, part.ID); at != "" {
			return v.To(at)
		}
	}
	if service.ID != "" {
		return v.To(pathOf("services", service.ID))
	}
	if a, ok := v.Award(award.ID); ok {
		return v.To(pathOf("streams", a.Stream))
	}
	return ""
}

type outlookFigurePage struct {
	Back, Lead, Says string
	About            []fact
	Notes            []string
	Parts            *table.Table
	Postings         *table.Table
}
