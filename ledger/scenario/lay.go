package scenario

import (
	"errors"
	"fmt"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// Laid is a scenario laid over a book: the book as it would be, which nobody
// stores.
type Laid struct {
	View        *ledger.View
	Assumptions forecast.Assumptions
	Refused     []Refused
	Broken      []Broken
	Steps       []decide.Step // the movements of its decisions
}

// Refused is a change, or a part of one, that could not be laid, and why.
type Refused struct {
	Change  Change
	Refusal error
}

// Broken is a rule of a grant that a change breaks: it is laid all the same, as
// things are found, and named.
type Broken struct {
	Change         Change
	Award, Service string
	Year           fiscal.Year
	Breach         *ledger.Breach
}

// Lay lays a scenario over a book as at a date: first what it supposes of the
// world, then what it decides, each in the order listed. What an applied one
// decided is in the book already, and is not laid again.
func (s Scenario) Lay(v *ledger.View) *Laid {
	l := newLayer(s, v)
	l.open()
	for _, c := range s.Changes {
		if c.Supposition() {
			l.suppose(c)
		}
	}
	if s.State != Posted {
		l.decide()
	}
	l.laid.View = l.book.View(v.AsAt)
	return l.laid
}

// layer lays one scenario.
type layer struct {
	Scenario
	book   *ledger.Book // with what has been laid so far
	asAt   fiscal.Date
	next   fiscal.Year // from which a change holds where it says no year
	last   fiscal.Year // the last that matters
	stated int         // figures stated so far
	laid   *Laid
	met    map[refusedUse]bool
}

func newLayer(s Scenario, v *ledger.View) *layer {
	from := fiscal.YearOf(v.AsAt)
	years := s.Years
	if years < 1 {
		years = 4
	}
	l := &layer{Scenario: s, book: v.Book, asAt: v.AsAt, next: from + 1, last: from + fiscal.Year(years) - 1, met: map[refusedUse]bool{}, laid: &Laid{Assumptions: forecast.Recorded(v)}}
	for _, c := range s.Changes {
		l.last = max(l.last, c.Year, c.ToYear)
	}
	return l
}

// open opens the month of the date: looking back from one that is closed is no
// posting in it.
func (l *layer) open() {
	month := l.asAt.String()[:7]
	if r, met := l.book.Record("periods", month); met && r.Get("state") != "open" && len(l.Changes) > 0 {
		d := l.draft()
		if err := d.Put(decide.Amended(r, map[string]string{"state": "open"})); err == nil {
			l.seal(d)
		}
	}
}

// actor lays changes as one whom only the rules of money hold.
func (l *layer) actor() decide.Actor {
	return decide.Actor{Person: "scenario", Name: "scenario", Role: "finance", Today: l.asAt}
}

func (l *layer) draft() *ledger.Draft {
	return l.book.Draft(ledger.Intent{Author: "scenario", Role: "finance", Reason: "supposed: " + l.Name})
}

func (l *layer) seal(d *ledger.Draft) {
	if !d.Empty() {
		l.book = d.Supposed()
	}
}

func (l *layer) from(c Change) fiscal.Year {
	if c.Year == 0 {
		return l.next
	}
	return c.Year
}

func (l *layer) refuse(c Change, err error) { l.laid.Refused = append(l.laid.Refused, Refused{c, err}) }

// refusedUse is what is refused once, however many movements it was to be.
type refusedUse struct {
	change         Change
	award, service string
	year           fiscal.Year
}

// note keeps what a rule refused, each use and each breach of one once.
func (l *layer) note(c Change, award, service string, y fiscal.Year, err error) {
	breach := (*ledger.Breach)(nil)
	if !errors.As(err, &breach) {
		one := refusedUse{c, award, service, y}
		if !l.met[one] {
			l.refuse(c, err)
		}
		l.met[one] = true
		return
	}
	for _, b := range l.laid.Broken {
		if b.Award == award && b.Service == service && b.Year == y && b.Change == c && ledger.TermID(b.Breach.Ruling) == ledger.TermID(breach.Ruling) {
			return
		}
	}
	l.laid.Broken = append(l.laid.Broken, Broken{c, award, service, y, breach})
}

// decide lays the decisions, together: within one award and year what leaves
// one service and comes onto another is a virement, as it will be when it is
// applied.
func (l *layer) decide() {
	v := l.book.View(l.asAt)
	w := newWorking(v, l.next, l.last)
	for i, c := range l.Changes {
		if !c.Supposition() {
			w.take(i, c)
		}
	}
	for _, r := range w.refused {
		l.refuse(r.Change, r.Refusal)
	}
	t := w.together()
	if len(t.Cells)+len(t.Carries)+len(t.Records) == 0 {
		return
	}
	o := decide.Suppose(l.book, l.actor(), t, func(s decide.Step, err error) {
		c := Change{}
		if s.Kind == ledger.CarryForward || s.Kind == ledger.Drawing {
			for i, one := range w.carries {
				if one.Award == s.Award && one.From == s.Year && one.To == s.ToYear && one.Amount == s.Amount {
					c = l.Changes[w.carriedBy[i]]
				}
			}
		} else if at := w.by(s); at >= 0 {
			c = l.Changes[at]
		}
		service := s.To
		if service == "" {
			service = s.From
		}
		l.note(c, s.Award, service, s.Year, err)
	})
	l.laid.Steps = o.Steps
	l.seal(o.Draft)
}

// state says in the laid book what an award's figure for a year is.
func (l *layer) state(d *ledger.Draft, award string, y fiscal.Year, amount money.Pence, certainty string) error {
	l.stated++
	return d.State(ledger.Record{Register: "figures", ID: fmt.Sprintf("supposed-%d-%d", d.Book().Sequence(), l.stated), Values: []ledger.Value{
		{Column: "award", Text: award}, {Column: "year", Text: y.String()}, {Column: "amount", Text: amount.String()},
		{Column: "certainty", Text: certainty}, {Column: "stated_on", Text: l.asAt.String()}, {Column: "source", Text: l.Name}}}, 0)
}
