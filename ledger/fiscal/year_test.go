package fiscal

import (
	"errors"
	"strings"
	"testing"
)

func TestYear(t *testing.T) {
	for _, c := range []struct {
		y                Year
		name, start, end string
	}{
		{2026, "2026-27", "2026-04-01", "2027-03-31"},
		{1999, "1999-00", "1999-04-01", "2000-03-31"},
		{2008, "2008-09", "2008-04-01", "2009-03-31"},
		{Term, "term", "", ""},
	} {
		if c.y.String() != c.name || c.y.Start().String() != c.start || c.y.End().String() != c.end {
			t.Errorf("%v from %v to %v", c.y, c.y.Start(), c.y.End())
		}
	}
	for day, want := range map[string]Year{"2026-03-31": 2025, "2026-04-01": 2026, "2027-01-01": 2026, "2027-03-31": 2026, "": Term} {
		if d := MustDate(day); YearOf(d) != want || d.Year() != want {
			t.Errorf("%s is in %v, want %v", day, YearOf(d), want)
		}
	}
	// Every day is in its own year and in neither neighbour.
	for d := MustDate("2023-01-01"); d < MustDate("2029-01-01"); d++ {
		if y := d.Year(); !y.Contains(d) || (y - 1).Contains(d) || (y + 1).Contains(d) || !Term.Contains(d) {
			t.Fatalf("%v in %v", d, y)
		}
	}
	if Year(2026).Contains(0) || Term.Contains(0) {
		t.Error("no date falls in no year")
	}
}

func TestParseYear(t *testing.T) {
	for text, want := range map[string]Year{
		"2026-27": 2026, "2026/27": 2026, "2026-2027": 2026, "2026/2027": 2026, "2026–27": 2026, " 2005/06 ": 2005,
		"1999-00": 1999, "1999-2000": 1999, "2099-00": 2099, "1990-91": 1990, "2150-51": 2150,
	} {
		y, err := ParseYear(text)
		if err != nil || y != want {
			t.Errorf("ParseYear(%q) = %v, %v", text, y, err)
		}
	}
	for code, texts := range map[string][]string{
		"year-form":      {"", "term", "2005-8", "2026 - 27", "2026-7", "2026_27", "2026-27-28", "26/2027", "２０２６-27", "-2026-27", "ab26-27", "2026-2x", "FY 26/27", strings.Repeat("2", 100_000)},
		"year-two-digit": {"26/27", "05-06"},
		"year-one":       {"2026", "FY2005", "FY2026", "fy26", "FY 2026"},
		"year-follow":    {"1995-06", "2026-26", "2026-28", "2026-2028", "2026-2127", "2026/26", "1999-01"},
		"year-range":     {"1989-90", "2151-52", "0205-06", "9999-00"},
	} {
		for _, text := range texts {
			y, err := ParseYear(text)
			var u *Unreadable
			if !errors.As(err, &u) || u.Code != code || u.Remedy == "" || u.Text != cut(text) || y != Term {
				t.Errorf("ParseYear(%.40q) = %v, %v; want %s", text, y, err, code)
			}
		}
	}
}

func TestParseSpan(t *testing.T) {
	for text, want := range map[string][2]Year{
		"2005-8": {2005, 2007}, "2005-08": {2005, 2007}, "2005–08": {2005, 2007}, "2005/08": {2005, 2007}, "2001-2004": {2001, 2003},
		"2012/13-2013/14": {2012, 2013}, "2012-13–2013-14": {2012, 2013}, "2012/2013-2013/2014": {2012, 2013},
		"1999-02": {1999, 2001}, "2005-06": {2005, 2005}, "2005-6": {2005, 2005}, "2005/2006": {2005, 2005}, "1998-00": {1998, 1999},
	} {
		from, to, err := ParseSpan(text)
		if err != nil || from != want[0] || to != want[1] {
			t.Errorf("ParseSpan(%q) = %v, %v, %v; want %v", text, from, to, err, want)
		}
	}
	for code, texts := range map[string][]string{
		"span-form":   {"", "2005", "2005-", "2005-200", "5-8", "2005-8-9", "2005 to 2008", "FY2005-8", strings.Repeat("2005-", 50_000)},
		"span-order":  {"2009-2", "2008-2005", "2008-2008", "2005-05", "2005-04", "2000-2021", "2013/14-2012/13"},
		"year-range":  {"1980-85", "2149-2160"},
		"year-follow": {"2012/14-2013/14"},
	} {
		for _, text := range texts {
			from, to, err := ParseSpan(text)
			var u *Unreadable
			if !errors.As(err, &u) || u.Remedy == "" || from != Term || to != Term {
				t.Errorf("ParseSpan(%.40q) = %v, %v, %v", text, from, to, err)
			} else if u.Code != code && !(code == "span-form" && len(text) > 15) {
				t.Errorf("ParseSpan(%.40q): %s, want %s", text, u.Code, code)
			}
		}
	}
}

func FuzzParseYear(f *testing.F) {
	for _, s := range []string{"2026-27", "2026/2027", "1999-00", "2005-8", "FY2026", "26/27", "2012/13-2013/14", "2026–27", "1995-06", "2001-2004"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		from, to, spanErr := ParseSpan(s)
		if spanErr == nil && (from > to || to-from >= longestSpan || from < firstFiscal || to > lastFiscal) {
			t.Fatalf("ParseSpan(%q) = %v, %v", s, from, to)
		}
		y, err := ParseYear(s)
		if err != nil {
			var u *Unreadable
			if !errors.As(err, &u) || u.Remedy == "" || y != Term {
				t.Fatalf("ParseYear(%q) = %v, %#v", s, y, err)
			}
			return
		}
		if back, err := ParseYear(y.String()); err != nil || back != y {
			t.Fatalf("%v reads back as %v, %v", y, back, err)
		}
		if spanErr != nil || from != y || to != y {
			t.Fatalf("ParseSpan(%q) = %v, %v, %v; as a year it is %v", s, from, to, spanErr, y)
		}
	})
}
