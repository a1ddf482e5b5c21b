package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// typedGrid is three grants and three services, as somebody types them first.
func typedGrid() url.Values {
	f := url.Values{"step": {"save"}, "year": {"2026-27"}}
	for name, text := range map[string]string{
		"award.name.1": "Flying Start", "award.funder.1": "Welsh Government", "award.ends.1": "31/3/2028", "award.certainty.1": "confirmed", "award.total.1": "£1,240,000",
		"award.name.2": "NRF", "award.ends.2": "31/3/2027", "award.certainty.2": "confirmed", "award.total.2": "180k",
		"award.name.4": "Core budget", "award.certainty.4": "confirmed",
		"service.service.1": "Youth panels", "service.provider.1": "Young Voices", "service.objective.1": "Out of trouble", "service.area.1": "East", "service.notice.1": "3", "service.cost.1": "£400,000", "cell.1.2": "200,000",
		"service.service.2": "Parenting", "cell.2.1": "310000", "cell.2.4": "50000.50",
		"service.service.5": "Play", "cell.5.4": "?",
	} {
		f.Set(name, text)
	}
	return f
}

var firstDay = fiscal.MustDate("2027-01-12")

// firstHour is an empty Braid with its people, and priya before it.
func firstHour(t *testing.T) (*site, *browser) {
	t.Helper()
	s := emptyServer(t, firstDay)
	s.populate(demoPeople(t))
	return s, s.as("priya")
}

func TestStartGrid(t *testing.T) {
	s, priya := firstHour(t)
	p := priya.get("/start").is(http.StatusOK).says("Which grants pay for which of your services?", "More rows", "More grants")
	if n := strings.Count(p.body, `name="cell.`); n != gridRows*gridColumns {
		t.Errorf("%d cells", n)
	}
	priya.in("cy").get("/start").is(http.StatusOK).says("Pa grantiau sy'n talu am ba rai o'ch gwasanaethau?", "Mwy o resi")

	// more room keeps what was typed
	fields := typedGrid()
	fields.Set("step", "rows")
	p = priya.submit(p, "/start", fields).is(http.StatusOK)
	if !strings.Contains(p.body, `name="cell.18.6"`) || !strings.Contains(p.body, `value="Youth panels"`) || !strings.Contains(p.body, `value="50000.50"`) {
		t.Error("more rows lost what was typed, or are not there")
	}
	fields.Set("step", "columns")
	p = priya.submit(p, "/start", fields).is(http.StatusOK)
	if !strings.Contains(p.body, `name="cell.18.9"`) || !strings.Contains(p.body, `value="31/3/2027"`) {
		t.Error("more grants lost what was typed, or are not there")
	}

	check := priya.submit(p, "/start", typedGrid()).is(http.StatusOK)
	check.says("What will happen if you import start.csv?", "Nothing is saved yet.", "Youth panels", "£200,000.00", "The ledger is empty, so things are recorded as they stand", "Add needs to see gaps", "Add the planned cost of services")
	if s.book().Sequence() != 0 {
		t.Fatal("it was saved before it was checked")
	}
	back := priya.get(strings.TrimPrefix(check.link("Change what you typed"), "/en")).is(http.StatusOK)
	if !strings.Contains(back.body, `value="Youth panels"`) || !strings.Contains(back.body, `value="180k"`) || !strings.Contains(back.body, `name="cell.18.9"`) {
		t.Error("what was typed is lost on the way back")
	}
	home := priya.submit(check, check.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK)
	if home.url.Path != "/en/" {
		t.Errorf("led to %s", home.url)
	}
	home.says("rows imported.", "Undo", "What needs attention?", "£200,000", "31 March 2027", "NRF by £20,000")
	undone := priya.submit(priya.get("/history/1"), "/undo", url.Values{"reason": {"Too soon"}}).is(http.StatusOK)
	undone.says("Change 1 was undone.", "new records without money were kept")
	if left := s.book().Balance(ledger.Account{Stage: ledger.Awarded, Award: "nrf", Year: fiscal.YearOf(firstDay)}); left != 0 {
		t.Errorf("after undo NRF has %v left", left)
	}
	b, err := s.book().At(1)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := b.Record("services", "youth-panels"); r.Get("provider") != "Young Voices" || r.Get("2026-27") != "400000.00" {
		t.Errorf("%+v", r)
	}
	var allocated money.Pence
	for _, h := range b.View(firstDay).AllHoldings() {
		allocated += h.Amount
	}
	if allocated != 560000_50 {
		t.Errorf("%v allocated", allocated)
	}
	if _, unknown := b.View(firstDay).Book.Record("services", "play"); !unknown {
		t.Error("a service of unknown amount is lost")
	}
}

