package lua53

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

func (c *compiler) assign(x *syntax.Assign) execFn {
	if len(x.Targets) == 1 && len(x.Exprs) == 1 {
		return c.assignOne(x.Targets[0], x.Exprs[0])
	}
	// Evaluate what the targets need, then the values, then store from the
	// last to the first, as PUC does.
	regs := c.nregs
	type prepared struct {
		prepare func(*frame)
		store   func(*frame, val)
	}
	targets := make([]prepared, len(x.Targets))
	for i, t := range x.Targets {
		switch y := t.(type) {
		case *syntax.Name:
			targets[i].store = c.storeName(y)
		case *syntax.Index:
			obj, key := c.expr(y.Obj), c.expr(y.Key)
			st := c.site(y)
			lateObj, lateKey := late(y.Obj, true, x.Targets[i+1:]), late(y.Key, false, x.Targets[i+1:])
			if lateObj && lateKey {
				targets[i].store = func(f *frame, v val) {
					o, k := obj(f), key(f)
					f.site = st
					f.th.store(o, k, v)
				}
				continue
			}
			at := c.temp(2)
			targets[i].prepare = func(f *frame) {
				if !lateObj {
					f.regs[at] = obj(f)
				}
				f.regs[at+1] = key(f)
			}
			targets[i].store = func(f *frame, v val) {
				o, k := f.regs[at], f.regs[at+1]
				if lateObj {
					o = obj(f)
				}
				f.site = st
				f.th.store(o, k, v)
			}
		}
	}
	n := len(targets)
	base := c.temp(n)
	fill := c.fill(x.Exprs, n, base)
	c.nregs = regs
	return func(f *frame) ctl {
		for i := range targets {
			if p := targets[i].prepare; p != nil {
				p(f)
			}
		}
		fill(f)
		for i := n - 1; i >= 0; i-- {
			targets[i].store(f, f.regs[base+i])
		}
		return ctlNone
	}
}

// store is o[k] = v with a shortcut for plain tables.
func (th *thread) store(o, k, v val) {
	if t, ok := o.o.(*Table); ok && t.meta == nil {
		th.s.rawSet(t, k, v)
		return
	}
	th.setIndex(o, k, v)
}

func (c *compiler) storeName(x *syntax.Name) func(*frame, val) {
	l := x.Local
	s := c.s
	switch {
	case l == nil && x.Name == "_ENV":
		i := c.env
		return func(f *frame, v val) { s.setCell(f.ups[i].o.(*cell), v) }
	case l == nil:
		env := c.envOf(x)
		k := strVal(x.Name)
		st := c.site(x)
		return func(f *frame, v val) {
			f.site = st
			f.th.store(env(f), k, v)
		}
	case x.Upvalue: // assigned and captured, so it is a cell
		i := c.upval(l)
		return func(f *frame, v val) { s.setCell(f.ups[i].o.(*cell), v) }
	case isCell(l):
		i := l.Slot
		return func(f *frame, v val) { s.setCell(f.regs[i].o.(*cell), v) }
	}
	i := l.Slot
	return func(f *frame, v val) { f.regs[i] = v }
}

func (c *compiler) assignOne(target, value syntax.Expr) execFn {
	s := c.s
	switch x := target.(type) {
	case *syntax.Name:
		if r, ok := register(x); ok {
			e := c.expr(value)
			return func(f *frame) ctl {
				f.regs[r] = e(f)
				return ctlNone
			}
		}
		e := c.expr(value)
		set := c.storeName(x)
		return func(f *frame) ctl {
			set(f, e(f))
			return ctlNone
		}
	case *syntax.Index:
		st := c.site(x)
		obj := c.expr(x.Obj)
		lateObj := late(x.Obj, true, nil)
		if k, ok := x.Key.(*syntax.Str); ok {
			key, h := lua.LString(k.Value), hashStr(k.Value)
			kv := val{o: key}
			e := c.expr(value)
			hint := 0
			return func(f *frame) ctl {
				var o val
				if !lateObj {
					o = obj(f)
				}
				v := e(f)
				if lateObj {
					o = obj(f)
				}
				if t, ok := o.o.(*Table); ok {
					i := hint
					if i < len(t.ents) && t.ents[i].hash == h && t.ents[i].key == kv && !t.ents[i].v.isNil() {
						f.th.s.setEntry(t, i, v)
						return ctlNone
					}
					if i := t.findStr(string(key), h); i >= 0 && !t.ents[i].v.isNil() {
						hint = i
						s.setEntry(t, i, v)
						return ctlNone
					}
					if t.meta == nil {
						if !v.isNil() {
							f.site = st
							hint = len(t.ents)
							s.insertKey(t, kv, v, h)
						}
						return ctlNone
					}
				}
				f.site = st
				f.th.setIndex(o, kv, v)
				return ctlNone
			}
		}
		key := c.expr(x.Key)
		lateKey := late(x.Key, false, nil)
		e := c.expr(value)
		return func(f *frame) ctl {
			var o, k val
			if !lateObj {
				o = obj(f)
			}
			if !lateKey {
				k = key(f)
			}
			v := e(f)
			if lateObj {
				o = obj(f)
			}
			if lateKey {
				k = key(f)
			}
			f.site = st
			if t, ok := o.o.(*Table); ok {
				if k.o == nil && uint64(k.n-1) < uint64(len(t.arr)) && (t.meta == nil || !t.arr[k.n-1].isNil()) {
					s.setInt(t, int64(k.n), v)
					return ctlNone
				}
				if t.meta == nil {
					s.rawSet(t, k, v)
					return ctlNone
				}
			}
			f.th.setIndex(o, k, v)
			return ctlNone
		}
	}
	panic(fmt.Sprintf("lua53: cannot assign to %T", target))
}
