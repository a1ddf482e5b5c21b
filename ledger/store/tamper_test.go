package store

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/store/storetest"
)

// unguarded runs statements as somebody would who owns the database: the
// guards taken away, and put back afterwards as if nothing had been.
func unguarded(t *testing.T, db string, statements ...string) {
	t.Helper()
	raw := rawSQL(t, db)
	defer raw.Close()
	var guards []string
	if isPostgres(db) {
		mustExec(t, raw, "SET session_replication_role = replica")
	} else {
		rows, err := raw.Query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
		must(t, err)
		var drop []string
		for rows.Next() {
			var name, text string
			must(t, rows.Scan(&name, &text))
			drop, guards = append(drop, "DROP TRIGGER "+name), append(guards, text)
		}
		must(t, rows.Err())
		mustExec(t, raw, drop...)
	}
	mustExec(t, raw, statements...)
	mustExec(t, raw, guards...)
}

func mustExec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

var tampering = []struct {
	name string
	sql  string // statements parted by ;
	bad  int    // the first bad batch
}{
	{"an entry's kind", "UPDATE entries SET kind = 'lapse' WHERE seq = 3 AND n = 4", 3},
	{"an entry's amount", "UPDATE entries SET amount = amount + 1 WHERE seq = 3 AND n = 4", 3},
	{"two amounts, in balance", "UPDATE entries SET amount = amount + 1 WHERE seq = 3 AND n IN (3, 4)", 3},
	{"an entry's from", "UPDATE entries SET from_account = 'award:cf:2025-26' WHERE seq = 3 AND n = 3", 3},
	{"an entry's to", "UPDATE entries SET to_account = 'allocated:cf:2026-27:panels' WHERE seq = 3 AND n = 3", 3},
	{"an account that does not read", "UPDATE entries SET to_account = 'pocket' WHERE seq = 3 AND n = 3", 3},
	{"an entry's line", "UPDATE entries SET line = 'b1' WHERE seq = 3 AND n = 3", 3},
	{"an entry's objective", "UPDATE entries SET objective = '' WHERE seq = 3 AND n = 3", 3},
	{"an entry's area", "UPDATE entries SET area = 'south' WHERE seq = 3 AND n = 3", 3},
	{"an entry's element", "UPDATE entries SET element = 'f' WHERE seq = 3 AND n = 3", 3},
	{"an entry's cost type", "UPDATE entries SET cost_type = 'other' WHERE seq = 3 AND n = 3", 3},
	{"an entry's match", "UPDATE entries SET match_for = 'ff' WHERE seq = 3 AND n = 3", 3},
	{"an entry's date", "UPDATE entries SET effective = '2026-04-02' WHERE seq = 3 AND n = 3", 3},
	{"a date that does not read", "UPDATE entries SET effective = '1 April' WHERE seq = 3 AND n = 3", 3},
	{"an entry's row", "UPDATE entries SET source_row = 9 WHERE seq = 3 AND n = 3", 3},
	{"a reversal turned to another", "UPDATE entries SET reverses_n = 3 WHERE seq = 4", 4},
	{"a reversal made none", "UPDATE entries SET reverses_seq = NULL, reverses_n = NULL WHERE seq = 4", 4},
	{"control characters", "UPDATE entries SET line = line || chr(31) || 'x' WHERE seq = 3 AND n = 3", 3},
	{"columns smuggled in", "UPDATE entries SET line = 'a' || chr(30) || '3' || chr(31) || '4' WHERE seq = 3 AND n = 3", 3},
	{"an entry deleted", "DELETE FROM entries WHERE seq = 3 AND n = 5", 3},
	{"the last entry deleted", "DELETE FROM entries WHERE seq = 3 AND n = (SELECT max(n) FROM entries WHERE seq = 3)", 3},
	{"an entry deleted and the count mended", "DELETE FROM entries WHERE seq = 4; UPDATE batches SET entries = 0 WHERE seq = 4", 4},
	{"an entry added", "INSERT INTO entries (seq, n, kind, amount, from_account, to_account) VALUES (2, 1, 'payment', 1, 'uncharged::2026-27', 'paid::2026-27')", 2},
	{"an entry added and the count mended", "INSERT INTO entries (seq, n, kind, amount, from_account, to_account) VALUES (2, 1, 'payment', 1, 'uncharged::2026-27', 'paid::2026-27'); UPDATE batches SET entries = 1 WHERE seq = 2", 2},
	{"an entry of a batch that is not", "INSERT INTO entries (seq, n, kind, amount, from_account, to_account) VALUES (9, 1, 'payment', 1, 'uncharged::2026-27', 'paid::2026-27')", 5},
	{"two entries swapped", "UPDATE entries SET n = 100 WHERE seq = 3 AND n = 1; UPDATE entries SET n = 1 WHERE seq = 3 AND n = 2; UPDATE entries SET n = 2 WHERE seq = 3 AND n = 100", 3},
	{"two batches swapped", `UPDATE batches SET seq = 100 WHERE seq = 2; UPDATE batches SET seq = 2 WHERE seq = 3; UPDATE batches SET seq = 3 WHERE seq = 100;
		UPDATE entries SET seq = 2 WHERE seq = 3; UPDATE records SET seq = 3 WHERE seq = 2`, 2},
	{"a batch deleted", "DELETE FROM records WHERE seq = 2; DELETE FROM batches WHERE seq = 2", 2},
	{"the hash before", "UPDATE batches SET prev = (SELECT hash FROM batches WHERE seq = 1) WHERE seq = 3", 3},
	{"the hash", "UPDATE batches SET hash = prev WHERE seq = 4", 4},
	{"a hash that does not read", "UPDATE batches SET hash = '" + strings.Repeat("z", 64) + "' WHERE seq = 3", 3},
	{"a hash in capitals", "UPDATE batches SET hash = upper(hash) WHERE seq = 3; UPDATE batches SET prev = upper(prev) WHERE seq = 4", 3},
	{"the author", "UPDATE batches SET author = 'Somebody Else' WHERE seq = 1", 1},
	{"the role", "UPDATE batches SET role = 'finance' WHERE seq = 2", 2},
	{"the reason", "UPDATE batches SET reason = '' WHERE seq = 2", 2},
	{"the key", "UPDATE batches SET idem_key = 'k' WHERE seq = 2", 2},
	{"the source", "UPDATE batches SET source = 'other.csv' WHERE seq = 2", 2},
	{"as found", "UPDATE batches SET as_found = 1 WHERE seq = 2", 2},
	{"the posting time", "UPDATE batches SET posted_at = '2026-01-01T00:00:00.000000Z' WHERE seq = 2", 2},
	{"a posting time written otherwise", "UPDATE batches SET posted_at = replace(posted_at, 'T', ' ') WHERE seq = 2", 2},
	{"the count of records", "UPDATE batches SET records = records + 1 WHERE seq = 2", 2},
	{"a record's register", "UPDATE records SET register = 'needs' WHERE seq = 2 AND n = 1", 2},
	{"a record's id", "UPDATE records SET id = 'south' WHERE seq = 2 AND n = 1", 2},
	{"a record's values", "UPDATE records SET body = replace(body, 'Bwrdd', 'Cwrdd') WHERE seq = 2 AND n = 2", 2},
	{"values written otherwise", "UPDATE records SET body = replace(body, ':', ': ') WHERE seq = 2 AND n = 2", 2},
	{"a record deleted", "DELETE FROM records WHERE seq = 1 AND n = 3", 1},
	{"two records swapped", "UPDATE records SET n = 100 WHERE seq = 2 AND n = 1; UPDATE records SET n = 1 WHERE seq = 2 AND n = 2; UPDATE records SET n = 2 WHERE seq = 2 AND n = 100", 2},
}

