package money

import (
	"errors"
	"math"
	"testing"
)

func TestForms(t *testing.T) {
	for _, c := range []struct {
		p                      Pence
		plain, whole, postings string
	}{
		{0, "0.00", "£0", "£0.00"},
		{5, "0.05", "£0", "£0.05"},
		{-5, "-0.05", "£0", "−£0.05"},
		{49, "0.49", "£0", "£0.49"},
		{50, "0.50", "£1", "£0.50"},
		{-50, "-0.50", "−£1", "−£0.50"},
		{99_950, "999.50", "£1,000", "£999.50"},
		{-123_456, "-1234.56", "−£1,235", "−£1,234.56"},
		{18_000_000, "180000.00", "£180,000", "£180,000.00"},
		{-2_000_000, "-20000.00", "−£20,000", "−£20,000.00"},
		{Max, "100000000000.00", "£100,000,000,000", "£100,000,000,000.00"},
		{math.MinInt64, "-92233720368547758.08", "−£92,233,720,368,547,758", "−£92,233,720,368,547,758.08"},
	} {
		if c.p.String() != c.plain || c.p.Whole() != c.whole || c.p.Exact() != c.postings {
			t.Errorf("%d: %s, %s, %s; want %s, %s, %s", int64(c.p), c.p, c.p.Whole(), c.p.Exact(), c.plain, c.whole, c.postings)
		}
		if got, err := ParsePence(c.plain); c.p.inRange() && (err != nil || got != c.p) {
			t.Errorf("ParsePence(%q) = %v, %v", c.plain, got, err)
		}
	}
	if n := testing.AllocsPerRun(100, func() { var b [24]byte; AppendPence(b[:0], -Max) }); n != 0 {
		t.Errorf("AppendPence allocates %v times", n)
	}
}

func TestParsePenceIsStrict(t *testing.T) {
	for _, s := range []string{"", "-", "1", "1.0", "1.000", ".50", "01.00", "-0.00", "+1.00", "1,000.00", " 1.00", "£1.00", "--1.00", "−1.00", "1e2.00", "100000000000.01", "99999999999999999999.00"} {
		if p, err := ParsePence(s); err == nil {
			t.Errorf("ParsePence(%q) = %v", s, p)
		}
	}
}

func TestArithmeticIsChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func() (Pence, error)
		want Pence
		fits bool
	}{
		{"add", func() (Pence, error) { return Pence(150).Add(-50) }, 100, true},
		{"add to the limit", func() (Pence, error) { return (Max - 1).Add(1) }, Max, true},
		{"add past it", func() (Pence, error) { return Max.Add(1) }, 0, false},
		{"add past int64", func() (Pence, error) { return Pence(math.MaxInt64).Add(math.MaxInt64) }, 0, false},
		{"add what is already too big", func() (Pence, error) { return (Max + 1).Add(-1) }, 0, false},
		{"subtract", func() (Pence, error) { return Pence(50).Sub(150) }, -100, true},
		{"subtract to the limit", func() (Pence, error) { return (-Max + 1).Sub(1) }, -Max, true},
		{"subtract past it", func() (Pence, error) { return (-Max).Sub(1) }, 0, false},
		{"times", func() (Pence, error) { return Pence(-25).Times(4) }, -100, true},
		{"times minus", func() (Pence, error) { return Pence(-25).Times(-4) }, 100, true},
		{"times nought", func() (Pence, error) { return Max.Times(0) }, 0, true},
		{"times past it", func() (Pence, error) { return Max.Times(2) }, 0, false},
		{"times past int64", func() (Pence, error) { return Pence(1 << 32).Times(1 << 32) }, 0, false},
		{"times the lowest", func() (Pence, error) { return Pence(math.MinInt64).Times(math.MinInt64) }, 0, false},
	} {
		got, err := c.do()
		var over *OutOfRange
		if got != c.want || (err == nil) != c.fits || err != nil && !errors.As(err, &over) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if Pence(-3).Abs() != 3 || Pence(3).Abs() != 3 || Pence(3).Neg() != -3 {
		t.Error("Abs or Neg")
	}
}
