// Package ledgertest makes books from a few lines of text, for tests only.
//
// The text is in the users' own notation: a register's name after #, then its
// rows as CSV, headings first.
//
//	# streams
//	id,name,permanence,ends,fate,2026-27
//	cf,Children's Fund,multi-year,2027-03-31,stops,900000
//	# services
//	id,name,2026-27
//	hubs,Family support hubs,500000
//	# allocations
//	award,service,2026-27
//	cf,hubs,180000
//
// Everything is as found: an excess is recorded and becomes a finding.
package ledgertest

import (
	"bufio"
	"encoding/csv"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Book makes a book from text.
func Book(t testing.TB, text string) *ledger.Book {
	t.Helper()
	registers := map[string][]row{}
	var flush strings.Builder // without indents
	for line := range strings.Lines(text) {
		flush.WriteString("\n" + strings.TrimSpace(line))
	}
	for block := range strings.SplitSeq(flush.String(), "\n#") {
		name, rows, _ := strings.Cut(strings.TrimSpace(block), "\n")
		if name = strings.TrimSpace(name); name != "" {
			registers[name] = append(registers[name], read(t, name, rows)...)
		}
	}
	return assemble(t, registers)
}

// Folder makes a book from a folder of registers, one CSV file each.
func Folder(t testing.TB, folder fs.FS) *ledger.Book {
	t.Helper()
	registers := map[string][]row{}
	files, err := fs.Glob(folder, "*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no registers: %v", err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(folder, file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(file, ".csv")
		registers[name] = read(t, name, string(text))
	}
	return assemble(t, registers)
}

// row is one row of a register: its own id, or its place, and its cells.
type row struct {
	id     string
	of     []string // column names, in order
	column map[string]string
}

func (r row) get(column string) string { return r.column[column] }

func (r row) day(t testing.TB, column string) fiscal.Date {
	t.Helper()
	if r.get(column) == "" {
		return 0
	}
	d, err := fiscal.ParseDate(r.get(column))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (r row) years() (columns []string) {
	for _, c := range r.of {
		if c[0] >= '0' && c[0] <= '9' && r.get(c) != "" {
			columns = append(columns, c)
		}
	}
	return columns
}

func read(t testing.TB, register, text string) []row {
	t.Helper()
	var trimmed strings.Builder
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			trimmed.WriteString(line + "\n")
		}
	}
	lines, err := csv.NewReader(strings.NewReader(trimmed.String())).ReadAll()
	if err != nil || len(lines) == 0 {
		t.Fatalf("%s: %v", register, err)
	}
	var rows []row
	for n, cells := range lines[1:] {
		r := row{id: register + "-" + strconv.Itoa(n+1), of: lines[0], column: map[string]string{}}
		for i, c := range lines[0] {
			r.column[c] = cells[i]
		}
		if r.get("id") != "" {
			r.id = r.get("id")
		}
		rows = append(rows, r)
	}
	return rows
}

// record keeps the columns a register has; the others are not its own.
func (r row) record(t testing.TB, name string) ledger.Record {
	t.Helper()
	register := ledger.RegisterNamed(name)
	if register == nil {
		t.Fatalf("there is no register %q", name)
	}
	rec := ledger.Record{Register: name, ID: r.id}
	for _, c := range register.Columns {
		text := r.get(c.Name)
		if c.Name == "id" || text == "" || name == "awards" && slices.Contains(ledger.StatementColumns, c.Name) {
			continue
		}
		if c.Form == ledger.Money || c.Form == ledger.Signed {
			text = amount(t, text).String()
		}
		rec.Values = append(rec.Values, ledger.Value{Column: c.Name, Text: text})
	}
	if register.Years != "" && !register.Posts && name != "streams" && name != "awards" {
		for _, y := range r.years() {
			rec.Values = append(rec.Values, ledger.Value{Column: y, Text: amount(t, r.get(y)).String()})
		}
	}
	return rec
}

func amount(t testing.TB, text string) money.Amount {
	t.Helper()
	a, _, err := money.Parse(text, money.Signed)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func assemble(t testing.TB, registers map[string][]row) *ledger.Book {
	t.Helper()
	d := ledger.Empty().Draft(ledger.Intent{Author: "test", Reason: "test", AsFound: true})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ownAward(registers)
	for _, r := range ledger.Registers {
		if r.Posts || r.Name == "figures" {
			continue
		}
		var records []ledger.Record
		for _, one := range registers[r.Name] {
			records = append(records, one.record(t, r.Name))
		}
		must(d.Put(records...))
	}
	for _, a := range registers["awards"] {
		for _, column := range append(a.years(), "amount") {
			if a.get(column) == "" {
				continue
			}
			f := row{id: a.id + "/" + column, column: map[string]string{"award": a.id, "year": column, "amount": a.get(column), "certainty": "confirmed"}}
			if column == "amount" {
				f.column["year"] = "term"
			}
			for _, c := range []string{"certainty", "stated_on", "said_by", "valid_until", "source"} {
				if a.get(c) != "" {
					f.column[c] = a.get(c)
				}
			}
			registers["figures"] = append(registers["figures"], f)
		}
	}
	byDate := func(register, column string) []row {
		return slices.SortedStableFunc(slices.Values(registers[register]), func(a, b row) int { return strings.Compare(a.get(column), b.get(column)) })
	}
	for _, f := range byDate("figures", "stated_on") {
		must(d.State(f.record(t, "figures"), 0))
	}
	for _, x := range byDate("delegations", "agreed_on") {
		for _, y := range x.years() {
			must(d.Delegate(x.get("award"), x.get("board"), year(t, y), x.move(t, y, "agreed_on")))
		}
	}
	for _, a := range byDate("allocations", "agreed_on") {
		columns := a.years()
		if a.get("amount") != "" {
			columns = []string{"amount"}
		}
		for _, c := range columns {
			y := c
			if c == "amount" {
				y = a.get("year")
			}
			if unknown := amount(t, a.get(c)).IsUnknown(); unknown || a.get("state") != "" && a.get("state") != "agreed" {
				line := row{id: a.id, column: map[string]string{"year": y, "amount": a.get(c)}}
				if len(columns) > 1 {
					line.id += "/" + y
				}
				for _, c := range []string{"award", "service", "objective", "area", "board", "agreed_on", "state"} {
					line.column[c] = a.get(c)
				}
				must(d.Put(line.record(t, "allocations")))
				continue
			}
			m := a.move(t, c, "agreed_on")
			cells, err := ledger.Cells(m.Amount, a.get("objective"), a.get("area"))
			must(err)
			for _, cell := range cells {
				m.Amount = cell.Amount
				m.Label = ledger.Label{Objective: cell.Objective, Area: cell.Area, Element: a.get("element"), CostType: a.get("cost_type"), MatchFor: a.get("match_for")}
				must(d.Allocate(a.get("award"), a.get("service"), a.get("board"), year(t, y), m))
			}
		}
	}
	for _, p := range byDate("payments", "date") {
		m := p.move(t, "amount", "date")
		refund := m.Amount < 0
		m.Amount = m.Amount.Abs()
		must(d.Pay(p.get("award"), p.get("service"), refund, m))
	}
	_, b := d.Seal(time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC))
	return b
}

func (r row) move(t testing.TB, column, date string) ledger.Move {
	t.Helper()
	p, _ := amount(t, r.get(column)).Known()
	return ledger.Move{Amount: p, Line: r.id, Effective: r.day(t, date)}
}

func year(t testing.TB, text string) fiscal.Year {
	t.Helper()
	if text == "term" || text == "" {
		return fiscal.Term
	}
	y, err := fiscal.ParseYear(text)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// ownAward gives each stream that carries an award's columns its one award,
// with the same id.
func ownAward(registers map[string][]row) {
	for _, s := range registers["streams"] {
		carries := len(s.years()) > 0
		for _, c := range ledger.AwardColumns() {
			carries = carries || c.Name != "source" && s.get(c.Name) != ""
		}
		if !carries {
			continue
		}
		a := row{id: s.id, of: s.of, column: map[string]string{}}
		for c, text := range s.column {
			a.column[c] = text
		}
		a.column["stream"] = s.id
		registers["awards"] = append(registers["awards"], a)
	}
}
