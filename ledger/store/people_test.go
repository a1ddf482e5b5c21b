package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/ledger/store/storetest"

	"github.com/google/go-cmp/cmp"
)

var (
	jan   = fiscal.MustDate("2027-01-12")
	event = Event{Who: "keeper", What: "person added"}
)

// clocked opens a ledger whose clock the test moves.
func clocked(t testing.TB, db string) (*People, *atomic.Int64) {
	t.Helper()
	seconds := new(atomic.Int64)
	s, err := Open(t.Context(), db, Options{Create: true, Clock: func() time.Time { return posted.Add(time.Duration(seconds.Load()) * time.Second) }})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s.People(), seconds
}

func added(t testing.TB, p *People, name string, tenures ...people.Tenure) *people.Person {
	t.Helper()
	who, err := people.New(name, strings.ReplaceAll(strings.ToLower(name), " ", ".")+"@bro.gov.example", "cy")
	must(t, err)
	who.Tenures = tenures
	must(t, p.Save(t.Context(), who, event))
	return who
}

func TestPeopleComeBack(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, _ := clocked(t, db)
		if n, err := p.Count(t.Context()); n != 0 || err != nil {
			t.Fatalf("a new ledger has %d people, %v", n, err)
		}
		ann := added(t, p, "Ann Ŵyn", people.Tenure{ID: "1", Role: people.Commissioner, Area: "valley", From: jan, To: jan + 9, GivenBy: "keeper"},
			people.Tenure{ID: "2", Role: people.BoardChair, Board: "north", From: jan - 400, Waits: true, ApprovedBy: "x", RefusedBy: "y"})
		key := ann.NewFeedKey()
		ann.PasswordHash, ann.Secret, ann.SecondFactor, ann.CodeStep, ann.Shortcuts, ann.Logins = "h", "S", true, 1<<40, true, []string{"issuer|ann", "issuer|a2"}
		must(t, p.Save(t.Context(), ann, event))
		if ann.Version != 2 {
			t.Errorf("saved twice, and of version %d", ann.Version)
		}
		for how, find := range map[string]func() (*people.Person, error){
			"who is":      func() (*people.Person, error) { return p.WhoIs(t.Context(), ann.ID) },
			"person":      func() (*people.Person, error) { return p.Person(t.Context(), ann.ID) },
			"by e-mail":   func() (*people.Person, error) { return p.ByEmail(t.Context(), " ANN.ŵyn@bro.gov.example") },
			"by login":    func() (*people.Person, error) { return p.ByLogin(t.Context(), "issuer|a2") },
			"by feed key": func() (*people.Person, error) { return p.ByFeedKey(t.Context(), key) },
			"all": func() (*people.Person, error) {
				all, err := p.All(t.Context())
				return all[0], err
			},
		} {
			got, err := find()
			must(t, err)
			if diff := cmp.Diff(ann, got); diff != "" {
				t.Errorf("%s: %s", how, diff)
			}
		}
		for _, err := range []error{
			second(p.WhoIs(t.Context(), "x")), second(p.ByEmail(t.Context(), "not an address")), second(p.ByEmail(t.Context(), "x@y.cy")),
			second(p.ByLogin(t.Context(), "")), second(p.ByFeedKey(t.Context(), "")), second(p.ByFeedKey(t.Context(), ann.FeedKey)),
		} {
			if !errors.Is(err, ErrNobody) {
				t.Errorf("nobody: %v", err)
			}
		}
		// What another saved meanwhile is not overwritten, nor what belongs to another.
		late := *ann
		must(t, p.Save(t.Context(), ann, event))
		if err := p.Save(t.Context(), &late, event); !errors.Is(err, ErrChanged) || late.Version != 2 {
			t.Errorf("a stale save: %v", err)
		}
		ben := added(t, p, "Ben Two")
		ben.Email = ann.Email
		var taken *people.EmailTaken
		if err := p.Save(t.Context(), ben, event); !errors.As(err, &taken) {
			t.Errorf("the same address: %v", err)
		}
		ben.Email, ben.Logins = "ben@bro.gov.example", []string{"issuer|ann"}
		var login *people.LoginTaken
		if err := p.Save(t.Context(), ben, event); !errors.As(err, &login) {
			t.Errorf("the same login: %v", err)
		}
		events, err := p.Events(t.Context(), posted, 100)
		must(t, err)
		if n, _ := p.Count(t.Context()); len(events) != 4 || n != 2 {
			t.Errorf("%d events of four saves, %d people", len(events), n)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestOnlyOneOfManySavesWins(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, _ := clocked(t, db)
		ann := added(t, p, "Ann Officer")
		var wins atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				mine := *ann
				if err := p.Save(t.Context(), &mine, event); err == nil {
					wins.Add(1)
				} else if !errors.Is(err, ErrChanged) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if events, err := p.Events(t.Context(), posted, 100); wins.Load() != 1 || len(events) != 2 || err != nil {
			t.Errorf("%d of eight saves of one version won, with %d events, %v", wins.Load(), len(events), err)
		}
	})
}

