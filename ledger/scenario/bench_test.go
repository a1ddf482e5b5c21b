package scenario_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/scenario"
	"braid/seed"
)

var posted = time.Time{}

// region is a made-up book of 500 services and 10,000 lines, with a scenario of
// its own for each of so many services.
func region(b testing.TB, changes int) (*ledger.View, scenario.Scenario) {
	b.Helper()
	dir := b.TempDir()
	if err := (seed.Large{Lines: 10_000, Number: 1}).Write(dir); err != nil {
		b.Fatal(err)
	}
	v := ledgertest.Folder(b, os.DirFS(dir)).View(fiscal.MustDate("2027-01-12"))
	s := scenario.Scenario{ID: "s", Name: "Try"}
	var services []string
	for id := range v.Services {
		services = append(services, id)
	}
	if len(services) != 500 {
		b.Fatalf("%d services", len(services))
	}
	for _, h := range v.AllHoldings() {
		if len(s.Changes) < changes && h.Year >= 2026 && h.Board == 0 {
			s.Changes = append(s.Changes, scenario.Change{Kind: scenario.MoneyMoved, Award: v.Name(h.Award), Service: v.Name(h.Service),
				ToService: services[len(s.Changes)%len(services)], Year: h.Year, Amount: min(h.Amount, 100_00)})
		}
	}
	return v, s
}

// BenchmarkChangedCell works a scenario of so many changes out again after one
// cell of it has changed.
func BenchmarkChangedCell(b *testing.B) {
	for _, n := range []int{1, 20, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			v, s := region(b, n)
			scenario.Work(v, s, 4)
			for i := 0; b.Loop(); i++ {
				s.Changes[i%len(s.Changes)].Amount = money.Pence(1_00 + i%5000)
				scenario.Work(v, s, 4)
			}
		})
	}
}

func BenchmarkLay(b *testing.B) {
	v, s := region(b, 20)
	for b.Loop() {
		s.Lay(v)
	}
}
