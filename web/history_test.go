package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/decide"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/words"
)

// changed posts a decision of a person of the demo, as a form of theirs would.
func (s *site) changed(person, role, key string, do func(*ledger.Book, decide.Actor) (*decide.Outcome, error)) int {
	s.t.Helper()
	actor := decide.Actor{Person: person, Name: strings.ToUpper(person[:1]) + person[1:], Role: role, Today: s.web.Today(), Key: "form:" + person + ":" + key, Source: "web /test"}
	b, err := s.store.Post(context.Background(), func(b *ledger.Book) (*ledger.Draft, error) {
		o, err := do(b, actor)
		if err != nil {
			return nil, err
		}
		return o.Draft, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return b.Sequence()
}

// moved has priya move £1,000 of the core budget from hubs to parenting.
func (s *site) moved(key string) int {
	s.t.Helper()
	return s.changed("priya", "commissioner", key, func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		y := s.web.Today().Year()
		hubs, _ := decide.Held(b, "core", "family-hubs", y)
		young, _ := decide.Held(b, "core", "young-carers", y)
		return decide.Reallocate(b, a, []decide.Cell{{Award: "core", Service: "family-hubs", Year: y, Was: hubs, To: hubs - 1000_00},
			{Award: "core", Service: "young-carers", Year: y, Was: young, To: young + 1000_00}}, "More for young carers")
	})
}

func TestHistoryListsEveryChange(t *testing.T) {
	s := demoServer(t)
	seq := s.moved("one")
	fin := s.as("fin")
	p := fin.get("/history").is(http.StatusOK)
	p.says("Who changed what, when and why?", "2 changes are recorded, the newest first.", "Priya, commissioner", "More for young carers", "The registers of the demo council", "Payments (162)")
	if strings.Index(p.text(), "More for young carers") > strings.Index(p.text(), "The registers of the demo council") {
		t.Error("the newest is not first")
	}
	fin.in("cy").get("/history").is(http.StatusOK).says("Pwy newidiodd beth, pryd a pham?", "Cofnodwyd 2 newid", "Priya, comisiynydd", "Taliadau (162)")
	fin.get("/history?reason=carers").says("1 change matches").silent("The registers of the demo council")
	fin.get("/history?person=demo&reason=carers").says("0 changes match", "Remove a filter")
	fin.get("/history?person=Priya&register=money&about=young-carers").says("1 change matches", "More for young carers")
	fin.get("/history?about=nowhere").says("No change matches.")
	fin.get("/history?from=x").says("Enter a date like 31/3/2027")
	fin.get("/history?to=1/1/2020").says("0 changes match")
	csv := fin.get("/history?format=csv")
	if lines := strings.Count(csv.body, "\n"); csv.status != http.StatusOK || lines < 3 {
		t.Errorf("the file has %d lines: %d\n%.300s", lines, csv.status, csv.body)
	}

	p = fin.get("/history/" + strconv.Itoa(seq)).is(http.StatusOK)
	_, hash := s.book().Head(seq)
	_, before := s.book().Head(seq - 1)
	p.says("What did change 2 do?", "Priya, commissioner changed this on", "More for young carers", hash.String(), before.String(), "Family support hubs", "Young carers", "£222.22")
	fin.in("cy").get("/history/1?page=2").is(http.StatusOK).says("Beth wnaeth newid 1?", "Cofnodwyd fel yr oedd pethau")
	for _, gone := range []string{"/history/0", "/history/3", "/history/02", "/history/x", "/history/99999999999999999999"} {
		fin.get(gone).is(http.StatusNotFound)
	}
}

func TestUndoFromHistory(t *testing.T) {
	s := demoServer(t)
	y := s.web.Today().Year()
	was, _ := decide.Held(s.book(), "core", "young-carers", y)
	seq := s.moved("two")
	path := "/history/" + strconv.Itoa(seq)

	fin := s.as("fin")
	refused := fin.submit(fin.get(path), "/undo", nil).is(http.StatusUnprocessableEntity)
	refused.says("There is a problem", "Enter a reason for undoing this change")
	if !strings.HasPrefix(refused.title(), "Error:") {
		t.Errorf("title %q", refused.title())
	}
	s.as("aud").get(path).is(http.StatusOK).silent("Undo this change")
	s.as("aud").post(path+"/undo", url.Values{"reason": {"x"}}).is(http.StatusForbidden)

	fin.submit(fin.get(path), "/undo", url.Values{"reason": {"It was the wrong year"}}).is(http.StatusOK).says("Change 2 was undone.", "This change was undone by change 3.")
	now, _ := decide.Held(s.book(), "core", "young-carers", y)
	if now != was {
		t.Errorf("young carers have %v, had %v", now, was)
	}
	fin.get("/history/3").says("Undo of change 2: It was the wrong year", "This change takes back change 2.", "Reversal:")
	fin.post(path+"/undo", url.Values{"reason": {"again"}, "page": {"history"}}).is(http.StatusUnprocessableEntity)
	if s.book().Sequence() != 3 {
		t.Errorf("the ledger has %d batches", s.book().Sequence())
	}
	// undoing the undo does it again
	fin.post("/history/3/undo", url.Values{"reason": {"It was right after all"}, "page": {"history"}}).is(http.StatusOK).says("Change 3 was undone.")
	if again, _ := decide.Held(s.book(), "core", "young-carers", y); again != was+1000_00 {
		t.Errorf("young carers have %v, had %v", again, was)
	}
}

// A long history comes in pages; a file of it is whole.
func TestHistoryInPages(t *testing.T) {
	s := demoServer(t)
	for i := range 54 {
		s.changed("priya", "commissioner", strconv.Itoa(i), func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
			return decide.PutRecord(b, a, ledger.Record{Register: "areas", ID: "ward-" + strconv.Itoa(i), Values: []ledger.Value{{Column: "name", Text: "Ward " + strconv.Itoa(i)}}}, "", "")
		})
	}
	fin := s.as("fin")
	fin.get("/history").says("55 changes are recorded", "Places (1)").silent("The registers of the demo council")
	fin.get("/history?page=2").says("The registers of the demo council")
	if got := strings.Count(fin.get("/history?format=csv").body, "Places (1)"); got != 54 {
		t.Errorf("the file has %d of 54", got)
	}
	fin.get("/history/2").says("Ward 0", "Added", "Name: Ward 0", "No money moved.")
}

