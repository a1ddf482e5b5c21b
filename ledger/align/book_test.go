package align

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

// randomBook is the registers of a small council, with terms of every rule.
type randomBook struct {
	registers map[string][]string // rows, headings first
}

var bookOrder = []string{"areas", "objectives", "needs", "streams", "awards", "figures", "terms", "boards", "services", "delegations", "allocations", "unsplit", "payments"}

func newRandomBook(r *rand.Rand) *randomBook {
	b := &randomBook{registers: map[string][]string{}}
	row := func(register, format string, args ...any) {
		b.registers[register] = append(b.registers[register], fmt.Sprintf(format, args...))
	}
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	row("areas", "id,name,parent,tags")
	row("areas", "all,All,,")
	row("areas", "north,North,all,priority")
	row("areas", "south,South,all,")
	row("areas", "east,East,all,priority")
	row("objectives", "id,name,weight")
	for _, o := range []string{"ready", "safe", "heard"} {
		row("objectives", "%s,%s,%s", o, o, pick("", "1", "2", "5"))
	}
	row("needs", "objective,area,people,unit")
	for range r.IntN(4) {
		row("needs", "%s,%s,%d,children", pick("ready", "safe", "heard"), pick("north", "south", "east"), 10+r.IntN(100))
	}
	row("boards", "id,name")
	row("boards", "nb,North board")
	row("streams", "id,name,permanence,ring_fence")
	row("awards", "id,stream,starts,ends")
	row("figures", "award,year,amount,certainty,stated_on")
	row("terms", "id,stream,award,rule,value,clause,to")
	awards := 2 + r.IntN(4)
	for i := range awards {
		row("streams", "s%d,Stream %d,%s,%s", i, i, pick("base budget", "settlement", "recurring", "multi-year", "annual", ""), pick("", "ring-fenced", "un-ring-fenced"))
		row("awards", "a%d,s%d,2026-04-01,%s", i, i, pick("", "", "2029-03-31", "2028-03-31", "2027-03-31"))
		for y := 2026; y < 2029; y++ {
			if r.IntN(6) > 0 {
				row("figures", "a%d,%d-%d,%d,confirmed,2026-03-01", i, y, y-1999, r.IntN(400))
			}
		}
		if r.IntN(8) == 0 {
			row("figures", "a%d,term,%d,confirmed,2026-03-01", i, r.IntN(300))
		}
		for k := range r.IntN(4) {
			rule, value := "", ""
			switch rule = pick("ages", "areas", "objectives", "cost-type", "level", "min-share", "max-share", "match", "admin-cap", "additional", "carry-forward", "virement", "spend-by"); rule {
			case "ages":
				value = pick("0-4", "0-17", "5-17")
			case "areas":
				value = pick("north", "north;south", "all", "tag:priority")
			case "objectives":
				value = pick("ready", "ready;safe", "safe;heard")
			case "cost-type":
				value = pick("delivery", "delivery;admin")
			case "level":
				value = pick("targeted", "targeted;universal")
			case "min-share", "max-share":
				value = pick("25%", "60%", "1/3") + " " + pick("objective:ready", "area:north", "age:0-4", "cost-type:admin")
			case "match":
				value = pick("50%", "1/3")
			case "admin-cap":
				value = "10%"
			case "additional":
				value = "2025-26"
			case "carry-forward", "virement":
				value = pick("permitted", "10%", "refused", "asked", "unknown")
			case "spend-by":
				value = pick("2027-03-31", "2027-10-31", "2028-03-31")
			}
			row("terms", "t%d-%d,s%d,,%s,%s,%s,%s", i, k, i, rule, value, pick("", fmt.Sprintf("Clause %d of %d.", k, i), fmt.Sprintf("Clause %d of %d.", k, i)), pick("", "", "", "2027-06-30"))
		}
	}
	row("services", "id,name,areas,ages,level,statutory,role,evidence,objectives,capacity,unit,cost_type,2026-27,2027-28,2028-29")
	services := 2 + r.IntN(5)
	cost := func() string {
		if r.IntN(8) == 0 {
			return pick("", "?")
		}
		return fmt.Sprint(r.IntN(300))
	}
	for i := range services {
		row("services", "v%d,Service %d,%s,%s,%s,%s,%s,%s,%s,%s,children,%s,%s,%s,%s", i, i, pick("north", "south", "north;south", "", "east", "all"), pick("0-4", "5-13", "0-17", ""),
			pick("targeted", "universal", ""), pick("no", "no", "yes"), pick("direct", "direct", "management"), pick("proven", "promising", "untested", "ineffective", "not assessed"),
			pick("ready", "safe", "ready;safe", "heard", ""), pick("", "20", "60"), pick("delivery", "admin", ""), cost(), cost(), cost())
	}
	row("delegations", "board,award,2026-27")
	row("allocations", "award,service,objective,area,cost_type,match_for,board,agreed_on,2026-27,2027-28,2028-29")
	row("payments", "date,amount,award,service")
	row("unsplit", "award,service,agreed_on,year,amount")
	for range r.IntN(10) {
		match := ""
		if r.IntN(8) == 0 {
			match = fmt.Sprintf("a%d", r.IntN(awards))
		}
		a, v := r.IntN(awards), r.IntN(services)
		if match == fmt.Sprintf("a%d", a) {
			match = ""
		}
		amount := func() string { return []string{"", fmt.Sprint(1 + r.IntN(150))}[r.IntN(2)] }
		row("allocations", "a%d,v%d,%s,%s,%s,%s,,2026-04-01,%s,%s,%s", a, v, pick("", "", "ready", "safe"), pick("", "", "north", "south"), pick("", "", "delivery"), match, amount(), amount(), amount())
		if r.IntN(20) == 0 {
			row("unsplit", "a%d,v%d,2026-04-01,term,%d", a, v, 1+r.IntN(50))
		}
		if r.IntN(5) == 0 {
			row("payments", "2026-06-01,%d,a%d,v%d", 1+r.IntN(60), a, v)
		}
	}
	return b
}

