package ledger

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// TestMain raises the property tests to a thousand runs each, unless told otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		_ = flag.Set("rapid.checks", "1000")
	}
	os.Exit(m.Run())
}

// model is the ledger as a bookkeeper would keep it on paper: balances by
// account, and what was posted. It knows nothing of batches, numbers or chunks.
type model struct {
	held   map[Account]money.Pence
	stated map[string]money.Pence // award/year → the secured figure that stands
	posted []modelEntry
}

type modelEntry struct {
	from, to Account
	amount   money.Pence
	reversed bool
	fact     bool // a figure or a payment: its reversal is a fact too
	id       EntryID
}

func (m *model) move(from, to Account, amount money.Pence) {
	m.held[from] -= amount
	m.held[to] += amount
}

var (
	modelAwards   = []string{"cf", "nrf", "ff"}
	modelServices = []string{"hubs", "panels", "play"}
	modelBoards   = []string{"", "north"}
	modelYears    = []fiscal.Year{fiscal.Term, 2026, 2027}
)

func modelBook(t interface{ Fatal(...any) }) *Book {
	d := Empty().Draft(Intent{Author: "model", Reason: "start"})
	var rs []Record
	for _, a := range modelAwards {
		rs = append(rs, record("streams", a, "name", a), record("awards", a, "stream", a))
	}
	for _, s := range modelServices {
		rs = append(rs, record("services", s, "name", s))
	}
	rs = append(rs, record("boards", "north", "name", "North"))
	if err := d.Put(rs...); err != nil {
		t.Fatal(err)
	}
	_, b := d.Seal(posted)
	return b
}

func TestLedgerKeepsToTheModel(t *testing.T) {
	start := modelBook(t)
	rapid.Check(t, func(t *rapid.T) {
		b := start
		m := &model{held: map[Account]money.Pence{}, stated: map[string]money.Pence{}}
		steps := rapid.IntRange(1, 12).Draw(t, "batches")
		n := 0
		for range steps {
			d := b.Draft(Intent{Author: "model", Reason: "because"})
			var drafted []modelEntry
			for range rapid.IntRange(1, 5).Draw(t, "verbs") {
				n++
				drafted = append(drafted, step(t, d, m, n)...)
			}
			if d.Empty() {
				continue
			}
			batch, next := d.Seal(posted)
			if batch.Len() != len(drafted) {
				t.Fatalf("batch %d has %d entries; the model posted %d", batch.Head.Seq, batch.Len(), len(drafted))
			}
			for i := range drafted {
				drafted[i].id = EntryID{batch.Head.Seq, i + 1}
				e := batch.Entry(i + 1)
				if e.From != drafted[i].from || e.To != drafted[i].to || e.Amount != drafted[i].amount {
					t.Fatalf("entry %s moves %s from %s to %s; the model %s from %s to %s", e.ID, e.Amount, e.From, e.To, drafted[i].amount, drafted[i].from, drafted[i].to)
				}
			}
			m.posted = append(m.posted, drafted...)
			b = next
			compare(t, b, m)
		}
		if err := b.CheckBalances(); err != nil {
			t.Fatal(err)
		}
		replay(t, b)
	})
}

