package check

import (
	"cmp"
	"slices"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// useOrLose finds secured money of an award that ends, or must be spent, by a
// day within the horizon, and is put to no use: not allocated; and, only where
// actuals are recent, allocated but not to be spent by the forecast outturn.
// The two are bands, never added together. An award with nothing left is not
// listed.
//
// Severity: high where carrying forward is refused; low where it is permitted;
// else medium. Unknown, low.
func useOrLose(s *scan) []Finding {
	var findings []Finding
	outturns := s.outturns()
	for _, e := range s.awards.all {
		by := s.spendBy(e)
		if by.IsZero() {
			continue
		}
		if f := s.notAllocated(e, by); f != nil {
			findings = append(findings, *f)
		}
		if f := s.notSpent(e, by, outturns[e.ID]); f != nil {
			findings = append(findings, *f)
		}
	}
	return findings
}

// spendBy gives the first day, from today to the horizon, on which an award
// ends or by which a term says its money must be spent; 0 for none. A term that
// applies only to some uses says nothing of what has none yet.
func (s *scan) spendBy(e *ending) fiscal.Date {
	horizon := s.AsAt.AddMonths(s.policy.HorizonMonths)
	var by fiscal.Date
	if e.soon {
		by = e.last
	}
	for _, t := range s.TermsOf(e.ID) {
		day, is := t.SpendBy()
		if is && len(t.When) == 0 && t.InForce.Contains(s.AsAt) && s.AsAt <= day && day <= horizon && (by.IsZero() || day < by) {
			by = day
		}
	}
	return by
}

// carry gives the funder's answer on carrying money forward, with its clause.
func (s *scan) carry(e *ending, by fiscal.Date) (funding.Permission, string) {
	for _, t := range s.TermsOf(e.ID) {
		if p, is := t.CarryForward(); is && len(t.When) == 0 && t.InForce.Contains(by) {
			return p, t.Clause
		}
	}
	return funding.Permission{}, ""
}

func (s *scan) useOrLoseFinding(e *ending, by fiscal.Date, band string) *Finding {
	f := &Finding{ID: "expiry/use-or-lose/" + e.ID + "/" + by.String(), Kind: Expiry, Rule: "use-or-lose", Band: banded(band, e.Money),
		Severity: Medium, Year: fiscal.YearOf(by), Date: by, Subjects: []Subject{{"award", e.ID}}}
	switch p, _ := s.carry(e, by); p.Answer {
	case funding.PermissionRefused:
		f.Severity = High
	case funding.Permitted:
		f.Severity = Low
	}
	return f
}

// notAllocated finds what is left to allocate of the years up to the day, and
// of the whole term.
func (s *scan) notAllocated(e *ending, by fiscal.Date) *Finding {
	last := fiscal.YearOf(by)
	var left money.Pence
	var accounts []ledger.Account
	for _, a := range s.waiting()[e.ID] {
		if a.Year <= last {
			left += s.BalanceOf(a)
			accounts = append(accounts, a)
		}
	}
	f := s.useOrLoseFinding(e, by, "not allocated")
	f.Amount = total(left)
	f.Proof = func() []ledger.Proof { return s.ProofOf(accounts...) }
	f.Lacks = s.leftUnknown(e, last)
	carry, clause := s.carry(e, by)
	f.Facts = []string{"left " + f.Amount.String(), "by " + by.String(), "carry-forward " + carry.Answer.String(), "missing " + f.Missing()}
	if !f.Lacks.IsZero() {
		f.Unknown, f.Severity, f.Amount, f.Proof = true, Low, unknown(), nil
	} else if left <= 0 {
		return nil
	}
	f.Says = func() (Sentence, []Sentence) {
		if f.Unknown {
			return say("use-or-lose.unknown", "Award", e.named()), []Sentence{
				say("use-or-lose.by", "Day", by, "Away", gap(s.AsAt, by)), say("use-or-lose.record", "Missing", f.Lacks)}
		}
		allocated, unspent := s.inHand(e, last)
		because := []Sentence{say("use-or-lose.left", "Award", e.named(), "Day", by, "Away", gap(s.AsAt, by), "Amount", left)}
		if unspent > 0 {
			because = append(because, say("use-or-lose.unspent", "Allocated", allocated, "Amount", unspent))
		}
		return say("use-or-lose", "Amount", left, "Award", e.named(), "Day", by), append(because, carrySays(carry, clause))
	}
	return f
}

// unallocated lists the accounts where each award's money waits to be
// allocated: its own and those of boards it is delegated to.
func (s *scan) unallocated() map[string][]ledger.Account {
	of := map[string][]ledger.Account{}
	for a := range s.Balances {
		if a.Stage == ledger.Awarded {
			of[a.Award] = append(of[a.Award], a)
		}
	}
	return of
}

// leftUnknown names the fact without which nobody can say what is left.
func (s *scan) leftUnknown(e *ending, last fiscal.Year) Sentence {
	stated := false
	for _, y := range s.FigureYears(e.ID) {
		secured, unsecured := s.Stands(e.ID, y)
		if !secured.Known && !unsecured.Known || y > last {
			continue
		}
		stated = true
		if secured.Known && secured.Amount.IsUnknown() || !secured.Known && unsecured.Amount.IsUnknown() {
			return say("lack.figure-for", "Year", y)
		}
	}
	if !stated {
		return say("lack.its-figure")
	}
	if l, met := s.unsizedOf()[e.ID]; met && l.Year <= last {
		return say("lack.what-allocated", "Service", s.serviceName(l.Service))
	}
	return Sentence{}
}

// firstUnsized gives an allocation of unknown amount of each award that has one.
func (s *scan) firstUnsized() map[string]ledger.Line {
	of := map[string]ledger.Line{}
	for _, lines := range s.unsized {
		for _, l := range lines {
			if first, met := of[l.Award]; !met || l.Service < first.Service {
				of[l.Award] = l
			}
		}
	}
	return of
}

// inHand gives what is allocated of the years up to one, and what of that is
// not yet spent.
func (s *scan) inHand(e *ending, last fiscal.Year) (allocated, unspent money.Pence) {
	for _, h := range s.AllHoldings() {
		if h.Award == e.ref && h.Year <= last {
			allocated += h.Amount
			unspent += h.Amount - h.Paid
		}
	}
	return allocated, unspent
}

func carrySays(p funding.Permission, clause string) Sentence {
	code, quoted := "carry.unknown", Sentence{}
	switch p.Answer {
	case funding.Permitted:
		code = "carry.permitted"
	case funding.PermittedUpTo:
		code = "carry.up-to"
	case funding.Asked:
		code = "carry.asked"
	case funding.PermissionRefused:
		code = "carry.refused"
	}
	if clause != "" {
		quoted = say("carry.clause", "Clause", clause)
	}
	if code == "carry.up-to" {
		return say("carry.up-to", "Share", p.UpTo.String(), "Clause", quoted)
	}
	return say(code, "Clause", quoted)
}

// outturn is the latest forecast of what a service will have spent of an award.
type outturn struct {
	id, service, period string
	forecast            money.Pence
}

// outturns lists the latest forecast of each service, by award. A period is
// the financial year, or a month like 2026-12.
func (s *scan) outturns() map[string][]outturn {
	of := map[string][]outturn{}
	for id, r := range s.Book.Records("outturns") {
		p, err := money.ParsePence(r.Get("forecast"))
		if err != nil || r.Get("award") == "" {
			continue
		}
		award, one := r.Get("award"), outturn{id, r.Get("service"), r.Get("period"), p}
		month, err := fiscal.ParseDate(one.period + "-01")
		if one.period != s.year.String() && (err != nil || fiscal.YearOf(month) != s.year || month > s.AsAt) {
			continue
		}
		at := slices.IndexFunc(of[award], func(o outturn) bool { return o.service == one.service })
		switch {
		case at < 0:
			of[award] = append(of[award], one)
		case of[award][at].period == s.year.String() || one.period != s.year.String() && one.period > of[award][at].period:
			of[award][at] = one
		}
	}
	return of
}

// notSpent compares what this year's allocations come to with the forecast
// outturn of the same services.
func (s *scan) notSpent(e *ending, by fiscal.Date, forecasts []outturn) *Finding {
	if len(forecasts) == 0 || fiscal.YearOf(by) != s.year {
		return nil
	}
	paid := s.paidOn()[e.ref]
	if paid.IsZero() || int(s.AsAt-paid) > s.policy.RecentDays {
		return nil
	}
	f := s.useOrLoseFinding(e, by, "not spent")
	f.ID += "/not-spent"
	var unspent money.Pence
	var hs []ledger.Holding
	slices.SortFunc(forecasts, func(a, b outturn) int { return cmp.Compare(a.service, b.service) })
	for _, o := range forecasts {
		ref, _ := s.Ref(o.service)
		for _, h := range s.HoldingsOf(ref) {
			if h.Award != e.ref {
				continue
			}
			if p, _ := e.inYear(&h, s.year); p != 0 {
				unspent += p
				hs = append(hs, h)
			}
		}
		unspent -= o.forecast
		f.Subjects = append(f.Subjects, Subject{"service", o.service})
		f.Records = append(f.Records, Evidence{"outturns", o.id, "forecast", known(-o.forecast)})
		f.Facts = append(f.Facts, o.service+" forecast "+o.forecast.String())
	}
	if unspent <= 0 {
		return nil
	}
	f.Amount = total(unspent)
	f.Proof = func() []ledger.Proof { return s.ProofOfHoldings(hs...) }
	carry, clause := s.carry(e, by)
	f.Facts = append(f.Facts, "unspent "+unspent.String(), "by "+by.String(), "carry-forward "+carry.Answer.String())
	f.Says = func() (Sentence, []Sentence) {
		return say("use-or-lose.not-spent", "Amount", unspent, "Award", e.named(), "Day", by), []Sentence{
			say("use-or-lose.forecast", "Count", len(forecasts), "Amount", unspent, "Day", paid), carrySays(carry, clause)}
	}
	return f
}
