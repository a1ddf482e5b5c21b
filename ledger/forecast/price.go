package forecast

import (
	"math/bits"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// factor is how many times dearer a year is than the one whose prices a cost is
// in, in parts of scale: 1.02³ is 1,061,208,000,000,000,000. Whole numbers
// throughout, so that a draw and the projection round alike.
type factor uint64

const (
	scale     factor = 1_000_000_000_000_000_000
	rateScale int64  = 100_000_000 // a rate has six decimals of a per cent
	tooDear   factor = 0           // beyond 18 times: no forecast
)

// parts is a rate in parts of rateScale.
func parts(r money.Rate) int64 { return r.Decimal().Shift(8).IntPart() }

// rise makes a factor a year's rate dearer.
func (f factor) rise(rate int64) factor {
	if rate <= -rateScale {
		return tooDear
	}
	hi, lo := bits.Mul64(uint64(f), uint64(rateScale+rate))
	lo, carry := bits.Add64(lo, uint64(rateScale/2), 0)
	if hi += carry; hi >= uint64(rateScale) {
		return tooDear
	}
	whole, _ := bits.Div64(hi, lo, uint64(rateScale))
	return factor(whole)
}

// of gives a cost at the dearer year's prices, rounded half away from nought.
func (f factor) of(p money.Pence) money.Pence {
	if p < 0 {
		return -f.of(-p)
	}
	hi, lo := bits.Mul64(uint64(f), uint64(p))
	lo, carry := bits.Add64(lo, uint64(scale/2), 0)
	if hi += carry; hi >= uint64(scale) {
		return money.Max + 1
	}
	whole, _ := bits.Div64(hi, lo, uint64(scale))
	return money.Pence(min(whole, uint64(money.Max)+1))
}

// binary is the factor in parts of 2⁶⁰, or the most that fits.
func (f factor) binary() uint64 {
	if f == tooDear || f >= 15*scale {
		f = 15 * scale
	}
	high, low := bits.Mul64(uint64(f), 1<<60)
	whole, _ := bits.Div64(high, low, uint64(scale))
	return whole
}

// priceKey is what a cost's prices depend on.
type priceKey struct {
	costType string
	base, to fiscal.Year
}

// dearer compounds the rates of the years after base up to a year. Prices
// before the base are not worked back.
func (p *Projection) dearer(k priceKey) factor {
	if f, known := p.factors[k]; known {
		return f
	}
	f := scale
	for y := k.base + 1; y <= k.to && f != tooDear; y++ {
		if price, found := p.Assumptions.price(k.costType, y); found {
			f = f.rise(parts(price.Rate))
		}
	}
	p.factors[k] = f
	return f
}
