package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/money"
	"braid/seed"
)

// numbers gives the links of a page's tables that say an amount.
func (p *page) numbers() map[string][]string {
	of := map[string][]string{}
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.A && inMain(n) && n.FirstChild != nil && n.FirstChild.Type == html.TextNode && strings.HasPrefix(n.FirstChild.Data, "£") {
			of[n.FirstChild.Data] = append(of[n.FirstChild.Data], attr(n, "href"))
		}
	}
	return of
}

func TestCoverage(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/checks/coverage").is(http.StatusOK).says("Where are the gaps?", "2 gaps: Safe from harm in West, Heard in North.",
		"Total £1,490,000 £1,320,000 £850,000 £3,660,000", "£ per child 0 to 17 £250 £300 £170 £238",
		"Ready for school £610,000 £520,000 £480,000 £1,610,000", "Confident parents £300,000 £410,000 £250,000 £960,000", "Safe from harm £190,000 £210,000 Gap £400,000",
		"Out of trouble £290,000 £180,000 £60,000 £530,000", "Heard £100,000 Gap £60,000 £160,000", "Needed by 140 children aged 0 to 17")
	gaps := 0
	for n := range p.root.Descendants() {
		if n.DataAtom == atom.Td && strings.Contains(attr(n, "class"), "gap-cell") {
			gaps++
		}
	}
	if gaps != 2 {
		t.Errorf("%d cells are gaps", gaps)
	}
	opened := 0
	for amount, links := range p.numbers() {
		for _, href := range links {
			if strings.Contains(href, "/ledger/postings") {
				opened++
				if got := s.opened(href); got.Whole() != amount {
					t.Errorf("%s opens to %s: %s", amount, got, href)
				}
				b.get(href).is(http.StatusOK).says(amount)
			} else {
				b.get(href).is(http.StatusOK).says(amount)
			}
		}
	}
	if opened != 22 {
		t.Errorf("%d amounts open to postings, want 22", opened)
	}
	b.get("/checks/coverage?unit=k").says("£000", "Ready for school 610 520 480 1,610")
	b.in("cy").get("/checks/coverage").says("Ble mae'r bylchau?", "2 fwlch: Diogel rhag niwed yn ardal Gorllewin, Cael gwrandawiad yn ardal Gogledd.", "Bwlch", "£ y plentyn 0 i 17")
	if csv := b.get("/checks/coverage?format=csv"); !strings.Contains(csv.body, "Heard,100000.00,Gap,60000.00,160000.00") {
		t.Errorf("the file reads %s", csv.body)
	}

	b.get("/checks/coverage?show=child").says("Ready for school £102 £118 £96 £105", "Heard £17 Gap £12 £10")
	b.get("/checks/coverage?show=services").says("Total 6 7 6 7", "Out of trouble 2 1 1 2")
	after := b.get("/checks/coverage?when=after").says("2 gaps after 31 March 2027", "Total £1,071,000 £972,000 £717,000 £2,760,000", "Out of trouble £20,000 £20,000 £10,000 £50,000", "Money of awards that end by 31 March 2027 is left out")
	for amount, links := range after.numbers() { // what is left out of postings is listed on a page of its own
		for _, href := range links {
			b.get(href).is(http.StatusOK).says(amount)
		}
	}
	b.get("/checks/coverage?place=west").says("1 gap: Safe from harm in West.", "Heard £60,000 £60,000").silent("North")
	b.get("/checks/coverage?year=2027-28").is(http.StatusOK).says("Allocated, 2027-28", "Gap")
	s.as("sue").get("/checks/coverage").is(http.StatusOK).says("£3,660,000")
	s.as("sam").get("/checks/coverage").is(http.StatusOK).says("You see the money that North board put on services, and no other.", "Safe from harm – none £122,000", "£186,000").silent("£1,610,000", "Gap")
}

