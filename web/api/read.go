package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/words"
)

// reads registers what can be read.
func (a *API) reads() {
	operation(a, http.MethodGet, "/position", "position", "Money broken down by dimensions", people.See, a.position)
	operation(a, http.MethodGet, "/entries", "entries", "The entries that add up to one figure", people.See, a.entries)
	operation(a, http.MethodGet, "/findings", "findings", "What the checks found", people.See, a.findings)
	operation(a, http.MethodGet, "/map", "map", "Which awards pay for which services in a year", people.See, a.matrix)
	operation(a, http.MethodGet, "/monitoring", "monitoring", "Budget, spend and forecast by service", people.See, a.monitoring)
	operation(a, http.MethodGet, "/forecast", "forecast", "What services will be short of when grants end", people.See, a.forecast)
	operation(a, http.MethodGet, "/forecast/figure", "forecast-figure", "The records and entries that add up to one figure of the forecast", people.See, a.forecastFigure)
	operation(a, http.MethodGet, "/scenarios", "scenarios", "Ways out, each a list of changes", people.See, a.scenarios)
	operation(a, http.MethodGet, "/scenarios/compare", "compare", "Ways out beside one another: cost, confirmed money, gap, people, rules broken", people.See, a.compare)
	operation(a, http.MethodGet, "/scenarios/{scenario}", "scenario", "One way out, and what it comes to", people.See, a.scenarioOf)
	operation(a, http.MethodGet, "/plan", "plan", "A better use of the same money, and why", people.Plan, a.plan)
	operation(a, http.MethodGet, "/me", "me", "Whom the token acts for, and what it may do", anyone, a.me)
	operation(a, http.MethodGet, "/coverage", "coverage", "Objectives against places: what is spent, and where there is nothing", people.See, a.coverage)
	operation(a, http.MethodGet, "/timeline", "timeline", "Which awards pay until when, and what stops then", people.See, a.timeline)
	operation(a, http.MethodGet, "/asks", "asks", "What waits for approval, and what became of the rest", people.See, a.asks)
	operation(a, http.MethodGet, "/asks/{ask}", "ask", "One thing asked", people.See, a.ask)
	operation(a, http.MethodGet, "/boards/{board}/proposals", "proposals", "What a board is asked to pay for", people.SeeBoard, a.proposals)
	operation(a, http.MethodGet, "/proposals/{proposal}", "proposal", "One proposal, with interests and decisions", people.SeeBoard, a.proposal)
	operation(a, http.MethodGet, "/notes", "notes", "What people noted about things", people.Notes, a.notes)
	operation(a, http.MethodGet, "/endings", "endings", "Days on which awards end, and who loses by it", people.See, a.endings)
	operation(a, http.MethodGet, "/boards/{board}/position", "board-position", "What a board has left to decide on", people.SeeBoard, a.boardPosition)
	operation(a, http.MethodGet, "/registers/{register}", "register", "The rows of a register", people.See, a.register)
	operation(a, http.MethodGet, "/batches", "batches", "Who posted what, when and why, newest first", people.Audit, a.batches)
	operation(a, http.MethodGet, "/batches/{sequence}", "batch", "One batch whole", people.Audit, a.batch)
}

// At is the day an answer is of.
type At struct {
	AsAt string `query:"as_at" format:"date" doc:"count what is effective on or before this day; today where it is not given"`
}

func (a *API) at(c *caller, at At) (Reading, error) {
	d := c.today
	if at.AsAt != "" {
		var err error
		if d, err = fiscal.ParseDate(at.AsAt); err != nil {
			return Reading{}, c.invalid("query.as_at", "a day, like 2027-01-12", at.AsAt)
		}
	}
	return a.Reading(c.book, d), nil
}

func head(v *ledger.View) Head { return Head{day(v.AsAt), v.Sequence(), v.Hash().String()} }

