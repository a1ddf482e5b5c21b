package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
)

// Ask is what one person asked and another approves, or did.
type Ask struct {
	ID            string  `json:"id"`
	Kind          string  `json:"kind" enum:"reallocate,allocate,vire,delegate,reopen,state,apply"`
	Amount        Pounds  `json:"amount,omitzero" required:"false" doc:"what it moves"`
	Request       Request `json:"request"`
	Reason        string  `json:"reason"`
	By            string  `json:"by" doc:"who asked, by id"`
	Role          string  `json:"role,omitempty"`
	AskedOn       Date    `json:"asked_on,omitempty"`
	State         string  `json:"state" enum:"asked,approved,refused,withdrawn"`
	DecidedBy     string  `json:"decided_by,omitempty"`
	DecidedOn     Date    `json:"decided_on,omitempty"`
	DecidedReason string  `json:"decided_reason,omitempty"`
}

// Request is what was asked for, as far as its kind has it.
type Request struct {
	Award     string        `json:"award,omitempty"`
	Service   string        `json:"service,omitempty"`
	From      string        `json:"from,omitempty"`
	To        string        `json:"to,omitempty"`
	Board     string        `json:"board,omitempty"`
	Year      Year          `json:"year,omitempty"`
	Amount    Pounds        `json:"amount,omitzero" required:"false"`
	Objective string        `json:"objective,omitempty"`
	Area      string        `json:"area,omitempty"`
	Certainty string        `json:"certainty,omitempty"`
	StatedOn  Date          `json:"stated_on,omitempty"`
	Month     string        `json:"month,omitempty"`
	Cells     []ChangedCell `json:"cells,omitempty"`
	Scenario  string        `json:"scenario,omitempty" doc:"the scenario whose decisions would be posted"`
	Carries   []Carried     `json:"carries,omitempty"`
	Records   []Amended     `json:"records,omitempty"`
}

// Carried is money of an award taken to another of its years.
type Carried struct {
	Award  string `json:"award"`
	From   Year   `json:"from"`
	To     Year   `json:"to"`
	Amount Pounds `json:"amount"`
}

// Amended is some cells of a register's row changed.
type Amended struct {
	Register string            `json:"register"`
	ID       string            `json:"id"`
	Values   map[string]string `json:"values"`
}

func yearOf(y fiscal.Year) Year {
	if y == fiscal.Term {
		return "term"
	}
	return Year(y.String())
}

func askOf(rec ledger.Record) Ask {
	one := Ask{ID: rec.ID, Kind: rec.Get("kind"), Reason: rec.Get("reason"), By: rec.Get("by"), Role: rec.Get("role"), AskedOn: Date(rec.Get("asked_on")),
		State: rec.Get("state"), DecidedBy: rec.Get("decided_by"), DecidedOn: Date(rec.Get("decided_on")), DecidedReason: rec.Get("decided_reason")}
	if p, err := money.ParsePence(rec.Get("amount")); err == nil {
		one.Amount = pounds(p)
	}
	asked, err := decide.Requested(rec)
	if err != nil { // written by another version of Braid: who, when and how much still stand
		return one
	}
	cells := func(of []decide.Cell) {
		for _, cell := range of {
			one.Request.Cells = append(one.Request.Cells, ChangedCell{cell.Award, cell.Service, yearOf(cell.Year), pounds(cell.Was), pounds(cell.To)})
		}
	}
	switch q := asked.(type) {
	case decide.Reallocation:
		cells(q.Cells)
	case decide.Together:
		one.Request.Scenario = q.Scenario
		cells(q.Cells)
		for _, carry := range q.Carries {
			one.Request.Carries = append(one.Request.Carries, Carried{carry.Award, yearOf(carry.From), yearOf(carry.To), pounds(carry.Amount)})
		}
		for _, a := range q.Records {
			one.Request.Records = append(one.Request.Records, Amended{a.Register, a.ID, a.Cells})
		}
	case decide.Allocation:
		one.Request = Request{Award: q.Award, Service: q.Service, Year: yearOf(q.Year), Amount: pounds(q.Amount), Objective: q.Objective, Area: q.Area}
	case decide.Virement:
		one.Request = Request{Award: q.Award, From: q.From, To: q.To, Year: yearOf(q.Year), Amount: pounds(q.Amount)}
	case decide.Delegation:
		one.Request = Request{Board: q.Board, Award: q.Award, Year: yearOf(q.Year), Amount: pounds(q.Amount)}
	case decide.Statement:
		one.Request = Request{Award: q.Award, Year: yearOf(q.Year), Amount: amount(q.Amount), Certainty: q.Certainty.String(), StatedOn: day(q.StatedOn)}
	case decide.Reopening:
		one.Request = Request{Month: q.Month}
	}
	return one
}

