package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"strconv"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// object is a JSON object whose keys keep their order.
type object []member

type member struct {
	key   string
	value any
}

func (o *object) add(key string, value any) { *o = append(*o, member{key, value}) }

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
		b.Truncate(b.Len() - 1) // the encoder's line end
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// document writes an object one of whose members is a list that may be long:
// the members before it, its items one by one, the members after it. It never
// holds the list whole.
func document(w io.Writer, before object, list string, items iter.Seq[object], after object) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var text, room bytes.Buffer
	plain := json.NewEncoder(&text)
	plain.SetEscapeHTML(false)
	put := func(indent string, value any) error {
		text.Reset()
		if err := plain.Encode(value); err != nil {
			return err
		}
		room.Reset()
		if err := json.Indent(&room, bytes.TrimSuffix(text.Bytes(), []byte("\n")), indent, "  "); err != nil {
			return err
		}
		_, err := out.Write(room.Bytes())
		return err
	}
	member := func(m member, end string) error {
		out.WriteString("  ")
		if err := put("", m.key); err != nil {
			return err
		}
		out.WriteString(": ")
		if err := put("  ", m.value); err != nil {
			return err
		}
		_, err := out.WriteString(end)
		return err
	}
	out.WriteString("{\n")
	for _, m := range before {
		if err := member(m, ",\n"); err != nil {
			return err
		}
	}
	out.WriteString("  \"" + list + "\": [")
	end := "]"
	for item := range items {
		if end == "]" {
			out.WriteString("\n    ")
		} else {
			out.WriteString(",\n    ")
		}
		end = "\n  ]"
		if err := put("    ", item); err != nil {
			return err
		}
	}
	out.WriteString(end)
	for _, m := range after {
		out.WriteString(",\n")
		if err := member(m, ""); err != nil {
			return err
		}
	}
	out.WriteString("\n}\n")
	return out.Flush()
}

// head is what every document says of itself.
func head(v *ledger.View) object {
	return object{{"as_at", v.AsAt.String()}, {"sequence", v.Sequence()}, {"hash", v.Hash().String()}}
}

// addSum writes a sum: pounds, null when unknown, and whether it is partial.
// Several sums of one object name what they are partial in.
func (o *object) addSum(key, partial string, s money.Sum) {
	switch s.State() {
	case money.NotKnown:
		o.add(key, nil)
	case money.AtLeast:
		o.add(key, s.Pence().String())
		o.add(partial, true)
	default:
		o.add(key, s.Pence().String())
	}
}

// PositionJSON writes a position as design section 8 has it.
func PositionJSON(w io.Writer, v *ledger.View, p ledger.Position) error {
	doc := head(v)
	by := make([]string, len(p.By))
	for i, d := range p.By {
		by[i] = d.String()
	}
	doc.add("by", by)
	rows := func(yield func(object) bool) {
		for _, r := range p.Rows {
			row := object{}
			for i, d := range p.By {
				row.add(d.String(), r.Key[i])
			}
			addMeasures(&row, p.Columns, r)
			if !yield(row) {
				return
			}
		}
	}
	total := object{}
	addMeasures(&total, p.Columns, p.Total)
	return document(w, doc, "rows", rows, object{{"total", total}})
}

func addMeasures(o *object, columns []ledger.Measure, r ledger.PositionRow) {
	partial := false
	for _, m := range columns {
		if s := r.Sums[m]; s.State() == money.NotKnown {
			o.add(m.String(), nil)
		} else {
			o.add(m.String(), s.Pence().String())
			partial = partial || s.State() == money.AtLeast
		}
	}
	if partial {
		o.add("at_least", true)
	}
}

// CheckJSON writes findings as design section 8 has them.
func CheckJSON(w io.Writer, v *ledger.View, findings []check.Finding) error {
	list := func(yield func(object) bool) {
		for i := range findings {
			if !yield(findingJSON(v, &findings[i])) {
				return
			}
		}
	}
	summary := object{}
	all := check.Summarise(findings)
	for _, kind := range check.Kinds {
		rules := object{}
		for _, rule := range slices.Sorted(maps.Keys(all[kind])) {
			bands := object{}
			for _, band := range slices.Sorted(maps.Keys(all[kind][rule])) {
				bands.add(band, tallyJSON(all[kind][rule][band]))
			}
			if len(bands) == 1 && bands[0].key == "" {
				rules.add(rule, bands[0].value)
				continue
			}
			rules.add(rule, bands)
		}
		if len(rules) > 0 {
			summary.add(string(kind), rules)
		}
	}
	return document(w, head(v), "findings", list, object{{"summary", summary}})
}

func tallyJSON(t check.Tally) object {
	o := object{{"count", t.Count}}
	if t.Unknown > 0 {
		o.add("unknown", t.Unknown)
	}
	if t.Amount != nil {
		o.addSum("amount", "at_least", *t.Amount)
	}
	return o
}