// Where narrows by dimensions; a blank value is money that has none.
type Where struct {
	Funder    *string `json:"funder,omitempty"`
	Stream    *string `json:"stream,omitempty"`
	Award     *string `json:"award,omitempty"`
	Service   *string `json:"service,omitempty"`
	Objective *string `json:"objective,omitempty"`
	Area      *string `json:"area,omitempty"`
	Board     *string `json:"board,omitempty"`
	Provider  *string `json:"provider,omitempty"`
	Year      *string `json:"year,omitempty"`
}

func (w *Where) at(d ledger.Dimension) **string {
	return [...]**string{&w.Funder, &w.Stream, &w.Award, &w.Service, &w.Objective, &w.Area, &w.Board, &w.Provider, &w.Year}[d]
}

// WhereQuery is the same in an address: service=youth-inclusion.
type WhereQuery struct {
	Where []string `query:"where" maxItems:"9" doc:"dimension=value, like service=youth-inclusion; repeat by commas"`
}

func (c *caller) filter(where []string) (ledger.Filter, error) {
	only := ledger.Filter{}
	for _, one := range where {
		name, value, ok := strings.Cut(one, "=")
		d, err := ledger.ParseDimension(name)
		if !ok || err != nil {
			return nil, c.invalid("query.where", "a dimension and a value, like service=youth-inclusion", one)
		}
		if _, twice := only[d]; twice {
			return nil, c.invalid("query.where", "each dimension once", one)
		}
		only[d] = value
	}
	return only, nil
}

// scope narrows a filter to what the caller may see: a board's member to the
// board's money.
func (c *caller) scope(only ledger.Filter) error {
	if c.reach.All || len(c.reach.Areas) > 0 {
		return nil
	}
	own := c.reach.Boards[0]
	if asked, ok := only[ledger.ByBoard]; ok {
		if !slices.Contains(c.reach.Boards, asked) {
			return c.missing()
		}
		own = asked
	}
	only[ledger.ByBoard] = own
	return nil
}

// sees reports whether the caller may see a row of a breakdown. Who sees only
// some services sees no row that takes others in.
func (c *caller) sees(r Reading, service string) bool {
	return c.reach.All || service == "" || r.Sees(c.reach, service)
}

// Sums are the columns of a position.
type Sums struct {
	Awarded     Pounds `json:"awarded,omitzero" required:"false"`
	Delegated   Pounds `json:"delegated,omitzero" required:"false"`
	Allocated   Pounds `json:"allocated,omitzero" required:"false"`
	Committed   Pounds `json:"committed,omitzero" required:"false"`
	Paid        Pounds `json:"paid,omitzero" required:"false"`
	HandedBack  Pounds `json:"handed_back,omitzero" required:"false"`
	Lapsed      Pounds `json:"lapsed,omitzero" required:"false"`
	Transferred Pounds `json:"transferred,omitzero" required:"false"`
	Left        Pounds `json:"left,omitzero" required:"false"`
	AtLeast     bool   `json:"at_least,omitempty" doc:"a sum of this row has a part that is not known"`
}

func sums(columns []ledger.Measure, r ledger.PositionRow) Sums {
	var s Sums
	at := [...]*Pounds{&s.Awarded, &s.Delegated, &s.Allocated, &s.Committed, &s.Paid, &s.HandedBack, &s.Lapsed, &s.Transferred, &s.Left}
	for _, m := range columns {
		p, partial := summed(r.Sums[m])
		*at[m] = p
		s.AtLeast = s.AtLeast || partial
	}
	return s
}

// PositionRow is one row: its place in the breakdown, and its sums.
type PositionRow struct {
	Where
	Sums
}

// Position is money broken down.
type Position struct {
	Head
	By    []string      `json:"by"`
	Rows  []PositionRow `json:"rows"`
	Total Sums          `json:"total"`
}

type positionIn struct {
	At
	WhereQuery
	By []string `query:"by" minItems:"1" maxItems:"9" required:"true" example:"stream,year" doc:"funder, stream, award, service, objective, area, board, provider, year"`
}

type positionOut struct{ Body Position }

