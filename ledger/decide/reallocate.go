package decide

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Cell is one changed cell of the grid of awards and services: what the person
// saw there, and what is to be there.
type Cell struct {
	Award, Service string
	Year           fiscal.Year
	Was, To        money.Pence

	Objective, Area string // what more money is for; blank: what the money there is for
}

// Reallocation changes cells of the grid together.
type Reallocation struct{ Cells []Cell }

// Reallocate changes cells of the grid of awards and services. Within one award
// and year, less on one service and more on another are a virement; the rest
// goes back to the award, or comes from it.
func Reallocate(b *ledger.Book, actor Actor, cells []Cell, reason string) (*Outcome, error) {
	return Do(b, actor, Reallocation{cells}, reason)
}

func (r Reallocation) kind() string { return "reallocate" }
func (r Reallocation) written() written {
	var w written
	for _, c := range r.Cells {
		w.Cells = append(w.Cells, writtenCell{c.Award, c.Service, c.Year.String(), c.Was.String(), c.To.String(), c.Objective, c.Area})
	}
	return w
}

// part is some of a cell's change, for one label.
type part struct {
	service string
	label   ledger.Label
	amount  money.Pence
}

// change is what changes within one award and year.
type change struct {
	award      string
	year       fiscal.Year
	less, more []part
}

func (r Reallocation) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	m := newMover(b, actor, reason)
	changes, permanent, err := m.changes(r.Cells)
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return nil, &Unchanged{}
	}
	for _, c := range changes {
		if err := m.make(c); err != nil {
			return nil, err
		}
	}
	return m.judged(permanent), nil
}

// changes gathers cells by award and year; permanent says whether any binds
// later years.
func (m *mover) changes(cells []Cell) (changes []change, permanent bool, err error) {
	cells = slices.Clone(cells)
	slices.SortFunc(cells, func(x, y Cell) int {
		return cmp.Or(cmp.Compare(x.Award, y.Award), cmp.Compare(x.Year, y.Year), cmp.Compare(x.Service, y.Service))
	})
	for i, c := range cells {
		if i > 0 && cells[i-1].Award == c.Award && cells[i-1].Year == c.Year && cells[i-1].Service == c.Service {
			return nil, false, &Repeated{c}
		}
		if c.To == c.Was {
			continue
		}
		parts, err := c.parts(m.b)
		if err != nil && m.met != nil {
			m.met(Step{Award: c.Award, To: c.Service, Year: c.Year, Amount: (c.To - c.Was).Abs()}, err)
			continue
		}
		if err != nil {
			return nil, false, err
		}
		permanent = permanent || lasting(m.actor, c.Year)
		if n := len(changes); n == 0 || changes[n-1].award != c.Award || changes[n-1].year != c.Year {
			changes = append(changes, change{award: c.Award, year: c.Year})
		}
		of := &changes[len(changes)-1]
		if c.To < c.Was {
			of.less = append(of.less, parts...)
		} else {
			of.more = append(of.more, parts...)
		}
	}
	return changes, permanent, nil
}

// lasting reports whether money of a year binds more than the year it is.
func lasting(actor Actor, year fiscal.Year) bool {
	return year == fiscal.Term || year > fiscal.YearOf(actor.Today)
}

