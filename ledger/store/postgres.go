package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"os"
	"time"

	"braid/ledger"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// postgres keeps a ledger in a PostgreSQL database.
type postgres struct{ address string }

const oldestPostgres = 150000

func (e *postgres) open(ctx context.Context, opt Options) (writer, reader *gorm.DB, err error) {
	config, err := pgx.ParseConfig(e.address)
	if err != nil {
		return nil, nil, errors.New("the database's address does not read; write it like postgres://user@host/name?sslmode=verify-full")
	}
	config.RuntimeParams["application_name"] = "braid"
	config.RuntimeParams["synchronous_commit"] = "on" // an answer means that the disk has it
	config.RuntimeParams["lock_timeout"] = "10s"
	config.RuntimeParams["statement_timeout"] = "5min"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "5min"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if opt.ReadOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(4)
	db, err := gorm.Open(gormpostgres.New(gormpostgres.Config{Conn: pool}), gormConfig())
	if err == nil {
		err = e.current(ctx, db, pool, opt)
	}
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	if opt.ReadOnly {
		return nil, db, nil
	}
	return db, db, nil
}

func (e *postgres) current(ctx context.Context, db *gorm.DB, pool *sql.DB, opt Options) error {
	var version int
	if err := pool.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return err
	}
	if version < oldestPostgres {
		return fmt.Errorf("the database is PostgreSQL %d, and Braid needs %d or later", version/10000, oldestPostgres/10000)
	}
	if !opt.ReadOnly {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60), lock.WithUnlockTimeout(1, 10))
		if err != nil {
			return err
		}
		if err := migrate(ctx, goose.DialectPostgres, pool, "migrations/postgres", goose.WithSessionLocker(locker)); err != nil {
			return err
		}
	}
	return newest(ctx, db, goose.DialectPostgres, "migrations/postgres")
}

func (e *postgres) lock(tx *gorm.DB) error {
	var id int
	return tx.Raw("SELECT id FROM ledger_lock WHERE id = 1 FOR UPDATE").Row().Scan(&id)
}

func (e *postgres) snapshot() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (e *postgres) check(ctx context.Context, db *gorm.DB, _ bool) error {
	var triggers []string
	err := db.WithContext(ctx).Raw(`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'
		AND tgrelid IN ('batches'::regclass, 'entries'::regclass, 'records'::regclass, 'people'::regclass, 'events'::regclass) ORDER BY tgname COLLATE "C"`).Scan(&triggers).Error
	if err != nil {
		return err
	}
	return sameTriggers(triggers)
}

// copy exports the ledger.
func (e *postgres) copy(ctx context.Context, s *Store, to *os.File) error {
	book, err := s.Book(ctx)
	if err != nil {
		return err
	}
	return ledger.WriteLedger(to, book)
}

// appendEntries copies many entries in PostgreSQL's own bulk form.
func (e *postgres) appendEntries(ctx context.Context, conn *sql.Conn, b ledger.Batch) error {
	columns := []string{"seq", "n", "kind", "amount", "from_account", "to_account", "line", "objective", "area", "element", "cost_type", "match_for",
		"effective", "source_row", "reverses_seq", "reverses_n"}
	next, stop := iter.Pull2(b.Rows)
	defer stop()
	var stopped error // why we ended the copy ourselves; PostgreSQL only says that we did
	return conn.Raw(func(raw any) error {
		_, err := raw.(*stdlib.Conn).Conn().CopyFrom(context.WithoutCancel(ctx), pgx.Identifier{"entries"}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			n, r, more := next()
			if !more {
				return nil, nil
			}
			if stopped = errors.Join(ctx.Err(), checkEntry(r)); stopped != nil {
				return nil, stopped
			}
			return rowOfEntry(b.Head.Seq, n, r), nil
		}))
		if stopped != nil {
			return stopped
		}
		return err
	})
}

// retry: a transaction that PostgreSQL gave up for another's sake, or a
// connection lost before anything was committed.
func (e *postgres) retry(err error) bool {
	var fault *pgconn.PgError
	if errors.As(err, &fault) {
		switch fault.Code {
		case "40001", "40P01", "57P01", "57P02", "57P03": // serialization, deadlock, shutdown, crash, starting up
			return true
		}
		return false
	}
	return e.lost(err)
}

// lost reports whether the connection was lost, rather than a question refused.
func (e *postgres) lost(err error) bool {
	var damaged ledger.Refusal
	return err != nil && !errors.As(err, &damaged) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && lostConnection(err)
}

// explain puts PostgreSQL's faults in words.
func (e *postgres) explain(err error) error {
	if err == nil {
		return nil
	}
	var fault *pgconn.PgError
	if !errors.As(err, &fault) {
		if e.lost(err) {
			return fmt.Errorf("%w (%v)", ErrUnavailable, err)
		}
		return err
	}
	switch fault.Code {
	case "53100":
		return fmt.Errorf("%w (%v)", ErrDiskFull, err)
	case "58030":
		return fmt.Errorf("%w (%v)", ErrDiskFault, err)
	case "55P03", "57014":
		return fmt.Errorf("%w (%v)", ErrBusy, err)
	case "25006":
		return fmt.Errorf("%w (%v)", ErrReadOnly, err)
	case "57P01", "57P02", "57P03", "53300":
		return fmt.Errorf("%w (%v)", ErrUnavailable, err)
	}
	return err
}

// serve: several may serve one ledger in PostgreSQL.
func (e *postgres) serve() (interface{ Close() error }, error) { return nil, nil }

func lostConnection(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.As(err, &network) || errors.As(err, &connect) || errors.Is(err, net.ErrClosed) || err.Error() == "conn closed"
}
