package exchange

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// The start sheet is the grid that people already keep: services down the side,
// awards along the top, this year's amounts in the cells.
//
//	                                        stream  Flying Start  NRF
//	                                        ends    31/03/2028    31/03/2027
//	                                        total   1240000       180000
//	service       provider  objective  area  planned cost
//	Youth panels  Y Voices  Safety     East  400000                110000
//
// Only the service names, the awards and the cells are needed. What is said of
// an award may stand above the headings or below them.

// aboveGrid is what a row above the grid says of the awards: a column of a
// stream's row, or one of these.
var aboveGrid = map[string]string{
	"stream": "stream", "fundingstream": "stream", "programme": "stream", "fund": "stream",
	"award": "award", "grant": "award", "grantaward": "award",
	"funder": "funder", "fundedby": "funder",
	"ends": "ends", "end": "ends", "enddate": "ends", "endson": "ends", "grantends": "ends",
	"starts": "starts", "start": "starts", "startdate": "starts",
	"certainty": "certainty", "statedon": "stated_on", "permanence": "permanence", "fate": "fate", "reference": "reference", "money": "money",
	"awarded": "total", "grantamount": "total", "amountawarded": "total", "awardtotal": "total", "totalaward": "total", "totalgrant": "total", "granttotal": "total",
	"year": "year", "financialyear": "year",
}

// besideGrid is what a column before the grid says of the services.
var besideGrid = map[string]string{
	"service": "name", "services": "name", "servicename": "name", "project": "name", "id": "id",
	"provider": "provider", "providedby": "provider", "objective": "objective", "objectives": "objective", "jointobjective": "objective",
	"area": "area", "areas": "area", "place": "area", "noticemonths": "notice_months", "notice": "notice_months", "notice(months)": "notice_months",
	"leadmonths": "lead_months", "plannedcost": "cost", "cost": "cost", "fullcost": "cost", "budget": "cost",
	"ages": "ages", "activity": "activity", "level": "level", "statutory": "statutory", "evidence": "evidence", "capacity": "capacity", "owner": "owner", "description": "description",
}

// workedOut are rows and columns that Braid works out for itself.
var workedOut = map[string]bool{"allocated": true, "left": true, "lefttoallocate": true, "balance": true, "status": true, "gap": true, "shortfall": true, "surplus": true, "variance": true, "notes": true, "comment": true, "comments": true}

var yearWithin = regexp.MustCompile(`\b20[0-9]{2}[-/–](?:20)?[0-9]{2}\b`)

// grid is a start sheet understood: where its parts stand.
type grid struct {
	im     *Import
	t      *table
	rows   []sheet.Row
	top    int            // the row of the headings, by place
	beside map[int]string // columns before the grid
	awards []int          // columns of the grid
	total  int            // a column of totals, or -1
	says   map[string]map[int]string
	saysAt map[string]int // the row that says it
	year   fiscal.Year
	order  fiscal.DateOrder
}

