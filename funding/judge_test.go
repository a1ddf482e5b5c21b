package funding

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"braid/ledger/fiscal"
)

// The places of these tests: North holds Broad Street, a Flying Start area;
// both lie in the council. East lies beside North.
var (
	council = Branch{ID: "council", Down: []string{"north", "broad-street", "east"}, TagsBelow: []string{"flying-start"}}
	north   = Branch{ID: "north", Up: []string{"council"}, Down: []string{"broad-street"}, TagsBelow: []string{"flying-start"}}
	broad   = Branch{ID: "broad-street", Up: []string{"north", "council"}, Tags: []string{"flying-start"}}
	east    = Branch{ID: "east", Up: []string{"council"}}
)

func areas(branches ...Branch) Use     { return Use{Areas: branches} }
func ages(from, to int) Use            { return Use{Ages: Ages{from, to, true}} }
func when(key, value string) Condition { return Condition{key, value} }

func TestTermJudge(t *testing.T) {
	onlyPhase2 := when("area", "tag:flying-start")
	for _, c := range []struct {
		name    string
		rule    Rule
		value   string
		when    []Condition
		use     Use
		want    Verdict
		missing string
	}{
		{"ages inside", RuleAges, "0-3", nil, ages(0, 3), Allowed, ""},
		{"ages a year over", RuleAges, "0-3", nil, ages(0, 4), Refused, ""},
		{"ages beside", RuleAges, "0-3", nil, ages(5, 13), Refused, ""},
		{"ages not known", RuleAges, "0-3", nil, Use{}, NotKnown, "ages"},

		{"the area itself", RuleAreas, "north", nil, areas(north), Allowed, ""},
		{"an area in it", RuleAreas, "north", nil, areas(broad), Allowed, ""},
		{"another area", RuleAreas, "north", nil, areas(east), Refused, ""},
		{"a wider area", RuleAreas, "north", nil, areas(council), NotKnown, "area"},
		{"two areas, one outside", RuleAreas, "north", nil, areas(north, east), NotKnown, "area"},
		{"two areas, each allowed", RuleAreas, "north; east", nil, areas(broad, east), Allowed, ""},
		{"no area recorded", RuleAreas, "north", nil, Use{}, NotKnown, "area"},
		{"a tagged area", RuleAreas, "tag:flying-start", nil, areas(broad), Allowed, ""},
		{"a tag written otherwise", RuleAreas, "tag:Flying Start", nil, areas(broad), Allowed, ""},
		{"an area that holds a tagged one", RuleAreas, "tag:flying-start", nil, areas(north), NotKnown, "area"},
		{"an area without the tag", RuleAreas, "tag:flying-start", nil, areas(east), Refused, ""},

		{"the objective", RuleObjectives, "safe", nil, Use{Objectives: []Branch{{ID: "safe"}}}, Allowed, ""},
		{"an objective under it", RuleObjectives, "safe", nil, Use{Objectives: []Branch{{ID: "safe-at-home", Up: []string{"safe"}}}}, Allowed, ""},
		{"the outcome above it", RuleObjectives, "safe", nil, Use{Objectives: []Branch{{ID: "all", Down: []string{"safe"}}}}, NotKnown, "objective"},
		{"another objective", RuleObjectives, "safe", nil, Use{Objectives: []Branch{{ID: "heard"}}}, Refused, ""},
		{"no objective recorded", RuleObjectives, "safe", nil, Use{}, NotKnown, "objective"},

		{"cost type", RuleCostType, "staff; premises", nil, Use{CostType: "Premises"}, Allowed, ""},
		{"another cost type", RuleCostType, "staff", nil, Use{CostType: "vehicles"}, Refused, ""},
		{"no cost type recorded", RuleCostType, "staff", nil, Use{CostType: " "}, NotKnown, "cost type"},
		{"element", RuleElements, "childcare", nil, Use{Element: "childcare"}, Allowed, ""},
		{"another element", RuleElements, "childcare", nil, Use{Element: "parenting"}, Refused, ""},
		{"level", RuleLevel, "2;3", nil, Use{Level: "3"}, Allowed, ""},
		{"another level", RuleLevel, "2;3", nil, Use{Level: "1"}, Refused, ""},
		{"no level recorded", RuleLevel, "2;3", nil, Use{}, NotKnown, "level"},

		{"spent in time", RuleSpendBy, "2027-03-31", nil, Use{Year: 2026}, Allowed, ""},
		{"a year that begins in time", RuleSpendBy, "2026-12-31", nil, Use{Year: 2026}, Allowed, ""},
		{"a year that begins too late", RuleSpendBy, "2027-03-31", nil, Use{Year: 2027}, Refused, ""},
		{"dates that run on", RuleSpendBy, "2027-03-31", nil, Use{Year: 2026, Period: fiscal.ThroughTo(day("2027-01-01"), day("2027-04-01"))}, Refused, ""},
		{"dates that end on the day", RuleSpendBy, "2027-03-31", nil, Use{Year: 2026, Period: fiscal.ThroughTo(day("2027-01-01"), day("2027-03-31"))}, Allowed, ""},
		{"whole term, decided too late", RuleSpendBy, "2027-03-31", nil, Use{On: day("2027-04-01")}, Refused, ""},
		{"recorded late, spent in time", RuleSpendBy, "2027-03-31", nil, Use{Year: 2026, On: day("2027-05-01")}, Allowed, ""},
		{"no date at all", RuleSpendBy, "2027-03-31", nil, Use{}, NotKnown, "date"},

		{"the condition holds, and the rule refuses", RuleElements, "childcare", []Condition{onlyPhase2}, Use{Areas: []Branch{broad}, Element: "parenting"}, Refused, ""},
		{"the condition does not hold", RuleElements, "childcare", []Condition{onlyPhase2}, Use{Areas: []Branch{east}, Element: "parenting"}, Allowed, ""},
		{"nobody knows whether it holds", RuleElements, "childcare", []Condition{onlyPhase2}, Use{Element: "parenting"}, NotKnown, "area"},
		{"nobody knows, and it would be allowed anyway", RuleElements, "childcare", []Condition{onlyPhase2}, Use{Element: "childcare"}, Allowed, ""},
		{"neither the condition nor the fact is known", RuleElements, "childcare", []Condition{onlyPhase2}, Use{}, NotKnown, "element"},
		{"conditions with one key are alternatives", RuleAges, "0-3", []Condition{when("element", "a"), when("element", "b")}, Use{Element: "b", Ages: Ages{5, 13, true}}, Refused, ""},
		{"different keys must all hold", RuleAges, "0-3", []Condition{when("element", "a"), when("level", "3")}, Use{Element: "a", Level: "2", Ages: Ages{5, 13, true}}, Allowed, ""},
		{"one does not hold, another is not known", RuleAges, "0-3", []Condition{when("cost-type", "a"), when("level", "3")}, Use{Level: "2", Ages: Ages{5, 13, true}}, Allowed, ""},
		{"on an objective", RuleAges, "0-3", []Condition{when("objective", "safe")}, Use{Objectives: []Branch{{ID: "safe"}}, Ages: Ages{5, 13, true}}, Refused, ""},
		{"the wanting fact of a condition is named", RuleAges, "0-3", []Condition{when("cost-type", "staff")}, ages(5, 13), NotKnown, "cost type"},

		{"a share is not judged on one use", RuleMaxShare, "10% objective:x", nil, Use{}, Allowed, ""},
		{"nor a permission", RuleVirement, "refused", nil, Use{}, Allowed, ""},
	} {
		got := term(t, c.rule, c.value, c.when...).Judge(c.use)
		if got.Verdict != c.want || got.Missing != c.missing {
			t.Errorf("%s: %s, missing %q (%s); want %s, missing %q", c.name, got.Verdict, got.Missing, got.Reason, c.want, c.missing)
		}
		if got.Verdict == Allowed && (got.Reason != "" || got.Term != nil) {
			t.Errorf("%s: leave needs no reason: %+v", c.name, got)
		}
		if got.Verdict != Allowed {
			for _, words := range []string{"t1", "fs", "as the letter says"} {
				if !strings.Contains(got.Reason, words) {
					t.Errorf("%s: %q does not name %q", c.name, got.Reason, words)
				}
			}
			if got.Code == "" || got.Term == nil || got.Term.ID != "t1" {
				t.Errorf("%s: no code or no term: %+v", c.name, got)
			}
		}
	}
}

