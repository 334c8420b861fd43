package lua53

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

var hashIndexEvent = hashStr("__index")

// indexStr is o[key] for a string key whose hash is at hand.
func (th *thread) indexStr(o val, key lua.LString, h uint32, hint *int) val {
	first := true
	for range maxMetaLoop {
		t, ok := o.o.(*Table)
		if !ok {
			break
		}
		if v := t.getHint(string(key), h, hint); !v.isNil() {
			return v
		}
		mt := t.meta
		if mt == nil || mt.absent&bitIndex != 0 {
			return vNil
		}
		i := mt.findStr("__index", hashIndexEvent)
		if i < 0 || mt.ents[i].v.isNil() {
			mt.absent |= bitIndex
			return vNil
		}
		m := mt.ents[i].v
		if isFunction(m) {
			return th.callMeta(m, o, val{o: key})
		}
		o = m
		first = false
	}
	return th.indexFrom(o, val{o: key}, first)
}

func (c *compiler) index(x *syntax.Index) evalFn {
	st := c.site(x)
	if k, ok := x.Key.(*syntax.Str); ok {
		key, h := lua.LString(k.Value), hashStr(k.Value)
		hint := 0
		if r, ok := register(x.Obj); ok {
			return func(f *frame) val {
				o := f.regs[r]
				if t, ok := o.o.(*Table); ok {
					if v := t.getHint(string(key), h, &hint); !v.isNil() || t.meta == nil {
						return v
					}
				}
				f.site = st
				return f.th.indexStr(o, key, h, &hint)
			}
		}
		obj := c.expr(x.Obj)
		return func(f *frame) val {
			o := obj(f)
			if t, ok := o.o.(*Table); ok {
				if v := t.getHint(string(key), h, &hint); !v.isNil() || t.meta == nil {
					return v
				}
			}
			f.site = st
			return f.th.indexStr(o, key, h, &hint)
		}
	}
	obj, key := c.expr(x.Obj), c.expr(x.Key)
	lateObj := late(x.Obj, true, nil) && mayCall(x.Key)
	return func(f *frame) val {
		o := obj(f)
		k := key(f)
		if lateObj {
			o = obj(f)
		}
		if t, ok := o.o.(*Table); ok {
			if k.o == nil {
				if uint64(k.n-1) < uint64(len(t.arr)) {
					if v := t.arr[k.n-1]; !v.isNil() {
						return v
					}
				}
			} else if x, ok := k.o.(lua.LString); ok && len(x) > longText {
				f.site = st
				f.th.s.payText(len(x))
			}
			if v := t.get(k); !v.isNil() || t.meta == nil {
				return v
			}
		}
		f.site = st
		return f.th.index(o, k)
	}
}

// finished is where a call left its results.
type callFn func(*frame) *frame

// callOne compiles a call for one result.
func (c *compiler) callOne(x *syntax.Call) evalFn {
	if e := c.fastCall(x); e != nil {
		return e
	}
	call := c.call(x)
	return func(f *frame) val { return call(f).first() }
}

// multi compiles a call or ... for all its values. They are valid until the
// next call from the frame.
func (c *compiler) multi(e syntax.Expr) func(*frame) []val {
	if _, ok := e.(*syntax.Vararg); ok {
		return func(f *frame) []val { return f.varargs }
	}
	call := c.call(e.(*syntax.Call))
	return func(f *frame) []val { return call(f).results() }
}

// call compiles a call; its results are in the frame that it returns.
func (c *compiler) call(x *syntax.Call) callFn {
	c.nested(2)
	defer c.nested(-2)
	st := c.site(x)
	c.cost += 2
	if x.Method != "" {
		return c.methodCall(x, st)
	}
	fn := c.expr(x.Fn)
	args, rest := c.args(x.Args)
	if rest != nil {
		return func(f *frame) *frame {
			fv := fn(f)
			return f.invokeRest(fv, nil, args, rest, st)
		}
	}
	switch len(args) {
	case 1:
		a := args[0]
		return func(f *frame) *frame {
			fv := fn(f)
			if cl := luaFunction(fv); cl != nil && !cl.p.vararg && cl.p.nparams > 0 {
				p := cl.p
				th := f.th
				stack, top := th.stack, th.top
				regs := th.push(p.nregs)
				regs[0] = a(f)
				for i := 1; i < p.nparams; i++ {
					regs[i] = vNil
				}
				f.site = st
				nf := f.run(cl, regs, nil)
				clear(regs)
				th.stack, th.top = stack, top
				return nf
			}
			return f.invoke(fv, args, st)
		}
	}
	return func(f *frame) *frame { return f.invoke(fn(f), args, st) }
}

// luaFunction returns the Lua function that a value is, or nil.
func luaFunction(v val) *function {
	if lf, ok := v.o.(*lua.LFunction); ok {
		if cl := asFunction(lf); cl != nil && cl.p != nil {
			return cl
		}
	}
	return nil
}

// args compiles arguments; rest is the last one if it can give many values.
func (c *compiler) args(es []syntax.Expr) (args []evalFn, rest func(*frame) []val) {
	if n := len(es); n > 0 && multi(es[n-1]) {
		args = c.exprs(es[:n-1])
		return args, c.multi(es[n-1])
	}
	return c.exprs(es), nil
}

