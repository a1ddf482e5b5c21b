package forecast

import (
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// stated is what one row of a register says of each year.
type stated struct {
	register, id string
	says         sentence.Sentence
	by           []span
	oneColumn    string // blank: the year's own
}

func (s *stated) column(y fiscal.Year) string {
	if s.oneColumn != "" {
		return s.oneColumn
	}
	return y.String()
}

// unassigned are what registers say of no service that is forecast here.
type unassigned struct{ pressures, saved []stated }

// readSavings reads pressures, and savings: those that release money of the
// council's own, and whose making is known. Others are noted and never netted.
// They are revenue's.
func (r *reading) readSavings() {
	if r.Kind != funding.Revenue {
		return
	}
	ours := map[string]bool{"": true}
	for _, a := range r.view.Awards {
		ours[a.Recipient] = true
	}
	for id, saving := range r.view.Savings {
		row := stated{register: "savings", id: id, by: make([]span, len(r.Years))}
		pressures, saved := &r.unassigned.pressures, &r.unassigned.saved
		about := sentence.Name{Register: "savings", ID: id, Text: id}
		var cells []cell
		if n, is := r.at[saving.Service]; is {
			s := &r.services[n]
			pressures, saved, cells = &s.pressures, &s.saved, s.cells
			about.Text = s.Name
		}
		pressure := saving.Kind == commissioning.Pressure
		if !pressure && (saving.Kind != commissioning.Cashable || !saving.Found() || !ours[strings.TrimSpace(saving.Gains)]) {
			r.say("saving-not-counted", about)
			continue
		}
		for i, y := range r.Years {
			amount, stated := saving.Amount[y]
			if !stated {
				continue
			}
			row.by[i] = unbounded
			if p, known := amount.Known(); known {
				row.by[i] = just(p - portion(saving.Deadweight, p))
			}
			if cells != nil && pressure {
				cells[i].pressures.add(row.by[i])
			} else if cells != nil {
				cells[i].saved.add(row.by[i])
			}
		}
		if pressure {
			row.says = words.Say("part.pressure", "What", about)
			*pressures = append(*pressures, row)
		} else {
			row.says = words.Say("part.saving", "What", about)
			*saved = append(*saved, row)
		}
	}
}

// portion is a share of an amount of either sign.
func portion(s money.Share, p money.Pence) money.Pence {
	if p < 0 {
		return -s.Of(-p)
	}
	return s.Of(p)
}

// readExits reads what it costs to end what awards pay for when they end: of
// each post the share of its exit cost that falls on such an award, in the year
// of the award's last day; or what a service's agreed exit plan says, in its
// place. A secured successor keeps its posts. A service that itself ends ends
// all its posts, those of awards that go on too.
func (r *reading) readExits() {
	if r.Kind != funding.Revenue {
		return
	}
	planned := map[string]bool{}
	for id, plan := range r.view.Records("exits") {
		n, is := r.at[plan.Get("service")]
		if !is || plan.Get("state") != "agreed" || plan.Get("exit_cost") == "" {
			continue
		}
		s := &r.services[n]
		y, ends := r.endOf(s)
		if !ends {
			continue
		}
		amount := unbounded
		if cost, given, err := money.Parse(plan.Get("exit_cost"), money.NotNegative); err == nil && given {
			if p, known := cost.Known(); known {
				amount = just(p)
			}
		}
		planned[s.ID] = true
		r.leave(s, stated{register: "exits", id: id, oneColumn: "exit_cost", says: words.Say("part.exit-plan", "Service", named(s))}, y, amount)
	}
	if r.Assumptions.WithoutPosts {
		return
	}
	for id, post := range r.view.Posts {
		n, is := r.at[post.Service]
		if !is || planned[post.Service] {
			continue
		}
		s := &r.services[n]
		cost, known := post.ExitCost.Known()
		last, stops := r.lastOf(s)
		if stops && len(post.Awards) == 0 {
			amount := unbounded
			if known {
				amount = just(cost)
			}
			r.leave(s, stated{register: "posts", id: id, oneColumn: "exit_cost", says: words.Say("part.post-of-service", "Service", named(s))}, last, amount)
			continue
		}
		var shares []money.Pence
		if known {
			shares, _ = money.Apportion(cost, post.Awards) // awards without weights are not split
		}
		for k, part := range post.Awards {
			at, recorded := r.awardAt[part.ID]
			if !recorded {
				continue
			}
			e := &r.awards[at]
			i, in := r.index(e.end)
			in = in && e.end != 0 && !r.succeeded(e)
			if stops && (!in || last < i) {
				i, in = last, true
			}
			if !in {
				continue
			}
			amount := unbounded
			switch {
			case known && len(shares) == len(post.Awards):
				amount = just(shares[k])
			case known && len(post.Awards) == 1:
				amount = just(cost)
			case known:
				amount = upTo(cost)
			}
			r.leave(s, stated{register: "posts", id: id, oneColumn: "exit_cost", says: words.Say("part.post", "Service", named(s), "Award", e.named())}, i, amount)
		}
	}
}

// leave puts an exit cost on a service in a year.
func (r *reading) leave(s *service, row stated, i int, amount span) {
	row.by = make([]span, len(r.Years))
	row.by[i] = amount
	s.cells[i].exit.add(amount)
	s.exits = append(s.exits, row)
}

// lastOf is the year in which a service itself ends.
func (r *reading) lastOf(s *service) (last int, ends bool) {
	if s.Ends.IsZero() || s.Ends < r.AsAt {
		return 0, false
	}
	return r.index(fiscal.YearOf(s.Ends))
}

// endOf is the first year in which a service, or an award that pays for it,
// ends.
func (r *reading) endOf(s *service) (first int, ends bool) {
	first, ends = r.lastOf(s)
	for k := range s.claims {
		e := &r.awards[s.claims[k].award]
		if i, in := r.index(e.end); in && e.end != 0 && s.claims[k].level > 0 && (!ends || i < first) {
			first, ends = i, true
		}
	}
	return first, ends
}

// succeeded reports an award whose successor has a secured figure for the year
// after it.
func (r *reading) succeeded(e *award) bool {
	heir := r.heirOf(e)
	i, in := r.index(e.end + 1)
	return heir >= 0 && in && r.awards[heir].pays(i)
}
