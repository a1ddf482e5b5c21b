package web

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestAccount(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/account").is(200).says("Your account", "This browser", s.person("priya").Email)
	p = b.submit(p, "", filled("name", " ", "language", "en")).is(422)
	if !strings.HasPrefix(p.title(), "Error: ") {
		t.Errorf("titled %q", p.title())
	}
	b.submit(p, "", filled("name", "Priya Shah-Jones", "language", "cy", "shortcuts", "yes")).is(200).says("Cadwyd y cyfrif")
	p = b.in("cy").get("/services")
	if got := s.person("priya"); got.Name != "Priya Shah-Jones" || got.Language != "cy" || !got.Shortcuts {
		t.Errorf("saved as %+v", got)
	}
	if !strings.Contains(p.body, `data-shortcuts="on"`) || !strings.Contains(p.body, "Priya Shah-Jones") {
		t.Error("the page knows nothing of it")
	}
	if home := b.send(request(t, s.URL+"/", "")).url.Path; home != "/cy/" {
		t.Errorf("the language is forgotten: %s", home)
	}
	// A field nobody asked for is refused: nobody gives themselves a role.
	b.post("/account", filled("name", "P", "language", "en", "role", "finance")).is(400)
	b.post("/account", filled("name", "P", "language", "en", "email", "p@x.example")).is(400)
}

// What concerns who may get in asks again, a quarter of an hour after signing in.
func TestProveAgain(t *testing.T) {
	s := demoServer(t)
	s.withPassword("priya")
	b := s.as("priya")
	if p := b.get("/account/tokens").is(200); p.url.Path != "/en/account/tokens" {
		t.Fatalf("asked at once, at %s", p.url)
	}
	s.web.Clock = func() time.Time { return time.Now().Add(16 * time.Minute) }
	p := b.get("/account/tokens")
	if p.url.Path != "/en/account/prove" {
		t.Fatalf("not asked, at %s", p.url)
	}
	b.submit(p, "", filled("password", "wrong")).is(422).says("The password is wrong")
	if p = b.submit(p, "", filled("password", goodPassword)); p.url.Path != "/en/account/tokens" {
		t.Errorf("then sent to %s", p.url)
	}
	// Somebody without a password or codes has to sign in again.
	chris := s.as("ada")
	s.web.Clock = func() time.Time { return time.Now().Add(40 * time.Minute) }
	chris.get("/people/new").is(403).says("Sign out and in again")
}

var tokenShown = regexp.MustCompile(`braid_[a-z2-7]{26}`)

func TestTokens(t *testing.T) {
	s := demoServer(t)
	b := s.as("priya")
	p := b.get("/account/tokens").is(200).says("There are none")
	b.submit(p, "", filled("name", "", "days", "91")).is(422).says("Name the token", "Choose 1 to 90 days")
	p = b.submit(p, "", filled("name", "Power BI", "days", "90")).is(200).says("Power BI", "not shown again")
	token := tokenShown.FindString(p.body)
	who, err := s.store.People().Token(t.Context(), token, s.web.Today())
	if err != nil || who.ID != "priya" {
		t.Fatalf("%q is of %v, %v", token, who, err)
	}
	p = b.get("/account/tokens")
	if strings.Contains(p.body, token) {
		t.Error("a token is shown twice")
	}
	// Another's token is as one that is not there; an administrator may end it.
	tokens, err := s.store.People().Tokens(t.Context(), "priya")
	if err != nil || len(tokens) != 1 {
		t.Fatal(tokens, err)
	}
	s.as("fin").post("/account/tokens/"+tokens[0].ID+"/revoke", nil).is(404)
	s.as("sue").get("/account/tokens").is(403)
	b.get("/tokens").is(403)
	ada := s.as("ada")
	p = ada.in("cy").get("/tokens").is(200).says("Power BI", "Mae 1 tocyn yn dda")
	ada.submit(p, "/revoke", nil).is(200)
	if _, err := s.store.People().Token(t.Context(), token, s.web.Today()); err == nil {
		t.Error("a token ended by an administrator is good")
	}
}

var linkShown = regexp.MustCompile(`http://[^<"]+/(en|cy)/start/[a-z2-7]{26}`)

