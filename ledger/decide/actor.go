package decide

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Actor is who acts, in which role, on which day. Key is the form's
// idempotency key; Source is the form or paper.
type Actor struct {
	Person, Name, Role, Board string
	Today                     fiscal.Date
	Key, Source               string
}

// The roles that rules name.
const (
	finance     = "finance"
	boardMember = "board member"
	boardChair  = "board chair"
)

func (a Actor) draft(b *ledger.Book, reason string) *ledger.Draft {
	return b.Draft(ledger.Intent{Author: a.name(), Role: a.Role, Reason: reason, Key: a.Key, Source: a.Source})
}

func (a Actor) name() string { return cmp.Or(a.Name, a.Person) }

// needs refuses an actor of another role.
func (a Actor) needs(role, what string) error {
	if a.Role != role {
		return &WrongRole{Role: role, What: what}
	}
	return nil
}

// Outcome is a decision drafted: what would be posted, and what it changes.
type Outcome struct {
	Draft   *ledger.Draft
	Steps   []Step
	Left    []Left
	Need    Need           // whether one person may do this alone
	Unknown []ledger.Asked // terms that lacked a fact: someone should look
	Kept    []ledger.Record
}

// Step is one movement of money. From and To are services; blank is the money
// left with the award.
type Step struct {
	Kind            ledger.Kind
	Award, Board    string
	From, To        string
	Year            fiscal.Year
	ToYear          fiscal.Year // of money carried to another year
	Amount          money.Pence
	Objective, Area string
}

// Left is what a decision leaves an award, or a board's share of it, with.
type Left struct {
	Award, Board  string
	Year          fiscal.Year
	Before, After money.Pence
	Unknown       bool // the award's figure is not known, so neither is what is left of it
}

// finish works out what is left of each award that the steps touch.
func (o *Outcome) finish(b *ledger.Book) *Outcome {
	met := map[ledger.Account]bool{}
	note := func(award, board string, year fiscal.Year) {
		a := ledger.Account{Stage: ledger.Awarded, Award: award, Board: board, Year: year}
		if award == "" || met[a] {
			return
		}
		met[a] = true
		o.Left = append(o.Left, Left{award, board, year, b.Balance(a), o.Draft.Balance(a), board == "" && b.FigureUnknown(award, year)})
	}
	for _, s := range o.Steps {
		note(s.Award, s.Board, s.Year)
		if s.Kind == ledger.Delegation {
			note(s.Award, "", s.Year)
		}
		if s.Kind == ledger.CarryForward || s.Kind == ledger.Drawing {
			note(s.Award, s.Board, s.ToYear)
		}
	}
	slices.SortFunc(o.Left, func(x, y Left) int {
		return cmp.Or(cmp.Compare(x.Award, y.Award), cmp.Compare(x.Board, y.Board), cmp.Compare(x.Year, y.Year))
	})
	o.Unknown = o.Draft.Unknown
	return o
}

// reasoned trims a reason and refuses none.
func reasoned(reason, what string) (string, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return "", &ledger.NeedsReason{What: what}
	}
	return reason, nil
}

// evermore is after every date a ledger may hold: decisions are held to all
// that is posted, whatever its date.
const evermore = fiscal.Date(math.MaxInt32)

// record makes a register's record from cells by column, in the register's
// order; blank cells are left out.
func record(register, id string, cells map[string]string) ledger.Record {
	r := ledger.Record{Register: register, ID: id}
	left := 0
	for _, text := range cells {
		if text != "" {
			left++
		}
	}
	for _, c := range ledger.RegisterNamed(register).Columns {
		if text := cells[c.Name]; text != "" {
			r.Values = append(r.Values, ledger.Value{Column: c.Name, Text: text})
			left--
		}
	}
	if left > 0 { // the years of a register, after its columns
		var years []string
		for column, text := range cells {
			if text != "" && column[0] >= '0' && column[0] <= '9' {
				years = append(years, column)
			}
		}
		slices.Sort(years)
		for _, y := range years {
			r.Values = append(r.Values, ledger.Value{Column: y, Text: cells[y]})
		}
	}
	return r
}

// amended is a record with some cells changed.
func amended(r ledger.Record, cells map[string]string) ledger.Record {
	all := map[string]string{}
	for _, v := range r.Values {
		all[v.Column] = v.Text
	}
	for column, text := range cells {
		all[column] = text
	}
	return record(r.Register, r.ID, all)
}
