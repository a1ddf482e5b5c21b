package check

import (
	"strconv"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// decideBy gives, for each service with a cliff that no secured successor
// meets, the last day on which what happens to it is still a free choice: the
// day its money ends, less notice, consultation, call-in and lead time. A
// decision that is late costs the service's daily cost for each day.
//
// Severity: overdue, high; due within 90 days, medium; else low. Unknown, low.
func decideBy(s *scan) []Finding {
	var findings []Finding
	losses := s.losses()
	for i, l := range losses {
		// a service's losses stand together: one decision for each day
		told := false
		for j := i - 1; j >= 0 && losses[j].service == l.service; j-- {
			told = told || losses[j].date == l.date && losses[j].band != funding.Succeeded
		}
		if told || l.endsItself || l.band == funding.Succeeded {
			continue
		}
		findings = append(findings, s.decideOne(l))
	}
	return findings
}

func (s *scan) decideOne(l *loss) Finding {
	d := s.decision(l)
	f := Finding{ID: "expiry/decide-by/" + l.service + "/" + l.date.String(), Kind: Expiry, Rule: "decide-by", Severity: Low,
		Year: l.year, Date: d.by, Subjects: []Subject{{"service", l.service}}, Facts: d.facts(l.date)}
	if d.agreement.ID != "" {
		f.Subjects = append(f.Subjects, Subject{"agreement", d.agreement.ID})
	}
	if d.by.IsZero() {
		f.Unknown, f.Lacks = true, say("lack.notice")
		if d.agreement.ID == "" {
			f.Lacks = say("lack.agreement")
		}
		f.Says = func() (Sentence, []Sentence) {
			return say("decide-by.unknown", "Service", s.serviceName(l.service)), []Sentence{
				say("decide-by.ends-away", "Day", l.date, "Away", gap(s.AsAt, l.date)), say("decide-by.not-recorded", "Missing", f.Lacks)}
		}
		return f
	}
	var daily, late money.Pence
	service, _ := s.Service(l.service)
	cost, costKnown := service.NetCost(l.year).Known()
	if d.overdue(s.AsAt) {
		f.Severity, f.Band = High, "overdue"
		f.Facts = append(f.Facts, "cost "+service.NetCost(l.year).String())
		daily = dailyCost(cost)
		var err error
		if late, err = daily.Times(int64(s.AsAt - d.by)); err != nil || !costKnown {
			f.Amount, f.Lacks = unknown(), say("lack.cost", "Year", l.year)
		} else {
			f.Amount = total(late)
			f.Records = []Evidence{{"services", l.service, l.year.String(), known(late)}}
		}
	} else {
		f.Band = "due"
		if d.by-s.AsAt <= 90 {
			f.Severity = Medium
		}
	}
	f.Says = func() (Sentence, []Sentence) {
		because := append([]Sentence{say("decide-by.ends", "Day", l.date)}, d.reckoned()...)
		switch {
		case f.Amount == nil:
		case f.Amount.State() == money.Exact:
			because = append(because, say("decide-by.delay", "Daily", Exact(daily), "Late", Exact(late)))
		default:
			because = append(because, say("decide-by.delay-unknown", "Year", l.year))
		}
		return say("decide-by", "Service", s.serviceName(l.service), "Day", d.by, "Away", gap(s.AsAt, d.by)), because
	}
	return f
}

// dailyCost is a year's cost over 365 days, rounded to the penny, half up.
func dailyCost(year money.Pence) money.Pence {
	day, _ := money.NewShare(1, 365)
	return day.Of(year)
}

// decision is by when, and by which agreement, a service must be decided on.
type decision struct {
	by           fiscal.Date // 0: not known
	basis        commissioning.Basis
	agreement    commissioning.Agreement
	consultation int
	callIn       int
	alsoUnstated bool // another agreement states no notice, so the day may be earlier
}

// decision gives the earliest day that the agreements running when the money
// ends allow. Agreements already over bind nobody.
func (s *scan) decision(l *loss) decision {
	d := decision{consultation: s.policy.ConsultationDays}
	if l.board != "" {
		board, _ := s.Board(l.board)
		d.callIn = board.CallInDays
	}
	agreements := s.AgreementsWith(l.ref, l.service)
	for i := range agreements {
		a := &agreements[i]
		if !a.Ends.IsZero() && a.Ends < s.AsAt || a.Starts > l.date {
			continue
		}
		by, basis := a.DecideBy(l.date, d.consultation, d.callIn)
		switch {
		case basis == commissioning.NoticeNotStated:
			d.alsoUnstated = d.alsoUnstated || d.agreement.ID != ""
			if d.agreement.ID == "" {
				d.agreement = *a
			}
		case d.by.IsZero() || by < d.by:
			d.alsoUnstated = d.alsoUnstated || d.by.IsZero() && d.agreement.ID != ""
			d.by, d.basis, d.agreement = by, basis, *a
		}
	}
	return d
}

func (d decision) overdue(today fiscal.Date) bool { return !d.by.IsZero() && d.by < today }

func (d decision) facts(ends fiscal.Date) []string {
	return []string{
		"money ends " + ends.String(),
		"agreement " + d.agreement.ID + " ends " + d.agreement.Ends.String() + " notice " + strconv.Itoa(d.agreement.NoticeMonths) + " lead " + strconv.Itoa(d.agreement.LeadMonths),
		"consultation " + strconv.Itoa(d.consultation) + " call-in " + strconv.Itoa(d.callIn),
	}
}

// reckoned says what the day was reckoned from.
func (d decision) reckoned() []Sentence {
	var off List
	if d.basis == commissioning.WithNotice {
		off = append(off, say("reckoned.notice", "Count", d.agreement.NoticeMonths))
		if d.consultation > 0 {
			off = append(off, say("reckoned.consult", "Count", d.consultation))
		}
		if d.callIn > 0 {
			off = append(off, say("reckoned.call-in", "Count", d.callIn))
		}
	}
	if d.agreement.LeadMonths > 0 {
		off = append(off, say("reckoned.lead", "Count", d.agreement.LeadMonths))
	}
	code := "reckoned.asks"
	switch {
	case d.basis == commissioning.LeadTimeOnly && len(off) > 0:
		code = "reckoned.ends-allow"
	case d.basis == commissioning.LeadTimeOnly:
		code = "reckoned.ends"
	case len(off) == 0:
		code = "reckoned.no-notice"
	}
	from := []Sentence{say(code, "Agreement", d.agreement.ID, "Off", off)}
	if d.agreement.LeadMonths < 0 {
		from = append(from, say("reckoned.lead-unknown"))
	}
	if d.alsoUnstated {
		from = append(from, say("reckoned.another"))
	}
	return from
}
