package lua53

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

func tabSort(c *Call) {
	t := c.tableLike(1, tabRead|tabWrite|tabLen)
	n := c.lenOf(t)
	if n < 2 {
		return
	}
	if n >= math.MaxInt32 {
		c.ArgErrorf(1, "array too big")
	}
	cmp := c.arg(2)
	if !c.NoneOrNil(2) {
		c.Func(2)
	} else if sortPlain(c, t, n) {
		return
	}
	less := c.th.less
	if !cmp.isNil() {
		less = func(a, b val) bool { return c.callPinned(cmp, a, b).truthy() }
	}
	so := sorter[val]{
		get: func(i uint) val { return c.geti(t, int64(i)) },
		set: func(i uint, v val) { c.seti(t, int64(i), v) },
		less: func(a, b val) bool {
			c.Charge(1)
			return less(a, b)
		},
	}
	c.Raise(so.sort(uint(n)))
}

// sortPlain sorts a plain list of strings only, or of numbers only, out of place: nothing of the script can
// run meanwhile, so nobody sees that. It reports false, and has done nothing, for any other table.
func sortPlain(c *Call, tv val, n int64) bool {
	t := plainTable(tv)
	if t == nil || int64(len(t.arr)) < n {
		return false
	}
	if _, ok := t.arr[0].o.(lua.LString); ok {
		return sortAs(c, t, n, func(v val) (string, bool) {
			s, ok := v.o.(lua.LString)
			return string(s), ok
		}, func(a, b string) bool { return a < b })
	}
	if t.arr[0].isInt() {
		return sortAs(c, t, n, func(v val) (int64, bool) { return v.int(), v.isInt() }, func(a, b int64) bool { return a < b })
	}
	return sortAs(c, t, n, func(v val) (float64, bool) { return v.float(), v.isFloat() }, func(a, b float64) bool { return a < b })
}

// sortAs sorts a list whose items all have one key type.
func sortAs[K any](c *Call, t *Table, n int64, key func(val) (K, bool), less func(a, b K) bool) bool {
	type item struct {
		k K
		v val
	}
	c.Alloc(n * 2 * itemBytes)
	items := make([]item, n)
	for i := range items {
		k, ok := key(t.arr[i])
		if !ok {
			return false
		}
		items[i] = item{k, t.arr[i]}
	}
	compared := int64(0)
	so := sorter[item]{
		get: func(i uint) item { return items[i-1] },
		set: func(i uint, v item) { items[i-1] = v },
		less: func(a, b item) bool {
			if compared++; compared&0xfff == 0 {
				c.Charge(0x1000)
			}
			return less(a.k, b.k)
		},
	}
	err := so.sort(uint(n))
	for i, it := range items {
		c.s.setInt(t, int64(i)+1, it.v)
	}
	c.Raise(err)
	return true
}