func findingJSON(v *ledger.View, f *check.Finding) object {
	title, because := f.Words()
	o := object{{"id", f.ID}, {"kind", f.Kind}, {"rule", f.Rule}}
	if f.Band != "" {
		o.add("band", f.Band)
	}
	o.add("severity", f.Severity.String())
	if f.Unknown {
		o.add("verdict", "unknown")
		o.add("missing", f.Missing())
	}
	o.add("title", title)
	o.add("because", because)
	if f.Amount != nil {
		o.addSum("amount", "at_least", *f.Amount)
	}
	if f.Share != nil {
		o.add("share", shareText(*f.Share))
	}
	if f.Year != fiscal.Term {
		o.add("year", f.Year.String())
	}
	if !f.Date.IsZero() {
		o.add("date", f.Date.String())
	}
	subjects := make([]object, len(f.Subjects))
	for i, s := range f.Subjects {
		subjects[i] = object{{"type", s.Type}, {"id", s.ID}}
	}
	o.add("subjects", subjects)
	evidence := []object{}
	if f.Proof != nil {
		for _, p := range f.Proof() {
			evidence = append(evidence, object{{"entry", v.EntryID(p.Index).String()}, {"amount", p.Amount.String()}})
		}
	}
	for _, r := range f.Records {
		e := object{{"record", r.Register + "/" + r.ID}}
		if r.Column != "" {
			e.add("column", r.Column)
		}
		if r.Amount != nil {
			if p, known := r.Amount.Known(); known {
				e.add("amount", p.String())
			} else {
				e.add("amount", nil)
			}
		}
		evidence = append(evidence, e)
	}
	o.add("evidence", evidence)
	o.add("facts", f.FactsHash())
	if f.Judgement == nil {
		o.add("judgement", nil)
	} else {
		j := object{{"verdict", f.Judgement.Verdict}, {"reason", f.Judgement.Reason}, {"by", f.Judgement.By}, {"stands", f.Judgement.Stands}}
		if !f.Judgement.ReviewOn.IsZero() {
			j.add("review_on", f.Judgement.ReviewOn.String())
		}
		o.add("judgement", j)
	}
	return o
}

// shareText writes a share as a decimal fraction, to four places.
func shareText(s money.Share) string {
	const whole = 10_000
	n := int64(s.Of(whole))
	text := strconv.FormatInt(n/whole, 10)
	if frac := n % whole; frac != 0 {
		digits := strconv.FormatInt(whole+frac, 10)[1:]
		for digits[len(digits)-1] == '0' {
			digits = digits[:len(digits)-1]
		}
		text += "." + digits
	}
	return text
}

// ExplainJSON writes the entries behind one figure.
func ExplainJSON(w io.Writer, v *ledger.View, m ledger.Measure, only ledger.Filter, proof []ledger.Proof) error {
	doc := head(v)
	doc.add("column", m.String())
	where := object{}
	for d := ledger.ByFunder; d <= ledger.ByYear; d++ {
		if id, ok := only[d]; ok {
			where.add(d.String(), id)
		}
	}
	doc.add("where", where)
	var total money.Sum
	for _, p := range proof {
		total.AddPence(p.Amount)
	}
	entries := func(yield func(object) bool) {
		for _, p := range proof {
			if !yield(entryJSON(v, p)) {
				return
			}
		}
	}
	return document(w, doc, "entries", entries, object{{"total", total.Pence().String()}})
}

func entryJSON(v *ledger.View, p ledger.Proof) object {
	e := v.Entry(p.Index)
	h, _ := v.Head(e.ID.Seq)
	o := object{{"entry", e.ID.String()}, {"kind", e.Kind.String()}, {"amount", p.Amount.String()}, {"effective", e.Effective.String()}, {"from", e.From.String()}, {"to", e.To.String()}}
	if e.Label.Objective != "" {
		o.add("objective", e.Label.Objective)
	}
	if e.Label.Area != "" {
		o.add("area", e.Label.Area)
	}
	o.add("line", e.Line)
	if e.Row > 0 {
		o.add("row", e.Row)
	}
	if e.Reverses != (ledger.EntryID{}) {
		o.add("reverses", e.Reverses.String())
	}
	o.add("by", h.Author)
	o.add("reason", h.Reason)
	o.add("source", fileOf(e.Kind, h.Source))
	return o
}

// VerifyJSON writes what a verification found.
func VerifyJSON(w io.Writer, sequence int, hash ledger.Hash, entries int, damage error) error {
	doc := object{{"ok", damage == nil}, {"sequence", sequence}, {"hash", hash.String()}, {"entries", entries}}
	if damage != nil {
		var damaged *ledger.Damaged
		if errors.As(damage, &damaged) {
			doc.add("bad_batch", damaged.Seq)
		}
		doc.add("damage", damage.Error())
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
