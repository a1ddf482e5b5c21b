package web

import (
	"container/list"
	"sync"
)

// keptBytes is how much of answered pages is kept at most.
const keptBytes = 48 << 20

// kept holds pages as they were answered, the least lately asked for going
// first. A key names all that a page depends on, so nothing kept is ever stale.
type kept struct {
	mu    sync.Mutex
	most  int
	size  int
	order *list.List
	at    map[keptKey]*list.Element
}

// keptKey is what a kept page depends on: the ledger as it stands, who sees
// what, and the address.
type keptKey struct {
	reading *reading
	sees    string // fingerprint of the reader's rights
	address string // with language
}

type keptPage struct {
	key  keptKey
	body []byte // with a mark where the reader's name goes
	kind string
}

func newKept(most int) *kept {
	return &kept{most: most, order: list.New(), at: map[keptKey]*list.Element{}}
}

func (k *kept) get(key keptKey) (*keptPage, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.at[key]
	if !ok {
		return nil, false
	}
	k.order.MoveToFront(e)
	return e.Value.(*keptPage), true
}

func (k *kept) put(p *keptPage) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.at[p.key]; ok || len(p.body) > k.most/8 {
		return
	}
	k.at[p.key] = k.order.PushFront(p)
	for k.size += len(p.body); k.size > k.most; {
		last := k.order.Back()
		old := last.Value.(*keptPage)
		k.order.Remove(last)
		delete(k.at, old.key)
		k.size -= len(old.body)
	}
}
