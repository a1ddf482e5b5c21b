package mapping

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"braid/ledger/exchange/sheet"
	"braid/ledger/money"
)

// published finds a published table in the folder beside the module, or skips.
func published(t *testing.T, file string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	for _, folder := range []string{"tables", "samples"} {
		path := filepath.Join(dir, "..", "shared", folder, file)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
	t.Skipf("the published table %s is not here", file)
	return ""
}

// through reads a published table, and fails on any problem or differing total.
func through(t *testing.T, name string) *Result {
	t.Helper()
	m, err := Named(name)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := sheet.Open(published(t, m.For), sheet.CommandLine)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Apply(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		table.Close()
	}
	for _, p := range got.Problems {
		t.Error(p.Error())
	}
	for _, total := range got.Totals {
		if !total.Agrees {
			t.Error(total.Problem().Error())
		}
	}
	return got
}

// column gives the cells of one column of one register, by id or else in order.
func (r *Result) column(register, heading string) (texts []string) {
	for _, rows := range r.Rows {
		if i := slices.Index(rows.Header, heading); rows.Register == register && i >= 0 {
			for _, cells := range rows.Cells {
				texts = append(texts, cells[i])
			}
		}
	}
	return texts
}

func (r *Result) cell(register, id, heading string) string {
	for _, rows := range r.Rows {
		for _, cells := range rows.Cells {
			if i := slices.Index(rows.Header, heading); rows.Register == register && cells[0] == id && i >= 0 {
				return cells[i]
			}
		}
	}
	return ""
}

func sum(t *testing.T, texts []string) string {
	t.Helper()
	var s money.Sum
	for _, text := range texts {
		a, given, err := money.Parse(text, money.Signed)
		if err != nil {
			t.Fatal(err)
		}
		if given {
			s.Add(a)
		}
	}
	return s.String()
}

// What is made adds up to what the sources print. Where a source prints no
// total, the sum is that of the table's own column, added here apart.
func TestPublishedTotals(t *testing.T) {
	for _, test := range []struct{ name, register, heading, want, why string }{
		{"salford-devolved-budgets", "delegations", "2018-19", "250000.00", "the table's own total"},
		{"salford-devolved-budgets", "delegations", "2019-20", "250000.00", "the table's own total"},
		{"salford-devolved-budgets", "delegations", "2020-21", "250000.00", "the table's own total"},
		{"salford-devolved-budgets", "streams", "2020-21", "250000.00", "the table's own total"},
		{"shropshire-dcsf-grants-2006-08", "streams", "2006-07", "161642413.00", "recurrent grant total"},
		{"shropshire-dcsf-grants-2006-08", "streams", "2007-08", "170220267.00", "recurrent grant total"},
		{"wolverhampton-grants-2020", "figures", "amount", "1712371.00", "the stated total"},
		{"isle-of-wight-childrens-monitor-2004", "streams", "2004-05", "8519000.00", "the printed total"},
		{"isle-of-wight-childrens-monitor-2004", "allocations", "2004-05", "8519000.00", "the printed total"},
		{"isle-of-wight-childrens-monitor-2004", "outturns", "forecast", "8513000.00", "the printed total"},
		{"west-suffolk-ukspf-2024-25", "allocations", "2024-25", "439821.00", "no total printed"},
		{"st-helens-regeneration-projects", "allocations", "amount", "37480000.00", "no total printed"},
		{"st-helens-regeneration-projects", "awards", "amount", "at least 102800000.00", "two schemes' other money was not available"},
		{"vale-of-glamorgan-welsh-grants", "figures", "amount", "at least 16794233.00", "one amount not read"},
		{"warwickshire-area-based-grant-2010-11", "allocations", "2010-11", "32795000.00", "no total printed"},
		{"warwickshire-area-based-grant-2010-11", "transfers", "2010-11", "318000.00", "no total printed"},
		{"claremont-weaste-budget-decisions", "allocations", "amount", "19589.00", "no total printed"},
		{"childrens-centres-phase2-2006-08", "awards", "amount", "137189909.00", "no total of these authorities printed"},
		{"oxford-council-spend", "payments", "amount", "4339765.85", "no total printed"},
	} {
		t.Run(test.name+" "+test.register+" "+test.heading, func(t *testing.T) {
			if got := sum(t, through(t, test.name).column(test.register, test.heading)); got != test.want {
				t.Errorf("adds up to %s, not %s (%s)", got, test.want, test.why)
			}
		})
	}
}

func TestPublishedTotalsCompared(t *testing.T) {
	for name, want := range map[string]int{"salford-devolved-budgets": 3, "shropshire-dcsf-grants-2006-08": 2, "wolverhampton-grants-2020": 1, "isle-of-wight-childrens-monitor-2004": 7,
		"warwickshire-allocations-2010": 33, "childrens-fund-allocations": 1, "childrens-centres-phase2-2006-08": 2} {
		t.Run(name, func(t *testing.T) {
			if got := through(t, name); len(got.Totals) != want {
				t.Errorf("%d totals were compared, not %d", len(got.Totals), want)
			}
		})
	}
}

// Rows counted: one for each line of the source, none lost and none made twice.
func TestPublishedRows(t *testing.T) {
	for _, test := range []struct {
		name, register string
		want           int
	}{
		{"oxford-council-spend", "payments", 1220},
		{"lambeth-childrens-centres", "services", 30},
		{"warwickshire-grants-awarded-2015-16", "agreements", 81},
		{"warwickshire-savings-plan-2010", "savings", 24},
		{"warwickshire-allocations-2010", "savings", 33},
		{"childrens-centres-phase2-2006-08", "awards", 36}, // capital and revenue of 18
		{"shropshire-dcsf-grants-2006-08", "streams", 40},
		{"claremont-weaste-budget-decisions", "requests", 13}, // 20 less 7 balances
		{"vale-of-glamorgan-welsh-grants", "figures", 17},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := 0
			for _, rows := range through(t, test.name).Rows {
				if rows.Register == test.register {
					got += len(rows.Cells)
				}
			}
			if got != test.want {
				t.Errorf("%d %s, not %d", got, test.register, test.want)
			}
		})
	}
}

