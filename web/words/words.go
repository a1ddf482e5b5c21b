package words

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Lang is a language pages are in, as addresses and html lang have it.
type Lang string

// The languages.
const (
	English Lang = "en"
	Welsh   Lang = "cy"
)

// Languages lists them, the default first.
var Languages = []Lang{English, Welsh}

// Other is the language the toggle leads to.
func (l Lang) Other() Lang {
	if l == Welsh {
		return English
	}
	return Welsh
}

// Parse reads a language; false where it is none of ours.
func Parse(text string) (Lang, bool) {
	l := Lang(text)
	return l, l == English || l == Welsh
}

// Match picks a language from an Accept-Language header.
func Match(accept string) Lang {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return English
	}
	_, i, _ := matcher.Match(tags...)
	return Languages[i]
}

var matcher = language.NewMatcher([]language.Tag{language.BritishEnglish, language.MustParse("cy")})

//go:embed *.toml
var files embed.FS

var catalogue = load()

func load() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if _, err := b.LoadMessageFileFS(files, name); err != nil {
			panic(fmt.Sprintf("words: %s: %v", name, err))
		}
	}
	return b
}

// Reader says things in one language.
type Reader struct {
	lang      Lang
	localizer *i18n.Localizer
	has       map[string]bool
	plain     map[string]string // messages without facts, said as they stand
}

var readers = map[Lang]*Reader{English: newReader(English), Welsh: newReader(Welsh)}

// In gives the reader of a language.
func In(l Lang) *Reader {
	if r := readers[l]; r != nil {
		return r
	}
	return readers[English]
}

func newReader(l Lang) *Reader {
	r := &Reader{lang: l, localizer: i18n.NewLocalizer(catalogue, string(l)), has: map[string]bool{}, plain: map[string]string{}}
	names, _ := fs.Glob(files, "*."+string(l)+".toml")
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		f, err := i18n.ParseMessageFileBytes(data, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			panic(fmt.Sprintf("words: %s: %v", name, err))
		}
		for _, m := range f.Messages {
			r.has[m.ID] = true
			if m.One == "" && !strings.Contains(m.Other, "{{") {
				r.plain[m.ID] = m.Other
			}
		}
	}
	return r
}

// Lang is the reader's language.
func (r *Reader) Lang() Lang { return r.lang }

// T gives a message, with facts as pairs of name and value. A message that does
// not exist in the language shows its id between double brackets, which the
// tests of every page look for.
func (r *Reader) T(id string, facts ...any) string {
	if text, ok := r.plain[id]; ok {
		return text
	}
	return r.say(&i18n.LocalizeConfig{MessageID: id, TemplateData: paired(facts)})
}

// N gives a counted message; its number is the fact Count.
func (r *Reader) N(id string, n int, facts ...any) string {
	if text, ok := r.plain[id]; ok {
		return text
	}
	data := paired(facts)
	data["Count"] = r.Count(n)
	return r.say(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: data})
}

// Has reports whether the language has a message.
func (r *Reader) Has(id string) bool { return r.has[id] }

func (r *Reader) say(c *i18n.LocalizeConfig) string {
	text, tag, err := r.localizer.LocalizeWithTag(c)
	if err != nil || tag.String() != string(r.lang) {
		return "⟦" + c.MessageID + "⟧"
	}
	return text
}

func paired(facts []any) map[string]any {
	data := make(map[string]any, len(facts)/2+1)
	for i := 0; i+1 < len(facts); i += 2 {
		data[fmt.Sprint(facts[i])] = facts[i+1]
	}
	return data
}

// Count writes a whole number with commas.
func (r *Reader) Count(n int) string {
	s := strconv.Itoa(max(n, -n))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if n < 0 {
		return "−" + s
	}
	return s
}

var (
	monthsCy      = [...]string{"Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"}
	monthsShortCy = [...]string{"Ion", "Chwe", "Maw", "Ebr", "Mai", "Meh", "Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag"}
	weekdaysEn    = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	weekdaysCy    = [...]string{"Dydd Sul", "Dydd Llun", "Dydd Mawrth", "Dydd Mercher", "Dydd Iau", "Dydd Gwener", "Dydd Sadwrn"}
)

