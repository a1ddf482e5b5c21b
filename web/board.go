package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

// boardData is what a board's page and its print pack show.
type boardData struct {
	ID, Lead    string
	Recommends  string // who decides; "" where the board does
	Figures     []parts.Figure
	Ends        []parts.Figure
	Term        *parts.Figure
	Years       []navLink
	Meeting     string
	MeetingAt   string
	Papers      string
	PapersTo    string
	ToDecide    []parts.Task
	Paid        *table.Table
	Decided     *table.Table
	Ask, Money  string
	Change      string
	Pack        string
	History     []change
	Said        []said
	Measures    []serviceMeasures
	Unmeasured  string
	Hash, Today string
}

// said is what a group of people told us, and what we answered.
type said struct{ Group, People, On, Text, Answer string }

// serviceMeasures is what is known of whether a service works.
type serviceMeasures struct {
	Name     words.Name
	Measures []measure
}

// board says what a board has left, what waits for it and what it pays for.
func board(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	d := v.boardData(b)
	d.Decided = v.decidedTable(b)
	d.History = v.historyOf("boards", b.ID)
	if v.overBoard(people.ProposeBoard, b) {
		d.Ask = v.To(pathOf("boards", b.ID, "ask"))
	}
	if v.Can(people.Delegate) {
		d.Money = v.To(pathOf("boards", b.ID, "money"))
	}
	if v.overBoard(people.EditRegisters, b) {
		d.Change = v.Base() + pathOf("registers", "boards", b.ID)
	}
	d.Pack = v.To(pathOf("boards", b.ID, "pack"))
	return Page{Template: "board", Title: v.T("board.title", "Board", b.Name), Nav: "boards", Data: d, Tables: []*table.Table{d.Paid, d.Decided}}, nil
}

// boardPack is the board's sheet for a meeting, on paper.
func boardPack(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	d := v.boardData(b)
	d.Said = v.saidTo(b)
	d.Hash, d.Today = v.Hash().String(), v.Date(v.Today)
	var unmeasured []string
	for _, row := range d.Paid.Rows {
		service := strings.TrimPrefix(row.ID, "paid-")
		one := serviceMeasures{v.NameOf(v.Book, "services", service), v.measuresOf(service)}
		if slices.ContainsFunc(one.Measures, func(m measure) bool { return m.Known }) {
			d.Measures = append(d.Measures, one)
		} else {
			unmeasured = append(unmeasured, one.Name.Text)
		}
	}
	if len(unmeasured) > 0 {
		d.Unmeasured = v.T("pack.not-measured", "Services", v.List(unmeasured))
	}
	d.Pack = v.To(pathOf("boards", b.ID))
	return Page{Template: "boardpack", Title: v.T("pack.title", "Board", b.Name, "Year", v.Year.String()), Nav: "boards", Data: d, Tables: []*table.Table{d.Paid}}, nil
}

