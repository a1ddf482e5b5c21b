package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// mostPlaces is how many places stand side by side; a larger tree is shown by
// its upper levels, whose parts are a page of their own.
const mostPlaces = 24

// Coverage says what is spent on which objective in which place in one year,
// and where there is nothing: objectives against places.
type Coverage struct {
	Year       fiscal.Year
	After      fiscal.Date // awards that end by then are left out; 0: none is
	Objectives []string    // in the order agreed; "" last: money for no one objective
	Places     []Place
	Outside    money.Sum // within a place: what is for a wider one or for none, and may serve it
	Portions   []Portion // what the cells add up
	cells      map[[2]string]*Covered
}

// Portion is what one award puts on one service for an objective and an area,
// in the year or for the whole of its term.
type Portion struct {
	Objective, Area string
	Service, Award  string
	Year            fiscal.Year
	Sum             money.Sum
	place           string
}

// In reports whether the portion is counted in a place's column.
func (p Portion) In(place Place) bool { return p.place == place.key() }

// Place is a column: a place that is not divided further here, or, of one that
// is, the money for the whole of it. The blank place is money for no one place.
type Place struct {
	ID       string
	Whole    bool // the money labelled with the place itself; its parts stand beside it
	Parts    bool // its parts are added up here
	Children int  // people of 0 to 17 who live there; −1 not known
}

func (p Place) key() string {
	if p.Whole {
		return "whole " + p.ID
	}
	return p.ID
}

// Covered is the money of an objective and a place, the services that have it,
// and the gaps found there.
type Covered struct {
	Money    Cell
	Services []string
	Gaps     []*check.Finding // with those accepted, and those that cannot be told
}

// CoverageOf asks for a coverage.
type CoverageOf struct {
	Year     fiscal.Year
	After    fiscal.Date
	In       string        // a place; "" everywhere
	Only     ledger.Filter // narrows the money, not the gaps
	Findings []check.Finding
	Sees     func(service string) bool // nil: all
	Position func([]ledger.Dimension, ledger.Filter) ledger.Position
}

// NewCoverage makes a coverage. Its gaps are those of the findings given, which
// are of the same year and leave out the same awards.
func NewCoverage(v *ledger.View, ask CoverageOf) *Coverage {
	if ask.Position == nil {
		ask.Position = v.Position
	}
	c := &Coverage{Year: ask.Year, After: ask.After, cells: map[[2]string]*Covered{}}
	c.Places = places(v, ask.In)
	column := columns(v, c.Places)
	rows, used := map[string]bool{}, map[string]bool{}
	for _, year := range []fiscal.Year{ask.Year, fiscal.Term} {
		by := []ledger.Dimension{ledger.ByObjective, ledger.ByArea, ledger.ByService, ledger.ByAward}
		only := ledger.Filter{ledger.ByYear: year.String()}
		maps.Copy(only, ask.Only)
		for _, r := range ask.Position(by, only).Rows {
			objective, area, service, award := r.Key[0], r.Key[1], r.Key[2], r.Key[3]
			sum := r.Sums[ledger.AllocatedTo]
			a, known := v.Award(award)
			if sum.IsNought() || !known || service == "" || ask.Sees != nil && !ask.Sees(service) || year == fiscal.Term && !a.RunsIn(ask.Year) || EndsBy(v, award, ask.After) {
				continue
			}
			place, shown := column(area)
			if !shown {
				c.Outside.Merge(sum)
				continue
			}
			rows[objective], used[place] = true, true
			c.Portions = append(c.Portions, Portion{objective, area, service, award, year, sum, place})
			c.at(objective, place, func(to *Covered) {
				to.Money.add(sum, year == fiscal.Term)
				if at, met := slices.BinarySearch(to.Services, service); !met {
					to.Services = slices.Insert(to.Services, at, service)
				}
			})
		}
	}
	for i := range ask.Findings {
		f := &ask.Findings[i]
		objective := subject(f, "objective")
		if f.Kind != check.Gap || f.Rule != "no-service" || f.Year != ask.Year {
			continue
		}
		place, shown := every, true // an objective without a need has a gap nowhere in particular
		if area := subject(f, "area"); area != "" {
			if place, shown = column(area); shown {
				used[place] = true
			}
		} else if ask.In != "" {
			shown = false
		}
		if shown {
			rows[objective] = true
			c.at(objective, place, func(to *Covered) { to.Gaps = append(to.Gaps, f) })
		}
	}
	for id, o := range v.Objectives {
		agreed := !o.AgreedOn.IsZero() && o.AgreedOn <= v.AsAt || o.AgreedOn.IsZero() && len(o.AgreedBy) > 0
		if agreed && len(v.ObjectiveTree().Children(id)) == 0 {
			rows[id] = true
		}
	}
	c.Places = slices.DeleteFunc(c.Places, func(p Place) bool { return (p.Whole || p.ID == "") && !used[p.key()] })
	c.Objectives = c.inOrder(v, rows)
	return c
}

// at does something to a cell and to the totals that it counts in.
func (c *Coverage) at(objective, place string, do func(*Covered)) {
	keys := [][2]string{{objective, place}, {objective, every}, {every, place}, {every, every}}
	if place == every {
		keys = [][2]string{{objective, every}, {every, every}}
	}
	for _, key := range keys {
		if c.cells[key] == nil {
			c.cells[key] = &Covered{}
		}
		do(c.cells[key])
	}
}

// EndsBy reports whether an award has ended after a day; one that states no end
// ends with the award it is part of.
func EndsBy(v *ledger.View, award string, day fiscal.Date) bool {
	if day.IsZero() {
		return false
	}
	for range 10 {
		a, known := v.Award(award)
		if !known {
			return false
		}
		if last, ends := a.LastDay(); ends {
			return last <= day
		}
		award = a.PartOf
	}
	return false
}

