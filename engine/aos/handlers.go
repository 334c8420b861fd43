package aos

import (
	"strconv"

	lua "github.com/yuin/gopher-lua"
)

// badAddArgs is what Handlers.add says of a wrong name or pattern.
const badAddArgs = "Invalid arguments given. Expected: \n" +
	"\tname : string, " +
	"\tpattern : Action : string | MsgMatch : table,\n" +
	"\t\tfunction(msg: Message) : {-1 = break, 0 = skip, 1 = continue},\n" +
	"\thandle(msg : Message) : void) | Resolver,\n" +
	"\tMaxRuns? : number | \"inf\" | nil"

// installHandlers makes the table Handlers and its utils (spec §6).
func (w *world) installHandlers() {
	m := w.m
	t := m.table(0, 20)
	w.handlers = t
	m.set(t, lua.LString("_version"), lua.LString(handlersVersion))
	m.set(t, lua.LString("list"), m.table(0, 0))
	m.set(t, lua.LString("coroutines"), m.table(0, 0))
	m.set(t, lua.LString("onceNonce"), m.integer(0))
	m.set(t, lua.LString("utils"), w.handlerUtils())
	w.define(t, "generateResolver", func(c *call) { c.Push(w.resolver(c.Arg(1))) })
	w.fn.add = w.define(t, "add", func(c *call) {
		a := addArgs(c)
		w.put(c, a, "add")
		c.Push(m.integer(int64(w.listLen(c))))
	})
	w.fn.handlersAppend = w.define(t, "append", func(c *call) { w.put(c, addArgs(c), "append") })
	w.fn.prepend = w.define(t, "prepend", func(c *call) { w.put(c, addArgs(c), "prepend") })
	w.fn.once = w.define(t, "once", func(c *call) {
		if c.N() == 3 {
			w.once(c, c.Arg(1), c.Arg(2), c.Arg(3))
		} else {
			w.once(c, lua.LNil, c.Arg(1), c.Arg(2))
		}
	})
	w.define(t, "before", w.beside(0))
	w.define(t, "after", w.beside(1))
	w.fn.remove = w.define(t, "remove", func(c *call) { w.removeHandler(c, c.Arg(1)) })
	w.fn.receive = w.define(t, "receive", func(c *call) { w.receive(c, c.Arg(1)) })
	w.fn.evaluate = w.define(t, "evaluate", func(c *call) { w.walk(c, c.Arg(1), c.Arg(2)) })
	m.s.StandsAt(w.fn.evaluate, inHandlers)
}

// handlerArgs are the arguments of add, append and prepend.
type handlerArgs struct {
	name, pattern, handle, maxRuns lua.LValue
}

// addArgs reads two arguments (name, handle), three or four.
func addArgs(c *call) handlerArgs {
	switch c.N() {
	case 2:
		return handlerArgs{c.Arg(1), c.Arg(1), c.Arg(2), lua.LNil}
	case 3:
		return handlerArgs{c.Arg(1), c.Arg(2), c.Arg(3), lua.LNil}
	}
	return handlerArgs{c.Arg(1), c.Arg(2), c.Arg(3), c.Arg(4)}
}

func (w *world) checkArgs(c *call, a handlerArgs) {
	_, ok := a.name.(lua.LString)
	switch a.pattern.(type) {
	case *lua.LFunction, *table, lua.LString:
	default:
		ok = false
	}
	if !ok {
		w.fail(c, inHandlers, badAddArgs)
	}
}

// list is Handlers.list.
func (w *world) list(c *call) *table {
	t := w.ipairs(c, w.handlers.GetString("list"))
	if t == nil {
		w.fail(c, inHandlers, "bad argument #1 to 'insert' (table expected, got string)")
	}
	return t
}

func (w *world) listLen(c *call) int { return w.m.length(w.list(c)) }

// put updates the handler of that name where it stands, or inserts a new one
// at the end or, for prepend, in front.
func (w *world) put(c *call, a handlerArgs, how string) {
	w.checkArgs(c, a)
	w.putHandle(c, a, w.resolver(a.handle), how)
}

func (w *world) putHandle(c *call, a handlerArgs, handle *lua.LFunction, how string) {
	list := w.list(c)
	if i := w.findNamed(c, list, a.name); i > 0 {
		h := list.GetInt(int64(i)).(*table)
		w.m.setChanged(h, "pattern", a.pattern)
		w.m.setChanged(h, "handle", handle)
		w.m.setChanged(h, "maxRuns", a.maxRuns)
		return
	}
	h := w.handler(a, handle)
	if how == "prepend" {
		c.Charge(2 * int64(w.m.length(list)))
		w.m.insert(list, 1, h)
		return
	}
	w.m.setInt(list, w.m.length(list)+1, h)
}