// step does one random thing to both, and compares what they refuse.
func step(t *rapid.T, d *Draft, m *model, n int) []modelEntry {
	award := rapid.SampledFrom(modelAwards).Draw(t, "award")
	service := rapid.SampledFrom(modelServices).Draw(t, "service")
	board := rapid.SampledFrom(modelBoards).Draw(t, "board")
	year := rapid.SampledFrom(modelYears).Draw(t, "year")
	amount := money.Pence(rapid.Int64Range(1, 100).Draw(t, "pence"))
	date := on("2026-04-01").AddDays(n)
	mv := Move{Amount: amount, Line: fmt.Sprint("l", n), Effective: date}
	left := Account{Stage: Awarded, Award: award, Board: board, Year: year}
	allocated := Account{Stage: Allocated, Award: award, Board: board, Year: year, Service: service}
	unknown := func(a Account) bool { // a figure never stated leaves what is left unknown
		_, year := m.stated[fmt.Sprint(a.Award, a.Year)]
		_, term := m.stated[fmt.Sprint(a.Award, fiscal.Term)]
		return a.Stage == Awarded && a.Board == "" && !year && !term
	}
	decide := func(err error, from, to Account, amount money.Pence) []modelEntry {
		if m.held[from] < amount && !unknown(from) {
			var short *Short
			if !errors.As(err, &short) || short.Account != from || short.Holds != m.held[from] {
				t.Fatalf("taking %s from %s, which holds %s: got %v", amount, from, m.held[from], err)
			}
			return nil
		}
		if err != nil {
			t.Fatalf("taking %s from %s, which holds %s: refused: %v", amount, from, m.held[from], err)
		}
		m.move(from, to, amount)
		return []modelEntry{{from: from, to: to, amount: amount}}
	}
	switch rapid.SampledFrom([]string{"state", "state", "delegate", "allocate", "allocate", "commit", "pay", "refund", "vire", "carry", "hand back", "reverse"}).Draw(t, "verb") {
	case "state":
		total := money.Pence(rapid.Int64Range(0, 300).Draw(t, "total"))
		r := record("figures", fmt.Sprint("f", n), "award", award, "year", year.String(), "amount", total.String(), "certainty", "revised", "stated_on", date.String())
		if err := d.State(r, 0); err != nil {
			t.Fatal(err)
		}
		key := fmt.Sprint(award, year)
		delta := total - m.stated[key]
		m.stated[key] = total
		from, to := Account{Stage: Funder, Award: award, Year: year}, Account{Stage: Awarded, Award: award, Year: year}
		if delta < 0 {
			from, to, delta = to, from, -delta
		}
		if delta == 0 {
			return nil
		}
		m.move(from, to, delta)
		return []modelEntry{{from: from, to: to, amount: delta, fact: true}}
	case "delegate":
		from := left
		from.Board = ""
		to := left
		to.Board = "north"
		return decide(d.Delegate(award, "north", year, mv), from, to, amount)
	case "allocate":
		return decide(d.Allocate(award, service, board, year, mv), left, allocated, amount)
	case "commit":
		to := allocated
		to.Stage = Committed
		return decide(d.Commit(award, service, board, year, mv), allocated, to, amount)
	case "vire":
		to := allocated
		to.Service = rapid.SampledFrom(modelServices).Draw(t, "to")
		if to == allocated {
			return nil
		}
		return decide(d.Vire(award, service, to.Service, board, year, mv), allocated, to, amount)
	case "carry":
		to := left
		to.Year = rapid.SampledFrom(modelYears).Draw(t, "to year")
		if to == left {
			return nil
		}
		return decide(d.CarryForward(award, board, year, to.Year, mv), left, to, amount)
	case "hand back":
		left.Board = ""
		to := left
		to.Stage = HandedBack
		return decide(d.HandBack(award, year, mv), left, to, amount)
	case "refund":
		if err := d.Pay(award, service, true, mv); err != nil {
			t.Fatal(err)
		}
		to := Account{Stage: Allocated, Award: award, Year: fiscal.YearOf(date), Service: service}
		from := to
		from.Stage = Paid
		m.move(from, to, amount)
		return []modelEntry{{from: from, to: to, amount: amount, fact: true}}
	case "pay":
		if err := d.Pay(award, service, false, mv); err != nil {
			t.Fatal(err)
		}
		var paid []modelEntry
		take := func(from Account, p money.Pence) {
			to := from
			to.Stage = Paid
			m.move(from, to, p)
			paid = append(paid, modelEntry{from: from, to: to, amount: p, fact: true})
		}
		rest := amount
		for _, y := range []fiscal.Year{fiscal.YearOf(date), fiscal.Term} {
			for _, stage := range []Stage{Committed, Allocated} {
				for _, brd := range modelBoards {
					from := Account{Stage: stage, Award: award, Board: brd, Year: y, Service: service}
					if p := min(rest, m.held[from]); p > 0 {
						take(from, p)
						rest -= p
					}
				}
			}
		}
		if rest > 0 {
			take(Account{Stage: Allocated, Award: award, Year: fiscal.YearOf(date), Service: service}, rest)
		}
		return paid
	case "reverse":
		if len(m.posted) == 0 {
			return nil
		}
		e := &m.posted[rapid.IntRange(0, len(m.posted)-1).Draw(t, "which")]
		if e.fact && e.from.Stage != Allocated && e.from.Stage != Committed && e.from.Stage != Paid {
			return nil // a figure is corrected by another statement
		}
		err := d.Reverse(e.id, 0)
		var again *Reversed
		if e.reversed {
			if !errors.As(err, &again) {
				t.Fatalf("a second reversal of %s: got %v", e.id, err)
			}
			return nil
		}
		var done []modelEntry
		if e.fact {
			if err != nil {
				t.Fatal(err)
			}
			m.move(e.to, e.from, e.amount)
			done = []modelEntry{{from: e.to, to: e.from, amount: e.amount, fact: true}}
		} else {
			done = decide(err, e.to, e.from, e.amount)
		}
		if done != nil {
			e.reversed = true
		}
		return done
	}
	return nil
}

