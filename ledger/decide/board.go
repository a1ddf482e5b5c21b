package decide

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Proposal is what a board is asked to pay for. A draft is kept and not yet
// asked.
type Proposal struct {
	ID, Board, Service, Award string
	Objective, Area           string
	Year                      fiscal.Year
	Title                     string
	Amount                    money.Pence
	People                    int // -1 when not known
	What, Why                 string
	Draft                     bool
}

// Propose asks a board to pay for something, or keeps the draft of it. Its
// asker may change it until the board has decided.
func Propose(b *ledger.Book, actor Actor, p Proposal) (*Outcome, error) {
	was, met := b.Record("proposals", p.ID)
	switch {
	case p.ID == "":
		return nil, &Needs{"proposals", p.Title, "id"}
	case !b.Has("boards", p.Board):
		return nil, &ledger.NotFound{Register: "boards", ID: p.Board}
	case ofBoard(actor) && actor.Board != p.Board:
		return nil, &OtherBoard{p.Board, actor.Board}
	case met && was.Get("state") != "draft" && was.Get("state") != "proposed":
		return nil, &NotWaiting{"proposals", p.ID, was.Get("state"), ""}
	case met && was.Get("asked_by") != actor.Person:
		return nil, &NotAsker{p.ID}
	case strings.TrimSpace(p.Title) == "":
		return nil, &Needs{"proposals", p.ID, "title"}
	case p.Year == fiscal.Term:
		return nil, &Needs{"proposals", p.ID, "year"}
	case p.Amount <= 0 && !p.Draft:
		return nil, &BadAmount{p.Amount, 1}
	case strings.TrimSpace(p.What) == "" && !p.Draft:
		return nil, &Needs{"proposals", p.ID, "what"}
	case p.Amount < 0:
		return nil, &BadAmount{p.Amount, 0}
	}
	if _, err := ledger.Cells(p.Amount, p.Objective, p.Area); err != nil {
		return nil, err
	}
	state, people := "proposed", "?"
	if p.Draft {
		state = "draft"
	}
	if p.People >= 0 {
		people = strconv.Itoa(p.People)
	}
	o := &Outcome{Draft: actor.draft(b, strings.TrimSpace(p.Title)), Need: Need{Alone: true}}
	return o, o.Draft.Put(record("proposals", p.ID, map[string]string{"board": p.Board, "service": p.Service, "award": p.Award, "objective": p.Objective, "area": p.Area,
		"year": p.Year.String(), "title": strings.TrimSpace(p.Title), "amount": p.Amount.String(), "people": people, "what": strings.TrimSpace(p.What), "why": strings.TrimSpace(p.Why),
		"asked_by": actor.Person, "asked_on": actor.Today.String(), "state": state, "line": was.Get("line")}))
}

// WithdrawProposal takes back one's own proposal.
func WithdrawProposal(b *ledger.Book, actor Actor, id, reason string) (*Outcome, error) {
	p, err := open(b, id, "draft", "proposed", "deferred", "in principle")
	if err != nil {
		return nil, err
	}
	if p.Get("asked_by") != actor.Person {
		return nil, &NotAsker{id}
	}
	o := &Outcome{Draft: actor.draft(b, strings.TrimSpace(reason)), Need: Need{Alone: true}}
	return o, o.Draft.Put(settled(b, p, "withdrawn")...)
}

// DeclareInterest records whether the actor has a stake in a proposal.
func DeclareInterest(b *ledger.Book, actor Actor, proposal string, interest bool, what string) (*Outcome, error) {
	p, ok := b.Record("proposals", proposal)
	if !ok {
		return nil, &ledger.NotFound{Register: "proposals", ID: proposal}
	}
	if ofBoard(actor) && actor.Board != p.Get("board") {
		return nil, &OtherBoard{p.Get("board"), actor.Board}
	}
	id, word := proposal+"/"+actor.Person, "no"
	if interest {
		word = "yes"
		if strings.TrimSpace(what) == "" {
			return nil, &Needs{"interests", id, "what"}
		}
	}
	o := &Outcome{Draft: actor.draft(b, strings.TrimSpace(what)), Need: Need{Alone: true}}
	return o, o.Draft.Put(record("interests", id, map[string]string{"proposal": proposal, "person": actor.Person, "name": actor.name(), "interest": word,
		"what": strings.TrimSpace(what), "declared_on": actor.Today.String()}))
}

