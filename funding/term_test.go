package funding

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// term makes a term of an award, or stops the test.
func term(t *testing.T, rule Rule, value string, when ...Condition) Term {
	t.Helper()
	made, err := NewTerm(Term{ID: "t1", Award: "fs", Rule: rule, Value: value, When: when, Clause: "as the letter says"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func share(t *testing.T, text string) money.Share {
	t.Helper()
	s, err := money.ParseShare(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNewTermReadsValues(t *testing.T) {
	for text, want := range map[string]Ages{
		"0-3": {0, 3, true}, "5 to 13": {5, 13, true}, "5 – 13": {5, 13, true}, "under 4": {0, 3, true},
		"11+": {11, 120, true}, "11 and over": {11, 120, true}, " 4 ": {4, 4, true},
	} {
		if got, is := term(t, RuleAges, text).AgesAllowed(); !is || got != want {
			t.Errorf("ages %q: %+v, %v", text, got, is)
		}
	}
	for text, want := range map[string]ShareRule{
		"25% objective:play":     {Share: share(t, "25%"), Dimension: "objective", ID: "play"},
		"1/3 area:north":         {Share: share(t, "1/3"), Dimension: "area", ID: "north"},
		"100% Cost_Type: admin":  {Share: share(t, "1"), Dimension: "cost-type", ID: "admin"},
		"0.5 element:childcare":  {Share: share(t, "50%"), Dimension: "element", ID: "childcare"},
		"12.5%  age:4 to 10":     {Share: share(t, "1/8"), Dimension: "age", ID: "4-10"},
		"0% objective:religion ": {Dimension: "objective", ID: "religion"},
	} {
		if got, is := term(t, RuleMaxShare, text).ShareRule(); !is || got != want {
			t.Errorf("max-share %q: %+v, %v", text, got, is)
		}
		want.Min = true
		if got, is := term(t, RuleMinShare, text).ShareRule(); !is || got != want {
			t.Errorf("min-share %q: %+v, %v", text, got, is)
		}
	}
	if got, is := term(t, RuleAdminCap, "10%").ShareRule(); !is || got != (ShareRule{Share: share(t, "10%"), Dimension: "cost-type", ID: AdminCost}) {
		t.Errorf("admin-cap: %+v, %v", got, is)
	}
	if got, is := term(t, RuleMatch, "150%").Match(); !is || got.Share != share(t, "3/2") {
		t.Errorf("match: %+v, %v", got, is)
	}
	for text, want := range map[string]Baseline{
		"2024-25; £120,000":                        {2024, pounds(120_000)},
		"base_year=2024-25; base_amount=120000.00": {2024, pounds(120_000)},
		"£1.2m; 2024-25":                           {2024, pounds(1_200_000)},
		"2024-25":                                  {2024, money.Unknown},
		"2024-25; ?":                               {2024, money.Unknown},
		"120000":                                   {fiscal.Term, pounds(120_000)},
		"":                                         {fiscal.Term, money.Unknown},
	} {
		if got, is := term(t, RuleAdditional, text).Additional(); !is || got != want {
			t.Errorf("additional %q: %+v, %v", text, got, is)
		}
	}
	for text, want := range map[string]Permission{
		"permitted": {Answer: Permitted}, "Yes": {Answer: Permitted},
		"asked": {Answer: Asked}, "on request": {Answer: Asked},
		"refused": {Answer: PermissionRefused}, "not permitted": {Answer: PermissionRefused}, "No": {Answer: PermissionRefused},
		"unknown": {}, "?": {}, "": {},
		"10%": {Answer: PermittedUpTo, UpTo: share(t, "10%")},
	} {
		if got, is := term(t, RuleCarryForward, text).CarryForward(); !is || got != want {
			t.Errorf("carry-forward %q: %+v, %v", text, got, is)
		}
		if got, is := term(t, RuleVirement, text).Virement(); !is || got != want {
			t.Errorf("virement %q: %+v, %v", text, got, is)
		}
	}
	for _, text := range []string{"2027-03-31", "31/3/2027", "31 March 2027"} {
		if got, is := term(t, RuleSpendBy, text).SpendBy(); !is || got != day("2027-03-31") {
			t.Errorf("spend-by %q: %s, %v", text, got, is)
		}
	}
}

// A term answers for its own rule only.
func TestTermIsOneRule(t *testing.T) {
	ages, spendBy := term(t, RuleAges, "0-3"), term(t, RuleSpendBy, "2027-03-31")
	_, a := ages.ShareRule()
	_, b := ages.Match()
	_, c := ages.Additional()
	_, d := ages.CarryForward()
	_, e := ages.Virement()
	_, f := ages.SpendBy()
	_, g := spendBy.AgesAllowed()
	_, h := Term{Rule: RuleMaxShare, Value: "10% objective:x"}.ShareRule() // never read
	if a || b || c || d || e || f || g || h {
		t.Errorf("a term answers for rules it is not: %v", []bool{a, b, c, d, e, f, g, h})
	}
}

func TestNewTermRefuses(t *testing.T) {
	for _, c := range []struct {
		rule  Rule
		value string
	}{
		{RuleAges, ""}, {RuleAges, "3-0"}, {RuleAges, "babies"}, {RuleAges, "0-121"}, {RuleAges, "under 0"}, {RuleAges, "0-3-5"}, {RuleAges, "-3"},
		{RuleAreas, ""}, {RuleAreas, " ; "}, {RuleObjectives, ""}, {RuleCostType, ""}, {RuleElements, ";"}, {RuleLevel, ""},
		{RuleMaxShare, ""}, {RuleMaxShare, "25%"}, {RuleMaxShare, "objective:x"}, {RuleMaxShare, "101% objective:x"}, {RuleMaxShare, "-5% objective:x"},
		{RuleMaxShare, "25% colour:red"}, {RuleMaxShare, "25% objective:"}, {RuleMinShare, "25% age:old"}, {RuleMinShare, "NaN objective:x"},
		{RuleMatch, ""}, {RuleMatch, "half"}, {RuleAdminCap, "110%"}, {RuleAdminCap, ""},
		{RuleAdditional, "2024-25; 2025-26"}, {RuleAdditional, "1;2"}, {RuleAdditional, "lots"}, {RuleAdditional, "base_amount=2024-25"}, {RuleAdditional, "2024-25; -5"},
		{RuleCarryForward, "maybe"}, {RuleCarryForward, "110%"}, {RuleVirement, "a little"},
		{RuleSpendBy, ""}, {RuleSpendBy, "2027-02-30"}, {RuleSpendBy, "03/31/2027"},
		{RuleNotStated, "0-3"}, {Rule(99), "0-3"},
	} {
		_, err := NewTerm(Term{ID: "t1", Award: "fs", Rule: c.rule, Value: c.value})
		var bad *BadTerm
		if !errors.As(err, &bad) {
			t.Errorf("%s %q: %v; want a BadTerm", c.rule, c.value, err)
			continue
		}
		if bad.Value != c.value || bad.Remedy == "" || !strings.Contains(err.Error(), "t1") || !strings.Contains(err.Error(), bad.Remedy) {
			t.Errorf("%s %q: %v", c.rule, c.value, err)
		}
	}
	for _, owner := range []Term{{}, {Stream: "s", Award: "a"}} {
		owner.Rule, owner.Value = RuleAges, "0-3"
		if _, err := NewTerm(owner); err == nil {
			t.Errorf("a term of stream %q and award %q is allowed", owner.Stream, owner.Award)
		}
	}
	for _, c := range []Condition{{"colour", "red"}, {"area", ""}, {"", "x"}, {"Area", "x"}} {
		if _, err := NewTerm(Term{Award: "a", Rule: RuleAges, Value: "0-3", When: []Condition{c}}); err == nil {
			t.Errorf("the condition %+v is allowed", c)
		}
	}
}

func TestParseWhen(t *testing.T) {
	got, err := ParseWhen(" area = tag:fs-phase-2 ; Element=childcare; cost_type=staff;")
	want := []Condition{{"area", "tag:fs-phase-2"}, {"element", "childcare"}, {"cost-type", "staff"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got, err := ParseWhen(""); err != nil || got != nil {
		t.Errorf("a blank: %v, %v", got, err)
	}
	for _, text := range []string{"area", "area=", "=north", "colour=red", "area=north; nonsense"} {
		_, err := ParseWhen(text)
		var bad *BadTerm
		if !errors.As(err, &bad) {
			t.Errorf("%q: %v; want a BadTerm", text, err)
		}
	}
}

func FuzzNewTerm(f *testing.F) {
	for _, text := range []string{"0-3", "under 4", "25% objective:x", "12.5% age:4-10", "2024-25; £120,000", "permitted", "10%", "2027-03-31", "tag:flying-start", "", ";", "1e2147483647"} {
		for rule := RuleAges; rule <= RuleSpendBy; rule++ {
			f.Add(uint8(rule), text)
		}
	}
	f.Fuzz(func(t *testing.T, rule uint8, value string) {
		made, err := NewTerm(Term{ID: "t", Award: "a", Rule: Rule(rule), Value: value})
		var bad *BadTerm
		if err != nil {
			if !errors.As(err, &bad) || len(err.Error()) > 700 {
				t.Fatalf("%v", err)
			}
			return
		}
		if ages, is := made.AgesAllowed(); is && (ages.From < 0 || ages.To < ages.From || ages.To > oldest) {
			t.Fatalf("%q reads as ages %+v", value, ages)
		}
		if r, is := made.ShareRule(); is && (r.Dimension == "" || r.ID == "" || r.Share.Cmp(share(t, "1")) > 0) {
			t.Fatalf("%q reads as %+v", value, r)
		}
		// A use of which nothing is known is never allowed by a rule on the use.
		if made.Rule <= RuleLevel || made.Rule == RuleSpendBy {
			if got := made.Judge(Use{}); got.Verdict != NotKnown || got.Missing == "" {
				t.Fatalf("%s %q allows what nobody knows: %+v", made.Rule, value, got)
			}
		}
	})
}
