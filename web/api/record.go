package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
)

// Note is what somebody noted about something.
type Note struct {
	ID    string `json:"id"`
	About string `json:"about" example:"services/youth-inclusion" doc:"a register and an id; findings/… and postings/12/3 too"`
	Text  string `json:"text"`
	Link  string `json:"link,omitempty"`
	By    string `json:"by,omitempty"`
	On    Date   `json:"on,omitempty"`
}

// Notes lists them, the newest first.
type Notes struct {
	Head
	Notes []Note `json:"notes"`
	Count int    `json:"count" doc:"how many there are on all pages"`
}

type notesIn struct {
	About string `query:"about" maxLength:"400" doc:"of one thing; of all where it is not given"`
	Paged
}

type notesOut struct{ Body Notes }

func (a *API) notes(_ context.Context, c *caller, in *notesIn) (*notesOut, error) {
	r := a.Reading(c.book, c.today)
	eyes := r.Eyes(c.who, c.reach)
	type dated struct {
		seq int
		rec ledger.Record
	}
	var all []dated
	for id, rec := range r.View.Records("notes") {
		if about := rec.Get("about"); (in.About == "" || about == in.About) && eyes.Note(about) {
			_, seqs := c.book.Versions("notes", id)
			all = append(all, dated{seqs[0], rec})
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return b.seq - a.seq })
	out := &notesOut{Notes{Head: head(r.View), Notes: []Note{}, Count: len(all)}}
	for _, one := range cut(in.Paged, all) {
		rec := one.rec
		out.Body.Notes = append(out.Body.Notes, Note{rec.ID, rec.Get("about"), rec.Get("text"), rec.Get("link"), rec.Get("by"), Date(rec.Get("on"))})
	}
	return out, nil
}

type noteIn struct {
	Doing
	Body struct {
		About string `json:"about" minLength:"1" maxLength:"400" example:"services/youth-inclusion"`
		Text  string `json:"text" minLength:"1" maxLength:"4000"`
		Link  string `json:"link,omitempty" maxLength:"2000"`
	}
}

// note keeps a note. Nothing is deleted: another may correct it.
func (a *API) note(ctx context.Context, c *caller, in *noteIn) (*Posted, error) {
	b := in.Body
	if !a.Reading(c.book, c.today).Eyes(c.who, c.reach).Note(b.About) {
		return nil, c.missing()
	}
	if strings.TrimSpace(b.Text) == "" {
		return nil, c.invalid("body.text", "what there is to note", b.Text)
	}
	if u, err := url.Parse(b.Link); b.Link != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return nil, c.invalid("body.link", "a web address, beginning https://", b.Link)
	}
	sum := sha256.Sum256([]byte(c.who.ID + "\n" + in.Key))
	rec := ledger.Record{Register: "notes", ID: "note-" + hex.EncodeToString(sum[:6])}
	for _, cell := range [][2]string{{"about", b.About}, {"text", b.Text}, {"link", b.Link}, {"by", c.who.Name}, {"on", c.today.String()}} {
		if cell[1] != "" {
			rec.Values = append(rec.Values, ledger.Value{Column: cell[0], Text: cell[1]})
		}
	}
	return a.post(ctx, c, in.Doing, "", func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(book, actor, rec, "", b.Text)
	})
}

type planExitIn struct {
	Doing
	Service string `path:"service" maxLength:"200"`
	Body    struct {
		Version  string `json:"version" doc:"of the plan as you saw it, from the register exits; blank for the first"`
		Option   string `json:"option" enum:"end,mainstream,other grant,charge,merge,hand over"`
		Owner    string `json:"owner" minLength:"1" doc:"a post, not a person"`
		ExitCost Pounds `json:"exit_cost,omitzero" required:"false" doc:"null is not known"`
		People   *int   `json:"people,omitempty" minimum:"0" doc:"how many people it touches; left out where it is not known"`
		After    string `json:"after,omitempty" doc:"what happens to the people it touches"`
		Note     string `json:"note,omitempty"`
		Reason   string `json:"reason" minLength:"1"`
	}
}

