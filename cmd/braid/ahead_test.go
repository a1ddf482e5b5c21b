package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"braid/ledger/forecast"
)

// ahead is a command on the demo council as its pages have it.
func ahead(db string, args ...string) []string {
	return append(args, "--db", db, "--as-at", "2027-01-12")
}

const demoForecast = `What will we be short of when grants end?  £973,000 in 2027-28, even if likely grants are renewed.
£000                                         2026-27  2027-28  2028-29  2029-30
─────────────────────────────────────────────────────────────────────────────────
Cost of services today                         3,660    3,660    3,660    3,660
Pay and prices                                     –       73      148      224
Total cost                                     3,660    3,733    3,808    3,884
Secured grants, as allocated                   2,790    1,910        –        –
Core budget                                      850      850      850      850
Gap if no grant is renewed (+ short)              20      973    2,958    3,034
Likely: Flying Start, Families First               –        –    1,910    1,910
Gap after likely renewals (+ short)               20      973    1,048    1,124
Savings found                                      –        –        –        –
Savings not yet found (+ short)                   20      973    1,048    1,124
Of which over-allocated, no service named         20        –        –        –
Secured, not yet allocated (if terms allow)      490      300      300      300
Not allocated, and the award then ends           200      190        –        –
Asked for, not agreed                             22        –        –        –
`

func TestForecastReadsAsTheMediumTermPlan(t *testing.T) {
	db := demoLedger(t)
	if out := must(t, ahead(db, "forecast")...); !strings.HasPrefix(trimmed(out), demoForecast) {
		t.Errorf("the forecast reads\n%s", out)
	}
	changes := trimmed(must(t, ahead(db, "forecast", "--changes", "--pounds")...))
	for _, want := range []string{
		"What will we be short of when grants end?  £973,200 in 2027-28",
		"Secured grants, as allocated                       2,790,000  −880,000  −1,910,000        –\n",
		"Gap if no grant is renewed (+ short)                  20,000  +953,200  +1,984,664  +76,157\n",
	} {
		if !strings.Contains(changes, want) {
			t.Errorf("the changes lack %q:\n%s", want, changes)
		}
	}
	if out := must(t, ahead(db, "forecast", "--prices", "0%")...); !strings.Contains(out, "£900,000 in 2027-28") {
		t.Errorf("with prices at 0%%:\n%s", out)
	}
	if out := trimmed(must(t, ahead(db, "forecast", "--service", "youth-inclusion")...)); !strings.Contains(out, "NRF              31 March 2027  secured           110        –        –        –\n") {
		t.Errorf("one service:\n%s", out)
	}
}

// trimmed takes the white space off the ends of lines.
func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

type jsonForecast struct {
	Years  []string
	Rows   []map[string]any
	Totals []map[string]any
	Odds   struct {
		Years    []map[string]any
		Services []struct {
			Service string
			Ever    int
		}
	}
}

