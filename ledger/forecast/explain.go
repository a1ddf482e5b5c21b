package forecast

import (
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// Part is one of the amounts that add up to a figure. Entries, where there are
// any, add up to the amount; else a record may say it.
type Part struct {
	Amount               money.Pence
	Sentence             sentence.Sentence
	Entries              []ledger.Proof
	Register, ID, Column string
	Unknown              bool // there is, or may be, more of it than the amount
}

// bound is the end of a span that a figure shows.
type bound bool

const (
	lowest  bound = false
	highest bound = true
)

func (b bound) of(s span) money.Pence {
	if b == highest {
		return s.hi
	}
	return s.lo
}

func (s span) bound(l Line) bound {
	return bound(!s.open && s.lo != s.hi && l.shortage())
}

// Explain lists the parts of a row's figure, of one service or, with "", of
// all. They add up to it to the penny.
func (p *Projection) Explain(l Line, service string, y fiscal.Year) []Part {
	if service != "" {
		return p.ExplainAmong([]string{service}, l, y)
	}
	i, in := p.index(y)
	if !in || l >= lines {
		return nil
	}
	x := &explaining{Projection: p, i: i, y: y}
	total := p.totals[i][l]
	if l == SavingsNotFound {
		x.savingsNotFound(total, total.bound(l))
		return x.parts
	}
	for n := range p.services {
		x.line(&p.services[n], l, total.bound(l), 1)
	}
	for n := range p.awards {
		x.alone(&p.awards[n], l, total.bound(l))
	}
	switch l {
	case SavingsFound:
		x.recorded(p.unassigned.saved, 1)
	case Pressures, TotalCost, Gap, GapAfterLikely:
		x.recorded(p.unassigned.pressures, 1)
	}
	return x.parts
}

// ExplainAmong lists the parts of a row's figure among some services.
func (p *Projection) ExplainAmong(services []string, l Line, y fiscal.Year) []Part {
	i, in := p.index(y)
	if !in || l >= lines {
		return nil
	}
	x := &explaining{Projection: p, i: i, y: y}
	b := p.among(services, l, i).bound(l)
	for _, id := range services {
		if n, is := p.at[id]; is {
			x.line(&p.services[n], l, b, 1)
		}
	}
	return x.parts
}

// explaining gathers the parts of one figure.
type explaining struct {
	*Projection
	i     int
	y     fiscal.Year
	parts []Part
}

func (x *explaining) add(part Part) { x.parts = append(x.parts, part) }

// line adds the parts of one row of a service, times sign.
func (x *explaining) line(s *service, l Line, b bound, sign money.Pence) {
	c := &s.cells[x.i]
	switch l {
	case Cost:
		x.cost(s, sign)
	case Prices:
		x.prices(s, sign)
	case Pressures:
		x.recorded(s.pressures, sign)
	case TotalCost:
		x.line(s, Cost, b, sign)
		if s.costs[x.i].state == costKnown { // else it is said of the cost
			x.line(s, Prices, b, sign)
		}
		x.line(s, Pressures, b, sign)
	case Gap:
		x.net(s, c.line(Gap), b, sign, []Line{TotalCost}, []Line{Secured, Core})
	case GapAfterLikely:
		x.net(s, c.line(GapAfterLikely), b, sign, []Line{TotalCost}, []Line{Secured, Core, Likely})
	case SavingsNotFound:
		x.net(s, c.line(SavingsNotFound), b, sign, []Line{GapAfterLikely}, []Line{SavingsFound})
	case Surplus:
		x.net(s, c.line(Surplus), b, sign, []Line{Secured, Core}, []Line{TotalCost})
	case SavingsFound:
		x.recorded(s.saved, sign)
	case ExitCost:
		x.recorded(s.exits, sign)
	case Secured, Core, Likely, Unsecured, WithoutMatch, Ending:
		for k := range s.claims {
			x.money(s, &s.claims[k], l, b, sign)
		}
		if l == Secured && s.PaidElsewhere != "" && s.costs[x.i].state != costNone {
			x.add(Part{Sentence: words.Say("part.elsewhere", "Service", named(s)), Register: "services", ID: s.ID, Column: "paid_elsewhere", Unknown: true})
		}
		if l == Unsecured {
			x.proposed(s, unsecured, b, sign)
		}
	case Proposed:
		x.proposed(s, secured, b, sign)
	}
}

// net adds the parts of what is over when some rows are taken off others; where
// nothing is, only those that may make it otherwise.
func (x *explaining) net(s *service, is span, b bound, sign money.Pence, of, off []Line) {
	from := len(x.parts)
	for _, l := range of {
		x.line(s, l, b, sign)
	}
	for _, l := range off {
		x.line(s, l, !b, -sign)
	}
	if b.of(is) != 0 {
		return
	}
	unknown := slices.DeleteFunc(x.parts[from:], func(part Part) bool { return !part.Unknown || is.exact() })
	for i := range unknown {
		unknown[i].Amount, unknown[i].Entries = 0, nil
	}
	x.parts = x.parts[:from+len(unknown)]
}

func (x *explaining) savingsNotFound(total span, b bound) {
	if b.of(total) == 0 {
		return
	}
	for _, part := range x.Explain(GapAfterLikely, "", x.y) {
		x.add(part)
	}
	for n := range x.services {
		x.line(&x.services[n], SavingsFound, !b, -1)
	}
	x.recorded(x.unassigned.saved, -1)
}

func (x *explaining) cost(s *service, sign money.Pence) {
	c := &s.costs[x.i]
	service := named(s)
	switch c.state {
	case costNotKnown:
		x.add(Part{Sentence: words.Say("part.cost-unknown", "Service", service, "Year", x.y), Register: "services", ID: s.ID, Column: x.y.String(), Unknown: true})
	case costKnown:
		says := words.Say("part.cost", "Service", service, "Year", x.y)
		switch {
		case c.from != x.y && c.part != c.of:
			says = words.Say("part.cost-months", "Service", service, "From", c.from, "Count", c.part, "Of", c.of)
		case c.from != x.y:
			says = words.Say("part.cost-carried", "Service", service, "From", c.from)
		}
		gross, net := c.scaled(c.gross), c.scaled(c.net)
		x.add(Part{Amount: sign * gross, Sentence: says, Register: "services", ID: s.ID, Column: c.from.String()})
		if net != gross {
			x.add(Part{Amount: sign * (net - gross), Sentence: words.Say("part.income", "Service", service), Register: "services", ID: s.ID, Column: "income"})
		}
	}
}

func (x *explaining) prices(s *service, sign money.Pence) {
	c := &s.costs[x.i]
	switch at := s.cells[x.i].prices; {
	case c.state == costNotKnown:
		x.cost(s, sign)
	case at.open:
		x.add(Part{Sentence: words.Say("part.too-dear", "Service", named(s)), Unknown: true})
	case at.lo != 0:
		part := Part{Amount: sign * at.lo, Sentence: words.Say("part.prices", "Service", named(s), "Year", x.y, "From", c.base)}
		if price, found := x.Assumptions.price(s.CostType, x.y); found && price.ID != "" {
			part.Register, part.ID, part.Column = "assumptions", price.ID, "percent"
		}
		x.add(part)
	}
}

// money adds what one award brings to a row of a service.
func (x *explaining) money(s *service, c *claim, l Line, b bound, sign money.Pence) {
	e, y := &x.awards[c.award], &c.years[x.i]
	as := &e.years[x.i]
	award, service := e.named(), named(s)
	core := as.assured == secured && e.Lasting
	switch {
	case l == Core && core, l == Secured && as.assured == secured && !core:
		x.own(s, c, b, sign, "part.money")
		x.without(s, c, -sign)
	case l == Secured && as.assured == notStated:
		if doubt := (span{min(y.own.lo, 0), max(y.own.hi, 0), y.own.open}); doubt != (span{}) {
			if b.of(doubt) == 0 {
				x.add(Part{Sentence: words.Say("part.doubt", "Award", award, "Service", service), Register: "awards", ID: e.ID, Column: "certainty", Unknown: true})
			} else {
				x.own(s, c, b, sign, "part.doubt")
			}
		}
	case l == Unsecured && as.assured != secured, l == Ending && e.end == x.y:
		x.own(s, c, b, sign, "part.money")
	case l == WithoutMatch:
		x.without(s, c, sign)
	case l == Likely && !y.carried:
		x.goesOn(s, c, b, sign)
	}
	if l == Core && y.carried {
		x.level(s, c, y.goes, sign, words.Say("part.carried", "Award", award, "Service", service, "Year", x.y, "From", e.lastPut))
	}
}

// own adds what is allocated: the entries of the year, and beside them what is
// not split by year or of unknown amount.
func (x *explaining) own(s *service, c *claim, b bound, sign money.Pence, code string) {
	e, y := &x.awards[c.award], &c.years[x.i]
	award, service := e.named(), named(s)
	var known money.Pence
	var of []ledger.Holding
	for _, h := range x.view.HoldingsOf(s.ref) {
		if h.Award == e.ref && x.yearOf(e, &h) == x.y {
			known += h.Amount
			of = append(of, h)
		}
	}
	if known != 0 {
		x.add(Part{Amount: sign * known, Sentence: words.Say(code, "Award", award, "Service", service), Entries: times(x.view.ProofOfHoldings(of...), sign), Unknown: code == "part.doubt"})
	}
	if rest := b.of(y.own) - known; rest != 0 || y.own.lo != y.own.hi {
		x.add(Part{Amount: sign * rest, Sentence: words.Say("part.unsplit", "Award", award, "Service", service), Unknown: true})
	}
	if y.own.open {
		x.add(Part{Sentence: words.Say("part.unsized", "Award", award, "Service", service), Unknown: true})
	}
}

// yearOf is the year whose money a holding is; that of the whole term is of a
// year only where the term lies within it.
func (p *Projection) yearOf(e *award, h *ledger.Holding) fiscal.Year {
	if h.Year == fiscal.Term && within(e.paper.Term, e.end) {
		return e.end
	}
	return h.Year
}

func (x *explaining) without(s *service, c *claim, sign money.Pence) {
	if p := c.years[x.i].without; p != 0 {
		e := &x.awards[c.award]
		x.add(Part{Amount: sign * p, Sentence: words.Say("part.without", "Award", e.named(), "Service", named(s)), Register: "terms", ID: e.years[x.i].matchTerm, Column: "value"})
	}
}

// goesOn adds what an award would bring if it goes on.
func (x *explaining) goesOn(s *service, c *claim, b bound, sign money.Pence) {
	e, y := &x.awards[c.award], &c.years[x.i]
	award, service := e.named(), named(s)
	x.level(s, c, x.weighed(c, y.goes), sign, words.Say("part.goes-on", "Award", award, "Service", service, "From", e.lastPut))
	if heir := x.Assumptions.counted(y.heir, e.Chance, e.Likely); heir != 0 {
		h := &x.awards[e.heir]
		x.add(Part{Amount: sign * heir, Sentence: words.Say("part.heir", "Heir", h.named(), "Award", award, "Service", service), Register: "awards", ID: h.ID, Column: x.y.String()})
	}
	if y.regained != 0 {
		says := words.Say("part.regained", "Award", award, "Service", service)
		if y.regained < 0 {
			says = words.Say("part.without", "Award", award, "Service", service)
		}
		x.add(Part{Amount: sign * y.regained, Sentence: says, Register: "terms", ID: e.years[x.i].matchTerm, Column: "value"})
	}
	if perhaps := x.weighed(c, y.perhaps); perhaps != 0 {
		x.add(Part{Amount: sign * b.of(upTo(perhaps)), Sentence: words.Say("part.unsplit", "Award", award, "Service", service), Unknown: true})
	}
}

// level adds money at the level of the award's last year of it: the entries of
// that year, and what is more or less than they come to.
func (x *explaining) level(s *service, c *claim, p, sign money.Pence, says sentence.Sentence) {
	if p == 0 {
		return
	}
	e := &x.awards[c.award]
	var of []ledger.Holding
	for _, h := range x.view.HoldingsOf(s.ref) {
		if h.Award == e.ref && x.yearOf(e, &h) == e.lastPut {
			of = append(of, h)
		}
	}
	if c.level != 0 {
		x.add(Part{Amount: sign * c.level, Sentence: says, Entries: times(x.view.ProofOfHoldings(of...), sign)})
	}
	if p != c.level {
		x.add(Part{Amount: sign * (p - c.level), Sentence: words.Say("part.goes-on-partly", "Award", e.named(), "Service", named(s))})
	}
}

func (x *explaining) proposed(s *service, as assurance, b bound, sign money.Pence) {
	for k := range s.proposals {
		q := &s.proposals[k]
		e := &x.awards[q.award]
		if (e.years[x.i].assured == secured) != (as == secured) {
			continue
		}
		if in := q.inYear(e, x.y); in != (span{}) {
			x.add(Part{Amount: sign * b.of(in), Sentence: words.Say("part.proposed", "Award", e.named(), "Service", named(s)), Register: "allocations", ID: q.ID, Column: "amount", Unknown: !in.exact()})
		}
	}
}

// alone adds what an award has by itself, on no service.
func (x *explaining) alone(e *award, l Line, b bound) {
	y := &e.years[x.i]
	award := e.named()
	ending := e.end != 0 && e.end <= x.y
	over := func(p money.Pence) {
		if p != 0 || y.over != (span{}) {
			part := x.waiting(e, p, -1, words.Say("part.over", "Award", award))
			part.Unknown = !y.over.exact()
			x.add(part)
		}
	}
	switch l {
	case OverAllocated, Gap, GapAfterLikely:
		over(b.of(y.over))
	case Secured:
		over(-(!b).of(y.over))
	case Unallocated, UnallocatedGoingOn, UnallocatedEnding, SecuredSuccessor:
		if y.inherited != (l == SecuredSuccessor) || l == UnallocatedGoingOn && ending || l == UnallocatedEnding && !ending || y.left == (span{}) {
			return
		}
		code := "part.left"
		if !y.left.exact() {
			code = "part.left-unknown"
		}
		part := x.waiting(e, b.of(y.left), 1, words.Say(code, "Award", award))
		part.Unknown = !y.left.exact()
		x.add(part)
	case Unsecured:
		if y.unsecured != (span{}) {
			x.add(Part{Amount: b.of(y.unsecured), Sentence: words.Say("part.unsecured", "Award", award), Register: "awards", ID: e.ID, Column: x.y.String(), Unknown: !y.unsecured.exact()})
		}
	}
}

// waiting makes a part of what an award has not put on services, with the
// entries of its accounts where they alone make it.
func (x *explaining) waiting(e *award, p, sign money.Pence, says sentence.Sentence) Part {
	accounts := []ledger.Account{{Stage: ledger.Awarded, Award: e.ID, Year: x.y}}
	for board := range x.view.Boards {
		accounts = append(accounts, ledger.Account{Stage: ledger.Awarded, Award: e.ID, Board: board, Year: x.y})
	}
	part := Part{Amount: p, Sentence: says, Register: "awards", ID: e.ID, Column: x.y.String()}
	for _, flip := range []money.Pence{sign, -sign} {
		proof := times(x.view.ProofOf(accounts...), flip)
		var sum money.Pence
		for _, one := range proof {
			sum += one.Amount
		}
		if sum == p && len(proof) > 0 {
			part.Entries = proof
			return part
		}
	}
	return part
}

// recorded adds what rows of registers say.
func (x *explaining) recorded(rows []stated, sign money.Pence) {
	for _, r := range rows {
		if p := r.by[x.i]; p != (span{}) {
			x.add(Part{Amount: sign * p.lo, Sentence: r.says, Register: r.register, ID: r.id, Column: r.column(x.y), Unknown: !p.exact()})
		}
	}
}

func times(proof []ledger.Proof, sign money.Pence) []ledger.Proof {
	if sign != 1 {
		for i := range proof {
			proof[i].Amount *= sign
		}
	}
	return proof
}

func named(s *service) sentence.Name {
	return sentence.Name{Register: "services", ID: s.ID, Text: s.Name}
}

func (e *award) named() sentence.Name {
	return sentence.Name{Register: "awards", ID: e.ID, Text: e.Name}
}
