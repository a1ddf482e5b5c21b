package decide_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
	"braid/seed"
)

const y26, y27 = fiscal.Year(2026), fiscal.Year(2027)

var posted = time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC)

func on(iso string) fiscal.Date { return fiscal.MustDate(iso) }

// as is someone in a role on the demo's day.
func as(person, role string) decide.Actor {
	a := decide.Actor{Person: person, Name: strings.ToUpper(person), Role: role, Today: on("2027-01-12")}
	if strings.HasPrefix(role, "board") {
		a.Board = "north"
	}
	return a
}

func demo(t testing.TB) *ledger.Book {
	t.Helper()
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	return ledgertest.Folder(t, folder)
}

// post seals an outcome, loads the ledger again with every check, and gives the
// book it makes.
func post(t testing.TB, b *ledger.Book, o *decide.Outcome, err error) *ledger.Book {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	_, next := o.Draft.Seal(posted)
	verify(t, next)
	return next
}

func verify(t interface {
	Helper()
	Fatal(...any)
}, b *ledger.Book) {
	t.Helper()
	l := ledger.NewLoader()
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
	if err := l.Book().CheckBalances(); err != nil {
		t.Fatal(err)
	}
}

// refused expects a refusal of a type, by its code, and gives it.
func refused[T ledger.Refusal](t testing.TB, err error) T {
	t.Helper()
	var r T
	if !errors.As(err, &r) {
		t.Fatalf("want %T, got %v", r, err)
	}
	if r.Code() == "" || r.Error() == "" {
		t.Errorf("%T has no code or no words", r)
	}
	return r
}

func left(b *ledger.Book, award string) money.Pence {
	return b.Balance(ledger.Account{Stage: ledger.Awarded, Award: award, Year: y26})
}

func held(b *ledger.Book, award, service string) money.Pence {
	all, _ := decide.Held(b, award, service, y26)
	return all
}

// cells gives what a service has from an award in 2026-27 by objective and area.
func cells(b *ledger.Book, award, service string) map[string]money.Pence {
	return cellsOf(b, award, service, y26)
}

func cellsOf(b *ledger.Book, award, service string, year fiscal.Year) map[string]money.Pence {
	of := map[string]money.Pence{}
	only := ledger.Filter{ledger.ByAward: award, ledger.ByService: service, ledger.ByYear: year.String()}
	for _, r := range b.View(on("2027-03-31")).Position([]ledger.Dimension{ledger.ByObjective, ledger.ByArea}, only).Rows {
		if p := r.Sums[ledger.AllocatedTo].Pence(); p != 0 {
			of[r.Key[0]+"@"+r.Key[1]] = p
		}
	}
	return of
}

// TestMovingMoneyBetweenAwards moves £10,000 of what one service has not yet
// spent from the Children's Fund to the core budget, and back again.
func TestMovingMoneyBetweenAwards(t *testing.T) {
	b := demo(t)
	o, err := decide.Reallocate(b, as("ann", "commissioner"), []decide.Cell{
		{Award: "childrens-fund", Service: "parenting", Year: y26, Was: 60_000_00, To: 50_000_00},
		{Award: "core", Service: "parenting", Year: y26, Was: 0, To: 10_000_00},
	}, "The Children's Fund ends")
	next := post(t, b, o, err)
	if !o.Need.Alone {
		t.Errorf("£10,000 is within the commissioner's limit: %+v", o.Need)
	}
	wantLeft := []decide.Left{ // the boards' shares are apart
		{Award: "childrens-fund", Year: y26, Before: 200_000_00, After: 210_000_00},
		{Award: "core", Year: y26, Before: 290_000_00, After: 280_000_00},
	}
	if diff := cmp.Diff(wantLeft, o.Left); diff != "" {
		t.Errorf("left (-want +is):\n%s", diff)
	}
	if got := held(next, "core", "parenting"); got != 10_000_00 {
		t.Errorf("core pays %s", got.Exact())
	}
	// less keeps to what the money was for, exactly: north 32,000 and west 28,000
	if diff := cmp.Diff(map[string]money.Pence{"confident-parents@north": 26_666_67, "confident-parents@west": 23_333_33}, cells(next, "childrens-fund", "parenting")); diff != "" {
		t.Errorf("what is left is for (-want +is):\n%s", diff)
	}
	// more, where there was none: its one objective, and no one place
	if diff := cmp.Diff(map[string]money.Pence{"confident-parents@": 10_000_00}, cells(next, "core", "parenting")); diff != "" {
		t.Errorf("what is new is for (-want +is):\n%s", diff)
	}
	o, err = decide.Undo(next, as("ann", "commissioner"), next.Sequence())
	again := post(t, next, o, err)
	for _, award := range []string{"childrens-fund", "core"} {
		if diff := cmp.Diff(cells(b, award, "parenting"), cells(again, award, "parenting")); diff != "" || left(again, award) != left(b, award) {
			t.Errorf("%s is not undone: left %s\n%s", award, left(again, award).Exact(), diff)
		}
	}
	if _, err := decide.Undo(again, as("ann", "commissioner"), next.Sequence()); err == nil {
		t.Error("undone twice")
	}
	o, err = decide.Undo(again, as("ann", "commissioner"), again.Sequence())
	redone := post(t, again, o, err)
	if diff := cmp.Diff(cells(next, "core", "parenting"), cells(redone, "core", "parenting")); diff != "" {
		t.Errorf("the undo undone:\n%s", diff)
	}
}

