package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/check/alike"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// nearIdentical is the likeness from which two services are shown although one
// of the facts that the strict rule asks for differs a little or is missing. On
// planted books of 5,000 services it shows 95 in 100 of what was planted, and 8
// in 10 of what is shown was. Likeness is learnt on books of that kind: in one
// of fewer services than ordinary, words must also be near.
const (
	nearIdentical = 0.1
	ordinary      = 200
)

// commissionedTwice finds two services under different agreements (an agreement
// has one service) that share objective, activity and level, whose places
// overlap and whose ages overlap by half, with at least the policy's floor on
// both sides of the overlap. Services that read nearly the same (package alike)
// are shown too where the objective is a sister's, an age edge or the activity
// differs, one of them is for a wider area, or one of these is not recorded.
//
// It keeps quiet about levels that differ (a targeted service on top of a
// universal one), places that do not meet, services that do not run on any same
// day (a successor beside its forerunner, instalments), match funding, and
// capacities that together lie within the known need.
//
// Medium, the likeliest first; low in a large book where the facts agree and the
// words do not. Low and unknown where an activity, a level or ages are missing
// and the services do not read alike: said once for a service.
func commissionedTwice(s *scan) []Finding {
	d := &doubles{scan: s, c: s.coverage()}
	d.gather()
	likeness := map[[2]int]alike.Pair{}
	for _, p := range alike.Pairs(d.described(), d.mayBe) {
		likeness[[2]int{p.A, p.B}] = p
	}
	var found []Finding
	met := map[[2]int]bool{}
	try := func(a, b int) {
		at := [2]int{min(a, b), max(a, b)}
		if met[at] {
			return
		}
		met[at] = true
		if t := d.twins(at[0], at[1], likeness[at]); t != nil {
			found = append(found, t.finding())
		}
	}
	d.sweep(try)
	for at, p := range likeness {
		if d.near(p) {
			try(at[0], at[1])
		}
	}
	return append(found, d.cannotTell(likeness)...)
}

// doubles is the rule at work.
type doubles struct {
	*scan
	c      *coverage
	offers []offer
}

// offer is a service as the rule sees it.
type offer struct {
	commissioning.Service
	ref             ledger.Ref
	activity, level string // as compared
	portions        []portion
	runs            fiscal.Period // the days of this year on which it runs and is paid
	awards          []ledger.Ref
}

// portion is money of an offer, with the objectives and areas it may be for.
type portion struct {
	split
	objectives, areas []int32
}

// sure says that the money is for one objective and area, and no other.
func (p *portion) sure() bool { return len(p.objectives) == 1 && len(p.areas) == 1 }

// gather lists the services with enough money this year.
func (d *doubles) gather() {
	var room []split
	for _, one := range d.NumberedServices() {
		service, ref := one.Service, one.Ref
		if ref == 0 {
			continue
		}
		o := offer{Service: service, ref: ref, activity: folded(service.Activity), level: folded(service.Level)}
		room = d.splits(ref, room)
		var sum money.Pence
		for _, p := range room {
			at := d.c.spotOf(p.objective, p.area)
			one := portion{split: p, objectives: []int32{at.objective}, areas: []int32{at.area}}
			if at.objective == nowhere {
				one.objectives = numbers(service.Objectives, d.c.objectiveNo)
			}
			if at.area == nowhere {
				one.areas = numbers(service.Areas, d.c.areaNo)
			}
			o.portions = append(o.portions, one)
			sum += p.amount
		}
		if sum < d.policy.TwiceFloor || sum == 0 {
			continue
		}
		o.runs, o.awards = d.whenPaid(ref, &service)
		d.offers = append(d.offers, o)
	}
}

func folded(word string) string { return strings.ToLower(strings.Join(strings.Fields(word), " ")) }

func numbers(ids []string, number func(string) int32) (of []int32) {
	for _, id := range ids {
		if n := number(id); n != nowhere {
			of = append(of, n)
		}
	}
	return of
}