// People and events cannot be taken away behind Braid's back either.
func TestPeopleAndEventsStay(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, _ := clocked(t, db)
		added(t, p, "Ann Officer")
		raw := rawSQL(t, db)
		for _, statement := range []string{"DELETE FROM people", "DELETE FROM events", "UPDATE events SET who = 'x'"} {
			if _, err := raw.Exec(statement); err == nil {
				t.Errorf("%s was done", statement)
			}
		}
		must(t, p.s.Close())
		trigger := "DROP TRIGGER events_kept"
		if isPostgres(db) {
			trigger += " ON events"
		}
		mustExec(t, raw, trigger)
		if _, err := Open(t.Context(), db, Options{}); err == nil || !strings.Contains(err.Error(), "guard") {
			t.Errorf("a guard that was taken away: %v", err)
		}
	})
}

func TestEvents(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		must(t, p.Note(t.Context(), Event{Who: "a", What: "signed in", About: "b", Detail: "odd \x00 \xff text\r\nforged line"}))
		clock.Store(60)
		must(t, p.Note(t.Context(), Event{What: "refused"}))
		got, err := p.Events(t.Context(), posted, 10)
		must(t, err)
		want := []Event{{At: posted.Add(time.Minute), What: "refused"}, {At: posted, Who: "a", What: "signed in", About: "b", Detail: "odd  \uFFFD text\r\nforged line"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if got, _ := p.Events(t.Context(), posted.Add(time.Second), 10); len(got) != 1 {
			t.Errorf("since a second later: %v", got)
		}
		if got, _ := p.Events(t.Context(), posted, 1); len(got) != 1 || got[0].What != "refused" {
			t.Errorf("one: %v", got)
		}
	})
}

