package chart_test

import (
	"encoding/xml"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"braid/ledger/fiscal"
	"braid/ledger/money"
	"braid/web/chart"
)

var update = flag.Bool("update", false, "write the golden charts anew")

func year(s string) fiscal.Year { y, _ := fiscal.ParseYear(s); return y }

// The demo council's charts, as its pages draw them.
func timeline() chart.Timeline {
	day := fiscal.MustDate
	lane := func(name string, spans ...chart.Span) chart.Lane { return chart.Lane{Name: name, Spans: spans} }
	sure := func(to string) chart.Span {
		return chart.Span{From: day("2026-04-01"), To: day(to), Standing: chart.Confirmed, Text: "confirmed"}
	}
	likely := chart.Span{From: day("2028-04-01"), To: day("2029-03-31"), Standing: chart.Likely, Text: "likely"}
	return chart.Timeline{
		ID: "timeline", Title: "Two ends in the next 15 months", Desc: "£900,000 ends on 31 March 2027, £1,910,000 on 31 March 2028.",
		From: year("2026-27"), To: year("2028-29"), Today: day("2027-01-12"), TodayText: "today",
		Lanes: []chart.Lane{
			lane("Children's Fund", sure("2027-03-31")),
			lane("NRF", sure("2027-03-31"), chart.Span{From: day("2027-04-01"), To: day("2028-03-31"), Standing: chart.Proposed, Text: "applied for"}),
			{Name: "Dechrau'n Deg, a stream with a long name & more", Lang: "cy", Spans: []chart.Span{sure("2028-03-31"), likely}},
			lane("Families First", sure("2028-03-31"), likely),
			lane("Core budget", chart.Span{From: day("2020-04-01"), Standing: chart.Endless, Text: "no end date"}),
		},
		Cliffs: []chart.Cliff{
			{On: day("2027-03-31"), Lines: []string{"31 Mar 2027", "£900,000", "5 services"}},
			{On: day("2028-03-31"), Lines: []string{"31 Mar 2028", "£1,910,000", "5 services"}},
		},
	}
}

func bars() chart.Bars {
	b := chart.Bars{ID: "variance", Title: "One service is over", Desc: "Family support hubs are £18,000 over.", Under: "− under", Over: "+ over"}
	for _, bar := range []struct {
		name string
		p    money.Pence
	}{{"Family support hubs", 1_800_000}, {"Parenting programme", -650_000}, {"Speech and language early help", -1_200_050}, {"Early years centres", 0}} {
		b.Bars = append(b.Bars, chart.Bar{Name: bar.name, Value: int64(bar.p), Text: bar.p.Whole()})
	}
	b.Bars = append(b.Bars, chart.Bar{Name: "Young carers", Unknown: true, Text: "Not known"})
	return b
}

func stack() chart.Stack {
	return chart.Stack{
		ID: "payers", Title: "Who pays", Desc: "Children's Fund pays most.", Rest: "Other", RestText: func(p int64) string { return money.Pence(p).Whole() },
		Parts: []chart.Part{
			{Name: "Children's Fund", Value: 24_000_000, Text: "£240,000, 60%"}, {Name: "NRF", Value: 11_000_000, Text: "£110,000, 28%", Likely: true},
			{Name: "Core budget", Value: 3_000_000, Text: "£30,000, 8%"}, {Name: "A", Value: 1_500_000, Text: "£15,000"}, {Name: "B", Value: 500_000, Text: "£5,000"},
		},
	}
}

func line() chart.Line {
	point := func(v int64) chart.Point {
		return chart.Point{Value: v, Given: true, Text: strconv.FormatInt(v/10, 10) + "%"}
	}
	return chart.Line{
		ID: "reoffending", Title: "Not reoffending is turning", Desc: "71% against a target of 75%.",
		Periods: []string{"2022-23", "2023-24", "2024-25", "2025-26", "2026-27", "2027-28"},
		Scale:   func(v int64) string { return strconv.FormatInt(v/10, 10) + "%" },
		Series: []chart.Series{
			{Name: "Actual", Kind: chart.Actual, Points: []chart.Point{point(610), {}, point(630), point(650), point(710), {}}},
			{Name: "If nothing changes", Kind: chart.Forecast, Points: []chart.Point{{}, {}, {}, {}, point(710), point(690)}},
			{Name: "Target", Kind: chart.Target, Points: []chart.Point{point(650), point(670), point(690), point(710), point(730), point(750)}},
		},
	}
}

