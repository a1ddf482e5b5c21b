package report

import (
	"cmp"
	"maps"
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Monitoring says whether services spend what was planned in a year: money
// allocated and spent in the year, not money for the whole term of an award.
type Monitoring struct {
	Year    fiscal.Year
	SpentTo fiscal.Date // the day of the last spend; 0: none yet
	To      fiscal.Date // the last day of the months that a budget to date counts
	Months  int
	Rows    []Monitored
	Spent   Monitored // all rows: expenditure
	Income  Monitored // fees and charges, as less than nought
	Net     Monitored
}

// Monitored is a service's budget, spend and forecast. What nobody forecast is
// not known.
type Monitored struct {
	Service           string
	Original, Revised money.Sum
	ToDate            money.Sum
	Profiled          bool // the budget to date is stated, not a share of the months
	Actual, Forecast  money.Sum
	Comment           string
	Outturns          []string // the records that state a budget to date or a forecast
}

// OverToDate is what was spent beyond the budget to date; under is less than
// nought.
func (m Monitored) OverToDate() money.Sum { return less(m.Actual, m.ToDate) }

// Over is by how much the forecast goes beyond the revised budget.
func (m Monitored) Over() money.Sum { return less(m.Forecast, m.Revised) }

// less is a difference: with a part unknown it is not known.
func less(a, b money.Sum) money.Sum {
	var d money.Sum
	if a.State() != money.Exact || b.State() != money.Exact {
		d.Add(money.Unknown)
		return d
	}
	d.AddPence(a.Pence())
	d.AddPence(b.Pence().Neg())
	return d
}

// MonitoringOf asks for it.
type MonitoringOf struct {
	Year     fiscal.Year
	Only     ledger.Filter             // narrows the money, to a board's for one
	Sees     func(service string) bool // nil: all
	Position func([]ledger.Dimension, ledger.Filter) ledger.Position
	Original []ledger.Proof // what OriginalBudget gives; nil: worked out
}

// NewMonitoring compares budget, spend and forecast by service.
func NewMonitoring(v *ledger.View, ask MonitoringOf) *Monitoring {
	if ask.Position == nil {
		ask.Position = v.Position
	}
	if ask.Original == nil {
		ask.Original = OriginalBudget(v, ask.Year)
	}
	m := &Monitoring{Year: ask.Year}
	m.reckon(v)
	rows := map[string]*Monitored{}
	row := func(service string) *Monitored {
		if rows[service] == nil {
			rows[service] = &Monitored{Service: service}
		}
		return rows[service]
	}
	only := ledger.Filter{ledger.ByYear: ask.Year.String()}
	maps.Copy(only, ask.Only)
	for _, r := range ask.Position([]ledger.Dimension{ledger.ByService}, only).Rows {
		one := row(r.Key[0])
		one.Revised, one.Actual = r.Sums[ledger.AllocatedTo], r.Sums[ledger.PaidOut]
	}
	for _, p := range ask.Original {
		to := v.Entry(p.Index).To
		if board, given := ask.Only[ledger.ByBoard]; !given || board == to.Board {
			row(to.Service).Original.AddPence(p.Amount)
		}
	}
	_, narrowed := ask.Only[ledger.ByBoard]
	stated := map[string][]ledger.Record{}
	if !narrowed { // a forecast is of the whole service
		stated = outturns(v, ask.Year)
	}
	for service := range stated {
		row(service)
	}
	for id, one := range rows {
		s, known := v.Service(id)
		if !known || ask.Sees != nil && !ask.Sees(id) {
			continue
		}
		m.state(one, stated[id])
		m.Rows = append(m.Rows, *one)
		if !narrowed && s.RunsIn(ask.Year) { // a board's money has no income beside it
			m.Income.Revised.Add(negative(s.Income))
		}
		m.Spent.add(*one)
	}
	m.Income.Original = m.Income.Revised
	m.Income.ToDate = m.straight(m.Income.Revised)
	if !m.Income.Revised.IsNought() { // no register holds what was taken
		m.Income.Actual.Add(money.Unknown)
		m.Income.Forecast.Add(money.Unknown)
	}
	m.Net.add(m.Spent)
	m.Net.add(m.Income)
	slices.SortFunc(m.Rows, func(a, b Monitored) int {
		return cmp.Or(cmp.Compare(v.ServiceName(a.Service), v.ServiceName(b.Service)), cmp.Compare(a.Service, b.Service))
	})
	return m
}

func negative(a money.Amount) money.Amount {
	if p, known := a.Known(); known {
		return money.Known(p.Neg())
	}
	return a
}

func (m *Monitored) add(o Monitored) {
	m.Original.Merge(o.Original)
	m.Revised.Merge(o.Revised)
	m.ToDate.Merge(o.ToDate)
	m.Actual.Merge(o.Actual)
	m.Forecast.Merge(o.Forecast)
}

// reckon finds up to which month the year can be compared: that of the last
// spend or the last closed month, whichever is later; where there is neither,
// the months that have ended.
func (m *Monitoring) reckon(v *ledger.View) {
	v.OfKind(ledger.Payment, func(_ int, e ledger.Entry) {
		if fiscal.YearOf(e.Effective) == m.Year {
			m.SpentTo = max(m.SpentTo, e.Effective)
		}
	})
	last := m.SpentTo
	for id, r := range v.Records("periods") {
		first, err := fiscal.ParseDate(id + "-01")
		if err == nil && r.Get("state") == "closed" && fiscal.YearOf(first) == m.Year && first <= v.AsAt {
			last = max(last, first)
		}
	}
	if last == 0 {
		if v.AsAt < m.Year.Start() {
			return
		}
		last = min(v.AsAt.AddDays(1).AddMonths(-1), m.Year.End())
		if last < m.Year.Start() {
			return
		}
	}
	y, month, _ := last.Civil()
	m.Months = (month+8)%12 + 1 // April is the first
	first, _ := fiscal.NewDate(y, month, 1)
	m.To = first.AddMonths(1).AddDays(-1)
}

// straight is the share of a budget that the months counted are of a year.
func (m *Monitoring) straight(budget money.Sum) money.Sum {
	var s money.Sum
	if budget.State() != money.Exact {
		s.Add(money.Unknown)
		return s
	}
	share, _ := money.NewShare(int64(m.Months), 12)
	s.AddPence(share.Of(budget.Pence()))
	return s
}

// state adds what officers stated of a service: the budget to date where every
// record gives one, and the forecast.
func (m *Monitoring) state(one *Monitored, records []ledger.Record) {
	var toDate, forecast money.Sum
	profiled := len(records) > 0
	for _, r := range records {
		if p, err := money.ParsePence(r.Get("budget_to_date")); err == nil {
			toDate.AddPence(p)
		} else {
			profiled = false
		}
		if p, err := money.ParsePence(r.Get("forecast")); err == nil {
			forecast.AddPence(p)
		} else {
			forecast.Add(money.Unknown)
		}
		one.Outturns = append(one.Outturns, r.ID)
		if c := r.Get("comment"); c != "" {
			if one.Comment != "" {
				one.Comment += " "
			}
			one.Comment += c
		}
	}
	if one.Profiled = profiled; profiled {
		one.ToDate = toDate
	} else {
		one.ToDate = m.straight(one.Revised)
	}
	if len(records) == 0 {
		forecast.Add(money.Unknown)
	}
	one.Forecast = forecast
}

// outturns lists the latest record of each service and award of a year, by
// service. A period is the year, or a month like 2026-12, which is later.
func outturns(v *ledger.View, year fiscal.Year) map[string][]ledger.Record {
	type of struct{ service, award string }
	latest := map[of]ledger.Record{}
	whole := func(r ledger.Record) bool { return r.Get("period") == year.String() }
	for _, r := range v.Records("outturns") {
		month, err := fiscal.ParseDate(r.Get("period") + "-01")
		if !whole(r) && (err != nil || fiscal.YearOf(month) != year || month > v.AsAt) {
			continue
		}
		key := of{r.Get("service"), r.Get("award")}
		now, met := latest[key]
		if !met || whole(now) || !whole(r) && r.Get("period") > now.Get("period") {
			latest[key] = r
		}
	}
	by := map[string][]ledger.Record{}
	for key, r := range latest {
		by[key.service] = append(by[key.service], r)
	}
	for _, list := range by {
		slices.SortFunc(list, func(a, b ledger.Record) int { return cmp.Compare(a.ID, b.ID) })
	}
	return by
}

// OriginalBudget lists the entries by which money was first put on services in a
// year: of each award and board, the first batch that allocated to the service.
// One that was undone, and not corrected, never was a budget.
func OriginalBudget(v *ledger.View, year fiscal.Year) []ledger.Proof {
	type place struct{ service, award, board string }
	type agreed struct {
		seq   int
		proof []ledger.Proof
	}
	batches := map[place][]agreed{}
	v.OfKind(ledger.Allocation, func(index int, e ledger.Entry) {
		if e.To.Stage != ledger.Allocated || e.To.Year != year || e.Reverses != (ledger.EntryID{}) {
			return
		}
		at := place{e.To.Service, e.To.Award, e.To.Board}
		list := batches[at]
		if n := len(list); n == 0 || list[n-1].seq != e.ID.Seq {
			list = append(list, agreed{seq: e.ID.Seq})
		}
		last := &list[len(list)-1]
		last.proof = append(last.proof, ledger.Proof{Index: index, Amount: e.Amount})
		batches[at] = list
	})
	var proof []ledger.Proof
	for _, list := range batches {
		for _, batch := range list {
			stood := slices.ContainsFunc(batch.proof, func(p ledger.Proof) bool {
				by, reversed := v.ReversedBy(p.Index)
				return !reversed || slices.ContainsFunc(list, func(a agreed) bool { return a.seq == by.Seq })
			})
			if stood {
				proof = append(proof, batch.proof...)
				break
			}
		}
	}
	slices.SortFunc(proof, func(a, b ledger.Proof) int { return a.Index - b.Index })
	return proof
}
