package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// braid runs a command as a person would, with no ledger in its environment,
// and gives its exit code and what it wrote.
func braid(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	now := func() time.Time { return time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC) }
	code = run(context.Background(), args, &out, &err, func(string) string { return "" }, now)
	return code, out.String(), err.String()
}

// must is braid where it must succeed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	code, out, err := braid(t, args...)
	if code != exitDone {
		t.Fatalf("braid %s: exit %d\n%s%s", strings.Join(args, " "), code, out, err)
	}
	return out
}

// demoLedger loads the demo council and gives its file.
func demoLedger(t testing.TB) string {
	t.Helper()
	db := filepath.Join(t.TempDir(), "demo.db")
	must(t, "demo", "--once", "--db", db)
	return db
}

type jsonFinding struct {
	ID, Kind, Rule, Band, Severity, Title, Because string
	Amount, Share, Date, Year                      *string
	AtLeast                                        bool `json:"at_least"`
	Verdict                                        string
	Subjects                                       []struct{ Type, ID string }
	Evidence                                       []struct {
		Entry, Record string
		Amount        *string
	}
}

type jsonCheck struct {
	AsAt     string `json:"as_at"`
	Sequence int
	Hash     string
	Findings []jsonFinding
	Summary  map[string]map[string]json.RawMessage
}

func checked(t testing.TB, args ...string) jsonCheck {
	t.Helper()
	var c jsonCheck
	out := must(t, append(args, "--format", "json")...)
	if err := json.Unmarshal([]byte(out), &c); err != nil {
		t.Fatalf("%v in %.300s", err, out)
	}
	return c
}

func TestDemoSaysWhatNeedsAttention(t *testing.T) {
	out := must(t, "demo", "--once")
	for _, want := range []string{
		"Demo council", "as at 12 January 2027",
		"5 services lose £900,000 on 31 March 2027, in 78 days. 2 of them lose more than half their money.",
		"£20,000 of it is already unfunded (NRF was cut).",
		"Awarded: £4,330,000. Allocated: £3,660,000.",
		"3 possible duplications, 2 gaps",
		"NRF by £20,000",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not say %q", want)
		}
	}
	for row, wants := range map[string][]string{
		"Youth inclusion panels":  {"£350,000", "88%", "31 Dec 2026", "12 days late"},
		"Play and holiday scheme": {"£240,000", "100%", "28 Feb 2027", "in 47 days"},
		"Family support hubs":     {"£180,000", "20%", "31 Dec 2026"},
		"Left to allocate":        {"£50,000", "£140,000", "£200,000", "−£20,000", "£300,000", "£670,000"},
	} {
		line := ""
		for l := range strings.Lines(out) {
			if strings.HasPrefix(l, row) && line == "" {
				line = l
			}
		}
		for _, want := range wants {
			if !strings.Contains(line, want) {
				t.Errorf("the row of %s lacks %s: %q", row, want, line)
			}
		}
	}
	if again := must(t, "demo", "--once"); again != out {
		t.Error("the demo does not print the same twice")
	}
}

func TestDemoFindings(t *testing.T) {
	c := checked(t, "check", "--db", demoLedger(t), "--as-at", "2027-01-12")
	amounts := map[string]string{}
	counts := map[string]int{}
	for _, f := range c.Findings {
		if f.Verdict == "unknown" {
			continue
		}
		counts[f.Kind+"/"+f.Rule]++
		if f.Amount != nil {
			amounts[f.ID] = *f.Amount
		}
	}
	for id, want := range map[string]string{
		"expiry/cliff/youth-inclusion/2027-03-31": "350000.00",
		"expiry/cliff/play-holiday/2027-03-31":    "240000.00",
		"expiry/cliff/family-hubs/2027-03-31":     "180000.00",
		"expiry/cliff/young-carers/2027-03-31":    "70000.00",
		"expiry/cliff/parenting/2027-03-31":       "60000.00",
	} {
		if amounts[id] != want {
			t.Errorf("%s: got %q, want %s (there are %v)", id, amounts[id], want, slices.Sorted(maps.Keys(amounts)))
		}
	}
	for rule, want := range map[string]int{"expiry/cliff": 5, "gap/no-service": 2, "duplication/commissioned-twice": 3, "duplication/paid-twice": 0, "duplication/recorded-twice": 0, "overcommitment/award": 1} {
		if counts[rule] != want {
			t.Errorf("%s: %d findings, want %d", rule, counts[rule], want)
		}
	}
	for _, f := range c.Findings {
		if f.ID == "expiry/cliff/youth-inclusion/2027-03-31" {
			if f.Band != "stops" || f.Severity != "high" || f.Share == nil || *f.Share != "0.875" || *f.Year != "2026-27" || *f.Date != "2027-03-31" {
				t.Errorf("the youth panels' cliff: %+v", f)
			}
			subjects := []string{}
			for _, s := range f.Subjects {
				subjects = append(subjects, s.Type+":"+s.ID)
			}
			if want := []string{"service:youth-inclusion", "award:childrens-fund", "award:nrf"}; !slices.Equal(subjects, want) {
				t.Errorf("it is about %v, want %v", subjects, want)
			}
		}
	}
}

