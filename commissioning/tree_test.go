package commissioning

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var places = []Node{ // child before parent, as files have it
	{"ward-2", "north"}, {"north", "council"}, {"council", "region"}, {"region", ""},
	{"ward-1", "north"}, {"east", "council"}, {"other-region", ""},
}

func TestTree(t *testing.T) {
	tree, err := NewTree(places)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"roots", tree.Roots(), []string{"other-region", "region"}},
		{"children", tree.Children("north"), []string{"ward-1", "ward-2"}},
		{"children of a leaf", tree.Children("east"), []string(nil)},
		{"children of a stranger", tree.Children("west"), []string(nil)},
		{"ancestors, nearest first", tree.Ancestors("ward-1"), []string{"north", "council", "region"}},
		{"ancestors of a root", tree.Ancestors("region"), []string(nil)},
		{"descendants", tree.Descendants("council"), []string{"east", "north", "ward-1", "ward-2"}},
		{"descendants of a stranger", tree.Descendants("west"), []string(nil)},
		{"parent", tree.Parent("north"), "council"},
		{"parent of a root", tree.Parent("region"), ""},
		{"parent of a stranger", tree.Parent("west"), ""},
		{"within", tree.Within("ward-1", "council"), true},
		{"within itself", tree.Within("north", "north"), true},
		{"not within what it holds", tree.Within("council", "ward-1"), false},
		{"not within a sister", tree.Within("ward-1", "east"), false},
		{"a stranger is within nothing", tree.Within("west", "region"), false},
		{"nothing is within a stranger", tree.Within("region", "west"), false},
		{"overlap", tree.Overlap("council", "ward-2"), true},
		{"sisters do not overlap", tree.Overlap("east", "north"), false},
		{"has", tree.Has("east"), true},
		{"has not", tree.Has("west"), false},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
	if in, out := tree.Span("west"); in != out {
		t.Errorf("a stranger has the span %d to %d", in, out)
	}
}

func TestTreeRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		nodes []Node
		want  []string // the faults, in words that must be there
	}{
		{"its own parent", []Node{{"a", "a"}}, []string{"a loop: a → a"}},
		{"a loop of two", []Node{{"b", "a"}, {"a", "b"}}, []string{"a loop: a → b → a"}},
		{"a loop of four, and one hanging from it", []Node{{"d", "a"}, {"c", "d"}, {"b", "c"}, {"a", "b"}, {"x", "c"}}, []string{"a loop: a → b → c → d → a"}},
		{"two loops", []Node{{"a", "b"}, {"b", "a"}, {"c", "c"}}, []string{"a → b → a", "c → c"}},
		{"a parent that is not recorded", []Node{{"a", "nowhere"}}, []string{`a lies in "nowhere", which is not recorded`}},
		{"an id twice", []Node{{"a", ""}, {"a", ""}}, []string{"a is recorded twice"}},
		{"no id", []Node{{"", ""}}, []string{"no id"}},
		{"all faults at once", []Node{{"a", "nowhere"}, {"b", "b"}, {"", ""}}, []string{"nowhere", "b → b", "no id"}},
	} {
		tree, err := NewTree(c.nodes)
		if tree != nil || err == nil {
			t.Errorf("%s: was allowed", c.name)
			continue
		}
		if lines := strings.Split(err.Error(), "\n"); len(lines) != len(c.want) {
			t.Errorf("%s: %d faults: %v", c.name, len(lines), err)
		}
		for _, words := range c.want {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q lacks %q", c.name, err, words)
			}
		}
	}
}

// chain is a line of nodes, each in the one before.
func chain(depth int) []Node {
	nodes := []Node{{"n0000", ""}}
	for i := 1; i < depth; i++ {
		nodes = append(nodes, Node{fmt.Sprintf("n%04d", i), nodes[i-1].ID})
	}
	return nodes
}

func TestTreeDepth(t *testing.T) {
	if _, err := NewTree(chain(MaxDepth)); err != nil {
		t.Errorf("%d levels: %v", MaxDepth, err)
	}
	for _, depth := range []int{MaxDepth + 1, 1000} {
		_, err := NewTree(chain(depth))
		var deep *TooDeep
		if !errors.As(err, &deep) || deep.ID != "n0020" {
			t.Errorf("%d levels: %v", depth, err)
		}
	}
	round := chain(1000)
	round[0].Parent = round[999].ID
	_, err := NewTree(round)
	var loop *Loop
	if !errors.As(err, &loop) || len(loop.IDs) != 1000 || len(err.Error()) > 500 {
		t.Errorf("a loop of 1,000: %v", err)
	}
}

// TestTreeAgainstParents compares every answer with the plain one, found by
// following parents.
func TestTreeAgainstParents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 25).Draw(t, "records")
		forest := rapid.IntRange(0, 3).Draw(t, "forest") > 0 // else loops are likely
		parent := map[string]string{}
		var nodes []Node
		for i := range n {
			id := fmt.Sprintf("r%02d", i)
			last := n - 1
			if forest {
				last = i - 1
			}
			if up := rapid.IntRange(-1, last).Draw(t, "parent"); up >= 0 {
				parent[id] = fmt.Sprintf("r%02d", up)
			}
			nodes = append(nodes, Node{id, parent[id]})
		}
		depth := func(id string) int { // more than n in a loop
			d := 1
			for p := parent[id]; p != "" && d <= n; p = parent[p] {
				d++
			}
			return d
		}
		sound := true
		for _, node := range nodes {
			sound = sound && depth(node.ID) <= min(n, MaxDepth)
		}
		tree, err := NewTree(rapid.Permutation(nodes).Draw(t, "order"))
		if (err == nil) != sound {
			t.Fatalf("sound: %v, error: %v", sound, err)
		}
		if !sound {
			return
		}
		within := func(id, ancestor string) bool {
			for ; id != ""; id = parent[id] {
				if id == ancestor {
					return true
				}
			}
			return false
		}
		for _, a := range nodes {
			if tree.Parent(a.ID) != parent[a.ID] || len(tree.Ancestors(a.ID)) != depth(a.ID)-1 {
				t.Fatalf("%s: parent %q, ancestors %v", a.ID, tree.Parent(a.ID), tree.Ancestors(a.ID))
			}
			below, children := 0, 0
			for _, b := range nodes {
				if tree.Within(b.ID, a.ID) != within(b.ID, a.ID) {
					t.Fatalf("%s within %s: %v", b.ID, a.ID, tree.Within(b.ID, a.ID))
				}
				if tree.Overlap(a.ID, b.ID) != (within(a.ID, b.ID) || within(b.ID, a.ID)) {
					t.Fatalf("%s and %s: %v", a.ID, b.ID, tree.Overlap(a.ID, b.ID))
				}
				if within(b.ID, a.ID) {
					below++
				}
				if parent[b.ID] == a.ID {
					children++
				}
			}
			in, out := tree.Span(a.ID)
			if int(out-in) != below || len(tree.Descendants(a.ID)) != below-1 || len(tree.Children(a.ID)) != children {
				t.Fatalf("%s holds %d, and its span is %d to %d", a.ID, below, in, out)
			}
		}
	})
}
