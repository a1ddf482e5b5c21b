package web

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/money"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/templates/parts"
)

var settingRoutes = []Route{
	{Method: "GET", Path: "/settings", Right: people.Settings, Do: settingsPage},
	{Method: "POST", Path: "/settings", Right: people.Settings, Do: saveSettings},
	{Method: "POST", Path: "/settings/undo", Right: people.Settings, Do: undoSettings},
}

// setting is one thing a council may set. Read gives the value as the ledger
// keeps it, or the message that says what to write.
type setting struct {
	id, kind string // kind: text, whole, share, pence
	least    int
	most     int
	shown    func(*Visit, Settings) string // as Braid comes
}

// settingsList is in the order of the page.
var settingsList = []setting{
	{id: "council", kind: "text", shown: func(v *Visit, _ Settings) string { return v.Server.Council }},
	{id: "accent", kind: "colour", shown: func(_ *Visit, s Settings) string { return s.Accent }},
	{id: "horizon-months", kind: "whole", least: 1, most: 60, shown: func(v *Visit, s Settings) string { return v.Count(s.Policy.HorizonMonths) }},
	{id: "consultation-days", kind: "whole", most: 365, shown: func(v *Visit, s Settings) string { return v.Count(s.Policy.ConsultationDays) }},
	{id: "recent-days", kind: "whole", least: 1, most: 366, shown: func(v *Visit, s Settings) string { return v.Count(s.Policy.RecentDays) }},
	{id: "paid-twice-over", kind: "pence", shown: func(_ *Visit, s Settings) string { return s.Policy.PaidTwiceOver.Exact() }},
	{id: "paid-twice-share", kind: "share", shown: func(v *Visit, s Settings) string { return v.Share(s.Policy.PaidTwiceShare) }},
	{id: "twice-floor", kind: "pence", shown: func(_ *Visit, s Settings) string { return s.Policy.TwiceFloor.Exact() }},
	{id: "yearly-rise", kind: "share", shown: func(v *Visit, s Settings) string { return v.Share(s.Policy.YearlyRise) }},
	{id: "amber-share", kind: "share", shown: func(v *Visit, s Settings) string { return v.Share(s.AmberShare) }},
	{id: "red-share", kind: "share", shown: func(v *Visit, s Settings) string { return v.Share(s.RedShare) }},
}

// asBraidComes are the settings where none is made.
var asBraidComes = settingsOf(ledger.Empty())

// contrastNeeded is what white text needs on the accent (WCAG 1.4.3).
const contrastNeeded = 4.5

// read gives what was typed as the ledger keeps it; "" puts it back as Braid comes.
func (s setting) read(v *Visit, text string) (value, wrong string) {
	if text == "" {
		return "", ""
	}
	switch s.kind {
	case "text":
		if utf8.RuneCountInString(text) > 100 || text == decide.DefaultSetting {
			return "", v.T("set-up.no-council")
		}
		return text, ""
	case "colour":
		if !strings.HasPrefix(text, "#") {
			text = "#" + text
		}
		if !hexColour.MatchString(text) {
			return "", v.T("settings.bad-colour")
		}
		if c := againstWhite(text); c < contrastNeeded {
			return "", v.T("settings.pale", "Contrast", fmt.Sprintf("%.1f", math.Floor(c*10)/10))
		}
		return strings.ToLower(text), ""
	case "whole":
		n, err := strconv.Atoi(text)
		if err != nil || n < s.least || n > s.most {
			return "", v.T("settings.bad-whole", "Least", s.least, "Most", s.most)
		}
		return strconv.Itoa(n), ""
	case "share":
		share, err := money.ParseShare(strings.TrimSuffix(text, "%") + "%")
		if whole, _ := money.NewShare(1, 1); err != nil || share.Cmp(whole) > 0 {
			return "", v.T("settings.bad-share")
		}
		return strings.TrimSpace(strings.TrimSuffix(text, "%")) + "%", ""
	}
	a, _, err := money.Parse(text, money.NotNegative)
	p, known := a.Known()
	if err != nil || !known {
		return "", v.T("settings.bad-amount")
	}
	return p.String(), ""
}

// againstWhite is the contrast of a colour, #rrggbb, with white, as WCAG 2 has it.
func againstWhite(colour string) float64 {
	n, _ := strconv.ParseUint(colour[1:], 16, 32)
	light := func(c uint64) float64 {
		x := float64(c&0xff) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*light(n>>16) + 0.7152*light(n>>8) + 0.0722*light(n) + 0.05)
}

