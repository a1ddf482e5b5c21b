package web

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/seed"
)

// opened adds up the entries that a link to postings leads to.
func (s *site) opened(href string) money.Pence {
	s.t.Helper()
	u, err := url.Parse(href)
	if err != nil || !strings.HasSuffix(u.Path, "/ledger/postings") {
		s.t.Fatalf("%q leads to no postings", href)
	}
	v := s.book().View(s.web.Today())
	var sum money.Pence
	if id := u.Query().Get("finding"); id != "" {
		for _, f := range check.Run(v, check.DefaultPolicy()) {
			if f.ID == id {
				return f.Amount.Pence()
			}
		}
		s.t.Fatalf("%q is no finding", id)
	}
	measure, err := ledger.ParseMeasure(u.Query().Get("measure"))
	if err != nil {
		s.t.Fatal(err)
	}
	only := ledger.Filter{}
	for name, values := range u.Query() {
		if d, err := ledger.ParseDimension(name); err == nil {
			only[d] = values[0]
		}
	}
	for _, p := range v.Explain(measure, only) {
		sum += p.Amount
	}
	return sum
}

// behind drafts and posts something behind the pages' back.
func (s *site) behind(do func(*ledger.Book) (*decide.Outcome, error)) {
	s.t.Helper()
	_, err := s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		o, err := do(b)
		if err != nil {
			return nil, err
		}
		return o.Draft, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

var priyaActs = decide.Actor{Person: "priya", Name: "Priya Shah", Role: "commissioner", Today: fiscal.MustDate("2027-01-12")}

func TestChecks(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/checks").is(http.StatusOK).says("What have the checks found?", "23 questions are open. 13 of them are high: look at them first.",
		"One thing commissioned twice 3 £620,000", "Need with nothing for it 2", "Money that ends: stops, or nobody knows 5 £900,000", "Last day to decide: overdue 4", "Allocated beyond the award 1 £20,000",
		"Youth inclusion panels loses £350,000 on 31 March 2027", "NRF is over-allocated by £20,000")
	p.silent("Cannot be told for want of a fact", "has been answered")
	b.in("cy").get("/checks").is(http.StatusOK).says("Beth mae'r gwiriadau wedi'i ganfod?", "Mae 23 cwestiwn heb eu hateb.", "Comisiynu'r un peth ddwywaith", "Mae Paneli cynhwysiant ieuenctid yn colli £350,000 ar 31 Mawrth 2027")

	// each line of the summary leads to just its findings
	b.get(strings.TrimSuffix(p.link("Money that ends: stops, or nobody knows"), "#found")).is(http.StatusOK).says("5 questions are open.", "Remove Check: Money that ends", "Clear filters")
	b.get("/checks?kind=gap").says("2 questions are open.", "Heard has nothing in North").silent("NRF is over-allocated")
	b.get("/checks?kind=gap&severity=low").says("Nothing fits all of these filters.")
	b.get("/checks?place=east").silent("Heard has nothing in North", "NRF is over-allocated").says("about no one place")
	if csv := b.get("/checks?format=csv&table=found"); !strings.Contains(csv.body, "\"Play and holiday scheme loses £240,000 on 31 March 2027\",High,240000.00,2027-03-31") {
		t.Errorf("the file reads %s", csv.body)
	}
}

// Every finding has a page that opens, in both languages.
func TestEveryFindingHasAPage(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	for _, f := range check.Run(s.book().View(s.web.Today()), check.DefaultPolicy()) {
		path := "/checks/finding?" + url.Values{"id": {f.ID}}.Encode()
		title, because := f.Words()
		p := b.get(path).is(http.StatusOK)
		if isPair(&f) {
			if p.url.Path != "/en/checks/"+f.ID {
				t.Errorf("%s is not set side by side but %s", f.ID, p.url)
			}
			continue
		}
		p.says(title, because, "What it is about", "Decide", "History")
		if f.Amount != nil && s.opened(p.link(f.Amount.Whole())) != f.Amount.Pence() {
			t.Errorf("%s does not open to %s", f.ID, f.Amount.Whole())
		}
		b.in("cy").get(path).is(http.StatusOK).says("Am beth y mae", "Penderfynu", "Hanes").silent("What it is about", title)
	}
	b.get("/checks/finding?id=gap/no-service/heard/atlantis/2026-27").is(http.StatusNotFound)
	b.get("/checks/finding").is(http.StatusNotFound)
}

