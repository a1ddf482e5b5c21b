// Package workbook writes a forecast as an XLSX workbook with live formulas, for
// a finance officer who will change an assumption and look.
//
//	err := workbook.Write(w, view, forecast.Project(view, assumptions, 4), workbook.Options{Title: "Demo council"})
//
// Its sheets are
//
//	Assumptions     prices by year and cost type, and the chance of each award that
//	                ends: the shaded cells are there to be changed
//	Services        cost by year in its own prices, and what pay and prices add
//	Money           award × service × year, and what it counts as
//	Forecast        the medium-term table
//	Changes         the same, as each year's change on the year before
//	Gap by service  before and after likely renewals
//	Beside the gap  over-allocation, savings, money not allocated and the like
//
// Every figure that Braid works out is a formula that comes to Braid's own
// figure, to the penny: prices are rounded for each service and year, as Braid
// rounds them. What a part is not known of keeps its "at least" or "at most" as
// the shape of its number. Text never starts a formula.
package workbook
