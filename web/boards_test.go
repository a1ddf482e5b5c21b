package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/people"
	"braid/seed"
)

// put adds a row to a register, as an officer would.
func (s *site) put(register, id string, cells ...string) {
	s.t.Helper()
	r := ledger.Record{Register: register, ID: id}
	for i := 0; i < len(cells); i += 2 {
		r.Values = append(r.Values, ledger.Value{Column: cells[i], Text: cells[i+1]})
	}
	_, err := s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		return drafted(decide.PutRecord(b, decide.Actor{Person: "test", Role: "commissioner", Today: s.web.Today()}, r, decide.Version(b, register, id), "for a test"))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// figures are a page's big numbers, by what they are.
func (p *page) figures() map[string]string {
	of := map[string]string{}
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Dl || attr(n, "class") != "stats" {
			continue
		}
		for div := range n.ChildNodes() {
			var what, amount string
			for c := range div.ChildNodes() {
				switch c.DataAtom {
				case atom.Dt:
					what = saidBy(c)
				case atom.Dd:
					amount = saidBy(c)
				}
			}
			if what != "" {
				of[what] = amount
			}
		}
	}
	return of
}

// linkOf gives where the big number leads.
func (p *page) linkOf(what string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if n.DataAtom != atom.Dt || saidBy(n) != what {
			continue
		}
		for c := range n.Parent.Descendants() {
			if c.DataAtom == atom.A {
				return attr(c, "href")
			}
		}
	}
	p.t.Fatalf("%s has no figure %q: %v", p.url, what, p.figures())
	return ""
}

func wantFigures(t *testing.T, p *page, want map[string]string) {
	t.Helper()
	got := p.figures()
	for what, amount := range want {
		if got[what] != amount {
			t.Errorf("%s: %q is %q, not %q (%v)", p.url, what, got[what], amount, got)
		}
	}
}

// TestBoardSaysWhatIsLeft is the board's part of check 20.
func TestBoardSaysWhatIsLeft(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	p := sam.get("/boards/north").is(http.StatusOK)
	wantFigures(t, p, map[string]string{"given to us": "£240,000", "promised": "£186,000", "asked for": "£22,000", "left": "£32,000"})
	p.says("What does the North board have left?", "We have £32,000 left to decide on for 2026-27.", "£60,000 of this ends on 31 March 2027, in 78 days.",
		"Next meeting: Thursday 21 January 2027, North children's centre", "Dads' group: £22,000", "Not yet measured", "Family support hubs", "£66,000", "Ask for money", "Money that may be spent only on what the funder says.").
		silent("Set money aside")
	paid := p.tabled("paid")
	for _, want := range []string{"Total £186,000", "Play and holiday scheme £24,000 31 Mar 2027", "Parenting programme £64,000 31 Mar 2028"} {
		if !strings.Contains(paid, want) {
			t.Errorf("what we pay for does not say %q: %s", want, paid)
		}
	}
	// the two figures that are no sum of entries alone open to their parts
	sam.get(p.linkOf("left")).is(http.StatusOK).says("What makes up £32,000?", "Total £32,000", "£240,000", "−£186,000", "Dads' group −£22,000")
	sam.get(p.linkOf("asked for")).is(http.StatusOK).says("What makes up £22,000?", "Dads' group £22,000")
	for what, measure := range map[string]string{"given to us": "delegated", "promised": "allocated"} {
		if to := p.linkOf(what); !strings.Contains(to, "measure="+measure) || !strings.Contains(to, "board=north") || !strings.Contains(to, "year=2026-27") {
			t.Errorf("%s opens %s", what, to)
		}
	}

	wantFigures(t, sam.in("cy").get("/boards/north").is(http.StatusOK).says("Faint sydd ar ôl gan North board?", "Mae gennym £32,000 ar ôl i benderfynu arno ar gyfer 2026-27.", "o hyn yn dod i ben ar 31 Mawrth 2027", "Heb ei fesur eto", "Dydd Iau 21 Ionawr 2027"),
		map[string]string{"a roddwyd i ni": "£240,000", "a addawyd": "£186,000", "y gofynnwyd amdano": "£22,000", "ar ôl": "£32,000"})

	s.as("priya").get("/boards/north").is(http.StatusOK).silent("Ask for money", "Set money aside")
	s.as("fin").get("/boards/north").is(http.StatusOK).says("Set money aside for this board").silent("Ask for money")
	s.as("priya").get("/boards").is(http.StatusOK).says("1 board, with £32,000 left in 2026-27.", "£240,000", "£186,000", "21 Jan 2027")
	sam.get("/boards/north?year=2027-28").is(http.StatusOK).says("No money has been given to us for 2027-28 yet.", "We do not pay for anything in 2027-28 yet.")
}

