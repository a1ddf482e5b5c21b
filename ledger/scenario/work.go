package scenario

import (
	"slices"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// Outcome is what a scenario comes to.
type Outcome struct {
	Scenario Scenario
	*Laid
	Projection *forecast.Projection
	Years      []Year
}

// Year is one year of it.
type Year struct {
	Year         fiscal.Year
	Cost         forecast.Figure // with prices
	Secured      forecast.Figure // grants and core, as allocated
	Gap          forecast.Figure // if no grant is renewed
	Short        []string        // services with a gap
	PerhapsShort []string        // services of which nobody can tell
	People       People          // touched by services that are short, smaller or stopped
	Broken       []Broken        // rules broken in the year
}

// People is a number of people, as far as capacities are known.
type People struct {
	Number int
	State  forecast.State // Exact, AtLeast or NotKnown
}

// Work lays a scenario and works out what it comes to, over so many years from
// the date's own.
func Work(v *ledger.View, s Scenario, years int) *Outcome {
	s.Years = max(s.Years, years)
	o := &Outcome{Scenario: s, Laid: s.Lay(v)}
	o.Projection = forecast.Project(o.View, o.Assumptions, years)
	lost := losses(v, s)
	for _, y := range o.Projection.Years {
		one := Year{Year: y, Cost: o.Projection.Total(forecast.TotalCost, y), Gap: o.Projection.Total(forecast.Gap, y),
			Secured: both(o.Projection.Total(forecast.Secured, y), o.Projection.Total(forecast.Core, y)),
			Short:   o.Projection.Short(y), PerhapsShort: o.Projection.PerhapsShort(y)}
		for _, b := range o.Broken {
			if b.Year == y {
				one.Broken = append(one.Broken, b)
			}
		}
		one.People = peopleIn(v, one, lost)
		o.Years = append(o.Years, one)
	}
	return o
}

// In gives a year of the outcome.
func (o *Outcome) In(y fiscal.Year) (Year, bool) {
	for _, one := range o.Years {
		if one.Year == y {
			return one, true
		}
	}
	return Year{}, false
}

// Rules counts the rules that are broken in a year: each term of an award once
// for each service.
func (y Year) Rules() int {
	type rule struct{ award, service, term string }
	met := map[rule]bool{}
	for _, b := range y.Broken {
		met[rule{b.Award, b.Service, ledger.TermID(b.Breach.Ruling)}] = true
	}
	return len(met)
}

func both(x, y forecast.Figure) forecast.Figure {
	sum := forecast.Figure{Amount: x.Amount + y.Amount}
	switch {
	case x.State == forecast.Exact && y.State == forecast.Exact:
	case sum.Amount == 0:
		sum.State = forecast.NotKnown
	default:
		sum.State = forecast.AtLeast
	}
	return sum
}

// loss is what a scenario takes off a service's places, and from when.
type loss struct {
	from    fiscal.Year
	percent int // left; nought: it stops
}

// losses lists the services that a scenario stops or makes smaller.
func losses(v *ledger.View, s Scenario) map[string]loss {
	of := map[string]loss{}
	for _, c := range s.Changes {
		switch {
		case c.Kind == ServiceStops && c.Date != 0:
			of[c.Service] = loss{from: fiscal.YearOf(c.Date)}
		case c.Kind == ServiceResized && c.Percent < 100 && of[c.Service] == (loss{}):
			from := c.Year
			if from == 0 {
				from = fiscal.YearOf(v.AsAt) + 1
			}
			of[c.Service] = loss{from, c.Percent}
		}
	}
	return of
}

// peopleIn counts the places, as things are, of services that are short or
// stopped in a year, and what smaller ones lose. A capacity nobody stated, and
// a service of which nobody can tell, leave the count open.
func peopleIn(v *ledger.View, y Year, lost map[string]loss) (p People) {
	open := len(y.PerhapsShort) > 0
	count := func(s commissioning.Service, percent int) {
		if s.Capacity < 0 {
			open = true
			return
		}
		left, _ := money.NewShare(int64(percent), 100)
		p.Number += s.Capacity - int(left.Of(money.Pence(s.Capacity)))
	}
	for _, id := range y.Short {
		if l, stops := lost[id]; stops && l.percent == 0 && l.from <= y.Year {
			continue // counted below
		}
		s, _ := v.Service(id)
		count(s, 0)
	}
	for id, l := range lost {
		if s, ok := v.Service(id); ok && l.from <= y.Year && s.RunsIn(y.Year) && (l.percent == 0 || !slices.Contains(y.Short, id)) {
			count(s, l.percent)
		}
	}
	switch {
	case open && p.Number == 0:
		p.State = forecast.NotKnown
	case open:
		p.State = forecast.AtLeast
	}
	return p
}

// Most is how many scenarios are compared side by side.
const Most = 4

// Comparison is up to four scenarios beside one another in one year.
type Comparison struct {
	Year    fiscal.Year
	Columns []*Outcome
}

// Compare works scenarios out beside one another; those past the fourth are
// left out. The first may be Nothing.
func Compare(v *ledger.View, year fiscal.Year, years int, of ...Scenario) *Comparison {
	c := &Comparison{Year: year}
	if year == fiscal.Term {
		c.Year = fiscal.YearOf(v.AsAt) + 1
	}
	for _, s := range of[:min(len(of), Most)] {
		c.Columns = append(c.Columns, Work(v, s, max(years, int(c.Year-fiscal.YearOf(v.AsAt))+1)))
	}
	return c
}

// Column gives what a scenario comes to in the year compared.
func (c *Comparison) Column(n int) Year {
	y, _ := c.Columns[n].In(c.Year)
	return y
}
