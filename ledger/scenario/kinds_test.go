package scenario_test

import (
	"errors"
	"testing"
	"time"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/scenario"
)

const k = 1000_00 // a thousand pounds in pence

var day = fiscal.MustDate

// town is a small council: £k of core 600, Families First 240, Flying Start 120
// a year; the first for good, the second to 2028, the third to 2029.
func town(t testing.TB) *ledger.View {
	t.Helper()
	return ledgertest.Book(t, `
		# objectives
		id,name
		parents,Confident parents
		trouble,Out of trouble
		# streams
		id,name,permanence,starts,ends,fate,certainty,2026-27,2027-28,2028-29,2029-30
		core,Core,base budget,2026-04-01,,,confirmed,600000,600000,600000,600000
		ff,Families First,recurring,2026-04-01,2028-03-31,unknown,confirmed,240000,240000,,
		fs,Flying Start,recurring,2026-04-01,2029-03-31,unknown,confirmed,120000,120000,120000,
		# terms
		id,stream,rule,value,clause
		fs-ages,fs,ages,0-4,Children under five.
		ff-carry,ff,carry-forward,refused,Money not spent is returned.
		# services
		id,name,objectives,ages,capacity,income,2026-27,2027-28,2028-29,2029-30
		hubs,Family hubs,parents,0-4,100,,360000,360000,360000,360000
		play,Play scheme,trouble,5-13,60,12000,132000,132000,132000,132000
		youth,Youth panels,parents;trouble,8-13,?,,200000,200000,200000,200000
		# allocations
		award,service,objective,2026-27,2027-28,2028-29,2029-30
		core,hubs,parents,200000,200000,200000,200000
		core,youth,trouble,100000,100000,100000,100000
		ff,play,trouble,120000,120000,,
		ff,youth,parents,60000,60000,,
		ff,youth,trouble,40000,40000,,
		fs,hubs,parents,96000,96000,96000,`).View(day("2027-01-12"))
}

func of(changes ...scenario.Change) scenario.Scenario {
	return scenario.Scenario{ID: "s", Name: "Try", Changes: changes}
}

// lay works a scenario out, and holds it to what every laying keeps.
func lay(t testing.TB, v *ledger.View, changes ...scenario.Change) *scenario.Outcome {
	t.Helper()
	hash, len := v.Hash(), v.Len()
	was := v.Position(nil, ledger.Filter{}).Total.Sums
	o := scenario.Work(v, of(changes...), 4)
	if err := o.View.CheckBalances(); err != nil {
		t.Errorf("the laid book does not add up: %v", err)
	}
	if v.Hash() != hash || v.Len() != len || v.Position(nil, ledger.Filter{}).Total.Sums != was {
		t.Error("the book was changed by laying a scenario over it")
	}
	return o
}

func held(o *scenario.Outcome, award, service string, y fiscal.Year) money.Pence {
	p, _ := decide.Held(o.View.Book, award, service, y)
	return p
}

func gap(t testing.TB, o *scenario.Outcome, y fiscal.Year) money.Pence {
	t.Helper()
	one, _ := o.In(y)
	p, known := one.Gap.Known()
	if !known {
		t.Errorf("the gap of %s is %v", y, one.Gap)
	}
	return p
}

func figure(o *scenario.Outcome, award string, y fiscal.Year) money.Pence {
	s, _ := o.View.Stands(award, y)
	p, _ := s.Amount.Known()
	return p
}

func TestDoingNothing(t *testing.T) {
	v := town(t)
	o := lay(t, v)
	if o.View.Hash() != v.Hash() || len(o.Steps)+len(o.Refused)+len(o.Broken) > 0 {
		t.Error("doing nothing does something")
	}
	// hubs 360 − 296; play 120 − 120; youth 200 − 200; from 2028 play and youth lose 220; from 2029 hubs lose 96
	for y, want := range map[fiscal.Year]money.Pence{2026: 64 * k, 2027: 64 * k, 2028: 284 * k, 2029: 380 * k} {
		if got := gap(t, o, y); got != want {
			t.Errorf("in %s the gap is %s, want %s", y, got, want)
		}
	}
	if y, _ := o.In(2028); y.People != (scenario.People{Number: 160, State: forecast.AtLeast}) {
		t.Errorf("the panels' capacity is not known, so the people touched are %+v", y.People)
	}
}

