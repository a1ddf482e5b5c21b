package forecast

import (
	"slices"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// Projection is the forecast of a book as at a date. It never changes; many may
// read it at once.
type Projection struct {
	AsAt        fiscal.Date
	From        fiscal.Year // the year of the date
	Years       []fiscal.Year
	Kind        funding.Kind // revenue, or capital: see Capital
	Services    []Service    // in order of id
	Awards      []Award      // of that kind, in order of id
	Assumptions Assumptions
	Notes       []sentence.Sentence // what was assumed for want of a fact

	view     *ledger.View
	at       map[string]int // services by id
	awardAt  map[string]int
	services []service // beside Services
	awards   []award   // beside Awards
	totals   [][lines]span
	factors  map[priceKey]factor
	matches  *matches
	unassigned
}

// Service is one service of the forecast.
type Service struct {
	ID, Name      string
	Statutory     bool // a duty: it outlives any grant that pays for it
	Duty          string
	PaidElsewhere bool // by another body; its cost counts only where money here pays too
	Money         []Money
}

// Award is one award of the forecast.
type Award struct {
	ID, Name, Stream string
	Permanence       funding.Permanence
	Lasting          bool        // base budget or settlement
	Last             fiscal.Date // its last day, or that of the award it is part of; nought: none stated
	Fate             funding.Fate
	Successor        string
	Chance           int // per cent that it goes on past its last day
	Likely           bool
}

// Project forecasts a book's revenue for some years, from 1 to 10, from the
// year of the view's date.
func Project(v *ledger.View, a Assumptions, years int) *Projection {
	return project(v, a, years, funding.Revenue)
}

// Capital is the forecast of capital alone: its awards, and the services that
// capital pays for. Where revenue pays for one too, its planned cost is taken to
// be revenue's, and only the capital on it stands here.
func (p *Projection) Capital() *Projection {
	return project(p.view, p.Assumptions, len(p.Years), funding.Capital)
}

// With forecasts the same book under other assumptions.
func (p *Projection) With(a Assumptions) *Projection {
	return project(p.view, a, len(p.Years), p.Kind)
}

func project(v *ledger.View, a Assumptions, years int, kind funding.Kind) *Projection {
	p := &Projection{AsAt: v.AsAt, From: fiscal.YearOf(v.AsAt), Kind: kind, Assumptions: a, view: v,
		at: map[string]int{}, awardAt: map[string]int{}, factors: map[priceKey]factor{}}
	for i := range max(1, min(years, 10)) {
		p.Years = append(p.Years, p.From+fiscal.Year(i))
	}
	r := &reading{Projection: p, said: map[string]*noted{}}
	r.readAwards()
	r.readServices()
	r.readLeft()
	r.goOn()
	r.limitByMatch()
	r.readSavings()
	r.readExits()
	r.addUp()
	for i := range r.awards {
		r.Awards = append(r.Awards, r.awards[i].Award)
	}
	r.note()
	return p
}

// reading is a projection being made.
type reading struct {
	*Projection
	byRef  []int32 // index of an award by its number; −1: none, or of the other kind
	others []bool  // by number: an award of the other kind
	said   map[string]*noted
}

// service is what the projection knows of a service beside its public face.
type service struct {
	commissioning.Service
	ref       ledger.Ref
	runs      fiscal.Period
	claims    []claim
	proposals []proposal
	costs     []costing
	cells     []cell

	pressures, saved, exits []stated
}

// cell is one service in one year.
type cell struct {
	cost, prices, pressures                                                  span
	secured, core, likely, unsecured, without, proposed, ending, saved, exit span
}

func (c *cell) total() span {
	t := c.cost
	t.add(c.prices)
	t.add(c.pressures)
	return t
}

func (c *cell) standing() span {
	m := c.secured
	m.add(c.core)
	return m
}

// line gives one row of the cell.
func (c *cell) line(l Line) span {
	switch l {
	case Cost:
		return c.cost
	case Prices:
		return c.prices
	case Pressures:
		return c.pressures
	case TotalCost:
		return c.total()
	case Secured:
		return c.secured
	case Core:
		return c.core
	case Gap:
		return beyond(c.total(), c.standing())
	case Likely:
		return c.likely
	case GapAfterLikely:
		m := c.standing()
		m.add(c.likely)
		return beyond(c.total(), m)
	case SavingsFound:
		return c.saved
	case SavingsNotFound:
		return beyond(c.line(GapAfterLikely), c.saved)
	case Unsecured:
		return c.unsecured
	case WithoutMatch:
		return c.without
	case ExitCost:
		return c.exit
	case Surplus:
		return beyond(c.standing(), c.total())
	case Proposed:
		return c.proposed
	case Ending:
		return c.ending
	}
	return span{}
}

// costing is what a service's cost in a year is made from.
type costing struct {
	from       fiscal.Year // the year for which it was stated
	part, of   int         // months it runs then and in the year stated, where it is carried on
	gross, net money.Pence
	base       fiscal.Year // whose prices it is in; 0: cash
	state      costState
}

type costState uint8

const (
	costNotKnown costState = iota
	costKnown
	costNone // it does not run, or another body pays
)

func (c *costing) scaled(p money.Pence) money.Pence {
	if c.part == c.of {
		return p
	}
	share, err := money.NewShare(int64(c.part), int64(c.of))
	if err != nil {
		return p
	}
	if p < 0 {
		return -share.Of(-p)
	}
	return share.Of(p)
}

// readServices reads what each service costs and what is put on it.
func (r *reading) readServices() {
	lines := r.readLines()
	all := r.view.NumberedServices()
	n := len(r.Years)
	cells, costs := make([]cell, len(all)*n), make([]costing, len(all)*n)
	r.services = make([]service, 0, len(all))
	r.Services = make([]Service, 0, len(all))
	for i := range all {
		s := service{Service: all[i].Service, ref: all[i].Ref, runs: fiscal.ThroughTo(all[i].Starts, all[i].Ends)}
		mine, others := r.claim(&s, lines[s.ID])
		slices.SortFunc(s.claims, func(a, b claim) int { return a.award - b.award })
		if !r.keeps(mine, others) {
			if r.Kind == funding.Revenue {
				r.say("capital-only", named(&s))
			}
			continue
		}
		both := mine && others
		if both && r.Kind == funding.Revenue {
			r.say("capital-too", named(&s))
		} else if both {
			r.say("cost-of-revenue", named(&s))
		}
		s.cells, s.costs = cells[:n:n], costs[:n:n]
		cells, costs = cells[n:], costs[n:]
		elsewhere := s.PaidElsewhere != ""
		for y := range r.Years {
			s.costs[y] = r.costOf(&s, r.Years[y])
			if elsewhere && !mine || both && r.Kind == funding.Capital {
				s.costs[y] = costing{state: costNone}
			}
			r.place(&s, y)
		}
		if elsewhere {
			r.say("paid-elsewhere", named(&s))
		}
		r.at[s.ID] = len(r.services)
		r.services = append(r.services, s)
		r.Services = append(r.Services, Service{ID: s.ID, Name: s.Name, Statutory: s.Statutory, Duty: s.Duty, PaidElsewhere: elsewhere})
	}
}

// keeps says whether a service belongs to the projection: to that of the money
// that pays for it, and to revenue where nothing does.
func (r *reading) keeps(mine, others bool) bool {
	return mine || !others && r.Kind == funding.Revenue
}

// costOf finds what a service costs in a year: as stated for it, or else as
// stated last before it, made up or cut down to the months it then runs.
func (r *reading) costOf(s *service, y fiscal.Year) costing {
	from := y
	if _, stated := s.Cost[y]; !stated {
		if !s.RunsIn(y) {
			return costing{state: costNone}
		}
		from = 0
		for one := range s.Cost {
			if one < y && one > from {
				from = one
			}
		}
		if from == 0 {
			r.say("cost-unknown", named(s))
			return costing{}
		}
	}
	gross, known := s.PlannedCost(from).Known()
	net, knownToo := s.NetCost(from).Known()
	if !known || !knownToo {
		r.say("cost-unknown", named(s))
		return costing{}
	}
	c := costing{from: from, part: 1, of: 1, gross: gross, net: net, state: costKnown, base: r.From}
	if from != y {
		c.part, c.of = fiscal.MonthsOf(s.runs, y), fiscal.MonthsOf(s.runs, from)
		if c.of == 0 {
			c.part, c.of = 1, 1
		}
		r.say("cost-carried", named(s))
	}
	switch base := strings.TrimSpace(s.PriceBase); {
	case strings.EqualFold(base, "cash"):
		c.base = 0
	case base != "":
		if stated, err := fiscal.ParseYear(base); err == nil {
			c.base = stated
		}
	}
	return c
}

// place puts a year's cost into the service's cell.
func (r *reading) place(s *service, y int) {
	c, at := &s.costs[y], &s.cells[y]
	if s.PaidElsewhere != "" && c.state != costNone {
		at.secured.open = true // what the other body pays is not in Braid
	}
	switch c.state {
	case costNotKnown:
		at.cost, at.prices = unbounded, unbounded
	case costKnown:
		net := c.scaled(c.net)
		at.cost = just(net)
		if c.base == 0 {
			return
		}
		f := r.dearer(priceKey{s.CostType, c.base, r.Years[y]})
		if f == tooDear {
			at.prices = unbounded
			return
		}
		at.prices = just(f.of(max(net, 0)) - max(net, 0)) // a service that earns more than it costs gains nothing by prices
	}
}

// readLines gathers, by service, what entries cannot say: agreed allocations of
// unknown amount, and proposals.
func (r *reading) readLines() map[string][]ledger.Line {
	of := map[string][]ledger.Line{}
	for _, l := range r.view.Lines {
		unsized := l.State == "agreed" && l.Amount.IsUnknown()
		if l.AgreedOn <= r.AsAt && (unsized || l.State == "proposed") {
			of[l.Service] = append(of[l.Service], l)
		}
	}
	return of
}

// addUp puts the money into the cells and adds the cells up.
func (r *reading) addUp() {
	r.totals = make([][lines]span, len(r.Years))
	for n := range r.services {
		s := &r.services[n]
		r.pay(n)
		for i := range s.cells {
			for l := range lines {
				r.totals[i][l].add(s.cells[i].line(l))
			}
		}
	}
	for i := range r.Years {
		t := &r.totals[i]
		for a := range r.awards {
			r.stand(&r.awards[a], i, t)
		}
		for _, row := range r.unassigned.saved {
			t[SavingsFound].add(row.by[i])
		}
		for _, row := range r.unassigned.pressures {
			for _, l := range [...]Line{Pressures, TotalCost, Gap, GapAfterLikely} {
				t[l].add(row.by[i])
			}
		}
		t[SavingsNotFound] = beyond(t[GapAfterLikely], t[SavingsFound])
	}
}

// stand adds what an award has by itself, on no service.
func (r *reading) stand(e *award, i int, t *[lines]span) {
	y := &e.years[i]
	over := y.over
	t[OverAllocated].add(over)
	t[Gap].add(over)
	t[GapAfterLikely].add(over)
	t[Secured] = t[Secured].less(over)
	switch {
	case y.inherited:
		t[SecuredSuccessor].add(y.left)
	case e.end != 0 && e.end <= r.Years[i]:
		t[UnallocatedEnding].add(y.left)
		t[Unallocated].add(y.left)
	default:
		t[UnallocatedGoingOn].add(y.left)
		t[Unallocated].add(y.left)
	}
	t[Unsecured].add(y.unsecured)
}

// chanceOf is how likely a claim's money is to go on, per cent: where it waits
// for its award's successor too, as likely as both.
func (p *Projection) chanceOf(c *claim) (percent int, likely bool) {
	e := &p.awards[c.award]
	if c.also < 0 {
		return e.Chance, e.Likely
	}
	heir := &p.awards[c.also]
	return e.Chance * heir.Chance / 100, e.Likely && heir.Likely
}

// weighed gives what counts of money that a claim would bring if it goes on.
func (p *Projection) weighed(c *claim, amount money.Pence) money.Pence {
	percent, likely := p.chanceOf(c)
	return p.Assumptions.counted(amount, percent, likely)
}

func (a Assumptions) counted(amount money.Pence, percent int, likely bool) money.Pence {
	switch {
	case amount == 0:
		return 0
	case a.Weigh:
		share, _ := money.NewShare(int64(percent), 100)
		return portion(share, amount)
	case likely:
		return amount
	}
	return 0
}

// DutiesShort lists the statutory services that are short in a year: their
// duty outlives the money.
func (p *Projection) DutiesShort(y fiscal.Year) []string {
	return slices.DeleteFunc(p.Short(y), func(id string) bool { return !p.Services[p.at[id]].Statutory })
}

// Service gives a service of the forecast by id.
func (p *Projection) Service(id string) (Service, bool) {
	n, is := p.at[id]
	if !is {
		return Service{}, false
	}
	return p.Services[n], true
}

// Award gives an award of the forecast by id.
func (p *Projection) Award(id string) (Award, bool) {
	n, is := p.awardAt[id]
	if !is {
		return Award{}, false
	}
	return p.Awards[n], true
}
