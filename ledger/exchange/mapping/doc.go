// Package mapping reads tables that other people made. A mapping is data, one
// JSON file that says what the columns of such a table are called, what its
// figures mean, and which rows of Braid's registers each of its rows makes.
//
//	m, err := mapping.Named("salford-devolved-budgets") // kept here, in mappings/
//	m, err := mapping.Load(file)                        // or a council's own
//	got, err := m.Apply(tables)
//
// What Apply gives is rows of registers, as text, for package exchange to read
// like any others; the totals the table prints beside what its rows add up to;
// and everything wrong, each with its place and its remedy.
//
//	mapping.go   what a mapping may say, and whether it makes sense
//	template.go  "{slug grant}", "{year paid_on}": how a cell is written
//	cell.go      one cell of the source: an amount, a date, years
//	apply.go     a table through a mapping
//	total.go     printed totals against added ones
//
// What a reader should know:
//
// A mapping states what a table leaves to custom, or the cell is refused: what
// brackets mean, what a blank amount means, whether a range is unknown, which
// words are none, nought or unknown. Whatever it says, a cell that is neither a
// figure nor a listed word is a problem, never nought.
//
// Titles above the header are passed over: the header is the first row that has
// every heading that is not optional. Case, spaces, line breaks, underscores
// and hyphens in headings do not matter.
//
// A year's change on the year before becomes a level (change_on), and a sum
// carried forward becomes that year's own (cumulative_after). A sum over
// several years is of the whole term and is never divided.
//
// Rows made with the same id are one row. Where they say different things, or
// both state an amount, that is a problem: nothing is dropped.
//
// A row of totals is compared and not imported. Totals that differ are reported
// with the difference; whether that refuses a file is for the caller to say.
//
// The rows are held in memory until the form of their dates is known, so a
// mapping suits tables of thousands of rows; a feed of millions is better sent
// as registers.
package mapping
