package exchange

import (
	"math"
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
			key := strings.ToLower(n.id)
			if before, twice := im.ids[key]; twice {
				bad("id", id, twiceOver(int(before)))
			} else {
				im.ids[key] = n.row
			}
		}
		n.award, n.service, n.board = im.words.no(award), im.words.no(service), im.words.no(cell(c.board))
		for _, label := range [2]struct {
			to   *int32
			name string
			at   int
		}{{&n.objective, "objective", c.objective}, {&n.area, "area", c.area}} {
			text := cell(label.at)
			if strings.ContainsAny(text, ";:") {
				if _, f := labels(text, func(id string) string { return id }); f != nil {
					bad(label.name, text, f)
				}
			}
			*label.to = im.words.no(text)
		}
		n.on = fiscal.Date(dates.no(cell(c.agreedOn)))
		state, known := states[cell(c.state)]
		if !known {
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
	finish := func() {
		im.Totals["allocations"] = total
		im.readLineDates(t, dates.texts, im.lines[firstLine:], firstDetail)
	}
	return take, finish
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
