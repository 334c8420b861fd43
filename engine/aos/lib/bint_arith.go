package lib

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// What bint.idivmod calls its operands once they are Lua numbers.
const localX, localY = " (local 'nx')", " (local 'ny')"

// arithmetic are + - * // / % ^, the divisions under their names, powers, and
// what is near to them.
func (b *bintClass) arithmetic() []lua53.Reg {
	return []lua53.Reg{
		{Name: "__add", Fn: b.binary("+", b.ar.Add, b.linear)},
		{Name: "__sub", Fn: b.binary("-", b.ar.Sub, b.linear)},
		{Name: "__mul", Fn: b.binary("*", b.ar.Mul, b.square)},
		{Name: "__idiv", Fn: b.floorDivide},
		{Name: "__mod", Fn: func(c *lua53.Call) {
			x, y := c.Arg(1), c.Arg(2)
			if b.operands(c, x, y) {
				b.floorDivMod(c)
				c.Push(b.wrap(b.r))
				return
			}
			c.Push(b.numericNamed(c, "%", x, y, localX, localY))
		}},
		{Name: "__div", Fn: func(c *lua53.Call) { c.Push(b.numeric(c, "/", c.Arg(1), c.Arg(2))) }},
		{Name: "__pow", Fn: func(c *lua53.Call) { c.Push(b.numeric(c, "^", c.Arg(1), c.Arg(2))) }},
		{Name: "__unm", Fn: func(c *lua53.Call) {
			t, ok := b.is(c.Arg(1))
			if !ok {
				c.Push(b.negateOther(c, c.Arg(1)))
				return
			}
			b.load(c, t, b.x)
			b.ar.Neg(b.z, b.x)
			c.Push(b.wrap(b.z))
		}},
		{Name: "udivmod", Fn: func(c *lua53.Call) {
			b.unsignedDivide(c)
			c.Push(b.wrap(b.z))
			c.Push(b.wrap(b.r))
		}},
		{Name: "udiv", Fn: func(c *lua53.Call) {
			b.unsignedDivide(c)
			c.Push(b.wrap(b.z))
		}},
		{Name: "umod", Fn: func(c *lua53.Call) {
			b.unsignedDivide(c)
			c.Push(b.wrap(b.r))
		}},
		{Name: "tdivmod", Fn: func(c *lua53.Call) { c.Return(b.truncDivide(c)) }},
		{Name: "tdiv", Fn: func(c *lua53.Call) {
			quot, _ := b.truncDivide(c)
			c.Push(quot)
		}},
		{Name: "tmod", Fn: func(c *lua53.Call) {
			_, rem := b.truncDivide(c)
			c.Push(rem)
		}},
		{Name: "idivmod", Fn: func(c *lua53.Call) {
			x, y := c.Arg(1), c.Arg(2)
			if b.operands(c, x, y) {
				b.floorDivMod(c)
				c.Push(b.wrap(b.z))
				c.Push(b.wrap(b.r))
				return
			}
			c.Push(b.numericNamed(c, "//", x, y, localX, localY))
			c.Push(b.numericNamed(c, "%", x, y, localX, localY))
		}},
		{Name: "ipow", Fn: b.power},
		{Name: "upowmod", Fn: b.powerMod},
		{Name: "inc", Fn: b.step("+", b.ar.Inc)},
		{Name: "dec", Fn: b.step("-", b.ar.Dec)},
		{Name: "abs", Fn: func(c *lua53.Call) { c.Push(b.abs(c, c.Arg(1))) }},
	}
}

// negateOther is what -x comes to for something else: the library flips its bits,
// which a number allows, and then calls a method of the result, which it has not.
func (b *bintClass) negateOther(c *lua53.Call, v lua.LValue) lua.LValue {
	if _, ok := v.(*lua53.Table); !ok {
		n, ok := lua53.CoerceNumber(v)
		if !ok {
			raise(c, inBint, "attempt to perform bitwise operation on a %s value (local 'x')", typeName(c, v))
		}
		if _, ok := lua53.ToInteger(lua53.MakeNumber(n)); !ok {
			raise(c, inBint, "number (local 'x') has no integer representation")
		}
		raise(c, inBint, "attempt to index a number value")
	}
	if c.Metafield(v, "__bnot") == nil {
		raise(c, inBint, "attempt to perform bitwise operation on a table value (local 'x')")
	}
	flipped := c.Arith("bnot", v, v)
	return first(c, index(c, inBint, flipped, lua.LString("_inc"), "method '_inc'"), flipped)
}