func TestAwardCut(t *testing.T) {
	v := town(t)
	o := lay(t, v, scenario.Change{Kind: scenario.AwardCut, Award: "ff", Percent: 25, Year: 2027})
	if figure(o, "ff", 2026) != 240*k || figure(o, "ff", 2027) != 180*k || held(o, "ff", "play", 2027) != 120*k {
		t.Errorf("Families First is %s in 2027 and pays the play scheme %s", figure(o, "ff", 2027), held(o, "ff", "play", 2027))
	}
	if over := o.Projection.Total(forecast.OverAllocated, 2027); over != (forecast.Figure{Amount: 40 * k}) || gap(t, o, 2027) != 104*k {
		t.Errorf("over-allocated by %v, gap %s", over, gap(t, o, 2027))
	}
	o = lay(t, v, scenario.Change{Kind: scenario.AwardCut, Award: "ff", Percent: 25, Year: 2029})
	if none := (*scenario.NoFigure)(nil); len(o.Refused) != 1 || !errors.As(o.Refused[0].Refusal, &none) {
		t.Errorf("a cut of nothing is refused as %v", o.Refused)
	}
}

func TestAwardEnds(t *testing.T) {
	// on 31 July 2027: four months of twelve
	o := lay(t, town(t), scenario.Change{Kind: scenario.AwardEnds, Award: "fs", Date: day("2027-07-31")})
	if figure(o, "fs", 2026) != 120*k || figure(o, "fs", 2027) != 40*k || figure(o, "fs", 2028) != 0 || held(o, "fs", "hubs", 2027) != 32*k || held(o, "fs", "hubs", 2028) != 0 {
		t.Errorf("Flying Start is %s then %s and pays hubs %s", figure(o, "fs", 2027), figure(o, "fs", 2028), held(o, "fs", "hubs", 2027))
	}
	if a, _ := o.View.Award("fs"); a.Term.To != day("2027-08-01") {
		t.Errorf("it runs %v", a.Term)
	}
	if gap(t, o, 2027) != 128*k || gap(t, o, 2028) != 380*k {
		t.Errorf("gaps %s and %s", gap(t, o, 2027), gap(t, o, 2028))
	}
	// a day later, August counts as it touches it; a later end is only a date
	if o := lay(t, town(t), scenario.Change{Kind: scenario.AwardEnds, Award: "fs", Date: day("2027-08-01")}); figure(o, "fs", 2027) != 50*k {
		t.Errorf("five months are %s", figure(o, "fs", 2027))
	}
	if o := lay(t, town(t), scenario.Change{Kind: scenario.AwardEnds, Award: "ff", Date: day("2030-03-31")}); gap(t, o, 2027) != 64*k || gap(t, o, 2028) != 284*k {
		t.Error("a later end brings money")
	}
}

// What is spent or promised is a fact: the award's end leaves it over-allocated.
func TestAwardEndsWithMoneySpent(t *testing.T) {
	v := town(t)
	d := v.Draft(ledger.Intent{Author: "t"})
	if err := d.Pay("fs", "hubs", false, ledger.Move{Amount: 90 * k, Effective: day("2027-01-05")}); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(time.Time{})
	o := lay(t, b.View(v.AsAt), scenario.Change{Kind: scenario.AwardEnds, Award: "fs", Date: day("2026-09-30")})
	if figure(o, "fs", 2026) != 60*k || held(o, "fs", "hubs", 2026) != 90*k || len(o.Refused) > 0 {
		t.Errorf("figure %s, on hubs %s, refused %v", figure(o, "fs", 2026), held(o, "fs", "hubs", 2026), o.Refused)
	}
	if over := o.Projection.Total(forecast.OverAllocated, 2026); over.Amount != 30*k {
		t.Errorf("over-allocated by %v", over)
	}
}

