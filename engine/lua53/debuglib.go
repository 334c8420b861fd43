package lua53

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openDebug makes the table debug. What looks into running functions from
// outside (hooks, locals) exists and does nothing.
func (s *State) openDebug() {
	registry := s.NewTable()
	s.SetString(registry, "_LOADED", s.loaded)
	s.SetString(registry, "_PRELOAD", s.preload)
	s.Library("debug", []Reg{
		{"debug", func(*Call) {}},
		{"gethook", func(c *Call) { c.push(vNil, strVal(""), intVal(0)) }},
		{"getinfo", debugGetInfo},
		{"getlocal", func(c *Call) { c.PushNil() }},
		{"getmetatable", func(c *Call) {
			c.Any(1)
			if mt := c.s.metatable(c.args[0]); mt != nil {
				c.push(tableVal(mt))
				return
			}
			c.PushNil()
		}},
		{"getregistry", func(c *Call) { c.push(tableVal(registry)) }},
		{"getupvalue", debugGetUpvalue},
		{"getuservalue", func(c *Call) { c.PushNil() }},
		{"sethook", func(*Call) {}},
		{"setlocal", func(c *Call) { c.PushNil() }},
		{"setmetatable", debugSetMetatable},
		{"setupvalue", debugSetUpvalue},
		{"setuservalue", func(c *Call) { c.push(c.arg(1)) }},
		{"traceback", debugTraceback},
		{"upvalueid", debugUpvalueID},
		{"upvaluejoin", func(*Call) {}},
	})
}

// threadArg takes a coroutine as an optional first argument.
func (c *Call) threadArg() (th *thread, shift int) {
	if co, ok := c.arg(1).o.(*Coroutine); ok {
		return co.th, 1
	}
	return c.th, 0
}

func debugTraceback(c *Call) {
	th, shift := c.threadArg()
	msg := c.arg(1 + shift)
	text, isText := c.s.text(msg)
	if !isText && !msg.isNil() {
		c.push(msg)
		return
	}
	def := int64(0)
	if th == c.th {
		def = 1
	}
	level := c.OptInt(2+shift, def)
	trace := "stack traceback:"
	if th != nil && level >= 0 {
		trace = th.traceback(int(min(level, 1<<30)))
	}
	if th == c.s.main && level >= 0 && c.s.opts.HostFrame {
		trace += "\n\t[C]: in ?"
	}
	if isText {
		trace = text + "\n" + trace
	}
	c.Alloc(int64(len(trace)))
	c.PushString(trace)
}

func (th *thread) level(n int64) *frame {
	for f := th.frame; f != nil && f.fn != nil; f = f.prev {
		if n == 0 {
			return f
		}
		n--
	}
	return nil
}

func debugGetInfo(c *Call) {
	th, shift := c.threadArg()
	what := c.OptStr(2+shift, "flnStu")
	if strings.Trim(what, "SlnrutLf>") != "" {
		c.ArgErrorf(2+shift, "invalid option")
	}
	var f *frame
	var fn *function
	if lf, ok := c.arg(1 + shift).o.(*lua.LFunction); ok {
		fn = asFunction(lf)
	} else {
		level := c.Int(1 + shift)
		if th != nil && level >= 0 {
			f = th.level(level)
		}
		if f == nil {
			c.PushNil()
			return
		}
		fn = f.fn
	}
	c.Charge(10)
	t := c.s.NewTable()
	set := func(k string, v val) { c.s.setStr(t, lua.LString(k), v) }
	p := fn.p
	for _, o := range what {
		switch o {
		case 'S':
			c.infoSource(set, p)
		case 'l':
			line := int64(-1)
			if f != nil && p != nil {
				line = int64(f.site.line)
			}
			set("currentline", intVal(line))
		case 'u':
			n, params, vararg := 0, 0, true
			if p != nil {
				n, params, vararg = len(p.ups), p.nparams, p.vararg
			}
			set("nups", intVal(int64(n)))
			set("nparams", intVal(int64(params)))
			set("isvararg", boolVal(vararg))
		case 'n':
			kind, name := "", ""
			if f != nil {
				kind, name = f.calledName()
			}
			set("namewhat", strVal(kind))
			if kind != "" {
				set("name", strVal(name))
			}
		case 't':
			set("istailcall", boolVal(f != nil && f.tailed))
		case 'L':
			if p != nil {
				set("activelines", tableVal(c.s.NewTable()))
			}
		case 'f':
			set("func", val{o: &fn.LFunction})
		}
	}
	c.push(tableVal(t))
}

