package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// tries lets so many sign-ins a minute be tried from one network. Failures are
// counted in the database, where all servers see them; but only once they have
// failed, and many may be under way at once.
type tries struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

const (
	triesAMinute = 10
	mostNetworks = 10_000
)

// allow reports whether one more may be tried now.
func (t *tries) allow(network string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[string]*rate.Limiter{}
	}
	if len(t.of) >= mostNetworks {
		for name, l := range t.of {
			if l.TokensAt(now) >= triesAMinute {
				delete(t.of, name)
			}
		}
	}
	l := t.of[network]
	if l == nil {
		l = rate.NewLimiter(rate.Every(time.Minute/triesAMinute), triesAMinute)
		t.of[network] = l
	}
	return l.AllowN(now, 1)
}
