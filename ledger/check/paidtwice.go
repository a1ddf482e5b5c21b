package check

import (
	"slices"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// paidTwice finds services whose money in a year exceeds their cost net of
// income, by more than the policy's tolerance, from more than one award or
// agreement. Several awards that together pay no more than the cost are braided
// funding, instalments or match, and no finding.
//
// High: somebody's money is not needed, and may have to be handed back. Where
// the cost is not recorded it cannot be told; that is said once for the year.
func paidTwice(s *scan) []Finding {
	var found []Finding
	var costless []string
	all := s.AllHoldings()
	for first := 0; first < len(all); {
		last := first + 1
		for last < len(all) && all[last].Service == all[first].Service {
			last++
		}
		hs := all[first:last]
		first = last
		if len(hs) < 2 && len(s.agreementsOf(hs[0].Service)) < 2 {
			continue
		}
		id := s.Name(hs[0].Service)
		service, recorded := s.Service(id)
		if !recorded {
			continue
		}
		for _, y := range yearsOf(hs) {
			if y == fiscal.Term {
				continue
			}
			kind, awards := s.payers(hs, y)
			if awards == 0 || awards == 1 && s.running(id, y) < 2 {
				continue
			}
			cost, isKnown := service.NetCost(y).Known()
			if !isKnown {
				if y == s.year {
					costless = append(costless, id)
				}
				continue
			}
			money, paying := s.allocated(id, y, ofKind(kind))
			if over := money.Pence() - cost; s.tooMuch(over, cost) {
				found = append(found, s.paidTwiceOne(service, y, money, over, paying))
			}
		}
	}
	if len(costless) > 0 {
		found = append(found, s.costless(costless))
	}
	return found
}

// tooMuch applies the tolerance: both the amount and the share must be passed.
func (s *scan) tooMuch(over, cost money.Pence) bool {
	if over <= s.policy.PaidTwiceOver {
		return false
	}
	share, err := money.NewShare(int64(over), int64(max(cost, 1)))
	return err != nil || share.Cmp(s.policy.PaidTwiceShare) > 0
}

func (s *scan) agreementsOf(service ledger.Ref) []commissioning.Agreement {
	return s.AgreementsOf(s.Name(service))
}

// running counts a service's agreements in a year.
func (s *scan) running(service string, y fiscal.Year) (n int) {
	for _, a := range s.AgreementsOf(service) {
		if a.RunsIn(y) {
			n++
		}
	}
	return n
}

func yearsOf(hs []ledger.Holding) (years []fiscal.Year) {
next:
	for i := range hs {
		for _, y := range years {
			if y == hs[i].Year {
				continue next
			}
		}
		years = append(years, hs[i].Year)
	}
	return years
}

// payers counts the awards that pay in a year, of revenue; of capital where no
// revenue pays. The two never share a total.
func (s *scan) payers(hs []ledger.Holding, y fiscal.Year) (kind funding.Kind, awards int) {
	var met [2][]ledger.Ref
	for i := range hs {
		e := s.award(hs[i].Award)
		if e == nil {
			continue
		}
		if p, _ := e.inYear(&hs[i], y); p > 0 && !slices.Contains(met[e.Money], hs[i].Award) {
			met[e.Money] = append(met[e.Money], hs[i].Award)
		}
	}
	if len(met[funding.Revenue]) == 0 && len(met[funding.Capital]) > 0 {
		return funding.Capital, len(met[funding.Capital])
	}
	return funding.Revenue, len(met[funding.Revenue])
}

func (s *scan) paidTwiceOne(service commissioning.Service, y fiscal.Year, paid money.Sum, over money.Pence, paying []ledger.Holding) Finding {
	var amount money.Sum
	amount.Merge(paid)
	amount.AddPence(over - paid.Pence())
	f := Finding{
		ID: "duplication/paid-twice/" + service.ID + "/" + y.String(), Kind: Duplication, Rule: "paid-twice", Severity: High,
		Amount: &amount, Year: y, Subjects: subjects("service", service.ID), Records: costRecords(service, y, -1),
		Proof: func() []ledger.Proof { return s.ProofOfHoldings(paying...) },
		Facts: []string{"cost " + service.NetCost(y).String(), "money " + paid.String()},
	}
	var met []ledger.Ref
	for _, h := range paying {
		if !slices.Contains(met, h.Award) {
			met = append(met, h.Award)
		}
	}
	s.byID(met)
	for _, award := range met {
		f.Subjects = append(f.Subjects, Subject{"award", s.Name(award)})
	}
	f.Says = func() (Sentence, []Sentence) {
		var awards []Name
		for _, award := range met {
			awards = append(awards, s.award(award).named())
		}
		cost, _ := service.NetCost(y).Known()
		return say("paid-twice", "Service", named(&service), "Amount", amount, "Year", y),
			[]Sentence{say("paid-twice.pay", "Awards", firstFew(awards), "Paid", paid, "Cost", cost)}
	}
	return f
}

// byID puts numbers in order of their ids: numbers differ from run to run.
func (s *scan) byID(refs []ledger.Ref) {
	slices.SortFunc(refs, func(a, b ledger.Ref) int { return strings.Compare(s.Name(a), s.Name(b)) })
}

// costRecords are the records that make a service's net cost, with a sign.
func costRecords(service commissioning.Service, y fiscal.Year, sign money.Pence) []Evidence {
	cost, _ := service.PlannedCost(y).Known()
	of := []Evidence{{"services", service.ID, y.String(), known(sign * cost)}}
	if income, _ := service.Income.Known(); income != 0 {
		of = append(of, Evidence{"services", service.ID, "income", known(-sign * income)})
	}
	return of
}

// costless says once which services cannot be told about.
func (s *scan) costless(ids []string) Finding {
	return Finding{
		ID: "duplication/paid-twice/cost-not-known/" + s.year.String(), Kind: Duplication, Rule: "paid-twice", Severity: Low,
		Unknown: true, Lacks: say("lack.planned-cost", "Year", s.year), Year: s.year, Subjects: subjects("service", ids...), Facts: ids,
		Says: func() (Sentence, []Sentence) {
			return say("paid-twice.unknown", "Count", len(ids), "Year", s.year), []Sentence{say("paid-twice.costless", "Services", firstFew(s.serviceNames(ids)))}
		},
	}
}
