package check

import (
	"fmt"
	"strings"

	"braid/commissioning"
	"braid/ledger/fiscal"
)

// noService finds needs that nothing meets this year: an objective, an area and
// ages with a need, or an agreed objective without one, and no money labelled to
// it in that area, in one above or within it. A service paid elsewhere covers by
// an unknown amount. Money that is not split may cover: then it is unknown.
//
// High where there is a need; medium where partners agreed an objective and
// stated none; low where it cannot be told. One finding for each objective and
// area; an area within another that has nothing for the same ages is not
// repeated.
func noService(s *scan) []Finding {
	c := s.coverage()
	var found []Finding
	for i := range c.objectives {
		if c.nothing(i) {
			found = append(found, c.empty(i))
		}
		found = append(found, c.gaps(i)...)
	}
	return found
}

// bare is what an objective lacks in one area.
type bare struct {
	needs []need
	ages  ages // without anything
	open  ages // perhaps with something
	doubt string
}

// gaps goes through an objective's needs, which are in preorder of their areas.
func (c *coverage) gaps(i int) (found []Finding) {
	above := map[int32]ages{} // areas reported, with the ages they lack
	needs := c.needs[i]
	for first := 0; first < len(needs); {
		last := first
		var b bare
		area := needs[first].area
		sure, maybe, doubt := c.at(i, area)
		for ; last < len(needs) && needs[last].area == area; last++ {
			n := needs[last]
			switch {
			case n.ages&sure != 0:
			case n.ages&maybe != 0:
				b.open |= n.ages
				b.doubt = doubt
				b.needs = append(b.needs, n)
			default:
				b.ages |= n.ages
				b.needs = append(b.needs, n)
			}
		}
		first = last
		said := ages(0)
		for up := c.parents[area]; up >= 0; up = c.parents[up] {
			said |= above[up]
		}
		if len(b.needs) == 0 || (b.ages|b.open)&^said == 0 {
			continue
		}
		above[area] = b.ages | b.open
		found = append(found, c.gap(i, b))
	}
	return found
}

func (c *coverage) gap(i int, b bare) Finding {
	o, s, area := c.objectives[i], c.s, b.needs[0].Area
	f := Finding{
		ID: fmt.Sprintf("gap/no-service/%s/%s/%s", o.ID, area, s.year), Kind: Gap, Rule: "no-service", Severity: High, Year: s.year,
		Subjects: []Subject{{"objective", o.ID}, {"area", area}},
	}
	if b.ages == 0 {
		f.Severity, f.Unknown, f.Lacks = Low, true, c.leftOpen(b.doubt, false)
		f.Subjects = append(f.Subjects, Subject{"service", b.doubt})
	}
	for _, n := range b.needs {
		f.Records = append(f.Records, Evidence{Register: "needs", ID: n.id, Column: "people"})
		f.Facts = append(f.Facts, fmt.Sprintf("need %s %d", n.Ages, n.People))
	}
	if b.ages == 0 {
		f.Facts = append(f.Facts, "perhaps "+b.doubt)
	}
	f.Says = func() (Sentence, []Sentence) {
		var who List
		for _, n := range b.needs {
			who = append(who, people(n.Need))
		}
		name, where := s.objectiveName(o.ID), s.areaName(area)
		because := []Sentence{say("needed-by", "Who", who)}
		if b.ages == 0 {
			return say("no-service.unknown", "Objective", name, "Area", where),
				append(because, say("no-service.perhaps", "Service", s.serviceName(b.doubt), "Year", s.year, "Missing", f.Lacks))
		}
		because = append(because, say("no-service.no-money", "Year", s.year, "Objective", name))
		if !c.agreed(i) {
			because = append(because, say("no-service.not-agreed"))
		}
		return say("no-service", "Objective", name, "Area", where), because
	}
	return f
}

// empty is an agreed objective for which nobody stated a need, and nothing.
func (c *coverage) empty(i int) Finding {
	o, s := c.objectives[i], c.s
	f := Finding{
		ID: fmt.Sprintf("gap/no-service/%s/%s", o.ID, s.year), Kind: Gap, Rule: "no-service", Severity: Medium, Year: s.year,
		Subjects: subjects("objective", o.ID), Records: []Evidence{{Register: "objectives", ID: o.ID, Column: "agreed_on"}}, Facts: []string{"no money"},
	}
	doubt := c.doubts[i]
	if c.maybeAnywhere[i] {
		f.Severity, f.Unknown, f.Lacks, f.Facts = Low, true, c.leftOpen(doubt, true), []string{"perhaps " + doubt}
		f.Subjects = append(f.Subjects, Subject{"service", doubt})
	}
	f.Says = func() (Sentence, []Sentence) {
		var by, on Sentence
		if len(o.AgreedBy) > 0 {
			by = say("agreed.by", "Partners", s.organisationNames(o.AgreedBy))
		}
		if !o.AgreedOn.IsZero() {
			on = say("agreed.on", "Day", o.AgreedOn)
		}
		name := rowOf("objectives", o.ID, o.Name)
		if f.Unknown {
			return say("no-service.anywhere-unknown", "Objective", name), []Sentence{say("agreed", "By", by, "On", on),
				say("no-service.perhaps", "Service", s.serviceName(doubt), "Year", s.year, "Missing", f.Lacks)}
		}
		return say("no-service.anywhere", "Objective", name), []Sentence{say("agreed.no-need", "By", by, "On", on, "Year", s.year)}
	}
	return f
}

func (s *scan) organisationNames(ids []string) (names List) {
	for _, id := range ids {
		name := rowOf("organisations", id, id)
		if o, ok := s.Organisation(id); ok && o.Name != "" {
			name.Text = o.Name
		}
		names = append(names, name)
	}
	return names
}

// people says a need in words; small numbers are not printed.
func people(n commissioning.Need) Sentence {
	var aged, of Sentence
	if n.Ages.Known {
		aged = say("needed.aged", "Ages", n.Ages)
	}
	if n.Year != fiscal.Term {
		of = say("needed.year", "Year", n.Year)
	}
	unit := strings.TrimSpace(n.Unit)
	switch {
	case n.People < 0 && unit == "":
		return say("needed.unknown-people", "Aged", aged, "Of", of)
	case n.People < 0:
		return say("needed.unknown-units", "Unit", unit, "Aged", aged, "Of", of)
	case unit == "":
		return say("needed.people", "Heads", Heads(n.People), "Aged", aged, "Of", of)
	}
	return say("needed.units", "Heads", Heads(n.People), "Unit", unit, "Aged", aged, "Of", of)
}
