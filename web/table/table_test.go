package table_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/web/table"
	"braid/web/words"
)

var en, cy = words.In(words.English), words.In(words.Welsh)

func known(p money.Pence) (s money.Sum) { s.AddPence(p); return s }

func atLeast(p money.Pence) money.Sum {
	s := known(p)
	s.Add(money.Unknown)
	return s
}

// risk is the demo's services at risk, with one of each kind of doubt.
func risk() *table.Table {
	t := table.New("risk", "Services at risk")
	t.Column("service", "Service", table.TextColumn)
	t.Column("loses", "Loses", table.MoneyColumn)
	t.Column("share", "Share", table.PercentColumn)
	t.Column("ends", "Ends", table.DateColumn)
	t.Column("status", "Status", table.TagColumn)
	t.Column("", "", table.ActionsColumn)
	day := fiscal.MustDate("2027-03-31")
	share := func(s string) money.Share { x, _ := money.ParseShare(s); return x }
	t.Total(table.Text("Total"), table.Money(atLeast(61_000_000), table.Pounds).To("/en/ledger/postings?all=1"), table.None(), table.None(), table.Text(""))
	row := func(name string, loses, s, ends, tag table.Cell) {
		t.Row(table.Text(name).To("/en/services/x"), loses, s, ends, tag, table.Links(table.Link{Text: "Change", Href: "/en/c", About: name}))
	}
	row("Youth inclusion panels", table.Pence(35_000_000, table.Pounds), table.Percent(share("87.5%")), table.Date(day), table.Tag("Late", table.Red))
	row("Play and holiday scheme", table.Pence(24_000_050, table.Pounds), table.Percent(share("100%")), table.Date(day), table.Tag("Ending soon", table.Amber))
	row("=HYPERLINK(\"x\")", table.Pence(-2_000_000, table.Pounds), table.PercentOf(-1, 3), table.Unknown(), table.Text(""))
	row("Ysgol", table.Unknown(), table.None(), table.None(), table.Tag("Cadarnhawyd", table.Green))
	return t
}

