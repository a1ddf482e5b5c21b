package money

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAmountZeroIsKnown(t *testing.T) {
	if p, known := (Amount{}).Known(); p != 0 || !known || (Amount{}) != Known(0) {
		t.Error("the zero Amount is a known £0")
	}
	if _, known := Unknown.Known(); known || !Unknown.IsUnknown() || Unknown == Known(0) || Unknown.String() != "?" {
		t.Error("unknown is not nought")
	}
}

func TestSum(t *testing.T) {
	for _, c := range []struct {
		name          string
		parts         []Amount
		state         State
		plain, screen string
	}{
		{"empty", nil, Exact, "0.00", "£0"},
		{"known", []Amount{Known(60_000), Known(40_000)}, Exact, "1000.00", "£1,000"},
		{"partly unknown", []Amount{Known(100_000), Unknown}, AtLeast, "at least 1000.00", "at least £1,000"},
		{"only unknown", []Amount{Unknown, Unknown}, NotKnown, "?", "not known"},
		{"unknown and a recorded nought", []Amount{Known(0), Unknown}, NotKnown, "?", "not known"},
		{"negative", []Amount{Known(-100_000)}, Exact, "-1000.00", "−£1,000"},
	} {
		var s Sum
		for _, a := range c.parts {
			s.Add(a)
		}
		if s.State() != c.state || s.String() != c.plain || s.Whole() != c.screen || s.Err() != nil {
			t.Errorf("%s: %v, %s, %s, %v", c.name, s.State(), s, s.Whole(), s.Err())
		}
	}
}

// A total that once passed the limit never shows a figure again.
func TestSumBeyondTheLimit(t *testing.T) {
	var s Sum
	s.AddPence(Max)
	s.AddPence(1)
	s.AddPence(-Max)
	var over *OutOfRange
	if !errors.As(s.Err(), &over) || s.State() != NotKnown || s.Whole() != "not known" {
		t.Errorf("%v, %v", s, s.Err())
	}
	var outer Sum
	outer.AddPence(5)
	outer.Merge(s)
	if outer.Err() == nil || outer.State() != NotKnown {
		t.Error("the fault was lost in merging")
	}
	var lowest Sum
	lowest.AddPence(math.MinInt64)
	if lowest.Err() == nil {
		t.Error("an amount beyond the limit was added")
	}
}

// However the parts are ordered and bracketed, the total is the same, and it is
// exact just when no part is unknown.
func TestSumProperties(t *testing.T) {
	amount := rapid.Custom(func(t *rapid.T) Amount {
		if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
			return Unknown
		}
		return Known(Pence(rapid.Int64Range(-1e9, 1e9).Draw(t, "pence")))
	})
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(amount, 0, 40).Draw(t, "parts")
		var forward, left, right Sum
		var plain Pence
		unknown := false
		at := rapid.IntRange(0, len(parts)).Draw(t, "cut")
		for i, a := range parts {
			forward.Add(a)
			if i < at {
				left.Add(a)
			} else {
				right.Add(a)
			}
			p, known := a.Known()
			plain, unknown = plain+p, unknown || !known
		}
		right.Merge(left)
		if right != forward {
			t.Fatalf("%v in order, %v in parts", forward, right)
		}
		if forward.Pence() != plain || (forward.State() == Exact) == unknown || (forward.State() == NotKnown) != (unknown && plain == 0) {
			t.Fatalf("%v, want %v with unknown %v", forward, plain, unknown)
		}
	})
}
