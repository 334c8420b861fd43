package lib

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// bitwise are & | ~ << >>, rotations and bwrap.
func (b *bintClass) bitwise() []lua53.Reg {
	binary := func(f func(z, x, y []uint64)) func(*lua53.Call) {
		return func(c *lua53.Call) {
			b.need(c, c.Arg(1), b.x, notABint)
			b.need(c, c.Arg(2), b.y, notIntegral)
			f(b.z, b.x, b.y)
			c.Push(b.wrap(b.z))
		}
	}
	shift := func(dir int64) func(*lua53.Call) {
		return func(c *lua53.Call) {
			b.need(c, c.Arg(1), b.x, notABint)
			b.shift(b.z, b.x, dir, b.needInteger(c, c.Arg(2)))
			c.Push(b.wrap(b.z))
		}
	}
	return []lua53.Reg{
		{Name: "__band", Fn: binary(b.ar.And)},
		{Name: "__bor", Fn: binary(b.ar.Or)},
		{Name: "__bxor", Fn: binary(b.ar.Xor)},
		{Name: "__bnot", Fn: func(c *lua53.Call) {
			t, ok := b.is(c.Arg(1))
			if !ok {
				b.foreignWords(c, c.Arg(1))
				b.ar.Not(b.z, b.x)
				c.Push(b.wrap(b.z))
				return
			}
			b.load(c, t, b.x)
			b.ar.Not(b.z, b.x)
			c.Push(b.wrap(b.z))
		}},
		{Name: "__shl", Fn: shift(1)},
		{Name: "__shr", Fn: shift(-1)},
		{Name: "brol", Fn: func(c *lua53.Call) { b.rotate(c, 1) }},
		{Name: "bror", Fn: func(c *lua53.Call) { b.rotate(c, -1) }},
		{Name: "bwrap", Fn: b.bwrap},
	}
}

// foreignWords reads the words of something else into x, as ~x does without asking
// what it is given.
func (b *bintClass) foreignWords(c *lua53.Call, v lua.LValue) {
	clear(b.x)
	for i := range b.ints {
		w := index(c, inBint, v, lua53.MakeInt(int64(i+1)), "local 'x'")
		n, ok := lua53.CoerceInteger(w)
		if !ok {
			raise(c, inBint, "attempt to perform bitwise operation on a %s value (field '?')", typeName(c, w))
		}
		b.ar.OrWord(b.x, i, b.wordBits, uint64(n))
	}
}

// shift is z = x << k for dir 1, x >> k for -1; a negative k goes the other way.
func (b *bintClass) shift(z, x []uint64, dir, k int64) {
	if b.shiftLimit(k) {
		clear(z)
		return
	}
	if k *= dir; k >= 0 {
		b.ar.Shl(z, x, uint64(k))
	} else {
		b.ar.Shr(z, x, uint64(-k))
	}
}

// rotate is bint.brol (dir 1) and bint.bror (-1). By nothing it returns the number
// itself.
func (b *bintClass) rotate(c *lua53.Call, dir int64) {
	v := c.Arg(1)
	b.need(c, v, b.x, notIntegral)
	k := b.needInteger(c, c.Arg(2))
	if k == 0 || k == math.MinInt64 {
		if t, ok := b.is(v); ok {
			c.Push(t)
			return
		}
		c.Push(b.wrap(b.x))
		return
	}
	if k < 0 {
		dir, k = -dir, -k
	}
	b.shift(b.z, b.x, dir, k)
	b.shift(b.r, b.x, -dir, int64(b.ar.Bits())-k)
	b.ar.Or(b.z, b.z, b.r)
	c.Push(b.wrap(b.z))
}

