package web

import (
	"cmp"
	"slices"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/words"
)

// isPair reports a finding that sets two services side by side.
func isPair(f *check.Finding) bool {
	return f.Kind == check.Duplication && !f.Unknown && len(subjects(f, "service")) == 2
}

type duplicationPage struct {
	Lead  string
	Good  bool
	Pairs *table.Table
	Other *table.Table
	Untold,
	Answered string // how many cannot be told, how many are answered
	UntoldTo, AnsweredTo string
}

// doubles lists what may be double, the likeliest first: those to answer, and
// how many are answered and cannot be told.
func (v *Visit) doubles() (open []*check.Finding, answered, untold int) {
	all, _ := v.visibleFindings()
	for _, f := range all {
		switch {
		case f.Kind != check.Duplication:
		case f.Silenced():
			answered++
		case f.Unknown:
			untold++
		default:
			open = append(open, f)
		}
	}
	return open, answered, untold
}

// duplication is the queue of what may be paid for twice.
func duplication(v *Visit) (Answer, error) {
	open, answered, untold := v.doubles()
	var p duplicationPage
	pairs := table.New("pairs", v.T("duplication.pairs"))
	pairs.Column("pair", v.T("duplication.pair"), table.TextColumn)
	pairs.Column("why", v.T("duplication.why"), table.TextColumn)
	pairs.Column("both", v.T("duplication.both"), table.MoneyColumn).Hint = v.T("duplication.both-hint")
	pairs.Column("since", v.T("duplication.since"), table.DateColumn).Hint = v.T("duplication.since-hint")
	pairs.Column("owner", v.T("duplication.owner"), table.TextColumn)
	pairs.Column("status", v.T("status"), table.TagColumn)
	other := table.New("other", v.T("duplication.other"))
	other.Column("finding", v.T("checks.finding"), table.TextColumn)
	other.Column("severity", v.T("checks.severity"), table.TagColumn).Sortable = false
	other.Column("amount", v.T("checks.amount"), table.MoneyColumn)
	other.Column("since", v.T("duplication.since"), table.DateColumn)
	other.Column("status", v.T("status"), table.TagColumn)
	for _, f := range open {
		title, because := v.Reader.Finding(v.View, f)
		status := v.findingStatus(f)
		if f.Judgement == nil {
			status = table.Tag(v.T("status.possible-duplication"), table.Amber)
		}
		since := table.None()
		if d := v.since(f); d != 0 {
			since = table.Date(d)
		}
		if !isPair(f) {
			other.Row(table.Text(title).To(v.findingAt(f)).Noted(because), v.severity(f.Severity), v.findingAmount(f), since, status)
			continue
		}
		var names, owners []string
		for _, id := range subjects(f, "service") {
			names = append(names, v.NameOf(v.Book, "services", id).Text)
			s, _ := v.Service(id)
			if s.Owner != "" && !slices.Contains(owners, s.Owner) {
				owners = append(owners, s.Owner)
			}
		}
		owner := table.Unknown()
		if len(owners) > 0 {
			owner = table.Text(strings.Join(owners, ", ")).In(v.typedIn())
		}
		pairs.Row(table.Text(v.List(names)).To(v.findingAt(f)), table.Text(because), v.findingAmount(f), since, owner, status)
	}
	var tables []*table.Table
	if len(pairs.Rows) > 0 {
		p.Pairs = v.Finish(pairs)
		tables = append(tables, p.Pairs)
	}
	if len(other.Rows) > 0 {
		p.Other = v.Finish(other)
		tables = append(tables, p.Other)
	}
	p.Lead = v.N("duplication.lead", len(open))
	switch {
	case len(open) == 0 && v.Place != "":
		p.Lead = v.T("checks.none-here", "Place", v.NameOf(v.Book, "areas", v.Place).Text)
	case len(open) == 0:
		p.Good, p.Lead = true, v.T("duplication.good", "Date", v.Date(v.AsAt))
	}
	if answered > 0 {
		p.Answered, p.AnsweredTo = v.N("checks.answered", answered), v.To("/checks", "kind", string(check.Duplication), "answered", "yes")
	}
	if untold > 0 {
		p.Untold, p.UntoldTo = v.N("checks.lead-untold", untold), v.To("/checks", "kind", string(check.Duplication))+"#untold"
	}
	return Page{Template: "duplication", Title: v.T("duplication.title"), Nav: "checks/duplication", Data: p, Tables: tables, Money: true, Wide: true}, nil
}

