package main

import (
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger/check"
	"braid/ledger/report"
)

func (a *app) check() *cobra.Command {
	var only []string
	var failOn string
	var all bool
	policy := check.DefaultPolicy()
	c := &cobra.Command{
		Use:   "check",
		Short: "What is doubled, missing, ending, out of terms or over-committed",
		Long: `Reports findings: questions for an officer, each with its sum and the entries
that make it. A finding is silenced by a judgement until its facts change; what
cannot be told for want of a fact is listed as such.

  braid check                             everything, most severe first
  braid check --only expiry               one kind, or one rule: expiry/cliff
  braid check --format json               with evidence, for other programs
  braid check --fail-on high              exit 1 if a finding is as severe
  braid check --horizon 24                ends within two years, not one

Kinds and rules: ` + strings.Join(check.Rules(), ", "),
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			var least check.Severity
			if failOn != "" {
				var err error
				if least, err = check.ParseSeverity(failOn); err != nil {
					return &exit{exitUsage, err}
				}
			}
			if policy.HorizonMonths < 1 || policy.ConsultationDays < 0 {
				return usage("--horizon is at least 1 month, and --consultation no less than 0 days")
			}
			for _, o := range only {
				if !knownRule(o) {
					return usage("there is no rule %q; there are %s", o, strings.Join(check.Rules(), ", "))
				}
			}
			v, err := a.view(c.Context())
			if err != nil {
				return err
			}
			findings := check.Run(v, policy, only...)
			switch a.format {
			case "json":
				err = report.CheckJSON(a.out, v, findings)
			case "csv":
				t := report.FindingsCSV(v, findings)
				err = t.CSV(a.out)
			default:
				report.Findings(a.out, v, findings, all)
			}
			if err != nil {
				return err
			}
			for i := range findings {
				if f := &findings[i]; least > 0 && f.Severity >= least && !f.Silenced() {
					return &exit{code: exitFound}
				}
			}
			return nil
		},
	}
	c.Flags().StringSliceVar(&only, "only", nil, "a kind (gap) or a rule (expiry/cliff)")
	c.Flags().StringVar(&failOn, "fail-on", "", "exit 1 if a finding is high, medium or low at least")
	c.Flags().IntVar(&policy.HorizonMonths, "horizon", policy.HorizonMonths, "how many months ahead an end counts")
	c.Flags().IntVar(&policy.ConsultationDays, "consultation", policy.ConsultationDays, "days of consultation to allow before a decision")
	c.Flags().BoolVar(&all, "all", false, "show every finding on the screen, silenced ones too")
	return a.clocks(c)
}

func knownRule(name string) bool {
	for _, r := range check.Rules() {
		if r == name || strings.HasPrefix(r, name+"/") {
			return true
		}
	}
	return false
}
