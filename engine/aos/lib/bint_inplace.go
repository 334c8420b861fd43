package lib

import "patchbay/engine/lua53"

// inPlace are the methods that change a number where it stands.
func (b *bintClass) inPlace() []lua53.Reg {
	self := func(c *lua53.Call) *lua53.Table {
		t, ok := b.is(c.Arg(1))
		if !ok {
			raise(c, inBint, "attempt to index a %s value (local 'self')", typeName(c, c.Arg(1)))
		}
		b.load(c, t, b.x)
		return t
	}
	unary := func(f func()) func(*lua53.Call) {
		return func(c *lua53.Call) {
			t := self(c)
			f()
			b.store(t, b.x)
			c.Push(t)
		}
	}
	withOperand := func(f func(z, x, y []uint64)) func(*lua53.Call) {
		return func(c *lua53.Call) {
			t := self(c)
			b.need(c, c.Arg(2), b.y, notIntegral)
			f(b.x, b.x, b.y)
			b.store(t, b.x)
			c.Push(t)
		}
	}
	shiftWords := func(f func(z, x []uint64, k uint64)) func(*lua53.Call) {
		return func(c *lua53.Call) {
			t := self(c)
			n, ok := luaInteger(c.Arg(2))
			if !ok {
				raise(c, inBint, "attempt to perform arithmetic on a %s value (local 'n')", typeName(c, c.Arg(2)))
			}
			n = min(max(n, 0), int64(len(b.ints)))
			f(b.x, b.x, uint64(n)*uint64(b.wordBits))
			b.store(t, b.x)
			c.Push(t)
		}
	}
	return []lua53.Reg{
		{Name: "_inc", Fn: unary(func() { b.ar.Inc(b.x) })},
		{Name: "_dec", Fn: unary(func() { b.ar.Dec(b.x) })},
		{Name: "_abs", Fn: unary(func() { b.ar.Abs(b.x, b.x) })},
		{Name: "_unm", Fn: unary(func() { b.ar.Neg(b.x, b.x) })},
		{Name: "_bnot", Fn: unary(func() { b.ar.Not(b.x, b.x) })},
		{Name: "_shlone", Fn: unary(func() { b.ar.Shl(b.x, b.x, 1) })},
		{Name: "_shrone", Fn: unary(func() { b.ar.Shr(b.x, b.x, 1) })},
		{Name: "_shlwords", Fn: shiftWords(b.ar.Shl)},
		{Name: "_shrwords", Fn: shiftWords(b.ar.Shr)},
		{Name: "_assign", Fn: withOperand(func(z, _, y []uint64) { copy(z, y) })},
		{Name: "_add", Fn: withOperand(b.ar.Add)},
		{Name: "_sub", Fn: withOperand(b.ar.Sub)},
		{Name: "_band", Fn: withOperand(b.ar.And)},
		{Name: "_bor", Fn: withOperand(b.ar.Or)},
		{Name: "_bxor", Fn: withOperand(b.ar.Xor)},
	}
}
