package aos

import (
	lua "github.com/yuin/gopher-lua"

	"patchbay/engine/aos/lib"
	"patchbay/engine/lua53"
)

// installModules makes the modules of spec §10 known to require, and takes from
// them what the world itself uses.
func (w *world) installModules() {
	w.lib = lib.Open(w.m.s)
	w.loaded = w.m.s.Loaded()
	if pkg, ok := w.global("package").(*table); ok {
		if searchers, ok := pkg.GetString("searchers").(*table); ok { // the module's own, for what it was built with
			w.m.insert(searchers, 2, w.m.function("searcher", func(c *call) {
				c.PushString("module " + c.Str(1) + " not found")
			}))
		}
	}
	for _, name := range []string{"json", ".base64", ".chance", ".pretty", ".stringify"} {
		w.lib.Require(name) // aos has them in package.loaded from the start
	}
	w.json, _ = w.lib.Require("json").(*table)
	w.fn.jsonEncode, _ = w.json.GetString("encode").(*lua.LFunction)
	w.fn.jsonDecode, _ = w.json.GetString("decode").(*lua.LFunction)
	w.utils, _ = w.lib.Require(".utils").(*table)
	w.fn.matchesSpec, _ = w.utils.GetString("matchesSpec").(*lua.LFunction)
	w.fn.dump, _ = w.lib.Require(".dump").(*lua.LFunction)
}

// shareModules puts the world's own modules beside those of the library, once
// they exist.
func (w *world) shareModules() {
	handlerUtils := w.handlers.GetString("utils")
	process := w.m.table(0, 2)
	w.m.set(process, lua.LString("_version"), lua.LString(processVersion))
	w.fn.handle = w.m.s.Stands(w.define(process, "handle", w.luaHandle), standsHandle)
	assignment := w.m.table(0, 2)
	w.m.set(assignment, lua.LString("_version"), lua.LString("0.1.0"))
	w.define(assignment, "init", w.initAssignments)
	for _, mod := range []struct {
		name string
		v    lua.LValue
	}{
		{"ao", w.aoTable},
		{".ao", w.aoTable},
		{".handlers", w.handlers},
		{".handlers-utils", handlerUtils},
		{".process", process},
		{".assignment", assignment},
		{".eval", w.factory("eval", w.fn.eval)},
		{".boot", w.factory("boot", w.fn.boot)},
		{".default", w.factory("default", w.fn.deflt)},
	} {
		w.m.set(w.loaded, lua.LString(mod.name), mod.v)
	}
}

// factory is a module that returns a function which makes a handle.
func (w *world) factory(name string, handle *lua.LFunction) *lua.LFunction {
	return w.m.function(name, func(c *call) { c.Push(handle) })
}

// ownJSON is require("json").name when a script has put something else there, nil
// (Go) when it is the library's.
func (w *world) ownJSON(name string, own *lua.LFunction) lua.LValue {
	t, ok := w.loaded.GetString("json").(*table)
	if !ok { // not required yet, or nothing that the library could use
		return nil
	}
	if f := t.GetString(name); own != nil && f != own {
		return f
	}
	return nil
}

// jsonEncode is require("json").encode.
func (w *world) jsonEncode(c *call, v lua.LValue) lua.LValue {
	if f := w.ownJSON("encode", w.fn.jsonEncode); f != nil {
		return w.callField1(c, f, "field 'encode'", inProcess, v)
	}
	b, err := w.lib.AppendJSON(c, nil, v)
	if err != nil {
		if isBudget(err) {
			c.Raise(err)
		}
		w.fail(c, `[string "json"]:56: `, err.Error())
	}
	return lua.LString(b)
}

// jsonDecode is require("json").decode.
func (w *world) jsonDecode(c *call, v lua.LValue) lua.LValue {
	if f := w.ownJSON("decode", w.fn.jsonDecode); f != nil {
		return w.callField1(c, f, "field 'decode'", inProcess, v)
	}
	s, ok := v.(lua.LString)
	if !ok {
		w.fail(c, `[string "json"]:263: `, "expected argument of type string, got "+w.m.typeName(v))
	}
	out, err := w.lib.DecodeJSON(string(s))
	if err != nil {
		if isBudget(err) {
			c.Raise(err)
		}
		w.fail(c, `[string "json"]:261: `, err.Error())
	}
	return out
}

// stringify is require(".stringify").format.
func (w *world) stringify(c *call, t *table) lua.LString {
	return lua.LString(w.lib.Stringify(c, t))
}

// seedRandom seeds the generator from the first message and puts it behind
// math.random (spec §12).
func (w *world) seedRandom(c *call, in incoming) {
	n, ok := lua53.StringToNumber(w.seedNumber(c, in))
	seed := n.Int
	if ok && !n.IsInt {
		seed = int64(uint64(n.Float))
	}
	r := w.lib.Random()
	r.Seed(seed)
	t, ok := w.global("math").(*table)
	if !ok {
		w.fail(c, inProcess, "attempt to index a "+w.m.typeName(w.global("math"))+" value (global 'math')")
	}
	integer := lua.LValue(lua.LNil)
	if chance, ok := w.lib.Require(".chance").(*table); ok {
		integer = chance.GetString("integer")
	}
	w.m.set(t, lua.LString("random"), w.m.function("random", func(c *call) {
		n := c.N() // of {...}: nil at the end does not count
		for n > 0 && c.Arg(n) == lua.LNil {
			n--
		}
		switch n {
		case 1:
			c.Return(c.Call(integer, lua53.MakeInt(1), c.Arg(1))...)
		case 2:
			c.Return(c.Call(integer, c.Arg(1), c.Arg(2))...)
		default:
			c.PushFloat(r.Float64())
		}
	}))
}
