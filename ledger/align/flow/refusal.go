package flow

import "fmt"

// Infeasible says that no plan keeps every limit, and why: either an arc must
// carry more than it can, or the nodes named have Over more to give than the
// arcs leaving them can take away (with a minus: need so much more than the
// arcs entering them can bring).
type Infeasible struct {
	Arc   int   // the arc whose low is over its capacity, else -1
	Nodes []int // one side of the cut, in order
	Over  int64
}

func (e *Infeasible) Error() string {
	switch {
	case e.Arc >= 0:
		return fmt.Sprintf("flow: arc %d must carry %d more than it can", e.Arc, e.Over)
	case e.Over < 0:
		return fmt.Sprintf("flow: %d nodes need %d more than can reach them", len(e.Nodes), -e.Over)
	}
	return fmt.Sprintf("flow: %d nodes have %d more to give than can leave them", len(e.Nodes), e.Over)
}

// Unbounded says that some round of arcs without limit pays for itself for ever.
type Unbounded struct{ Arc int }

func (e *Unbounded) Error() string {
	return fmt.Sprintf("flow: nothing limits a round through arc %d that lowers the cost each time", e.Arc)
}

// TooLarge says that amounts or costs are too large to be added up exactly.
type TooLarge struct {
	Aim int // whose costs; -1 where it is the amounts
}

func (e *TooLarge) Error() string {
	if e.Aim < 0 {
		return "flow: the amounts add up to more than can be reckoned exactly; use Unlimited where nothing limits an arc"
	}
	return fmt.Sprintf("flow: the costs of aim %d add up to more than can be reckoned exactly", e.Aim+1)
}
