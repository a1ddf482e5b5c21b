package ledger

import (
	"slices"
	"time"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Intent says who acts, why, and from what paper.
type Intent struct {
	Author, Role, Reason, Key, Source string
	AsFound                           bool // record how things are: excess becomes a finding
}

// Draft is a batch being made on a book. Its verbs refuse what the rules
// refuse, with a Refusal; a refused verb leaves no trace. Decisions take no
// controlled balance below nought; facts are recorded even when they do.
type Draft struct {
	Intent
	v       *version
	Unknown []Asked // uses on which a term could not be judged, once each
	asked   map[Asked]bool
	rulings map[useKey]funding.Ruling
	terms   map[string]awardTerms
	exists  []uint8 // in a long draft, by Ref: bits for awards, boards and services known to exist

	deferred map[AccountNo]money.Pence // while a line is corrected: what accounts held before
}

// Asked is a use on which a term lacked a fact: someone should look once.
type Asked struct{ Award, Service, Term, Missing string }

// Draft starts a batch on this book.
func (b *Book) Draft(i Intent) *Draft {
	return &Draft{Intent: i, v: b.next(), asked: map[Asked]bool{}, rulings: map[useKey]funding.Ruling{}, terms: map[string]awardTerms{}}
}

// Book gives the book as it would stand so far, for reading only.
func (d *Draft) Book() *Book { return d.v.Book }

// Empty reports whether nothing has been drafted.
func (d *Draft) Empty() bool { return len(d.v.pending) == 0 && len(d.v.recent) == 0 }

// Balance gives an account's balance with what is drafted.
func (d *Draft) Balance(a Account) money.Pence {
	no, ok := d.v.find(a)
	if !ok {
		return 0
	}
	return d.v.held.get(int(no))
}

// Len gives the number of entries drafted.
func (d *Draft) Len() int { return len(d.v.pending) }

// Grow makes room for n more entries: a long import knows how many it has.
func (d *Draft) Grow(n int) {
	d.v.grow(n)
	d.exists = make([]uint8, len(d.v.names.seen().texts))
}

// Records gives the records drafted.
func (d *Draft) Records() []Record { return d.v.recent }

// Seal ends the draft as the next batch at a posting time, and gives it with
// the book it makes. The time is kept in whole microseconds and never goes back.
func (d *Draft) Seal(at time.Time) (Batch, *Book) {
	at = at.UTC().Truncate(time.Microsecond)
	h := Head{Seq: d.v.Sequence() + 1, Prev: d.v.Hash(), Author: d.Author, Role: d.Role, Reason: d.Reason, Key: d.Key, Source: d.Source, AsFound: d.AsFound}
	if n := d.v.marks.len(); n > 0 {
		if last := d.v.marks.at(n - 1).head.PostedAt; at.Before(last) {
			at = last
		}
	}
	h.PostedAt = at
	batch := d.v.batch(h)
	d.v.close(h, batch.Hash())
	return batch, d.v.finish()
}

// Supposed ends the draft as a book that nobody stores: what would be, posted
// when the batch before it was.
func (d *Draft) Supposed() *Book {
	_, b := d.Seal(time.Time{})
	return b
}

// Put records new versions of registers' rows. They are checked together: each
// reference must exist, and areas and objectives must form trees. A draft on
// which Put was refused is to be given up.
func (d *Draft) Put(records ...Record) error {
	trees := false
	for _, r := range records {
		if err := d.v.record(r); err != nil {
			return err
		}
		trees = trees || r.Register == "areas" || r.Register == "objectives"
	}
	for _, r := range records {
		if err := d.v.resolve(r); err != nil {
			return err
		}
	}
	if trees {
		if err := d.v.checkTrees(); err != nil {
			return err
		}
	}
	d.v.remember()
	clear(d.rulings)
	clear(d.terms)
	return nil
}

// resolve checks that what a record refers to exists.
func (b *Book) resolve(r Record) error {
	register := RegisterNamed(r.Register)
	for _, v := range r.Values {
		c := register.Column(v.Column)
		if c == nil || c.Of == "" || v.Text == "" {
			continue
		}
		for _, id := range ReferredIDs(c, v.Text) {
			if !b.Has(c.Of, id) {
				return &Malformed{Register: r.Register, ID: r.ID, Column: v.Column, Found: id, Remedy: (&NotFound{c.Of, id}).Error()}
			}
		}
	}
	if term := r.Get("term"); r.Register == "exceptions" && term != AwardPeriod && !b.Has("terms", term) {
		return &Malformed{Register: r.Register, ID: r.ID, Column: "term", Found: term, Remedy: "write the id of a term, or " + AwardPeriod + " for the award's own dates"}
	}
	return nil
}

func (b *Book) checkTrees() error {
	var nodes []commissioning.Node
	for id, a := range b.areas.all {
		nodes = append(nodes, commissioning.Node{ID: id, Parent: a.Parent})
	}
	if _, err := commissioning.NewTree(nodes); err != nil {
		return &Malformed{Register: "areas", Column: "parent", Remedy: err.Error()}
	}
	nodes = nodes[:0]
	for id, o := range b.objectives.all {
		nodes = append(nodes, commissioning.Node{ID: id, Parent: o.Parent})
	}
	if _, err := commissioning.NewTree(nodes); err != nil {
		return &Malformed{Register: "objectives", Column: "parent", Remedy: err.Error()}
	}
	return nil
}

// State records a statement of an award's figure and posts what it changes in
// the secured total, at the dates on which it changes. A statement is a fact:
// a cut is recorded even where the money is already allocated.
func (d *Draft) State(figure Record, row int) error {
	award := figure.Get("award")
	before, _ := d.v.statements.get(award)
	if err := d.v.resolve(figure); err != nil {
		return err
	}
	if err := d.v.record(figure); err != nil {
		return err
	}
	after, _ := d.v.statements.get(award)
	year := decodeFigure(&reader{r: figure}).Year
	years := []fiscal.Year{year}
	for _, s := range before { // a corrected statement may have moved from another year
		if s.id == figure.ID && s.Year != year {
			years = append(years, s.Year)
		}
	}
	for _, y := range years {
		if err := d.postSteps(award, y, figure.ID, row, funding.Steps(figuresFor(before, y)), funding.Steps(figuresFor(after, y))); err != nil {
			return err
		}
	}
	return nil
}

// postSteps posts the difference between two histories of a secured total.
func (d *Draft) postSteps(award string, y fiscal.Year, line string, row int, before, after []funding.Step) error {
	var days []fiscal.Date
	for _, s := range before {
		days = append(days, s.On)
	}
	for _, s := range after {
		days = append(days, s.On)
	}
	slices.Sort(days)
	var carried money.Pence
	for _, day := range slices.Compact(days) {
		delta := totalOn(after, day) - totalOn(before, day) - carried
		carried += delta
		e := entry{kind: Figure, amount: delta.Abs(), on: day, row: int32(row), line: d.v.names.line(line),
			from: d.v.account(Account{Stage: Funder, Award: award, Year: y}), to: d.v.account(Account{Stage: Awarded, Award: award, Year: y})}
		if delta < 0 {
			e.from, e.to = e.to, e.from
		}
		if delta != 0 {
			if err := d.v.post(e); err != nil {
				return &Malformed{Register: "figures", ID: line, Column: "amount", Remedy: err.Error()}
			}
		}
	}
	return nil
}

// totalOn gives the secured pence on a day; an unknown total posts nothing.
func totalOn(steps []funding.Step, day fiscal.Date) money.Pence {
	var total money.Pence
	for _, s := range steps {
		if s.On <= day {
			total, _ = s.Total.Known()
			if s.Total.IsUnknown() {
				total = 0
			}
		}
	}
	return total
}

// Move is what the verbs have in common: how much, for which line of which
// file, effective when.
type Move struct {
	Amount    money.Pence
	Line      string
	Label     Label
	Effective fiscal.Date
	Row       int
}

// Delegate sets award money aside for a board.
func (d *Draft) Delegate(award, board string, year fiscal.Year, m Move) error {
	k, err := d.key(award, board, "", year)
	if err != nil {
		return err
	}
	from := k.at(Awarded)
	from.board = 0
	return d.decide(Delegation, from, k.at(Awarded), m)
}

// Allocate puts award money on a service. The award's terms are checked: a
// breach refuses, unless an exception is recorded or things are as found.
func (d *Draft) Allocate(award, service, board string, year fiscal.Year, m Move) error {
	k, err := d.key(award, board, service, year)
	if err != nil {
		return err
	}
	if err := d.lawful(award, service, year, m); err != nil {
		return err
	}
	from := k.at(Awarded)
	from.service = 0
	return d.decide(Allocation, from, k.at(Allocated), m)
}

// Commit binds allocated money by an agreement. Beyond what is allocated it
// needs an at-risk approval that covers it.
func (d *Draft) Commit(award, service, board string, year fiscal.Year, m Move) error {
	k, err := d.key(award, board, service, year)
	if err != nil {
		return err
	}
	err = d.decide(Commitment, k.at(Allocated), k.at(Committed), m)
	if short, ok := err.(*Short); ok && d.atRisk(award, service, m.Effective) >= short.Over()+max(-short.Holds, 0) {
		return d.fact(Commitment, k.at(Allocated), k.at(Committed), m)
	}
	return err
}

// atRisk gives the ceiling of the approvals that let this service commit
// money of this award before it is secured.
func (d *Draft) atRisk(award, service string, on fiscal.Date) money.Pence {
	var ceiling money.Pence
	for _, r := range d.v.records["approvals"].all {
		until, err := fiscal.ParseDate(r.Get("until"))
		if r.Get("award") != award || r.Get("service") != "" && r.Get("service") != service || err != nil || on > until {
			continue
		}
		if p, err := money.ParsePence(r.Get("ceiling")); err == nil {
			ceiling = max(ceiling, p)
		}
	}
	return ceiling
}

// Pay records spend. It takes from what is committed, then allocated, of its
// award and service, in its year and then the whole term; only the rest takes
// the year's allocation below nought. A refund puts money back. Spend without
// an award is kept as not charged to a grant.
func (d *Draft) Pay(award, service string, refund bool, m Move) error {
	year := fiscal.YearOf(m.Effective)
	k, err := d.key(award, "", service, year)
	if err != nil {
		return err
	}
	if award == "" || service == "" {
		if refund {
			return d.fact(Payment, k.at(Paid), k.at(Uncharged), m)
		}
		return d.fact(Payment, k.at(Uncharged), k.at(Paid), m)
	}
	if refund {
		return d.fact(Payment, k.at(Paid), k.at(Allocated), m)
	}
	left := m.Amount
	for _, from := range d.payable(k) {
		take := min(left, d.v.held.get(int(from)))
		if take <= 0 {
			continue
		}
		to := d.v.names.account(d.v.accountKey(from).at(Paid))
		if err := d.post(Payment, from, to, take, m, false); err != nil {
			return err
		}
		if left -= take; left == 0 {
			return nil
		}
	}
	m.Amount = left
	return d.fact(Payment, k.at(Allocated), k.at(Paid), m)
}

// payable lists the accounts a payment takes from, in order: committed before
// allocated, the year before the whole term, no board before boards by id.
func (d *Draft) payable(k accountKey) []AccountNo {
	var list []AccountNo
	for _, year := range []fiscal.Year{k.year, fiscal.Term} {
		for _, stage := range []Stage{Committed, Allocated} {
			for _, board := range append([]string{""}, d.v.boards.ids()...) {
				b, ok := d.v.names.find(board)
				one := accountKey{k.award, b, k.service, year, stage}
				if no, has := d.v.names.findAccount(one); ok && has {
					list = append(list, no)
				}
			}
		}
	}
	return list
}

// Vire moves allocated money from one service to another within an award.
func (d *Draft) Vire(award, fromService, toService, board string, year fiscal.Year, m Move) error {
	from, err := d.key(award, board, fromService, year)
	if err != nil {
		return err
	}
	to, err := d.key(award, board, toService, year)
	if err != nil {
		return err
	}
	if d.Reason == "" {
		return &NeedsReason{"moving this money"}
	}
	if err := d.lawful(award, toService, year, m); err != nil {
		return err
	}
	if err := d.permitted(Virement, award, toService, year, m.Amount); err != nil {
		return err
	}
	return d.decide(Virement, from.at(Allocated), to.at(Allocated), m)
}

// Release puts allocated money that is neither promised nor spent back with
// its award.
func (d *Draft) Release(award, service, board string, year fiscal.Year, m Move) error {
	k, err := d.key(award, board, service, year)
	if err != nil {
		return err
	}
	if d.Reason == "" {
		return &NeedsReason{"taking this money off the service"}
	}
	to := k.at(Awarded)
	to.service = 0
	return d.decide(Allocation, k.at(Allocated), to, m)
}

// Relabel says anew what allocated money is for, without moving it: the move's
// label takes the place of another. It is how money leaves one objective for
// another when it also leaves the service, whose terms it no longer concerns.
func (d *Draft) Relabel(award, service, board string, year fiscal.Year, was Label, m Move) error {
	as := m.Label
	m.Label = was
	if err := d.Release(award, service, board, year, m); err != nil {
		return err
	}
	k, err := d.key(award, board, service, year)
	if err != nil {
		return err
	}
	m.Label = as
	from := k.at(Awarded)
	from.service = 0
	return d.fact(Allocation, from, k.at(Allocated), m)
}

// CarryForward moves what is left of an award from one year to another, where
// its terms permit it. From the whole term it is drawing down.
func (d *Draft) CarryForward(award, board string, from, to fiscal.Year, m Move) error {
	k, err := d.key(award, board, "", from)
	if err != nil {
		return err
	}
	kind := CarryForward
	if from == fiscal.Term {
		kind = Drawing
	} else if err := d.permitted(CarryForward, award, "", from, m.Amount); err != nil {
		return err
	}
	next := k.at(Awarded)
	next.year = to
	return d.decide(kind, k.at(Awarded), next, m)
}

// HandBack returns unallocated money to the funder.
func (d *Draft) HandBack(award string, year fiscal.Year, m Move) error {
	return d.leave(HandBack, HandedBack, award, year, m)
}

// Lapse records money that may no longer be spent.
func (d *Draft) Lapse(award string, year fiscal.Year, m Move) error {
	return d.leave(Lapse, Lapsed, award, year, m)
}

func (d *Draft) leave(kind Kind, stage Stage, award string, year fiscal.Year, m Move) error {
	k, err := d.key(award, "", "", year)
	if err != nil {
		return err
	}
	return d.decide(kind, k.at(Awarded), k.at(stage), m)
}

// Transfer passes award money to another body, or into a pooled award.
func (d *Draft) Transfer(award, to string, year fiscal.Year, m Move) error {
	k, err := d.key(award, "", "", year)
	if err != nil {
		return err
	}
	dest := k.at(Transferred)
	switch {
	case d.v.awards.has(to):
		if dest, err = d.key(to, "", "", year); err != nil {
			return err
		}
		dest = dest.at(Awarded)
	case !d.v.organisations.has(to):
		return &NotFound{"organisations", to}
	}
	return d.decide(Transfer, k.at(Awarded), dest, m)
}

// Reverse undoes a posted entry: the same money back, once. What has since
// been spent or promised cannot be taken back.
func (d *Draft) Reverse(id EntryID, on fiscal.Date) error {
	i, ok := d.v.index(id)
	if !ok {
		return &NotFound{"entries", id.String()}
	}
	return d.reverse(i, on)
}

func (d *Draft) reverse(i int, on fiscal.Date) error {
	if by := d.v.reversed.get(i); by != 0 {
		return &Reversed{d.v.EntryID(i), d.drafted(int(by) - 1)}
	}
	e := *d.v.entries.at(i)
	e.from, e.to = e.to, e.from
	e.reverses, e.row = int32(i+1), 0
	if on != 0 {
		e.on = max(on, e.on)
	}
	if err := d.open(e.on); err != nil {
		return err
	}
	if e.kind != Figure && e.kind != Payment && !d.AsFound {
		if err := d.holds(e.from, e.amount); err != nil {
			return err
		}
	}
	return d.v.post(e)
}

func (d *Draft) drafted(i int) EntryID {
	if i >= d.v.entries.len() {
		return EntryID{d.v.Sequence() + 1, i - d.v.entries.len() + 1}
	}
	return d.v.EntryID(i)
}

// decide posts a decision: refused if it would take its account below nought.
func (d *Draft) decide(kind Kind, from, to accountKey, m Move) error {
	return d.post(kind, d.v.names.account(from), d.v.names.account(to), m.Amount, m, true)
}

// fact posts what has happened, whatever it does to the balances.
func (d *Draft) fact(kind Kind, from, to accountKey, m Move) error {
	return d.post(kind, d.v.names.account(from), d.v.names.account(to), m.Amount, m, false)
}

func (d *Draft) post(kind Kind, from, to AccountNo, amount money.Pence, m Move, decision bool) error {
	if err := d.open(m.Effective); err != nil {
		return err
	}
	if decision && !d.AsFound {
		if err := d.holds(from, amount); err != nil {
			return err
		}
	}
	e := entry{kind: kind, amount: amount, from: from, to: to, line: d.v.names.line(m.Line), on: m.Effective, row: int32(m.Row)}
	if m.Label != (Label{}) {
		e.label = d.v.label(m.Label)
	}
	if err := d.v.post(e); err != nil {
		return &Malformed{Register: "entries", ID: m.Line, Remedy: err.Error()}
	}
	return nil
}

// holds refuses when a controlled account has less than is asked of it. Where
// an award's figure is unknown, what is left of it is unknown too: a decision
// may be made with a reason.
func (d *Draft) holds(no AccountNo, asks money.Pence) error {
	held := d.v.held.get(int(no))
	if held >= asks {
		return nil
	}
	if d.deferred != nil {
		d.hold(no)
		return nil
	}
	return d.short(no, held, asks)
}

// hold keeps what an account had when a correction began.
func (d *Draft) hold(no AccountNo) {
	if _, met := d.deferred[no]; !met {
		d.deferred[no] = d.v.held.get(int(no))
	}
}

// short refuses an account that has less than is asked of it, if decisions are
// held to it and its figure is known.
func (d *Draft) short(no AccountNo, held, asks money.Pence) error {
	if !d.v.accountKey(no).stage.Controlled() {
		return nil
	}
	d.v.seen = d.v.names.seen()
	a := d.v.seen.account(no)
	if a.Stage == Awarded && a.Board == "" && d.v.FigureUnknown(a.Award, a.Year) {
		if d.Reason == "" {
			return &NeedsReason{"allocating from " + d.v.AwardName(a.Award) + ", whose figure for " + yearWords(a.Year) + " is not known"}
		}
		return nil
	}
	return &Short{Account: a, Name: d.v.AwardName(a.Award), Holds: held, Asks: asks}
}

// FigureUnknown reports whether nothing secured is known of an award's figure
// for a year: never stated, or stated as unknown. A figure stated only without
// being secured is known to be nothing yet.
func (b *Book) FigureUnknown(award string, year fiscal.Year) bool {
	figs := b.Figures(award, year)
	if len(figs) == 0 {
		return len(b.Figures(award, fiscal.Term)) == 0 || b.figureUnknownTerm(award, year)
	}
	secured, unsecured := funding.Stand(figs, latestDate)
	if secured.Known {
		return secured.Amount.IsUnknown()
	}
	return unsecured.Known && unsecured.Amount.IsUnknown()
}

func (b *Book) figureUnknownTerm(award string, year fiscal.Year) bool {
	return year != fiscal.Term && b.FigureUnknown(award, fiscal.Term)
}

// latestDate is after every date a ledger may hold.
const latestDate = fiscal.Date(1<<31 - 1)

// open refuses a date in an accounting month that is closed.
func (d *Draft) open(on fiscal.Date) error {
	if len(d.v.periods.base)+len(d.v.periods.over) == 0 || on == 0 {
		return nil
	}
	month := on.String()[:7]
	switch state, _ := d.v.periods.get(month); state {
	case "closed":
		return &Closed{Month: month}
	case "finance-only":
		if d.Role != "finance" {
			return &Closed{Month: month, Finance: true}
		}
	}
	return nil
}

// key numbers what an account is keyed by, and refuses what no register holds.
func (d *Draft) key(award, board, service string, year fiscal.Year) (accountKey, error) {
	k := accountKey{year: year}
	var err error
	if k.award, err = d.existing("awards", award, 1); err != nil {
		return k, err
	}
	if k.board, err = d.existing("boards", board, 2); err != nil {
		return k, err
	}
	k.service, err = d.existing("services", service, 4)
	return k, err
}

func (d *Draft) existing(register, id string, bit uint8) (Ref, error) {
	if id == "" {
		return 0, nil
	}
	ref := d.v.names.ref(id)
	remembered := int(ref) < len(d.exists)
	if remembered && d.exists[ref]&bit != 0 { // nothing is deleted, so what exists once goes on
		return ref, nil
	}
	if !d.v.Has(register, id) {
		return 0, &NotFound{register, id}
	}
	if remembered {
		d.exists[ref] |= bit
	}
	return ref, nil
}