func TestBoardThatRecommendsPromisesNothing(t *testing.T) {
	s := demoServer(t)
	s.put("boards", "north", "name", "North board", "area", "north", "kind", "recommends", "decided_by", "the Head of Early Help", "quorum", "3")
	sam := s.as("sam")
	p := sam.get("/boards/north").is(http.StatusOK).says("£32,000 is left for us to give advice on for 2026-27.", "Nothing is promised until the Head of Early Help decides.")
	wantFigures(t, p, map[string]string{"set aside for our advice": "£240,000", "promised after our advice": "£186,000"})

	chris := s.as("chris")
	chris.saysNoInterest("dads-group")
	check := chris.submit(chris.get("/boards/north/proposals/dads-group/decide").says("We give advice on this. Nothing is promised until the Head of Early Help decides."), "", minuteForm("pay")).is(http.StatusOK)
	check.says("This is advice. Nothing is promised until the Head of Early Help decides.")
	chris.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("The decision is saved.", "Advice: Pay all of it", "Nothing is promised until the Head of Early Help decides.")
	wantFigures(t, sam.get("/boards/north"), map[string]string{"promised after our advice": "£186,000", "asked for": "£22,000"})

	// the council's officers now decide; the board no longer can
	if at := chris.get("/boards/north/proposals/dads-group/decide"); at.url.Path != "/en/boards/north/proposals/dads-group" {
		t.Errorf("the chair is led to %s", at.url)
	}
	sam.get("/boards/north/proposals/dads-group/council").is(http.StatusForbidden)
	priya := s.as("priya")
	at := priya.get("/boards/north/proposals/dads-group").says("Waiting for the Head of Early Help", "Record what the council decided")
	at = priya.get(at.link("Record what the council decided")).is(http.StatusOK).says("do you have an interest?")
	at = priya.submit(at, "", url.Values{"interest": {"no"}, "what": {""}}).is(http.StatusOK)
	check = priya.submit(at, "", url.Values{"outcome": {"pay"}, "amount": {""}, "until": {""}, "held_on": {"12/1/2027"}, "reason": {"The board's advice is good"}, "second": {"fin"}}).is(http.StatusOK).says("£22,000 moves from asked for to promised", "from £44,000 to £22,000")
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("the Head of Early Help", "Fiona Walsh", "The board's advice is good")
	wantFigures(t, sam.get("/boards/north"), map[string]string{"promised after our advice": "£208,000", "asked for": "£0", "left": "£32,000"})
}