func (a *API) position(_ context.Context, c *caller, in *positionIn) (*positionOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	only, err := c.filter(in.Where)
	if err == nil {
		err = c.scope(only)
	}
	if err != nil {
		return nil, err
	}
	var by []ledger.Dimension
	for _, name := range in.By {
		d, err := ledger.ParseDimension(name)
		if err != nil || slices.Contains(by, d) {
			return nil, c.invalid("query.by", "each dimension once: funder, stream, award, service, objective, area, board, provider, year", name)
		}
		by = append(by, d)
	}
	ask, hidden := by, false
	if !c.reach.All && len(c.reach.Areas) > 0 && !slices.Contains(by, ledger.ByService) { // to leave out what the caller may not see
		ask, hidden = append(slices.Clone(by), ledger.ByService), true
	}
	p := r.View.Position(ask, only)
	out := &positionOut{Position{Head: head(r.View), By: in.By, Rows: []PositionRow{}}}
	kept := ledger.Position{By: by, Columns: p.Columns}
	service := slices.Index(ask, ledger.ByService)
	for _, row := range p.Rows {
		if service >= 0 && !c.sees(r, row.Key[service]) {
			continue
		}
		if hidden {
			row.Key = row.Key[:len(by)]
		}
		if n := len(kept.Rows); n > 0 && slices.Equal(kept.Rows[n-1].Key, row.Key) {
			for m := range row.Sums {
				kept.Rows[n-1].Sums[m].Merge(row.Sums[m])
			}
		} else {
			kept.Rows = append(kept.Rows, row)
		}
		for m := range row.Sums {
			kept.Total.Sums[m].Merge(row.Sums[m])
		}
	}
	if service < 0 || c.reach.All {
		kept.Total = p.Total
	}
	for _, row := range kept.Rows {
		one := PositionRow{Sums: sums(p.Columns, row)}
		for i, d := range by {
			*one.at(d) = &row.Key[i]
		}
		out.Body.Rows = append(out.Body.Rows, one)
	}
	out.Body.Total = sums(p.Columns, kept.Total)
	return out, nil
}

// Entry is one movement of money, as it counts towards a figure.
type Entry struct {
	Entry     string `json:"entry" doc:"batch/number"`
	Kind      string `json:"kind"`
	Amount    Pounds `json:"amount" doc:"as it counts: negative takes away"`
	Effective Date   `json:"effective,omitempty"`
	From      string `json:"from"`
	To        string `json:"to"`
	Objective string `json:"objective,omitempty"`
	Area      string `json:"area,omitempty"`
	Line      string `json:"line"`
	Row       int    `json:"row,omitempty"`
	Reverses  string `json:"reverses,omitempty"`
	By        string `json:"by"`
	Reason    string `json:"reason"`
	Source    string `json:"source"`
}

func entryOf(v *ledger.View, p ledger.Proof) Entry {
	e := v.Entry(p.Index)
	h, _ := v.Head(e.ID.Seq)
	one := Entry{Entry: e.ID.String(), Kind: e.Kind.String(), Amount: pounds(p.Amount), Effective: day(e.Effective), From: e.From.String(), To: e.To.String(),
		Objective: e.Label.Objective, Area: e.Label.Area, Line: e.Line, Row: e.Row, By: h.Author, Reason: h.Reason, Source: h.Source}
	if e.Reverses != (ledger.EntryID{}) {
		one.Reverses = e.Reverses.String()
	}
	return one
}

// Entries are those behind one figure.
type Entries struct {
	Head
	Column  string  `json:"column"`
	Entries []Entry `json:"entries"`
	Count   int     `json:"count" doc:"how many there are on all pages"`
	Total   Pounds  `json:"total" doc:"of all pages"`
}

type entriesIn struct {
	At
	WhereQuery
	Column string `query:"column" required:"true" enum:"awarded,delegated,allocated,committed,paid,handed_back,lapsed,transferred,left"`
	Paged
}

// Paged asks for a page of a long list.
type Paged struct {
	Page int `query:"page" minimum:"1" maximum:"100000" default:"1"`
	Size int `query:"size" minimum:"1" maximum:"200" default:"50"`
}

