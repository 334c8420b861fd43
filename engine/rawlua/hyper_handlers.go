package rawlua

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// openHandlers makes the table Handlers of hyper-aos.
func (h *hyper) openHandlers(fn func(*table, string, func(*lua53.Call)) lua.LValue) *table {
	s := h.vm.s
	t := s.NewTable()
	h.handlers = t
	s.SetString(t, "list", s.NewTable())
	s.SetString(t, "onceNonce", lua53.MakeInt(0))
	insert := func(front bool) func(*lua53.Call) {
		return func(c *lua53.Call) {
			a := [4]lua.LValue{c.Arg(1), c.Arg(2), c.Arg(3), c.Arg(4)}
			if c.N() == 2 {
				a = [4]lua.LValue{c.Arg(1), c.Arg(1), c.Arg(2), lua.LNil}
			}
			h.check(c, a)
			h.put(a, front)
			c.PushInt(h.handlerList().Len())
		}
	}
	fn(t, "add", insert(false))
	fn(t, "append", insert(false))
	fn(t, "prepend", insert(true))
	fn(t, "once", func(c *lua53.Call) {
		if c.N() == 3 {
			h.once(c, c.Arg(1), c.Arg(2), c.Arg(3))
			return
		}
		h.once(c, lua.LNil, c.Arg(1), c.Arg(2))
	})
	fn(t, "remove", func(c *lua53.Call) { h.remove1(c.Str(1)) })
	fn(t, "receive", func(c *lua53.Call) { c.PushString("not implemented") })
	utils := s.NewTable()
	fn(utils, "hasMatchingTag", func(c *lua53.Call) {
		name, value := strings.ToLower(c.Str(1)), c.Arg(2)
		c.Push(s.Function("hasMatchingTag", func(c *lua53.Call) {
			c.PushBool(h.field(c, c.Arg(1), name) == value)
		}))
	})
	fn(utils, "hasMatchingTagOf", func(c *lua53.Call) {
		name, values := strings.ToLower(c.Str(1)), c.Table(2)
		c.Push(s.Captured(s.Function("hasMatchingTagOf", func(c *lua53.Call) {
			v := h.field(c, c.Arg(1), name)
			for _, x := range values.All {
				if x == v {
					c.PushInt(-1)
					return
				}
			}
			c.PushInt(0)
		}), values))
	})
	fn(utils, "hasMatchingData", func(c *lua53.Call) {
		value := c.Arg(1)
		c.Push(s.Captured(s.Function("hasMatchingData", func(c *lua53.Call) {
			c.PushBool(h.field(c, c.Arg(1), "data") == value)
		}), value))
	})
	fn(utils, "continue", func(c *lua53.Call) {
		pattern := c.Arg(1)
		c.Push(s.Captured(s.Function("continue", func(c *lua53.Call) {
			req, _ := c.Arg(1).(*table)
			if m, _ := h.matches(c, req, pattern); m == lua.LFalse || m == lua.LNil {
				c.Push(m)
				return
			}
			c.PushInt(1)
		}), pattern))
	})
	fn(utils, "reply", func(c *lua53.Call) {
		answer := c.Arg(1)
		c.Push(s.Captured(s.Function("reply", func(c *lua53.Call) {
			t, ok := answer.(*table)
			if !ok {
				t = s.NewTable()
				s.SetString(t, "data", answer)
			}
			c.Call(c.Index(c.Arg(1), lua.LString("reply")), t)
		}), answer))
	})
	s.SetString(t, "utils", utils)
	return t
}

func (h *hyper) handlerList() *table {
	t, _ := h.handlers.GetString("list").(*table)
	if t == nil {
		t = h.vm.s.NewTable()
		h.vm.s.SetString(h.handlers, "list", t)
	}
	return t
}

// check refuses what is no name or no pattern.
func (h *hyper) check(c *lua53.Call, a [4]lua.LValue) {
	_, ok := a[0].(lua.LString)
	switch a[1].(type) {
	case *lua.LFunction, *table, lua.LString:
	default:
		ok = false
	}
	if !ok {
		c.Errorf("Invalid arguments given. Expected: name : string, pattern : string | table | function, handle : function, maxRuns? : number")
	}
}

