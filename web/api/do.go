package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
)

// does registers what can be done. Each is posted whole or not at all.
func (a *API) does() {
	operation(a, http.MethodPost, "/allocations", "allocate", "Put award money on a service", people.Allocate, a.allocate)
	operation(a, http.MethodPost, "/reallocations", "reallocate", "Change cells of the map together", people.Allocate, a.reallocate)
	operation(a, http.MethodPost, "/virements", "vire", "Move allocated money from one service to another", people.Vire, a.vire)
	operation(a, http.MethodPost, "/figures", "state", "State what an award is worth", people.SetAward, a.state)
	operation(a, http.MethodPost, "/delegations", "delegate", "Set award money aside for a board", people.Delegate, a.delegate)
	operation(a, http.MethodPost, "/asks/{ask}/approve", "approve", "Approve what another asked", people.ApproveAllocation, a.answer(decide.Approve))
	operation(a, http.MethodPost, "/asks/{ask}/refuse", "refuse", "Refuse what another asked", people.ApproveAllocation, a.answer(decide.Refuse))
	operation(a, http.MethodPost, "/asks/{ask}/withdraw", "withdraw", "Take back what one asked", people.See, a.answer(decide.Withdraw))
	operation(a, http.MethodPost, "/judgements", "judge", "Answer a finding", people.Judge, a.judge)
	operation(a, http.MethodPost, "/registers/{register}", "put", "Add or change a row of a register", people.EditRegisters, a.put)
	operation(a, http.MethodPost, "/imports", "import", "Look at what an import would do, or do it", people.ImportRegisters, a.imports)
	operation(a, http.MethodPost, "/notes", "note", "Note something about a thing", people.Notes, a.note)
	operation(a, http.MethodPost, "/services/{service}/exit", "plan-exit", "Write how a service ends, or goes on, when its money does", people.ExitPlan, a.planExit)
	operation(a, http.MethodPost, "/services/{service}/exit/agree", "agree-exit", "Sign an exit plan off", people.SignOffExit, a.agreeExit)
	operation(a, http.MethodPost, "/exceptions", "except", "Set a term aside for one service, with the ground", people.Except, a.except)
	operation(a, http.MethodPost, "/at-risk-approvals", "allow-at-risk", "Allow money to be committed before it is secured", people.ApproveRisk, a.allowAtRisk)
	operation(a, http.MethodPost, "/periods/{month}/close", "close-period", "Close an accounting month", people.ClosePeriod, a.period(decide.ClosePeriod))
	operation(a, http.MethodPost, "/periods/{month}/finance-only", "finance-only", "Close an accounting month to all but finance", people.ClosePeriod, a.period(decide.FinanceOnly))
	operation(a, http.MethodPost, "/periods/{month}/reopen", "reopen-period", "Ask for a closed month to be opened again", people.Reopen, a.period(decide.Reopen))
	operation(a, http.MethodPost, "/proposals", "propose", "Ask a board to pay for something", people.ProposeBoard, a.propose)
	operation(a, http.MethodPost, "/proposals/{proposal}/interest", "declare", "Say whether one has an interest", people.DecideBoard, a.declare)
	operation(a, http.MethodPost, "/proposals/{proposal}/decision", "decide", "Record what a board decided", people.DecideBoard, a.decided)
	operation(a, http.MethodPost, "/proposals/{proposal}/withdraw", "withdraw-proposal", "Take back one's own proposal", people.ProposeBoard, a.withdrawProposal)
	operation(a, http.MethodPost, "/proposals/{proposal}/prepare", "prepare", "Say which award would pay for a proposal, and on which service", people.EditRegisters, a.prepare)
	operation(a, http.MethodPost, "/proposals/{proposal}/council/interest", "council-declare", "Say, for the council, whether one has an interest", people.DecideCouncil, a.declare)
	operation(a, http.MethodPost, "/proposals/{proposal}/council/decision", "council-decide", "Record what the council decided on a board's recommendation", people.DecideCouncil, a.decided)
	operation(a, http.MethodPost, "/batches/{sequence}/undo", "undo", "Take back what a batch did", people.Notes, a.undo) // whoever may write anything
}

