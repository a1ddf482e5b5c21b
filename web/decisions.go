package web

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/templates/parts"
)

var decisionRoutes = []Route{
	{Method: "GET", Path: "/boards/:id/proposals/:n/interest", Right: people.DecideBoard, Do: interest},
	{Method: "POST", Path: "/boards/:id/proposals/:n/interest", Right: people.DecideBoard, Do: interestSaid},
	{Method: "GET", Path: "/boards/:id/proposals/:n/decide", Right: people.DecideBoard, Do: decision},
	{Method: "POST", Path: "/boards/:id/proposals/:n/decide", Right: people.DecideBoard, Do: decisionMade},
	{Method: "GET", Path: "/boards/:id/proposals/:n/council/interest", Right: people.DecideCouncil, Do: interest},
	{Method: "POST", Path: "/boards/:id/proposals/:n/council/interest", Right: people.DecideCouncil, Do: interestSaid},
	{Method: "GET", Path: "/boards/:id/proposals/:n/council", Right: people.DecideCouncil, Do: decision},
	{Method: "POST", Path: "/boards/:id/proposals/:n/council", Right: people.DecideCouncil, Do: decisionMade},
	{Method: "GET", Path: "/boards/:id/proposals/:n/minute", Right: people.SeeBoard, Do: minute},
}

// forCouncil reports whether the route is the council's, which decides on what a
// board recommends.
func (v *Visit) forCouncil() bool { return v.Route.Right == people.DecideCouncil }

// decidePath and interestPath are the route's own pages of a proposal.
func (v *Visit) decidePath(p ledger.Record) string {
	if v.forCouncil() {
		return v.proposalPath(p, "/council")
	}
	return v.proposalPath(p, "/decide")
}

func (v *Visit) interestPath(p ledger.Record) string {
	if v.forCouncil() {
		return v.proposalPath(p, "/council/interest")
	}
	return v.proposalPath(p, "/interest")
}

type interestPage struct {
	Board, Back, Key string
	Lead             string
	Interest, What   form.Field
}

type interestForm struct {
	Interest string `form:"interest"`
	What     string `form:"what"`
}

// interest asks a person, before they decide, whether they have a stake.
func interest(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	was, _ := v.Record("interests", p.ID+"/"+v.Who.ID)
	return v.interestPage(b, p, interestForm{was.Get("interest"), was.Get("what")}, nil), nil
}

func (v *Visit) interestPage(b commissioning.Board, p ledger.Record, f interestForm, errs form.Errors) Page {
	d := interestPage{Board: b.Name, Back: v.proposalPath(p, ""), Key: NewKey(), Lead: v.T("interest.lead")}
	d.Interest = form.Field{Name: "interest", Label: v.T("interest.question", "Title", p.Get("title")), Type: "radios", Error: errs.Of("interest"), Options: []form.Option{
		{Value: "no", Label: v.T("interest.no"), Selected: f.Interest == "no"}, {Value: "yes", Label: v.T("interest.yes"), Hint: v.T("interest.yes.hint"), Selected: f.Interest == "yes"}}}
	d.What = form.Field{Name: "what", Label: v.T("interest.what"), Hint: v.T("interest.what.hint"), Type: "textarea", Rows: 3, Value: f.What, Error: errs.Of("what")}
	return Page{Template: "interest", Title: v.T("interest.title", "Title", p.Get("title")), Nav: "boards", Data: d, Errors: errs}
}

func interestSaid(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	var f interestForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	var errs form.Errors
	if f.Interest != "yes" && f.Interest != "no" {
		errs.Add("interest", v.T("interest.missing"))
	}
	if f.Interest == "yes" && f.What == "" {
		errs.Add("what", v.T("interest.what.missing"))
	}
	if len(errs) > 0 {
		return v.interestPage(b, p, f, errs), nil
	}
	_, err = v.Post(func(book *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.DeclareInterest(book, v.Actor(), p.ID, f.Interest == "yes", f.What))
	})
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return v.interestPage(b, p, f, form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	if f.Interest == "yes" {
		return Redirect{To: v.proposalPath(p, ""), Say: v.T("interest.said-yes")}, nil
	}
	return Redirect{To: v.decidePath(p), Say: v.T("interest.said-no")}, nil
}

