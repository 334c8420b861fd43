package aos

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/ao"
	"patchbay/engine/aos/lib"
	"patchbay/engine/lua53"
	"patchbay/patchdev"
)

// The versions that scripts can read.
const (
	processVersion  = "2.0.4"
	aoVersion       = "0.0.6"
	handlersVersion = "0.0.5"
)

// ANSI colours as the global Colors holds them.
const (
	red   = "\x1b[31m"
	green = "\x1b[32m"
	blue  = "\x1b[34m"
	gray  = "\x1b[90m"
	reset = "\x1b[0m"
)

// world is the Lua side of one aos process: the tables that its script shares
// with the library, and the library's own functions.
type world struct {
	m     *machine
	owner *VM
	env   ao.Env

	globals  *table
	aoTable  *table // the table first behind the global ao; the library's own upvalue
	handlers *table // likewise Handlers
	utils    *table // require(".utils")
	loaded   *table // package.loaded
	json     *table // require("json") as it was at first, with which results are encoded

	fn functions

	lib  *lib.Lib
	conv *converter
	envs envTables
	// protectedTable is the first ao.nonExtractableTags, watched since protectedMark.
	protectedTable *table
	protectedMark  lua53.Mark
	authorities    []string // of the process tags, split

	lines lines

	walking struct{ msg, env *table } // for the coroutine about to start
	evalAO  lua.LValue                // the global ao when the message came in
	scratch []field                   // of outboxBuilder
	// What every message in the outbox carries, made once; fromImage is nil without a module.
	fromProcess, fromImage patchdev.Value
	rows                   tagRows // of the message being sent

	// missing is what the library could not call to encode the result, if anything;
	// clobbered says that the next message may meet such a thing, too.
	missing   string
	clobbered bool

	trace   *tracer
	printed printBuffer
}

// functions are our own functions, to see whether a script replaced one.
type functions struct {
	send, aoSend, evaluate, prompt, matchesSpec, receive, once, prepend, add                            *lua.LFunction
	aoNormalize, aoIsTrusted, aoIsAssignment, aoIsAssignable, aoResult                                  *lua.LFunction
	eval, boot, deflt, evalPattern, bootPattern, defaultPattern                                         *lua.LFunction
	dump, remove, tab, handlersAppend, print, aoInit, aoClear                                           *lua.LFunction
	jsonEncode, jsonDecode, traceback, asked, body, evalResolver, bootResolver, defaultResolver, handle *lua.LFunction
}

func newWorld(m *machine, env ao.Env) *world {
	w := &world{m: m, env: env}
	w.globals = m.globals()
	w.envs.id, w.envs.owner = lua.LString(env.ID), lua.LString(env.Owner)
	w.fromProcess = patchdev.String(env.ID)
	if env.ModuleID != "" {
		w.fromImage = patchdev.String(env.ModuleID)
	}
	m.s.Roots(func(visit func(lua.LValue)) {
		for _, t := range []*table{w.aoTable, w.handlers, w.utils, w.json, w.protectedTable, w.envs.list, w.envs.byName, w.envs.module} {
			visit(t)
		}
	})
	w.conv = newConverter(m)
	w.installModules()
	w.installAO()
	w.installHandlers()
	w.installProcess()
	w.shareModules()
	w.protectedTable, _ = w.aoTable.GetString("nonExtractableTags").(*table)
	w.protectedMark = m.s.Mark()
	w.watch(w.protectedTable, w.protectedMark)
	for _, tag := range env.Tags {
		if tag.Name == "Authority" {
			w.authorities = append(w.authorities, splitCommas(tag.Value)...)
		}
	}
	return w
}

// strings makes a Lua list of strings.
func (w *world) strings(vals ...string) *table {
	t := w.m.table(len(vals), 0)
	for i, v := range vals {
		w.m.setInt(t, i+1, lua.LString(v))
	}
	return t
}

// define puts a Go function into a table and returns it.
func (w *world) define(t *table, name string, f goFunc) *lua.LFunction {
	fn := w.m.function(name, f)
	w.m.set(t, lua.LString(name), fn)
	return fn
}

func (w *world) global(name string) lua.LValue { return w.globals.GetString(name) }

// globalField is NAME.key for a global that a script may have changed.
func (w *world) globalField(c *call, name, key, at string) lua.LValue {
	v := w.global(name)
	if t, ok := v.(*table); ok {
		return w.m.index(c, t, key)
	}
	return w.field(c, v, key, "global '"+name+"'", at)
}

// globalTable is a global that must be a table.
func (w *world) globalTable(c *call, name, at string) *table {
	if t, ok := w.global(name).(*table); ok {
		return t
	}
	w.fail(c, at, "attempt to index a "+w.m.typeName(w.global(name))+" value (global '"+name+"')")
	return nil
}

