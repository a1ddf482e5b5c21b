package fiscal

// Period is the days from From up to, not including, To. A zero From has no
// beginning and a zero To no end.
type Period struct{ From, To Date }

// ThroughTo makes a period as people write it, its last day included.
func ThroughTo(from, lastDay Date) Period { return Period{from, lastDay.AddDays(1)} }

func (p Period) empty() bool { return p.To != 0 && p.From >= p.To }

// Contains reports whether d falls in the period; no date falls in none.
func (p Period) Contains(d Date) bool {
	return d != 0 && d >= p.From && (p.To == 0 || d < p.To)
}

// Overlaps reports whether some day falls in both.
func (p Period) Overlaps(q Period) bool {
	_, ok := p.Intersect(q)
	return ok
}

// Intersect returns the days in both, and false when there are none.
func (p Period) Intersect(q Period) (Period, bool) {
	both := Period{max(p.From, q.From), min(p.To, q.To)}
	if p.To == 0 || q.To == 0 {
		both.To = max(p.To, q.To)
	}
	if both.empty() {
		return Period{}, false
	}
	return both, true
}

// Days counts the days; an open end is not known.
func (p Period) Days() (n int, known bool) {
	if p.From == 0 || p.To == 0 {
		return 0, false
	}
	return max(int(p.To-p.From), 0), true
}

// String is "1 April 2026 to 31 March 2027", naming the last day, not the one after.
func (p Period) String() string {
	switch {
	case p.From == 0 && p.To == 0:
		return "at any time"
	case p.To == 0:
		return "from " + p.From.Long()
	case p.From == 0:
		return "until " + p.To.AddDays(-1).Long()
	}
	return p.From.Long() + " to " + p.To.AddDays(-1).Long()
}

// MonthsOf counts the calendar months of y that p touches; a part month counts
// as one, so 15 September to March is seven. Of Term, which has no months, none.
func MonthsOf(p Period, y Year) int {
	if y == Term {
		return 0
	}
	both, ok := p.Intersect(y.Period())
	if !ok {
		return 0
	}
	y1, m1, _ := both.From.Civil()
	y2, m2, _ := both.To.AddDays(-1).Civil()
	return (y2-y1)*12 + m2 - m1 + 1
}
