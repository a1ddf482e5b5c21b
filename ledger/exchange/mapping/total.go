package mapping

import (
	"slices"
	"strings"

	"braid/ledger/exchange/sheet"
	"braid/ledger/money"
)

// Total is a total that the source prints, beside what its rows add up to.
// Amounts are as printed: changes are added as changes.
type Total struct {
	Name, Group string // the group is blank where there is one total only
	Column      string // the source's heading
	Printed     money.Amount
	Added       money.Sum
	Agrees      bool
	Note        string // why it may differ, or why it cannot be told
	File, Sheet string
	Row         int // 0: stated elsewhere
}

// Difference is added less printed, where both are known.
func (t Total) Difference() (money.Pence, bool) {
	p, known := t.Printed.Known()
	if !known || t.Added.State() != money.Exact {
		return 0, false
	}
	d, err := t.Added.Pence().Sub(p)
	return d, err == nil
}

// Problem says a total that does not agree as a person can act on it.
func (t Total) Problem() sheet.Problem {
	rule := "the rows add up to " + exact(t.Added)
	if d, known := t.Difference(); known && d != 0 {
		rule += ", which differs by " + d.Exact()
	}
	if t.Note != "" {
		rule += " (" + t.Note + ")"
	}
	found := "not known"
	if p, known := t.Printed.Known(); known {
		found = p.Exact()
	}
	return sheet.Problem{File: t.File, Sheet: t.Sheet, Row: t.Row, Column: t.Column, Code: "total-differs", Found: found,
		Rule: strings.TrimSpace(t.Name+" "+t.Group) + ": " + rule, Remedy: "look for a row left out, read twice or printed wrongly; if the source itself differs, say in the mapping by how much and why"}
}

func exact(s money.Sum) string {
	switch s.State() {
	case money.NotKnown:
		return "a sum not known"
	case money.AtLeast:
		return "at least " + s.Pence().Exact()
	}
	return s.Pence().Exact()
}

// addUp compares every total of a table.
func (r *run) addUp(s *sourceTable) {
	var items []*sourceRow
	for _, row := range s.rows {
		if row.total == nil {
			items = append(items, row)
		}
	}
	for i := range r.Totals {
		rule := &r.Totals[i]
		sum := func(of []*sourceRow, columns ...string) (added money.Sum) {
			for _, row := range of {
				for _, name := range columns {
					if c := row.cells[name]; c.own.given {
						added.Add(c.own.amount)
					}
				}
			}
			return added
		}
		counted := slices.DeleteFunc(slices.Clone(items), func(row *sourceRow) bool { return !rule.Counts.has(row) })
		before := len(r.out.Totals)
		switch {
		case len(rule.Printed) > 0:
			for _, name := range rule.Of {
				r.compare(s, rule, Total{Column: name, Printed: money.Known(rule.printed[name]), Added: sum(counted, name)})
			}
		case len(rule.Across) > 0:
			for _, row := range counted {
				r.compareRow(s, rule, row, "", rule.Of[0], sum([]*sourceRow{row}, rule.Across...))
			}
		default:
			for _, printed := range s.rows {
				if printed.total != rule {
					continue
				}
				group := group(rule, printed)
				same := slices.DeleteFunc(slices.Clone(counted), func(row *sourceRow) bool { return !slices.Equal(groupKey(rule, row), groupKey(rule, printed)) })
				for _, name := range rule.Of {
					r.compareRow(s, rule, printed, group, name, sum(same, name))
				}
			}
		}
		if len(r.out.Totals) == before {
			r.out.Notes = append(r.out.Notes, sheet.Problem{File: s.file, Sheet: s.sheet, Code: "total-absent", Rule: "the table does not print " + rule.Name + ", so nothing was compared",
				Remedy: "check that the table was not cut short"})
		}
	}
}

func groupKey(rule *TotalRule, row *sourceRow) (key []string) {
	for _, name := range rule.By {
		key = append(key, plain(row.cells[name].read()))
	}
	return key
}

func group(rule *TotalRule, row *sourceRow) string {
	var words []string
	for _, name := range rule.By {
		words = append(words, row.cells[name].read())
	}
	return strings.Join(words, ", ")
}

// compareRow compares a total printed in a row, unless nothing is printed there.
func (r *run) compareRow(s *sourceTable, rule *TotalRule, row *sourceRow, group, column string, added money.Sum) {
	if c := row.cells[column]; c.own.given {
		r.compare(s, rule, Total{Group: group, Column: column, Printed: c.own.amount, Added: added, Row: row.number})
	}
}

func (r *run) compare(s *sourceTable, rule *TotalRule, t Total) {
	t.Name, t.File, t.Sheet = rule.Name, s.file, s.sheet
	if heading := s.headings[t.Column]; heading != "" {
		t.Column = heading
	}
	d, known := t.Difference()
	printed, _ := t.Printed.Known()
	switch {
	case t.Printed.IsUnknown():
		t.Note = "the total is printed as not known"
	case rule.Part != "":
		t.Agrees, t.Note = t.Added.Err() == nil && t.Added.Pence() <= printed, "only part of it: "+rule.Part
	case !known:
		t.Note = "a part is not known, so it cannot be told"
	default:
		t.Agrees = d.Abs() <= rule.within
		if d != 0 && rule.within > 0 {
			t.Note = "it may differ by " + rule.within.Exact() + ": " + rule.Why
		}
	}
	r.out.Totals = append(r.out.Totals, t)
}