// put updates the handler of that name in place, or inserts a new one.
func (h *hyper) put(a [4]lua.LValue, front bool) {
	h.touched = true
	name := a[0].(lua.LString)
	s, list := h.vm.s, h.handlerList()
	entry := h.named(string(name))
	if entry == nil {
		entry = s.NewTable()
		s.SetString(entry, "name", name)
		if front {
			h.insertFront(list, entry)
		} else {
			s.Append(list, entry)
		}
	}
	s.SetString(entry, "pattern", a[1])
	s.SetString(entry, "handle", a[2])
	s.SetString(entry, "maxRuns", a[3])
}

func (h *hyper) insertFront(list, entry *table) {
	for i := list.Len(); i >= 1; i-- {
		h.vm.s.SetInt(list, i+1, list.GetInt(i))
	}
	h.vm.s.SetInt(list, 1, entry)
}

func (h *hyper) named(name string) *table {
	list := h.handlerList()
	for i := int64(1); i <= list.Len(); i++ {
		if e, ok := list.GetInt(i).(*table); ok && e.GetString("name") == lua.LString(name) {
			return e
		}
	}
	return nil
}

func (h *hyper) once(c *lua53.Call, name, pattern, handle lua.LValue) {
	if name == lua.LNil {
		n, _ := lua53.ToInteger(h.handlers.GetString("onceNonce"))
		name = lua.LString("_once_" + strconv.FormatInt(n, 10))
		h.vm.s.SetString(h.handlers, "onceNonce", lua53.MakeInt(n+1))
	}
	a := [4]lua.LValue{name, pattern, handle, lua53.MakeInt(1)}
	h.check(c, a)
	h.put(a, true)
}

func (h *hyper) remove1(name string) {
	list := h.handlerList()
	for i := int64(1); i <= list.Len(); i++ {
		if e, ok := list.GetInt(i).(*table); ok && e.GetString("name") == lua.LString(name) {
			n := list.Len()
			for ; i < n; i++ {
				h.vm.s.SetInt(list, i, list.GetInt(i+1))
			}
			h.vm.s.SetInt(list, n, lua.LNil)
			return
		}
	}
}

// addOwn puts _eval and _default at the end, behind the script's handlers.
// An Eval is the owner's when the owner committed to it.
func (h *hyper) addOwn(committer string) {
	s := h.vm.s
	touched := h.touched
	h.put([4]lua.LValue{lua.LString("_eval"), s.Function("eval?", func(c *lua53.Call) {
		owner := s.Globals().GetString("Owner")
		c.PushBool(h.field(c, c.Arg(1), "action") == lua.LString("Eval") && owner == lua.LString(committer))
	}), s.Function("eval", func(c *lua53.Call) { h.eval(c, h.field(c, c.Arg(1), "data")) }), lua.LNil}, false)
	h.put([4]lua.LValue{lua.LString("_default"), s.Function("default?", func(c *lua53.Call) { c.PushBool(true) }), s.Function("default", func(c *lua53.Call) {
		if in, ok := s.Globals().GetString("Inbox").(*table); ok {
			s.Append(in, c.Arg(1))
		}
		h.print(c, lua.LString("New Message"))
	}), lua.LNil}, false)
	h.touched = touched
}

func (h *hyper) dropOwn() {
	h.remove1("_eval")
	h.remove1("_default")
}

// eval runs a text as an expression, or else as statements; a compile error or a
// true second result is raised, which fails the slot.
func (h *hyper) eval(c *lua53.Call, data lua.LValue) {
	src, _ := data.(lua.LString)
	fn, err := h.vm.s.Load("return "+string(src), "aos", "t", nil)
	if err != nil {
		fn, err = h.vm.s.Load(string(src), "aos", "t", nil)
	}
	if err != nil {
		panicWith(c, err)
	}
	out := c.Call(fn)
	if len(out) > 1 && out[1] != lua.LNil && out[1] != lua.LFalse {
		c.Throw(out[1])
	}
	if len(out) > 0 && out[0] != lua.LNil && out[0] != lua.LFalse {
		h.print(c, out[0])
	}
}