// cut gives a page of a list.
func cut[T any](p Paged, all []T) []T {
	from := min((p.Page-1)*p.Size, len(all))
	return all[from:min(from+p.Size, len(all))]
}

type entriesOut struct{ Body Entries }

func (a *API) entries(_ context.Context, c *caller, in *entriesIn) (*entriesOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	only, err := c.filter(in.Where)
	if err == nil {
		err = c.scope(only)
	}
	if err != nil {
		return nil, err
	}
	if service, ok := only[ledger.ByService]; !c.reach.All && len(c.reach.Areas) > 0 && (!ok || !c.sees(r, service)) {
		return nil, c.missing() // a figure over services of which some are not the caller's
	}
	m, err := ledger.ParseMeasure(in.Column)
	if err != nil {
		return nil, c.invalid("query.column", err.Error(), in.Column)
	}
	proof := r.View.Explain(m, only)
	out := &entriesOut{Entries{Head: head(r.View), Column: in.Column, Entries: []Entry{}, Count: len(proof)}}
	var total money.Sum
	for _, p := range proof {
		total.AddPence(p.Amount)
	}
	for _, p := range cut(in.Paged, proof) {
		out.Body.Entries = append(out.Body.Entries, entryOf(r.View, p))
	}
	out.Body.Total, _ = summed(total)
	return out, nil
}

// Subject is what a finding is about.
type Subject struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Evidence is an entry, or a column of a record, that makes part of an amount.
type Evidence struct {
	Entry  string `json:"entry,omitempty"`
	Record string `json:"record,omitempty"`
	Column string `json:"column,omitempty"`
	Amount Pounds `json:"amount,omitzero" required:"false"`
}

// Judgement is an officer's answer.
type Judgement struct {
	Verdict  string `json:"verdict"`
	Reason   string `json:"reason"`
	By       string `json:"by"`
	Stands   bool   `json:"stands"`
	ReviewOn Date   `json:"review_on,omitempty"`
}

// Finding is one question for an officer.
type Finding struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind"`
	Rule      string     `json:"rule"`
	Band      string     `json:"band,omitempty"`
	Severity  string     `json:"severity" enum:"low,medium,high"`
	Verdict   string     `json:"verdict,omitempty" doc:"unknown, where a fact is missing"`
	Missing   string     `json:"missing,omitempty" doc:"the fact to record"`
	Title     string     `json:"title" doc:"in the language asked for"`
	Because   string     `json:"because"`
	Amount    Pounds     `json:"amount,omitzero" required:"false"`
	AtLeast   bool       `json:"at_least,omitempty"`
	Year      Year       `json:"year,omitempty"`
	Date      Date       `json:"date,omitempty"`
	Subjects  []Subject  `json:"subjects"`
	Evidence  []Evidence `json:"evidence"`
	Facts     string     `json:"facts" doc:"the fingerprint of what it rests on; a judgement carries it"`
	Judgement *Judgement `json:"judgement,omitempty"`
}

// Findings lists them.
type Findings struct {
	Head
	Findings []Finding `json:"findings"`
	Count    int       `json:"count" doc:"how many there are on all pages"`
}

type findingsIn struct {
	At
	Kind string `query:"kind" enum:"duplication,gap,expiry,condition,overcommitment" doc:"all where it is not given"`
	Rule string `query:"rule" maxLength:"60"`
	All  bool   `query:"all" doc:"those too that a judgement has silenced"`
	Lang string `query:"lang" enum:"en,cy" doc:"the language of titles; else that of Accept-Language"`
	Paged
}

type findingsOut struct{ Body Findings }

