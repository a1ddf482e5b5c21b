package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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

// askDraft is a proposal as far as it is written: kept for its writer after
// every answer.
type askDraft struct {
	Proposal string            `json:"proposal,omitempty"` // the one it changes
	Year     string            `json:"year"`
	Answers  map[string]string `json:"answers"`
}

const draftKind = "proposal"

func (v *Visit) keepDraft(board, key string, d askDraft) error {
	data, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return v.Server.People.Keep(v.Context(), v.Who.ID, draftKind, board+"/"+key, data, v.Server.Clock().AddDate(0, 6, 0))
}

// draftOf gives the draft of the address.
func (v *Visit) draftOf(board string) (askDraft, error) {
	var d askDraft
	kept, err := v.Server.People.Kept(v.Context(), v.Who.ID, draftKind, board+"/"+v.Param("draft"))
	if errors.Is(err, people.ErrNotKept) {
		return d, Missing{}
	}
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(kept.Data, &d); err != nil {
		return d, Missing{} // written by another version of Braid
	}
	if d.Answers == nil {
		d.Answers = map[string]string{}
	}
	return d, nil
}

// question is one page of asking for money.
type question struct {
	Name, Type string
	Rows       int
	Options    []form.Option
}

// notSaid is the answer of who does not know, and of what is new.
const notSaid = "-"

// questions lists what is asked of a proposal: only what this board leaves open.
func (v *Visit) questions(b commissioning.Board, d askDraft) []question {
	year, err := fiscal.ParseYear(d.Year)
	if err != nil {
		year = fiscal.YearOf(v.Today)
	}
	list := []question{{Name: "title", Type: "text"}, {Name: "what", Type: "textarea", Rows: 4}, {Name: "amount", Type: "money"}}
	choice := func(name, register string, ids []string, hint func(string) string, other string) {
		q := question{Name: name, Type: "radios"}
		for _, id := range ids {
			n := v.NameOf(v.Book, register, id)
			o := form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: d.Answers[name] == id}
			if hint != nil {
				o.Hint = hint(id)
			}
			q.Options = append(q.Options, o)
		}
		q.Options = append(q.Options, form.Option{Value: notSaid, Label: v.T(other), Selected: d.Answers[name] == notSaid})
		list = append(list, q)
	}
	pos := v.Position([]ledger.Dimension{ledger.ByAward}, ledger.Filter{ledger.ByBoard: b.ID, ledger.ByYear: year.String()})
	paid := v.Position([]ledger.Dimension{ledger.ByService}, ledger.Filter{ledger.ByBoard: b.ID, ledger.ByYear: year.String()})
	var services []string
	for _, r := range paid.Rows {
		if r.Key[0] != "" && !r.Sums[ledger.AllocatedTo].IsNought() {
			services = append(services, r.Key[0])
		}
	}
	if s, ok := v.Record("proposals", d.Proposal); ok && s.Get("service") != "" && !slices.Contains(services, s.Get("service")) {
		services = append(services, s.Get("service"))
	}
	if len(services) > 0 {
		choice("service", "services", services, nil, "ask.service.new")
	}
	var objectives []string
	for id, o := range v.Objectives {
		if o.Kind == commissioning.AnObjective {
			objectives = append(objectives, id)
		}
	}
	if len(objectives) > 0 {
		choice("objective", "objectives", objectives, nil, "ask.do-not-know")
	}
	var areas []string
	for id := range v.Areas {
		if b.Area == "" || v.AreaTree().Within(id, b.Area) {
			areas = append(areas, id)
		}
	}
	if len(areas) > 1 {
		choice("area", "areas", areas, nil, "ask.do-not-know")
	}
	list = append(list, question{Name: "people", Type: "number"}, question{Name: "why", Type: "textarea", Rows: 4})
	var awards []string
	left := map[string]money.Sum{}
	for _, r := range pos.Rows {
		if id := r.Key[0]; id != "" && !r.Sums[ledger.DelegatedTo].IsNought() {
			awards = append(awards, id)
			left[id] = r.Sums[ledger.LeftOf]
		}
	}
	if len(awards) > 0 {
		choice("award", "awards", awards, func(id string) string { return v.T("ask.award.left", "Left", v.Sum(left[id])) }, "ask.do-not-know")
	}
	return list
}

