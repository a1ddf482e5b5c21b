// Command braid maps grants to commissioned services and joint objectives, and
// says what is doubled, missing, ending or over-committed. `braid --help`
// lists what it does; each command's --help teaches it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // Europe/London on every host

	"github.com/spf13/cobra"
)

// The exit codes of every command (design, section 8).
const (
	exitDone    = 0
	exitFound   = 1 // findings at or above --fail-on, or damage found
	exitUsage   = 2
	exitRefused = 3 // input refused; the problems are listed
	exitFault   = 4
)

// exit carries a code to main with what to say, which may be nothing.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}
func (e *exit) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &exit{exitUsage, fmt.Errorf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv, time.Now)
	stop()
	os.Exit(code)
}

// run is main without the process: arguments in, exit code out.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, env func(string) string, now func() time.Time) int {
	defer patientCollector(env)()
	a := &app{out: stdout, err: stderr, env: env, now: now}
	root := a.command()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var e *exit
	if !errors.As(err, &e) {
		e = &exit{exitFault, err}
	}
	if e.err != nil {
		fmt.Fprintln(stderr, "braid:", e.err)
		if e.code == exitUsage {
			fmt.Fprintln(stderr, "Try: braid --help")
		}
	}
	return e.code
}

// patientCollector lets memory grow further between collections: a command
// lives for one answer, and nearly all that it reads is in use until then.
// GOGC, where it is set, has its say instead.
func patientCollector(env func(string) string) (undo func()) {
	if env("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(300)
	return func() { debug.SetGCPercent(before) }
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "braid",
		Short: "One ledger of grants, services and joint objectives",
		Long: `Braid maps grants to the services they pay for and the joint objectives they
work to. It says what is paid for twice, what has nothing, what stops when a
grant ends and until when a decision is still free. Every figure opens to the
entries that add up to it.

Try it:        braid demo
Start here:    braid template start.xlsx     fill in the sheet "start"
               braid import start.xlsx
               braid check`,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exit{exitUsage, err} })
	root.PersistentFlags().StringVar(&a.db, "db", "", "the ledger: a file, or postgres://… (default $BRAID_DB, else braid.db here)")
	root.PersistentFlags().StringVar(&a.format, "format", "table", "table, json or csv")
	root.AddCommand(a.demo(), a.serve(), a.importing(), a.exporting(), a.template(), a.check(), a.position(), a.explain(), a.forecast(), a.scenario(), a.align(), a.verify(), a.backup(), a.restore(), a.user())
	return root
}
