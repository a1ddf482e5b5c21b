package ledger

import (
	"fmt"
	"strings"

	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Refusal is a rule saying no: it holds the facts, and its words tell the
// person what to do. Code is stable, for programs and translations.
type Refusal interface {
	error
	Code() string
}

// NotFound refuses a reference to something no register holds.
type NotFound struct{ Register, ID string }

func (r *NotFound) Code() string { return "not-found" }
func (r *NotFound) Error() string {
	return fmt.Sprintf("%s has no row %q; add it there, or write an id that exists", r.Register, r.ID)
}

// Short refuses a decision that would take an account below nought.
type Short struct {
	Account     Account
	Name        string // the award's name, for the sentence
	Holds, Asks money.Pence
}

func (r *Short) Code() string { return "short-" + r.Account.Stage.String() }

// Over is by how much too much was asked.
func (r *Short) Over() money.Pence { return r.Asks - max(r.Holds, 0) }
func (r *Short) Error() string {
	what, have := r.Name, "left"
	switch r.Account.Stage {
	case Allocated:
		what, have = r.Account.Service, "allocated and not yet promised or spent from "+r.Name
	case Committed:
		what, have = r.Account.Service, "promised and not yet spent from "+r.Name
	case Awarded:
		if r.Account.Board != "" {
			what = r.Account.Board + "'s share of " + r.Name
		}
	}
	if r.Holds <= 0 {
		return fmt.Sprintf("%s has nothing %s for %s (%s), so %s cannot be taken", what, have, yearWords(r.Account.Year), r.Holds.Exact(), r.Asks.Exact())
	}
	return fmt.Sprintf("this is %s more than %s has %s for %s; enter %s or less", r.Over().Exact(), what, have, yearWords(r.Account.Year), r.Holds.Exact())
}

func yearWords(y fiscal.Year) string {
	if y == fiscal.Term {
		return "the whole term"
	}
	return y.String()
}

// Breach refuses a use that a term of the award does not allow.
type Breach struct {
	Award, Service string
	Ruling         funding.Ruling
}

func (r *Breach) Code() string { return "term-" + r.Ruling.Code }
func (r *Breach) Error() string {
	return fmt.Sprintf("%s may not pay for %s: %s; an officer with the right may record the ground for an exception", r.Award, r.Service, r.Ruling.Reason)
}

// Closed refuses a posting dated in an accounting month that is closed.
type Closed struct {
	Month   string
	Finance bool // closed to all but finance
}

func (r *Closed) Code() string { return "period-closed" }
func (r *Closed) Error() string {
	if r.Finance {
		return fmt.Sprintf("the accounts of %s are open to finance only; ask finance, or date this in an open month", r.Month)
	}
	return fmt.Sprintf("the accounts of %s are closed; date this in an open month, or ask finance to reopen it", r.Month)
}

// Reversed refuses a second reversal of one entry.
type Reversed struct{ Entry, By EntryID }

func (r *Reversed) Code() string { return "already-reversed" }
func (r *Reversed) Error() string {
	return fmt.Sprintf("entry %s was already reversed by %s; an entry is reversed once at most", r.Entry, r.By)
}

// Malformed refuses a record or posting that does not make sense by itself.
type Malformed struct{ Register, ID, Column, Found, Remedy string }

func (r *Malformed) Code() string { return "malformed" }
func (r *Malformed) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %q", r.Register, r.ID)
	if r.Column != "" {
		fmt.Fprintf(&s, ", %s", r.Column)
	}
	if r.Found != "" {
		fmt.Fprintf(&s, ": found %q", r.Found)
	}
	return s.String() + ": " + r.Remedy
}

// NeedsReason refuses a decision that must say why.
type NeedsReason struct{ What string }

func (r *NeedsReason) Code() string  { return "needs-reason" }
func (r *NeedsReason) Error() string { return "enter a reason for " + r.What }

// Damaged is a stored batch that does not follow from the one before, or
// breaks an invariant: it is seen, not served.
type Damaged struct {
	Seq int
	Why string
}

func (d *Damaged) Code() string  { return "damaged" }
func (d *Damaged) Error() string { return fmt.Sprintf("batch %d is damaged: %s", d.Seq, d.Why) }
