package sheet

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean gives a cell's text as Braid keeps it, or what is wrong with it.
func clean(s string, most int) (string, *Problem) {
	if plain(s) {
		return cleanPlain(s, most)
	}
	return cleanUnicode(s, most)
}

// plain says that s is printable ASCII, as nearly every cell is.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func cleanPlain(s string, most int) (string, *Problem) {
	if s != "" && (s[0] == ' ' || s[len(s)-1] == ' ') {
		s = strings.Trim(s, " ")
	}
	if most > 0 && len(s) > most {
		return s, tooLong(s, most)
	}
	return withoutQuoteMark(s), nil
}

func cleanUnicode(s string, most int) (string, *Problem) {
	// A lone carriage return is no space: in a CSV it may be the end of a row.
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) && r != '\r' })
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	if most > 0 && len(s) > most && utf8.RuneCountInString(s) > most {
		return s, tooLong(s, most)
	}
	before := rune(0)
	for _, r := range s {
		if invisible(before, r) {
			return s, &Problem{Code: "invisible-character", Found: s,
				Rule:   "a cell may hold no control, zero-width or direction characters, and none that was lost",
				Remedy: "take out " + named(r) + ", or type the cell afresh"}
		}
		before = r
	}
	return withoutQuoteMark(s), nil
}

func tooLong(s string, most int) *Problem {
	return &Problem{Code: "cell-too-long", Found: s,
		Rule:   fmt.Sprintf("a cell may hold %d characters", most),
		Remedy: "shorten the text; if the cell holds many rows, a quote is missing"}
}

// invisible says that r cannot be seen, or hides what is around it. Joiners are
// part of the spelling of some scripts and of many emoji, and are let through
// after those only: inside a Latin id they would make two ids look the same.
func invisible(before, r rune) bool {
	switch {
	case r == '\n':
		return false
	case r < ' ' || r >= 0x7f && r < 0xa0, r == 0xad, r == 0xfffd, r == 0x2028, r == 0x2029:
		return true
	case r == 0x200c || r == 0x200d:
		return !joins(before)
	case r >= 0xe0020 && r <= 0xe007f: // the flags of Wales, Scotland and England
		return before != 0x1f3f4 && (before < 0xe0020 || before > 0xe007f)
	case r < 0x300:
		return false
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || unicode.Is(unicode.Noncharacter_Code_Point, r) ||
		r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x034f
}

func joins(r rune) bool {
	return r == 0xfe0f || unicode.In(r, unicode.So, unicode.Sk) && r > 0xff ||
		unicode.In(r, unicode.L, unicode.M) && r > 0x590 && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

func named(r rune) string {
	name, ok := map[rune]string{
		'\t': "tab", '\r': "carriage return", 0xad: "soft hyphen", 0x200b: "zero-width space", 0x200d: "zero-width joiner",
		0x200e: "left-to-right mark", 0x200f: "right-to-left mark", 0x202e: "right-to-left override",
		0xfeff: "byte order mark", 0xfffd: "a character that was lost",
	}[r]
	if !ok {
		return fmt.Sprintf("U+%04X", r)
	}
	return fmt.Sprintf("the %s (U+%04X)", strings.TrimPrefix(name, "a "), r)
}

// A spreadsheet runs a cell that starts with one of these as a formula. Writing
// puts a quote mark before them; reading takes one away again.
func startsFormula(s string) bool {
	return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0
}

func withoutQuoteMark(s string) string {
	if s != "" && s[0] == '\'' && startsFormula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}

// garbled says that text was UTF-8 read as Windows-1252 once already: Â£, â€™, Åµ.
func garbled(s string) bool {
	before := rune(0)
	for _, r := range s {
		switch before {
		case 'Â', 'Ã', 'Å':
			if r >= 0xa0 && r < 0xc0 {
				return true
			}
		case 'â':
			if r == '€' {
				return true
			}
		}
		before = r
	}
	return false
}
