package check

import (
	"fmt"
	"slices"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// underFunded finds services whose planned cost, net of income, exceeds the
// secured money put on them: this financial year, and later ones that begin
// within the horizon. Money of other certainties is named beside it and never
// netted. What a cliff already says keeps quiet here: a later year that is
// short only because awards end before it. A cost not recorded says nothing.
//
// High for this year, medium for later ones. Money whose certainty nobody
// stated makes it unknown, said once for each award and year.
func underFunded(s *scan) []Finding {
	all := s.NumberedServices()
	var found []Finding
	var short []*shortage
	years := []fiscal.Year{s.year}
	for y := s.year + 1; y.Start() <= s.AsAt.AddMonths(s.policy.HorizonMonths); y++ {
		years = append(years, y)
	}
	sure := map[fiscal.Year]*sureness{}
	for _, y := range years {
		sure[y] = s.sureness(y)
	}
	doubtful := map[doubt]bool{}
	for i := range all {
		service, ref := &all[i].Service, all[i].Ref
		for _, y := range years {
			cost, isKnown := service.NetCost(y).Known()
			if !isKnown || cost <= 0 {
				continue
			}
			b := s.backing(ref, service.ID, y, sure[y])
			lacks := cost - b.secured
			switch {
			case lacks <= 0 || y > s.year && lacks <= b.ended:
			case lacks <= b.unstated:
				for _, award := range b.doubtful {
					doubtful[doubt{award, y}] = true
				}
			case b.unsized || lacks <= b.unsplit+b.unstated:
				found = append(found, s.perhapsShort(service, y, &b))
			default:
				short = append(short, &shortage{backing: b, service: service, ref: ref, year: y, sure: sure[y], cost: cost})
			}
		}
	}
	found = slices.Grow(found, len(short)+len(doubtful))
	for _, sh := range short {
		found = append(found, sh.finding(s))
	}
	for d := range doubtful {
		found = append(found, s.doubted(d))
	}
	return found
}

// backing is what stands behind a service in a year.
type backing struct {
	secured  money.Pence // on it, from secured money
	other    money.Pence // on it, from money less certain
	unstated money.Pence // on it, from awards whose certainty nobody stated
	unsplit  money.Pence // on it for a whole term, part of which may be this year's
	ended    money.Pence // on it the year before, from awards that end before this one: cliffs
	unsized  bool        // allocations of unknown amount
	kind     funding.Kind
	doubtful []ledger.Ref
}

func (s *scan) backing(ref ledger.Ref, id string, y fiscal.Year, sure *sureness) backing {
	var b backing
	var hs []ledger.Holding
	if ref != 0 {
		hs = s.HoldingsOf(ref)
	}
	b.kind = s.kindOf(hs, y)
	for i := range hs {
		h := &hs[i]
		e := s.award(h.Award)
		if e == nil || e.Money != b.kind {
			continue
		}
		if h.Year == y-1 && e.soon && e.last < y.Start() {
			b.ended += h.Amount
		}
		p, unsplit := e.inYear(h, y)
		if unsplit {
			b.unsplit += h.Amount
		}
		if p == 0 {
			continue
		}
		switch sure.of[h.Award] {
		case secured:
			b.secured += p
		case unsecured:
			b.other += p
		default:
			b.unstated += p
			b.doubtful = append(b.doubtful, h.Award)
		}
	}
	for _, l := range s.unsized[id] {
		b.unsized = b.unsized || bears(l, y)
	}
	return b
}

// kindOf is capital where only capital pays for a service in a year.
func (s *scan) kindOf(hs []ledger.Holding, y fiscal.Year) funding.Kind {
	kind := funding.Revenue
	for i := range hs {
		e := s.award(hs[i].Award)
		if e == nil {
			continue
		}
		if p, _ := e.inYear(&hs[i], y); p > 0 {
			if e.Money == funding.Revenue {
				return funding.Revenue
			}
			kind = funding.Capital
		}
	}
	return kind
}

// assurance is how an award's figure stands in a year.
type assurance uint8

const (
	notStated assurance = iota
	secured
	unsecured
)

// sureness is the assurance of each award, by number, in one year.
type sureness struct {
	word string // the year, as printed
	of   []assurance
}

func (s *scan) sureness(y fiscal.Year) *sureness {
	x := &sureness{word: y.String(), of: make([]assurance, len(s.awards.byNo))}
	for ref, e := range s.awards.byNo {
		if e != nil {
			x.of[ref] = s.assurance(e.ID, y)
		}
	}
	return x
}

func (s *scan) assurance(award string, year fiscal.Year) assurance {
	answer := notStated
	for _, y := range []fiscal.Year{year, fiscal.Term} {
		sec, uns := s.Stands(award, y)
		switch {
		case sec.Known:
			return secured
		case uns.Known && uns.Certainty != funding.CertaintyNotStated:
			answer = unsecured
		}
	}
	return answer
}

// shortage is a service that is short in a year. Findings are made for tens of
// thousands of them, so what they hold lies together.
type shortage struct {
	backing
	service  *commissioning.Service
	ref      ledger.Ref
	year     fiscal.Year
	sure     *sureness // of that year
	cost     money.Pence
	amount   money.Sum
	share    money.Share
	subjects [1]Subject
	records  [1]Evidence
	part     money.Amount
}

func (sh *shortage) finding(s *scan) Finding {
	sh.amount.AddPence(sh.cost - sh.secured - sh.unsplit - sh.unstated)
	if sh.unsplit+sh.unstated != 0 {
		sh.amount.Add(money.Unknown)
	}
	sh.subjects[0] = Subject{"service", sh.service.ID}
	severity := High
	if sh.year > s.year {
		severity = Medium
	}
	f := Finding{
		ID: "gap/under-funded/" + sh.service.ID + "/" + sh.sure.word, Kind: Gap, Rule: "under-funded", Severity: severity, Amount: &sh.amount, Year: sh.year,
		Subjects: sh.subjects[:], facts: sh.facts, Records: sh.costs(), Proof: func() []ledger.Proof { return sh.proof(s) }, Says: sh.says,
	}
	var ok bool
	if sh.share, ok = shareOf(sh.amount, *total(sh.cost)); ok {
		f.Share = &sh.share
	}
	return f
}

func (sh *shortage) facts() []string {
	return []string{fmt.Sprintf("cost %s, %s, %s, %s", sh.cost, sh.secured, sh.unsplit, sh.unstated)}
}

// costs are the records that make the net cost.
func (sh *shortage) costs() []Evidence {
	cost, _ := sh.service.PlannedCost(sh.year).Known()
	sh.part = money.Known(cost)
	sh.records[0] = Evidence{"services", sh.service.ID, sh.sure.word, &sh.part}
	if income, _ := sh.service.Income.Known(); income != 0 {
		return append(sh.records[:], Evidence{"services", sh.service.ID, "income", known(-income)})
	}
	return sh.records[:]
}

func (sh *shortage) proof(s *scan) []ledger.Proof {
	var hs []ledger.Holding
	if sh.ref == 0 {
		return nil
	}
	for _, h := range s.HoldingsOf(sh.ref) {
		e := s.award(h.Award)
		if e == nil || e.Money != sh.kind {
			continue
		}
		if p, unsplit := e.inYear(&h, sh.year); unsplit || p != 0 && sh.sure.of[h.Award] != unsecured {
			hs = append(hs, h)
		}
	}
	return less(s.ProofOfHoldings(hs...))
}

func (sh *shortage) says() (Sentence, []Sentence) {
	because := []Sentence{say("under-funded.cost", "Cost", sh.cost, "Secured", sh.secured)}
	for _, also := range []struct {
		code   string
		amount money.Pence
	}{{"under-funded.other", sh.other}, {"under-funded.unstated", sh.unstated}, {"under-funded.unsplit", sh.unsplit}, {"under-funded.ended", sh.ended}} {
		if also.amount > 0 {
			because = append(because, say(also.code, "Amount", also.amount))
		}
	}
	return say("under-funded", "Service", named(sh.service), "Amount", sh.amount, "Year", sh.year), because
}

// perhapsShort is a service that may be short: what is on it is not all known.
func (s *scan) perhapsShort(service *commissioning.Service, y fiscal.Year, b *backing) Finding {
	missing, why := say("lack.allocated-to", "Service", named(service)), say("under-funded.no-amount")
	if !b.unsized {
		missing, why = say("lack.term-split"), say("under-funded.not-split", "Amount", b.unsplit)
	}
	return Finding{
		ID: "gap/under-funded/" + service.ID + "/" + y.String(), Kind: Gap, Rule: "under-funded", Severity: Low, Unknown: true, Lacks: missing,
		Year: y, Subjects: subjects("service", service.ID), Facts: []string{"cost " + service.NetCost(y).String(), "secured " + b.secured.String(), missing.String()},
		Says: func() (Sentence, []Sentence) {
			cost, _ := service.NetCost(y).Known()
			return say("under-funded.unknown", "Service", named(service), "Year", y),
				[]Sentence{say("under-funded.perhaps", "Cost", cost, "Secured", b.secured, "Why", why)}
		},
	}
}

type doubt struct {
	award ledger.Ref
	year  fiscal.Year
}

func (s *scan) doubted(d doubt) Finding {
	id := s.Name(d.award)
	return Finding{
		ID: "gap/under-funded/certainty/" + id + "/" + d.year.String(), Kind: Gap, Rule: "under-funded", Severity: Low, Unknown: true, Lacks: say("lack.certainty", "Year", d.year),
		Year: d.year, Subjects: subjects("award", id), Facts: []string{"certainty not stated"},
		Says: func() (Sentence, []Sentence) {
			return say("under-funded.doubt", "Award", rowOf("awards", id, s.AwardName(id)), "Year", d.year), []Sentence{say("under-funded.doubt-because")}
		},
	}
}
