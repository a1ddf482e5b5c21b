package check

import (
	"cmp"
	"slices"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// outlivesAward finds promises that run past their money: an agreement, a post
// or a statutory duty that goes on when an award that pays for it ends, and in
// the next year has less than it needs. An agreement that can be ended early
// keeps quiet: by its break clause, or by notice where it has no end. If notice
// would now come late, decide-by says what that costs. A duty is looked at
// within the horizon, since it never ends; what has been signed is looked at
// however far off its money's end is.
//
// Severity: high for a statutory duty, and where the money ends within half a
// year; else medium. Unknown, low.
func outlivesAward(s *scan) []Finding {
	var findings []Finding
	stops := s.stops()
	for _, a := range s.Agreements {
		for _, e := range stops[a.Service] {
			if a.Starts > e.date || !a.Ends.IsZero() && a.Ends <= e.date {
				continue
			}
			usable, unsaid := s.endable(a)
			if usable {
				continue
			}
			f := s.outlives("agreement", a.ID, a.Service, e, valueOf(s, a, e.next))
			if f == nil {
				continue
			}
			if unsaid {
				f.Unknown, f.Lacks, f.Severity = true, say("lack.notice"), Low
			}
			f.Facts = append(f.Facts, "agreement ends "+a.Ends.String()+" break "+a.BreakClause)
			runs, how := say("runs.on"), say("runs.no-break")
			if !a.Ends.IsZero() {
				runs = say("runs.to", "Day", a.Ends)
			}
			switch {
			case unsaid:
				how = say("runs.notice-unknown")
			case a.BreakClause != "":
				how = say("runs.too-late")
			}
			f.Says = s.outlivesSays(say("outlives.agreement", "Agreement", a.ID), runs, how, a.Service, e, f)
			findings = append(findings, *f)
			break // the first end is the one to act on
		}
	}
	horizon := s.AsAt.AddMonths(s.policy.HorizonMonths)
	for id, service := range s.Services {
		for _, e := range stops[id] {
			if !service.Statutory || e.date > horizon || !service.Ends.IsZero() && service.Ends <= e.date {
				continue
			}
			if f := s.outlives("duty", id, id, e, needOf(s, service, e.next)); f != nil {
				f.Severity = High
				f.Says = s.outlivesSays(say("outlives.duty"), say("runs.goes-on"), Sentence{}, id, e, f)
				findings = append(findings, *f)
				break
			}
		}
	}
	return append(findings, s.posts()...)
}

// stop is a day on which awards that pay for a service end, with no secured
// successor to all of it.
type stop struct {
	date   fiscal.Date
	next   fiscal.Year // the financial year of the day after
	awards []*ending
}

// stops lists, by service, the days on which its money ends, however far off,
// earliest first.
func (s *scan) stops() map[string][]*stop {
	of := map[string][]*stop{}
	holdings := s.AllHoldings()
	for i := range holdings {
		h := &holdings[i]
		e := s.award(h.Award)
		if e == nil || e.last < s.AsAt || e.follows == funding.Succeeded {
			continue
		}
		if p, unsplit := e.inYear(h, e.year); p <= 0 && !unsplit {
			continue
		}
		service := s.Name(h.Service)
		at := slices.IndexFunc(of[service], func(one *stop) bool { return one.date == e.last })
		if at < 0 {
			at = len(of[service])
			of[service] = append(of[service], &stop{date: e.last, next: e.next})
		}
		if one := of[service][at]; !slices.Contains(one.awards, e) {
			one.awards = append(one.awards, e)
		}
	}
	for _, days := range of {
		slices.SortFunc(days, func(a, b *stop) int { return cmp.Compare(a.date, b.date) })
		for _, one := range days {
			slices.SortFunc(one.awards, func(a, b *ending) int { return cmp.Compare(a.ID, b.ID) })
		}
	}
	return of
}

// endable reports whether notice given today would end an agreement before its
// own end; unsaid is that its notice period is not recorded.
func (s *scan) endable(a commissioning.Agreement) (usable, unsaid bool) {
	switch {
	case !a.Ends.IsZero() && a.BreakClause == "":
		return false, false
	case a.NoticeMonths < 0:
		return false, true
	}
	return a.Ends.IsZero() || s.AsAt.AddMonths(a.NoticeMonths) < a.Ends, false
}

// wants is what a promise needs in a year, and the record that says so.
type wants struct {
	amount  money.Amount
	records []Evidence
}

func valueOf(s *scan, a commissioning.Agreement, y fiscal.Year) wants {
	value, stated := a.Value[y]
	if p, isKnown := value.Known(); stated && isKnown {
		return wants{value, []Evidence{{"agreements", a.ID, y.String(), known(p)}}}
	}
	service, _ := s.Service(a.Service)
	return needOf(s, service, y)
}

func needOf(_ *scan, service commissioning.Service, y fiscal.Year) wants {
	w := wants{amount: service.NetCost(y)}
	cost, costKnown := service.PlannedCost(y).Known()
	income, _ := service.Income.Known()
	if costKnown && !w.amount.IsUnknown() {
		w.records = []Evidence{{"services", service.ID, y.String(), known(cost)}}
		if income != 0 {
			w.records = append(w.records, Evidence{"services", service.ID, "income", known(-income)})
		}
	}
	return w
}

// outlives compares what a promise wants in the year after its money ends with
// what is allocated to its service in that year; nil where that is enough.
func (s *scan) outlives(what, id, service string, e *stop, w wants) *Finding {
	ref, _ := s.Ref(service)
	has := s.held(service, ref, e.next, anyAward)
	f := &Finding{ID: "expiry/outlives-award/" + what + "/" + id + "/" + e.date.String(), Kind: Expiry, Rule: "outlives-award",
		Severity: Medium, Year: e.next, Date: e.date, Subjects: []Subject{{"service", service}}}
	if what != "duty" {
		f.Subjects = append(f.Subjects, Subject{what, id})
	}
	for _, a := range e.awards {
		f.Subjects = append(f.Subjects, Subject{"award", a.ID})
		f.Facts = append(f.Facts, a.ID+" ends "+e.date.String())
	}
	f.Facts = append(f.Facts, e.next.String()+" wants "+w.amount.String()+" has "+has.String())
	if e.date-s.AsAt <= 183 {
		f.Severity = High
	}
	need, needKnown := w.amount.Known()
	switch {
	case needKnown && has.Pence() >= need:
		return nil
	case !needKnown:
		f.Amount, f.Lacks = unknown(), say("lack.cost", "Year", e.next)
	case has.State() != money.Exact:
		f.Amount, f.Lacks = unknown(), say("lack.its-part", "Year", e.next)
	default:
		f.Amount = total(need - has.Pence())
		f.Records = w.records
		if has.Pence() != 0 {
			f.Proof = func() []ledger.Proof { return less(s.ProofOfHoldings(s.heldBy(ref, e.next, anyAward)...)) }
		}
	}
	return f
}

func (s *scan) outlivesSays(what, runs, how Sentence, service string, e *stop, f *Finding) func() (Sentence, []Sentence) {
	return func() (Sentence, []Sentence) {
		var awards List
		for _, a := range e.awards {
			awards = append(awards, a.named())
		}
		because := []Sentence{say("outlives.ends", "Count", len(awards), "Awards", awards, "Day", e.date, "Away", gap(s.AsAt, e.date), "What", what, "Runs", runs, "How", how)}
		if f.Amount.State() == money.Exact {
			because = append(because, say("outlives.short", "Amount", *f.Amount, "Year", e.next))
		} else {
			because = append(because, say("outlives.short-unknown", "Year", e.next, "Missing", f.Lacks))
		}
		return say("outlives", "Service", s.serviceName(service), "What", what, "Day", e.date), because
	}
}

// posts finds posts whose contract runs past the awards they are paid from.
func (s *scan) posts() []Finding {
	var findings []Finding
	for id, post := range s.Posts {
		ends := post.ContractEnd
		var first *ending // the one that ends first
		for _, p := range post.Awards {
			e := s.awards.byID[p.ID]
			if e != nil && e.last >= s.AsAt && e.follows != funding.Succeeded && (ends == 0 || ends > e.last) && (first == nil || e.last < first.last) {
				first = e
			}
		}
		if first == nil {
			continue
		}
		f := Finding{ID: "expiry/outlives-award/post/" + id + "/" + first.last.String(), Kind: Expiry, Rule: "outlives-award", Severity: Medium,
			Year: first.next, Date: first.last, Amount: unknown(), Lacks: say("lack.post-cost"),
			Subjects: []Subject{{"service", post.Service}, {"post", id}},
			Facts:    []string{"contract ends " + ends.String(), "annual cost " + s.stated("posts", id, "annual_cost")}}
		cost, costKnown := post.AnnualCost.Known()
		var at money.Pence
		var names List
		split := true
		for _, p := range post.Awards {
			e := s.awards.byID[p.ID]
			if e == nil || e.last != first.last || e.follows == funding.Succeeded {
				continue
			}
			split = split && !p.Weight.IsZero()
			at += p.Weight.Of(cost)
			names = append(names, e.named())
			f.Subjects = append(f.Subjects, Subject{"award", e.ID})
			f.Facts = append(f.Facts, e.ID+" ends "+e.last.String()+" pays "+p.Weight.String())
		}
		if costKnown && split {
			f.Amount, f.Lacks = total(at), Sentence{}
			f.Records = []Evidence{{"posts", id, "annual_cost", known(at)}}
		}
		if first.last-s.AsAt <= 183 {
			f.Severity = High
		}
		f.Says = func() (Sentence, []Sentence) {
			runs := say("runs.no-end")
			if ends != 0 {
				runs = say("runs.to", "Day", ends)
			}
			because := []Sentence{say("outlives.ends", "Count", len(names), "Awards", names, "Day", first.last, "Away", gap(s.AsAt, first.last),
				"What", say("outlives.contract", "Post", id), "Runs", runs, "How", Sentence{})}
			if f.Lacks.IsZero() {
				because = append(because, say("outlives.post-cost", "Amount", *f.Amount))
			} else {
				because = append(because, say("outlives.post-unknown", "Missing", f.Lacks))
			}
			return say("outlives", "Service", s.serviceName(post.Service), "What", say("outlives.post", "Post", id), "Day", first.last), because
		}
		findings = append(findings, f)
	}
	return findings
}

// stated is a cell as its register has it: a judgement rests on the text, so
// that a blank and a "?" stay what they were when it was made.
func (s *scan) stated(register, id, column string) string {
	r, _ := s.Book.Record(register, id)
	return r.Get(column)
}
