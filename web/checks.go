package web

import (
	"cmp"
	"errors"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"braid/ledger"
	"braid/ledger/check"
	"braid/ledger/decide"
	"braid/ledger/fiscal"
	"braid/ledger/people"
	"braid/web/form"
	"braid/web/table"
	"braid/web/templates/parts"
	"braid/web/words"
)

var checkRoutes = []Route{
	{Method: "GET", Path: "/checks", Right: people.See, Do: checks, Kept: true},
	{Method: "GET", Path: "/checks/finding", Right: people.See, Do: finding},
	{Method: "POST", Path: "/checks/finding", Right: people.Judge, Do: judgeFinding},
	{Method: "GET", Path: "/checks/duplication", Right: people.See, Do: duplication, Kept: true},
	{Method: "GET", Path: "/checks/duplication/*", Right: people.See, Do: pair},
	{Method: "POST", Path: "/checks/duplication/*", Right: people.Judge, Do: judgePair},
	{Method: "GET", Path: "/checks/coverage", Right: people.See, Do: coverage, Kept: true},
	{Method: "GET", Path: "/checks/coverage/cell", Right: people.See, Do: covered, Kept: true},
	{Method: "GET", Path: "/objectives", Right: people.See, Do: objectives, Kept: true},
	{Method: "GET", Path: "/objectives/:id", Right: people.See, Do: objective, Kept: true},
}

type checksPage struct {
	Lead             string
	Elsewhere        string // how many are about no one place
	Always           string // that the year does not matter
	Filters          parts.FilterPanel
	Summary          *table.Table
	Found, Untold    *table.Table
	Answered         *table.Table
	Answers, Without string // where answered findings are shown, and where they are not
	AnswersSaid      string
	Good             bool
}

// mostFindings is how many findings a list writes out; a nation's are many, and
// the most urgent lead.
const mostFindings = 5000

// seesFinding reports whether a reach takes a finding in: all of the services it
// is about, or its area or board. What is about posts is finance's own.
func (v *Visit) seesFinding(reach people.Reach, f *check.Finding) bool {
	if subject(f, "post") != "" && !v.Is(people.Finance) {
		return false
	}
	if reach.All {
		return true
	}
	if of := subjects(f, "service"); len(of) > 0 {
		return !slices.ContainsFunc(of, func(s string) bool { return !v.reading.sees(reach, s) })
	}
	if board := subject(f, "board"); board != "" && slices.Contains(reach.Boards, board) {
		return true
	}
	if len(reach.Areas) == 0 {
		return false
	}
	tree := v.AreaTree()
	return !slices.ContainsFunc(subjects(f, "area"), func(a string) bool {
		return !slices.ContainsFunc(reach.Areas, func(own string) bool { return tree.Within(a, own) })
	})
}

// inPlace reports whether a finding is about a place; told is false where it is
// about no place at all.
func (v *Visit) inPlace(f *check.Finding, place string) (in, told bool) {
	tree := v.AreaTree()
	for _, a := range subjects(f, "area") {
		told = true
		in = in || tree.Overlap(a, place)
	}
	if told {
		return in, true
	}
	for _, s := range subjects(f, "service") {
		told = true
		in = in || v.worksIn(s, place)
	}
	return in, told
}

// visibleFindings lists those that the reader may see, of the context bar's place,
// and counts those that are about no place.
func (v *Visit) visibleFindings() (list []*check.Finding, elsewhere int) {
	all := v.Findings()
	for i := range all {
		f := &all[i]
		if !v.seesFinding(v.Reach, f) {
			continue
		}
		if v.Place != "" {
			in, told := v.inPlace(f, v.Place)
			if !told && !f.Silenced() {
				elsewhere++
			}
			if !in {
				continue
			}
		}
		list = append(list, f)
	}
	return list, elsewhere
}

// ruleOf names a rule across kinds.
func ruleOf(f *check.Finding) string { return string(f.Kind) + "/" + f.Rule }

// checkName says what a rule asks.
func (v *Visit) checkName(rule string) string {
	if id := "checks.rule." + strings.ReplaceAll(rule, "/", "."); v.Reader.Has(id) {
		return v.T(id)
	}
	_, term, _ := strings.Cut(rule, "/") // of an award
	return v.T("checks.rule.term", "Rule", v.T("finding.rule."+term))
}

// noBand stands in an address for the findings of a rule that has no bands.
const noBand = "-all"

