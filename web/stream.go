package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/table"
	"braid/web/templates/parts"
)

type streamPage struct {
	Lead    []string
	Own     string
	Alerts  []navLink
	Facts   []parts.Row
	Actions []navLink
	Pays    *table.Table
	Figures *table.Table
	Said    *table.Table
	Terms   *table.Table
	Awards  *table.Table
	Claims  *table.Table
	Notes   notesPart
	History []change
}

// theStream reads the stream of the address, one the reader may see.
func (v *Visit) theStream() (funding.Stream, error) {
	s, ok := v.Stream(v.Param("id"))
	if !ok || !v.seesStream(s.ID) {
		return s, Missing{}
	}
	return s, nil
}

// stream says what a stream pays for, and until when.
func stream(v *Visit) (Answer, error) {
	s, err := v.theStream()
	if err != nil {
		return nil, err
	}
	name := v.NameOf(v.Book, "streams", s.ID)
	awards := v.awardsOf()[s.ID]
	worth := v.moneyOf(v.Year)[s.ID]
	if worth == nil {
		worth = &streamMoney{}
	}
	p := streamPage{Own: v.ownSaid()}
	var tables []*table.Table
	shown := func(t *table.Table) *table.Table {
		if t != nil {
			v.Finish(t)
			tables = append(tables, t)
		}
		return t
	}
	pays, services := v.streamPays(s.ID, awards)
	p.Lead = v.streamLead(name.Text, worth, services, awards)
	p.Alerts = v.streamAlerts(awards)
	p.Facts = v.streamFacts(s)
	p.Pays = shown(pays)
	if !v.ofBoard() { // what an award is worth is not a board's to see
		p.Figures = shown(v.figuresTable(awards))
		p.Said = shown(v.statementsTable(awards))
	}
	p.Terms = shown(v.conditionsTable(awards))
	p.Awards = shown(v.awardsTable(awards))
	if !v.ofBoard() {
		p.Claims = shown(v.claimsTable(awards))
	}
	if v.Can(people.SetAward) {
		base := v.Base() + pathOf("streams", s.ID)
		if len(awards) > 0 {
			p.Actions = append(p.Actions, navLink{Href: base + "/figures/new", Text: v.T("stream.state-figure")})
		}
		p.Actions = append(p.Actions, navLink{Href: base + "/awards/new", Text: v.T("stream.add-award")},
			navLink{Href: base + "/terms/new", Text: v.T("stream.add-term")}, navLink{Href: v.Base() + pathOf("registers", "streams", s.ID), Text: v.T("stream.edit")})
	}
	p.Notes = v.notesOf("streams/" + s.ID)
	p.History = v.historyOf("streams", s.ID)
	if !v.ofBoard() {
		for _, a := range awards {
			for _, c := range v.historyOf("awards", a.ID) {
				c.What = v.NameOf(v.Book, "awards", a.ID).Text + ": " + c.What
				p.History = append(p.History, c)
			}
		}
	}
	return Page{Template: "stream", Title: v.T("stream.title", "Stream", name.Text), Nav: "ledger/streams", Data: p, Tables: tables, Money: true, Wide: true}, nil
}

// streamLead answers the title: how many services, with how much, until when.
func (v *Visit) streamLead(name string, worth *streamMoney, services int, awards []funding.Award) []string {
	lead := []string{v.N("stream.lead", services, "Stream", name, "Amount", v.cell(worth.allocated), "Year", v.Year.String())}
	if v.ofBoard() {
		lead = append(lead, v.T("stream.lead-board", "Amount", v.cell(worth.awarded)))
	} else {
		lead = append(lead, v.T("stream.lead-worth", "Awarded", v.cell(worth.awarded), "Unspent", v.cell(worth.unspent)))
	}
	for _, a := range awards {
		end := check.EndOf(v.View, a.ID)
		id := ""
		if len(awards) > 1 {
			id = v.NameOf(v.Book, "awards", a.ID).Text + ": "
		}
		if end.Last == 0 {
			lead = append(lead, id+v.T("stream.no-end"))
			continue
		}
		fate := v.fate(end.Fate)
		if end.Successor != "" {
			fate += ", " + v.NameOf(v.Book, "awards", end.Successor).Text
		}
		lead = append(lead, id+v.T("stream.ends", "Date", v.Date(end.Last), "Away", v.Away(v.Today, end.Last), "Fate", fate))
	}
	return lead
}

