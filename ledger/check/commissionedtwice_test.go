package check

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/check/alike"
	"braid/ledger/check/alike/plant"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// planted enters a planted book in a ledger: its areas and objectives as trees,
// each service paid from one of ten awards.
func planted(t *testing.T, p plant.Book, seed uint64) *ledger.Book {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	d := ledger.Empty().Draft(ledger.Intent{Author: "test", Reason: "test", AsFound: true})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	row := func(register, id string, cells ...string) ledger.Record {
		rec := ledger.Record{Register: register, ID: id}
		for i := 0; i < len(cells); i += 2 {
			if cells[i+1] != "" {
				rec.Values = append(rec.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
			}
		}
		return rec
	}
	spans := map[alike.Span]bool{}
	objectives := map[string]string{} // to the outcome above
	for i := range p.Services {
		s := &p.Services[i]
		for _, a := range s.Places {
			spans[a] = true
		}
		for k, o := range s.Objectives {
			objectives[o], objectives[s.Kin[min(k, len(s.Kin)-1)]] = s.Kin[min(k, len(s.Kin)-1)], ""
		}
	}
	var tree []alike.Span
	for a := range spans {
		tree = append(tree, a)
	}
	slices.SortFunc(tree, func(a, b alike.Span) int { return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(b.Out, a.Out)) })
	area := func(a alike.Span) string { return fmt.Sprintf("area-%d-%d", a.In, a.Out) }
	var above []alike.Span
	for _, a := range tree {
		for len(above) > 0 && above[len(above)-1].Out <= a.In {
			above = above[:len(above)-1]
		}
		parent := ""
		if len(above) > 0 {
			parent = area(above[len(above)-1])
		}
		must(d.Put(row("areas", area(a), "name", area(a), "parent", parent)))
		above = append(above, a)
	}
	for _, o := range slices.SortedFunc(maps.Keys(objectives), func(a, b string) int { return cmp.Or(cmp.Compare(objectives[a], objectives[b]), cmp.Compare(a, b)) }) {
		must(d.Put(row("objectives", o, "name", o, "parent", objectives[o])))
	}
	for i := range 10 {
		id := fmt.Sprintf("award-%d", i)
		must(d.Put(row("streams", id, "name", id, "permanence", "base budget")))
		must(d.Put(row("awards", id, "stream", id, "starts", "2020-04-01")))
		must(d.State(row("figures", id, "award", id, "year", "2026-27", "amount", "9000000000.00", "certainty", "confirmed"), 0))
	}
	for i := range p.Services {
		s := &p.Services[i]
		ages, capacity := "", ""
		if s.AgeFrom >= 0 {
			ages = fmt.Sprintf("%d-%d", s.AgeFrom, s.AgeTo)
		}
		if s.Capacity > 0 {
			capacity = strconv.Itoa(s.Capacity)
		}
		var areas []string
		for _, a := range s.Places {
			areas = append(areas, area(a))
		}
		id := fmt.Sprintf("s%05d", i)
		must(d.Put(row("services", id, "name", s.Name, "description", s.Description, "activity", s.Activity, "level", s.Level, "provider", s.Provider,
			"objectives", strings.Join(s.Objectives, ";"), "areas", strings.Join(areas, ";"), "ages", ages, "capacity", capacity)))
		must(d.Allocate(fmt.Sprintf("award-%d", r.IntN(10)), id, "", fiscal.Year(2026), ledger.Move{Amount: money.Pence(12_000_00 + r.IntN(300_000_00)), Line: "line-" + id}))
	}
	_, b := d.Seal(time.Date(2027, 1, 12, 0, 0, 0, 0, time.UTC))
	return b
}

// TestPlantedDoublesAreFound holds the rule, from ledger to findings in the order
// in which they are shown, to what the design asks of it on ordinary books. The
// seeds are none that the likeness was learned on. A prospectus is the hardest: a
// third of its doubles are in other words altogether. (Learned without any
// prospectus the recall on it was 0.86 and 0.92: what a stranger's book may give.)
func TestPlantedDoublesAreFound(t *testing.T) {
	for _, c := range []struct {
		name       string
		plant      func(seed uint64, o plant.Options) plant.Book
		o          plant.Options
		at90, at80 float64
	}{
		{"register", plant.New, plant.Options{Services: 4000, Style: plant.Register(), Near: 1}, 0.90, 0.95},
		{"composed", plant.New, plant.Options{Services: 4000, Style: plant.Composed(), Near: 1}, 0.90, 0.95},
		{"terse", plant.New, plant.Options{Services: 4000, Style: plant.Terse(), Near: 1}, 0.90, 0.95},
		{"prospectus", plant.Prospectus, plant.Options{Services: 4000}, 0.88, 0.92},
	} {
		t.Run(c.name, func(t *testing.T) {
			const books = 3
			mean := map[float64]float64{0.90: 0, 0.80: 0}
			found, all := map[plant.Class]int{}, map[plant.Class]int{}
			for seed := uint64(5001); seed < 5001+books; seed++ {
				p := c.plant(seed, c.o)
				var shown [][2]int
				for _, f := range Run(planted(t, p, seed).View(asAt), DefaultPolicy(), "duplication/commissioned-twice") {
					if !f.Unknown {
						shown = append(shown, [2]int{numberOf(f.Subjects[0].ID), numberOf(f.Subjects[1].ID)})
					}
				}
				for _, class := range p.True {
					all[class]++
				}
				for precision := range mean {
					right, upTo, best := 0, 0, 0
					for i, pair := range shown {
						if p.True[pair] != "" {
							right++
						}
						if float64(right) >= precision*float64(i+1) {
							upTo, best = i+1, right
						}
					}
					mean[precision] += float64(best) / float64(len(p.True)) / books
					for _, pair := range shown[:upTo] {
						if class := p.True[pair]; class != "" && precision == 0.90 {
							found[class]++
						}
					}
				}
			}
			t.Logf("recall %.3f at precision 0.90, %.3f at 0.80", mean[0.90], mean[0.80])
			for _, class := range []plant.Class{plant.Light, plant.Medium, plant.Heavy, plant.Strange} {
				if all[class] > 0 {
					t.Logf("%s: %d of %d at precision 0.90", class, found[class], all[class])
				}
			}
			if mean[0.90] < c.at90 || mean[0.80] < c.at80 {
				t.Errorf("want recall %.2f at precision 0.90 and %.2f at 0.80", c.at90, c.at80)
			}
		})
	}
}

func numberOf(service string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(service, "s"))
	return n
}