func TestAwardRenewed(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.AwardRenewed, Award: "ff"})
	for y := fiscal.Year(2028); y <= 2029; y++ {
		if figure(o, "ff", y) != 240*k || held(o, "ff", "play", y) != 120*k || held(o, "ff", "youth", y) != 100*k {
			t.Errorf("in %s it is %s and pays %s and %s", y, figure(o, "ff", y), held(o, "ff", "play", y), held(o, "ff", "youth", y))
		}
	}
	if a, _ := o.View.Award("ff"); a.Fate != funding.Renewed || gap(t, o, 2028) != 64*k || gap(t, o, 2029) != 160*k || len(o.Broken) > 0 {
		t.Errorf("gaps %s and %s, broken %v", gap(t, o, 2028), gap(t, o, 2029), o.Broken)
	}
	var labels []string
	o.View.OfKind(ledger.Allocation, func(_ int, e ledger.Entry) {
		if e.To.Award == "ff" && e.To.Service == "youth" && e.To.Year == 2029 {
			labels = append(labels, e.Label.Objective+" "+e.Amount.String())
		}
	})
	if len(labels) != 2 || labels[0] != "parents 60000.00" || labels[1] != "trouble 40000.00" {
		t.Errorf("renewed money is for %v", labels)
	}
}

func TestAwardDelayed(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.AwardDelayed, Award: "fs", Date: day("2027-07-01")})
	if figure(o, "fs", 2026) != 0 || figure(o, "fs", 2027) != 90*k || figure(o, "fs", 2028) != 120*k || held(o, "fs", "hubs", 2027) != 72*k || held(o, "fs", "hubs", 2026) != 0 {
		t.Errorf("Flying Start is %s, %s, %s", figure(o, "fs", 2026), figure(o, "fs", 2027), figure(o, "fs", 2028))
	}
}

func TestAwardMoved(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.AwardMoved, Award: "fs", Year: 2026, ToYear: 2027, Amount: 20 * k})
	account := func(y fiscal.Year) money.Pence {
		return o.View.Balance(ledger.Account{Stage: ledger.Awarded, Award: "fs", Year: y})
	}
	if account(2026) != 4*k || account(2027) != 44*k || len(o.Refused)+len(o.Broken) > 0 {
		t.Errorf("%s and %s are left; refused %v, broken %v", account(2026), account(2027), o.Refused, o.Broken)
	}
	o = lay(t, town(t), scenario.Change{Kind: scenario.AwardMoved, Award: "fs", Year: 2026, ToYear: 2027, Amount: 25 * k})
	if short := (*ledger.Short)(nil); len(o.Refused) != 1 || !errors.As(o.Refused[0].Refusal, &short) || short.Over() != 1*k || o.Refused[0].Change.Amount != 25*k {
		t.Errorf("moving more than is left is refused as %v", o.Refused)
	}
	// what is only there once it has left its services
	v := town(t)
	o = lay(t, v, scenario.Change{Kind: scenario.AwardMoved, Award: "fs", Year: 2026, ToYear: 2027, Amount: 50 * k}, scenario.Change{Kind: scenario.MoneyPut, Award: "fs", Service: "hubs", Year: 2026, Amount: 70 * k},
		scenario.Change{Kind: scenario.MoneyPut, Award: "fs", Service: "hubs", Year: 2027, Amount: 170 * k})
	if len(o.Refused) > 0 || held(o, "fs", "hubs", 2027) != 170*k {
		t.Errorf("refused %v", o.Refused)
	}
	// from money for the whole term
	term := ledgertest.Book(t, `
		# streams
		id,name,starts,ends,certainty,amount
		grant,Grant,2026-04-01,2029-03-31,confirmed,90000
		# services
		id,name
		hubs,Family hubs`).View(day("2027-01-12"))
	o = lay(t, term, scenario.Change{Kind: scenario.AwardMoved, Award: "grant", ToYear: 2027, Amount: 30 * k}, scenario.Change{Kind: scenario.MoneyPut, Award: "grant", Service: "hubs", Year: 2027, Amount: 30 * k})
	if len(o.Refused) > 0 || held(o, "grant", "hubs", 2027) != 30*k || o.View.Balance(ledger.Account{Stage: ledger.Awarded, Award: "grant"}) != 60*k || o.Steps[0].Kind != ledger.Drawing {
		t.Errorf("refused %v, steps %+v", o.Refused, o.Steps)
	}
	// its terms refuse it: laid, and named
	o = lay(t, v, scenario.Change{Kind: scenario.AwardMoved, Award: "ff", Year: 2026, ToYear: 2027, Amount: 20 * k})
	if len(o.Broken) != 1 || o.Broken[0].Award != "ff" || o.View.Balance(ledger.Account{Stage: ledger.Awarded, Award: "ff", Year: 2027}) != 40*k {
		t.Errorf("broken %v", o.Broken)
	}
}