// binary is an operator with two operands: on integers f, else Lua's own on the
// operands as Lua numbers.
func (b *bintClass) binary(op string, f func(z, x, y []uint64), gas int64) func(*lua53.Call) {
	return func(c *lua53.Call) {
		x, y := c.Arg(1), c.Arg(2)
		if !b.operands(c, x, y) {
			c.Push(b.numeric(c, op, x, y))
			return
		}
		if gas > 0 {
			c.Charge(gas)
		}
		f(b.z, b.x, b.y)
		c.Push(b.wrap(b.z))
	}
}

// operands reads both into x and y, or reports false when one is no integer.
func (b *bintClass) operands(c *lua53.Call, x, y lua.LValue) bool {
	return b.convert(c, x, b.x) && b.convert(c, y, b.y)
}

// divide is z, r = x / y, unsigned.
func (b *bintClass) divide(c *lua53.Call) {
	c.Charge(b.square)
	assert(c, b.ar.UDivMod(b.z, b.r, b.x, b.y), inBint, divideByZero)
}

func (b *bintClass) unsignedDivide(c *lua53.Call) {
	b.need(c, c.Arg(1), b.x, notABint)
	b.need(c, c.Arg(2), b.y, notIntegral)
	b.divide(c)
}

// magnitudes makes x and y positive and tells which were not.
func (b *bintClass) magnitudes() (negX, negY bool) {
	if negX = b.ar.IsNeg(b.x); negX {
		b.ar.Neg(b.x, b.x)
	}
	if negY = b.ar.IsNeg(b.y); negY {
		b.ar.Neg(b.y, b.y)
	}
	return negX, negY
}

// floorDivMod is z, r = x // y, x % y, rounding towards minus infinity.
func (b *bintClass) floorDivMod(c *lua53.Call) {
	copy(b.q, b.y)
	negX, negY := b.magnitudes()
	b.divide(c)
	switch {
	case negX != negY:
		b.ar.Neg(b.z, b.z)
		if b.ar.IsZero(b.r) {
			return
		}
		b.ar.Dec(b.z)
		if negX {
			b.ar.Neg(b.r, b.r)
		}
		b.ar.Add(b.r, b.r, b.q)
	case negX:
		b.ar.Neg(b.r, b.r)
	}
}

// floorDivide is the operator //. Called as a function it has a second result,
// the remainder of the magnitudes.
func (b *bintClass) floorDivide(c *lua53.Call) {
	x, y := c.Arg(1), c.Arg(2)
	if !b.operands(c, x, y) {
		c.Push(b.numeric(c, "//", x, y))
		return
	}
	negX, negY := b.magnitudes()
	b.divide(c)
	if negX != negY {
		b.ar.Neg(b.z, b.z)
		if !b.ar.IsZero(b.r) {
			b.ar.Dec(b.z)
		}
	}
	c.Push(b.wrap(b.z))
	c.Push(b.wrap(b.r))
}

// truncDivide is bint.tdivmod, rounding towards zero.
func (b *bintClass) truncDivide(c *lua53.Call) (quot, rem lua.LValue) {
	x, y := c.Arg(1), c.Arg(2)
	ax, ay := b.abs(c, x), b.abs(c, y)
	integral := b.operands(c, ax, ay)
	if integral {
		if b.convert(c, x, b.q) {
			b.ar.SetMin(b.z)
			assert(c, b.ar.Cmp(b.q, b.z) != 0 || !b.isMinusOne(c, y), inBint, "division overflow")
		}
		b.divide(c)
	}
	negX, negY := b.negative(c, x), b.negative(c, y)
	if integral {
		if negX != negY {
			b.ar.Neg(b.z, b.z)
		}
		if negX {
			b.ar.Neg(b.r, b.r)
		}
		return b.wrap(b.z), b.wrap(b.r)
	}
	quot, rem = b.numeric(c, "//", ax, ay), b.numeric(c, "%", ax, ay)
	if negX != negY {
		quot = c.Arith("unm", quot, quot)
	}
	if negX {
		rem = c.Arith("unm", rem, rem)
	}
	return quot, rem
}

// isMinusOne is bint.isminusone: a string is not a number to it.
func (b *bintClass) isMinusOne(c *lua53.Call, v lua.LValue) bool {
	if t, ok := b.is(v); ok {
		b.load(c, t, b.q)
		return b.ar.IsMinusOne(b.q)
	}
	i, ok := lua53.ToInteger(v)
	return ok && i == -1
}

