package store

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/money"
	"braid/ledger/store/storetest"

	"github.com/anishathalye/porcupine"
)

var kills = flag.Int("kills", 50, "how often to kill a writing program, on each engine")

// A program that writes is killed at any moment. What it was told is posted is
// there; what is there is whole; nothing else is.
func TestKilledWriters(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		begun(t, db, 9_000_000_00).Close()
		acknowledged := map[string]int{}
		n := *kills
		if testing.Short() {
			n = min(n, 5)
		}
		for kill := range n {
			cmd := start(t, "write", db)
			var said bytes.Buffer
			cmd.Stdout = &said
			must(t, cmd.Start())
			time.Sleep(time.Millisecond + rand.N(300*time.Millisecond))
			must(t, cmd.Process.Kill())
			_ = cmd.Wait() // after it, all that the program said has been read
			for line := range strings.Lines(said.String()) {
				if !strings.HasSuffix(line, "\n") {
					continue // cut off as it was killed
				}
				seq, key, _ := strings.Cut(strings.TrimSpace(line), " ")
				acknowledged[key], _ = strconv.Atoi(seq)
			}
			if kill%10 != 9 && kill != n-1 {
				continue
			}
			checkAcknowledged(t, db, acknowledged, 1+writers*(kill+1))
		}
		t.Logf("%d kills, %d posts acknowledged", n, len(acknowledged))
		if n >= 20 && len(acknowledged) == 0 {
			t.Error("nothing was ever posted: the test shows nothing")
		}
	})
}

// checkAcknowledged holds the ledger against what its writers were told:
// nothing missing, and no more besides than could be on its way.
func checkAcknowledged(t *testing.T, db string, acknowledged map[string]int, besides int) {
	t.Helper()
	sound(t, db)
	s, err := Open(t.Context(), db, Options{})
	must(t, err)
	defer s.Close()
	b, err := s.Book(t.Context())
	must(t, err)
	for key, seq := range acknowledged {
		if seq > b.Sequence() {
			t.Fatalf("batch %d (%s) was acknowledged and is lost", seq, key)
		}
		if head, _ := b.Head(seq); head.Key != key {
			t.Fatalf("batch %d was acknowledged as %s and is %s", seq, key, head.Key)
		}
	}
	if extra := b.Sequence() - len(acknowledged); extra > besides {
		t.Errorf("%d batches are there that nobody was told of, and at most %d could be", extra, besides)
	}
	if held, spent := b.Balance(ledger.Account{Stage: ledger.Allocated, Award: "cf", Year: y26, Service: "hubs"}), b.Sequence()-1; int(held) != spent {
		t.Errorf("%d batches of a penny hold %d pence", spent, held)
	}
}

// The database server fails under writers of this very program: they find it
// again by themselves, and what they were told holds.
func TestPostgresCrashes(t *testing.T) {
	db := storetest.Database(t)
	s := begun(t, db, 9_000_000_00)
	acknowledged := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	stop, done := context.WithCancel(t.Context())
	unsure, down := 0, 0
	for w := range writers {
		wg.Go(func() {
			for i := 0; stop.Err() == nil; i++ {
				key := fmt.Sprintf("%d/%d", w, i)
				b, err := s.Post(t.Context(), allocate(1, key, key))
				mu.Lock()
				switch {
				case err == nil:
					acknowledged[key] = b.Sequence()
				case errors.Is(err, ErrUncertain):
					unsure++
				case errors.Is(err, ErrUnavailable):
					down++
				default:
					t.Errorf("a writer was told %v", err)
				}
				mu.Unlock()
			}
		})
	}
	crashes := 4
	if testing.Short() {
		crashes = 1
	}
	for range crashes {
		time.Sleep(100*time.Millisecond + rand.N(200*time.Millisecond))
		storetest.Crash(t)
	}
	time.Sleep(200 * time.Millisecond)
	done()
	wg.Wait()
	t.Logf("%d crashes: %d acknowledged, %d unsure, %d refused meanwhile", crashes, len(acknowledged), unsure, down)
	checkAcknowledged(t, db, acknowledged, 1+unsure)
	if _, err := s.Post(t.Context(), allocate(1, "", "")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Many take the last pounds, in this program and two others: exactly all of it
// goes, to the penny.
func TestNotOnePennyOver(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		const pence = 600
		s := begun(t, db, pence)
		counts := make([]int, 3)
		var wg sync.WaitGroup
		wg.Go(func() { counts[0] = takePennies(s) })
		for i := range 2 {
			wg.Go(func() {
				cmd := start(t, "race", db)
				out, err := cmd.Output()
				if err != nil {
					t.Errorf("the other program: %v", err)
				}
				counts[i+1], _ = strconv.Atoi(strings.TrimSpace(string(out)))
			})
		}
		wg.Wait()
		if total := counts[0] + counts[1] + counts[2]; total != pence {
			t.Errorf("%d pence were taken of %d (%v)", total, pence, counts)
		}
		b, err := s.Book(t.Context())
		must(t, err)
		if left := b.Balance(ledger.Account{Stage: ledger.Awarded, Award: "cf", Year: y26}); left != 0 || b.Sequence() != 1+pence {
			t.Errorf("%d pence are left after %d batches", left, b.Sequence())
		}
		sound(t, db)
	})
}

