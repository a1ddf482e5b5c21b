package funding

import (
	"cmp"
	"strings"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// AdminCost is the cost type that an admin-cap counts: what runs the programme.
const AdminCost = "admin"

// ShareRule keeps a part of the year's figure at or above a share (Min), or at
// or below it. The ledger adds up the part; the rule judges it.
type ShareRule struct {
	Min       bool
	Share     money.Share
	Dimension string // objective, area, age, element or cost-type
	ID        string // which one; for age, "4-10"
}

// ShareRule is the term's minimum, maximum or administration share, if it is one.
func (t Term) ShareRule() (ShareRule, bool) {
	min := t.Rule == RuleMinShare
	is := t.read && (min || t.Rule == RuleMaxShare || t.Rule == RuleAdminCap)
	if !is {
		return ShareRule{}, false
	}
	return ShareRule{Min: min, Share: t.share, Dimension: t.dimension, ID: t.id}, true
}

// Judge compares a part with the figure it is a share of, exactly. A part that
// is only known to be at least so much can pass a minimum or break a maximum,
// and nothing else.
func (r ShareRule) Judge(figure money.Amount, part money.Sum) Ruling {
	what := strings.TrimSpace(r.Dimension + " " + r.ID)
	whole, known := figure.Known()
	switch {
	case part.Err() != nil:
		return Ruling{Verdict: NotKnown, Missing: "amounts", Code: "share-range", Args: []any{what},
			Reason: "The money for " + what + " is too large to add up."}
	case !known:
		return Ruling{Verdict: NotKnown, Missing: "figure", Code: "share-figure", Args: []any{what},
			Reason: "The award's figure is not known, so the share for " + what + " cannot be told."}
	}
	against := r.compare(whole, part.Pence())
	settled := part.State() == money.Exact
	found := inEnglish(part)
	args := []any{what, part, r.Share.String(), whole}
	switch {
	case r.Min && against >= 0, !r.Min && against <= 0 && settled:
		return Ruling{Verdict: Allowed}
	case r.Min && settled:
		return Ruling{Verdict: Refused, Code: "share-under", Args: args,
			Reason: "The money for " + what + " is " + found + ", less than " + r.Share.String() + " of " + whole.Exact() + "."}
	case !r.Min && against > 0:
		return Ruling{Verdict: Refused, Code: "share-over", Args: args,
			Reason: "The money for " + what + " is " + found + ", more than " + r.Share.String() + " of " + whole.Exact() + "."}
	}
	return Ruling{Verdict: NotKnown, Missing: "amounts", Code: "share-amounts", Args: args,
		Reason: "Part of the money for " + what + " is not known, so its share of " + whole.Exact() + " cannot be told."}
}

// compare says how a part stands to its share of the whole: -1 below, 0 at it,
// 1 above. Any share of nought is nought.
func (r ShareRule) compare(whole, part money.Pence) int {
	if whole <= 0 || part < 0 {
		return cmp.Compare(part, 0)
	}
	actual, err := money.NewShare(int64(part), int64(whole))
	if err != nil {
		return 1
	}
	return actual.Cmp(r.Share)
}

// MatchRule asks for other money beside the award's: at least this share of it.
type MatchRule struct{ Share money.Share }

// Match is the term's match rule, if it is one.
func (t Term) Match() (MatchRule, bool) {
	if !t.read || t.Rule != RuleMatch {
		return MatchRule{}, false
	}
	return MatchRule{Share: t.share}, true
}

// Judge compares the match found with the grant it is to match.
func (m MatchRule) Judge(grant money.Amount, match money.Sum) Ruling {
	return ShareRule{Min: true, Share: m.Share, Dimension: "match", ID: "funding"}.Judge(grant, match)
}

// Baseline is what core budget paid before the grant; the grant must add to it.
type Baseline struct {
	Year   fiscal.Year // fiscal.Term when not stated
	Amount money.Amount
}

// Additional is the term's baseline, if it is an additionality rule.
func (t Term) Additional() (Baseline, bool) {
	return t.baseline, t.read && t.Rule == RuleAdditional
}

// Permission is the funder's answer on carrying money forward or moving it.
type Permission struct {
	Answer Answer
	UpTo   money.Share // with PermittedUpTo: of the year's figure
}

// Answer is closed; the zero value is that nobody knows.
type Answer uint8

const (
	PermissionUnknown Answer = iota
	Permitted
	Asked // it must be asked for, or has been, and no answer is recorded
	PermissionRefused
	PermittedUpTo
)

var answerWords = []string{"unknown", "permitted", "asked", "refused", "permitted up to a share"}

func (a Answer) String() string { return wordFor(answerWords, int(a)) }

// CarryForward is the term's permission to carry money into the next year, if
// it is such a rule.
func (t Term) CarryForward() (Permission, bool) {
	return t.permission, t.read && t.Rule == RuleCarryForward
}

// Virement is the term's permission to move money, if it is such a rule.
func (t Term) Virement() (Permission, bool) {
	return t.permission, t.read && t.Rule == RuleVirement
}

// Judge says whether money moved this year, this move included, is permitted.
func (p Permission) Judge(figure money.Amount, moved money.Sum) Ruling {
	switch p.Answer {
	case Permitted:
		return Ruling{Verdict: Allowed}
	case PermittedUpTo:
		return ShareRule{Share: p.UpTo, Dimension: "moves this year"}.Judge(figure, moved)
	case PermissionRefused:
		return Ruling{Verdict: Refused, Code: "permission-refused", Reason: "The funder does not permit it."}
	case Asked:
		return Ruling{Verdict: NotKnown, Missing: "permission", Code: "permission-asked", Reason: "The funder has to permit it, and no answer is recorded."}
	}
	return Ruling{Verdict: NotKnown, Missing: "permission", Code: "permission-unknown", Reason: "It is not recorded whether the funder permits it."}
}

// SpendBy is the last day for spending, if the term sets one.
func (t Term) SpendBy() (fiscal.Date, bool) { return t.spendBy, t.read && t.Rule == RuleSpendBy }

// AgesAllowed is the band of ages the money is for, if the term sets one.
func (t Term) AgesAllowed() (Ages, bool) { return t.ages, t.read && t.Rule == RuleAges }
