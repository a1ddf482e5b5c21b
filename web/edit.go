package web

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
)

var editRoutes = []Route{
	{Method: "GET", Path: "/ledger/edit", Right: people.Allocate, Do: editAllocations},
	{Method: "POST", Path: "/ledger/edit", Right: people.Allocate, Do: saveAllocations},
	{Method: "GET", Path: "/ledger/allocate", Right: people.Allocate, Do: allocate},
	{Method: "POST", Path: "/ledger/allocate", Right: people.Allocate, Do: saveAllocation},
	{Method: "GET", Path: "/ledger/virement", Right: people.Vire, Do: virement},
	{Method: "POST", Path: "/ledger/virement", Right: people.Vire, Do: saveVirement},
	{Method: "GET", Path: "/ledger/exception", Right: people.Except, Do: exception},
	{Method: "POST", Path: "/ledger/exception", Right: people.Except, Do: saveException},
}

// A grid shows so many services and awards at once; a form of them is within
// form.MaxFields.
const (
	gridServices = 60
	gridAwards   = 30
)

// gridColumn is an award in a year, or for its whole term.
type gridColumn struct {
	Award string
	Year  fiscal.Year
}

// key names a column; no id holds a semicolon.
func (c gridColumn) key() string {
	if c.Year == fiscal.Term {
		return c.Award + ";term"
	}
	return c.Award
}

func cellKey(service string, c gridColumn) string { return service + ";" + c.key() }

// grid is the part of services and awards that one page shows.
type grid struct {
	services []string
	columns  []gridColumn
	all      int // services, on all pages
	wide     bool
	rows     *report.Map
}

// gridOf gives the grid of the address: its year, its place, one stream or all.
func (v *Visit) gridOf() grid {
	g := grid{rows: report.NewMap(v.View, report.MapOf{Year: v.Year, RowsBy: ledger.ByService, ColumnsBy: ledger.ByAward, Sees: v.Sees, Position: v.reading.Position})}
	for _, id := range v.seenServices() {
		if v.Place == "" || v.worksIn(id, v.Place) {
			g.services = append(g.services, id)
		}
	}
	g.all = len(g.services)
	page, _ := strconv.Atoi(v.Q("page"))
	from := gridServices * (min(max(page, 1), max(1, (g.all+gridServices-1)/gridServices)) - 1)
	g.services = g.services[from:min(from+gridServices, g.all)]
	for _, id := range v.awardsByEnd() {
		a, _ := v.Award(id)
		if stream := v.Q("stream"); stream != "" && a.Stream != stream {
			continue
		}
		head := g.rows.Head(id)
		term := !head.Awarded.OfTerm.IsNought() || !head.Allocated.OfTerm.IsNought() || slices.Contains(v.FigureYears(id), fiscal.Term)
		if head.Stated || !head.Allocated.InYear.IsNought() || a.RunsIn(v.Year) && !term {
			g.columns = append(g.columns, gridColumn{id, v.Year})
		}
		if term {
			g.columns = append(g.columns, gridColumn{id, fiscal.Term})
		}
	}
	if g.wide = len(g.columns) > gridAwards; g.wide {
		g.columns = g.columns[:gridAwards]
	}
	return g
}

// seenServices are the services the reader sees, by name.
func (v *Visit) seenServices() []string {
	var ids []string
	for id := range v.Services {
		if v.Sees(id) {
			ids = append(ids, id)
		}
	}
	compare := v.Sort()
	slices.SortStableFunc(ids, func(a, b string) int { return compare(v.serviceName(a), v.serviceName(b)) })
	return ids
}

// awardsByEnd are all awards, the soonest to end first, those without an end
// last.
func (v *Visit) awardsByEnd() []string {
	ids := slices.Sorted(maps.Keys(maps.Collect(v.Awards)))
	end := func(id string) fiscal.Date {
		a, _ := v.Award(id)
		if last, ends := a.LastDay(); ends {
			return last
		}
		return 1 << 30
	}
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(end(a), end(b)) })
	return ids
}

