package funding

import (
	"fmt"
	"strconv"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Term is one rule of a stream or of an award, with the clause it rests on.
// The plain fields are the register's row; NewTerm reads the value.
type Term struct {
	ID            string
	Stream, Award string // one of the two
	Rule          Rule
	Value         string      // as written
	When          []Condition // blank: always
	Clause        string      // the words of the paper
	Source        string
	InForce       fiscal.Period

	read       bool // set by NewTerm; a term nobody has read allows nothing
	ages       Ages
	names      []string // areas, objectives, cost types, elements or levels
	share      money.Share
	dimension  string
	id         string
	baseline   Baseline
	permission Permission
	spendBy    fiscal.Date
}

// Rule is what a term limits.
type Rule uint8

const (
	RuleNotStated Rule = iota
	RuleAges
	RuleAreas
	RuleObjectives
	RuleCostType
	RuleElements
	RuleLevel
	RuleMinShare
	RuleMaxShare
	RuleMatch
	RuleAdminCap
	RuleAdditional
	RuleCarryForward
	RuleVirement
	RuleSpendBy
)

var ruleWords = []string{"not stated", "ages", "areas", "objectives", "cost-type", "elements", "level", "min-share", "max-share",
	"match", "admin-cap", "additional", "carry-forward", "virement", "spend-by"}

func (r Rule) String() string { return wordFor(ruleWords, int(r)) }

// ParseRule reads a rule's name. There is no term without a rule.
func ParseRule(text string) (Rule, error) {
	i, err := readLabel("rule", text, ruleWords)
	if err != nil || i == 0 {
		return 0, &UnknownLabel{What: "rule", Text: text, Allowed: ruleWords[1:]}
	}
	return Rule(i), nil
}

// Condition limits a term to some uses: area=tag:fs-phase-2, element=childcare.
// Conditions with one key are alternatives; different keys must all hold.
type Condition struct{ Key, Value string }

// ParseWhen reads conditions written key=value, with semicolons between.
func ParseWhen(text string) ([]Condition, error) {
	var when []Condition
	for _, part := range split(text) {
		key, value, found := strings.Cut(part, "=")
		c := Condition{Key: conditionKey(key), Value: strings.TrimSpace(value)}
		if !found || c.Key == "" || c.Value == "" {
			return nil, &BadTerm{Value: part, Remedy: "write a condition as area=, objective=, element=, cost-type= or level= and a value, such as area=tag:fs-phase-2"}
		}
		when = append(when, c)
	}
	return when, nil
}

func conditionKey(text string) string {
	switch key := plain(text); key {
	case "area", "objective", "element", "level":
		return key
	case "cost type":
		return "cost-type"
	}
	return ""
}

// BadTerm is a term whose value cannot be read.
type BadTerm struct {
	ID     string
	Rule   Rule
	Value  string
	Remedy string
}

func (e *BadTerm) Error() string {
	what := "condition"
	if e.Rule != RuleNotStated {
		what = e.Rule.String() + " rule"
	}
	if e.ID != "" {
		what = "term " + e.ID + ": " + what
	}
	return fmt.Sprintf("%s: cannot read %q; %s", what, cut(e.Value), e.Remedy)
}

// NewTerm checks a term's facts and reads its value by its rule.
func NewTerm(t Term) (Term, error) {
	bad := func(remedy string) (Term, error) {
		return Term{}, &BadTerm{ID: t.ID, Rule: t.Rule, Value: t.Value, Remedy: remedy}
	}
	if (t.Stream == "") == (t.Award == "") {
		return bad("say which stream or which award the term belongs to, one of the two")
	}
	for _, c := range t.When {
		if c.Value == "" || c.Key == "" || conditionKey(c.Key) != c.Key {
			return Term{}, &BadTerm{ID: t.ID, Value: c.Key + "=" + c.Value, Remedy: "a condition is on area, objective, element, cost-type or level"}
		}
	}
	var ok bool
	switch t.Rule {
	case RuleAges:
		if t.ages, ok = readAges(t.Value); !ok {
			return bad("write whole years, both counted, such as 0-3, 5 to 13, under 4 or 11+")
		}
	case RuleAreas, RuleObjectives, RuleCostType, RuleElements, RuleLevel:
		if t.names = split(t.Value); len(t.names) == 0 {
			return bad("list what the money may be used for, with semicolons between; an area may be tag: and a tag")
		}
	case RuleMinShare, RuleMaxShare:
		if t.share, t.dimension, t.id, ok = readPart(t.Value); !ok {
			return bad("write a share of at most 100% and what it is a share for, such as 25% objective:play; it may be objective, area, age, element or cost-type")
		}
	case RuleAdminCap:
		if t.share, ok = readShare(t.Value); !ok {
			return bad("write a share of at most 100%, such as 10%")
		}
		t.dimension, t.id = "cost-type", AdminCost
	case RuleMatch:
		share, err := money.ParseShare(strings.TrimSpace(t.Value))
		if err != nil {
			return bad("write the match as a share of the grant, such as 50%; pound for pound is 100%")
		}
		t.share = share
	case RuleAdditional:
		if t.baseline, ok = readBaseline(t.Value); !ok {
			return bad("write the base year and the base amount, such as 2024-25; £120,000, or leave both out when they are not known")
		}
	case RuleCarryForward, RuleVirement:
		if t.permission, ok = readPermission(t.Value); !ok {
			return bad("write permitted, asked, refused or unknown, or the most that is permitted, such as 10%")
		}
	case RuleSpendBy:
		day, err := fiscal.ParseDate(strings.TrimSpace(t.Value))
		if err != nil {
			day, err = fiscal.ParseDateAs(strings.TrimSpace(t.Value), fiscal.DayFirst)
		}
		if err != nil || day.IsZero() {
			return bad("write the last day for spending, such as 2027-03-31 or 31 March 2027")
		}
		t.spendBy = day
	default:
		return bad("name the rule: " + choice(ruleWords[1:]))
	}
	t.read = true
	return t, nil
}

// Ages is a band of whole years, both ends counted: under 4 is 0 to 3.
type Ages struct {
	From, To int
	Known    bool
}

// oldest closes a band such as "11 and over".
const oldest = 120

func readAges(text string) (Ages, bool) {
	band := dashes.Replace(strings.Join(strings.Fields(strings.ToLower(text)), " "))
	first, second, isRange := strings.Cut(band, "-")
	if under, found := strings.CutPrefix(band, "under "); found {
		to, ok := readAge(under)
		return Ages{From: 0, To: to - 1, Known: true}, ok && to > 0
	}
	if over, found := strings.CutSuffix(band, "+"); found {
		first, second, isRange = over, strconv.Itoa(oldest), true
	}
	if !isRange {
		second = first
	}
	from, okFrom := readAge(first)
	to, okTo := readAge(second)
	return Ages{From: from, To: to, Known: true}, okFrom && okTo && from <= to
}

// dashes turns the ways of writing a band into one.
var dashes = strings.NewReplacer(" to ", "-", " - ", "-", " – ", "-", "–", "-", "—", "-", " and over", "+")

func readAge(text string) (int, bool) {
	n, err := strconv.ParseUint(text, 10, 8)
	return int(n), err == nil && n <= oldest
}

// readShare reads a share that may not pass the whole.
func readShare(text string) (money.Share, bool) {
	share, err := money.ParseShare(strings.TrimSpace(text))
	if err != nil {
		return money.Share{}, false
	}
	whole, err := money.NewShare(1, 1)
	return share, err == nil && share.Cmp(whole) <= 0
}

// readPart reads "25% objective:x": a share, and what it is a share for.
func readPart(text string) (share money.Share, dimension, id string, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	share, ok = readShare(first)
	dimension, id, found := strings.Cut(rest, ":")
	dimension, id = strings.ReplaceAll(plain(dimension), " ", "-"), strings.TrimSpace(id)
	switch dimension {
	case "objective", "area", "element", "cost-type":
	case "age":
		ages, read := readAges(id)
		id, ok = fmt.Sprintf("%d-%d", ages.From, ages.To), ok && read
	default:
		ok = false
	}
	return share, dimension, id, ok && found && id != ""
}

// readBaseline reads "2024-25; £120,000", with or without base_year= and base_amount=.
func readBaseline(text string) (Baseline, bool) {
	b := Baseline{Amount: money.Unknown}
	for _, part := range split(text) {
		key, value, named := strings.Cut(part, "=")
		if !named {
			key, value = "", part
		}
		value = strings.TrimSpace(value)
		year, notYear := fiscal.ParseYear(value)
		amount, given, notAmount := money.Parse(value, money.NotNegative)
		switch key = plain(key); {
		case notYear == nil && b.Year == fiscal.Term && (key == "" || key == "base year"):
			b.Year = year
		case notAmount == nil && given && b.Amount.IsUnknown() && (key == "" || key == "base amount"):
			b.Amount = amount
		default:
			return Baseline{}, false
		}
	}
	return b, true
}

func readPermission(text string) (Permission, bool) {
	switch plain(text) {
	case "permitted", "allowed", "yes":
		return Permission{Answer: Permitted}, true
	case "asked", "ask", "on request":
		return Permission{Answer: Asked}, true
	case "refused", "not permitted", "not allowed", "none", "no":
		return Permission{Answer: PermissionRefused}, true
	case "unknown", "not known", "?", "":
		return Permission{}, true
	}
	limit, ok := readShare(text)
	return Permission{Answer: PermittedUpTo, UpTo: limit}, ok
}

// split reads a list with semicolons between.
func split(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