func (a *API) findings(_ context.Context, c *caller, in *findingsIn) (*findingsOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	w := words.In(c.lang)
	if l, ok := words.Parse(in.Lang); ok {
		w = words.In(l)
	}
	var seen []*check.Finding
	all := r.Findings()
	for i := range all {
		if f := &all[i]; (in.Kind == "" || string(f.Kind) == in.Kind) && (in.Rule == "" || f.Rule == in.Rule) && (in.All || !f.Silenced()) && c.seesFinding(r, f) {
			seen = append(seen, f)
		}
	}
	out := &findingsOut{Findings{Head: head(r.View), Findings: []Finding{}, Count: len(seen)}}
	for _, f := range cut(in.Paged, seen) {
		out.Body.Findings = append(out.Body.Findings, findingOf(w, r.View, f))
	}
	return out, nil
}

// seesFinding reports whether a finding is the caller's to see, as on the pages.
func (c *caller) seesFinding(r Reading, f *check.Finding) bool {
	return r.Eyes(c.who, c.reach).Finding(f)
}

func findingOf(w *words.Reader, v *ledger.View, f *check.Finding) Finding {
	title, because := w.Finding(v, f)
	one := Finding{ID: f.ID, Kind: string(f.Kind), Rule: f.Rule, Band: f.Band, Severity: f.Severity.String(), Title: title, Because: because,
		Date: day(f.Date), Subjects: []Subject{}, Evidence: []Evidence{}, Facts: f.FactsHash()}
	if f.Unknown {
		one.Verdict, one.Missing = "unknown", w.Missing(v, f)
	}
	if f.Amount != nil {
		one.Amount, one.AtLeast = summed(*f.Amount)
	}
	if f.Year != fiscal.Term {
		one.Year = Year(f.Year.String())
	}
	for _, s := range f.Subjects {
		one.Subjects = append(one.Subjects, Subject(s))
	}
	if f.Proof != nil {
		for _, p := range f.Proof() {
			one.Evidence = append(one.Evidence, Evidence{Entry: v.EntryID(p.Index).String(), Amount: pounds(p.Amount)})
		}
	}
	for _, rec := range f.Records {
		e := Evidence{Record: rec.Register + "/" + rec.ID, Column: rec.Column}
		if rec.Amount != nil {
			e.Amount = amount(*rec.Amount)
		}
		one.Evidence = append(one.Evidence, e)
	}
	if j := f.Judgement; j != nil {
		one.Judgement = &Judgement{j.Verdict, j.Reason, j.By, j.Stands, day(j.ReviewOn)}
	}
	return one
}

// Cell is what an award puts on a service in the year.
type Cell struct {
	Service   string `json:"service"`
	Award     string `json:"award"`
	Allocated Pounds `json:"allocated"`
	OfTerm    Pounds `json:"of_term,omitzero" required:"false" doc:"beside it, for the whole term of the award"`
	AtLeast   bool   `json:"at_least,omitempty"`
}

// Column is what an award has altogether in the year.
type Column struct {
	Award     string `json:"award"`
	Ends      Date   `json:"ends,omitempty"`
	Awarded   Pounds `json:"awarded"`
	Allocated Pounds `json:"allocated"`
	Left      Pounds `json:"left"`
	AtLeast   bool   `json:"at_least,omitempty"`
}

// Map is services against awards.
type Map struct {
	Head
	Year   Year     `json:"year"`
	Awards []Column `json:"awards"`
	Cells  []Cell   `json:"cells"`
}

// InYear is the financial year, and the day, an answer is of.
type InYear struct {
	At
	Year Year `query:"year" doc:"the financial year; this one where it is not given"`
}

func (c *caller) year(in InYear) (fiscal.Year, error) {
	if in.Year == "" {
		return fiscal.YearOf(c.today), nil
	}
	y, err := in.Year.read()
	if err != nil || y == fiscal.Term {
		return 0, c.invalid("query.year", "a financial year, like 2026-27", string(in.Year))
	}
	return y, nil
}

type mapOut struct{ Body Map }

