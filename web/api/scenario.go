package api

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"braid/ledger/align"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/report"
	"braid/ledger/scenario"
)

// wholeCouncil refuses who sees a part: what a way out comes to, and a better use
// of all the money, are of the whole.
func (c *caller) wholeCouncil() error {
	if c.reach.All {
		return nil
	}
	return made(c.lang, http.StatusForbidden, "not-allowed")
}

// Scenarios are ways out, each a list of changes; and what each comes to, where
// that is asked.
type Scenarios struct{ printed }

// Schema describes them.
func (Scenarios) Schema(huma.Registry) *huma.Schema {
	change := map[string]*huma.Schema{"kind": text("award-cut, service-stops, money-put …"), "supposition": truth("of what others may do: laid, and never posted"), "says": text("the change in words"),
		"year": yearSchema, "to_year": yearSchema, "amount": poundsSchema, "percent": number(), "date": dateSchema}
	for _, name := range []string{"award", "to_award", "service", "to_service", "objective", "area", "cost_type", "rate", "why"} {
		change[name] = text("")
	}
	year := map[string]*huma.Schema{"year": yearSchema, "short": arrayOf(text("services")), "perhaps_short": arrayOf(text("")), "rules_broken": number(),
		"people":          {Description: "touched by it; null is not known, and a few are fewer than 5", OneOf: []*huma.Schema{{Type: huma.TypeInteger, Nullable: true}, {Type: huma.TypeString, Enum: []any{"fewer than 5"}}}},
		"people_at_least": truth("")}
	for _, line := range []string{"cost", "secured", "gap"} {
		ofLine(year, line)
	}
	one := map[string]*huma.Schema{"id": text("left out: doing nothing"), "name": text(""), "state": text(""), "note": text(""), "by": text(""), "applied": dateSchema, "year": yearSchema,
		"changes":  arrayOf(object([]string{"kind", "supposition", "says"}, change)),
		"years":    arrayOf(object([]string{"year", "cost", "secured", "gap", "short", "people", "rules_broken"}, year)),
		"left_out": arrayOf(object([]string{"refusal"}, map[string]*huma.Schema{"change": text(""), "refusal": text("")})),
		"broken":   arrayOf(object([]string{"award", "service", "year", "rule"}, map[string]*huma.Schema{"award": text(""), "service": text(""), "year": yearSchema, "rule": text("")}))}
	s := object([]string{"as_at", "sequence", "hash", "scenarios"}, ofHead(map[string]*huma.Schema{"scenarios": arrayOf(object([]string{"name", "changes"}, one))}))
	s.Description = "Scenarios; with years, what each comes to, which changes could not be laid, and which rules of grants it breaks."
	return s
}

type scenariosOut struct{ Body Scenarios }

// scenario gives one as far as the caller sees it.
func (c *caller) scenario(r Reading, id string) (scenario.Scenario, error) {
	s, there := scenario.Read(c.book, id)
	if there {
		s, there = r.Eyes(c.who, c.reach).Scenario(s)
	}
	if !there {
		return s, c.missing()
	}
	return s, nil
}

func (a *API) scenarios(_ context.Context, c *caller, in *At) (*scenariosOut, error) {
	r, err := a.at(c, *in)
	if err != nil {
		return nil, err
	}
	var seen []scenario.Scenario
	eyes := r.Eyes(c.who, c.reach)
	for _, s := range scenario.All(c.book) {
		if s, sees := eyes.Scenario(s); sees {
			seen = append(seen, s)
		}
	}
	body, err := print(func(w io.Writer) error { return report.ScenariosJSON(w, r.View, seen) })
	return &scenariosOut{Scenarios{body}}, err
}

// OverYears is how many years a way out is followed.
type OverYears struct {
	At
	Years int `query:"years" minimum:"1" maximum:"10" default:"4" doc:"how many, from the year of the date"`
}

type scenarioIn struct {
	OverYears
	Scenario string `path:"scenario" maxLength:"200"`
}

// scenarioOf is one scenario. What it comes to is of the whole council: who sees
// a part sees its changes alone.
func (a *API) scenarioOf(_ context.Context, c *caller, in *scenarioIn) (*scenariosOut, error) {
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	s, err := c.scenario(r, in.Scenario)
	if err != nil {
		return nil, err
	}
	body, err := print(func(w io.Writer) error {
		if !c.reach.All {
			return report.ScenariosJSON(w, r.View, []scenario.Scenario{s})
		}
		return report.ComparisonJSON(w, r.View, []*scenario.Outcome{scenario.Work(r.View, s, in.Years)})
	})
	return &scenariosOut{Scenarios{body}}, err
}

type compareIn struct {
	OverYears
	Of      []string `query:"of" maxItems:"4" doc:"scenarios, by id, parted by commas: up to four, doing nothing among them"`
	Nothing bool     `query:"nothing" default:"true" doc:"doing nothing first"`
}

