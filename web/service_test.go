package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html/atom"

	"braid/ledger/people"
	"braid/seed"
)

func TestServiceSaysWhoPaysAndForHowLong(t *testing.T) {
	s := demoServer(t)
	p := s.as("priya").get("/services/family-hubs").is(http.StatusOK).says(
		"Who pays for Family support hubs, and for how long?",
		"3 grants pay £900,000 for Family support hubs in 2026-27: Families First £420,000, Core budget £300,000 and Children's Fund £180,000.",
		"£180,000 ends on 31 March 2027, in 78 days.", "£420,000 ends on 31 March 2028.", "£300,000 has no end date.",
		"47%", "33%", "20%", "Harbour Families", "3 months", "31 December 2026", "Exit plan None", "No notes yet.")
	// The picture says what the table says.
	drawn := strings.Join(p.drawn(), "|")
	for _, text := range []string{"Families First", "£420,000, 47%", "Core budget", "£300,000, 33%", "Children's Fund", "£180,000, 20%"} {
		if !strings.Contains(drawn, text) {
			t.Errorf("%s is not drawn: %s", text, drawn)
		}
	}
	// What for and where: Ready for school 340, 86, 250.
	if row := p.tabled("split"); !strings.Contains(row, "Ready for school £86,000 £340,000 £250,000 £676,000") {
		t.Errorf("the split: %s", row)
	}
	s.as("priya").in("cy").get("/services/family-hubs").is(http.StatusOK).says("Pwy sy'n talu am Hybiau cymorth i deuluoedd, ac am ba hyd?", "Teuluoedd yn Gyntaf £420,000", "Nid oes dyddiad gorffen i £300,000.")
	s.as("priya").get("/services/dads-group").is(http.StatusOK).says("No grant pays for Dads' group in 2026-27.")
	s.as("priya").get("/services/nowhere").is(http.StatusNotFound)
}

func TestServiceOfABoardShowsItsMoneyOnly(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	sam.get("/services/family-hubs").is(http.StatusOK).says("You see the money that North board put on services, and no other.", "£66,000", "£36,000", "£30,000").
		silent("£900,000", "£420,000", "£180,000", "What the checks found", "Planned cost")
	sam.get("/services/speech-language").is(http.StatusNotFound)
	sam.get("/registers/services/family-hubs").is(http.StatusForbidden)
}