// What cannot be told says which fact to record.
func TestWhatCannotBeTold(t *testing.T) {
	s := demoServer(t)
	s.behind(func(b *ledger.Book) (*decide.Outcome, error) {
		r, _ := b.Record("services", "young-carers")
		r = ledger.Record{Register: r.Register, ID: r.ID, Values: slices.DeleteFunc(slices.Clone(r.Values), func(v ledger.Value) bool { return v.Column == "ages" })}
		return decide.PutRecord(b, priyaActs, r, decide.Version(b, "services", "young-carers"), "The ages were a guess")
	})
	p := s.as("priya").get("/checks").is(http.StatusOK).says("cannot be told for want of a fact", "Fact to record", "The ages of Young carers")
	p = s.as("priya").get(p.link("Cannot tell whether Heard has anything in East")).is(http.StatusOK)
	p.says("What would tell: The ages of Young carers.", "Record it")
}

func TestAcceptAGap(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	const at = "/checks/finding?id=gap/no-service/heard/north/2026-27"
	p := b.get(at)
	empty := b.submit(p, "", url.Values{"review": {""}}).is(http.StatusUnprocessableEntity)
	empty.says("There is a problem", "Choose what should happen", "Enter a reason for this decision")
	if !strings.HasPrefix(empty.title(), "Error: ") {
		t.Errorf("the title is %q", empty.title())
	}
	b.in("cy").submit(b.in("cy").get(at), "", nil).is(http.StatusUnprocessableEntity).says("Mae problem wedi codi", "Dewiswch beth ddylai ddigwydd", "Rhowch reswm dros y penderfyniad hwn")
	for want, fill := range map[string]url.Values{
		"Enter the day to look at this again": {"verdict": {"accepted"}, "reason": {"x"}, "review": {""}},
		"Enter a day after 12 January 2027":   {"verdict": {"accepted"}, "reason": {"x"}, "review": {"12/1/2027"}},
		"Enter a date like 31/3/2027":         {"verdict": {"accepted"}, "reason": {"x"}, "review": {"31/31/2027"}},
		"Enter who you will ask":              {"verdict": {"not sure"}, "reason": {"x"}},
		"Choose what should happen":           {"verdict": {"duplication"}, "reason": {"x"}},
		"The facts have changed":              {"verdict": {"accepted"}, "reason": {"x"}, "facts": {"other"}},
	} {
		got := b.submit(p, "", fill).is(http.StatusUnprocessableEntity).says(want)
		if !strings.Contains(got.body, ">\nx</textarea>") {
			t.Errorf("%s: the reason typed is lost", want)
		}
	}
	b.get("/checks/coverage").says("2 gaps: Safe from harm in West, Heard in North.")

	done := b.submit(p, "", url.Values{"verdict": {"accepted"}, "reason": {"The health board hears them until summer"}, "review": {"30 September 2027"}})
	done.is(http.StatusOK).says("Decision saved.", "1 gap: Safe from harm in West.", "Accepted gap", "Accepted gaps", "The health board hears them until summer (Priya Shah; Look again on 30 September 2027)")
	b.get(at).says("Accepted gap : The health board hears them until summer", "Decided by Priya Shah.", "Accepted gap. Look again on 30 September 2027")
	b.in("cy").get("/checks/coverage").says("1 bwlch: Diogel rhag niwed yn ardal Gorllewin.", "Bwlch: derbyniwyd")
	b.get("/checks").says("22 questions are open.", "1 has been answered").silent("Heard has nothing in North")
	b.get("/checks?answered=yes").says("Heard has nothing in North", "The health board hears them until summer")

	b.submit(done, "/undo", nil).is(http.StatusOK)
	b.get("/checks/coverage").says("2 gaps: Safe from harm in West, Heard in North.")
	b.get(at).says("The answer was taken back")
}

// Findings about posts are finance's own.
func TestFindingsAboutPosts(t *testing.T) {
	s := demoServer(t)
	s.behind(func(b *ledger.Book) (*decide.Outcome, error) {
		r := ledger.Record{Register: "posts", ID: "p1", Values: []ledger.Value{{Column: "service", Text: "youth-inclusion"}, {Column: "contract_end", Text: "2029-03-31"}, {Column: "annual_cost", Text: "31000.00"}, {Column: "awards", Text: "childrens-fund"}}}
		return decide.PutRecord(b, priyaActs, r, "", "A post")
	})
	var id string
	for _, f := range check.Run(s.book().View(s.web.Today()), check.DefaultPolicy()) {
		if subject(&f, "post") != "" {
			id = f.ID
		}
	}
	if id == "" {
		t.Fatal("no finding is about the post")
	}
	path := "/checks/finding?" + url.Values{"id": {id}}.Encode()
	s.as("fin").get(path).is(http.StatusOK)
	s.as("priya").get(path).is(http.StatusNotFound)
	s.as("aud").get(path).is(http.StatusNotFound)
	s.as("priya").get("/notes/new?" + url.Values{"about": {"findings/" + id}}.Encode()).is(http.StatusNotFound)
	s.as("fin").get("/notes/new?" + url.Values{"about": {"findings/" + id}}.Encode()).is(http.StatusOK)
	s.as("priya").get("/checks").says("23 questions are open")
	s.as("fin").get("/checks").says("24 questions are open")
}