func (a *API) compare(_ context.Context, c *caller, in *compareIn) (*scenariosOut, error) {
	if err := c.wholeCouncil(); err != nil {
		return nil, err
	}
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	var of []scenario.Scenario
	if in.Nothing {
		of = append(of, scenario.Nothing("Do nothing"))
	}
	for _, id := range in.Of {
		s, err := c.scenario(r, id)
		if err != nil {
			return nil, err
		}
		of = append(of, s)
	}
	if len(of) == 0 || len(of) > scenario.Most {
		return nil, c.invalid("query.of", "from one to four, doing nothing among them", strings.Join(in.Of, ","))
	}
	body, err := print(func(w io.Writer) error {
		return report.ComparisonJSON(w, r.View, scenario.Compare(r.View, 0, in.Years, of...).Columns)
	})
	return &scenariosOut{Scenarios{body}}, err
}

// Planned is a better use of the same money, and why.
type Planned struct{ printed }

// Schema describes it.
func (Planned) Schema(huma.Registry) *huma.Schema {
	because := arrayOf(text(""))
	award, service := text(""), text("")
	s := object([]string{"as_at", "sequence", "hash", "from", "to", "exact", "moves", "carries", "short", "unused", "aims", "worth", "doubts"}, ofHead(map[string]*huma.Schema{
		"from": yearSchema, "to": yearSchema, "exact": truth("the best there is; where not, within says how far from it"), "within": poundsSchema, "at_aim": text(""),
		"moves": arrayOf(object([]string{"award", "service", "year", "was", "to", "change", "because"}, map[string]*huma.Schema{"award": award, "service": service, "year": yearSchema,
			"was": poundsSchema, "to": poundsSchema, "change": poundsSchema, "objective": text(""), "area": text(""), "because": because})),
		"carries": arrayOf(object([]string{"award", "from", "to", "amount", "because"}, map[string]*huma.Schema{"award": award, "from": yearSchema, "to": yearSchema, "amount": poundsSchema, "because": because})),
		"short": arrayOf(object([]string{"service", "year", "cost", "was", "short", "because"}, map[string]*huma.Schema{"service": service, "year": yearSchema, "cost": poundsSchema,
			"was": poundsSchema, "short": poundsSchema, "statutory": truth(""), "because": because})),
		"unused": arrayOf(object([]string{"award", "year", "amount", "lost", "because"}, map[string]*huma.Schema{"award": award, "year": yearSchema, "amount": poundsSchema,
			"lost": truth("it ends with the year"), "because": because})),
		"aims": arrayOf(object([]string{"aim", "before", "after", "before_weighed", "after_weighed", "says"}, map[string]*huma.Schema{"aim": text(""), "before": poundsSchema, "after": poundsSchema,
			"before_weighed": number(), "after_weighed": number(), "says": text("")})),
		"worth": arrayOf(object([]string{"award", "year", "says"}, map[string]*huma.Schema{"award": award, "year": yearSchema, "service": service, "aim": text(""), "says": text("what £1 more would do")})),
		"doubts": arrayOf(object([]string{"services", "gain", "says"}, map[string]*huma.Schema{"award": award, "services": arrayOf(service), "year": yearSchema, "term": text(""), "missing": text(""),
			"gain": poundsSchema, "says": because})),
	}))
	s.Description = "A proposal: it writes nothing."
	return s
}

type planIn struct {
	At
	From    Year     `query:"from" doc:"the first year planned for; the one after the date's where it is not given"`
	To      Year     `query:"to" doc:"the last; the first where it is not given"`
	Protect []string `query:"protect" maxItems:"500" doc:"services that keep at least what they have, parted by commas"`
	Without []string `query:"without" maxItems:"50" doc:"award/service: no new money of the one on the other; parted by commas"`
	Doubts  bool     `query:"doubts" doc:"take what a term cannot be told to allow as allowed"`
}

type planOut struct{ Body Planned }

func (a *API) plan(_ context.Context, c *caller, in *planIn) (*planOut, error) {
	if err := c.wholeCouncil(); err != nil {
		return nil, err
	}
	r, err := a.at(c, in.At)
	if err != nil {
		return nil, err
	}
	first := fiscal.YearOf(r.View.AsAt)
	o := align.Options{From: first + 1, Protected: map[string]bool{}, DoubtsAllow: in.Doubts}
	for _, y := range []struct {
		name string
		text Year
		into *fiscal.Year
	}{{"query.from", in.From, &o.From}, {"query.to", in.To, &o.To}} {
		if y.text == "" {
			continue
		}
		year, err := y.text.read()
		if err != nil || year < first || year >= first+10 {
			return nil, c.invalid(y.name, "a year from "+first.String()+" to "+(first+9).String(), string(y.text))
		}
		*y.into = year
	}
	if in.To == "" {
		o.To = o.From
	}
	if o.To < o.From {
		return nil, c.invalid("query.to", "not before the first year", string(in.To))
	}
	for _, id := range in.Protect {
		if !r.View.Has("services", id) {
			return nil, c.invalid("query.protect", "a service, by id", id)
		}
		o.Protected[id] = true
	}
	for _, pair := range in.Without {
		award, service, both := strings.Cut(pair, "/")
		if !both || !r.View.Has("awards", award) || !r.View.Has("services", service) {
			return nil, c.invalid("query.without", "award/service, by id", pair)
		}
		o.Without = append(o.Without, align.Pair{Award: award, Service: service})
	}
	p := forecast.Project(r.View, forecast.Recorded(r.View), max(4, int(o.To-first)+1))
	body, err := print(func(w io.Writer) error { return report.PlanJSON(w, r.View, align.Propose(r.View, p, o)) })
	return &planOut{Planned{body}}, err
}
