// Package seed holds the registers of three councils, as the CSV files a council
// would send, one folder each. They are read through the ordinary import.
//
//	demo      made up. The council of the screens and of their tests: seven services,
//	          five awards, £4,330,000 awarded and £3,660,000 allocated in 2026-27.
//	          Its figures are illustrative and say so in their source column.
//	salford   Salford City Council's Cabinet paper of 12 July 2005 on early
//	          intervention: one sum for three years, and grants without amounts.
//	bridgend  Bridgend's scrutiny minute on Early Help: grants called permanent,
//	          a grant renewed a year at a time, and savings not yet identified.
//
// A file is a register (awards.csv, allocations.csv) and its first row names the
// columns. Every figure carries its source. What a paper does not state stays
// unknown: a "?" for an amount, a blank for the rest. Nothing is worked out on a
// paper's behalf: £2.7m for 2005-8 is not split by three, and Bridgend's £5m, £8m
// and £1.5m are kept as three statements and never added up.
//
// In the demo, four things are put in on purpose, and a change should keep them:
//
//	the cliff         Children's Fund and NRF stop on 31 March 2027: five services
//	                  lose £900,000. On 31 March 2028 five lose £1,910,000.
//	the cut           NRF went from £200,000 to £180,000 after it was allocated.
//	three pairs       Each shares objective, activity and level in one place:
//	                  parenting and family hubs (Confident parents, North),
//	                  youth panels and play (Out of trouble, East),
//	                  speech and early years (Ready for school, North).
//	two gaps          Safe from harm in West, Heard in North: need, and no money.
//
// The Dads' group is a service only so that the North board has a proposal to
// decide; nothing is planned for it until it does. The tests hold every total.
package seed
