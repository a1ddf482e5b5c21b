package fiscal

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseDateAsExactly(t *testing.T) {
	for _, c := range []struct {
		text  string
		order DateOrder
		want  string
	}{
		{"2027-03-31", ISO, "2027-03-31"},
		{" 2027-03-31\n", ISO, "2027-03-31"},
		{"2024-02-29", ISO, "2024-02-29"},
		{"1900-01-01", ISO, "1900-01-01"},
		{"2199-12-31", ISO, "2199-12-31"},
		{"", ISO, ""},
		{" ", DayFirst, ""},
		{"31/03/2027", DayFirst, "2027-03-31"},
		{"31/3/2027", DayFirst, "2027-03-31"},
		{"1/4/2026", DayFirst, "2026-04-01"},
		{"04/05/2005", DayFirst, "2005-05-04"},
		{"31.3.2027", DayFirst, "2027-03-31"},
		{"31-03-2027", DayFirst, "2027-03-31"},
		{"31/3/27", DayFirst, "2027-03-31"},
		{"31/12/79", DayFirst, "2079-12-31"},
		{"1/1/80", DayFirst, "1980-01-01"},
		{"31/12/99", DayFirst, "1999-12-31"},
		{"1/1/00", DayFirst, "2000-01-01"},
		{"31 March 2027", DayFirst, "2027-03-31"},
		{"31 MAR 2027", DayFirst, "2027-03-31"},
		{"1 sept 2027", DayFirst, "2027-09-01"},
		{"31-Mar-27", DayFirst, "2027-03-31"},
		{"31 Mawrth 2027", DayFirst, "2027-03-31"},
		{"1 Gorffennaf 2027", DayFirst, "2027-07-01"},
		{"25 rhagfyr 2027", DayFirst, "2027-12-25"},
		{"29 Chwefror 2024", DayFirst, "2024-02-29"},
	} {
		d, err := ParseDateAs(c.text, c.order)
		if err != nil || d.String() != c.want {
			t.Errorf("ParseDateAs(%q, %d) = %v, %v; want %s", c.text, c.order, d, err, c.want)
		}
	}
}

