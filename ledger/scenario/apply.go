package scenario

import (
	"maps"
	"slices"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Apply posts what a scenario decides, in one batch, by the ordinary rules and
// limits; the outcome lists every movement first. What it supposes is not
// posted: Suppositions lists it. It is refused where the ledger has changed
// under it since it was last saved, and where any part of it is refused. Where
// another must approve, the refusal is a decide.NeedsApproval, and Ask leaves
// it for them.
func Apply(b *ledger.Book, actor decide.Actor, id, reason string) (*decide.Outcome, error) {
	t, err := request(b, actor, id)
	if err != nil {
		return nil, err
	}
	return decide.Do(b, actor, t, reason)
}

// Ask leaves a scenario's decisions for another's approval.
func Ask(b *ledger.Book, actor decide.Actor, id, reason string) (*decide.Outcome, error) {
	t, err := request(b, actor, id)
	if err != nil {
		return nil, err
	}
	return decide.Ask(b, actor, t, reason)
}

// request is what a scenario decides, ready to be done or asked for.
func request(b *ledger.Book, actor decide.Actor, id string) (decide.Together, error) {
	var none decide.Together
	s, ok := Read(b, id)
	if !ok {
		return none, &ledger.NotFound{Register: "scenarios", ID: id}
	}
	r, _ := b.Record("scenarios", id)
	if err := open(r); err != nil {
		return none, err
	}
	decisions := s.Decisions()
	if len(decisions) == 0 {
		return none, &NothingToApply{s.Name}
	}
	v := b.View(actor.Today)
	l := newLayer(s, v)
	w := newWorking(v, l.next, l.last)
	for n, c := range decisions {
		w.take(n, c)
	}
	if len(w.refused) > 0 {
		return none, w.refused[0].Refusal
	}
	t := w.together()
	if err := moved(b, s, w); err != nil {
		return none, err
	}
	if len(t.Cells)+len(t.Carries)+len(t.Records) == 0 {
		return none, &decide.Unchanged{}
	}
	t.Scenario = id
	t.Records = append(t.Records, decide.Amendment{Register: "scenarios", ID: id, Was: decide.Version(b, "scenarios", id),
		Cells: map[string]string{"state": Posted, "applied": actor.Today.String()}})
	return t, nil
}

// moved refuses where money or a service that the scenario changes is not what
// it was when the scenario was last saved.
func moved(b *ledger.Book, s Scenario, w *working) error {
	_, seqs := b.Versions("scenarios", s.ID)
	if len(seqs) == 0 {
		return nil
	}
	saved := seqs[len(seqs)-1]
	_, after := b.Span(saved)
	net := map[place]money.Pence{}
	for i := after; i < b.Len(); i++ {
		e := b.Entry(i)
		for _, side := range []struct {
			ledger.Account
			sign money.Pence
		}{{e.From, -1}, {e.To, 1}} {
			if side.Stage.OfService() && side.Year != fiscal.Term {
				net[place{side.Award, side.Service, side.Year}] += side.sign * e.Amount
			}
		}
	}
	for _, here := range slices.SortedFunc(maps.Keys(w.cells), comparePlaces) {
		if one, by := w.cells[here], net[here]; by != 0 {
			return &Moved{Scenario: s.Name, Award: here.award, Service: here.service, Year: here.year, Was: one.was - by, Now: one.was}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.services)) {
		if _, seqs := b.Versions("services", id); len(seqs) > 0 && seqs[len(seqs)-1] > saved {
			return &Moved{Scenario: s.Name, Service: id}
		}
	}
	return nil
}