func TestStreamMerged(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.StreamMerged, Award: "ff", ToAward: "fs"})
	if figure(o, "ff", 2026) != 240*k || figure(o, "ff", 2027) != 0 || figure(o, "fs", 2027) != 360*k || held(o, "fs", "play", 2027) != 120*k || held(o, "ff", "play", 2027) != 0 {
		t.Errorf("Flying Start is %s and pays play %s", figure(o, "fs", 2027), held(o, "fs", "play", 2027))
	}
	if gap(t, o, 2027) != 64*k { // the money is the same; whose rules it follows is not
		t.Errorf("the gap is %s", gap(t, o, 2027))
	}
	y, _ := o.In(2027)
	if y.Rules() != 2 || len(y.Broken) != 2 || y.Broken[0].Breach.Ruling.Term.ID != "fs-ages" {
		t.Errorf("children over four are paid for: broken %+v", y.Broken)
	}
}

func TestServiceStops(t *testing.T) {
	// from 1 August 2027: four months of its cost and of its money stay
	o := lay(t, town(t), scenario.Change{Kind: scenario.ServiceStops, Service: "play", Date: day("2027-08-01")})
	if held(o, "ff", "play", 2026) != 120*k || held(o, "ff", "play", 2027) != 40*k {
		t.Errorf("it keeps %s and %s", held(o, "ff", "play", 2026), held(o, "ff", "play", 2027))
	}
	for y, want := range map[fiscal.Year]money.Pence{2026: 120 * k, 2027: 40 * k, 2028: 0, 2029: 0} {
		if got := o.Projection.Of("play", forecast.TotalCost, y); got != (forecast.Figure{Amount: want}) {
			t.Errorf("in %s it costs %v, want %s", y, got, want)
		}
	}
	if gap(t, o, 2027) != 64*k || gap(t, o, 2028) != 164*k {
		t.Errorf("gaps %s and %s", gap(t, o, 2027), gap(t, o, 2028))
	}
	if y, _ := o.In(2028); y.People != (scenario.People{Number: 100 + 60, State: forecast.AtLeast}) { // hubs are short, and the panels
		t.Errorf("people: %+v", y.People)
	}
	if s, _ := o.View.Service("play"); s.Ends != day("2027-07-31") {
		t.Errorf("it ends on %s", s.Ends)
	}
	// from the first day of a year it has neither
	o = lay(t, town(t), scenario.Change{Kind: scenario.ServiceStops, Service: "play", Date: day("2027-04-01")})
	if held(o, "ff", "play", 2026) != 120*k || held(o, "ff", "play", 2027) != 0 || o.Projection.Of("play", forecast.TotalCost, 2026).Amount != 120*k || o.Projection.Of("play", forecast.TotalCost, 2027).Amount != 0 {
		t.Error("a year's first day is not its year's end")
	}
}

