package words

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"braid/funding"
	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/exchange/sheet"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/ledger/scenario"
	"braid/seed"
)

var update = flag.Bool("update", false, "write findings.en.toml afresh from the checks' own English")

// english is the catalogue of what the checks find, from their own words.
func english(t *testing.T) string {
	t.Helper()
	words, one := check.English()
	source, err := os.ReadFile("../../ledger/check/alike/reason.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`case "([a-z-]+)":`).FindAllStringSubmatch(string(source), -1) {
		words["alike."+m[1]] = check.Reason{Code: m[1], A: "{{.A}}", B: "{{.B}}"}.Words()
	}
	var b strings.Builder
	b.WriteString("# What the checks find, in English. Written from ledger/check by\n# go test ./web/words -run English -update; change the words there.\n")
	for _, code := range slices.Sorted(maps.Keys(words)) {
		fmt.Fprintf(&b, "\n[%q]\n", "finding."+code)
		if one[code] != "" {
			fmt.Fprintf(&b, "one = %q\n", one[code])
		}
		fmt.Fprintf(&b, "other = %q\n", words[code])
	}
	return b.String()
}

func TestFindingsAreTheChecksOwnEnglish(t *testing.T) {
	want := english(t)
	if *update {
		if err := os.WriteFile("findings.en.toml", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile("findings.en.toml"); string(got) != want {
		t.Error("findings.en.toml does not say what ledger/check says; run go test ./web/words -run English -update")
	}
}

// TestFindingsAreSaidInBothLanguages: every message of findings, rulings,
// refusals and problems stands in both languages, with the same facts, and in
// Welsh with every plural form.
func TestFindingsAreSaidInBothLanguages(t *testing.T) {
	fact := regexp.MustCompile(`{{\.\w+}}`)
	facts := func(text string) []string {
		all := fact.FindAllString(text, -1)
		slices.Sort(all)
		return slices.Compact(all)
	}
	for _, part := range []string{"findings", "refusals", "problems"} {
		var en, cy map[string]map[string]string
		for name, into := range map[string]*map[string]map[string]string{part + ".en.toml": &en, part + ".cy.toml": &cy} {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := toml.Unmarshal(data, into); err != nil {
				t.Fatal(name, err)
			}
		}
		for id := range cy {
			if en[id] == nil {
				t.Errorf("%s is not said in English", id)
			}
		}
		for id, words := range en {
			theirs := cy[id]
			if theirs["other"] == "" {
				t.Errorf("%s is not said in Welsh", id)
				continue
			}
			forms := []string{"other"}
			if words["one"] != "" {
				forms = []string{"zero", "one", "two", "few", "many", "other"}
			}
			for _, form := range forms {
				if got, want := facts(theirs[form]), facts(words["other"]); !slices.Equal(got, want) {
					t.Errorf("%s, %s: takes %v in Welsh and %v in English", id, form, got, want)
				}
			}
			if theirs["other"] == words["other"] && len(regexp.MustCompile(`[A-Za-z]{4,}`).FindAllString(fact.ReplaceAllString(words["other"], ""), -1)) > 1 {
				t.Errorf("%s is left in English: %s", id, words["other"])
			}
		}
	}
}

// TestFindingsOfTheCouncils: for every finding of the councils that come with
// Braid, the page's English is the check's own, and the Welsh says it whole.
func TestFindingsOfTheCouncils(t *testing.T) {
	for _, name := range seed.Names() {
		folder, err := seed.FS(name)
		if err != nil {
			t.Fatal(err)
		}
		v := ledgertest.Folder(t, folder).View(seed.AsAt(name))
		found := check.Run(v, check.DefaultPolicy())
		if len(found) == 0 {
			t.Errorf("%s: nothing found", name)
		}
		for i := range found {
			f := &found[i]
			title, because := f.Words()
			if gotTitle, gotBecause := In(English).Finding(v, f); gotTitle != title || gotBecause != because {
				t.Errorf("%s: a page says\n%s\n%s\nand the check\n%s\n%s", f.ID, gotTitle, gotBecause, title, because)
			}
			if got := In(English).Missing(v, f); got != f.Missing() {
				t.Errorf("%s: missing %q, the check says %q", f.ID, got, f.Missing())
			}
			cyTitle, cyBecause := In(Welsh).Finding(v, f)
			if text := cyTitle + " " + cyBecause + In(Welsh).Missing(v, f); strings.Contains(text, "⟦") || strings.Contains(text, "<no value>") || cyTitle == title || cyBecause == because {
				t.Errorf("%s in Welsh: %s", f.ID, text)
			}
			cyBecause = regexp.MustCompile(`“[^”]*”`).ReplaceAllString(cyBecause, "") // a clause stays as its funder wrote it
			if strings.Contains(cyTitle+cyBecause, " March ") || strings.Contains(cyTitle+cyBecause, "at least") {
				t.Errorf("%s in Welsh leaves English in: %s %s", f.ID, cyTitle, cyBecause)
			}
		}
	}
}

// TestRulings makes a ruling of every code and holds the catalogue's English to
// its Reason.
func TestRulings(t *testing.T) {
	met := map[string]bool{}
	say := func(r funding.Ruling) {
		t.Helper()
		if r.Verdict == funding.Allowed {
			t.Fatal("allowed: no ruling to say")
		}
		met[r.Code] = true
		if got := In(English).Ruling(r); got != r.Reason {
			t.Errorf("%s reads\n%s\nand not\n%s", r.Code, got, r.Reason)
		}
		if got := In(Welsh).Ruling(r); got == r.Reason || strings.Contains(got, "⟦") || strings.Contains(got, "<no value>") {
			t.Errorf("%s in Welsh reads %s", r.Code, got)
		}
	}
	day := fiscal.MustDate
	term := func(rule funding.Rule, value string, when ...string) funding.Term {
		made, err := funding.NewTerm(funding.Term{ID: "t", Award: "cf", Rule: rule, Value: value, Clause: "As the letter says.", When: conditions(t, when)})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	say(funding.Term{ID: "t", Stream: "cf"}.Judge(funding.Use{}))
	ages := funding.Ages{From: 5, To: 13, Known: true}
	north := []funding.Branch{{ID: "north"}}
	wide := []funding.Branch{{ID: "all", Down: []string{"south", "north"}}, {ID: "sea"}}
	say(term(funding.RuleAges, "0-4").Judge(funding.Use{Ages: ages}))
	say(term(funding.RuleAges, "0-4").Judge(funding.Use{}))
	for _, rule := range []funding.Rule{funding.RuleAreas, funding.RuleObjectives} {
		use := func(b []funding.Branch) funding.Use { return funding.Use{Areas: b, Objectives: b} }
		say(term(rule, "south;west;east").Judge(use(north)))
		say(term(rule, "south").Judge(use(wide)))
		say(term(rule, "south").Judge(funding.Use{}))
	}
	for _, rule := range []funding.Rule{funding.RuleCostType, funding.RuleElements, funding.RuleLevel} {
		say(term(rule, "care").Judge(funding.Use{CostType: "premises", Element: "play", Level: "universal"}))
		say(term(rule, "care").Judge(funding.Use{}))
	}
	say(term(funding.RuleSpendBy, "2027-03-31").Judge(funding.Use{Year: 2027}))
	say(term(funding.RuleSpendBy, "2027-03-31").Judge(funding.Use{Period: fiscal.ThroughTo(day("2026-04-01"), day("2027-06-30"))}))
	say(term(funding.RuleAges, "0-4", "area", "south").Judge(funding.Use{Ages: ages}))
	award := funding.Award{ID: "cf", Term: fiscal.ThroughTo(day("2026-04-01"), day("2027-03-31"))}
	say(award.Judge(funding.Use{Year: 2028}))
	say(award.Judge(funding.Use{Period: fiscal.ThroughTo(day("2028-04-01"), day("2029-03-31"))}))
	say(award.JudgeYear(2028, fiscal.Period{}, false))
	say(award.JudgeYear(2028, fiscal.ThroughTo(day("2028-04-01"), 0), false))
	quarter, _ := money.NewShare(1, 4)
	var ten, some money.Sum
	ten.AddPence(10_000_00)
	some.AddPence(10_000_00)
	some.Add(money.Unknown)
	for _, min := range []bool{true, false} {
		rule := funding.ShareRule{Min: min, Share: quarter, Dimension: "objective", ID: "safe"}
		say(rule.Judge(money.Unknown, ten))
		say(rule.Judge(money.Known(100_000_00), some))
		if min {
			say(rule.Judge(money.Known(100_000_00), ten))
		} else {
			say(rule.Judge(money.Known(20_000_00), ten))
			say(rule.Judge(money.Known(20_000_00), some))
		}
	}
	var over money.Sum
	over.AddPence(money.Max)
	over.AddPence(money.Max)
	say(funding.ShareRule{Share: quarter, Dimension: "area", ID: "north"}.Judge(money.Known(1), over))
	say(funding.Permission{Answer: funding.PermissionRefused}.Judge(money.Known(1), ten))
	say(funding.Permission{Answer: funding.Asked}.Judge(money.Known(1), ten))
	say(funding.Permission{}.Judge(money.Known(1), ten))
	say(funding.Permission{Answer: funding.PermittedUpTo, UpTo: quarter}.Judge(money.Known(20_000_00), ten))
	codes := regexp.MustCompile(`"((?:term|award|share|permission)-[a-z-]+)"`)
	for _, name := range []string{"../../funding/judge.go", "../../funding/share.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllStringSubmatch(string(source), -1) {
			if !met[m[1]] {
				t.Errorf("no ruling of code %s was made", m[1])
			}
		}
	}
}

func conditions(t *testing.T, pairs []string) (of []funding.Condition) {
	t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		of = append(of, funding.Condition{Key: pairs[i], Value: pairs[i+1]})
	}
	return of
}

func TestRefusals(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,name_cy,permanence,2026-27
		ff,Families First,Teuluoedd yn Gyntaf,annual,100000
		# services
		id,name,name_cy
		hubs,Family support hubs,Hybiau cymorth i deuluoedd`)
	short := &ledger.Short{Account: ledger.Account{Stage: ledger.Awarded, Award: "ff", Year: 2026}, Name: "Families First", Holds: 140_000_00, Asks: 160_000_00}
	for _, c := range []struct {
		err    error
		en, cy string
	}{
		{short, "This is £20,000.00 more than Families First has left for 2026-27. Enter £140,000.00 or less.",
			"Mae hyn £20,000.00 yn fwy nag sydd gan Teuluoedd yn Gyntaf ar ôl ar gyfer 2026-27. Rhowch £140,000.00 neu lai."},
		{fmt.Errorf("wrapped: %w", &ledger.Closed{Month: "2026-04"}), "The accounts of April 2026 are closed. Date this in an open month, or ask finance to reopen it.",
			"Mae cyfrifon Ebrill 2026 wedi'u cau. Rhowch ddyddiad mewn mis agored, neu gofynnwch i'r adran gyllid ei ailagor."},
		{os.ErrPermission, In(English).T("refusal.other"), In(Welsh).T("refusal.other")},
	} {
		if got := In(English).Refusal(b, c.err); got != c.en {
			t.Errorf("%T reads %q, want %q", c.err, got, c.en)
		}
		if got := In(Welsh).Refusal(b, c.err); got != c.cy {
			t.Errorf("%T in Welsh reads %q, want %q", c.err, got, c.cy)
		}
	}
}

// TestEveryProblemIsSaid: each code that reading a file can give has words.
func TestEveryProblemIsSaid(t *testing.T) {
	made := regexp.MustCompile(`(?:Code: |[cC]ellFault{|fault{|broken\()"([a-z0-9-]+)"`)
	listed := regexp.MustCompile(`(?m)^\t"((?:amount|date|year|span|pence|share|rate)-[a-z-]+)": +"`)
	codes := map[string]bool{}
	for _, pattern := range []string{"../../ledger/exchange/*.go", "../../ledger/exchange/*/*.go", "../../ledger/money/*.go", "../../ledger/fiscal/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range slices.Concat(made.FindAllSubmatch(source, -1), listed.FindAllSubmatch(source, -1)) {
				codes[string(m[1])] = true
			}
		}
	}
	if len(codes) < 100 {
		t.Fatalf("%d codes found: is the test still reading the importer?", len(codes))
	}
	for code := range codes {
		p := sheet.Problem{File: "a.csv", Sheet: "services", Row: 1200, Column: "ages", Code: code, Found: "x"}
		for _, l := range Languages {
			if !In(l).Has("problem." + code) {
				t.Errorf("problem.%s is not said in %s", code, l)
			}
			if got := In(l).Problem(p); strings.Contains(got, "⟦") || !strings.Contains(got, "1,200") {
				t.Errorf("%s reads %s", code, got)
			}
		}
	}
	p := sheet.Problem{File: "a.csv", Row: 2, Column: "ages", Code: "ages-form", Found: "old", Rule: "an age range is in whole years, both counted", Remedy: "write 0-3"}
	if got, want := In(English).Problem(p), p.Error(); got != want {
		t.Errorf("reads %q, want %q", got, want)
	}
	if got, want := In(Welsh).Problem(p), "a.csv, rhes 2, colofn “ages”: cafwyd “old”: mewn blynyddoedd cyfan y mae ystod oedran. Ysgrifennwch 0-3, 5-13 neu 11+."; got != want {
		t.Errorf("in Welsh reads %q, want %q", got, want)
	}
}

// TestEveryRefusalIsSaid: each refusal of decisions and of people has words in
// Welsh that take only what the refusal holds.
func TestEveryRefusalIsSaid(t *testing.T) {
	b := ledger.Empty()
	for _, err := range []ledger.Refusal{
		&decide.Changed{Cell: decide.Cell{Award: "ff", Service: "hubs", Year: 2026}}, &decide.ChangedRecord{ID: "ff"}, &decide.BoardMoney{}, &decide.Repeated{}, &decide.BadAmount{},
		&decide.Unchanged{}, &decide.Needs{}, &decide.NeedsApproval{}, &decide.WrongRole{}, &decide.OwnRequest{}, &decide.NotWaiting{}, &decide.NotAsker{}, &decide.OtherBoard{},
		&decide.NotDeclared{}, &decide.Conflict{}, &decide.SecondNeeded{}, &decide.NoQuorum{}, &decide.BadVotes{}, &decide.ForCouncil{}, &decide.BadDate{}, &decide.NotByForm{}, &decide.CannotUndo{},
		&scenario.Moved{Award: "ff"}, &scenario.Moved{}, &scenario.NoFigure{}, &scenario.NoFigure{Term: true}, &scenario.NothingToApply{},
		&decide.NotImported{}, &decide.ForFinance{}, &decide.OutsideArea{},
		&people.NotAllowed{}, &people.OwnRoles{}, &people.SecondPerson{}, &people.RolesApart{}, &people.HeldAlready{}, &people.NotWaiting{}, &people.NoTenure{}, &people.UnknownRole{},
		&people.BadTenure{Field: "to"}, &people.BadTenure{Field: "board"}, &people.BadTenure{Field: "area"}, &people.BadName{}, &people.BadEmail{}, &people.EmailTaken{}, &people.LoginTaken{}, &people.UnknownLanguage{},
		&people.WeakPassword{Why: "short"}, &people.WeakPassword{Why: "long"}, &people.WeakPassword{Why: "not-text"}, &people.WeakPassword{Why: "guessable"},
		&ledger.NotFound{}, &ledger.Short{Account: ledger.Account{Stage: ledger.Allocated}}, &ledger.Short{Account: ledger.Account{Stage: ledger.Committed}, Holds: 5}, &ledger.Short{Account: ledger.Account{Stage: ledger.Awarded, Board: "b"}},
		&ledger.Breach{}, &ledger.Closed{Finance: true}, &ledger.Reversed{}, &ledger.Malformed{Column: "x"}, &ledger.Malformed{}, &ledger.NeedsReason{}, &ledger.Damaged{},
	} {
		for _, l := range Languages {
			got := In(l).Refusal(b, err)
			if got == "" || strings.Contains(got, "⟦") || strings.Contains(got, "<no value>") || l == Welsh && got == In(Welsh).T("refusal.other") {
				t.Errorf("%T %s reads %q in %s", err, err.Code(), got, l)
			}
		}
		if In(Welsh).Refusal(b, err) == In(English).Refusal(b, err) {
			t.Errorf("%T is left in English", err)
		}
	}
}
