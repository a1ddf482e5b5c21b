package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/money"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// onEach runs a test on both engines, each on a ledger of its own. Without
// PostgreSQL on the machine that half is skipped, except in CI.
func onEach(t *testing.T, test func(t *testing.T, db string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "braid.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, newDatabase(t)) })
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

// server is a private PostgreSQL, started once for all tests of this package.
type server struct {
	bin, folder string
	cmd         *exec.Cmd
}

var (
	running        *server
	postgresServer = sync.OnceValues(func() (*server, error) {
		s, err := startPostgres()
		running = s
		return s, err
	})
)

var databases atomic.Int32

// newDatabase gives the address of an empty PostgreSQL database.
func newDatabase(t testing.TB) string {
	t.Helper()
	return databaseLike(t, "template1")
}

// databaseLike gives the address of a copy of a database, by its name.
func databaseLike(t testing.TB, template string) string {
	t.Helper()
	s, err := postgresServer()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI needs PostgreSQL: %v", err)
		}
		t.Skipf("PostgreSQL cannot be started here: %v", err)
	}
	name := fmt.Sprintf("braid%d", databases.Add(1))
	admin, err := sql.Open("pgx", s.address("postgres"))
	must(t, err)
	defer admin.Close()
	_, err = admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template)
	must(t, err)
	return s.address(name)
}

func (s *server) address(database string) string {
	q := url.Values{"host": {s.folder}, "port": {"5432"}, "sslmode": {"disable"}}
	return "postgres://braid@/" + database + "?" + q.Encode()
}

func startPostgres() (*server, error) {
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			return nil, fmt.Errorf("there is no initdb")
		}
		initdb = found[len(found)-1]
	}
	if initdb, err = filepath.EvalSymlinks(initdb); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("/tmp", "bpg") // short: a socket's path has at most 107 characters
	if err != nil {
		return nil, err
	}
	s := &server{bin: filepath.Dir(initdb), folder: folder}
	if os.Getuid() == 0 { // PostgreSQL refuses root
		nobody, err := user.Lookup("nobody")
		if err != nil {
			return nil, err
		}
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		if err := os.Chown(folder, uid, gid); err != nil {
			return nil, err
		}
	}
	init := s.command("initdb", "-D", folder+"/data", "-U", "braid", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %v\n%s", err, out)
	}
	return s, s.start()
}

// command runs one of PostgreSQL's programs as an ordinary user; it dies with the tests.
func (s *server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() == 0 {
		nobody, _ := user.Lookup("nobody")
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return cmd
}

func (s *server) start() error {
	s.cmd = s.command("postgres", "-D", s.folder+"/data", "-k", s.folder, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "log_min_messages=fatal")
	if err := s.cmd.Start(); err != nil {
		return err
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		db, err := sql.Open("pgx", s.address("postgres"))
		if err == nil {
			err = db.Ping()
			db.Close()
		}
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// crash stops the server as a fault would ("immediate"), and starts it again.
func (s *server) crash(t testing.TB) {
	t.Helper()
	must(t, s.cmd.Process.Signal(syscall.SIGQUIT))
	_ = s.cmd.Wait()
	must(t, s.start())
}

func TestMain(m *testing.M) {
	if task := os.Getenv("BRAID_STORE_CHILD"); task != "" {
		child(task)
		return
	}
	code := m.Run()
	if running != nil {
		_ = running.cmd.Process.Signal(syscall.SIGQUIT)
		_ = running.cmd.Wait()
		os.RemoveAll(running.folder)
	}
	os.Exit(code)
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
