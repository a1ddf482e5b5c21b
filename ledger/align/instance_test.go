package align

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"braid/ledger/money"
)

// randomInstance makes a small instance with everything in it: floors, duties,
// need and cost beyond it, caps (nested, beside and crossing), permission to
// move, match, core that must stay, carries, and money that is there today.
func randomInstance(r *rand.Rand, sources, wants, uses int, most int64, crossing bool) *instance {
	in := &instance{}
	amount := func() money.Pence { return money.Pence(r.Int64N(most + 1)) }
	for range sources {
		s := source{Money: amount(), Most: noLimit, Addable: noLimit, Keep: int8(r.IntN(4)), Lasting: r.IntN(2) == 0}
		if r.IntN(5) == 0 {
			s.Most = amount()
		}
		if r.IntN(6) == 0 {
			s.Money, s.Owed = 0, amount()
		}
		caps := r.IntN(3)
		if crossing {
			caps = r.IntN(4)
		}
		for range caps {
			s.Caps = append(s.Caps, amount())
		}
		if r.IntN(3) == 0 && (len(s.Caps) == 0 || crossing) {
			s.Addable = amount()
		}
		in.Sources = append(in.Sources, s)
	}
	for range wants {
		w := want{Statutory: r.IntN(3) == 0}
		value := int64(1 + r.IntN(12))
		w.Parts = [3]part{{amount(), r.IntN(3) == 0, value}, {amount() / 2, false, value}, {amount() / 2, false, 1}}
		in.Wants = append(in.Wants, w)
	}
	met := map[[2]int]bool{}
	for range uses {
		u := use{Source: int32(r.IntN(sources)), Want: int32(r.IntN(wants)), Add: r.IntN(4) > 0}
		if r.IntN(2) == 0 {
			u.Was = amount()
			u.Locked = r.IntN(6) == 0
		}
		s := &in.Sources[u.Source]
		switch n := len(s.Caps); {
		case n == 0:
		case crossing:
			u.Caps = r.Uint32N(1 << n)
		case n == 1:
			u.Caps = r.Uint32N(2)
		default: // the second within the first
			u.Caps = []uint32{0, 1, 3}[r.IntN(3)]
		}
		k := [2]int{int(u.Source), int(u.Want)}
		if met[k] {
			continue
		}
		met[k] = true
		in.Uses = append(in.Uses, u)
		in.Wants[u.Want].Over += u.Was
	}
	for i := range in.Wants {
		w := &in.Wants[i]
		w.Over = max(w.Over-w.Parts[0].Amount-w.Parts[1].Amount-w.Parts[2].Amount, 0)
	}
	if sources > 1 && r.IntN(3) == 0 {
		in.Carries = append(in.Carries, carry{0, 1, amount()})
	}
	return in
}

// feasible says whether an answer keeps every limit, in its own words.
func (in *instance) feasible(a *answer) error {
	spent := make([]money.Pence, len(in.Sources))
	adds := make([]money.Pence, len(in.Sources))
	for i, c := range in.Carries {
		if in.Sources[c.To].Most >= noLimit {
			adds[c.To] -= a.Carried[i]
		}
	}
	over := make([]money.Pence, len(in.Wants))
	caps := map[[2]int]money.Pence{}
	for i, u := range in.Uses {
		if a.Kept[i] < 0 || a.Kept[i] > u.Was || a.Added[i] < 0 || a.Added[i] > 0 && !u.Add {
			return fmt.Errorf("use %d: kept %d of %d, added %d", i, a.Kept[i], u.Was, a.Added[i])
		}
		put := a.Kept[i] + a.Added[i]
		adds[u.Source] += a.Added[i]
		spent[u.Source] += put
		over[u.Want] += put
		for b := range in.Sources[u.Source].Caps {
			if u.Caps>>b&1 == 1 {
				caps[[2]int{int(u.Source), b}] += put
			}
		}
	}
	for i, w := range in.Wants {
		if over[i] > w.Parts[0].Amount+w.Parts[1].Amount+w.Parts[2].Amount+w.Over {
			return fmt.Errorf("want %d gets %d", i, over[i])
		}
	}
	for k, put := range caps {
		if put > in.Sources[k[0]].Caps[k[1]] {
			return fmt.Errorf("source %d: cap %d has %d", k[0], k[1], put)
		}
	}
	has := make([]money.Pence, len(in.Sources))
	for i, s := range in.Sources {
		if adds[i] > s.Addable {
			return fmt.Errorf("source %d adds %d of %d", i, adds[i], s.Addable)
		}
		if spent[i] > s.Most {
			return fmt.Errorf("source %d spends %d of its most %d", i, spent[i], s.Most)
		}
		has[i] = s.Money
	}
	for i, c := range in.Carries {
		if a.Carried[i] < 0 || a.Carried[i] > c.Most {
			return fmt.Errorf("carry %d: %d of %d", i, a.Carried[i], c.Most)
		}
		has[c.From] -= a.Carried[i]
		has[c.To] += a.Carried[i]
	}
	for i := range in.Sources {
		if spent[i] > has[i] {
			return fmt.Errorf("source %d spends %d of %d", i, spent[i], has[i])
		}
	}
	return nil
}

