package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

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

// BenchmarkPost posts one small allocation at a time, each durable before the
// next, beside what the same file allows at best: BEGIN IMMEDIATE, one bare
// INSERT, COMMIT. On a book of 100,000 entries, as one finds it in use.
func BenchmarkPost(b *testing.B) {
	ctx := context.Background()
	path := filepath.Join(b.TempDir(), "braid.db")
	s, err := Open(ctx, path, Options{Create: true})
	must(b, err)
	defer s.Close()
	_, err = s.Post(ctx, func(book *ledger.Book) (*ledger.Draft, error) { return big(book, 100_000) })
	must(b, err)
	decide := func(book *ledger.Book) (*ledger.Draft, error) {
		d := book.Draft(intent(""))
		return d, d.Allocate("cf", "service-00001", "", y26, ledger.Move{Amount: 1, Line: "line", Effective: april})
	}
	b.Run("one", func(b *testing.B) { // turn and turn about, so that both meet the same disk
		pool, err := s.writer.DB()
		must(b, err)
		_, err = pool.Exec("CREATE TABLE IF NOT EXISTS bare (a INTEGER, b TEXT, c TEXT)")
		must(b, err)
		insert, err := pool.Prepare("INSERT INTO bare VALUES (?, ?, ?)")
		must(b, err)
		defer insert.Close()
		var bare, post time.Duration
		for b.Loop() {
			began := time.Now()
			tx, err := pool.Begin()
			must(b, err)
			_, err = tx.Stmt(insert).Exec(1, "award:cf:2026-27", "allocated:cf:2026-27:service-00001")
			must(b, err)
			must(b, tx.Commit())
			between := time.Now()
			_, err = s.Post(ctx, decide)
			must(b, err)
			bare, post = bare+between.Sub(began), post+time.Since(between)
		}
		b.ReportMetric(float64(bare.Microseconds())/float64(b.N), "µs/bare")
		b.ReportMetric(float64(post.Microseconds())/float64(b.N), "µs/post")
		b.ReportMetric(float64(bare)/float64(post)*100, "%of-bare-rate")
	})
	b.Run("many", func(b *testing.B) {
		b.SetParallelism(8)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, err := s.Post(ctx, decide)
				must(b, err)
			}
		})
	})
}
