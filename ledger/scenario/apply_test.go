package scenario_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/scenario"
)

func officer(name string) decide.Actor {
	return decide.Actor{Person: name, Name: name, Role: "commissioner", Today: day("2027-01-12")}
}

// post seals an outcome.
func post(t testing.TB, o *decide.Outcome, err error) *ledger.Book {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	_, b := o.Draft.Seal(time.Time{})
	if err := b.CheckBalances(); err != nil {
		t.Fatal(err)
	}
	return b
}

func saved(t testing.TB, b *ledger.Book, changes ...scenario.Change) *ledger.Book {
	t.Helper()
	o, err := scenario.Save(b, officer("ann"), of(changes...), scenario.Version(b, "s"), "tried")
	return post(t, o, err)
}

func TestSaveShareRespondWithdraw(t *testing.T) {
	b := town(t).Book
	put := scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2027, ToYear: 2029, Amount: 50 * k, Objective: "trouble", Why: "to keep it"}
	cut := scenario.Change{Kind: scenario.AwardCut, Award: "ff", Percent: 25, Year: 2028}
	nought := scenario.Change{Kind: scenario.MoneyPut, Award: "ff", Service: "play", Year: 2027}
	b = saved(t, b, cut, put, nought)
	s := stored(t, b, "s")
	if s.State != scenario.Draft || s.By != "ann" || len(s.Changes) != 3 {
		t.Fatalf("saved as %+v", s)
	}
	for n, c := range []scenario.Change{cut, put, nought} {
		c.ID = s.Changes[n].ID
		if s.Changes[n] != c {
			t.Errorf("%+v is read back as %+v", c, s.Changes[n])
		}
	}

	// in another order, with one less and one more
	version := scenario.Version(b, "s")
	stops := scenario.Change{Kind: scenario.ServiceStops, Service: "play", Date: day("2027-08-01")}
	again := s
	again.Note, again.Year, again.Years = "Second thoughts", 2028, 5
	again.Changes = []scenario.Change{s.Changes[1], stops, s.Changes[0]}
	o, err := scenario.Save(b, officer("bob"), again, version, "again")
	b = post(t, o, err)
	s = stored(t, b, "s")
	if len(s.Changes) != 3 || s.Changes[0].Kind != scenario.MoneyPut || s.Changes[1].Kind != scenario.ServiceStops || s.Changes[2].Kind != scenario.AwardCut || s.By != "ann" || s.Year != 2028 || s.Years != 5 {
		t.Errorf("saved again as %+v", s)
	}
	if got := len(s.Suppositions()); got != 1 || len(s.Decisions()) != 2 {
		t.Errorf("%d are supposed", got)
	}
	o, err = decide.Undo(b, officer("bob"), b.Sequence())
	undone := post(t, o, err)
	if was := stored(t, undone, "s"); len(was.Changes) != 3 || was.Changes[2].Amount != 0 || was.Note != "" {
		t.Errorf("undone, it is %+v", was)
	}
	o, err = decide.Undo(b, officer("ann"), b.Sequence()-1)
	if held := (*decide.CannotUndo)(nil); !errors.As(err, &held) {
		t.Errorf("what was changed since is undone: %v", err)
	}
	var stale *decide.ChangedRecord
	if _, err := scenario.Save(b, officer("ann"), again, version, "again"); !errors.As(err, &stale) {
		t.Errorf("an edit of what another saved: %v", err)
	}
	if all := scenario.All(b); len(all) != 1 || !slices.Equal(all[0].Changes, s.Changes) {
		t.Errorf("all are %+v", all)
	}

	var waits *decide.NotWaiting
	if _, err := scenario.Respond(b, officer("ann"), "s", "North board", 9, "No"); !errors.As(err, &waits) {
		t.Errorf("an answer to a draft: %v", err)
	}
	o, err = scenario.Share(b, officer("ann"), "s", "")
	b = post(t, o, err)
	for _, said := range []string{"Keep the scheme", "Not in the holidays"} {
		o, err = scenario.Respond(b, officer("ann"), "s", "Youth forum", 12, said)
		b = post(t, o, err)
	}
	o, err = scenario.Respond(b, officer("ann"), "s", "Health board", -1, "We agree")
	b = post(t, o, err)
	said := scenario.Responses(b, "s")
	if len(said) != 3 || said[0].Said != "Keep the scheme" || said[0].People != 12 || said[2].People != -1 || said[0].On != day("2027-01-12") {
		t.Errorf("said: %+v", said)
	}

	var asker *decide.NotAsker
	if _, err := scenario.Withdraw(b, officer("bob"), "s", ""); !errors.As(err, &asker) {
		t.Errorf("another takes it back: %v", err)
	}
	o, err = scenario.Withdraw(b, officer("ann"), "s", "")
	b = post(t, o, err)
	if _, err := scenario.Save(b, officer("ann"), s, scenario.Version(b, "s"), ""); !errors.As(err, &waits) {
		t.Errorf("what was taken back is saved: %v", err)
	}
	if _, err := scenario.Apply(b, officer("ann"), "s", "x"); !errors.As(err, &waits) {
		t.Errorf("what was taken back is applied: %v", err)
	}
}

