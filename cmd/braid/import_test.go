package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// managersSheet is what a manager has: services against grants, ends above the
// columns, and nothing else.
const managersSheet = `,Children's Fund,NRF,Core budget
Ends,31/03/2027,31/03/2027,
Total,900000,180000,1150000
Service,,,
Family support hubs,180000,,300000
Youth inclusion panels,240000,110000,50000
Play and holiday scheme,150000,90000,
`

// otherSheets are the same, as other people lay them out.
var otherSheets = map[string]string{
	"ends under the headings": `Service,Children's Fund,NRF,Core budget
Ends,31/03/2027,31/03/2027,
Total grant,900000,180000,1150000
Family support hubs,180000,,300000
Youth inclusion panels,240000,110000,50000
Play and holiday scheme,150000,90000,
`,
	"a title, a blank corner, totals": `2026-27 budget,,,,
,31 March 2027,31 March 2027,,
,Children's Fund,NRF,Core budget,Total
Total grant,"£900,000",£180k,£1.15m,
Family support hubs,"£180,000",,"£300,000","£480,000"
Youth inclusion panels,"£240,000","£110,000","£50,000","£400,000"
Play and holiday scheme,"£150,000","£90,000",-,"£240,000"
Total,"£570,000","£200,000","£350,000","£1,120,000"
`,
}

func TestOneSheetIsEnough(t *testing.T) {
	t.Run("start.csv", func(t *testing.T) { oneSheet(t, "start.csv", managersSheet) })
	t.Run("any name", func(t *testing.T) { oneSheet(t, "Our grants 2026-27.csv", managersSheet) })
	for name, text := range otherSheets {
		t.Run(name, func(t *testing.T) { oneSheet(t, "grants.csv", text) })
	}
}

func oneSheet(t *testing.T, file, text string) {
	dir := t.TempDir()
	sheet, db := filepath.Join(dir, file), filepath.Join(dir, "braid.db")
	writeFile(t, sheet, text)
	code, out, said := braid(t, "import", sheet, "--db", db)
	if code != exitDone {
		t.Fatalf("exit %d\n%s%s", code, out, said)
	}
	c := checked(t, "check", "--db", db, "--as-at", "2027-01-12")
	rules := map[string]int{}
	cliffs := map[string]string{}
	for _, f := range c.Findings {
		rules[f.Rule]++
		if f.Rule == "cliff" && f.Amount != nil {
			cliffs[f.Title] = *f.Amount
		}
	}
	for _, rule := range []string{"cliff", "decide-by", "short-term-reliance", "award"} {
		if rules[rule] == 0 {
			t.Errorf("one sheet gives no finding of %s: %v", rule, rules)
		}
	}
	if len(cliffs) != 3 {
		t.Errorf("three services lose money; found %v", cliffs)
	}
	position := must(t, "position", "--db", db, "--by", "stream", "--where", "year=2026-27")
	for _, want := range []string{"£330,000", "−£20,000", "£800,000"} {
		if !strings.Contains(position, want) {
			t.Errorf("the position lacks %s left:\n%s", want, position)
		}
	}
	if !strings.Contains(said, "needs") {
		t.Errorf("it does not say what more would show: %q", said)
	}
	if _, _, again := braid(t, "import", sheet, "--db", db); strings.Contains(again, "Saved") {
		t.Errorf("the same file again changed something: %q", again)
	}
}