// parts splits the change of a cell over what it is for.
func (c Cell) parts(b *ledger.Book) ([]part, error) {
	if c.To < 0 {
		return nil, &BadAmount{c.To, 0}
	}
	if !b.Has("awards", c.Award) {
		return nil, &ledger.NotFound{Register: "awards", ID: c.Award}
	}
	if !b.Has("services", c.Service) {
		return nil, &ledger.NotFound{Register: "services", ID: c.Service}
	}
	now, boards := Held(b, c.Award, c.Service, c.Year)
	if now != c.Was {
		return nil, &Changed{c, now}
	}
	if c.To < boards {
		return nil, &BoardMoney{c, boards}
	}
	change, err := c.To.Sub(c.Was)
	if err != nil {
		return nil, err
	}
	labels := present(b, c)
	if c.To > c.Was && (c.Objective != "" || c.Area != "") {
		for register, id := range map[string]string{"objectives": c.Objective, "areas": c.Area} {
			if id != "" && !b.Has(register, id) {
				return nil, &ledger.NotFound{Register: register, ID: id}
			}
		}
		labels = []part{{c.Service, ledger.Label{Objective: c.Objective, Area: c.Area}, 1}}
	}
	weights := make([]money.Part, len(labels))
	for i, l := range labels {
		weights[i].ID = l.label.Objective + "\x00" + l.label.Area + "\x00" + l.label.Element + "\x00" + l.label.CostType + "\x00" + l.label.MatchFor
		if weights[i].Weight, err = money.NewShare(int64(l.amount), 1); err != nil {
			return nil, err
		}
	}
	amounts, err := money.Apportion(change.Abs(), weights)
	if err != nil {
		return nil, err
	}
	var parts []part
	for i, amount := range amounts {
		if amount != 0 {
			parts = append(parts, part{c.Service, labels[i].label, amount})
		}
	}
	return parts, nil
}

// Held gives what an award puts on a service in a year, and how much of it
// boards have decided: allocated, promised and spent together, whatever its
// date.
func Held(b *ledger.Book, award, service string, year fiscal.Year) (all, boards money.Pence) {
	of := func(board string) (sum money.Pence) {
		for _, stage := range []ledger.Stage{ledger.Allocated, ledger.Committed, ledger.Paid} {
			sum += b.Balance(ledger.Account{Stage: stage, Award: award, Board: board, Year: year, Service: service})
		}
		return sum
	}
	for id := range b.Boards {
		boards += of(id)
	}
	return of("") + boards, boards
}

// present gives what the money of a cell is for now, as weights: the officers'
// own money, or for more of it the boards' too. A cell with none yet is for the
// service's one objective and place, or is not split.
func present(b *ledger.Book, c Cell) []part {
	own, all := map[ledger.Label]money.Pence{}, map[ledger.Label]money.Pence{}
	if ref, met := b.Ref(c.Service); met {
		v := b.View(evermore)
		v.CellsOf(ref, func(index int, cell ledger.LabelledCell) {
			if cell.Year != c.Year || b.Name(cell.Award) != c.Award {
				return
			}
			e := b.Entry(index)
			all[e.Label] += cell.Amount
			side := e.To
			if cell.Amount < 0 {
				side = e.From
			}
			if side.Board == "" {
				own[e.Label] += cell.Amount
			}
		})
	}
	of := positive(c.Service, own)
	if len(of) == 0 && c.To > c.Was {
		of = positive(c.Service, all)
	}
	if len(of) > 0 {
		return of
	}
	s, _ := b.Service(c.Service)
	var label ledger.Label
	if len(s.Objectives) == 1 {
		label.Objective = s.Objectives[0]
	}
	if len(s.Areas) == 1 {
		label.Area = s.Areas[0]
	}
	return []part{{c.Service, label, 1}}
}

func positive(service string, of map[ledger.Label]money.Pence) []part {
	var parts []part
	for label, amount := range of {
		if amount > 0 {
			parts = append(parts, part{service, label, amount})
		}
	}
	slices.SortFunc(parts, func(x, y part) int { return compareLabels(x.label, y.label) })
	return parts
}

func compareLabels(x, y ledger.Label) int {
	return cmp.Or(strings.Compare(x.Objective, y.Objective), strings.Compare(x.Area, y.Area), strings.Compare(x.Element, y.Element),
		strings.Compare(x.CostType, y.CostType), strings.Compare(x.MatchFor, y.MatchFor))
}

// mover drafts movements of money and notes each as a step.
type mover struct {
	b     *ledger.Book
	actor Actor
	o     *Outcome
	lines int
	met   func(Step, error) // where it is only supposed: what is refused
}

func newMover(b *ledger.Book, actor Actor, reason string) *mover {
	return &mover{b: b, actor: actor, o: &Outcome{Draft: actor.draft(b, reason)}}
}

// line gives each movement an id of its own, as a row of a file would have.
func (m *mover) line(amount money.Pence, label ledger.Label) ledger.Move {
	m.lines++
	return ledger.Move{Amount: amount, Line: fmt.Sprintf("move-%d-%d", m.b.Sequence()+1, m.lines), Label: label, Effective: m.actor.Today}
}

