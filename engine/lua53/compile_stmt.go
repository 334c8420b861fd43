package lua53

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

func (c *compiler) stmt(st syntax.Stmt) execFn {
	switch x := st.(type) {
	case *syntax.LocalStmt:
		return c.localStmt(x)
	case *syntax.LocalFunction:
		return c.localFunction(x)
	case *syntax.Assign:
		return c.assign(x)
	case *syntax.CallStmt:
		call := c.call(x.Call)
		return func(f *frame) ctl {
			call(f)
			return ctlNone
		}
	case *syntax.Do:
		return c.block(x.Body)
	case *syntax.While:
		return c.while(x)
	case *syntax.Repeat:
		return c.repeat(x)
	case *syntax.If:
		return c.ifStmt(x)
	case *syntax.NumFor:
		return c.numFor(x)
	case *syntax.GenFor:
		return c.genFor(x)
	case *syntax.Return:
		return c.returnStmt(x)
	case *syntax.Break:
		return func(*frame) ctl { return ctlBreak }
	case *syntax.Goto:
		label := x.Label
		at := &site{line: x.Line, col: x.Col}
		cost := c.cost + 1
		return func(f *frame) ctl {
			if s := f.th.s; !s.spend(cost) {
				f.site = at
				s.refuel()
			}
			f.label = label
			return ctlGoto
		}
	}
	panic(fmt.Sprintf("lua53: unknown statement %T", st))
}

// spend takes gas and says whether there was enough at hand.
func (s *State) spend(gas int64) bool {
	s.fuel -= gas
	return s.fuel >= 0
}

// setLocal compiles the initial value of a new local.
func (c *compiler) setLocal(l *syntax.Local) func(*frame, val) {
	i := l.Slot
	if isCell(l) {
		s := c.s
		return func(f *frame, v val) { f.regs[i] = val{o: s.newCell(v)} }
	}
	return func(f *frame, v val) { f.regs[i] = v }
}

func (c *compiler) localStmt(x *syntax.LocalStmt) execFn {
	if len(x.Locals) == 1 && len(x.Exprs) <= 1 {
		l := x.Locals[0]
		if len(x.Exprs) == 0 {
			c.declare(l)
			set := c.setLocal(l)
			return func(f *frame) ctl {
				set(f, vNil)
				return ctlNone
			}
		}
		e := c.expr(x.Exprs[0])
		c.declare(l)
		if isCell(l) {
			set := c.setLocal(l)
			return func(f *frame) ctl {
				set(f, e(f))
				return ctlNone
			}
		}
		i := l.Slot
		return func(f *frame) ctl {
			f.regs[i] = e(f)
			return ctlNone
		}
	}
	// The values are computed straight into the registers of the new locals:
	// nothing can see them before the last is there.
	regs := c.nregs
	n := len(x.Locals)
	c.temp(n)
	fill := c.fill(x.Exprs, n, regs)
	c.nregs = regs
	cells := false
	for _, l := range x.Locals {
		c.declare(l)
		cells = cells || isCell(l)
	}
	if !cells {
		return func(f *frame) ctl {
			fill(f)
			return ctlNone
		}
	}
	s := c.s
	locals := x.Locals
	return func(f *frame) ctl {
		fill(f)
		for _, l := range locals {
			if isCell(l) {
				f.regs[l.Slot] = val{o: s.newCell(f.regs[l.Slot])}
			}
		}
		return ctlNone
	}
}

// fill compiles a list of expressions that is adjusted to n values, stored in
// registers from base on.
func (c *compiler) fill(es []syntax.Expr, n, base int) func(*frame) {
	var rest func(*frame) []val
	if k := len(es); k > 0 && k <= n && multi(es[k-1]) && k-1 < n {
		if k < n || k == n {
			rest = c.multi(es[k-1])
			es = es[:k-1]
		}
	}
	vals := c.exprs(es)
	return func(f *frame) {
		for i, e := range vals {
			v := e(f)
			if i < n {
				f.regs[base+i] = v
			}
		}
		i := len(vals)
		if rest != nil {
			vs := rest(f)
			i += copy(f.regs[base+i:base+n], vs)
		}
		for ; i < n; i++ {
			f.regs[base+i] = vNil
		}
	}
}

func (c *compiler) localFunction(x *syntax.LocalFunction) execFn {
	c.declare(x.Local)
	i := x.Local.Slot
	if isCell(x.Local) {
		s := c.s
		e := c.closure(x.Func, x.Local)
		return func(f *frame) ctl {
			cl := s.newCell(vNil)
			f.regs[i] = val{o: cl}
			s.setCell(cl, e(f))
			return ctlNone
		}
	}
	e := c.closure(x.Func, x.Local)
	return func(f *frame) ctl {
		f.regs[i] = e(f)
		return ctlNone
	}
}