// exhaustive tries every answer.
func (in *instance) exhaustive(most int64) (best score) {
	a := in.asIs()
	found := false
	var try func(i int)
	try = func(i int) {
		switch {
		case i < len(in.Uses):
			u := &in.Uses[i]
			for put := range money.Pence(2*most + 1) {
				a.Kept[i] = min(put, u.Was)
				a.Added[i] = put - a.Kept[i]
				if a.Added[i] > 0 && !u.Add {
					break
				}
				try(i + 1)
			}
		case i < len(in.Uses)+len(in.Carries):
			c := i - len(in.Uses)
			for a.Carried[c] = 0; a.Carried[c] <= in.Carries[c].Most; a.Carried[c]++ {
				try(i + 1)
			}
		default:
			if in.feasible(a) == nil {
				if s := in.score(a); !found || s.compare(best) < 0 {
					best, found = s, true
				}
			}
		}
	}
	try(0)
	return best
}

func TestSolveIsTheBestThereIs(t *testing.T) {
	exact := 0
	for n := range 3000 {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		const most = 3
		in := randomInstance(r, 1+r.IntN(3), 1+r.IntN(3), 1+r.IntN(4), most, n%3 == 0)
		got := in.solve(nil)
		if err := in.feasible(got.answer); err != nil {
			t.Fatalf("instance %d: %v", n, err)
		}
		if s := in.score(got.answer); s != got.score {
			t.Fatalf("instance %d: scored %v, says %v", n, s, got.score)
		}
		want := in.exhaustive(most)
		switch {
		case got.exact && got.score != want:
			t.Fatalf("instance %d: %v, and the best is %v\n%+v\n%+v", n, got.score, want, in, got.answer)
		case !got.exact && (got.score.compare(want) < 0 || got.bound.compare(want) > 0):
			t.Fatalf("instance %d: %v and at best %v, but the best is %v", n, got.score, got.bound, want)
		}
		if got.exact {
			exact++
		}
	}
	if exact < 2700 {
		t.Errorf("only %d of 3000 were exact", exact)
	}
	t.Logf("%d of 3000 exact", exact)
}

// TestMoreIsNeverWorse: more money, or a relaxed term, never gives a worse plan.
func TestMoreIsNeverWorse(t *testing.T) {
	for n := range 2000 {
		r := rand.New(rand.NewPCG(2, uint64(n)))
		in := randomInstance(r, 1+r.IntN(5), 1+r.IntN(6), 1+r.IntN(14), 50, false)
		before := in.solve(nil)
		if !before.exact {
			t.Fatalf("instance %d is not exact", n)
		}
		s := &in.Sources[r.IntN(len(in.Sources))]
		what := "money"
		switch r.IntN(7) {
		case 0:
			more := money.Pence(r.IntN(40))
			mends := min(s.Owed, more)
			s.Owed -= mends
			s.Money += more - mends
		case 1:
			what = "match"
			s.Most += money.Pence(r.IntN(40))
		case 2:
			what = "move"
			s.Addable += money.Pence(r.IntN(40))
		case 3:
			what = "share"
			for i := range s.Caps {
				s.Caps[i] += money.Pence(r.IntN(40))
			}
		case 4:
			what = "use"
			in.Uses[r.IntN(len(in.Uses))].Add = true
		case 5:
			what = "lock"
			in.Uses[r.IntN(len(in.Uses))].Locked = false
		case 6:
			what = "carry"
			if len(in.Carries) > 0 {
				in.Carries[0].Most += money.Pence(r.IntN(40))
			}
		}
		after := in.solve(nil)
		if after.score.compare(before.score) > 0 {
			t.Fatalf("instance %d: more %s made %v of %v", n, what, after.score, before.score)
		}
	}
}

