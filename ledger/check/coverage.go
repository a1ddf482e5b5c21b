package check

import (
	"cmp"
	"slices"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/fiscal"
)

// coverage says, for each objective with a need, which ages something serves in
// each area this year. Money labelled to an objective and area serves it, and
// all that lies within the area; so does a service paid elsewhere, by an unknown
// amount. Money not split, or on a service whose ages are not known, may serve
// it: that is kept apart.
type coverage struct {
	s          *scan
	objectives []commissioning.Objective // in order of id
	needs      [][]need                  // by objective: those that stand this year
	stated     []bool                    // by objective: a need is recorded, of whatever year, if only of nobody
	served     []*served                 // by objective: nil where there is neither need nor agreement

	sureAnywhere, maybeAnywhere []bool   // by objective: served in some area, or perhaps
	doubts                      []string // by objective: a service that leaves it open
	targets                     [][]target
	place                       map[string]int // of each objective
	parents                     []int32        // of each area, by number; −1 at a root
	areaIDs                     []string
	objectiveOf, areaOf         []int32  // by the number of the text, see number
	services                    []string // by the order of eachServing
}

// need is one row of the register that stands, with its ages as a mask.
type need struct {
	id   string
	area int32 // its number in the tree
	ages ages
	commissioning.Need
}

// target is an objective that money for another may serve: surely where it is
// the same or lies above, perhaps where it lies below.
type target struct {
	objective int
	sure      bool
}

// served holds, by area, the ages served there by money for that very area.
type served struct {
	sure, maybe []ages
	doubt       []int32 // a service that leaves it open, by the order met
}

// ages is a set of whole years; the last place stands for all that are older.
type ages uint64

const everyAge = ^ages(0)

func agesOf(a commissioning.Ages) ages {
	if !a.Known {
		return everyAge
	}
	from, to := min(int(a.From), 63), min(int(a.To), 63)
	return everyAge << from & (everyAge >> (63 - to))
}

func (s *scan) cover() *coverage {
	c := &coverage{s: s, place: map[string]int{}}
	for id, o := range s.Objectives {
		c.place[id] = len(c.objectives)
		c.objectiveOf = s.number(c.objectiveOf, id, int32(len(c.objectives)))
		c.objectives = append(c.objectives, o)
	}
	n := len(c.objectives)
	c.needs, c.served, c.targets = make([][]need, n), make([]*served, n), make([][]target, n)
	c.sureAnywhere, c.maybeAnywhere, c.doubts = make([]bool, n), make([]bool, n), make([]string, n)
	c.stated = make([]bool, n)
	c.standing()
	c.placeAreas()
	size := len(c.parents)
	for i, o := range c.objectives {
		if len(c.needs[i]) > 0 || c.agreed(i) {
			c.served[i] = &served{make([]ages, size), make([]ages, size), make([]int32, size)}
		}
		c.targets[i] = append(c.targets[i], target{i, true})
		for _, up := range s.ObjectiveTree().Ancestors(o.ID) {
			c.targets[i] = append(c.targets[i], target{c.place[up], true})
		}
		for _, down := range s.ObjectiveTree().Descendants(o.ID) {
			c.targets[i] = append(c.targets[i], target{c.place[down], false})
		}
	}
	c.eachServing(func(sv serving) {
		c.services = append(c.services, sv.service.ID)
		c.serve(sv)
	})
	return c
}

// standing keeps, of each objective, area and ages, the latest need stated for
// this year or before it, where it is of more than nobody.
func (c *coverage) standing() {
	type key struct {
		objective, area string
		ages            commissioning.Ages
	}
	latest := map[key]fiscal.Year{}
	for _, n := range c.s.Needs {
		if i, ok := c.place[n.Objective]; ok {
			c.stated[i] = true
		}
		k := key{n.Objective, n.Area, n.Ages}
		if y, met := latest[k]; n.Year <= c.s.year && (!met || n.Year > y) {
			latest[k] = n.Year
		}
	}
	for id, n := range c.s.Needs {
		if y, met := latest[key{n.Objective, n.Area, n.Ages}]; !met || y != n.Year || n.People == 0 {
			continue
		}
		in, _ := c.s.AreaTree().Span(n.Area)
		if i, ok := c.place[n.Objective]; ok && c.s.AreaTree().Has(n.Area) {
			c.needs[i] = append(c.needs[i], need{id, in, agesOf(n.Ages), n})
		}
	}
	for i := range c.needs {
		slices.SortFunc(c.needs[i], func(a, b need) int {
			return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.Ages.From, b.Ages.From), cmp.Compare(a.Ages.To, b.Ages.To), cmp.Compare(a.id, b.id))
		})
	}
}