// at gives where a cell stands in the grid: the name of its field.
func (g grid) at(key string) string {
	service, column, _ := strings.Cut(key, ";")
	row := slices.Index(g.services, service)
	col := slices.IndexFunc(g.columns, func(c gridColumn) bool { return c.key() == column })
	if row < 0 || col < 0 {
		return ""
	}
	return "cell-" + strconv.Itoa(row) + "-" + strconv.Itoa(col)
}

// gridForm is the grid as it was sent.
type gridForm struct {
	Do        string            `form:"do"`
	Year      string            `form:"year"`
	Cells     map[string]string `form:"cell"`
	Was       map[string]string `form:"was"`
	Reason    string            `form:"reason"`
	Block     string            `form:"block"`
	AtService string            `form:"at-service"`
	AtColumn  string            `form:"at-column"`
}

type editPage struct {
	Lead, More   string
	Notice       string
	Grid         *table.Table
	Streams      []form.Option
	Hidden       []parts.Hidden
	Reason       form.Field
	Paste        []form.Field
	Pages        parts.Pagination
	Terms        []termNotes
	Fresh, Other string
}

// termNotes is what the terms of an award say of services it may not pay for.
type termNotes struct {
	Summary string
	Notes   []termNote
}

type termNote struct {
	Service, Text string
	Except        *navLink
}

func editAllocations(v *Visit) (Answer, error) {
	if err := v.officer(); err != nil {
		return nil, err
	}
	return v.editPage(v.gridOf(), &gridForm{}, nil, ""), nil
}

// saveAllocations checks what was typed, shows what it would do, and does it.
func saveAllocations(v *Visit) (Answer, error) {
	if err := v.officer(); err != nil {
		return nil, err
	}
	block := v.Request.PostForm.Get("block") // before blanks at its ends, which are cells, are trimmed
	var f gridForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	if f.Year != "" {
		y, err := fiscal.ParseYear(f.Year)
		if err != nil {
			return nil, &form.Bad{Why: "its year cannot be read"}
		}
		v.Year = y
	}
	g := v.gridOf()
	if f.Do == doChange {
		return v.editPage(g, &f, nil, ""), nil
	}
	var errs form.Errors
	notice := ""
	if strings.TrimSpace(block) != "" && f.Do != doPost && f.Do != doAsk {
		if notice = v.paste(g, &f, block, &errs); f.Do == doPaste || len(errs) > 0 {
			return v.editPage(g, &f, errs, notice), nil
		}
	}
	if f.Do == doPost || f.Do == doAsk {
		return v.postGrid(g, &f)
	}
	cells, flags, err := v.changedCells(g, &f)
	if err != nil {
		return nil, err
	}
	errs = append(errs, flags...)
	errs = append(errs, v.refusedCells(g, g.whole(cells, flags))...)
	if f.Reason == "" {
		errs.Add("reason", v.T("moves.no-reason"))
	}
	if len(errs) > 0 {
		return v.editPage(g, &f, errs, notice), nil
	}
	return v.checkGrid(g, &f, cells, "")
}

// postGrid does what the check page showed, or asks for it.
func (v *Visit) postGrid(g grid, f *gridForm) (Answer, error) {
	cells, err := v.seenCells(f)
	if err != nil {
		return nil, err
	}
	seq, err := v.decided(func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return doOrAsk(f.Do == doAsk, b, a, decide.Reallocation{Cells: cells}, f.Reason)
	})
	switch {
	case err == nil && f.Do == doAsk:
		return Redirect{To: v.To("/approvals"), Say: v.T("moves.asked")}, nil
	case err == nil:
		return Redirect{To: v.To("/ledger/map", "year", v.Year.String()), Say: v.N("edit.saved", len(cells)), Undo: seq}, nil
	}
	var refusal ledger.Refusal
	if !as(err, &refusal) {
		return nil, err
	}
	if err := v.refresh(); err != nil {
		return nil, err
	}
	g = v.gridOf()
	var needs *decide.NeedsApproval
	if as(err, &needs) {
		return v.checkGrid(g, f, cells, v.T("moves.needs-now"))
	}
	again, errs, broken := v.changedCells(g, f)
	if broken != nil {
		return nil, broken
	}
	errs = append(errs, v.refusedCells(g, g.whole(again, errs))...)
	if f.Reason == "" {
		errs.Add("reason", v.T("moves.no-reason"))
	}
	if len(errs) == 0 {
		errs.Add("", v.Refusal(v.Book, err))
	}
	return v.editPage(g, f, errs, ""), nil
}

