package exchange

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"braid/ledger/exchange/sheet"
	"io"
)

// WriteSetAside writes the rows that were kept out to a file to mend: as they
// stood, with a last column that says what is wrong. A CSV holds one register;
// a workbook any number. The file is an import in its turn.
func (p *Plan) WriteSetAside(name string) error {
	sheets, err := p.SetAsideSheets()
	if err != nil {
		return err
	}
	if strings.EqualFold(filepath.Ext(name), ".xlsx") {
		if len(sheets) == 0 {
			sheets = []sheet.Sheet{{Name: "nothing set aside"}}
		}
		return writeFile(name, func(w io.Writer) error { return sheet.WriteXLSX(w, sheets) })
	}
	if len(sheets) > 1 {
		return fmt.Errorf("rows of %d registers are set aside, and a CSV file holds one; name a file that ends in .xlsx", len(sheets))
	}
	return writeFile(name, func(w io.Writer) error {
		if len(sheets) == 0 {
			return nil
		}
		return sheet.WriteCSV(w, sheets[0])
	})
}

// SetAsideSheets gives the rows kept out, a sheet for each register's table.
func (p *Plan) SetAsideSheets() ([]sheet.Sheet, error) {
	if len(p.bad) == 0 {
		return nil, nil
	}
	why := map[rowKey][]string{}
	for _, t := range p.im.tables {
		for _, f := range p.says.of {
			if k := (rowKey{t, f.Row}); f.File == t.file && f.Sheet == t.sheet && p.bad[k] {
				f.File, f.Sheet, f.Row = "", "", 0
				why[k] = append(why[k], strings.TrimPrefix(f.Error(), ": "))
			}
		}
	}
	var sheets []sheet.Sheet
	for _, t := range p.im.tables {
		if t.layout == nil {
			continue
		}
		s := sheet.Sheet{Name: t.layout.register.Name, Header: append(slices.Clone(t.header), "problem"), Freeze: 1}
		if slices.ContainsFunc(sheets, func(o sheet.Sheet) bool { return o.Name == s.Name }) {
			s.Name = fmt.Sprintf("%s %d", s.Name, len(sheets)+1)
		}
		tables, err := t.open()
		if err != nil {
			return nil, err
		}
		err = tables[t.at].Each(func(r sheet.Row) error {
			k := rowKey{t, r.Number}
			if !p.bad[k] {
				return nil
			}
			cells := make([]sheet.Cell, len(t.header)+1)
			for i, text := range r.Cells[:min(len(r.Cells), len(t.header))] {
				cells[i].Text = text
			}
			cells[len(t.header)].Text = strings.Join(why[k], "; ")
			s.Rows = append(s.Rows, cells)
			return nil
		})
		for _, open := range tables {
			open.Close()
		}
		if err != nil && !isProblems(err) {
			return nil, err
		}
		if len(s.Rows) > 0 {
			sheets = append(sheets, s)
		}
	}
	return sheets, nil
}

func isProblems(err error) bool {
	_, ok := err.(*sheet.Problems)
	return ok
}
