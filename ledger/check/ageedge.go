package check

import (
	"fmt"
	"math/bits"

	"braid/commissioning"
	"braid/ledger/sentence"
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
	f.Says = func() (Sentence, []Sentence) {
		var who List
		for _, n := range needs {
			if n.ages&missing != 0 {
				who = append(who, people(n.Need))
			}
		}
		var because []Sentence
		if len(who) > 0 {
			because = append(because, say("needed-by", "Who", who))
		}
		return say("age-edge", "Objective", s.objectiveName(o.ID), "Area", s.areaName(area), "Ages", listed(missing.runs())),
			append(because, say("age-edge.taken", "Ages", listed(sure.runs())))
	}
	return f
}

// words says a set of ages: "0 to 3 and 5 to 13".
func (a ages) words() string { return sentence.English(listed(a.runs())) }

// runs lists the runs of a set of ages.
func (a ages) runs() (runs []commissioning.Ages) {
	for from := 0; from < 64; from++ {
		if a>>from&1 == 0 {
			continue
		}
		to := from
		for to < 63 && a>>(to+1)&1 == 1 {
			to++
		}
		run := commissioning.Ages{From: int8(from), To: int8(to), Known: true}
		if to == 63 {
			run.To = 120 // and over
		}
		runs = append(runs, run)
		from = to
	}
	return runs
}
