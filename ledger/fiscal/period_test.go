package fiscal

import (
	"testing"

	"pgregory.net/rapid"
)

func through(from, last string) Period { return ThroughTo(MustDate(from), MustDate(last)) }

func TestPeriod(t *testing.T) {
	year := Year(2026).Period()
	for _, c := range []struct {
		p     Period
		days  int
		known bool
		text  string
	}{
		{year, 365, true, "1 April 2026 to 31 March 2027"},
		{through("2026-04-01", "2026-04-01"), 1, true, "1 April 2026 to 1 April 2026"},
		{through("2026-04-02", "2026-04-01"), 0, true, "2 April 2026 to 1 April 2026"},
		{through("2026-04-01", ""), 0, false, "from 1 April 2026"},
		{through("", "2027-03-31"), 0, false, "until 31 March 2027"},
		{Period{}, 0, false, "at any time"},
	} {
		if n, known := c.p.Days(); n != c.days || known != c.known || c.p.String() != c.text {
			t.Errorf("%v: %d, %v", c.p, n, known)
		}
	}
	if through("2026-04-01", "2027-03-31") != year || Term.Period() != (Period{}) {
		t.Error("a year is its first day through to its last")
	}
	before, first, last, after := MustDate("2026-03-31"), MustDate("2026-04-01"), MustDate("2027-03-31"), MustDate("2027-04-01")
	if year.Contains(before) || !year.Contains(first) || !year.Contains(last) || year.Contains(after) || year.Contains(0) {
		t.Error("a year holds its first and last day, and neither neighbour")
	}
}

func TestMonthsOf(t *testing.T) {
	for _, c := range []struct {
		p    Period
		y    Year
		want int
	}{
		{Year(2026).Period(), 2026, 12},
		{Year(2026).Period(), 2027, 0},
		{Period{}, 2026, 12},
		{Period{}, Term, 0},
		{through("2026-09-01", "2027-08-31"), 2026, 7}, // a school year
		{through("2026-09-01", "2027-08-31"), 2027, 5},
		{through("2026-09-15", ""), 2026, 7},
		{through("", "2026-07-01"), 2026, 4},
		{through("2026-04-30", "2026-05-01"), 2026, 2},
		{through("2027-03-31", "2027-04-01"), 2026, 1},
		{through("2026-06-02", "2026-06-01"), 2026, 0},
	} {
		if got := MonthsOf(c.p, c.y); got != c.want {
			t.Errorf("%v has %d months in %v, want %d", c.p, got, c.y, c.want)
		}
	}
}

// Intersect holds exactly the days both hold, with ends open, closed or the
// wrong way round.
func TestPeriodProperties(t *testing.T) {
	origin := MustDate("2026-04-01")
	end := rapid.Custom(func(t *rapid.T) Date {
		if rapid.Bool().Draw(t, "open") {
			return 0
		}
		return origin + Date(rapid.IntRange(1, 20).Draw(t, "day"))
	})
	rapid.Check(t, func(t *rapid.T) {
		p := Period{end.Draw(t, "from"), end.Draw(t, "to")}
		q := Period{end.Draw(t, "from"), end.Draw(t, "to")}
		both, ok := p.Intersect(q)
		met := false
		for d := origin; d < origin+30; d++ {
			in := p.Contains(d) && q.Contains(d)
			if in != (ok && both.Contains(d)) {
				t.Fatalf("%v and %v meet in %v, %v: wrong for %v", p, q, both, ok, d)
			}
			met = met || in
		}
		if met != ok || p.Overlaps(q) != ok || q.Overlaps(p) != ok {
			t.Fatalf("%v and %v overlap: %v, want %v", p, q, ok, met)
		}
	})
}
