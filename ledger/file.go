package ledger

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// WriteLedger writes every batch as one line, {"hash":"…","batch":…}: the whole
// ledger, to be kept elsewhere, read without Braid and verified by itself.
func WriteLedger(w io.Writer, b *Book) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for seq := 1; seq <= b.Sequence(); seq++ {
		_, sum := b.Head(seq)
		fmt.Fprintf(out, `{"hash":"%s","batch":`, sum)
		if err := b.Batch(seq).WriteCanonical(out); err != nil {
			return err
		}
		out.WriteString("}\n")
	}
	return out.Flush()
}

// ReadLedger reads what WriteLedger writes into a loader, and verifies it: the
// bytes of each batch and what they say must both have its hash, so nothing
// but the canonical form passes. It gives the number of batches read whole.
func ReadLedger(r io.Reader, l *Loader) (n int, err error) {
	l.Verify = true
	in := &lineReader{in: bufio.NewReaderSize(r, 1<<16), sum: sha256.New()}
	for {
		if _, err := in.in.Peek(1); err == io.EOF {
			return n, nil
		}
		seq := l.v.Sequence() + 1
		if err := in.line(l); err != nil {
			var damaged *Damaged
			switch {
			case errors.As(err, &damaged):
				return n, err
			case errors.Is(err, io.EOF):
				return n, &Damaged{Seq: seq, Why: "the file is cut short in its line"}
			case errors.Is(err, errLine):
				return n, &Damaged{Seq: seq, Why: err.Error()}
			}
			return n, err
		}
		n++
	}
}

var errLine = errors.New("its line is not written as Braid writes it")

// lineReader reads canonical lines piece by piece, so that a line of any
// length needs no more memory than the book it makes.
type lineReader struct {
	in  *bufio.Reader
	sum hash.Hash
	raw []byte // read since the sum was last brought up to date
	str []byte
}

func (r *lineReader) line(l *Loader) error {
	if err := r.expect(`{"hash":"`); err != nil {
		return err
	}
	text, err := r.rest()
	if err != nil {
		return err
	}
	want, err := ParseHash(text)
	if err != nil || want.String() != text {
		return fmt.Errorf("%w: its hash reads %.80q", errLine, text)
	}
	if err := r.expect(`,"batch":`); err != nil {
		return err
	}
	r.sum.Reset()
	r.raw = r.raw[:0]
	if err := r.batch(l); err != nil {
		return err
	}
	var got Hash
	r.sum.Write(r.raw)
	r.sum.Sum(got[:0])
	if got != want {
		return &Damaged{Seq: l.head.Seq, Why: fmt.Sprintf("its line hashes to %s, and it was posted as %s", got, want)}
	}
	if err := r.expect("}\n"); err != nil {
		return err
	}
	return l.End(want)
}

func (r *lineReader) batch(l *Loader) error {
	var h Head
	var prev, posted string
	err := r.expect(`{"seq":`)
	if err == nil {
		h.Seq, err = r.number()
	}
	if err == nil {
		prev, err = r.text(`,"prev":`)
	}
	if err == nil {
		err = r.optional(&h.Author, "author", &h.Role, "role", &h.Reason, "reason", &h.Key, "key", &h.Source, "source")
	}
	if err == nil && r.ahead(`,"as_found":true`) {
		h.AsFound, err = true, r.expect(`,"as_found":true`)
	}
	if err == nil {
		posted, err = r.text(`,"posted_at":`)
	}
	if err == nil {
		err = r.expect(`,"records":[`)
	}
	if err != nil {
		return err
	}
	if h.Prev, err = ParseHash(prev); err != nil {
		return fmt.Errorf("%w: %v", errLine, err)
	}
	if h.PostedAt, err = time.Parse(PostedAtForm, posted); err != nil {
		return fmt.Errorf("%w: its posting time reads %q", errLine, posted)
	}
	if err := l.Begin(h); err != nil {
		return err
	}
	if err := r.list(func() error { return r.record(l) }); err != nil {
		return err
	}
	if err := r.expect(`,"entries":[`); err != nil {
		return err
	}
	if err := r.list(func() error { return r.entry(l) }); err != nil {
		return err
	}
	return r.expect("}")
}

