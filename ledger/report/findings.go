package report

import (
	"fmt"
	"io"
	"strings"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// kindQuestions head the kinds on a screen.
var kindQuestions = map[check.Kind]string{
	check.Duplication:    "Are we paying twice for the same thing?",
	check.Gap:            "Where are the gaps?",
	check.Expiry:         "What ends, and by when must we decide?",
	check.Condition:      "Is the money used as its terms allow?",
	check.Overcommitment: "Have we promised more than there is?",
}

// Findings writes findings for a screen, kind by kind; what cannot be told
// comes last in each. Silenced ones only with all.
func Findings(w io.Writer, v *ledger.View, findings []check.Finding, all bool) {
	const shown = 25
	silenced := 0
	none := true
	for _, kind := range []check.Kind{check.Expiry, check.Overcommitment, check.Duplication, check.Gap, check.Condition} {
		var told, untold []*check.Finding
		for i := range findings {
			f := &findings[i]
			switch {
			case f.Kind != kind:
			case f.Silenced() && !all:
				silenced++
			case f.Unknown:
				untold = append(untold, f)
			default:
				told = append(told, f)
			}
		}
		if len(told)+len(untold) == 0 {
			continue
		}
		if !none {
			fmt.Fprintln(w)
		}
		none = false
		fmt.Fprintf(w, "%s  %s\n", kindQuestions[kind], count(len(told), "finding", "findings"))
		limit := shown
		if all {
			limit = len(told) + len(untold)
		}
		for _, f := range first(told, limit) {
			writeSevere(w, f)
		}
		if n := len(told) - limit; n > 0 {
			fmt.Fprintf(w, "  … and %d more: --all, or --format csv\n", n)
		}
		if len(untold) > 0 {
			fmt.Fprintf(w, "  Cannot be told for want of a fact: %d\n", len(untold))
			for _, f := range first(untold, limit) {
				title, because := f.Words()
				fmt.Fprintf(w, "    ? %s\n", title)
				for _, line := range wrap(because, 96) {
					fmt.Fprintf(w, "      %s\n", line)
				}
			}
			if n := len(untold) - limit; n > 0 {
				fmt.Fprintf(w, "    … and %d more: --all, or --format csv\n", n)
			}
		}
	}
	if none {
		fmt.Fprintf(w, "Nothing found as at %s.\n", v.AsAt.Long())
	}
	if silenced > 0 {
		fmt.Fprintf(w, "\n%s silenced by a judgement: --all shows them.\n", count(silenced, "finding is", "findings are"))
	}
}

func writeSevere(w io.Writer, f *check.Finding) {
	title, because := f.Words()
	mark := ""
	if f.Silenced() {
		mark = " [judged: " + f.Judgement.Verdict + "]"
	}
	fmt.Fprintf(w, "  %-6s %s%s\n", f.Severity, title, mark)
	for _, line := range wrap(because, 96) {
		fmt.Fprintf(w, "         %s\n", line)
	}
	fmt.Fprintf(w, "         %s\n", f.ID)
}

// FindingsCSV lays findings out for a spreadsheet, one a row.
func FindingsCSV(v *ledger.View, findings []check.Finding) Table {
	t := Table{Columns: []Column{{Name: "id"}, {Name: "kind"}, {Name: "rule"}, {Name: "band"}, {Name: "severity"}, {Name: "unknown"}, {Name: "title"}, {Name: "because"},
		{Name: "amount", Number: true}, {Name: "at_least"}, {Name: "share", Number: true}, {Name: "year"}, {Name: "date"}, {Name: "subjects"}, {Name: "judgement"}}}
	for i := range findings {
		f := &findings[i]
		title, because := f.Words()
		amount, partial, share, year, verdict := "", "", "", "", ""
		if f.Amount != nil {
			switch f.Amount.State() {
			case money.NotKnown:
				amount = "?"
			case money.AtLeast:
				amount, partial = f.Amount.Pence().String(), "yes"
			default:
				amount = f.Amount.Pence().String()
			}
		}
		if f.Share != nil {
			share = shareText(*f.Share)
		}
		if f.Year != fiscal.Term {
			year = f.Year.String()
		}
		unknown := ""
		if f.Unknown {
			unknown = f.Missing()
		}
		if f.Judgement != nil {
			verdict = f.Judgement.Verdict
		}
		subjects := make([]string, len(f.Subjects))
		for j, s := range f.Subjects {
			subjects[j] = s.Type + ":" + s.ID
		}
		t.Add(f.ID, string(f.Kind), f.Rule, f.Band, f.Severity.String(), unknown, title, because, amount, partial, share, year, f.Date.String(), strings.Join(subjects, ";"), verdict)
	}
	return t
}
