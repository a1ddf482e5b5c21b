package chart

import "slices"

// The plane on which lines over periods are drawn: its top, its foot, and the
// height of the whole chart with the periods beneath.
const planeTop, planeFoot, planeHeight = 36, 340, 380

// axes is where periods and values lie on the plane.
type axes struct {
	left, right int
	lo, hi      int64
	periods     int
}

func (a axes) x(i int) int {
	return place(int64(i), 0, int64(max(a.periods-1, 1)), a.left, a.right-a.left)
}

func (a axes) y(v int64) int { return planeFoot - place(v, a.lo, a.hi, 0, planeFoot-planeTop) }

// plane draws the steps of the scale and the periods along the foot; periods
// that would run into one another are left out.
func (d *drawing) plane(a axes, marks []int64, periods []string, scale func(int64) string) {
	for _, m := range marks {
		class := "chart-grid"
		if m == 0 {
			class = "chart-axis"
		}
		d.line(class, a.left, a.y(m), a.right, a.y(m))
		d.text(a.left-10, a.y(m)+6, "end", "chart-text", "", scale(m))
	}
	end := -1 << 30
	for i, p := range periods {
		if from := a.x(i) - wide(p)/2; from > end {
			d.text(a.x(i), planeFoot+28, "middle", "chart-text", "", p)
			end = a.x(i) + wide(p)/2 + 8
		}
	}
}

// ending is a line's name at its end: how high it ends, and how it looks.
type ending struct {
	y                int
	look, lang, name string
}

// names writes the lines' names to the right of the plane. They keep a line's
// height from each other, in the order of their ends.
func (d *drawing) names(a axes, ends []ending) {
	slices.SortStableFunc(ends, func(a, b ending) int { return a.y - b.y })
	for i := range ends {
		if i > 0 {
			ends[i].y = max(ends[i].y, ends[i-1].y+line)
		}
	}
	foot := planeFoot + line
	for i := len(ends) - 1; i >= 0; i-- {
		foot -= line
		ends[i].y = min(ends[i].y, foot)
		foot = ends[i].y
		e := ends[i]
		d.line(e.look, a.right+24, e.y, a.right+48, e.y)
		d.text(a.right+54, e.y+6, "start", "chart-text", e.lang, e.name)
	}
}
