package align

import (
	"slices"
	"strings"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Book.Judge answers one use at a time. A plan asks of every award, service and
// year, so here each term is asked once for each different fact it may speak of
// (an age band, a set of areas), and each award once for each different set of
// facts. Years differ only in the dates: of the award, of the service, of a
// term's force and of spend-by.

// facts are the numbers of what a use says; two uses with the same facts are
// judged alike. 0 is a fact not recorded.
type facts struct{ ages, areas, objectives, costType, element, level int32 }

// judge answers which award may pay for which service.
type judge struct {
	v          *ledger.View
	on         []fiscal.Date // the days a decision is judged on, by year of the plan: today, and that year's first
	ages       intern[funding.Ages]
	areas      intern[[]funding.Branch]
	objectives intern[[]funding.Branch]
	costTypes  intern[string]
	elements   intern[string]
	levels     intern[string]
	excepted   map[[3]string]bool
	exceptions map[Pair]bool
	needBy     map[[2]string][]commissioning.Need
}

// intern numbers texts, each with what it stands for.
type intern[T any] struct {
	of   map[string]int32
	vals []T
}

func (n *intern[T]) number(text string, val func() T) int32 {
	if no, ok := n.of[text]; ok {
		return no
	}
	if n.of == nil {
		n.of = map[string]int32{}
	}
	no := int32(len(n.vals))
	n.of[text] = no
	n.vals = append(n.vals, val())
	return no
}

func newJudge(v *ledger.View, years []fiscal.Year) *judge {
	j := &judge{v: v, excepted: map[[3]string]bool{}, exceptions: map[Pair]bool{}}
	for _, y := range years {
		j.on = append(j.on, max(v.AsAt, y.Start()))
	}
	for _, r := range v.Records("exceptions") {
		j.excepted[[3]string{r.Get("award"), r.Get("service"), r.Get("term")}] = true
		j.exceptions[Pair{r.Get("award"), r.Get("service")}] = true
	}
	return j
}

// facts of a service's use under a label: the label says it where it can, and
// where it is silent the service answers.
func (j *judge) facts(s *service, l ledger.Label) facts {
	areas, objectives, costType := s.Areas, s.Objectives, l.CostType
	if l.Area != "" {
		areas = []string{l.Area}
	}
	if l.Objective != "" {
		objectives = []string{l.Objective}
	}
	if costType == "" {
		costType = s.CostType
	}
	same := func(text string) func() string { return func() string { return text } }
	return facts{
		ages: j.ages.number(s.Ages.String(), func() funding.Ages {
			return funding.Ages{From: int(s.Ages.From), To: int(s.Ages.To), Known: s.Ages.Known}
		}),
		areas: j.areas.number(strings.Join(areas, ";"), func() []funding.Branch {
			return j.v.Use("", s.ID, l, fiscal.Term, 0).Areas
		}),
		objectives: j.objectives.number(strings.Join(objectives, ";"), func() []funding.Branch {
			return j.v.Use("", s.ID, l, fiscal.Term, 0).Objectives
		}),
		costType: j.costTypes.number(costType, same(costType)),
		element:  j.elements.number(l.Element, same(l.Element)),
		level:    j.levels.number(s.Level, same(s.Level)),
	}
}

func (j *judge) use(f facts) funding.Use {
	return funding.Use{Ages: j.ages.vals[f.ages], Areas: j.areas.vals[f.areas], Objectives: j.objectives.vals[f.objectives],
		CostType: j.costTypes.vals[f.costType], Element: j.elements.vals[f.element], Level: j.levels.vals[f.level]}
}

// law is an award's terms, by how they are judged.
type law struct {
	uses     []*termLaw // judged use by use, whatever the year
	spendBy  []funding.Term
	shares   []shareLaw
	match    []funding.Term
	adds     bool // it must add to what core pays
	mayCarry bool
	carry    []funding.Term
	virement []funding.Term
	cached   map[lawKey]*verdict
}

type lawKey struct {
	facts facts
	force uint64 // which of uses are in force
}

// termLaw is a term with what it answered before.
type termLaw struct {
	funding.Term
	byFact  []funding.Verdict // by number of the one fact it speaks of, plus one: 0 is not asked yet
	byFacts map[facts]funding.Verdict
	refuses int // services, plus one; 0 is not counted yet
}

// verdict is whether an award may pay for a service, and under which label.
type verdict struct {
	says  funding.Verdict
	label ledger.Label
	term  *termLaw // what refuses it, or lacks a fact
	facts facts
}

func newLaw(terms []funding.Term) *law {
	l := &law{mayCarry: funding.MayCarry(terms), cached: map[lawKey]*verdict{}}
	for _, t := range terms {
		switch t.Rule {
		case funding.RuleMinShare, funding.RuleMaxShare, funding.RuleAdminCap:
			l.shares = append(l.shares, newShareLaw(t))
		case funding.RuleMatch:
			l.match = append(l.match, t)
		case funding.RuleAdditional:
			l.adds = true
		case funding.RuleCarryForward:
			l.carry = append(l.carry, t)
		case funding.RuleVirement:
			l.virement = append(l.virement, t)
		case funding.RuleSpendBy:
			l.spendBy = append(l.spendBy, t)
		default:
			l.uses = append(l.uses, &termLaw{Term: t})
		}
	}
	return l
}

// inForce reports whether a term counts for decisions on a year's money: today,
// or when the year begins.
func (j *judge) inForce(t funding.Term, year int) bool {
	return t.InForce.Contains(j.v.AsAt) || t.InForce.Contains(j.on[year])
}

// force says which of the first 64 use terms are in force for a year.
func (j *judge) force(l *law, year int) (force uint64) {
	for i, t := range l.uses {
		if i < 64 && j.inForce(t.Term, year) {
			force |= 1 << i
		}
	}
	return force
}

// says asks one term of some facts.
func (j *judge) says(t *termLaw, f facts) funding.Verdict {
	if len(t.When) > 0 {
		v, asked := t.byFacts[f]
		if !asked {
			if t.byFacts == nil {
				t.byFacts = map[facts]funding.Verdict{}
			}
			v = t.Judge(j.use(f)).Verdict
			t.byFacts[f] = v
		}
		return v
	}
	var no int32
	switch t.Rule {
	case funding.RuleAges:
		no = f.ages
	case funding.RuleAreas:
		no = f.areas
	case funding.RuleObjectives:
		no = f.objectives
	case funding.RuleCostType:
		no = f.costType
	case funding.RuleElements:
		no = f.element
	case funding.RuleLevel:
		no = f.level
	}
	if n := int(no) + 1 - len(t.byFact); n > 0 {
		t.byFact = append(t.byFact, make([]funding.Verdict, n+16)...)
	}
	if t.byFact[no] == 0 {
		t.byFact[no] = t.Judge(j.use(f)).Verdict + 1
	}
	return t.byFact[no] - 1
}

// strictest asks all use terms in force of some facts: a refusal before a
// missing fact, a missing fact before leave.
func (j *judge) strictest(l *law, f facts, force uint64, pair Pair) (funding.Verdict, *termLaw) {
	worst, by := funding.Allowed, (*termLaw)(nil)
	excepted := j.exceptions[pair]
	for i, t := range l.uses {
		if i < 64 && force&(1<<i) == 0 || excepted && j.excepted[[3]string{pair.Award, pair.Service, t.ID}] {
			continue
		}
		switch j.says(t, f) {
		case funding.Refused:
			return funding.Refused, t
		case funding.NotKnown:
			if worst == funding.Allowed {
				worst, by = funding.NotKnown, t
			}
		}
	}
	return worst, by
}

// allows finds the first label under which an award may pay for a service: no
// label, else one of the service's objectives, its areas, or one of each.
func (j *judge) allows(a *award, s *service, force uint64) *verdict {
	pair := Pair{a.ID, s.ID}
	key := lawKey{s.facts, force}
	own := len(j.exceptions) > 0 && j.exceptions[pair]
	if !own {
		if v, known := a.law.cached[key]; known {
			return v
		}
	}
	v := &verdict{facts: s.facts}
	v.says, v.term = j.strictest(a.law, s.facts, force, pair)
	if v.says == funding.NotKnown {
		for _, l := range j.labelled(s) {
			if says, _ := j.strictest(a.law, l.facts, force, pair); says == funding.Allowed {
				*v = verdict{says: says, label: l.label, facts: l.facts}
				break
			}
		}
	}
	if !own {
		a.law.cached[key] = v
	}
	return v
}

// labelled is a label with the facts of a use under it.
type labelled struct {
	label ledger.Label
	facts facts
}

// labelled lists what money on a service may be labelled with, simplest first.
func (j *judge) labelled(s *service) []labelled {
	if s.labelled != nil {
		return s.labelled
	}
	add := func(l ledger.Label) { s.labelled = append(s.labelled, labelled{l, j.facts(s, l)}) }
	for _, o := range s.Objectives {
		add(ledger.Label{Objective: o})
	}
	for _, a := range s.Areas {
		add(ledger.Label{Area: a})
	}
	for _, o := range s.Objectives {
		for _, a := range s.Areas {
			add(ledger.Label{Objective: o, Area: a})
		}
	}
	return s.labelled
}

// dates judges what depends on the year: the award's own dates and spend-by.
func (j *judge) dates(a *award, s *service, y fiscal.Year) (funding.Verdict, funding.Ruling) {
	pair := Pair{a.ID, s.ID}
	own := s.dated || len(j.exceptions) > 0 && j.exceptions[pair]
	if !own {
		if d, known := a.dates[y]; known {
			return d.Verdict, d
		}
	}
	u := funding.Use{Year: y}
	if s.dated {
		u.Period = j.v.Use("", s.ID, ledger.Label{}, y, 0).Period
	}
	ruling := funding.Ruling{Verdict: funding.Allowed}
	if r := a.JudgeYear(y, u.Period, a.law.mayCarry); r.Verdict == funding.Refused && !j.excepted[[3]string{pair.Award, pair.Service, ledger.AwardPeriod}] {
		ruling = r
	}
	for _, t := range a.law.spendBy {
		if ruling.Verdict == funding.Refused || j.excepted[[3]string{pair.Award, pair.Service, t.ID}] {
			continue
		}
		if !t.InForce.Contains(j.v.AsAt) && !t.InForce.Contains(max(j.v.AsAt, y.Start())) {
			continue
		}
		if r := t.Judge(u); r.Verdict != funding.Allowed {
			ruling = r
		}
	}
	if !own {
		a.dates[y] = ruling
	}
	return ruling.Verdict, ruling
}

// shareLaw is a term on a part of the year's figure.
type shareLaw struct {
	funding.Term
	rule      funding.ShareRule
	ages      commissioning.Ages
	areas     map[int32]whether
	objective map[int32]whether
}

type whether uint8

const (
	unsure whether = iota
	yes
	no
)

func newShareLaw(t funding.Term) shareLaw {
	sl := shareLaw{Term: t, areas: map[int32]whether{}, objective: map[int32]whether{}}
	sl.rule, _ = t.ShareRule()
	if sl.rule.Dimension == "age" {
		sl.ages, _ = commissioning.ParseAges(sl.rule.ID)
	}
	return sl
}

// counts says whether a use's money is part of what the share is of, as the
// checks count it.
func (j *judge) counts(sl *shareLaw, s *service, f facts) whether {
	switch sl.rule.Dimension {
	case "objective":
		return j.lies(sl.objective, f.objectives, j.v.ObjectiveTree(), j.objectives.vals[f.objectives], sl.rule.ID)
	case "area":
		return j.lies(sl.areas, f.areas, j.v.AreaTree(), j.areas.vals[f.areas], sl.rule.ID)
	case "element":
		return sameWord(j.elements.vals[f.element], sl.rule.ID)
	case "cost-type":
		word := j.costTypes.vals[f.costType]
		if word == "" && sl.rule.ID == funding.AdminCost && (s.Role == commissioning.Management || s.Role == commissioning.Overhead) {
			return yes
		}
		return sameWord(word, sl.rule.ID)
	case "age":
		switch {
		case !s.Ages.Known:
			return unsure
		case sl.ages.Contains(s.Ages):
			return yes
		case sl.ages.Overlap(s.Ages) == 0:
			return no
		}
	}
	return unsure
}

func sameWord(word, want string) whether {
	switch word = strings.TrimSpace(word); {
	case word == "":
		return unsure
	case strings.EqualFold(word, want):
		return yes
	}
	return no
}

func (j *judge) lies(known map[int32]whether, fact int32, tree *commissioning.Tree, branches []funding.Branch, in string) whether {
	if a, asked := known[fact]; asked {
		return a
	}
	tag, tagged := strings.CutPrefix(in, "tag:")
	inside, outside := 0, 0
	for _, b := range branches {
		switch {
		case !tagged && tree.Within(b.ID, in), tagged && slices.Contains(b.Tags, tag):
			inside++
		case !tagged && !tree.Within(in, b.ID), tagged && !slices.Contains(b.TagsBelow, tag):
			outside++
		}
	}
	a := unsure
	switch {
	case len(branches) > 0 && inside == len(branches):
		a = yes
	case len(branches) > 0 && outside == len(branches):
		a = no
	}
	known[fact] = a
	return a
}

// least and atMost give the whole pence at or above, and at or below, a share of
// a figure: the share's own rule is exact, and Of rounds.
func least(s money.Share, figure money.Pence) money.Pence {
	p := s.Of(figure)
	if exact, err := money.NewShare(int64(p), int64(max(figure, 1))); err == nil && exact.Cmp(s) < 0 {
		p++
	}
	return p
}

func atMost(s money.Share, figure money.Pence) money.Pence {
	p := s.Of(figure)
	if exact, err := money.NewShare(int64(p), int64(max(figure, 1))); err == nil && exact.Cmp(s) > 0 {
		p--
	}
	return max(p, 0)
}

// matched is the most of a grant that the match found supports.
func matched(s money.Share, found money.Pence) money.Pence {
	if s.IsZero() {
		return noLimit
	}
	low, high := money.Pence(0), money.Max
	for low < high { // the share of a sum grows with the sum
		mid := low + (high-low+1)/2
		if least(s, mid) <= found {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// needs groups what is known of need by objective and area, once.
func (j *judge) needs() map[[2]string][]commissioning.Need {
	if j.needBy == nil {
		j.needBy = map[[2]string][]commissioning.Need{}
		for _, n := range j.v.Needs {
			key := [2]string{n.Objective, n.Area}
			j.needBy[key] = append(j.needBy[key], n)
		}
	}
	return j.needBy
}
