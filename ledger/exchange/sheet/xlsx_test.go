package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
)

// part is one entry of a workbook built by hand, with any fault it needs.
type part struct {
	name, body string
	change     func(*zip.FileHeader) // applied to a header written raw
	raw        func(*zip.FileHeader)
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`

// minimal gives the parts of the smallest workbook whose one sheet has this XML.
func minimal(sheet string) []part {
	return []part{
		{name: "[Content_Types].xml", body: xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`},
		{name: "_rels/.rels", body: relationships(`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>`)},
		{name: "xl/workbook.xml", body: workbookXML("", `<sheet name="grants" sheetId="1" r:id="s1"/>`)},
		{name: "xl/_rels/workbook.xml.rels", body: relationships(rel("s1", "worksheet", "worksheets/sheet1.xml") + rel("s8", "sharedStrings", "sharedStrings.xml") + rel("s9", "styles", "/xl/styles.xml"))},
		{name: "xl/worksheets/sheet1.xml", body: sheetXML(sheet, "")},
		{name: "xl/sharedStrings.xml", body: `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>id</t></si><si><r><t>Fly</t></r><r><t>ing</t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_
b_x005F_x0041_</t></si></sst>`},
		{name: "xl/styles.xml", body: `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="170" formatCode="[$-809]dd\ mmmm\ yyyy;@"/><numFmt numFmtId="171" formatCode="00000"/><numFmt numFmtId="172" formatCode="&quot;£d&quot;#,##0.00;[Red]-#,##0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="20"/></cellXfs></styleSheet>`},
	}
}

func relationships(inside string) string {
	return xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + inside + `</Relationships>`
}

func rel(id, kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`, id, kind, target)
}

func workbookXML(properties, sheets string) string {
	return `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr ` + properties + `/><sheets>` + sheets + `</sheets></workbook>`
}

func sheetXML(rows, after string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData>` + after + `</worksheet>`
}

func pack(t testing.TB, parts []part) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, p := range parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		if p.change != nil {
			p.change(h)
		}
		if p.raw != nil {
			h.Method = zip.Store
			h.CRC32 = crc32.ChecksumIEEE([]byte(p.body))
			h.CompressedSize64, h.UncompressedSize64 = uint64(len(p.body)), uint64(len(p.body))
			p.raw(h)
			out, err := w.CreateRaw(h)
			if err != nil {
				t.Fatal(err)
			}
			out.Write([]byte(p.body))
			continue
		}
		out, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		out.Write([]byte(p.body))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// with replaces a part by name, or adds it.
func with(parts []part, p part) []part {
	for i := range parts {
		if parts[i].name == p.name {
			parts[i] = p
			return parts
		}
	}
	return append(parts, p)
}

func without(parts []part, name string) []part {
	var kept []part
	for _, p := range parts {
		if p.name != name {
			kept = append(kept, p)
		}
	}
	return kept
}

const oneRow = `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`