type decisionForm struct {
	Outcome   string `form:"outcome"`
	Amount    string `form:"amount"`
	HeldOn    string `form:"held_on"`
	Present   string `form:"present"`
	For       string `form:"votes_for"`
	Against   string `form:"votes_against"`
	Abstained string `form:"abstained"`
	Reason    string `form:"reason"`
	Second    string `form:"second"`
	Until     string `form:"until"`
	Step      string `form:"step"`
}

// hidden carries the form through its check page.
func (f decisionForm) hidden() []parts.Hidden {
	return []parts.Hidden{{Name: "outcome", Value: f.Outcome}, {Name: "amount", Value: f.Amount}, {Name: "held_on", Value: f.HeldOn}, {Name: "present", Value: f.Present}, {Name: "votes_for", Value: f.For},
		{Name: "votes_against", Value: f.Against}, {Name: "abstained", Value: f.Abstained}, {Name: "reason", Value: f.Reason}, {Name: "second", Value: f.Second}, {Name: "until", Value: f.Until}}
}

type decisionPage struct {
	Board, Back, Lead, Key string
	Recommends             string // who decides afterwards
	Facts                  []parts.Row
	Outcome, Amount, Until form.Field
	HeldOn, Present        form.Field
	Votes                  []form.Field
	Reason, Second         form.Field
	Nobody                 bool // there is no second person to name
	Council                bool
}

type decisionCheck struct {
	Board, Back, Key string
	Rows             []parts.Row
	Hidden           []parts.Hidden
	Happens          []string
}

var outcomes = []string{"pay", "part", "defer", "in principle", "refuse"}

// decision asks for the record of what was decided. Who has not said whether
// they have an interest is asked that first.
func decision(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	said, declared := v.interestOf(p.ID)
	switch waits := proposalState(p) == "recommended"; {
	case p.Get("asked_by") == v.Who.ID, said == "yes", waits != v.forCouncil(), !slices.Contains([]string{"proposed", "recommended", "deferred", "in principle"}, proposalState(p)):
		return Redirect{To: v.proposalPath(p, "")}, nil // its page says why
	case !declared:
		return Redirect{To: v.interestPath(p)}, nil
	}
	return v.decisionPage(b, p, decisionForm{}, nil)
}

// seconds lists who may agree the record: people with the same right, but not
// the recorder, not who asked, and nobody with an interest.
func (v *Visit) seconds(ctx context.Context, b commissioning.Board, p ledger.Record) ([]*people.Person, error) {
	all, err := v.Server.People.All(ctx)
	if err != nil {
		return nil, err
	}
	var list []*people.Person
	for _, who := range all {
		said, _ := v.Record("interests", p.ID+"/"+who.ID)
		if who.ID != v.Who.ID && who.ID != p.Get("asked_by") && said.Get("interest") != "yes" && v.reachesBoard(who.May(v.Route.Right, v.Today), b) {
			list = append(list, who)
		}
	}
	compare := v.Sort()
	slices.SortStableFunc(list, func(x, y *people.Person) int { return compare(x.Name, y.Name) })
	return list, nil
}