// pence reads a JSON amount exactly.
func pence(t testing.TB, text string) int64 {
	t.Helper()
	negative := strings.HasPrefix(text, "-")
	pounds, rest, ok := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if !ok || len(rest) != 2 {
		t.Fatalf("%q is no amount with two decimals", text)
	}
	var n int64
	for _, c := range pounds + rest {
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n
}

func TestEveryAmountIsTheSumOfItsEvidence(t *testing.T) {
	for _, council := range []string{"demo", "salford", "bridgend"} {
		c := checked(t, "demo", council, "--once")
		for _, f := range c.Findings {
			if f.Amount == nil {
				continue
			}
			var sum int64
			for _, e := range f.Evidence {
				if e.Amount != nil {
					sum += pence(t, *e.Amount)
				}
			}
			if want := pence(t, *f.Amount); sum != want && sum != -want {
				t.Errorf("%s: %s says %s and its evidence adds up to %d pence", council, f.ID, *f.Amount, sum)
			}
		}
	}
}

func TestPositionOpensToItsEntries(t *testing.T) {
	db := demoLedger(t)
	var p struct {
		Rows  []map[string]any
		Total map[string]any
	}
	if err := json.Unmarshal([]byte(must(t, "position", "--db", db, "--as-at", "2027-01-12", "--by", "stream", "--where", "year=2026-27", "--format", "json")), &p); err != nil {
		t.Fatal(err)
	}
	left := map[string]string{"flying-start": "50000.00", "families-first": "140000.00", "childrens-fund": "200000.00", "nrf": "-20000.00", "core": "300000.00"}
	for _, r := range p.Rows {
		stream := r["stream"].(string)
		if r["left"] != left[stream] {
			t.Errorf("left of %s is %v, want %s", stream, r["left"], left[stream])
		}
		for _, column := range []string{"awarded", "allocated", "paid", "left"} {
			var e struct {
				Entries []struct{ Amount string }
				Total   string
			}
			if err := json.Unmarshal([]byte(must(t, "explain", column, "stream="+stream, "year=2026-27", "--db", db, "--as-at", "2027-01-12", "--format", "json")), &e); err != nil {
				t.Fatal(err)
			}
			var sum int64
			for _, one := range e.Entries {
				sum += pence(t, one.Amount)
			}
			if want := r[column].(string); e.Total != want || sum != pence(t, want) {
				t.Errorf("%s of %s is %s; it explains as %s, and its entries add up to %d pence", column, stream, want, e.Total, sum)
			}
		}
	}
	if p.Total["awarded"] != "4330000.00" || p.Total["allocated"] != "3660000.00" || p.Total["left"] != "670000.00" || p.Total["paid"] != "2741300.00" {
		t.Errorf("the total is %v", p.Total)
	}
}

// The papers do not state these; Braid must not make them up.
func TestPapersKeepTheirUnknowns(t *testing.T) {
	db := filepath.Join(t.TempDir(), "salford.db")
	must(t, "demo", "salford", "--once", "--db", db)
	var p struct{ Rows []map[string]any }
	if err := json.Unmarshal([]byte(must(t, "position", "--db", db, "--as-at", "2005-07-12", "--by", "stream,year", "--format", "json")), &p); err != nil {
		t.Fatal(err)
	}
	fund := false
	for _, r := range p.Rows {
		if r["stream"] == "childrens-fund" && r["year"] == "term" {
			fund = true
			if r["awarded"] != "2700000.00" {
				t.Errorf("the Children's Fund is £2.7m for the whole term; got %v", r["awarded"])
			}
		} else if r["awarded"] != nil && r["awarded"] != "0.00" {
			t.Errorf("%v %v states an award of %v, which the paper does not", r["stream"], r["year"], r["awarded"])
		}
	}
	if !fund {
		t.Error("the Children's Fund has no whole-term figure")
	}
}

func TestExitCodes(t *testing.T) {
	db := demoLedger(t)
	broken := filepath.Join(t.TempDir(), "allocations.csv")
	writeFile(t, broken, "award,service,year,amount\nnrf,nowhere,2026-27,\"1,23\"\n")
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitDone, []string{"check", "--db", db, "--as-at", "2027-01-12"}},
		{exitFound, []string{"check", "--db", db, "--as-at", "2027-01-12", "--fail-on", "high"}},
		{exitUsage, []string{"check", "--db", db, "--only", "nonsense"}},
		{exitUsage, []string{"check", "--db", filepath.Join(t.TempDir(), "none.db")}},
		{exitUsage, []string{"nonsense"}},
		{exitUsage, []string{"position", "--db", db, "--by", "colour"}},
		{exitUsage, []string{"position", "--db", db, "--nonsense"}},
		{exitUsage, []string{"demo", "nowhere"}},
		{exitUsage, []string{"demo", "--once", "--db", db}},
		{exitRefused, []string{"import", "--db", db, broken}},
		{exitDone, []string{"verify", "--db", db}},
		{exitDone, []string{"--help"}},
	} {
		if code, out, err := braid(t, c.args...); code != c.code {
			t.Errorf("braid %s: exit %d, want %d\n%.500s%.500s", strings.Join(c.args, " "), code, c.code, out, err)
		}
	}
}

