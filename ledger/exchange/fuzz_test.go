package exchange_test

import (
	"testing"
	"testing/fstest"

	"braid/ledger"
	"braid/ledger/exchange"
	"braid/ledger/fiscal"
)

// Whatever is in a file, it is read, refused with its place, or loads a ledger
// that balances; and what loads, loads only once.
func FuzzImport(f *testing.F) {
	for _, text := range grids {
		f.Add("start", text)
	}
	for name, text := range council {
		f.Add(name[:len(name)-len(".csv")], text)
	}
	f.Add("mystery", "a,b\n1,2\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		fsys := fstest.MapFS{}
		for file, text := range council {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if fstest.TestFS(fstest.MapFS{name + ".csv": {}}) != nil {
			name = "start"
		}
		fsys[name+".csv"] = &fstest.MapFile{Data: []byte(text)}
		im, err := exchange.ReadFS(fsys, exchange.Options{Author: "test", Today: fiscal.MustDate("2026-09-01"), SetAside: true})
		if err != nil {
			t.Fatal(err)
		}
		p, err := im.Plan(ledger.Empty())
		if err != nil {
			t.Fatal(err)
		}
		if p.Draft == nil {
			if p.Problems.Total == 0 {
				t.Fatal("refused without a problem")
			}
			return
		}
		_, b := p.Draft.Seal(posted)
		if err := b.CheckBalances(); err != nil {
			t.Fatal(err)
		}
		again, err := im.Plan(b)
		if err != nil {
			t.Fatal(err)
		}
		if again.Draft == nil || !again.Empty() {
			t.Fatalf("the same again: %s %v %v", again.Summary(), again.Differences, again.Problems)
		}
	})
}
