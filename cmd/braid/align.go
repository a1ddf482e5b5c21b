package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/align"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/forecast"
	"braid/ledger/report"
	"braid/ledger/scenario"
)

// aligning is what a plan is asked with.
type aligning struct {
	from, scenario, save, reason string
	years                        int
	without, protect             []string
	service                      string
	doubts, every                bool
}

func (a *app) align() *cobra.Command {
	var o aligning
	c := &cobra.Command{
		Use:   "align",
		Short: "A better use of the same money, and why: a proposal only",
		Long: `Proposes who should pay for what, within every grant's terms and to the penny.
Its aims, each held before the next is looked at: keep the terms and protected
services; fund statutory duties; cover agreed need by weight and evidence; use
money that ends or is tied before money that lasts; rest lasting duties on
lasting money; change least. Money committed, paid, set aside for a board or
matching another grant stays where it is. It writes nothing.

  braid align                                  next year
  braid align --years 3                        next year and two more
  braid align --without core=play-holiday      core puts nothing new there
  braid align --protect youth-inclusion        keeps at least what it has
  braid align --service parenting --every      one service, with every reason
  braid align --doubts-allow                   as if what is not known were allowed
  braid align --scenario end-play              after an option
  braid align --save spring --reason "for the February cabinet"
                                               kept as a scenario, to share and apply`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			if o.years < 1 || o.years > 9 {
				return usage("--years is from 1 to 9")
			}
			return a.runAlign(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.from, "from", "", "the first year planned, like 2027-28 (default: next year)")
	f.IntVar(&o.years, "years", 1, "how many years are planned")
	f.StringSliceVar(&o.without, "without", nil, "an award that is to put nothing new on a service: award=service")
	f.StringSliceVar(&o.protect, "protect", nil, "services, by id, that keep at least what they have")
	f.StringVar(&o.service, "service", "", "show what the plan does to one service")
	f.BoolVar(&o.doubts, "doubts-allow", false, "treat what a term cannot be told to allow as allowed")
	f.BoolVar(&o.every, "every", false, "give every reason, not the first")
	f.StringVar(&o.scenario, "scenario", "", "lay a scenario over the ledger first, by its id")
	f.StringVar(&o.save, "save", "", "keep the plan as a scenario of this name")
	f.StringVar(&o.reason, "reason", "", "why it is kept, with --save")
	return a.clocks(c)
}

func (a *app) runAlign(ctx context.Context, o aligning) error {
	if o.save != "" && (a.asAt != "" && a.asAt != a.today().String() || a.knownAt != "" || o.scenario != "") {
		return usage("--save keeps a plan of the ledger as it stands today; leave --as-at, --known-at and --scenario out")
	}
	v, err := a.view(ctx)
	if err != nil {
		return err
	}
	opt := align.Options{From: fiscal.YearOf(v.AsAt) + 1, DoubtsAllow: o.doubts, Protected: map[string]bool{}}
	assumed := forecast.Recorded(v)
	if o.scenario != "" {
		s, err := readScenario(v.Book, o.scenario)
		if err != nil {
			return err
		}
		laid := s.Lay(v)
		a.sayLaid(v, s, laid)
		opt.Protected = s.Protected()
		v, assumed = laid.View, laid.Assumptions
	}
	if o.from != "" {
		if opt.From, err = fiscal.ParseYear(o.from); err != nil {
			return usage("--from: %v", err)
		}
	}
	from := fiscal.YearOf(v.AsAt)
	if opt.From < from || opt.From > from+9 {
		return usage("--from is from %s to %s", from, from+9)
	}
	opt.To = min(opt.From+fiscal.Year(o.years)-1, from+9)
	for _, pair := range o.without {
		award, service, ok := strings.Cut(pair, "=")
		if !ok {
			return usage("write --without award=service; found %q", pair)
		}
		if !v.Has("awards", award) {
			return notThere("awards", award, "braid position --by award")
		}
		if !v.Has("services", service) {
			return notThere("services", service, "braid position --by service")
		}
		opt.Without = append(opt.Without, align.Pair{Award: award, Service: service})
	}
	for _, id := range append(o.protect, o.service) {
		if id != "" && !v.Has("services", id) {
			return notThere("services", id, "braid position --by service")
		}
	}
	for _, id := range o.protect {
		opt.Protected[id] = true
	}
	p := align.Propose(v, forecast.Project(v, assumed, int(opt.To-from)+1), opt)
	if o.save != "" {
		if err := a.savePlan(ctx, p, o.save, o.reason); err != nil {
			return err
		}
	}
	if o.service != "" {
		p = report.PlanOf(p, o.service)
	}
	switch a.format {
	case "json":
		return report.PlanJSON(a.out, v, p)
	case "csv":
		t := report.PlanCSV(p)
		return t.CSV(a.out)
	}
	if o.service != "" {
		fmt.Fprintln(a.out, v.ServiceName(o.service))
	} else {
		fmt.Fprintln(a.out, report.PlanHeadline(v, p))
	}
	fmt.Fprintln(a.out)
	tables := []report.Table{report.PlanMoves(v, p, o.every), report.PlanShort(v, p, o.every), report.PlanUnused(v, p, o.every)}
	a.tables(append(tables, report.PlanSays(p)...)...)
	return nil
}

var notOfAnID = regexp.MustCompile(`[^a-z0-9]+`)

// savePlan keeps a plan as a scenario: it posts no money.
func (a *app) savePlan(ctx context.Context, p *align.Plan, name, reason string) error {
	id := strings.Trim(notOfAnID.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if id == "" {
		return usage("--save wants a name with letters or figures in it")
	}
	if len(p.Moves)+len(p.Carries) == 0 {
		return usage("there is nothing to keep: the plan changes nothing")
	}
	s, err := a.open(ctx, a.database(), false)
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) {
		if b.Has("scenarios", id) {
			return nil, usage("there is a scenario %q already; give this one another name", id)
		}
		actor := decide.Actor{Person: a.author(), Name: a.author(), Today: a.today(), Source: "command line"}
		if reason == "" {
			reason = "a plan kept to be looked at"
		}
		o, err := scenario.Save(b, actor, scenario.FromPlan(p, id, name), "", reason)
		if err != nil {
			return nil, err
		}
		return o.Draft, nil
	})
	if err != nil {
		return a.refusal(err)
	}
	a.say("Kept as the scenario %s. Nothing is posted: braid scenario show %s", id, id)
	return nil
}
