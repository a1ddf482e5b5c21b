package forecast_test

import (
	"fmt"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/forecast"
	"braid/seed"
)

// The demo council's gap, if no grant is renewed and if the likely ones are.
func ExampleProject() {
	folder, _ := seed.FS("demo")
	read, _ := exchange.ReadFS(folder, exchange.Options{Author: "example", Reason: "example", AsFound: true})
	plan, _ := read.Plan(ledger.Empty())
	view := plan.Draft.Supposed().View(seed.AsAt("demo"))

	p := forecast.Project(view, forecast.Recorded(view), 4)
	for _, y := range p.Years {
		fmt.Println(y, p.Total(forecast.Gap, y), p.Total(forecast.GapAfterLikely, y), len(p.Short(y)))
	}
	// Output:
	// 2026-27 20000.00 20000.00 0
	// 2027-28 973200.00 973200.00 7
	// 2028-29 2957864.00 1047864.00 7
	// 2029-30 3034021.28 1124021.28 7
}
