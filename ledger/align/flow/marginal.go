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
	costs, reached := s.cheapest(to, from)
	return costs[from], reached[from]
}

// MarginalTo is Marginal from each node to one, in a single search.
func (s *Solution) MarginalTo(to int) (cost []Cost, ok []bool) {
	return s.cheapest(to, -1)
}

// cheapest goes back from a node along all that could carry more, or less against
// the arc, until it has reached the node until. By reduced costs no step costs
// less than nothing, so Dijkstra's search finds the cheapest way.
func (s *Solution) cheapest(to, until int) (cost []Cost, done []bool) {
	nodes := len(s.supply)
	start, at := s.ends()
	done = make([]bool, nodes)
	line := &queue{cost: make([]Cost, nodes), place: make([]int32, nodes)}
	heap.Push(line, int32(to))
	for line.Len() > 0 {
		v := heap.Pop(line).(int32)
		done[v] = true
		if int(v) == until {
			break
		}
		for _, p := range at[start[v]:start[v+1]] {
			u, room := s.from[p], s.room[p]-s.flow[p]
			against := u == v
			if against {
				u, room = s.to[p], s.flow[p]
			}
			if room == 0 || done[u] {
				continue
			}
			step := s.reduced(int(p))
			if against {
				step = Cost{}.less(step)
			}
			line.offer(u, line.cost[v].add(step))
		}
	}
	for v := range line.cost {
		line.cost[v] = line.cost[v].add(s.potential[to]).less(s.potential[v])
	}
	return line.cost, done
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

// offer puts a node in line, or further forward if this way to it is cheaper.
func (q *queue) offer(v int32, cost Cost) {
	switch {
	case q.place[v] == 0:
		q.cost[v] = cost
		heap.Push(q, v)
	case cost.Compare(q.cost[v]) < 0:
		q.cost[v] = cost
		heap.Fix(q, int(q.place[v]-1))
	}
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
