package funding

import (
	"fmt"
	"slices"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Use is what somebody wants an award to pay for, in plain facts. A fact left
// empty is not known.
type Use struct {
	Ages       Ages
	Areas      []Branch // where the money is labelled to or, without a label, where the service works
	Objectives []Branch // likewise
	CostType   string
	Element    string
	Level      string
	Year       fiscal.Year
	Period     fiscal.Period // its own dates, if it has any within or across years
	On         fiscal.Date   // the day it is decided; blank: every term counts as in force
}

// Branch is one area or objective, with what a rule needs to know of its tree.
type Branch struct {
	ID        string
	Up        []string // those it lies in, at any height
	Down      []string // those that lie in it, at any depth
	Tags      []string // its own, and those of the areas it lies in
	TagsBelow []string // those of the areas that lie in it
}

// Verdict is the answer to "may this award pay for this?".
type Verdict uint8

const (
	NotKnown Verdict = iota // also what a ruling says that nobody made
	Allowed
	Refused
)

var verdictWords = []string{"not known", "allowed", "refused"}

func (v Verdict) String() string { return wordFor(verdictWords, int(v)) }

// Ruling is a verdict with its ground. Code and Args say the same as Reason,
// for a reader of another language. An arg is text, Either, Every, Ages, or one
// of money.Sum, money.Pence, fiscal.Date, fiscal.Year and fiscal.Period; those
// of a term begin with its id and whose it is.
type Ruling struct {
	Verdict Verdict
	Term    *Term  // the term that was decisive; nil when no term speaks
	Reason  string // a sentence for the officer; empty when allowed
	Missing string // the fact to record, when not known
	Code    string
	Args    []any
}

// Either are values of which any will do; Every, values that are meant together.
type (
	Either []string
	Every  []string
)

// Given are the args as Reason has them.
func (r Ruling) Given() []string {
	words := make([]string, len(r.Args))
	for i, arg := range r.Args {
		words[i] = inEnglish(arg)
	}
	return words
}

func inEnglish(arg any) string {
	switch v := arg.(type) {
	case Either:
		return choice(v)
	case Every:
		return strings.Join(v, " and ")
	case Ages:
		return v.words()
	case money.Sum:
		if v.State() != money.Exact {
			return "at least " + v.Pence().Exact()
		}
		return v.Pence().Exact()
	case money.Pence:
		return v.Exact()
	case fiscal.Date:
		return v.Long()
	}
	return fmt.Sprint(arg)
}

// Judge gives the strictest ruling of the terms in force on the day of the use:
// a refusal before a missing fact, a missing fact before leave.
func Judge(terms []Term, u Use) Ruling {
	worst := Ruling{Verdict: Allowed}
	for i := range terms {
		ruling := terms[i].Judge(u)
		if ruling.Verdict == Refused {
			return ruling
		}
		if ruling.Verdict == NotKnown && worst.Verdict == Allowed {
			worst = ruling
		}
	}
	return worst
}

// Judge applies one term to a use. A term that is not in force, or whose
// conditions do not hold, allows it; so do shares, match, caps and permissions,
// which are judged over totals and moves.
func (t Term) Judge(u Use) Ruling {
	if !t.read {
		return t.rule(NotKnown, "", "term-unread", "Its value has not been read.")
	}
	if !u.On.IsZero() && !t.InForce.Contains(u.On) {
		return Ruling{Verdict: Allowed}
	}
	applies, missing := t.appliesTo(u)
	if applies == no {
		return Ruling{Verdict: Allowed}
	}
	ruling := t.judgeByRule(u)
	if applies == unsure && ruling.Verdict == Refused {
		return t.rule(NotKnown, missing, "term-condition", "It may apply: the %s of this use is not recorded closely enough to tell.", missing)
	}
	return ruling
}

func (t Term) judgeByRule(u Use) Ruling {
	switch t.Rule {
	case RuleAges:
		return t.judgeAges(u.Ages)
	case RuleAreas:
		return t.judgeBranches("area", u.Areas)
	case RuleObjectives:
		return t.judgeBranches("objective", u.Objectives)
	case RuleCostType:
		return t.judgeWord("cost type", u.CostType)
	case RuleElements:
		return t.judgeWord("element", u.Element)
	case RuleLevel:
		return t.judgeWord("level", u.Level)
	case RuleSpendBy:
		return t.judgeSpendBy(u)
	default:
		return Ruling{Verdict: Allowed}
	}
}

func (t Term) judgeAges(ages Ages) Ruling {
	switch {
	case !ages.Known:
		return t.missing("ages")
	case t.ages.From <= ages.From && ages.To <= t.ages.To:
		return Ruling{Verdict: Allowed}
	}
	return t.rule(Refused, "", "term-ages", "It pays for ages %s; this use is for ages %s.", t.ages, ages)
}

func (a Ages) words() string {
	if a.To >= oldest {
		return fmt.Sprintf("%d and over", a.From)
	}
	return fmt.Sprintf("%d to %d", a.From, a.To)
}

func (t Term) judgeBranches(what string, branches []Branch) Ruling {
	if len(branches) == 0 {
		return t.missing(what)
	}
	switch lie(branches, t.names) {
	case yes:
		return Ruling{Verdict: Allowed}
	case no:
		return t.rule(Refused, "", "term-"+what, "It pays only for the %s %s; this use is for %s.", what, Either(t.names), ids(branches))
	}
	return t.rule(NotKnown, what, "term-"+what+"-part",
		"It pays only for the %s %s; this use is for %s, which is not all within: record how much is for which.", what, Either(t.names), ids(branches))
}

func (t Term) judgeWord(what, word string) Ruling {
	switch {
	case strings.TrimSpace(word) == "":
		return t.missing(what)
	case among(word, t.names):
		return Ruling{Verdict: Allowed}
	}
	return t.rule(Refused, "", "term-"+strings.ReplaceAll(what, " ", "-"), "It pays only for the %s %s; this use is %s.", what, Either(t.names), word)
}

// judgeSpendBy refuses a use that begins too late, or whose own dates run on
// too late. A year that begins in time may be spent in time.
func (t Term) judgeSpendBy(u Use) Ruling {
	begins := u.Period.From
	if begins.IsZero() && u.Year != fiscal.Term {
		begins = u.Year.Start()
	}
	if begins.IsZero() {
		begins = u.On
	}
	switch {
	case begins.IsZero():
		return t.missing("date")
	case begins > t.spendBy:
		return t.rule(Refused, "", "term-spend-by", "It must be spent by %s; this use begins on %s.", t.spendBy, begins)
	case u.Period.To > t.spendBy.AddDays(1):
		return t.rule(Refused, "", "term-spend-by-end", "It must be spent by %s; this use runs to %s.", t.spendBy, u.Period.To.AddDays(-1))
	}
	return Ruling{Verdict: Allowed}
}

// Judge says whether the use lies within the award's own dates. A use labelled
// only with a year needs the award to run in some part of that year.
func (a Award) Judge(u Use) Ruling {
	inside := a.RunsIn(u.Year)
	if u.Period != (fiscal.Period{}) {
		starts := a.Term.From <= u.Period.From
		ends := a.Term.To.IsZero() || !u.Period.To.IsZero() && u.Period.To <= a.Term.To
		inside = starts && ends
	}
	if inside {
		return Ruling{Verdict: Allowed}
	}
	var when any = u.Year
	if u.Period != (fiscal.Period{}) {
		when = u.Period
	}
	return Ruling{Verdict: Refused, Code: "award-period", Args: []any{a.ID, a.Term, when},
		Reason: fmt.Sprintf("Award %s runs %s; this use is for %s.", a.ID, a.Term, when)}
}

// JudgeYear says whether the award runs on some day of a year on which what it
// pays for runs too; a service's dates cut into the year only where they fall
// within it. Money that its terms let be carried forward may be spent later.
func (a Award) JudgeYear(y fiscal.Year, runs fiscal.Period, mayCarry bool) Ruling {
	during, runsInYear := y.Period().Intersect(runs)
	carried := mayCarry && !a.Term.To.IsZero() && y.Start() >= a.Term.To
	if y == fiscal.Term || runsInYear && (carried || a.Term.Overlaps(during)) {
		return Ruling{Verdict: Allowed}
	}
	r := Ruling{Verdict: Refused, Code: "award-period", Args: []any{a.ID, a.Term, y},
		Reason: fmt.Sprintf("Award %s runs %s; this use is for %s.", a.ID, a.Term, y)}
	if runs != (fiscal.Period{}) {
		r.Args = append(r.Args, runs)
		r.Reason = fmt.Sprintf("Award %s runs %s; this use is for %s, and a service that runs %s.", a.ID, a.Term, y, runs)
	}
	return r
}

// MayCarry reports whether terms permit money to be carried past a year's end:
// one says so, and none refuses it.
func MayCarry(terms []Term) bool {
	permitted := false
	for _, t := range terms {
		p, speaks := t.CarryForward()
		switch {
		case !speaks:
		case p.Answer == PermissionRefused:
			return false
		case p.Answer == Permitted || p.Answer == PermittedUpTo:
			permitted = true
		}
	}
	return permitted
}

// answer is yes, no, or not sure; unsure is what a missing fact gives.
type answer uint8

const (
	unsure answer = iota
	yes
	no
)

// appliesTo says whether the term's conditions hold, and which fact is wanting
// when that is not sure.
func (t Term) appliesTo(u Use) (all answer, missing string) {
	all = yes
	asked := map[string]bool{}
	for _, c := range t.When {
		if asked[c.Key] {
			continue
		}
		asked[c.Key] = true
		switch t.conditionHolds(c.Key, u) {
		case no:
			return no, ""
		case unsure:
			if all == yes {
				all, missing = unsure, strings.ReplaceAll(c.Key, "-", " ")
			}
		}
	}
	return all, missing
}

func (t Term) conditionHolds(key string, u Use) answer {
	var values []string
	for _, c := range t.When {
		if c.Key == key {
			values = append(values, c.Value)
		}
	}
	word := ""
	switch key {
	case "area":
		return lie(u.Areas, values)
	case "objective":
		return lie(u.Objectives, values)
	case "element":
		word = u.Element
	case "cost-type":
		word = u.CostType
	case "level":
		word = u.Level
	}
	switch {
	case strings.TrimSpace(word) == "":
		return unsure
	case among(word, values):
		return yes
	}
	return no
}

// lie says whether branches lie within the named ones: all of them, none of
// any, or in part, which leaves it unsure which part the money is for.
func lie(branches []Branch, within []string) answer {
	inside, outside := 0, 0
	for _, b := range branches {
		switch b.within(within) {
		case yes:
			inside++
		case no:
			outside++
		}
	}
	switch {
	case len(branches) > 0 && inside == len(branches):
		return yes
	case len(branches) > 0 && outside == len(branches):
		return no
	}
	return unsure
}

func (b Branch) within(names []string) answer {
	wider := false
	for _, name := range names {
		if tag, tagged := strings.CutPrefix(name, "tag:"); tagged {
			if among(tag, b.Tags) {
				return yes
			}
			wider = wider || among(tag, b.TagsBelow)
			continue
		}
		if name == b.ID || slices.Contains(b.Up, name) {
			return yes
		}
		wider = wider || slices.Contains(b.Down, name)
	}
	if wider {
		return unsure
	}
	return no
}

// among finds a word in a list as people write it.
func among(word string, words []string) bool {
	return slices.Contains(words, word) ||
		slices.ContainsFunc(words, func(w string) bool { return plain(w) == plain(word) })
}

func ids(branches []Branch) (of Every) {
	for _, b := range branches {
		of = append(of, b.ID)
	}
	return of
}

func (t Term) missing(fact string) Ruling {
	return t.rule(NotKnown, fact, "term-missing", "It limits the %s, and this use does not say: record the %s.", fact, fact)
}

// rule gives a ruling that names the term first and quotes its clause last.
func (t Term) rule(v Verdict, missing, code, sentence string, args ...any) Ruling {
	words := make([]any, len(args))
	for i, arg := range args {
		words[i] = inEnglish(arg)
	}
	owner := t.Award
	if owner == "" {
		owner = t.Stream
	}
	reason := fmt.Sprintf("Term %s of %s (%s). ", t.ID, owner, t.Rule) + fmt.Sprintf(sentence, words...)
	if t.Clause != "" {
		reason += " The clause reads: “" + t.Clause + "”."
	}
	return Ruling{Verdict: v, Term: &t, Reason: reason, Missing: missing, Code: code, Args: append([]any{t.ID, owner}, args...)}
}
