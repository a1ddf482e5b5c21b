package mapping

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"braid/ledger/exchange/sheet"
	"braid/ledger/money"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func load(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := Load(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func csvTables(t testing.TB, text string) []*sheet.Table {
	t.Helper()
	tables, err := sheet.OpenReader("table.csv", strings.NewReader(text), int64(len(text)), sheet.CommandLine)
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

func result(t testing.TB, m *Mapping, tables []*sheet.Table) *Result {
	t.Helper()
	got, err := m.Apply(tables)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// show prints what was made, a row to a line, and the codes of problems.
func show(r *Result) (lines []string) {
	for _, rows := range r.Rows {
		for i, cells := range rows.Cells {
			var of []string
			for j, text := range cells {
				if text != "" {
					of = append(of, rows.Header[j]+"="+text)
				}
			}
			lines = append(lines, fmt.Sprintf("%d %s: %s", rows.Numbers[i], rows.Register, strings.Join(of, "|")))
		}
	}
	for _, p := range r.Problems {
		lines = append(lines, fmt.Sprintf("%d %s: problem %s", p.Row, p.Column, p.Code))
	}
	for _, total := range r.Totals {
		lines = append(lines, fmt.Sprintf("%d total %s %s: %s, %s, %v", total.Row, total.Column, total.Group, total.Printed, total.Added, total.Agrees))
	}
	return lines
}

// savings maps a small table: a name and amounts of one kind, to savings by year.
func savings(is, rest, totals string) string {
	column := func(heading, more string) string {
		return fmt.Sprintf(`{"headings": [%q, "£000 %s"], "is": %q %s}`, heading, heading, is, more)
	}
	after := func(name string) string {
		if !strings.Contains(rest, "%") {
			return rest
		}
		return fmt.Sprintf(rest, name)
	}
	first := rest
	if strings.Contains(rest, "%") {
		first = `, "negative": true`
	}
	return `{"about": "a test", "columns": {
		"name": {"headings": ["Name of line", "Line"]}, "kind": {"headings": ["Kind"], "optional": true},
		"a": ` + column("2026-27", first) + `, "b": ` + column("2027-28", after("a")) + `, "c": ` + column("2028-29", after("b")) + `},
		"makes": [{"register": "savings", "cells": {"id": "{slug name}", "status": "{text a}", "2026-27": "{a}", "2027/28": "{b}", "2028-29": "{c}"}}],
		"totals": [` + totals + `]}`
}

func TestTraps(t *testing.T) {
	for _, test := range []struct{ name, mapping, table, want string }{
		{"titles above the header, other spellings, line breaks in headings, a note below", savings("pounds", "", ""),
			"Anytown Council,,,\n\"Budget, as agreed\",,,\n\n\"name\nOF  line\",2026-27,2027_28,2028–29\nA,1,2,3\nSource: cabinet,,,\n",
			"5 savings: id=a|2026-27=1.00|2027-28=2.00|2028-29=3.00|status=1"},
		{"thousands", savings("thousands", "", ""), "Line,£000 2026-27,2027-28,2028-29\nA,\"1,200\",0.5,£3\n",
			"2 savings: id=a|2026-27=1200000.00|2027-28=500.00|2028-29=3000.00|status=1,200"},
		{"millions to the penny", savings("millions", "", ""), "Line,2026-27,2027-28,2028-29\nA,4.105,0.00000001,£2\n",
			"2 savings: id=a|2026-27=4105000.00|2027-28=0.01|2028-29=2000000.00|status=4.105"},
		{"a unit twice", savings("thousands", "", ""), "Line,2026-27,2027-28,2028-29\nA,£2m,3k,1\n", "2 2026-27: problem unit-twice\n2 2027-28: problem unit-twice"},
		{"brackets without a meaning", savings("pounds", "", ""), "Line,2026-27,2027-28,2028-29\nA,(5),1,1\n", "2 2026-27: problem brackets"},
		{"brackets are negative", savings("pounds", `, "brackets": "negative"`, ""), "Line,2026-27,2027-28,2028-29\nA,(5),-6,7\n",
			"2 savings: id=a|2026-27=-5.00|2027-28=-6.00|2028-29=7.00|status=(5)"},
		{"brackets are over", savings("thousands", `, "brackets": "overspend"`, ""), "Line,2026-27,2027-28,2028-29\nA,(£5),6,0\n",
			"2 savings: id=a|2026-27=-5000.00|2027-28=6000.00|2028-29=0.00|status=(£5)"},
		{"brackets are under", savings("thousands", `, "brackets": "underspend"`, ""), "Line,2026-27,2027-28,2028-29\nA,(5),6,-\n",
			"2 savings: id=a|2026-27=5000.00|2027-28=-6000.00|status=(5)"},
		{"a minus where brackets tell over from under", savings("thousands", `, "brackets": "underspend"`, ""), "Line,2026-27,2027-28,2028-29\nA,-5,6,1\n", "2 2026-27: problem minus"},
		{"a minus nobody allowed", savings("pounds", "", ""), "Line,2026-27,2027-28,2028-29\nA,-5,6,1\n", "2 2026-27: problem amount-negative"},
		{"none, nought and unknown are three things", savings("thousands", `, "none": ["not due"], "nought": ["nil"], "unknown": ["Not costed yet"]`, ""),
			"Line,2026-27,2027-28,2028-29\nA,not costed yet,nil,Not due\nB,?,0,\n",
			"2 savings: id=a|2026-27=?|2027-28=0.00|status=not costed yet\n3 savings: id=b|2026-27=?|2027-28=0.00|status=?"},
		{"a word that is not listed", savings("thousands", "", ""), "Line,2026-27,2027-28,2028-29\nA,nil,see below,1\n", "2 2026-27: problem amount-words\n2 2027-28: problem amount-words"},
		{"a blank that is unknown", savings("pounds", `, "blank": "unknown"`, ""), "Line,2026-27,2027-28,2028-29\nA,1,,\n", "2 savings: id=a|2026-27=1.00|2027-28=?|2028-29=?|status=1"},
		{"a range is unknown and keeps its text", savings("pounds", `, "ranges": "unknown"`, ""), "Line,2026-27,2027-28,2028-29\nA,£3.93m-£4.11m,10 to 12,1000–2000\n",
			"2 savings: id=a|2026-27=?|2027-28=?|2028-29=?|status=£3.93m-£4.11m"},
		{"a range nobody allowed", savings("pounds", "", ""), "Line,2026-27,2027-28,2028-29\nA,10-12,1,1\n", "2 2026-27: problem range"},
		{"changes become levels", savings("thousands", `, "change_on": %q`, ""), "Line,2026-27,2027-28,2028-29\nA,600,1000,-400\nB,600,,-600\nC,,75,-75\nD,1,?,3\n",
			"2 savings: id=a|2026-27=600000.00|2027-28=1600000.00|2028-29=1200000.00|status=600\n3 savings: id=b|2026-27=600000.00|2027-28=600000.00|2028-29=0.00|status=600\n" +
				"4 savings: id=c|2027-28=75000.00|2028-29=0.00\n5 savings: id=d|2026-27=1000.00|2027-28=?|2028-29=?|status=1"},
		{"sums carried forward become each year's own", savings("pounds", `, "cumulative_after": %q`, ""), "Line,2026-27,2027-28,2028-29\nA,100,250,250\nB,100,,300\nC,100,?,\n",
			"2 savings: id=a|2026-27=100.00|2027-28=150.00|2028-29=0.00|status=100\n3 savings: id=b|2026-27=100.00|2028-29=?|status=100\n4 savings: id=c|2026-27=100.00|2027-28=?|status=100"},
		{"a total is compared and not imported", savings("pounds", "", `{"name": "all", "where": {"kind": ["total", "Grand Total"]}, "of": ["a", "b", "c"], "within": "1", "why": "rounding"}`),
			"Line,Kind,2026-27,2027-28,2028-29\nA,,10,10,10\nB,,20,20,\nAll,grand total,30,31,33\n",
			"2 savings: id=a|2026-27=10.00|2027-28=10.00|2028-29=10.00|status=10\n3 savings: id=b|2026-27=20.00|2027-28=20.00|status=20\n" +
				"4 total 2026-27 : 30.00, 30.00, true\n4 total 2027-28 : 31.00, 30.00, true\n4 total 2028-29 : 33.00, 10.00, false"},
		{"a total with an unknown part cannot be told", savings("pounds", "", `{"name": "all", "where": {"kind": ["total"]}, "of": ["a", "b"]}`),
			"Line,Kind,2026-27,2027-28,2028-29\nA,,10,?,1\nAll,total,?,30,1\n",
			"2 savings: id=a|2026-27=10.00|2027-28=?|2028-29=1.00|status=10\n3 total 2026-27 : ?, 10.00, false\n3 total 2027-28 : 30.00, ?, false"},
		{"subtotals by group, and totals across and stated elsewhere", savings("pounds", "", `{"name": "by line", "where": {"kind": ["total"]}, "of": ["a"], "by": ["name"]}, {"name": "across", "across": ["a", "b"], "of": ["c"]},
			{"name": "stated", "printed": {"c": "£10"}, "counts": {"where": {"name": ["x"]}}}, {"name": "nation", "printed": {"a": "100"}, "part": "our region only"}`),
			"Line,Kind,2026-27,2027-28,2028-29\nX,,1,2,3\nY,,4,5,7\nX,total,1,,\ny,total,4,,\n",
			"2 savings: id=x|2026-27=1.00|2027-28=2.00|2028-29=3.00|status=1\n3 savings: id=y|2026-27=4.00|2027-28=5.00|2028-29=7.00|status=4\n" +
				"4 total 2026-27 X: 1.00, 1.00, true\n5 total 2026-27 y: 4.00, 4.00, true\n2 total 2028-29 : 3.00, 3.00, true\n3 total 2028-29 : 7.00, 9.00, false\n0 total 2028-29 : 10.00, 3.00, false\n0 total 2026-27 : 100.00, 5.00, true"},
		{"rows of one id say one thing", savings("pounds", "", ""), "Line,2026-27,2027-28,2028-29\nA,1,,\nA,1,2,\n", "2 savings: id=a|2026-27=1.00|2027-28=2.00|status=1\n3 2026-27: problem id-twice"},
		{"two headings for one column", savings("pounds", "", ""), "Line,2026-27,2027-28,2028-29,2028-29\nA,1,2,3,4\n", "1 2028-29: problem repeated-heading"},
		{"no header", savings("pounds", "", ""), "Plan,,,\nName,2026-27,2027-28,2028-29\nA,1,2,3\n", "2 : problem no-header"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := result(t, load(t, test.mapping), csvTables(t, test.table))
			if diff := cmp.Diff(test.want, strings.Join(show(got), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// grants maps awards with dates and years in cells.
const grants = `{"about": "a test", "sheet": "", "columns": {
	"grant": {"headings": ["Grant"], "spellings": {"Flying-Start": "Flying Start"}}, "years": {"headings": ["Years"], "is": "years", "values": {"2026/27": "2026-27", "2026/27 to 2027/28": "2026/27 to 2027/28", "": ""}},
	"paid": {"headings": ["Paid"], "is": "date", "optional": true}, "amount": {"headings": ["Amount"], "is": "pounds"}},
	"makes": [{"register": "streams", "cells": {"id": "{slug grant}", "name": "{grant}"}},
		{"register": "figures", "cells": {"award": "{slug grant}", "year": "{year paid}{years}", "amount": "{amount}", "source": "row {row}: {text years}"}}]}`

func TestDatesAndYears(t *testing.T) {
	for _, test := range []struct{ name, table, want string }{
		{"a span is the whole term", "Grant,Years,Amount\nFlying Start,2026/27 to 2027/28,10\nFlying-start,2026/27,5\n",
			"2 streams: id=flying-start|name=Flying Start\n2 figures: amount=10.00|award=flying-start|source=row 2: 2026/27 to 2027/28|year=term\n3 figures: amount=5.00|award=flying-start|source=row 3: 2026/27|year=2026-27"},
		{"a date gives its financial year", "Grant,Years,Amount,Paid\nA,,1,31/03/2027\nA,,1,1 April 2027\n",
			"2 streams: id=a|name=A\n2 figures: amount=1.00|award=a|source=row 2|year=2026-27\n3 figures: amount=1.00|award=a|source=row 3|year=2027-28"},
		{"dates both ways", "Grant,Years,Amount,Paid\nA,,1,31/03/2027\nB,,1,2027-04-01\n", "0 Paid: problem date-mixed"},
		{"no such day", "Grant,Years,Amount,Paid\nA,,1,31/02/2027\n", "2 Paid: problem date-calendar"},
		{"a text that is not listed", "Grant,Years,Amount\nA,until summer,1\n", "2 Years: problem word-unknown"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := result(t, load(t, grants), csvTables(t, test.table))
			if diff := cmp.Diff(test.want, strings.Join(show(got), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An amount whose year is not one financial year has no column to stand in.
func TestAnAmountIsNotLostForWantOfAYear(t *testing.T) {
	m := load(t, `{"about": "a test", "columns": {"board": {"headings": ["Board"]}, "year": {"headings": ["Year"], "is": "years"}, "amount": {"headings": ["Amount"], "is": "pounds"}},
		"makes": [{"register": "delegations", "cells": {"id": "{slug board}", "board": "{slug board}", "award": "x", "{year}": "{amount}"}}]}`)
	got := result(t, m, csvTables(t, "Board,Year,Amount\nNorth,2026/27,1\nNorth,2027-28,2\nSouth,2026/27,\n"))
	want := []string{"2 delegations: id=north|2026-27=1.00|2027-28=2.00|award=x|board=north", "4 delegations: id=south|award=x|board=south"}
	if diff := cmp.Diff(want, show(got)); diff != "" {
		t.Error(diff)
	}
	for _, year := range []string{"2026-28", ""} {
		got := result(t, m, csvTables(t, "Board,Year,Amount\nNorth,"+year+",1\n"))
		if len(got.Problems) != 1 || got.Problems[0].Code != "not-a-year" {
			t.Errorf("year %q: %v", year, show(got))
		}
	}
}

func TestNoHeaderSaysWhatWasLookedForAndWhatCameNear(t *testing.T) {
	got := result(t, load(t, savings("pounds", "", "")), csvTables(t, "Plan,,,\nService,2026-27,2027-28,2028-29\nA,1,2,3\n"))
	if len(got.Problems) != 1 {
		t.Fatal(show(got))
	}
	said := got.Problems[0].Error()
	for _, part := range []string{"table.csv, row 2", "Name of line or Line", "row 1 (Plan, , , ) lacks 4", "headings"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not said in: %s", part, said)
		}
	}
}

func TestADifferingTotalSaysByHowMuch(t *testing.T) {
	m := load(t, savings("thousands", "", `{"name": "All lines", "where": {"kind": ["total"]}, "of": ["a"]}`))
	got := result(t, m, csvTables(t, "Line,Kind,2026-27,2027-28,2028-29\nA,,10,1,1\nAll,total,12,1,1\n"))
	if len(got.Problems) > 0 || len(got.Totals) != 1 || got.Totals[0].Agrees {
		t.Fatal(show(got)) // reported, not refused
	}
	want := `table.csv, row 3, column "2026-27": found "£12,000.00"; All lines: the rows add up to £10,000.00, which differs by −£2,000.00 — look for a row left out, read twice or printed wrongly; if the source itself differs, say in the mapping by how much and why`
	if said := got.Totals[0].Problem().Error(); said != want {
		t.Errorf("said %s", said)
	}
}

func TestSheetsOfAWorkbook(t *testing.T) {
	var book bytes.Buffer
	cells := func(texts ...string) (row []sheet.Cell) {
		for _, s := range texts {
			row = append(row, sheet.Cell{Text: s})
		}
		return row
	}
	head := []string{"Line", "2026-27", "2027-28", "2028-29"}
	if err := sheet.WriteXLSX(&book, []sheet.Sheet{
		{Name: "Guide", Header: []string{"How to read this"}},
		{Name: "North", Header: head, Rows: [][]sheet.Cell{cells("A", "1", "2", "3")}},
		{Name: "South", Header: []string{"South, £"}, Rows: [][]sheet.Cell{cells(head...), cells("B", "4", "5", "6")}},
	}); err != nil {
		t.Fatal(err)
	}
	open := func() []*sheet.Table {
		tables, err := sheet.OpenReader("book.xlsx", bytes.NewReader(book.Bytes()), int64(book.Len()), sheet.CommandLine)
		if err != nil {
			t.Fatal(err)
		}
		return tables
	}
	m := load(t, savings("pounds", "", ""))
	got := result(t, m, open())
	if len(got.Rows) != 2 || got.Rows[0].Sheet != "North" || got.Rows[1].Sheet != "South" || got.Rows[1].Numbers[0] != 3 || len(got.Problems) > 0 {
		t.Errorf("%+v", got)
	}
	m.Sheet = "south"
	if got = result(t, m, open()); len(got.Rows) != 1 || got.Rows[0].Sheet != "South" {
		t.Errorf("%+v", got)
	}
	m.Sheet = "West"
	if got = result(t, m, open()); len(got.Problems) != 1 || got.Problems[0].Code != "no-sheet" {
		t.Errorf("%+v", got)
	}
}

func TestLevelsAndChanges(t *testing.T) {
	levels := load(t, savings("thousands", `, "change_on": %q`, `{"name": "all", "where": {"kind": ["total"]}, "of": ["a", "b", "c"]}`))
	own := load(t, savings("thousands", `, "cumulative_after": %q`, ""))
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 3, 3).Draw(t, "amounts")
		sums := []int64{amounts[0], amounts[0] + amounts[1], amounts[0] + amounts[1] + amounts[2]}
		table := func(of []int64) *Result {
			m := levels
			if &of[0] == &sums[0] {
				m = own
			}
			text := fmt.Sprintf("Line,Kind,2026-27,2027-28,2028-29\nA,,%d,%d,%d\nAll,total,%[1]d,%[2]d,%[3]d\n", of[0], of[1], of[2])
			tables, err := sheet.OpenReader("t.csv", strings.NewReader(text), int64(len(text)), sheet.CommandLine)
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Apply(tables)
			if err != nil || len(got.Problems) > 0 {
				t.Fatal(err, got.Problems)
			}
			return got
		}
		printed := table(amounts)
		for i, total := range printed.Totals {
			if !total.Agrees {
				t.Fatalf("changes add as printed: %+v", total)
			}
			if want := money.Pence(sums[i] * 1000_00).String(); printed.Rows[0].Cells[0][1+i] != want {
				t.Fatalf("level %d is %s, not %s", i, printed.Rows[0].Cells[0][1+i], want)
			}
		}
		for i, text := range table(sums).Rows[0].Cells[0][1:4] {
			if want := money.Pence(amounts[i] * 1000_00).String(); text != want {
				t.Fatalf("year %d of %v is %s, not %s", i, sums, text, want)
			}
		}
	})
}

func TestUnitsAndBracketsKeepTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := money.Pence(rapid.Int64Range(0, 1e7).Draw(t, "pence"))
		text := p.String()
		pounds, f := readFigure(&Column{Is: "pounds"}, text)
		if f != nil {
			t.Fatal(f)
		}
		thousands, f := readFigure(&Column{Is: "thousands", Brackets: "overspend"}, "("+text+")")
		if f != nil {
			t.Fatal(f)
		}
		under, f := readFigure(&Column{Is: "millions", Brackets: "underspend"}, "(£"+text+")")
		if f != nil {
			t.Fatal(f)
		}
		one, _ := pounds.amount.Known()
		two, _ := thousands.amount.Known()
		three, _ := under.amount.Known()
		if one != p || two != -1000*p || three != 1_000_000*p {
			t.Fatalf("%s reads %s, %s and %s", text, one, two, three)
		}
	})
}

// Whatever stands in the cells, what is made adds up to what was added, and
// every amount made is one that can be read again.
func FuzzApply(f *testing.F) {
	f.Add("Line,Kind,2026-27,2027-28,2028-29\nA,,10,1,1\nAll,total,12,1,1\n")
	f.Add("Title\nLine,2026-27,2027-28,2028-29\nA,(1),£2m,\nB,n/a,10-12,?\n\"x\ny\",1,2,3\n")
	f.Add("Line,2026-27,2027-28,2028-29\n,,,\nA\n")
	m := load(f, savings("pounds", `, "brackets": "negative", "ranges": "unknown"`, `{"name": "all", "printed": {"a": "0"}}, {"name": "rows", "where": {"kind": ["total"]}, "of": ["b"], "by": ["name"]}`))
	f.Fuzz(func(t *testing.T, text string) {
		tables, err := sheet.OpenReader("t.csv", strings.NewReader(text), int64(len(text)), sheet.Web)
		if err != nil {
			return
		}
		got, err := m.Apply(tables)
		if err != nil || len(got.Problems) > 0 {
			return
		}
		var made money.Sum
		for _, rows := range got.Rows {
			for _, cells := range rows.Cells {
				for i, heading := range rows.Header {
					a, given, err := money.Parse(cells[i], money.Signed)
					switch {
					case !strings.HasPrefix(heading, "20"):
						continue
					case err != nil:
						t.Fatalf("%s: %q is no amount", heading, cells[i])
					case given && heading == "2026-27":
						made.Add(a)
					}
				}
			}
		}
		for _, total := range got.Totals {
			if total.Name == "all" && total.Added != made && total.Added.Err() == nil {
				t.Fatalf("added %s, made %s", total.Added, made)
			}
		}
	})
}

func TestOverAndUnderInWords(t *testing.T) {
	c := &Column{Is: "thousands", Brackets: "underspend"}
	for text, want := range map[string]string{"(1.5)": "underspend of £1,500.00", "2": "overspend of £2,000.00", "0": "on budget", "?": "not known", "": ""} {
		read, f := readCell(c, text)
		if f != nil {
			t.Fatal(f)
		}
		if got := read.overOrUnder(); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}
