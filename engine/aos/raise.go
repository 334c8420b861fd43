package aos

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// Chunk names of the aos library in error messages. Their line numbers are not
// part of any contract (spec §16); these are the released module's.
const (
	inHandlers     = `[string ".handlers"]:723: `
	inReceive      = `[string ".handlers"]:281: `
	inHandlerUtils = `[string ".handlers-utils"]:85: `
	inProcess      = `[string ".process"]:965: `
	inUtils        = `[string ".utils"]:45: `
	inAO           = `[string ".ao"]:210: `
	inEval         = `[string ".eval"]:9: `
	inDefault      = `[string ".default"]:11: `
	inAssignment   = `[string ".assignment"]:40: `
)

// What the library's functions show of themselves in tracebacks. They call handlers,
// and the walk over the handlers, through pcall.
const (
	pcallLine   = "[C]: in function 'pcall'"
	evalLine    = `[string ".eval"]:20: in function <[string ".eval"]:14>`
	processLine = `[string ".process"]:454: in function <[string ".process"]:453>`
)

var (
	standsHandle   = lua53.Stand{Place: inProcess}
	standsBody     = lua53.Stand{Place: inProcess, Line: processLine, Inner: []lua53.Stand{{Line: pcallLine}}}
	standsEval     = lua53.Stand{Place: inEval, Line: evalLine, Calls: "local 'func'"}
	standsResolver = lua53.Stand{Line: pcallLine, Tail: true}
)

// fail raises a text from a chunk of the aos library.
func (w *world) fail(c *call, at, text string) {
	w.m.throw(c, lua.LString(at+text))
}

// list is a value that the library goes over with ipairs: a table, nil (Go) for a
// string, whose items are all nil. Any other value raises what indexing it raises in
// the iterator, which is C code and so has no place.
func (w *world) ipairs(c *call, v lua.LValue) *table {
	switch t := v.(type) {
	case *table:
		return t
	case lua.LString:
		return nil
	}
	w.m.throw(c, lua.LString("attempt to index a "+w.m.typeName(v)+" value"))
	return nil
}

// callField calls obj.name, a function of the library that a script has replaced.
func (w *world) callField(c *call, f lua.LValue, what, at string, args ...lua.LValue) []lua.LValue {
	if _, ok := f.(*lua.LFunction); !ok && c.Metafield(f, "__call") == nil {
		w.fail(c, at, "attempt to call a "+w.m.typeName(f)+" value ("+what+")")
	}
	return w.m.call(c, f, args...)
}

// callField1 is callField for the first result alone, nil when there is none.
func (w *world) callField1(c *call, f lua.LValue, what, at string, args ...lua.LValue) lua.LValue {
	if vals := w.callField(c, f, what, at, args...); len(vals) > 0 {
		return vals[0]
	}
	return lua.LNil
}

// truthy is Lua's notion of a condition.
func truthy(v lua.LValue) bool { return v != lua.LNil && v != lua.LFalse }

// field is obj.key where the library indexes a value that a script supplied:
// with metamethods, and with Lua's own complaint when it cannot be indexed.
func (w *world) field(c *call, obj lua.LValue, key, what, at string) lua.LValue {
	switch obj.(type) {
	case *table, lua.LString:
		return w.m.index(c, obj, key)
	}
	w.fail(c, at, "attempt to index a "+w.m.typeName(obj)+" value ("+what+")")
	return lua.LNil
}
