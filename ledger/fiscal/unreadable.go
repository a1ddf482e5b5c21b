package fiscal

import "fmt"

// Unreadable says why a date or year was refused and what to write instead.
type Unreadable struct {
	Text   string // what was found, cut to 40 characters
	Code   string // the cause, stable: "date-calendar"
	Remedy string // a sentence
}

func (e *Unreadable) Error() string {
	return fmt.Sprintf("%q cannot be read: %s", e.Text, e.Remedy)
}

func unreadable(text, code string) *Unreadable {
	return &Unreadable{Text: cut(text), Code: code, Remedy: remedies[code]}
}

// cut keeps 40 characters, so that an error stays a line long.
func cut(text string) string {
	n := 0
	for i := range text {
		if n == 40 {
			return text[:i] + "…"
		}
		n++
	}
	return text
}

var remedies = map[string]string{
	"date-form":        "write the date as 2027-03-31, or as 31/03/2027 in a file where every date is written so",
	"date-calendar":    "there is no such day in the calendar; check the day and the month",
	"date-range":       "the year of a date is from 1900 to 2199, in four digits; check the year",
	"date-month-first": "this has the month first; write the day first, such as 31/03/2006, or 2006-03-31",
	"date-order":       "the dates of one file are written one way, and this one is not; write it as the others are",
	"date-mixed":       "the file has dates both year first and day first; write all of them as 2027-03-31 or all as 31/03/2027",
	"date-serial":      "this is a spreadsheet's number for a day; give the column a date format, or write 2027-03-31",
	"date-time":        "write the date alone, without a time of day or time zone, such as 2027-03-31",
	"date-words":       "write a date such as 2027-03-31, or leave it blank if there is none",

	"year-form":      "write a financial year as 2026-27 or 2026/27",
	"year-two-digit": "write the year in four digits, such as 2026-27",
	"year-one":       "a financial year spans two; write 2026-27 for April 2026 to March 2027",
	"year-follow":    "the second year must be the one after the first, as in 2026-27",
	"year-range":     "financial years run from 1990-91 to 2150-51; check the year",
	"span-form":      "write years such as 2005-08 for April 2005 to March 2008, or 2005/06-2007/08",
	"span-order":     "the last year must come after the first, by no more than twenty; check both",
}