func (c *compiler) ifStmt(x *syntax.If) execFn {
	conds := make([]func(*frame) bool, len(x.Conds))
	then := make([]execFn, len(x.Conds))
	for i := range x.Conds {
		conds[i] = c.cond(x.Conds[i])
		then[i] = c.block(x.Then[i])
	}
	var other execFn
	if x.Else != nil {
		other = c.block(x.Else)
	}
	if len(conds) == 1 {
		cond, body := conds[0], then[0]
		if other == nil {
			return func(f *frame) ctl {
				if cond(f) {
					return body(f)
				}
				return ctlNone
			}
		}
		return func(f *frame) ctl {
			if cond(f) {
				return body(f)
			}
			return other(f)
		}
	}
	return func(f *frame) ctl {
		for i, cond := range conds {
			if cond(f) {
				return then[i](f)
			}
		}
		if other != nil {
			return other(f)
		}
		return ctlNone
	}
}

// loopCost compiles the code of a loop and returns the gas of one round.
func (c *compiler) loopCost(compile func()) int64 {
	outer := c.cost
	c.cost = 1
	compile()
	cost := c.cost
	c.cost = outer + 1
	return cost
}

func (c *compiler) while(x *syntax.While) execFn {
	var cond func(*frame) bool
	var body execFn
	cost := c.loopCost(func() {
		cond = c.cond(x.Cond)
		body = c.block(x.Body)
	})
	s := c.s
	at := &site{line: x.Line, col: x.Col}
	return func(f *frame) ctl {
		for cond(f) {
			if s.fuel -= cost; s.fuel < 0 {
				f.site = at
				s.refuel()
			}
			if r := body(f); r != ctlNone {
				if r == ctlBreak {
					break
				}
				return r
			}
		}
		return ctlNone
	}
}

func (c *compiler) repeat(x *syntax.Repeat) execFn {
	var cond func(*frame) bool
	var body execFn
	cost := c.loopCost(func() {
		regs := c.nregs
		body = c.scope(x.Body)
		cond = c.cond(x.Cond)
		c.nregs = regs
	})
	s := c.s
	at := &site{line: x.Line, col: x.Col}
	return func(f *frame) ctl {
		for {
			if s.fuel -= cost; s.fuel < 0 {
				f.site = at
				s.refuel()
			}
			if r := body(f); r != ctlNone {
				if r == ctlBreak {
					return ctlNone
				}
				return r
			}
			if cond(f) {
				return ctlNone
			}
		}
	}
}

func (c *compiler) returnStmt(x *syntax.Return) execFn {
	switch len(x.Exprs) {
	case 0:
		return func(f *frame) ctl {
			f.nret = 0
			return ctlReturn
		}
	case 1:
		if call, ok := x.Exprs[0].(*syntax.Call); ok {
			return c.tailCall(call)
		}
		if multi(x.Exprs[0]) {
			break
		}
		e := c.expr(x.Exprs[0])
		return func(f *frame) ctl {
			v := e(f)
			f.ret, f.nret = v, 1
			return ctlReturn
		}
	}
	args, rest := c.args(x.Exprs)
	n := len(args)
	base := c.temp(n)
	c.nregs = base
	return func(f *frame) ctl {
		for i, e := range args {
			f.regs[base+i] = e(f)
		}
		var tail []val
		if rest != nil {
			tail = rest(f)
		}
		f.rets = append(f.rets[:0], f.regs[base:base+n]...)
		f.rets = append(f.rets, tail...)
		f.nret = -1
		return ctlReturn
	}
}

// tailCall leaves the call to the caller of the function, so that a chain of
// tail calls needs no stack.
func (c *compiler) tailCall(x *syntax.Call) execFn {
	st := c.site(x)
	c.cost += 2
	fn := c.expr(x.Fn)
	args, rest := c.args(x.Args)
	self := 0
	if x.Method != "" {
		self = 1
	}
	key, h := lua.LString(x.Method), hashStr(x.Method)
	hint := 0
	n := len(args) + self
	base := c.temp(n)
	c.nregs = base
	return func(f *frame) ctl {
		fv := fn(f)
		if self == 1 {
			f.regs[base] = fv
			f.site = st
			if s, ok := fv.o.(lua.LString); ok {
				fv = f.th.stringMethod(s, key, h, &hint)
			} else {
				fv = f.th.indexStr(fv, key, h, &hint)
			}
		}
		for i, e := range args {
			f.regs[base+self+i] = e(f)
		}
		var tail []val
		if rest != nil {
			tail = rest(f)
		}
		f.rets = append(f.rets[:0], f.regs[base:base+n]...)
		f.rets = append(f.rets, tail...)
		f.tail = fv
		f.site = st
		return ctlTail
	}
}
