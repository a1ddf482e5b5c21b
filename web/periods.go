package web

import (
	"errors"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
)

var periodRoutes = []Route{
	{Method: "GET", Path: "/periods", Right: people.ClosePeriod, Do: periods, Kept: true},
	{Method: "GET", Path: "/periods/:month", Right: people.ClosePeriod, Do: periodPage},
	{Method: "POST", Path: "/periods/:month", Right: people.ClosePeriod, Do: setPeriod},
	{Method: "POST", Path: "/periods/:month/asked", Right: people.Reopen, Do: decideReopening},
}

// monthsOf lists the accounting months of a financial year, April first.
func monthsOf(y fiscal.Year) []string {
	var months []string
	for day := y.Start(); len(months) < 12; day = day.AddMonths(1) {
		months = append(months, monthOf(day))
	}
	return months
}

// monthOf is the month a day falls in, "" for no day.
func monthOf(d fiscal.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()[:7]
}

func lastDayOf(month string) fiscal.Date {
	first, _ := fiscal.ParseDate(month + "-01")
	return first.AddMonths(1).AddDays(-1)
}

// stateOf is a month's state; one never closed is open.
func (v *Visit) stateOf(month string) string {
	if r, ok := v.Record("periods", month); ok {
		return r.Get("state")
	}
	return "open"
}

func (v *Visit) stateTag(state string) table.Cell {
	colour := table.Green
	switch state {
	case "finance-only":
		colour = table.Amber
	case "closed":
		colour = table.Grey
	}
	return table.Tag(v.T("periods."+state), colour)
}

type spendKey struct{}

// spendByMonth sums what is spent by the months it is dated in, once for the
// ledger.
func (v *Visit) spendByMonth() map[string]money.Pence {
	return worked(v.reading, spendKey{}, func() map[string]money.Pence {
		by := map[string]money.Pence{}
		for i := range v.Len() {
			if e := v.Entry(i); e.Kind == ledger.Payment {
				by[monthOf(e.Effective)] += spent(e)
			}
		}
		return by
	})
}

// spent is what an entry adds to spend: a refund takes away.
func spent(e ledger.Entry) money.Pence {
	switch {
	case e.Kind != ledger.Payment || e.To.Stage == e.From.Stage:
		return 0
	case e.To.Stage == ledger.Paid:
		return e.Amount
	case e.From.Stage == ledger.Paid:
		return -e.Amount
	}
	return 0
}

// reopenings lists the months somebody has asked to reopen, with the request.
func (v *Visit) reopenings() map[string]ledger.Record {
	waiting := map[string]ledger.Record{}
	for id, rec := range v.Records("asks") {
		if rec.Get("kind") != "reopen" || rec.Get("state") != "asked" {
			continue
		}
		if r, rec, err := decide.Waiting(v.Book, id); err == nil {
			if reopening, ok := r.(decide.Reopening); ok {
				waiting[reopening.Month] = rec
			}
		}
	}
	return waiting
}

type periodsPage struct {
	Lead  string
	Table *table.Table
}

