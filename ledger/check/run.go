package check

import (
	"cmp"
	"slices"
	"sync"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
)

// scan is one run of the rules: the view, the policy, and what several rules
// need worked out once. Rules run at the same time and change nothing in it.
type scan struct {
	*ledger.View
	policy  Policy
	year    fiscal.Year // the financial year of the date
	awards  *endings
	unsized map[string][]ledger.Line // agreed allocations of unknown amount, by service

	// worked out when first asked for
	coverage   func() *coverage                // of needs by services, see coverage.go
	services   func() []*commissioning.Service // by number
	yearSplits func() *yearSplits
	losses     func() []*loss
	unsizedOf  func() map[string]ledger.Line      // the first by award
	waiting    func() map[string][]ledger.Account // where money waits to be allocated, by award
	paidOn     func() map[ledger.Ref]fiscal.Date  // by award
}

func newScan(v *ledger.View, p Policy) *scan {
	s := &scan{View: v, policy: p, year: fiscal.YearOf(v.AsAt)}
	s.awards = s.readAwards()
	s.unsized = s.readUnsized()
	s.coverage = sync.OnceValue(s.cover)
	s.services = sync.OnceValue(s.numbered)
	s.yearSplits = sync.OnceValue(s.splitYear)
	s.losses = sync.OnceValue(s.lose)
	s.unsizedOf = sync.OnceValue(s.firstUnsized)
	s.waiting = sync.OnceValue(s.unallocated)
	s.paidOn = sync.OnceValue(s.LastPayments)
	return s
}

func (s *scan) numbered() []*commissioning.Service {
	var of []*commissioning.Service
	all := s.NumberedServices()
	for i := range all {
		if grow := int(all[i].Ref) + 1 - len(of); grow > 0 {
			of = append(of, make([]*commissioning.Service, grow)...)
		}
		of[all[i].Ref] = &all[i].Service
	}
	return of
}

// service gives a service by number, or by id where no entry names it.
func (s *scan) service(ref ledger.Ref, id string) *commissioning.Service {
	if of := s.services(); ref != 0 && int(ref) < len(of) && of[ref] != nil {
		return of[ref]
	}
	one, _ := s.Service(id)
	return &one
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
	s := newScan(v, p)
	ordered := make([][]place, len(rules))
	faults := make([]any, len(rules))
	var wait sync.WaitGroup
	for i, r := range rules {
		if len(only) == 0 || slices.Contains(only, string(r.kind)) || slices.Contains(only, string(r.kind)+"/"+r.name) {
			wait.Go(func() {
				defer func() { faults[i] = recover() }()
				ordered[i] = inOrder(r.find(s))
			})
		}
	}
	wait.Wait()
	for _, fault := range faults {
		if fault != nil {
			panic(fault) // where the caller may answer it
		}
	}
	all := gathered(ordered)
	s.judge(all)
	byLikeness(all)
	return all
}

// place is where a finding belongs. Findings are large and a nation has many:
// places are sorted, each rule's by itself, and each finding is moved but once.
type place struct {
	rank uint64 // severity, then amount, which is below 2⁵⁶
	of   *Finding
}

func (p place) compare(q place) int {
	if p.rank != q.rank {
		return cmp.Compare(q.rank, p.rank)
	}
	return cmp.Compare(p.of.ID, q.of.ID)
}

func inOrder(found []Finding) []place {
	order := make([]place, len(found))
	for i := range found {
		f := &found[i]
		order[i] = place{uint64(f.Severity)<<56 | amountOf(f), f}
	}
	slices.SortFunc(order, place.compare)
	return order
}

// gathered merges the findings of all rules.
func gathered(ordered [][]place) []Finding {
	for len(ordered) > 1 { // by twos, so that each is looked at few times
		half := ordered[:0]
		for pair := range slices.Chunk(ordered, 2) {
			if len(pair) == 2 {
				pair[0] = merged(pair[0], pair[1])
			}
			half = append(half, pair[0])
		}
		ordered = half
	}
	all := make([]Finding, len(ordered[0]))
	for i, p := range ordered[0] {
		all[i] = *p.of
	}
	return all
}

func merged(a, b []place) []place {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	both := make([]place, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].compare(b[0]) <= 0 {
			both, a = append(both, a[0]), a[1:]
		} else {
			both, b = append(both, b[0]), b[1:]
		}
	}
	return append(append(both, a...), b...)
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

func amountOf(f *Finding) uint64 {
	if f.Amount == nil {
		return 0
	}
	return uint64(f.Amount.Pence().Abs())
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
