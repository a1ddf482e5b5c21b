package chart

import (
	"html/template"

	"braid/ledger/fiscal"
)

// Timeline shows when grants end.
type Timeline struct {
	ID, Title, Desc string
	From, To        fiscal.Year // shown, both included
	Today           fiscal.Date
	TodayText       string // "today"
	Lanes           []Lane
	Cliffs          []Cliff
}

// Lane is one stream's or service's money over time.
type Lane struct {
	Name, Lang string
	Spans      []Span
}

// Span is money from a day to a last day; no last day is no end.
type Span struct {
	From, To fiscal.Date
	Standing Standing
	Text     string // "confirmed", "no end date"
}

// Standing is how sure money is, and how its bar looks.
type Standing uint8

// The standings.
const (
	Confirmed Standing = iota // solid
	Likely                    // hatched
	Proposed                  // a dashed outline
	Endless                   // a line with an arrow
)

// Cliff is a day on which money ends, and what to write on its line: the day,
// the pounds, the number of services.
type Cliff struct {
	On    fiscal.Date
	Lines []string
}

const (
	laneHeight = 48
	barHeight  = 26
	labelWidth = 210
)

// SVG draws the timeline.
func (t Timeline) SVG() template.HTML {
	const left, right = labelWidth + 14, Width - 16
	first, last := t.From.Start(), t.To.End().AddDays(1)
	at := func(d fiscal.Date) int {
		return place(int64(min(max(d, first), last)), int64(first), int64(last), left, right-left)
	}
	const top = 40
	bottom := top + len(t.Lanes)*laneHeight
	rows, lowest := t.arrange(at, left, right)
	d := open(t.ID, t.Title, t.Desc, bottom+line*lowest+46).patterns(t.ID, 1)

	for y := t.From; y <= t.To; y++ {
		x := at(y.Start())
		d.line("chart-grid", x, top-8, x, bottom)
		d.text((x+at(y.End().AddDays(1)))/2, 22, "middle", "chart-text", "", y.String())
	}
	d.line("chart-grid", right, top-8, right, bottom)
	for i, lane := range t.Lanes {
		y := top + i*laneHeight
		d.label(4, y+laneHeight/2, labelWidth-8, lane.Lang, lane.Name)
		for _, s := range lane.Spans {
			t.span(d, s, at, y+(laneHeight-barHeight)/2, right)
		}
	}
	// The lines lie over the bars, and their words beneath the whole.
	for i, c := range t.Cliffs {
		if c.On < first || c.On > last {
			continue
		}
		x := at(c.On.AddDays(1))
		foot := bottom + 24 + rows[i]*line
		d.line("chart-casing", x, top-8, x, bottom) // seen on a dark bar too
		d.line("chart-cliff", x, top-8, x, foot-14)
		anchor, tx := "middle", x
		if w := widest(c.Lines) / 2; x+w > Width-4 {
			anchor, tx = "end", Width-4
		}
		for j, text := range c.Lines {
			class := "chart-text"
			if j == 1 {
				class = "chart-strong"
			}
			d.text(tx, foot+4+j*line, anchor, class, "", text)
		}
	}
	if t.Today >= first && t.Today < last {
		x := at(t.Today)
		d.line("chart-casing", x, top-8, x, bottom)
		d.line("chart-today", x, top-8, x, bottom+6)
		d.s(`<path class="chart-ink" d="M`).n(x - 7).s(` `).n(bottom + 16).s(`h14l-7 -10z"/>`)
		d.text(x-12, bottom+20, "end", "chart-text", "", t.TodayText)
	}
	return d.close()
}

func (t Timeline) span(d *drawing, s Span, at func(fiscal.Date) int, y, right int) {
	start, end := at(s.From), right
	if !s.To.IsZero() {
		end = at(s.To.AddDays(1))
	}
	if end <= start {
		return
	}
	// The words stand at the beginning, where cliff lines seldom cross them.
	middle, words := y+barHeight/2, s.Text
	if wide(words)+20 > end-start {
		words = ""
	}
	class := "chart-text"
	switch s.Standing {
	case Confirmed:
		d.rect("chart-1", start, y, end-start, barHeight)
		class = "chart-text chart-on-1"
	case Likely:
		d.hatched(t.ID, 1, start+1, y+1, end-start-2, barHeight-2)
		if words != "" {
			d.rect("chart-paper", start+6, y+2, wide(words), barHeight-4)
		}
	case Proposed:
		d.rect("chart-dashed", start+1, y+1, end-start-2, barHeight-2)
	case Endless:
		from := start
		if words != "" {
			from += wide(words) + 16
		}
		d.line("chart-endless", from, middle, max(end-10, from), middle)
		d.s(`<path class="chart-1" d="M`).n(end).s(` `).n(middle).s(`l-12 -8v16z"/>`)
	}
	if words != "" {
		d.text(start+10, middle+6, "start", class, "", words)
	}
}

func widest(lines []string) int {
	w := 0
	for _, l := range lines {
		w = max(w, wide(l))
	}
	return w
}

// arrange puts the words of cliffs that stand close one below the other. The
// row is in lines; lowest is how many lines all of them take.
func (t Timeline) arrange(at func(fiscal.Date) int, left, right int) (rows []int, lowest int) {
	type box struct{ from, to, top, bottom int }
	var taken []box
	if t.Today >= t.From.Start() && t.Today <= t.To.End() {
		x := at(t.Today)
		taken = append(taken, box{x - 20 - wide(t.TodayText), x + 14, 0, 1})
		lowest = 1
	}
	for _, c := range t.Cliffs {
		x, w := at(c.On.AddDays(1)), widest(c.Lines)/2+8
		b := box{x - w, x + w, 0, len(c.Lines)}
		if b.to > Width {
			b.from, b.to = Width-2*w, Width
		}
		for moved := true; moved; {
			moved = false
			for _, o := range taken {
				if b.from < o.to && o.from < b.to && b.top < o.bottom && o.top < b.bottom {
					b.bottom += o.bottom - b.top
					b.top = o.bottom
					moved = true
				}
			}
		}
		taken = append(taken, b)
		rows = append(rows, b.top)
		lowest = max(lowest, b.bottom)
	}
	return rows, lowest
}
