package exchange

import (
	"braid/ledger"
	"braid/ledger/exchange/mapping"
	"braid/ledger/exchange/sheet"
)

// findMapping gives the mapping of the options, if they name one.
func (im *Import) findMapping() *mapping.Mapping {
	if im.opt.Mapping == "" {
		return nil
	}
	m, err := mapping.Find(im.opt.Mapping)
	if err != nil {
		im.problems.add(&table{file: "import"}, sheet.Problem{Code: "mapping", Found: im.opt.Mapping, Rule: err.Error(), Remedy: "name a mapping that is there, or mend the file"})
		return nil
	}
	if im.opt.SetAside {
		im.problems.add(&table{file: "import"}, sheet.Problem{Code: "set-aside", Rule: "rows read through a mapping cannot be set aside: one row makes several, and part of them would be left",
			Remedy: "mend the rows that are listed, or leave them out with the mapping's items"})
	}
	return m
}

// readMapped reads a file through a mapping. What its rows make is then read as
// any register's rows are, each under its source row.
func (im *Import) readMapped(m *mapping.Mapping, tables []*sheet.Table) error {
	got, err := m.Apply(tables)
	if err != nil {
		return im.refused(&table{file: tables[0].File}, err)
	}
	for _, p := range got.Problems {
		im.problems.add(&table{file: p.File, sheet: p.Sheet}, p)
	}
	im.Notes = append(im.Notes, got.Notes...)
	im.Stated = append(im.Stated, got.Totals...)
	for _, total := range got.Totals {
		if !total.Agrees {
			im.Notes = append(im.Notes, total.Problem())
		}
	}
	for _, rows := range got.Rows {
		t := &table{file: rows.File, sheet: rows.Sheet, header: rows.Header, layout: headings(ledger.RegisterNamed(rows.Register), rows.Header)}
		im.tables = append(im.tables, t)
		read := im.records
		if rows.Register == "allocations" {
			read = im.allocations
		}
		take, finish := read(t)
		for i, cells := range rows.Cells {
			if err := take(sheet.Row{Number: rows.Numbers[i], Cells: cells}); err != nil {
				return err
			}
		}
		finish()
	}
	return nil
}