// Doing is what every change carries.
type Doing struct {
	Key     string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"255" pattern:"^[!-~]+$" doc:"the same key and request again give the same answer; nothing is done twice"`
	RawBody []byte
}

// Posted says what was posted.
type Posted struct{ Body Batch }

// post lets a decision post. A request that was posted before is answered from
// its batch, and one that differs from it under the same key is refused.
func (a *API) post(ctx context.Context, c *caller, in Doing, path string, do func(*ledger.Book, decide.Actor) (*decide.Outcome, error)) (*Posted, error) {
	actor := c.actor()
	actor.Key, actor.Source = "api:"+c.who.ID+":"+c.op+":"+in.Key, "api "+c.op+" sha256:"+fingerprint(c.op, path, in.RawBody)
	var seq int
	book, err := a.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) {
		o, err := do(b, actor)
		var d *ledger.Draft
		if o != nil {
			d = o.Draft
		}
		if d == nil { // so that a repeated key reads as done beside any refusal
			d = b.Draft(ledger.Intent{Author: actor.Name, Role: actor.Role, Key: actor.Key, Source: actor.Source})
		}
		seq = b.Sequence() + 1
		return d, err
	})
	var again interface {
		error
		Batch() int
	}
	switch {
	case errors.As(err, &again):
		seq = again.Batch()
		if h, _ := book.Head(seq); !strings.HasPrefix(h.Source, actor.Source) { // a file's name may follow
			return nil, made(c.lang, http.StatusUnprocessableEntity, "key-reused")
		}
	case err != nil:
		return nil, err
	}
	return &Posted{batchOf(book, seq, Paged{1, 200})}, nil
}

// actor is the caller as decisions know them: in the role that lets them do what
// the operation is for, on the board it is about.
func (c *caller) actor() decide.Actor {
	actor := decide.Actor{Person: c.who.ID, Name: c.who.Name, Today: c.today}
	for _, t := range c.who.Holds(c.today) {
		alone := people.Person{Tenures: []people.Tenure{t}}
		may := alone.May(c.right, c.today)
		allowed := !may.Nowhere() && (c.board == "" || t.Board == "" || t.Board == c.board)
		if allowed || actor.Role == "" {
			actor.Role, actor.Board = string(t.Role), t.Board
		}
		if allowed {
			break
		}
	}
	return actor
}

// request asks for what one person may do alone, or, with ask, leaves it for
// another's approval.
func (a *API) request(ctx context.Context, c *caller, in Doing, r decide.Request, reason string, ask bool) (*Posted, error) {
	return a.post(ctx, c, in, "", func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		if ask {
			return decide.Ask(b, actor, r, reason)
		}
		o, err := decide.Do(b, actor, r, reason)
		if err != nil {
			return nil, err // what it would do is not to be posted
		}
		return o, nil
	})
}

func (c *caller) reads(y Year) (fiscal.Year, error) {
	year, err := y.read()
	if err != nil {
		return 0, c.invalid("body.year", "a financial year, like 2026-27, or term", string(y))
	}
	return year, nil
}

func (c *caller) known(p Pounds, where string) (money.Pence, error) {
	known, ok := p.amount.Known()
	if !ok || !p.given {
		return 0, c.invalid(where, "an amount that is known", nil)
	}
	return known, nil
}

// date reads a day; none is allowed.
func (c *caller) date(d Date, where string) (fiscal.Date, error) {
	on, err := fiscal.ParseDate(string(d))
	if err != nil {
		return 0, c.invalid(where, "a day, like 2027-03-31", string(d))
	}
	return on, nil
}

// within refuses a service that the caller may not act for, as if it were not
// there.
func (a *API) within(c *caller, services ...string) error {
	if c.reach.All {
		return nil
	}
	r := a.Reading(c.book, c.today)
	for _, s := range services {
		if !r.Sees(c.reach, s) {
			return c.missing()
		}
	}
	return nil
}

type allocateIn struct {
	Doing
	Body struct {
		Award     string `json:"award"`
		Service   string `json:"service"`
		Year      Year   `json:"year"`
		Amount    Pounds `json:"amount"`
		Objective string `json:"objective,omitempty" doc:"an objective, or several with shares: a:60;b:40"`
		Area      string `json:"area,omitempty" doc:"likewise"`
		Reason    string `json:"reason" minLength:"1"`
		Ask       bool   `json:"ask,omitempty" doc:"leave it for another's approval"`
	}
}

func (a *API) allocate(ctx context.Context, c *caller, in *allocateIn) (*Posted, error) {
	b := in.Body
	year, err := c.reads(b.Year)
	if err != nil {
		return nil, err
	}
	p, err := c.known(b.Amount, "body.amount")
	if err == nil {
		err = a.within(c, b.Service)
	}
	if err != nil {
		return nil, err
	}
	return a.request(ctx, c, in.Doing, decide.Allocation{Award: b.Award, Service: b.Service, Year: year, Amount: p, Objective: b.Objective, Area: b.Area}, b.Reason, b.Ask)
}

// ChangedCell is one cell of the map: what was there, and what is to be.
type ChangedCell struct {
	Award   string `json:"award"`
	Service string `json:"service"`
	Year    Year   `json:"year"`
	Was     Pounds `json:"was" doc:"what you saw there; another figure there now refuses"`
	To      Pounds `json:"to"`
}

type reallocateIn struct {
	Doing
	Body struct {
		Cells  []ChangedCell `json:"cells" minItems:"1" maxItems:"2000"`
		Reason string        `json:"reason" minLength:"1"`
		Ask    bool          `json:"ask,omitempty"`
	}
}

func (a *API) reallocate(ctx context.Context, c *caller, in *reallocateIn) (*Posted, error) {
	var r decide.Reallocation
	for _, cell := range in.Body.Cells {
		year, err := c.reads(cell.Year)
		if err != nil {
			return nil, err
		}
		was, err := c.known(cell.Was, "body.cells.was")
		if err != nil {
			return nil, err
		}
		to, err := c.known(cell.To, "body.cells.to")
		if err == nil {
			err = a.within(c, cell.Service)
		}
		if err != nil {
			return nil, err
		}
		r.Cells = append(r.Cells, decide.Cell{Award: cell.Award, Service: cell.Service, Year: year, Was: was, To: to})
	}
	return a.request(ctx, c, in.Doing, r, in.Body.Reason, in.Body.Ask)
}

type vireIn struct {
	Doing
	Body struct {
		Award  string `json:"award"`
		From   string `json:"from" doc:"a service"`
		To     string `json:"to" doc:"a service"`
		Year   Year   `json:"year"`
		Amount Pounds `json:"amount"`
		Reason string `json:"reason" minLength:"1"`
		Ask    bool   `json:"ask,omitempty"`
	}
}

func (a *API) vire(ctx context.Context, c *caller, in *vireIn) (*Posted, error) {
	b := in.Body
	year, err := c.reads(b.Year)
	if err != nil {
		return nil, err
	}
	p, err := c.known(b.Amount, "body.amount")
	if err == nil {
		err = a.within(c, b.From, b.To)
	}
	if err != nil {
		return nil, err
	}
	return a.request(ctx, c, in.Doing, decide.Virement{Award: b.Award, From: b.From, To: b.To, Year: year, Amount: p}, b.Reason, b.Ask)
}

type stateIn struct {
	Doing
	Body struct {
		Award      string `json:"award"`
		Year       Year   `json:"year"`
		Amount     Pounds `json:"amount" doc:"the new total, not the change; null is not known"`
		Certainty  string `json:"certainty" enum:"assumed,applied,indicative,provisional,announced,confirmed,revised,clawed back"`
		StatedOn   Date   `json:"stated_on"`
		ValidUntil Date   `json:"valid_until,omitempty"`
		SaidBy     string `json:"said_by,omitempty"`
		Paper      string `json:"paper,omitempty" doc:"what says so"`
		Reason     string `json:"reason" minLength:"1"`
		Ask        bool   `json:"ask,omitempty"`
	}
}

func (a *API) state(ctx context.Context, c *caller, in *stateIn) (*Posted, error) {
	b := in.Body
	if !c.reach.All { // an award is the whole council's
		return nil, made(c.lang, http.StatusForbidden, "whole-council")
	}
	year, err := c.reads(b.Year)
	if err != nil {
		return nil, err
	}
	on, err := c.date(b.StatedOn, "body.stated_on")
	if err != nil {
		return nil, err
	}
	until, err := c.date(b.ValidUntil, "body.valid_until")
	if err != nil {
		return nil, err
	}
	certainty, err := funding.ParseCertainty(b.Certainty)
	if err != nil {
		return nil, c.invalid("body.certainty", err.Error(), b.Certainty)
	}
	return a.request(ctx, c, in.Doing, decide.Statement{Award: b.Award, Year: year, Amount: b.Amount.amount, Certainty: certainty, StatedOn: on, ValidUntil: until, SaidBy: b.SaidBy, Source: b.Paper}, b.Reason, b.Ask)
}

type delegateIn struct {
	Doing
	Body struct {
		Board  string `json:"board"`
		Award  string `json:"award"`
		Year   Year   `json:"year"`
		Amount Pounds `json:"amount"`
		Reason string `json:"reason" minLength:"1"`
	}
}

// delegate always asks: a second person in finance approves.
func (a *API) delegate(ctx context.Context, c *caller, in *delegateIn) (*Posted, error) {
	b := in.Body
	year, err := c.reads(b.Year)
	if err != nil {
		return nil, err
	}
	p, err := c.known(b.Amount, "body.amount")
	if err != nil {
		return nil, err
	}
	return a.request(ctx, c, in.Doing, decide.Delegation{Board: b.Board, Award: b.Award, Year: year, Amount: p}, b.Reason, true)
}

type judgeIn struct {
	Doing
	Body struct {
		Finding  string `json:"finding" doc:"its id"`
		Facts    string `json:"facts" doc:"the fingerprint you saw; other facts now refuse"`
		Verdict  string `json:"verdict" enum:"duplication,both needed,accepted,not sure"`
		Reason   string `json:"reason" minLength:"1"`
		ReviewOn Date   `json:"review_on,omitempty"`
		Asked    string `json:"asked,omitempty" doc:"who was asked, where you are not sure"`
	}
}

func (a *API) judge(ctx context.Context, c *caller, in *judgeIn) (*Posted, error) {
	b := in.Body
	on, err := c.date(b.ReviewOn, "body.review_on")
	if err != nil {
		return nil, err
	}
	r := a.Reading(c.book, c.today)
	var found *check.Finding
	all := r.Findings()
	for i := range all {
		if all[i].ID == b.Finding && c.seesFinding(r, &all[i]) {
			found = &all[i]
		}
	}
	if found == nil {
		return nil, c.missing()
	}
	if found.FactsHash() != b.Facts {
		return nil, made(c.lang, http.StatusConflict, "facts-changed")
	}
	return a.post(ctx, c, in.Doing, "", func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.JudgeFinding(book, actor, *found, b.Verdict, b.Reason, on, b.Asked)
	})
}

type periodIn struct {
	Doing
	Month string `path:"month" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-12"`
	Body  struct {
		Reason string `json:"reason" minLength:"1"`
	}
}

