package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/chromedp/chromedp"
)

// lands clicks through links from home and says where the last leads.
func (b *tab) lands(links ...string) string {
	b.t.Helper()
	b.open("/")
	for _, what := range links {
		if got := b.click(what); got != 200 {
			b.t.Errorf("%q answers %d", what, got)
		}
	}
	return b.path()
}

func Test04TwoClicks(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		for want, way := range map[string][]string{
			"/ledger/map":               {"nav.nav a[href*='/ledger/map']"},
			"/timeline":                 {"nav.nav a[href*='/timeline']"},
			"/plan/forecast":            {"nav.nav a[href*='/plan/forecast']"},
			"/services/risk":            {"main a[href*='/services/risk']"},
			"/checks/duplication/":      {"main a[href*='/checks/duplication']", "main a[href*='/checks/duplication/']"},
			"/checks/coverage":          {"main a[href*='/checks/coverage']"},
			"/services/youth-inclusion": {"main a[href*='/services/youth-inclusion']"},
			"/history/1":                {"footer a[href*='/import']", "main a[href*='/history/1']"},
		} {
			if got := priya.lands(way...); len(way) > 2 || !strings.HasPrefix(got, "/"+lang+want) {
				t.Errorf("%q leads to %s, not %s", way, got, want)
			}
		}
	})
}

func Test12TheOtherLanguage(t *testing.T) {
	s := demo(t).withDraft(t)
	priya := s.as(t, "priya")
	const query = "/ledger/map?year=2026-27&place=north&sort=-total"
	priya.open("/en" + query)
	priya.click("a.language")
	if got := priya.path(); got != "/cy"+query {
		t.Errorf("the toggle leads to %s", got)
	}
	if got := eval[string](priya, `document.documentElement.lang`); got != "cy" {
		t.Errorf("the page is in %q", got)
	}
	priya.click("a.language")
	if got := priya.path(); got != "/en"+query {
		t.Errorf("toggling back leads to %s", got)
	}
	if got := eval[string](priya, `document.documentElement.lang`); got != "en" {
		t.Errorf("the page is in %q", got)
	}

	// No English of ours is left on a Welsh page: what a page says in English, it
	// does not say in Welsh, but for names and what is the same in both.
	var english []string
	for _, m := range catalogue(t, "en") {
		english = append(english, m)
	}
	welsh := map[string]bool{}
	for _, m := range catalogue(t, "cy") {
		welsh[m] = true
	}
	english = slices.DeleteFunc(english, func(m string) bool { return welsh[m] || len(m) < 12 || strings.Contains(m, "{{") })
	if len(english) < 300 {
		t.Fatalf("the catalogue has only %d English messages to look for", len(english))
	}
	list, err := json.Marshal(english)
	if err != nil {
		t.Fatal(err)
	}
	tabs := map[string]*tab{"": s.anyone(t).in("cy")}
	for _, stop := range stops(t) {
		if strings.Contains(stop.path, "/orient") || stop.path == "/glossary" { // the glossary gives each word's other language
			continue
		}
		if tabs[stop.person] == nil {
			tabs[stop.person] = s.as(t, stop.person).in("cy")
		}
		b := tabs[stop.person]
		b.open(stop.path)
		left := eval[[]string](b, `() => { const list = `+string(list)+`; const out = document.cloneNode(true); out.querySelectorAll("[lang=en], textarea, script").forEach(e => e.remove());
			const texts = new Set([...out.querySelectorAll("*")].flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.replace(/\s+/g, " ").trim()).concat(["title", "aria-label", "placeholder", "alt"].map(a => e.getAttribute(a) ?? ""))));
			return list.filter(m => texts.has(m)); }`)
		if len(left) > 0 {
			t.Errorf("/cy%s says in English: %q", stop.path, left)
		}
	}
}

