package aos

import (
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/lua53"
)

// handle is what the host calls: require(".process").handle(msg, env), which a
// script may have replaced. It returns the table of the result (spec §1); what it
// raises is ok=false to the host.
func (w *world) handle(c *call, in incoming) lua.LValue {
	f := lua.LValue(w.fn.handle)
	if t, ok := w.loaded.GetString(".process").(*table); ok {
		f = t.GetString("handle")
	}
	given := w.owner.opts.env
	if f == w.fn.handle && given == nil {
		return w.process(c, in, nil)
	}
	if in.plain {
		w.m.set(in.msg, lua.LString("Tags"), w.tagList(in.tags))
	}
	var env *table
	if given != nil {
		env, _ = w.lib.ToLua(given).(*table)
	} else {
		env, _ = w.envTable(true)
	}
	if f == w.fn.handle {
		return w.process(c, incoming{msg: in.msg}, env)
	}
	vals := w.callField(c, f, "field 'handle'", `[string "__lua_webassembly__"]:14: `, in.msg, env)
	if len(vals) == 0 {
		return lua.LNil
	}
	return vals[0]
}

// luaHandle is process.handle(msg, env) as a script calls it.
func (w *world) luaHandle(c *call) {
	env := w.field(c, c.Arg(2), "Process", "local '_'", inProcess)
	if truthy(env) {
		env = c.Arg(2)
	} else {
		env = w.field(c, c.Arg(2), "env", "local '_'", inProcess)
	}
	w.field(c, env, "Process", "local 'env'", inAO)
	t, ok := env.(*table)
	if !ok {
		w.fail(c, inAO, "attempt to index a nil value (field 'Process')")
	}
	msg, ok := c.Arg(1).(*table)
	if !ok {
		w.fail(c, inProcess, "bad argument #1 to 'for iterator' (table expected, got "+w.m.typeName(c.Arg(1))+")")
	}
	c.Push(w.process(c, incoming{msg: msg}, t))
}

// process is process.handle. Without an environment it makes one of the process's.
func (w *world) process(c *call, in incoming, env *table) lua.LValue {
	m, msg := w.m, in.msg
	// Our own steps know the tags of the process; a script's see the tables.
	own := env == nil && w.globalField(c, "ao", "init", inProcess) == w.fn.aoInit && w.global("Tab") == w.fn.tab
	var mine *table
	if env == nil {
		env, mine = w.envTable(!own)
	}
	if own {
		w.initOwn(c, env)
	} else {
		w.callAO(c, "init", w.fn.aoInit, func() { w.init(c, env) }, env)
	}
	if own && w.globalField(c, "ao", "normalize", inProcess) != w.fn.aoNormalize {
		w.clearOutbox()
	}
	w.normalize(c, in)
	process := w.field(c, w.globalField(c, "ao", "env", inProcess), "Process", "field 'env'", inProcess)
	id := w.field(c, process, "Id", "field 'Process'", inProcess)
	m.setIndex(c, w.globalTable(c, "ao", inProcess), lua.LString("id"), id)
	w.initState(c, in, process)
	m.set(w.globals, lua.LString("HANDLER_PRINT_LOGS"), m.table(0, 0))
	if t, ok := w.global("os").(*table); ok {
		m.set(t, lua.LString("time"), m.s.Closure(msg, "time", func(c *call) { c.Push(msg.GetString("Timestamp")) }))
	} else {
		w.fail(c, inProcess, "attempt to index a "+m.typeName(w.global("os"))+" value (global 'os')")
	}
	w.tagify(c, in)
	if p, ok := process.(*table); ok && (!own || p != mine) {
		m.set(p, lua.LString("TagArray"), p.GetString("Tags"))
		m.set(p, lua.LString("Tags"), w.callTab(c, p, "field 'Process'"))
	}
	w.decodeData(c, msg)
	if w.global("Errors") == lua.LNil {
		m.set(w.globals, lua.LString("Errors"), m.table(0, 0))
	}
	w.callAO(c, "clearOutbox", w.fn.aoClear, w.clearOutbox)
	if refused := w.refuse(c, msg); refused {
		return w.callResult(c, m.table(0, 0))
	}
	w.addOwnHandlers(c, msg, id)
	reply, forward := m.s.Closures(msg, lua53.Reg{Name: "reply", Fn: w.reply(msg)}, lua53.Reg{Name: "forward", Fn: w.forward(msg)})
	m.set(msg, lua.LString("reply"), reply)
	m.set(msg, lua.LString("forward"), forward)
	return w.evaluate(c, msg, env)
}