func TestSessions(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		ctx, s := t.Context(), p.Sessions()
		ann := added(t, p, "Ann Officer")
		data := func(person string, more ...string) []byte {
			values := map[string]any{SessionPerson: person}
			for i, m := range more {
				values[fmt.Sprint("k", i)] = m
			}
			b, err := SessionCodec{}.Encode(posted, values)
			must(t, err)
			return b
		}
		at := func(minutes int) time.Time { return posted.Add(time.Duration(minutes) * time.Minute) }
		there := func(token string) bool {
			t.Helper()
			b, found, err := s.FindCtx(ctx, token)
			must(t, err)
			return found && len(b) > 0
		}
		if there("one") {
			t.Error("a session nobody began")
		}
		must(t, s.CommitCtx(ctx, "one", data(ann.ID), at(30)))
		if b, _, _ := s.FindCtx(ctx, "one"); !bytes.Equal(b, data(ann.ID)) {
			t.Errorf("it holds %s", b)
		}
		must(t, s.Commit("one", data(ann.ID, "more"), at(30)))
		if b, _, _ := s.Find("one"); !bytes.Equal(b, data(ann.ID, "more")) {
			t.Errorf("changed, it holds %s", b)
		}
		raw := rawSQL(t, db)
		count := func(where string) (n int) {
			t.Helper()
			must(t, raw.QueryRow("SELECT count(*) FROM sessions WHERE "+where).Scan(&n))
			return n
		}
		if n := count("hash = 'one' OR hash = '" + people.KeyHash("one") + "'"); n != 1 || count("hash = 'one'") != 0 {
			t.Error("the token is kept as it is")
		}
		until := func() (text string) {
			must(t, raw.QueryRow("SELECT until FROM sessions WHERE hash = '"+people.KeyHash("one")+"'").Scan(&text))
			return text
		}
		before := until()
		must(t, s.CommitCtx(ctx, "one", data(ann.ID, "more"), at(30).Add(59*time.Second)))
		if until() != before {
			t.Error("the end was moved on by less than a minute")
		}
		must(t, s.CommitCtx(ctx, "one", data(ann.ID, "more"), at(31)))
		if until() == before {
			t.Error("the end was not moved on")
		}
		clock.Store(31*60 - 1)
		if !there("one") {
			t.Error("it ran out early")
		}
		clock.Store(31 * 60)
		if there("one") {
			t.Error("it did not run out")
		}
		must(t, p.Clean(ctx))
		if count("1 = 1") != 0 {
			t.Error("what ran out is still kept")
		}
		// A fourth ends the oldest.
		for i, token := range []string{"a", "b", "c", "d"} {
			clock.Store(int64(1900 + i))
			must(t, s.CommitCtx(ctx, token, data(ann.ID), at(90)))
		}
		must(t, s.CommitCtx(ctx, "other", data("somebody"), at(90)))
		if there("a") || !there("b") || !there("d") {
			t.Error("a fourth session does not end the first alone")
		}
		list, err := p.SignedIn(ctx, ann.ID, "c")
		must(t, err)
		if len(list) != 3 || list[0].Here || !list[1].Here || !list[1].Began.Equal(posted.Add(1902*time.Second)) || !list[0].Until.Equal(at(90)) {
			t.Errorf("signed in are %+v", list)
		}
		// A request under way cannot bring back what was ended.
		must(t, s.DeleteCtx(ctx, "b"))
		must(t, s.CommitCtx(ctx, "b", data(ann.ID, "new"), at(99)))
		if there("b") {
			t.Error("an ended session came back")
		}
		must(t, p.EndSessions(ctx, ann.ID, "d"))
		if there("c") || !there("d") || !there("other") {
			t.Error("signing out elsewhere ended too little, or too much")
		}
		// A save that changes neither the password nor who is here ends nothing.
		ann.Shortcuts = true
		must(t, p.Save(ctx, ann, event))
		if !there("d") {
			t.Error("any change of a person signs them out")
		}
		ann.PasswordHash = "new"
		must(t, p.Save(ctx, ann, event))
		if there("d") || !there("other") {
			t.Error("a new password leaves the old sessions, or ends others'")
		}
		must(t, s.CommitCtx(ctx, "e", data(ann.ID), at(99)))
		ann.Ended = true
		must(t, p.Save(ctx, ann, event))
		if there("e") {
			t.Error("who has left is still signed in")
		}
	})
}

// While an import holds the file, pages go on: only what changed has to wait.
func TestATouchDoesNotWaitForAnImport(t *testing.T) {
	p, _ := clocked(t, filepath.Join(t.TempDir(), "braid.db"))
	data, err := SessionCodec{}.Encode(posted, map[string]any{"k": "v"})
	must(t, err)
	must(t, p.Sessions().CommitCtx(t.Context(), "one", data, posted.Add(30*time.Minute)))
	pool, err := p.s.writer.DB()
	must(t, err)
	tx, err := pool.Begin()
	must(t, err)
	defer tx.Rollback()
	began := time.Now()
	if err := p.Sessions().CommitCtx(t.Context(), "one", data, posted.Add(40*time.Minute)); err != nil || time.Since(began) > 2*time.Second {
		t.Errorf("a page waited %v, %v", time.Since(began), err)
	}
	if _, found, err := p.Sessions().FindCtx(t.Context(), "one"); !found || err != nil {
		t.Error("the session is gone", err)
	}
}

