package web

import (
	"errors"
	"slices"
	"strconv"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/money"
	"braid/ledger/scenario"
	"braid/web/form"
	"braid/web/table"
)

type applyPage struct {
	Lead, Back, Action, Key, Seen string
	Postings                      *table.Table
	Records                       *table.Table
	Suppositions                  []string
	Left                          *table.Table
	Unknown                       []string
	Can                           bool // there is something to post, and it is allowed
	Alone, Council                bool
	Need                          string
	Reason                        form.Field
}

type applyForm struct {
	Do     string `form:"do"`
	Seen   string `form:"seen"` // how the ledger and the scenario stood when the postings were listed
	Reason string `form:"reason"`
}

// errShownOther refuses to post other entries than those that were listed.
var errShownOther = errors.New("the ledger or the scenario has changed since its postings were listed")

// toApply is the scenario of the address for one who may apply it: an officer
// who sees all that it decides.
func (v *Visit) toApply() (scenario.Scenario, error) {
	if err := v.officer(); err != nil {
		return scenario.Scenario{}, err
	}
	s, err := v.aScenario()
	if err != nil {
		return s, err
	}
	if slices.ContainsFunc(s.Decisions(), func(c scenario.Change) bool { return !v.seesChange(c) }) {
		return s, Missing{}
	}
	return s, nil
}

// applyOf lists every posting that applying a scenario would make.
func applyOf(v *Visit) (Answer, error) {
	s, err := v.toApply()
	if err != nil {
		return nil, err
	}
	if !openScenario(s) {
		return nil, Missing{}
	}
	return v.applyPage(s, applyForm{}, nil)
}

func (v *Visit) applyPage(s scenario.Scenario, f applyForm, errs form.Errors) (Answer, error) {
	name := v.scenarioName(s.ID).Text
	at := pathOf("plan", "scenarios", s.ID)
	p := applyPage{Back: v.To(at), Action: v.To(at + "/apply"), Key: NewKey(), Seen: stands(v.Book, s.ID), Lead: v.T("scenario.apply-none"), Reason: v.applyReason(f, errs)}
	for _, c := range s.Suppositions() {
		if v.seesChange(c) {
			p.Suppositions = append(p.Suppositions, v.changeSaid(c))
		}
	}
	page := Page{Template: "scenarioapply", Title: v.T("scenario.apply-title", "Scenario", name), Nav: "plan/scenarios"}
	if len(s.Decisions()) > 0 {
		o, err := scenario.Apply(v.Book, v.Actor(), s.ID, name) // looked at, and not posted
		var refusal ledger.Refusal
		var needs *decide.NeedsApproval
		switch {
		case err != nil && !as(err, &refusal):
			return nil, err
		case err != nil && !as(err, &needs):
			p.Lead = v.T("scenario.apply-refused")
			errs = append(errs, form.Error{Text: v.Refusal(v.Book, err)})
		default:
			v.applying(&p, o)
			page.Tables = append(page.Tables, p.Postings, p.Left)
		}
	}
	page.Data, page.Errors = p, errs
	return page, nil
}

// stands is how the ledger and a scenario stand, so that nobody posts other
// entries than those they were shown.
func stands(b *ledger.Book, id string) string {
	return strconv.Itoa(b.Sequence()) + "-" + scenario.Version(b, id)
}

func (v *Visit) applyReason(f applyForm, errs form.Errors) form.Field {
	return form.Field{Name: "reason", Label: v.T("scenario.apply-reason"), Type: "textarea", Rows: 2, Required: true, Value: f.Reason, Error: errs.Of("reason")}
}

// applying fills in what an outcome would post, entry by entry.
func (v *Visit) applying(p *applyPage, o *decide.Outcome) {
	moves := v.moves(o)
	p.Can, p.Alone, p.Council, p.Need, p.Left, p.Unknown = true, moves.Alone, moves.Council, moves.Need, moves.Left, moves.Unknown
	batch, after := o.Draft.Seal(v.Server.Clock())
	p.Lead = v.N("scenario.apply-lead", batch.Len())
	t := table.New("entries", v.T("scenario.apply-postings"))
	t.Wide = true
	for _, id := range []string{"history.batch.kind-of", "history.batch.from", "history.batch.to", "by.objective", "by.area", "by.year"} {
		t.Column("", v.T(id), table.TextColumn)
	}
	t.Column("", v.T("history.batch.amount"), table.MoneyColumn)
	var sum money.Pence
	for n := range batch.Len() {
		e := batch.Entry(n + 1)
		sum += e.Amount
		label := func(register, id string) table.Cell {
			if id == "" {
				return table.Text(v.T("not-split"))
			}
			return v.named(register, id)
		}
		t.Row(table.Text(v.T("history.kind."+e.Kind.String())), table.Text(v.accountWords(e.From)), table.Text(v.accountWords(e.To)),
			label("objectives", e.Label.Objective), label("areas", e.Label.Area), table.Text(v.yearsOfEntry(e)).Is("number"), table.Pence(e.Amount, table.Exact))
	}
	blank := table.Text("")
	t.Total(table.Text(v.T("total")), blank, blank, blank, blank, blank, table.Pence(sum, table.Exact))
	t.Empty = v.T("history.batch.no-entries")
	p.Postings = v.Finish(t)
	if records := after.ReplacedBy(batch.Head.Seq); len(records) > 0 {
		p.Records = v.recordsTable(records)
	}
}

// applyScenario posts a scenario's decisions as one batch, or asks for them.
func applyScenario(v *Visit) (Answer, error) {
	s, err := v.toApply()
	if err != nil {
		return nil, err
	}
	var f applyForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if f.Reason == "" {
		errs.Add("reason", v.T("scenario.no-reason"))
	}
	if len(errs) > 0 {
		return v.applyPage(s, f, errs)
	}
	do := scenario.Apply
	if f.Do == doAsk {
		do = scenario.Ask
	}
	posted := 0
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		if f.Seen != stands(b, s.ID) {
			return nil, errShownOther
		}
		o, err := do(b, a, s.ID, f.Reason)
		if err == nil {
			posted = o.Draft.Len()
		}
		return o, err
	})
	name := v.scenarioName(s.ID).Text
	switch {
	case err == nil && f.Do == doAsk:
		return Redirect{To: v.To("/approvals"), Say: v.T("scenario.asked", "Scenario", name)}, nil
	case err == nil:
		if posted == 0 { // sent twice: the first did it
			posted = v.postedIn(seq)
		}
		return Redirect{To: v.To(pathOf("plan", "scenarios", s.ID)), Say: v.N("scenario.applied", posted, "Scenario", name), Undo: seq}, nil
	}
	problem := v.T("scenario.apply-changed")
	if errors.Is(err, errShownOther) {
		err = v.refresh()
	} else {
		problem, err = v.nowRefused(err)
	}
	if err != nil {
		return nil, err
	}
	if s, err = v.toApply(); err != nil {
		return nil, err
	}
	return v.applyPage(s, f, form.Errors{{Text: problem}})
}

// postedIn counts the entries of a batch.
func (v *Visit) postedIn(seq int) int {
	book, err := v.Server.Books.Book(v.Context())
	if err != nil || seq < 1 || seq > book.Sequence() {
		return 0
	}
	return book.Batch(seq).Len()
}
