package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"

	"braid/ledger/money"
)

// Hash is a SHA-256 sum.
type Hash [sha256.Size]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// ParseHash reads 64 hexadecimal digits.
func ParseHash(text string) (Hash, error) {
	var h Hash
	if len(text) == 2*len(h) {
		if _, err := hex.Decode(h[:], []byte(text)); err == nil {
			return h, nil
		}
	}
	return Hash{}, fmt.Errorf("a hash is 64 hexadecimal digits; found %.80q", text)
}

// Head says who posted a batch, when, why and from what.
type Head struct {
	Seq      int
	Prev     Hash      // the hash of the batch before; zeros for the first
	Author   string    // who acted
	Role     string    // in which role, "" for the command line
	Reason   string    // why
	Key      string    // idempotency key: one effect however often it is sent
	Source   string    // the files or form it came from
	AsFound  bool      // facts as they stood when Braid began: excess is found, not refused
	PostedAt time.Time // UTC, whole microseconds; never before the batch before it
}

// Record is one version of a register's row, in the register's own columns and
// canonical words. Values follow the register's column order.
type Record struct {
	Register, ID string
	Values       []Value
}

// Value is one cell of a record; an empty cell is left out.
type Value struct{ Column, Text string }

// Get gives a column's text, "" when blank.
func (r Record) Get(column string) string {
	for _, v := range r.Values {
		if v.Column == column {
			return v.Text
		}
	}
	return ""
}

// Batch is entries and records that stand or fall together.
type Batch struct {
	Head    Head
	Records []Record
	entries []entry
	seen    seen
	base    int // index of the first entry in its book
	ids     func(index int) EntryID
}

// Len gives the number of entries.
func (b Batch) Len() int { return len(b.entries) }

// Entry gives the nth entry, from 1.
func (b Batch) Entry(n int) Entry {
	return full(b.seen, b.entries[n-1], EntryID{b.Head.Seq, n}, b.reversed(n-1))
}

// Rows calls yield for each entry as it is stored, in order.
func (b Batch) Rows(yield func(n int, r Row) bool) {
	paths := make(map[AccountNo]string) // an award's own account comes again; a service's seldom
	path := func(no AccountNo) string {
		p, ok := paths[no]
		if !ok {
			var room [128]byte
			p = string(b.seen.account(no).Append(room[:0]))
			if !b.seen.accounts[no].stage.OfService() {
				paths[no] = p
			}
		}
		return p
	}
	for i := range b.entries {
		e := &b.entries[i]
		l := b.seen.label(e.label)
		if !yield(i+1, Row{kindWords[e.kind], e.amount, path(e.from), path(e.to), string(b.seen.line(e.line)),
			l.Objective, l.Area, l.Element, l.CostType, l.MatchFor, e.on, int(e.row), b.reversed(i)}) {
			return
		}
	}
}

func (b Batch) reversed(i int) EntryID {
	r := int(b.entries[i].reverses) - 1
	switch {
	case r < 0:
		return EntryID{}
	case r >= b.base:
		return EntryID{b.Head.Seq, r - b.base + 1}
	}
	return b.ids(r)
}

func full(s seen, e entry, id, reverses EntryID) Entry {
	return Entry{
		ID: id, Kind: e.kind, Amount: e.amount, From: s.account(e.from), To: s.account(e.to),
		Line: string(s.line(e.line)), Label: s.label(e.label), Effective: e.on, Row: int(e.row), Reverses: reverses,
	}
}

// Hash gives the batch's hash: SHA-256 of its canonical form, which carries
// the hash of the batch before.
func (b Batch) Hash() Hash {
	sum := sha256.New()
	_ = b.WriteCanonical(sum) // a hash never fails to take bytes
	var h Hash
	sum.Sum(h[:0])
	return h
}

