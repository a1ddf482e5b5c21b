package check

import (
	"fmt"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// wide is a book of n allocation lines: 50,000 services at most, 2,000 awards,
// 40 objectives, 8 localities of 5 wards each, and a need for every objective
// in every ward.
func wide(tb testing.TB, n int) *ledger.Book {
	tb.Helper()
	d := ledger.Empty().Draft(ledger.Intent{Author: "bench", Reason: "bench", AsFound: true})
	var rs []ledger.Record
	put := func(register, id string, cells ...string) {
		r := ledger.Record{Register: register, ID: id}
		for i := 0; i < len(cells); i += 2 {
			r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
		}
		rs = append(rs, r)
	}
	areas, objectives := []string{}, []string{}
	put("areas", "all", "name", "All")
	for i := range 8 {
		up := fmt.Sprintf("loc%d", i)
		put("areas", up, "name", up, "parent", "all")
		for k := range 5 {
			areas = append(areas, fmt.Sprintf("ward%d%d", i, k))
			put("areas", areas[len(areas)-1], "name", areas[len(areas)-1], "parent", up)
		}
	}
	for i := range 40 {
		objectives = append(objectives, fmt.Sprintf("ob%02d", i))
		put("objectives", objectives[i], "name", "Objective "+objectives[i], "agreed_on", "2025-06-01")
	}
	for _, o := range objectives {
		for _, a := range areas {
			put("needs", o+"-"+a, "objective", o, "area", a, "ages", "0-17", "people", "100")
		}
	}
	awards, services := max(n/500, 1), max(n/20, 1)
	for i := range awards {
		id := fmt.Sprintf("aw%05d", i)
		put("streams", id, "name", "Stream "+id, "permanence", "multi-year")
		put("awards", id, "stream", id, "starts", "2024-04-01", "ends", []string{"2027-03-31", "2028-03-31", "2030-03-31"}[i%3])
		put("terms", id+"-ages", "award", id, "rule", "ages", "value", "0-25")
		put("terms", id+"-areas", "award", id, "rule", "areas", "value", "all")
		put("terms", id+"-cap", "award", id, "rule", "admin-cap", "value", "10%")
	}
	kinds := []string{"parenting support", "home visits", "early learning", "positive activities", "advice", "counselling", "peer support", "respite"}
	for i := range services {
		put("services", fmt.Sprintf("sv%06d", i), "name", fmt.Sprintf("%s %d", kinds[i%8], i), "activity", kinds[i%8], "level", []string{"universal", "targeted"}[i/8%2],
			"ages", []string{"0-4", "5-11", "8-17", "0-17"}[i/16%4], "areas", areas[i/64%40], "objectives", objectives[i/13%40], "cost_type", "delivery", "capacity", "50", "2026-27", "20000.00", "2027-28", "20000.00")
	}
	if err := d.Put(rs...); err != nil {
		tb.Fatal(err)
	}
	for i := range awards {
		id := fmt.Sprintf("aw%05d", i)
		for _, y := range []string{"2026-27", "2027-28"} {
			f := ledger.Record{Register: "figures", ID: id + "/" + y, Values: []ledger.Value{{Column: "award", Text: id}, {Column: "year", Text: y}, {Column: "amount", Text: "600000.00"}, {Column: "certainty", Text: "confirmed"}}}
			if err := d.State(f, 0); err != nil {
				tb.Fatal(err)
			}
		}
	}
	for i := range n {
		sv := i % services
		m := ledger.Move{Amount: money.Pence(2000_00), Line: fmt.Sprintf("a%07d", i), Effective: fiscal.MustDate("2026-04-01"), Label: ledger.Label{Objective: objectives[(sv/13+i/services%3)%40], Area: areas[sv/64%40]}}
		if err := d.Allocate(fmt.Sprintf("aw%05d", (i*7919+i/services)%awards), fmt.Sprintf("sv%06d", sv), "", 2026, m); err != nil {
			tb.Fatal(err)
		}
	}
	_, b := d.Seal(time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC))
	return b
}

// BenchmarkRules runs each rule alone on a large book. The view's own indexes
// are kept with the view, and so are counted in "first" only.
func BenchmarkRules(b *testing.B) {
	book := wide(b, 1e6)
	v := book.View(asAt)
	start := time.Now()
	Run(v, DefaultPolicy(), "gap/no-service", "gap/under-funded", "expiry/cliff")
	b.Logf("no-service, under-funded and cliff, the view's indexes made first: %v", time.Since(start).Round(time.Millisecond))
	for _, rule := range Rules() {
		b.Run(rule, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = len(Run(v, DefaultPolicy(), rule))
			}
			b.ReportMetric(float64(n), "findings")
		})
	}
}