// cellAt reads the name of a cell: an award and a service that are there and
// that the reader may change.
func (v *Visit) cellAt(key string) (decide.Cell, error) {
	service, column, ok := strings.Cut(key, ";")
	award, term, ofTerm := strings.Cut(column, ";")
	c := decide.Cell{Award: award, Service: service, Year: v.Year}
	if ofTerm {
		c.Year = fiscal.Term
	}
	if !ok || ofTerm && term != "term" || !v.Book.Has("awards", award) || !v.Book.Has("services", service) || !v.Sees(service) {
		return c, Missing{}
	}
	return c, nil
}

// sentKeys lists the cells that were sent, in the order of the page.
func (g grid) sentKeys(f *gridForm) []string {
	keys := slices.Sorted(maps.Keys(f.Cells))
	place := func(key string) (row, col int) {
		service, column, _ := strings.Cut(key, ";")
		return slices.Index(g.services, service), slices.IndexFunc(g.columns, func(c gridColumn) bool { return c.key() == column })
	}
	slices.SortStableFunc(keys, func(a, b string) int {
		ar, ac := place(a)
		br, bc := place(b)
		return cmp.Or(cmp.Compare(ar, br), cmp.Compare(ac, bc))
	})
	return keys
}

// changedCells reads the grid. A cell that cannot be read, that somebody else
// changed meanwhile, or that would take a board's money, is an error beside it.
func (v *Visit) changedCells(g grid, f *gridForm) (cells []decide.Cell, errs form.Errors, err error) {
	flag := func(key string, c decide.Cell, text string) {
		if at := g.at(key); at != "" {
			errs.Add(at, text)
			return
		}
		errs.Add("", v.cellName(c)+": "+text)
	}
	for _, key := range g.sentKeys(f) {
		c, err := v.cellAt(key)
		if err != nil {
			return nil, nil, err
		}
		if c.Was, err = money.ParsePence(f.Was[key]); err != nil {
			return nil, nil, &form.Bad{Why: "a cell lacks what it was"}
		}
		now, boards := decide.Held(v.Book, c.Award, c.Service, c.Year)
		a, given, err := money.Parse(f.Cells[key], money.NotNegative)
		known := true
		if err == nil && given {
			c.To, known = a.Known()
		}
		switch {
		case err != nil:
			flag(key, c, v.unreadAmount(err))
		case !known:
			flag(key, c, v.T("edit.not-known-typed"))
		case c.To == c.Was || c.To == now: // not changed by this person, or already as they want it
			delete(f.Cells, key)
		case now != c.Was:
			flag(key, c, v.changedMeanwhile(c, now))
			f.Was[key] = now.String()
		case c.To < boards:
			flag(key, c, v.T("edit.below-boards", "Amount", pounds(boards)))
		default:
			cells = append(cells, c)
		}
	}
	if len(cells) == 0 && len(errs) == 0 {
		errs.Add("", v.T("edit.nothing"))
	}
	return cells, errs, nil
}

