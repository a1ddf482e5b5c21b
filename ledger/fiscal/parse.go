package fiscal

import (
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// ParseDate reads an ISO date, 2027-03-31, and nothing else. Empty is no date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return 0, nil
	}
	if !isoShaped(s) {
		return 0, unreadable(s, dateCause(s))
	}
	y := int(s[0]-'0')*1000 + int(s[1]-'0')*100 + int(s[2]-'0')*10 + int(s[3]-'0')
	return NewDate(y, int(s[5]-'0')*10+int(s[6]-'0'), int(s[8]-'0')*10+int(s[9]-'0'))
}

func isoShaped(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	return allDigits(s[:4]) && allDigits(s[5:7]) && allDigits(s[8:])
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// DateOrder is the way a file writes its dates.
type DateOrder uint8

const (
	ISO      DateOrder = iota // 2027-03-31
	DayFirst                  // 31/03/2027, 31.3.27, 31 March 2027, 31 Mawrth 2027
)

// ParseDateAs reads a date written in the file's order. Blank is no date.
// A year in two digits is 2000 to 2079 or 1980 to 1999.
func ParseDateAs(s string, order DateOrder) (Date, error) {
	text := strings.TrimSpace(s)
	if order == ISO {
		if _, ok := dayFirst(text); ok {
			return 0, unreadable(s, "date-order")
		}
		return ParseDate(text)
	}
	if text == "" {
		return 0, nil
	}
	if isoShaped(text) {
		return 0, unreadable(s, "date-order")
	}
	date, ok := dayFirst(text)
	if !ok {
		return 0, unreadable(s, dateCause(text))
	}
	if date.day <= 12 && date.month > 12 {
		return 0, unreadable(s, "date-month-first")
	}
	d, err := NewDate(date.year, date.month, date.day)
	if err != nil {
		err.(*Unreadable).Text = cut(s)
	}
	return d, err
}

type written struct{ day, month, year int }

// dayFirst takes a day-first date to pieces, without asking the calendar.
func dayFirst(s string) (w written, ok bool) {
	if len(s) > 40 {
		return w, false
	}
	for _, separator := range [...]string{"/", ".", "-", " "} {
		parts := strings.Split(s, separator)
		if separator == " " {
			parts = strings.Fields(s)
		}
		if len(parts) != 3 {
			continue
		}
		month, named := months[strings.ToLower(parts[1])]
		if !named && separator != " " {
			month, ok = number(parts[1], 1, 2)
		} else {
			ok = named
		}
		day, dayOK := number(parts[0], 1, 2)
		year, yearOK := number(parts[2], 4, 4)
		if short, isShort := number(parts[2], 2, 2); isShort {
			year, yearOK = 2000+short, true
			if short >= 80 {
				year = 1900 + short
			}
		}
		if ok && dayOK && yearOK {
			return written{day, month, year}, true
		}
	}
	return w, false
}

// number reads a whole number of at least and at most so many digits.
func number(s string, least, most int) (int, bool) {
	if len(s) < least || len(s) > most || !allDigits(s) {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

var months = monthNames()

func monthNames() map[string]int {
	names := map[string]int{"sept": 9}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		names[name], names[name[:3]] = int(m), int(m)
	}
	welsh := [...]string{"ionawr ion", "chwefror chwef chw", "mawrth maw", "ebrill ebr", "mai", "mehefin meh",
		"gorffennaf gorff gor", "awst", "medi", "hydref hyd", "tachwedd tach", "rhagfyr rhag"}
	for i, line := range welsh {
		for _, name := range strings.Fields(line) {
			names[name] = i + 1
		}
	}
	return names
}

// dateCause finds the likeliest reason why s has not the shape of a date.
func dateCause(s string) string {
	if strings.ContainsRune(s, ':') {
		return "date-time"
	}
	if y, rest, ok := strings.Cut(s, "-"); ok && allDigits(y) && len(y) != 4 && len(y) > 2 && len(rest) == 5 {
		return "date-range" // 20050-03-31
	}
	if whole, fraction, point := strings.Cut(s, "."); len(whole) <= 6 && allDigits(whole) && (!point || allDigits(fraction)) {
		return "date-serial"
	}
	if !strings.ContainsFunc(s, unicode.IsDigit) {
		return "date-words"
	}
	return "date-form"
}

// Order finds the one form in which a file writes its dates: day first only if
// every date can be. Both forms in one file, or a month first, is refused and
// the sample named. Texts that are no date at all are left for ParseDateAs.
func Order(samples iter.Seq[string]) (DateOrder, error) {
	seen := [2]bool{}
	for s := range samples {
		text := strings.TrimSpace(s)
		if isoShaped(text) {
			seen[ISO] = true
		} else if w, ok := dayFirst(text); ok {
			if w.day <= 12 && w.month > 12 {
				return ISO, unreadable(s, "date-month-first")
			}
			seen[DayFirst] = true
		}
		if seen[ISO] && seen[DayFirst] {
			return ISO, unreadable(s, "date-mixed")
		}
	}
	if seen[DayFirst] {
		return DayFirst, nil
	}
	return ISO, nil
}
