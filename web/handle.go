package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/words"
)

// handle makes a handler of a route in one language: who asks, whether they
// may, the ledger as it stands, then the route's own work.
func (s *Server) handle(r Route, l words.Lang) echo.HandlerFunc {
	return func(c echo.Context) error {
		req, w := c.Request(), c.Response()
		v := &Visit{Reader: words.In(l), Server: s, Request: req, Route: r, echo: c, Path: "/" + strings.TrimPrefix(strings.TrimPrefix(req.URL.EscapedPath(), "/"+string(l)), "/")}
		err := s.prepare(v)
		if err == nil {
			v.noticeLanguage(w)
			err = s.answer(v, w)
		}
		if err != nil {
			s.fail(v, w, err)
		}
		return nil
	}
}

// prepare fills the visit in, and refuses who may not.
func (s *Server) prepare(v *Visit) error {
	req := v.Request
	var err error
	if v.Query, err = url.ParseQuery(req.URL.RawQuery); err != nil {
		return &form.Bad{Why: "the address cannot be read"}
	}
	for name, values := range v.Query {
		for _, text := range values {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' }) {
				return &form.Bad{Why: "the address holds characters that cannot be read"}
			}
		}
		if !utf8.ValidString(name) {
			return &form.Bad{Why: "the address cannot be read"}
		}
	}
	if v.Who, err = s.who(v.Context()); err != nil {
		return err
	}
	book, err := s.Books.Book(v.Context())
	if err != nil {
		return err
	}
	v.reading = s.readings.of(book, s.Today())
	if v.Year, err = fiscal.ParseYear(v.Q("year")); err != nil || v.Q("year") == "" {
		v.Year = fiscal.YearOf(v.Today)
	}
	if v.Place = v.Q("place"); v.Place != "" && !v.Book.Has("areas", v.Place) {
		v.Place = ""
	}
	v.K = v.Q("unit") == "k"
	if err := s.admit(v); err != nil {
		return err
	}
	if req.Method == http.MethodPost {
		return s.takeKey(v)
	}
	return nil
}

// admit holds the visit to its route's right.
func (s *Server) admit(v *Visit) error {
	switch v.Route.Right {
	case Anyone:
		return nil
	case SignedIn:
		if v.Who == nil {
			return errSignIn
		}
		return nil
	}
	if v.Who == nil {
		return errSignIn
	}
	if v.Reach = v.Who.May(v.Route.Right, v.Today); v.Reach.Nowhere() {
		return Barred{}
	}
	return nil
}

var errSignIn = errors.New("nobody is signed in")

// takeKey takes the form's key out of it.
func (s *Server) takeKey(v *Visit) error {
	if strings.HasPrefix(v.Request.Header.Get("Content-Type"), "multipart/") {
		if err := v.Request.ParseMultipartForm(1 << 20); err != nil {
			return err
		}
		v.Request.PostForm = url.Values(v.Request.MultipartForm.Value)
	} else if err := v.Request.ParseForm(); err != nil {
		return err
	}
	v.Key = v.Request.PostForm.Get("key")
	v.Request.PostForm.Del("key")
	if len(v.Key) > 64 {
		return &form.Bad{Why: "its key is too long"}
	}
	return nil
}

// Marks stand in a kept page where the reader's name goes, and their id:
// private characters, which nobody types.
const (
	nameMark   = "\ue000name\ue001"
	personMark = "\ue000person\ue001"
)

// answer does the route's work, or gives what was kept of it.
func (s *Server) answer(v *Visit, w *echo.Response) error {
	keep := v.Route.Kept && !s.NoKeep && v.Request.Method == http.MethodGet && !s.sessions.Exists(v.Context(), "say")
	var key keptKey
	if keep {
		key = keptKey{v.reading, v.rights(), v.Request.URL.RequestURI()}
		if v.Route.Rests != nil {
			also, err := v.Route.Rests(v)
			if err != nil {
				return err
			}
			key.sees += "\x00" + also
		}
		if p, ok := s.keep.get(key); ok {
			w.Header().Set("Content-Type", p.kind)
			return writeNamed(w, p.body, v.Who)
		}
	}
	a, err := v.Route.Do(v)
	if err != nil {
		return err
	}
	page, isPage := a.(Page)
	if isPage && page.Status == 0 && len(page.Errors) > 0 && v.Request.Method == http.MethodPost {
		page.Status = http.StatusUnprocessableEntity
		a = page
	}
	if !keep || !isPage || page.Status != 0 || v.Q("format") != "" {
		return s.give(v, w, a)
	}
	body, err := s.render(v, page)
	if err != nil {
		return err
	}
	p := &keptPage{key, body, "text/html; charset=utf-8"}
	s.keep.put(p)
	w.Header().Set("Content-Type", p.kind)
	return writeNamed(w, body, v.Who)
}

func writeNamed(w http.ResponseWriter, body []byte, who *people.Person) error {
	if who == nil {
		who = &people.Person{}
	}
	for _, mark := range [][2]string{{nameMark, who.Name}, {personMark, who.ID}} { // in the layout's order
		before, after, marked := bytes.Cut(body, []byte(mark[0]))
		if !marked {
			continue
		}
		if _, err := w.Write(before); err != nil {
			return err
		}
		if _, err := w.Write([]byte(escape(mark[1]))); err != nil {
			return err
		}
		body = after
	}
	_, err := w.Write(body)
	return err
}

