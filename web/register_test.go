package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"braid/ledger/people"
	"braid/seed"
)

func TestEditAStreamsRow(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/registers/streams/families-first").is(http.StatusOK).says("Families First: what do you want to change?", "Name in Welsh", "Permanence", "Recurring", "Reason for this change")
	check := priya.submit(p, "", url.Values{"c.name": {"Families First"}, "c.name_cy": {"Teuluoedd yn Gyntaf"}, "c.funder": {"welsh-government"}, "c.permanence": {"annual"}, "c.ring_fence": {"ring-fenced"},
		"c.arrangement": {"aligned"}, "objectives": {"ready-for-school", "heard"}, "c.source": {"illustrative"}, "c.legal_basis": {""}, "reason": {"The offer letter is for a year"}, "step": {"check"}})
	check.is(http.StatusOK)
	done := priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "Undo", "Year by year", "The offer letter is for a year")
	if done.url.Path != "/en/streams/families-first" {
		t.Errorf("led to %s", done.url)
	}
	if r, _ := s.book().Record("streams", "families-first"); r.Get("permanence") != "annual" || r.Get("objectives") != "ready-for-school;heard" {
		t.Errorf("kept as %+v", r)
	}
}

func TestTwoPeopleChangeOneAward(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	first, second := priya.get("/registers/awards/nrf").is(http.StatusOK), priya.get("/registers/awards/nrf")
	edit := func(p *page, owner, step string) *page {
		return priya.submit(p, "", url.Values{"c.stream": {"nrf"}, "c.reference": {"NRF/26/031"}, "c.recipient": {"demo-council"}, "c.money": {"revenue"}, "c.starts": {"1/4/2026"}, "c.ends": {"31/3/2027"},
			"c.claim_by": {"30/4/2027"}, "c.fate": {"stops"}, "c.owner": {owner}, "c.source": {"illustrative"}, "c.accepted_on": {"19/3/2026"}, "c.element": nil, "reason": {"A new post"}, "step": {step}})
	}
	form := edit(first, "Head of regeneration", "check").is(http.StatusOK)
	priya.submit(form, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Head of regeneration")
	edit(second, "Somebody else", "save").is(http.StatusUnprocessableEntity).says("Head of regeneration", "Somebody else")
	if r, _ := s.book().Record("awards", "nrf"); r.Get("owner") != "Head of regeneration" {
		t.Errorf("the owner is %s", r.Get("owner"))
	}
}

func TestAddAwardAndTerm(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/streams/nrf/awards/new").is(http.StatusOK).says("Grant awards of NRF: what do you want to add?")
	fill := url.Values{"c.reference": {"NRF/27/001"}, "c.starts": {"1/4/2027"}, "c.ends": {"31/3/2026"}, "c.money": {"revenue"}, "reason": {"The bid was won"}, "step": {"check"}}
	priya.submit(p, "", fill).is(http.StatusUnprocessableEntity).says("There is a problem")
	fill["c.ends"] = []string{"31/3/2028"}
	check := priya.submit(p, "", fill).is(http.StatusOK)
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("NRF/27/001", "31 Mar 2028")
	if a, ok := s.book().Award("nrf-2"); !ok || a.Stream != "nrf" {
		t.Errorf("the award is %+v", a)
	}
	p = priya.get("/streams/nrf/terms/new").is(http.StatusOK)
	check = priya.submit(p, "", url.Values{"c.rule": {"ages"}, "c.value": {"10-19"}, "c.clause": {"Young people aged 10 to 19."}, "reason": {"Read the letter"}, "step": {"check"}}).is(http.StatusOK)
	done := priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Young people aged 10 to 19.", "10 to 19", "Not allowed")
	if _, ok := s.book().Record("terms", "nrf-ages"); !ok {
		t.Error("the term has no code made of its stream and rule")
	}
	_ = done
	bad := priya.submit(p, "", url.Values{"c.rule": {"ages"}, "c.value": {"young"}, "reason": {"Read the letter"}, "step": {"save"}})
	if bad.status != http.StatusUnprocessableEntity || !strings.Contains(bad.body, "young") {
		t.Errorf("a value that cannot be read: %d", bad.status)
	}
}

func TestRegistersListAndAdd(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	for _, r := range registerRight {
		who := priya
		if r.right == people.Pay { // finance's own
			priya.get("/registers/" + r.name).is(http.StatusForbidden)
			who = s.as("fin")
		}
		for _, lang := range []string{"en", "cy"} {
			who.in(lang).get("/registers/" + r.name).is(http.StatusOK)
			who.in(lang).get("/registers/" + r.name + "/new").is(http.StatusOK)
			for id := range s.book().Records(r.name) {
				who.in(lang).get("/registers/" + r.name + "/" + id).is(http.StatusOK)
				break
			}
		}
		who.get("/registers/" + r.name + "/nothing-of-the-kind").is(http.StatusNotFound)
		s.as("sam").get("/registers/" + r.name).is(http.StatusForbidden)
	}
	p := priya.get("/registers/organisations/new")
	check := priya.submit(p, "", url.Values{"c.name": {"Canolfan Deulu"}, "c.kind": {"voluntary"}, "reason": {"A new provider"}, "step": {"check"}}).is(http.StatusOK)
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "Canolfan Deulu", "canolfan-deulu")
	priya.submit(p, "", url.Values{"c.name": {""}, "step": {"check"}}).is(http.StatusUnprocessableEntity).says("There is a problem")
	fin := s.as("fin")
	p = fin.get("/registers/assumptions/new").is(http.StatusOK)
	price := url.Values{"c.kind": {"price"}, "c.cost_type": {"delivery"}, "c.year": {"2027-28"}, "c.percent": {"2.5"}, "reason": {"The budget report"}}
	check = fin.submit(p, "", with(price, "step", "check")).is(http.StatusOK)
	fin.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "2.5%")
	if _, ok := s.book().Record("assumptions", "price-delivery-2027-28"); !ok {
		t.Error("an assumption has no code made of what it is about")
	}
	fin.submit(p, "", with(price, "c.percent", "some", "step", "check")).is(http.StatusUnprocessableEntity).says("2.5% or -1%")
	s.as("fin").get("/registers/organisations").is(http.StatusOK)
	s.as("fin").get("/registers/awards").is(http.StatusForbidden)
}