func (a *API) matrix(_ context.Context, c *caller, in *InYear) (*mapOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	year, err := c.year(*in)
	if err != nil {
		return nil, err
	}
	only := ledger.Filter{}
	if err := c.scope(only); err != nil {
		return nil, err
	}
	m := report.NewMap(r.View, report.MapOf{Year: year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward, Only: only, Sees: func(s string) bool { return c.sees(r, s) }})
	out := &mapOut{Map{Head: head(r.View), Year: Year(year.String()), Awards: []Column{}, Cells: []Cell{}}}
	whole := c.reach.All || len(c.reach.Areas) > 0 // a board's member sees the board's money, not the award's
	for _, id := range m.Columns {
		if whole {
			h := m.Head(id)
			one := Column{Award: id}
			var partial bool
			one.Awarded, partial = summed(h.Awarded.InYear)
			one.Allocated, one.AtLeast = summed(h.Allocated.InYear)
			one.AtLeast = one.AtLeast || partial
			one.Left, _ = summed(h.Left.InYear)
			award, _ := r.View.Award(id)
			if last, ends := award.LastDay(); ends {
				one.Ends = day(last)
			}
			out.Body.Awards = append(out.Body.Awards, one)
		}
		for _, service := range m.Rows {
			cell := m.Cell(service, id)
			if cell.None() {
				continue
			}
			one := Cell{Service: service, Award: id}
			one.Allocated, one.AtLeast = summed(cell.InYear)
			if !cell.OfTerm.IsNought() {
				one.OfTerm, _ = summed(cell.OfTerm)
			}
			out.Body.Cells = append(out.Body.Cells, one)
		}
	}
	return out, nil
}

// Ending is a day on which awards end.
type Ending struct {
	Date   Date   `json:"date"`
	Band   string `json:"band" enum:"stops,renewal awaited,secured successor"`
	Amount Pounds `json:"amount"`
	Losses []Loss `json:"losses"`
}

// Loss is what a service loses on that day.
type Loss struct {
	Service  string   `json:"service"`
	Amount   Pounds   `json:"amount"`
	AtLeast  bool     `json:"at_least,omitempty"`
	Awards   []string `json:"awards"`
	DecideBy Date     `json:"decide_by,omitempty"`
	Finding  string   `json:"finding"`
}

// Endings lists them, the bands apart.
type Endings struct {
	Head
	Endings []Ending `json:"endings"`
}

type endingsIn struct{ At }
type endingsOut struct{ Body Endings }

func (a *API) endings(_ context.Context, c *caller, in *endingsIn) (*endingsOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	out := &endingsOut{Endings{Head: head(r.View), Endings: []Ending{}}}
	for _, e := range report.Endings(r.View, r.Findings()) {
		one := Ending{Date: day(e.Date), Band: e.Band}
		var total money.Sum
		for _, l := range e.Losses {
			if !c.sees(r, l.Service) {
				continue
			}
			total.Merge(l.Amount)
			loss := Loss{Service: l.Service, Awards: l.Awards, Finding: l.Finding.ID}
			loss.Amount, loss.AtLeast = summed(l.Amount)
			if l.Decide != nil {
				loss.DecideBy = day(l.Decide.Date)
			}
			one.Losses = append(one.Losses, loss)
		}
		if len(one.Losses) > 0 {
			one.Amount, _ = summed(total)
			out.Body.Endings = append(out.Body.Endings, one)
		}
	}
	return out, nil
}

// Monitored is a service's budget and spend.
type Monitored struct {
	Service      string `json:"service"`
	Original     Pounds `json:"original_budget"`
	Revised      Pounds `json:"revised_budget"`
	BudgetToDate Pounds `json:"budget_to_date"`
	Actual       Pounds `json:"actual_to_date"`
	Forecast     Pounds `json:"forecast_outturn" doc:"null where nobody has forecast it"`
}

// Monitoring says whether services spend what was planned.
type Monitoring struct {
	Head
	Year    Year        `json:"year"`
	SpentTo Date        `json:"spent_to,omitempty"`
	Rows    []Monitored `json:"rows"`
}

type monitoringOut struct{ Body Monitoring }

