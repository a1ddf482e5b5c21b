package acceptance

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"braid/ledger/people"
)

// focused says what has focus: its number among those Tab reaches, "" for none,
// and what is wrong with how it shows.
const focused = `() => {
	const e = document.activeElement;
	if (!e || e === document.body) return { at: -1, name: "", wrong: "" };
	window.tabbed ??= [];
	let at = window.tabbed.indexOf(e);
	if (at < 0) at = window.tabbed.push(e) - 1;
	const rects = [...e.getClientRects()].filter(r => r.width > 0 && r.height > 0), style = getComputedStyle(e);
	const seen = rects.some(r => [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
		const top = document.elementFromPoint(r.x + r.width * x, r.y + r.height * y);
		return top && (e === top || e.contains(top) || top.contains(e) && top.matches("label, td, th, li, a, button"));
	}));
	let wrong = "";
	if (!seen) wrong = "is fully covered or out of the window";
	else if ((style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) && style.boxShadow === "none") wrong = "has no visible outline";
	return { at, name: e.outerHTML.slice(0, 140), wrong };
}`

type focus struct {
	At    int    `json:"at"`
	Name  string `json:"name"`
	Wrong string `json:"wrong"`
}

func Test11TabThroughTheMap(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		for _, size := range [][2]int64{{1280, 400}, {320, 400}} {
			priya.size(size[0], size[1])
			priya.open("/ledger/map?year=2026-27")
			all := eval[int](priya, `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true })).length`)
			if all < 60 {
				t.Fatalf("the map has only %d stops", all)
			}
			for _, shift := range []bool{false, true} {
				met := map[int]bool{}
				if f := eval[focus](priya, focused); f.At >= 0 {
					met[f.At] = true // backwards begins where forwards ended
				}
				for range all + 5 {
					if shift {
						priya.press(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift))
					} else {
						priya.press(kb.Tab)
					}
					f := eval[focus](priya, focused)
					if f.At < 0 && len(met) > 0 {
						break // round the end
					}
					if f.At < 0 {
						continue
					}
					if met[f.At] {
						t.Errorf("%v: focus comes back to %s after %d of %d stops", size, f.Name, len(met), all)
						break
					}
					met[f.At] = true
					if f.Wrong != "" {
						t.Errorf("%v, backwards %v: %s %s", size, shift, f.Name, f.Wrong)
					}
					if len(met) == all {
						break
					}
				}
				if len(met) < all {
					t.Errorf("%v, backwards %v: Tab reaches %d of %d stops", size, shift, len(met), all)
				}
			}
		}
	})
}

// tabTo goes on by Tab until what has focus matches.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range 150 {
		if eval[bool](b, `selector => !!document.activeElement?.matches(selector)`, selector) {
			return
		}
		b.press(kb.Tab)
	}
	b.t.Fatalf("%s: Tab does not reach %s", b.path(), selector)
}

// choose picks an option of the select in focus, as the arrow keys do.
func (b *tab) choose(value string) {
	b.t.Helper()
	for range 40 {
		if eval[bool](b, `value => document.activeElement.value === value`, value) {
			return
		}
		b.press(kb.ArrowDown)
	}
	b.t.Fatalf("%s: the arrows do not reach %q", b.path(), value)
}

// enter strikes Enter, and waits for the page it leads to.
func (b *tab) enter() int {
	b.t.Helper()
	b.do(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter))
		return err
	})
	return b.answered()
}