func (b *randomBook) text(shuffle *rand.Rand) string {
	var t strings.Builder
	for _, register := range bookOrder {
		rows := slices.Clone(b.registers[register])
		if len(rows) < 2 {
			continue
		}
		if body := rows[1:]; shuffle != nil {
			shuffle.Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
		}
		if register == "unsplit" {
			register = "allocations"
		}
		fmt.Fprintf(&t, "# %s\n%s\n", register, strings.Join(rows, "\n"))
	}
	return t.String()
}

var asAt = fiscal.MustDate("2026-11-22")

func (b *randomBook) view(t testing.TB) *ledger.View {
	return ledgertest.Book(t, b.text(nil)).View(asAt)
}

func proposed(v *ledger.View) *Plan {
	return Propose(v, forecast.Project(v, forecast.Assumptions{}, 3), Options{From: 2026, To: 2028, Protected: map[string]bool{"v0": true}})
}

func weighed(p *Plan) (s score) {
	for i, r := range p.Value {
		s[i] = r.AfterWeighed
	}
	return s
}

// lay posts a plan by the ordinary verbs, which hold it to the terms and to
// every balance: what a source moves between services as virement, what goes
// back or comes from what is left as release and allocation.
func lay(t *testing.T, v *ledger.View, p *Plan) *ledger.View {
	t.Helper()
	d := v.Draft(ledger.Intent{Author: "test", Reason: "the plan"})
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v\n%s\n%+v", what, err, said(p), p.Carries)
		}
	}
	type key struct {
		award string
		year  fiscal.Year
	}
	type piece struct {
		to     string // the service
		label  ledger.Label
		amount money.Pence
	}
	limited := map[string]bool{}
	for _, term := range v.Terms {
		if _, is := term.Virement(); is {
			for id, a := range v.Awards {
				limited[id] = limited[id] || a.Stream == term.Stream
			}
		}
	}
	waits := map[key][]piece{}     // money that is put on services
	vired := map[key]money.Pence{} // of awards whose moves are counted: what cannot come from money left
	for _, m := range p.Moves {
		if m.Change() <= 0 {
			continue
		}
		k := key{m.Award, m.Year}
		waits[k] = append(waits[k], piece{m.Service, m.Label, m.Change()})
		if _, met := vired[k]; limited[m.Award] && !met {
			vired[k] = -max(v.BalanceOf(ledger.Account{Stage: ledger.Awarded, Award: m.Award, Year: m.Year}), 0)
			for _, c := range p.Carries {
				if c.Award == m.Award && c.To == m.Year {
					vired[k] -= c.Amount
				}
			}
		}
		if limited[m.Award] {
			vired[k] += m.Change()
		}
	}
	for _, m := range p.Moves {
		if m.Change() >= 0 {
			continue
		}
		left, k := -m.Change(), key{m.Award, m.Year}
		for _, g := range p.labelled(m) { // under the labels it is there by
			for left > 0 && g.amount > 0 {
				take := min(g.amount, left)
				if on := waits[k]; len(on) > 0 && vired[k] > 0 && !p.refused(m) {
					take = min(take, on[0].amount, vired[k])
					vired[k] -= take
					if g.label != on[0].label {
						must("relabel", d.Relabel(m.Award, m.Service, "", m.Year, g.label, ledger.Move{Amount: take, Label: on[0].label, Effective: v.AsAt}))
					}
					if on[0].to != m.Service {
						must("vire "+m.Award+" from "+m.Service+" to "+on[0].to, d.Vire(m.Award, m.Service, on[0].to, "", m.Year, ledger.Move{Amount: take, Label: on[0].label, Effective: v.AsAt}))
					}
					if on[0].amount -= take; on[0].amount == 0 {
						waits[k] = on[1:]
					}
				} else {
					must("release", d.Release(m.Award, m.Service, "", m.Year, ledger.Move{Amount: take, Label: g.label, Effective: v.AsAt}))
				}
				g.amount -= take
				left -= take
			}
		}
		if left != 0 {
			t.Fatalf("%s of %s cannot be taken off %s", left, m.Award, m.Service)
		}
	}
	for _, c := range p.Carries {
		must("carry", d.CarryForward(c.Award, "", c.From, c.To, ledger.Move{Amount: c.Amount, Effective: v.AsAt}))
	}
	for k, on := range waits {
		for _, m := range on {
			must("allocate "+k.award+" to "+m.to, d.Allocate(k.award, m.to, "", k.year, ledger.Move{Amount: m.amount, Label: m.label, Effective: v.AsAt}))
		}
	}
	for _, asked := range d.Unknown {
		t.Fatalf("the plan rests on what is not known: %+v", asked)
	}
	_, b := d.Seal(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return b.View(v.AsAt)
}

