package check

import (
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// shareTerm is a term judged over a year's total: a least or greatest share of
// the award's figure for one thing, a cap on administration, or match funding.
type shareTerm struct {
	funding.Term
	rule  funding.ShareRule
	match bool
	ages  commissioning.Ages // where the share is for ages
}

func newShareTerm(t funding.Term) shareTerm {
	st := shareTerm{Term: t}
	if m, ok := t.Match(); ok {
		st.match, st.rule = true, funding.ShareRule{Min: true, Share: m.Share, Dimension: "match", ID: "funding"}
		return st
	}
	st.rule, _ = t.ShareRule()
	if st.rule.Dimension == "age" {
		st.ages, _ = commissioning.ParseAges(st.rule.ID)
	}
	return st
}

// shareKey is one award's total of a year: for one of its share terms.
type shareKey struct {
	award ledger.Ref
	year  fiscal.Year
	term  int
}

// shared is the part of a total that a share term counts.
type shared struct {
	part     money.Sum
	services []ledger.Ref // that bring it
}

// count adds a cell to the totals that its award's share terms need, and to the
// match of the award it matches.
func (j *judging) count(l *law, ref ledger.Ref, service *commissioning.Service, c *ledger.LabelledCell) {
	for i := range l.shares {
		st := &l.shares[i]
		part := j.total(shareKey{c.Award, c.Year, i})
		if st.match {
			continue
		}
		switch j.counts(st, service, c) {
		case yes:
			part.add(ref, c.Amount)
		case unsure:
			part.part.Add(money.Unknown)
		}
	}
	if c.MatchFor == 0 {
		return
	}
	if matched := j.law(c.MatchFor); matched != nil {
		for i := range matched.shares {
			if matched.shares[i].match {
				j.total(shareKey{c.MatchFor, c.Year, i}).add(ref, c.Amount)
			}
		}
	}
}

func (j *judging) total(k shareKey) *shared {
	part := j.shares[k]
	if part == nil {
		part = &shared{}
		j.shares[k] = part
	}
	return part
}

func (p *shared) add(service ledger.Ref, amount money.Pence) {
	p.part.AddPence(amount)
	if n := len(p.services); n == 0 || p.services[n-1] != service {
		p.services = append(p.services, service)
	}
}

type answer uint8

const (
	no answer = iota
	yes
	unsure
)

// counts says whether a cell's money is for what the share is of. Where the
// label is silent the service answers, if it leaves no choice.
func (j *judging) counts(st *shareTerm, service *commissioning.Service, c *ledger.LabelledCell) answer {
	switch st.rule.Dimension {
	case "objective":
		return j.lies(j.ObjectiveTree(), labels(j.Name(c.Objective), service.Objectives), st.rule.ID)
	case "area":
		return j.lies(j.AreaTree(), labels(j.Name(c.Area), service.Areas), st.rule.ID)
	case "element":
		return sameWord(j.Name(c.Element), st.rule.ID)
	case "cost-type":
		word := j.Name(c.CostType)
		if word == "" {
			word = service.CostType
		}
		if word == "" && st.rule.ID == funding.AdminCost && (service.Role == commissioning.Management || service.Role == commissioning.Overhead) {
			return yes
		}
		return sameWord(word, st.rule.ID)
	case "age":
		switch {
		case !service.Ages.Known:
			return unsure
		case st.ages.Contains(service.Ages):
			return yes
		case st.ages.Overlap(service.Ages) == 0:
			return no
		}
	}
	return unsure
}

func labels(label string, otherwise []string) []string {
	if label != "" {
		return []string{label}
	}
	return otherwise
}

// lies says whether all, none or some of the ids lie within another, or within
// an area of a tag.
func (j *judging) lies(tree *commissioning.Tree, ids []string, in string) answer {
	tag, tagged := strings.CutPrefix(in, "tag:")
	inside, outside := 0, 0
	for _, id := range ids {
		switch {
		case !tagged && tree.Within(id, in), tagged && j.tagged(append(tree.Ancestors(id), id), tag):
			inside++
		case !tagged && !tree.Within(in, id), tagged && !j.tagged(tree.Descendants(id), tag):
			outside++
		}
	}
	switch {
	case len(ids) > 0 && inside == len(ids):
		return yes
	case len(ids) > 0 && outside == len(ids):
		return no
	}
	return unsure
}

func (j *judging) tagged(areas []string, tag string) bool {
	for _, id := range areas {
		if a, ok := j.Area(id); ok && slices.Contains(a.Tags, tag) {
			return true
		}
	}
	return false
}

func sameWord(word, want string) answer {
	switch {
	case strings.TrimSpace(word) == "":
		return unsure
	case strings.EqualFold(strings.TrimSpace(word), want):
		return yes
	}
	return no
}

// shareFindings judges the totals.
func (j *judging) shareFindings() (found []Finding) {
	for k, part := range j.shares {
		l := j.law(k.award)
		st := &l.shares[k.term]
		if !st.InForce.Overlaps(k.year.Period()) || j.onServices(k.award, k.year) == 0 {
			continue
		}
		figure := j.securedFigure(l.award, k.year)
		ruling := st.rule.Judge(figure, part.part)
		says := []Sentence{say("ruling", "Ruling", ruling), clauseOf(st.Term)}
		if len(st.When) > 0 && ruling.Verdict == funding.Refused {
			ruling.Verdict, ruling.Missing = funding.NotKnown, "whether its condition applies"
			says = append([]Sentence{say("share.condition")}, says...)
		}
		if ruling.Verdict != funding.Allowed {
			found = append(found, j.shareFinding(l, st, k, part, figure, ruling, says))
		}
	}
	return found
}

// onServices is what an award has put on services in a year.
func (j *judging) onServices(award ledger.Ref, y fiscal.Year) (sum money.Pence) {
	if j.given == nil {
		j.given = map[shareKey]money.Pence{}
		for _, h := range j.AllHoldings() {
			j.given[shareKey{award: h.Award, year: h.Year}] += h.Amount
		}
	}
	return j.given[shareKey{award: award, year: y}]
}

// securedFigure is an award's secured figure for a year.
func (s *scan) securedFigure(e *ending, y fiscal.Year) money.Amount {
	secured, _ := s.Stands(e.ID, y)
	if !secured.Known && within(e.Term, y) {
		secured, _ = s.Stands(e.ID, fiscal.Term)
	}
	if !secured.Known {
		return money.Unknown
	}
	return secured.Amount
}

func (j *judging) shareFinding(l *law, st *shareTerm, k shareKey, part *shared, figure money.Amount, ruling funding.Ruling, unsure []Sentence) Finding {
	s := j.scan
	f := Finding{
		ID: strings.Join([]string{"condition", st.Rule.String(), l.award.ID, st.ID, k.year.String()}, "/"), Kind: Condition, Rule: st.Rule.String(), Severity: High,
		Year: k.year, Subjects: []Subject{{"award", l.award.ID}, {"term", st.ID}},
		Facts: []string{"figure " + figure.String(), "part " + part.part.String(), "term " + st.Value},
	}
	if ruling.Verdict == funding.NotKnown {
		f.Severity, f.Unknown, f.Lacks = Low, true, coded("lack", ruling.Missing)
	}
	whole, told := figure.Known()
	bound := st.rule.Share.Of(whole)
	sign := money.Pence(1)
	if st.rule.Min {
		sign = -1
	}
	left := whole - j.onServices(k.award, k.year)
	if told && !f.Unknown {
		amount := part.part
		amount.AddPence(-bound)
		if st.rule.Min { // the shortfall
			amount = *total(bound - part.part.Pence())
			if !st.match && amount.Pence() <= left {
				f.Severity = Low // what is left may still meet it
			}
		}
		f.Amount = &amount
		f.Records = []Evidence{{"terms", st.ID, "value", known(-sign * bound)}}
		f.Proof = func() (proof []ledger.Proof) {
			for _, ref := range part.services {
				service, _ := s.Service(s.Name(ref))
				proof = append(proof, s.proofOf(ref, func(c *ledger.LabelledCell) bool {
					if st.match {
						return c.MatchFor == k.award && c.Year == k.year
					}
					return c.Award == k.award && c.Year == k.year && j.counts(st, &service, c) == yes
				})...)
			}
			if sign < 0 {
				proof = less(proof)
			}
			return proof
		}
	}
	f.Says = func() (Sentence, []Sentence) {
		what := coded("dimension", st.rule.Dimension, "ID", st.rule.ID)
		award, share, clause := l.award.named(), st.rule.Share.String(), clauseOf(st.Term)
		switch {
		case f.Unknown:
			return say("share.unknown", "Award", award, "Rule", coded("rule", st.Rule.String()), "Year", k.year), unsure
		case st.rule.Min && f.Severity == Low:
			return say("share.needs", "Award", award, "Amount", *f.Amount, "What", what, "Year", k.year),
				[]Sentence{say("share.needs-because", "Share", share, "Figure", whole, "Part", part.part, "Left", left), clause}
		case st.rule.Min:
			return say("share.short", "Award", award, "Amount", *f.Amount, "What", what, "Year", k.year),
				[]Sentence{say("share.short-because", "Share", share, "Figure", whole, "Bound", bound, "Part", part.part), clause}
		}
		return say("share.over", "Award", award, "Amount", *f.Amount, "What", what, "Year", k.year),
			[]Sentence{say("share.over-because", "Share", share, "Figure", whole, "Bound", bound, "Part", part.part), clause}
	}
	return f
}

func clauseOf(t funding.Term) Sentence {
	if t.Clause == "" {
		return Sentence{}
	}
	return say("clause", "Clause", strconv.Quote(t.Clause))
}
