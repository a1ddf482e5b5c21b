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
		f.Unknown, f.Missing = true, "notice period"
		if d.agreement.ID == "" {
			f.Missing = "agreement and its notice period"
		}
		f.Words = func() (string, string) {
			name := s.ServiceName(l.service)
			return name + ": the last day to decide is not known",
				"Its money ends on " + l.date.Long() + ", " + gap(s.AsAt, l.date) + ". No " + f.Missing + " is recorded. Record it to see by when to decide."
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
			f.Amount, f.Missing = unknown(), "cost for "+l.year.String()
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
	f.Words = func() (string, string) {
		title := s.ServiceName(l.service) + ": decide by " + d.by.Long() + ", " + gap(s.AsAt, d.by)
		because := "Its money ends on " + l.date.Long() + ". " + d.reckoned()
		switch {
		case f.Amount == nil:
		case f.Amount.State() == money.Exact:
			because += " At a cost of " + daily.Exact() + " a day, the delay comes to " + late.Exact() + " so far."
		default:
			because += " What the delay costs is not known: no cost for " + l.year.String() + " is recorded."
		}
		return title, because
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
func (d decision) reckoned() string {
	var off []string
	if d.basis == commissioning.WithNotice {
		off = append(off, plural(d.agreement.NoticeMonths, "month's", "months'")+" notice")
		if d.consultation > 0 {
			off = append(off, days(d.consultation)+" to consult")
		}
		if d.callIn > 0 {
			off = append(off, days(d.callIn)+" for call-in")
		}
	}
	if d.agreement.LeadMonths > 0 {
		off = append(off, plural(d.agreement.LeadMonths, "month", "months")+" to arrange what follows")
	}
	text := "Agreement " + d.agreement.ID + " asks for " + list(off) + "."
	if d.basis == commissioning.LeadTimeOnly {
		text = "Agreement " + d.agreement.ID + " ends by then"
		if len(off) > 0 {
			text += "; allow " + list(off)
		}
		text += "."
	} else if len(off) == 0 {
		text = "Agreement " + d.agreement.ID + " asks for no notice."
	}
	if d.agreement.LeadMonths < 0 {
		text += " Its lead time is not recorded, so the day may be earlier."
	}
	if d.alsoUnstated {
		text += " Another agreement states no notice, so the day may be earlier."
	}
	return text
}