// Straight after saving, the banner's Undo asks no reason of who saved; of
// another it does.
func TestUndoStraightAfterSaving(t *testing.T) {
	s := demoServer(t)
	path := "/history/" + strconv.Itoa(s.moved("three")) + "/undo"
	s.as("owen").post(path, url.Values{}).is(http.StatusUnprocessableEntity).says("Enter a reason")
	s.as("priya").in("cy").post(path, url.Values{"key": {"k"}}).is(http.StatusOK).says("Dadwnaed newid 2.")
	if got := s.book().Sequence(); got != 3 {
		t.Errorf("%d batches", got)
	}
	// another officer may not undo what priya did, nor anybody a closed month
	closed := s.changed("fin", "finance", "close", func(b *ledger.Book, a decide.Actor) (*decide.Outcome, error) {
		return decide.ClosePeriod(b, a, "2026-04", "All in")
	})
	path = "/history/" + strconv.Itoa(closed)
	s.as("priya").post(path+"/undo", url.Values{"reason": {"x"}}).is(http.StatusUnprocessableEntity)
	s.as("fin").get(path).says("Two people in finance reopen a month").silent("Why are you undoing it?")
	s.as("fin").post(path+"/undo", url.Values{"reason": {"x"}}).is(http.StatusUnprocessableEntity)
	if r, _ := s.book().Record("periods", "2026-04"); r.Get("state") != "closed" {
		t.Error("the month was opened by one person")
	}
}

// The sum of a change is what its entries come to.
func TestHistorySums(t *testing.T) {
	s := demoServer(t)
	var sum money.Pence
	b := s.book()
	for i := range b.Len() {
		sum += b.Entry(i).Amount
	}
	p := s.as("fin").get("/history/1").is(http.StatusOK)
	p.says(sum.Exact())
	s.as("fin").get("/history").says(sum.Exact())
}

// A member sees the changes to their board's money and no others.
func TestHistoryOfABoard(t *testing.T) {
	s := demoServer(t)
	path := "/history/" + strconv.Itoa(s.moved("four"))
	sam := s.as("sam")
	sam.get("/history").is(http.StatusOK).says("1 change is recorded", "Delegations (3)", "your own services").silent("Payments", "More for young carers")
	sam.get("/history/1").is(http.StatusOK).says("You see the part of this change").silent("NRF")
	sam.get(path).is(http.StatusNotFound)
	sam.post(path+"/undo", url.Values{"reason": {"x"}}).is(http.StatusNotFound)
	sam.post("/history/1/undo", url.Values{"reason": {"x"}}).is(http.StatusUnprocessableEntity)
}

// Every register and column, and every kind of entry and stage of money, has a
// name in both languages.
func TestHistoryNamesEverything(t *testing.T) {
	for _, l := range words.Languages {
		r := words.In(l)
		need := func(id string) {
			if !r.Has(id) {
				t.Errorf("%s has no %s", l, id)
			}
		}
		for _, register := range ledger.Registers {
			need("history.register." + register.Name)
			for _, c := range register.Columns {
				need("history.column." + c.Name)
			}
		}
		for k := ledger.Figure; k <= ledger.Transfer; k++ {
			need("history.kind." + k.String())
			need("history.kinds." + k.String())
		}
		for stage := ledger.Funder; stage <= ledger.Uncharged; stage++ {
			need("history.stage." + stage.String())
		}
		for _, role := range people.Roles {
			need("history.role." + string(role))
		}
	}
}
