package scenario

import (
	"fmt"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// NoFigure refuses a supposition about an award that has no figure to change.
type NoFigure struct {
	Award string
	Year  fiscal.Year
	Term  bool // it is stated for its whole term alone
}

func (r *NoFigure) Code() string {
	if r.Term {
		return "whole-term"
	}
	return "no-figure"
}

func (r *NoFigure) Error() string {
	if r.Term {
		return fmt.Sprintf("%s is stated for its whole term and not by year; say what it is worth in each year first", r.Award)
	}
	return fmt.Sprintf("nobody has said for certain what %s is worth in %s or later; record a figure first", r.Award, r.Year)
}

// NothingToApply refuses to apply a scenario that decides nothing.
type NothingToApply struct{ Scenario string }

func (r *NothingToApply) Code() string { return "nothing-to-apply" }
func (r *NothingToApply) Error() string {
	return fmt.Sprintf("%q only supposes what others may do, so there is nothing to post; add a change that you can decide", r.Scenario)
}

// Moved refuses to apply a scenario to a ledger that has changed under it.
type Moved struct {
	Scenario       string
	Award, Service string // the money that changed; blank award: the service's own record
	Year           fiscal.Year
	Was, Now       money.Pence
}

func (r *Moved) Code() string {
	if r.Award == "" {
		return "moved-record"
	}
	return "moved"
}

func (r *Moved) Error() string {
	if r.Award == "" {
		return fmt.Sprintf("%s was changed after %q was last saved; look at it again, and save it if it still holds", r.Service, r.Scenario)
	}
	return fmt.Sprintf("what %s puts on %s for %s was %s when %q was last saved and is %s now; look at it again, and save it if it still holds", r.Award, r.Service, r.Year, r.Was.Exact(), r.Scenario, r.Now.Exact())
}