func (a *API) monitoring(_ context.Context, c *caller, in *InYear) (*monitoringOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	if !c.reach.All && len(c.reach.Areas) == 0 {
		return nil, c.missing()
	}
	year, err := c.year(*in)
	if err != nil {
		return nil, err
	}
	m := report.NewMonitoring(r.View, report.MonitoringOf{Year: year, Sees: func(s string) bool { return c.sees(r, s) }})
	out := &monitoringOut{Monitoring{Head: head(r.View), Year: Year(year.String()), SpentTo: day(m.SpentTo), Rows: []Monitored{}}}
	for _, row := range m.Rows {
		one := Monitored{Service: row.Service}
		one.Original, _ = summed(row.Original)
		one.Revised, _ = summed(row.Revised)
		one.BudgetToDate, _ = summed(row.ToDate)
		one.Actual, _ = summed(row.Actual)
		one.Forecast, _ = summed(row.Forecast)
		out.Body.Rows = append(out.Body.Rows, one)
	}
	return out, nil
}

// BoardPosition is what a board has for a year.
type BoardPosition struct {
	Head
	Board    string `json:"board"`
	Year     Year   `json:"year"`
	Given    Pounds `json:"given"`
	Promised Pounds `json:"promised"`
	AskedFor Pounds `json:"asked_for"`
	Left     Pounds `json:"left"`
}

type boardIn struct {
	InYear
	Board string `path:"board" maxLength:"200"`
}

type boardOut struct{ Body BoardPosition }

func (a *API) boardPosition(_ context.Context, c *caller, in *boardIn) (*boardOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	year, err := c.year(in.InYear)
	if err != nil {
		return nil, err
	}
	if err := a.theBoard(c, in.Board); err != nil {
		return nil, err
	}
	p := decide.BoardPosition(r.View, in.Board, year)
	out := &boardOut{BoardPosition{Head: head(r.View), Board: in.Board, Year: Year(year.String())}}
	out.Body.Given, _ = summed(p.Given.Sum)
	out.Body.Promised, _ = summed(p.Promised.Sum)
	out.Body.AskedFor, _ = summed(p.AskedFor.Sum)
	out.Body.Left, _ = summed(p.Left)
	return out, nil
}

// Row is a row of a register: its columns as the register has them.
type Row struct {
	ID      string            `json:"id"`
	Version string            `json:"version" doc:"to be sent with a change"`
	Values  map[string]string `json:"values" doc:"columns in the register's own words; ? is not known"`
}

// Register lists rows.
type Register struct {
	Head
	Register string `json:"register"`
	Rows     []Row  `json:"rows"`
	Count    int    `json:"count"`
}

type registerIn struct {
	Register string `path:"register" maxLength:"40"`
	Paged
}

type registerOut struct{ Body Register }

// openRegisters are those that every reader of the council's money may read;
// asks, notes and posts have pages of their own, with rights of their own.
var openRegisters = []string{"areas", "organisations", "objectives", "streams", "awards", "figures", "terms", "boards", "services", "needs", "agreements", "limits", "indicators", "measurements", "periods", "settings", "meetings",
	"exits", "exceptions", "approvals", "assumptions", "savings"}

func (a *API) register(_ context.Context, c *caller, in *registerIn) (*registerOut, error) {
	if !slices.Contains(openRegisters, in.Register) {
		return nil, c.missing()
	}
	r := a.Reading(c.book, c.today)
	eyes := r.Eyes(c.who, c.reach)
	out := &registerOut{Register{Head: head(r.View), Register: in.Register, Rows: []Row{}}}
	whole := c.reach.All || len(c.reach.Areas) > 0
	var ids []string
	for id, rec := range r.View.Records(in.Register) {
		service := rec.Get("service")
		if in.Register == "services" {
			service = id
		}
		switch {
		case service != "" && !c.sees(r, service):
		case in.Register == "boards" && !eyes.Board(id):
		case in.Register == "meetings" && !eyes.Board(rec.Get("board")):
		case !whole && slices.Contains([]string{"streams", "awards", "figures", "terms", "limits", "settings", "exceptions", "approvals", "assumptions", "savings"}, in.Register):
		default:
			ids = append(ids, id)
		}
	}
	out.Body.Count = len(ids)
	for _, id := range cut(in.Paged, ids) {
		rec, _ := r.View.Record(in.Register, id)
		row := Row{ID: id, Version: decide.Version(c.book, in.Register, id), Values: map[string]string{}}
		for _, v := range rec.Values {
			row.Values[v.Column] = v.Text
		}
		out.Body.Rows = append(out.Body.Rows, row)
	}
	return out, nil
}

