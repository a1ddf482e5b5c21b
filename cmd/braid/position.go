package main

import (
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/report"
)

func (a *app) position() *cobra.Command {
	var by, where []string
	c := &cobra.Command{
		Use:   "position",
		Short: "What is awarded, allocated, spent and left",
		Long: `Breaks the money down by any of funder, stream, award, service, objective,
area, board, provider and year. "At least" and "not known" say that a part is
not known; nothing unknown is counted as nought.

  braid position                                     by stream and year
  braid position --by service,stream --where year=2026-27
  braid position --by objective,area --format csv
  braid position --as-at 2026-09-30                  as it stood on a day

Open any figure with:  braid explain left stream=nrf year=2026-27`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			var dims []ledger.Dimension
			for _, word := range by {
				d, err := ledger.ParseDimension(word)
				if err != nil {
					return &exit{exitUsage, err}
				}
				dims = append(dims, d)
			}
			only, err := filter(where)
			if err != nil {
				return err
			}
			v, err := a.view(c.Context())
			if err != nil {
				return err
			}
			p := v.Position(dims, only)
			if a.format == "json" {
				return report.PositionJSON(a.out, v, p)
			}
			return a.table(report.PositionTable(v, p), report.PositionCSV(p))
		},
	}
	c.Flags().StringSliceVar(&by, "by", []string{"stream", "year"}, "what to break it down by")
	c.Flags().StringSliceVar(&where, "where", nil, "keep only this, like year=2026-27")
	return a.clocks(c)
}

// filter reads dimension=value pairs.
func filter(pairs []string) (ledger.Filter, error) {
	only := ledger.Filter{}
	for _, pair := range pairs {
		word, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, usage("write what to keep as name=value, like stream=nrf; found %q", pair)
		}
		d, err := ledger.ParseDimension(word)
		if err != nil {
			return nil, &exit{exitUsage, err}
		}
		if d == ledger.ByYear {
			value = strings.ReplaceAll(value, "/", "-")
		}
		only[d] = value
	}
	return only, nil
}

func (a *app) explain() *cobra.Command {
	c := &cobra.Command{
		Use:   "explain COLUMN [key=value…]",
		Short: "The entries that add up to a figure of position",
		Long: `Opens one figure of a position: the entries behind it, to the penny, with
who entered them, when, why and from which row of which file.

  braid explain left stream=nrf year=2026-27
  braid explain allocated service=youth-inclusion year=2026-27
  braid explain awarded award=families-first --format json`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			if len(args) == 0 {
				return usage("say which column to explain, like: braid explain left stream=nrf")
			}
			m, err := ledger.ParseMeasure(args[0])
			if err != nil {
				return &exit{exitUsage, err}
			}
			only, err := filter(args[1:])
			if err != nil {
				return err
			}
			v, err := a.view(c.Context())
			if err != nil {
				return err
			}
			proof := v.Explain(m, only)
			if a.format == "json" {
				return report.ExplainJSON(a.out, v, m, only, proof)
			}
			t := report.ExplainTable(v, proof)
			return a.table(t, t)
		},
	}
	return a.clocks(c)
}
