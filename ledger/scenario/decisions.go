package scenario

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// working turns decisions into what they come to on a book: cells of the grid,
// money carried to another year, and services amended. Each decision starts
// from what those before it left.
type working struct {
	v          *ledger.View
	next, last fiscal.Year
	cells      map[place]*aim
	carries    []decide.Carry
	carriedBy  []int
	services   map[string]*amended
	refused    []Refused
}

// place is a cell: an award's money on a service in a year.
type place struct {
	award, service string
	year           fiscal.Year
}

// aim is what is to be in a cell, and the change that said so last.
type aim struct {
	was, to         money.Pence
	objective, area string
	by              int
}

// amended is a service's record with the cells that change.
type amended struct {
	rec   ledger.Record
	cells map[string]string
}

func (a *amended) get(column string) string {
	if text, changed := a.cells[column]; changed {
		return text
	}
	return a.rec.Get(column)
}

func newWorking(v *ledger.View, next, last fiscal.Year) *working {
	return &working{v: v, next: next, last: last, cells: map[place]*aim{}, services: map[string]*amended{}}
}

func (w *working) at(award, service string, y fiscal.Year) *aim {
	here := place{award, service, y}
	one := w.cells[here]
	if one == nil {
		held, _ := decide.Held(w.v.Book, award, service, y)
		one = &aim{was: held, to: held, by: -1}
		w.cells[here] = one
	}
	return one
}

func (w *working) amend(service string) *amended {
	a := w.services[service]
	if a == nil {
		r, _ := w.v.Book.Record("services", service)
		a = &amended{r, map[string]string{}}
		w.services[service] = a
	}
	return a
}

// by gives the change that said last what is to be where a step goes; −1: none.
func (w *working) by(s decide.Step) int {
	at := -1
	for _, service := range []string{s.From, s.To} {
		if one := w.cells[place{s.Award, service, s.Year}]; service != "" && one != nil {
			at = max(at, one.by)
		}
	}
	return at
}

func (w *working) refuse(c Change, err error) { w.refused = append(w.refused, Refused{c, err}) }

// take adds one decision, the nth of its scenario.
func (w *working) take(n int, c Change) {
	if err := c.Check(w.v.Book); err != nil {
		w.refuse(c, err)
		return
	}
	switch c.Kind {
	case MoneyPut:
		for _, y := range c.years() {
			one := w.at(c.Award, c.Service, y)
			one.to, one.objective, one.area, one.by = c.Amount, c.Objective, c.Area, n
		}
	case MoneyMoved:
		for _, y := range c.years() {
			from, to := w.at(c.Award, c.Service, y), w.at(c.Award, c.ToService, y)
			if from.to < c.Amount {
				w.refuse(c, &ledger.Short{Account: ledger.Account{Stage: ledger.Allocated, Award: c.Award, Year: y, Service: c.Service}, Name: w.v.AwardName(c.Award), Holds: from.to, Asks: c.Amount})
				continue
			}
			sum, err := to.to.Add(c.Amount)
			if err != nil {
				w.refuse(c, err)
				continue
			}
			from.to, to.to, from.by, to.by = from.to-c.Amount, sum, n, n
		}
	case AwardMoved:
		if c.Year == fiscal.Term && len(w.v.Figures(c.Award, fiscal.Term)) == 0 { // there is no such money
			w.refuse(c, &decide.Needs{Register: "changes", ID: c.ID, Column: "year"})
			return
		}
		w.carries, w.carriedBy = append(w.carries, decide.Carry{Award: c.Award, From: c.Year, To: c.ToYear, Amount: c.Amount}), append(w.carriedBy, n)
	case ServiceStops:
		w.stop(n, c)
	case ServiceResized:
		w.resize(c)
	case ServiceMerged:
		w.merge(n, c)
	}
}

// from is the year a change holds from.
func (w *working) from(c Change) fiscal.Year {
	if c.Year == 0 {
		return w.next
	}
	return c.Year
}

