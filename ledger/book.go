package ledger

import (
	"fmt"
	"sort"
	"sync"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Book is the ledger as it stood after one batch. It never changes; many may
// read it at once.
type Book struct {
	names *names
	seen
	marks      log[mark]   // one for each batch
	entries    log[entry]  // all of them, in order
	history    log[Record] // every version of every record, in order
	balances   vector[money.Pence]
	reversedBy vector[int32] // index of the reversing entry, plus one
	latest     fiscal.Date   // the last effective date of any entry
	registers
	memo *memo
}

// mark says where a batch begins.
type mark struct {
	head                    Head
	hash                    Hash
	firstEntry, firstRecord int
}

// registers holds the current version of each record, and of each thing made
// from one by the same constructors that input passes.
type registers struct {
	records       map[string]*table[Record]
	areas         table[commissioning.Area]
	organisations table[commissioning.Organisation]
	objectives    table[commissioning.Objective]
	streams       table[funding.Stream]
	awards        table[funding.Award]
	statements    table[[]statement] // by award
	terms         table[funding.Term]
	boards        table[commissioning.Board]
	services      table[commissioning.Service]
	needs         table[commissioning.Need]
	agreements    table[commissioning.Agreement]
	limits        table[commissioning.Limit]
	lines         table[Line] // allocations that entries cannot say: of unknown amount, proposed, withdrawn
	periods       table[string]
	posts         table[commissioning.Post]
	savings       table[commissioning.Saving]
}

// statement is a figure with the id of its record.
type statement struct {
	id string
	funding.Figure
}

// memo keeps what is worked out from a book once and asked for often.
type memo struct {
	areaTree, objectiveTree func() *commissioning.Tree
	termsOf                 func() map[string][]funding.Term
	agreementsOf            func() map[string][]commissioning.Agreement
	awardsOf                func() map[string]int // how many awards a stream has
	mu                      sync.Mutex
	views                   map[fiscal.Date]*View
	areaBranch              sync.Map // area → funding.Branch
	objectiveBranch         sync.Map // objective → funding.Branch
	lines                   func() *lineIndex
	services                func() []NumberedService
}

// Empty gives the book with no batches.
func Empty() *Book {
	b := &Book{names: newNames()}
	b.records = make(map[string]*table[Record], len(Registers))
	for _, r := range Registers {
		b.records[r.Name] = &table[Record]{}
	}
	b.seen = b.names.seen()
	b.remember()
	return b
}

func (b *Book) remember() {
	b.memo = &memo{
		areaTree: sync.OnceValue(func() *commissioning.Tree {
			var nodes []commissioning.Node
			for id, a := range b.areas.all {
				nodes = append(nodes, commissioning.Node{ID: id, Parent: a.Parent})
			}
			t, err := commissioning.NewTree(nodes)
			if err != nil { // Put refuses such trees; an empty one answers "not known"
				t, _ = commissioning.NewTree(nil)
			}
			return t
		}),
		objectiveTree: sync.OnceValue(func() *commissioning.Tree {
			var nodes []commissioning.Node
			for id, o := range b.objectives.all {
				nodes = append(nodes, commissioning.Node{ID: id, Parent: o.Parent})
			}
			t, err := commissioning.NewTree(nodes)
			if err != nil {
				t, _ = commissioning.NewTree(nil)
			}
			return t
		}),
		termsOf: sync.OnceValue(func() map[string][]funding.Term {
			of := map[string][]funding.Term{}
			for _, t := range b.terms.all {
				if t.Award != "" {
					of["award/"+t.Award] = append(of["award/"+t.Award], t)
				} else {
					of["stream/"+t.Stream] = append(of["stream/"+t.Stream], t)
				}
			}
			return of
		}),
		agreementsOf: sync.OnceValue(func() map[string][]commissioning.Agreement {
			of := make(map[string][]commissioning.Agreement, len(b.agreements.ids()))
			for _, a := range b.agreements.all {
				of[a.Service] = append(of[a.Service], a)
			}
			return of
		}),
		awardsOf: sync.OnceValue(func() map[string]int {
			of := make(map[string]int)
			for _, a := range b.awards.all {
				of[a.Stream]++
			}
			return of
		}),
		lines:    sync.OnceValue(func() *lineIndex { return indexLines(b) }),
		services: sync.OnceValue(func() []NumberedService { return b.numberServices() }),
	}
}

// Sequence is the number of the last batch, 0 for none.
func (b *Book) Sequence() int { return b.marks.len() }

// Hash is the hash of the last batch: the head of the chain.
func (b *Book) Hash() Hash {
	if b.marks.len() == 0 {
		return Hash{}
	}
	return b.marks.at(b.marks.len() - 1).hash
}

// Head gives the nth batch's head, from 1, and its hash.
func (b *Book) Head(seq int) (Head, Hash) {
	m := b.marks.at(seq - 1)
	return m.head, m.hash
}

// Batch gives the nth batch whole.
func (b *Book) Batch(seq int) Batch {
	m := b.marks.at(seq - 1)
	lastEntry, lastRecord := b.entries.len(), b.history.len()
	if seq < b.marks.len() {
		next := b.marks.at(seq)
		lastEntry, lastRecord = next.firstEntry, next.firstRecord
	}
	batch := Batch{Head: m.head, seen: b.seen, base: m.firstEntry, ids: b.EntryID}
	for i := m.firstRecord; i < lastRecord; i++ {
		batch.Records = append(batch.Records, *b.history.at(i))
	}
	batch.entries = make([]entry, 0, lastEntry-m.firstEntry)
	for i := m.firstEntry; i < lastEntry; i++ {
		batch.entries = append(batch.entries, *b.entries.at(i))
	}
	return batch
}

// Span gives the indexes of a batch's entries: from first up to end.
func (b *Book) Span(seq int) (first, end int) {
	if seq < b.marks.len() {
		return b.marks.at(seq - 1).firstEntry, b.marks.at(seq).firstEntry
	}
	return b.marks.at(seq - 1).firstEntry, b.entries.len()
}

// Len gives the number of entries.
func (b *Book) Len() int { return b.entries.len() }

// EntryID names the entry at an index from 0.
func (b *Book) EntryID(index int) EntryID {
	seq := sort.Search(b.marks.len(), func(i int) bool { return b.marks.at(i).firstEntry > index })
	return EntryID{seq, index - b.marks.at(seq-1).firstEntry + 1}
}

// index is the inverse of EntryID.
func (b *Book) index(id EntryID) (int, bool) {
	if id.Seq < 1 || id.Seq > b.marks.len() || id.N < 1 {
		return 0, false
	}
	last := b.entries.len()
	if id.Seq < b.marks.len() {
		last = b.marks.at(id.Seq).firstEntry
	}
	i := b.marks.at(id.Seq-1).firstEntry + id.N - 1
	return i, i < last
}

// Entry gives the entry at an index from 0.
func (b *Book) Entry(index int) Entry {
	e := *b.entries.at(index)
	var reverses EntryID
	if e.reverses > 0 {
		reverses = b.EntryID(int(e.reverses) - 1)
	}
	return full(b.seen, e, b.EntryID(index), reverses)
}

// Find gives a posted entry by its name.
func (b *Book) Find(id EntryID) (Entry, bool) {
	i, ok := b.index(id)
	if !ok {
		return Entry{}, false
	}
	return b.Entry(i), true
}

// ReversedBy names the entry that reverses this one.
func (b *Book) ReversedBy(index int) (EntryID, bool) {
	r := b.reversedBy.get(index)
	if r == 0 {
		return EntryID{}, false
	}
	return b.EntryID(int(r) - 1), true
}

// InForce reports whether an entry stands: neither reversed nor a reversal. One
// that reverses a reversal stands in the place of what was first reversed.
func (b *Book) InForce(index int) bool {
	return b.reversedBy.get(index) == 0 && !b.takesBack(b.entries.at(index))
}

// TakesBack reports whether an entry reverses what stood: money the other way.
func (b *Book) TakesBack(index int) bool { return b.takesBack(b.entries.at(index)) }

func (b *Book) takesBack(e *entry) bool {
	back := false
	for e.reverses > 0 && int(e.reverses) <= b.entries.len() {
		back = !back
		e = b.entries.at(int(e.reverses) - 1)
	}
	return back
}

// Balance gives an account's balance over all entries, whatever their date:
// what decisions are held to.
func (b *Book) Balance(a Account) money.Pence {
	no, ok := b.find(a)
	if !ok {
		return 0
	}
	return b.balances.get(int(no))
}

func (b *Book) find(a Account) (AccountNo, bool) {
	k, ok := b.key(a)
	if !ok {
		return 0, false
	}
	return b.names.findAccount(k)
}

func (b *Book) key(a Account) (accountKey, bool) {
	award, ok1 := b.names.find(a.Award)
	board, ok2 := b.names.find(a.Board)
	service, ok3 := b.names.find(a.Service)
	return accountKey{award, board, service, a.Year, a.Stage}, ok1 && ok2 && ok3
}

// Name gives the text a Ref stands for.
func (b *Book) Name(r Ref) string { return b.texts[r] }

// Ref gives the number of an id, if any batch has used it.
func (b *Book) Ref(id string) (Ref, bool) { return b.names.find(id) }

// Has reports whether a register holds an id.
func (b *Book) Has(register, id string) bool {
	t := b.records[register]
	return t != nil && t.has(id)
}

// Record gives the current version of a record.
func (b *Book) Record(register, id string) (Record, bool) {
	t := b.records[register]
	if t == nil {
		return Record{}, false
	}
	return t.get(id)
}

// Records calls yield for each current record of a register, in order of id.
func (b *Book) Records(register string) func(yield func(string, Record) bool) {
	t := b.records[register]
	if t == nil {
		return func(func(string, Record) bool) {}
	}
	return t.all
}

// Versions gives every version of a record with the batch that made it.
func (b *Book) Versions(register, id string) (records []Record, seqs []int) {
	for seq := 1; seq <= b.marks.len(); seq++ {
		last := b.history.len()
		if seq < b.marks.len() {
			last = b.marks.at(seq).firstRecord
		}
		for i := b.marks.at(seq - 1).firstRecord; i < last; i++ {
			if r := b.history.at(i); r.Register == register && r.ID == id {
				records, seqs = append(records, *r), append(seqs, seq)
			}
		}
	}
	return records, seqs
}

// Replaced is what a batch did to one record.
type Replaced struct {
	Record        // as the batch left it
	Was    Record // as it was before; empty where the batch added it
	Added  bool
	Later  bool // another batch has written it since
}

// ReplacedBy lists the records that a batch wrote, each once, in order.
func (b *Book) ReplacedBy(seq int) []Replaced {
	first, end := b.marks.at(seq-1).firstRecord, b.history.len()
	if seq < b.marks.len() {
		end = b.marks.at(seq).firstRecord
	}
	type key struct{ register, id string }
	var list []Replaced
	at := make(map[key]int, end-first)
	for i := first; i < end; i++ {
		r := *b.history.at(i)
		if n, met := at[key{r.Register, r.ID}]; met {
			list[n].Record = r
			continue
		}
		at[key{r.Register, r.ID}] = len(list)
		list = append(list, Replaced{Record: r, Added: true})
	}
	for i := range b.history.len() {
		if i >= first && i < end {
			continue
		}
		r := b.history.at(i)
		if n, met := at[key{r.Register, r.ID}]; met && i < first {
			list[n].Was, list[n].Added = *r, false
		} else if met {
			list[n].Later = true
		}
	}
	return list
}

// The registers, in order of id, and by id.
func (b *Book) Areas(yield func(string, commissioning.Area) bool) { b.areas.all(yield) }
func (b *Book) Organisations(yield func(string, commissioning.Organisation) bool) {
	b.organisations.all(yield)
}
func (b *Book) Objectives(yield func(string, commissioning.Objective) bool) { b.objectives.all(yield) }
func (b *Book) Streams(yield func(string, funding.Stream) bool)             { b.streams.all(yield) }
func (b *Book) Awards(yield func(string, funding.Award) bool)               { b.awards.all(yield) }
func (b *Book) Terms(yield func(string, funding.Term) bool)                 { b.terms.all(yield) }
func (b *Book) Boards(yield func(string, commissioning.Board) bool)         { b.boards.all(yield) }
func (b *Book) Services(yield func(string, commissioning.Service) bool)     { b.services.all(yield) }
func (b *Book) Needs(yield func(string, commissioning.Need) bool)           { b.needs.all(yield) }
func (b *Book) Agreements(yield func(string, commissioning.Agreement) bool) { b.agreements.all(yield) }
func (b *Book) Limits(yield func(string, commissioning.Limit) bool)         { b.limits.all(yield) }
func (b *Book) Posts(yield func(string, commissioning.Post) bool)           { b.posts.all(yield) }
func (b *Book) Savings(yield func(string, commissioning.Saving) bool)       { b.savings.all(yield) }

// Lines are the allocations that entries cannot say: of unknown amount,
// proposed or withdrawn.
func (b *Book) Lines(yield func(string, Line) bool) { b.lines.all(yield) }

func (b *Book) Area(id string) (commissioning.Area, bool)           { return b.areas.get(id) }
func (b *Book) Objective(id string) (commissioning.Objective, bool) { return b.objectives.get(id) }
func (b *Book) Stream(id string) (funding.Stream, bool)             { return b.streams.get(id) }
func (b *Book) Award(id string) (funding.Award, bool)               { return b.awards.get(id) }
func (b *Book) Board(id string) (commissioning.Board, bool)         { return b.boards.get(id) }
func (b *Book) Service(id string) (commissioning.Service, bool)     { return b.services.get(id) }
func (b *Book) Organisation(id string) (commissioning.Organisation, bool) {
	return b.organisations.get(id)
}

// NumberedService is a service with the number that entries know it by; 0 where
// none names it.
type NumberedService struct {
	commissioning.Service
	Ref Ref
}

// NumberedServices lists the services in order of id, as one piece made once
// for each book. Do not change it.
func (b *Book) NumberedServices() []NumberedService { return b.memo.services() }

func (b *Book) numberServices() []NumberedService {
	ids := b.services.ids()
	all := make([]NumberedService, len(ids))
	for i, id := range ids {
		all[i].Service, _ = b.services.get(id)
		all[i].Ref, _ = b.names.find(id)
	}
	return all
}

// AgreementsOf gives a service's agreements in order of id.
func (b *Book) AgreementsOf(service string) []commissioning.Agreement {
	return b.memo.agreementsOf()[service]
}

// TermsOf gives the terms of an award: its stream's, then its own.
func (b *Book) TermsOf(award string) []funding.Term {
	a, _ := b.awards.get(award)
	of := b.memo.termsOf()
	stream, own := of["stream/"+a.Stream], of["award/"+award]
	return append(stream[:len(stream):len(stream)], own...)
}

// AreaTree and ObjectiveTree place ids within one another.
func (b *Book) AreaTree() *commissioning.Tree      { return b.memo.areaTree() }
func (b *Book) ObjectiveTree() *commissioning.Tree { return b.memo.objectiveTree() }

// Figures gives the statements of an award's figure for a year, in the order
// they were recorded.
func (b *Book) Figures(award string, year fiscal.Year) []funding.Figure {
	all, _ := b.statements.get(award)
	return figuresFor(all, year)
}

// FigureYears lists the years an award has statements for, the whole term first.
func (b *Book) FigureYears(award string) []fiscal.Year {
	all, _ := b.statements.get(award)
	return yearsOf(all)
}

func figuresFor(all []statement, year fiscal.Year) []funding.Figure {
	var figs []funding.Figure
	for _, s := range all {
		if s.Year == year {
			figs = append(figs, s.Figure)
		}
	}
	return figs
}

func yearsOf(all []statement) []fiscal.Year {
	var years []fiscal.Year
	for _, s := range all {
		i := sort.Search(len(years), func(i int) bool { return years[i] >= s.Year })
		if i == len(years) || years[i] != s.Year {
			years = append(years[:i], append([]fiscal.Year{s.Year}, years[i:]...)...)
		}
	}
	return years
}

// AwardName gives an award's name for a person: its stream's name, with the
// award's reference, or id, where the stream has several.
func (b *Book) AwardName(id string) string {
	a, ok := b.awards.get(id)
	if !ok {
		return id
	}
	s, ok := b.streams.get(a.Stream)
	switch {
	case !ok || s.Name == "":
		return id
	case b.memo.awardsOf()[a.Stream] < 2:
		return s.Name
	case a.Reference != "":
		return s.Name + " (" + a.Reference + ")"
	}
	return s.Name + " (" + id + ")"
}

// ServiceName gives a service's name, or its id.
func (b *Book) ServiceName(id string) string {
	if s, ok := b.services.get(id); ok && s.Name != "" {
		return s.Name
	}
	return id
}

// clone starts the next version.
func (b *Book) clone() *Book {
	next := *b
	next.records = make(map[string]*table[Record], len(b.records))
	for name, t := range b.records {
		own := *t
		own.mine = false
		next.records[name] = &own
	}
	return &next
}

func (b *Book) seal() {
	for _, t := range b.records {
		t.seal()
	}
	b.areas.seal()
	b.organisations.seal()
	b.objectives.seal()
	b.streams.seal()
	b.awards.seal()
	b.statements.seal()
	b.terms.seal()
	b.boards.seal()
	b.services.seal()
	b.needs.seal()
	b.agreements.seal()
	b.limits.seal()
	b.lines.seal()
	b.periods.seal()
	b.posts.seal()
	b.savings.seal()
}

// At gives the book as it stood after an earlier batch: what was known then.
func (b *Book) At(seq int) (*Book, error) {
	if seq == b.Sequence() {
		return b, nil
	}
	if seq < 0 || seq > b.Sequence() {
		return nil, fmt.Errorf("there are batches 1 to %d; %d is none of them", b.Sequence(), seq)
	}
	l := NewLoader()
	for s := 1; s <= seq; s++ {
		batch := b.Batch(s)
		if err := l.Begin(batch.Head); err != nil {
			return nil, err
		}
		for _, r := range batch.Records {
			if err := l.Record(r); err != nil {
				return nil, err
			}
		}
		for n := 1; n <= batch.Len(); n++ {
			if err := l.Entry(batch.Entry(n)); err != nil {
				return nil, err
			}
		}
		_, hash := b.Head(s)
		if err := l.End(hash); err != nil {
			return nil, err
		}
	}
	return l.Book(), nil
}
