package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// partLimits bound what a workbook may unpack to, counted as it is read.
type partLimits struct {
	entries         int
	part, all, held int64 // held: parts kept in memory
}

var (
	uploadParts      = partLimits{entries: 200, part: 16 << 20, all: 32 << 20, held: 16 << 20}
	commandLineParts = partLimits{entries: 2000, part: 1 << 30, all: 2 << 30, held: 256 << 20}
)

const (
	mostDepth  = 32 // of XML
	mostMerged = 10_000
	saveBook   = "open it in a spreadsheet and save it again as .xlsx"
)

// workbook is an XLSX that has been read to its end and found sound.
type workbook struct {
	limits   partLimits
	parts    map[string]*zip.File // by name in lower case: Office does not mind the case
	sheets   map[string]*outline  // by the same
	kind     string               // the workbook's type, from [Content_Types].xml
	date1904 bool
	shared   []string
	formats  []format // by style number
}

// outline is what the first pass learns of a sheet.
type outline struct {
	merged []area
	cells  int  // that hold something
	taken  bool // by a sheet of the workbook
}

func broken(code, found, rule string) *Problem {
	return &Problem{Code: code, Found: found, Rule: rule, Remedy: saveBook}
}

func openXLSX(file string, r io.ReaderAt, size int64, lim Limits) ([]*Table, error) {
	b := &workbook{limits: commandLineParts, parts: map[string]*zip.File{}, sheets: map[string]*outline{}}
	if lim.Bytes > 0 {
		b.limits = uploadParts
	}
	p := b.inspect(r, size)
	var tables []*Table
	if p == nil {
		tables, p = b.tables(file, lim)
	}
	if p != nil {
		p.File = file
		return nil, refuse(*p)
	}
	return tables, nil
}

// inspect is the pre-flight: names and sizes first, then every byte of every
// part, before anything in the file is believed.
func (b *workbook) inspect(r io.ReaderAt, size int64) *Problem {
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return broken("damaged", "", "the file is cut short or damaged: its list of parts cannot be read")
	}
	if len(zr.File) > b.limits.entries {
		return broken("too-many-parts", fmt.Sprintf("%d parts", len(zr.File)), fmt.Sprintf("a workbook may have %d parts", b.limits.entries))
	}
	claimed := uint64(0)
	for _, f := range zr.File {
		if p := b.inspectName(f); p != nil {
			return p
		}
		if f.UncompressedSize64 > uint64(b.limits.part) {
			return b.tooBig(f.Name)
		}
		if claimed += f.UncompressedSize64; claimed > uint64(b.limits.all) {
			return b.tooBig(f.Name)
		}
	}
	if p := b.inspectKind(); p != nil {
		return p
	}
	left := b.limits.all
	for _, f := range zr.File {
		n, p := b.inspectPart(f, min(left, b.limits.part))
		if p != nil {
			return p
		}
		left -= n
	}
	switch {
	case strings.Contains(b.kind, "macroEnabled"):
		return &Problem{Code: "macro", Rule: "the workbook holds macros", Remedy: "save it as an Excel workbook without macros (.xlsx)"}
	case b.kind == "":
		return broken("missing-part", "", "the workbook does not say what its parts are")
	}
	return nil
}

func (b *workbook) tooBig(name string) *Problem {
	return &Problem{Code: "unpacks-too-big", Found: name,
		Rule:   fmt.Sprintf("a workbook may unpack to %d MiB a part and %d MiB in all", b.limits.part>>20, b.limits.all>>20),
		Remedy: "delete unused sheets, pictures and formatted blank rows, or save the sheet as CSV"}
}