// periods says which months of a financial year are open.
func periods(v *Visit) (Answer, error) {
	t := table.New("months", v.T("periods.caption"))
	t.Column("", v.T("periods.month"), table.TextColumn)
	t.Column("", v.T("periods.state"), table.TagColumn)
	t.Column("", v.T("periods.spend"), table.MoneyColumn)
	t.Column("", v.T("periods.by"), table.TextColumn)
	t.Column("", v.T("periods.why"), table.TextColumn)
	closed, first := 0, ""
	spend, waiting := v.spendByMonth(), v.reopenings()
	for _, month := range monthsOf(v.Year) {
		state := v.stateOf(month)
		if state == "closed" {
			closed++
		} else if state == "open" && first == "" {
			first = month
		}
		to := v.To("/periods/" + month)
		by, why := table.None(), table.None()
		if rec, ok := v.Record("periods", month); ok {
			by, why = table.Text(rec.Get("by")), table.Text(rec.Get("reason"))
		}
		tag := v.stateTag(state)
		if _, asked := waiting[month]; asked {
			tag = table.Tag(v.T("periods.waiting"), table.Blue)
		}
		amount := table.None()
		if p, any := spend[month]; any {
			amount = table.Pence(p, table.Exact).To(to)
		}
		t.Row(table.Text(v.Month(month)).To(to), tag, amount, by, why)
	}
	lead := []string{v.T("periods.lead-none")}
	if closed > 0 {
		lead = []string{v.N("periods.lead-closed", closed)}
	}
	if first != "" {
		lead = append(lead, v.T("periods.lead-open", "Month", v.Month(first)))
	}
	if len(waiting) > 0 {
		lead = append(lead, v.N("periods.lead-waiting", len(waiting)))
	}
	p := periodsPage{Lead: strings.Join(lead, " "), Table: v.Finish(t)}
	return Page{Template: "periods", Title: v.T("periods.title", "Year", v.Year.String()), Nav: "ledger/periods", Data: p, Tables: []*table.Table{p.Table}, Money: true}, nil
}

type periodData struct {
	Lead, By         string
	Facts            []fact
	Trial, Payments  *table.Table
	Action, Key      string
	To, Reason       form.Field
	Asked            string
	AskAction, AskID string
	Own              bool
	Why              form.Field
	History          []change
}

// month reads the month of the address.
func (v *Visit) month() (string, error) {
	month := v.Param("month")
	first, err := fiscal.ParseDate(month + "-01")
	if err != nil || first.IsZero() || monthOf(first) != month {
		return "", Missing{}
	}
	return month, nil
}

// periodPage shows a month: its trial balance, its spend, and what may be done.
func periodPage(v *Visit) (Answer, error) {
	month, err := v.month()
	if err != nil {
		return nil, err
	}
	return v.periodPage(month, periodForm{}, nil), nil
}

type trialKey struct{ month string }

type trial struct {
	seq      int
	hash     ledger.Hash
	balances map[ledger.Stage]money.Pence
}

// trialOf is the trial balance at the end of a month: of a closed one, as the
// ledger stood when it was closed.
func (v *Visit) trialOf(month string) trial {
	return worked(v.reading, trialKey{month}, func() trial {
		book := v.Book
		if v.stateOf(month) == "closed" {
			_, seqs := v.Versions("periods", month)
			if then, err := v.At(seqs[len(seqs)-1]); err == nil {
				book = then
			}
		}
		t := trial{seq: book.Sequence(), hash: book.Hash(), balances: map[ledger.Stage]money.Pence{}}
		for account, balance := range book.View(lastDayOf(month)).Balances {
			t.balances[account.Stage] += balance
		}
		return t
	})
}

