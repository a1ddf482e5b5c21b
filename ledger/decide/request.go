package decide

import (
	"encoding/json"
	"fmt"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Request is what one person asks and, above the limits, another approves.
type Request interface {
	kind() string
	// plan drafts the request on a book by the rules, and says whether the actor
	// may do it alone.
	plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error)
	written() written
}

// Do performs a request that the actor may do alone. Where another must
// approve, the refusal is a NeedsApproval and the outcome says what it would do.
func Do(b *ledger.Book, actor Actor, r Request, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "moving this money")
	if err != nil {
		return nil, err
	}
	o, err := r.plan(b, actor, reason)
	if err != nil {
		return nil, err
	}
	if !o.Need.Alone {
		return o, &NeedsApproval{o.Need}
	}
	return o, nil
}

// Ask leaves a request for another's approval. It is refused what it would be
// refused if it were done now.
func Ask(b *ledger.Book, actor Actor, r Request, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "asking for this")
	if err != nil {
		return nil, err
	}
	o, err := r.plan(b, actor, reason)
	if err != nil {
		return nil, err
	}
	if !o.Need.Alone && len(o.Need.By) == 0 {
		return o, &NeedsApproval{o.Need}
	}
	w := r.written()
	what, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	o.Draft = actor.draft(b, reason)
	year := ""
	if y, ok := w.oneYear(); ok {
		year = y
	}
	return o, o.Draft.Put(record("asks", fmt.Sprintf("ask-%d", b.Sequence()+1), map[string]string{
		"kind": r.kind(), "what": string(what), "amount": o.amount().String(), "year": year, "reason": reason,
		"by": actor.Person, "role": actor.Role, "asked_on": actor.Today.String(), "state": "asked"}))
}

// amount is what an outcome moves: a pound that leaves one service for another
// counts once, and so does one that goes back to an award and out to another.
func (o *Outcome) amount() money.Pence {
	var on, off money.Pence
	for _, s := range o.Steps {
		if s.To != "" || s.Kind == ledger.Delegation {
			on += s.Amount
		}
		if s.From != "" {
			off += s.Amount
		}
	}
	if len(o.Steps) == 0 {
		return o.Need.Amount
	}
	return max(on, off)
}

// Waiting gives a request that waits for approval, with what it would do now.
func Waiting(b *ledger.Book, id string) (Request, ledger.Record, error) {
	rec, ok := b.Record("asks", id)
	if !ok {
		return nil, rec, &ledger.NotFound{Register: "asks", ID: id}
	}
	if state := rec.Get("state"); state != "asked" {
		return nil, rec, &NotWaiting{"asks", id, state, rec.Get("decided_by")}
	}
	r, err := read(rec)
	return r, rec, err
}

// Requested gives what a record of the asks was for, whatever became of it.
func Requested(rec ledger.Record) (Request, error) { return read(rec) }

// Preview says what a waiting request would do on the book as it is, for one
// who may approve it.
func Preview(b *ledger.Book, actor Actor, id string) (*Outcome, error) {
	r, rec, err := Waiting(b, id)
	if err != nil {
		return nil, err
	}
	return r.plan(b, actor, rec.Get("reason"))
}

// Approve performs a waiting request by the rules as they stand, on the book as
// it is now. Who asked does not approve, and the approver's own limit must
// allow it.
func Approve(b *ledger.Book, actor Actor, id, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "approving this")
	if err != nil {
		return nil, err
	}
	r, rec, err := Waiting(b, id)
	if err != nil {
		return nil, err
	}
	if rec.Get("by") == actor.Person {
		return nil, &OwnRequest{"asks", id, actor.name()}
	}
	o, err := r.plan(b, actor, rec.Get("reason"))
	if err != nil {
		return nil, err
	}
	if !o.Need.MayApprove(actor.Role) {
		return o, &NeedsApproval{o.Need}
	}
	o.Need = Need{Alone: true, Action: o.Need.Action, Amount: o.Need.Amount}
	return o, o.Draft.Put(answered(rec, actor, "approved", reason))
}

// Refuse says no to a waiting request.
func Refuse(b *ledger.Book, actor Actor, id, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "refusing this")
	if err != nil {
		return nil, err
	}
	_, rec, err := Waiting(b, id)
	if err != nil {
		return nil, err
	}
	if rec.Get("by") == actor.Person {
		return nil, &OwnRequest{"asks", id, actor.name()}
	}
	o := &Outcome{Draft: actor.draft(b, reason)}
	return o, o.Draft.Put(answered(rec, actor, "refused", reason))
}

// Withdraw takes back one's own request.
func Withdraw(b *ledger.Book, actor Actor, id, reason string) (*Outcome, error) {
	_, rec, err := Waiting(b, id)
	if err != nil {
		return nil, err
	}
	if rec.Get("by") != actor.Person {
		return nil, &NotAsker{id}
	}
	o := &Outcome{Draft: actor.draft(b, strings.TrimSpace(reason))}
	return o, o.Draft.Put(answered(rec, actor, "withdrawn", strings.TrimSpace(reason)))
}

