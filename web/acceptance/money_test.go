package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// reckon is scripts' own sums, in whole pence. Amounts are read from what people
// read; a page of postings is summed from its CSV, which has every row.
const reckon = `
const pence = text => {
	const m = /([−-]?)£([\d,]+)(?:\.(\d\d))?/.exec(text);
	return m ? (m[1] ? -1 : 1) * (Number(m[2].replaceAll(",", "")) * 100 + Number(m[3] ?? 0)) : null;
};
const exact = p => (p < 0 ? "−" : "") + "£" + Math.floor(Math.abs(p) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",") + "." + String(Math.abs(p) % 100).padStart(2, "0");
const csv = text => text.replace(/^\uFEFF/, "").trim().split("\r\n").map(line => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(m => m[1].replace(/^"|"$/g, "").replaceAll('""', '"')));
const fileOf = async (href, table) => {
	const u = new URL(href, location.href);
	u.searchParams.set("format", "csv");
	u.searchParams.set("table", table);
	return csv(await (await fetch(u)).text());
};
const posted = async href => {
	const rows = await fileOf(href, "postings");
	const column = rows.findIndex(r => r.some(c => /^\d+\/\d+$/.test(c)));
	const head = rows.find(r => r.some(c => /^(Amount|Swm)/.test(c))), at = head?.findIndex(c => /^(Amount|Swm)/.test(c));
	if (column < 0 || at === undefined) return null;
	return rows.filter(r => r.some(c => /^\d+\/\d+$/.test(c))).reduce((sum, r) => sum + Math.round(Number(r[at]) * 100), 0);
};
`

// madeOf adds up the parts of a figure of the forecast, from their CSV.
const madeOf = `
const madeOf = async href => {
	const rows = await fileOf(href, "parts"), head = rows.findIndex(r => r.some(c => /^(Amount|Swm)/.test(c)));
	if (head < 0) return null;
	const at = rows[head].findIndex(c => /^(Amount|Swm)/.test(c));
	return rows.slice(head + 1).filter(r => r.length > at && r[0] && !/^(Total|Cyfanswm)/.test(r[0])).reduce((sum, r) => sum + Math.round(Number(r[at]) * 100), 0);
};
`

// follow opens every amount link of the main part and lists what does not equal
// the number clicked.
const follow = `async () => {` + reckon + madeOf + `
	const met = new Map(), wrong = [];
	for (const a of document.querySelectorAll("main a[href]")) if (/^[−-]?£\d/.test(a.innerText.trim())) met.set(a.getAttribute("href") + " " + a.innerText.trim(), [a.getAttribute("href"), a.innerText.trim()]);
	for (const [href, text] of met.values()) {
		const want = pence(text), res = await fetch(href);
		if (res.status !== 200) { wrong.push(text + " leads to " + res.status + " at " + href); continue; }
		const page = new DOMParser().parseFromString(await res.text(), "text/html"), main = page.querySelector("main").textContent;
		const whole = exact(want).replace(/\.00$/, ""), path = new URL(href, location.href).pathname;
		if (path.endsWith("/plan/forecast/figure")) { // in whole pounds on the page, to the penny behind it; what takes away has no sign there
			const parts = await madeOf(href), near = Math.floor((Math.abs(parts) + 50) / 100) * 100;
			if (parts === null || near !== Math.abs(want) || !page.querySelector("h1").textContent.includes(exact(parts))) wrong.push(text + " is made of " + (parts === null ? "no rows" : exact(parts)) + " at " + href);
			continue;
		}
		if (!main.includes(whole)) { wrong.push(text + " is not said at " + href); continue; }
		if (!path.endsWith("/ledger/postings")) continue;
		if (!page.querySelector("h1").textContent.includes(exact(want))) wrong.push(text + " is not in the title at " + href);
		const sum = await posted(href);
		if (sum !== want) wrong.push(text + " is made of " + (sum === null ? "no rows" : exact(sum)) + " at " + href);
	}
	return [String(met.size), ...wrong];
}`

func Test02ClickALoss(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		priya.open("/")
		if got := priya.click("=£350,000"); got != 200 {
			t.Fatalf("£350,000 leads to %d", got)
		}
		if !strings.Contains(priya.title(), "£350,000.00") {
			t.Errorf("the title is %q", priya.title())
		}
		if sum := eval[int](priya, `async () => {`+reckon+` return (await posted(location.href)) ?? -1; }`); sum != 35_000_000 {
			t.Errorf("the rows add up to %d pence", sum)
		}
		shown := eval[int](priya, `() => {`+reckon+` const table = document.querySelector("table#postings"), at = [...table.querySelectorAll("thead th")].findIndex(h => /^(Amount|Swm)/.test(h.innerText));
			return [...table.querySelectorAll("tbody tr:not(.total)")].reduce((sum, r) => sum + pence(r.cells[at].innerText), 0); }`)
		if shown != 35_000_000 {
			t.Errorf("the rows shown add up to %d pence", shown)
		}
	})
}

