package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Attention writes what needs attention, for a person at a terminal: what ends
// and who loses, what is left and what is over, what is doubled and missing,
// and which award pays for which service.
func Attention(w io.Writer, v *ledger.View, findings []check.Finding) {
	fmt.Fprintln(w, "What needs attention?")
	fmt.Fprintln(w)
	writeCliffs(w, v, findings)
	writeAsides(w, v, findings)
	fmt.Fprintln(w)
	t := Matrix(v, fiscal.YearOf(v.AsAt))
	t.Text(w)
	if pairs := of(findings, check.Duplication, ""); len(pairs) > 0 {
		fmt.Fprintf(w, "\nAre we paying twice for the same thing?  %s\n", count(len(pairs), "possible duplication", "possible duplications"))
		for _, f := range first(pairs, 10) {
			writeFinding(w, f)
		}
	}
	if gaps := of(findings, check.Gap, "no-service"); len(gaps) > 0 {
		fmt.Fprintf(w, "\nWhere are the gaps?  %s\n", count(len(gaps), "gap", "gaps"))
		for _, f := range first(gaps, 10) {
			writeFinding(w, f)
		}
	}
	writeRest(w, findings)
}

func of(findings []check.Finding, kind check.Kind, rule string) []*check.Finding {
	var list []*check.Finding
	for i := range findings {
		if f := &findings[i]; f.Kind == kind && (rule == "" || f.Rule == rule) && !f.Unknown && !f.Silenced() {
			list = append(list, f)
		}
	}
	return list
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

func writeFinding(w io.Writer, f *check.Finding) {
	title, because := f.Words()
	fmt.Fprintf(w, "  • %s\n", title)
	for _, line := range wrap(because, 100) {
		fmt.Fprintf(w, "    %s\n", line)
	}
}

// writeCliffs leads with the nearest end, in words, then a row for each
// service: what it loses, which money ends, until when a decision is free.
func writeCliffs(w io.Writer, v *ledger.View, findings []check.Finding) {
	endings := Endings(v, findings)
	for i, e := range endings {
		if i == 0 && e.Band != Bands[0] {
			fmt.Fprintln(w, "No money is known to stop in the next 12 months.")
		}
		writeEnding(w, v, e)
	}
	if len(endings) == 0 {
		fmt.Fprintln(w, "No money is known to stop in the next 12 months.")
	}
}

func writeEnding(w io.Writer, v *ledger.View, e Ending) {
	verb := plural(len(e.Losses), "loses", "lose")
	what := verb + " %s on %s"
	switch e.Band {
	case "renewal awaited":
		what += " unless it is renewed"
	case "secured successor":
		what += ", and a secured award follows"
	}
	loses := e.Total.Whole()
	if e.Total.State() == money.NotKnown {
		loses = "money (how much is not known)"
	}
	line := fmt.Sprintf("%s "+what+", %s.", count(len(e.Losses), "service", "services"), loses, e.Date.Long(), inDays(v.AsAt, e.Date))
	if e.OverHalf > 0 {
		line += fmt.Sprintf(" %d of them %s more than half %s money.", e.OverHalf, plural(e.OverHalf, "loses", "lose"), plural(e.OverHalf, "its", "their"))
	}
	fmt.Fprintln(w, line)
	if e.Band == Bands[0] {
		for _, c := range e.Cuts {
			why := "more was allocated than awarded"
			if c.WasCut {
				why = v.AwardName(c.Award) + " was cut"
			}
			fmt.Fprintf(w, "%s of it is already unfunded (%s).\n", c.Amount.Whole(), why)
		}
	}
	fmt.Fprintln(w)
	t := Table{Columns: []Column{{Name: "Service"}, {Name: "Loses", Number: true}, {Name: "Share", Number: true}, {Name: "Money that ends"}, {Name: "Decide by"}, {Name: ""}}}
	const shown = 20
	for _, l := range first(e.Losses, shown) {
		share, by, late := "", "not known", ""
		if l.Share != nil {
			share = percent(*l.Share)
		}
		if l.Decide != nil {
			by, late = l.Decide.Date.Short(), inDays(v.AsAt, l.Decide.Date)
		}
		var awards []string
		for _, id := range l.Awards {
			awards = append(awards, v.AwardName(id))
		}
		t.Add(v.ServiceName(l.Service), l.Amount.Whole(), share, strings.Join(awards, ", "), by, late)
	}
	if more := len(e.Losses) - shown; more > 0 {
		var rest money.Sum
		for _, l := range e.Losses[shown:] {
			rest.Merge(l.Amount)
		}
		t.Note = fmt.Sprintf("%s more %s %s", count(more, "service", "services"), plural(more, "loses", "lose"), rest.Whole())
	}
	t.Text(w)
	fmt.Fprintln(w)
}

// writeAsides writes the short lines beneath: use it or lose it, over-allocated, checks.
func writeAsides(w io.Writer, v *ledger.View, findings []check.Finding) {
	line := func(label, text string) { fmt.Fprintf(w, "%-18s %s\n", label, text) }
	for _, f := range first(of(findings, check.Expiry, "use-or-lose"), 5) {
		line("Use it or lose it", f.Title())
	}
	var over []string
	for _, f := range of(findings, check.Overcommitment, "award") {
		if f.Amount != nil {
			over = append(over, fmt.Sprintf("%s by %s", v.AwardName(subject(f, "award")), f.Amount.Whole()))
		}
	}
	if len(over) > 0 {
		line("Over-allocated", strings.Join(over, ", "))
	}
	pairs, gaps := len(of(findings, check.Duplication, "")), len(of(findings, check.Gap, "no-service"))
	line("Checks", count(pairs, "possible duplication", "possible duplications")+", "+count(gaps, "gap", "gaps"))
}

// writeRest counts what is not shown, by kind, so that nothing hides.
func writeRest(w io.Writer, findings []check.Finding) {
	var parts []string
	unknown := 0
	for i := range findings {
		if findings[i].Unknown {
			unknown++
		}
	}
	all := check.Summarise(findings)
	for _, kind := range check.Kinds {
		for _, rule := range slices.Sorted(maps.Keys(all[kind])) {
			n := 0
			for _, t := range all[kind][rule] {
				n += t.Count - t.Unknown
			}
			shown := kind == check.Duplication || kind == check.Overcommitment && rule == "award" || slices.Contains([]string{"no-service", "cliff", "decide-by", "use-or-lose"}, rule)
			if !shown && n > 0 {
				parts = append(parts, counted(kind, rule, n))
			}
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, "\nAlso found: %s.", strings.Join(parts, ", "))
	}
	if unknown > 0 {
		fmt.Fprintf(w, "\n%s cannot be told for want of a fact.", count(unknown, "thing", "things"))
	}
	if len(parts) > 0 || unknown > 0 {
		fmt.Fprintln(w, " See: braid check")
	}
}

// counted says how many findings of a rule there are, in a person's words.
func counted(kind check.Kind, rule string, n int) string {
	if words, ok := ruleWords[rule]; ok {
		return count(n, words[0], words[1])
	}
	if kind == check.Condition {
		return count(n, "use", "uses") + " outside a term on " + strings.ReplaceAll(rule, "-", " ")
	}
	return fmt.Sprintf("%d %s", n, strings.ReplaceAll(rule, "-", " "))
}

var ruleWords = map[string][2]string{
	"short-term-reliance": {"finding of reliance on short-term money", "findings of reliance on short-term money"},
	"under-funded":        {"service under-funded", "services under-funded"},
	"under-provided":      {"need under-provided", "needs under-provided"},
	"unaligned":           {"thing unaligned", "things unaligned"},
	"age-edge":            {"gap at the edge of ages", "gaps at the edge of ages"},
	"outlives-award":      {"agreement or duty that outlives its money", "agreements or duties that outlive their money"},
	"effective-at-risk":   {"effective service at risk", "effective services at risk"},
	"board":               {"board over its budget", "boards over their budgets"},
	"agreement":           {"agreement over its money", "agreements over their money"},
	"at-risk":             {"commitment at risk", "commitments at risk"},
	"no-terms":            {"award without recorded terms", "awards without recorded terms"},
}

// endOf orders awards by their last day; no end comes last.
func endOf(v *ledger.View, award string) fiscal.Date {
	a, _ := v.Award(award)
	if last, ends := a.LastDay(); ends {
		return last
	}
	return fiscal.Date(1<<31 - 1)
}

func subject(f *check.Finding, kind string) string {
	for _, s := range f.Subjects {
		if s.Type == kind {
			return s.ID
		}
	}
	return ""
}

func inDays(asAt, date fiscal.Date) string {
	switch n := int(date - asAt); {
	case n == 0:
		return "today"
	case n < 0:
		return count(-n, "day", "days") + " late"
	default:
		return "in " + count(n, "day", "days")
	}
}

func count(n int, one, many string) string { return fmt.Sprintf("%d %s", n, plural(n, one, many)) }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// percent writes a share without decimals, rounded half away from zero.
func percent(s money.Share) string { return fmt.Sprintf("%d%%", int64(s.Of(100))) }

// wrap breaks a sentence at spaces.
func wrap(text string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		if n := len(lines); n > 0 && len([]rune(lines[n-1]))+1+len([]rune(word)) <= width {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}