// TestAnotherBoardsPageIsBarred: the same answer whether there is such a board
// or not, and to nobody who may see all boards.
func TestAnotherBoardsPageIsBarred(t *testing.T) {
	s := demoServer(t)
	s.put("boards", "quayside", "name", "Quay board", "area", "east", "kind", "decides")
	sam := s.as("sam")
	body := func(p *page, id string) string { return strings.ReplaceAll(p.body, id, "X") }
	for _, more := range []string{"", "/sum?of=left", "/pack", "/ask", "/proposals/p", "/proposals/p/decide"} {
		there, not := sam.get("/boards/quayside"+more).is(http.StatusForbidden), sam.get("/boards/nowhere"+more).is(http.StatusForbidden)
		there.says("You cannot use this page", "ask the board's chair").silent("Quay")
		if body(there, "quayside") != body(not, "nowhere") {
			t.Errorf("%q tells whether there is a board", more)
		}
	}
	sam.in("cy").get("/boards/quayside").is(http.StatusForbidden).says("gofynnwch i gadeirydd y bwrdd")
	sam.get("/boards").is(http.StatusOK).says("North board").silent("Quay board")
	s.as("priya").get("/boards/quayside").is(http.StatusOK).says("No money has been given to us")
	s.as("priya").get("/boards/nowhere").is(http.StatusNotFound)
	s.as("ada").get("/boards/north").is(http.StatusForbidden)
	sam.get("/boards/north/proposals/nothing").is(http.StatusNotFound)
	sam.get("/boards/north/money").is(http.StatusForbidden)
	s.as("sue").get("/boards/north/ask").is(http.StatusForbidden)

	// an officer of an area sees the boards within it
	who, err := s.store.People().Person(t.Context(), "priya")
	if err != nil {
		t.Fatal(err)
	}
	who.Tenures[0].Area = "north"
	if err := s.store.People().Save(t.Context(), who, people.Event{Who: "test", What: "person-changed", About: "priya"}); err != nil {
		t.Fatal(err)
	}
	priya := s.as("priya")
	priya.get("/boards/north").is(http.StatusOK)
	priya.get("/boards/quayside").is(http.StatusForbidden)
	priya.get("/boards/nowhere").is(http.StatusForbidden)
	priya.get("/boards").is(http.StatusOK).silent("Quay board")
}

func (b *browser) saysNoInterest(proposal string) *page {
	b.t.Helper()
	p := b.get("/boards/north/proposals/" + proposal + "/interest").is(http.StatusOK)
	return b.submit(p, "", url.Values{"interest": {"no"}, "what": {""}}).is(http.StatusOK)
}

func minuteForm(outcome string) url.Values {
	return url.Values{"outcome": {outcome}, "amount": {""}, "until": {""}, "held_on": {"11/1/2027"}, "present": {"6"}, "votes_for": {"5"}, "votes_against": {"0"}, "abstained": {"1"},
		"reason": {"Fathers asked for it"}, "second": {"sam"}}
}

