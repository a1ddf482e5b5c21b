package funding

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

func pounds(n int64) money.Amount { return money.Known(money.Pence(n * 100)) }

// said is a statement; on and until may be left blank.
func said(on string, c Certainty, amount money.Amount, until ...string) Figure {
	f := Figure{Certainty: c, Amount: amount}
	if on != "" {
		f.StatedOn = day(on)
	}
	if len(until) > 0 {
		f.ValidUntil = day(until[0])
	}
	return f
}

func TestStand(t *testing.T) {
	const nothing = "nothing"
	show := func(s Standing) string {
		if !s.Known {
			return nothing
		}
		return s.Amount.String() + " " + s.Certainty.String()
	}
	for _, c := range []struct {
		name               string
		figures            []Figure
		asAt               string
		secured, unsecured string
	}{
		{"no statement", nil, "2027-01-12", nothing, nothing},
		{"NRF: confirmed, then cut", []Figure{said("2026-02-01", Confirmed, pounds(200_000)), said("2026-09-01", Revised, pounds(180_000))}, "2027-01-12", "180000.00 revised", nothing},
		{"NRF before the cut", []Figure{said("2026-02-01", Confirmed, pounds(200_000)), said("2026-09-01", Revised, pounds(180_000))}, "2026-08-31", "200000.00 confirmed", nothing},
		{"on the very day", []Figure{said("2026-02-01", Confirmed, pounds(200))}, "2026-02-01", "200.00 confirmed", nothing},
		{"the day before", []Figure{said("2026-02-01", Confirmed, pounds(200))}, "2026-01-31", nothing, nothing},
		{"undated counts from the beginning", []Figure{said("", Confirmed, pounds(200))}, "1990-01-01", "200.00 confirmed", nothing},
		{"undated comes before dated, wherever it is written", []Figure{said("2026-02-01", Confirmed, pounds(300)), said("", Confirmed, pounds(200))}, "2027-01-12", "300.00 confirmed", nothing},
		{"a less certain one does not replace", []Figure{said("2026-01-01", Announced, pounds(300)), said("2026-02-01", Indicative, pounds(200))}, "2027-01-12", nothing, "300.00 announced"},
		{"as certain and later replaces", []Figure{said("2026-01-01", Indicative, pounds(300)), said("2026-02-01", Indicative, pounds(200))}, "2027-01-12", nothing, "200.00 indicative"},
		{"more certain replaces", []Figure{said("2026-01-01", Indicative, pounds(300)), said("2026-02-01", Provisional, pounds(200))}, "2027-01-12", nothing, "200.00 provisional"},
		{"clawed back", []Figure{said("2026-01-01", Confirmed, pounds(300)), said("2026-02-01", ClawedBack, pounds(0))}, "2027-01-12", "0.00 clawed back", nothing},
		{"revised replaces clawed back", []Figure{said("2026-01-01", ClawedBack, pounds(0)), said("2026-02-01", Revised, pounds(50))}, "2027-01-12", "50.00 revised", nothing},
		{"revised before anything was confirmed", []Figure{said("2026-01-01", Indicative, pounds(300)), said("2026-02-01", Revised, pounds(250))}, "2027-01-12", "250.00 revised", nothing},
		{"said later than what is secured: shown apart", []Figure{said("2026-01-01", Confirmed, pounds(300)), said("2026-02-01", Indicative, pounds(250))}, "2027-01-12", "300.00 confirmed", "250.00 indicative"},
		{"said before what is secured: overtaken", []Figure{said("2026-01-01", Announced, pounds(310)), said("2026-02-01", Confirmed, pounds(300))}, "2027-01-12", "300.00 confirmed", nothing},
		{"older news does not hide newer", []Figure{said("2026-01-01", Announced, pounds(310)), said("2026-02-01", Confirmed, pounds(300)), said("2026-03-01", Applied, pounds(400))}, "2027-01-12", "300.00 confirmed", "400.00 applied"},
		{"both undated: nobody can say which is newer", []Figure{said("", Indicative, pounds(310)), said("", Confirmed, pounds(300))}, "2027-01-12", "300.00 confirmed", "310.00 indicative"},
		{"the same amount again adds nothing", []Figure{said("2026-01-01", Confirmed, pounds(300)), said("2026-02-01", Announced, pounds(300))}, "2027-01-12", "300.00 confirmed", nothing},
		{"unknown beside a secured amount adds nothing", []Figure{said("2026-01-01", Confirmed, pounds(300)), said("2026-02-01", Announced, money.Unknown)}, "2027-01-12", "300.00 confirmed", nothing},
		{"unknown alone says that there is money", []Figure{said("2026-02-01", Announced, money.Unknown)}, "2027-01-12", nothing, "? announced"},
		{"confirmed without an amount", []Figure{said("2026-02-01", Confirmed, money.Unknown)}, "2027-01-12", "? confirmed", nothing},
		{"a blank certainty secures nothing", []Figure{said("", CertaintyNotStated, pounds(300))}, "2027-01-12", nothing, "300.00 not stated"},
		{"an assurance on its last day", []Figure{said("2026-01-01", Announced, pounds(300), "2026-05-06")}, "2026-05-06", nothing, "300.00 announced"},
		{"an assurance that has run out", []Figure{said("2026-01-01", Announced, pounds(300), "2026-05-06")}, "2026-05-07", nothing, "300.00 assumed"},
		{"and now gives way to a lesser one", []Figure{said("2026-01-01", Announced, pounds(300), "2026-05-06"), said("2026-02-01", Indicative, pounds(200))}, "2026-05-07", nothing, "200.00 indicative"},
		{"secured until it ran out", []Figure{said("2026-01-01", Confirmed, pounds(300), "2026-05-06")}, "2026-05-07", nothing, "300.00 assumed"},
		{"what was secured before stands again", []Figure{said("2026-01-01", Confirmed, pounds(200)), said("2026-02-01", Revised, pounds(300), "2026-05-06")}, "2026-05-07", "200.00 confirmed", "300.00 assumed"},
	} {
		secured, unsecured := Stand(c.figures, day(c.asAt))
		if show(secured) != c.secured || show(unsecured) != c.unsecured {
			t.Errorf("%s: secured %s, unsecured %s; want %s and %s", c.name, show(secured), show(unsecured), c.secured, c.unsecured)
		}
	}
}