// answerFault says what to put right in an answer, "" where nothing is.
func (v *Visit) answerFault(q question, answer string) string {
	switch q.Type {
	case "radios":
		if !slices.ContainsFunc(q.Options, func(o form.Option) bool { return o.Value == answer }) {
			return v.T("ask.choose")
		}
		return ""
	case "money":
		_, fault := v.poundsOf(answer)
		return fault
	case "number":
		_, fault := v.countOf(answer, -1)
		return fault
	}
	switch {
	case answer == "":
		return v.T("ask." + q.Name + ".missing")
	case q.Name == "title" && utf8.RuneCountInString(answer) > 100:
		return v.T("ask.title.long")
	case utf8.RuneCountInString(answer) > 4000:
		return v.T("ask.long")
	}
	return ""
}

// poundsOf reads an amount of more than nothing, or says what to write.
func (v *Visit) poundsOf(text string) (money.Pence, string) {
	if text == "" {
		return 0, v.T("boards.amount.missing")
	}
	a, given, err := money.Parse(text, money.NotNegative)
	p, known := a.Known()
	if err != nil || !given || !known || p <= 0 {
		return 0, v.T("boards.amount.bad")
	}
	return p, ""
}

// countOf reads a whole number, blank being one given; or says what to write.
func (v *Visit) countOf(text string, blank int) (int, string) {
	if text == "" {
		return blank, ""
	}
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0, v.T("boards.count.bad")
	}
	return n, ""
}

type askPage struct {
	Board, Back, Cancel string
	Progress            string
	Field               form.Field
	Key, Draft          string
	Drafts              []askUnfinished
	Change              bool
	Term                string // a word of the glossary that the question uses
}

type askUnfinished struct {
	Title, Href, When string
}

// askStart asks the first question, and offers what was left unfinished.
func askStart(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	return v.askFirst(b, "", nil)
}

func (v *Visit) askFirst(b commissioning.Board, title string, errs form.Errors) (Answer, error) {
	d := askDraft{Year: v.Year.String(), Answers: map[string]string{"title": title}}
	page, p := v.askPage(b, d, 0, "new", errs)
	kept, err := v.Server.People.KeptAll(v.Context(), v.Who.ID, draftKind)
	if err != nil {
		return nil, err
	}
	for _, k := range kept {
		key, ok := strings.CutPrefix(k.ID, b.ID+"/")
		var draft askDraft
		if !ok || json.Unmarshal(k.Data, &draft) != nil {
			continue
		}
		p.Drafts = append(p.Drafts, askUnfinished{Title: draft.Answers["title"], When: v.instant(k.At), Href: v.To(pathOf("boards", b.ID, "ask", key, v.unanswered(b, draft)))})
	}
	page.Data = p
	return page, nil
}

// unanswered is the first question of a draft that has no answer yet, or the
// page to check them all.
func (v *Visit) unanswered(b commissioning.Board, d askDraft) string {
	for _, q := range v.questions(b, d) {
		if answer, given := d.Answers[q.Name]; !given || v.answerFault(q, answer) != "" {
			return q.Name
		}
	}
	return "check"
}

type titleForm struct {
	Answer string `form:"answer"`
}

// askBegin keeps the first answer as a draft. The form's key is the draft's, so
// that a double click begins once.
func askBegin(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	var f titleForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	d := askDraft{Year: v.Year.String(), Answers: map[string]string{"title": f.Answer}}
	first := v.questions(b, d)[0]
	if fault := v.answerFault(first, f.Answer); fault != "" || !plainKey(v.Key) {
		return v.askFirst(b, f.Answer, form.Errors{{Field: "answer", Text: cmp.Or(fault, v.T("ask.title.missing"))}})
	}
	if err := v.keepDraft(b.ID, v.Key, d); err != nil {
		return nil, err
	}
	return Redirect{To: v.To(pathOf("boards", b.ID, "ask", v.Key, v.questions(b, d)[1].Name))}, nil
}