func (v *Visit) decisionPage(b commissioning.Board, p ledger.Record, f decisionForm, errs form.Errors) (Answer, error) {
	d := decisionPage{Board: b.Name, Back: v.proposalPath(p, ""), Key: NewKey(), Facts: v.proposalFacts(p), Council: v.forCouncil()}
	d.Lead = v.T("decision.lead", "Title", p.Get("title"), "Amount", v.Sum(asked(p)))
	if b.Kind == commissioning.Recommends && !d.Council {
		d.Recommends = v.decider(b)
	}
	field := func(name, kind string, value string) form.Field {
		return form.Field{Name: name, Label: v.T("decision." + slugOf(strings.ReplaceAll(name, "_", " "))), Type: kind, Value: value, Error: errs.Of(name)}
	}
	d.Outcome = field("outcome", "radios", "")
	for _, o := range outcomes {
		option := form.Option{Value: o, Label: v.T("decision.outcome."+slugOf(o), "Amount", v.Sum(asked(p))), Selected: f.Outcome == o}
		if id := "decision.hint." + slugOf(o); v.Reader.Has(id) {
			option.Hint = v.T(id)
		}
		d.Outcome.Options = append(d.Outcome.Options, option)
	}
	d.Amount = field("amount", "money", f.Amount)
	d.Until = field("until", "date", f.Until)
	d.HeldOn = field("held_on", "date", f.HeldOn)
	if d.Council {
		d.HeldOn.Label = v.T("decision.made-on")
	} else {
		d.Present = field("present", "number", f.Present)
		if b.Quorum > 0 {
			d.Present.Hint = v.T("decision.present.hint", "Quorum", v.Count(b.Quorum))
		}
		d.Votes = []form.Field{field("votes_for", "number", f.For), field("votes_against", "number", f.Against), field("abstained", "number", f.Abstained)}
	}
	d.Reason = field("reason", "textarea", f.Reason)
	d.Reason.Required = true
	list, err := v.seconds(v.Context(), b, p)
	if err != nil {
		return nil, err
	}
	d.Nobody = len(list) == 0
	d.Second = field("second", "select", "")
	d.Second.Hint = v.T("decision.second.hint")
	d.Second.Options = []form.Option{{Value: "", Label: v.T("decision.second.choose")}}
	for _, who := range list {
		d.Second.Options = append(d.Second.Options, form.Option{Value: who.ID, Label: who.Name, Selected: f.Second == who.ID})
	}
	return Page{Template: "decision", Title: v.T("decision.title", "Title", p.Get("title")), Nav: "boards", Data: d, Errors: errs}, nil
}

// read makes the decision of the form, and says what to put right first.
func (v *Visit) readDecision(b commissioning.Board, p ledger.Record, f decisionForm) (decide.Decision, form.Errors, error) {
	var errs form.Errors
	d := decide.Decision{Proposal: p.ID, Outcome: f.Outcome, Reason: f.Reason, Second: f.Second}
	if !slices.Contains(outcomes, f.Outcome) {
		errs.Add("outcome", v.T("decision.outcome.missing"))
	}
	if f.Outcome == "part" {
		var fault string
		if d.Amount, fault = v.poundsOf(f.Amount); fault != "" {
			errs.Add("amount", fault)
		} else if all, err := money.ParsePence(p.Get("amount")); err == nil && d.Amount >= all {
			errs.Add("amount", v.T("decision.amount.most", "Amount", all.Exact()))
		}
	}
	day := func(field, text string, needed bool) fiscal.Date {
		on, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
		if err != nil {
			errs.Add(field, v.T("decision.date.bad"))
		} else if needed && on.IsZero() {
			errs.Add(field, v.T("decision."+slugOf(strings.ReplaceAll(field, "_", " "))+".missing"))
		}
		return on
	}
	if f.Outcome == "defer" || f.Outcome == "in principle" {
		d.Until = day("until", f.Until, f.Outcome == "defer")
	}
	d.HeldOn = day("held_on", f.HeldOn, true)
	if !v.forCouncil() {
		for _, of := range []struct {
			field, text string
			into        *int
		}{{"present", f.Present, &d.Present}, {"votes_for", f.For, &d.For}, {"votes_against", f.Against, &d.Against}, {"abstained", f.Abstained, &d.Abstained}} {
			n, fault := v.countOf(of.text, 0)
			if *of.into = n; fault != "" {
				errs.Add(of.field, fault)
			}
		}
		if f.Present == "" {
			errs.Add("present", v.T("decision.present.missing"))
		}
	}
	if f.Reason == "" {
		errs.Add("reason", v.T("decision.reason.missing"))
	}
	list, err := v.seconds(v.Context(), b, p)
	if err != nil {
		return d, nil, err
	}
	if !slices.ContainsFunc(list, func(who *people.Person) bool { return who.ID == f.Second }) {
		errs.Add("second", v.T("decision.second.missing"))
	}
	return d, errs, nil
}

