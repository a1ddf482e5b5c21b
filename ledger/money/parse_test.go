package money

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// Every way of writing an amount that councils' files were seen to hold either
// loads to the penny or is refused for a stated cause. None is guessed at.
func TestParseExactly(t *testing.T) {
	for _, c := range []struct {
		text string
		sign Sign
		want Pence
	}{
		{"0", NotNegative, 0},
		{"0.00", NotNegative, 0},
		{"125000", NotNegative, 12_500_000},
		{"125000.5", NotNegative, 12_500_050},
		{"125000.05", NotNegative, 12_500_005},
		{"  125000\r\n", NotNegative, 12_500_000},
		{"\u00a01200\u2009", NotNegative, 120_000},
		{"007", NotNegative, 700},
		{"1,234.56", NotNegative, 123_456},
		{"£1,200", NotNegative, 120_000},
		{"£1200.00", NotNegative, 120_000},
		{"1,234,567", NotNegative, 123_456_700},
		{"£2.7m", NotNegative, 270_000_000},
		{"2.7m", NotNegative, 270_000_000},
		{"£2.7M", NotNegative, 270_000_000},
		{"2.76543219m", NotNegative, 276_543_219},
		{"£96k", NotNegative, 9_600_000},
		{"£1,200k", NotNegative, 120_000_000},
		{"0.00001k", NotNegative, 1},
		{"100000000000", NotNegative, Max},
		{"£100,000,000,000.00", NotNegative, Max},
		{"100000m", NotNegative, Max},
		{"-1,200", Signed, -120_000},
		{"−1,200", Signed, -120_000},
		{"(1,200)", Signed, -120_000},
		{"(1,234.56)", Signed, -123_456},
		{"1,200-", Signed, -120_000},
		{"1234.56-", Signed, -123_456},
		{"-£1,200", Signed, -120_000},
		{"£-1,200", Signed, -120_000},
		{"(£1,200)", Signed, -120_000},
		{"£(1,200)", Signed, -120_000},
		{"−£20,000", Signed, -2_000_000},
		{"(£2.7m)", Signed, -270_000_000},
		{"-0.00", Signed, 0},
		{"1,200", Signed, 120_000},
		{"-100000000000.00", Signed, -Max},
	} {
		a, given, err := Parse(c.text, c.sign)
		if err != nil || !given || a != Known(c.want) {
			t.Errorf("Parse(%q) = %v, %v, %v; want %v", c.text, a, given, err, c.want)
		}
	}
}

