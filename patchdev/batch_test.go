package patchdev

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// freshAttrs are the attributes of a node, made from its content alone.
func freshAttrs(n *node) attr {
	a := attrKnown
	for i, k := range n.keys {
		if n.kids != nil {
			a |= freshAttrs(n.kids[i])
		} else {
			a |= keyAttr(k) | attrOf(n.vals[i])
		}
	}
	return a
}

// checkAttrs holds what is remembered of nodes against their content.
func checkAttrs(t *rapid.T, n *node) {
	if a := attr(n.memo.attr.Load()); a != 0 && a != freshAttrs(n) {
		t.Fatalf("a node of %d remembers the attributes %b, has %b", n.count, a, freshAttrs(n))
	}
	for _, kid := range n.kids {
		checkAttrs(t, kid)
	}
}

// TestBatch merges patches much smaller than their table and holds the result, the
// changes and what is remembered against doing it key by key.
func TestBatch(t *testing.T) {
	odd := rapid.SampledFrom([]Value{Int(1), Int(2), Int(MaxInt + 1), String("s"), String("a\nb"), String(unsetMark), Bool(true), Float(0.5), NewTable("a", 1), NewTable("a", 2, "b", NewTable("c", 3)), EmptyTable(), EmptyList()})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{17, 40, 700, 3000}).Draw(t, "n")
		prefix := rapid.SampledFrom([]string{"", "k", "same-head-"}).Draw(t, "prefix")
		b := EmptyTable().Edit()
		for i := range n {
			b.Set(fmt.Sprintf("%s%05d", prefix, i*2), Int(i))
		}
		for range 5 {
			b.Set(fmt.Sprintf("%s%05d", prefix, rapid.IntRange(0, n).Draw(t, "place")*2), odd.Draw(t, "value"))
		}
		root := b.Table()
		unset := rapid.Bool().Draw(t, "unset")
		for range 4 {
			root.attrs()
			p := EmptyTable().Edit()
			for range rapid.IntRange(1, max(1, n/16)).Draw(t, "size") {
				p.Set(fmt.Sprintf("%s%05d", prefix, rapid.IntRange(0, n*2).Draw(t, "key")), odd.Draw(t, "value"))
			}
			patch := p.Table()
			if patch.Len() >= root.Len()/8 {
				return
			}
			m := merger{unset: unset}
			got := m.batch(root, patch, nil)
			one := merger{unset: unset}
			w := root.Edit()
			for k, v := range patch.All() {
				was, _ := root.Get(k)
				w.Set(k, one.entry(k, was, v, nil))
			}
			want := w.Table()
			if !Equal(got, want) || got.Len() != want.Len() {
				t.Fatalf("the batch makes another table")
			}
			if !slices.EqualFunc(m.changes, one.changes, func(a, b Change) bool {
				return slices.Equal(a.Path, b.Path) && Equal(a.Old, b.Old) && Equal(a.New, b.New)
			}) {
				t.Fatalf("changes %v, want %v", m.changes, one.changes)
			}
			if len(m.changes) == 0 && got != root {
				t.Fatalf("a patch that changes nothing makes a new table")
			}
			for k, v := range root.All() {
				if _, ok := patch.Get(k); !ok {
					if now, _ := got.Get(k); !same(now, v) {
						t.Fatalf("%q was not patched and is another", k)
					}
				}
			}
			if got.root != nil {
				checkNode(t, got.root)
				checkAttrs(t, got.root)
			}
			checkAttrs(t, root.root) // the old one is as it was
			root = got
		}
	})
}
