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

// effectiveAtRisk finds a service known to work (proven or promising) that
// loses money while another on the same objective keeps all of its own and is
// untested, ineffective or dearer. Dearer is by cost a head (planned cost over
// capacity), of the same unit. A service that nobody has assessed is neither
// good nor bad: such findings are unknown. Only what serves people directly is
// compared.
//
// Severity: medium. Unknown, low.
func effectiveAtRisk(s *scan) []Finding {
	var findings []Finding
	var rivals map[string]*rivals
	for _, l := range s.losses() {
		if l.band != funding.Stopping || l.endsItself {
			continue
		}
		mine, _ := s.Service(l.service)
		works := mine.Evidence == commissioning.Proven || mine.Evidence == commissioning.Promising
		if mine.Role != commissioning.Direct || len(mine.Objectives) == 0 || !works && mine.Evidence != commissioning.NotAssessed {
			continue
		}
		if rivals == nil {
			rivals = s.rivals()
		}
		var weak, unassessed []keeper
		for _, o := range mine.Objectives {
			r := rivals[o]
			if r == nil {
				continue
			}
			weak = join(weak, r.weak...)
			unassessed = join(unassessed, r.unassessed...)
			if own, known := headCost(mine, l.year); known {
				for _, k := range r.dear[mine.Unit] {
					if k.perHead > own {
						weak = join(weak, k)
					}
				}
			}
		}
		slices.SortFunc(weak, byMoney)
		slices.SortFunc(unassessed, byMoney)
		f := Finding{ID: "expiry/effective-at-risk/" + l.service + "/" + l.date.String(), Kind: Expiry, Rule: "effective-at-risk",
			Band: banded("", l.kind), Severity: Medium, Amount: &l.sum, Year: l.year, Date: l.date, Subjects: []Subject{{"service", l.service}},
			Facts: append(l.facts(), "evidence "+mine.Evidence.String()), Proof: func() []ledger.Proof { return l.proof(s) }, Records: l.records()}
		if l.kind == funding.Capital {
			f.ID += "/capital"
		}
		others := weak
		if !works || len(weak) == 0 {
			if others = unassessed; !works {
				others = join(weak, unassessed...)
			}
			f.Unknown, f.Severity = true, Low
			f.Lacks = say("lack.evidence", "Service", s.serviceName(l.service))
			if works && len(others) > 0 {
				f.Lacks = say("lack.evidence", "Service", s.serviceName(others[0].ID))
			}
		}
		if len(others) == 0 {
			continue
		}
		for _, k := range others {
			f.Subjects = append(f.Subjects, Subject{"service", k.ID})
			f.Facts = append(f.Facts, k.ID+" "+k.Evidence.String()+" "+k.held.String())
		}
		f.Says = func() (Sentence, []Sentence) {
			name := s.serviceName(l.service)
			var keep Series
			for _, k := range others {
				keep = append(keep, say("effective.keeps", "Service", s.serviceName(k.ID), "Described", describe(k.Service, l.year), "Amount", k.held))
			}
			because := []Sentence{
				say("effective.loses", "Service", name, "Described", describe(mine, l.year), "Amount", l.sum, "Day", l.date),
				say("effective.beside", "Others", keep)}
			if f.Unknown {
				return say("effective.unknown", "Service", name), append(because, say("effective.record", "Missing", f.Lacks))
			}
			return say("effective", "Service", name, "Evidence", evidence(mine), "Amount", l.sum, "Other", s.serviceName(others[0].ID)), because
		}
		findings = append(findings, f)
	}
	return findings
}

// keeper is a service that keeps its money.
type keeper struct {
	commissioning.Service
	held    money.Pence
	perHead money.Pence
}

// rivals are the keepers on one objective worth naming: at most three of each
// sort, those with most money, or dearest.
type rivals struct {
	weak, unassessed []keeper
	dear             map[string][]keeper // by unit
}

const nameable = 3

func (s *scan) rivals() map[string]*rivals {
	loses := map[string]bool{}
	for _, l := range s.losses() {
		if l.band != funding.Succeeded {
			loses[l.service] = true
		}
	}
	of := map[string]*rivals{}
	for id, service := range s.Services {
		if loses[id] || service.Role != commissioning.Direct || len(service.Objectives) == 0 {
			continue
		}
		ref, _ := s.Ref(id)
		held := s.held(id, ref, s.year, ofKind(funding.Revenue))
		if held.Pence() <= 0 {
			continue
		}
		k := keeper{Service: service, held: held.Pence()}
		for _, o := range service.Objectives {
			r := of[o]
			if r == nil {
				r = &rivals{dear: map[string][]keeper{}}
				of[o] = r
			}
			switch service.Evidence {
			case commissioning.Untested, commissioning.Ineffective:
				r.weak = most(r.weak, k, byMoney)
			case commissioning.NotAssessed:
				r.unassessed = most(r.unassessed, k, byMoney)
			}
			if cost, known := headCost(service, s.year); known {
				k.perHead = cost
				r.dear[service.Unit] = most(r.dear[service.Unit], k, func(a, b keeper) int {
					return cmp.Or(cmp.Compare(b.perHead, a.perHead), cmp.Compare(a.ID, b.ID))
				})
			}
		}
	}
	return of
}

func byMoney(a, b keeper) int {
	return cmp.Or(cmp.Compare(b.held, a.held), cmp.Compare(a.ID, b.ID))
}

// most keeps the first few in an order.
func most(have []keeper, k keeper, order func(a, b keeper) int) []keeper {
	have = append(have, k)
	slices.SortFunc(have, order)
	return have[:min(len(have), nameable)]
}

func join(have []keeper, more ...keeper) []keeper {
	for _, k := range more {
		if !slices.ContainsFunc(have, func(h keeper) bool { return h.ID == k.ID }) {
			have = append(have, k)
		}
	}
	return have
}

// headCost is planned cost over capacity, rounded to the penny, half up.
func headCost(of commissioning.Service, y fiscal.Year) (money.Pence, bool) {
	cost, stated := of.PlannedCost(y).Known()
	if !stated || of.Capacity <= 0 {
		return 0, false
	}
	one, err := money.NewShare(1, int64(of.Capacity))
	return one.Of(cost), err == nil
}

func describe(of commissioning.Service, y fiscal.Year) Sentence {
	cost, known := headCost(of, y)
	switch {
	case !known:
		return say("described", "Evidence", evidence(of))
	case of.Unit == "":
		return say("described.places", "Evidence", evidence(of), "Cost", cost, "Places", of.Capacity)
	}
	return say("described.units", "Evidence", evidence(of), "Cost", cost, "Places", of.Capacity, "Unit", of.Unit)
}

func evidence(of commissioning.Service) Sentence { return coded("evidence", of.Evidence.String()) }