func TestSessionCodec(t *testing.T) {
	values := map[string]any{"s": "ŵ ?", "": "", "y": true, "n": false, "i": -7, "l": int64(1 << 60), "t": posted.Add(123)}
	one, err := SessionCodec{}.Encode(posted, values)
	must(t, err)
	for range 20 {
		again, _ := SessionCodec{}.Encode(posted, values)
		if !bytes.Equal(one, again) {
			t.Fatal("the same session gives other bytes")
		}
	}
	deadline, got, err := SessionCodec{}.Decode(one)
	must(t, err)
	if diff := cmp.Diff(values, got); diff != "" || !deadline.Equal(posted) {
		t.Error(deadline, diff)
	}
	if _, err := (SessionCodec{}).Encode(posted, map[string]any{"x": 1.5}); err == nil {
		t.Error("a float is kept")
	}
	for _, bad := range []string{"", "{}", `{"deadline":"2027-01-12T09:00:00Z","values":{"x":""}}`, `{"deadline":"2027-01-12T09:00:00Z","values":{"x":"ix"}}`, `{"deadline":"2027-01-12T09:00:00Z","values":{"x":"zx"}}`} {
		if _, _, err := (SessionCodec{}).Decode([]byte(bad)); err == nil {
			t.Errorf("%s reads", bad)
		}
	}
}

func TestLinks(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		ctx := t.Context()
		ann := added(t, p, "Ann Officer")
		first, err := p.MakeLink(ctx, ann.ID, "start", posted.Add(time.Hour))
		must(t, err)
		other, err := p.MakeLink(ctx, ann.ID, "reset", posted.Add(time.Hour))
		must(t, err)
		link, err := p.MakeLink(ctx, ann.ID, "start", posted.Add(time.Hour))
		must(t, err)
		bad := func(what, token string) {
			t.Helper()
			_, _, peeked := p.PeekLink(ctx, token)
			_, _, used := p.UseLink(ctx, token)
			if !errors.Is(peeked, ErrLink) || !errors.Is(used, ErrLink) {
				t.Errorf("%s: %v, %v", what, peeked, used)
			}
		}
		bad("one before the newest", first)
		bad("none", "")
		bad("the hash itself", people.KeyHash(link))
		for range 2 {
			if person, purpose, err := p.PeekLink(ctx, link); person != ann.ID || purpose != "start" || err != nil {
				t.Errorf("a look: %s, %s, %v", person, purpose, err)
			}
		}
		var wins atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if person, purpose, err := p.UseLink(ctx, link); err == nil && person == ann.ID && purpose == "start" {
					wins.Add(1)
				}
			})
		}
		all.Wait()
		if wins.Load() != 1 {
			t.Errorf("a link was used %d times", wins.Load())
		}
		bad("one used", link)
		setUp, err := p.MakeLink(ctx, "", "first", posted.Add(time.Hour))
		must(t, err)
		again, err := p.MakeLink(ctx, "", "first", posted.Add(time.Hour))
		must(t, err)
		bad("nobody's, before a newer", setUp)
		if person, purpose, err := p.UseLink(ctx, again); person != "" || purpose != "first" || err != nil {
			t.Errorf("nobody's link: %s, %s, %v", person, purpose, err)
		}
		clock.Store(3600)
		bad("one that ran out", other)
		var found int
		must(t, rawSQL(t, db).QueryRow("SELECT count(*) FROM links WHERE hash = '"+link+"'").Scan(&found))
		if found != 0 {
			t.Error("the token is kept as it is")
		}
	})
}

