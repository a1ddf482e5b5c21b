package exchange

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"braid/ledger"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
)

// Template writes an empty workbook: a page to read, the start sheet, and every
// register with its columns, what they mean, and an example that import passes
// over. Columns of years begin with the year given.
func Template(w io.Writer, year fiscal.Year) error {
	sheets := []sheet.Sheet{readMe(), startSheet(year)}
	return sheet.WriteXLSX(w, append(sheets, registerSheets(year)...))
}

// TemplateCSV writes the same as a folder of CSV files.
func TemplateCSV(folder string, year fiscal.Year) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for _, s := range append([]sheet.Sheet{startSheet(year)}, registerSheets(year)...) {
		if err := writeFile(filepath.Join(folder, s.Name+".csv"), func(w io.Writer) error { return sheet.WriteCSV(w, s) }); err != nil {
			return err
		}
	}
	return nil
}

func texts(row ...string) []sheet.Cell {
	cells := make([]sheet.Cell, len(row))
	for i, text := range row {
		cells[i].Text = text
	}
	return cells
}

func readMe() sheet.Sheet {
	s := sheet.Sheet{Name: "Read me", Widths: []float64{110}}
	for _, line := range []string{
		"Braid: which grant pays for which service, in which year, towards which joint objective.",
		"",
		"To begin, fill in one sheet: start. Grants stand along the top, services down the side, and this year's amounts in the cells.",
		"A row or a grant whose name begins with Example is passed over; write over it or leave it.",
		"The other sheets are registers. Fill in those you have, in any order; leave the rest. Import again whenever they change: what is the same changes nothing.",
		"",
		"Amounts: 1200, £1,200, £96k or £2.7m. 0 is nothing. A blank is none. ? is not known: Braid keeps it apart and never counts it as 0.",
		"Dates: 2027-03-31, or 31/03/2027 if every date of the sheet is written so.",
		"Years: 2026-27 is April 2026 to March 2027. A column may be headed by a year; further years may be added.",
		"Several values in a cell have semicolons between them: north; east. Shares come to 100: north:60; east:40.",
		"Ids are your own short codes. A row without one gets one from its name. A reference may be an id or an exact name.",
		"Never name a child. People are counts.",
	} {
		s.Rows = append(s.Rows, texts(line))
	}
	return s
}

func startSheet(year fiscal.Year) sheet.Sheet {
	next := year + 1
	s := sheet.Sheet{Name: startName, Widths: []float64{28, 18, 18, 14, 14, 14, 20, 20}, Freeze: 1}
	s.Rows = [][]sheet.Cell{
		texts("year", year.String()),
		texts("", "", "", "", "", "stream", "Example grant", "Example core budget"),
		texts("", "", "", "", "", "funder", "Example government", "Example council"),
		{{}, {}, {}, {}, {}, {Text: "ends"}, {Date: next.Start().AddDays(-1).String()}, {}},
		texts("", "", "", "", "", "certainty", "confirmed", "confirmed"),
		{{}, {}, {}, {}, {}, {Text: "total"}, {Number: "180000.00"}, {Number: "400000.00"}},
		texts("service", "provider", "objective", "area", "notice_months", "planned cost", "", ""),
		{{Text: "Example youth panels"}, {Text: "Example Trust"}, {Text: "Example objective"}, {Text: "Example North"}, {Number: "3"}, {Number: "150000.00"}, {Number: "110000.00"}, {Number: "40000.00"}},
	}
	return s
}

func registerSheets(year fiscal.Year) []sheet.Sheet {
	var sheets []sheet.Sheet
	for i := range ledger.Registers {
		r := &ledger.Registers[i]
		s := sheet.Sheet{Name: r.Name, Lists: map[int][]string{}, Freeze: 1}
		var example []sheet.Cell
		for at, c := range columnsOf(r) {
			s.Header = append(s.Header, c.Name)
			s.Widths = append(s.Widths, float64(max(12, len(c.Name)+4)))
			s.Notes = append(s.Notes, help(r, &c, at))
			if c.Form == ledger.Choice {
				for _, word := range c.Words {
					if word != "" {
						s.Lists[at] = append(s.Lists[at], word)
					}
				}
			} else if c.Form == ledger.YesNo {
				s.Lists[at] = []string{"yes", "no"}
			}
			example = append(example, sheet.Cell{Text: c.Example})
		}
		if r.Columns[0].Form == ledger.Code {
			example[0].Text = "example"
			s.Rows = [][]sheet.Cell{example}
		}
		if r.Years != "" {
			for y := year; y < year+4; y++ {
				s.Header, s.Notes, s.Widths = append(s.Header, y.String()), append(s.Notes, r.Years), append(s.Widths, 14)
			}
		}
		sheets = append(sheets, s)
	}
	return sheets
}

// help says what a column holds.
func help(r *ledger.Register, c *ledger.Column, at int) string {
	var parts []string
	if at == 0 {
		parts = append(parts, "Each row is "+r.About+".")
	}
	if c.Required && c.Form != ledger.Code {
		parts = append(parts, "Required.")
	}
	if c.Help != "" {
		parts = append(parts, strings.ToUpper(c.Help[:1])+c.Help[1:]+".")
	}
	switch c.Form {
	case ledger.Reference:
		parts = append(parts, fmt.Sprintf("An id or exact name from %s.", c.Of))
	case ledger.References:
		parts = append(parts, fmt.Sprintf("Ids or exact names from %s, with semicolons between.", c.Of))
	case ledger.Labels:
		parts = append(parts, fmt.Sprintf("From %s: one, several with shares (a:60;b:40), or several that share it (a;b).", c.Of))
	case ledger.Choice:
		parts = append(parts, "One of: "+either(c.Words)+".")
	case ledger.Day:
		parts = append(parts, "A date.")
	case ledger.Money:
		parts = append(parts, "Pounds; ? if not known.")
	case ledger.Count:
		parts = append(parts, "A whole number; ? if not known.")
	case ledger.Hundredths:
		parts = append(parts, "A number with at most two decimals; ? if not known.")
	case ledger.Rate:
		parts = append(parts, "A percentage a year.")
	}
	return strings.Join(parts, " ")
}
