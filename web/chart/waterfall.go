package chart

import "html/template"

// Waterfall shows how one figure comes of another: each bar begins where the
// one before it ended.
type Waterfall struct {
	ID, Title, Desc string
	Steps           []Step
}

// Step is one bar. Its text says the figure with its sign.
type Step struct {
	Name, Lang string
	Kind       StepKind
	Value      int64
	Text       string
	Likely     bool // hatched
	Unknown    bool // its words and no bar
}

// StepKind is what a step does.
type StepKind uint8

// The kinds of step.
const (
	Moves   StepKind = iota // adds its value to what came before
	Level                   // stands on nought: where it begins, what it comes to
	Missing                 // a dashed outline over what is not there; it moves nothing
)

// span is from where to where a step's bar reaches, and what stands after it.
func (s Step) span(before int64) (from, to, after int64) {
	switch {
	case s.Unknown:
		return before, before, before
	case s.Kind == Level:
		return 0, s.Value, s.Value
	case s.Kind == Missing:
		return before, before + s.Value, before
	}
	return before, before + s.Value, before + s.Value
}

// SVG draws the steps beneath each other, so that their names have room in any
// language.
func (w Waterfall) SVG() template.HTML {
	var lo, hi, at int64
	room := 0
	for _, s := range w.Steps {
		from, to, after := s.span(at)
		lo, hi, at = min(lo, from, to), max(hi, from, to), after
		room = max(room, wide(s.Text)+16)
	}
	const names, top, step, height = labelWidth + 80, 10, 44, 26
	left, right := names+20, Width-8-room
	if lo < 0 { // bars below nought have their words on that side
		left = min(left+room, right-200)
	}
	x := func(v int64) int { return place(v, lo, hi, left, right-left) }
	bottom := top + len(w.Steps)*step
	d := open(w.ID, w.Title, w.Desc, bottom+10).patterns(w.ID, 2, 4)
	d.line("chart-axis", x(0), top-6, x(0), bottom)
	at = 0
	for i, s := range w.Steps {
		middle := top + i*step + step/2
		d.label(4, middle, names, s.Lang, s.Name)
		from, to, after := s.span(at)
		a, b := min(x(from), x(to)), max(x(from), x(to))
		style, colour := "chart-strong", 1
		switch {
		case s.Kind == Level && s.Value < 0:
			colour = 3
		case s.Kind != Level && s.Value < 0:
			style, colour = "chart-text", 4
		case s.Kind != Level:
			style, colour = "chart-text", 2
		}
		switch {
		case s.Unknown || s.Value == 0:
			if s.Unknown {
				style = "chart-text chart-soft"
			}
		case s.Kind == Missing:
			d.rect("chart-dashed", a, middle-height/2, b-a, height)
		case s.Likely:
			d.hatched(w.ID, colour, a, middle-height/2, b-a, height)
		default:
			d.rect(classOf(colour), a, middle-height/2, b-a, height)
		}
		if b <= x(0) && to < 0 && s.Kind != Missing { // below nought, the words do not lie across it
			d.text(a-8, middle+6, "end", style, "", s.Text)
		} else {
			d.text(b+8, middle+6, "start", style, "", s.Text)
		}
		if i+1 < len(w.Steps) && w.Steps[i+1].Kind != Level {
			d.line("chart-thread", x(after), middle+height/2, x(after), middle+step-height/2)
		}
		at = after
	}
	return d.close()
}

func classOf(colour int) string {
	return [...]string{"", "chart-1", "chart-2", "chart-3", "chart-4"}[colour]
}