// Decision is the minute of what a body decided on a proposal.
type Decision struct {
	Proposal                         string
	Outcome                          string      // pay, part, defer, in principle, refuse
	Amount                           money.Pence // of a part
	HeldOn                           fiscal.Date
	Present, For, Against, Abstained int
	Reason                           string
	Second                           string // the second member, who agrees the record
	Until                            fiscal.Date
}

// Decide records what a board, or the council on its recommendation, decided. A
// board that decides, within its limit, pays from the money set aside for it;
// one that recommends, or goes over its limit, promises nothing until the
// council decides.
func Decide(b *ledger.Book, actor Actor, d Decision) (*Outcome, error) {
	p, err := open(b, d.Proposal, "proposed", "recommended", "deferred", "in principle")
	if err != nil {
		return nil, err
	}
	board, _ := b.Board(p.Get("board"))
	council := cmp.Or(board.DecidedBy, "Council")
	if board.Kind == commissioning.Decides && board.DecidedBy == board.Name {
		council = "Council"
	}
	waits := p.Get("state") == "recommended"
	switch {
	case ofBoard(actor) && actor.Board != board.ID:
		return nil, &OtherBoard{board.ID, actor.Board}
	case ofBoard(actor) && waits:
		return nil, &ForCouncil{d.Proposal, council}
	case !ofBoard(actor) && !waits:
		return nil, &OtherBoard{board.ID, ""}
	}
	if err := mayDecide(b, actor, p, d); err != nil {
		return nil, err
	}
	asked, _ := money.ParsePence(p.Get("amount"))
	if err := d.check(actor, board, asked, !waits); err != nil {
		return nil, err
	}
	amount := asked
	if d.Outcome == "part" {
		amount = d.Amount
	}
	m := newMover(b, actor, strings.TrimSpace(d.Reason))
	m.o.Need = Need{Alone: true, Action: ToPay, Amount: amount}
	pays := d.Outcome == "pay" || d.Outcome == "part"
	state := map[string]string{"pay": "approved", "part": "part", "defer": "deferred", "in principle": "in principle", "refuse": "refused"}[d.Outcome]
	kind := "decides"
	if !waits {
		if pays {
			m.o.Need = judgeBoard(b, actor, board.ID, amount)
		}
		if (board.Kind == commissioning.Recommends || !m.o.Need.Alone) && d.Outcome != "defer" {
			kind, state = "recommends", "recommended"
		}
	}
	if pays && kind == "decides" {
		year, err := fiscal.ParseYear(p.Get("year"))
		if err != nil {
			return nil, &Needs{"proposals", p.ID, "year"}
		}
		for _, column := range []string{"award", "service"} {
			if p.Get(column) == "" {
				return nil, &Needs{"proposals", p.ID, column}
			}
		}
		if err := m.split(p.Get("award"), p.Get("service"), board.ID, year, amount, p.Get("objective"), p.Get("area")); err != nil {
			return nil, err
		}
	}
	records := []ledger.Record{amended(p, map[string]string{"state": state})}
	if kind == "decides" && d.Outcome != "defer" && d.Outcome != "in principle" {
		records = settled(b, p, state)
	}
	minute := map[string]string{"proposal": p.ID, "body": board.Name, "outcome": d.Outcome, "kind": kind, "held_on": d.HeldOn.String(), "present": strconv.Itoa(d.Present),
		"votes_for": strconv.Itoa(d.For), "votes_against": strconv.Itoa(d.Against), "abstained": strconv.Itoa(d.Abstained),
		"reason": strings.TrimSpace(d.Reason), "by": actor.Person, "second": d.Second, "until": d.Until.String()}
	if waits {
		minute["body"] = council
	}
	if pays {
		minute["amount"] = amount.String()
	}
	n := 1
	for _, made := range b.Records("decisions") {
		if made.Get("proposal") == p.ID {
			n++
		}
	}
	records = append(records, record("decisions", fmt.Sprintf("%s/%d", p.ID, n), minute))
	return m.o.finish(b), m.o.Draft.Put(records...)
}