// settingNow is a setting as the form shows it, "" as Braid comes.
func settingNow(b *ledger.Book, s setting) string {
	r, _ := b.Record("settings", s.id)
	value := r.Get("value")
	if value == decide.DefaultSetting {
		return ""
	}
	if s.kind == "share" {
		return strings.TrimSuffix(value, "%")
	}
	return value
}

type settingsForm struct {
	Set    map[string]string `form:"set"`
	Reason string            `form:"reason"`
	Seen   string            `form:"seen"` // the last batch that the page knew of
	Step   string            `form:"step"`
}

type settingsData struct {
	Lead    string
	Fields  []form.Field
	Seen    int
	Accent  string
	History []parts.Change
	Undo    int
	Key     string
}

func settingsPage(v *Visit) (Answer, error) { return v.settingsAgain(nil), nil }

// settingsFields is the form, and beneath it who changed what before.
func (v *Visit) settingsFields(f settingsForm, errs form.Errors) Page {
	seen, _ := strconv.Atoi(f.Seen)
	d := settingsData{Lead: v.T("settings.lead"), Seen: seen, Key: NewKey()}
	for _, s := range settingsList {
		field := form.Field{Name: "set." + s.id, Label: v.T("settings." + s.id), Value: f.Set[s.id], Error: errs.Of("set." + s.id),
			Hint: v.T("settings."+s.id+"-hint") + " " + v.T("settings.blank", "Value", s.shown(v, asBraidComes))}
		switch s.kind {
		case "pence":
			field.Type = "money"
		case "whole":
			field.Type = "number"
		case "share":
			field.Suffix, field.Inputmode, field.Type = "%", "decimal", "number"
		case "colour":
			field.Autocomplete = "off"
		}
		d.Fields = append(d.Fields, field)
	}
	d.Fields = append(d.Fields, form.Field{Name: "reason", Label: v.T("settings.reason"), Type: "textarea", Rows: 2, Required: true, Value: f.Reason, Error: errs.Of("reason")})
	d.History, d.Undo = v.settingsHistory()
	return Page{Template: "settings", Title: v.T("settings.title"), Nav: "settings", Data: d, Errors: errs}
}

// settingsHistory lists every change of a setting, the newest first, and the
// last batch, if it can be taken back whole from here.
func (v *Visit) settingsHistory() (list []parts.Change, undo int) {
	type line struct {
		seq    int
		change parts.Change
	}
	var lines []line
	for _, s := range settingsList {
		records, seqs := v.Versions("settings", s.id)
		was := ""
		for i, r := range records {
			now := r.Get("value")
			head, _ := v.Head(seqs[i])
			lines = append(lines, line{seqs[i], parts.Change{When: v.instant(head.PostedAt), Who: head.Author, What: v.T("settings." + s.id), Before: v.settingWords(s, was), After: v.settingWords(s, now), Why: head.Reason}})
			was = now
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return b.seq - a.seq })
	for _, l := range lines {
		list = append(list, l.change)
	}
	if len(lines) > 0 {
		if batch := v.Batch(lines[0].seq); batch.Len() == 0 && !slices.ContainsFunc(batch.Records, func(r ledger.Record) bool { return r.Register != "settings" }) {
			undo = lines[0].seq
		}
	}
	return list, undo
}

// settingWords shows a value as kept.
func (v *Visit) settingWords(s setting, value string) string {
	if value == "" || value == decide.DefaultSetting {
		return v.T("settings.as-comes", "Value", s.shown(v, asBraidComes))
	}
	if s.kind == "pence" {
		if p, err := money.ParsePence(value); err == nil {
			return p.Exact()
		}
	}
	return value
}