func foreseen(t *testing.T, args ...string) (f jsonForecast) {
	t.Helper()
	if err := json.Unmarshal([]byte(must(t, append(args, "--format", "json")...)), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestForecastIsTheSameInJSONAndCSV(t *testing.T) {
	db := demoLedger(t)
	f := foreseen(t, ahead(db, "forecast")...)
	for key, want := range map[string][]string{
		"gap":                  {"20000.00", "973200.00", "2957864.00", "3034021.28"},
		"gap_after_likely":     {"20000.00", "973200.00", "1047864.00", "1124021.28"},
		"unallocated_going_on": {"490000.00", "300000.00", "300000.00", "300000.00"},
		"over_allocated":       {"20000.00", "0.00", "0.00", "0.00"},
	} {
		for i, total := range f.Totals {
			if total[key] != want[i] {
				t.Errorf("%s in %s is %v, want %s", key, f.Years[i], total[key], want[i])
			}
		}
	}
	if short := f.Totals[1]["short"].([]any); len(short) != 7 {
		t.Errorf("short in 2027-28: %v", short)
	}
	if f.Totals[1]["gap_change"] != "953200.00" {
		t.Errorf("the gap changes by %v", f.Totals[1]["gap_change"])
	}
	rows, err := csv.NewReader(strings.NewReader(must(t, ahead(db, "forecast", "--format", "csv")...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], " "); got != "line service 2026-27 2027-28 2028-29 2029-30 at_least at_most" {
		t.Errorf("the columns are %s", got)
	}
	sums := make([]int64, 4)
	for _, row := range rows[1:] {
		for i, y := range f.Years {
			sign := int64(1)
			switch {
			case row[0] == "gap" && row[1] == "", row[0] == "over_allocated": // the one is the other and the services'
				if row[0] == "gap" {
					sign = -1
				}
			case row[0] == "gap":
			default:
				continue
			}
			sums[i] += sign * pence(t, row[2+i])
			if row[1] != "" && !slices.ContainsFunc(f.Rows, func(r map[string]any) bool {
				return r["service"] == row[1] && r["year"] == y && (r["gap"] == row[2+i] || r["gap"] == nil && row[2+i] == "0.00")
			}) {
				t.Errorf("JSON and CSV differ on the gap of %s in %s", row[1], y)
			}
		}
	}
	if !slices.Equal(sums, make([]int64, 4)) {
		t.Errorf("the services' gaps and the over-allocation miss the totals by %v pence", sums)
	}
}

// TestForecastOpens: each figure of the demo council's forecast opens to parts
// that add up to it, and parts with entries to the entries'.
func TestForecastOpens(t *testing.T) {
	db := demoLedger(t)
	f := foreseen(t, ahead(db, "forecast")...)
	for _, line := range []forecast.Line{forecast.Gap, forecast.GapAfterLikely, forecast.Secured, forecast.Likely, forecast.OverAllocated, forecast.UnallocatedGoingOn, forecast.Prices} {
		for i, year := range f.Years {
			for _, service := range []string{"", "parenting"} {
				args := []string{"forecast", "--explain", line.String(), "year=" + year}
				want, _ := f.Totals[i][line.String()].(string)
				if service != "" {
					args, want = append(args, "service="+service), "0.00"
					for _, r := range f.Rows {
						if r["service"] == service && r["year"] == year && r[line.String()] != nil {
							want = r[line.String()].(string)
						}
					}
				}
				var opened struct {
					Parts []struct {
						What, Amount string
						Entries      []struct{ Amount string }
					}
					Total string
				}
				if err := json.Unmarshal([]byte(must(t, append(ahead(db, args...), "--format", "json")...)), &opened); err != nil {
					t.Fatal(err)
				}
				var sum int64
				for _, p := range opened.Parts {
					sum += pence(t, p.Amount)
					var entries int64
					for _, e := range p.Entries {
						entries += pence(t, e.Amount)
					}
					if len(p.Entries) > 0 && entries != pence(t, p.Amount) || p.What == "" {
						t.Errorf("%s %s %s: the part %q of %s has entries of %d pence", line, service, year, p.What, p.Amount, entries)
					}
				}
				if opened.Total != want || sum != pence(t, want) {
					t.Errorf("%s of %q in %s is %s; it opens as %s, to parts of %d pence", line, service, year, want, opened.Total, sum)
				}
			}
		}
	}
}

func TestForecastOddsAreRepeatable(t *testing.T) {
	db := demoLedger(t)
	args := ahead(db, "forecast", "--odds", "--draws", "2000", "--seed", "7", "--share", "50%")
	f := foreseen(t, args...)
	if again := foreseen(t, args...); fmt.Sprint(again.Odds) != fmt.Sprint(f.Odds) {
		t.Error("the same seed gives other odds")
	}
	for _, y := range f.Odds.Years {
		low, mid, high := pence(t, y["p10"].(string)), pence(t, y["p50"].(string)), pence(t, y["p90"].(string))
		if low > mid || mid > high {
			t.Errorf("%v: P10 is %d, P50 %d and P90 %d", y["year"], low, mid, high)
		}
	}
	for _, s := range f.Odds.Services {
		if s.Service == "play-holiday" && s.Ever != 100 {
			t.Errorf("all the play scheme's money ends; the chance that half goes is %d%%", s.Ever)
		}
		if s.Service == "dads-group" && s.Ever != 0 {
			t.Errorf("who has no money loses none; the chance is %d%%", s.Ever)
		}
	}
	if out := must(t, ahead(db, "forecast", "--odds")...); !strings.Contains(out, "(P50)") || !strings.Contains(out, "Chance of losing more than 25% of its money") {
		t.Errorf("the odds read\n%s", out)
	}
}

func TestForecastWorkbook(t *testing.T) {
	db, path := demoLedger(t), filepath.Join(t.TempDir(), "forecast.xlsx")
	must(t, ahead(db, "forecast", "--xlsx", path)...)
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Forecast", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if len(row) > 2 && strings.HasPrefix(row[0], "Gap if no grant") && row[2] != "973200" {
			t.Errorf("the workbook has a gap of %s in 2027-28", row[2])
		}
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".braid-*"))
	if len(rows) < 10 || len(left) > 0 {
		t.Errorf("%d rows; left behind: %v", len(rows), left)
	}
}

