package exchange

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// allocator posts allocation lines. What lines have in common is looked up once.
type allocator struct {
	*planner
	id                    []string // of lines that have none of their own
	award, service, board []found  // by word
	objective, area       []found
	oneArea               map[int32]string
	posted                money.Sum
	added                 int
	quick                 bool // no entry stands: all is new
}

type found struct {
	id    string
	known bool
	ghost bool
	split bool // over several labels, or shared by them
	fault *cellFault
}

func (pl *planner) allocator() *allocator {
	n := len(pl.im.words.texts)
	return &allocator{planner: pl, award: make([]found, n), service: make([]found, n), board: make([]found, n), objective: make([]found, n), area: make([]found, n),
		oneArea: map[int32]string{}, quick: pl.book.Sequence() == 0}
}

// look resolves a word once.
func (a *allocator) look(of []found, register string, word int32) *found {
	f := &of[word]
	if !f.known {
		f.known = true
		text := a.im.words.texts[word]
		if text == "" {
			return f
		}
		if register != "objectives" && register != "areas" {
			f.id, f.fault, f.ghost = a.refer(register, text)
			return f
		}
		var wrong *cellFault
		f.id, f.fault = labels(text, func(text string) string {
			id, fault, ghost := a.refer(register, text)
			wrong = cmp.Or(wrong, fault)
			f.ghost = f.ghost || ghost
			return id
		})
		f.fault = cmp.Or(f.fault, wrong)
		f.split = strings.ContainsAny(f.id, ";:")
	}
	return f
}

// order lists the lines by date and id; lines without ids get theirs here.
func (a *allocator) order(undated fiscal.Date) []int32 {
	order := a.im.order
	if len(a.im.nameless) > 0 {
		nameless := slices.Clone(a.im.nameless)
		a.name(nameless)
		order = append(slices.Clone(order), nameless...)
		slices.SortFunc(order, func(i, j int32) int { return strings.Compare(a.lineID(int(i)), a.lineID(int(j))) })
	}
	// Dates are few: count the lines of each, then deal them out in order of id.
	next := map[fiscal.Date]int{}
	kept := 0
	keep := func(n *line) bool {
		return len(a.skip) == 0 || !a.skip[rowKey{a.im.tables[n.table], int(n.row)}]
	}
	for _, i := range order {
		if n := &a.im.lines[i]; keep(n) {
			next[cmp.Or(n.on, undated)]++
			kept++
		}
	}
	at := 0
	for _, on := range slices.Sorted(maps.Keys(next)) {
		next[on], at = at, at+next[on]
	}
	dealt := make([]int32, kept)
	for _, i := range order {
		if n := &a.im.lines[i]; keep(n) {
			on := cmp.Or(n.on, undated)
			dealt[next[on]] = i
			next[on]++
		}
	}
	return dealt
}

// name makes ids for lines that have none: by award, service, board, objective,
// area and year, with a number where there are several.
func (a *allocator) name(blank []int32) {
	if len(blank) == 0 {
		return
	}
	a.id = make([]string, len(a.im.lines))
	for _, i := range blank {
		n := &a.im.lines[i]
		a.id[i] = strings.Join([]string{a.look(a.award, "awards", n.award).id, a.look(a.service, "services", n.service).id, a.look(a.board, "boards", n.board).id,
			a.look(a.objective, "objectives", n.objective).id, a.look(a.area, "areas", n.area).id, n.year.String()}, "/")
	}
	slices.SortFunc(blank, func(i, j int32) int {
		x, y := &a.im.lines[i], &a.im.lines[j]
		return cmp.Or(strings.Compare(a.id[i], a.id[j]), cmp.Compare(x.amount, y.amount), cmp.Compare(x.on, y.on), cmp.Compare(x.is, y.is), cmp.Compare(x.row, y.row))
	})
	last, times := "", 0
	for _, i := range blank {
		if a.id[i] == last {
			times++
			a.id[i] += "#" + strconv.Itoa(times)
			continue
		}
		last, times = a.id[i], 1
	}
}

func (a *allocator) lineID(i int) string {
	n := &a.im.lines[i]
	if n.id == "" {
		return a.id[i]
	}
	if n.is&wide == 0 {
		return n.id
	}
	return n.id + "/" + n.year.String()
}

// lineOf is the id a line stands under: a row may come by year in one file and
// with a column for each year in the next.
func (a *allocator) lineOf(i int) string {
	id := a.lineID(i)
	n := &a.im.lines[i]
	if a.quick || n.id == "" || a.stands(id, n.year) {
		return id
	}
	other := n.id
	if n.is&wide == 0 {
		other = n.id + "/" + n.year.String()
	}
	if a.stands(other, n.year) {
		return other
	}
	return id
}

func (a *allocator) stands(id string, year fiscal.Year) bool {
	for _, i := range a.book.Standing(ledger.Allocation, id) {
		if a.book.Entry(i).To.Year == year {
			return true
		}
	}
	rec, ok := a.book.Record("allocations", id)
	return ok && rec.Get("year") == year.String()
}

