package lib

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// makers are the functions that make numbers of other values.
func (b *bintClass) makers() []lua53.Reg {
	fixed := func(set func(z []uint64)) func(*lua53.Call) {
		return func(c *lua53.Call) {
			set(b.z)
			c.Push(b.wrap(b.z))
		}
	}
	return []lua53.Reg{
		{Name: "zero", Fn: fixed(b.ar.Zero)},
		{Name: "one", Fn: fixed(func(z []uint64) { b.ar.SetUint64(z, 1) })},
		{Name: "maxinteger", Fn: fixed(b.ar.SetMax)},
		{Name: "mininteger", Fn: fixed(b.ar.SetMin)},
		{Name: "fromuinteger", Fn: func(c *lua53.Call) {
			if i, ok := luaInteger(c.Arg(1)); ok {
				b.ar.SetUint64(b.z, uint64(i))
				c.Push(b.wrap(b.z))
			}
		}},
		{Name: "frominteger", Fn: func(c *lua53.Call) {
			if i, ok := luaInteger(c.Arg(1)); ok {
				b.ar.SetInt64(b.z, i)
				c.Push(b.wrap(b.z))
			}
		}},
		{Name: "frombase", Fn: b.fromBase},
		{Name: "fromstring", Fn: func(c *lua53.Call) {
			if s, ok := c.Arg(1).(lua.LString); ok && b.parse(c, string(s), b.z) {
				c.Push(b.wrap(b.z))
			}
		}},
		{Name: "fromle", Fn: func(c *lua53.Call) { b.fromBytes(c, false) }},
		{Name: "frombe", Fn: func(c *lua53.Call) { b.fromBytes(c, true) }},
		{Name: "new", Fn: func(c *lua53.Call) { c.Push(b.construct(c, c.Arg(1))) }},
		{Name: "tobint", Fn: func(c *lua53.Call) {
			if v := b.toBint(c, c.Arg(1), c.Bool(2)); v != nil {
				c.Push(v)
			}
		}},
		{Name: "parse", Fn: func(c *lua53.Call) { c.Push(b.parseValue(c, c.Arg(1), c.Bool(2))) }},
		{Name: "trunc", Fn: b.trunc},
		{Name: "floor", Fn: func(c *lua53.Call) { b.round(c, "floor", math.Floor) }},
		{Name: "ceil", Fn: func(c *lua53.Call) { b.round(c, "ceil", math.Ceil) }},
	}
}

// toBint returns v itself when it is a number of the class and no clone is wanted,
// a new number when it can be converted, else nil.
func (b *bintClass) toBint(c *lua53.Call, v lua.LValue, clone bool) lua.LValue {
	if t, ok := b.is(v); ok && !clone {
		return t
	}
	if b.convert(c, v, b.z) {
		return b.wrap(b.z)
	}
	return nil
}

// parseValue is bint.parse: tobint, else tonumber.
func (b *bintClass) parseValue(c *lua53.Call, v lua.LValue, clone bool) lua.LValue {
	if n := b.toBint(c, v, clone); n != nil {
		return n
	}
	if n, ok := lua53.CoerceNumber(v); ok {
		return lua53.MakeNumber(n)
	}
	return lua.LNil
}

// fromBytes reads a buffer of bytes. lua-bint leaves in the number what
// string.unpack returns behind the words, the place where it stopped.
func (b *bintClass) fromBytes(c *lua53.Call, big bool) {
	s, ok := c.Arg(1).(lua.LString)
	assert(c, ok, inBint, "buffer is not a string")
	size := b.ar.Bits() / 8
	buf := make([]byte, size)
	if big {
		tail := s[max(0, len(s)-size):]
		for i := range len(tail) {
			buf[len(tail)-1-i] = tail[i]
		}
	} else {
		copy(buf, s)
	}
	b.ar.SetLE(b.z, buf)
	t := b.wrap(b.z)
	b.l.s.SetInt(t, int64(len(b.ints)+1), lua53.MakeInt(int64(size+1)))
	c.Push(t)
}