// refusedAt puts what a rule refused of a decision at its field.
func (v *Visit) refusedAt(err error) form.Errors {
	field, text := "", v.Refusal(v.Book, err)
	var date *decide.BadDate
	var needs *decide.Needs
	var votes *decide.BadVotes
	var quorum *decide.NoQuorum
	var second *decide.SecondNeeded
	var amount *decide.BadAmount
	switch {
	case errors.As(err, &date) && date.After:
		field, text = date.Column, v.T("decision.date.after", "Date", v.Date(date.Day))
	case errors.As(err, &date):
		field, text = date.Column, v.T("decision.date.before", "Date", v.Date(date.Day))
	case errors.As(err, &needs) && (needs.Column == "award" || needs.Column == "service"):
		text = v.T("decision.unprepared")
	case errors.As(err, &votes):
		field = "votes_for"
	case errors.As(err, &quorum):
		field = "present"
	case errors.As(err, &second):
		field, text = "second", v.T("decision.second.missing")
	case errors.As(err, &amount):
		field = "amount"
	}
	return form.Errors{{Field: field, Text: text}}
}

// decisionMade checks the record of a decision, shows what it would do, and
// then keeps it.
func decisionMade(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	var f decisionForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Step == "change" {
		return v.decisionPage(b, p, f, nil)
	}
	d, errs, err := v.readDecision(b, p, f)
	if err != nil {
		return nil, err
	}
	if f.Step != "save" && len(errs) == 0 {
		o, err := decide.Decide(v.Book, v.Actor(), d)
		if err == nil {
			return v.decisionChecked(b, p, f, d, o), nil
		}
		var refusal ledger.Refusal
		if !errors.As(err, &refusal) {
			return nil, err
		}
		errs = v.refusedAt(err)
	}
	if len(errs) > 0 {
		return v.decisionPage(b, p, f, errs)
	}
	_, err = v.Post(func(book *ledger.Book) (*ledger.Draft, error) { return drafted(decide.Decide(book, v.Actor(), d)) })
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return v.decisionPage(b, p, f, v.refusedAt(err))
	}
	if err != nil {
		return nil, err
	}
	return Redirect{To: v.proposalPath(p, "/minute"), Say: v.T("decision.saved")}, nil
}

// decisionChecked says what saving the record would do.
func (v *Visit) decisionChecked(b commissioning.Board, p ledger.Record, f decisionForm, d decide.Decision, o *decide.Outcome) Page {
	check := decisionCheck{Board: b.Name, Back: v.proposalPath(p, ""), Key: NewKey(), Hidden: f.hidden()}
	add := func(id, value string) {
		if value != "" {
			check.Rows = append(check.Rows, parts.Row{Key: v.T(id), Value: value})
		}
	}
	amount := asked(p)
	if d.Outcome == "part" {
		amount = sumOf(d.Amount)
	}
	pays := d.Outcome == "pay" || d.Outcome == "part"
	add("minute.outcome", v.T("decision.outcome."+slugOf(d.Outcome), "Amount", v.Sum(asked(p))))
	if pays {
		add("minute.amount", v.Sum(amount))
	}
	if !d.Until.IsZero() {
		add("minute.until", v.Date(d.Until))
	}
	add("minute.held-on", v.Date(d.HeldOn))
	if !v.forCouncil() {
		add("minute.present", v.Count(d.Present))
		add("decision.votes", v.T("decision.votes.said", "For", v.Count(d.For), "Against", v.Count(d.Against), "Abstained", v.Count(d.Abstained)))
	}
	add("minute.reason", d.Reason)
	add("minute.second", v.personName(d.Second))
	recommended := slices.ContainsFunc(o.Draft.Records(), func(r ledger.Record) bool { return r.Register == "proposals" && r.Get("state") == "recommended" })
	switch {
	case recommended && !o.Need.Alone && o.Need.Limit != nil:
		check.Happens = append(check.Happens, v.T("decision.happens.over", "Limit", o.Need.Limit.Amount.Whole(), "By", v.decider(b)))
	case recommended:
		check.Happens = append(check.Happens, v.T("decision.happens.recommended", "By", v.decider(b)))
	case len(o.Steps) > 0:
		for _, left := range o.Left {
			if left.Board == b.ID {
				check.Happens = append(check.Happens, v.T("decision.happens.paid", "Amount", v.Sum(amount), "Award", v.NameOf(v.Book, "awards", left.Award).Text, "Before", left.Before.Whole(), "After", left.After.Whole()))
			}
		}
	default:
		check.Happens = append(check.Happens, v.T("decision.happens.none"))
	}
	if len(o.Unknown) > 0 {
		check.Happens = append(check.Happens, v.T("decision.happens.unknown"))
	}
	return Page{Template: "decisioncheck", Title: v.T("decision.check"), Nav: "boards", Data: check}
}

