package chart

import "html/template"

// Fan shows how far apart the years may turn out: a band in which eight in ten
// draws lie, the line through its middle, and what is projected without chance.
type Fan struct {
	ID, Title, Desc string
	Periods         []string
	Low, Middle     []int64 // P10, P50
	High            []int64 // P90
	Lines           []Series
	LowName         string // names at the edges: "1 in 10: less than"
	MiddleName      string
	HighName        string
	Scale           func(v int64) string
}

// SVG draws the band with its edges named; two lines besides at most.
func (f Fan) SVG() template.HTML {
	n := min(len(f.Periods), len(f.Low), len(f.Middle), len(f.High))
	var lo, hi int64 // from nought: a gap has its size
	for i := range n {
		lo, hi = min(lo, f.Low[i], f.Middle[i], f.High[i]), max(hi, f.Low[i], f.Middle[i], f.High[i])
	}
	lines := f.Lines[:min(len(f.Lines), 2)]
	names := max(wide(f.LowName), wide(f.MiddleName), wide(f.HighName))
	for _, s := range lines {
		names = max(names, wide(s.Name))
		for _, p := range s.Points {
			if p.Given {
				lo, hi = min(lo, p.Value), max(hi, p.Value)
			}
		}
	}
	marks := steps(lo, hi)
	ax := axes{lo: marks[0], hi: marks[len(marks)-1], periods: n}
	scale := func(v int64) string {
		if f.Scale == nil {
			return ""
		}
		return f.Scale(v)
	}
	for _, m := range marks {
		ax.left = max(ax.left, wide(scale(m))+20)
	}
	ax.right = Width - 20 - min(names+50, 340)
	d := open(f.ID, f.Title, f.Desc, planeHeight)
	if n > 1 {
		d.s(`<path class="chart-band" d="M`)
		for i := range n {
			d.to(i > 0, ax.x(i), ax.y(f.High[i]))
		}
		for i := n - 1; i >= 0; i-- {
			d.to(true, ax.x(i), ax.y(f.Low[i]))
		}
		d.s("Z\"/>\n")
	}
	d.plane(ax, marks, f.Periods[:n], scale)
	const edge, middle = "chart-series chart-line-1 chart-edge", "chart-series chart-line-1"
	var ends []ending
	for _, band := range []struct {
		look, name string
		values     []int64
	}{{edge, f.HighName, f.High}, {middle, f.MiddleName, f.Middle}, {edge, f.LowName, f.Low}} {
		if n == 0 {
			break
		}
		d.s(`<path class="`).s(band.look).s(`" d="M`)
		for i := range n {
			d.to(i > 0, ax.x(i), ax.y(band.values[i]))
		}
		d.s("\"/>\n")
		ends = append(ends, ending{y: ax.y(band.values[n-1]), look: band.look, name: band.name})
	}
	for _, s := range lines {
		if y, any := d.series(ax, s, s.Points[:min(len(s.Points), n)]); any {
			ends = append(ends, ending{y, looks[s.Kind], s.Lang, s.Name})
		}
	}
	d.names(ax, ends)
	return d.close()
}

// to goes on to a point of a path, or begins there.
func (d *drawing) to(on bool, x, y int) {
	if on {
		d.s(`L`)
	}
	d.n(x).s(` `).n(y)
}
