// Package flow finds the cheapest way to send whole amounts through a network,
// where cheapest is judged by several aims in order: no gain in a later aim
// buys any loss in an earlier one.
//
//	g := flow.New(3)
//	g.Supply(0, 500) // node 0 has 500 to give
//	g.Supply(2, -500)
//	a := g.Arc(0, 1, 0, 400, flow.Cost{0, 1})
//	b := g.Arc(1, 2, 0, flow.Unlimited, flow.Cost{})
//	c := g.Arc(0, 2, 0, 300, flow.Cost{1})
//	s, err := g.Solve()
//	s.Flow(a), s.Flow(b), s.Flow(c) // 400, 400, 100
//
// Everything is a whole number and every answer is exact: amounts are int64,
// costs are vectors of int64 (see pack.go for how they are compared), totals
// are big.Int. The same graph gives the same answer on every machine.
//
// The method is the primal network simplex: a spanning tree of arcs, a price at
// each node, and a pivot for each arc that prices show to be worth using
// (simplex.go). A Solution proves itself: by Potential and Reduced, which are the
// prices, nothing cheaper is possible. Where no plan keeps every limit,
// *Infeasible names the nodes that cannot be balanced. Resolve answers "what if"
// from the tree already found. Marginal and Ways say what one unit more would
// cost, and where it would go. WriteLP writes the problem so that another solver
// can check the answer.
//
// The package knows nothing of money or grants.
package flow
