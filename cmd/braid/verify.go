package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/report"
	"braid/ledger/store"
)

func (a *app) verify() *cobra.Command {
	var anchorText, file string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Prove every balance, rule and hash; name the first bad batch",
		Long: `Reads every batch again, from the database or from a ledger export alone,
recomputes every balance, invariant and hash, and names the first batch that
does not hold. Exits 1 if there is damage.

Cutting off the end of a ledger, or rewriting all of it, shows only against a
head noted elsewhere: note the number and hash that verify prints, on paper.

  braid verify
  braid verify --file ledger.jsonl          an export, without the database
  braid verify --anchor 41:9f2c…            the head as it was noted`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.formats("table", "json"); err != nil {
				return err
			}
			var anchor *store.Anchor
			if anchorText != "" {
				noted, err := store.ParseAnchor(anchorText)
				if err != nil {
					return usage("--anchor: %v", err)
				}
				anchor = &noted
			}
			found, err := a.verified(c, file, anchor)
			if err != nil {
				return err
			}
			if a.format == "json" {
				err = report.VerifyJSON(a.out, found.Sequence, found.Hash, found.Entries, found.Damage)
			} else if found.Damage != nil {
				_, err = fmt.Fprintf(a.out, "Damage found: %v.\nBefore it, %d %s hold. Restore a backup: braid restore --help\n", found.Damage, found.Sequence, batches(found.Sequence))
			} else {
				_, err = fmt.Fprintf(a.out, "%d %s and %d entries, and all hold. Head: %d:%s\n", found.Sequence, batches(found.Sequence), found.Entries, found.Sequence, found.Hash)
			}
			if err == nil && found.Damage != nil {
				err = &exit{code: exitFound}
			}
			return err
		},
	}
	c.Flags().StringVar(&anchorText, "anchor", "", "number:hash of the head as it was noted elsewhere")
	c.Flags().StringVar(&file, "file", "", "verify a ledger export instead of the database")
	return c
}

func (a *app) verified(c *cobra.Command, file string, anchor *store.Anchor) (store.Report, error) {
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return store.Report{}, &exit{exitUsage, err}
		}
		defer f.Close()
		return store.VerifyFile(f, anchor)
	}
	if err := a.exists(a.database()); err != nil {
		return store.Report{}, err
	}
	progress, done := a.progress("Verifying")
	defer done()
	found, err := store.Verify(c.Context(), a.database(), anchor, store.Options{Progress: progress})
	var damaged *ledger.Damaged
	if errors.As(err, &damaged) {
		found.Damage, err = damaged, nil
	}
	return found, err
}

func (a *app) backup() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the ledger, consistent while others write",
		Long: `Writes a copy of the ledger as it stands at one point, while others go on
writing, and verifies it. It never overwrites a file. From PostgreSQL the copy
is a ledger export: every batch, one line of JSON each. Bring a copy back with
braid restore.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("say where to write the copy: braid backup FILE")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.open(c.Context(), a.database(), false)
			if err != nil {
				return err
			}
			defer s.Close()
			copied, err := s.Backup(c.Context(), args[0])
			if err != nil {
				return err
			}
			a.say("Copied and verified %d %s to %s. Head: %d:%s", copied.Sequence, batches(copied.Sequence), args[0], copied.Sequence, copied.Hash)
			return nil
		},
	}
}

func (a *app) restore() *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a ledger from a copy, verified",
		Long: `Makes the ledger that --db names from a backup or a ledger export, and
verifies it. It never overwrites a ledger that exists.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("say which copy to restore: braid restore FILE --db NEW")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			made, err := store.Restore(c.Context(), args[0], a.database(), store.Options{Clock: a.now})
			if err != nil {
				return err
			}
			a.say("Restored and verified %d %s to %s. Head: %d:%s. Compare it with the head you noted.", made.Sequence, batches(made.Sequence), shown(a.database()), made.Sequence, made.Hash)
			return nil
		},
	}
}

func batches(n int) string {
	if n == 1 {
		return "batch"
	}
	return "batches"
}
