package web

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/templates/parts"
)

var proposalRoutes = []Route{
	{Method: "GET", Path: "/boards/:id/ask", Right: people.ProposeBoard, Do: askStart},
	{Method: "POST", Path: "/boards/:id/ask", Right: people.ProposeBoard, Do: askBegin},
	{Method: "GET", Path: "/boards/:id/ask/:draft/:question", Right: people.ProposeBoard, Do: askQuestionPage},
	{Method: "POST", Path: "/boards/:id/ask/:draft/:question", Right: people.ProposeBoard, Do: askAnswered},
	{Method: "GET", Path: "/boards/:id/proposals/:n", Right: people.SeeBoard, Do: proposal},
	{Method: "POST", Path: "/boards/:id/proposals/:n/change", Right: people.ProposeBoard, Do: proposalChange},
	{Method: "POST", Path: "/boards/:id/proposals/:n/withdraw", Right: people.ProposeBoard, Do: proposalWithdraw},
	{Method: "GET", Path: "/boards/:id/proposals/:n/prepare", Right: people.EditRegisters, Do: proposalPrepare},
	{Method: "POST", Path: "/boards/:id/proposals/:n/prepare", Right: people.EditRegisters, Do: proposalPrepared},
}

// proposalOf gives the board and the proposal of the address.
func (v *Visit) proposalOf() (commissioning.Board, ledger.Record, error) {
	b, err := v.boardOf()
	if err != nil {
		return b, ledger.Record{}, err
	}
	p, ok := v.Record("proposals", v.Param("n"))
	if !ok || p.Get("board") != b.ID || proposalState(p) == "draft" && p.Get("asked_by") != v.Who.ID {
		return b, p, Missing{}
	}
	return b, p, nil
}

func (v *Visit) proposalPath(p ledger.Record, more string) string {
	return v.To(pathOf("boards", p.Get("board"), "proposals", p.ID) + more)
}

type proposalData struct {
	Board, Back  string
	Lead         string
	Status       parts.Tag
	Facts        []parts.Row
	Figures      []parts.Figure
	Terms        *termsSaid
	Interests    []string
	NoInterests  bool
	Decisions    []navLink
	Waits        string   // what happens next
	Do           *navLink // the main thing this reader can do
	Links        []navLink
	Cannot       string // why this reader may not decide
	Change       string
	Withdraw     string
	ChangeKey    string
	WithdrawKey  string
	Refused      form.Errors
	History      []change
	AskedByYou   bool
	WithdrawName form.Field
}

// termsSaid is what an award's terms say of a proposal.
type termsSaid struct {
	Verdict parts.Tag
	Text    string
	Clauses []string
	Stream  string
}

// proposal shows one proposal: what is asked, what would be left, what the grant
// allows, who has an interest, and what was decided.
func proposal(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	return v.proposalPage(b, p, nil), nil
}