func waterfall() chart.Waterfall {
	w := chart.Waterfall{ID: "waterfall", Title: "How 2028-29 comes to be short", Desc: "Funding of £3,640,000 falls; £1,048,000 is missing after likely renewals."}
	step := func(name string, kind chart.StepKind, p money.Pence) *chart.Step {
		w.Steps = append(w.Steps, chart.Step{Name: name, Kind: kind, Value: int64(p), Text: p.Whole()})
		return &w.Steps[len(w.Steps)-1]
	}
	step("Funding in 2026-27", chart.Level, 364_000_000)
	step("Grants ending", chart.Moves, -279_000_000)
	step("Likely renewals", chart.Moves, 191_000_000).Likely = true
	step("Cost of services today", chart.Moves, -366_000_000)
	step("Pay and prices", chart.Moves, -14_800_000)
	step("Savings found", chart.Moves, 0).Text = "–"
	step("Savings not yet found", chart.Missing, 104_800_000).Text = "£1,048,000"
	step("Gap", chart.Level, -104_800_000)
	*step("Costau ymadael a dileu swyddi, & more words than a line has room for", chart.Moves, 0) = chart.Step{Name: "Exit cost, with a name that is long & does not end on one line", Lang: "en", Unknown: true, Text: "Not known"}
	return w
}

func fan() chart.Fan {
	thousand := func(v ...int64) []int64 {
		for i := range v {
			v[i] *= 100_000
		}
		return v
	}
	f := chart.Fan{ID: "fan", Title: "The gap is between £900,000 and £3,100,000 in 2029-30", Desc: "Half of 10,000 draws lie above the line.",
		Periods: []string{"2026-27", "2027-28", "2028-29", "2029-30"}, Low: thousand(20, 930, 900, 950), Middle: thousand(20, 973, 1500, 1600), High: thousand(20, 1010, 3000, 3100),
		LowName: "1 in 10: less than this", MiddleName: "half of the draws: more", HighName: "1 in 10: more than this", Scale: func(v int64) string { return money.Pence(v).Whole() },
		Lines: []chart.Series{{Name: "Nothing renewed", Kind: chart.Forecast}}}
	for _, v := range thousand(20, 973, 2958, 3034) {
		f.Lines[0].Points = append(f.Lines[0].Points, chart.Point{Value: v, Given: true})
	}
	return f
}

func charts() map[string]string {
	return map[string]string{
		"timeline": string(timeline().SVG()), "bars": string(bars().SVG()), "stack": string(stack().SVG()), "line": string(line().SVG()),
		"waterfall": string(waterfall().SVG()), "fan": string(fan().SVG()),
	}
}

// The goldens are pictures: open them beside static/chart.css to see.
func TestCharts(t *testing.T) {
	for name, got := range charts() {
		path := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s changed; look at it, then run with -update\n%s", name, got)
		}
		if again := charts()[name]; again != got {
			t.Errorf("%s is drawn otherwise the second time", name)
		}
	}
}

// parts gives a chart's elements, and fails on one that is no XML.
func parts(t interface{ Fatalf(string, ...any) }, svg string) (elements []xml.StartElement, texts []string) {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return elements, texts
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements = append(elements, token.Copy())
		case xml.CharData:
			if s := strings.TrimSpace(string(token)); s != "" {
				texts = append(texts, s)
			}
		}
	}
}

