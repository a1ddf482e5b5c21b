package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/chromedp"

	"braid/ledger"
	"braid/ledger/people"
	"braid/seed"
)

// allocated is what is allocated in 2026-27, in pence.
func (s *site) allocated(t testing.TB) int64 {
	t.Helper()
	v := s.book(t).View(seed.AsAt("demo"))
	return int64(v.Position(nil, ledger.Filter{ledger.ByYear: "2026-27"}).Total.Sums[ledger.AllocatedTo].Pence())
}

// move changes one amount of the grid, through its check page.
func move(b *tab, cell, amount, reason string) {
	b.t.Helper()
	b.open("/ledger/edit?year=2026-27")
	b.fill(map[string]string{cell: amount, "reason": reason})
	if got := b.submit(""); got != 200 {
		b.t.Fatalf("the grid answers %d: %.1500s", got, b.text())
	}
	b.says(reason)
	b.confirm()
}

// decidePair answers a pair of the duplication queue.
func decidePair(b *tab, pair, reason string) {
	b.t.Helper()
	b.open("/checks/duplication/" + pair)
	b.fill(map[string]string{"verdict": "both needed", "reason": reason})
	if got := b.submit(""); got != 200 {
		b.t.Fatalf("the answer to a pair is answered %d: %.1500s", got, b.text())
	}
}

// approve has the chair record that the board pays for its proposal.
func approve(chair *tab) {
	chair.t.Helper()
	chair.open("/boards/north/proposals/dads-group/interest")
	chair.fill(map[string]string{"interest": "no"})
	chair.submit("")
	chair.fill(map[string]string{"outcome": "pay", "held_on": "12/1/2027", "present": "6", "votes_for": "5", "votes_against": "0", "abstained": "1", "reason": "Fathers asked for it", "second": "sam"})
	if got := chair.submit(""); got != 200 {
		chair.t.Fatalf("the decision answers %d: %.1500s", got, chair.text())
	}
	chair.confirm()
}

// askFor puts a proposal to the board, a question a page.
func askFor(member *tab) {
	member.t.Helper()
	member.open("/boards/north/ask")
	const question = `document.querySelector("main form [name=answer]:not([type=hidden])")`
	for n := 0; n < 10 && eval[bool](member, `!!`+question); n++ {
		answer := "A group for mothers"
		switch {
		case eval[string](member, question+".type") == "radio":
			answer = eval[string](member, question+".value")
		case strings.Contains(member.path(), "/amount"):
			answer = "4000"
		case strings.Contains(member.path(), "/people"):
			answer = "24"
		}
		member.fill(map[string]string{"answer": answer})
		if got := member.submit(""); got != 200 {
			member.t.Fatalf("question %d answers %d: %.1000s", n, got, member.text())
		}
	}
	member.says("£4,000")
	if got := member.submit(""); got != 200 {
		member.t.Fatalf("asking answers %d: %.1000s", got, member.text())
	}
}

func Test10WithoutScripts(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		priya, chris, fin := s.as(t, "priya").in(lang), s.as(t, "chris").in(lang), s.as(t, "fin").in(lang)
		for _, b := range []*tab{priya, chris, fin} {
			b.scripts(false)
		}
		before := s.allocated(t)
		move(priya, "cell.youth-inclusion;childrens-fund", "230000", "One panel fewer")
		if got := s.allocated(t); got != before-1_000_000 {
			t.Errorf("allocated went from %d to %d", before, got)
		}
		decidePair(priya, "commissioned-twice/family-hubs/parenting/2026-27", "Homes and groups")
		priya.open("/checks/duplication")
		if n := eval[int](priya, `document.querySelectorAll("main table tbody tr a[href*='/checks/duplication/']").length`); n != 2 {
			t.Errorf("%d pairs are left", n)
		}
		approve(chris)
		chris.open("/boards/north")
		chris.says("£208,000")
		sam := s.as(t, "sam").in(lang)
		sam.scripts(false)
		askFor(sam)
		load498(t, s, fin)
	})
}

