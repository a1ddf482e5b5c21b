package check

import (
	"fmt"
	"slices"
	"strings"

	"braid/commissioning"
)

// underProvided finds needs greater than the capacity funded for them: the full
// capacities of all services with money for the objective, there or in a wider
// area, for some of the ages. A service that also works elsewhere counts whole,
// so that what is found is short on any split. It keeps quiet where nothing
// serves the need at all: that is no-service's.
//
// Medium. Where a capacity is not recorded, or is counted in another unit, it
// cannot be told; that is said once for the year.
func underProvided(s *scan) []Finding {
	c := s.coverage()
	who := c.servers()
	var found []Finding
	silent := map[string]bool{}
	var undecided int
	for i := range c.objectives {
		needs := c.needs[i]
		for first := 0; first < len(needs); {
			last := first
			for last < len(needs) && needs[last].area == needs[first].area {
				last++
			}
			here := needs[first:last]
			first = last
			short, missing := c.shortest(i, here, who)
			switch {
			case short != nil:
				found = append(found, c.tooLittle(i, short))
			case len(missing) > 0:
				undecided++
				for _, id := range missing {
					silent[id] = true
				}
			}
		}
	}
	if undecided > 0 {
		var ids []string
		for id := range silent {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		found = append(found, s.noCapacity(ids, undecided))
	}
	return found
}

// server is a service that serves an objective in an area.
type server struct {
	no      int32
	service *commissioning.Service
	sure    bool
}

// servers lists the services by objective and area, for objectives with needs.
func (c *coverage) servers() map[spot][]server {
	who := map[spot][]server{}
	c.eachServing(func(sv serving) {
		c.reach(sv, func(objective int, area int32, sure bool) {
			if len(c.needs[objective]) == 0 {
				return
			}
			at := spot{int32(objective), area}
			list := who[at]
			if n := len(list); n > 0 && list[n-1].no == sv.no {
				list[n-1].sure = list[n-1].sure || sure
				return
			}
			who[at] = append(list, server{sv.no, sv.service, sure})
		})
	})
	return who
}

// around lists the servers of an objective in an area, in one above and within.
func (c *coverage) around(objective int, area int32, who map[spot][]server) (all []server) {
	met := map[int32]int{}
	note := func(at int32) {
		for _, sv := range who[spot{int32(objective), at}] {
			if i, again := met[sv.no]; again {
				all[i].sure = all[i].sure || sv.sure
				continue
			}
			met[sv.no] = len(all)
			all = append(all, sv)
		}
	}
	note(nowhere)
	for up := c.parents[area]; up >= 0; up = c.parents[up] {
		note(up)
	}
	for at := area; at < c.end(area); at++ {
		note(at)
	}
	return all
}

// shortfall is a need beside the capacity for it.
type shortfall struct {
	needs    []need
	people   int
	capacity int
	servers  []server
}

// shortest tries each need of an area alone, and together those whose ages do
// not overlap, and gives the greatest shortfall that is sure; else the services
// for want of whose capacity it cannot be told.
func (c *coverage) shortest(i int, here []need, who map[spot][]server) (worst *shortfall, missing []string) {
	all := c.around(i, here[0].area, who)
	if len(all) == 0 {
		return nil, nil
	}
	try := func(needs []need) {
		sf := shortfall{needs: needs}
		mask, unit := ages(0), needs[0].Unit
		for _, n := range needs {
			mask |= n.ages
			sf.people += max(n.People, 0)
		}
		var lacking []string
		for _, sv := range all {
			if agesOf(sv.service.Ages)&mask == 0 {
				continue
			}
			if !sv.sure || sv.service.Capacity < 0 || sv.service.PaidElsewhere != "" || !sameUnit(sv.service.Unit, unit) {
				lacking = append(lacking, sv.service.ID)
				continue
			}
			sf.capacity += sv.service.Capacity
			sf.servers = append(sf.servers, sv)
		}
		switch {
		case sf.people <= sf.capacity:
		case len(lacking) > 0:
			missing = append(missing, lacking...)
		case len(sf.servers) > 0 && (worst == nil || sf.people-sf.capacity > worst.people-worst.capacity):
			worst = &sf
		}
	}
	apart, taken := []need{}, ages(0)
	for _, n := range here {
		try([]need{n})
		if n.ages&taken == 0 && sameUnit(n.Unit, here[0].Unit) {
			apart, taken = append(apart, n), taken|n.ages
		}
	}
	if len(apart) > 1 {
		try(apart)
	}
	return worst, missing
}

func sameUnit(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a == "" || b == "" || strings.EqualFold(a, b)
}

func (c *coverage) tooLittle(i int, sf *shortfall) Finding {
	s, o, area := c.s, c.objectives[i], sf.needs[0].Area
	f := Finding{
		ID: fmt.Sprintf("gap/under-provided/%s/%s/%s", o.ID, area, s.year), Kind: Gap, Rule: "under-provided", Severity: Medium, Year: s.year,
		Subjects: []Subject{{"objective", o.ID}, {"area", area}},
	}
	for _, n := range sf.needs {
		f.Records = append(f.Records, Evidence{Register: "needs", ID: n.id, Column: "people"})
		f.Facts = append(f.Facts, fmt.Sprintf("need %s %d", n.Ages, n.People))
	}
	for _, sv := range sf.servers {
		f.Subjects = append(f.Subjects, Subject{"service", sv.service.ID})
		f.Records = append(f.Records, Evidence{Register: "services", ID: sv.service.ID, Column: "capacity"})
		f.Facts = append(f.Facts, fmt.Sprintf("capacity %s %d", sv.service.ID, sv.service.Capacity))
	}
	f.Says = func() (Sentence, []Sentence) {
		var by []Sentence
		var who List
		for _, sv := range sf.servers {
			by = append(by, say("part", "What", named(sv.service), "Amount", Heads(sv.service.Capacity)))
		}
		for _, n := range sf.needs {
			who = append(who, people(n.Need))
		}
		return say("under-provided", "Objective", s.objectiveName(o.ID), "Area", s.areaName(area), "More", Heads(sf.people-sf.capacity)),
			[]Sentence{say("under-provided.served", "Who", who, "Most", Heads(sf.capacity), "Services", firstFew(by))}
	}
	return f
}

// noCapacity says once for how many needs it cannot be told.
func (s *scan) noCapacity(ids []string, needs int) Finding {
	return Finding{
		ID: "gap/under-provided/capacity-not-known/" + s.year.String(), Kind: Gap, Rule: "under-provided", Severity: Low,
		Unknown: true, Lacks: say("lack.capacity"), Year: s.year, Subjects: subjects("service", ids...), Facts: ids,
		Says: func() (Sentence, []Sentence) {
			return say("under-provided.unknown", "Count", needs), []Sentence{say("under-provided.capacity-unknown", "Services", firstFew(s.serviceNames(ids)))}
		},
	}
}
