package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/money"
)

// printed is a published table as it stands on the page: a row for each line, by
// the words above its columns. The reading here is the test's own, apart from
// Braid's, so that the two may be held to each other.
type printed []map[string]string

// realTable reads a published table from beside the clone.
func realTable(t *testing.T, file string) (rows printed, path string) {
	t.Helper()
	path = filepath.Join("..", "..", "..", "shared", "tables", file)
	text, err := os.Open(path)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("CI has the published tables beside the clone: %v", err)
		}
		t.Skipf("the published tables are not beside the clone: %v", err)
	}
	defer text.Close()
	lines, err := csv.NewReader(text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, cell := range line {
			row[lines[0][i]] = strings.TrimSpace(cell)
		}
		rows = append(rows, row)
	}
	return rows, path
}

// where picks rows by one printed cell.
func (p printed) where(column, word string) (of printed) {
	for _, row := range p {
		if row[column] == word {
			of = append(of, row)
		}
	}
	return of
}

// pounds reads a printed sum of whole pounds; in thousands where the column says so.
func pounds(t *testing.T, row map[string]string, column string) int {
	t.Helper()
	n, err := strconv.Atoi(row[column])
	if err != nil {
		t.Fatalf("%s prints %q", column, row[column])
	}
	if strings.HasSuffix(column, "_k") {
		n *= 1000
	}
	return n
}

// stop is what the printed table says a service loses on a day.
type stop struct {
	service string // as an officer calls it
	award   string // what ends
	pounds  int    // of the last year; 0: the table has one sum for several years
	term    int    // that one sum
	capital bool
}

// realTables are the published tables: when one looks, what then ends within
// twelve months by the table itself, or why nothing can.
var realTables = []struct {
	mapping, file, asAt, ends string
	stops                     func(t *testing.T, rows printed) []stop
	silent                    string
}{
	{"warwickshire-area-based-grant-2010-11", "warwickshire_area_based_grant_2010_11.csv", "2011-01-12", "2011-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows {
			to := row["recipient"]
			switch to {
			case "Warwickshire Police Authority", "Rugby Borough Council", "Nuneaton and Bedworth Borough Council", "North Warwickshire Borough Council", "Warwickshire Probation",
				"Warwick District Council (on behalf of South Warwickshire CDRP)":
				continue // passed on: not the council's to lose
			case "Adult Health and Community Services": // printed both ways
				to = "Adult, Health and Community Services"
			}
			of = append(of, stop{service: row["themed_pot_or_direct_allocation"] + " (" + to + ")", award: "Area Based Grant 2010-11", pounds: pounds(t, row, "allocation_2010_11_k")})
		}
		return of
	}, ""},
	{"west-suffolk-ukspf-2024-25", "west_suffolk_ukspf_2024_25.csv", "2025-01-12", "2025-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows {
			use := row["recipient_or_use"]
			of = append(of, stop{service: strings.ToUpper(use[:1]) + use[1:], award: "UK Shared Prosperity Fund 2024-25", pounds: pounds(t, row, "amount_gbp")})
		}
		return of
	}, ""},
	{"wolverhampton-grants-2020", "wolverhampton_grants_2020.csv", "2021-01-12", "2021-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows.where("period_stated", "2020-2021") {
			of = append(of, stop{service: row["grant"], award: row["grant"], pounds: pounds(t, row, "amount_gbp")})
		}
		return of
	}, ""},
	{"wolverhampton-grants-2020", "wolverhampton_grants_2020.csv", "2022-01-12", "2022-07-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows.where("period_stated", "until July 2022") {
			of = append(of, stop{service: row["grant"], award: row["grant"], term: pounds(t, row, "amount_gbp")})
		}
		return of
	}, ""},
	{"vale-of-glamorgan-welsh-grants", "vale_of_glamorgan_welsh_grants.csv", "2017-01-12", "2017-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows.where("end_date_stated", "2017-03-31").where("financial_year", "2016/17") {
			of = append(of, stop{service: row["grant"], award: row["grant"] + " (up to 2016-17)", pounds: pounds(t, row, "amount_gbp")})
		}
		return of
	}, ""},
	{"vale-of-glamorgan-welsh-grants", "vale_of_glamorgan_welsh_grants.csv", "2014-01-12", "", nil,
		"the one end within the year, of Flying Start's capital, is of money applied for, and the Families First figures are of a report not yet written"},
	{"childrens-fund-allocations", "childrens_fund_allocations.csv", "2006-01-12", "2006-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows.where("note", "approved until March 2006") {
			of = append(of, stop{service: "Children's Fund, " + row["area"], award: "Children's Fund (" + row["area"] + ")", pounds: pounds(t, row, "amount_gbp")})
		}
		return of
	}, ""},
	{"childrens-fund-allocations", "childrens_fund_allocations.csv", "2008-01-12", "2008-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows.where("period", "2005-06 to 2007-08") {
			of = append(of, stop{service: "Children's Fund, " + row["area"], award: "Children's Fund (" + row["area"] + ", 2005-06 to 2007-08)", term: pounds(t, row, "amount_gbp")})
		}
		return of
	}, ""},
	{"childrens-fund-allocations", "childrens_fund_allocations.csv", "2004-01-12", "", nil, "what ends in March 2004 is the national fund, which holds the local sums: it pays for no one service"},
	{"childrens-centres-phase2-2006-08", "childrens_centres_phase2_2006_08.csv", "2008-01-12", "2008-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows {
			service, award := "Children's centres, "+row["local_authority"], "Children's centres, phase 2 ("+row["local_authority"]
			of = append(of, stop{service: service, award: award + ", revenue)", term: pounds(t, row, "revenue_2006_08_gbp")},
				stop{service: service, award: award + ", capital)", term: pounds(t, row, "capital_2006_08_gbp"), capital: true})
		}
		return of
	}, ""},
	{"st-helens-regeneration-projects", "st_helens_regeneration_projects.csv", "2004-01-12", "2004-03-31", func(t *testing.T, rows printed) (of []stop) {
		for _, row := range rows.where("period_end", "2003-04") {
			of = append(of, stop{service: row["project"], award: "Single Regeneration Budget (" + row["scheme"] + ": " + row["project"] + ")", term: pounds(t, row, "government_funding_gbp")})
		}
		return of
	}, ""},
	{"warwickshire-allocations-2010", "warwickshire_allocations_time_limited_permanent_2010.csv", "2011-01-12", "", nil,
		"it prints the council's own plan for pressures, and no grant: what is time-limited falls out of the forecast, year by year"},
	{"warwickshire-savings-plan-2010", "warwickshire_savings_plan_children_2010.csv", "2011-01-12", "", nil, "it prints savings, and no money that ends"},
	{"warwickshire-grants-awarded-2015-16", "warwickshire_grants_awarded_2015_16_children.csv", "2016-01-12", "", nil, "it prints what the council gave to others, and not what paid for it"},
	{"salford-devolved-budgets", "salford_devolved_budgets.csv", "2021-01-12", "", nil, "the budgets are given anew each year, and no end is printed"},
	{"shropshire-dcsf-grants-2006-08", "shropshire_dcsf_grants_2006_2008.csv", "2008-01-12", "", nil, "two years' grants, with no end and no service printed"},
	{"claremont-weaste-budget-decisions", "claremont_weaste_budget_decisions.csv", "2009-03-24", "", nil, "what a committee recommends is proposed and holds no money; the cut-off of September 2008 is of a balance, not of a grant"},
	{"isle-of-wight-childrens-monitor-2004", "isle_of_wight_childrens_monitor_may_2004.csv", "2004-07-15", "", nil, "it prints the council's own budget, which has no end"},
}

