package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/report"
	"braid/ledger/store"
)

// startsWithin is how long a set-up link is good.
const startsWithin = 7 * 24 * time.Hour

func (a *app) user() *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "Add the people who sign in, and give them roles",
		Long: `Adds people, gives and ends roles, and prints the link with which somebody
sets their password: good once, for seven days. The first person added may be
administrator and commissioner; after that nobody with rights over people has
rights over money. A role in finance, or as auditor or administrator, waits
until somebody in finance approves it. All of it is noted.

  braid user add ann@example.gov.uk --name "Ann Officer" --url https://braid.example.gov.uk
  braid user role ffion@example.gov.uk finance
  braid user role tom@example.gov.uk "board member" --board north --to 2028-03-31
  braid user list`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("there is no command %q for users; there are add, list, role, end and link", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.userAdd(), a.userList(), a.userRole(), a.userEnd(), a.userLink())
	return c
}

// tenureFlags are the flags that say where and when a role is held.
type tenureFlags struct{ area, board, from, to string }

func (f *tenureFlags) on(c *cobra.Command) {
	c.Flags().StringVar(&f.area, "area", "", "the area, by its id, that the role is held in (default: all the council)")
	c.Flags().StringVar(&f.board, "board", "", "the board, by its id, for its members and chair")
	c.Flags().StringVar(&f.from, "from", "", "the first day, like 2027-01-12 (default today)")
	c.Flags().StringVar(&f.to, "to", "", "the last day (default: open)")
}

func (f *tenureFlags) tenure(role people.Role, book *ledger.Book) (people.Tenure, error) {
	t := people.Tenure{Role: role, Area: f.area, Board: f.board}
	for _, id := range []struct{ register, id string }{{"areas", f.area}, {"boards", f.board}} {
		if id.id != "" && !book.Has(id.register, id.id) {
			return t, refusedBy(&ledger.NotFound{Register: id.register, ID: id.id})
		}
	}
	var err error
	if t.From, err = dayFlag("--from", f.from); err == nil {
		t.To, err = dayFlag("--to", f.to)
	}
	return t, err
}

func dayFlag(name, text string) (fiscal.Date, error) {
	if text == "" {
		return 0, nil
	}
	d, err := fiscal.ParseDate(text)
	if err != nil {
		err = usage("%s: %v", name, err)
	}
	return d, err
}

func refusedBy(err error) error { return &exit{exitRefused, err} }

// keeping runs a change of people on the ledger, as its keeper.
func (a *app) keeping(ctx context.Context, do func(*store.People, *ledger.Book) error) error {
	s, err := a.open(ctx, a.database(), false)
	if err != nil {
		return err
	}
	defer s.Close()
	book, err := s.Book(ctx)
	if err != nil {
		return err
	}
	err = do(s.People(), book)
	var refusal people.Refusal
	if errors.As(err, &refusal) || errors.Is(err, store.ErrChanged) {
		err = refusedBy(err)
	}
	return err
}

func noted(what string, about *people.Person, detail string) store.Event {
	return store.Event{Who: people.Keeper.ID, What: what, About: about.ID, Detail: detail}
}

func oneAddress(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage("say whose, by their e-mail address")
	}
	return nil
}

func (a *app) userAdd() *cobra.Command {
	var f tenureFlags
	var name, role, language, url string
	c := &cobra.Command{
		Use:   "add E-MAIL --name NAME",
		Short: "Add a person and print the link that lets them in",
		Args:  oneAddress,
		RunE: func(c *cobra.Command, args []string) error {
			return a.keeping(c.Context(), func(p *store.People, book *ledger.Book) error {
				who, err := people.New(name, args[0], language)
				if err != nil {
					return err
				}
				all, err := p.All(c.Context())
				if err != nil {
					return err
				}
				roles := []people.Role{people.Role(role)}
				if role == "" {
					roles = nil
					if len(all) == 0 {
						roles = []people.Role{people.Administrator, people.Commissioner}
					}
				} else if roles[0], err = people.ParseRole(role); err != nil {
					return err
				}
				for _, r := range roles {
					t, err := f.tenure(r, book)
					if err != nil {
						return err
					}
					if t, err = people.Grant(people.Keeper, who, t, append(slices.Clone(all), who), a.today()); err != nil {
						return err
					}
					a.sayRole(who, t)
				}
				if err := p.Save(c.Context(), who, noted(store.PersonAdded, who, rolesOf(who))); err != nil {
					return err
				}
				return a.startLink(c.Context(), p, who, "start", url)
			})
		},
	}
	f.on(c)
	c.Flags().StringVar(&name, "name", "", "the person's name")
	c.Flags().StringVar(&role, "role", "", "a role to begin with: commissioner, board member, board chair, finance, scrutiny, auditor or administrator")
	c.Flags().StringVar(&language, "language", "en", "en or cy")
	urlFlag(c, &url)
	return c
}

