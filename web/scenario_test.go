package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/scenario"
	"braid/seed"
)

// entries is how many postings the ledger holds: what a scenario must not touch.
func (s *site) entries() int { return s.book().Len() }

// TestCompareDemo: which option closes the gap, to the penny, and each figure
// opens to its sum.
func TestCompareDemo(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	const ids = "/plan/compare?ids=use-money-left&ids=end-play-scheme"
	p := b.get(ids).is(http.StatusOK)
	p.says("None closes it. Use money left and end the play scheme leaves least: £238,400 in 2027-28; doing nothing leaves £973,200.",
		"Cost of services £3,733,200 £3,733,200 £3,488,400", "Confirmed funding £2,760,000 £3,250,000 £3,250,000", "Gap (+ short) £973,200 £483,200 £238,400", "Services short 7 2 1",
		"People in services that are short or stop 2,455 840 840", "Grant rules broken None None None", "Changes refused None None None",
		"2026-27 £20,000 £20,000 £20,000", "2028-29 £2,957,864 £2,957,864 £2,708,168", "Youth inclusion panels £358,000 £238,400 £238,400", "Play and holiday scheme £244,800 £244,800 £0")
	b.get(strings.Replace(ids, "&ids=", ",", 1)+"&unit=k").is(http.StatusOK).says("Cost of services 3,733 3,733 3,488", "Gap (+ short) 973 483 238")
	b.in("cy").get(ids).is(http.StatusOK).says("Pa opsiwn sy'n cau'r bwlch?", "Nid oes yr un yn ei gau.", "Bwlch (+ yn brin) £973,200 £483,200 £238,400", "Gwasanaethau'n brin 7 2 1")
	if p.title() != "Which option closes the gap? – Braid" {
		t.Errorf("the title asks %q", p.title())
	}

	amount := regexp.MustCompile(`^-?£?[0-9,.]+$`)
	opened := 0
	for _, link := range p.links() {
		u, _ := url.Parse(link)
		if !strings.HasSuffix(u.Path, "/plan/compare/sum") {
			continue
		}
		said := b.get(link).is(http.StatusOK).text()
		question, _, _ := strings.Cut(strings.TrimPrefix(said, "Back How does "), " come about?")
		if _, total, ok := strings.Cut(said, "Total "); !amount.MatchString(question) || !ok || !strings.HasPrefix(total, question+" ") {
			t.Errorf("%s is not made of its parts: %.300s", link, said)
		}
		opened++
	}
	if opened < 30 {
		t.Errorf("%d figures open", opened)
	}
	for _, link := range p.links() { // the money as confirmed is the postings it rests on
		if u, _ := url.Parse(link); u.Query().Get("line") == "secured" && u.Query().Get("of") == "use-money-left" {
			b.get(link).is(http.StatusOK).says("How does £3,250,000.00 come about?", "Confirmed funding on services in 2027-28, Use money left.", "The postings it rests on", "Only in this scenario")
		}
	}

	file := b.get(ids + "&format=csv&table=options").is(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 8 || !slices.Equal(rows[3], []string{"Gap (+ short)", "973200.00", "483200.00", "238400.00"}) {
		t.Errorf("the file says %q (%v)", rows, err)
	}

	b.get("/plan/compare").is(http.StatusOK).says("Doing nothing leaves £973,200 in 2027-28. Choose scenarios to set beside it.")
	b.get("/plan/compare?ids=nowhere").is(http.StatusNotFound)
	for _, bad := range []string{"line=gap", "line=none&year=2027-28", "line=gap&year=1999-00", "line=gap&year=2027-28&of=nowhere", "line=gap&year=2027-28&service=nowhere"} {
		b.get("/plan/compare/sum?" + bad).is(http.StatusNotFound)
	}
	s.as("sam").get("/plan/compare/sum?line=gap&year=2027-28").is(http.StatusNotFound)
}

// TestScenarioDrawnUp: a draft is made, changed, shared and withdrawn; each form
// refuses what does not hold and loses nothing typed; nothing is posted.
func TestScenarioDrawnUp(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	before := s.entries()
	form := b.get("/plan/scenarios/new").is(http.StatusOK)
	b.submit(form, "", filled("name", "", "year", "2027-28", "years", "11", "note", "kept")).is(http.StatusUnprocessableEntity).says("Enter a name for the scenario", "Years must be a whole number from 1 to 10", "kept")
	p := b.submit(form, "", filled("name", "End it", "name-cy", "Ei orffen", "year", "2027-28", "years", "3")).is(http.StatusOK)
	p.says("Scenario saved. Nothing was posted.", "What would happen with “End it”?", "It changes nothing yet.", "The gap in 2027-28 would be £973,200; doing nothing leaves £973,200. 7 services would be short, as many as now.", "Draft")
	const at = "/plan/scenarios/end-it"
	b.in("cy").get(at).is(http.StatusOK).says("Beth fyddai'n digwydd gyda “Ei orffen”?", "Drafft")

	b.get(at+"/change").is(http.StatusOK).says("What may happen to us", "What we may decide", "A service stops")
	kind := func(name, query string) *page { return b.get(at + "/change?kind=" + name + query).is(http.StatusOK) }
	for _, c := range []struct {
		kind string
		fill url.Values
		says []string
		kept string
	}{
		{"service-stops", filled("date", "tomorrow", "why", "typed"), []string{"Choose a service", "Enter a date, like 31/3/2027", "typed"}, "tomorrow"},
		{"award-cut", filled("award", "nrf", "percent", "110"), []string{"Enter a whole number of per cent, like 10"}, "110"},
		{"award-cut", filled("award", "", "percent", "ten"), []string{"Choose an award", "Enter a whole number of per cent, like 10"}, "ten"},
		{"prices", filled("rate", "lots"), []string{"Enter a rate, like 2% or 2.5%"}, "lots"},
		{"money-moved", filled("award", "core", "service", "young-carers", "to-service", "young-carers", "year", "2027-28", "amount", "10"), []string{"Choose another service than the first"}, "10"},
		{"money-put", filled("award", "core", "service", "nowhere", "year", "", "amount", "-1"), []string{"Choose a service", "Choose a year"}, "-1"},
		{"stream-merged", filled("award", "core", "to-award", "core"), []string{"Choose another award than the first"}, "core"},
		{"award-moved", filled("award", "core", "year", "2027-28", "to-year", "2027-28", "amount", "5"), []string{"Choose the other year"}, "5"},
	} {
		p := b.submit(kind(c.kind, ""), "", c.fill).is(http.StatusUnprocessableEntity).says(c.says...)
		if !strings.Contains(p.body, `value="`+c.kept+`"`) {
			t.Errorf("%s: %q is lost", c.kind, c.kept)
		}
	}
	p = kind("service-stops", "&service=play-holiday")
	if !strings.Contains(p.body, `value="1/4/2027"`) {
		t.Error("the day after its money ends is not offered")
	}
	p = b.submit(p, "", filled("service", "play-holiday", "date", "1/4/2027", "why", "Nothing is secured.")).is(http.StatusOK)
	p.says("Change saved. Nothing was posted.", "The gap in 2027-28 would be £728,400; doing nothing leaves £973,200. 6 services would be short, not 7.", "Play and holiday scheme stops from 1 April 2027", "Nothing is secured.", "Cost of services £3,733,200 £3,488,400 −£244,800")
	p = b.submit(kind("award-cut", ""), "", filled("award", "core", "percent", "10")).is(http.StatusOK)
	p.says("Core budget is cut by 10% from next year on", "Supposed, never posted")
	id := scenarioChange(t, s, "end-it", "award-cut")
	p = b.submit(b.get(at+"/change?change="+id).is(http.StatusOK), "", filled("award", "core", "percent", "20", "year", "2028-29")).is(http.StatusOK)
	p.says("Core budget is cut by 20% from 2028-29 on").silent("by 10% from next year on Change")

	// A rule that is broken is named with its clause, and what is refused with the reason.
	p = b.submit(kind("money-put", ""), "", filled("award", "flying-start", "service", "youth-inclusion", "year", "2027-28", "amount", "1,000")).is(http.StatusOK)
	p.says("Breaks a rule:", "Children up to and including four years of age, and their parents", "1 rule would be broken.", "Grant rules broken None 1")
	p = b.submit(kind("money-put", ""), "", filled("award", "core", "service", "young-carers", "year", "2027-28", "amount", "9,000,000")).is(http.StatusOK)
	p.says("Refused: This is", "1 change could not be made in full.", "Changes refused None 1")
	b.get("/plan/compare?ids=end-it").is(http.StatusOK).says("End it: rules broken and changes refused", "Children up to and including four years of age")
	b.in("cy").get(at).is(http.StatusOK).says("Yn torri rheol:", "Gwrthodwyd:")

	// Somebody else saved it meanwhile: what was typed is kept, and goes in at the second press.
	stale := kind("service-protected", "")
	p = b.submit(b.get(at), "/remove", filled("change", id)).is(http.StatusOK)
	p.says("Change removed.", "Removed: Core budget is cut by 20% from 2028-29 on")
	p = b.submit(stale, "", filled("service", "young-carers", "why", "Kept too.")).is(http.StatusUnprocessableEntity)
	p.says("Somebody saved this scenario since you opened it.", "Kept too.")
	b.submit(p, "", filled("service", "young-carers", "why", "Kept too.")).is(http.StatusOK).says("Young carers keeps at least what it has")

	// A draft is its author's and finance's.
	for _, who := range []string{"sam", "sue", "aud"} {
		s.as(who).get(at).is(http.StatusNotFound)
		s.as(who).get("/plan/scenarios").is(http.StatusOK).silent("End it")
		s.as(who).get("/plan/compare?ids=end-it").is(http.StatusNotFound)
	}
	s.as("fin").get(at).is(http.StatusOK).says("End it", "Draft")
	p = b.submit(b.get(at), at, filled("do", "share")).is(http.StatusOK)
	p.says("“End it” is shared.", "Link to share")
	s.as("sue").get(at).is(http.StatusOK).says("End it").silent("Add a change", "Apply", "Add a response")
	s.as("aud").get(at).is(http.StatusOK)
	s.as("priya").get("/plan/scenarios/use-money-left/edit").is(http.StatusForbidden).says("Only who drew up a scenario, and finance, change it.")
	form = b.get(at)
	b.submit(form, at, filled("do", "withdraw")).is(http.StatusOK)
	p = b.submit(form, at, filled("do", "withdraw")).is(http.StatusOK) // pressed twice
	p.says("“End it” is withdrawn.", "Withdrawn").silent("Add a change")
	b.get(at + "/change").is(http.StatusNotFound)
	b.get(at + "/apply").is(http.StatusNotFound)
	b.submit(p, "/undo", nil).is(http.StatusOK)
	b.get(at).is(http.StatusOK).says("Shared")
	if now := s.entries(); now != before {
		t.Errorf("drawing up a scenario posted %d entries", now-before)
	}
}

// scenarioChange finds a scenario's change of a kind.
func scenarioChange(t *testing.T, s *site, id, kind string) string {
	t.Helper()
	of, _ := scenario.Read(s.book(), id)
	for _, c := range of.Changes {
		if c.Kind.String() == kind {
			return c.ID
		}
	}
	t.Fatalf("%s has no change of kind %s", id, kind)
	return ""
}

// TestScenarioStarts: from the forecast, from a service at risk, and from
// another.
func TestScenarioStarts(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/plan/scenarios/new?prices=0%25&years=5").is(http.StatusOK).says("It starts with one change: prices at 0% in every year, as on the forecast.")
	p = b.submit(p, "", filled("name", "Prices stand still", "year", "2027-28", "years", "5")).is(http.StatusOK)
	p.says("Prices rise by 0% a year", "The gap in 2027-28 would be £900,000; doing nothing leaves £973,200.", "2030-31")

	risk := b.get("/services/risk").is(http.StatusOK)
	i := slices.IndexFunc(risk.links(), func(l string) bool { return strings.HasSuffix(l, "/plan/scenarios/new?service=youth-inclusion") })
	if i < 0 {
		t.Fatal("no scenario starts from a service at risk")
	}
	p = b.get(risk.links()[i]).is(http.StatusOK)
	p.says("Next you say what happens to Youth inclusion panels.")
	p = b.submit(p, "", filled("name", "Panels", "year", "2027-28", "years", "4")).is(http.StatusOK)
	p.says("What changes in “Panels”?")
	p = b.get(p.link("A service stops")).is(http.StatusOK)
	if !strings.Contains(p.body, `<option value="youth-inclusion" selected>`) {
		t.Error("the service is not chosen")
	}

	p = b.get("/plan/scenarios/new?copy=use-money-left").is(http.StatusOK).says("It starts with the changes of “Use money left”.")
	b.submit(p, "", filled("name", "Mine", "year", "2027-28", "years", "4")).is(http.StatusOK).says("The gap in 2027-28 would be £483,200", "Draft")
	if mine, _ := scenario.Read(s.book(), "mine"); mine.By != "priya" || len(mine.Changes) != 8 {
		t.Errorf("the copy is %s's, with %d changes", mine.By, len(mine.Changes))
	}
}

// TestScenarioApplied: every posting is listed before any is made; one batch is
// posted, with a reason, and can be undone.
func TestScenarioApplied(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	total := func() (all string) {
		for _, r := range s.book().View(s.web.Today()).Position(nil, ledger.Filter{ledger.ByYear: "2027-28"}).Rows {
			all += r.Sums[ledger.AllocatedTo].Pence().String() + " " + r.Sums[ledger.LeftOf].Pence().String()
		}
		return all
	}
	was, before, seq := total(), s.entries(), s.book().Sequence()
	const at = "/plan/scenarios/end-play-scheme"
	p := b.get(at + "/apply").is(http.StatusOK)
	p.says("What would applying “Use money left and end the play scheme” post?", "28 postings, in one batch that can be undone. Nothing is posted until you say so.", "Total £490,000.00", "Left to allocate: Core budget", "Allocated: Flying Start, Early years centres", "Ends blank 31 March 2027")
	b.in("cy").get(at + "/apply").is(http.StatusOK).says("28 trafodyn, mewn un swp y gellir ei ddadwneud.")
	b.submit(p, "/apply", filled("do", "post", "reason", "")).is(http.StatusUnprocessableEntity).says("Enter a reason for posting these")
	b.submit(p, "/apply", filled("do", "post", "reason", "Agreed", "seen", "0-other")).is(http.StatusUnprocessableEntity).says("The ledger has changed since you looked at these postings.", "Agreed")
	if total() != was || s.entries() != before || s.book().Sequence() != seq {
		t.Fatal("looking at what would be posted posted it")
	}
	listed := p
	b.submit(listed, "/apply", filled("do", "post", "reason", "Agreed by the partnership.")).is(http.StatusOK)
	p = b.submit(listed, "/apply", filled("do", "post", "reason", "Agreed by the partnership.")).is(http.StatusOK) // pressed twice
	p.says("“Use money left and end the play scheme” is applied: 28 postings made.", "Applied")
	p.says("It was applied on 12 January 2027, and what it decided is in the ledger. The gap in 2027-28 is now £238,400.").silent("Nothing was changed")
	if s.book().Sequence() != seq+1 || s.entries() != before+28 || total() == was {
		t.Errorf("%d batches and %d entries were posted", s.book().Sequence()-seq, s.entries()-before)
	}
	b.get("/plan/compare").is(http.StatusOK).says("Doing nothing leaves £238,400 in 2027-28.")
	b.get(at + "/apply").is(http.StatusNotFound)
	b.submit(p, "/undo", nil).is(http.StatusOK)
	if total() != was {
		t.Error("undoing it does not bring the totals back")
	}
	b.get(at).is(http.StatusOK).says("Shared")
	for _, who := range []string{"fin", "sam", "sue", "aud"} {
		s.as(who).get(at + "/apply").is(http.StatusForbidden)
	}
}

// TestScenarioAsked: what is over an officer's limit is asked for, and posted
// when finance approves. What is only supposed is listed as not posted.
func TestScenarioAsked(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	b.submit(b.get("/plan/scenarios/new"), "", filled("name", "Big move", "year", "2027-28", "years", "4")).is(http.StatusOK)
	const at = "/plan/scenarios/big-move"
	b.submit(b.get(at+"/change?kind=award-ends"), "", filled("award", "families-first", "date", "31/8/2027")).is(http.StatusOK)
	p := b.get(at + "/apply").is(http.StatusOK)
	p.says("Nothing in this scenario can be posted: it only supposes.", "Not posted", "Families First ends on 31 August 2027")
	if p.form("/apply") != nil {
		t.Error("there is something to post")
	}
	b.submit(b.get(at+"/change?kind=money-moved"), "", filled("award", "families-first", "service", "family-hubs", "to-service", "young-carers", "year", "2026-27", "amount", "75,600")).is(http.StatusOK)
	before := s.entries()
	p = b.get(at + "/apply").is(http.StatusOK)
	p.says("Families First ends on 31 August 2027", "Virement")
	b.submit(p, "/apply", filled("do", "post", "reason", "Carers first.")).is(http.StatusUnprocessableEntity).says("Carers first.")
	p = b.submit(p, "/apply", filled("do", "ask", "reason", "Carers first.")).is(http.StatusOK)
	p.says("Approval is asked for.", "Apply the scenario “Big move”")
	if s.entries() != before {
		t.Fatal("asking posted")
	}
	f := s.as("fin")
	p = f.get(f.get("/approvals").is(http.StatusOK).link("Apply the scenario “Big move”, and 2 more changes")).is(http.StatusOK)
	p.says("Apply the scenario “Big move”", "Young carers")
	f.submit(p, "", filled("do", "approve", "reason", "Yes.")).is(http.StatusOK)
	if s.entries() == before {
		t.Error("approving posted nothing")
	}
	b.get(at).is(http.StatusOK).says("Applied")
}

// TestScenarioAnswered: boards, partners and young people answer an option that
// is shared; people are counted and never few.
func TestScenarioAnswered(t *testing.T) {
	s := demoServer(t)
	const at = "/plan/scenarios/use-money-left"
	sam := s.as("sam")
	p := sam.get(at).is(http.StatusOK)
	p.says("Use money left", "Add a response").silent("Apply", "Add a change")
	for _, link := range p.links() {
		if strings.Contains(link, "/plan/compare/sum") {
			t.Errorf("a member is led to %s", link)
		}
	}
	form := sam.get(at + "/respond").is(http.StatusOK)
	sam.submit(form, "", filled("people", "some", "said", "")).is(http.StatusUnprocessableEntity).says("Enter how many people as a whole number", "Enter what they say")
	sam.submit(form, "", filled("board", "orient", "people", "3", "said", "We would rather keep the hubs.")).is(http.StatusOK).says("Response saved.", "We would rather keep the hubs.", "North board, fewer than 5 people")
	fin := s.as("fin")
	fin.submit(fin.get(at+"/respond").is(http.StatusOK), "", filled("group", "Young people aged 11 to 16", "people", "24", "said", "Hear us first.")).is(http.StatusOK).says("Young people aged 11 to 16, 24 people")
	fin.submit(fin.get(at+"/respond"), "", filled("group", "", "said", "Nobody")).is(http.StatusUnprocessableEntity).says("Enter who is responding", "Nobody")
	s.as("sue").get(at + "/respond").is(http.StatusForbidden)
	s.as("sue").get(at).is(http.StatusOK).says("Hear us first.")
	s.as("priya").in("cy").get(at).is(http.StatusOK).says("Yr hyn y mae pobl yn ei ddweud amdano", "Hear us first.")
	s.as("priya").get("/plan/scenarios").is(http.StatusOK).says("£483,200 2 2")
}

// TestSuggestMoves: a better use of the same money, each move with its reason;
// it fills a scenario and applies nothing.
func TestSuggestMoves(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	before := s.entries()
	p := b.get("/plan/suggest").is(http.StatusOK)
	p.says("8 moves are suggested, of £490,000 in all. The gap in 2027-28 would be £483,200; doing nothing leaves £973,200.", "Braid only suggests, and applies nothing.",
		"Children up to and including four years of age, and their parents", "Youth inclusion panels stays short by £238,400 in 2027-28, against £358,000 now.", "£1 more of Core budget in 2027-28 would go to Youth inclusion panels.")
	i := slices.IndexFunc(p.links(), func(l string) bool { return strings.Contains(l, "without=flying-start%2Fparenting") })
	if i < 0 {
		t.Fatal("no link leads to the best plan without a move")
	}
	b.get(p.links()[i]).is(http.StatusOK).says("Not to be used", "Flying Start on Parenting programme").silent("£310,000 £360,000")
	b.get("/plan/suggest?from=2028-29&to=2027-28").is(http.StatusOK).says("The last year must not be before the first")
	b.get("/plan/suggest?from=2027-28&to=2028-29&protect=young-carers&doubts=yes").is(http.StatusOK)
	b.in("cy").get("/plan/suggest").is(http.StatusOK).says("Sut olwg fyddai ar ddefnydd gwell o'r un arian?")
	b.submit(p, "", filled("name", "")).is(http.StatusUnprocessableEntity).says("Enter a name for the scenario")
	p = b.submit(p, "", filled("name", "Best use")).is(http.StatusOK)
	p.says("Scenario saved with 8 changes. Nothing was posted.", "What would happen with “Best use”?", "The gap in 2027-28 would be £483,200; doing nothing leaves £973,200. 2 services would be short, not 7.", "Draft", "Grant rules broken None None")
	b.get("/plan/scenarios/best-use/apply").is(http.StatusOK).says("Total £490,000.00")
	if now := s.entries(); now != before {
		t.Errorf("suggesting posted %d entries", now-before)
	}
	s.as("sue").get("/plan/suggest").is(http.StatusForbidden)
	s.as("sam").get("/plan/suggest").is(http.StatusForbidden)
}

// TestPlanOfNothing: an empty ledger has nothing to compare or to suggest, and
// says so.
func TestPlanOfNothing(t *testing.T) {
	s := emptyServer(t, seed.AsAt("demo"))
	s.populate(seed.People("demo"))
	b := s.as("priya")
	for _, lang := range []string{"en", "cy"} {
		for _, path := range []string{"/plan/scenarios", "/plan/scenarios/new", "/plan/compare", "/plan/compare/sum?line=gap&year=2027-28", "/plan/suggest", "/plan/suggest?from=2026-27&to=2035-36"} {
			b.in(lang).get(path).is(http.StatusOK)
		}
	}
	b.get("/plan/scenarios").says("No scenario is drawn up yet.")
	b.get("/plan/suggest").says("No move would make a better use of the money in these years.")
	s.as("sam").get("/plan/scenarios").is(http.StatusOK).says("No scenario that touches your board is shared yet.")
}

// TestDraftsAreNobodyElses: a draft stays out of others' history and exports,
// and its author's and finance's hold it.
func TestDraftsAreNobodyElses(t *testing.T) {
	s := demoServer(t)
	s.populate([]seed.Person{{ID: "olga", Name: "Olga Other", Email: "olga@demo.example", Language: "en", Role: "commissioner"}})
	b := s.as("priya")
	b.submit(b.get("/plan/scenarios/new"), "", filled("name", "Hush", "year", "2027-28", "years", "4")).is(http.StatusOK)
	for who, sees := range map[string]bool{"priya": true, "fin": true, "aud": true, "olga": false} {
		p := s.as(who).get("/history?register=scenarios").is(http.StatusOK)
		if got := slices.ContainsFunc(p.links(), func(l string) bool { return strings.HasSuffix(l, "/history/2") }); got != sees {
			t.Errorf("the draft in the history of %s: %v", who, got)
		}
	}
	s.as("olga").get("/plan/scenarios/hush").is(http.StatusNotFound)
	s.as("olga").get("/plan/scenarios/new?copy=hush").is(http.StatusOK).silent("Hush")
	s.as("olga").get("/plan/scenarios/hush/edit").is(http.StatusNotFound)
}
