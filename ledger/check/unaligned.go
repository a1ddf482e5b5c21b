package check

import (
	"fmt"
	"slices"

	"braid/commissioning"
	"braid/ledger"
	"braid/ledger/money"
)

// unaligned finds money and objectives that have lost each other: a service
// that works to no objective, an objective without money, and a stream that
// pays towards an objective it does not work to. An agreed objective with
// nothing at all is no-service's; management and overhead need no objective of
// their own; a stream whose objectives are not recorded says nothing.
//
// Low: the map is to be mended. Medium for a stream, whose funder may ask.
func unaligned(s *scan) []Finding {
	if !s.anyObjective() {
		return s.noObjectives()
	}
	var found []Finding
	type pair struct{ stream, objective string }
	off := map[pair]*astray{}
	for _, service := range s.NumberedServices() {
		ref := service.Ref
		if ref == 0 {
			continue
		}
		labelled, funded := false, false
		s.CellsOf(ref, func(_ int, c ledger.LabelledCell) {
			if !s.bearsCell(&c, s.year) {
				return
			}
			funded = true
			if c.Objective == 0 {
				return
			}
			labelled = true
			e := s.award(c.Award)
			if e == nil || len(e.stream.Objectives) == 0 || s.worksTo(e.stream.Objectives, c.Objective) {
				return
			}
			at := pair{e.stream.ID, s.Name(c.Objective)}
			if off[at] == nil {
				off[at] = &astray{objective: c.Objective}
			}
			off[at].add(ref, c.Award, c.Amount)
		})
		if funded && !labelled && len(service.Objectives) == 0 && service.Role != commissioning.Management && service.Role != commissioning.Overhead {
			found = append(found, s.aimless(service.Service))
		}
	}
	for at, a := range off {
		if a.sum > 0 {
			found = append(found, s.astray(at.stream, at.objective, a))
		}
	}
	return append(found, s.penniless()...)
}

func (s *scan) anyObjective() bool {
	for range s.Objectives {
		return true
	}
	return false
}

// worksTo reports whether an objective lies within those of a stream, or they
// within it: a wider label may mean them.
func (s *scan) worksTo(objectives []string, label ledger.Ref) bool {
	id := s.Name(label)
	for _, o := range objectives {
		if o == id || s.ObjectiveTree().Overlap(id, o) {
			return true
		}
	}
	return false
}

// noObjectives says once that there is nothing to align to.
func (s *scan) noObjectives() []Finding {
	if len(s.AllHoldings()) == 0 {
		return nil
	}
	return []Finding{{
		ID: "gap/unaligned/objectives", Kind: Gap, Rule: "unaligned", Severity: Low, Unknown: true, Lacks: say("lack.objectives"), Facts: []string{"none recorded"},
		Says: func() (Sentence, []Sentence) {
			return say("unaligned.none"), []Sentence{say("unaligned.none-do")}
		},
	}}
}

func (s *scan) aimless(service commissioning.Service) Finding {
	return Finding{
		ID: "gap/unaligned/" + service.ID, Kind: Gap, Rule: "unaligned", Severity: Low, Subjects: subjects("service", service.ID),
		Records: []Evidence{{Register: "services", ID: service.ID, Column: "objectives"}}, Facts: []string{"no objective"},
		Says: func() (Sentence, []Sentence) {
			return say("unaligned.aimless", "Service", named(&service)), []Sentence{say("unaligned.aimless-because")}
		},
	}
}

// astray is money of one stream towards an objective it does not work to.
type astray struct {
	objective ledger.Ref
	services  []ledger.Ref
	awards    []ledger.Ref
	sum       money.Pence
}

func (a *astray) add(service, award ledger.Ref, p money.Pence) {
	a.sum += p
	if !slices.Contains(a.services, service) {
		a.services = append(a.services, service)
	}
	if !slices.Contains(a.awards, award) {
		a.awards = append(a.awards, award)
	}
}

func (s *scan) astray(stream, objective string, a *astray) Finding {
	st, _ := s.Stream(stream)
	f := Finding{
		ID: fmt.Sprintf("gap/unaligned/%s/%s/%s", stream, objective, s.year), Kind: Gap, Rule: "unaligned", Severity: Medium, Amount: total(a.sum), Year: s.year,
		Subjects: []Subject{{"stream", stream}, {"objective", objective}}, Facts: []string{"amount " + a.sum.String()},
		Proof: func() (proof []ledger.Proof) {
			for _, service := range a.services {
				proof = append(proof, s.proofOf(service, func(c *ledger.LabelledCell) bool {
					return c.Objective == a.objective && slices.Contains(a.awards, c.Award) && s.bearsCell(c, s.year)
				})...)
			}
			return proof
		},
	}
	for _, service := range a.services {
		f.Subjects = append(f.Subjects, Subject{"service", s.Name(service)})
	}
	f.Says = func() (Sentence, []Sentence) {
		var works List
		for _, o := range st.Objectives {
			works = append(works, s.objectiveName(o))
		}
		return say("unaligned.astray", "Stream", rowOf("streams", stream, st.Name), "Amount", a.sum, "Objective", s.objectiveName(objective)),
			[]Sentence{say("unaligned.works-to", "Objectives", works)}
	}
	return f
}

// penniless are objectives without money that no-service does not speak of.
func (s *scan) penniless() (found []Finding) {
	c := s.coverage()
	for i, o := range c.objectives {
		if c.sureAnywhere[i] || c.maybeAnywhere[i] || c.nothing(i) || o.Kind == commissioning.AnOutcome || len(s.ObjectiveTree().Children(o.ID)) > 0 {
			continue
		}
		found = append(found, Finding{
			ID: "gap/unaligned/" + o.ID, Kind: Gap, Rule: "unaligned", Severity: Low, Subjects: subjects("objective", o.ID),
			Records: []Evidence{{Register: "objectives", ID: o.ID}}, Facts: []string{"no money"},
			Says: func() (Sentence, []Sentence) {
				return say("unaligned.penniless", "Objective", rowOf("objectives", o.ID, o.Name)), []Sentence{say("unaligned.penniless-because", "Year", s.year)}
			},
		})
	}
	return found
}
