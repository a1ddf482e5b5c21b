package check

import (
	"cmp"
	"slices"
	"strings"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// cliff says what a service loses on a day within the horizon on which awards
// that pay for it end: its money from them in the financial year of that day,
// not made up to a whole year. There are three bands, never added together:
// what stops or of which nobody knows better; what is to be renewed but waits
// for its paper; and what a successor's secured figure reaches.
//
// Severity, where the money stops: high when it is half of the service's money
// or more, or the decision is overdue; else medium. Waiting for renewal: medium
// from half, else low. Succeeded, or of a service that ends by then itself: low.
func cliff(s *scan) []Finding {
	losses := s.losses()
	findings := make([]Finding, 0, len(losses))
	half, _ := money.NewShare(1, 2)
	var id []byte
	for _, l := range losses {
		f := Finding{Kind: Expiry, Rule: "cliff", Band: l.bandName(), Amount: &l.sum, Year: l.year, Date: l.date, Severity: Low}
		id = l.date.Append(append(append(append(id[:0], "expiry/cliff/"...), l.service...), '/'))
		if f.Band != funding.Stopping.String() {
			id = append(append(id, '/'), slug.Replace(f.Band)...)
		}
		f.ID = string(id)
		much := false
		if share, told := shareOf(l.sum, l.whole); told {
			l.share = share
			f.Share, much = &l.share, share.Cmp(half) >= 0
		}
		switch {
		case l.endsItself || l.band == funding.Succeeded:
		case l.band == funding.Stopping && (much || s.decision(l).overdue(s.AsAt)):
			f.Severity = High
		case l.band == funding.Stopping || much:
			f.Severity = Medium
		}
		f.Subjects = make([]Subject, 1, 1+len(l.parts))
		f.Subjects[0] = Subject{"service", l.service}
		for _, p := range l.parts {
			f.Subjects = append(f.Subjects, Subject{"award", p.award.ID})
		}
		f.facts = l.facts
		if l.sum.State() != money.Exact {
			f.Lacks = say("lack.part-of-year", "Awards", l.unsplit(), "Year", l.year)
			f.Unknown = l.sum.State() == money.NotKnown
		}
		f.Says = func() (Sentence, []Sentence) { return l.says(s) }
		f.Proof = func() []ledger.Proof { return l.proof(s) }
		f.Records = l.records()
		findings = append(findings, f)
	}
	return findings
}

// claim is what one ending award pays of one service in the year it ends.
type claim struct {
	award   *ending
	service string
	ref     ledger.Ref
	amount  money.Pence
	unsplit bool           // there is more, and nobody has said how much
	term    money.Pence    // known for the whole term, and not split by year
	covered money.Pence    // as far as a secured successor reaches
	barred  funding.Ruling // why its terms do not, or may not, allow the service
}

// loss is what a service loses on a day, in one band.
type loss struct {
	service    string
	ref        ledger.Ref
	date       fiscal.Date
	year       fiscal.Year
	band       funding.Continuation
	kind       funding.Kind
	parts      []part
	sum, whole money.Sum   // what it loses, and its money of that kind in that year
	share      money.Share // of the whole; nought where it says nothing
	endsItself bool        // the service is to end by then of itself
	board      string      // that decides on the service
}

// part is what one claim brings to a loss: all of it, or what a successor
// reaches, or the rest.
type part struct {
	*claim
	amount money.Pence
}

// lose gives every loss within the horizon, in the order of the services.
func (s *scan) lose() []*loss {
	var all lost
	claims := s.claims()
	s.succeed(claims)
	first := 0 // of the service's losses
	for i := range claims {
		c := &claims[i]
		if i > 0 && claims[i-1].service != c.service {
			first = len(all)
		}
		rest := c.award.follows
		if rest == funding.Succeeded {
			rest = funding.Stopping
			if c.covered > 0 {
				all.add(first, c, funding.Succeeded, c.covered)
			}
		}
		if c.amount > c.covered || c.unsplit {
			all.add(first, c, rest, c.amount-c.covered)
		}
	}
	pass := [2]func(*ending) bool{ofKind(funding.Revenue), ofKind(funding.Capital)}
	for i, l := range all {
		service := s.service(l.ref, l.service)
		l.board, l.endsItself = service.Board, !service.Ends.IsZero() && service.Ends <= l.date
		if i > 0 && all[i-1].service == l.service && all[i-1].year == l.year && all[i-1].kind == l.kind {
			l.whole = all[i-1].whole
		} else {
			l.whole = s.held(l.service, l.ref, l.year, pass[l.kind])
		}
		slices.SortFunc(l.parts, func(a, b part) int {
			if a.amount != b.amount {
				return cmp.Compare(b.amount, a.amount)
			}
			return cmp.Compare(a.award.ID, b.award.ID)
		})
	}
	return all
}

// lost are losses being added up.
type lost []*loss

func (all *lost) add(first int, c *claim, band funding.Continuation, p money.Pence) {
	at := slices.IndexFunc((*all)[first:], func(l *loss) bool {
		return l.date == c.award.last && l.band == band && l.kind == c.award.Money
	})
	if at < 0 {
		at = len(*all) - first
		*all = append(*all, &loss{service: c.service, ref: c.ref, date: c.award.last, year: c.award.year, band: band, kind: c.award.Money, parts: make([]part, 0, 4)})
	}
	l := (*all)[first+at]
	l.parts = append(l.parts, part{c, p})
	l.sum.AddPence(p)
	if c.unsplit && band != funding.Succeeded {
		l.sum.Add(money.Unknown)
	}
}

// claims lists what awards that end within the horizon pay, grouped by service.
func (s *scan) claims() []claim {
	holdings := s.AllHoldings()
	n := 0
	for i := range holdings {
		if e := s.award(holdings[i].Award); e != nil && e.soon {
			n++
		}
	}
	all := make([]claim, 0, n)
	first := 0 // of the service's claims
	last := ledger.Ref(-1)
	for i := range holdings {
		h := &holdings[i]
		if h.Service != last {
			last, first = h.Service, len(all)
		}
		e := s.award(h.Award)
		if e == nil || !e.soon {
			continue
		}
		p, unsplit := e.inYear(h, e.year)
		if p <= 0 && !unsplit {
			continue
		}
		i := first + slices.IndexFunc(all[first:], func(c claim) bool { return c.award == e })
		if i < first {
			i = len(all)
			all = append(all, claim{award: e, service: s.Name(h.Service), ref: h.Service})
		}
		all[i].amount += p
		if unsplit {
			all[i].unsplit = true
			all[i].term += h.Amount
		}
	}
	if len(s.unsized) == 0 {
		return all
	}
	at := make(map[[2]string]int, len(all))
	for i, c := range all {
		at[[2]string{c.service, c.award.ID}] = i
	}
	for service, lines := range s.unsized {
		for _, l := range lines {
			e := s.awards.byID[l.Award]
			if e == nil || !e.soon || !bears(l, e.year) {
				continue
			}
			key := [2]string{service, l.Award}
			i, found := at[key]
			if !found {
				i = len(all)
				at[key] = i
				ref, _ := s.Ref(service)
				all = append(all, claim{award: e, service: service, ref: ref})
			}
			all[i].unsplit = true
		}
	}
	slices.SortStableFunc(all, func(a, b claim) int { return strings.Compare(a.service, b.service) })
	return all
}

// succeed shares the secured figures of successors out among the claims their
// terms allow: to each first what it is already allocated for the year after,
// then what is left of the figure, in proportion to what is still wanted.
func (s *scan) succeed(claims []claim) {
	type pot struct {
		successor string
		year      fiscal.Year
	}
	heirs := map[pot][]*claim{}
	for i := range claims {
		c := &claims[i]
		if c.award.follows != funding.Succeeded || c.amount == 0 {
			continue
		}
		ruling := s.Judge(c.award.Successor, c.service, ledger.Label{}, c.award.next, c.award.last+1)
		if ruling.Verdict != funding.Allowed {
			c.barred = ruling
			continue
		}
		at := pot{c.award.Successor, c.award.next}
		heirs[at] = append(heirs[at], c)
	}
	for at, of := range heirs {
		successor, used := s.Ref(at.successor)
		already := map[ledger.Ref]money.Pence{}
		left := of[0].award.secured
		if used {
			for _, h := range s.AllHoldings() {
				if h.Award == successor && (h.Year == at.year || h.Year == fiscal.Term) {
					already[h.Service] += h.Amount
					left -= h.Amount
				}
			}
		}
		slices.SortFunc(of, func(a, b *claim) int {
			return cmp.Or(strings.Compare(a.service, b.service), strings.Compare(a.award.ID, b.award.ID))
		})
		var wanted money.Pence
		var parts []money.Part
		for _, c := range of {
			c.covered = max(0, min(c.amount, already[c.ref]))
			already[c.ref] -= c.covered
			wanted += c.amount - c.covered
			weight, _ := money.NewShare(int64(c.amount-c.covered), 1)
			parts = append(parts, money.Part{ID: c.service + "/" + c.award.ID, Weight: weight})
		}
		if more, err := money.Apportion(max(0, min(left, wanted)), parts); err == nil {
			for i, c := range of {
				c.covered += more[i]
			}
		}
	}
}

// slug writes a band as part of an id.
var slug = strings.NewReplacer(",", "", " ", "-")

func (l *loss) bandName() string { return banded(l.band.String(), l.kind) }

// facts are one text, a line for each part.
func (l *loss) facts() []string {
	b := make([]byte, 0, 64*(len(l.parts)+1))
	for _, p := range l.parts {
		b = append(append(b, p.award.ID...), ' ')
		b = append(append(p.award.last.Append(b), ' '), p.award.Fate.String()...)
		b = money.AppendPence(append(b, ' '), p.amount)
		if p.unsplit {
			b = append(b, " and more"...)
		}
		if p.award.Successor != "" {
			b = append(append(b, " then "...), p.award.Successor...)
		}
		b = append(b, '\n')
	}
	b = append(append(l.year.Append(b), ' '), l.whole.String()...)
	return []string{string(b)}
}

func (l *loss) unsplit() (names List) {
	for _, p := range l.parts {
		if p.unsplit {
			names = append(names, p.award.named())
		}
	}
	return names
}

// proof lists the entries behind the claims; where a successor divides a claim,
// records() takes off the side that is not this loss.
func (l *loss) proof(s *scan) []ledger.Proof {
	var hs []ledger.Holding
	for _, h := range s.HoldingsOf(l.ref) {
		for _, p := range l.parts {
			if p.award.ref != h.Award || p.amount == 0 {
				continue
			}
			if amount, _ := p.award.inYear(&h, l.year); amount > 0 {
				hs = append(hs, h)
			}
		}
	}
	return s.ProofOfHoldings(hs...)
}

func (l *loss) records() (of []Evidence) {
	for _, p := range l.parts {
		if p.amount != p.claim.amount && p.amount != 0 {
			of = append(of, Evidence{"awards", p.award.Successor, p.award.next.String(), known(p.amount - p.claim.amount)})
		}
	}
	return of
}

func (l *loss) says(s *scan) (title Sentence, because []Sentence) {
	service := s.serviceName(l.service)
	var awards, heirs List
	var barred []Sentence
	unknownFate := false
	for _, p := range l.parts {
		var award any = p.award.named()
		if len(l.parts) > 1 && p.amount > 0 {
			award = say("part", "What", award, "Amount", p.amount)
		}
		awards = append(awards, award)
		unknownFate = unknownFate || p.award.Fate == funding.FateUnknown || p.award.Fate == funding.FateNotStated
		if p.award.follows == funding.Succeeded {
			if heir := (rowOf("awards", p.award.Successor, s.AwardName(p.award.Successor))); !slices.Contains(heirs, any(heir)) {
				heirs = append(heirs, heir)
			}
			if why := say("ruling", "Ruling", p.barred); p.barred.Reason != "" && !slices.ContainsFunc(barred, func(b Sentence) bool { return b.String() == p.barred.Reason }) {
				barred = append(barred, why)
			}
		}
	}
	share, unsized := l.shareOfMoney(), l.sum.State() == money.NotKnown
	because = []Sentence{say("cliff.ends", "Count", len(awards), "Awards", awards, "Day", l.date, "Away", gap(s.AsAt, l.date))}
	switch l.band {
	case funding.Succeeded:
		title = say("cliff.succeeded", "Service", service, "Amount", l.sum, "Heirs", heirs, "Day", l.date)
		because = append(because, say("cliff.reaches", "Heirs", heirs, "Amount", l.sum, "Share", share))
	case funding.Awaited:
		title = say("cliff.awaited", "Service", service, "Amount", l.sum, "Day", l.date)
		if unsized {
			title = say("cliff.awaited.unsized", "Service", service, "Day", l.date)
			because = append(because, say("cliff.no-paper.unsized"))
			break
		}
		because = append(because, say("cliff.no-paper", "Amount", l.sum, "Share", share))
	default:
		title = say("cliff.stops", "Service", service, "Amount", l.sum, "Day", l.date)
		switch {
		case unsized && l.kind == funding.Capital:
			title = say("cliff.stops.unsized-capital", "Service", service, "Day", l.date)
		case unsized:
			title = say("cliff.stops.unsized", "Service", service, "Day", l.date)
		default:
			because = append(because, say("cliff.loses", "Service", service, "Amount", l.sum, "Share", share))
		}
		if unknownFate {
			because = append(because, say("cliff.fate-unknown"))
		}
		if len(heirs) > 0 && len(barred) == 0 {
			because = append(because, say("cliff.short-heir", "Heirs", heirs))
		}
		because = append(because, barred...)
	}
	if unsplit := l.unsplit(); len(unsplit) > 0 && l.band != funding.Succeeded {
		because = append(because, say("cliff.unsplit", "Awards", unsplit, "Year", l.year))
		if term := l.term(); term != 0 {
			because = append(because, say("cliff.term", "Amount", term))
		}
	}
	if l.endsItself {
		because = append(because, say("cliff.ends-itself"))
	}
	return title, because
}

// term is what is known for whole terms and split by nobody.
func (l *loss) term() (sum money.Pence) {
	for _, p := range l.parts {
		sum += p.term
	}
	return sum
}

// shareOfMoney says what share of a service's money goes; nothing where it cannot
// be told.
func (l *loss) shareOfMoney() Sentence {
	all, _ := money.NewShare(1, 1)
	switch capital, whole := l.kind == funding.Capital, l.share == all; {
	case l.share.IsZero():
		return Sentence{}
	case capital && whole:
		return say("cliff.share-of-capital.all")
	case capital:
		return say("cliff.share-of-capital", "Share", l.share)
	case whole:
		return say("cliff.share.all")
	}
	return say("cliff.share", "Share", l.share)
}
