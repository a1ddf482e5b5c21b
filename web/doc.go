// Package web is Braid in a browser: HTTP and HTML, and nothing that decides.
//
// A request passes through once:
//
//	server.go    limits, headers, sign-in, language
//	routes.go    the one table: method, path, right, handler; a test walks it
//	visit.go     who asks, what they may see, the ledger as it stands: a Visit
//	home.go …    one file per page: read the form, one verb or query, an Answer
//	record.go    the one form for rows of registers; register.go says which
//	answer.go    a Page, a Redirect, a File, or a fault in words
//	templates/   complete HTML for each page; templates/parts its components
//
// A page reads a view of the ledger and nothing else, so what it shows depends
// on the batch, the date, the reader's rights and language, and the address:
// answers are kept until one of them changes (keep.go).
//
// Changes go through ledger/decide, inside Post: the same rules for form,
// import and API. Every form carries a key, so a double click posts once.
//
// web knows no database. cmd/braid hands it the ledger (Books) and the people
// (People) it consumes.
package web