func TestTokens(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		ctx := t.Context()
		ann := added(t, p, "Ann Officer", people.Tenure{ID: "1", Role: people.Commissioner, From: jan, To: jan + 5})
		for _, c := range []struct {
			name  string
			until time.Duration
			want  error
		}{{"", time.Hour, ErrTokenName}, {"x", 0, ErrTokenLife}, {"x", longestToken + 1, ErrTokenLife}} {
			if _, err := p.MakeToken(ctx, ann.ID, c.name, posted.Add(c.until)); !errors.Is(err, c.want) {
				t.Errorf("%q for %v: %v", c.name, c.until, err)
			}
		}
		token, err := p.MakeToken(ctx, ann.ID, "Power  BI", posted.Add(longestToken))
		must(t, err)
		if who, err := p.Token(ctx, token, jan+5); err != nil || who.ID != ann.ID {
			t.Errorf("the token is of %v, %v", who, err)
		}
		dead := func(what, token string, day fiscal.Date) {
			t.Helper()
			if who, err := p.Token(ctx, token, day); !errors.Is(err, ErrToken) || who != nil {
				t.Errorf("%s: %v, %v", what, who, err)
			}
		}
		dead("unknown", token+"x", jan)
		dead("after the last role's last day", token, jan+6)
		clock.Store(int64(longestToken / time.Second))
		dead("run out", token, jan)
		clock.Store(0)
		all, err := p.Tokens(ctx, ann.ID)
		must(t, err)
		if len(all) != 1 || all[0].Name != "Power BI" || all[0].Person != ann.ID || !all[0].Until.Equal(posted.Add(longestToken)) || !all[0].Revoked.IsZero() {
			t.Fatalf("the tokens are %+v", all)
		}
		if none, err := p.Tokens(ctx, "x"); len(none) != 0 || err != nil {
			t.Errorf("another's tokens are %v, %v", none, err)
		}
		ann.Ended = true
		must(t, p.Save(ctx, ann, event))
		dead("its owner left", token, jan)
		ann.Ended = false
		must(t, p.Save(ctx, ann, event))
		must(t, p.RevokeToken(ctx, all[0].ID, "keeper"))
		dead("revoked", token, jan)
		if err := p.RevokeToken(ctx, all[0].ID, "keeper"); !errors.Is(err, ErrToken) {
			t.Errorf("revoked twice: %v", err)
		}
		if all, _ := p.Tokens(ctx, ""); len(all) != 1 || !all[0].Revoked.Equal(posted) {
			t.Errorf("everybody's tokens are %+v", all)
		}
	})
}

func TestAttempts(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		ctx := t.Context()
		home, away := Attempt{Account: "ann@bro.gov.example", Network: "10.1.2"}, Attempt{Account: "ann@bro.gov.example", Network: "203.0.113"}
		wait := func(a Attempt) time.Duration {
			t.Helper()
			w, err := p.Attempts(ctx, a)
			must(t, err)
			return w
		}
		fail := func(a Attempt, times int) {
			t.Helper()
			for range times {
				must(t, p.Failed(ctx, a))
			}
		}
		must(t, p.Succeeded(ctx, home))
		fail(away, 4)
		if w := wait(away); w != 0 {
			t.Errorf("after four failures the wait is %v", w)
		}
		var last time.Duration
		for n := 5; n < 12; n++ {
			fail(away, 1)
			w := wait(away)
			if w <= last && w != longestWait {
				t.Errorf("after %d failures the wait is %v, and was %v", n, w, last)
			}
			last = w
		}
		if last != longestWait {
			t.Errorf("the wait grows to %v", last)
		}
		// From elsewhere too, and for others from there; not for its owner at home.
		if wait(Attempt{Account: home.Account, Network: "198.51.100"}) != longestWait || wait(Attempt{Account: "ben@bro.gov.example", Network: away.Network}) != longestWait {
			t.Error("moving to another network, or account, helps a guesser")
		}
		if w := wait(home); w != 0 {
			t.Errorf("others keep the account's owner out for %v", w)
		}
		if w := wait(Attempt{Account: "ben@bro.gov.example", Network: "198.51.100"}); w != 0 {
			t.Errorf("somebody else somewhere else waits %v", w)
		}
		clock.Add(int64(longestWait / time.Second))
		if w := wait(away); w != 0 {
			t.Errorf("having waited, one waits %v", w)
		}
		// At home one's own failures count, and are forgotten by succeeding.
		fail(home, 5)
		if w := wait(home); w != firstWait {
			t.Errorf("at home the wait is %v", w)
		}
		must(t, p.Succeeded(ctx, home))
		if w := wait(home); w != 0 {
			t.Errorf("having succeeded, one waits %v", w)
		}
		fail(away, 1)
		if wait(away) == 0 {
			t.Error("its owner's success at home helps a guesser elsewhere")
		}
		clock.Add(int64(forgetAfter / time.Second))
		fail(away, 1)
		if w := wait(away); w != 0 {
			t.Errorf("failures of yesterday count: %v", w)
		}
		clock.Add(int64(forgetAfter / time.Second))
		must(t, p.Clean(ctx))
		fail(home, 5)
		if wait(home) == 0 || wait(Attempt{Account: home.Account, Network: "198.51.100"}) != 0 {
			t.Error("clearing up forgot which network is known")
		}
	})
}

