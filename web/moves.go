package web

import (
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

// movesPage is what a move of money would do, before it is done: the check page
// of the grid, of an allocation and of a virement.
type movesPage struct {
	Lead      string
	Changes   []string // each in words
	Virements []string // what of it moves between services
	Left      *table.Table
	Unknown   []string // terms that lack a fact
	Alone     bool
	Need      string // whether another must approve, and who
	Council   bool   // nobody may approve it here
	Rows      []parts.Row
	Hidden    []parts.Hidden
	Action    string
	Key       string
	Cancel    string
}

// what a form of moves may be told to do
const (
	doPaste  = "paste"
	doChange = "change"
	doPost   = "post"
	doAsk    = "ask"
)

// moves says what an outcome would do.
func (v *Visit) moves(o *decide.Outcome) movesPage {
	p := movesPage{Alone: o.Need.Alone, Need: v.need(o.Need), Council: !o.Need.Alone && len(o.Need.By) == 0, Left: v.leftTable(o.Left), Key: NewKey(), Action: v.Here()}
	type pair struct {
		award, from, to string
		year            fiscal.Year
	}
	sums := map[pair]money.Pence{}
	var order []pair
	for _, s := range o.Steps {
		if s.Kind != ledger.Virement {
			continue
		}
		at := pair{s.Award, s.From, s.To, s.Year}
		if _, met := sums[at]; !met {
			order = append(order, at)
		}
		sums[at] += s.Amount
	}
	for _, at := range order {
		p.Virements = append(p.Virements, v.T("moves.virement", "Amount", pounds(sums[at]), "Award", v.awardName(at.award, at.year), "From", v.serviceName(at.from), "To", v.serviceName(at.to)))
	}
	for _, a := range o.Unknown {
		p.Unknown = append(p.Unknown, v.T("moves.unknown-term", "Award", v.NameOf(v.Book, "awards", a.Award).Text, "Service", v.serviceName(a.Service), "Ruling", v.unknownTerm(a)))
	}
	return p
}

// unknownTerm says which term could not be judged, with its clause.
func (v *Visit) unknownTerm(a ledger.Asked) string {
	for _, t := range v.TermsOf(a.Award) {
		if t.ID == a.Term {
			said := v.T("moves.term-rule", "Term", t.ID, "Rule", v.termRule(t.Rule))
			if t.Clause != "" {
				said += " " + v.T("ruling.clause", "Clause", t.Clause)
			}
			return said
		}
	}
	return v.T("moves.term-rule", "Term", a.Term, "Rule", a.Term)
}

func (v *Visit) leftTable(all []decide.Left) *table.Table {
	t := table.New("left", v.T("moves.left"))
	t.Column("", v.T("by.award"), table.TextColumn)
	t.Column("", v.T("moves.before"), table.MoneyColumn)
	t.Column("", v.T("moves.after"), table.MoneyColumn)
	for _, l := range all {
		name := v.awardName(l.Award, l.Year)
		if l.Board != "" {
			name += ", " + v.NameOf(v.Book, "boards", l.Board).Text
		}
		before, after := table.Unknown(), table.Unknown()
		if !l.Unknown {
			before = table.Pence(l.Before, table.Pounds).To(v.Postings(ledger.LeftOf, "award", l.Award, "board", l.Board, "year", l.Year.String()))
			after = table.Pence(l.After, table.Pounds)
		}
		t.Row(table.Text(name), before, after)
	}
	return t
}

// awardName names an award, and says so where its money is for the whole term.
func (v *Visit) awardName(id string, year fiscal.Year) string {
	name := v.NameOf(v.Book, "awards", id).Text
	if year == fiscal.Term {
		name += " (" + v.T("whole-term") + ")"
	}
	return name
}

func (v *Visit) serviceName(id string) string { return v.NameOf(v.Book, "services", id).Text }

// need says whether one person may do a thing alone, what limit is passed, and
// who may approve.
func (v *Visit) need(n decide.Need) string {
	if n.Alone {
		return v.T("need.alone")
	}
	said := v.T("need.two", "Amount", pounds(n.Amount))
	if l := n.Limit; l != nil {
		facts := []any{"Amount", pounds(n.Amount), "Role", v.roleName(l.Role), "Limit", pounds(l.Amount), "Moved", pounds(n.Moved)}
		id := "need.move"
		switch {
		case l.Amount == 0 && l.Permanent:
			id = "need.lasting"
		case l.Per == commissioning.PerYear && n.Moved == 0 && l.Inclusive:
			id = "need.year-first"
		case l.Per == commissioning.PerYear:
			id = "need.year"
		}
		if !l.Inclusive && id != "need.lasting" {
			id += "-under"
		}
		said = v.T(id, facts...)
	}
	if len(n.By) == 0 {
		return said + " " + v.T("need.council")
	}
	return said + " " + v.T("need.by", "Roles", v.roleNames(n.By))
}

func (v *Visit) roleName(role string) string {
	if v.Has("history.role." + role) {
		return v.T("history.role." + role)
	}
	return role
}

func (v *Visit) roleNames(roles []string) string {
	var names []string
	for _, r := range roles {
		names = append(names, v.roleName(r))
	}
	return strings.Join(names, ", ")
}

// pounds writes whole pounds, with pence where there are any.
func pounds(p money.Pence) string {
	if p%100 != 0 {
		return p.Exact()
	}
	return p.Whole()
}

// typedAmount writes an amount as somebody would type it.
func typedAmount(p money.Pence) string { return strings.TrimPrefix(pounds(p), "£") }

// enteredAmount reads an amount that must be there and be known; its problem is
// in words.
func (v *Visit) enteredAmount(text string) (p money.Pence, problem string) {
	a, given, err := money.Parse(text, money.NotNegative)
	if err != nil {
		return 0, v.unreadAmount(err)
	}
	p, known := a.Known()
	if !given || !known {
		return 0, v.T("moves.amount")
	}
	return p, ""
}

// unreadAmount says why an amount was not read, and what to write.
func (v *Visit) unreadAmount(err error) string {
	var u *money.Unreadable
	if as(err, &u) && (u.Code == "amount-negative" || u.Code == "amount-sign") {
		return v.T("moves.amount-negative")
	}
	return v.T("moves.amount-unread")
}

// decided posts what a decision gives. A refusal goes with an empty draft of the
// form's key, so that a form sent twice reads as done and not as refused.
func (v *Visit) decided(do func(*ledger.Book, decide.Actor) (*decide.Outcome, error)) (seq int, err error) {
	actor := v.Actor()
	return v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		o, err := do(b, actor)
		if err != nil {
			return b.Draft(ledger.Intent{Author: actor.Name, Key: actor.Key}), err
		}
		return o.Draft, nil
	})
}

