package seed

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

func TestLargeIsTheSameForTheSameNumber(t *testing.T) {
	one, two, other := t.TempDir(), t.TempDir(), t.TempDir()
	for dir, l := range map[string]Large{one: {500, 7}, two: {500, 7}, other: {500, 8}} {
		if err := l.Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	read := func(dir, name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, name := range []string{"areas", "objectives", "streams", "awards", "services", "needs", "agreements", "allocations"} {
		if !bytes.Equal(read(one, name), read(two, name)) {
			t.Errorf("%s differ for one number", name)
		}
		if _, err := csv.NewReader(bytes.NewReader(read(one, name))).ReadAll(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if bytes.Equal(read(one, "allocations"), read(other, "allocations")) {
		t.Error("allocations are the same for another number")
	}
	if n := bytes.Count(read(one, "allocations"), []byte("\n")); n != 501 {
		t.Errorf("500 lines asked for, %d rows written", n-1)
	}
}