// refused reports whether a move takes off what a term refuses.
func (p *Plan) refused(m Move) bool {
	for _, c := range p.work.changes() {
		if c.refused && p.work.awards[p.work.sources[c.source].of].ID == m.Award && p.work.service[p.work.wants[c.want].of].ID == m.Service && p.work.years[p.work.wants[c.want].year] == m.Year && c.to == m.To {
			return true
		}
	}
	return false
}

// held reports whether what the plan holds to is not seen once it is done: an
// award's leave to move money is limited and the plan does not use all
// it takes off (what goes back looks like money that was never on a service), or a
// grant must add to what core pays today.
func (p *Plan) held() bool {
	on, off := map[int32]money.Pence{}, map[int32]money.Pence{}
	for u := range p.work.in.Uses {
		if p.work.uses[u].broken > 0 && p.work.in.Sources[p.work.in.Uses[u].Source].Addable < noLimit {
			return true
		}
		off[p.work.in.Uses[u].Source] += p.work.in.Uses[u].Was - p.work.best.answer.Kept[u]
		on[p.work.in.Uses[u].Source] += p.work.best.answer.Added[u]
	}
	for i, c := range p.work.in.Carries { // what comes in is added first
		on[c.To] -= p.work.best.answer.Carried[i]
	}
	for i, amount := range off {
		at, src := p.work.sources[i], &p.work.in.Sources[i]
		if src.Addable < noLimit && amount > 0 && on[i]-max(p.work.awards[at.of].left[at.year], 0) < amount {
			return true
		}
	}
	for _, a := range p.work.awards { // where core has left, such a grant may come another day, and where it has, core may go
		if a.law.adds {
			return true
		}
	}
	return false
}