func TestRegistersOfAnArea(t *testing.T) {
	s := demoServer(t)
	s.populate([]seed.Person{{ID: "nia", Name: "Nia North", Email: "nia@demo.example", Language: "cy", Role: "commissioner"}})
	who, err := s.store.People().Person(t.Context(), "nia")
	if err != nil {
		t.Fatal(err)
	}
	who.Tenures[0].Area = "north"
	if err := s.store.People().Save(t.Context(), who, people.Event{Who: "test", What: "role-given", About: "nia"}); err != nil {
		t.Fatal(err)
	}
	nia := s.as("nia")
	nia.get("/registers/awards/nrf").is(http.StatusNotFound)
	nia.get("/registers/streams/new").is(http.StatusForbidden)
	nia.get("/streams/nrf/figures/new").is(http.StatusForbidden)
	nia.get("/registers/areas/east").is(http.StatusNotFound)
	nia.get("/registers/areas/north").is(http.StatusOK)
	// Figures about awards come to the number all see; what is elsewhere is one row.
	said, _ := nia.postedSum("/ledger/postings?measure=left&award=nrf&year=2026-27")
	if said != "−£20,000.00" {
		t.Errorf("left of NRF is %s", said)
	}
}

// with is a form with some fields filled in otherwise.
func with(form url.Values, pairs ...string) url.Values {
	all := url.Values{}
	for name, values := range form {
		all[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		all.Set(pairs[i], pairs[i+1])
	}
	return all
}
