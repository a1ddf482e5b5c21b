package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"os/user"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/exchange/mapping"
	"braid/ledger/exchange/sheet"
	"braid/ledger/money"
	"braid/ledger/report"
	"braid/ledger/store"
)

func (a *app) importing() *cobra.Command {
	var preview, asFound bool
	var setAside, mappingName, reason, author string
	c := &cobra.Command{
		Use:   "import PATH…",
		Short: "Load spreadsheets: one sheet, registers, or any table through a mapping",
		Long: `Reads CSV files, folders of them, or XLSX workbooks: the start sheet, the
registers (braid template writes them all), or any other table through a saved
mapping. Everything wrong is listed, not the first thing; nothing is saved
unless all is well.

  braid import start.xlsx --preview         what would happen, nothing saved
  braid import start.xlsx
  braid import registers/ --reason "month 9"
  braid import month9.csv --set-aside mend.csv   good rows in, the rest to mend
  braid import budgets.csv --mapping salford-devolved-budgets

The same file again changes nothing. A changed row is a reversal and a new
entry, and needs --reason. Into an empty ledger things are recorded as found:
excess becomes a finding instead of a refusal.

Saved mappings: ` + strings.Join(mapping.Names(), ", "),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("say what to import: braid import start.xlsx")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.formats("table", "json"); err != nil {
				return err
			}
			if author == "" {
				author = a.author()
			}
			if _, err := os.Stat(setAside); setAside != "" && err == nil {
				return usage("%s exists already; name another file for the rows to mend", setAside)
			}
			progress, done := a.progress("Reading")
			im, err := exchange.Read(args, exchange.Options{Author: author, Reason: reason, AsFound: asFound, SetAside: setAside != "",
				Mapping: mappingName, Limits: sheet.CommandLine, Today: a.today(), Progress: progress})
			done()
			if err != nil {
				var problems *sheet.Problems
				if errors.As(err, &problems) {
					a.problems(problems)
					return &exit{code: exitRefused}
				}
				if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
					return &exit{exitUsage, err}
				}
				return err
			}
			if preview {
				return a.preview(c.Context(), im)
			}
			return a.post(c.Context(), im, setAside)
		},
	}
	f := c.Flags()
	f.BoolVar(&preview, "preview", false, "show what would happen; save nothing")
	f.BoolVar(&asFound, "as-found", false, "record how things are: excess becomes a finding")
	f.StringVar(&setAside, "set-aside", "", "post the good rows and write the others to this CSV file, to mend")
	f.StringVar(&mappingName, "mapping", "", "read the files through a saved mapping, or one of your own: a name or a file")
	f.StringVar(&reason, "reason", "", "why; required where a row has changed")
	f.StringVar(&author, "author", "", "who imports (default: you)")
	return c
}

// author is the person at the keyboard, as the system knows them.
func (a *app) author() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}

// preview plans against the ledger as it stands, or an empty one.
func (a *app) preview(ctx context.Context, im *exchange.Import) error {
	book := ledger.Empty()
	db := a.database()
	if _, err := os.Stat(db); err == nil || strings.Contains(db, "://") {
		s, err := a.open(ctx, db, false)
		if err != nil {
			return err
		}
		defer s.Close()
		if book, err = s.Book(ctx); err != nil {
			return err
		}
	}
	plan, err := im.Plan(book)
	if err != nil {
		return err
	}
	if err := a.planned(plan, plan.Summary(), 0); err != nil {
		return err
	}
	a.stated(im.Stated)
	if plan.Problems.Total > 0 {
		a.problems(plan.Problems)
		return &exit{code: exitRefused}
	}
	a.say("Nothing is saved yet. Import without --preview to save it.")
	return nil
}

// errRefused stops a post whose plan has problems.
var errRefused = errors.New("the import is refused")

// post plans and saves in one transaction. A ledger made for an import that is
// refused is not left behind.
func (a *app) post(ctx context.Context, im *exchange.Import, setAside string) error {
	db := a.database()
	fresh := false
	if !strings.Contains(db, "://") {
		_, err := os.Stat(db)
		fresh = errors.Is(err, fs.ErrNotExist)
	}
	s, err := a.open(ctx, db, true)
	if err != nil {
		return err
	}
	var plan *exchange.Plan
	var summary string // as planned: a posted draft is empty
	before := 0
	book, err := s.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) {
		before = b.Sequence()
		if plan, err = im.Plan(b); err != nil {
			return nil, err
		}
		if plan.Draft == nil || plan.Problems.Total > 0 && setAside == "" {
			return nil, errRefused
		}
		summary = plan.Summary()
		return plan.Draft, nil
	})
	s.Close()
	if err != nil && fresh {
		for _, end := range []string{"", "-wal", "-shm", ".lock"} {
			os.Remove(db + end)
		}
	}
	if errors.Is(err, store.ErrAlreadyPosted) {
		a.say("Already imported: %v. Nothing changes.", err)
		return nil
	}
	if errors.Is(err, errRefused) {
		if a.format == "json" {
			if err := a.planned(plan, plan.Summary(), 0); err != nil {
				return err
			}
		}
		a.problems(plan.Problems)
		return &exit{code: exitRefused}
	}
	if err != nil {
		return err
	}
	saved := 0
	if book.Sequence() > before {
		saved = book.Sequence()
	}
	if err := a.planned(plan, summary, saved); err != nil {
		return err
	}
	a.stated(im.Stated)
	if setAside != "" && plan.Problems.Total > 0 {
		if err := plan.WriteSetAside(setAside); err != nil {
			return err
		}
		a.problems(plan.Problems)
		a.say("%d rows are kept out, in %s. Mend them there and import that file.", plan.Kept, setAside)
	}
	if saved > 0 {
		a.say("Saved to %s as batch %d.", shown(db), saved)
	}
	if before == 0 && book.Sequence() == 1 {
		a.say("Now see what it shows:  braid check")
	}
	return nil
}

