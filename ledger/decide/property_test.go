package decide_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

// TestWhateverIsDecidedMoneyIsConserved: after any run of changes to the grid,
// virements, requests, approvals and undoings, each award is what its services
// have and what is left of it, none is overdrawn, what a change was to leave in
// a cell is there, its labels add up to it, and an undo leaves all as it was.
func TestWhateverIsDecidedMoneyIsConserved(t *testing.T) {
	start := ledgertest.Book(t, `
		# areas
		id,name
		north,North
		east,East
		# objectives
		id,name
		ready,Ready
		safe,Safe
		# streams
		id,name,2026-27,2027-28
		cf,Children's Fund,1000,500
		core,Core,700,700
		# services
		id,name,objectives,areas
		a,A,ready,north
		b,B,ready;safe,north;east
		c,C,safe,east
		# boards
		id,name
		north,North board
		# delegations
		board,award,2026-27
		north,core,100
		# limits
		role,action,amount,inclusive,per
		commissioner,virement,300,yes,move
		commissioner,virement,600,yes,year
		# allocations
		id,award,service,objective,area,board,2026-27,2027-28
		l1,cf,a,ready,north,,300,
		l2,cf,b,ready:1/3;safe:2/3,north:50;east:50,,200.01,100
		l3,core,b,safe,east,north,60,
		l4,core,c,safe,,,99.99,50`)
	awards, services, years := []string{"cf", "core"}, []string{"a", "b", "c"}, []fiscal.Year{y26, y27}
	given := map[string]money.Pence{}
	sum := func(b *ledger.Book, award string, year fiscal.Year) (all money.Pence) {
		for _, s := range services {
			p, _ := decide.Held(b, award, s, year)
			all += p
		}
		for _, board := range []string{"", "north"} {
			p := b.Balance(ledger.Account{Stage: ledger.Awarded, Award: award, Board: board, Year: year})
			if p < 0 {
				t.Fatalf("%s is overdrawn in %s: %s", award, year, p.Exact())
			}
			all += p
		}
		return all
	}
	state := func(b *ledger.Book) string {
		text := ""
		for a, p := range b.View(on("2199-01-01")).Balances {
			text += fmt.Sprintln(a, p)
		}
		for _, r := range b.View(on("2199-01-01")).Position([]ledger.Dimension{ledger.ByAward, ledger.ByYear, ledger.ByService, ledger.ByObjective, ledger.ByArea}, nil).Rows {
			if p := r.Sums[ledger.AllocatedTo].Pence(); p != 0 {
				text += fmt.Sprintln(r.Key, p)
			}
		}
		return text
	}
	for _, award := range awards {
		for _, year := range years {
			given[award+year.String()] = sum(start, award, year)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := start
		books := []*ledger.Book{start}
		for range rapid.IntRange(1, 8).Draw(t, "moves") {
			role := rapid.SampledFrom([]string{"commissioner", "finance"}).Draw(t, "role")
			actor := as(rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "person"), role)
			var o *decide.Outcome
			var err error
			var request decide.Request
			undo := 0
			switch rapid.SampledFrom([]string{"grid", "grid", "vire", "undo", "approve"}).Draw(t, "verb") {
			case "grid":
				var cells []decide.Cell
				met := map[string]bool{}
				for range rapid.IntRange(1, 4).Draw(t, "cells") {
					c := decide.Cell{Award: rapid.SampledFrom(awards).Draw(t, "award"), Service: rapid.SampledFrom(services).Draw(t, "service"), Year: rapid.SampledFrom(years).Draw(t, "year")}
					c.Was, _ = decide.Held(b, c.Award, c.Service, c.Year)
					c.To = money.Pence(rapid.Int64Range(0, 500_00).Draw(t, "to"))
					if key := c.Award + c.Service + c.Year.String(); !met[key] {
						met[key] = true
						cells = append(cells, c)
					}
				}
				request = decide.Reallocation{Cells: cells}
			case "vire":
				request = decide.Virement{Award: rapid.SampledFrom(awards).Draw(t, "award"), From: rapid.SampledFrom(services).Draw(t, "from"), To: rapid.SampledFrom(services).Draw(t, "to"),
					Year: rapid.SampledFrom(years).Draw(t, "year"), Amount: money.Pence(rapid.Int64Range(1, 200_00).Draw(t, "amount"))}
			case "undo":
				undo = rapid.IntRange(1, b.Sequence()).Draw(t, "which")
				if undo > 1 { // the first is how things were found
					o, err = decide.Undo(b, actor, undo)
				}
			case "approve":
				for id, rec := range b.Records("asks") {
					if rec.Get("state") == "asked" {
						o, err = decide.Approve(b, actor, id, "yes")
						if rec.Get("by") == actor.Person && err == nil {
							t.Fatalf("%s approved their own %s", actor.Person, id)
						}
						break
					}
				}
			}
			if request != nil {
				o, err = decide.Do(b, actor, request, "r")
				var needs *decide.NeedsApproval
				if errors.As(err, &needs) && len(needs.Need.By) > 0 {
					o, err = decide.Ask(b, actor, request, "r")
				}
			}
			if err != nil {
				var r ledger.Refusal
				if !errors.As(err, &r) {
					t.Fatalf("an untyped refusal: %v", err)
				}
				continue
			}
			if o == nil {
				continue
			}
			for _, l := range o.Left {
				if is := b.Balance(ledger.Account{Stage: ledger.Awarded, Award: l.Award, Board: l.Board, Year: l.Year}); is != l.Before {
					t.Fatalf("left of %s before is %s, not %s", l.Award, is, l.Before)
				}
			}
			_, next := o.Draft.Seal(posted)
			verify(t, next)
			for _, l := range o.Left {
				if is := next.Balance(ledger.Account{Stage: ledger.Awarded, Award: l.Award, Board: l.Board, Year: l.Year}); is != l.After && next.Len() > b.Len() { // what is only asked for is not yet so
					t.Fatalf("left of %s after is %s, not %s", l.Award, is, l.After)
				}
			}
			if r, grid := request.(decide.Reallocation); grid && next.Len() > b.Len() {
				for _, c := range r.Cells {
					if is, _ := decide.Held(next, c.Award, c.Service, c.Year); is != c.To {
						t.Fatalf("%+v holds %s", c, is)
					}
					var labelled money.Pence
					for _, p := range cellsOf(next, c.Award, c.Service, c.Year) {
						if p < 0 {
							t.Fatalf("%+v is labelled below nought: %v", c, cellsOf(next, c.Award, c.Service, c.Year))
						}
						labelled += p
					}
					if labelled != c.To {
						t.Fatalf("the labels of %+v add up to %s", c, labelled)
					}
				}
			}
			if undo > 1 && undo == b.Sequence() && state(next) != state(books[undo-2]) {
				t.Fatalf("undo %d leaves\n%s\nand it was\n%s", undo, state(next), state(books[undo-2]))
			}
			for _, award := range awards {
				for _, year := range years {
					if is := sum(next, award, year); is != given[award+year.String()] {
						t.Fatalf("%s for %s comes to %s", award, year, is)
					}
				}
			}
			b = next
			books = append(books, b)
		}
	})
}