// bandName says which of a rule's sums a band is.
func (v *Visit) bandName(band string) string {
	switch band {
	case "":
		return ""
	case noBand:
		return v.T("checks.band.none")
	}
	name, capital := strings.CutSuffix(band, ", capital")
	if band == "capital" {
		return v.T("checks.band.capital")
	}
	said := v.T("checks.band." + strings.ReplaceAll(name, " ", "-"))
	if capital {
		return v.T("checks.band-capital", "Band", said)
	}
	return said
}

var severityColours = map[check.Severity]table.Colour{check.High: table.Red, check.Medium: table.Amber, check.Low: table.Grey}

func (v *Visit) severity(s check.Severity) table.Cell {
	return table.Tag(v.T("checks.severity."+s.String()), severityColours[s])
}

// findingAt is a finding's own page.
func (v *Visit) findingAt(f *check.Finding) string {
	if isPair(f) {
		return v.To("/checks" + pathOf(strings.Split(f.ID, "/")...))
	}
	return v.To("/checks/finding", "id", f.ID)
}

// checks lists what the rules found, by the question they ask.
func checks(v *Visit) (Answer, error) {
	all, elsewhere := v.visibleFindings()
	var open, answered []*check.Finding
	for _, f := range all {
		if f.Silenced() {
			answered = append(answered, f)
		} else {
			open = append(open, f)
		}
	}
	showAnswered := v.Q("answered") == "yes"
	kept, panel := narrow(v, open, v.findingFacets())
	p := checksPage{Filters: panel}
	var told, untold []*check.Finding
	high := 0
	for _, f := range kept {
		switch {
		case f.Unknown:
			untold = append(untold, f)
		default:
			told = append(told, f)
			if f.Severity == check.High {
				high++
			}
		}
	}
	switch {
	case len(open) == 0 && v.Place != "":
		p.Lead = v.T("checks.none-here", "Place", v.NameOf(v.Book, "areas", v.Place).Text)
	case len(open) == 0:
		p.Good, p.Lead = true, v.T("checks.good", "Date", v.Date(v.AsAt))
	case len(kept) == 0:
		p.Lead = v.T("checks.none-so")
	default:
		p.Lead = v.N("checks.lead", len(told)) + " " + v.N("checks.lead-high", high)
		if len(untold) > 0 {
			p.Lead += " " + v.N("checks.lead-untold", len(untold))
		}
	}
	if v.Year != fiscal.YearOf(v.AsAt) {
		p.Always = v.T("checks.always", "Date", v.Date(v.AsAt))
	}
	if elsewhere > 0 {
		p.Elsewhere = v.N("checks.elsewhere", elsewhere)
	}
	var tables []*table.Table
	if len(kept) > 0 {
		p.Summary = v.checkSummary(kept)
		tables = append(tables, p.Summary)
	}
	if len(told) > 0 {
		p.Found = v.findingTable(told)
		tables = append(tables, p.Found)
	}
	if len(untold) > 0 {
		p.Untold = v.untoldTable(untold)
		tables = append(tables, p.Untold)
	}
	if len(answered) > 0 {
		p.AnswersSaid = v.N("checks.answered", len(answered))
		if showAnswered {
			p.AnswersSaid, p.Without = v.N("checks.answered-shown", len(answered)), v.Here("answered", "")
			p.Answered = v.answeredTable(answered)
			tables = append(tables, p.Answered)
		} else {
			p.Answers = v.Here("answered", "yes", "page", "")
		}
	}
	return Page{Template: "checks", Title: v.T("checks.title"), Nav: "checks/findings", Data: p, Tables: tables, Money: true, Wide: true}, nil
}

// findingFacets are the questions by which findings are narrowed.
func (v *Visit) findingFacets() []facet[*check.Finding] {
	var kinds []string
	for _, k := range check.Kinds {
		kinds = append(kinds, string(k))
	}
	named := func(name func(string) string) func(string) words.Name {
		return func(id string) words.Name { return words.Name{Text: name(id)} }
	}
	return []facet[*check.Finding]{
		{name: "severity", legend: v.T("checks.severity"), order: []string{"high", "medium", "low"},
			label: named(func(s string) string { return v.T("checks.severity." + s) }), answers: func(f *check.Finding) []string { return []string{f.Severity.String()} }},
		{name: "kind", legend: v.T("checks.kind"), order: kinds,
			label: named(func(k string) string { return v.T("checks.kind." + k) }), answers: func(f *check.Finding) []string { return []string{string(f.Kind)} }},
		{name: "rule", legend: v.T("checks.rule"), label: named(v.checkName), answers: func(f *check.Finding) []string { return []string{ruleOf(f)} }},
		{name: "band", legend: v.T("checks.band"), label: named(v.bandName), answers: func(f *check.Finding) []string { return []string{cmp.Or(f.Band, noBand)} }},
	}
}

