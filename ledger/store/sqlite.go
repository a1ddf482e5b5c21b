package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/fiscal"

	sqlite3 "github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// sqlite keeps a ledger in one file.
type sqlite struct {
	path     string
	readOnly bool
}

func init() {
	sql.Register(sqliteDriver, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		return onConnect(c, "PRAGMA trusted_schema = OFF")
	}})
}

const sqliteDriver = "braid-sqlite"

// pragmas every connection must have; they are read back, for a pragma that is
// not understood is silently ignored. (synchronous 2 is FULL: under the
// driver's own default a committed change can vanish with the power.)
var pragmas = []struct{ name, want string }{
	{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "5000"}, {"trusted_schema", "0"},
}

// oldestSQLite is the first version free of a fault that corrupts files in WAL mode.
var oldestSQLite = [3]int{3, 51, 3}

func (e *sqlite) open(ctx context.Context, opt Options) (writer, reader *gorm.DB, err error) {
	e.readOnly = opt.ReadOnly
	if err := e.present(opt); err != nil {
		return nil, nil, err
	}
	if !opt.ReadOnly {
		if writer, err = e.pool("rw", "&_txlock=immediate", 1); err != nil {
			return nil, nil, err
		}
		if err := e.migrate(ctx, writer); err != nil {
			closePool(writer)
			return nil, nil, err
		}
	}
	if reader, err = e.pool("ro", "&_query_only=1", max(4, runtime.NumCPU())); err == nil {
		err = e.current(ctx, reader)
	}
	if err != nil {
		closePool(writer)
		closePool(reader)
		return nil, nil, err
	}
	return writer, reader, nil
}

// present looks at the file before the driver does, whose words are for programmers.
func (e *sqlite) present(opt Options) error {
	info, err := os.Stat(e.path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder; a ledger is a file: %w", e.path, ErrNotLedger)
	case err == nil && info.Size() > 0:
		return e.looksRight()
	case err == nil && opt.Create && !opt.ReadOnly: // an empty file: creation was cut short
		return nil
	case err == nil:
		return fmt.Errorf("%s is empty: %w", e.path, ErrNotLedger)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case !opt.Create || opt.ReadOnly:
		return fmt.Errorf("%s: %w; start one with braid import, or name another with --db", e.path, ErrNoLedger)
	}
	file, err := os.OpenFile(e.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("a ledger cannot be started at %s: %w", e.path, err)
	}
	return file.Close()
}

func (e *sqlite) looksRight() error {
	file, err := os.Open(e.path)
	if err != nil {
		return err
	}
	defer file.Close()
	magic := make([]byte, 16)
	if n, _ := file.Read(magic); n < len(magic) || string(magic) != "SQLite format 3\x00" {
		return fmt.Errorf("%s is a file of another kind: %w", e.path, ErrNotLedger)
	}
	return nil
}

func (e *sqlite) pool(mode, more string, size int) (*gorm.DB, error) {
	path, err := filepath.Abs(e.path)
	if err != nil {
		return nil, err
	}
	where := url.URL{Scheme: "file", Path: path}
	dsn := where.String() + "?mode=" + mode + "&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000&_stmt_cache_size=32" + more
	if mode == "ro" {
		dsn = strings.Replace(dsn, "&_journal_mode=WAL", "", 1) // the file says so itself
	}
	db, err := gorm.Open(gormsqlite.New(gormsqlite.Config{DriverName: sqliteDriver, DSN: dsn}), gormConfig())
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	return db, nil
}

func gormConfig() *gorm.Config {
	return &gorm.Config{SkipDefaultTransaction: true, DisableAutomaticPing: true, Logger: logger.Discard}
}

func closePool(db *gorm.DB) {
	if db == nil {
		return
	}
	if pool, err := db.DB(); err == nil {
		pool.Close()
	}
}

func (e *sqlite) migrate(ctx context.Context, db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return migrate(ctx, goose.DialectSQLite3, pool, "migrations/sqlite")
}

