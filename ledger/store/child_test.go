package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"

	"braid/ledger"
)

// The tests run themselves again as other programs on the same ledger.

// start runs a task on a ledger in a program of its own.
func start(t testing.TB, task, db string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BRAID_STORE_CHILD="+task+" "+db)
	cmd.Stderr = os.Stderr
	return cmd
}

func child(order string) {
	task, db, _ := strings.Cut(order, " ")
	ctx := context.Background()
	s, err := Open(ctx, db, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
	defer s.Close()
	switch task {
	case "write": // until killed; says each batch that was acknowledged
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := 0; ; i++ {
					key := fmt.Sprintf("%d/%d/%d", os.Getpid(), w, i)
					b, err := s.Post(ctx, allocate(1, key, key))
					if err != nil {
						fmt.Fprintln(os.Stderr, "child:", err)
						os.Exit(1)
					}
					fmt.Println(b.Sequence(), key) // one write
				}
			})
		}
		wg.Wait()
	case "race": // take pennies until there are none; says how many
		fmt.Println(takePennies(s))
	case "full":
		if err := fillDisk(ctx, s, db); err != nil {
			fmt.Fprintln(os.Stderr, "child:", err)
			os.Exit(1)
		}
	}
}

const writers = 4

// takePennies takes one penny at a time, eight at once, until all are refused.
func takePennies(s *Store) (taken int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				_, err := s.Post(context.Background(), allocate(1, "", ""))
				var short *ledger.Short
				if errors.As(err, &short) {
					return
				}
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return taken
}

// fillDisk lets the database grow no more, posts until that is felt, and then
// makes room again.
func fillDisk(ctx context.Context, s *Store, db string) error {
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	narrow := limit
	narrow.Cur = 300_000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &narrow); err != nil {
		return err
	}
	var full error
	posted := 1
	for i := 0; i < 10_000 && full == nil; i++ {
		if _, full = s.Post(ctx, allocate(1, "", "a")); full == nil {
			posted++
		}
	}
	if !errors.Is(full, ErrDiskFull) {
		return fmt.Errorf("a full disk was called %v", full)
	}
	if _, err := s.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) { return pennies(b, 5_000) }); !errors.Is(err, ErrDiskFull) {
		return fmt.Errorf("a full disk met a long batch with %v", err)
	}
	b, err := s.Book(ctx)
	if err != nil || b.Sequence() != posted {
		return fmt.Errorf("with the disk full, %d batches can be read of %d: %v", b.Sequence(), posted, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if b, err = s.Post(ctx, allocate(1, "", "a")); err != nil || b.Sequence() != posted+1 {
		return fmt.Errorf("with room again: %v", err)
	}
	return nil
}

// pennies drafts n allocations of a penny on the council's book.
func pennies(b *ledger.Book, n int) (*ledger.Draft, error) {
	d := b.Draft(intent(""))
	for range n {
		if err := d.Allocate("cf", "hubs", "", y26, ledger.Move{Amount: 1, Effective: april, Line: "a line of some length, to take room"}); err != nil {
			return d, err
		}
	}
	return d, nil
}