// placeAreas numbers the areas in preorder.
func (c *coverage) placeAreas() {
	tree := c.s.AreaTree()
	for id := range c.s.Areas {
		in, _ := tree.Span(id)
		if grow := int(in) + 1 - len(c.parents); grow > 0 {
			c.parents = append(c.parents, make([]int32, grow)...)
			c.areaIDs = append(c.areaIDs, make([]string, grow)...)
		}
		c.parents[in], c.areaIDs[in] = nowhere, id
		c.areaOf = c.s.number(c.areaOf, id, in)
		if up := tree.Parent(id); up != "" {
			c.parents[in], _ = tree.Span(up)
		}
	}
}

// nowhere stands for an objective or area that nobody said.
const nowhere = -1

// spot is money for an objective in an area, by their numbers.
type spot struct{ objective, area int32 }

// spotOf gives the numbers of labels.
func (c *coverage) spotOf(objective, area ledger.Ref) spot {
	return spot{numbered(c.objectiveOf, objective), numbered(c.areaOf, area)}
}

// number notes what a text's number stands for, kept as one more so that
// nought is nowhere.
func (s *scan) number(known []int32, id string, no int32) []int32 {
	ref, used := s.Ref(id)
	if !used {
		return known
	}
	if grow := int(ref) + 1 - len(known); grow > 0 {
		known = append(known, make([]int32, grow)...)
	}
	known[ref] = no + 1
	return known
}

func numbered(known []int32, r ledger.Ref) int32 {
	if int(r) >= len(known) {
		return nowhere
	}
	return known[r] - 1
}

func (c *coverage) objectiveNo(id string) int32 {
	if i, recorded := c.place[id]; recorded {
		return int32(i)
	}
	return nowhere
}

func (c *coverage) areaNo(id string) int32 {
	if !c.s.AreaTree().Has(id) {
		return nowhere
	}
	in, _ := c.s.AreaTree().Span(id)
	return in
}

// serving is one service's part in the coverage of this year.
type serving struct {
	no      int32
	service *commissioning.Service
	spots   []spot
}

// eachServing calls yield for each service with money this year, and for those
// paid elsewhere. Money for a whole term and an allocation of unknown amount
// count: how much of it is for this year is unknown, that some is, is not.
func (c *coverage) eachServing(yield func(serving)) {
	s := c.s
	met := int32(0)
	var room []split
	var spots []spot
	all := s.NumberedServices()
	for i := range all {
		service, ref := &all[i].Service, all[i].Ref
		if !service.RunsIn(s.year) {
			continue
		}
		spots = spots[:0]
		if ref != 0 {
			room = s.splits(ref, room)
			for _, p := range room {
				spots = append(spots, c.spotOf(p.objective, p.area))
			}
			for _, h := range s.HoldingsOf(ref) {
				if e := s.award(h.Award); h.Year == fiscal.Term && h.Amount > 0 && e != nil {
					if _, unsplit := e.inYear(&h, s.year); unsplit {
						s.CellsOf(ref, func(_ int, cell ledger.LabelledCell) {
							if cell.Award == h.Award && cell.Year == fiscal.Term && cell.Amount > 0 {
								spots = append(spots, c.spotOf(cell.Objective, cell.Area))
							}
						})
					}
				}
			}
		}
		for _, l := range s.unsized[service.ID] {
			if bears(l, s.year) {
				for _, o := range labelled(l.Objective) {
					for _, a := range labelled(l.Area) {
						spots = append(spots, spot{c.objectiveNo(o), c.areaNo(a)})
					}
				}
			}
		}
		if len(spots) > 0 || service.PaidElsewhere != "" || c.unpaid(service) {
			yield(serving{met, service, spots})
			met++
		}
	}
}

// unpaid reports a service for the whole authority of which neither what it
// costs nor what pays for it is recorded: it may serve all that it says.
func (c *coverage) unpaid(service *commissioning.Service) bool {
	if !service.PlannedCost(c.s.year).IsUnknown() {
		return false
	}
	for _, a := range service.Areas {
		if at := c.areaNo(a); at != nowhere && c.parents[at] == nowhere {
			return true
		}
	}
	return false
}

// labelled reads labels with shares; without shares money is not split.
func labelled(text string) (ids []string) {
	parts, err := ledger.ParseLabels(text)
	if err != nil || len(parts) == 0 || len(parts) > 1 && parts[0].Weight.IsZero() {
		return []string{""}
	}
	for _, p := range parts {
		ids = append(ids, p.ID)
	}
	return ids
}