// WriteCanonical writes the batch as one line of JSON without a line end:
// fixed keys in a fixed order, no spaces, keys of empty values left out, money
// in pounds with two decimals, text escaped only where JSON demands it. The
// same batch is the same bytes on every machine; `braid export --ledger`
// writes these lines, each beside its hash.
func (b Batch) WriteCanonical(w io.Writer) error {
	h := b.Head
	buf := make([]byte, 0, 1<<12)
	buf = append(buf, `{"seq":`...)
	buf = strconv.AppendInt(buf, int64(h.Seq), 10)
	buf = append(buf, `,"prev":"`...)
	buf = hex.AppendEncode(buf, h.Prev[:])
	buf = append(buf, '"')
	buf = appendField(buf, "author", h.Author)
	buf = appendField(buf, "role", h.Role)
	buf = appendField(buf, "reason", h.Reason)
	buf = appendField(buf, "key", h.Key)
	buf = appendField(buf, "source", h.Source)
	if h.AsFound {
		buf = append(buf, `,"as_found":true`...)
	}
	buf = append(buf, `,"posted_at":"`...)
	buf = h.PostedAt.UTC().AppendFormat(buf, PostedAtForm)
	buf = append(buf, `","records":[`...)
	for i, r := range b.Records {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, `{"register":`...)
		buf = appendQuoted(buf, r.Register)
		buf = appendField(buf, "id", r.ID)
		buf = append(buf, `,"values":`...)
		buf = AppendValues(buf, r.Values)
		buf = append(buf, '}')
		if len(buf) > 1<<15 {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	buf = append(buf, `],"entries":[`...)
	if _, err := w.Write(buf); err != nil {
		return err
	}
	if err := b.writeEntries(w); err != nil {
		return err
	}
	_, err := io.WriteString(w, "]}")
	return err
}

// writeEntries writes the entries. Writing a long batch out takes longer than
// hashing it, so while one run of entries is taken the next are being written.
func (b Batch) writeEntries(w io.Writer) error {
	const run, writers = 512, 2
	if len(b.entries) <= run {
		_, err := w.Write(b.appendEntries(nil, 0, len(b.entries), map[AccountNo][]byte{}))
		return err
	}
	full, empty, done := [writers]chan []byte{}, [writers]chan []byte{}, make(chan struct{})
	defer close(done)
	for i := range writers {
		full[i], empty[i] = make(chan []byte, 2), make(chan []byte, 2)
		for range cap(empty[i]) {
			empty[i] <- make([]byte, 0, run*256)
		}
		go func() {
			paths := make(map[AccountNo][]byte)
			for first := i * run; first < len(b.entries); first += writers * run {
				select {
				case buf := <-empty[i]:
					full[i] <- b.appendEntries(buf[:0], first, min(first+run, len(b.entries)), paths)
				case <-done:
					return
				}
			}
		}()
	}
	for first := 0; first < len(b.entries); first += run {
		i := first / run % writers
		buf := <-full[i]
		if _, err := w.Write(buf); err != nil {
			return err
		}
		empty[i] <- buf
	}
	return nil
}

func (b Batch) appendEntries(buf []byte, first, end int, paths map[AccountNo][]byte) []byte {
	for i := first; i < end; i++ {
		e := &b.entries[i]
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, `{"kind":"`...)
		buf = append(buf, kindWords[e.kind]...)
		buf = append(buf, `","amount":"`...)
		buf = money.AppendPence(buf, e.amount)
		buf = append(buf, `","from":`...)
		buf = b.appendAccount(buf, e.from, paths)
		buf = append(buf, `,"to":`...)
		buf = b.appendAccount(buf, e.to, paths)
		if line := b.seen.line(e.line); line != nil {
			buf = append(buf, `,"line":`...)
			buf = appendQuoted(buf, line)
		}
		if e.label != 0 {
			k := b.seen.labels[e.label]
			buf = appendField(buf, "objective", b.seen.texts[k.objective])
			buf = appendField(buf, "area", b.seen.texts[k.area])
			buf = appendField(buf, "element", b.seen.texts[k.element])
			buf = appendField(buf, "cost_type", b.seen.texts[k.costType])
			buf = appendField(buf, "match_for", b.seen.texts[k.matchFor])
		}
		if e.on != 0 {
			buf = append(buf, `,"effective":"`...)
			buf = e.on.Append(buf)
			buf = append(buf, '"')
		}
		if e.row != 0 {
			buf = append(buf, `,"row":`...)
			buf = strconv.AppendInt(buf, int64(e.row), 10)
		}
		if e.reverses != 0 {
			buf = append(buf, `,"reverses":"`...)
			buf = append(buf, b.reversed(i).String()...)
			buf = append(buf, '"')
		}
		buf = append(buf, '}')
	}
	return buf
}

// PostedAtForm is how a posting time is written, always in UTC.
const PostedAtForm = "2006-01-02T15:04:05.000000Z"

// appendAccount keeps the paths of shared accounts (an award's money left) so
// that a long batch writes them once each.
func (b Batch) appendAccount(buf []byte, no AccountNo, paths map[AccountNo][]byte) []byte {
	if b.seen.accounts[no].stage.OfService() {
		return appendPath(buf, b.seen.account(no))
	}
	path, ok := paths[no]
	if !ok {
		path = appendPath(nil, b.seen.account(no))
		paths[no] = path
	}
	return append(buf, path...)
}

func appendPath(buf []byte, a Account) []byte {
	var room [128]byte
	return appendQuoted(buf, a.Append(room[:0]))
}

// AppendValues writes a record's values as one canonical JSON object.
func AppendValues(buf []byte, values []Value) []byte {
	buf = append(buf, '{')
	for i, v := range values {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = appendQuoted(buf, v.Column)
		buf = append(buf, ':')
		buf = appendQuoted(buf, v.Text)
	}
	return append(buf, '}')
}

func appendField(buf []byte, key, text string) []byte {
	if text == "" {
		return buf
	}
	buf = append(buf, ',', '"')
	buf = append(buf, key...)
	buf = append(buf, '"', ':')
	return appendQuoted(buf, text)
}

func appendQuoted[S string | []byte](buf []byte, text S) []byte {
	buf = append(buf, '"')
	plain := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		buf = append(buf, text[plain:i]...)
		plain = i + 1
		if c == '"' || c == '\\' {
			buf = append(buf, '\\', c)
		} else {
			buf = fmt.Appendf(buf, `\u%04x`, c)
		}
	}
	buf = append(buf, text[plain:]...)
	return append(buf, '"')
}