func urlFlag(c *cobra.Command, url *string) {
	c.Flags().StringVar(url, "url", "", "where this Braid is found, like https://braid.example.gov.uk, to print the whole link")
}

func (a *app) sayRole(who *people.Person, t people.Tenure) {
	if t.Waits {
		a.say("%s is to be %s, once somebody in finance approves it in Braid.", who.Name, t.Role)
	} else {
		a.say("%s is %s from %s.", who.Name, t.Role, t.From.Long())
	}
}

// startLink prints a new link, to be handed over and used once.
func (a *app) startLink(ctx context.Context, p *store.People, who *people.Person, purpose, url string) error {
	until := a.now().Add(startsWithin)
	token, err := p.MakeLink(ctx, who.ID, purpose, until)
	if err != nil {
		return err
	}
	if err := p.Note(ctx, noted(store.LinkMade, who, purpose)); err != nil {
		return err
	}
	a.say("Give %s this link. It is good once, until %s, and lets whoever has it in:", who.Name, fiscal.FromTime(until).Long())
	_, err = a.out.Write([]byte(strings.TrimRight(url, "/") + "/" + who.Language + "/start/" + token + "\n"))
	return err
}

func (a *app) userRole() *cobra.Command {
	var f tenureFlags
	var end bool
	c := &cobra.Command{
		Use:   "role E-MAIL ROLE",
		Short: "Give a person a role, or end one",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usage("say whose role and which: braid user role ann@example.gov.uk finance")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			return a.keeping(c.Context(), func(p *store.People, book *ledger.Book) error {
				who, err := found(p.ByEmail(c.Context(), args[0]))
				if err != nil {
					return err
				}
				role, err := people.ParseRole(args[1])
				if err != nil {
					return err
				}
				t, err := f.tenure(role, book)
				if err != nil {
					return err
				}
				if end {
					return a.endRole(c.Context(), p, who, t)
				}
				all, err := p.All(c.Context())
				if err != nil {
					return err
				}
				if t, err = people.Grant(people.Keeper, who, t, all, a.today()); err != nil {
					return err
				}
				if err := p.Save(c.Context(), who, noted(store.RoleGiven, who, string(role))); err != nil {
					return err
				}
				a.sayRole(who, t)
				return nil
			})
		},
	}
	f.on(c)
	c.Flags().BoolVar(&end, "end", false, "end the role: yesterday was its last day, or say which with --to")
	return c
}

func (a *app) endRole(ctx context.Context, p *store.People, who *people.Person, which people.Tenure) error {
	last := which.To
	if last == 0 {
		last = a.today() - 1
	}
	for _, t := range slices.Backward(who.Tenures) {
		if t.Role != which.Role || t.Area != which.Area || t.Board != which.Board || t.RefusedBy != "" || t.To != 0 && t.To < a.today() {
			continue
		}
		if err := people.End(people.Keeper, who, t.ID, last, a.today()); err != nil {
			return err
		}
		if err := p.Save(ctx, who, noted(store.RoleEnded, who, string(t.Role))); err != nil {
			return err
		}
		a.say("%s is %s until %s.", who.Name, t.Role, last.Long())
		return nil
	}
	return &people.NoTenure{Name: who.Name}
}

func (a *app) userEnd() *cobra.Command {
	return &cobra.Command{
		Use:   "end E-MAIL",
		Short: "Let a person in no more",
		Long: `Ends a person: they are signed out everywhere and cannot sign in again. They
are not removed: what they did keeps their name.`,
		Args: oneAddress,
		RunE: func(c *cobra.Command, args []string) error {
			return a.keeping(c.Context(), func(p *store.People, _ *ledger.Book) error {
				who, err := found(p.ByEmail(c.Context(), args[0]))
				if err == nil {
					err = people.Leave(people.Keeper, who, a.today())
				}
				if err == nil {
					err = p.Save(c.Context(), who, noted(store.PersonEnded, who, ""))
				}
				if err == nil {
					a.say("%s can no longer sign in.", who.Name)
				}
				return err
			})
		},
	}
}