var (
	moves = []scenario.Change{
		{Kind: scenario.MoneyMoved, Award: "ff", Service: "play", ToService: "youth", Year: 2027, Amount: 30 * k},
		{Kind: scenario.MoneyPut, Award: "core", Service: "hubs", Year: 2027, ToYear: 2028, Amount: 264 * k},
		{Kind: scenario.AwardMoved, Award: "fs", Year: 2026, ToYear: 2027, Amount: 20 * k},
		{Kind: scenario.ServiceMerged, Service: "play", ToService: "youth", Year: 2028, Percent: 20},
	}
	worlds = []scenario.Change{
		{Kind: scenario.AwardCut, Award: "core", Percent: 5, Year: 2029},
		{Kind: scenario.Prices, Rate: "2%"},
		{Kind: scenario.ServiceProtected, Service: "hubs"},
	}
)

// Applying posts what is decided and nothing else, all in one batch; and then
// the ledger says what the scenario said of its decisions.
func TestApply(t *testing.T) {
	v := town(t)
	b := saved(t, v.Book, append(slices.Clone(worlds), moves...)...)
	actor := officer("ann")
	actor.Role = "finance"
	said := scenario.Work(v, of(moves...), 4)
	o, err := scenario.Apply(b, actor, "s", "agreed by cabinet")
	after := post(t, o, err)
	if len(o.Steps) != len(said.Steps) || after.Sequence() != b.Sequence()+1 {
		t.Errorf("it lists %d movements and posts %d batches", len(o.Steps), after.Sequence()-b.Sequence())
	}
	for i, s := range o.Steps {
		if s != said.Steps[i] {
			t.Errorf("it posts %+v where %+v was shown", s, said.Steps[i])
		}
	}
	same(t, scenario.Work(after.View(v.AsAt), scenario.Nothing(""), 4), said)
	if s := stored(t, after, "s"); s.State != scenario.Posted || s.Applied != v.AsAt || len(s.Suppositions()) != 3 {
		t.Errorf("it is %s on %s", s.State, s.Applied)
	} else if o := scenario.Work(after.View(v.AsAt), s, 4); len(o.Refused) > 0 || len(o.Steps) > 0 {
		t.Errorf("applied, it is laid again: %v, refused %v", o.Steps, o.Refused)
	}
	if figures := after.Figures("core", 2029); len(figures) != 1 {
		t.Error("what was supposed is stated")
	}
	o, err = decide.Undo(after, actor, after.Sequence())
	undone := post(t, o, err)
	same(t, scenario.Work(undone.View(v.AsAt), scenario.Nothing(""), 4), scenario.Work(v, scenario.Nothing(""), 4))
}

func same(t rapid.TB, got, want *scenario.Outcome) {
	t.Helper()
	for _, y := range want.Projection.Years {
		for _, l := range forecast.Lines() {
			if g, w := got.Projection.Total(l, y), want.Projection.Total(l, y); g != w {
				t.Errorf("%s of %s is %v, and was to be %v", l, y, g, w)
			}
		}
		for _, s := range want.Projection.Services {
			for _, l := range []forecast.Line{forecast.TotalCost, forecast.Secured, forecast.Core, forecast.Gap} {
				if g, w := got.Projection.Of(s.ID, l, y), want.Projection.Of(s.ID, l, y); g != w {
					t.Errorf("%s of %s in %s is %v, and was to be %v", l, s.ID, y, g, w)
				}
			}
		}
	}
}

