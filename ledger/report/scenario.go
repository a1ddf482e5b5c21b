package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
	"braid/ledger/scenario"
)

// ScenarioList lists scenarios: what each is called and where it stands.
func ScenarioList(all []scenario.Scenario) Table {
	t := Table{Columns: []Column{{Name: "Id"}, {Name: "Name"}, {Name: "State"}, {Name: "Changes", Number: true}, {Name: "Note"}}}
	for _, s := range all {
		t.Add(s.ID, s.Name, s.State, strconv.Itoa(len(s.Changes)), s.Note)
	}
	if len(all) == 0 {
		t.Note = "There is no scenario yet. braid align --save NAME makes one of a plan, and braid import reads the registers scenarios and changes."
	}
	return t
}

// ScenarioChanges lists what a scenario supposes and what it decides.
func ScenarioChanges(v *ledger.View, s scenario.Scenario) Table {
	t := Table{Columns: []Column{{Name: "Change"}, {Name: "Kind"}, {Name: "Why"}}}
	for _, c := range s.Changes {
		kind := "decision"
		switch {
		case c.Supposition():
			kind = "supposed"
		case c.Kind == scenario.ServiceProtected:
			kind = "for a plan"
		}
		t.Add(c.Says(v.Book).String(), kind, c.Why)
	}
	return t
}

// Troubles says what of a scenario could not be laid, and which rules of grants
// it breaks, a line each.
func Troubles(v *ledger.View, l *scenario.Laid) []string {
	var lines []string
	for _, r := range l.Refused {
		line := "Left out: "
		if r.Change.Kind != scenario.NoKind {
			line += r.Change.Says(v.Book).String() + ": "
		}
		lines = append(lines, line+r.Refusal.Error())
	}
	for _, b := range l.Broken {
		lines = append(lines, fmt.Sprintf("Breaks a rule in %s: %s", b.Year, b.Breach.Error()))
	}
	return lines
}

// comparison rows, in the words of a screen.
var comparedRows = []struct {
	key, words string
	cell       func(scenario.Year, Unit) string
}{
	{"cost", "Cost of services", func(y scenario.Year, u Unit) string { return u.figure(y.Cost) }},
	{"secured", "Confirmed funding", func(y scenario.Year, u Unit) string { return u.figure(y.Secured) }},
	{"gap", "Gap (+ short)", func(y scenario.Year, u Unit) string { return u.figure(y.Gap) }},
	{"short", "Services short", func(y scenario.Year, _ Unit) string { return shortCount(y) }},
	{"people", "People affected", func(y scenario.Year, _ Unit) string { return peopleWords(y.People) }},
	{"rules_broken", "Grant rules broken", func(y scenario.Year, _ Unit) string { return rulesWords(y) }},
}

func shortCount(y scenario.Year) string {
	if n := len(y.PerhapsShort); n > 0 {
		return fmt.Sprintf("%d, perhaps %d", len(y.Short), len(y.Short)+n)
	}
	return strconv.Itoa(len(y.Short))
}

func peopleWords(p scenario.People) string {
	switch {
	case p.State == forecast.NotKnown:
		return "not known"
	case p.Number == 0:
		return "–"
	case p.Number < 5: // a child might be known by so small a count
		return qualified(p.State) + "fewer than 5"
	}
	return qualified(p.State) + strings.Replace(money.Pence(p.Number*100).Whole(), "£", "", 1)
}

func rulesWords(y scenario.Year) string {
	if n := y.Rules(); n > 0 {
		return strconv.Itoa(n)
	}
	return "None"
}

// ScenarioYears is what one scenario comes to, year by year.
func ScenarioYears(o *scenario.Outcome, u Unit) Table {
	t := Table{Columns: []Column{{Name: u.String()}}}
	for _, y := range o.Years {
		t.Columns = append(t.Columns, Column{Name: y.Year.String(), Number: true})
	}
	for _, r := range comparedRows {
		row := []string{r.words}
		for _, y := range o.Years {
			row = append(row, r.cell(y, u))
		}
		t.Add(row...)
	}
	return t
}

// ComparisonTable sets scenarios side by side in one year.
func ComparisonTable(c *scenario.Comparison, u Unit) Table {
	t := Table{Columns: []Column{{Name: u.String() + ", " + c.Year.String()}}, Title: "Which option closes the gap?"}
	for _, o := range c.Columns {
		t.Columns = append(t.Columns, Column{Name: o.Scenario.Name, Number: true})
	}
	for _, r := range comparedRows {
		row := []string{r.words}
		for n := range c.Columns {
			row = append(row, r.cell(c.Column(n), u))
		}
		t.Add(row...)
	}
	return t
}