// Each month is read by its English and its Welsh name.
func TestMonthNames(t *testing.T) {
	welsh := strings.Fields("Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr")
	for i, name := range welsh {
		d, err := ParseDateAs("1 "+name+" 2027", DayFirst)
		if _, m, _ := d.Civil(); err != nil || m != i+1 {
			t.Errorf("%s: %v, %v", name, d, err)
		}
		for _, form := range []string{d.Long(), d.Short()} {
			if again, err := ParseDateAs(form, DayFirst); err != nil || again != d {
				t.Errorf("%s: %v, %v", form, again, err)
			}
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, c := range []struct {
		code  string
		order DateOrder
		texts []string
	}{
		{"date-calendar", DayFirst, []string{"29/02/2023", "31/04/2006", "30 February 2006", "31/13/2006", "00/01/2006", "01/00/2006", "32/01/2006", "29/2/1900", "30 Chwefror 2024"}},
		{"date-calendar", ISO, []string{"2023-02-29", "2006-04-31", "2006-13-01", "2006-00-10", "2006-01-00", "2100-02-29"}},
		{"date-month-first", DayFirst, []string{"03/31/2006", "3/31/06", "12.13.2006"}},
		{"date-range", ISO, []string{"0205-03-31", "1066-10-14", "9999-12-31", "1899-12-31", "2200-01-01", "20050-03-31", "0000-01-01"}},
		{"date-range", DayFirst, []string{"14/10/1066", "31/12/9999"}},
		{"date-serial", ISO, []string{"38443", "60", "38443.5", "36981"}},
		{"date-serial", DayFirst, []string{"38443", "60", "38443.25"}},
		{"date-time", ISO, []string{"2006-03-31T00:00:00Z", "2006-03-31 00:00:00", "2006-03-31T01:30+01:00"}},
		{"date-time", DayFirst, []string{"31/03/2006 00:00"}},
		{"date-words", ISO, []string{"ongoing", "tbc", "n/a", "-", "March"}},
		{"date-order", ISO, []string{"31/03/2027", "31 March 2027", "03/31/2006"}},
		{"date-order", DayFirst, []string{"2027-03-31"}},
		{"date-form", ISO, []string{"2006-W13-5", "2006-090", "2006-3-31", "2006/03/31", "2006- 03-31", "20060331", "２００６-03-31", "FY2005", "March 2006", "2005-8", "2005/06", "05/06", "31st March 2027", "2006-03-31x", "-006-03-31", "+006-03-31"}},
		{"date-form", DayFirst, []string{"31st March 2027", "March 31 2027", "Mar-05", "31/3/207", "31/3/20050", "31/3", "31/3.2027", "31 / 3 / 2027", "31 3 2027", "/3/2027", "31//2027", "2027/03/31", "31 Fawrth 2027", strings.Repeat("1/", 50_000)}},
	} {
		for _, text := range c.texts {
			d, err := ParseDateAs(text, c.order)
			var u *Unreadable
			if !errors.As(err, &u) || d != 0 {
				t.Errorf("ParseDateAs(%.40q, %d) = %v, %v; want %s", text, c.order, d, err, c.code)
				continue
			}
			if u.Code != c.code || u.Remedy == "" || utf8.RuneCountInString(u.Text) > 41 || u.Text != cut(text) {
				t.Errorf("ParseDateAs(%.40q, %d): %s, %q; want %s", text, c.order, u.Code, u.Text, c.code)
			}
		}
	}
	for _, text := range []string{" 2027-03-31", "2027-03-31 ", " ", "31/03/2027"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v", text, d)
		}
	}
}

func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name    string
		samples []string
		want    DateOrder
		code    string
		named   string
	}{
		{"none", nil, ISO, "", ""},
		{"blank", []string{"", " "}, ISO, "", ""},
		{"year first", []string{"2006-03-31", "", "2006-04-01"}, ISO, "", ""},
		{"day first", []string{"04/05/2005", "31/3/06", "1 Mawrth 2006"}, DayFirst, "", ""},
		{"not dates, left for their rows", []string{"ongoing", "38443", "31/04/2006"}, DayFirst, "", ""},
		{"month first", []string{"04/05/2005", "03/31/2006"}, ISO, "date-month-first", "03/31/2006"},
		{"mixed", []string{"2006-03-31", "31/03/2006"}, ISO, "date-mixed", "31/03/2006"},
		{"mixed the other way", []string{"31/03/2006", "2006-03-31"}, ISO, "date-mixed", "2006-03-31"},
	} {
		order, err := Order(slices.Values(c.samples))
		var u *Unreadable
		if errors.As(err, &u) != (c.code != "") || order != c.want || u != nil && (u.Code != c.code || u.Text != c.named) {
			t.Errorf("%s: %v, %v", c.name, order, err)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2027-03-31", "29/02/2023", "31 Mawrth 2027", "31/3/27", "03/31/2006", "38443", "2006-03-31T00:00:00Z", "ongoing", "31-Mar-27", "20050-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, order := range []DateOrder{ISO, DayFirst} {
			d, err := ParseDateAs(s, order)
			if err != nil {
				var u *Unreadable
				if !errors.As(err, &u) || u.Remedy == "" || d != 0 {
					t.Fatalf("ParseDateAs(%q, %d) = %v, %#v", s, order, d, err)
				}
				continue
			}
			if d == 0 {
				if strings.TrimSpace(s) != "" {
					t.Fatalf("ParseDateAs(%q, %d) is no date", s, order)
				}
				continue
			}
			if y, m, day := d.Civil(); y < firstYear || y > lastYear || m < 1 || m > 12 || day < 1 || day > daysIn(y, m) {
				t.Fatalf("ParseDateAs(%q, %d) = %v", s, order, d)
			}
			if iso, err := ParseDate(d.String()); err != nil || iso != d {
				t.Fatalf("%v reads back as %v, %v", d, iso, err)
			}
			if long, err := ParseDateAs(d.Long(), DayFirst); err != nil || long != d {
				t.Fatalf("%s reads back as %v, %v", d.Long(), long, err)
			}
			if other, err := ParseDateAs(s, 1-order); err == nil {
				t.Fatalf("%q is %v in one order and %v in the other", s, d, other)
			}
			// What reads in one order is told to be of that order.
			if told, err := Order(slices.Values([]string{s})); err != nil || told != order {
				t.Fatalf("Order(%q) = %v, %v", s, told, err)
			}
		}
	})
}

func BenchmarkParseDate(b *testing.B) {
	for name, read := range map[string]func() (Date, error){
		"iso":       func() (Date, error) { return ParseDate("2027-03-31") },
		"day-first": func() (Date, error) { return ParseDateAs("31/03/2027", DayFirst) },
		"words":     func() (Date, error) { return ParseDateAs("31 March 2027", DayFirst) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read()
			}
		})
	}
}