// TestVirementWithinAnAward: less here and more there within one award is a
// virement, labelled for what the money becomes.
func TestVirementWithinAnAward(t *testing.T) {
	b := demo(t)
	o, err := decide.Reallocate(b, as("ann", "commissioner"), []decide.Cell{
		{Award: "core", Service: "youth-inclusion", Year: y26, Was: 50_000_00, To: 45_000_00},
		{Award: "core", Service: "speech-language", Year: y26, Was: 70_000_00, To: 75_000_00},
	}, "Waiting lists")
	next := post(t, b, o, err)
	for _, s := range o.Steps {
		if s.Kind != ledger.Virement || s.From != "youth-inclusion" || s.To != "speech-language" || s.Objective != "ready-for-school" {
			t.Errorf("a step %+v", s)
		}
	}
	if left(next, "core") != left(b, "core") {
		t.Errorf("left changed to %s", left(next, "core").Exact())
	}
	if diff := cmp.Diff(map[string]money.Pence{"out-of-trouble@north": 18_000_00, "out-of-trouble@east": 18_000_00, "out-of-trouble@west": 9_000_00}, cells(next, "core", "youth-inclusion")); diff != "" {
		t.Errorf("from (-want +is):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]money.Pence{"ready-for-school@north": 25_714_29, "ready-for-school@west": 49_285_71}, cells(next, "core", "speech-language")); diff != "" {
		t.Errorf("to (-want +is):\n%s", diff)
	}
	var virement money.Pence
	next.View(on("2027-03-31")).OfKind(ledger.Virement, func(_ int, e ledger.Entry) { virement += e.Amount })
	if virement != 5_000_00 {
		t.Errorf("virements come to %s", virement.Exact())
	}
}

func TestReallocateRefuses(t *testing.T) {
	b, ann := demo(t), as("ann", "commissioner")
	try := func(cells ...decide.Cell) error {
		_, err := decide.Reallocate(b, ann, cells, "a reason")
		return err
	}
	cell := func(award, service string, was, to money.Pence) decide.Cell {
		return decide.Cell{Award: award, Service: service, Year: y26, Was: was, To: to}
	}
	if r := refused[*decide.Changed](t, try(cell("core", "parenting", 1_00, 2_00))); r.Now != 0 {
		t.Errorf("now %s", r.Now.Exact())
	}
	if r := refused[*decide.BoardMoney](t, try(cell("core", "family-hubs", 300_000_00, 29_999_99))); r.Board != 30_000_00 {
		t.Errorf("the board's part is %s", r.Board.Exact())
	}
	refused[*decide.Repeated](t, try(cell("core", "family-hubs", 300_000_00, 299_000_00), cell("core", "family-hubs", 300_000_00, 298_000_00)))
	refused[*decide.BadAmount](t, try(cell("core", "family-hubs", 300_000_00, -1)))
	refused[*decide.Unchanged](t, try(cell("core", "family-hubs", 300_000_00, 300_000_00)))
	refused[*decide.Unchanged](t, try())
	refused[*ledger.NotFound](t, try(cell("nowhere", "family-hubs", 0, 1_00)))
	refused[*ledger.NotFound](t, try(cell("core", "nobody", 0, 1_00)))
	refused[*ledger.Short](t, try(cell("nrf", "play-holiday", 90_000_00, 90_000_01)))
	refused[*ledger.Short](t, try(cell("childrens-fund", "parenting", 60_000_00, 0))) // some of it is spent
	refused[*ledger.Breach](t, try(cell("flying-start", "young-carers", 0, 1_00)))
	_, err := decide.Reallocate(b, ann, []decide.Cell{cell("core", "parenting", 0, 1_00)}, "  ")
	refused[*ledger.NeedsReason](t, err)
}

// TestLimits: a move just within the limit is one person's, a penny more is two's.
func TestLimits(t *testing.T) {
	b := demo(t)
	for _, c := range []struct {
		role, action string
		amount       money.Pence
		permanent    bool
		alone        bool
		by           string
	}{
		{"commissioner", decide.ToVire, 50_000_00, false, true, ""},
		{"commissioner", decide.ToVire, 50_000_01, false, false, "finance"},
		{"commissioner", decide.ToVire, 1_00, true, false, "finance"},
		{"finance", decide.ToVire, 25_000_00, true, true, ""},
		{"finance", decide.ToVire, 25_000_01, true, false, ""},
		{"finance", decide.ToVire, 100_000_00, false, true, ""},
		{"finance", decide.ToVire, 100_000_01, false, false, ""},
		{"administrator", decide.ToVire, 1_00, false, false, "commissioner finance"},
		{"commissioner", decide.ToAllocate, 900_000_00, true, true, ""}, // no limit of that action is recorded
		{"board chair", decide.ToPay, 25_000_00, false, true, ""},
		{"board chair", decide.ToPay, 25_000_01, false, false, ""},
	} {
		n := decide.Judge(b, as("x", c.role), c.action, c.amount, c.permanent)
		if n.Alone != c.alone || strings.Join(n.By, " ") != c.by {
			t.Errorf("%s, %s of %s (permanent %v): alone %v, by %v", c.role, c.action, c.amount.Exact(), c.permanent, n.Alone, n.By)
		}
	}
}

// TestOneMoveCannotBeMadeAsSeveral: the year's limit sees what was moved before
// by the role, whoever held it, and not what was undone.
func TestOneMoveCannotBeMadeAsSeveral(t *testing.T) {
	b := ledgertest.Book(t, `
		# streams
		id,name,2026-27
		core,Core,500000
		# services
		id,name
		a,A
		b,B
		# limits
		role,action,amount,inclusive,per
		commissioner,virement,50000,yes,move
		commissioner,virement,100000,yes,year
		finance,virement,200000,yes,move
		# allocations
		award,service,2026-27
		core,a,300000`)
	move := func(b *ledger.Book, person string, pounds money.Pence) (*decide.Outcome, error) {
		return decide.Do(b, as(person, "commissioner"), decide.Virement{Award: "core", From: "a", To: "b", Year: y26, Amount: pounds * 100}, "more for B")
	}
	o, err := move(b, "ann", 50_000)
	b = post(t, b, o, err)
	o, err = move(b, "bob", 50_000)
	b = post(t, b, o, err)
	_, err = move(b, "cat", 1)
	r := refused[*decide.NeedsApproval](t, err)
	if r.Need.Moved != 100_000_00 || !slices.Equal(r.Need.By, []string{"finance"}) {
		t.Errorf("%+v", r.Need)
	}
	o, err = decide.Undo(b, as("bob", "commissioner"), b.Sequence())
	b = post(t, b, o, err)
	o, err = move(b, "cat", 50_000)
	b = post(t, b, o, err)
	// above the limit: asked, and done by another
	_, err = decide.Ask(b, as("ann", "commissioner"), decide.Virement{Award: "core", From: "a", To: "b", Year: y26, Amount: 250_000_00}, "too much")
	refused[*ledger.Short](t, err)
	o, err = decide.Ask(b, as("ann", "commissioner"), decide.Virement{Award: "core", From: "a", To: "b", Year: y26, Amount: 60_000_00}, "more for B")
	b = post(t, b, o, err)
	id := fmt.Sprintf("ask-%d", b.Sequence())
	before := held(b, "core", "b")
	_, err = decide.Approve(b, as("ann", "finance"), id, "fine") // in another role, and still the asker
	refused[*decide.OwnRequest](t, err)
	_, err = decide.Approve(b, as("cat", "commissioner"), id, "fine")
	refused[*decide.NeedsApproval](t, err)
	_, err = decide.Withdraw(b, as("fay", "finance"), id, "")
	refused[*decide.NotAsker](t, err)
	_, err = decide.Refuse(b, as("ann", "finance"), id, "no")
	refused[*decide.OwnRequest](t, err)
	_, err = decide.Approve(b, as("fay", "finance"), id, " ")
	refused[*ledger.NeedsReason](t, err)
	o, err = decide.Approve(b, as("fay", "finance"), id, "fine")
	b = post(t, b, o, err)
	if got := held(b, "core", "b") - before; got != 60_000_00 {
		t.Errorf("approved and moved %s", got.Exact())
	}
	if rec, _ := b.Record("asks", id); rec.Get("state") != "approved" || rec.Get("decided_by") != "fay" || rec.Get("by") != "ann" {
		t.Errorf("the ask reads %+v", rec)
	}
	_, err = decide.Approve(b, as("fay", "finance"), id, "again")
	refused[*decide.NotWaiting](t, err)
}

// TestARequestIsJudgedWhenItIsApproved: on the book as it is then.
func TestARequestIsJudgedWhenItIsApproved(t *testing.T) {
	b := demo(t)
	request := decide.Reallocation{Cells: []decide.Cell{
		{Award: "core", Service: "family-hubs", Year: y27, Was: 300_000_00, To: 280_000_00},
		{Award: "core", Service: "parenting", Year: y27, Was: 0, To: 20_000_00}}}
	_, err := decide.Do(b, as("ann", "commissioner"), request, "r")
	refused[*decide.NeedsApproval](t, err)
	o, err := decide.Ask(b, as("ann", "commissioner"), request, "r")
	b = post(t, b, o, err)
	id := fmt.Sprintf("ask-%d", b.Sequence())
	if rec, _ := b.Record("asks", id); rec.Get("amount") != "20000.00" || rec.Get("year") != "2027-28" {
		t.Errorf("the ask reads %+v", rec)
	}
	if o, err := decide.Preview(b, as("fay", "finance"), id); err != nil || len(o.Steps) == 0 {
		t.Errorf("preview: %v", err)
	}
	o, err = decide.Do(b, as("bob", "commissioner"), decide.Allocation{Award: "core", Service: "parenting", Year: y27, Amount: 10_00, Objective: "confident-parents", Area: "north:50;east:50"}, "a little")
	changed := post(t, b, o, err)
	if diff := cmp.Diff(map[string]money.Pence{"confident-parents@north": 5_00, "confident-parents@east": 5_00}, cellsOf(changed, "core", "parenting", y27)); diff != "" {
		t.Error(diff)
	}
	_, err = decide.Approve(changed, as("fay", "finance"), id, "fine")
	refused[*decide.Changed](t, err)
	o, err = decide.Approve(b, as("fay", "finance"), id, "fine")
	b = post(t, b, o, err)
	if got, _ := decide.Held(b, "core", "parenting", y27); got != 20_000_00 {
		t.Errorf("approved: %s", got.Exact())
	}
}

func TestBoardPosition(t *testing.T) {
	v := demo(t).View(on("2027-01-12"))
	p := decide.BoardPosition(v, "north", y26)
	for _, c := range []struct {
		what string
		got  money.Sum
		want money.Pence
	}{{"given", p.Given.Sum, 240_000_00}, {"promised", p.Promised.Sum, 186_000_00}, {"asked for", p.AskedFor.Sum, 22_000_00}, {"left", p.Left, 32_000_00}} {
		if c.got.Pence() != c.want || c.got.State() != money.Exact {
			t.Errorf("%s is %s, want %s", c.what, c.got, c.want.Exact())
		}
	}
	for _, f := range []decide.Figure{p.Given, p.Promised} {
		var sum money.Pence
		for _, proof := range v.Explain(f.Measure, f.Filter) {
			sum += proof.Amount
		}
		if sum != f.Sum.Pence() {
			t.Errorf("%s opens to %s", f.Sum, sum.Exact())
		}
	}
	if len(p.AskedFor.Records) != 1 || p.AskedFor.Records[0].ID != "dads-group" {
		t.Errorf("asked for opens to %+v", p.AskedFor.Records)
	}
	if len(p.Ends) != 1 || p.Ends[0].On != on("2027-03-31") || p.Ends[0].Amount.Pence() != 60_000_00 {
		t.Errorf("ends: %+v", p.Ends)
	}
}

// declared is the demo with the interests of two members asked.
func declared(t *testing.T, b *ledger.Book, people ...string) *ledger.Book {
	for _, person := range people {
		o, err := decide.DeclareInterest(b, as(person, "board member"), "dads-group", false, "")
		b = post(t, b, o, err)
	}
	return b
}

func minute(outcome string) decide.Decision {
	return decide.Decision{Proposal: "dads-group", Outcome: outcome, HeldOn: on("2027-01-11"), Present: 6, For: 5, Abstained: 1, Reason: "Fathers asked for it", Second: "sam"}
}

func TestABoardDecides(t *testing.T) {
	b := declared(t, demo(t), "kim")
	kim := as("kim", "board chair")
	o, err := decide.Decide(b, kim, minute("pay"))
	next := post(t, b, o, err)
	p := decide.BoardPosition(next.View(on("2027-01-12")), "north", y26)
	if p.Promised.Sum.Pence() != 208_000_00 || p.AskedFor.Sum.Pence() != 0 || p.Left.Pence() != 32_000_00 || p.Given.Sum.Pence() != 240_000_00 {
		t.Errorf("after: %s given, %s promised, %s asked for, %s left", p.Given.Sum, p.Promised.Sum, p.AskedFor.Sum, p.Left)
	}
	for id, l := range next.Lines {
		if id == "dads-group-proposal/2026-27" && l.State != "withdrawn" {
			t.Errorf("the proposed line is %s", l.State)
		}
	}
	_, err = decide.Decide(next, kim, minute("pay"))
	refused[*decide.NotWaiting](t, err)
	o, err = decide.Undo(next, kim, next.Sequence())
	if again := post(t, next, o, err); decide.BoardPosition(again.View(on("2027-01-12")), "north", y26).AskedFor.Sum.Pence() != 22_000_00 {
		t.Error("the decision is not undone")
	}
	d := minute("part")
	d.Amount = 10_000_00
	o, err = decide.Decide(b, kim, d)
	part := decide.BoardPosition(post(t, b, o, err).View(on("2027-01-12")), "north", y26)
	if part.Promised.Sum.Pence() != 196_000_00 || part.Left.Pence() != 44_000_00 {
		t.Errorf("after a part: %s promised, %s left", part.Promised.Sum, part.Left)
	}
	for outcome, state := range map[string]string{"refuse": "refused", "in principle": "in principle", "defer": "deferred"} {
		d := minute(outcome)
		d.Until = on("2027-02-18")
		o, err := decide.Decide(b, kim, d)
		next := post(t, b, o, err)
		if rec, _ := next.Record("proposals", "dads-group"); rec.Get("state") != state || len(o.Steps) != 0 {
			t.Errorf("%s: it reads %s, with %d steps", outcome, rec.Get("state"), len(o.Steps))
		}
	}
}

func TestDecideRefuses(t *testing.T) {
	b := declared(t, demo(t), "kim", "demo-dads")
	kim := as("kim", "board chair")
	with := func(change func(*decide.Decision)) error {
		d := minute("pay")
		change(&d)
		_, err := decide.Decide(b, kim, d)
		return err
	}
	refused[*decide.SecondNeeded](t, with(func(d *decide.Decision) { d.Second = "" }))
	refused[*decide.SecondNeeded](t, with(func(d *decide.Decision) { d.Second = "kim" }))
	refused[*decide.SecondNeeded](t, with(func(d *decide.Decision) { d.Second = "demo-dads" }))
	refused[*decide.NoQuorum](t, with(func(d *decide.Decision) { d.Present, d.For, d.Abstained = 4, 4, 0 }))
	refused[*decide.BadVotes](t, with(func(d *decide.Decision) { d.Against = 9 }))
	refused[*decide.BadVotes](t, with(func(d *decide.Decision) { d.For, d.Against, d.Abstained = 2, 3, 0 }))
	refused[*ledger.NeedsReason](t, with(func(d *decide.Decision) { d.Reason = "" }))
	refused[*ledger.Malformed](t, with(func(d *decide.Decision) { d.Outcome = "perhaps" }))
	refused[*decide.BadAmount](t, with(func(d *decide.Decision) { d.Outcome, d.Amount = "part", 22_000_00 }))
	refused[*decide.Needs](t, with(func(d *decide.Decision) { d.HeldOn = 0 }))
	refused[*decide.Needs](t, with(func(d *decide.Decision) { d.Outcome = "defer" }))
	refused[*decide.BadDate](t, with(func(d *decide.Decision) { d.HeldOn = on("2027-01-13") }))
	refused[*ledger.NotFound](t, with(func(d *decide.Decision) { d.Proposal = "nothing" }))
	_, err := decide.Decide(b, as("lee", "board chair"), minute("pay"))
	refused[*decide.NotDeclared](t, err)
	_, err = decide.Decide(b, as("demo-dads", "board member"), minute("pay"))
	refused[*decide.OwnRequest](t, err)
	other := kim
	other.Board = "south"
	_, err = decide.Decide(b, other, minute("pay"))
	refused[*decide.OtherBoard](t, err)
	_, err = decide.Decide(b, as("fay", "finance"), minute("pay"))
	refused[*decide.OtherBoard](t, err)
	_, err = decide.DeclareInterest(b, kim, "dads-group", true, " ")
	refused[*decide.Needs](t, err)
	for _, person := range []string{"kim", "sam"} {
		o, err := decide.DeclareInterest(b, as(person, "board member"), "dads-group", true, "my brother runs it")
		next := post(t, b, o, err)
		_, err = decide.Decide(next, kim, minute("pay"))
		refused[*decide.Conflict](t, err)
	}
}

// TestOverTheBoardsLimitTheCouncilDecides: nothing is promised until it has.
func TestOverTheBoardsLimitTheCouncilDecides(t *testing.T) {
	b := demo(t)
	o, err := decide.Propose(b, as("pat", "board member"), decide.Proposal{ID: "big", Board: "north", Service: "dads-group", Award: "families-first", Objective: "confident-parents", Area: "north",
		Year: y26, Title: "A bigger group", Amount: 26_000_00, People: 40, What: "Two evenings"})
	b = post(t, b, o, err)
	for _, person := range []string{"kim", "fay"} {
		o, err = decide.DeclareInterest(b, decide.Actor{Person: person, Role: "board chair", Board: "north", Today: on("2027-01-12")}, "big", false, "")
		b = post(t, b, o, err)
	}
	d := minute("pay")
	d.Proposal = "big"
	o, err = decide.Decide(b, as("kim", "board chair"), d)
	b = post(t, b, o, err)
	if rec, _ := b.Record("proposals", "big"); rec.Get("state") != "recommended" || len(o.Steps) != 0 || o.Need.Alone {
		t.Errorf("over the limit it reads %s, with steps %v", rec.Get("state"), o.Steps)
	}
	_, err = decide.Decide(b, as("kim", "board chair"), d)
	refused[*decide.ForCouncil](t, err)
	_, err = decide.Decide(b, as("kim", "finance"), d) // who recorded the recommendation
	refused[*decide.OwnRequest](t, err)
	o, err = decide.Decide(b, as("fay", "finance"), d)
	b = post(t, b, o, err)
	if got, boards := decide.Held(b, "families-first", "dads-group", y26); got != 26_000_00 || boards != got {
		t.Errorf("the council decided, and it holds %s, the board's %s", got.Exact(), boards.Exact())
	}
	if rec, _ := b.Record("decisions", "big/2"); rec.Get("body") != "Council" || rec.Get("kind") != "decides" {
		t.Errorf("the minute reads %+v", rec)
	}
}

func TestProposeRefuses(t *testing.T) {
	b, pat := demo(t), as("pat", "board member")
	good := decide.Proposal{ID: "p", Board: "north", Year: y26, Title: "T", Amount: 1_00, What: "W", People: -1}
	try := func(change func(*decide.Proposal)) error {
		p := good
		change(&p)
		_, err := decide.Propose(b, pat, p)
		return err
	}
	if err := try(func(*decide.Proposal) {}); err != nil {
		t.Fatal(err)
	}
	refused[*decide.Needs](t, try(func(p *decide.Proposal) { p.Title = " " }))
	refused[*decide.Needs](t, try(func(p *decide.Proposal) { p.What = "" }))
	refused[*decide.Needs](t, try(func(p *decide.Proposal) { p.Year = fiscal.Term }))
	refused[*decide.BadAmount](t, try(func(p *decide.Proposal) { p.Amount = 0 }))
	refused[*ledger.NotFound](t, try(func(p *decide.Proposal) { p.Board = "south" }))
	refused[*decide.NotAsker](t, try(func(p *decide.Proposal) { p.ID = "dads-group" }))
	if err := try(func(p *decide.Proposal) { p.Draft, p.Amount, p.What = true, 0, "" }); err != nil {
		t.Errorf("a draft may be unfinished: %v", err)
	}
	_, err := decide.WithdrawProposal(b, pat, "dads-group", "")
	refused[*decide.NotAsker](t, err)
}

func TestDelegationTakesTwoInFinance(t *testing.T) {
	b := demo(t)
	r := decide.Delegation{Board: "north", Award: "core", Year: y26, Amount: 10_000_00}
	_, err := decide.Do(b, as("ann", "commissioner"), r, "more for north")
	refused[*decide.WrongRole](t, err)
	_, err = decide.Do(b, as("fay", "finance"), r, "more for north")
	refused[*decide.NeedsApproval](t, err)
	o, err := decide.Ask(b, as("fay", "finance"), r, "more for north")
	b = post(t, b, o, err)
	id := fmt.Sprintf("ask-%d", b.Sequence())
	_, err = decide.Approve(b, as("fay", "finance"), id, "ok")
	refused[*decide.OwnRequest](t, err)
	_, err = decide.Approve(b, as("ann", "commissioner"), id, "ok")
	refused[*decide.WrongRole](t, err)
	o, err = decide.Approve(b, as("gil", "finance"), id, "ok")
	b = post(t, b, o, err)
	if p := decide.BoardPosition(b.View(on("2027-01-12")), "north", y26); p.Given.Sum.Pence() != 250_000_00 {
		t.Errorf("given %s", p.Given.Sum)
	}
}

func TestPeriods(t *testing.T) {
	b := demo(t)
	_, err := decide.ClosePeriod(b, as("ann", "commissioner"), "2027-01", "done")
	refused[*decide.WrongRole](t, err)
	_, err = decide.ClosePeriod(b, as("fay", "finance"), "2027-13", "done")
	refused[*ledger.Malformed](t, err)
	o, err := decide.FinanceOnly(b, as("fay", "finance"), "2027-01", "done")
	b = post(t, b, o, err)
	cell := []decide.Cell{{Award: "core", Service: "parenting", Year: y26, Was: 0, To: 1_00}}
	_, err = decide.Reallocate(b, as("ann", "commissioner"), cell, "r")
	refused[*ledger.Closed](t, err)
	o, err = decide.ClosePeriod(b, as("fay", "finance"), "2027-01", "done")
	b = post(t, b, o, err)
	_, err = decide.Reallocate(b, as("fay", "finance"), cell, "r")
	refused[*ledger.Closed](t, err)
	_, err = decide.FinanceOnly(b, as("fay", "finance"), "2027-01", "reopened by the back door")
	refused[*decide.NotWaiting](t, err)
	o, err = decide.Reopen(b, as("fay", "finance"), "2027-01", "a late invoice")
	b = post(t, b, o, err)
	id := fmt.Sprintf("ask-%d", b.Sequence())
	_, err = decide.Approve(b, as("fay", "finance"), id, "ok")
	refused[*decide.OwnRequest](t, err)
	o, err = decide.Approve(b, as("gil", "finance"), id, "ok")
	b = post(t, b, o, err)
	if _, err = decide.Reallocate(b, as("ann", "commissioner"), cell, "r"); err != nil {
		t.Errorf("reopened: %v", err)
	}
}

func TestAnswersToFindings(t *testing.T) {
	b, ann := demo(t), as("ann", "commissioner")
	find := func(b *ledger.Book, rule string) check.Finding {
		for _, f := range check.Run(b.View(on("2027-01-12")), check.DefaultPolicy(), rule) {
			if !f.Unknown {
				return f
			}
		}
		t.Fatalf("no finding of %s", rule)
		return check.Finding{}
	}
	f := find(b, "duplication/commissioned-twice")
	_, err := decide.JudgeFinding(b, ann, f, decide.BothNeeded, "", 0, "")
	refused[*ledger.NeedsReason](t, err)
	_, err = decide.JudgeFinding(b, ann, f, "fine", "r", 0, "")
	refused[*ledger.Malformed](t, err)
	_, err = decide.JudgeFinding(b, ann, f, decide.NotSure, "r", 0, "")
	refused[*decide.Needs](t, err)
	_, err = decide.AcceptGap(b, ann, find(b, "gap/no-service"), "r", 0)
	refused[*decide.Needs](t, err)
	_, err = decide.AcceptGap(b, ann, find(b, "gap/no-service"), "r", on("2027-01-12"))
	refused[*decide.BadDate](t, err)
	o, err := decide.JudgeFinding(b, ann, f, decide.BothNeeded, "different children", 0, "")
	next := post(t, b, o, err)
	silenced := func(b *ledger.Book) bool {
		for _, g := range check.Run(b.View(on("2027-01-12")), check.DefaultPolicy(), "duplication/commissioned-twice") {
			if g.ID == f.ID {
				return g.Silenced()
			}
		}
		return false
	}
	if !silenced(next) {
		t.Error("the judgement does not silence the finding")
	}
	o, err = decide.Undo(next, ann, next.Sequence())
	if silenced(post(t, next, o, err)) {
		t.Error("the judgement stands though undone")
	}
}

func TestExceptionsAndMoneyAtRisk(t *testing.T) {
	b, ann := demo(t), as("ann", "commissioner")
	cell := []decide.Cell{{Award: "flying-start", Service: "family-hubs", Year: y26, Was: 0, To: 1_000_00}}
	_, err := decide.Reallocate(b, ann, cell, "r")
	var breach *ledger.Breach
	for errors.As(err, &breach) { // each term that stands against it, in turn
		o, e := decide.Except(b, ann, "flying-start", "family-hubs", ledger.TermID(breach.Ruling), "the funder agreed in writing")
		b = post(t, b, o, e)
		_, err = decide.Reallocate(b, ann, cell, "r")
		breach = nil
	}
	if err != nil {
		t.Errorf("with the ground recorded: %v", err)
	}
	_, err = decide.Except(b, ann, "flying-start", "family-hubs", "fs-ages", "")
	refused[*ledger.NeedsReason](t, err)
	_, err = decide.AllowAtRisk(b, ann, "nrf", "play-holiday", 5_00, on("2027-01-11"), "Council", "r")
	refused[*decide.BadDate](t, err)
	_, err = decide.AllowAtRisk(b, ann, "nrf", "play-holiday", 5_00, on("2027-03-31"), "", "r")
	refused[*decide.Needs](t, err)
	o, err := decide.AllowAtRisk(b, ann, "nrf", "play-holiday", 5_00, on("2027-03-31"), "Council", "r")
	post(t, b, o, err)
}

func TestEditingRecords(t *testing.T) {
	b, ann := demo(t), as("ann", "commissioner")
	was, _ := b.Record("services", "play-holiday")
	edit := was
	edit.Values = slices.Clone(was.Values)
	for i := range edit.Values {
		if edit.Values[i].Column == "name" {
			edit.Values[i].Text = "Play and holidays"
		}
	}
	version := decide.Version(b, "services", "play-holiday")
	_, err := decide.PutRecord(b, ann, edit, version, "")
	refused[*ledger.NeedsReason](t, err)
	_, err = decide.PutRecord(b, ann, was, version, "r")
	refused[*decide.Unchanged](t, err)
	o, err := decide.PutRecord(b, ann, edit, version, "as they call it")
	next := post(t, b, o, err)
	if next.ServiceName("play-holiday") != "Play and holidays" {
		t.Error("the edit is not there")
	}
	edit.Values = slices.Clone(edit.Values)
	_, err = decide.PutRecord(next, ann, was, version, "back")
	refused[*decide.ChangedRecord](t, err)
	o, err = decide.Undo(next, ann, next.Sequence())
	if again := post(t, next, o, err); again.ServiceName("play-holiday") != b.ServiceName("play-holiday") {
		t.Error("the edit is not undone")
	}
	row := func(register, id string, cells ...string) ledger.Record {
		r := ledger.Record{Register: register, ID: id}
		for i := 0; i < len(cells); i += 2 {
			r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
		}
		return r
	}
	for _, r := range []ledger.Record{
		row("services", "new"), row("services", "new", "name", "N", "areas", "nowhere"), row("services", "new", "name", "N", "starts", "soon"),
		row("services", "new", "name", "N", "capacity", "-1"), row("services", "new", "name", "N", "2026-27", "lots"), row("services", "new", "name", "N", "colour", "red"),
		row("exits", "e", "service", "play-holiday", "state", "sold"), row("awards", "a", "stream", "core", "renewal_percent", "120%"), row("settings", "accent"),
	} {
		if _, err := decide.PutRecord(b, ann, r, "", "r"); err == nil {
			t.Errorf("%+v was saved", r)
		}
	}
	_, err = decide.PutRecord(b, ann, row("allocations", "x", "award", "core", "service", "parenting"), "", "r")
	refused[*decide.NotByForm](t, err)
	o, err = decide.PutRecord(b, ann, row("notes", "n1", "text", "rang the provider", "about", "services/play-holiday"), "", "")
	next = post(t, b, o, err)
	if rec, _ := next.Record("notes", "n1"); rec.Values[0].Column != "about" {
		t.Errorf("its columns are not in order: %+v", rec)
	}
	_, err = decide.Undo(next, ann, next.Sequence())
	refused[*decide.CannotUndo](t, err)
	// a statement of a figure posts what it changes, and is undone whole
	o, err = decide.PutRecord(b, ann, row("figures", "nrf-more", "award", "nrf", "year", "2026-27", "amount", "210000.00", "certainty", "revised", "stated_on", "2027-01-10"), "", "a letter")
	next = post(t, b, o, err)
	if got := left(next, "nrf") - left(b, "nrf"); got != 30_000_00 {
		t.Errorf("the statement adds %s", got.Exact())
	}
	o, err = decide.Undo(next, ann, next.Sequence())
	if again := post(t, next, o, err); left(again, "nrf") != left(b, "nrf") {
		t.Errorf("undone, %s is left", left(again, "nrf").Exact())
	}
	o, err = decide.Do(next, ann, decide.Allocation{Award: "nrf", Service: "play-holiday", Year: y26, Amount: 10_000_00, Objective: "safe-from-harm", Area: "north"}, "now there is money")
	next = post(t, next, o, err)
	_, err = decide.Undo(next, ann, next.Sequence()-1)
	refused[*decide.CannotUndo](t, err)
}