const demoComparison = `Which option closes the gap?
£000, 2027-28       Do nothing  Use money left  Use money left and end the play scheme
────────────────────────────────────────────────────────────────────────────────────────
Cost of services         3,733           3,733                                   3,488
Confirmed funding        2,760           3,250                                   3,250
Gap (+ short)              973             483                                     238
Services short               7               2                                       1
People affected          2,455             840                                     840
Grant rules broken        None            None                                    None
`

func TestScenariosSideBySide(t *testing.T) {
	db := demoLedger(t)
	if out := must(t, ahead(db, "scenario", "compare", "use-money-left", "end-play-scheme")...); trimmed(out) != demoComparison {
		t.Errorf("compared, they read\n%s", out)
	}
	if out := must(t, ahead(db, "scenario", "list")...); !strings.Contains(out, "end-play-scheme") {
		t.Errorf("the list reads\n%s", out)
	}
	var shown struct {
		Scenarios []struct {
			ID      string
			Changes []struct{ Kind, Says string }
			Years   []struct {
				Year, Gap string
				Short     []string
			}
		}
	}
	if err := json.Unmarshal([]byte(must(t, append(ahead(db, "scenario", "show", "end-play-scheme"), "--format", "json")...)), &shown); err != nil {
		t.Fatal(err)
	}
	s := shown.Scenarios[0]
	if len(s.Changes) != 9 || s.Changes[8].Kind != "service-stops" || s.Years[1].Gap != "238400.00" || !slices.Equal(s.Years[1].Short, []string{"youth-inclusion"}) {
		t.Errorf("shown as %+v", s)
	}
	if out := must(t, ahead(db, "forecast", "--scenario", "end-play-scheme")...); !strings.HasPrefix(out, "What will we be short of when grants end?  £238,000 in 2027-28") {
		t.Errorf("its forecast reads\n%s", out)
	}
}

func TestAScenarioPostsNothingUntilItIsApplied(t *testing.T) {
	db := demoLedger(t)
	before := must(t, ahead(db, "position")...)
	look := []string{"scenario", "apply", "end-play-scheme", "--db", db}
	if out := must(t, look...); !strings.Contains(out, "£490,000.00") || !strings.Contains(out, "Play and holiday scheme stops from 1 April 2027") {
		t.Errorf("what it would post reads\n%s", out)
	}
	if must(t, ahead(db, "position")...) != before {
		t.Error("looking changed the ledger")
	}
	post := append(slices.Clone(look), "--post", "--as", "ann@example.gov.uk", "--reason", "Cabinet, 9 February")
	if code, _, said := braid(t, post...); code != exitRefused || !strings.Contains(said, "nobody has that e-mail address") {
		t.Errorf("posted for nobody: exit %d, %s", code, said)
	}
	must(t, "user", "add", "ann@example.gov.uk", "--name", "Ann Officer", "--db", db)
	if _, _, said := braid(t, post...); !strings.Contains(said, "Posted as batch") {
		t.Fatalf("posting said %q", said)
	}
	if f := foreseen(t, ahead(db, "forecast")...); f.Totals[1]["gap"] != "238400.00" {
		t.Errorf("applied, the gap of 2027-28 is %v", f.Totals[1]["gap"])
	}
	if code, _, said := braid(t, post...); code != exitRefused {
		t.Errorf("applied twice: exit %d, %s", code, said)
	}
	must(t, "verify", "--db", db)
}

