package align

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
)

// large is a book of sixty awards of as many streams, with terms of every rule,
// and services that each have money of three of them in each of five years.
func large(b testing.TB, services int) *ledger.View {
	b.Helper()
	r := rand.New(rand.NewPCG(60, uint64(services)))
	var t strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&t, format+"\n", args...) }
	const years = ",2026-27,2027-28,2028-29,2029-30,2030-31"
	p("# areas\nid,name,parent,tags\nall,All,,")
	for i := range 20 {
		p("area-%02d,Area %d,all,%s", i, i, []string{"", "priority", "flying-start"}[r.IntN(3)])
	}
	p("# objectives\nid,name,weight")
	for i := range 15 {
		p("obj-%02d,Objective %d,%d", i, i, 1+r.IntN(5))
	}
	p("# streams\nid,name,permanence,ring_fence")
	for i := range 60 {
		p("st-%02d,Stream %d,%s,%s", i, i, []string{"base budget", "recurring", "multi-year", "annual", "one-off"}[min(i%8, 4)], []string{"", "ring-fenced", "un-ring-fenced"}[r.IntN(3)])
	}
	p("# awards\nid,stream,starts,ends,certainty,stated_on%s", years)
	each := services * 4 * 200_000 / 60 / 4
	for i := range 60 {
		amount := each * (50 + r.IntN(100)) / 100
		end := []string{"", "2031-03-31", "2031-03-31", "2029-03-31", "2028-03-31"}[r.IntN(5)]
		row := fmt.Sprintf("aw-%02d,st-%02d,2026-04-01,%s,confirmed,2026-03-01", i, i, end)
		for y := range 5 {
			if end != "" && end < fmt.Sprintf("%d-04-01", 2026+y) {
				row += ","
			} else {
				row += fmt.Sprintf(",%d", amount)
			}
		}
		p("%s", row)
	}
	p("# terms\nid,stream,rule,value,clause")
	for i := range 60 {
		id := fmt.Sprintf("st-%02d", i)
		if i%4 != 0 {
			p("%s-ages,%s,ages,%s,Children of these ages.", id, id, []string{"0-4", "0-17", "5-17", "0-25"}[r.IntN(4)])
		}
		if i%3 == 0 {
			p("%s-areas,%s,areas,%s,Families living there.", id, id, []string{"tag:priority", "tag:flying-start", "all"}[r.IntN(3)])
		}
		if i%2 == 0 {
			p("%s-obj,%s,objectives,obj-%02d;obj-%02d;obj-%02d;obj-%02d,What it is for.", id, id, r.IntN(15), r.IntN(15), r.IntN(15), r.IntN(15))
		}
		if i%5 == 0 {
			p("%s-max,%s,max-share,30%% area:area-%02d,No more there.", id, id, r.IntN(20))
			p("%s-admin,%s,admin-cap,10%%,A tenth.", id, id)
		}
		if i%7 == 0 {
			p("%s-carry,%s,carry-forward,%s,Carried.", id, id, []string{"5%", "asked", "refused"}[r.IntN(3)])
		}
	}
	p("# services\nid,name,areas,ages,level,statutory,role,evidence,objectives,cost_type%s", years)
	for i := range services {
		cost := 50_000 + r.IntN(300_000)
		p("sv-%04d,Service %d,area-%02d,%s,early help,%s,%s,%s,obj-%02d,delivery,%d,%d,%d,%d,%d", i, i, r.IntN(20), []string{"0-4", "5-13", "0-17", "11-17"}[r.IntN(4)],
			[]string{"no", "no", "no", "yes"}[r.IntN(4)], []string{"direct", "direct", "direct", "management"}[r.IntN(4)],
			[]string{"proven", "promising", "untested", "ineffective", "not assessed"}[r.IntN(5)], r.IntN(15), cost, cost, cost, cost, cost)
	}
	p("# allocations\naward,service,agreed_on%s", years)
	for i := range services {
		for k := range 3 {
			amount := 10_000 + r.IntN(70_000)
			p("aw-%02d,sv-%04d,2026-04-01,%d,%d,%d,%d,%d", (i*7+k*19)%60, i, amount, amount, amount, amount, amount)
		}
	}
	return ledgertest.Book(b, t.String()).View(fiscal.MustDate("2026-11-01"))
}

func BenchmarkPropose(b *testing.B) {
	for _, services := range []int{500, 5000} {
		b.Run(fmt.Sprintf("60x%dx5", services), func(b *testing.B) {
			v := large(b, services)
			p := forecast.Project(v, forecast.Assumptions{}, 5)
			for b.Loop() {
				plan := Propose(v, p, Options{From: 2026, To: 2030})
				if len(plan.Moves) == 0 || !plan.Exact {
					b.Fatal(len(plan.Moves), plan.Exact, plan.Within)
				}
				b.ReportMetric(float64(len(plan.work.in.Uses)), "uses")
				b.ReportMetric(float64(len(plan.Moves)), "moves")
			}
		})
	}
}

// BenchmarkSolvers compares with other solvers on the same instance, five
// years of sixty awards: we pursue every aim, they only that of covering need.
func BenchmarkSolvers(b *testing.B) {
	for _, services := range []int{500, 5000} {
		v := large(b, services)
		in := newWork(v, forecast.Project(v, forecast.Assumptions{}, 5), Options{From: 2026, To: 2030}).in
		size := fmt.Sprintf("60x%dx5/", services)
		b.Run(size+"ours", func(b *testing.B) {
			for b.Loop() {
				in.solve(nil)
			}
		})
		file := filepath.Join(b.TempDir(), "plan.lp")
		if err := os.WriteFile(file, []byte(in.lpOf(CoverNeed)), 0o600); err != nil {
			b.Fatal(err)
		}
		for _, solver := range [][]string{{"glpsol", "--lp", file}, {"cbc", file, "solve", "quit"}} {
			b.Run(size+solver[0], func(b *testing.B) {
				if _, err := exec.LookPath(solver[0]); err != nil {
					b.Skip(err)
				}
				for b.Loop() {
					if text, err := exec.Command(solver[0], solver[1:]...).CombinedOutput(); err != nil || !strings.Contains(strings.ToLower(string(text)), "optimal") {
						b.Fatalf("%v\n%s", err, text)
					}
				}
			})
		}
	}
}
