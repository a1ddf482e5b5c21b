package scenario

import "braid/ledger/sentence"

// words are what this package says of changes, in English.
var words = sentence.New("change", map[string]string{
	"award-cut":                  "{{.Award}} is cut by {{.Percent}}% from next year on",
	"award-cut.from":             "{{.Award}} is cut by {{.Percent}}% from {{.Year}} on",
	"award-ends":                 "{{.Award}} ends on {{.Day}}",
	"award-renewed":              "{{.Award}} is renewed as it is",
	"award-delayed":              "{{.Award}} does not start before {{.Day}}",
	"award-moved":                "{{.Amount}} of {{.Award}} is moved from {{.Year}} to {{.Last}}",
	"award-moved.drawn":          "{{.Amount}} of {{.Award}}, from its whole term, is drawn into {{.Last}}",
	"stream-merged":              "{{.Award}} is merged into {{.To}}, under its terms, from next year on",
	"stream-merged.from":         "{{.Award}} is merged into {{.To}}, under its terms, from {{.Year}} on",
	"service-stops":              "{{.Service}} stops from {{.Day}}",
	"service-resized":            "{{.Service}} becomes {{.Percent}}% of its size from next year on",
	"service-resized.from":       "{{.Service}} becomes {{.Percent}}% of its size from {{.Year}} on",
	"service-protected":          "{{.Service}} keeps at least what it has",
	"service-merged":             "{{.Service}} becomes part of {{.To}} from next year on",
	"service-merged.from":        "{{.Service}} becomes part of {{.To}} from {{.Year}} on",
	"service-merged.saving":      "{{.Service}} becomes part of {{.To}} from next year on, for {{.Percent}}% less",
	"service-merged.saving.from": "{{.Service}} becomes part of {{.To}} from {{.Year}} on, for {{.Percent}}% less",
	"money-moved":                "{{.Amount}} of {{.Award}} moves from {{.Service}} to {{.To}} in {{.Year}}",
	"money-moved.years":          "{{.Amount}} of {{.Award}} a year moves from {{.Service}} to {{.To}} from {{.Year}} to {{.Last}}",
	"money-put":                  "{{.Award}} pays {{.Amount}} for {{.Service}} in {{.Year}}",
	"money-put.years":            "{{.Award}} pays {{.Amount}} a year for {{.Service}} from {{.Year}} to {{.Last}}",
	"core-added":                 "{{.Award}} grows by {{.Amount}} a year from next year on",
	"core-added.from":            "{{.Award}} grows by {{.Amount}} a year from {{.Year}} on",
	"prices":                     "Prices rise by {{.Rate}} a year",
	"prices.from":                "Prices rise by {{.Rate}} in {{.Year}}",
	"prices.of":                  "Prices of {{.CostType}} rise by {{.Rate}} a year",
	"prices.of.from":             "Prices of {{.CostType}} rise by {{.Rate}} in {{.Year}}",
}, nil)

// English gives the words of every sentence and, of those that count, the form
// for one.
func English() (all, one map[string]string) { return words.Words() }