// fedBack is an instance as it stands once its answer has been done.
func (in *instance) fedBack(a *answer) *instance {
	next := *in
	next.Sources, next.Wants, next.Uses, next.Carries = slices.Clone(in.Sources), slices.Clone(in.Wants), slices.Clone(in.Uses), slices.Clone(in.Carries)
	held := make([]money.Pence, len(in.Wants))
	for i := range next.Uses {
		u := &next.Uses[i]
		s := &next.Sources[u.Source]
		if s.Addable < noLimit {
			s.Addable -= a.Added[i]
		}
		u.Was = a.put(i)
		held[u.Want] += u.Was
	}
	for i := range next.Wants {
		w := &next.Wants[i]
		w.Over = max(held[i]-w.Parts[0].Amount-w.Parts[1].Amount-w.Parts[2].Amount, 0)
	}
	for i := range next.Carries {
		c := &next.Carries[i]
		c.Most -= a.Carried[i]
		next.Sources[c.From].Money -= a.Carried[i]
		if to := &next.Sources[c.To]; to.Addable < noLimit && to.Most >= noLimit {
			to.Addable += a.Carried[i]
		}
		to := &next.Sources[c.To]
		mends := min(to.Owed, a.Carried[i])
		to.Owed -= mends
		to.Money += a.Carried[i] - mends
	}
	return &next
}

