package money

import (
	"cmp"
	"errors"
	"math/big"
	"math/bits"
	"slices"
)

// Part is one of those among whom a sum is split.
type Part struct {
	ID     string
	Weight Share // only the ratio between weights counts; they need not come to one
}

// ErrNoWeight says that there is nobody to split a sum among.
var ErrNoWeight = errors.New("a sum cannot be split: there are no parts, or every part has a share of nought; give at least one part a share")

// Apportion splits total over parts in the ratio of their weights, by largest
// remainder; a tie goes to the lower ID. The results stand in the order of
// parts and come to total exactly, each within a penny of its exact share, and
// a part without weight gets nothing. The order of parts does not matter, and
// a negative total is split as the positive one is.
func Apportion(total Pence, parts []Part) ([]Pence, error) {
	if !total.inRange() {
		return nil, &OutOfRange{total.Exact()}
	}
	if !slices.ContainsFunc(parts, func(p Part) bool { return !p.Weight.IsZero() }) {
		return nil, ErrNoWeight
	}
	size := total.size()
	shares, remainders, ok := split64(size, parts)
	if !ok {
		shares, remainders = splitBig(size, parts)
	}
	for _, share := range shares {
		size -= share
	}
	// The pence left over are fewer than the parts with a remainder, so none
	// can reach a part without weight.
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(
			remainders.compare(b, a),
			cmp.Compare(parts[a].ID, parts[b].ID),
			parts[b].Weight.Cmp(parts[a].Weight), // one ID twice
		)
	})
	for _, i := range order[:size] {
		shares[i]++
	}
	result := make([]Pence, len(parts))
	for i, share := range shares {
		result[i] = signed(share, total < 0)
	}
	return result, nil
}

// remainders compares what parts a and b have over whole pence.
type remainders interface{ compare(a, b int) int }

type smallRemainders []uint64

func (r smallRemainders) compare(a, b int) int { return cmp.Compare(r[a], r[b]) }

type bigRemainders []*big.Int

func (r bigRemainders) compare(a, b int) int { return r[a].Cmp(r[b]) }

// split64 gives each part the whole pence of its exact share. It answers false
// when the weights have no common denominator within 64 bits.
func split64(size uint64, parts []Part) ([]uint64, remainders, bool) {
	common := int64(1)
	for _, p := range parts {
		step := max(p.Weight.den, 1) / gcd(max(p.Weight.den, 1), common)
		hi, lo := bits.Mul64(uint64(common), uint64(step))
		if hi != 0 || lo > 1<<62 {
			return nil, nil, false
		}
		common = int64(lo)
	}
	weights := make([]uint64, len(parts))
	sum := uint64(0)
	for i, p := range parts {
		hi, lo := bits.Mul64(uint64(p.Weight.num), uint64(common/max(p.Weight.den, 1)))
		next, carry := bits.Add64(sum, lo, 0)
		if hi != 0 || carry != 0 {
			return nil, nil, false
		}
		weights[i], sum = lo, next
	}
	shares, over := weights, make(smallRemainders, len(parts))
	for i, w := range weights {
		hi, lo := bits.Mul64(size, w)
		shares[i], over[i] = bits.Div64(hi, lo, sum) // w ≤ sum, so it fits
	}
	return shares, over, true
}

// splitBig does what split64 does, for weights of any fineness.
func splitBig(size uint64, parts []Part) ([]uint64, remainders) {
	common := big.NewInt(1)
	for _, p := range parts {
		den := p.Weight.rat().Denom()
		step := new(big.Int).Div(den, new(big.Int).GCD(nil, nil, den, common))
		common.Mul(common, step)
	}
	weights := make([]*big.Int, len(parts))
	sum := new(big.Int)
	for i, p := range parts {
		r := p.Weight.rat()
		w := new(big.Int).Div(common, r.Denom())
		weights[i] = w.Mul(w, r.Num())
		sum.Add(sum, w)
	}
	shares, over := make([]uint64, len(parts)), make(bigRemainders, len(parts))
	for i, w := range weights {
		w.Mul(w, new(big.Int).SetUint64(size))
		share, left := w.QuoRem(w, sum, new(big.Int))
		shares[i], over[i] = share.Uint64(), left
	}
	return shares, over
}
