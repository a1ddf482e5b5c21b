package funding

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger/fiscal"
)

var day = fiscal.MustDate

// until is a term that ends on a last day, as people say it.
func until(last string) fiscal.Period { return fiscal.ThroughTo(day("2025-04-01"), day(last)) }

func TestLastDay(t *testing.T) {
	last, ends := Award{Term: until("2027-03-31")}.LastDay()
	if !ends || last != day("2027-03-31") {
		t.Errorf("last day %s, %v", last, ends)
	}
	if last, ends := (Award{}).LastDay(); ends || !last.IsZero() {
		t.Errorf("an award without an end ends on %s", last)
	}
}

func TestEndsWithin(t *testing.T) {
	a := Award{Term: until("2027-03-31")}
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"2027-01-12", "2028-01-12", true},
		{"2027-03-31", "2027-03-31", true},
		{"2026-01-01", "2027-03-30", false},
		{"2027-04-01", "2028-01-12", false},
	} {
		if got := a.EndsWithin(day(c.from), day(c.to)); got != c.want {
			t.Errorf("from %s to %s: %v", c.from, c.to, got)
		}
	}
	if (Award{}).EndsWithin(day("2020-01-01"), day("2099-01-01")) {
		t.Error("an award without an end does not end within anything")
	}
}

func TestRunsIn(t *testing.T) {
	a := Award{Term: until("2026-04-01")}
	for year, want := range map[fiscal.Year]bool{2024: false, 2025: true, 2026: true, 2027: false, fiscal.Term: true} {
		if got := a.RunsIn(year); got != want {
			t.Errorf("%s: %v", year, got)
		}
	}
	if !(Award{}).RunsIn(2099) {
		t.Error("an award without dates runs in every year")
	}
}

func TestShortTerm(t *testing.T) {
	asAt := day("2027-01-12")
	for _, c := range []struct {
		name       string
		permanence Permanence
		term       fiscal.Period
		want       bool
	}{
		{"base budget, whatever its award says", BaseBudget, until("2027-03-31"), false},
		{"settlement", Settlement, until("2027-03-31"), false},
		{"recurring with no end", Recurring, fiscal.Period{}, false},
		{"recurring, its award ends in the horizon", Recurring, until("2027-03-31"), true},
		{"multi-year, ends on the last day of the horizon", MultiYear, until("2028-01-12"), true},
		{"multi-year, ends a day later", MultiYear, until("2028-01-13"), false},
		{"annual", Annual, until("2027-03-31"), true},
		{"annual, end not stated", Annual, fiscal.Period{}, true},
		{"one-off, end not stated", OneOff, fiscal.Period{}, true},
		{"nothing stated", PermanenceNotStated, fiscal.Period{}, false},
		{"permanence not stated, ends in the horizon", PermanenceNotStated, until("2027-03-31"), true},
		{"ended already", MultiYear, until("2026-03-31"), true},
	} {
		if got := (Award{Term: c.term}).ShortTerm(Stream{Permanence: c.permanence}, asAt, 12); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestContinues(t *testing.T) {
	for _, c := range []struct {
		fate            Fate
		without, within Continuation
	}{
		{FateNotStated, Stopping, Stopping},
		{Stops, Stopping, Stopping},
		{FateUnknown, Stopping, Stopping},
		{Renewed, Awaited, Succeeded},
		{MergedInto, Awaited, Succeeded},
		{Renamed, Awaited, Succeeded},
		{IntoSettlement, Awaited, Succeeded},
	} {
		a := Award{Fate: c.fate}
		if a.Continues(false) != c.without || a.Continues(true) != c.within {
			t.Errorf("%s: %s without a secured successor, %s with", c.fate, a.Continues(false), a.Continues(true))
		}
	}
}

func TestFollow(t *testing.T) {
	awards := map[string]Award{}
	for id, successor := range map[string]string{
		"childrens-fund": "abg", "abg": "eig", "eig": "settlement", "settlement": "",
		"here": "there", "there": "here", "itself": "itself", "lost": "never-recorded",
	} {
		awards[id] = Award{ID: id, Successor: successor}
	}
	for id, want := range map[string][]string{
		"childrens-fund": {"abg", "eig", "settlement"},
		"settlement":     nil,
		"here":           {"there"},
		"itself":         nil,
		"lost":           nil,
		"unheard-of":     nil,
	} {
		var got []string
		for _, a := range Follow(awards, id) {
			got = append(got, a.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
}
