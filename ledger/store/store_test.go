package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// everyKind posts every kind of entry, with labels, and words that are hard to keep.
func everyKind(t testing.TB, s *Store) *ledger.Book {
	t.Helper()
	post := func(decide func(*ledger.Draft) error) *ledger.Book {
		t.Helper()
		b, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) {
			d := b.Draft(intent(""))
			return d, decide(d)
		})
		must(t, err)
		return b
	}
	move := func(pence money.Pence, line string) ledger.Move {
		return ledger.Move{Amount: pence, Line: line, Effective: april, Label: ledger.Label{Objective: "o:1", Area: "gŵyr", Element: "e", CostType: "staff", MatchFor: "nrf"}, Row: 3}
	}
	_, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { return council(b, 900_00) })
	must(t, err)
	post(func(d *ledger.Draft) error {
		return d.Put(record("boards", "north", "name", "North \\ \"board\"\t\u2028 \U0001F600 \u0001"), record("organisations", "lhb", "name", "Bwrdd iechyd"),
			record("terms", "t1", "stream", "cf", "rule", "carry-forward", "value", "100%"))
	})
	post(func(d *ledger.Draft) error {
		return errors.Join(
			d.Delegate("cf", "north", y26, move(100_00, "d1")),
			d.Allocate("cf", "hubs", "north", y26, move(60_00, "a1")),
			d.Allocate("cf", "hubs", "", y26, move(300_00, "a@2:%")),
			d.Commit("cf", "hubs", "", y26, move(200_00, "")),
			d.Vire("cf", "hubs", "panels", "", y26, move(50_00, "v1")),
			d.Pay("cf", "hubs", false, move(220_00, "p1")),
			d.Pay("cf", "hubs", true, move(5_00, "p2")),
			d.Pay("", "", false, ledger.Move{Amount: 1, Effective: april}),
			d.HandBack("cf", y26, move(1_00, "h1")),
			d.Lapse("cf", y26, move(2_00, "l1")),
			d.Transfer("cf", "lhb", y26, move(3_00, "t1")),
			d.CarryForward("cf", "", y26, y26+1, move(4_00, "c1")),
		)
	})
	return post(func(d *ledger.Draft) error { return d.Reverse(ledger.EntryID{Seq: 3, N: 2}, april.AddDays(30)) })
}

func TestWhatIsPostedComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := opened(t, db)
		want := canonical(t, everyKind(t, s))
		kinds := map[ledger.Kind]bool{}
		book, err := s.Book(t.Context())
		must(t, err)
		for i := range book.Len() {
			kinds[book.Entry(i).Kind] = true
		}
		if len(kinds) < 9 {
			t.Fatalf("the test posts only %d kinds of entry", len(kinds))
		}
		must(t, s.Close())
		again, err := Open(t.Context(), db, Options{ReadOnly: true})
		must(t, err)
		defer again.Close()
		book, err = again.Book(t.Context())
		must(t, err)
		if got := canonical(t, book); got != want {
			t.Errorf("the ledger came back as\n%s\nand was posted as\n%s", got, want)
		}
		must(t, book.CheckBalances())
		if _, err := again.Post(t.Context(), allocate(1, "", "x")); !errors.Is(err, ErrReadOnly) {
			t.Errorf("posting to a ledger opened to read gave %v", err)
		}
		if r := sound(t, db); r.Sequence != 4 || r.Hash != book.Hash() || r.Entries != book.Len() {
			t.Errorf("verify reports %+v", r)
		}
	})
}

func TestALongBatchComesBack(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := opened(t, db)
		var last [2]int
		s.options.Progress = func(done, total int) { last = [2]int{done, total} }
		_, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { return big(b, 7_777) })
		must(t, err)
		book, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { // of entries that have little in common
			d := b.Draft(intent(""))
			for i := range 150 {
				label := ledger.Label{CostType: []string{"", "staff"}[i%2], Element: []string{"", "core", "top-up"}[i%3]}
				if err := errors.Join(d.Reverse(ledger.EntryID{Seq: 1, N: i + 2}, april+30), d.Allocate("cf", "service-00001", "", y26, ledger.Move{Amount: 1, Label: label})); err != nil {
					return nil, err
				}
			}
			return d, nil
		})
		must(t, err)
		other, err := Open(t.Context(), db, Options{Progress: s.options.Progress})
		must(t, err)
		defer other.Close()
		again, err := other.Book(t.Context())
		must(t, err)
		if again.Hash() != book.Hash() || canonical(t, again) != canonical(t, book) {
			t.Error("the book differs")
		}
		if last != [2]int{8_078, 8_078} {
			t.Errorf("progress ended at %v", last)
		}
		sound(t, db)
	})
}

