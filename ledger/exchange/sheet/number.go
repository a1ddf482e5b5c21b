package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// format is what a cell's style says a number is.
type format struct {
	kind  formatKind
	zeros int // "00000": shown with leading noughts to this many digits
}

type formatKind int

const (
	plainNumber formatKind = iota
	percentage
	civil     // a date, perhaps with a time
	timeOfDay // or a length of time
)

// formatOf reads a number format. Those below 164 are built in and have no code
// in the file, unless it gives one.
func formatOf(id int, code string) format {
	if code == "" {
		switch {
		case id == 9 || id == 10:
			return format{kind: percentage}
		case id >= 18 && id <= 21, id >= 45 && id <= 47:
			return format{kind: timeOfDay}
		case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
			return format{kind: civil}
		}
		return format{}
	}
	if strings.Trim(code, "0") == "" {
		return format{zeros: len(code)}
	}
	positive, _, _ := strings.Cut(code, ";")
	if strings.Contains(strings.ToLower(positive), "general") {
		return format{}
	}
	percent, day, month, clock := false, false, false, false
	for i := 0; i < len(positive); i++ {
		switch c := positive[i]; c {
		case '\\', '_', '*': // the next character stands for itself
			i++
		case '"':
			end := strings.IndexByte(positive[i+1:], '"')
			if end < 0 {
				return format{}
			}
			i += end + 1
		case '[': // a colour, a condition or a language; or elapsed time
			end := strings.IndexByte(positive[i:], ']')
			if end < 0 {
				return format{}
			}
			if inside := strings.ToLower(positive[i+1 : i+end]); inside != "" && strings.Trim(inside, inside[:1]) == "" && strings.Contains("hms", inside[:1]) {
				return format{kind: timeOfDay}
			}
			i += end
		case 'y', 'Y', 'd', 'D':
			day = true
		case 'm', 'M': // months, or minutes beside hours and seconds
			month = true
		case 'h', 'H', 's', 'S':
			clock = true
		case '%':
			percent = true
		}
	}
	switch {
	case day || month && !clock:
		return format{kind: civil}
	case clock:
		return format{kind: timeOfDay}
	case percent:
		return format{kind: percentage}
	}
	return format{}
}

// show gives a stored number as the person sees it: 0.1+0.2 as 0.3, a date as a
// date. A spreadsheet holds fifteen digits, and so do we: the rest is noise.
func (f format) show(stored string, date1904 bool) (string, *Problem) {
	number, err := strconv.ParseFloat(stored, 64)
	if err != nil || strings.Trim(stored, "0123456789+-.eE") != "" {
		return "", &Problem{Code: "bad-number", Found: stored, Rule: "the cell says it holds a number and does not", Remedy: "type the number afresh"}
	}
	switch f.kind {
	case percentage:
		return decimal(number, 2) + "%", nil
	case timeOfDay:
		return "", &Problem{Code: "bad-date", Found: stored, Rule: "the cell is styled as a time, and Braid keeps none", Remedy: "type a date or a number, or empty the cell"}
	case civil:
		return civilDate(decimal(number, 0), date1904)
	}
	text := decimal(number, 0)
	if f.zeros > len(text) && strings.Trim(text, "0123456789") == "" {
		text = strings.Repeat("0", f.zeros-len(text)) + text
	}
	return text, nil
}

// decimal writes fifteen digits of a number, without noughts at the end, the
// point moved right by so many places.
func decimal(number float64, places int) string {
	digits, power, _ := strings.Cut(strconv.FormatFloat(number, 'e', 14, 64), "e")
	exponent, _ := strconv.Atoi(power)
	if exponent > 20 || exponent < -20 { // as a spreadsheet does; no amount is such
		return strconv.FormatFloat(number, 'g', 15, 64)
	}
	rounded, _ := strconv.ParseFloat(fmt.Sprintf("%se%d", digits, exponent+places), 64)
	if rounded == 0 {
		return "0"
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// dayNought is the day a spreadsheet's days are counted from, after the first
// two months of 1900, which it counts one short of by a leap day that was not.
var dayNought = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// civilDate turns a day's serial number into an ISO date.
func civilDate(serial string, date1904 bool) (string, *Problem) {
	bad := func(rule string) (string, *Problem) {
		return "", &Problem{Code: "bad-date", Found: serial, Rule: rule, Remedy: "type the date as 2027-03-31, or give the cell a number format"}
	}
	if strings.Contains(serial, ".") {
		return bad("the cell is styled as a date and holds a time of day; Braid's dates have none")
	}
	day, err := strconv.Atoi(serial)
	start, last := dayNought, 2958465
	if date1904 {
		start, last = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC), 2957003
	}
	switch {
	case err != nil, day < 0, day > last, day == 0 && !date1904:
		return bad("the cell is styled as a date and its number is no day from 1900 to 9999")
	case day == 60 && !date1904:
		return bad("the cell holds 29 February 1900, a day that never was")
	case day < 60 && !date1904:
		start = start.AddDate(0, 0, 1)
	}
	return start.AddDate(0, 0, day).Format(time.DateOnly), nil
}
