package ledger

import (
	"errors"
	"strings"
	"testing"
	"time"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// record makes a record of column, text, column, text …
func record(register, id string, cells ...string) Record {
	r := Record{Register: register, ID: id}
	for i := 0; i < len(cells); i += 2 {
		r.Values = append(r.Values, Value{cells[i], cells[i+1]})
	}
	return r
}

var posted = time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC)

// small is a book with one award of £900 and two services.
func small(t *testing.T) *Book {
	t.Helper()
	d := Empty().Draft(Intent{Author: "test", Reason: "test"})
	err := d.Put(
		record("streams", "cf", "name", "Children's Fund", "permanence", "multi-year"),
		record("awards", "cf", "stream", "cf", "starts", "2024-04-01", "ends", "2027-03-31"),
		record("services", "hubs", "name", "Family support hubs", "2026-27", "900.00"),
		record("services", "panels", "name", "Youth inclusion panels", "2026-27", "400.00"),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.State(record("figures", "cf/2026-27", "award", "cf", "year", "2026-27", "amount", "900.00", "certainty", "confirmed", "stated_on", "2026-02-01"), 0); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	return b
}

func on(iso string) fiscal.Date { return fiscal.MustDate(iso) }

const y26 = fiscal.Year(2026)

func TestAllocateRefusesAPennyTooMuch(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 500_00, Line: "a1", Effective: on("2026-04-01")}); err != nil {
		t.Fatal(err)
	}
	err := d.Allocate("cf", "panels", "", y26, Move{Amount: 400_01, Line: "a2", Effective: on("2026-04-01")})
	var short *Short
	if !errors.As(err, &short) || short.Over() != 1 {
		t.Fatalf("a penny too much: got %v", err)
	}
	if want := "this is £0.01 more than Children's Fund has left for 2026-27; enter £400.00 or less"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if err := d.Allocate("cf", "panels", "", y26, Move{Amount: 400_00, Line: "a2", Effective: on("2026-04-01")}); err != nil {
		t.Fatalf("exactly what is left: %v", err)
	}
}

func TestACutIsAFactAndStopsFurtherDecisions(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 900_00, Line: "a1", Effective: on("2026-04-01")}); err != nil {
		t.Fatal(err)
	}
	if err := d.State(record("figures", "cut", "award", "cf", "year", "2026-27", "amount", "880.00", "certainty", "revised", "stated_on", "2026-09-01"), 0); err != nil {
		t.Fatalf("a cut is a fact: %v", err)
	}
	if err := d.Allocate("cf", "panels", "", y26, Move{Amount: 1, Line: "a2", Effective: on("2026-10-01")}); err == nil {
		t.Error("a decision deepened the hole")
	}
	_, b := d.Seal(posted)
	for date, left := range map[string]money.Pence{"2026-08-31": 0, "2026-09-01": -20_00} {
		p := b.View(on(date)).Position([]Dimension{ByStream}, nil)
		if got := p.Rows[0].Sums[LeftOf].Pence(); got != left {
			t.Errorf("left as at %s: got %s, want %s", date, got, left)
		}
	}
	if err := b.CheckBalances(); err != nil {
		t.Error(err)
	}
}

func TestLoadingGivesTheSameBook(t *testing.T) {
	b := small(t)
	d := b.Draft(Intent{Author: "test", Reason: "plan"})
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 900_00, Line: "a1", Effective: on("2026-04-01"), Label: Label{Objective: "", Area: ""}}); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	d = b.Draft(Intent{Author: "test", Reason: "mistake"})
	if err := d.Reverse(EntryID{2, 1}, on("2026-05-01")); err != nil {
		t.Fatal(err)
	}
	_, b = d.Seal(posted)
	again, err := b.At(2)
	if err != nil {
		t.Fatal(err)
	}
	if _, want := b.Head(2); again.Hash() != want {
		t.Errorf("the book known at 2 has hash %s, want %s", again.Hash(), want)
	}
	replay(t, b)
}

