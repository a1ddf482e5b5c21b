package web

import (
	"cmp"
	"errors"
	"slices"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

var delegationRoutes = []Route{
	{Method: "GET", Path: "/boards/:id/money", Right: people.Delegate, Do: delegations},
	{Method: "POST", Path: "/boards/:id/money", Right: people.Delegate, Do: delegate},
}

type delegationForm struct {
	Award  string `form:"award"`
	Year   string `form:"in_year"`
	Amount string `form:"amount"`
	Reason string `form:"reason"`
	Step   string `form:"step"`
}

type delegationsPage struct {
	Board, Back, Lead, Key string
	Table, Asks            *table.Table
	Approvals              string
	Award, Year            form.Field
	Amount, Reason         form.Field
}

type delegationCheck struct {
	Board, Back, Key string
	Rows             []parts.Row
	Hidden           []parts.Hidden
}

// delegations shows what is set aside for a board, and lets finance ask for more.
func delegations(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	return v.delegationsPage(b, delegationForm{Year: v.Year.String()}, nil), nil
}

func (v *Visit) delegationsPage(b commissioning.Board, f delegationForm, errs form.Errors) Page {
	d := delegationsPage{Board: b.Name, Back: v.To(pathOf("boards", b.ID)), Key: NewKey()}
	t := table.New("delegations", v.T("delegations.caption"))
	t.Column("award", v.T("by.award"), table.TextColumn)
	t.Column("year", v.T("by.year"), table.TextColumn)
	t.Column("aside", v.T("delegations.aside"), table.MoneyColumn)
	t.Column("promised", v.T("boards.promised"), table.MoneyColumn)
	t.Column("left", v.T("delegations.left"), table.MoneyColumn)
	t.Empty = v.T("delegations.empty")
	for _, r := range v.Position([]ledger.Dimension{ledger.ByAward, ledger.ByYear}, ledger.Filter{ledger.ByBoard: b.ID}).Rows {
		if r.Sums[ledger.DelegatedTo].IsNought() && r.Sums[ledger.AllocatedTo].IsNought() {
			continue
		}
		cell := func(m ledger.Measure) table.Cell {
			return table.Money(r.Sums[m], table.Pounds).To(v.Postings(m, "board", b.ID, "award", r.Key[0], "year", r.Key[1]))
		}
		year, _ := fiscal.ParseYear(r.Key[1])
		t.Row(v.named("awards", r.Key[0]), table.Text(v.Reader.Year(year)), cell(ledger.DelegatedTo), cell(ledger.AllocatedTo), cell(ledger.LeftOf))
	}
	p := v.boardPosition(b.ID, v.Year)
	d.Lead = v.T("delegations.lead", "Amount", v.Sum(p.Given.Sum), "Board", b.Name, "Year", v.Year.String())
	d.Table = v.Finish(t)
	d.Asks = v.delegationAsks(b)
	if len(d.Asks.Rows) > 0 && v.Can(people.ApproveDelegation) {
		d.Approvals = v.To("/approvals")
	}
	d.Award = form.Field{Name: "award", Label: v.T("delegations.award"), Type: "select", Error: errs.Of("award"), Options: []form.Option{{Value: "", Label: v.T("delegations.award.choose")}}}
	for id := range v.Awards {
		n := v.NameOf(v.Book, "awards", id)
		d.Award.Options = append(d.Award.Options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == f.Award})
	}
	d.Year = form.Field{Name: "in_year", Label: v.T("delegations.year"), Type: "select", Error: errs.Of("in_year")}
	for _, o := range v.years() {
		o.Selected = o.Value == f.Year
		d.Year.Options = append(d.Year.Options, o)
	}
	d.Amount = form.Field{Name: "amount", Label: v.T("delegations.amount"), Type: "money", Value: f.Amount, Error: errs.Of("amount")}
	d.Reason = form.Field{Name: "reason", Label: v.T("delegations.reason"), Type: "textarea", Rows: 3, Value: f.Reason, Required: true, Error: errs.Of("reason")}
	return Page{Template: "delegations", Title: v.T("delegations.title", "Board", b.Name), Nav: "boards", Data: d, Tables: []*table.Table{d.Table, d.Asks}, Errors: errs}
}

