//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// serve takes the lock on <file>.lock, which the system lets go when the
// program ends, however it ends.
func (e *sqlite) serve() (interface{ Close() error }, error) {
	file, err := os.OpenFile(e.path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", e.path, ErrServed)
		}
		return nil, fmt.Errorf("%s.lock cannot be locked: %w", e.path, err)
	}
	return file, nil
}
