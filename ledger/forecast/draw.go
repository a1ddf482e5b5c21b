package forecast

import (
	"braid/ledger/fiscal"
	"braid/ledger/money"
)

// Odds are what many draws of renewals, prices and delays come to.
type Odds struct {
	Seed     uint64
	Draws    int
	Share    money.Share // of its money of the first year, that a service may lose
	Years    []Spread
	Services []Chance // in order of id
}

// Spread is the gap of a year, after what is renewed in each draw: one draw in
// ten comes to P10 or less, half to P50 or less, nine in ten to P90 or less.
type Spread struct {
	Year          fiscal.Year
	P10, P50, P90 Figure
}

// Chance is how likely a service is to lose more than a share of the money it
// has in the first year, per cent: in each year, and in any of them.
type Chance struct {
	Service string
	ByYear  []int
	Ever    int
}
