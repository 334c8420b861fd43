package lua53

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

var binaryOps = map[syntax.Op]operator{
	syntax.OpAdd: opAdd, syntax.OpSub: opSub, syntax.OpMul: opMul, syntax.OpMod: opMod, syntax.OpPow: opPow,
	syntax.OpDiv: opDiv, syntax.OpIDiv: opIDiv, syntax.OpBAnd: opBAnd, syntax.OpBOr: opBOr,
	syntax.OpBXor: opBXor, syntax.OpShl: opShl, syntax.OpShr: opShr,
}

func (c *compiler) unary(x *syntax.Unary) evalFn {
	if c.s.opts.Luerl && (x.Op == syntax.OpNeg || x.Op == syntax.OpBNot) {
		return c.luerlUnary(x)
	}
	e := c.expr(x.X)
	st := c.site(x)
	switch x.Op {
	case syntax.OpNot:
		return func(f *frame) val { return boolVal(!e(f).truthy()) }
	case syntax.OpNeg:
		return func(f *frame) val {
			v := e(f)
			if v.o == nil {
				return val{n: -v.n}
			}
			if v.isFloat() {
				return floatVal(-v.float())
			}
			f.site = st
			return f.th.arith(opUnm, v, v)
		}
	case syntax.OpLen:
		return func(f *frame) val {
			v := e(f)
			switch o := v.o.(type) {
			case *Table:
				if o.meta == nil {
					return intVal(o.length())
				}
			case lua.LString:
				return intVal(int64(len(o)))
			}
			f.site = st
			return f.th.length(v)
		}
	}
	return func(f *frame) val {
		v := e(f)
		if v.o == nil {
			return val{n: ^v.n}
		}
		f.site = st
		return f.th.arith(opBNot, v, v)
	}
}

func (c *compiler) binary(x *syntax.Binary) evalFn {
	switch x.Op {
	case syntax.OpAnd:
		a, b := c.expr(x.L), c.expr(x.R)
		return func(f *frame) val {
			if v := a(f); !v.truthy() {
				return v
			}
			return b(f)
		}
	case syntax.OpOr:
		a, b := c.expr(x.L), c.expr(x.R)
		return func(f *frame) val {
			if v := a(f); v.truthy() {
				return v
			}
			return b(f)
		}
	case syntax.OpEq, syntax.OpNe, syntax.OpLt, syntax.OpLe, syntax.OpGt, syntax.OpGe:
		cond := c.compare(x)
		return func(f *frame) val { return boolVal(cond(f)) }
	case syntax.OpConcat:
		return c.concat(x)
	}
	return c.arith(x)
}

func (c *compiler) concat(x *syntax.Binary) evalFn {
	ops := c.exprs(concatOperands(x))
	st := c.site(x)
	if len(ops) == 2 {
		a, b := ops[0], ops[1]
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if s, ok := x.o.(lua.LString); ok {
				if t, ok := y.o.(lua.LString); ok {
					f.site = st
					s0 := f.th.s
					s0.alloc(int64(len(s)+len(t)) + 16)
					s0.fuel -= int64(len(s)+len(t)) >> 6
					return val{o: s + t}
				}
			}
			f.site = st
			return f.th.concat([]val{x, y})
		}
	}
	return func(f *frame) val {
		th := f.th
		stack, top := th.stack, th.top
		vs := th.push(len(ops))
		for i, e := range ops {
			vs[i] = e(f)
		}
		f.site = st
		r := th.concat(vs)
		clear(vs)
		th.stack, th.top = stack, top
		return r
	}
}

// arithSlow is an operator whose operands are not both integers.
func (f *frame) arithSlow(o operator, x, y val, st *site) val {
	if a, ok := x.toFloat(); ok {
		if b, ok := y.toFloat(); ok && !o.bitwise() && (x.o != nil || y.o != nil || o == opDiv || o == opPow) {
			return floatVal(floatOp(o, a, b))
		}
	}
	f.site = st
	return f.th.arith(o, x, y)
}

func (c *compiler) arith(x *syntax.Binary) evalFn {
	if lateLeft(x) {
		return c.arithLate(x)
	}
	if c.s.opts.Luerl {
		return c.luerlArith(x)
	}
	o := binaryOps[x.Op]
	st := c.site(x)
	if r, ok := register(x.L); ok {
		if k, ok := constant(x.R); ok && k.o == nil {
			if f := arithRegConst(o, r, k, st); f != nil {
				c.cost++
				return f
			}
		}
		if r2, ok := register(x.R); ok {
			if f := arithRegReg(o, r, r2, st); f != nil {
				c.cost += 2
				return f
			}
		}
	}
	a := c.expr(x.L)
	if k, ok := constant(x.R); ok && k.o == nil {
		if f := arithConst(o, a, k, st); f != nil {
			return f
		}
	}
	if r, ok := register(x.L); ok && !writesRegisters(x.R) {
		if f := arithRegExpr(o, r, c.expr(x.R), st); f != nil {
			return f
		}
	}
	b := c.expr(x.R)
	switch o {
	case opAdd:
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return val{n: x.n + y.n}
			}
			return f.arithSlow(opAdd, x, y, st)
		}
	case opSub:
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return val{n: x.n - y.n}
			}
			return f.arithSlow(opSub, x, y, st)
		}
	case opMul:
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return val{n: x.n * y.n}
			}
			return f.arithSlow(opMul, x, y, st)
		}
	case opBAnd:
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return val{n: x.n & y.n}
			}
			return f.arithSlow(opBAnd, x, y, st)
		}
	case opBXor:
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return val{n: x.n ^ y.n}
			}
			return f.arithSlow(opBXor, x, y, st)
		}
	case opShl, opShr, opBOr:
		return func(f *frame) val {
			x := a(f)
			y := b(f)
			if x.o == nil && y.o == nil {
				return intVal(bitOp(o, int64(x.n), int64(y.n)))
			}
			return f.arithSlow(o, x, y, st)
		}
	}
	return func(f *frame) val {
		x := a(f)
		y := b(f)
		return f.arithSlow(o, x, y, st)
	}
}