// current checks the library, the pragmas and the schema's version.
func (e *sqlite) current(ctx context.Context, db *gorm.DB) error {
	db = db.WithContext(ctx)
	var version string
	if err := db.Raw("SELECT sqlite_version()").Scan(&version).Error; err != nil {
		return err
	}
	var v [3]int
	fmt.Sscanf(version, "%d.%d.%d", &v[0], &v[1], &v[2])
	if v[0] < oldestSQLite[0] || v[0] == oldestSQLite[0] && (v[1] < oldestSQLite[1] || v[1] == oldestSQLite[1] && v[2] < oldestSQLite[2]) {
		return fmt.Errorf("this Braid was built with SQLite %s, which can damage files; build it with %d.%d.%d or later", version, oldestSQLite[0], oldestSQLite[1], oldestSQLite[2])
	}
	for _, p := range pragmas {
		var got string
		if err := db.Raw("PRAGMA " + p.name).Scan(&got).Error; err != nil {
			return err
		}
		if got != p.want && !(p.name == "journal_mode" && e.readOnly) { // a backup is no WAL file
			return fmt.Errorf("SQLite runs with %s = %s on %s, and Braid needs %s", p.name, got, e.path, p.want)
		}
	}
	return newest(ctx, db, goose.DialectSQLite3, "migrations/sqlite")
}

func (e *sqlite) lock(*gorm.DB) error      { return nil } // BEGIN IMMEDIATE took it
func (e *sqlite) snapshot() *sql.TxOptions { return nil } // every transaction reads one state

// check looks for a damaged file, while that is quickly done or when it is
// asked to be thorough, and for guards taken away.
func (e *sqlite) check(ctx context.Context, db *gorm.DB, thorough bool) error {
	const quick = 64 << 20
	db = db.WithContext(ctx)
	var checks []string
	if info, err := os.Stat(e.path); thorough {
		checks = []string{"PRAGMA integrity_check(1)", "SELECT 'row ' || rowid || ' of ' || \"table\" || ' has lost its batch' FROM pragma_foreign_key_check LIMIT 1"}
	} else if err == nil && info.Size() <= quick {
		checks = []string{"PRAGMA quick_check(1)"}
	}
	for _, check := range checks {
		said := "ok"
		if err := db.Raw(check).Scan(&said).Error; err != nil {
			return err
		}
		if said != "ok" {
			return fmt.Errorf("%s is damaged (%s): restore the last backup with braid restore", e.path, said)
		}
	}
	var triggers []string
	if err := db.Raw("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name").Scan(&triggers).Error; err != nil {
		return err
	}
	return sameTriggers(triggers)
}

// copy writes a compact copy of the database; the writer is not held up. It
// needs a connection of its own: to SQLite a copy is a write.
func (e *sqlite) copy(ctx context.Context, _ *Store, to *os.File) error {
	db, err := e.pool("ro", "", 1)
	if err != nil {
		return err
	}
	defer closePool(db)
	return db.WithContext(ctx).Exec("VACUUM INTO ?", to.Name()).Error
}

// appendEntries inserts many entries by one prepared statement of many rows,
// on the driver itself: one crossing into SQLite for every hundred entries,
// and the next hundred are made ready meanwhile.
func (e *sqlite) appendEntries(ctx context.Context, conn *sql.Conn, b ledger.Batch) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	const atOnce, chunks = 100, 4
	ready, used := make(chan *entryChunk, chunks), make(chan *entryChunk, chunks)
	for range chunks {
		used <- new(entryChunk)
	}
	var stopped error // why no more came
	go func() {
		defer close(ready)
		var rows []ledger.Row
		for n, r := range b.Rows {
			if stopped = checkEntry(r); stopped != nil {
				return
			}
			if rows = append(rows, r); len(rows) < atOnce && n < b.Len() {
				continue
			}
			select {
			case c := <-used:
				c.bind(b.Head.Seq, n-len(rows)+1, rows)
				ready <- c
			case <-ctx.Done():
				stopped = ctx.Err()
				return
			}
			rows = rows[:0]
		}
	}()
	return conn.Raw(func(raw any) error {
		statements := map[insertion]driver.Stmt{}
		for c := range ready {
			statement, prepared := statements[c.insertion]
			if !prepared {
				var err error
				if statement, err = raw.(driver.ConnPrepareContext).PrepareContext(ctx, c.sql()); err != nil {
					return err
				}
				defer statement.Close()
				statements[c.insertion] = statement
			}
			// A query binds and runs in one crossing, which an exec does not.
			done, err := statement.(driver.StmtQueryContext).QueryContext(context.Background(), c.args)
			if err != nil {
				return err
			}
			if err := done.Close(); err != nil {
				return err
			}
			used <- c
		}
		return stopped
	})
}