func compare(t *rapid.T, b *Book, m *model) {
	v := b.View(latestDate)
	for a, want := range m.held {
		if got := b.Balance(a); got != want {
			t.Fatalf("%s holds %s; the model says %s", a, got, want)
		}
		if got := v.BalanceOf(a); got != want {
			t.Fatalf("the view has %s at %s; the model says %s", a, got, want)
		}
	}
	// every figure of a position opens to entries that add up to it, and what
	// is awarded is what is allocated, handed back and left
	p := v.Position([]Dimension{ByAward, ByYear}, nil)
	for _, r := range p.Rows {
		only := Filter{ByAward: r.Key[0], ByYear: r.Key[1]}
		sum := map[Measure]money.Pence{}
		for _, column := range p.Columns {
			for _, proof := range v.Explain(column, only) {
				sum[column] += proof.Amount
			}
			if got := r.Sums[column].Pence(); got != sum[column] && r.Sums[column].State() != money.NotKnown {
				t.Fatalf("%s of %v is %s and its entries add up to %s", column, r.Key, got, sum[column])
			}
		}
		if sum[AwardedTo] != sum[AllocatedTo]+sum[HandedBackOf]+sum[LeftOf] {
			t.Fatalf("%v: awarded %s is not allocated %s, handed back %s and left %s", r.Key, sum[AwardedTo], sum[AllocatedTo], sum[HandedBackOf], sum[LeftOf])
		}
	}
}

// replay loads the book again from its batches, verified, and expects the same.
func replay(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, b *Book) {
	l := NewLoader()
	l.Verify = true
	for seq := 1; seq <= b.Sequence(); seq++ {
		batch := b.Batch(seq)
		if err := l.Begin(batch.Head); err != nil {
			t.Fatal(err)
		}
		for _, r := range batch.Records {
			if err := l.Record(r); err != nil {
				t.Fatal(err)
			}
		}
		for n := 1; n <= batch.Len(); n++ {
			if err := l.Entry(batch.Entry(n)); err != nil {
				t.Fatal(err)
			}
		}
		_, hash := b.Head(seq)
		if err := l.End(hash); err != nil {
			t.Fatal(err)
		}
	}
	again := l.Book()
	if again.Hash() != b.Hash() {
		t.Fatalf("replayed to %s, want %s", again.Hash(), b.Hash())
	}
	if err := again.CheckBalances(); err != nil {
		t.Fatal(err)
	}
}

// TestBooksDoNotDisturbEachOther grows two successors from one book.
func TestBooksDoNotDisturbEachOther(t *testing.T) {
	b := modelBook(t)
	grow := func(b *Book, line string, amount money.Pence) *Book {
		d := b.Draft(Intent{Author: "a", Reason: "r"})
		if err := d.Allocate("cf", "hubs", "", 2026, Move{Amount: amount, Line: line, Effective: on("2026-04-01")}); err != nil {
			t.Fatal(err)
		}
		_, next := d.Seal(posted)
		return next
	}
	one, two := grow(b, "one", 100), grow(b, "two", 200)
	three := grow(one, "three", 1)
	a := Account{Stage: Allocated, Award: "cf", Year: 2026, Service: "hubs"}
	for _, c := range []struct {
		name string
		book *Book
		want money.Pence
		line string
	}{{"start", b, 0, ""}, {"one", one, 100, "one"}, {"two", two, 200, "two"}, {"three", three, 101, "three"}} {
		if got := c.book.Balance(a); got != c.want {
			t.Errorf("%s holds %s, want %s", c.name, got, c.want)
		}
		if n := c.book.Len(); n > 0 && c.book.Entry(n-1).Line != c.line {
			t.Errorf("%s ends with line %q, want %q", c.name, c.book.Entry(n-1).Line, c.line)
		}
		if err := c.book.CheckBalances(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
