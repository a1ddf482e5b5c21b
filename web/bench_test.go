package web

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/store"
	"braid/seed"
)

// largeStore is a ledger of the registers in a folder, and where its file is.
func largeStore(t testing.TB, dir string) (*store.Store, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "braid.db")
	st, err := store.Open(context.Background(), file, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	im, err := exchange.ReadFS(os.DirFS(dir), exchange.Options{Author: "bench", Reason: "A made-up council", AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		plan, err := im.Plan(b)
		if err != nil {
			return nil, err
		}
		if plan.Problems.Total > 0 {
			return nil, plan.Problems
		}
		return plan.Draft, nil
	}); err != nil {
		t.Fatal(err)
	}
	return st, file
}

// load asks a server for a page over and over, sixteen at once, as many browsers
// would, and says how long each answer took.
func load(t testing.TB, requests int, url, cookie string) (took []time.Duration, all time.Duration, bytes int) {
	t.Helper()
	const connections = 16
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true}}
	defer client.CloseIdleConnections()
	took = make([]time.Duration, requests)
	next := make(chan int, requests)
	for i := range requests {
		next <- i
	}
	close(next)
	sizes := make([]int, connections)
	var done sync.WaitGroup
	began := time.Now()
	for c := range connections {
		done.Go(func() {
			for i := range next {
				r, err := http.NewRequest(http.MethodGet, url, nil)
				if err != nil {
					t.Error(err)
					return
				}
				if cookie != "" {
					r.Header.Set("Cookie", cookie)
				}
				sent := time.Now()
				res, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				n, err := io.Copy(io.Discard, res.Body)
				res.Body.Close()
				took[i] = time.Since(sent)
				if err != nil || res.StatusCode != http.StatusOK || res.Request.URL.Path != r.URL.Path {
					t.Errorf("%s answers %d at %s: %v", url, res.StatusCode, res.Request.URL, err)
					return
				}
				sizes[c] = int(n)
			}
		})
	}
	done.Wait()
	slices.Sort(took)
	return took, time.Since(began), slices.Max(sizes)
}

