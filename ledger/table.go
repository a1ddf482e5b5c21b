package ledger

import (
	"maps"
	"slices"
	"sync"
)

// table holds the current members of one register: a large shared map and a
// small one of what changed since, folded together when it has grown.
type table[T any] struct {
	base, over map[string]T
	order      func() []string
	mine       bool // over belongs to this version, still being made
}

func (t *table[T]) get(id string) (T, bool) {
	if v, ok := t.over[id]; ok {
		return v, true
	}
	v, ok := t.base[id]
	return v, ok
}

func (t *table[T]) has(id string) bool {
	_, ok := t.get(id)
	return ok
}

// put changes a version still being made; other versions do not see it.
func (t *table[T]) put(id string, v T) {
	if !t.mine {
		over := make(map[string]T, len(t.over)+1)
		maps.Copy(over, t.over)
		t.over, t.mine = over, true
	}
	t.over[id] = v
	t.order = nil
}

// seal ends the making of a version: it may then be read by many at once.
func (t *table[T]) seal() {
	if !t.mine {
		return
	}
	t.mine = false
	if len(t.over) > 64+len(t.base)/8 {
		base := make(map[string]T, len(t.base)+len(t.over))
		maps.Copy(base, t.base)
		maps.Copy(base, t.over)
		t.base, t.over = base, nil
	}
	base, over := t.base, t.over
	t.order = sync.OnceValue(func() []string { return sortedIDs(base, over) })
}

// ids lists the members in order of id; sorted once for each version.
func (t *table[T]) ids() []string {
	if t.order == nil {
		if len(t.base)+len(t.over) == 0 {
			return nil
		}
		ids := sortedIDs(t.base, t.over)
		t.order = func() []string { return ids }
	}
	return t.order()
}

func sortedIDs[T any](base, over map[string]T) []string {
	ids := make([]string, 0, len(base)+len(over))
	for id := range base {
		ids = append(ids, id)
	}
	for id := range over {
		if _, both := base[id]; !both {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// all calls yield for each member in order of id.
func (t *table[T]) all(yield func(string, T) bool) {
	for _, id := range t.ids() {
		v, _ := t.get(id)
		if !yield(id, v) {
			return
		}
	}
}