func Test03EveryAmountOpens(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		for _, stop := range []struct {
			person string
			paths  []string
			least  int
		}{
			{"priya", []string{"/", "/ledger/map?year=2026-27", "/ledger/map?year=2026-27&rows=objective&columns=funder", "/ledger/monitoring?year=2026-27", "/checks/coverage", "/streams", "/services/family-hubs", "/plan/forecast"}, 3},
			{"sam", []string{"/boards/north"}, 8},
		} {
			b := s.as(t, stop.person).in(lang)
			for _, path := range stop.paths {
				b.open(path)
				got := eval[[]string](b, follow)
				met := 0
				fmt.Sscan(got[0], &met)
				if met < stop.least {
					t.Errorf("%s has %d amounts to follow", path, met)
				}
				for _, wrong := range got[1:] {
					t.Errorf("%s: %s", path, wrong)
				}
			}
		}
	})
}

// rowOf gives the texts of a table's row that begins with a text.
const rowOf = `(table, first) => [...document.querySelectorAll(table + " tr")].map(r => [...r.cells].map(c => c.innerText.replace(/\s+/g, " ").trim())).find(r => r[0] === first) ?? []`

func Test05MapAddsUp(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		priya.open("/ledger/map?year=2026-27")
		left := eval[[]string](priya, rowOf, "#map", said(lang, "Left to allocate", "Ar ôl i'w ddyrannu"))
		if len(left) != 7 || left[6] != "£670,000" {
			t.Fatalf("left to allocate reads %q", left)
		}
		for _, amount := range []string{"£50,000", "£140,000", "£200,000", "−£20,000", "£300,000"} {
			if !slices.Contains(left[1:6], amount) {
				t.Errorf("left to allocate lacks %s: %q", amount, left)
			}
		}
		over := eval[bool](priya, `words => { const head = [...document.querySelectorAll("#map thead th")].findIndex(h => h.innerText.includes("NRF"));
			return [...document.querySelectorAll("#map tbody tr")].some(r => r.cells[head]?.innerText.trim() === words); }`, said(lang, "Over-allocated", "Gorddyrannu"))
		if !over {
			t.Error("NRF has no words that it is over-allocated")
		}
		wrong := eval[[]string](priya, `() => {`+reckon+`
			const rows = [...document.querySelectorAll("#map tbody tr")].map(r => [...r.cells].map(c => pence(c.innerText) ?? 0)), of = name => [...document.querySelectorAll("#map tbody tr")].findIndex(r => new RegExp("^(" + name + ")").test(r.cells[0].innerText));
			const allocated = rows[of("Allocated|Dyrannwyd")], services = rows.filter((r, i) => document.querySelectorAll("#map tbody tr")[i].querySelector("a[href*='/services/']")), wrong = [];
			for (const r of services) if (r.slice(1, -1).reduce((a, b) => a + b) !== r.at(-1)) wrong.push("a row adds up to something else than " + r.at(-1));
			allocated.forEach((sum, c) => { if (c > 0 && services.reduce((a, r) => a + r[c], 0) !== sum) wrong.push("column " + c + " adds up to something else than " + sum); });
			return [...wrong, ...(services.length === 7 ? [] : ["there are " + services.length + " services"])];
		}`)
		if len(wrong) > 0 {
			t.Errorf("the map does not add up: %q", wrong)
		}
		priya.open("/ledger/edit?year=2026-27")
		priya.fill(map[string]string{"cell.parenting;families-first": "260001", "reason": "More parents"})
		if got := priya.submit(""); got != 422 {
			t.Errorf("£140,001 more of Families First answers %d: %s", got, priya.text())
		}
		beside := eval[string](priya, `() => { const f = document.querySelector("[name='cell.parenting;families-first']"); return (f.getAttribute("aria-describedby") ?? "").split(" ").map(id => document.getElementById(id)?.innerText).join(" ") + f.value; }`)
		if !strings.Contains(beside, "£") || !strings.Contains(beside, "260001") {
			t.Errorf("beside the cell it says %q", beside)
		}
	})
}

