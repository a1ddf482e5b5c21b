package seed

import (
	"encoding/csv"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// columns are those a register may have, beside financial years.
var columns = map[string]string{
	"areas":         "id name name_cy kind parent gss_code population tags",
	"organisations": "id name kind org_id",
	"streams":       "id name name_cy funder permanence ring_fence arrangement objectives legal_basis source",
	"awards":        "id stream reference recipient part_of money starts ends claim_by accepted_on owner fate successor renewal_percent source",
	"figures":       "id award year amount certainty stated_on said_by valid_until source",
	"terms":         "id stream award rule value when clause source from to",
	"objectives":    "id name name_cy parent kind agreed_by agreed_on agreed_ref weight",
	"needs":         "id objective area ages year people unit source",
	"services": "id name name_cy description activity provider areas ages level statutory duty role evidence evidence_on objectives capacity unit owner " +
		"board paid_elsewhere starts ends cost_type price_base income",
	"agreements":   "id service provider kind starts ends break_clause notice_months lead_months value returns",
	"allocations":  "id award service objective area element cost_type match_for board agreed_on state year amount starts ends percent",
	"payments":     "id date period amount award service cost_centre account objective area reference",
	"boards":       "id name area kind decided_by quorum call_in_days",
	"delegations":  "id board award agreed_on",
	"limits":       "id role action amount inclusive per permanent from to",
	"transfers":    "id award to bears_over bears_under agreed_on",
	"indicators":   "id name name_cy objective service question unit wanted baseline baseline_on source",
	"measurements": "id indicator period target value area source quality",
	"savings":      "id service kind protects gains confidence deadweight_percent status",
	"views":        "id about group people said on answer",
	"requests":     "id body asked_on text due owner answer evidence done_on",
	"proposals":    "id board service award objective area year title amount people what why asked_by asked_on state line",
	"meetings":     "id board held_on place papers",
	"posts":        "id service fte employer contract_end service_band annual_cost exit_cost tupe awards",
	"assumptions":  "id kind cost_type year award percent low high source stated_on",
	"scenarios":    "id name name_cy note state by year years applied",
	"changes":      "id scenario n kind award to_award service to_service objective area year to_year amount percent date cost_type rate why state",
}

// refersTo says in which register a column's ids are found.
var refersTo = map[string]string{
	"stream": "streams", "award": "awards", "part_of": "awards", "successor": "awards", "service": "services", "board": "boards",
	"objective": "objectives", "objectives": "objectives", "area": "areas", "areas": "areas", "indicator": "indicators",
	"funder": "organisations", "recipient": "organisations", "provider": "organisations", "to": "organisations", "gains": "organisations",
}

var (
	year  = regexp.MustCompile(`^20\d\d-\d\d$`)
	code  = regexp.MustCompile(`^[a-z0-9-]+$`)
	day   = regexp.MustCompile(`^20\d\d-\d\d-\d\d$`)
	whole = regexp.MustCompile(`^(\d+|\?)?$`)
)

type row map[string]string

func read(t *testing.T, name string) map[string][]row {
	t.Helper()
	folder, err := FS(name)
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(folder, "*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no registers: %v", name, err)
	}
	registers := map[string][]row{}
	for _, file := range files {
		f, err := folder.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil || len(lines) < 2 {
			t.Fatalf("%s/%s: %d lines, %v", name, file, len(lines), err)
		}
		for _, line := range lines[1:] {
			r := row{}
			for i, cell := range line {
				r[lines[0][i]] = cell
			}
			registers[strings.TrimSuffix(file, ".csv")] = append(registers[strings.TrimSuffix(file, ".csv")], r)
		}
	}
	return registers
}