// plainKey reports whether a form's key is one that we make: it becomes part of
// an address.
func plainKey(key string) bool {
	return key != "" && !strings.ContainsFunc(key, func(c rune) bool { return (c < '0' || c > '9') && (c < 'A' || c > 'Z') })
}

func (v *Visit) askPage(b commissioning.Board, d askDraft, at int, draft string, errs form.Errors) (Page, askPage) {
	all := v.questions(b, d)
	q := all[at]
	p := askPage{Board: b.Name, Cancel: v.To(pathOf("boards", b.ID)), Draft: draft, Key: NewKey(), Change: v.Q("change") != ""}
	p.Progress = v.T("ask.progress", "At", at+1, "Of", len(all))
	p.Back = p.Cancel
	switch {
	case p.Change:
		p.Back = v.To(pathOf("boards", b.ID, "ask", draft, "check"))
	case at > 0:
		p.Back = v.To(pathOf("boards", b.ID, "ask", draft, all[at-1].Name))
	}
	p.Term = map[string]string{"objective": "objective", "award": "award"}[q.Name]
	label := v.T("ask." + q.Name)
	p.Field = form.Field{Name: "answer", Label: label, Hint: v.T("ask." + q.Name + ".hint"), Type: q.Type, Rows: q.Rows, Options: q.Options, Value: d.Answers[q.Name], Big: true, Error: errs.Of("answer")}
	return Page{Template: "ask", Title: label, Nav: "boards", Data: p, Errors: errs}, p
}

// askQuestionPage shows a question of a draft, or its answers to check.
func askQuestionPage(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	d, err := v.draftOf(b.ID)
	if err != nil {
		return nil, err
	}
	if v.Param("question") == "check" {
		return v.askCheck(b, d, nil), nil
	}
	at := slices.IndexFunc(v.questions(b, d), func(q question) bool { return q.Name == v.Param("question") })
	if at < 0 {
		return nil, Missing{}
	}
	page, _ := v.askPage(b, d, at, v.Param("draft"), nil)
	return page, nil
}

type answerForm struct {
	Answer string `form:"answer"`
	Drop   string `form:"drop"`
}

// askAnswered keeps an answer and leads to the next question; from the check page
// it asks the board.
func askAnswered(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	var f answerForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	name, draft := v.Param("question"), v.Param("draft")
	d, err := v.draftOf(b.ID)
	if errors.Is(err, Missing{}) && name == "check" { // asked, or dropped, a moment ago
		return Redirect{To: v.To(pathOf("boards", b.ID))}, nil
	}
	if err != nil {
		return nil, err
	}
	if name == "check" {
		if f.Drop != "" {
			return Redirect{To: v.To(pathOf("boards", b.ID)), Say: v.T("ask.dropped")}, v.Server.People.Drop(v.Context(), v.Who.ID, draftKind, b.ID+"/"+draft)
		}
		return v.askBoard(b, d, draft)
	}
	all := v.questions(b, d)
	at := slices.IndexFunc(all, func(q question) bool { return q.Name == name })
	if at < 0 {
		return nil, Missing{}
	}
	d.Answers[name] = f.Answer
	if fault := v.answerFault(all[at], f.Answer); fault != "" {
		for i := range all[at].Options {
			all[at].Options[i].Selected = false
		}
		page, _ := v.askPage(b, d, at, draft, form.Errors{{Field: "answer", Text: fault}})
		return page, nil
	}
	if err := v.keepDraft(b.ID, draft, d); err != nil {
		return nil, err
	}
	next := "check"
	if v.Q("change") == "" && at+1 < len(all) {
		next = all[at+1].Name
	}
	return Redirect{To: v.To(pathOf("boards", b.ID, "ask", draft, next))}, nil
}

