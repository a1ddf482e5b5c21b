package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
)

// Save writes a scenario and its changes as the person has them. Was is the
// Version they saw, blank for a new one. Changes no longer among them are
// withdrawn. To save one again as it is says that it still holds on the ledger
// as it has become.
func Save(b *ledger.Book, actor decide.Actor, s Scenario, was, reason string) (*decide.Outcome, error) {
	s.ID, s.Name = strings.TrimSpace(s.ID), strings.TrimSpace(s.Name)
	for _, column := range []struct{ name, text string }{{"id", s.ID}, {"name", s.Name}} {
		if column.text == "" {
			return nil, &decide.Needs{Register: "scenarios", ID: s.ID, Column: column.name}
		}
	}
	now, met := b.Record("scenarios", s.ID)
	if err := open(now); met && err != nil {
		return nil, err
	}
	next := ledger.Record{Register: "scenarios", ID: s.ID}
	cells := map[string]string{"name": s.Name, "name_cy": strings.TrimSpace(s.NameCy), "note": strings.TrimSpace(s.Note),
		"state": cmp.Or(now.Get("state"), Draft), "by": cmp.Or(now.Get("by"), actor.Person), "year": "", "years": ""}
	if s.Year != 0 {
		cells["year"] = s.Year.String()
	}
	if s.Years > 0 {
		cells["years"] = strconv.Itoa(s.Years)
	}
	next = decide.Amended(next, cells)
	if Version(b, s.ID) != was {
		return nil, &decide.ChangedRecord{Register: "scenarios", ID: s.ID, Now: now, Yours: next}
	}
	stand := map[string]ledger.Record{}
	for _, r := range changesOf(b, s.ID) {
		stand[r.ID] = r
	}
	records := []ledger.Record{next}
	free := 0
	for n, c := range s.Changes {
		if err := c.Check(b); err != nil {
			return nil, err
		}
		if _, own := stand[c.ID]; c.ID == "" || !own {
			for free++; b.Has("changes", idOf(s.ID, free)); {
				free++
			}
			c.ID = idOf(s.ID, free)
		}
		cells := c.cells()
		cells["scenario"], cells["n"], cells["state"] = s.ID, strconv.Itoa(n+1), "stands"
		r := decide.Amended(ledger.Record{Register: "changes", ID: c.ID}, cells)
		if was, own := stand[c.ID]; !own || !slices.Equal(was.Values, r.Values) {
			records = append(records, r)
		}
		delete(stand, c.ID)
	}
	for _, r := range changesOf(b, s.ID) {
		if _, left := stand[r.ID]; left {
			records = append(records, decide.Amended(r, map[string]string{"state": Withdrawn}))
		}
	}
	return put(b, actor, reason, records...)
}

func idOf(scenario string, n int) string { return fmt.Sprintf("%s-%d", scenario, n) }

// open refuses a scenario that is done with.
func open(r ledger.Record) error {
	if state := r.Get("state"); state == Posted || state == Withdrawn {
		return &decide.NotWaiting{Register: "scenarios", ID: r.ID, State: state}
	}
	return nil
}

// put drafts records in one batch, as their register has them.
func put(b *ledger.Book, actor decide.Actor, reason string, records ...ledger.Record) (*decide.Outcome, error) {
	o := &decide.Outcome{Need: decide.Need{Alone: true}, Draft: b.Draft(ledger.Intent{Author: cmp.Or(actor.Name, actor.Person), Role: actor.Role,
		Reason: strings.TrimSpace(reason), Key: actor.Key, Source: actor.Source})}
	return o, o.Draft.Put(records...)
}

// Share lets others see a scenario and answer it.
func Share(b *ledger.Book, actor decide.Actor, id, reason string) (*decide.Outcome, error) {
	r, ok := b.Record("scenarios", id)
	if !ok {
		return nil, &ledger.NotFound{Register: "scenarios", ID: id}
	}
	if err := open(r); err != nil {
		return nil, err
	}
	if r.Get("state") == Shared {
		return nil, &decide.Unchanged{}
	}
	return put(b, actor, reason, decide.Amended(r, map[string]string{"state": Shared}))
}

// Withdraw takes a scenario back; who made it may, and finance.
func Withdraw(b *ledger.Book, actor decide.Actor, id, reason string) (*decide.Outcome, error) {
	r, ok := b.Record("scenarios", id)
	switch {
	case !ok:
		return nil, &ledger.NotFound{Register: "scenarios", ID: id}
	case open(r) != nil:
		return nil, open(r)
	case r.Get("by") != "" && r.Get("by") != actor.Person && actor.Role != "finance":
		return nil, &decide.NotAsker{ID: id}
	}
	return put(b, actor, reason, decide.Amended(r, map[string]string{"state": Withdrawn}))
}

// Response is what a group said of a scenario.
type Response struct {
	ID, Group, Said, Answer string
	People                  int // how many spoke; −1 where that is not said
	On                      fiscal.Date
}

// Respond keeps what a board, a partner or a group of young people says of a
// shared scenario, as a row of the register of views. People are counted and
// never named; −1 is not said.
func Respond(b *ledger.Book, actor decide.Actor, id, group string, people int, said string) (*decide.Outcome, error) {
	r, ok := b.Record("scenarios", id)
	group, said = strings.TrimSpace(group), strings.TrimSpace(said)
	switch state := r.Get("state"); {
	case !ok:
		return nil, &ledger.NotFound{Register: "scenarios", ID: id}
	case state != Shared:
		return nil, &decide.NotWaiting{Register: "scenarios", ID: id, State: cmp.Or(state, Draft)}
	case group == "":
		return nil, &decide.Needs{Register: "views", ID: id, Column: "group"}
	case said == "":
		return nil, &decide.Needs{Register: "views", ID: id, Column: "said"}
	}
	n := len(Responses(b, id)) + 1
	for b.Has("views", idOf("view-"+id, n)) {
		n++
	}
	cells := map[string]string{"about": "scenarios/" + id, "group": group, "said": said, "on": actor.Today.String(), "people": "?"}
	if people >= 0 {
		cells["people"] = strconv.Itoa(people)
	}
	return put(b, actor, "", decide.Amended(ledger.Record{Register: "views", ID: idOf("view-"+id, n)}, cells))
}

// Responses lists what was said of a scenario, in the order said.
func Responses(b *ledger.Book, id string) []Response {
	var all []Response
	for _, r := range b.Records("views") {
		if r.Get("about") != "scenarios/"+id {
			continue
		}
		one := Response{ID: r.ID, Group: r.Get("group"), Said: r.Get("said"), Answer: r.Get("answer"), People: -1}
		if n, err := strconv.Atoi(r.Get("people")); err == nil {
			one.People = n
		}
		one.On, _ = fiscal.ParseDate(r.Get("on"))
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(x, y Response) int {
		return cmp.Or(cmp.Compare(x.On, y.On), cmp.Compare(len(x.ID), len(y.ID)), cmp.Compare(x.ID, y.ID))
	})
	return all
}
