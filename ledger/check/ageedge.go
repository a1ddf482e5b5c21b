package check

import (
	"fmt"
	"math/bits"
	"strconv"
)

// ageEdge finds ages that fall between services: a need includes them and
// something serves its other ages there (5 to 13 beside under 4 leaves age 4).
// Of an agreed objective without a need it finds the ages between those served.
// A service whose ages are not known, or whose money is not split, may serve
// them: then it keeps quiet, as it does where nothing is served at all.
//
// Medium; low where no need says that anybody of those ages is there.
func ageEdge(s *scan) []Finding {
	c := s.coverage()
	var found []Finding
	for i := range c.objectives {
		if c.served[i] == nil {
			continue
		}
		if len(c.needs[i]) == 0 {
			found = append(found, c.between(i)...)
			continue
		}
		needs := c.needs[i]
		for first := 0; first < len(needs); {
			last, missing := first, ages(0)
			sure, maybe, _ := c.at(i, needs[first].area)
			for ; last < len(needs) && needs[last].area == needs[first].area; last++ {
				if n := &needs[last]; n.Ages.Known && n.ages&sure != 0 {
					missing |= n.ages &^ (sure | maybe)
				}
			}
			if missing != 0 {
				found = append(found, c.edge(i, needs[first].Area, missing, sure, needs[first:last]))
			}
			first = last
		}
	}
	return found
}

// between looks at an objective that nobody stated a need for, in each area
// that money names, the widest first.
func (c *coverage) between(i int) (found []Finding) {
	said := map[int32]ages{}
	for at := range c.parents {
		area := int32(at)
		if c.served[i].sure[area] == 0 {
			continue
		}
		sure, maybe, _ := c.at(i, area)
		whole := everyAge << bits.TrailingZeros64(uint64(sure)) & (everyAge >> bits.LeadingZeros64(uint64(sure)))
		missing := whole &^ (sure | maybe)
		for up := c.parents[area]; up >= 0; up = c.parents[up] {
			missing &^= said[up]
		}
		if missing == 0 {
			continue
		}
		said[area] = missing
		found = append(found, c.edge(i, c.areaIDs[area], missing, sure, nil))
	}
	return found
}

func (c *coverage) edge(i int, area string, missing, sure ages, needs []need) Finding {
	s, o := c.s, c.objectives[i]
	f := Finding{
		ID: fmt.Sprintf("gap/age-edge/%s/%s/%s", o.ID, area, s.year), Kind: Gap, Rule: "age-edge", Severity: Medium, Year: s.year,
		Subjects: []Subject{{"objective", o.ID}, {"area", area}}, Facts: []string{"ages " + missing.words()},
	}
	if len(needs) == 0 {
		f.Severity = Low
		f.Records = []Evidence{{Register: "objectives", ID: o.ID}}
	}
	for _, n := range needs {
		if n.ages&missing != 0 {
			f.Records = append(f.Records, Evidence{Register: "needs", ID: n.id, Column: "ages"})
			f.Facts = append(f.Facts, fmt.Sprintf("need %s %d", n.Ages, n.People))
		}
	}
	f.Words = func() (string, string) {
		because := fmt.Sprintf("Services there take ages %s.", sure.words())
		var who []string
		for _, n := range needs {
			if n.ages&missing != 0 {
				who = append(who, people(n.Need))
			}
		}
		if len(who) > 0 {
			because = fmt.Sprintf("Needed by %s. ", list(who)) + because
		}
		return fmt.Sprintf("%s in %s: nothing for age %s", s.objectiveName(o.ID), s.areaName(area), missing.words()), because
	}
	return f
}

// words lists the runs of a set of ages: "0 to 3 and 5 to 13".
func (a ages) words() string {
	var runs []string
	for from := 0; from < 64; from++ {
		if a>>from&1 == 0 {
			continue
		}
		to := from
		for to < 63 && a>>(to+1)&1 == 1 {
			to++
		}
		switch {
		case to == 63:
			runs = append(runs, strconv.Itoa(from)+" and over")
		case from == to:
			runs = append(runs, strconv.Itoa(from))
		default:
			runs = append(runs, fmt.Sprintf("%d to %d", from, to))
		}
		from = to
	}
	return list(runs)
}