// installProcess sets the globals of spec §4.
func (w *world) installProcess() {
	m, g := w.m, w.globals
	colors := m.table(0, 5)
	for _, c := range [][2]string{{"red", red}, {"green", green}, {"blue", blue}, {"reset", reset}, {"gray", gray}} {
		m.set(colors, lua.LString(c[0]), lua.LString(c[1]))
	}
	m.set(g, lua.LString("Colors"), colors)
	m.set(g, lua.LString("Bell"), lua.LString("\a"))
	m.set(g, lua.LString("Seeded"), lua.LFalse)
	m.set(g, lua.LString("Utils"), w.utils)
	m.set(g, lua.LString("Dump"), w.fn.dump)
	m.set(g, lua.LString("Handlers"), w.handlers)
	m.set(g, lua.LString("ao"), w.aoTable)

	w.fn.tab = w.define(g, "Tab", func(c *call) { c.Push(w.tab(c, c.Arg(1), "local 'msg'")) })
	w.fn.prompt = w.define(g, "Prompt", func(c *call) { c.Push(lua.LString(w.prompt(c))) })
	w.fn.print = w.define(g, "print", w.luaPrint)
	w.define(g, "Version", func(c *call) {
		w.callPrint(c, "version: "+processVersion)
	})
	w.fn.send = w.define(g, "Send", w.luaSend)
	w.define(g, "Spawn", w.luaSpawn)
	w.define(g, "Assign", w.luaAssign)
	w.define(g, "Receive", func(c *call) {
		f := w.globalField(c, "Handlers", "receive", inProcess)
		if f == w.fn.receive {
			w.receive(c, c.Arg(1))
			return
		}
		c.Return(w.callField(c, f, "field 'receive'", inProcess, c.Arg(1))...)
	})
	w.fn.eval = m.s.Stands(m.function("eval", w.evalHandle), standsEval)
	w.fn.boot = m.s.Stands(m.function("boot", w.bootHandle), standsEval)
	w.fn.deflt = m.function("deflt", w.defaultHandle)
	if t, ok := g.GetString("debug").(*table); ok {
		w.fn.traceback, _ = t.GetString("traceback").(*lua.LFunction)
	}
	w.fn.asked = m.s.StandsAt(m.function("resolver", func(c *call) { // of a table with functions as specs
		c.Push(w.lib.MatchesSpec(c, c.Arg(2), c.Arg(1)))
	}), inHandlers)
	w.fn.body = m.s.Stands(m.function("evaluate", w.body), standsBody)
	w.fn.evalResolver, w.fn.bootResolver, w.fn.defaultResolver = w.resolver(w.fn.eval), w.resolver(w.fn.boot), w.resolver(w.fn.deflt)
	w.fn.evalPattern = m.function("evalPattern", func(c *call) {
		msg := c.Arg(1)
		c.Push(lua.LBool(w.isEval(c, msg) && w.global("Owner") == w.field(c, msg, "From", "local 'msg'", inProcess)))
	})
	w.fn.bootPattern = m.function("bootPattern", func(c *call) {
		msg := c.Arg(1)
		tags := w.field(c, msg, "Tags", "local 'msg'", inProcess)
		is := w.field(c, tags, "Type", "field 'Tags'", inProcess) == lua.LString("Process")
		c.Push(lua.LBool(is && w.global("Owner") == w.field(c, msg, "From", "local 'msg'", inProcess)))
	})
	w.fn.defaultPattern = m.function("defaultPattern", func(c *call) { c.Push(lua.LTrue) })
}

func (w *world) isEval(c *call, msg lua.LValue) bool {
	return w.field(c, msg, "Action", "local 'msg'", inProcess) == lua.LString("Eval")
}

// tab is Tab(msg): the list of tags as a map in which the first value wins.
func (w *world) tab(c *call, msg lua.LValue, what string) *table {
	list := w.ipairs(c, w.field(c, msg, "Tags", what, inProcess))
	if list == nil {
		return w.m.table(0, 0)
	}
	n := w.m.length(list)
	out := w.m.table(0, n)
	for i := 1; ; i++ {
		o := list.GetInt(int64(i))
		if o == lua.LNil {
			return out
		}
		name := w.field(c, o, "name", "local 'o'", inProcess)
		value := w.field(c, o, "value", "local 'o'", inProcess)
		if name == lua.LNil {
			if value != lua.LNil {
				w.fail(c, inProcess, "index is nil")
			}
			continue
		}
		if !truthy(out.Get(name)) {
			w.m.setAny(out, name, value)
		}
	}
}
