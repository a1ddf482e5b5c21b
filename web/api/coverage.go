package api

import (
	"context"
	"slices"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/people"
	"braid/ledger/report"
)

// Covered is an objective in a place: its money, who has it, and the gaps.
type Covered struct {
	Objective string   `json:"objective" doc:"blank: for no one objective"`
	Area      string   `json:"area" doc:"blank: for no one place"`
	Whole     bool     `json:"whole,omitempty" doc:"money for the whole of a place whose parts stand beside it"`
	Allocated Pounds   `json:"allocated"`
	OfTerm    Pounds   `json:"of_term,omitzero" required:"false" doc:"beside it, for the whole term of an award"`
	AtLeast   bool     `json:"at_least,omitempty"`
	Services  []string `json:"services"`
	Gaps      []string `json:"gaps" doc:"findings, by id: with those accepted, and those that cannot be told"`
}

// Coverage says where there is something and where there is nothing.
type Coverage struct {
	Head
	Year     Year      `json:"year"`
	After    Date      `json:"after,omitempty"`
	Cells    []Covered `json:"cells"`
	Open     []string  `json:"open" doc:"gaps nobody has accepted, by finding"`
	Accepted []string  `json:"accepted"`
	Untold   []string  `json:"untold" doc:"gaps that cannot be told for want of a fact"`
}

type coverageIn struct {
	InYear
	After string `query:"after" format:"date" doc:"leave out awards that end by this day"`
	In    string `query:"in" maxLength:"200" doc:"an area, by id"`
}

type coverageOut struct{ Body Coverage }

func (a *API) coverage(_ context.Context, c *caller, in *coverageIn) (*coverageOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	year, err := c.year(in.InYear)
	if err != nil {
		return nil, err
	}
	after, err := c.date(Date(in.After), "query.after")
	if err != nil {
		return nil, err
	}
	if in.In != "" && !r.View.Has("areas", in.In) {
		return nil, c.missing()
	}
	ask := report.CoverageOf{Year: year, After: after, In: in.In, Only: ledger.Filter{}, Findings: r.Gaps(year, after)}
	if err := c.scope(ask.Only); err != nil {
		return nil, err
	}
	if !c.reach.All {
		eyes := r.Eyes(c.who, c.reach)
		ask.Sees = func(s string) bool { return c.sees(r, s) }
		ask.Findings = slices.DeleteFunc(slices.Clone(ask.Findings), func(f check.Finding) bool { return !eyes.Finding(&f) })
	}
	cover := report.NewCoverage(r.View, ask)
	out := &coverageOut{Coverage{Head: head(r.View), Year: Year(year.String()), After: day(after), Cells: []Covered{}}}
	for _, objective := range cover.Objectives {
		for _, place := range cover.Places {
			cell := cover.At(objective, place)
			if cell.Money.None() && len(cell.Gaps) == 0 {
				continue
			}
			one := Covered{Objective: objective, Area: place.ID, Whole: place.Whole, Services: listed(cell.Services), Gaps: idsOf(cell.Gaps)}
			one.Allocated, one.AtLeast = summed(cell.Money.InYear)
			if !cell.Money.OfTerm.IsNought() {
				one.OfTerm, _ = summed(cell.Money.OfTerm)
			}
			out.Body.Cells = append(out.Body.Cells, one)
		}
	}
	open, accepted, untold := cover.Gaps()
	out.Body.Open, out.Body.Accepted, out.Body.Untold = idsOf(open), idsOf(accepted), idsOf(untold)
	return out, nil
}

// listed is a list that is there even where it is empty.
func listed(ids []string) []string { return append([]string{}, ids...) }

func idsOf(findings []*check.Finding) []string {
	ids := []string{}
	for _, f := range findings {
		ids = append(ids, f.ID)
	}
	return ids
}

// Span is how sure an award's money is from a day to a day.
type Span struct {
	From    Date `json:"from,omitempty"`
	To      Date `json:"to,omitempty" doc:"left out where there is no end"`
	Secured bool `json:"secured"`
}

// Run is one award over time.
type Run struct {
	Award     string   `json:"award"`
	Starts    Date     `json:"starts,omitempty"`
	Ends      Date     `json:"ends,omitempty"`
	Band      string   `json:"band" doc:"what is known to follow its end"`
	Fate      string   `json:"fate,omitempty"`
	Successor string   `json:"successor,omitempty"`
	Likely    bool     `json:"likely_renewed,omitempty"`
	Spans     []Span   `json:"spans"`
	Allocated Pounds   `json:"allocated" doc:"on services in the year"`
	OfTerm    Pounds   `json:"of_term,omitzero" required:"false"`
	AtLeast   bool     `json:"at_least,omitempty"`
	Services  []string `json:"services"`
}

