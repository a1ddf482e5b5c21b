package ledger

import (
	"fmt"
	"runtime"
	"testing"
)

// grown is a book of n allocation lines: 50,000 services at most, 2,000 awards.
func grown(tb testing.TB, n int) *Book {
	tb.Helper()
	d := Empty().Draft(Intent{Author: "bench", Reason: "bench", AsFound: true})
	awards, services := max(n/500, 1), max(n/20, 1)
	var rs []Record
	for i := range awards {
		id := fmt.Sprintf("aw%05d", i)
		rs = append(rs, record("streams", id, "name", "Stream "+id), record("awards", id, "stream", id, "starts", "2024-04-01", "ends", "2027-03-31"))
	}
	for i := range services {
		rs = append(rs, record("services", fmt.Sprintf("sv%06d", i), "name", fmt.Sprintf("Service %d", i), "2026-27", "20000.00"))
	}
	for i := range 40 {
		rs = append(rs, record("objectives", fmt.Sprintf("ob%02d", i), "name", "Objective"), record("areas", fmt.Sprintf("ar%02d", i), "name", "Area"))
	}
	if err := d.Put(rs...); err != nil {
		tb.Fatal(err)
	}
	for i := range awards {
		id := fmt.Sprintf("aw%05d", i)
		if err := d.State(record("figures", id+"/f", "award", id, "year", "2026-27", "amount", "600000.00", "certainty", "confirmed", "stated_on", "2026-02-01"), 0); err != nil {
			tb.Fatal(err)
		}
	}
	date := on("2026-04-01")
	for i := range n {
		m := Move{Amount: 1000_00, Line: fmt.Sprintf("a%07d", i), Effective: date, Row: i + 2, Label: Label{Objective: fmt.Sprintf("ob%02d", i%40), Area: fmt.Sprintf("ar%02d", i/7%40)}}
		if err := d.Allocate(fmt.Sprintf("aw%05d", (i*7919+i/services)%awards), fmt.Sprintf("sv%06d", i%services), "", y26, m); err != nil {
			tb.Fatal(err)
		}
	}
	_, b := d.Seal(posted)
	return b
}

func BenchmarkGrow(b *testing.B) {
	for _, n := range []int{1e4, 1e5, 1e6} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				grown(b, n)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/line")
		})
	}
}

func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{1e5, 1e6} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				book := grown(b, n)
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(book)
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "bytes/line")
		})
	}
}

func BenchmarkHash(b *testing.B) {
	batch := grown(b, 1e6).Batch(1)
	b.ResetTimer()
	for b.Loop() {
		batch.Hash()
	}
}

func BenchmarkView(b *testing.B) {
	book := grown(b, 1e6)
	b.Run("balances", func(b *testing.B) {
		for b.Loop() {
			book.remember()
			book.View(on("2026-12-31"))
		}
	})
	b.Run("holdings", func(b *testing.B) {
		for b.Loop() {
			book.remember()
			book.View(on("2026-12-31")).AllHoldings()
		}
	})
	b.Run("position", func(b *testing.B) {
		for b.Loop() {
			book.View(on("2026-12-31")).Position([]Dimension{ByStream, ByYear}, nil)
		}
	})
}

func BenchmarkPostOne(b *testing.B) {
	book := grown(b, 1e6)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		d := book.Draft(Intent{Author: "bench", Reason: "one", AsFound: true})
		if err := d.Allocate("aw00001", "sv000001", "", y26, Move{Amount: 1, Line: "x", Effective: on("2026-04-01")}); err != nil {
			b.Fatal(err)
		}
		_, book = d.Seal(posted)
	}
}
