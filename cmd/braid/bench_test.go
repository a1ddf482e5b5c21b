package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/store"
	"braid/seed"
)

// BenchmarkBook measures the main job on books of a thousand to a million
// allocation lines: import (read, validate, post, hash, durable, indexed),
// open, position, checks, duplicates, one durable allocation, memory. Beside
// them, in the same run, what the sqlite3 shell needs to .import and index the
// same rows, and what a bare durable INSERT costs on the same file.
//
//	go test -run xxx -bench Book -benchtime 1x ./cmd/braid
func BenchmarkBook(b *testing.B) {
	for _, lines := range []int{1e3, 1e4, 1e5, 1e6} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) { benchmarkBook(b, lines) })
	}
}

func benchmarkBook(b *testing.B, lines int) {
	defer patientCollector(os.Getenv)()
	ctx := context.Background()
	dir := b.TempDir()
	registers := filepath.Join(dir, "registers")
	if err := os.Mkdir(registers, 0o700); err != nil {
		b.Fatal(err)
	}
	if err := (seed.Large{Lines: lines, Number: 1}).Write(registers); err != nil {
		b.Fatal(err)
	}
	asAt := fiscal.MustDate("2026-12-01")
	policy := check.DefaultPolicy()
	timed := func(name string, work func()) time.Duration {
		runtime.GC()
		start := time.Now()
		work()
		took := time.Since(start)
		b.ReportMetric(float64(took.Microseconds())/1000, name+"-ms")
		return took
	}
	for b.Loop() {
		db := filepath.Join(dir, "braid.db")
		for _, end := range []string{"", "-wal", "-shm"} {
			os.Remove(db + end)
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		importing := timed("import", func() {
			var said bytes.Buffer
			if code := run(ctx, []string{"import", registers, "--db", db, "--as-found", "--author", "bench", "--reason", "bench"}, io.Discard, &said, os.Getenv, time.Now); code != exitDone {
				b.Fatal(said.String())
			}
		})
		if shell := sqliteShell(b, dir, registers); shell > 0 {
			b.ReportMetric(float64(importing)/float64(shell), "import/sqlite3-shell")
		}
		var s *store.Store
		var book *ledger.Book
		timed("open", func() {
			var err error
			if s, err = store.Open(ctx, db, store.Options{}); err != nil {
				b.Fatal(err)
			}
			if book, err = s.Book(ctx); err != nil {
				b.Fatal(err)
			}
		})
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(lines), "bytes/line")
		var v *ledger.View
		timed("position", func() {
			v = book.View(asAt)
			v.Position([]ledger.Dimension{ledger.ByStream, ledger.ByYear}, nil)
		})
		timed("cliff+underfunded+noservice", func() { check.Run(v, policy, "expiry/cliff", "gap/under-funded", "gap/no-service") })
		timed("duplicates", func() { check.Run(v, policy, "duplication/commissioned-twice") })
		timed("all-checks", func() { check.Run(v, policy) })

		bare, err := openBare(db)
		if err != nil {
			b.Fatal(err)
		}
		var posting, inserting time.Duration
		const rounds, each = 20, 20 // turn and turn about, so that both meet the same disk
		for round := range rounds {
			start := time.Now()
			for i := range each {
				_, err := s.Post(ctx, func(book *ledger.Book) (*ledger.Draft, error) {
					d := book.Draft(ledger.Intent{Author: "bench", Reason: "one more", AsFound: true})
					return d, d.Allocate("aw-0001", "sv-00001", "", 2026, ledger.Move{Amount: money.Pence(100), Line: fmt.Sprint("one-", round*each+i), Effective: asAt})
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			between := time.Now()
			for range each {
				if err := bare.insert(); err != nil {
					b.Fatal(err)
				}
			}
			posting, inserting = posting+between.Sub(start), inserting+time.Since(between)
		}
		bare.Close()
		s.Close()
		b.ReportMetric(float64(posting.Microseconds())/(rounds*each), "one-allocation-µs")
		b.ReportMetric(float64(inserting)/float64(posting), "one-allocation-rate/bare-INSERT")
		runtime.KeepAlive(book)
	}
}

// sqliteShell times .import of the same files, and an index of each by its id
// and of allocations by service; 0 without a shell.
func sqliteShell(b *testing.B, dir, registers string) time.Duration {
	shell, err := exec.LookPath("sqlite3")
	if err != nil {
		return 0
	}
	file := filepath.Join(dir, "shell.db")
	os.Remove(file)
	files, err := filepath.Glob(filepath.Join(registers, "*.csv"))
	if err != nil {
		b.Fatal(err)
	}
	script := "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;\n.mode csv\n"
	for _, csv := range files {
		table := strings.TrimSuffix(filepath.Base(csv), ".csv")
		script += ".import " + csv + " " + table + "\n"
		if table != "needs" { // they have no ids
			script += "CREATE UNIQUE INDEX " + table + "_by_id ON " + table + "(id);\n"
		}
	}
	script += "CREATE INDEX by_service ON allocations(service, year);\n"
	c := exec.Command(shell, file)
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	fmt.Fprint(in, script)
	in.Close()
	if err := c.Wait(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// bareInserter inserts an entry's columns into the file, durably, by itself.
type bareInserter struct {
	*sql.DB
	statement *sql.Stmt
}

func openBare(db string) (*bareInserter, error) {
	conn, err := sql.Open("sqlite3", "file:"+db+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(1)
	if _, err := conn.Exec("CREATE TABLE bare (seq INTEGER PRIMARY KEY, kind TEXT, amount INTEGER, from_account TEXT, to_account TEXT, line TEXT, effective TEXT)"); err != nil {
		return nil, err
	}
	insert, err := conn.Prepare("INSERT INTO bare (kind, amount, from_account, to_account, line, effective) VALUES (?, ?, ?, ?, ?, ?)")
	return &bareInserter{conn, insert}, err
}

func (bare *bareInserter) insert() error {
	tx, err := bare.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Stmt(bare.statement).Exec("allocation", 100, "award:aw-0001:2026-27", "allocated:aw-0001:2026-27:sv-00001", "bare", "2026-12-01"); err != nil {
		return err
	}
	return tx.Commit()
}