func (a *app) userLink() *cobra.Command {
	var url string
	var phone bool
	c := &cobra.Command{
		Use:   "link E-MAIL",
		Short: "Print a new link for somebody who cannot get in",
		Args:  oneAddress,
		RunE: func(c *cobra.Command, args []string) error {
			return a.keeping(c.Context(), func(p *store.People, _ *ledger.Book) error {
				who, err := found(p.ByEmail(c.Context(), args[0]))
				if err != nil {
					return err
				}
				if who.Ended {
					return refusedBy(errors.New(who.Name + " has left, so no link lets them in"))
				}
				purpose := "start"
				if phone {
					purpose = "recover"
				}
				return a.startLink(c.Context(), p, who, purpose, url)
			})
		},
	}
	c.Flags().BoolVar(&phone, "lost-phone", false, "the phone that gives codes is lost: the link also turns codes off, to be set up again")
	urlFlag(c, &url)
	return c
}

// found turns nobody into a refusal.
func found(who *people.Person, err error) (*people.Person, error) {
	if errors.Is(err, store.ErrNobody) {
		err = refusedBy(errors.New("nobody has that e-mail address; braid user list shows who is here"))
	}
	return who, err
}

func (a *app) userList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List everybody, with their roles",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := a.formats("table", "json", "csv"); err != nil {
				return err
			}
			return a.keeping(c.Context(), func(p *store.People, _ *ledger.Book) error {
				all, err := p.All(c.Context())
				if err != nil {
					return err
				}
				if a.format == "json" {
					return a.usersJSON(all)
				}
				t := report.Table{Columns: []report.Column{{Name: "Name"}, {Name: "E-mail"}, {Name: "Roles"}, {Name: "Second factor"}, {Name: "Left"}}}
				for _, who := range all {
					t.Add(who.Name, who.Email, rolesOf(who), yes(who.SecondFactor), yes(who.Ended))
				}
				if len(all) == 0 {
					t.Note = "Nobody is here yet. Add the first person: braid user add --help"
				}
				return a.table(t, t)
			})
		},
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// rolesOf puts a person's roles in words, those over too.
func rolesOf(who *people.Person) string {
	var words []string
	for _, t := range who.Tenures {
		word := string(t.Role)
		if where := t.Board + t.Area; where != "" {
			word += " of " + where
		}
		word += " from " + t.From.String()
		if t.To != 0 {
			word += " to " + t.To.String()
		}
		switch {
		case t.Waits:
			word += " (waits for approval)"
		case t.RefusedBy != "":
			word += " (refused)"
		}
		words = append(words, word)
	}
	return strings.Join(words, "; ")
}

func (a *app) usersJSON(all []*people.Person) error {
	type tenure struct {
		Role  people.Role `json:"role"`
		Area  string      `json:"area,omitempty"`
		Board string      `json:"board,omitempty"`
		From  string      `json:"from"`
		To    string      `json:"to,omitempty"`
		State string      `json:"state"`
	}
	type user struct {
		ID           string   `json:"id"`
		Name         string   `json:"name"`
		Email        string   `json:"email"`
		Language     string   `json:"language"`
		Roles        []tenure `json:"roles"`
		SecondFactor bool     `json:"second_factor"`
		Ended        bool     `json:"ended"`
	}
	users := make([]user, len(all))
	for i, who := range all {
		u := user{who.ID, who.Name, who.Email, who.Language, []tenure{}, who.SecondFactor, who.Ended}
		for _, t := range who.Tenures {
			state := "over"
			switch {
			case t.Waits:
				state = "waits"
			case t.RefusedBy != "":
				state = "refused"
			case t.Held(a.today()):
				state = "held"
			case t.From > a.today():
				state = "to come"
			}
			u.Roles = append(u.Roles, tenure{t.Role, t.Area, t.Board, t.From.String(), t.To.String(), state})
		}
		users[i] = u
	}
	encoder := json.NewEncoder(a.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(map[string]any{"users": users})
}