func ofBoard(actor Actor) bool { return actor.Role == boardMember || actor.Role == boardChair }

// open gives a proposal that is in one of the states.
func open(b *ledger.Book, id string, states ...string) (ledger.Record, error) {
	p, ok := b.Record("proposals", id)
	if !ok {
		return p, &ledger.NotFound{Register: "proposals", ID: id}
	}
	if state := cmp.Or(p.Get("state"), "proposed"); !slices.Contains(states, state) {
		return p, &NotWaiting{"proposals", id, state, ""}
	}
	return p, nil
}

// settled is a proposal that needs no more deciding, and the proposed line that
// stood for its money, withdrawn.
func settled(b *ledger.Book, p ledger.Record, state string) []ledger.Record {
	records := []ledger.Record{amended(p, map[string]string{"state": state})}
	if line, ok := b.Record("allocations", p.Get("line")); ok && line.Get("state") == "proposed" {
		records = append(records, amended(line, map[string]string{"state": "withdrawn"}))
	}
	return records
}

// mayDecide holds those who decide apart from those who ask and those with a
// stake: two members, neither of them the asker, and interests asked first.
func mayDecide(b *ledger.Book, actor Actor, p ledger.Record, d Decision) error {
	if p.Get("asked_by") == actor.Person {
		return &OwnRequest{"proposals", p.ID, actor.name()}
	}
	if d.Second == "" || d.Second == actor.Person || d.Second == p.Get("asked_by") {
		return &SecondNeeded{p.ID}
	}
	for _, made := range b.Records("decisions") { // who recommended does not decide on it too
		if p.Get("state") == "recommended" && made.Get("proposal") == p.ID && made.Get("by") == actor.Person {
			return &OwnRequest{"proposals", p.ID, actor.name()}
		}
	}
	for _, person := range []string{actor.Person, d.Second} {
		said, asked := b.Record("interests", p.ID+"/"+person)
		if !asked && person == actor.Person {
			return &NotDeclared{p.ID, person}
		}
		if said.Get("interest") == "yes" {
			return &Conflict{p.ID, cmp.Or(said.Get("name"), person), said.Get("what")}
		}
	}
	return nil
}

// check refuses a minute that does not make sense by itself.
func (d Decision) check(actor Actor, board commissioning.Board, asked money.Pence, byBoard bool) error {
	if _, err := reasoned(d.Reason, "this decision"); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]string{"pay", "part", "defer", "in principle", "refuse"}, d.Outcome):
		return &ledger.Malformed{Register: "decisions", ID: d.Proposal, Column: "outcome", Found: d.Outcome, Remedy: "write pay, part, defer, in principle or refuse"}
	case d.Outcome == "part" && (d.Amount <= 0 || d.Amount >= asked):
		return &BadAmount{d.Amount, 1}
	case d.Outcome == "pay" && asked <= 0:
		return &BadAmount{asked, 1}
	case d.HeldOn.IsZero():
		return &Needs{"decisions", d.Proposal, "held_on"}
	case d.HeldOn > actor.Today:
		return &BadDate{"held_on", d.HeldOn, actor.Today, false}
	case d.Outcome == "defer" && d.Until.IsZero():
		return &Needs{"decisions", d.Proposal, "until"}
	case !d.Until.IsZero() && d.Until <= d.HeldOn:
		return &BadDate{"until", d.Until, d.HeldOn, true}
	case d.Present < 0 || d.For < 0 || d.Against < 0 || d.Abstained < 0 || d.For+d.Against+d.Abstained > d.Present:
		return &BadVotes{d.For, d.Against, d.Abstained, d.Present}
	case byBoard && d.Present < max(board.Quorum, 2):
		return &NoQuorum{d.Present, max(board.Quorum, 2)}
	case (d.Outcome == "pay" || d.Outcome == "part") && d.For < d.Against:
		return &BadVotes{d.For, d.Against, d.Abstained, d.Present}
	}
	return nil
}