// period does something with the month of the address.
func (a *API) period(do func(*ledger.Book, decide.Actor, string, string) (*decide.Outcome, error)) func(context.Context, *caller, *periodIn) (*Posted, error) {
	return func(ctx context.Context, c *caller, in *periodIn) (*Posted, error) {
		return a.post(ctx, c, in.Doing, in.Month, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
			return do(b, actor, in.Month, in.Body.Reason)
		})
	}
}

type proposeIn struct {
	Doing
	Body struct {
		ID        string `json:"id" minLength:"1" maxLength:"100" doc:"your own short code for it"`
		Board     string `json:"board"`
		Title     string `json:"title" minLength:"1"`
		Amount    Pounds `json:"amount"`
		Objective string `json:"objective,omitempty"`
		Area      string `json:"area,omitempty"`
		Award     string `json:"award,omitempty"`
		Service   string `json:"service,omitempty"`
		Year      Year   `json:"year"`
		People    *int   `json:"people,omitempty" minimum:"0" doc:"how many it would help; left out where it is not known"`
		What      string `json:"what,omitempty"`
		Why       string `json:"why,omitempty"`
	}
}

func (a *API) propose(ctx context.Context, c *caller, in *proposeIn) (*Posted, error) {
	b := in.Body
	if !c.reach.OnBoard(b.Board) {
		return nil, c.missing()
	}
	c.board = b.Board
	year, err := c.reads(b.Year)
	if err != nil {
		return nil, err
	}
	p, err := c.known(b.Amount, "body.amount")
	if err != nil {
		return nil, err
	}
	count := -1
	if b.People != nil {
		count = *b.People
	}
	ask := decide.Proposal{ID: b.ID, Board: b.Board, Service: b.Service, Award: b.Award, Objective: b.Objective, Area: b.Area, Year: year, Title: b.Title, Amount: p, People: count, What: b.What, Why: b.Why}
	return a.post(ctx, c, in.Doing, "", func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.Propose(book, actor, ask)
	})
}

