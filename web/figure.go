package web

import (
	"errors"
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

var figureRoutes = []Route{
	{Method: "GET", Path: "/streams/:id/figures/new", Right: people.SetAward, Do: newFigure},
	{Method: "POST", Path: "/streams/:id/figures/new", Right: people.SetAward, Do: stateFigure},
}

// figureForm is a statement as typed.
type figureForm struct {
	Award      string `form:"award"`
	Year       string `form:"year"`
	Amount     string `form:"amount"`
	Certainty  string `form:"certainty"`
	StatedOn   string `form:"stated_on"`
	SaidBy     string `form:"said_by"`
	ValidUntil string `form:"valid_until"`
	Source     string `form:"source"`
	Reason     string `form:"reason"`
	Step       string `form:"step"` // check, edit, save or ask
}

type figurePage struct {
	Back, Key string
	Fields    []form.Field
	// the check page
	Lead    string
	Rows    []parts.Row
	Effect  *table.Table
	Hit     *table.Table
	Warning string
	Hidden  []parts.Hidden
	Ask     bool // another must approve
	Button  string
}

// certaintiesToState are those a statement may have, the least sure first.
var certaintiesToState = []funding.Certainty{funding.Assumed, funding.Applied, funding.Indicative, funding.Provisional, funding.Announced, funding.Confirmed, funding.Revised, funding.ClawedBack}

// statedStream is the stream of the address for one who may state its figures:
// awards are the whole council's, so no right of one area reaches them.
func (v *Visit) statedStream() (funding.Stream, error) {
	if !v.Reach.All {
		return funding.Stream{}, Barred{"barred.whole-council"}
	}
	s, ok := v.Stream(v.Param("id"))
	if !ok {
		return s, Missing{}
	}
	return s, nil
}

func newFigure(v *Visit) (Answer, error) {
	s, err := v.statedStream()
	if err != nil {
		return nil, err
	}
	y, m, d := v.Today.Civil()
	f := figureForm{Award: v.Q("award"), Year: v.Year.String(), StatedOn: v.Count(d) + "/" + v.Count(m) + "/" + strings.ReplaceAll(v.Count(y), ",", "")}
	return v.figureForm(s, f, nil), nil
}

func (v *Visit) figureForm(s funding.Stream, f figureForm, errs form.Errors) Page {
	awards := v.awardsOf()[s.ID]
	p := figurePage{Back: v.To(pathOf("streams", s.ID)), Key: NewKey()}
	of := func(name, kind, value string, required bool) form.Field {
		q := form.Field{Name: name, Label: v.columnName(name), Type: kind, Value: value, Required: required, Error: errs.Of(name)}
		if id := "figure.hint." + name; v.Reader.Has(id) {
			q.Hint = v.T(id)
		}
		return q
	}
	award := of("award", "select", f.Award, true)
	for _, a := range awards {
		n := v.NameOf(v.Book, "awards", a.ID)
		award.Options = append(award.Options, form.Option{Value: a.ID, Label: n.Text, Lang: string(n.Lang), Selected: a.ID == f.Award})
	}
	year := of("year", "select", f.Year, true)
	for _, y := range v.yearsToState(awards) {
		year.Options = append(year.Options, form.Option{Value: y.String(), Label: v.Reader.Year(y), Selected: y.String() == f.Year})
	}
	certainty := of("certainty", "select", f.Certainty, true)
	certainty.Options = append(certainty.Options, form.Option{Label: v.T("choice.")})
	for _, c := range certaintiesToState {
		certainty.Options = append(certainty.Options, form.Option{Value: c.String(), Label: v.surely(c), Selected: c.String() == f.Certainty})
	}
	reason := of("reason", "textarea", f.Reason, true)
	reason.Rows = 2
	p.Fields = []form.Field{award, year, of("amount", "money", f.Amount, true), certainty, of("stated_on", "date", f.StatedOn, true), of("said_by", "text", f.SaidBy, true),
		of("valid_until", "date", f.ValidUntil, false), of("source", "text", f.Source, false), reason}
	return Page{Template: "figure", Title: v.T("figure.title", "Stream", v.NameOf(v.Book, "streams", s.ID).Text), Nav: "ledger/streams", Data: p, Errors: errs}
}

// yearsToState are the years of the ledger, those around today and the whole
// term.
func (v *Visit) yearsToState(awards []funding.Award) []fiscal.Year {
	met := map[fiscal.Year]bool{}
	for y := v.Today.Year() - 1; y <= v.Today.Year()+5; y++ {
		met[y] = true
	}
	for _, y := range yearsOf(v.View) {
		met[y] = y != fiscal.Term
	}
	for _, a := range awards {
		for y := a.Term.From.Year(); a.Term.From != 0 && a.Term.To != 0 && y <= a.Term.To.AddDays(-1).Year() && y < a.Term.From.Year()+20; y++ {
			met[y] = true
		}
	}
	delete(met, fiscal.Term)
	return append(sortedYears(met), fiscal.Term)
}

// statement reads what was typed.
func (v *Visit) statement(s funding.Stream, f figureForm) (decide.Statement, form.Errors) {
	var errs form.Errors
	st := decide.Statement{Award: f.Award, SaidBy: f.SaidBy, Source: f.Source}
	if !slices.ContainsFunc(v.awardsOf()[s.ID], func(a funding.Award) bool { return a.ID == f.Award }) {
		errs.Add("award", v.T("record.needed", "What", v.columnName("award")))
	}
	var err error
	if f.Year == fiscal.Term.String() {
		st.Year = fiscal.Term
	} else if st.Year, err = fiscal.ParseYear(f.Year); err != nil {
		errs.Add("year", v.T("record.needed", "What", v.columnName("year")))
	}
	amount, given, err := money.Parse(f.Amount, money.NotNegative)
	switch {
	case err != nil:
		errs.Add("amount", v.T("record.bad-money"))
	case !given:
		errs.Add("amount", v.T("figure.no-amount"))
	}
	st.Amount = amount
	if st.Certainty, err = funding.ParseCertainty(f.Certainty); err != nil || st.Certainty == funding.CertaintyNotStated {
		errs.Add("certainty", v.T("record.needed", "What", v.columnName("certainty")))
	}
	day := func(name, text string, needed bool) fiscal.Date {
		d, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
		if err != nil {
			d, err = fiscal.ParseDate(text)
		}
		if err != nil || needed && d == 0 {
			errs.Add(name, v.T("record.bad-date"))
		}
		return d
	}
	st.StatedOn = day("stated_on", f.StatedOn, true)
	if f.SaidBy == "" {
		errs.Add("said_by", v.T("record.needed", "What", v.columnName("said_by")))
	}
	st.ValidUntil = day("valid_until", f.ValidUntil, false)
	if f.Reason == "" {
		errs.Add("reason", v.T("record.no-reason"))
	}
	return st, errs
}

// stateFigure shows what a statement would do, and records it or asks for
// another's approval.
func stateFigure(v *Visit) (Answer, error) {
	s, err := v.statedStream()
	if err != nil {
		return nil, err
	}
	var f figureForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Step == "edit" {
		return v.figureForm(s, f, nil), nil
	}
	st, errs := v.statement(s, f)
	if len(errs) > 0 {
		return v.figureForm(s, f, errs), nil
	}
	decided := decide.Do
	if f.Step == "ask" {
		decided = decide.Ask
	}
	if f.Step == "save" || f.Step == "ask" {
		seq, err := v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
			return drafted(decided(b, v.Actor(), st, f.Reason))
		})
		switch {
		case err == nil && f.Step == "ask":
			return Redirect{To: v.To("/approvals"), Say: v.T("figure.asked"), Undo: 0}, nil
		case err == nil:
			return Redirect{To: v.To(pathOf("streams", s.ID)), Say: v.T("figure.saved"), Undo: seq}, nil
		}
		var needs *decide.NeedsApproval
		if !errors.As(err, &needs) {
			return v.refusedFigure(s, f, err)
		}
	}
	o, err := decide.Do(v.Book, v.Actor(), st, f.Reason)
	var needs *decide.NeedsApproval
	if err != nil && !errors.As(err, &needs) {
		return v.refusedFigure(s, f, err)
	}
	return v.checkFigure(s, f, st, o), nil
}

