package check

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

// anyBook draws a small council: awards that end, go on, or follow one another,
// with figures known or not; services with agreements; money by year, for the
// whole term, or of unknown amount; payments, some beyond what was allocated.
func anyBook(t testing.TB, r *rapid.T) *ledger.Book {
	pick := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(r, what) }
	amount := func(what string) string {
		return pick(what, "", "", "?", "0.01", "33.33", "100", "999.99")
	}
	var b strings.Builder
	b.WriteString("# streams\nid,name,owner,permanence,money,starts,ends,fate,successor,certainty,2026-27,2027-28,amount\n")
	awards := rapid.IntRange(1, 4).Draw(r, "awards")
	for i := range awards {
		successor := ""
		if i > 0 {
			successor = pick("successor", "", fmt.Sprintf("a%d", i-1))
		}
		fmt.Fprintf(&b, "a%d,A%d,Head of finance,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", i, i,
			pick("permanence", "", "base budget", "recurring", "one-off"), pick("money", "", "revenue", "capital"),
			pick("starts", "", "2025-04-01", "2026-04-01"), pick("ends", "", "2027-01-12", "2027-03-31", "2027-08-31", "2028-03-31"),
			pick("fate", "", "stops", "renewed", "unknown"), successor, pick("certainty", "", "confirmed", "announced"),
			amount("figure"), amount("figure"), amount("figure"))
	}
	services := rapid.IntRange(1, 4).Draw(r, "services")
	b.WriteString("# objectives\nid,name\no,O\n# services\nid,name,objectives,statutory,evidence,ends,income,2026-27,2027-28\n")
	for i := range services {
		fmt.Fprintf(&b, "s%d,S%d,%s,%s,%s,%s,%s,%s,%s\n", i, i, pick("objective", "", "o"), pick("statutory", "", "yes"),
			pick("evidence", "", "proven", "untested"), pick("service ends", "", "", "2027-03-31"), pick("income", "", "?", "10"), amount("cost"), amount("cost"))
	}
	b.WriteString("# agreements\nid,service,ends,break_clause,notice_months,lead_months,2026-27,2027-28\n")
	for i := range rapid.IntRange(0, 3).Draw(r, "agreements") {
		fmt.Fprintf(&b, "g%d,s%d,%s,%s,%s,%s,%s,%s\n", i, rapid.IntRange(0, services-1).Draw(r, "service"), pick("agreement ends", "", "2027-03-31", "2028-03-31"),
			pick("break", "", "yes"), pick("notice", "", "0", "3", "24"), pick("lead", "", "1"), amount("value"), amount("value"))
	}
	b.WriteString("# allocations\nid,award,service,state,agreed_on,year,amount\n")
	for i := range rapid.IntRange(0, 8).Draw(r, "allocations") {
		p := amount("allocation")
		if p == "" || p == "0" {
			p = "50"
		}
		fmt.Fprintf(&b, "l%d,a%d,s%d,%s,%s,%s,%s\n", i, rapid.IntRange(0, awards-1).Draw(r, "award"), rapid.IntRange(0, services-1).Draw(r, "service"),
			pick("state", "", "", "proposed"), pick("agreed", "", "2026-05-01", "2027-02-01"), pick("year", "2026-27", "2027-28", "term"), p)
	}
	b.WriteString("# payments\nid,award,service,date,amount\n")
	for i := range rapid.IntRange(0, 3).Draw(r, "payments") {
		fmt.Fprintf(&b, "p%d,a%d,s%d,%s,%s\n", i, rapid.IntRange(0, awards-1).Draw(r, "award"), rapid.IntRange(0, services-1).Draw(r, "service"),
			pick("date", "2026-06-01", "2026-12-31", "2027-02-01"), pick("payment", "20", "400", "-20"))
	}
	text := b.String()
	r.Log(text)
	return ledgertest.Book(t, filled(text))
}

// filled takes out blocks that have headings and no rows.
func filled(text string) string {
	var keep []string
	for block := range strings.SplitSeq("\n"+text, "\n#") {
		if strings.Count(strings.TrimSpace(block), "\n") > 1 {
			keep = append(keep, block)
		}
	}
	return "#" + strings.Join(keep, "\n#")
}

// TestEveryFigureOpens: over any book, each finding's amount is made to the
// penny by its entries and records, its id is its own, and what is unknown says
// what is missing; and the same book gives the same findings.
func TestEveryFigureOpens(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := anyBook(t, r)
		v := b.View(asAt)
		findings := Run(v, DefaultPolicy())
		for problem := range broken(v, findings) {
			r.Error(problem)
		}
		if again := Run(v, DefaultPolicy()); lines(again) != lines(findings) {
			r.Errorf("found\n%s\nand then\n%s", lines(findings), lines(again))
		}
	})
}