// list reads what stands between [ and ].
func (r *lineReader) list(one func() error) error {
	for first := true; !r.ahead("]"); first = false {
		if !first {
			if err := r.expect(","); err != nil {
				return err
			}
		}
		if err := one(); err != nil {
			return err
		}
	}
	return r.expect("]")
}

func (r *lineReader) record(l *Loader) error {
	var rec Record
	var err error
	if rec.Register, err = r.text(`{"register":`); err != nil {
		return err
	}
	if err = r.optional(&rec.ID, "id"); err != nil {
		return err
	}
	if err = r.expect(`,"values":{`); err != nil {
		return err
	}
	for !r.ahead("}") {
		var v Value
		if len(rec.Values) > 0 {
			if err = r.expect(","); err != nil {
				return err
			}
		}
		if v.Column, err = r.text(""); err != nil {
			return err
		}
		if v.Text, err = r.text(":"); err != nil {
			return err
		}
		rec.Values = append(rec.Values, v)
	}
	if err = r.expect("}}"); err != nil {
		return err
	}
	return l.Record(rec)
}

func (r *lineReader) entry(l *Loader) error {
	var e Row
	var amount, effective, reverses string
	var err error
	for _, f := range [...]struct {
		to   *string
		lead string
	}{{&e.Kind, `{"kind":`}, {&amount, `,"amount":`}, {&e.From, `,"from":`}, {&e.To, `,"to":`}} {
		if *f.to, err = r.text(f.lead); err != nil {
			return err
		}
	}
	if e.Amount, err = money.ParsePence(amount); err != nil {
		return fmt.Errorf("%w: amount %q", errLine, amount)
	}
	if err = r.optional(&e.Line, "line", &e.Objective, "objective", &e.Area, "area", &e.Element, "element", &e.CostType, "cost_type", &e.Match, "match_for", &effective, "effective"); err != nil {
		return err
	}
	if effective != "" {
		if e.Effective, err = fiscal.ParseDate(effective); err != nil {
			return fmt.Errorf("%w: %v", errLine, err)
		}
	}
	if r.ahead(`,"row":`) {
		_ = r.expect(`,"row":`)
		if e.Row, err = r.number(); err != nil {
			return err
		}
	}
	if err = r.optional(&reverses, "reverses"); err != nil {
		return err
	}
	if reverses != "" {
		if e.Reverses, err = ParseEntryID(reverses); err != nil {
			return fmt.Errorf("%w: %v", errLine, err)
		}
	}
	if err = r.expect("}"); err != nil {
		return err
	}
	return l.Row(e)
}

func (r *lineReader) next() (byte, error) {
	c, err := r.in.ReadByte()
	if err != nil {
		return 0, err
	}
	if r.raw = append(r.raw, c); len(r.raw) == 1<<12 {
		r.sum.Write(r.raw)
		r.raw = r.raw[:0]
	}
	return c, nil
}

func (r *lineReader) expect(words string) error {
	for i := 0; i < len(words); i++ {
		c, err := r.next()
		if err != nil {
			return err
		}
		if c != words[i] {
			return fmt.Errorf("%w: looked for %s", errLine, words)
		}
	}
	return nil
}

// ahead reports whether these words come next, and leaves them there.
func (r *lineReader) ahead(words string) bool {
	got, _ := r.in.Peek(len(words))
	return string(got) == words
}

// optional reads texts under their keys; one that is not there stays empty.
func (r *lineReader) optional(toAndKey ...any) error {
	for i := 0; i < len(toAndKey); i += 2 {
		lead := `,"` + toAndKey[i+1].(string) + `":`
		if !r.ahead(lead) {
			continue
		}
		text, err := r.text(lead)
		if err != nil {
			return err
		}
		*toAndKey[i].(*string) = text
	}
	return nil
}

// text reads a quoted text after its lead.
func (r *lineReader) text(lead string) (string, error) {
	if err := r.expect(lead); err != nil {
		return "", err
	}
	if err := r.expect(`"`); err != nil {
		return "", err
	}
	return r.rest()
}

