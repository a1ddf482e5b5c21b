package chart

import "html/template"

// Bars shows what is over and what is under: one bar each around nought.
type Bars struct {
	ID, Title, Desc string
	Under, Over     string // what the two sides mean: "− under", "+ over"
	Bars            []Bar
}

// Bar is one value. What is not known has its words and no bar.
type Bar struct {
	Name, Lang string
	Value      int64
	Text       string // "−£20,000", "Not known"
	Unknown    bool
}

// SVG draws the bars, over in one colour and to the right, under in the other
// and to the left.
func (b Bars) SVG() template.HTML {
	var lo, hi int64
	room := 0
	for _, bar := range b.Bars {
		room = max(room, wide(bar.Text)+10)
		if !bar.Unknown {
			lo, hi = min(lo, bar.Value), max(hi, bar.Value)
		}
	}
	left, right := labelWidth+60+room, Width-8-room
	if lo == 0 {
		left = labelWidth + 60
	}
	const top, step, height = 34, 44, 24
	bottom := top + len(b.Bars)*step
	d := open(b.ID, b.Title, b.Desc, bottom+10)
	nought := place(0, lo, hi, left, right-left)
	if lo < 0 && b.Under != "" {
		d.text(nought-10, 20, "end", "chart-text", "", b.Under)
	}
	if b.Over != "" {
		d.text(nought+10, 20, "start", "chart-text", "", b.Over)
	}
	for i, bar := range b.Bars {
		y := top + i*step
		middle := y + step/2
		d.label(4, middle, labelWidth+48, bar.Lang, bar.Name)
		switch x := place(bar.Value, lo, hi, left, right-left); {
		case bar.Unknown:
			d.text(nought+8, middle+6, "start", "chart-text chart-soft", "", bar.Text)
		case bar.Value < 0:
			d.rect("chart-1", x, middle-height/2, nought-x, height)
			d.text(x-8, middle+6, "end", "chart-text", "", bar.Text)
		case bar.Value > 0:
			d.rect("chart-4", nought, middle-height/2, x-nought, height)
			d.text(nought+max(x-nought, 1)+8, middle+6, "start", "chart-text", "", bar.Text)
		default:
			d.text(nought+8, middle+6, "start", "chart-text", "", bar.Text)
		}
	}
	d.line("chart-axis", nought, top-6, nought, bottom)
	return d.close()
}
