package forecast

import (
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// goOn finds what awards would bring past the paper that there is: after their
// last day, or in a year of which nobody has stated anything. An award goes on
// at the level of its last year of money; the months of a part year are made up
// to a whole one. A secured successor reaches as far as its figure does, and
// what it has itself on a service is not counted twice.
func (r *reading) goOn() {
	pots := map[pot][]*claim{}
	owners := map[*claim]*service{}
	for n := range r.services {
		s := &r.services[n]
		for k := range s.claims {
			c := &s.claims[k]
			e := &r.awards[c.award]
			full := e.fullLevel(c)
			due := r.Assumptions.dueFrom(e)
			for i, y := range r.Years {
				months, waits := e.waits(i, y, due)
				if !waits || !s.RunsIn(y) || full <= 0 && c.unsplit <= 0 {
					continue
				}
				at := &c.years[i]
				wanted := max(0, min(twelfths(full, months), full-max(at.own.lo, 0)))
				if ended := e.end != 0 && y >= e.end; ended {
					if heir := e.heirOf(r); heir >= 0 && y > e.end {
						h := &r.awards[heir]
						if p, known := h.years[i].figure.Known(); h.years[i].assured == secured && known && p > 0 {
							at.heir = wanted // until the pots are shared out
							pots[pot{heir, i}] = append(pots[pot{heir, i}], c)
							owners[c] = s
							continue
						}
						if h.end != 0 && h.end < y { // it follows its successor's end
							c.also = heir
							wanted = max(0, wanted-s.levelOf(heir, r.awards))
						}
					}
				} else if e.Lasting {
					at.goes, at.carried = wanted, true
					r.say("core-carried", sentence.Name{Register: "awards", ID: e.ID, Text: e.Name})
					continue
				} else {
					r.say("no-figure", sentence.Name{Register: "awards", ID: e.ID, Text: e.Name})
				}
				at.goes = wanted
				if c.unsplit > 0 {
					at.perhaps = c.unsplit
				}
				if at.goes > 0 && !e.told && e.Chance > 0 {
					r.say("chance", sentence.Name{Register: "awards", ID: e.ID, Text: e.Name})
				}
			}
		}
	}
	r.succeed(pots, owners)
	for n := range r.awards {
		r.overGoesOn(&r.awards[n])
	}
}

// fullLevel is a claim's money in the award's last year of it, made up to twelve
// months where the award runs for part of that year: but to no more than the
// year before, where there was money then.
func (e *award) fullLevel(c *claim) money.Pence {
	paid := fiscal.MonthsOf(e.paper.Term, e.lastPut)
	if c.level <= 0 || paid == 0 || paid == 12 {
		return max(c.level, 0)
	}
	share, _ := money.NewShare(12, int64(paid))
	full := share.Of(c.level)
	if c.before > 0 {
		full = min(full, max(c.before, c.level))
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

// dueFrom is how many months late an award's renewal is taken to be: halfway.
func (a Assumptions) dueFrom(e *award) int {
	d := a.Delays[e.ID]
	return (d.Low + d.High) / 2
}

// waits says for how many months of a year an award would bring money of which
// there is no paper yet.
func (e *award) waits(i int, y fiscal.Year, delay int) (months int, waits bool) {
	switch {
	case e.lastPut == 0 || e.gone:
		return 0, false
	case e.end != 0 && y >= e.end:
		left := 12 - fiscal.MonthsOf(e.paper.Term, e.end) // of the year it ends in
		late := delay
		for one := e.end; one <= y; one++ {
			months = left - min(late, left)
			late -= min(late, left)
			left = 12
		}
		return months, months > 0
	case y > e.lastPut && !e.years[i].stated && e.years[i].assured == notStated && e.years[i].put == 0 && e.paper.RunsIn(y):
		return 12, true
	}
	return 0, false
}

// heirOf gives the award that follows, where the award's fate is to go on.
func (e *award) heirOf(r *reading) int {
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

// pot is a secured successor's money of one year.
type pot struct{ award, year int }

// succeed shares out what successors have left among the services whose money
// ended, as the checks do: what the successor has put on a service comes first,
// then what it has left, in proportion to what is still wanted, where its terms
// allow the service.
func (r *reading) succeed(pots map[pot][]*claim, owners map[*claim]*service) {
	for at, claims := range pots {
		heir := &r.awards[at.award]
		heir.years[at.year].inherited = true
		y := r.Years[at.year]
		already := map[*service]money.Pence{}
		var wanted money.Pence
		var allowed []*claim
		var parts []money.Part
		for _, c := range claims {
			s := owners[c]
			cy := &c.years[at.year]
			want := cy.heir
			cy.heir = 0
			if r.view.Judge(heir.ID, s.ID, ledger.Label{}, y, y.Start()).Verdict != funding.Allowed {
				r.say("barred", sentence.Name{Register: "services", ID: s.ID, Text: s.Name})
				continue
			}
			has, met := already[s]
			if !met {
				has = s.ownOf(at.award, at.year)
			}
			covered := max(0, min(want, has))
			already[s] = has - covered
			if want -= covered; want <= 0 {
				continue
			}
			wanted += want
			weight, _ := money.NewShare(int64(want), 1)
			allowed = append(allowed, c)
			parts = append(parts, money.Part{ID: s.ID + "/" + r.awards[c.award].ID, Weight: weight})
		}
		left := heir.years[at.year].left.lo
		if shares, err := money.Apportion(max(0, min(left, wanted)), parts); err == nil {
			for k, c := range allowed {
				c.years[at.year].heir = shares[k]
			}
		}
	}
	// a successor of an award that has ended holds what follows it, used or not
	for n := range r.awards {
		e := &r.awards[n]
		if heir := e.heirOf(r); heir >= 0 && e.end != 0 {
			for i, y := range r.Years {
				if y > e.end && r.awards[heir].years[i].assured == secured {
					r.awards[heir].years[i].inherited = true
				}
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

// overGoesOn carries an award's over-allocation on with the money that goes on:
// a renewal at the same figure leaves the same services too much promised.
func (r *reading) overGoesOn(e *award) {
	from, in := r.index(e.lastPut)
	if !in || e.years[from].over.lo == 0 {
		return
	}
	for i, y := range r.Years {
		if months, waits := e.waits(i, y, r.Assumptions.dueFrom(e)); waits && i > from && e.end != 0 && y > e.end && (e.heirOf(r) < 0 || r.awards[e.heir].years[i].assured != secured) {
			e.years[i].likelyOver = twelfths(e.years[from].over.lo, months)
		}
	}
}