func TestServiceIsChangedWithAReasonAndACheck(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	form := priya.get("/registers/services/play-holiday").is(http.StatusOK)
	same := url.Values{"c.name": {"Play and holiday scheme"}, "c.name_cy": {"Cynllun chwarae a gwyliau"}, "c.description": {"supervised activities for children at risk of trouble, in holidays and after school"},
		"c.activity": {"positive activities"}, "c.provider": {"Open Fields Play"}, "areas": {"north", "east"}, "c.ages": {"5-13"}, "objectives": {"safe-from-harm", "out-of-trouble"},
		"c.capacity": {"600"}, "c.unit": {"children"}, "c.level": {"targeted"}, "c.statutory": {"no"}, "c.role": {"direct"}, "c.evidence": {"untested"}, "c.evidence_on": {"14/5/2026"},
		"c.owner": {"Youth support manager"}, "c.paid_elsewhere": {"no"}, "c.cost_type": {"delivery"}, "c.price_base": {"2026-27"}, "c.income": {"0"},
		"c.2026-27": {"£240,000"}, "c.2027-28": {"240000"}, "c.2028-29": {"240000"}, "c.2029-30": {"240000"}, "step": {"check"}}
	with := func(more url.Values) url.Values {
		all := url.Values{}
		for name, v := range same {
			all[name] = v
		}
		for name, v := range more {
			all[name] = v
		}
		return all
	}
	priya.submit(form, "", with(nil)).is(422).says("Enter a reason for this change")
	p := priya.submit(form, "", with(url.Values{"c.name": {""}, "c.ages": {"big"}, "c.2026-27": {"lots"}, "reason": {"why"}})).is(422)
	p.says("There is a problem", "“Name” needs an answer", "Enter ages from and to, like 5-13", "Amount must be a number, like 40000")
	if !strings.HasPrefix(p.title(), "Error: ") || !strings.Contains(p.body, `value="lots"`) {
		t.Errorf("the title is %q, or what was typed is lost", p.title())
	}
	priya.submit(form, "", with(url.Values{"reason": {"nothing"}})).is(422).says("Nothing was changed")
	check := priya.submit(form, "", with(url.Values{"c.capacity": {"650"}, "c.2027-28": {"250000"}, "reason": {"A new hall."}})).is(http.StatusOK)
	check.says("Check your answers", "Nothing is saved yet.", "650 (was 600)", "£250,000.00 (was £240,000.00)", "A new hall.").silent("Open Fields Play")
	if r, _ := s.book().Record("services", "play-holiday"); r.Get("capacity") != "600" {
		t.Fatal("it was saved before it was checked")
	}
	// Somebody else saves first: both versions are shown and nothing is lost.
	other := priya.submit(priya.submit(priya.get("/registers/services/play-holiday"), "", with(url.Values{"c.capacity": {"700"}, "reason": {"Another hall."}})), "", url.Values{"step": {"save"}})
	other.is(http.StatusOK).says("Saved.")
	late := priya.submit(check, "", url.Values{"step": {"save"}}).is(422).says("Somebody changed this after you opened it.", "Saved now: 700", "Yours: 650")
	again := priya.submit(late, "", with(url.Values{"c.capacity": {"650"}, "reason": {"We met: 650 it is."}})).is(http.StatusOK)
	priya.submit(again, "", url.Values{"step": {"save"}}).is(http.StatusOK)
	// A second press of the button does nothing more, and says that it is done.
	saved := priya.submit(again, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "It can serve 650 in a year", "We met: 650 it is.")
	if saved.url.Path != "/en/services/play-holiday" {
		t.Errorf("led to %s", saved.url)
	}
	if versions, _ := s.book().Versions("services", "play-holiday"); len(versions) != 3 {
		t.Errorf("%d versions, want 3", len(versions))
	}
}

func TestServiceIsAddedWithItsAgreement(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	form := priya.get("/registers/services/new").is(http.StatusOK)
	priya.submit(form, "", url.Values{"step": {"check"}}).is(422).says("“Name” needs an answer")
	check := priya.submit(form, "", url.Values{"c.name": {"Baby cafés"}, "areas": {"north"}, "c.provider": {"Young Voices"}, "c.income": {"?"}, "step": {"check"}}).is(http.StatusOK).says("Young Voices")
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK)
	page := priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "No grant pays for Baby cafés")
	if page.url.Path != "/en/services/baby-cafes" {
		t.Errorf("led to %s", page.url)
	}
	form = priya.get("/services/baby-cafes/agreements/new").is(http.StatusOK)
	priya.submit(form, "", url.Values{"c.starts": {"1/4/2027"}, "c.ends": {"31/3/2027"}, "step": {"check"}}).is(422).says("The end is before the start.")
	check = priya.submit(form, "", url.Values{"c.kind": {"contract"}, "c.starts": {"1/4/2026"}, "c.ends": {"31/3/2028"}, "c.notice_months": {"3"}, "step": {"check"}}).is(http.StatusOK).says("1 April 2026")
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Saved.", "3 months", "31 Mar 2028")
	s.as("sue").get("/registers/services/new").is(http.StatusForbidden)
}

