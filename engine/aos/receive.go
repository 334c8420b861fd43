package aos

import lua "github.com/yuin/gopher-lua"

// receive is Handlers.receive(pattern): a once-handler in front of the list
// waits for the message, and the running coroutine is suspended until then. What
// follows runs inside that later message's evaluation (spec §7).
func (w *world) receive(c *call, pattern lua.LValue) {
	self := w.m.runningValue(c)
	handle := w.m.function("?", func(c *call) {
		ok, vals := w.m.resume(c, self, c.Arg(1))
		if !ok {
			// A dead coroutine answers (false, text): the text is true, so nothing happens.
			return
		}
		if len(vals) == 0 || !truthy(vals[0]) {
			var what lua.LValue = lua.LNil
			if len(vals) > 1 {
				what = vals[1]
			}
			w.m.rethrow(c, inReceive, what)
		}
	})
	w.m.s.Captured(handle, self)
	if f := w.handlers.GetString("once"); f != w.fn.once {
		w.callField(c, f, "field 'once'", inHandlers, pattern, handle)
	} else {
		w.once(c, lua.LNil, pattern, handle)
	}
	c.Return(w.m.yield(c, pattern)...)
}

// receiveGlobal is Handlers.receive(pattern) through the global.
func (w *world) receiveGlobal(c *call, pattern lua.LValue) {
	f := w.globalField(c, "Handlers", "receive", inAO)
	if f == w.fn.receive {
		w.receive(c, pattern)
		return
	}
	c.Return(w.callField(c, f, "field 'receive'", inAO, pattern)...)
}