type minutePage struct {
	Back, Council, Board string
	Rows                 []parts.Row
	Interests            []string
	Next                 string
	Hash                 string
	Others               []navLink
}

// body names who made a decision; a council that no board names is the council.
func (v *Visit) body(made ledger.Record) string {
	if body := made.Get("body"); body != "Council" {
		return body
	}
	return v.T("minute.the-council")
}

// minute is one decision written down, to be signed and filed.
func minute(v *Visit) (Answer, error) {
	b, p, err := v.proposalOf()
	if err != nil {
		return nil, err
	}
	all := v.decisionsOn(p.ID)
	n := len(all)
	if text := v.Q("decision"); text != "" {
		if n, err = strconv.Atoi(text); err != nil {
			return nil, Missing{}
		}
	}
	if n < 1 || n > len(all) {
		return nil, Missing{}
	}
	made := all[n-1]
	d := minutePage{Back: v.proposalPath(p, ""), Council: v.Council(), Board: b.Name}
	add := func(id, value string) {
		if value != "" {
			d.Rows = append(d.Rows, parts.Row{Key: v.T(id), Value: value})
		}
	}
	date := func(column string) string {
		if on, err := fiscal.ParseDate(made.Get(column)); err == nil && !on.IsZero() {
			return v.Date(on)
		}
		return ""
	}
	add("minute.proposal", v.T("minute.proposal.said", "Title", p.Get("title"), "Who", v.personName(p.Get("asked_by")), "Amount", v.Sum(asked(p)), "Year", p.Get("year")))
	add("proposal.what", p.Get("what"))
	add("minute.body", v.body(made))
	add("minute.outcome", v.outcome(made))
	if made.Get("amount") != "" {
		amount, _ := money.ParsePence(made.Get("amount"))
		add("minute.amount", amount.Exact())
		if award := p.Get("award"); award != "" {
			add("by.award", v.NameOf(v.Book, "awards", award).Text)
		}
	}
	add("minute.until", date("until"))
	add("minute.held-on", date("held_on"))
	if present := made.Get("present"); present != "" && present != "0" {
		add("minute.present", present)
		add("decision.votes", v.T("decision.votes.said", "For", made.Get("votes_for"), "Against", made.Get("votes_against"), "Abstained", made.Get("abstained")))
	}
	add("minute.reason", made.Get("reason"))
	add("minute.recorded", v.personName(made.Get("by")))
	add("minute.second", v.personName(made.Get("second")))
	versions, seqs := v.Versions("decisions", made.ID)
	if len(versions) > 0 {
		_, hash := v.Head(seqs[0])
		d.Hash = v.T("minute.hash", "Seq", seqs[0], "Hash", hash.String())
	}
	for _, r := range v.Records("interests") {
		if r.Get("proposal") == p.ID {
			id := "proposal.interest.no"
			if r.Get("interest") == "yes" {
				id = "proposal.interest.yes"
			}
			d.Interests = append(d.Interests, v.T(id, "Who", cmp.Or(r.Get("name"), r.Get("person")), "What", r.Get("what")))
		}
	}
	switch held, err := fiscal.ParseDate(made.Get("held_on")); {
	case made.Get("kind") == "recommends" && n == len(all):
		d.Next = v.T("minute.next.council", "By", v.decider(b))
	case b.CallInDays > 0 && err == nil && made.Get("amount") != "":
		d.Next = v.T("minute.next.call-in", "Date", v.Date(held.AddDays(b.CallInDays)))
	}
	for i := range all {
		if i+1 != n {
			d.Others = append(d.Others, navLink{Href: v.proposalPath(p, "/minute") + v.joined("decision", strconv.Itoa(i+1)), Text: v.T("minute.other", "N", i+1)})
		}
	}
	return Page{Template: "minute", Title: v.T("minute.title", "Title", p.Get("title")), Nav: "boards", Data: d}, nil
}