func (v *Visit) proposalPage(b commissioning.Board, p ledger.Record, errs form.Errors) Page {
	state := proposalState(p)
	year, _ := fiscal.ParseYear(p.Get("year"))
	who := v.personName(p.Get("asked_by"))
	d := proposalData{Board: b.Name, Back: v.To(pathOf("boards", b.ID)), Status: v.proposalTag(b, p), Refused: errs}
	d.Lead = v.T("proposal.lead", "Who", cmp.Or(who, v.T("not-known")), "Amount", v.Sum(asked(p)), "Year", p.Get("year"))
	d.Facts = v.proposalFacts(p)
	waits := slices.Contains([]string{"proposed", "recommended", "deferred", "in principle"}, state)
	if waits {
		d.Figures = v.proposalFigures(b, p, year)
		d.Terms = v.proposalTerms(p, year)
	}
	for _, r := range v.Records("interests") {
		if r.Get("proposal") != p.ID {
			continue
		}
		name := cmp.Or(r.Get("name"), r.Get("person"))
		if r.Get("interest") == "yes" {
			d.Interests = append(d.Interests, v.T("proposal.interest.yes", "Who", name, "What", r.Get("what")))
		} else {
			d.Interests = append(d.Interests, v.T("proposal.interest.no", "Who", name))
		}
	}
	for i, made := range v.decisionsOn(p.ID) {
		held, _ := fiscal.ParseDate(made.Get("held_on"))
		d.Decisions = append(d.Decisions, navLink{Href: v.proposalPath(p, "/minute") + v.joined("decision", strconv.Itoa(i+1)),
			Text: v.T("proposal.decided", "Body", v.body(made), "Outcome", v.outcome(made), "Date", v.Date(held))})
	}
	mine := v.Who != nil && p.Get("asked_by") == v.Who.ID
	d.AskedByYou = mine
	said, declared := v.interestOf(p.ID)
	switch forBoard, forCouncil := v.overBoard(people.DecideBoard, b), v.overBoard(people.DecideCouncil, b); {
	case !waits:
	case state == "recommended" && forCouncil:
		v.mayDecide(&d, p, "/council", "proposal.do-council", mine, declared, said)
	case state == "recommended":
		d.Waits = v.T("proposal.waits-council", "By", v.decider(b))
	case forBoard:
		v.mayDecide(&d, p, "/decide", "proposal.do-board", mine, declared, said)
	default:
		d.Waits = v.T("proposal.waits-board", "Board", b.Name)
	}
	if waits && v.overBoard(people.EditRegisters, b) {
		id := "proposal.prepare-again"
		if p.Get("award") == "" || p.Get("service") == "" {
			id = "proposal.prepare"
		}
		d.Links = append(d.Links, navLink{Href: v.proposalPath(p, "/prepare"), Text: v.T(id)})
	}
	if mine && (state == "proposed" || state == "draft") && v.overBoard(people.ProposeBoard, b) {
		d.Change, d.ChangeKey = v.proposalPath(p, "/change"), NewKey()
	}
	if mine && state != "recommended" && waits && v.overBoard(people.ProposeBoard, b) {
		d.Withdraw, d.WithdrawKey = v.proposalPath(p, "/withdraw"), NewKey()
		d.WithdrawName = form.Field{Name: "reason", Label: v.T("proposal.withdraw.reason"), Type: "textarea", Rows: 2}
	}
	d.History = v.historyOf("proposals", p.ID)
	return Page{Template: "proposal", Title: v.T("proposal.title", "Title", p.Get("title")), Nav: "boards", Data: d, Errors: errs}
}

// joined adds a pair to an address that To made, which may have a query.
func (v *Visit) joined(name, value string) string {
	if strings.Contains(v.To(""), "?") {
		return "&" + name + "=" + value
	}
	return "?" + name + "=" + value
}

// mayDecide says what a member, or who decides for the council, can do next, or
// why another must.
func (v *Visit) mayDecide(d *proposalData, p ledger.Record, path, do string, mine, declared bool, interest string) {
	switch {
	case mine:
		d.Cannot = v.T("proposal.cannot-asked")
		return
	case declared && interest == "yes":
		d.Cannot = v.T("proposal.cannot-interest")
	default:
		d.Do = &navLink{Href: v.proposalPath(p, path), Text: v.T(do)}
	}
	id := "proposal.say-interest"
	if declared {
		id = "proposal.change-interest"
	}
	to := "/interest"
	if path == "/council" {
		to = "/council/interest"
	}
	d.Links = append(d.Links, navLink{Href: v.proposalPath(p, to), Text: v.T(id)})
}

// interestOf is what the reader said of their own interest in a proposal.
func (v *Visit) interestOf(proposal string) (said string, declared bool) {
	if v.Who == nil {
		return "", false
	}
	r, ok := v.Record("interests", proposal+"/"+v.Who.ID)
	return r.Get("interest"), ok
}

func (v *Visit) proposalFacts(p ledger.Record) []parts.Row {
	var rows []parts.Row
	add := func(id string, n string, lang string) {
		if n == "" {
			n = v.T("not-known")
		}
		rows = append(rows, parts.Row{Key: v.T(id), Value: n, Lang: lang})
	}
	add("proposal.what", p.Get("what"), "")
	add("proposal.why", p.Get("why"), "")
	people := ""
	if n, err := strconv.Atoi(p.Get("people")); err == nil {
		people = v.peopleCount(n)
	}
	add("proposal.people", people, "")
	for _, of := range [][3]string{{"ask.objective.short", "objectives", p.Get("objective")}, {"by.area", "areas", p.Get("area")}} {
		add(of[0], v.labelNames(of[1], of[2]), "")
	}
	for _, of := range [][3]string{{"proposal.service", "services", p.Get("service")}, {"ask.award.short", "awards", p.Get("award")}} {
		if of[2] == "" {
			add(of[0], "", "")
			continue
		}
		n := v.NameOf(v.Book, of[1], of[2])
		add(of[0], n.Text, string(n.Lang))
	}
	if on, err := fiscal.ParseDate(p.Get("asked_on")); err == nil && !on.IsZero() {
		add("proposal.asked-on", v.Date(on), "")
	}
	return rows
}

