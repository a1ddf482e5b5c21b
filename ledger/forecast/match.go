package forecast

import (
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// matches is what money is found to match other money.
type matches struct {
	of       map[int][]matching // by the award matched
	recorded []bool             // by award: some money is labelled as its match
	involved []int              // awards that need match, or are it
	level    []money.Pence      // by award: on services in its last year of money
	goes     [][]money.Pence    // by award and year: what it would bring
}

// matching is what one award is found to match of another's, by year.
type matching struct {
	from int
	by   map[fiscal.Year]money.Pence
}

// limitByMatch lets money that must be matched count only as far as the match
// found supports it: first of the money that stands, then with what is likely
// to go on. An award whose match nobody has recorded in any year is taken to
// have found it, and a note says so.
func (r *reading) limitByMatch() {
	if !slices.ContainsFunc(r.awards, func(e award) bool { return e.needsMatch }) {
		return
	}
	m := r.readMatches()
	r.matches = m
	for _, n := range m.involved {
		if e := &r.awards[n]; e.needsMatch && !m.recorded[n] {
			r.say("match-not-recorded", e.named())
		}
	}
	r.lack(func(int) bool { return false }, func(c *claim, i int, lacks money.Pence) {
		c.years[i].without += lacks
		c.years[i].regained += lacks
		r.awards[c.award].years[i].without += lacks
	})
	r.lack(func(n int) bool { return r.awards[n].Likely }, func(c *claim, i int, lacks money.Pence) {
		c.years[i].regained -= lacks
	})
	for n := range r.awards {
		for i := range r.awards[n].years {
			y := &r.awards[n].years[i]
			y.over = beyond(y.over, just(y.without)) // it is on services no more
		}
	}
}

// readMatches gathers the money labelled as match.
func (r *reading) readMatches() *matches {
	m := &matches{of: map[int][]matching{}, recorded: make([]bool, len(r.awards)), level: make([]money.Pence, len(r.awards)), goes: make([][]money.Pence, len(r.awards))}
	sums := map[[2]int]map[fiscal.Year]money.Pence{}
	r.view.Cells(func(_ int, c ledger.LabelledCell) {
		if c.MatchFor == 0 || r.award(c.MatchFor) == nil {
			return
		}
		of := int(r.byRef[c.MatchFor])
		m.recorded[of] = true
		if r.award(c.Award) == nil {
			return // capital beside revenue
		}
		k := [2]int{int(r.byRef[c.Award]), of}
		if sums[k] == nil {
			sums[k] = map[fiscal.Year]money.Pence{}
		}
		sums[k][c.Year] += c.Amount
	})
	for k, by := range sums {
		m.of[k[1]] = append(m.of[k[1]], matching{k[0], by})
	}
	involved := map[int]bool{}
	for n := range r.awards {
		m.goes[n] = make([]money.Pence, len(r.Years))
		if r.awards[n].needsMatch {
			involved[n] = true
			for _, one := range m.of[n] {
				involved[one.from] = true
			}
		}
	}
	for n := range r.awards {
		if involved[n] {
			m.involved = append(m.involved, n)
		}
		slices.SortFunc(m.of[n], func(a, b matching) int { return a.from - b.from })
	}
	for n := range r.services {
		for k := range r.services[n].claims {
			c := &r.services[n].claims[k]
			m.level[c.award] += c.level
			for i := range c.years {
				if !c.years[i].carried {
					m.goes[c.award][i] += c.years[i].goes
				}
			}
		}
	}
	return m
}

// lack finds what awards lack match for where some go on, and hands it out over
// their services in proportion to what is on each. One award's match may itself
// be money that lacks match, so it is looked at until nothing changes.
func (p *Projection) lack(goOn func(award int) bool, give func(c *claim, year int, lacks money.Pence)) {
	m := p.matches
	for i, y := range p.Years {
		all, counts := make([]money.Pence, len(p.awards)), make([]money.Pence, len(p.awards))
		for _, n := range m.involved {
			if p.awards[n].years[i].assured == secured {
				all[n] = max(p.awards[n].years[i].put, 0)
			}
			if goOn(n) {
				all[n] += m.goes[n][i]
			}
			counts[n] = all[n]
		}
		for changed := true; changed; {
			changed = false
			for _, n := range m.involved {
				e := &p.awards[n]
				if e.years[i].match.IsZero() || !m.recorded[n] || counts[n] <= 0 {
					continue
				}
				var found money.Pence
				for _, one := range m.of[n] {
					match := one.by[y]
					if p.awards[one.from].years[i].assured != secured {
						match = 0
					}
					if goOn(one.from) {
						match += ratio(one.by[p.awards[one.from].lastPut], m.goes[one.from][i], m.level[one.from])
					}
					found += ratio(match, counts[one.from], all[one.from])
				}
				if supports := supported(found, e.years[i].match); supports < counts[n] {
					counts[n], changed = max(supports, 0), true
				}
			}
		}
		for _, n := range m.involved {
			own := all[n]
			if goOn(n) {
				own -= m.goes[n][i]
			}
			matched := min(own, counts[n]) // what is allocated comes before what may come
			p.handOut(n, i, own-matched, give, func(c *claim) money.Pence { return max(c.years[i].own.lo, 0) })
			p.handOut(n, i, all[n]-own-(counts[n]-matched), give, func(c *claim) money.Pence { return c.years[i].goes })
		}
	}
}

// handOut divides what an award lacks over its services, in proportion to what
// is on each.
func (p *Projection) handOut(award, i int, lacks money.Pence, give func(*claim, int, money.Pence), on func(*claim) money.Pence) {
	if lacks <= 0 {
		return
	}
	var parts []money.Part
	var claims []*claim
	for k := range p.services {
		s := &p.services[k]
		for j := range s.claims {
			c := &s.claims[j]
			if c.award != award || c.years[i].carried {
				continue
			}
			if weight, err := money.NewShare(int64(on(c)), 1); err == nil && !weight.IsZero() {
				parts, claims = append(parts, money.Part{ID: s.ID, Weight: weight}), append(claims, c)
			}
		}
	}
	shares, err := money.Apportion(lacks, parts)
	if err != nil {
		return
	}
	for k, c := range claims {
		give(c, i, shares[k])
	}
}

// ratio is amount × part ⁄ whole, as far as the whole stands.
func ratio(amount, part, whole money.Pence) money.Pence {
	if whole <= 0 || part <= 0 || amount <= 0 {
		return 0
	}
	share, err := money.NewShare(int64(part), int64(whole))
	if err != nil {
		return 0
	}
	return share.Of(amount)
}

// supported is the most grant that some match supports.
func supported(match money.Pence, share money.Share) money.Pence {
	low, high := money.Pence(0), money.Max
	for low < high {
		if mid := low + (high-low+1)/2; share.Of(mid) <= match {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}