func (a *API) planExit(ctx context.Context, c *caller, in *planExitIn) (*Posted, error) {
	if err := a.aService(c, in.Service); err != nil {
		return nil, err
	}
	b := in.Body
	plan := ledger.Record{Register: "exits", ID: in.Service}
	add := func(column, text string) {
		if text != "" {
			plan.Values = append(plan.Values, ledger.Value{Column: column, Text: text})
		}
	}
	add("service", in.Service)
	add("option", b.Option)
	add("owner", b.Owner)
	if b.ExitCost.given {
		text := "?"
		if p, known := b.ExitCost.amount.Known(); known {
			text = p.String()
		}
		add("exit_cost", text)
	}
	if b.People != nil {
		add("people", strconv.Itoa(*b.People))
	}
	add("after", b.After)
	add("note", b.Note)
	return a.post(ctx, c, in.Doing, in.Service, func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.PlanExit(book, actor, plan, b.Version, b.Reason)
	})
}

type agreeExitIn struct {
	Doing
	Service string `path:"service" maxLength:"200"`
	Body    struct {
		Version string `json:"version" minLength:"1" doc:"of the plan as you saw it"`
		Reason  string `json:"reason" minLength:"1"`
	}
}

func (a *API) agreeExit(ctx context.Context, c *caller, in *agreeExitIn) (*Posted, error) {
	if err := a.aService(c, in.Service); err != nil {
		return nil, err
	}
	return a.post(ctx, c, in.Doing, in.Service, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.AgreeExit(b, actor, in.Service, in.Body.Version, in.Body.Reason)
	})
}

// aService refuses a service that is not there or not the caller's.
func (a *API) aService(c *caller, id string) error {
	if !c.book.Has("services", id) {
		return c.missing()
	}
	return a.within(c, id)
}

type exceptIn struct {
	Doing
	Body struct {
		Award   string `json:"award"`
		Service string `json:"service"`
		Term    string `json:"term" doc:"a term's id, or award-period for the award's own dates"`
		Ground  string `json:"ground" minLength:"1"`
	}
}

func (a *API) except(ctx context.Context, c *caller, in *exceptIn) (*Posted, error) {
	b := in.Body
	if err := a.aService(c, b.Service); err != nil {
		return nil, err
	}
	of := slices.ContainsFunc(c.book.View(c.today).TermsOf(b.Award), func(t funding.Term) bool { return t.ID == b.Term })
	if !of && b.Term != ledger.AwardPeriod {
		return nil, c.invalid("body.term", "a term of this award, or award-period", b.Term)
	}
	return a.post(ctx, c, in.Doing, "", func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.Except(book, actor, b.Award, b.Service, b.Term, b.Ground)
	})
}

type atRiskIn struct {
	Doing
	Body struct {
		Award     string `json:"award" minLength:"1"`
		Service   string `json:"service,omitempty" doc:"left out: every service of the award"`
		Ceiling   Pounds `json:"ceiling"`
		Until     Date   `json:"until"`
		BearsLoss string `json:"bears_loss" minLength:"1" doc:"who bears the loss if the money does not come"`
		Reason    string `json:"reason" minLength:"1"`
	}
}

func (a *API) allowAtRisk(ctx context.Context, c *caller, in *atRiskIn) (*Posted, error) {
	b := in.Body
	ceiling, err := c.known(b.Ceiling, "body.ceiling")
	if err != nil {
		return nil, err
	}
	until, err := c.date(b.Until, "body.until")
	if err == nil && b.Service != "" {
		err = a.aService(c, b.Service)
	}
	if err != nil {
		return nil, err
	}
	return a.post(ctx, c, in.Doing, "", func(book *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.AllowAtRisk(book, actor, b.Award, b.Service, ceiling, until, b.BearsLoss, b.Reason)
	})
}

type putIn struct {
	Doing
	Register string `path:"register" enum:"areas,organisations,objectives,boards,services,needs,agreements,indicators,measurements,streams,awards,terms,assumptions"`
	Body     struct {
		ID      string            `json:"id" minLength:"1"`
		Version string            `json:"version" doc:"of the row as you saw it; blank for a new one"`
		Values  map[string]string `json:"values" doc:"every column the row is to have, in the register's own words; what an award is worth is stated as a figure"`
		Reason  string            `json:"reason" minLength:"1"`
	}
}

func (a *API) put(ctx context.Context, c *caller, in *putIn) (*Posted, error) {
	needs := map[string]people.Action{"streams": people.SetAward, "awards": people.SetAward, "terms": people.SetAward, "assumptions": people.Pay}
	if right, own := needs[in.Register]; own {
		c.right = right
		if c.reach = c.who.May(c.right, c.today); c.reach.Nowhere() {
			return nil, made(c.lang, http.StatusForbidden, "not-allowed")
		}
	}
	rec, err := c.row(in)
	if err == nil {
		err = a.mayPut(c, rec)
	}
	if err == nil {
		err = c.sensible(rec)
	}
	if err != nil {
		return nil, err
	}
	return a.post(ctx, c, in.Doing, in.Register, func(b *ledger.Book, actor decide.Actor) (*decide.Outcome, error) {
		return decide.PutRecord(b, actor, rec, in.Body.Version, in.Body.Reason)
	})
}

