package chart

import "html/template"

// Stack shows who pays for one thing: a bar in parts, and what each part is.
type Stack struct {
	ID, Title, Desc string
	Parts           []Part // largest first reads best; past four the rest are one
	Rest            string // what the rest are called: "Other"
	RestText        func(sum int64) string
}

// Part is one payer. Nothing and less is not drawn, but it is named.
type Part struct {
	Name, Lang string
	Value      int64
	Text       string // "£240,000, 60%"
	Likely     bool   // not confirmed: hatched
}

// SVG draws the bar with its key beneath, in the order of the parts.
func (s Stack) SVG() template.HTML {
	parts := s.Parts
	if len(parts) > 4 {
		rest := Part{Name: s.Rest}
		for _, p := range parts[3:] {
			rest.Value += max(p.Value, 0)
			rest.Likely = rest.Likely || p.Likely
		}
		if s.RestText != nil {
			rest.Text = s.RestText(rest.Value)
		}
		parts = append(append([]Part(nil), parts[:3]...), rest)
	}
	var all int64
	for _, p := range parts {
		all += max(p.Value, 0)
	}
	const top, height, key = 8, 44, 30
	d := open(s.ID, s.Title, s.Desc, top+height+20+len(parts)*key).patterns(s.ID, 1, 2, 3, 4)
	var before int64
	for i, p := range parts {
		if p.Value <= 0 {
			continue
		}
		from, to := place(before, 0, all, 4, Width-8), place(before+p.Value, 0, all, 4, Width-8)
		before += p.Value
		s.swatch(d, i+1, p.Likely, from, top, max(to-from-2, 1), height) // 2 units of white between
	}
	for i, p := range parts {
		y := top + height + 20 + i*key
		s.swatch(d, i+1, p.Likely, 4, y, 22, 20)
		d.text(36, y+16, "start", "chart-text", p.Lang, p.Name)
		d.text(max(440, 44+wide(p.Name)), y+16, "start", "chart-strong", "", p.Text)
	}
	return d.close()
}

func (s Stack) swatch(d *drawing, colour int, likely bool, x, y, w, h int) {
	if likely {
		d.hatched(s.ID, colour, x, y, w, h)
		return
	}
	d.s(`<rect class="chart-`).n(colour).s(`" x="`).n(x).s(`" y="`).n(y).s(`" width="`).n(w).s(`" height="`).n(h).s("\"/>\n")
}