func TestARefusalLeavesNothing(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := begun(t, db, 900_00)
		before, err := s.Book(t.Context())
		must(t, err)
		noted := errors.New("the officer thought better of it")
		for name, c := range map[string]struct {
			decide func(*ledger.Book) (*ledger.Draft, error)
			is     func(error) bool
		}{
			"too much": {allocate(900_01, "", "a1"), func(err error) bool { var short *ledger.Short; return errors.As(err, &short) && short.Over() == 1 }},
			"its own error, whatever it drafted": {func(b *ledger.Book) (*ledger.Draft, error) {
				d, err := allocate(1, "", "a1")(b)
				return d, errors.Join(err, noted)
			}, func(err error) bool { return errors.Is(err, noted) }},
			"nothing drafted": {func(b *ledger.Book) (*ledger.Draft, error) { return b.Draft(intent("")), nil }, func(err error) bool { return err == nil }},
			"no draft":        {func(*ledger.Book) (*ledger.Draft, error) { return nil, nil }, func(err error) bool { return err == nil }},
			"a draft on another book": {func(*ledger.Book) (*ledger.Draft, error) { return council(ledger.Empty(), 1) },
				func(err error) bool { return err != nil && strings.Contains(err.Error(), "book that Post gave") }},
			"control characters in a line": {allocate(1, "", "a\x1f1"), malformed},
			"bytes that are no text":       {allocate(1, "", "a\xff1"), malformed},
			"the same at the end of a long batch": {func(b *ledger.Book) (*ledger.Draft, error) {
				d, err := pennies(b, 500)
				return d, errors.Join(err, d.Allocate("cf", "hubs", "", y26, ledger.Move{Amount: 1, Line: "\x1e"}))
			}, malformed},
			"a NUL in the reason": {func(b *ledger.Book) (*ledger.Draft, error) {
				d, err := allocate(1, "", "a1")(b)
				d.Reason = "because\x00"
				return d, err
			}, malformed},
		} {
			book, err := s.Post(t.Context(), c.decide)
			if !c.is(err) {
				t.Errorf("%s: got %v", name, err)
			}
			if err == nil && book != before {
				t.Errorf("%s: gave another book", name)
			}
		}
		after, err := s.Book(t.Context())
		must(t, err)
		if after.Sequence() != 1 || sound(t, db).Sequence != 1 {
			t.Error("something was posted")
		}
		if _, err := s.Post(t.Context(), allocate(900_00, "", "a1")); err != nil {
			t.Errorf("what was refused left its mark: %v", err)
		}
	})
}

func malformed(err error) bool {
	var m *ledger.Malformed
	return errors.As(err, &m)
}

func TestAKeyHasOneEffect(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := begun(t, db, 900_00)
		other := opened(t, db)
		var once, again sync.Map
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				on := s
				if i%2 == 1 {
					on = other
				}
				_, err := on.Post(context.Background(), allocate(900_00, "form-1", "a1")) // all that is left
				var already *AlreadyPosted
				switch {
				case err == nil:
					once.Store(i, true)
				case errors.Is(err, ErrAlreadyPosted) && errors.As(err, &already) && already.Seq == 2:
					again.Store(i, true)
				default:
					t.Errorf("got %v", err)
				}
			})
		}
		wg.Wait()
		if n := size(&once); n != 1 || size(&again) != 39 {
			t.Errorf("%d posted, %d already posted", n, size(&again))
		}
		if r := sound(t, db); r.Sequence != 2 {
			t.Errorf("there are %d batches", r.Sequence)
		}
	})
}

func size(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}

func TestTwoStoresKeepUpWithOneAnother(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		a := begun(t, db, 900_00)
		b := opened(t, db)
		for i := range 20 {
			from, to := a, b
			if i%2 == 1 {
				from, to = b, a
			}
			posted, err := from.Post(t.Context(), allocate(1_00, "", "line"))
			must(t, err)
			seen, err := to.Book(t.Context())
			must(t, err)
			if seen.Sequence() != i+2 || seen.Hash() != posted.Hash() {
				t.Fatalf("after batch %d the other store sees %d", i+2, seen.Sequence())
			}
			must(t, seen.CheckBalances())
		}
	})
}

