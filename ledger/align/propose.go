package align

import (
	"cmp"
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// Propose finds the best use of the money that awards have, and says why. It
// proposes only: nothing is written.
func Propose(v *ledger.View, p *forecast.Projection, o Options) *Plan {
	w := newWork(v, p, o)
	w.best = w.in.solve(nil)
	return w.plan()
}

// Leaving is the best plan without a move: where the move adds, its award puts
// no more on its service than is there today; where it takes away, what is
// there stays. Its Value says what that costs at each aim.
func (p *Plan) Leaving(m Move) *Plan {
	w := *p.work
	w.bar, w.hold = map[int]bool{}, map[int]bool{}
	for u := range w.in.Uses {
		from, to := w.sources[w.in.Uses[u].Source], w.wants[w.in.Uses[u].Want]
		if w.awards[from.of].ID != m.Award || w.service[to.of].ID != m.Service || from.year < 0 || w.years[from.year] != m.Year {
			continue
		}
		if m.Change() > 0 {
			w.bar[u] = true
		} else {
			w.hold[u] = true
		}
	}
	w.best = w.best.without(w.bar, w.hold)
	return w.plan()
}

// plan puts an answer into words and sums.
func (w *work) plan() *Plan {
	p := &Plan{From: w.o.From, To: w.o.To, Exact: w.best.exact, work: w, put: map[place]money.Pence{}}
	if !p.Exact {
		for k := range aims {
			if gap := w.best.score[k] - w.best.bound[k]; gap != 0 {
				p.Aim, p.Within = k, money.Pence(gap)
				break
			}
		}
	}
	x := newExplaining(w)
	x.askIfAllowed()
	w.fillPut(p)
	p.Moves = x.moves()
	p.Carries = x.carries()
	p.Short = x.shortfalls()
	p.Unused = x.unused()
	p.Value = x.reached()
	p.Worth = x.worth()
	p.Doubts = x.doubts()
	return p
}

// fillPut adds up what every award puts on every service.
func (w *work) fillPut(p *Plan) {
	for _, s := range w.service {
		for _, h := range s.held {
			if h.fixed != 0 {
				p.put[place{w.awards[h.award].ID, s.ID, w.years[h.year]}] += h.fixed
			}
		}
	}
	for u := range w.in.Uses {
		if put := w.best.answer.put(u); put != 0 {
			a, s, y := w.of(u)
			p.put[place{a.ID, s.ID, y}] += put
		}
	}
}

// of is the award, service and year of a use.
func (w *work) of(u int) (*award, *service, fiscal.Year) {
	from, to := w.sources[w.in.Uses[u].Source], w.wants[w.in.Uses[u].Want]
	return w.awards[from.of], w.service[to.of], w.years[to.year]
}

// change is what the plan does to one award's money on one service in a year.
type change struct {
	source, want int32
	was, to      money.Pence
	label        *ledger.Label
	refused      bool // what was there is refused
	use          int
}

// changes lists what the plan changes, in order of year, service and award.
func (w *work) changes() (of []change) {
	type key struct{ source, want int32 }
	byPair := map[key][]int{}
	var order []key
	for u := range w.in.Uses {
		use := &w.in.Uses[u]
		if use.Was == 0 && w.uses[u].broken == 0 && w.best.answer.Added[u] == 0 {
			continue
		}
		k := key{use.Source, use.Want}
		if byPair[k] == nil {
			order = append(order, k)
		}
		byPair[k] = append(byPair[k], u)
	}
	for _, k := range order {
		whole := change{source: k.source, want: k.want, use: -1}
		var each []change // under its own label
		for _, u := range byPair[k] {
			info := &w.uses[u]
			one := change{source: k.source, want: k.want, was: w.in.Uses[u].Was, to: w.best.answer.put(u), use: u}
			switch {
			case info.broken > 0:
				one.was, one.refused, one.label = info.broken, true, info.keeps
				each = append(each, one)
				continue
			case one.to > one.was:
				one.label = info.adds
			case one.to < one.was:
				one.label = info.keeps
			}
			whole.was += one.was
			whole.to += one.to
			if one.to != one.was {
				whole.use, whole.label = u, one.label
				each = append(each, one)
			}
		}
		if len(each) == 1 && !each[0].refused {
			each[0] = whole
		}
		of = append(of, each...)
	}
	slices.SortFunc(of, func(a, b change) int { // awards and services stand in order of id
		x, y := w.wants[a.want], w.wants[b.want]
		return cmp.Or(cmp.Compare(x.year, y.year), cmp.Compare(x.of, y.of),
			cmp.Compare(w.sources[a.source].of, w.sources[b.source].of), cmp.Compare(a.to-a.was, b.to-b.was), cmp.Compare(a.use, b.use))
	})
	return of
}