// labelNames names what labels stand for.
func (v *Visit) labelNames(register, labels string) string {
	split, err := ledger.ParseLabels(labels)
	if err != nil {
		return labels
	}
	var names []string
	for _, one := range split {
		names = append(names, v.NameOf(v.Book, register, one.ID).Text)
	}
	return v.List(names)
}

// proposalFigures say what is asked, and what the board would have left.
func (v *Visit) proposalFigures(b commissioning.Board, p ledger.Record, year fiscal.Year) []parts.Figure {
	pos, amount := v.boardPosition(b.ID, year), asked(p)
	var others []money.Sum
	for _, r := range pos.AskedFor.Records {
		if r.ID != p.ID || r.Register != "proposals" {
			others = append(others, asked(r))
		}
	}
	refused := lessAll(pos.Given.Sum, append([]money.Sum{pos.Promised.Sum}, others...)...)
	paid := lessAll(refused, amount)
	sum := func(how string) string {
		return v.To(pathOf("boards", b.ID, "sum"), "of", "left", how, p.ID, "year", p.Get("year"))
	}
	list := []parts.Figure{
		{Amount: v.Sum(paid), What: v.T("proposal.left-paid"), Href: sum("paid")},
		{Amount: v.Sum(refused), What: v.T("proposal.left-refused"), Href: sum("refused")},
	}
	if award := p.Get("award"); award != "" {
		left := v.BalanceOf(ledger.Account{Stage: ledger.Awarded, Award: award, Board: b.ID, Year: year})
		list = append(list, parts.Figure{Amount: v.Pence(left), What: v.T("proposal.left-award", "Award", v.NameOf(v.Book, "awards", award).Text),
			Href: v.Postings(ledger.LeftOf, "board", b.ID, "award", award, "year", p.Get("year"))})
	}
	return list
}

// proposalTerms judges the proposal by the terms of the award it names.
func (v *Visit) proposalTerms(p ledger.Record, year fiscal.Year) *termsSaid {
	award, ok := v.Award(p.Get("award"))
	if !ok {
		return nil
	}
	name := v.NameOf(v.Book, "awards", award.ID).Text
	said := &termsSaid{Stream: v.To(pathOf("streams", award.Stream))}
	terms := v.TermsOf(award.ID)
	for _, t := range terms {
		if t.Clause != "" {
			said.Clauses = append(said.Clauses, t.Clause)
		}
	}
	label := ledger.Label{}
	if split, err := ledger.ParseLabels(p.Get("objective")); err == nil && len(split) == 1 {
		label.Objective = split[0].ID
	}
	if split, err := ledger.ParseLabels(p.Get("area")); err == nil && len(split) == 1 {
		label.Area = split[0].ID
	}
	ruling := v.Judge(award.ID, p.Get("service"), label, year, v.Today)
	switch {
	case ruling.Verdict == funding.Refused:
		said.Verdict, said.Text = parts.Tag{Text: v.T("terms.refused"), Colour: "red"}, v.T("terms.refused.text", "Award", name)+" "+v.Ruling(ruling)
	case ruling.Verdict == funding.Allowed && len(terms) > 0:
		said.Verdict, said.Text = parts.Tag{Text: v.T("terms.allowed"), Colour: "green"}, v.T("terms.allowed.text", "Award", name)
	case ruling.Verdict == funding.Allowed:
		said.Verdict, said.Text = parts.Tag{Text: v.T("not-known"), Colour: "grey"}, v.T("terms.none.text", "Award", name)
	default:
		said.Verdict, said.Text = parts.Tag{Text: v.T("not-known"), Colour: "amber"}, v.T("terms.unknown.text", "Award", name)+" "+v.Ruling(ruling)
	}
	return said
}

// drafted is the draft of an outcome.
func drafted(o *decide.Outcome, err error) (*ledger.Draft, error) {
	if err != nil {
		return nil, err
	}
	return o.Draft, nil
}

