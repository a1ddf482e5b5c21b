package money

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Rate is a percentage a year: a price or pay assumption. The zero value is 0%.
// Rates are compared with Equal; == would compare pointers, so it does not compile.
type Rate struct {
	_        [0]func()
	fraction decimal.Decimal // 0.025 for 2.5%
}

// ParseRate reads "2.5%" or "-1%".
func ParseRate(s string) (Rate, error) {
	body, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	size := strings.TrimPrefix(strings.TrimPrefix(body, "-"), "−")
	whole, decimals, point := strings.Cut(size, ".")
	shaped := percent && whole != "" && len(whole) <= 4 && len(decimals) <= 6 &&
		allDigits(whole) && allDigits(decimals) && point == (decimals != "")
	if !shaped || len(body)-len(size) > len("−") {
		return Rate{}, unreadable(s, "rate-form")
	}
	d, err := decimal.NewFromString(size)
	if err != nil {
		return Rate{}, unreadable(s, "rate-form")
	}
	if size != body {
		d = d.Neg()
	}
	return Rate{fraction: d.Shift(-2)}, nil
}

// String is "2.5%".
func (r Rate) String() string { return r.fraction.Shift(2).String() + "%" }

// Of returns the rate of p, 2.5% of £100.00 being £2.50, rounded half away from
// zero. Past £100bn it is a penny beyond Max, which every sum refuses.
func (r Rate) Of(p Pence) Pence {
	d := r.fraction.Mul(decimal.NewFromInt(int64(p))).Round(0)
	beyond := decimal.NewFromInt(int64(Max) + 1)
	if d.Abs().GreaterThan(beyond) {
		return signed(uint64(Max)+1, d.IsNegative())
	}
	return Pence(d.IntPart())
}

// Decimal returns the fraction: 0.025 for 2.5%.
func (r Rate) Decimal() decimal.Decimal { return r.fraction }

// Equal reports whether both are the same rate.
func (r Rate) Equal(s Rate) bool { return r.fraction.Equal(s.fraction) }