// What is wrong is said at the cell, and nothing typed is lost.
func TestStartGridErrors(t *testing.T) {
	s, priya := firstHour(t)
	p := priya.get("/start")
	empty := priya.submit(p, "/start", url.Values{"step": {"save"}, "year": {"2026-27"}}).is(http.StatusUnprocessableEntity)
	empty.says("There is a problem", "Name at least one grant", "Name at least one service")
	if !strings.HasPrefix(empty.title(), "Error:") {
		t.Errorf("title %q", empty.title())
	}
	priya.submit(p, "/start", url.Values{"step": {"paste"}}).is(http.StatusUnprocessableEntity).says("paste a block")
	fields := typedGrid()
	for name, text := range map[string]string{"cell.1.2": "lots", "award.ends.2": "31/2/2027", "award.total.1": "1.2.3", "service.notice.1": "soon", "service.cost.1": "x", "award.name.4": "NRF", "cell.7.1": "5", "cell.2.5": "6"} {
		fields.Set(name, text)
	}
	missing := priya.submit(p, "/start", fields).is(http.StatusUnprocessableEntity).says("Name this service", "Name this grant")
	for _, field := range []string{"award.name.5", "service.service.7"} {
		if !strings.Contains(missing.body, `href="#f-`+field+`"`) || !strings.Contains(missing.body, `id="f-`+field+`-error"`) {
			t.Errorf("no error at %s", field)
		}
	}
	fields.Del("cell.7.1")
	fields.Del("cell.2.5")
	got := priya.submit(p, "/start", fields).is(http.StatusUnprocessableEntity)
	for _, field := range []string{"cell.1.2", "award.ends.2", "award.total.1", "service.notice.1", "service.cost.1", "award.name.4"} {
		if !strings.Contains(got.body, `id="f-`+field+`-error"`) || !strings.Contains(got.body, `name="`+field+`" type="text" value="`+fields.Get(field)+`"`) {
			t.Errorf("no error at %s, or what was typed is lost:\n%s", field, got.text())
		}
	}
	if s.book().Sequence() != 0 {
		t.Error("something was saved")
	}
	s.as("sue").get("/start").is(http.StatusForbidden)
}

// A block pasted is read as it stands, blank corner and all.
func TestStartPasted(t *testing.T) {
	s, priya := firstHour(t)
	block := "\tFlying Start\tNRF\tTotal\nEnds\t31 March 2028\t31 March 2027\t\nAwarded\t1.24m\t180k\t\nYouth panels\t-\t110,000\t110,000\nParenting\t\"310,000\"\t90,000\t400,000\n"
	p := priya.submit(priya.get("/start"), "/start", url.Values{"step": {"paste"}, "paste": {block}, "year": {"2026-27"}}).is(http.StatusOK)
	p.says("Youth panels", "£110,000.00", "Parenting", "£310,000.00")
	priya.get(strings.TrimPrefix(p.link("Change what you typed"), "/en")).is(http.StatusOK).says("1.24m")
	priya.submit(p, p.url.Path, url.Values{"step": {"import"}}).is(http.StatusOK).says("£200,000 on 31 March 2027")
	if _, ok := s.book().Award("nrf"); !ok {
		t.Error("NRF is not there")
	}
}
