package chart

import "html/template"

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
	ax := axes{left: scale + 20, right: Width - 20 - min(names+50, 340), lo: lo, hi: hi, periods: len(l.Periods)}
	d := open(l.ID, l.Title, l.Desc, planeHeight)
	d.plane(ax, marks, l.Periods, l.scale)
	var ends []ending
	for _, s := range series {
		if y, any := d.series(ax, s, s.Points[:min(len(s.Points), len(l.Periods))]); any {
			ends = append(ends, ending{y, looks[s.Kind], s.Lang, s.Name})
		}
	}
	d.names(ax, ends)
	return d.close()
}

func (l Line) scale(v int64) string {
	if l.Scale == nil {
		return ""
	}
	return l.Scale(v)
}

// series draws one line, broken where no point is given, and says how high its
// last point is.
func (d *drawing) series(a axes, s Series, points []Point) (y int, any bool) {
	last := -1
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
		}
		d.to(pen, a.x(j), a.y(p.Value))
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
			d.s(`<circle class="chart-1" cx="`).n(a.x(j)).s(`" cy="`).n(a.y(p.Value)).s("\" r=\"5\"/>\n")
		case Forecast:
			d.s(`<circle class="chart-ring chart-line-4" cx="`).n(a.x(j)).s(`" cy="`).n(a.y(p.Value)).s("\" r=\"5\"/>\n")
		}
		if p.Mark || j == last && p.Text != "" {
			d.text(a.x(j), a.y(p.Value)-12, "middle", "chart-strong chart-halo", "", p.Text)
		}
	}
	if last < 0 {
		return 0, false
	}
	return a.y(points[last].Value), true
}