// What is spent, promised or a board's stays when a service stops, and is named.
func TestServiceStopsWithMoneyThatStays(t *testing.T) {
	v := ledgertest.Book(t, `
		# streams
		id,name,certainty,starts,2026-27
		ff,Families First,confirmed,2026-04-01,300000
		# boards
		id,name
		north,North board
		# services
		id,name,2026-27
		play,Play scheme,240000
		hubs,Family hubs,60000
		# delegations
		board,award,2026-27
		north,ff,50000
		# allocations
		award,service,board,2026-27
		ff,play,,120000
		ff,hubs,north,40000
		# payments
		date,amount,award,service
		2026-12-01,100000,ff,play`).View(day("2027-01-12"))
	o := lay(t, v, scenario.Change{Kind: scenario.ServiceStops, Service: "play", Date: day("2026-12-15")}, scenario.Change{Kind: scenario.ServiceStops, Service: "hubs", Date: day("2026-12-15")})
	short, board := (*ledger.Short)(nil), (*decide.BoardMoney)(nil)
	if held(o, "ff", "play", 2026) != 100*k || held(o, "ff", "hubs", 2026) != 40*k || len(o.Refused) != 2 || !errors.As(o.Refused[0].Refusal, &short) || !errors.As(o.Refused[1].Refusal, &board) {
		t.Fatalf("%s and %s stay; refused %v", held(o, "ff", "play", 2026), held(o, "ff", "hubs", 2026), o.Refused)
	}
	// nine months of 120 are 90; 20 may go of the 30 that would
	if short.Holds != 20*k || short.Asks != 30*k || board.Board != 40*k {
		t.Errorf("%v; %v", short, board)
	}
	if got := o.Projection.Of("play", forecast.Cost, 2026).Amount; got != 180*k {
		t.Errorf("its nine months cost %s", got)
	}
}

func TestServiceResizedProtectedMerged(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.ServiceResized, Service: "hubs", Percent: 75, Year: 2028}, scenario.Change{Kind: scenario.ServiceProtected, Service: "youth"})
	if o.Projection.Of("hubs", forecast.Cost, 2027).Amount != 360*k || o.Projection.Of("hubs", forecast.Cost, 2028).Amount != 270*k || o.Projection.Of("hubs", forecast.Cost, 2029).Amount != 270*k {
		t.Errorf("hubs cost %v", o.Projection.Of("hubs", forecast.Cost, 2028))
	}
	if s, _ := o.View.Service("hubs"); s.Capacity != 75 || gap(t, o, 2028) != 220*k || held(o, "core", "hubs", 2028) != 200*k {
		t.Errorf("capacity %d, gap %s", s.Capacity, gap(t, o, 2028))
	}
	if y, _ := o.In(2028); y.People.Number != 25+60 { // of hubs, which are paid for; the scheme is short
		t.Errorf("people touched: %+v", y.People)
	}
	if p := o.Scenario.Protected(); !p["youth"] || len(p) != 1 {
		t.Errorf("protected are %v", p)
	}

	o = lay(t, town(t), scenario.Change{Kind: scenario.ServiceMerged, Service: "play", ToService: "hubs", Year: 2027, Percent: 10})
	if got := o.Projection.Of("hubs", forecast.Cost, 2027).Amount; got != 360*k+108*k || o.Projection.Of("play", forecast.Cost, 2027).Amount != 0 || o.Projection.Of("play", forecast.Cost, 2026).Amount != 120*k {
		t.Errorf("hubs cost %s", got)
	}
	if held(o, "ff", "hubs", 2027) != 120*k || held(o, "ff", "play", 2027) != 0 || held(o, "ff", "play", 2026) != 120*k || gap(t, o, 2027) != 52*k {
		t.Errorf("hubs have %s, gap %s", held(o, "ff", "hubs", 2027), gap(t, o, 2027))
	}
	if s, _ := o.View.Service("hubs"); s.Capacity != 160 {
		t.Errorf("hubs have %d places", s.Capacity)
	}
}

