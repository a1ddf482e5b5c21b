package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/labstack/echo/v4"

	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/words"
)

var calendarRoutes = []Route{
	{Method: "GET", Path: "/calendar", Right: SignedIn, Do: calendar},
	{Method: "POST", Path: "/calendar", Right: SignedIn, Do: newFeed},
	{Method: "POST", Path: "/calendar/weekly", Right: SignedIn, Do: setDigest},
}

type calendarPage struct {
	Lead string
	Has  bool
	Feed string // just made: shown once
	Key  string
	T    *table.Table
	Mail bool       // e-mail is set up
	Week form.Field // the weekly e-mail, on or off
}

// calendar lists the reader's dates, and offers them as a feed.
func calendar(v *Visit) (Answer, error) {
	p := calendarPage{Has: v.Who.FeedKey != "", Key: NewKey(), Feed: v.Server.sessions.PopString(v.Context(), "feed")}
	t := table.New("dates", v.T("dates.caption"))
	t.Column("on", v.T("dates.on"), table.DateColumn).Sortable = true
	t.Column("away", v.T("how-long"), table.TagColumn)
	t.Column("what", v.T("dates.what"), table.TextColumn)
	t.Empty = v.T("dates.none")
	coming := 0
	for _, d := range v.dates(v.Reader, v.Who) {
		colour := table.Grey
		switch {
		case d.On < v.Today && d.Kind != "decide":
			continue // only a decision can be late
		case d.On < v.Today:
			colour = table.Red
		case d.On <= v.Today.AddDays(90):
			colour = table.Amber
		}
		if d.On >= v.Today {
			coming++
		}
		t.Row(table.Date(d.On), table.Tag(v.Away(v.Today, d.On), colour), table.Text(d.Text).To(v.Base()+d.Path))
	}
	p.Lead = v.N("dates.lead", coming)
	if p.Mail = v.Server.Mail != nil && v.Who.Email != ""; p.Mail {
		wants, err := v.Server.wantsDigest(v.Context(), v.Who.ID)
		if err != nil {
			return nil, err
		}
		p.Week = form.Field{Name: "weekly", Type: "checkbox", Label: v.T("dates.weekly"), Hint: v.T("dates.weekly-hint", "Email", v.Who.Email)}
		if wants {
			p.Week.Value = "yes"
		}
	}
	p.T = v.Finish(t)
	return Page{Template: "calendar", Title: v.T("dates.title"), Data: p, Tables: []*table.Table{p.T}}, nil
}

// newFeed makes the address of the reader's feed, and takes the old one away.
func newFeed(v *Visit) (Answer, error) {
	key := v.Who.NewFeedKey()
	if err := v.Server.People.Save(v.Context(), v.Who, people.Event{Who: v.Who.ID, What: "feed-made", About: v.Who.ID}); err != nil {
		return nil, err
	}
	v.Server.sessions.Put(v.Context(), "feed", v.Server.Origin(v.Request)+"/feed/"+key+".ics?lang="+string(v.Lang()))
	return Redirect{To: v.Base() + "/calendar"}, nil
}

// Origin is how people reach Braid.
func (s *Server) Origin(r *http.Request) string {
	if s.Address != "" {
		return s.Address
	}
	return "http://" + r.Host
}

// alarms are how many days ahead a calendar reminds.
var alarms = []int{180, 90, 30}

// feed answers calendars: whoever has the key, and nobody else. A key that is
// none, or of somebody who has left, is as an address that is not there.
func (s *Server) feed(c echo.Context) error {
	ctx := c.Request().Context()
	key, ok := strings.CutSuffix(c.Param("key"), ".ics")
	if !ok {
		return echo.ErrNotFound
	}
	p, err := s.People.ByFeedKey(ctx, key)
	if errors.Is(err, people.ErrNobody) || err == nil && (p.Ended || len(p.Holds(s.Today())) == 0) {
		return echo.ErrNotFound
	}
	if err != nil {
		return err
	}
	book, err := s.Books.Book(ctx)
	if err != nil {
		return err
	}
	l, known := words.Parse(c.QueryParam("lang"))
	if !known {
		l = words.Lang(p.Language)
	}
	w := words.In(l)
	r := s.readings.of(book, s.Today())
	cal := ics.NewCalendar()
	cal.SetProductId("-//Braid//" + string(w.Lang()) + "//")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName("Braid")
	cal.SetXWRCalName("Braid")
	stamp := time.Unix(0, 0).UTC()
	if n := book.Sequence(); n > 0 {
		head, _ := book.Head(n)
		stamp = head.PostedAt
	}
	for _, d := range r.dates(w, p) {
		y, m, day := d.On.Civil()
		at := time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC)
		e := cal.AddEvent(strings.NewReplacer("/", ".", " ", "-").Replace(d.ID) + "@braid")
		e.SetDtStampTime(stamp)
		e.SetAllDayStartAt(at)
		e.SetAllDayEndAt(at.AddDate(0, 0, 1))
		e.SetSummary(d.Text)
		e.SetURL(s.Origin(c.Request()) + "/" + string(w.Lang()) + d.Path)
		for _, days := range alarms {
			a := e.AddAlarm()
			a.SetAction(ics.ActionDisplay)
			a.SetTrigger(fmt.Sprintf("-P%dD", days))
			a.SetProperty(ics.ComponentPropertyDescription, d.Text)
		}
	}
	c.Response().Header().Set("Content-Type", "text/calendar; charset=utf-8")
	c.Response().Header().Set("Cache-Control", "private, max-age=3600")
	return cal.SerializeTo(c.Response())
}