type askCheckPage struct {
	Board, Back, Key string
	Rows             []parts.Row
	Next             string // the first question without an answer
	Changes          bool
}

// askCheck shows all answers, each with its way back.
func (v *Visit) askCheck(b commissioning.Board, d askDraft, errs form.Errors) Page {
	p := askCheckPage{Board: b.Name, Back: v.To(pathOf("boards", b.ID)), Key: NewKey(), Changes: d.Proposal != ""}
	if next := v.unanswered(b, d); next != "check" {
		p.Next = v.To(pathOf("boards", b.ID, "ask", v.Param("draft"), next))
	}
	for _, q := range v.questions(b, d) {
		answer, given := d.Answers[q.Name]
		value, lang := answer, ""
		fault := v.answerFault(q, answer)
		switch {
		case !given || fault != "":
			value = v.T("ask.not-answered")
		case q.Type == "money":
			amount, _ := v.poundsOf(answer)
			value = v.Pence(amount)
		case q.Type == "radios":
			for _, o := range q.Options {
				if o.Value == answer {
					value, lang = o.Label, o.Lang
				}
			}
		case answer == "":
			value = v.T("not-known")
		}
		p.Rows = append(p.Rows, parts.Row{Key: v.T("ask." + q.Name + ".short"), Value: value, Lang: lang,
			Change: v.To("/boards/"+b.ID+"/ask/"+v.Param("draft")+"/"+q.Name) + v.joined("change", "yes")})
	}
	return Page{Template: "askcheck", Title: v.T("ask.check"), Nav: "boards", Data: p, Errors: errs}
}

// askBoard sends a draft to the board.
func (v *Visit) askBoard(b commissioning.Board, d askDraft, draft string) (Answer, error) {
	var errs form.Errors
	ask := decide.Proposal{ID: d.Proposal, Board: b.ID, People: -1, Area: b.Area}
	var err error
	if ask.Year, err = fiscal.ParseYear(d.Year); err != nil {
		ask.Year = fiscal.YearOf(v.Today)
	}
	for _, q := range v.questions(b, d) {
		answer := d.Answers[q.Name]
		if fault := v.answerFault(q, answer); fault != "" {
			errs.Add("", v.T("ask.check.missing", "Question", v.T("ask."+q.Name+".short"), "Fault", fault))
			continue
		}
		if answer == notSaid {
			answer = ""
		}
		switch q.Name {
		case "title":
			ask.Title = answer
		case "what":
			ask.What = answer
		case "why":
			ask.Why = answer
		case "amount":
			ask.Amount, _ = v.poundsOf(answer)
		case "people":
			ask.People, _ = v.countOf(answer, -1)
		case "objective":
			ask.Objective = answer
		case "area":
			ask.Area = answer
		case "service":
			ask.Service = answer
		case "award":
			ask.Award = answer
		}
	}
	if len(errs) > 0 {
		return v.askCheck(b, d, errs), nil
	}
	id := d.Proposal
	seq, err := v.Post(func(book *ledger.Book) (*ledger.Draft, error) {
		if d.Proposal == "" {
			for n := 1; ask.ID == "" || book.Has("proposals", ask.ID); n++ {
				ask.ID = fmt.Sprintf("%s-%d", b.ID, n)
			}
		}
		id = ask.ID
		return drafted(decide.Propose(book, v.Actor(), ask))
	})
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return v.askCheck(b, d, form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	if err := v.Server.People.Drop(v.Context(), v.Who.ID, draftKind, b.ID+"/"+draft); err != nil {
		return nil, err
	}
	to := pathOf("boards", b.ID)
	if id != "" { // blank: sent twice, and this is the second
		to = pathOf("boards", b.ID, "proposals", id)
	}
	return Redirect{To: v.To(to), Say: v.T("ask.done", "Board", b.Name), Undo: seq}, nil
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