// since is the day from which the money of a finding has stood as it is.
func (v *Visit) since(f *check.Finding) (last fiscal.Date) {
	if f.Proof == nil {
		return 0
	}
	for _, p := range f.Proof() {
		last = max(last, v.Entry(p.Index).Effective)
	}
	return last
}

// pairPage sets two services side by side.
type pairPage struct {
	Place    string // 1 of 3
	Next     string
	Because  string
	Table    *table.Table
	Together string
	Evidence string
	Given    *findingAnswer
	Ask      *findingAsk
	Notes    notesPart
	History  []change
	Queue    string
}

// pairOf finds the pair of the address.
func (v *Visit) pairOf() (*check.Finding, error) {
	f, ok := v.FindingByID("duplication/" + v.Param("*"))
	if !ok || !isPair(f) || !v.seesFinding(v.Reach, f) {
		return nil, Missing{}
	}
	return f, nil
}

func pair(v *Visit) (Answer, error) {
	f, err := v.pairOf()
	if err != nil {
		return nil, err
	}
	return v.pairPage(f, judgeForm{Review: v.lookAgain()}, nil), nil
}

func judgePair(v *Visit) (Answer, error) {
	f, err := v.pairOf()
	if err != nil {
		return nil, err
	}
	var typed judgeForm
	if err := v.Form(&typed); err != nil {
		return nil, err
	}
	seq, errs, err := v.judge(f, typed)
	if err != nil || len(errs) > 0 {
		return v.pairPage(f, typed, errs), err
	}
	return Redirect{To: v.To("/checks/duplication"), Say: v.T("checks.saved"), Undo: seq}, nil
}

func (v *Visit) pairPage(f *check.Finding, typed judgeForm, errs form.Errors) Page {
	_, because := v.Reader.Finding(v.View, f)
	p := pairPage{Because: because, Given: v.given(f), Notes: v.notesOf("findings/" + f.ID), History: v.answersTo(f), Queue: v.To("/checks/duplication")}
	if f.Amount != nil {
		p.Together, p.Evidence = v.T("duplication.together", "Amount", v.Pence(f.Amount.Pence())), v.Evidence(f)
		if f.Amount.State() != money.Exact { // what is not split may be there too
			p.Together = v.T("duplication.together-least", "Amount", v.Pence(f.Amount.Pence()))
		}
	}
	open, _, _ := v.doubles()
	queue := slices.DeleteFunc(open, func(one *check.Finding) bool { return !isPair(one) })
	at := slices.IndexFunc(queue, func(one *check.Finding) bool { return one.ID == f.ID })
	if at >= 0 {
		p.Place = v.T("duplication.place", "At", v.Count(at+1), "Of", v.Count(len(queue)))
	}
	if len(queue) > 1 || len(queue) == 1 && at < 0 {
		p.Next = v.findingAt(queue[(at+1)%len(queue)])
	}
	p.Table = v.sideBySide(f)
	if v.seesFinding(v.May(people.Judge), f) {
		p.Ask = v.ask(f, typed, errs, v.findingAt(f))
	}
	return Page{Template: "pair", Title: v.T("duplication.title"), Nav: "checks/duplication", Data: p, Tables: []*table.Table{p.Table}, Errors: errs}
}