func (v *Visit) boardData(b commissioning.Board) boardData {
	d := boardData{ID: b.ID}
	p := v.boardPosition(b.ID, v.Year)
	kind := "decides"
	if b.Kind == commissioning.Recommends {
		kind, d.Recommends = "recommends", v.decider(b)
	}
	year := v.Year.String()
	switch {
	case p.Given.Sum.IsNought() && p.Promised.Sum.IsNought():
		d.Lead = v.T("board.lead.none", "Year", year)
	case p.Left.State() != money.Exact:
		d.Lead = v.T("board.lead.unknown", "Year", year)
	case p.Left.Pence() < 0:
		d.Lead = v.T("board.lead.over", "Over", p.Left.Pence().Abs().Whole(), "Year", year)
	default:
		d.Lead = v.T("board.lead."+kind, "Left", v.Sum(p.Left), "Year", year)
	}
	d.Figures = []parts.Figure{
		{Amount: v.Sum(p.Given.Sum), What: v.T("board.given." + kind), Href: v.Postings(p.Given.Measure, pairs(p.Given.Filter)...)},
		{Amount: v.Sum(p.Promised.Sum), What: v.T("board.promised." + kind), Href: v.Postings(p.Promised.Measure, pairs(p.Promised.Filter)...)},
		{Amount: v.Sum(p.AskedFor.Sum), What: v.T("board.asked"), Href: v.To(pathOf("boards", b.ID, "sum"), "of", "asked")},
		{Amount: v.Sum(p.Left), What: v.T("board.left"), Href: v.To(pathOf("boards", b.ID, "sum"), "of", "left")},
	}
	for _, e := range p.Ends {
		link := v.To(pathOf("boards", b.ID, "sum"), "of", "ends", "on", e.On.String())
		if len(e.Awards) == 1 {
			link = v.Postings(ledger.DelegatedTo, "board", b.ID, "award", e.Awards[0], "year", year)
		}
		d.Ends = append(d.Ends, parts.Figure{Amount: v.Sum(e.Amount), What: v.T("board.ends", "Date", v.Date(e.On), "Away", v.Away(v.Today, e.On)), Href: link})
	}
	if term := v.boardPosition(b.ID, fiscal.Term); !term.Given.Sum.IsNought() {
		d.Term = &parts.Figure{Amount: v.Sum(term.Given.Sum), What: v.T("board.term"), Href: v.Postings(term.Given.Measure, pairs(term.Given.Filter)...)}
	}
	d.Years = v.boardYears(b.ID)
	if m, on := v.nextMeeting(b.ID); !on.IsZero() {
		d.Meeting, d.MeetingAt, d.Papers = v.Weekday(on), m.Get("place"), m.Get("papers")
		if strings.HasPrefix(d.Papers, "https://") {
			d.PapersTo = d.Papers
		}
	}
	d.ToDecide = v.toDecide(b)
	d.Paid = v.paidTable(b)
	return d
}

// boardYears leads to the years a board has money for, where there are several.
func (v *Visit) boardYears(board string) []navLink {
	met := map[fiscal.Year]bool{fiscal.YearOf(v.Today): true, v.Year: true}
	for _, r := range v.Position([]ledger.Dimension{ledger.ByYear}, ledger.Filter{ledger.ByBoard: board}).Rows {
		if y, err := fiscal.ParseYear(r.Key[0]); err == nil && y != fiscal.Term {
			met[y] = true
		}
	}
	if len(met) < 2 {
		return nil
	}
	var links []navLink
	for _, y := range sortedYears(met) {
		links = append(links, navLink{v.Here("year", y.String()), y.String(), y == v.Year})
	}
	return links
}

// toDecide lists what waits for a board, and what waits for the council on its
// advice.
func (v *Visit) toDecide(b commissioning.Board) []parts.Task {
	var tasks []parts.Task
	for _, r := range v.proposalsOf(b.ID, "proposed", "recommended", "deferred", "in principle") {
		hint := ""
		if on, err := fiscal.ParseDate(r.Get("asked_on")); err == nil && !on.IsZero() {
			hint = v.T("board.asked-on", "Date", v.Date(on))
		}
		tasks = append(tasks, parts.Task{Text: v.T("board.proposal", "Title", r.Get("title"), "Amount", v.Sum(asked(r))), Hint: hint,
			Href: v.To(pathOf("boards", b.ID, "proposals", r.ID)), Status: v.proposalTag(b, r)})
	}
	return tasks
}

// proposalTag says how a proposal stands.
func (v *Visit) proposalTag(b commissioning.Board, r ledger.Record) parts.Tag {
	state := proposalState(r)
	colour := map[string]string{"proposed": "blue", "recommended": "amber", "approved": "green", "part": "green", "in principle": "amber"}[state]
	return parts.Tag{Text: v.T("proposal.state."+slugOf(state), "By", v.decider(b)), Colour: cmp.Or(colour, "grey")}
}

