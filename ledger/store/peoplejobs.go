package store

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Claim takes a piece of work that is to be done once, whoever does it: of
// several programs that claim it, one is told yes, until the claim runs out or
// is dropped from the drawer.
func (p *People) Claim(ctx context.Context, work, id string, until time.Time) (mine bool, err error) {
	err = p.write(ctx, func(db *gorm.DB) error {
		now := instant(p.now())
		done := db.Exec("INSERT INTO drawer (owner, kind, id, data, kept_at, until) VALUES ('',?,?,?,?,?) ON CONFLICT (owner, kind, id) DO UPDATE SET kept_at = excluded.kept_at, until = excluded.until WHERE drawer.until <> '' AND drawer.until <= ?",
			work, id, []byte{}, now, instant(until), now)
		mine = done.RowsAffected == 1
		return done.Error
	})
	return mine, err
}
