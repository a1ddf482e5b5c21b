package money

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sign says whether a negative amount may stand in a place.
type Sign bool

const (
	NotNegative Sign = false
	Signed      Sign = true
)

// Unreadable says why a text was refused and what to write instead.
type Unreadable struct {
	Text   string // what was found, cut to 40 characters
	Code   string // the cause, stable: "amount-decimals"
	Remedy string // a sentence
}

func (e *Unreadable) Error() string {
	return fmt.Sprintf("%q cannot be read: %s", e.Text, e.Remedy)
}

func unreadable(text, code string) *Unreadable {
	return &Unreadable{Text: cut(text), Code: code, Remedy: remedies[code]}
}

// cut keeps 40 characters, so that an error stays a line long.
func cut(text string) string {
	n := 0
	for i := range text {
		if n == 40 {
			return text[:i] + "…"
		}
		n++
	}
	return text
}

var remedies = map[string]string{
	"amount-decimals":      "an amount has at most two decimals; round it to whole pence, such as 1234.56",
	"amount-grouping":      "the commas are not at the thousands; write 1,234,567 or 1234567",
	"amount-decimal-comma": "pence come after a point, not a comma; write 1234.56",
	"amount-currency":      "amounts are in pounds; write the figure alone or after one £, such as £1,200 or 0.50",
	"amount-negative":      "an amount here cannot be below nought; write it without minus or brackets, or enter it where reductions are entered",
	"amount-sign":          "write no plus, and for a negative one minus or one pair of brackets, such as -1200 or (1,200)",
	"amount-range":         "the largest amount is £100,000,000,000; take out the digits too many",
	"amount-formula":       "this is a formula; put its result in the cell, such as 1200",
	"amount-error-cell":    "this is a spreadsheet's error; mend the formula and put its result in the cell, or ? if the amount is not known",
	"amount-percent":       "this is a percentage; write the amount in pounds, such as 1200",
	"amount-space":         "there is a space or a hidden character in the figure; write 1,200 or 1200",
	"amount-digits":        "write the amount in the digits 0 to 9, such as 1200, 1,200 or 0.50",
	"amount-exponent":      "write the figure out in full, such as 1200000, or as 1.2m",
	"amount-span":          "write one figure, or ? if it is not yet known which",
	"amount-credit":        "write a credit as -1200 or (1,200) and a debit as 1200, without CR or DR",
	"amount-encoding":      "the pound sign was spoilt when the file was saved; save it again as CSV UTF-8, or write the figure without the sign",
	"amount-words":         "write a figure such as 1200, £96k or £2.7m; 0 for nothing, ? for not known, or leave it blank",

	"pence-form": "write pounds with two decimals and no commas, such as -1234.56",

	"share-form":  "write a share as 25%, 0.25 or 1/3",
	"share-range": "a share is a fraction of whole numbers, not below nought, with at most 18 digits in each",
	"rate-form":   "write a rate as a percentage with at most six decimals, such as 2.5% or -1%",
}

// Parse reads an amount as people write it, where there is one reading. Blank,
// "-" and "–" are none given; "?", "n/a", "tbc" and "not known" are given and unknown.
func Parse(text string, sign Sign) (a Amount, given bool, err error) {
	if p, ok := plain(text); ok {
		return Known(p), true, nil
	}
	s := strings.TrimSpace(text)
	switch s {
	case "", "-", "–":
		return Amount{}, false, nil
	}
	for _, word := range [...]string{"?", "n/a", "tbc", "not known"} {
		if strings.EqualFold(s, word) {
			return Unknown, true, nil
		}
	}
	p, code := written(s)
	if code == "" && p.negative && sign == NotNegative {
		code = "amount-negative"
	}
	if code != "" {
		return Amount{}, true, unreadable(s, code)
	}
	return Known(signed(p.size, p.negative)), true, nil
}

