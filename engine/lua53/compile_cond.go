package lua53

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// cond compiles an expression for its truth.
func (c *compiler) cond(e syntax.Expr) func(*frame) bool {
	c.nested(1)
	defer c.nested(-1)
	switch x := e.(type) {
	case *syntax.Paren:
		return c.cond(x.X)
	case *syntax.Unary:
		if x.Op == syntax.OpNot {
			in := c.cond(x.X)
			return func(f *frame) bool { return !in(f) }
		}
	case *syntax.Binary:
		switch x.Op {
		case syntax.OpAnd:
			a, b := c.cond(x.L), c.cond(x.R)
			return func(f *frame) bool { return a(f) && b(f) }
		case syntax.OpOr:
			a, b := c.cond(x.L), c.cond(x.R)
			return func(f *frame) bool { return a(f) || b(f) }
		case syntax.OpEq, syntax.OpNe, syntax.OpLt, syntax.OpLe, syntax.OpGt, syntax.OpGe:
			c.cost++
			return c.compare(x)
		}
	}
	if v, ok := constant(e); ok {
		t := v.truthy()
		return func(*frame) bool { return t }
	}
	if r, ok := register(e); ok {
		return func(f *frame) bool { return f.regs[r].truthy() }
	}
	v := c.expr(e)
	return func(f *frame) bool { return v(f).truthy() }
}

func (c *compiler) compare(x *syntax.Binary) func(*frame) bool {
	if lateLeft(x) {
		return c.compareLate(x)
	}
	switch x.Op {
	case syntax.OpEq:
		return c.equality(x)
	case syntax.OpNe:
		eq := c.equality(x)
		return func(f *frame) bool { return !eq(f) }
	}
	st := c.site(x)
	if k, ok := constant(x.R); ok && k.o == nil {
		if f := c.compareConst(x, k, st); f != nil {
			return f
		}
	}
	a, b := c.expr(x.L), c.expr(x.R)
	switch x.Op {
	case syntax.OpLt:
		return func(f *frame) bool {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return int64(x.n) < int64(y.n)
			}
			if x.isFloat() && y.isFloat() {
				return x.float() < y.float()
			}
			f.site = st
			return f.th.less(x, y)
		}
	case syntax.OpLe:
		return func(f *frame) bool {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return int64(x.n) <= int64(y.n)
			}
			if x.isFloat() && y.isFloat() {
				return x.float() <= y.float()
			}
			f.site = st
			return f.th.lessEq(x, y)
		}
	case syntax.OpGt:
		return func(f *frame) bool {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return int64(x.n) > int64(y.n)
			}
			if x.isFloat() && y.isFloat() {
				return x.float() > y.float()
			}
			f.site = st
			return f.th.less(y, x)
		}
	}
	return func(f *frame) bool {
		x := a(f)
		y := b(f)
		if x.o == nil && y.o == nil {
			return int64(x.n) >= int64(y.n)
		}
		if x.isFloat() && y.isFloat() {
			return x.float() >= y.float()
		}
		f.site = st
		return f.th.lessEq(y, x)
	}
}

// compareConst compares with an integer literal.
func (c *compiler) compareConst(x *syntax.Binary, k val, st *site) func(*frame) bool {
	n := int64(k.n)
	if r, ok := register(x.L); ok && x.Op == syntax.OpLt {
		return func(f *frame) bool {
			x := f.regs[r]
			if x.o == nil {
				return int64(x.n) < n
			}
			f.site = st
			return f.th.less(x, k)
		}
	}
	a := c.expr(x.L)
	switch x.Op {
	case syntax.OpLt:
		return func(f *frame) bool {
			x := a(f)
			if x.o == nil {
				return int64(x.n) < n
			}
			f.site = st
			return f.th.less(x, k)
		}
	case syntax.OpLe:
		return func(f *frame) bool {
			x := a(f)
			if x.o == nil {
				return int64(x.n) <= n
			}
			f.site = st
			return f.th.lessEq(x, k)
		}
	case syntax.OpGt:
		return func(f *frame) bool {
			x := a(f)
			if x.o == nil {
				return int64(x.n) > n
			}
			f.site = st
			return f.th.less(k, x)
		}
	}
	return func(f *frame) bool {
		x := a(f)
		if x.o == nil {
			return int64(x.n) >= n
		}
		f.site = st
		return f.th.lessEq(k, x)
	}
}

func (c *compiler) equality(x *syntax.Binary) func(*frame) bool {
	st := c.site(x)
	l, r := x.L, x.R
	if _, ok := constant(l); ok {
		l, r = r, l // a literal has no effects, so the order does not matter
	}
	if k, ok := constant(r); ok {
		return equalConst(c.expr(l), k)
	}
	a, b := c.expr(x.L), c.expr(x.R)
	return func(f *frame) bool {
		x := a(f)
		y := b(f)
		if x.o == nil && y.o == nil {
			return x.n == y.n
		}
		if s, ok := x.o.(lua.LString); ok {
			t, ok := y.o.(lua.LString)
			if !ok || len(s) != len(t) {
				return false
			}
			if len(s) > longText {
				f.site = st
				f.th.s.payText(len(s))
			}
			return s == t
		}
		f.site = st
		return f.th.equal(x, y)
	}
}

// equalConst compares with a literal; literals have no metamethods.
func equalConst(a evalFn, k val) func(*frame) bool {
	switch o := k.o.(type) {
	case nil:
		n := k.n
		return func(f *frame) bool {
			x := a(f)
			if x.o == nil {
				return x.n == n
			}
			return x.isFloat() && equalIntFloat(int64(n), x.float())
		}
	case lua.LString:
		return func(f *frame) bool {
			s, ok := a(f).o.(lua.LString)
			return ok && s == o
		}
	case *lua.LNilType:
		return func(f *frame) bool { return a(f).isNil() }
	case lua.LBool:
		return func(f *frame) bool {
			b, ok := a(f).o.(lua.LBool)
			return ok && b == o
		}
	}
	return func(f *frame) bool { return rawEqual(a(f), k) }
}
