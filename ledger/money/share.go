package money

import (
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Share is an exact fraction, not below nought, in its lowest terms. The zero
// value is nil. Shares may be compared with ==.
type Share struct {
	num, den int64 // both 0 for nil, so that every nil share is the same
}

// NewShare makes num/den.
func NewShare(num, den int64) (Share, error) {
	if num < 0 || den <= 0 {
		return Share{}, unreadable(strconv.FormatInt(num, 10)+"/"+strconv.FormatInt(den, 10), "share-range")
	}
	if num == 0 {
		return Share{}, nil
	}
	d := gcd(num, den)
	return Share{num / d, den / d}, nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// ParseShare reads "25%", "12.5%", "0.25" and "1/3".
func ParseShare(s string) (Share, error) {
	text := strings.TrimSpace(s)
	if over, under, fraction := strings.Cut(text, "/"); fraction {
		num, ok1 := wholeNumber(over)
		den, ok2 := wholeNumber(under)
		if !ok1 || !ok2 {
			return Share{}, unreadable(s, "share-form")
		}
		return NewShare(num, den)
	}
	body, percent := strings.CutSuffix(text, "%")
	whole, decimals, point := strings.Cut(body, ".")
	if whole == "" || point && decimals == "" || len(decimals) > 6 {
		return Share{}, unreadable(s, "share-form")
	}
	num, ok := wholeNumber(whole + decimals)
	if !ok {
		return Share{}, unreadable(s, "share-form")
	}
	den := int64(1)
	for range decimals {
		den *= 10
	}
	if percent {
		den *= 100
	}
	return NewShare(num, den)
}

// wholeNumber reads digits only, within int64.
func wholeNumber(s string) (int64, bool) {
	if s == "" || len(s) > 19 || !allDigits(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// String is a percentage where two decimals state it exactly, else a fraction.
// ParseShare reads it back.
func (s Share) String() string {
	if s.IsZero() {
		return "0%"
	}
	if s.den > 10_000 || 10_000%s.den != 0 || s.num > 1_000_000_000 {
		return strconv.FormatInt(s.num, 10) + "/" + strconv.FormatInt(s.den, 10)
	}
	percent := Pence(s.num * (10_000 / s.den)).String()
	return strings.TrimSuffix(strings.TrimRight(percent, "0"), ".") + "%"
}

// IsZero reports a nil share.
func (s Share) IsZero() bool { return s.num == 0 }

// Cmp is −1, 0 or +1 as s is less than, equal to or more than t.
func (s Share) Cmp(t Share) int {
	sHi, sLo := bits.Mul64(uint64(s.num), uint64(max(t.den, 1)))
	tHi, tLo := bits.Mul64(uint64(t.num), uint64(max(s.den, 1)))
	switch {
	case sHi < tHi || sHi == tHi && sLo < tLo:
		return -1
	case sHi > tHi || sLo > tLo:
		return 1
	}
	return 0
}

// Of returns the share of p, rounded half away from zero. A share above one may
// pass £100bn; then the result is a penny beyond Max, which every sum refuses.
func (s Share) Of(p Pence) Pence {
	if s.IsZero() {
		return 0
	}
	den := uint64(s.den)
	hi, lo := bits.Mul64(p.size(), uint64(s.num))
	if hi >= den {
		return signed(uint64(Max)+1, p < 0)
	}
	n, left := bits.Div64(hi, lo, den)
	if left >= den-left {
		n++
	}
	return signed(min(n, uint64(Max)+1), p < 0)
}

// Add returns s + t, exactly.
func (s Share) Add(t Share) (Share, error) {
	sum := new(big.Rat).Add(s.rat(), t.rat())
	if !sum.Num().IsInt64() || !sum.Denom().IsInt64() {
		return Share{}, unreadable(s.String()+" + "+t.String(), "share-range")
	}
	return NewShare(sum.Num().Int64(), sum.Denom().Int64())
}

func (s Share) rat() *big.Rat { return big.NewRat(s.num, max(s.den, 1)) }

// Times gives the share of a share.
func (s Share) Times(t Share) (Share, error) {
	r := new(big.Rat).Mul(s.rat(), t.rat())
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return Share{}, &Unreadable{Text: cut(r.String()), Code: "share-range", Remedy: "write shares with fewer decimals"}
	}
	return NewShare(r.Num().Int64(), r.Denom().Int64())
}