// BatchHead is who posted a batch, when and why.
type BatchHead struct {
	Sequence int    `json:"sequence"`
	Hash     string `json:"hash"`
	Prev     string `json:"prev"`
	PostedAt string `json:"posted_at" format:"date-time"`
	Author   string `json:"author"`
	Role     string `json:"role,omitempty"`
	Reason   string `json:"reason"`
	Source   string `json:"source"`
	Entries  int    `json:"entries"`
	Records  int    `json:"records"`
}

func batchHead(b *ledger.Book, seq int) BatchHead {
	h, hash := b.Head(seq)
	batch := b.Batch(seq)
	return BatchHead{seq, hash.String(), h.Prev.String(), h.PostedAt.Format(ledger.PostedAtForm), h.Author, h.Role, h.Reason, h.Source, batch.Len(), len(batch.Records)}
}

// Batches lists heads.
type Batches struct {
	Head
	Batches []BatchHead `json:"batches"`
	Count   int         `json:"count"`
}

type batchesOut struct{ Body Batches }

func (a *API) batches(_ context.Context, c *caller, in *Paged) (*batchesOut, error) {
	if !c.reach.All {
		return nil, c.missing() // history of a part is on the pages
	}
	v := c.book.View(c.today)
	out := &batchesOut{Batches{Head: head(v), Batches: []BatchHead{}, Count: v.Sequence()}}
	for seq := v.Sequence() - (in.Page-1)*in.Size; seq > 0 && len(out.Body.Batches) < in.Size; seq-- {
		out.Body.Batches = append(out.Body.Batches, batchHead(c.book, seq))
	}
	return out, nil
}

// Batch is one whole.
type Batch struct {
	BatchHead
	Posted []Entry  `json:"posted"`
	Rows   []RowPut `json:"rows"`
}

// RowPut is a record of a batch.
type RowPut struct {
	Register string `json:"register"`
	Row
}

type batchIn struct {
	Sequence int `path:"sequence" minimum:"1"`
	Paged
}

type batchOut struct{ Body Batch }

func (a *API) batch(_ context.Context, c *caller, in *batchIn) (*batchOut, error) {
	if in.Sequence > c.book.Sequence() || !c.reach.All {
		return nil, c.missing()
	}
	out := &batchOut{batchOf(c.book, in.Sequence, in.Paged)}
	return out, nil
}

func batchOf(b *ledger.Book, seq int, p Paged) Batch {
	batch := b.Batch(seq)
	one := Batch{BatchHead: batchHead(b, seq), Posted: []Entry{}, Rows: []RowPut{}}
	for n := 1 + (p.Page-1)*p.Size; n <= batch.Len() && len(one.Posted) < p.Size; n++ {
		e := batch.Entry(n)
		put := Entry{Entry: e.ID.String(), Kind: e.Kind.String(), Amount: pounds(e.Amount), Effective: day(e.Effective), From: e.From.String(), To: e.To.String(),
			Objective: e.Label.Objective, Area: e.Label.Area, Line: e.Line, Row: e.Row, By: one.Author, Reason: one.Reason, Source: one.Source}
		if e.Reverses != (ledger.EntryID{}) {
			put.Reverses = e.Reverses.String()
		}
		one.Posted = append(one.Posted, put)
	}
	for _, rec := range cut(p, batch.Records) {
		row := RowPut{rec.Register, Row{ID: rec.ID, Values: map[string]string{}}}
		for _, v := range rec.Values {
			row.Values[v.Column] = v.Text
		}
		one.Rows = append(one.Rows, row)
	}
	return one
}