// serve notes which ages a service serves where.
func (c *coverage) serve(sv serving) {
	mask := agesOf(sv.service.Ages)
	c.reach(sv, func(objective int, area int32, sure bool) {
		if sure {
			c.sureAnywhere[objective] = true
		} else {
			c.maybeAnywhere[objective], c.doubts[objective] = true, sv.service.ID
		}
		to := c.served[objective]
		switch {
		case to == nil:
		case sure && area >= 0 && sv.service.Ages.Known:
			to.sure[area] |= mask
		case area >= 0:
			to.maybe[area] |= mask
			to.doubt[area] = sv.no
		default: // it may be anywhere
			for at := range to.maybe {
				to.maybe[at] |= mask
				to.doubt[at] = sv.no
			}
		}
	})
}

// reach says which objectives a service serves in which areas, and whether that
// is sure: its money is labelled. A service paid elsewhere serves all that it
// says.
func (c *coverage) reach(sv serving, note func(objective int, area int32, sure bool)) {
	for _, p := range sv.spots {
		c.mark(sv.service, p, false, note)
	}
	open := sv.service.PaidElsewhere == ""
	if open && len(sv.spots) > 0 {
		return
	}
	for _, o := range sv.service.Objectives {
		for _, a := range sv.service.Areas {
			c.mark(sv.service, spot{c.objectiveNo(o), c.areaNo(a)}, open, note)
		}
		if len(sv.service.Areas) == 0 {
			c.mark(sv.service, spot{c.objectiveNo(o), nowhere}, true, note)
		}
	}
}

// mark goes through what money serves. Where it is not split the service's own
// objectives and areas say what it may be for: one of a kind leaves no choice.
func (c *coverage) mark(service *commissioning.Service, p spot, open bool, note func(objective int, area int32, sure bool)) {
	if p.objective == nowhere {
		open = open || len(service.Objectives) != 1
		for _, o := range service.Objectives {
			if i := c.objectiveNo(o); i != nowhere {
				c.mark(service, spot{i, p.area}, open, note)
			}
		}
		return
	}
	if p.area == nowhere && len(service.Areas) > 0 {
		open = open || len(service.Areas) != 1
		for _, a := range service.Areas {
			if at := c.areaNo(a); at != nowhere {
				c.mark(service, spot{p.objective, at}, open, note)
			}
		}
		return
	}
	for _, t := range c.targets[p.objective] {
		note(t.objective, p.area, t.sure && !open && p.area != nowhere)
	}
}

// at gives the ages that money for an area, for one above it or for one within
// it serves, surely and perhaps, and a service that leaves it open.
func (c *coverage) at(objective int, area int32) (sure, maybe ages, doubt string) {
	to := c.served[objective]
	note := func(at int32) {
		sure |= to.sure[at]
		if to.maybe[at] != 0 {
			maybe |= to.maybe[at]
			doubt = c.services[to.doubt[at]]
		}
	}
	for up := c.parents[area]; up >= 0; up = c.parents[up] {
		note(up)
	}
	for at := area; at < c.end(area); at++ {
		note(at)
	}
	return sure, maybe, doubt
}

// end is the number after the last area that lies within one.
func (c *coverage) end(area int32) int32 {
	at := area + 1
	for int(at) < len(c.parents) && c.parents[at] >= area {
		at++
	}
	return at
}

// leftOpen names the fact that would tell whether a service serves a need, or
// an objective, to which ages do not matter.
func (c *coverage) leftOpen(id string, anyAge bool) Sentence {
	s := c.s
	service, _ := s.Service(id)
	ref, used := s.Ref(id)
	switch {
	case !anyAge && !service.Ages.Known:
		return say("lack.ages-of", "Service", named(&service))
	case service.PaidElsewhere == "" && len(s.unsized[id]) == 0 && (!used || len(s.HoldingsOf(ref)) == 0):
		return say("lack.what-pays", "Service", named(&service))
	}
	return say("lack.split-of", "Service", named(&service))
}

// agreed reports whether partners agreed the objective by the date.
func (c *coverage) agreed(i int) bool {
	o := &c.objectives[i]
	return o.AgreedOn <= c.s.AsAt && (!o.AgreedOn.IsZero() || len(o.AgreedBy) > 0)
}

// nothing reports whether an objective that was agreed without a need has
// nothing anywhere. Those that lie below it speak for themselves.
func (c *coverage) nothing(i int) bool {
	return !c.stated[i] && c.agreed(i) && !c.sureAnywhere[i] && len(c.s.ObjectiveTree().Children(c.objectives[i].ID)) == 0
}
