package exchange

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// cellsOf finds where the columns of allocations stand in a table; -1 is nowhere.
type cellsOf struct {
	id, award, service, objective, area, element, costType, matchFor, board, agreedOn, state, year, amount, starts, ends, percent int
}

func (l *layout) cells() cellsOf {
	at := func(name string) int {
		for i, c := range l.columns {
			if c != nil && c.Name == name {
				return i
			}
		}
		return -1
	}
	return cellsOf{at("id"), at("award"), at("service"), at("objective"), at("area"), at("element"), at("cost_type"), at("match_for"), at("board"),
		at("agreed_on"), at("state"), at("year"), at("amount"), at("starts"), at("ends"), at("percent")}
}

// lineReader takes the rows of one table of allocations straight into lines:
// there may be a million, so no row is kept as text. Dates are read at the end,
// when it is known how the file writes them.
type lineReader struct {
	im    *Import
	t     *table
	no    int16
	at    cellsOf
	spans []int // cells of columns of years
	total money.Sum
	rows  int

	dates, details *words // few differ, so each is kept once
	firstDetail    int
	years          map[string]fiscal.Year
	states         map[string]lineIs

	ids strings.Builder // ids end to end: a million texts of their own are slow to make and to watch over

	in   sheet.Row // the row in hand
	good bool
}

func (im *Import) allocations(t *table) (func(sheet.Row) error, func()) {
	r := &lineReader{im: im, t: t, no: int16(len(im.tables) - 1), at: t.layout.cells(), total: im.Totals["allocations"],
		dates: newWords(), details: newWords(), firstDetail: len(im.details), years: map[string]fiscal.Year{}, states: map[string]lineIs{"": 0}}
	for i, y := range t.layout.years {
		if y != fiscal.Term {
			r.spans = append(r.spans, i)
		}
	}
	firstLine := len(im.lines)
	put, wait := inBatches(r.take)
	return put, func() {
		wait()
		im.Totals["allocations"] = r.total
		im.readLineDates(t, r.dates.texts, im.lines[firstLine:], r.firstDetail)
	}
}

func (r *lineReader) cell(i int) string {
	if i < 0 || i >= len(r.in.Cells) || r.in.Cells[i] == "-" || r.in.Cells[i] == "–" {
		return ""
	}
	return r.in.Cells[i]
}

func (r *lineReader) bad(column, found string, f *cellFault) {
	r.im.fault(r.t, r.in.Number, column, found, f)
	r.good = false
}

// take reads one row.
func (r *lineReader) take(in sheet.Row) {
	r.in, r.good = in, true
	if r.rows++; r.im.opt.Progress != nil && r.rows%(1<<16) == 0 {
		r.im.opt.Progress(r.rows, 0)
	}
	id, award, service := r.cell(r.at.id), r.cell(r.at.award), r.cell(r.at.service)
	if isExample(id) {
		return
	}
	if award == "" && service == "" && slices.ContainsFunc(in.Cells, saysTotal) {
		r.im.note(r.t, sheet.Problem{Row: in.Number, Code: "total-row", Rule: "a row of totals is not read: Braid adds up for itself"})
		return
	}
	r.im.Counts["allocations"]++
	r.need("award", award)
	r.need("service", service)
	n := line{id: r.keep(id), row: int32(in.Number), table: r.no}
	if id != "" {
		if f := badID(id); f != nil {
			r.bad("id", id, f)
		}
	}
	word := r.im.words.no
	n.award, n.service, n.board = word(award), word(service), word(r.cell(r.at.board))
	n.objective, n.area = word(r.cell(r.at.objective)), word(r.cell(r.at.area))
	n.on = fiscal.Date(r.dates.no(r.cell(r.at.agreedOn)))
	n.is = r.state(r.cell(r.at.state))
	n.detail = r.detail()
	r.amounts(n)
}

