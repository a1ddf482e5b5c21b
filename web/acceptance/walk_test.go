package acceptance

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// rules of axe-core that a page is held to: all of WCAG 2.2 A and AA, and what
// is good besides.
const axeRun = `async () => {
	const found = await axe.run(document, {
		runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
		resultTypes: ["violations", "incomplete"],
	});
	const lines = [];
	for (const r of found.violations) for (const n of r.nodes) lines.push(r.id + ": " + n.html.slice(0, 160) + " (" + (n.any[0] ?? n.all[0] ?? n.none[0])?.message + ")");
	for (const r of found.incomplete) for (const n of r.nodes) {
		const e = document.querySelector(n.target[0]);
		// Nobody can judge by rule what a drawing's letters stand on, nor a cell
		// that is scrolled beneath a frozen one.
		if (r.id === "color-contrast" && (e?.closest("svg") || e?.closest("[role=region][tabindex]"))) continue;
		lines.push("cannot tell " + r.id + ": " + n.html.slice(0, 160) + " (" + (n.any[0] ?? n.all[0] ?? n.none[0])?.message + ")");
	}
	return lines;
}`

// axe lists what keeps people out of the page shown.
func (b *tab) axe() []string {
	b.t.Helper()
	source, err := axeSource()
	if err != nil {
		want(b.t, "axe-core: npm ci --prefix .ci/browser")
	}
	if !eval[bool](b, `"axe" in window`) { // here now, and in the pages to come
		b.do(func(ctx context.Context) error {
			if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source}); err != nil {
				return err
			}
			_, err := chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](source+";undefined"))
			return err
		})
	}
	return eval[[]string](b, axeRun)
}

// sideways is how far the page scrolls to the side, and what sticks out.
const sideways = `() => {
	const d = document.documentElement;
	if (d.scrollWidth <= d.clientWidth) return "";
	const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > d.clientWidth + 1 && !e.closest("[role=region][tabindex]")).map(e => e.outerHTML.slice(0, 120));
	return (d.scrollWidth - d.clientWidth) + "px: " + wide.slice(-3).join(" ");
}`

// content is what the main part shows and leads to, without the buttons, some
// of which only scripts can serve. It takes them off the page.
const content = `() => {
	const main = document.querySelector("main") ?? document.body;
	main.querySelectorAll("button, .said, .narrowing").forEach(e => e.remove());
	const tidy = s => s.replace(/\s+/g, " ").trim().replace(/\b[A-Z2-7]{4}( [A-Z2-7]{4}){3,}/, "(secret)").replace(/secret=\w+/, "(secret)").replace(/\bkey=\w+/, "(key)").replace(/^\d+ (events?|digwyddiad).*/, "(events)").replace(/, \d\d:\d\d/g, ", (time)");
	return {
		text: main.innerText.split("\n").map(tidy).filter(s => s),
		links: [...document.querySelectorAll("a[href]")].map(a => tidy(a.getAttribute("href") + " " + a.textContent)),
	};
}`

type shown struct {
	Text  []string `json:"text"`
	Links []string `json:"links"`
}

// everything has each page looked at in every way. Without it the walk looks at
// every filled page in both languages by axe-core at 1280 pixels, and shares out
// the rest: at 320 pixels and without scripts in English when filled, and empty
// pages by turns in English and in Welsh.
var everything = os.Getenv("BRAID_EVERYTHING") != ""

// look holds the page shown to checks 8, 9 and 24.
func (b *tab) look() { b.lookAt(1280, 320) }

func (b *tab) lookAt(widths ...int64) {
	b.t.Helper()
	at := b.path()
	for _, width := range widths {
		b.size(width, 720)
		for _, line := range b.axe() {
			b.t.Errorf("%s at %d: %s", at, width, line)
		}
	}
	b.size(320, 256)
	if wide := eval[string](b, sideways); wide != "" {
		b.t.Errorf("%s at 320 by 256 scrolls sideways, %s", at, wide)
	}
	b.do(func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.EmulateViewport(320, 180, chromedp.EmulateScale(4)))
	})
	if wide := eval[string](b, sideways); wide != "" {
		b.t.Errorf("%s at 400%% scrolls sideways, %s", at, wide)
	}
	b.size(1280, 720)
	b.settle()
}

