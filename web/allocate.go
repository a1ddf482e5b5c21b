package web

import (
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/web/form"
	"braid/web/templates/parts"
)

// splitRows is how many objectives, or places, the form lets one allocation be
// split over.
const splitRows = 3

type allocateForm struct {
	Do             string            `form:"do"`
	Award          string            `form:"award"`
	Service        string            `form:"service"`
	Amount         string            `form:"amount"`
	Year           string            `form:"year"`
	AgreedOn       string            `form:"agreed"`
	Reason         string            `form:"reason"`
	Objective      map[string]string `form:"objective"`
	ObjectiveShare map[string]string `form:"objective-share"`
	Area           map[string]string `form:"area"`
	AreaShare      map[string]string `form:"area-share"`
}

type allocatePage struct {
	Fields []form.Field
	Splits []splitFields
	After  []form.Field
	Except *navLink
	Cancel string
}

// splitFields ask what an allocation is for: one thing, or several with shares.
type splitFields struct {
	ID, Legend, Hint, Error string
	Rows                    [][2]form.Field
}

// allocate asks for one allocation.
func allocate(v *Visit) (Answer, error) {
	if err := v.officer(); err != nil {
		return nil, err
	}
	f := allocateForm{Award: v.Q("award"), Service: v.Q("service"), Year: v.Year.String()}
	return v.allocatePage(f, nil, nil), nil
}

func (v *Visit) allocatePage(f allocateForm, errs form.Errors, except *navLink) Page {
	p := allocatePage{Except: except, Cancel: v.To("/ledger/edit")}
	p.Fields = []form.Field{
		{Name: "award", Label: v.T("by.award"), Type: "select", Required: true, Options: v.awardOptions(f.Award), Error: errs.Of("award")},
		{Name: "service", Label: v.T("service"), Type: "select", Required: true, Options: v.serviceOptions(f.Service), Error: errs.Of("service")},
		{Name: "amount", Label: v.T("moves.amount-label"), Type: "money", Required: true, Value: f.Amount, Error: errs.Of("amount")},
		{Name: "year", Label: v.T("by.year"), Type: "select", Options: v.yearOptions(f.Year), Error: errs.Of("year")},
	}
	p.Splits = []splitFields{
		v.splitFields("objective", "objectives", f.Objective, f.ObjectiveShare, errs),
		v.splitFields("area", "areas", f.Area, f.AreaShare, errs),
	}
	p.After = []form.Field{
		{Name: "agreed", Label: v.T("allocate.agreed"), Hint: v.T("allocate.agreed-hint"), Type: "date", Value: f.AgreedOn, Error: errs.Of("agreed")},
		v.reasonField(f.Reason, errs),
	}
	return Page{Template: "allocate", Title: v.T("allocate.title"), Nav: "ledger/edit", Data: p, Errors: errs}
}

func (v *Visit) splitFields(name, register string, ids, shares map[string]string, errs form.Errors) splitFields {
	s := splitFields{ID: "f-" + name, Legend: v.T("allocate.split-" + name), Hint: v.T("allocate.split-hint"), Error: errs.Of(name)}
	var rows []string
	for id := range v.Records(register) {
		rows = append(rows, id)
	}
	compare := v.Sort()
	slices.SortStableFunc(rows, func(a, b string) int {
		return compare(v.NameOf(v.Book, register, a).Text, v.NameOf(v.Book, register, b).Text)
	})
	for i := 1; i <= splitRows; i++ {
		n := strconv.Itoa(i)
		options := []form.Option{{Label: v.T("not-split")}}
		if i > 1 {
			options[0].Label = "–"
		}
		for _, id := range rows {
			named := v.NameOf(v.Book, register, id)
			options = append(options, form.Option{Value: id, Label: named.Text, Lang: string(named.Lang), Selected: id == ids[n]})
		}
		s.Rows = append(s.Rows, [2]form.Field{
			{Name: name + "." + n, Label: v.T("allocate.for-"+name, "N", i), Type: "select", Options: options},
			{Name: name + "-share." + n, Label: v.T("allocate.share", "N", i), Type: "text", Inputmode: "decimal", Suffix: "%", Value: shares[n]},
		})
	}
	return s
}

