package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailServer takes letters as a council's would, as far as sending needs.
type mailServer struct {
	net.Listener
	mu      sync.Mutex
	letters []string
	refuse  bool
}

func newMailServer(t *testing.T) *mailServer {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailServer{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go m.talk(c)
		}
	}()
	return m
}

func (m *mailServer) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	say := func(line string) { fmt.Fprint(c, line+"\r\n") }
	say("220 test")
	var letter *strings.Builder
	for in.Scan() {
		line := in.Text()
		switch word, _, _ := strings.Cut(strings.ToUpper(line), " "); {
		case letter != nil && line == ".":
			m.mu.Lock()
			m.letters = append(m.letters, letter.String())
			m.mu.Unlock()
			letter = nil
			say("250 taken")
		case letter != nil:
			letter.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		case word == "DATA":
			letter = &strings.Builder{}
			say("354 go on")
		case word == "RCPT" && m.refuse:
			say("550 nobody here")
		case word == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestWeeklyLetterIsSentOnceToWhoAskedForIt(t *testing.T) {
	s := demoServer(t)
	post := newMailServer(t)
	monday := time.Date(2027, 1, 11, 8, 0, 0, 0, time.UTC)
	s.web.Mail, s.web.Address = SMTP{Server: post.Addr().String(), From: "braid@demo.example"}, "http://braid.example"
	s.web.Clock = func() time.Time { return monday }
	for _, who := range []string{"priya", "mali"} {
		b := s.as(who)
		b.submit(b.get("/calendar").is(http.StatusOK), "/calendar/weekly", url.Values{"weekly": {"yes"}}).says("You will get a weekly e-mail.")
	}
	ctx := context.Background()
	post.refuse = true
	if err := s.web.Remind(ctx); err == nil {
		t.Error("a refused letter is no error")
	}
	post.refuse = false
	other := serveStore(t, s.store, s.web.AsAt) // a second server on the same ledger
	other.web.Mail, other.web.Clock, other.web.Address = s.web.Mail, s.web.Clock, s.web.Address
	var both sync.WaitGroup
	for _, one := range []*Server{s.web, other.web, s.web} {
		both.Go(func() {
			if err := one.Remind(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if len(post.letters) != 2 {
		t.Fatalf("%d letters were sent", len(post.letters))
	}
	said := map[string]string{}
	for _, text := range post.letters {
		letter, err := mail.ReadMessage(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(letter.Body))
		if err != nil {
			t.Fatal(err)
		}
		said[letter.Header.Get("To")] = subject + "\n" + string(body)
	}
	for to, want := range map[string][]string{
		`"Priya Shah" <priya.shah@demo.example>`: {"dates to have in mind", "Decide about Youth inclusion panels: it loses £350,000 on 31 March 2027", "(12 days late)", "http://braid.example/en/services/youth-inclusion"},
		`"Mali Rees" <mali.rees@demo.example>`:   {"Mae North board yn cyfarfod", "21 Ionawr 2027", "/cy/boards/north"},
	} {
		for _, w := range want {
			if !strings.Contains(said[to], w) {
				t.Errorf("the letter to %s lacks %q:\n%s", to, w, said[to])
			}
		}
	}
	monday = monday.AddDate(0, 0, 7)
	if err := s.web.Remind(ctx); err != nil || len(post.letters) != 4 {
		t.Errorf("a week later: %d letters, %v", len(post.letters), err)
	}
}
