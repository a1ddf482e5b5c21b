package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
)

// printed is JSON as the command line prints it, so that the two never differ.
type printed []byte

// MarshalJSON gives it back.
func (p printed) MarshalJSON() ([]byte, error) { return p, nil }

// print runs a report.
func print(write func(io.Writer) error) (printed, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.Bytes(), err
}

// without takes members off a printed object, and rows off its lists.
func (p printed) without(members []string, list string, keep func(row map[string]any) bool) (printed, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(p, &doc); err != nil {
		return nil, err
	}
	for _, m := range members {
		delete(doc, m)
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(doc[list], &rows); err != nil {
		return nil, err
	}
	kept := []json.RawMessage{}
	for _, row := range rows {
		var of map[string]any
		if err := json.Unmarshal(row, &of); err != nil {
			return nil, err
		}
		if keep(of) {
			kept = append(kept, row)
		}
	}
	var err error
	if doc[list], err = json.Marshal(kept); err != nil {
		return nil, err
	}
	return json.Marshal(doc)
}

// Parts of the schemas of what is printed.
func object(required []string, properties map[string]*huma.Schema) *huma.Schema {
	slices.Sort(required)
	return &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: required, AdditionalProperties: false}
}

func arrayOf(items *huma.Schema) *huma.Schema {
	return &huma.Schema{Type: huma.TypeArray, Items: items}
}

func text(about string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: about} }

func number() *huma.Schema { return &huma.Schema{Type: huma.TypeInteger} }

func truth(about string) *huma.Schema {
	return &huma.Schema{Type: huma.TypeBoolean, Description: about}
}

var (
	poundsSchema = Pounds{}.Schema(nil)
	dateSchema   = Date("").Schema(nil)
	yearSchema   = Year("").Schema(nil)
)

// ofHead adds what says which ledger an answer is of.
func ofHead(properties map[string]*huma.Schema) map[string]*huma.Schema {
	properties["as_at"], properties["sequence"], properties["hash"] = dateSchema, number(), text("the hash of the last batch")
	return properties
}

// ofLine adds an amount of which only so much, or at most so much, may be known.
func ofLine(properties map[string]*huma.Schema, line string) {
	properties[line] = poundsSchema
	properties[line+"_at_least"] = truth("there is more, and nobody knows how much")
	properties[line+"_at_most"] = truth("it may be less, once more money is known")
}

// Ahead is the forecast: what will be short, by how sure the money is.
type Ahead struct{ printed }

// Schema describes it.
func (Ahead) Schema(huma.Registry) *huma.Schema {
	row := map[string]*huma.Schema{"service": text(""), "year": yearSchema}
	total := map[string]*huma.Schema{"year": yearSchema, "short": arrayOf(text("")), "still_short": arrayOf(text("")), "perhaps_short": arrayOf(text(""))}
	required := []string{"year", "short", "still_short"}
	for _, l := range forecast.Lines() {
		ofLine(row, l.String())
		ofLine(total, l.String())
		ofLine(total, l.String()+"_change")
		required = append(required, l.String())
	}
	price := object([]string{"rate", "low", "high"}, map[string]*huma.Schema{"cost_type": text("left out: every cost"), "year": yearSchema, "rate": text("a year"), "low": text(""), "high": text(""), "source": text("")})
	renewal := object([]string{"award", "ends", "percent"}, map[string]*huma.Schema{"award": text(""), "ends": dateSchema, "percent": number()})
	drawn := map[string]*huma.Schema{"year": yearSchema}
	for _, p := range []string{"p10", "p50", "p90"} {
		ofLine(drawn, p)
	}
	one := map[string]*huma.Schema{"case": text("low: nothing is renewed and prices rise most; expected: each award by its chance; high: all that may be renewed is, and prices rise least"), "year": yearSchema}
	ofLine(one, "gap")
	odds := object([]string{"draws", "seed", "share", "cases", "years", "services"}, map[string]*huma.Schema{"draws": number(), "seed": number(), "share": text("of its money that a service loses"),
		"cases":    arrayOf(object([]string{"case", "year"}, one)),
		"years":    arrayOf(object([]string{"year"}, drawn)),
		"services": arrayOf(object([]string{"service", "by_year", "ever"}, map[string]*huma.Schema{"service": text(""), "by_year": arrayOf(number()), "ever": number()}))})
	s := object([]string{"as_at", "sequence", "hash", "years", "assumptions", "rows"}, ofHead(map[string]*huma.Schema{
		"years": arrayOf(yearSchema), "odds": odds,
		"assumptions": object([]string{"prices", "renewals", "likely_from"}, map[string]*huma.Schema{"prices": arrayOf(price), "renewals": arrayOf(renewal), "likely_from": number(),
			"notes": arrayOf(text("what was assumed for want of a fact"))}),
		"rows":   arrayOf(object([]string{"service", "year"}, row)),
		"totals": arrayOf(object(required, total)),
	}))
	s.Description = "What services will cost against the money put on them today. A line that comes to nothing on a service is left out of its row. Who sees some of the services has no totals."
	return s
}

// Assumed is what a forecast is asked to assume.
type Assumed struct {
	At
	Years  int    `query:"years" minimum:"1" maximum:"10" default:"4" doc:"how many, from the year of the date"`
	Prices string `query:"prices" maxLength:"20" doc:"every price at this rate a year, like 0%, in place of what is recorded"`
	Likely int    `query:"likely" minimum:"1" maximum:"100" default:"50" doc:"from what chance, per cent, a renewal counts as likely"`
}