func Test15PasteABlock(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		s.load(t, fstest.MapFS{
			"streams.csv":  {Data: []byte("id,name,funder,starts,ends,certainty,stated_on,2026-27\nz1,Zz 1,F,2026-04-01,2030-03-31,confirmed,2026-02-01,90000\nz2,Zz 2,F,2026-04-01,2030-03-31,confirmed,2026-02-01,90000\nz3,Zz 3,F,2026-04-01,2030-03-31,confirmed,2026-02-01,90000\nz4,Zz 4,F,2026-04-01,2030-03-31,confirmed,2026-02-01,90000\n")},
			"services.csv": {Data: []byte("id,name,name_cy,provider\nza,Zz club A,Zz clwb A,demo-council\nzb,Zz club B,Zz clwb B,demo-council\nzc,Zz club C,Zz clwb C,demo-council\n")},
		}, "Four grants and three clubs")
		before := s.allocated(t)
		priya := s.as(t, "priya").in(lang)
		priya.open("/ledger/edit?year=2026-27")
		block := "£1,000\t2000\t3,000.00\t4000\r\n1100\t2100\t3100\t4100\r\n1200\t2200\t3200\t4200\r\n"
		changed := eval[int](priya, `block => {
			const cell = document.querySelector("[name='cell.za;z1']"), data = new DataTransfer();
			cell.focus();
			data.setData("text/plain", block);
			cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
			return document.querySelectorAll(".grid input.changed").length;
		}`, block)
		if changed != 12 {
			t.Errorf("a block of 3 rows and 4 columns changes %d cells", changed)
		}
		totals := eval[[]string](priya, `["za", "zb", "zc"].map(id => document.querySelector("[name='cell." + id + ";z1']").closest("tr").querySelector(".total").innerText.trim())`)
		if fmt.Sprint(totals) != "[£10,000 £10,400 £10,800]" {
			t.Errorf("the totals read %q", totals)
		}
		if got := priya.submit(""); got != 422 {
			t.Errorf("a block without a reason answers %d", got)
		}
		if kept := eval[int](priya, `[...document.querySelectorAll(".grid input[name*=';z']")].filter(i => i.value.trim()).length`); kept != 12 {
			t.Errorf("%d of 12 cells are kept when a reason is wanted", kept)
		}
		priya.fill(map[string]string{"reason": "The clubs start"})
		if got := priya.submit(""); got != 200 {
			t.Fatalf("the block answers %d: %.1500s", got, priya.text())
		}
		if n := strings.Count(priya.text(), "→"); n != 12 {
			t.Errorf("the check page lists %d changes: %.1500s", n, priya.text())
		}
		priya.confirm()
		if got := s.allocated(t); got != before+3_120_000 {
			t.Errorf("allocated went from %d to %d", before, got)
		}
		if got := eval[bool](priya, `!!document.querySelector(".banner form button")`); !got {
			t.Fatal("the banner has no Undo")
		}
		priya.undo("The clubs do not start")
		if got := s.allocated(t); got != before {
			t.Errorf("undone, allocated is %d and was %d", got, before)
		}

		// Two people, one cell.
		s.add(t, "carys", "Carys Bowen", people.Commissioner)
		carys := s.as(t, "carys").in(lang)
		const cell = "cell.youth-inclusion;childrens-fund"
		carys.open("/ledger/edit?year=2026-27")
		carys.fill(map[string]string{cell: "235000", "reason": "Carys's reason"})
		move(priya, cell, "230000", "Priya's reason")
		carys.submit("")
		for range 2 { // told at the check, or at the latest when it is posted
			if !strings.Contains(carys.text(), "230,000") {
				carys.submit("")
			}
		}
		carys.says("230,000", "235,000")
		if s.allocated(t) != before-1_000_000 {
			t.Error("the second of two overwrote the first")
		}
	})
}

// undo takes back what the banner says was done.
func (b *tab) undo(reason string) {
	b.t.Helper()
	b.click(".banner form button")
	if eval[bool](b, `!!document.querySelector("main form [name=reason]")`) {
		b.fill(map[string]string{"reason": reason})
		if got := b.submit("/undo"); got != 200 {
			b.t.Errorf("undoing answers %d: %.1000s", got, b.text())
		}
	}
}

