// Package scenario tries ways out. A Scenario is a named list of changes, laid
// over the ledger by the ordinary verbs into a book that nobody stores, and
// compared with others by the forecast that the ledger itself is read by.
//
//	o := scenario.Work(view, s, 4)
//	o.In(2027)                       cost, secured money, gap, services short, people, rules broken
//	scenario.Compare(view, 2027, 4, scenario.Nothing("Do nothing"), a, b)
//	scenario.Apply(book, actor, id, reason)
//
// What others may do is supposed, and never posted; what we may do is decided,
// and Apply posts it. Suppositions are laid first, in the order listed; then
// all decisions together, each starting from what those before it left. So the
// order of suppositions among themselves matters, and of decisions that speak
// of one cell or one service; a supposition never follows a decision.
//
//	award-cut          supposed  the award's figures from the year on become (100−p)%; allocations stay, so over-allocation shows
//	award-ends         supposed  its last day is the date; that year keeps its months' share of figure and allocations, later years nothing
//	award-renewed      supposed  figure and allocations of its last full year go on, secured, for the years shown
//	award-delayed      supposed  its first day is the date; years before it, and its own, keep their months' share
//	stream-merged      supposed  from the year on, figures and allocations pass to the other award, whose terms then rule
//	core-added         supposed  the award's figure grows by the amount in each year from the year on
//	prices             supposed  the rate takes the place of those recorded for the cost type and year (blank: all)
//	award-moved        decided   what is left of the award in one year is carried to another (year blank: drawn from its whole term)
//	service-stops      decided   from the date: its cost ends and its money is released, the year's by months
//	service-resized    decided   cost and capacity become so many per cent from the year on; its money stays
//	service-protected  decided   a floor for alignment; nothing moves
//	service-merged     decided   its cost, less the saving, its money and its places pass to the other from the year on
//	money-moved        decided   an amount of an award leaves one service for another (to_year: in each year)
//	money-put          decided   an award puts just so much on a service (to_year: in each year)
//
// Any other year left blank is the next. Money that is promised, spent or a board's
// stays where it is. Money and figures of a whole term, not split by year, are
// left alone. A use that a term refuses is laid as things are found and named
// under Broken; what cannot be laid at all is named under Refused.
package scenario
