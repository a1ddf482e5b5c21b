package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// readAll opens a file in memory and gives its rows, numbered, or its problems.
func readAll(t testing.TB, name string, data []byte, lim Limits) (rows map[int][]string, notes []string, problems []Problem) {
	t.Helper()
	rows = map[int][]string{}
	fail := func(err error) {
		var ps *Problems
		if !errors.As(err, &ps) {
			t.Fatalf("%s: the error is %T, not *Problems: %v", name, err, err)
		}
		problems = append(problems, ps.List...)
	}
	tables, err := OpenReader(name, bytes.NewReader(data), int64(len(data)), lim)
	if err != nil {
		fail(err)
		return rows, nil, problems
	}
	for _, table := range tables {
		if err := table.Each(func(r Row) error {
			rows[r.Number] = append(rows[r.Number], r.Cells...)
			return nil
		}); err != nil {
			fail(err)
		}
		for _, n := range table.Notes {
			notes = append(notes, n.Code)
		}
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	}
	return rows, notes, problems
}

func utf16Bytes(s string, order binary.AppendByteOrder, mark bool) []byte {
	var b []byte
	if mark {
		b = order.AppendUint16(b, 0xfeff)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestCSVLoadsExactly(t *testing.T) {
	two := map[int][]string{1: {"id", "name"}, 2: {"a", "Dŵr £5"}}
	for _, tt := range []struct {
		name, data string
		want       map[int][]string
		notes      []string
	}{
		{"plain", "id,name\na,Dŵr £5\n", two, nil},
		{"mark", "\ufeffid,name\na,Dŵr £5\n", two, nil},
		{"UTF-16 LE", string(utf16Bytes("id,name\r\na,Dŵr £5\r\n", binary.LittleEndian, true)), two, nil},
		{"UTF-16 BE", string(utf16Bytes("id,name\na,Dŵr £5\n", binary.BigEndian, true)), two, nil},
		{"Windows-1252", "id,name\na,\x93Flying\x94 \xa35 \x96 \x80\n", map[int][]string{1: {"id", "name"}, 2: {"a", "“Flying” £5 – €"}}, []string{"windows-1252"}},
		{"Welsh in Windows-1252", "id,name\na,Gwasanaeth plant a chyn\xf4l dwr\n", map[int][]string{1: {"id", "name"}, 2: {"a", "Gwasanaeth plant a chynôl dwr"}}, []string{"windows-1252", "welsh-letters-lost"}},
		{"decomposed", "id,name\na,Dw\u0302r £5\n", two, nil},
		{"garbled before", "id,name\na,Â£5\n", map[int][]string{1: {"id", "name"}, 2: {"a", "Â£5"}}, []string{"garbled"}},
		{"emoji, flag and joiner", "id,name\n👨‍👩‍👧,🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f\n", map[int][]string{1: {"id", "name"}, 2: {"👨‍👩‍👧", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"}}, nil},
		{"right to left", "id,name\nمركز,می‌خواهم\n", map[int][]string{1: {"id", "name"}, 2: {"مركز", "می‌خواهم"}}, nil},
		{"mixed line ends", "id,name\r\na,Dŵr £5\n", two, nil},
		{"no last line end", "id,name\na,Dŵr £5", two, []string{"no-last-line-end"}},
		{"spaces and no-break spaces", " id ,name\u00a0\n\u00a0a , Dŵr £5\u2003\n", two, nil},
		{"blank lines count", "\n\nid,name\n\n,\na,b\n", map[int][]string{3: {"id", "name"}, 6: {"a", "b"}}, nil},
		{"line break in quotes is one row", "id,name\n\"a\r\nb\",c\n\"d\ne\n\nf\",g\nh,i\n", map[int][]string{1: {"id", "name"}, 2: {"a\nb", "c"}, 3: {"d\ne\n\nf", "g"}, 4: {"h", "i"}}, nil},
		{"short rows are padded", "id,name,note\na\nb,c\n", map[int][]string{1: {"id", "name", "note"}, 2: {"a", "", ""}, 3: {"b", "c", ""}}, nil},
		{"blank extra cells are dropped", "id,name\na,b,,\n", map[int][]string{1: {"id", "name"}, 2: {"a", "b"}}, nil},
		{"title above", "Grants 2026-27\n\nid,name,amount\na,b,1\nc,d,2\n", map[int][]string{1: {"Grants 2026-27", "", ""}, 3: {"id", "name", "amount"}, 4: {"a", "b", "1"}, 5: {"c", "d", "2"}}, nil},
		{"quoted amount", "id,amount\na,\"1,234.56\"\n", map[int][]string{1: {"id", "amount"}, 2: {"a", "1,234.56"}}, nil},
		{"header only", "id,name\n", map[int][]string{1: {"id", "name"}}, nil},
		{"repeated header", "id,ID\na,b\n", map[int][]string{1: {"id", "ID"}, 2: {"a", "b"}}, nil},
		{"one column with semicolons", "objectives\na;b\nc\n", map[int][]string{1: {"objectives"}, 2: {"a;b"}, 3: {"c"}}, nil},
		{"quote mark before a formula", "id,n\n'=1+1,'-5\n''=x,'quoted'\n", map[int][]string{1: {"id", "n"}, 2: {"=1+1", "-5"}, 3: {"'=x", "'quoted'"}}, nil},
		{"formula without a mark", "id,n\n=1+1,-5\n", map[int][]string{1: {"id", "n"}, 2: {"=1+1", "-5"}}, nil},
		{"markup, SQL, noughts", "id,n\n<script>,'; drop table x\n007,1E5\n", map[int][]string{1: {"id", "n"}, 2: {"<script>", "'; drop table x"}, 3: {"007", "1E5"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, notes, problems := readAll(t, "fixture.csv", []byte(tt.data), Web)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(tt.want, rows); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.notes, notes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVRefused(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		want       []string // code@row/column
	}{
		{"empty", "", []string{"empty@0/"}},
		{"only a mark", "\ufeff", []string{"empty@0/"}},
		{"white space", " \r\n\t \n", []string{"empty@0/"}},
		{"only commas", ",,\n,,\n", []string{"empty@0/"}},
		{"UTF-16 without mark", string(utf16Bytes("id,name\na,b\n", binary.LittleEndian, false)), []string{"encoding@0/"}},
		{"UTF-32", "\xff\xfe\x00\x00i\x00\x00\x00", []string{"encoding@0/"}},
		{"half a pair in UTF-16", "\xff\xfei\x00\n\x00\x00\xd8\n\x00", []string{"invisible-character@2/i"}},
		{"bad byte after a mark", "\ufeffid,name\n\"a\nb\",c\na,\xa35\n", []string{"encoding@3/"}},
		{"bad byte among UTF-8", "id,name\na,ŵ\nb,\xa35\n", []string{"encoding@3/"}},
		{"overlong", "id,name\na,\xc0\xaf\n", []string{"encoding@2/"}},
		{"half a pair in UTF-8", "id,name\na,\xed\xa0\x80\n", []string{"encoding@2/"}},
		{"NUL", "id,name\na\x00,b\n", []string{"encoding@0/"}},
		{"noise", "\x8f\x01\x9d\x81qz\x07\xfe\x10", []string{"not-text@0/"}},
		{"escape", "id,name\na,\x1b[31m\n", []string{"invisible-character@2/name"}},
		{"tab inside", "id,name\na,b\tc\n", []string{"invisible-character@2/name"}},
		{"a row that ends in CR only", "id,name\na,\rb\nc,d\n", []string{"invisible-character@2/name"}},
		{"zero width", "id,name\nab\u200b1,x\nab\u200d1,x\n", []string{"invisible-character@2/id", "invisible-character@3/id"}},
		{"bidi override", "id,name\na,\u202etxt\n", []string{"invisible-character@2/name"}},
		{"soft hyphen", "id,name\na,co\u00adop\n", []string{"invisible-character@2/name"}},
		{"lost character", "id,name\na,\ufffd5\n", []string{"invisible-character@2/name"}},
		{"invisible in the header stops", "id,na\u200bme\na,\u202e\n", []string{"invisible-character@1/na<U+200B>me"}},
		{"semicolons", "id;amount\na;1,23\n", []string{"separator@1/"}},
		{"semicolons, quoted", "\"id\";\"amount\"\n\"a\";\"1,23\"\n", []string{"separator@1/"}},
		{"semicolons below a title", "Grants\nid;amount\na;1,23\n", []string{"separator@1/"}},
		{"tabs", "id\tamount\na\t1\n", []string{"separator@1/"}},
		{"bars", "id|amount\na|1\n", []string{"separator@1/"}},
		{"sep=", "sep=,\nid,name\na,b\n", []string{"separator@1/"}},
		{"unquoted amount", "id,amount\na,1,234.56\nb,5\nc,6\n", []string{"row-too-long@2/"}},
		{"every amount unquoted", "id,amount\na,1,234.56\nb,2,345.67\n", []string{"row-too-long@2/", "row-too-long@3/"}},
		{"decimal comma", "id,amount,x\na,1,23,y\n", []string{"row-too-long@2/"}},
		{"stray quote", "id,name\na,the \"Hub\"\n\"b\"x,c\nd,e\n", []string{"quote@2/name", "quote@3/id"}},
		{"open quote", "id,name\na,b\nc,\"d\ne,f\n", []string{"quote@3/name"}},
		{"old Mac line ends", "id,name\ra,b\r", []string{"line-ends@0/"}},
		{"cut in a row", "id,name,amount\na,b,100\nc,d", []string{"cut@3/"}},
		{"cut in quotes", "id,name\na,b\nc,\"d", []string{"quote@3/name"}},
		{"5,000 columns", strings.Repeat("x,", 4999) + "x\n", []string{"too-many-columns@1/x"}},
		{"nothing but columns", strings.Repeat(",", 9<<20), []string{"too-many-columns@0/"}},
		{"1 MiB cell", "id,name\na," + strings.Repeat("x", 1<<20) + "\n", []string{"cell-too-long@2/name"}},
		{"PDF", "%PDF-1.7\n", []string{"wrong-type@0/"}},
		{"gzip", "\x1f\x8b\x08\x00", []string{"wrong-type@0/"}},
		{"web page", "\n<!DOCTYPE html><table>", []string{"wrong-type@0/"}},
		{"JSON", `{"grants":[]}`, []string{"wrong-type@0/"}},
		{"old Excel", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", []string{"wrong-type@0/"}},
		{"locked workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(utf16Bytes("EncryptedPackage", binary.LittleEndian, false)), []string{"encrypted@0/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, problems := readAll(t, "fixture.csv", []byte(tt.data), Web)
			expectProblems(t, problems, tt.want)
		})
	}
}

func expectProblems(t *testing.T, problems []Problem, want []string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%s@%d/%s", p.Code, p.Row, p.Column))
		if p.File == "" || p.Rule == "" || p.Remedy == "" || strings.ContainsAny(p.Error(), "\n\r\x00") {
			t.Errorf("not a clear problem: %#v", p)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%v", diff, problems)
	}
}

func TestLimits(t *testing.T) {
	many := "id\n" + strings.Repeat("a\n", 50_001)
	_, _, problems := readAll(t, "x.csv", []byte(many), Web)
	expectProblems(t, problems, []string{"too-many-rows@50001/"})
	rows, _, problems := readAll(t, "x.csv", []byte(many), CommandLine)
	if len(rows) != 50_002 || len(problems) > 0 {
		t.Errorf("the command line reads every row: %d rows, %v", len(rows), problems)
	}
	_, _, problems = readAll(t, "x.csv", make([]byte, 10<<20+1), Web)
	expectProblems(t, problems, []string{"file-too-big@0/"})
}

// A character that lies across two of the pieces a file is read in is whole.
func TestLettersAcrossChunks(t *testing.T) {
	for shift := range 4 {
		data := "id\n" + strings.Repeat("a", shift) + strings.Repeat("ŵ😀\n", chunk/6)
		rows, notes, problems := readAll(t, "x.csv", []byte(data), CommandLine)
		if len(problems) > 0 || len(notes) > 0 || rows[40_000][0] != "ŵ😀" {
			t.Errorf("shift %d: %v %v %q", shift, problems, notes, rows[40_000])
		}
	}
}

// failing is a file whose disk gives out.
type failing struct {
	data string
	good int64
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.good && at+int64(len(p)) <= int64(len(f.data)) {
		return 0, errors.New("read /secret/path: input/output error")
	}
	return strings.NewReader(f.data).ReadAt(p, at)
}

func TestReadingFails(t *testing.T) {
	data := "id\n" + strings.Repeat("a\n", 2*chunk)
	for _, name := range []string{"x.csv", "x.xlsx"} {
		if name == "x.xlsx" {
			data = string(pack(t, minimal(oneRow)))
		}
		_, err := OpenReader(name, failing{data, 600}, int64(len(data)), Web)
		var p *Problem
		if !errors.As(err, &p) || p.Code != "unreadable" && p.Code != "damaged" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	data = "id\n" + strings.Repeat("a\n", 2*chunk)
	f := &failing{data, int64(len(data))}
	tables, err := OpenReader("x.csv", f, int64(len(data)), CommandLine)
	if err != nil {
		t.Fatal(err)
	}
	f.good = chunk + 10
	err = tables[0].Each(func(Row) error { return nil })
	var p *Problem
	if !errors.As(err, &p) || p.Code != "unreadable" || p.Row == 0 {
		t.Errorf("a file cut off while reading: %v", err)
	}
}

// All faults are counted, and the first 200 listed.
func TestProblemsAreGathered(t *testing.T) {
	data := "id,n\n" + strings.Repeat("a,1,2\n", 10_000)
	tables, err := OpenReader("x.csv", strings.NewReader(data), int64(len(data)), CommandLine)
	if err != nil {
		t.Fatal(err)
	}
	err = tables[0].Each(func(Row) error { return nil })
	var ps *Problems
	if !errors.As(err, &ps) || len(ps.List) != 200 || ps.Total != 10_000 {
		t.Fatalf("got %v", err)
	}
	var first *Problem
	if !errors.As(err, &first) || first.Row != 2 {
		t.Errorf("the first problem can be had by itself: %v", first)
	}
	if !strings.HasSuffix(err.Error(), "and 9800 more problems") {
		t.Error("the rest are not counted")
	}
}

func TestEachStopsAtTheCallersError(t *testing.T) {
	tables, err := OpenReader("x.csv", strings.NewReader("id\na\nb\n"), 7, Web)
	if err != nil {
		t.Fatal(err)
	}
	mine, seen := errors.New("mine"), 0
	for range 2 { // and it may be read again
		seen = 0
		err = tables[0].Each(func(Row) error { seen++; return mine })
		if err != mine || seen != 1 {
			t.Errorf("got %v after %d rows", err, seen)
		}
	}
}

func TestFileNames(t *testing.T) {
	for _, tt := range []struct{ name, shown, table string }{
		{"../../etc/awards.csv", "awards.csv", "awards"},
		{`C:\files\awards.CSV`, "awards.CSV", "awards"},
		{"=cmd|x.csv", "=cmd|x.csv", "=cmd|x"},
		{"<b>x.csv", "<b>x.csv", "<b>x"},
		{"a\r\nb.csv", "a<U+000D><U+000A>b.csv", "a<U+000D><U+000A>b"},
		{"a\x00b.csv", "a<U+0000>b.csv", "a<U+0000>b"},
		{"x.xlsx.csv", "x.xlsx.csv", "x.xlsx"},
		{"\u202evsc.csv", "<U+202E>vsc.csv", "<U+202E>vsc"},
	} {
		tables, err := OpenReader(tt.name, strings.NewReader("id\n"), 3, Web)
		if err != nil {
			t.Errorf("%q: %v", tt.name, err)
			continue
		}
		if tables[0].File != tt.shown || tables[0].Name != tt.table {
			t.Errorf("%q: shown as %q, table %q", tt.name, tables[0].File, tables[0].Name)
		}
	}
	for _, name := range []string{"awards", "awards.csv.exe", "awards.txt", "awards.xlsx", "", "..", "con", strings.Repeat("x", 300)} {
		_, _, problems := readAll(t, name, []byte("id\n"), Web)
		expectProblems(t, problems, []string{"wrong-ending@0/"})
		if len([]rune(problems[0].File)) > 80 {
			t.Errorf("a long name is not cut: %q", problems[0].File)
		}
	}
	tables, err := OpenReader(strings.Repeat("x", 300)+".csv", strings.NewReader("id\n"), 3, Web)
	if err != nil || len([]rune(tables[0].File)) != 80 {
		t.Errorf("%v %v", tables, err)
	}
}

func TestProblemReadsWell(t *testing.T) {
	p := Problem{File: "fixture.csv", Row: 17, Column: "amount", Found: "1,23", Rule: "amounts need a point before the pence", Remedy: "write 1.23"}
	if got, want := p.Error(), `fixture.csv, row 17, column "amount": found "1,23"; amounts need a point before the pence — write 1.23`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	p.Sheet, p.Found = "grants", strings.Repeat("x", 50)+"\u202e"
	if got := p.Error(); !strings.Contains(got, `sheet "grants"`) || !strings.Contains(got, strings.Repeat("x", 39)+`…"`) {
		t.Error(got)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"id,name\na,b\n", "\ufeffa\n\"b\"", "\xff\xfea\x00\n\x00", "a;b\n1;2", "a,\"b\nc\"\r\n,,\n\xa3", "x\r", "'=1,\u200b", "T\n\na,b,c\n1,2,3,4"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, problems := readAll(t, "x.csv", data, Web)
		checkRows(t, rows, problems)
	})
}