// labels writes what was chosen as allocations have it: "a", "a:60;b:40", "a;b";
// false where the shares do not come to the whole.
func labels(ids, shares map[string]string) (string, bool) {
	var all []string
	for i := 1; i <= splitRows; i++ {
		n := strconv.Itoa(i)
		share := strings.TrimSpace(strings.TrimSuffix(shares[n], "%"))
		switch {
		case ids[n] == "" && share != "":
			return "", false
		case ids[n] == "":
		case share == "":
			all = append(all, ids[n])
		default:
			all = append(all, ids[n]+":"+share+"%")
		}
	}
	text := strings.Join(all, ";")
	_, err := ledger.ParseLabels(text)
	return text, err == nil
}

// saveAllocation checks an allocation, shows what it would do, and does it.
func saveAllocation(v *Visit) (Answer, error) {
	if err := v.officer(); err != nil {
		return nil, err
	}
	var f allocateForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Do == doChange {
		return v.allocatePage(f, nil, nil), nil
	}
	r, reason, errs := v.readAllocation(f)
	if len(errs) > 0 {
		return v.allocatePage(f, errs, nil), nil
	}
	if !v.Sees(r.Service) {
		return nil, Missing{}
	}
	problem := ""
	if f.Do == doPost || f.Do == doAsk {
		seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
			return doOrAsk(f.Do == doAsk, b, a, r, reason)
		})
		switch {
		case err == nil && f.Do == doAsk:
			return Redirect{To: v.To("/approvals"), Say: v.T("moves.asked")}, nil
		case err == nil:
			return Redirect{To: v.To("/ledger/map"), Say: v.T("allocate.saved"), Undo: seq}, nil
		}
		if problem, err = v.nowRefused(err); err != nil {
			return nil, err
		}
	}
	o, err := decide.Do(v.Book, v.Actor(), r, reason)
	var needs *decide.NeedsApproval
	if err != nil && !as(err, &needs) {
		return v.refusedAllocation(f, r, err)
	}
	page := v.checkAllocation(f, r, o)
	if problem != "" {
		page.Errors.Add("", problem)
	}
	return page, nil
}

// readAllocation reads the form; when it was agreed stands with the reason.
func (v *Visit) readAllocation(f allocateForm) (r decide.Allocation, reason string, errs form.Errors) {
	r = decide.Allocation{Award: f.Award, Service: f.Service}
	if !v.Book.Has("awards", f.Award) {
		errs.Add("award", v.T("moves.no-award"))
	}
	if !v.Book.Has("services", f.Service) {
		errs.Add("service", v.T("moves.no-service"))
	}
	var problem string
	if r.Amount, problem = v.enteredAmount(f.Amount); problem != "" {
		errs.Add("amount", problem)
	} else if r.Amount == 0 {
		errs.Add("amount", v.T("moves.amount"))
	}
	var ok bool
	if r.Year, ok = yearOf(f.Year); !ok {
		errs.Add("year", v.T("moves.no-year"))
	}
	if r.Objective, ok = labels(f.Objective, f.ObjectiveShare); !ok {
		errs.Add("objective", v.T("allocate.bad-shares"))
	}
	if r.Area, ok = labels(f.Area, f.AreaShare); !ok {
		errs.Add("area", v.T("allocate.bad-shares"))
	}
	reason = f.Reason
	if f.AgreedOn != "" {
		d, err := fiscal.ParseDateAs(f.AgreedOn, fiscal.DayFirst)
		switch {
		case err != nil:
			errs.Add("agreed", v.T("moves.bad-date"))
		case d > v.Today:
			errs.Add("agreed", v.T("allocate.agreed-later"))
		default:
			reason = v.T("allocate.agreed-reason", "Reason", f.Reason, "Date", v.Date(d))
		}
	}
	if f.Reason == "" {
		errs.Add("reason", v.T("moves.no-reason"))
	}
	return r, reason, errs
}

