package lua53

// callPinned calls a value from a Go function that cannot be suspended half-way, as PUC's sort and gsub
// cannot: a yield inside raises "attempt to yield across a C-call boundary".
func (c *Call) callPinned(fn val, args ...val) val {
	c.th.pinned++ // an error puts it back with the rest of the thread
	r := c.call1(fn, args...)
	c.th.pinned--
	return r
}

// What table functions ask of a value that is not a table (checktab of ltablib.c).
const (
	tabRead = 1 << iota
	tabWrite
	tabLen
)

// tableLike returns argument i if it is a table or has the metamethods to pass for one.
func (c *Call) tableLike(i, what int) val {
	v := c.arg(i)
	if _, ok := v.table(); ok {
		return v
	}
	if i <= c.N() && c.s.metatable(v) != nil &&
		(what&tabRead == 0 || !c.s.metaOf(v, "__index").isNil()) &&
		(what&tabWrite == 0 || !c.s.metaOf(v, "__newindex").isNil()) &&
		(what&tabLen == 0 || !c.s.metaOf(v, "__len").isNil()) {
		return v
	}
	c.TypeError(i, "table")
	return vNil
}

// plainTable returns v as a table whose items can be read and stored without looking for metamethods.
func plainTable(v val) *Table {
	if t, ok := v.o.(*Table); ok && t.meta == nil {
		return t
	}
	return nil
}
