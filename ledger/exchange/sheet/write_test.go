package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

var example = Sheet{
	Name: "awards", Header: []string{"id", "name", "2026-27", "ends", "certainty"},
	Notes: []string{"Your own short code.", "", "Pounds."},
	Rows: [][]Cell{
		{{Text: "nrf"}, {Text: "=HYPERLINK(\"x\")"}, {Number: "180000.00"}, {Date: "2027-03-31"}, {Text: "confirmed"}},
		{{Text: "'=x"}, {Text: "Dŵr, \"Hub\"\nline"}, {Number: "-20000.50"}, {}, {Text: "-"}},
		{{Text: "007"}, {Text: "+44"}, {Number: "=1+1"}, {Date: "1850-01-01"}},
	},
	Lists:  map[int][]string{4: {"confirmed", "announced, perhaps"}},
	Widths: []float64{10, 30}, Freeze: 1,
}

func TestWriteCSV(t *testing.T) {
	var buf bytes.Buffer
	if err := WriteCSV(&buf, example); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffid,name,2026-27,ends,certainty\n" +
		"nrf,\"'=HYPERLINK(\"\"x\"\")\",180000.00,2027-03-31,confirmed\n" +
		"''=x,\"Dŵr, \"\"Hub\"\"\nline\",-20000.50,,'-\n" +
		"007,'+44,'=1+1,1850-01-01,\n"
	if diff := cmp.Diff(want, buf.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteXLSX(t *testing.T) {
	write := func() []byte {
		var buf bytes.Buffer
		if err := WriteXLSX(&buf, []Sheet{example, {Name: "start", Rows: [][]Cell{{{Text: "stream"}}}}}); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	data := write()
	if !bytes.Equal(data, write()) {
		t.Error("the same sheets give other bytes")
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]struct {
		kind  excelize.CellType
		shown string
	}{
		"B2": {excelize.CellTypeInlineString, `=HYPERLINK("x")`},
		"C2": {excelize.CellTypeUnset, "180,000.00"}, // a number
		"D2": {excelize.CellTypeUnset, "31/03/2027"},
		"A4": {excelize.CellTypeInlineString, "007"},
		"C4": {excelize.CellTypeInlineString, "=1+1"},
		"D4": {excelize.CellTypeInlineString, "1850-01-01"},
	} {
		kind, _ := f.GetCellType("awards", cell)
		shown, _ := f.GetCellValue("awards", cell)
		if formula, _ := f.GetCellFormula("awards", cell); kind != want.kind || shown != want.shown || formula != "" {
			t.Errorf("%s: kind %v, shown %q, formula %q", cell, kind, shown, formula)
		}
	}
	if panes, _ := f.GetPanes("awards"); !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 1 {
		t.Errorf("not frozen: %+v", panes)
	}
	if comments, _ := f.GetComments("awards"); len(comments) != 2 || comments[0].Cell != "A1" || !strings.Contains(comments[0].Text, "short code") {
		t.Errorf("comments: %+v", comments)
	}
	lists, _ := f.GetDataValidations("awards")
	if len(lists) != 1 || lists[0].Sqref != "E2:E10000" || lists[0].ShowErrorMessage {
		t.Errorf("lists: %+v", lists)
	}
	if choice, _ := f.GetCellValue("_lists", "A2"); choice != "announced, perhaps" {
		t.Errorf("the choice with a comma is %q", choice)
	}

	want := map[string][][]string{
		"awards": {{"id", "name", "2026-27", "ends", "certainty"}, {"nrf", `=HYPERLINK("x")`, "180000", "2027-03-31", "confirmed"},
			{"'=x", "Dŵr, \"Hub\"\nline", "-20000.5", "", "-"}, {"007", "+44", "=1+1", "1850-01-01", ""}},
		"start": {{"stream"}},
	}
	if diff := cmp.Diff(want, sheetsOf(t, "x.xlsx", data)); diff != "" {
		t.Error(diff)
	}
}

func TestWriteXLSXRefuses(t *testing.T) {
	for name, sheets := range map[string][]Sheet{
		"no sheet":      nil,
		"two the same":  {{Name: "a"}, {Name: "A"}},
		"bad name":      {{Name: "a/b"}},
		"text too long": {{Name: "a", Rows: [][]Cell{{{Text: strings.Repeat("x", 32_768)}}}}},
	} {
		if err := WriteXLSX(io.Discard, sheets); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func sheetsOf(t interface {
	Helper()
	Fatal(...any)
}, name string, data []byte) map[string][][]string {
	t.Helper()
	tables, err := OpenReader(name, bytes.NewReader(data), int64(len(data)), CommandLine)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][][]string{}
	for _, table := range tables {
		err := table.Each(func(r Row) error {
			got[table.Name] = append(got[table.Name], append([]string(nil), r.Cells...))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(table.Notes) > 0 {
			t.Fatal(table.Notes)
		}
	}
	return got
}

// What is written is read back the same, in either format.
func TestRoundTrip(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		s := rapid.OneOf(
			rapid.StringMatching(`['=+\-@]{0,3}[a-z0-9 ,;"'£ŵŷÔ_x\n<&]{0,12}`),
			rapid.SampledFrom([]string{"_x000D_", "_x005F_", "__x0041_", "sep=;", "=1+1", "''-", "#REF!", "1E5", "TRUE", "مركز", "👨‍👩‍👧", "\u00a0x", "'", "\"", "]]>"}),
			rapid.String(),
		).Draw(t, "text")
		s, p := cleanUnicode(s, 4000)
		if p != nil || strings.Contains(s, "\r") {
			return "x"
		}
		// Reading takes one quote mark away; the ledger's own text keeps its.
		return s
	})
	cell := rapid.Custom(func(t *rapid.T) Cell {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			pence := rapid.Int64Range(-1e13, 1e13).Draw(t, "pence")
			sign := ""
			if pence < 0 {
				sign, pence = "-", -pence
			}
			return Cell{Number: fmt.Sprintf("%s%d.%02d", sign, pence/100, pence%100)}
		case 1:
			return Cell{Date: fmt.Sprintf("%04d-%02d-%02d", rapid.IntRange(1000, 9999).Draw(t, "y"), rapid.IntRange(1, 12).Draw(t, "m"), rapid.IntRange(1, 28).Draw(t, "d"))}
		}
		return Cell{Text: text.Draw(t, "text")}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := Sheet{Name: "s", Header: []string{"id", "b", "c"}}
		want := [][]string{s.Header}
		short := [][]string{s.Header}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			row := []Cell{cell.Draw(t, "a"), cell.Draw(t, "b"), cell.Draw(t, "c")}
			s.Rows = append(s.Rows, row)
			var texts, shorts []string
			for _, c := range row {
				texts = append(texts, c.Number+c.Date+c.Text)
				n := c.Number
				if n != "" {
					n = strings.TrimSuffix(strings.TrimRight(n, "0"), ".")
					if n == "-0" || n == "" || n == "-" {
						n = "0"
					}
				}
				shorts = append(shorts, n+c.Date+c.Text)
			}
			if strings.Join(texts, "") != "" {
				want, short = append(want, texts), append(short, shorts)
			}
		}
		var file, book bytes.Buffer
		if err := errors.Join(WriteCSV(&file, s), WriteXLSX(&book, []Sheet{s})); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string][][]string{"s": want}, sheetsOf(t, "s.csv", file.Bytes())); diff != "" {
			t.Fatal("CSV", diff)
		}
		if diff := cmp.Diff(map[string][][]string{"s": short}, sheetsOf(t, "s.xlsx", book.Bytes())); diff != "" {
			t.Fatal("XLSX", diff)
		}
	})
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "two.xlsx")
	var buf bytes.Buffer
	if err := WriteXLSX(&buf, []Sheet{{Name: "a", Header: []string{"id"}}, {Name: "b", Header: []string{"id"}}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	tables, err := Open(name, CommandLine)
	if err != nil || len(tables) != 2 {
		t.Fatal(tables, err)
	}
	// Closing one, even twice, leaves the other readable.
	tables[0].Close()
	tables[0].Close()
	if err := tables[1].Each(func(Row) error { return nil }); err != nil {
		t.Error(err)
	}
	if err := tables[1].Close(); err != nil {
		t.Error(err)
	}
	for name, code := range map[string]string{dir: "not-a-file", filepath.Join(dir, "none.csv"): "missing"} {
		_, err := Open(name, CommandLine)
		var p *Problem
		if !errors.As(err, &p) || p.Code != code || strings.Contains(p.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// samples finds the shared folder beside the module.
func samples(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above this folder")
		}
	}
	found := filepath.Join(dir, "..", "shared", "samples")
	if _, err := os.Stat(found); err != nil {
		t.Skip("the published samples are not beside the module")
	}
	return found
}

func TestPublishedFiles(t *testing.T) {
	dir := samples(t)
	for file, want := range map[string]struct {
		rows int
		last string // joined
	}{
		"council-spend-oxford-2018-q1.csv":              {rows: 1221},
		"lambeth-childrens-centres.csv":                 {rows: 31},
		"360giving-andrew-lloyd-webber-foundation.xlsx": {rows: 476},
	} {
		tables, err := Open(filepath.Join(dir, file), Web)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		rows, cells := 0, 0
		err = tables[0].Each(func(r Row) error {
			rows++
			for _, c := range r.Cells {
				if c != "" {
					cells++
				}
			}
			if strings.HasSuffix(file, ".xlsx") && r.Number == 2 && (r.Cells[4] != "15000" || r.Cells[6] != "2020-11-03") {
				t.Errorf("%s, row 2: %q", file, r.Cells)
			}
			return nil
		})
		if err != nil || rows != want.rows {
			t.Errorf("%s: %d rows, want %d; %v", file, rows, want.rows, err)
		}
		t.Logf("%s: %d rows, %d cells, notes %v", file, rows, cells, tables[0].Notes)
		tables[0].Close()
	}
}

// A ledger's rows: short, mostly plain.
func millionish(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("id,award,service,objective,area,year,amount,state,agreed_on,note\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,nrf,youth,safe,north,2026-27,%d.50,agreed,2026-04-01,\n", i, i)
	}
	return b.Bytes()
}

func BenchmarkCSVMillion(b *testing.B) {
	const rows = 100_000
	data := millionish(rows)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		tables, err := OpenReader("x.csv", bytes.NewReader(data), int64(len(data)), CommandLine)
		if err == nil {
			err = tables[0].Each(func(Row) error { n++; return nil })
		}
		if err != nil || n != rows+1 {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkXLSX(b *testing.B) {
	const rows = 20_000
	s := Sheet{Name: "s", Header: strings.Split("a,b,c,d,e,f,g,h,i,j", ",")}
	for i := range rows {
		row := make([]Cell, 10)
		for j := range row {
			row[j] = Cell{Text: "youth"}
		}
		row[3] = Cell{Number: fmt.Sprintf("%d.50", i)}
		row[4] = Cell{Date: "2027-03-31"}
		s.Rows = append(s.Rows, row)
	}
	var book bytes.Buffer
	if err := WriteXLSX(&book, []Sheet{s}); err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			tables, err := OpenReader("x.xlsx", bytes.NewReader(book.Bytes()), int64(book.Len()), CommandLine)
			if err == nil {
				err = tables[0].Each(func(Row) error { return nil })
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if err := WriteXLSX(io.Discard, []Sheet{s}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