// whenPaid gives the days of the year on which a service runs, by its own dates,
// those of its agreements and those of the awards that pay, and these awards.
func (d *doubles) whenPaid(ref ledger.Ref, service *commissioning.Service) (fiscal.Period, []ledger.Ref) {
	runs := d.year.Period()
	narrow := func(p fiscal.Period) {
		if both, ok := runs.Intersect(p); ok {
			runs = both
		}
	}
	narrow(fiscal.ThroughTo(service.Starts, service.Ends))
	var agreed, paid []fiscal.Period
	for _, a := range d.AgreementsOf(service.ID) {
		if a.RunsIn(d.year) {
			agreed = append(agreed, fiscal.ThroughTo(a.Starts, a.Ends))
		}
	}
	var awards []ledger.Ref
	for _, h := range d.HoldingsOf(ref) {
		if e := d.award(h.Award); e != nil && h.Amount > 0 && (h.Year == d.year || h.Year == fiscal.Term) {
			awards = append(awards, h.Award)
			paid = append(paid, e.Term)
		}
	}
	narrow(hull(agreed))
	narrow(hull(paid))
	return runs, awards
}

// hull is the shortest period that holds all.
func hull(periods []fiscal.Period) fiscal.Period {
	if len(periods) == 0 {
		return fiscal.Period{}
	}
	all := periods[0]
	for _, p := range periods[1:] {
		all.From = min(all.From, p.From)
		if all.To != 0 && (p.To == 0 || p.To > all.To) {
			all.To = p.To
		}
	}
	return all
}

// mayBe drops pairs that no likeness can make twins. It is called from several
// goroutines at once.
func (d *doubles) mayBe(a, b int) bool {
	x, y := &d.offers[a], &d.offers[b]
	return x.runs.Overlaps(y.runs) && (x.level == y.level || x.level == "" || y.level == "")
}

// near reports whether two offers read nearly the same.
func (d *doubles) near(p alike.Pair) bool {
	if p.Score < nearIdentical || len(d.offers) >= ordinary {
		return p.Score >= nearIdentical
	}
	return slices.ContainsFunc(p.Reasons, func(r alike.Reason) bool {
		return r.Code == "same-name" || r.Code == "near-name" || r.Code == "same-description" || r.Code == "near-description"
	})
}

// described states the offers for package alike.
func (d *doubles) described() []alike.Service {
	tree, objectives := d.AreaTree(), d.ObjectiveTree()
	of := make([]alike.Service, len(d.offers))
	for i := range d.offers {
		o := &d.offers[i]
		as := alike.Service{Ref: i, ID: o.ID, Name: o.Name, Description: o.Description, Activity: o.Activity, Level: o.Level, Provider: o.Provider,
			Objectives: o.Objectives, AgeFrom: -1, AgeTo: -1, Capacity: max(o.Capacity, 0)}
		if o.Ages.Known {
			as.AgeFrom, as.AgeTo = o.Ages.From, o.Ages.To
		}
		if len(o.Objectives) == 0 { // its money says
			for _, n := range o.served() {
				as.Objectives = append(as.Objectives, d.c.objectives[n].ID)
			}
		}
		for _, id := range as.Objectives {
			if up := objectives.Parent(id); up != "" && !slices.Contains(as.Kin, up) {
				as.Kin = append(as.Kin, up)
			}
		}
		for _, id := range o.Areas {
			if in, out := tree.Span(id); in < out {
				as.Places = append(as.Places, alike.Span{In: in, Out: out})
			}
		}
		if len(as.Places) == 0 {
			for _, n := range o.places() {
				as.Places = append(as.Places, alike.Span{In: n, Out: d.c.end(n)})
			}
		}
		of[i] = as
	}
	return of
}

// served and places are what the offer's money is, or may be, for.
func (o *offer) served() (of []int32) {
	for i := range o.portions {
		of = append(of, o.portions[i].objectives...)
	}
	return distinct(of)
}

func (o *offer) places() (of []int32) {
	for i := range o.portions {
		of = append(of, o.portions[i].areas...)
	}
	return distinct(of)
}

func distinct(of []int32) []int32 {
	slices.Sort(of)
	return slices.Compact(of)
}

// block is what the strict rule asks to be equal.
type block struct {
	objective       int32
	activity, level string
}

// site is an offer in one of its areas.
type site struct {
	offer   int
	in, out int32
}

