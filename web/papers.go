package web

import (
	"cmp"
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
	"braid/web/words"
)

var paperRoutes = []Route{
	{Method: "GET", Path: "/papers", Right: people.See, Do: papers, Kept: true},
	{Method: "GET", Path: "/papers/next-year", Right: people.See, Do: nextYear, Kept: true},
	{Method: "GET", Path: "/papers/grants", Right: people.See, Do: grantRegister, Kept: true},
}

type papersPage struct {
	Council bool // those about the whole council
	Boards  []paperBoard
}

type paperBoard struct {
	Href string
	Name words.Name
}

// papers lists what can be printed for a meeting.
func papers(v *Visit) (Answer, error) {
	p := papersPage{Council: v.Reach.All || len(v.Reach.Areas) > 0}
	for id := range v.Boards {
		if v.May(people.SeeBoard).OnBoard(id) {
			p.Boards = append(p.Boards, paperBoard{v.Base() + pathOf("boards", id, "pack"), v.NameOf(v.Book, "boards", id)})
		}
	}
	return Page{Template: "papers", Title: v.T("papers.title"), Nav: "papers", Data: p}, nil
}

type paperPage struct {
	Lead, Note string
	T          *table.Table
	Hash       string
}

func (v *Visit) paper(title, lead, note string, t *table.Table) Page {
	t.Wide = true
	return Page{Template: "paper", Title: title, Nav: "papers", Wide: true, Tables: []*table.Table{v.Finish(t)},
		Data: paperPage{lead, note, t, v.Hash().String()}}
}

// nextYear says of each service what is secured for the next financial year,
// what waits for a renewal, and what stops.
func nextYear(v *Visit) (Answer, error) {
	this := fiscal.YearOf(v.Today)
	next := this + 1
	type line struct{ stops, awaited, follows money.Sum }
	lines := map[string]*line{}
	of := func(service string) *line {
		if lines[service] == nil {
			lines[service] = &line{}
		}
		return lines[service]
	}
	links := map[string]string{}
	for _, e := range report.Endings(v.View, v.Findings()) {
		if fiscal.YearOf(e.Date) != this {
			continue
		}
		for _, l := range e.Losses {
			if !v.Sees(l.Service) {
				continue
			}
			switch e.Band {
			case report.Bands[0]:
				of(l.Service).stops.Merge(l.Amount)
				links[l.Service] = v.Evidence(l.Finding)
			case report.Bands[1]:
				of(l.Service).awaited.Merge(l.Amount)
			default:
				of(l.Service).follows.Merge(l.Amount)
			}
		}
	}
	secured := map[string]money.Sum{}
	for _, r := range v.Position([]ledger.Dimension{ledger.ByService}, ledger.Filter{ledger.ByYear: next.String()}).Rows {
		if id := r.Key[0]; id != "" && v.Sees(id) {
			secured[id] = r.Sums[ledger.AllocatedTo]
			of(id)
		}
	}
	exit := map[string]ledger.Record{}
	for _, r := range v.Records("exits") {
		exit[r.Get("service")] = r
	}
	t := table.New("next-year", v.T("papers.next-caption", "Year", next.String()))
	t.Column("service", v.T("service"), table.TextColumn).Sortable = true
	for _, key := range []string{"secured", "awaited", "stops"} {
		t.Column(key, v.T("papers."+key), table.MoneyColumn).Sortable = true
	}
	t.Column("owner", v.T("papers.owner"), table.TextColumn)
	t.Column("exit-cost", v.T("papers.exit-cost"), table.MoneyColumn)
	t.Column("exit-plan", v.T("papers.exit-plan"), table.TextColumn)
	ids := make([]string, 0, len(lines))
	for id := range lines {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(lines[b].stops.Pence(), lines[a].stops.Pence()), strings.Compare(a, b))
	})
	var all, wait, stop money.Sum
	losing := 0
	for _, id := range ids {
		l, s := lines[id], secured[id]
		s.Merge(l.follows)
		all.Merge(s)
		wait.Merge(l.awaited)
		stop.Merge(l.stops)
		if !l.stops.IsNought() {
			losing++
		}
		name := v.NameOf(v.Book, "services", id)
		r, _ := v.Record("services", id)
		stops := table.MoneyOrNone(l.stops, v.Style())
		if links[id] != "" {
			stops = stops.To(links[id])
		}
		cost, plan := table.None(), table.Text(v.T("papers.no-plan"))
		if x, ok := exit[id]; ok {
			plan = table.Text(v.T("papers.plan." + cmp.Or(x.Get("state"), "none")))
			if text := x.Get("exit_cost"); text != "" {
				cost = table.Amount(amountOf(text), v.Style())
			}
		}
		owner := table.Text(r.Get("owner"))
		if r.Get("owner") == "" {
			owner = table.Unknown()
		}
		t.Row(table.Text(name.Text).In(string(name.Lang)).To(v.To(pathOf("services", id))),
			table.MoneyOrNone(s, v.Style()).To(v.Postings(ledger.AllocatedTo, "service", id, "year", next.String())),
			table.MoneyOrNone(l.awaited, v.Style()), stops, owner, cost, plan)
	}
	t.Total(table.Text(v.T("total")), table.Money(all, v.Style()).To(v.Postings(ledger.AllocatedTo, "year", next.String())), table.MoneyOrNone(wait, v.Style()),
		table.MoneyOrNone(stop, v.Style()).To(v.To("/services/risk")), table.Text(""), table.Text(""), table.Text(""))
	lead := v.N("papers.next-lead", losing, "Amount", v.Sum(stop), "Year", next.String(), "Secured", v.Sum(all))
	return v.paper(v.T("papers.next", "Year", next.String()), lead, v.T("papers.next-note"), t), nil
}

