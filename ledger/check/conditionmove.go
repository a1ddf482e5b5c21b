package check

import (
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// moves judges what was carried forward, or moved between services, against the
// award's permission, over each year's total. High where it is refused; low and
// unknown where nobody recorded an answer.
func (j *judging) moves() (found []Finding) {
	found = append(found, j.moved(ledger.CarryForward, funding.RuleCarryForward, funding.Term.CarryForward)...)
	return append(found, j.moved(ledger.Virement, funding.RuleVirement, funding.Term.Virement)...)
}

// moving is what an award moved in a year.
type moving struct {
	sum   money.Sum
	proof []ledger.Proof
}

func (j *judging) moved(kind ledger.Kind, rule funding.Rule, permission func(funding.Term) (funding.Permission, bool)) (found []Finding) {
	type key struct {
		award string
		year  fiscal.Year
	}
	totals := map[key]*moving{}
	j.OfKind(kind, func(index int, e ledger.Entry) {
		k, amount := key{e.From.Award, e.From.Year}, e.Amount
		if j.TakesBack(index) {
			k, amount = key{e.To.Award, e.To.Year}, -e.Amount
		}
		if totals[k] == nil {
			totals[k] = &moving{}
		}
		totals[k].sum.AddPence(amount)
		totals[k].proof = append(totals[k].proof, ledger.Proof{Index: index, Amount: amount})
	})
	for k, m := range totals {
		ref, _ := j.Ref(k.award)
		e := j.award(ref)
		if e == nil || m.sum.Pence() <= 0 {
			continue
		}
		for _, t := range j.TermsOf(k.award) {
			p, is := permission(t)
			if !is || !t.InForce.Overlaps(k.year.Period()) {
				continue
			}
			ruling := p.Judge(j.securedFigure(e, k.year), m.sum)
			if ruling.Verdict == funding.Allowed {
				continue
			}
			f := Finding{
				ID: strings.Join([]string{"condition", rule.String(), k.award, t.ID, k.year.String()}, "/"), Kind: Condition, Rule: rule.String(), Severity: High,
				Amount: &m.sum, Year: k.year, Subjects: []Subject{{"award", k.award}, {"term", t.ID}},
				Facts: []string{"moved " + m.sum.String(), "term " + t.Value},
				Proof: func() []ledger.Proof { return m.proof },
				Says: func() (Sentence, []Sentence) {
					code := "moved.carried"
					if kind == ledger.Virement {
						code = "moved.between"
					}
					return say(code, "Amount", m.sum, "Award", e.named(), "Year", k.year), []Sentence{say("ruling", "Ruling", ruling), clauseOf(t)}
				},
			}
			if ruling.Verdict == funding.NotKnown {
				f.Severity, f.Unknown, f.Lacks = Low, true, coded("lack", ruling.Missing)
			}
			found = append(found, f)
		}
	}
	return found
}
