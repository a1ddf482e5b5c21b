//go:build !unix

package store

import "errors"

func (e *sqlite) serve() (interface{ Close() error }, error) {
	return nil, errors.New("braid serve needs a system with file locks (Linux, macOS, BSD)")
}
