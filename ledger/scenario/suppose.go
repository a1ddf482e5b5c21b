package scenario

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// suppose lays one change of the world.
func (l *layer) suppose(c Change) {
	if err := c.Check(l.book); err != nil {
		l.refuse(c, err)
		return
	}
	if c.Kind == Prices {
		l.price(c)
		return
	}
	d := l.draft()
	var err error
	switch c.Kind {
	case AwardCut:
		err = l.cut(d, c)
	case AwardEnds, AwardDelayed:
		err = l.shorten(d, c)
	case AwardRenewed:
		err = l.renew(d, c)
	case StreamMerged:
		err = l.merge(d, c)
	case CoreAdded:
		err = l.add(d, c)
	}
	if err != nil {
		l.refuse(c, err)
		return
	}
	l.seal(d)
}

// price assumes a rate in place of those recorded that it speaks of.
func (l *layer) price(c Change) {
	rate, _ := money.ParseRate(c.Rate)
	a := &l.laid.Assumptions
	a.Prices = slices.DeleteFunc(slices.Clone(a.Prices), func(p forecast.Price) bool {
		return (c.CostType == "" || strings.EqualFold(strings.TrimSpace(c.CostType), p.CostType)) && (c.Year == 0 || c.Year == p.Year)
	})
	a.Prices = append(a.Prices, forecast.Price{CostType: c.CostType, Year: c.Year, Rate: rate, Low: rate, High: rate, Source: l.Name})
}

// stands gives an award's figure for a year as laid so far.
func (l *layer) stands(d *ledger.Draft, award string, y fiscal.Year) (secured, unsecured funding.Standing) {
	return funding.Stand(d.Book().Figures(award, y), l.asAt)
}

// share is part/of, at most the whole.
func share(part, of int) money.Share {
	s, _ := money.NewShare(int64(min(part, of)), int64(max(of, 1)))
	return s
}

// restate takes an award's figures for a year, secured and not, to a share. A
// figure nobody knows stays unknown.
func (l *layer) restate(d *ledger.Draft, award string, y fiscal.Year, to money.Share) error {
	secured, unsecured := l.stands(d, award, y)
	if p, known := secured.Amount.Known(); secured.Known && known && p != to.Of(p) {
		if err := l.state(d, award, y, to.Of(p), funding.Revised.String()); err != nil {
			return err
		}
	}
	if p, known := unsecured.Amount.Known(); unsecured.Known && known && p != to.Of(p) {
		return l.state(d, award, y, to.Of(p), unsecured.Certainty.String())
	}
	return nil
}

// cut takes so many per cent off an award's figures from a year on. What is
// allocated stays, so that the over-allocation shows.
func (l *layer) cut(d *ledger.Draft, c Change) error {
	from, left := l.from(c), share(100-c.Percent, 100)
	cut := false
	for _, y := range l.book.FigureYears(c.Award) {
		if y != fiscal.Term && y >= from {
			cut = true
			if err := l.restate(d, c.Award, y, left); err != nil {
				return err
			}
		}
	}
	if cut {
		return nil
	}
	return l.unstated(c)
}

// unstated says why an award has no figure to change.
func (l *layer) unstated(c Change) error {
	return &NoFigure{Award: c.Award, Year: l.from(c), Term: len(l.book.Figures(c.Award, fiscal.Term)) > 0}
}

// shorten ends an award early, or starts it late: each year keeps the share of
// its figure and of its allocations that its months have.
func (l *layer) shorten(d *ledger.Draft, c Change) error {
	a, _ := l.book.Award(c.Award)
	kept, column := a.Term, "ends"
	if c.Kind == AwardEnds {
		if !a.Term.From.IsZero() && c.Date < a.Term.From {
			return &decide.BadDate{Column: "date", Date: c.Date, Day: a.Term.From, After: true}
		}
		kept.To = c.Date.AddDays(1)
	} else {
		if last, ends := a.LastDay(); ends && c.Date > last {
			return &decide.BadDate{Column: "date", Date: c.Date, Day: last}
		}
		kept.From, column = c.Date, "starts"
	}
	for _, y := range l.yearsOf(c.Award) {
		of, left := fiscal.MonthsOf(a.Term, y), fiscal.MonthsOf(kept, y)
		if of == 0 {
			of = 12
		}
		if left >= of {
			continue
		}
		to := share(left, of)
		for _, p := range partsOf(l.book.View(l.asAt), c.Award, y) {
			if err := l.release(d, c.Award, y, p, p.amount-to.Of(p.amount)); err != nil {
				return err
			}
		}
		if err := l.restate(d, c.Award, y, to); err != nil {
			return err
		}
	}
	return l.amend(d, "awards", c.Award, map[string]string{column: c.Date.String()})
}

