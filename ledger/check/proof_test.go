package check

import (
	"strings"
	"testing"

	"braid/ledger"
	"braid/ledger/fiscal"
	"braid/ledger/ledgertest"
	"braid/ledger/money"
)

// asAt is the day on which the tests' books are looked at.
var asAt = fiscal.MustDate("2027-01-12")

// find runs rules over a book and holds every finding to what all must keep.
func find(t testing.TB, book string, rules ...string) []Finding {
	t.Helper()
	return findIn(t, ledgertest.Book(t, book), DefaultPolicy(), rules...)
}

func findIn(t testing.TB, b *ledger.Book, p Policy, rules ...string) []Finding {
	t.Helper()
	v := b.View(asAt)
	findings := Run(v, p, rules...)
	for problem := range broken(v, findings) {
		t.Error(problem)
	}
	return findings
}

// broken yields what is wrong with findings: an amount that its entries and
// records do not make to the penny, an id twice, an unknown without the fact
// that is missing, no facts, or no words.
func broken(v *ledger.View, findings []Finding) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		met := map[string]bool{}
		for i := range findings {
			f := &findings[i]
			var made money.Pence
			if f.Proof != nil {
				for _, p := range f.Proof() {
					e := v.Entry(p.Index)
					if e.Amount != p.Amount.Abs() && f.Amount != nil {
						yield(f.ID + ": entry " + e.ID.String() + " is of " + e.Amount.String() + " and the proof takes " + p.Amount.String())
					}
					if e.Effective > v.AsAt {
						yield(f.ID + ": entry " + e.ID.String() + " is of a later day")
					}
					made += p.Amount
				}
			}
			for _, r := range f.Records {
				if !v.Has(r.Register, r.ID) {
					yield(f.ID + ": there is no " + r.Register + " " + r.ID)
				}
				if r.Amount != nil {
					p, _ := r.Amount.Known()
					made += p
				}
			}
			if f.Amount != nil && f.Amount.Pence() != made {
				yield(f.ID + ": states " + f.Amount.String() + " and its evidence makes " + made.String())
			}
			title, because := f.Words()
			if title == "" || because == "" || strings.Contains(title+because, "  ") || strings.HasSuffix(because, " ") {
				yield(f.ID + ": reads “" + title + "” “" + because + "”")
			}
			if f.Unknown && f.Lacks.IsZero() || len(f.RestsOn()) == 0 || f.Severity == 0 || f.Rule == "" || f.Kind == "" || met[f.ID] {
				yield(f.ID + ": has no facts, no severity, no rule, no missing fact, or an id met before")
			}
			met[f.ID] = true
			for _, s := range f.Subjects {
				if !v.Has(s.Type+"s", s.ID) {
					yield(f.ID + ": there is no " + s.Type + " " + s.ID)
				}
			}
		}
	}
}

// lines writes findings as a bookkeeper would check them, one a line: id,
// amount, share, band, severity.
func lines(findings []Finding) string {
	var b strings.Builder
	for i := range findings {
		f := &findings[i]
		b.WriteString(f.ID + " | ")
		if f.Amount != nil {
			b.WriteString(f.Amount.Whole())
		}
		b.WriteString(" | ")
		if f.Share != nil {
			b.WriteString(f.Share.String())
		}
		b.WriteString(" | " + f.Band + " | " + f.Severity.String())
		if f.Unknown {
			b.WriteString(" | unknown: " + f.Missing())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// want compares findings with lines written out, whatever the indent.
func want(t testing.TB, findings []Finding, expected string) {
	t.Helper()
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(expected), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(line + "\n")
		}
	}
	if got := lines(findings); got != b.String() {
		t.Errorf("found:\n%s\nwant:\n%s", got, b.String())
	}
}