// fate is what becomes of the money when an award ends, in words.
func (v *Visit) fate(f funding.Fate) string { return v.T("fate." + slugOf(f.String())) }

// surely is how sure a statement is, in words.
func (v *Visit) surely(c funding.Certainty) string { return v.T("certainty." + slugOf(c.String())) }

// streamAlerts are what the checks found about its awards: money to use or
// lose, more allocated than there is.
func (v *Visit) streamAlerts(awards []funding.Award) []navLink {
	var alerts []navLink
	for _, f := range slices.Concat(v.Open(check.Expiry, "use-or-lose"), v.Open(check.Overcommitment, "award")) {
		award := subject(f, "award")
		if f.Unknown || !slices.ContainsFunc(awards, func(a funding.Award) bool { return a.ID == award }) {
			continue
		}
		if at := v.Evidence(f); at != "" {
			title, _ := v.Reader.Finding(v.View, f)
			alerts = append(alerts, navLink{Href: at, Text: title})
		}
	}
	return alerts
}

func (v *Visit) streamFacts(s funding.Stream) []parts.Row {
	var rows []parts.Row
	add := func(column, text, lang string) {
		if text != "" {
			rows = append(rows, parts.Row{Key: v.columnName(column), Value: text, Lang: lang})
		}
	}
	if s.Funder != "" {
		n := v.NameOf(v.Book, "organisations", s.Funder)
		add("funder", n.Text, string(n.Lang))
	}
	add("permanence", v.permanence(s.Permanence.String()), "")
	add("ring_fence", s.RingFence, "")
	add("arrangement", v.T("arrangement."+s.Arrangement.String()), "")
	add("objectives", v.names("objectives", s.Objectives), "")
	add("legal_basis", s.LegalBasis, "")
	add("source", s.Source, "")
	return rows
}

// streamPays lists the services that awards pay for in the year, and whether
// their terms allow it.
func (v *Visit) streamPays(stream string, awards []funding.Award) (*table.Table, int) {
	t := table.New("pays", v.T("stream.pays", "Year", v.Year.String()))
	t.Column("service", v.T("service"), table.TextColumn)
	if len(awards) > 1 {
		t.Column("award", v.T("by.award"), table.TextColumn)
	}
	t.Column("allocated", v.T("allocated"), table.MoneyColumn)
	t.Column("spent", v.T("measure.paid"), table.MoneyColumn)
	t.Column("verdict", v.T("stream.verdict"), table.TagColumn)
	t.Column("", v.T("stream.why"), table.TextColumn)
	paid := map[string]bool{}
	type row struct {
		name, service, award string
		sums                 ledger.PositionRow
		term                 bool
	}
	var rows []row
	for _, year := range []fiscal.Year{v.Year, fiscal.Term} {
		only := v.boardMoney()
		only[ledger.ByYear], only[ledger.ByStream] = year.String(), stream
		for _, r := range v.Position([]ledger.Dimension{ledger.ByService, ledger.ByAward}, only).Rows {
			service, award := r.Key[0], r.Key[1]
			a, _ := v.Award(award)
			if service == "" || !v.Sees(service) || year == fiscal.Term && !a.RunsIn(v.Year) || r.Sums[ledger.AllocatedTo].IsNought() && r.Sums[ledger.PaidOut].IsNought() {
				continue
			}
			rows = append(rows, row{v.NameOf(v.Book, "services", service).Text, service, award, r, year == fiscal.Term})
			paid[service] = true
		}
	}
	compare := v.Sort()
	slices.SortStableFunc(rows, func(a, b row) int { return compare(a.name, b.name) })
	starred := false
	for _, r := range rows {
		n := v.NameOf(v.Book, "services", r.service)
		cells := []table.Cell{table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("services", r.service)))}
		if len(awards) > 1 {
			cells = append(cells, v.named("awards", r.award))
		}
		year := v.Year.String()
		star := func(c table.Cell) table.Cell { return c }
		if r.term {
			year, starred = "term", true
			star = func(c table.Cell) table.Cell { return c.Noted("*") }
		}
		of := pairs(v.boardMoney(), "award", r.award, "service", r.service, "year", year)
		verdict, why := v.mayPay(r.award, r.service)
		t.Row(append(cells, star(table.Money(r.sums.Sums[ledger.AllocatedTo], v.Style()).To(v.Postings(ledger.AllocatedTo, of...))),
			star(table.Money(r.sums.Sums[ledger.PaidOut], v.Style()).To(v.Postings(ledger.PaidOut, of...))), verdict, table.Text(why))...)
	}
	if starred {
		t.Note = v.T("map.starred")
	}
	t.Empty = v.T("stream.pays-none", "Year", v.Year.String())
	return t, len(paid)
}