// row is the row that a request would leave. Years are a service's planned cost;
// an award's years stay as they are, as its figures are stated elsewhere.
func (c *caller) row(in *putIn) (ledger.Record, error) {
	register := ledger.RegisterNamed(in.Register)
	now, _ := c.book.Record(in.Register, in.Body.ID)
	rec := ledger.Record{Register: in.Register, ID: in.Body.ID}
	left := len(in.Body.Values)
	add := func(column, text string) {
		if text != "" {
			rec.Values = append(rec.Values, ledger.Value{Column: column, Text: text})
		}
	}
	stated := func(column string) bool {
		return in.Register == "awards" && slices.Contains(ledger.StatementColumns, column)
	}
	for _, column := range register.Columns {
		if text, ok := in.Body.Values[column.Name]; ok && !stated(column.Name) {
			left--
			add(column.Name, text)
		}
	}
	var years []string
	for column := range in.Body.Values {
		if _, err := fiscal.ParseYear(column); err == nil && in.Register == "services" {
			years = append(years, column)
		}
	}
	slices.Sort(years)
	for _, column := range years {
		left--
		add(column, in.Body.Values[column])
	}
	if left > 0 {
		return rec, c.invalid("body.values", "only columns that the register has; what an award is worth is stated as a figure", nil)
	}
	if in.Register != "services" {
		for _, value := range now.Values {
			if _, err := fiscal.ParseYear(value.Column); err == nil || stated(value.Column) {
				add(value.Column, value.Text)
			}
		}
	}
	return rec, nil
}

// mayPut holds a row to where the caller's right reaches, as it stands and as it
// would be. What is the whole council's takes a right in the whole council.
func (a *API) mayPut(c *caller, rec ledger.Record) error {
	if c.reach.All {
		return nil
	}
	eyes := a.Reading(c.book, c.today).Eyes(c.who, c.reach)
	now, met := c.book.Record(rec.Register, rec.ID)
	if met && !eyes.Edits(now) {
		return c.missing()
	}
	if !met && !slices.Contains([]string{"services", "needs", "agreements"}, rec.Register) {
		return made(c.lang, http.StatusForbidden, "whole-council")
	}
	tree := c.book.AreaTree()
	within := func(area string) bool {
		return slices.ContainsFunc(c.reach.Areas, func(own string) bool { return tree.Within(area, own) })
	}
	where, ok := "", true
	switch rec.Register {
	case "services":
		where = "areas"
		for area := range strings.SplitSeq(rec.Get("areas"), ";") { // none is everywhere, which is more than one's own
			ok = ok && within(strings.TrimSpace(area))
		}
	case "needs":
		where, ok = "area", within(rec.Get("area"))
	case "areas":
		where, ok = "parent", within(rec.Get("parent"))
	case "agreements":
		where, ok = "service", a.within(c, rec.Get("service")) == nil
	}
	if !ok {
		return c.invalid("body.values."+where, "one of your own", rec.Get(where))
	}
	return nil
}

// sensible holds the columns of a row to each other.
func (c *caller) sensible(rec ledger.Record) error {
	for _, of := range [][2]string{{"starts", "ends"}, {"from", "to"}} {
		if from, to := rec.Get(of[0]), rec.Get(of[1]); rec.Register != "transfers" && from != "" && to != "" && to < from {
			return c.invalid("body.values."+of[1], "a day on or after "+of[0], to)
		}
	}
	if rec.Register != "terms" {
		return nil
	}
	if (rec.Get("stream") == "") == (rec.Get("award") == "") {
		return c.invalid("body.values.stream", "a stream or an award, and not both", nil)
	}
	rule, err := funding.ParseRule(rec.Get("rule"))
	if err != nil {
		return c.invalid("body.values.rule", err.Error(), rec.Get("rule"))
	}
	when, err := funding.ParseWhen(rec.Get("when"))
	if err != nil {
		return c.invalid("body.values.when", err.Error(), rec.Get("when"))
	}
	if _, err := funding.NewTerm(funding.Term{ID: "new", Stream: "any", Rule: rule, Value: rec.Get("value"), When: when}); err != nil {
		return c.invalid("body.values.value", err.Error(), rec.Get("value"))
	}
	return nil
}