func TestDrawer(t *testing.T) {
	onEach(t, func(t *testing.T, db string) {
		p, clock := clocked(t, db)
		ctx := t.Context()
		must(t, p.Keep(ctx, "ann", "draft", "1", []byte("first"), posted.Add(time.Hour)))
		clock.Store(1)
		must(t, p.Keep(ctx, "ann", "draft", "1", []byte("\x00\xff"), posted.Add(time.Hour)))
		clock.Store(2)
		must(t, p.Keep(ctx, "ann", "draft", "2", nil, time.Time{}))
		must(t, p.Keep(ctx, "", "view", "1", []byte("shared"), time.Time{}))
		got, err := p.Kept(ctx, "ann", "draft", "1")
		must(t, err)
		if want := (Kept{Owner: "ann", Kind: "draft", ID: "1", Data: []byte("\x00\xff"), At: posted.Add(time.Second), Until: posted.Add(time.Hour)}); !cmp.Equal(got, want) {
			t.Errorf("kept is %+v", got)
		}
		ids := func(owner, kind string) (ids []string) {
			t.Helper()
			all, err := p.KeptAll(ctx, owner, kind)
			must(t, err)
			for _, k := range all {
				ids = append(ids, k.ID)
			}
			return ids
		}
		if got := ids("ann", "draft"); !slices.Equal(got, []string{"2", "1"}) || len(ids("ben", "draft"))+len(ids("ann", "view")) != 0 || len(ids("", "view")) != 1 {
			t.Errorf("Ann's drafts are %v", got)
		}
		for _, where := range [][3]string{{"ben", "draft", "1"}, {"", "draft", "1"}, {"ann", "view", "1"}, {"ann", "draft", "3"}} {
			if _, err := p.Kept(ctx, where[0], where[1], where[2]); !errors.Is(err, ErrNotKept) {
				t.Errorf("%v: %v", where, err)
			}
		}
		must(t, p.Drop(ctx, "ben", "draft", "1"))
		clock.Store(3600)
		if got := ids("ann", "draft"); !slices.Equal(got, []string{"2"}) {
			t.Errorf("an hour later Ann's drafts are %v", got)
		}
		must(t, p.Drop(ctx, "ann", "draft", "2"))
		must(t, p.Clean(ctx))
		var left int
		must(t, rawSQL(t, db).QueryRow("SELECT count(*) FROM drawer").Scan(&left))
		if left != 1 {
			t.Errorf("%d pieces are left", left)
		}
		must(t, p.Keep(ctx, "ann", "upload", "1", make([]byte, MostKept), time.Time{}))
		if err := p.Keep(ctx, "ann", "upload", "1", make([]byte, MostKept+1), time.Time{}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("too much: %v", err)
		}
	})
}

