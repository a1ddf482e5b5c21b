// Package plant makes books of children's services in which some are commissioned twice, for tests.
// Books are invented, the same for the same seed, and hard on purpose: beside every true pair stand
// sister programmes, the same name elsewhere or for another age, and texts used over again.
//
//	plant.go    the book: areas, objectives, services, doubles and near-misses
//	register.go the first style: a register with names and descriptions
//	composed.go the second: names put together from what, how and for whom, so that many differ by one word
//	terse.go    the third: short names as in a finance system, few descriptions, other words
//	prospectus.go another planter altogether: bidders' words and sentences, noise and near-misses of its own
package plant