// inWords writes a day, and how far off it is, as English has it.
func inWords(t *testing.T, asAt, day string) (on, away string) {
	t.Helper()
	from, err := time.Parse(time.DateOnly, asAt)
	if err != nil {
		t.Fatal(err)
	}
	to, err := time.Parse(time.DateOnly, day)
	if err != nil {
		t.Fatal(err)
	}
	return to.Format("2 January 2006"), fmt.Sprintf("in %d days", int(to.Sub(from).Hours()/24))
}

// commas writes a sum as people do.
func commas(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return "£" + text
}

// says is what an officer would say of it.
func (s stop) says(on, away, year string) (title, because string) {
	because = s.award + " ends on " + on + ", " + away + "."
	if s.pounds > 0 {
		return s.service + " loses " + commas(s.pounds) + " on " + on, because + " " + s.service + " loses " + commas(s.pounds) + ", all its money. What follows is not recorded."
	}
	what := "money"
	if s.capital {
		what = "money for capital"
	}
	return s.service + " loses " + what + " on " + on + ": how much is not known",
		because + " What follows is not recorded. How much of " + s.award + " is for " + year + " is not recorded. For the whole term, " + commas(s.term) + " is recorded."
}

// TestRealTablesSayWhatStops loads every published table through its mapping into
// a ledger, as a person would, and holds what the checks say is ending to an own
// reading of the printed page: to the pound, in the words, and to the entries.
func TestRealTablesSayWhatStops(t *testing.T) {
	for _, of := range realTables {
		t.Run(of.mapping+" "+of.asAt, func(t *testing.T) {
			rows, path := realTable(t, of.file)
			db := filepath.Join(t.TempDir(), "braid.db")
			must(t, "import", path, "--mapping", of.mapping, "--db", db)
			said := map[string]jsonFinding{}
			for _, f := range checked(t, "check", "--db", db, "--as-at", of.asAt).Findings {
				if f.Rule == "cliff" {
					if _, twice := said[f.Title]; twice {
						t.Errorf("%s: said twice", f.Title)
					}
					said[f.Title] = f
				}
			}
			if of.silent != "" {
				for title := range said {
					t.Errorf("%s, though %s", title, of.silent)
				}
				return
			}
			stops := of.stops(t, rows)
			if len(stops) == 0 {
				t.Fatal("the reading finds nothing that ends: is the table still the same?")
			}
			on, away := inWords(t, of.asAt, of.ends)
			year := of.ends[:4] + "-" + strconv.Itoa((atoi(of.ends[:4])+1)%100)
			if of.ends[5:7] < "04" {
				year = strconv.Itoa(atoi(of.ends[:4])-1) + "-" + of.ends[2:4]
			}
			for _, s := range stops {
				title, because := s.says(on, away, year)
				f, found := said[title]
				if !found {
					t.Errorf("nobody says %q", title)
					continue
				}
				delete(said, title)
				if got := strings.TrimSuffix(f.Because, " The service is itself to end by then."); got != because {
					t.Errorf("%s\nbecause %s\nnot     %s", title, f.Because, because)
				}
				if f.Date == nil || *f.Date != of.ends || f.Year == nil || *f.Year != year {
					t.Errorf("%s: dated %v", title, f.Date)
				}
				if s.pounds == 0 {
					if f.Amount != nil || f.Verdict != "unknown" {
						t.Errorf("%s: amount %v, verdict %q", title, f.Amount, f.Verdict)
					}
					continue
				}
				want := strconv.Itoa(s.pounds) + ".00"
				if f.Amount == nil || *f.Amount != want {
					t.Errorf("%s: amount %v, not %s", title, f.Amount, want)
				}
				pence := 0
				for _, e := range f.Evidence {
					pence += atoi(strings.Replace(*e.Amount, ".", "", 1))
				}
				if pence != s.pounds*100 {
					t.Errorf("%s: its entries add up to %d pence", title, pence)
				}
			}
			for title := range said {
				t.Errorf("%s: the printed table does not say so", title)
			}
		})
	}
}