func answered(rec ledger.Record, actor Actor, state, reason string) ledger.Record {
	return amended(rec, map[string]string{"state": state, "decided_by": actor.Person, "decided_on": actor.Today.String(), "decided_reason": reason})
}

// written is a request as kept in the register: one canonical form, money in
// pounds.
type written struct {
	Award     string        `json:"award,omitempty"`
	Service   string        `json:"service,omitempty"`
	From      string        `json:"from,omitempty"`
	To        string        `json:"to,omitempty"`
	Board     string        `json:"board,omitempty"`
	Objective string        `json:"objective,omitempty"`
	Area      string        `json:"area,omitempty"`
	Month     string        `json:"month,omitempty"`
	Year      string        `json:"year,omitempty"`
	Amount    string        `json:"amount,omitempty"`
	Cells     []writtenCell `json:"cells,omitempty"`

	Scenario string             `json:"scenario,omitempty"`
	Carries  []writtenCarry     `json:"carries,omitempty"`
	Records  []writtenAmendment `json:"records,omitempty"`

	Certainty  string `json:"certainty,omitempty"`
	StatedOn   string `json:"stated_on,omitempty"`
	ValidUntil string `json:"valid_until,omitempty"`
	SaidBy     string `json:"said_by,omitempty"`
	Source     string `json:"source,omitempty"`
}

type writtenCell struct {
	Award   string `json:"award"`
	Service string `json:"service"`
	Year    string `json:"year"`
	Was     string `json:"was"`
	To      string `json:"to"`

	Objective string `json:"objective,omitempty"`
	Area      string `json:"area,omitempty"`
}

type writtenCarry struct {
	Award  string `json:"award"`
	From   string `json:"from"`
	To     string `json:"to"`
	Amount string `json:"amount"`
}

type writtenAmendment struct {
	Register string            `json:"register"`
	ID       string            `json:"id"`
	Was      string            `json:"was"`
	Cells    map[string]string `json:"cells"`
}

// oneYear is the year a request is about, where it is one.
func (w written) oneYear() (string, bool) {
	year := w.Year
	for _, c := range w.Cells {
		if year == "" {
			year = c.Year
		}
		if c.Year != year {
			return "", false
		}
	}
	return year, year != ""
}

// read gives the request that a record keeps.
func read(rec ledger.Record) (Request, error) {
	bad := func(err error) (Request, error) {
		return nil, &ledger.Malformed{Register: "asks", ID: rec.ID, Column: "what", Found: rec.Get("what"), Remedy: "it is not a request as Braid writes it; refuse it and ask again: " + err.Error()}
	}
	var w written
	decoder := json.NewDecoder(strings.NewReader(rec.Get("what")))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&w); err != nil {
		return bad(err)
	}
	var fault error
	pence := func(text string) money.Pence {
		p, err := money.ParsePence(text)
		if err != nil && text != "" {
			fault = err
		}
		return p
	}
	year := func(text string) fiscal.Year {
		if text == "" || text == "term" {
			return fiscal.Term
		}
		y, err := fiscal.ParseYear(text)
		if err != nil {
			fault = err
		}
		return y
	}
	var cells []Cell
	for _, c := range w.Cells {
		cells = append(cells, Cell{Award: c.Award, Service: c.Service, Year: year(c.Year), Was: pence(c.Was), To: pence(c.To), Objective: c.Objective, Area: c.Area})
	}
	var r Request
	switch rec.Get("kind") {
	case "reallocate":
		r = Reallocation{cells}
	case "apply":
		t := Together{Scenario: w.Scenario, Cells: cells}
		for _, c := range w.Carries {
			t.Carries = append(t.Carries, Carry{c.Award, year(c.From), year(c.To), pence(c.Amount)})
		}
		for _, a := range w.Records {
			t.Records = append(t.Records, Amendment(a))
		}
		r = t
	case "allocate":
		r = Allocation{w.Award, w.Service, year(w.Year), pence(w.Amount), w.Objective, w.Area}
	case "vire":
		r = Virement{w.Award, w.From, w.To, year(w.Year), pence(w.Amount)}
	case "delegate":
		r = Delegation{w.Board, w.Award, year(w.Year), pence(w.Amount)}
	case "reopen":
		r = Reopening{w.Month}
	case "state":
		s := Statement{Award: w.Award, Year: year(w.Year), Amount: money.Unknown, SaidBy: w.SaidBy, Source: w.Source}
		if w.Amount != "?" {
			s.Amount = money.Known(pence(w.Amount))
		}
		var err error
		if s.Certainty, err = funding.ParseCertainty(w.Certainty); err != nil {
			fault = err
		}
		for text, day := range map[string]*fiscal.Date{w.StatedOn: &s.StatedOn, w.ValidUntil: &s.ValidUntil} {
			if *day, err = fiscal.ParseDate(text); err != nil {
				fault = err
			}
		}
		r = s
	default:
		return bad(fmt.Errorf("no request is called %q", rec.Get("kind")))
	}
	if fault != nil {
		return bad(fault)
	}
	return r, nil
}