func TestEveryCommandTeachesItself(t *testing.T) {
	for _, c := range (&app{}).command().Commands() {
		if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		if c.Long == "" || c.Short == "" {
			t.Errorf("braid %s --help teaches nothing", c.Name())
		}
		if out := must(t, c.Name(), "--help"); !strings.Contains(out, c.Short) && !strings.Contains(out, strings.SplitN(c.Long, "\n", 2)[0]) {
			t.Errorf("braid %s --help does not say what it does", c.Name())
		}
	}
}

// The README's picture is what the demo prints, to the letter.
func TestREADMEShowsWhatTheDemoPrints(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(must(t, "demo", "--once")) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	if want := strings.TrimRight(strings.Join(lines, "\n"), "\n"); !strings.Contains(string(readme), want) {
		t.Errorf("the README's picture is not what the demo prints now; put this in its place:\n%s", want)
	}
}

func TestAJudgementSilencesUntilTheFactsChange(t *testing.T) {
	db, dir := demoLedger(t), t.TempDir()
	const id = "duplication/commissioned-twice/family-hubs/parenting/2026-27"
	shown := func() bool {
		return strings.Contains(must(t, "check", "--db", db, "--as-at", "2027-01-12", "--only", "duplication"), id)
	}
	var facts string
	var c struct{ Findings []struct{ ID, Facts string } }
	if err := json.Unmarshal([]byte(must(t, "check", "--db", db, "--as-at", "2027-01-12", "--format", "json")), &c); err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Findings {
		if f.ID == id {
			facts = f.Facts
		}
	}
	if !shown() || facts == "" {
		t.Fatal("the pair is not found before it is judged")
	}
	judgement := filepath.Join(dir, "judgements.csv")
	writeFile(t, judgement, "id,verdict,facts,reason,review_on,by\n"+id+",both needed,"+facts+",different families,2027-03-31,Priya Shah\n")
	must(t, "import", judgement, "--db", db)
	if shown() {
		t.Error("a judged pair is still shown")
	}
	if out := must(t, "check", "--db", db, "--as-at", "2027-03-31", "--only", "duplication"); !strings.Contains(out, id) {
		t.Error("on its review date the pair does not return")
	}
	// money that is not on the overlap changes nothing; money on it does
	more := filepath.Join(dir, "allocations.csv")
	writeFile(t, more, "id,award,service,objective,area,year,amount,agreed_on\nm1,families-first,young-carers,heard,east,2026-27,1000,2027-01-02\n")
	must(t, "import", more, "--db", db, "--reason", "more for carers")
	if shown() {
		t.Error("money elsewhere brought the pair back")
	}
	writeFile(t, more, "id,award,service,objective,area,year,amount,agreed_on\nm2,families-first,parenting,confident-parents,north,2026-27,1000,2027-01-02\n")
	must(t, "import", more, "--db", db, "--reason", "more for parenting")
	if !shown() {
		t.Error("money on the overlap changed, and the pair did not return")
	}
	// what was known before stays as it was
	before := must(t, "position", "--db", db, "--as-at", "2027-01-12", "--known-at", "1", "--by", "stream")
	if fresh := must(t, "position", "--db", demoLedger(t), "--as-at", "2027-01-12", "--by", "stream"); before != fresh {
		t.Errorf("what was known at batch 1 has changed:\n%s%s", before, fresh)
	}
}

func TestTheHorizonAndConsultationAreSettings(t *testing.T) {
	db := demoLedger(t)
	sum := func(args ...string) (n int, total int64) {
		for _, f := range checked(t, append([]string{"check", "--db", db, "--as-at", "2027-01-12", "--only", "expiry/cliff"}, args...)...).Findings {
			n++
			total += pence(t, *f.Amount)
		}
		return n, total
	}
	if n, total := sum(); n != 5 || total != 900_000_00 {
		t.Errorf("within 12 months %d services lose %d pence, want 5 and £900,000", n, total)
	}
	if n, total := sum("--horizon", "15"); n != 10 || total != 2_810_000_00 { // £900,000, then £1,910,000
		t.Errorf("within 15 months there are %d losses of %d pence, want 10 of £2,810,000", n, total)
	}
	out := must(t, "check", "--db", db, "--as-at", "2027-01-12", "--only", "expiry/decide-by", "--consultation", "56")
	if !strings.Contains(out, "Play and holiday scheme: decide by 3 January 2027, 9 days late") {
		t.Errorf("eight weeks of consultation before 28 February is 3 January:\n%s", out)
	}
}
