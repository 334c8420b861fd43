package patchdev

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// check holds a table against a plain map.
func check(t *rapid.T, tab *Table, want map[string]Value) {
	keys := slices.Sorted(maps.Keys(want))
	if tab.Len() != len(keys) {
		t.Fatalf("Len %d, want %d", tab.Len(), len(keys))
	}
	i := 0
	for k, v := range tab.All() {
		if k != keys[i] || v != want[k] {
			t.Fatalf("entry %d is %q=%v, want %q=%v", i, k, v, keys[i], want[keys[i]])
		}
		i++
	}
	for i, k := range keys {
		if v, ok := tab.Get(k); !ok || v != want[k] {
			t.Fatalf("Get(%q) = %v, %v", k, v, ok)
		}
		if x, _ := tab.At(i); x != k {
			t.Fatalf("At(%d) = %q, want %q", i, x, k)
		}
		if tab.Index(k) != i {
			t.Fatalf("Index(%q) = %d, want %d", k, tab.Index(k), i)
		}
	}
	if tab.root != nil {
		checkNode(t, tab.root)
	}
}

func checkNode(t *rapid.T, n *node) int {
	if n.heads != nil && len(n.heads) != len(n.keys) || n.kids != nil && n.heads == nil {
		t.Fatalf("%d heads of %d keys", len(n.heads), len(n.keys))
	}
	for i := range n.heads {
		if n.heads[i] != headOf(n.keys[i]) {
			t.Fatalf("head %d of %q", i, n.keys[i])
		}
	}
	if n.kids == nil {
		if n.count != len(n.keys) || len(n.keys) != len(n.vals) || len(n.keys) == 0 || len(n.keys) > maxLeaf {
			t.Fatalf("bad leaf: %d keys, %d values, count %d", len(n.keys), len(n.vals), n.count)
		}
		return 0
	}
	total, height := 0, -1
	for i, kid := range n.kids {
		h := checkNode(t, kid)
		if height >= 0 && h != height {
			t.Fatalf("leaves at different depths")
		}
		height = h
		total += kid.count
		if n.keys[i] != kid.keys[0] {
			t.Fatalf("inner key %q, kid begins with %q", n.keys[i], kid.keys[0])
		}
	}
	if total != n.count || len(n.kids) > maxInner {
		t.Fatalf("inner count %d, want %d", n.count, total)
	}
	return height + 1
}

var someKey = rapid.Custom(func(t *rapid.T) string {
	return fmt.Sprintf("k%d", rapid.IntRange(0, 400).Draw(t, "key"))
})

func TestTableAgainstMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, want := EmptyTable(), map[string]Value{}
		type past struct {
			tab  *Table
			want map[string]Value
		}
		var kept []past
		for range rapid.IntRange(1, 12).Draw(t, "rounds") {
			b := tab.Edit()
			for range rapid.IntRange(0, 120).Draw(t, "edits") {
				k := someKey.Draw(t, "k")
				if rapid.IntRange(0, 2).Draw(t, "op") == 0 {
					b.Delete(k)
					delete(want, k)
				} else {
					v := Int(rapid.IntRange(0, 9).Draw(t, "v"))
					b.Set(k, v)
					want[k] = v
				}
			}
			tab = b.Table()
			if rapid.Bool().Draw(t, "digest") {
				Hash(tab) // from now on sums are brought up to date, not made anew
			}
			kept = append(kept, past{tab, maps.Clone(want)})
		}
		for _, p := range kept {
			check(t, p.tab, p.want)
		}
		a, b := kept[0], kept[len(kept)-1]
		// Diff is what a comparison key by key says.
		var wantDiff []string
		for k := range a.want {
			if a.want[k] != b.want[k] {
				wantDiff = append(wantDiff, k)
			}
		}
		for k := range b.want {
			if _, ok := a.want[k]; !ok {
				wantDiff = append(wantDiff, k)
			}
		}
		sort.Strings(wantDiff)
		var got []string
		for _, c := range Diff(a.tab, b.tab) {
			got = append(got, c.Path[0])
			if c.Old != a.want[c.Path[0]] || c.New != b.want[c.Path[0]] {
				t.Fatalf("change %v", c)
			}
		}
		if !slices.Equal(got, wantDiff) {
			t.Fatalf("Diff %v, want %v", got, wantDiff)
		}
		// The digest and equality follow content, not history.
		again := TableOf(maps.All(b.want))
		if !Equal(again, b.tab) || Hash(again) != Hash(b.tab) {
			t.Fatalf("a table made afresh differs")
		}
		if Equal(a.tab, b.tab) != (len(wantDiff) == 0) || (Hash(a.tab) == Hash(b.tab)) != (len(wantDiff) == 0) {
			t.Fatalf("Equal or Hash disagree with Diff")
		}
		from := someKey.Draw(t, "from")
		var tail []string
		for k := range b.tab.From(from) {
			tail = append(tail, k)
		}
		all := slices.Sorted(maps.Keys(b.want))
		i, _ := slices.BinarySearch(all, from)
		if !slices.Equal(tail, all[i:]) {
			t.Fatalf("From(%q) = %v", from, tail)
		}
	})
}

func TestTableKeepsIdentity(t *testing.T) {
	a := NewTable("x", 1, "y", NewTable("z", 2))
	if a.Set("x", Int(1)) != a {
		t.Error("setting what is there makes a new table")
	}
	if a.Delete("none") != a {
		t.Error("deleting what is not there makes a new table")
	}
	if a.Edit().Table() != a {
		t.Error("editing nothing makes a new table")
	}
	if a.Set("x", nil).Len() != 1 {
		t.Error("a nil value does not delete")
	}
}

// value draws any value, tables with odd keys included.
func value(depth int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		n := 6
		if depth <= 0 {
			n = 4
		}
		switch rapid.IntRange(0, n).Draw(t, "kind") {
		case 0:
			return String(rapid.String().Draw(t, "s"))
		case 1:
			return Int(rapid.Int64().Draw(t, "i"))
		case 2:
			return Float(rapid.Float64().Draw(t, "f"))
		case 3:
			return Bool(rapid.Bool().Draw(t, "b"))
		case 4:
			return String(rapid.StringMatching(`[a-c/A-C]{0,3}`).Draw(t, "s"))
		case 5:
			var vals []Value
			for range rapid.IntRange(0, 4).Draw(t, "n") {
				vals = append(vals, value(depth-1).Draw(t, "v"))
			}
			return NewList(vals...)
		default:
			return table(depth-1).Draw(t, "t")
		}
	})
}

func table(depth int) *rapid.Generator[*Table] {
	return rapid.Custom(func(t *rapid.T) *Table {
		b := EmptyTable().Edit()
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			k := rapid.OneOf(rapid.StringMatching(`[a-dA-D]{1,2}`), rapid.StringMatching(`[1-3]|priv|a/b|device|status|`), rapid.String()).Draw(t, "k")
			b.Set(k, value(depth).Draw(t, "v"))
		}
		return b.Table()
	})
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := value(3).Draw(t, "v")
		text := AppendJSON(nil, v, JSONOptions{FloatPoint: true})
		back, err := ParseJSON(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !Equal(back, v) {
			t.Fatalf("%s came back as %s", text, AppendJSON(nil, back, JSONOptions{FloatPoint: true}))
		}
		indented := AppendJSON(nil, v, JSONOptions{FloatPoint: true, Indent: "  "})
		if back, err = ParseJSON(indented); err != nil || !Equal(back, v) {
			t.Fatalf("indented: %s: %v", indented, err)
		}
	})
}
