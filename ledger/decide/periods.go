package decide

import (
	"braid/ledger"
	"braid/ledger/fiscal"
)

// ClosePeriod closes an accounting month to every posting.
func ClosePeriod(b *ledger.Book, actor Actor, month, reason string) (*Outcome, error) {
	return setPeriod(b, actor, month, "closed", reason)
}

// FinanceOnly closes an accounting month to all but finance.
func FinanceOnly(b *ledger.Book, actor Actor, month, reason string) (*Outcome, error) {
	return setPeriod(b, actor, month, "finance-only", reason)
}

func setPeriod(b *ledger.Book, actor Actor, month, state, reason string) (*Outcome, error) {
	if err := actor.needs(finance, "closing an accounting month"); err != nil {
		return nil, err
	}
	reason, err := reasoned(reason, "closing this month")
	if err != nil {
		return nil, err
	}
	now, err := period(b, month)
	if err != nil {
		return nil, err
	}
	if now == "closed" || now == state { // a closed month is opened by two people
		return nil, &NotWaiting{"periods", month, now, ""}
	}
	o := &Outcome{Draft: actor.draft(b, reason), Need: Need{Alone: true}}
	return o, o.Draft.Put(record("periods", month, map[string]string{"state": state, "reason": reason, "by": actor.name()}))
}

// Reopening opens a month that was closed: one person in finance asks and
// another approves.
type Reopening struct{ Month string }

func (r Reopening) kind() string     { return "reopen" }
func (r Reopening) written() written { return written{Month: r.Month} }

func (r Reopening) plan(b *ledger.Book, actor Actor, reason string) (*Outcome, error) {
	if err := actor.needs(finance, "reopening an accounting month"); err != nil {
		return nil, err
	}
	now, err := period(b, r.Month)
	if err != nil {
		return nil, err
	}
	if now == "open" {
		return nil, &NotWaiting{"periods", r.Month, now, ""}
	}
	o := &Outcome{Draft: actor.draft(b, reason), Need: Need{Action: "reopening", By: []string{finance}}}
	return o, o.Draft.Put(record("periods", r.Month, map[string]string{"state": "open", "reason": reason, "by": actor.name()}))
}

// Reopen asks for a closed month to be opened again.
func Reopen(b *ledger.Book, actor Actor, month, reason string) (*Outcome, error) {
	return Ask(b, actor, Reopening{month}, reason)
}

// period gives the state of a month; one never closed is open.
func period(b *ledger.Book, month string) (string, error) {
	if first, err := fiscal.ParseDate(month + "-01"); err != nil || first.IsZero() {
		return "", &ledger.Malformed{Register: "periods", ID: month, Found: month, Remedy: "write a month like 2026-04"}
	}
	rec, ok := b.Record("periods", month)
	if !ok {
		return "open", nil
	}
	return rec.Get("state"), nil
}
