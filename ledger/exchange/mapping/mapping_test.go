package mapping

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"braid/ledger/exchange/sheet"
)

func TestEveryKeptMappingMakesSense(t *testing.T) {
	if len(Names()) < 15 {
		t.Errorf("only %d mappings are kept", len(Names()))
	}
	for _, name := range Names() {
		m, err := Named(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if m.About == "" || m.Source == "" || m.For == "" || m.Name != name {
			t.Errorf("%s does not say what it is, whose and for which file", name)
		}
	}
}

func TestFind(t *testing.T) {
	if _, err := Find("no-such"); err == nil || !strings.Contains(err.Error(), "oxford-council-spend") {
		t.Errorf("the names are not offered: %v", err)
	}
	path := filepath.Join(t.TempDir(), "ours.JSON")
	if _, err := Find(path); err == nil || strings.Contains(err.Error(), filepath.Dir(path)) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := os.WriteFile(path, []byte(savings("pounds", "", "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := Find(path); err != nil || m.Name != "ours" {
		t.Errorf("%v, %v", m, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	good := savings("pounds", "", `{"name": "all", "where": {"kind": ["total"]}, "of": ["a"]}`)
	if _, err := Load(strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, new, says string }{
		{`"about"`, `"abuot"`, "abuot"},
		{good, "[]", "not a mapping"},
		{good, good + "{}", "text after"},
		{`"about": "a test"`, `"about": "a test", "about": "again"`, `"about" is written twice`},
		{`"name": {"headings"`, `"name": {"headings": [], "headings"`, `"headings" is written twice`},
		{`"Kind"`, `" - "`, "a heading has letters"},
		{`["Kind"]`, `[]`, "give the headings"},
		{`"is": "pounds" `, `"is": "euros" `, "euros"},
		{`["Kind"]`, `["Kind"], "brackets": "negative"`, "asked of amounts"},
		{`"is": "pounds" `, `"is": "pounds", "values": {"x": "1"}`, "list words under none"},
		{`["Kind"]`, `["Kind"], "values": {"x": "1"}, "spellings": {"y": "2"}`, "not both"},
		{`"is": "pounds" }, "b"`, `"is": "pounds", "change_on": "b", "cumulative_after": "c"}, "b"`, "not both"},
		{`"is": "pounds" }, "b"`, `"is": "pounds", "change_on": "a"}, "b"`, "reckoned from itself"},
		{`"is": "pounds" }, "b"`, `"is": "pounds", "change_on": "name"}, "b"`, "no amounts to reckon from"},
		{`"is": "pounds" }, "b"`, `"is": "pounds", "change_on": "z"}, "b"`, `"z" is no column`},
		{`"is": "pounds" }, "b"`, `"is": "pounds", "brackets": "overspend", "negative": true}, "b"`, "no meaning of its own"},
		{`"register": "savings"`, `"register": "saving"`, "no such register"},
		{`"status": "{text a}"`, `"state": "{text a}"`, `no column "state"`},
		{`"{text a}"`, `"{txt a}"`, "is not text, slug"},
		{`"{text a}"`, `"{nme}"`, `"nme" is no column of this mapping; the columns are a, b, c, kind, name`},
		{`"{text a}"`, `"{a"`, "not closed"},
		{`"{text a}"`, `"a}"`, "without its {"},
		{`"{text a}"`, `"{text a b}"`, "takes one column"},
		{`"{text a}"`, `"{year a}"`, "not a date"},
		{`"{text a}"`, `"{start name}"`, "not of years"},
		{`"{text a}"`, `"{words a}"`, "tell over from under"},
		{`"{text a}"`, `"{each}"`, "no each"},
		{`"savings", "cells": {"id": "{slug name}", `, `"boards", "cells": {"id": "{slug name}", `, `boards have no column "2026-27"`},
		{`"register": "savings"`, `"register": "figures"`, `figures need a cell "award"`},
		{`"register": "savings"`, `"register": "savings", "from": "sum"`, `no rows of totals are named "sum"`},
		{`"register": "savings"`, `"register": "savings", "where": {"knd": ["x"]}`, `"knd" is no column`},
		{`"of": ["a"]`, `"of": ["name"]`, "holds no amounts"},
		{`"of": ["a"]`, `"of": []`, "which columns"},
		{`"of": ["a"]`, `"of": ["a"], "within": "5"`, "say why"},
		{`"of": ["a"]`, `"of": ["a"], "by": ["z"]`, `"z" is no column`},
		{`"where": {"kind": ["total"]}, "of": ["a"]`, `"printed": {"a": "lots"}`, "not an amount"},
		{`"where": {"kind": ["total"]}, `, ``, "one of where, printed or across"},
		{`"kind": {"headings": ["Kind"], "optional": true}`, `"kind": null`, "says nothing"},
	} {
		text := strings.Replace(good, test.old, test.new, 1)
		if text == good && test.old != good {
			t.Errorf("the test for %q changes nothing", test.says)
			continue
		}
		if m, err := Load(strings.NewReader(text)); err == nil || m != nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s\nfor %s: %v", test.says, test.new, err)
		}
	}
}

func TestSlug(t *testing.T) {
	for words, want := range map[string]string{"Children's Fund 2005/06": "childrens-fund-2005-06", "  Ŵyr & Plant ": "ŵyr-plant", "—": "", "": ""} {
		if got := slug(words); got != want {
			t.Errorf("slug(%q) is %q", words, got)
		}
	}
	long := strings.Repeat("long ", 40)
	a, b := slug(long+"a"), slug(long+"b")
	if a == b || len(a) > 100 {
		t.Errorf("%s and %s", a, b)
	}
}

// A mapping that loads can be used on any table.
func FuzzLoad(f *testing.F) {
	f.Add(savings("pounds", "", ""))
	f.Add(savings("thousands", `, "change_on": %q`, `{"name": "all", "where": {"kind": ["total"]}, "of": ["a"], "by": ["kind"]}`))
	f.Add(grants)
	for _, name := range Names() {
		data, err := kept.ReadFile("mappings/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Load(strings.NewReader(text))
		if err != nil {
			return
		}
		var head, row strings.Builder
		for _, c := range m.Columns {
			if strings.ContainsAny(c.Headings[0], "\",\n\r") {
				return
			}
			head.WriteString(c.Headings[0] + ",")
			row.WriteString("1,")
		}
		table := head.String() + "x\n" + row.String() + "1\n" + row.String() + "1\n"
		tables, err := sheet.OpenReader("t.csv", strings.NewReader(table), int64(len(table)), sheet.Web)
		if err != nil {
			return
		}
		if got, err := m.Apply(tables); err == nil {
			show(got)
		}
	})
}
