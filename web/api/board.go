package api

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/money"
)

// Proposal is what a board is asked to pay for.
type Proposal struct {
	ID        string `json:"id"`
	Board     string `json:"board"`
	Title     string `json:"title"`
	Amount    Pounds `json:"amount"`
	Year      Year   `json:"year,omitempty" doc:"left out of a draft that does not say yet"`
	State     string `json:"state" enum:"draft,proposed,recommended,approved,part,deferred,in principle,refused,withdrawn"`
	Objective string `json:"objective,omitempty"`
	Area      string `json:"area,omitempty"`
	Award     string `json:"award,omitempty"`
	Service   string `json:"service,omitempty"`
	People    *int   `json:"people" doc:"how many it would help; null is not known"`
	What      string `json:"what,omitempty"`
	Why       string `json:"why,omitempty"`
	AskedBy   string `json:"asked_by,omitempty" doc:"by id"`
	AskedOn   Date   `json:"asked_on,omitempty"`
}

// Interest is what somebody said of a stake in a proposal.
type Interest struct {
	Person     string `json:"person"`
	Name       string `json:"name,omitempty"`
	Interest   bool   `json:"interest"`
	What       string `json:"what,omitempty"`
	DeclaredOn Date   `json:"declared_on,omitempty"`
}

// Minute is what a body decided on a proposal.
type Minute struct {
	Body      string `json:"body" doc:"who decided"`
	Kind      string `json:"kind,omitempty" enum:"decides,recommends"`
	Outcome   string `json:"outcome" enum:"pay,part,defer,in principle,refuse"`
	Amount    Pounds `json:"amount,omitzero" required:"false"`
	HeldOn    Date   `json:"held_on,omitempty"`
	Present   *int   `json:"present" doc:"null is not known, here and for votes"`
	For       *int   `json:"for"`
	Against   *int   `json:"against"`
	Abstained *int   `json:"abstained"`
	Reason    string `json:"reason"`
	By        string `json:"by" doc:"who recorded it"`
	Second    string `json:"second,omitempty"`
	Until     Date   `json:"until,omitempty"`
}

// count reads a whole number of a record; nil is not known.
func count(text string) *int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &n
}

func sumIn(text string) Pounds {
	p, err := money.ParsePence(text)
	switch {
	case text == "":
		return Pounds{}
	case err != nil:
		return amount(money.Unknown)
	}
	return pounds(p)
}

func proposalOf(rec ledger.Record) Proposal {
	state := rec.Get("state")
	if state == "" {
		state = "proposed"
	}
	one := Proposal{ID: rec.ID, Board: rec.Get("board"), Title: rec.Get("title"), Amount: sumIn(rec.Get("amount")), Year: Year(rec.Get("year")), State: state,
		Objective: rec.Get("objective"), Area: rec.Get("area"), Award: rec.Get("award"), Service: rec.Get("service"), People: count(rec.Get("people")),
		What: rec.Get("what"), Why: rec.Get("why"), AskedBy: rec.Get("asked_by"), AskedOn: Date(rec.Get("asked_on"))}
	return one
}

// Proposals lists those of a board.
type Proposals struct {
	Head
	Board     string     `json:"board"`
	Proposals []Proposal `json:"proposals"`
	Count     int        `json:"count" doc:"how many there are on all pages"`
}

type proposalsIn struct {
	Board string `path:"board" maxLength:"200"`
	State string `query:"state" enum:"draft,proposed,recommended,approved,part,deferred,in principle,refused,withdrawn" doc:"all where it is not given"`
	Paged
}

type proposalsOut struct{ Body Proposals }

// theBoard refuses a board that the caller may not see as if it were not there.
func (a *API) theBoard(c *caller, id string) error {
	if _, ok := c.book.Board(id); !ok || !a.Reading(c.book, c.today).Eyes(c.who, c.reach).Board(id) {
		return c.missing()
	}
	return nil
}

// seesDraft: a draft is its writer's until it is asked.
func (c *caller) seesDraft(rec ledger.Record) bool {
	return rec.Get("state") != "draft" || rec.Get("asked_by") == c.who.ID
}