// walk goes over the handlers as aos does (spec §6).
func (h *hyper) walk(c *lua53.Call, req, body *table) {
	list := h.handlerList()
	handled := false
	for i := int64(1); ; i++ {
		e, ok := list.GetInt(i).(*table)
		if !ok {
			return
		}
		isDefault := e.GetString("name") == lua.LString("_default")
		if isDefault && handled {
			return
		}
		name, _ := e.GetString("name").(lua.LString)
		pattern, handle := e.GetString("pattern"), e.GetString("handle")
		step := h.vm.trace.visit(string(name), h.patternText(pattern), handle)
		v, missed := h.matches(c, req, pattern)
		stop, run := h.verdict(c, v)
		if !run {
			step.skipped(h.whyNot(req, pattern, v, missed))
			continue
		}
		step.begin()
		if _, err := c.PCall(h.resolved(c, req, handle), req); err != nil {
			step.end("failed")
			c.Raise(err)
		}
		switch {
		case isDefault:
			step.end("default")
		case stop:
			step.end("ran")
		default:
			step.end("ran, continued")
		}
		handled = handled || stop
		if n, ok := lua53.ToInteger(e.GetString("maxRuns")); ok {
			h.vm.s.SetString(e, "maxRuns", lua53.MakeInt(n-1))
			if n == 1 {
				h.remove1(string(name))
			}
		}
		if stop {
			return
		}
	}
}

// resolved is the function that handles a request: of a table of functions the
// first whose key matches.
func (h *hyper) resolved(c *lua53.Call, req *table, handle lua.LValue) lua.LValue {
	t, ok := handle.(*table)
	if !ok {
		return handle
	}
	for spec, fn := range t.All {
		if v, _ := h.matches(c, req, spec); v != lua.LNil && v != lua.LFalse {
			return fn
		}
	}
	return h.vm.s.Function("none", func(*lua53.Call) {})
}

// verdict reads what a pattern said.
func (h *hyper) verdict(c *lua53.Call, v lua.LValue) (stop, run bool) {
	switch x := v.(type) {
	case lua.LBool:
		return bool(x), bool(x)
	case lua.LString:
		return x == "break", x == "break" || x == "continue"
	}
	f, ok := lua53.ToFloat(v)
	if !ok {
		c.Errorf("Pattern result is not valid, it MUST be string, number, or boolean")
	}
	return f < 0, f != 0
}

// field is a field of the request, or else of its body.
func (h *hyper) field(c *lua53.Call, req lua.LValue, key string) lua.LValue {
	t, ok := req.(*table)
	if !ok {
		c.Errorf("attempt to index a %s value (local 'req')", h.vm.s.Name(req))
	}
	if v := t.GetString(key); v != lua.LNil {
		return v
	}
	if body, ok := t.GetString("body").(*table); ok {
		return body.GetString(key)
	}
	return lua.LNil
}

// matches tests a pattern: a string against body.action, a table key by key
// against req and then its body; strings keep their case.
// missed is the key of a table that did not match.
func (h *hyper) matches(c *lua53.Call, req *table, pattern lua.LValue) (result lua.LValue, missed string) {
	switch p := pattern.(type) {
	case *lua.LFunction:
		if out := c.Call(p, req); len(out) > 0 {
			return out[0], ""
		}
		return lua.LNil, ""
	case lua.LString:
		body, _ := req.GetString("body").(*table)
		return lua.LBool(body != nil && body.GetString("action") == p), ""
	case *table:
		for k, sub := range p.All {
			key, ok := k.(lua.LString)
			if !ok {
				return lua.LFalse, h.vm.s.ToString(k)
			}
			v := h.field(c, req, string(key))
			if v == lua.LNil || v == lua.LFalse || !h.matchesValue(c, req, sub, v) {
				return lua.LFalse, string(key)
			}
		}
		return lua.LTrue, ""
	}
	return lua.LFalse, ""
}

const patternMagic = "^$()%.[]*+?"

func (h *hyper) matchesValue(c *lua53.Call, req *table, pattern, v lua.LValue) bool {
	switch p := pattern.(type) {
	case *lua.LFunction:
		out := c.Call(p, v, req)
		return len(out) > 0 && out[0] != lua.LNil && out[0] != lua.LFalse
	case lua.LString:
		if p == "_" || v == p {
			return true
		}
		if !strings.ContainsAny(string(p), patternMagic) {
			return false
		}
		lib, ok := h.vm.s.Globals().GetString("string").(*table)
		if !ok {
			return false
		}
		out := c.Call(lib.GetString("match"), v, p)
		return len(out) > 0 && out[0] != lua.LNil
	case *table:
		for _, sub := range p.All {
			if h.matchesValue(c, req, sub, v) {
				return true
			}
		}
	}
	return false
}
