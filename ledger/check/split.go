package check

import (
	"slices"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// split is a service's money in a year for one objective and place; a blank
// label is money not split.
type split struct {
	objective, area, matchFor ledger.Ref
	amount                    money.Pence
}

// splits nets a service's cells of a year into those that hold money.
func (s *scan) splits(service ledger.Ref, y fiscal.Year, room []split) []split {
	of := room[:0]
	s.CellsOf(service, func(_ int, c ledger.LabelledCell) {
		if !s.bearsCell(&c, y) {
			return
		}
		for i := range of {
			if p := &of[i]; p.objective == c.Objective && p.area == c.Area && p.matchFor == c.MatchFor {
				p.amount += c.Amount
				return
			}
		}
		of = append(of, split{c.Objective, c.Area, c.MatchFor, c.Amount})
	})
	return slices.DeleteFunc(of, func(p split) bool { return p.amount <= 0 })
}

// bearsCell reports whether a cell is money of a year: labelled with it, or of
// a whole term that lies within it.
func (s *scan) bearsCell(c *ledger.LabelledCell, y fiscal.Year) bool {
	if c.Year == y {
		return true
	}
	if c.Year != fiscal.Term {
		return false
	}
	e := s.award(c.Award)
	return e != nil && within(e.Term, y)
}

// proofOf lists the entries of a service's cells that pass, signed.
func (s *scan) proofOf(service ledger.Ref, pass func(*ledger.LabelledCell) bool) (proof []ledger.Proof) {
	s.CellsOf(service, func(index int, c ledger.LabelledCell) {
		if pass(&c) {
			proof = append(proof, ledger.Proof{Index: index, Amount: c.Amount})
		}
	})
	return proof
}

// objectiveName and areaName are names for a person.
func (s *scan) objectiveName(id string) string {
	if o, ok := s.Objective(id); ok && o.Name != "" {
		return o.Name
	}
	return id
}

func (s *scan) areaName(id string) string {
	if a, ok := s.Area(id); ok && a.Name != "" {
		return a.Name
	}
	return id
}

// firstFew joins names, and counts the rest where there are many.
func firstFew(names []string) string {
	const few = 4
	if len(names) <= few+1 {
		return list(names)
	}
	return list(append(slices.Clone(names[:few]), plural(len(names)-few, "other", "others")))
}

// subjects of one type.
func subjects(of string, ids ...string) []Subject {
	var list []Subject
	for _, id := range ids {
		list = append(list, Subject{of, id})
	}
	return list
}
