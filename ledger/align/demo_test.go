package align

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/sentence"
)

func demo(t testing.TB) *ledger.View {
	t.Helper()
	var folder fs.FS = os.DirFS("../../seed/demo")
	return ledgertest.Folder(t, folder).View(fiscal.MustDate("2027-01-12"))
}

func prices(v *ledger.View) forecast.Assumptions {
	two, _ := money.ParseRate("2%")
	return forecast.Recorded(v).At(two)
}

// TestDemoUsesMoneyLeft: of the £490,000 that is left in 2027-28 the plan puts
// all where the terms allow, and takes nothing off any service. £973,200 short
// becomes £483,200, and two services stay short, not seven: what the demo's
// option A comes to.
func TestDemoUsesMoneyLeft(t *testing.T) {
	v := demo(t)
	p := Propose(v, forecast.Project(v, prices(v), 4), Options{From: 2027, To: 2027})
	placed := money.Pence(0)
	for _, m := range p.Moves {
		if m.Change() <= 0 {
			t.Errorf("%s %s: takes off %s", m.Award, m.Service, m.Change())
		}
		if len(m.Because) < 2 {
			t.Errorf("%s %s: %v", m.Award, m.Service, m.Because)
		}
		if r := v.Judge(m.Award, m.Service, m.Label, m.Year, v.AsAt); r.Verdict != funding.Allowed {
			t.Errorf("%s %s: %s %s", m.Award, m.Service, r.Verdict, r.Reason)
		}
		placed += m.Change()
	}
	if placed != 490_000_00 || len(p.Unused) != 0 || !p.Exact {
		t.Errorf("puts %s, leaves %v, exact %v", placed, p.Unused, p.Exact)
	}
	short := map[string]money.Pence{}
	for _, s := range p.Short {
		short[s.Service] = s.Short
	}
	want := map[string]money.Pence{"play-holiday": 244_800_00, "youth-inclusion": 238_400_00}
	if diff := cmp.Diff(want, short); diff != "" {
		t.Error(diff)
	}
	if got := p.Value[CoverNeed]; got.Before != 973_200_00 || got.After != 483_200_00 {
		t.Errorf("%+v", got)
	}
	if got := p.Put("flying-start", "parenting", 2027); got != 333_000_00 {
		t.Errorf("Flying Start puts %s on parenting", got)
	}
	text := said(p)
	for _, want := range []string{
		"Youth inclusion panels is short by £358,000 in 2027-28; it works to Out of trouble (weight 2), and the evidence for it is: promising.",
		"Flying Start ends on 31 March 2028, so it is used before money that lasts.",
		"A term of Flying Start allows it: \"Children up to and including four years of age, and their parents\".",
		"£1 more of Core budget in 2027-28 would go to Youth inclusion panels.",
		"which frees £1 for Youth inclusion panels.",
		"£1 more of Core budget would go to Youth inclusion panels first.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %q:\n%s", want, text)
		}
	}
}