// ComparisonCSV lays every year of the scenarios compared out for a
// spreadsheet, in pounds and pence.
func ComparisonCSV(columns []*scenario.Outcome) Table {
	t := Table{Columns: []Column{{Name: "scenario"}, {Name: "name"}, {Name: "year"}, {Name: "cost", Number: true}, {Name: "secured", Number: true}, {Name: "gap", Number: true},
		{Name: "short", Number: true}, {Name: "people", Number: true}, {Name: "rules_broken", Number: true}, {Name: "at_least"}, {Name: "at_most"}}}
	for _, o := range columns {
		for _, y := range o.Years {
			var atLeast, atMost []string
			amount := func(name string, f forecast.Figure) string {
				switch f.State {
				case forecast.NotKnown:
					return "?"
				case forecast.AtLeast:
					atLeast = append(atLeast, name)
				case forecast.AtMost:
					atMost = append(atMost, name)
				}
				return f.Amount.String()
			}
			row := []string{o.Scenario.ID, o.Scenario.Name, y.Year.String(), amount("cost", y.Cost), amount("secured", y.Secured), amount("gap", y.Gap), strconv.Itoa(len(y.Short))}
			people := "?"
			switch y.People.State {
			case forecast.AtLeast:
				atLeast = append(atLeast, "people")
				fallthrough
			case forecast.Exact:
				people = smallCount(y.People.Number)
			}
			t.Add(append(row, people, strconv.Itoa(y.Rules()), strings.Join(atLeast, ";"), strings.Join(atMost, ";"))...)
		}
	}
	return t
}

// smallCount keeps a count by which a child might be known from being printed.
func smallCount(n int) string {
	if n > 0 && n < 5 {
		return "fewer than 5"
	}
	return strconv.Itoa(n)
}

// ScenariosJSON writes scenarios, without what they come to:
//
//	{…,"scenarios":[{"id":…,"name":…,"state":"draft","changes":[{"kind":"money-put","award":…,"supposition":false,"says":…}]}]}
func ScenariosJSON(w io.Writer, v *ledger.View, all []scenario.Scenario) error {
	each := func(yield func(object) bool) {
		for _, s := range all {
			if !yield(scenarioJSON(v, s)) {
				return
			}
		}
	}
	return document(w, head(v), "scenarios", each, nil)
}

func scenarioJSON(v *ledger.View, s scenario.Scenario) object {
	o := object{}
	if s.ID != "" {
		o.add("id", s.ID)
	}
	o.add("name", s.Name)
	for _, m := range []member{{"state", s.State}, {"note", s.Note}, {"by", s.By}, {"applied", s.Applied.String()}} {
		if m.value != "" {
			o = append(o, m)
		}
	}
	if s.Year != 0 {
		o.add("year", s.Year.String())
	}
	changes := []object{}
	for _, c := range s.Changes {
		changes = append(changes, changeJSON(v, c))
	}
	o.add("changes", changes)
	return o
}

func changeJSON(v *ledger.View, c scenario.Change) object {
	o := object{{"kind", c.Kind.String()}, {"supposition", c.Supposition()}}
	year := func(y fiscal.Year) string {
		if y == 0 {
			return ""
		}
		return y.String()
	}
	for _, m := range []member{{"award", c.Award}, {"to_award", c.ToAward}, {"service", c.Service}, {"to_service", c.ToService}, {"objective", c.Objective}, {"area", c.Area},
		{"year", year(c.Year)}, {"to_year", year(c.ToYear)}, {"date", c.Date.String()}, {"cost_type", c.CostType}, {"rate", c.Rate}} {
		if m.value != "" {
			o = append(o, m)
		}
	}
	if needs, _ := c.Kind.Takes(); slices.Contains(needs, "amount") {
		o.add("amount", c.Amount.String())
	}
	if c.Percent != 0 {
		o.add("percent", c.Percent)
	}
	if c.Why != "" {
		o.add("why", c.Why)
	}
	o.add("says", c.Says(v.Book).String())
	return o
}

// ComparisonJSON writes what scenarios come to, each as ScenariosJSON has it,
// with
//
//	"years":[{"year":"2027-28","cost":…,"secured":…,"gap":…,"short":["play-holiday",…],"people":240,"rules_broken":0}],
//	"left_out":[{"change":…,"refusal":…}],"broken":[{"award":…,"service":…,"year":…,"rule":…}]
//
// Beside cost, secured, gap and people that are only partly known stands
// <key>_at_least or <key>_at_most; null is not known, and a count of people from
// 1 to 4 is "fewer than 5".
func ComparisonJSON(w io.Writer, v *ledger.View, columns []*scenario.Outcome) error {
	each := func(yield func(object) bool) {
		for _, o := range columns {
			one := scenarioJSON(v, o.Scenario)
			years := []object{}
			for _, y := range o.Years {
				years = append(years, outcomeYearJSON(y))
			}
			one.add("years", years)
			leftOut, broken := []object{}, []object{}
			for _, r := range o.Refused {
				out := object{}
				if r.Change.Kind != scenario.NoKind {
					out.add("change", r.Change.Says(v.Book).String())
				}
				out.add("refusal", r.Refusal.Error())
				leftOut = append(leftOut, out)
			}
			for _, b := range o.Broken {
				broken = append(broken, object{{"award", b.Award}, {"service", b.Service}, {"year", b.Year.String()}, {"rule", b.Breach.Error()}})
			}
			one.add("left_out", leftOut)
			one.add("broken", broken)
			if !yield(one) {
				return
			}
		}
	}
	return document(w, head(v), "scenarios", each, nil)
}

