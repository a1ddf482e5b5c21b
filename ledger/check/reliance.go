package check

import (
	"braid/funding"
	"braid/ledger"
	"braid/ledger/money"
)

// shortTermReliance says how much of a service's money, and of the whole, is
// time-limited, beside what has no end and what recurs or is to be renewed. It
// is about this financial year's revenue: capital is spent once whatever pays
// for it. A service without time-limited money is not listed.
//
// Severity: medium from half; else low.
func shortTermReliance(s *scan) []Finding {
	var findings []Finding
	whole := reliance{}
	everything := s.AllHoldings()
	holdings := everything
	for len(holdings) > 0 {
		n := 1
		for n < len(holdings) && holdings[n].Service == holdings[0].Service {
			n++
		}
		id := s.Name(holdings[0].Service)
		group := holdings[:n]
		holdings = holdings[n:]
		of := s.lean(group)
		for _, l := range s.unsized[id] {
			if e := s.awards.byID[l.Award]; e != nil && e.Money == funding.Revenue && bears(l, s.year) {
				of[e.lasts()].Add(money.Unknown)
			}
		}
		for i := range of {
			whole[i].Merge(of[i])
		}
		if of[timeLimited].Pence() > 0 {
			findings = append(findings, s.leans(id, of, group))
		}
	}
	if whole.all().Pence() > 0 {
		findings = append(findings, s.leans("", whole, everything))
	}
	return findings
}

// lasting is how long money can be counted on.
type lasting uint8

const (
	noEnd lasting = iota
	recurring
	timeLimited
	lastings
)

// lasts tells what an award's money is. The kind of stream rules; where it is
// not stated, the award's end and what is said to follow it do.
func (e *ending) lasts() lasting {
	switch e.stream.Permanence {
	case funding.BaseBudget, funding.Settlement:
		return noEnd
	case funding.Recurring, funding.PermanenceNotStated:
		if e.last.IsZero() {
			return noEnd
		}
	}
	if e.stream.Permanence == funding.Recurring || e.follows != funding.Stopping {
		return recurring
	}
	return timeLimited
}

// reliance is money by how long it lasts.
type reliance [lastings]money.Sum

func (r reliance) all() (sum money.Sum) {
	for _, one := range r {
		sum.Merge(one)
	}
	return sum
}

// lean adds up holdings.
func (s *scan) lean(of []ledger.Holding) (r reliance) {
	for i := range of {
		e := s.award(of[i].Award)
		if e == nil || e.Money != funding.Revenue {
			continue
		}
		p, unsplit := e.inYear(&of[i], s.year)
		r[e.lasts()].AddPence(p)
		if unsplit {
			r[e.lasts()].Add(money.Unknown)
		}
	}
	return r
}

// limited picks the holdings that lean counted as time-limited.
func (s *scan) limited(of []ledger.Holding) (hs []ledger.Holding) {
	for i := range of {
		e := s.award(of[i].Award)
		if e == nil || e.Money != funding.Revenue || e.lasts() != timeLimited {
			continue
		}
		if p, _ := e.inYear(&of[i], s.year); p != 0 {
			hs = append(hs, of[i])
		}
	}
	return hs
}

func (s *scan) leans(service string, of reliance, group []ledger.Holding) Finding {
	f := Finding{ID: "expiry/short-term-reliance/" + s.year.String(), Kind: Expiry, Rule: "short-term-reliance", Band: "whole",
		Severity: Low, Amount: &of[timeLimited], Year: s.year}
	if service != "" {
		f.ID, f.Band = "expiry/short-term-reliance/"+service+"/"+s.year.String(), "service"
		f.Subjects = []Subject{{"service", service}}
	}
	everything := of.all()
	half, _ := money.NewShare(1, 2)
	if share, told := shareOf(of[timeLimited], everything); told {
		f.Share = &share
		if share.Cmp(half) >= 0 {
			f.Severity = Medium
		}
	} else {
		f.Lacks = say("lack.term-part", "Year", s.year)
	}
	f.Facts = []string{s.year.String() + " no end " + of[noEnd].String() + " recurring " + of[recurring].String() + " time-limited " + of[timeLimited].String()}
	f.Says = func() (Sentence, []Sentence) {
		part := func(l lasting) any {
			if share, told := shareOf(of[l], everything); told {
				return say("part", "What", of[l], "Amount", share)
			}
			return of[l]
		}
		title := say("reliance.all", "Amount", part(timeLimited))
		switch {
		case service != "":
			title = say("reliance", "Service", s.serviceName(service), "Amount", part(timeLimited))
		case of[timeLimited].State() == money.Exact && of[timeLimited].Pence() == 0:
			title = say("reliance.none")
		}
		because := []Sentence{say("reliance.of", "All", everything, "Year", s.year, "NoEnd", part(noEnd), "Recurring", part(recurring), "Limited", part(timeLimited))}
		if all, _ := money.NewShare(1, 1); f.Share != nil && *f.Share == all {
			because[0] = say("reliance.only-all", "All", everything, "Year", s.year)
			if service != "" {
				because[0] = say("reliance.only", "All", everything, "Year", s.year)
			}
		}
		if !f.Lacks.IsZero() {
			because = append(because, say("reliance.missing", "Missing", f.Lacks))
		}
		return title, because
	}
	f.Proof = func() []ledger.Proof { return s.ProofOfHoldings(s.limited(group)...) }
	return f
}
