package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/seed"
)

// seedPeople gives some of the demo's people.
func seedPeople(ids ...string) []seed.Person {
	return slices.DeleteFunc(seed.People("demo"), func(p seed.Person) bool { return !slices.Contains(ids, p.ID) })
}

func TestObjectives(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	b.get("/objectives").is(http.StatusOK).says("What have we agreed to do together?", "5 objectives are recorded; partners agreed 5.", "Safe from harm", "18 Sep 2025", "£400,000", "Gap in West")
	p := b.get("/objectives/safe-from-harm").is(http.StatusOK).says("What are we doing about Safe from harm?", "£400,000 in 2026-27, on 3 services in 2 places. 1 gap: West.",
		"Agreed by Demo council, Demo health board, Demo police", "18 September 2025", "safeguarding board, minute 7", "Total £190,000 £210,000 £400,000", "Young carers £70,000 £50,000 £120,000",
		"140 children, aged 0 to 17", "Families First Yes £151,000", "History")
	for amount, links := range p.numbers() {
		for _, href := range links {
			if !strings.Contains(href, "/ledger/postings") {
				b.get(href).is(http.StatusOK).says(amount)
			} else if got := s.opened(href); got.Whole() != amount {
				t.Errorf("%s opens to %s: %s", amount, got, href)
			}
		}
	}
	b.in("cy").get("/objectives/safe-from-harm").says("Beth rydym yn ei wneud am Diogel rhag niwed?", "£400,000 yn 2026-27, ar 3 gwasanaeth mewn 2 ardal. 1 bwlch: Gorllewin.", "Teuluoedd yn Gyntaf Ydy £151,000", "Hanes")
	b.get("/objectives/safe-from-harm?place=north").is(http.StatusOK).says("£210,000").silent("£400,000")
	b.get("/objectives/none").is(http.StatusNotFound)
	s.as("sam").get("/objectives/safe-from-harm").is(http.StatusOK).says("£122,000 in 2026-27, on 3 services in 1 place.", "You see the money that North board put on services").silent("£400,000", "Change this objective")
}

// An objective is changed by form, check page and banner; nothing typed is lost,
// and of two people who change it at once the second is told.
func TestChangeAnObjective(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/registers/objectives/heard").is(http.StatusOK).says("Heard: what do you want to change?", "What should be better, with objectives under it")
	bad := b.submit(p, "", url.Values{"c.name": {""}, "c.weight": {"many"}, "c.agreed_on": {"1/1/2030"}, "step": {"check"}}).is(http.StatusUnprocessableEntity).
		says("There is a problem", "“Name” needs an answer", "The day it was agreed must be today or earlier", "Enter a reason for this change")
	if !strings.Contains(bad.body, `value="many"`) {
		t.Error("what was typed is lost")
	}
	fill := url.Values{"c.name": {"Heard and heeded"}, "c.name_cy": {"Cael gwrandawiad"}, "c.kind": {"objective"}, "agreed_by": {"demo-council", "young-voices"}, "c.agreed_on": {"20/11/2025"}, "c.weight": {"4"}, "reason": {"The partnership said so"}, "step": {"check"}}
	n := s.book().Sequence()
	look := b.submit(p, "", fill).is(http.StatusOK).says("Check your answers", "Nothing is saved yet.", "Heard and heeded (was Heard)", "4 (was 2)", "The partnership said so")
	if s.book().Sequence() != n {
		t.Error("looking saved something")
	}
	back := b.submit(look, "", url.Values{"step": {"edit"}}).is(http.StatusOK)
	if !strings.Contains(back.body, `value="Heard and heeded"`) || !strings.Contains(back.body, `value="young-voices" checked`) {
		t.Error("what was typed is lost on the way back")
	}
	s.behind(func(book *ledger.Book) (*decide.Outcome, error) { // somebody else is first
		r, _ := book.Record("objectives", "heard")
		r = ledger.Record{Register: r.Register, ID: r.ID, Values: slices.Clone(r.Values)}
		for i := range r.Values {
			if r.Values[i].Column == "weight" {
				r.Values[i].Text = "9"
			}
		}
		return decide.PutRecord(book, priyaActs, r, decide.Version(book, "objectives", "heard"), "It weighs more")
	})
	save := url.Values{"step": {"save"}}
	told := b.submit(look, "", save).is(http.StatusUnprocessableEntity).says("Somebody changed this after you opened it.", "Saved now: 9", "Yours: 4")
	if !strings.Contains(told.body, `value="Heard and heeded"`) {
		t.Error("what was typed is lost to the other's change")
	}
	look = b.submit(told, "", fill).is(http.StatusOK).says("4 (was 9)")
	done := b.submit(look, "", save).is(http.StatusOK).says("Saved.", "Undo", "What are we doing about Heard and heeded?", "The partnership said so")
	b.submit(done, "/undo", nil).is(http.StatusOK)
	b.get("/objectives/heard").says("What are we doing about Heard?")
}

func TestAddAnObjective(t *testing.T) {
	s := demoServer(t)
	b := s.as("fin")
	p := b.get("/registers/objectives/new").is(http.StatusOK).says("what do you want to add?")
	fill := url.Values{"c.name": {"Safe at night"}, "c.kind": {"objective"}, "c.parent": {"safe-from-harm"}, "reason": {"Agreed in January"}, "step": {"check"}}
	b.submit(b.submit(p, "", fill).is(http.StatusOK).says("Safe from harm"), "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "What are we doing about Safe at night?", "There is no money for it in 2026-27.")
	b.get("/objectives/safe-from-harm").says("Objectives under it Safe at night")
	b.get("/objectives/safe-at-night").is(http.StatusOK)
	if above := b.get("/registers/objectives/safe-from-harm"); strings.Contains(above.body, `<option value="safe-at-night"`) {
		t.Error("an objective may be made a part of its own part")
	}
	s.as("sam").get("/registers/objectives/new").is(http.StatusForbidden)
}
