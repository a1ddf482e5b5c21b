package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/report"
	"braid/ledger/store"
)

// app is what commands share: where they write, the clock, the common flags.
type app struct {
	out, err io.Writer
	env      func(string) string
	now      func() time.Time

	db, format    string
	asAt, knownAt string
}

// database names the ledger: the flag, the environment, or braid.db here.
func (a *app) database() string {
	if a.db != "" {
		return a.db
	}
	if db := a.env("BRAID_DB"); db != "" {
		return db
	}
	return "braid.db"
}

// open opens a ledger that exists; create also makes one.
func (a *app) open(ctx context.Context, db string, create bool) (*store.Store, error) {
	if !create {
		if err := a.exists(db); err != nil {
			return nil, err
		}
	}
	progress, done := a.progress("Opening")
	defer done()
	return store.Open(ctx, db, store.Options{Create: create, Clock: a.now, Progress: progress})
}

// exists refuses a file that is not there.
func (a *app) exists(db string) error {
	if strings.Contains(db, "://") {
		return nil
	}
	if _, err := os.Stat(db); errors.Is(err, fs.ErrNotExist) {
		return usage("there is no ledger at %s; make one with `braid import`, or name another with --db", shown(db))
	}
	return nil
}

// progress shows long work on a terminal, and nothing elsewhere.
func (a *app) progress(what string) (func(done, total int), func()) {
	f, ok := a.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	var bar *progressbar.ProgressBar
	started := a.now()
	return func(done, total int) {
			if bar == nil {
				if a.now().Sub(started) < 500*time.Millisecond {
					return
				}
				bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
			}
			_ = bar.Set(done)
		}, func() {
			if bar != nil {
				_ = bar.Finish()
			}
		}
}

// today is the civil date in London.
func (a *app) today() fiscal.Date {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		london = time.UTC
	}
	return fiscal.FromTime(a.now().In(london))
}

// clocks adds --as-at and --known-at to a command.
func (a *app) clocks(c *cobra.Command) *cobra.Command {
	c.Flags().StringVar(&a.asAt, "as-at", "", "count what is effective on or before this day, like 2027-01-12 (default today)")
	c.Flags().StringVar(&a.knownAt, "known-at", "", "what was known then: a batch number, or an instant like 2027-01-12T09:00:00Z")
	return c
}

// view opens the ledger and gives the view the flags ask for.
func (a *app) view(ctx context.Context) (*ledger.View, error) {
	asAt, err := a.day(a.today())
	if err != nil {
		return nil, err
	}
	s, err := a.open(ctx, a.database(), false)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	if a.knownAt != "" {
		seq, err := knownAt(book, a.knownAt)
		if err != nil {
			return nil, err
		}
		if book, err = book.At(seq); err != nil {
			return nil, &exit{exitUsage, err}
		}
	}
	return book.View(asAt), nil
}

func (a *app) day(otherwise fiscal.Date) (fiscal.Date, error) {
	if a.asAt == "" {
		return otherwise, nil
	}
	d, err := fiscal.ParseDateAs(a.asAt, fiscal.DayFirst)
	if err != nil {
		d, err = fiscal.ParseDate(a.asAt)
	}
	if err != nil {
		return 0, usage("--as-at: %v", err)
	}
	return d, nil
}

// knownAt resolves a batch number, or an instant to the last batch before it.
func knownAt(b *ledger.Book, text string) (int, error) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return 0, usage("--known-at is a batch number, or an instant like 2027-01-12T09:00:00Z; found %q", text)
	}
	seq := 0
	for seq < b.Sequence() {
		if h, _ := b.Head(seq + 1); h.PostedAt.After(at) {
			break
		}
		seq++
	}
	return seq, nil
}

// formats checks --format against what a command can write.
func (a *app) formats(can ...string) error {
	for _, f := range can {
		if a.format == f {
			return nil
		}
	}
	return usage("--format is %s; found %q", strings.Join(can, ", "), a.format)
}

// say tells the person something beside the data.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.err, format+"\n", args...) }

// table writes a table in the format asked for, CSV as laid out for it.
func (a *app) table(screen, sheet report.Table) error {
	if a.format == "csv" {
		return sheet.CSV(a.out)
	}
	screen.Text(a.out)
	return nil
}
