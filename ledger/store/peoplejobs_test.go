package store

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Of many that claim the same work at once, one does it; another may when the
// claim has run out.
func TestClaimedOnce(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		claim := func() int32 {
			var yes atomic.Int32
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					mine, err := p.Claim(context.Background(), "digest", "2027-W02/priya", p.now().Add(time.Hour))
					if err != nil {
						t.Error(err)
					}
					if mine {
						yes.Add(1)
					}
				})
			}
			all.Wait()
			return yes.Load()
		}
		if n := claim(); n != 1 {
			t.Errorf("%d claimed it", n)
		}
		if n := claim(); n != 0 {
			t.Errorf("%d more claimed it", n)
		}
		clock.Add(2 * 60 * 60)
		if n := claim(); n != 1 {
			t.Errorf("when it had run out %d claimed it", n)
		}
	})
}