// Members see what is about their board's services alone, and nobody without
// the right judges.
func TestWhoSeesAndWhoJudges(t *testing.T) {
	s := demoServer(t)
	const gap, pair = "/checks/finding?id=gap/no-service/heard/north/2026-27", "/checks/duplication/commissioned-twice/family-hubs/parenting/2026-27"
	member := s.as("sam")
	member.get("/checks").is(http.StatusOK).silent("NRF is over-allocated", "Early years centres", "Youth inclusion panels")
	member.get("/checks/duplication").is(http.StatusOK).silent("Youth inclusion panels")
	member.get(pair).is(http.StatusOK).silent("Save decision")
	member.get(gap).is(http.StatusNotFound)
	member.get("/checks/duplication/commissioned-twice/early-years/speech-language/2026-27").is(http.StatusNotFound)
	member.post(pair, url.Values{"verdict": {"both needed"}, "reason": {"x"}}).is(http.StatusForbidden)
	for _, who := range []string{"sue", "aud"} {
		b := s.as(who)
		b.get(gap).is(http.StatusOK).silent("Save decision")
		b.post(gap, url.Values{"verdict": {"accepted"}}).is(http.StatusForbidden)
		b.get("/registers/objectives/heard").is(http.StatusForbidden)
	}
	for _, path := range []string{"/checks", "/checks/coverage", "/checks/duplication", "/objectives", gap, pair} {
		s.as("ada").get(path).is(http.StatusForbidden)
		if p := s.anyone().get(path); p.url.Path != "/en/sign-in" {
			t.Errorf("%s is shown to anyone: %s", path, p.url)
		}
	}
}

// An officer of one area judges what is there, and is not told that there are no
// gaps where they may not look.
func TestAnAreasOfficer(t *testing.T) {
	s := demoServer(t)
	who, err := people.New("Eli East", "eli@example.org", "en")
	if err != nil {
		t.Fatal(err)
	}
	who.ID = "eli"
	who.Tenures = []people.Tenure{{ID: people.NewID(), Role: people.Commissioner, Area: "west", From: s.web.Today().AddMonths(-1), GivenBy: "test"}}
	if err := s.store.People().Save(context.Background(), who, people.Event{Who: "test", What: "person-added", About: "eli"}); err != nil {
		t.Fatal(err)
	}
	b := s.as("eli")
	const north, west = "/checks/finding?id=gap/no-service/heard/north/2026-27", "/checks/finding?id=gap/no-service/safe-from-harm/west/2026-27"
	b.get(north).is(http.StatusNotFound)
	b.get("/checks").is(http.StatusOK).says("Safe from harm has nothing in West", "NRF is over-allocated").silent("Heard has nothing in North")
	b.get("/checks/coverage").is(http.StatusOK).says("1 gap: Safe from harm in West.").silent("Heard in North")
	p := b.get(west).is(http.StatusOK)
	answer := url.Values{"verdict": {"accepted"}, "reason": {"The police have it"}, "review": {"1/9/2027"}}
	b.submit(p, "", url.Values{"id": {"gap/no-service/heard/north/2026-27"}, "verdict": {"accepted"}, "reason": {"x"}}).is(http.StatusNotFound)
	b.submit(p, "", answer).is(http.StatusOK).says("Decision saved.", "No gaps in West that you may see.")
	b.get("/checks/duplication?place=west").is(http.StatusOK).says("Nothing is asked about West.")
}

// The papers of two councils, and a made-up region, bring up rules and bands that
// the demo does not: all of them have words in both languages.
func TestFindingsOfOtherCouncils(t *testing.T) {
	region := t.TempDir()
	if err := (seed.Large{Lines: 400, Number: 2}).Write(region); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"salford", "bridgend", region} {
		dir, asAt := name, priyaActs.Today
		if name != region {
			asAt, dir = seed.AsAt(name), t.TempDir()
			files, err := seed.FS(name)
			if err == nil {
				err = os.CopyFS(dir, files)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		st, _ := largeStore(t, dir)
		s := serveStore(t, st, asAt)
		s.populate(seedPeople("fin"))
		b := s.as("fin")
		seen := map[string]bool{}
		for _, f := range check.Run(s.book().View(asAt), check.DefaultPolicy()) {
			if kind := ruleOf(&f) + f.Band + f.Lacks.Code; !seen[kind] {
				seen[kind] = true
				for _, lang := range []string{"en", "cy"} {
					b.in(lang).get("/checks/finding?" + url.Values{"id": {f.ID}}.Encode()).is(http.StatusOK)
				}
			}
		}
		for _, lang := range []string{"en", "cy"} {
			for _, path := range []string{"/checks", "/checks/duplication", "/checks/coverage", "/objectives"} {
				b.in(lang).get(path).is(http.StatusOK)
			}
		}
	}
}
