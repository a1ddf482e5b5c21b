package forecast

import (
	"slices"

	"braid/ledger/sentence"
)

// words say what a figure is made from, and what was assumed.
var words = sentence.New("forecast", english, englishOne)

// English gives the English of every sentence and, of those that count, the
// form for one: for the test that pages say the same.
func English() (all, one map[string]string) { return words.Words() }

var english = map[string]string{
	"note.no-prices":          "No price or pay assumption is recorded, so costs stay as they are.",
	"note.capital-only":       "{{.Count}} services are paid for by capital alone and stand apart: {{.Names}}.",
	"note.capital-too":        "{{.Count}} services have capital too, which stands apart: {{.Names}}.",
	"note.cost-of-revenue":    "The planned cost of {{.Count}} services is taken to be revenue's: {{.Names}}.",
	"note.paid-elsewhere":     "{{.Count}} services are paid for by another body, and what it pays is not in Braid: {{.Names}}.",
	"note.cost-unknown":       "The cost of {{.Count}} services is not recorded for some year: {{.Names}}.",
	"note.cost-carried":       "The cost of {{.Count}} services is not recorded for later years and goes on as last recorded: {{.Names}}.",
	"note.unsized":            "{{.Count}} services have agreed allocations of unknown amount: {{.Names}}.",
	"note.unsplit":            "{{.Count}} awards have money for their whole term that is not split by year, so a gap may be smaller: {{.Names}}.",
	"note.certainty":          "How sure the money of {{.Count}} awards is has not been recorded, so a gap may be smaller: {{.Names}}.",
	"note.core-carried":       "No figure is recorded for later years of {{.Count}} awards of base budget or settlement, and they go on as last allocated: {{.Names}}.",
	"note.no-figure":          "No figure is recorded for some year of {{.Count}} awards that still run then: {{.Names}}.",
	"note.chance":             "{{.Count}} awards are taken to go on as their fate says, with no chance recorded: {{.Names}}.",
	"note.barred":             "The terms of what follows do not allow {{.Count}} services, or do not say: {{.Names}}.",
	"note.saving-not-counted": "{{.Count}} savings are not counted, for they are not cashable, not found, or another body's: {{.Names}}.",
	"note.match-not-recorded": "No match is recorded for {{.Count}} awards that need it, and it is taken to be found: {{.Names}}.",
	"more":                    "{{.Count}} more",

	"part.cost":            "{{.Service}}: planned cost of {{.Year}}",
	"part.cost-carried":    "{{.Service}}: planned cost of {{.From}}, the last recorded",
	"part.cost-months":     "{{.Service}}: planned cost of {{.From}}, the last recorded, for {{.Count}} months in place of {{.Of}}",
	"part.income":          "{{.Service}}: fees and charges",
	"part.cost-unknown":    "{{.Service}}: the cost of {{.Year}} is not recorded",
	"part.prices":          "{{.Service}}: prices of {{.Year}} over those of {{.From}}",
	"part.too-dear":        "{{.Service}}: prices beyond reckoning",
	"part.money":           "{{.Award}} on {{.Service}}",
	"part.doubt":           "{{.Award}} on {{.Service}}, if it is secured, which is not recorded",
	"part.unsplit":         "{{.Award}} on {{.Service}}: for the whole term, not split by year",
	"part.unsized":         "{{.Award}} on {{.Service}}: an amount not recorded",
	"part.elsewhere":       "{{.Service}}: what another body pays is not in Braid",
	"part.without":         "{{.Award}} on {{.Service}}: without match",
	"part.regained":        "{{.Award}} on {{.Service}}: matched again by what is likely to go on",
	"part.carried":         "{{.Award}} on {{.Service}}: no figure is recorded for {{.Year}}, so as in {{.From}}",
	"part.goes-on":         "{{.Award}} on {{.Service}}: goes on as in {{.From}}",
	"part.goes-on-partly":  "{{.Award}} on {{.Service}}: adjusted for part of a year, its chance, or what is there already",
	"part.heir":            "{{.Heir}} on {{.Service}}, for the money of {{.Award}} that ended",
	"part.over":            "{{.Award}} is over-allocated",
	"part.left":            "{{.Award}}: secured, on no service",
	"part.left-unknown":    "{{.Award}}: how much is left is not known",
	"part.unsecured":       "{{.Award}}: stated, not secured and on no service",
	"part.pressure":        "{{.What}}: pressure",
	"part.saving":          "{{.What}}: saving found",
	"part.exit-plan":       "{{.Service}}: its agreed exit plan",
	"part.post":            "{{.Service}}: a post that {{.Award}} pays for",
	"part.post-of-service": "{{.Service}}: a post of its own",
	"part.proposed":        "{{.Award}} on {{.Service}}: proposed",
}

