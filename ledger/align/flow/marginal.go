package flow

import "container/heap"

// Marginal is what one unit more would cost by each aim if it began at one node
// and ended at another: how much dearer the cheapest plan would be if from had
// one more to give and to needed one more. Less than nothing means cheaper. ok is
// false where nothing more can go that way.
//
// Prices do not say this. Where a limit is just reached, the next unit and the
// last one differ, and a price may be either's; Marginal is the next unit's.
func (s *Solution) Marginal(from, to int) (cost Cost, ok bool) {
	return s.ways(to, from).Cost(from)
}

// Ways are the cheapest ways for one unit more from every node to one.
type Ways struct {
	to   int
	cost []Cost
	done []bool
	step []int32 // the arc to take; against it, if ^arc
}

// Ways finds the ways to a node, from all others in a single search.
func (s *Solution) Ways(to int) *Ways { return s.ways(to, -1) }

// Cost is Marginal from a node.
func (w *Ways) Cost(from int) (cost Cost, ok bool) {
	if !w.done[from] {
		return Cost{}, false
	}
	return w.cost[from], true
}

// Step is the arc that the cheapest way takes from a node: the arc would carry
// one more, or one less if the way goes against it. ok is false where there is no
// way, or no further to go.
func (w *Ways) Step(from int) (arc int, against, ok bool) {
	switch step := int(w.step[from]); {
	case !w.done[from] || from == w.to:
		return 0, false, false
	case step < 0:
		return ^step, true, true
	default:
		return step, false, true
	}
}

// ways goes back from a node along all that could carry more, or less against the
// arc, until it has reached the node until. By reduced costs no step costs less
// than nothing, so Dijkstra's search finds the cheapest way. Most steps cost just
// nothing; the nodes they reach need not wait in line.
func (s *Solution) ways(to, until int) *Ways {
	nodes := len(s.supply)
	start, at := s.ends()
	w := &Ways{to: to, cost: make([]Cost, nodes), done: make([]bool, nodes), step: make([]int32, nodes)}
	free, line := []int32{int32(to)}, &queue{cost: w.cost, place: make([]int32, nodes)}
	w.done[to] = true
	for len(free) > 0 || line.Len() > 0 {
		var v int32
		if last := len(free) - 1; last >= 0 {
			v, free = free[last], free[:last]
		} else {
			v = heap.Pop(line).(int32)
			w.done[v] = true
		}
		if int(v) == until {
			break
		}
		for _, p := range at[start[v]:start[v+1]] {
			u, room := s.from[p], s.room[p]-s.flow[p]
			against := u == v
			if against {
				u, room = s.to[p], s.flow[p]
			}
			if room == 0 || w.done[u] {
				continue
			}
			arc := s.arc(int(p))
			step := s.reduced(arc, int(p))
			if against {
				arc, step = ^arc, Cost{}.less(step)
			}
			if line.place[u] == 0 && step == (Cost{}) {
				w.cost[u], w.done[u], w.step[u] = w.cost[v], true, int32(arc)
				free = append(free, u)
			} else if line.offer(u, w.cost[v].add(step)) {
				w.step[u] = int32(arc)
			}
		}
	}
	for v := range w.cost {
		w.cost[v] = w.cost[v].add(s.potential[to]).less(s.potential[v])
	}
	return w
}

// ends lists the arcs at each node: those of node v are at[start[v]:start[v+1]].
func (s *Solution) ends() (start, at []int32) {
	start = make([]int32, len(s.supply)+2)
	for p := range s.from {
		start[s.from[p]+2]++
		start[s.to[p]+2]++
	}
	for v := 2; v < len(start); v++ {
		start[v] += start[v-1]
	}
	at = make([]int32, 2*s.arcs)
	for p := range s.from {
		for _, v := range [2]int32{s.from[p], s.to[p]} {
			at[start[v+1]] = int32(p)
			start[v+1]++
		}
	}
	return start, at
}

// queue is the nodes to which some way is known, the cheapest first.
type queue struct {
	cost  []Cost  // by node
	place []int32 // by node: where it is in line, from 1; 0 is nowhere yet
	line  []int32
}

// offer puts a node in line, or further forward if this way to it is cheaper than
// the one known.
func (q *queue) offer(v int32, cost Cost) (cheaper bool) {
	switch {
	case q.place[v] == 0:
		q.cost[v] = cost
		heap.Push(q, v)
	case cost.Compare(q.cost[v]) < 0:
		q.cost[v] = cost
		heap.Fix(q, int(q.place[v]-1))
	default:
		return false
	}
	return true
}

func (q *queue) Len() int { return len(q.line) }
func (q *queue) Less(i, j int) bool {
	return q.cost[q.line[i]].Compare(q.cost[q.line[j]]) < 0
}

func (q *queue) Swap(i, j int) {
	q.line[i], q.line[j] = q.line[j], q.line[i]
	q.place[q.line[i]], q.place[q.line[j]] = int32(i+1), int32(j+1)
}

func (q *queue) Push(v any) {
	q.line = append(q.line, v.(int32))
	q.place[v.(int32)] = int32(len(q.line))
}

func (q *queue) Pop() any {
	last := len(q.line) - 1
	v := q.line[last]
	q.line = q.line[:last]
	return v
}