// cost gives what a service is stated to cost in a year, with what is amended;
// carried gives what was stated last before it, where nothing is for the year.
func (w *working) cost(service string, y fiscal.Year) (gross money.Amount, stated bool) {
	switch text := w.amend(service).get(y.String()); text {
	case "":
		return money.Unknown, false
	case "?":
		return money.Unknown, true
	default:
		p, err := money.ParsePence(text)
		if err != nil {
			return money.Unknown, true
		}
		return money.Known(p), true
	}
}

func (w *working) carried(service string, y fiscal.Year) money.Amount {
	for _, one := range slices.Backward(w.costYears(service)) {
		if one <= y {
			gross, _ := w.cost(service, one)
			return gross
		}
	}
	return money.Unknown
}

// costYears lists the years a service's cost is stated for, with what is
// amended.
func (w *working) costYears(service string) []fiscal.Year {
	a := w.amend(service)
	texts := map[string]bool{}
	for _, v := range a.rec.Values {
		texts[v.Column] = true
	}
	for column := range a.cells {
		texts[column] = true
	}
	var years []fiscal.Year
	for column := range texts {
		if y := year(column); y != 0 && a.get(column) != "" {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	return years
}

// income is what a service takes in fees; a blank is none.
func (w *working) income(service string) money.Amount {
	switch text := w.amend(service).get("income"); text {
	case "":
		return money.Known(0)
	default:
		p, err := money.ParsePence(text)
		if err != nil {
			return money.Unknown
		}
		return money.Known(p)
	}
}

// held lists the cells in which a service has money from a year on, or is to
// have; money of awards' whole terms is of no year.
func (w *working) held(service string, from fiscal.Year) []place {
	met := map[place]bool{}
	for _, h := range w.v.Holdings(service) {
		if h.Year >= from && h.Year != fiscal.Term {
			met[place{w.v.Name(h.Award), service, h.Year}] = true
		}
	}
	for here := range w.cells {
		if here.service == service && here.year >= from {
			met[here] = true
		}
	}
	return slices.SortedFunc(maps.Keys(met), comparePlaces)
}

func comparePlaces(x, y place) int {
	return cmp.Or(cmp.Compare(x.award, y.award), cmp.Compare(x.year, y.year), cmp.Compare(x.service, y.service))
}

// leave takes money off a cell down to what is to be kept, but no further than
// what is promised, spent or a board's. What must stay is named.
func (w *working) leave(n int, c Change, here place, keep money.Pence) (off money.Pence) {
	one := w.at(here.award, here.service, here.year)
	_, boards := decide.Held(w.v.Book, here.award, here.service, here.year)
	bound := boards
	for _, stage := range []ledger.Stage{ledger.Committed, ledger.Paid} {
		bound += w.v.Balance(ledger.Account{Stage: stage, Award: here.award, Year: here.year, Service: here.service})
	}
	keep = min(keep, one.to)
	if stays := min(bound, one.to); stays > keep {
		if boards > keep {
			w.refuse(c, &decide.BoardMoney{Cell: decide.Cell{Award: here.award, Service: here.service, Year: here.year, Was: one.was, To: keep}, Board: boards})
		} else {
			w.refuse(c, &ledger.Short{Account: ledger.Account{Stage: ledger.Allocated, Award: here.award, Year: here.year, Service: here.service}, Name: w.v.AwardName(here.award), Holds: one.to - stays, Asks: one.to - keep})
		}
		keep = stays
	}
	if off = one.to - keep; off != 0 {
		one.to, one.by = keep, n
	}
	return off
}

// stop ends a service from a day: the year keeps the share of its cost and of
// its money that its months have, and later years keep nothing.
func (w *working) stop(n int, c Change) {
	s, _ := w.v.Service(c.Service)
	a, first := w.amend(c.Service), fiscal.YearOf(c.Date)
	last := c.Date.AddDays(-1)
	if !s.Ends.IsZero() && s.Ends <= last {
		w.refuse(c, &decide.Unchanged{})
		return
	}
	of, left := fiscal.MonthsOf(fiscal.ThroughTo(s.Starts, s.Ends), first), fiscal.MonthsOf(fiscal.ThroughTo(s.Starts, last), first)
	if fiscal.YearOf(last) != first {
		left = 0
	}
	to := share(left, of)
	for _, here := range w.held(c.Service, first) {
		keep := money.Pence(0)
		if here.year == first {
			keep = to.Of(w.at(here.award, here.service, here.year).to)
		}
		w.leave(n, c, here, keep)
	}
	for _, y := range w.costYears(c.Service) {
		switch gross, _ := w.cost(c.Service, y); {
		case y < first:
		case y > first || left == 0:
			a.cells[y.String()] = ""
		default: // income too comes in month by month
			p, known := gross.Known()
			income, incomeKnown := w.income(c.Service).Known()
			if known && incomeKnown {
				a.cells[y.String()] = (to.Of(max(p-income, 0)) + min(p, income)).String()
			}
		}
	}
	a.cells["ends"] = last.String()
}

// resize takes a service's cost and capacity to a percentage from a year on.
// Its money and its income stay as they are.
func (w *working) resize(c Change) {
	a, from := w.amend(c.Service), w.from(c)
	to, _ := money.NewShare(int64(c.Percent), 100)
	years := w.costYears(c.Service)
	if !slices.Contains(years, from) {
		years = append(years, from)
	}
	now := map[fiscal.Year]money.Amount{}
	for _, y := range years {
		now[y] = w.carried(c.Service, y)
	}
	for _, y := range years {
		if p, known := now[y].Known(); known && y >= from {
			a.cells[y.String()] = to.Of(p).String()
		}
	}
	if n, err := strconv.Atoi(a.get("capacity")); err == nil {
		a.cells["capacity"] = strconv.Itoa(int(to.Of(money.Pence(n))))
	}
}

// merge makes one service part of another from a year on: its cost, less the
// saving, and all its money go over, and its places are added.
func (w *working) merge(n int, c Change) {
	from := w.from(c)
	a, b := w.amend(c.Service), w.amend(c.ToService)
	left := share(100-c.Percent, 100)
	years := append(w.costYears(c.Service), w.costYears(c.ToService)...)
	years = slices.DeleteFunc(append(years, from), func(y fiscal.Year) bool { return y < from })
	slices.Sort(years)
	years = slices.Compact(years)
	sums := map[fiscal.Year]string{}
	for _, y := range years {
		sums[y] = "?"
		gross, known := w.carried(c.Service, y).Known()
		income, incomeKnown := w.income(c.Service).Known()
		theirs, theirsKnown := w.carried(c.ToService, y).Known()
		if sum, err := theirs.Add(left.Of(max(gross-income, 0))); known && incomeKnown && theirsKnown && err == nil {
			sums[y] = sum.String()
		}
	}
	for _, y := range years {
		b.cells[y.String()] = sums[y]
		if a.get(y.String()) != "" {
			a.cells[y.String()] = ""
		}
	}
	a.cells["ends"] = (from - 1).End().String()
	if capacity := b.get("capacity"); capacity != "" {
		m, err := strconv.Atoi(capacity)
		p, err2 := strconv.Atoi(a.get("capacity"))
		b.cells["capacity"] = "?"
		if err == nil && err2 == nil {
			b.cells["capacity"] = strconv.Itoa(m + p)
		}
	}
	for _, here := range w.held(c.Service, from) {
		off := w.leave(n, c, here, 0)
		if off == 0 {
			continue
		}
		to := w.at(here.award, c.ToService, here.year)
		sum, err := to.to.Add(off)
		if err != nil {
			w.refuse(c, err)
			continue
		}
		to.to, to.by = sum, n
	}
}

// together is what it all comes to, ready to be drafted.
func (w *working) together() decide.Together {
	t := decide.Together{Carries: w.carries}
	for _, here := range slices.SortedFunc(maps.Keys(w.cells), comparePlaces) {
		if one := w.cells[here]; one.to != one.was {
			t.Cells = append(t.Cells, decide.Cell{Award: here.award, Service: here.service, Year: here.year, Was: one.was, To: one.to, Objective: one.objective, Area: one.area})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.services)) {
		a := w.services[id]
		for column, text := range a.cells {
			if text == a.rec.Get(column) {
				delete(a.cells, column)
			}
		}
		if len(a.cells) > 0 {
			t.Records = append(t.Records, decide.Amendment{Register: "services", ID: id, Was: decide.Version(w.v.Book, "services", id), Cells: a.cells})
		}
	}
	return t
}