// mayPay says whether an award's terms allow what it pays for on a service
// today: the strictest of what its money there is labelled for.
func (v *Visit) mayPay(award, service string) (table.Cell, string) {
	if len(v.TermsOf(award)) == 0 {
		return table.Tag(v.T("not-known"), table.Grey), v.T("streams.no-terms")
	}
	strictest := funding.Ruling{Verdict: funding.Allowed}
	for _, label := range v.labelsOn(award, service) {
		r := v.Judge(award, service, label, v.Year, v.Today)
		if r.Verdict == funding.Refused || r.Verdict == funding.NotKnown && strictest.Verdict == funding.Allowed {
			strictest = r
		}
		if r.Verdict == funding.Refused && !v.Excepted(award, service, ledger.TermID(r)) {
			break
		}
	}
	switch strictest.Verdict {
	case funding.Allowed:
		return table.Tag(v.T("verdict.allowed"), table.Green), ""
	case funding.NotKnown:
		return table.Tag(v.T("not-known"), table.Grey), v.Ruling(strictest)
	}
	term := ledger.TermID(strictest)
	if !v.Excepted(award, service, term) {
		return table.Tag(v.T("verdict.refused"), table.Red), v.Ruling(strictest)
	}
	why := v.Ruling(strictest)
	for _, r := range v.Records("exceptions") {
		if r.Get("award") == award && r.Get("service") == service && r.Get("term") == term {
			why += " " + v.T("stream.exception", "Ground", r.Get("ground"), "By", r.Get("by"))
		}
	}
	return table.Tag(v.T("verdict.exception"), table.Blue), why
}

// labelsOn lists what an award's money on a service is for in the year.
func (v *Visit) labelsOn(award, service string) []ledger.Label {
	ref, ok := v.Ref(service)
	if !ok {
		return nil
	}
	sums := map[ledger.Label]money.Pence{}
	v.CellsOf(ref, func(_ int, c ledger.LabelledCell) {
		if v.View.Name(c.Award) == award && (c.Year == v.Year || c.Year == fiscal.Term) {
			sums[ledger.Label{Objective: v.View.Name(c.Objective), Area: v.View.Name(c.Area), Element: v.View.Name(c.Element), CostType: v.View.Name(c.CostType), MatchFor: v.View.Name(c.MatchFor)}] += c.Amount
		}
	})
	var labels []ledger.Label
	for l, p := range sums {
		if p != 0 {
			labels = append(labels, l)
		}
	}
	slices.SortFunc(labels, func(a, b ledger.Label) int {
		return cmp.Or(cmp.Compare(a.Objective, b.Objective), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Element, b.Element), cmp.Compare(a.CostType, b.CostType))
	})
	return labels
}

// figuresTable says what awards are worth by year: what is secured, and beside
// it what is not, never netted.
func (v *Visit) figuresTable(awards []funding.Award) *table.Table {
	t := table.New("figures", v.T("stream.figures"))
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("year", v.T("by.year"), table.TextColumn)
	t.Column("secured", v.T("stream.secured"), table.MoneyColumn)
	t.Column("sure", v.T("history.column.certainty"), table.TextColumn)
	t.Column("not-secured", v.T("stream.not-secured"), table.MoneyColumn)
	t.Column("how-sure", v.T("history.column.certainty"), table.TextColumn)
	for _, a := range awards {
		for _, y := range v.FigureYears(a.ID) {
			secured, unsecured := v.Stands(a.ID, y)
			cells := []table.Cell{v.named("awards", a.ID), table.Text(v.Reader.Year(y)), table.None(), table.None(), table.None(), table.None()}
			if secured.Known {
				cells[2], cells[3] = table.Amount(secured.Amount, v.Style()), table.Text(v.surely(secured.Certainty))
				posted := v.Position(nil, ledger.Filter{ledger.ByAward: a.ID, ledger.ByYear: y.String()}).Total.Sums[ledger.AwardedTo]
				if p, known := secured.Amount.Known(); known && posted.State() == money.Exact && posted.Pence() == p {
					cells[2] = cells[2].To(v.Postings(ledger.AwardedTo, "award", a.ID, "year", y.String()))
				} else { // money was carried or drawn between years, or the figure is not known
					cells[2] = cells[2].To("#said")
				}
			}
			if unsecured.Known {
				cells[4], cells[5] = table.Amount(unsecured.Amount, v.Style()).To("#said"), table.Text(v.surely(unsecured.Certainty))
			}
			t.Row(cells...)
		}
	}
	t.Empty = v.T("stream.figures-none")
	return t
}