// refusedAllocation puts a refusal at the field it is about.
func (v *Visit) refusedAllocation(f allocateForm, r decide.Allocation, err error) (Answer, error) {
	var errs form.Errors
	var short *ledger.Short
	var breach *ledger.Breach
	var except *navLink
	switch {
	case as(err, &short) && short.Account.Stage == ledger.Awarded:
		over := r.Amount - max(v.Book.Balance(short.Account), 0)
		errs.Add("amount", v.shortOf(r.Award, r.Year, over, r.Amount, true))
	case as(err, &breach):
		errs.Add("service", v.Refusal(v.Book, err))
		except = v.mayExcept(r.Award, r.Service, ledger.TermID(breach.Ruling))
	default:
		var refusal ledger.Refusal
		if !as(err, &refusal) {
			return nil, err
		}
		errs.Add("", v.Refusal(v.Book, err))
	}
	return v.allocatePage(f, errs, except), nil
}

func (v *Visit) checkAllocation(f allocateForm, r decide.Allocation, o *decide.Outcome) Page {
	p := v.moves(o)
	p.Lead = v.T("allocate.check-lead", "Amount", pounds(r.Amount), "Award", v.awardName(r.Award, r.Year), "Service", v.serviceName(r.Service), "Year", v.Reader.Year(r.Year))
	for _, s := range o.Steps {
		if len(o.Steps) > 1 {
			p.Changes = append(p.Changes, v.T("allocate.part", "Amount", s.Amount.Exact(), "For", v.forLabel(s.Objective, s.Area)))
		}
	}
	first := o.Steps[0]
	p.Rows = []parts.Row{
		{Key: v.T("by.award"), Value: v.awardName(r.Award, r.Year)}, {Key: v.T("service"), Value: v.serviceName(r.Service)},
		{Key: v.T("moves.amount-label"), Value: r.Amount.Exact()}, {Key: v.T("by.year"), Value: v.Reader.Year(r.Year)},
	}
	if len(o.Steps) == 1 {
		p.Rows = append(p.Rows, parts.Row{Key: v.T("allocate.for"), Value: v.forLabel(first.Objective, first.Area)})
	}
	p.Rows = append(p.Rows, parts.Row{Key: v.T("allocate.terms"), Value: v.verdictOn(r.Award, r.Service, r.Year, o.Steps)}, parts.Row{Key: v.T("moves.reason"), Value: f.Reason})
	if f.AgreedOn != "" {
		d, _ := fiscal.ParseDateAs(f.AgreedOn, fiscal.DayFirst)
		p.Rows = append(p.Rows, parts.Row{Key: v.T("allocate.agreed"), Value: v.Date(d)})
	}
	hide := func(name, value string) {
		if value != "" {
			p.Hidden = append(p.Hidden, parts.Hidden{Name: name, Value: value})
		}
	}
	hide("award", f.Award)
	hide("service", f.Service)
	hide("amount", f.Amount)
	hide("year", f.Year)
	hide("agreed", f.AgreedOn)
	hide("reason", f.Reason)
	for i := 1; i <= splitRows; i++ {
		n := strconv.Itoa(i)
		hide("objective."+n, f.Objective[n])
		hide("objective-share."+n, f.ObjectiveShare[n])
		hide("area."+n, f.Area[n])
		hide("area-share."+n, f.AreaShare[n])
	}
	p.Cancel = v.To("/ledger/map")
	return Page{Template: "moves", Title: v.T("allocate.check-title"), Nav: "ledger/edit", Data: p}
}

// forLabel says what money is for: an objective and a place, or not split.
func (v *Visit) forLabel(objective, area string) string {
	var all []string
	if objective != "" {
		all = append(all, v.NameOf(v.Book, "objectives", objective).Text)
	}
	if area != "" {
		all = append(all, v.NameOf(v.Book, "areas", area).Text)
	}
	if len(all) == 0 {
		return v.T("not-split")
	}
	return strings.Join(all, ", ")
}

