package web

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"braid/ledger/people"
	"braid/web/words"
)

// Mail sends an e-mail in plain text.
type Mail interface {
	Send(ctx context.Context, to, name, subject, body string) error
}

// digestDrawer holds who wants the weekly e-mail.
const (
	digestDrawer = "digest"
	digestID     = "weekly"
	digestAhead  = 35 // days that it looks ahead
	digestMost   = 20 // dates it lists
)

// wantsDigest reports whether a person has asked for the weekly e-mail.
func (s *Server) wantsDigest(ctx context.Context, person string) (bool, error) {
	_, err := s.People.Kept(ctx, person, digestDrawer, digestID)
	if errors.Is(err, people.ErrNotKept) {
		return false, nil
	}
	return err == nil, err
}

type digestForm struct {
	Weekly string `form:"weekly"`
}

// setDigest switches the weekly e-mail on or off.
func setDigest(v *Visit) (Answer, error) {
	var f digestForm
	err := v.Form(&f)
	if err != nil {
		return nil, err
	}
	say := "dates.weekly-off"
	if f.Weekly != "" {
		say = "dates.weekly-on"
		err = v.Server.People.Keep(v.Context(), v.Who.ID, digestDrawer, digestID, nil, time.Time{})
	} else {
		err = v.Server.People.Drop(v.Context(), v.Who.ID, digestDrawer, digestID)
	}
	if err != nil {
		return nil, err
	}
	return Redirect{To: v.Base() + "/calendar", Say: v.T(say)}, nil
}

// digestOf says what a person should have in mind this week; false where there
// is nothing to say.
func (s *Server) digestOf(r *reading, p *people.Person) (subject, body string, any bool) {
	w := words.In(words.Lang(p.Language))
	var lines []string
	more := 0
	for _, d := range r.dates(w, p) {
		if d.On > r.Today.AddDays(digestAhead) || d.On < r.Today && d.Kind != "decide" {
			continue
		}
		if len(lines) == digestMost {
			more++
			continue
		}
		lines = append(lines, fmt.Sprintf("%s (%s)\n%s\n%s", w.Date(d.On), w.Away(r.Today, d.On), d.Text, s.Address+"/"+string(w.Lang())+d.Path))
	}
	if len(lines) == 0 {
		return "", "", false
	}
	if more > 0 {
		lines = append(lines, w.N("digest.more", more))
	}
	subject = w.N("digest.subject", len(lines))
	body = w.T("digest.hello", "Name", p.Name) + "\n\n" + strings.Join(lines, "\n\n") + "\n\n" +
		w.T("digest.as-at", "Date", w.Date(r.Today)) + "\n" + w.T("digest.stop") + "\n" + s.Address + "/" + string(w.Lang()) + "/calendar\n"
	return subject, body, true
}

// Remind sends the week's e-mails that have not been sent, from Monday morning
// on: by one server of several, once each. A letter that could not be sent is
// tried again the next time.
func (s *Server) Remind(ctx context.Context) error {
	now := s.Clock().In(s.london)
	if s.Mail == nil || now.Weekday() == time.Monday && now.Hour() < 7 || now.Weekday() == time.Saturday || now.Weekday() == time.Sunday {
		return nil
	}
	book, err := s.Books.Book(ctx)
	if err != nil {
		return err
	}
	r := s.readings.of(book, s.Today())
	all, err := s.People.All(ctx)
	if err != nil {
		return err
	}
	year, week := now.ISOWeek()
	var failed error
	for _, p := range all {
		if p.Ended || p.Email == "" || len(p.Holds(r.Today)) == 0 {
			continue
		}
		wants, err := s.wantsDigest(ctx, p.ID)
		if err != nil {
			return err
		}
		if !wants {
			continue
		}
		letter := fmt.Sprintf("%d-W%02d/%s", year, week, p.ID)
		mine, err := s.People.Claim(ctx, "letter", letter, s.Clock().Add(8*24*time.Hour))
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		subject, body, any := s.digestOf(r, p)
		if !any {
			continue
		}
		if err := s.Mail.Send(ctx, p.Email, p.Name, subject, body); err != nil {
			failed = errors.Join(failed, err, s.People.Drop(ctx, "", "letter", letter))
			continue
		}
		s.Logger.InfoContext(ctx, "weekly e-mail sent", "person", p.ID)
	}
	return failed
}
