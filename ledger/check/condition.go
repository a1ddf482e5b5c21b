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

// conditions holds every allocation to the terms of its award: ages, areas,
// objectives, elements, cost type, level and spend-by use by use, and the
// award's own dates; shares, caps and match over the year's totals
// (conditionshare.go); additionality (conditionadditional.go); carry-forward and
// virement over what was moved (conditionmove.go).
//
// A breach is high: the funder may claw the money back. A ground recorded as an
// exception keeps it quiet. "Unknown" is a verdict, said once for each award,
// service and rule, low. An award with no terms recorded is one finding, low:
// nobody can tell what it may pay for.
func conditions(s *scan) []Finding {
	j := &judging{scan: s, lawOf: make([]*law, len(s.awards.byNo)), excepted: map[[3]string]bool{}, shares: map[shareKey]*shared{}}
	for _, r := range s.Records("exceptions") {
		j.excepted[[3]string{r.Get("award"), r.Get("service"), r.Get("term")}] = true
	}
	all := s.NumberedServices()
	for i := range all {
		j.service(all[i].Ref, &all[i].Service)
	}
	found := j.found
	found = append(found, j.shareFindings()...)
	found = append(found, j.additional()...)
	found = append(found, j.moves()...)
	return append(found, s.withoutTerms()...)
}

// judging is one pass over the services.
type judging struct {
	*scan
	lawOf    []*law // by award
	lawByID  map[string]*law
	excepted map[[3]string]bool
	shares   map[shareKey]*shared
	given    map[shareKey]money.Pence // to services, by award and year
	held     map[fiscal.Year]bool     // whether the ledger holds anything of a year
	found    []Finding
}

// law is what an award's terms say, sorted by how they are judged.
type law struct {
	award      *ending
	uses       []funding.Term // judged use by use
	shares     []shareTerm    // judged over totals
	additional []funding.Term
	mayCarry   bool // into a year after its end
}

// law gives an award's terms by its number; nil where there is no such award.
func (j *judging) law(ref ledger.Ref) *law {
	e := j.award(ref)
	if e == nil {
		return nil
	}
	if j.lawOf[ref] == nil {
		j.lawOf[ref] = j.read(e)
	}
	return j.lawOf[ref]
}

// lawNamed is law by id, for awards that no entry names.
func (j *judging) lawNamed(id string) *law {
	if ref, used := j.Ref(id); used {
		return j.law(ref)
	}
	if j.lawByID == nil {
		j.lawByID = map[string]*law{}
		for _, e := range j.awards.all {
			j.lawByID[e.ID] = j.read(e)
		}
	}
	return j.lawByID[id]
}

func (j *judging) read(e *ending) *law {
	terms := j.TermsOf(e.ID)
	l := &law{award: e, mayCarry: funding.MayCarry(terms)}
	for _, t := range terms {
		switch t.Rule {
		case funding.RuleMinShare, funding.RuleMaxShare, funding.RuleAdminCap, funding.RuleMatch:
			l.shares = append(l.shares, newShareTerm(t))
		case funding.RuleAdditional:
			l.additional = append(l.additional, t)
		case funding.RuleCarryForward, funding.RuleVirement:
		default:
			l.uses = append(l.uses, t)
		}
	}
	return l
}

// breach is a service's money of one award in a year that a rule speaks against,
// or cannot judge.
type breach struct {
	rule    string
	award   *ending
	year    fiscal.Year
	ruling  funding.Ruling
	says    Sentence // instead of the ruling's own words
	sum     money.Sum
	proof   []ledger.Proof
	records []Evidence
}

// service judges all that one service is paid.
func (j *judging) service(ref ledger.Ref, service *commissioning.Service) {
	var breaches []*breach
	var last ledger.LabelledCell
	var use funding.Use
	asked := false
	j.CellsOf(ref, func(index int, c ledger.LabelledCell) {
		l := j.law(c.Award)
		if l == nil {
			return
		}
		j.count(l, ref, service, &c)
		if same := last; !asked || same.Objective != c.Objective || same.Area != c.Area || same.Element != c.Element || same.CostType != c.CostType || same.Year != c.Year || same.On != c.On {
			use, last, asked = j.Use("", service.ID, j.label(&c), c.Year, c.On), c, true
		}
		j.judgeUse(&breaches, l, service, use, func(b *breach) {
			b.sum.AddPence(c.Amount)
			b.proof = append(b.proof, ledger.Proof{Index: index, Amount: c.Amount})
		})
	})
	for _, line := range j.unsized[service.ID] {
		l := j.lawNamed(line.Award)
		if l == nil {
			continue
		}
		label := ledger.Label{}
		if !strings.ContainsAny(line.Objective, ";:") {
			label.Objective = line.Objective
		}
		if !strings.ContainsAny(line.Area, ";:") {
			label.Area = line.Area
		}
		j.judgeUse(&breaches, l, service, j.Use("", service.ID, label, line.Year, line.AgreedOn), func(b *breach) {
			b.sum.Add(money.Unknown)
			b.records = append(b.records, Evidence{Register: "allocations", ID: line.ID, Column: "amount"})
		})
	}
	for _, b := range breaches {
		if b.sum.State() != money.Exact || b.sum.Pence() > 0 {
			j.found = append(j.found, j.breach(service, b))
		}
	}
}

