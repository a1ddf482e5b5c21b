package web

import (
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/table"
)

type endingPage struct {
	Back, Service string
	Lead          []string
	Exit          exitPart
	Options       *table.Table
	Posts         *table.Table
	PostsNote     string
	AddPost       string
	Served        string
	History       []change
}

// exit says what happens to a service when its money ends: by when it must be
// decided, what each way out costs, whose posts it touches, what is planned.
func exit(v *Visit) (Answer, error) {
	s, err := v.aService()
	if err != nil {
		return nil, err
	}
	name := v.NameOf(v.Book, "services", s.ID).Text
	p := endingPage{Back: v.To(pathOf("services", s.ID)), Service: name, Exit: v.exitOf(s.ID), Served: v.served(s), History: v.historyOf("exits", s.ID)}
	page := Page{Template: "ending", Title: v.T("exit.title", "Service", name), Nav: "services/exits", Wide: true}
	if !v.ofBoard() { // what others pay is not theirs to see
		p.Lead = v.endingLead(s.ID)
		p.Options = v.optionsTable(s)
		page.Tables = append(page.Tables, p.Options)
	}
	switch {
	case v.seesPosts():
		p.Posts = v.postsTable(s.ID)
		page.Tables = append(page.Tables, p.Posts)
		if v.May(people.Pay).All {
			p.AddPost = v.Base() + pathOf("services", s.ID, "posts", "new")
		}
	case !v.ofBoard():
		p.PostsNote = v.T("exit.posts-finance")
	}
	page.Data = p
	return page, nil
}

// seesPosts: posts are for finance and audit alone.
func (v *Visit) seesPosts() bool { return v.Is(people.Finance, people.Auditor) }

// served says how many people a service is for; a small number as few.
func (v *Visit) served(s commissioning.Service) string {
	switch {
	case s.Capacity < 0:
		return v.T("exit.served-unknown")
	case s.Capacity > 0 && s.Capacity < 5:
		return v.T("exit.served-few", "Unit", unitOf(v, s))
	}
	return v.N("exit.served", s.Capacity, "Unit", unitOf(v, s))
}

// endingLead says what money ends, when, and by when that must be decided.
func (v *Visit) endingLead(service string) []string {
	var lead []string
	for _, r := range worked(v.reading, riskKey{}, v.allAtRisk) {
		if r.Service != service {
			continue
		}
		said := v.T("exit.lead."+slugOf(r.band), "Amount", v.Sum(r.Amount), "All", v.cell(r.total), "Date", v.Date(r.date), "Away", v.Away(v.Today, r.date))
		if r.Decide != nil {
			id := "exit.decide"
			if r.Decide.Date < v.Today {
				id = "exit.decide-late"
			}
			said += " " + v.T(id, "Date", v.Date(r.Decide.Date), "Away", v.Away(v.Today, r.Decide.Date))
		} else {
			said += " " + v.T("exit.decide-unknown")
		}
		lead = append(lead, said)
	}
	if lead == nil {
		lead = []string{v.T("exit.lead-none", "Months", v.Count(v.Settings.Policy.HorizonMonths))}
	}
	return lead
}

// The ways out, in the order that the register has them.
var exitOptions = []string{"end", "mainstream", "other grant", "charge", "merge", "hand over"}

// optionYears is how many years after this one the ways out are compared over.
const optionYears = 3