func value(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Every chart says what it is, stays within its frame, and keeps the pages'
// policy: classes that the style sheet has, no style, no script, no links.
func TestChartsKeepTheRules(t *testing.T) {
	css := read(t, "chart.css")
	for name, svg := range charts() {
		elements, texts := parts(t, svg)
		root := elements[0]
		if value(root, "role") != "img" || elements[1].Name.Local != "title" || elements[2].Name.Local != "desc" || texts[0] == "" || texts[1] == "" {
			t.Errorf("%s does not say what it is", name)
		}
		box := strings.Fields(value(root, "viewBox"))
		height, _ := strconv.Atoi(box[3])
		ids := map[string]bool{}
		for _, e := range elements {
			if slices.Contains([]string{"a", "script", "style", "image", "use", "foreignObject"}, e.Name.Local) {
				t.Errorf("%s holds <%s>", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				switch {
				case a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on"):
					t.Errorf("%s: %s=%q", name, a.Name.Local, a.Value)
				case a.Name.Local == "id":
					if ids[a.Value] {
						t.Errorf("%s has the id %s twice", name, a.Value)
					}
					ids[a.Value] = true
				case a.Name.Local == "fill" && !strings.HasPrefix(a.Value, "url(#"):
					t.Errorf("%s: a colour outside the style sheet, %s", name, a.Value)
				case a.Name.Local == "class":
					for c := range strings.FieldsSeq(a.Value) {
						if c != "chart-text" && !regexp.MustCompile(`\.`+c+`\b`).MatchString(css) {
							t.Errorf("%s: the style sheet does not know .%s", name, c)
						}
					}
				}
			}
			inside(t, name, e, "x", chart.Width)
			inside(t, name, e, "y", height)
		}
	}
	if size := regexp.MustCompile(`text \{ font-size: (\d+)px`).FindStringSubmatch(css); size == nil || size[1] < "16" {
		t.Errorf("text is %v", size)
	}
}

func inside(t interface{ Errorf(string, ...any) }, name string, e xml.StartElement, axis string, limit int) {
	for _, at := range []string{axis, axis + "1", axis + "2", "c" + axis} {
		if s := value(e, at); s != "" {
			if v, err := strconv.Atoi(s); err != nil || v < 0 || v > limit {
				t.Errorf("%s: <%s %s=%s> lies outside 0 to %d", name, e.Name.Local, at, s, limit)
			}
		}
	}
}

// Whatever the facts, a chart is well-formed and within its frame, and what is
// written in it is what was given.
func TestAnyFactsDraw(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"<b>&\"'", "a b c d e f g h i j k l m n o p q r s t u v w", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"}))
		amount := rapid.Int64Range(-int64(money.Max), int64(money.Max))
		clean := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r < ' ' || r == 0xFFFE || r == 0xFFFF {
					return ' '
				}
				return r
			}, s)
		}
		var b chart.Bars
		var s chart.Stack
		var l chart.Line
		b.ID, s.ID, l.ID = "b", "s", "l"
		l.Scale = func(v int64) string { return money.Pence(v).Whole() }
		for range rapid.IntRange(0, 8).Draw(rt, "count") {
			name, v := clean(word.Draw(rt, "name")), amount.Draw(rt, "value")
			b.Bars = append(b.Bars, chart.Bar{Name: name, Value: v, Text: money.Pence(v).Whole(), Unknown: v%7 == 0})
			s.Parts = append(s.Parts, chart.Part{Name: name, Value: v, Text: "x", Likely: v%2 == 0})
			l.Periods = append(l.Periods, name)
			l.Series = append(l.Series, chart.Series{Name: "x", Kind: chart.SeriesKind(len(l.Series) % 3)})
		}
		var w chart.Waterfall
		f := chart.Fan{ID: "f", Scale: l.Scale, Periods: l.Periods, Lines: l.Series}
		for _, bar := range b.Bars {
			w.Steps = append(w.Steps, chart.Step{Name: bar.Name, Value: bar.Value, Kind: chart.StepKind(rapid.IntRange(0, 2).Draw(rt, "kind")), Text: bar.Text, Unknown: bar.Unknown, Likely: bar.Value%2 == 0})
			low := bar.Value
			f.Low, f.Middle, f.High = append(f.Low, low), append(f.Middle, low/2), append(f.High, max(low, -low))
		}
		for i := range l.Series {
			for range l.Periods {
				l.Series[i].Points = append(l.Series[i].Points, chart.Point{Value: amount.Draw(rt, "point"), Given: rapid.Bool().Draw(rt, "given")})
			}
		}
		for name, svg := range map[string]string{"bars": string(b.SVG()), "stack": string(s.SVG()), "line": string(l.SVG()), "waterfall": string(w.SVG()), "fan": string(f.SVG())} {
			elements, _ := parts(rt, svg)
			height, _ := strconv.Atoi(strings.Fields(value(elements[0], "viewBox"))[3])
			for _, e := range elements {
				if e.Name.Local == "rect" || e.Name.Local == "line" || e.Name.Local == "circle" {
					inside(rt, name, e, "x", chart.Width)
					inside(rt, name, e, "y", height)
				}
			}
		}
	})
}

// A waterfall's bars hang together: each begins where the last one ended, what is
// missing moves nothing, and the last stands on nought.
func TestWaterfallHangsTogether(t *testing.T) {
	elements, _ := parts(t, string(waterfall().SVG()))
	at := func(e xml.StartElement, name string) int { v, _ := strconv.Atoi(value(e, name)); return v }
	var bars [][2]int
	nought := -1
	for _, e := range elements {
		switch class := value(e, "class"); {
		case class == "chart-axis":
			nought = at(e, "x1")
		case e.Name.Local == "rect" && class != "chart-paper" && value(e, "height") == "26":
			bars = append(bars, [2]int{at(e, "x"), at(e, "x") + at(e, "width")})
		}
	}
	if len(bars) != 7 { // savings found is nothing, exit cost not known
		t.Fatalf("%d bars", len(bars))
	}
	funding, ending, likely, cost, prices, missing, gap := bars[0], bars[1], bars[2], bars[3], bars[4], bars[5], bars[6]
	for name, same := range map[string][2]int{"funding stands on nought": {funding[0], nought}, "what ends falls from it": {ending[1], funding[1]}, "renewals rise from there": {likely[0], ending[0]},
		"cost falls from there": {cost[1], likely[1]}, "prices fall on": {prices[1], cost[0]}, "what is missing is all below nought": {missing[0], prices[0]}, "and ends at it": {missing[1], nought},
		"the gap is as long": {gap[0], prices[0]}, "and stands on nought": {gap[1], nought}} {
		if d := same[0] - same[1]; d < -1 || d > 1 { // a unit of rounding
			t.Errorf("%s: %d and %d", name, same[0], same[1])
		}
	}
}