func TestExitPlanIsDraftedAndAgreed(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.as("priya"), s.as("fin")
	form := priya.get("/services/play-holiday/exit/plan").is(http.StatusOK)
	priya.submit(form, "", url.Values{"step": {"check"}}).is(422).says("“Owner” needs an answer")
	check := priya.submit(form, "", url.Values{"c.option": {"mainstream"}, "c.owner": {"Youth support manager"}, "c.exit_cost": {"£12,000"}, "c.people": {"600"}, "step": {"check"}}).is(http.StatusOK).says("£12,000.00")
	priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Exit plan saved as a draft.", "Pay from the core budget", "Draft")
	priya.get("/services/play-holiday/exit/agree").is(http.StatusForbidden)
	priya.get("/services/risk").is(http.StatusOK).says("Draft", "Change the exit plan")
	agree := fin.get("/services/play-holiday/exit/agree").is(http.StatusOK).says("£12,000", "Youth support manager")
	fin.submit(agree, "", nil).is(422).says("Enter a reason")
	fin.submit(agree, "", url.Values{"reason": {"In the budget of 2027-28."}}).is(http.StatusOK).says("Exit plan agreed.", "Agreed", "12 January 2027")
	fin.submit(agree, "", url.Values{"reason": {"In the budget of 2027-28."}}).is(http.StatusOK).says("Exit plan agreed.")
	fin.submit(agree, "", url.Values{"reason": {"Again."}, "key": {"another"}}).is(422)
	fin.get("/services/early-years/exit/agree").is(http.StatusNotFound)
}

func TestNotesAreKeptAndTellColleagues(t *testing.T) {
	s := demoServer(t)
	priya, fin := s.as("priya"), s.as("fin")
	form := priya.get(priya.get("/services/play-holiday").link("Add a note")).is(http.StatusOK).says("What do you want to note about Play and holiday scheme?")
	priya.submit(form, "", url.Values{"link": {"javascript:alert(1)"}}).is(422).says("Enter a note", "A link must be a web address")
	priya.submit(form, "", url.Values{"text": {"The hall closes in May, @Fiona."}, "link": {"https://council.example/hall"}}).is(http.StatusOK).
		says("Note added. Fiona Walsh will find it among the notes for them.", "The hall closes in May, @Fiona.", "https://council.example/hall", "12 January 2027 · Priya Shah")
	fin.get("/notes").is(http.StatusOK).says("1 note names you.", "Play and holiday scheme", "Priya Shah")
	s.as("owen").get("/notes").is(http.StatusOK).says("No colleague has named you in a note yet.")
	s.as("sam").get("/notes/new?about=services%2Fspeech-language").is(http.StatusNotFound)
	s.as("sue").get("/notes/new?about=services%2Fplay-holiday").is(http.StatusForbidden)
	priya.get("/notes/new?about=people%2Fpriya").is(http.StatusNotFound)
	// On what a change posted, and on one entry of it.
	for _, about := range []string{"postings%2F1", "postings%2F1%2F20"} {
		form = priya.get("/notes/new?about=" + about).is(http.StatusOK)
		priya.submit(form, "", url.Values{"text": {"Seen in the letter: " + about}}).is(http.StatusOK).says("What did change 1 do?", "Seen in the letter: "+about)
	}
	priya.get("/notes/new?about=postings%2F99").is(http.StatusNotFound)
}

func TestRisk(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/services/risk").is(http.StatusOK).says("Which services are at risk?",
		"5 services lose £900,000 in the next 12 months, and nothing is known to follow.",
		"£350,000", "88%", "£240,000", "100%", "12 days late", "in 47 days", "Nothing", "Add an exit plan")
	if row := p.tabled("risk-stops"); !strings.Contains(row, "Youth inclusion panels Young Voices £400,000 £350,000 88% 31 Mar 2027 31 Dec 2026 12 days late Core budget 240 children None") {
		t.Errorf("the row: %s", row)
	}
	priya.get("/services/risk?lost=half&place=west").is(http.StatusOK).says("1 service loses £350,000").silent("Young carers")
	priya.get("/services/risk?plan=agreed").is(http.StatusOK).says("No service fits all of these filters.")
	priya.in("cy").get("/services/risk").is(http.StatusOK).says("Pa wasanaethau sydd mewn perygl?", "Mae 5 gwasanaeth yn colli £900,000 yn y 12 mis nesaf")
	empty := emptyServer(t, s.web.AsAt)
	empty.populate(seed.People("demo"))
	empty.as("priya").get("/services/risk").is(http.StatusOK).says("No service loses money within the horizon.")
	empty.as("priya").get("/services").is(http.StatusOK).says("There are no services yet.")
}

