package fiscal

import (
	"strconv"
	"strings"
)

// Year is a financial year, 1 April to 31 March, by the calendar year it starts in.
type Year int16

// Term is the whole term of a grant, not split by year.
const Term Year = 0

const firstFiscal, lastFiscal = 1990, 2150 // outside these a year is a slip

// YearOf returns the financial year d falls in; Term for no date.
func YearOf(d Date) Year {
	y, m, _ := d.Civil()
	if d != 0 && m < 4 {
		y--
	}
	return Year(y)
}

// String is "2026-27", or "term".
func (y Year) String() string { return string(y.Append(nil)) }

// Append appends the form of String.
func (y Year) Append(dst []byte) []byte {
	if y == Term {
		return append(dst, "term"...)
	}
	next := (int(y) + 1) % 100
	dst = strconv.AppendInt(dst, int64(y), 10)
	return append(dst, '-', byte('0'+next/10), byte('0'+next%10))
}

// Start is 1 April; no date for Term.
func (y Year) Start() Date { return y.Period().From }

// End is 31 March, the last day; no date for Term.
func (y Year) End() Date { return y.Period().To.AddDays(-1) }

// Period is the year's days; for Term, open at both ends.
func (y Year) Period() Period {
	if y == Term {
		return Period{}
	}
	return Period{dayNumber(int(y), 4, 1), dayNumber(int(y)+1, 4, 1)}
}

// Contains reports whether d falls in the year. Every date falls in Term.
func (y Year) Contains(d Date) bool { return y.Period().Contains(d) }

// ParseYear reads 2026-27, 2026/27, 2026-2027 and 2026/2027.
func ParseYear(s string) (Year, error) {
	text := tidyYears(s)
	first, second, ok := cutYears(text)
	if !ok {
		return Term, unreadable(s, yearCause(text))
	}
	y, _ := number(first, 4, 4)
	next, _ := number(second, 2, 4)
	switch {
	case y < firstFiscal || y > lastFiscal:
		return Term, unreadable(s, "year-range")
	case next != y+1 && (len(second) == 4 || next != (y+1)%100):
		return Term, unreadable(s, "year-follow")
	}
	return Year(y), nil
}

// tidyYears takes off white space and writes an en dash as a hyphen.
func tidyYears(s string) string {
	return strings.ReplaceAll(strings.TrimSpace(s), "–", "-")
}

// cutYears parts 2026-27 or 2026/2027.
func cutYears(s string) (first, second string, ok bool) {
	if n := len(s); (n != 7 && n != 9) || (s[4] != '-' && s[4] != '/') {
		return "", "", false
	}
	first, second = s[:4], s[5:]
	return first, second, allDigits(first) && allDigits(second)
}

func yearCause(s string) string {
	if rest := strings.TrimLeft(strings.ToLower(s), "fy "); rest != strings.ToLower(s) && allDigits(rest) {
		return "year-one"
	}
	if len(s) == 4 && allDigits(s) {
		return "year-one"
	}
	if len(s) == 5 && (s[2] == '/' || s[2] == '-') && allDigits(s[:2]) && allDigits(s[3:]) {
		return "year-two-digit"
	}
	return "year-form"
}

const longestSpan = 20 // years; beyond it a span is a slip

// ParseSpan reads the years of a heading. Papers write "2005-8" and "2001-2004"
// for April of the first to March of the last, so 2005-06 to 2007-08; also
// "2012/13-2013/14", and a single financial year. It is for columns known to
// hold years: elsewhere 2005-06 may be June 2005.
func ParseSpan(s string) (from, to Year, err error) {
	if y, err := ParseYear(s); err == nil {
		return y, y, nil
	}
	text := tidyYears(s)
	if half := len(text) / 2; len(text) >= 15 && text[half] == '-' {
		from, err = ParseYear(text[:half])
		if err == nil {
			to, err = ParseYear(text[half+1:])
		}
		if err != nil {
			return Term, Term, unreadable(s, err.(*Unreadable).Code)
		}
	} else {
		first, second, _ := strings.Cut(strings.Replace(text, "/", "-", 1), "-")
		begins, ok1 := number(first, 4, 4)
		ends, ok2 := number(second, 1, 4)
		if !ok1 || !ok2 || len(second) == 3 {
			return Term, Term, unreadable(s, "span-form")
		}
		switch {
		case len(second) == 1:
			ends += begins / 10 * 10
		case len(second) == 2:
			ends += begins / 100 * 100
			if ends <= begins {
				ends += 100 // 1999-02
			}
		}
		if begins < firstFiscal || begins > lastFiscal || ends > lastFiscal+1 {
			return Term, Term, unreadable(s, "year-range")
		}
		from, to = Year(begins), Year(ends-1)
	}
	if to < from || to-from >= longestSpan {
		return Term, Term, unreadable(s, "span-order")
	}
	return from, to, nil
}
