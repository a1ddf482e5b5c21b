package exchange_test

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/exchange/mapping"
	"braid/ledger/exchange/sheet"
)

// realTable finds a published table beside the module, or skips.
func realTable(t *testing.T, file string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	for _, folder := range []string{"tables", "samples"} {
		path := filepath.Join(dir, "..", "shared", folder, file)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
	t.Skipf("the real table %s is not here", file)
	return ""
}

// Every mapping that is kept reads its table into an empty ledger, and the same
// table again changes nothing.
func TestRealTablesImportThroughTheirMappings(t *testing.T) {
	for _, name := range mapping.Names() {
		t.Run(name, func(t *testing.T) {
			m, err := mapping.Named(name)
			if err != nil {
				t.Fatal(err)
			}
			path := realTable(t, m.For)
			book := ledger.Empty()
			for _, again := range []bool{false, true} {
				im, err := exchange.Read([]string{path}, exchange.Options{Author: "test", Mapping: name})
				if err != nil {
					t.Fatal(err)
				}
				p, err := im.Plan(book)
				if err != nil {
					t.Fatal(err)
				}
				if p.Draft == nil || p.Problems.Total > 0 {
					t.Fatal(p.Problems)
				}
				for _, n := range p.Notes {
					t.Log(n)
				}
				if again && !p.Empty() {
					t.Errorf("the same table again: %s, changed %v, added %v", p.Summary(), p.Changed, p.Added)
				}
				for _, total := range im.Stated {
					if !total.Agrees {
						t.Error(total.Problem())
					}
				}
				t.Log(p.Summary(), p.Added, im.Totals)
				_, book = p.Draft.Seal(posted)
				if err := book.CheckBalances(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// What a council's own mapping makes is read like any register: here changes in
// £000, with an allowance below nought, become levels in the book.
func TestACouncilsOwnMapping(t *testing.T) {
	own := filepath.Join(t.TempDir(), "plan.json")
	err := os.WriteFile(own, []byte(`{"about": "a savings plan",
		"columns": {"ref": {"headings": ["Ref"]}, "kind": {"headings": ["Kind"]},
			"first": {"headings": ["2026/27 £000"], "is": "thousands", "brackets": "negative"},
			"second": {"headings": ["2027/28 change £000"], "is": "thousands", "change_on": "first", "brackets": "negative"}},
		"makes": [{"register": "savings", "cells": {"id": "{ref}", "2026-27": "{first}", "2027-28": "{second}"}}],
		"totals": [{"name": "all", "where": {"kind": ["total"]}, "of": ["first", "second"]}]}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	read := func(table string, opt exchange.Options) (*exchange.Import, *exchange.Plan) {
		t.Helper()
		opt.Author, opt.Mapping = "test", cmp.Or(opt.Mapping, own)
		im, err := exchange.ReadBytes("plan.csv", []byte(table), opt)
		if err != nil {
			t.Fatal(err)
		}
		p, err := im.Plan(ledger.Empty())
		if err != nil {
			t.Fatal(err)
		}
		return im, p
	}
	const good = "Savings plan,,,\nRef,Kind,2026/27 £000,2027/28 change £000\nS1,,100,50\nS2,,(20),-5\nAll,total,80,46\n"
	im, p := read(good, exchange.Options{})
	if p.Draft == nil || p.Problems.Total > 0 {
		t.Fatal(p.Problems)
	}
	_, book := p.Draft.Seal(posted)
	for id, want := range map[string][2]string{"S1": {"100000.00", "150000.00"}, "S2": {"-20000.00", "-25000.00"}} {
		rec, _ := book.Record("savings", id)
		if got := [2]string{rec.Get("2026-27"), rec.Get("2027-28")}; got != want {
			t.Errorf("%s is kept as %v, not %v", id, got, want)
		}
	}
	if len(im.Stated) != 2 || !im.Stated[0].Agrees || im.Stated[1].Agrees {
		t.Errorf("totals: %+v", im.Stated)
	}
	if !slices.ContainsFunc(p.Notes, func(n sheet.Problem) bool { return n.Code == "total-differs" && n.Row == 5 }) {
		t.Errorf("the total that differs is not said: %v", p.Notes)
	}
	for code, of := range map[string]struct {
		table string
		opt   exchange.Options
	}{
		"no-header":    {"Reference,2026/27\nS1,1\n", exchange.Options{}},
		"amount-words": {"Ref,Kind,2026/27 £000,2027/28 change £000\nS1,,lots,50\n", exchange.Options{}},
		"set-aside":    {good, exchange.Options{SetAside: true}},
		"mapping":      {good, exchange.Options{Mapping: "no-such-mapping"}},
		"empty":        {"\n", exchange.Options{}},
	} {
		if _, p := read(of.table, of.opt); p.Draft != nil || len(p.Problems.List) == 0 || p.Problems.List[0].Code != code {
			t.Errorf("%s: %v", code, p.Problems)
		}
	}
}
