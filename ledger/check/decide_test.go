package check

import (
	"strings"
	"testing"

	"braid/ledger/ledgertest"
	"braid/seed"
)

// TestDecideByOfTheDemoCouncil: the panels are 12 days late, the play scheme
// has 47 days.
func TestDecideByOfTheDemoCouncil(t *testing.T) {
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	findings := findIn(t, ledgertest.Folder(t, folder), DefaultPolicy(), "expiry/decide-by")
	want(t, findings, `
		expiry/decide-by/family-hubs/2027-03-31 | £29,589 |  | overdue | high
		expiry/decide-by/parenting/2027-03-31 | £16,110 |  | overdue | high
		expiry/decide-by/youth-inclusion/2027-03-31 | £13,151 |  | overdue | high
		expiry/decide-by/young-carers/2027-03-31 | £9,205 |  | overdue | high
		expiry/decide-by/play-holiday/2027-03-31 |  |  | due | medium`)
	late, due := findings[2], findings[4]
	if title := late.Title(); title != "Youth inclusion panels: decide by 31 December 2026, 12 days late" {
		t.Error(title)
	}
	// £400,000 over 365 days is £1,095.89 a day, and 12 of them £13,150.68
	if because := late.Because(); because != "Its money ends on 31 March 2027. Agreement youth-inclusion-agreement asks for 3 months' notice. "+
		"At a cost of £1,095.89 a day, the delay comes to £13,150.68 so far." {
		t.Error(because)
	}
	if title := due.Title(); title != "Play and holiday scheme: decide by 28 February 2027, in 47 days" || due.Date.String() != "2027-02-28" {
		t.Error(title, due.Date)
	}
}

func TestDecideBy(t *testing.T) {
	const money = `
		# streams
		id,name,ends,2026-27
		a,A,2027-06-30,100
		b,B,2027-03-31,100
		# boards
		id,name,call_in_days
		north,North,10
		# services
		id,name,board,ends,2026-27
		x,X,north,,3650
		y,Y,,2027-03-31,
		# allocations
		award,service,2026-27
		b,x,50
		b,y,50`
	for _, c := range []struct{ name, agreements, want, date string }{
		{"no agreement", ``, `expiry/decide-by/x/2027-03-31 |  |  |  | low | unknown: agreement with a notice period`, ""},
		{"no notice period", `
			id,service,ends,notice_months
			g,x,2028-03-31,`, `expiry/decide-by/x/2027-03-31 |  |  |  | low | unknown: notice period`, ""},
		{"notice of two months, ten days for call-in", `
			id,service,ends,notice_months,lead_months
			g,x,2028-03-31,2,0`, `expiry/decide-by/x/2027-03-31 |  |  | due | medium`, "2027-01-21"},
		{"and a month to arrange what follows: 22 days late at £10 a day", `
			id,service,ends,notice_months,lead_months
			g,x,2028-03-31,2,1`, `expiry/decide-by/x/2027-03-31 | £220 |  | overdue | high`, "2026-12-21"},
		{"an agreement that ends by then asks for its lead time only", `
			id,service,ends,notice_months,lead_months
			g,x,2027-03-31,6,1`, `expiry/decide-by/x/2027-03-31 |  |  | due | medium`, "2027-02-28"},
		{"the strictest of several, though another does not say", `
			id,service,starts,ends,notice_months,lead_months
			over,x,2020-04-01,2026-12-31,24,6
			later,x,2027-04-01,2028-03-31,24,0
			unsaid,x,2026-04-01,2028-03-31,,0
			one,x,2026-04-01,2028-03-31,1,0
			two,x,2026-04-01,2028-03-31,2,0`, `expiry/decide-by/x/2027-03-31 |  |  | due | medium`, "2027-01-21"},
		{"an agreement that ends by then, its lead time not recorded", `
			id,service,ends,notice_months,lead_months
			g,x,2027-03-31,0,`, `expiry/decide-by/x/2027-03-31 |  |  | due | medium`, "2027-03-31"},
		{"two months' notice and the ten days: on the very day it is not late", `
			id,service,ends,notice_months,lead_months
			g,z,2028-03-31,2,0`, `
			expiry/decide-by/z/2027-03-22 |  |  | due | medium
			expiry/decide-by/x/2027-03-31 |  |  |  | low | unknown: agreement with a notice period`, "2027-01-12"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := money
			if strings.Contains(c.agreements, "g,z") {
				book += "\n# streams\nid,name,ends,2026-27\nc,C,2027-03-22,100\n# services\nid,name,board\nz,Z,north\n# allocations\naward,service,2026-27\nc,z,50"
			}
			if c.agreements != "" {
				book += "\n# agreements\n" + c.agreements
			}
			findings := find(t, book, "expiry/decide-by")
			want(t, findings, c.want) // y ends of itself: there is nothing to decide
			if len(findings) > 0 && findings[0].Date.String() != c.date {
				t.Errorf("decide by %s, want %s", findings[0].Date, c.date)
			}
		})
	}
}

// TestDecideByFacts: the days that pass do not wake a judgement; a new notice
// period does.
func TestDecideByFacts(t *testing.T) {
	book := func(notice string) []Finding {
		return find(t, `
			# streams
			id,name,ends,2026-27
			a,A,2027-03-31,100
			# services
			id,name,2026-27
			x,X,100
			# agreements
			id,service,ends,notice_months
			g,x,2028-03-31,`+notice+`
			# allocations
			award,service,2026-27
			a,x,50`, "expiry/decide-by")
	}
	three, again, four := book("3"), book("3"), book("4")
	if three[0].FactsHash() != again[0].FactsHash() {
		t.Error("the same facts have two fingerprints")
	}
	if three[0].FactsHash() == four[0].FactsHash() {
		t.Error("a new notice period leaves the fingerprint as it was")
	}
}
