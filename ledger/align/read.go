package align

import (
	"cmp"
	"slices"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// work is a plan being made: the book read into an instance, and what each of
// the instance's numbers stands for.
type work struct {
	v       *ledger.View
	p       *forecast.Projection
	o       Options
	years   []fiscal.Year
	judge   *judge
	awards  []*award   // in order of id
	service []*service // likewise

	in       *instance
	sources  []inYear // by source: award and year, −1 the whole term
	wants    []inYear // by want: service and year
	uses     []useInfo
	sourceAt []int32 // by award × year, −1 none
	wantAt   []int32 // by service × year, −1 none
	wantsOf  []wantInfo
	capTerm  [][]*funding.Term // by source and cap
	broken   money.Pence       // on services though a term refuses it
	unsure   []doubtful        // found on the way

	best *solved
	bar  map[int]bool // uses that a what-if gives no more
	hold map[int]bool // uses that it takes nothing from
}

// inYear is an award or a service, by number, in a year of the plan.
type inYear struct{ of, year int32 }

// award and service are a row of the register with what planning needs.
type award struct {
	funding.Award
	stream  funding.Stream
	law     *law
	dates   map[fiscal.Year]funding.Ruling
	force   []uint64
	lasting bool
	left    []money.Pence // by year, not on any service
	term    money.Pence   // likewise, for the whole term
	put     []money.Pence // by year, on services and movable
	fixed   []money.Pence // by year, on services and not
	match   []money.Pence // by year, found
	figure  []money.Amount
	moved   []money.Pence // by year, moved between services before
	carried []money.Pence // by year, carried out of it before
	unknown []bool        // by year: what it has is not known
}

type service struct {
	commissioning.Service
	facts  facts
	dated  bool // its own dates may cut into a year
	value  int64
	weight int64 // of what it works to, in hundredths
	held   []holding
	cells  []cell
	term   money.Pence // on it for the whole term, not split by year

	labelled []labelled // once asked
}

// cell is money put on a service, or taken off it, with what it is labelled for.
type cell struct {
	ledger.LabelledCell
	award, year int32
}

// holding is an award's money on a service in a year.
type holding struct {
	award, year    int32
	movable, fixed money.Pence
	match          money.Pence // of it, matching another award
}

func (s *service) holding(award, year int32) *holding {
	for i := range s.held {
		if h := &s.held[i]; h.award == award && h.year == year {
			return h
		}
	}
	s.held = append(s.held, holding{award: award, year: year})
	return &s.held[len(s.held)-1]
}

// useInfo is what a use of the instance stands for.
type useInfo struct {
	keeps, adds *ledger.Label // what is there, and what more would be, labelled for; nil is no label
	broken      money.Pence   // there today, and refused
	refused     *termLaw      // by this term; nil: by dates
	verdict     *verdict      // of the pair; nil where only what is there counts
	doubt       bool          // more might come, if what is not known were
}

// wantInfo is what a want of the instance stands for, in full.
type wantInfo struct {
	cost    money.Pence
	fixed   money.Pence // of it met by money that stays where it is
	now     money.Pence // of it met today, movable or not
	unknown bool        // the cost is not known: what it has is held
	within  money.Pence // of the cost within known need; the whole where not comparable
}

func newWork(v *ledger.View, p *forecast.Projection, o Options) *work {
	if o.From == 0 {
		o.From = fiscal.YearOf(v.AsAt) + 1
	}
	o.To = max(o.To, o.From)
	// beyond the forecast no cost is known, and money would look as if it were over
	o.From, o.To = max(o.From, p.From), min(o.To, p.From+fiscal.Year(len(p.Years))-1)
	w := &work{v: v, p: p, o: o}
	for y := o.From; y <= o.To; y++ {
		w.years = append(w.years, y)
	}
	w.judge = newJudge(v, w.years)
	w.readAwards()
	w.readServices()
	w.readMoney()
	w.build()
	return w
}

func (w *work) index(y fiscal.Year) (int32, bool) {
	i := int32(y - w.o.From)
	return i, i >= 0 && int(i) < len(w.years)
}

func (w *work) readAwards() {
	n := len(w.years)
	laws := map[string]*law{}
	for id, a := range w.v.Awards {
		if a.Money != w.p.Kind {
			continue
		}
		stream, _ := w.v.Stream(a.Stream)
		terms := w.v.TermsOf(id)
		one := &award{Award: a, stream: stream, dates: map[fiscal.Year]funding.Ruling{},
			lasting: stream.Permanence == funding.BaseBudget || stream.Permanence == funding.Settlement,
			left:    make([]money.Pence, n), put: make([]money.Pence, n), fixed: make([]money.Pence, n), match: make([]money.Pence, n),
			moved: make([]money.Pence, n), carried: make([]money.Pence, n)}
		var key strings.Builder // awards with the same terms share what was judged
		for _, t := range terms {
			key.WriteString(t.ID + "\n")
		}
		if one.law = laws[key.String()]; one.law == nil {
			one.law = newLaw(terms)
			laws[key.String()] = one.law
		}
		for i, y := range w.years {
			one.force = append(one.force, w.judge.force(one.law, i))
			secured, _ := w.v.Stands(id, y)
			if !secured.Known && a.RunsIn(y) {
				secured, _ = w.v.Stands(id, fiscal.Term)
			}
			figure := money.Unknown
			if secured.Known {
				figure = secured.Amount
			}
			one.figure = append(one.figure, figure)
			one.unknown = append(one.unknown, a.RunsIn(y) && w.v.FigureUnknown(id, y))
		}
		w.awards = append(w.awards, one)
	}
	slices.SortFunc(w.awards, func(a, b *award) int { return strings.Compare(a.ID, b.ID) })
}

// value of covering a penny of a service's agreed need (design section 6): the
// weight of what it works to times the evidence that it works. Of several
// objectives each counts by the people known to need it in the service's areas,
// or all alike where nobody has counted any: so that work a little of which is
// for the weightiest objective does not come before work all of which is for
// the next. It does not depend on what is paid for today, so that a plan once
// made stands. The weight is in hundredths; 1 where none is stated.
func (w *work) value(s *commissioning.Service) (value, weight int64) {
	var people, weighed, plain, objectives int64
	for _, id := range s.Objectives {
		o, ok := w.v.Objective(id)
		if !ok {
			continue
		}
		of := int64(min(max(o.Weight, 1), mostWeight))
		objectives++
		plain += of
		for _, area := range s.Areas {
			for _, n := range w.judge.needs()[[2]string{id, area}] {
				if n.People > 0 && !apart(n.Ages, s.Ages) {
					people += int64(n.People)
					weighed += int64(n.People) * of
				}
			}
		}
	}
	switch {
	case people > 0:
		weight = (100*weighed + people/2) / people
	case objectives > 0:
		weight = (100*plain + objectives/2) / objectives
	default:
		weight = 100
	}
	return weight * evidenceWeight[s.Evidence], weight
}

// apart reports two age bands that share no year of age.
func apart(a, b commissioning.Ages) bool { return a.Known && b.Known && a.Overlap(b) == 0 }

// evidenceWeight is what evidence counts for. Nobody having looked is better
// than there being nothing to show: effective services are not to be lost to
// unproven ones (Salford, 2005).
var evidenceWeight = [...]int64{commissioning.Proven: 8, commissioning.Promising: 6, commissioning.NotAssessed: 4, commissioning.Untested: 3, commissioning.Ineffective: 1}

// mostWeight keeps weighed sums within what is added up exactly.
const mostWeight = 100

// beyondNeed is what a penny of cost beyond known need counts for: the least.
const beyondNeed = 1

func (w *work) readServices() {
	for _, one := range w.v.NumberedServices() {
		s := &service{Service: one.Service, dated: one.Starts != 0 || one.Ends != 0}
		s.value, s.weight = w.value(&s.Service)
		s.facts = w.judge.facts(s, ledger.Label{})
		w.service = append(w.service, s)
	}
	slices.SortFunc(w.service, func(a, b *service) int { return strings.Compare(a.ID, b.ID) })
}

// readMoney reads what stands where: money with its award, on services, and of
// that what may not be moved: committed, paid, a board's, or another's match.
func (w *work) readMoney() {
	awardNo, serviceNo := map[string]int32{}, map[string]int32{}
	for i, a := range w.awards {
		awardNo[a.ID] = int32(i)
	}
	for i, s := range w.service {
		serviceNo[s.ID] = int32(i)
	}
	for at, amount := range w.v.Balances {
		no, known := awardNo[at.Award]
		year, within := w.index(at.Year)
		if !known || !within && at.Year != fiscal.Term {
			continue
		}
		a := w.awards[no]
		switch {
		case at.Stage == ledger.Awarded && at.Board == "" && within:
			a.left[year] += amount
		case at.Stage == ledger.Awarded && at.Board == "":
			a.term += amount
		case at.Stage.OfService():
			of, known := serviceNo[at.Service]
			if !known {
				continue
			}
			s := w.service[of]
			if !within {
				s.term += amount
				continue
			}
			h := s.holding(no, year)
			if at.Stage == ledger.Allocated && at.Board == "" && amount > 0 {
				h.movable += amount
			} else {
				h.fixed += amount
			}
		}
	}
	w.readCells(awardNo, serviceNo)
	for _, s := range w.service {
		slices.SortFunc(s.held, func(a, b holding) int { return cmp.Or(cmp.Compare(a.award, b.award), cmp.Compare(a.year, b.year)) })
		for i := range s.held {
			h := &s.held[i]
			stays := min(max(h.match, 0), h.movable)
			h.movable -= stays
			h.fixed += stays
			w.awards[h.award].put[h.year] += h.movable
			w.awards[h.award].fixed[h.year] += h.fixed
		}
	}
	for _, kind := range []ledger.Kind{ledger.Virement, ledger.CarryForward} {
		w.v.OfKind(kind, func(index int, e ledger.Entry) {
			from, amount := e.From, e.Amount
			if w.v.TakesBack(index) {
				from, amount = e.To, -e.Amount
			}
			no, known := awardNo[from.Award]
			year, within := w.index(from.Year)
			switch {
			case !known || !within:
			case kind == ledger.Virement:
				w.awards[no].moved[year] += amount
			default:
				w.awards[no].carried[year] += amount
			}
		})
	}
}

// readCells reads what money on services is labelled for. Money that matches
// another award stays where it is.
func (w *work) readCells(awardNo, serviceNo map[string]int32) {
	byAward, byService := map[ledger.Ref]int32{}, map[ledger.Ref]int32{}
	for id, no := range awardNo {
		if ref, used := w.v.Ref(id); used {
			byAward[ref] = no
		}
	}
	for id, no := range serviceNo {
		if ref, used := w.v.Ref(id); used {
			byService[ref] = no
		}
	}
	w.v.Cells(func(_ int, c ledger.LabelledCell) {
		year, within := w.index(c.Year)
		award, known := byAward[c.Award]
		of, is := byService[c.Service]
		if !within || !known || !is {
			return
		}
		s := w.service[of]
		s.cells = append(s.cells, cell{c, award, year})
		if c.MatchFor != 0 {
			if matched, known := byAward[c.MatchFor]; known {
				w.awards[matched].match[year] += c.Amount
			}
			s.holding(award, year).match += c.Amount
		}
	})
}

// segment is money of one award on one service in a year under one label.
type segment struct {
	label  ledger.Label
	amount money.Pence
}

func (w *work) label(c *cell) ledger.Label {
	return ledger.Label{Objective: w.v.Name(c.Objective), Area: w.v.Name(c.Area), Element: w.v.Name(c.Element), CostType: w.v.Name(c.CostType)}
}

// segments sorts a holding's movable money by what it is labelled for, the
// largest first.
func (w *work) segments(s *service, h *holding) (of []segment) {
	for i := range s.cells {
		c := &s.cells[i]
		if c.year != h.year || c.award != h.award || c.MatchFor != 0 {
			continue
		}
		label := w.label(c)
		if at := slices.IndexFunc(of, func(g segment) bool { return g.label == label }); at >= 0 {
			of[at].amount += c.Amount
		} else {
			of = append(of, segment{label, c.Amount})
		}
	}
	gone := -h.movable // what was put first is what is promised or spent first
	for i := range of {
		of[i].amount = max(of[i].amount, 0)
		gone += of[i].amount
	}
	left := max(-gone, 0)
	for i := range of {
		spent := min(max(gone, 0), of[i].amount)
		of[i].amount -= spent
		gone -= spent
	}
	of = slices.DeleteFunc(of, func(g segment) bool { return g.amount == 0 })
	if left > 0 {
		of = append(of, segment{amount: left})
	}
	slices.SortFunc(of, func(a, b segment) int {
		return cmp.Or(cmp.Compare(b.amount, a.amount), strings.Compare(a.label.Objective, b.label.Objective), strings.Compare(a.label.Area, b.label.Area),
			strings.Compare(a.label.Element, b.label.Element), strings.Compare(a.label.CostType, b.label.CostType))
	})
	return of
}

// keep is what using a penny of an award in a year weighs at the aim of using
// ending and tied money first. It rests on the permanence, the ring fence and
// the award's end, and not on its terms, so that a relaxed term is never worse:
// 2 for base budget and settlement, 1 for other money that goes on past the
// year, 0 for money that ends; 1 more where nothing ties it.
func (a *award) keep(y fiscal.Year) (k int8) {
	last, ends := a.LastDay()
	switch {
	case a.lasting:
		k = 2
	case a.stream.Permanence == funding.Annual || a.stream.Permanence == funding.OneOff || ends && last <= y.End():
	default:
		k = 1
	}
	fence := strings.ToLower(strings.TrimSpace(a.stream.RingFence))
	if strings.HasPrefix(fence, "un") || fence == "none" || fence == "no" || fence == "" && a.lasting {
		k++
	}
	return k
}

// build makes the instance.
func (w *work) build() {
	in := &instance{}
	w.in = in
	n := int32(len(w.years))
	w.sourceAt, w.wantAt = fill(len(w.awards)*int(n)), fill(len(w.service)*int(n))
	group := make([]int32, n) // years that carries join are one group
	for i := range group {
		group[i] = int32(i)
	}
	join := func(a, b int32) {
		a, b = group[a], group[b]
		for i := range group {
			if group[i] == max(a, b) {
				group[i] = min(a, b)
			}
		}
	}

	for i := range w.awards {
		w.buildSources(int32(i), join)
	}
	w.capTerm = make([][]*funding.Term, len(in.Sources))
	w.buildWants()
	most := 0
	for i := range in.Sources {
		if w.sources[i].year >= 0 {
			most += len(w.service)
		}
	}
	in.Uses, w.uses = make([]use, 0, most/2), make([]useInfo, 0, most/2)
	for i := range w.awards {
		w.buildUses(int32(i))
	}
	for i := range w.wants {
		w.finishWant(i)
	}
	for i := range in.Sources {
		in.Sources[i].Group = group[in.Sources[i].Group]
	}
	for i := range in.Wants {
		in.Wants[i].Group = group[in.Wants[i].Group]
	}
}

// buildSources puts one award's years in the instance, and its money for the
// whole term, with what may be carried from one to another.
func (w *work) buildSources(no int32, join func(a, b int32)) {
	a, in, n := w.awards[no], w.in, int32(len(w.years))
	allowance := make([]money.Pence, n) // what may be carried out of each year
	into := make([]bool, n)
	for y := range n - 1 {
		if a.unknown[y] {
			continue
		}
		if allowance[y] = w.mayCarry(a, y); allowance[y] > 0 {
			into[y+1] = a.left[y]+a.put[y] > 0 || into[y]
		}
	}
	for y := range n {
		into[y] = into[y] || a.term > 0 && a.RunsIn(w.years[y])
	}
	for y := range n {
		has := max(a.left[y]+a.put[y], 0)
		if a.unknown[y] {
			has = a.put[y]
		}
		owed := money.Pence(0)
		if !a.unknown[y] {
			owed = max(-a.left[y]-a.put[y], 0)
		}
		if has == 0 && owed == 0 && a.put[y] == 0 && !into[y] {
			continue
		}
		w.sourceAt[no*n+y] = int32(len(in.Sources))
		in.Sources = append(in.Sources, source{Group: y, Money: has, Owed: owed, Most: w.mayUse(a, y), Addable: w.mayAdd(a, y), Keep: a.keep(w.years[y]), Lasting: a.lasting})
		w.sources = append(w.sources, inYear{no, y})
		if from := w.sourceAt[max(no*n+y-1, 0)]; y > 0 && into[y] && from >= 0 && allowance[y-1] > 0 {
			in.Carries = append(in.Carries, carry{from, int32(len(in.Sources) - 1), allowance[y-1]})
			join(y-1, y)
		}
	}
	if a.term <= 0 {
		return
	}
	first, from := int32(-1), int32(len(in.Sources))
	for y := range n {
		if to := w.sourceAt[no*n+y]; to >= 0 && a.RunsIn(w.years[y]) {
			if first < 0 {
				first = y
				in.Sources = append(in.Sources, source{Group: y, Money: a.term, Most: noLimit, Addable: noLimit, Keep: a.keep(w.years[y]), Lasting: a.lasting})
				w.sources = append(w.sources, inYear{no, -1})
			}
			in.Carries = append(in.Carries, carry{from, to, noLimit})
			join(first, y)
		}
	}
}

// mayCarry is what an award's terms let be carried out of a year into the next;
// they must say so.
func (w *work) mayCarry(a *award, y int32) money.Pence {
	most, said := noLimit, false
	for i := range a.law.carry {
		t := &a.law.carry[i]
		if !w.judge.inForce(*t, int(y)) {
			continue
		}
		p, _ := t.CarryForward()
		said = true
		switch figure, known := a.figure[y].Known(); {
		case p.Answer == funding.Permitted:
		case p.Answer == funding.PermissionRefused:
			return 0
		case p.Answer == funding.PermittedUpTo && known:
			most = min(most, max(atMost(p.UpTo, figure)-a.carried[y], 0))
		default:
			if a.left[y]+a.put[y] > 0 {
				w.unsure = append(w.unsure, doubtful{award: a, year: y, term: t, kind: doubtCarry})
			}
			if !w.o.DoubtsAllow {
				return 0
			}
		}
	}
	if !said {
		return 0
	}
	return most
}

// mayAdd is how much an award may add to services in a year: what is on none,
// and what its terms let be moved off others.
func (w *work) mayAdd(a *award, y int32) money.Pence {
	most := noLimit
	for i := range a.law.virement {
		t := &a.law.virement[i]
		if !w.judge.inForce(*t, int(y)) {
			continue
		}
		p, _ := t.Virement()
		switch figure, known := a.figure[y].Known(); {
		case p.Answer == funding.Permitted:
		case p.Answer == funding.PermissionRefused:
			most = 0
		case p.Answer == funding.PermittedUpTo && known:
			most = min(most, max(atMost(p.UpTo, figure)-a.moved[y], 0))
		default:
			if a.put[y] > 0 {
				w.unsure = append(w.unsure, doubtful{award: a, year: y, term: t, kind: doubtMove})
			}
			if !w.o.DoubtsAllow {
				most = 0
			}
		}
	}
	if most >= noLimit {
		return noLimit
	}
	return max(a.left[y], 0) + most
}

// mayUse is what an award may pay in a year for the match that is found.
func (w *work) mayUse(a *award, y int32) money.Pence {
	most := noLimit
	for _, t := range a.law.match {
		if m, is := t.Match(); is && w.judge.inForce(t, int(y)) {
			most = min(most, max(matched(m.Share, max(a.match[y], 0))-a.fixed[y], 0))
		}
	}
	return most
}

func (w *work) buildWants() {
	for i, s := range w.service {
		for y, year := range w.years {
			info := wantInfo{}
			cost := w.p.Of(s.ID, forecast.TotalCost, year)
			info.cost = max(cost.Amount, 0)
			info.unknown = cost.State != forecast.Exact
			for _, h := range s.held {
				if h.year == int32(y) {
					info.fixed += h.fixed
					info.now += h.fixed + h.movable
				}
			}
			info.within = w.withinNeed(s, year, info.cost)
			if info.unknown {
				w.unsure = append(w.unsure, doubtful{service: s, year: int32(y), kind: doubtCost})
			}
			if info.cost == 0 && info.now == 0 {
				continue
			}
			w.wantAt[i*len(w.years)+y] = int32(len(w.in.Wants))
			w.in.Wants = append(w.in.Wants, want{Group: int32(y), Statutory: s.Statutory})
			w.wants = append(w.wants, inYear{int32(i), int32(y)})
			w.wantsOf = append(w.wantsOf, info)
		}
	}
}

// finishWant sizes what a service still asks for in a year, once its uses are
// known.
func (w *work) finishWant(i int) {
	info, want, s := &w.wantsOf[i], &w.in.Wants[i], w.service[w.wants[i].of]
	held := want.Over // what may stay on it: summed there by buildUses
	asks := max(info.cost-info.fixed, 0)
	if info.unknown { // what it has, though a term may refuse some of it, is what it is known to need
		asks = max(asks, info.now-info.fixed)
	}
	want.Over = max(held-asks, 0)
	floor := money.Pence(0)
	if w.o.Protected[s.ID] {
		floor = min(max(info.now-info.fixed, 0), asks)
	}
	within := min(max(info.within-info.fixed, 0), asks)
	if info.unknown {
		within = asks
	}
	low, high := min(floor, within), max(floor, within)
	want.Parts = [3]part{{Amount: low, Floor: true, Value: s.value}, {Amount: high - low, Floor: floor > within, Value: s.value}, {Amount: asks - high, Value: beyondNeed}}
	if floor > within {
		want.Parts[1].Value = beyondNeed
	}
	if floor == 0 {
		want.Parts[0].Floor = false
	}
}

// withinNeed is how much of a service's cost meets known need. Capacity and
// need are compared only where both are known in the same unit, for each
// objective the service works to and in each of its areas; otherwise all of the
// cost counts.
func (w *work) withinNeed(s *service, y fiscal.Year, cost money.Pence) money.Pence {
	if s.Capacity <= 0 || len(s.Objectives) == 0 || len(s.Areas) == 0 {
		return cost
	}
	people := 0
	for _, objective := range s.Objectives {
		for _, area := range s.Areas {
			n := w.need(s, objective, area, y)
			if n < 0 {
				return cost
			}
			people += n
		}
	}
	if people >= s.Capacity {
		return cost
	}
	return ratio(cost, money.Pence(people), money.Pence(s.Capacity))
}

// need is the people who need an objective in an area, as last counted by a
// year; -1 where not known.
func (w *work) need(s *service, objective, area string, y fiscal.Year) int {
	people, last := -1, fiscal.Year(-1)
	for _, n := range w.judge.needs()[[2]string{objective, area}] {
		switch {
		case n.Year > y || apart(n.Ages, s.Ages):
		case n.People < 0 || !strings.EqualFold(n.Unit, s.Unit):
			return -1
		case n.Year > last:
			people, last = n.People, n.Year
		case n.Year == last:
			people += n.People
		}
	}
	return people
}

// buildUses judges one award against every service.
func (w *work) buildUses(no int32) {
	a, n := w.awards[no], int32(len(w.years))
	var verdicts []*verdict // under one set of terms in force
	for y := range n {
		from := w.sourceAt[no*n+y]
		if from < 0 {
			continue
		}
		if y == 0 || verdicts == nil || a.force[y] != a.force[y-1] {
			verdicts = make([]*verdict, len(w.service))
		}
		caps := w.caps(a, no, y, from)
		for i, s := range w.service {
			to := w.wantAt[int32(i)*n+y]
			if to < 0 {
				continue
			}
			v := verdicts[i]
			if v == nil {
				v = w.judge.allows(a, s, a.force[y])
				verdicts[i] = v
			}
			w.use(a, s, v, no, y, from, to, caps)
		}
	}
}

// use adds one award's uses on one service in a year to the instance.
func (w *work) use(a *award, s *service, v *verdict, no, y, from, to int32, caps []capLaw) {
	var h *holding
	for i := range s.held {
		if s.held[i].award == no && s.held[i].year == y {
			h = &s.held[i]
		}
	}
	dates, _ := w.judge.dates(a, s, w.years[y])
	says := stricter(v.says, dates)
	more := says == funding.Allowed && !a.unknown[y] && !w.barred(a, s)
	doubt := says == funding.NotKnown && !a.unknown[y] && !w.barred(a, s)
	if more && a.law.adds && (h == nil || h.fixed+h.movable <= 0) && w.corePays(s, y) {
		more = false // it would take core's place
	}
	first := len(w.in.Uses)
	var there []*ledger.Label // labels that hold money today, and are allowed
	if h != nil && h.movable > 0 {
		there = w.stays(a, s, h, dates, y, from, to, caps)
	}
	if len(there) > 0 && v.says != funding.Refused && dates == funding.Allowed && !a.unknown[y] && !w.barred(a, s) {
		more, doubt = true, false
	}
	if !more && !doubt {
		return
	}
	if len(caps) == 0 && len(w.in.Uses) == first { // most are plain
		w.in.Uses = append(w.in.Uses, use{Source: from, Want: to, Add: more || doubt && w.o.DoubtsAllow})
		w.uses = append(w.uses, useInfo{adds: &v.label, verdict: v, doubt: doubt})
		return
	}
	add := func(label *ledger.Label, mask uint32) {
		own := w.in.Uses[first:]
		if slices.ContainsFunc(own, func(u use) bool { return u.Add && u.Caps == mask }) {
			return
		}
		at := slices.IndexFunc(own, func(u use) bool { return u.Was > 0 && u.Caps == mask })
		if at < 0 {
			at = len(own)
			w.in.Uses = append(w.in.Uses, use{Source: from, Want: to, Caps: mask})
			w.uses = append(w.uses, useInfo{})
		}
		w.in.Uses[first+at].Add = more || doubt && w.o.DoubtsAllow
		info := &w.uses[first+at]
		info.adds, info.verdict, info.doubt = label, v, doubt
	}
	for _, label := range there {
		add(label, w.mask(caps, s, w.judge.facts(s, *label)))
	}
	if len(there) == 0 || v.says == funding.Allowed {
		add(&v.label, w.mask(caps, s, v.facts))
	}
	if len(caps) > 0 && more { // other labels may count towards other shares
		for i := range w.judge.labelled(s) {
			l := &s.labelled[i]
			if says, _ := w.judge.strictest(a.law, l.facts, a.force[y], Pair{a.ID, s.ID}); says == funding.Allowed {
				add(&l.label, w.mask(caps, s, l.facts))
			}
		}
	}
}

// stays adds what is on a service today to the instance, by what it counts
// towards, and gives the labels it is allowed under.
func (w *work) stays(a *award, s *service, h *holding, dates funding.Verdict, y, from, to int32, caps []capLaw) (there []*ledger.Label) {
	first := len(w.in.Uses)
	locked := a.lasting && w.grantAddsTo(s, y)
	for _, g := range w.segments(s, h) {
		own := &g.label
		f := w.judge.facts(s, g.label)
		verdict, by := w.judge.strictest(a.law, f, a.force[y], Pair{a.ID, s.ID})
		verdict = stricter(verdict, dates)
		if verdict == funding.Refused {
			w.in.Uses = append(w.in.Uses, use{Source: from, Want: to})
			w.uses = append(w.uses, useInfo{keeps: own, broken: g.amount, refused: by})
			w.broken += g.amount
			continue
		}
		m := w.mask(caps, s, f)
		if verdict == funding.Allowed {
			there = append(there, own)
		}
		if at := slices.IndexFunc(w.in.Uses[first:], func(u use) bool { return u.Was > 0 && u.Caps == m }); at >= 0 {
			w.in.Uses[first+at].Was += g.amount
		} else {
			w.in.Uses = append(w.in.Uses, use{Source: from, Want: to, Was: g.amount, Caps: m, Locked: locked})
			w.uses = append(w.uses, useInfo{keeps: own, adds: own})
		}
		w.in.Wants[to].Over += g.amount
		if verdict == funding.NotKnown {
			w.unsure = append(w.unsure, doubtful{award: a, service: s, year: y, law: by, kind: doubtStays, facts: f})
		}
	}
	return there
}

func (w *work) barred(a *award, s *service) bool {
	return len(w.o.Without) > 0 && slices.Contains(w.o.Without, Pair{a.ID, s.ID})
}

// stricter gives the stricter of two verdicts.
func stricter(a, b funding.Verdict) funding.Verdict {
	switch {
	case a == funding.Refused || b == funding.Refused:
		return funding.Refused
	case a == funding.NotKnown || b == funding.NotKnown:
		return funding.NotKnown
	}
	return funding.Allowed
}

// grantAddsTo reports whether a grant that must add to what core pays is on a
// service: then core stays.
func (w *work) grantAddsTo(s *service, y int32) bool {
	return slices.ContainsFunc(s.held, func(h holding) bool {
		return h.year == y && h.fixed+h.movable > 0 && w.awards[h.award].law.adds
	})
}

func (w *work) corePays(s *service, y int32) bool {
	return slices.ContainsFunc(s.held, func(h holding) bool {
		return h.year == y && h.fixed+h.movable > 0 && w.awards[h.award].lasting
	})
}

// mostCaps is how many shares of one award are told apart.
const mostCaps = 30

// capLaw is one cap of a source with the term it comes from.
type capLaw struct {
	law *shareLaw
	bit int
}

// caps puts the share terms of an award on its source for a year: what a share
// limits may come to so much; where it asks for at least a share, all else may
// come to the rest.
func (w *work) caps(a *award, no, y, from int32) (caps []capLaw) {
	src := &w.in.Sources[from]
	for i := range a.law.shares {
		sl := &a.law.shares[i]
		if !sl.InForce.Overlaps(w.years[y].Period()) {
			continue
		}
		if len(caps) == mostCaps {
			src.Addable = 0 // more than a use can be marked with: nothing is added
			continue
		}
		figure, known := a.figure[y].Known()
		limit := atMost(sl.rule.Share, figure)
		if sl.rule.Min {
			limit = figure - least(sl.rule.Share, figure)
		}
		stays, moves := w.countedIn(sl, no, y)
		limit -= stays
		if !known { // what it is a share of: no more than today
			limit = moves
			w.unsure = append(w.unsure, doubtful{award: a, year: y, term: &sl.Term, kind: doubtFigure})
		}
		c := capLaw{sl, len(caps)}
		caps = append(caps, c)
		src.Caps = append(src.Caps, max(limit, 0))
		w.capTerm[from] = append(w.capTerm[from], &sl.Term)
	}
	return caps
}

// countedIn is what a cap counts of the money that stays where it is (all that
// is labelled, as the checks count it, less what may be moved), and of the rest.
func (w *work) countedIn(sl *shareLaw, award, year int32) (stays, moves money.Pence) {
	for _, s := range w.service {
		for i := range s.cells {
			if c := &s.cells[i]; c.award == award && c.year == year && w.counted(sl, s, w.judge.facts(s, w.label(c))) {
				stays += c.Amount
			}
		}
		for i := range s.held {
			if h := &s.held[i]; h.award == award && h.year == year && h.movable > 0 {
				for _, g := range w.segments(s, h) {
					if w.counted(sl, s, w.judge.facts(s, g.label)) {
						stays -= g.amount
						moves += g.amount
					}
				}
			}
		}
	}
	return stays, moves
}

// counted reports whether a cap counts a use. Where nobody can tell whether it
// is part of a share, it counts against the award.
func (w *work) counted(sl *shareLaw, s *service, f facts) bool {
	a := w.judge.counts(sl, s, f)
	return a != no && !sl.rule.Min || a != yes && sl.rule.Min
}

func (w *work) mask(caps []capLaw, s *service, f facts) (mask uint32) {
	for _, c := range caps {
		if w.counted(c.law, s, f) {
			mask |= 1 << c.bit
		}
	}
	return mask
}