func TestTermsAreCheckedAtEveryDecision(t *testing.T) {
	start := func(more ...Record) *Draft {
		d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
		if err := d.Put(append([]Record{
			record("services", "teens", "name", "Teens", "ages", "14-19"),
			record("services", "any", "name", "Ages not recorded"),
			record("services", "small", "name", "Small", "ages", "5-9"),
			record("terms", "cf-ages", "stream", "cf", "rule", "ages", "value", "5-13", "clause", "children aged 5 to 13"),
		}, more...)...); err != nil {
			t.Fatal(err)
		}
		return d
	}
	m := Move{Amount: 100, Line: "a", Effective: on("2026-05-01")}
	var breach *Breach
	d := start()
	if err := d.Allocate("cf", "teens", "", y26, m); !errors.As(err, &breach) {
		t.Errorf("outside the ages: got %v", err)
	}
	if err := d.Allocate("cf", "small", "", y26, m); err != nil {
		t.Errorf("inside the ages: %v", err)
	}
	if err := d.Allocate("cf", "small", "", 2027, m); !errors.As(err, &breach) || breach.Ruling.Code != "award-period" {
		t.Errorf("after the award's end: got %v", err)
	}
	for range 2 {
		if err := d.Allocate("cf", "any", "", y26, m); err != nil {
			t.Errorf("ages not recorded: %v", err)
		}
	}
	if len(d.Unknown) != 1 || d.Unknown[0].Term != "cf-ages" {
		t.Errorf("an unknown verdict is asked once: got %+v", d.Unknown)
	}
	d = start(record("exceptions", "x", "award", "cf", "service", "teens", "term", "cf-ages", "ground", "agreed by the funder on 3 May"))
	if err := d.Allocate("cf", "teens", "", y26, m); err != nil {
		t.Errorf("with a recorded ground: %v", err)
	}
}

func TestClosedPeriodsRefuseEveryPosting(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	if err := d.Put(record("periods", "2026-05", "state", "closed"), record("periods", "2026-06", "state", "finance-only")); err != nil {
		t.Fatal(err)
	}
	var closed *Closed
	for date, refused := range map[string]bool{"2026-04-30": false, "2026-05-31": true, "2026-06-01": true, "2026-07-01": false} {
		err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 1, Line: "a", Effective: on(date)})
		if errors.As(err, &closed) != refused {
			t.Errorf("%s: got %v", date, err)
		}
		if err := d.Pay("cf", "hubs", false, Move{Amount: 1, Line: "p", Effective: on(date)}); errors.As(err, &closed) != refused {
			t.Errorf("payment of %s: got %v", date, err)
		}
	}
	d.Role = "finance"
	if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: 1, Line: "b", Effective: on("2026-06-01")}); err != nil {
		t.Errorf("finance in a month open to finance: %v", err)
	}
}

func TestMoneyAtRiskNeedsAnApprovalThatCoversIt(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	m := Move{Amount: 50_00, Line: "c", Effective: on("2026-05-01")}
	var short *Short
	if err := d.Commit("cf", "hubs", "", y26, m); !errors.As(err, &short) {
		t.Fatalf("nothing allocated: got %v", err)
	}
	if err := d.Put(record("approvals", "ar1", "award", "cf", "service", "hubs", "ceiling", "60.00", "until", "2026-06-30", "by", "Director", "bears_loss", "Council")); err != nil {
		t.Fatal(err)
	}
	if err := d.Commit("cf", "hubs", "", y26, m); err != nil {
		t.Errorf("within the ceiling: %v", err)
	}
	if err := d.Commit("cf", "hubs", "", y26, m); !errors.As(err, &short) {
		t.Errorf("past the ceiling: got %v", err)
	}
	m.Amount, m.Effective = 1, on("2026-07-01")
	if err := d.Commit("cf", "hubs", "", y26, m); !errors.As(err, &short) {
		t.Errorf("after the approval has run out: got %v", err)
	}
}

func TestUnknownIsNotNought(t *testing.T) {
	d := Empty().Draft(Intent{Author: "test"})
	if err := d.Put(record("streams", "nrf", "name", "NRF"), record("awards", "nrf", "stream", "nrf"), record("services", "panels", "name", "Panels"),
		record("allocations", "a9", "award", "nrf", "service", "panels", "year", "2026-27", "amount", "?")); err != nil {
		t.Fatal(err)
	}
	if err := d.State(record("figures", "f", "award", "nrf", "year", "2026-27", "amount", "?", "certainty", "confirmed"), 0); err != nil {
		t.Fatal(err)
	}
	m := Move{Amount: 100_00, Line: "a1", Effective: on("2026-05-01")}
	var reason *NeedsReason
	if err := d.Allocate("nrf", "panels", "", y26, m); !errors.As(err, &reason) {
		t.Fatalf("an award of unknown size needs a reason: got %v", err)
	}
	d.Reason = "agreed with the funder"
	if err := d.Allocate("nrf", "panels", "", y26, m); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	r := b.View(on("2026-12-31")).Position([]Dimension{ByAward}, nil).Rows[0]
	if got := r.Sums[AwardedTo].State(); got != money.NotKnown {
		t.Errorf("awarded is %v, want not known", got)
	}
	if got := r.Sums[AllocatedTo]; got.State() != money.AtLeast || got.Pence() != 100_00 {
		t.Errorf("allocated is %s, want at least £100", got.Whole())
	}
	if got := r.Sums[LeftOf].State(); got != money.NotKnown {
		t.Errorf("left is %s, although what was awarded is not known", r.Sums[LeftOf].Whole())
	}
}

