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
				f.Unknown, f.Missing, f.Severity = true, "notice period", Low
			}
			f.Facts = append(f.Facts, "agreement ends "+a.Ends.String()+" break "+a.BreakClause)
			runs := "runs on without an end"
			if !a.Ends.IsZero() {
				runs = "runs to " + a.Ends.Long()
			}
			switch {
			case unsaid:
				runs += ", and its notice period is not recorded"
			case a.BreakClause != "":
				runs += ", and it is too late to give notice"
			default:
				runs += " without a break clause"
			}
			f.Words = s.outlivesWords("agreement "+a.ID, runs, a.Service, e, f)
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
				f.Words = s.outlivesWords("the duty", "goes on", id, e, f)
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
		f.Amount, f.Missing = unknown(), "cost for "+e.next.String()
	case has.State() != money.Exact:
		f.Amount, f.Missing = unknown(), "how much of its money is for "+e.next.String()
	default:
		f.Amount = total(need - has.Pence())
		f.Records = w.records
		if has.Pence() != 0 {
			f.Proof = func() []ledger.Proof { return less(s.ProofOfHoldings(s.heldBy(ref, e.next, anyAward)...)) }
		}
	}
	return f
}

func (s *scan) outlivesWords(what, runs, service string, e *stop, f *Finding) func() (string, string) {
	return func() (string, string) {
		var awards []string
		for _, a := range e.awards {
			awards = append(awards, a.name)
		}
		title := s.ServiceName(service) + ": " + what + " outlives its money, which ends on " + e.date.Long()
		because := list(awards) + verb(len(awards), " ends", " end") + " on " + e.date.Long() + ", " + gap(s.AsAt, e.date) + "; " + what + " " + runs + ". "
		if f.Amount.State() == money.Exact {
			because += f.Amount.Whole() + " of what it needs in " + e.next.String() + " has no money yet."
		} else {
			because += "What it will be short of in " + e.next.String() + " is not known: record " + f.Missing + "."
		}
		return title, because
	}
}

// posts finds posts whose contract runs past the awards they are paid from.
func (s *scan) posts() []Finding {
	var findings []Finding
	for id, r := range s.Book.Records("posts") {
		parts, err := ledger.ParseLabels(r.Get("awards"))
		ends, dated := fiscal.ParseDate(r.Get("contract_end"))
		if err != nil || r.Get("contract_end") != "" && dated != nil {
			continue
		}
		var first *ending // the one that ends first
		for _, p := range parts {
			e := s.awards.byID[p.ID]
			if e != nil && e.last >= s.AsAt && e.follows != funding.Succeeded && (ends == 0 || ends > e.last) && (first == nil || e.last < first.last) {
				first = e
			}
		}
		if first == nil {
			continue
		}
		service := r.Get("service")
		f := Finding{ID: "expiry/outlives-award/post/" + id + "/" + first.last.String(), Kind: Expiry, Rule: "outlives-award", Severity: Medium,
			Year: first.next, Date: first.last, Amount: unknown(), Missing: "annual cost and the awards' shares",
			Subjects: []Subject{{"service", service}, {"post", id}},
			Facts:    []string{"contract ends " + ends.String(), "annual cost " + r.Get("annual_cost")}}
		cost, err := money.ParsePence(r.Get("annual_cost"))
		var at money.Pence
		var names []string
		split := true
		for _, p := range parts {
			e := s.awards.byID[p.ID]
			if e == nil || e.last != first.last || e.follows == funding.Succeeded {
				continue
			}
			weight := p.Weight
			if len(parts) == 1 {
				weight, _ = money.NewShare(1, 1)
			}
			split = split && !weight.IsZero()
			at += weight.Of(cost)
			names = append(names, e.name)
			f.Subjects = append(f.Subjects, Subject{"award", e.ID})
			f.Facts = append(f.Facts, e.ID+" ends "+e.last.String()+" pays "+weight.String())
		}
		if err == nil && split {
			f.Amount, f.Missing = total(at), ""
			f.Records = []Evidence{{"posts", id, "annual_cost", known(at)}}
		}
		if first.last-s.AsAt <= 183 {
			f.Severity = High
		}
		f.Words = func() (string, string) {
			runs := "has no end"
			if ends != 0 {
				runs = "runs to " + ends.Long()
			}
			because := list(names) + verb(len(names), " ends", " end") + " on " + first.last.Long() + ", " + gap(s.AsAt, first.last) + "; the contract of post " + id + " " + runs + ". "
			if f.Missing == "" {
				because += f.Amount.Whole() + " of its cost in a full year has no money after that."
			} else {
				because += "What has no money after that is not known: record its " + f.Missing + "."
			}
			return s.ServiceName(service) + ": post " + id + " outlives its money, which ends on " + first.last.Long(), because
		}
		findings = append(findings, f)
	}
	return findings
}