// trunc drops the fraction of a number.
func (b *bintClass) trunc(c *lua53.Call) {
	v := c.Arg(1)
	if t, ok := b.is(v); ok {
		b.load(c, t, b.z)
		c.Push(b.wrap(b.z))
		return
	}
	n, ok := lua53.CoerceNumber(v)
	if !ok {
		return
	}
	if !n.IsInt {
		v = lua53.MakeFloat(math.Trunc(n.Float))
	}
	if i, ok := luaInteger(v); ok {
		b.ar.SetInt64(b.z, i)
		c.Push(b.wrap(b.z))
	}
}

// round is bint.floor and bint.ceil.
func (b *bintClass) round(c *lua53.Call, name string, to func(float64) float64) {
	v := c.Arg(1)
	if _, ok := b.is(v); !ok {
		n, ok := lua53.CoerceNumber(v)
		if !ok {
			raise(c, inBint, "bad argument #1 to 'math_%s' (number expected, got nil)", name)
		}
		if n.IsInt {
			v = lua53.MakeInt(n.Int)
		} else {
			v = lua53.MakeFloat(to(n.Float))
		}
	}
	c.Push(b.construct(c, v))
}

// converters are the functions that make other values of numbers.
func (b *bintClass) converters() []lua53.Reg {
	integer := func(c *lua53.Call) {
		v := c.Arg(1)
		if t, ok := b.is(v); ok {
			b.load(c, t, b.z)
			c.PushInt(b.ar.Int64(b.z))
			return
		}
		if i, ok := luaInteger(v); ok {
			c.PushInt(i)
		}
	}
	return []lua53.Reg{
		{Name: "touinteger", Fn: integer},
		{Name: "tointeger", Fn: integer},
		{Name: "tonumber", Fn: func(c *lua53.Call) {
			n, ok := b.number(c, c.Arg(1))
			if !ok {
				c.PushNil()
				return
			}
			c.PushNumber(n)
		}},
		{Name: "tobase", Fn: b.toBase},
		{Name: "tole", Fn: func(c *lua53.Call) { b.toBytes(c, false) }},
		{Name: "tobe", Fn: func(c *lua53.Call) { b.toBytes(c, true) }},
		{Name: "__tostring", Fn: func(c *lua53.Call) {
			t, ok := b.is(c.Arg(1))
			if !ok {
				c.Push(b.otherText(c, c.Arg(1)))
				return
			}
			b.load(c, t, b.z)
			b.pushText(c, b.ar.AppendDecimal(b.text[:0], b.z))
		}},
	}
}

// otherText is self:tobase(10) for something that is no number of this class.
func (b *bintClass) otherText(c *lua53.Call, v lua.LValue) lua.LValue {
	f := index(c, inBint, v, lua.LString("tobase"), "local 'self'")
	if !callable(c, f) {
		raise(c, inBint, "attempt to call a %s value (method 'tobase')", typeName(c, f))
	}
	return first(c, f, v, lua53.MakeInt(10))
}

func (b *bintClass) pushText(c *lua53.Call, s []byte) {
	b.text = s[:0]
	c.Charge(b.square)
	c.Alloc(int64(len(s)))
	c.PushString(string(s))
}

// toBase is bint.tobase(x, base, unsigned).
func (b *bintClass) toBase(c *lua53.Call) {
	if !b.convert(c, c.Arg(1), b.z) {
		return
	}
	base, ok := b.base(c, 2)
	if !ok {
		return
	}
	unsigned := base != 10
	if c.Arg(3) != lua.LNil {
		unsigned = c.Bool(3)
	}
	b.pushText(c, b.ar.AppendBase(b.text[:0], b.z, base, !unsigned))
}

// toBytes is bint.tole and bint.tobe; trim takes the zeros of the high end away.
func (b *bintClass) toBytes(c *lua53.Call, big bool) {
	b.need(c, c.Arg(1), b.z, notIntegral)
	s := b.ar.AppendLE(nil, b.z)
	if c.Bool(2) {
		for len(s) > 1 && s[len(s)-1] == 0 {
			s = s[:len(s)-1]
		}
	}
	if big {
		for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
			s[i], s[j] = s[j], s[i]
		}
	}
	c.Alloc(int64(len(s)))
	c.PushString(string(s))
}

