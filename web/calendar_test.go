package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
)

// feedOf makes a person's feed address through the page.
func feedOf(t *testing.T, b *browser) string {
	t.Helper()
	p := b.submit(b.get("/calendar").is(http.StatusOK), "", nil).is(http.StatusOK)
	_, after, ok := strings.Cut(p.text(), "http://")
	if !ok {
		t.Fatalf("no address was shown:\n%s", p.text())
	}
	u, err := url.Parse("http://" + strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return u.RequestURI()
}

func TestCalendarFeed(t *testing.T) {
	s := demoServer(t)
	for lang, want := range map[string]string{"en": "Children's Fund ends", "cy": "Mae Dechrau'n Deg yn dod i ben"} {
		b := s.as("priya").in(lang)
		feed := feedOf(t, b)
		p := s.anyone().get(feed).is(http.StatusOK)
		cal, err := ics.ParseCalendar(strings.NewReader(p.body))
		if err != nil {
			t.Fatal(err)
		}
		days, said := map[string]int{}, ""
		for _, e := range cal.Events() {
			days[e.GetProperty(ics.ComponentPropertyDtStart).Value]++
			said += e.GetProperty(ics.ComponentPropertySummary).Value + "\n"
			if n := len(e.Alarms()); n != 3 {
				t.Errorf("%s has %d alarms", e.Id(), n)
			}
		}
		if days["20270331"] == 0 || days["20270228"] != 1 || days["20270121"] != 1 {
			t.Errorf("%s: days %v", lang, days)
		}
		if !strings.Contains(said, want) {
			t.Errorf("%s: no %q in\n%s", lang, want, said)
		}
		if again := s.anyone().get(feed); again.body != p.body {
			t.Error("the same feed differs")
		}
	}
}

func TestAFeedIsItsPersonsOwn(t *testing.T) {
	s := demoServer(t)
	sam := s.as("sam")
	old := feedOf(t, sam)
	p := s.anyone().get(old).is(http.StatusOK)
	if !strings.Contains(p.body, "North board meets") || strings.Contains(p.body, "NRF") {
		t.Errorf("a board member's feed:\n%s", p.body)
	}
	feedOf(t, sam)
	s.anyone().get(old).is(http.StatusNotFound)
	s.anyone().get("/feed/nonsense.ics").is(http.StatusNotFound)
}
