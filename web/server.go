package web

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/api"
	"braid/web/words"
)

// Books is the ledger as pages use it: one read and one write.
type Books interface {
	Book(ctx context.Context) (*ledger.Book, error)
	Post(ctx context.Context, decide func(*ledger.Book) (*ledger.Draft, error)) (*ledger.Book, error)
}

// People keeps who may sign in, their sessions, and what they have put aside.
// Errors of theirs for people are told apart by Config.Explain.
type People interface {
	Person(ctx context.Context, id string) (*people.Person, error)
	ByEmail(ctx context.Context, email string) (*people.Person, error)
	ByLogin(ctx context.Context, login string) (*people.Person, error)
	ByFeedKey(ctx context.Context, key string) (*people.Person, error)
	All(ctx context.Context) ([]*people.Person, error)
	Count(ctx context.Context) (int, error)
	Save(ctx context.Context, p *people.Person, e people.Event) error
	SignedIn(ctx context.Context, person, token string) ([]people.SignedIn, error)
	EndSessions(ctx context.Context, person, except string) error

	MakeLink(ctx context.Context, person, purpose string, until time.Time) (token string, err error)
	PeekLink(ctx context.Context, token string) (person, purpose string, err error)
	UseLink(ctx context.Context, token string) (person, purpose string, err error)
	MakeToken(ctx context.Context, person, name string, until time.Time) (string, error)
	Token(ctx context.Context, token string, today fiscal.Date) (*people.Person, error)
	Tokens(ctx context.Context, person string) ([]people.APIToken, error)
	RevokeToken(ctx context.Context, id, by string) error

	Attempts(ctx context.Context, a people.Attempt) (wait time.Duration, err error)
	Failed(ctx context.Context, a people.Attempt) error
	Succeeded(ctx context.Context, a people.Attempt) error

	Keep(ctx context.Context, owner, kind, id string, data []byte, until time.Time) error
	Kept(ctx context.Context, owner, kind, id string) (people.Kept, error)
	KeptAll(ctx context.Context, owner, kind string) ([]people.Kept, error)
	Drop(ctx context.Context, owner, kind, id string) error

	// Clean clears away what has run out.
	Clean(ctx context.Context) error
	// Claim takes work that is to be done once, whichever server does it.
	Claim(ctx context.Context, work, id string, until time.Time) (bool, error)

	Note(ctx context.Context, e people.Event) error
	Events(ctx context.Context, since time.Time, limit int) ([]people.Event, error)
}

// Fault says what became of a request that a database or disk kept from its
// answer: the status, and the message that tells the person.
type Fault struct {
	Status  int
	Message string // an id of the catalogue
}

// Config is what a server needs.
type Config struct {
	Books  Books
	People People
	// Explain tells faults of the store apart; false for any other error.
	Explain func(error) (Fault, bool)
	// Sessions keeps sessions, written by Codec; nil is scs's own.
	Sessions scs.Store
	Codec    scs.Codec
	Logger   *slog.Logger
	Clock    func() time.Time // nil: the machine's
	// AsAt fixes the day pages look from; zero: today in London.
	AsAt    fiscal.Date
	Council string // shown until the settings name one
	Address string // how people reach it, like https://braid.example; for links in mail and feeds
	// Plain serves plain HTTP beyond this machine, for those who know why.
	Plain   bool
	Proxies []*net.IPNet // whose X-Forwarded-For is believed
	Version string
	OIDC    *OIDC // nil: passwords
	Metrics bool
	Mail    Mail // nil: no e-mail is sent
	// NoKeep makes every page anew, for measuring.
	NoKeep bool
}

// Server answers for one ledger.
type Server struct {
	Config
	echo     *echo.Echo
	sessions *scs.SessionManager
	keep     *kept
	readings readings
	tries    tries
	council  council
	metrics  *metrics
	pages    map[words.Lang]*pages
	handler  http.Handler
	api      *api.API
	london   *time.Location
}

//go:embed static
var static embed.FS

// New makes a server. It starts nothing.
func New(c Config) (*Server, error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Explain == nil {
		c.Explain = func(error) (Fault, bool) { return Fault{}, false }
	}
	if c.Council == "" {
		c.Council = "Braid"
	}
	s := &Server{Config: c, keep: newKept(keptBytes)}
	var err error
	if s.london, err = time.LoadLocation("Europe/London"); err != nil {
		return nil, err
	}
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	s.sessions = s.newSessions()
	s.build()
	return s, nil
}

// Handler answers requests.
func (s *Server) Handler() http.Handler { return s.handler }

// Today is the day pages look from.
func (s *Server) Today() fiscal.Date {
	if s.AsAt != 0 {
		return s.AsAt
	}
	return fiscal.FromTime(s.Clock().In(s.london))
}

// Serve answers on a listener until ctx ends, then lets what is under way end.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 60 * time.Second, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(s.Logger.Handler(), slog.LevelWarn),
	}
	resting, rest := context.WithCancel(ctx)
	defer rest()
	go s.upkeep(resting)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	patience, stop := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer stop()
	err := server.Shutdown(patience)
	if err != nil { // what is still under way is cut off; nothing half done is kept
		server.Close()
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) && err == nil {
		err = served
	}
	return err
}

// upkeep does what is to be done from time to time: the weekly e-mails, and
// clearing away what has run out. What fails is tried again the next time.
func (s *Server) upkeep(ctx context.Context) {
	each := time.NewTicker(time.Minute)
	defer each.Stop()
	for minute := 0; ; minute++ {
		if err := s.Remind(ctx); err != nil {
			s.Logger.WarnContext(ctx, "weekly e-mail", "error", err)
		}
		if minute%60 == 0 {
			if err := s.People.Clean(ctx); err != nil {
				s.Logger.WarnContext(ctx, "clearing away", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}

// build puts the parts of a request's way together, outermost last.
func (s *Server) build() {
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = echo.ExtractIPDirect()
	if len(s.Proxies) > 0 {
		var trust []echo.TrustOption
		trust = append(trust, echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false))
		for _, p := range s.Proxies {
			trust = append(trust, echo.TrustIPRange(p))
		}
		s.echo.IPExtractor = echo.ExtractIPFromXFFHeader(trust...)
	}
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { s.lost(c, err) }
	assets, err := fs.Sub(static, "static")
	if err != nil {
		panic(err)
	}
	files := http.StripPrefix("/static/", http.FileServerFS(assets))
	s.echo.GET("/static/*", func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "public, max-age=3600")
		files.ServeHTTP(c.Response(), c.Request())
		return nil
	})
	s.echo.GET("/static/theme.css", s.theme)
	s.echo.GET("/", s.choose)
	for _, r := range Routes() {
		for _, l := range words.Languages {
			path := "/" + string(l) + r.Path
			if r.Path == "/" {
				path = "/" + string(l)
				s.echo.Add(r.Method, path+"/", s.handle(r, l))
			}
			s.echo.Add(r.Method, path, s.handle(r, l))
		}
	}
	s.beside()
	protected := http.NewCrossOriginProtection()
	protected.SetDenyHandler(http.HandlerFunc(s.foreign))
	s.handler = s.headers(s.logged(s.limited(s.recovered(protected.Handler(s.signedIn(s.echo))))))
}
