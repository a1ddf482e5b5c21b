package commissioning

import (
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func TestParseAges(t *testing.T) {
	none := Ages{}
	for _, c := range []struct {
		text string
		want Ages
	}{
		{"0-3", Ages{0, 3, true}},
		{"5 to 13", Ages{5, 13, true}},
		{"5 – 13", Ages{5, 13, true}},
		{"5—13", Ages{5, 13, true}},
		{" Ages 5 - 13 ", Ages{5, 13, true}},
		{"aged 5 to 13 years", Ages{5, 13, true}},
		{"under 4", Ages{0, 3, true}},
		{"Under 1", Ages{0, 0, true}},
		{"0-17", Ages{0, 17, true}},
		{"11+", Ages{11, 120, true}},
		{"11 and over", Ages{11, 120, true}},
		{"4", Ages{4, 4, true}},
		{"conception-2", Ages{0, 2, true}},
		{"conception to 19", Ages{0, 19, true}},
		{"birth to 5", Ages{0, 5, true}},
		{"all ages", Ages{0, 120, true}},
		{"any", Ages{0, 120, true}},
		{"", none}, {"?", none}, {"n/a", none}, {"TBC", none}, {"not known", none},
	} {
		if got, err := ParseAges(c.text); err != nil || got != c.want {
			t.Errorf("ParseAges(%q) = %+v, %v; want %+v", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"-1", "-1-3", "5-3", "under 0", "under", "0-121", "999", "three", "0-3-5", "5 13", "0-3; 5-13", "1.5-3", "+", "under 4+", "0x1-3", "٣-٥", "-"} {
		got, err := ParseAges(text)
		var bad *BadAges
		if !errors.As(err, &bad) || got != (Ages{}) {
			t.Errorf("ParseAges(%q) = %+v, %v; want a BadAges", text, got, err)
		}
	}
}

func TestAgesOverlap(t *testing.T) {
	underFour, primary, all := Ages{0, 3, true}, Ages{5, 13, true}, Ages{0, 17, true}
	for _, c := range []struct {
		name     string
		a, b     Ages
		years    int
		num, den int
		contains bool
	}{
		{"a band within another overlaps wholly", all, primary, 9, 9, 9, true},
		{"Flying Start beside Children's Fund leaves age 4 between them", underFour, primary, 0, 0, 4, false},
		{"0 to 4 with 4 to 11 share age 4", Ages{0, 4, true}, Ages{4, 11, true}, 1, 1, 5, false},
		{"not known", Ages{}, primary, 0, 0, 0, false},
		{"one year", Ages{4, 4, true}, Ages{4, 4, true}, 1, 1, 1, true},
	} {
		num, den := c.a.OverlapShare(c.b)
		if c.a.Overlap(c.b) != c.years || num != c.num || den != c.den || c.a.Contains(c.b) != c.contains {
			t.Errorf("%s: %d years, %d/%d, contains %v", c.name, c.a.Overlap(c.b), num, den, c.a.Contains(c.b))
		}
	}
}

func anyAges() *rapid.Generator[Ages] {
	return rapid.Custom(func(t *rapid.T) Ages {
		from := rapid.Int8Range(0, oldest).Draw(t, "from")
		return Ages{from, rapid.Int8Range(from, oldest).Draw(t, "to"), true}
	})
}

func TestAgesProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyAges().Draw(t, "a"), anyAges().Draw(t, "b")
		shared := 0
		for year := range int8(oldest) + 1 {
			if a.From <= year && year <= a.To && b.From <= year && year <= b.To {
				shared++
			}
		}
		if a.Overlap(b) != shared || b.Overlap(a) != shared {
			t.Fatalf("%v and %v share %d years, not %d", a, b, shared, a.Overlap(b))
		}
		if a.Contains(b) != (shared == b.Years()) {
			t.Fatalf("%v contains %v: %v", a, b, a.Contains(b))
		}
		if back, err := ParseAges(a.String()); err != nil || back != a {
			t.Fatalf("%v reads back as %v, %v", a, back, err)
		}
	})
	if (Ages{}).String() != "" {
		t.Error("ages that are not known must print as a blank")
	}
}

func FuzzParseAges(f *testing.F) {
	for _, text := range []string{"0-3", "5 to 13", "under 4", "11+", "conception-2", "any", "", "0-", "-", "under -1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAges(text)
		if err != nil || !a.Known {
			if a != (Ages{}) {
				t.Fatalf("%q: a band that was not read is %+v", text, a)
			}
			return
		}
		if a.From < 0 || a.To < a.From || a.To > oldest {
			t.Fatalf("%q reads as %+v", text, a)
		}
		if back, err := ParseAges(a.String()); err != nil || back != a {
			t.Fatalf("%q reads as %v and then as %v, %v", text, a, back, err)
		}
	})
}
