package flow_test

import (
	"math/big"

	"braid/ledger/align/flow"
)

// The other method: cancel rounds that save, then send what is over along the
// cheapest paths, in big.Int vectors, with no tree, no packing and no prices.

const (
	impossible = "impossible"
	withoutEnd = "without end"
)

type residual struct {
	from, to, arc int
	sign          int64 // +1 along the arc, -1 against it
}

func paths(n net) (value flow.Value, why string) {
	flows := make([]int64, len(n.arcs))
	over := append([]int64(nil), n.supply...)
	for i, a := range n.arcs {
		flows[i] = a.low
		over[a.from] -= a.low
		over[a.to] += a.low
	}
	var edges []residual
	for i, a := range n.arcs {
		edges = append(edges, residual{a.from, a.to, i, 1}, residual{a.to, a.from, i, -1})
	}
	room := func(e residual) int64 {
		switch {
		case e.sign < 0:
			return flows[e.arc] - n.arcs[e.arc].low
		case n.arcs[e.arc].cap == flow.Unlimited:
			return flow.Unlimited
		}
		return n.arcs[e.arc].cap - flows[e.arc]
	}
	push := func(way []residual, most int64) (amount int64) {
		for _, e := range way {
			most = min(most, room(e))
		}
		for _, e := range way {
			flows[e.arc] += e.sign * most
		}
		return most
	}
	// search finds the cheapest ways from the starts, or a round that saves.
	search := func(start []bool) (far []flow.Value, by []int, round []residual) {
		far, by = make([]flow.Value, len(n.supply)), make([]int, len(n.supply))
		for v := range far {
			by[v] = -1
			if start[v] {
				far[v] = zero()
			}
		}
		last := -1
		for range len(n.supply) + 1 {
			last = -1
			for i, e := range edges {
				if room(e) == 0 || far[e.from][0] == nil {
					continue
				}
				next := zero()
				for k := range next {
					next[k].Mul(big.NewInt(e.sign), big.NewInt(n.arcs[e.arc].cost[k]))
					next[k].Add(next[k], far[e.from][k])
				}
				if far[e.to][0] == nil || next.Compare(far[e.to]) < 0 {
					far[e.to], by[e.to], last = next, i, e.to
				}
			}
		}
		if last < 0 {
			return far, by, nil
		}
		for range n.supply {
			last = edges[by[last]].from
		}
		for v := last; ; {
			round = append(round, edges[by[v]])
			if v = edges[by[v]].from; v == last {
				return nil, nil, round
			}
		}
	}
	everywhere := make([]bool, len(n.supply))
	for v := range everywhere {
		everywhere[v] = true
	}
	for {
		_, _, round := search(everywhere)
		if round == nil {
			break
		}
		if push(round, flow.Unlimited) == flow.Unlimited {
			why = withoutEnd // unless it turns out to be impossible as well
			for _, e := range round {
				flows[e.arc] -= e.sign * flow.Unlimited
			}
			break
		}
	}
	for {
		start, left, need := make([]bool, len(n.supply)), false, int64(0)
		for v, amount := range over {
			start[v] = amount > 0
			left = left || amount > 0
			need -= min(amount, 0)
		}
		if !left {
			if need > 0 {
				return value, impossible
			}
			break
		}
		var far []flow.Value
		var by []int
		if why == "" {
			far, by, _ = search(start)
		} else { // only whether it is possible matters now: any way will do
			far, by = reach(len(n.supply), edges, start, room)
		}
		to := -1
		for v, amount := range over {
			if amount < 0 && far[v][0] != nil && (to < 0 || far[v].Compare(far[to]) < 0) {
				to = v
			}
		}
		if to < 0 {
			return value, impossible
		}
		var way []residual
		v := to
		for ; !start[v] || by[v] >= 0; v = edges[by[v]].from {
			way = append(way, edges[by[v]])
		}
		amount := push(way, min(over[v], -over[to]))
		over[v] -= amount
		over[to] += amount
	}
	value = zero()
	for i, a := range n.arcs {
		for k := range value {
			value[k].Add(value[k], new(big.Int).Mul(big.NewInt(flows[i]), big.NewInt(a.cost[k])))
		}
	}
	return value, why
}

func zero() (v flow.Value) {
	for k := range v {
		v[k] = new(big.Int)
	}
	return v
}

func reach(nodes int, edges []residual, start []bool, room func(residual) int64) (far []flow.Value, by []int) {
	far, by = make([]flow.Value, nodes), make([]int, nodes)
	for v := range far {
		by[v] = -1
		if start[v] {
			far[v] = zero()
		}
	}
	for range nodes {
		for i, e := range edges {
			if far[e.from][0] != nil && far[e.to][0] == nil && room(e) > 0 {
				far[e.to], by[e.to] = zero(), i
			}
		}
	}
	return far, by
}
