package scenario_test

import (
	"testing"

	"pgregory.net/rapid"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/scenario"
)

// draw makes any change of the town, sensible or not.
func draw(t *rapid.T) scenario.Change {
	year := func(name string) fiscal.Year {
		return fiscal.Year(rapid.SampledFrom([]int{0, 2026, 2027, 2028, 2029}).Draw(t, name))
	}
	award := func(name string) string { return rapid.SampledFrom([]string{"core", "ff", "fs"}).Draw(t, name) }
	service := func(name string) string { return rapid.SampledFrom([]string{"hubs", "play", "youth"}).Draw(t, name) }
	return scenario.Change{
		Kind: rapid.SampledFrom(scenario.Kinds()).Draw(t, "kind"), Award: award("award"), ToAward: award("to award"), Service: service("service"), ToService: service("to service"),
		Objective: rapid.SampledFrom([]string{"", "parents", "trouble"}).Draw(t, "objective"), Year: year("year"), ToYear: year("to year"),
		Amount: money.Pence(rapid.Int64Range(0, 300*k).Draw(t, "amount")), Percent: rapid.IntRange(0, 130).Draw(t, "percent"),
		Date: day("2026-04-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "date")), Rate: rapid.SampledFrom([]string{"0%", "2.5%", "-1%"}).Draw(t, "rate"),
	}
}

// Whatever is laid: the laid book adds up to the penny, what an award is worth
// is what is left of it and what is on services, laying again gives the same
// book, and the book beneath is as it was.
func TestWhateverIsLaidMoneyIsConserved(t *testing.T) {
	v := town(t)
	hash, entries := v.Hash(), v.Len()
	rapid.Check(t, func(t *rapid.T) {
		s := of(rapid.SliceOfN(rapid.Custom(draw), 1, 8).Draw(t, "changes")...)
		o := scenario.Work(v, s, 4)
		if err := o.View.CheckBalances(); err != nil {
			t.Fatal(err)
		}
		for _, award := range []string{"core", "ff", "fs"} {
			for y := fiscal.Year(2026); y <= 2029; y++ {
				figure := o.View.Balance(ledger.Account{Stage: ledger.Funder, Award: award, Year: y})
				secured, _ := o.View.Stands(award, y)
				stated, _ := secured.Amount.Known()
				if secured.Known && figure != -stated {
					t.Fatalf("%s in %s is stated at %s, and %s was had", award, y, stated, -figure)
				}
			}
			var left, all money.Pence // over the years, since money is carried between them
			for _, y := range []fiscal.Year{fiscal.Term, 2026, 2027, 2028, 2029, 2030} {
				all -= o.View.Balance(ledger.Account{Stage: ledger.Funder, Award: award, Year: y})
				left += o.View.Balance(ledger.Account{Stage: ledger.Awarded, Award: award, Year: y})
				for _, service := range []string{"hubs", "play", "youth"} {
					p := o.View.Balance(ledger.Account{Stage: ledger.Allocated, Award: award, Year: y, Service: service})
					if p < 0 {
						t.Fatalf("%s puts %s on %s in %s", award, p, service, y)
					}
					left += p
				}
			}
			if left != all {
				t.Fatalf("%s is worth %s and %s is accounted for", award, all, left)
			}
		}
		for _, y := range o.Years {
			if p, known := y.Gap.Known(); known && p < 0 {
				t.Fatalf("a gap of %s", p)
			}
		}
		if again := s.Lay(v); again.View.Hash() != o.View.Hash() || len(again.Refused) != len(o.Refused) || len(again.Broken) != len(o.Broken) {
			t.Fatal("laid twice, it is not the same")
		}
		if v.Hash() != hash || v.Len() != entries {
			t.Fatal("the book beneath was changed")
		}
	})
}

// What can be applied is applied as it was shown: afterwards doing nothing says
// what the scenario said, whatever its decisions.
func TestWhateverIsAppliedIsAsShown(t *testing.T) {
	v := town(t)
	applied := 0
	rapid.Check(t, func(t *rapid.T) {
		var decided []scenario.Change
		for _, c := range rapid.SliceOfN(rapid.Custom(draw), 3, 9).Draw(t, "changes") {
			c.Amount /= 8                                                            // so that most fit
			if c.Kind == scenario.ServiceStops || c.Kind == scenario.ServiceMerged { // of what has been spent on this year, nothing goes
				c.Date, c.Year = max(c.Date, day("2027-04-01")), max(c.Year, 2027)
			}
			if !c.Supposition() && c.Check(v.Book) == nil && (c.Award != "ff" || c.Kind != scenario.AwardMoved) {
				decided = append(decided, c)
			}
		}
		actor := officer("fin")
		actor.Role = "finance"
		o, err := scenario.Save(v.Book, actor, of(decided...), "", "")
		if err != nil {
			t.Fatal(err)
		}
		_, b := o.Draft.Seal(posted)
		shown := scenario.Work(v, of(decided...), 4)
		o, err = scenario.Apply(b, actor, "s", "agreed")
		if err != nil {
			return
		}
		applied++
		if len(shown.Refused)+len(shown.Broken) > 0 {
			t.Fatalf("it is applied, and shown with refused %v and broken %v", shown.Refused, shown.Broken)
		}
		_, after := o.Draft.Seal(posted)
		if err := after.CheckBalances(); err != nil {
			t.Fatal(err)
		}
		same(t, scenario.Work(after.View(v.AsAt), scenario.Nothing(""), 4), shown)
	})
	t.Logf("%d applied", applied)
	if applied < 5 {
		t.Errorf("only %d could be applied: is the test still looking?", applied)
	}
}

// Suppositions before decisions: where they are listed among them does not
// matter, nor does the order of decisions that share no cell and no service.
func TestOrderOfChanges(t *testing.T) {
	v := town(t)
	a := scenario.Change{Kind: scenario.AwardCut, Award: "ff", Percent: 50}
	b := scenario.Change{Kind: scenario.MoneyPut, Award: "core", Service: "play", Year: 2027, Amount: 40 * k}
	c := scenario.Change{Kind: scenario.ServiceResized, Service: "hubs", Percent: 50}
	d := scenario.Change{Kind: scenario.MoneyMoved, Award: "core", Service: "hubs", ToService: "youth", Year: 2027, Amount: 10 * k}
	first := scenario.Work(v, of(a, b, c, d), 4)
	for _, order := range [][]scenario.Change{{d, c, b, a}, {b, a, d, c}, {c, d, a, b}} {
		same(t, scenario.Work(v, of(order...), 4), first)
	}
	// of one cell the later holds; what moves on from it moves from there
	on := scenario.Change{Kind: scenario.MoneyMoved, Award: "core", Service: "play", ToService: "youth", Year: 2027, Amount: 15 * k}
	if o := lay(t, v, b, on); held(o, "core", "play", 2027) != 25*k || held(o, "core", "youth", 2027) != 115*k || len(o.Refused) > 0 {
		t.Errorf("put and then moved: %s", held(o, "core", "play", 2027))
	}
	if o := lay(t, v, on, b); held(o, "core", "play", 2027) != 40*k || len(o.Refused) != 1 {
		t.Errorf("moved before it is put: %v", o.Refused)
	}
}