// TestBoardDecides moves £22,000 from asked for to promised, and writes it down.
func TestBoardDecides(t *testing.T) {
	s := demoServer(t)
	chris := s.as("chris")
	p := chris.get("/boards/north/proposals/dads-group").is(http.StatusOK)
	p.says("Dads' group: should we pay for it?", "Demo Dads asks for £22,000 for 2026-27.", "To decide", "A weekly evening group run by fathers.", "Confident parents", "24", "Nobody has said yet.")
	wantFigures(t, p, map[string]string{"left if we pay all of it": "£32,000", "left if we say no": "£54,000", "of our part of Families First is not promised yet": "£44,000"})
	chris.get(p.linkOf("left if we pay all of it")).is(http.StatusOK).says("What makes up £32,000?")
	chris.get(p.linkOf("left if we say no")).is(http.StatusOK).says("What makes up £54,000?").silent("Dads' group")

	// interests are asked first
	asked := chris.get(p.link("Record what we decided")).is(http.StatusOK).says("do you have an interest?")
	chris.submit(asked, "", url.Values{"interest": {""}, "what": {""}}).is(http.StatusUnprocessableEntity).says("Say whether you have an interest")
	chris.submit(asked, "", url.Values{"interest": {"yes"}, "what": {""}}).is(http.StatusUnprocessableEntity).says("Say what your interest is")
	at := chris.submit(asked, "", url.Values{"interest": {"no"}, "what": {""}}).is(http.StatusOK).says("Dads' group: what was decided?", "It is recorded that you have no interest.", "At least 5 must be there")

	empty := chris.submit(at, "", url.Values{"outcome": {""}, "amount": {""}, "until": {""}, "held_on": {""}, "present": {""}, "votes_for": {""}, "votes_against": {""}, "abstained": {""}, "reason": {""}, "second": {""}}).is(http.StatusUnprocessableEntity)
	empty.says("There is a problem", "Choose what was decided", "Enter the date of the decision", "Enter how many members were there", "Enter a reason for this decision", "Choose another person who agrees this record")
	if !strings.HasPrefix(empty.title(), "Error: ") {
		t.Errorf("the title is %q", empty.title())
	}
	for _, c := range []struct{ field, value, says string }{
		{"votes_for", "7", "votes were counted"}, {"votes_for", "9", "votes were counted"}, {"votes_against", "9", "count again"},
		{"held_on", "13/1/2027", "Enter a date that is not after 12 January 2027"}, {"held_on", "soon", "Enter a date, like 12/1/2027"},
		{"second", "demo-dads", "Choose another person"}, {"second", "chris", "Choose another person"}, {"second", "fin", "Choose another person"},
		{"outcome", "defer", "Enter the date until which it waits"}, {"outcome", "part", "Enter an amount"}, {"outcome", "perhaps", "Choose what was decided"}, {"present", "six", "Enter a whole number"},
	} {
		f := minuteForm("pay")
		f.Set(c.field, c.value)
		refused := chris.submit(at, "", f).is(http.StatusUnprocessableEntity).says(c.says)
		if c.field != "reason" && !strings.Contains(refused.body, "Fathers asked for it") {
			t.Errorf("%s: what was typed is lost", c.field)
		}
	}
	few := minuteForm("pay")
	few.Set("present", "4")
	few.Set("votes_for", "3")
	chris.submit(at, "", few).is(http.StatusUnprocessableEntity).says("the board needs 5 to decide")
	part := minuteForm("part")
	part.Set("amount", "22000")
	chris.submit(at, "", part).is(http.StatusUnprocessableEntity).says("Enter less than that")
	part.Set("amount", "£10,000")
	chris.submit(at, "", part).is(http.StatusOK).says("£10,000 moves from asked for to promised", "from £44,000 to £34,000")

	check := chris.submit(at, "", minuteForm("pay")).is(http.StatusOK)
	check.says("Check the decision", "£22,000 moves from asked for to promised", "from £44,000 to £22,000", "5 for, 0 against, 1 did not vote", "Sam Okafor", "11 January 2027")
	if back := chris.submit(check, "", url.Values{"step": {"change"}}).is(http.StatusOK); !strings.Contains(back.body, "Fathers asked for it") {
		t.Error("Change loses what was typed")
	}
	wantFigures(t, chris.get("/boards/north"), map[string]string{"asked for": "£22,000", "promised": "£186,000"}) // nothing yet
	minute := chris.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK)
	minute.says("The decision is saved.", "Minute: Dads' group", "Demo Dads asked for £22,000", "Pay all of it", "£22,000.00", "Chris Evans has no interest", "Written down by", "Chris Evans", "Sam Okafor", "Its seal is")
	twice := chris.submit(check, "", url.Values{"step": {"save"}}) // a double click decides once
	twice.is(http.StatusOK).says("Minute: Dads' group")
	p = chris.get("/boards/north").is(http.StatusOK).says("Nobody is waiting for us to decide.", "Dads' group Pay all of it £22,000 11 Jan 2027")
	wantFigures(t, p, map[string]string{"given to us": "£240,000", "promised": "£208,000", "asked for": "£0", "left": "£32,000"})
	if got, _ := decide.Held(s.book(), "families-first", "dads-group", 2026); got != 22_000_00 {
		t.Errorf("the ledger holds %s", got.Exact())
	}
	s.as("mali").in("cy").get("/boards/north/proposals/dads-group/minute").is(http.StatusOK).says("Cofnod: Dads' group", "5 o blaid, 0 yn erbyn, 1 heb bleidleisio", "Talu'r cyfan", "Demo council")
}

