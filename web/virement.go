package web

import (
	"slices"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/web/form"
	"braid/web/templates/parts"
)

type virementForm struct {
	Do      string `form:"do"`
	Award   string `form:"award"`
	From    string `form:"from"`
	ToAward string `form:"to-award"`
	To      string `form:"to"`
	Year    string `form:"year"`
	Amount  string `form:"amount"`
	Reason  string `form:"reason"`
}

type virementPage struct {
	Limits []string
	From   []form.Field
	To     []form.Field
	Fields []form.Field
	Cancel string
}

// virement asks for money to be moved: from one service to another within an
// award, or for one service from one award to another.
func virement(v *Visit) (Answer, error) {
	if err := v.officer(); err != nil {
		return nil, err
	}
	f := virementForm{Award: v.Q("award"), From: v.Q("from"), ToAward: v.Q("to-award"), To: v.Q("to"), Year: v.Year.String()}
	return v.virementPage(f, nil), nil
}

func (v *Visit) virementPage(f virementForm, errs form.Errors) Page {
	p := virementPage{Limits: v.limitsSaid(decide.ToVire), Cancel: v.To("/ledger/map")}
	same := func(options []form.Option, label string) []form.Option {
		options[0].Label = v.T(label)
		return options
	}
	p.From = []form.Field{
		{Name: "award", Label: v.T("by.award"), Type: "select", Required: true, Options: v.awardOptions(f.Award), Error: errs.Of("award")},
		{Name: "from", Label: v.T("service"), Type: "select", Required: true, Options: v.serviceOptions(f.From), Error: errs.Of("from")},
	}
	p.To = []form.Field{
		{Name: "to-award", Label: v.T("by.award"), Type: "select", Options: same(v.awardOptions(f.ToAward), "vire.same-award"), Error: errs.Of("to-award")},
		{Name: "to", Label: v.T("service"), Type: "select", Options: same(v.serviceOptions(f.To), "vire.same-service"), Error: errs.Of("to")},
	}
	p.Fields = []form.Field{
		{Name: "amount", Label: v.T("moves.amount-label"), Type: "money", Required: true, Value: f.Amount, Error: errs.Of("amount")},
		{Name: "year", Label: v.T("by.year"), Type: "select", Options: v.yearOptions(f.Year), Error: errs.Of("year")},
		v.reasonField(f.Reason, errs),
	}
	return Page{Template: "virement", Title: v.T("vire.title"), Nav: "ledger/vire", Data: p, Errors: errs}
}

// limitsSaid says how much the reader may do alone, before they begin.
func (v *Visit) limitsSaid(action string) []string {
	actor := v.Actor()
	var said []string
	recorded := false
	var own []commissioning.Limit
	for _, l := range v.Limits {
		if l.Action == action && l.InForce.Contains(v.Today) {
			recorded = true
			if l.Role == actor.Role {
				own = append(own, l)
			}
		}
	}
	slices.SortStableFunc(own, func(a, b commissioning.Limit) int { return int(a.Per) - int(b.Per) })
	if !recorded {
		return []string{v.T("vire.no-limit")}
	}
	if len(own) == 0 {
		return []string{v.T("vire.never-alone", "Role", v.roleName(actor.Role))}
	}
	for _, l := range own {
		id := "vire.limit"
		if l.Per == commissioning.PerYear {
			id = "vire.limit-year"
		}
		if !l.Inclusive {
			id += "-under"
		}
		text := v.T(id, "Limit", pounds(l.Amount), "Moved", pounds(decide.Moved(v.Book, l.Role, action, fiscal.YearOf(v.Today))))
		if l.Permanent {
			text += " " + v.T("vire.limit-lasting")
		}
		said = append(said, text)
	}
	return append(said, v.T("vire.finance-told"))
}

// move is a virement as the form asks it.
type move struct {
	award, from, toAward, to string
	year                     fiscal.Year
	amount                   money.Pence
}

// request is the decision that a move is on a book: between services, a
// virement; between awards, one service's cells.
func (m move) request(b *ledger.Book) (decide.Request, error) {
	if m.toAward == m.award {
		return decide.Virement{Award: m.award, From: m.from, To: m.to, Year: m.year, Amount: m.amount}, nil
	}
	if free := ownMoney(b, m.award, m.from, m.year); free < m.amount {
		return nil, &ledger.Short{Account: ledger.Account{Stage: ledger.Allocated, Award: m.award, Year: m.year, Service: m.from}, Name: b.AwardName(m.award), Holds: free, Asks: m.amount}
	}
	was, _ := decide.Held(b, m.award, m.from, m.year)
	is, _ := decide.Held(b, m.toAward, m.from, m.year)
	return decide.Reallocation{Cells: []decide.Cell{
		{Award: m.award, Service: m.from, Year: m.year, Was: was, To: was - m.amount},
		{Award: m.toAward, Service: m.from, Year: m.year, Was: is, To: is + m.amount},
	}}, nil
}