// An administrator adds people and gives roles; those with power wait for
// finance; nobody changes their own.
func TestPeople(t *testing.T) {
	s := demoServer(t)
	ada, fin := s.as("ada"), s.as("fin")
	ada.get("/people").is(200).says("Who uses Braid?", "9 people may sign in", "Priya")
	s.as("aud").get("/people").is(200).silent("Add a person")
	s.as("priya").get("/people").is(403)
	s.as("aud").get("/people/new").is(403)
	ada.get("/people/nobody").is(404)

	p := ada.get("/people/new").is(200)
	p = ada.submit(p, "", filled("name", "Nia", "email", "nia", "language", "cy", "role", "board member", "to", "soon")).is(422).says("is not an e-mail address", "Enter a date")
	p = ada.submit(p, "", filled("name", "Nia Rees", "email", "Nia@bro.example", "language", "cy", "role", "board member")).is(422).says("belongs to a board")
	p = ada.submit(p, "", filled("name", "Nia Rees", "email", s.person("priya").Email, "language", "cy", "role", "")).is(422).says("is here already")
	p = ada.submit(p, "", filled("name", "Nia Rees", "email", "Nia@bro.example", "language", "cy", "role", "board member", "board", "north", "to", "31/3/2028")).is(200).says("Nia Rees is added", "31 Mar 2028")
	link := linkShown.FindString(p.body)
	if link == "" || linkShown.MatchString(ada.get(strings.TrimPrefix(p.url.Path, "/en")).body) {
		t.Fatalf("the link %q is to be shown once", link)
	}
	nia, err := s.store.People().ByEmail(t.Context(), "nia@bro.example")
	if err != nil {
		t.Fatal(err)
	}
	if held := nia.Tenures; len(held) != 1 || held[0].Board != "north" || held[0].To.String() != "2028-03-31" || held[0].GivenBy != "ada" {
		t.Errorf("holds %+v", held)
	}
	hers := s.anyone().in("cy")
	hers.submit(hers.get(strings.TrimPrefix(link, s.URL)), "", filled("password", goodPassword)).is(200)
	hers.get("/boards/north").is(200)
	hers.get("/ledger/edit").is(403)

	// Finance is proposed, and approved by somebody in finance who gains nothing.
	at := "/people/" + nia.ID
	ada.submit(ada.get(at+"/role"), "", filled("role", "administrator")).is(422)
	p = ada.submit(ada.get(at+"/role"), "", filled("role", "finance")).is(200).says("waits until somebody in finance approves")
	ada.get("/people").says("1 role waits")
	if p.form("/decide") != nil {
		t.Error("who proposed may approve")
	}
	tenure := s.person(nia.ID).Tenures[1].ID
	ada.post(at+"/role/"+tenure+"/decide", filled("decision", "approve")).is(403)
	hers.get("/approvals").is(403)
	fin.post(at+"/role/"+tenure+"/decide", filled("decision", "maybe")).is(400)
	fin.post(at+"/role/"+tenure+"/decide", filled("decision", "approve")).is(200).says("is approved", "approved by")
	fin.post(at+"/role/"+tenure+"/decide", filled("decision", "refuse")).is(422).says("not waiting")
	if hers.mayOpen() { // it bites at once: finance needs codes
		t.Error("finance works by password alone")
	}
	fin.get(at + "/role").is(403)
	fin.get(at + "/change").is(403)

	// A name and an address change; the sign-in holds.
	p = ada.get(at + "/change").is(200)
	ada.submit(p, "", filled("name", "Nia Rees-Huws", "email", s.person("priya").Email, "language", "cy")).is(422).says("is here already")
	ada.submit(p, "", filled("name", "Nia Rees-Huws", "email", "nia.huws@bro.example", "language", "en")).is(200).says("nia.huws@bro.example", "Nia Rees-Huws")
	ada.submit(ada.get(at+"/change"), "", filled("name", "Nia Rees", "email", "nia@bro.example", "language", "cy")).is(200)
	ada.get("/people/ada/change").is(403)

	// Roles end, and people leave.
	p = ada.get(at + "/role/" + tenure).is(200)
	ada.submit(p, "", filled("to", "1/1/2020")).is(422)
	ada.submit(p, "", filled("to", "")).is(200).says("Over")
	ada.get(at + "/role/none").is(404)
	if !hers.mayOpen() {
		t.Error("once finance is over, codes are still needed")
	}
	ada.submit(ada.get(at+"/link"), "", filled("purpose", "recover")).is(200).says("Give this link")
	ada.get("/people/ada/link").is(403)
	ada.get("/people/ada").silent("Give a role")
	ada.post("/people/ada/role", filled("role", "finance")).is(422).says("own roles")
	ada.post("/people/ada/leave", nil).is(422)
	p = ada.submit(ada.get(at+"/leave"), "", nil).is(200).says("can no longer sign in")
	if hers.mayOpen() {
		t.Error("who has left reads on")
	}
	ada.get("/people").silent("Nia Rees")
	ada.get("/people?left=yes&role=board+member").says("Nia Rees", "Has left").silent("Priya")
}

