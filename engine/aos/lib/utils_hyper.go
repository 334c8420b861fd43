package lib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/lua53"
)

// What .utils of hyper-aos does otherwise (spec aos-runtime §14).

// hyperField is req[key] or req.body[key].
func (l *Lib) hyperField(c *lua53.Call, req, key lua.LValue) lua.LValue {
	if v := index(c, inUtils, req, key, "local 'msg'"); truthy(v) {
		return v
	}
	body := index(c, inUtils, req, lua.LString("body"), "local 'msg'")
	return index(c, inUtils, body, key, "field 'body'")
}

// hyperSpec is matchesSpec: a function's raw result, body.action for a string,
// every key of req or its body for a table.
func (l *Lib) hyperSpec(c *lua53.Call, req, spec lua.LValue) lua.LValue {
	switch s := spec.(type) {
	case *lua.LFunction:
		return first(c, s, req)
	case lua.LString:
		action := lua.LString("action")
		if index(c, inUtils, req, action, "local 'msg'") == spec {
			return lua.LTrue
		}
		body := index(c, inUtils, req, lua.LString("body"), "local 'msg'")
		return lua.LBool(index(c, inUtils, body, action, "field 'body'") == spec)
	case *lua53.Table:
		for k, p := range s.All {
			v := l.hyperField(c, req, k)
			if !truthy(v) || !l.matchesPattern(c, p, v, req) {
				return lua.LFalse
			}
		}
		return lua.LTrue
	}
	return lua.LFalse
}

// hyperPattern compares a value with a string sub-pattern, with the case.
func (l *Lib) hyperPattern(c *lua53.Call, pattern lua.LString, value lua.LValue) bool {
	if !strings.ContainsAny(string(pattern), patternMagic) {
		return value == pattern
	}
	if _, ok := text(value); !ok {
		raise(c, inUtils, "bad argument #1 to 'match' (string expected, got %s)", typeName(c, value))
	}
	return truthy(first(c, l.stringFunction("match"), value, pattern))
}

// tab is utils.Tab(msg): the tags as a table, the first of a name wins.
func (l *Lib) tab(c *lua53.Call) {
	tags := index(c, inUtils, c.Arg(1), lua.LString("Tags"), "local 'msg'")
	if isNil(tags) {
		raise(c, inUtils, "bad argument #1 to 'for iterator' (table expected, got nil)")
	}
	out := l.s.NewTable()
	for i := int64(1); ; i++ {
		o := index(c, inUtils, tags, lua53.MakeInt(i), "field 'Tags'")
		if isNil(o) {
			break
		}
		name := index(c, inUtils, o, lua.LString("name"), "local 'o'")
		if name == lua.LNil {
			raise(c, inUtils, "table index is nil")
		}
		if !truthy(out.Get(name)) {
			l.s.Set(out, name, index(c, inUtils, o, lua.LString("value"), "local 'o'"))
		}
	}
	c.Push(out)
}
