package fiscal

import (
	"testing"
	"time"
)

// Every day from 1900 to 2199 agrees with the standard library's calendar.
func TestCalendar(t *testing.T) {
	clock := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	for d := MustDate("1900-01-01"); d <= MustDate("2199-12-31"); d++ {
		y, m, day := d.Civil()
		if y != clock.Year() || m != int(clock.Month()) || day != clock.Day() || FromTime(clock) != d {
			t.Fatalf("day %d is %d-%d-%d, want %s", d, y, m, day, clock.Format(time.DateOnly))
		}
		if read, err := NewDate(y, m, day); err != nil || read != d {
			t.Fatalf("NewDate(%d, %d, %d) = %v, %v", y, m, day, read, err)
		}
		if d.String() != clock.Format(time.DateOnly) {
			t.Fatalf("String of day %d is %s", d, d)
		}
		clock = clock.AddDate(0, 0, 1)
	}
	first := time.Date(1, 1, 1, 12, 0, 0, 0, time.UTC)
	if FromTime(first) != 1 || FromTime(time.Time{}) != 0 {
		t.Error("1 January of year 1 is day 1, and no time is no date")
	}
}

func TestDateForms(t *testing.T) {
	d := MustDate("2027-03-31")
	for _, c := range []struct{ got, want string }{
		{d.String(), "2027-03-31"},
		{d.Long(), "31 March 2027"},
		{d.Short(), "31 Mar 2027"},
		{MustDate("2026-04-01").Long(), "1 April 2026"},
		{Date(0).String() + Date(0).Long() + Date(0).Short(), ""},
		{d.AddDays(1).String(), "2027-04-01"},
		{Date(0).AddDays(1).String() + Date(0).AddMonths(1).String(), ""},
		{d.AddMonths(-1).String(), "2027-02-28"},
		{d.AddMonths(11).String(), "2028-02-29"},
		{d.AddMonths(12).String(), "2028-03-31"},
		{MustDate("2026-12-31").AddMonths(1).String(), "2027-01-31"},
		{MustDate("2026-01-15").AddMonths(-13).String(), "2024-12-15"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// Midnight of a summer day in London is the day before in UTC: the day is the
// one the local clock shows, before and after the clocks change.
func TestFromTimeKeepsTheLocalDay(t *testing.T) {
	summer := time.FixedZone("BST", 3600)
	midnight := time.Date(2026, 4, 1, 0, 0, 0, 0, summer)
	if got := FromTime(midnight); got.String() != "2026-04-01" || got.Year() != 2026 {
		t.Errorf("local: %s, %s", got, got.Year())
	}
	if got := FromTime(midnight.UTC()); got.String() != "2026-03-31" || got.Year() != 2025 {
		t.Errorf("UTC: %s, %s", got, got.Year())
	}
	autumn := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // 01:30 BST, and an hour later 01:30 GMT
	if FromTime(autumn.In(summer)) != FromTime(autumn.Add(time.Hour)) {
		t.Error("both half past ones of the day the clocks go back are that day")
	}
}
