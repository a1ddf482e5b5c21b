package store

import (
	"os"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/store/storetest"
)

// The role that postgres_role.sql describes is enough for Braid, and for no more.
func TestApplicationRole(t *testing.T) {
	db := storetest.Database(t)
	begun(t, db, 900_00).Close()
	grants, err := os.ReadFile("postgres_role.sql")
	must(t, err)
	owner := rawSQL(t, db)
	mustExec(t, owner, "DROP ROLE IF EXISTS braid_app", "CREATE ROLE braid_app LOGIN", string(grants))
	app := strings.Replace(db, "braid@", "braid_app@", 1)
	s := opened(t, app)
	if _, err := s.Post(t.Context(), allocate(1_00, "k", "a")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) { return pennies(b, 100) }); err != nil {
		t.Fatal(err)
	}
	if r := sound(t, app); r.Sequence != 3 {
		t.Errorf("verify reports %+v", r)
	}
	raw := rawSQL(t, app)
	for _, statement := range []string{"UPDATE entries SET amount = 1", "DELETE FROM entries", "TRUNCATE entries", "DROP TABLE entries", "ALTER TABLE entries DISABLE TRIGGER ALL",
		"SET session_replication_role = replica", "DROP TRIGGER entries_kept ON entries"} {
		if _, err := raw.Exec(statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}