// refusedFigure puts a refusal at the field it is about.
func (v *Visit) refusedFigure(s funding.Stream, f figureForm, err error) (Answer, error) {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return nil, err
	}
	field := ""
	var date *decide.BadDate
	var needs *decide.Needs
	var amount *decide.BadAmount
	switch {
	case errors.As(err, &date):
		field = date.Column
	case errors.As(err, &needs):
		field = needs.Column
	case errors.As(err, &amount):
		field = "amount"
	}
	return v.figureForm(s, f, form.Errors{{Field: field, Text: v.Refusal(v.Book, err)}}), nil
}

// checkFigure shows what a statement does: to what is left of the award, and
// to whom it pays for.
func (v *Visit) checkFigure(s funding.Stream, f figureForm, st decide.Statement, o *decide.Outcome) Page {
	p := figurePage{Back: v.To(pathOf("streams", s.ID)), Key: v.Key, Button: v.T("figure.save")}
	add := func(column, value string) {
		if value != "" {
			p.Rows = append(p.Rows, parts.Row{Key: v.columnName(column), Value: value})
		}
	}
	award := v.NameOf(v.Book, "awards", st.Award).Text
	add("award", award)
	add("year", v.Reader.Year(st.Year))
	var stated money.Sum
	stated.Add(st.Amount)
	add("amount", v.Exact(stated))
	add("certainty", v.surely(st.Certainty))
	add("stated_on", v.Date(st.StatedOn))
	add("said_by", st.SaidBy)
	if st.ValidUntil != 0 {
		add("valid_until", v.Date(st.ValidUntil))
	}
	add("source", st.Source)
	add("reason", f.Reason)

	only := ledger.Filter{ledger.ByAward: st.Award, ledger.ByYear: st.Year.String()}
	now := v.Position(nil, only).Total.Sums
	left := o.Left[0]
	change := left.After - left.Before
	after := func(s money.Sum) money.Sum { return plus(s, sumOf(change)) }
	t := table.New("effect", v.T("figure.effect"))
	t.Column("", v.T("postings.measure"), table.TextColumn)
	t.Column("", v.T("figure.now"), table.MoneyColumn)
	t.Column("", v.T("figure.then"), table.MoneyColumn)
	row := func(m ledger.Measure, then money.Sum) {
		if left.Unknown {
			then = money.Sum{}
			then.Add(money.Unknown)
		}
		t.Row(table.Text(v.T("measure."+m.String())), table.Money(now[m], table.Exact).To(v.Postings(m, pairs(only)...)), table.Money(then, table.Exact))
	}
	row(ledger.AwardedTo, after(now[ledger.AwardedTo]))
	row(ledger.LeftOf, after(now[ledger.LeftOf]))
	if own := sumOf(left.Before); !left.Unknown && now[ledger.LeftOf].State() == money.Exact && own != now[ledger.LeftOf] {
		t.Row(table.Text(v.T("figure.beside-boards")), table.Money(own, table.Exact).To(v.Postings(ledger.LeftOf, pairs(only, "board", "")...)), table.Pence(left.After, table.Exact))
	}
	p.Effect = t
	switch over := left.After; {
	case !st.Certainty.Secured():
		p.Lead = v.T("figure.not-secured", "Award", award)
	case left.Unknown:
		p.Lead = v.T("figure.unknown", "Award", award, "Year", v.Reader.Year(st.Year))
	case over < 0:
		p.Lead = v.T("figure.over", "Award", award, "Amount", over.Abs().Exact(), "Year", v.Reader.Year(st.Year))
	default:
		p.Lead = v.T("figure.leaves", "Award", award, "Amount", over.Exact(), "Year", v.Reader.Year(st.Year))
	}
	if change < 0 || left.Unknown {
		p.Hit = v.servicesHit(only)
	}
	if !o.Need.Alone {
		p.Ask, p.Button = true, v.T("figure.ask")
		p.Warning = v.T("figure.needs-approval", "Amount", o.Need.Amount.Exact())
		if len(o.Need.By) == 0 {
			p.Button, p.Warning = "", v.T("figure.needs-council", "Amount", o.Need.Amount.Exact())
		}
	}
	p.Hidden = []parts.Hidden{{Name: "key", Value: v.Key}, {Name: "award", Value: f.Award}, {Name: "year", Value: f.Year}, {Name: "amount", Value: f.Amount}, {Name: "certainty", Value: f.Certainty},
		{Name: "stated_on", Value: f.StatedOn}, {Name: "said_by", Value: f.SaidBy}, {Name: "valid_until", Value: f.ValidUntil}, {Name: "source", Value: f.Source}, {Name: "reason", Value: f.Reason}}
	page := Page{Template: "figurecheck", Title: v.T("figure.check"), Nav: "ledger/streams", Data: p}
	if f.Step == "save" { // another must approve what was sent to be saved
		page.Errors = form.Errors{{Text: p.Warning}}
	}
	return page
}

// servicesHit lists what the award has on services in the year: they rest on
// what is cut.
func (v *Visit) servicesHit(only ledger.Filter) *table.Table {
	t := table.New("hit", v.T("figure.hit"))
	t.Column("", v.T("service"), table.TextColumn)
	t.Column("", v.T("allocated"), table.MoneyColumn)
	t.Column("", v.T("measure.paid"), table.MoneyColumn)
	for _, r := range v.Position([]ledger.Dimension{ledger.ByService}, only).Rows {
		if r.Key[0] == "" || r.Sums[ledger.AllocatedTo].IsNought() {
			continue
		}
		of := pairs(only, "service", r.Key[0])
		t.Row(v.named("services", r.Key[0]).To(v.To(pathOf("services", r.Key[0]))), table.Money(r.Sums[ledger.AllocatedTo], table.Exact).To(v.Postings(ledger.AllocatedTo, of...)),
			table.Money(r.Sums[ledger.PaidOut], table.Exact).To(v.Postings(ledger.PaidOut, of...)))
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}
