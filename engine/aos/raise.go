package aos

import lua "github.com/yuin/gopher-lua"

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
)

// fail raises a text from a chunk of the aos library.
func (w *world) fail(c *call, at, text string) {
	w.m.throw(c, lua.LString(at+text))
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
