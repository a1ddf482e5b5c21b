// Package sheet gets rows of text out of CSV and XLSX files, and writes them.
//
// It knows nothing of awards or services: it hands on cells as text, and says
// plainly what is wrong with a file. Nothing is guessed and nothing is lost in
// silence: a file either loads exactly, or is refused with the row, the column,
// the rule and the remedy, or loads with a Note of what a reader should know.
//
//	tables, err := sheet.Open("awards.xlsx", sheet.CommandLine)
//	for _, t := range tables {
//		defer t.Close()
//		err := t.Each(func(row sheet.Row) error { … })
//	}
//
// Every refusal of a file is a *Problems. What Each gave to its function must
// not be used when Each then returns an error.
//
// CSV (csv.go, encoding.go): commas only; UTF-8, UTF-16 with its mark, or
// Windows-1252, noted. Rows stream; a million need no memory.
//
// The header is taken to be the first of the opening 20 rows that fills two
// thirds of the columns most of those rows have, so that titles may stand above
// it. A shorter row is padded with blanks. A longer one whose extra cells hold
// anything is refused: a comma in an amount has split a cell.
//
// XLSX (workbook.go, cells.go, number.go): every part is read to its end and
// checked before any cell is looked at. Cells are then read here, not by a
// spreadsheet library, because types and styles are needed to say what the
// person saw, and because a damaged file must never lose rows unnoticed.
//
// Text (text.go) is trimmed and in Unicode's composed form, with no invisible
// characters. A row of blanks is skipped, but counted: Row.Number is always the
// number the spreadsheet shows beside the row.
//
// Writing (write.go) keeps text from being run as a formula; reading undoes it.
package sheet