func TestWhoHasAnInterestOrAskedDoesNotDecide(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	p := sam.get("/boards/north/proposals/dads-group/interest").is(http.StatusOK)
	sam.submit(p, "", url.Values{"interest": {"yes"}, "what": {"My brother runs it"}}).is(http.StatusOK).says("You have an interest in this, so other people must decide on it.", "Sam Okafor has an interest: My brother runs it").silent("Record what we decided")
	if at := sam.get("/boards/north/proposals/dads-group/decide"); at.url.Path != "/en/boards/north/proposals/dads-group" {
		t.Errorf("led to %s", at.url)
	}
	if p := sam.post("/boards/north/proposals/dads-group/decide", url.Values{"key": {"k"}, "outcome": {"pay"}, "held_on": {"11/1/2027"}, "present": {"6"}, "votes_for": {"6"}, "reason": {"r"}, "second": {"mali"}, "step": {"save"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("who has an interest decides: %d", p.status)
	}
	chris := s.as("chris")
	chris.saysNoInterest("dads-group")
	at := chris.get("/boards/north/proposals/dads-group/decide").is(http.StatusOK)
	chris.submit(at, "", minuteForm("pay")).is(http.StatusUnprocessableEntity).says("Choose another person") // sam may not agree it
	at.silent("Sam Okafor").says("Mali Rees")

	id := sam.asksFor("Toy library", "900")
	sam.get("/boards/north/proposals/" + id).is(http.StatusOK).says("You asked for this, so other people must decide on it.")
	if p := sam.post("/boards/north/proposals/"+id+"/decide", url.Values{"key": {"k2"}, "outcome": {"refuse"}, "held_on": {"11/1/2027"}, "present": {"6"}, "reason": {"r"}, "second": {"mali"}, "step": {"save"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("who asked decides: %d", p.status)
	}
	if rec, _ := s.book().Record("proposals", id); rec.Get("state") != "proposed" {
		t.Errorf("it reads %q", rec.Get("state"))
	}
}

// asksFor asks the North board for money, answering each question of the pages,
// and gives the proposal's id.
func (b *browser) asksFor(title, amount string) string {
	b.t.Helper()
	answers := map[string]string{"what": "We meet each week.", "amount": amount, "service": "-", "objective": "confident-parents", "area": "north", "people": "", "why": "Fathers are less alone.", "award": "-"}
	p := b.submit(b.get("/boards/north/ask").is(http.StatusOK), "", url.Values{"answer": {title}}).is(http.StatusOK)
	for range 12 {
		_, question := pathEnd(p.url.Path)
		if question == "check" {
			break
		}
		answer, ok := answers[question]
		if !ok {
			b.t.Fatalf("asked %s:\n%s", p.url, p.text())
		}
		p = b.submit(p, "", url.Values{"answer": {answer}}).is(http.StatusOK)
	}
	p = b.submit(p.says("Check your answers", title), "", nil).is(http.StatusOK).says("The North board has been asked.")
	_, id := pathEnd(p.url.Path)
	return id
}

func pathEnd(path string) (before, end string) {
	at := strings.LastIndexByte(path, '/')
	return path[:at], path[at+1:]
}

// TestAskingForMoney is task B3: one question a page, each answer kept.
func TestAskingForMoney(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	first := sam.get("/boards/north/ask").is(http.StatusOK).says("What is it called?", "Question 1 of")
	sam.submit(first, "", url.Values{"answer": {""}}).is(http.StatusUnprocessableEntity).says("Enter a short name", "There is a problem")
	p := sam.submit(first, "", url.Values{"answer": {"Walking group"}}).is(http.StatusOK).says("What will happen, and who is it for?", "Question 2 of")
	p = sam.submit(p, "", url.Values{"answer": {"A walk each week for new parents."}}).is(http.StatusOK).says("How much money do you ask for?")
	bad := sam.submit(p, "", url.Values{"answer": {"lots"}}).is(http.StatusUnprocessableEntity).says("Amount must be a number")
	if !strings.Contains(bad.body, `value="lots"`) {
		t.Error("what was typed is lost")
	}
	back := sam.get(p.link("Back")).is(http.StatusOK) // keeps what was written
	if !strings.Contains(back.body, "A walk each week for new parents.") {
		t.Error("Back loses the answer")
	}
	// another day: the draft is offered, and goes on
	p = sam.get("/boards/north/ask").is(http.StatusOK).says("What you have not finished", "Walking group")
	p = sam.get(p.link("Walking group")).is(http.StatusOK).says("How much money do you ask for?")
	at, _ := pathEnd(p.url.Path)
	p = sam.get(at+"/check").is(http.StatusOK).says("Check your answers", "Not answered yet", "Some questions have no answer yet.")
	sam.submit(p, "", nil).is(http.StatusUnprocessableEntity).says("How much: Enter an amount")
	if s.as("chris").get(p.url.Path).status != http.StatusNotFound {
		t.Error("another person opens the draft")
	}
	for _, answer := range []string{"amount=2000", "service=-", "objective=confident-parents", "people=3", "why=Parents are less alone.", "award=-"} {
		name, value, _ := strings.Cut(answer, "=")
		at, _ := pathEnd(p.url.Path)
		p = sam.submit(sam.get(at+"/"+name+"?change=yes").is(http.StatusOK), "", url.Values{"answer": {value}}).is(http.StatusOK).says("Check your answers")
	}
	p.says("Walking group", "£2,000", "Confident parents").silent("Not answered yet")
	sam.in("cy").get(p.url.Path[3:]).is(http.StatusOK).says("Gwirio eich atebion", "Rhieni hyderus")
	done := sam.submit(p, "", nil).is(http.StatusOK).says("The North board has been asked.", "Walking group: should we pay for it?", "Sam Okafor asks for £2,000 for 2026-27.", "fewer than 5")
	_, id := pathEnd(done.url.Path)
	if id != "north-1" {
		t.Errorf("its number is %s", id)
	}
	wantFigures(t, sam.get("/boards/north"), map[string]string{"asked for": "£24,000", "left": "£30,000"})
	sam.get("/boards/north/ask").is(http.StatusOK).silent("What you have not finished")

	// who asked may change it and take it back; an officer says which grant
	changed := sam.submit(sam.get("/boards/north/proposals/north-1"), "/change", nil).is(http.StatusOK).says("Check your answers", "£2,000")
	at, _ = pathEnd(changed.url.Path)
	changed = sam.submit(sam.get(at+"/amount?change=yes"), "", url.Values{"answer": {"2500"}}).is(http.StatusOK)
	sam.submit(changed, "", nil).is(http.StatusOK).says("Sam Okafor asks for £2,500")
	priya := s.as("priya")
	prepare := priya.get(priya.get("/boards/north/proposals/north-1").says("This waits for a decision of the North board.").link("Say which grant would pay for this")).is(http.StatusOK)
	priya.submit(prepare, "", url.Values{"award": {""}, "service": {""}}).is(http.StatusUnprocessableEntity).says("Choose the grant that would pay", "Choose a service, or say that it is new")
	priya.submit(prepare, "", url.Values{"award": {"families-first"}, "service": {"-"}}).is(http.StatusOK).says("The board can now decide on it.", "Families First")
	sam.get("/boards/north/proposals/north-1/prepare").is(http.StatusForbidden)
	sam.submit(sam.get("/boards/north/proposals/north-1"), "/withdraw", url.Values{"reason": {"We found money elsewhere"}}).is(http.StatusOK).says("Your proposal has been taken back.", "Taken back")
	wantFigures(t, sam.get("/boards/north"), map[string]string{"asked for": "£22,000"})
	s.as("chris").post("/boards/north/proposals/dads-group/withdraw", url.Values{"key": {"x"}, "reason": {""}}).is(http.StatusUnprocessableEntity)
}

// TestOverTheLimitGoesToTheCouncil: a board may decide on £25,000 by itself.
func TestOverTheLimitGoesToTheCouncil(t *testing.T) {
	s := demoServer(t)
	id := s.as("sam").asksFor("Centre garden", "26000")
	chris := s.as("chris")
	chris.saysNoInterest(id)
	f := minuteForm("pay")
	f.Set("second", "mali")
	check := chris.submit(chris.get("/boards/north/proposals/"+id+"/decide"), "", f).is(http.StatusOK).says("The board may decide on up to £25,000 by itself.", "goes to the council as advice")
	chris.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Advice: Pay all of it", "Nothing is promised until the council decides.")
	chris.get("/boards/north").says("Waiting for the council")
	wantFigures(t, chris.get("/boards/north"), map[string]string{"promised": "£186,000"})
	// the council may not pay before an officer has said from what
	fin := s.as("fin")
	at := fin.submit(fin.get("/boards/north/proposals/"+id+"/council").is(http.StatusOK), "", url.Values{"interest": {"no"}, "what": {""}}).is(http.StatusOK)
	fin.submit(at, "", url.Values{"outcome": {"pay"}, "amount": {""}, "until": {""}, "held_on": {"12/1/2027"}, "reason": {"r"}, "second": {"owen"}}).is(http.StatusUnprocessableEntity).says("Nobody has said which grant would pay")
	fin.submit(fin.get("/boards/north/proposals/"+id+"/prepare"), "", url.Values{"award": {"families-first"}, "service": {"-"}}).is(http.StatusOK)
	check = fin.submit(at, "", url.Values{"outcome": {"pay"}, "amount": {""}, "until": {""}, "held_on": {"12/1/2027"}, "reason": {"r"}, "second": {"owen"}}).is(http.StatusOK)
	fin.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Minute: Centre garden", "Who decided The council", "Owen Pugh")
	wantFigures(t, fin.get("/boards/north"), map[string]string{"promised": "£212,000", "asked for": "£22,000"})
	fin.get("/boards/north/proposals/"+id+"/minute?decision=1").is(http.StatusOK).says("Advice: Pay all of it", "Chris Evans")
	fin.get("/boards/north/proposals/" + id + "/minute?decision=3").is(http.StatusNotFound)
}

func TestSettingMoneyAsideTakesTwoInFinance(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	p := fin.get("/boards/north/money").is(http.StatusOK).says("£240,000 is set aside for North board in 2026-27.", "Families First 2026-27 £140,000 £96,000 £44,000")
	fin.submit(p, "", url.Values{"award": {""}, "in_year": {""}, "amount": {""}, "reason": {""}}).is(http.StatusUnprocessableEntity).says("Choose the grant award it comes from", "Choose a financial year", "Enter an amount", "Enter a reason for setting this money aside")
	over := url.Values{"award": {"families-first"}, "in_year": {"2026-27"}, "amount": {"140,000"}, "reason": {"More for the North"}}
	fin.submit(p, "", over).is(http.StatusUnprocessableEntity).says("There is a problem")
	over.Set("amount", "£10,000")
	check := fin.submit(p, "", over).is(http.StatusOK).says("Check what you ask for", "£10,000.00", "£44,000 now, £54,000 after", "Another person in finance must approve this")
	done := fin.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Asked. Another person in finance must approve it.", "Waiting", "Fiona Walsh", "£240,000 is set aside")
	done.link("Approve or refuse what waits")
	_, err := s.store.Post(t.Context(), func(b *ledger.Book) (*ledger.Draft, error) {
		for id := range b.Records("asks") {
			return drafted(decide.Approve(b, decide.Actor{Person: "owen", Name: "Owen Pugh", Role: "finance", Today: s.web.Today()}, id, "agreed"))
		}
		t.Fatal("nothing waits")
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fin.get("/boards/north/money").is(http.StatusOK).says("£250,000 is set aside for North board in 2026-27.", "Approved")
	fin.in("cy").get("/boards/north/money").is(http.StatusOK).says("Mae £250,000 wedi'i neilltuo ar gyfer North board yn 2026-27.")
}

func TestPackSaysWhatPeopleSaidAndWhatWorks(t *testing.T) {
	s := demoServer(t)
	s.put("views", "v1", "about", "services/play-holiday", "group", "Children aged 8 to 11", "people", "3", "said", "We like the climbing wall.", "on", "2026-11-02", "answer", "It stays.")
	s.put("indicators", "ph-safer", "name", "Feel safer", "service", "play-holiday", "question", "Is anyone better off?", "unit", "%", "baseline", "50", "baseline_on", "2025-12-31")
	s.put("measurements", "ph-1", "indicator", "ph-safer", "period", "Summer 2026", "value", "62")
	s.put("indicators", "ph-many", "name", "Came", "service", "play-holiday", "question", "How much did we do?", "unit", "children")
	s.put("measurements", "ph-2", "indicator", "ph-many", "period", "Summer 2026", "value", "4")
	sam := s.as("sam")
	sam.get("/boards/north/pack").is(http.StatusOK).says("North board: our sheet for 2026-27", "We have £32,000 left", "£240,000", "Dads' group: £22,000", "What people said", "We like the climbing wall.",
		"Children aged 8 to 11 (how many: fewer than 5), 2 November 2026", "It stays.", "Feel safer : 62% (Summer 2026). It was 50% on 31 December 2025.", "Came : fewer than 5 children", "Not yet measured", "Its seal is")
	sam.in("cy").get("/boards/north/pack").is(http.StatusOK).says("North board: ein taflen ar gyfer 2026-27", "Heb eu mesur eto: ", "llai na 5")
	sam.get("/boards/north").says("Feel safer: 62% (Summer 2026). It was 50% on 31 December 2025.")
}

func TestBoardsBeforeThereIsOne(t *testing.T) {
	s := emptyServer(t, seed.AsAt("demo"))
	s.populate(seed.People("demo"))
	s.as("priya").get("/boards").is(http.StatusOK).says("There is no board yet.", "Add a board")
	s.as("aud").in("cy").get("/boards").is(http.StatusOK).says("Nid oes bwrdd eto.").silent("Ychwanegu bwrdd")
	s.as("sam").get("/boards/north").is(http.StatusNotFound) // theirs, and not there
}

// TestBoardFiguresOpenToTheirSum: whoever follows an amount reads the same amount.
func TestBoardFiguresOpenToTheirSum(t *testing.T) {
	s := demoServer(t)
	for _, who := range []string{"sam", "priya", "fin"} {
		b := s.as(who)
		for _, from := range []string{"/boards/north", "/boards/north/sum?of=left", "/boards/north/proposals/dads-group", "/boards"} {
			followed := 0
			for n := range b.get(from).is(http.StatusOK).root.Descendants() {
				if said := saidBy(n); n.DataAtom == atom.A && inMain(n) && strings.Contains(said, "£") && !strings.Contains(attr(n, "href"), "/proposals/") {
					followed++
					amount := strings.TrimPrefix(said, "−")
					if at := b.get(attr(n, "href")).is(http.StatusOK); !strings.Contains(at.title(), amount) {
						t.Errorf("%s: %s of %s opens %q", who, said, from, at.title())
					}
				}
			}
			if followed < 2 {
				t.Errorf("%s: %s has %d amounts to follow", who, from, followed)
			}
		}
	}
}

// TestBoardPagesLeadSomewhere follows every link of the board's pages.
func TestBoardPagesLeadSomewhere(t *testing.T) {
	s := demoServer(t)
	for _, who := range []string{"sam", "priya", "fin"} {
		b := s.as(who)
		seen := map[string]bool{}
		for _, from := range []string{"/boards", "/boards/north", "/boards/north/pack", "/boards/north/sum?of=left", "/boards/north/proposals/dads-group"} {
			p := b.get(from).is(http.StatusOK)
			for _, to := range p.links() {
				if seen[to] || to == "" || strings.HasPrefix(to, "#") || strings.Contains(to, "/views/new") {
					continue
				}
				seen[to] = true
				if at := b.get(to); at.status != http.StatusOK {
					t.Errorf("%s: %s leads to %s: %d", who, from, to, at.status)
				}
			}
		}
	}
}