func TestVirementKeepsToItsPermission(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	if err := d.Put(record("terms", "cf-vire", "stream", "cf", "rule", "virement", "value", "10%"), record("terms", "cf-carry", "stream", "cf", "rule", "carry-forward", "value", "refused")); err != nil {
		t.Fatal(err)
	}
	m := Move{Amount: 500_00, Line: "a", Effective: on("2026-05-01")}
	if err := d.Allocate("cf", "hubs", "", y26, m); err != nil {
		t.Fatal(err)
	}
	m.Amount = 60_00
	if err := d.Vire("cf", "hubs", "panels", "", y26, m); err != nil {
		t.Errorf("£60 of £900: %v", err)
	}
	var breach *Breach
	if err := d.Vire("cf", "hubs", "panels", "", y26, m); !errors.As(err, &breach) {
		t.Errorf("£120 of £900 in two moves: got %v", err)
	}
	m.Amount = 30_00
	if err := d.Vire("cf", "hubs", "panels", "", y26, m); err != nil {
		t.Errorf("£90 of £900 is just permitted: %v", err)
	}
	if err := d.CarryForward("cf", "", y26, 2027, m); !errors.As(err, &breach) {
		t.Errorf("carrying forward what may not be carried: got %v", err)
	}
}

func TestACorrectionIsHeldToItsOutcome(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
	allocate := func(d *Draft, amount money.Pence) error {
		return d.Allocate("cf", "hubs", "", y26, Move{Amount: amount, Line: "a1", Effective: on("2026-04-01")})
	}
	if err := allocate(d, 900_00); err != nil {
		t.Fatal(err)
	}
	if err := d.Pay("cf", "hubs", false, Move{Amount: 200_00, Line: "p1", Effective: on("2026-05-01")}); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	for _, c := range []struct {
		to      money.Pence
		refused string
	}{
		{800_00, ""}, {200_00, ""}, {900_00, ""},
		{199_99, "this is £0.01 more than hubs has allocated"},
		{900_01, "this is £0.01 more than Children's Fund has left for 2026-27; enter £900.00 or less"},
	} {
		d := b.Draft(Intent{Author: "test", Reason: "mistake"})
		err := d.Correct(b.Standing(Allocation, "a1"), 0, func() error { return allocate(d, c.to) })
		if (err == nil) != (c.refused == "") || err != nil && !strings.HasPrefix(err.Error(), c.refused) {
			t.Errorf("£900 with £200 spent becomes %s: got %v, want %q", c.to.Exact(), err, c.refused)
		}
	}
}

func TestTransfersCountMoneyOnce(t *testing.T) {
	d := small(t).Draft(Intent{Author: "test", Reason: "regional share"})
	if err := d.Put(record("organisations", "npt", "name", "Neath Port Talbot"), record("streams", "pool", "name", "Pool", "arrangement", "pooled"), record("awards", "pool", "stream", "pool")); err != nil {
		t.Fatal(err)
	}
	m := Move{Amount: 100_00, Line: "t1", Effective: on("2026-05-01")}
	if err := d.Transfer("cf", "npt", y26, m); err != nil {
		t.Fatal(err)
	}
	m.Line = "t2"
	if err := d.Transfer("cf", "pool", y26, m); err != nil {
		t.Fatal(err)
	}
	m.Amount = 700_01
	if err := d.Transfer("cf", "npt", y26, m); err == nil {
		t.Error("more was passed on than is left")
	}
	_, b := d.Seal(posted)
	p := b.View(on("2026-12-31")).Position([]Dimension{ByAward}, Filter{ByYear: "2026-27"})
	got := map[string][3]money.Pence{"": {p.Total.Sums[AwardedTo].Pence(), p.Total.Sums[TransferredOf].Pence(), p.Total.Sums[LeftOf].Pence()}}
	for _, r := range p.Rows {
		got[r.Key[0]] = [3]money.Pence{r.Sums[AwardedTo].Pence(), r.Sums[TransferredOf].Pence(), r.Sums[LeftOf].Pence()}
	}
	want := map[string][3]money.Pence{"": {900_00, 100_00, 800_00}, "cf": {800_00, 100_00, 700_00}, "pool": {100_00, 0, 100_00}}
	for id, sums := range want {
		if got[id] != sums {
			t.Errorf("%q: awarded, transferred and left are %v, want %v", id, got[id], sums)
		}
	}
}