// rest reads a text whose opening quote has been read.
func (r *lineReader) rest() (string, error) {
	r.str = r.str[:0]
	escaped := false
	for {
		c, err := r.next()
		if err != nil {
			return "", err
		}
		if c == '"' {
			break
		}
		r.str = append(r.str, c)
		if c == '\\' {
			escaped = true
			if c, err = r.next(); err != nil {
				return "", err
			}
			r.str = append(r.str, c)
		}
	}
	if !escaped {
		return string(r.str), nil
	}
	var text string
	if err := json.Unmarshal([]byte(`"`+string(r.str)+`"`), &text); err != nil {
		return "", fmt.Errorf("%w: %v", errLine, err)
	}
	return text, nil
}

func (r *lineReader) number() (int, error) {
	r.str = r.str[:0]
	for {
		next, err := r.in.Peek(1)
		if err != nil {
			return 0, err
		}
		if next[0] < '0' || next[0] > '9' {
			break
		}
		c, _ := r.next()
		r.str = append(r.str, c)
	}
	n, err := strconv.Atoi(string(r.str))
	if err != nil {
		return 0, fmt.Errorf("%w: %v", errLine, err)
	}
	return n, nil
}

// ParseValues reads what AppendValues writes, and nothing else. Columns come
// out as the registers' own texts, and cells share one: a large book holds a
// great many of both.
func ParseValues(text string) ([]Value, error) {
	bad := func() ([]Value, error) {
		return nil, fmt.Errorf("its values are not written as Braid writes them: %.60q", text)
	}
	if len(text) < 2 || text[0] != '{' || text[len(text)-1] != '}' {
		return bad()
	}
	values := make([]Value, 0, strings.Count(text, `":"`))
	rest := text[1 : len(text)-1]
	for rest != "" {
		var v Value
		var ok bool
		if v.Column, rest, ok = cutQuoted(rest); !ok || !strings.HasPrefix(rest, ":") {
			return bad()
		}
		if v.Text, rest, ok = cutQuoted(rest[1:]); !ok {
			return bad()
		}
		if name, known := columnNames[v.Column]; known {
			v.Column = name
		} else {
			v.Column = strings.Clone(v.Column)
		}
		values = append(values, v)
		if after, more := strings.CutPrefix(rest, ","); more && after != "" {
			rest = after
		} else if rest != "" {
			return bad()
		}
	}
	if len(values) == 0 {
		values = nil
	}
	var room [1 << 10]byte
	if string(AppendValues(room[:0], values)) != text {
		return bad()
	}
	keepTexts(values)
	return values, nil
}

// keepTexts copies values' texts, end to end, out of the page of a file or
// database that they are part of.
func keepTexts(values []Value) {
	length := 0
	for _, v := range values {
		length += len(v.Text)
	}
	var all strings.Builder
	all.Grow(length)
	for _, v := range values {
		all.WriteString(v.Text)
	}
	rest := all.String()
	for i := range values {
		n := len(values[i].Text)
		values[i].Text, rest = rest[:n], rest[n:]
	}
}

// columnNames gives each column's name as the registers hold it.
var columnNames = func() map[string]string {
	names := map[string]string{}
	for _, r := range Registers {
		for _, c := range r.Columns {
			names[c.Name] = c.Name
		}
	}
	for y := fiscal.Year(1990); y <= 2150; y++ {
		names[y.String()] = y.String()
	}
	return names
}()

// cutQuoted cuts a quoted text off the front.
func cutQuoted(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return s[1:i], s[i+1:], true
		case '\\':
			text, rest, ok = cutEscaped(s)
			return text, rest, ok
		}
	}
	return "", "", false
}

// cutEscaped is cutQuoted for a text with escapes in it.
func cutEscaped(s string) (text, rest string, ok bool) {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			if err := json.Unmarshal([]byte(s[:i+1]), &text); err != nil {
				return "", "", false
			}
			return text, s[i+1:], true
		}
	}
	return "", "", false
}
