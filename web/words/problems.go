package words

import (
	"braid/ledger/exchange/sheet"
)

// Problem says what is wrong with a file: where, what stood there, which rule,
// and what to do. In English the rule and the remedy are the importer's own,
// which name what they mean; in Welsh they are those of the problem's code.
func (r *Reader) Problem(p sheet.Problem) string {
	if r.lang == English && p.Rule != "" {
		return p.Error()
	}
	where := p.File
	if p.Sheet != "" {
		where += r.T("problem-sheet", "Sheet", p.Sheet)
	}
	if p.Row > 0 {
		where += r.T("problem-row", "Row", r.Count(p.Row))
	}
	if p.Column != "" {
		where += r.T("problem-column", "Column", sheet.Printable(p.Column, 40))
	}
	if p.Found != "" {
		where += ": " + r.T("problem-found", "Found", sheet.Printable(p.Found, 40))
	}
	id := "problem." + p.Code
	if !r.Has(id) {
		id = "problem.other"
	}
	return where + ": " + r.T(id)
}
