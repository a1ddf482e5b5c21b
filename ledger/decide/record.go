package decide

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// verbsOnly are registers whose rows are money, or what a verb decides.
var verbsOnly = []string{"allocations", "payments", "delegations", "transfers", "asks", "proposals", "interests", "decisions", "judgements", "exceptions", "approvals", "periods", "scenarios", "changes"}

// Version is the fingerprint of a record as a person saw it; blank for one that
// was not there. An edit carries it, so that two people do not undo each
// other's work unseen.
func Version(b *ledger.Book, register, id string) string {
	r, ok := b.Record(register, id)
	if !ok {
		return ""
	}
	sum := sha256.Sum256(ledger.AppendValues(nil, r.Values))
	return hex.EncodeToString(sum[:8])
}

// Join is the fingerprint of several things seen together.
func Join(versions ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(versions, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// PutRecord adds or edits a row of a register: streams, awards, services, terms,
// notes and the like. Was is the Version the person saw. A statement of an
// award's figure posts what it changes.
func PutRecord(b *ledger.Book, actor Actor, r ledger.Record, was, reason string) (*Outcome, error) {
	register := ledger.RegisterNamed(r.Register)
	if register == nil {
		return nil, &ledger.NotFound{Register: "registers", ID: r.Register}
	}
	if slices.Contains(verbsOnly, r.Register) {
		return nil, &NotByForm{r.Register}
	}
	now, met := b.Record(r.Register, r.ID)
	if Version(b, r.Register, r.ID) != was {
		return nil, &ChangedRecord{r.Register, r.ID, now, r}
	}
	reason = strings.TrimSpace(reason)
	if met && reason == "" {
		return nil, &ledger.NeedsReason{What: "this change"}
	}
	cells := map[string]string{}
	for _, v := range r.Values {
		c := register.Column(v.Column)
		if c == nil {
			if _, err := fiscal.ParseYear(v.Column); err != nil || register.Years == "" {
				return nil, &ledger.Malformed{Register: r.Register, ID: r.ID, Column: v.Column, Remedy: "there is no such column"}
			}
			c = &ledger.Column{Name: v.Column, Form: ledger.Money}
			if r.Register == "savings" { // an allowance for counting twice is below nought
				c.Form = ledger.Signed
			}
		}
		text := strings.TrimSpace(v.Text)
		if remedy := misread(c, text); text != "" && remedy != "" {
			return nil, &ledger.Malformed{Register: r.Register, ID: r.ID, Column: v.Column, Found: text, Remedy: remedy}
		}
		if v.Column != "id" {
			cells[v.Column] = text
		}
	}
	for _, c := range register.Columns {
		if c.Required && c.Name != "id" && cells[c.Name] == "" {
			return nil, &Needs{r.Register, r.ID, c.Name}
		}
	}
	r = record(r.Register, r.ID, cells)
	if met && slices.Equal(r.Values, now.Values) {
		return nil, &Unchanged{}
	}
	o := &Outcome{Draft: actor.draft(b, reason), Need: Need{Alone: true}}
	if err := r.Check(); err != nil {
		return nil, err
	}
	if r.Register == "figures" {
		return o, o.Draft.State(r, 0)
	}
	return o, o.Draft.Put(r)
}

// misread says what to write where a cell is not in the column's own form.
func misread(c *ledger.Column, text string) string {
	switch c.Form {
	case ledger.Money, ledger.Signed:
		p, err := money.ParsePence(text)
		if text != "?" && (err != nil || c.Form == ledger.Money && p < 0) {
			return "write an amount in pounds and pence, like 40000.00, or ? where it is not known"
		}
	case ledger.Day:
		if _, err := fiscal.ParseDate(text); err != nil {
			return err.Error()
		}
	case ledger.Year, ledger.YearOrTerm:
		if y, err := fiscal.ParseYear(text); (err != nil || y.String() != text) && (text != "term" || c.Form == ledger.Year) {
			return "write a financial year, like 2026-27"
		}
	case ledger.Count:
		if n, err := strconv.Atoi(text); text != "?" && (err != nil || n < 0) {
			return "write a whole number, or ? where it is not known"
		}
	case ledger.Percent:
		if n, err := strconv.Atoi(strings.TrimSuffix(text, "%")); err != nil || n < 0 || n > 100 || !strings.HasSuffix(text, "%") {
			return "write a percentage from 0% to 100%"
		}
	case ledger.Rate:
		if r, err := money.ParseRate(text); err != nil || r.String() != text {
			return "write a percentage a year, like 2.5% or -1%"
		}
	case ledger.Hundredths:
		if fte, err := commissioning.ParseFTE(text); text != "?" && (err != nil || fte.String() != text) {
			return "write a number with at most two decimals, like 0.6, or ? where it is not known"
		}
	case ledger.Choice:
		if !slices.Contains(c.Words, text) {
			return "write " + strings.TrimPrefix(strings.Join(c.Words, ", "), ", ")
		}
	}
	return ""
}