// Date is a date in text: 31 March 2027, 31 Mawrth 2027.
func (r *Reader) Date(d fiscal.Date) string {
	if d.IsZero() {
		return r.T("not-known")
	}
	if r.lang != Welsh {
		return d.Long()
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%d %s %d", day, monthsCy[m-1], y)
}

// Short is a date in a table: 31 Mar 2027, 31 Maw 2027.
func (r *Reader) Short(d fiscal.Date) string {
	if d.IsZero() {
		return r.T("not-known")
	}
	if r.lang != Welsh {
		return d.Short()
	}
	y, m, day := d.Civil()
	return fmt.Sprintf("%d %s %d", day, monthsShortCy[m-1], y)
}

// Weekday is a date with its day of the week: Thursday 21 January 2027.
func (r *Reader) Weekday(d fiscal.Date) string {
	if d.IsZero() {
		return r.T("not-known")
	}
	names := weekdaysEn
	if r.lang == Welsh {
		names = weekdaysCy
	}
	return names[(int(d))%7] + " " + r.Date(d) // day 1 of year 1 was a Monday
}

// Month is an accounting month, written 2026-04, in words.
func (r *Reader) Month(month string) string {
	d, err := fiscal.ParseDate(month + "-01")
	if err != nil || d.IsZero() {
		return month
	}
	_, text, _ := strings.Cut(r.Date(d), " ")
	return text
}

// Away says how far a day lies from another: in 78 days, 12 days late, today.
func (r *Reader) Away(from, to fiscal.Date) string {
	switch n := int(to - from); {
	case n == 0:
		return r.T("today")
	case n < 0:
		return r.N("days-late", -n)
	default:
		return r.N("in-days", n)
	}
}

// Year names a financial year, or the whole term.
func (r *Reader) Year(y fiscal.Year) string {
	if y == fiscal.Term {
		return r.T("whole-term")
	}
	return y.String()
}

// Pence writes whole pounds: £180,000, −£20,000.
func (r *Reader) Pence(p money.Pence) string { return p.Whole() }

// Sum writes a total in whole pounds, with what is not known of it.
func (r *Reader) Sum(s money.Sum) string {
	switch s.State() {
	case money.NotKnown:
		return r.T("not-known")
	case money.AtLeast:
		return r.T("at-least", "Amount", s.Pence().Whole())
	}
	return s.Pence().Whole()
}

// Exact writes a total with pence.
func (r *Reader) Exact(s money.Sum) string {
	switch s.State() {
	case money.NotKnown:
		return r.T("not-known")
	case money.AtLeast:
		return r.T("at-least", "Amount", s.Pence().Exact())
	}
	return s.Pence().Exact()
}

// Amount writes one amount in whole pounds.
func (r *Reader) Amount(a money.Amount) string {
	p, known := a.Known()
	if !known {
		return r.T("not-known")
	}
	return p.Whole()
}

// Share writes a share without decimals.
func (r *Reader) Share(s money.Share) string { return strconv.Itoa(int(s.Of(100))) + "%" }

// List joins words as a sentence does: a, b and c; in Welsh "a" is "ac" before
// a vowel.
func (r *Reader) List(parts []string) string {
	n := len(parts)
	if n < 2 {
		return strings.Join(parts, "")
	}
	id, last := "list-and", parts[n-1]
	if first, _ := utf8.DecodeRuneInString(last); r.lang == Welsh && strings.ContainsRune("aeiouwyâêîôûŵŷ", unicode.ToLower(first)) {
		id = "list-and-vowel"
	}
	return r.T(id, "First", strings.Join(parts[:n-1], ", "), "Last", last)
}

// Name is what people called a thing, with the language it is in: "" where it
// is the page's own.
type Name struct {
	Text string
	Lang Lang
}

// Name picks a name's form in the reader's language.
func (r *Reader) Name(english, welsh string) Name {
	switch {
	case r.lang == English:
		return Name{Text: english}
	case welsh != "":
		return Name{Text: welsh}
	}
	return Name{english, English}
}

// NameOf names a row of a register.
func (r *Reader) NameOf(b *ledger.Book, register, id string) Name {
	if register == "awards" {
		a, ok := b.Award(id)
		if !ok {
			return Name{Text: id}
		}
		s, _ := b.Stream(a.Stream)
		full := b.AwardName(id)
		if s.NameCy == "" || r.lang == English {
			return r.Name(full, "")
		}
		return Name{Text: s.NameCy + strings.TrimPrefix(full, s.Name)}
	}
	rec, ok := b.Record(register, id)
	if !ok || rec.Get("name") == "" {
		return Name{Text: id}
	}
	return r.Name(rec.Get("name"), rec.Get("name_cy"))
}

// Sort gives a comparison of names in the language's own alphabet.
func (r *Reader) Sort() func(a, b string) int {
	c := collate.New(language.MustParse(string(r.lang)))
	return c.CompareString
}
