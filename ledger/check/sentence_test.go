package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/money"
)

var fact = regexp.MustCompile(`{{\.(\w+)}}`)

// said lists the calls that make sentences, with the literal strings among
// their arguments; a blank stands for anything else.
func said(t *testing.T) (calls [][]string) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); ok && (f.Name == "say" || f.Name == "coded") {
				args := []string{f.Name}
				for _, a := range call.Args {
					text := ""
					if lit, ok := a.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						text, _ = strconv.Unquote(lit.Value)
					}
					args = append(args, text)
				}
				calls = append(calls, args)
			}
			return true
		})
	}
	if len(calls) < 200 {
		t.Fatalf("%d calls found: is the test still reading the rules?", len(calls))
	}
	return calls
}

// TestEverySentenceHasWords: each code that a rule writes has words, the words
// take only facts that the rule gives, and no words are left over.
func TestEverySentenceHasWords(t *testing.T) {
	used := map[string]bool{}
	use := func(code string, given []string) {
		used[code] = true
		has := map[string]bool{}
		for i := 0; i < len(given); i += 2 {
			has[given[i]] = true
		}
		_, counts := englishOne[code]
		if counts != has["Count"] {
			t.Errorf("%s: whether it counts is not told alike by its words and its facts", code)
		}
		for _, words := range []string{english[code], englishOne[code]} {
			for _, m := range fact.FindAllStringSubmatch(words, -1) {
				if !has[m[1]] {
					t.Errorf("%s takes {{.%s}}, which a rule that says it does not give", code, m[1])
				}
			}
		}
	}
	for _, c := range said(t) {
		switch {
		case c[0] == "say" && c[1] != "":
			if english[c[1]] == "" {
				t.Errorf("%s has no words", c[1])
			}
			use(c[1], c[2:])
		case c[0] == "coded" && c[1] != "":
			any := false
			for code := range english {
				if strings.HasPrefix(code, c[1]+".") && !strings.Contains(code[len(c[1])+1:], ".") {
					any = true
					if c[1] != "lack" && c[1] != "at-risk" { // which also have codes that take facts, said by say
						use(code, c[3:])
					} else if !fact.MatchString(english[code]) {
						used[code] = true
					}
				}
			}
			if !any {
				t.Errorf("nothing begins with %s", c[1])
			}
		}
	}
	for _, code := range []string{"runs.on", "reckoned.asks", "reckoned.ends-allow", "reckoned.ends", "reckoned.no-notice", "moved.carried", "moved.between",
		"carry.unknown", "carry.permitted", "carry.up-to", "carry.asked", "carry.refused", "under-funded.other", "under-funded.unstated", "under-funded.unsplit",
		"under-funded.ended", "cliff.share", "at-risk.spent", "at-risk.committed"} {
		if english[code] == "" {
			t.Errorf("%s has no words", code)
		}
		used[code] = true // said by a code that a rule picks first
	}
	for code := range english {
		if !used[code] {
			t.Errorf("no rule says %s", code)
		}
	}
	for code := range englishOne {
		if english[code] == "" {
			t.Errorf("%s has words for one only", code)
		}
	}
}

// TestDomainWordsAreSayable: every word that the domain may put into a code has
// words.
func TestDomainWordsAreSayable(t *testing.T) {
	for _, e := range []commissioning.Evidence{commissioning.NotAssessed, commissioning.Proven, commissioning.Promising, commissioning.Untested, commissioning.Ineffective} {
		if got := evidence(commissioning.Service{Evidence: e}).String(); got != e.String() {
			t.Errorf("evidence %s reads %q", e, got)
		}
	}
	for c := funding.CertaintyNotStated; c <= funding.ClawedBack; c++ {
		if got := coded("certainty", c.String()).String(); got != c.String() {
			t.Errorf("certainty %s reads %q", c, got)
		}
	}
	for r := funding.RuleNotStated; r <= funding.RuleSpendBy; r++ {
		if got := coded("rule", r.String()).String(); got != r.String() {
			t.Errorf("rule %s reads %q", r, got)
		}
	}
}

func TestSentence(t *testing.T) {
	var atLeast money.Sum
	atLeast.AddPence(5_000_00)
	atLeast.Add(money.Unknown)
	for _, c := range []struct {
		says Sentence
		want string
	}{
		{Sentence{}, ""},
		{say("when.in", "Count", 1), "in 1 day"},
		{say("when.in", "Count", 78), "in 78 days"},
		{say("part", "What", rowOf("awards", "cf", "Children's Fund"), "Amount", atLeast), "Children's Fund (at least £5,000)"},
		{say("unaligned.works-to", "Objectives", firstFew([]string{"a", "b", "c", "d", "e", "f"})), "It works to a, b, c, d and 2 others. Is the label right, or the stream's list too short?"},
		{say("part", "What", "text with {{.Amount}} in it", "Amount", Heads(3)), "text with {{.Amount}} in it (fewer than 5)"},
	} {
		if got := c.says.String(); got != c.want {
			t.Errorf("%s reads %q, want %q", c.says.Code, got, c.want)
		}
	}
}