// Test08EveryPage walks every page: as filled by the demo and as empty as on
// the first day, in English and Welsh, by axe-core at 1280 and 320 pixels, for
// sideways scrolling at 320 by 256 and at 400% zoom, with and without scripts,
// asking nothing of anyone but Braid (checks 8, 9, 10 and 24).
func Test08EveryPage(t *testing.T) {
	all := stops(t)
	for _, state := range []string{"filled", "empty"} {
		for _, lang := range []string{"en", "cy"} {
			t.Run(state+"/"+lang, func(t *testing.T) {
				t.Parallel()
				s := empty(t)
				if state == "filled" {
					s = demo(t).withSecondBoard(t).withDraft(t)
				}
				tabs, lost := map[string][2]*tab{}, false
				for i, stop := range all {
					if !everything && state == "empty" && (i%2 == 0) == (lang == "cy") {
						continue // in the other language
					}
					if _, open := tabs[stop.person]; !open {
						with, without := s.anyone(t), s.anyone(t)
						if stop.person != "" {
							with, without = s.as(t, stop.person), s.as(t, stop.person)
						}
						without.scripts(false)
						tabs[stop.person] = [2]*tab{with.in(lang), without.in(lang)}
					}
					began := time.Now()
					with, without := tabs[stop.person][0], tabs[stop.person][1]
					got := with.open(stop.path)
					switch {
					case got >= 500 || got >= 400 && state == "filled" && !strings.Contains(stop.path, "/no"):
						t.Errorf("%s answers %d", stop.path, got)
					case got == 404 && lost:
						continue // what an empty ledger lacks is told alike: once is enough
					}
					lost = lost || got == 404
					filled := state == "filled"
					if everything || filled == (lang == "en") {
						with.look()
					} else {
						with.lookAt(1280)
					}
					if !everything && (!filled || lang != "en") {
						continue
					}
					seen := eval[shown](with, content)
					without.open(stop.path)
					plain := eval[shown](without, content)
					if missing := less(seen.Text, plain.Text); len(missing) > 0 {
						t.Errorf("%s without scripts lacks the text %q", stop.path, missing)
					}
					if missing := slices.Concat(less(seen.Links, plain.Links), less(plain.Links, seen.Links)); len(missing) > 0 {
						t.Errorf("%s has other links without scripts: %q", stop.path, missing)
					}
					if testing.Verbose() {
						fmt.Printf("%s %s %s %v\n", state, lang, stop.path, time.Since(began).Round(time.Millisecond))
					}
				}
			})
		}
	}
}

// Test08OnTheWay looks at the pages that only a journey leads to: each check
// page, preview, question and result on the way.
func Test08OnTheWay(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		person := func(id string) *tab {
			b := s.as(t, id).in(lang)
			b.looking = true
			return b
		}
		priya, fin := person("priya"), person("fin")
		move(priya, "cell.youth-inclusion;childrens-fund", "230000", "One panel fewer")
		priya.open("/ledger/virement") // above what one person may move alone
		priya.fill(map[string]string{"award": "core", "from": "early-years", "to": "family-hubs", "amount": "60000", "reason": "More hubs"})
		priya.submit("")
		priya.submit("")
		fin.open("/approvals")
		fin.click("main a[href*='/approvals/']")
		fin.fill(map[string]string{"reason": "The centres agree"})
		fin.click("main form button[value=approve]")
		priya.open("/services/youth-inclusion/exit/plan")
		priya.submit("") // empty: as an error
		sam := person("sam")
		askFor(sam)
		sam.open("/boards/north/ask")
		chris := person("chris")
		approve(chris)
		chris.open("/boards/north/proposals/dads-group/minute")
		chris.look()
		load498(t, s, fin)
		ada := person("ada")
		ada.open("/people/mali")
		ada.click("main a[href*='/role/']")
	})
}

// less gives what of the one list the other lacks.
func less(a, b []string) []string {
	var lacks []string
	for _, s := range a {
		if !slices.Contains(b, s) && !slices.Contains(lacks, s) {
			lacks = append(lacks, s)
		}
	}
	return lacks
}

// TestTheWalkSeesFaults holds the walk itself to pages made bad.
func TestTheWalkSeesFaults(t *testing.T) {
	b := demo(t).as(t, "priya")
	b.open("/")
	if found := b.axe(); len(found) > 0 {
		t.Fatalf("the home page is no clean start: %q", found)
	}
	eval[bool](b, `() => {
		const main = document.querySelector("main");
		main.append(Object.assign(document.createElement("img"), { src: "/static/braid.svg" }), Object.assign(document.createElement("input"), { name: "x" }));
		main.append("x".repeat(400));
		return true;
	}`)
	found := strings.Join(b.axe(), "\n")
	for _, rule := range []string{"image-alt", "label"} {
		if !strings.Contains(found, rule+":") {
			t.Errorf("axe does not see %s: %s", rule, found)
		}
	}
	b.size(320, 256)
	if eval[string](b, `() => { document.querySelector("main").append(Object.assign(document.createElement("pre"), { textContent: "x".repeat(400) })); return ""; }`); eval[string](b, sideways) == "" {
		t.Error("400 letters in a line do not scroll sideways")
	}
	eval[bool](b, `async () => { await fetch("https://elsewhere.invalid/").catch(() => {}); document.body.setAttribute("style", "color: red"); console.error("no"); setTimeout(() => { throw new Error("thrown"); }); await new Promise(r => setTimeout(r, 50)); return true; }`)
	b.mu.Lock()
	heard := strings.Join(b.faults, "\n")
	b.faults = nil
	b.mu.Unlock()
	for _, fault := range []string{"elsewhere.invalid", "inline style", "console error", "thrown"} {
		if !strings.Contains(heard, fault) {
			t.Errorf("the tab does not hear of %s: %s", fault, heard)
		}
	}
}
