package ledger

import (
	"slices"
	"strings"
	"sync"

	"braid/commissioning"
	"braid/funding"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// View is a book as at a date: it counts entries effective on or before it,
// and statements made by then. Views are kept with their book and shared.
type View struct {
	*Book
	AsAt     fiscal.Date
	balance  []money.Pence // by account
	holdings func() *holdings
	entryOf  func() *accountIndex
	moves    func() *moveIndex
	agreed   func() *agreementIndex
}

// View gives the book as at a date.
func (b *Book) View(asAt fiscal.Date) *View {
	if v := b.memo.view(asAt); v != nil {
		return v
	}
	v := &View{Book: b, AsAt: asAt}
	v.balance = make([]money.Pence, len(b.accounts))
	if b.latest <= asAt {
		for i := range v.balance {
			v.balance[i] = b.balances.get(i)
		}
	} else {
		for _, run := range b.entries.runs {
			for i := range run {
				if e := &run[i]; e.on <= asAt {
					v.balance[e.from] -= e.amount
					v.balance[e.to] += e.amount
				}
			}
		}
	}
	v.holdings = sync.OnceValue(func() *holdings { return v.gather() })
	v.entryOf = sync.OnceValue(func() *accountIndex { return v.indexAccounts() })
	v.moves = sync.OnceValue(func() *moveIndex { return v.indexMoves() })
	v.agreed = sync.OnceValue(func() *agreementIndex { return v.indexAgreements() })
	return b.memo.keep(v)
}

// keptViews is how many dates of one book are kept ready.
const keptViews = 16

func (m *memo) view(asAt fiscal.Date) *View {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.views[asAt]
}

func (m *memo) keep(v *View) *View {
	m.mu.Lock()
	defer m.mu.Unlock()
	if kept := m.views[v.AsAt]; kept != nil {
		return kept
	}
	if m.views == nil || len(m.views) >= keptViews {
		m.views = make(map[fiscal.Date]*View)
	}
	m.views[v.AsAt] = v
	return v
}

// Counts reports whether the view counts an entry, by its index.
func (v *View) Counts(index int) bool { return v.entries.at(index).on <= v.AsAt }

// Holding is what one award has put on one service in one year, for one board
// or none: allocated, promised and spent together, which is what was allocated.
type Holding struct {
	Service, Award, Board Ref
	Year                  fiscal.Year
	Amount                money.Pence
	Paid                  money.Pence
}

// holdings are grouped by service: all[starts[ref]:starts[ref+1]].
type holdings struct {
	starts []int32
	all    []Holding
}

func (v *View) gather() *holdings {
	h := &holdings{starts: make([]int32, len(v.texts)+1)}
	of := func(k *accountKey) bool { return k.stage.OfService() && k.award != 0 }
	n := 0
	for i := range v.balance {
		if k := &v.accounts[i]; of(k) && v.balance[i] != 0 {
			h.starts[k.service+1]++
			n++
		}
	}
	for i := 1; i < len(h.starts); i++ {
		h.starts[i] += h.starts[i-1]
	}
	h.all = make([]Holding, n)
	next := append([]int32(nil), h.starts...)
	for i, amount := range v.balance {
		k := &v.accounts[i]
		if !of(k) || amount == 0 {
			continue
		}
		at := next[k.service]
		next[k.service]++
		h.all[at] = Holding{Service: k.service, Award: k.award, Board: k.board, Year: k.year, Amount: amount}
		if k.stage == Paid {
			h.all[at].Paid = amount
		}
	}
	// join the stages of one holding; groups are small
	out := int32(0)
	for s := 0; s+1 < len(h.starts); s++ {
		group := h.all[h.starts[s]:h.starts[s+1]]
		h.starts[s] = out
		for _, one := range group {
			at := int32(-1)
			for j := h.starts[s]; j < out; j++ {
				if o := &h.all[j]; o.Award == one.Award && o.Year == one.Year && o.Board == one.Board {
					at = j
					break
				}
			}
			if at >= 0 {
				h.all[at].Amount += one.Amount
				h.all[at].Paid += one.Paid
				continue
			}
			h.all[out] = one
			out++
		}
	}
	h.starts[len(h.starts)-1] = out
	h.all = h.all[:out]
	return h
}

// Holdings lists what awards have put on a service, in no order that matters.
func (v *View) Holdings(service string) []Holding {
	ref, ok := v.names.find(service)
	if !ok {
		return nil
	}
	return v.HoldingsOf(ref)
}

// HoldingsOf is Holdings by number.
func (v *View) HoldingsOf(service Ref) []Holding {
	h := v.holdings()
	if int(service)+1 >= len(h.starts) {
		return nil
	}
	return h.all[h.starts[service]:h.starts[service+1]]
}

// AllHoldings lists every holding, grouped by service.
func (v *View) AllHoldings() []Holding { return v.holdings().all }

// agreementIndex groups agreements by service: all[starts[ref]:starts[ref+1]].
type agreementIndex struct {
	starts []int32
	all    []commissioning.Agreement
}

func (v *View) indexAgreements() *agreementIndex {
	x := &agreementIndex{starts: make([]int32, len(v.texts)+1)}
	// in no order: a nation's agreements are many, and a service's are few
	of := &v.Book.agreements
	n := len(of.base) + len(of.over)
	met, services := make([]commissioning.Agreement, 0, n), make([]Ref, 0, n)
	note := func(a commissioning.Agreement) {
		if service, named := v.names.find(a.Service); named && int(service) < len(v.texts) {
			met, services = append(met, a), append(services, service)
			x.starts[service+1]++
		}
	}
	for id, a := range of.base {
		if _, changed := of.over[id]; !changed {
			note(a)
		}
	}
	for _, a := range of.over {
		note(a)
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	x.all = make([]commissioning.Agreement, len(met))
	next := append([]int32(nil), x.starts...)
	for i, service := range services {
		x.all[next[service]] = met[i]
		next[service]++
	}
	for i := 1; i < len(x.starts); i++ {
		slices.SortFunc(x.all[x.starts[i-1]:x.starts[i]], func(a, b commissioning.Agreement) int { return strings.Compare(a.ID, b.ID) })
	}
	return x
}

// AgreementsWith is AgreementsOf, quicker for a service that entries know by a
// number.
func (v *View) AgreementsWith(service Ref, id string) []commissioning.Agreement {
	x := v.agreed()
	if service == 0 || int(service)+1 >= len(x.starts) {
		return v.AgreementsOf(id)
	}
	return x.all[x.starts[service]:x.starts[service+1]]
}

// LastPayments gives the date of the last payment charged to each award.
func (v *View) LastPayments() map[Ref]fiscal.Date {
	last := map[Ref]fiscal.Date{}
	for _, run := range v.entries.runs {
		for i := range run {
			e := &run[i]
			if award := v.accounts[e.to].award; e.kind == Payment && award != 0 && e.on <= v.AsAt && e.on > last[award] {
				last[award] = e.on
			}
		}
	}
	return last
}

// BalanceOf gives an account's balance as at the date.
func (v *View) BalanceOf(a Account) money.Pence {
	no, ok := v.find(a)
	if !ok || int(no) >= len(v.balance) {
		return 0
	}
	return v.balance[no]
}

// Balances calls yield for each account with money in it or out of it.
func (v *View) Balances(yield func(Account, money.Pence) bool) {
	for i, p := range v.balance {
		if p != 0 && !yield(v.account(AccountNo(i)), p) {
			return
		}
	}
}

// Stands gives an award's figure for a year as it stood on the date: what is
// secured, and beside it what is not.
func (v *View) Stands(award string, year fiscal.Year) (secured, unsecured funding.Standing) {
	return funding.Stand(v.Figures(award, year), v.AsAt)
}

// Proof is an entry with what it adds to a figure, in pence; negative takes away.
type Proof struct {
	Index  int
	Amount money.Pence
}

// accountIndex lists the entries that touch each account.
type accountIndex struct{ starts, entries []int32 }

func (v *View) indexAccounts() *accountIndex {
	x := &accountIndex{starts: make([]int32, len(v.accounts)+1), entries: make([]int32, 2*v.Len())}
	for _, run := range v.entries.runs {
		for i := range run {
			x.starts[run[i].from+1]++
			x.starts[run[i].to+1]++
		}
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	next := append([]int32(nil), x.starts...)
	for first, run := range v.entries.runs {
		for i := range run {
			for _, a := range [2]AccountNo{run[i].from, run[i].to} {
				x.entries[next[a]] = int32(first + i)
				next[a]++
			}
		}
	}
	return x
}

// ProofOf lists the entries that add up to the balances of some accounts taken
// together; money that only moves among them does not appear.
func (v *View) ProofOf(accounts ...Account) []Proof {
	nos := make(map[AccountNo]bool, len(accounts))
	for _, a := range accounts {
		if no, ok := v.find(a); ok && int(no) < len(v.accounts) {
			nos[no] = true
		}
	}
	x := v.entryOf()
	var proof []Proof
	for no := range nos {
		for _, i := range x.entries[x.starts[no]:x.starts[no+1]] {
			e := v.entries.at(int(i))
			if e.on > v.AsAt {
				continue
			}
			from, to := nos[e.from], nos[e.to]
			switch {
			case to && !from && e.to == no:
				proof = append(proof, Proof{int(i), e.amount})
			case from && !to && e.from == no:
				proof = append(proof, Proof{int(i), -e.amount})
			}
		}
	}
	slices.SortFunc(proof, func(a, b Proof) int { return a.Index - b.Index })
	return proof
}

// ProofOfHoldings lists the entries that add up to holdings.
func (v *View) ProofOfHoldings(hs ...Holding) []Proof {
	var accounts []Account
	for _, h := range hs {
		for _, stage := range []Stage{Allocated, Committed, Paid} {
			accounts = append(accounts, Account{Stage: stage, Award: v.texts[h.Award], Board: v.texts[h.Board], Year: h.Year, Service: v.texts[h.Service]})
		}
	}
	return v.ProofOf(accounts...)
}