// catalogue reads the texts of the message catalogue in one language.
func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../words/*." + lang + ".toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogue in %s: %v", lang, err)
	}
	quoted := regexp.MustCompile(`(?m)^"?([\w.-]+)"? *= *("(?:[^"\\]|\\.)*")`)
	all := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			var message string
			if json.Unmarshal([]byte(m[2]), &message) == nil {
				all[fmt.Sprint(file, i, m[1])] = message
			}
		}
	}
	return all
}

func Test13FiltersStay(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		const rows = `[...document.querySelectorAll("main table")].at(-1).querySelectorAll("tbody tr:not(.total)").values().toArray().map(r => r.cells[0].innerText.trim())`
		apply := said(lang, "Apply", "Gweithredu")
		priya.open("/services?year=2026-27")
		priya.fill(map[string]string{"place": "west"})
		count := eval[string](priya, `document.querySelector("main [name=place][value=west]").closest("label, .choice").innerText`)
		filter(priya, apply)
		first := eval[[]string](priya, rows)
		if len(first) == 0 || !strings.Contains(count, fmt.Sprintf("(%d)", len(first))) {
			t.Errorf("the place promises %q and %d rows are there", count, len(first))
		}
		priya.fill(map[string]string{"provider": "young-voices"})
		filter(priya, apply)
		second, at := eval[[]string](priya, rows), priya.path()
		if !strings.Contains(at, "place=west") || !strings.Contains(at, "provider=young-voices") || len(second) == 0 || len(second) >= len(first) {
			t.Errorf("two filters lead to %s with %q", at, second)
		}
		chips := eval[string](priya, `[...document.querySelectorAll("main .chips")].map(e => e.innerText).join(" ")`)
		for _, chip := range []string{said(lang, "West", "Gorllewin"), "Young Voices"} {
			if !strings.Contains(chips, chip) {
				t.Errorf("the chips say %q", chips)
			}
		}
		priya.do(func(ctx context.Context) error { return chromedp.Do(ctx, chromedp.NavigateBack()) })
		if back := eval[[]string](priya, rows); !slices.Equal(back, first) {
			t.Errorf("back shows %q, not %q", back, first)
		}
		fresh := s.as(t, "priya").in(lang)
		fresh.open(at)
		if again := eval[[]string](fresh, rows); !slices.Equal(again, second) {
			t.Errorf("the address in a fresh session shows %q, not %q", again, second)
		}
	})
}

// filter sends the page's filters.
func filter(b *tab, apply string) {
	b.t.Helper()
	if !eval[bool](b, `apply => { const f = document.querySelector("main [type=checkbox][name]")?.form, button = f && [...f.querySelectorAll("button")].find(x => x.innerText.trim() === apply);
		document.querySelectorAll("[data-here]").forEach(e => delete e.dataset.here); if (button) button.dataset.here = ""; return !!button; }`, apply) {
		b.t.Fatalf("%s has no filters to send", b.path())
	}
	b.click("[data-here]")
}

func Test18DismissAPair(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		priya := s.as(t, "priya").in(lang)
		const pair = "/checks/duplication/commissioned-twice/family-hubs/parenting/2026-27"
		queue := func() int {
			priya.open("/checks/duplication")
			return eval[int](priya, `document.querySelectorAll("main table tbody tr a[href*='/checks/duplication/']").length`)
		}
		if n := queue(); n != 3 {
			t.Fatalf("the queue has %d pairs", n)
		}
		priya.open(pair)
		priya.fill(map[string]string{"verdict": "both needed", "reason": ""})
		if got := priya.submit(""); got != 422 {
			t.Errorf("a pair dismissed without a reason answers %d", got)
		}
		if n := queue(); n != 3 {
			t.Errorf("a refused answer leaves %d pairs", n)
		}
		priya.open(pair)
		priya.fill(map[string]string{"verdict": "both needed", "reason": "One visits homes, the other runs groups"})
		if got := priya.submit(""); got != 200 {
			t.Fatalf("a pair dismissed with a reason answers %d: %s", got, priya.text())
		}
		if n := queue(); n != 2 {
			t.Errorf("the queue has %d pairs after one is answered", n)
		}
		priya.open(pair)
		priya.says("One visits homes, the other runs groups", "Priya Shah")
		// The money of one of the two changes, where both work.
		priya.open("/ledger/allocate")
		priya.fill(map[string]string{"award": "families-first", "service": "parenting", "amount": "5000", "objective.1": "confident-parents", "area.1": "north", "reason": "Two more groups in the North"})
		priya.submit("")
		priya.confirm()
		if n := queue(); n != 3 {
			t.Errorf("the queue has %d pairs after the money of an answered one has changed", n)
		}
	})
}

// confirm goes on from a check page until there is none.
func (b *tab) confirm() {
	b.t.Helper()
	for range 3 {
		if eval[bool](b, `!!document.querySelector("main .banner")`) {
			return
		}
		if got := b.submit(""); got >= 400 {
			b.t.Fatalf("confirming answers %d: %.1500s", got, b.text())
		}
	}
	if !eval[bool](b, `!!document.querySelector("main .banner")`) {
		b.t.Fatalf("%s confirms nothing: %.1500s", b.path(), b.text())
	}
}

func Test23CalendarFeed(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		priya := s.as(t, "priya").in(lang)
		priya.open("/calendar")
		priya.submit("")
		_, after, shown := strings.Cut(priya.text(), s.url)
		if !shown {
			t.Fatalf("the calendar page gives no address: %s", priya.text())
		}
		res, err := http.Get(s.url + strings.Fields(after)[0]) // as a calendar asks: signed out
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		feed, err := ics.ParseCalendar(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("the feed answers %d: %v", res.StatusCode, err)
		}
		said := map[string]string{}
		for _, e := range feed.Events() {
			day := e.GetProperty(ics.ComponentPropertyDtStart).Value
			said[day] += e.GetProperty(ics.ComponentPropertySummary).Value + "\n"
			if (day == "20270331" || day == "20270228") && len(e.Alarms()) != 3 {
				t.Errorf("%s has %d alarms", e.Id(), len(e.Alarms()))
			}
		}
		for day, want := range map[string][2]string{"20270331": {"Children's Fund ends", "Mae Children's Fund yn dod i ben"}, "20270228": {"Play and holiday scheme", "Cynllun chwarae a gwyliau"}} {
			if !strings.Contains(said[day], map[string]string{"en": want[0], "cy": want[1]}[lang]) {
				t.Errorf("on %s the calendar says %q", day, said[day])
			}
		}
	})
}
