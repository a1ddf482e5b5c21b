package web

import (
	"bytes"
	"crypto/rand"
	"encoding/csv"
	"maps"
	"strconv"
	"strings"

	"braid/ledger/exchange"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
)

// The first hour: services against grants, typed or pasted. What is typed is
// written out as a start sheet and read as any other, so there is one reader;
// from there on it is an import like the rest.
var startRoutes = []Route{
	{Method: "GET", Path: "/start", Right: people.ImportRegisters, Do: firstGrid},
	{Method: "POST", Path: "/start", Right: people.ImportRegisters, Do: firstGridTyped, Big: true},
}

const (
	gridRows, gridColumns           = 12, 6
	moreRows, moreColumns           = 6, 3
	mostStartRows, mostStartColumns = 60, 25
)

// What the grid asks of a grant, above the amounts, and of a service, before
// them; each with the start sheet's word for it.
var (
	ofAward   = []struct{ name, word string }{{"name", ""}, {"funder", "funder"}, {"ends", "ends"}, {"certainty", "certainty"}, {"total", "total"}}
	ofService = []struct{ name, word string }{{"service", "service"}, {"provider", "provider"}, {"objective", "objective"}, {"area", "area"}, {"notice", "notice_months"}, {"cost", "planned cost"}}
)

var startCertainties = []string{"confirmed", "announced", "provisional", "indicative", "applied", "assumed"}

// startGrid is what was typed, by the names of the form's fields.
type startGrid struct {
	rows, columns int
	typed         map[string]string
}

func awardField(what string, column int) string { return "award." + what + "." + strconv.Itoa(column) }
func serviceField(what string, row int) string  { return "service." + what + "." + strconv.Itoa(row) }
func cellField(row, column int) string {
	return "cell." + strconv.Itoa(row) + "." + strconv.Itoa(column)
}

// newStartGrid keeps a grid's size within bounds.
func newStartGrid(typed map[string]string) startGrid {
	size := func(name string, least, most int) int {
		n, _ := strconv.Atoi(typed[name])
		return min(max(n, least), most)
	}
	return startGrid{size("rows", gridRows, mostStartRows), size("columns", gridColumns, mostStartColumns), typed}
}

// usesColumn reports whether anything was typed of a grant.
func (g startGrid) usesColumn(column int) bool {
	for _, of := range ofAward {
		if text := g.typed[awardField(of.name, column)]; text != "" && of.name != "certainty" {
			return true
		}
	}
	for row := 1; row <= g.rows; row++ {
		if g.typed[cellField(row, column)] != "" {
			return true
		}
	}
	return false
}

func (g startGrid) usesRow(row int) bool {
	for _, of := range ofService {
		if g.typed[serviceField(of.name, row)] != "" {
			return true
		}
	}
	for column := 1; column <= g.columns; column++ {
		if g.typed[cellField(row, column)] != "" {
			return true
		}
	}
	return false
}