// overlapCell is money of a side of the overlap with one objective and place.
type overlapCell struct {
	objective, area string
	amount          money.Pence
	awards          []string
}

// overlapOf gives each side's money on the overlap, by what it is for: the
// finding's own entries.
func (v *Visit) overlapOf(f *check.Finding) map[string][]overlapCell {
	sides := map[string][]overlapCell{}
	if f.Proof == nil {
		return sides
	}
	for _, p := range f.Proof() {
		e := v.Entry(p.Index)
		service, award := e.To.Service, e.To.Award
		if p.Amount < 0 && e.From.Service != "" { // money that left
			service, award = e.From.Service, e.From.Award
		}
		side := sides[service]
		at := slices.IndexFunc(side, func(c overlapCell) bool { return c.objective == e.Label.Objective && c.area == e.Label.Area })
		if at < 0 {
			at = len(side)
			side = append(side, overlapCell{objective: e.Label.Objective, area: e.Label.Area})
		}
		side[at].amount += p.Amount
		if !slices.Contains(side[at].awards, award) {
			side[at].awards = append(side[at].awards, award)
		}
		sides[service] = side
	}
	return sides
}

func overlapSum(cells []overlapCell) (all money.Pence) {
	for _, c := range cells {
		all += c.amount
	}
	return all
}

// overlapMoney writes a side's money: each part of it open to its entries.
func (v *Visit) overlapMoney(f *check.Finding, service string, cells []overlapCell) table.Cell {
	if len(cells) == 0 {
		return table.Text(v.T("duplication.not-split"))
	}
	link := func(c overlapCell) string {
		only := ledger.Filter{ledger.ByService: service, ledger.ByObjective: c.objective, ledger.ByArea: c.area, ledger.ByYear: f.Year.String()}
		var sum money.Pence
		for _, one := range v.Explain(ledger.AllocatedTo, only) {
			sum += one.Amount
		}
		if sum != c.amount { // some of it is match funding, which does not count
			return v.Evidence(f)
		}
		return v.Postings(ledger.AllocatedTo, pairs(only)...)
	}
	if len(cells) == 1 {
		return table.Pence(cells[0].amount, v.Style()).To(link(cells[0]))
	}
	var links []table.Link
	for _, c := range cells {
		links = append(links, table.Link{Text: v.Pence(c.amount), Href: link(c), About: v.forWhat(c)})
	}
	return table.Text(v.Pence(overlapSum(cells)) + " =").Also(links...)
}

// forWhat says an objective and a place.
func (v *Visit) forWhat(c overlapCell) string {
	said := v.T("not-split")
	if c.objective != "" {
		said = v.NameOf(v.Book, "objectives", c.objective).Text
	}
	if c.area != "" {
		said = v.T("coverage.in", "Objective", said, "Place", v.NameOf(v.Book, "areas", c.area).Text)
	}
	return said
}

