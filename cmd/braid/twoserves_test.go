package main

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"braid/ledger/fiscal"
	"braid/ledger/store/storetest"
)

// The tests run braid again as programs of their own, their clocks put back by
// what this says.
const clockBack = "BRAID_TEST_CLOCK_BACK"

func TestMain(m *testing.M) {
	if text := os.Getenv(clockBack); text != "" {
		back, err := time.ParseDuration(text)
		if err != nil {
			panic(err)
		}
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv, func() time.Time { return time.Now().Add(-back) })
		stop()
		os.Exit(code)
	}
	os.Exit(storetest.Run(m))
}

// program is a braid that runs beside the test.
type program struct {
	*exec.Cmd
	said *written
	at   string // where it serves
}

// serveBeside starts braid serve as a program of its own. It listens on a port
// that was free a moment ago: behind an address it does not say which it has.
func serveBeside(t *testing.T, db, address string, back time.Duration, args ...string) *program {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	p := &program{said: &written{}, at: "http://" + at}
	p.Cmd = exec.Command(os.Args[0], append([]string{"serve", "--db", db, "--listen", at, "--address", address, "--proxy", "127.0.0.0/8"}, args...)...)
	p.Env = append(os.Environ(), clockBack+"="+back.String())
	p.Stdout, p.Stderr = p.said, p.said
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
	})
	p.said.until(t, `Braid is at (http://\S+)`)
	return p
}

// stop asks the program to end, and holds it to ending well.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("braid serve ended with %v:\n%s", err, p.said)
	}
}

// reader is somebody's browser. It follows no redirect, so that the test says
// which server is asked.
type reader struct {
	t *testing.T
	http.Client
}

