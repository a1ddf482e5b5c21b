package check

import (
	"fmt"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
)

// large is a nation's book: so many allocation lines over a twentieth as many
// services, from a thousand awards of which a third end within the year.
func large(b *testing.B, lines int) *ledger.View {
	b.Helper()
	const awards = 1000
	services := lines / 20
	d := ledger.Empty().Draft(ledger.Intent{Author: "test", Reason: "test", AsFound: true})
	put := func(register, id string, cells ...string) {
		r := ledger.Record{Register: register, ID: id}
		for i := 0; i < len(cells); i += 2 {
			r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
		}
		if err := d.Put(r); err != nil {
			b.Fatal(err)
		}
	}
	put("objectives", "o", "name", "O")
	for i := range awards {
		id := fmt.Sprintf("award-%d", i)
		put("streams", id, "name", "Stream "+id, "permanence", []string{"base budget", "recurring", "multi-year"}[i%3])
		ends := []string{"2099-03-31", "2028-03-31", "2027-03-31"}[i%3]
		put("awards", id, "stream", id, "starts", "2026-04-01", "ends", ends, "fate", "stops")
	}
	var all []ledger.Record
	for i := range services {
		id := fmt.Sprintf("service-%d", i)
		all = append(all, ledger.Record{Register: "services", ID: id, Values: []ledger.Value{{Column: "name", Text: "Service " + id}, {Column: "objectives", Text: "o"}, {Column: "2026-27", Text: "20000.00"}}})
		all = append(all, ledger.Record{Register: "agreements", ID: "of-" + id, Values: []ledger.Value{{Column: "service", Text: id}, {Column: "ends", Text: "2028-03-31"}, {Column: "break_clause", Text: "yes"}, {Column: "notice_months", Text: "3"}}})
	}
	if err := d.Put(all...); err != nil {
		b.Fatal(err)
	}
	for i := range awards {
		id := fmt.Sprintf("award-%d", i)
		if err := d.State(ledger.Record{Register: "figures", ID: id, Values: []ledger.Value{{Column: "award", Text: id}, {Column: "year", Text: "2026-27"},
			{Column: "amount", Text: "900000.00"}, {Column: "certainty", Text: "confirmed"}}}, 0); err != nil {
			b.Fatal(err)
		}
	}
	for i := range lines {
		m := ledger.Move{Amount: 1000_00, Line: fmt.Sprintf("line-%d", i), Label: ledger.Label{Objective: "o"}}
		if err := d.Allocate(fmt.Sprintf("award-%d", (i+i/services*7)%awards), fmt.Sprintf("service-%d", i%services), "", fiscal.Year(2026), m); err != nil {
			b.Fatal(err)
		}
	}
	_, book := d.Seal(time.Date(2027, 1, 12, 0, 0, 0, 0, time.UTC))
	v := book.View(asAt)
	v.AllHoldings()
	return v
}

func BenchmarkExpiry(b *testing.B) {
	for _, lines := range []int{10_000, 100_000, 1_000_000} {
		if lines > 100_000 && testing.Short() {
			continue
		}
		v := large(b, lines)
		for _, rule := range []string{"expiry/cliff", "expiry/decide-by", "expiry/outlives-award", "expiry/effective-at-risk", "expiry/short-term-reliance", "expiry/use-or-lose", "overcommitment", "expiry"} {
			b.Run(fmt.Sprintf("%s/%d", rule, lines), func(b *testing.B) {
				n := 0
				for b.Loop() {
					n = len(Run(v, DefaultPolicy(), rule))
				}
				b.ReportMetric(float64(n), "findings")
			})
		}
	}
}