// A figure's page lists what makes it, each part open to its postings, and adds
// up to it.
func TestWhatMakesAFigureOfCoverage(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/checks/coverage/cell?objective=heard&area=east").is(http.StatusOK).says("What is there for Heard, East?", "£100,000 in 2026-27, on 1 service.", "£100,000 ÷ 5,960 people aged 0 to 17 = £17 each.",
		"Total £100,000", "Young carers Children's Fund", "60 children")
	var sum money.Pence
	for amount, links := range p.numbers() {
		for _, href := range links {
			got := s.opened(href)
			if got.Whole() != amount {
				t.Errorf("%s opens to %s", amount, got)
			}
			sum += got
		}
	}
	if sum != 100_000_00 {
		t.Errorf("the parts come to %s", sum)
	}
	b.get("/checks/coverage/cell?objective=heard&area=east&when=after").says("£74,000 in 2026-27", "left out").silent("Children's Fund")
	b.get("/checks/coverage/cell?objective=heard&area=north").says("There is no money here.", "Heard has nothing in North", "No award puts money on a service here.", "90 children")
	b.in("cy").get("/checks/coverage/cell?objective=heard&area=east").says("Beth sydd ar gael ar gyfer Cael gwrandawiad, Dwyrain?", "£100,000 yn 2026-27, ar 1 gwasanaeth.")
	for _, nothing := range []string{"?objective=none", "?area=atlantis", "?objective=heard&area=demo"} {
		b.get("/checks/coverage/cell" + nothing).is(http.StatusNotFound)
	}
}

// A region's gaps are many: the lists lead with some and say how many more.
func TestCoverageOfARegion(t *testing.T) {
	dir := t.TempDir()
	if err := (seed.Large{Lines: 2_000, Number: 1}).Write(dir); err != nil {
		t.Fatal(err)
	}
	st, _ := largeStore(t, dir)
	s := serveStore(t, st, priyaActs.Today)
	s.populate(seedPeople("priya"))
	b := s.as("priya")
	p := b.get("/checks/coverage").is(http.StatusOK).says("more: see them in the checks", "with its parts", "gaps")
	if n := len(p.body); n > 250_000 {
		t.Errorf("the page is %d bytes", n)
	}
	within := b.get(p.link("Authority 1")).is(http.StatusOK).says("Locality 1.1").silent("Locality 2.1", "with its parts")
	if within.url.Query().Get("place") == "" {
		t.Errorf("a place with parts leads to %s", within.url)
	}
	b.get("/objectives").is(http.StatusOK).says("gaps")
}

// Small numbers of children are not printed anywhere.
func TestSmallNeedsAreNotPrinted(t *testing.T) {
	s := demoServer(t)
	s.behind(func(b *ledger.Book) (*decide.Outcome, error) {
		r := ledger.Record{Register: "needs", ID: "few", Values: []ledger.Value{{Column: "objective", Text: "out-of-trouble"}, {Column: "area", Text: "east"}, {Column: "ages", Text: "16-17"}, {Column: "year", Text: "2026-27"}, {Column: "people", Text: "3"}}}
		return decide.PutRecord(b, priyaActs, r, "", "A count")
	})
	b := s.as("priya")
	b.get("/objectives/out-of-trouble").is(http.StatusOK).says("fewer than 5")
	b.get("/checks/coverage/cell?objective=out-of-trouble&area=east").says("fewer than 5")
	p := b.get("/checks/finding?" + url.Values{"id": {"gap/no-service/out-of-trouble/east/2026-27"}}.Encode()).is(http.StatusOK).says("fewer than 5")
	p.silent("People: 3")
}

func TestCoverageOfAnEmptyLedger(t *testing.T) {
	s := emptyServer(t, priyaActs.Today)
	s.populate(seedPeople("priya"))
	b := s.as("priya")
	b.get("/checks/coverage").is(http.StatusOK).says("No objectives are recorded yet.")
	b.get("/checks/duplication").is(http.StatusOK).says("No possible duplication.")
	b.get("/checks").is(http.StatusOK).says("The checks found nothing to ask.")
	b.get("/objectives").is(http.StatusOK).says("No objectives are recorded yet.")
}
