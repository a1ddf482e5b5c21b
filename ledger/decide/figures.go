package decide

import (
	"fmt"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Statement is what somebody said an award is worth for a year, or for its
// whole term: the new total, not the change. It is a fact, recorded even where
// the money is already allocated. Where limits name the action, a change in
// secured money beyond them waits for another's approval.
type Statement struct {
	Award                string
	Year                 fiscal.Year
	Amount               money.Amount
	Certainty            funding.Certainty
	StatedOn, ValidUntil fiscal.Date
	SaidBy, Source       string
}

func (s Statement) kind() string { return "state" }

func (s Statement) written() written {
	w := written{Award: s.Award, Year: s.Year.String(), Amount: s.Amount.String(), Certainty: s.Certainty.String(),
		StatedOn: s.StatedOn.String(), ValidUntil: s.ValidUntil.String(), SaidBy: s.SaidBy, Source: s.Source}
	return w
}

func (s Statement) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	if !b.Has("awards", s.Award) {
		return nil, &ledger.NotFound{Register: "awards", ID: s.Award}
	}
	figure := ledger.Record{Register: "figures", ID: s.id(b)}
	for _, column := range []struct{ needed, text string }{{"certainty", s.certainty()}, {"said_by", s.SaidBy}, {"stated_on", s.StatedOn.String()}} {
		if strings.TrimSpace(column.text) == "" {
			return nil, &Needs{"figures", figure.ID, column.needed}
		}
	}
	if p, known := s.Amount.Known(); known && p < 0 {
		return nil, &BadAmount{Amount: p, Least: 0}
	}
	if s.StatedOn > actor.Today {
		return nil, &BadDate{Column: "stated_on", Date: s.StatedOn, Day: actor.Today}
	}
	if s.ValidUntil != 0 && s.ValidUntil < s.StatedOn {
		return nil, &BadDate{Column: "valid_until", Date: s.ValidUntil, Day: s.StatedOn, After: true}
	}
	for _, f := range b.Figures(s.Award, s.Year) {
		if f.Amount == s.Amount && f.Certainty == s.Certainty && f.StatedOn == s.StatedOn {
			return nil, &Unchanged{}
		}
	}
	figure = record("figures", figure.ID, map[string]string{"award": s.Award, "year": s.Year.String(), "amount": s.Amount.String(), "certainty": s.certainty(),
		"stated_on": s.StatedOn.String(), "said_by": strings.TrimSpace(s.SaidBy), "valid_until": s.ValidUntil.String(), "source": strings.TrimSpace(s.Source)})
	o := &Outcome{Draft: actor.draft(b, reason)}
	unposted := ledger.Account{Stage: ledger.Awarded, Award: s.Award, Year: s.Year}
	left := Left{Award: s.Award, Year: s.Year, Before: b.Balance(unposted)}
	if err := o.Draft.State(figure, 0); err != nil {
		return nil, err
	}
	left.After, left.Unknown = o.Draft.Balance(unposted), o.Draft.Book().FigureUnknown(s.Award, s.Year)
	o.Left = []Left{left}
	change := (left.After - left.Before).Abs()
	if o.Need = Judge(b, actor, ToState, change, false); change == 0 { // nothing secured changes
		o.Need = Need{Alone: true, Action: ToState}
	}
	return o, nil
}

// certainty is as the register writes it, blank where none is stated.
func (s Statement) certainty() string {
	if s.Certainty == funding.CertaintyNotStated {
		return ""
	}
	return s.Certainty.String()
}

// id names a statement by award, year and day; a second one of the same day is
// numbered.
func (s Statement) id(b *ledger.Book) string {
	id := s.Award + "-" + s.Year.String() + "-" + s.StatedOn.String()
	for n := 2; b.Has("figures", id); n++ {
		id = fmt.Sprintf("%s-%s-%s-%d", s.Award, s.Year, s.StatedOn, n)
	}
	return id
}