func TestTemplateImportsExportsAndVerifies(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	must(t, "template", in("start.xlsx"))
	if code, _, _ := braid(t, "template", in("start.xlsx")); code != exitUsage {
		t.Error("a template overwrote a file")
	}
	db := demoLedger(t)
	must(t, "export", in("council.xlsx"), "--db", db)
	must(t, "export", in("registers"), "--db", db)
	must(t, "export", in("ledger.jsonl"), "--ledger", "--db", db)
	must(t, "verify", "--file", in("ledger.jsonl"))
	must(t, "backup", in("copy.db"), "--db", db)
	must(t, "restore", in("copy.db"), "--db", in("restored.db"))
	must(t, "restore", in("ledger.jsonl"), "--db", in("again.db"))
	must(t, "import", in("council.xlsx"), "--db", in("fromxlsx.db"))
	must(t, "import", in("registers"), "--db", in("fromcsv.db"))
	want := must(t, "position", "--db", db, "--as-at", "2027-01-12", "--by", "award,service,objective,area,year", "--format", "csv")
	for _, name := range []string{"restored.db", "again.db", "fromxlsx.db", "fromcsv.db"} {
		if got := must(t, "position", "--db", in(name), "--as-at", "2027-01-12", "--by", "award,service,objective,area,year", "--format", "csv"); got != want {
			t.Errorf("%s gives another position", name)
		}
	}
	// a changed byte in the export is found, and named
	text, err := os.ReadFile(in("ledger.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, in("spoiled.jsonl"), strings.Replace(string(text), `"amount":"110000.00"`, `"amount":"110000.01"`, 1))
	if code, out, _ := braid(t, "verify", "--file", in("spoiled.jsonl")); code != exitFound || !strings.Contains(out, "batch 1") {
		t.Errorf("a changed penny: exit %d, %q", code, out)
	}
}

func TestProblemsAreListedAndNothingIsSaved(t *testing.T) {
	dir := t.TempDir()
	db := demoLedger(t)
	before := must(t, "verify", "--db", db)
	bad := filepath.Join(dir, "allocations.csv")
	writeFile(t, bad, "id,award,service,year,amount,agreed_on\n"+
		"n1,core,young-carers,2026-27,1000,2027-01-10\n"+
		"n2,core,youth-inclusoin,2026-27,1000,2027-01-10\n"+
		"n3,core,young-carers,2026-27,1.234,2027-01-10\n"+
		"n4,families-first,young-carers,2026-27,140001,2027-01-10\n")
	code, _, said := braid(t, "import", bad, "--db", db, "--reason", "more")
	if code != exitRefused {
		t.Fatalf("exit %d: %s", code, said)
	}
	for _, want := range []string{"row 3", "youth-inclusion", "row 4", "1.234"} {
		if !strings.Contains(said, want) {
			t.Errorf("the problems do not name %q:\n%s", want, said)
		}
	}
	if after := must(t, "verify", "--db", db); after != before {
		t.Errorf("something was saved: %s then %s", before, after)
	}
	mend := filepath.Join(dir, "mend.csv")
	if code, _, said := braid(t, "import", bad, "--db", db, "--reason", "more", "--set-aside", mend); code != exitDone {
		t.Fatalf("exit %d: %s", code, said)
	}
	kept, err := os.ReadFile(mend)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"n2", "n3", "n4"} {
		if !strings.Contains(string(kept), id) {
			t.Errorf("row %s is lost: not posted, not in the file to mend:\n%s", id, kept)
		}
	}
	if strings.Contains(string(kept), "n1,") {
		t.Errorf("row n1 is good, and was kept out:\n%s", kept)
	}
}

// A manager types the sheet into the template's own grid, in a spreadsheet.
func TestTheTemplatesStartSheetFilledIn(t *testing.T) {
	dir := t.TempDir()
	file, db := filepath.Join(dir, "start.xlsx"), filepath.Join(dir, "braid.db")
	must(t, "template", file)
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := func(label string) (row int) {
		rows, err := book.GetRows("start")
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			for _, cell := range r[:min(6, len(r))] {
				if cell == label {
					return i + 1
				}
			}
		}
		t.Fatalf("the start sheet has no row %q", label)
		return 0
	}
	set := func(column string, row int, value any) {
		if err := book.SetCellValue("start", fmt.Sprint(column, row), value); err != nil {
			t.Fatal(err)
		}
	}
	end := time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC)
	for i, award := range []struct {
		name  string
		ends  any
		total float64
	}{{"Children's Fund", end, 900000}, {"NRF", end, 180000}, {"Core budget", nil, 1150000}} {
		column := string(rune('G' + i))
		set(column, at("stream"), award.name)
		set(column, at("funder"), nil)
		set(column, at("ends"), award.ends)
		set(column, at("certainty"), nil)
		set(column, at("total"), award.total)
	}
	row := at("service") + 1
	for i, service := range []struct {
		name  string
		cells [3]any
	}{{"Family support hubs", [3]any{180000, nil, 300000}}, {"Youth inclusion panels", [3]any{240000.0, 110000, 50000}}, {"Play and holiday scheme", [3]any{150000, 90000, nil}}} {
		for _, column := range "ABCDEF" {
			set(string(column), row+i, nil)
		}
		set("A", row+i, service.name)
		for j, amount := range service.cells {
			set(string(rune('G'+j)), row+i, amount)
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
	if code, out, said := braid(t, "import", file, "--db", db); code != exitDone {
		t.Fatalf("exit %d\n%s%s", code, out, said)
	}
	position := must(t, "position", "--db", db, "--by", "stream", "--where", "year=2026-27", "--format", "csv")
	for _, want := range []string{"900000.00,0.00,570000.00", "180000.00,0.00,200000.00,0.00,0.00,-20000.00", "1150000.00,0.00,350000.00"} {
		if !strings.Contains(position, want) {
			t.Errorf("the position lacks %s:\n%s", want, position)
		}
	}
	if out := must(t, "check", "--db", db, "--as-at", "2027-01-12"); !strings.Contains(out, "Youth inclusion panels loses £350,000 on 31 March 2027") {
		t.Errorf("the cliff is not found:\n%s", out)
	}
}
