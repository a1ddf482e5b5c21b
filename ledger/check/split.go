package check

import (
	"braid/commissioning"
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

// yearSplits are those of every service, netted in one pass over the entries:
// each service's stand in a chain, in the order posted.
type yearSplits struct {
	first []int32 // by service: the place of its first, plus one
	all   []chained
}

type chained struct {
	split
	next int32 // the place of the service's next, plus one
}

func (s *scan) splitYear() *yearSplits {
	of := &yearSplits{}
	s.Cells(func(_ int, c ledger.LabelledCell) {
		if !s.bearsCell(&c, s.year) {
			return
		}
		if grow := int(c.Service) + 1 - len(of.first); grow > 0 {
			of.first = append(of.first, make([]int32, grow)...)
		}
		end := &of.first[c.Service]
		for *end != 0 {
			p := &of.all[*end-1]
			if p.objective == c.Objective && p.area == c.Area && p.matchFor == c.MatchFor {
				p.amount += c.Amount
				return
			}
			end = &p.next
		}
		*end = int32(len(of.all)) + 1
		of.all = append(of.all, chained{split: split{c.Objective, c.Area, c.MatchFor, c.Amount}})
	})
	return of
}

// splits gives those of one service's, of this year, that hold money.
func (s *scan) splits(service ledger.Ref, room []split) []split {
	of, all := room[:0], s.yearSplits()
	if int(service) >= len(all.first) {
		return of
	}
	for at := all.first[service]; at != 0; at = all.all[at-1].next {
		if p := &all.all[at-1]; p.amount > 0 {
			of = append(of, p.split)
		}
	}
	return of
}

// bearsCell reports whether a cell is money of a year: labelled with it, or of
// a whole term that lies within it.
func (s *scan) bearsCell(c *ledger.LabelledCell, y fiscal.Year) bool {
	e := s.award(c.Award)
	switch {
	case e != nil && e.gone:
		return false
	case c.Year == y:
		return true
	}
	return c.Year == fiscal.Term && e != nil && within(e.Term, y)
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
func (s *scan) objectiveName(id string) Name {
	if o, ok := s.Objective(id); ok && o.Name != "" {
		return rowOf("objectives", id, o.Name)
	}
	return rowOf("objectives", id, id)
}

// serviceName likewise.
func (s *scan) serviceName(id string) Name { return rowOf("services", id, s.ServiceName(id)) }

func (s *scan) serviceNames(ids []string) []Name {
	names := make([]Name, len(ids))
	for i, id := range ids {
		names[i] = s.serviceName(id)
	}
	return names
}

// named is a service that is at hand.
func named(service *commissioning.Service) Name { return rowOf("services", service.ID, service.Name) }

// named is an award.
func (e *ending) named() Name { return rowOf("awards", e.ID, e.name) }

func (s *scan) areaName(id string) Name {
	if a, ok := s.Area(id); ok && a.Name != "" {
		return rowOf("areas", id, a.Name)
	}
	return rowOf("areas", id, id)
}

// subjects of one type.
func subjects(of string, ids ...string) []Subject {
	var list []Subject
	for _, id := range ids {
		list = append(list, Subject{of, id})
	}
	return list
}