// keep copies an id out of the page it is read from.
func (r *lineReader) keep(id string) string {
	if r.ids.Cap()-r.ids.Len() < len(id) {
		r.ids = strings.Builder{}
		r.ids.Grow(max(len(id), 1<<14))
	}
	start := r.ids.Len()
	r.ids.WriteString(id)
	return r.ids.String()[start:]
}

func (r *lineReader) need(column, text string) {
	if text == "" {
		r.bad(column, "", &cellFault{"required", "allocations need a " + column + " in every row", "fill it in, or delete the row"})
	}
}

func (r *lineReader) state(text string) lineIs {
	is, known := r.states[text]
	if known {
		return is
	}
	word, f := chosen(allocationColumns.Column("state"), text)
	switch {
	case f != nil:
		r.bad("state", text, f)
		return 0
	case word == "proposed":
		is = isProposed
	case word == "withdrawn":
		is = isWithdrawn
	}
	r.states[strings.Clone(text)] = is
	return is
}

var allocationColumns = ledger.RegisterNamed("allocations")

// detail keeps what few rows say, once for all that say the same.
func (r *lineReader) detail() int32 {
	of := [...]string{r.cell(r.at.element), r.cell(r.at.costType), r.cell(r.at.matchFor), r.cell(r.at.percent), r.cell(r.at.starts), r.cell(r.at.ends)}
	if of == [len(of)]string{} {
		return 0
	}
	if of[3] != "" {
		var f *cellFault
		if of[3], f = percent(r.cell(r.at.percent)); f != nil {
			r.bad("percent", r.cell(r.at.percent), f)
			return 0
		}
	}
	no := r.details.no(strings.Join(of[:], "\x00"))
	at := int32(r.firstDetail) + no - 1
	if int(at) < len(r.im.details) {
		return at
	}
	d := detail{of[0], of[1], of[2], of[3], of[4], of[5], r.in.Number}
	for _, text := range []*string{&d.element, &d.costType, &d.matchFor, &d.starts, &d.ends} {
		*text = strings.Clone(*text)
	}
	r.im.details = append(r.im.details, d)
	return at
}

// amounts reads what a row puts on its service, which it says in one way of
// several, and adds a line for each year.
func (r *lineReader) amounts(n line) {
	d := &r.im.details[n.detail]
	says, text := r.cell(r.at.year), r.cell(r.at.amount)
	amount, given, err := money.Parse(text, money.NotNegative)
	if err != nil {
		r.bad("amount", text, amountFault(err))
		return
	}
	spread := slices.ContainsFunc(r.spans, func(i int) bool { return r.cell(i) != "" })
	switch single := given || says != "" || d.percent != "" || d.starts != "" || d.ends != ""; {
	case spread && single:
		r.bad("amount", text, &cellFault{"amount-twice", "the row says its amount twice: in a column of a year, and by year, amount, dates or percent", "keep one of the two"})
	case spread || !single && len(r.spans) > 0: // all blank: nothing is put on the service
		r.spread(n)
	case !given && d.percent == "":
		r.bad("amount", "", &cellFault{"amount-none", "the row has no amount", "write an amount, 0 for nothing, or ? if it is not known"})
	default:
		n.year = r.year(says, d)
		if given {
			r.total.Add(amount)
		}
		r.add(n, amount)
	}
}

func (r *lineReader) spread(n line) {
	n.is |= wide
	for _, i := range r.spans {
		n.year = r.t.layout.years[i]
		amount, given, err := money.Parse(r.cell(i), money.NotNegative)
		switch one := n; {
		case err != nil:
			r.bad(n.year.String(), r.cell(i), amountFault(err))
		case !given:
			one.is |= noAmount
			r.add(one, money.Known(0))
		default:
			r.total.Add(amount)
			r.add(one, amount)
		}
	}
}

func (r *lineReader) add(n line, amount money.Amount) {
	var known bool
	if n.amount, known = amount.Known(); !known {
		n.is |= unknownAmount
	}
	if r.good {
		r.im.lines = append(r.im.lines, n)
	}
}