// The role that postgres_role.sql describes keeps people and removes none.
func TestApplicationRoleKeepsPeople(t *testing.T) {
	db := storetest.Database(t)
	opened(t, db).Close()
	grants, err := os.ReadFile("postgres_role.sql")
	must(t, err)
	mustExec(t, rawSQL(t, db), "DROP ROLE IF EXISTS braid_people", "CREATE ROLE braid_people LOGIN", strings.ReplaceAll(string(grants), "braid_app", "braid_people"))
	app := strings.Replace(db, "braid@", "braid_people@", 1)
	p, _ := clocked(t, app)
	ctx := t.Context()
	ann := added(t, p, "Ann Officer", people.Tenure{ID: "1", Role: people.Finance, From: jan})
	ann.Logins = []string{"issuer|ann"}
	must(t, p.Save(ctx, ann, event))
	data, err := SessionCodec{}.Encode(posted, map[string]any{SessionPerson: ann.ID})
	must(t, err)
	must(t, p.Sessions().CommitCtx(ctx, "a", data, posted.Add(time.Hour)))
	must(t, p.EndSessions(ctx, ann.ID, ""))
	link, err := p.MakeLink(ctx, ann.ID, "start", posted.Add(time.Hour))
	must(t, err)
	_, _, err = p.UseLink(ctx, link)
	must(t, err)
	_, err = p.MakeToken(ctx, ann.ID, "x", posted.Add(time.Hour))
	must(t, err)
	all, err := p.Tokens(ctx, ann.ID)
	must(t, err)
	must(t, p.RevokeToken(ctx, all[0].ID, ann.ID))
	must(t, p.Failed(ctx, Attempt{Account: "a", Network: "b"}))
	must(t, p.Keep(ctx, "", "view", "1", nil, time.Time{}))
	must(t, p.Drop(ctx, "", "view", "1"))
	must(t, p.Clean(ctx))
	raw := rawSQL(t, app)
	for _, statement := range []string{"DELETE FROM people", "TRUNCATE people CASCADE", "UPDATE events SET who = ''", "DELETE FROM events", "TRUNCATE events", "DELETE FROM tokens", "DROP TRIGGER people_kept ON people"} {
		if _, err := raw.Exec(statement); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// A backup of a file holds its people; a ledger opened to read lets nobody in.
func TestPeopleInABackup(t *testing.T) {
	folder := t.TempDir()
	db, copied, restored := filepath.Join(folder, "braid.db"), filepath.Join(folder, "copy.db"), filepath.Join(folder, "back.db")
	p, _ := clocked(t, db)
	ann := added(t, p, "Ann Officer", people.Tenure{ID: "1", Role: people.Auditor, From: jan})
	_, err := p.s.Backup(t.Context(), copied)
	must(t, err)
	_, err = Restore(t.Context(), copied, restored, Options{})
	must(t, err)
	s, err := Open(t.Context(), restored, Options{ReadOnly: true})
	must(t, err)
	defer s.Close()
	got, err := s.People().ByEmail(t.Context(), ann.Email)
	must(t, err)
	if diff := cmp.Diff(ann, got); diff != "" {
		t.Error(diff)
	}
	if err := s.People().Note(t.Context(), event); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a note in a ledger opened to read: %v", err)
	}
}

// BenchmarkSignedIn is what every page of somebody signed in asks: whose
// session it is, who that is, and the session put back unchanged.
func BenchmarkSignedIn(b *testing.B) {
	p, _ := clocked(b, filepath.Join(b.TempDir(), "braid.db"))
	ann := added(b, p, "Ann Officer", people.Tenure{ID: "1", Role: people.Commissioner, From: jan, GivenBy: "keeper"}, people.Tenure{ID: "2", Role: people.BoardChair, Board: "north", From: jan})
	s := p.Sessions()
	values := map[string]any{SessionPerson: ann.ID, "csrf": strings.Repeat("x", 32), "language": "cy"}
	data, err := SessionCodec{}.Encode(posted, values)
	must(b, err)
	must(b, s.CommitCtx(b.Context(), "token", data, posted.Add(time.Hour)))
	b.Run("WhoIs", func(b *testing.B) {
		for b.Loop() {
			_, err := p.WhoIs(b.Context(), ann.ID)
			must(b, err)
		}
	})
	b.Run("Find", func(b *testing.B) {
		for b.Loop() {
			_, _, err := s.FindCtx(b.Context(), "token")
			must(b, err)
		}
	})
	b.Run("Commit", func(b *testing.B) {
		for b.Loop() {
			must(b, s.CommitCtx(b.Context(), "token", data, posted.Add(time.Hour+time.Second)))
		}
	})
	b.Run("Codec", func(b *testing.B) {
		for b.Loop() {
			deadline, values, err := SessionCodec{}.Decode(data)
			must(b, err)
			_, err = SessionCodec{}.Encode(deadline, values)
			must(b, err)
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, err := p.WhoIs(b.Context(), ann.ID)
				must(b, err)
			}
		})
	})
}