// sideBySide compares two services fact by fact; what differs says so.
func (v *Visit) sideBySide(f *check.Finding) *table.Table {
	ids := subjects(f, "service")
	sides := v.overlapOf(f)
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(overlapSum(sides[b]), overlapSum(sides[a])) })
	var both [2]commissioning.Service
	t := table.New("pair", v.T("duplication.compare"))
	t.Column("", v.T("duplication.fact"), table.TextColumn)
	for i, id := range ids {
		both[i], _ = v.Service(id)
		n := v.NameOf(v.Book, "services", id)
		c := t.Column("", n.Text, table.TextColumn)
		c.Lang, c.Link = string(n.Lang), v.rowPage(check.Subject{Type: "service", ID: id})
	}
	t.Column("", v.T("duplication.differs-head"), table.TextColumn)
	row := func(name string, of func(i int) table.Cell, said func(i int) string) {
		differs := table.Text(v.T("duplication.same"))
		if said(0) != said(1) {
			differs = table.Text("≠ " + v.T("duplication.differs")).Is("differs")
		}
		t.Row(table.Text(v.T(name)), of(0), of(1), differs)
	}
	compare := func(name, lang string, of func(s commissioning.Service) string) {
		said := func(i int) string { return of(both[i]) }
		row(name, func(i int) table.Cell {
			if said(i) == "" {
				return table.Unknown()
			}
			return table.Text(said(i)).In(lang)
		}, said)
	}
	text := func(name string, of func(s commissioning.Service) string) { compare(name, "", of) }
	typed := func(name string, of func(s commissioning.Service) string) { compare(name, v.typedIn(), of) }
	overlap := t.Row(table.Text(v.T("duplication.on-overlap")), v.overlapMoney(f, ids[0], sides[ids[0]]), v.overlapMoney(f, ids[1], sides[ids[1]]), table.Text(""))
	overlap.Class = "strong"
	row("duplication.paid-by", func(i int) table.Cell {
		if said := v.payersOn(sides[ids[i]]); said != "" {
			return table.Text(said)
		}
		return table.None()
	}, func(i int) string { return v.payersOn(sides[ids[i]]) })
	whole := v.payers(f.Year, nil)
	t.Row(table.Text(v.T("duplication.whole", "Year", f.Year.String())),
		v.mapCell(whole.RowTotal(ids[0]), false, ledger.AllocatedTo, pairs(v.boardMoney(), "service", ids[0], "year", f.Year.String())...),
		v.mapCell(whole.RowTotal(ids[1]), false, ledger.AllocatedTo, pairs(v.boardMoney(), "service", ids[1], "year", f.Year.String())...), table.Text(""))
	text("by.provider", func(s commissioning.Service) string {
		if s.Provider == "" {
			return ""
		}
		return v.NameOf(v.Book, "organisations", s.Provider).Text
	})
	typed("duplication.activity", func(s commissioning.Service) string { return s.Activity })
	typed("duplication.method", func(s commissioning.Service) string { return s.Description })
	text("duplication.capacity", func(s commissioning.Service) string {
		if s.Capacity < 0 {
			return ""
		}
		few := v.Count(s.Capacity)
		if s.Capacity > 0 && s.Capacity < 5 {
			few = v.T("table.few")
		}
		return strings.TrimSpace(few + " " + v.unit(s.Unit))
	})
	typed("duplication.level", func(s commissioning.Service) string { return s.Level })
	text("duplication.ages", func(s commissioning.Service) string {
		if !s.Ages.Known {
			return ""
		}
		return v.ages(s.Ages.String())
	})
	text("duplication.places", func(s commissioning.Service) string { return v.names("areas", s.Areas) })
	text("duplication.objectives", func(s commissioning.Service) string { return v.names("objectives", s.Objectives) })
	text("duplication.agreement", func(s commissioning.Service) string {
		var said []string
		for _, a := range v.AgreementsOf(s.ID) {
			if a.Ends.IsZero() {
				said = append(said, a.Kind)
			} else {
				said = append(said, v.T("duplication.agreement-until", "Kind", a.Kind, "Date", v.Short(a.Ends)))
			}
		}
		return strings.Join(said, "; ")
	})
	typed("duplication.owner", func(s commissioning.Service) string { return s.Owner })
	t.Actions = table.Actions{Print: "print"}
	return t
}

// typedIn is the language of what people typed and nobody translated: registers
// have a Welsh column for names alone.
func (v *Visit) typedIn() string {
	if v.Lang() == words.Welsh {
		return string(words.English)
	}
	return ""
}

// payersOn names the awards that pay for a side of the overlap.
func (v *Visit) payersOn(cells []overlapCell) string {
	var ids []string
	for _, c := range cells {
		for _, a := range c.awards {
			if !slices.Contains(ids, a) {
				ids = append(ids, a)
			}
		}
	}
	slices.Sort(ids)
	return v.names("awards", ids)
}