func (b *workbook) inspectName(f *zip.File) *Problem {
	name := f.Name
	key := strings.ToLower(name)
	switch {
	case name == "", strings.ContainsAny(name, "\\\x00"), strings.HasPrefix(name, "/"), len(name) > 1 && name[1] == ':',
		strings.HasPrefix(path.Clean(name), ".."), path.Clean(name) != name && path.Clean(name)+"/" != name:
		return broken("part-name", name, "a part's name points outside the workbook")
	case !f.Mode().IsRegular():
		return broken("part-kind", name, "a part is a folder, a link or a device")
	case f.Flags&1 != 0:
		return &Problem{Code: "encrypted", Found: name, Rule: "a part is locked with a password", Remedy: "save a copy without the password"}
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return broken("part-kind", name, "a part is packed in a way spreadsheets do not use")
	case b.parts[key] != nil:
		return broken("part-repeated", name, "a part is there twice")
	}
	b.parts[key] = f
	return nil
}

// inspectKind tells other Office files, which are ZIP files too.
func (b *workbook) inspectKind() *Problem {
	has := func(start string) bool {
		for name := range b.parts {
			if strings.HasPrefix(name, start) {
				return true
			}
		}
		return false
	}
	wrong := func(what, remedy string) *Problem {
		return &Problem{Code: "wrong-type", Rule: "this is " + what + ", not an XLSX workbook", Remedy: remedy}
	}
	for name := range b.parts {
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"), strings.Contains(name, "/macrosheets/"):
			return &Problem{Code: "macro", Found: name, Rule: "the workbook holds macros", Remedy: "save it as an Excel workbook without macros (.xlsx)"}
		case strings.Contains(name, "/externallinks/"):
			return b.external(name)
		}
	}
	switch {
	case has("word/"):
		return wrong("a Word document", "copy its table into a spreadsheet and save that as .xlsx")
	case has("ppt/"):
		return wrong("a presentation", "copy its table into a spreadsheet and save that as .xlsx")
	case has("mimetype"), has("content.xml"):
		return wrong("an OpenDocument file", "open it and save it as an Excel workbook (.xlsx)")
	case has("xl/workbook.bin"):
		return wrong("a binary workbook (.xlsb)", "save it as an Excel workbook (.xlsx)")
	case !has("[content_types].xml"):
		return wrong("a ZIP file", "unpack it first, and choose the CSV or XLSX file in it")
	}
	return nil
}

func (b *workbook) external(found string) *Problem {
	return &Problem{Code: "external-link", Found: found, Rule: "the workbook points to something outside itself",
		Remedy: "in Excel use Data > Edit Links > Break Link, and select all cells and Remove Hyperlinks; or save the sheet as CSV"}
}

// inspectPart reads one part to its end, so that its checksum is proved, and
// looks at every tag if it is XML.
func (b *workbook) inspectPart(f *zip.File, most int64) (int64, *Problem) {
	in, err := f.Open()
	if err != nil {
		return 0, broken("damaged", f.Name, "a part of the workbook cannot be unpacked")
	}
	defer in.Close()
	counted := &counter{r: in, left: most}
	key := strings.ToLower(f.Name)
	var p *Problem
	if isXML(key) {
		p = b.inspectXML(key, f.Name, counted)
	}
	if p == nil {
		_, err = io.Copy(io.Discard, counted)
	}
	switch {
	case counted.over:
		return 0, b.tooBig(f.Name)
	case counted.err != nil:
		return 0, broken("damaged", f.Name, "a part of the workbook is cut short or its checksum is wrong")
	case err != nil:
		return 0, broken("damaged", f.Name, "a part of the workbook cannot be read")
	}
	return most - counted.left, p
}

func isXML(name string) bool {
	return strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels")
}

// counter stops reading at a limit, and remembers a fault of what it reads even
// when the XML parser in front of it reports another.
type counter struct {
	r    io.Reader
	left int64
	over bool
	err  error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		c.over = true
		return 0, errTooBig
	}
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

var errTooBig = errors.New("part too big")

