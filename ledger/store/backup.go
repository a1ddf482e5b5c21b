package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"braid/ledger"
)

// Backup writes the ledger, as it stands at one moment, to a new file that only
// its owner can read, and verifies it before it gets its name. Others may go on
// writing meanwhile. From SQLite it is a database; from PostgreSQL it is an
// exported ledger (one JSON line a batch), beside which PostgreSQL's own backup
// is still wanted. Restore reads both.
func (s *Store) Backup(ctx context.Context, path string) (Report, error) {
	if err := absent(path); err != nil {
		return Report{}, err
	}
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Report{}, fmt.Errorf("the backup cannot be written: %w", err)
	}
	defer file.Close()
	defer removeDatabase(part)
	var found Report
	if err = s.engine.copy(ctx, s, file); err == nil {
		err = file.Sync()
	}
	if err == nil {
		found, err = verifyBackup(ctx, part)
	}
	if err == nil {
		err = found.Damage
	}
	if err != nil {
		return found, s.engine.explain(err)
	}
	if err := absent(path); err != nil {
		return found, err
	}
	if err := os.Rename(part, path); err != nil {
		return found, err
	}
	return found, syncFolder(path)
}

func verifyBackup(ctx context.Context, path string) (Report, error) {
	if isSQLite(path) {
		return Verify(ctx, path, nil, Options{})
	}
	file, err := os.Open(path)
	if err != nil {
		return Report{}, err
	}
	defer file.Close()
	return VerifyFile(file, nil)
}

// Restore makes a ledger at db from a backup or an exported ledger, and says
// what it holds. It never overwrites: db is a file that is not there yet, or a
// PostgreSQL database without a ledger. What does not verify is not restored.
func Restore(ctx context.Context, backup, db string, opt Options) (Report, error) {
	if _, err := os.Stat(backup); err != nil {
		return Report{}, fmt.Errorf("the backup cannot be read: %w", err)
	}
	if !isPostgres(db) {
		if err := absent(db); err != nil {
			return Report{}, err
		}
		if isSQLite(backup) {
			from, err := connect(ctx, backup, Options{ReadOnly: true})
			if err != nil {
				return Report{}, err
			}
			defer from.Close()
			return from.Backup(ctx, db)
		}
	}
	book, err := readBackup(ctx, backup)
	if err != nil {
		return Report{}, err
	}
	opt.Create, opt.ReadOnly = true, false
	target := db
	if !isPostgres(db) {
		target = db + ".part"
		defer removeDatabase(target)
	}
	to, err := Open(ctx, target, opt)
	if err != nil {
		return Report{}, err
	}
	defer to.Close()
	if err := to.fill(ctx, book); err != nil {
		return Report{}, to.engine.explain(err)
	}
	found, err := to.Verify(ctx, &Anchor{book.Sequence(), book.Hash()})
	if err == nil {
		err = found.Damage
	}
	if err == nil {
		err = to.Close() // on SQLite this folds the write-ahead log into the file
	}
	if err != nil || isPostgres(db) {
		return found, err
	}
	if err := absent(db); err != nil {
		return found, err
	}
	if err := os.Rename(target, db); err != nil {
		return found, err
	}
	return found, syncFolder(db)
}

func readBackup(ctx context.Context, backup string) (*ledger.Book, error) {
	if isSQLite(backup) {
		s, err := Open(ctx, backup, Options{ReadOnly: true})
		if err != nil {
			return nil, err
		}
		defer s.Close()
		if found, err := s.Verify(ctx, nil); err != nil || found.Damage != nil {
			return nil, errors.Join(err, found.Damage)
		}
		return s.Book(ctx)
	}
	file, err := os.Open(backup)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	loader := ledger.NewLoader()
	n, err := ledger.ReadLedger(file, loader)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s is empty: %w", backup, ErrNotLedger)
	}
	if err != nil {
		return nil, err
	}
	return loader.Book(), nil
}

// fill appends all of a book's batches to an empty ledger, in one transaction.
func (s *Store) fill(ctx context.Context, book *ledger.Book) error {
	return s.inWrite(ctx, func(w *writing) error {
		t, err := readTail(w.db)
		if err != nil {
			return err
		}
		if t.Seq > 0 {
			return fmt.Errorf("the database holds a ledger of %d batches: %w", t.Seq, ErrExists)
		}
		for seq := 1; seq <= book.Sequence(); seq++ {
			_, hash := book.Head(seq)
			if err := s.append(ctx, w, book.Batch(seq), hash); err != nil {
				return err
			}
		}
		return w.tx.Commit()
	})
}

func absent(path string) error {
	for _, name := range []string{path, path + "-wal"} {
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("%s: %w", name, ErrExists)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func isSQLite(path string) bool { return (&sqlite{path: path}).looksRight() == nil }

// removeDatabase clears away a file that did not get its name, and what
// SQLite keeps beside it.
func removeDatabase(path string) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + end)
	}
}

// syncFolder makes a new name last through a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
