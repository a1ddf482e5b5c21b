package exchange

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

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

// allocations takes the rows of an allocations table straight into lines: there
// may be a million, so no row is kept as text. Dates are read at the end, when
// it is known how the file writes them.
func (im *Import) allocations(t *table) (func(sheet.Row) error, func()) {
	c := t.layout.cells()
	register := t.layout.register
	dates := newWords()
	firstLine, firstDetail := len(im.lines), len(im.details)
	seenDetails := map[detail]int32{}
	years := map[string]fiscal.Year{}
	states := map[string]lineIs{"": 0}
	total := im.Totals["allocations"]
	tableNo := int16(len(im.tables) - 1)
	var yearCells []int
	for i, y := range t.layout.years {
		if y != fiscal.Term {
			yearCells = append(yearCells, i)
		}
	}
	done := 0
	take := func(in sheet.Row) error {
		cell := func(i int) string {
			if i < 0 || i >= len(in.Cells) || in.Cells[i] == "-" || in.Cells[i] == "–" {
				return ""
			}
			return in.Cells[i]
		}
		if done++; im.opt.Progress != nil && done%(1<<16) == 0 {
			im.opt.Progress(done, 0)
		}
		id, award, service := cell(c.id), cell(c.award), cell(c.service)
		if isExample(id) {
			return nil
		}
		if award == "" && service == "" {
			for _, text := range in.Cells {
				if saysTotal(text) {
					im.note(t, sheet.Problem{Row: in.Number, Code: "total-row", Rule: "a row of totals is not read: Braid adds up for itself"})
					return nil
				}
			}
		}
		im.Counts["allocations"]++
		good := true
		bad := func(column, found string, f *cellFault) {
			im.fault(t, in.Number, column, found, f)
			good = false
		}
		for _, need := range [2]struct{ name, text string }{{"award", award}, {"service", service}} {
			if need.text == "" {
				bad(need.name, "", &cellFault{"required", "allocations need a " + need.name + " in every row", "fill it in, or delete the row"})
			}
		}
		n := line{row: int32(in.Number), table: tableNo}
		if id != "" {
			n.id = strings.Clone(id)
			if f := badID(id); f != nil {
				bad("id", id, f)
			}
		}
		n.award, n.service, n.board = im.words.no(award), im.words.no(service), im.words.no(cell(c.board))
		n.objective, n.area = im.words.no(cell(c.objective)), im.words.no(cell(c.area))
		n.on = fiscal.Date(dates.no(cell(c.agreedOn)))
		state, known := states[cell(c.state)]
		if !known && cell(c.state) != "" {
			word, f := chosen(register.Column("state"), cell(c.state))
			switch {
			case f != nil:
				bad("state", cell(c.state), f)
			case word == "proposed":
				state = isProposed
			case word == "withdrawn":
				state = isWithdrawn
			}
			if f == nil {
				states[strings.Clone(cell(c.state))] = state
			}
		}
		n.is = state
		d := detail{element: cell(c.element), costType: cell(c.costType), matchFor: cell(c.matchFor), starts: cell(c.starts), ends: cell(c.ends)}
		if text := cell(c.percent); text != "" {
			var f *cellFault
			if d.percent, f = percent(text); f != nil {
				bad("percent", text, f)
			}
		}
		if d != (detail{}) {
			no, met := seenDetails[d]
			if !met {
				d = detail{strings.Clone(d.element), strings.Clone(d.costType), strings.Clone(d.matchFor), strings.Clone(d.percent), strings.Clone(d.starts), strings.Clone(d.ends), 0}
				no = int32(len(im.details))
				seenDetails[d] = no
				d.row = in.Number
				im.details = append(im.details, d)
			}
			n.detail = no
		}
		amount, given, err := money.Parse(cell(c.amount), money.NotNegative)
		if err != nil {
			bad("amount", cell(c.amount), amountFault(err))
			return nil
		}
		spread := false
		for _, i := range yearCells {
			spread = spread || cell(i) != ""
		}
		says := cell(c.year)
		switch {
		case spread && (given || says != "" || d.percent != "" || d.starts != "" || d.ends != ""):
			bad("amount", cell(c.amount), &cellFault{"amount-twice", "the row says its amount twice: in a column of a year, and by year, amount, dates or percent", "keep one of the two"})
			return nil
		case !spread && !given && d.percent == "":
			if len(yearCells) == 0 || says != "" || d.starts != "" {
				bad("amount", "", &cellFault{"amount-none", "the row has no amount", "write an amount, 0 for nothing, or ? if it is not known"})
				return nil
			}
			spread = true // years left blank: nothing is put on the service
		}
		if spread {
			n.is |= wide
			for _, i := range yearCells {
				amount, given, err := money.Parse(cell(i), money.NotNegative)
				if err != nil {
					bad(t.layout.years[i].String(), cell(i), amountFault(err))
					continue
				}
				one := n
				one.year = t.layout.years[i]
				if one.amount, known = amount.Known(); !given {
					one.is |= noAmount
				} else if !known {
					one.is |= unknownAmount
				}
				if good {
					im.lines = append(im.lines, one)
					if given {
						total.Add(amount)
					}
				}
			}
			return nil
		}
		switch {
		case says != "":
			y, met := years[says]
			if !met && !isTerm(says) {
				var f *cellFault
				if y, f = year(says); f != nil {
					bad("year", says, f)
				} else {
					years[strings.Clone(says)] = y
				}
			}
			n.year = y
		case d.starts == "" || d.ends == "":
			bad("year", "", &cellFault{"year-none", "an amount is for a financial year, for dates, or for the whole term", "write a year such as 2026-27, or term, or both starts and ends"})
		default:
			n.year = yearOfDates // known when the dates are
		}
		if n.amount, known = amount.Known(); !known {
			n.is |= unknownAmount
		}
		if given {
			total.Add(amount)
		}
		if good {
			im.lines = append(im.lines, n)
		}
		return nil
	}
	put, wait := inBatches(take)
	finish := func() {
		wait()
		im.Totals["allocations"] = total
		im.readLineDates(t, dates.texts, im.lines[firstLine:], firstDetail)
	}
	return put, finish
}

const batchRows = 1024

// inBatches lets rows be taken while the next are still being read.
func inBatches(take func(sheet.Row) error) (put func(sheet.Row) error, wait func()) {
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
				_ = take(r) // it gathers problems and never stops
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
