package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/ledgertest"
)

// What nobody knows is said in each form, and never counted as nought.
func TestAForecastSaysWhatIsNotKnown(t *testing.T) {
	v := ledgertest.Book(t, `
		# streams
		id,name,permanence,starts,ends,fate,certainty,stated_on,amount,2026-27,2027-28
		core,Core budget,base budget,2026-04-01,,,confirmed,2026-03-01,,100000,100000
		term,=Whole term,multi-year,2026-04-01,2028-03-31,stops,confirmed,2026-03-01,60000,,
		# services
		id,name,statutory,2026-27,2027-28
		hubs,Family support hubs,,150000,150000
		play,=Play scheme,,?,40000
		carers,Young carers,yes,30000,30000
		# allocations
		award,service,year,amount,agreed_on
		core,hubs,2026-27,90000,2026-04-01
		core,hubs,2027-28,90000,2026-04-01
		core,carers,2026-27,10000,2026-04-01
		core,carers,2027-28,10000,2026-04-01
		term,hubs,term,60000,2026-04-01`).View(fiscal.MustDate("2026-11-22"))
	p := forecast.Project(v, forecast.Assumptions{}, 2)

	screen := ForecastTable(v, p, "", WholePounds)
	rows := map[string][]string{}
	for _, r := range screen.Rows {
		rows[r[0]] = r[1:]
	}
	for line, want := range map[string]string{
		"Cost of services today":               "at least 180,000 220,000",
		"Core budget":                          "100,000 100,000",
		"Gap if no grant is renewed (+ short)": "at least 20,000 at most 120,000",
	} {
		if got := strings.Join(rows[line], " "); got != want {
			t.Errorf("%s reads %s, want %s", line, got, want)
		}
	}
	if got := ForecastHeadline(p, WholePounds); got != "At most £120,000 in 2027-28, even if likely grants are renewed." {
		t.Errorf("the headline is %q", got)
	}
	short := ForecastShort(p, 0, WholePounds)
	for _, r := range short.Rows {
		if r[0] == "=Play scheme" && (r[1] != "not known" || r[2] != "40,000") {
			t.Errorf("the play scheme is short by %v", r[1:])
		}
	}
	if !slices.ContainsFunc(short.Rows, func(r []string) bool { return r[0] == "Young carers (duty)" }) {
		t.Errorf("no duty is marked: %v", short.Rows)
	}

	sheet := ForecastCSV(p)
	var out bytes.Buffer
	if err := sheet.CSV(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cost,,180000.00,220000.00,2026-27,\n", "cost,play,?,40000.00,,\n", "gap,,20000.00,120000.00,2026-27,2027-28\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the CSV lacks %q:\n%s", want, out.String())
		}
	}

	out.Reset()
	if err := ForecastJSON(&out, v, p, nil); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Rows, Totals []map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if y := doc.Totals[0]; y["cost"] != "180000.00" || y["cost_at_least"] != true || y["gap_at_least"] != true {
		t.Errorf("the first year's totals are %v", y)
	}
	if y := doc.Totals[1]; y["gap"] != "120000.00" || y["gap_at_most"] != true || y["cost_at_least"] != nil || y["cost_change"] != nil {
		t.Errorf("the second year's totals are %v", y)
	}
	for _, r := range doc.Rows {
		if cost, stands := r["cost"]; r["service"] == "play" && r["year"] == "2026-27" && (!stands || cost != nil) {
			t.Errorf("a cost nobody stated is %v", r)
		}
	}
	changes := ForecastChanges(v, p, WholePounds)
	for _, r := range changes.Rows {
		if r[0] == "Cost of services today" && (r[1] != "at least 180,000" || r[2] != "not known") {
			t.Errorf("the change of a cost not known is %v", r)
		}
	}
}

func TestThousandsRoundAwayFromNought(t *testing.T) {
	for pence, want := range map[forecast.Figure]string{
		{Amount: 973_200_00}:       "973",
		{Amount: 2_957_864_00}:     "2,958",
		{Amount: 499_99}:           "0",
		{Amount: 500_00}:           "1",
		{Amount: -500_00}:          "−1",
		{Amount: -20_000_00}:       "−20",
		{}:                         "–",
		{State: forecast.NotKnown}: "not known",
		{Amount: 1_500_00, State: forecast.AtMost}: "at most 2",
	} {
		if got := Thousands.figure(pence); got != want {
			t.Errorf("%v in £000 is %q, want %q", pence, got, want)
		}
	}
}
