package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"braid/ledger"

	"gorm.io/gorm"
)

// Anchor is a batch's number and hash, written down somewhere the ledger's
// keeper cannot write: only against one does a ledger cut short, or rewritten
// whole, come to light.
type Anchor struct {
	Seq  int
	Hash ledger.Hash
}

// ParseAnchor reads "41:9f86d0…", as reports print it.
func ParseAnchor(text string) (Anchor, error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(text), ":")
	seq, err := strconv.Atoi(number)
	if err != nil || seq < 1 {
		return Anchor{}, fmt.Errorf("an anchor is a batch's number and its hash, like 41:9f86d0…; found %.80q", text)
	}
	h, err := ledger.ParseHash(hash)
	return Anchor{seq, h}, err
}

func (a Anchor) String() string { return strconv.Itoa(a.Seq) + ":" + a.Hash.String() }

// Report is what a verification found. Figures are of the batches that are sound.
type Report struct {
	Sequence int
	Hash     ledger.Hash
	Entries  int
	Anchored bool  // an anchor was given, and the ledger holds it
	Damage   error // nil: sound. A *ledger.Damaged names the first bad batch
}

// Verify replays the whole ledger from the database: every hash, reference,
// reversal and balance. The error is a fault that kept it from looking; damage
// is in the report.
func (s *Store) Verify(ctx context.Context, anchor *Anchor) (Report, error) {
	if err := s.engine.check(ctx, s.reader, true); err != nil {
		return Report{Damage: s.engine.explain(err)}, nil
	}
	loader := ledger.NewLoader()
	loader.Verify = true
	err := s.inSnapshot(ctx, func(db *gorm.DB) error { return load(db, loader, 0, s.options.Progress) })
	return report(loader, err, anchor, s.engine.explain)
}

// Verify verifies a ledger without using it: even one too damaged to open.
func Verify(ctx context.Context, db string, anchor *Anchor, opt Options) (Report, error) {
	opt.ReadOnly, opt.Create = true, false
	s, err := connect(ctx, db, opt)
	if err != nil {
		return Report{}, err
	}
	defer s.Close()
	return s.Verify(ctx, anchor)
}

// VerifyFile verifies an exported ledger by itself.
func VerifyFile(r io.Reader, anchor *Anchor) (Report, error) {
	loader := ledger.NewLoader()
	n, err := ledger.ReadLedger(r, loader)
	if err == nil && n == 0 {
		return Report{}, fmt.Errorf("the file is empty: %w", ErrNotLedger)
	}
	return report(loader, err, anchor, func(err error) error { return err })
}

func report(loader *ledger.Loader, err error, anchor *Anchor, explain func(error) error) (Report, error) {
	var damaged *ledger.Damaged
	if err != nil && !errors.As(err, &damaged) {
		return Report{}, explain(err)
	}
	book := loader.Book()
	r := Report{Sequence: book.Sequence(), Hash: book.Hash(), Entries: book.Len()}
	switch {
	case damaged != nil:
		r.Damage = damaged
	default:
		r.Damage = book.CheckBalances()
	}
	if anchor == nil || r.Damage != nil {
		return r, nil
	}
	if anchor.Seq > r.Sequence {
		r.Damage = &ledger.Damaged{Seq: r.Sequence + 1, Why: fmt.Sprintf("it and what followed are gone: the anchor says that there were %d batches", anchor.Seq)}
		return r, nil
	}
	if _, hash := book.Head(anchor.Seq); hash != anchor.Hash {
		r.Damage = &ledger.Damaged{Seq: anchor.Seq, Why: fmt.Sprintf("it has the hash %s, and the anchor says %s: it, or a batch before it, was rewritten", hash, anchor.Hash)}
		return r, nil
	}
	r.Anchored = true
	return r, nil
}
