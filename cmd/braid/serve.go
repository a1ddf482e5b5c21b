package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/store"
	"braid/seed"
	"braid/web"
)

// serving is what `braid serve` is told.
type serving struct {
	listen, address, cert, key string
	plain, metrics             bool
	proxies                    []string
	oidc                       web.OIDC
	smtp                       web.SMTP
}

func (a *app) serve() *cobra.Command {
	var to serving
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve Braid's pages to the council's browsers",
		Long: `Serves the ledger that --db or BRAID_DB names, making an empty one where there
is none. The first time, it prints a link that makes the first account.

It listens on this machine alone unless told otherwise. Beyond it, give --cert
and --key, or stand it behind a proxy that ends TLS: --address says how people
reach it, --proxy whose X-Forwarded-For is believed.

On PostgreSQL several may serve one ledger, behind one address.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.runServe(c.Context(), to) },
	}
	f := c.Flags()
	f.StringVar(&to.listen, "listen", "127.0.0.1:8080", "where to listen")
	f.StringVar(&to.address, "address", "", "how people reach it, like https://braid.example (default: where it listens)")
	f.StringVar(&to.cert, "cert", "", "TLS certificate, PEM")
	f.StringVar(&to.key, "key", "", "its key, PEM")
	f.BoolVar(&to.plain, "plain-http", false, "serve plain HTTP beyond this machine, knowing that passwords can be read on the way")
	f.BoolVar(&to.metrics, "metrics", false, "answer /metrics for Prometheus")
	f.StringSliceVar(&to.proxies, "proxy", nil, "networks of trusted proxies, like 10.0.0.0/8")
	f.StringVar(&to.oidc.Issuer, "oidc-issuer", "", "the council's own sign-in (OpenID Connect)")
	f.StringVar(&to.oidc.ClientID, "oidc-client", "", "its client id for Braid; the secret is read from BRAID_OIDC_SECRET")
	f.StringVar(&to.oidc.Name, "oidc-name", "", "what people call it")
	f.StringVar(&to.smtp.Server, "smtp", "", "mail server for the weekly e-mail, host:port")
	f.StringVar(&to.smtp.From, "smtp-from", "", "the address it is sent from")
	f.StringVar(&to.smtp.User, "smtp-user", "", "user at the mail server; the password is read from BRAID_SMTP_PASSWORD")
	return c
}

func (a *app) runServe(ctx context.Context, to serving) error {
	progress, done := a.progress("Opening")
	s, err := store.Open(ctx, a.database(), store.Options{Create: true, Serve: true, Clock: a.now, Progress: progress})
	done()
	if err != nil {
		return err
	}
	defer s.Close()
	l, err := a.listen(&to)
	if err != nil {
		return err
	}
	config, err := a.config(s, to)
	if err != nil {
		l.Close()
		return err
	}
	server, err := web.New(config)
	if err != nil {
		l.Close()
		return err
	}
	if err := a.greet(ctx, s, config.Address); err != nil {
		l.Close()
		return err
	}
	a.say("Braid is at %s", config.Address)
	return server.Serve(ctx, l)
}

// listen opens the port, and refuses to serve passwords in the clear beyond
// this machine.
func (a *app) listen(to *serving) (net.Listener, error) {
	l, err := net.Listen("tcp", to.listen)
	if err != nil {
		return nil, usage("cannot listen on %s: %v", to.listen, err)
	}
	here := l.Addr().(*net.TCPAddr).IP.IsLoopback()
	scheme := "http"
	if to.cert != "" || to.key != "" {
		scheme = "https"
		if l, err = secured(l, to.cert, to.key); err != nil {
			return nil, err
		}
	}
	if to.address == "" {
		to.address = scheme + "://" + l.Addr().String()
	}
	to.address = strings.TrimRight(to.address, "/")
	if !here && !to.plain && !strings.HasPrefix(to.address, "https://") {
		l.Close()
		return nil, usage("%s is beyond this machine: give --cert and --key, or an https --address of the proxy in front (--plain-http if you must)", to.listen)
	}
	return l, nil
}

func (a *app) config(s *store.Store, to serving) (web.Config, error) {
	c := web.Config{
		Books: s, People: s.People(), Explain: explain, Sessions: s.People().Sessions(), Codec: store.SessionCodec{},
		Logger: slog.New(slog.NewJSONHandler(a.err, nil)), Clock: a.now, Address: to.address, Plain: to.plain, Metrics: to.metrics, Version: version(),
	}
	if f, ok := a.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) { // a person watches: only what matters
		c.Logger = slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	for _, text := range to.proxies {
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return c, usage("--proxy is a network like 10.0.0.0/8; found %q", text)
		}
		c.Proxies = append(c.Proxies, network)
	}
	if to.smtp.Server != "" {
		if to.smtp.From == "" {
			return c, usage("--smtp needs --smtp-from, the address that letters are sent from")
		}
		to.smtp.Password = a.env("BRAID_SMTP_PASSWORD")
		c.Mail = to.smtp
	}
	if to.oidc.Issuer != "" {
		to.oidc.ClientSecret = a.env("BRAID_OIDC_SECRET")
		c.OIDC = &to.oidc
	}
	return c, nil
}

// explain tells the store's faults apart for pages.
func explain(err error) (web.Fault, bool) {
	switch {
	case errors.Is(err, store.ErrDiskFull):
		return web.Fault{Status: http.StatusInsufficientStorage, Message: "unavailable.disk-full"}, true
	case errors.Is(err, store.ErrReadOnly), errors.Is(err, store.ErrDiskFault):
		return web.Fault{Status: http.StatusServiceUnavailable, Message: "unavailable.read-only"}, true
	case errors.Is(err, store.ErrUncertain):
		return web.Fault{Status: http.StatusServiceUnavailable, Message: "unavailable.uncertain"}, true
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrBusy):
		return web.Fault{Status: http.StatusServiceUnavailable, Message: "unavailable.database"}, true
	}
	return web.Fault{}, false
}

// greet prints the link that makes the first account, where there is none yet.
func (a *app) greet(ctx context.Context, s *store.Store, address string) error {
	n, err := s.People().Count(ctx)
	if err != nil || n > 0 {
		return err
	}
	token, err := s.People().MakeLink(ctx, "", "first", a.now().Add(24*time.Hour))
	if err != nil {
		return err
	}
	a.say("Nobody can sign in yet. Make the first account here, within a day:\n\n  %s/en/set-up/%s\n", address, token)
	return nil
}

// serveDemo serves a demo council from its day, with people already there, and
// prints for each a link that signs them in once.
func (a *app) serveDemo(ctx context.Context, s *store.Store, name string, asAt fiscal.Date, listen string) error {
	to := serving{listen: listen}
	l, err := a.listen(&to)
	if err != nil {
		return err
	}
	config, err := a.config(s, to)
	if err == nil {
		config.AsAt, config.Council = asAt, seed.Title(name)
		err = a.peopled(ctx, s, name, asAt)
	}
	var server *web.Server
	if err == nil {
		server, err = web.New(config)
	}
	if err != nil {
		l.Close()
		return err
	}
	fmt.Fprintf(a.out, "\nBraid is at %s until you press Ctrl-C. Sign in with a link; each works once:\n\n", config.Address)
	for _, p := range demoPeople(name) {
		token, err := s.People().MakeLink(ctx, p.ID, "sign in", a.now().Add(24*time.Hour))
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "  %-12s %-13s %s/%s/enter/%s\n", p.Name, p.Role, config.Address, p.Language, token)
	}
	fmt.Fprintln(a.out)
	return server.Serve(ctx, l)
}

// demoPeople are those of the made-up council; a council read from a paper has
// one commissioner to look at it.
func demoPeople(name string) []seed.Person {
	if list := seed.People(name); len(list) > 0 {
		return list
	}
	return seed.People("demo")[:1]
}

// peopled puts a demo's people in. They have no passwords, and their second
// factor is the link itself.
func (a *app) peopled(ctx context.Context, s *store.Store, name string, asAt fiscal.Date) error {
	for _, p := range demoPeople(name) {
		who, err := people.New(p.Name, p.Email, p.Language)
		if err != nil {
			return err
		}
		who.ID = p.ID
		who.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Role(p.Role), Board: p.Board, From: asAt.AddMonths(-12), GivenBy: "demo"}}
		if err := s.People().Save(ctx, who, people.Event{Who: "demo", What: people.PersonAdded, About: p.ID}); err != nil {
			return err
		}
	}
	return nil
}