func (l *layer) amend(d *ledger.Draft, register, id string, cells map[string]string) error {
	r, _ := d.Book().Record(register, id)
	return d.Put(decide.Amended(r, cells))
}

// yearsOf lists the financial years an award has figures or allocations in.
func (l *layer) yearsOf(award string) []fiscal.Year {
	years := slices.DeleteFunc(slices.Clone(l.book.FigureYears(award)), func(y fiscal.Year) bool { return y == fiscal.Term })
	if ref, met := l.book.Ref(award); met {
		for _, h := range l.book.View(l.asAt).AllHoldings() {
			if h.Award == ref && h.Year != fiscal.Term {
				years = append(years, h.Year)
			}
		}
	}
	slices.Sort(years)
	return slices.Compact(years)
}

// part is money of an award on a service, by board and by what it is for.
type part struct {
	service, board string
	label          ledger.Label
	amount         money.Pence
}

// partsOf lists what an award has put on services in a year.
func partsOf(v *ledger.View, award string, y fiscal.Year) []part {
	type key struct {
		service, board string
		label          ledger.Label
	}
	of := map[key]money.Pence{}
	ref, met := v.Ref(award)
	if !met {
		return nil
	}
	v.Cells(func(index int, cell ledger.LabelledCell) {
		if cell.Award != ref || cell.Year != y {
			return
		}
		e := v.Entry(index)
		side := e.To
		if cell.Amount < 0 {
			side = e.From
		}
		of[key{side.Service, side.Board, e.Label}] += cell.Amount
	})
	var parts []part
	for k, p := range of {
		if p > 0 {
			parts = append(parts, part{k.service, k.board, k.label, p})
		}
	}
	slices.SortFunc(parts, func(x, y part) int {
		return cmp.Or(cmp.Compare(x.service, y.service), cmp.Compare(x.board, y.board), compareLabels(x.label, y.label))
	})
	return parts
}

func compareLabels(x, y ledger.Label) int {
	return cmp.Or(cmp.Compare(x.Objective, y.Objective), cmp.Compare(x.Area, y.Area), cmp.Compare(x.Element, y.Element), cmp.Compare(x.CostType, y.CostType), cmp.Compare(x.MatchFor, y.MatchFor))
}

// release puts money back with its award, as much of it as is neither promised
// nor spent: the rest is a fact, and is over-allocated.
func (l *layer) release(d *ledger.Draft, award string, y fiscal.Year, p part, amount money.Pence) error {
	free := d.Balance(ledger.Account{Stage: ledger.Allocated, Award: award, Board: p.board, Year: y, Service: p.service})
	if amount = min(amount, free); amount <= 0 {
		return nil
	}
	return d.Release(award, p.service, p.board, y, ledger.Move{Amount: amount, Label: p.label, Effective: l.asAt})
}

// put puts money of an award on a service as a fact of the supposed world: a
// term against it is named, and an award that has too little is over-allocated.
func (l *layer) put(d *ledger.Draft, c Change, award string, y fiscal.Year, p part) error {
	m := ledger.Move{Amount: p.amount, Label: p.label, Effective: l.asAt}
	err := d.Allocate(award, p.service, "", y, m)
	short := (*ledger.Short)(nil)
	switch breach := (*ledger.Breach)(nil); {
	case err == nil:
		return nil
	case errors.As(err, &breach):
		l.note(c, award, p.service, y, err)
	case !errors.As(err, &short):
		return err
	}
	d.AsFound = true
	defer func() { d.AsFound = false }()
	return d.Allocate(award, p.service, "", y, m)
}