// allocate posts one line.
func (a *allocator) allocate(i int) {
	n := &a.im.lines[i]
	t := a.im.tables[n.table]
	award, service, board := a.look(a.award, "awards", n.award), a.look(a.service, "services", n.service), a.look(a.board, "boards", n.board)
	objective, area := a.look(a.objective, "objectives", n.objective), a.look(a.area, "areas", n.area)
	if award.fault != nil || service.fault != nil || board.fault != nil || objective.fault != nil || area.fault != nil {
		for _, f := range []struct {
			column string
			word   int32
			found  *found
		}{{"award", n.award, award}, {"service", n.service, service}, {"board", n.board, board}, {"objective", n.objective, objective}, {"area", n.area, area}} {
			if f.found.fault != nil {
				a.fault(t, int(n.row), f.column, a.im.words.texts[f.word], f.found.fault)
			}
		}
		return
	}
	if award.ghost || service.ghost || board.ghost || objective.ghost || area.ghost {
		return
	}
	areas := area.id
	if n.area == 0 {
		one, met := a.oneArea[n.service]
		if !met {
			if s, _ := a.draft.Book().Service(service.id); len(s.Areas) == 1 {
				one = s.Areas[0]
			}
			a.oneArea[n.service] = one
		}
		areas = one
	}
	d := &a.im.details[n.detail]
	line := a.lineOf(i)
	m := ledger.Move{Amount: n.amount, Line: line, Effective: n.on, Row: int(n.row),
		Label: ledger.Label{Objective: objective.id, Area: areas, Element: d.element, CostType: d.costType, MatchFor: d.matchFor}}
	simple := n.is&^wide == 0 && d.percent == "" && d.starts == "" && !objective.split && !area.split
	if a.quick && simple && n.amount > 0 {
		if err := a.draft.Allocate(award.id, service.id, board.id, n.year, m); err != nil {
			a.refused(t, int(n.row), err)
			return
		}
		a.added++
		a.posted.AddPence(n.amount)
		return
	}
	a.allocateAtLength(t, n, line, award.id, service.id, board.id, m, simple)
}

// allocateAtLength is allocate for a line that entries alone cannot say, or
// that may stand already.
func (a *allocator) allocateAtLength(t *table, n *line, line, award, service, board string, m ledger.Move, simple bool) {
	d := &a.im.details[n.detail]
	stands, recorded := a.book.Record("allocations", line)
	amount := money.Known(n.amount)
	if n.is&unknownAmount != 0 {
		amount = money.Unknown
	}
	if d.percent != "" && amount == money.Known(0) {
		amount = a.percentOf(d.percent, award, n.year, stands)
	}
	state := "agreed"
	switch {
	case n.is&isProposed != 0:
		state = "proposed"
	case n.is&isWithdrawn != 0:
		state = "withdrawn"
	}
	before := a.faults.total
	recordChanged := false
	if (!simple || recorded) && n.is&noAmount == 0 {
		rec := ledger.Record{Register: "allocations", ID: line}
		for _, v := range []ledger.Value{{Column: "award", Text: award}, {Column: "service", Text: service}, {Column: "objective", Text: m.Label.Objective}, {Column: "area", Text: m.Label.Area},
			{Column: "element", Text: d.element}, {Column: "cost_type", Text: d.costType}, {Column: "match_for", Text: d.matchFor}, {Column: "board", Text: board},
			{Column: "agreed_on", Text: n.on.String()}, {Column: "state", Text: state}, {Column: "year", Text: n.year.String()}, {Column: "amount", Text: amount.String()},
			{Column: "starts", Text: d.starts}, {Column: "ends", Text: d.ends}, {Column: "percent", Text: d.percent}} {
			if v.Text != "" {
				rec.Values = append(rec.Values, v)
			}
		}
		if !slices.Equal(rec.Values, stands.Values) {
			a.lineRecords = append(a.lineRecords, rec)
			recordChanged = true
			if recorded {
				for _, column := range differing(stands, rec) {
					a.differs("allocations", line, column, stands.Get(column), rec.Get(column))
				}
			}
		}
	}
	var wants []want
	if p, known := amount.Known(); known && p > 0 && state == "agreed" && n.is&noAmount == 0 {
		cells, err := ledger.Cells(p, m.Label.Objective, m.Label.Area)
		if err != nil {
			a.refused(t, int(n.row), err)
			return
		}
		for _, c := range cells {
			label := m.Label
			label.Objective, label.Area = c.Objective, c.Area
			wants = append(wants, want{award, service, board, n.year, c.Amount, label, n.on, n.on != 0})
		}
		a.posted.AddPence(p)
	}
	if amount.IsUnknown() && state == "agreed" {
		a.posted.Add(money.Unknown)
	}
	added, same, changed := a.Added["allocations"], a.Same["allocations"], len(a.Changed["allocations"])
	a.settle(t, int(n.row), "allocations", line, ledger.Allocation, wants, func(w want) error {
		m.Amount, m.Label = w.amount, w.label
		return a.draft.Allocate(award, service, board, w.year, m)
	})
	if a.faults.total > before {
		return
	}
	if recordChanged && len(a.Changed["allocations"]) == changed {
		a.Added["allocations"], a.Same["allocations"] = added, same
		if recorded {
			a.Changed["allocations"] = append(a.Changed["allocations"], line)
		} else {
			a.Added["allocations"]++
		}
	}
	if n.is&noAmount != 0 && a.Same["allocations"] > same {
		a.Same["allocations"]-- // a blank where nothing stands is nothing
	}
}

// percentOf works a share of the year's figure out, once: what it came to is
// kept on the record, and a later figure does not change it.
func (a *allocator) percentOf(percent, award string, year fiscal.Year, stands ledger.Record) money.Amount {
	if stands.Get("percent") == percent && stands.Get("amount") != "" && stands.Get("award") == award {
		if p, err := money.ParsePence(stands.Get("amount")); err == nil {
			return money.Known(p)
		}
	}
	secured, _ := funding.Stand(a.draft.Book().Figures(award, year), math.MaxInt32)
	figure, known := secured.Amount.Known()
	share, err := money.ParseShare(percent)
	if !known || !secured.Known || err != nil {
		return money.Unknown
	}
	return money.Known(share.Of(figure))
}
