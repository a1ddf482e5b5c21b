package money

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func share(t interface{ Fatal(...any) }, num, den int64) Share {
	s, err := NewShare(num, den)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseShare(t *testing.T) {
	for _, c := range []struct {
		text     string
		num, den int64
		printed  string
	}{
		{"25%", 1, 4, "25%"},
		{"0.25", 1, 4, "25%"},
		{" 12.5% ", 1, 8, "12.5%"},
		{"1/3", 1, 3, "1/3"},
		{"2/6", 1, 3, "1/3"},
		{"33.33%", 3333, 10_000, "33.33%"},
		{"33.333%", 33_333, 100_000, "33333/100000"},
		{"100%", 1, 1, "100%"},
		{"1", 1, 1, "100%"},
		{"60", 60, 1, "6000%"},
		{"0", 0, 1, "0%"},
		{"0%", 0, 5, "0%"},
		{"0/7", 0, 7, "0%"},
		{"9223372036854775807/9223372036854775806", math.MaxInt64, math.MaxInt64 - 1, "9223372036854775807/9223372036854775806"},
	} {
		s, err := ParseShare(c.text)
		if err != nil || s != share(t, c.num, c.den) || s.String() != c.printed {
			t.Errorf("ParseShare(%q) = %v, %v; want %s", c.text, s, err, c.printed)
		}
	}
	for text, code := range map[string]string{
		"": "share-form", "%": "share-form", "-25%": "share-form", "25 %": "share-form", "NaN": "share-form", "1e5": "share-form",
		".5": "share-form", "5.": "share-form", "1,5%": "share-form", "0.1234567": "share-form", "1/2/3": "share-form", "1/": "share-form",
		"/2": "share-form", "1 / 2": "share-form", "-1/2": "share-form", "½": "share-form", "1/0": "share-range", "0/0": "share-range",
		"9223372036854775808/1": "share-form", strings.Repeat("9", 100_000): "share-form", "25%%": "share-form", "+1/2": "share-form",
	} {
		s, err := ParseShare(text)
		var u *Unreadable
		if !errors.As(err, &u) || u.Code != code || u.Remedy == "" || s != (Share{}) {
			t.Errorf("ParseShare(%.40q) = %v, %v; want %s", text, s, err, code)
		}
	}
	if _, err := NewShare(-1, 2); err == nil {
		t.Error("a share below nought")
	}
	if _, err := NewShare(1, math.MinInt64); err == nil {
		t.Error("a denominator below nought")
	}
}

func TestShareOf(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		p, want  Pence
	}{
		{1, 2, 1, 1}, {1, 2, -1, -1}, {1, 2, 3, 2}, {1, 3, 1, 0}, {1, 3, 100, 33}, {2, 3, 100, 67},
		{1, 4, -10, -3}, {0, 1, 100, 0}, {1, 1, Max, Max}, {3, 2, 100, 150},
		{math.MaxInt64, 1, 1, Max + 1}, {math.MaxInt64, 1, -Max, -Max - 1}, {2, 1, Max, Max + 1}, {1_844_675, 1, Max, Max + 1},
		{math.MaxInt64 - 1, math.MaxInt64, Max, Max},
	} {
		if got := share(t, c.num, c.den).Of(c.p); got != c.want {
			t.Errorf("%d/%d of %v = %v, want %v", c.num, c.den, c.p, got, c.want)
		}
	}
}

// Shares agree with exact rational arithmetic.
func TestShareProperties(t *testing.T) {
	drawn := rapid.Custom(func(t *rapid.T) Share {
		return share(t, rapid.Int64Range(0, 1e12).Draw(t, "num"), rapid.Int64Range(1, 1e9).Draw(t, "den"))
	})
	rapid.Check(t, func(t *rapid.T) {
		s, u := drawn.Draw(t, "s"), drawn.Draw(t, "u")
		if s.Cmp(u) != s.rat().Cmp(u.rat()) || (s.Cmp(u) == 0) != (s == u) {
			t.Fatalf("Cmp(%v, %v) = %d", s, u, s.Cmp(u))
		}
		if back, err := ParseShare(s.String()); err != nil || back != s {
			t.Fatalf("%v reads back as %v, %v", s, back, err)
		}
		exact := new(big.Rat).Add(s.rat(), u.rat())
		if sum, err := s.Add(u); err == nil && sum.rat().Cmp(exact) != 0 {
			t.Fatalf("%v + %v = %v", s, u, sum)
		} else if err != nil && exact.Num().IsInt64() && exact.Denom().IsInt64() {
			t.Fatal(err)
		}
		p := Pence(rapid.Int64Range(-1e6, 1e6).Draw(t, "p"))
		of := s.Of(p)
		if of.Neg() != s.Of(p.Neg()) {
			t.Fatalf("%v of %v is %v, but of %v %v", s, p, of, -p, s.Of(-p))
		}
		if of.inRange() {
			off := new(big.Rat).Mul(s.rat(), big.NewRat(int64(p), 1))
			off.Sub(off, big.NewRat(int64(of), 1))
			if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
				t.Fatalf("%v of %v = %v, off by %v", s, p, of, off)
			}
		}
	})
}

func FuzzParseShare(f *testing.F) {
	for _, s := range []string{"25%", "0.25", "1/3", "12.5%", "60", "1/0", "-1", "9223372036854775807/2", "0.000001%", "1e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseShare(text)
		if err != nil {
			var u *Unreadable
			if !errors.As(err, &u) || u.Remedy == "" || s != (Share{}) {
				t.Fatalf("ParseShare(%q) = %v, %#v", text, s, err)
			}
			return
		}
		back, err := ParseShare(s.String())
		if err != nil || back != s || back.Cmp(s) != 0 {
			t.Fatalf("%q is %v, which reads back as %v, %v", text, s, back, err)
		}
	})
}

func TestRate(t *testing.T) {
	for _, c := range []struct {
		text, printed string
		p, want       Pence
	}{
		{"2.5%", "2.5%", 10_000, 250},
		{" 3% ", "3%", 50, 2}, // 1.5p
		{"3%", "3%", -50, -2},
		{"-1%", "-1%", 10_000, -100},
		{"−1.25%", "-1.25%", 10_000, -125},
		{"0%", "0%", 10_000, 0},
		{"2.50%", "2.5%", 99, 2}, // 2.475p
		{"9999%", "9999%", Max, Max + 1},
		{"-9999%", "-9999%", Max, -Max - 1},
		{"100%", "100%", Max, Max},
	} {
		r, err := ParseRate(c.text)
		if err != nil || r.String() != c.printed || r.Of(c.p) != c.want {
			t.Errorf("ParseRate(%q) = %v, %v; of %v %v, want %v", c.text, r, err, c.p, r.Of(c.p), c.want)
		}
		if back, err := ParseRate(r.String()); err != nil || !back.Equal(r) {
			t.Errorf("%v reads back as %v, %v", r, back, err)
		}
	}
	for _, text := range []string{"", "%", "2.5", "0.025", "2.5 %", "2,5%", "+1%", "--1%", "-−1%", "1e9%", "1e2147483647%", "NaN%", ".5%", "5.%", "12345%", "1.1234567%", "2.5%%"} {
		r, err := ParseRate(text)
		var u *Unreadable
		if !errors.As(err, &u) || u.Code != "rate-form" || u.Remedy == "" {
			t.Errorf("ParseRate(%q) = %v, %v", text, r, err)
		}
	}
	if (Rate{}).String() != "0%" || (Rate{}).Of(Max) != 0 || !(Rate{}).Decimal().IsZero() {
		t.Error("the zero Rate is 0%")
	}
}
