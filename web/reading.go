package web

import (
	"net/url"
	"slices"
	"sync"
	"time"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
)

// reading is the ledger as it stands on a day, with what pages work out from it
// once and ask for often. It is shared by all who read the same ledger.
type reading struct {
	*ledger.View
	Today    fiscal.Date
	Settings Settings
	Findings func() []check.Finding
	byID     func() map[string]*check.Finding
	boardsOf func() map[string][]string // boards that pay for a service, or were asked to
	mu       sync.Mutex
	once     map[any]any
}

// readings keeps those of the last few ledgers and days.
type readings struct {
	mu  sync.Mutex
	all []*reading
}

const keptReadings = 4

func (rs *readings) of(b *ledger.Book, today fiscal.Date) *reading {
	v := b.View(today)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, r := range rs.all {
		if r.View == v {
			return r
		}
	}
	r := &reading{View: v, Today: today, Settings: settingsOf(b), once: map[any]any{}}
	r.Findings = sync.OnceValue(func() []check.Finding { return check.Run(v, r.Settings.Policy) })
	r.byID = sync.OnceValue(func() map[string]*check.Finding {
		all := r.Findings()
		by := make(map[string]*check.Finding, len(all))
		for i := range all {
			by[all[i].ID] = &all[i]
		}
		return by
	})
	r.boardsOf = sync.OnceValue(func() map[string][]string { return boardsOf(v) })
	rs.all = append(rs.all, r)
	if len(rs.all) > keptReadings {
		rs.all = rs.all[1:]
	}
	return r
}

// worked gives what f works out, once for the reading; key is a type of its own.
func worked[K comparable, T any](r *reading, key K, f func() T) T {
	r.mu.Lock()
	cell, ok := r.once[key]
	if !ok {
		cell = sync.OnceValue(f)
		r.once[key] = cell
	}
	r.mu.Unlock()
	return cell.(func() T)()
}

// FindingByID gives a finding by its id.
func (r *reading) FindingByID(id string) (*check.Finding, bool) {
	f, ok := r.byID()[id]
	return f, ok
}

// Open lists the findings of a rule that nothing has silenced; all rules of a
// kind where rule is "".
func (r *reading) Open(kind check.Kind, rule string) []*check.Finding {
	var list []*check.Finding
	all := r.Findings()
	for i := range all {
		if f := &all[i]; f.Kind == kind && (rule == "" || f.Rule == rule) && !f.Silenced() {
			list = append(list, f)
		}
	}
	return list
}

// subject gives the first subject of a type.
func subject(f *check.Finding, kind string) string {
	for _, s := range f.Subjects {
		if s.Type == kind {
			return s.ID
		}
	}
	return ""
}

// subjects gives all subjects of a type.
func subjects(f *check.Finding, kind string) []string {
	var ids []string
	for _, s := range f.Subjects {
		if s.Type == kind {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func boardsOf(v *ledger.View) map[string][]string {
	of := map[string][]string{}
	add := func(service, board string) {
		if board != "" && !slices.Contains(of[service], board) {
			of[service] = append(of[service], board)
		}
	}
	for _, h := range v.AllHoldings() {
		add(v.Name(h.Service), v.Name(h.Board))
	}
	for _, l := range v.Lines {
		add(l.Service, l.Board)
	}
	for id, s := range v.Services {
		add(id, s.Board)
	}
	for _, p := range v.Records("proposals") {
		add(p.Get("service"), p.Get("board"))
	}
	return of
}

// sees reports whether a reach takes a service in. An officer of an area sees
// what works there and what works everywhere.
func (r *reading) sees(reach people.Reach, service string) bool {
	if reach.All {
		return true
	}
	for _, b := range r.boardsOf()[service] {
		if slices.Contains(reach.Boards, b) {
			return true
		}
	}
	if len(reach.Areas) == 0 {
		return false
	}
	s, ok := r.Service(service)
	if !ok {
		return false
	}
	tree := r.AreaTree()
	for _, own := range reach.Areas {
		if len(s.Areas) == 0 {
			return true
		}
		for _, a := range s.Areas {
			if a == own || slices.Contains(tree.Ancestors(a), own) || slices.Contains(tree.Ancestors(own), a) {
				return true
			}
		}
	}
	return false
}

// positions are asked for often and with few filters: each is worked out once.
type positionKey struct{ by, only string }

// Position breaks the money down; kept with the reading. See ledger.View.
func (r *reading) Position(by []ledger.Dimension, only ledger.Filter) ledger.Position {
	var key positionKey
	for _, d := range by {
		key.by += string(rune('a' + d))
	}
	for d := ledger.ByFunder; d <= ledger.ByYear; d++ {
		if want, ok := only[d]; ok {
			key.only += string(rune('a'+d)) + want + "\x00"
		}
	}
	return worked(r, key, func() ledger.Position { return r.View.Position(by, only) })
}

// plus adds sums.
func plus(sums ...money.Sum) money.Sum {
	var all money.Sum
	for _, s := range sums {
		all.Merge(s)
	}
	return all
}

// of makes a sum of one known amount.
func sumOf(p money.Pence) money.Sum {
	var s money.Sum
	s.AddPence(p)
	return s
}

// dateOf is the civil date of an instant in London.
func dateOf(s *Server, at time.Time) fiscal.Date { return fiscal.FromTime(at.In(s.london)) }

// queryEscape makes text safe as a part of a query.
func queryEscape(s string) string { return url.QueryEscape(s) }