// A ledger rewritten whole, every hash right, still shows a decision that was
// never allowed.
func TestVerifySeesADecisionThatWasNeverAllowed(t *testing.T) {
	b := small(t)
	for amount, sound := range map[money.Pence]bool{900_00: true, 900_01: false} {
		d := b.Draft(Intent{Author: "test", Reason: "plan", AsFound: true})
		if err := d.Allocate("cf", "hubs", "", y26, Move{Amount: amount, Line: "a1", Effective: on("2026-04-01")}); err != nil {
			t.Fatal(err)
		}
		forged, _ := d.Seal(posted)
		forged.Head.AsFound = false
		l := b.Loader()
		l.Verify = true
		if err := l.Begin(forged.Head); err != nil {
			t.Fatal(err)
		}
		if err := l.Entry(forged.Entry(1)); err != nil {
			t.Fatal(err)
		}
		var damaged *Damaged
		if err := l.End(forged.Hash()); errors.As(err, &damaged) == sound {
			t.Errorf("%s of £900.00 allocated: %v", amount.Exact(), err)
		}
	}
}

// A service's own dates cut into a year; an award may pay for the rest of it.
func TestServicesThatBeginOrEndWithinTheYear(t *testing.T) {
	for _, terms := range [][]Record{nil, {record("terms", "cf-ages", "stream", "cf", "rule", "ages", "value", "5-13")}} {
		d := small(t).Draft(Intent{Author: "test", Reason: "plan"})
		if err := d.Put(append([]Record{
			record("services", "autumn", "name", "From September", "ages", "5-9", "starts", "2026-09-01"),
			record("services", "summer", "name", "To September", "ages", "5-9", "starts", "2020-04-01", "ends", "2026-09-30"),
			record("services", "ended", "name", "Ended", "ages", "5-9", "ends", "2025-03-31"),
			record("awards", "spring", "stream", "cf", "starts", "2026-04-01", "ends", "2026-06-30"),
		}, terms...)...); err != nil {
			t.Fatal(err)
		}
		if err := d.State(record("figures", "spring/2026-27", "award", "spring", "year", "2026-27", "amount", "900.00", "certainty", "confirmed"), 0); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			award, service string
			lawful         bool
		}{{"cf", "autumn", true}, {"cf", "summer", true}, {"spring", "summer", true}, {"spring", "autumn", false}, {"cf", "ended", false}} {
			err := d.Allocate(c.award, c.service, "", y26, Move{Amount: 1, Line: c.award + c.service, Effective: on("2026-05-01")})
			var breach *Breach
			if c.lawful != (err == nil) || err != nil && (!errors.As(err, &breach) || breach.Ruling.Code != "award-period") {
				t.Errorf("%s for %s with %d terms: %v", c.award, c.service, len(terms), err)
			}
		}
	}
}

func TestMoneyCarriedForwardMayBeSpentAfterTheAward(t *testing.T) {
	for answer, lawful := range map[string]bool{"permitted": true, "refused": false, "asked": false} {
		d := small(t).Draft(Intent{Author: "test", Reason: "carried", AsFound: true})
		if err := d.Put(record("terms", "cf-carry", "stream", "cf", "rule", "carry-forward", "value", answer)); err != nil {
			t.Fatal(err)
		}
		if err := d.CarryForward("cf", "", y26, 2027, Move{Amount: 100, Line: "c", Effective: on("2027-03-31")}); err != nil {
			t.Fatal(err)
		}
		d.AsFound = false
		err := d.Allocate("cf", "hubs", "", 2027, Move{Amount: 100, Line: "a", Effective: on("2027-04-01")})
		if lawful != (err == nil) {
			t.Errorf("carrying forward is %s: %v", answer, err)
		}
	}
}