func Test11ByKeyboardAlone(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)

		// C4: move £40,000 from Children's Fund to core, and say why.
		priya := s.as(t, "priya").in(lang)
		priya.open("/ledger/virement")
		priya.tabTo("[name=award]")
		priya.choose("childrens-fund")
		priya.tabTo("[name=from]")
		priya.choose("youth-inclusion")
		priya.tabTo("[name='to-award']")
		priya.choose("core")
		priya.tabTo("[name=amount]")
		priya.press("40000")
		priya.tabTo("[name=reason]")
		priya.press("The fund ends in March")
		priya.tabTo("main form button")
		if got := priya.enter(); got != 200 {
			t.Fatalf("the virement answers %d: %.1500s", got, priya.text())
		}
		priya.says("£40,000", "The fund ends in March")
		priya.tabTo("main form button")
		priya.enter()
		priya.open("/ledger/map?year=2026-27")
		if row := eval[[]string](priya, rowOf, "#map", said(lang, "Youth inclusion panels", "Paneli cynhwysiant ieuenctid")); strings.Join(row, " ") != strings.Join([]string{row[0], "£200,000", "£110,000", "– " + said(lang, "none", "dim"), "– " + said(lang, "none", "dim"), "£90,000", "£400,000"}, " ") {
			t.Errorf("after the virement the row reads %q", row)
		}

		// C5: decide a pair.
		priya.open("/checks/duplication/commissioned-twice/family-hubs/parenting/2026-27")
		priya.tabTo("[name=verdict]")
		priya.press(kb.ArrowDown)
		priya.tabTo("[name=reason]")
		priya.press("One visits homes")
		priya.tabTo("main form button:not([type=button])")
		if got := priya.enter(); got != 200 {
			t.Fatalf("the pair answers %d: %.1500s", got, priya.text())
		}
		priya.open("/checks/duplication")
		if n := eval[int](priya, `document.querySelectorAll("main table tbody tr a[href*='/checks/duplication/']").length`); n != 2 {
			t.Errorf("%d pairs are left", n)
		}

		// B3: ask for £22,000.
		sam := s.as(t, "sam").in(lang)
		sam.open("/boards/north/ask")
		for question := range 9 {
			if !eval[bool](sam, `!!document.querySelector("main form [name=answer]:not([type=hidden])")`) {
				break
			}
			sam.tabTo("main form [name=answer]")
			switch kind := eval[string](sam, `document.activeElement.type`); {
			case kind == "radio":
				sam.press(" ")
			case strings.Contains(sam.path(), "/amount"):
				sam.press("4000")
			case strings.Contains(sam.path(), "/people"):
				sam.press("24")
			default:
				sam.press(fmt.Sprintf("Mothers' group %d", question))
			}
			sam.tabTo("main form button")
			if got := sam.enter(); got != 200 {
				t.Fatalf("question %d answers %d: %.1000s", question, got, sam.text())
			}
		}
		sam.says("£4,000", "24")
		sam.tabTo("main form button")
		if got := sam.enter(); got != 200 {
			t.Fatalf("asking answers %d: %.1500s", got, sam.text())
		}
		sam.open("/boards/north")
		sam.says("£26,000", "Mothers' group 0")
	})
}

func Test11ShortcutsAreOffUntilSwitchedOn(t *testing.T) {
	s := demo(t)
	priya := s.as(t, "priya")
	priya.open("/")
	priya.press("g")
	priya.press("m")
	priya.press("?")
	priya.press("/")
	if at := priya.path(); at != "/en/" || eval[bool](priya, `document.activeElement.name === "q" || !!document.querySelector("dialog[open]")`) {
		t.Errorf("a shortcut works before it is switched on: at %s", at)
	}
	p, err := s.store.People().Person(t.Context(), "priya")
	if err != nil {
		t.Fatal(err)
	}
	p.Shortcuts = true
	if err := s.store.People().Save(t.Context(), p, people.Event{Who: "priya", What: "person-changed", About: "priya"}); err != nil {
		t.Fatal(err)
	}
	priya.open("/")
	priya.press("g")
	priya.do(func(ctx context.Context) error {
		_, err := chromedp.RunResponse(ctx, chromedp.KeyEvent("m"))
		return err
	})
	if at := priya.path(); !strings.HasPrefix(at, "/en/ledger/map") {
		t.Errorf("g m leads to %s", at)
	}
}
