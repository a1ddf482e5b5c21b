package forecast

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

// council is a book of some services, 60 awards and 5 years, three awards on
// each service: half of the awards end within it, with a chance to go on.
func council(t testing.TB, services int) *ledger.Book {
	t.Helper()
	var b strings.Builder
	b.WriteString("# streams\nid,name,permanence,starts,ends,renewal_percent,certainty,2026-27,2027-28,2028-29,2029-30,2030-31\n")
	for i := range 60 {
		ends, chance := []string{"", "2027-03-31", "2028-08-31", "2029-03-31"}[i%4], ""
		if i%4 > 0 {
			chance = fmt.Sprintf("%d%%", 10+i)
		}
		fmt.Fprintf(&b, "a%d,Award %d,%s,2025-04-01,%s,%s,confirmed", i, i, []string{"base budget", "annual", "multi-year", "recurring"}[i%4], ends, chance)
		for y := range fiscal.Year(5) {
			if last := []fiscal.Year{2030, 2026, 2028, 2028}[i%4]; 2026+y > last {
				b.WriteString(",")
			} else {
				fmt.Fprintf(&b, ",%d", services*4000)
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("# services\nid,name,cost_type,price_base,2026-27\n")
	for i := range services {
		fmt.Fprintf(&b, "s%d,Service %d,%s,%s,%d\n", i, i, []string{"", "staff", "premises"}[i%3], []string{"", "2025-26", "cash"}[i%7%3], 60000+137*i)
	}
	b.WriteString("# allocations\naward,service,year,amount\n")
	for i := range services {
		for k := range 3 {
			a := (i*7 + k*13) % 60
			for y := range fiscal.Year(5) {
				if last := []fiscal.Year{2030, 2026, 2028, 2028}[a%4]; 2026+y <= last {
					fmt.Fprintf(&b, "a%d,s%d,%s,%d\n", a, i, (2026 + y).String(), 20000+31*i)
				}
			}
		}
	}
	b.WriteString("# assumptions\nid,kind,cost_type,percent,low,high\np1,price,,2%,1%,4%\np2,price,staff,3%,2%,5%\n")
	return ledgertest.Book(t, b.String())
}

func BenchmarkProject(b *testing.B) {
	book := council(b, 500)
	for _, kind := range []string{"kept view", "changed cell"} {
		b.Run(kind, func(b *testing.B) {
			v := book.View(asAt)
			a := Recorded(v)
			Project(v, a, 5)
			for b.Loop() {
				if kind == "changed cell" {
					d := book.Draft(ledger.Intent{Author: "bench", Reason: "bench", AsFound: true})
					if err := d.Allocate("a0", "s0", "", 2026, ledger.Move{Amount: 100, Line: "x", Effective: asAt}); err != nil {
						b.Fatal(err)
					}
					_, changed := d.Seal(time.Date(2027, 1, 12, 10, 0, 0, 0, time.UTC))
					v = changed.View(asAt)
				}
				Project(v, a, 5)
			}
		})
	}
}

// BenchmarkRegion projects a region's 20,000 services.
func BenchmarkRegion(b *testing.B) {
	v := council(b, 20_000).View(asAt)
	a := Recorded(v)
	for b.Loop() {
		Project(v, a, 5)
	}
}

func BenchmarkDraw(b *testing.B) {
	v := council(b, 500).View(asAt)
	p := Project(v, Recorded(v), 5)
	tenth, _ := money.NewShare(1, 10)
	for b.Loop() {
		p.Draw(1, 10_000, tenth)
	}
}

func BenchmarkExplain(b *testing.B) {
	v := council(b, 500).View(asAt)
	p := Project(v, Recorded(v), 5)
	for b.Loop() {
		p.Explain(Gap, "", 2027)
	}
}
