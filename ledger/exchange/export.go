package exchange

import (
	"cmp"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/exchange/sheet"
	"braid/ledger/money"
)

// Export writes the book as a folder of CSV files, a register each, as it
// stands. Read into an empty ledger they give the same records and positions.
//
// Registers have no rows for commitments, carry-forwards, hand-backs and lapses;
// the ledger's own file has everything.
func Export(b *ledger.Book, folder string) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for _, s := range Sheets(b) {
		if err := writeFile(filepath.Join(folder, s.Name+".csv"), func(w io.Writer) error { return sheet.WriteCSV(w, s) }); err != nil {
			return err
		}
	}
	return nil
}

// ExportXLSX writes the book as one workbook, a sheet for each register.
func ExportXLSX(b *ledger.Book, w io.Writer) error {
	sheets := Sheets(b)
	if len(sheets) == 0 {
		sheets = []sheet.Sheet{{Name: "areas", Header: names(ledger.RegisterNamed("areas"))}}
	}
	return sheet.WriteXLSX(w, sheets)
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// exported is one row on its way out: texts by column.
type exported map[string]string

// Sheets gives the book's registers as tables; those without rows are left out.
func Sheets(b *ledger.Book) []sheet.Sheet {
	var sheets []sheet.Sheet
	for i := range ledger.Registers {
		r := &ledger.Registers[i]
		var rows []exported
		switch r.Name {
		case "allocations":
			rows = allocationRows(b)
		case "payments":
			rows = paymentRows(b)
		case "delegations", "transfers":
			rows = yearRows(b, r.Name)
		default:
			for id, rec := range b.Records(r.Name) {
				rows = append(rows, recordRow(id, rec))
			}
		}
		if len(rows) > 0 {
			sheets = append(sheets, sheetOf(r, rows))
		}
	}
	return sheets
}

func recordRow(id string, rec ledger.Record) exported {
	row := exported{"id": id}
	for _, v := range rec.Values {
		row[v.Column] = v.Text
	}
	return row
}

// sheetOf lays rows out in a register's columns, then the years they have.
func sheetOf(r *ledger.Register, rows []exported) sheet.Sheet {
	used := map[string]bool{}
	for _, row := range rows {
		for column := range row {
			used[column] = true
		}
	}
	s := sheet.Sheet{Name: r.Name, Freeze: 1}
	var forms []ledger.Form
	for _, c := range r.Columns {
		statement := r.Name == "awards" && slices.Contains(ledger.StatementColumns, c.Name)
		if statement || r.Name == "allocations" && !used[c.Name] {
			continue
		}
		s.Header, forms = append(s.Header, c.Name), append(forms, c.Form)
	}
	for _, column := range slices.Sorted(maps.Keys(used)) {
		if column[0] >= '0' && column[0] <= '9' {
			s.Header, forms = append(s.Header, column), append(forms, ledger.Money)
		}
	}
	for _, row := range rows {
		cells := make([]sheet.Cell, len(s.Header))
		for i, column := range s.Header {
			text := row[column]
			switch {
			case text == "?":
				cells[i].Text = text
			case forms[i] == ledger.Money || forms[i] == ledger.Signed || forms[i] == ledger.Count:
				cells[i].Number = text
			case forms[i] == ledger.Day:
				cells[i].Date = text
			default:
				cells[i].Text = text
			}
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

// standing gives the entries of a kind that stand, by line; lines in order.
func standing(b *ledger.Book, kind ledger.Kind) (map[string][]ledger.Entry, []string) {
	of := map[string][]ledger.Entry{}
	for i := range b.Len() {
		e := b.Entry(i)
		if e.Kind != kind || !b.InForce(i) {
			continue
		}
		line := e.Line
		if line == "" {
			line = "entry-" + strings.ReplaceAll(e.ID.String(), "/", "-")
		}
		of[line] = append(of[line], e)
	}
	return of, slices.Sorted(maps.Keys(of))
}

// allocationRows gives a row for each line: as it was written where a record
// says so, else from its entries.
func allocationRows(b *ledger.Book) []exported {
	of, lines := standing(b, ledger.Allocation)
	var off []ledger.Entry // money that has left a service: moved to another, or back with its award
	touched := map[ledger.Account]bool{}
	for _, line := range lines {
		of[line] = slices.DeleteFunc(of[line], func(e ledger.Entry) bool {
			if e.From.Stage == ledger.Allocated {
				off, touched[e.From] = append(off, e), true
				return true
			}
			return false
		})
	}
	virements, moves := standing(b, ledger.Virement)
	for _, line := range moves {
		for _, e := range virements[line] {
			off, touched[e.From] = append(off, e), true
		}
	}
	var rows []exported
	for id, rec := range b.Records("allocations") {
		row := recordRow(id, rec)
		entries := of[id]
		if len(entries) == 0 && row["state"] == "agreed" && row["amount"] != "?" && row["amount"] != "0.00" {
			continue // it was taken back
		}
		if slices.ContainsFunc(entries, func(e ledger.Entry) bool { return touched[e.To] }) {
			continue // it no longer stands as written
		}
		rows = append(rows, row)
		delete(of, id)
	}
	for _, line := range lines {
		for n, group := range together(of[line], touched) {
			e := group[0]
			row := exported{"id": line, "award": e.To.Award, "service": e.To.Service, "board": e.To.Board, "year": e.To.Year.String(), "agreed_on": e.Effective.String(),
				"element": e.Label.Element, "cost_type": e.Label.CostType, "match_for": e.Label.MatchFor, "area": e.Label.Area, "objective": shares(group), "amount": total(group).String()}
			if n > 0 {
				row["id"] += "#" + strconv.Itoa(n+1)
			}
			maps.DeleteFunc(row, func(_, text string) bool { return text == "" })
			rows = append(rows, row)
		}
	}
	for _, line := range moves {
		for n, e := range virements[line] {
			rows = append(rows, exported{"id": line + "/moved-" + strconv.Itoa(n+1), "award": e.To.Award, "service": e.To.Service, "board": e.To.Board, "year": e.To.Year.String(),
				"agreed_on": e.Effective.String(), "objective": e.Label.Objective, "area": e.Label.Area, "element": e.Label.Element, "cost_type": e.Label.CostType, "match_for": e.Label.MatchFor, "amount": e.Amount.String()})
		}
	}
	rows = lessened(rows, off)
	slices.SortStableFunc(rows, func(a, b exported) int { return cmp.Compare(a["id"], b["id"]) })
	return rows
}

// lessened takes money that has left services off the rows that put it there:
// first those for the same end and place, then any of the service. Registers
// say how things stand, not how they came to.
func lessened(rows []exported, off []ledger.Entry) []exported {
	left := make([]money.Pence, len(off))
	for i, e := range off {
		left[i] = e.Amount
	}
	for _, alike := range []bool{true, false} {
		for n, e := range off {
			for i := len(rows) - 1; i >= 0 && left[n] > 0; i-- {
				r := rows[i]
				p, err := money.ParsePence(r["amount"])
				if err != nil || cmp.Or(r["state"], "agreed") != "agreed" || r["award"] != e.From.Award || r["service"] != e.From.Service || r["board"] != e.From.Board || r["year"] != e.From.Year.String() {
					continue
				}
				label := ledger.Label{Objective: r["objective"], Area: r["area"], Element: r["element"], CostType: r["cost_type"], MatchFor: r["match_for"]}
				if alike && label != e.Label {
					continue
				}
				take := min(left[n], p)
				r["amount"] = (p - take).String()
				left[n] -= take
			}
		}
	}
	return slices.DeleteFunc(rows, func(r exported) bool { return len(off) > 0 && r["amount"] == "0.00" })
}

// together groups the entries of a line that one row can say: alike in all but
// the objective. Where money has since left a service, each has its own row, so
// that it can be taken off the right one.
func together(entries []ledger.Entry, touched map[ledger.Account]bool) [][]ledger.Entry {
	var groups [][]ledger.Entry
	for _, e := range entries {
		at := slices.IndexFunc(groups, func(g []ledger.Entry) bool {
			a, b := g[0], e
			a.Label.Objective, b.Label.Objective = "", ""
			return !touched[a.To] && a.To == b.To && a.Label == b.Label && a.Effective == b.Effective && e.Label.Objective != "" && g[0].Label.Objective != "" &&
				!slices.ContainsFunc(g, func(o ledger.Entry) bool { return o.Label.Objective == e.Label.Objective })
		})
		if at < 0 {
			groups = append(groups, []ledger.Entry{e})
		} else {
			groups[at] = append(groups[at], e)
		}
	}
	return groups
}

// shares writes the objectives of a group, each with its exact share.
func shares(group []ledger.Entry) string {
	if len(group) == 1 {
		return group[0].Label.Objective
	}
	var parts []string
	whole := int64(total(group))
	for _, e := range group {
		s, err := money.NewShare(int64(e.Amount), whole)
		if err != nil {
			return ""
		}
		parts = append(parts, e.Label.Objective+":"+s.String())
	}
	return strings.Join(parts, ";")
}

func total(group []ledger.Entry) money.Pence {
	var sum money.Pence
	for _, e := range group {
		sum += e.Amount
	}
	return sum
}

func paymentRows(b *ledger.Book) []exported {
	of, lines := standing(b, ledger.Payment)
	var rows []exported
	for id, rec := range b.Records("payments") {
		if rec.Get("amount") == "0.00" { // there is no entry of nothing
			rows = append(rows, recordRow(id, rec))
		}
	}
	for _, line := range lines {
		if rec, kept := b.Record("payments", line); kept {
			rows = append(rows, recordRow(line, rec))
			continue
		}
		type place struct{ award, service, objective, area, date string }
		sums := map[place]money.Pence{}
		var places []place
		for _, e := range of[line] {
			a, p := e.To, e.Amount
			if e.From.Stage == ledger.Paid {
				a, p = e.From, -e.Amount
			}
			at := place{a.Award, a.Service, e.Label.Objective, e.Label.Area, e.Effective.String()}
			if _, met := sums[at]; !met {
				places = append(places, at)
			}
			sums[at] += p
		}
		for n, at := range places {
			row := exported{"id": line, "date": at.date, "amount": sums[at].String(), "award": at.award, "service": at.service, "objective": at.objective, "area": at.area}
			if n > 0 {
				row["id"] += "#" + strconv.Itoa(n+1)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// yearRows gives delegations or transfers, a row for all the years of one id.
func yearRows(b *ledger.Book, register string) []exported {
	kind := ledger.Delegation
	if register == "transfers" {
		kind = ledger.Transfer
	}
	rows := map[string]exported{}
	for id, rec := range b.Records(register) {
		row := recordRow(id, rec)
		for column, text := range row {
			if column[0] >= '0' && column[0] <= '9' && text != "?" {
				delete(row, column) // its entries say whether it stands
			}
		}
		rows[id] = row
	}
	of, lines := standing(b, kind)
	for _, line := range lines {
		e := of[line][0]
		id := strings.TrimSuffix(line, "/"+e.From.Year.String())
		row := rows[id]
		if row == nil {
			row = exported{"id": id, "award": e.From.Award, "board": e.To.Board, "agreed_on": e.Effective.String()}
			if register == "transfers" {
				delete(row, "board")
				row["to"] = e.To.Award
			}
			rows[id] = row
		}
		row[e.From.Year.String()] = total(of[line]).String()
	}
	var list []exported
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		list = append(list, rows[id])
	}
	return list
}