// proposalOf refuses a proposal to a board that is not the caller's as if it
// were not there.
func (c *caller) proposalOf(id string) error {
	rec, ok := c.book.Record("proposals", id)
	board, _ := c.book.Board(rec.Get("board"))
	if !ok || !c.seesDraft(rec) || !c.overBoard(board) {
		return c.missing()
	}
	c.board = board.ID
	return nil
}

// overBoard reports whether the caller acts for a board: as one of it, or as an
// officer of its area or of all.
func (c *caller) overBoard(b commissioning.Board) bool {
	tree := c.book.AreaTree()
	return c.reach.OnBoard(b.ID) || slices.ContainsFunc(c.reach.Areas, func(own string) bool { return tree.Within(b.Area, own) })
}

type declareIn struct {
	Doing
	Proposal string `path:"proposal" maxLength:"200"`
	Body     struct {
		Interest bool   `json:"interest"`
		What     string `json:"what,omitempty"`
	}
}

func (a *API) declare(ctx context.Context, c *caller, in *declareIn) (*Posted, error) {
	if err := c.proposalOf(in.Proposal); err != nil {
		return nil, err
	}
	return a.post(ctx, c, in.Doing, in.Proposal, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.DeclareInterest(b, actor, in.Proposal, in.Body.Interest, in.Body.What)
	})
}

