// Package chart draws a page's charts on the server as SVG: the same facts give
// the same bytes.
//
//	Timeline   when grants end: a bar for each grant, a cliff line where several end
//	Bars       over or under: one bar a service around nought
//	Stack      who pays: one bar in parts
//	Line       is the measure turning: actual, forecast, target
//	Waterfall  how a figure comes of another: a bar for each step
//	Fan        how far apart the years may turn out: a band about a line
//	HeatStep   how dark a cell of a heat map is; the map itself is a table
//
// A chart is a picture with a title and a description, without links; beneath it
// stands the table that says the same, with the links. Numbers come as whole
// units of the page's choosing (pence, tenths of a percent) with their text
// beside them, so that nothing is rounded or worded here. Text is 16 units and
// never turned; nothing is told by colour alone: what is likely is hatched, what
// is proposed has a dashed outline, a cliff says its pounds.
//
// Colours are classes of static/chart.css, since the pages' policy allows no
// style in the page: .chart, .chart-text, .chart-strong,
// .chart-soft, .chart-grid, .chart-axis, .chart-1 to .chart-5, .chart-on-1 …,
// .chart-line-1 …, .chart-hatch, .chart-dashed, .chart-thread, .chart-band, .chart-edge, .chart-cliff, .chart-today;
// .heat-0 to .heat-5 are braid.css's. The tests measure their contrast.
package chart