func TestRegisters(t *testing.T) {
	for _, name := range Names() {
		if Title(name) == "" || AsAt(name).IsZero() {
			t.Errorf("%s has no title or no day", name)
		}
		registers := read(t, name)
		ids := map[string]bool{}
		for register, rows := range registers {
			for _, r := range rows {
				key := register + "/" + r["id"]
				if ids[key] || !code.MatchString(r["id"]) {
					t.Errorf("%s: id of %s is repeated or not a short code", name, key)
				}
				ids[key] = true
			}
		}
		for register, rows := range registers {
			allowed := strings.Fields(columns[register])
			for _, r := range rows {
				at := name + "/" + register + "/" + r["id"]
				for column, cell := range r {
					switch {
					case year.MatchString(column) || column == "amount":
						if !whole.MatchString(cell) {
							t.Errorf("%s: %s is %q, not whole pounds", at, column, cell)
						}
					case !slices.Contains(allowed, column):
						t.Errorf("%s: %s has no column %q", at, register, column)
					}
					target := refersTo[column]
					if column == "parent" {
						target = register
					}
					if target == "" || register == "terms" && column == "to" {
						continue
					}
					for id := range strings.SplitSeq(cell, ";") {
						if id != "" && !ids[target+"/"+id] {
							t.Errorf("%s: %s refers to %q, which is not in %s", at, column, id, target)
						}
					}
				}
				for _, column := range []string{"starts", "ends", "agreed_on", "stated_on", "valid_until", "date"} {
					if r[column] != "" && !day.MatchString(r[column]) {
						t.Errorf("%s: %s is %q, not a date", at, column, r[column])
					}
				}
				if source, has := r["source"]; has && source == "" {
					t.Errorf("%s gives no source", at)
				}
			}
		}
	}
	if _, err := FS("nowhere"); err == nil {
		t.Error("a council that is not here was found")
	}
}

// TestPapersStayUnknown: what the two papers do not state is not filled in.
func TestPapersStayUnknown(t *testing.T) {
	for name, stated := range map[string]map[string]int{"salford": {"childrens-fund-2005-8 term": 2700000}, "bridgend": {}} {
		registers, got := read(t, name), map[string]int{}
		for _, f := range registers["figures"] {
			if f["amount"] != "?" {
				got[f["award"]+" "+f["year"]] = pounds(t, f["amount"])
			}
		}
		if diff := cmp.Diff(stated, got); diff != "" {
			t.Errorf("%s figures (-paper +file):\n%s", name, diff)
		}
		for _, register := range []string{"allocations", "transfers", "savings"} {
			for _, r := range registers[register] {
				for column, cell := range r {
					if (year.MatchString(column) || column == "amount") && cell != "?" {
						t.Errorf("%s: %s %s states %s %q; the paper does not", name, register, r["id"], column, cell)
					}
				}
			}
		}
	}
}

