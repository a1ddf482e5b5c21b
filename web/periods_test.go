package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

func TestMonthsOfAYear(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	p := fin.get("/periods?year=2026-27").is(http.StatusOK)
	p.says("Which accounting months are open in 2026-27?", "No month is closed yet. April 2026 is the first that is open.", "December 2026", "March 2027", "Open")
	fin.in("cy").get("/periods").is(http.StatusOK).says("Pa fisoedd cyfrifo sydd ar agor yn 2026-27?", "Ebrill 2026 yw'r cyntaf sydd ar agor.", "Rhagfyr 2026")
	// every month's spend opens to payments that come to it, and the months to the year's
	var sum money.Pence
	by := map[string]money.Pence{}
	b := s.book()
	for i := range b.Len() {
		if e := b.Entry(i); spent(e) != 0 {
			by[monthOf(e.Effective)] += spent(e)
			sum += spent(e)
		}
	}
	if sum != 2741300_00 {
		t.Fatalf("the months come to %v", sum)
	}
	for month, spend := range by {
		p.says(spend.Exact())
		fin.get("/periods/" + month).is(http.StatusOK).says(spend.Exact())
	}
	for _, gone := range []string{"2026-13", "2026-4", "x", "2026-04-01"} {
		fin.get("/periods/" + gone).is(http.StatusNotFound)
	}
	s.as("priya").get("/periods").is(http.StatusForbidden)
	s.as("aud").post("/periods/2026-04", url.Values{"to": {"closed"}, "reason": {"x"}}).is(http.StatusForbidden)
}

// A month is closed with a reason, after its trial balance was shown, and is
// opened again by two people.
func TestCloseAndReopenAMonth(t *testing.T) {
	s := demoServer(t)
	fin, owen := s.as("fin"), s.as("owen").in("en")
	path := "/periods/2026-04"
	p := fin.get(path).is(http.StatusOK).says("What do the accounts of April 2026 come to?", "Trial balance at the end of the month", "Total £0.00", s.book().Hash().String())
	bad := fin.submit(p, path, url.Values{}).is(http.StatusUnprocessableEntity).says("Choose what the month should be", "Enter a reason")
	if !strings.HasPrefix(bad.title(), "Error:") {
		t.Errorf("title %q", bad.title())
	}
	fin.submit(p, path, url.Values{"to": {"open"}, "reason": {"x"}}).is(http.StatusUnprocessableEntity)

	check := fin.submit(p, path, url.Values{"to": {"closed"}, "reason": {"All <in>"}}).is(http.StatusOK).says("Check before you change April 2026", "Close April 2026", "All <in>")
	if s.book().Sequence() != 1 {
		t.Fatal("it was closed before it was checked")
	}
	fin.submit(check, path, nil).is(http.StatusOK).says("April 2026 is closed.", "nothing can be dated in that month", "Fiona Walsh, finance", "All <in>", "Trial balance when the month was closed", "History")
	fin.get("/periods").says("1 month is closed. May 2026 is the first that is open.")
	file := []byte("id,date,amount,award,service\nlate,2026-04-30,100,core,young-carers\n")
	fin.upload("/import", "payments.csv", file, nil).is(http.StatusOK).says("1 row needs fixing", "closed")

	ask := fin.submit(fin.get(path), path, url.Values{"to": {"open"}, "reason": {"A late invoice"}}).says("Ask to reopen April 2026")
	fin.submit(ask, path, nil).is(http.StatusOK).says("A second person in finance has been asked", "Fiona Walsh asked on", "A late invoice", "another person in finance decides")
	if r, _ := s.book().Record("periods", "2026-04"); r.Get("state") != "closed" {
		t.Fatal("one person opened it")
	}
	id := ""
	for n := range s.book().Records("asks") {
		id = n
	}
	fin.post(path+"/asked", url.Values{"ask": {id}, "answer": {"approve"}, "reason": {"me too"}}).is(http.StatusUnprocessableEntity)
	owen.get("/periods").says("Asked to reopen", "1 request to reopen waits for a second person.")
	waiting := owen.get(path)
	owen.submit(waiting, "/asked", url.Values{"answer": {"approve"}}).is(http.StatusUnprocessableEntity).says("Enter a reason")
	owen.submit(waiting, "/asked", url.Values{"answer": {"approve"}, "reason": {"Agreed"}}).is(http.StatusOK).says("April 2026 is open again.")
	fin.upload("/import", "payments.csv", file, nil).is(http.StatusOK).says("Import 1 row")
}

// A request to reopen can be refused, or withdrawn by who asked.
func TestReopeningRefusedOrWithdrawn(t *testing.T) {
	s := demoServer(t)
	fin, owen := s.as("fin"), s.as("owen").in("en")
	s.changed("fin", "finance", "close", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.ClosePeriod(b, a, "2026-05", "All in")
	})
	ask := func() *page {
		p := fin.submit(fin.get("/periods/2026-05"), "/periods/2026-05", url.Values{"to": {"open"}, "reason": {"Late"}}).is(http.StatusOK)
		return fin.submit(p, "/periods/2026-05", nil).is(http.StatusOK)
	}
	ask()
	owen.submit(owen.get("/periods/2026-05"), "/asked", url.Values{"answer": {"refuse"}, "reason": {"Use June"}}).is(http.StatusOK).says("The request to reopen May 2026 was refused.", "closed")
	fin.submit(ask(), "/asked", url.Values{"answer": {"withdraw"}, "reason": {"Not needed"}}).is(http.StatusOK).says("Your request to reopen May 2026 was withdrawn.")
	if r, _ := s.book().Record("periods", "2026-05"); r.Get("state") != "closed" {
		t.Error("the month is open")
	}
	fin.post("/periods/2026-05/asked", url.Values{"ask": {"x"}, "answer": {"burn"}}).is(http.StatusBadRequest)
}

// A month that is open to finance only takes what finance posts, and no other.
func TestFinanceOnly(t *testing.T) {
	s := demoServer(t)
	fin := s.as("fin")
	path := "/periods/2027-01"
	p := fin.submit(fin.get(path), path, url.Values{"to": {"finance-only"}, "reason": {"Closing soon"}})
	fin.submit(p, path, nil).is(http.StatusOK).says("January 2027 is open to finance only.")
	fin.upload("/import", "payments.csv", []byte("id,date,amount,award,service\nx,2027-01-04,100,core,young-carers\n"), nil).is(http.StatusOK).says("Import 1 row")
	fin.get("/periods?year="+fiscal.YearOf(s.web.Today()).String()).says("Finance only", "Closing soon")
}