// ahead projects as a program asks. A board's member sees the board's money, and
// no forecast.
func (a *API) ahead(c *caller, in Assumed) (Reading, *forecast.Projection, error) {
	if !c.reach.All && len(c.reach.Areas) == 0 {
		return Reading{}, nil, made(c.lang, 403, "not-allowed")
	}
	r, err := a.at(c, in.At)
	if err != nil {
		return r, nil, err
	}
	assumed := forecast.Recorded(r.View)
	assumed.LikelyFrom = in.Likely
	assumed.WithoutPosts = !c.who.Is(people.Finance, c.today) && !c.who.Is(people.Auditor, c.today)
	if in.Prices != "" {
		rate, err := money.ParseRate(in.Prices)
		if err != nil {
			return r, nil, c.invalid("query.prices", "a rate, like 2%", in.Prices)
		}
		assumed = assumed.At(rate)
	}
	return r, forecast.Project(r.View, assumed, in.Years), nil
}

type forecastIn struct {
	Assumed
	Draws int    `query:"draws" minimum:"0" maximum:"10000" default:"0" doc:"how many times the years to come are drawn, for the odds"`
	Seed  uint64 `query:"seed" default:"1" doc:"the same seed gives the same odds"`
	Share string `query:"share" default:"25%" maxLength:"10" doc:"the odds that a service loses more than this share of its money"`
}

type forecastOut struct{ Body Ahead }

func (a *API) forecast(_ context.Context, c *caller, in *forecastIn) (*forecastOut, error) {
	share, err := money.ParseShare(in.Share)
	if err != nil {
		return nil, c.invalid("query.share", "a share, like 25%", in.Share)
	}
	r, p, err := a.ahead(c, in.Assumed)
	if err != nil {
		return nil, err
	}
	var odds *forecast.Odds
	if in.Draws > 0 && c.reach.All {
		odds = p.Draw(in.Seed, in.Draws, share)
	}
	body, err := print(func(w io.Writer) error { return report.ForecastJSON(w, r.View, p, odds) })
	if err != nil || c.reach.All {
		return &forecastOut{Ahead{body}}, err
	}
	if body, err = body.without([]string{"totals"}, "rows", func(row map[string]any) bool { id, _ := row["service"].(string); return r.Sees(c.reach, id) }); err != nil {
		return nil, err
	}
	// What was assumed for want of a fact names services that are not theirs.
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, err
	}
	if doc["assumptions"], err = printed(doc["assumptions"]).less("notes"); err != nil {
		return nil, err
	}
	body, err = json.Marshal(doc)
	return &forecastOut{Ahead{body}}, err
}

// less takes one member off a printed object.
func (p printed) less(member string) (json.RawMessage, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(p, &doc); err != nil {
		return nil, err
	}
	delete(doc, member)
	return json.Marshal(doc)
}

// AheadParts is what adds up to one figure of the forecast.
type AheadParts struct{ printed }

// Schema describes it.
func (AheadParts) Schema(huma.Registry) *huma.Schema {
	entry := object([]string{"entry", "amount"}, map[string]*huma.Schema{"entry": text("batch and number"), "amount": poundsSchema})
	return object([]string{"as_at", "sequence", "hash", "line", "year", "parts", "total"}, ofHead(map[string]*huma.Schema{
		"line": text(""), "service": text("left out: all"), "year": yearSchema, "total": poundsSchema, "at_least": truth("of the total"), "at_most": truth("of the total"),
		"parts": arrayOf(object([]string{"what", "amount"}, map[string]*huma.Schema{"what": text(""), "amount": poundsSchema, "entries": arrayOf(entry),
			"record": text("register and id"), "column": text("")})),
	}))
}

type forecastFigureIn struct {
	Assumed
	Line    string `query:"line" required:"true" maxLength:"40" doc:"a row of the forecast, by its name there" example:"gap"`
	Service string `query:"service" maxLength:"200" doc:"one service; all where it is not given"`
	Year    Year   `query:"year" required:"true"`
}

type forecastFigureOut struct{ Body AheadParts }

func (a *API) forecastFigure(_ context.Context, c *caller, in *forecastFigureIn) (*forecastFigureOut, error) {
	r, p, err := a.ahead(c, in.Assumed)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(forecast.Lines(), func(l forecast.Line) bool { return l.String() == in.Line })
	if at < 0 {
		return nil, c.invalid("query.line", "a row of the forecast, like gap", in.Line)
	}
	l := forecast.Lines()[at]
	y, err := in.Year.read()
	if err != nil || !slices.Contains(p.Years, y) {
		return nil, c.invalid("query.year", "a year of the forecast, like "+fiscal.Year(p.From).String(), string(in.Year))
	}
	f := p.Total(l, y)
	if in.Service != "" {
		if _, known := p.Service(in.Service); !known || !c.sees(r, in.Service) {
			return nil, c.missing()
		}
		f = p.Of(in.Service, l, y)
	} else if !c.reach.All {
		return nil, c.missing() // of all services, which they do not see
	}
	body, err := print(func(w io.Writer) error {
		return report.ForecastPartsJSON(w, r.View, l, in.Service, y, f, p.Explain(l, in.Service, y))
	})
	return &forecastFigureOut{AheadParts{body}}, err
}