// planned prints what a plan does: rows by register, totals in and out, what
// differs, and once what more would show. Saved is the batch it was posted as.
func (a *app) planned(plan *exchange.Plan, summary string, saved int) error {
	if a.format == "json" {
		return a.plannedJSON(plan, saved)
	}
	t := report.Table{Columns: []report.Column{{Name: "Register"}, {Name: "New", Number: true}, {Name: "Changed", Number: true}, {Name: "Same", Number: true}, {Name: "Total in", Number: true}, {Name: "Stands", Number: true}}}
	registers := map[string]bool{}
	for _, of := range []map[string]int{plan.Added, plan.Same} {
		for r, n := range of {
			registers[r] = registers[r] || n > 0
		}
	}
	for r := range plan.Changed {
		registers[r] = true
	}
	for _, r := range slices.Sorted(maps.Keys(registers)) {
		in, stands := "", ""
		if sum := plan.In[r]; sum != (money.Sum{}) {
			in = sum.Whole()
		}
		if sum := plan.Posted[r]; sum != (money.Sum{}) {
			stands = sum.Whole()
		}
		t.Add(r, fmt.Sprint(plan.Added[r]), fmt.Sprint(len(plan.Changed[r])), fmt.Sprint(plan.Same[r]), in, stands)
	}
	t.Text(a.out)
	fmt.Fprintln(a.out, summary)
	const shown = 20
	for i, d := range plan.Differences {
		if i == shown {
			fmt.Fprintf(a.out, "  … and %d more differences\n", len(plan.Differences)-shown)
			break
		}
		fmt.Fprintf(a.out, "  %s %s, %s: %s → %s\n", d.Register, d.ID, d.Column, orBlank(d.Was), orBlank(d.Now))
	}
	for _, r := range slices.Sorted(maps.Keys(plan.Absent)) {
		if ids := plan.Absent[r]; len(ids) > 0 {
			fmt.Fprintf(a.out, "  %d %s stand that these files do not name; they are left as they are\n", len(ids), r)
		}
	}
	for _, n := range plan.Notes {
		a.say("note: %s", n.Error())
	}
	if plan.Problems.Total == 0 {
		for _, o := range plan.Offers {
			a.say("%s", o)
		}
	}
	return nil
}

// stated compares the totals that a source prints with what its rows add up to.
func (a *app) stated(totals []mapping.Total) {
	if len(totals) == 0 || a.format == "json" {
		return
	}
	t := report.Table{Title: "Totals as the source prints them", Columns: []report.Column{{Name: "Total"}, {Name: "Column"}, {Name: "Printed", Number: true}, {Name: "Rows add up to", Number: true}, {Name: ""}}}
	agree := 0
	const shown = 12
	for _, total := range totals {
		verdict := "differs"
		if total.Agrees {
			agree++
			verdict = "agrees"
		}
		printed := "not known"
		if p, known := total.Printed.Known(); known {
			printed = p.Whole()
		}
		if total.Note != "" {
			verdict += ": " + total.Note
		}
		if len(t.Rows) < shown || !total.Agrees {
			t.Add(strings.TrimSpace(total.Name+" "+total.Group), total.Column, printed, total.Added.Whole(), verdict)
		}
	}
	t.Note = fmt.Sprintf("%d of %d agree.", agree, len(totals))
	t.Text(a.out)
}