func TestBooksAreSharedAndOldOnesStay(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := begun(t, db, 900_00)
		one, err := s.Book(t.Context())
		must(t, err)
		two, err := s.Book(t.Context())
		must(t, err)
		if one != two {
			t.Error("two readers have two books")
		}
		_, err = s.Post(t.Context(), allocate(5_00, "", "a"))
		must(t, err)
		if one.Sequence() != 1 || one.Len() != 1 {
			t.Error("an old book changed")
		}
	})
}

func TestAPanicIsItsCallersOwn(t *testing.T) {
	s := begun(t, filepath.Join(t.TempDir(), "braid.db"), 900_00)
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			defer func() {
				if got := recover(); (got != nil) != (i == 3) {
					t.Errorf("caller %d recovered %v", i, got)
				}
			}()
			_, err := s.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
				if i == 3 {
					panic("a fault in the decision")
				}
				return allocate(1, "", "a")(b)
			})
			must(t, err)
		})
	}
	wg.Wait()
	if b, err := s.Book(t.Context()); err != nil || b.Sequence() != 10 {
		t.Errorf("there are %d batches, %v", b.Sequence(), err)
	}
}

// Posts that wait are joined into one commit. One that cannot be kept, and one
// whose caller leaves, take nothing from the others.
func TestPostsThatWaitAreJoined(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := begun(t, db, 900_00)
		const others = 10
		full := make(chan bool)
		var wg sync.WaitGroup
		wg.Go(func() { // holds the turn until all others wait
			_, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { <-full; return allocate(1, "", "first")(b) })
			must(t, err)
		})
		waiting := func(n int) {
			for {
				s.queue.Lock()
				now := len(s.waiting)
				s.queue.Unlock()
				if now == n && len(s.turn) == 1 {
					return
				}
				time.Sleep(time.Millisecond)
			}
		}
		waiting(0)
		for i := range others {
			wg.Go(func() {
				line := "line"
				if i == 4 {
					line = "a\x00line"
				}
				if _, err := s.Post(t.Context(), allocate(1, "", line)); (err != nil) != (i == 4) {
					t.Errorf("post %d: %v", i, err)
				}
			})
		}
		waiting(others)
		gone, leave := context.WithCancel(t.Context())
		wg.Go(func() {
			if _, err := s.Post(gone, allocate(1, "", "gone")); !errors.Is(err, context.Canceled) {
				t.Errorf("the caller who left: %v", err)
			}
		})
		waiting(others + 1)
		leave()
		waiting(others)
		close(full)
		wg.Wait()
		if r := sound(t, db); r.Sequence != 1+others {
			t.Errorf("there are %d batches", r.Sequence)
		}
	})
}

func TestACallerMayLeave(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := begun(t, db, 900_00)
		gone, leave := context.WithCancel(t.Context())
		leave()
		if _, err := s.Post(gone, allocate(1, "", "a")); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		// leaving in the middle of a long batch takes that batch with it, and only that
		long, leave := context.WithCancel(t.Context())
		_, err := s.Post(long, func(b *ledger.Book) (*ledger.Draft, error) {
			d := b.Draft(intent(""))
			for i := range 20_000 {
				if err := d.Allocate("cf", "hubs", "", y26, ledger.Move{Amount: 1, Effective: april + fiscal.Date(i%300)}); err != nil {
					return d, err
				}
			}
			leave()
			return d, nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if b, err := s.Post(t.Context(), allocate(1, "", "a")); err != nil || b.Sequence() != 2 {
			t.Errorf("then: %v", err)
		}
		sound(t, db)
	})
}

func TestTheClockNeverGoesBack(t *testing.T) {
	now := posted
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "braid.db"), Options{Create: true, Clock: func() time.Time { return now }})
	must(t, err)
	defer s.Close()
	_, err = s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { return council(b, 900_00) })
	must(t, err)
	now = now.Add(-time.Hour)
	b, err := s.Post(t.Context(), allocate(1, "", "a"))
	must(t, err)
	if head, _ := b.Head(2); !head.PostedAt.Equal(posted) {
		t.Errorf("posted at %s", head.PostedAt)
	}
}

