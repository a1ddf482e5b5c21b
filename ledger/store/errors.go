package store

import (
	"errors"
	"fmt"
)

// The kinds of fault, for errors.Is. Their words are for people.
var (
	ErrNoLedger      = errors.New("there is no ledger there")
	ErrNotLedger     = errors.New("this is not a ledger")
	ErrReadOnly      = errors.New("the ledger may only be read: it was opened so, or its file or folder is not writable")
	ErrBusy          = errors.New("another program is writing to the ledger and did not finish in time; try again")
	ErrServed        = errors.New("the ledger is already served by another braid serve; stop that one first, or give this one another file")
	ErrNewer         = errors.New("the ledger was written by a newer Braid; use that one, or a newer still")
	ErrDiskFull      = errors.New("the disk is full: nothing was posted; make room and try again")
	ErrDiskFault     = errors.New("the disk failed while the ledger was written: Braid accepts no more changes; look at the disk, then start again and run braid verify")
	ErrUnavailable   = errors.New("the database does not answer; try again in a moment")
	ErrUncertain     = errors.New("the database was lost before it confirmed: the change may or may not have been posted; send it again with the same key, or look before you do")
	ErrAlreadyPosted = errors.New("already posted")
	ErrExists        = errors.New("something is there already and is not overwritten; give another name")
)

// AlreadyPosted says that a batch with this key was posted before.
type AlreadyPosted struct {
	Key string
	Seq int // the batch it was posted as
}

func (a *AlreadyPosted) Error() string {
	return fmt.Sprintf("already posted as batch %d; nothing was posted twice", a.Seq)
}
func (a *AlreadyPosted) Unwrap() error { return ErrAlreadyPosted }

// Batch is the number it was posted as.
func (a *AlreadyPosted) Batch() int { return a.Seq }