func TestTermReasons(t *testing.T) {
	for _, c := range []struct {
		term Term
		use  Use
		want string
	}{
		{term(t, RuleAges, "0-3"), ages(5, 13),
			"Term t1 of fs (ages). It pays for ages 0 to 3; this use is for ages 5 to 13. The clause reads: “as the letter says”."},
		{term(t, RuleAges, "0-3"), ages(11, 120),
			"Term t1 of fs (ages). It pays for ages 0 to 3; this use is for ages 11 and over. The clause reads: “as the letter says”."},
		{term(t, RuleAreas, "north;east"), Use{},
			"Term t1 of fs (areas). It limits the area, and this use does not say: record the area. The clause reads: “as the letter says”."},
		{term(t, RuleSpendBy, "2027-03-31"), Use{Year: 2027},
			"Term t1 of fs (spend-by). It must be spent by 31 March 2027; this use begins on 1 April 2027. The clause reads: “as the letter says”."},
	} {
		if got := c.term.Judge(c.use).Reason; got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestTermInForce(t *testing.T) {
	phase2 := term(t, RuleAges, "0-3")
	phase2.InForce = fiscal.ThroughTo(day("2026-04-01"), day("2027-03-31"))
	for on, want := range map[string]Verdict{
		"2026-03-31": Allowed, "2026-04-01": Refused, "2027-03-31": Refused, "2027-04-01": Allowed,
	} {
		use := ages(5, 13)
		use.On = day(on)
		if got := phase2.Judge(use); got.Verdict != want {
			t.Errorf("on %s: %s", on, got.Verdict)
		}
	}
	if got := phase2.Judge(ages(5, 13)); got.Verdict != Refused {
		t.Errorf("on no day: %s; a missing date must not give leave", got.Verdict)
	}
	if got := (Term{Rule: RuleAges, Value: "0-3", Award: "fs"}).Judge(ages(0, 3)); got.Verdict != NotKnown {
		t.Errorf("a term that was never read: %s", got.Verdict)
	}
	if (Ruling{}).Verdict != NotKnown {
		t.Error("a ruling nobody made must not give leave")
	}
}

func TestJudgeTakesTheStrictest(t *testing.T) {
	allows, refuses, lacks := term(t, RuleAges, "0-17"), term(t, RuleAges, "0-3"), term(t, RuleLevel, "3")
	use := ages(5, 13)
	for _, c := range []struct {
		name  string
		terms []Term
		want  Verdict
	}{
		{"no terms", nil, Allowed},
		{"all allow", []Term{allows, allows}, Allowed},
		{"one lacks a fact", []Term{allows, lacks}, NotKnown},
		{"one refuses", []Term{lacks, refuses, allows}, Refused},
		{"in any order", []Term{refuses, allows, lacks}, Refused},
	} {
		if got := Judge(c.terms, use); got.Verdict != c.want {
			t.Errorf("%s: %s", c.name, got.Verdict)
		}
	}
}

// Knowing less never turns into leave: taking a fact away from a use that is
// not allowed leaves it not allowed.
func TestMissingFactsNeverGiveLeave(t *testing.T) {
	terms := []Term{
		term(t, RuleAges, "0-3"), term(t, RuleAreas, "north"), term(t, RuleAreas, "tag:flying-start"), term(t, RuleLevel, "3"),
		term(t, RuleElements, "childcare", when("area", "tag:flying-start")), term(t, RuleCostType, "staff", when("element", "childcare"), when("level", "3")),
	}
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SampledFrom(terms).Draw(t, "term")
		use := Use{
			Ages:    Ages{rapid.IntRange(0, 3).Draw(t, "from"), rapid.IntRange(3, 6).Draw(t, "to"), true},
			Areas:   rapid.SliceOfN(rapid.SampledFrom([]Branch{council, north, broad, east}), 1, 2).Draw(t, "areas"),
			Element: rapid.SampledFrom([]string{"childcare", "parenting"}).Draw(t, "element"),
			Level:   rapid.SampledFrom([]string{"2", "3"}).Draw(t, "level"), CostType: rapid.SampledFrom([]string{"staff", "rent"}).Draw(t, "cost type"),
		}
		full := one.Judge(use).Verdict
		less := use
		switch rapid.IntRange(0, 4).Draw(t, "forget") {
		case 0:
			less.Ages = Ages{}
		case 1:
			less.Areas = nil
		case 2:
			less.Element = ""
		case 3:
			less.Level = ""
		case 4:
			less.CostType = ""
		}
		if got := one.Judge(less).Verdict; got != Allowed && got != NotKnown && got != full || got == Allowed && full != Allowed {
			t.Fatalf("%s %q: %s with all facts, %s with fewer", one.Rule, one.Value, full, got)
		}
	})
}

