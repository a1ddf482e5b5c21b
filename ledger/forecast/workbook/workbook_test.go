package workbook

import (
	"archive/zip"
	"braid/ledger/fiscal"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
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
				if row[c] == "" || hidden(f, sheet, name) { // Braid leaves no text in a formula's cell
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

// hidden reports a cell that shows "not known", whatever number is in it.
func hidden(f *excelize.File, sheet, cell string) bool {
	id, _ := f.GetCellStyle(sheet, cell)
	s, err := f.GetStyle(id)
	return err == nil && s.CustomNumFmt != nil && strings.HasPrefix(*s.CustomNumFmt, `"not known"`)
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
// results, comes to Braid's figures in every cell, those that fall on half a
// penny too.
func TestLibreOfficeAgrees(t *testing.T) {
	demo := council(t, "demo")
	for name, v := range map[string]*ledger.View{"demo": demo, "half a penny": tangled(t, 19, true)} {
		t.Run(name, func(t *testing.T) {
			p := forecast.Project(v, forecast.Recorded(v), 6)
			if v == demo {
				p = p.With(p.Assumptions.At(rateOf(t, "2.75%")))
			}
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
						if formula, _ := f.GetCellFormula(sheet, name); formula == "" || want == "" || hidden(f, sheet, name) {
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
		})
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

// tangled is a council with everything that a forecast finds awkward: costs not
// known or in other years' prices, income, money for a whole term, of unknown
// amount, not secured or in want of its match, awards that end in mid-year or
// have a successor, over-allocation, savings and pressures.
func tangled(t testing.TB, seed uint64, halves bool) *ledger.View {
	r := rand.New(rand.NewPCG(seed, 1))
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	amount := func() string {
		if !halves { // no rise of such a cost ends on half a penny
			return one("", "?", fmt.Sprintf("%d.%d", 1+r.IntN(400_000), 11+10*r.IntN(8)))
		}
		return one("", "", "?", fmt.Sprintf("%d.%02d", 1+r.IntN(400_000), r.IntN(100)), fmt.Sprint(1000*r.IntN(300)), fmt.Sprintf("%d.5", r.IntN(90_000)))
	}
	var b strings.Builder
	line := func(cells ...string) { b.WriteString(strings.Join(cells, ",") + "\n") }
	line("# streams")
	line("id,name,permanence")
	line("base,=1+1 Base budget,base budget")
	line("time,+Time limited,multi-year")
	line("# awards")
	line("id,stream,starts,ends,fate,successor,renewal_percent,certainty,stated_on,amount,2026-27,2027-28,2028-29,2029-30")
	line("core", "base", "2026-04-01", "", "", "", "", "confirmed", "2026-03-01", "", "900000", "900000", one("900000", ""), "")
	line("half", "time", "2026-04-01", "2027-07-31", one("renewed", "unknown"), "", one("", "0%", "40%", "60%"), "confirmed", "2026-03-01", "", "400000", "150000", "", "")
	line("old", "time", "2026-04-01", "2027-03-31", "renamed", "new", one("", "30%", "80%"), "confirmed", "2026-03-01", "", "300000", "", "", "")
	line("new", "time", "2027-04-01", "2029-03-31", "", "", "", one("confirmed", "indicative"), "2026-03-01", "", "", "250000", "250000", "")
	line("term", "time", "2026-04-01", "2028-03-31", "", "", "", "confirmed", "2026-03-01", "500000", "", "", "", "")
	line("hope", "time", "2026-04-01", "2029-03-31", "", "", "", one("applied", "indicative", ""), "2026-03-01", "", "200000", "200000", "200000", "")
	line("match", "time", "2026-04-01", "2029-03-31", "stops", "", "", "confirmed", "2026-03-01", "", "200000", "200000", "200000", "")
	line("# terms")
	line("id,award,rule,value")
	line("m", "match", "match", one("25%", "50%"))
	line("# services")
	line("id,name,statutory,cost_type,price_base,income,starts,ends,2026-27,2027-28,2028-29,2029-30")
	n := 4 + r.IntN(5)
	for i := range n {
		line(fmt.Sprintf("s%d", i), one("=2*3", "+more", "-less", "@home", "'quoted", "Plain")+fmt.Sprint(i), one("yes", "no"), one("", "pay", "delivery", "Premises"), one("", "cash", "2025-26", "2026-27", "2028-29"),
			one("0", "0", "1230", "?"), one("", "2026-09-01"), one("", "", "2028-12-31"), amount(), amount(), amount(), amount())
	}
	line("# allocations")
	line("award,service,match_for,agreed_on,state,year,amount")
	for i := range 5 * n {
		award, y := one("core", "half", "old", "new", "term", "hope", "match"), one("2026-27", "2027-28", "2028-29", "2029-30")
		if award == "term" {
			y = "term"
		}
		matched, paid := "", amount()
		if award == "core" {
			matched = one("", "match")
		}
		if paid == "" {
			paid = "250"
		}
		line(award, fmt.Sprintf("s%d", i%n), matched, "2026-04-01", one("agreed", "agreed", "agreed", "proposed"), y, paid)
	}
	line("# savings")
	line("id,service,kind,status,2026-27,2027-28,2028-29,2029-30")
	for i := range 3 {
		line(fmt.Sprintf("v%d", i), fmt.Sprintf("s%d", i), one("cashable", "pressure", "avoided"), one("found", "proposed", ""), "", "12345.67", "20000", one("", "?"))
	}
	line("# assumptions")
	line("id,kind,cost_type,year,award,percent,low,high,stated_on")
	line("a", "price", "", "", "", one("2%", "2.5%", "-1%", "3.125%"), "1%", "4%", "2026-03-01")
	line("b", "pay", "", "", "", one("3%", "4.75%"), "", "", "2026-03-01")
	line("c", "price", "premises", "2027-28", "", "10%", "", "", "2026-03-01")
	line("d", "price", "", "2028-29", "", "1.5%", "", "", "2026-03-01")
	return ledgertest.Book(t, b.String()).View(fiscal.MustDate("2026-11-22"))
}

func TestTangledCouncilsComeToBraidsFigures(t *testing.T) {
	states := map[forecast.State]int{}
	for seed := range uint64(24) {
		v := tangled(t, seed, false)
		p := forecast.Project(v, forecast.Recorded(v), 5)
		agree(t, written(t, v, p, Options{}))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		for _, l := range forecast.Lines() {
			for _, y := range p.Years {
				states[p.Total(l, y).State]++
				for _, service := range p.Services {
					states[p.Of(service.ID, l, y).State]++
				}
			}
		}
	}
	for s := forecast.Exact; s <= forecast.NotKnown; s++ {
		if states[s] == 0 {
			t.Errorf("no figure was %s", s)
		}
	}
}

// TestNoTextIsAFormula: names that begin as formulas do stay text, in every
// language, and no formula stands but Braid's own.
func TestNoTextIsAFormula(t *testing.T) {
	v := tangled(t, 7, true)
	data := written(t, v, forecast.Project(v, forecast.Recorded(v), 4), Options{Title: "=HYPERLINK(1)"})
	f := opened(t, data)
	own := regexp.MustCompile(`^(ROUND|SUM|SUMIFS|IF|COUNTIF|'|\$?[A-Z]+\$?\d|0$)`)
	names := 0
	for _, sheet := range f.GetSheetList() {
		rows, _ := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		for r, row := range rows {
			for c, text := range row {
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				formula, _ := f.GetCellFormula(sheet, name)
				if formula != "" && !own.MatchString(formula) || strings.Contains(formula, "HYPERLINK") || strings.Contains(formula, "2*3") {
					t.Errorf("%s!%s is a formula: %s", sheet, name, formula)
				}
				if kind, _ := f.GetCellType(sheet, name); strings.HasPrefix(text, "=") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "@") {
					names++
					if formula != "" || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
						t.Errorf("%s!%s holds %q as %v", sheet, name, text, kind)
					}
				}
			}
		}
	}
	if names == 0 {
		t.Error("no name that begins as a formula does was met")
	}
}

// TestOtherWords: sheets and headings are in the words passed in.
func TestOtherWords(t *testing.T) {
	v := council(t, "demo")
	f := opened(t, written(t, v, forecast.Project(v, forecast.Recorded(v), 3), Options{Words: func(key string) string { return "~" + key + "'s" }}))
	if got := strings.Join(f.GetSheetList(), " "); !strings.HasPrefix(got, "~assumptions's ~services's ~money's ~forecast's") {
		t.Errorf("sheets are %s", got)
	}
	gap := cellOf(t, f, "~forecast's", "~line-gap's", 2)
	if got, err := f.CalcCellValue("~forecast's", gap, excelize.Options{RawCellValue: true}); err != nil || pennies(t, gap, got) != 973_200_00 {
		t.Errorf("the gap comes to %s: %v", got, err)
	}
}