// judgeBoard holds a board to its limits: those of the recorder's role, or of
// its chair where that role has none; over the year, all that it decided.
func judgeBoard(b *ledger.Book, actor Actor, board string, amount money.Pence) Need {
	n := Need{Alone: true, Action: ToPay, Amount: amount}
	of := limitsOf(b, ToPay, actor.Today)
	limits := of[actor.Role]
	for _, role := range []string{boardChair, boardMember, "board"} {
		if len(limits) == 0 {
			limits = of[role]
		}
	}
	if len(limits) == 0 {
		return n
	}
	year := fiscal.YearOf(actor.Today)
	n.Limit, n.Moved = over(limits, amount, false, func(string) (sum money.Pence) {
		for seq := 1; seq <= b.Sequence(); seq++ {
			if h, _ := b.Head(seq); !h.AsFound && (h.Role == boardMember || h.Role == boardChair) {
				sum += movedIn(b, seq, ToPay, board, year)
			}
		}
		return sum
	})
	n.Alone = n.Limit == nil
	return n
}

// Figure is a sum that opens: to the entries of a measure under a filter, and
// to records.
type Figure struct {
	Sum     money.Sum
	Measure ledger.Measure
	Filter  ledger.Filter
	Records []ledger.Record
}

// Ending is money that a board has for the year and that ends on a day.
type Ending struct {
	On     fiscal.Date // the last day
	Amount money.Sum
	Awards []string
}

// Position is what a board has for a year. Left is what was given less what is
// promised and asked for.
type Position struct {
	Given, Promised, AskedFor Figure
	Left                      money.Sum
	Ends                      []Ending // within twelve months, soonest first
}

// BoardPosition says what a board has left to decide on.
func BoardPosition(v *ledger.View, board string, year fiscal.Year) Position {
	only := ledger.Filter{ledger.ByBoard: board, ledger.ByYear: year.String()}
	rows := v.Position([]ledger.Dimension{ledger.ByAward}, only)
	p := Position{
		Given:    Figure{Sum: rows.Total.Sums[ledger.DelegatedTo], Measure: ledger.DelegatedTo, Filter: only},
		Promised: Figure{Sum: rows.Total.Sums[ledger.AllocatedTo], Measure: ledger.AllocatedTo, Filter: only},
	}
	named := map[string]bool{} // the lines that proposals stand for
	for _, r := range v.Records("proposals") {
		named[r.Get("line")] = true
		if r.Get("board") == board && r.Get("year") == year.String() && slices.Contains([]string{"", "proposed", "recommended", "deferred"}, r.Get("state")) {
			p.AskedFor.add(r)
		}
	}
	for id, l := range v.Lines {
		if r, ok := v.Record("allocations", id); ok && l.State == "proposed" && l.Board == board && l.Year == year && !named[id] {
			p.AskedFor.add(r)
		}
	}
	p.Left = less(less(p.Given.Sum, p.Promised.Sum), p.AskedFor.Sum)
	ends := map[fiscal.Date]*Ending{}
	for _, row := range rows.Rows {
		award, _ := v.Award(row.Key[0])
		given := row.Sums[ledger.DelegatedTo]
		last := award.Term.To.AddDays(-1)
		if last.IsZero() || last < v.AsAt || last > v.AsAt.AddMonths(12) || given == (money.Sum{}) {
			continue
		}
		if ends[last] == nil {
			ends[last] = &Ending{On: last}
		}
		ends[last].Amount.Merge(given)
		ends[last].Awards = append(ends[last].Awards, row.Key[0])
	}
	for _, e := range ends {
		p.Ends = append(p.Ends, *e)
	}
	slices.SortFunc(p.Ends, func(x, y Ending) int { return cmp.Compare(x.On, y.On) })
	return p
}

func (f *Figure) add(r ledger.Record) {
	amount := money.Unknown
	if p, err := money.ParsePence(r.Get("amount")); err == nil {
		amount = money.Known(p)
	}
	f.Sum.Add(amount)
	f.Records = append(f.Records, r)
}

// less takes one sum from another; what is not wholly known leaves what is left
// not known.
func less(from, take money.Sum) money.Sum {
	var left money.Sum
	if from.State() != money.Exact || take.State() != money.Exact {
		left.Add(money.Unknown)
		return left
	}
	left.AddPence(from.Pence())
	left.AddPence(-take.Pence())
	return left
}