// seen parses a drawing as strictly as the standard has it and gives the cells
// of each row as text, without what only a sighted reader gets.
func seen(t *testing.T, page string) [][]string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader("<!doctype html><title>x</title>" + page))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	var text func(n *html.Node) string
	text = func(n *html.Node) string {
		if n.Type == html.TextNode {
			return n.Data
		}
		if attr(n, "aria-hidden") == "true" {
			return ""
		}
		var b strings.Builder
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			b.WriteString(text(c))
		}
		return b.String()
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" || n.Data == "style" || attr(n, "style") != "" || attr(n, "onclick") != "" || strings.HasPrefix(attr(n, "href"), "javascript") {
			t.Errorf("the page's policy forbids <%s %v>", n.Data, n.Attr)
		}
		if n.Data == "tr" {
			var cells []string
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode {
					cells = append(cells, strings.TrimSpace(text(c)))
				}
			}
			rows = append(rows, cells)
		}
	}
	return rows
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func TestPageSaysNumbersAsTheReaderExpects(t *testing.T) {
	tab := risk()
	got := seen(t, string(tab.HTML(en)))
	want := [][]string{
		{"Service", "Loses", "Share", "Ends", "Status", "Actions"},
		{"Total", "at least £610,000", "none", "none", "", ""},
		{"Youth inclusion panels", "£350,000", "88%", "31 Mar 2027", "Late", "Change"},
		{"Play and holiday scheme", "£240,001", "100%", "31 Mar 2027", "Ending soon", "Change"},
		{"=HYPERLINK(\"x\")", "−£20,000", "−33%", "Not known", "", "Change"},
		{"Ysgol", "Not known", "none", "none", "Cadarnhawyd", "Change"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	welsh := seen(t, string(tab.HTML(cy)))
	if got := welsh[1][1] + "; " + welsh[2][3] + "; " + welsh[5][1] + "; " + welsh[5][2]; got != "o leiaf £610,000; 31 Maw 2027; Ddim yn hysbys; dim" {
		t.Error("in Welsh:", got)
	}
	for _, page := range []string{string(tab.HTML(en)), string(tab.HTML(cy))} {
		if strings.Contains(page, "⟦") {
			t.Error("a word is missing:", page)
		}
	}
}

// A page and both files have the same rows, in the same order, with the same
// totals.
func TestFilesHaveWhatThePageHas(t *testing.T) {
	tab := risk()
	tab.SortBy("loses", en.Sort())
	page := seen(t, string(tab.HTML(en)))

	var out bytes.Buffer
	if err := tab.CSV(&out, en); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\uFEFF")
	if !marked {
		t.Error("CSV has no mark")
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"Service", "Loses (£)", "Share (%)", "Ends", "Status"},
		{"Total", "at least 610000.00", "", "", ""},
		{"'=HYPERLINK(\"x\")", "-20000.00", "-33.33", "Not known", ""},
		{"Play and holiday scheme", "240000.50", "100", "2027-03-31", "Ending soon"},
		{"Youth inclusion panels", "350000.00", "87.5", "2027-03-31", "Late"},
		{"Ysgol", "Not known", "", "", "Cadarnhawyd"},
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}

	meta := table.Meta{Council: "Demo council", Title: "What ends?", AsAt: fiscal.MustDate("2027-01-12"), Sequence: 41, Hash: "ab12", Filters: []table.Filter{{Name: "Place", Value: "=North"}}}
	var book, again bytes.Buffer
	if err := tab.XLSX(&book, en, meta); err != nil {
		t.Fatal(err)
	}
	if err := tab.XLSX(&again, en, meta); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(book.Bytes(), again.Bytes()) {
		t.Error("the same table gave another workbook")
	}
	f, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Table")
	if err != nil {
		t.Fatal(err)
	}
	wantShown := [][]string{
		{"Service", "Loses (£)", "Share", "Ends", "Status"},
		{"Total", "at least 610,000"},
		{"=HYPERLINK(\"x\")", "(20,000)", "(33%)", "Not known"},
		{"Play and holiday scheme", "240,001", "100%", "31 Mar 2027", "Ending soon"},
		{"Youth inclusion panels", "350,000", "88%", "31 Mar 2027", "Late"},
		{"Ysgol", "Not known", "", "", "Cadarnhawyd"},
	}
	if d := cmp.Diff(wantShown, rows); d != "" {
		t.Error(d)
	}
	for i := range page {
		if page[i][0] != strings.TrimPrefix(lines[i][0], "'") || page[i][0] != rows[i][0] {
			t.Errorf("row %d: page %q, CSV %q, Excel %q", i, page[i][0], lines[i][0], rows[i][0])
		}
	}
	raw := func(cell string) string {
		v, err := f.GetCellValue("Table", cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for cell, want := range map[string]string{"B2": "610000", "B3": "-20000", "B4": "240000.5", "C5": "0.875", "D4": "46477"} {
		if kind, _ := f.GetCellType("Table", cell); kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
			t.Errorf("%s is no number but %v", cell, kind)
		}
		if got := raw(cell); got != want {
			t.Errorf("%s holds %s, want %s", cell, got, want)
		}
	}
	if formula, _ := f.GetCellFormula("Table", "A3"); formula != "" {
		t.Errorf("a name became the formula %q", formula)
	}
	panes, err := f.GetPanes("Table")
	if err != nil || !panes.Freeze || panes.YSplit != 2 || panes.XSplit != 1 {
		t.Errorf("frozen: %+v, %v", panes, err)
	}
	filters := f.GetDefinedName()
	if len(filters) != 1 || filters[0].RefersTo != "'Table'!$A$2:$E$6" {
		t.Errorf("filters: %+v", filters)
	}
	about, err := f.GetRows("About these figures")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{{"Council", "Demo council"}, {"Page", "What ends?"}, {"Table", "Services at risk"}, {"Figures as at", "12 Jan 2027"}, {"Place", "=North"}, {"Ledger batch", "41"}, {"Ledger hash", "ab12"}} {
		if !slices.ContainsFunc(about, func(r []string) bool { return slices.Equal(r, want) }) {
			t.Errorf("the second sheet lacks %q: %q", want, about)
		}
	}
}

// A gap whose money is at least so much is at most so much: on the page, in
// Excel and CSV and on the clipboard.
func TestAtMost(t *testing.T) {
	tab := table.New("gap", "Gap")
	tab.Column("year", "Year", table.TextColumn)
	tab.Column("gap", "Gap", table.MoneyColumn)
	tab.Row(table.Text("2027-28"), table.Pence(97_300_000, table.Pounds).AtMost())
	if got := seen(t, string(tab.HTML(en)))[1][1] + "; " + seen(t, string(tab.HTML(cy)))[1][1]; got != "at most £973,000; hyd at £973,000" {
		t.Error("the page says", got)
	}
	var out bytes.Buffer
	if err := tab.CSV(&out, en); err != nil || !strings.Contains(out.String(), "2027-28,at most 973000.00") {
		t.Error("CSV says", out.String(), err)
	}
	if got := tab.TSV(en); !strings.Contains(got, "at most 973000") {
		t.Error("the clipboard has", got)
	}
	out.Reset()
	if err := tab.XLSX(&out, en, table.Meta{}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shown, _ := f.GetCellValue("Table", "B2")
	raw, _ := f.GetCellValue("Table", "B2", excelize.Options{RawCellValue: true})
	if shown != "at most 973,000" || raw != "973000" {
		t.Errorf("Excel shows %q and holds %q", shown, raw)
	}
}

func TestCopyIsInTheUnitOfThePage(t *testing.T) {
	tab := table.New("x", "£000")
	tab.Column("a", "Service\tname", table.TextColumn)
	tab.Column("b", "Gap", table.MoneyColumn)
	tab.Row(table.Text("@x\ty"), table.Pence(-97_349_999, table.Thousands))
	tab.Row(table.Text("none"), table.None())
	if got, want := tab.TSV(en), "Service name\tGap (£000)\n'@x y\t-973\nnone\t\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Whatever the amount, the table writes it as money does.
func TestAmountsReadAsMoneyWritesThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := money.Pence(rapid.OneOf(rapid.Int64Range(-100_100, 100_100), rapid.Int64Range(-int64(money.Max), int64(money.Max))).Draw(t, "pence"))
		for style, want := range map[table.Style]string{table.Pounds: p.Whole(), table.Exact: p.Exact()} {
			tab := table.New("x", "x")
			tab.Column("a", "a", table.TextColumn)
			tab.Column("b", "b", table.MoneyColumn)
			tab.Row(table.Text("x"), table.Pence(p, style))
			if page := string(tab.HTML(en)); !strings.Contains(page, ">"+want+"</td>") {
				t.Fatalf("%d reads otherwise than %s in %s", p, want, page)
			}
		}
	})
}

func TestSortPutsNumbersByValueAndNoneLast(t *testing.T) {
	for sort, want := range map[string]string{
		"loses":    "=HYPERLINK(\"x\"), Play and holiday scheme, Youth inclusion panels, Ysgol",
		"-loses":   "Youth inclusion panels, Play and holiday scheme, =HYPERLINK(\"x\"), Ysgol",
		"-share":   "Play and holiday scheme, Youth inclusion panels, =HYPERLINK(\"x\"), Ysgol",
		"ends":     "Youth inclusion panels, Play and holiday scheme, =HYPERLINK(\"x\"), Ysgol",
		"-service": "Ysgol, Youth inclusion panels, Play and holiday scheme, =HYPERLINK(\"x\")",
		"sql":      "Youth inclusion panels, Play and holiday scheme, =HYPERLINK(\"x\"), Ysgol",
	} {
		tab := risk()
		tab.SortBy(sort, en.Sort())
		var names []string
		for _, r := range tab.Rows {
			names = append(names, r.Cells[0].Text)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%s: %s, want %s", sort, got, want)
		}
		if tab.Sort != "" && tab.Sort != sort || tab.Sort == "sql" {
			t.Errorf("%s: says it is sorted by %q", sort, tab.Sort)
		}
	}
}

func TestHeadingsSortAndSayHow(t *testing.T) {
	tab := risk()
	tab.SortLink = func(key string) string { return "/en/x?sort=" + key }
	tab.SortBy("-loses", en.Sort())
	page := string(tab.HTML(en))
	for _, want := range []string{
		`<th scope="col" role="columnheader" class="num" aria-sort="descending"><a href="/en/x?sort=loses">Loses`,
		`<a href="/en/x?sort=service">Service</a>`,
		`<a href="/en/x?sort=-share">Share</a>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if n := strings.Count(page, "aria-sort"); n != 1 {
		t.Errorf("%d columns say that they are sorted by", n)
	}
}

func TestPages(t *testing.T) {
	tab := table.New("p", "Postings")
	tab.Column("n", "Number", table.CountColumn)
	for i := range 180 {
		tab.Row(table.Count(i + 1000))
	}
	tab.PageLink = func(n int) string { return fmt.Sprintf("?page=%d", n) }
	tab.Show(99, 50)
	if tab.Page != 4 || tab.Pages() != 4 {
		t.Errorf("page %d of %d", tab.Page, tab.Pages())
	}
	tab.Show(2, 50)
	page := string(tab.HTML(en))
	rows := seen(t, page)
	if len(rows) != 51 || rows[1][0] != "1,050" || rows[50][0] != "1,099" {
		t.Errorf("%d rows, %v to %v", len(rows), rows[1], rows[len(rows)-1])
	}
	for _, want := range []string{"Showing 51 to 100 of 180", `<a rel="prev" href="?page=1">Previous</a>`, `href="?page=2" aria-label="Page 2" aria-current="page"`, `<a rel="next" href="?page=3">Next</a>`, `href="?page=4"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page[strings.Index(page, "<nav"):])
		}
	}
	var out bytes.Buffer
	if err := tab.CSV(&out, en); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\r\n"); n != 181 {
		t.Errorf("CSV has %d lines", n)
	}
	long := table.New("l", "One page of many")
	long.Column("n", "Number", table.CountColumn)
	long.PageLink = tab.PageLink
	for range 50 {
		long.Row(table.Count(1))
	}
	long.All = 100_000
	long.Show(1000, 50)
	if got := len(seen(t, string(long.HTML(en)))); got != 51 || !strings.Contains(string(long.HTML(en)), "Showing 49,951 to 50,000 of 100,000") {
		t.Errorf("%d rows drawn", got)
	}
}

