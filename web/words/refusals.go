package words

import (
	"errors"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
)

// longer are refusals whose own English says more than the catalogue does. The
// others are said from it, with names in place of ids.
var longer = map[string]bool{"needs-approval": true, "bad-votes": true, "cannot-undo": true, "bad-date": true, "wrong-role": true, "not-waiting": true, "changed-record": true}

// Refusal says why a rule refused, and what to do. What no message speaks of
// is told in general, never as a program's error; in English the words of
// decisions and of people serve as they are.
func (r *Reader) Refusal(b *ledger.Book, err error) string {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return r.T("refusal.other")
	}
	switch e := refusal.(type) {
	case *ledger.NotFound:
		return r.T("refusal.not-found", "Register", e.Register, "ID", e.ID)
	case *ledger.Short:
		return r.short(b, e)
	case *ledger.Breach:
		return r.T("refusal.breach", "Award", r.NameOf(b, "awards", e.Award).Text, "Service", r.NameOf(b, "services", e.Service).Text, "Ruling", r.Ruling(e.Ruling))
	case *ledger.Closed:
		id := "refusal.period-closed"
		if e.Finance {
			id = "refusal.period-finance"
		}
		return r.T(id, "Month", r.Month(e.Month))
	case *ledger.Reversed:
		return r.T("refusal.already-reversed", "Entry", e.Entry.String(), "By", e.By.String())
	case *ledger.Malformed:
		if r.lang == English {
			return asSentence(e.Error())
		}
		if e.Column == "" {
			return r.T("refusal.malformed-row", "Register", e.Register, "ID", e.ID)
		}
		return r.T("refusal.malformed", "Register", e.Register, "ID", e.ID, "Column", e.Column, "Found", e.Found)
	case *ledger.NeedsReason:
		return r.T("refusal.needs-reason")
	case *ledger.Damaged:
		return r.T("refusal.damaged", "Seq", e.Seq)
	}
	kind := reflect.TypeOf(refusal)
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	from := kind.PkgPath()
	id := "refusal." + from[strings.LastIndexByte(from, '/')+1:] + "." + refusal.Code()
	switch {
	case r.lang == English && (!strings.Contains(id, ".decide.") && !strings.Contains(id, ".scenario.") || longer[refusal.Code()] || !r.Has(id)):
		return asSentence(refusal.Error())
	case r.Has(id):
		facts := r.factsOf(b, reflect.ValueOf(refusal))
		return r.T(id, append(facts, "Least", people.ShortestPassword, "Most", people.LongestPassword)...)
	}
	return r.T("refusal.other")
}

// short says that too much was asked, and how much there is.
func (r *Reader) short(b *ledger.Book, e *ledger.Short) string {
	award := r.NameOf(b, "awards", e.Account.Award).Text
	id, what := "refusal.short", award
	switch e.Account.Stage {
	case ledger.Allocated, ledger.Committed:
		id, what = id+"-"+e.Account.Stage.String(), r.NameOf(b, "services", e.Account.Service).Text
	case ledger.Awarded:
		if e.Account.Board != "" {
			what = r.T("refusal.board-share", "Board", r.NameOf(b, "boards", e.Account.Board).Text, "Award", award)
		}
	}
	if e.Holds <= 0 {
		id += "-none"
	}
	return r.T(id, "What", what, "Award", award, "Year", r.Year(e.Account.Year), "Over", e.Over().Exact(), "Holds", e.Holds.Exact(), "Asks", e.Asks.Exact())
}

// factsOf gives a refusal's fields by name, those of its parts among them.
// Services and awards go by their names.
func (r *Reader) factsOf(b *ledger.Book, v reflect.Value) (facts []any) {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		switch value := v.Field(i).Interface().(type) {
		case money.Pence:
			facts = append(facts, field.Name, value.Exact())
		case fiscal.Date, fiscal.Year:
			facts = append(facts, field.Name, r.fact(b, value))
		case int:
			facts = append(facts, field.Name, r.Count(value))
		case string:
			if register := map[string]string{"Service": "services", "Award": "awards", "Board": "boards"}[field.Name]; register != "" {
				value = r.NameOf(b, register, value).Text
			}
			facts = append(facts, field.Name, value)
		default:
			if part := v.Field(i); part.Kind() == reflect.Struct {
				facts = append(facts, r.factsOf(b, part)...)
			}
		}
	}
	return facts
}

// asSentence begins a refusal's own words with a capital and ends them.
func asSentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}
