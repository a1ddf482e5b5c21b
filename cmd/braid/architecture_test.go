package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// workbooks is what reading and writing XLSX brings with it.
const workbooks = "golang.org/x/text golang.org/x/crypto golang.org/x/net github.com/xuri github.com/richardlehane github.com/tiendc"

// allowed lists, for each package, the packages of this module it may import
// and the outside modules it may reach, itself and through others. Imports run
// downwards only; siblings never meet.
var allowed = map[string]struct{ braid, outside string }{
	"ledger/money":             {"", "github.com/shopspring/decimal"},
	"ledger/fiscal":            {"", ""},
	"funding":                  {"ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"commissioning":            {"ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"ledger":                   {"funding commissioning ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"ledger/sentence":          {"funding commissioning ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"ledger/check/alike":       {"", "golang.org/x/text"},
	"ledger/check":             {"ledger funding commissioning ledger/sentence ledger/money ledger/fiscal ledger/check/alike", "github.com/shopspring/decimal golang.org/x/text"},
	"ledger/decide":            {"ledger funding commissioning ledger/money ledger/fiscal ledger/check ledger/people", "github.com/shopspring/decimal github.com/alexedwards/argon2id github.com/pquerna/otp github.com/boombuler/barcode golang.org/x/crypto golang.org/x/sys golang.org/x/text"},
	"ledger/forecast":          {"ledger funding commissioning ledger/sentence ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"ledger/forecast/workbook": {"ledger ledger/forecast ledger/exchange/sheet ledger/sentence ledger/money ledger/fiscal", "github.com/shopspring/decimal " + workbooks},
	"ledger/align/flow":        {"", ""},
	"ledger/align":             {"ledger funding commissioning ledger/sentence ledger/forecast ledger/align/flow ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"ledger/scenario":          {"ledger funding commissioning ledger/sentence ledger/forecast ledger/align ledger/decide ledger/money ledger/fiscal", "github.com/shopspring/decimal github.com/alexedwards/argon2id github.com/pquerna/otp github.com/boombuler/barcode golang.org/x/crypto golang.org/x/sys golang.org/x/text"},
	"ledger/exchange/sheet":    {"", workbooks},
	"ledger/exchange/mapping":  {"ledger ledger/money ledger/fiscal ledger/exchange/sheet", "github.com/shopspring/decimal " + workbooks},
	"ledger/exchange":          {"ledger funding commissioning ledger/money ledger/fiscal ledger/exchange/sheet ledger/exchange/mapping", "github.com/shopspring/decimal " + workbooks},
	"ledger/report":            {"ledger funding commissioning ledger/sentence ledger/forecast ledger/align ledger/scenario ledger/decide ledger/check ledger/check/alike ledger/money ledger/fiscal", "github.com/shopspring/decimal github.com/alexedwards/argon2id github.com/pquerna/otp github.com/boombuler/barcode golang.org/x/crypto golang.org/x/text golang.org/x/sys github.com/jedib0t/go-pretty github.com/mattn/go-runewidth github.com/rivo/uniseg github.com/clipperhouse/uax29"},
	"ledger/people":            {"ledger/fiscal", "github.com/alexedwards/argon2id github.com/pquerna/otp github.com/boombuler/barcode golang.org/x/crypto golang.org/x/sys golang.org/x/text"},
	"ledger/store":             {"ledger funding commissioning ledger/people ledger/money ledger/fiscal", "*"},
	"web/words":                {"ledger/sentence ledger/forecast ledger/forecast/workbook ledger/align ledger/scenario ledger funding commissioning ledger/check ledger/decide ledger/people ledger/money ledger/fiscal ledger/exchange/sheet", "*"},
	"web/form":                 {"", "golang.org/x/text"},
	"web/table":                {"ledger/money ledger/fiscal", "github.com/shopspring/decimal " + workbooks},
	"web/chart":                {"ledger/money ledger/fiscal", "github.com/shopspring/decimal"},
	"web/templates/parts":      {"", ""},
	"web/api":                  {"ledger/sentence ledger/forecast ledger/forecast/workbook ledger/align ledger/scenario ledger funding commissioning ledger/check ledger/decide ledger/people ledger/report ledger/exchange ledger/exchange/sheet ledger/exchange/mapping ledger/money ledger/fiscal web/words", "*"},
	"web":                      {"ledger/sentence ledger/forecast ledger/forecast/workbook ledger/align ledger/scenario ledger funding commissioning ledger/check ledger/decide ledger/people ledger/report ledger/exchange ledger/exchange/sheet ledger/exchange/mapping ledger/money ledger/fiscal web/words web/form web/table web/chart web/api web/templates/parts", "*"},
	"seed":                     {"ledger/fiscal", ""},
	"cmd/braid":                {"*", "*"},
}

// testOnly packages support tests and are imported by no program.
var testOnly = []string{"ledger/ledgertest", "ledger/check/alike/plant", "ledger/store/storetest", "web/acceptance"}

// domain is what a finance officer could read aloud.
var domain = []string{"ledger", "funding", "commissioning", "ledger/sentence", "ledger/check", "ledger/decide", "ledger/forecast", "ledger/align", "ledger/align/flow", "ledger/scenario"}

// neverInTheDomain may not be reached by it.
var neverInTheDomain = []string{"database/sql", "net/http", "time/tzdata", "gorm.io/gorm", "html/template"}

type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

func TestImportsRunDownwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "braid/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	standard := map[string]bool{}
	var packages []listed
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		standard[p.ImportPath] = p.Standard
		packages = append(packages, p)
	}
	met := map[string]bool{}
	for _, p := range packages {
		name, ours := strings.CutPrefix(p.ImportPath, "braid/")
		if !ours || slices.Contains(testOnly, name) {
			continue
		}
		may, written := allowed[name]
		if !written {
			t.Errorf("package %s is not in the table of allowed imports: say what it may import", name)
			continue
		}
		met[name] = true
		for _, dep := range p.Imports {
			if other, ours := strings.CutPrefix(dep, "braid/"); ours && may.braid != "*" && !slices.Contains(strings.Fields(may.braid), other) {
				t.Errorf("%s imports %s, which the table does not allow", name, other)
			}
			if other, ours := strings.CutPrefix(dep, "braid/"); ours && slices.Contains(testOnly, other) {
				t.Errorf("%s imports %s, which is for tests", name, other)
			}
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "braid/") || standard[dep] || may.outside == "*" {
				continue
			}
			if !slices.ContainsFunc(strings.Fields(may.outside), func(m string) bool { return strings.HasPrefix(dep, m) }) {
				t.Errorf("%s reaches %s, which the table does not allow", name, dep)
			}
		}
		if strings.HasPrefix(name, "web") {
			for _, dep := range p.Deps {
				if dep == "gorm.io/gorm" || dep == "database/sql" || dep == "braid/ledger/store" {
					t.Errorf("%s reaches %s: pages know no database", name, dep)
				}
			}
		}
		if slices.Contains(domain, name) {
			for _, dep := range p.Deps {
				if slices.Contains(neverInTheDomain, dep) {
					t.Errorf("%s reaches %s: the domain knows no database, HTTP or page", name, dep)
				}
			}
			if slices.Contains(p.Imports, "os") || slices.Contains(p.Imports, "time") && name != "ledger" {
				t.Errorf("%s imports os or time: the domain knows no files and no clock", name)
			}
		}
	}
	for name := range allowed {
		if !met[name] {
			t.Errorf("the table names %s, which does not exist", name)
		}
	}
}