// checkSummary counts findings by question and rule, and adds each band up by
// itself.
func (v *Visit) checkSummary(list []*check.Finding) *table.Table {
	of := make([]check.Finding, len(list))
	for i, f := range list {
		of[i] = *f
	}
	sums := check.Summarise(of)
	t := table.New("summary", v.T("checks.summary"))
	t.Column("kind", v.T("checks.kind"), table.TextColumn)
	t.Column("rule", v.T("checks.rule"), table.TextColumn)
	t.Column("count", v.T("checks.count"), table.CountColumn)
	t.Column("amount", v.T("checks.amount"), table.MoneyColumn)
	t.Column("untold", v.T("checks.cannot-tell"), table.CountColumn)
	for _, kind := range check.Kinds {
		for _, rule := range slices.Sorted(maps.Keys(sums[kind])) {
			for _, band := range slices.Sorted(maps.Keys(sums[kind][rule])) {
				tally := sums[kind][rule][band]
				name := v.checkName(string(kind) + "/" + rule)
				if said := v.bandName(band); said != "" {
					name += ": " + said
				}
				list := v.listOf(string(kind)+"/"+rule, band)
				amount := table.None()
				if tally.Amount != nil {
					part := "#found"
					if tally.Count == tally.Unknown {
						part = "#untold"
					}
					amount = table.Money(*tally.Amount, v.Style()).To(list + part)
				}
				count, untold := table.None(), table.None()
				if n := tally.Count - tally.Unknown; n > 0 {
					count = table.Count(n).To(list + "#found")
				}
				if tally.Unknown > 0 {
					untold = table.Count(tally.Unknown).To(list + "#untold")
				}
				t.Row(table.Text(v.T("checks.kind."+string(kind))), table.Text(name).To(list), count, amount, untold)
			}
		}
	}
	t.Note = v.T("checks.bands")
	return v.Finish(t)
}

// listOf is this page with the findings of one rule and band alone.
func (v *Visit) listOf(rule, band string) string {
	q := url.Values{"rule": {rule}, "band": {cmp.Or(band, noBand)}}
	for _, name := range []string{"year", "place", "unit"} {
		if given := v.Query.Get(name); given != "" {
			q.Set(name, given)
		}
	}
	return v.at(q)
}

// cut keeps a list to what a page writes out, and says so.
func (v *Visit) cut(t *table.Table, list []*check.Finding) []*check.Finding {
	if len(list) > mostFindings {
		t.Note = v.T("checks.first", "Shown", v.Count(mostFindings), "All", v.Count(len(list)))
		return list[:mostFindings]
	}
	return list
}

func (v *Visit) findingTable(list []*check.Finding) *table.Table {
	t := table.New("found", v.T("checks.found"))
	t.Column("finding", v.T("checks.finding"), table.TextColumn)
	t.Column("severity", v.T("checks.severity"), table.TagColumn).Sortable = false
	t.Column("amount", v.T("checks.amount"), table.MoneyColumn)
	t.Column("date", v.T("checks.date"), table.DateColumn)
	t.Column("status", v.T("status"), table.TagColumn)
	for _, f := range v.cut(t, list) {
		title, because := v.Reader.Finding(v.View, f)
		date := table.None()
		if f.Date != 0 {
			date = table.Date(f.Date)
		}
		t.Row(table.Text(title).To(v.findingAt(f)).Noted(because), v.severity(f.Severity), v.findingAmount(f), date, v.findingStatus(f))
	}
	return v.Finish(t)
}

// findingAmount is what a finding comes to, open to what makes it.
func (v *Visit) findingAmount(f *check.Finding) table.Cell {
	if f.Amount == nil {
		return table.None()
	}
	return table.Money(*f.Amount, v.Style()).To(v.Evidence(f))
}