var englishOne = map[string]string{
	"note.capital-only":       "One service is paid for by capital alone and stands apart: {{.Names}}.",
	"note.capital-too":        "One service has capital too, which stands apart: {{.Names}}.",
	"note.cost-of-revenue":    "The planned cost of one service is taken to be revenue's: {{.Names}}.",
	"note.paid-elsewhere":     "One service is paid for by another body, and what it pays is not in Braid: {{.Names}}.",
	"note.cost-unknown":       "The cost of one service is not recorded for some year: {{.Names}}.",
	"note.cost-carried":       "The cost of one service is not recorded for later years and goes on as last recorded: {{.Names}}.",
	"note.unsized":            "One service has agreed allocations of unknown amount: {{.Names}}.",
	"note.unsplit":            "One award has money for its whole term that is not split by year, so a gap may be smaller: {{.Names}}.",
	"note.certainty":          "How sure the money of one award is has not been recorded, so a gap may be smaller: {{.Names}}.",
	"note.core-carried":       "No figure is recorded for later years of one award of base budget or settlement, and it goes on as last allocated: {{.Names}}.",
	"note.no-figure":          "No figure is recorded for some year of one award that still runs then: {{.Names}}.",
	"note.chance":             "One award is taken to go on as its fate says, with no chance recorded: {{.Names}}.",
	"note.barred":             "The terms of what follows do not allow one service, or do not say: {{.Names}}.",
	"note.saving-not-counted": "One saving is not counted, for it is not cashable, not found, or another body's: {{.Names}}.",
	"note.match-not-recorded": "No match is recorded for one award that needs it, and it is taken to be found: {{.Names}}.",
	"more":                    "1 more",
	"part.cost-months":        "{{.Service}}: planned cost of {{.From}}, the last recorded, for 1 month in place of {{.Of}}",
}

// noted are the rows of which one thing is noted.
type noted struct {
	names []any
	met   map[string]bool
}

// say keeps something to be noted of a row: each row once for each thing said.
func (r *reading) say(code string, of sentence.Name) {
	n := r.said[code]
	if n == nil {
		n = &noted{met: map[string]bool{}}
		r.said[code] = n
	}
	if !n.met[of.ID] {
		n.met[of.ID] = true
		n.names = append(n.names, of)
	}
}

// namedInNotes is how many rows a note names before it counts the rest.
const namedInNotes = 6

// note makes the notes of what was kept.
func (r *reading) note() {
	if len(r.Assumptions.Prices) == 0 {
		r.Notes = append(r.Notes, words.Say("note.no-prices"))
	}
	for _, code := range [...]string{"capital-only", "capital-too", "cost-of-revenue", "paid-elsewhere", "cost-unknown", "cost-carried", "unsized", "unsplit", "certainty", "core-carried", "no-figure", "chance", "barred", "saving-not-counted", "match-not-recorded"} {
		if n := r.said[code]; n != nil {
			names := sentence.List(n.names)
			if rest := len(names) - namedInNotes; rest > 1 {
				names = append(slices.Clone(names[:namedInNotes]), words.Say("more", "Count", rest))
			}
			r.Notes = append(r.Notes, words.Say("note."+code, "Count", len(n.names), "Names", names))
		}
	}
}
