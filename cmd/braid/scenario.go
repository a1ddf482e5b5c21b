package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/ledger/scenario"
	"braid/ledger/store"
)

func (a *app) scenario() *cobra.Command {
	c := &cobra.Command{
		Use:   "scenario",
		Short: "Try ways out: options laid over the ledger, posting nothing",
		Long: `A scenario is a named list of changes: a grant cut or renewed, a service
stopped, resized or merged, money moved or put. It is laid over the ledger as it
stands and worked out by the same rules; nothing is posted until it is applied.

  braid scenario list                          what there is
  braid scenario show use-money-left           its changes, and what they come to
  braid scenario compare use-money-left end-play
                                               side by side with doing nothing
  braid scenario apply end-play                what applying it would post
  braid scenario apply end-play --post --as ann@example.gov.uk --reason "Cabinet, 9 February"
  braid forecast --scenario end-play           its forecast, with all that forecast does

Make one on the page Plan, of a plan with braid align --save, or in the
registers scenarios and changes: braid template writes them, braid import reads
them.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q for scenarios; there are list, show, compare and apply", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.scenarioList(), a.scenarioShow(), a.scenarioCompare(), a.scenarioApply())
	return c
}

func (a *app) scenarioList() *cobra.Command {
	return a.clocks(&cobra.Command{
		Use:   "list",
		Short: "List the scenarios",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			v, err := a.view(c.Context())
			if err != nil {
				return err
			}
			all := scenario.All(v.Book)
			if a.format == "json" {
				return report.ScenariosJSON(a.out, v, all)
			}
			t := report.ScenarioList(all)
			return a.table(t, t)
		},
	})
}

// side is what scenarios are looked at with.
type side struct {
	years  int
	year   string
	pounds bool
}

func (s *side) on(c *cobra.Command) {
	c.Flags().IntVar(&s.years, "years", 4, "how many years, from this one: 1 to 10")
	c.Flags().BoolVar(&s.pounds, "pounds", false, "show whole pounds, not £000")
}

func (s *side) unit() report.Unit {
	if s.pounds {
		return report.WholePounds
	}
	return report.Thousands
}

func (s *side) check() error {
	if s.years < 1 || s.years > 10 {
		return usage("--years is from 1 to 10")
	}
	return nil
}

// oneScenario wants one scenario's id.
func oneScenario(verb string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usage("say which scenario, by its id: braid scenario %s ID; braid scenario list shows them", verb)
		}
		return nil
	}
}

func readScenario(b *ledger.Book, id string) (scenario.Scenario, error) {
	s, met := scenario.Read(b, id)
	if !met {
		return s, notThere("scenarios", id, "braid scenario list")
	}
	return s, nil
}

func (a *app) scenarioShow() *cobra.Command {
	var look side
	c := &cobra.Command{
		Use:   "show ID",
		Short: "A scenario's changes, and what they come to year by year",
		Args:  oneScenario("show"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := errors.Join(a.formats("table", "json", "csv"), look.check()); err != nil {
				return err
			}
			v, err := a.view(c.Context())
			if err != nil {
				return err
			}
			s, err := readScenario(v.Book, args[0])
			if err != nil {
				return err
			}
			o := scenario.Work(v, s, look.years)
			switch a.format {
			case "json":
				return report.ComparisonJSON(a.out, v, []*scenario.Outcome{o})
			case "csv":
				t := report.ComparisonCSV([]*scenario.Outcome{o})
				return t.CSV(a.out)
			}
			changes := report.ScenarioChanges(v, s)
			changes.Title = s.Name + " (" + s.State + ")"
			if s.Note != "" {
				changes.Title += "\n" + s.Note
			}
			a.tables(changes, report.ScenarioYears(o, look.unit()))
			a.sayTroubles(v, o.Laid)
			return nil
		},
	}
	look.on(c)
	return a.clocks(c)
}

func (a *app) scenarioCompare() *cobra.Command {
	var look side
	var nothing bool
	c := &cobra.Command{
		Use:   "compare ID…",
		Short: "Up to four scenarios side by side, doing nothing first",
		Args: func(_ *cobra.Command, args []string) error {
			most := scenario.Most
			if nothing {
				most--
			}
			if len(args) == 0 || len(args) > most {
				return usage("name from 1 to %d scenarios, by their ids; braid scenario list shows them", most)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := errors.Join(a.formats("table", "json", "csv"), look.check()); err != nil {
				return err
			}
			v, err := a.view(c.Context())
			if err != nil {
				return err
			}
			var of []scenario.Scenario
			if nothing {
				of = append(of, scenario.Nothing("Do nothing"))
			}
			year := fiscal.Term
			for _, id := range args {
				s, err := readScenario(v.Book, id)
				if err != nil {
					return err
				}
				of = append(of, s)
				if year == fiscal.Term {
					year = s.Year
				}
			}
			if look.year != "" {
				if year, err = fiscal.ParseYear(look.year); err != nil {
					return usage("--year: %v", err)
				}
			}
			if from := fiscal.YearOf(v.AsAt); year != fiscal.Term && (year < from || year > from+9) {
				return usage("--year is from %s to %s", from, from+9)
			}
			compared := scenario.Compare(v, year, look.years, of...)
			switch a.format {
			case "json":
				return report.ComparisonJSON(a.out, v, compared.Columns)
			case "csv":
				t := report.ComparisonCSV(compared.Columns)
				return t.CSV(a.out)
			}
			a.tables(report.ComparisonTable(compared, look.unit()))
			for _, o := range compared.Columns {
				a.sayTroubles(v, o.Laid)
			}
			return nil
		},
	}
	look.on(c)
	c.Flags().StringVar(&look.year, "year", "", "the year to compare in (default: the first scenario's, or next year)")
	c.Flags().BoolVar(&nothing, "nothing", true, "set doing nothing beside them")
	return a.clocks(c)
}

// sayLaid says what of a scenario holds only in part, before its forecast.
func (a *app) sayLaid(v *ledger.View, s scenario.Scenario, laid *scenario.Laid) {
	a.say("As if %q were taken. The ledger is not changed.", s.Name)
	a.sayTroubles(v, laid)
}

func (a *app) sayTroubles(v *ledger.View, laid *scenario.Laid) {
	for _, line := range report.Troubles(v, laid) {
		a.say("%s", line)
	}
}

func (a *app) scenarioApply() *cobra.Command {
	var post, ask bool
	var as, role, reason string
	c := &cobra.Command{
		Use:   "apply ID",
		Short: "List what applying a scenario posts; with --post, post it",
		Long: `Lists every movement of money that a scenario decides. With --post it is
posted as one batch, by the ordinary rules, within the limits of the person
named with --as, and refused whole where any part of it is refused, or where the
ledger has changed under the scenario since it was saved. Where another must
approve, --ask leaves it for them. What a scenario supposes of the world (a cut,
an end, a renewal, prices) is never posted.

  braid scenario apply end-play
  braid scenario apply end-play --post --as ann@example.gov.uk --reason "Cabinet, 9 February"`,
		Args: oneScenario("apply"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			if post || ask {
				if as == "" || strings.TrimSpace(reason) == "" {
					return usage("to post, say who decides and why: --as E-MAIL --reason TEXT")
				}
				if post && ask {
					return usage("--post does it and --ask leaves it for approval; give one of them")
				}
			}
			return a.apply(c.Context(), args[0], as, role, reason, post, ask)
		},
	}
	f := c.Flags()
	f.BoolVar(&post, "post", false, "post it; without this nothing is saved")
	f.BoolVar(&ask, "ask", false, "leave it for another's approval")
	f.StringVar(&as, "as", "", "who decides, by their e-mail address")
	f.StringVar(&role, "role", "", "in which role, where they hold several")
	f.StringVar(&reason, "reason", "", "why; it is kept with the batch")
	return c
}

func (a *app) apply(ctx context.Context, id, as, role, reason string, post, ask bool) error {
	s, err := a.open(ctx, a.database(), false)
	if err != nil {
		return err
	}
	defer s.Close()
	book, err := s.Book(ctx)
	if err != nil {
		return err
	}
	of, err := readScenario(book, id)
	if err != nil {
		return err
	}
	actor := decide.Actor{Person: "nobody", Role: string(people.Finance), Today: a.today(), Source: "command line"}
	if as != "" {
		if actor, err = a.deciding(ctx, s, as, role); err != nil {
			return err
		}
	}
	if reason == "" {
		reason = "a look at what " + of.Name + " would post"
	}
	do := scenario.Apply
	if ask {
		do = scenario.Ask
	}
	var o *decide.Outcome
	posted := 0
	if post || ask {
		after, err := s.Post(ctx, func(b *ledger.Book) (*ledger.Draft, error) {
			if o, err = do(b, actor, id, reason); err != nil {
				return nil, err
			}
			return o.Draft, nil
		})
		if err != nil && (o == nil || !needsApproval(err)) {
			return a.refusal(err)
		}
		if err == nil {
			posted = after.Sequence()
		} else if printed := a.steps(book, of, o, 0); printed != nil {
			return printed
		} else {
			return refusedBy(fmt.Errorf("%w. Leave it for them with --ask", err))
		}
	} else {
		o, err = do(book, actor, id, reason)
		if err != nil && (o == nil || !needsApproval(err)) {
			return a.refusal(err)
		}
	}
	if err := a.steps(book, of, o, posted); err != nil {
		return err
	}
	switch {
	case ask:
		a.say("Asked for approval, as batch %d. Nothing moves until it is given.", posted)
	case post:
		a.say("Posted as batch %d.", posted)
	case as != "" && !o.Need.Alone:
		a.say("Nothing is posted. %v.", upper((&decide.NeedsApproval{Need: o.Need}).Error()))
	default:
		a.say("Nothing is posted. To post it: braid scenario apply %s --post --as E-MAIL --reason TEXT", id)
	}
	return nil
}

func needsApproval(err error) bool {
	var needs *decide.NeedsApproval
	return errors.As(err, &needs)
}

// refusal tells a rule's refusal, which is the input's, from a fault.
func (a *app) refusal(err error) error {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		return refusedBy(err)
	}
	return err
}

func upper(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// steps prints what is posted, or would be, and what is not.
func (a *app) steps(b *ledger.Book, s scenario.Scenario, o *decide.Outcome, posted int) error {
	v := b.View(a.today())
	switch a.format {
	case "json":
		return report.StepsJSON(a.out, v, s, o, posted)
	case "csv":
		t := report.StepsCSV(o.Steps)
		return t.CSV(a.out)
	}
	t := report.StepsTable(v, o.Steps)
	t.Title = s.Name
	a.tables(t)
	for _, r := range s.Decisions() {
		if r.Kind == scenario.ServiceStops || r.Kind == scenario.ServiceResized || r.Kind == scenario.ServiceMerged {
			fmt.Fprintln(a.out, "The service's record changes: "+r.Says(b).String()+".")
		}
	}
	for _, c := range s.Suppositions() {
		fmt.Fprintln(a.out, "Not posted: "+c.Says(b).String()+".")
	}
	return nil
}

// deciding is the person who decides, in a role that lets them apply a plan.
func (a *app) deciding(ctx context.Context, s *store.Store, email, role string) (decide.Actor, error) {
	who, err := found(s.People().ByEmail(ctx, email))
	if err != nil {
		return decide.Actor{}, err
	}
	actor := decide.Actor{Person: who.ID, Name: who.Name, Today: a.today(), Source: "command line"}
	for _, t := range who.Holds(a.today()) {
		alone := people.Person{Tenures: []people.Tenure{t}}
		if (role == "" || role == string(t.Role)) && alone.May(people.Allocate, a.today()).All {
			actor.Role, actor.Board = string(t.Role), t.Board
			return actor, nil
		}
	}
	if role != "" {
		return actor, refusedBy(fmt.Errorf("%s may not allocate money for all the council as %s today", who.Name, role))
	}
	return actor, refusedBy(fmt.Errorf("%s holds no role today that may allocate money for all the council; a commissioner may", who.Name))
}