func TestAlignProposesAndKeeps(t *testing.T) {
	db := demoLedger(t)
	out := must(t, ahead(db, "align")...)
	for _, want := range []string{"2027-28: £490,000 more on services; what is short falls from £973,200 to £483,200.", "Still short", "What £1 more would do:", "Aims, in order:"} {
		if !strings.Contains(out, want) {
			t.Errorf("the plan lacks %q:\n%s", want, out)
		}
	}
	var plan struct {
		Exact bool
		Moves []struct {
			Award, Service, Was, To string
			Because                 []string
		}
		Short []struct{ Short string }
		Aims  []struct{ Aim, Before, After string }
	}
	if err := json.Unmarshal([]byte(must(t, append(ahead(db, "align"), "--format", "json")...)), &plan); err != nil {
		t.Fatal(err)
	}
	var more, short int64
	for _, m := range plan.Moves {
		more += pence(t, m.To) - pence(t, m.Was)
		if len(m.Because) == 0 {
			t.Errorf("%s on %s has no reason", m.Award, m.Service)
		}
	}
	for _, s := range plan.Short {
		short += pence(t, s.Short)
	}
	if more != 490_000_00 || short != 483_200_00 || len(plan.Aims) != 6 || !plan.Exact {
		t.Errorf("the plan puts %d pence and leaves %d short, with %d aims", more, short, len(plan.Aims))
	}
	if barred := must(t, ahead(db, "align", "--without", "core=family-hubs", "--format", "csv")...); strings.Contains(barred, ",core,family-hubs,") || !strings.Contains(barred, "move,2027-28,") {
		t.Errorf("the plan without core on hubs:\n%s", barred)
	}
	if _, _, said := braid(t, "align", "--db", db, "--save", "Spring plan"); !strings.Contains(said, "spring-plan") {
		t.Fatalf("keeping it said %q", said)
	}
	if out := must(t, ahead(db, "scenario", "compare", "spring-plan")...); !strings.Contains(out, "Spring plan") || !strings.Contains(out, "483") {
		t.Errorf("the plan kept compares as\n%s", out)
	}
	if code, _, _ := braid(t, "align", "--db", db, "--save", "Spring plan"); code != exitUsage {
		t.Errorf("kept twice under one name: exit %d", code)
	}
}

func TestAheadRefusesWithARemedy(t *testing.T) {
	db := demoLedger(t)
	for _, c := range []struct {
		want string
		args []string
	}{
		{"--years is from 1 to 10", []string{"forecast", "--years", "11"}},
		{"--prices:", []string{"forecast", "--prices", "two"}},
		{`no "nowhere" among the services`, []string{"forecast", "--service", "nowhere"}},
		{"braid scenario list", []string{"forecast", "--scenario", "nowhere"}},
		{`no line "colour"`, []string{"forecast", "--explain", "colour", "year=2027-28"}},
		{"say which year to open", []string{"forecast", "--explain", "gap"}},
		{"belongs after --explain", []string{"forecast", "year=2027-28"}},
		{"ends in .xlsx", []string{"forecast", "--xlsx", "forecast.ods"}},
		{"--draws is from", []string{"forecast", "--odds", "--draws", "1"}},
		{"--share:", []string{"forecast", "--odds", "--share", "much"}},
		{"name from 1 to 3 scenarios", []string{"scenario", "compare"}},
		{"braid scenario show ID", []string{"scenario", "show"}},
		{"no command \"paint\" for scenarios", []string{"scenario", "paint"}},
		{"--as E-MAIL --reason TEXT", []string{"scenario", "apply", "use-money-left", "--post"}},
		{"award=service", []string{"align", "--without", "core"}},
		{`no "nowhere" among the awards`, []string{"align", "--without", "nowhere=parenting"}},
		{"--from", []string{"align", "--from", "soon"}},
		{"as it stands today", []string{"align", "--save", "x", "--as-at", "2027-06-30"}},
	} {
		code, out, said := braid(t, append(c.args, "--db", db)...)
		if code != exitUsage || !strings.Contains(said, c.want) || out != "" {
			t.Errorf("braid %s: exit %d, said %q, wrote %q", strings.Join(c.args, " "), code, said, out)
		}
	}
}