// verdictOn says what the terms of an award say of a use, as the decision asked
// them.
func (v *Visit) verdictOn(award, service string, year fiscal.Year, steps []decide.Step) string {
	var said []string
	for _, s := range steps {
		r := v.Judge(award, service, ledger.Label{Objective: s.Objective, Area: s.Area}, year, v.Today)
		text := ""
		switch {
		case r.Verdict == funding.Refused: // and yet not refused: an exception is recorded
			text = v.T("allocate.excepted") + " " + v.Ruling(r)
		case r.Verdict == funding.NotKnown:
			text = v.T("edit.cannot-tell") + " " + v.Ruling(r)
		}
		if text != "" && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	if len(said) == 0 {
		return v.T("allocate.allowed")
	}
	return strings.Join(said, "\n")
}

// exceptForm records the ground on which a term is set aside.
type exceptForm struct {
	Award   string `form:"award"`
	Service string `form:"service"`
	Term    string `form:"term"`
	Ground  string `form:"ground"`
}

type exceptPage struct {
	Lead   string
	Fields []form.Field
	Key    string
	Cancel string
}

// exception asks for the ground of an exception.
func exception(v *Visit) (Answer, error) {
	return v.exceptPage(exceptForm{Award: v.Q("award"), Service: v.Q("service"), Term: v.Q("term")}, nil), nil
}

func (v *Visit) exceptPage(f exceptForm, errs form.Errors) Page {
	p := exceptPage{Key: NewKey(), Cancel: v.To("/ledger/map")}
	terms := []form.Option{{Label: v.T("moves.choose")}}
	if v.Book.Has("awards", f.Award) && v.Book.Has("services", f.Service) {
		if r := v.Judge(f.Award, f.Service, ledger.Label{}, v.Year, v.Today); r.Verdict == funding.Refused {
			p.Lead = v.Ruling(r)
		}
	}
	for _, award := range v.awardsByEnd() {
		if f.Award != "" && award != f.Award {
			continue
		}
		for _, t := range v.TermsOf(award) {
			if !slices.ContainsFunc(terms, func(o form.Option) bool { return o.Value == t.ID }) {
				terms = append(terms, form.Option{Value: t.ID, Label: v.NameOf(v.Book, "awards", award).Text + ": " + v.termRule(t.Rule) + " (" + t.ID + ")", Selected: t.ID == f.Term})
			}
		}
	}
	terms = append(terms, form.Option{Value: ledger.AwardPeriod, Label: v.T("moves.rule.award-period"), Selected: f.Term == ledger.AwardPeriod})
	p.Fields = []form.Field{
		{Name: "award", Label: v.T("by.award"), Type: "select", Required: true, Options: v.awardOptions(f.Award), Error: errs.Of("award")},
		{Name: "service", Label: v.T("service"), Type: "select", Required: true, Options: v.serviceOptions(f.Service), Error: errs.Of("service")},
		{Name: "term", Label: v.T("except.term"), Type: "select", Required: true, Options: terms, Error: errs.Of("term")},
		{Name: "ground", Label: v.T("except.ground"), Hint: v.T("except.ground-hint"), Type: "textarea", Rows: 3, Required: true, Value: f.Ground, Error: errs.Of("ground")},
	}
	return Page{Template: "exception", Title: v.T("except.title"), Nav: "ledger/approvals", Data: p, Errors: errs}
}

func saveException(v *Visit) (Answer, error) {
	var f exceptForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if !v.Book.Has("awards", f.Award) {
		errs.Add("award", v.T("moves.no-award"))
	}
	if !v.Book.Has("services", f.Service) {
		errs.Add("service", v.T("moves.no-service"))
	}
	of := slices.ContainsFunc(v.TermsOf(f.Award), func(t funding.Term) bool { return t.ID == f.Term })
	if !of && f.Term != ledger.AwardPeriod {
		errs.Add("term", v.T("except.no-term"))
	}
	if f.Ground == "" {
		errs.Add("ground", v.T("except.no-ground"))
	}
	if len(errs) > 0 {
		return v.exceptPage(f, errs), nil
	}
	_, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.Except(b, a, f.Award, f.Service, f.Term, f.Ground)
	})
	var refusal ledger.Refusal
	if as(err, &refusal) {
		errs.Add("", v.Refusal(v.Book, err))
		return v.exceptPage(f, errs), nil
	}
	if err != nil {
		return nil, err
	}
	return Redirect{To: v.To("/ledger/map"), Say: v.T("except.saved", "Award", v.NameOf(v.Book, "awards", f.Award).Text, "Service", v.serviceName(f.Service))}, nil
}

// ownMoney is what officers have put on a service from an award and that is
// neither promised nor spent.
func ownMoney(b *ledger.Book, award, service string, year fiscal.Year) money.Pence {
	return max(b.Balance(ledger.Account{Stage: ledger.Allocated, Award: award, Year: year, Service: service}), 0)
}
