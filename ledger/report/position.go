package report

import (
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/money"
)

// screenWords are the screen's names for the measures.
var screenWords = map[ledger.Measure]string{
	ledger.AwardedTo: "Awarded", ledger.DelegatedTo: "Delegated", ledger.AllocatedTo: "Allocated", ledger.CommittedTo: "Promised",
	ledger.PaidOut: "Spent", ledger.HandedBackOf: "Handed back", ledger.LapsedOf: "Lapsed", ledger.TransferredOf: "Transferred", ledger.LeftOf: "Left",
}

// PositionTable lays a position out for a screen: names, whole pounds.
func PositionTable(v *ledger.View, p ledger.Position) Table {
	t := Table{}
	for _, d := range p.By {
		t.Columns = append(t.Columns, Column{Name: upperFirst(d.String())})
	}
	for _, m := range p.Columns {
		t.Columns = append(t.Columns, Column{Name: screenWords[m], Number: true})
	}
	row := func(r ledger.PositionRow) []string {
		var cells []string
		for i, d := range p.By {
			cells = append(cells, nameOf(v, d, r.Key[i]))
		}
		for _, m := range p.Columns {
			if m == ledger.LeftOf { // nothing left is £0, not none
				cells = append(cells, r.Sums[m].Whole())
				continue
			}
			cells = append(cells, Pounds(r.Sums[m]))
		}
		return cells
	}
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, row(r))
	}
	total := p.Total
	total.Key = make(ledger.Key, len(p.By))
	t.Foot = row(total)
	if len(t.Foot) > 0 && len(p.By) > 0 {
		t.Foot[0] = "Total"
	}
	return t
}

// PositionCSV lays a position out for a spreadsheet: ids, and pounds with pence.
func PositionCSV(p ledger.Position) Table {
	t := Table{}
	for _, d := range p.By {
		t.Columns = append(t.Columns, Column{Name: d.String()})
	}
	for _, m := range p.Columns {
		t.Columns = append(t.Columns, Column{Name: m.String(), Number: true})
	}
	t.Columns = append(t.Columns, Column{Name: "at_least"})
	for _, r := range p.Rows {
		cells := append([]string(nil), r.Key...)
		partial := ""
		for _, m := range p.Columns {
			if s := r.Sums[m]; s.State() == money.NotKnown {
				cells = append(cells, "?")
			} else {
				cells = append(cells, s.Pence().String())
				if s.State() == money.AtLeast {
					partial = "yes"
				}
			}
		}
		t.Rows = append(t.Rows, append(cells, partial))
	}
	return t
}

// ExplainTable lists the entries behind one figure, to the penny.
func ExplainTable(v *ledger.View, proof []ledger.Proof) Table {
	t := Table{Columns: []Column{{Name: "Entry"}, {Name: "Date"}, {Name: "Kind"}, {Name: "From"}, {Name: "To"}, {Name: "Objective"}, {Name: "Place"}, {Name: "Amount", Number: true}, {Name: "Source"}, {Name: "Row", Number: true}}}
	var total money.Sum
	for _, p := range proof {
		e := v.Entry(p.Index)
		h, _ := v.Head(e.ID.Seq)
		row := ""
		if e.Row > 0 {
			row = strconv.Itoa(e.Row)
		}
		total.AddPence(p.Amount)
		t.Add(e.ID.String(), e.Effective.Short(), e.Kind.String(), e.From.String(), e.To.String(),
			nameOf(v, ledger.ByObjective, e.Label.Objective), nameOf(v, ledger.ByArea, e.Label.Area), p.Amount.Exact(), fileOf(e.Kind, h.Source), row)
	}
	t.Foot = []string{"Total", "", "", "", "", "", "", total.Pence().Exact(), "", ""}
	return t
}

// fileOf names the file an entry's row is in: of several files of registers,
// the one of its kind.
func fileOf(kind ledger.Kind, source string) string {
	files := strings.Split(source, "; ")
	if len(files) == 1 {
		return source
	}
	registers := []string{kind.String() + "s"}
	if kind == ledger.Figure {
		registers = []string{"figures", "awards", "streams"}
	}
	for _, register := range registers {
		for _, file := range files {
			if strings.HasPrefix(strings.ToLower(file), register) {
				return file
			}
		}
	}
	return strconv.Itoa(len(files)) + " files"
}

// nameOf gives the name a person knows for an id of a dimension.
func nameOf(v *ledger.View, d ledger.Dimension, id string) string {
	if id == "" {
		switch d {
		case ledger.ByObjective, ledger.ByArea:
			return "not split"
		case ledger.ByBoard:
			return "no board"
		}
		return "–"
	}
	switch d {
	case ledger.ByStream:
		if s, ok := v.Stream(id); ok {
			return s.Name
		}
	case ledger.ByAward:
		return v.AwardName(id)
	case ledger.ByService:
		return v.ServiceName(id)
	case ledger.ByObjective:
		if o, ok := v.Objective(id); ok {
			return o.Name
		}
	case ledger.ByArea:
		if a, ok := v.Area(id); ok {
			return a.Name
		}
	case ledger.ByBoard:
		if b, ok := v.Board(id); ok {
			return b.Name
		}
	case ledger.ByFunder, ledger.ByProvider:
		if o, ok := v.Organisation(id); ok {
			return o.Name
		}
	case ledger.ByYear:
		if id == "term" {
			return "whole term"
		}
	}
	return id
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
