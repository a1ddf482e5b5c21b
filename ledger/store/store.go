package store

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"braid/ledger"

	"gorm.io/gorm"
)

// Store is one ledger kept in a database. It may be used by many at once.
type Store struct {
	engine  engine
	writer  *gorm.DB // one connection on SQLite; nil when opened to read only
	reader  *gorm.DB
	options Options

	book    atomic.Pointer[ledger.Book]
	loading sync.Mutex // held while the book moves on

	turn    chan struct{} // held by the caller who writes for all who wait
	queue   sync.Mutex
	waiting []*posting
	stopped error // set for good once a write to disk has failed (under turn)

	serving interface{ Close() error } // the lock of `serve`

	people peopleState
}

// Options say how a ledger is opened.
type Options struct {
	Logger   *slog.Logger          // nil: quiet
	Clock    func() time.Time      // nil: the machine's
	ReadOnly bool                  // never writes, migrates or creates
	Create   bool                  // start an empty ledger where there is none
	Serve    bool                  // take the lock of `serve` before the book is loaded
	Progress func(done, total int) // entries read, on long loads
}

// engine is what differs between SQLite and PostgreSQL.
type engine interface {
	open(ctx context.Context, opt Options) (writer, reader *gorm.DB, err error)
	lock(tx *gorm.DB) error   // the ledger's one lock, until the transaction ends
	snapshot() *sql.TxOptions // a transaction that reads one state
	appendEntries(ctx context.Context, conn *sql.Conn, b ledger.Batch) error
	explain(error) error                                         // a fault in words, wrapping the kind of fault it is
	retry(error) bool                                            // whether a whole new try may succeed, nothing having been written
	check(ctx context.Context, db *gorm.DB, thorough bool) error // the file and its guards
	copy(ctx context.Context, s *Store, to *os.File) error       // one consistent state
	serve() (interface{ Close() error }, error)
}

// Open opens the ledger in a file, or at a postgres:// address, brings its
// schema up to date, checks it and loads its book.
func Open(ctx context.Context, db string, opt Options) (*Store, error) {
	s, err := connect(ctx, db, opt)
	if err != nil {
		return nil, err
	}
	if opt.Serve {
		err = s.LockServe()
	}
	if err == nil {
		err = s.engine.explain(s.engine.check(ctx, s.reader, false))
	}
	var book *ledger.Book
	if err == nil {
		book, err = s.Book(ctx)
	}
	if err == nil {
		err = checkTail(book)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// connect is Open without a look at what is there: a damaged ledger can still
// be verified.
func connect(ctx context.Context, db string, opt Options) (*Store, error) {
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	s := &Store{options: opt, turn: make(chan struct{}, 1), engine: &sqlite{path: db}}
	if isPostgres(db) {
		s.engine = &postgres{address: db}
	}
	var err error
	if s.writer, s.reader, err = s.engine.open(ctx, opt); err != nil {
		return nil, s.engine.explain(err)
	}
	s.book.Store(ledger.Empty())
	return s, nil
}

func isPostgres(db string) bool {
	return strings.HasPrefix(db, "postgres://") || strings.HasPrefix(db, "postgresql://")
}

// Close lets go of the database and of the lock of `serve`.
func (s *Store) Close() error {
	var first error
	for _, db := range []*gorm.DB{s.reader, s.writer} {
		if db == nil {
			continue
		}
		pool, err := db.DB()
		if err == nil {
			err = pool.Close()
		}
		if first == nil {
			first = err
		}
	}
	if s.serving != nil {
		if err := s.serving.Close(); first == nil {
			first = err
		}
	}
	return first
}

// LockServe takes the lock that lets one `braid serve` run on a file; it is let
// go at Close, or when the program ends however it ends. On PostgreSQL several
// may serve one ledger.
func (s *Store) LockServe() error {
	lock, err := s.engine.serve()
	if err == nil {
		s.serving = lock
	}
	return err
}

// Book gives the ledger as it stands, with what other programs have posted.
// The snapshot is shared and never changes.
func (s *Store) Book(ctx context.Context) (*ledger.Book, error) {
	book := s.book.Load() // before the tail: a tail behind it then means that batches are gone
	tail, err := readTail(s.reader.WithContext(ctx))
	if err != nil {
		return nil, s.engine.explain(err)
	}
	if tail.Seq <= book.Sequence() {
		return book, s.follows(book, tail)
	}
	s.loading.Lock()
	defer s.loading.Unlock()
	if book = s.book.Load(); tail.Seq <= book.Sequence() { // another has loaded it meanwhile
		return book, nil
	}
	var next *ledger.Book
	err = s.inSnapshot(ctx, func(db *gorm.DB) error {
		next, err = s.advance(db, book)
		return err
	})
	if err != nil {
		return nil, s.engine.explain(err)
	}
	s.book.Store(next)
	return next, nil
}

// inSnapshot runs do in a transaction that reads one state of the database.
func (s *Store) inSnapshot(ctx context.Context, do func(db *gorm.DB) error) error {
	pool, err := s.reader.DB()
	if err != nil {
		return err
	}
	tx, err := pool.BeginTx(ctx, s.engine.snapshot())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(session(s.reader, ctx, tx))
}

// advance reads the batches after a book's last and gives the book they make.
func (s *Store) advance(db *gorm.DB, book *ledger.Book) (*ledger.Book, error) {
	tail, err := readTail(db)
	if err != nil {
		return nil, err
	}
	if tail.Seq <= book.Sequence() {
		return book, s.follows(book, tail)
	}
	loader := book.Loader()
	if err := load(db, loader, book.Sequence(), s.options.Progress); err != nil {
		return nil, err
	}
	return loader.Book(), nil
}

// follows holds the stored tail against the book: a ledger that has grown
// shorter, or another hash under a number already read, was tampered with or
// restored from a backup while the program ran.
func (s *Store) follows(book *ledger.Book, tail tail) error {
	if tail.Seq == book.Sequence() && tail.Hash == hashText(book.Hash()) {
		return nil
	}
	if tail.Seq == 0 {
		return &ledger.Damaged{Seq: 1, Why: "the database no longer holds it"}
	}
	if _, known := book.Head(tail.Seq); tail.Hash == hashText(known) {
		return &ledger.Damaged{Seq: tail.Seq + 1, Why: "the database no longer holds it"}
	}
	return &ledger.Damaged{Seq: tail.Seq, Why: "the database now holds another batch under its number"}
}

// hashText is empty for the book without batches, as its tail is.
func hashText(h ledger.Hash) string {
	if h == (ledger.Hash{}) {
		return ""
	}
	return h.String()
}

// checkTail recomputes the last batch's hash, if that is quickly done: a write
// torn by a failing machine shows at its end.
func checkTail(book *ledger.Book) error {
	const quick = 10_000
	seq := book.Sequence()
	if seq == 0 {
		return nil
	}
	batch := book.Batch(seq)
	if batch.Len() > quick || len(batch.Records) > quick {
		return nil
	}
	if batch.Hash() != book.Hash() {
		return &ledger.Damaged{Seq: seq, Why: "its contents do not hash to what it was posted as; run braid verify"}
	}
	return nil
}

// session gives gorm on one transaction.
func session(db *gorm.DB, ctx context.Context, tx gorm.ConnPool) *gorm.DB {
	on := db.Session(&gorm.Session{NewDB: true, Context: ctx})
	on.Statement.ConnPool = tx
	return on
}
