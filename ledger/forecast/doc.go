// Package forecast says what the council will be short of when grants end: for
// each service and year, what it will cost against the money put on it today,
// by how sure that money is.
//
//	p := forecast.Project(view, forecast.Recorded(view), 4)
//	p.Total(forecast.Gap, 2027)             £973,000 short if no grant is renewed
//	p.Of("hubs", forecast.Gap, 2027)        of which this service
//	p.Change(forecast.Gap, 2027)            on the year before, as councils print it
//	p.Explain(forecast.Gap, "hubs", 2027)   the records and entries that add up to it
//	low, expected, high := p.Cases()
//	p.Draw(seed, 10000, share)              P10, P50, P90, and each service's chances
//
// Money counts as it is allocated today. What is secured and not allocated, what
// is not secured, and what nobody has yet agreed to stand beneath and are never
// netted; nor does money on one service pay for another. An award over-allocated
// is short by itself, and no service bears it. Likely renewals close a second
// gap, beside the first. Revenue and capital never share a total: see Capital.
//
// Unknown is not nought: a cost nobody stated makes a gap "at least", money not
// yet split by year makes it "at most". What was assumed for want of a fact is
// listed in Notes.
//
// The package is pure: the same book, date and assumptions give the same
// figures, and the same seed the same draws on any number of processors.
package forecast