func outcomeYearJSON(y scenario.Year) object {
	o := object{{"year", y.Year.String()}}
	o.addFigure("cost", y.Cost)
	o.addFigure("secured", y.Secured)
	o.addFigure("gap", y.Gap)
	o.add("short", list(y.Short))
	if len(y.PerhapsShort) > 0 {
		o.add("perhaps_short", y.PerhapsShort)
	}
	switch {
	case y.People.State == forecast.NotKnown:
		o.add("people", nil)
	case y.People.Number > 0 && y.People.Number < 5:
		o.add("people", smallCount(y.People.Number))
	default:
		o.add("people", y.People.Number)
	}
	if y.People.State == forecast.AtLeast {
		o.add("people_at_least", true)
	}
	o.add("rules_broken", y.Rules())
	return o
}

// StepsTable lists the movements of money that a decision would post.
func StepsTable(v *ledger.View, steps []decide.Step) Table {
	t := Table{Columns: []Column{{Name: "What"}, {Name: "Award"}, {Name: "From"}, {Name: "To"}, {Name: "Year"}, {Name: "Objective"}, {Name: "Place"}, {Name: "Amount", Number: true}}}
	var all money.Pence
	for _, s := range steps {
		all += s.Amount
		year := s.Year.String()
		if s.ToYear != 0 {
			year += " to " + s.ToYear.String()
		}
		t.Add(s.Kind.String(), v.AwardName(s.Award), orLeft(v, s.From), orLeft(v, s.To), year,
			labelName(v, ledger.ByObjective, s.Objective), labelName(v, ledger.ByArea, s.Area), s.Amount.Exact())
	}
	if len(steps) > 1 {
		t.Foot = []string{"Total", "", "", "", "", "", "", all.Exact()}
	}
	return t
}

// StepsCSV lists them for a spreadsheet, by id.
func StepsCSV(steps []decide.Step) Table {
	t := Table{Columns: []Column{{Name: "kind"}, {Name: "award"}, {Name: "from"}, {Name: "to"}, {Name: "year"}, {Name: "to_year"}, {Name: "objective"}, {Name: "area"}, {Name: "amount", Number: true}}}
	for _, s := range steps {
		to := ""
		if s.ToYear != 0 {
			to = s.ToYear.String()
		}
		t.Add(s.Kind.String(), s.Award, s.From, s.To, s.Year.String(), to, s.Objective, s.Area, s.Amount.String())
	}
	return t
}

func orLeft(v *ledger.View, service string) string {
	if service == "" {
		return "the award"
	}
	return v.ServiceName(service)
}

// labelName names what a label says; blank where it is silent.
func labelName(v *ledger.View, d ledger.Dimension, id string) string {
	if id == "" {
		return ""
	}
	return cmp.Or(nameOf(v, d, id), id)
}

// StepsJSON writes what applying a scenario posts, or would:
//
//	{…,"scenario":…,"posted":false,"steps":[{"kind":"allocation","award":…,"to":…,"year":…,"amount":…}],"not_posted":["Flying Start ends on …"],"left":[{"award":…,"year":…,"before":…,"after":…}]}
func StepsJSON(w io.Writer, v *ledger.View, s scenario.Scenario, o *decide.Outcome, posted int) error {
	doc := head(v)
	doc.add("scenario", s.ID)
	doc.add("posted", posted > 0)
	if posted > 0 {
		doc.add("batch", posted)
	}
	each := func(yield func(object) bool) {
		for _, step := range o.Steps {
			one := object{{"kind", step.Kind.String()}, {"award", step.Award}}
			for _, m := range []member{{"from", step.From}, {"to", step.To}} {
				if m.value != "" {
					one = append(one, m)
				}
			}
			one.add("year", step.Year.String())
			if step.ToYear != 0 {
				one.add("to_year", step.ToYear.String())
			}
			for _, m := range []member{{"objective", step.Objective}, {"area", step.Area}} {
				if m.value != "" {
					one = append(one, m)
				}
			}
			one.add("amount", step.Amount.String())
			if !yield(one) {
				return
			}
		}
	}
	not := []string{}
	for _, c := range s.Suppositions() {
		not = append(not, c.Says(v.Book).String())
	}
	left := []object{}
	for _, l := range o.Left {
		one := object{{"award", l.Award}, {"year", l.Year.String()}}
		if l.Unknown {
			one.add("before", nil)
			one.add("after", nil)
		} else {
			one.add("before", l.Before.String())
			one.add("after", l.After.String())
		}
		left = append(left, one)
	}
	return document(w, doc, "steps", each, object{{"not_posted", not}, {"left", left}})
}
