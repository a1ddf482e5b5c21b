package decide_test

import (
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
)

func TestSet(t *testing.T) {
	ann := as("ann", "administrator")
	b := ledger.Empty()
	value := func(b *ledger.Book, id string) string {
		r, _ := b.Record("settings", id)
		return r.Get("value")
	}
	_, err := decide.Set(b, ann, map[string]string{"accent": "#101010"}, 0, " ")
	refused[*ledger.NeedsReason](t, err)
	_, err = decide.Set(b, ann, map[string]string{"accent": ""}, 0, "none")
	refused[*decide.Unchanged](t, err)
	o, err := decide.Set(b, ann, map[string]string{"accent": "#101010", "horizon-months": "18"}, 0, "house style")
	one := post(t, b, o, err)
	if value(one, "accent") != "#101010" || value(one, "horizon-months") != "18" {
		t.Fatal("not set")
	}
	// Who looked before batch 1 undoes nothing of it unseen, but may set the same.
	_, err = decide.Set(one, ann, map[string]string{"accent": "#202020"}, 0, "again")
	refused[*decide.ChangedRecord](t, err)
	o, err = decide.Set(one, ann, map[string]string{"accent": "#101010", "recent-days": "30"}, 0, "fresher")
	two := post(t, one, o, err)
	if records := len(two.Batch(2).Records); records != 1 {
		t.Errorf("batch 2 writes %d records, not the one that changed", records)
	}
	o, err = decide.Set(two, ann, map[string]string{"accent": ""}, 2, "as it was")
	three := post(t, two, o, err)
	if value(three, "accent") != decide.DefaultSetting {
		t.Errorf("put back, the accent is %q", value(three, "accent"))
	}
	// What a batch added is taken out, what it changed is as before.
	o, err = decide.Undo(three, ann, 2)
	four := post(t, three, o, err)
	o, err = decide.Undo(four, ann, 3)
	five := post(t, four, o, err)
	if value(five, "recent-days") != decide.DefaultSetting || value(five, "accent") != "#101010" {
		t.Errorf("undone: %q, %q", value(five, "recent-days"), value(five, "accent"))
	}
}
