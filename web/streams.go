package web

import (
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

var streamRoutes = slices.Concat([]Route{
	{Method: "GET", Path: "/streams", Right: people.See, Do: streams, Kept: true},
	{Method: "GET", Path: "/streams/:id", Right: people.See, Do: stream, Kept: true},
}, figureRoutes, registerRoutes)

type streamsPage struct {
	Lead, Own string
	Filters   parts.FilterPanel
	Table     *table.Table
	Add       string
}

// streamMoney is what a stream is worth in a year, beside it what is for the
// whole term of an award that runs in it.
type streamMoney struct {
	awarded, allocated, left, spent, unspent report.Cell
	stated                                   bool // a figure is recorded for the year
}

// moneyOf gives what each stream is worth in a year. Of a board, what was set
// aside for it.
func (v *Visit) moneyOf(year fiscal.Year) map[string]*streamMoney {
	of := map[string]*streamMoney{}
	for _, y := range []fiscal.Year{year, fiscal.Term} {
		only := v.boardMoney()
		only[ledger.ByYear] = y.String()
		for _, r := range v.Position([]ledger.Dimension{ledger.ByAward}, only).Rows {
			a, ok := v.Award(r.Key[0])
			if !ok || y == fiscal.Term && !a.RunsIn(year) {
				continue
			}
			m := of[a.Stream]
			if m == nil {
				m = &streamMoney{}
				of[a.Stream] = m
			}
			m.stated = m.stated || y != fiscal.Term
			awarded := r.Sums[v.worth()]
			unspent := awarded
			for _, t := range takenByUnspent {
				if r.Sums[t].State() != money.Exact || unspent.State() != money.Exact {
					unspent = money.Sum{}
					unspent.Add(money.Unknown)
					continue
				}
				unspent.AddPence(-r.Sums[t].Pence())
			}
			for _, part := range []struct {
				cell *report.Cell
				sum  money.Sum
			}{{&m.awarded, awarded}, {&m.allocated, r.Sums[ledger.AllocatedTo]}, {&m.left, r.Sums[ledger.LeftOf]}, {&m.spent, r.Sums[ledger.PaidOut]}, {&m.unspent, unspent}} {
				if y == fiscal.Term {
					part.cell.OfTerm.Merge(part.sum)
				} else {
					part.cell.InYear.Merge(part.sum)
				}
			}
		}
	}
	for _, m := range of { // a difference with a part unknown is not even "at least"
		for _, s := range []*money.Sum{&m.left.InYear, &m.left.OfTerm, &m.unspent.InYear, &m.unspent.OfTerm} {
			if s.State() != money.Exact {
				*s = money.Sum{}
				s.Add(money.Unknown)
			}
		}
	}
	return of
}

// worth is the measure of what there is: for a board, what was set aside for it.
func (v *Visit) worth() ledger.Measure {
	if v.ofBoard() {
		return ledger.DelegatedTo
	}
	return ledger.AwardedTo
}

// moneyCell writes a cell with what is for the whole term beside it; link makes
// the address for a year.
func (v *Visit) moneyCell(c report.Cell, stated bool, year fiscal.Year, link func(year string) string) table.Cell {
	cell := table.MoneyOrNone(c.InYear, v.Style())
	if stated || !c.OfTerm.IsNought() {
		cell = table.Money(c.InYear, v.Style())
	}
	if !c.None() || stated {
		cell = cell.To(link(year.String()))
	}
	if !c.OfTerm.IsNought() {
		cell = cell.Also(table.Link{Text: "+ " + v.Sum(c.OfTerm) + "*", Href: link(fiscal.Term.String())})
	}
	return cell
}

// seesStream reports whether the reader may see a stream: all but members of
// boards, who see those whose money was set aside for their board or that it
// put on a service.
func (v *Visit) seesStream(id string) bool {
	if !v.ofBoard() {
		return true
	}
	return worked(v.reading, boardStreamsKey{v.Reach.Boards[0]}, func() map[string]bool {
		seen := map[string]bool{}
		for _, r := range v.View.Position([]ledger.Dimension{ledger.ByStream}, v.boardMoney()).Rows {
			seen[r.Key[0]] = true
		}
		return seen
	})[id]
}

type boardStreamsKey struct{ board string }

// streamRow is a stream in the list.
type streamRow struct {
	funding.Stream
	name         words.Name
	awards       []funding.Award
	money        *streamMoney
	starts, ends fiscal.Date // the first and the last day of those that run in the year, or of all
	endless      bool
	claim        fiscal.Date // the next that is due
	owners       []string
	status       serviceStatus
}

var (
	streamNoAward = serviceStatus{"status.no-award", table.Grey}
	streamEnded   = serviceStatus{"status.ended", table.Grey}
	streamEnding  = serviceStatus{"status.ending-soon", table.Amber}
	streamOver    = serviceStatus{"status.over-allocated", table.Red}
	streamLater   = serviceStatus{"status.not-begun", table.Blue}
	streamRuns    = serviceStatus{"status.running", table.Green}
)

var streamStatuses = []serviceStatus{streamOver, streamEnding, streamRuns, streamLater, streamEnded, streamNoAward}

// awardsOf groups awards by stream, those that begin first first.
func (v *Visit) awardsOf() map[string][]funding.Award {
	return worked(v.reading, awardsKey{}, func() map[string][]funding.Award {
		of := map[string][]funding.Award{}
		for _, a := range v.Awards {
			of[a.Stream] = append(of[a.Stream], a)
		}
		for _, list := range of {
			slices.SortStableFunc(list, func(a, b funding.Award) int { return int(a.Term.From - b.Term.From) })
		}
		return of
	})
}

type awardsKey struct{}

// streamRows lists the streams the reader may see.
func (v *Visit) streamRows() []streamRow {
	worth := v.moneyOf(v.Year)
	var rows []streamRow
	for id, s := range v.Streams {
		if !v.seesStream(id) {
			continue
		}
		r := streamRow{Stream: s, name: v.NameOf(v.Book, "streams", id), awards: v.awardsOf()[id], money: worth[id]}
		if r.money == nil {
			r.money = &streamMoney{}
		}
		runs := slices.DeleteFunc(slices.Clone(r.awards), func(a funding.Award) bool { return !a.RunsIn(v.Year) })
		if len(runs) == 0 {
			runs = r.awards
		}
		for _, a := range runs {
			end := check.EndOf(v.View, a.ID)
			if end.Starts != 0 && (r.starts == 0 || end.Starts < r.starts) {
				r.starts = end.Starts
			}
			if r.ends = max(r.ends, end.Last); end.Last == 0 {
				r.endless = true
			}
			if due := v.claimDue(a); due != 0 && (r.claim == 0 || due < r.claim) {
				r.claim = due
			}
			if a.Owner != "" && !slices.Contains(r.owners, a.Owner) {
				r.owners = append(r.owners, a.Owner)
			}
		}
		r.status = v.streamStatus(r)
		rows = append(rows, r)
	}
	compare := v.Sort()
	slices.SortStableFunc(rows, func(a, b streamRow) int { return compare(a.name.Text, b.name.Text) })
	return rows
}

// claimDue is the next day by which money of an award must be claimed: of a
// claim not yet made, else of the award itself.
func (v *Visit) claimDue(a funding.Award) fiscal.Date {
	var due fiscal.Date
	for _, r := range v.Records("claims") {
		if d, err := fiscal.ParseDate(r.Get("due")); err == nil && d != 0 && r.Get("award") == a.ID && r.Get("claimed") == "" && (due == 0 || d < due) {
			due = d
		}
	}
	if due == 0 {
		due = a.ClaimBy
	}
	return due
}

func (v *Visit) streamStatus(r streamRow) serviceStatus {
	switch {
	case len(r.awards) == 0:
		return streamNoAward
	case r.money.left.InYear.Pence() < 0 || r.money.left.OfTerm.Pence() < 0:
		return streamOver
	case r.starts > v.Today:
		return streamLater
	case r.endless:
		return streamRuns
	case r.ends < v.Today:
		return streamEnded
	case r.ends <= v.Today.AddMonths(v.Settings.Policy.HorizonMonths):
		return streamEnding
	}
	return streamRuns
}

// streams says what money there is, until when, and what of it is not yet used.
func streams(v *Visit) (Answer, error) {
	rows := v.streamRows()
	all := len(rows)
	named := func(register string) func(string) words.Name {
		return func(id string) words.Name { return v.NameOf(v.Book, register, id) }
	}
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	var statuses []string
	for _, s := range streamStatuses {
		statuses = append(statuses, s.id)
	}
	rows, panel := narrow(v, rows, []facet[streamRow]{
		{name: "status", legend: v.T("status"), order: statuses, label: func(id string) words.Name { return words.Name{Text: v.T(id)} }, answers: func(r streamRow) []string { return []string{r.status.id} }},
		{name: "funder", legend: v.T("by.funder"), label: named("organisations"), answers: func(r streamRow) []string { return one(r.Funder) }},
		{name: "permanence", legend: v.T("history.column.permanence"), label: func(id string) words.Name { return words.Name{Text: v.permanence(id)} },
			answers: func(r streamRow) []string { return one(r.Permanence.String()) }},
		{name: "objective", legend: v.T("by.objective"), label: named("objectives"), answers: func(r streamRow) []string { return r.Objectives }},
	})
	p := streamsPage{Filters: panel, Own: v.ownSaid()}
	var left, spare report.Cell
	ending := 0
	for _, r := range rows {
		left.InYear.Merge(r.money.left.InYear)
		left.OfTerm.Merge(r.money.left.OfTerm)
		spare.InYear.Merge(r.money.unspent.InYear)
		spare.OfTerm.Merge(r.money.unspent.OfTerm)
		if r.status == streamEnding || r.status == streamOver && !r.endless && r.ends <= v.Today.AddMonths(v.Settings.Policy.HorizonMonths) {
			ending++
		}
	}
	p.Lead = v.N("streams.lead", len(rows), "Unspent", v.cell(spare), "Year", v.Year.String())
	if ending > 0 {
		p.Lead += " " + v.N("streams.lead-ending", ending, "Months", v.Count(v.Settings.Policy.HorizonMonths))
	}
	p.Table = v.streamsTable(rows)
	if all == 0 {
		p.Table.Empty = v.T("streams.empty")
	}
	if v.Can(people.SetAward) {
		p.Add = v.Base() + "/registers/streams/new"
	}
	return Page{Template: "streams", Title: v.T("streams.title", "Year", v.Year.String()), Nav: "ledger/streams", Data: p, Tables: []*table.Table{p.Table}, Money: true, Wide: true}, nil
}

// permanence is how lasting a stream is, in words.
func (v *Visit) permanence(word string) string {
	if id := "permanence." + strings.ReplaceAll(word, " ", "-"); v.Reader.Has(id) {
		return v.T(id)
	}
	return v.T("not-known")
}

func (v *Visit) streamsTable(rows []streamRow) *table.Table {
	t := table.New("streams", v.T("streams.caption", "Year", v.Year.String()))
	t.Wide, t.Frozen, t.Class = true, true, "streams"
	t.Column("stream", v.T("by.stream"), table.TextColumn)
	t.Column("funder", v.T("by.funder"), table.TextColumn)
	t.Column("pays", v.T("streams.pays"), table.TextColumn)
	t.Column("starts", v.T("history.column.starts"), table.DateColumn)
	t.Column("ends", v.T("history.column.ends"), table.DateColumn)
	t.Column("status", v.T("status"), table.TagColumn)
	t.Column("awarded", v.T("measure."+v.worth().String()), table.MoneyColumn)
	t.Column("allocated", v.T("allocated"), table.MoneyColumn)
	t.Column("left", v.T("left-to-allocate"), table.MoneyColumn)
	t.Column("spent", v.T("measure.paid"), table.MoneyColumn)
	t.Column("unspent", v.T("measure.unspent"), table.MoneyColumn)
	t.Column("claim", v.T("streams.claim"), table.DateColumn)
	t.Column("owner", v.T("history.column.owner"), table.TextColumn)
	starred := false
	for _, r := range rows {
		of := pairs(v.boardMoney(), "stream", r.ID)
		link := func(m ledger.Measure) func(string) string {
			return func(year string) string { return v.Postings(m, append(slices.Clip(of), "year", year)...) }
		}
		ends := table.Text(v.T("no-end-date"))
		switch {
		case len(r.awards) == 0:
			ends = table.None()
		case !r.endless:
			ends = table.Date(r.ends)
		}
		date := func(d fiscal.Date) table.Cell {
			if d == 0 {
				return table.None()
			}
			return table.Date(d)
		}
		unspentLink := func(year string) string { return v.opens(unspent, append(slices.Clip(of), "year", year)...) }
		t.Row(table.Text(r.name.Text).In(string(r.name.Lang)).To(v.To(pathOf("streams", r.ID))), v.named("organisations", r.Funder),
			table.Text(v.mayPayFor(r)), date(r.starts), ends, table.Tag(v.T(r.status.id), r.status.colour),
			v.moneyCell(r.money.awarded, r.money.stated, v.Year, link(v.worth())), v.moneyCell(r.money.allocated, r.money.stated, v.Year, link(ledger.AllocatedTo)),
			v.moneyCell(r.money.left, r.money.stated, v.Year, link(ledger.LeftOf)), v.moneyCell(r.money.spent, r.money.stated, v.Year, link(ledger.PaidOut)),
			v.moneyCell(r.money.unspent, r.money.stated, v.Year, unspentLink), date(r.claim), table.Text(strings.Join(r.owners, ", ")))
		starred = starred || !r.money.awarded.OfTerm.IsNought() || !r.money.allocated.OfTerm.IsNought()
	}
	if starred {
		t.Note = v.T("map.starred")
	}
	if v.Place != "" {
		t.Note = strings.TrimSpace(t.Note + " " + v.T("streams.whole"))
	}
	t.Empty = v.T("streams.none")
	return v.Finish(t)
}

// mayPayFor sums up what a stream's terms say its money is for: ages, places,
// levels, what it must not be.
func (v *Visit) mayPayFor(r streamRow) string {
	var says []string
	met := map[string]bool{}
	for _, a := range r.awards {
		for _, t := range v.TermsOf(a.ID) {
			if met[t.ID] || !t.InForce.Contains(v.Today) {
				continue
			}
			met[t.ID] = true
			switch t.Rule {
			case funding.RuleAges, funding.RuleAreas, funding.RuleObjectives, funding.RuleCostType, funding.RuleElements, funding.RuleLevel:
				says = append(says, v.termRule(t.Rule)+": "+v.termValue(t))
			}
		}
	}
	if len(says) == 0 && len(r.awards) > 0 {
		return v.T("streams.no-terms")
	}
	return strings.Join(says, "; ")
}

// termRule is a rule of a term, in words.
func (v *Visit) termRule(r funding.Rule) string { return v.T("rule." + r.String()) }

// termValue is what a term's rule asks for, with the names of what it names.
func (v *Visit) termValue(t funding.Term) string {
	register := ""
	switch t.Rule {
	case funding.RuleAges:
		return v.ages(t.Value)
	case funding.RuleAreas:
		register = "areas"
	case funding.RuleObjectives:
		register = "objectives"
	case funding.RuleCarryForward, funding.RuleVirement:
		if id := "permission." + t.Value; v.Reader.Has(id) {
			return v.T(id)
		}
	case funding.RuleSpendBy:
		if d, err := fiscal.ParseDate(t.Value); err == nil {
			return v.Date(d)
		}
	}
	var names []string
	for value := range strings.SplitSeq(t.Value, ";") {
		value = strings.TrimSpace(value)
		switch tag, tagged := strings.CutPrefix(value, "tag:"); {
		case tagged:
			value = v.T("streams.tagged", "Tag", tag)
		case register != "":
			value = v.NameOf(v.Book, register, value).Text
		}
		names = append(names, value)
	}
	return strings.Join(names, ", ")
}
