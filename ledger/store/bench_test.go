package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"braid/ledger"
)

// BenchmarkAppend posts one batch of n entries, durable and hashed; drafting
// it is not counted.
func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s, err := Open(context.Background(), filepath.Join(b.TempDir(), "braid.db"), Options{Create: true})
				must(b, err)
				_, err = s.Post(context.Background(), func(book *ledger.Book) (*ledger.Draft, error) {
					d, err := big(book, n)
					b.StartTimer()
					return d, err
				})
				b.StopTimer()
				must(b, err)
				s.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

// BenchmarkOpen opens a ledger of n entries and loads its book.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "braid.db")
			s, err := Open(context.Background(), path, Options{Create: true})
			must(b, err)
			_, err = s.Post(context.Background(), func(book *ledger.Book) (*ledger.Draft, error) { return big(book, n) })
			must(b, err)
			s.Close()
			for b.Loop() {
				s, err := Open(context.Background(), path, Options{})
				must(b, err)
				s.Close()
			}
		})
	}
}