// writesRegisters says whether evaluating e can change a register of this
// function: it cannot, because assignment is a statement and captured variables
// that change live in cells.
func writesRegisters(syntax.Expr) bool { return false }

// arithRegConst is register op integer literal.
func arithRegConst(o operator, r int, k val, st *site) evalFn {
	n := k.n
	switch o {
	case opAdd:
		return func(f *frame) val {
			x := f.regs[r]
			if x.o == nil {
				return val{n: x.n + n}
			}
			return f.arithSlow(opAdd, x, k, st)
		}
	case opSub:
		return func(f *frame) val {
			x := f.regs[r]
			if x.o == nil {
				return val{n: x.n - n}
			}
			return f.arithSlow(opSub, x, k, st)
		}
	case opMul:
		return func(f *frame) val {
			x := f.regs[r]
			if x.o == nil {
				return val{n: x.n * n}
			}
			return f.arithSlow(opMul, x, k, st)
		}
	}
	return arithConst(o, func(f *frame) val { return f.regs[r] }, k, st)
}

func arithRegReg(o operator, r1, r2 int, st *site) evalFn {
	switch o {
	case opAdd:
		return func(f *frame) val {
			x, y := f.regs[r1], f.regs[r2]
			if x.o == nil && y.o == nil {
				return val{n: x.n + y.n}
			}
			return f.arithSlow(opAdd, x, y, st)
		}
	case opSub:
		return func(f *frame) val {
			x, y := f.regs[r1], f.regs[r2]
			if x.o == nil && y.o == nil {
				return val{n: x.n - y.n}
			}
			return f.arithSlow(opSub, x, y, st)
		}
	case opMul:
		return func(f *frame) val {
			x, y := f.regs[r1], f.regs[r2]
			if x.o == nil && y.o == nil {
				return val{n: x.n * y.n}
			}
			return f.arithSlow(opMul, x, y, st)
		}
	}
	return nil
}

func arithRegExpr(o operator, r int, b evalFn, st *site) evalFn {
	switch o {
	case opAdd:
		return func(f *frame) val {
			y := b(f)
			x := f.regs[r]
			if x.o == nil && y.o == nil {
				return val{n: x.n + y.n}
			}
			return f.arithSlow(opAdd, x, y, st)
		}
	case opSub:
		return func(f *frame) val {
			y := b(f)
			x := f.regs[r]
			if x.o == nil && y.o == nil {
				return val{n: x.n - y.n}
			}
			return f.arithSlow(opSub, x, y, st)
		}
	case opMul:
		return func(f *frame) val {
			y := b(f)
			x := f.regs[r]
			if x.o == nil && y.o == nil {
				return val{n: x.n * y.n}
			}
			return f.arithSlow(opMul, x, y, st)
		}
	}
	return func(f *frame) val {
		y := b(f)
		x := f.regs[r]
		if x.o == nil && y.o == nil && o >= opBAnd {
			return intVal(bitOp(o, int64(x.n), int64(y.n)))
		}
		return f.arithSlow(o, x, y, st)
	}
}

// arithConst is expression op integer literal.
func arithConst(o operator, a evalFn, k val, st *site) evalFn {
	n := int64(k.n)
	switch o {
	case opAdd:
		return func(f *frame) val {
			x := a(f)
			if x.o == nil {
				return val{n: x.n + k.n}
			}
			return f.arithSlow(opAdd, x, k, st)
		}
	case opSub:
		return func(f *frame) val {
			x := a(f)
			if x.o == nil {
				return val{n: x.n - k.n}
			}
			return f.arithSlow(opSub, x, k, st)
		}
	case opMod:
		if n <= 0 {
			return nil
		}
		return func(f *frame) val {
			x := a(f)
			if x.o == nil {
				m := int64(x.n) % n
				if m < 0 {
					m += n
				}
				return val{n: uint64(m)}
			}
			return f.arithSlow(opMod, x, k, st)
		}
	case opIDiv:
		if n <= 0 {
			return nil
		}
		return func(f *frame) val {
			x := a(f)
			if x.o == nil {
				i := int64(x.n)
				q := i / n
				if i%n < 0 {
					q--
				}
				return val{n: uint64(q)}
			}
			return f.arithSlow(opIDiv, x, k, st)
		}
	case opBAnd, opBOr, opBXor, opShl, opShr:
		return func(f *frame) val {
			x := a(f)
			if x.o == nil {
				return intVal(bitOp(o, int64(x.n), n))
			}
			return f.arithSlow(o, x, k, st)
		}
	}
	return nil
}
