package alike_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"braid/ledger/check/alike"
	"braid/ledger/check/alike/plant"
)

var north, south, whole = alike.Span{In: 1, Out: 10}, alike.Span{In: 10, Out: 20}, alike.Span{In: 0, Out: 20}

func parenting() alike.Service {
	return alike.Service{ID: "a", Name: "Parenting programme", Description: "A structured course for parents on praise and routines.", Activity: "parenting",
		Level: "targeted", Provider: "Barnardo's", Objectives: []string{"confident-parents"}, Kin: []string{"be-healthy"}, Places: []alike.Span{north},
		AgeFrom: 0, AgeTo: 4}
}

// book is a service, a changed copy of it, and others about it so that words have their usual weight.
func book(change func(a, b *alike.Service)) []alike.Service {
	a := parenting()
	b := parenting()
	b.ID, b.Provider = "b", "Action for Children"
	change(&a, &b)
	return append([]alike.Service{a, b}, plant.New(3, plant.Options{Services: 400, Style: plant.Register(), Doubles: 1e-9}).Services...)
}

// found gives the pair of the first two services, if it is shown.
func found(pairs []alike.Pair) (alike.Pair, bool) {
	for _, p := range pairs {
		if p.A == 0 && p.B == 1 {
			return p, true
		}
	}
	return alike.Pair{}, false
}

func TestWhatMakesAPair(t *testing.T) {
	const no, doubtful, likely = "no", "doubtful", "likely"
	for _, c := range []struct {
		name   string
		change func(a, b *alike.Service)
		want   string
	}{
		{"the same twice", func(a, b *alike.Service) {}, likely},
		{"shortened and in other order", func(a, b *alike.Service) { b.Name = "PROG: parenting" }, likely},
		{"a slip of the pen", func(a, b *alike.Service) { b.Name = "Parentnig programme" }, likely},
		{"the whole authority in place of one area", func(a, b *alike.Service) { b.Places = []alike.Span{whole} }, likely},
		{"a sister objective", func(a, b *alike.Service) { b.Objectives = []string{"happy-parents"} }, likely},
		{"slightly other ages", func(a, b *alike.Service) { b.AgeTo = 5 }, likely},
		{"level in other case", func(a, b *alike.Service) { b.Level = "Targeted" }, likely},
		{"activity not known", func(a, b *alike.Service) { b.Activity = "" }, likely},
		{"ages not known", func(a, b *alike.Service) { b.AgeFrom, b.AgeTo = -1, -1 }, likely},
		{"another place", func(a, b *alike.Service) { b.Places = []alike.Span{south} }, no},
		{"other ages", func(a, b *alike.Service) { b.AgeFrom, b.AgeTo = 5, 11 }, no},
		{"ages overlapping by less than half", func(a, b *alike.Service) { b.AgeFrom, b.AgeTo = 4, 11 }, no},
		{"a targeted one on top of a universal one", func(a, b *alike.Service) { a.Level = "universal" }, no},
		{"sister programmes", func(a, b *alike.Service) { a.Name, b.Name = "Boys' parenting group", "Girls' parenting group" }, doubtful},
		{"stages", func(a, b *alike.Service) { a.Name, b.Name = a.Name+" stage 1", b.Name+" stage 2" }, doubtful},
		{"the provider's standard text for another service", func(a, b *alike.Service) { b.Name = "Debt and benefits advice" }, doubtful},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, shown := found(alike.Pairs(book(c.change), nil))
			got := no
			if shown && p.Score >= 0.5 {
				got = likely
			} else if shown {
				got = doubtful
			}
			if got != c.want && !(c.want == doubtful && got == no) {
				t.Errorf("%s, want %s (score %.3f)", got, c.want, p.Score)
			}
		})
	}
}

func TestKeepDropsPairs(t *testing.T) {
	services := book(func(a, b *alike.Service) {})
	pairs := alike.Pairs(services, func(a, b int) bool {
		if a >= b {
			t.Errorf("keep(%d, %d): the lesser index comes first", a, b)
		}
		return a != 0
	})
	if _, shown := found(pairs); shown {
		t.Error("a pair that keep dropped is shown")
	}
}

