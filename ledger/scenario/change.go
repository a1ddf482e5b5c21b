package scenario

import (
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// Kind is what a change does.
type Kind uint8

// The kinds of change.
const (
	NoKind Kind = iota
	AwardCut
	AwardEnds
	AwardRenewed
	AwardDelayed
	AwardMoved
	StreamMerged
	ServiceStops
	ServiceResized
	ServiceProtected
	ServiceMerged
	MoneyMoved
	MoneyPut
	CoreAdded
	Prices
)

// kinds says, of each kind, its word and the columns it takes: those it cannot
// do without, and those it may have.
var kinds = [...]struct {
	word           string
	supposed       bool
	needs, mayHave []string
}{
	NoKind:           {},
	AwardCut:         {"award-cut", true, []string{"award", "percent"}, []string{"year"}},
	AwardEnds:        {"award-ends", true, []string{"award", "date"}, nil},
	AwardRenewed:     {"award-renewed", true, []string{"award"}, nil},
	AwardDelayed:     {"award-delayed", true, []string{"award", "date"}, nil},
	AwardMoved:       {"award-moved", false, []string{"award", "to_year", "amount"}, []string{"year"}},
	StreamMerged:     {"stream-merged", true, []string{"award", "to_award"}, []string{"year"}},
	ServiceStops:     {"service-stops", false, []string{"service", "date"}, nil},
	ServiceResized:   {"service-resized", false, []string{"service", "percent"}, []string{"year"}},
	ServiceProtected: {"service-protected", false, []string{"service"}, nil},
	ServiceMerged:    {"service-merged", false, []string{"service", "to_service"}, []string{"year", "percent"}},
	MoneyMoved:       {"money-moved", false, []string{"award", "service", "to_service", "year", "amount"}, []string{"to_year"}},
	MoneyPut:         {"money-put", false, []string{"award", "service", "year", "amount"}, []string{"to_year", "objective", "area"}},
	CoreAdded:        {"core-added", true, []string{"award", "amount"}, []string{"year"}},
	Prices:           {"prices", true, []string{"rate"}, []string{"cost_type", "year"}},
}

// Kinds lists them in order.
func Kinds() []Kind {
	all := make([]Kind, 0, len(kinds)-1)
	for k := AwardCut; int(k) < len(kinds); k++ {
		all = append(all, k)
	}
	return all
}

func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k].word
	}
	return ""
}

// ParseKind reads a kind's word.
func ParseKind(word string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.String() == word {
			return k, true
		}
	}
	return NoKind, false
}

// Takes names the columns of the register of changes that a kind needs, and
// those it may have.
func (k Kind) Takes() (needs, mayHave []string) {
	if int(k) >= len(kinds) {
		return nil, nil
	}
	return kinds[k].needs, kinds[k].mayHave
}

// Change is one change of a scenario.
type Change struct {
	ID              string
	Kind            Kind
	Award, ToAward  string
	Service         string
	ToService       string
	Objective, Area string // what money put is for; blank: what the money there is for
	Year, ToYear    fiscal.Year
	Amount          money.Pence
	Percent         int
	Date            fiscal.Date
	CostType        string
	Rate            string // "2.5%"
	Why             string
}

// Supposition reports a change of the world, which nobody here decides: a cut,
// an end, a renewal, a delay, a merger of grants, core money not yet voted,
// prices. It is laid and never posted. The others are decisions.
func (c Change) Supposition() bool { return int(c.Kind) < len(kinds) && kinds[c.Kind].supposed }

// Check refuses a change that lacks something its kind needs, or names what no
// register holds.
func (c Change) Check(b *ledger.Book) error {
	needs, _ := c.Kind.Takes()
	if c.Kind == NoKind || int(c.Kind) >= len(kinds) {
		return &decide.Needs{Register: "changes", ID: c.ID, Column: "kind"}
	}
	cells := c.cells()
	for _, column := range needs {
		if cells[column] == "" && !(column == "amount" && c.Kind == MoneyPut) {
			return &decide.Needs{Register: "changes", ID: c.ID, Column: column}
		}
	}
	for _, of := range []struct{ register, id string }{{"awards", c.Award}, {"awards", c.ToAward}, {"services", c.Service}, {"services", c.ToService}, {"objectives", c.Objective}, {"areas", c.Area}} {
		if of.id != "" && !b.Has(of.register, of.id) {
			return &ledger.NotFound{Register: of.register, ID: of.id}
		}
	}
	malformed := func(column, found, remedy string) error {
		return &ledger.Malformed{Register: "changes", ID: c.ID, Column: column, Found: found, Remedy: remedy}
	}
	switch {
	case c.Amount < 0:
		return &decide.BadAmount{Amount: c.Amount, Least: 0}
	case c.Amount == 0 && slices.Contains(needs, "amount") && c.Kind != MoneyPut:
		return &decide.BadAmount{Amount: c.Amount, Least: 1}
	case c.Percent < 0 || c.Percent > 100 && c.Kind != ServiceResized || c.Percent > 1000:
		return malformed("percent", strconv.Itoa(c.Percent), "write a whole per cent, such as 10")
	case c.Service != "" && c.Service == c.ToService, c.Award != "" && c.Award == c.ToAward, c.Kind == AwardMoved && c.Year == c.ToYear:
		return &decide.Unchanged{}
	case c.Kind != AwardMoved && c.ToYear != 0 && c.ToYear < c.Year:
		return malformed("to_year", c.ToYear.String(), "write a year that is not before the first")
	}
	if c.Kind == Prices {
		if _, err := money.ParseRate(c.Rate); err != nil {
			return malformed("rate", c.Rate, "write a percentage a year, like 2.5% or -1%")
		}
	}
	return nil
}