// callAO runs a step that ao.NAME performs: ours, or what a script put there.
func (w *world) callAO(c *call, name string, own *lua.LFunction, f func(), args ...lua.LValue) {
	if cur := w.globalField(c, "ao", name, inProcess); cur != own {
		w.callField(c, cur, "field '"+name+"'", inProcess, args...)
		return
	}
	f()
}

// askAO is callAO for a question.
func (w *world) askAO(c *call, name string, own *lua.LFunction, f func() bool, msg lua.LValue) bool {
	if cur := w.globalField(c, "ao", name, inProcess); cur != own {
		return truthy(w.callField1(c, cur, "field '"+name+"'", inProcess, msg))
	}
	return f()
}

func (w *world) callResult(c *call, t *table) lua.LValue {
	if cur := w.globalField(c, "ao", "result", inProcess); cur != w.fn.aoResult {
		return w.callField1(c, cur, "field 'result'", inProcess, t)
	}
	return w.result(c, t)
}

// initState seeds the random generator once ever and sets Errors, Inbox, Owner
// and Name when they are not there (spec §2).
func (w *world) initState(c *call, in incoming, process lua.LValue) {
	m, g, msg := w.m, w.globals, in.msg
	if !truthy(w.global("Seeded")) {
		w.seedRandom(c, in)
		m.set(g, lua.LString("Seeded"), lua.LTrue)
	}
	if !truthy(w.global("Errors")) {
		m.set(g, lua.LString("Errors"), m.table(0, 0))
	}
	if !truthy(w.global("Inbox")) {
		m.set(g, lua.LString("Inbox"), m.table(0, 0))
	}
	tagged := func(name string) (lua.LValue, bool) {
		p, _ := process.(*table)
		if p != nil && p.GetString("TagArray") != lua.LNil { // made by us, from these
			v, ok := ao.TagValue(w.env.Tags, name)
			return lua.LString(v), ok
		}
		return w.tagNamed(c, w.field(c, process, "Tags", "field 'Process'", inProcess), name)
	}
	if !truthy(w.global("Owner")) && w.field(c, process, "Id", "field 'Process'", inProcess) == msg.GetString("Id") {
		if v, ok := tagged("From-Process"); ok {
			m.set(g, lua.LString("Owner"), v)
		} else {
			m.set(g, lua.LString("Owner"), msg.GetString("From"))
		}
	}
	if !truthy(w.global("Name")) {
		if v, ok := tagged("Name"); ok {
			m.set(g, lua.LString("Name"), v)
		} else {
			m.set(g, lua.LString("Name"), lua.LString("aos"))
		}
	}
}

// tagNamed finds the first tag of a list with a name.
func (w *world) tagNamed(c *call, tags lua.LValue, name string) (lua.LValue, bool) {
	t, ok := tags.(*table)
	if !ok {
		return lua.LNil, false
	}
	for i := 1; ; i++ {
		o := t.GetInt(int64(i))
		if o == lua.LNil {
			return lua.LNil, false
		}
		if w.field(c, o, "name", "local 'object'", inProcess) == lua.LString(name) {
			return w.field(c, o, "value", "local 'object'", inProcess), true
		}
	}
}

// decodeData makes a table of the Data of a message with Content-Type
// application/json. Bad JSON fails the evaluation as a whole.
func (w *world) decodeData(c *call, msg *table) {
	tags, _ := msg.GetString("Tags").(*table)
	if tags == nil || tags.GetString("Content-Type") != lua.LString("application/json") {
		return
	}
	data := msg.GetString("Data")
	if !truthy(data) {
		data = lua.LString("{}")
	}
	w.m.set(msg, lua.LString("Data"), w.jsonDecode(c, data))
}

// refuse checks trust and assignments (spec §8). A refused message says so and
// is not handled.
func (w *world) refuse(c *call, msg *table) bool {
	from, owner := msg.GetString("From"), msg.GetString("Owner")
	who := func() string {
		f, ok1 := w.concatText(from)
		o, ok2 := w.concatText(owner)
		switch {
		case !ok1:
			w.fail(c, inProcess, "attempt to concatenate a "+w.m.typeName(from)+" value (field 'From')")
		case !ok2:
			w.fail(c, inProcess, "attempt to concatenate a "+w.m.typeName(owner)+" value (field 'Owner')")
		}
		return "From: " + f + " - Owner: " + o
	}
	if from != owner && !w.askAO(c, "isTrusted", w.fn.aoIsTrusted, func() bool { return w.isTrusted(c, msg) }, msg) {
		w.callPrint(c, "Message is not trusted! "+who())
		return true
	}
	if w.askAO(c, "isAssignment", w.fn.aoIsAssignment, func() bool { return w.isAssignment(c, msg) }, msg) &&
		!w.askAO(c, "isAssignable", w.fn.aoIsAssignable, func() bool { return w.isAssignable(c, msg) }, msg) {
		if from != w.globalField(c, "ao", "id", inProcess) {
			t := w.m.table(0, 2)
			w.setIf(t, lua.LString("Target"), from)
			w.m.set(t, lua.LString("Data"), lua.LString("Assignment is not trusted by this process!"))
			w.callField(c, w.global("Send"), "global 'Send'", inProcess, t)
		}
		w.callPrint(c, "Assignment is not trusted! "+who())
		return true
	}
	return false
}

