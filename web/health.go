package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"braid/ledger"
)

// health answers those who watch: is it alive, can it serve, how is it doing.
func (s *Server) health() {
	s.echo.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	s.echo.GET("/readyz", func(c echo.Context) error {
		ctx, stop := context.WithTimeout(c.Request().Context(), 5*time.Second)
		defer stop()
		_, err := s.Books.Book(ctx)
		if err == nil {
			_, err = s.People.Count(ctx)
		}
		if err != nil {
			s.Logger.ErrorContext(ctx, "not ready", "error", err)
			return c.String(http.StatusServiceUnavailable, "not ready\n")
		}
		return c.String(http.StatusOK, "ready\n")
	})
	if !s.Metrics {
		return
	}
	s.metrics = newMetrics(s.Books)
	s.Books = counted{s.Books, s.metrics}
	s.echo.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if pattern, ok := c.Request().Context().Value(patternKey{}).(*string); ok {
				*pattern = c.Path()
			}
			return next(c)
		}
	})
	s.echo.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})))
}

// patternKey finds, in a request's context, where to note which route took it.
type patternKey struct{}

// metrics are counted by route, not by address: addresses hold ids, and there
// is no end of them.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	posts    *prometheus.CounterVec
}

func newMetrics(books Books) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "braid_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "braid_request_seconds", Help: "How long answers took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route"}),
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "braid_posts_total", Help: "Changes of the ledger, by what became of them."}, []string{"result"}),
	}
	m.registry.MustRegister(m.requests, m.took, m.posts, prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "braid_ledger_sequence", Help: "The number of the last batch of the ledger; -1 if it cannot be read."},
		func() float64 {
			ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
			defer stop()
			b, err := books.Book(ctx)
			if err != nil {
				return -1
			}
			return float64(b.Sequence())
		}))
	return m
}

// observe counts an answered request.
func (s *Server) observe(r *http.Request, status int, took time.Duration) {
	if s.metrics == nil {
		return
	}
	route := "none"
	if pattern, ok := r.Context().Value(patternKey{}).(*string); ok && *pattern != "" {
		route = *pattern
	}
	s.metrics.requests.WithLabelValues(route, knownMethod(r.Method), strconv.Itoa(status)).Inc()
	s.metrics.took.WithLabelValues(route).Observe(took.Seconds())
}

// knownMethod keeps made-up methods from making labels without end.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return method
	}
	return "other"
}

// counted is the ledger, with its posts counted.
type counted struct {
	Books
	metrics *metrics
}

func (c counted) Post(ctx context.Context, do func(*ledger.Book) (*ledger.Draft, error)) (*ledger.Book, error) {
	b, err := c.Books.Post(ctx, do)
	result := "posted"
	var refusal ledger.Refusal
	var again interface{ Batch() int }
	switch {
	case err == nil:
	case errors.As(err, &refusal):
		result = "refused"
	case errors.As(err, &again):
		result = "again"
	default:
		result = "fault"
	}
	c.metrics.posts.WithLabelValues(result).Inc()
	return b, err
}