// make pairs what leaves services with what comes onto others: first money for
// the same end and place, then the rest, which is said anew to be for what it
// becomes. What has no pair goes back to the award, or comes from it.
func (m *mover) make(c change) error {
	for _, alike := range []bool{true, false} {
		for i := range c.less {
			for j := range c.more {
				from, to := &c.less[i], &c.more[j]
				amount := min(from.amount, to.amount)
				if amount == 0 || alike && from.label != to.label {
					continue
				}
				if err := m.vire(c.award, c.year, *from, *to, amount); err != nil {
					return err
				}
				from.amount -= amount
				to.amount -= amount
			}
		}
	}
	for _, p := range c.less {
		if p.amount == 0 {
			continue
		}
		if err := m.release(c.award, c.year, p); err != nil {
			return err
		}
	}
	for _, p := range c.more {
		if p.amount == 0 {
			continue
		}
		if err := m.allocate(c.award, p.service, "", c.year, p.amount, p.label); err != nil {
			return err
		}
	}
	return nil
}

func (m *mover) release(award string, year fiscal.Year, p part) error {
	line, from := m.line(p.amount, p.label), ledger.Account{Stage: ledger.Allocated, Award: award, Year: year, Service: p.service}
	return m.do(Step{Kind: ledger.Allocation, Award: award, From: p.service, Year: year, Amount: p.amount}, p.label, from, func() error {
		return m.o.Draft.Release(award, p.service, "", year, line)
	})
}

