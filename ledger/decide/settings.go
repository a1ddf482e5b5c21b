package decide

import (
	"maps"
	"slices"
	"strings"

	"braid/ledger"
)

// DefaultSetting is the value of a setting that is as Braid comes: one that was
// never made, or was taken back.
const DefaultSetting = "default"

// Set changes the council's settings, all in one batch: findings rest on them,
// so who changed a threshold, when and why is in the ledger. Seen is the number
// of the last batch that the person's page knew of; a blank value puts a
// setting back as Braid comes.
func Set(b *ledger.Book, actor Actor, values map[string]string, seen int, reason string) (*Outcome, error) {
	reason, err := reasoned(reason, "a change of settings")
	if err != nil {
		return nil, err
	}
	o := &Outcome{Draft: actor.draft(b, reason), Need: Need{Alone: true}}
	changed := false
	for _, id := range slices.Sorted(maps.Keys(values)) {
		value := strings.TrimSpace(values[id])
		if value == "" {
			value = DefaultSetting
		}
		now, met := b.Record("settings", id)
		if was := now.Get("value"); was == value || !met && value == DefaultSetting {
			continue
		}
		yours := record("settings", id, map[string]string{"value": value})
		if _, seqs := b.Versions("settings", id); len(seqs) > 0 && seqs[len(seqs)-1] > seen {
			return nil, &ChangedRecord{"settings", id, now, yours}
		}
		if err := o.Draft.Put(yours); err != nil {
			return nil, err
		}
		changed = true
	}
	if !changed {
		return nil, &Unchanged{}
	}
	return o, nil
}
