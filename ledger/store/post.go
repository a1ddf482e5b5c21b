package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"braid/ledger"

	"gorm.io/gorm"
)

// posting is one caller's wish to post, waiting for its turn.
type posting struct {
	ctx      context.Context
	decide   func(*ledger.Book) (*ledger.Draft, error)
	done     chan struct{}
	book     *ledger.Book
	err      error
	panicked any
}

// Post is the only way to change the ledger. It takes the ledger's one lock,
// catches the book up, lets decide make a draft on it, appends the batch and
// commits it to disk before it returns; the book it gives holds the batch.
//
// A nil or empty draft posts nothing and is no error. A refusal of decide is
// returned as it is, and nothing is posted. A draft whose Key was used before
// posts nothing: the error is an AlreadyPosted, and the book the current one.
// That holds even beside a refusal, if decide returns its draft with it: the
// second try of "take all that is left" must not read as short of money.
//
// Posts that wait for one another are joined into one commit, each decided on
// the book as the one before left it. So decide may run on another goroutine,
// and more than once (a lost race, a cut connection, a neighbour that failed):
// it must do nothing but look at the book it is given and draft on it.
func (s *Store) Post(ctx context.Context, decide func(*ledger.Book) (*ledger.Draft, error)) (*ledger.Book, error) {
	if s.writer == nil {
		return nil, ErrReadOnly
	}
	p := &posting{ctx: ctx, decide: decide, done: make(chan struct{})}
	s.queue.Lock()
	s.waiting = append(s.waiting, p)
	s.queue.Unlock()
	select {
	case <-p.done:
	case s.turn <- struct{}{}:
		s.writeAll()
		<-s.turn
	case <-ctx.Done():
		if s.withdraw(p) {
			return nil, ctx.Err()
		}
	}
	<-p.done
	if p.panicked != nil {
		panic(p.panicked)
	}
	return p.book, p.err
}

