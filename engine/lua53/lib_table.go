package lua53

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// openTable opens the table library. All functions respect metamethods as 5.3 does; every store goes
// through the state's store door.
func (s *State) openTable() {
	s.Library("table", []Reg{
		{"concat", tabConcat},
		{"insert", tabInsert},
		{"move", tabMove},
		{"pack", tabPack},
		{"remove", tabRemove},
		{"sort", tabSort},
		{"unpack", tabUnpack},
	})
}

// geti is t[i] with metamethods.
func (c *Call) geti(t val, i int64) val {
	if pt := plainTable(t); pt != nil {
		return pt.getInt(i)
	}
	return c.th.index(t, intVal(i))
}

// seti is t[i] = v with metamethods.
func (c *Call) seti(t val, i int64, v val) {
	if pt := plainTable(t); pt != nil {
		c.s.setInt(pt, i, v)
		return
	}
	c.th.setIndex(t, intVal(i), v)
}

func tabInsert(c *Call) {
	t := c.tableLike(1, tabRead|tabWrite|tabLen)
	end := int64(uint64(c.lenOf(t)) + 1)
	switch c.N() {
	case 2:
		c.seti(t, end, c.arg(2))
	case 3:
		pos := c.Int(2)
		if uint64(pos)-1 >= uint64(end) {
			c.ArgErrorf(2, "position out of bounds")
		}
		for i := end; i > pos; i-- {
			c.Charge(1)
			c.seti(t, i, c.geti(t, i-1))
		}
		c.seti(t, pos, c.arg(3))
	default:
		c.Errorf("wrong number of arguments to 'insert'")
	}
}

func tabRemove(c *Call) {
	t := c.tableLike(1, tabRead|tabWrite|tabLen)
	size := c.lenOf(t)
	pos := size
	if !c.NoneOrNil(2) {
		pos = c.Int(2)
	}
	if c.N() > 1 && uint64(size)+1 != uint64(pos) && uint64(pos)-1 >= uint64(size)+1 && pos != size {
		c.ArgErrorf(1, "position out of bounds")
	}
	removed := c.geti(t, pos)
	for ; pos < size; pos++ {
		c.Charge(1)
		c.seti(t, pos, c.geti(t, pos+1))
	}
	c.seti(t, pos, vNil)
	c.push(removed)
}

func tabConcat(c *Call) {
	t := c.tableLike(1, tabRead|tabLen)
	size := c.lenOf(t)
	sep := c.OptStr(2, "")
	i := c.OptInt(3, 1)
	last := size
	if !c.NoneOrNil(4) {
		last = c.Int(4)
	}
	out := buffer{c: c}
	add := func(i int64) {
		v := c.geti(t, i)
		if s, ok := v.o.(lua.LString); ok {
			out.str(string(s))
		} else if s, ok := c.s.text(v); ok {
			out.str(s)
		} else {
			c.Errorf("invalid value (%s) at index %d in table for 'concat'", v.typeName(), int32(i)) // PUC prints a C int
		}
	}
	for ; i < last; i++ {
		c.Charge(1)
		add(i)
		out.str(sep)
	}
	if i == last {
		add(i)
	}
	out.push()
}

func tabPack(c *Call) {
	n := c.N()
	t := c.s.listOf(c.args, 1)
	c.s.setStr(t, "n", intVal(int64(n)))
	c.push(tableVal(t))
}

func tabUnpack(c *Call) {
	t := c.arg(1)
	i := c.OptInt(2, 1)
	var last int64
	if c.NoneOrNil(3) {
		last = c.lenOf(t)
	} else {
		last = c.Int(3)
	}
	if i > last {
		return
	}
	n := uint64(last) - uint64(i)
	if n >= maxResults {
		c.Errorf("too many results to unpack")
	}
	c.Charge(int64(n) / 4)
	c.Alloc(int64(n) * itemBytes)
	for ; i < last; i++ {
		v := c.geti(t, i)
		c.ret = append(c.ret, v)
	}
	c.push(c.geti(t, last))
}

func tabMove(c *Call) {
	from, last, to := c.Int(2), c.Int(3), c.Int(4)
	target := 1
	if !c.NoneOrNil(5) {
		target = 5
	}
	a := c.tableLike(1, tabRead)
	b := c.tableLike(target, tabWrite)
	if last >= from {
		if from <= 0 && last >= math.MaxInt64+from {
			c.ArgErrorf(3, "too many elements to move")
		}
		n := last - from + 1
		if to > math.MaxInt64-n+1 {
			c.ArgErrorf(4, "destination wrap around")
		}
		if to > last || to <= from || target != 1 && !c.th.equal(a, b) {
			for i := int64(0); i < n; i++ {
				c.Charge(1)
				c.seti(b, to+i, c.geti(a, from+i))
			}
		} else {
			for i := n - 1; i >= 0; i-- {
				c.Charge(1)
				c.seti(b, to+i, c.geti(a, from+i))
			}
		}
	}
	c.push(b)
}