// TestEveryAmountOpens: each amount of these pages leads to postings, or a sum,
// that come to it.
func TestEveryAmountOpens(t *testing.T) {
	s := demoServer(t)
	for who, paths := range map[string][]string{
		"priya": {"/services", "/services/risk", "/services/family-hubs", "/services/youth-inclusion", "/timeline", "/timeline?by=service", "/timeline?place=north", "/timeline/2027-03-31", "/timeline/2028-03-31"},
		"sam":   {"/services", "/services/family-hubs", "/timeline"},
	} {
		b := s.as(who)
		met := map[string]bool{}
		for _, path := range paths {
			p := b.get(path).is(http.StatusOK)
			amounts := 0
			for n := range p.root.Descendants() {
				text := ""
				if n.DataAtom == atom.A && inMain(n) {
					text = saidBy(n)
				}
				at := strings.Index(text, "£")
				if at < 0 || met[attr(n, "href")+text] || strings.Contains(attr(n, "href"), "/checks/") || strings.Contains(attr(n, "href"), "/history/") {
					continue
				}
				met[attr(n, "href")+text] = true
				amounts++
				b.get(attr(n, "href")).is(http.StatusOK).says(text[at:])
			}
			if amounts == 0 {
				t.Errorf("%s: no amount of %s opens", who, path)
			}
		}
	}
}

// TestAnOfficerOfAnAreaKeepsToIt: they see what works there, and write nothing
// elsewhere.
func TestAnOfficerOfAnAreaKeepsToIt(t *testing.T) {
	s := demoServer(t)
	who, err := people.New("Wendy West", "wendy.west@demo.example", "en")
	if err != nil {
		t.Fatal(err)
	}
	who.ID = "wendy"
	who.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Commissioner, Area: "west", From: s.web.Today().AddMonths(-1), GivenBy: "test"}}
	if err := s.store.People().Save(t.Context(), who, people.Event{Who: "test", What: "person-added", About: "wendy"}); err != nil {
		t.Fatal(err)
	}
	wendy := s.as("wendy")
	wendy.get("/services").is(http.StatusOK).says("6 services", "Youth inclusion panels").silent("Play and holiday scheme", "Dads' group")
	wendy.get("/services/play-holiday").is(http.StatusNotFound)
	wendy.get("/registers/services/play-holiday").is(http.StatusNotFound)
	wendy.get("/services/play-holiday/exit").is(http.StatusNotFound)
	wendy.get("/services/risk").is(http.StatusOK).says("4 services lose £660,000").silent("Play and holiday scheme")
	// What ends is what ends of theirs: £900,000 less the £240,000 of the play scheme.
	wendy.get("/timeline").is(http.StatusOK).says("£660,000").silent("£900,000")
	wendy.get("/timeline/2027-03-31").is(http.StatusOK).says("4 services lose £660,000").silent("Play and holiday scheme")
	form := wendy.get("/registers/services/new").is(http.StatusOK)
	wendy.submit(form, "", url.Values{"c.name": {"Baby group"}, "areas": {"north"}, "step": {"check"}}).is(422).says("Choose places within West")
	wendy.submit(form, "", url.Values{"c.name": {"Baby group"}, "step": {"check"}}).is(422).says("Choose places within West")
	wendy.submit(form, "", url.Values{"c.name": {"Baby group"}, "areas": {"west"}, "step": {"check"}}).is(http.StatusOK).says("Check your answers")
}