func newReader(t *testing.T) *reader {
	jar, err := cookiejar.New(nil) // a cookie holds for every port of this machine
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t, http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (r *reader) get(at string) (int, string) {
	r.t.Helper()
	return fetch(r.t, &r.Client, at)
}

// signedIn reports whether a server knows the reader.
func (r *reader) signedIn(server string) bool {
	r.t.Helper()
	code, _ := r.get(server + "/en/account")
	return code == http.StatusOK
}

func (r *reader) post(at string, form url.Values) (int, string) {
	r.t.Helper()
	code, body, err := r.send(at, form)
	if err != nil {
		r.t.Fatal(err)
	}
	return code, body
}

func (r *reader) send(at string, form url.Values) (int, string, error) {
	req, err := http.NewRequest(http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := r.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	var body strings.Builder
	_, err = bufio.NewReader(res.Body).WriteTo(&body)
	return res.StatusCode, body.String(), err
}

var (
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	inMain = regexp.MustCompile(`(?s)<main.*</main>`)
)

// hiddenIn is what the forms of a page's main part carry unseen.
func hiddenIn(page string) url.Values {
	form := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(inMain.FindString(page), -1) {
		form.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return form
}

// letters is a mail server, as far as sending to it needs.
type letters struct {
	net.Listener
	taken atomic.Int32
}

func newLetters(t *testing.T) *letters {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m := &letters{Listener: l}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go m.take(c)
		}
	}()
	return m
}

func (m *letters) take(c net.Conn) {
	defer c.Close()
	fmt.Fprint(c, "220 post\r\n")
	letter := false
	for in := bufio.NewScanner(c); in.Scan(); {
		switch line := in.Text(); {
		case letter && line == ".":
			m.taken.Add(1)
			letter = false
			fmt.Fprint(c, "250 taken\r\n")
		case letter:
		case strings.HasPrefix(line, "DATA"):
			letter = true
			fmt.Fprint(c, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

// Two serves on one PostgreSQL behind one address are one Braid: the same
// figures, one sign-in, rights that bite on both, money that is allocated once,
// and one weekly letter.
func TestTwoServes(t *testing.T) {
	db := storetest.Database(t)
	// Letters go out on working days: from the last Wednesday.
	back := time.Duration((time.Now().Weekday()-time.Wednesday+7)%7) * 24 * time.Hour
	now := func() time.Time { return time.Now().Add(-back) }
	command := func(args ...string) string {
		t.Helper()
		var out, said strings.Builder
		if code := run(t.Context(), append(args, "--db", db), &out, &said, func(string) string { return "" }, now); code != exitDone {
			t.Fatalf("braid %s: exit %d\n%s%s", strings.Join(args, " "), code, &out, &said)
		}
		return out.String()
	}
	command("demo", "--once")
	today := fiscal.FromTime(now())
	year := fiscal.YearOf(today)
	dir := t.TempDir()
	for name, rows := range map[string]string{
		"streams.csv":  "id,name\nlast,The last of it\n",
		"services.csv": "id,name\ntoys,Toy library\n",
		"awards.csv": "id,stream,money,starts,ends,certainty,stated_on," + year.String() + "\n" +
			fmt.Sprintf("last-1,last,revenue,%[1]s,%[2]s,confirmed,%[1]s,100\nlast-2,last,revenue,%[1]s,%[2]s,confirmed,%[1]s,100\nlast-3,last,revenue,%[1]s,%[2]s,confirmed,%[1]s,100\n", year.Start(), (year+1).End()),
		"meetings.csv": "id,board,held_on\nsoon,north," + today.AddDays(10).String() + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command("import", dir, "--reason", "The last of it")
	const password = "heron lantern cobbles fjord"
	emails := []string{"ann@bro.example", "ben@bro.example"}
	start := map[string]string{}
	for i, email := range emails {
		start[email] = strings.TrimSpace(command("user", "add", email, "--name", []string{"Ann Officer", "Ben Officer"}[i], "--role", "commissioner"))
	}

	var front http.Handler // set below: serves are told the address they stand behind
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { front.ServeHTTP(w, r) }))
	defer proxy.Close()
	post := newLetters(t)
	both := func() (one, two *program) {
		t.Helper()
		args := []string{"--smtp", post.Addr().String(), "--smtp-from", "braid@bro.example"}
		one, two = serveBeside(t, db, proxy.URL, back, args...), serveBeside(t, db, proxy.URL, back, args...)
		var asked atomic.Int32
		front = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			at, _ := url.Parse([]*program{one, two}[asked.Add(1)%2].at)
			r.SetURL(at)
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		}}
		return one, two
	}
	one, two := both()

	// A link is good once, whichever is asked; a password set at one is known at the other.
	ann, ben := newReader(t), newReader(t)
	officers := []*reader{ann, ben}
	for i, r := range officers {
		link := start[emails[i]]
		if code, body := r.post(one.at+link, url.Values{"password": {password}}); code != http.StatusSeeOther {
			t.Fatalf("the link answers %d:\n%s", code, body)
		}
		if code, _ := newReader(t).post(two.at+link, url.Values{"password": {password + "s"}}); code != http.StatusGone {
			t.Errorf("the link again, at the other: %d", code)
		}
		if code, _ := r.post(two.at+"/en/sign-in", url.Values{"email": {emails[i]}, "password": {password}}); code != http.StatusSeeOther {
			t.Fatalf("signing in at the other answers %d", code)
		}
		if !r.signedIn(one.at) || !r.signedIn(two.at) || !r.signedIn(proxy.URL) || !r.signedIn(proxy.URL) {
			t.Fatal("signed in at one, unknown at the other")
		}
	}

	same := func(r *reader, path string) string {
		t.Helper()
		code, first := r.get(one.at + path)
		other, second := r.get(two.at + path)
		if code != http.StatusOK || other != http.StatusOK || first != second {
			t.Errorf("%s is not the same on both (%d, %d)", path, code, other)
		}
		return first
	}
	for _, path := range []string{"/en/ledger/map?year=2026-27", "/en/ledger/map?year=2026-27&format=csv", "/cy/services?year=2026-27", "/en/timeline", "/en/checks", "/en/ledger/postings?measure=allocated&year=2026-27"} {
		same(ann, path)
	}
	if page := same(ann, "/en/ledger/map?year=2026-27&format=csv"); !strings.Contains(page, "900000.00") {
		t.Errorf("the demo's figures are not there:\n%s", page)
	}

	// Each of two officers checks the last £100 of an award, at a server each, and
	// both confirm at once: one has it, and the other is told.
	for _, award := range []string{"last-1", "last-2", "last-3"} {
		type answer struct {
			code int
			body string
			err  error
		}
		var answers [2]answer
		var forms [2]url.Values
		servers := []string{one.at, two.at}
		for i, r := range officers {
			code, body := r.post(servers[i]+"/en/ledger/allocate", url.Values{"do": {"check"}, "award": {award}, "service": {"toys"}, "amount": {"100"}, "year": {year.String()}, "reason": {"The last of it"}})
			if forms[i] = hiddenIn(body); code != http.StatusOK || forms[i].Get("key") == "" {
				t.Fatalf("checking answers %d:\n%s", code, inMain.FindString(body))
			}
			forms[i].Set("do", "post")
		}
		var wg sync.WaitGroup
		for i, r := range officers {
			wg.Go(func() {
				a := &answers[i]
				a.code, a.body, a.err = r.send(servers[i]+"/en/ledger/allocate", forms[i])
			})
		}
		wg.Wait()
		won := 0
		for i, a := range answers {
			switch {
			case a.err != nil:
				t.Fatal(a.err)
			case a.code == http.StatusSeeOther:
				won++
				if _, page := officers[i].get(servers[1-i] + "/en/ledger/map"); !strings.Contains(page, "Allocation saved.") {
					t.Error("what was done at one is not said at the other")
				}
			case a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "This is £100 more than"):
				t.Errorf("%s: server %d answers %d:\n%s", award, i+1, a.code, inMain.FindString(a.body))
			}
		}
		if won != 1 {
			t.Errorf("%s: %d of two allocations of its last £100 went through", award, won)
		}
		if left := command("explain", "allocated", "award="+award, "year="+year.String()); strings.Count(left, "£100") != 2 { // the entry and the sum
			t.Errorf("%s has\n%s", award, left)
		}
		same(ann, "/en/ledger/map?award="+award+"&year="+year.String())
	}

	// What somebody may do changes on both, from the next page on.
	command("user", "role", emails[1], "commissioner", "--end")
	for _, at := range []string{one.at, two.at} {
		if code, _ := ben.get(at + "/en/ledger/allocate"); code != http.StatusForbidden {
			t.Errorf("without the role, %s answers %d", at, code)
		}
	}
	// Signing out, through the address, ends it on both.
	if code, _ := ben.post(proxy.URL+"/en/sign-out", nil); code != http.StatusSeeOther || ben.signedIn(one.at) || ben.signedIn(two.at) {
		t.Errorf("signed out (%d), and still in", code)
	}

	// Sessions outlive a restart, and one letter goes out however many look.
	if code, _ := ann.post(proxy.URL+"/en/calendar/weekly", url.Values{"weekly": {"yes"}}); code != http.StatusSeeOther {
		t.Fatalf("asking for the weekly e-mail answers %d", code)
	}
	for range 2 {
		one.stop(t)
		two.stop(t)
		one, two = both()
		if !ann.signedIn(one.at) || !ann.signedIn(two.at) {
			t.Error("a restart signs people out")
		}
		for deadline := time.Now().Add(20 * time.Second); post.taken.Load() == 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		}
	}
	one.stop(t) // each has looked by now: it does before it serves its first minute
	two.stop(t)
	if n := post.taken.Load(); n != 1 {
		t.Errorf("%d letters\n%s\n%s", n, one.said, two.said)
	}
	command("verify")
}