// fixed reports whether the award and year of a finding have money that stays.
func (p *Plan) fixed(finding string) bool {
	part := strings.Split(finding, "/") // condition/min-share/award/term/year
	for _, a := range p.work.awards {
		for y, year := range p.work.years {
			if a.ID == part[2] && year.String() == part[4] && a.fixed[y] > 0 {
				return true
			}
		}
	}
	return false
}

// labelled is what a move's award has on its service that may be taken off,
// the move's own label first.
func (p *Plan) labelled(m Move) []segment {
	w := p.work
	for _, s := range w.service {
		if s.ID != m.Service {
			continue
		}
		for i := range s.held {
			if h := &s.held[i]; w.awards[h.award].ID == m.Award && w.years[h.year] == m.Year {
				of := w.segments(s, h)
				slices.SortStableFunc(of, func(a, b segment) int {
					switch {
					case a.label == m.Label && b.label != m.Label:
						return -1
					case b.label == m.Label && a.label != m.Label:
						return 1
					}
					return 0
				})
				return of
			}
		}
	}
	return nil
}

// breaches are what the checks find broken: condition findings that are high.
func breaches(v *ledger.View) map[string]money.Pence {
	found := map[string]money.Pence{}
	for _, f := range check.Run(v, check.DefaultPolicy()) {
		if f.Kind == check.Condition && f.Severity == check.High && !f.Unknown && f.Rule != "match" {
			found[f.ID] = f.Amount.Pence()
		}
	}
	return found
}

func TestPlansOfRandomBooks(t *testing.T) {
	books, _ := strconv.Atoi(os.Getenv("BOOKS"))
	books = max(books, 250)
	if testing.Short() {
		books = 100
	}
	changed, carried, exact, doubts := 0, 0, 0, 0
	met := map[string]bool{}
	for n := range books {
		r := rand.New(rand.NewPCG(7, uint64(n)))
		book := newRandomBook(r)
		v := book.view(t)
		p := proposed(v)
		fail := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("book %d: %s\n%s\n%s", n, fmt.Sprintf(format, args...), book.text(nil), said(p))
		}
		for _, s := range sentences(p) {
			meet(met, s)
		}
		if len(p.Moves) > 0 {
			changed++
		}
		carried += min(len(p.Carries), 1)
		doubts += min(len(p.Doubts), 1)
		if p.Exact {
			exact++
		}
		if was, is := p.work.best.score, p.work.in.score(p.work.best.answer); was != is || p.work.in.feasible(p.work.best.answer) != nil {
			fail("%v, scored %v: %v", was, is, p.work.in.feasible(p.work.best.answer))
		}
		for _, m := range p.Moves {
			if m.Change() > 0 {
				if ruling := v.Judge(m.Award, m.Service, m.Label, m.Year, v.AsAt); ruling.Verdict != funding.Allowed {
					fail("%s on %s in %s: %s", m.Award, m.Service, m.Year, ruling.Reason)
				}
			}
			if m.Was < 0 || m.To < 0 || len(m.Because) == 0 {
				fail("%+v", m)
			}
		}
		if n%8 == 0 {
			allowed := Propose(v, forecast.Project(v, forecast.Assumptions{}, 3), Options{From: 2026, To: 2028, DoubtsAllow: true})
			for _, s := range sentences(allowed) {
				meet(met, s)
			}
			if got := allowed.work.best; p.Exact && got.exact && score(got.score).compare(p.work.best.score) > 0 && len(p.work.o.Protected) == 0 {
				fail("what is not known, allowed, is worse: %v", got.score)
			}
		}
		if len(p.Moves) > 0 {
			m := p.Moves[r.IntN(len(p.Moves))]
			if q := p.Leaving(m); p.Exact && q.Exact && (q.work.best.score.compare(p.work.best.score) < 0 || m.Change() > 0 && slices.ContainsFunc(q.Moves, func(o Move) bool {
				return o.Award == m.Award && o.Service == m.Service && o.Year == m.Year && o.Change() > 0
			})) {
				fail("without %+v:\n%s", m, said(q))
			}
		}
		after := lay(t, v, p)
		if err := after.CheckBalances(); err != nil {
			fail("%v", err)
		}
		// every award to the penny
		for at, amount := range after.Balances {
			before := v.BalanceOf(at)
			if at.Stage == ledger.Awarded && amount < 0 && amount < before {
				fail("%s holds %s", at, amount)
			}
			if (at.Stage == ledger.Committed || at.Stage == ledger.Paid || at.Board != "" || at.Stage == ledger.Funder) && amount != before {
				fail("%s was %s and is %s", at, before, amount)
			}
		}
		// no term is broken that was not, nor by more
		was := breaches(v)
		for id, amount := range breaches(after) {
			if strings.Contains(id, "min-share") && p.fixed(id) {
				continue // money that stays where it is uses up what other uses may have
			}
			if before, stood := was[id]; !stood || amount > before {
				fail("%s: %s, was %s", id, amount, before)
			}
		}
		// the plan is what stands
		for of, amount := range p.put {
			stands := money.Pence(0)
			for _, h := range after.Holdings(of.service) {
				if after.Name(h.Award) == of.award && h.Year == of.year {
					stands += h.Amount
				}
			}
			if stands != amount {
				fail("%v: %s stands, the plan puts %s", of, stands, amount)
			}
		}
		if !p.Exact || p.held() {
			continue
		}
		again := proposed(after)
		if len(again.Moves) > 0 || len(again.Carries) > 0 {
			fail("fed back:\n%s", said(again))
		}
		other := proposed(ledgertest.Book(t, book.text(r)).View(asAt))
		if said(other) != said(p) {
			fail("in another order:\n%s", said(other))
		}
	}
	for code := range english {
		if !met[code] && !strings.HasPrefix(code, "lack.") {
			t.Errorf("%s is never said", code)
		}
	}
	t.Logf("of %d books: %d change something, %d carry money, %d exact, %d with doubts", books, changed, carried, exact, doubts)
}

