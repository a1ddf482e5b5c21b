package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	number, percent := strings.CutSuffix(text, "%")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		t.Fatalf("%s: %q is no number", where, text)
	}
	if percent {
		n /= 100
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

var kept = regexp.MustCompile(`(</f>)<v>[^<]*</v>`)

// forgetful takes away what Braid left in the cells of formulas, so that
// whoever opens the workbook must work them out; change may change the parts.
func forgetful(t *testing.T, data []byte, change func(name, xml string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, part := range from.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := to.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		xml := kept.ReplaceAllString(string(text), "$1")
		if change != nil {
			xml = change(part.Name, xml)
		}
		if _, err := io.WriteString(w, xml); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestLibreOfficeAgrees: another program, given the formulas and not their
// results, comes to Braid's figures in every cell.
func TestLibreOfficeAgrees(t *testing.T) {
	v := council(t, "demo")
	p := forecast.Project(v, forecast.Recorded(v).At(rateOf(t, "2.75%")), 6)
	data := written(t, v, p, Options{Title: "Demo council"})
	f := opened(t, data)
	theirs := office(t, forgetful(t, data, nil), f.GetSheetList()...)
	compared := 0
	for _, sheet := range f.GetSheetList() {
		ours, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range ours {
			for c, want := range row {
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := f.GetCellFormula(sheet, name); formula == "" || want == "" {
					continue
				}
				compared++
				where := sheet + "!" + name
				if got := theirs[sheet][r][c]; pennies(t, where, got) != pennies(t, where, want) {
					t.Errorf("%s: LibreOffice comes to %s, Braid to %s", where, got, want)
				}
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d cells compared", compared)
	}
}

// TestAChangedPriceChangesTheGap: the shaded cell of prices, put to nought in
// another program, gives the gap that Braid has at 0%.
func TestAChangedPriceChangesTheGap(t *testing.T) {
	v := council(t, "demo")
	data := written(t, v, forecast.Project(v, forecast.Recorded(v).At(rateOf(t, "2%")), 4), Options{})
	still := forecast.Project(v, forecast.Recorded(v).At(money.Rate{}), 4)
	if got := still.Total(forecast.Gap, 2027).Amount; got != 900_000_00 {
		t.Fatalf("at 0%% Braid has a gap of %s in 2027-28", got)
	}
	f := opened(t, data)
	price := cellOf(t, f, "Assumptions", "All costs", 1)
	if err := f.SetCellValue("Assumptions", price, 0); err != nil {
		t.Fatal(err)
	}
	for i, y := range still.Years {
		for _, l := range []forecast.Line{forecast.TotalCost, forecast.Gap, forecast.GapAfterLikely} {
			name := cellOf(t, f, "Forecast", English["line-"+l.String()], 1+i)
			got, err := f.CalcCellValue("Forecast", name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if want := still.Total(l, y).Amount; pennies(t, name, got) != want {
				t.Errorf("%s in %s: %s after the change, want %s", l, y, got, want)
			}
		}
	}
	t.Run("LibreOffice", func(t *testing.T) {
		changed := 0
		cells := office(t, forgetful(t, data, func(part, xml string) string {
			was := regexp.MustCompile(`(<c r="` + price + `"[^>]*>)<v>0.02</v>`)
			if part == "xl/worksheets/sheet1.xml" {
				changed += len(was.FindAllString(xml, -1))
				xml = was.ReplaceAllString(xml, "$1<v>0</v>")
			}
			return xml
		}), "Forecast")
		if changed != 1 {
			t.Fatalf("%d cells changed", changed)
		}
		if got := pennies(t, "gap", find(t, cells["Forecast"], "Gap if no grant")[2]); got != 900_000_00 {
			t.Errorf("the gap of 2027-28 is %s at 0%%", got)
		}
	})
}

// TestARenewalThatIsNoLongerLikely: the chance of an award, lowered, takes its
// money out of what is likely.
func TestARenewalThatIsNoLongerLikely(t *testing.T) {
	v := council(t, "demo")
	a := forecast.Recorded(v)
	f := opened(t, written(t, v, forecast.Project(v, a, 4), Options{}))
	if err := f.SetCellValue("Assumptions", cellOf(t, f, "Assumptions", "Families First", 1), 20); err != nil {
		t.Fatal(err)
	}
	want := forecast.Project(v, a.Renewing("families-first", 20), 4)
	for i, y := range want.Years {
		for _, l := range []forecast.Line{forecast.Likely, forecast.Gap, forecast.GapAfterLikely, forecast.SavingsNotFound} {
			name := cellOf(t, f, "Forecast", English["line-"+l.String()], 1+i)
			got, err := f.CalcCellValue("Forecast", name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if pennies(t, name, got) != want.Total(l, y).Amount {
				t.Errorf("%s in %s: %s after the change, want %s", l, y, got, want.Total(l, y).Amount)
			}
		}
	}
}

// cellOf names the cell so many columns right of the first that says a text.
func cellOf(t testing.TB, f *excelize.File, sheet, says string, right int) string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for r, row := range rows {
		if len(row) > 0 && row[0] == says {
			name, _ := excelize.CoordinatesToCellName(1+right, r+1)
			return name
		}
	}
	t.Fatalf("%s has no row %q", sheet, says)
	return ""
}