func (a *API) proposals(_ context.Context, c *caller, in *proposalsIn) (*proposalsOut, error) {
	if err := a.theBoard(c, in.Board); err != nil {
		return nil, err
	}
	v := c.book.View(c.today)
	out := &proposalsOut{Proposals{Head: head(v), Board: in.Board, Proposals: []Proposal{}}}
	var all []Proposal
	for _, rec := range v.Records("proposals") {
		if one := proposalOf(rec); one.Board == in.Board && c.seesDraft(rec) && (in.State == "" || one.State == in.State) {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b Proposal) int { // the latest first
		switch {
		case a.AskedOn > b.AskedOn:
			return -1
		case a.AskedOn < b.AskedOn:
			return 1
		}
		return 0
	})
	out.Body.Count, out.Body.Proposals = len(all), append(out.Body.Proposals, cut(in.Paged, all)...)
	return out, nil
}

// WholeProposal is one with who has a stake in it and what was decided.
type WholeProposal struct {
	Head
	Proposal  Proposal   `json:"proposal"`
	Interests []Interest `json:"interests"`
	Decisions []Minute   `json:"decisions" doc:"in the order they were made"`
}

type oneProposalIn struct {
	Proposal string `path:"proposal" maxLength:"200"`
}

type oneProposalOut struct{ Body WholeProposal }

func (a *API) proposal(_ context.Context, c *caller, in *oneProposalIn) (*oneProposalOut, error) {
	rec, ok := c.book.Record("proposals", in.Proposal)
	if !ok || !c.seesDraft(rec) || a.theBoard(c, rec.Get("board")) != nil {
		return nil, c.missing()
	}
	v := c.book.View(c.today)
	out := &oneProposalOut{WholeProposal{Head: head(v), Proposal: proposalOf(rec), Interests: []Interest{}, Decisions: []Minute{}}}
	for _, said := range v.Records("interests") {
		if said.Get("proposal") == rec.ID {
			out.Body.Interests = append(out.Body.Interests, Interest{said.Get("person"), said.Get("name"), said.Get("interest") == "yes", said.Get("what"), Date(said.Get("declared_on"))})
		}
	}
	for n := 1; ; n++ {
		made, ok := v.Record("decisions", fmt.Sprintf("%s/%d", rec.ID, n))
		if !ok {
			break
		}
		out.Body.Decisions = append(out.Body.Decisions, Minute{Body: made.Get("body"), Kind: made.Get("kind"), Outcome: made.Get("outcome"), Amount: sumIn(made.Get("amount")),
			HeldOn: Date(made.Get("held_on")), Present: count(made.Get("present")), For: count(made.Get("votes_for")), Against: count(made.Get("votes_against")),
			Abstained: count(made.Get("abstained")), Reason: made.Get("reason"), By: made.Get("by"), Second: made.Get("second"), Until: Date(made.Get("until"))})
	}
	return out, nil
}

type withdrawProposalIn struct {
	Doing
	Proposal string `path:"proposal" maxLength:"200"`
	Body     struct {
		Reason string `json:"reason,omitempty"`
	}
}

func (a *API) withdrawProposal(ctx context.Context, c *caller, in *withdrawProposalIn) (*Posted, error) {
	if err := c.proposalOf(in.Proposal); err != nil {
		return nil, err
	}
	return a.post(ctx, c, in.Doing, in.Proposal, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.WithdrawProposal(b, actor, in.Proposal, in.Body.Reason)
	})
}

type prepareIn struct {
	Doing
	Proposal string `path:"proposal" maxLength:"200"`
	Body     struct {
		Award   string `json:"award" minLength:"1"`
		Service string `json:"service,omitempty" doc:"left out: a new one, called what the proposal is called"`
	}
}

func (a *API) prepare(ctx context.Context, c *caller, in *prepareIn) (*Posted, error) {
	if err := c.proposalOf(in.Proposal); err != nil {
		return nil, err
	}
	if in.Body.Service != "" {
		if err := a.within(c, in.Body.Service); err != nil {
			return nil, err
		}
	}
	return a.post(ctx, c, in.Doing, in.Proposal, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.Prepare(b, actor, in.Proposal, in.Body.Award, in.Body.Service)
	})
}
