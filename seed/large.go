package seed

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Large describes a made-up book of any size, the same for the same number: a
// region of authorities and localities, streams with yearly awards, services
// with agreements, needs, and Lines allocations of one year each. It is for
// benchmarks and soaks; nothing in it is anyone's.
type Large struct {
	Lines  int
	Number uint64
}

func (l Large) services() int { return min(max(l.Lines/20, 7), 50_000) }
func (l Large) streams() int  { return min(max(l.Lines/1000, 5), 250) }

// awards is by stream: one for each of several years and bodies.
func (l Large) awards() int { return min(max(l.Lines/400, 10), 2_500) }

var (
	largeKinds     = []string{"Parenting groups", "Family support", "Youth club", "Speech and language help", "Play scheme", "Young carers", "Mentoring", "Counselling", "Home visiting", "Breakfast club", "Childcare places", "Mediation", "Short breaks", "Street work", "Reading help", "Health visiting", "Debt advice", "Sports sessions", "Arts workshops", "Transition help"}
	largeActs      = []string{"parenting support", "family support", "youth work", "early learning", "play", "respite", "mentoring", "counselling", "home visits", "childcare"}
	largeLevels    = []string{"universal", "early help", "targeted", "specialist"}
	largeProviders = []string{"Harbour", "Oak Tree", "Riverside", "Bright Start", "Bridge", "Lighthouse", "Meadow", "Cornerstone", "Stepping Stones", "Horizon"}
)

// Write makes the registers as CSV files in a folder, which must exist.
func (l Large) Write(dir string) error {
	files := []struct {
		name string
		rows func(io.Writer, *rand.Rand)
	}{
		{"areas", l.areas}, {"objectives", l.objectives}, {"streams", l.writeStreams}, {"awards", l.writeAwards},
		{"services", l.writeServices}, {"needs", l.needs}, {"agreements", l.agreements}, {"allocations", l.allocations},
	}
	for i, f := range files {
		file, err := os.Create(filepath.Join(dir, f.name+".csv"))
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(file, 1<<16)
		f.rows(w, rand.New(rand.NewPCG(l.Number, uint64(i))))
		if err := w.Flush(); err != nil {
			file.Close()
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}

const (
	largeAuthorities = 12
	largeLocalities  = 8 // in each authority
	largeOutcomes    = 5
	largeObjectives  = 6 // under each outcome
)

func locality(i int) string {
	i %= largeAuthorities * largeLocalities
	return fmt.Sprintf("loc-%02d-%d", i/largeLocalities, i%largeLocalities)
}

func objective(i int) string {
	i %= largeOutcomes * largeObjectives
	return fmt.Sprintf("obj-%d-%d", i/largeObjectives, i%largeObjectives)
}

func (l Large) areas(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "id,name,kind,parent,population")
	fmt.Fprintln(w, "region,Region,region,,")
	for a := range largeAuthorities {
		fmt.Fprintf(w, "auth-%02d,Authority %d,authority,region,\n", a, a+1)
		for i := range largeLocalities {
			fmt.Fprintf(w, "loc-%02d-%d,Locality %d.%d,locality,auth-%02d,%d\n", a, i, a+1, i+1, a, 2000+r.IntN(6000))
		}
	}
}

func (l Large) objectives(w io.Writer, _ *rand.Rand) {
	fmt.Fprintln(w, "id,name,parent,kind,agreed_on")
	for o := range largeOutcomes {
		fmt.Fprintf(w, "out-%d,Outcome %d,,outcome,\n", o, o+1)
		for i := range largeObjectives {
			fmt.Fprintf(w, "obj-%d-%d,Objective %d.%d,out-%d,objective,2025-10-01\n", o, i, o+1, i+1, o)
		}
	}
}

func (l Large) writeStreams(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "id,name,funder,permanence")
	kinds := []string{"base budget", "recurring", "multi-year", "annual", "one-off"}
	for i := range l.streams() {
		fmt.Fprintf(w, "st-%03d,Stream %d,Funder %d,%s\n", i, i+1, i%20+1, kinds[r.IntN(len(kinds))])
	}
}

func (l Large) writeAwards(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "id,stream,starts,ends,fate,certainty,stated_on,2026-27,2027-28")
	ends := []string{"2027-03-31", "2027-03-31", "2028-03-31", "2029-03-31", ""}
	fates := []string{"unknown", "stops", "renewed"}
	per := int64(l.Lines/l.awards()+1) * 12_000
	for i := range l.awards() {
		fmt.Fprintf(w, "aw-%04d,st-%03d,2024-04-01,%s,%s,confirmed,2026-02-01,%d,%d\n", i, i%l.streams(), ends[r.IntN(len(ends))], fates[r.IntN(len(fates))], per, per)
	}
}

func (l Large) writeServices(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "id,name,description,activity,provider,areas,ages,level,objectives,capacity,2026-27,2027-28")
	per := int64(l.Lines/l.services()) * 10_000
	for i := range l.services() {
		from := r.IntN(14)
		kind, act := r.IntN(len(largeKinds)), r.IntN(len(largeActs))
		name := fmt.Sprintf("%s %s %s", largeProviders[r.IntN(len(largeProviders))], largeKinds[kind], locality(i*31))
		text := fmt.Sprintf("%s for families of %s; %s offered %s times a week in ward %d", largeKinds[kind], locality(i*31), largeActs[act], []string{"two", "three", "five"}[r.IntN(3)], r.IntN(400))
		fmt.Fprintf(w, "sv-%05d,%s,%s,%s,%s trust,%s,%d-%d,%s,%s;%s,%d,%d,%d\n", i, name, text, largeActs[act], strings.ToLower(largeProviders[i%len(largeProviders)]),
			locality(i*31), from, from+2+r.IntN(6), largeLevels[r.IntN(len(largeLevels))], objective(i), objective(i*7+3), 20+r.IntN(200), per+int64(r.IntN(3))*2_000, per)
	}
}

func (l Large) needs(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "objective,area,ages,year,people")
	for o := range largeOutcomes * largeObjectives {
		for a := range largeAuthorities * largeLocalities {
			if r.IntN(3) > 0 {
				fmt.Fprintf(w, "%s,%s,0-17,2026-27,%d\n", objective(o), locality(a), 10+r.IntN(500))
			}
		}
	}
}

func (l Large) agreements(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "id,service,kind,starts,ends,break_clause,notice_months,lead_months")
	for i := range l.services() {
		fmt.Fprintf(w, "ag-%05d,sv-%05d,contract,2025-04-01,20%d-03-31,%s,%d,1\n", i, i, 27+r.IntN(4), []string{"yes", "no"}[r.IntN(2)], []int{1, 3, 6}[r.IntN(3)])
	}
}

// allocations put about £10,000 a line on services, so that a service with
// twenty lines costs about what it is given.
func (l Large) allocations(w io.Writer, r *rand.Rand) {
	fmt.Fprintln(w, "id,award,service,objective,area,year,amount,agreed_on")
	services, awards := l.services(), l.awards()
	years := []string{"2026-27", "2026-27", "2026-27", "2027-28"}
	for i := range l.Lines {
		s := i % services
		fmt.Fprintf(w, "al-%07d,aw-%04d,sv-%05d,%s,%s,%s,%d.%02d,2026-%02d-%02d\n", i, r.IntN(awards), s, objective(s), locality(s*31),
			years[r.IntN(len(years))], 9_000+r.IntN(2_000), r.IntN(100), 3+r.IntN(8), 1+r.IntN(28))
	}
}
