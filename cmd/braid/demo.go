package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/exchange"
	"braid/ledger/forecast"
	"braid/ledger/report"
	"braid/ledger/store"
	"braid/seed"
)

func (a *app) demo() *cobra.Command {
	var once bool
	var listen string
	c := &cobra.Command{
		Use:   "demo [demo|salford|bridgend]",
		Short: "See Braid at work on a made-up council, or on two real papers",
		Long: `Loads a council's registers into a fresh ledger of its own (or the one --db
names, where none exists yet), by the ordinary import, prints what needs
attention, and serves its pages until Ctrl-C, with links that sign you in.

  demo       a made-up council, as at 12 January 2027
  salford    what Salford's early intervention paper of 2005 states
  bridgend   what Bridgend's early help minute states

What the papers do not state is unknown, and says so.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.formats("table", "json"); err != nil {
				return err
			}
			name := "demo"
			if len(args) > 0 {
				name = args[0]
			}
			return a.runDemo(c.Context(), name, once, listen)
		},
	}
	c.Flags().BoolVar(&once, "once", false, "exit after printing; without --db nothing is kept")
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:0", "where to serve the pages")
	c.Flags().StringVar(&a.asAt, "as-at", "", "the day to look from (default: 12 January 2027, or the paper's date)")
	return c
}

func (a *app) runDemo(ctx context.Context, name string, once bool, listen string) error {
	files, err := seed.FS(name)
	if err != nil {
		return usage("%v", err)
	}
	asAt, err := a.day(seed.AsAt(name))
	if err != nil {
		return err
	}
	db := a.db // a demo never loads into $BRAID_DB by accident
	if db == "" {
		dir, err := os.MkdirTemp("", "braid-"+name+"-")
		if err != nil {
			return err
		}
		if once {
			defer os.RemoveAll(dir)
		}
		db = filepath.Join(dir, "braid.db")
	} else if _, err := os.Stat(db); err == nil || !errors.Is(err, fs.ErrNotExist) {
		if !strings.Contains(db, "://") {
			return usage("%s exists already; the demo loads only into a ledger that does not", db)
		}
	}
	s, err := a.open(ctx, db, true)
	if err != nil {
		return err
	}
	defer s.Close()
	book, err := a.load(ctx, s, files, seed.Title(name))
	if err != nil {
		return err
	}
	v := book.View(asAt)
	findings := check.Run(v, check.DefaultPolicy())
	if a.format == "json" {
		return report.CheckJSON(a.out, v, findings)
	}
	fmt.Fprintf(a.out, "Braid · %s, as at %s\n\n", seed.Title(name), asAt.Long())
	report.Attention(a.out, v, findings)
	if brief := report.ForecastBrief(forecast.Project(v, forecast.Recorded(v), 4)); brief != nil {
		fmt.Fprintln(a.out, "\n"+strings.Join(brief, "\n"))
	}
	if once {
		return nil
	}
	flags := fmt.Sprintf("--db %s --as-at %s", db, asAt)
	fmt.Fprintf(a.out, "\nThe ledger is kept in %s. On the command line:\n\n  braid check %s\n  braid position --by service,stream --where year=%s %s\n  braid forecast %s\n  braid align %s\n", db, flags, asAt.Year(), flags, flags, flags)
	if name == "demo" {
		fmt.Fprintf(a.out, "  braid explain left stream=nrf year=2026-27 %s\n  braid scenario compare use-money-left end-play-scheme %s\n", flags, flags)
	}
	return a.serveDemo(ctx, s, name, asAt, listen)
}

// load imports a council's registers into an empty ledger.
func (a *app) load(ctx context.Context, s *store.Store, files fs.FS, title string) (*ledger.Book, error) {
	im, err := exchange.ReadFS(files, exchange.Options{Author: "demo", Reason: "The registers of " + title, AsFound: true, Today: a.today()})
	if err != nil {
		return nil, err
	}
	return s.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) {
		if b.Sequence() > 0 {
			return nil, usage("that ledger is not empty; the demo loads only into an empty one")
		}
		plan, err := im.Plan(b)
		if err != nil {
			return nil, err
		}
		if plan.Problems.Total > 0 {
			return nil, &exit{exitRefused, plan.Problems}
		}
		return plan.Draft, nil
	})
}
