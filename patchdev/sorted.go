package patchdev

// frozen is the token of nodes that no Builder may ever change in place.
var frozen = &token{}

// FromSorted makes a table of keys in ascending order, each once, and their
// values, none of them nil. The slices belong to the table from now on; nobody
// may change them, but keys may be shared by tables. This is the cheap way to
// many small tables; anything else is for a [Builder].
func FromSorted(keys []string, vals []Value) *Table {
	switch n := len(keys); {
	case n == 0:
		return emptyTable
	case n <= maxLeaf:
		leaf := struct {
			t Table
			n node
		}{n: node{token: frozen, count: n, keys: keys, vals: vals}}
		leaf.t.root = &leaf.n
		return &leaf.t
	}
	b := emptyTable.Edit()
	for i, k := range keys {
		b.Set(k, vals[i])
	}
	return b.Table()
}