// plain reads digits with one or two decimals at most: nearly every cell of a
// file, so it is worth a path of its own.
func plain(s string) (Pence, bool) {
	whole, i := uint64(0), 0
	for i < len(s) && i < 15 && isDigit(s[i]) {
		whole = whole*10 + uint64(s[i]-'0')
		i++
	}
	if i == 0 || i > 14 {
		return 0, false
	}
	n := whole * 100
	switch rest := s[i:]; {
	case rest == "":
	case len(rest) == 2 && rest[0] == '.' && isDigit(rest[1]):
		n += uint64(rest[1]-'0') * 10
	case len(rest) == 3 && rest[0] == '.' && isDigit(rest[1]) && isDigit(rest[2]):
		n += uint64(rest[1]-'0')*10 + uint64(rest[2]-'0')
	default:
		return 0, false
	}
	return Pence(n), n <= uint64(Max)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

type figure struct {
	size     uint64 // pence
	negative bool
}

// written reads a figure with its £, sign, brackets, commas and k or m, or
// gives the code of what is wrong with it.
func written(s string) (figure, string) {
	body, signs, ok := bare(s)
	if !ok {
		return figure{}, cause(s)
	}
	if signs > 1 {
		return figure{}, "amount-sign"
	}
	places := 2 // decimals that still come to whole pence
	switch {
	case hasEither(body, "k", "K"):
		body, places = body[:len(body)-1], 5
	case hasEither(body, "m", "M"):
		body, places = body[:len(body)-1], 8
	}
	whole, decimals, point := strings.Cut(body, ".")
	if whole == "" || !digitsAndCommas(whole) || !allDigits(decimals) || point && decimals == "" {
		return figure{}, cause(s)
	}
	if !grouped(whole) {
		return figure{}, commas(whole, point)
	}
	if len(decimals) > places {
		return figure{}, "amount-decimals"
	}
	// Only now is a number made. Fourteen digits are above any amount.
	whole = strings.ReplaceAll(whole, ",", "")
	if len(whole) > 14 {
		return figure{}, "amount-range"
	}
	size, unit := uint64(0), uint64(1)
	for range places {
		unit *= 10
	}
	for i := range len(whole) {
		size = size*10 + uint64(whole[i]-'0')
	}
	if size > uint64(Max)/unit {
		return figure{}, "amount-range"
	}
	size *= unit
	for i := range len(decimals) {
		unit /= 10
		size += uint64(decimals[i]-'0') * unit
	}
	if size > uint64(Max) {
		return figure{}, "amount-range"
	}
	return figure{size, signs == 1}, ""
}

// bare takes off one £ and the signs: -1, −1, (1), 1- and each with the £
// before or after the sign.
func bare(s string) (body string, signs int, ok bool) {
	pounds := 0
	for len(s) > 0 {
		switch {
		case strings.HasPrefix(s, "£"):
			s = s[len("£"):]
			pounds++
		case s[0] == '(' && s[len(s)-1] == ')':
			s = s[1 : len(s)-1]
			signs++
		case s[0] == '-':
			s = s[1:]
			signs++
		case strings.HasPrefix(s, "−"):
			s = s[len("−"):]
			signs++
		case hasEither(s, "-", "−"):
			s = strings.TrimSuffix(strings.TrimSuffix(s, "-"), "−")
			signs++
		default:
			return s, signs, pounds <= 1
		}
	}
	return "", signs, false
}

func hasEither(s, a, b string) bool { return strings.HasSuffix(s, a) || strings.HasSuffix(s, b) }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

func digitsAndCommas(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) && s[i] != ',' {
			return false
		}
	}
	return true
}

// grouped reports whether the commas, if any, stand at the thousands.
func grouped(whole string) bool {
	first := strings.IndexByte(whole, ',')
	if first < 0 {
		return true
	}
	if first == 0 || first > 3 || whole[0] == '0' || (len(whole)-first)%4 != 0 {
		return false
	}
	for i := first; i < len(whole); i += 4 {
		if whole[i] != ',' || !allDigits(whole[i+1:i+4]) {
			return false
		}
	}
	return true
}

// commas tells a decimal comma (1234,56) from commas in the wrong place.
func commas(whole string, point bool) string {
	last := strings.LastIndexByte(whole, ',')
	if after := len(whole) - last - 1; !point && strings.Count(whole, ",") == 1 && (after == 1 || after == 2) {
		return "amount-decimal-comma"
	}
	return "amount-grouping"
}

// cause finds the likeliest reason why s has not the shape of an amount.
func cause(s string) string {
	var letters strings.Builder
	var space, otherDigit bool
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			if letters.Len() < 20 {
				letters.WriteRune(unicode.ToLower(r))
			}
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
			space = true
		case unicode.IsDigit(r) && r > '9':
			otherDigit = true
		}
	}
	switch {
	case !utf8.ValidString(s) || strings.ContainsAny(s, "\uFFFDÂ"):
		return "amount-encoding"
	case s[0] == '=' || s[0] == '@':
		return "amount-formula"
	case s[0] == '#':
		return "amount-error-cell"
	case strings.Contains(s, "%"):
		return "amount-percent"
	case strings.ContainsAny(s, "€$¥₤￡¢") || strings.Count(s, "£") > 1 && !strings.ContainsAny(s, "-–"):
		return "amount-currency"
	}
	switch letters.String() {
	case "", "k", "m", "km", "kk", "mm":
	case "e":
		return "amount-exponent"
	case "cr", "dr":
		return "amount-credit"
	case "gbp", "eur", "usd", "p", "pound", "pounds", "pence":
		return "amount-currency"
	default:
		if len(s) > 2 && s[0] == '0' && strings.ContainsRune("xXoObB", rune(s[1])) {
			return "amount-digits"
		}
		return "amount-words"
	}
	figure := strings.Trim(s, "£()-−kKmM")
	switch {
	case otherDigit:
		return "amount-digits"
	case strings.Contains(s, "+") || strings.HasPrefix(s, "–") || strings.HasPrefix(s, "—"):
		return "amount-sign"
	case space:
		return "amount-space"
	case figure != "" && strings.ContainsAny(figure, "-–—−"):
		return "amount-span"
	case decimalComma(figure):
		return "amount-decimal-comma"
	}
	return "amount-digits"
}

// decimalComma reports the continental form 1.234,56, and ,50.
func decimalComma(s string) bool {
	before, after, found := strings.Cut(s, ",")
	return found && (len(after) <= 2 || strings.Contains(before, ".")) &&
		allDigits(after) && allDigits(strings.ReplaceAll(before, ".", ""))
}
