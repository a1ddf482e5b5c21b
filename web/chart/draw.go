package chart

import (
	"html/template"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Width is every chart's width in units; a unit is a CSS pixel at full size.
const Width = 960

const (
	line  = 22 // from one line of text to the next
	glyph = 9  // a generous width of one character of 16 units
)

// drawing is an SVG being written. Places are whole units.
type drawing struct{ b []byte }

// open begins a chart of a height. Title and description are what a screen
// reader says.
func open(id, title, desc string, height int) *drawing {
	d := &drawing{b: make([]byte, 0, 8192)}
	d.s(`<svg class="chart" role="img" viewBox="0 0 `).n(Width).s(` `).n(height).s(`" aria-labelledby="`)
	d.esc(id).s(`-t `).esc(id).s(`-d" xmlns="http://www.w3.org/2000/svg"><title id="`)
	d.esc(id).s(`-t">`).esc(title).s(`</title><desc id="`).esc(id).s(`-d">`).esc(desc).s("</desc>\n")
	return d
}

// patterns defines the hatch of what is likely, in the first colour and, where
// it is wanted, in each of the others.
func (d *drawing) patterns(id string, colours ...int) *drawing {
	d.s(`<defs>`)
	for _, c := range colours {
		d.s(`<pattern id="`).esc(id).s(`-h`).n(c).s(`" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="chart-paper" width="8" height="8"/><rect class="chart-`).n(c).s(`" width="4" height="8"/></pattern>`)
	}
	return d.s("</defs>\n")
}

func (d *drawing) close() template.HTML { return template.HTML(append(d.b, "</svg>\n"...)) }

func (d *drawing) s(text string) *drawing { d.b = append(d.b, text...); return d }

func (d *drawing) n(v int) *drawing { d.b = strconv.AppendInt(d.b, int64(v), 10); return d }

func (d *drawing) esc(text string) *drawing {
	d.b = append(d.b, template.HTMLEscapeString(text)...)
	return d
}

// text writes words; anchor is start, middle or end of them.
func (d *drawing) text(x, y int, anchor, class, lang, words string) *drawing {
	d.s(`<text class="`).s(class).s(`" x="`).n(x).s(`" y="`).n(y).s(`"`)
	if anchor != "start" {
		d.s(` text-anchor="`).s(anchor).s(`"`)
	}
	if lang != "" {
		d.s(` lang="`).esc(lang).s(`"`)
	}
	return d.s(`>`).esc(words).s("</text>\n")
}

func (d *drawing) rect(class string, x, y, w, h int) *drawing {
	return d.s(`<rect class="`).s(class).s(`" x="`).n(x).s(`" y="`).n(y).s(`" width="`).n(max(w, 1)).s(`" height="`).n(h).s("\"/>\n")
}

// hatched is a rect filled with a pattern, outlined in its colour.
func (d *drawing) hatched(id string, colour, x, y, w, h int) *drawing {
	return d.s(`<rect class="chart-hatch chart-line-`).n(colour).s(`" fill="url(#`).esc(id).s(`-h`).n(colour).
		s(`)" x="`).n(x).s(`" y="`).n(y).s(`" width="`).n(max(w, 1)).s(`" height="`).n(h).s("\"/>\n")
}

func (d *drawing) line(class string, x1, y1, x2, y2 int) *drawing {
	return d.s(`<line class="`).s(class).s(`" x1="`).n(x1).s(`" y1="`).n(y1).s(`" x2="`).n(x2).s(`" y2="`).n(y2).s("\"/>\n")
}

// wide is about how wide words are.
func wide(words string) int { return utf8.RuneCountInString(words) * glyph }

// fold breaks words into at most two lines of a width; what does not fit ends in
// a dot-dot-dot, and stands whole in the table beneath.
func fold(words string, width int) []string {
	if wide(words) <= width {
		return []string{words}
	}
	var lines []string
	at := ""
	for word := range strings.FieldsSeq(words) {
		switch {
		case at == "":
			at = word
		case wide(at+" "+word) <= width || len(lines) == 1:
			at += " " + word
		default:
			lines, at = append(lines, at), word
		}
	}
	lines = append(lines, at)
	for i, l := range lines {
		if wide(l) > width {
			lines[i] = string([]rune(l)[:max(width/glyph-1, 1)]) + "…"
		}
	}
	return lines
}

// label writes a row's name, in one line or two, about the middle of the row.
func (d *drawing) label(x, middle, width int, lang, words string) {
	lines := fold(words, width)
	y := middle + 6 - (len(lines)-1)*line/2
	for _, l := range lines {
		d.text(x, y, "start", "chart-text", lang, l)
		y += line
	}
}

// place is value on a scale from lo to hi, drawn from x over width units.
func place(value, lo, hi int64, x, width int) int {
	if hi <= lo {
		return x
	}
	// £100bn in pence × 960 is 10¹⁶, well within an int64.
	return x + int(((value-lo)*int64(width)+(hi-lo)/2)/(hi-lo))
}

// steps are round numbers from at or below lo to at or above hi, nought among
// them where it lies between, at most ten.
func steps(lo, hi int64) []int64 {
	if hi <= lo {
		hi = lo + 1
	}
	by := int64(1)
	for n := 0; (hi-lo)/by > 6; n++ {
		switch n % 3 { // 1, 2, 5, 10, 20, 50 …
		case 0, 2:
			by *= 2
		case 1:
			by = by / 2 * 5
		}
	}
	from := lo / by * by
	if from > lo {
		from -= by
	}
	var all []int64
	for v := from; ; v += by {
		all = append(all, v)
		if v >= hi {
			return all
		}
	}
}