// bare is what a page of postings costs at the least: net/http, one prepared
// query for the same fifty rows, and their HTML.
func bare(t testing.TB, file string) *httptest.Server {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+file+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	query, err := db.Prepare(`SELECT e.effective, e.seq, e.n, e.kind, e.from_account, e.to_account, e.objective, e.area, e.amount, b.author, b.reason, b.source, e.source_row
		FROM entries e JOIN batches b ON b.seq = e.seq WHERE e.seq = 1 AND e.n > ? ORDER BY e.n LIMIT 50`)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := query.QueryContext(r.Context(), 1000)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer rows.Close()
		var out bytes.Buffer
		out.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Postings</title></head><body><h1>Postings</h1><table>`)
		for rows.Next() {
			var day, kind, from, to, objective, area, author, reason, source string
			var seq, n, amount, row int64
			if err := rows.Scan(&day, &seq, &n, &kind, &from, &to, &objective, &area, &amount, &author, &reason, &source, &row); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			out.WriteString("<tr>")
			for _, cell := range []string{day, strconv.FormatInt(seq, 10) + "/" + strconv.FormatInt(n, 10), kind, from, to, objective, area, money.Pence(amount).Exact(), author, reason, source + ":" + strconv.FormatInt(row, 10)} {
				out.WriteString("<td>")
				out.WriteString(html.EscapeString(cell))
				out.WriteString("</td>")
			}
			out.WriteString("</tr>")
		}
		if err := rows.Err(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		out.WriteString("</table></body></html>")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(out.Bytes())
	}))
	t.Cleanup(s.Close)
	return s
}

// BenchmarkPages asks for pages of a book of 100,000 lines, signed in, sixteen
// at once over loopback, kept and made anew, and says how many times the bare
// handler's rate that is, measured just before in the same run.
//
//	go test -run xxx -bench Pages -benchtime 200x ./web
func BenchmarkPages(b *testing.B) {
	dir := b.TempDir()
	if err := (seed.Large{Lines: 100_000, Number: 1}).Write(dir); err != nil {
		b.Fatal(err)
	}
	st, file := largeStore(b, dir)
	least := bare(b, file)
	s := serveStore(b, st, seed.AsAt("demo"))
	s.populate(seed.People("demo"))
	cookie := s.as("priya").cookie()
	anew, err := New(Config{Books: st, People: st.People(), Sessions: st.People().Sessions(), Codec: store.SessionCodec{}, AsAt: seed.AsAt("demo"),
		Council: "Demo council", NoKeep: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	notKept := httptest.NewServer(anew.Handler())
	b.Cleanup(notKept.Close)

	pair := ""
	for _, f := range s.web.readings.of(s.book(), seed.AsAt("demo")).Open("duplication", "commissioned-twice") {
		pair = f.ID
		break
	}
	if pair == "" {
		b.Fatal("the large book has no pair")
	}
	for _, page := range []struct{ name, path string }{
		{"postings", "/ledger/postings?measure=allocated&award=aw-0001&year=2026-27"},
		{"home", "/"},
		{"map", "/ledger/map?year=2026-27"},
		{"service", "/services/sv-00001"},
		{"duplication", "/checks/duplication"},
	} {
		for _, lang := range []string{"en", "cy"} {
			for _, server := range []struct {
				name string
				at   string
			}{{"kept", s.URL}, {"anew", notKept.URL}} {
				b.Run(page.name+"/"+lang+"/"+server.name, func(b *testing.B) {
					url := server.at + "/" + lang + page.path
					load(b, 1, url, cookie) // what is worked out once
					floor, floorAll, _ := load(b, 2000, least.URL, "")
					b.ResetTimer()
					took, all, size := load(b, b.N, url, cookie)
					b.StopTimer()
					rate, most := float64(len(took))/all.Seconds(), float64(len(floor))/floorAll.Seconds()
					b.ReportMetric(rate, "pages/s")
					b.ReportMetric(most/rate, "times-bare")
					b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
					b.ReportMetric(float64(size)/1024, "KB")
				})
			}
		}
	}
}

// cookie is what the browser would send.
func (b *browser) cookie() string {
	r, err := http.NewRequest(http.MethodGet, b.site.URL, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.http.Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	return r.Header.Get("Cookie")
}

// A council of 60 services, 25 streams and 6 years, every cell of it paid for:
// home and the map are there in under a second, and the map in under 1 MB
// (check 25).
func TestLargeCouncilIsQuick(t *testing.T) {
	const services, streams, years = 60, 25, 6
	dir := t.TempDir()
	var names []string
	for y := range years {
		names = append(names, (fiscal.YearOf(seed.AsAt("demo")) - 2 + fiscal.Year(y)).String())
	}
	write := func(register, head string, rows func(io.Writer)) {
		var out bytes.Buffer
		fmt.Fprintln(&out, head)
		rows(&out)
		if err := os.WriteFile(filepath.Join(dir, register+".csv"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("streams", "id,name,funder,permanence", func(w io.Writer) {
		for i := range streams {
			fmt.Fprintf(w, "st-%02d,Stream number %d,Funder %d,annual\n", i, i+1, i%5)
		}
	})
	write("awards", "id,stream,starts,ends,fate,certainty,stated_on,"+strings.Join(names, ","), func(w io.Writer) {
		for i := range streams {
			fmt.Fprintf(w, "aw-%02d,st-%02d,2024-04-01,%d-03-31,unknown,confirmed,2024-02-01%s\n", i, i, 2027+i%4, strings.Repeat(",700000", years))
		}
	})
	write("services", "id,name,provider,"+strings.Join(names, ","), func(w io.Writer) {
		for i := range services {
			fmt.Fprintf(w, "sv-%02d,Service number %d,Provider %d%s\n", i, i+1, i%9, strings.Repeat(",250000", years))
		}
	})
	write("allocations", "award,service,agreed_on,"+strings.Join(names, ","), func(w io.Writer) {
		for a := range streams {
			for i := range services {
				fmt.Fprintf(w, "aw-%02d,sv-%02d,2024-03-01%s\n", a, i, strings.Repeat(fmt.Sprintf(",%d.%02d", 9000+a*10+i, i), years))
			}
		}
	})
	st, _ := largeStore(t, dir)
	s := serveStore(t, st, seed.AsAt("demo"))
	s.populate(seed.People("demo"))
	priya := s.as("priya")
	for _, lang := range []string{"en", "cy"} {
		for _, path := range []string{"/", "/ledger/map?year=2026-27"} {
			began := time.Now()
			p := priya.in(lang).get(path).is(http.StatusOK)
			t.Logf("%s %s: %d KB in %v, nothing kept", lang, path, len(p.body)>>10, time.Since(began).Round(time.Millisecond))
			if took := time.Since(began); took > time.Second {
				t.Errorf("%s %s took %v", lang, path, took)
			}
			if len(p.body) > 1<<20 {
				t.Errorf("%s %s is %d bytes", lang, path, len(p.body))
			}
		}
	}
}
