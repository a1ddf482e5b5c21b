package decide

import "braid/ledger"

// PlanExit writes a service's exit plan: how it ends, or goes on, when its
// money does. A plan names what is to happen and who sees to it; it is a draft
// until finance agrees to it, and again once it is changed.
func PlanExit(b *ledger.Book, actor Actor, plan ledger.Record, was, reason string) (*Outcome, error) {
	for _, column := range []string{"option", "owner"} {
		if plan.Get(column) == "" {
			return nil, &Needs{"exits", plan.ID, column}
		}
	}
	return PutRecord(b, actor, amended(plan, map[string]string{"state": "draft", "agreed_on": ""}), was, reason)
}

// AgreeExit signs an exit plan off, as the person saw it. Who wrote the draft
// does not agree to it.
func AgreeExit(b *ledger.Book, actor Actor, id, was, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "agreeing to the exit plan")
	if err != nil {
		return nil, err
	}
	plan, found := b.Record("exits", id)
	switch {
	case !found:
		return nil, &ledger.NotFound{Register: "exits", ID: id}
	case plan.Get("state") != "draft":
		return nil, &NotWaiting{Register: "exits", ID: id, State: plan.Get("state")}
	}
	_, seqs := b.Versions("exits", id)
	if head, _ := b.Head(seqs[len(seqs)-1]); head.Author == actor.name() {
		return nil, &OwnRequest{"exits", id, actor.name()}
	}
	return PutRecord(b, actor, amended(plan, map[string]string{"state": "agreed", "agreed_on": actor.Today.String()}), was, reason)
}