// blocks lays out the offers by what they must share, in order of place, so
// that sites that overlap lie side by side.
func (d *doubles) blocks(of func(*offer) (activity, level string, ok bool)) map[block][]site {
	all := map[block][]site{}
	for i := range d.offers {
		o := &d.offers[i]
		activity, level, ok := of(o)
		if !ok {
			continue
		}
		for p := range o.portions {
			for _, objective := range o.portions[p].objectives {
				at := block{objective, activity, level}
				for _, area := range o.portions[p].areas {
					all[at] = append(all[at], site{i, area, d.c.end(area)})
				}
			}
		}
	}
	for _, sites := range all {
		slices.SortFunc(sites, func(a, b site) int {
			return cmp.Or(cmp.Compare(a.in, b.in), cmp.Compare(b.out, a.out), cmp.Compare(a.offer, b.offer))
		})
	}
	return all
}

// sweep calls try with every pair that shares objective, activity and level in
// places that overlap: areas nest, so the inner one begins within the outer.
func (d *doubles) sweep(try func(a, b int)) {
	blocks := d.blocks(func(o *offer) (string, string, bool) { return o.activity, o.level, o.activity != "" && o.level != "" })
	for _, sites := range blocks {
		for i := range sites {
			for j := i + 1; j < len(sites) && sites[j].in < sites[i].out; j++ {
				if sites[i].offer != sites[j].offer {
					try(sites[i].offer, sites[j].offer)
				}
			}
		}
	}
}

// twins are two offers that may be one thing, and the overlap between them.
type twins struct {
	d          *doubles
	a, b       *offer
	likeness   alike.Pair
	sure       [2][]split // money on the overlap, by side
	maybe      [2]money.Pence
	objectives []int32
	areas      []int32
}

// halfTheAges reports whether ages overlap by half of the narrower band.
func halfTheAges(a, b commissioning.Ages) bool {
	shared, of := a.OverlapShare(b)
	return of > 0 && 2*shared >= of
}

// twins judges a pair; nil where there is nothing to show.
func (d *doubles) twins(a, b int, likeness alike.Pair) *twins {
	x, y := &d.offers[a], &d.offers[b]
	if !d.mayBe(a, b) || x.Ages.Known && y.Ages.Known && x.Ages.Overlap(y.Ages) == 0 {
		return nil
	}
	strict := x.activity != "" && x.activity == y.activity && x.level != "" && x.level == y.level && halfTheAges(x.Ages, y.Ages)
	for _, near := range []bool{false, true} {
		if near && !d.near(likeness) || !near && !strict {
			continue
		}
		t := &twins{d: d, a: x, b: y, likeness: likeness}
		t.overlap(near)
		if t.enough() && !t.withinNeed() {
			return t
		}
	}
	return nil
}

// overlap adds up both sides' money on the objectives they share and the areas
// in which they meet. Near, sister objectives count as shared and what is not
// recorded as the same.
func (t *twins) overlap(near bool) {
	mine, theirs := make([]bool, len(t.a.portions)), make([]bool, len(t.b.portions))
	meets := [2][]bool{mine, theirs}
	within := [2][]bool{make([]bool, len(mine)), make([]bool, len(theirs))}
	for i := range t.a.portions {
		p := &t.a.portions[i]
		for k := range t.b.portions {
			q := &t.b.portions[k]
			if t.matches(p, t.b) || t.matches(q, t.a) || !t.shareObjective(p, q, near) {
				continue
			}
			for _, m := range orNowhere(p.areas, near) {
				for _, n := range orNowhere(q.areas, near) {
					in, inner := t.d.c.meet(m, n)
					if !in {
						continue
					}
					meets[0][i], meets[1][k] = true, true
					within[0][i] = within[0][i] || p.sure() && inner == m
					within[1][k] = within[1][k] || q.sure() && inner == n
					if inner != nowhere {
						t.areas = append(t.areas, inner)
					}
				}
			}
		}
	}
	for side, o := range []*offer{t.a, t.b} {
		for i := range o.portions {
			switch {
			case within[side][i]:
				t.sure[side] = append(t.sure[side], o.portions[i].split)
			case meets[side][i]:
				t.maybe[side] += o.portions[i].amount
			}
		}
	}
	t.objectives, t.areas = distinct(t.objectives), distinct(t.areas)
}