func TestDemoTotals(t *testing.T) {
	demo := read(t, "demo")
	sum := func(register, column, by string, keep func(row) bool) map[string]int {
		totals := map[string]int{}
		for _, r := range demo[register] {
			if r["state"] != "proposed" && (keep == nil || keep(r)) && r[column] != "" {
				key := ""
				for _, part := range strings.Fields(by) {
					key = strings.TrimSpace(key + " " + r[part])
				}
				totals[key] += pounds(t, r[column])
			}
		}
		return totals
	}
	only := func(column, value string) func(row) bool { return func(r row) bool { return r[column] == value } }
	ending := func(r row) bool { return r["award"] == "childrens-fund" || r["award"] == "nrf" }
	lasting := func(r row) bool { return !ending(r) && r["award"] != "core" }
	const y1, y2, y3 = "2026-27", "2027-28", "2028-29"

	for _, c := range []struct {
		what      string
		got, want map[string]int
	}{
		{"figures", sum("figures", "amount", "award certainty", only("year", y1)), map[string]int{
			"flying-start confirmed": 1240000, "families-first confirmed": 860000, "childrens-fund confirmed": 900000,
			"nrf confirmed": 200000, "nrf revised": 180000, "core confirmed": 1150000}},
		{"award by service", sum("allocations", y1, "service award", nil), map[string]int{
			"family-hubs families-first": 420000, "family-hubs childrens-fund": 180000, "family-hubs core": 300000,
			"parenting flying-start": 310000, "parenting families-first": 120000, "parenting childrens-fund": 60000,
			"youth-inclusion childrens-fund": 240000, "youth-inclusion nrf": 110000, "youth-inclusion core": 50000,
			"speech-language flying-start": 280000, "speech-language core": 70000, "play-holiday childrens-fund": 150000, "play-holiday nrf": 90000,
			"early-years flying-start": 600000, "early-years core": 400000,
			"young-carers families-first": 180000, "young-carers childrens-fund": 70000, "young-carers core": 30000}},
		{"objective by area", sum("allocations", y1, "objective area", nil), map[string]int{
			"ready-for-school north": 520000, "ready-for-school east": 610000, "ready-for-school west": 480000,
			"confident-parents north": 410000, "confident-parents east": 300000, "confident-parents west": 250000,
			"safe-from-harm north": 210000, "safe-from-harm east": 190000,
			"out-of-trouble north": 180000, "out-of-trouble east": 290000, "out-of-trouble west": 60000,
			"heard east": 100000, "heard west": 60000}},
		{"lost on 31 March 2027", sum("allocations", y1, "service", ending), map[string]int{
			"family-hubs": 180000, "parenting": 60000, "youth-inclusion": 350000, "play-holiday": 240000, "young-carers": 70000}},
		{"lost on 31 March 2028", sum("allocations", y2, "service", lasting), map[string]int{
			"family-hubs": 420000, "parenting": 430000, "speech-language": 280000, "early-years": 600000, "young-carers": 180000}},
		{"allocated 2027-28", sum("allocations", y2, "award", nil), map[string]int{"flying-start": 1190000, "families-first": 720000, "core": 850000}},
		{"allocated 2028-29", sum("allocations", y3, "award", nil), map[string]int{"core": 850000}},
		{"planned cost 2027-28", sum("services", y2, "", nil), map[string]int{"": 3660000}},
		{"delegated", sum("delegations", y1, "board award", nil), map[string]int{"north families-first": 140000, "north childrens-fund": 60000, "north core": 40000}},
		{"promised by the board", sum("allocations", y1, "award", only("board", "north")), map[string]int{
			"families-first": 96000, "childrens-fund": 60000, "core": 30000}},
		{"paid", sum("payments", "amount", "", nil), map[string]int{"": 2741300}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-drawn +file):\n%s", c.what, diff)
		}
	}

	// Cost meets allocation, and payment stays within it.
	if diff := cmp.Diff(sum("allocations", y1, "service", nil), sum("services", y1, "id", func(r row) bool { return r["id"] != "dads-group" })); diff != "" {
		t.Errorf("planned cost differs from allocation:\n%s", diff)
	}
	allocated := sum("allocations", y1, "service award", nil)
	for key, paid := range sum("payments", "amount", "service award", nil) {
		if paid > allocated[key] {
			t.Errorf("%s: paid %d of %d", key, paid, allocated[key])
		}
	}
}

// TestDemoPairs: three pairs of services share objective, activity and level,
// with at least £10,000 each in one place.
func TestDemoPairs(t *testing.T) {
	demo := read(t, "demo")
	money := map[string]map[string]int{} // by objective and area, then service
	for _, a := range demo["allocations"] {
		if cell := a["objective"] + " " + a["area"]; a["2026-27"] != "" && a["state"] == "agreed" {
			if money[cell] == nil {
				money[cell] = map[string]int{}
			}
			money[cell][a["service"]] += pounds(t, a["2026-27"])
		}
	}
	got := map[string][2]int{}
	for i, a := range demo["services"] {
		for _, b := range demo["services"][i+1:] {
			if a["activity"] != b["activity"] || a["level"] != b["level"] {
				continue
			}
			for cell, by := range money {
				if by[a["id"]] >= 10000 && by[b["id"]] >= 10000 {
					got[a["id"]+" "+b["id"]+" "+cell] = [2]int{by[a["id"]], by[b["id"]]}
				}
			}
		}
	}
	want := map[string][2]int{
		"family-hubs parenting confident-parents north":      {54000, 96000},
		"youth-inclusion play-holiday out-of-trouble east":   {160000, 130000},
		"speech-language early-years ready-for-school north": {120000, 60000},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-meant +file):\n%s", diff)
	}
}

func pounds(t *testing.T, cell string) int {
	t.Helper()
	n, err := strconv.Atoi(cell)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