func (c *Call) infoSource(set func(string, val), p *proto) {
	if p == nil {
		set("source", strVal("=[C]"))
		set("short_src", strVal("[C]"))
		set("linedefined", intVal(-1))
		set("lastlinedefined", intVal(-1))
		set("what", strVal("C"))
		return
	}
	set("source", strVal(p.chunk.name))
	set("short_src", strVal(p.chunk.id))
	what, end := "Lua", int64(p.fn.End.Line)
	if p.main {
		what, end = "main", 0
	}
	set("linedefined", intVal(int64(p.fn.Pos.Line)))
	set("lastlinedefined", intVal(end))
	set("what", strVal(what))
}

// upvalue finds upvalue n of a Lua function.
func (c *Call) upvalue() (fn *function, i int) {
	fn = asFunction(c.Func(1))
	n := c.Int(2)
	if fn == nil || fn.p == nil || n < 1 || n > int64(len(fn.ups)) {
		return fn, -1
	}
	return fn, int(n - 1)
}

func debugGetUpvalue(c *Call) {
	fn, i := c.upvalue()
	if i < 0 {
		return
	}
	v := fn.ups[i]
	if cl, ok := v.o.(*cell); ok {
		v = cl.v
	}
	c.push(strVal(fn.p.ups[i].name), v)
}

// debugSetUpvalue changes a captured variable: for all functions that share it
// if anything assigns it, else for this function alone.
func debugSetUpvalue(c *Call) {
	c.Any(3)
	fn, i := c.upvalue()
	if i < 0 {
		return
	}
	if cl, ok := fn.ups[i].o.(*cell); ok {
		c.s.setCell(cl, c.args[2])
	} else {
		old := fn.ups[i]
		c.s.Save(func() { fn.ups[i] = old })
		fn.ups[i] = c.args[2]
	}
	c.push(strVal(fn.p.ups[i].name))
}

func debugUpvalueID(c *Call) {
	fn, i := c.upvalue()
	if i < 0 {
		c.ArgErrorf(2, "invalid upvalue index")
	}
	if cl, ok := fn.ups[i].o.(*cell); ok {
		c.push(val{o: &lua.LUserData{Value: cl}})
		return
	}
	c.push(val{o: &lua.LUserData{Value: fn}})
}

func debugSetMetatable(c *Call) {
	var mt *Table
	if v := c.arg(2); !v.isNil() {
		var ok bool
		if mt, ok = v.table(); !ok {
			c.ArgErrorf(2, "nil or table expected")
		}
	}
	c.s.setTypeMetatable(c.arg(1), mt)
	c.push(c.arg(1))
}

// setTypeMetatable sets the metatable of a value, or of all values of its type.
func (s *State) setTypeMetatable(v val, mt *Table) {
	switch x := v.o.(type) {
	case *Table:
		s.SetMetatable(x, mt)
		return
	case *lua.LUserData:
		old := x.Metatable
		s.Save(func() { x.Metatable = old })
		x.Metatable = lua.LNil
		if mt != nil {
			x.Metatable = mt
		}
		return
	case lua.LString:
		old := s.stringMeta
		s.Save(func() { s.stringMeta = old })
		s.stringMeta = mt
		return
	}
	t := lua.LTNumber
	if v.o != nil {
		t = v.o.Type()
	}
	old := s.typeMeta[t]
	s.Save(func() { s.typeMeta[t] = old })
	s.typeMeta[t] = mt
}