// year reads the year of an amount, or leaves it to the dates.
func (r *lineReader) year(says string, d *detail) fiscal.Year {
	switch y, met := r.years[says]; {
	case says == "" && (d.starts == "" || d.ends == ""):
		r.bad("year", "", &cellFault{"year-none", "an amount is for a financial year, for dates, or for the whole term", "write a year such as 2026-27, or term, or both starts and ends"})
		return fiscal.Term
	case says == "":
		return yearOfDates
	case met:
		return y
	case isTerm(says):
		return fiscal.Term
	}
	y, f := year(says)
	if f != nil {
		r.bad("year", says, f)
		return fiscal.Term
	}
	r.years[strings.Clone(says)] = y
	return y
}

const batchRows = 1024

// inBatches lets rows be taken while the next are still being read.
func inBatches(take func(sheet.Row)) (put func(sheet.Row) error, wait func()) {
	type batch struct {
		rows  []sheet.Row
		cells []string
	}
	full, empty, done := make(chan *batch, 2), make(chan *batch, 3), make(chan struct{})
	for range cap(empty) {
		empty <- new(batch)
	}
	go func() {
		defer close(done)
		for b := range full {
			for _, r := range b.rows {
				take(r)
			}
			b.rows, b.cells = b.rows[:0], b.cells[:0]
			empty <- b
		}
	}()
	now := <-empty
	put = func(r sheet.Row) error {
		if len(now.rows) == batchRows || len(now.cells)+len(r.Cells) > cap(now.cells) && len(now.rows) > 0 {
			full <- now
			now = <-empty
		}
		if len(now.rows) == 0 && cap(now.cells) < batchRows*len(r.Cells) {
			now.cells = make([]string, 0, batchRows*len(r.Cells))
		}
		at := len(now.cells)
		now.cells = append(now.cells, r.Cells...)
		now.rows = append(now.rows, sheet.Row{Number: r.Number, Cells: now.cells[at:len(now.cells):len(now.cells)]})
		return nil
	}
	wait = func() {
		full <- now
		close(full)
		<-done
	}
	return put, wait
}

// keyed is a line with the part of its id that most often tells it apart, so
// that sorting a million seldom looks further.
type keyed struct {
	key uint64
	at  int32
}

// sortLines puts the lines that have ids in order of id and year, and finds the
// ids that two rows have.
func (im *Import) sortLines() {
	var all []keyed
	common := -1
	for i := range im.lines {
		id := im.lines[i].id
		if id == "" {
			im.nameless = append(im.nameless, int32(i))
			continue
		}
		if len(all) == 0 {
			common = len(id)
		}
		all = append(all, keyed{0, int32(i)})
		first := im.lines[all[0].at].id
		for common = min(common, len(id)); id[:common] != first[:common]; {
			common--
		}
	}
	for i := range all {
		var tail [8]byte
		copy(tail[:], im.lines[all[i].at].id[common:])
		all[i].key = binary.BigEndian.Uint64(tail[:])
	}
	compare := func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		x, y := &im.lines[a.at], &im.lines[b.at]
		return cmp.Or(strings.Compare(x.id, y.id), cmp.Compare(x.year, y.year), cmp.Compare(x.table, y.table), cmp.Compare(x.row, y.row))
	}
	left, right := all[:len(all)/2], all[len(all)/2:]
	if !slices.IsSortedFunc(all, compare) {
		done := make(chan struct{})
		go func() {
			slices.SortFunc(left, compare)
			close(done)
		}()
		slices.SortFunc(right, compare)
		<-done
	}
	im.order = make([]int32, 0, len(all))
	for len(left)+len(right) > 0 {
		from := &left
		if len(left) == 0 || len(right) > 0 && compare(right[0], left[0]) < 0 {
			from = &right
		}
		im.order = append(im.order, (*from)[0].at)
		*from = (*from)[1:]
	}
	im.findTwice()
}

