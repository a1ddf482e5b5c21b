package web

import (
	"bytes"
	"slices"

	"braid/ledger/exchange"
	"braid/ledger/exchange/sheet"
	"braid/ledger/people"
)

type exportPage struct {
	All  bool
	Hint string
}

// exporting offers everything at once to who may see everything.
func exporting(v *Visit) (Answer, error) {
	p := exportPage{All: v.Reach.All, Hint: v.T("export.registers-hint", "Date", v.Date(v.Today), "Seq", v.Sequence())}
	return Page{Template: "export", Title: v.T("export.title"), Data: p}, nil
}

// exportRegisters writes every register as a workbook. Posts are for finance
// and audit alone.
func exportRegisters(v *Visit) (Answer, error) {
	if !v.Reach.All {
		return nil, Barred{"export.scoped"}
	}
	sheets := exchange.Sheets(v.Book)
	if !v.Is(people.Finance, people.Auditor) {
		sheets = slices.DeleteFunc(sheets, func(s sheet.Sheet) bool { return s.Name == "posts" })
		for i := range sheets { // nor are others' drafts of scenarios
			if column := map[string]string{"scenarios": "id", "changes": "scenario"}[sheets[i].Name]; column != "" {
				at := slices.Index(sheets[i].Header, column)
				sheets[i].Rows = slices.DeleteFunc(sheets[i].Rows, func(row []sheet.Cell) bool { return !v.mayReadScenario(row[at].Text) })
			}
		}
	}
	if len(sheets) == 0 {
		sheets = []sheet.Sheet{{Name: "empty"}}
	}
	var out bytes.Buffer
	if err := sheet.WriteXLSX(&out, sheets); err != nil {
		return nil, err
	}
	return File{Name: "braid-" + v.Today.String() + ".xlsx", Type: xlsxType, Body: out.Bytes()}, nil
}

// exportTemplate writes the empty workbook.
func exportTemplate(v *Visit) (Answer, error) {
	var out bytes.Buffer
	if err := exchange.Template(&out, v.Today.Year()); err != nil {
		return nil, err
	}
	return File{Name: "braid-template.xlsx", Type: xlsxType, Body: out.Bytes()}, nil
}