func (c *compiler) methodCall(x *syntax.Call, st *site) callFn {
	obj := c.expr(x.Fn)
	key, h := lua.LString(x.Method), hashStr(x.Method)
	args, rest := c.args(x.Args)
	hint := 0
	method := func(f *frame, o val) val {
		f.site = st
		if s, ok := o.o.(lua.LString); ok {
			return f.th.stringMethod(s, key, h, &hint)
		}
		return f.th.indexStr(o, key, h, &hint)
	}
	if rest != nil {
		return func(f *frame) *frame {
			o := obj(f)
			fv := method(f, o)
			return f.invokeRest(fv, &o, args, rest, st)
		}
	}
	return func(f *frame) *frame {
		o := obj(f)
		fv := method(f, o)
		if cl := luaFunction(fv); cl != nil && !cl.p.vararg && cl.p.nparams > len(args) {
			p := cl.p
			th := f.th
			stack, top := th.stack, th.top
			regs := th.push(p.nregs)
			regs[0] = o
			for i, a := range args {
				regs[i+1] = a(f)
			}
			for i := len(args) + 1; i < p.nparams; i++ {
				regs[i] = vNil
			}
			f.site = st
			nf := f.run(cl, regs, nil)
			clear(regs)
			th.stack, th.top = stack, top
			return nf
		}
		th := f.th
		stack, top := th.stack, th.top
		vs := th.push(len(args) + 1)
		vs[0] = o
		for i, a := range args {
			vs[i+1] = a(f)
		}
		f.site = st
		nf := f.invokeVals(fv, vs)
		clear(vs)
		th.stack, th.top = stack, top
		return nf
	}
}

// stringMethod finds a method of a string.
func (th *thread) stringMethod(s lua.LString, key lua.LString, h uint32, hint *int) val {
	if mt := th.s.stringMeta; mt != nil {
		if i := mt.findStr("__index", hashIndexEvent); i >= 0 {
			if t, ok := mt.ents[i].v.o.(*Table); ok {
				if v := t.getHint(string(key), h, hint); !v.isNil() {
					return v
				}
			}
		}
	}
	return th.index(val{o: s}, val{o: key})
}

// invoke evaluates arguments and calls.
func (f *frame) invoke(fv val, args []evalFn, st *site) *frame {
	th := f.th
	stack, top := th.stack, th.top
	if cl := luaFunction(fv); cl != nil && !cl.p.vararg {
		p := cl.p
		regs := th.push(p.nregs)
		n := p.nparams
		for i, a := range args {
			v := a(f)
			if i < n {
				regs[i] = v
			}
		}
		for i := len(args); i < n; i++ {
			regs[i] = vNil
		}
		f.site = st
		nf := f.run(cl, regs, nil)
		clear(regs)
		th.stack, th.top = stack, top
		return nf
	}
	vs := th.push(len(args))
	for i, a := range args {
		vs[i] = a(f)
	}
	f.site = st
	nf := f.invokeVals(fv, vs)
	clear(vs)
	th.stack, th.top = stack, top
	return nf
}

// invokeRest is invoke with an object before and many values behind the
// arguments.
func (f *frame) invokeRest(fv val, self *val, args []evalFn, rest func(*frame) []val, st *site) *frame {
	th := f.th
	stack, top := th.stack, th.top
	n := len(args)
	if self != nil {
		n++
	}
	head := th.push(n)
	i := 0
	if self != nil {
		head[0] = *self
		i = 1
	}
	for _, a := range args {
		head[i] = a(f)
		i++
	}
	tail := rest(f)
	th.s.fuel -= int64(len(tail))
	if len(tail) > 1000 {
		th.s.alloc(int64(len(tail)) * itemBytes)
	}
	vs := th.push(n + len(tail))
	copy(vs, head)
	copy(vs[n:], tail)
	f.site = st
	nf := f.invokeVals(fv, vs)
	clear(vs)
	clear(head)
	th.stack, th.top = stack, top
	return nf
}

// invokeVals calls with arguments that stay in place during the call.
func (f *frame) invokeVals(fv val, vs []val) *frame {
	if lf, ok := fv.o.(*lua.LFunction); ok {
		if cl := asFunction(lf); cl != nil && cl.p == nil {
			ret := f.runGo(cl, vs)
			nf := f.next
			nf.rets, nf.nret = ret, -1
			return nf
		}
	}
	// The callee may be a Go function behind __call, which leaves its results in
	// its own frame only.
	ret := f.th.call(fv, vs)
	nf := f.next
	nf.rets, nf.nret = ret, -1
	return nf
}

// fastCall is a call of one result with one argument, the commonest shape,
// where the callee turns out to be a plain Lua function.
func (c *compiler) fastCall(x *syntax.Call) evalFn {
	if x.Method != "" || len(x.Args) != 1 || multi(x.Args[0]) {
		return nil
	}
	c.nested(1)
	defer c.nested(-1)
	st := c.site(x)
	c.cost += 2
	fn := c.expr(x.Fn)
	args := c.exprs(x.Args)
	a := args[0]
	return func(f *frame) val {
		fv := fn(f)
		if cl := luaFunction(fv); cl != nil && !cl.p.vararg && cl.p.nparams > 0 {
			p := cl.p
			th := f.th
			stack, top := th.stack, th.top
			regs := th.push(p.nregs)
			regs[0] = a(f)
			for i := 1; i < p.nparams; i++ {
				regs[i] = vNil
			}
			f.site = st
			nf := f.run(cl, regs, nil)
			clear(regs)
			th.stack, th.top = stack, top
			if nf.nret == 1 {
				return nf.ret
			}
			return nf.first()
		}
		return f.invoke(fv, args, st).first()
	}
}