// entryChunk is what one insertion inserts.
type entryChunk struct {
	insertion
	args []driver.NamedValue
}

// insertion is of so many entries. What entries nearly always have in common
// is bound once for them all.
type insertion struct {
	alike bool
	rows  int
}

// The columns of an entry; # is a value of its own.
const (
	alikeEntry = "(?1,#,?2,#,#,#,#,#,#,?3,?4,?5,#,#,NULL,NULL)"
	anyEntry   = "(?1,#,#,#,#,#,#,#,#,#,#,#,#,#,#,#)"
)

// bind makes a chunk of the entries from the nth on.
func (c *entryChunk) bind(seq, n int, rows []ledger.Row) {
	first := &rows[0]
	c.insertion = insertion{alike: true, rows: len(rows)}
	for i := range rows {
		r := &rows[i]
		c.alike = c.alike && r.Kind == first.Kind && r.Element == first.Element && r.CostType == first.CostType && r.Match == first.Match && r.Reverses == ledger.EntryID{}
	}
	c.args = c.args[:0]
	c.put(int64(seq))
	if c.alike {
		c.put(first.Kind, first.Element, first.CostType, first.Match)
	}
	var on fiscal.Date
	var day any = ""
	for i := range rows {
		r := &rows[i]
		if r.Effective != on {
			on, day = r.Effective, dateText(r.Effective)
		}
		if c.alike {
			c.put(int64(n+i), int64(r.Amount), r.From, r.To, r.Line, r.Objective, r.Area, day, int64(r.Row))
			continue
		}
		c.put(int64(n+i), r.Kind, int64(r.Amount), r.From, r.To, r.Line, r.Objective, r.Area, r.Element, r.CostType, r.Match, day, int64(r.Row))
		if r.Reverses == (ledger.EntryID{}) {
			c.put(nil, nil)
		} else {
			c.put(int64(r.Reverses.Seq), int64(r.Reverses.N))
		}
	}
}

func (c *entryChunk) put(values ...any) {
	for _, v := range values {
		c.args = append(c.args, driver.NamedValue{Ordinal: len(c.args) + 1, Value: v})
	}
}

func (ins insertion) sql() string {
	one, next := anyEntry, 1
	if ins.alike {
		one, next = alikeEntry, 5
	}
	sql := []byte("INSERT INTO entries VALUES ")
	for i := range ins.rows {
		if i > 0 {
			sql = append(sql, ',')
		}
		for _, c := range []byte(one) {
			if c != '#' {
				sql = append(sql, c)
				continue
			}
			next++
			sql = strconv.AppendInt(append(sql, '?'), int64(next), 10)
		}
	}
	return string(sql)
}

func (e *sqlite) retry(error) bool { return false } // the lock is held: nobody else can have been in the way

// explain puts SQLite's faults in words.
func (e *sqlite) explain(err error) error {
	if err == nil {
		return nil
	}
	if strings.Contains(err.Error(), "requires cgo") {
		return fmt.Errorf("this braid was built without a C compiler, which SQLite needs: install gcc and build it again with CGO_ENABLED=1 (%w)", err)
	}
	kind := sqliteKind(err)
	if kind == nil {
		return err
	}
	return fmt.Errorf("%s: %w (%v)", e.path, kind, err)
}