// Facts of the sources that a careless reading would get wrong.
func TestPublishedFacts(t *testing.T) {
	for _, test := range []struct{ name, register, id, heading, want string }{
		// A change on the year before: 600, +1,000, −400, −1,200 comes to nought.
		{"warwickshire-allocations-2010", "savings", slug("Children, Young People and Families Transforming Education / Transforming Communities project"), "2011-12", "1600000.00"},
		{"warwickshire-allocations-2010", "savings", slug("Children, Young People and Families Transforming Education / Transforming Communities project"), "2013-14", "0.00"},
		{"warwickshire-allocations-2010", "savings", slug("Children, Young People and Families Transforming Education / Transforming Communities project"), "status", "time-limited"},
		{"warwickshire-allocations-2010", "savings", slug("Children, Young People and Families Social care placements for Looked After Children"), "2013-14", "2335000.00"},
		{"warwickshire-allocations-2010", "savings", slug("Resources Medium term financial plan allocation"), "2010-11", "-158000.00"},
		{"warwickshire-savings-plan-2010", "savings", "AH15", "2013-14", "-555000.00"},
		{"warwickshire-savings-plan-2010", "savings", "CY21", "2012-13", "554000.00"},
		{"warwickshire-savings-plan-2010", "savings", "CW17", "2010-11", "?"},
		// Brackets mean over.
		{"isle-of-wight-childrens-monitor-2004", "outturns", "children-looked-after-2004-05", "comment", "overspend of £20,000.00"},
		{"isle-of-wight-childrens-monitor-2004", "outturns", "youth-justice-2004-05", "comment", "underspend of £31,000.00; contingencies held for secure accommodation and remand fostering"},
		// Sums over years stay whole.
		{"childrens-fund-allocations", "awards", "childrens-fund-salford-2005-06-to-2007-08", "amount", "2700000.00"},
		{"childrens-fund-allocations", "awards", "childrens-fund-salford-2005-06-to-2007-08", "ends", "2008-03-31"},
		{"st-helens-regeneration-projects", "awards", "srb-round-1-other", "amount", "?"},
		{"vale-of-glamorgan-welsh-grants", "awards", "flying-start-capital", "ends", "2014-03-31"},
		{"vale-of-glamorgan-welsh-grants", "awards", "families-first-revenue-2012-03-31", "ends", "2012-03-31"},
		{"wolverhampton-grants-2020", "awards", "headstart-programme-extension", "ends", "2022-07-31"},
		// The day first.
		{"oxford-council-spend", "payments", "46296351 - 1", "date", "2018-01-09"},
		{"claremont-weaste-budget-decisions", "allocations", "2009-03-23-friends-of-st-james-school", "award", "spaa-fund"},
	} {
		t.Run(test.name+" "+test.id+" "+test.heading, func(t *testing.T) {
			if got := through(t, test.name).cell(test.register, test.id, test.heading); got != test.want {
				t.Errorf("%q, not %q", got, test.want)
			}
		})
	}
	t.Run("a range is unknown in each of its years, its text kept", func(t *testing.T) {
		got := through(t, "childrens-fund-allocations")
		sources := got.column("figures", "source")
		n := 0
		for i, amount := range got.column("figures", "amount") {
			if strings.Contains(sources[i], "130000000-149000000") {
				n++
				if amount != "?" {
					t.Errorf("%s is read as %s", sources[i], amount)
				}
			}
		}
		if n != 3 {
			t.Errorf("%d figures, not one for each of three years", n)
		}
	})
	t.Run("two instalments make exactly £100,000", func(t *testing.T) {
		got := through(t, "warwickshire-grants-awarded-2015-16")
		services, values := got.column("agreements", "service"), got.column("agreements", "value")
		var of []string
		for i, service := range services {
			if strings.HasPrefix(service, "warwickshire-children-voluntary-youth-services-wcvys-support") {
				of = append(of, values[i])
			}
		}
		if sum(t, of) != "100000.00" || len(of) != 2 {
			t.Errorf("%v", of)
		}
	})
}

// The mapping's reading of the brackets is what the monitor's own sums say:
// budget less forecast, but for rounding.
func TestBracketsOfTheMonitorAgreeWithItsSums(t *testing.T) {
	file, err := os.Open(published(t, "isle_of_wight_childrens_monitor_may_2004.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(line []string, heading string) money.Pence {
		f, fault := readFigure(&Column{Is: "thousands", Brackets: "overspend"}, line[slices.Index(lines[0], heading)])
		if fault != nil {
			t.Fatal(fault.rule)
		}
		p, _ := f.amount.Known()
		return p
	}
	for _, line := range lines[1:] {
		d, err := at(line, "budget_2004_05_k").Sub(at(line, "forecast_outturn_k"))
		if err != nil {
			t.Fatal(err)
		}
		if off, _ := d.Sub(at(line, "forecast_variance_k_as_printed")); off.Abs() > 1000_00 {
			t.Errorf("%s: budget less forecast is %s, variance %s", line[0], d, at(line, "forecast_variance_k_as_printed"))
		}
	}
}