// optionsTable sets the ways out side by side: what each costs the council by
// the forecast, and what it takes.
func (v *Visit) optionsTable(s commissioning.Service) *table.Table {
	p := v.forecastOf(fewestYears)
	a := ahead{Projection: p, years: fewestYears, likely: likelyFrom}
	years := p.Years[1 : 1+optionYears]
	t := table.New("options", v.T("exit.options"))
	t.Column("", v.T("exit.option"), table.TextColumn)
	for _, y := range years {
		t.Column("", v.T("exit.costs-in", "Year", y.String()), table.MoneyColumn)
	}
	t.Column("", v.T("exit.takes"), table.TextColumn)
	t.Column("", v.T("exit.planned"), table.TagColumn)
	plan, _ := v.Book.Record("exits", s.ID)
	_, forecasts := p.Service(s.ID)
	for _, option := range exitOptions {
		cells := []table.Cell{table.Text(v.choice(option))}
		for i, y := range years {
			gap := forecast.Figure{State: forecast.NotKnown}
			if forecasts {
				gap = p.Of(s.ID, forecast.Gap, y)
			}
			cell := table.None()
			switch option {
			case "mainstream":
				cell = foreseenCell(gap, v.Style(), v.outlookLink(a, forecast.Gap, s.ID, y))
			case "end":
				if i == 0 {
					cell = v.exitCost(p, s.ID, plan)
				}
			case "merge", "charge":
				cell = table.Unknown()
			case "hand over":
				if i == 0 {
					cell = table.Unknown()
				}
			}
			cells = append(cells, cell)
		}
		takes := v.optionTakes(option, s, a, years[0])
		tag := table.Text("")
		if plan.Get("option") == option {
			state := v.exitState(s.ID)
			tag = table.Tag(v.T("exit.state."+state), exitColours[state])
		}
		t.Row(append(cells, takes, tag)...)
	}
	t.Note = v.T("exit.options-note")
	return v.Finish(t)
}

// exitCost is what ending costs: as planned or, to those who see posts, as the
// posts have it.
func (v *Visit) exitCost(p *forecast.Projection, service string, plan ledger.Record) table.Cell {
	if text := plan.Get("exit_cost"); text != "" {
		if cost, err := money.ParsePence(text); err == nil {
			return table.Pence(cost, v.Style()).To("#exit")
		}
	}
	if !v.seesPosts() {
		return table.Unknown()
	}
	var sum money.Sum
	any := false
	for _, post := range v.Posts {
		if post.Service == service {
			any = true
			sum.Add(post.ExitCost)
		}
	}
	if !any {
		return table.Unknown()
	}
	return table.Money(sum, v.Style()).To("#posts")
}

// optionTakes says what a way out needs, from the first year without the money.
func (v *Visit) optionTakes(option string, s commissioning.Service, a ahead, first fiscal.Year) table.Cell {
	gap := a.Of(s.ID, forecast.Gap, first)
	switch option {
	case "end":
		return table.Text(v.served(s))
	case "mainstream":
		return table.Text(v.T("exit.takes-mainstream"))
	case "other grant":
		var can []table.Link
		for _, w := range a.Awards {
			if w.Lasting {
				continue
			}
			only := ledger.Filter{ledger.ByAward: w.ID, ledger.ByYear: first.String()}
			left := v.Position(nil, only).Total.Sums[ledger.LeftOf]
			if left.State() == money.NotKnown || left.Pence() <= 0 {
				continue
			}
			id := "exit.other-can"
			switch v.Judge(w.ID, s.ID, ledger.Label{}, first, first.Start()).Verdict {
			case funding.Allowed:
			case funding.NotKnown:
				id = "exit.other-perhaps"
			default:
				continue
			}
			can = append(can, table.Link{Text: v.T(id, "Award", v.NameOf(v.Book, "awards", w.ID).Text, "Amount", v.Sum(left)), Href: v.Postings(ledger.LeftOf, pairs(only)...)})
		}
		if len(can) == 0 {
			return table.Text(v.T("exit.other-none", "Year", first.String()))
		}
		return table.Text(v.T("exit.takes-other", "Year", first.String())).Also(can...)
	case "charge":
		if s.Capacity < 5 || gap.State != forecast.Exact || gap.Amount == 0 {
			return table.Text(v.T("exit.takes-charge-unknown"))
		}
		each := (gap.Amount + money.Pence(s.Capacity) - 1) / money.Pence(s.Capacity) // to the next penny, so that it is enough
		return table.Text(v.T("exit.takes-charge", "Amount", each.Exact(), "Year", first.String(), "Count", v.Count(s.Capacity), "Unit", unitOf(v, s)))
	case "merge":
		var with []table.Link
		for _, other := range v.Services {
			if other.ID != s.ID && len(with) < 4 && v.Sees(other.ID) && slices.ContainsFunc(other.Objectives, func(o string) bool { return slices.Contains(s.Objectives, o) }) {
				name := v.NameOf(v.Book, "services", other.ID)
				with = append(with, table.Link{Text: name.Text, Lang: string(name.Lang), Href: v.To(pathOf("services", other.ID))})
			}
		}
		if len(with) == 0 {
			return table.Text(v.T("exit.merge-none"))
		}
		return table.Text(v.T("exit.takes-merge")).Also(with...)
	}
	if v.seesPosts() {
		transfer := 0
		for _, post := range v.Posts {
			if post.Service == s.ID && post.TUPE == commissioning.Transfers {
				transfer++
			}
		}
		return table.Text(v.N("exit.takes-hand-over-posts", transfer))
	}
	return table.Text(v.T("exit.takes-hand-over"))
}