// findTwice finds ids that two rows have, exactly or but for their case.
func (im *Import) findTwice() {
	twice := func(i, j int32) {
		a, b := &im.lines[i], &im.lines[j]
		if a.table == b.table && a.row == b.row {
			return // one row of several years
		}
		if a.table > b.table || a.table == b.table && a.row > b.row {
			a, b = b, a
		}
		f := twiceOver(int(a.row))
		if a.table != b.table {
			f.rule = "an id names one row, and " + im.tables[a.table].file + " has it already"
		}
		im.fault(im.tables[b.table], int(b.row), "id", b.id, f)
	}
	folded := map[string]int32{}
	for k, i := range im.order {
		id := im.lines[i].id
		if k > 0 && im.lines[im.order[k-1]].id == id {
			twice(im.order[k-1], i)
			continue
		}
		low := strings.ToLower(id)
		if low == id {
			continue
		}
		if j, met := folded[low]; met {
			twice(j, i)
			continue
		}
		folded[low] = i
		if at, met := slices.BinarySearchFunc(im.order, low, func(i int32, id string) int { return strings.Compare(im.lines[i].id, id) }); met {
			twice(im.order[at], i)
		}
	}
}

// yearOfDates stands until the dates of a file are read.
const yearOfDates = fiscal.Year(math.MinInt16)

func twiceOver(row int) *cellFault {
	return &cellFault{"repeated-id", "an id names one row, and row " + strconv.Itoa(row) + " has it already", "give one of the rows another id, or delete it if it is there twice"}
}

// readLineDates reads the dates of one table's lines. Few differ, so each is
// read once.
func (im *Import) readLineDates(t *table, texts []string, lines []line, firstDetail int) {
	details := im.details[firstDetail:]
	order, err := fiscal.Order(func(yield func(string) bool) {
		for _, text := range texts {
			if text != "" && !yield(text) {
				return
			}
		}
		for _, d := range details {
			if d.starts != "" && !yield(d.starts) || d.ends != "" && !yield(d.ends) {
				return
			}
		}
	})
	t.order = order
	mixed, _ := err.(*fiscal.Unreadable)
	parse := func(text string) (fiscal.Date, *cellFault) {
		if text == "" {
			return 0, nil
		}
		if mixed != nil && strings.HasPrefix(text, strings.TrimSuffix(mixed.Text, "…")) {
			return 0, &cellFault{mixed.Code, "the dates of one file are written one way", mixed.Remedy}
		}
		d, err := fiscal.ParseDateAs(text, order)
		if err != nil {
			return 0, dateFault(err)
		}
		return d, nil
	}
	dates, wrong := make([]fiscal.Date, len(texts)), make([]*cellFault, len(texts))
	for i, text := range texts {
		dates[i], wrong[i] = parse(text)
	}
	for i := range details {
		d := &details[i]
		from, f := parse(d.starts)
		if f != nil {
			im.fault(t, d.row, "starts", d.starts, f)
		}
		to, g := parse(d.ends)
		if g != nil {
			im.fault(t, d.row, "ends", d.ends, g)
		}
		if f == nil && g == nil && from != 0 && to != 0 && to < from {
			im.fault(t, d.row, "ends", d.ends, &cellFault{"dates-order", "the last day comes before the first", "mend one of the two"})
		}
		d.starts, d.ends = from.String(), to.String()
	}
	for i := range lines {
		n := &lines[i]
		at := n.on
		if f := wrong[at]; f != nil {
			im.fault(t, int(n.row), "agreed_on", texts[at], f)
		}
		n.on = dates[at]
		if n.year == yearOfDates {
			d := im.details[n.detail]
			from, _ := fiscal.ParseDate(d.starts)
			to, _ := fiscal.ParseDate(d.ends)
			if n.year = fiscal.YearOf(from); fiscal.YearOf(to) != n.year {
				n.year = fiscal.Term
			}
		}
	}
}
