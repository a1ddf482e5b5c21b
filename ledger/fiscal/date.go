package fiscal

import (
	"fmt"
	"time"
)

// Date is a civil date: the number of days with 1 January of year 1 as day 1.
// The zero value is no date given. Earlier is <; days between are a subtraction.
type Date int32

const firstYear, lastYear = 1900, 2199 // outside these a date is a slip

// NewDate makes a date, and refuses a day the calendar does not have.
func NewDate(y, m, d int) (Date, error) {
	code := ""
	switch {
	case y < firstYear || y > lastYear:
		code = "date-range"
	case m < 1 || m > 12 || d < 1 || d > daysIn(y, m):
		code = "date-calendar"
	default:
		return dayNumber(y, m, d), nil
	}
	return 0, unreadable(fmt.Sprintf("%04d-%02d-%02d", y, m, d), code)
}

// MustDate reads an ISO date and panics if it is not one: for tests and seeds only.
func MustDate(iso string) Date {
	d, err := ParseDate(iso)
	if err != nil {
		panic(err)
	}
	return d
}

// FromTime returns the civil date that a clock in t's own location shows.
func FromTime(t time.Time) Date {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.Date()
	return dayNumber(y, int(m), d)
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func daysIn(y, m int) int {
	switch m {
	case 2:
		if leap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// dayNumber counts years from 1 March, so that the leap day comes last. 306 is
// the days from 1 March to the year's end.
func dayNumber(y, m, d int) Date {
	if m <= 2 {
		y, m = y-1, m+12
	}
	return Date(365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 306)
}

// Civil returns the year, month and day; all nought for no date.
func (d Date) Civil() (year, month, day int) {
	if d == 0 {
		return 0, 0, 0
	}
	n := int(d) + 305 // days since 1 March of year 0
	era := n / 146097 // of 400 years
	n -= era * 146097
	y := (n - n/1460 + n/36524 - n/146096) / 365
	n -= 365*y + y/4 - y/100
	m := (5*n + 2) / 153
	year, month, day = y+era*400, m+3, n-(153*m+2)/5+1
	if month > 12 {
		return year + 1, month - 12, day
	}
	return year, month, day
}

// IsZero reports no date given.
func (d Date) IsZero() bool { return d == 0 }

// String is ISO, 2027-03-31, and empty for no date.
func (d Date) String() string {
	var b [10]byte
	return string(d.Append(b[:0]))
}

// Append appends the form of String.
func (d Date) Append(dst []byte) []byte {
	if d == 0 {
		return dst
	}
	y, m, day := d.Civil()
	return append(dst,
		byte('0'+y/1000%10), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+day/10), byte('0'+day%10))
}

// Long is the form of text: 31 March 2027.
func (d Date) Long() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%d %s %d", day, time.Month(m), y)
}

// Short is the form of tables: 31 Mar 2027.
func (d Date) Short() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%d %.3s %d", day, time.Month(m), y)
}

// AddDays returns the date n days on. No date stays no date.
func (d Date) AddDays(n int) Date {
	if d == 0 {
		return 0
	}
	return d + Date(n)
}

// AddMonths returns the same day n months on, or the last day of a month too
// short for it: 31 January and a month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	if d == 0 {
		return 0
	}
	y, m, day := d.Civil()
	months := y*12 + m - 1 + n
	y, m = months/12, months%12+1
	return dayNumber(y, m, min(day, daysIn(y, m)))
}

// Year returns the financial year the date falls in; Term for no date.
func (d Date) Year() Year { return YearOf(d) }