type decideIn struct {
	Doing
	Proposal string `path:"proposal" maxLength:"200"`
	Body     struct {
		Outcome   string `json:"outcome" enum:"pay,part,defer,in principle,refuse"`
		Amount    Pounds `json:"amount,omitzero" required:"false" doc:"of a part"`
		HeldOn    Date   `json:"held_on"`
		Present   int    `json:"present" minimum:"0"`
		For       int    `json:"for" minimum:"0"`
		Against   int    `json:"against" minimum:"0"`
		Abstained int    `json:"abstained" minimum:"0"`
		Reason    string `json:"reason" minLength:"1"`
		Second    string `json:"second" doc:"the second member, by id, who agrees the record"`
		Until     Date   `json:"until,omitempty"`
	}
}

func (a *API) decided(ctx context.Context, c *caller, in *decideIn) (*Posted, error) {
	if err := c.proposalOf(in.Proposal); err != nil {
		return nil, err
	}
	b := in.Body
	held, err := c.date(b.HeldOn, "body.held_on")
	if err != nil {
		return nil, err
	}
	until, err := c.date(b.Until, "body.until")
	if err != nil {
		return nil, err
	}
	part, _ := b.Amount.amount.Known()
	d := decide.Decision{Proposal: in.Proposal, Outcome: b.Outcome, Amount: part, HeldOn: held, Present: b.Present, For: b.For, Against: b.Against, Abstained: b.Abstained, Reason: b.Reason, Second: b.Second, Until: until}
	return a.post(ctx, c, in.Doing, in.Proposal, func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.Decide(book, actor, d)
	})
}

type undoIn struct {
	Doing
	Sequence int      `path:"sequence" minimum:"1"`
	Body     struct{} // nothing more is to be said
}

// undo takes back one's own batch; finance any. What two people did together
// no one person takes back.
func (a *API) undo(ctx context.Context, c *caller, in *undoIn) (*Posted, error) {
	if in.Sequence > c.book.Sequence() {
		return nil, c.missing()
	}
	batch := c.book.Batch(in.Sequence)
	own := strings.HasPrefix(batch.Head.Key, "api:"+c.who.ID+":") || strings.HasPrefix(batch.Head.Key, "form:"+c.who.ID+":")
	if !own && !c.reach.All {
		return nil, c.missing()
	}
	for _, r := range batch.Records {
		if r.Register == "periods" || r.Register == "decisions" || r.Register == "settings" {
			return nil, made(c.lang, http.StatusForbidden, "not-undone")
		}
	}
	if !own && !c.who.Is(people.Finance, c.today) {
		return nil, made(c.lang, http.StatusForbidden, "not-undone")
	}
	return a.post(ctx, c, in.Doing, strconv.Itoa(in.Sequence), func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.Undo(b, actor, in.Sequence)
	})
}