// saveVirement checks a move, shows what it would do, and does it.
func saveVirement(v *Visit) (Answer, error) {
	if err := v.officer(); err != nil {
		return nil, err
	}
	var f virementForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Do == doChange {
		return v.virementPage(f, nil), nil
	}
	m, errs := v.readMove(f)
	if len(errs) > 0 {
		return v.virementPage(f, errs), nil
	}
	if !v.Sees(m.from) || !v.Sees(m.to) {
		return nil, Missing{}
	}
	problem := ""
	if f.Do == doPost || f.Do == doAsk {
		seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
			r, err := m.request(b)
			if err != nil {
				return nil, err
			}
			return doOrAsk(f.Do == doAsk, b, a, r, f.Reason)
		})
		switch {
		case err == nil && f.Do == doAsk:
			return Redirect{To: v.To("/approvals"), Say: v.T("moves.asked")}, nil
		case err == nil:
			return Redirect{To: v.To("/ledger/map"), Say: v.T("vire.saved", "Amount", pounds(m.amount)), Undo: seq}, nil
		}
		if problem, err = v.nowRefused(err); err != nil {
			return nil, err
		}
	}
	r, err := m.request(v.Book)
	var o *decide.Outcome
	if err == nil {
		o, err = decide.Do(v.Book, v.Actor(), r, f.Reason)
	}
	var needs *decide.NeedsApproval
	if err != nil && !as(err, &needs) {
		return v.refusedMove(f, m, err)
	}
	page := v.checkMove(f, m, o)
	if problem != "" {
		page.Errors.Add("", problem)
	}
	return page, nil
}

func (v *Visit) readMove(f virementForm) (m move, errs form.Errors) {
	m = move{award: f.Award, from: f.From, toAward: f.ToAward, to: f.To}
	if m.toAward == "" {
		m.toAward = m.award
	}
	if m.to == "" {
		m.to = m.from
	}
	if !v.Book.Has("awards", m.award) {
		errs.Add("award", v.T("moves.no-award"))
	}
	if !v.Book.Has("services", m.from) {
		errs.Add("from", v.T("moves.no-service"))
	}
	if len(errs) == 0 {
		switch {
		case !v.Book.Has("awards", m.toAward):
			errs.Add("to-award", v.T("moves.no-award"))
		case !v.Book.Has("services", m.to):
			errs.Add("to", v.T("moves.no-service"))
		case m.award == m.toAward && m.from == m.to:
			errs.Add("to", v.T("vire.nowhere"))
		case m.award != m.toAward && m.from != m.to:
			errs.Add("to", v.T("vire.two-moves"))
		}
	}
	var problem string
	if m.amount, problem = v.enteredAmount(f.Amount); problem != "" {
		errs.Add("amount", problem)
	} else if m.amount == 0 {
		errs.Add("amount", v.T("moves.amount"))
	}
	var ok bool
	if m.year, ok = yearOf(f.Year); !ok {
		errs.Add("year", v.T("moves.no-year"))
	}
	if f.Reason == "" {
		errs.Add("reason", v.T("moves.no-reason"))
	}
	return m, errs
}

// refusedMove puts a refusal at the field it is about.
func (v *Visit) refusedMove(f virementForm, m move, err error) (Answer, error) {
	var errs form.Errors
	var short *ledger.Short
	var breach *ledger.Breach
	var boards *decide.BoardMoney
	var refusal ledger.Refusal
	switch {
	case as(err, &short) && short.Account.Stage == ledger.Awarded:
		over := m.amount - max(v.Book.Balance(short.Account), 0)
		errs.Add("amount", v.shortOf(m.toAward, m.year, over, m.amount, true))
	case as(err, &short):
		// the fault may be worded by what boards hold; officers are told what they may move
		free := ownMoney(v.Book, m.award, m.from, m.year)
		if free == 0 {
			errs.Add("amount", v.T("vire.nothing", "Service", v.serviceName(m.from), "Award", v.awardName(m.award, m.year)))
		} else {
			errs.Add("amount", v.T("vire.more", "Over", pounds(m.amount-free), "Service", v.serviceName(m.from), "Award", v.awardName(m.award, m.year), "Free", pounds(free)))
		}
	case as(err, &boards):
		errs.Add("amount", v.T("edit.below-boards", "Amount", pounds(boards.Board)))
	case as(err, &breach):
		field := "to"
		if m.award != m.toAward {
			field = "to-award"
		}
		errs.Add(field, v.Refusal(v.Book, err))
	case as(err, &refusal):
		errs.Add("", v.Refusal(v.Book, err))
	default:
		return nil, err
	}
	return v.virementPage(f, errs), nil
}

func (v *Visit) checkMove(f virementForm, m move, o *decide.Outcome) Page {
	p := v.moves(o)
	facts := []any{"Amount", pounds(m.amount), "Award", v.awardName(m.award, m.year), "From", v.serviceName(m.from), "ToAward", v.awardName(m.toAward, m.year), "To", v.serviceName(m.to), "Year", v.Reader.Year(m.year)}
	p.Lead = v.T("vire.check-services", facts...)
	if m.award != m.toAward {
		p.Lead = v.T("vire.check-awards", facts...)
	}
	p.Virements = nil
	line := func(award, service string, by money.Pence) {
		was, _ := decide.Held(v.Book, award, service, m.year)
		p.Changes = append(p.Changes, v.T("edit.change-line", "Cell", v.cellName(decide.Cell{Award: award, Service: service, Year: m.year}), "Was", pounds(was), "To", pounds(was+by)))
	}
	line(m.award, m.from, -m.amount)
	line(m.toAward, m.to, m.amount)
	p.Rows = []parts.Row{{Key: v.T("moves.reason"), Value: f.Reason}}
	for _, h := range [][2]string{{"award", f.Award}, {"from", f.From}, {"to-award", f.ToAward}, {"to", f.To}, {"year", f.Year}, {"amount", f.Amount}, {"reason", f.Reason}} {
		p.Hidden = append(p.Hidden, parts.Hidden{Name: h[0], Value: h[1]})
	}
	p.Cancel = v.To("/ledger/map")
	return Page{Template: "moves", Title: v.T("vire.check-title"), Nav: "ledger/vire", Data: p}
}