// What somebody typed stays text, wherever it stands, and comes out as it went in.
func TestNothingTypedIsMarkup(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(
			rapid.SampledFrom([]string{`"><script>alert(1)</script>`, `' onclick='x`, `</td></table>`, `&amp;`, `javascript:alert(1)`, `{{.}}`, "a\x00b"}),
			rapid.StringOf(rapid.SampledFrom([]rune(`<>&"'/=x ŵ`))),
		).Draw(rt, "text")
		tab := table.New("x", s)
		tab.Note, tab.Class = s, s
		tab.Column("a", s, table.TextColumn).Hint = s
		tab.Column("b", s, table.TagColumn).Abbr = s
		tab.Column("c", s, table.TextColumn).Lang = s
		tab.Column("d", s, table.ActionsColumn)
		tab.SortLink = func(string) string { return "/?" + s }
		tab.Actions = table.Actions{Excel: s, CSV: s, Print: s, SaveView: s, Address: s}
		tab.Row(
			table.Text(s).In(s).To(s).Noted(s).Is(s), table.Tag(s, table.Colour(s)),
			table.Field(table.Input{Name: s, Value: s, Label: s, Error: s, Data: []table.Attribute{{Name: "was", Value: s}}}),
			table.Links(table.Link{Text: s, Lang: s, Href: s, About: s}),
		).ID = s
		page := string(tab.HTML(en))
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			rt.Fatal(err)
		}
		rows, found := 0, false
		for n := range doc.Descendants() {
			switch {
			case n.Type != html.ElementNode:
			case n.Data == "script" || attr(n, "onclick") != "":
				rt.Fatalf("%q became <%s>", s, n.Data)
			case n.Data == "a" && strings.HasPrefix(attr(n, "href"), "javascript"):
				rt.Fatalf("%q became a link", s)
			case n.Data == "tr":
				rows++
			case n.Data == "input":
				found = attr(n, "value") == strings.ReplaceAll(s, "\x00", "\uFFFD")
			}
		}
		if rows != 2 || !found {
			rt.Fatalf("%q: %d rows, value kept %v", s, rows, found)
		}
	})
}