// sheet writes the grid as a start sheet, and says where in it each row and
// column of the grid stands.
func (g startGrid) sheet() (data []byte, columns []int, firstRow int) {
	for column := 1; column <= g.columns; column++ {
		if g.usesColumn(column) {
			columns = append(columns, column)
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	line := func(label string, rest func(column int) string, before ...string) {
		cells := append([]string{label}, before...)
		for len(cells) < len(ofService) {
			cells = append(cells, "")
		}
		for _, column := range columns {
			cells = append(cells, rest(column))
		}
		_ = w.Write(cells) // to memory
	}
	line("year", func(int) string { return "" }, g.typed["year"])
	for _, of := range ofAward[1:] {
		line(of.word, func(column int) string { return g.typed[awardField(of.name, column)] })
	}
	var heads []string
	for _, of := range ofService[1:] {
		heads = append(heads, of.word)
	}
	line(ofService[0].word, func(column int) string { return g.typed[awardField("name", column)] }, heads...)
	for row := 1; row <= g.rows; row++ {
		var before []string
		for _, of := range ofService[1:] {
			before = append(before, g.typed[serviceField(of.name, row)])
		}
		line(g.typed[serviceField("service", row)], func(column int) string { return g.typed[cellField(row, column)] }, before...)
	}
	w.Flush()
	return out.Bytes(), columns, 1 + len(ofAward) + 1
}

// field finds the field that a problem of the written sheet is about; "" where
// it is about none alone.
func (g startGrid) field(p sheet.Problem, columns []int, firstRow int) string {
	same := func(typed string) bool { return typed != "" && sheet.Printable(typed, 40) == p.Found }
	if p.Row >= firstRow {
		row := p.Row - firstRow + 1
		for _, of := range ofService {
			if of.word == p.Column || of.name == p.Column || of.name == "service" && p.Column == "name" {
				return serviceField(of.name, row)
			}
		}
		for _, column := range columns {
			if g.typed[awardField("name", column)] == p.Column {
				return cellField(row, column)
			}
		}
		return serviceField("service", row)
	}
	for i := len(columns) - 1; i >= 0; i-- {
		for _, of := range ofAward {
			if typed := g.typed[awardField(of.name, columns[i])]; same(typed) && (of.name == p.Column || of.name == "total" && p.Column == "amount" || of.name == "name" && typed == p.Column) {
				return awardField(of.name, columns[i])
			}
		}
	}
	return ""
}

type typedPage struct {
	Key         string
	Rows, Cols  int
	Paste, Year form.Field
	Heads       []startLine
	Service     []string // the headings before the amounts
	Columns     []string
	Lines       []startLine
	MoreRows    bool
	MoreColumns bool
}

type startLine struct {
	Label  string
	Inputs []startInput
}

type startInput struct {
	Name, Label, Value, Error string
	Words                     bool // not an amount
	Options                   []form.Option
}

// firstGrid offers the grid, or what was typed before.
func firstGrid(v *Visit) (Answer, error) {
	typed := map[string]string{}
	if id := v.Q("from"); id != "" {
		up, err := v.keptUpload(id)
		if err != nil {
			return nil, err
		}
		typed = up.Grid
	}
	return v.typedPage(newStartGrid(typed), nil), nil
}

func (v *Visit) typedPage(g startGrid, errs form.Errors) Page {
	p := typedPage{Key: NewKey(), Rows: g.rows, Cols: g.columns, MoreRows: g.rows < mostStartRows, MoreColumns: g.columns < mostStartColumns}
	p.Paste = form.Field{Name: "paste", Label: v.T("start.paste"), Hint: v.T("start.paste-hint"), Type: "textarea", Rows: 5, Value: g.typed["paste"], Error: errs.Of("paste")}
	p.Year = form.Field{Name: "year", Label: v.T("start.year"), Type: "select", Error: errs.Of("year")}
	this := fiscal.YearOf(v.Today)
	for y := this - 1; y <= this+1; y++ {
		p.Year.Options = append(p.Year.Options, form.Option{Value: y.String(), Label: y.String(), Selected: y.String() == g.typed["year"] || g.typed["year"] == "" && y == this})
	}
	for _, of := range ofAward {
		what := v.T("start." + map[bool]string{true: "award", false: of.name}[of.name == "name"])
		line := startLine{Label: what}
		for column := 1; column <= g.columns; column++ {
			name := awardField(of.name, column)
			in := startInput{Name: name, Label: v.T("start.at-grant", "What", what, "N", column), Value: g.typed[name], Error: errs.Of(name), Words: of.name != "total"}
			if of.name == "certainty" {
				for _, c := range startCertainties {
					in.Options = append(in.Options, form.Option{Value: c, Label: v.T("start.certainty." + c), Selected: c == in.Value})
				}
			}
			line.Inputs = append(line.Inputs, in)
		}
		p.Heads = append(p.Heads, line)
	}
	for _, of := range ofService {
		p.Service = append(p.Service, v.T("start."+of.name))
	}
	for column := 1; column <= g.columns; column++ {
		p.Columns = append(p.Columns, v.T("start.grant", "N", column))
	}
	for row := 1; row <= g.rows; row++ {
		line := startLine{Label: v.T("start.row", "N", row)}
		for _, of := range ofService {
			name := serviceField(of.name, row)
			line.Inputs = append(line.Inputs, startInput{Name: name, Label: v.T("start.at-row", "What", v.T("start."+of.name), "N", row), Value: g.typed[name], Error: errs.Of(name), Words: of.name != "cost" && of.name != "notice"})
		}
		for column := 1; column <= g.columns; column++ {
			name := cellField(row, column)
			line.Inputs = append(line.Inputs, startInput{Name: name, Label: v.T("start.at-cell", "Row", row, "N", column), Value: g.typed[name], Error: errs.Of(name)})
		}
		p.Lines = append(p.Lines, line)
	}
	return Page{Template: "start", Title: v.T("start.title"), Data: p, Errors: errs, Wide: true}
}

type typedForm struct {
	Year     string            `form:"year"`
	Rows     string            `form:"rows"`
	Columns  string            `form:"columns"`
	Step     string            `form:"step"`
	Awards   map[string]string `form:"award"`
	Services map[string]string `form:"service"`
	Cells    map[string]string `form:"cell"`
}

// firstGridTyped makes the grid larger, or hands what was typed or pasted on to be
// looked at as an import.
func firstGridTyped(v *Visit) (Answer, error) {
	paste := strings.ReplaceAll(v.Request.PostForm.Get("paste"), "\r\n", "\n")
	v.Request.PostForm.Del("paste") // kept as pasted: a block may begin with blank cells
	var f typedForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	typed := map[string]string{"year": f.Year, "rows": f.Rows, "columns": f.Columns, "paste": paste}
	for prefix, fields := range map[string]map[string]string{"award.": f.Awards, "service.": f.Services, "cell.": f.Cells} {
		for name, text := range fields {
			typed[prefix+name] = text
		}
	}
	g := newStartGrid(typed)
	switch f.Step {
	case "rows":
		g.rows = min(g.rows+moreRows, mostStartRows)
		return v.typedPage(g, nil), nil
	case "columns":
		g.columns = min(g.columns+moreColumns, mostStartColumns)
		return v.typedPage(g, nil), nil
	}
	blank := strings.TrimSpace(paste) == ""
	if f.Step == "paste" || f.Step == "" && !blank {
		if blank {
			return v.typedPage(g, form.Errors{{Field: "paste", Text: v.T("start.error.nothing")}}), nil
		}
		return v.handOn(g, pasted(paste))
	}
	if errs := v.namesMissing(g); len(errs) > 0 {
		return v.typedPage(g, errs), nil
	}
	data, columns, firstRow := g.sheet()
	im, err := exchange.ReadBytes("start.csv", data, exchange.Options{Register: "start", Limits: sheet.Web, Today: v.Today})
	if err != nil {
		return nil, err
	}
	plan, err := im.Plan(v.Book)
	if err != nil {
		return nil, err
	}
	var errs form.Errors
	for _, p := range plan.Problems.List {
		field := g.field(p, columns, firstRow)
		say := strings.TrimPrefix(v.Problem(sheet.Problem{Code: p.Code, Found: p.Found, Rule: p.Rule, Remedy: p.Remedy}), ": ")
		if errs.Of(field) == "" || field == "" {
			errs.Add(field, v.T("start.error.at", "Where", v.fieldWords(g, field), "Problem", say))
		}
	}
	if len(errs) > 0 {
		return v.typedPage(g, errs), nil
	}
	return v.handOn(g, data)
}

// fieldWords says which field of the grid one is.
func (v *Visit) fieldWords(g startGrid, field string) string {
	part := strings.Split(field, ".")
	if len(part) != 3 {
		return v.T("start.name")
	}
	switch part[0] {
	case "award":
		what := part[1]
		if what == "name" {
			what = "award"
		}
		return v.T("start.at-grant", "What", v.T("start."+what), "N", part[2])
	case "service":
		return v.T("start.at-row", "What", v.T("start."+part[1]), "N", part[2])
	}
	return v.T("start.at-cell", "Row", part[1], "N", part[2])
}

// namesMissing asks for the names that amounts need.
func (v *Visit) namesMissing(g startGrid) form.Errors {
	var errs form.Errors
	grants, services := 0, 0
	for column := 1; column <= g.columns; column++ {
		if g.usesColumn(column) {
			if grants++; g.typed[awardField("name", column)] == "" {
				errs.Add(awardField("name", column), v.T("start.error.grant"))
			}
		}
	}
	for row := 1; row <= g.rows; row++ {
		if g.usesRow(row) {
			if services++; g.typed[serviceField("service", row)] == "" {
				errs.Add(serviceField("service", row), v.T("start.error.service"))
			}
		}
	}
	if grants == 0 {
		errs.Add(awardField("name", 1), v.T("start.error.no-grant"))
	}
	if services == 0 {
		errs.Add(serviceField("service", 1), v.T("start.error.no-service"))
	}
	if _, err := fiscal.ParseYear(g.typed["year"]); err != nil {
		errs.Add("year", v.T("start.error.year"))
	}
	return errs
}

// handOn puts the sheet by as an upload, to be looked at and imported.
func (v *Visit) handOn(g startGrid, data []byte) (Answer, error) {
	grid := maps.Clone(g.typed)
	grid["rows"], grid["columns"] = strconv.Itoa(g.rows), strconv.Itoa(g.columns)
	maps.DeleteFunc(grid, func(_, text string) bool { return text == "" })
	id := strings.ToLower(rand.Text())
	up := upload{Name: "start.csv", Register: "start", Grid: grid, At: v.Server.Clock()}
	if err := v.Server.People.Keep(v.Context(), v.Who.ID, uploadedKind, id, data, v.Server.Clock().Add(uploadFor)); err != nil {
		return nil, err
	}
	if err := v.keepUpload(id, up); err != nil {
		return nil, err
	}
	return Redirect{To: v.To("/import/" + id)}, nil
}