func (v *Visit) periodPage(month string, f periodForm, errs form.Errors) Page {
	state, name := v.stateOf(month), v.Month(month)
	p := periodData{Lead: v.T("periods.month."+state, "Month", name), Action: v.To("/periods/" + month), Key: NewKey()}
	if rec, ok := v.Record("periods", month); ok {
		_, seqs := v.Versions("periods", month)
		head, _ := v.Head(seqs[len(seqs)-1])
		p.By = v.T("periods.month.by", "Who", v.actor(head), "When", v.instant(head.PostedAt), "Why", rec.Get("reason"))
	}
	trial := v.trialOf(month)
	caption := "periods.trial"
	if state == "closed" {
		caption = "periods.trial-closed"
	}
	t := table.New("trial", v.T(caption))
	t.Column("", v.T("periods.account"), table.TextColumn)
	t.Column("", v.T("periods.balance"), table.MoneyColumn)
	var sum money.Pence
	for stage := ledger.Funder; stage <= ledger.Uncharged; stage++ {
		sum += trial.balances[stage]
		if trial.balances[stage] != 0 {
			t.Row(table.Text(v.T("history.stage."+stage.String())), table.Pence(trial.balances[stage], table.Exact))
		}
	}
	t.Total(table.Text(v.T("total")), table.Pence(sum, table.Exact))
	t.Note = v.T("periods.trial-note")
	p.Trial = v.Finish(t)
	p.Facts = []fact{{Key: v.T("periods.head-label"), Value: v.T("periods.head", "Seq", trial.seq, "Hash", trial.hash.String())}}
	p.Payments = v.monthsPayments(month)

	if rec, asked := v.reopenings()[month]; asked {
		on, _ := fiscal.ParseDate(rec.Get("asked_on"))
		p.Asked = v.T("periods.asked", "Who", v.personName(rec.Get("by")), "Date", v.Date(on), "Month", name, "Why", rec.Get("reason"))
		p.AskAction, p.AskID, p.Own = v.To("/periods/"+month+"/asked"), rec.ID, rec.Get("by") == v.Who.ID
	} else {
		p.To = form.Field{Name: "to", Label: v.T("periods.to"), Type: "radios", Required: true, Error: errs.Of("to")}
		choose := func(to string, hint bool) {
			o := form.Option{Value: to, Label: v.T("periods.to." + to), Selected: f.To == to}
			if hint {
				o.Hint = v.T("periods.to." + to + "-hint")
			}
			p.To.Options = append(p.To.Options, o)
		}
		if state == "open" {
			choose("finance-only", true)
		}
		if state != "closed" {
			choose("closed", true)
		}
		if state != "open" {
			choose("open", false)
		}
	}
	p.Reason = form.Field{Name: "reason", Label: v.T("periods.reason"), Type: "textarea", Rows: 2, Required: true, Value: f.Reason, Error: errs.Of("reason")}
	p.History = v.historyOf("periods", month)
	return Page{Template: "period", Title: v.T("periods.month.title", "Month", name), Nav: "ledger/periods", Data: p, Tables: []*table.Table{p.Trial, p.Payments}, Errors: errs}
}

// monthsPayments lists the spend dated in a month; its total is the figure of
// the list of months.
func (v *Visit) monthsPayments(month string) *table.Table {
	var entries []ledger.Entry
	for i := range v.Len() {
		if e := v.Entry(i); e.Kind == ledger.Payment && monthOf(e.Effective) == month {
			entries = append(entries, e)
		}
	}
	t := table.New("payments", v.T("periods.payments", "Month", v.Month(month)))
	t.Column("", v.T("history.batch.reference"), table.TextColumn)
	t.Column("", v.T("service"), table.TextColumn)
	t.Column("", v.T("by.award"), table.TextColumn)
	t.Column("", v.T("history.batch.date"), table.DateColumn)
	t.Column("", v.T("history.batch.amount"), table.MoneyColumn)
	t.Empty = v.T("periods.no-payments")
	if len(entries) > 0 {
		t.Total(table.Text(v.T("total")), table.Text(""), table.Text(""), table.Text(""), table.Pence(v.spendByMonth()[month], table.Exact))
	}
	from, to := v.pageOf("payments-page", len(entries))
	for _, e := range entries[from:to] {
		at := e.To
		if e.From.Stage == ledger.Paid {
			at = e.From
		}
		service, award := v.NameOf(v.Book, "services", at.Service), v.NameOf(v.Book, "awards", at.Award)
		t.Row(table.Text(e.ID.String()), table.Text(service.Text).In(string(service.Lang)), table.Text(award.Text).In(string(award.Lang)), table.Date(e.Effective), table.Pence(spent(e), table.Exact))
	}
	t.All = len(entries)
	return v.Finish(t)
}

type periodForm struct {
	To     string `form:"to"`
	Reason string `form:"reason"`
	Step   string `form:"step"`
}

