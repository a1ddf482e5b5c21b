package chart

// Colours is the palette in its order, as ux.md has it; static/chart.css says
// the same, and a test compares them.
var Colours = [...]string{"#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D"}

// Heat is the steps of a heat map, from nothing to most.
var Heat = [...]string{"#FFFFFF", "#E8F1F8", "#BBD4EA", "#6BACE6", "#2073BC", "#12436D"}

// Ink is the colour of text on light ground.
const Ink = "#0B0C0C"

// HeatStep gives the step of a value among values up to max: 0 for nothing, 1
// to 5 for a fifth each. The cell's class is heat-0 to heat-5.
func HeatStep(value, max int) int {
	if value <= 0 || max <= 0 {
		return 0
	}
	// By comparison, not multiplication: value may be any number of pence.
	for step := 1; step < 5; step++ {
		if value <= max/5*step+max%5*step/5 {
			return step
		}
	}
	return 5
}