func TestAScreenReaderFindsItsWay(t *testing.T) {
	tab := risk()
	tab.Note, tab.Frozen = "A note", true
	tab.Actions = table.Actions{Excel: "?format=xlsx", CSV: "?format=csv", SaveView: "/en/views/new", Address: "https://braid.example/en/x"}
	narrow := string(tab.HTML(en))
	tab.Wide = true
	wide := string(tab.HTML(en))
	for name, want := range map[string][]string{
		narrow: {`role="table"`, `<th scope="row" role="rowheader">`, `<td role="cell" data-label="Loses" class="num">`, `<button type="button" class="link" hidden data-copy="risk">Copy</button>`, `aria-describedby="risk-note"`, `<a href="/en/c" aria-label="Change Youth inclusion panels">Change</a>`},
		wide:   {`<div class="scroller frozen" role="region" tabindex="0" aria-labelledby="risk-title">`, `<h2 id="risk-title">Services at risk</h2>`, `<table class="table wide" id="risk" aria-labelledby="risk-title"`},
	} {
		for _, w := range want {
			if !strings.Contains(name, w) {
				t.Errorf("no %s in\n%s", w, name)
			}
		}
	}
	if strings.Contains(wide, "data-label") || strings.Contains(narrow, `role="region"`) {
		t.Error("a wide table stacks, or a narrow one scrolls")
	}
	bare := table.New("none", "Nothing")
	bare.Empty = "No possible duplication."
	if page := string(bare.HTML(en)); strings.Contains(page, "<table") || !strings.Contains(page, bare.Empty) {
		t.Error(page)
	}
}