// findingStatus says what came of an answer to a finding that is open.
func (v *Visit) findingStatus(f *check.Finding) table.Cell {
	switch j := f.Judgement; {
	case j == nil:
		return table.Tag(v.T("checks.status.open"), table.Grey)
	case j.Stands && j.Verdict == decide.NotSure:
		return table.Tag(v.T("checks.status.asked"), table.Blue)
	case !j.ReviewOn.IsZero() && j.ReviewOn <= v.AsAt:
		return table.Tag(v.T("checks.status.due"), table.Amber)
	default:
		return table.Tag(v.T("checks.status.back"), table.Amber)
	}
}

func (v *Visit) untoldTable(list []*check.Finding) *table.Table {
	t := table.New("untold", v.T("checks.untold"))
	t.Column("finding", v.T("checks.finding"), table.TextColumn)
	t.Column("rule", v.T("checks.rule"), table.TextColumn)
	t.Column("record", v.T("checks.record"), table.TextColumn)
	t.Column("amount", v.T("checks.amount"), table.MoneyColumn)
	for _, f := range v.cut(t, list) {
		title, because := v.Reader.Finding(v.View, f)
		lacks := table.Text(v.lacks(f))
		if to := v.rowPage(f.Subjects...); to != "" {
			lacks = lacks.To(to)
		}
		t.Row(table.Text(title).To(v.findingAt(f)).Noted(because), table.Text(v.checkName(ruleOf(f))), lacks, v.findingAmount(f))
	}
	return v.Finish(t)
}

// lacks names the fact to record, "" for none.
func (v *Visit) lacks(f *check.Finding) string {
	if f.Lacks.IsZero() {
		return ""
	}
	said := []rune(v.Missing(v.View, f))
	return strings.ToUpper(string(said[:1])) + string(said[1:])
}

// rowPage is where the first of some rows that has a page of its own is, "" for
// none.
func (v *Visit) rowPage(of ...check.Subject) string {
	for _, s := range of {
		switch s.Type {
		case "service", "services":
			if v.Sees(s.ID) {
				return v.To(pathOf("services", s.ID))
			}
		case "objective", "objectives":
			return v.To(pathOf("objectives", s.ID))
		case "award", "awards":
			if a, ok := v.Award(s.ID); ok && v.seesStream(a.Stream) {
				return v.To(pathOf("streams", a.Stream))
			}
		case "stream", "streams":
			if v.seesStream(s.ID) {
				return v.To(pathOf("streams", s.ID))
			}
		case "board", "boards":
			if v.Can(people.SeeBoard) {
				return v.To(pathOf("boards", s.ID))
			}
		}
	}
	return ""
}

func (v *Visit) answeredTable(list []*check.Finding) *table.Table {
	t := table.New("answered", v.T("checks.answers"))
	t.Column("finding", v.T("checks.finding"), table.TextColumn)
	t.Column("verdict", v.T("checks.verdict"), table.TagColumn)
	t.Column("reason", v.T("checks.reason"), table.TextColumn)
	t.Column("by", v.T("checks.by"), table.TextColumn)
	t.Column("review", v.T("checks.review"), table.DateColumn)
	for _, f := range v.cut(t, list) {
		title, _ := v.Reader.Finding(v.View, f)
		review := table.None()
		if f.Judgement.ReviewOn != 0 {
			review = table.Date(f.Judgement.ReviewOn)
		}
		t.Row(table.Text(title).To(v.findingAt(f)), table.Tag(v.verdict(f.Kind, f.Judgement.Verdict), table.Green), table.Text(f.Judgement.Reason), table.Text(f.Judgement.By), review)
	}
	return v.Finish(t)
}

// verdict says an officer's answer, in the words of the question.
func (v *Visit) verdict(kind check.Kind, verdict string) string {
	return v.T("checks.verdict." + answerWord(kind, verdict))
}

func answerWord(kind check.Kind, verdict string) string {
	if verdict == decide.Accepted && kind == check.Gap {
		return "accepted-gap"
	}
	return strings.ReplaceAll(verdict, " ", "-")
}

// verdicts are the answers that a kind of finding can be given.
func verdicts(kind check.Kind) []string {
	if kind == check.Duplication {
		return []string{decide.Duplicates, decide.BothNeeded, decide.NotSure}
	}
	return []string{decide.Accepted, decide.NotSure}
}

