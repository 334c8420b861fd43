package lua53

import "patchbay/engine/lua53/syntax"

// In PUC a local variable is its register: an instruction reads it when it runs, after everything that was computed for
// its other operands. So `a + f()` sees what f assigned to a, and `t[k] = f()` stores into the t that f left behind.
// The manual leaves the order open; programs that depend on it still should do the same here.

// late says whether PUC reads an assignment's table or key only when it stores: a local variable stays in its
// register, a captured one (as table) is read by the storing instruction. If a later target is the variable
// itself, PUC makes a copy first.
func late(e syntax.Expr, table bool, later []syntax.Expr) bool {
	switch e.(type) {
	case *syntax.Str, *syntax.Num:
		return true
	}
	n, ok := e.(*syntax.Name)
	if !ok || n.Local == nil || n.Upvalue && !table {
		return false
	}
	for _, t := range later {
		if m, ok := t.(*syntax.Name); ok && m.Local == n.Local {
			return false
		}
	}
	return true
}

// lateLeft says whether the left operand must be read after the right one.
func lateLeft(x *syntax.Binary) bool {
	n, ok := folded(x.L).(*syntax.Name)
	return ok && n.Local != nil && !n.Upvalue && isCell(n.Local) && mayCall(x.R)
}

// mayCall looks for calls in an expression. Metamethods are not looked for.
func mayCall(e syntax.Expr) bool {
	switch x := e.(type) {
	case *syntax.Call:
		return true
	case *syntax.Paren:
		return mayCall(x.X)
	case *syntax.Unary:
		return mayCall(x.X)
	case *syntax.Binary:
		return mayCall(x.L) || mayCall(x.R)
	case *syntax.Index:
		return mayCall(x.Obj) || mayCall(x.Key)
	case *syntax.Table:
		for _, it := range x.Items {
			if mayCall(it.Value) || it.Key != nil && mayCall(it.Key) {
				return true
			}
		}
	}
	return false
}

// arithLate is an arithmetic operator whose left operand is read last.
func (c *compiler) arithLate(x *syntax.Binary) evalFn {
	o, st := binaryOps[x.Op], c.site(x)
	l, r := c.expr(x.L), c.expr(x.R)
	return func(f *frame) val {
		b := r(f)
		a := l(f)
		f.site = st
		return f.th.arith(o, a, b)
	}
}

// compareLate is a comparison whose left operand is read last.
func (c *compiler) compareLate(x *syntax.Binary) func(*frame) bool {
	st := c.site(x)
	l, r := c.expr(x.L), c.expr(x.R)
	var test func(th *thread, a, b val) bool
	switch x.Op {
	case syntax.OpEq:
		test = (*thread).equal
	case syntax.OpNe:
		test = func(th *thread, a, b val) bool { return !th.equal(a, b) }
	case syntax.OpLt:
		test = (*thread).less
	case syntax.OpLe:
		test = (*thread).lessEq
	case syntax.OpGt:
		test = func(th *thread, a, b val) bool { return th.less(b, a) }
	default:
		test = func(th *thread, a, b val) bool { return th.lessEq(b, a) }
	}
	return func(f *frame) bool {
		b := r(f)
		a := l(f)
		f.site = st
		return test(f.th, a, b)
	}
}
