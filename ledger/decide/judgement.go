package decide

import (
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// The verdicts on a finding.
const (
	Duplicates = "duplication"
	BothNeeded = "both needed"
	Accepted   = "accepted"
	NotSure    = "not sure"
)

// JudgeFinding records an officer's answer to a finding, on the facts it rests
// on now: it silences the finding until they change or its review is due. What
// is accepted has a review date; who is not sure says whom they asked.
func JudgeFinding(b *ledger.Book, actor Actor, finding check.Finding, verdict, reason string, reviewOn fiscal.Date, asked string) (*Outcome, error) {
	reason, err := reasoned(reason, "this answer")
	if err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains([]string{Duplicates, BothNeeded, Accepted, NotSure}, verdict):
		return nil, &ledger.Malformed{Register: "judgements", ID: finding.ID, Column: "verdict", Found: verdict, Remedy: "write duplication, both needed, accepted or not sure"}
	case verdict == Accepted && reviewOn.IsZero():
		return nil, &Needs{"judgements", finding.ID, "review_on"}
	case verdict == NotSure && strings.TrimSpace(asked) == "":
		return nil, &Needs{"judgements", finding.ID, "asked"}
	case !reviewOn.IsZero() && reviewOn <= actor.Today:
		return nil, &BadDate{"review_on", reviewOn, actor.Today, true}
	}
	o := &Outcome{Draft: actor.draft(b, reason), Need: Need{Alone: true}}
	return o, o.Draft.Put(record("judgements", finding.ID, map[string]string{"verdict": verdict, "facts": finding.FactsHash(), "reason": reason,
		"review_on": reviewOn.String(), "asked": strings.TrimSpace(asked), "by": actor.name()}))
}

// AcceptGap records that a gap is known and left until a date.
func AcceptGap(b *ledger.Book, actor Actor, finding check.Finding, reason string, reviewOn fiscal.Date) (*Outcome, error) {
	return JudgeFinding(b, actor, finding, Accepted, reason, reviewOn, "")
}

// Except records the ground on which a term is set aside for one service.
func Except(b *ledger.Book, actor Actor, award, service, term, ground string) (*Outcome, error) {
	ground, err := reasoned(ground, "setting this term aside")
	if err != nil {
		return nil, err
	}
	for _, c := range [][2]string{{"award", award}, {"service", service}, {"term", term}} {
		if c[1] == "" {
			return nil, &Needs{"exceptions", award + "/" + service, c[0]}
		}
	}
	o := &Outcome{Draft: actor.draft(b, ground), Need: Need{Alone: true}}
	return o, o.Draft.Put(record("exceptions", award+"/"+service+"/"+term, map[string]string{"award": award, "service": service, "term": term, "ground": ground, "by": actor.name()}))
}

// AllowAtRisk records leave to commit money before it is secured: how much,
// until when, and who bears the loss if it does not come. A blank service is
// every service of the award.
func AllowAtRisk(b *ledger.Book, actor Actor, award, service string, ceiling money.Pence, until fiscal.Date, bearsLoss, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "committing money before it is secured")
	if err != nil {
		return nil, err
	}
	id := strings.TrimSuffix(award+"/"+service, "/")
	switch {
	case award == "":
		return nil, &Needs{"approvals", id, "award"}
	case ceiling <= 0:
		return nil, &BadAmount{ceiling, 1}
	case until.IsZero():
		return nil, &Needs{"approvals", id, "until"}
	case until < actor.Today:
		return nil, &BadDate{"until", until, actor.Today.AddDays(-1), true}
	case strings.TrimSpace(bearsLoss) == "":
		return nil, &Needs{"approvals", id, "bears_loss"}
	}
	o := &Outcome{Draft: actor.draft(b, reason), Need: Need{Alone: true}}
	return o, o.Draft.Put(record("approvals", id, map[string]string{"award": award, "service": service, "ceiling": ceiling.String(), "until": until.String(), "by": actor.name(), "bears_loss": strings.TrimSpace(bearsLoss)}))
}