// addOwnHandlers puts _eval, _boot and _default into the list, or puts them
// right again where they stand.
func (w *world) addOwnHandlers(c *call, msg *table, id lua.LValue) {
	add := func(key string, own *lua.LFunction, name lua.LValue, pattern, handle, resolver *lua.LFunction, how string) {
		a := handlerArgs{name, pattern, handle, lua.LNil}
		if cur := w.globalField(c, "Handlers", key, inProcess); cur != own {
			w.callField(c, cur, "field '"+key+"'", inProcess, a.name, a.pattern, a.handle)
			return
		}
		if how == "once" {
			a.maxRuns, how = w.m.integer(1), "prepend"
		}
		w.putHandle(c, a, resolver, how)
	}
	w.evalAO = w.global("ao")
	f := &w.fn
	add("add", f.add, lua.LString("_eval"), f.evalPattern, f.eval, f.evalResolver, "add")
	if msg.GetString("Id") == id {
		add("once", f.once, lua.LString("_boot"), f.bootPattern, f.boot, f.bootResolver, "once")
	}
	add("append", f.handlersAppend, lua.LString("_default"), f.defaultPattern, f.deflt, f.defaultResolver, "append")
}

// evaluate runs Handlers.evaluate in a new coroutine and makes the result.
func (w *world) evaluate(c *call, msg, env *table) lua.LValue {
	m := w.m
	w.walking.msg, w.walking.env = msg, env
	co := m.create(w.fn.body)
	// aos does not look at whether resume itself succeeded.
	_, vals := m.resume(c, co)
	status, result := lua.LValue(lua.LNil), lua.LValue(lua.LNil)
	if len(vals) > 0 {
		status = vals[0]
	}
	if len(vals) > 1 {
		result = vals[1]
	}
	w.keepCoroutine(c, co)
	if !truthy(status) {
		return w.failed(c, msg, result)
	}
	logs := w.global("HANDLER_PRINT_LOGS")
	out := m.table(0, 3)
	m.set(out, lua.LString("data"), lua.LString(w.joinLogs(c, logs)))
	m.set(out, lua.LString("prompt"), w.callPrompt(c, inProcess))
	if w.isEval(c, msg) {
		m.set(out, lua.LString("test"), w.dumpLogs(c, logs))
	} else {
		m.set(out, lua.LString("print"), lua.LTrue)
	}
	res := m.table(0, 1)
	m.set(res, lua.LString("Output"), out)
	response := w.callResult(c, res)
	m.set(w.globals, lua.LString("HANDLER_PRINT_LOGS"), m.table(0, 0))
	m.setIndex(c, w.globalTable(c, "ao", inProcess), lua.LString("Nonce"), msg.GetString("Nonce"))
	return response
}

// body is what the coroutine of an evaluation runs: pcall(Handlers.evaluate, msg, env).
func (w *world) body(c *call) {
	msg, env := w.walking.msg, w.walking.env
	walk := w.globalField(c, "Handlers", "evaluate", inProcess)
	vals, err := w.m.pcall(c, walk, msg, env)
	if err != nil {
		if w.lines.failed.Line == 0 {
			w.noteError(err) // of a pattern
		}
		c.Return(lua.LFalse, err.Value)
		return
	}
	c.Push(lua.LTrue)
	c.Return(vals...)
}

// keepCoroutine appends to Handlers.coroutines and drops dead ones, going over
// the list while it shrinks, so that one dead one may stay (spec §1.14).
func (w *world) keepCoroutine(c *call, co lua.LValue) {
	list, ok := w.globalField(c, "Handlers", "coroutines", inProcess).(*table)
	if !ok {
		w.fail(c, inProcess, "bad argument #1 to 'insert' (table expected, got nil)")
	}
	w.m.setInt(list, w.m.length(list)+1, co)
	for i := 1; ; i++ {
		x := list.GetInt(int64(i))
		if x == lua.LNil {
			return
		}
		if w.m.status(x) == "dead" {
			w.m.remove(list, i)
		}
	}
}

