package report

import (
	"cmp"
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
	decide := map[string]*check.Finding{}
	for _, f := range of(findings, check.Expiry, "decide-by") {
		if s := subject(f, "service"); decide[s] == nil || f.Date < decide[s].Date {
			decide[s] = f
		}
	}
	for _, band := range []string{"stops", "renewal awaited", "secured successor"} {
		byDate := map[fiscal.Date][]*check.Finding{}
		var dates []fiscal.Date
		for i := range findings {
			f := &findings[i]
			if f.Rule == "cliff" && f.Band == band && f.Amount != nil && !f.Silenced() {
				if byDate[f.Date] == nil {
					dates = append(dates, f.Date)
				}
				byDate[f.Date] = append(byDate[f.Date], f)
			}
		}
		slices.Sort(dates)
		for _, date := range dates {
			writeCliff(w, v, band, date, byDate[date], decide)
		}
		if band == "stops" && len(dates) == 0 {
			fmt.Fprintln(w, "No money is known to stop in the next 12 months.")
		}
	}
}

func writeCliff(w io.Writer, v *ledger.View, band string, date fiscal.Date, list []*check.Finding, decide map[string]*check.Finding) {
	half, _ := money.NewShare(1, 2)
	var total money.Sum
	most := 0
	for _, f := range list {
		total.Merge(*f.Amount)
		if f.Share != nil && f.Share.Cmp(half) > 0 {
			most++
		}
	}
	verb, what := "lose", "lose"
	if len(list) == 1 {
		verb = "loses"
	}
	switch band {
	case "renewal awaited":
		what = verb + " %s on %s unless it is renewed"
	case "secured successor":
		what = verb + " %s on %s, and a secured award follows"
	default:
		what = verb + " %s on %s"
	}
	loses := total.Whole()
	if total.State() == money.NotKnown {
		loses = "money (how much is not known)"
	}
	line := fmt.Sprintf("%s "+what+", %s.", count(len(list), "service", "services"), loses, date.Long(), inDays(v.AsAt, date))
	if most > 0 {
		line += fmt.Sprintf(" %d of them %s more than half %s money.", most, plural(most, "loses", "lose"), plural(most, "its", "their"))
	}
	fmt.Fprintln(w, line)
	if band == "stops" {
		for _, c := range cuts(v, date, list) {
			fmt.Fprintln(w, c)
		}
	}
	fmt.Fprintln(w)
	slices.SortFunc(list, func(a, b *check.Finding) int {
		return cmp.Or(cmp.Compare(b.Amount.Pence(), a.Amount.Pence()), cmp.Compare(a.ID, b.ID))
	})
	t := Table{Columns: []Column{{Name: "Service"}, {Name: "Loses", Number: true}, {Name: "Share", Number: true}, {Name: "Money that ends"}, {Name: "Decide by"}, {Name: ""}}}
	const shown = 20
	for _, f := range first(list, shown) {
		service := subject(f, "service")
		share, by, late := "", "not known", ""
		if f.Share != nil {
			share = percent(*f.Share)
		}
		if d := decide[service]; d != nil {
			by, late = d.Date.Short(), inDays(v.AsAt, d.Date)
		}
		var awards []string
		for _, s := range f.Subjects {
			if s.Type == "award" {
				awards = append(awards, v.AwardName(s.ID))
			}
		}
		t.Add(v.ServiceName(service), f.Amount.Whole(), share, strings.Join(awards, ", "), by, late)
	}
	if more := len(list) - shown; more > 0 {
		var rest money.Sum
		for _, f := range list[shown:] {
			rest.Merge(*f.Amount)
		}
		t.Note = fmt.Sprintf("%s more %s %s", count(more, "service", "services"), plural(more, "loses", "lose"), rest.Whole())
	}
	t.Text(w)
	fmt.Fprintln(w)
}