func orNowhere(of []int32, near bool) []int32 {
	if len(of) == 0 && near {
		return []int32{nowhere}
	}
	return of
}

// meet says whether two areas overlap, and gives the inner one. An area that is
// not recorded may be any.
func (c *coverage) meet(a, b int32) (bool, int32) {
	switch {
	case a == nowhere:
		return true, b
	case b == nowhere:
		return true, a
	case a <= b && b < c.end(a):
		return true, b
	case b <= a && a < c.end(b):
		return true, a
	}
	return false, nowhere
}

// matches reports whether money is match funding for an award that pays the
// other service.
func (t *twins) matches(p *portion, other *offer) bool {
	return p.matchFor != 0 && slices.Contains(other.awards, p.matchFor)
}

func (t *twins) shareObjective(p, q *portion, near bool) bool {
	if near && (len(p.objectives) == 0 || len(q.objectives) == 0) {
		t.objectives = append(append(t.objectives, p.objectives...), q.objectives...)
		return true
	}
	shared := false
	tree, of := t.d.ObjectiveTree(), t.d.c.objectives
	for _, m := range p.objectives {
		for _, n := range q.objectives {
			x, y := of[m].ID, of[n].ID
			if m == n || near && (tree.Overlap(x, y) || tree.Parent(x) != "" && tree.Parent(x) == tree.Parent(y)) {
				shared = true
				t.objectives = append(t.objectives, m, n)
			}
		}
	}
	return shared
}

// side is a side's money that is surely on the overlap.
func (t *twins) side(i int) (sum money.Pence) {
	for _, p := range t.sure[i] {
		sum += p.amount
	}
	return sum
}

// enough reports whether both sides have, or may have, the policy's floor.
func (t *twins) enough() bool {
	return t.side(0)+t.maybe[0] >= t.d.policy.TwiceFloor && t.side(1)+t.maybe[1] >= t.d.policy.TwiceFloor
}

// withinNeed reports whether all that both can serve lies within the need known
// for each shared objective where they meet: then both are needed.
func (t *twins) withinNeed() bool {
	if t.a.Capacity < 0 || t.b.Capacity < 0 || !sameUnit(t.a.Unit, t.b.Unit) || len(t.objectives) == 0 {
		return false
	}
	c, joint := t.d.c, t.a.Capacity+t.b.Capacity
	for _, o := range t.objectives {
		people, last := 0, int32(-1) // last: the end of the area counted last, so that none within it counts again
		lastAges := ages(0)
		for _, n := range c.needs[o] {
			if n.People < 0 || !sameUnit(n.Unit, t.a.Unit) || !t.meetsIn(n.area) || n.ages&agesOf(t.a.Ages)&agesOf(t.b.Ages) == 0 {
				continue
			}
			if n.area < last && n.ages&lastAges != 0 {
				continue
			}
			people += n.People
			last, lastAges = c.end(n.area), n.ages
		}
		if people < joint {
			return false
		}
	}
	return true
}

// meetsIn reports whether an area lies within one where both are.
func (t *twins) meetsIn(area int32) bool {
	for _, a := range t.areas {
		if a <= area && area < t.d.c.end(a) {
			return true
		}
	}
	return false
}

func (t *twins) finding() Finding {
	d := t.d
	a, b := t.a.ID, t.b.ID
	var amount money.Sum
	amount.AddPence(t.side(0) + t.side(1))
	if t.maybe[0]+t.maybe[1] > 0 {
		amount.Add(money.Unknown)
	}
	f := Finding{
		ID: fmt.Sprintf("duplication/commissioned-twice/%s/%s/%s", min(a, b), max(a, b), d.year), Kind: Duplication, Rule: "commissioned-twice", Severity: Medium,
		Amount: &amount, Year: d.year, Likeness: max(t.likeness.Score, 0.001), Subjects: subjects("service", min(a, b), max(a, b)),
		Facts: t.facts(), Says: t.says,
		Proof: func() []ledger.Proof {
			return append(d.proofOfSplits(t.a.ref, t.sure[0]), d.proofOfSplits(t.b.ref, t.sure[1])...)
		},
	}
	if len(d.offers) >= ordinary && !d.near(t.likeness) {
		f.Severity = Low
	}
	for _, o := range t.objectives {
		f.Subjects = append(f.Subjects, Subject{"objective", d.c.objectives[o].ID})
	}
	for _, n := range t.areas {
		f.Subjects = append(f.Subjects, Subject{"area", d.c.areaIDs[n]})
	}
	return f
}