// failed makes the Error result of an evaluation that raised (spec §9).
func (w *world) failed(c *call, msg *table, result lua.LValue) lua.LValue {
	m := w.m
	colour := func(name string) string { return w.colour(c, name, inProcess) }
	// around is before .. result .. after, which an object may have its own mind about.
	around := func(before, after string) lua.LValue {
		if _, ok := w.concatText(result); !ok && c.Metafield(result, "__concat") == nil {
			w.fail(c, inProcess, "attempt to concatenate a "+m.typeName(result)+" value (local 'result')")
		}
		tail := result
		if after != "" {
			tail = c.Concat(result, lua.LString(after))
		}
		return c.Concat(lua.LString(before), tail)
	}
	out := m.table(0, 1)
	final := func() {
		head := w.joinLogs(c, w.global("HANDLER_PRINT_LOGS")) + "\n\n" + colour("red") + "error:\n"
		m.set(out, lua.LString("Error"), c.Concat(lua.LString(head), around(colour("reset"), "")))
	}
	if w.isEval(c, msg) {
		t, ok := w.global("Errors").(*table)
		if !ok {
			w.fail(c, inProcess, "bad argument #1 to 'insert' (table expected, got "+m.typeName(w.global("Errors"))+")")
		}
		m.setInt(t, m.length(t)+1, result)
		final()
		return out
	}
	head := colour("red") + "Error" + colour("gray") + " handling message "
	if action := msg.GetString("Action"); truthy(action) {
		s, ok := w.concatText(action)
		if !ok {
			w.fail(c, inProcess, "attempt to concatenate a "+m.typeName(action)+" value (field 'Action')")
		}
		head += "with Action = " + s
	}
	w.callPrint(c, head+colour("reset"))
	w.callPrintValue(c, around(colour("green"), colour("reset")))
	w.callPrint(c, "\n"+colour("gray")+w.traceback(c)+colour("reset"))
	final()
	return w.callResult(c, out)
}

// traceback is debug.traceback() without the lines of the module's own frame, as the
// library shows it with an error.
func (w *world) traceback(c *call) string {
	if f := w.globalField(c, "debug", "traceback", inProcess); f != w.fn.traceback {
		v := w.callField1(c, f, "field 'traceback'", inProcess)
		text, ok := v.(lua.LString)
		if !ok {
			w.fail(c, inProcess, "attempt to index a "+w.m.typeName(v)+" value (local 'input')")
		}
		lines := strings.Split(string(text), "\n")
		return strings.Join(lines[:max(0, len(lines)-2)], "\n") // the library's third is the empty one at the end
	}
	lines := strings.Split(c.Traceback(0), "\n")
	if len(lines) > 2 { // a script's handle called ours; the last is what called that
		lines = lines[:len(lines)-1]
	} else {
		lines[1] = "\t" + inProcess + "in function '.process.handle'"
	}
	return strings.Join(lines, "\n")
}

// joinLogs is table.concat(HANDLER_PRINT_LOGS, "\n").
func (w *world) joinLogs(c *call, logs lua.LValue) string {
	t, ok := logs.(*table)
	if !ok {
		w.fail(c, inProcess, "bad argument #1 to 'concat' (table expected, got "+w.m.typeName(logs)+")")
	}
	n := w.m.length(t)
	size := 0
	parts := make([]string, n)
	for i := range parts {
		s, ok := w.concatText(t.GetInt(int64(i + 1)))
		if !ok {
			w.fail(c, inProcess, fmt.Sprintf("invalid value (%s) at index %d in table for 'concat'", w.m.typeName(t.GetInt(int64(i+1))), i+1))
		}
		parts[i] = s
		size += len(s) + 1
	}
	c.Alloc(int64(size))
	return joinLines(parts, size)
}

// seedNumber is the seed of the first message: its Block-Height followed by the
// sum of the bytes of Owner, Module and Id (spec §12). A message that the engine
// put together may lack one of them, where a recorded one without fails.
func (w *world) seedNumber(c *call, in incoming) string {
	msg := in.msg
	read := func(key string) string {
		s, ok := w.concatText(msg.GetString(key))
		if !ok && in.plain {
			return ""
		}
		if !ok {
			w.fail(c, inProcess, "attempt to concatenate a "+w.m.typeName(msg.GetString(key))+" value (field '"+key+"')")
		}
		return s
	}
	sum := 0
	for _, b := range []byte(read("Owner") + read("Module") + read("Id")) {
		sum += int(b)
	}
	return read("Block-Height") + strconv.Itoa(sum)
}