// bwrap keeps the y low bits of x.
func (b *bintClass) bwrap(c *lua53.Call) {
	b.need(c, c.Arg(1), b.x, notIntegral)
	y := c.Arg(2)
	bits := float64(b.ar.Bits())
	var n float64
	if _, ok := b.is(y); ok || lua53.IsNumber(y) {
		num, _ := b.number(c, y)
		if n = num.Float; num.IsInt {
			n = float64(num.Int)
		}
	} else {
		b.incomparable(c, typeName(c, y), "number")
	}
	switch {
	case n <= 0:
		b.ar.Zero(b.z)
	case n < bits:
		k := b.needInteger(c, y)
		b.ar.SetUint64(b.y, 1)
		b.ar.Shl(b.y, b.y, uint64(k))
		b.ar.Dec(b.y)
		b.ar.And(b.z, b.x, b.y)
	default:
		copy(b.z, b.x)
	}
	c.Push(b.wrap(b.z))
}

// comparisons are == < <= and their like.
func (b *bintClass) comparisons() []lua53.Reg {
	signed := func(op string, test func(cmp int) bool) func(*lua53.Call) {
		return func(c *lua53.Call) {
			x, y := c.Arg(1), c.Arg(2)
			if b.operands(c, x, y) {
				c.PushBool(test(b.ar.SCmp(b.x, b.y)))
				return
			}
			b.compareNumbers(c, op, x, y)
		}
	}
	unsigned := func(test func(cmp int) bool) func(*lua53.Call) {
		return func(c *lua53.Call) {
			b.need(c, c.Arg(1), b.x, notIntegral)
			b.need(c, c.Arg(2), b.y, notIntegral)
			c.PushBool(test(b.ar.Cmp(b.x, b.y)))
		}
	}
	below := func(cmp int) bool { return cmp < 0 }
	atMost := func(cmp int) bool { return cmp <= 0 }
	return []lua53.Reg{
		{Name: "__eq", Fn: b.sameWords},
		{Name: "eq", Fn: func(c *lua53.Call) {
			x, y := c.Arg(1), c.Arg(2)
			if b.operands(c, x, y) {
				c.PushBool(b.ar.Cmp(b.x, b.y) == 0)
				return
			}
			c.PushBool(c.Equal(x, y))
		}},
		{Name: "__lt", Fn: signed("<", below)},
		{Name: "__le", Fn: signed("<=", atMost)},
		{Name: "ult", Fn: unsigned(below)},
		{Name: "ule", Fn: unsigned(atMost)},
		{Name: "max", Fn: b.extreme(1, func(c *lua53.Call, x, y lua.LValue) bool { return c.Less(x, y) })},
		{Name: "min", Fn: b.extreme(-1, func(c *lua53.Call, x, y lua.LValue) bool { return c.Less(y, x) })},
	}
}

// compareNumbers compares operands of which one is no integer as Lua numbers.
func (b *bintClass) compareNumbers(c *lua53.Call, op string, x, y lua.LValue) {
	nx, okx := b.number(c, x)
	ny, oky := b.number(c, y)
	if !okx || !oky {
		name := func(ok bool) string {
			if ok {
				return "number"
			}
			return "nil"
		}
		b.incomparable(c, name(okx), name(oky))
	}
	vx, vy := lua53.MakeNumber(nx), lua53.MakeNumber(ny)
	less := c.Less(vx, vy)
	c.PushBool(less || op == "<=" && c.Equal(vx, vy))
}

// sameWords is the metamethod __eq, which compares word by word whatever it is
// given.
func (b *bintClass) sameWords(c *lua53.Call) {
	x, y := c.Arg(1), c.Arg(2)
	tx, okx := b.is(x)
	ty, oky := b.is(y)
	if okx && oky {
		b.load(c, tx, b.x)
		b.load(c, ty, b.y)
		c.PushBool(b.ar.Cmp(b.x, b.y) == 0)
		return
	}
	for i := range b.ints {
		k := lua53.MakeInt(int64(i + 1))
		if !c.Equal(index(c, inBint, x, k, "local 'x'"), index(c, inBint, y, k, "local 'y'")) {
			c.PushBool(false)
			return
		}
	}
	c.PushBool(true)
}
