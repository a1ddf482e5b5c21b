// Package report turns books, positions and findings into tables and papers
// as data: one model for terminal, CSV and JSON, so that all agree to the penny.
//
// A Table is a title that states the answer, headed columns and rows of cells.
// Text writes it for a terminal, CSV for a spreadsheet; PositionJSON, CheckJSON
// and ExplainJSON write the documents of design section 8, in which money is a
// string in pounds with two decimals, unknown is null, and a partial sum has
// "at_least": true beside it.
//
// Forecasts (the medium-term table in levels and in changes, the odds, what
// opens each figure), scenarios side by side and plans are written the same
// three ways; forecast.go, scenario.go and plan.go say which keys they have.
//
// Attention is the paper that leads: what needs attention, in words and
// numbers, for a person at a terminal. Reports read; nothing here writes to
// the ledger.
package report