// answer is an officer's answer as typed.
type judgeForm struct {
	ID      string `form:"id"`
	Facts   string `form:"facts"`
	Verdict string `form:"verdict"`
	Reason  string `form:"reason"`
	Review  string `form:"review"`
	Asked   string `form:"asked"`
}

// findingPage is one finding with all that is known of it.
type findingPage struct {
	Finding  *check.Finding
	Because  string
	Amount   *table.Table // what it comes to, and what it is a share of
	Sum, Of  string
	Evidence string
	Lacks    string
	LacksTo  string
	About    []parts.Row
	Records  *table.Table
	Facts    []string
	Given    *findingAnswer
	Ask      *findingAsk
	Notes    notesPart
	History  []change
}

// findingAnswer is the answer that a finding has.
type findingAnswer struct {
	Said, Reason, By, Review, Asked, Fallen string
}

// findingAsk is the form for one.
type findingAsk struct {
	Action, Key, ID, Facts string
	Fields                 []form.Field
	Button                 string
}

func finding(v *Visit) (Answer, error) {
	f, ok := v.FindingByID(v.Q("id"))
	if !ok || !v.seesFinding(v.Reach, f) {
		return nil, Missing{}
	}
	if isPair(f) {
		return Redirect{To: v.findingAt(f)}, nil
	}
	return v.findingPage(f, judgeForm{Review: v.lookAgain()}, nil), nil
}

// lookAgain is the day offered for a review: the end of the financial year.
func (v *Visit) lookAgain() string {
	end := fiscal.YearOf(v.Today).End()
	if end <= v.Today {
		end = (fiscal.YearOf(v.Today) + 1).End()
	}
	return typedDay(end)
}

func (v *Visit) findingPage(f *check.Finding, typed judgeForm, errs form.Errors) Page {
	title, because := v.Reader.Finding(v.View, f)
	p := findingPage{Finding: f, Because: because, Lacks: v.lacks(f), Facts: f.RestsOn(), Notes: v.notesOf("findings/" + f.ID), History: v.answersTo(f), Given: v.given(f)}
	if f.Amount != nil {
		p.Sum, p.Evidence = v.Sum(*f.Amount), v.Evidence(f)
	}
	if f.Share != nil {
		p.Of = v.Share(*f.Share)
	}
	if p.Lacks != "" {
		p.LacksTo = v.rowPage(f.Subjects...)
	}
	p.About = append(p.About, parts.Row{Key: v.T("checks.rule"), Value: v.checkName(ruleOf(f))}, parts.Row{Key: v.T("checks.severity"), Value: v.T("checks.severity." + f.Severity.String())})
	if said := v.bandName(f.Band); said != "" {
		p.About = append(p.About, parts.Row{Key: v.T("checks.band"), Value: said})
	}
	if f.Year != fiscal.Term {
		p.About = append(p.About, parts.Row{Key: v.T("by.year"), Value: f.Year.String()})
	}
	if f.Date != 0 {
		p.About = append(p.About, parts.Row{Key: v.T("checks.date"), Value: v.Date(f.Date) + " (" + v.Away(v.Today, f.Date) + ")"})
	}
	p.About = append(p.About, v.aboutRows(f)...)
	var tables []*table.Table
	if len(f.Records) > 0 {
		p.Records = v.recordTable(f)
		tables = append(tables, p.Records)
	}
	if v.seesFinding(v.May(people.Judge), f) {
		p.Ask = v.ask(f, typed, errs, v.To("/checks/finding", "id", f.ID))
	}
	nav := "checks/findings"
	if f.Rule == "no-service" {
		nav = "checks/coverage"
	}
	return Page{Template: "finding", Title: title, Nav: nav, Data: p, Tables: tables, Errors: errs}
}

// aboutRows names what a finding is about, each with its page.
func (v *Visit) aboutRows(f *check.Finding) []parts.Row {
	const most = 12
	var rows []parts.Row
	for i, s := range f.Subjects {
		if i == most {
			rows = append(rows, parts.Row{Key: v.T("checks.more"), Value: v.Count(len(f.Subjects) - most)})
			break
		}
		register := s.Type + "s"
		row := parts.Row{Key: v.recordKind(register)}
		n := v.NameOf(v.Book, register, s.ID)
		row.Value, row.Lang = n.Text, string(n.Lang)
		if to := v.rowPage(s); to != "" {
			row.Value, row.Lang = linkedName(to, n), ""
		}
		rows = append(rows, row)
	}
	return rows
}

