// Package words is everything Braid says on a page, in English and in Welsh.
//
// The catalogue is the *.en.toml and *.cy.toml files of this folder, a pair for
// each part of Braid, in go-i18n's own format, so that a translator's tools can
// open them. The tests fail where a message is missing or empty in a language,
// where the two do not take the same facts, or where a page asks for a message
// that does not exist.
//
//	r := words.In(words.Welsh)
//	r.T("map.title", "Year", year)           a message with facts
//	r.N("services", 5)                       a counted one, in the language's own plural
//	r.Date(d), r.Short(d), r.Away(from, d)   dates, and how far off they are
//	r.Sum(s), r.Share(x)                     numbers as ux.md has them
//
// Finding, Refusal, Ruling and Problem say what the domain found, from its codes
// and facts. What people named stays as they named it: a Name says in which
// language it is.
package words
