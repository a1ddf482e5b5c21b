package exchange

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// statements turns the amounts on an award's row into figures.
func (pl *planner) statements(r *row, award string) {
	if pl.ids[r] == "" {
		return
	}
	state := func(year, amount string) {
		if amount == "" {
			return
		}
		f := ledger.Record{Register: "figures", ID: strings.TrimRight(award+"/"+year+"/"+r.get("stated_on"), "/"),
			Values: []ledger.Value{{Column: "award", Text: award}, {Column: "year", Text: year}, {Column: "amount", Text: amount}}}
		for _, column := range []string{"certainty", "stated_on", "said_by", "valid_until", "source"} {
			if text := r.get(column); text != "" {
				f.Values = append(f.Values, ledger.Value{Column: column, Text: text})
			}
		}
		pl.figure(r, pl.withCertainty(r, f))
	}
	for _, y := range r.years {
		state(y.year.String(), y.text)
	}
	state("term", r.get("amount"))
}

const certaintyOffer = "No certainty is given for the figures of a file without that column, so they read as confirmed. Add the column to tell firm money from hoped-for money."

// withCertainty reads a figure as confirmed where its file has no column of
// certainty at all; a blank cell in one secures nothing.
func (pl *planner) withCertainty(r *row, f ledger.Record) ledger.Record {
	if f.Get("certainty") != "" || r.has("certainty") {
		return f
	}
	if !r.made && !slices.Contains(pl.Offers, certaintyOffer) {
		pl.Offers = append(pl.Offers, certaintyOffer)
	}
	f.Values = withValue(f.Values, "figures", ledger.Value{Column: "certainty", Text: "confirmed"})
	return f
}

// figure states an award's figure, in its turn.
func (pl *planner) figure(r *row, f ledger.Record) {
	key := rowKey{r.table, r.number}
	if pl.ids[r] == "" || pl.faults.rows[key] {
		return
	}
	if err := f.Check(); err != nil {
		pl.refused(r.table, r.number, err)
		return
	}
	if pl.seen["figures"][f.ID] {
		pl.fault(r.table, r.number, "id", f.ID, &cellFault{"repeated-figure", "this figure is stated twice", "keep one of the two, or give them different dates"})
		return
	}
	pl.see("figures", f.ID)
	_, there := pl.book.Record("figures", f.ID)
	pl.tally("figures", f.Get("amount"))
	if !pl.compare(f) {
		return
	}
	if there && !pl.mayChange(r.table, r.number, f.ID) {
		return
	}
	on, _ := fiscal.ParseDate(f.Get("stated_on"))
	pl.statedLast = max(pl.statedLast, on)
	pl.steps = append(pl.steps, step{on, rankFigure, f.ID, func() {
		if err := pl.draft.State(f, r.number); err != nil {
			pl.refused(r.table, r.number, err)
		}
	}})
}

func (pl *planner) tally(register, amount string) {
	sum := pl.Posted[register]
	if amount == "?" {
		sum.Add(money.Unknown)
	} else if p, err := money.ParsePence(amount); err == nil {
		sum.AddPence(p)
	}
	pl.Posted[register] = sum
}

// mayChange asks for a reason before what stands is replaced.
func (pl *planner) mayChange(t *table, number int, id string) bool {
	if pl.draft.Reason != "" {
		return true
	}
	pl.fault(t, number, "", id, &cellFault{"needs-reason", "this row changes what stands, and a change needs a reason", "give a reason for the import, or put back what stood"})
	return false
}

// want is one entry that a line asks for.
type want struct {
	award, service, board string
	year                  fiscal.Year
	amount                money.Pence
	label                 ledger.Label
	on                    fiscal.Date
	dated                 bool // its date is stated, and counts
}

// meets says that a standing entry is what is wanted.
func (w *want) meets(e *ledger.Entry) bool {
	to := e.To
	if e.Kind == ledger.Delegation || e.Kind == ledger.Transfer {
		to = e.From
		to.Board = e.To.Board
	}
	return e.Amount == w.amount && to.Award == w.award && to.Service == w.service && to.Board == w.board && to.Year == w.year &&
		e.Label == w.label && (!w.dated || e.Effective == w.on)
}

