package web

import (
	"bufio"
	"context"
	"crypto/rand"
	"html"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"braid/web/api"
	"braid/web/words"
)

// Middleware is plain net/http, so that it outlives the router.

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers sets what every answer carries (reliability.md section 6).
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// secure reports whether people reach Braid over TLS.
func (s *Server) secure() bool { return strings.HasPrefix(s.Address, "https://") }

type requestKey struct{}

// requestID names a request in logs and on error pages.
func requestID(r *http.Request) string {
	id, _ := r.Context().Value(requestKey{}).(string)
	return id
}

// logged writes one line for each request: no bodies, no queries, no names.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:12]
		r = r.WithContext(context.WithValue(context.WithValue(r.Context(), requestKey{}, id), patternKey{}, new(string)))
		began := s.Clock()
		counted := &counter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(counted, r)
		s.observe(r, counted.status, s.Clock().Sub(began))
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			s.Logger.InfoContext(r.Context(), "request", "id", id, "method", r.Method, "path", r.URL.Path, "status", counted.status, "bytes", counted.bytes, "ms", s.Clock().Sub(began).Milliseconds())
		}
	})
}

type counter struct {
	http.ResponseWriter
	status, bytes int
}

func (c *counter) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}
func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += n
	return n, err
}
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }
func (c *counter) Flush() {
	if f, ok := c.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
func (c *counter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(c.ResponseWriter).Hijack()
}

const (
	bodyLimit   = 1 << 20
	uploadLimit = 10<<20 + 64<<10 // a file of 10 MiB and the form about it
	urlLimit    = 8 << 10
)

// limited keeps bodies and addresses small, before anything reads them.
func (s *Server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > urlLimit {
			http.Error(w, "This address is too long.", http.StatusRequestURITooLong)
			return
		}
		limit := int64(bodyLimit)
		if strings.HasSuffix(r.URL.Path, "/import") || strings.HasSuffix(r.URL.Path, "/start") {
			limit = uploadLimit
		}
		program := strings.HasPrefix(r.URL.Path, api.Prefix+"/") // which says itself, as JSON, what is too much
		if program {
			limit = api.LargestBody
		}
		if r.ContentLength > limit && !program {
			http.Error(w, "This is more than Braid takes at once.", http.StatusRequestEntityTooLarge)
			return
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(w, r.Body, limit)
		}
		next.ServeHTTP(w, r)
	})
}

// recovered keeps one broken request from being everyone's.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if broken := recover(); broken != nil && broken != http.ErrAbortHandler {
				s.Logger.ErrorContext(r.Context(), "panic", "error", broken, "request", requestID(r), "stack", string(debug.Stack()))
				v := &Visit{Reader: words.In(words.Match(r.Header.Get("Accept-Language"))), Server: s, Request: r}
				s.bare(v, w, http.StatusInternalServerError, "fault.title", "fault.text")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// foreign refuses a form another site sent.
func (s *Server) foreign(w http.ResponseWriter, r *http.Request) {
	s.Logger.WarnContext(r.Context(), "foreign form refused", "path", r.URL.Path, "request", requestID(r))
	v := &Visit{Reader: words.In(words.Match(r.Header.Get("Accept-Language"))), Server: s, Request: r}
	s.bare(v, w, http.StatusForbidden, "foreign.title", "foreign.text")
}

// choose leads from the bare address to the person's language.
func (s *Server) choose(c echo.Context) error {
	l := words.Match(c.Request().Header.Get("Accept-Language"))
	if chosen, ok := s.chosenLanguage(c.Request()); ok {
		l = chosen
	}
	return c.Redirect(http.StatusSeeOther, "/"+string(l)+"/")
}

// theme is the council's accent colour, as a stylesheet: nothing is inline.
func (s *Server) theme(c echo.Context) error {
	book, err := s.Books.Book(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=60")
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(":root{--accent:"+settingsOf(book).Accent+"}\n"))
}

// escape makes text safe in HTML.
func escape(s string) string { return html.EscapeString(s) }

// clientNetwork is what throttling counts by.
func (s *Server) clientNetwork(r *http.Request) string {
	ip := net.ParseIP(s.echo.IPExtractor(r))
	if ip == nil {
		return "unknown"
	}
	if four := ip.To4(); four != nil {
		return four.Mask(net.CIDRMask(24, 32)).String()
	}
	return ip.Mask(net.CIDRMask(56, 128)).String()
}

// sessionLife is how long a session lasts at most, and idleFor without use.
const (
	sessionLife = 12 * time.Hour
	idleFor     = 30 * time.Minute
)
