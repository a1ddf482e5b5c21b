// Package money holds exact pounds and pence. It is the only place that
// rounds or splits money.
//
//	Pence      a known sum, whole pence, at most £100bn either way; arithmetic is checked
//	Amount     one figure, known or unknown: unknown is not nought
//	Sum        a total that remembers whether a part of it was unknown
//	Share      an exact fraction such as 25% or 1/3
//	Rate       a percentage a year, such as 2.5%
//	Apportion  splits a sum over shares to the penny, by largest remainder
//	Parse      reads an amount as people write it, or says what to write instead
//
// No float touches money. Rounding is half away from zero wherever it happens
// (Whole, Share.Of, Rate.Of), so that −x always rounds to minus what x does.
//
// What cannot be read is an *Unreadable: the text, a stable code for the cause
// and a sentence saying what to write. What would not fit is an *OutOfRange.
package money