// Asks lists them.
type Asks struct {
	Head
	Asks  []Ask `json:"asks"`
	Count int   `json:"count" doc:"how many there are on all pages"`
}

type asksIn struct {
	State string `query:"state" enum:"asked,approved,refused,withdrawn" doc:"all where it is not given"`
	Paged
}

type asksOut struct{ Body Asks }

// mayAsks lets in those who ask, approve or audit.
func (c *caller) mayAsks() error {
	for _, role := range []people.Role{people.Commissioner, people.Finance, people.Auditor} {
		if c.who.Is(role, c.today) {
			return nil
		}
	}
	return made(c.lang, http.StatusForbidden, "not-allowed")
}

func (a *API) asks(_ context.Context, c *caller, in *asksIn) (*asksOut, error) {
	if err := c.mayAsks(); err != nil {
		return nil, err
	}
	r := a.Reading(c.book, c.today)
	eyes := r.Eyes(c.who, c.reach)
	var all []ledger.Record
	for _, rec := range r.View.Records("asks") {
		if (in.State == "" || rec.Get("state") == in.State) && eyes.Ask(rec) {
			all = append(all, rec)
		}
	}
	number := func(rec ledger.Record) int { n, _ := strconv.Atoi(strings.TrimPrefix(rec.ID, "ask-")); return n }
	slices.SortFunc(all, func(a, b ledger.Record) int { return cmp.Compare(number(b), number(a)) })
	out := &asksOut{Asks{Head: head(r.View), Asks: []Ask{}, Count: len(all)}}
	for _, rec := range cut(in.Paged, all) {
		out.Body.Asks = append(out.Body.Asks, askOf(rec))
	}
	return out, nil
}

type oneAskIn struct {
	Ask string `path:"ask" maxLength:"200"`
}

type oneAskOut struct {
	Body struct {
		Head
		Ask Ask `json:"ask"`
	}
}

func (a *API) ask(_ context.Context, c *caller, in *oneAskIn) (*oneAskOut, error) {
	rec, err := a.theAsk(c, in.Ask)
	if err != nil {
		return nil, err
	}
	out := &oneAskOut{}
	out.Body.Head, out.Body.Ask = head(c.book.View(c.today)), askOf(rec)
	return out, nil
}

// theAsk gives an ask that is the caller's to see.
func (a *API) theAsk(c *caller, id string) (ledger.Record, error) {
	if err := c.mayAsks(); err != nil {
		return ledger.Record{}, err
	}
	rec, ok := c.book.Record("asks", id)
	if !ok || !a.Reading(c.book, c.today).Eyes(c.who, c.who.May(people.See, c.today)).Ask(rec) {
		return rec, c.missing()
	}
	return rec, nil
}

type askIn struct {
	Doing
	Ask  string `path:"ask" maxLength:"200"`
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
}

// answer does something with an ask that the caller sees.
func (a *API) answer(do func(*ledger.Book, decide.Actor, string, string) (*decide.Outcome, error)) func(context.Context, *caller, *askIn) (*Posted, error) {
	return func(ctx context.Context, c *caller, in *askIn) (*Posted, error) {
		if _, err := a.theAsk(c, in.Ask); err != nil {
			return nil, err
		}
		return a.post(ctx, c, in.Doing, in.Ask, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
			return do(b, actor, in.Ask, in.Body.Reason)
		})
	}
}
