// Package fiscal holds civil dates and financial years, without clocks or time
// zones: 1 April 00:00 in London is 31 March 23:00 in UTC, which is another
// financial year.
//
//	Date     a day; the zero value is no date given; order is < on the number
//	Year     1 April to 31 March, by the year it starts in; Term is a whole grant, not split by year
//	Period   from a day up to, not including, another; either end may be open
//	Order    finds whether a file writes its dates year first or day first
//
// What cannot be read is an *Unreadable: the text, a stable code for the cause
// and a sentence saying what to write.
package fiscal