// settle posts what a line asks for and does not have, and takes back what it
// has and no longer asks for.
func (pl *planner) settle(t *table, number int, register, id string, kind ledger.Kind, wants []want, post func(want) error) {
	var gone []int
	if pl.book.Sequence() > 0 {
		pl.see(register, id)
		for _, i := range pl.book.Standing(kind, id) {
			e := pl.book.Entry(i)
			if at := slices.IndexFunc(wants, func(w want) bool { return w.meets(&e) }); at >= 0 {
				wants = slices.Delete(slices.Clone(wants), at, at+1)
			} else {
				gone = append(gone, i)
			}
		}
	}
	anew := func() error {
		for _, w := range wants {
			if err := post(w); err != nil {
				return err
			}
		}
		return nil
	}
	var err error
	switch {
	case len(gone) == 0 && len(wants) == 0:
		pl.Same[register]++
		return
	case len(gone) == 0:
		pl.Added[register]++
		err = anew()
	default:
		if !pl.mayChange(t, number, id) {
			return
		}
		pl.Changed[register] = append(pl.Changed[register], id)
		pl.differ(register, id, gone, wants)
		err = pl.draft.Correct(gone, 0, anew)
		var short *ledger.Short
		if errors.As(err, &short) && short.Account.Stage != ledger.Awarded {
			pl.fault(t, number, "amount", "", &cellFault{"undercuts", "the change takes back " + short.Over().Exact() + " that is already promised or spent",
				"keep at least that much, or correct the payment or the promise first"})
			return
		}
	}
	if err != nil {
		pl.refused(t, number, err)
	}
}

// differ lists what changes between the entries taken back and those wanted.
func (pl *planner) differ(register, id string, gone []int, wants []want) {
	if register == "transfers" {
		return // its record says so
	}
	var was, now money.Sum
	for _, i := range gone {
		was.AddPence(pl.book.Entry(i).Amount)
	}
	for _, w := range wants {
		now.AddPence(w.amount)
	}
	pl.differs(register, id, "amount", was.String(), now.String())
	if len(wants) == 0 || len(gone) == 0 {
		return
	}
	e, w := pl.book.Entry(gone[0]), wants[0]
	pl.differs(register, id, "award", e.From.Award, w.award)
	pl.differs(register, id, "service", e.To.Service, w.service)
	pl.differs(register, id, "board", e.To.Board, w.board)
	pl.differs(register, id, "year", e.From.Year.String(), w.year.String())
	pl.differs(register, id, "objective", e.Label.Objective, w.label.Objective)
	pl.differs(register, id, "area", e.Label.Area, w.label.Area)
	if w.dated {
		pl.differs(register, id, "agreed_on", e.Effective.String(), w.on.String())
	}
}

// delegation sets award money aside for a board, a line for each year.
func (pl *planner) delegation(r *row, id string) {
	rec := pl.record(r, "delegations", id)
	if pl.ids[r] == "" || pl.faults.rows[rowKey{r.table, r.number}] {
		return
	}
	pl.keepUnknown(r, rec, false)
	pl.byYear(r, rec, rankDelegation, ledger.Delegation, func(w want, m ledger.Move) error {
		return pl.draft.Delegate(w.award, w.board, w.year, m)
	})
}

// transfer passes award money on. Its record is kept: an entry cannot say to whom.
func (pl *planner) transfer(r *row, id string) {
	rec := pl.record(r, "transfers", id)
	if pl.ids[r] == "" || pl.faults.rows[rowKey{r.table, r.number}] {
		return
	}
	to, pool := pl.directories["awards"].find(rec.Get("to"))
	if !pool {
		found, ok := pl.directories["organisations"].find(rec.Get("to"))
		if !ok {
			pl.fault(r.table, r.number, "to", rec.Get("to"), pl.directories["organisations"].missing("organisations", rec.Get("to")))
			return
		}
		to = found
	}
	rec.Values = withValue(rec.Values, "transfers", ledger.Value{Column: "to", Text: to})
	pl.keepUnknown(r, rec, true)
	pl.byYear(r, rec, rankTransfer, ledger.Transfer, func(w want, m ledger.Move) error {
		return pl.draft.Transfer(w.award, to, w.year, m)
	})
}

// keepUnknown keeps the record of a row that entries cannot say whole.
func (pl *planner) keepUnknown(r *row, rec ledger.Record, always bool) {
	unknown := slices.ContainsFunc(rec.Values, func(v ledger.Value) bool { return v.Text == "?" })
	_, there := pl.book.Record(rec.Register, rec.ID)
	if !always && !unknown && !there {
		return
	}
	added, same := pl.Added[rec.Register], pl.Same[rec.Register]
	pl.keep(r, rec)
	pl.Added[rec.Register], pl.Same[rec.Register] = added, same // its lines are counted
}

func (pl *planner) byYear(r *row, rec ledger.Record, rank int, kind ledger.Kind, post func(want, ledger.Move) error) {
	on, _ := fiscal.ParseDate(rec.Get("agreed_on"))
	for _, y := range r.years {
		line := rec.ID + "/" + y.year.String()
		w := want{award: rec.Get("award"), board: rec.Get("board"), year: y.year, on: on, dated: on != 0}
		amount, err := money.ParsePence(y.text)
		pl.tally(rec.Register, y.text)
		var wants []want
		if w.amount = amount; err == nil && amount > 0 {
			wants = []want{w}
		} else if pl.book.Sequence() == 0 || len(pl.book.Standing(kind, line)) == 0 {
			if y.text != "" {
				pl.Added[rec.Register]++
			}
			continue
		}
		pl.steps = append(pl.steps, step{on, rank, line, func() {
			pl.settle(r.table, r.number, rec.Register, line, kind, wants, func(w want) error {
				return post(w, ledger.Move{Amount: w.amount, Line: line, Effective: w.on, Row: r.number})
			})
		}})
	}
}