func (w *world) handler(a handlerArgs, handle *lua.LFunction) *table {
	h := w.m.table(0, 4)
	w.m.set(h, lua.LString("pattern"), a.pattern)
	w.m.set(h, lua.LString("handle"), handle)
	w.m.set(h, lua.LString("name"), a.name)
	w.setIf(h, lua.LString("maxRuns"), a.maxRuns)
	return h
}

// once is Handlers.once: prepend with maxRuns 1. Without a name the handler is
// called _once_N, N counting in Handlers.onceNonce.
func (w *world) once(c *call, name, pattern, handle lua.LValue) {
	if name == lua.LNil {
		n := w.handlers.GetString("onceNonce")
		i, _, isInt, ok := w.m.number(n)
		if !ok || !isInt {
			w.fail(c, inHandlers, "attempt to perform arithmetic on a "+w.m.typeName(n)+" value (field 'onceNonce')")
		}
		name = lua.LString("_once_" + strconv.FormatInt(i, 10))
		w.m.set(w.handlers, lua.LString("onceNonce"), w.m.integer(i+1))
	}
	a := handlerArgs{name, pattern, handle, w.m.integer(1)}
	f := w.handlers.GetString("prepend")
	if f == w.fn.prepend {
		w.put(c, a, "prepend")
		return
	}
	w.callField(c, f, "field 'prepend'", inHandlers, a.name, a.pattern, a.handle, a.maxRuns)
}

// onceGlobal is Handlers.once(pattern, handle) through the global.
func (w *world) onceGlobal(c *call, pattern, handle lua.LValue) {
	f := w.globalField(c, "Handlers", "once", inAO)
	if f == w.fn.once {
		w.once(c, lua.LNil, pattern, handle)
		return
	}
	w.callField(c, f, "field 'once'", inAO, pattern, handle)
}

// beside makes Handlers.before (0) and Handlers.after (1).
func (w *world) beside(offset int) goFunc {
	return func(c *call) {
		name, ok := c.Arg(1).(lua.LString)
		if !ok {
			w.fail(c, inHandlers, "Handler name MUST be a string")
		}
		idx := w.findNamed(c, w.list(c), name)
		out := w.m.table(0, 1)
		w.define(out, "add", func(c *call) {
			a := handlerArgs{c.Arg(1), c.Arg(2), c.Arg(3), c.Arg(4)}
			w.checkArgs(c, a)
			if idx > 0 {
				list := w.list(c)
				pos := idx + offset
				if n := w.m.length(list); pos > n+1 {
					w.fail(c, inHandlers, "bad argument #2 to 'insert' (position out of bounds)")
				}
				c.Charge(2 * int64(w.m.length(list)))
				w.m.insert(list, pos, w.handler(a, w.resolver(a.handle)))
			}
		})
		c.Push(out)
	}
}

// removeHandler is Handlers.remove(name).
func (w *world) removeHandler(c *call, name lua.LValue) {
	if _, ok := name.(lua.LString); !ok {
		w.fail(c, inHandlers, "name MUST be string")
	}
	if w.handlers.GetString("list") == lua.LNil {
		w.fail(c, inHandlers, "attempt to get length of a nil value (field 'list')")
	}
	list := w.list(c)
	idx := w.findNamed(c, list, name)
	switch {
	case idx == 0:
	case idx == 1 && w.m.length(list) == 1:
		w.m.set(w.handlers, lua.LString("list"), w.m.table(0, 0))
	default:
		c.Charge(2 * int64(w.m.length(list)))
		w.m.remove(list, idx)
	}
}

// resolver makes the function that runs a handle: a function itself, or the
// first entry of a table whose spec matches.
func (w *world) resolver(spec lua.LValue) *lua.LFunction {
	r := w.m.function("handle", func(c *call) { c.Return(w.resolve(c, spec, c.Arg(1))...) })
	w.noteHandle(r, spec)
	return w.m.s.Captured(w.m.s.Stands(r, standsResolver), spec)
}

// resolve runs spec for a message.
func (w *world) resolve(c *call, spec, msg lua.LValue) []lua.LValue {
	switch s := spec.(type) {
	case *lua.LFunction:
		return w.m.call(c, s, msg)
	case *table:
		for k, f := range s.All {
			var met lua.LValue
			if _, ok := k.(*lua.LFunction); ok {
				met = w.m.call1(c, w.fn.asked, k, msg)
			} else {
				met = w.lib.MatchesSpec(c, msg, k)
			}
			if truthy(met) {
				if _, ok := f.(*lua.LFunction); !ok && c.Metafield(f, "__call") == nil {
					w.fail(c, inHandlers, "attempt to call a "+w.m.typeName(f)+" value (local 'func')")
				}
				return w.m.call(c, f, msg)
			}
		}
		return nil
	}
	w.fail(c, inHandlers, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(spec)+")")
	return nil
}