// amountOf reads a canonical amount of a record; "?" is not known.
func amountOf(text string) money.Amount {
	p, err := money.ParsePence(text)
	if err != nil {
		return money.Unknown
	}
	return money.Known(p)
}

// grantRegister lists the awards of the year with what an auditor asks first.
func grantRegister(v *Visit) (Answer, error) {
	if !v.Reach.All && len(v.Reach.Areas) == 0 {
		return nil, Missing{}
	}
	received := map[string]money.Sum{}
	for _, c := range v.Records("claims") {
		s := received[c.Get("award")]
		if text := c.Get("received"); text != "" {
			s.Add(amountOf(text))
		}
		received[c.Get("award")] = s
	}
	t := table.New("grants", v.T("papers.grants-caption", "Year", v.Year.String()))
	t.Column("award", v.T("by.award"), table.TextColumn).Sortable = true
	t.Column("funder", v.T("by.funder"), table.TextColumn).Sortable = true
	t.Column("confirmed", v.T("papers.confirmed"), table.TextColumn)
	t.Column("ends", v.T("papers.ends"), table.DateColumn).Sortable = true
	t.Column("conditions", v.T("papers.conditions"), table.TextColumn)
	t.Column("claim", v.T("papers.claim"), table.DateColumn).Sortable = true
	t.Column("awarded", v.T("awarded"), table.MoneyColumn).Sortable = true
	t.Column("left", v.T("left-to-allocate"), table.MoneyColumn).Sortable = true
	t.Column("received", v.T("papers.received"), table.MoneyColumn)
	t.Column("owner", v.T("papers.owner"), table.TextColumn)
	var awarded, left money.Sum
	n := 0
	for id, a := range v.Awards {
		if !a.RunsIn(v.Year) {
			continue
		}
		var sums ledger.PositionRow
		for _, r := range v.Position([]ledger.Dimension{ledger.ByAward, ledger.ByYear}, nil).Rows {
			if r.Key[0] == id && r.Key[1] == v.Year.String() {
				sums = r
			}
		}
		n++
		awarded.Merge(sums.Sums[ledger.AwardedTo])
		left.Merge(sums.Sums[ledger.LeftOf])
		stream, _ := v.Stream(a.Stream)
		name, funder := v.NameOf(v.Book, "awards", id), v.NameOf(v.Book, "organisations", stream.Funder)
		ends := table.None()
		if last, has := a.LastDay(); has {
			ends = table.Date(last)
		}
		claim := table.None()
		if a.ClaimBy != 0 {
			claim = table.Date(a.ClaimBy)
		}
		owner := table.Unknown()
		if a.Owner != "" {
			owner = table.Text(a.Owner)
		}
		got := table.Unknown() // no claim is recorded: nobody has said
		if s, ok := received[id]; ok {
			got = table.Money(s, v.Style())
		}
		t.Row(table.Text(name.Text).In(string(name.Lang)).To(v.To(pathOf("streams", a.Stream))), table.Text(funder.Text).In(string(funder.Lang)),
			table.Text(v.certainty(id)), ends, table.Text(v.conditions(id)), claim,
			table.Money(sums.Sums[ledger.AwardedTo], v.Style()).To(v.Postings(ledger.AwardedTo, "award", id, "year", v.Year.String())),
			table.Money(sums.Sums[ledger.LeftOf], v.Style()).To(v.Postings(ledger.LeftOf, "award", id, "year", v.Year.String())), got, owner)
	}
	t.Total(table.Text(v.T("total")), table.Text(""), table.Text(""), table.Text(""), table.Text(""), table.Text(""),
		table.Money(awarded, v.Style()).To(v.Postings(ledger.AwardedTo, "year", v.Year.String())), table.Money(left, v.Style()).To(v.Postings(ledger.LeftOf, "year", v.Year.String())), table.Text(""), table.Text(""))
	page := v.paper(v.T("papers.grants", "Year", v.Year.String()), v.N("papers.grants-lead", n, "Amount", v.Sum(awarded), "Left", v.Sum(left)), v.T("papers.grants-note"), t)
	page.Money = true
	return page, nil
}

// certainty says how sure an award's figure for the year is.
func (v *Visit) certainty(award string) string {
	for _, year := range []fiscal.Year{v.Year, fiscal.Term} {
		secured, unsecured := v.Stands(award, year)
		switch {
		case secured.Known:
			return v.T("finding.certainty." + strings.ReplaceAll(secured.Certainty.String(), " ", "-"))
		case unsecured.Known && unsecured.Certainty != funding.CertaintyNotStated:
			return v.T("finding.certainty." + strings.ReplaceAll(unsecured.Certainty.String(), " ", "-"))
		}
	}
	return v.T("not-known")
}

// conditions names the rules of an award's terms in force.
func (v *Visit) conditions(award string) string {
	var rules []string
	for _, t := range v.TermsOf(award) {
		if rule := v.T("finding.rule." + t.Rule.String()); !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 0 {
		return v.T("papers.no-terms")
	}
	return strings.Join(rules, ", ")
}
