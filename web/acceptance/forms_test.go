package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// acceptsEmpty are forms in which nothing need be typed: what they do with blank
// fields is their job.
var acceptsEmpty = []string{
	"/streams/families-first/awards/new",   // an award may be known by its stream alone
	"/services/family-hubs/agreements/new", // and an agreement by its service
}

// formsOf counts the page's forms that post and that people type into.
const formsOf = `[...document.querySelectorAll("main form")].filter(f => f.method === "post" && [...f.elements].some(e => e.matches("input:not([type=hidden]), textarea, select"))).length`

// blank empties the n-th of them but for its last text, which it keeps where
// there is another, and marks its button. It gives what should be kept.
const blank = `n => {
	const f = [...document.querySelectorAll("main form")].filter(f => f.method === "post" && [...f.elements].some(e => e.matches("input:not([type=hidden]), textarea, select")))[n];
	const texts = [...f.elements].filter(e => e.matches("input[type=text], input:not([type]), input[type=email], textarea") && e.checkVisibility());
	for (const e of f.elements) {
		if (e.matches("[type=radio], [type=checkbox]")) e.checked = false;
		else if (e.matches("select")) e.value = [...e.options].some(o => o.value === "") ? "" : e.value;
		else if (e.matches("input:not([type=hidden]), textarea")) e.value = "";
	}
	document.querySelectorAll("[data-here]").forEach(e => delete e.dataset.here);
	const button = [...f.querySelectorAll("button:not([type=button])")].find(e => e.checkVisibility());
	if (button) button.dataset.here = "";
	const kept = texts.length > 1 ? texts.at(-1) : null;
	if (kept) kept.value = "zz";
	return { button: !!button, kept: kept?.name ?? "" };
}`

// Test17EmptyForms sends every form there is empty: where that is refused, focus
// is on the summary, the title begins "Error:", each link leads to its field,
// and what was typed is still there. The page of an error is held to checks 8, 9
// and 24 like any other.
func Test17EmptyForms(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t).withSecondBoard(t).withDraft(t)
		tabs := map[string]*tab{"": s.anyone(t).in(lang)}
		refused := 0
		for _, stop := range stops(t) {
			if tabs[stop.person] == nil {
				tabs[stop.person] = s.as(t, stop.person).in(lang)
			}
			b := tabs[stop.person]
			b.open(stop.path)
			for n := range eval[int](b, formsOf) {
				if n > 0 {
					b.open(stop.path)
				}
				what := eval[struct {
					Button bool   `json:"button"`
					Kept   string `json:"kept"`
				}](b, blank, n)
				if !what.Button {
					t.Errorf("%s: form %d has no button", stop.path, n)
					continue
				}
				at := fmt.Sprintf("%s form %d", stop.path, n)
				got := b.click("[data-here]")
				if got >= 400 && got != 422 {
					t.Errorf("%s, empty, answers %d: %.300s", at, got, b.text())
					continue
				}
				if got != 422 {
					if !slices.Contains(acceptsEmpty, stop.path) {
						t.Errorf("%s takes an empty form and leads to %s", at, b.path())
					}
					continue
				}
				refused++
				if want := said(lang, "Error: ", "Gwall: "); !strings.HasPrefix(b.title(), want) {
					t.Errorf("%s: the title is %q", at, b.title())
				}
				wrong := eval[[]string](b, `kept => {
					const bare = s => s.replace(/\s+/g, " ").trim(), wrong = [], summary = document.querySelector("[data-error-summary]");
					if (!summary) return ["there is no summary"];
					if (document.activeElement !== summary) wrong.push("focus is on " + document.activeElement.outerHTML.slice(0, 80));
					if (!summary.querySelector("li")) wrong.push("the summary is empty");
					for (const a of summary.querySelectorAll("a")) {
						const field = document.getElementById(decodeURIComponent(a.hash.slice(1)));
						if (!field) { wrong.push("nothing is at " + a.hash); continue; }
						a.click();
						const has = document.activeElement;
						if (has !== field && !field.contains(has)) wrong.push(a.hash + " does not focus its field");
						const told = [field, field.closest("fieldset")].flatMap(e => (e?.getAttribute("aria-describedby") ?? "").split(" ")).map(id => bare(document.getElementById(id)?.innerText ?? "").replace(/^(Error|Gwall): */, ""));
						const text = bare(a.innerText); // in a grid the summary names the cell first
						if (!told.some(t => t && text.endsWith(t))) wrong.push("beside the field: " + told.join("; ") + "; in the summary: " + text);
					}
					if (kept && ![...document.querySelectorAll("main [name=\"" + CSS.escape(kept) + "\"]")].some(e => e.value === "zz")) wrong.push("what was typed into " + kept + " is lost");
					return wrong;
				}`, what.Kept)
				for _, w := range wrong {
					t.Errorf("%s: %s", at, w)
				}
				if everything || lang == "en" {
					b.look()
				} else {
					b.lookAt(1280)
				}
			}
		}
		if refused < 20 {
			t.Errorf("only %d forms were refused", refused)
		}
	})
}
