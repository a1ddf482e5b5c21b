package forecast

import (
	"slices"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Band is how sure money is.
type Band uint8

const (
	BandSecured          Band = iota
	BandSecuredSuccessor      // what a secured successor reaches, and has not allocated
	BandLikely
	BandUnlikely
	BandUnsecured // stated, and not secured: see Certainty
	BandWithoutMatch
)

var bandWords = [...]string{"secured", "secured successor", "likely", "unlikely", "unsecured", "without match"}

func (b Band) String() string { return bandWords[b] }

// Money is what one award has, or would have, on a service in a year.
type Money struct {
	Award     string
	Year      fiscal.Year
	Amount    money.Pence
	Band      Band
	Certainty funding.Certainty
	Lasting   bool        // base budget or settlement
	AtLeast   bool        // there is more, not yet split by year or of unknown amount
	Like      fiscal.Year // the year at whose level it goes on; 0: as allocated
}

// award is what the projection knows of an award beside its public face.
type award struct {
	Award
	paper      funding.Award // its end and fate are those of the award it is part of, where it states none
	ref        ledger.Ref
	end        fiscal.Year // of its last day; 0: none
	gone       bool        // it ended before the date, and nobody says that it goes on
	lastPut    fiscal.Year // the last year in which it has money on services
	lastIn     money.Pence // how much then, and how much of it beyond what it held
	lastOver   money.Pence
	told       bool // its chance is stated
	needsMatch bool // in some year
	heir       int  // its successor; −1: none
	years      []awardYear
}

// awardYear is one award in one year.
type awardYear struct {
	assured   assurance
	certainty funding.Certainty
	stated    bool         // somebody stated a figure for the year or the whole term
	figure    money.Amount // secured for the year; unknown where none is
	put       money.Pence  // on services of the projection, as allocated
	asked     money.Pence  // for services, in proposals
	left      span         // secured, and on no service
	over      span         // on services beyond what is secured
	unsecured span         // stated, not secured, and on no service
	match     money.Share  // the match it needs; the strictest term's
	matchTerm string
	without   money.Pence // on services, without match
	inherited bool        // a forerunner has ended
}

// assurance is how an award's figure stands in a year.
type assurance uint8

const (
	notStated assurance = iota
	secured
	unsecured
)

// claim is one award's money on one service.
type claim struct {
	award         int
	level, before money.Pence // put in the award's last year of money, and in the year before
	unsplit       money.Pence // for the whole term, not split by year
	also          int         // the successor that must go on too; −1: none
	years         []claimYear
}

type claimYear struct {
	own      span        // allocated
	without  money.Pence // of it, without match
	regained money.Pence // what likely money would match again; below nought: what it would lack itself
	goes     money.Pence // what it would bring if the award goes on
	perhaps  money.Pence // and, of money not split by year, at most so much more
	heir     money.Pence // what its secured successor reaches
	carried  bool        // lasting money of which nobody has stated the year: it goes on
}

// readAwards reads the awards of the projection's kind, and how each stands in
// each year.
func (r *reading) readAwards() {
	carriedIn := r.carriedIn()
	index := func(ref ledger.Ref) {
		for len(r.byRef) <= int(ref) {
			r.byRef = append(r.byRef, -1)
			r.others = append(r.others, false)
		}
	}
	for id, a := range r.view.Awards {
		ref, used := r.view.Ref(id)
		if used {
			index(ref)
		}
		if a.Money != r.Kind {
			if used {
				r.others[ref] = true
			}
			continue
		}
		if used {
			r.byRef[ref] = int32(len(r.awards))
		}
		r.awardAt[id] = len(r.awards)
		e := r.readAward(id, a)
		e.ref = ref
		for i, y := range r.Years {
			r.standing(&e, y, &e.years[i])
			if carriedIn[awardOf{id, y}] {
				e.years[i].assured, e.years[i].stated = secured, true
			}
		}
		r.awards = append(r.awards, e)
	}
	for i := range r.awards {
		e := &r.awards[i]
		if heir, recorded := r.awardAt[e.Successor]; recorded && heir != i {
			e.heir = heir
		}
	}
	for _, h := range r.view.AllHoldings() {
		e := r.award(h.Award)
		if e == nil || h.Amount <= 0 {
			continue
		}
		y := h.Year
		if y == fiscal.Term && within(e.paper.Term, e.end) {
			y = e.end
		}
		if y > e.lastPut && (e.end == 0 || y <= e.end) {
			e.lastPut = y
		}
	}
}

func (r *reading) readAward(id string, a funding.Award) award {
	a = r.inherit(a)
	stream, _ := r.view.Stream(a.Stream)
	e := award{paper: a, heir: -1, years: make([]awardYear, len(r.Years))}
	e.Award = Award{ID: id, Name: r.view.AwardName(id), Stream: a.Stream, Permanence: stream.Permanence, Fate: a.Fate, Successor: a.Successor,
		Lasting: stream.Permanence == funding.BaseBudget || stream.Permanence == funding.Settlement}
	e.Chance, e.told = r.Assumptions.chance(a, stream.Permanence)
	e.Likely = e.Chance >= r.Assumptions.likelyFrom()
	if last, ends := a.LastDay(); ends {
		e.Last, e.end = last, fiscal.YearOf(last)
		_, supposed := r.Assumptions.Renewals[id]
		e.gone = last < r.AsAt && !supposed
	}
	for _, t := range r.view.TermsOf(id) {
		m, is := t.Match()
		if !is || len(t.When) > 0 { // whether its condition applies nobody knows
			continue
		}
		for i, y := range r.Years {
			if t.InForce.Overlaps(y.Period()) && m.Share.Cmp(e.years[i].match) > 0 {
				e.years[i].match, e.years[i].matchTerm, e.needsMatch = m.Share, t.ID, true
			}
		}
	}
	return e
}

// inherit fills in the end and the fate of an award that is part of another
// and states none of its own, as the checks do.
func (r *reading) inherit(a funding.Award) funding.Award {
	for up, steps := a.PartOf, 0; up != "" && steps < 10; steps++ {
		parent, _ := r.view.Award(up)
		if a.Term.To.IsZero() {
			a.Term.To = parent.Term.To
		}
		if a.Fate == funding.FateNotStated {
			a.Fate, a.Successor = parent.Fate, parent.Successor
		}
		up = parent.PartOf
	}
	return a
}

// standing says how an award's figure stands in a year: for the year itself or
// else for the whole term.
func (r *reading) standing(e *award, y fiscal.Year, s *awardYear) {
	s.figure = money.Unknown
	for _, one := range r.view.FigureYears(e.ID) {
		if one != y && one != fiscal.Term {
			continue
		}
		sec, uns := r.view.Stands(e.ID, one)
		s.stated = s.stated || sec.Known || uns.Known
		whole := one == y || within(e.paper.Term, y)
		switch {
		case sec.Known:
			s.assured, s.certainty = secured, sec.Certainty
			if whole {
				s.figure = sec.Amount
			}
		case uns.Known && s.assured != secured:
			if uns.Certainty != funding.CertaintyNotStated {
				s.assured, s.certainty = unsecured, uns.Certainty
			}
			if p, known := uns.Amount.Known(); whole && known {
				s.unsecured = just(p)
			} else if whole {
				s.unsecured = unbounded
			}
		}
	}
	if s.assured == secured {
		s.unsecured = span{}
	}
}

type awardOf struct {
	award string
	year  fiscal.Year
}

// carriedIn lists the awards and years into which secured money was carried.
func (r *reading) carriedIn() map[awardOf]bool {
	in := map[awardOf]bool{}
	r.view.OfKind(ledger.CarryForward, func(_ int, e ledger.Entry) {
		if e.To.Stage == ledger.Awarded {
			in[awardOf{e.To.Award, e.To.Year}] = true
		}
	})
	return in
}

// award gives an award of the projection by number, nil if there is none.
func (r *reading) award(ref ledger.Ref) *award {
	if int(ref) < len(r.byRef) && r.byRef[ref] >= 0 {
		return &r.awards[r.byRef[ref]]
	}
	return nil
}

func within(p fiscal.Period, y fiscal.Year) bool {
	return y != 0 && !p.From.IsZero() && !p.To.IsZero() && y.Start() <= p.From && p.To <= y.End()+1
}

// claim reads what is put on a service: mine by awards of the projection, others
// by awards of the other kind.
func (r *reading) claim(s *service, lines []ledger.Line) (mine, others bool) {
	for _, h := range r.view.HoldingsOf(s.ref) {
		if int(h.Award) < len(r.others) && r.others[h.Award] {
			others = others || h.Amount > 0
			continue
		}
		e := r.award(h.Award)
		if e == nil {
			continue
		}
		mine = true
		c := s.claimOf(int(r.byRef[h.Award]), len(r.Years))
		y := h.Year
		if y == fiscal.Term {
			if y = e.end; !within(e.paper.Term, y) {
				c.unsplit += h.Amount
				r.say("unsplit", e.named())
				for i := range r.Years {
					if h.Amount != 0 && e.paper.RunsIn(r.Years[i]) {
						c.years[i].own.add(upTo(h.Amount))
					}
				}
				continue
			}
		}
		if i, in := r.index(y); in {
			c.years[i].own.add(just(h.Amount))
		}
		switch y {
		case e.lastPut:
			c.level += h.Amount
		case e.lastPut - 1:
			c.before += h.Amount
		}
	}
	for _, l := range lines {
		at, recorded := r.awardAt[l.Award]
		if !recorded {
			others = others || l.State == "agreed" && r.view.Has("awards", l.Award)
			continue
		}
		if l.State == "proposed" {
			s.proposals = append(s.proposals, proposal{at, l})
			continue
		}
		mine = true
		c := s.claimOf(at, len(r.Years))
		for i, y := range r.Years {
			if l.Year == y || l.Year == fiscal.Term && r.awards[at].paper.RunsIn(y) {
				c.years[i].own.open = true
			}
		}
		r.say("unsized", named(s))
	}
	return mine, others
}

func (s *service) claimOf(award, years int) *claim {
	for i := range s.claims {
		if s.claims[i].award == award {
			return &s.claims[i]
		}
	}
	s.claims = append(s.claims, claim{award: award, also: -1, years: make([]claimYear, years)})
	return &s.claims[len(s.claims)-1]
}

// readLeft finds what each award has left, and where more of it is on services
// than it holds. An award's own money and that set aside for boards are taken
// together; so are money by year and for the whole term.
func (r *reading) readLeft() {
	balance := map[awardOf]money.Pence{}
	for a, p := range r.view.Balances {
		if a.Stage == ledger.Awarded {
			balance[awardOf{a.Award, a.Year}] += p
		}
	}
	years := map[string][]fiscal.Year{}
	for k := range balance {
		if k.year != fiscal.Term {
			years[k.award] = append(years[k.award], k.year)
		}
	}
	for n := range r.awards {
		e := &r.awards[n]
		of := years[e.ID]
		slices.Sort(of)
		term := balance[awardOf{e.ID, fiscal.Term}]
		if term != 0 && within(e.paper.Term, e.end) {
			if _, met := balance[awardOf{e.ID, e.end}]; !met {
				of = append(of, e.end)
			}
			balance[awardOf{e.ID, e.end}] += term
			term = 0
		}
		for _, y := range of { // what one has, the other may draw on
			b := balance[awardOf{e.ID, y}]
			draws := min(max(term, 0), max(-b, 0)) - min(max(-term, 0), max(b, 0))
			term -= draws
			b += draws
			i, in := r.index(y)
			if !in || e.years[i].assured != secured {
				continue
			}
			e.years[i].left = just(max(b, 0))
			e.years[i].over = just(max(-b, 0))
		}
		for i, y := range r.Years {
			if e.years[i].assured == secured && e.years[i].figure.IsUnknown() && r.unknownFigure(e, y) {
				e.years[i].left = unbounded
				e.years[i].over = upTo(e.years[i].over.hi)
			}
			if term > 0 && e.years[i].assured == secured && e.paper.RunsIn(y) {
				e.years[i].left.add(upTo(term))
			}
		}
	}
	for n := range r.services {
		for k := range r.services[n].claims {
			c := &r.services[n].claims[k]
			for i := range c.years {
				r.awards[c.award].years[i].put += c.years[i].own.lo
			}
		}
		for k := range r.services[n].proposals {
			q := &r.services[n].proposals[k]
			for i, y := range r.Years {
				r.awards[q.award].years[i].asked += q.inYear(&r.awards[q.award], y).lo
			}
		}
	}
	for n := range r.awards {
		e := &r.awards[n]
		for i := range e.years { // it is short of what it has put on services, and no more
			y := &e.years[i]
			y.over.lo, y.over.hi = min(y.over.lo, max(y.put, 0)), min(y.over.hi, max(y.put, 0))
		}
		if i, in := r.index(e.lastPut); in {
			e.lastIn, e.lastOver = e.years[i].put, e.years[i].over.lo
		}
		for i := range e.years {
			y := &e.years[i]
			if y.assured != secured {
				y.unsecured = beyond(y.unsecured, just(y.put+y.asked)) // the rest of it is on services
			}
		}
	}
}

// unknownFigure reports a secured figure whose amount nobody stated.
func (r *reading) unknownFigure(e *award, y fiscal.Year) bool {
	sec, _ := r.view.Stands(e.ID, y)
	if !sec.Known {
		sec, _ = r.view.Stands(e.ID, fiscal.Term)
	}
	return sec.Known && sec.Amount.IsUnknown()
}

// proposal is money asked for and not agreed.
type proposal struct {
	award int
	ledger.Line
}

// inYear gives what a proposal asks for in a year.
func (q *proposal) inYear(e *award, y fiscal.Year) span {
	switch {
	case q.Year != y && q.Year != fiscal.Term, q.Year == fiscal.Term && !e.paper.RunsIn(y):
		return span{}
	case q.Amount.IsUnknown():
		return unbounded
	}
	p, _ := q.Amount.Known()
	if q.Year == y || within(e.paper.Term, y) {
		return just(p)
	}
	return upTo(p)
}

// pay puts the money on a service into its cells.
func (r *reading) pay(n int) {
	s := &r.services[n]
	for k := range s.proposals {
		q := &s.proposals[k]
		e := &r.awards[q.award]
		for i, y := range r.Years {
			if e.years[i].assured == secured {
				s.cells[i].proposed.add(q.inYear(e, y))
			} else {
				s.cells[i].unsecured.add(q.inYear(e, y))
			}
		}
	}
	for k := range s.claims {
		c := &s.claims[k]
		e := &r.awards[c.award]
		_, likely := r.chanceOf(c)
		for i := range c.years {
			y, at, as := &c.years[i], &s.cells[i], &e.years[i]
			counted := span{y.own.lo - y.without, y.own.hi - y.without, y.own.open}
			switch {
			case as.assured == secured && e.Lasting:
				at.core.add(counted)
			case as.assured == secured:
				at.secured.add(counted)
			case as.assured == unsecured:
				at.unsecured.add(y.own)
			default: // nobody vouches for it, nor against it
				at.unsecured.add(y.own)
				at.secured.add(span{min(y.own.lo, 0), max(y.own.hi, 0), y.own.open})
				if y.own != (span{}) {
					r.say("certainty", e.named())
				}
			}
			at.without.add(just(y.without))
			if y.carried {
				at.core.add(just(y.goes))
			} else {
				at.likely.add(just(r.weighed(c, y.goes) + r.Assumptions.counted(y.heir, e.Chance, e.Likely) + y.regained))
				at.likely.add(upTo(r.weighed(c, y.perhaps)))
			}
			if e.end == r.Years[i] {
				at.ending.add(y.own)
			}
			r.Services[n].Money = appendMoney(r.Services[n].Money, e, r.Years[i], y, as, likely)
		}
	}
}

func appendMoney(of []Money, e *award, y fiscal.Year, c *claimYear, as *awardYear, likely bool) []Money {
	m := Money{Award: e.ID, Year: y, Certainty: as.certainty, Lasting: e.Lasting}
	if c.own != (span{}) {
		own := m
		own.Amount, own.AtLeast = c.own.lo-c.without, !c.own.exact()
		if as.assured != secured {
			own.Band = BandUnsecured
		}
		if own.Amount != 0 || own.AtLeast {
			of = append(of, own)
		}
	}
	for _, more := range [...]struct {
		amount money.Pence
		band   Band
	}{{c.without, BandWithoutMatch}, {c.heir, BandSecuredSuccessor}, {c.goes, BandLikely}} {
		if more.amount == 0 {
			continue
		}
		one := m
		one.Amount, one.Band = more.amount, more.band
		switch {
		case more.band == BandLikely && c.carried:
			one.Band, one.Like = BandSecured, e.lastPut
		case more.band == BandLikely:
			one.Like = e.lastPut
			one.AtLeast = c.perhaps > 0
			if !likely {
				one.Band = BandUnlikely
			}
		}
		of = append(of, one)
	}
	return of
}