func TestXLSXCells(t *testing.T) {
	for _, tt := range []struct{ name, cell, want string }{
		{"shared text", `<c r="A1" t="s"><v>0</v></c>`, "id"},
		{"runs, without readings", `<c r="A1" t="s"><v>1</v></c>`, "Flying"},
		{"escapes", `<c r="A1" t="s"><v>2</v></c>`, "a\nb_x0041_"},
		{"carriage return", `<c r="A1" t="inlineStr"><is><t>a_x000D_b&#13;&#10;c</t></is></c>`, "a\nb\nc"},
		{"inline text", `<c r="A1" t="inlineStr"><is><t xml:space="preserve"> Dŵr </t></is></c>`, "Dŵr"},
		{"decomposed", `<c r="A1" t="inlineStr"><is><t>w&#x302;</t></is></c>`, "ŵ"},
		{"text number", `<c r="A1" t="inlineStr"><is><t>007</t></is></c>`, "007"},
		{"whole", `<c r="A1"><v>180000</v></c>`, "180000"},
		{"noise", `<c r="A1"><v>0.30000000000000004</v></c>`, "0.3"},
		{"more noise", `<c r="A1"><v>1234.5599999999999</v></c>`, "1234.56"},
		{"half a penny stays", `<c r="A1"><v>10.005</v></c>`, "10.005"},
		{"half a penny with noise", `<c r="A1"><v>10.005000000000001</v></c>`, "10.005"},
		{"power", `<c r="A1"><v>1.5E5</v></c>`, "150000"},
		{"small power", `<c r="A1"><v>1.0000000000000001E-5</v></c>`, "0.00001"},
		{"huge", `<c r="A1"><v>1e308</v></c>`, "1e+308"},
		{"negative", `<c r="A1"><v>-20000.5</v></c>`, "-20000.5"},
		{"negative nought", `<c r="A1"><v>-0</v></c>`, "0"},
		{"currency style", `<c r="A1" s="5"><v>1234.5</v></c>`, "1234.5"},
		{"leading noughts style", `<c r="A1" s="4"><v>7</v></c>`, "00007"},
		{"percent", `<c r="A1" s="2"><v>0.25</v></c>`, "25%"},
		{"percent with noise", `<c r="A1" s="2"><v>7.0000000000000007E-2</v></c>`, "7%"},
		{"percent, three places", `<c r="A1" s="2"><v>0.33333</v></c>`, "33.333%"},
		{"date", `<c r="A1" s="1"><v>38443</v></c>`, "2005-04-01"},
		{"date at midnight", `<c r="A1" s="1"><v>38443.0</v></c>`, "2005-04-01"},
		{"date in words", `<c r="A1" s="3"><v>46477</v></c>`, "2027-03-31"},
		{"first day", `<c r="A1" s="1"><v>1</v></c>`, "1900-01-01"},
		{"day before the day that never was", `<c r="A1" s="1"><v>59</v></c>`, "1900-02-28"},
		{"day after it", `<c r="A1" s="1"><v>61</v></c>`, "1900-03-01"},
		{"last day", `<c r="A1" s="1"><v>2958465</v></c>`, "9999-12-31"},
		{"ISO date", `<c r="A1" t="d"><v>2027-03-31T00:00:00Z</v></c>`, "2027-03-31"},
		{"true", `<c r="A1" t="b"><v>1</v></c>`, "TRUE"},
		{"false", `<c r="A1" t="b"><v>0</v></c>`, "FALSE"},
		{"error", `<c r="A1" t="e"><v>#REF!</v></c>`, "#REF!"},
		{"no address", `<c><v>5</v></c>`, "5"},
		{"formula", `<c r="A1"><f>1+1</f><v>2</v></c>`, "2"},
		{"formula giving text", `<c r="A1" t="str"><f>A2</f><v>x</v></c>`, "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, _, problems := readAll(t, "x.xlsx", pack(t, minimal(`<row r="1">`+tt.cell+`</row>`)), Web)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if diff := cmp.Diff(map[int][]string{1: {tt.want}}, rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestXLSXBadCells(t *testing.T) {
	for _, tt := range []struct{ name, row, want string }{
		{"serial 60", `<c r="A2" s="1"><v>60</v></c>`, "bad-date@2/A"},
		{"serial 0", `<c r="A2" s="1"><v>0</v></c>`, "bad-date@2/A"},
		{"before 1900", `<c r="A2" s="1"><v>-1</v></c>`, "bad-date@2/A"},
		{"after 9999", `<c r="A2" s="1"><v>2958466</v></c>`, "bad-date@2/A"},
		{"time of day", `<c r="B2" s="1"><v>38443.5</v></c>`, "bad-date@2/B"},
		{"only a time", `<c r="B2" s="6"><v>3</v></c>`, "bad-date@2/B"},
		{"ISO time", `<c r="A2" t="d"><v>2027-03-31T09:30:00</v></c>`, "bad-date@2/A"},
		{"text index too high", `<c r="C2" t="s"><v>3</v></c>`, "bad-text-index@2/C"},
		{"text index negative", `<c r="C2" t="s"><v>-1</v></c>`, "bad-text-index@2/C"},
		{"style out of range", `<c r="C2" s="99"><v>1</v></c>`, "bad-style@2/C"},
		{"no number", `<c r="A2"><v>NaN</v></c>`, "bad-number@2/A"},
		{"hexadecimal", `<c r="A2"><v>0x1p4</v></c>`, "bad-number@2/A"},
		{"too big", `<c r="A2"><v>1e999</v></c>`, "bad-number@2/A"},
		{"unknown kind", `<c r="A2" t="q"><v>1</v></c>`, "bad-cell-type@2/A"},
		{"boolean 2", `<c r="A2" t="b"><v>2</v></c>`, "bad-cell-type@2/A"},
		{"formula without result", `<c r="A2"><f>B2</f></c>`, "formula-without-result@2/A"},
		{"formula with blank result", `<c r="A2"><f>B2</f><v></v></c>`, "formula-without-result@2/A"},
		{"zero width", `<c r="A2" t="inlineStr"><is><t>a&#x200b;</t></is></c>`, "invisible-character@2/A"},
		{"long text", `<c r="A2" t="inlineStr"><is><t>` + strings.Repeat("x", 4001) + `</t></is></c>`, "cell-too-long@2/A"},
		{"hundred and first column", `<c r="CW2"><v>1</v></c>`, "too-many-columns@2/CW"},
		{"far cell", `<c r="XFE2"><v>1</v></c>`, "bad-reference@2/"},
		{"bad address", `<c r="2A"><v>1</v></c>`, "bad-reference@2/"},
		{"huge address", `<c r="A99999999999999999999"><v>1</v></c>`, "bad-reference@2/"},
		{"another row's cell", `<c r="A3"><v>1</v></c>`, "bad-reference@2/"},
		{"cell twice", `<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>`, "bad-reference@2/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := pack(t, minimal(oneRow+`<row r="2">`+tt.row+`</row>`))
			_, _, problems := readAll(t, "x.xlsx", data, Web)
			expectProblems(t, problems, []string{tt.want})
			if problems[0].Sheet != "grants" {
				t.Errorf("the sheet is not named: %v", problems[0])
			}
		})
	}
}

func TestXLSXRowsAndSheets(t *testing.T) {
	date1904 := with(minimal(`<row><c s="1"><v>0</v></c><c s="1"><v>60</v></c></row>`), part{name: "xl/workbook.xml", body: workbookXML(`date1904="1"`, `<sheet name="g" sheetId="1" r:id="s1"/>`)})
	twoSheets := with(minimal(oneRow), part{name: "xl/workbook.xml", body: workbookXML("", `<sheet name="secret" sheetId="2" state="hidden" r:id="s2"/><sheet name="g" sheetId="1" r:id="s1"/>`)})
	twoSheets = with(twoSheets, part{name: "xl/_rels/workbook.xml.rels", body: relationships(rel("s1", "worksheet", "worksheets/sheet1.xml") + rel("s2", "worksheet", "worksheets/sheet2.xml") + rel("s8", "sharedStrings", "sharedStrings.xml"))})
	twoSheets = with(twoSheets, part{name: "xl/worksheets/sheet2.xml", body: sheetXML(oneRow, "")})
	merged := with(minimal(""), part{name: "xl/worksheets/sheet1.xml", body: sheetXML(
		`<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row><row r="2"><c r="A2"><v>4</v></c><c r="C2"><v>5</v></c></row>`+
			`<row r="4"><c r="A4"><v>6</v></c><c r="C4"><v>7</v></c></row>`,
		`<mergeCells><mergeCell ref="C3:C4"/><mergeCell ref="A1:B2"/></mergeCells>`)})
	for _, tt := range []struct {
		name  string
		parts []part
		want  map[int][]string
		notes []string
	}{
		{"gaps count as rows", minimal(oneRow + `<row r="7"/><row r="9"><c r="C9"><v>1</v></c></row><row><c><v>2</v></c></row>`),
			map[int][]string{1: {"id"}, 9: {"", "", "1"}, 10: {"2", "", ""}}, nil},
		{"1904 dates", date1904, map[int][]string{1: {"1904-01-01", "1904-03-01"}}, nil},
		{"hidden sheet", twoSheets, map[int][]string{1: {"id"}}, []string{"hidden-sheet"}},
		{"hidden row", minimal(oneRow + `<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>`), map[int][]string{1: {"id"}, 2: {"1"}}, []string{"hidden-rows"}},
		{"formulas", minimal(`<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>`), map[int][]string{1: {"1"}}, []string{"formula-results"}},
		{"a link to click", append(minimal(oneRow), part{name: "xl/worksheets/_rels/sheet1.xml.rels", body: relationships(`<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://example.org/" TargetMode="External"/>`)}),
			map[int][]string{1: {"id"}}, nil},
		{"merged", merged, map[int][]string{1: {"1", "", "3"}, 2: {"", "", "5"}, 4: {"6", "", ""}}, []string{"merged-cells"}},
		{"names in another case", with(without(minimal(oneRow), "xl/sharedStrings.xml"), part{name: "xl/SharedStrings.xml", body: `<sst><si><t>id</t></si></sst>`}), map[int][]string{1: {"id"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, notes, problems := readAll(t, "x.xlsx", pack(t, tt.parts), Web)
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

func TestXLSXRefused(t *testing.T) {
	good := func() []part { return minimal(oneRow) }
	sheet1 := "xl/worksheets/sheet1.xml"
	many := good()
	for i := range 5000 {
		many = append(many, part{name: fmt.Sprintf("xl/media/%d.bin", i)})
	}
	rows := strings.Repeat(`<row/>`, 4<<20)
	for _, tt := range []struct {
		name  string
		parts []part
		want  string
	}{
		{"spaces bomb", with(good(), part{name: sheet1, body: strings.Repeat(" ", 150<<20)}), "unpacks-too-big"},
		{"rows bomb", with(good(), part{name: sheet1, body: sheetXML(rows, "")}), "unpacks-too-big"},
		{"too big in all", append(good(), part{name: "a.bin", body: strings.Repeat("x", 16<<20)}, part{name: "b.bin", body: strings.Repeat("x", 16<<20)}), "unpacks-too-big"},
		{"size understated", with(good(), part{name: sheet1, body: sheetXML(oneRow, ""), raw: func(h *zip.FileHeader) { h.UncompressedSize64 = 10 }}), "damaged"},
		{"size overstated", with(good(), part{name: sheet1, body: sheetXML(oneRow, ""), raw: func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 20 }}), "damaged"},
		{"Zip64 size of 2^63", with(good(), part{name: sheet1, body: "x", raw: func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 63 }}), "unpacks-too-big"},
		{"sizes that overflow a sum", with(good(), part{name: sheet1, body: "x", raw: func(h *zip.FileHeader) { h.UncompressedSize64 = 1<<64 - 1 }}), "unpacks-too-big"},
		{"5,000 parts", many, "too-many-parts"},
		{"slip", append(good(), part{name: "../../etc/passwd"}), "part-name"},
		{"slip inside", append(good(), part{name: "xl/../../x"}), "part-name"},
		{"absolute", append(good(), part{name: "/etc/passwd"}), "part-name"},
		{"drive", append(good(), part{name: "c:x"}), "part-name"},
		{"backslash", append(good(), part{name: `xl\x`}), "part-name"},
		{"link", append(good(), part{name: "xl/link", body: "/etc/passwd", change: func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }}), "part-kind"},
		{"folder", append(good(), part{name: "xl/folder/"}), "part-kind"},
		{"unknown packing", append(good(), part{name: "xl/x", body: "x", raw: func(h *zip.FileHeader) { h.Method = 12 }}), "part-kind"},
		{"repeated", append(good(), part{name: sheet1, body: "x"}), "part-repeated"},
		{"repeated in another case", append(good(), part{name: strings.ToUpper(sheet1), body: "x"}), "part-repeated"},
		{"locked part", with(good(), part{name: sheet1, body: "x", raw: func(h *zip.FileHeader) { h.Flags |= 1 }}), "encrypted"},
		{"checksum", with(good(), part{name: sheet1, body: sheetXML(oneRow, ""), raw: func(h *zip.FileHeader) { h.CRC32++ }}), "damaged"},
		{"checksum of a picture", append(good(), part{name: "xl/media/a.png", body: "x", raw: func(h *zip.FileHeader) { h.CRC32++ }}), "damaged"},
		{"cut XML", with(good(), part{name: sheet1, body: `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"`}), "damaged"},
		{"file entity", with(good(), part{name: sheet1, body: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>`}), "doctype"},
		{"laughs", with(good(), part{name: "xl/styles.xml", body: `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>`}), "doctype"},
		{"doctype in an unused part", append(good(), part{name: "docProps/app.xml", body: `<!DOCTYPE x><x/>`}), "doctype"},
		{"unknown entity", with(good(), part{name: sheet1, body: `<worksheet>&e;</worksheet>`}), "damaged"},
		{"deep XML", append(good(), part{name: "deep.xml", body: strings.Repeat("<a>", 33) + strings.Repeat("</a>", 33)}), "too-deep"},
		{"macro", append(good(), part{name: "xl/vbaProject.bin", body: "x"}), "macro"},
		{"macro type", with(good(), part{name: "[Content_Types].xml", body: `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`}), "macro"},
		{"macro by another name", append(good(), part{name: "xl/_rels/x.xml.rels", body: relationships(`<Relationship Id="a" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="x.bin"/>`)}), "macro"},
		{"external link", append(good(), part{name: "xl/externalLinks/externalLink1.xml", body: "<x/>"}), "external-link"},
		{"outside relation", append(good(), part{name: "xl/worksheets/_rels/sheet1.xml.rels", body: relationships(`<Relationship Id="a" Type="image" Target="http://example.org/x" TargetMode="External"/>`)}), "external-link"},
		{"Word", []part{{name: "[Content_Types].xml", body: "<Types/>"}, {name: "word/document.xml", body: "<x/>"}}, "wrong-type"},
		{"presentation", []part{{name: "ppt/presentation.xml", body: "<x/>"}}, "wrong-type"},
		{"OpenDocument", []part{{name: "mimetype", body: "application/vnd.oasis.opendocument.spreadsheet"}, {name: "content.xml", body: "<x/>"}}, "wrong-type"},
		{"binary workbook", []part{{name: "xl/workbook.bin", body: "x"}}, "wrong-type"},
		{"zipped CSV", []part{{name: "awards.csv", body: "id\n"}}, "wrong-type"},
		{"no types", with(good(), part{name: "[Content_Types].xml", body: "<Types/>"}), "missing-part"},
		{"no relations", without(good(), "_rels/.rels"), "missing-part"},
		{"no workbook", without(good(), "xl/workbook.xml"), "missing-part"},
		{"no sheet", without(good(), sheet1), "missing-part"},
		{"no shared texts", without(good(), "xl/sharedStrings.xml"), "missing-part"},
		{"no styles", without(good(), "xl/styles.xml"), "missing-part"},
		{"sheet that is no sheet", with(good(), part{name: sheet1, body: "<x/>"}), "missing-part"},
		{"sheet without id", with(good(), part{name: "xl/workbook.xml", body: workbookXML("", `<sheet name="g"/>`)}), "missing-part"},
		{"bad merged area", with(good(), part{name: sheet1, body: sheetXML(oneRow, `<mergeCells><mergeCell ref="B2:A1"/></mergeCells>`)}), "bad-reference"},
		{"too many merged areas", with(good(), part{name: sheet1, body: sheetXML(oneRow, strings.Repeat(`<mergeCell ref="A1:A1"/>`, 10_001))}), "too-many-merged"},
		{"two sheets, one part", with(good(), part{name: "xl/workbook.xml", body: workbookXML("", `<sheet name="g" r:id="s1"/><sheet name="h" r:id="s1"/>`)}), "part-repeated"},
		{"all sheets hidden", with(good(), part{name: "xl/workbook.xml", body: workbookXML("", `<sheet name="g" state="veryHidden" r:id="s1"/>`)}), "empty"},
		{"empty sheet", minimal(""), "empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, problems := readAll(t, "x.xlsx", pack(t, tt.parts), Web)
			expectProblems(t, problems, []string{tt.want + "@0/"})
		})
	}
	whole := pack(t, good())
	for _, cut := range []int{4, 100, len(whole) / 2, len(whole) - 1} {
		_, _, problems := readAll(t, "x.xlsx", whole[:cut], Web)
		expectProblems(t, problems, []string{"damaged@0/"})
	}
	_, _, problems := readAll(t, "x.csv", whole, Web)
	expectProblems(t, problems, []string{"wrong-ending@0/"})
	overlap := with(good(), part{name: sheet1, body: sheetXML(oneRow, `<mergeCells><mergeCell ref="B1:D3"/><mergeCell ref="A1:B1"/></mergeCells>`)})
	_, _, problems = readAll(t, "x.xlsx", pack(t, overlap), Web)
	expectProblems(t, problems, []string{"bad-reference@1/"})
	_, _, problems = readAll(t, "x.xlsx", pack(t, minimal(`<row r="5"/><row r="4"/>`+oneRow)), Web)
	expectProblems(t, problems, []string{"bad-reference@0/"})
}

// Every byte of a good workbook, changed, gives a problem or the same rows:
// never a panic, never other figures.
func TestXLSXSpoiledBytes(t *testing.T) {
	whole := pack(t, minimal(oneRow+`<row r="2"><c r="A2"><v>1234.56</v></c></row>`))
	want, _, _ := readAll(t, "x.xlsx", whole, Web)
	for i := range whole {
		spoiled := bytes.Clone(whole)
		spoiled[i] ^= 0x15
		rows, _, problems := readAll(t, "x.xlsx", spoiled, Web)
		if len(problems) == 0 && !cmp.Equal(rows, want) {
			t.Fatalf("byte %d: rows changed in silence: %v", i, rows)
		}
	}
}

// checkRows holds for any file: what is handed on is clean.
func checkRows(t *testing.T, rows map[int][]string, problems []Problem) {
	t.Helper()
	for n, cells := range rows {
		some := false
		for _, s := range cells {
			some = some || s != ""
			if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) || strings.ContainsAny(s, "\x00\t\r\u200b\u202e\ufffd") {
				t.Errorf("row %d: unclean %q", n, s)
			}
		}
		if n < 1 || !some {
			t.Errorf("row %d: blank or misnumbered", n)
		}
	}
	for _, p := range problems {
		if p.Code == "" || p.Rule == "" || p.Remedy == "" || p.File == "" || !utf8.ValidString(p.Error()) || strings.ContainsAny(p.Error(), "\x00\n\r\u202e") {
			t.Errorf("not a clear problem: %q", p.Error())
		}
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(oneRow, "", "General")
	f.Add(`<row r="2"><c r="B2" s="1"><v>38443.5</v></c><c t="s"><v>9</v></c></row>`, `<mergeCells><mergeCell ref="A1:C9"/></mergeCells>`, `[h]:mm`)
	f.Add(`<row hidden="1"><c t="str"><f/><v>_x0009_</v></c></row>`, `<!DOCTYPE x>`, `"x`)
	f.Add(`<row r="1048577"/>`, "</worksheet>", `\`)
	f.Add(`<row><c t="inlineStr"><is><r><t>a</t></r></is></c><c r="ZZZ1"/></row>`, "", `[$-409]d`)
	f.Fuzz(func(t *testing.T, rows, after, code string) {
		parts := with(minimal(""), part{name: "xl/worksheets/sheet1.xml", body: sheetXML(rows, after)})
		parts = with(parts, part{name: "xl/styles.xml", body: `<styleSheet><numFmts><numFmt numFmtId="14" formatCode="` + code + `"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`})
		got, _, problems := readAll(t, "x.xlsx", pack(t, parts), Web)
		checkRows(t, got, problems)
	})
}

// FuzzXLSXBytes spoils the package itself.
func FuzzXLSXBytes(f *testing.F) {
	f.Add(pack(f, minimal(oneRow)))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, problems := readAll(t, "x.xlsx", data, Web)
		checkRows(t, got, problems)
	})
}