// Stop is what ends on a day, in one band: bands are never added up.
type Stop struct {
	Date     Date       `json:"date"`
	Band     string     `json:"band" enum:"stops,renewal awaited,secured successor"`
	Amount   Pounds     `json:"amount" doc:"of the financial year of that day"`
	AtLeast  bool       `json:"at_least,omitempty"`
	Awards   []StopPart `json:"awards"`
	Services []string   `json:"services"`
}

// StopPart is what one of the awards pays in its last year.
type StopPart struct {
	Award   string `json:"award"`
	Year    Year   `json:"year"`
	Amount  Pounds `json:"amount"`
	OfTerm  Pounds `json:"of_term,omitzero" required:"false"`
	AtLeast bool   `json:"at_least,omitempty"`
}

// Timeline says which awards pay, until when, and what stops on the days they
// end.
type Timeline struct {
	Head
	Year Year   `json:"year"`
	Runs []Run  `json:"runs" doc:"the first to end first; without an end last"`
	Ends []Stop `json:"ends"`
}

type timelineOut struct{ Body Timeline }

func (a *API) timeline(_ context.Context, c *caller, in *InYear) (*timelineOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	year, err := c.year(*in)
	if err != nil {
		return nil, err
	}
	ask := report.MapOf{Year: year, Only: ledger.Filter{}}
	if err := c.scope(ask.Only); err != nil {
		return nil, err
	}
	if !c.reach.All && len(c.reach.Areas) > 0 {
		ask.Sees = func(s string) bool { return c.sees(r, s) }
	}
	line := report.NewTimeline(r.View, ask)
	out := &timelineOut{Timeline{Head: head(r.View), Year: Year(year.String()), Runs: []Run{}, Ends: []Stop{}}}
	for _, run := range line.Runs {
		one := Run{Award: run.Award, Starts: day(run.Starts), Ends: day(run.Last), Band: run.Follows.String(), Fate: run.Fate.String(), Successor: run.Successor, Likely: run.Likely,
			Spans: []Span{}, Services: listed(run.Services)}
		for _, s := range run.Spans {
			one.Spans = append(one.Spans, Span{day(s.From), day(s.To), s.Secured})
		}
		one.Allocated, one.OfTerm, one.AtLeast = inCell(run.Money)
		out.Body.Runs = append(out.Body.Runs, one)
	}
	for _, stop := range line.Ends {
		one := Stop{Date: day(stop.Date), Band: stop.Band, Awards: []StopPart{}, Services: listed(stop.Services)}
		one.Amount, one.AtLeast = summed(stop.Total)
		for _, p := range stop.Parts {
			part := StopPart{Award: p.Award, Year: Year(p.Year.String())}
			part.Amount, part.OfTerm, part.AtLeast = inCell(p.Money)
			one.Awards = append(one.Awards, part)
		}
		out.Body.Ends = append(out.Body.Ends, one)
	}
	return out, nil
}

// inCell is a cell's money of the year, that of the whole term where there is
// any, and whether more of it is not known.
func inCell(cell report.Cell) (inYear, ofTerm Pounds, atLeast bool) {
	inYear, atLeast = summed(cell.InYear)
	if !cell.OfTerm.IsNought() {
		partial := false
		ofTerm, partial = summed(cell.OfTerm)
		atLeast = atLeast || partial
	}
	return inYear, ofTerm, atLeast
}

// Me is whom a token acts for, and what it may do today.
type Me struct {
	Person   string    `json:"person"`
	Name     string    `json:"name"`
	Language string    `json:"language"`
	Today    Date      `json:"today"`
	Roles    []Held    `json:"roles"`
	Rights   []Allowed `json:"rights"`
}

// Held is a role held today.
type Held struct {
	Role  string `json:"role"`
	Area  string `json:"area,omitempty"`
	Board string `json:"board,omitempty"`
	From  Date   `json:"from,omitempty"`
	To    Date   `json:"to,omitempty"`
}

// Allowed is something that may be done, and where.
type Allowed struct {
	Right  string   `json:"right"`
	All    bool     `json:"everywhere,omitempty"`
	Areas  []string `json:"areas,omitempty"`
	Boards []string `json:"boards,omitempty"`
}

type meOut struct{ Body Me }

func (a *API) me(_ context.Context, c *caller, _ *struct{}) (*meOut, error) {
	out := &meOut{Me{Person: c.who.ID, Name: c.who.Name, Language: c.who.Language, Today: day(c.today), Roles: []Held{}, Rights: []Allowed{}}}
	for _, t := range c.who.Holds(c.today) {
		out.Body.Roles = append(out.Body.Roles, Held{string(t.Role), t.Area, t.Board, day(t.From), day(t.To)})
	}
	for _, r := range people.Rights {
		if reach := c.who.May(r.Action, c.today); !reach.Nowhere() {
			out.Body.Rights = append(out.Body.Rights, Allowed{string(r.Action), reach.All, reach.Areas, reach.Boards})
		}
	}
	return out, nil
}