// TestDemoAskedOtherwise: what the plan is without a move, without an award on a
// service, with a service protected, and if what is not known were allowed.
func TestDemoAskedOtherwise(t *testing.T) {
	v := demo(t)
	f := forecast.Project(v, prices(v), 4)
	p := Propose(v, f, Options{})
	if p.From != 2027 || p.To != 2027 {
		t.Fatalf("plans %s to %s", p.From, p.To)
	}
	for _, m := range p.Moves {
		q := p.Leaving(m)
		if got := q.Put(m.Award, m.Service, m.Year); got != m.Was {
			t.Errorf("without %s on %s it puts %s, was %s", m.Award, m.Service, got, m.Was)
		}
		if weighed(q).compare(weighed(p)) < 0 {
			t.Errorf("without %s on %s it is better: %v", m.Award, m.Service, q.Value)
		}
	}
	// core on the panels is worth £119,600: it goes to the next that is short
	q := p.Leaving(Move{Award: "core", Service: "youth-inclusion", Year: 2027, Was: 50_000_00, To: 169_600_00})
	if q.Value[CoverNeed].After != 483_200_00 {
		t.Errorf("%+v", q.Value[CoverNeed])
	}
	if got := p.Put("core", "youth-inclusion", 2027); got != 169_600_00 {
		t.Errorf("the plan itself has changed: %s", got)
	}
	without := Propose(v, f, Options{Without: []Pair{{"core", "youth-inclusion"}}})
	if got := without.Put("core", "youth-inclusion", 2027); got != 50_000_00 {
		t.Errorf("barred, core puts %s on the panels", got)
	}
	open := Propose(v, f, Options{From: 2028, To: 2028})
	held := Propose(v, f, Options{From: 2028, To: 2028, Protected: map[string]bool{"youth-inclusion": true}})
	if got := open.Put("core", "youth-inclusion", 2028); got != 0 {
		t.Errorf("open, the panels have %s", got)
	}
	if got := held.Put("core", "youth-inclusion", 2028); got != 50_000_00 {
		t.Errorf("protected, the panels have %s", got)
	}
	if late := Propose(v, f, Options{From: 2040, To: 2041}); len(late.Moves)+len(late.Short)+len(late.Unused) != 0 {
		t.Errorf("beyond the forecast: %s", said(late))
	}
	asked := Propose(v, f, Options{From: 2026, To: 2027})
	allowed := Propose(v, f, Options{From: 2026, To: 2027, DoubtsAllow: true})
	if len(asked.Carries) != 0 || len(asked.Doubts) == 0 || len(allowed.Carries) == 0 || allowed.Value[CoverNeed].After >= asked.Value[CoverNeed].After {
		t.Errorf("asked:\n%s\nallowed:\n%s", said(asked), said(allowed))
	}
}

// said is all a plan says, in English.
func said(p *Plan) string {
	var b strings.Builder
	line := func(s sentence.Sentence) { fmt.Fprintln(&b, s) }
	lines := func(all []sentence.Sentence) {
		for _, s := range all {
			line(s)
		}
	}
	for _, m := range p.Moves {
		fmt.Fprintln(&b, m.Award, m.Service, m.Year, m.Was, m.To, m.Label)
		lines(m.Because)
	}
	for _, c := range p.Carries {
		fmt.Fprintln(&b, c.Award, c.From, c.To, c.Amount)
		lines(c.Because)
	}
	for _, s := range p.Short {
		fmt.Fprintln(&b, "short", s.Service, s.Year, s.Short, s.Was)
		lines(s.Because)
	}
	for _, u := range p.Unused {
		fmt.Fprintln(&b, "unused", u.Award, u.Year, u.Amount)
		lines(u.Because)
	}
	for _, r := range p.Value {
		line(r.Says)
	}
	for _, w := range p.Worth {
		line(w.Says)
	}
	for _, d := range p.Doubts {
		fmt.Fprintln(&b, "doubt", d.Award, d.Term, d.Services, d.Gain)
		lines(d.Says)
	}
	return b.String()
}

// TestDemoOverFourYears: from this year on, nothing is put where a term does
// not allow it, and the plan prints for an officer to judge.
func TestDemoOverFourYears(t *testing.T) {
	v := demo(t)
	p := Propose(v, forecast.Project(v, prices(v), 4), Options{From: 2026, To: 2029})
	t.Log(said(p))
	if p.Value[HoldTerms].Before != 20_000_00 || p.Value[HoldTerms].After != 0 {
		t.Errorf("NRF's over-allocation: %+v", p.Value[HoldTerms])
	}
	for _, m := range p.Moves {
		if r := v.Judge(m.Award, m.Service, m.Label, m.Year, v.AsAt); m.Change() > 0 && r.Verdict != funding.Allowed {
			t.Errorf("%s %s %s: %s %s", m.Award, m.Service, m.Year, r.Verdict, r.Reason)
		}
	}
}

// sentences are all that a plan says.
func sentences(p *Plan) (all []sentence.Sentence) {
	for _, m := range p.Moves {
		all = append(all, m.Because...)
	}
	for _, c := range p.Carries {
		all = append(all, c.Because...)
	}
	for _, s := range p.Short {
		all = append(all, s.Because...)
	}
	for _, u := range p.Unused {
		all = append(all, u.Because...)
	}
	for _, r := range p.Value {
		all = append(all, r.Says)
	}
	for _, w := range p.Worth {
		all = append(all, w.Says)
	}
	for _, d := range p.Doubts {
		all = append(all, d.Says...)
	}
	return all
}