// paidTable lists the services a board's money is on, until when, and whether
// they work.
func (v *Visit) paidTable(b commissioning.Board) *table.Table {
	year := v.Year.String()
	m := report.NewMap(v.View, report.MapOf{Year: v.Year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward,
		Only: ledger.Filter{ledger.ByBoard: b.ID}, Position: v.reading.Position})
	t := table.New("paid", v.T("board.paid", "Year", year))
	t.Column("service", v.T("service"), table.TextColumn)
	t.Column("amount", v.T("board.paid.amount"), table.MoneyColumn)
	t.Column("until", v.T("board.paid.until"), table.DateColumn)
	t.Column("working", v.T("board.paid.working"), table.TextColumn)
	t.Empty = v.T("board.paid.empty", "Year", year)
	total := false
	for _, id := range m.Rows {
		if id == "" || m.RowTotal(id).None() {
			continue
		}
		if !total {
			all := v.boardPosition(b.ID, v.Year).Promised
			t.Total(table.Text(v.T("total")), table.Money(all.Sum, table.Pounds).To(v.Postings(all.Measure, pairs(all.Filter)...)), table.Text(""), table.Text(""))
			total = true
		}
		until := fiscal.Date(0)
		for _, award := range m.Columns {
			if a, _ := v.Award(award); !m.Cell(id, award).None() {
				if last, ends := a.LastDay(); ends && (until.IsZero() || last < until) {
					until = last
				}
			}
		}
		end := table.Text(v.T("no-end-date"))
		if !until.IsZero() {
			end = table.Date(until)
		}
		n := v.NameOf(v.Book, "services", id)
		t.Row(table.Text(n.Text).In(string(n.Lang)).To(v.To(pathOf("services", id))),
			v.mapCell(m.RowTotal(id), false, ledger.AllocatedTo, "board", b.ID, "service", id, "year", year), end, table.Text(v.working(id))).ID = "paid-" + id
	}
	return v.Finish(t)
}

// decidedTable lists what was decided, the latest first.
func (v *Visit) decidedTable(b commissioning.Board) *table.Table {
	t := table.New("decided", v.T("board.decided"))
	t.Column("", v.T("board.decided.what"), table.TextColumn)
	t.Column("", v.T("board.decided.outcome"), table.TextColumn)
	t.Column("", v.T("board.decided.amount"), table.MoneyColumn)
	t.Column("", v.T("board.decided.on"), table.DateColumn)
	t.Column("", v.T("board.decided.minute"), table.ActionsColumn)
	t.Empty = v.T("board.decided.empty")
	type made struct {
		proposal, decision ledger.Record
		number             int
	}
	var all []made
	for _, p := range v.Records("proposals") {
		if p.Get("board") != b.ID {
			continue
		}
		for i, one := range v.decisionsOn(p.ID) {
			all = append(all, made{p, one, i + 1})
		}
	}
	slices.SortStableFunc(all, func(x, y made) int {
		return cmp.Or(strings.Compare(y.decision.Get("held_on"), x.decision.Get("held_on")), cmp.Compare(y.number, x.number))
	})
	for _, one := range all {
		amount := table.None()
		minute := v.To(pathOf("boards", b.ID, "proposals", one.proposal.ID, "minute"), "decision", strconv.Itoa(one.number))
		if one.decision.Get("amount") != "" {
			amount = table.Money(asked(one.decision), table.Pounds).To(minute)
		}
		on := table.Unknown()
		if day, err := fiscal.ParseDate(one.decision.Get("held_on")); err == nil && !day.IsZero() {
			on = table.Date(day)
		}
		t.Row(table.Text(one.proposal.Get("title")).To(v.To(pathOf("boards", b.ID, "proposals", one.proposal.ID))), table.Text(v.outcome(one.decision)), amount, on,
			table.Links(table.Link{Text: v.T("board.decided.minute"), Href: minute, About: one.proposal.Get("title")}))
	}
	return v.Finish(t)
}

// outcome says what a decision was: advice, or decided.
func (v *Visit) outcome(d ledger.Record) string {
	said := v.T("decision.outcome." + slugOf(d.Get("outcome")))
	if d.Get("kind") == "recommends" {
		return v.T("decision.advice", "Outcome", said)
	}
	return said
}

// measure is one indicator of a service with its last value.
type measure struct {
	Name                    words.Name
	Question, Value, Period string
	Since                   string // what it was before
	Known                   bool
}

type measuresKey struct{}

// measures is every indicator of services, with the last value measured.
type measures struct {
	of   map[string][]ledger.Record
	last map[string]ledger.Record
}