func TestFedBackChangesNothing(t *testing.T) {
	for n := range 2000 {
		r := rand.New(rand.NewPCG(3, uint64(n)))
		in := randomInstance(r, 1+r.IntN(5), 1+r.IntN(6), 1+r.IntN(14), 50, false)
		first := in.solve(nil)
		next := in.fedBack(first.answer)
		second := next.solve(nil)
		if second.score[ChangeLeast] != 0 {
			t.Fatalf("instance %d: fed back, it changes %v\n%v\n%+v\n%+v\n%+v", n, second.score, first.score, in, first.answer, second.answer)
		}
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	for n := range 500 {
		r := rand.New(rand.NewPCG(4, uint64(n)))
		in := randomInstance(r, 2+r.IntN(4), 2+r.IntN(5), 1+r.IntN(14), 50, false)
		other := *in
		other.Uses = slices.Clone(in.Uses)
		r.Shuffle(len(other.Uses), func(i, j int) { other.Uses[i], other.Uses[j] = other.Uses[j], other.Uses[i] })
		other.Wants = slices.Clone(in.Wants)
		slices.Reverse(other.Wants)
		for i := range other.Uses {
			other.Uses[i].Want = int32(len(in.Wants)-1) - other.Uses[i].Want
		}
		if a, b := in.solve(nil).score, other.solve(nil).score; a != b {
			t.Fatalf("instance %d: %v, and in another order %v", n, a, b)
		}
	}
}

// TestWithout: the best without a move is what solving afresh gives.
func TestWithout(t *testing.T) {
	for n := range 500 {
		r := rand.New(rand.NewPCG(5, uint64(n)))
		in := randomInstance(r, 1+r.IntN(5), 1+r.IntN(6), 1+r.IntN(14), 50, false)
		first := in.solve(nil)
		bar := map[int]bool{r.IntN(len(in.Uses)): true}
		got := first.without(bar, nil)
		fresh := *in
		fresh.Uses = slices.Clone(in.Uses)
		for u := range bar {
			fresh.Uses[u].Add = false
		}
		if want := fresh.solve(nil).score; got.score != want || got.score.compare(first.score) < 0 {
			t.Fatalf("instance %d: %v, afresh %v, with the move %v", n, got.score, want, first.score)
		}
		hold := map[int]bool{r.IntN(len(in.Uses)): true}
		held := first.without(nil, hold)
		if err := in.feasible(held.answer); err != nil || held.score.compare(first.score) < 0 {
			t.Fatalf("instance %d: %v %v %v", n, err, held.score, first.score)
		}
	}
}

// lp writes an instance as a linear program for other solvers: aims before the
// last are held at what was reached. It shares nothing with the network.
func (in *instance) lp(reached []int64) string { return in.program(Aim(len(reached)), reached) }

// lpOf is the program of one aim alone.
func (in *instance) lpOf(aim Aim) string { return in.program(aim, nil) }

func (in *instance) program(aim Aim, reached []int64) string {
	var objective [aims][]string
	var rows, bounds []string
	term := func(k Aim, weight int64, name string) {
		if weight != 0 {
			objective[k] = append(objective[k], fmt.Sprintf("%+d %s", weight, name))
		}
	}
	constant := [aims]int64{}
	spent := make([][]string, len(in.Sources))
	moved := make([][]string, len(in.Sources))
	got := make([][]string, len(in.Wants))
	cap := map[[2]int][]string{}
	for i, u := range in.Uses {
		s := in.Sources[u.Source]
		k, d := fmt.Sprintf("k%d", i), fmt.Sprintf("d%d", i)
		bounds = append(bounds, fmt.Sprintf("0 <= %s <= %d", k, u.Was))
		if !u.Add {
			bounds = append(bounds, d+" = 0")
		}
		for _, x := range []string{k, d} {
			spent[u.Source] = append(spent[u.Source], "+ "+x)
			got[u.Want] = append(got[u.Want], "+ "+x)
			term(UseEndingFirst, int64(s.Keep), x)
			if in.Wants[u.Want].Statutory && !s.Lasting {
				term(DutiesOnLasting, 1, x)
			}
			for b := range s.Caps {
				if u.Caps>>b&1 == 1 {
					cap[[2]int{int(u.Source), b}] = append(cap[[2]int{int(u.Source), b}], "+ "+x)
				}
			}
		}
		if u.Locked {
			term(HoldTerms, -32, k)
			constant[HoldTerms] += 32 * int64(u.Was)
		}
		moved[u.Source] = append(moved[u.Source], "+ "+d)
		constant[ChangeLeast] += 2 * int64(u.Was)
		term(ChangeLeast, -2, k)
		if u.Was > 0 {
			term(ChangeLeast, 2, d)
		} else {
			term(ChangeLeast, 3, d)
		}
	}
	for i, s := range in.Sources {
		spends := strings.Join(spent[i], " ")
		if spends == "" {
			spends = "0 zero"
		}
		has := spends
		for j, c := range in.Carries {
			if int(c.From) == i {
				has += fmt.Sprintf(" + c%d", j)
			}
			if int(c.To) == i {
				has += fmt.Sprintf(" - c%d", j)
			}
		}
		rows = append(rows, fmt.Sprintf("%s - w%d <= %d", has, i, s.Money-s.Owed))
		bounds = append(bounds, fmt.Sprintf("0 <= w%d <= %d", i, s.Owed))
		term(HoldTerms, 1024, fmt.Sprintf("w%d", i))
		if s.Most < noLimit {
			rows = append(rows, fmt.Sprintf("%s <= %d", spends, s.Most))
		}
		if s.Addable < noLimit && len(moved[i]) > 0 {
			adds := strings.Join(moved[i], " ")
			for j, c := range in.Carries {
				if int(c.To) == i && s.Most >= noLimit {
					adds += fmt.Sprintf(" - c%d", j)
				}
			}
			rows = append(rows, fmt.Sprintf("%s <= %d", adds, s.Addable))
		}
	}
	for k, terms := range cap {
		rows = append(rows, fmt.Sprintf("%s <= %d", strings.Join(terms, " "), in.Sources[k[0]].Caps[k[1]]))
	}
	for i, c := range in.Carries {
		bounds = append(bounds, fmt.Sprintf("0 <= c%d <= %d", i, c.Most))
		term(ChangeLeast, 2, fmt.Sprintf("c%d", i))
	}
	for i, w := range in.Wants {
		total, sum := int64(0), strings.Join(got[i], " ")
		for j, p := range w.Parts {
			short := fmt.Sprintf("s%d_%d", i, j)
			total += int64(p.Amount)
			sum += " + " + short
			bounds = append(bounds, fmt.Sprintf("0 <= %s <= %d", short, p.Amount))
			if p.Floor {
				term(HoldTerms, 1, short)
			}
			if w.Statutory {
				term(FundDuties, 1, short)
			}
			term(CoverNeed, p.Value, short)
		}
		over := fmt.Sprintf("o%d", i)
		bounds = append(bounds, fmt.Sprintf("0 <= %s <= %d", over, w.Over))
		term(UseEndingFirst, 1, over)
		rows = append(rows, fmt.Sprintf("%s - %s = %d", sum, over, total))
	}
	for k, value := range reached {
		if len(objective[k]) > 0 {
			rows = append(rows, fmt.Sprintf("%s <= %d", strings.Join(objective[k], " "), value-constant[k]))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Minimize\n obj: %s\nSubject To\n", strings.Join(append(objective[aim], fmt.Sprintf("+ %d one", constant[aim])), " "))
	for i, row := range rows {
		fmt.Fprintf(&b, " r%d: %s\n", i, row)
	}
	fmt.Fprintf(&b, "Bounds\n one = 1\n zero = 0\n")
	for _, row := range bounds {
		fmt.Fprintf(&b, " %s\n", row)
	}
	b.WriteString("End\n")
	return b.String()
}

// TestAgainstGLPK asks another solver, aim by aim, of instances too large to
// try every answer.
func TestAgainstGLPK(t *testing.T) {
	solver, err := exec.LookPath("glpsol")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("glpsol is not installed")
		}
		t.Skip("glpsol is not installed")
	}
	dir := t.TempDir()
	asked := 40
	if testing.Short() {
		asked = 5
	}
	for n := range asked {
		r := rand.New(rand.NewPCG(6, uint64(n)))
		in := randomInstance(r, 2+r.IntN(6), 3+r.IntN(10), 10+r.IntN(50), 100_000, n%4 == 0)
		got := in.solve(nil)
		var reached []int64
		bounded := true
		for k := range aims {
			file, out := filepath.Join(dir, "plan.lp"), filepath.Join(dir, "plan.out")
			if err := os.WriteFile(file, []byte(in.lp(reached)), 0o600); err != nil {
				t.Fatal(err)
			}
			if text, err := exec.Command(solver, "--lp", file, "-o", out).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			text, _ := os.ReadFile(out)
			_, after, _ := strings.Cut(string(text), "Objective:  obj = ")
			value, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
			if err != nil {
				t.Fatal(err)
			}
			theirs := int64(value)
			if tell := float64(got.score[k]); got.exact && (value-tell > 0.5+tell/1e5 || tell-value > 0.5+tell/1e5) { // it prints six digits
				t.Fatalf("instance %d, aim %s: we reach %d, it reaches %s", n, k, got.score[k], strings.Fields(after)[0])
			} else if !got.exact {
				if bounded && theirs < got.bound[k]-1-got.bound[k]/100000 || theirs > got.score[k]+1+got.score[k]/100000 {
					t.Fatalf("instance %d, aim %s: we reach %d and at best %d, it reaches %d", n, k, got.score[k], got.bound[k], theirs)
				}
				bounded = bounded && got.bound[k] == got.score[k] // later aims follow other values
				if theirs != got.score[k] {
					break
				}
			}
			reached = append(reached, got.score[k])
		}
	}
}

// TestWorth: what one more penny of a source is said to be worth is what it is
// worth, at every aim, and the want it is said to reach is less short by it.
func TestWorth(t *testing.T) {
	asked, reached := 0, 0
	for n := range 1000 {
		r := rand.New(rand.NewPCG(9, uint64(n)))
		in := randomInstance(r, 1+r.IntN(5), 1+r.IntN(6), 1+r.IntN(14), 50, false)
		first := in.solve(nil)
		net := first.nets[0]
		ways := net.solution.Ways(0)
		for i := range in.Sources {
			if in.Sources[i].Owed > 0 {
				continue
			}
			richer := *in
			richer.Sources = slices.Clone(in.Sources)
			richer.Sources[i].Money++
			after := richer.solve(nil).score
			var gain score
			for k := range gain {
				gain[k] = after[k] - first.score[k]
			}
			asked++
			if said, ok := ways.Cost(int(net.source[i])); !ok || score(said) != gain {
				t.Fatalf("instance %d, source %d: said to be worth %v, is %v", n, i, said, gain)
			}
			m := net.more(ways, int32(i))
			if m.last >= 0 && m.aim <= CoverNeed {
				reached++
				if gain.compare(score{}) >= 0 || int(m.last) >= len(in.Wants) {
					t.Fatalf("instance %d, source %d: reaches want %d and gains %v", n, i, m.last, gain)
				}
			}
			if (m.aim == aims) != (gain.compare(score{}) >= 0) {
				t.Fatalf("instance %d, source %d: aim %s, gain %v", n, i, m.aim, gain)
			}
		}
	}
	if reached < asked/10 {
		t.Errorf("only %d of %d reach a want", reached, asked)
	}
}
