package check

import (
	"cmp"
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
)

// scan is one run of the rules: the view, the policy, and what several rules
// need worked out once.
type scan struct {
	*ledger.View
	policy Policy
	year   fiscal.Year // the financial year of the date

	// worked out when first asked for
	covers    *coverage // of needs by services, see coverage.go
	ends      *endings
	lost      []*loss
	unknowns  map[string][]ledger.Line    // by service
	unsizedOf map[string]ledger.Line      // by award
	waiting   map[string][]ledger.Account // by award
	paidOn    map[ledger.Ref]fiscal.Date  // by award
}

// rule is one of the design's rules.
type rule struct {
	kind Kind
	name string // several where the rule answers for a family
	find func(*scan) []Finding
}

// rules in the order of design, section 5.
var rules = []rule{
	{Duplication, "paid-twice", paidTwice},
	{Duplication, "commissioned-twice", commissionedTwice},
	{Duplication, "recorded-twice", recordedTwice},
	{Gap, "no-service", noService},
	{Gap, "under-provided", underProvided},
	{Gap, "under-funded", underFunded},
	{Gap, "unaligned", unaligned},
	{Gap, "age-edge", ageEdge},
	{Expiry, "cliff", cliff},
	{Expiry, "decide-by", decideBy},
	{Expiry, "outlives-award", outlivesAward},
	{Expiry, "effective-at-risk", effectiveAtRisk},
	{Expiry, "short-term-reliance", shortTermReliance},
	{Expiry, "use-or-lose", useOrLose},
	{Condition, "terms", conditions},
	{Overcommitment, "award", overAward},
	{Overcommitment, "board", overBoard},
	{Overcommitment, "agreement", overAgreement},
	{Overcommitment, "at-risk", atRisk},
}

// Rules lists the names of the rules.
func Rules() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = string(r.kind) + "/" + r.name
	}
	return names
}

// Run applies every rule, or those named ("gap", "expiry/cliff"), and gives
// the findings: most severe first, then by amount, then by id; among those of
// one severity and rule that rest on likeness, the likeliest first.
func Run(v *ledger.View, p Policy, only ...string) []Finding {
	s := &scan{View: v, policy: p, year: fiscal.YearOf(v.AsAt)}
	var all []Finding
	for _, r := range rules {
		if len(only) == 0 || slices.Contains(only, string(r.kind)) || slices.Contains(only, string(r.kind)+"/"+r.name) {
			all = append(all, r.find(s)...)
		}
	}
	s.judge(all)
	sorted := inOrder(all)
	byLikeness(sorted)
	return sorted
}

// inOrder sorts what the findings are ordered by, and moves each finding, which
// is large, but once: a nation has many.
func inOrder(all []Finding) []Finding {
	type place struct {
		severity Severity
		amount   int64
		of       *Finding
	}
	order := make([]place, len(all))
	for i := range all {
		order[i] = place{all[i].Severity, amountOf(&all[i]), &all[i]}
	}
	slices.SortFunc(order, func(a, b place) int {
		switch {
		case a.severity != b.severity:
			return cmp.Compare(b.severity, a.severity)
		case a.amount != b.amount:
			return cmp.Compare(b.amount, a.amount)
		}
		return cmp.Compare(a.of.ID, b.of.ID)
	})
	sorted := make([]Finding, len(all))
	for i, p := range order {
		sorted[i] = *p.of
	}
	return sorted
}

// byLikeness puts the findings of a rule that rests on likeness into its order,
// within the places that the rule already holds among its equals in severity.
func byLikeness(all []Finding) {
	type group struct {
		rule     string
		severity Severity
	}
	places := map[group][]int{}
	for i := range all {
		if f := &all[i]; f.Likeness > 0 {
			g := group{f.Rule, f.Severity}
			places[g] = append(places[g], i)
		}
	}
	for _, at := range places {
		fs := make([]Finding, len(at))
		for i, p := range at {
			fs[i] = all[p]
		}
		slices.SortStableFunc(fs, func(a, b Finding) int { return cmp.Compare(b.Likeness, a.Likeness) })
		for i, p := range at {
			all[p] = fs[i]
		}
	}
}

func amountOf(f *Finding) int64 {
	if f.Amount == nil {
		return 0
	}
	return int64(f.Amount.Pence().Abs())
}

// judge puts officers' answers beside the findings they answer.
func (s *scan) judge(findings []Finding) {
	given := map[string]*Judgement{}
	facts := map[string]string{}
	for id, r := range s.Book.Records("judgements") {
		j := &Judgement{Verdict: r.Get("verdict"), Reason: r.Get("reason"), By: r.Get("by")}
		j.ReviewOn, _ = fiscal.ParseDate(r.Get("review_on"))
		given[id], facts[id] = j, r.Get("facts")
	}
	if len(given) == 0 {
		return
	}
	for i := range findings {
		f := &findings[i]
		if j := given[f.ID]; j != nil {
			f.Judgement = j
			j.Stands = facts[f.ID] == f.FactsHash() && (j.ReviewOn.IsZero() || s.AsAt < j.ReviewOn)
		}
	}
}