// saveSettings reads the form, shows what would change and what that does to
// the findings, and posts it when told again.
func saveSettings(v *Visit) (Answer, error) {
	var f settingsForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	seen, err := strconv.Atoi(f.Seen)
	if err != nil {
		return nil, &form.Bad{Why: "it does not say what it was made from"}
	}
	var errs form.Errors
	values := map[string]string{}
	for _, s := range settingsList {
		value, wrong := s.read(v, f.Set[s.id])
		if wrong != "" {
			errs.Add("set."+s.id, wrong)
		}
		values[s.id] = value
	}
	if amber, red := v.shareSet(values, "amber-share", asBraidComes.AmberShare), v.shareSet(values, "red-share", asBraidComes.RedShare); len(errs) == 0 && amber.Cmp(red) > 0 {
		errs.Add("set.red-share", v.T("settings.red-below-amber"))
	}
	if f.Reason == "" {
		errs.Add("reason", v.T("settings.no-reason"))
	}
	set := func(b *ledger.Book) (*ledger.Draft, error) {
		return draftOf(decide.Set(b, v.Actor(), values, seen, f.Reason))
	}
	if len(errs) == 0 {
		if f.Step != "check" {
			var draft *ledger.Draft
			if draft, err = set(v.Book); err == nil {
				return v.settingsCheck(f, values, draft), nil
			}
		} else {
			var seq int
			if seq, err = v.Post(set); err == nil {
				return v.settingsDone(v.T("settings.saved"), seq), nil
			}
		}
		if err := v.told(&errs, "", err); err != nil {
			return nil, err
		}
	}
	return v.settingsFields(f, errs), nil
}

// settingsDone leads back; undoing is offered on the page itself, and in the
// banner to those who may undo there.
func (v *Visit) settingsDone(say string, seq int) Redirect {
	r := Redirect{To: v.To("/settings"), Say: say}
	if v.Can(people.Notes) {
		r.Undo = seq
	}
	return r
}

func (v *Visit) shareSet(values map[string]string, id string, otherwise money.Share) money.Share {
	if s, err := money.ParseShare(values[id]); err == nil {
		return s
	}
	return otherwise
}

// settingsCheck shows what would change, from what, and how many findings there
// would be.
func (v *Visit) settingsCheck(f settingsForm, values map[string]string, draft *ledger.Draft) Page {
	var rows []parts.Row
	for _, s := range settingsList {
		r, _ := v.Record("settings", s.id)
		was := r.Get("value")
		if was == decide.DefaultSetting {
			was = ""
		}
		if was != values[s.id] {
			rows = append(rows, parts.Row{Key: v.T("settings." + s.id), Value: v.T("settings.from-to", "From", v.settingWords(s, was), "To", v.settingWords(s, values[s.id])), Change: v.To("/settings")})
		}
	}
	rows = append(rows, parts.Row{Key: v.T("settings.reason"), Value: f.Reason})
	_, next := draft.Seal(v.Server.Clock())
	before, after := len(v.Findings()), len(check.Run(next.View(v.Today), settingsOf(next).Policy))
	rows = append(rows, parts.Row{Key: v.T("settings.findings"), Value: v.T("settings.from-to", "From", v.Count(before), "To", v.Count(after))})
	hidden := []parts.Hidden{{Name: "key", Value: NewKey()}, {Name: "step", Value: "check"}, {Name: "seen", Value: f.Seen}, {Name: "reason", Value: f.Reason}}
	for _, s := range settingsList {
		hidden = append(hidden, parts.Hidden{Name: "set." + s.id, Value: f.Set[s.id]})
	}
	return Page{Template: "confirm", Title: v.T("settings.check"), Nav: "settings",
		Data: parts.Confirm{Action: v.Base() + "/settings", Button: v.T("settings.save"), Cancel: v.To("/settings"), Rows: rows, Hidden: hidden}}
}

type undoSettingsForm struct {
	Seq string `form:"seq"`
}

// undoSettings takes back the last change of settings: administrators have no
// rights over the rest of the ledger, so it takes nothing else back.
func undoSettings(v *Visit) (Answer, error) {
	var f undoSettingsForm
	if err := v.Form(&f); err != nil {
		return nil, err
	}
	seq, err := strconv.Atoi(f.Seq)
	if _, last := v.settingsHistory(); err != nil || seq != last {
		return v.settingsAgain(form.Errors{{Text: v.T("people.changed")}}), nil
	}
	done, err := v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		return draftOf(decide.Undo(b, v.Actor(), seq))
	})
	var refused *decide.CannotUndo
	if errors.As(err, &refused) {
		return v.settingsAgain(form.Errors{{Text: v.Refusal(v.Book, err)}}), nil
	}
	if err != nil {
		return nil, err
	}
	return v.settingsDone(v.T("settings.undone"), done), nil
}

// settingsAgain is the form as the ledger has it, with what went wrong if anything did.
func (v *Visit) settingsAgain(errs form.Errors) Page {
	f := settingsForm{Set: map[string]string{}, Seen: strconv.Itoa(v.Sequence())}
	for _, s := range settingsList {
		f.Set[s.id] = settingNow(v.Book, s)
	}
	return v.settingsFields(f, errs)
}