func TestAppendOnly(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		everyKind(t, opened(t, db))
		raw := rawSQL(t, db)
		statements := []string{
			"UPDATE batches SET reason = 'other' WHERE seq = 1", "DELETE FROM batches WHERE seq = 4",
			"UPDATE entries SET amount = 1 WHERE seq = 3", "DELETE FROM entries WHERE seq = 4",
			"UPDATE records SET body = '{}'", "DELETE FROM records",
			"INSERT INTO batches SELECT seq + 5, hash, prev, author, role, reason, NULL, source, as_found, posted_at, entries, records FROM batches WHERE seq = 4",
			"INSERT INTO batches SELECT seq + 1, prev, hash, author, role, reason, NULL, source, as_found, posted_at, entries, records FROM batches WHERE seq = 4",
			"INSERT INTO entries (seq, n, kind, amount, from_account, to_account) VALUES (4, 2, 'payment', 0, 'a', 'b')",
			"INSERT INTO entries (seq, n, kind, amount, from_account, to_account) VALUES (4, 2, 'gift', 1, 'a', 'b')",
			"INSERT INTO entries (seq, n, kind, amount, from_account, to_account) VALUES (4, 2, 'payment', 1, 'a', 'a')",
			"INSERT INTO entries (seq, n, kind, amount, from_account, to_account, reverses_seq, reverses_n) VALUES (4, 2, 'allocation', 1, 'a', 'b', 3, 2)",
		}
		if isPostgres(db) {
			statements = append(statements, "TRUNCATE entries", "TRUNCATE batches CASCADE")
		}
		for _, statement := range statements {
			if _, err := raw.Exec(statement); err == nil {
				t.Errorf("accepted: %s", statement)
			}
		}
		sound(t, db)
		var pence int
		must(t, raw.QueryRow("SELECT sum(pence) FROM balances").Scan(&pence))
		if pence != 0 {
			t.Errorf("the view's balances add up to %d", pence)
		}
		var n int
		must(t, raw.QueryRow("SELECT count(*) FROM journal WHERE author = 'Ann Officer'").Scan(&n))
		if n < 10 {
			t.Errorf("the journal shows %d entries", n)
		}
	})
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	made := filepath.Join(folder, "newer.db")
	begun(t, made, 1).Close()
	_, err := rawSQL(t, made).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	must(t, err)
	unguarded := filepath.Join(folder, "unguarded.db")
	begun(t, unguarded, 1).Close()
	_, err = rawSQL(t, unguarded).Exec("DROP TRIGGER entries_kept")
	must(t, err)
	other := filepath.Join(folder, "other.db")
	_, err = rawSQL(t, other).Exec("CREATE TABLE t (x)")
	must(t, err)
	for name, c := range map[string]struct {
		db   string
		opt  Options
		kind error
		says string
	}{
		"missing":            {filepath.Join(folder, "none.db"), Options{}, ErrNoLedger, "braid import"},
		"a folder":           {folder, Options{}, ErrNotLedger, "is a folder"},
		"a text file":        {write("plan.csv", "id,award,service\n1,cf,hubs\n"), Options{Create: true}, ErrNotLedger, "another kind"},
		"empty":              {write("empty.db", ""), Options{}, ErrNotLedger, "is empty"},
		"no such folder":     {filepath.Join(folder, "none", "braid.db"), Options{Create: true}, os.ErrNotExist, "cannot be started"},
		"newer schema":       {made, Options{}, ErrNewer, "newer Braid"},
		"newer, to read":     {made, Options{ReadOnly: true}, ErrNewer, "newer Braid"},
		"a guard taken away": {unguarded, Options{}, nil, "guard"},
		"another database":   {other, Options{ReadOnly: true}, ErrNotLedger, "not a ledger"},
		"an address":         {"postgres://%zz", Options{}, nil, "postgres://user@host/name"},
	} {
		s, err := Open(t.Context(), c.db, c.opt)
		if err == nil {
			s.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		if c.kind != nil && !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: says %q", name, err)
		}
	}
}

func TestOddFileNames(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"grants 2026?.db", "50%20 #1.db", "cyllid plant ŵ.db", "a&mode=memory.db", "'quoted'.db"} {
		begun(t, name, 1).Close()
		if r, err := Verify(t.Context(), name, nil, Options{}); err != nil || r.Sequence != 1 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if _, err := Restore(t.Context(), name, name+".copy", Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestOnlyTheOwnerMayReadTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "braid.db")
	s := begun(t, path, 1)
	_, err := s.Backup(t.Context(), path+".backup")
	must(t, err)
	names, err := filepath.Glob(path + "*")
	must(t, err)
	if len(names) < 4 {
		t.Fatalf("looked for the database, its log and its backup; found %q", names)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
}

func TestOneServes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "braid.db")
	first := begun(t, path, 1)
	second := opened(t, path)
	must(t, first.LockServe())
	if err := second.LockServe(); !errors.Is(err, ErrServed) {
		t.Errorf("the second: %v", err)
	}
	if _, err := second.Post(t.Context(), allocate(1, "", "a")); err != nil {
		t.Errorf("other commands work beside it: %v", err)
	}
	must(t, first.Close())
	if err := second.LockServe(); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}
