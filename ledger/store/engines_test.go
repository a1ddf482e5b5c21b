package store

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/money"
	"braid/ledger/store/storetest"
)

// onEach runs a test on both engines, each on a ledger of its own.
func onEach(t *testing.T, test func(t *testing.T, db string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "braid.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.Database(t)) })
}

// opened opens a ledger for a test.
func opened(t testing.TB, db string) *Store {
	t.Helper()
	s, err := Open(t.Context(), db, Options{Create: true})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// begun is a ledger whose award has so many pence.
func begun(t testing.TB, db string, pence int) *Store {
	t.Helper()
	s := opened(t, db)
	_, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { return council(b, money.Pence(pence)) })
	must(t, err)
	return s
}

// rawSQL opens the database behind the store's back, without its guards.
func rawSQL(t testing.TB, db string) *sql.DB {
	t.Helper()
	driver, dsn := "sqlite3", "file:"+db+"?_busy_timeout=5000&_synchronous=OFF"
	if isPostgres(db) {
		driver, dsn = "pgx", db
	}
	pool, err := sql.Open(driver, dsn)
	must(t, err)
	pool.SetMaxOpenConns(1)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func TestMain(m *testing.M) {
	if task := os.Getenv("BRAID_STORE_CHILD"); task != "" {
		child(task)
		return
	}
	os.Exit(storetest.Run(m))
}

// canonical writes a ledger out whole, to compare with another.
func canonical(t testing.TB, b *ledger.Book) string {
	t.Helper()
	var s strings.Builder
	must(t, ledger.WriteLedger(&s, b))
	return s.String()
}

// sound verifies a ledger and gives what it holds.
func sound(t testing.TB, db string) Report {
	t.Helper()
	r, err := Verify(context.Background(), db, nil, Options{})
	must(t, err)
	if r.Damage != nil {
		t.Fatalf("the ledger is not sound: %v", r.Damage)
	}
	return r
}