func (b *workbook) inspectXML(key, name string, r io.Reader) *Problem {
	d := xml.NewDecoder(r)
	depth := 0
	var sheet *outline
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken("damaged", name, "a part of the workbook is not whole XML")
		}
		switch t := t.(type) {
		case xml.Directive:
			return broken("doctype", name, "a part of the workbook declares a document type, which no spreadsheet writes")
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > mostDepth {
				return broken("too-deep", name, fmt.Sprintf("the XML of a part is nested more than %d deep", mostDepth))
			}
			switch t.Name.Local {
			case "worksheet":
				if depth == 1 {
					sheet = &outline{}
					b.sheets[key] = sheet
				}
			case "v", "t":
				if sheet != nil {
					sheet.cells++
				}
			case "mergeCell":
				if sheet == nil {
					break
				}
				a, ok := parseArea(attr(t, "ref"))
				if !ok {
					return broken("bad-reference", attr(t, "ref"), "a merged area has an address no spreadsheet has")
				}
				if sheet.merged = append(sheet.merged, a); len(sheet.merged) > mostMerged {
					return broken("too-many-merged", "", fmt.Sprintf("a sheet may have %d merged areas", mostMerged))
				}
			case "Relationship":
				kind := path.Base(attr(t, "Type"))
				if kind == "hyperlink" {
					break // a link a person may click: kept as its text, never followed
				}
				if strings.EqualFold(attr(t, "TargetMode"), "External") || strings.HasPrefix(kind, "externalLink") {
					return b.external(attr(t, "Target"))
				}
				if kind == "vbaProject" {
					return &Problem{Code: "macro", Found: attr(t, "Target"), Rule: "the workbook holds macros", Remedy: "save it as an Excel workbook without macros (.xlsx)"}
				}
			case "Override", "Default":
				kind := attr(t, "ContentType")
				if key == "[content_types].xml" && strings.Contains(kind, ".main+xml") && !strings.Contains(b.kind, "macroEnabled") {
					b.kind = kind
				}
			}
		}
	}
}

func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// The following read parts already proved sound, as far as XML goes.

// open opens a part by the name another part gave it.
func (b *workbook) open(name string) (io.ReadCloser, *Problem) {
	f := b.parts[strings.ToLower(name)]
	if f == nil || !isXML(strings.ToLower(name)) {
		return nil, broken("missing-part", name, "a part of the workbook is missing")
	}
	in, err := f.Open()
	if err != nil {
		return nil, broken("damaged", name, "a part of the workbook cannot be unpacked")
	}
	return in, nil
}

func (b *workbook) decode(name string, into any) *Problem {
	in, p := b.open(name)
	if p != nil {
		return p
	}
	defer in.Close()
	if int64(b.parts[strings.ToLower(name)].UncompressedSize64) > b.limits.held {
		return b.tooBig(name)
	}
	if err := xml.NewDecoder(in).Decode(into); err != nil {
		return broken("damaged", name, "a part of the workbook is not whole XML")
	}
	return nil
}

type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// relations lists what a part points to, with targets made into part names.
func (b *workbook) relations(part string) ([]relation, *Problem) {
	var list struct {
		Items []relation `xml:"Relationship"`
	}
	dir, base := path.Split(part)
	if p := b.decode(dir+"_rels/"+base+".rels", &list); p != nil {
		return nil, p
	}
	for i, r := range list.Items {
		if strings.HasPrefix(r.Target, "/") {
			list.Items[i].Target = r.Target[1:]
		} else {
			list.Items[i].Target = path.Join(dir, r.Target)
		}
		list.Items[i].Type = path.Base(r.Type)
	}
	return list.Items, nil
}