// withdraw takes a posting out of the queue, if nobody has begun on it.
func (s *Store) withdraw(p *posting) bool {
	s.queue.Lock()
	defer s.queue.Unlock()
	for i, q := range s.waiting {
		if q == p {
			s.waiting = append(s.waiting[:i], s.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// writeAll writes for all who wait, this caller among them unless another has
// already done it.
func (s *Store) writeAll() {
	s.queue.Lock()
	group := s.waiting
	s.waiting = nil
	s.queue.Unlock()
	if len(group) > 0 {
		s.settle(group)
	}
	for _, p := range group {
		close(p.done)
	}
}

const tries = 5

// settle writes a group and sets every answer.
func (s *Store) settle(group []*posting) {
	var err error
	for try := 0; try < tries; try++ {
		group = stillWanted(group)
		if len(group) == 0 {
			return
		}
		if err = s.stopped; err != nil {
			break
		}
		if err = s.write(group); err == nil {
			return
		}
		var unsure *uncertain
		if errors.As(err, &unsure) {
			var stored bool
			if stored, err = s.stored(unsure); stored {
				return
			}
			if err != nil {
				break
			}
			err = unsure.cause
		} else if !s.engine.retry(err) {
			break
		}
		s.options.Logger.Warn("posting tries again", "try", try+1, "error", err)
		time.Sleep(time.Duration(5<<try)*time.Millisecond + rand.N(10*time.Millisecond))
	}
	if len(group) > 1 { // one may have spoilt it for the others
		for _, p := range group {
			s.settle([]*posting{p})
		}
		return
	}
	if group[0].ctx.Err() != nil {
		err = group[0].ctx.Err()
	}
	if err = s.engine.explain(err); errors.Is(err, ErrDiskFault) {
		s.stopped = err
	}
	group[0].book, group[0].err = nil, err
}

func stillWanted(group []*posting) []*posting {
	var wanted []*posting
	for _, p := range group {
		if p.err = p.ctx.Err(); p.err == nil {
			wanted = append(wanted, p)
		}
	}
	return wanted
}

// writing is a transaction that holds the ledger's lock.
type writing struct {
	conn *sql.Conn
	tx   *sql.Tx
	db   *gorm.DB // gorm on the transaction
}

// inWrite runs do in a transaction under the lock; do commits, or nothing was.
func (s *Store) inWrite(ctx context.Context, do func(*writing) error) error {
	pool, err := s.writer.DB()
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	w := &writing{conn, tx, session(s.writer, ctx, tx)}
	if err := s.engine.lock(w.db); err != nil {
		return err
	}
	return do(w)
}

// write decides on and appends a group in one transaction. One caller who
// leaves must not undo the others, so it does not end with any one's context.
func (s *Store) write(group []*posting) error {
	return s.inWrite(context.WithoutCancel(group[0].ctx), func(w *writing) error { return s.decideAll(w, group) })
}

func (s *Store) decideAll(w *writing, group []*posting) error {
	s.loading.Lock()
	book, err := s.advance(w.db, s.book.Load())
	s.loading.Unlock()
	if err != nil {
		return err
	}
	before := book.Sequence()
	for _, p := range group {
		draft, err := p.run(book)
		p.book, p.err = book, err
		if draft == nil || p.panicked != nil {
			continue
		}
		if draft.Key != "" {
			seq, err := findKey(w.db, draft.Key)
			if err != nil {
				return err
			}
			if seq > 0 {
				p.err = &AlreadyPosted{Key: draft.Key, Seq: seq}
				continue
			}
		}
		if p.err != nil || draft.Empty() {
			continue
		}
		batch, next := draft.Seal(s.options.Clock())
		if batch.Head.Seq != book.Sequence()+1 || batch.Head.Prev != book.Hash() {
			p.err = errors.New("the draft was not made on the book that Post gave")
			continue
		}
		if p.err = checkWords(batch); p.err != nil {
			continue
		}
		if err := s.append(p.ctx, w, batch, next.Hash()); err != nil {
			return err
		}
		book, p.book = next, next
	}
	if book.Sequence() == before {
		s.publish(book)
		return nil
	}
	// Readers who see the new batch in the database wait for the book that is
	// about to be handed to them, rather than load it a second time.
	s.loading.Lock()
	defer s.loading.Unlock()
	if err := w.tx.Commit(); err != nil {
		return &uncertain{book: book, cause: err}
	}
	s.book.Store(book)
	return nil
}

func (s *Store) publish(book *ledger.Book) {
	s.loading.Lock()
	defer s.loading.Unlock()
	if book.Sequence() > s.book.Load().Sequence() {
		s.book.Store(book)
	}
}

// run lets the caller decide. A panic is kept, to be the caller's own.
func (p *posting) run(book *ledger.Book) (draft *ledger.Draft, err error) {
	defer func() {
		if v := recover(); v != nil {
			p.panicked, draft = v, nil
		}
	}()
	return p.decide(book)
}

func findKey(db *gorm.DB, key string) (seq int, err error) {
	err = db.Raw("SELECT seq FROM batches WHERE idem_key = ?", key).Scan(&seq).Error
	return seq, err
}

// append writes a batch's rows. Few go through gorm, many by the engine's own
// quickest way.
func (s *Store) append(ctx context.Context, w *writing, b ledger.Batch, hash ledger.Hash) error {
	const few = 50
	if err := w.db.Exec(insertInto("batches", 12, 1), rowOfBatch(b, hash)...).Error; err != nil {
		return err
	}
	n := 0
	for some := range slices.Chunk(b.Records, 500) {
		values := make([]any, 0, 5*len(some))
		for _, r := range some {
			n++
			values = append(values, b.Head.Seq, n, r.Register, r.ID, string(ledger.AppendValues(nil, r.Values)))
		}
		if err := w.db.Exec(insertInto("records", 5, len(some)), values...).Error; err != nil {
			return err
		}
	}
	if b.Len() > few {
		return s.engine.appendEntries(ctx, w.conn, b)
	}
	if b.Len() == 0 {
		return nil
	}
	values := make([]any, 0, 16*b.Len())
	for n, r := range b.Rows {
		if err := checkEntry(r); err != nil {
			return err
		}
		values = append(values, rowOfEntry(b.Head.Seq, n, r)...)
	}
	return w.db.Exec(insertInto("entries", 16, b.Len()), values...).Error
}

// insertInto is an insertion of so many rows. (It goes through gorm as it is:
// a post of one entry is as long in finding out what its rows are as in
// inserting them.)
func insertInto(table string, columns, rows int) string {
	one := "(" + strings.Repeat("?,", columns-1) + "?)"
	return "INSERT INTO " + table + " VALUES " + strings.Repeat(one+",", rows-1) + one
}

// uncertain is a commit whose answer never came.
type uncertain struct {
	book  *ledger.Book
	cause error
}

func (u *uncertain) Error() string { return fmt.Sprintf("committing: %v", u.cause) }
func (u *uncertain) Unwrap() error { return u.cause }

// stored finds out whether a commit without an answer took place: under the
// lock, so that it can no longer be on its way.
func (s *Store) stored(u *uncertain) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		stored, err := s.lookUp(ctx, u.book)
		if err == nil && stored {
			s.publish(u.book)
		}
		if err == nil || !s.engine.retry(err) {
			if err != nil {
				err = fmt.Errorf("%w (%v)", ErrUncertain, err)
			}
			return stored, err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return false, fmt.Errorf("%w (%v)", ErrUncertain, u.cause)
		}
	}
}

func (s *Store) lookUp(ctx context.Context, book *ledger.Book) (stored bool, err error) {
	err = s.inWrite(ctx, func(w *writing) error {
		var hash string
		err := w.db.Raw("SELECT hash FROM batches WHERE seq = ?", book.Sequence()).Scan(&hash).Error
		stored = hash == book.Hash().String()
		return err
	})
	return stored, err
}
