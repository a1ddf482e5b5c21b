package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"braid/ledger/money"
)

// The page of a service's ending: by when to decide, what each way out costs by
// the forecast, what is planned.
func TestWaysOut(t *testing.T) {
	s := demoServer(t)
	priya := s.as("priya")
	p := priya.get("/services/youth-inclusion/exit").is(http.StatusOK).says("What happens to Youth inclusion panels when its money ends?",
		"£350,000 of its £400,000 ends on 31 March 2027, in 78 days, and nothing is known to follow.", "It was to be decided by 31 December 2026: 12 days late.", "It serves 240 children.")
	for option, want := range map[string][]string{
		"End the service":          {"Not known", "– none", "– none", "It serves 240 children."},
		"Pay from the core budget": {"£358,000", "£366,160", "£374,483", "A decision of the council to find it in the base budget, every year."},
		"Pay from another grant":   {"– none", "– none", "– none", "In 2027-28: Families First, £140,000 left, terms allow it"},
		// £358,000 ÷ 240, to the next penny.
		"Charge those who use it":       {"Not known", "Not known", "Not known", "£1,491.67 in 2027-28 from each of 240 children, if all still came."},
		"Merge it with another service": {"Not known", "Not known", "Not known", "Works to the same objective: Play and holiday scheme"},
		"Hand it over to another body":  {"Not known", "– none", "– none", "Another body that takes it on, with the staff the law moves with the work."},
	} {
		if got := p.rowOf("options", option); len(got) < 4 || !slices.Equal(got[:4], want) {
			t.Errorf("%s: %q, want %q", option, got, want)
		}
	}
	form := priya.get("/services/youth-inclusion/exit/plan").is(http.StatusOK)
	check := priya.submit(form, "", url.Values{"c.option": {"mainstream"}, "c.owner": {"Youth manager"}, "c.exit_cost": {"£19,200"}, "c.people": {"240"}, "c.after": {"They keep their panel worker."}, "step": {"check"}}).is(http.StatusOK)
	done := priya.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("Exit plan saved as a draft.", "They keep their panel worker.", "History")
	if done.url.Path != "/en/services/youth-inclusion/exit" {
		t.Errorf("saving leads to %s", done.url)
	}
	if got := done.rowOf("options", "Pay from the core budget"); got[4] != "Draft" {
		t.Errorf("what is planned has no mark: %q", got)
	}
	if got := done.rowOf("options", "End the service"); got[0] != "£19,200" {
		t.Errorf("the cost of ending is as planned: %q", got)
	}
	list := priya.get("/services/exits").is(http.StatusOK).says("5 services lose money. Plans agreed: 0; drafts: 1; no plan: 4.")
	if got := list.rowOf("exits", "Youth inclusion panels"); !slices.Equal(got, []string{"£350,000", "31 Mar 2027", "31 Dec 2026", "12 days late", "Pay from the core budget", "Youth manager", "£19,200", "240 children", "Draft"}) {
		t.Errorf("the list says %q", got)
	}
	s.as("priya").in("cy").get("/services/youth-inclusion/exit").is(http.StatusOK).says("Beth sy'n digwydd i Paneli cynhwysiant ieuenctid pan ddaw ei arian i ben?", "£358,000")
	priya.get("/services/early-years/exit").is(http.StatusOK).says("None of its money ends in the next 12 months.")
	// A board's reader sees the plan, and nothing of what others pay.
	s.as("sam").get("/services/play-holiday/exit").is(http.StatusOK).says("Exit plan").silent("£", "Posts")
	s.wendy().get("/services/exits").is(http.StatusOK).says("4 services lose money.").silent("Play and holiday scheme")
	s.as("wendy").get("/services/play-holiday/exit").is(http.StatusNotFound)
}

