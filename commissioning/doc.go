// Package commissioning is what the money buys, for whom and to what end.
//
// Partners agree an Objective. A Need is a number of people for an objective, an
// area, an age band and a year. A Service is what is provided to meet it, and an
// Agreement with a provider secures the service. A Board advises or decides,
// within a Delegation and the Limits of those who act.
//
// Areas and objectives are trees; a Tree answers at once whether one place lies
// within another, and refuses loops when it is built.
//
// The verbs are few:
//
//	service.NetCost(year)       what it is planned to cost, less its income
//	agreement.DecideBy(end,…)   the last day on which a decision is still free
//	ages.OverlapShare(other)    how far two age bands serve the same children
//	limit.Allows(amount, before) may one person make this move alone
//
// A cost, a number of people or a notice period that nobody stated is not
// known; it is never nought. The package knows nothing of funding or the ledger.
package commissioning
