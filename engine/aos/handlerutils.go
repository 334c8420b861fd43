package aos

import lua "github.com/yuin/gopher-lua"

// handlerUtils makes Handlers.utils (spec §6).
func (w *world) handlerUtils() *table {
	t := w.m.table(0, 8)
	w.m.set(t, lua.LString("_version"), lua.LString("0.0.2"))
	isString := func(v lua.LValue) bool { _, ok := v.(lua.LString); return ok }
	isTable := func(v lua.LValue) bool { _, ok := v.(*table); return ok }
	check := func(c *call, ok bool, want string) {
		if !ok {
			w.fail(c, inHandlerUtils, "invalid arguments: ("+want+")")
		}
	}
	hasTag := func(c *call, msg, name, value lua.LValue) lua.LValue {
		tags := w.field(c, msg, "Tags", "local 'msg'", inHandlerUtils)
		n, _ := name.(lua.LString)
		return lua.LBool(w.field(c, tags, string(n), "field 'Tags'", inHandlerUtils) == value)
	}
	w.define(t, "hasMatchingTag", func(c *call) {
		name, value := c.Arg(1), c.Arg(2)
		check(c, isString(name) && isString(value), "name : string, value : string")
		c.Push(w.m.s.Captured(w.m.function("hasMatchingTag", func(c *call) { c.Push(hasTag(c, c.Arg(1), name, value)) }), name, value))
	})
	w.define(t, "hasMatchingTagOf", func(c *call) {
		name, values := c.Arg(1), c.Arg(2)
		check(c, isString(name) && isTable(values), "name : string, values : string[]")
		c.Push(w.m.s.Captured(w.m.function("hasMatchingTagOf", func(c *call) {
			list := values.(*table)
			for i := 1; ; i++ {
				v := list.GetInt(int64(i))
				if v == lua.LNil {
					break
				}
				check(c, isString(v), "name : string, value : string")
				if r := hasTag(c, c.Arg(1), name, v); truthy(r) {
					c.Push(r)
					return
				}
			}
			c.Push(w.m.integer(0))
		}), name, values))
	})
	w.define(t, "hasMatchingData", func(c *call) {
		value := c.Arg(1)
		check(c, isString(value), "value : string")
		c.Push(w.m.s.Captured(w.m.function("hasMatchingData", func(c *call) {
			c.Push(lua.LBool(w.field(c, c.Arg(1), "Data", "local 'msg'", inHandlerUtils) == value))
		}), value))
	})
	w.define(t, "reply", func(c *call) {
		input := c.Arg(1)
		check(c, isString(input) || isTable(input), "input : table or string")
		c.Push(w.m.s.Captured(w.m.function("reply", func(c *call) { w.utilsReply(c, c.Arg(1), input) }), input))
	})
	w.define(t, "continue", func(c *call) {
		pattern := c.Arg(1)
		c.Push(w.m.s.Captured(w.m.function("continue", func(c *call) {
			match := w.matches(c, c.Arg(1), pattern)
			_, f, _, isNum := w.m.number(match)
			if !truthy(match) || isNum && f == 0 || match == lua.LString("skip") {
				c.Push(match)
				return
			}
			c.Push(w.m.integer(1))
		}), pattern))
	})
	return t
}

// utilsReply is what a handle made by Handlers.utils.reply does.
func (w *world) utilsReply(c *call, msg, input lua.LValue) {
	answer := func(data lua.LValue) lua.LValue {
		t := w.m.table(0, 2)
		w.m.set(t, lua.LString("Data"), data)
		return t
	}
	if f := w.field(c, msg, "reply", "local 'msg'", inHandlerUtils); truthy(f) {
		if _, ok := input.(lua.LString); ok {
			input = answer(input)
		}
		w.callField(c, f, "method 'reply'", inHandlerUtils, input)
		return
	}
	t := answer(input).(*table)
	w.setIf(t, lua.LString("Target"), w.field(c, msg, "From", "local 'msg'", inHandlerUtils))
	w.callField(c, w.global("Send"), "global 'Send'", inHandlerUtils, t)
}