// years are those a change of cells reaches: from its year to its last.
func (c Change) years() []fiscal.Year {
	years := []fiscal.Year{c.Year}
	for y := c.Year + 1; y <= c.ToYear && len(years) < 20; y++ {
		years = append(years, y)
	}
	return years
}

// cells writes a change as its register has it.
func (c Change) cells() map[string]string {
	cells := map[string]string{"kind": c.Kind.String(), "award": c.Award, "to_award": c.ToAward, "service": c.Service, "to_service": c.ToService, "objective": c.Objective, "area": c.Area,
		"date": c.Date.String(), "cost_type": c.CostType, "rate": strings.TrimSpace(c.Rate), "why": strings.TrimSpace(c.Why)}
	for column, y := range map[string]fiscal.Year{"year": c.Year, "to_year": c.ToYear} {
		if y != 0 {
			cells[column] = y.String()
		}
	}
	if c.Percent != 0 {
		cells["percent"] = strconv.Itoa(c.Percent)
	}
	if c.Amount != 0 || c.Kind == MoneyPut {
		cells["amount"] = c.Amount.String()
	}
	return cells
}

// ChangeOf gives the change that a record of the register keeps, whether it
// stands or was withdrawn.
func ChangeOf(r ledger.Record) Change { return read(r) }

// read gives the change that a record keeps; what does not read is left blank.
func read(r ledger.Record) Change {
	kind, _ := ParseKind(r.Get("kind"))
	c := Change{ID: r.ID, Kind: kind, Award: r.Get("award"), ToAward: r.Get("to_award"), Service: r.Get("service"), ToService: r.Get("to_service"),
		Objective: r.Get("objective"), Area: r.Get("area"), CostType: r.Get("cost_type"), Rate: r.Get("rate"), Why: r.Get("why")}
	c.Year, c.ToYear = year(r.Get("year")), year(r.Get("to_year"))
	if p, err := money.ParsePence(r.Get("amount")); err == nil {
		c.Amount = p
	}
	if n, err := strconv.Atoi(r.Get("percent")); err == nil {
		c.Percent = n
	}
	if d, err := fiscal.ParseDate(r.Get("date")); err == nil {
		c.Date = d
	}
	return c
}

func year(text string) fiscal.Year {
	if y, err := fiscal.ParseYear(text); err == nil {
		return y
	}
	return 0
}

// Says is the change in words.
func (c Change) Says(b *ledger.Book) sentence.Sentence {
	award := func(id string) sentence.Name { return sentence.Name{Register: "awards", ID: id, Text: b.AwardName(id)} }
	service := func(id string) sentence.Name {
		return sentence.Name{Register: "services", ID: id, Text: b.ServiceName(id)}
	}
	code, args := c.Kind.String(), []any{}
	with := func(name string, value any) { args = append(args, name, value) }
	if c.Award != "" {
		with("Award", award(c.Award))
	}
	if c.Service != "" {
		with("Service", service(c.Service))
	}
	switch c.Kind {
	case StreamMerged:
		with("To", award(c.ToAward))
	case ServiceMerged, MoneyMoved:
		with("To", service(c.ToService))
	}
	if c.Amount != 0 || c.Kind == MoneyPut {
		with("Amount", c.Amount)
	}
	if c.Date != 0 {
		with("Day", c.Date)
	}
	if c.Percent != 0 {
		with("Percent", c.Percent)
	}
	if c.Kind == Prices {
		with("Rate", c.Rate)
		if c.CostType != "" {
			with("CostType", c.CostType)
			code += ".of"
		}
	}
	if c.Kind == ServiceMerged && c.Percent != 0 {
		code += ".saving"
	}
	_, mayHave := c.Kind.Takes()
	if c.Year != 0 {
		with("Year", c.Year)
	}
	switch {
	case c.Kind == AwardMoved:
		with("Last", c.ToYear)
		if c.Year == fiscal.Term {
			code += ".drawn"
		}
	case c.ToYear > c.Year && slices.Contains(mayHave, "to_year"):
		with("Last", c.ToYear)
		code += ".years"
	case c.Year != 0 && slices.Contains(mayHave, "year"):
		code += ".from"
	}
	return words.Say(code, args...)
}
