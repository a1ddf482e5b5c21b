//go:build cgo

package store

import (
	"errors"
	"syscall"

	sqlite3 "github.com/mattn/go-sqlite3"
)

func onConnect(c *sqlite3.SQLiteConn, statement string) error {
	_, err := c.Exec(statement, nil)
	return err
}

// sqliteKind gives the kind of fault that SQLite reports, nil for none of ours.
func sqliteKind(err error) error {
	var fault sqlite3.Error
	if !errors.As(err, &fault) {
		return nil
	}
	switch fault.SystemErrno {
	case syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG: // no room, by the disk, a quota or a limit
		if fault.Code == sqlite3.ErrIoErr || fault.Code == sqlite3.ErrFull {
			return ErrDiskFull
		}
	}
	switch fault.Code {
	case sqlite3.ErrFull:
		return ErrDiskFull
	case sqlite3.ErrIoErr:
		return ErrDiskFault
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return ErrBusy
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return ErrReadOnly
	case sqlite3.ErrNotADB:
		return ErrNotLedger
	}
	return nil
}