// rights is the fingerprint of all that the reader's rights change on a page.
func (v *Visit) rights() string {
	if v.Who == nil {
		return ""
	}
	var parts []string
	for _, t := range v.Who.Holds(v.Today) {
		parts = append(parts, string(t.Role)+"|"+t.Area+"|"+t.Board)
	}
	slices.Sort(parts)
	if v.Who.Shortcuts {
		parts = append(parts, "shortcuts")
	}
	return strings.Join(parts, "\n")
}

// fail answers an error: in words, in the reader's language, without detail
// that is nobody's business.
func (s *Server) fail(v *Visit, w *echo.Response, err error) {
	if w.Committed {
		s.Logger.ErrorContext(v.Context(), "answer broken off", "error", err, "request", requestID(v.Request))
		return
	}
	status, title, text := http.StatusInternalServerError, "fault.title", "fault.text"
	var bad *form.Bad
	var large *http.MaxBytesError
	var refusal ledger.Refusal
	var barred Barred
	fault, known := s.Explain(err)
	said := ""
	switch {
	case errors.Is(err, errSignIn):
		next := ""
		if v.Request.Method == http.MethodGet && v.Path != "/" {
			next = v.Path
			if v.Request.URL.RawQuery != "" {
				next += "?" + v.Request.URL.RawQuery
			}
		}
		q := url.Values{}
		if next != "" {
			q.Set("next", next)
		}
		to := "/" + string(v.Lang()) + "/sign-in"
		if len(q) > 0 {
			to += "?" + q.Encode()
		}
		http.Redirect(w, v.Request, to, http.StatusSeeOther)
		return
	case errors.As(err, &barred):
		status, title, text = http.StatusForbidden, "barred.title", "barred.text"
		if barred.Ask != "" {
			text = barred.Ask
		}
	case errors.Is(err, Missing{}):
		status, title, text = http.StatusNotFound, "missing.title", "missing.text"
	case errors.As(err, &bad):
		status, title, text = http.StatusBadRequest, "bad.title", "bad.text"
	case errors.As(err, &large):
		status, title, text = http.StatusRequestEntityTooLarge, "large.title", "large.text"
	case known:
		status, title, text = fault.Status, "unavailable.title", fault.Message
	case errors.As(err, &refusal):
		status, title = http.StatusUnprocessableEntity, "refused.title"
		if v.reading != nil {
			said = v.Refusal(v.Book, err)
		}
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	s.Logger.Log(v.Context(), level, "refused", "status", status, "path", v.Path, "error", err.Error(), "request", requestID(v.Request))
	if v.reading == nil { // not even the ledger could be read
		s.bare(v, w, status, title, text)
		return
	}
	if said == "" {
		said = v.T(text)
	}
	body, broken := s.render(v, Page{Template: "error", Title: v.T(title), Data: errorPage{said, status, requestID(v.Request)}, Status: status})
	if broken != nil {
		s.Logger.ErrorContext(v.Context(), "error page", "error", broken)
		s.bare(v, w, status, title, text)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = writeNamed(w, body, v.Who)
}

type errorPage struct {
	Text    string
	Status  int
	Request string
}

// bare says what is wrong where no page can be made.
func (s *Server) bare(v *Visit, w http.ResponseWriter, status int, title, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!doctype html><html lang=\"" + string(v.Lang()) + "\"><head><meta charset=\"utf-8\"><title>" + escape(v.T(title)) +
		"</title><link rel=\"stylesheet\" href=\"/static/braid.css\"></head><body><main id=\"main\"><h1>" + escape(v.T(title)) + "</h1><p>" + escape(v.T(text)) + "</p></main></body></html>"))
}

// lost answers what no route takes.
func (s *Server) lost(c echo.Context, err error) {
	if c.Response().Committed {
		return
	}
	if sessionless(c.Request().URL.Path) { // a program asked, or a picture
		status := http.StatusInternalServerError
		var he *echo.HTTPError
		if errors.As(err, &he) {
			status = he.Code
		} else {
			s.Logger.ErrorContext(c.Request().Context(), "not answered", "error", err, "request", requestID(c.Request()))
		}
		http.Error(c.Response(), http.StatusText(status), status)
		return
	}
	l := words.Match(c.Request().Header.Get("Accept-Language"))
	if first, _, _ := strings.Cut(strings.TrimPrefix(c.Request().URL.Path, "/"), "/"); first != "" {
		if in, ok := words.Parse(first); ok {
			l = in
		}
	}
	v := &Visit{Reader: words.In(l), Server: s, Request: c.Request(), Route: Route{Method: http.MethodGet, Right: Anyone}, echo: c, Path: "/"}
	if prepared := s.prepare(v); prepared != nil {
		v.reading = nil
	}
	var he *echo.HTTPError
	if errors.As(err, &he) && (he.Code == http.StatusNotFound || he.Code == http.StatusMethodNotAllowed) {
		err = Missing{}
	}
	s.fail(v, c.Response(), err)
}