// The words of cliffs that stand close never lie on one another.
func TestCliffsKeepApart(t *testing.T) {
	tl := timeline()
	tl.To = year("2031-32")
	tl.Cliffs = nil
	for _, on := range []string{"2027-01-31", "2027-03-31", "2027-06-30", "2028-03-31", "2032-03-31"} {
		tl.Cliffs = append(tl.Cliffs, chart.Cliff{On: fiscal.MustDate(on), Lines: []string{"31 Mar 2027", "£1,910,000", "5 services"}})
	}
	type box struct{ x, y, w int }
	var boxes []box
	elements, _ := parts(t, string(tl.SVG()))
	for _, e := range elements {
		if e.Name.Local != "text" {
			continue
		}
		x, _ := strconv.Atoi(value(e, "x"))
		y, _ := strconv.Atoi(value(e, "y"))
		if y > 40+5*48 { // beneath the lanes
			b := box{x - 48, y, 96}
			if value(e, "text-anchor") == "end" {
				b.x = x - 96
			}
			if b.x < 0 || b.x+b.w > chart.Width {
				t.Errorf("words stand outside: %+v", b)
			}
			boxes = append(boxes, b)
		}
	}
	if len(boxes) != 16 {
		t.Fatalf("%d lines of words", len(boxes))
	}
	for i, a := range boxes {
		for _, b := range boxes[i+1:] {
			if a.x < b.x+b.w && b.x < a.x+a.w && max(a.y-b.y, b.y-a.y) < 20 {
				t.Errorf("words lie on one another: %+v and %+v", a, b)
			}
		}
	}
}

func TestHeatSteps(t *testing.T) {
	for _, c := range []struct{ value, max, want int }{
		{0, 100, 0}, {-5, 100, 0}, {1, 100, 1}, {20, 100, 1}, {21, 100, 2}, {60, 100, 3}, {99, 100, 5}, {100, 100, 5}, {500, 100, 5}, {5, 0, 0},
		{1, 1, 5}, {math.MaxInt, math.MaxInt, 5}, {math.MaxInt / 2, math.MaxInt, 3},
	} {
		if got := chart.HeatStep(c.value, c.max); got != c.want {
			t.Errorf("%d of %d is step %d, want %d", c.value, c.max, got, c.want)
		}
	}
}

// The colours of the style sheets are the palette, and can be told apart and
// read: 3:1 for shapes on white, 4.5:1 for text.
func TestContrast(t *testing.T) {
	charts, pages := read(t, "chart.css"), read(t, "braid.css")
	for i, want := range chart.Colours {
		for _, kind := range []string{`fill`, `stroke`} {
			name := map[string]string{"fill": "chart-", "stroke": "chart-line-"}[kind] + strconv.Itoa(i+1)
			found := regexp.MustCompile(`\.` + name + ` \{ ` + kind + `: (#[0-9A-Fa-f]+)`).FindStringSubmatch(charts)
			if found == nil || !strings.EqualFold(found[1], want) {
				t.Errorf("%s is %v, want %s", name, found, want)
			}
		}
		beside := []string{"#FFFFFF"}
		if i > 0 && i < 4 {
			beside = append(beside, chart.Colours[i-1])
		}
		for _, other := range beside {
			if got := contrast(want, other); got < 3 {
				t.Errorf("%s on %s: %.2f", want, other, got)
			}
		}
	}
	if got := contrast(chart.Colours[0], "#FFFFFF"); got < 4.5 {
		t.Errorf("white words on %s: %.2f", chart.Colours[0], got)
	}
	for i, want := range chart.Heat {
		found := regexp.MustCompile(`\.heat-` + strconv.Itoa(i) + ` \{ background: (#[0-9A-Fa-f]+)`).FindStringSubmatch(pages)
		if found == nil || !strings.EqualFold(full(found[1]), want) {
			t.Errorf("heat-%d is %v, want %s", i, found, want)
		}
		words := chart.Ink
		if i >= 4 {
			words = "#FFFFFF"
		}
		if got := contrast(want, words); got < 4.5 {
			t.Errorf("the number on heat-%d: %.2f", i, got)
		}
	}
}

func full(hex string) string {
	if len(hex) == 4 {
		return "#" + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:3], 2) + strings.Repeat(hex[3:4], 2)
	}
	return hex
}

// contrast is WCAG's ratio of two colours.
func contrast(a, b string) float64 {
	luminance := func(hex string) float64 {
		n, _ := strconv.ParseUint(hex[1:], 16, 32)
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			c := float64(n>>(16-8*i)&255) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "static", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
