// Package align proposes a better use of the same money: who pays for what,
// within every term, and why (design section 6). It reads a view of the ledger
// and a forecast, and writes nothing: a plan becomes a scenario.
//
//	plan := align.Propose(view, forecast.Project(view, assumptions, 4), align.Options{})
//	plan.Moves        what it would change, each with the clause or aim behind it
//	plan.Short        what stays short, and what binds
//	plan.Unused       what no service may use, and why
//	plan.Value        each aim, as things are and as planned
//	plan.Worth        where £1 more of each award would go
//	plan.Doubts       what is not known, and what the plan would be either way
//	plan.Leaving(m)   the best plan without a move
//
// The aims are followed strictly in order; no gain at one is bought by any loss
// at an earlier one:
//
//	1 hold the terms, and the floors of protected services
//	2 fund statutory duties
//	3 cover agreed need, by weight and evidence
//	4 use money that ends or is tied before money that lasts and is free
//	5 rest lasting duties on lasting money
//	6 change least
//
// A penny of agreed need weighs what its service works to (the mean of its
// objectives' weights by the people who need them) times the evidence for it:
// proven 8, promising 6, not assessed 4, untested 3, found not to work 1. Cost
// beyond known need weighs next to nothing. A penny used
// of base budget or settlement weighs 2, of other money that goes on past the
// year 1, of money that ends 0; and 1 more where nothing ties it.
//
// Money committed, paid, delegated to a board or matching another award stays
// where it is. Unknown is not allowed: where a term lacks a fact, the plan puts
// no new money, and says what the plan would be if it were allowed. More money,
// or a relaxed term, is never worse.
//
// The files follow the work: read.go reads the book into an instance, a plain
// struct of numbers (instance.go); eligible.go judges which award may pay for
// which service, and under what label; network.go makes it a flow and solves
// it; propose.go makes the plan (plan.go); explain.go, worth.go, doubts.go and
// english.go say why.
package align