// predicates ask about numbers of the class and Lua numbers.
func (b *bintClass) predicates() []lua53.Reg {
	is := func(test func(x []uint64) bool, value int64) func(*lua53.Call) {
		return func(c *lua53.Call) {
			if t, ok := b.is(c.Arg(1)); ok {
				b.load(c, t, b.z)
				c.PushBool(test(b.z))
				return
			}
			i, ok := lua53.ToInteger(c.Arg(1))
			c.PushBool(ok && i == value)
		}
	}
	return []lua53.Reg{
		{Name: "iszero", Fn: is(b.ar.IsZero, 0)},
		{Name: "isone", Fn: is(b.ar.IsOne, 1)},
		{Name: "isminusone", Fn: is(b.ar.IsMinusOne, -1)},
		{Name: "isbint", Fn: func(c *lua53.Call) {
			_, ok := b.is(c.Arg(1))
			c.PushBool(ok)
		}},
		{Name: "isintegral", Fn: func(c *lua53.Call) {
			_, ok := b.is(c.Arg(1))
			c.PushBool(ok || lua53.IsInt(c.Arg(1)))
		}},
		{Name: "isnumeric", Fn: func(c *lua53.Call) {
			_, ok := b.is(c.Arg(1))
			c.PushBool(ok || lua53.IsNumber(c.Arg(1)))
		}},
		{Name: "type", Fn: func(c *lua53.Call) {
			v := c.Arg(1)
			_, ok := b.is(v)
			switch {
			case ok:
				c.PushString("bint")
			case lua53.IsInt(v):
				c.PushString("integer")
			case lua53.IsNumber(v):
				c.PushString("float")
			default:
				c.PushNil()
			}
		}},
		{Name: "isneg", Fn: func(c *lua53.Call) { c.PushBool(b.negative(c, c.Arg(1))) }},
		{Name: "ispos", Fn: func(c *lua53.Call) {
			v := c.Arg(1)
			if t, ok := b.is(v); ok {
				b.load(c, t, b.q)
				c.PushBool(!b.ar.IsNeg(b.q) && !b.ar.IsZero(b.q))
				return
			}
			c.PushBool(b.less(c, lua53.MakeInt(0), v))
		}},
		{Name: "iseven", Fn: func(c *lua53.Call) { b.parity(c, 0) }},
		{Name: "isodd", Fn: func(c *lua53.Call) { b.parity(c, 1) }},
	}
}

// negative is bint.isneg.
func (b *bintClass) negative(c *lua53.Call, v lua.LValue) bool {
	if t, ok := b.is(v); ok {
		b.load(c, t, b.q)
		return b.ar.IsNeg(b.q)
	}
	return b.less(c, v, lua53.MakeInt(0))
}

// less is x < y as the library's code would do it.
func (b *bintClass) less(c *lua53.Call, x, y lua.LValue) bool {
	numbers := lua53.IsNumber(x) && lua53.IsNumber(y)
	if !numbers && c.Metafield(x, "__lt") == nil && c.Metafield(y, "__lt") == nil {
		b.incomparable(c, typeName(c, x), typeName(c, y))
	}
	return c.Less(x, y)
}

func (b *bintClass) parity(c *lua53.Call, want uint64) {
	v := c.Arg(1)
	if t, ok := b.is(v); ok {
		b.load(c, t, b.z)
		c.PushBool(b.z[0]&1 == want)
		return
	}
	n := b.absNumber(c, v)
	if n.IsInt {
		c.PushBool(uint64(n.Int)&1 == want)
		return
	}
	c.PushBool(math.Mod(n.Float, 2) == float64(want))
}

// absNumber is math.abs as the library calls it.
func (b *bintClass) absNumber(c *lua53.Call, v lua.LValue) lua53.Number {
	n, ok := lua53.CoerceNumber(v)
	if !ok {
		raise(c, inBint, "bad argument #1 to 'math_abs' (number expected, got %s)", typeName(c, v))
	}
	if _, isString := v.(lua.LString); isString && n.IsInt {
		n = lua53.Number{Float: float64(n.Int)}
	}
	if n.IsInt {
		if n.Int < 0 {
			n.Int = -n.Int
		}
	} else {
		n.Float = math.Abs(n.Float)
	}
	return n
}