// seenCells reads the cells of the check page: what the person saw and wants.
// Whether that can still be is for the decision to say.
func (v *Visit) seenCells(f *gridForm) ([]decide.Cell, error) {
	var cells []decide.Cell
	for _, key := range slices.Sorted(maps.Keys(f.Cells)) {
		c, err := v.cellAt(key)
		if err != nil {
			return nil, err
		}
		var problem string
		if c.Was, err = money.ParsePence(f.Was[key]); err != nil {
			return nil, &form.Bad{Why: "a cell lacks what it was"}
		}
		if f.Cells[key] != "" {
			if c.To, problem = v.enteredAmount(f.Cells[key]); problem != "" {
				return nil, &form.Bad{Why: "a cell cannot be read"}
			}
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// changedMeanwhile says both figures, and whose the other is.
func (v *Visit) changedMeanwhile(c decide.Cell, now money.Pence) string {
	facts := []any{"Was", pounds(c.Was), "Now", pounds(now), "Yours", pounds(c.To)}
	for i := v.Len() - 1; i >= 0; i-- {
		e := v.Entry(i)
		for _, a := range []ledger.Account{e.From, e.To} {
			if a.Award == c.Award && a.Service == c.Service && a.Year == c.Year {
				head, _ := v.Head(e.ID.Seq)
				return v.T("edit.changed-by", append(facts, "Who", head.Author)...)
			}
		}
	}
	return v.T("edit.changed", facts...)
}

// cellName says which cell: Family support hubs, Families First.
func (v *Visit) cellName(c decide.Cell) string {
	return v.serviceName(c.Service) + ", " + v.awardName(c.Award, c.Year)
}

// whole are the changes of columns in which every cell was read: of others no
// sum can be told yet.
func (g grid) whole(cells []decide.Cell, flags form.Errors) []decide.Cell {
	broken := map[gridColumn]bool{}
	for _, e := range flags {
		if at, ok := strings.CutPrefix(e.Field, "cell-"); ok {
			_, x, _ := strings.Cut(at, "-")
			col, _ := strconv.Atoi(x)
			broken[g.columns[col]] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(cells), func(c decide.Cell) bool { return broken[gridColumn{c.Award, c.Year}] })
}

// refusedCells tries the changes of each award by the rules and puts what they
// refuse beside the cells it is about.
func (v *Visit) refusedCells(g grid, cells []decide.Cell) (errs form.Errors) {
	flags := map[string]string{}
	of := map[gridColumn][]decide.Cell{}
	for _, c := range cells {
		at := gridColumn{c.Award, c.Year}
		of[at] = append(of[at], c)
	}
	for _, at := range slices.SortedFunc(maps.Keys(of), func(a, b gridColumn) int { return cmp.Compare(a.key(), b.key()) }) {
		left := of[at]
		for len(left) > 0 {
			_, err := decide.Reallocate(v.Book, v.Actor(), left, "?")
			var needs *decide.NeedsApproval
			if err == nil || as(err, &needs) {
				break
			}
			about := v.cellsRefused(left, err, flags)
			if about == nil {
				errs.Add("", v.Refusal(v.Book, err))
				break
			}
			left = slices.DeleteFunc(slices.Clone(left), func(c decide.Cell) bool { return slices.Contains(about, c) })
		}
	}
	for _, c := range cells { // in the order of the page
		key := cellKey(c.Service, gridColumn{c.Award, c.Year})
		if flags[key] == "" {
			continue
		}
		if at := g.at(key); at != "" {
			errs.Add(at, flags[key])
		} else {
			errs.Add("", v.cellName(c)+": "+flags[key])
		}
	}
	return errs
}

// cellsRefused finds the cells of one award that a refusal is about, and says
// there what to enter; none where it is about them all.
func (v *Visit) cellsRefused(cells []decide.Cell, err error, flags map[string]string) (about []decide.Cell) {
	flag := func(c decide.Cell, text string) {
		flags[cellKey(c.Service, gridColumn{c.Award, c.Year})] = text
		about = append(about, c)
	}
	var short *ledger.Short
	var breach *ledger.Breach
	switch {
	case as(err, &short) && short.Account.Stage == ledger.Awarded:
		var net money.Pence
		var raised []decide.Cell
		for _, c := range cells {
			if net += c.To - c.Was; c.To > c.Was {
				raised = append(raised, c)
			}
		}
		over := net - max(v.Book.Balance(short.Account), 0)
		for _, c := range raised {
			flag(c, v.shortOf(c.Award, c.Year, over, c.To, len(raised) == 1))
		}
	case as(err, &short):
		for _, c := range cells {
			if c.Service == short.Account.Service {
				flag(c, v.T("edit.promised", "Least", pounds(v.bound(c)), "Award", v.awardName(c.Award, c.Year)))
			}
		}
	case as(err, &breach):
		for _, c := range cells {
			if v.ServiceName(c.Service) == breach.Service {
				flag(c, v.T("edit.term-refuses", "Ruling", v.Ruling(breach.Ruling)))
			}
		}
	}
	return about
}

// bound is what of a cell cannot be taken off: promised, spent, or a board's.
func (v *Visit) bound(c decide.Cell) money.Pence {
	all, boards := decide.Held(v.Book, c.Award, c.Service, c.Year)
	free := v.Book.Balance(ledger.Account{Stage: ledger.Allocated, Award: c.Award, Year: c.Year, Service: c.Service})
	return max(all-max(free, 0), boards)
}

// checkGrid lists what the changes would do.
func (v *Visit) checkGrid(g grid, f *gridForm, cells []decide.Cell, problem string) (Answer, error) {
	o, err := decide.Reallocate(v.Book, v.Actor(), cells, f.Reason)
	var needs *decide.NeedsApproval
	if err != nil && !as(err, &needs) {
		errs := form.Errors{}
		errs.Add("", v.Refusal(v.Book, err))
		return v.editPage(g, f, errs, ""), nil
	}
	p := v.moves(o)
	p.Lead = v.N("edit.check-lead", len(cells), "Year", v.Year.String())
	p.Hidden = []parts.Hidden{{Name: "year", Value: v.Year.String()}, {Name: "reason", Value: f.Reason}}
	for _, c := range cells {
		key := cellKey(c.Service, gridColumn{c.Award, c.Year})
		p.Changes = append(p.Changes, v.T("edit.change-line", "Cell", v.cellName(c), "Was", pounds(c.Was), "To", pounds(c.To)))
		p.Hidden = append(p.Hidden, parts.Hidden{Name: "cell." + key, Value: typedAmount(c.To)}, parts.Hidden{Name: "was." + key, Value: c.Was.String()})
	}
	p.Rows = []parts.Row{{Key: v.T("moves.reason"), Value: f.Reason}}
	p.Cancel = v.To("/ledger/edit", "year", v.Year.String())
	page := Page{Template: "moves", Title: v.T("edit.check-title"), Nav: "ledger/edit", Data: p}
	if problem != "" {
		page.Errors.Add("", problem)
	}
	return page, nil
}

// paste puts a block copied from a spreadsheet into the form, from the cell
// named; what does not fit is said, and nothing of it is put in.
func (v *Visit) paste(g grid, f *gridForm, block string, errs *form.Errors) (notice string) {
	row := slices.Index(g.services, f.AtService)
	col := slices.IndexFunc(g.columns, func(c gridColumn) bool { return c.key() == f.AtColumn })
	if row < 0 || col < 0 {
		errs.Add("at-service", v.T("edit.paste-where"))
		return ""
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(block, "\r\n", "\n"), "\n"), "\n")
	put, lost := map[string]string{}, 0
	for y, line := range lines {
		for x, text := range strings.Split(line, "\t") {
			if row+y >= len(g.services) || col+x >= len(g.columns) {
				if strings.TrimSpace(text) != "" {
					lost++
				}
				continue
			}
			put[cellKey(g.services[row+y], g.columns[col+x])] = strings.TrimSpace(text)
		}
	}
	if lost > 0 {
		errs.Add("block", v.N("edit.paste-lost", lost))
		return ""
	}
	for key, text := range put {
		f.Cells[key] = text
		if _, seen := f.Was[key]; !seen {
			c, _ := v.cellAt(key)
			now, _ := decide.Held(v.Book, c.Award, c.Service, c.Year)
			f.Was[key] = now.String()
		}
	}
	f.Block = ""
	return v.N("edit.pasted", len(put))
}

// editPage draws the grid, with what was typed.
func (v *Visit) editPage(g grid, f *gridForm, errs form.Errors, notice string) Page {
	p := editPage{Notice: notice, Reason: v.reasonField(f.Reason, errs), Fresh: v.Here(), Other: v.To("/ledger/allocate")}
	left := map[gridColumn]money.Pence{} // what is left with what is typed
	var known money.Pence
	unknown := 0
	for _, c := range g.columns {
		left[c] = v.leftOf(c)
		if v.FigureUnknown(c.Award, c.Year) {
			unknown++ // what is left of it could be anything, and no total is even "at least"
		} else {
			known += left[c]
		}
	}
	p.Lead = v.T("edit.lead", "Left", pounds(known), "Year", v.Year.String())
	if unknown > 0 {
		p.Lead += " " + v.N("edit.lead-unknown", unknown)
	}
	p.Hidden = append(p.Hidden, parts.Hidden{Name: "year", Value: v.Year.String()})
	t := table.New("grid", v.T("edit.caption", "Year", v.Year.String()))
	t.Class, t.Wide, t.Frozen = "grid", true, true
	t.Empty = v.T("edit.empty")
	t.Column("service", v.T("service"), table.TextColumn)
	for _, c := range g.columns {
		v.gridHead(t, c)
	}
	t.Column("total", v.T("total"), table.MoneyColumn)
	notes := make([]termNotes, len(g.columns))
	var rows [][]table.Cell
	for y, service := range g.services {
		row, total := []table.Cell{v.named("services", service)}, money.Pence(0)
		held := make([]money.Pence, len(g.columns))
		for x, c := range g.columns {
			held[x], _ = decide.Held(v.Book, c.Award, service, c.Year)
			total += held[x]
		}
		typedTotal := total
		for x, c := range g.columns {
			key := cellKey(service, c)
			in := table.Input{Name: "cell." + key, ID: "f-cell-" + strconv.Itoa(y) + "-" + strconv.Itoa(x), Numeric: true, Label: v.cellName(decide.Cell{Award: c.Award, Service: service, Year: c.Year})}
			saved, was := "", held[x]
			if held[x] != 0 {
				in.Value, saved = typedAmount(held[x]), strconv.FormatInt(int64(held[x]), 10)
			}
			if text, sent := f.Cells[key]; sent {
				in.Value = text
				if seen, err := money.ParsePence(f.Was[key]); err == nil {
					was = seen
				}
				if a, _, err := money.Parse(text, money.NotNegative); err == nil {
					to, _ := a.Known()
					left[c] -= to - held[x]
					typedTotal += to - held[x]
				}
			}
			leftThen := ""
			if !v.FigureUnknown(c.Award, c.Year) {
				leftThen = strconv.FormatInt(int64(v.leftOf(c)), 10)
			}
			in.Error = errs.Of(strings.TrimPrefix(in.ID, "f-"))
			in.Data = []table.Attribute{{Name: "col", Value: c.key()}, {Name: "pence", Value: saved}, {Name: "left", Value: leftThen}, {Name: "total", Value: strconv.FormatInt(int64(total), 10)}}
			p.Hidden = append(p.Hidden, parts.Hidden{Name: "was." + key, Value: was.String()})
			note := v.cellNotes(g, c, service, &notes[x])
			if note != "" {
				in.Description = in.ID + "-note"
			}
			cell := table.Field(in)
			if note != "" {
				cell = cell.Noted(note)
			}
			row = append(row, cell)
		}
		of := table.Pence(typedTotal, table.Pounds).Is("total")
		if shown := g.rows.RowTotal(service).InYear; typedTotal == total && shown.State() == money.Exact && shown.Pence() == total {
			of = of.To(v.Postings(ledger.AllocatedTo, "service", service, "year", v.Year.String()))
		}
		rows = append(rows, append(row, of))
	}
	v.gridTotals(t, g, left)
	for _, row := range rows {
		t.Row(row...)
	}
	for x, n := range notes {
		if len(n.Notes) > 0 {
			n.Summary = v.N("edit.terms-of", len(n.Notes), "Award", v.awardName(g.columns[x].Award, g.columns[x].Year))
			p.Terms = append(p.Terms, n)
		}
	}
	p.Grid = t
	p.Streams = v.gridStreams()
	if g.wide {
		p.More = v.T("edit.too-wide", "Count", gridAwards)
	}
	page, _ := strconv.Atoi(v.Q("page"))
	p.Pages = parts.Pagination{Page: max(page, 1), Pages: (g.all + gridServices - 1) / gridServices, Link: func(n int) string { return v.Here("page", strconv.Itoa(n)) }}
	p.Paste = v.pasteFields(g, f, errs)
	for i, e := range errs { // the summary says which cell
		if rest, ok := strings.CutPrefix(e.Field, "cell-"); ok {
			y, x, _ := strings.Cut(rest, "-")
			row, _ := strconv.Atoi(y)
			col, _ := strconv.Atoi(x)
			c := g.columns[col]
			errs[i].Text = v.cellName(decide.Cell{Award: c.Award, Service: g.services[row], Year: c.Year}) + ": " + e.Text
		}
	}
	return Page{Template: "edit", Title: v.T("edit.title"), Nav: "ledger/edit", Data: p, Tables: []*table.Table{t}, Errors: errs, Money: true, Wide: true}
}

// leftOf is what officers may still allocate of an award, whatever its date.
func (v *Visit) leftOf(c gridColumn) money.Pence {
	return v.Book.Balance(ledger.Account{Stage: ledger.Awarded, Award: c.Award, Year: c.Year})
}

func (v *Visit) gridHead(t *table.Table, c gridColumn) {
	n := v.NameOf(v.Book, "awards", c.Award)
	col := t.Column(c.key(), n.Text, table.MoneyColumn)
	col.Lang, col.Sortable = string(n.Lang), false
	a, _ := v.Award(c.Award)
	col.Hint = v.T("no-end-date")
	if last, ends := a.LastDay(); ends {
		col.Hint = v.T("ends-on", "Date", v.Short(last))
	}
	if c.Year == fiscal.Term {
		col.Hint = v.T("whole-term") + ", " + col.Hint
	}
}

// gridTotals writes what each award has, first: the last line is what is left
// with what is typed.
func (v *Visit) gridTotals(t *table.Table, g grid, left map[gridColumn]money.Pence) {
	awarded, allocated := []table.Cell{table.Text(v.T("awarded"))}, []table.Cell{table.Text(v.T("allocated"))}
	boards, other := []table.Cell{table.Text(v.T("edit.with-boards"))}, []table.Cell{table.Text(v.T("edit.otherwise"))}
	remains := []table.Cell{table.Text(v.T("left-to-allocate"))}
	anyBoards, anyOther := false, false
	for _, c := range g.columns {
		head := g.rows.Head(c.Award)
		given, put := head.Awarded.InYear, head.Allocated.InYear
		if c.Year == fiscal.Term {
			given, put = head.Awarded.OfTerm, head.Allocated.OfTerm
		}
		y := c.Year.String()
		unknown := v.FigureUnknown(c.Award, c.Year)
		awarded = append(awarded, table.Money(given, table.Pounds).To(v.Postings(ledger.AwardedTo, "award", c.Award, "year", y)))
		allocated = append(allocated, table.Money(put, table.Pounds).To(v.Postings(ledger.AllocatedTo, "award", c.Award, "year", y)))
		with := v.heldByBoards(c.Award, c.Year)
		anyBoards = anyBoards || with != 0
		boards = append(boards, table.MoneyOrNone(sumOf(with), table.Pounds))
		if unknown {
			other, remains = append(other, table.None()), append(remains, table.Unknown())
			continue
		}
		rest := given.Pence() - put.Pence() - with - v.leftOf(c)
		anyOther = anyOther || rest != 0
		other = append(other, table.MoneyOrNone(sumOf(rest), table.Pounds))
		cell := table.Pence(left[c], table.Pounds)
		if left[c] == v.leftOf(c) {
			cell = cell.To(v.Postings(ledger.LeftOf, "award", c.Award, "board", "", "year", y))
		}
		remains = append(remains, cell)
	}
	t.Total(awarded...)
	t.Total(allocated...)
	if anyBoards {
		t.Total(boards...)
	}
	if anyOther {
		t.Total(other...)
	}
	t.Total(remains...).Class = "left"
}

// cellNotes says beside a cell whose money is in it, what of it is not known,
// and what the award's terms say; the whole of that goes beneath the grid.
func (v *Visit) cellNotes(g grid, c gridColumn, service string, notes *termNotes) string {
	var said []string
	for id := range v.Boards {
		var of money.Pence
		for _, stage := range []ledger.Stage{ledger.Allocated, ledger.Committed, ledger.Paid} {
			of += v.Book.Balance(ledger.Account{Stage: stage, Award: c.Award, Board: id, Year: c.Year, Service: service})
		}
		if of != 0 {
			said = append(said, v.T("edit.board-money", "Amount", pounds(of), "Board", v.NameOf(v.Book, "boards", id).Text))
		}
	}
	shown := g.rows.Cell(service, c.Award).InYear
	if c.Year == fiscal.Term {
		shown = g.rows.Cell(service, c.Award).OfTerm
	}
	if shown.State() != money.Exact {
		said = append(said, v.T("edit.more-unknown"))
	}
	s, _ := v.Service(service)
	var label ledger.Label
	if len(s.Objectives) == 1 {
		label.Objective = s.Objectives[0]
	}
	if len(s.Areas) == 1 {
		label.Area = s.Areas[0]
	}
	ruling := v.Judge(c.Award, service, label, c.Year, v.Today)
	if ruling.Verdict == funding.Allowed {
		return strings.Join(said, "; ")
	}
	rule := v.T("moves.rule.award-period")
	if ruling.Term != nil {
		rule = v.termRule(ruling.Term.Rule)
	}
	term := ledger.TermID(ruling)
	switch {
	case v.Excepted(c.Award, service, term):
		said = append(said, v.T("edit.excepted", "Rule", rule))
	case ruling.Verdict == funding.Refused:
		said = append(said, v.T("edit.not-allowed", "Rule", rule))
		notes.Notes = append(notes.Notes, termNote{v.serviceName(service), v.Ruling(ruling), v.mayExcept(c.Award, service, term)})
	default:
		said = append(said, v.T("edit.unknown-term", "Rule", rule))
		notes.Notes = append(notes.Notes, termNote{v.serviceName(service), v.T("edit.cannot-tell") + " " + v.Ruling(ruling), nil})
	}
	return strings.Join(said, "; ")
}

func (v *Visit) gridStreams() []form.Option {
	options := []form.Option{{Label: v.T("edit.all-streams")}}
	ids := slices.Sorted(maps.Keys(maps.Collect(v.Streams)))
	for _, id := range ids {
		n := v.NameOf(v.Book, "streams", id)
		options = append(options, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == v.Q("stream")})
	}
	return options
}

// pasteFields are the plain way to bring a block in.
func (v *Visit) pasteFields(g grid, f *gridForm, errs form.Errors) []form.Field {
	var services, columns []form.Option
	for _, id := range g.services {
		n := v.NameOf(v.Book, "services", id)
		services = append(services, form.Option{Value: id, Label: n.Text, Lang: string(n.Lang), Selected: id == f.AtService})
	}
	for _, c := range g.columns {
		n := v.NameOf(v.Book, "awards", c.Award)
		columns = append(columns, form.Option{Value: c.key(), Label: v.awardName(c.Award, c.Year), Lang: string(n.Lang), Selected: c.key() == f.AtColumn})
	}
	return []form.Field{
		{Name: "block", Label: v.T("edit.block"), Hint: v.T("edit.block-hint"), Type: "textarea", Rows: 4, Value: f.Block, Error: errs.Of("block")},
		{Name: "at-service", Label: v.T("edit.at-service"), Type: "select", Options: services, Error: errs.Of("at-service")},
		{Name: "at-column", Label: v.T("edit.at-column"), Type: "select", Options: columns, Error: errs.Of("at-column")},
	}
}