func TestMoneyMovedAndPut(t *testing.T) {
	v := town(t)
	o := lay(t, v,
		scenario.Change{Kind: scenario.MoneyMoved, Award: "ff", Service: "play", ToService: "hubs", Year: 2026, ToYear: 2027, Amount: 30 * k},
		scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2027, ToYear: 2029, Amount: 50 * k})
	if held(o, "ff", "play", 2026) != 90*k || held(o, "ff", "hubs", 2027) != 30*k || held(o, "core", "play", 2028) != 50*k {
		t.Error("money is not where it was put")
	}
	if len(o.Steps) != 5 || o.Steps[0].Kind != ledger.Allocation || o.Steps[4].Kind != ledger.Virement {
		t.Errorf("steps: %+v", o.Steps)
	}
	// too much is refused, and the rest is laid
	o = lay(t, v, scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2027, Amount: 301 * k},
		scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2028, Amount: 300 * k})
	if short := (*ledger.Short)(nil); len(o.Refused) != 1 || o.Refused[0].Change.Year != 2027 || !errors.As(o.Refused[0].Refusal, &short) || held(o, "core", "play", 2028) != 300*k || held(o, "core", "play", 2027) != 0 {
		t.Errorf("refused %v", o.Refused)
	}
	// of a cell for several ends, all or nothing
	o = lay(t, v, scenario.Change{Kind: scenario.MoneyPut, Award: "ff", Service: "youth", Year: 2027, Amount: 121 * k})
	if short := (*ledger.Short)(nil); len(o.Refused) != 1 || !errors.As(o.Refused[0].Refusal, &short) || short.Holds != 20*k || short.Asks != 21*k || held(o, "ff", "youth", 2027) != 100*k {
		t.Errorf("refused %v", o.Refused)
	}
	// a use against the terms is laid and named; but not with money there is not
	o = lay(t, v, scenario.Change{Kind: scenario.MoneyPut, Award: "fs", Service: "play", Year: 2027, Amount: 24 * k})
	if y, _ := o.In(2027); y.Rules() != 1 || held(o, "fs", "play", 2027) != 24*k || y.Broken[0].Service != "play" || y.Broken[0].Change.Amount != 24*k {
		t.Errorf("broken %+v", y.Broken)
	}
	o = lay(t, v, scenario.Change{Kind: scenario.MoneyPut, Award: "fs", Service: "play", Year: 2027, Amount: 25 * k})
	if len(o.Broken) != 0 || len(o.Refused) != 1 || held(o, "fs", "play", 2027) != 0 {
		t.Errorf("broken %v, refused %v", o.Broken, o.Refused)
	}
	// what it is for, where it is said
	o = lay(t, v, scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "youth", Objective: "parents", Year: 2029, Amount: 140 * k})
	met := false
	o.View.OfKind(ledger.Allocation, func(_ int, e ledger.Entry) {
		met = met || e.To.Service == "youth" && e.To.Year == 2029 && e.Label.Objective == "parents" && e.Amount == 40*k
	})
	if !met {
		t.Error("money put for an objective is for another")
	}
}

func TestCoreAddedThenPut(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2028, Amount: 350 * k},
		scenario.Change{Kind: scenario.CoreAdded, Award: "core", Year: 2028, Amount: 50 * k})
	if figure(o, "core", 2027) != 600*k || figure(o, "core", 2028) != 650*k || figure(o, "core", 2029) != 650*k || held(o, "core", "play", 2028) != 350*k || len(o.Refused) > 0 {
		t.Errorf("what is supposed is laid before what is decided: %v", o.Refused)
	}
}