// recordKind is what one row of a register is called.
func (v *Visit) recordKind(register string) string {
	if id := "checks.register." + register; v.Reader.Has(id) {
		return v.T(id)
	}
	return register
}

// recordTable lists the records that make a finding, where entries do not.
func (v *Visit) recordTable(f *check.Finding) *table.Table {
	t := table.New("records", v.T("checks.records"))
	t.Column("register", v.T("checks.register"), table.TextColumn)
	t.Column("row", v.T("checks.row"), table.TextColumn)
	t.Column("says", v.T("checks.says"), table.TextColumn)
	t.Column("amount", v.T("checks.adds"), table.MoneyColumn)
	for _, e := range f.Records {
		n := v.NameOf(v.Book, e.Register, e.ID)
		row := table.Text(n.Text).In(string(n.Lang))
		if to := v.rowPage(check.Subject{Type: e.Register, ID: e.ID}); to != "" {
			row = row.To(to)
		}
		amount, said := table.None(), table.None()
		if e.Amount != nil {
			amount = table.Amount(*e.Amount, table.Exact)
		}
		if r, ok := v.Record(e.Register, e.ID); ok && e.Column != "" && r.Get(e.Column) != "" {
			said = table.Text(v.columnName(e.Column) + ": " + v.small(e, v.valueWords(e.Register, e.Column, r.Get(e.Column))))
		}
		t.Row(table.Text(v.recordKind(e.Register)), row, said, amount)
	}
	return v.Finish(t)
}

// small hides a count of people so small that a child might be known by it.
func (v *Visit) small(e check.Evidence, text string) string {
	if e.Register == "needs" && e.Column == "people" && len(text) == 1 && text > "0" && text < "5" {
		return v.T("table.few")
	}
	return text
}

// given is the answer a finding has, and whether it still stands.
func (v *Visit) given(f *check.Finding) *findingAnswer {
	j := f.Judgement
	if j == nil {
		return nil
	}
	g := &findingAnswer{Said: v.verdict(f.Kind, j.Verdict), Reason: j.Reason, By: j.By}
	if r, ok := v.Record("judgements", f.ID); ok {
		g.Asked = r.Get("asked")
	}
	if j.ReviewOn != 0 {
		g.Review = v.Date(j.ReviewOn)
	}
	switch {
	case j.Stands:
	case j.ReviewOn != 0 && j.ReviewOn <= v.AsAt:
		g.Fallen = v.T("checks.fallen-due")
	default:
		g.Fallen = v.T("checks.fallen")
	}
	return g
}

// ask is the form for an answer to a finding.
func (v *Visit) ask(f *check.Finding, typed judgeForm, errs form.Errors, action string) *findingAsk {
	a := &findingAsk{Action: action, Key: NewKey(), ID: f.ID, Facts: f.FactsHash(), Button: v.T("checks.save")}
	answers := form.Field{Name: "verdict", Type: "radios", Label: v.T("checks.what"), Required: true, Error: errs.Of("verdict")}
	for _, one := range verdicts(f.Kind) {
		answers.Options = append(answers.Options, form.Option{Value: one, Label: v.T("checks.answer." + answerWord(f.Kind, one)), Selected: typed.Verdict == one})
	}
	review := form.Field{Name: "review", Type: "date", Label: v.T("checks.review"), Value: typed.Review, Error: errs.Of("review")}
	if f.Kind != check.Duplication {
		review.Hint = v.T("checks.review-hint")
	}
	a.Fields = []form.Field{answers,
		{Name: "asked", Type: "text", Label: v.T("checks.asked"), Hint: v.T("checks.asked-hint"), Value: typed.Asked, Error: errs.Of("asked")},
		{Name: "reason", Type: "textarea", Rows: 3, Label: v.T("checks.reason"), Required: true, Value: typed.Reason, Error: errs.Of("reason")},
		review}
	return a
}

func judgeFinding(v *Visit) (Answer, error) {
	var typed judgeForm
	if err := v.Form(&typed); err != nil {
		return nil, err
	}
	f, ok := v.FindingByID(typed.ID)
	if !ok || !v.seesFinding(v.Reach, f) {
		return nil, Missing{}
	}
	seq, errs, err := v.judge(f, typed)
	if err != nil || len(errs) > 0 {
		return v.findingPage(f, typed, errs), err
	}
	to := v.To("/checks")
	if f.Rule == "no-service" {
		to = v.To("/checks/coverage")
	}
	return Redirect{To: to, Say: v.T("checks.saved"), Undo: seq}, nil
}

