package chart

import (
	"html/template"
	"slices"
)

// Line shows whether a measure is turning: what was, what comes if nothing
// changes, what is wanted; three lines at most.
type Line struct {
	ID, Title, Desc string
	Periods         []string // along the foot, in order
	Series          []Series
	FromNought      bool                 // begin the scale at nought
	Scale           func(v int64) string // writes a step of the scale
}

// Series is one line: as many points as there are periods.
type Series struct {
	Name, Lang string
	Kind       SeriesKind
	Points     []Point
}

// Point is a value. One not given breaks the line.
type Point struct {
	Value int64
	Given bool
	Text  string // at the last point, and where Marked
	Mark  bool   // write the text beside the point
}

// SeriesKind is how a line looks.
type SeriesKind uint8

// The kinds of series.
const (
	Actual   SeriesKind = iota // solid, with points
	Forecast                   // dashed, with rings
	Target                     // dotted
)

var looks = map[SeriesKind]string{Actual: "chart-series chart-line-1", Forecast: "chart-series chart-line-4 chart-dashes", Target: "chart-series chart-line-5 chart-dots"}

// SVG draws the lines, each named at its end.
func (l Line) SVG() template.HTML {
	series := l.Series[:min(len(l.Series), 3)]
	var lo, hi int64
	seen := false
	names, scale := 0, 0
	for _, s := range series {
		names = max(names, wide(s.Name))
		for _, p := range s.Points {
			if !p.Given {
				continue
			}
			if !seen {
				lo, hi, seen = p.Value, p.Value, true
			}
			lo, hi = min(lo, p.Value), max(hi, p.Value)
		}
	}
	if l.FromNought {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	marks := steps(lo, hi)
	lo, hi = marks[0], marks[len(marks)-1]
	for _, m := range marks {
		scale = max(scale, wide(l.scale(m)))
	}
	const top, bottom, height = 36, 340, 380
	left, right := scale+20, Width-20-min(names+50, 340)
	x := func(i int) int { return place(int64(i), 0, int64(max(len(l.Periods)-1, 1)), left, right-left) }
	y := func(v int64) int { return bottom - place(v, lo, hi, 0, bottom-top) }

	d := open(l.ID, l.Title, l.Desc, height)
	for _, m := range marks {
		class := "chart-grid"
		if m == 0 {
			class = "chart-axis"
		}
		d.line(class, left, y(m), right, y(m))
		d.text(left-10, y(m)+6, "end", "chart-text", "", l.scale(m))
	}
	end := -1 << 30 // periods that would run into one another are left out
	for i, p := range l.Periods {
		if from := x(i) - wide(p)/2; from > end {
			d.text(x(i), bottom+28, "middle", "chart-text", "", p)
			end = x(i) + wide(p)/2 + 8
		}
	}
	type name struct {
		y      int
		series int
	}
	var ends []name
	for i, s := range series {
		last := -1
		points := s.Points[:min(len(s.Points), len(l.Periods))]
		pen := false
		for j, p := range points {
			if !p.Given {
				if pen {
					d.s("\"/>\n")
				}
				pen = false
				continue
			}
			if !pen {
				d.s(`<path class="`).s(looks[s.Kind]).s(`" d="M`)
			} else {
				d.s(`L`)
			}
			d.n(x(j)).s(` `).n(y(p.Value))
			pen, last = true, j
		}
		if pen {
			d.s("\"/>\n")
		}
		for j, p := range points {
			if !p.Given {
				continue
			}
			switch s.Kind {
			case Actual:
				d.s(`<circle class="chart-1" cx="`).n(x(j)).s(`" cy="`).n(y(p.Value)).s("\" r=\"5\"/>\n")
			case Forecast:
				d.s(`<circle class="chart-ring chart-line-4" cx="`).n(x(j)).s(`" cy="`).n(y(p.Value)).s("\" r=\"5\"/>\n")
			}
			if p.Mark || j == last && p.Text != "" {
				d.text(x(j), y(p.Value)-12, "middle", "chart-strong chart-halo", "", p.Text)
			}
		}
		if last >= 0 {
			ends = append(ends, name{y(points[last].Value), i})
		}
	}
	// Names keep a line's height from each other, in the order of their ends.
	slices.SortStableFunc(ends, func(a, b name) int { return a.y - b.y })
	for i := range ends {
		if i > 0 {
			ends[i].y = max(ends[i].y, ends[i-1].y+line)
		}
	}
	foot := bottom + line
	for i := len(ends) - 1; i >= 0; i-- {
		foot -= line
		ends[i].y = min(ends[i].y, foot)
		foot = ends[i].y
		s := series[ends[i].series]
		d.line(looks[s.Kind], right+24, ends[i].y, right+48, ends[i].y)
		d.text(right+54, ends[i].y+6, "start", "chart-text", s.Lang, s.Name)
	}
	return d.close()
}

func (l Line) scale(v int64) string {
	if l.Scale == nil {
		return ""
	}
	return l.Scale(v)
}