func TestFewPeopleAreNotCounted(t *testing.T) {
	for n, want := range map[int]string{0: "0", 1: "fewer than 5", 4: "fewer than 5", 5: "5", 1234: "1,234"} {
		tab := table.New("x", "x")
		tab.Column("a", "Area", table.TextColumn)
		tab.Column("b", "People", table.CountColumn)
		tab.Row(table.Text("North"), table.Few(n, en))
		if got := seen(t, string(tab.HTML(en)))[1][1]; got != want {
			t.Errorf("%d reads %q on the page", n, got)
		}
		if want = strings.ReplaceAll(want, ",", ""); !strings.HasSuffix(tab.TSV(en), "North\t"+want+"\n") {
			t.Errorf("%d is %q in a file", n, tab.TSV(en))
		}
	}
}

// BenchmarkPostings draws a page of fifty postings of ten columns, every
// amount a link: well under 150µs.
func BenchmarkPostings(b *testing.B) {
	day := fiscal.MustDate("2026-04-01")
	b.ReportAllocs()
	for b.Loop() {
		tab := table.New("postings", "What makes up £420,000?")
		for _, head := range []string{"Date", "Reference", "Kind", "From", "To", "Objective", "Place", "Year", "Amount", "Status"} {
			kind := table.TextColumn
			switch head {
			case "Date":
				kind = table.DateColumn
			case "Amount":
				kind = table.MoneyColumn
			case "Status":
				kind = table.TagColumn
			}
			tab.Column(head, head, kind)
		}
		tab.Rows = make([]table.Row, 0, 50)
		for i := range 50 {
			tab.Row(table.Date(day.AddDays(i)), table.Text("12/3"), table.Text("Allocation"), table.Text("Families First").To("/en/streams/families-first"), table.Text("Family support hubs & more").To("/en/services/hubs"),
				table.Text("Confident parents").In("en"), table.Text("North"), table.Text("2026-27"), table.Pence(money.Pence(12_345_678*i), table.Exact).To("/en/ledger/postings?entry=12"), table.Tag("Confirmed", table.Green))
		}
		if len(tab.HTML(en)) < 10_000 {
			b.Fatal("too short")
		}
	}
}