// TestBandsOfACliffShareItsMoney: what a service loses on a day, over the bands
// of one kind of money, is its money of the year from awards that end that day:
// no pound is told twice and none is lost.
func TestBandsOfACliffShareItsMoney(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := anyBook(t, r)
		v := b.View(asAt)
		s := newScan(v, DefaultPolicy())
		got, expected := map[string]money.Pence{}, map[string]money.Pence{}
		for _, l := range s.losses() {
			got[l.service+" "+l.date.String()] += l.sum.Pence()
		}
		for _, h := range v.AllHoldings() {
			a, _ := b.Award(b.Name(h.Award))
			last, ends := a.LastDay()
			if !ends || last < asAt || last > asAt.AddMonths(12) {
				continue
			}
			one := !a.Term.From.IsZero() && fiscal.YearOf(a.Term.From) == fiscal.YearOf(last)
			if h.Amount > 0 && (h.Year == fiscal.YearOf(last) || h.Year == fiscal.Term && one) {
				expected[b.Name(h.Service)+" "+last.String()] += h.Amount
			}
		}
		for key, p := range expected {
			if got[key] != p {
				r.Errorf("%s: loses %s, and has %s from what ends", key, got[key], p)
			}
		}
		for key := range got {
			if _, met := expected[key]; !met && got[key] != 0 {
				r.Errorf("%s: loses %s from nothing", key, got[key])
			}
		}
	})
}

// TestQuickReadingsAgree: what is read in one pass, or by number, is what is
// read one by one.
func TestQuickReadingsAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		v := anyBook(t, r).View(asAt)
		s := newScan(v, DefaultPolicy())
		for _, one := range v.NumberedServices() {
			slow, quick := v.AgreementsOf(one.ID), v.AgreementsWith(one.Ref, one.ID)
			if len(slow)+len(quick) > 0 && !reflect.DeepEqual(slow, quick) {
				r.Errorf("agreements of %s are %v, and by number %v", one.ID, slow, quick)
			}
			if got := s.service(one.Ref, one.ID); got.ID != one.ID {
				r.Errorf("service %s read as %s", one.ID, got.ID)
			}
			net := map[split]money.Pence{}
			v.CellsOf(one.Ref, func(_ int, c ledger.LabelledCell) {
				if s.bearsCell(&c, s.year) {
					net[split{objective: c.Objective, area: c.Area, matchFor: c.MatchFor}] += c.Amount
				}
			})
			for _, p := range s.splits(one.Ref, nil) {
				key := split{objective: p.objective, area: p.area, matchFor: p.matchFor}
				if net[key] != p.amount {
					r.Errorf("%s has %s for %v, and %s one by one", one.ID, p.amount, key, net[key])
				}
				delete(net, key)
			}
			for key, p := range net {
				if p > 0 {
					r.Errorf("%s lacks %s for %v", one.ID, p, key)
				}
			}
		}
	})
}

// TestMoreMoneyIsNeverMoreExcess: raising a figure never adds to what an award
// is over-allocated by.
func TestMoreMoneyIsNeverMoreExcess(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := anyBook(t, r)
		before := Summarise(Run(b.View(asAt), DefaultPolicy(), "overcommitment/award"))
		d := b.Draft(ledger.Intent{Author: "test", Reason: "more"})
		for id := range b.Awards {
			if err := d.State(ledger.Record{Register: "figures", ID: "more/" + id, Values: []ledger.Value{{Column: "award", Text: id}, {Column: "year", Text: "2026-27"},
				{Column: "amount", Text: "5000.00"}, {Column: "certainty", Text: "revised"}, {Column: "stated_on", Text: "2027-01-10"}}}, 0); err != nil {
				r.Fatal(err)
			}
		}
		_, b = d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
		after := Summarise(Run(b.View(asAt), DefaultPolicy(), "overcommitment/award"))
		for band, t := range after[Overcommitment]["award"] {
			was := before[Overcommitment]["award"][band]
			if t.Amount.Pence() > 0 && (was.Amount == nil || was.Amount.State() == money.Exact && t.Amount.Pence() > was.Amount.Pence()) {
				r.Errorf("over by %s after more money, %v before", t.Amount, was.Amount)
			}
		}
	})
}