// TestMoreMoneyInBooks: a larger figure, or a term struck out, never makes a
// worse plan.
func TestMoreMoneyInBooks(t *testing.T) {
	books, _ := strconv.Atoi(os.Getenv("BOOKS"))
	books = max(books, 250)
	if testing.Short() {
		books = 60
	}
	struck := 0
	for n := range books {
		r := rand.New(rand.NewPCG(8, uint64(n)))
		book := newRandomBook(r)
		before := proposed(book.view(t))
		text := book.text(nil)
		what := ""
		if n%2 == 0 {
			figures := book.registers["figures"]
			if len(figures) < 2 {
				continue
			}
			i := 1 + r.IntN(len(figures)-1)
			cells := strings.Split(figures[i], ",")
			amount := 0
			fmt.Sscan(cells[2], &amount)
			cells[2] = fmt.Sprint(amount + 1 + r.IntN(100))
			what = "more: " + figures[i]
			figures[i] = strings.Join(cells, ",")
		} else {
			terms := book.registers["terms"]
			if len(terms) < 2 {
				continue
			}
			i := 1 + r.IntN(len(terms)-1)
			cells := strings.Split(terms[i], ",")
			if cells[3] == "carry-forward" {
				continue // striking out leave to carry is no relaxation
			}
			what = "struck out: " + terms[i]
			book.registers["terms"] = slices.Delete(terms, i, i+1)
			struck++
		}
		after := proposed(book.view(t))
		if before.Exact && after.Exact && weighed(after).compare(weighed(before)) > 0 {
			t.Fatalf("book %d: %s: %v from %v\n%s\n%s\n%s", n, what, weighed(after), weighed(before), text, said(before), said(after))
		}
	}
	t.Logf("%d terms struck out", struck)
}

// meet notes the codes of a sentence and of those within it.
func meet(met map[string]bool, s sentence.Sentence) {
	met[s.Code] = true
	for _, a := range s.Args {
		switch v := a.Value.(type) {
		case sentence.Sentence:
			meet(met, v)
		case sentence.List:
			for _, one := range v {
				if s, is := one.(sentence.Sentence); is {
					meet(met, s)
				}
			}
		}
	}
}