func Test06TimelineTwin(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		priya.open("/timeline")
		twin := eval[map[string][]string](priya, `() => ({
			drawn: [...document.querySelectorAll("main svg text")].map(e => e.textContent.trim()),
			streams: [...document.querySelectorAll("#awards tbody tr")].map(r => r.cells[0].innerText.trim()),
			ends: [...document.querySelectorAll("#ends tbody tr")].flatMap(r => [r.cells[0].innerText.trim(), r.cells[2].innerText.trim()]),
		})`)
		want := []string{said(lang, "31 Mar 2027", "31 Maw 2027"), "£900,000", said(lang, "31 Mar 2028", "31 Maw 2028"), "£1,910,000"}
		if !slices.Equal(twin["ends"], want) {
			t.Errorf("the twin says %q", twin["ends"])
		}
		for _, text := range slices.Concat(want, twin["streams"]) {
			if !slices.Contains(twin["drawn"], text) {
				t.Errorf("the drawing lacks %q: %q", text, twin["drawn"])
			}
		}
		if len(twin["streams"]) != 5 {
			t.Errorf("the twin has %q", twin["streams"])
		}
	})
}

func Test14TheSameInExcelAndCSV(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		for _, path := range []string{"/ledger/map?year=2026-27&sort=-total", "/ledger/map?year=2026-27&place=north&sort=-childrens-fund", "/services?stream=nrf&sort=-allocated"} {
			priya.open(path)
			rows := eval[[][]string](priya, tableRows)
			files := eval[map[string][][]string](priya, `async () => {`+reckon+`
				const of = async kind => await (await fetch([...document.querySelectorAll("main a")].find(a => a.href.includes("format=" + kind)).href));
				return { csv: csv(await (await of("csv")).text()) };
			}`)
			sheet := workbook(t, priya)
			for name, file := range map[string][][]string{"CSV": files["csv"], "Excel": sheet} {
				if missing := disorder(rows, file); missing != "" {
					t.Errorf("%s: the %s %s", path, name, missing)
				}
			}
		}
	})
}

// tableRows gives the first table's rows as a person reads them, amounts as
// plain numbers.
const tableRows = `() => {` + reckon + `
	return [...document.querySelectorAll("main table")][0].querySelectorAll("tbody tr").values().toArray().map(r => [...r.cells].map(c => {
		if (c.classList.contains("none")) return "";
		const text = c.innerText.replace(/\s+/g, " ").trim(), p = /^[−-]?£/.test(text) ? pence(text) : null;
		return p === null ? text : String(p / 100);
	}));
}`

// disorder says which row of the page a file lacks, or has elsewhere.
func disorder(rows, file [][]string) string {
	at := 0
	for _, row := range rows {
		wanted := row[0]
		i := slices.IndexFunc(file[at:], func(r []string) bool { return len(r) > 0 && r[0] == wanted })
		if i < 0 {
			return fmt.Sprintf("lacks, or has out of order, %q: %q", wanted, file)
		}
		for c, cell := range row {
			got := ""
			if c < len(file[at+i]) {
				got = file[at+i][c]
			}
			if strings.Trim(cell, "0123456789.-") == "" && cell != got && cell+".00" != got {
				return fmt.Sprintf("says %q where the page says %q for %s", got, cell, wanted)
			}
		}
		at += i + 1
	}
	if len(rows) == 0 {
		return "has nothing to be held to"
	}
	return ""
}

func Test19GapsWithoutColour(t *testing.T) {
	s := demo(t)
	both(t, func(t *testing.T, lang string) {
		priya := s.as(t, "priya").in(lang)
		priya.open("/checks/coverage")
		priya.says(said(lang, "2 gaps: Safe from harm in West, Heard in North.", "2 fwlch: Diogel rhag niwed yn ardal Gorllewin, Cael gwrandawiad yn ardal Gogledd."))
		word := said(lang, "Gap", "Bwlch")
		cells := eval[[]string](priya, `word => [...document.querySelectorAll("#coverage tbody tr")].flatMap(r => [...r.cells].slice(1).filter(c => c.innerText.trim() === word).map((c, i) => {
			const head = document.querySelectorAll("#coverage thead th")[c.cellIndex].innerText.trim(), style = getComputedStyle(c);
			return r.cells[0].innerText.trim() + " " + head + " " + (parseFloat(style.borderTopWidth) > 0 || style.outlineStyle !== "none" || !!c.querySelector("*") && [...c.querySelectorAll("*")].some(e => parseFloat(getComputedStyle(e).borderTopWidth) > 0 || getComputedStyle(e).outlineStyle !== "none"));
		}))`, word)
		want := said(lang, "[Safe from harm West true Heard North true]", "[Diogel rhag niwed Gorllewin true Cael gwrandawiad Gogledd true]")
		if fmt.Sprint(cells) != want {
			t.Errorf("the cells that read %q, and whether they have a border: %s", word, cells)
		}
		for _, media := range []map[string]string{{"forced-colors": "active"}, {"prefers-contrast": "more"}} {
			priya.emulate(media)
			if again := eval[int](priya, `word => [...document.querySelectorAll("#coverage td")].filter(c => c.checkVisibility() && c.innerText.trim() === word).length`, word); again != 2 {
				t.Errorf("with %v there are %d gaps", media, again)
			}
		}
		priya.emulate(nil)
	})
}
