// Package storetest gives tests a PostgreSQL of their own: a private server,
// started once for the tests of a package on a socket in /tmp, whose databases
// nobody else sees. Where PostgreSQL is not installed the test is skipped, except
// in CI.
//
// A package that uses it says in its TestMain: os.Exit(storetest.Run(m)).
package storetest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// server is a private PostgreSQL.
type server struct {
	bin, folder string
	cmd         *exec.Cmd
}

var (
	running *server // nil until a test asks for a database
	started = sync.OnceValue(func() error {
		s, err := newServer()
		running = s
		return err
	})
	databases atomic.Int32
)

// Run runs a package's tests, and stops the server if they started it.
func Run(m *testing.M) int {
	code := m.Run()
	if running != nil {
		running.kill()
		os.RemoveAll(running.folder)
	}
	return code
}

// Available reports whether PostgreSQL can be started here.
func Available() bool { return started() == nil }

// Database gives the address of an empty database.
func Database(t testing.TB) string {
	t.Helper()
	return DatabaseLike(t, "template1")
}

// DatabaseLike gives the address of a copy of a database, by its name.
func DatabaseLike(t testing.TB, template string) string {
	t.Helper()
	if err := started(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI needs PostgreSQL: %v", err)
		}
		t.Skipf("PostgreSQL cannot be started here: %v", err)
	}
	name := fmt.Sprintf("braid%d", databases.Add(1))
	admin, err := sql.Open("pgx", running.address("postgres"))
	if err == nil {
		defer admin.Close()
		_, err = admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + template)
	}
	if err != nil {
		t.Fatal(err)
	}
	return running.address(name)
}

// Crash stops the server as a fault would ("immediate"), and starts it again.
func Crash(t testing.TB) {
	t.Helper()
	running.kill()
	if err := running.start(); err != nil {
		t.Fatal(err)
	}
}

func newServer() (*server, error) {
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
		uid, gid, err := nobody()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(folder, uid, gid); err != nil {
			return nil, err
		}
	}
	init, err := s.command("initdb", "-D", folder+"/data", "-U", "braid", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	if err != nil {
		return nil, err
	}
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %v\n%s", err, out)
	}
	return s, s.start()
}

func nobody() (uid, gid int, err error) {
	u, err := user.Lookup("nobody")
	if err != nil {
		return 0, 0, err
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

// command runs one of PostgreSQL's programs as an ordinary user; it dies with the tests.
func (s *server) command(name string, args ...string) (*exec.Cmd, error) {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = s.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() == 0 {
		uid, gid, err := nobody()
		if err != nil {
			return nil, err
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return cmd, nil
}

func (s *server) address(database string) string {
	q := url.Values{"host": {s.folder}, "port": {"5432"}, "sslmode": {"disable"}}
	return "postgres://braid@/" + database + "?" + q.Encode()
}

func (s *server) start() error {
	cmd, err := s.command("postgres", "-D", s.folder+"/data", "-k", s.folder, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "log_min_messages=fatal")
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd = cmd
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		db, err := sql.Open("pgx", s.address("postgres"))
		if err == nil {
			err = db.Ping()
			db.Close()
		}
		if err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

func (s *server) kill() {
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		_ = s.cmd.Wait()
	}
}
