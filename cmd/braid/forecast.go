package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/forecast/workbook"
	"braid/ledger/money"
	"braid/ledger/report"
	"braid/ledger/scenario"
)

// outlook is what a forecast is asked with.
type outlook struct {
	years                           int
	prices, scenario, service, xlsx string
	changes, pounds                 bool
	explain                         string
	odds, capital                   bool
	draws                           int
	seed                            uint64
	share                           string
}

func (a *app) forecast() *cobra.Command {
	var o outlook
	c := &cobra.Command{
		Use:   "forecast",
		Short: "What we will be short of when grants end",
		Long: `Sets what services will cost, with pay and prices, against the money that is
secured for them as allocated today, year by year. Likely renewals close a
second gap. Money not allocated, not secured or only asked for stands beneath,
and is never netted. "At least" and "at most" say that a part is not known.

  braid forecast                              four years, in £000
  braid forecast --years 6 --changes          each year's change on the one before
  braid forecast --prices 0%                  as if nothing cost more
  braid forecast --service youth-inclusion    one service, and who pays for it
  braid forecast --scenario use-money-left    as if an option were taken
  braid forecast --capital                    capital, which never shares a total
  braid forecast --odds                       how likely each gap is
  braid forecast --xlsx forecast.xlsx         a workbook whose formulas are live
  braid forecast --explain gap year=2027-28   what adds up to a figure
  braid forecast --explain likely year=2028-29 service=parenting

Prices, and the chance that a grant is renewed, are in the register
"assumptions"; an award's own renewal_percent holds where that is silent.

Lines that open with --explain:
` + wrapped(forecastLines()),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 && o.explain == "" {
				return usage("%q belongs after --explain LINE; or see braid forecast --help", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			if o.years < 1 || o.years > 10 {
				return usage("--years is from 1 to 10")
			}
			v, p, err := a.project(c.Context(), o)
			if err != nil {
				return err
			}
			if o.service != "" {
				if _, met := p.Service(o.service); !met {
					return notThere("services", o.service, "braid position --by service")
				}
			}
			switch {
			case o.explain != "":
				return a.explainForecast(v, p, o.explain, args, o.service)
			case o.xlsx != "":
				return a.forecastWorkbook(v, p, o.xlsx)
			}
			return a.printForecast(v, p, o)
		},
	}
	f := c.Flags()
	f.IntVar(&o.years, "years", 4, "how many years, from this one: 1 to 10")
	f.StringVar(&o.prices, "prices", "", "every price rises by this a year, like 2.5%, whatever is recorded")
	f.StringVar(&o.scenario, "scenario", "", "lay a scenario over the ledger first, by its id")
	f.StringVar(&o.service, "service", "", "one service, by its id")
	f.BoolVar(&o.changes, "changes", false, "show each year's change on the year before, too")
	f.BoolVar(&o.capital, "capital", false, "capital in place of revenue")
	f.BoolVar(&o.pounds, "pounds", false, "show whole pounds, not £000")
	f.BoolVar(&o.odds, "odds", false, "low, expected and high; and many draws of renewals, prices and delays: P10, P50, P90")
	f.IntVar(&o.draws, "draws", 10_000, "how many draws --odds makes")
	f.Uint64Var(&o.seed, "seed", 1, "the seed of the draws: the same gives the same")
	f.StringVar(&o.share, "share", "25%", "the share of its money that a service may lose, for --odds")
	f.StringVar(&o.xlsx, "xlsx", "", "write a workbook with live formulas to this file")
	f.StringVar(&o.explain, "explain", "", "open a line for a year=, and service= if wanted")
	return a.clocks(c)
}

func forecastLines() string {
	var all []string
	for _, l := range forecast.Lines() {
		all = append(all, l.String())
	}
	return strings.Join(all, ", ")
}

// wrapped breaks a list where a help text ends its lines.
func wrapped(list string) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(list) {
		if width > 0 && width+1+len(word) > 76 {
			b.WriteString("\n")
			width = 0
		}
		if width > 0 {
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}

// notThere refuses an id that no row has.
func notThere(register, id, try string) error {
	return usage("there is no %q among the %s; %s lists them", id, register, try)
}

// project forecasts the ledger, or a scenario laid over it.
func (a *app) project(ctx context.Context, o outlook) (*ledger.View, *forecast.Projection, error) {
	v, err := a.view(ctx)
	if err != nil {
		return nil, nil, err
	}
	assumed := forecast.Recorded(v)
	if o.scenario != "" {
		s, met := scenario.Read(v.Book, o.scenario)
		if !met {
			return nil, nil, notThere("scenarios", o.scenario, "braid scenario list")
		}
		s.Years = o.years
		laid := s.Lay(v)
		a.sayLaid(v, s, laid)
		v, assumed = laid.View, laid.Assumptions
	}
	if o.prices != "" {
		rate, err := money.ParseRate(o.prices)
		if err != nil {
			return nil, nil, usage("--prices: %v", err)
		}
		assumed = assumed.At(rate)
	}
	p := forecast.Project(v, assumed, o.years)
	if o.capital {
		p = p.Capital()
	}
	return v, p, nil
}

func (a *app) printForecast(v *ledger.View, p *forecast.Projection, o outlook) error {
	var odds *forecast.Odds
	if o.odds {
		share, err := money.ParseShare(o.share)
		if err != nil {
			return usage("--share: %v", err)
		}
		if o.draws < 100 || o.draws > 1_000_000 {
			return usage("--draws is from 100 to 1000000")
		}
		odds = p.Draw(o.seed, o.draws, share)
	}
	switch a.format {
	case "json":
		return report.ForecastJSON(a.out, v, p, odds)
	case "csv":
		t := report.ForecastCSV(p)
		return t.CSV(a.out)
	}
	unit := report.Thousands
	if o.pounds {
		unit = report.WholePounds
	}
	if o.service != "" {
		return a.printService(v, p, o.service, unit)
	}
	tables := []report.Table{report.ForecastTable(v, p, "", unit)}
	tables[0].Title = "What will we be short of when grants end?  " + report.ForecastHeadline(p, unit)
	if o.changes {
		tables = append(tables, report.ForecastChanges(v, p, unit))
	}
	tables = append(tables, report.ForecastShort(p, 12, unit))
	if odds != nil {
		tables = append(tables, report.ForecastCases(p, unit), report.ForecastOdds(odds, unit), report.ForecastChances(p, odds))
	}
	a.tables(tables...)
	fmt.Fprintln(a.out)
	for _, line := range report.ForecastAssumed(v, p) {
		fmt.Fprintln(a.out, line)
	}
	return nil
}

// tables prints tables one beneath the other, leaving out those without rows.
func (a *app) tables(all ...report.Table) {
	first := true
	for _, t := range all {
		if len(t.Rows) == 0 && t.Title == "" && t.Note == "" {
			continue
		}
		if !first {
			fmt.Fprintln(a.out)
		}
		first = false
		t.Text(a.out)
	}
}

func (a *app) printService(v *ledger.View, p *forecast.Projection, id string, unit report.Unit) error {
	s, _ := p.Service(id)
	t := report.ForecastTable(v, p, id, unit)
	t.Title = s.Name
	if s.Statutory {
		t.Title += ": a statutory duty, which outlives any grant"
	}
	who := report.ForecastMoney(v, p, id, unit)
	a.tables(t, who)
	return nil
}

// explainForecast opens one figure of a forecast.
func (a *app) explainForecast(v *ledger.View, p *forecast.Projection, word string, pairs []string, service string) error {
	line, known := parseLine(word)
	if !known {
		return usage("there is no line %q; there are %s", word, forecastLines())
	}
	var year fiscal.Year
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "year":
			y, err := fiscal.ParseYear(value)
			if err != nil {
				return &exit{exitUsage, err}
			}
			year = y
		case "service":
			if _, met := p.Service(value); !met {
				return notThere("services", value, "braid position --by service")
			}
			service = value
		default:
			return usage("write year=2027-28, and service=ID if wanted; found %q", pair)
		}
	}
	last := p.Years[len(p.Years)-1]
	if year < p.From || year > last {
		return usage("say which year to open, from %s to %s: braid forecast --explain %s year=%s", p.From, last, word, p.From)
	}
	f := p.Total(line, year)
	if service != "" {
		f = p.Of(service, line, year)
	}
	parts := p.Explain(line, service, year)
	switch a.format {
	case "json":
		return report.ForecastPartsJSON(a.out, v, line, service, year, f, parts)
	case "csv":
		t := report.ForecastPartsCSV(v, parts)
		return t.CSV(a.out)
	}
	t := report.ForecastParts(v, f, parts)
	t.Text(a.out)
	return nil
}

// forecastWorkbook writes the workbook beside its name first, so that a file
// half written never stands there.
func (a *app) forecastWorkbook(v *ledger.View, p *forecast.Projection, path string) error {
	if a.format != "table" {
		return usage("--xlsx writes a file of its own; leave --format out")
	}
	if strings.ToLower(filepath.Ext(path)) != ".xlsx" {
		return usage("--xlsx wants a name that ends in .xlsx; found %s", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".braid-*.xlsx")
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return &exit{exitUsage, err}
		}
		return err
	}
	defer os.Remove(f.Name())
	if err := workbook.Write(f, v, p, workbook.Options{}); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	a.say("Wrote %s: change the shaded cells of its first sheet, and every figure follows.", path)
	return nil
}

func parseLine(word string) (forecast.Line, bool) {
	word = strings.ReplaceAll(strings.ToLower(word), "-", "_")
	for _, l := range forecast.Lines() {
		if l.String() == word {
			return l, true
		}
	}
	return 0, false
}
