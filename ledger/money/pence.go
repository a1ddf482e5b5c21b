package money

import (
	"fmt"
	"math/bits"
	"strconv"
)

// Pence is a known sum in whole pence.
type Pence int64

// Max is £100bn: more than any sum the ledger meets, and small enough that
// adding two of them cannot overflow.
const Max Pence = 10_000_000_000_000

func (p Pence) inRange() bool { return -Max <= p && p <= Max }

// OutOfRange says that a sum would pass £100bn, which is nearly always a slip.
type OutOfRange struct {
	Sum string // the sum attempted, such as "£1.00 + £2.00"
}

func (e *OutOfRange) Error() string {
	return e.Sum + " is beyond " + Max.Whole() + ", the largest sum that can be held; look for an amount with digits too many"
}

// Add returns p + q.
func (p Pence) Add(q Pence) (Pence, error) {
	if r := p + q; p.inRange() && q.inRange() && r.inRange() {
		return r, nil
	}
	return 0, &OutOfRange{p.Exact() + " + " + q.Exact()}
}

// Sub returns p − q.
func (p Pence) Sub(q Pence) (Pence, error) {
	if r := p - q; p.inRange() && q.inRange() && r.inRange() {
		return r, nil
	}
	return 0, &OutOfRange{p.Exact() + " − " + q.Exact()}
}

// Times returns n × p.
func (p Pence) Times(n int64) (Pence, error) {
	hi, lo := bits.Mul64(p.size(), Pence(n).size())
	if hi != 0 || lo > uint64(Max) {
		return 0, &OutOfRange{fmt.Sprintf("%s × %d", p.Exact(), n)}
	}
	return signed(lo, (p < 0) != (n < 0)), nil
}

// Neg returns −p.
func (p Pence) Neg() Pence { return -p }

// Abs returns p without its sign.
func (p Pence) Abs() Pence {
	if p < 0 {
		return -p
	}
	return p
}

// size is |p|, right even for the lowest int64.
func (p Pence) size() uint64 {
	if p < 0 {
		return -uint64(p)
	}
	return uint64(p)
}

func signed(size uint64, negative bool) Pence {
	if negative {
		return -Pence(size)
	}
	return Pence(size)
}

// String is the form of JSON and CSV: "-1234.56".
func (p Pence) String() string {
	var b [24]byte
	return string(AppendPence(b[:0], p))
}

// AppendPence appends the form of String without allocating.
func AppendPence(dst []byte, p Pence) []byte {
	if p < 0 {
		dst = append(dst, '-')
	}
	n := p.size()
	dst = strconv.AppendUint(dst, n/100, 10)
	return append(dst, '.', byte('0'+n%100/10), byte('0'+n%10))
}

// Whole is the form of screens: "£180,000", "−£20,000", rounded half away from zero.
func (p Pence) Whole() string {
	pounds := (p.size() + 50) / 100
	return string(appendPounds(nil, pounds, p < 0 && pounds > 0))
}

// Exact is the form of postings: "£180,000.00", "−£20,000.00".
func (p Pence) Exact() string {
	n := p.size()
	b := appendPounds(nil, n/100, p < 0)
	return string(append(b, '.', byte('0'+n%100/10), byte('0'+n%10)))
}

func appendPounds(dst []byte, pounds uint64, negative bool) []byte {
	if negative {
		dst = append(dst, "−"...)
	}
	dst = append(dst, "£"...)
	digits := strconv.FormatUint(pounds, 10)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, digits[i])
	}
	return dst
}

// ParsePence is the inverse of String and accepts nothing else.
func ParsePence(s string) (Pence, error) {
	size, negative := s, false
	if len(s) > 0 && s[0] == '-' {
		size, negative = s[1:], true
	}
	n := len(size)
	shaped := n >= 4 && size[n-3] == '.' && (size[0] != '0' || n == 4)
	if p, ok := plain(size); shaped && ok && !(negative && p == 0) {
		return signed(uint64(p), negative), nil
	}
	return 0, unreadable(s, "pence-form")
}