func TestAwardJudge(t *testing.T) {
	award := Award{ID: "cf", Term: fiscal.ThroughTo(day("2025-09-01"), day("2027-03-31"))}
	own := func(from, to string) Use { return Use{Period: fiscal.ThroughTo(day(from), day(to))} }
	for _, c := range []struct {
		name  string
		award Award
		use   Use
		want  Verdict
	}{
		{"a year it runs in", award, Use{Year: 2026}, Allowed},
		{"a year it begins in", award, Use{Year: 2025}, Allowed},
		{"the year after", award, Use{Year: 2027}, Refused},
		{"the whole term", award, Use{Year: fiscal.Term}, Allowed},
		{"its very days", award, own("2025-09-01", "2027-03-31"), Allowed},
		{"a day before", award, own("2025-08-31", "2027-03-31"), Refused},
		{"a day after", award, own("2025-09-01", "2027-04-01"), Refused},
		{"a use without an end", award, Use{Period: fiscal.Period{From: day("2026-01-01")}}, Refused},
		{"an award without an end", Award{ID: "core"}, own("2025-09-01", "2099-03-31"), Allowed},
		{"neither ends", Award{ID: "core"}, Use{Period: fiscal.Period{From: day("2026-01-01")}}, Allowed},
	} {
		got := c.award.Judge(c.use)
		if got.Verdict != c.want {
			t.Errorf("%s: %s %s", c.name, got.Verdict, got.Reason)
		}
		if got.Verdict == Refused && (!strings.Contains(got.Reason, "1 September 2025 to 31 March 2027") || got.Code == "") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	var terms []Term
	for _, t := range []Term{
		{Rule: RuleAges, Value: "0-17"}, {Rule: RuleAreas, Value: "council"}, {Rule: RuleCostType, Value: "staff;premises"},
		{Rule: RuleMaxShare, Value: "10% objective:x"}, {Rule: RuleElements, Value: "childcare", When: []Condition{{"area", "tag:flying-start"}}},
	} {
		t.Award = "fs"
		made, err := NewTerm(t)
		if err != nil {
			b.Fatal(err)
		}
		terms = append(terms, made)
	}
	use := Use{Ages: Ages{5, 13, true}, Areas: []Branch{broad}, CostType: "premises", Element: "childcare", On: day("2027-01-12")}
	b.ReportAllocs()
	for b.Loop() {
		if Judge(terms, use).Verdict != Allowed {
			b.Fatal("refused")
		}
	}
}

func TestAwardJudgeYear(t *testing.T) {
	award := Award{ID: "cf", Term: fiscal.ThroughTo(day("2025-09-01"), day("2027-03-31"))}
	from := func(iso string) fiscal.Period { return fiscal.Period{From: day(iso)} }
	to := func(iso string) fiscal.Period { return fiscal.ThroughTo(0, day(iso)) }
	for _, c := range []struct {
		name  string
		year  fiscal.Year
		runs  fiscal.Period
		carry bool
		want  Verdict
	}{
		{"a year it runs in", 2026, fiscal.Period{}, false, Allowed},
		{"what begins within the year", 2026, from("2027-03-31"), false, Allowed},
		{"what ends within the year", 2026, to("2026-04-01"), false, Allowed},
		{"what ends before the award begins", 2025, to("2025-08-31"), false, Refused},
		{"what ended before the year", 2026, to("2026-03-31"), false, Refused},
		{"the year after", 2027, fiscal.Period{}, false, Refused},
		{"the year after, carried forward", 2027, fiscal.Period{}, true, Allowed},
		{"carried forward for what ended", 2027, to("2026-12-31"), true, Refused},
		{"the whole term", fiscal.Term, fiscal.Period{}, false, Allowed},
	} {
		if got := award.JudgeYear(c.year, c.runs, c.carry); got.Verdict != c.want {
			t.Errorf("%s: %s %s", c.name, got.Verdict, got.Reason)
		}
	}
}