func TestParseNoneAndUnknown(t *testing.T) {
	for _, text := range []string{"", " ", "\t\r\n", "\u00a0", "-", " - ", "–"} {
		if a, given, err := Parse(text, NotNegative); given || err != nil || a != (Amount{}) {
			t.Errorf("Parse(%q) = %v, %v, %v; want none given", text, a, given, err)
		}
	}
	for _, text := range []string{"?", "n/a", "N/A", "tbc", "TBC", " Tbc ", "not known", "Not known", "NOT KNOWN"} {
		if a, given, err := Parse(text, NotNegative); !given || err != nil || a != Unknown {
			t.Errorf("Parse(%q) = %v, %v, %v; want given and unknown", text, a, given, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for code, texts := range map[string][]string{
		"amount-decimals":      {"10.005", "1234.567", "0.30000000000000004", "1234.5600000000001", "1.500", "1.234", "£2.123456789m", "96.123456k"},
		"amount-grouping":      {"1,23,456", "12,3456", "1234,567", "0,123", "1,234,56", "1,,234", ",123", "1,200,", "01,200", "1,23.50"},
		"amount-decimal-comma": {"1234,56", "12,5", "1.234,56", "1,27m", "£1,27m", "1.234.567,89", ",50"},
		"amount-currency":      {"€1200", "$1,200", "1200€", "50p", "GBP 1200", "1200 GBP", "1200 pounds", "££1200", "￡1200", "EUR1200"},
		"amount-negative":      {"-1", "−1,200", "(1,200)", "1,200-", "-£1", "-0"},
		"amount-sign":          {"+1200", "--1", "(-1,200)", "-1,200-", "((1,200))", "–1,200", "—5"},
		"amount-range":         {"100000000000.01", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551616", "100000.00000001m", "999999999999", "000000000000001", "£999,999,999,999", "99999999999999m", "184467440738m", strings.Repeat("9", 100_000)},
		"amount-formula":       {"=A1+B1", "=1200", "@SUM(A1)"},
		"amount-error-cell":    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!"},
		"amount-percent":       {"25%", "2.5 %", "£5%"},
		"amount-space":         {"1 234", "1\u00a0234", "1\u2009234.56", "£ 1,200", "1,\n200", "12\u200b00", "\ufeff1200", "1200\u202e", "£96 k", "12\x0000"},
		"amount-digits":        {".", "1.", ".5", "1.2.3", "1'200", "'1200", "１２００", "١٢٠٠", "0x1F", "0o17", "0b11", "1_000", "£", "()", "(1,200", "1,200)", "£-", "-£", "k", "m"},
		"amount-exponent":      {"1e308", "1E5", "1e2147483647", "1e-2147483647", "1.2e+6", "-1e400"},
		"amount-span":          {"£3.93m-£4.11m", "100-200", "100–200"},
		"amount-credit":        {"1200 CR", "1200CR", "DR 1200", "1,200.00dr"},
		"amount-encoding":      {"\xa31200", "Â£1200", "\ufffd1200", "12\xff00"},
		"amount-words":         {"nil", "NaN", "Inf", "-Infinity", "null", "none", "Not costed yet", "details not available", "£2.7 million", "£1bn", "96 thousand", "c. 1200", "SELECT 1", "½ of it"},
	} {
		for _, text := range texts {
			sign := Signed
			if code == "amount-negative" {
				sign = NotNegative
			}
			a, given, err := Parse(text, sign)
			var u *Unreadable
			if !errors.As(err, &u) || !given || a != (Amount{}) {
				t.Errorf("Parse(%.40q) = %v, %v, %v; want %s", text, a, given, err, code)
				continue
			}
			if u.Code != code || u.Remedy == "" || u.Remedy != remedies[code] {
				t.Errorf("Parse(%.40q): %s, %q; want %s", text, u.Code, u.Remedy, code)
			}
			if utf8.RuneCountInString(u.Text) > 41 || len(u.Error()) > 400 {
				t.Errorf("Parse(%.40q): the error is too long: %v", text, u)
			}
		}
	}
}

// A thousand ten-pences are a hundred pounds, which binary floats get wrong.
func TestTenPences(t *testing.T) {
	var sum Sum
	for range 1000 {
		a, _, err := Parse("0.10", NotNegative)
		if err != nil {
			t.Fatal(err)
		}
		sum.Add(a)
	}
	if sum.String() != "100.00" {
		t.Error(sum)
	}
}

// Long nonsense must cost no more than reading it.
func TestParseLongText(t *testing.T) {
	for _, text := range []string{"-", "(", "£", ",", "1,", "1.", "−", "e1", "#", " 1", "\xff", "£-", "1)"} {
		long := strings.Repeat(text, 50_000)
		if a, given, err := Parse(long, Signed); err == nil {
			t.Errorf("Parse(%q ...) = %v, %v", text, a, given)
		}
	}
	nested := strings.Repeat("(", 50_000) + "1" + strings.Repeat(")", 50_000)
	if _, _, err := Parse(nested, Signed); err == nil {
		t.Error("50,000 brackets were read")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "-", "?", "125000", "1,234.56", "(1,200)", "£2.7m", "−£20,000", "1e2147483647", "1.234,56", "\xa3", "９", "£3.93m-£4.11m", "#REF!", "0.10-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, given, err := Parse(s, Signed)
		strict, strictGiven, strictErr := Parse(s, NotNegative)
		var u *Unreadable
		if err != nil {
			if !errors.As(err, &u) || u.Remedy == "" || a != (Amount{}) || !given {
				t.Fatalf("Parse(%q): %v, %v, %#v", s, a, given, err)
			}
			return
		}
		p, known := a.Known()
		if !p.inRange() || !given && a != (Amount{}) || !known && p != 0 {
			t.Fatalf("Parse(%q) = %v, %v", s, a, given)
		}
		switch {
		case strictErr != nil:
			if !errors.As(strictErr, &u) || u.Code != "amount-negative" || p > 0 {
				t.Fatalf("Parse(%q) not signed: %v", s, strictErr)
			}
		case strict != a || strictGiven != given:
			t.Fatalf("Parse(%q) is %v signed and %v not signed", s, a, strict)
		}
		// Whatever was read, each of our own forms reads back as the same.
		for _, form := range []string{p.String(), p.Exact()} {
			if again, _, err := Parse(form, Signed); err != nil || again != Known(p) {
				t.Fatalf("%q read as %v; %q as %v, %v", s, p, form, again, err)
			}
		}
		if back, err := ParsePence(p.String()); err != nil || back != p {
			t.Fatalf("ParsePence(%s) = %v, %v", p, back, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"125000", "125000.00", "£1,250,000.00", "£2.7m", "1,23,456"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Parse(text, NotNegative)
			}
		})
	}
}