func TestStandSameDay(t *testing.T) {
	first, second := said("2026-01-01", Confirmed, pounds(1)), said("2026-01-01", Confirmed, pounds(2))
	first.Order, second.Order = 1, 2
	for _, figures := range [][]Figure{{first, second}, {second, first}} {
		if secured, _ := Stand(figures, day("2027-01-12")); secured.Figure != second {
			t.Errorf("the statement recorded last should stand, not %+v", secured.Figure)
		}
	}
}

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		name    string
		figures []Figure
		want    []Step
	}{
		{"none", nil, nil},
		{"only unsecured", []Figure{said("2026-01-01", Announced, pounds(1))}, nil},
		{"NRF", []Figure{said("2026-09-01", Revised, pounds(180)), said("2026-02-01", Confirmed, pounds(200))},
			[]Step{{day("2026-02-01"), pounds(200)}, {day("2026-09-01"), pounds(180)}}},
		{"undated", []Figure{said("", Confirmed, pounds(200))}, []Step{{0, pounds(200)}}},
		{"said again, no step", []Figure{said("", Confirmed, pounds(200)), said("2026-02-01", Confirmed, pounds(200))}, []Step{{0, pounds(200)}}},
		{"runs out the day after its last", []Figure{said("2026-01-01", Confirmed, pounds(200), "2026-05-06")},
			[]Step{{day("2026-01-01"), pounds(200)}, {day("2026-05-07"), pounds(0)}}},
		{"becomes unknown", []Figure{said("2026-01-01", Confirmed, pounds(200)), said("2026-02-01", Revised, money.Unknown)},
			[]Step{{day("2026-01-01"), pounds(200)}, {day("2026-02-01"), money.Unknown}}},
	} {
		if diff := cmp.Diff(c.want, Steps(c.figures), cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// anyFigures draws statements on a few days close together, so that they meet.
func anyFigures() *rapid.Generator[[]Figure] {
	someDay := func(t *rapid.T, label string) fiscal.Date {
		if n := rapid.IntRange(0, 9).Draw(t, label); n > 0 {
			return day("2026-01-01").AddDays(n)
		}
		return 0
	}
	one := rapid.Custom(func(t *rapid.T) Figure {
		f := Figure{
			Certainty:  Certainty(rapid.IntRange(0, int(ClawedBack)).Draw(t, "certainty")),
			Amount:     pounds(rapid.Int64Range(0, 4).Draw(t, "amount")),
			StatedOn:   someDay(t, "stated"),
			ValidUntil: someDay(t, "until"),
		}
		if rapid.IntRange(0, 5).Draw(t, "unknown") == 0 {
			f.Amount = money.Unknown
		}
		return f
	})
	return rapid.Custom(func(t *rapid.T) []Figure {
		figures := rapid.SliceOfN(one, 0, 6).Draw(t, "figures")
		for i := range figures {
			figures[i].Order = i
		}
		return figures
	})
}

// TestStepsAgreeWithStand: on every day, the last step so far is what stands.
func TestStepsAgreeWithStand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		figures := anyFigures().Draw(t, "all")
		steps := Steps(figures)
		for asAt := day("2025-12-25"); asAt < day("2026-01-20"); asAt++ {
			total := money.Known(0)
			for _, s := range steps {
				if s.On <= asAt {
					total = s.Total
				}
			}
			want := money.Known(0)
			if secured, _ := Stand(figures, asAt); secured.Known {
				want = secured.Amount
			}
			if total != want {
				t.Fatalf("on %s the steps come to %v, and %v stands", asAt, total, want)
			}
		}
		for i := range steps {
			if i > 0 && (steps[i].On <= steps[i-1].On || steps[i].Total == steps[i-1].Total) {
				t.Fatalf("step %d does not follow on: %v", i, steps)
			}
		}
	})
}

func TestStandProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		figures := anyFigures().Draw(t, "all")
		asAt := day("2026-01-01").AddDays(rapid.IntRange(-1, 11).Draw(t, "as at"))
		before := slices.Clone(figures)
		secured, unsecured := Stand(rapid.Permutation(figures).Draw(t, "order of rows"), asAt)
		if s, u := Stand(figures, asAt); s != secured || u != unsecured {
			t.Fatal("the order of the rows changes what stands")
		}
		if !slices.Equal(before, figures) {
			t.Fatal("Stand has changed its caller's figures")
		}
		if secured.Known && !secured.Certainty.Secured() || unsecured.Known && unsecured.Certainty.Secured() {
			t.Fatalf("secured is %s, unsecured %s", secured.Certainty, unsecured.Certainty)
		}
		if secured.Known && unsecured.Known && secured.Amount == unsecured.Amount {
			t.Fatal("an unsecured statement that says the same is shown beside the secured one")
		}
		var heard bool
		for _, f := range figures {
			heard = heard || f.StatedOn <= asAt
		}
		if heard != (secured.Known || unsecured.Known) {
			t.Fatalf("statements made: %v; standing: %v, %v", heard, secured.Known, unsecured.Known)
		}
	})
}
