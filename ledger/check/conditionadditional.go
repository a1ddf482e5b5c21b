package check

import (
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// additional judges the terms that a grant must add to what the core budget
// paid: core money on the services of the grant falls in real terms, from the
// term's base year, while the grant rises. Core is base budget and settlement.
// Real terms are the policy's yearly rise, to whole pence. Where the term gives
// no base amount it is what the ledger holds for that year; where the ledger
// holds nothing for it, or no base year is given, it is unknown.
//
// High where core falls even in cash, else medium.
func (j *judging) additional() (found []Finding) {
	grants := map[ledger.Ref][]ledger.Ref{} // services of each award with such a term
	met := map[[2]ledger.Ref]bool{}
	for _, h := range j.AllHoldings() {
		l := j.law(h.Award)
		if l == nil || len(l.additional) == 0 || h.Year != j.year || h.Amount <= 0 || met[[2]ledger.Ref{h.Award, h.Service}] {
			continue
		}
		met[[2]ledger.Ref{h.Award, h.Service}] = true
		grants[h.Award] = append(grants[h.Award], h.Service)
	}
	for award, services := range grants {
		l := j.law(award)
		j.byID(services)
		for _, t := range l.additional {
			if !t.InForce.Overlaps(j.year.Period()) {
				continue
			}
			base, _ := t.Additional()
			if base.Amount.IsUnknown() {
				for _, one := range services { // each service is its own base
					found = append(found, j.addition(l, t, base, award, []ledger.Ref{one}, "/"+j.Name(one))...)
				}
				continue
			}
			found = append(found, j.addition(l, t, base, award, services, "")...)
		}
	}
	return found
}

func (j *judging) addition(l *law, t funding.Term, base funding.Baseline, award ledger.Ref, services []ledger.Ref, suffix string) []Finding {
	s := j.scan
	ofCore := func(h *ledger.Holding) bool {
		e := s.award(h.Award)
		return e != nil && h.Award != award && (e.stream.Permanence == funding.BaseBudget || e.stream.Permanence == funding.Settlement)
	}
	ofGrant := func(h *ledger.Holding) bool { return h.Award == award }
	core, coreHoldings := j.on(services, j.year, ofCore)
	grant, _ := j.on(services, j.year, ofGrant)
	id := strings.Join([]string{"condition", "additional", l.award.ID, t.ID}, "/") + suffix + "/" + j.year.String()
	f := Finding{ID: id, Kind: Condition, Rule: "additional", Severity: High, Year: j.year, Subjects: []Subject{{"award", l.award.ID}, {"term", t.ID}}}
	for _, one := range services {
		f.Subjects = append(f.Subjects, Subject{"service", s.Name(one)})
	}
	names := func() List {
		var of []Name
		for _, one := range services {
			of = append(of, s.serviceName(s.Name(one)))
		}
		return firstFew(of)
	}
	before, baseHoldings := base.Amount, []ledger.Holding(nil)
	grantBefore := money.Pence(0)
	if base.Year != fiscal.Term {
		grantBefore, _ = j.on(services, base.Year, ofGrant)
		if before.IsUnknown() && j.heldIn(base.Year) {
			var p money.Pence
			p, baseHoldings = j.on(services, base.Year, ofCore)
			before = money.Known(p)
		}
	}
	was, told := before.Known()
	if !told || base.Year == fiscal.Term {
		f.Severity, f.Unknown, f.Lacks = Low, true, say("lack.base-year")
		f.Facts = []string{"term " + t.ID + " " + t.Value}
		f.Says = func() (Sentence, []Sentence) {
			return say("additional.unknown", "Award", l.award.named(), "Services", names()), []Sentence{say("additional.base-unknown"), clauseOf(t)}
		}
		return []Finding{f}
	}
	real := was
	for y := base.Year; y < j.year; y++ {
		real += s.policy.YearlyRise.Of(real)
	}
	if core >= real || grant <= grantBefore {
		return nil
	}
	if core >= was {
		f.Severity = Medium
	}
	f.Amount = total(real - core)
	f.Facts = []string{"core " + core.String(), "base " + was.String(), "grant " + grant.String(), "grant before " + grantBefore.String(), "term " + t.ID + " " + t.Value}
	f.Records = []Evidence{{"terms", t.ID, "value", known(real)}}
	if baseHoldings != nil {
		f.Records[0].Amount = known(real - was) // the rise; the entries hold the rest
	}
	f.Proof = func() []ledger.Proof {
		proof := less(s.ProofOfHoldings(coreHoldings...))
		if len(baseHoldings) > 0 {
			proof = append(proof, s.ProofOfHoldings(baseHoldings...)...)
		}
		return proof
	}
	f.Says = func() (Sentence, []Sentence) {
		return say("additional", "Services", names(), "Amount", *f.Amount, "Award", l.award.named()), []Sentence{
			say("additional.core", "Was", was, "Base", base.Year, "Real", real, "Year", j.year, "Rise", s.policy.YearlyRise.String(), "Core", core),
			say("additional.grant", "Award", l.award.named(), "Before", grantBefore, "Grant", grant), clauseOf(t)}
	}
	return []Finding{f}
}

// on adds up the holdings of services in a year that pass.
func (j *judging) on(services []ledger.Ref, y fiscal.Year, pass func(*ledger.Holding) bool) (sum money.Pence, of []ledger.Holding) {
	for _, one := range services {
		for _, h := range j.HoldingsOf(one) {
			if h.Year == y && pass(&h) {
				sum += h.Amount
				of = append(of, h)
			}
		}
	}
	return sum, of
}

// heldIn reports whether the ledger holds anything of a year.
func (j *judging) heldIn(y fiscal.Year) bool {
	if j.held == nil {
		j.held = map[fiscal.Year]bool{}
		for _, h := range j.AllHoldings() {
			j.held[h.Year] = true
		}
	}
	return j.held[y]
}