// renew lets an award go on for the years shown, with the figure and the
// allocations of its last full year.
func (l *layer) renew(d *ledger.Draft, c Change) error {
	a, _ := l.book.Award(c.Award)
	var level money.Pence
	full := fiscal.Term
	for _, y := range l.book.FigureYears(c.Award) {
		if y == fiscal.Term || fiscal.MonthsOf(a.Term, y) < 12 {
			continue
		}
		if secured, _ := l.stands(d, c.Award, y); secured.Known {
			if p, known := secured.Amount.Known(); known {
				level, full = p, y
			}
		}
	}
	if full == fiscal.Term {
		return l.unstated(c)
	}
	cells := map[string]string{"fate": funding.Renewed.String()}
	if last, ends := a.LastDay(); ends && last < l.last.End() {
		cells["ends"] = l.last.End().String()
	}
	if err := l.amend(d, "awards", c.Award, cells); err != nil {
		return err
	}
	v := l.book.View(l.asAt)
	was := partsOf(v, c.Award, full)
	for y := full + 1; y <= l.last; y++ {
		secured, _ := l.stands(d, c.Award, y)
		now, known := secured.Amount.Known()
		if certainty := funding.Confirmed; !secured.Known || known && now < level {
			if secured.Known {
				certainty = funding.Revised
			}
			if err := l.state(d, c.Award, y, level, certainty.String()); err != nil {
				return err
			}
		}
		// A board's money is decided a year at a time: what goes on is the award's.
		there := map[part]money.Pence{}
		for _, p := range partsOf(v, c.Award, y) {
			there[part{service: p.service, label: p.label}] += p.amount
		}
		for _, p := range was {
			key := part{service: p.service, label: p.label}
			more := p.amount - min(p.amount, there[key])
			there[key] -= p.amount - more
			if p.amount = more; more > 0 {
				if err := l.put(d, c, c.Award, y, p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// merge passes an award's later years to another award, whose terms then rule.
func (l *layer) merge(d *ledger.Draft, c Change) error {
	from, passed := l.from(c), false
	v := l.book.View(l.asAt)
	for _, y := range l.yearsOf(c.Award) {
		if y < from {
			continue
		}
		secured, _ := l.stands(d, c.Award, y)
		theirs, _ := l.stands(d, c.ToAward, y)
		p, known := secured.Amount.Known()
		q, theirsKnown := theirs.Amount.Known()
		var moved []part
		for _, one := range partsOf(v, c.Award, y) {
			one.amount = min(one.amount, d.Balance(ledger.Account{Stage: ledger.Allocated, Award: c.Award, Board: one.board, Year: y, Service: one.service}))
			if one.amount > 0 {
				if err := l.release(d, c.Award, y, one, one.amount); err != nil {
					return err
				}
				moved = append(moved, one)
			}
		}
		if secured.Known && known && p > 0 {
			if theirs.Known && !theirsKnown { // more of an unknown sum is an unknown sum
				q = 0
			} else {
				certainty := funding.Confirmed
				if theirs.Known {
					certainty = funding.Revised
				} else {
					q = 0
				}
				sum, err := p.Add(q)
				if err != nil {
					return err
				}
				if err := l.state(d, c.ToAward, y, sum, certainty.String()); err != nil {
					return err
				}
			}
			if err := l.state(d, c.Award, y, 0, funding.Revised.String()); err != nil {
				return err
			}
			passed = true
		}
		for _, one := range moved {
			passed = true
			if err := l.put(d, c, c.ToAward, y, one); err != nil {
				return err
			}
		}
	}
	if !passed {
		return l.unstated(c)
	}
	return l.amend(d, "awards", c.Award, map[string]string{"fate": funding.MergedInto.String(), "successor": c.ToAward})
}

// add raises an award's figure from a year on.
func (l *layer) add(d *ledger.Draft, c Change) error {
	for y := l.from(c); y <= l.last; y++ {
		secured, _ := l.stands(d, c.Award, y)
		p, known := secured.Amount.Known()
		certainty := funding.Revised
		if !secured.Known {
			p, known, certainty = 0, true, funding.Confirmed
		}
		if !known {
			return l.unstated(c)
		}
		sum, err := p.Add(c.Amount)
		if err != nil {
			return err
		}
		if err := l.state(d, c.Award, y, sum, certainty.String()); err != nil {
			return err
		}
	}
	return nil
}
