package exchange_test

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"
	"testing/fstest"

	"braid/ledger"
	"braid/ledger/exchange"
)

// million writes the registers of a nation: n allocation lines, a hundred
// awards, two thousand services, in no order.
func million(n int) fstest.MapFS {
	var streams, services, allocations, objectives, areas bytes.Buffer
	streams.WriteString("id,name,starts,ends,certainty,2025-26,2026-27,2027-28\n")
	for i := range 100 {
		fmt.Fprintf(&streams, "award-%d,Award %d,2025-04-01,2028-03-31,confirmed,90000000000,90000000000,90000000000\n", i, i)
	}
	services.WriteString("id,name\n")
	for i := range 2000 {
		fmt.Fprintf(&services, "service-%d,Service %d\n", i, i)
	}
	objectives.WriteString("id,name\n")
	areas.WriteString("id,name\n")
	for i := range 50 {
		fmt.Fprintf(&objectives, "objective-%d,Objective %d\n", i, i)
		fmt.Fprintf(&areas, "area-%d,Area %d\n", i, i)
	}
	allocations.WriteString("id,award,service,objective,area,year,amount,agreed_on\n")
	line := make([]byte, 0, 200)
	for i := range n {
		at := i * 7919 % max(n, 1) // not sorted
		line = append(line[:0], 'a')
		line = strconv.AppendInt(line, int64(at), 10)
		for _, part := range []struct {
			name string
			no   int
		}{{",award-", at % 100}, {",service-", at / 3 % 2000}, {",objective-", at % 50}, {",area-", at / 50 % 50}, {",", 2025 + at%3}} {
			line = append(line, part.name...)
			line = strconv.AppendInt(line, int64(part.no), 10)
		}
		line = fmt.Appendf(line, "-%02d,%d.%02d,2026-%02d-01\n", (2026+at%3)%100, 100+at%5000, at%100, 1+at%12)
		allocations.Write(line)
	}
	return fstest.MapFS{"streams.csv": {Data: streams.Bytes()}, "services.csv": {Data: services.Bytes()}, "objectives.csv": {Data: objectives.Bytes()},
		"areas.csv": {Data: areas.Bytes()}, "allocations.csv": {Data: allocations.Bytes()}}
}

func BenchmarkImport(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		fsys := million(n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				im, err := exchange.ReadFS(fsys, exchange.Options{Author: "bench"})
				if err != nil {
					b.Fatal(err)
				}
				p, err := im.Plan(ledger.Empty())
				if err != nil || p.Draft == nil || p.Draft.Len() != n+300 {
					b.Fatal(err, p.Problems)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkSameAgain compares a file with the book that has it all.
func BenchmarkSameAgain(b *testing.B) {
	for _, n := range []int{10_000, 1_000_000} {
		if n > 100_000 && testing.Short() {
			continue
		}
		im, err := exchange.ReadFS(million(n), exchange.Options{Author: "bench"})
		if err != nil {
			b.Fatal(err)
		}
		p, _ := im.Plan(ledger.Empty())
		_, book := p.Draft.Seal(posted)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				if p, err := im.Plan(book); err != nil || !p.Empty() {
					b.Fatal(err, p.Summary())
				}
			}
		})
	}
}