func TestReasonsAreInWords(t *testing.T) {
	p, _ := found(alike.Pairs(book(func(a, b *alike.Service) { b.Name, b.AgeTo = "Parenting prog", 5 }), nil))
	var got []string
	for _, r := range p.Reasons {
		got = append(got, r.Words())
	}
	want := []string{`near-equal names: "Parenting programme", "Parenting prog"`, "same description", "same objective: confident-parents",
		"same activity: parenting", "same level of need: targeted", "same place", "ages overlap: 0-4, 0-5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	b := plant.New(5, plant.Options{Services: 2000, Style: plant.Composed(), Gaps: 0.2})
	for _, p := range alike.Pairs(b.Services, nil) {
		for _, r := range p.Reasons {
			if r.Words() == r.Code {
				t.Fatalf("reason %q has no words", r.Code)
			}
		}
	}
}

// named puts pairs in terms of ids, so that they can be compared whatever the order of the services.
func named(services []alike.Service, pairs []alike.Pair) []string {
	var out []string
	for _, p := range pairs {
		a, b := services[p.A].ID, services[p.B].ID
		out = append(out, fmt.Sprintf("%s %s %.12f", min(a, b), max(a, b), p.Score))
	}
	return out
}

func TestOrderOfInputChangesNothing(t *testing.T) {
	services := plant.New(7, plant.Options{Services: 300, Style: plant.Register(), Doubles: 0.1, Gaps: 0.1}).Services
	want := named(services, alike.Pairs(services, nil))
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		mixed := slices.Clone(services)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if diff := cmp.Diff(want, named(mixed, alike.Pairs(mixed, nil))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestProcessorsChangeNothing(t *testing.T) {
	services := plant.New(8, plant.Options{Services: 2000, Style: plant.Composed(), Doubles: 0.1}).Services
	want := alike.Pairs(services, nil)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	if diff := cmp.Diff(want, alike.Pairs(services, nil)); diff != "" {
		t.Error(diff)
	}
}

func TestPlantedBooksAreTheSameForTheSameSeed(t *testing.T) {
	for _, style := range []plant.Style{plant.Register(), plant.Composed(), plant.Terse()} {
		a, b := plant.New(4, plant.Options{Services: 500, Style: style}), plant.New(4, plant.Options{Services: 500, Style: style})
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatal(diff)
		}
	}
	if diff := cmp.Diff(plant.Prospectus(4, plant.Options{Services: 500}), plant.Prospectus(4, plant.Options{Services: 500})); diff != "" {
		t.Fatal(diff)
	}
}

func FuzzPairs(f *testing.F) {
	f.Add("Parenting programme", "Parenting prog", "for parents", "", int8(0), int8(4), int32(1), int32(5))
	f.Add("Grŵp Rhieni a Phlant", "GRWP RHIENI", "plant ifanc", "\xff\xfe", int8(-1), int8(-1), int32(0), int32(0))
	f.Add("1 2 3", "ii iv (A)", "'", "under 5s", int8(17), int8(3), int32(9), int32(-9))
	f.Fuzz(func(t *testing.T, name1, name2, text1, text2 string, from, to int8, in, out int32) {
		s := []alike.Service{
			{ID: "1", Name: name1, Description: text1, Activity: "x", Level: "1", Objectives: []string{"o"}, Kin: []string{"k"}, AgeFrom: from, AgeTo: to, Places: []alike.Span{{In: in, Out: out}}},
			{ID: "2", Name: name2, Description: text2, Activity: "x", Level: "1", Objectives: []string{"o"}, AgeFrom: 0, AgeTo: 5},
			{ID: "3", Name: text1, Description: name1, Activity: "x", Level: "", Kin: []string{"k"}, AgeFrom: 0, AgeTo: 25, Places: []alike.Span{{In: in, Out: out}, {In: 0, Out: 100}}},
		}
		for _, p := range alike.Pairs(s, nil) {
			if p.A >= p.B || p.B >= len(s) || !(p.Score >= 0 && p.Score <= 1) {
				t.Errorf("bad pair %+v", p)
			}
			for _, r := range p.Reasons {
				r.Words()
			}
		}
		near, back := alike.NearText(name1, name2), alike.NearText(name2, name1)
		if near != back || !(near >= 0 && near <= 1) {
			t.Errorf("NearText %v one way, %v the other", near, back)
		}
		if strings.ContainsAny(name1, "bcdfghjk") && alike.NearText(name1, name1) < 0.999 {
			t.Errorf("%q is not like itself", name1)
		}
	})
}