func cellAt(r sheet.Row, i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

// looksLikeStart knows a start sheet that is not called so: a heading of
// services and a column besides.
func (im *Import) looksLikeStart(rows []sheet.Row) bool {
	var named, dated bool // beside a blank corner names have come, and the days they end
	for _, r := range rows[:min(len(rows), headRows)] {
		for i, text := range r.Cells {
			if besideGrid[plain(text)] == "name" {
				for _, other := range r.Cells[i+1:] {
					if other != "" {
						return true
					}
				}
			}
		}
		if named && dated && cellAt(r, 0) != "" && slices.ContainsFunc(r.Cells[1:], isAmount) {
			return true
		}
		what := unlabelled(r)
		named = named || what == "stream"
		dated = dated || what == "ends" || aboveGrid[plain(cellAt(r, 0))] == "ends"
	}
	return false
}

func (im *Import) readStart(t *table, rows []sheet.Row) {
	t.start = true
	if len(rows) == 0 {
		return
	}
	g := &grid{im: im, t: t, rows: rows, beside: map[int]string{}, total: -1, says: map[string]map[int]string{}, saysAt: map[string]int{}}
	if !g.findHeadings() {
		im.problems.add(t, sheet.Problem{Code: "start-headings", Rule: "the start sheet has no row of headings", Remedy: "head the column of services with the word service, and each column of money with the name of its grant"})
		return
	}
	g.readAround()
	if !g.findYear() {
		im.problems.add(t, sheet.Problem{Code: "start-year", Rule: "the start sheet does not say which year its amounts are for", Remedy: "write year in a cell above the grid, and 2026-27 in the next"})
		return
	}
	g.makeAwards()
	g.makeServices()
}

func (g *grid) fault(row int, column, found string, f *cellFault) {
	g.im.fault(g.t, row, column, found, f)
}

// findHeadings finds the row that names the columns before the grid.
func (g *grid) findHeadings() bool {
	g.top = slices.IndexFunc(g.rows, func(r sheet.Row) bool {
		return slices.ContainsFunc(r.Cells, func(c string) bool { return besideGrid[plain(c)] == "name" })
	})
	if g.top < 0 { // a blank corner: the last row of names before the services
		for i, r := range g.rows {
			if cellAt(r, 0) != "" && slices.ContainsFunc(r.Cells[1:], isAmount) {
				break
			}
			if unlabelled(r) == "stream" {
				g.top = i
			}
		}
		if g.top < 0 {
			return false
		}
		g.beside[0] = "name"
	}
	heads := g.rows[g.top]
	g.t.headerRow = heads.Number
	for i, text := range heads.Cells {
		key := plain(yearWithin.ReplaceAllString(text, ""))
		switch column := besideGrid[key]; {
		case saysTotal(text):
			g.total = i
		case workedOut[key]:
			g.im.note(g.t, sheet.Problem{Row: heads.Number, Column: text, Code: "unknown-column", Rule: "the column is kept out: Braid works such figures out for itself"})
		case column != "" && len(g.awards) == 0:
			g.beside[i] = column
		case text != "":
			g.awards = append(g.awards, i)
		}
	}
	if len(g.awards) == 0 { // the awards are named above only
		last := 0
		for i := range g.beside {
			last = max(last, i)
		}
		for _, r := range g.rows[:g.top] {
			if what := g.what(r, last); what == "stream" || what == "award" {
				for i := last; i < len(r.Cells); i++ {
					if r.Cells[i] != "" && i != g.total && g.beside[i] == "" && aboveGrid[plain(r.Cells[i])] == "" && !slices.Contains(g.awards, i) {
						g.awards = append(g.awards, i)
					}
				}
			}
		}
	}
	return len(g.awards) > 0
}

// label is the first filled cell of a row, up to a column.
func (g *grid) label(r sheet.Row, last int) string {
	for i := 0; i <= last && i < len(r.Cells); i++ {
		if r.Cells[i] != "" {
			return r.Cells[i]
		}
	}
	return ""
}

// what a row above the headings says of the awards: by its label, or, without
// one, by what stands in it.
func (g *grid) what(r sheet.Row, last int) string {
	if label := g.label(r, last); label != "" {
		return aboveGrid[plain(label)]
	}
	return unlabelled(r)
}

// unlabelled tells a row of names (stream) from one of dates (ends), where its
// first cell is blank; "" where it is neither.
func unlabelled(r sheet.Row) string {
	if cellAt(r, 0) != "" {
		return ""
	}
	names, dates := 0, 0
	for _, c := range r.Cells {
		switch {
		case c == "":
		case isDate(c):
			dates++
		case !isAmount(c) && !saysTotal(c):
			names++
		}
	}
	switch {
	case names > 0 && dates == 0:
		return "stream"
	case dates > 0 && names == 0:
		return "ends"
	}
	return ""
}

func isAmount(text string) bool {
	_, given, err := money.Parse(text, money.Signed)
	return given && err == nil
}

func isDate(text string) bool {
	if _, err := fiscal.ParseDate(text); err == nil && text != "" {
		return true
	}
	_, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
	return err == nil && text != ""
}

// readAround reads what stands above and below the headings about the awards.
func (g *grid) readAround() {
	for i, r := range g.rows {
		if i == g.top {
			continue
		}
		label := g.label(r, g.awards[0]-1)
		what := aboveGrid[plain(label)]
		if i < g.top {
			what = g.what(r, g.awards[0]-1)
		}
		if i < g.top && saysTotal(label) {
			what = "total"
		}
		if what == "" {
			continue
		}
		if what == "year" {
			for _, text := range r.Cells {
				if y, err := fiscal.ParseYear(text); err == nil {
					g.year = y
				}
			}
			continue
		}
		if _, twice := g.says[what]; twice {
			g.fault(r.Number, label, label, &cellFault{"start-twice", "two rows say the " + what + " of the awards", "keep one of them"})
			continue
		}
		g.says[what], g.saysAt[what] = map[int]string{}, r.Number
		for _, a := range g.awards {
			g.says[what][a] = cellAt(r, a)
		}
	}
	order, err := fiscal.Order(func(yield func(string) bool) {
		for _, what := range []string{"ends", "starts", "stated_on"} {
			for _, a := range g.awards {
				if !yield(g.says[what][a]) {
					return
				}
			}
		}
	})
	g.order = order
	if u, mixed := err.(*fiscal.Unreadable); mixed {
		g.fault(g.saysAt["ends"], "ends", u.Text, dateFault(err))
	}
}

// findYear takes the year from its own row, a title, a heading, or today.
func (g *grid) findYear() bool {
	for i := 0; i <= g.top && g.year == fiscal.Term; i++ {
		for _, text := range g.rows[i].Cells {
			if y, err := fiscal.ParseYear(yearWithin.FindString(text)); err == nil {
				g.year = y
			}
		}
	}
	if g.year == fiscal.Term {
		g.year, _ = fiscal.ParseYear(yearWithin.FindString(g.t.sheet + g.t.file))
	}
	if g.year == fiscal.Term {
		g.year = g.im.opt.Today.Year()
	}
	return g.year != fiscal.Term
}

// made makes a register's row of the sheet.
func (g *grid) made(register string, number int, cells map[string]string) {
	r := &row{table: g.t, number: number, register: ledger.RegisterNamed(register), made: true}
	columns := columnsOf(r.register)
	r.cells = make([]string, len(columns))
	for i := range columns {
		text := cells[columns[i].Name]
		kept, f := canonical(&columns[i], text, g.order)
		if f != nil {
			at := number
			if row, above := g.saysAt[columns[i].Name]; above {
				at = row
			}
			g.fault(at, columns[i].Name, text, f)
			r.bad = true
			continue
		}
		r.cells[i] = kept
	}
	for _, column := range []string{"amount", "cost"} {
		text, stated := cells[column+" this year"]
		if !stated || text == "" {
			continue
		}
		a, given, err := money.Parse(text, money.NotNegative)
		if err != nil {
			g.fault(number, column, text, amountFault(err))
			r.bad = true
		} else if given {
			r.years = []yearCell{{g.year, a.String()}}
			if column == "amount" {
				sum := g.im.Totals["figures"]
				sum.Add(a)
				g.im.Totals["figures"] = sum
			}
		}
	}
	g.im.Counts[register]++
	g.im.rows = append(g.im.rows, r)
}

// name is what an award is called: by its own name, or its stream's.
func (g *grid) name(award int) string {
	for _, text := range []string{cellAt(g.rows[g.top], award), g.says["award"][award], g.says["stream"][award]} {
		if text != "" && !saysTotal(text) {
			return text
		}
	}
	return ""
}

func (g *grid) makeAwards() {
	heads := g.rows[g.top]
	streams := map[string]bool{}
	named := map[string]bool{}
	kept := g.awards[:0:0]
	for _, a := range g.awards {
		name := g.name(a)
		if isExample(name) {
			continue
		}
		if named[plain(name)] {
			g.fault(heads.Number, name, name, &cellFault{"repeated-column", "two columns are headed " + name, "give each award a name of its own"})
			continue
		}
		named[plain(name)] = true
		kept = append(kept, a)
		stream := g.says["stream"][a]
		of := map[string]string{"name": name, "funder": g.says["funder"][a], "permanence": g.says["permanence"][a]}
		award := of
		if stream != "" && plain(stream) != plain(name) {
			of["name"] = stream
			award = map[string]string{"id": slug(name), "stream": stream, "reference": name}
		}
		for _, column := range []string{"starts", "ends", "certainty", "stated_on", "fate", "money"} {
			award[column] = g.says[column][a]
		}
		if award["certainty"] == "" {
			award["certainty"] = "confirmed"
		}
		award["amount this year"] = g.says["total"][a]
		if !streams[plain(of["name"])] {
			g.made("streams", heads.Number, of)
			streams[plain(of["name"])] = true
		}
		if award["stream"] != "" {
			g.made("awards", heads.Number, award)
		}
	}
	g.awards = kept
	if len(kept) == 0 {
		return
	}
	if _, stated := g.says["total"]; !stated {
		g.im.offers = append(g.im.offers, "Add a row total above the grid, with what each grant is worth, to see what is left to allocate.")
	}
	if _, stated := g.says["ends"]; !stated {
		g.im.offers = append(g.im.offers, "Add a row ends above the grid, with the last day of each grant, to see what stops and when.")
	}
}

// service gathers the rows of one service: they may differ in objective and area.
type service struct {
	row   int
	cells map[string]string
	lines map[string]int
}

func (g *grid) makeServices() {
	services := map[string]*service{}
	var order []*service
	sums := map[int]*money.Sum{}
	for _, a := range g.awards {
		sums[a] = &money.Sum{}
	}
	for _, r := range g.rows[g.top+1:] {
		cells := map[string]string{}
		beyond := false
		for i, column := range g.beside {
			cells[column] = cellAt(r, i)
			beyond = beyond || column != "name" && cells[column] != ""
		}
		for _, a := range g.awards {
			beyond = beyond || cellAt(r, a) != ""
		}
		name := cells["name"]
		switch key := plain(name); {
		case isExample(name):
			continue
		case saysTotal(name):
			g.compareTotals(r, sums)
			continue
		case aboveGrid[key] != "" && !slices.Contains([]string{"fund", "grant", "award"}, key), workedOut[key]:
			continue
		case !beyond:
			if name != "" {
				g.im.note(g.t, sheet.Problem{Row: r.Number, Column: "service", Code: "no-money", Found: name, Rule: "the row names something without money or detail, so it is kept out", Remedy: "add an amount or a provider if it is a service"})
			}
			continue
		case name == "":
			g.fault(r.Number, "service", "", &cellFault{"required", "the row has money and no service", "name the service"})
			continue
		}
		key := plain(cmp.Or(cells["id"], name))
		s := services[key]
		if s == nil {
			s = &service{row: r.Number, cells: cells, lines: map[string]int{}}
			services[key] = s
			order = append(order, s)
		} else {
			s.join(g, r.Number, cells)
		}
		g.makeLines(r, s, cells, sums)
	}
	g.makePlaces("objectives", "objective", order)
	g.makePlaces("areas", "area", order)
	unknown := 0
	for _, s := range order {
		c := s.cells
		c["objectives"], c["areas"], c["cost this year"] = idsOf(c["objective"]), idsOf(c["area"]), c["cost"]
		if c["cost"] == "" {
			unknown++
		}
		g.made("services", s.row, c)
		if c["notice_months"] != "" || c["lead_months"] != "" {
			ref := cmp.Or(c["id"], c["name"])
			g.made("agreements", s.row, map[string]string{"id": slug(ref), "service": ref, "provider": c["provider"], "notice_months": c["notice_months"], "lead_months": c["lead_months"]})
		}
	}
	if unknown > 0 {
		g.im.offers = append(g.im.offers, "Some services have no planned cost: cost not known. Add it to see what is under-funded and what is paid twice.")
	}
}

// join adds a further row of the same service.
func (s *service) join(g *grid, number int, cells map[string]string) {
	for column, text := range cells {
		switch {
		case text == "" || s.cells[column] == text:
		case s.cells[column] == "":
			s.cells[column] = text
		case column == "objective" || column == "area":
			s.cells[column] = strings.Join(slices.Compact(append(listed(idsOf(s.cells[column])), listed(idsOf(text))...)), ";")
		default:
			g.fault(number, column, text, &cellFault{"start-differs", "an earlier row of this service says otherwise: " + s.cells[column], "make them agree, or give the services different names"})
		}
	}
}

// idsOf gives the ids of labels without their shares.
func idsOf(text string) string {
	parts, err := ledger.ParseLabels(text)
	if err != nil {
		return text
	}
	var ids []string
	for _, p := range parts {
		ids = append(ids, p.ID)
	}
	return strings.Join(ids, ";")
}

// makePlaces makes the objectives or areas that the rows name; those that are
// there already are left alone.
func (g *grid) makePlaces(register, column string, services []*service) {
	met := map[string]bool{}
	for _, s := range services {
		for _, name := range listed(idsOf(s.cells[column])) {
			if !met[plain(name)] {
				met[plain(name)] = true
				g.made(register, s.row, map[string]string{"name": name})
			}
		}
	}
}

// makeLines reads the cells of one service.
func (g *grid) makeLines(r sheet.Row, s *service, cells map[string]string, sums map[int]*money.Sum) {
	var across money.Sum
	tableNo := int16(len(g.im.tables) - 1)
	for _, column := range []string{"objective", "area"} {
		if _, f := labels(cells[column], func(id string) string { return id }); f != nil {
			g.fault(r.Number, column, cells[column], f)
			return
		}
	}
	total := g.im.Totals["allocations"]
	for _, a := range g.awards {
		text := cellAt(r, a)
		amount, given, err := money.Parse(text, money.NotNegative)
		if err != nil {
			g.fault(r.Number, g.name(a), text, amountFault(err))
			across.Add(money.Unknown)
			continue
		}
		n := line{award: g.im.words.no(g.name(a)), service: g.im.words.no(cmp.Or(cells["id"], cells["name"])),
			objective: g.im.words.no(cells["objective"]), area: g.im.words.no(cells["area"]), row: int32(r.Number), table: tableNo, year: g.year, is: wide}
		n.id = cmp.Or(cells["id"], slug(cells["name"])) + "/" + slug(g.name(a))
		if s.lines[n.id]++; s.lines[n.id] > 1 {
			n.id += "#" + string(rune('0'+min(s.lines[n.id], 9)))
		}
		p, known := amount.Known()
		switch {
		case !given:
			n.is |= noAmount
		case !known:
			n.is |= unknownAmount
		default:
			n.amount = p
		}
		if given {
			across.Add(amount)
			sums[a].Add(amount)
			total.Add(amount)
			g.im.Counts["allocations"]++
		}
		g.im.lines = append(g.im.lines, n)
	}
	g.im.Totals["allocations"] = total
	if g.total >= 0 {
		g.compareTotal(r.Number, cellAt(g.rows[g.top], g.total), cellAt(r, g.total), across)
	}
}

// compareTotals holds a row of totals against the cells above it.
func (g *grid) compareTotals(r sheet.Row, sums map[int]*money.Sum) {
	for _, a := range g.awards {
		g.compareTotal(r.Number, g.name(a), cellAt(r, a), *sums[a])
	}
}

func (g *grid) compareTotal(row int, column, text string, sum money.Sum) {
	stated, given, err := money.Parse(text, money.Signed)
	p, known := stated.Known()
	if given && err == nil && known && sum.State() == money.Exact && p != sum.Pence() {
		g.fault(row, column, text, &cellFault{"total-differs", "the total is " + p.Exact() + " and its cells come to " + sum.Pence().Exact(),
			"mend the cell or the total that is wrong; what a grant is worth goes in a row headed total above the grid"})
	}
}
