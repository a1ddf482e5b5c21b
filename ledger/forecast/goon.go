package forecast

import (
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// goOn finds what awards would bring past the paper that there is: after their
// last day, or in a year of which nobody has stated anything.
func (r *reading) goOn() {
	pots := map[pot][]claimed{}
	for n := range r.services {
		s := &r.services[n]
		for k := range s.claims {
			c := &s.claims[k]
			e := &r.awards[c.award]
			for i, y := range r.Years {
				at := &c.years[i]
				wanted, how := r.brings(s, c, i, r.Assumptions.delay(e))
				switch how {
				case nothing:
					continue
				case inherits:
					pots[pot{e.heir, i}] = append(pots[pot{e.heir, i}], claimed{s, c, wanted})
					continue
				case carriedOn:
					at.goes, at.carried = wanted, true
					r.say("core-carried", e.named())
					continue
				case alsoGoesOn:
					c.also = e.heir
				}
				at.goes, at.perhaps = wanted, c.unsplit
				if e.end == 0 || y < e.end {
					r.say("no-figure", e.named())
				}
				if wanted > 0 && !e.told && e.Chance > 0 {
					r.say("chance", e.named())
				}
			}
		}
	}
	r.succeed(pots)
}

// coming is how money may come of which there is no paper yet.
type coming uint8

const (
	nothing    coming = iota
	goesOn            // its award goes on
	alsoGoesOn        // and its award's successor, which has ended too
	carriedOn         // base budget or settlement, of which nobody has stated the year
	inherits          // a successor has a secured figure
)

// brings gives what a claim would bring in a year, late by some months. It goes
// on at the level of its award's last year of money; the months of a part year
// are made up to a whole one. What a successor that has ended had itself on the
// service is not counted twice.
func (p *Projection) brings(s *service, c *claim, i, delay int) (money.Pence, coming) {
	e, y := &p.awards[c.award], p.Years[i]
	if e.lastPut == 0 || e.gone || !s.RunsIn(y) || c.level <= 0 && c.unsplit <= 0 {
		return 0, nothing
	}
	full := e.fullLevel(c)
	has := max(c.years[i].own.lo, 0)
	if e.end == 0 || y < e.end {
		at := &e.years[i]
		switch {
		case e.statedSince(p, i):
			return 0, nothing // a later paper stands, and puts nothing here
		case y <= e.lastPut || e.lastPut < p.From || at.stated || at.assured != notStated || at.put != 0 || !e.paper.RunsIn(y):
			return 0, nothing
		case e.Lasting:
			return full, carriedOn
		}
		return full, goesOn
	}
	heir := p.heirOf(e)
	if heir >= 0 && y > e.end && p.awards[heir].pays(i) {
		return max(0, full-has), inherits
	}
	months := e.monthsOn(y, delay)
	if months == 0 {
		return 0, nothing
	}
	how := goesOn
	if heir >= 0 {
		if h := &p.awards[heir]; h.end != 0 && h.end < y {
			full, how = max(0, full-s.levelOf(heir, p.awards)), alsoGoesOn
		}
	}
	return max(0, min(twelfths(full, months), full-has)), how
}

// statedSince reports a figure stated for a year after the award's last year of
// money and before another.
func (e *award) statedSince(p *Projection, before int) bool {
	for i := range before {
		if p.Years[i] > e.lastPut && e.years[i].stated {
			return true
		}
	}
	return false
}

// pays reports a secured figure for a year.
func (e *award) pays(i int) bool {
	p, known := e.years[i].figure.Known()
	return e.years[i].assured == secured && known && p > 0
}

// monthsOn counts the months of a year that an award pays after its last day,
// late by some months.
func (e *award) monthsOn(y fiscal.Year, late int) (months int) {
	left := 12 - fiscal.MonthsOf(e.paper.Term, e.end) // of the year it ends in
	for one := e.end; one <= y; one++ {
		months = left - min(late, left)
		late -= min(late, left)
		left = 12
	}
	return months
}

// fullLevel is a claim's money in the award's last year of it, made up to twelve
// months where the award runs for part of that year: but to no more than the
// year before, where there was money then. Of an award that was over-allocated
// no more goes on than it held.
func (e *award) fullLevel(c *claim) money.Pence {
	full := max(c.level, 0)
	if paid := fiscal.MonthsOf(e.paper.Term, e.lastPut); paid > 0 && paid < 12 {
		share, _ := money.NewShare(12, int64(paid))
		full = share.Of(full)
		if c.before > 0 {
			full = min(full, max(c.before, c.level))
		}
	}
	if e.lastOver > 0 {
		full = ratio(full, e.lastIn-e.lastOver, e.lastIn)
	}
	return full
}

func twelfths(p money.Pence, months int) money.Pence {
	share, err := money.NewShare(int64(months), 12)
	if err != nil {
		return 0
	}
	return share.Of(p)
}

// delay is by how many months an award's renewal is taken to be late: halfway.
func (a Assumptions) delay(e *award) int {
	d := a.Delays[e.ID]
	return (d.Low + d.High) / 2
}

// heirOf gives the award that follows, where the award's fate is to go on.
func (p *Projection) heirOf(e *award) int {
	if e.paper.Continues(false) == funding.Awaited {
		return e.heir
	}
	return -1
}

// levelOf is a service's level of money from an award.
func (s *service) levelOf(award int, awards []award) money.Pence {
	for k := range s.claims {
		if s.claims[k].award == award {
			return awards[award].fullLevel(&s.claims[k])
		}
	}
	return 0
}

// pot is a secured successor's money of one year, and claimed what one claim
// wants of it.
type (
	pot     struct{ award, year int }
	claimed struct {
		*service
		*claim
		wanted money.Pence
	}
)

// succeed shares out what successors have left among the services whose money
// ended, as the checks do: what the successor has put on a service comes first,
// then what it has left, in proportion to what is still wanted, where its terms
// allow the service.
func (r *reading) succeed(pots map[pot][]claimed) {
	for at, claims := range pots {
		heir := &r.awards[at.award]
		y := r.Years[at.year]
		already := map[*service]money.Pence{}
		var wanted money.Pence
		var short []claimed
		var parts []money.Part
		for _, c := range claims {
			if r.view.Judge(heir.ID, c.service.ID, ledger.Label{}, y, y.Start()).Verdict != funding.Allowed {
				r.say("barred", named(c.service))
				continue
			}
			has, met := already[c.service]
			if !met {
				has = c.service.ownOf(at.award, at.year)
			}
			covered := max(0, min(c.wanted, has))
			already[c.service] = has - covered
			if c.wanted -= covered; c.wanted <= 0 {
				continue
			}
			wanted += c.wanted
			weight, _ := money.NewShare(int64(c.wanted), 1)
			short = append(short, c)
			parts = append(parts, money.Part{ID: c.service.ID + "/" + r.awards[c.claim.award].ID, Weight: weight})
		}
		shares, err := money.Apportion(max(0, min(heir.years[at.year].left.lo, wanted)), parts)
		if err != nil {
			continue
		}
		for k, c := range short {
			c.years[at.year].heir = shares[k]
		}
	}
	// what a secured successor has left stands as its own, used or not
	for n := range r.awards {
		e := &r.awards[n]
		heir := r.heirOf(e)
		if heir < 0 || e.end == 0 {
			continue
		}
		for i, y := range r.Years {
			if y > e.end && r.awards[heir].years[i].assured == secured {
				r.awards[heir].years[i].inherited = true
			}
		}
	}
}

// ownOf is what an award has put on a service in a year.
func (s *service) ownOf(award, year int) money.Pence {
	for k := range s.claims {
		if s.claims[k].award == award {
			return s.claims[k].years[year].own.lo
		}
	}
	return 0
}