// proofOfSplits lists the entries of a service's money for some labels.
func (s *scan) proofOfSplits(service ledger.Ref, of []split) []ledger.Proof {
	return s.proofOf(service, func(c *ledger.LabelledCell) bool {
		if !s.bearsCell(c, s.year) {
			return false
		}
		for i := range of {
			if of[i].objective == c.Objective && of[i].area == c.Area && of[i].matchFor == c.MatchFor {
				return true
			}
		}
		return false
	})
}

func (t *twins) facts() []string {
	facts := []string{"activity " + t.a.activity + "; " + t.b.activity, "level " + t.a.level + "; " + t.b.level}
	for i, o := range []*offer{t.a, t.b} {
		facts = append(facts, fmt.Sprintf("%s %s, perhaps %s, ages %s, capacity %d", o.ID, t.side(i), t.maybe[i], o.Ages, o.Capacity))
	}
	for _, o := range t.objectives {
		facts = append(facts, "objective "+t.d.c.objectives[o].ID)
	}
	for _, n := range t.areas {
		facts = append(facts, "area "+t.d.c.areaIDs[n])
	}
	return facts
}

func (t *twins) says() (Sentence, []Sentence) {
	d := t.d
	x, y, m, n := t.a, t.b, 0, 1
	if t.side(1)+t.maybe[1] > t.side(0)+t.maybe[0] {
		x, y, m, n = y, x, 1, 0
	}
	together := money.Pence(0)
	for i := range 2 {
		together += t.side(i) + t.maybe[i]
	}
	what, level := say("twice.alike"), Sentence{}
	if x.activity == y.activity && x.activity != "" {
		what = say("twice.activity", "Activity", x.Activity)
	}
	if x.level == y.level && x.level != "" {
		level = say("twice.level", "Level", x.Level)
	}
	var objectives, places []Name
	for _, o := range t.objectives {
		objectives = append(objectives, d.objectiveName(d.c.objectives[o].ID))
	}
	for _, a := range t.areas {
		places = append(places, d.areaName(d.c.areaIDs[a]))
	}
	var towards, in Sentence
	if len(objectives) > 0 {
		towards = say("twice.for", "Objectives", firstFew(objectives))
	}
	if len(places) > 0 {
		in = say("twice.in", "Areas", firstFew(places))
	}
	ages := say("twice.ages-unknown")
	if x.Ages.Known && y.Ages.Known {
		ages = say("twice.ages", "Ages", commissioning.Ages{From: max(x.Ages.From, y.Ages.From), To: min(x.Ages.To, y.Ages.To), Known: true})
	}
	a, b := named(&x.Service), named(&y.Service)
	because := []Sentence{say("twice.both", "What", what, "Level", level, "For", towards, "In", in, "Ages", ages,
		"Mine", t.sideSays(m), "A", a, "Theirs", t.sideSays(n), "B", b, "Year", d.year)}
	if d.near(t.likeness) {
		var why Series
		for _, r := range t.likeness.Reasons {
			switch r.Code {
			case "same-name", "near-name", "same-description", "near-description", "sister-objective", "unknown-activity", "unknown-level", "differs-activity", "same-provider":
				why = append(why, r)
			}
		}
		if len(why) > 0 {
			because = append(because, say("twice.also", "Reasons", why))
		}
	}
	return say("twice", "Both", List{a, b}, "Amount", together), because
}

func (t *twins) sideSays(i int) any {
	switch sure := t.side(i); {
	case t.maybe[i] == 0:
		return sure
	case sure == 0:
		return say("up-to", "Amount", t.maybe[i])
	default:
		return say("from-to", "From", sure, "To", sure+t.maybe[i])
	}
}