func TestApplyIsHeldToTheRules(t *testing.T) {
	v := town(t)
	apply := func(b *ledger.Book) error {
		_, err := scenario.Apply(b, officer("ann"), "s", "agreed")
		return err
	}
	var nothing *scenario.NothingToApply
	if err := apply(saved(t, v.Book, worlds...)); !errors.As(err, &nothing) {
		t.Errorf("what only supposes: %v", err)
	}
	var breach *ledger.Breach
	if err := apply(saved(t, v.Book, scenario.Change{Kind: scenario.MoneyPut, Award: "fs", Service: "play", Year: 2027, Amount: 10 * k})); !errors.As(err, &breach) {
		t.Errorf("what the terms refuse: %v", err)
	}
	var short *ledger.Short
	if err := apply(saved(t, v.Book, scenario.Change{Kind: scenario.CoreAdded, Award: "core", Amount: 900 * k}, scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2027, Amount: 900 * k})); !errors.As(err, &short) {
		t.Errorf("what rests on money not yet voted: %v", err)
	}
	var approval *decide.NeedsApproval
	if err := apply(saved(t, v.Book, moves...)); !errors.As(err, &approval) || !approval.Need.MayApprove("finance") {
		t.Errorf("carrying money is finance's: %v", err)
	}
	var reason *ledger.NeedsReason
	if _, err := scenario.Apply(saved(t, v.Book, moves...), officer("ann"), "s", " "); !errors.As(err, &reason) {
		t.Errorf("without a reason: %v", err)
	}
	var missing *ledger.NotFound
	if _, err := scenario.Apply(v.Book, officer("ann"), "s", "x"); !errors.As(err, &missing) {
		t.Errorf("what is not there: %v", err)
	}
}

// A ledger that has changed under a scenario refuses it, until somebody has
// looked and saved it again; what does not concern it does not matter.
func TestApplyToALedgerThatMoved(t *testing.T) {
	v := town(t)
	put := scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2028, Amount: 50 * k}
	resize := scenario.Change{Kind: scenario.ServiceResized, Service: "hubs", Percent: 50, Year: 2028}
	b := saved(t, v.Book, put, resize)
	allocate := func(b *ledger.Book, service string) *ledger.Book {
		o, err := decide.Do(b, officer("bob"), decide.Allocation{Award: "core", Service: service, Year: 2028, Amount: 10 * k}, "meanwhile")
		return post(t, o, err)
	}
	o, err := scenario.Apply(allocate(b, "hubs"), officer("ann"), "s", "agreed")
	post(t, o, err)
	var moved *scenario.Moved
	other := allocate(b, "play")
	if _, err := scenario.Apply(other, officer("ann"), "s", "agreed"); !errors.As(err, &moved) || moved.Award != "core" || moved.Service != "play" || moved.Was != 0 || moved.Now != 10*k || moved.Year != fiscal.Year(2028) {
		t.Errorf("a cell that changed: %v", err)
	}
	o, err = scenario.Apply(saved(t, other, stored(t, other, "s").Changes...), officer("ann"), "s", "agreed")
	post(t, o, err)
	r, _ := b.Record("services", "hubs")
	o, err = decide.PutRecord(b, officer("bob"), decide.Amended(r, map[string]string{"2028-29": "1.00"}), decide.Version(b, "services", "hubs"), "meanwhile")
	changed := post(t, o, err)
	if _, err := scenario.Apply(changed, officer("ann"), "s", "agreed"); !errors.As(err, &moved) || moved.Service != "hubs" || moved.Award != "" {
		t.Errorf("a service that changed: %v", err)
	}
}

// What one may not apply alone waits for another, who posts the same.
func TestAskToApply(t *testing.T) {
	v := town(t)
	b := saved(t, v.Book, moves...)
	o, err := scenario.Ask(b, officer("ann"), "s", "agreed by the partnership")
	asked := post(t, o, err)
	fin := decide.Actor{Person: "fin", Name: "fin", Role: "finance", Today: v.AsAt}
	o, err = decide.Approve(asked, fin, "ask-3", "within the plan")
	after := post(t, o, err)
	same(t, scenario.Work(after.View(v.AsAt), scenario.Nothing(""), 4), scenario.Work(v, of(moves...), 4))
	if s := stored(t, after, "s"); s.State != scenario.Posted {
		t.Errorf("it is %s", s.State)
	}
	if _, err := decide.Approve(asked, officer("ann"), "ask-3", "mine"); err == nil {
		t.Error("who asked approves")
	}
}

// Options of the demo are applied as they are seeded: beyond what a
// commissioner may do alone, or within.
func TestApplyTheDemosOption(t *testing.T) {
	v := demo(t)
	o, err := scenario.Apply(v.Book, officer("priya"), "end-play-scheme", "the option chosen")
	after := post(t, o, err)
	if len(o.Steps) < 8 {
		t.Errorf("it lists %d movements", len(o.Steps))
	}
	y, _ := scenario.Work(after.View(v.AsAt), scenario.Nothing(""), 4).In(2027)
	if y.Gap != (forecast.Figure{Amount: 238_400_00}) || len(y.Short) != 1 {
		t.Errorf("then the gap is %v", y.Gap)
	}
}
