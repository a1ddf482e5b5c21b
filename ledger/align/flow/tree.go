package flow

// tree is the spanning tree, by node; the root comes last.
type tree struct {
	parent []int32
	pred   []int32 // the arc between the node and its parent
	up     []bool  // whether that runs to the parent
	// thread goes through the tree so that a node is followed by all that hang
	// from it, and last is the last of those; back is the way back.
	thread, back, last []int32
	count              []int32 // how many those are, the node among them
}

func newTree(nodes int) tree {
	links := make([]int32, 6*nodes)
	part := func(i int) []int32 { return links[i*nodes : (i+1)*nodes : (i+1)*nodes] }
	return tree{part(0), part(1), make([]bool, nodes), part(2), part(3), part(4), part(5)}
}

func (t tree) clone() tree {
	u := newTree(len(t.parent))
	copy(u.parent, t.parent)
	copy(u.pred, t.pred)
	copy(u.up, t.up)
	copy(u.thread, t.thread)
	copy(u.back, t.back)
	copy(u.last, t.last)
	copy(u.count, t.count)
	return u
}

func (t tree) root() int32 { return int32(len(t.parent) - 1) }

// hang sets all the rest from the parents.
func (t tree) hang() {
	root := t.root()
	child, sibling := make([]int32, root+1), make([]int32, root+1)
	for v := range child {
		child[v], t.count[v] = -1, 1
	}
	for v := root - 1; v >= 0; v-- {
		p := t.parent[v]
		sibling[v], child[p] = child[p], v
	}
	t.parent[root], sibling[root] = -1, -1
	before := root
	for v := root; v >= 0; {
		t.thread[before], t.back[v] = v, before
		before = v
		if child[v] >= 0 {
			v = child[v]
			continue
		}
		for v >= 0 { // nothing more hangs from v: on to its sibling, or its parent's
			t.last[v] = before
			if sibling[v] >= 0 {
				v = sibling[v]
				break
			}
			v = t.parent[v]
		}
	}
	t.thread[before], t.back[root] = root, before
	for v := t.back[root]; v != root; v = t.back[v] {
		t.count[t.parent[v]] += t.count[v]
	}
}
