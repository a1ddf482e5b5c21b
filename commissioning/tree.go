package commissioning

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MaxDepth is how many levels a tree may have.
const MaxDepth = 20

// Node is one record of a tree, with the record it lies in; a root has none.
type Node struct{ ID, Parent string }

// Tree holds areas, or objectives, as they lie within one another. The records
// are numbered in preorder, so that all that lies within one is an unbroken run
// of numbers and a test of "within" is two comparisons.
type Tree struct {
	place  map[string]int32 // id to number
	ids    []string         // number to id
	end    []int32          // number to the number after its run
	parent []int32          // number to the parent's number; -1 at a root
}

// Loop is a run of records each of which lies in the next.
type Loop struct{ IDs []string }

func (e *Loop) Error() string {
	return fmt.Sprintf("a loop: %s → %s; give one of them another parent, or none", strings.Join(cutAll(e.IDs), " → "), cut(e.IDs[0]))
}

// UnknownParent is a record whose parent is not recorded.
type UnknownParent struct{ ID, Parent string }

func (e *UnknownParent) Error() string {
	return fmt.Sprintf("%s lies in %q, which is not recorded; add it, or mend the parent", cut(e.ID), cut(e.Parent))
}

// TooDeep is a record that lies below the last level allowed.
type TooDeep struct{ ID string }

func (e *TooDeep) Error() string {
	return fmt.Sprintf("%s lies more than %d levels down; give it a parent nearer the top", cut(e.ID), MaxDepth)
}

// BadID is a record whose id is blank or not its own.
type BadID struct{ ID string }

func (e *BadID) Error() string {
	if e.ID == "" {
		return "a record has no id; give it one"
	}
	return fmt.Sprintf("%s is recorded twice; give one of them another id", cut(e.ID))
}

// cutAll keeps a loop readable however long it is.
func cutAll(ids []string) []string {
	var short []string
	for _, id := range ids[:min(len(ids), MaxDepth)] {
		short = append(short, cut(id))
	}
	if len(ids) > MaxDepth {
		short = append(short, fmt.Sprintf("… %d more", len(ids)-MaxDepth))
	}
	return short
}

// NewTree builds a tree, in whatever order the records come. It refuses with
// every fault found: a *Loop, *UnknownParent, *TooDeep or *BadID each.
func NewTree(nodes []Node) (*Tree, error) {
	nodes = slices.SortedStableFunc(slices.Values(nodes), func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	children := map[string][]string{} // in order of id; "" has the roots
	parents := make(map[string]string, len(nodes))
	var faults []error
	for _, n := range nodes {
		if _, twice := parents[n.ID]; twice || n.ID == "" {
			faults = append(faults, &BadID{ID: n.ID})
			continue
		}
		parents[n.ID] = n.Parent
		children[n.Parent] = append(children[n.Parent], n.ID)
	}
	for _, n := range nodes {
		if _, recorded := parents[n.Parent]; n.Parent != "" && !recorded {
			faults = append(faults, &UnknownParent{ID: n.ID, Parent: n.Parent})
		}
	}
	faults = append(faults, loops(nodes, parents)...)

	t := &Tree{place: make(map[string]int32, len(nodes))}
	faults = append(faults, t.number(children)...)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return t, nil
}

// number walks down from the roots without recursion, whatever the depth.
func (t *Tree) number(children map[string][]string) (faults []error) {
	type open struct {
		number int32    // -1 above the roots
		left   []string // children still to visit
	}
	path := []open{{-1, children[""]}}
	for len(path) > 0 {
		here := &path[len(path)-1]
		if len(here.left) == 0 {
			if here.number >= 0 {
				t.end[here.number] = int32(len(t.ids))
			}
			path = path[:len(path)-1]
			continue
		}
		id := here.left[0]
		here.left = here.left[1:]
		if len(path) > MaxDepth {
			faults = append(faults, &TooDeep{ID: id})
			continue
		}
		number := int32(len(t.ids))
		t.place[id] = number
		t.ids = append(t.ids, id)
		t.end = append(t.end, 0)
		t.parent = append(t.parent, here.number)
		path = append(path, open{number, children[id]})
	}
	return faults
}

// loops follows each record upwards until it meets a root or a record already
// followed; meeting one of its own walk is a loop.
func loops(nodes []Node, parents map[string]string) (faults []error) {
	walkOf := make(map[string]int, len(nodes))
	for walk, n := range nodes {
		var path []string
		id := n.ID
		for id != "" {
			met, before := walkOf[id]
			if before {
				if met == walk {
					faults = append(faults, &Loop{IDs: fromLeast(path[slices.Index(path, id):])})
				}
				break
			}
			walkOf[id] = walk
			path = append(path, id)
			id = parents[id]
		}
	}
	return faults
}

// fromLeast turns a loop so that it begins at its least id.
func fromLeast(loop []string) []string {
	at := slices.Index(loop, slices.Min(loop))
	return slices.Concat(loop[at:], loop[:at])
}

// Has says whether a record is in the tree.
func (t *Tree) Has(id string) bool {
	_, has := t.place[id]
	return has
}

// Parent is what a record lies in; "" for a root or a record not in the tree.
func (t *Tree) Parent(id string) string {
	if n, has := t.place[id]; has && t.parent[n] >= 0 {
		return t.ids[t.parent[n]]
	}
	return ""
}

// Ancestors are all that a record lies in, nearest first.
func (t *Tree) Ancestors(id string) []string {
	var up []string
	for p := t.Parent(id); p != ""; p = t.Parent(p) {
		up = append(up, p)
	}
	return up
}

// Descendants are all that lie in a record, in preorder. Do not change them.
func (t *Tree) Descendants(id string) []string {
	in, out := t.Span(id)
	if in == out {
		return nil
	}
	return t.ids[in+1 : out : out]
}

// Children are those whose parent a record is, in order of id.
func (t *Tree) Children(id string) []string {
	n, has := t.place[id]
	if !has {
		return nil
	}
	return t.sideBySide(n+1, t.end[n])
}

// Roots are the records that lie in no other, in order of id.
func (t *Tree) Roots() []string { return t.sideBySide(0, int32(len(t.ids))) }

// sideBySide lists the records whose runs together fill a run.
func (t *Tree) sideBySide(from, to int32) []string {
	var ids []string
	for n := from; n < to; n = t.end[n] {
		ids = append(ids, t.ids[n])
	}
	return ids
}

// Span is the run of numbers of a record and all that lies in it, out not
// counted; an empty run when it is not in the tree.
func (t *Tree) Span(id string) (in, out int32) {
	n, has := t.place[id]
	if !has {
		return 0, 0
	}
	return n, t.end[n]
}

// Within says whether a record is another, or lies in it.
func (t *Tree) Within(id, ancestor string) bool {
	n, has := t.place[id]
	in, out := t.Span(ancestor)
	return has && in <= n && n < out
}

// Overlap says whether one of two records lies within the other.
func (t *Tree) Overlap(a, b string) bool { return t.Within(a, b) || t.Within(b, a) }