// statementsTable lists who said what, when, and until when it is good.
func (v *Visit) statementsTable(awards []funding.Award) *table.Table {
	t := table.New("said", v.T("stream.said"))
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("year", v.T("by.year"), table.TextColumn)
	t.Column("amount", v.T("history.column.amount"), table.MoneyColumn)
	t.Column("certainty", v.T("history.column.certainty"), table.TextColumn)
	t.Column("on", v.T("history.column.stated_on"), table.DateColumn)
	t.Column("by", v.T("history.column.said_by"), table.TextColumn)
	t.Column("until", v.T("history.column.valid_until"), table.DateColumn)
	t.Column("", v.T("history.column.source"), table.TextColumn)
	for _, a := range awards {
		for _, y := range v.FigureYears(a.ID) {
			said := slices.Clone(v.Figures(a.ID, y))
			slices.SortStableFunc(said, func(a, b funding.Figure) int { return cmp.Compare(b.StatedOn, a.StatedOn) })
			for _, f := range said {
				on, until := table.Unknown(), table.None()
				if f.StatedOn != 0 {
					on = table.Date(f.StatedOn)
				}
				if f.ValidUntil != 0 {
					until = table.Date(f.ValidUntil)
				}
				t.Row(v.named("awards", a.ID), table.Text(v.Reader.Year(y)), table.Amount(f.Amount, table.Exact), table.Text(v.surely(f.Certainty)), on, table.Text(f.SaidBy), until, table.Text(f.Source))
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// conditionsTable lists the terms with the clause beside each rule.
func (v *Visit) conditionsTable(awards []funding.Award) *table.Table {
	t := table.New("terms", v.T("stream.terms"))
	t.Column("rule", v.T("history.column.rule"), table.TextColumn)
	t.Column("value", v.T("history.column.value"), table.TextColumn)
	t.Column("", v.T("history.column.when"), table.TextColumn)
	t.Column("", v.T("history.column.clause"), table.TextColumn)
	t.Column("from", v.T("history.column.from"), table.DateColumn)
	t.Column("to", v.T("history.column.to"), table.DateColumn)
	t.Column("", v.T("history.column.source"), table.TextColumn)
	change := v.Can(people.SetAward)
	if change {
		t.Column("", v.T("parts.change"), table.ActionsColumn)
	}
	met := map[string]bool{}
	for _, a := range awards {
		for _, term := range v.TermsOf(a.ID) {
			if met[term.ID] {
				continue
			}
			met[term.ID] = true
			var when []string
			for _, c := range term.When {
				when = append(when, c.Key+" "+c.Value)
			}
			rule := v.T("rule." + slugOf(term.Rule.String()))
			cells := []table.Cell{table.Text(rule), table.Text(v.termValue(term)), table.Text(strings.Join(when, "; ")), table.Text(term.Clause), table.None(), table.None(), table.Text(term.Source)}
			if term.InForce.From != 0 {
				cells[4] = table.Date(term.InForce.From)
			}
			if term.InForce.To != 0 {
				cells[5] = table.Date(term.InForce.To.AddDays(-1))
			}
			if change {
				cells = append(cells, table.Links(table.Link{Text: v.T("parts.change"), Href: v.Base() + pathOf("registers", "terms", term.ID), About: rule}))
			}
			t.Row(cells...)
		}
	}
	t.Empty = v.T("stream.terms-none")
	return t
}

// awardsTable lists a stream's awards, with their elements and what they are
// part of.
func (v *Visit) awardsTable(awards []funding.Award) *table.Table {
	t := table.New("awards", v.T("stream.awards"))
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("reference", v.T("history.column.reference"), table.TextColumn)
	t.Column("recipient", v.T("history.column.recipient"), table.TextColumn)
	t.Column("", v.T("history.column.part_of"), table.TextColumn)
	t.Column("", v.T("stream.elements"), table.TextColumn)
	t.Column("starts", v.T("history.column.starts"), table.DateColumn)
	t.Column("ends", v.T("history.column.ends"), table.DateColumn)
	t.Column("fate", v.T("history.column.fate"), table.TextColumn)
	t.Column("likely", v.T("history.column.renewal_percent"), table.PercentColumn)
	t.Column("claim", v.T("streams.claim"), table.DateColumn)
	t.Column("owner", v.T("history.column.owner"), table.TextColumn)
	change := v.Can(people.SetAward)
	if change {
		t.Column("", v.T("parts.change"), table.ActionsColumn)
	}
	date := func(d fiscal.Date, none table.Cell) table.Cell {
		if d == 0 {
			return none
		}
		return table.Date(d)
	}
	for _, a := range awards {
		name := v.NameOf(v.Book, "awards", a.ID)
		end := check.EndOf(v.View, a.ID)
		partOf := table.None()
		if a.PartOf != "" {
			whole, _ := v.Award(a.PartOf)
			partOf = v.named("awards", a.PartOf).To(v.To(pathOf("streams", whole.Stream)))
		}
		fate := v.fate(a.Fate)
		if a.Successor != "" {
			fate += ": " + v.NameOf(v.Book, "awards", a.Successor).Text
		}
		likely := table.None()
		if share, err := money.NewShare(int64(a.RenewalPercent), 100); err == nil && a.RenewalPercent >= 0 {
			likely = table.Percent(share)
		}
		recipient := table.None()
		if a.Recipient != "" {
			recipient = v.named("organisations", a.Recipient)
		}
		row := []table.Cell{table.Text(name.Text).In(string(name.Lang)), table.Text(a.Reference), recipient, partOf, table.Text(strings.Join(v.elementsOf(a.ID), ", ")),
			date(end.Starts, table.Unknown()), date(end.Last, table.Text(v.T("no-end-date"))), table.Text(fate), likely, date(v.claimDue(a), table.None()), table.Text(a.Owner)}
		if change {
			row = append(row, table.Links(table.Link{Text: v.T("parts.change"), Href: v.Base() + pathOf("registers", "awards", a.ID), About: name.Text}))
		}
		t.Row(row...)
	}
	t.Empty = v.T("stream.awards-none")
	return t
}

// elementsOf lists the elements that an award's money has been put on, and its
// parts that are awards of their own.
func (v *Visit) elementsOf(award string) []string {
	elements := worked(v.reading, elementsKey{}, func() map[string][]string {
		of := map[string][]string{}
		add := func(award, element string) {
			if element != "" && award != "" && !slices.Contains(of[award], element) {
				of[award] = append(of[award], element)
			}
		}
		v.Cells(func(_ int, c ledger.LabelledCell) {
			if c.Element != 0 {
				add(v.View.Name(c.Award), v.View.Name(c.Element))
			}
		})
		return of
	})[award]
	elements = slices.Sorted(slices.Values(elements))
	for id, a := range v.Awards {
		if a.PartOf == award {
			elements = append(elements, v.NameOf(v.Book, "awards", id).Text)
		}
	}
	return elements
}

type elementsKey struct{}

// claimsTable lists the claims on awards; nil where none is recorded.
func (v *Visit) claimsTable(awards []funding.Award) *table.Table {
	t := table.New("claims", v.T("stream.claims"))
	for _, name := range []string{"award", "period"} {
		t.Column(name, v.columnName(name), table.TextColumn)
	}
	t.Column("due", v.columnName("due"), table.DateColumn)
	amounts := []string{"estimate", "claimed", "received", "disallowed"}
	for _, name := range amounts {
		t.Column(name, v.columnName(name), table.MoneyColumn)
	}
	for _, r := range v.Records("claims") {
		if !slices.ContainsFunc(awards, func(a funding.Award) bool { return a.ID == r.Get("award") }) {
			continue
		}
		due := table.None()
		if d, err := fiscal.ParseDate(r.Get("due")); err == nil && d != 0 {
			due = table.Date(d)
		}
		row := []table.Cell{v.named("awards", r.Get("award")), table.Text(r.Get("period")), due}
		for _, name := range amounts {
			cell := table.None()
			switch p, err := money.ParsePence(r.Get(name)); {
			case err == nil:
				cell = table.Pence(p, v.Style())
				if _, seqs := v.Versions("claims", r.ID); len(seqs) > 0 && v.Can(people.Audit) {
					cell = cell.To(v.Base() + "/history/" + strconv.Itoa(seqs[len(seqs)-1]))
				}
			case r.Get(name) == "?":
				cell = table.Unknown()
			}
			row = append(row, cell)
		}
		t.Row(row...)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}
