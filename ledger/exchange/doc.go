// Package exchange takes registers in and gives them out.
//
// What comes in is a folder of CSV files, a workbook, or the one start sheet.
// It passes through three hands, and each does one thing:
//
//	im, err := exchange.Read(paths, opt)  // cells: text to amounts, dates, ids; no ledger
//	plan, err := im.Plan(book)            // names to ids, against the book; what is new,
//	                                      // changed, the same or absent; a Draft
//	store.Post(…plan.Draft…)              // elsewhere
//
// Nothing is posted while a Problem is left, and all problems are listed, each
// with its place and its remedy. With SetAside the good rows go on and the bad
// ones are written out to mend.
//
// A plan depends on the rows and on the book, never on the order of rows or
// files. It writes nothing and may be made again: once for the preview, once
// under the ledger's lock.
//
//	recognise.go  which register a table is, and which column a heading
//	cells.go      one cell, read and written canonically
//	start.go      the start sheet: services against awards
//	read.go       tables into rows; lines.go allocations, of which there may be a million
//	mapped.go     other people's tables, through a saved mapping
//	resolve.go    ids and names
//	plan.go       rows against the book
//	postings.go   figures, delegations, transfers and payments; allocations.go the rest
//	setaside.go   bad rows, written out to mend
//	export.go     the book as registers again; template.go the empty workbook
//
// Choices that a reader should know:
//
// A figure's certainty. On the start sheet a blank reads confirmed: a manager
// types what the council has. In a register a blank secures nothing; a file
// without the column reads confirmed and says so in an offer.
//
// A column that a file lacks leaves what stands; a blank cell takes it away.
//
// A row with columns of years is a line for each: its id, a slash, the year.
package exchange