// lacks names the one fact for want of which an offer cannot be compared; blank
// where none is missing, or more than one.
func (o *offer) lacks() string {
	var missing []string
	if o.activity == "" {
		missing = append(missing, "activity")
	}
	if o.level == "" {
		missing = append(missing, "level")
	}
	if !o.Ages.Known {
		missing = append(missing, "ages")
	}
	if len(missing) == 1 {
		return missing[0]
	}
	return ""
}

// mostMates bounds how many others a service is held to for what cannot be told.
const mostMates = 500

// cannotTell says, once for each service that lacks one fact, that others share
// all the rest. Where the fact is recorded of no service it says so once.
func (d *doubles) cannotTell(likeness map[[2]int]alike.Pair) (found []Finding) {
	const any = "*"
	for _, fact := range []string{"activity", "level", "ages"} {
		var lacking []int
		recorded := false
		for i := range d.offers {
			if d.offers[i].lacks() == fact {
				lacking = append(lacking, i)
			} else {
				recorded = true
			}
		}
		if len(lacking) == 0 {
			continue
		}
		blocks := d.blocks(func(o *offer) (string, string, bool) {
			switch fact {
			case "activity":
				return any, o.level, o.level != ""
			case "level":
				return o.activity, any, o.activity != ""
			}
			return o.activity, o.level, o.activity != "" && o.level != ""
		})
		var all []int
		for _, i := range lacking {
			mates := d.mates(i, fact, blocks, likeness)
			if len(mates) == 0 {
				continue
			}
			if !recorded {
				all = append(all, i)
				continue
			}
			found = append(found, d.untold(fact, "duplication/commissioned-twice/"+d.offers[i].ID+"/"+d.year.String(), []int{i}, mates))
		}
		if len(all) > 0 {
			found = append(found, d.untold(fact, "duplication/commissioned-twice/"+fact+"-not-known/"+d.year.String(), all, nil))
		}
	}
	return found
}

// mates lists the offers that share with one all but the fact it lacks. Two that
// both lack it are said of the first.
func (d *doubles) mates(i int, fact string, blocks map[block][]site, likeness map[[2]int]alike.Pair) (of []int) {
	o := &d.offers[i]
	visits := 0
	for p := range o.portions {
		for _, objective := range o.portions[p].objectives {
			at := block{objective, o.activity, o.level}
			switch fact {
			case "activity":
				at.activity = "*"
			case "level":
				at.level = "*"
			}
			for _, sv := range blocks[at] {
				if visits++; visits > mostMates {
					return of
				}
				other := &d.offers[sv.offer]
				if sv.offer == i || slices.Contains(of, sv.offer) || other.lacks() == fact && sv.offer < i || !d.mayBe(i, sv.offer) ||
					d.near(likeness[[2]int{min(i, sv.offer), max(i, sv.offer)}]) || fact != "ages" && !halfTheAges(o.Ages, other.Ages) {
					continue
				}
				t := &twins{d: d, a: o, b: other}
				if t.overlap(false); t.enough() && !t.withinNeed() {
					of = append(of, sv.offer)
				}
			}
		}
	}
	return of
}

func (d *doubles) untold(fact, id string, lacking, mates []int) Finding {
	var ids []string
	var names, others []Name
	for _, i := range lacking {
		ids, names = append(ids, d.offers[i].ID), append(names, named(&d.offers[i].Service))
	}
	f := Finding{
		ID: id, Kind: Duplication, Rule: "commissioned-twice", Severity: Low, Unknown: true, Lacks: coded("lack", fact), Year: d.year,
		Subjects: subjects("service", ids...), Facts: []string{"no " + fact},
	}
	for _, i := range mates {
		f.Subjects = append(f.Subjects, Subject{"service", d.offers[i].ID})
		f.Facts = append(f.Facts, "beside "+d.offers[i].ID)
		others = append(others, named(&d.offers[i].Service))
	}
	f.Says = func() (Sentence, []Sentence) {
		if len(mates) == 0 {
			return say("twice.none-told", "Count", len(names)), []Sentence{coded("twice.none-has", fact), say("twice.add", "Services", firstFew(names))}
		}
		return say("twice.unknown", "Service", names[0]), []Sentence{coded("twice.lacks", fact), say("twice.shares", "Services", firstFew(others))}
	}
	return f
}