// postsTable lists the posts of a service, for those who may see them.
func (v *Visit) postsTable(service string) *table.Table {
	t := table.New("posts", v.T("exit.posts"))
	t.Wide = true
	for _, c := range []struct {
		name string
		kind table.Kind
	}{{"id", table.TextColumn}, {"fte", table.TextColumn}, {"employer", table.TextColumn}, {"contract_end", table.DateColumn}, {"service_band", table.TextColumn},
		{"annual_cost", table.MoneyColumn}, {"exit_cost", table.MoneyColumn}, {"tupe", table.TextColumn}, {"awards", table.TextColumn}} {
		t.Column("", v.columnName(c.name), c.kind)
	}
	var annual, exit money.Sum
	fte, known := commissioning.FTE(0), true
	edits := v.May(people.Pay).All
	for id, post := range v.Posts {
		if post.Service != service {
			continue
		}
		name := table.Text(id)
		if edits {
			name = name.To(v.Base() + pathOf("registers", "posts", id))
		}
		ends := table.Text(v.T("no-end-date"))
		if !post.ContractEnd.IsZero() {
			ends = table.Date(post.ContractEnd)
		}
		known = known && post.FTE >= 0
		fte += max(post.FTE, 0)
		annual.Add(post.AnnualCost)
		exit.Add(post.ExitCost)
		t.Row(name, fteCell(v, post.FTE), textOrUnknown(v.nameOr("organisations", post.Employer)), ends, textOrUnknown(post.ServiceBand), table.Amount(post.AnnualCost, v.Style()),
			table.Amount(post.ExitCost, v.Style()), table.Text(v.T("exit.tupe."+slugOf(post.TUPE.String()))), textOrUnknown(v.paidBy(post)))
	}
	if len(t.Rows) > 0 {
		all := fteCell(v, fte)
		if !known {
			all = table.Text(v.T("at-least", "Amount", fte.String()))
		}
		t.Total(table.Text(v.T("total")), all, table.Text(""), table.Text(""), table.Text(""), table.Money(annual, v.Style()), table.Money(exit, v.Style()), table.Text(""), table.Text(""))
	}
	t.Empty = v.T("exit.no-posts")
	return v.Finish(t)
}

// paidBy names the awards that pay for a post, with their shares of it.
func (v *Visit) paidBy(post commissioning.Post) string {
	var by []string
	for _, part := range post.Awards {
		name := v.NameOf(v.Book, "awards", part.ID).Text
		if len(post.Awards) > 1 && !part.Weight.IsZero() {
			name += " " + v.Share(part.Weight)
		}
		by = append(by, name)
	}
	return strings.Join(by, ", ")
}

func fteCell(v *Visit, f commissioning.FTE) table.Cell {
	if f < 0 {
		return table.Unknown()
	}
	return table.Text(f.String()).Is("num")
}