// NextEnd gives the next day on which an award ends that pays for something in
// the year; no day where none does.
func NextEnd(v *ledger.View, year fiscal.Year) (next fiscal.Date) {
	met := map[ledger.Ref]bool{}
	for _, h := range v.AllHoldings() {
		if h.Year != year && h.Year != fiscal.Term || met[h.Award] {
			continue
		}
		met[h.Award] = true
		for award, steps := v.Name(h.Award), 0; award != "" && steps < 10; steps++ {
			a, _ := v.Award(award)
			if last, ends := a.LastDay(); ends {
				if last >= v.AsAt && (next.IsZero() || last < next) {
					next = last
				}
				break
			}
			award = a.PartOf
		}
	}
	return next
}

// places gives the places that stand side by side: the levels of the tree are
// taken one by one, as long as there are few enough, and beside the parts of a
// place stands the whole of it.
func places(v *ledger.View, in string) []Place {
	tree := v.AreaTree()
	level := tree.Roots()
	if in != "" {
		level = []string{in}
	}
	var above []string
	for {
		var below, divided []string
		for _, id := range level {
			if parts := tree.Children(id); len(parts) > 0 {
				below, divided = append(below, parts...), append(divided, id)
			} else {
				below = append(below, id)
			}
		}
		if len(divided) == 0 || len(below) > mostPlaces {
			break
		}
		level, above = below, append(above, divided...)
	}
	var all []Place
	of := func(id string) Place {
		a, _ := v.Area(id)
		return Place{ID: id, Children: a.Population}
	}
	for _, id := range level {
		p := of(id)
		p.Parts = len(tree.Children(id)) > 0
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b Place) int { return strings.Compare(areaName(v, a.ID), areaName(v, b.ID)) })
	for _, id := range above {
		p := of(id)
		p.Whole = true
		all = append(all, p)
	}
	if in == "" {
		all = append(all, Place{Children: -1})
	}
	return all
}

func areaName(v *ledger.View, id string) string {
	if a, ok := v.Area(id); ok && a.Name != "" {
		return a.Name
	}
	return id
}

// columns tells which column money labelled with an area belongs to.
func columns(v *ledger.View, all []Place) func(area string) (string, bool) {
	shown := map[string]string{}
	for _, p := range all {
		shown[p.ID] = p.key()
	}
	tree := v.AreaTree()
	return func(area string) (string, bool) {
		for {
			if key, is := shown[area]; is {
				return key, true
			}
			if area == "" {
				return "", false
			}
			if area = tree.Parent(area); area == "" {
				return "", false
			}
		}
	}
}

// inOrder puts objectives in the order they were agreed, of one day the
// weightiest first and then those with most money.
func (c *Coverage) inOrder(v *ledger.View, rows map[string]bool) []string {
	type row struct {
		commissioning.Objective
		money money.Pence
	}
	var all []row
	for id := range rows {
		if id == "" {
			continue
		}
		o, known := v.Objective(id)
		if !known {
			o.ID = id
		}
		m := c.Row(id).Money
		all = append(all, row{o, m.InYear.Pence() + m.OfTerm.Pence()})
	}
	const never = math.MaxInt32
	slices.SortFunc(all, func(a, b row) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.AgreedOn, never), cmp.Or(b.AgreedOn, never)), cmp.Compare(b.Weight, a.Weight), cmp.Compare(b.money, a.money), cmp.Compare(a.ID, b.ID))
	})
	ids := make([]string, 0, len(all)+1)
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	if rows[""] {
		ids = append(ids, "")
	}
	return ids
}

// At gives a cell; Row, Column and All give the totals.
func (c *Coverage) At(objective string, p Place) Covered { return c.get(objective, p.key()) }
func (c *Coverage) Row(objective string) Covered         { return c.get(objective, every) }
func (c *Coverage) Column(p Place) Covered               { return c.get(every, p.key()) }
func (c *Coverage) All() Covered                         { return c.get(every, every) }

func (c *Coverage) get(objective, place string) Covered {
	if at := c.cells[[2]string{objective, place}]; at != nil {
		return *at
	}
	return Covered{}
}

// Gaps lists the gaps of the whole, row by row: those that are open, those that
// an officer has accepted, and those that cannot be told for want of a fact.
func (c *Coverage) Gaps() (open, accepted, untold []*check.Finding) {
	for _, o := range c.Objectives {
		for _, f := range c.Row(o).Gaps {
			switch {
			case f.Silenced():
				accepted = append(accepted, f)
			case f.Unknown:
				untold = append(untold, f)
			default:
				open = append(open, f)
			}
		}
	}
	return open, accepted, untold
}

// PerChild gives a sum by head of the people who live in a place, to the penny;
// false where nobody knows how many they are.
func PerChild(s money.Sum, children int) (money.Sum, bool) {
	if children <= 0 {
		return money.Sum{}, false
	}
	by, err := money.NewShare(1, int64(children))
	if err != nil {
		return money.Sum{}, false
	}
	var each money.Sum
	if s.State() != money.Exact {
		each.Add(money.Unknown)
	}
	each.AddPence(by.Of(s.Pence()))
	return each, true
}

// Children gives how many people of 0 to 17 live in all the places shown; −1
// where it is not known of one.
func (c *Coverage) Children() int {
	all := 0
	for _, p := range c.Places {
		if p.Whole || p.ID == "" {
			continue
		}
		if p.Children < 0 {
			return -1
		}
		all += p.Children
	}
	return all
}
