package check

import (
	"cmp"
	"slices"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// overAward finds awards of which more is allocated or set aside than they
// hold: after a cut, or as found. It stays on the award and is never spread
// over services. Where an award's figure is for the whole term and its
// allocations are by year, or the other way about, the two are taken together.
// An award whose figure nobody knows is unknown.
//
// Severity: high. Unknown, low.
func overAward(s *scan) []Finding {
	var findings []Finding
	for _, e := range s.awards.all {
		var term ledger.Account
		var short, long []ledger.Account // years in the red, and in the black
		for _, a := range s.waiting()[e.ID] {
			switch {
			case a.Board != "":
			case a.Year == fiscal.Term:
				term = a
			case s.BalanceOf(a) < 0:
				short = append(short, a)
			default:
				long = append(long, a)
			}
		}
		add := func(y fiscal.Year, accounts ...ledger.Account) {
			if over := -s.balance(accounts...); over > 0 {
				findings = append(findings, s.overFinding(e, y, accounts, over))
			}
		}
		left := s.balance(term)
		if left > 0 && len(short) > 0 {
			y := short[0].Year
			if len(short) > 1 {
				y = fiscal.Term
			}
			add(y, append(short, term)...)
			continue
		}
		for _, a := range short {
			add(a.Year, a)
		}
		if left < 0 {
			add(fiscal.Term, append(long, term)...)
		}
	}
	return findings
}

func (s *scan) balance(accounts ...ledger.Account) (sum money.Pence) {
	for _, a := range accounts {
		sum += s.BalanceOf(a)
	}
	return sum
}

func (s *scan) overFinding(e *ending, y fiscal.Year, accounts []ledger.Account, over money.Pence) Finding {
	f := Finding{ID: "overcommitment/award/" + e.ID + "/" + y.String(), Kind: Overcommitment, Rule: "award", Band: banded("", e.Money), Severity: High,
		Amount: total(over), Year: y, Subjects: []Subject{{"award", e.ID}}, Facts: []string{"over " + over.String() + " " + y.String()},
		Proof: func() []ledger.Proof { return less(s.ProofOf(accounts...)) }}
	secured, unsecured, isKnown := s.standing(e, y)
	if !isKnown {
		f.Unknown, f.Severity, f.Lacks = true, Low, say("lack.figure-for", "Year", y)
		f.Amount, f.Proof = unknown(), nil
	}
	f.Says = func() (Sentence, []Sentence) {
		if f.Unknown {
			return say("over.unknown", "Award", e.named(), "Year", y), []Sentence{say("over.figure-unknown", "Amount", over, "Missing", f.Lacks)}
		}
		because := []Sentence{say("over.more", "Amount", over, "Year", y)}
		if figure, _ := secured.Amount.Known(); secured.Known && secured.Certainty > funding.Confirmed {
			because = append(because, say("over.figure", "Certainty", coded("certainty", secured.Certainty.String()), "Amount", figure, "Day", secured.Figure.StatedOn))
		}
		if !secured.Known {
			because = append(because, say("over.figure-only", "Certainty", coded("certainty", unsecured.Certainty.String())), say("over.confirm"))
		} else {
			because = append(because, say("over.do"))
		}
		return say("over", "Award", e.named(), "Amount", over, "Year", y), because
	}
	return f
}

// standing gives what stands of an award's figure for a year, or else for its
// whole term, or else for any year of the term. It is not known where nothing
// was ever stated, or an amount was not.
func (s *scan) standing(e *ending, y fiscal.Year) (secured, unsecured funding.Standing, isKnown bool) {
	years := []fiscal.Year{y, fiscal.Term}
	if y == fiscal.Term {
		years = append(years, s.FigureYears(e.ID)...)
	}
	for _, one := range years {
		secured, unsecured = s.Stands(e.ID, one)
		switch {
		case secured.Known && secured.Amount.IsUnknown(), !secured.Known && unsecured.Known && unsecured.Amount.IsUnknown():
			return secured, unsecured, false
		case secured.Known || unsecured.Known:
			return secured, unsecured, true
		}
	}
	return secured, unsecured, false
}

// overBoard finds boards that have decided on more than is set aside for them.
//
// Severity: high.
func overBoard(s *scan) []Finding {
	var findings []Finding
	for _, e := range s.awards.all {
		for _, a := range s.waiting()[e.ID] {
			over := -s.BalanceOf(a)
			if a.Board == "" || over <= 0 {
				continue
			}
			findings = append(findings, Finding{ID: "overcommitment/board/" + a.Board + "/" + e.ID + "/" + a.Year.String(), Kind: Overcommitment, Rule: "board",
				Band: banded("", e.Money), Severity: High, Amount: total(over), Year: a.Year, Subjects: []Subject{{"board", a.Board}, {"award", e.ID}},
				Facts: []string{"over " + over.String()}, Proof: func() []ledger.Proof { return less(s.ProofOf(a)) },
				Says: func() (Sentence, []Sentence) {
					board, _ := s.Board(a.Board)
					return say("over.board", "Board", rowOf("boards", a.Board, board.Name), "Amount", over, "Award", e.named(), "Year", a.Year), []Sentence{say("over.board-do")}
				}})
		}
	}
	return findings
}

// overAgreement finds services whose agreements are worth more in this
// financial year than their income and the money allocated to them. It keeps
// quiet where a value is not stated or another body pays.
//
// Severity: medium. Unknown, low.
func overAgreement(s *scan) []Finding {
	var findings []Finding
	for _, a := range s.Agreements {
		all := s.AgreementsOf(a.Service)
		if all[0].ID != a.ID {
			continue // the service's first agreement answers for all
		}
		service, _ := s.Service(a.Service)
		income, incomeKnown := service.Income.Known()
		f := Finding{ID: "overcommitment/agreement/" + a.Service + "/" + s.year.String(), Kind: Overcommitment, Rule: "agreement", Severity: Medium,
			Year: s.year, Subjects: []Subject{{"service", a.Service}}}
		var worth money.Pence
		for _, one := range all {
			value, stated := one.Value[s.year]
			if p, isKnown := value.Known(); stated && isKnown && one.RunsIn(s.year) {
				worth += p
				f.Subjects = append(f.Subjects, Subject{"agreement", one.ID})
				f.Records = append(f.Records, Evidence{"agreements", one.ID, s.year.String(), known(p)})
			}
		}
		if worth == 0 || service.PaidElsewhere != "" {
			continue
		}
		ref, _ := s.Ref(a.Service)
		has := s.held(a.Service, ref, s.year, anyAward)
		over := worth - income - has.Pence()
		if over <= 0 {
			continue
		}
		f.Facts = []string{"worth " + worth.String() + " income " + service.Income.String() + " has " + has.String()}
		if income != 0 {
			f.Records = append(f.Records, Evidence{"services", a.Service, "income", known(-income)})
		}
		if incomeKnown && has.State() == money.Exact {
			f.Amount = total(over)
			if has.Pence() != 0 {
				f.Proof = func() []ledger.Proof { return less(s.ProofOfHoldings(s.heldBy(ref, s.year, anyAward)...)) }
			}
		} else {
			f.Unknown, f.Severity, f.Amount, f.Records = true, Low, unknown(), nil
			f.Lacks = say("lack.its-part", "Year", s.year)
			if !incomeKnown {
				f.Lacks = say("lack.income")
			}
		}
		f.Says = func() (Sentence, []Sentence) {
			name := s.serviceName(a.Service)
			var in Sentence
			if income > 0 {
				in = say("over.income", "Amount", income)
			}
			because := []Sentence{say("over.worth", "Worth", worth, "Year", s.year, "Has", has, "Income", in)}
			if f.Unknown {
				return say("over.agreements-unknown", "Service", name), append(because, say("record", "Missing", f.Lacks))
			}
			return say("over.agreements", "Service", name, "Amount", over, "Year", s.year), because
		}
		findings = append(findings, f)
	}
	return findings
}

// atRisk finds money of an award bound to a provider, or spent, on a service
// beyond what is allocated to it: committed beyond secured money with an
// approval, or spent as a matter of fact. The two are bands.
//
// Severity: medium while an approval covers it; else high.
func atRisk(s *scan) []Finding {
	var over []ledger.Account
	for a, p := range s.Balances {
		if a.Stage == ledger.Allocated && p < 0 {
			over = append(over, a)
		}
	}
	slices.SortFunc(over, func(a, b ledger.Account) int { return cmp.Compare(a.String(), b.String()) })
	var findings []Finding
	for _, a := range over {
		e := s.awards.byID[a.Award]
		if e == nil {
			continue
		}
		p := -s.BalanceOf(a)
		committed := a
		committed.Stage = ledger.Committed
		f := Finding{ID: "overcommitment/at-risk/" + a.Award + "/" + a.Service + "/" + a.Year.String(), Kind: Overcommitment, Rule: "at-risk",
			Band: banded("spent", e.Money), Severity: High, Amount: total(p), Year: a.Year, Subjects: []Subject{{"award", a.Award}, {"service", a.Service}},
			Proof: func() []ledger.Proof { return less(s.ProofOf(a)) }}
		if a.Board != "" {
			f.ID = "overcommitment/at-risk/" + a.Award + "/" + a.Board + "/" + a.Service + "/" + a.Year.String()
			f.Subjects = append(f.Subjects, Subject{"board", a.Board})
		}
		what := "spent"
		if s.BalanceOf(committed) > 0 {
			f.Band, what = banded("committed", e.Money), "committed"
		}
		approval, covers := s.approval(a, p)
		if covers {
			f.Severity = Medium
		}
		f.Facts = []string{what + " " + p.String(), "approval " + approval.ID + " " + approval.Get("ceiling") + " until " + approval.Get("until")}
		f.Says = func() (Sentence, []Sentence) {
			award := e.named()
			until, _ := fiscal.ParseDate(approval.Get("until"))
			because := []Sentence{coded("at-risk.more", what, "Award", award, "Year", a.Year)}
			switch {
			case approval.ID == "":
				because = append(because, say("at-risk.no-approval"))
			case covers:
				because = append(because, say("at-risk.approved", "By", approval.Get("by"), "Day", until, "Bears", approval.Get("bears_loss")))
			default:
				ceiling, _ := money.ParsePence(approval.Get("ceiling"))
				because = append(because, say("at-risk.not-covered", "Ceiling", Exact(ceiling), "Day", until))
			}
			return coded("at-risk", what, "Service", s.serviceName(a.Service), "Amount", p, "Award", award), because
		}
		findings = append(findings, f)
	}
	return findings
}

// approval gives the approval at risk for an account's award and service that
// covers a sum today, or else the last one that is for them at all.
func (s *scan) approval(a ledger.Account, p money.Pence) (last ledger.Record, covers bool) {
	for _, r := range s.Book.Records("approvals") {
		if r.Get("award") != a.Award || r.Get("service") != "" && r.Get("service") != a.Service {
			continue
		}
		last = r
		until, err := fiscal.ParseDate(r.Get("until"))
		ceiling, err2 := money.ParsePence(r.Get("ceiling"))
		if err == nil && err2 == nil && s.AsAt <= until && p <= ceiling {
			return r, true
		}
	}
	return last, false
}
