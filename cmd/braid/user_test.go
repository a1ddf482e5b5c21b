package main

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"braid/ledger/people"
	"braid/ledger/store"
)

func refused(t *testing.T, words string, args ...string) {
	t.Helper()
	if code, out, err := braid(t, args...); code != exitRefused || !strings.Contains(err, words) || out != "" {
		t.Errorf("braid %s: exit %d\n%s%s", strings.Join(args, " "), code, out, err)
	}
}

func TestUser(t *testing.T) {
	db := demoLedger(t)
	user := func(args ...string) []string { return append([]string{"user", "--db", db}, args...) }
	if code, _, err := braid(t, "user", "list", "--db", filepath.Join(t.TempDir(), "none.db")); code != exitUsage {
		t.Errorf("no ledger: exit %d, %s", code, err)
	}
	if out := must(t, user("list")...); !strings.Contains(out, "Nobody is here yet") {
		t.Errorf("an empty list says %s", out)
	}
	link := must(t, user("add", "Ann@Bro.gov.example", "--name", "Ann Officer", "--url", "https://braid.bro.gov.example/")...)
	token, ok := strings.CutPrefix(strings.TrimSpace(link), "https://braid.bro.gov.example/en/start/")
	if !ok || len(token) < 20 {
		t.Fatalf("the link is %q", link)
	}
	refused(t, "already", user("add", "ann@bro.gov.example", "--name", "Ann Again")...)
	refused(t, "name", user("add", "x@bro.gov.example")...)
	refused(t, "not an e-mail", user("add", "nobody", "--name", "No Body")...)
	refused(t, "no role", user("add", "x@bro.gov.example", "--name", "X", "--role", "mayor")...)
	must(t, user("add", "ffion@bro.gov.example", "--name", "Ffion Cyllid", "--role", "finance", "--language", "cy")...)
	must(t, user("add", "tom@bro.gov.example", "--name", "Tom Member")...)
	refused(t, "board", user("role", "tom@bro.gov.example", "board member")...)
	refused(t, "boards has no row", user("role", "tom@bro.gov.example", "board member", "--board", "nowhere")...)
	must(t, user("role", "tom@bro.gov.example", "board-member", "--board", "north", "--to", "2028-03-31")...)
	refused(t, "already", user("role", "tom@bro.gov.example", "board-member", "--board", "north")...)
	refused(t, "nobody may be administrator", user("role", "tom@bro.gov.example", "administrator")...)
	refused(t, "nobody has", user("role", "nobody@bro.gov.example", "auditor")...)
	must(t, user("add", "aud@bro.gov.example", "--name", "Aud Itor", "--role", "auditor")...)

	var list struct {
		Users []struct {
			Name, Email, Language string
			Ended                 bool
			Roles                 []struct{ Role, Area, Board, From, To, State string }
		}
	}
	read := func() map[string]string {
		t.Helper()
		list.Users = nil
		if err := json.Unmarshal([]byte(must(t, user("list", "--format", "json")...)), &list); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, u := range list.Users {
			for _, r := range u.Roles {
				got[u.Name] += r.Role + r.Board + " " + r.State + ";"
			}
			if u.Ended {
				got[u.Name] += "left"
			}
		}
		return got
	}
	want := map[string]string{"Ann Officer": "administrator held;commissioner held;", "Ffion Cyllid": "finance held;", "Tom Member": "board membernorth held;", "Aud Itor": "auditor waits;"}
	for name, roles := range want {
		if got := read()[name]; got != roles {
			t.Errorf("%s is %q, and should be %q", name, got, roles)
		}
	}
	if out := must(t, user("list")...); !strings.Contains(out, "waits for approval") || !strings.Contains(out, "board member of north") {
		t.Errorf("the list reads\n%s", out)
	}
	must(t, user("role", "tom@bro.gov.example", "board member", "--board", "north", "--end")...)
	refused(t, "no such role", user("role", "tom@bro.gov.example", "board member", "--board", "north", "--end")...)
	must(t, user("end", "aud@bro.gov.example")...)
	refused(t, "has left", user("link", "aud@bro.gov.example")...)
	if got := read(); got["Tom Member"] != "board membernorth over;" || got["Aud Itor"] != "auditor waits;left" {
		t.Errorf("ended: %v", got)
	}
	if welsh := must(t, user("link", "ffion@bro.gov.example")...); !strings.HasPrefix(welsh, "/cy/start/") {
		t.Errorf("the link is %q", welsh)
	}
	lost := strings.TrimPrefix(strings.TrimSpace(must(t, user("link", "ffion@bro.gov.example", "--lost-phone")...)), "/cy/start/")

	now := func() time.Time { return time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC) }
	s, err := store.Open(t.Context(), db, store.Options{Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ann, err := s.People().ByEmail(t.Context(), "ann@bro.gov.example")
	if err != nil {
		t.Fatal(err)
	}
	if id, purpose, err := s.People().UseLink(t.Context(), token); id != ann.ID || purpose != "start" || err != nil {
		t.Errorf("the link is of %s for %s, %v", id, purpose, err)
	}
	if _, _, err := s.People().UseLink(t.Context(), token); !errors.Is(err, store.ErrLink) {
		t.Errorf("used twice: %v", err)
	}
	if _, purpose, err := s.People().PeekLink(t.Context(), lost); purpose != "recover" || err != nil {
		t.Errorf("a lost phone's link is for %q, %v", purpose, err)
	}
	events, err := s.People().Events(t.Context(), time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, e := range events {
		count[e.What]++
		if e.Who != people.Keeper.ID || e.About == "" {
			t.Errorf("noted: %+v", e)
		}
	}
	for what, n := range map[string]int{store.PersonAdded: 4, store.RoleGiven: 1, store.RoleEnded: 1, store.PersonEnded: 1, store.LinkMade: 6} {
		if count[what] != n {
			t.Errorf("%q was noted %d times, and happened %d times", what, count[what], n)
		}
	}
}