func (j *judging) label(c *ledger.LabelledCell) ledger.Label {
	return ledger.Label{Objective: j.Name(c.Objective), Area: j.Name(c.Area), Element: j.Name(c.Element), CostType: j.Name(c.CostType)}
}

// judgeUse applies each term, and the award's own dates, to one use.
func (j *judging) judgeUse(breaches *[]*breach, l *law, service *commissioning.Service, use funding.Use, add func(*breach)) {
	note := func(rule string, ruling funding.Ruling, says Sentence) {
		year := use.Year
		if ruling.Verdict == funding.NotKnown {
			year = fiscal.Term // asked once, whatever the year
		}
		for _, b := range *breaches {
			if b.rule == rule && b.award == l.award && b.year == year && b.ruling.Verdict == ruling.Verdict {
				add(b)
				return
			}
		}
		b := &breach{rule: rule, award: l.award, year: year, ruling: ruling, says: says}
		*breaches = append(*breaches, b)
		add(b)
	}
	met := ""
	for i := range l.uses {
		t := &l.uses[i]
		ruling := t.Judge(use)
		if ruling.Verdict == funding.Allowed || met == t.Rule.String() || j.excepted[[3]string{l.award.ID, service.ID, t.ID}] {
			continue
		}
		met = t.Rule.String() // a rule stated by stream and award is broken once
		note(met, ruling, say("ruling", "Ruling", ruling))
	}
	if r := l.award.JudgeYear(use.Year, use.Period, l.mayCarry); r.Verdict == funding.Refused && !j.excepted[[3]string{l.award.ID, service.ID, ledger.AwardPeriod}] {
		var when any = use.Year
		if use.Period != (fiscal.Period{}) {
			when = say("condition.service-runs", "Period", use.Period)
		}
		says := say("condition.period", "Term", l.award.Term, "When", when)
		note("period", funding.Ruling{Verdict: funding.Refused, Reason: says.String()}, says)
	}
}

func (j *judging) breach(service *commissioning.Service, b *breach) Finding {
	f := Finding{
		ID: strings.Join([]string{"condition", b.rule, b.award.ID, service.ID, b.year.String()}, "/"), Kind: Condition, Rule: b.rule, Severity: High,
		Year: b.year, Subjects: []Subject{{"award", b.award.ID}, {"service", service.ID}}, Records: b.records,
		Proof: func() []ledger.Proof { return slices.Clone(b.proof) },
	}
	sum := b.sum
	f.Amount = &sum
	f.Facts = []string{"amount " + sum.String(), b.ruling.Reason}
	if t := b.ruling.Term; t != nil {
		f.Subjects = append(f.Subjects, Subject{"term", t.ID})
		f.Facts = []string{"amount " + sum.String(), "term " + t.ID + " " + t.Value, b.ruling.Code + " " + strings.Join(b.ruling.Given(), ", ")}
	}
	if b.ruling.Verdict == funding.NotKnown {
		f.ID = strings.Join([]string{"condition", b.rule, b.award.ID, service.ID}, "/")
		f.Severity, f.Unknown, f.Lacks = Low, true, coded("lack", b.ruling.Missing)
		f.Facts = []string{"missing " + b.ruling.Missing, f.Facts[1]}
	}
	f.Says = func() (Sentence, []Sentence) {
		title := say("condition.in-year", "Award", b.award.named(), "Amount", sum, "Service", named(service), "Year", b.year, "Rule", coded("rule", b.rule))
		switch {
		case f.Unknown:
			title = say("condition.unknown", "Award", b.award.named(), "Service", named(service), "Rule", coded("rule", b.rule))
		case b.year == fiscal.Term:
			title = say("condition", "Award", b.award.named(), "Amount", sum, "Service", named(service), "Rule", coded("rule", b.rule))
		}
		return title, []Sentence{b.says}
	}
	return f
}

// withoutTerms finds awards that pay for services this year or later, or still
// run, and whose terms nobody recorded.
func (s *scan) withoutTerms() (found []Finding) {
	pays := make([]bool, len(s.awards.byNo))
	for _, h := range s.AllHoldings() {
		if (h.Year == fiscal.Term || h.Year >= s.year) && int(h.Award) < len(pays) {
			pays[h.Award] = true
		}
	}
	for _, e := range s.awards.all {
		if len(s.TermsOf(e.ID)) > 0 || e.last != 0 && e.last < s.AsAt && !pays[e.ref] {
			continue
		}
		found = append(found, Finding{
			ID: "condition/no-terms/" + e.ID, Kind: Condition, Rule: "no-terms", Severity: Low, Unknown: true, Lacks: say("lack.terms"),
			Subjects: subjects("award", e.ID), Records: []Evidence{{Register: "awards", ID: e.ID}}, Facts: []string{"no terms"},
			Says: func() (Sentence, []Sentence) {
				return say("no-terms", "Award", e.named()), []Sentence{say("no-terms.do")}
			},
		})
	}
	return found
}
