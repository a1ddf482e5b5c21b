// Package table is the one model of every table a page shows, so that page,
// Excel, CSV and copy have the same rows, in the same order, with the same
// totals.
//
//	t := table.New("risk", v.T("risk.caption"))
//	t.Column("service", v.T("service"), table.TextColumn)
//	t.Column("loses", v.T("loses"), table.MoneyColumn)
//	t.Total(table.Text(v.T("total")), table.Money(all, table.Pounds))
//	t.Row(table.Text(name).In(lang).To(link), table.Money(sum, table.Pounds).To(postings))
//	t.SortBy(v.Q("sort"), v.Sort())
//	t.Show(page, 50)
//
//	t.HTML(v)              the table, its pages and what can be done with it
//	t.CSV(w, v)            UTF-8 with its mark, plain numbers, ISO dates
//	t.XLSX(w, v, meta)     real numbers and dates, and a sheet that says what they are
//	t.TSV(v)               for the clipboard, in the unit the page shows
//
// None is "–", a recorded nought is £0, and what nobody knows reads "Not
// known"; a sum with an unknown part says "at least". CSV and Excel are always
// in pounds, to the penny, and say so in the heading.
//
// A table holds all its rows and HTML draws one page of them. One too long to
// build gives Rows of one page and says with All how many there are.
//
// The drawing is what static/braid.css and braid.js know: .table with .stack (up
// to six columns) or .wide in a .scroller, tr.total, .num, .negative, .none,
// .unknown, .tag, .pages, .actions, [data-copy], [data-value], input with .flag.
package table
