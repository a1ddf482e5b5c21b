package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// written is a small ledger of three batches with every kind of field, as its file.
func written(t testing.TB) (*Book, string) {
	t.Helper()
	d := Empty().Draft(Intent{Author: "Siân \"S\" Wŷn\\", Role: "finance", Reason: "tab\tand line\nend", Key: "k", Source: "plan.csv", AsFound: true})
	if err := d.Put(
		record("streams", "cf", "name", "Children's Fund \u2028 \u0001 <&>"),
		record("awards", "cf", "stream", "cf"),
		record("services", "hubs", "name", "Hubs"),
	); err != nil {
		t.Fatal(err)
	}
	if err := d.State(record("figures", "f", "award", "cf", "year", "2026-27", "amount", "900.00", "certainty", "confirmed", "stated_on", "2026-02-01"), 4); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	d = b.Draft(Intent{})
	label := Label{Objective: "o", Area: "a", Element: "e", CostType: "c", MatchFor: "m"}
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 1, Line: "a:1@%", Label: label, Effective: on("2026-04-01"), Row: 2}); err != nil {
		t.Fatal(err)
	}
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 2}); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	d = b.Draft(Intent{Reason: "mistake"})
	if err := d.Reverse(EntryID{2, 1}, on("2026-05-01")); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	var file strings.Builder
	if err := WriteLedger(&file, b); err != nil {
		t.Fatal(err)
	}
	return b, file.String()
}

// A long batch is written by several at once, and still in the order posted.
func TestALongBatchIsWrittenInOrder(t *testing.T) {
	batch := grown(t, 5000).Batch(1)
	var line strings.Builder
	if err := batch.WriteCanonical(&line); err != nil {
		t.Fatal(err)
	}
	var written struct {
		Entries []struct{ Line, From, To, Effective string }
	}
	if err := json.Unmarshal([]byte(line.String()), &written); err != nil {
		t.Fatal(err)
	}
	if len(written.Entries) != batch.Len() {
		t.Fatalf("%d entries are written, of %d", len(written.Entries), batch.Len())
	}
	for i, w := range written.Entries {
		e := batch.Entry(i + 1)
		if w.Line != e.Line || w.From != e.From.String() || w.To != e.To.String() || w.Effective != e.Effective.String() {
			t.Fatalf("entry %d is %v and is written as %v", i+1, e, w)
		}
	}
	if err := batch.WriteCanonical(fullDisk{}); err == nil {
		t.Error("a disk that is full goes unnoticed")
	}
}

// fullDisk is a disk without room for more than the head of a batch.
type fullDisk struct{}

func (fullDisk) Write(b []byte) (int, error) {
	if len(b) < 1<<16 {
		return len(b), nil
	}
	return 0, errors.New("no room")
}

func TestTheLedgerFileIsReadBack(t *testing.T) {
	b, file := written(t)
	l := NewLoader()
	n, err := ReadLedger(strings.NewReader(file), l)
	if err != nil || n != 3 {
		t.Fatalf("read %d batches: %v", n, err)
	}
	again := l.Book()
	var out strings.Builder
	if err := WriteLedger(&out, again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(file, out.String()); diff != "" {
		t.Error(diff)
	}
	if again.Hash() != b.Hash() {
		t.Error("the hash differs")
	}
	if err := again.CheckBalances(); err != nil {
		t.Error(err)
	}
}

// A change of any one byte, anywhere, is found, and what went before it stands.
func TestEveryByteOfTheLedgerFileCounts(t *testing.T) {
	_, file := written(t)
	for i := range len(file) {
		for _, c := range []byte{file[i] ^ 1, file[i] ^ 0x20, '"', ' '} {
			if c == file[i] {
				continue
			}
			changed := []byte(file)
			changed[i] = c
			n, err := ReadLedger(bytes.NewReader(changed), NewLoader())
			var damaged *Damaged
			if !errors.As(err, &damaged) || damaged.Seq != n+1 {
				t.Fatalf("byte %d as %q: read %d batches, %v", i, c, n, err)
			}
		}
	}
}

func TestALedgerFileCutShort(t *testing.T) {
	_, file := written(t)
	for i := range len(file) {
		n, err := ReadLedger(strings.NewReader(file[:i]), NewLoader())
		whole := strings.Count(file[:i], "\n")
		if n != whole {
			t.Fatalf("cut at %d: %d batches, want %d", i, n, whole)
		}
		if atEnd := i == 0 || file[i-1] == '\n'; (err == nil) != atEnd {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
}

func FuzzReadLedger(f *testing.F) {
	_, file := written(f)
	f.Add([]byte(file))
	f.Add([]byte(strings.SplitAfter(file, "\n")[0]))
	f.Add([]byte(`{"hash":"00","batch":{"seq":1}}`))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := NewLoader()
		if _, err := ReadLedger(bytes.NewReader(data), l); err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteLedger(&out, l.Book()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), data) {
			t.Errorf("read as sound, and written again as\n%q\nfrom\n%q", out.Bytes(), data)
		}
	})
}

func FuzzParseValues(f *testing.F) {
	f.Add(`{}`)
	f.Add(`{"name":"a \"b\" \\ \u0001","2026-27":"900.00"}`)
	f.Add(`{"name":1}`)
	f.Add(`{"name":"\ud800"}`)
	f.Fuzz(func(t *testing.T, text string) {
		values, err := ParseValues(text)
		if err == nil && string(AppendValues(nil, values)) != text {
			t.Errorf("%q reads, and is written as %q", text, AppendValues(nil, values))
		}
	})
}
