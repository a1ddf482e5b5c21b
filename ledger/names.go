package ledger

import (
	"math/bits"
	"slices"
	"strings"
	"sync"

	"braid/ledger/fiscal"
)

// Ref stands for an id or other text within one family of books; 0 is none.
// Numbers differ between runs, so they never leave the program.
type Ref int32

// AccountNo and labelNo number the accounts and labels of one family of books.
type (
	AccountNo int32
	labelNo   int32
	lineNo    int32
)

// accountKey is an Account in numbers: sixteen bytes, so that a million
// allocation lines stay small.
type accountKey struct {
	award, board, service Ref
	year                  fiscal.Year
	stage                 Stage
}

// at is the account of the same award, board, year and service at a stage; an
// award's own stages have no service.
func (k accountKey) at(s Stage) accountKey {
	k.stage = s
	return k
}

// labelKey is a Label in numbers.
type labelKey struct{ objective, area, element, costType, matchFor Ref }

// names numbers texts, accounts and labels. It only grows and is shared by all
// books of a family (a book and its successors and scenarios); each book keeps
// the lengths it may read, so readers need no lock.
type names struct {
	mu        sync.RWMutex
	texts     []string
	byText    map[string]Ref
	accounts  []accountKey
	byAccount accountTable
	labels    []labelKey
	byLabel   map[labelKey]labelNo

	// The ids of lines, end to end: a million of them are seldom looked up by
	// text, so they have no map; one line may have several numbers.
	lineText []byte
	lineEnds []uint32
}

func newNames() *names {
	return &names{
		texts:    []string{""},
		byText:   map[string]Ref{"": 0},
		accounts: []accountKey{{}},
		labels:   []labelKey{{}},
		byLabel:  map[labelKey]labelNo{{}: 0},
		lineEnds: []uint32{0},
	}
}

// find gives the number of a text already known.
func (n *names) find(text string) (Ref, bool) {
	n.mu.RLock()
	r, ok := n.byText[text]
	n.mu.RUnlock()
	return r, ok
}

func (n *names) ref(text string) Ref {
	if text == "" {
		return 0
	}
	n.mu.RLock()
	r, ok := n.byText[text]
	n.mu.RUnlock()
	if ok {
		return r
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if r, ok := n.byText[text]; ok {
		return r
	}
	text = strings.Clone(text) // it may be part of a page of a file or database
	r = Ref(len(n.texts))
	n.texts = append(n.texts, text)
	n.byText[text] = r
	return r
}

func (n *names) findAccount(k accountKey) (AccountNo, bool) {
	if k == (accountKey{}) {
		return 0, true
	}
	n.mu.RLock()
	no, _ := n.byAccount.find(n.accounts, k)
	n.mu.RUnlock()
	return no, no != 0
}

func (n *names) account(k accountKey) AccountNo {
	if no, ok := n.findAccount(k); ok {
		return no
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	no, at := n.byAccount.find(n.accounts, k)
	if no != 0 {
		return no
	}
	no = AccountNo(len(n.accounts))
	n.accounts = append(n.accounts, k)
	if 4*len(n.accounts) > 3*len(n.byAccount) {
		n.byAccount = placeAccounts(n.accounts)
	} else {
		n.byAccount[at] = no
	}
	return no
}

// accountTable finds an account's number by its key: a hash table of numbers
// alone, for the keys stand in the list of accounts. A map would keep each
// twice, and there is about one account for each allocation line. 0 is empty.
type accountTable []AccountNo

// find gives a key's number, or 0 and the place for it.
func (t accountTable) find(accounts []accountKey, k accountKey) (no AccountNo, at uint64) {
	if len(t) == 0 {
		return 0, 0
	}
	last := uint64(len(t) - 1) // the length is a power of two
	for at = k.hash() & last; ; at = (at + 1) & last {
		if no = t[at]; no == 0 || accounts[no] == k {
			return no, at
		}
	}
}

// placeAccounts makes a table with room to grow.
func placeAccounts(accounts []accountKey) accountTable {
	t := make(accountTable, max(16, 1<<bits.Len(uint(len(accounts)*3/2))))
	for i, k := range accounts[1:] {
		_, at := t.find(accounts, k)
		t[at] = AccountNo(i + 1)
	}
	return t
}

// hash scatters keys; numbers that follow one another must not lie together.
func (k accountKey) hash() uint64 {
	a := uint64(uint32(k.award))<<32 | uint64(uint32(k.service))
	b := uint64(uint32(k.board))<<32 | uint64(uint16(k.year))<<8 | uint64(k.stage)
	high, low := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd6e8feb86659fd93)
	h := (high ^ low) * 0xff51afd7ed558ccd
	return h ^ h>>32
}

func (n *names) label(k labelKey) labelNo {
	n.mu.RLock()
	l, ok := n.byLabel[k]
	n.mu.RUnlock()
	if ok {
		return l
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if l, ok := n.byLabel[k]; ok {
		return l
	}
	l = labelNo(len(n.labels))
	n.labels = append(n.labels, k)
	n.byLabel[k] = l
	return l
}

// line numbers a line's id: anew, unless it is the one numbered last.
func (n *names) line(id string) lineNo {
	if id == "" {
		return 0
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if last := len(n.lineEnds) - 1; last > 0 && string(n.lineText[n.lineEnds[last-1]:]) == id {
		return lineNo(last)
	}
	n.lineText = append(n.lineText, id...)
	n.lineEnds = append(n.lineEnds, uint32(len(n.lineText)))
	return lineNo(len(n.lineEnds) - 1)
}

// grow makes room for the ids of so many more lines.
func (n *names) grow(lines int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lineEnds = slices.Grow(n.lineEnds, lines)
}

// seen is what a book may read of its family's names, without a lock: slices
// only ever grow, and what is below a captured length never changes.
type seen struct {
	texts    []string
	accounts []accountKey
	labels   []labelKey
	lineText []byte
	lineEnds []uint32
}

func (n *names) seen() seen {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return seen{n.texts, n.accounts, n.labels, n.lineText, n.lineEnds}
}

func (s seen) account(no AccountNo) Account {
	k := s.accounts[no]
	return Account{Stage: k.stage, Award: s.texts[k.award], Board: s.texts[k.board], Year: k.year, Service: s.texts[k.service]}
}

func (s seen) label(no labelNo) Label {
	k := s.labels[no]
	return Label{s.texts[k.objective], s.texts[k.area], s.texts[k.element], s.texts[k.costType], s.texts[k.matchFor]}
}

// line gives a line's id; the bytes are not to be changed.
func (s seen) line(no lineNo) []byte {
	if no == 0 {
		return nil
	}
	return s.lineText[s.lineEnds[no-1]:s.lineEnds[no]]
}