// A budget with a limit, as one person at a time would keep it.
var budget = porcupine.Model{
	Init: func() any { return 100 },
	Step: func(state, input, output any) (bool, any) {
		left, take, got := state.(int), input.(int), output.(int)
		switch {
		case take == 0: // a look at what is left
			return got == left, left
		case got == take:
			return take <= left, left - take
		}
		return take > left, left // refused
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("take %v: %v", in, out) },
}

func TestLinearizable(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		stores := []*Store{begun(t, db, 100), opened(t, db)}
		var mu sync.Mutex
		var history []porcupine.Operation
		var wg sync.WaitGroup
		began := time.Now()
		for client := range 16 {
			s := stores[client%2]
			wg.Go(func() {
				for i := range 6 {
					take := (client*7 + i*5) % 9
					op := porcupine.Operation{ClientId: client, Input: take, Call: int64(time.Since(began))}
					if take == 0 {
						b, err := s.Book(context.Background())
						must(t, err)
						op.Output = int(b.Balance(ledger.Account{Stage: ledger.Awarded, Award: "cf", Year: y26}))
					} else if _, err := s.Post(context.Background(), allocate(money.Pence(take), "", "")); err == nil {
						op.Output = take
					} else {
						op.Output = 0
						if _, refused := errors.AsType[*ledger.Short](err); !refused {
							t.Error(err)
						}
					}
					op.Return = int64(time.Since(began))
					mu.Lock()
					history = append(history, op)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if got := porcupine.CheckOperationsTimeout(budget, history, 20*time.Second); got != porcupine.Ok {
			t.Errorf("the history of %d takes and looks: %v", len(history), got)
		}
	})
}

func TestBackupWhileWriting(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		s := begun(t, db, 9_000_000_00)
		stop, done := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for stop.Err() == nil {
					if _, err := s.Post(t.Context(), allocate(1, "", "a")); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		folder := t.TempDir()
		var last Report
		var newest string
		for i := range 8 {
			newest = filepath.Join(folder, fmt.Sprint("backup", i))
			r, err := s.Backup(t.Context(), newest)
			must(t, err)
			if r.Sequence < last.Sequence || r.Sequence == 0 {
				t.Errorf("a backup of %d batches after one of %d", r.Sequence, last.Sequence)
			}
			last = r
		}
		done()
		wg.Wait()
		if _, err := s.Backup(t.Context(), newest); !errors.Is(err, ErrExists) {
			t.Errorf("over an existing file: %v", err)
		}
		book, err := s.Book(t.Context())
		must(t, err)
		if _, hash := book.Head(last.Sequence); hash != last.Hash {
			t.Error("the backup is of another ledger")
		}
		targets := []string{filepath.Join(folder, "restored.db")}
		if storetest.Available() {
			targets = append(targets, storetest.Database(t))
		}
		for _, target := range targets {
			r, err := Restore(t.Context(), newest, target, Options{})
			must(t, err)
			if r.Hash != last.Hash || r.Sequence != last.Sequence {
				t.Errorf("restored %+v of %+v", r, last)
			}
			restored, err := Open(t.Context(), target, Options{})
			must(t, err)
			b, err := restored.Post(t.Context(), allocate(1, "", "a"))
			if err != nil || b.Sequence() != last.Sequence+1 {
				t.Errorf("a restored ledger goes on: %v", err)
			}
			restored.Close()
			if _, err := Restore(t.Context(), newest, target, Options{}); !errors.Is(err, ErrExists) {
				t.Errorf("restoring over a ledger: %v", err)
			}
		}
		left, _ := filepath.Glob(filepath.Join(folder, "*.part*"))
		if len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	})
}

func TestRestoreRefusesDamage(t *testing.T) {
	folder := t.TempDir()
	db := filepath.Join(folder, "braid.db")
	s := opened(t, db)
	everyKind(t, s)
	book, err := s.Book(t.Context())
	must(t, err)
	must(t, s.Close())
	text := canonical(t, book)
	for name, damaged := range map[string]string{
		"an amount":   strings.Replace(text, `"amount":"300.00"`, `"amount":"301.00"`, 1),
		"cut in line": text[:len(text)-20],
		"no ledger":   "id,name\n",
		"empty":       "",
	} {
		backup := filepath.Join(folder, strings.ReplaceAll(name, " ", "-"))
		must(t, os.WriteFile(backup, []byte(damaged), 0o600))
		target := filepath.Join(folder, "target.db")
		if _, err := Restore(t.Context(), backup, target, Options{}); err == nil {
			t.Errorf("%s: restored", name)
		}
		if left, _ := filepath.Glob(target + "*"); len(left) > 0 {
			t.Errorf("%s: left %q", name, left)
		}
	}
}

func TestDiskFull(t *testing.T) {
	db := filepath.Join(t.TempDir(), "braid.db")
	begun(t, db, 9_000_000_00).Close()
	cmd := start(t, "full", db)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if r := sound(t, db); r.Sequence < 3 {
		t.Errorf("the test shows nothing: %+v", r)
	}
}