func (v *Visit) measures() measures {
	return worked(v.reading, measuresKey{}, func() measures {
		m := measures{map[string][]ledger.Record{}, map[string]ledger.Record{}}
		for _, r := range v.Book.Records("indicators") {
			if s := r.Get("service"); s != "" {
				m.of[s] = append(m.of[s], r)
			}
		}
		written := map[string]int{}
		for id, r := range v.Book.Records("measurements") {
			if r.Get("value") == "" || r.Get("value") == "?" {
				continue
			}
			_, seqs := v.Versions("measurements", id)
			if at := seqs[len(seqs)-1]; at >= written[r.Get("indicator")] {
				written[r.Get("indicator")], m.last[r.Get("indicator")] = at, r
			}
		}
		return m
	})
}

// The three questions of a scorecard, as registers write them.
var questions = []string{"How much did we do?", "How well did we do it?", "Is anyone better off?"}

// measuresOf lists what measures a service, in the order of the questions.
func (v *Visit) measuresOf(service string) []measure {
	all := v.measures()
	list := slices.Clone(all.of[service])
	slices.SortStableFunc(list, func(a, b ledger.Record) int {
		return cmp.Compare(slices.Index(questions, a.Get("question")), slices.Index(questions, b.Get("question")))
	})
	var out []measure
	for _, r := range list {
		m := measure{Name: v.Name(r.Get("name"), r.Get("name_cy")), Question: r.Get("question"), Value: v.T("board.not-measured")}
		if i := slices.Index(questions, m.Question); i >= 0 {
			m.Question = v.T("board.question." + strconv.Itoa(i+1))
		}
		if last, ok := all.last[r.ID]; ok {
			m.Known, m.Value, m.Period = true, v.measured(last.Get("value"), r.Get("unit")), last.Get("period")
			if before := r.Get("baseline"); before != "" {
				m.Since = v.T("board.measure.was", "Value", v.measured(before, r.Get("unit")))
				if on, err := fiscal.ParseDate(r.Get("baseline_on")); err == nil && !on.IsZero() {
					m.Since = v.T("board.measure.was-on", "Value", v.measured(before, r.Get("unit")), "Date", v.Date(on))
				}
			}
		}
		out = append(out, m)
	}
	return out
}

// measured writes a value with its unit. A few people are never counted out.
func (v *Visit) measured(value, unit string) string {
	if unit == "%" {
		return value + "%"
	}
	if n, err := strconv.Atoi(value); err == nil && n > 0 && n < 5 {
		value = v.T("fewer-than-5")
	}
	return strings.TrimSpace(value + " " + v.unit(unit))
}

// working answers whether a service works, by the best thing measured of it:
// whether anyone is better off, before how much was done.
func (v *Visit) working(service string) string {
	for _, m := range slices.Backward(v.measuresOf(service)) {
		if m.Known {
			return strings.TrimSpace(v.T("board.measure", "Name", m.Name.Text, "Value", m.Value, "Period", m.Period) + " " + m.Since)
		}
	}
	return v.T("board.not-measured")
}

// saidTo lists what people said about a board, what it pays for and what it was
// asked.
func (v *Visit) saidTo(b commissioning.Board) []said {
	about := map[string]bool{b.ID: true, "boards/" + b.ID: true}
	for service, boards := range v.boardsOf() {
		if slices.Contains(boards, b.ID) {
			about[service], about["services/"+service] = true, true
		}
	}
	for _, p := range v.Records("proposals") {
		if p.Get("board") == b.ID {
			about[p.ID], about["proposals/"+p.ID] = true, true
		}
	}
	var list []said
	for _, r := range v.Records("views") {
		if !about[r.Get("about")] {
			continue
		}
		s := said{Group: r.Get("group"), Text: r.Get("said"), Answer: r.Get("answer")}
		if n, err := strconv.Atoi(r.Get("people")); err == nil {
			s.People = v.peopleCount(n)
		}
		if on, err := fiscal.ParseDate(r.Get("on")); err == nil && !on.IsZero() {
			s.On = v.Date(on)
		}
		list = append(list, s)
	}
	return list
}

// peopleCount writes a number of people; a few are never counted out.
func (v *Visit) peopleCount(n int) string {
	if n > 0 && n < 5 {
		return v.T("fewer-than-5")
	}
	return v.Count(n)
}
