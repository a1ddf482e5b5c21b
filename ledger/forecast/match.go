package forecast

import (
	"slices"

	"braid/ledger"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// matching is what one award's money in a year is found to match of another's.
type matching struct{ from, of, year int }

// limitByMatch lets money that must be matched count only as far as the match
// found supports it, over and over until nothing changes: the match may itself
// be money that needs match. An award whose match nobody has recorded in any
// year is taken to have found it, and a note says so.
func (r *reading) limitByMatch() {
	if !slices.ContainsFunc(r.awards, func(e award) bool { return !e.match.IsZero() }) {
		return
	}
	found, recorded := r.matchFound()
	for i := range r.Years {
		counts := make([]money.Pence, len(r.awards)) // of each award's money on services
		for n := range r.awards {
			counts[n] = r.awards[n].years[i].put
		}
		for changed := true; changed; {
			changed = false
			for n := range r.awards {
				e := &r.awards[n]
				if e.match.IsZero() || !recorded[n] || e.years[i].assured != secured || counts[n] <= 0 {
					continue
				}
				var match money.Pence
				for _, m := range found[matching{of: n, year: i}] {
					match += part(m.amount, counts[m.from], r.awards[m.from].years[i])
				}
				e.years[i].found = match
				if supports := supported(match, e.match); supports < counts[n] {
					counts[n], changed = max(supports, 0), true
				}
			}
		}
		for n := range r.awards {
			r.awards[n].years[i].without = r.awards[n].years[i].put - counts[n]
		}
	}
	for n := range r.awards {
		e := &r.awards[n]
		if !e.match.IsZero() && !recorded[n] && e.lastPut >= r.From {
			r.say("match-not-recorded", sentence.Name{Register: "awards", ID: e.ID, Text: e.Name})
		}
		for i := range e.years {
			if e.years[i].without > 0 {
				r.spreadWithout(n, i)
				e.years[i].over = beyond(e.years[i].over, just(e.years[i].without))
			}
		}
	}
}

// part is how much of some match stands, where only part of its own award's
// money does.
func part(amount, counts money.Pence, of awardYear) money.Pence {
	if of.assured != secured || of.put <= 0 {
		return 0
	}
	if counts == of.put || amount <= 0 {
		return amount
	}
	share, err := money.NewShare(int64(counts), int64(of.put))
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

type matchOf struct {
	from   int
	amount money.Pence
}

// matchFound gathers the money labelled as match, by the award matched and the
// year, and which awards have any in some year.
func (r *reading) matchFound() (found map[matching][]matchOf, recorded []bool) {
	sums := map[matching]money.Pence{}
	recorded = make([]bool, len(r.awards))
	r.view.Cells(func(_ int, c ledger.LabelledCell) {
		if c.MatchFor == 0 {
			return
		}
		of, from := r.award(c.MatchFor), r.award(c.Award)
		if of == nil {
			return
		}
		n := int(r.byRef[c.MatchFor])
		recorded[n] = true
		i, in := r.index(c.Year)
		if !in || from == nil {
			return
		}
		sums[matching{int(r.byRef[c.Award]), n, i}] += c.Amount
	})
	found = map[matching][]matchOf{}
	for k, amount := range sums {
		found[matching{of: k.of, year: k.year}] = append(found[matching{of: k.of, year: k.year}], matchOf{k.from, amount})
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b matchOf) int { return a.from - b.from })
	}
	return found, recorded
}

// spreadWithout divides what an award lacks match for over its services, in
// proportion to what it has on each.
func (r *reading) spreadWithout(n, year int) {
	var parts []money.Part
	var at []*claimYear
	for k := range r.services {
		s := &r.services[k]
		for j := range s.claims {
			if c := &s.claims[j]; c.award == n && c.years[year].own.lo > 0 {
				weight, _ := money.NewShare(int64(c.years[year].own.lo), 1)
				parts = append(parts, money.Part{ID: s.ID, Weight: weight})
				at = append(at, &c.years[year])
			}
		}
	}
	shares, err := money.Apportion(r.awards[n].years[year].without, parts)
	if err != nil {
		return
	}
	for k := range at {
		at[k].without = shares[k]
	}
}
