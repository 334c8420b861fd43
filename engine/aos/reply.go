package aos

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib"
)

// reply makes msg.reply.
func (w *world) reply(msg *table) goFunc {
	return func(c *call) {
		arg := c.Arg(1)
		target := w.m.index(c, msg, "Reply-To")
		if !truthy(target) {
			target = w.field(c, arg, "Target", "local 'replyMsg'", inProcess)
		}
		if !truthy(target) {
			target = w.m.index(c, msg, "From")
		}
		t, ok := arg.(*table)
		if !ok {
			w.fail(c, inProcess, "attempt to index a "+w.m.typeName(arg)+" value (local 'replyMsg')")
		}
		w.m.setIndex(c, t, lua.LString("Target"), target)
		w.m.setIndex(c, t, lua.LString("X-Reference"), w.firstOf(c, msg, "X-Reference", "Reference"))
		w.m.setIndex(c, t, lua.LString("X-Origin"), w.firstOf(c, msg, "X-Origin"))
		f := w.globalField(c, "ao", "send", inProcess)
		if f == w.fn.aoSend {
			c.Push(w.send(c, t, true).message)
			return
		}
		c.Return(w.callField(c, f, "field 'send'", inProcess, t)...)
	}
}

// firstOf is msg[a] or msg[b] …, nil when none is true.
func (w *world) firstOf(c *call, msg *table, keys ...string) lua.LValue {
	for _, k := range keys {
		if v := w.m.index(c, msg, k); truthy(v) {
			return v
		}
	}
	return lua.LNil
}

// forward makes msg.forward.
func (w *world) forward(msg *table) goFunc {
	return func(c *call) {
		target, with := c.Arg(1), c.Arg(2)
		clone, ok := w.callField1(c, w.globalField(c, "ao", "sanitize", inProcess), "field 'sanitize'", inProcess, msg).(*table)
		if !ok {
			w.fail(c, inProcess, "attempt to index a nil value (local 'newMsg')")
		}
		if truthy(with) {
			t, ok := with.(*table)
			if !ok {
				w.fail(c, inProcess, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(with)+")")
			}
			for k, v := range lib.Paired(c, t).All {
				w.m.setAny(clone, k, v)
			}
		}
		w.m.set(clone, lua.LString("Target"), target)
		w.m.set(clone, lua.LString("Reply-To"), w.firstOf(c, msg, "Reply-To", "From"))
		w.m.set(clone, lua.LString("X-Reference"), w.firstOf(c, msg, "X-Reference", "Reference"))
		w.m.set(clone, lua.LString("X-Origin"), w.firstOf(c, msg, "X-Origin", "From"))
		w.m.set(clone, lua.LString("reply"), lua.LNil)
		w.m.set(clone, lua.LString("forward"), lua.LNil)
		w.callField(c, w.globalField(c, "ao", "send", inProcess), "field 'send'", inProcess, clone)
	}
}
