package exchange_test

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
	"braid/seed"
)

// said is all that registers can say of a book: its records, its positions, and
// the lines that stand.
func said(b *ledger.Book) map[string]any {
	of := map[string]any{}
	for _, r := range ledger.Registers {
		for id, rec := range b.Records(r.Name) {
			of[r.Name+" "+id] = rec.Values
		}
	}
	for i := range b.Len() {
		e := b.Entry(i)
		_, gone := b.ReversedBy(i)
		if !gone && e.Reverses == (ledger.EntryID{}) {
			line := "line " + e.Kind.String() + " " + e.Line + " " + e.From.String() + " " + e.To.String() + " " + e.Effective.String() + " " + e.Label.Objective + "@" + e.Label.Area
			amounts, _ := of[line].([]string)
			of[line] = slices.Sorted(slices.Values(append(amounts, e.Amount.String())))
		}
	}
	v := b.View(fiscal.MustDate("2199-01-01"))
	for a, p := range v.Balances {
		of["balance "+a.String()] = p
	}
	return of
}

func roundTrip(t *testing.T, b *ledger.Book) {
	t.Helper()
	folder := t.TempDir()
	if err := exchange.Export(b, folder); err != nil {
		t.Fatal(err)
	}
	im, err := exchange.Read([]string{folder}, exchange.Options{Author: "test"})
	if err != nil {
		t.Fatal(err)
	}
	_, again := good(t, im, ledger.Empty()).Draft.Seal(posted)
	if d := cmp.Diff(said(b), said(again)); d != "" {
		t.Errorf("exported and read into an empty ledger (-was +is):\n%s", d)
	}
	if p := good(t, im, b); !p.Empty() {
		t.Errorf("exported and read back: %s %v %v", p.Summary(), p.Changed, p.Differences)
	}
	var xlsx bytes.Buffer
	if err := exchange.ExportXLSX(b, &xlsx); err != nil {
		t.Fatal(err)
	}
	if im, err = exchange.ReadBytes("book.xlsx", xlsx.Bytes(), exchange.Options{Author: "test"}); err != nil {
		t.Fatal(err)
	}
	if p := good(t, im, b); !p.Empty() {
		t.Errorf("exported as a workbook and read back: %s %v %v", p.Summary(), p.Changed, p.Differences)
	}
}

func TestSeedsGoOutAndComeBackWhole(t *testing.T) {
	for _, name := range seed.Names() {
		t.Run(name, func(t *testing.T) {
			_, b := planned(t, name, ledger.Empty()).Draft.Seal(posted)
			roundTrip(t, b)
		})
	}
}

func TestTemplateIsReadAndHoldsNothing(t *testing.T) {
	var book bytes.Buffer
	if err := exchange.Template(&book, 2026); err != nil {
		t.Fatal(err)
	}
	im, err := exchange.ReadBytes("template.xlsx", book.Bytes(), exchange.Options{Author: "test", Today: fiscal.MustDate("2026-09-01")})
	if err != nil {
		t.Fatal(err)
	}
	if p := good(t, im, ledger.Empty()); !p.Empty() {
		t.Errorf("an untouched template holds %v", p.Added)
	}
	folder := t.TempDir()
	if err := exchange.TemplateCSV(folder, 2026); err != nil {
		t.Fatal(err)
	}
	if im, err = exchange.Read([]string{folder}, exchange.Options{Author: "test", Today: fiscal.MustDate("2026-09-01")}); err != nil {
		t.Fatal(err)
	}
	if p := good(t, im, ledger.Empty()); !p.Empty() || len(im.Notes) > 0 {
		t.Errorf("an untouched template folder holds %v, notes %v", slices.Collect(maps.Keys(p.Added)), im.Notes)
	}
}
