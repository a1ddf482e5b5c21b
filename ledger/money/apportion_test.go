package money

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func parts(t interface{ Fatal(...any) }, idWeight ...any) []Part {
	var list []Part
	for i := 0; i < len(idWeight); i += 2 {
		w, err := ParseShare(idWeight[i+1].(string))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Part{idWeight[i].(string), w})
	}
	return list
}

func TestApportion(t *testing.T) {
	for _, c := range []struct {
		name  string
		total Pence
		parts []Part
		want  []Pence
	}{
		{"one", 100, parts(t, "a", "1"), []Pence{100}},
		{"sixty forty", 100, parts(t, "a", "60", "b", "40"), []Pence{60, 40}},
		{"halves of an odd penny", 1, parts(t, "b", "50%", "a", "50%"), []Pence{0, 1}},
		{"thirds", 100, parts(t, "c", "1/3", "b", "1/3", "a", "1/3"), []Pence{33, 33, 34}},
		{"thirds of two over", 200, parts(t, "c", "1/3", "b", "1/3", "a", "1/3"), []Pence{66, 67, 67}},
		{"below nought", -100, parts(t, "c", "1/3", "b", "1/3", "a", "1/3"), []Pence{-33, -33, -34}},
		{"never to a nil share", 1, parts(t, "a", "0", "b", "1/2", "c", "1/2"), []Pence{0, 1, 0}},
		{"largest remainder", 10, parts(t, "a", "1", "b", "1", "z", "5"), []Pence{2, 1, 7}}, // 1.43 1.43 7.14
		{"nothing", 0, parts(t, "a", "1", "b", "2"), []Pence{0, 0}},
		{"the most there is", Max, parts(t, "a", "1/3", "b", "2/3"), []Pence{3_333_333_333_333, 6_666_666_666_667}},
		{"one id twice", 1, parts(t, "a", "1/2", "a", "1/2"), []Pence{1, 0}},
		{"one id twice, unlike", 2, parts(t, "a", "1", "a", "3"), []Pence{0, 2}}, // 0.5 1.5
	} {
		got, err := Apportion(c.total, c.parts)
		if err != nil || cmp.Diff(c.want, got) != "" {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	for name, none := range map[string][]Part{"no parts": nil, "no weight": parts(t, "a", "0", "b", "0%")} {
		if got, err := Apportion(100, none); !errors.Is(err, ErrNoWeight) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	var over *OutOfRange
	if _, err := Apportion(math.MinInt64, parts(t, "a", "1")); !errors.As(err, &over) {
		t.Error(err)
	}
}

// With more parts than pence, the first by id get a penny each.
func TestApportionMoreThanPence(t *testing.T) {
	var many []Part
	for i := range 2000 {
		many = append(many, Part{fmt.Sprintf("%04d", i), Share{1, 1}})
	}
	got, err := Apportion(1000, many)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range got {
		if want := Pence(1); i < 1000 && p != want || i >= 1000 && p != 0 {
			t.Fatalf("part %d has %v", i, p)
		}
	}
}

// holds checks what is promised of every apportionment.
func holds(t interface{ Fatalf(string, ...any) }, total Pence, parts []Part) {
	got, err := Apportion(total, parts)
	if err != nil {
		t.Fatalf("Apportion(%v, %v): %v", total, parts, err)
	}
	weights := new(big.Rat)
	for _, p := range parts {
		weights.Add(weights, p.Weight.rat())
	}
	sum := Pence(0)
	for i, p := range got {
		sum += p
		if parts[i].Weight.IsZero() && p != 0 {
			t.Fatalf("%v to a nil share: %v of %v", p, parts, total)
		}
		off := new(big.Rat).Quo(parts[i].Weight.rat(), weights)
		off.Mul(off, big.NewRat(int64(total), 1)).Sub(off, big.NewRat(int64(p), 1))
		if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
			t.Fatalf("part %d of %v over %v is %v, off by %v", i, total, parts, p, off)
		}
	}
	if sum != total {
		t.Fatalf("parts come to %v, not %v", sum, total)
	}
	minus, err := Apportion(-total, parts)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i := range minus {
		if minus[i] != -got[i] {
			t.Fatalf("%v is not minus %v", minus, got)
		}
	}
	// Any other order of the parts gives each part the same.
	turned := slices.Clone(parts)
	slices.Reverse(turned)
	again, err := Apportion(total, turned)
	if err != nil {
		t.Fatalf("%v", err)
	}
	of := func(parts []Part, shares []Pence) []string {
		var list []string
		for i, p := range parts {
			list = append(list, fmt.Sprint(p.ID, " ", p.Weight, " ", shares[i]))
		}
		slices.Sort(list)
		return list
	}
	if diff := cmp.Diff(of(parts, got), of(turned, again)); diff != "" {
		t.Fatalf("order matters: %s", diff)
	}
	// Both ways of counting agree.
	shares, over, ok := split64(total.size(), parts)
	exact, exactOver := splitBig(total.size(), parts)
	if !ok {
		return
	}
	if diff := cmp.Diff(exact, shares); diff != "" {
		t.Fatalf("64 bits and exact differ: %s", diff)
	}
	for i := range parts {
		if over.compare(0, i) != exactOver.compare(0, i) {
			t.Fatalf("remainders 0 and %d compare otherwise in 64 bits", i)
		}
	}
}

func TestApportionProperties(t *testing.T) {
	weight := rapid.Custom(func(t *rapid.T) Share {
		limit := rapid.SampledFrom([]int64{3, 100, 1e6, math.MaxInt64}).Draw(t, "limit")
		return share(t, rapid.Int64Range(0, limit).Draw(t, "num"), rapid.Int64Range(1, limit).Draw(t, "den"))
	})
	part := rapid.Custom(func(t *rapid.T) Part {
		return Part{rapid.StringMatching(`[a-e]`).Draw(t, "id"), weight.Draw(t, "weight")}
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(part, 1, 12).Draw(t, "parts")
		list = append(list, Part{"f", share(t, 1, 7)})
		holds(t, Pence(rapid.Int64Range(-int64(Max), int64(Max)).Draw(t, "total")), list)
	})
}

func FuzzApportion(f *testing.F) {
	f.Add(int64(100), []byte{1, 3, 1, 3, 1, 3})
	f.Add(int64(-1), []byte{0, 1, 1, 2, 1, 2})
	f.Add(int64(Max), []byte("a long string of unlike weights"))
	f.Add(int64(1), []byte{255, 255, 255, 255, 255, 255, 255, 254, 255, 255, 255, 255, 255, 255, 255, 253})
	f.Fuzz(func(t *testing.T, total int64, raw []byte) {
		var list []Part
		// Every other part has wide weights, so that both ways of counting are met.
		for i := 0; len(raw) >= 2 && i < 50; i++ {
			num, den := int64(raw[0]), int64(raw[1])
			raw = raw[2:]
			if i%2 == 1 && len(raw) >= 16 {
				num, den = int64(binary.BigEndian.Uint64(raw)>>1), int64(binary.BigEndian.Uint64(raw[8:])>>1)
				raw = raw[16:]
			}
			list = append(list, Part{string(rune('a' + num%5)), share(t, num, max(den, 1))})
		}
		if _, err := Apportion(Pence(total), list); err != nil {
			weightless := !slices.ContainsFunc(list, func(p Part) bool { return !p.Weight.IsZero() })
			if !weightless && Pence(total).inRange() {
				t.Fatalf("Apportion(%d, %v): %v", total, list, err)
			}
			return
		}
		holds(t, Pence(total), list)
	})
}

func BenchmarkApportion(b *testing.B) {
	for name, list := range map[string][]Part{
		"six":  parts(b, "a", "60%", "b", "10%", "c", "10%", "d", "1/12", "e", "1/12", "f", "1/30"),
		"wide": parts(b, "a", "1/9223372036854775807", "b", "1/9223372036854775783", "c", "1/3"),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Apportion(12_345_678, list)
			}
		})
	}
}
