package scenario_test

import (
	"testing"

	"braid/ledger"
	"braid/ledger/align"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/scenario"
	"braid/seed"
)

func demo(t testing.TB) *ledger.View {
	t.Helper()
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	return ledgertest.Folder(t, folder).View(seed.AsAt("demo"))
}

func stored(t testing.TB, b *ledger.Book, id string) scenario.Scenario {
	t.Helper()
	s, ok := scenario.Read(b, id)
	if !ok {
		t.Fatalf("there is no scenario %s", id)
	}
	return s
}

func thousands(p money.Pence) money.Pence { return (p + 500_00) / 1000_00 }

// The screen "Which option closes the gap?", to the thousand and to the penny.
func TestWhichOptionClosesTheGap(t *testing.T) {
	v := demo(t)
	before, hash := v.Position(nil, ledger.Filter{}), v.Hash()
	a, b := stored(t, v.Book, "use-money-left"), stored(t, v.Book, "end-play-scheme")
	c := scenario.Compare(v, 2027, 4, scenario.Nothing("Do nothing"), a, b)
	for n, want := range []struct {
		cost, secured, gap money.Pence
		exact              money.Pence
		short              int
		people             int
	}{
		{3733, 2760, 973, 973_200_00, 7, 85 + 120 + 240 + 400 + 600 + 800 + 210},
		{3733, 3250, 483, 483_200_00, 2, 240 + 600},
		{3488, 3250, 238, 238_400_00, 1, 240 + 600},
	} {
		y := c.Column(n)
		if got := [3]money.Pence{thousands(y.Cost.Amount), thousands(y.Secured.Amount), thousands(y.Gap.Amount)}; got != [3]money.Pence{want.cost, want.secured, want.gap} {
			t.Errorf("%d: cost, secured and gap are %v", n, got)
		}
		if y.Gap != (forecast.Figure{Amount: want.exact}) || len(y.Short) != want.short || y.Rules() != 0 || y.People != (scenario.People{Number: want.people}) {
			t.Errorf("%d: %+v", n, y)
		}
		o := c.Columns[n]
		if len(o.Refused)+len(o.Broken) > 0 {
			t.Errorf("%d: refused %v, broken %v", n, o.Refused, o.Broken)
		}
		if err := o.View.CheckBalances(); err != nil {
			t.Errorf("%d: %v", n, err)
		}
	}
	after := v.Position(nil, ledger.Filter{})
	if v.Hash() != hash || before.Total.Sums != after.Total.Sums {
		t.Error("a scenario changed the book it was laid over")
	}
	for _, s := range c.Column(1).Short {
		if s != "play-holiday" && s != "youth-inclusion" {
			t.Errorf("%s is short", s)
		}
	}
	if y, _ := c.Columns[2].In(fiscal.Year(2028)); y.People.Number == 0 {
		t.Error("who loses the play scheme is forgotten in later years")
	}
}

// A plan becomes a scenario that lays what the plan proposes, to the penny, and
// breaks no rule; and the plan of the laid book proposes nothing more.
func TestFromPlan(t *testing.T) {
	v := demo(t)
	a := forecast.Recorded(v)
	plan := align.Propose(v, forecast.Project(v, a, 4), align.Options{})
	s := scenario.FromPlan(plan, "plan", "What Braid suggests")
	if len(s.Changes) == 0 || s.Year != 2027 {
		t.Fatalf("the plan is %+v", s)
	}
	o := scenario.Work(v, s, 4)
	if len(o.Refused)+len(o.Broken) > 0 {
		t.Errorf("refused %v, broken %v", o.Refused, o.Broken)
	}
	for _, m := range plan.Moves {
		if got := held(o, m.Award, m.Service, m.Year); got != plan.Put(m.Award, m.Service, m.Year) {
			t.Errorf("%s puts %s on %s, the plan %s", m.Award, got, m.Service, plan.Put(m.Award, m.Service, m.Year))
		}
	}
	if y, _ := o.In(2027); y.Gap != (forecast.Figure{Amount: 483_200_00}) || len(y.Short) != 2 {
		t.Errorf("the gap is %v, short are %v", y.Gap, y.Short)
	}
	if again := align.Propose(o.View, o.Projection, align.Options{}); len(again.Moves)+len(again.Carries) > 0 {
		t.Errorf("and then it proposes %+v", again.Moves)
	}
}

// A plan of several years of a region lays whole: nothing is refused, no rule
// is broken, and every cell is as planned.
func TestFromPlanOfARegion(t *testing.T) {
	v, _ := region(t, 1)
	plan := align.Propose(v, forecast.Project(v, forecast.Recorded(v), 5), align.Options{From: 2026, To: 2030})
	s := scenario.FromPlan(plan, "plan", "What Braid suggests")
	if len(s.Changes) < 1000 {
		t.Fatalf("%d changes: is there still something to plan?", len(s.Changes))
	}
	o := scenario.Work(v, s, 5)
	if len(o.Refused)+len(o.Broken) > 0 {
		t.Errorf("refused %v, broken %v", o.Refused, o.Broken)
	}
	for _, m := range plan.Moves {
		if got := held(o, m.Award, m.Service, m.Year); got != plan.Put(m.Award, m.Service, m.Year) {
			t.Fatalf("%s puts %s on %s in %s, the plan %s", m.Award, got, m.Service, m.Year, plan.Put(m.Award, m.Service, m.Year))
		}
	}
	if err := o.View.CheckBalances(); err != nil {
		t.Error(err)
	}
}
