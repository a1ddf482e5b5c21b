package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"braid/ledger"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "braid.db")
	s, err := Open(ctx, path, Options{Create: true, Clock: func() time.Time { return posted }})
	must(t, err)
	_, err = s.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) { return council(b, 900_00) })
	must(t, err)
	book, err := s.Post(ctx, allocate(900_00, "k1", "a1"))
	must(t, err)
	_, err = s.Post(ctx, allocate(900_00, "k1", "a1"))
	t.Log(err)
	_, err = s.Post(ctx, allocate(900_00, "", "a1"))
	t.Log(err)
	r, err := s.Backup(ctx, path+".bak")
	t.Log(r, err)
	r, err = Restore(ctx, path+".bak", path+".again", Options{})
	t.Log(r, err)
	must(t, s.Close())
	s, err = Open(ctx, path+".again", Options{ReadOnly: true})
	must(t, err)
	again, err := s.Book(ctx)
	must(t, err)
	if again.Hash() != book.Hash() || again.Sequence() != 2 {
		t.Fatal("differs")
	}
	files, _ := filepath.Glob(path + "*")
	t.Log(files)
}
