package check

import (
	"fmt"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/check/alike"
	"braid/ledger/fiscal"
)

// recordedTwice finds two records that are one thing: awards, services and
// organisations that read nearly the same, in name, text, amount and dates
// (package alike). Awards whose terms do not meet are instalments, renewals or
// successors, and an award is not its own part; services without a place or a
// day in common are two. Services that commissioned-twice speaks of, with money
// on both, are left to it.
//
// Medium for awards, whose money would count twice; else low.
func recordedTwice(s *scan) []Finding {
	records, apart := s.recordable()
	var found []Finding
	for _, p := range alike.Records(records) {
		a, b := records[p.A], records[p.B]
		if a.ID > b.ID {
			a, b = b, a
		}
		if !apart(a, b) {
			found = append(found, s.recordedOne(a, b, p))
		}
	}
	return found
}

// recordable lists the records to compare, and says which pairs are two things.
func (s *scan) recordable() ([]alike.Record, func(a, b alike.Record) bool) {
	var of []alike.Record
	for _, e := range s.awards.all {
		r := alike.Record{Kind: "awards", ID: e.ID, Name: e.stream.Name, Extra: strings.TrimSpace(e.Reference + " " + e.stream.Funder), From: int32(e.Term.From), To: int32(e.Term.To)}
		if r.Name == "" {
			r.Name = e.ID
		}
		for _, y := range []fiscal.Year{s.year, fiscal.Term} {
			if secured, _ := s.Stands(e.ID, y); secured.Known && r.Amount == 0 {
				p, _ := secured.Amount.Known()
				r.Amount = int64(p)
			}
		}
		of = append(of, r)
	}
	services := s.NumberedServices()
	idle := map[string]bool{} // providers with a service that is not paid this year
	many := len(services) > manyServices
	for i := range services {
		if many && !s.paidThisYear(services[i].Ref) {
			idle[services[i].Provider] = true
		}
	}
	for i := range services {
		sv := &services[i]
		if many && !idle[sv.Provider] {
			continue
		}
		r := alike.Record{Kind: "services", ID: sv.ID, Name: sv.Name, Extra: strings.TrimSpace(sv.Description + " " + sv.Provider), From: int32(sv.Starts), To: int32(sv.Ends)}
		p, _ := sv.PlannedCost(s.year).Known()
		r.Amount = int64(p)
		if many {
			r.Kind += "/" + sv.Provider
		}
		of = append(of, r)
	}
	for id, o := range s.Organisations {
		of = append(of, alike.Record{Kind: "organisations", ID: id, Name: o.Name, Extra: o.OrgID})
	}
	for i := range of {
		of[i].Kind += "/" + digits(of[i].Name) // only records of one kind are compared
	}
	return of, func(a, b alike.Record) bool {
		register, _, _ := strings.Cut(a.Kind, "/")
		switch register {
		case "awards":
			x, _ := s.Award(a.ID)
			y, _ := s.Award(b.ID)
			return !x.Term.Overlaps(y.Term) || x.PartOf == y.ID || y.PartOf == x.ID || x.Successor == y.ID || y.Successor == x.ID ||
				x.Money != y.Money || x.Stream == y.Stream && x.Reference != y.Reference || x.Recipient != "" && y.Recipient != "" && x.Recipient != y.Recipient
		case "services":
			return s.servicesApart(a.ID, b.ID)
		}
		x, _ := s.Organisation(a.ID)
		y, _ := s.Organisation(b.ID)
		return x.OrgID != "" && y.OrgID != "" && x.OrgID != y.OrgID
	}
}

// manyServices is from how many on services are compared only with others of
// their provider, of which one at least is not paid this year: what can still be
// found then is nearly all, in a small part of the time.
const manyServices = 5000

// digits joins the figures of a name: Phase 1 is not Phase 2, nor stream 0017
// stream 0018.
func digits(name string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, name)
}

// servicesApart reports whether two services are two things, or a pair of which
// commissioned-twice speaks because both have money this year.
func (s *scan) servicesApart(a, b string) bool {
	x, _ := s.Service(a)
	y, _ := s.Service(b)
	if !fiscal.ThroughTo(x.Starts, x.Ends).Overlaps(fiscal.ThroughTo(y.Starts, y.Ends)) || folded(x.Level) != folded(y.Level) && x.Level != "" && y.Level != "" ||
		x.Ages.Known && y.Ages.Known && x.Ages.Overlap(y.Ages) == 0 || x.Provider != "" && y.Provider != "" && x.Provider != y.Provider {
		return true
	}
	meet := len(x.Areas) == 0 || len(y.Areas) == 0
	for _, m := range x.Areas {
		meet = meet || slices.ContainsFunc(y.Areas, func(n string) bool { return s.AreaTree().Overlap(m, n) })
	}
	m, _ := s.Ref(a)
	n, _ := s.Ref(b)
	return !meet || s.paidThisYear(m) && s.paidThisYear(n)
}

func (s *scan) paidThisYear(service ledger.Ref) bool {
	if service == 0 {
		return false
	}
	for _, h := range s.HoldingsOf(service) {
		if h.Amount >= s.policy.TwiceFloor && (h.Year == s.year || h.Year == fiscal.Term) {
			return true
		}
	}
	return false
}

func (s *scan) recordedOne(a, b alike.Record, p alike.Pair) Finding {
	register, _, _ := strings.Cut(a.Kind, "/")
	kind := strings.TrimSuffix(register, "s")
	f := Finding{
		ID: fmt.Sprintf("duplication/recorded-twice/%s/%s/%s", kind, a.ID, b.ID), Kind: Duplication, Rule: "recorded-twice", Severity: Low, Likeness: p.Score,
		Subjects: subjects(kind, a.ID, b.ID), Records: []Evidence{{Register: register, ID: a.ID}, {Register: register, ID: b.ID}},
	}
	if kind == "award" {
		f.Severity = Medium
	}
	for _, r := range []alike.Record{a, b} {
		f.Facts = append(f.Facts, fmt.Sprintf("%s %s %s %d %s %s", r.ID, r.Name, r.Extra, r.Amount, fiscal.Date(r.From), fiscal.Date(r.To)))
	}
	f.Says = func() (Sentence, []Sentence) {
		name := rowOf(register, a.ID, a.Name)
		if award, _ := s.Award(a.ID); kind == "award" {
			name.Register, name.ID = "streams", award.Stream
		}
		return coded("recorded-twice", kind, "Name", name, "Both", List{a.ID, b.ID}), []Sentence{say("twice.why", "Reasons", Series(listed(p.Reasons)))}
	}
	return f
}
