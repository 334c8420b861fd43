package aos

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
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
)

// fail raises a text from a chunk of the aos library.
func (w *world) fail(c *call, at, text string) {
	w.m.throw(c, lua.LString(at+text))
}

// truthy is Lua's notion of a condition.
func truthy(v lua.LValue) bool { return v != lua.LNil && v != lua.LFalse }

// matchesSpec says whether a message meets a handler's pattern (spec §6): a
// function's raw result, the exact Action for a string, every key for a table.
func (w *world) matchesSpec(c *call, msg, spec lua.LValue) lua.LValue {
	switch s := spec.(type) {
	case *lua.LFunction:
		return w.m.call1(c, s, msg)
	case lua.LString:
		action := w.field(c, msg, "Action", "local 'msg'", inUtils)
		return lua.LBool(truthy(action) && action == spec)
	case *lua.LTable:
		for k, p := w.m.next(s, lua.LNil); k != lua.LNil; k, p = w.m.next(s, k) {
			v := w.fieldAny(c, msg, k, inUtils)
			if !truthy(v) || !w.matchesPattern(c, p, v, msg) {
				return lua.LFalse
			}
		}
		return lua.LTrue
	}
	return lua.LFalse
}

// patternMagic are the characters that make a string a Lua pattern. A '-' alone
// does not.
const patternMagic = "^$()%.[]*+?"

// matchesPattern says whether one value of a message meets a sub-pattern.
func (w *world) matchesPattern(c *call, pattern, value, msg lua.LValue) bool {
	switch p := pattern.(type) {
	case *lua.LFunction:
		return truthy(w.m.call1(c, p, value, msg))
	case lua.LString:
		if p == "_" {
			return true
		}
		have := w.lower(c, value)
		want := strings.ToLower(string(p))
		if !strings.ContainsAny(string(p), patternMagic) {
			return have == want
		}
		return truthy(w.m.call1(c, w.m.match, lua.LString(have), lua.LString(want)))
	case *lua.LTable:
		for k, sub := w.m.next(p, lua.LNil); k != lua.LNil; k, sub = w.m.next(p, k) {
			if w.matchesPattern(c, sub, value, msg) {
				return true
			}
		}
	}
	return false
}

// lower is string.lower as the library calls it: strings and numbers.
func (w *world) lower(c *call, v lua.LValue) string {
	switch x := v.(type) {
	case lua.LString:
		return strings.ToLower(string(x))
	}
	if _, _, _, ok := w.m.number(v); ok {
		return w.m.tostring(c, v)
	}
	w.fail(c, inUtils, "bad argument #1 to 'lower' (string expected, got "+w.m.typeName(v)+")")
	return ""
}

// field is obj.key where the library indexes a value that a script supplied:
// with metamethods, and with Lua's own complaint when it cannot be indexed.
func (w *world) field(c *call, obj lua.LValue, key, what, at string) lua.LValue {
	switch obj.(type) {
	case *lua.LTable, lua.LString:
		return w.m.index(c, obj, key)
	}
	w.fail(c, at, "attempt to index a "+w.m.typeName(obj)+" value ("+what+")")
	return lua.LNil
}

// fieldAny is msg[key] for any key.
func (w *world) fieldAny(c *call, msg, key lua.LValue, at string) lua.LValue {
	if s, ok := key.(lua.LString); ok {
		return w.field(c, msg, string(s), "local 'msg'", at)
	}
	if t, ok := msg.(*lua.LTable); ok {
		return w.m.get(c, t, key)
	}
	return lua.LNil
}

// normalizeName turns a key or tag name into Title-Case-With-Dashes.
func normalizeName(s string) string {
	up, same := true, true
	for i := 0; i < len(s) && same; i++ {
		c := s[i]
		switch {
		case c == '_', up && 'a' <= c && c <= 'z', !up && 'A' <= c && c <= 'Z':
			same = false
		}
		up = c == '-'
	}
	if same {
		return s
	}
	b := []byte(s)
	up = true
	for i, c := range b {
		switch {
		case c == '_':
			b[i] = '-'
		case up && 'a' <= c && c <= 'z':
			b[i] = c - 32
		case !up && 'A' <= c && c <= 'Z':
			b[i] = c + 32
		}
		up = b[i] == '-'
	}
	return string(b)
}