// delegationAsks lists what was asked for a board, the latest first: who asked,
// and what became of it.
func (v *Visit) delegationAsks(b commissioning.Board) *table.Table {
	t := table.New("asks", v.T("delegations.asks"))
	t.Column("", v.T("delegations.asks.what"), table.TextColumn)
	t.Column("", v.T("boards.sum.amount"), table.MoneyColumn)
	t.Column("", v.T("delegations.asks.by"), table.TextColumn)
	t.Column("", v.T("delegations.asks.on"), table.DateColumn)
	t.Column("", v.T("status"), table.TagColumn)
	t.Empty = v.T("delegations.asks.empty")
	type one struct {
		ask ledger.Record
		of  decide.Delegation
		seq int
	}
	var all []one
	for id, r := range v.Records("asks") {
		if r.Get("kind") != "delegate" {
			continue
		}
		request, err := decide.Requested(r)
		if of, ok := request.(decide.Delegation); err == nil && ok && of.Board == b.ID {
			_, seqs := v.Versions("asks", id)
			all = append(all, one{r, of, seqs[0]})
		}
	}
	slices.SortStableFunc(all, func(x, y one) int { return cmp.Compare(y.seq, x.seq) })
	for _, a := range all {
		on := table.Unknown()
		if day, err := fiscal.ParseDate(a.ask.Get("asked_on")); err == nil && !day.IsZero() {
			on = table.Date(day)
		}
		colour := map[string]table.Colour{"asked": table.Blue, "approved": table.Green}[a.ask.Get("state")]
		status := table.Tag(v.T("delegations.state."+a.ask.Get("state")), cmp.Or(colour, table.Grey))
		what := table.Text(v.T("delegations.ask", "Award", v.NameOf(v.Book, "awards", a.of.Award).Text, "Year", v.Reader.Year(a.of.Year)))
		t.Row(what.To(v.To(pathOf("approvals", a.ask.ID))),
			table.Pence(a.of.Amount, table.Pounds), table.Text(v.personName(a.ask.Get("by"))), on, status)
	}
	return v.Finish(t)
}

// delegate checks what finance asks for a board, shows it, and leaves it for a
// second person to approve.
func delegate(v *Visit) (Answer, error) {
	b, err := v.boardOf()
	if err != nil {
		return nil, err
	}
	var f delegationForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Step == "change" {
		return v.delegationsPage(b, f, nil), nil
	}
	var errs form.Errors
	request := decide.Delegation{Board: b.ID, Award: f.Award}
	if _, ok := v.Award(f.Award); !ok {
		errs.Add("award", v.T("delegations.award.missing"))
	}
	if request.Year, err = fiscal.ParseYear(f.Year); err != nil {
		errs.Add("in_year", v.T("delegations.year.missing"))
	}
	var fault string
	if request.Amount, fault = v.poundsOf(f.Amount); fault != "" {
		errs.Add("amount", fault)
	}
	if f.Reason == "" {
		errs.Add("reason", v.T("delegations.reason.missing"))
	}
	if len(errs) > 0 {
		return v.delegationsPage(b, f, errs), nil
	}
	refused := func(err error) (Answer, error) {
		var refusal ledger.Refusal
		if !errors.As(err, &refusal) {
			return nil, err
		}
		field := ""
		var short *ledger.Short
		if errors.As(err, &short) {
			field = "amount"
		}
		return v.delegationsPage(b, f, form.Errors{{Field: field, Text: v.Refusal(v.Book, err)}}), nil
	}
	if f.Step != "save" {
		o, err := decide.Ask(v.Book, v.Actor(), request, f.Reason)
		if err != nil {
			return refused(err)
		}
		check := delegationCheck{Board: b.Name, Back: v.To(pathOf("boards", b.ID, "money")), Key: NewKey(),
			Hidden: []parts.Hidden{{Name: "award", Value: f.Award}, {Name: "in_year", Value: f.Year}, {Name: "amount", Value: f.Amount}, {Name: "reason", Value: f.Reason}}}
		name := v.NameOf(v.Book, "awards", f.Award)
		check.Rows = []parts.Row{{Key: v.T("by.award"), Value: name.Text, Lang: string(name.Lang)}, {Key: v.T("by.year"), Value: v.Reader.Year(request.Year)},
			{Key: v.T("boards.sum.amount"), Value: request.Amount.Exact()}, {Key: v.T("delegations.reason"), Value: f.Reason}}
		for _, left := range o.Left {
			id := "delegations.left-award"
			if left.Board != "" {
				id = "delegations.left-board"
			}
			value := v.T("delegations.before-after", "Before", left.Before.Whole(), "After", left.After.Whole())
			if left.Unknown {
				value = v.T("not-known")
			}
			check.Rows = append(check.Rows, parts.Row{Key: v.T(id), Value: value})
		}
		return Page{Template: "delegationcheck", Title: v.T("delegations.check"), Nav: "boards", Data: check}, nil
	}
	seq, err := v.Post(func(book *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.Ask(book, v.Actor(), request, f.Reason))
	})
	if err != nil {
		return refused(err)
	}
	return Redirect{To: v.To(pathOf("boards", b.ID, "money")), Say: v.T("delegations.saved"), Undo: seq}, nil
}