// abs is bint.abs: a new number, or math.abs of what is not integral.
func (b *bintClass) abs(c *lua53.Call, v lua.LValue) lua.LValue {
	if b.convert(c, v, b.x) {
		b.ar.Abs(b.z, b.x)
		return b.wrap(b.z)
	}
	return lua53.MakeNumber(b.absNumber(c, v))
}

// power is bint.ipow; a negative exponent counts as a large one.
func (b *bintClass) power(c *lua53.Call) {
	b.need(c, c.Arg(2), b.y, notIntegral)
	if b.ar.IsZero(b.y) {
		b.ar.SetUint64(b.z, 1)
		c.Push(b.wrap(b.z))
		return
	}
	b.need(c, c.Arg(1), b.x, notABint)
	c.Charge(b.powerGas())
	b.ar.Pow(b.z, b.x, b.y)
	c.Push(b.wrap(b.z))
}

// powerGas bounds what a power costs: two multiplications for each bit of y.
func (b *bintClass) powerGas() int64 {
	limbs := int64(len(b.y))
	for limbs > 0 && b.y[limbs-1] == 0 {
		limbs--
	}
	return limbs * 128 * (1 + b.square) / 4
}

// powerMod is bint.upowmod. Its products wrap at the width before the modulus is
// taken, as lua-bint's do.
func (b *bintClass) powerMod(c *lua53.Call) {
	m := b.ar.Make()
	b.need(c, c.Arg(3), m, notIntegral)
	if b.ar.IsOne(m) {
		b.ar.Zero(b.z)
		c.Push(b.wrap(b.z))
		return
	}
	b.need(c, c.Arg(1), b.x, notABint)
	b.need(c, c.Arg(2), b.y, notABint)
	c.Charge(2 * b.powerGas())
	c.Charge(b.square)
	assert(c, b.ar.UDivMod(b.q, b.r, b.x, m), inBint, divideByZero)
	x, acc := b.r, b.x
	b.ar.SetUint64(acc, 1)
	for !b.ar.IsZero(b.y) {
		if b.y[0]&1 != 0 {
			b.ar.Mul(b.z, acc, x)
			b.ar.UDivMod(b.q, acc, b.z, m)
		}
		b.ar.Shr(b.y, b.y, 1)
		b.ar.Mul(b.z, x, x)
		b.ar.UDivMod(b.q, x, b.z, m)
	}
	c.Push(b.wrap(acc))
}

// step is bint.inc and bint.dec.
func (b *bintClass) step(op string, f func(z []uint64)) func(*lua53.Call) {
	return func(c *lua53.Call) {
		v := c.Arg(1)
		if b.convert(c, v, b.z) {
			f(b.z)
			c.Push(b.wrap(b.z))
			return
		}
		n, ok := lua53.CoerceNumber(v)
		if !ok {
			if c.Metafield(v, "__add") != nil {
				c.Push(c.Arith(op, v, lua53.MakeInt(1)))
				return
			}
			raise(c, inBint, "attempt to perform arithmetic on a %s value (local 'x')", typeName(c, v))
		}
		if _, isString := v.(lua.LString); isString {
			n = lua53.Number{Float: asFloat(n)} // a string in arithmetic
		}
		c.Push(c.Arith(op, lua53.MakeNumber(n), lua53.MakeInt(1)))
	}
}

// extreme is bint.max and bint.min: less picks the second of two operands.
func (b *bintClass) extreme(sign int, less func(c *lua53.Call, x, y lua.LValue) bool) func(*lua53.Call) {
	return func(c *lua53.Call) {
		x, y := c.Arg(1), c.Arg(2)
		if b.operands(c, x, y) {
			if b.ar.SCmp(b.x, b.y)*sign > 0 {
				c.Push(b.wrap(b.x))
			} else {
				c.Push(b.wrap(b.y))
			}
			return
		}
		if less(c, x, y) {
			x = y
		}
		c.Push(b.parseValue(c, x, false))
	}
}

// incomparable raises Lua's complaint about types that < does not take.
func (b *bintClass) incomparable(c *lua53.Call, x, y string) {
	if x == y {
		raise(c, inBint, "attempt to compare two %s values", x)
	}
	raise(c, inBint, "attempt to compare %s with %s", x, y)
}

// shiftLimit tells whether a shift by k leaves nothing.
func (b *bintClass) shiftLimit(k int64) bool {
	return k == math.MinInt64 || k >= int64(b.ar.Bits()) || -k >= int64(b.ar.Bits())
}
