package patchdev

// FromSorted makes a table of keys in ascending order, each once, and their
// values, none of them nil. It takes the slices over. This is the cheap way to
// many small tables; anything else is for a [Builder].
func FromSorted(keys []string, vals []Value) *Table {
	switch n := len(keys); {
	case n == 0:
		return emptyTable
	case n <= maxLeaf:
		return &Table{root: &node{token: &token{}, count: n, keys: keys, vals: vals}}
	}
	b := emptyTable.Edit()
	for i, k := range keys {
		b.Set(k, vals[i])
	}
	return b.Table()
}
