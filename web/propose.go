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
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/templates/parts"
)

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
			Change: v.To(pathOf("boards", b.ID, "ask", v.Param("draft"), q.Name)) + v.joined("change", "yes")})
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