func TestTamperingIsFound(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := opened(t, db)
		everyKind(t, s)
		must(t, s.Close())
		for i, c := range tampering {
			target := fmt.Sprint(db, i)
			if isPostgres(db) {
				address, err := url.Parse(db)
				must(t, err)
				target = storetest.DatabaseLike(t, strings.Trim(address.Path, "/"))
			} else {
				whole, err := os.ReadFile(db)
				must(t, err)
				must(t, os.WriteFile(target, whole, 0o600))
			}
			statements := c.sql
			if !isPostgres(db) {
				statements = strings.ReplaceAll(statements, "chr(", "char(")
			}
			unguarded(t, target, strings.Split(statements, ";")...)
			r, err := Verify(t.Context(), target, nil, Options{})
			must(t, err)
			var damaged *ledger.Damaged
			if !errors.As(r.Damage, &damaged) {
				if isPostgres(db) || r.Damage == nil {
					t.Errorf("%s: verify says %v", c.name, r.Damage)
				}
			} else if damaged.Seq != c.bad || r.Sequence != c.bad-1 {
				t.Errorf("%s: batch %d is bad, and verify says %v after %d sound ones", c.name, c.bad, damaged, r.Sequence)
			}
			if s, err := Open(t.Context(), target, Options{}); err == nil { // found or not, it must not fall over
				s.Close()
			}
		}
	})
}