// cuts says how much of a cliff is unfunded already, because the award that
// ends was cut below what it had been allocated to.
func cuts(v *ledger.View, date fiscal.Date, list []*check.Finding) []string {
	met := map[string]bool{}
	var lines []string
	for _, f := range list {
		for _, s := range f.Subjects {
			if s.Type != "award" || met[s.ID] {
				continue
			}
			met[s.ID] = true
			left := v.BalanceOf(ledger.Account{Stage: ledger.Awarded, Award: s.ID, Year: fiscal.YearOf(date)})
			if left < 0 {
				why := "more was allocated than awarded"
				if figures := v.Figures(s.ID, fiscal.YearOf(date)); len(figures) > 1 {
					why = v.AwardName(s.ID) + " was cut"
				}
				lines = append(lines, fmt.Sprintf("%s of it is already unfunded (%s).", left.Neg().Whole(), why))
			}
		}
	}
	slices.Sort(lines)
	return lines
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

// Matrix is the ledger map: services against awards in one year, each award's
// end above, and beneath what is awarded, allocated and left. Money for the
// whole term of an award that runs in the year stands beside it with a star.
func Matrix(v *ledger.View, year fiscal.Year) Table {
	m := gather(v, year)
	const widest, longest = 12, 30
	awards, services := first(m.awards, widest), first(m.services, longest)
	t := Table{Columns: []Column{{Name: year.String()}}, Title: m.title(year)}
	ends := []string{"Ends"}
	for _, award := range awards {
		t.Columns = append(t.Columns, Column{Name: v.AwardName(award), Number: true})
		end := "no end date"
		a, _ := v.Award(award)
		if last, has := a.LastDay(); has {
			end = last.Short()
		}
		ends = append(ends, end)
	}
	t.Columns = append(t.Columns, Column{Name: "Total", Number: true})
	t.Add(append(ends, "")...)
	row := func(name, service string, measure ledger.Measure) {
		cells := []string{name}
		for _, award := range append(awards[:len(awards):len(awards)], "") {
			cells = append(cells, m.cell(service, award, measure))
		}
		t.Add(cells...)
	}
	row("Awarded", "", ledger.AwardedTo)
	row("Allocated", "", ledger.AllocatedTo)
	row("Left to allocate", "", ledger.LeftOf)
	for _, service := range services {
		row(v.ServiceName(service), service, ledger.AllocatedTo)
	}
	var notes []string
	if m.starred {
		notes = append(notes, "* for the whole term, not split by year.")
	}
	if len(m.awards) > widest || len(m.services) > longest {
		notes = append(notes, fmt.Sprintf("%d of %d awards and %d of %d services are shown; all of them: braid position --by service,award --format csv",
			len(awards), len(m.awards), len(services), len(m.services)))
	}
	t.Note = strings.Join(notes, " ")
	return t
}

// matrix holds the sums of a map by service and award, "" for all of them, in
// the year and for the whole term.
type matrix struct {
	awards, services []string
	sums             [2]map[[2]string]ledger.PositionRow
	starred          bool
}

func gather(v *ledger.View, year fiscal.Year) *matrix {
	m := &matrix{}
	awards, services := map[string]bool{}, map[string]bool{}
	for i, y := range []fiscal.Year{year, fiscal.Term} {
		m.sums[i] = map[[2]string]ledger.PositionRow{}
		only := ledger.Filter{ledger.ByYear: y.String()}
		for _, by := range [][]ledger.Dimension{{ledger.ByAward}, {ledger.ByService, ledger.ByAward}} {
			for _, r := range v.Position(by, only).Rows {
				award := r.Key[len(r.Key)-1]
				if a, ok := v.Award(award); !ok || y == fiscal.Term && !a.RunsIn(year) || len(by) == 2 && r.Key[0] == "" {
					continue
				}
				awards[award] = true
				m.add(i, "", "", award, r)
				if len(by) == 2 {
					services[r.Key[0]] = true
					m.add(i, r.Key[0], award, "", r)
				}
			}
		}
	}
	m.awards, m.services = slices.Sorted(maps.Keys(awards)), slices.Sorted(maps.Keys(services))
	slices.SortStableFunc(m.awards, func(a, b string) int { return cmp.Compare(endOf(v, a), endOf(v, b)) })
	slices.SortStableFunc(m.services, func(a, b string) int { return cmp.Compare(v.ServiceName(a), v.ServiceName(b)) })
	return m
}

// add counts a row of an award alone, or of a service and award.
func (m *matrix) add(i int, service, award, alone string, r ledger.PositionRow) {
	keys := [][2]string{{"", alone}, {"", ""}}
	if service != "" {
		keys = [][2]string{{service, award}, {service, ""}}
	} else if len(r.Key) == 2 {
		return
	}
	for _, key := range keys {
		sum := m.sums[i][key]
		for column := range r.Sums {
			sum.Sums[column].Merge(r.Sums[column])
		}
		if left := &sum.Sums[ledger.LeftOf]; left.State() != money.Exact { // a difference is not even "at least"
			*left = money.Sum{}
			left.Add(money.Unknown)
		}
		m.sums[i][key] = sum
	}
}

func (m *matrix) cell(service, award string, measure ledger.Measure) string {
	inYear, ofTerm := m.sums[0][[2]string{service, award}].Sums[measure], m.sums[1][[2]string{service, award}].Sums[measure]
	empty := func(s money.Sum) bool { return s.State() == money.Exact && s.Pence() == 0 }
	text := Pounds(inYear)
	if _, stated := m.sums[0][[2]string{service, award}]; measure == ledger.LeftOf && stated {
		text = inYear.Whole() // recorded nought is £0, not none
	}
	switch {
	case empty(ofTerm):
		return text
	case empty(inYear):
		m.starred = true
		return Pounds(ofTerm) + "*"
	}
	m.starred = true
	return text + " + " + Pounds(ofTerm) + "*"
}

func (m *matrix) title(year fiscal.Year) string {
	awarded, allocated := m.cell("", "", ledger.AwardedTo), m.cell("", "", ledger.AllocatedTo)
	return fmt.Sprintf("Which grants pay for which services in %s?  Awarded: %s. Allocated: %s.", year, awarded, allocated)
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
