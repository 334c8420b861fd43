package aos

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
)

// maxInbox is how many messages the Inbox keeps.
const maxInbox = 10_000

// evalHandle is the handle of _eval: it runs msg.Data as an expression, or else
// as statements. A second true result, or a compile error, becomes the Error of
// the evaluation (spec §9).
func (w *world) evalHandle(c *call) {
	w.eval(c, w.field(c, c.Arg(1), "Data", "local 'msg'", inEval))
}

func (w *world) eval(c *call, data lua.LValue) {
	src, ok := w.concatText(data)
	if !ok {
		w.fail(c, inEval, "attempt to concatenate a "+w.m.typeName(data)+" value (local 'expr')")
	}
	if f := w.global("load"); !w.callable(c, f) {
		w.fail(c, inEval, w.cannotCall(f, "global 'load'"))
	}
	fn, err := w.m.load(c, "return "+src, "aos")
	if err != nil {
		fn, err = w.m.load(c, src, "aos")
	}
	if err != nil {
		var se *lua53.SyntaxError
		if errors.As(err, &se) {
			w.lines.failed = ao.Place{Chunk: "aos", Line: se.Line, Col: se.Col}
		}
		w.setError(c, lua.LString(err.Error()))
		return
	}
	var out, second lua.LValue = lua.LNil, lua.LNil
	vals := w.m.call(c, fn)
	if len(vals) > 0 {
		out = vals[0]
	}
	if len(vals) > 1 {
		second = vals[1]
	}
	if truthy(second) {
		w.setError(c, second)
		return
	}
	logs := w.global("HANDLER_PRINT_LOGS")
	if !truthy(logs) || !truthy(out) {
		w.evalOutput(c, out)
		return
	}
	var text lua.LValue
	if t, isTable := out.(*table); isTable {
		text = w.stringify(c, t)
	} else {
		text = lua.LString(w.m.tostring(c, out))
	}
	t, ok := logs.(*table)
	if !ok {
		w.fail(c, inEval, "bad argument #1 to 'insert' (table expected, got "+w.m.typeName(logs)+")")
	}
	w.m.setInt(t, w.m.length(t)+1, text)
}

// evalOutput is what an Eval without a value leaves in ao.outbox.Output. The result
// does not show it, but a print that follows in the same evaluation meets a table
// there and raises.
func (w *world) evalOutput(c *call, out lua.LValue) {
	m := w.m
	data, shown := m.table(0, 2), out
	if t, ok := out.(*table); ok {
		shown = w.stringify(c, t)
	}
	w.setIf(data, lua.LString("output"), shown)
	m.set(data, lua.LString("prompt"), w.callPrompt(c, inEval))
	t := m.table(0, 3)
	m.set(t, lua.LString("json"), lua.LString("undefined"))
	m.set(t, lua.LString("data"), data)
	m.set(t, lua.LString("prompt"), w.callPrompt(c, inEval))
	w.setOutbox(c, "Output", t)
}

// setError is ao.outbox.Error = v.
func (w *world) setError(c *call, v lua.LValue) { w.setOutbox(c, "Error", v) }

// setOutbox is ao.outbox[key] = v. The handle of _eval holds the ao that was global
// when the message came in.
func (w *world) setOutbox(c *call, key string, v lua.LValue) {
	box := w.field(c, w.evalAO, "outbox", "upvalue 'ao'", inEval)
	t, ok := box.(*table)
	if !ok {
		w.fail(c, inEval, "attempt to index a "+w.m.typeName(box)+" value (field 'outbox')")
	}
	w.m.setIndex(c, t, lua.LString(key), v)
}

// bootHandle is the handle of _boot: the process message goes into an empty
// Inbox, and On-Boot may ask for its Data to be evaluated. Files of On-Boot are
// not there, as on a node without WeaveDrive.
func (w *world) bootHandle(c *call) {
	msg := c.Arg(1)
	if in, ok := w.global("Inbox").(*table); ok && w.m.length(in) == 0 {
		w.insertInbox(c, msg)
	}
	tags := w.field(c, msg, "Tags", "local 'msg'", inEval)
	switch how := w.field(c, tags, "On-Boot", "field 'Tags'", inEval); how {
	case lua.LNil:
	case lua.LString("Data"):
		w.eval(c, w.field(c, msg, "Data", "local 'msg'", inEval))
	default:
		w.eval(c, lua.LNil)
	}
}

// insertInbox appends to the Inbox and drops the oldest beyond maxInbox.
func (w *world) insertInbox(c *call, msg lua.LValue) {
	in, ok := w.global("Inbox").(*table)
	if !ok {
		w.fail(c, inProcess, "bad argument #1 to 'insert' (table expected, got "+w.m.typeName(w.global("Inbox"))+")")
	}
	w.m.setInt(in, w.m.length(in)+1, msg)
	n := w.m.length(in)
	over := n - maxInbox
	if over <= 0 {
		return
	}
	c.Charge(int64(n) / 2)
	for i := 1; i <= maxInbox; i++ {
		w.m.setInt(in, i, in.GetInt(int64(i+over)))
	}
	for i := n; i > maxInbox; i-- {
		w.m.setInt(in, i, lua.LNil)
	}
}

// defaultHandle is the handle of _default: the message goes to the Inbox, and a
// line says from whom it is.
func (w *world) defaultHandle(c *call) {
	msg := c.Arg(1)
	w.insertInbox(c, msg)
	from := "unknown"
	if v := w.field(c, msg, "From", "local 'msg'", inDefault); truthy(v) {
		s, ok := v.(lua.LString)
		if !ok {
			w.fail(c, inDefault, "attempt to index a "+w.m.typeName(v)+" value (field 'From')")
		}
		from = firstBytes(string(s), 3) + "..." + lastBytes(string(s), 3)
	}
	what, text := "Action = ", ""
	v := w.field(c, msg, "Action", "local 'msg'", inDefault)
	if !truthy(v) {
		what, v = "Data = ", w.field(c, msg, "Data", "local 'msg'", inDefault)
	}
	called := "field 'Action'"
	if what != "Action = " {
		called = "local 'data'"
	}
	switch x := v.(type) {
	case lua.LString:
		text = firstBytes(string(x), 20)
	case *table:
		if called == "field 'Action'" {
			w.fail(c, inDefault, "attempt to call a nil value (method 'sub')")
		}
		s, ok := w.jsonEncode(c, x).(lua.LString)
		if !ok { // of a script's own making
			w.fail(c, inDefault, "attempt to index a nil value (local 'data')")
		}
		text = firstBytes(string(s), 20)
	default:
		if truthy(v) {
			w.fail(c, inDefault, "attempt to index a "+w.m.typeName(v)+" value ("+called+")")
		}
	}
	colour := func(name string) string { return w.colour(c, name, inDefault) }
	gray := colour("gray")
	w.callPrint(c, gray+"New Message From "+colour("green")+from+gray+": "+gray+what+colour("blue")+text+colour("reset"))
}

// callPrint is print(text) through the global, which scripts replace.
func (w *world) callPrint(c *call, text string) { w.callPrintValue(c, lua.LString(text)) }

func (w *world) callPrintValue(c *call, v lua.LValue) {
	f := w.global("print")
	if f == w.fn.print {
		w.print(c, v)
		return
	}
	w.callField(c, f, "global 'print'", inProcess, v)
}

func firstBytes(s string, n int) string { return s[:min(n, len(s))] }
func lastBytes(s string, n int) string  { return s[len(s)-min(n, len(s)):] }