// proposalChange opens one's own proposal as a draft again.
func proposalChange(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	if p.Get("asked_by") != v.Who.ID {
		return v.proposalPage(b, p, form.Errors{{Text: v.Refusal(v.Book, &decide.NotAsker{ID: p.ID})}}), nil
	}
	d := askDraft{Proposal: p.ID, Year: p.Get("year"), Answers: map[string]string{}}
	for _, name := range []string{"objective", "area", "service", "award"} {
		d.Answers[name] = cmp.Or(p.Get(name), notSaid)
	}
	for _, name := range []string{"title", "what", "why", "amount", "people"} {
		d.Answers[name] = p.Get(name)
	}
	if d.Answers["people"] == "?" {
		d.Answers["people"] = ""
	}
	draft := "change-" + p.ID
	if err := v.keepDraft(b.ID, draft, d); err != nil {
		return nil, err
	}
	return Redirect{To: v.To(pathOf("boards", b.ID, "ask", draft, "check"))}, nil
}

type reasonForm struct {
	Reason string `form:"reason"`
}

// proposalWithdraw takes one's own proposal back.
func proposalWithdraw(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	var f reasonForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	seq, err := v.Post(func(book *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.WithdrawProposal(book, v.Actor(), p.ID, f.Reason))
	})
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return v.proposalPage(b, p, form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	return Redirect{To: v.proposalPath(p, ""), Say: v.T("proposal.withdrawn"), Undo: seq}, nil
}

type preparePage struct {
	Board, Back, Key string
	Facts            []parts.Row
	Award, Service   form.Field
}

// proposalPrepare asks an officer which grant would pay, and on which service.
func proposalPrepare(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	return v.preparePage(b, p, prepareForm{Award: p.Get("award"), Service: p.Get("service")}, nil), nil
}

type prepareForm struct {
	Award   string `form:"award"`
	Service string `form:"service"`
}

func (v *Visit) preparePage(b commissioning.Board, p ledger.Record, f prepareForm, errs form.Errors) Page {
	d := preparePage{Board: b.Name, Back: v.proposalPath(p, ""), Key: NewKey(), Facts: v.proposalFacts(p)}
	d.Award = form.Field{Name: "award", Label: v.T("prepare.award"), Hint: v.T("prepare.award.hint"), Type: "radios", Error: errs.Of("award")}
	for _, r := range v.Position([]ledger.Dimension{ledger.ByAward}, ledger.Filter{ledger.ByBoard: b.ID, ledger.ByYear: p.Get("year")}).Rows {
		if r.Key[0] != "" && !r.Sums[ledger.DelegatedTo].IsNought() {
			n := v.NameOf(v.Book, "awards", r.Key[0])
			d.Award.Options = append(d.Award.Options, form.Option{Value: r.Key[0], Label: n.Text, Lang: string(n.Lang), Hint: v.T("ask.award.left", "Left", v.Sum(r.Sums[ledger.LeftOf])), Selected: f.Award == r.Key[0]})
		}
	}
	d.Service = form.Field{Name: "service", Label: v.T("prepare.service"), Type: "select", Error: errs.Of("service"), Options: []form.Option{{Value: "", Label: v.T("prepare.service.choose")}, {Value: notSaid, Label: v.T("prepare.service.new", "Title", p.Get("title")), Selected: f.Service == notSaid}}}
	for id := range v.Services {
		if v.Sees(id) {
			n := v.NameOf(v.Book, "services", id)
			d.Service.Options = append(d.Service.Options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: f.Service == id})
		}
	}
	return Page{Template: "prepare", Title: v.T("prepare.title", "Title", p.Get("title")), Nav: "boards", Data: d, Errors: errs}
}

func proposalPrepared(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	var f prepareForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if f.Award == "" {
		errs.Add("award", v.T("prepare.award.missing"))
	}
	if f.Service == "" {
		errs.Add("service", v.T("prepare.service.missing"))
	}
	if f.Service != "" && f.Service != notSaid && !v.Sees(f.Service) {
		errs.Add("service", v.T("prepare.service.missing"))
	}
	if len(errs) > 0 {
		return v.preparePage(b, p, f, errs), nil
	}
	service := f.Service
	if service == notSaid {
		service = ""
	}
	seq, err := v.Post(func(book *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.Prepare(book, v.Actor(), p.ID, f.Award, service))
	})
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return v.preparePage(b, p, f, form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	return Redirect{To: v.proposalPath(p, ""), Say: v.T("prepare.done"), Undo: seq}, nil
}
