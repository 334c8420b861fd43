package patchdev

import (
	"fmt"
	"testing"
)

func TestFromSorted(t *testing.T) {
	for _, n := range []int{0, 1, 2, maxLeaf, maxLeaf + 1, 10 * maxLeaf} {
		var keys []string
		var vals []Value
		want := EmptyTable().Edit()
		for i := range n {
			k := fmt.Sprintf("%06d", i)
			keys, vals = append(keys, k), append(vals, Int(i))
			want.Set(k, Int(i))
		}
		got := FromSorted(keys, vals)
		if !Equal(got, want.Table()) || got.Len() != n {
			t.Fatalf("%d keys: %d", n, got.Len())
		}
		if n > 0 && n < maxLeaf {
			before := string(AppendJSON(nil, got, JSONOptions{}))
			if next := got.Set("z", Int(1)); next.Len() != n+1 || got.Len() != n || string(AppendJSON(nil, got, JSONOptions{})) != before {
				t.Fatal("a table made of sorted keys must not change")
			}
		}
	}
}