func TestEvents(t *testing.T) {
	s := demoServer(t)
	s.anyone().post("/sign-in", filled("email", s.person("priya").Email, "password", "my secret password"))
	ada := s.as("ada")
	p := ada.get("/people/events").is(200).says("Sign-in failed", "Signed in", "Person added")
	if strings.Contains(p.body, "my secret") {
		t.Error("an event keeps a password")
	}
	ada.get("/people/events?what=sign-in+failed&who=priya").says("1 event since").silent("Person added 1")
	ada.in("cy").get("/people/events?from=1/1/2050").says("Nid oes dim yn cyfateb")
	ada.get("/people/events?from=soon").says("Enter a date")
	file := ada.get("/people/events?what=sign-in+failed&format=csv")
	if got := strings.Count(file.body, "\n"); got != 2 || !strings.HasPrefix(file.header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file has %d lines: %s", got, file.body)
	}
	s.as("aud").get("/people/events").is(200)
	s.as("fin").get("/people/events").is(403)
	s.as("priya").get("/people/events").is(403)
	ada.get("/people/priya").says("Sign-in failed")
	s.as("fin").get("/people/priya").silent("Sign-in failed")
}

func TestSettings(t *testing.T) {
	s := demoServer(t)
	s.as("priya").get("/settings").is(403)
	ada := s.as("ada")
	p := ada.get("/settings").is(200).says("How is Braid set", "Blank: £1,000.00", "Blank: 12")
	set := func(pairs ...string) *page {
		t.Helper()
		return ada.submit(ada.get("/settings"), "", filled(pairs...))
	}
	p = ada.submit(p, "", filled("set.accent", "#777777", "set.horizon-months", "0", "set.twice-floor", "£lots", "set.red-share", "1")).is(422)
	p.says("has a contrast of 4.4:1. It needs 4.5:1", "Enter a whole number from 1 to 60", "Enter an amount in pounds", "Enter a reason")
	if !strings.Contains(p.body, `value="£lots"`) {
		t.Error("what was typed is lost")
	}
	set("set.red-share", "1", "reason", "r").is(422).says("as for amber, or more")
	set("reason", "nothing").is(422)
	before := s.book().Sequence()
	p = set("set.accent", "#7A1F5C", "set.horizon-months", "24", "set.paid-twice-over", "£2,500", "set.amber-share", "2.5", "set.council", "Cyngor Bro", "reason", "As members agreed").is(200)
	p.says("Check your changes", "12 (as Braid comes), then 24", "£1,000.00 (as Braid comes), then £2,500.00", "Findings")
	if s.book().Sequence() != before {
		t.Fatal("looking posts")
	}
	done := ada.submit(p, "", nil).is(200).says("Settings saved", "As members agreed", "Ada")
	if got := s.book().Sequence(); got != before+1 {
		t.Fatalf("saved in %d batches", got-before)
	}
	ada.submit(p, "", nil).is(200) // a second click
	if got := s.book().Sequence(); got != before+1 {
		t.Error("a double click saves twice")
	}
	now := settingsOf(s.book())
	if now.Policy.HorizonMonths != 24 || now.Policy.PaidTwiceOver != 2_500_00 || now.Accent != "#7a1f5c" || now.AmberShare.String() == asBraidComes.AmberShare.String() {
		t.Errorf("set: %+v", now)
	}
	if !strings.Contains(done.body, "Cyngor Bro") || !strings.Contains(ada.get("/static/theme.css").body, "--accent:#7a1f5c") {
		t.Error("the name and colour are not in use")
	}
	if head, _ := s.book().Head(before + 1); head.Author != s.person("ada").Name || head.Role != "administrator" || head.Reason != "As members agreed" {
		t.Errorf("its head is %+v", head)
	}
	// Somebody whose page is older undoes nothing unseen.
	stale := filled("seen", "1", "set.horizon-months", "6", "reason", "r")
	ada.post("/settings", stale).is(422).says("changed")
	// The last change is taken back whole.
	p = ada.get("/settings")
	ada.submit(p, "/settings/undo", filled("seq", "1")).is(422)
	ada.in("cy").submit(ada.in("cy").get("/settings"), "/settings/undo", nil).is(200).says("Dadwnaed y newid diwethaf")
	if now := settingsOf(s.book()); now.Policy != asBraidComes.Policy || now.Accent != asBraidComes.Accent || now.Council != "" {
		t.Errorf("undone: %+v", now)
	}
}

func TestContrast(t *testing.T) {
	for colour, want := range map[string]bool{"#12436d": true, "#767676": true, "#777777": false, "#ffffff": false, "#000000": true} {
		if c := againstWhite(colour); c >= contrastNeeded != want {
			t.Errorf("%s against white is %.2f", colour, c)
		}
	}
	if c := againstWhite("#000000"); c < 20.9 || c > 21.1 {
		t.Errorf("black against white is %.2f:1", c)
	}
}