// plannedJSON is planned for programs: rows by register, differences, what
// stands and was not named, problems, notes.
func (a *app) plannedJSON(plan *exchange.Plan, saved int) error {
	type place struct {
		File   string `json:"file,omitempty"`
		Sheet  string `json:"sheet,omitempty"`
		Row    int    `json:"row,omitempty"`
		Column string `json:"column,omitempty"`
		Code   string `json:"code"`
		Found  string `json:"found,omitempty"`
		Rule   string `json:"rule,omitempty"`
		Remedy string `json:"remedy,omitempty"`
	}
	places := func(list []sheet.Problem) []place {
		all := make([]place, len(list))
		for i, p := range list {
			all[i] = place{p.File, p.Sheet, p.Row, p.Column, p.Code, p.Found, p.Rule, p.Remedy}
		}
		return all
	}
	type difference struct {
		Register string `json:"register"`
		ID       string `json:"id"`
		Column   string `json:"column"`
		Was      string `json:"was"`
		Now      string `json:"now"`
	}
	doc := struct {
		Batch       int                 `json:"batch,omitempty"`
		Added       map[string]int      `json:"added"`
		Changed     map[string][]string `json:"changed"`
		Same        map[string]int      `json:"same"`
		Absent      map[string][]string `json:"absent"`
		Differences []difference        `json:"differences"`
		In          map[string]string   `json:"in"`
		Stands      map[string]string   `json:"stands"`
		Problems    []place             `json:"problems"`
		ProblemsAll int                 `json:"problems_in_all"`
		Notes       []place             `json:"notes"`
		Offers      []string            `json:"offers"`
	}{Batch: saved, Added: plan.Added, Changed: plan.Changed, Same: plan.Same, Absent: plan.Absent, Differences: []difference{},
		In: map[string]string{}, Stands: map[string]string{}, Problems: places(plan.Problems.List), ProblemsAll: plan.Problems.Total, Notes: places(plan.Notes), Offers: plan.Offers}
	for _, d := range plan.Differences {
		doc.Differences = append(doc.Differences, difference(d))
	}
	for _, of := range []struct {
		to   map[string]string
		sums map[string]money.Sum
	}{{doc.In, plan.In}, {doc.Stands, plan.Posted}} {
		for r, sum := range of.sums {
			if sum != (money.Sum{}) {
				of.to[r] = sum.String()
			}
		}
	}
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(doc)
}

// shown names a ledger without the password its address may hold.
func shown(db string) string {
	if u, err := url.Parse(db); err == nil && u.User != nil {
		return u.Redacted()
	}
	return db
}

func orBlank(s string) string {
	if s == "" {
		return "(blank)"
	}
	return s
}

// problems lists what is wrong: where, what, and what to write instead.
func (a *app) problems(p *sheet.Problems) {
	a.say("There is a problem.")
	for i := range p.List {
		a.say("  • %s", p.List[i].Error())
	}
	if more := p.Total - len(p.List); more > 0 {
		a.say("  … and %d more", more)
	}
}

func (a *app) exporting() *cobra.Command {
	var asLedger bool
	c := &cobra.Command{
		Use:   "export PATH",
		Short: "Write everything out again: registers, or the ledger itself",
		Long: `Writes every register as it stands, as a folder of CSV files or, where PATH
ends in .xlsx, as one workbook. Importing it into an empty ledger gives the same
position and records.

With --ledger it writes every batch instead, one line of canonical JSON each
with its hash: the whole history, which braid verify --file proves by itself.

  braid export registers/
  braid export council.xlsx
  braid export ledger.jsonl --ledger`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("say where to write: braid export registers/, council.xlsx, or ledger.jsonl --ledger")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.open(c.Context(), a.database(), false)
			if err != nil {
				return err
			}
			defer s.Close()
			book, err := s.Book(c.Context())
			if err != nil {
				return err
			}
			switch {
			case asLedger && args[0] == "-":
				return ledger.WriteLedger(a.out, book)
			case asLedger:
				return writeNew(args[0], func(f *os.File) error { return ledger.WriteLedger(f, book) })
			case strings.HasSuffix(strings.ToLower(args[0]), ".xlsx"):
				return writeNew(args[0], func(f *os.File) error { return exchange.ExportXLSX(book, f) })
			}
			return exchange.Export(book, args[0])
		},
	}
	c.Flags().BoolVar(&asLedger, "ledger", false, "write every batch as a line of JSON; - is standard output")
	return c
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		if errors.Is(err, fs.ErrExist) {
			return usage("%s exists already; name another file", path)
		}
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		os.Remove(path)
		return err
	}
	return f.Close()
}

func (a *app) template() *cobra.Command {
	return &cobra.Command{
		Use:   "template FILE.xlsx",
		Short: "Write an empty workbook to fill in: the start sheet and every register",
		Long: `Writes a workbook with the start sheet and every register, each column with a
note, drop-downs where there is a choice, and examples that an import ignores.
The start sheet is enough to begin: services down the side, grants across the
top, each grant's end above its column.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("say where to write it: braid template start.xlsx")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if err := writeNew(args[0], func(f *os.File) error { return exchange.Template(f, a.today().Year()) }); err != nil {
				return err
			}
			a.say("Wrote %s. Fill in the sheet “start”, then: braid import %s", args[0], args[0])
			return nil
		},
	}
}
