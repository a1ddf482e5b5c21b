package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
)

// Numbered SQL, each file in one transaction; a file once released is never
// edited, and nothing is ever migrated by guessing from structs.
//
//go:embed migrations
var migrations embed.FS

// triggers are the guards every ledger must have.
var triggers = []string{"batches_follow", "batches_kept", "batches_unchanged", "entries_kept", "entries_unchanged", "events_kept", "events_unchanged",
	"people_kept", "records_kept", "records_unchanged"}

func sameTriggers(found []string) error {
	if slices.Equal(found, triggers) {
		return nil
	}
	return fmt.Errorf("the database's triggers are %q and should be %q: somebody took a guard of the ledger away or added to it; run braid verify, then restore a backup", found, triggers)
}

func provider(dialect goose.Dialect, pool *sql.DB, folder string, opt ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, pool, files, append(opt, goose.WithDisableGlobalRegistry(true))...)
}

// migrate brings the schema up to date. Of several programs that start at once
// one does it; the others find it done.
func migrate(ctx context.Context, dialect goose.Dialect, pool *sql.DB, folder string, opt ...goose.ProviderOption) error {
	p, err := provider(dialect, pool, folder, opt...)
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		has, target, err := p.GetVersions(ctx)
		if err == nil && has > target {
			return ErrNewer
		}
		if err == nil && has < target {
			_, err = p.Up(ctx)
		}
		if err == nil || try == 20 {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// newest refuses a schema that is not exactly the one this program knows.
func newest(ctx context.Context, db *gorm.DB, dialect goose.Dialect, folder string) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	p, err := provider(dialect, pool, folder)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	target := sources[len(sources)-1].Version
	var has int64
	if err := db.WithContext(ctx).Raw("SELECT max(version_id) FROM goose_db_version").Scan(&has).Error; err != nil {
		return fmt.Errorf("%w: it has no list of migrations (%v)", ErrNotLedger, err)
	}
	if has > target {
		return ErrNewer
	}
	if has < target {
		return fmt.Errorf("the ledger was written by an older Braid and was opened to read only; open it once to write, which brings it up to date")
	}
	return nil
}