// load498 loads a month of 500 payments, of which two cannot be read, and
// undoes it (check 16).
func load498(t *testing.T, s *site, fin *tab) {
	t.Helper()
	var rows bytes.Buffer
	rows.WriteString("date,amount,award,service,reference\n")
	for row := 2; row <= 501; row++ {
		service, amount := "youth-inclusion", "18.30"
		switch row {
		case 17:
			service = "Youth pannels"
		case 203:
			amount = "9,15O"
		}
		fmt.Fprintf(&rows, "2027-01-05,\"%s\",nrf,%s,month 9 row %d\n", amount, service, row)
	}
	file := filepath.Join(t.TempDir(), "month9.csv")
	if err := os.WriteFile(file, rows.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	before := s.book(t).Sequence()
	fin.open("/import")
	fin.do(func(ctx context.Context) error {
		return chromedp.Do(ctx, chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{file}))
	})
	fin.fill(map[string]string{"register": "payments"})
	if got := fin.submit("/import"); got != 200 {
		t.Fatalf("the upload answers %d: %.1500s", got, fin.text())
	}
	fin.says("month9.csv", "498", "Youth pannels", "9,15O", said(fin.lang, "Row 17", "Rhes 17"), said(fin.lang, "Row 203", "Rhes 203"))
	fin.fill(map[string]string{"system": "£2,750,413.40"})
	fin.click("main button[value=compare]")
	fin.says("£2,750,413.40", said(fin.lang, "Difference", "Gwahaniaeth"), "£0.00")
	if now := s.book(t).Sequence(); now != before {
		t.Fatalf("looking at the import posted %d batches", now-before)
	}
	fin.fill(map[string]string{"reason": "Month 9"})
	if got := fin.click("main button[value=import]"); got != 200 {
		t.Fatalf("the import answers %d: %.1500s", got, fin.text())
	}
	if now := s.book(t).Sequence(); now != before+1 {
		t.Fatalf("the import posted %d batches", now-before)
	}
	fin.says("498", "£0.00")
	paid := func() int64 {
		v := s.book(t).View(seed.AsAt("demo"))
		return int64(v.Position(nil, ledger.Filter{ledger.ByYear: "2026-27"}).Total.Sums[ledger.PaidOut].Pence())
	}
	if got := paid(); got != 274_130_000+498*1830 {
		t.Errorf("%d pence are paid", got)
	}
	fin.click("main form[action*='/undo'] button")
	if eval[bool](fin, `!!document.querySelector("main form [name=reason]")`) {
		fin.fill(map[string]string{"reason": "The wrong month"})
		fin.submit("/undo")
	}
	if got := paid(); got != 274_130_000 {
		t.Errorf("undone, %d pence are paid", got)
	}
}

func Test16Import500Rows(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t)
		load498(t, s, s.as(t, "fin").in(lang))
	})
}

func Test20TheBoard(t *testing.T) {
	both(t, func(t *testing.T, lang string) {
		s := demo(t).withSecondBoard(t)
		sam, chris := s.as(t, "sam").in(lang), s.as(t, "chris").in(lang)
		sam.open("/boards/north")
		sam.says("£240,000", "£186,000", "£22,000", "£32,000")
		if got := 240_000 - 186_000 - 22_000; got != 32_000 {
			t.Fatal("the check itself does not add up")
		}
		if !eval[bool](sam, `!!document.querySelector("main a[href$='/boards/north/ask']")`) {
			t.Error("a member is not offered to ask for money")
		}
		for _, action := range []string{"/ledger/edit", "/approvals", "/boards/north/money", "/periods", "/settings", "/people"} {
			if eval[bool](sam, `path => [...document.querySelectorAll("a[href]")].some(a => new URL(a.href).pathname.slice(3) === path)`, action) {
				t.Errorf("a member is offered %s", action)
			}
		}
		if got := sam.open("/boards/orient"); got != 403 {
			t.Errorf("another board answers %d", got)
		}
		sam.silent("East board", "£10,000")
		sam.says(said(lang, "Ask", "Gofynnwch"))
		approve(chris)
		chris.open("/boards/north")
		chris.says("£240,000", "£208,000", "£0", "£32,000")
		for path, want := range map[string]string{"/boards/north/proposals/dads-group/minute": "Fathers asked for it"} {
			if got := sam.open(path); got != 200 {
				t.Errorf("%s answers %d", path, got)
			}
			sam.says(want)
		}
	})
}