// doOrAsk performs a request, or leaves it for another's approval.
func doOrAsk(ask bool, b *ledger.Book, a decide.Actor, r decide.Request, reason string) (*decide.Outcome, error) {
	if ask {
		return decide.Ask(b, a, r, reason)
	}
	return decide.Do(b, a, r, reason)
}

// refresh has the visit look at the ledger as it is now: somebody else may have
// posted since it began.
func (v *Visit) refresh() error {
	b, err := v.Server.Books.Book(v.Context())
	if err == nil {
		v.reading = v.Server.readings.of(b, v.Today)
	}
	return err
}

// nowRefused says why what the check page offered was refused after all, and has
// the visit look again; what is no refusal is given back.
func (v *Visit) nowRefused(err error) (problem string, fault error) {
	var refusal ledger.Refusal
	if !as(err, &refusal) {
		return "", err
	}
	if err := v.refresh(); err != nil {
		return "", err
	}
	var needs *decide.NeedsApproval
	if as(err, &needs) {
		return v.T("moves.needs-now"), nil
	}
	return v.Refusal(v.Book, err), nil
}

// officer refuses those whose right is a board's alone: a board's money moves
// by the board's decision.
func (v *Visit) officer() error {
	if !v.Reach.All && len(v.Reach.Areas) == 0 {
		return Barred{"moves.barred-board"}
	}
	return nil
}

// shortOf says that more was asked of an award than it has left: at one amount
// the most that may stand there, at several by how much they are too much.
func (v *Visit) shortOf(award string, year fiscal.Year, over, to money.Pence, one bool) string {
	facts := []any{"Over", pounds(over), "Award", v.awardName(award, year), "Most", pounds(max(to-over, 0))}
	id := "moves.over"
	if !one {
		id = "moves.over-several"
	}
	said := v.T(id, facts...)
	if held := v.heldByBoards(award, year); held > 0 {
		said += " " + v.T("moves.boards-hold", "Amount", pounds(held))
	}
	return said
}

// heldByBoards is what boards have of an award and have not yet put on a service.
func (v *Visit) heldByBoards(award string, year fiscal.Year) (sum money.Pence) {
	for id := range v.Boards {
		sum += v.Book.Balance(ledger.Account{Stage: ledger.Awarded, Award: award, Board: id, Year: year})
	}
	return sum
}

// reasonField asks why money moves.
func (v *Visit) reasonField(value string, errs form.Errors) form.Field {
	return form.Field{Name: "reason", Label: v.T("moves.reason"), Hint: v.T("moves.reason-hint"), Type: "textarea", Rows: 2, Required: true, Value: value, Error: errs.Of("reason")}
}

// serviceOptions are the services the reader may move money of.
func (v *Visit) serviceOptions(chosen string) []form.Option {
	options := []form.Option{{Label: v.T("moves.choose")}}
	for _, id := range v.seenServices() {
		n := v.NameOf(v.Book, "services", id)
		options = append(options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == chosen})
	}
	return options
}

// awardOptions are the awards, the soonest to end first.
func (v *Visit) awardOptions(chosen string) []form.Option {
	options := []form.Option{{Label: v.T("moves.choose")}}
	for _, id := range v.awardsByEnd() {
		n := v.NameOf(v.Book, "awards", id)
		options = append(options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == chosen})
	}
	return options
}

// yearOptions are the years of the ledger, and the whole term.
func (v *Visit) yearOptions(chosen string) []form.Option {
	var options []form.Option
	for _, o := range v.years() {
		o.Selected = o.Value == chosen
		options = append(options, o)
	}
	return append(options, form.Option{Value: "term", Label: v.T("whole-term"), Selected: chosen == "term"})
}

// yearOf reads a year of a form; false for one that is none.
func yearOf(text string) (fiscal.Year, bool) {
	if text == "term" {
		return fiscal.Term, true
	}
	y, err := fiscal.ParseYear(text)
	return y, err == nil && text != ""
}

// mayExcept says to whom a refused term can be taken, with a link for those who
// may record the ground themselves.
func (v *Visit) mayExcept(award, service, term string) *navLink {
	if !v.Can(people.Except) {
		return nil
	}
	return &navLink{Href: v.To("/ledger/exception", "award", award, "service", service, "term", term), Text: v.T("except.link", "Award", v.NameOf(v.Book, "awards", award).Text, "Service", v.serviceName(service))}
}
