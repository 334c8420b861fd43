package patchdev

// frozen is the token of nodes that no Builder may ever change in place.
var frozen = &token{}

// leaf is a table of one node, in one piece.
type leaf struct {
	t Table
	n node
}

// set fills in an empty leaf.
func (l *leaf) set(keys []string, vals []Value) *Table {
	l.n.token, l.n.count, l.n.keys, l.n.vals = frozen, len(keys), keys, vals
	l.t.root = &l.n
	return &l.t
}

// FromSorted makes a table of keys in ascending order, each once, and their
// values, none of them nil. The slices belong to the table from now on; nobody
// may change them, but keys may be shared by tables. This is the cheap way to
// many small tables; anything else is for a [Builder].
func FromSorted(keys []string, vals []Value) *Table {
	switch n := len(keys); {
	case n == 0:
		return emptyTable
	case n <= maxLeaf:
		return new(leaf).set(keys, vals)
	}
	b := emptyTable.Edit()
	for i, k := range keys {
		b.Set(k, vals[i])
	}
	return b.Table()
}

// Records makes tables that all have the same few keys, such as the tags of a
// message, in a few pieces of memory. The tables stay in memory together.
type Records struct {
	keys   []string
	leaves []leaf
	vals   []Value
}

// NewRecords has room for n tables with these keys, which are in ascending order,
// each once, and 1 to 32. Nobody may change the slice of keys.
func NewRecords(n int, keys []string) Records {
	return Records{keys: keys, leaves: make([]leaf, 0, n), vals: make([]Value, 0, n*len(keys))}
}

// Table makes the next table of its values, none of them nil, as many as there are
// keys. More tables than there was room for cost as much as those of [FromSorted].
func (r *Records) Table(vals ...Value) *Table {
	at := len(r.vals)
	if len(r.leaves) == cap(r.leaves) {
		return FromSorted(r.keys, append([]Value(nil), vals...))
	}
	r.leaves = r.leaves[:len(r.leaves)+1]
	r.vals = append(r.vals, vals...)
	return r.leaves[len(r.leaves)-1].set(r.keys, r.vals[at:len(r.vals):len(r.vals)])
}
