package workbook

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"braid/ledger"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

func council(t testing.TB, name string) *ledger.View {
	t.Helper()
	folder, err := seed.FS(name)
	if err != nil {
		t.Fatal(err)
	}
	return ledgertest.Folder(t, folder).View(seed.AsAt(name))
}

func rateOf(t testing.TB, text string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t testing.TB, v *ledger.View, p *forecast.Projection, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, v, p, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// pennies reads what a spreadsheet worked out.
func pennies(t testing.TB, where, text string) money.Pence {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%s: %q is no number", where, text)
	}
	return money.Pence(math.Round(n * 100))
}

// agree works every formula out anew, without what Braid left in the cell, and
// holds it to that: the cells of amounts to the penny, the others as shown.
func agree(t *testing.T, data []byte) (formulas int) {
	t.Helper()
	f := opened(t, data)
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				formula, err := f.GetCellFormula(sheet, name)
				if err != nil || formula == "" {
					continue
				}
				formulas++
				where := fmt.Sprintf("%s!%s =%s", sheet, name, formula)
				got, err := f.CalcCellValue(sheet, name, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Errorf("%s: %v", where, err)
					continue
				}
				if row[c] == "" { // Braid leaves no text in a formula's cell
					continue
				}
				if a, b := pennies(t, where, got), pennies(t, where, row[c]); a != b {
					t.Errorf("%s comes to %s, Braid says %s", where, a, b)
				}
			}
		}
	}
	return formulas
}

func TestEveryFormulaComesToBraidsFigure(t *testing.T) {
	for _, name := range seed.Names() {
		t.Run(name, func(t *testing.T) {
			v := council(t, name)
			p := forecast.Project(v, forecast.Recorded(v).At(rateOf(t, "2%")), 5)
			data := written(t, v, p, Options{Title: name})
			if n := agree(t, data); n < 100 {
				t.Errorf("only %d formulas", n)
			}
			if again := written(t, v, p, Options{Title: name}); !bytes.Equal(again, data) {
				t.Error("the same projection gives other bytes")
			}
		})
	}
}

// office recalculates a workbook in LibreOffice and gives its sheets' cells.
func office(t *testing.T, data []byte, sheets ...string) map[string][][]string {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("soffice is not here")
		}
		t.Skip("soffice is not here: LibreOffice is asked only where it is installed")
	}
	dir := t.TempDir()
	book := filepath.Join(dir, "book.xlsx")
	if err := os.WriteFile(book, data, 0o600); err != nil {
		t.Fatal(err)
	}
	// every sheet to a CSV of its own, as shown, worked out again on loading
	convert := exec.Command(soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to",
		`csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1`, "--outdir", dir, book)
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	cells := map[string][][]string{}
	for _, sheet := range sheets {
		file, err := os.Open(filepath.Join(dir, "book-"+sheet+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(file)
		r.FieldsPerRecord = -1
		if cells[sheet], err = r.ReadAll(); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return cells
}

func find(t *testing.T, rows [][]string, start string) []string {
	t.Helper()
	for _, row := range rows {
		if len(row) > 0 && strings.HasPrefix(row[0], start) {
			return row
		}
	}
	t.Fatalf("no row %q", start)
	return nil
}
