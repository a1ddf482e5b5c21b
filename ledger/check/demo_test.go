package check

import (
	"testing"

	"braid/ledger/ledgertest"
	"braid/seed"
)

// The demo council has three pairs, two gaps and no breach, put in on purpose.
func TestDemo(t *testing.T) {
	folder, err := seed.FS("demo")
	if err != nil {
		t.Fatal(err)
	}
	b := ledgertest.Folder(t, folder)
	want(t, findIn(t, b, DefaultPolicy(), "duplication"), `
		duplication/commissioned-twice/play-holiday/youth-inclusion/2026-27 | £290,000 |  |  | medium
		duplication/commissioned-twice/family-hubs/parenting/2026-27 | £150,000 |  |  | medium
		duplication/commissioned-twice/early-years/speech-language/2026-27 | £180,000 |  |  | medium`)
	want(t, findIn(t, b, DefaultPolicy(), "gap"), `
		gap/no-service/heard/north/2026-27 |  |  |  | high
		gap/no-service/safe-from-harm/west/2026-27 |  |  |  | high`)
	want(t, findIn(t, b, DefaultPolicy(), "condition"), ``)
	for _, f := range findIn(t, b, DefaultPolicy(), "duplication/commissioned-twice") {
		if f.Subjects[0].ID != "family-hubs" {
			continue
		}
		title, because := f.Words()
		if title != "Parenting programme and Family support hubs: is one thing bought twice? £150,000 at most" ||
			because != "Both are parenting support, early help, for Confident parents in North, ages 0 to 4: £96,000 on Parenting programme and £54,000 on Family support hubs in 2026-27." {
			t.Errorf("reads %q %q", title, because)
		}
		if n := len(f.Proof()); n != 4 {
			t.Errorf("opens to %d entries, want 4", n)
		}
	}
}

// The papers of two councils state few facts; every rule must bear that.
func TestPapers(t *testing.T) {
	for _, name := range []string{"salford", "bridgend"} {
		folder, err := seed.FS(name)
		if err != nil {
			t.Fatal(err)
		}
		v := ledgertest.Folder(t, folder).View(seed.AsAt(name))
		for problem := range broken(v, Run(v, DefaultPolicy())) {
			t.Error(problem)
		}
	}
}