// judge records an answer, or says what is to be put right.
func (v *Visit) judge(f *check.Finding, typed judgeForm) (seq int, errs form.Errors, err error) {
	if !slices.Contains(verdicts(f.Kind), typed.Verdict) {
		errs.Add("verdict", v.T("checks.error.verdict"))
	}
	if typed.Verdict == decide.NotSure && typed.Asked == "" {
		errs.Add("asked", v.T("checks.error.asked"))
	}
	if typed.Reason == "" {
		errs.Add("reason", v.T("checks.error.reason"))
	}
	review, readable := readDay(typed.Review)
	switch {
	case !readable:
		errs.Add("review", v.T("checks.error.date"))
	case review == 0 && typed.Verdict == decide.Accepted:
		errs.Add("review", v.T("checks.error.review"))
	case review != 0 && review <= v.Today:
		errs.Add("review", v.T("checks.error.past", "Date", v.Date(v.Today)))
	}
	if typed.Facts != f.FactsHash() {
		errs.Add("", v.T("checks.error.changed"))
	}
	if len(errs) > 0 {
		return 0, errs, nil
	}
	seq, err = v.Post(func(b *ledger.Book) (*ledger.Draft, error) {
		at, there := v.findingIn(b, f)
		if !there || at.FactsHash() != typed.Facts {
			return nil, errFactsChanged
		}
		return drafted(decide.JudgeFinding(b, v.Actor(), *at, typed.Verdict, typed.Reason, review, typed.Asked))
	})
	var refusal ledger.Refusal
	switch {
	case err == errFactsChanged:
		errs.Add("", v.T("checks.error.changed"))
	case as(err, &refusal):
		errs.Add("", v.Refusal(v.Book, err))
	default:
		return seq, nil, err
	}
	return 0, errs, nil
}

var errFactsChanged = errors.New("the facts of the finding have changed")

// findingIn finds a finding anew in a book that may have moved on.
func (v *Visit) findingIn(b *ledger.Book, f *check.Finding) (*check.Finding, bool) {
	if b.Sequence() == v.Sequence() {
		return f, true
	}
	only := ruleOf(f)
	if f.Kind == check.Condition {
		only = string(f.Kind)
	}
	found := check.Run(b.View(v.Today), v.Settings.Policy, only)
	at := slices.IndexFunc(found, func(one check.Finding) bool { return one.ID == f.ID })
	if at < 0 {
		return nil, false
	}
	return &found[at], true
}

// answersTo is what has been answered to a finding, the newest first.
func (v *Visit) answersTo(f *check.Finding) []change {
	var list []change
	versions, seqs := v.Versions("judgements", f.ID)
	for i, r := range slices.Backward(versions) {
		head, _ := v.Head(seqs[i])
		c := change{What: v.verdict(f.Kind, r.Get("verdict")), Why: head.Reason, When: v.instant(head.PostedAt), Who: v.actor(head)}
		if r.Get("facts") == "" {
			c.What = v.T("checks.taken-back")
		} else if d, err := fiscal.ParseDate(r.Get("review_on")); err == nil && d != 0 {
			c.What += ". " + v.T("checks.again-on", "Date", v.Date(d))
		}
		if v.Can(people.Audit) {
			c.Href = v.To("/history/" + strconv.Itoa(seqs[i]))
		}
		list = append(list, c)
	}
	return list
}

// readDay reads a day as people type it; blank is none.
func readDay(text string) (fiscal.Date, bool) {
	if d, err := fiscal.ParseDate(text); err == nil {
		return d, true
	}
	d, err := fiscal.ParseDateAs(text, fiscal.DayFirst)
	return d, err == nil
}

// typedDay writes a day as people type it.
func typedDay(d fiscal.Date) string {
	y, m, day := d.Civil()
	return strconv.Itoa(day) + "/" + strconv.Itoa(m) + "/" + strconv.Itoa(y)
}

// linkedName is a link that says what a row is called.
func linkedName(to string, n words.Name) template.HTML {
	lang := ""
	if n.Lang != "" {
		lang = ` lang="` + string(n.Lang) + `"`
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(to) + `"` + lang + `>` + template.HTMLEscapeString(n.Text) + `</a>`)
}
