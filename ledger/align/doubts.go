package align

import (
	"cmp"
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// doubtful is something not known, as it was met.
type doubtful struct {
	kind    doubtKind
	award   *award
	service *service
	year    int32
	term    *funding.Term
	law     *termLaw
	facts   facts
}

type doubtKind uint8

const (
	doubtUse    doubtKind = iota // whether an award may pay for a service
	doubtStays                   // whether it may go on paying
	doubtCarry                   // whether money may be carried forward
	doubtMove                    // whether it may be moved between services
	doubtFigure                  // what an award has in a year
	doubtCost                    // what a service costs in a year
	doubtTerm                    // how money for the whole term is split by year
)

// doubts says what is not known and, of terms, what the plan would be if they
// allowed: the whole is worked out once more as if they did.
func (x *explaining) doubts() (of []Doubt) {
	w := x.w
	type key struct {
		kind  doubtKind
		award string
		what  string // the term, or the service
	}
	type group struct {
		Doubt
		key   key
		first doubtful
	}
	var groups []*group
	byKey := map[key]*group{}
	note := func(d doubtful, services ...string) *group {
		k := key{kind: d.kind}
		one := &group{first: d}
		if d.award != nil {
			k.award, one.Award = d.award.ID, d.award.ID
		}
		switch {
		case d.law != nil:
			k.what, one.Term = d.law.ID, d.law.ID
		case d.term != nil:
			k.what, one.Term = d.term.ID, d.term.ID
		}
		one.key = k
		g := byKey[k]
		if g == nil {
			g = one
			g.Year = w.years[max(d.year, 0)]
			byKey[k] = g
			groups = append(groups, g)
		} else if g.Year != w.years[max(d.year, 0)] {
			g.Year = 0
		}
		for _, s := range services {
			if !slices.Contains(g.Services, s) {
				g.Services = append(g.Services, s)
			}
		}
		return g
	}
	for u := range w.in.Uses {
		if !w.uses[u].doubt {
			continue
		}
		a, s, _ := w.of(u)
		if v := w.uses[u].verdict; v != nil && v.term != nil && v.says == funding.NotKnown && x.wantsMore(w.in.Uses[u].Want) {
			note(doubtful{kind: doubtUse, award: a, law: v.term, facts: v.facts, year: w.wants[w.in.Uses[u].Want].year}, s.ID)
		}
	}
	for _, d := range w.unsure {
		switch {
		case d.service != nil:
			note(d, d.service.ID)
		default:
			note(d)
		}
	}
	for _, a := range w.awards {
		for y := range w.years {
			if a.unknown[y] {
				note(doubtful{kind: doubtFigure, award: a, year: int32(y)})
			}
		}
	}
	for _, s := range w.service {
		if s.term > 0 {
			note(doubtful{kind: doubtTerm, service: s}, s.ID)
		}
	}
	gain := map[string]money.Pence{}
	all := money.Pence(0)
	if x.allowed != nil {
		other := <-x.allowed
		gain, all = other.byAward, x.totalShort()-other.short
	}
	for _, g := range groups {
		slices.Sort(g.Services)
		g.Missing = "permission"
		switch g.key.kind {
		case doubtUse, doubtStays:
			g.Ruling = g.first.law.Judge(w.judge.use(g.first.facts))
			g.Missing = g.Ruling.Missing
		case doubtFigure:
			g.Missing = "figure"
		case doubtCost:
			g.Missing = "cost"
		case doubtTerm:
			g.Missing = "term-split"
		}
		if g.key.kind == doubtUse {
			g.Gain = gain[g.Award]
		}
		g.Says = x.doubtSays(g.key.kind, &g.Doubt, all)
		of = append(of, g.Doubt)
	}
	slices.SortStableFunc(of, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), strings.Compare(a.Award, b.Award), strings.Compare(a.Term, b.Term), slices.Compare(a.Services, b.Services), cmp.Compare(a.Missing, b.Missing))
	})
	return of
}

// ifAllowed is what the plan would be if whatever is not known were allowed:
// what each award would then pay by leave not yet given, and what would be short.
type ifAllowed struct {
	byAward map[string]money.Pence
	short   money.Pence
}

// askIfAllowed works the plan out once more, beside the rest, where what is not
// known could change it.
func (x *explaining) askIfAllowed() {
	if x.w.o.DoubtsAllow || len(x.w.bar)+len(x.w.hold) > 0 || !x.opens() {
		return
	}
	o := x.w.o
	o.DoubtsAllow = true
	x.allowed = make(chan ifAllowed, 1)
	go func() {
		w := newWork(x.w.v, x.w.p, o)
		w.best = w.in.solve(nil)
		other := ifAllowed{byAward: map[string]money.Pence{}, short: newExplaining(w).totalShort()}
		for u := range w.in.Uses {
			if w.uses[u].doubt {
				a, _, _ := w.of(u)
				other.byAward[a.ID] += w.best.answer.Added[u]
			}
		}
		x.allowed <- other
	}()
}

// opens reports whether leave that is not known would open anything.
func (x *explaining) opens() bool {
	if slices.ContainsFunc(x.w.unsure, func(d doubtful) bool { return d.kind == doubtCarry || d.kind == doubtMove }) {
		return true
	}
	for u := range x.w.in.Uses {
		if x.w.uses[u].doubt && x.wantsMore(x.w.in.Uses[u].Want) {
			return true
		}
	}
	return false
}

func (x *explaining) doubtSays(kind doubtKind, d *Doubt, all money.Pence) (says []sentence.Sentence) {
	say := func(code string, pairs ...any) { says = append(says, words.Say(code, pairs...)) }
	award := x.awardName(d.Award)
	var when any = d.Year
	if d.Year == fiscal.Term {
		when = words.Say("every-year")
	}
	missing := lack(d.Missing)
	switch kind {
	case doubtUse:
		say("doubt.use", "Award", award, "Services", x.serviceNames(d.Services), "Missing", missing)
		switch {
		case x.w.o.DoubtsAllow:
			say("doubt.taken")
		case d.Gain > 0:
			say("doubt.gain", "Gain", d.Gain, "Award", award)
		default:
			say("doubt.same")
		}
	case doubtStays:
		say("doubt.stays", "Award", award, "Services", x.serviceNames(d.Services), "Missing", missing)
	case doubtCarry:
		say("doubt.carry", "Award", award, "Year", when)
		x.either(&says, all)
	case doubtMove:
		say("doubt.move", "Award", award, "Year", when)
		x.either(&says, all)
	case doubtFigure:
		say("doubt.figure", "Award", award, "Year", when)
	case doubtCost:
		say("doubt.cost", "Services", x.serviceNames(d.Services), "Year", when)
	case doubtTerm:
		say("doubt.term", "Services", x.serviceNames(d.Services))
	}
	return says
}

// either says what the plan would be if all that is not known were allowed.
func (x *explaining) either(says *[]sentence.Sentence, less money.Pence) {
	switch {
	case x.w.o.DoubtsAllow:
		*says = append(*says, words.Say("doubt.taken"))
	case less > 0:
		*says = append(*says, words.Say("doubt.less", "Less", less))
	default:
		*says = append(*says, words.Say("doubt.same"))
	}
}