// code says which service and award spend on a cost centre belongs to.
type code struct {
	centre, account, service, award string
	share                           money.Share
	from, to                        fiscal.Date
}

func (pl *planner) readCodes() {
	for _, rec := range pl.draft.Book().Records("codes") {
		c := code{centre: rec.Get("cost_centre"), account: rec.Get("account"), service: rec.Get("service"), award: rec.Get("award")}
		c.share, _ = money.NewShare(1, 1)
		if text := rec.Get("share"); text != "" {
			c.share, _ = money.ParseShare(text)
		}
		c.from, _ = fiscal.ParseDate(rec.Get("from"))
		c.to, _ = fiscal.ParseDate(rec.Get("to"))
		pl.codes = append(pl.codes, c)
	}
}

// charge finds what a payment's codes say, those of its account before those
// of its cost centre alone.
func (pl *planner) charge(centre, account string, on fiscal.Date) []code {
	var exact, broad []code
	for _, c := range pl.codes {
		if !strings.EqualFold(c.centre, centre) || on < c.from || c.to != 0 && on > c.to {
			continue
		}
		switch {
		case c.account == "":
			broad = append(broad, c)
		case strings.EqualFold(c.account, account):
			exact = append(exact, c)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return broad
}

// payment records spend. What entries cannot say of it (the reference, the
// codes) is kept as a record.
func (pl *planner) payment(r *row, id string) {
	rec := pl.record(r, "payments", id)
	if pl.ids[r] == "" || pl.faults.rows[rowKey{r.table, r.number}] {
		return
	}
	on, _ := fiscal.ParseDate(rec.Get("date"))
	if on == 0 {
		var f *cellFault
		if on, f = lastOfMonth(rec.Get("period")); f != nil {
			pl.fault(r.table, r.number, "date", rec.Get("period"), f)
			return
		}
	}
	if rec.Get("amount") == "?" {
		pl.fault(r.table, r.number, "amount", "?", &cellFault{"payment-unknown", "a payment is a fact, and its amount is known", "write what was paid, or leave the row out until it is known"})
		return
	}
	amount, err := money.ParsePence(rec.Get("amount"))
	if err != nil {
		pl.refused(r.table, r.number, err)
		return
	}
	pl.tally("payments", rec.Get("amount"))
	if slices.ContainsFunc(rec.Values, func(v ledger.Value) bool {
		return v.Column == "reference" || v.Column == "cost_centre" || v.Column == "account" || v.Column == "period"
	}) || pl.book.Has("payments", id) {
		added, same, changed := pl.Added["payments"], pl.Same["payments"], len(pl.Changed["payments"])
		pl.keep(r, rec)
		pl.Added["payments"], pl.Same["payments"] = added, same
		pl.Changed["payments"] = pl.Changed["payments"][:changed]
	}
	pl.steps = append(pl.steps, step{on, rankPayment, id, func() { pl.pay(r, id, rec, amount, on) }})
}

func lastOfMonth(period string) (fiscal.Date, *cellFault) {
	if first, err := fiscal.ParseDate(period + "-01"); err == nil && len(period) == 7 {
		return first.AddMonths(1).AddDays(-1), nil
	}
	return 0, &cellFault{"payment-date", "a payment has a date, or the month it was booked in", "write a date, or a period such as 2026-04"}
}

func (pl *planner) pay(r *row, id string, rec ledger.Record, amount money.Pence, on fiscal.Date) {
	label := ledger.Label{Objective: rec.Get("objective"), Area: rec.Get("area")}
	wants := map[want]money.Pence{}
	add := func(award, service string, p money.Pence) {
		if p != 0 {
			wants[want{award: award, service: service, label: label, on: on}] += p
		}
	}
	award, service := rec.Get("award"), rec.Get("service")
	charged := pl.charge(rec.Get("cost_centre"), rec.Get("account"), on)
	if award != "" && service != "" || len(charged) == 0 || rec.Get("cost_centre") == "" {
		add(award, service, amount)
	} else {
		var parts []money.Part
		var all money.Share
		for i, c := range charged {
			parts = append(parts, money.Part{ID: strconv.Itoa(i), Weight: c.share})
			sum, err := all.Add(c.share)
			if err != nil {
				pl.refused(r.table, r.number, err)
				return
			}
			all = sum
		}
		whole, _ := money.NewShare(1, 1)
		switch all.Cmp(whole) {
		case 1:
			pl.fault(r.table, r.number, "cost_centre", rec.Get("cost_centre"), &cellFault{"codes-over", "the codes for this cost centre share out more than the whole", "make their shares come to 100%, or give them dates that do not overlap"})
			return
		case -1:
			rest := rest(all)
			parts = append(parts, money.Part{ID: "~", Weight: rest})
			charged = append(charged, code{})
		}
		amounts, err := money.Apportion(amount, parts)
		if err != nil {
			pl.refused(r.table, r.number, err)
			return
		}
		for i, c := range charged {
			add(cmp.Or(award, c.award), cmp.Or(service, c.service), amounts[i])
		}
	}
	stands := map[want]money.Pence{}
	var gone []int
	if pl.book.Sequence() > 0 {
		pl.see("payments", id)
		gone = pl.book.Standing(ledger.Payment, id)
		for _, i := range gone {
			e := pl.book.Entry(i)
			w, p := e.To, e.Amount
			if e.From.Stage == ledger.Paid {
				w, p = e.From, -e.Amount
			}
			stands[want{award: w.Award, service: w.Service, label: e.Label, on: e.Effective}] += p
		}
	}
	same := len(stands) == len(wants)
	for w, p := range wants {
		same = same && stands[w] == p
	}
	if same {
		if len(gone) > 0 || amount == 0 {
			pl.Same["payments"]++
			return
		}
	}
	var order []want
	for w := range wants {
		order = append(order, w)
	}
	slices.SortFunc(order, func(a, b want) int { return cmp.Or(cmp.Compare(a.award, b.award), cmp.Compare(a.service, b.service)) })
	anew := func() error {
		for _, w := range order {
			p := wants[w]
			if err := pl.draft.Pay(w.award, w.service, p < 0, ledger.Move{Amount: p.Abs(), Line: id, Label: w.label, Effective: on, Row: r.number}); err != nil {
				return err
			}
		}
		return nil
	}
	var err error
	if len(gone) == 0 {
		pl.Added["payments"]++
		err = anew()
	} else if pl.mayChange(r.table, r.number, id) {
		var was money.Pence
		for _, p := range stands {
			was += p
		}
		pl.Changed["payments"] = append(pl.Changed["payments"], id)
		pl.differs("payments", id, "amount", was.String(), amount.String())
		err = pl.draft.Correct(gone, 0, anew)
	}
	if err != nil {
		pl.refused(r.table, r.number, err)
	}
}

// rest is what a share leaves of the whole.
func rest(of money.Share) money.Share {
	for _, den := range []int64{100, 10_000, 100_000_000} {
		p := of.Of(money.Pence(den))
		if part, _ := money.NewShare(int64(p), den); part == of {
			left, _ := money.NewShare(den-int64(p), den)
			return left
		}
	}
	left, _ := money.NewShare(1, 1)
	return left
}

// post does everything in its turn: by date, then rank, then id.
func (pl *planner) post() {
	if pl.troubled() {
		pl.draft.AsFound = true // balances mean nothing while rows are missing
	}
	undated := pl.statedLast
	for i := range pl.steps {
		if s := &pl.steps[i]; s.on == 0 && s.rank != rankFigure {
			s.on = undated
		}
	}
	slices.SortStableFunc(pl.steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id))
	})
	a := pl.allocator()
	order := a.order(undated)
	if a.quick {
		pl.draft.Grow(len(order))
	}
	next := 0
	for i := 0; i <= len(order); i++ {
		// everything that comes before this allocation
		for ; next < len(pl.steps); next++ {
			s := &pl.steps[next]
			if i < len(order) {
				on := cmp.Or(pl.im.lines[order[i]].on, undated)
				if s.on > on || s.on == on && s.rank > rankAllocation {
					break
				}
			}
			s.do()
		}
		if i < len(order) {
			a.allocate(int(order[i]))
			if pl.im.opt.Progress != nil && i%(1<<16) == 0 {
				pl.im.opt.Progress(i, len(order))
			}
		}
	}
	pl.Posted["allocations"] = a.posted
	if a.added > 0 {
		pl.Added["allocations"] += a.added
	}
	if len(pl.lineRecords) > 0 {
		slices.SortFunc(pl.lineRecords, func(a, b ledger.Record) int {
			return cmp.Or(cmp.Compare(a.Register, b.Register), cmp.Compare(a.ID, b.ID))
		})
		if pl.troubled() {
			pl.lineRecords = pl.sound(pl.lineRecords)
		}
		if err := pl.draft.Put(pl.lineRecords...); err != nil {
			pl.refusedRecord(err)
		}
	}
}
