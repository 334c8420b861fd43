package lua53

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53/syntax"
)

// upval is the place of a captured variable among the upvalues.
func (c *compiler) upval(l *syntax.Local) int { return c.ups[l] }

func (c *compiler) name(x *syntax.Name) evalFn {
	l := x.Local
	switch {
	case l == nil:
		return c.global(x)
	case x.Upvalue:
		i := c.upval(l)
		if isCell(l) {
			return func(f *frame) val { return f.ups[i].o.(*cell).v }
		}
		return func(f *frame) val { return f.ups[i] }
	case isCell(l):
		i := l.Slot
		return func(f *frame) val { return f.regs[i].o.(*cell).v }
	}
	i := l.Slot
	return func(f *frame) val { return f.regs[i] }
}

// envOf compiles the variable that holds a global's table.
func (c *compiler) envOf(x *syntax.Name) evalFn {
	if x.Env != nil {
		return c.name(&syntax.Name{Pos: x.Pos, Name: "_ENV", Local: x.Env, Upvalue: x.EnvUpvalue})
	}
	i := c.env
	return func(f *frame) val { return f.ups[i].o.(*cell).v }
}

func (c *compiler) global(x *syntax.Name) evalFn {
	if x.Name == "_ENV" {
		return c.envOf(x)
	}
	st := c.site(x)
	key := x.Name
	kv, h := strVal(key), hashStr(key)
	if x.Env != nil {
		env := c.envOf(x)
		return func(f *frame) val {
			f.site = st
			return f.th.index(env(f), kv)
		}
	}
	up := c.env
	hint := 0
	return func(f *frame) val {
		env := f.ups[up].o.(*cell).v
		if t, ok := env.o.(*Table); ok {
			if v := t.getHint(key, h, &hint); !v.isNil() || t.meta == nil {
				return v
			}
		}
		f.site = st
		return f.th.index(env, kv)
	}
}

// getHint is getStr that first looks where the key was found last.
func (t *Table) getHint(key string, h uint32, hint *int) val {
	if i := *hint; i < len(t.ents) {
		if e := &t.ents[i]; e.hash == h {
			if s, ok := e.key.o.(lua.LString); ok && string(s) == key && !e.v.isNil() {
				return e.v
			}
		}
	}
	if i := t.findStr(key, h); i >= 0 {
		*hint = i
		return t.ents[i].v
	}
	return vNil
}

// onlyEnv: the function uses no variable of the functions around it.
func onlyEnv(x *syntax.Function) bool {
	for _, u := range x.Upvals {
		if u.Local != nil {
			return false
		}
	}
	return true
}

// closure compiles a function expression. self is the local of a local
// function, which the function may capture before it has its value.
func (c *compiler) closure(x *syntax.Function, self *syntax.Local) evalFn {
	p := c.function(x)
	own := -1
	if self != nil && !isCell(self) {
		for i, u := range x.Upvals {
			if u.Local == self {
				own = i
			}
		}
	}
	s := c.s
	size := int64(160 + 24*len(p.ups))
	if onlyEnv(x) {
		// Lua 5.3 gives the same function again when the variables are the
		// same, and the chunk's _ENV always is. It costs what a new one does,
		// so that accounts do not depend on what ran before.
		var fn *function
		up := c.env
		return func(f *frame) val {
			s.alloc(size)
			if fn == nil {
				fn = &function{p: p}
				fn.init()
				if len(p.ups) > 0 {
					fn.ups = []val{f.ups[up]}
				}
			}
			return val{o: &fn.LFunction}
		}
	}
	return func(f *frame) val {
		s.alloc(size)
		fn := &function{p: p}
		fn.init()
		if len(p.ups) > 0 {
			fn.ups = make([]val, len(p.ups))
			for i, d := range p.ups {
				if d.fromRegs {
					fn.ups[i] = f.regs[d.index]
				} else {
					fn.ups[i] = f.ups[d.index]
				}
			}
			if own >= 0 {
				fn.ups[own] = val{o: &fn.LFunction}
			}
		}
		return val{o: &fn.LFunction}
	}
}