func TestACutIsFoundByTheAnchor(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := opened(t, db)
		book := everyKind(t, s)
		must(t, s.Close())
		anchor, err := ParseAnchor(Anchor{4, book.Hash()}.String())
		must(t, err)
		check := func(want string) {
			t.Helper()
			r, err := Verify(t.Context(), db, &anchor, Options{})
			must(t, err)
			if want == "" && (r.Damage != nil || !r.Anchored) || want != "" && (r.Damage == nil || !strings.Contains(r.Damage.Error(), want)) {
				t.Errorf("verify reports %+v", r)
			}
		}
		check("")
		unguarded(t, db, "DELETE FROM entries WHERE seq = 4", "DELETE FROM records WHERE seq = 4", "DELETE FROM batches WHERE seq = 4")
		sound(t, db) // by itself it looks whole
		check("batch 4 is damaged: it and what followed are gone")
		s = opened(t, db)
		_, err = s.Post(t.Context(), allocate(1, "", "instead"))
		must(t, err)
		must(t, s.Close())
		sound(t, db)
		check("batch 4 is damaged: it has the hash")
	})
}

// A program that runs finds out when the ledger under it is exchanged.
func TestALedgerThatShrinksIsNoticed(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := opened(t, db)
		everyKind(t, s)
		unguarded(t, db, "DELETE FROM entries WHERE seq = 4", "DELETE FROM records WHERE seq = 4", "DELETE FROM batches WHERE seq = 4")
		var damaged *ledger.Damaged
		if _, err := s.Book(t.Context()); !errors.As(err, &damaged) || damaged.Seq != 4 {
			t.Errorf("a reader is told %v", err)
		}
		if _, err := s.Post(t.Context(), allocate(1, "", "a")); !errors.As(err, &damaged) {
			t.Errorf("a writer is told %v", err)
		}
	})
}

func TestParseAnchor(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	if a, err := ParseAnchor(" 41:" + hash + "\n"); err != nil || a.Seq != 41 || a.String() != "41:"+hash {
		t.Errorf("got %v, %v", a, err)
	}
	for _, text := range []string{"", "41", "41:", "0:" + hash, "-1:" + hash, "x:" + hash, "41:" + hash[1:], "41:" + hash + "00"} {
		if a, err := ParseAnchor(text); err == nil {
			t.Errorf("%q reads as %v", text, a)
		}
	}
}

// Bytes of the file are changed or cut off. Whatever happens, Braid does not
// fall over, and never takes another ledger for this one.
func TestDamagedFiles(t *testing.T) {
	folder := t.TempDir()
	db := filepath.Join(folder, "braid.db")
	s := opened(t, db)
	want := canonical(t, everyKind(t, s))
	must(t, s.Close())
	whole, err := os.ReadFile(db)
	must(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	found := 0
	const tries = 300
	for i := range tries {
		bytes := append([]byte(nil), whole...)
		if i%10 == 0 {
			bytes = bytes[:random.IntN(len(bytes))]
		} else {
			bytes[random.IntN(len(bytes))] ^= 1 << random.IntN(8)
		}
		path := filepath.Join(folder, fmt.Sprint(i, ".db"))
		must(t, os.WriteFile(path, bytes, 0o600))
		r, err := Verify(t.Context(), path, nil, Options{})
		if err != nil || r.Damage != nil {
			found++
		} else if s, err := Open(t.Context(), path, Options{}); err == nil {
			book, err := s.Book(t.Context())
			must(t, err)
			if got := canonical(t, book); got != want {
				t.Errorf("damage %d went unseen: the ledger reads\n%s", i, got)
			}
			s.Close()
		}
	}
	if found < 20 {
		t.Errorf("only %d of %d damaged files were found: the test shows little", found, tries)
	}
}