func (m *mover) vire(award string, year fiscal.Year, from, to part, amount money.Pence) error {
	move := m.line(amount, to.label)
	s := Step{Kind: ledger.Virement, Award: award, From: from.service, To: to.service, Year: year, Amount: amount}
	if from.label != to.label {
		err := m.o.Draft.Relabel(award, from.service, "", year, from.label, move)
		if err != nil && m.met != nil {
			m.met(s, err)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return m.do(s, to.label, ledger.Account{Stage: ledger.Allocated, Award: award, Year: year, Service: from.service}, func() error {
		return m.o.Draft.Vire(award, from.service, to.service, "", year, move)
	})
}

func (m *mover) allocate(award, service, board string, year fiscal.Year, amount money.Pence, label ledger.Label) error {
	line, from := m.line(amount, label), ledger.Account{Stage: ledger.Awarded, Award: award, Board: board, Year: year}
	return m.do(Step{Kind: ledger.Allocation, Award: award, Board: board, To: service, Year: year, Amount: amount}, label, from, func() error {
		return m.o.Draft.Allocate(award, service, board, year, line)
	})
}

func (m *mover) note(s Step, label ledger.Label) {
	s.Objective, s.Area = label.Objective, label.Area
	m.o.Steps = append(m.o.Steps, s)
}

// judged ends an officer's movements: what left services is held to the limits
// of virement, whether or not it came onto others, and what came from awards to
// those of allocation.
func (m *mover) judged(permanent bool) *Outcome {
	var off, on money.Pence
	for _, s := range m.o.Steps {
		switch {
		case s.Kind == ledger.CarryForward, s.Kind == ledger.Drawing:
		case s.From != "":
			off += s.Amount
		default:
			on += s.Amount
		}
	}
	need := Need{Alone: true, Action: ToVire, Amount: max(on, off)}
	if on > 0 {
		need = Judge(m.b, m.actor, ToAllocate, on, permanent)
	}
	if off > 0 {
		need = Judge(m.b, m.actor, ToVire, off, permanent).and(need)
	}
	m.o.Need = need
	return m.o.finish(m.b)
}

// Allocation puts award money on a service, for what it says or for what the
// labels of allocations say: "a", "a:60;b:40", or blank for not split.
type Allocation struct {
	Award, Service  string
	Year            fiscal.Year
	Amount          money.Pence
	Objective, Area string
}

func (r Allocation) kind() string { return "allocate" }
func (r Allocation) written() written {
	return written{Award: r.Award, Service: r.Service, Year: r.Year.String(), Amount: r.Amount.String(), Objective: r.Objective, Area: r.Area}
}

func (r Allocation) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	if r.Amount <= 0 {
		return nil, &BadAmount{r.Amount, 1}
	}
	m := newMover(b, actor, reason)
	if err := m.split(r.Award, r.Service, "", r.Year, r.Amount, r.Objective, r.Area); err != nil {
		return nil, err
	}
	return m.judged(lasting(actor, r.Year)), nil
}

// split allocates over the cells of objective × area, to the penny.
func (m *mover) split(award, service, board string, year fiscal.Year, amount money.Pence, objective, area string) error {
	for register, id := range map[string]string{"awards": award, "services": service} {
		if id == "" {
			return &Needs{"allocations", service, strings.TrimSuffix(register, "s")}
		}
	}
	cells, err := ledger.Cells(amount, objective, area)
	if err != nil {
		return err
	}
	for _, c := range cells {
		for register, id := range map[string]string{"objectives": c.Objective, "areas": c.Area} {
			if id != "" && !m.b.Has(register, id) {
				return &ledger.NotFound{Register: register, ID: id}
			}
		}
		if err := m.allocate(award, service, board, year, c.Amount, ledger.Label{Objective: c.Objective, Area: c.Area}); err != nil {
			return err
		}
	}
	return nil
}

// Virement moves allocated money from one service to another within an award.
type Virement struct {
	Award, From, To string
	Year            fiscal.Year
	Amount          money.Pence
}

func (r Virement) kind() string { return "vire" }
func (r Virement) written() written {
	return written{Award: r.Award, From: r.From, To: r.To, Year: r.Year.String(), Amount: r.Amount.String()}
}

func (r Virement) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	if r.Amount <= 0 {
		return nil, &BadAmount{r.Amount, 1}
	}
	if r.From == r.To {
		return nil, &Unchanged{}
	}
	c := change{award: r.Award, year: r.Year}
	for _, side := range []struct {
		service string
		sign    money.Pence
		parts   *[]part
	}{{r.From, -1, &c.less}, {r.To, 1, &c.more}} {
		now, boards := Held(b, r.Award, side.service, r.Year)
		if own := now - boards; side.sign < 0 && own < r.Amount {
			return nil, &ledger.Short{Account: ledger.Account{Stage: ledger.Allocated, Award: r.Award, Year: r.Year, Service: r.From}, Name: b.AwardName(r.Award), Holds: own, Asks: r.Amount}
		}
		parts, err := Cell{Award: r.Award, Service: side.service, Year: r.Year, Was: now, To: now + side.sign*r.Amount}.parts(b)
		if err != nil {
			return nil, err
		}
		*side.parts = parts
	}
	m := newMover(b, actor, reason)
	if err := m.make(c); err != nil {
		return nil, err
	}
	return m.judged(lasting(actor, r.Year)), nil
}

// Delegation sets award money aside for a board: finance proposes and a second
// person in finance approves.
type Delegation struct {
	Board, Award string
	Year         fiscal.Year
	Amount       money.Pence
}

func (r Delegation) kind() string { return "delegate" }
func (r Delegation) written() written {
	return written{Board: r.Board, Award: r.Award, Year: r.Year.String(), Amount: r.Amount.String()}
}

func (r Delegation) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	if err := actor.needs(finance, "setting money aside for a board"); err != nil {
		return nil, err
	}
	if r.Amount <= 0 {
		return nil, &BadAmount{r.Amount, 1}
	}
	if r.Board == "" {
		return nil, &Needs{"delegations", r.Award, "board"}
	}
	m := newMover(b, actor, reason)
	if err := m.o.Draft.Delegate(r.Award, r.Board, r.Year, m.line(r.Amount, ledger.Label{})); err != nil {
		return nil, err
	}
	m.note(Step{Kind: ledger.Delegation, Award: r.Award, Board: r.Board, Year: r.Year, Amount: r.Amount}, ledger.Label{})
	m.o.Need = Need{Action: ToDelegate, Amount: r.Amount, By: []string{finance}}
	return m.o.finish(b), nil
}
