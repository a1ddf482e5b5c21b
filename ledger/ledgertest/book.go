// Package ledgertest makes books from a few lines of text, for tests only.
//
// The text is in the users' own notation: a register's name after #, then its
// rows as CSV, headings first. Indents do not matter.
//
//	# streams
//	id,name,permanence,ends,fate,2026-27
//	cf,Children's Fund,multi-year,2027-03-31,stops,900000
//	# services
//	id,name,2026-27
//	hubs,Family support hubs,500000
//	# allocations
//	award,service,2026-27
//	cf,hubs,180000
//
// It is read by the ordinary import, as found: an excess is recorded and
// becomes a finding.
package ledgertest

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"braid/ledger"
	"braid/ledger/exchange"
)

// Book makes a book from text.
func Book(t testing.TB, text string) *ledger.Book {
	t.Helper()
	files := fstest.MapFS{}
	var file *fstest.MapFile
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, heading := strings.CutPrefix(line, "#"); heading {
			file = &fstest.MapFile{}
			files[fmt.Sprintf("%s %d.csv", strings.TrimSpace(name), len(files)+1)] = file
		} else if line != "" && file != nil {
			file.Data = append(file.Data, line+"\n"...)
		}
	}
	return Folder(t, files)
}

// Folder makes a book from a folder of registers.
func Folder(t testing.TB, folder fs.FS) *ledger.Book {
	t.Helper()
	im, err := exchange.ReadFS(folder, exchange.Options{Author: "test", Reason: "test", AsFound: true})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := im.Plan(ledger.Empty())
	if err != nil {
		t.Fatal(err)
	}
	if plan.Draft == nil {
		t.Fatalf("not imported: %v", plan.Problems)
	}
	_, b := plan.Draft.Seal(time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC))
	return b
}