// TestPostsAreFinances: nobody but finance and audit meets a post or what ending
// it costs, in pages, files, search, history, the workbook or by program.
func TestPostsAreFinances(t *testing.T) {
	s := demoServer(t)
	for _, who := range []string{"fin", "aud"} {
		b := s.as(who)
		p := b.get("/services/play-holiday/exit").is(http.StatusOK).says("play-lead", "Open Fields Play", "Children's Fund 50%, NRF 50%")
		if got := p.rowOf("posts", "Total"); got[0] != "4.5" || got[4] != "£139,000" || got[5] != "£16,000" {
			t.Errorf("%s: the posts come to %q", who, got)
		}
		if got := p.rowOf("options", "End the service"); got[0] != "£16,000" {
			t.Errorf("%s: ending costs %q", who, got)
		}
		if !strings.Contains(b.get("/services/play-holiday/exit?format=csv&table=posts").body, "play-workers,3.5") {
			t.Errorf("%s has no posts in CSV", who)
		}
		b.get("/plan/forecast").is(http.StatusOK).says("Redundancy and exit cost, once £35,200")
		b.get("/plan/forecast/figure?line=exit-cost&year=2026-27&service=play-holiday").is(http.StatusOK).says("£16,000.00")
	}
	secret := []string{"play-lead", "play-workers", "panel-coordinator", "£35,200", "£16,000", "£19,200", "£9,800", "£6,200", "£41,000"}
	for _, who := range []string{"priya", "sue", "sam", "chris"} {
		b := s.as(who)
		for _, path := range []string{"/services/play-holiday/exit", "/services/play-holiday", "/services/exits", "/services/risk", "/plan/forecast", "/plan/forecast/figure?line=exit-cost&year=2026-27",
			"/plan/forecast/figure?line=exit-cost&year=2026-27&service=play-holiday", "/checks", "/plan/compare"} {
			b.get(path).silent(secret...)
		}
		b.get("/search?q=play-lead").is(http.StatusOK).says("0 things found")
		for _, path := range []string{"/services/play-holiday/exit?format=csv&table=posts", "/services/exits?format=csv", "/plan/forecast?format=csv"} {
			body := b.get(path).body
			for _, word := range []string{"play-lead", "35200", "16000.00", "9800"} {
				if strings.Contains(body, word) {
					t.Errorf("%s meets %s at %s", who, word, path)
				}
			}
		}
		for _, path := range []string{"/registers/posts", "/registers/posts/play-lead", "/registers/posts/new", "/services/play-holiday/posts/new"} {
			b.get(path).is(http.StatusForbidden)
		}
	}
	s.as("priya").get("/history/1").silent("play-lead")
	s.as("aud").get("/registers/posts").is(http.StatusForbidden) // who reads them does not change them

	fin := s.as("fin")
	form := fin.get("/services/young-carers/posts/new").is(http.StatusOK)
	fin.submit(form, "", url.Values{"c.fte": {"a lot"}, "step": {"check"}}).is(http.StatusUnprocessableEntity).says("There is a problem")
	check := fin.submit(form, "", url.Values{"c.fte": {"0.6"}, "c.employer": {"Harbour Families"}, "c.annual_cost": {"£21,000"}, "c.exit_cost": {"?"}, "c.tupe": {"yes"}, "c.awards": {"childrens-fund"}, "step": {"check"}}).is(http.StatusOK)
	p := fin.submit(check, "", url.Values{"step": {"save"}}).is(http.StatusOK).says("0.6", "Harbour Families", "£21,000", "Transfers")
	if got := p.rowOf("posts", "Total"); got[5] != "Not known" {
		t.Errorf("what nobody knows comes to %q", got)
	}
	fin.get("/services/exits").is(http.StatusOK)
	fin.get("/plan/forecast").says("at least £35,200")
}

// By program, too.
func TestPostsAreFinancesByProgram(t *testing.T) {
	s := demoServer(t)
	exitCost := func(who string) (sum money.Pence) {
		var got struct {
			Totals []struct {
				Cost string `json:"exit_cost"`
			}
		}
		if err := json.Unmarshal(s.program(t, who).send("GET", "/forecast", "", "").is(t, 200).body, &got); err != nil {
			t.Fatal(err)
		}
		for _, year := range got.Totals {
			p, err := money.ParsePence(year.Cost)
			if err != nil {
				t.Fatal(err)
			}
			sum += p
		}
		return sum
	}
	if got := exitCost("fin"); got != 35_200_00 {
		t.Errorf("finance reads %s", got)
	}
	if got := exitCost("priya"); got != 0 {
		t.Errorf("a commissioner reads %s", got)
	}
	s.program(t, "priya").send("GET", "/registers/posts", "", "").is(t, 404)
}