func textOrUnknown(s string) table.Cell {
	if s == "" {
		return table.Unknown()
	}
	return table.Text(s)
}

type exitsPage struct {
	Lead  string
	Table *table.Table
	Good  bool
}

// exits lists the services whose money ends, each with its plan.
func exits(v *Visit) (Answer, error) {
	if v.ofBoard() {
		return Redirect{To: v.To(v.boardPath())}, nil
	}
	var rows []riskRow
	count := map[string]int{}
	met := map[string]bool{}
	for _, r := range worked(v.reading, riskKey{}, v.allAtRisk) {
		if !v.Sees(r.Service) {
			continue
		}
		rows = append(rows, r)
		if !met[r.Service] {
			met[r.Service] = true
			count[r.exit]++
		}
	}
	p := exitsPage{Good: len(rows) == 0}
	p.Lead = v.N("exits.lead", len(met), "Agreed", strconv.Itoa(count["agreed"]), "Draft", strconv.Itoa(count["draft"]), "None", strconv.Itoa(count["none"]))
	p.Table = v.exitsTable(rows)
	return Page{Template: "exits", Title: v.T("exits.title"), Nav: "services/exits", Data: p, Tables: []*table.Table{p.Table}, Wide: true}, nil
}

func (v *Visit) exitsTable(rows []riskRow) *table.Table {
	t := table.New("exits", v.T("exits.table"))
	t.Wide, t.Frozen = true, true
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("loses", v.T("loses"), table.MoneyColumn)
	t.Column("ends", v.T("timeline.ends"), table.DateColumn)
	t.Column("decide", v.T("decide-by"), table.DateColumn)
	t.Column("late", v.T("how-long"), table.TagColumn)
	t.Column("option", v.columnName("option"), table.TextColumn)
	t.Column("owner", v.columnName("owner"), table.TextColumn)
	t.Column("cost", v.columnName("exit_cost"), table.MoneyColumn)
	posts := v.seesPosts()
	if posts {
		t.Column("posts", v.T("exit.posts"), table.CountColumn)
	}
	t.Column("people", v.T("risk.served"), table.CountColumn)
	t.Column("plan", v.T("risk.exit"), table.TagColumn)
	on := map[string]int{}
	for _, post := range v.Posts {
		on[post.Service]++
	}
	for _, r := range rows {
		s, _ := v.Service(r.Service)
		plan, _ := v.Book.Record("exits", r.Service)
		page := v.Base() + pathOf("services", r.Service, "exit")
		decide, late := table.Unknown(), table.None()
		if r.Decide != nil {
			colour := table.Amber
			if r.Decide.Date < v.Today {
				colour = table.Red
			}
			decide, late = table.Date(r.Decide.Date), table.Tag(v.Away(v.Today, r.Decide.Date), colour)
		}
		text := func(column string) table.Cell {
			if r.exit == "none" {
				return table.None()
			}
			return textOrUnknown(plan.Get(column))
		}
		option := text("option")
		if o := plan.Get("option"); o != "" {
			option = table.Text(v.choice(o))
		}
		cost := table.None()
		if r.exit != "none" {
			cost = table.Unknown()
			if c, err := money.ParsePence(plan.Get("exit_cost")); err == nil {
				cost = table.Pence(c, v.Style()).To(page)
			}
		}
		served := table.Unknown()
		if s.Capacity >= 0 {
			served = table.Few(s.Capacity, v).Noted(unitOf(v, s))
		}
		cells := []table.Cell{v.named("services", r.Service).To(page), table.Money(r.Amount, v.Style()).To(v.Evidence(r.Finding)), table.Date(r.date), decide, late, option, text("owner"), cost}
		if posts {
			cells = append(cells, table.Count(on[r.Service]).To(page+"#posts"))
		}
		t.Row(append(cells, served, table.Tag(v.T("exit.state."+r.exit), exitColours[r.exit]).To(page))...)
	}
	t.Empty = v.T("risk.good")
	return v.Finish(t)
}