func TestPrices(t *testing.T) {
	o := lay(t, town(t), scenario.Change{Kind: scenario.Prices, Rate: "10%", Year: 2028})
	if o.Projection.Total(forecast.Prices, 2027).Amount != 0 || o.Projection.Total(forecast.Prices, 2028).Amount != 68*k {
		t.Errorf("prices add %v", o.Projection.Total(forecast.Prices, 2028))
	}
	o = lay(t, town(t), scenario.Change{Kind: scenario.Prices, Rate: "10%", Year: 2028}, scenario.Change{Kind: scenario.Prices, Rate: "0%"})
	if o.Projection.Total(forecast.Prices, 2029).Amount != 0 {
		t.Error("the later assumption does not hold")
	}
}

// A change that lacks something, or names what is not there, is refused alone.
func TestChangesThatDoNotMakeSense(t *testing.T) {
	for _, kind := range scenario.Kinds() {
		needs, _ := kind.Takes()
		o := lay(t, town(t), scenario.Change{Kind: kind}, scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "hubs", Year: 2027, Amount: 210 * k})
		if lacks := (*decide.Needs)(nil); len(o.Refused) != 1 || !errors.As(o.Refused[0].Refusal, &lacks) || lacks.Column != needs[0] || held(o, "core", "hubs", 2027) != 210*k {
			t.Errorf("%s alone is refused as %v", kind, o.Refused)
		}
		if back, ok := scenario.ParseKind(kind.String()); !ok || back != kind {
			t.Errorf("%s does not read back", kind)
		}
	}
	for _, c := range []scenario.Change{
		{Kind: scenario.MoneyPut, Award: "core", Service: "nowhere", Year: 2027},
		{Kind: scenario.MoneyMoved, Award: "core", Service: "hubs", ToService: "hubs", Year: 2027, Amount: 1},
		{Kind: scenario.MoneyMoved, Award: "core", Service: "play", ToService: "hubs", Year: 2027, Amount: 1},
		{Kind: scenario.MoneyMoved, Award: "core", Service: "hubs", ToService: "play", Year: 2027, ToYear: 2026, Amount: 1},
		{Kind: scenario.AwardCut, Award: "ff", Percent: 101},
		{Kind: scenario.Prices, Rate: "some"},
		{Kind: scenario.AwardEnds, Award: "ff", Date: day("2020-03-31")},
		{Kind: scenario.AwardDelayed, Award: "ff", Date: day("2029-03-31")},
		{Kind: scenario.AwardRenewed, Award: "gone"},
		{Kind: scenario.AwardMoved, Award: "core", ToYear: 2027, Amount: 1},
		{},
	} {
		if o := lay(t, town(t), c); len(o.Refused) != 1 || gap(t, o, 2027) != 64*k {
			t.Errorf("%+v is refused as %v", c, o.Refused)
		}
	}
}

// A scenario is looked at as at any day, whether or not the accounts of its
// month are closed; to apply it they must be open.
func TestInAClosedMonth(t *testing.T) {
	v := town(t)
	put := scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2027, Amount: 50 * k}
	b := saved(t, v.Book, put)
	d := b.Draft(ledger.Intent{Author: "fin", Role: "finance"})
	if err := d.Put(ledger.Record{Register: "periods", ID: "2027-01", Values: []ledger.Value{{Column: "state", Text: "closed"}}}); err != nil {
		t.Fatal(err)
	}
	closed := d.Supposed()
	o := lay(t, closed.View(v.AsAt), put, scenario.Change{Kind: scenario.AwardEnds, Award: "fs", Date: day("2027-07-31")})
	if len(o.Refused) > 0 || held(o, "core", "play", 2027) != 50*k || held(o, "fs", "hubs", 2027) != 32*k {
		t.Errorf("refused %v", o.Refused)
	}
	var shut *ledger.Closed
	if _, err := scenario.Apply(closed, officer("ann"), "s", "agreed"); !errors.As(err, &shut) {
		t.Errorf("applied in a closed month: %v", err)
	}
}