func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// realBook loads a published table through its mapping into a book.
func realBook(t *testing.T, path, mapping string) *ledger.Book {
	t.Helper()
	im, err := exchange.Read([]string{path}, exchange.Options{Author: "test", Mapping: mapping, AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := im.Plan(ledger.Empty())
	if err != nil || plan.Draft == nil {
		t.Fatal(err, plan.Problems)
	}
	_, b := plan.Draft.Seal(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return b
}

// TestRealTablesInTheForecast: what stops is in the forecast of its year, service
// by service, and the year after has none of it.
func TestRealTablesInTheForecast(t *testing.T) {
	for _, of := range realTables {
		if of.silent != "" {
			continue
		}
		t.Run(of.mapping+" "+of.asAt, func(t *testing.T) {
			rows, path := realTable(t, of.file)
			v := realBook(t, path, of.mapping).View(fiscal.MustDate(of.asAt))
			p := forecast.Project(v, forecast.Recorded(v), 3)
			year := fiscal.YearOf(fiscal.MustDate(of.ends))
			ids := map[string]string{}
			for _, s := range p.Services {
				ids[s.Name] = s.ID
			}
			total, exact := 0, true
			for _, s := range of.stops(t, rows) {
				if s.capital {
					continue // no part of a forecast of revenue
				}
				id, known := ids[s.service]
				if !known {
					t.Errorf("%s is not in the forecast", s.service)
					continue
				}
				got := p.Of(id, forecast.Ending, year)
				if want := (forecast.Figure{Amount: money.Pence(s.pounds * 100)}); s.pounds > 0 && got != want {
					t.Errorf("%s: %s ends in %s, not %s", s.service, got, year, want)
				}
				if s.term > 0 && got.State != forecast.NotKnown {
					t.Errorf("%s: %s ends in %s, and nobody has split %s by year", s.service, got, year, commas(s.term))
				}
				for _, l := range []forecast.Line{forecast.Secured, forecast.Unsecured, forecast.Likely, forecast.Ending} {
					if after := p.Of(id, l, year+1); after != (forecast.Figure{}) {
						t.Errorf("%s: the year after it still has %s %s", s.service, after, l)
					}
				}
				total += s.pounds
				exact = exact && s.pounds > 0
			}
			if got := p.Total(forecast.Ending, year); got.Amount != money.Pence(total*100) || (got.State == forecast.Exact) != exact {
				t.Errorf("in all %s ends in %s, not %s", got, year, commas(total))
			}
			if got := p.Total(forecast.Ending, year+1); got != (forecast.Figure{}) {
				t.Errorf("%s ends the year after", got)
			}
		})
	}
}

// TestRealTimeLimitedMoneyRunsOff: the council prints the first year's level and then
// the change on the year before, and the forecast's table of changes prints the
// same, for each line and for all.
func TestRealTimeLimitedMoneyRunsOff(t *testing.T) {
	rows, path := realTable(t, "warwickshire_allocations_time_limited_permanent_2010.csv")
	v := realBook(t, path, "warwickshire-allocations-2010").View(fiscal.MustDate("2010-04-01"))
	p := forecast.Project(v, forecast.Recorded(v), 4)
	ids := map[string]string{}
	for _, s := range p.Services {
		ids[s.Name] = s.ID
	}
	columns := []string{"total_2010_11_k", "change_2011_12_k", "change_2012_13_k", "change_2013_14_k"}
	sums, met := [4]int{}, 0
	for _, row := range rows {
		id := ids[row["description"]+" ("+row["directorate"]+")"]
		level := 0
		var changes []int
		for i, y := range p.Years {
			change := 1000 * atoi(row[columns[i]])
			level += change
			sums[i] += change
			changes = append(changes, change)
			want := forecast.Figure{Amount: money.Pence(level * 100)}
			if got := p.Of(id, forecast.Pressures, y); got != want {
				t.Errorf("%s in %s: a pressure of %s, not %s", row["description"], y, got, want)
			}
			was := forecast.Figure{}
			if i > 0 {
				was = p.Of(id, forecast.Pressures, y-1)
			}
			if got := int(p.Of(id, forecast.Pressures, y).Amount - was.Amount); got != change*100 {
				t.Errorf("%s in %s: changes by %d pence, and prints %d pounds", row["description"], y, got, change)
			}
		}
		if strings.HasPrefix(row["description"], "Transforming Education") {
			met++
			if fmt.Sprint(changes) != "[600000 1000000 -400000 -1200000]" || level != 0 {
				t.Errorf("the page no longer prints 600, +1,000, −400 and −1,200, which come to nought: %v", changes)
			}
		}
	}
	if met != 1 || len(rows) != 33 {
		t.Errorf("%d lines, and the project %d times", len(rows), met)
	}
	for i, y := range p.Years {
		if got, want := p.Change(forecast.Pressures, y), (forecast.Figure{Amount: money.Pence(sums[i] * 100)}); got != want {
			t.Errorf("in %s all change by %s, not %s", y, got, want)
		}
		pence := money.Pence(0)
		for _, part := range p.Explain(forecast.Pressures, "", y) {
			if part.Register != "savings" || !v.Has("savings", part.ID) || part.Column != y.String() {
				t.Errorf("in %s a part is made of %s/%s %s", y, part.Register, part.ID, part.Column)
			}
			pence += part.Amount
		}
		if pence != p.Total(forecast.Pressures, y).Amount {
			t.Errorf("in %s the rows behind it come to %s", y, pence)
		}
	}
}

// TestRealSavingsNotYetFound: what a savings plan prints as extra on the year before
// is found as far as the council says how, what is not identified is not, and
// what nobody has costed makes the sum "at least".
func TestRealSavingsNotYetFound(t *testing.T) {
	rows, path := realTable(t, "warwickshire_savings_plan_children_2010.csv")
	v := realBook(t, path, "warwickshire-savings-plan-2010").View(fiscal.MustDate("2010-04-01"))
	p := forecast.Project(v, forecast.Recorded(v), 4)
	found, uncosted := 0, 0
	for i, y := range p.Years {
		column := []string{"saving_2010_11_k", "extra_saving_2011_12_k", "extra_saving_2012_13_k", "extra_saving_2013_14_k"}[i]
		for _, row := range rows {
			switch {
			case row[column] == "Not costed yet":
				uncosted++
			case row["option"] != "Unidentified savings":
				found += 1000 * atoi(row[column])
			}
		}
		if got, want := p.Total(forecast.SavingsFound, y), (forecast.Figure{Amount: money.Pence(found * 100), State: forecast.AtLeast}); got != want {
			t.Errorf("in %s savings of %s are found, not %s", y, got, want)
		}
	}
	if uncosted != 8 {
		t.Errorf("%d cells are not costed", uncosted)
	}
	if notes := fmt.Sprint(p.Notes); !strings.Contains(notes, "Unidentified savings") {
		t.Errorf("what is not identified is not noted: %s", notes)
	}
}

// TestEveryRealTableIsRead: no table beside the clone goes unread.
func TestEveryRealTableIsRead(t *testing.T) {
	_, path := realTable(t, realTables[0].file)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.csv"))
	if err != nil || len(files) != 14 {
		t.Fatalf("%d tables: %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		found := false
		for _, of := range realTables {
			found = found || of.file == name
		}
		if !found {
			t.Errorf("%s is not held to anything", name)
		}
	}
}