// tables finds the visible sheets, and loads the texts and styles they share.
func (b *workbook) tables(file string, lim Limits) ([]*Table, *Problem) {
	top, p := b.relations("")
	if p != nil {
		return nil, p
	}
	main := ""
	for _, r := range top {
		if r.Type == "officeDocument" {
			main = r.Target
		}
	}
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			State string `xml:"state,attr"`
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// The strict form of the format spells the same attribute in another namespace.
			StrictID string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if p := b.decode(main, &book); p != nil {
		return nil, p
	}
	b.date1904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	relations, p := b.relations(main)
	if p != nil {
		return nil, p
	}
	byID, byKind := map[string]relation{}, map[string]string{}
	for _, r := range relations {
		byID[r.ID] = r
		byKind[r.Type] = r.Target
	}
	if part, ok := byKind["sharedStrings"]; ok {
		if p := b.readShared(part); p != nil {
			return nil, p
		}
	}
	if part, ok := byKind["styles"]; ok {
		if p := b.readStyles(part); p != nil {
			return nil, p
		}
	}
	var tables []*Table
	var hidden []string
	cells := 0
	for _, s := range book.Sheets {
		r, ok := byID[s.ID+s.StrictID]
		if ok && (r.Type == "chartsheet" || r.Type == "dialogsheet") {
			continue
		}
		sheet := b.sheets[strings.ToLower(r.Target)]
		if !ok || sheet == nil {
			return nil, broken("missing-part", s.Name, "the workbook names a sheet that is not in it")
		}
		if sheet.taken {
			return nil, broken("part-repeated", s.Name, "two sheets of the workbook are the same part")
		}
		sheet.taken = true
		if s.State == "hidden" || s.State == "veryHidden" {
			if s.Name != listsSheet {
				hidden = append(hidden, s.Name)
			}
			continue
		}
		cells += sheet.cells
		t := &Table{File: file, Name: s.Name, sheet: Printable(s.Name, 40), limits: lim}
		t.rows = &sheetRows{book: b, part: r.Target, merged: sheet.merged}
		if n := len(sheet.merged); n > 0 {
			t.Notes = append(t.Notes, Problem{Row: sheet.merged[0].top, Code: "merged-cells", Found: sheet.merged[0].String(),
				Rule: fmt.Sprintf("%d merged areas were read as one cell each, the first", n), Remedy: "if a value is meant for every row, unmerge the cells and fill it in"})
		}
		tables = append(tables, t)
	}
	if len(tables) == 0 || cells == 0 {
		return nil, &Problem{Code: "empty", Rule: "no visible sheet holds anything", Remedy: "unhide the sheet that has the rows, or choose another file"}
	}
	if len(hidden) > 0 {
		tables[0].Notes = append(tables[0].Notes, Problem{Code: "hidden-sheet", Found: strings.Join(hidden, ", "),
			Rule: fmt.Sprintf("%d hidden sheets were not read", len(hidden)), Remedy: "unhide a sheet to have it read"})
	}
	for _, t := range tables {
		t.ownNotes()
	}
	return tables, nil
}

// richText is text in runs, each with its own look; readings beside East Asian
// text (rPh) are not part of it.
type richText struct {
	Text []string `xml:"t"`
	Runs []string `xml:"r>t"`
}

func (t richText) String() string {
	return decodeEscapes(strings.Join(t.Text, "") + strings.Join(t.Runs, ""))
}

func (b *workbook) readShared(part string) *Problem {
	in, p := b.open(part)
	if p != nil {
		return p
	}
	defer in.Close()
	if int64(b.parts[strings.ToLower(part)].UncompressedSize64) > b.limits.held {
		return b.tooBig(part)
	}
	d := xml.NewDecoder(in)
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken("damaged", part, "a part of the workbook is not whole XML")
		}
		if start, ok := t.(xml.StartElement); ok && start.Name.Local == "si" {
			var text richText
			if err := d.DecodeElement(&text, &start); err != nil {
				return broken("damaged", part, "a part of the workbook is not whole XML")
			}
			b.shared = append(b.shared, text.String())
		}
	}
}

func (b *workbook) readStyles(part string) *Problem {
	var styles struct {
		Codes []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if p := b.decode(part, &styles); p != nil {
		return p
	}
	codes := map[int]string{}
	for _, c := range styles.Codes {
		codes[c.ID] = c.Code
	}
	known := map[int]format{}
	for _, c := range styles.Cells {
		if _, ok := known[c.ID]; !ok {
			known[c.ID] = formatOf(c.ID, codes[c.ID])
		}
		b.formats = append(b.formats, known[c.ID])
	}
	return nil
}