// setPeriod closes a month, keeps it for finance, or asks to reopen it, after a
// page to check.
func setPeriod(v *Visit) (Answer, error) {
	month, err := v.month()
	if err != nil {
		return nil, err
	}
	var f periodForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	do := map[string]func(*ledger.Book, decide.Actor, string, string) (*decide.Outcome, error){"closed": decide.ClosePeriod, "finance-only": decide.FinanceOnly, "open": decide.Reopen}[f.To]
	if do == nil {
		errs.Add("to", v.T("periods.error.to"))
	}
	if f.Reason == "" {
		errs.Add("reason", v.T("periods.error.reason"))
	}
	if len(errs) > 0 || f.Step == "change" {
		return v.periodPage(month, f, errs), nil
	}
	name := v.Month(month)
	act := func(b *ledger.Book) (*ledger.Draft, error) {
		return drafted(do(b, v.Actor(), month, f.Reason))
	}
	if f.Step == "check" {
		_, err = v.Post(act)
	} else {
		_, err = act(v.Book)
	}
	var refused ledger.Refusal
	if errors.As(err, &refused) {
		errs.Add("to", v.Refusal(v.Book, err))
		return v.periodPage(month, f, errs), nil
	}
	if err != nil {
		return nil, err
	}
	if f.Step == "check" {
		done := "periods.done." + f.To
		if f.To == "open" {
			done = "periods.done.asked"
		}
		return Redirect{To: v.To("/periods/" + month), Say: v.T(done, "Month", name)}, nil
	}
	button := map[string]string{"closed": "close", "finance-only": "finance-only", "open": "open"}[f.To]
	trial := v.trialOf(month)
	p := confirmation{
		Rows: []fact{{Key: v.T("periods.check.now"), Value: v.T("periods." + v.stateOf(month))}, {Key: v.T("periods.check.then"), Value: v.T("periods.to." + f.To)},
			{Key: v.T("periods.spend"), Value: v.spendByMonth()[month].Exact()}, {Key: v.T("periods.why"), Value: f.Reason},
			{Key: v.T("periods.head-label"), Value: v.T("periods.head", "Seq", trial.seq, "Hash", trial.hash.String())}},
		Action: v.To("/periods/" + month), Button: v.T("periods.check."+button, "Month", name), Cancel: v.To("/periods/" + month),
		Hidden: []hiddenField{{"key", NewKey()}, {"to", f.To}, {"reason", f.Reason}, {"step", "check"}},
	}
	return Page{Template: "confirm", Title: v.T("periods.check.title", "Month", name), Nav: "ledger/periods", Data: p}, nil
}

// confirmation is a page to check before something is done, as the part
// "confirm" draws it.
type confirmation struct {
	Rows           []fact
	Warning        string
	Action, Button string
	Danger         bool
	Cancel         string
	Hidden         []hiddenField
}

type hiddenField struct{ Name, Value string }

type askedForm struct {
	Ask    string `form:"ask"`
	Answer string `form:"answer"`
	Reason string `form:"reason"`
}

// decideReopening is the second person's answer, or the first's withdrawal.
func decideReopening(v *Visit) (Answer, error) {
	month, err := v.month()
	if err != nil {
		return nil, err
	}
	var f askedForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	answer := map[string]func(*ledger.Book, decide.Actor, string, string) (*decide.Outcome, error){"approve": decide.Approve, "refuse": decide.Refuse, "withdraw": decide.Withdraw}[f.Answer]
	if rec, asked := v.reopenings()[month]; answer == nil || asked && rec.ID != f.Ask {
		return nil, &form.Bad{Why: "there is no such answer"}
	}
	if f.Reason == "" {
		return v.periodPage(month, periodForm{}, form.Errors{{Field: "reason", Text: v.T("periods.error.reason")}}), nil
	}
	_, err = v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		return drafted(answer(b, v.Actor(), f.Ask, f.Reason))
	})
	var refused ledger.Refusal
	if errors.As(err, &refused) {
		return v.periodPage(month, periodForm{Reason: f.Reason}, form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	done := map[string]string{"approve": "open", "refuse": "refused", "withdraw": "withdrawn"}[f.Answer]
	return Redirect{To: v.To("/periods/" + month), Say: v.T("periods.done."+done, "Month", v.Month(month))}, nil
}
